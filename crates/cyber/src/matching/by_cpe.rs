//! Products looked up by CPE name: in memory, beside packages. An advisory's configurations and its entries that bear CPE names are found
//! under what they call vulnerable; names that stand for several products have a list of their own. Judging lives in `configuration` and here
//! for entries.

use std::collections::HashMap;

use super::configuration::{Answer, Prepared};
use super::criteria::Criteria;
use super::installed::{Installed, Name, Surroundings};
use super::stated;
use super::verdict::{Clear, Reason, Verdict};
use crate::advisory::{Advisory, Affected, CpeMatch, Named};
use crate::name::cpe::{Attribute, Cpe, Value};

/// Where an advisory names a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// In its configurations.
    Configurations,
    /// In an entry: the index into `Advisory::affected`.
    Entry(usize),
}

/// Advisories by the products they name.
#[derive(Default)]
pub struct ByCpe {
    places: Vec<(usize, Spot, Judge)>,
    by_product: HashMap<Box<str>, Vec<usize>>,
    /// Products by their bare names, for what is installed under any vendor.
    by_name: HashMap<Box<str>, Vec<usize>>,
    open: Vec<usize>,
}

enum Judge {
    Configurations(Prepared),
    Entry(Box<NamedEntry>),
}

/// An entry of an advisory that bears CPE names, those parsed once.
pub struct NamedEntry {
    withdrawn: bool,
    entry: Affected,
    names: Vec<Criteria>,
}

impl NamedEntry {
    /// Prepares an entry; `None` when it bears no CPE name that can be read.
    pub fn of(advisory: &Advisory, entry: &Affected) -> Option<Self> {
        let named = std::iter::once(&entry.name).chain(&entry.also);
        let names: Vec<Criteria> = named
            .filter_map(|name| match name {
                Named::Cpe(text) => Some(Criteria::of(&CpeMatch {
                    vulnerable: true,
                    criteria: text.clone(),
                    from: None,
                    to: None,
                })),
                _ => None,
            })
            .filter(|criteria| criteria.cpe.is_some())
            .collect();
        let withdrawn = advisory.withdrawn.is_some();
        (!names.is_empty()).then(|| Self { withdrawn, entry: entry.clone(), names })
    }

    /// Whether and why the entry reaches a product: of its names the one that says most decides.
    pub fn judge(&self, product: &Installed) -> Verdict {
        let pairs =
            self.names.iter().flat_map(|criteria| product.names.iter().map(move |name| (criteria, name)));
        let mut verdict = Verdict::NotAffected(Clear::NotNamed);
        for (criteria, name) in pairs.filter(|(criteria, name)| criteria.names_product(name)) {
            if self.withdrawn {
                return Verdict::NotAffected(Clear::Withdrawn);
            }
            if product.of_distribution {
                return Verdict::Undetermined(Reason::DistributionJudges);
            }
            match (self.judge_named(criteria, name), verdict) {
                (affected @ Verdict::Affected(_), _) => return affected,
                (found, Verdict::NotAffected(_)) if found != Verdict::NotAffected(Clear::NotNamed) => {
                    verdict = found
                }
                _ => {}
            }
        }
        verdict
    }

    /// The names first, then the versions the entry states; a name that is open leaves open only what the versions do not exclude.
    fn judge_named(&self, criteria: &Criteria, name: &Name) -> Verdict {
        let stated = match (&name.whole, self.says_versions()) {
            (None, true) if criteria.named(name) != Answer::No => Verdict::Undetermined(Reason::VersionOpen),
            (whole, true) => stated::judge(&self.entry, None, whole.as_deref()),
            // The name itself bears the version, as CSAF's do.
            (_, false) => return of_answer(criteria.answer(name), &self.entry, criteria),
        };
        match (criteria.named(name), stated) {
            (Answer::No, _) => Verdict::NotAffected(Clear::NotNamed),
            (Answer::Open(reason), Verdict::Affected(_)) => Verdict::Undetermined(reason),
            (_, stated) => stated,
        }
    }

    fn says_versions(&self) -> bool {
        let entry = &self.entry;
        let parts = [&entry.cleared, &entry.unknown];
        let said = parts.iter().any(|part| !part.versions.is_empty() || !part.ranges.is_empty());
        said || entry.unread || !entry.versions.is_empty() || !entry.ranges.is_empty()
    }
}

fn of_answer(answer: Answer, entry: &Affected, criteria: &Criteria) -> Verdict {
    let versioned = criteria.cpe.as_ref().is_some_and(|cpe| cpe.get(Attribute::Version) != Value::Any);
    match answer {
        Answer::Yes if versioned => Verdict::Affected(super::verdict::Affects::Named),
        Answer::Yes => stated::judge(entry, None, Some("0")),
        Answer::No => Verdict::NotAffected(Clear::OutsideVersions),
        Answer::Open(reason) => Verdict::Undetermined(reason),
    }
}

impl ByCpe {
    /// Adds an advisory under a number of the caller's.
    pub fn add(&mut self, number: usize, advisory: &Advisory) {
        if let Some(prepared) = Prepared::of(advisory) {
            let names: Vec<Cpe> = prepared.vulnerable().cloned().collect();
            self.put((number, Spot::Configurations, Judge::Configurations(prepared)), &names);
        }
        for (at, entry) in advisory.affected.iter().enumerate() {
            let Some(named) = NamedEntry::of(advisory, entry) else { continue };
            let names: Vec<Cpe> = named.names.iter().filter_map(|criteria| criteria.cpe.clone()).collect();
            self.put((number, Spot::Entry(at), Judge::Entry(Box::new(named))), &names);
        }
    }

    /// Whether anything is said about any product by CPE.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// What is said about a product: number of the advisory, where, and the verdict; in the order of adding.
    pub fn judge(&self, product: &Installed, around: &Surroundings) -> Vec<(usize, Spot, Verdict)> {
        let mut places: Vec<usize> = product.cpes().flat_map(|cpe| self.candidates(cpe)).copied().collect();
        places.sort_unstable();
        places.dedup();
        let judged = places.into_iter().map(|place| {
            let (number, spot, judge) = &self.places[place];
            let verdict = match judge {
                Judge::Configurations(prepared) => prepared.judge(product, around),
                Judge::Entry(entry) => entry.judge(product),
            };
            (*number, *spot, verdict)
        });
        judged.filter(|(_, _, verdict)| *verdict != Verdict::NotAffected(Clear::NotNamed)).collect()
    }

    fn put(&mut self, place: (usize, Spot, Judge), names: &[Cpe]) {
        let at = self.places.len();
        let mut keys: Vec<Option<&str>> = names.iter().map(Cpe::product_key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            match key {
                Some(key) => self.by_product.entry(key.into()).or_default().push(at),
                None => self.open.push(at),
            }
        }
        for product in names.iter().filter_map(product_of) {
            let known = self.by_name.entry(product.into()).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
        self.places.push(place);
    }

    /// A name under any vendor is asked of every product called so; one under any product, of nothing but what is open itself.
    fn candidates(&self, cpe: &Cpe) -> impl Iterator<Item = &usize> {
        let found = match (cpe.product_key(), product_of(cpe)) {
            (Some(key), _) => self.by_product.get(key),
            (None, Some(product)) => self.by_name.get(product),
            (None, None) => None,
        };
        found.map_or(&[][..], Vec::as_slice).iter().chain(&self.open)
    }
}

fn product_of(cpe: &Cpe) -> Option<&str> {
    match cpe.get(Attribute::Product) {
        value @ Value::Text(text) if !value.has_wildcards() => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::verdict::Affects;
    use super::*;
    use crate::advisory::{cve, nvd};

    fn judged(index: &ByCpe, name: &str) -> Vec<(usize, Spot, Verdict)> {
        let whole = format!("cpe:2.3:{name}{}", ":*".repeat(11 - name.split(':').count()));
        index.judge(&Installed::of([whole.as_str()], None, None), &Surroundings::default())
    }

    fn index() -> ByCpe {
        let mut index = ByCpe::default();
        let configured = r#"{"id": "CVE-1", "lastModified": "m", "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [
            {"vulnerable": true, "criteria": "cpe:2.3:a:v:app:*:*:*:*:*:*:*:*", "versionEndExcluding": "2"}]}]}]}"#;
        index.add(1, &nvd::read_json(configured.as_bytes()).unwrap().value);
        let wild = configured.replace("CVE-1", "CVE-2").replace(":app:", ":app*:");
        index.add(2, &nvd::read_json(wild.as_bytes()).unwrap().value);
        let entry = r#"{"cveMetadata": {"cveId": "CVE-3", "state": "PUBLISHED"}, "containers": {"cna": {}, "adp": [{"affected": [
            {"vendor": "v", "product": "app", "cpes": ["cpe:2.3:a:v:app:-:*:*:*:*:wordpress:*:*"], "defaultStatus": "unaffected",
             "versions": [{"version": "1", "lessThan": "3", "status": "affected", "versionType": "custom"}]}]}]}}"#;
        index.add(3, &cve::read_json(entry.as_bytes()).unwrap().value);
        index
    }

    const CONFIGURED: Verdict = Verdict::Affected(Affects::Configured(0));

    #[test]
    fn configurations_and_entries_are_found_by_product() {
        let index = index();
        let open = Verdict::Undetermined(Reason::NameOverlaps);
        let not = Verdict::NotAffected(Clear::NotConfigured);
        assert_eq!(
            judged(&index, "a:v:app:1.5"),
            [
                (1, Spot::Configurations, CONFIGURED),
                (2, Spot::Configurations, CONFIGURED),
                (3, Spot::Entry(0), open)
            ]
        );
        assert_eq!(
            judged(&index, "a:v:app:2.5:*:*:*:*:wordpress"),
            [
                (1, Spot::Configurations, not),
                (2, Spot::Configurations, not),
                (3, Spot::Entry(0), Verdict::Affected(Affects::InRange(0))),
            ]
        );
        assert_eq!(judged(&index, "a:v:apple:1"), [(2, Spot::Configurations, CONFIGURED)]);
        assert_eq!(judged(&index, "a:w:app:1"), []);
    }

    #[test]
    fn a_product_of_any_vendor_is_asked_of_all_that_are_called_so() {
        let open = Verdict::Undetermined(Reason::NameOverlaps);
        let found = judged(&index(), "a:*:app:1.5");
        assert_eq!(
            found.iter().map(|(number, _, verdict)| (*number, *verdict)).collect::<Vec<_>>(),
            [(1, open), (2, open), (3, open)]
        );
    }

    #[test]
    fn what_versions_exclude_is_excluded_whatever_the_name_leaves_open() {
        let found = judged(&index(), "a:v:app:4");
        assert_eq!(found[2].2, Verdict::NotAffected(Clear::OutsideVersions));
    }
}
