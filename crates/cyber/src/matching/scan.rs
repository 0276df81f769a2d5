//! The components of a bill of materials, looked up one by one: what reaches them, and which of them could not be looked up at all.
//! A component named several times is looked up once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::index::{Finding, Index};
use super::package::{Package, Parts};
use super::verdict::{Step, Verdict};
use crate::name::misnamed::meant;
use crate::name::purl::Purl;
use crate::sbom::{Component, Quick};

/// What is looked up of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Its name, for those that have nothing else.
    pub name: Cow<'a, str>,
    /// Its version.
    pub version: Option<Cow<'a, str>>,
    /// Whether it is a file as it lies in a package.
    pub is_file: bool,
    /// Its package URLs.
    pub purls: Vec<Cow<'a, str>>,
}

/// Why a component could not be looked up. That nothing is found for it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unasked {
    /// It bears no package URL.
    NoPurl,
    /// Its package URL cannot be read.
    PurlUnreadable,
    /// No advisories are published by package for its type.
    NoEcosystem,
    /// The data at hand hold nothing of its ecosystem.
    NoData,
}

/// A component and what reaches it, or may.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached<'a> {
    /// Its package URL as it stands in the bill.
    pub purl: String,
    /// How many components bear it.
    pub times: usize,
    /// What names it, in the order of advisories' ids; without what does not reach it.
    pub findings: Vec<Finding<'a>>,
}

/// The outcome for a whole bill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scan<'a> {
    /// Components in the bill.
    pub components: usize,
    /// Files within packages that bear no identifier: they are no packages, so that nothing is looked up for them and they do not count
    /// as components.
    pub files: usize,
    /// Components that were looked up.
    pub asked: usize,
    /// Those that are reached or may be, in the order of their package URLs.
    pub reached: Vec<Reached<'a>>,
    /// Those that could not be looked up, by reason and name; each with how many there are.
    pub unasked: BTreeMap<(Unasked, String), usize>,
}

impl<'a> From<Quick<'a>> for Wanted<'a> {
    fn from(quick: Quick<'a>) -> Self {
        Wanted { name: quick.name, version: quick.version, is_file: quick.is_file, purls: quick.purls }
    }
}

impl<'a> From<&'a Component> for Wanted<'a> {
    fn from(component: &'a Component) -> Self {
        Wanted {
            name: component.name.as_str().into(),
            version: component.version.as_deref().map(Cow::Borrowed),
            is_file: component.is_file,
            purls: component.purls.iter().map(|purl| purl.as_str().into()).collect(),
        }
    }
}

impl Scan<'_> {
    /// How many findings there are of each answer: affected, undetermined. Components that occur several times count once.
    pub fn counts(&self) -> (usize, usize) {
        let findings = || self.reached.iter().flat_map(|reached| &reached.findings);
        let affected = findings().filter(|found| matches!(found.verdict, Verdict::Affected(_))).count();
        (affected, findings().count() - affected)
    }

    /// How many components could not be looked up for a reason.
    pub fn unasked_for(&self, reason: Unasked) -> usize {
        self.unasked.iter().filter(|((why, _), _)| *why == reason).map(|(_, times)| times).sum()
    }
}

/// Looks all components up.
pub fn scan<'i, 'c>(index: &'i Index, components: impl IntoIterator<Item = Wanted<'c>>) -> Scan<'i> {
    let mut outcome = Scan::default();
    let mut packages: BTreeMap<String, (Package, usize)> = BTreeMap::new();
    for component in components {
        if component.is_file && component.purls.is_empty() {
            outcome.files += 1;
            continue;
        }
        outcome.components += 1;
        match packages_of(index, &component) {
            Ok(named) => {
                outcome.asked += 1;
                for (purl, package) in named {
                    packages.entry(purl).or_insert((package, 0)).1 += 1;
                }
            }
            Err(reason) => {
                let name = shown(&component);
                *outcome.unasked.entry((reason, name)).or_default() += 1;
            }
        }
    }
    for (purl, (package, times)) in packages {
        let mut findings: Vec<_> =
            index.judge(&package).filter(|found| !matches!(found.verdict, Verdict::NotAffected(_))).collect();
        // An advisory may name a package in several entries: one that reaches it is the answer.
        findings.sort_by_key(|found| {
            (&found.advisory.id, matches!(found.verdict, Verdict::Undetermined(_)), found.affected)
        });
        findings.dedup_by_key(|found| &found.advisory.id);
        if !findings.is_empty() {
            outcome.reached.push(Reached { purl, times, findings });
        }
    }
    outcome
}

/// The steps by which one advisory was judged for one package URL; empty when it does not name it.
pub fn explain(
    index: &Index,
    purl: &str,
    advisory: &str,
) -> Result<Vec<(usize, Verdict, Vec<Step>)>, Unasked> {
    Ok(index.explain(&package_of(purl)?, advisory))
}

fn packages_of(index: &Index, component: &Wanted<'_>) -> Result<Vec<(String, Package)>, Unasked> {
    let mut found = Vec::new();
    let mut why = Unasked::NoPurl;
    for purl in &component.purls {
        match package_of(purl) {
            Ok(package) if index.knows(package.ecosystem()) => found.push((purl.to_string(), package)),
            Ok(_) => why = why.max(Unasked::NoData),
            Err(reason) => why = why.max(reason),
        }
    }
    if found.is_empty() { Err(why) } else { Ok(found) }
}

/// The package a package URL of a component names; types that known tools misnamed are read as what they mean.
pub fn package_of(purl: &str) -> Result<Package, Unasked> {
    let written = Purl::parse_lenient(purl).map_err(|_| Unasked::PurlUnreadable)?;
    let purl = meant(&written).map_or(written, |(meant, _)| meant);
    let parts = Parts {
        kind: purl.kind(),
        namespace: purl.namespace(),
        name: purl.name(),
        version: purl.version(),
        qualifier: &|key| purl.qualifier(key).map(Cow::into_owned),
    };
    Package::of_parts(&parts).ok_or(Unasked::NoEcosystem)
}

fn shown(component: &Wanted<'_>) -> String {
    match (component.purls.first(), &component.version) {
        (Some(purl), _) => purl.to_string(),
        (None, Some(version)) => format!("{} {version}", component.name),
        (None, None) => component.name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::osv::read_json;

    fn index() -> Index {
        let mut index = Index::default();
        for (id, events) in [
            ("PYSEC-1", r#"[{"introduced": "0"}, {"fixed": "2"}]"#),
            ("GHSA-1", r#"[{"introduced": "1"}, {"fixed": "3"}]"#),
        ] {
            let text = format!(
                r#"{{"id": "{id}", "modified": "m", "affected": [{{"package": {{"ecosystem": "PyPI", "name": "a-b"}},
                    "ranges": [{{"type": "ECOSYSTEM", "events": {events}}}]}}]}}"#
            );
            index.add(read_json(text.as_bytes()).unwrap().value);
        }
        index
    }

    fn wanted(purls: &[&str]) -> Vec<Wanted<'static>> {
        purls
            .iter()
            .map(|purl| Wanted {
                name: "x".into(),
                version: None,
                is_file: false,
                purls: Some(*purl)
                    .filter(|purl| !purl.is_empty())
                    .map(|purl| purl.to_owned().into())
                    .into_iter()
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn each_component_is_reached_not_reached_or_said_to_be_unknown() {
        let index = index();
        let outcome = scan(
            &index,
            wanted(&[
                "pkg:pypi/A_b@1.5",
                "pkg:pypi/A_b@1.5",
                "pkg:pypi/a.b@2.5",
                "pkg:pypi/a-b@9",
                "pkg:pypi/a-b",
                "",
                "no purl",
                "pkg:generic/openssl@3",
                "pkg:npm/left-pad@1.0.0",
            ]),
        );
        assert_eq!((outcome.components, outcome.asked), (9, 5));
        let told: Vec<_> = outcome
            .reached
            .iter()
            .map(|reached| {
                let ids: Vec<_> = reached.findings.iter().map(|found| found.advisory.id.as_str()).collect();
                (reached.purl.as_str(), reached.times, ids)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("pkg:pypi/A_b@1.5", 2, vec!["GHSA-1", "PYSEC-1"]),
                ("pkg:pypi/a-b", 1, vec!["GHSA-1", "PYSEC-1"]),
                ("pkg:pypi/a.b@2.5", 1, vec!["GHSA-1"]),
            ]
        );
        assert_eq!(outcome.counts(), (3, 2));
        for reason in [Unasked::NoPurl, Unasked::PurlUnreadable, Unasked::NoEcosystem, Unasked::NoData] {
            assert_eq!(outcome.unasked_for(reason), 1, "{reason:?}");
        }
    }

    #[test]
    fn a_finding_is_explained_step_by_step() {
        let index = index();
        let told = explain(&index, "pkg:pypi/a_b@1.5", "PYSEC-1").unwrap();
        assert_eq!(told.len(), 1);
        assert!(matches!(told[0].1, Verdict::Affected(_)));
        assert_eq!(told[0].2.len(), 3);
        assert_eq!(explain(&index, "pkg:pypi/other@1", "PYSEC-1").unwrap().len(), 0);
        assert_eq!(explain(&index, "pkg:generic/a@1", "PYSEC-1"), Err(Unasked::NoEcosystem));
    }
}
