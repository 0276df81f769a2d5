//! The components of a bill of materials as they are looked up, and the outcome: what reaches them, and which of them could not be looked up
//! at all. How they are looked up stands in `matcher`.

use std::borrow::Cow;
use std::sync::Arc;

use super::installed::{Installed, Surroundings};
use super::judging::Finding;
use super::matcher::Matcher;
use super::package::{Package, Parts, base};
use super::verdict::{Reason, Verdict};
use crate::index::{Index, IndexError};
use crate::name::cpe::Cpe;
use crate::name::misnamed::take_as_meant;
use crate::name::purl::{self, Purl};
use crate::sbom::model::is_mere_file;
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
    /// Its CPE names.
    pub cpes: Vec<Cow<'a, str>>,
}

/// Why a component could not be looked up. That nothing is found for it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unasked {
    /// It bears neither a package URL nor a CPE name.
    NoName,
    /// Its package URL or CPE name cannot be read.
    NameUnreadable,
    /// Its CPE names leave open whose product it is.
    ProductOpen,
    /// No advisories are published by package for its type.
    NoEcosystem,
    /// The data at hand hold nothing of its ecosystem.
    NoData,
}

/// A component and what reaches it, or may.
#[derive(Clone, Debug)]
pub struct Reached<'a> {
    /// What it was found by, as it stands in the bill: a package URL or a CPE name.
    pub name: String,
    /// How many components bear it.
    pub times: usize,
    /// What names it, in the order of advisories' ids; without what does not reach it.
    pub findings: Vec<Finding<'a>>,
}

/// A component that could not be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unheard {
    /// Why.
    pub why: Unasked,
    /// How it is shown: by its package URL, else its CPE name, else its own words.
    pub name: Arc<str>,
    /// How many components are alike.
    pub times: usize,
}

/// The outcome for a whole bill.
#[derive(Clone, Debug, Default)]
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
    /// Those that could not be looked up, in no order.
    pub unasked: Vec<Unheard>,
}

impl Wanted<'_> {
    /// As [`Component::is_mere_file`].
    pub(super) fn is_mere_file(&self) -> bool {
        is_mere_file(self.is_file, &self.purls, &self.cpes)
    }
}

impl<'a> From<Quick<'a>> for Wanted<'a> {
    fn from(quick: Quick<'a>) -> Self {
        let Quick { name, version, is_file, purls, cpes, .. } = quick;
        Wanted { name, version, is_file, purls, cpes }
    }
}

impl<'a> From<&'a Component> for Wanted<'a> {
    fn from(component: &'a Component) -> Self {
        Wanted {
            name: component.name.as_str().into(),
            version: component.version.as_deref().map(Cow::Borrowed),
            is_file: component.is_file,
            purls: component.purls.iter().map(|purl| purl.as_str().into()).collect(),
            cpes: component.cpes.iter().map(|cpe| cpe.as_str().into()).collect(),
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
        self.unasked.iter().filter(|one| one.why == reason).map(|one| one.times).sum()
    }

    /// Those that could not be looked up, in the order of reasons and names, with how many there are.
    pub fn unasked_by_reason(&self) -> Vec<(Unasked, &str, usize)> {
        let told = self.unasked.iter().map(|one| (one.why, &*one.name, one.times));
        let mut told: Vec<(Unasked, &str, usize)> = told.collect();
        told.sort_unstable();
        told.dedup_by(|next, first| {
            let same = (next.0, next.1) == (first.0, first.1);
            first.2 += if same { next.2 } else { 0 };
            same
        });
        told
    }
}

/// Looks all components of one bill up. Who has several asks one [`Matcher`].
pub fn scan<'i, 'c>(
    index: &Index<'i>,
    components: impl IntoIterator<Item = Wanted<'c>>,
) -> Result<Scan<'i>, IndexError> {
    let components: Vec<Wanted<'c>> = components.into_iter().collect();
    Matcher::once(index)?.scan(&components)
}

/// Everything in a bill that bears a CPE name, as what each of its components runs with.
pub fn surroundings(components: &[Wanted<'_>]) -> Surroundings {
    let names = components
        .iter()
        .flat_map(|component| component.cpes.iter().map(|cpe| (cpe.as_ref(), component.version.as_deref())));
    // No format obliges a bill to name what its product runs on: silence is no proof.
    Surroundings::of(names, false)
}

impl<'i> Scan<'i> {
    /// An advisory may name a component in several places: one that reaches it is the answer.
    pub(super) fn take(&mut self, name: String, times: usize, mut findings: Vec<Finding<'i>>) {
        findings.sort_by_key(|found| {
            (found.advisory.id, matches!(found.verdict, Verdict::Undetermined(_)), found.affected())
        });
        findings.dedup_by_key(|found| found.advisory.id);
        if !findings.is_empty() {
            self.reached.push(Reached { name, times, findings });
        }
    }

    /// By name. What is found by a package URL is the same for every component that bears it.
    pub(super) fn put_in_order(&mut self) {
        self.reached.sort_by(|left, right| left.name.cmp(&right.name));
        self.reached.dedup_by(|next, first| {
            let same = next.name == first.name && first.name.starts_with("pkg:");
            first.times += if same { next.times } else { 0 };
            same
        });
    }
}

/// What a scan tells of.
pub(super) fn is_told(verdict: Verdict) -> bool {
    // That a distribution judges its own packages is a rule, not something found.
    !matches!(verdict, Verdict::NotAffected(_) | Verdict::Undetermined(Reason::DistributionJudges))
}

/// By what a finding is spoken of, the same in every scan: the advisory's id and the component's name, joined.
pub fn finding_id(advisory: &str, component: &str) -> String {
    format!("{advisory}+{component}")
}

/// The advisory's id and the component's name of a finding.
pub fn parted(finding: &str) -> Option<(&str, &str)> {
    let at = finding.find("+pkg:").or_else(|| finding.find("+cpe:"))?;
    Some((&finding[..at], &finding[at + 1..]))
}

/// The package a package URL of a component names; types that known tools misnamed are read as what they mean.
pub fn package_of(purl: &str) -> Result<Package, Unasked> {
    package_in(purl, |_| true)
}

/// The same where the data at hand speak of its ecosystem (without suffix).
pub(super) fn package_in(purl: &str, speaks_of: impl Fn(&str) -> bool) -> Result<Package, Unasked> {
    let mut purl = purl::Parts::parse_lenient(purl).map_err(|_| Unasked::NameUnreadable)?;
    take_as_meant(&mut purl);
    let parts = Parts {
        kind: &purl.kind,
        namespace: said(&purl.namespace),
        name: &purl.name,
        version: said(&purl.version),
        qualifier: &|key| purl.qualifier(key).map(str::to_owned),
    };
    let ecosystem = parts.ecosystem().ok_or(Unasked::NoEcosystem)?;
    if !speaks_of(base(&ecosystem)) {
        return Err(Unasked::NoData);
    }
    Ok(Package::in_ecosystem(ecosystem, &parts))
}

fn said(part: &str) -> Option<&str> {
    (!part.is_empty()).then_some(part)
}

/// A component as it is looked up by its CPE names, or why it cannot be. A distribution's package is judged by its package URL alone
/// (docs/design/0009-cyber.md, decision 7).
pub(crate) fn installed(component: &Wanted<'_>) -> Result<Installed, Unasked> {
    let mut why = Unasked::NoName;
    if component.cpes.is_empty() {
        return Err(why);
    }
    let purl = component.purls.first().and_then(|purl| Purl::parse_lenient(purl).ok());
    if purl.as_ref().is_some_and(|purl| matches!(purl.kind(), "deb" | "rpm" | "apk" | "alpm")) {
        return Err(why);
    }
    let mut names = Vec::new();
    for text in &component.cpes {
        match Cpe::parse(text) {
            Ok(cpe) if cpe.product_key().is_some() => names.push(cpe),
            Ok(_) => why = why.max(Unasked::ProductOpen),
            Err(_) => why = why.max(Unasked::NameUnreadable),
        }
    }
    if names.is_empty() {
        return Err(why);
    }
    Ok(Installed::named(names, component.version.as_deref(), purl.as_ref()))
}

pub(super) fn shown(component: &Wanted<'_>) -> Arc<str> {
    match (component.purls.first().or(component.cpes.first()), &component.version) {
        (Some(purl), _) => purl.as_ref().into(),
        (None, Some(version)) => format!("{} {version}", component.name).into(),
        (None, None) => component.name.as_ref().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::osv::read_json;
    use crate::index::build;

    fn advisories() -> Vec<u8> {
        let mut advisories = Vec::new();
        for (id, events) in [
            ("PYSEC-1", r#"[{"introduced": "0"}, {"fixed": "2"}]"#),
            ("GHSA-1", r#"[{"introduced": "1"}, {"fixed": "3"}]"#),
        ] {
            let text = format!(
                r#"{{"id": "{id}", "modified": "m", "affected": [{{"package": {{"ecosystem": "PyPI", "name": "a-b"}},
                    "ranges": [{{"type": "ECOSYSTEM", "events": {events}}}]}}]}}"#
            );
            advisories.push(read_json(text.as_bytes()).unwrap().value);
        }
        build(advisories).unwrap()
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
                cpes: Vec::new(),
            })
            .collect()
    }

    #[test]
    fn each_component_is_reached_not_reached_or_said_to_be_unknown() {
        let bytes = advisories();
        let index = Index::open(&bytes).unwrap();
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
        )
        .unwrap();
        assert_eq!((outcome.components, outcome.asked), (9, 5));
        let told: Vec<_> = outcome
            .reached
            .iter()
            .map(|reached| {
                let ids: Vec<_> = reached.findings.iter().map(|found| found.advisory.id).collect();
                (reached.name.as_str(), reached.times, ids)
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
        for reason in [Unasked::NoName, Unasked::NameUnreadable, Unasked::NoEcosystem, Unasked::NoData] {
            assert_eq!(outcome.unasked_for(reason), 1, "{reason:?}");
        }
    }

    #[test]
    fn a_finding_is_explained_step_by_step() {
        let bytes = advisories();
        let index = Index::open(&bytes).unwrap();
        let number = index.of_id("pysec-1").unwrap().unwrap();
        let told = index.explain(&package_of("pkg:pypi/a_b@1.5").unwrap(), number).unwrap();
        assert_eq!(told.len(), 1);
        assert!(matches!(told[0].1, Verdict::Affected(_)));
        assert_eq!(told[0].2.len(), 3);
        assert!(index.explain(&package_of("pkg:pypi/other@1").unwrap(), number).unwrap().is_empty());
        assert_eq!(package_of("pkg:generic/a@1"), Err(Unasked::NoEcosystem));
    }

    #[test]
    fn the_id_of_a_finding_tells_what_it_is_about() {
        let id = finding_id("RHSA-2022:0216", "pkg:rpm/redhat/a+b@1");
        assert_eq!(parted(&id), Some(("RHSA-2022:0216", "pkg:rpm/redhat/a+b@1")));
        assert_eq!(parted("RHSA-2022:0216"), None);
    }
}
