//! Advisories in memory that come one by one, for those who serve while they come: looked up by package, judged as the index judges.

use std::collections::HashMap;

use super::entry::Entry;
use super::judging::{Finding, Lookup};
use super::osv::{Prepared, judge};
use super::package::{Package, base};
use super::verdict::{Clear, Verdict};
use crate::advisory::Advisory;
use crate::index::{Brief, IndexError, Section};

/// Advisories with their entries on packages, by ecosystem and name.
#[derive(Default)]
pub struct Held {
    advisories: Vec<Advisory>,
    entries: Vec<(usize, usize, Prepared)>,
    by_package: HashMap<String, HashMap<String, Vec<usize>>>,
}

impl Held {
    /// Adds an advisory; entries that name no package of an ecosystem are kept with it but never found here.
    pub fn add(&mut self, advisory: Advisory) {
        for (affected, entry) in advisory.affected.iter().enumerate() {
            let Some(prepared) = Prepared::of(&advisory, entry) else { continue };
            let (ecosystem, name) = prepared.package();
            let names = self.by_package.entry(ecosystem.to_owned()).or_default();
            names.entry(name.to_owned()).or_default().push(self.entries.len());
            self.entries.push((self.advisories.len(), affected, prepared));
        }
        self.advisories.push(advisory);
    }

    /// Every advisory, in the order of adding.
    pub fn advisories(&self) -> &[Advisory] {
        &self.advisories
    }

    /// The first advisory of an id.
    pub fn advisory(&self, id: &str) -> Option<&Advisory> {
        self.advisories.iter().find(|advisory| advisory.id == id)
    }

    /// What is said about a package: every entry that names it, except those of other releases.
    pub fn judge(&self, package: &Package) -> Result<Vec<Finding<'_>>, IndexError> {
        self.judge_where(package, |verdict| verdict != Verdict::NotAffected(Clear::NotNamed))
    }
}

impl<'a> Lookup<'a> for &'a Held {
    fn knows(self, ecosystem: &str) -> Result<bool, IndexError> {
        Ok(self.by_package.contains_key(base(ecosystem)))
    }

    fn judge_where(
        self,
        package: &Package,
        wanted: impl Fn(Verdict) -> bool,
    ) -> Result<Vec<Finding<'a>>, IndexError> {
        let names = self.by_package.get(base(package.ecosystem()));
        let places = names.and_then(|names| names.get(package.name())).map_or(&[][..], Vec::as_slice);
        let mut found = Vec::new();
        for place in places {
            let (advisory, affected, prepared) = &self.entries[*place];
            let judged = Entry::of(prepared.bytes()).and_then(|entry| Some((entry, judge(&entry, package)?)));
            let (entry, verdict) = judged.ok_or(IndexError::Damaged(Section::Entries))?;
            if wanted(verdict) {
                let number = u32::try_from(*advisory).unwrap_or(u32::MAX);
                let advisory = Brief::of(&self.advisories[*advisory], number);
                found.push(Finding { advisory, affected: *affected, entry, verdict });
            }
        }
        Ok(found)
    }
}
