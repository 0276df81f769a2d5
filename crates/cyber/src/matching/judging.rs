//! Packages looked up in an index, and every entry that names one judged.

use base::Names;

use super::entry::Entry;
use super::osv;
use super::package::{Package, base};
use super::verdict::{Clear, Step, Verdict};
use crate::advisory::{Affected, Event, Severity};
use crate::index::{Brief, Index, IndexError, Section};

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
    fn version(&self, _: usize) -> &str {
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
                told.push((affected as usize, explained.0, explained.1));
            }
        }
        Ok(told)
    }
}
