//! The components of a bill of materials, looked up one by one, by package URL and by CPE name: what reaches them, and which of them could
//! not be looked up at all. A component named several times is looked up once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::installed::{Installed, Surroundings};
use super::judging::Finding;
use super::package::{Package, Parts, base};
use super::verdict::{Reason, Verdict};
use crate::index::{Index, IndexError, Section};
use crate::name::cpe::Cpe;
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
    /// Those that could not be looked up, by reason and name; each with how many there are.
    pub unasked: BTreeMap<(Unasked, String), usize>,
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
        self.unasked.iter().filter(|((why, _), _)| *why == reason).map(|(_, times)| times).sum()
    }
}

/// Looks all components up. An index that turns out to be damaged gives no answer at all.
pub fn scan<'i, 'c>(
    index: &Index<'i>,
    components: impl IntoIterator<Item = Wanted<'c>>,
) -> Result<Scan<'i>, IndexError> {
    let components: Vec<Wanted<'c>> = components.into_iter().collect();
    let known = Known {
        ecosystems: index.ecosystems()?.iter().map(|one| one.name).collect(),
        has_products: index.size_of(Section::Cpes) > 0,
    };
    let mut outcome = Scan::default();
    let mut packages: BTreeMap<String, (Package, usize)> = BTreeMap::new();
    let mut products: BTreeMap<Product<'_>, usize> = BTreeMap::new();
    for component in &components {
        if component.is_file && component.purls.is_empty() && component.cpes.is_empty() {
            outcome.files += 1;
            continue;
        }
        outcome.components += 1;
        match known.named(component) {
            Ok((named, product)) => {
                outcome.asked += 1;
                for (purl, package) in named {
                    packages.entry(purl).or_insert((package, 0)).1 += 1;
                }
                if let Some(product) = product {
                    *products.entry(product).or_default() += 1;
                }
            }
            Err(reason) => {
                let name = shown(component);
                *outcome.unasked.entry((reason, name)).or_default() += 1;
            }
        }
    }
    for (purl, (package, times)) in packages {
        outcome.take(purl, times, index.judge_where(&package, is_told)?);
    }
    by_product(index, &components, products, &mut outcome)?;
    outcome.reached.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(outcome)
}

/// A component's CPE names, with what else tells which product it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Product<'c> {
    cpes: Vec<&'c str>,
    version: Option<&'c str>,
    purl: Option<&'c str>,
}

fn by_product<'i>(
    index: &Index<'i>,
    components: &[Wanted<'_>],
    products: BTreeMap<Product<'_>, usize>,
    outcome: &mut Scan<'i>,
) -> Result<(), IndexError> {
    if products.is_empty() {
        return Ok(());
    }
    let around = surroundings(components);
    for (product, times) in products {
        let purl = product.purl.and_then(|purl| Purl::parse_lenient(purl).ok());
        let of = |cpes: &[&str]| Installed::of(cpes.iter().copied(), product.version, purl.as_ref());
        let mut by_name: BTreeMap<&str, Vec<Finding<'i>>> = BTreeMap::new();
        for finding in index.judge_product(&of(&product.cpes), &around, is_told)? {
            by_name.entry(borne_by(index, &finding, &product.cpes, of, &around)?).or_default().push(finding);
        }
        for (name, findings) in by_name {
            outcome.take(name.to_owned(), times, findings);
        }
    }
    Ok(())
}

/// The first of a component's names by which alone the same is found.
fn borne_by<'c>(
    index: &Index<'_>,
    finding: &Finding<'_>,
    cpes: &[&'c str],
    of: impl Fn(&[&str]) -> Installed,
    around: &Surroundings,
) -> Result<&'c str, IndexError> {
    if let [only] = cpes {
        return Ok(only);
    }
    for cpe in cpes {
        if index.says_alike(finding, &of(&[*cpe]), around)? {
            return Ok(cpe);
        }
    }
    Ok(cpes[0])
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
    fn take(&mut self, name: String, times: usize, mut findings: Vec<Finding<'i>>) {
        findings.sort_by_key(|found| {
            (found.advisory.id, matches!(found.verdict, Verdict::Undetermined(_)), found.affected())
        });
        findings.dedup_by_key(|found| found.advisory.id);
        if !findings.is_empty() {
            self.reached.push(Reached { name, times, findings });
        }
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
    let written = Purl::parse_lenient(purl).map_err(|_| Unasked::NameUnreadable)?;
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

/// The packages, with their package URLs as written, and the product a component is looked up as.
type Asked<'c> = (Vec<(String, Package)>, Option<Product<'c>>);

/// What the data at hand speak of.
struct Known<'i> {
    ecosystems: Vec<&'i str>,
    has_products: bool,
}

impl Known<'_> {
    /// The packages and the product a component is looked up as, or why it cannot be looked up.
    fn named<'c>(&self, component: &'c Wanted<'_>) -> Result<Asked<'c>, Unasked> {
        let mut found = Vec::new();
        let mut why = Unasked::NoName;
        for purl in &component.purls {
            match package_of(purl) {
                Ok(package) if self.ecosystems.contains(&base(package.ecosystem())) => {
                    found.push((purl.to_string(), package));
                }
                Ok(_) => why = why.max(Unasked::NoData),
                Err(reason) => why = why.max(reason),
            }
        }
        match product_of(component) {
            Ok(product) if self.has_products => Ok((found, Some(product))),
            Ok(_) if found.is_empty() => Err(why.max(Unasked::NoData)),
            Ok(_) => Ok((found, None)),
            Err(_) if !found.is_empty() => Ok((found, None)),
            Err(reason) => Err(why.max(reason)),
        }
    }
}

/// A distribution's package is judged by its package URL alone (docs/design/0009-cyber.md, decision 7).
fn product_of<'c>(component: &'c Wanted<'_>) -> Result<Product<'c>, Unasked> {
    let purl = component.purls.first().map(AsRef::as_ref);
    let parsed = purl.and_then(|purl| Purl::parse_lenient(purl).ok());
    if parsed.is_some_and(|purl| matches!(purl.kind(), "deb" | "rpm" | "apk" | "alpm")) {
        return Err(Unasked::NoName);
    }
    let mut why = Unasked::NoName;
    let mut cpes = Vec::new();
    for text in &component.cpes {
        match Cpe::parse(text) {
            Ok(cpe) if cpe.product_key().is_some() => cpes.push(text.as_ref()),
            Ok(_) => why = why.max(Unasked::ProductOpen),
            Err(_) => why = why.max(Unasked::NameUnreadable),
        }
    }
    let version = component.version.as_deref();
    if cpes.is_empty() { Err(why) } else { Ok(Product { cpes, version, purl }) }
}

/// A component as it is looked up by its CPE names, or why it cannot be.
pub(crate) fn installed(component: &Wanted<'_>) -> Result<Installed, Unasked> {
    let Product { cpes, version, purl } = product_of(component)?;
    let purl = purl.and_then(|purl| Purl::parse_lenient(purl).ok());
    Ok(Installed::of(cpes, version, purl.as_ref()))
}

fn shown(component: &Wanted<'_>) -> String {
    match (component.purls.first().or(component.cpes.first()), &component.version) {
        (Some(purl), _) => purl.to_string(),
        (None, Some(version)) => format!("{} {version}", component.name),
        (None, None) => component.name.to_string(),
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
