//! Packages looked up in an index, and every entry that names one judged.

use base::Names;

use super::entry::Entry;
use super::osv;
use super::package::{Package, base};
use super::stated;
use super::verdict::{Clear, Reason, Step, Verdict};
use crate::advisory::{Affected, Event, Severity};
use crate::index::{Brief, Index, IndexError, Section};
use crate::version::Scheme;

/// An advisory that reaches a component, or may.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// The advisory.
    pub advisory: Brief<'a>,
    /// What of it was judged.
    pub judged: Judged<'a>,
    /// The answer.
    pub verdict: Verdict,
}

/// What of an advisory names a component.
#[derive(Clone, Debug)]
pub enum Judged<'a> {
    /// An entry that names its package: the index into `Advisory::affected`, and the entry.
    Package(usize, Entry<'a>),
    /// An entry that bears its CPE name: the same.
    Product(usize, Box<Affected>),
    /// The configurations, by its CPE names.
    Configurations,
}

impl Finding<'_> {
    /// Why the verdict is as it is.
    pub fn why(&self) -> Names {
        match &self.judged {
            Judged::Package(_, entry) => self.verdict.why(entry),
            Judged::Product(_, entry) => self.verdict.why(entry.as_ref()),
            Judged::Configurations => self.verdict.why(&Untold),
        }
    }

    /// The severities as published: those of the advisory, then those of the entry alone.
    pub fn severities(&self) -> Vec<Severity> {
        let whole = self.advisory.severities.iter();
        let whole = whole.map(|(notation, score)| Severity {
            notation: (*notation).to_owned(),
            score: (*score).to_owned(),
        });
        let own = match &self.judged {
            Judged::Package(_, entry) => entry.severities().unwrap_or_default(),
            Judged::Product(_, entry) => entry.severities.clone(),
            Judged::Configurations => Vec::new(),
        };
        whole.chain(own).collect()
    }

    /// The index into `Advisory::affected`; `None` where its configurations were judged.
    pub fn affected(&self) -> Option<usize> {
        match self.judged {
            Judged::Package(at, _) | Judged::Product(at, _) => Some(at),
            Judged::Configurations => None,
        }
    }
}

/// Configurations list no versions of their own: their words need none.
struct Untold;

impl super::words::Told for Untold {
    fn version(&self, _: usize) -> &'static str {
        ""
    }

    fn events(&self, _: usize) -> Vec<Event> {
        Vec::new()
    }
}

impl<'a> Index<'a> {
    /// Whether anything is said about any package of an ecosystem: where not, silence means nothing.
    pub fn knows(&self, ecosystem: &str) -> Result<bool, IndexError> {
        self.has_ecosystem(base(ecosystem))
    }

    /// What is said about a package: every entry that names it, except those of other releases.
    pub fn judge(&self, package: &Package) -> Result<Vec<Finding<'a>>, IndexError> {
        self.judge_where(package, |verdict| verdict != Verdict::NotAffected(Clear::NotNamed))
    }

    /// The same for the verdicts that are wanted.
    pub(super) fn judge_where(
        &self,
        package: &Package,
        wanted: impl Fn(Verdict) -> bool,
    ) -> Result<Vec<Finding<'a>>, IndexError> {
        let mut found = Vec::new();
        for named in self.package(base(package.ecosystem()), package.name())? {
            let (number, affected, entry) = named?;
            let verdict = osv::judge(&entry, package).ok_or(IndexError::Damaged(Section::Entries))?;
            let verdict = self.as_stated(verdict, (number, affected as usize), &entry, package)?;
            if wanted(verdict) {
                let advisory = self.brief(number)?;
                let judged = Judged::Package(affected as usize, entry);
                found.push(Finding { advisory, judged, verdict });
            }
        }
        Ok(found)
    }

    /// The steps by which an advisory's entries were judged, each with the index of the entry.
    pub fn explain(
        &self,
        package: &Package,
        advisory: u32,
    ) -> Result<Vec<(usize, Verdict, Vec<Step>)>, IndexError> {
        let mut told = Vec::new();
        for named in self.package(base(package.ecosystem()), package.name())? {
            let (number, affected, entry) = named?;
            if number == advisory && entry.name() == package.name() {
                let explained = osv::explain(&entry, package).ok_or(IndexError::Damaged(Section::Entries))?;
                let place = (number, affected as usize);
                told.push((place.1, self.as_stated(explained.0, place, &entry, package)?, explained.1));
            }
        }
        Ok(told)
    }

    /// An entry that also says which versions are not affected or not known about is asked as a whole, once it names the package.
    fn as_stated(
        &self,
        verdict: Verdict,
        (number, affected): (u32, usize),
        entry: &Entry<'_>,
        package: &Package,
    ) -> Result<Verdict, IndexError> {
        let is_settled = matches!(
            verdict,
            Verdict::NotAffected(Clear::NotNamed | Clear::Withdrawn)
                | Verdict::Undetermined(Reason::ReleaseUnknown | Reason::OtherRepository)
        );
        if is_settled || !entry.is_stated() {
            return Ok(verdict);
        }
        let advisory = self.advisory(number)?;
        let whole = advisory.affected.get(affected).ok_or(IndexError::Damaged(Section::Entries))?;
        Ok(stated::judge(whole, Scheme::of_ecosystem(entry.ecosystem()), package.version()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::cve;
    use crate::index::build;
    use crate::matching::Affects;

    #[test]
    fn a_record_that_clears_versions_or_leaves_the_rest_open_is_asked_as_a_whole() {
        let record = r#"{"cveMetadata": {"cveId": "CVE-1", "state": "PUBLISHED"}, "containers": {"cna": {"affected": [
            {"packageName": "a", "collectionURL": "https://pypi.org", "defaultStatus": "affected",
             "versions": [{"version": "2.0", "lessThan": "3.0", "status": "unaffected", "versionType": "python"}]}]}}}"#;
        let bytes = build([cve::read_json(record.as_bytes()).unwrap().value]).unwrap();
        let index = Index::open(&bytes).unwrap();
        let verdict = |version| index.judge(&Package::new("PyPI", "a", Some(version))).unwrap()[0].verdict;
        assert_eq!(verdict("1.0"), Verdict::Affected(Affects::Rest));
        assert_eq!(verdict("2.5"), Verdict::NotAffected(Clear::OutsideVersions));
    }
}
