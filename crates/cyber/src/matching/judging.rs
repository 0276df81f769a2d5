//! Packages looked up in an index, and every entry that names one judged.

use super::entry::Entry;
use super::osv;
use super::package::{Package, base};
use super::verdict::{Clear, Step, Verdict};
use crate::advisory::Severity;
use crate::index::{Brief, Index, IndexError, Section};

/// An advisory's entry that reaches a package, or may.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// The advisory.
    pub advisory: Brief<'a>,
    /// The index into `Advisory::affected`.
    pub affected: usize,
    /// The entry.
    pub entry: Entry<'a>,
    /// The answer.
    pub verdict: Verdict,
}

impl Finding<'_> {
    /// The severities as published: those of the advisory, then those of the entry alone.
    pub fn severities(&self) -> Vec<Severity> {
        let whole = self.advisory.severities.iter();
        let whole = whole.map(|(notation, score)| Severity {
            notation: (*notation).to_owned(),
            score: (*score).to_owned(),
        });
        whole.chain(self.entry.severities().unwrap_or_default()).collect()
    }
}

/// Where packages are looked up.
pub trait Lookup<'a>: Copy {
    /// Whether anything is said about any package of an ecosystem: where not, silence means nothing.
    fn knows(self, ecosystem: &str) -> Result<bool, IndexError>;

    /// What is said about a package, for the verdicts that are wanted.
    fn judge_where(
        self,
        package: &Package,
        wanted: impl Fn(Verdict) -> bool,
    ) -> Result<Vec<Finding<'a>>, IndexError>;
}

impl<'a> Lookup<'a> for &Index<'a> {
    fn knows(self, ecosystem: &str) -> Result<bool, IndexError> {
        self.has_ecosystem(base(ecosystem))
    }

    fn judge_where(
        self,
        package: &Package,
        wanted: impl Fn(Verdict) -> bool,
    ) -> Result<Vec<Finding<'a>>, IndexError> {
        let mut found = Vec::new();
        for named in self.package(base(package.ecosystem()), package.name())? {
            let (number, affected, entry) = named?;
            let verdict = osv::judge(&entry, package).ok_or(IndexError::Damaged(Section::Entries))?;
            if wanted(verdict) {
                let advisory = self.brief(number)?;
                found.push(Finding { advisory, affected: affected as usize, entry, verdict });
            }
        }
        Ok(found)
    }
}

impl<'a> Index<'a> {
    /// What is said about a package: every entry that names it, except those of other releases.
    pub fn judge(&self, package: &Package) -> Result<Vec<Finding<'a>>, IndexError> {
        self.judge_where(package, |verdict| verdict != Verdict::NotAffected(Clear::NotNamed))
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
