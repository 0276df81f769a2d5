//! The components of a bill looked up by their CPE names, all others being their surroundings. Package URLs are looked up in `scan`.

use super::by_cpe::{ByCpe, Spot};
use super::installed::{Installed, Surroundings};
use super::verdict::Verdict;
use crate::name::cpe::Cpe;
use crate::name::purl::Purl;
use crate::sbom::{Component, Quick};

/// What is asked of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bearing<'a> {
    /// Its CPE names.
    pub cpes: Vec<&'a str>,
    /// The version its bill states.
    pub version: Option<&'a str>,
    /// Its package URLs.
    pub purls: Vec<&'a str>,
}

/// A component that is reached or may be.
#[derive(Clone, Debug, PartialEq)]
pub struct ReachedByCpe {
    /// Its place in the bill.
    pub component: usize,
    /// The advisory's number, where it names the component, and the verdict; without what does not reach it.
    pub findings: Vec<(usize, Spot, Verdict)>,
}

/// The outcome for a whole bill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CpeScan {
    /// Components that were looked up.
    pub asked: usize,
    /// Components without a CPE name that can be read: nothing is known of them here.
    pub nameless: usize,
    /// Components that bear names which cannot be read.
    pub unreadable: usize,
    /// A distribution's packages, which that distribution judges.
    pub of_distributions: usize,
    /// Those that are reached or may be, in the order of the bill.
    pub reached: Vec<ReachedByCpe>,
}

impl<'a> From<&'a Component> for Bearing<'a> {
    fn from(component: &'a Component) -> Self {
        Self {
            cpes: component.cpes.iter().map(String::as_str).collect(),
            version: component.version.as_deref(),
            purls: component.purls.iter().map(String::as_str).collect(),
        }
    }
}

impl<'a> From<&'a Quick<'_>> for Bearing<'a> {
    fn from(component: &'a Quick<'_>) -> Self {
        Self {
            cpes: component.cpes.iter().map(AsRef::as_ref).collect(),
            version: component.version.as_deref(),
            purls: component.purls.iter().map(AsRef::as_ref).collect(),
        }
    }
}

/// Looks all components up. `complete` when the bill says of itself that nothing is missing.
pub fn scan_cpes(index: &ByCpe, bill: &[Bearing<'_>], complete: bool) -> CpeScan {
    let names = bill.iter().flat_map(|one| one.cpes.iter().map(|name| (*name, one.version)));
    let around = Surroundings::of(names, complete);
    let mut outcome = CpeScan::default();
    for (component, bearing) in bill.iter().enumerate() {
        let purl = bearing.purls.iter().find_map(|text| Purl::parse_lenient(text).ok());
        let product = Installed::of(bearing.cpes.iter().copied(), bearing.version, purl.as_ref());
        outcome.unreadable += usize::from(bearing.cpes.iter().any(|name| Cpe::parse(name).is_err()));
        if product.cpes().next().is_none() {
            outcome.nameless += 1;
            continue;
        }
        if product.is_of_distribution() {
            outcome.of_distributions += 1;
            continue;
        }
        outcome.asked += 1;
        let mut findings = index.judge(&product, &around);
        findings.retain(|(_, _, verdict)| !matches!(verdict, Verdict::NotAffected(_)));
        if !findings.is_empty() {
            outcome.reached.push(ReachedByCpe { component, findings });
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::super::verdict::{Affects, Reason};
    use super::*;
    use crate::advisory::nvd::read_json;

    fn bearing<'a>(cpe: &'a str, version: &'a str, purl: &'a str) -> Bearing<'a> {
        let purls = Some(purl).filter(|purl| !purl.is_empty()).into_iter().collect();
        Bearing { cpes: vec![cpe], version: Some(version), purls }
    }

    #[test]
    fn each_component_is_judged_with_the_rest_of_the_bill_around_it() {
        let mut index = ByCpe::default();
        let text = r#"{"id": "CVE-1", "lastModified": "m", "configurations": [{"operator": "AND", "nodes": [
            {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:v:app:*:*:*:*:*:*:*:*", "versionEndExcluding": "2"}]},
            {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:o:v:os:-:*:*:*:*:*:*:*"}]}]}]}"#;
        index.add(7, &read_json(text.as_bytes()).unwrap().value);
        let app = bearing("cpe:2.3:a:v:app:1:*:*:*:*:*:*:*", "1", "pkg:generic/app@1");
        let debian = bearing("cpe:2.3:a:v:app:1:*:*:*:*:*:*:*", "1-2", "pkg:deb/debian/app@1-2");
        let system = bearing("cpe:2.3:o:v:os:-:*:*:*:*:*:*:*", "", "");
        let broken = bearing("cpe:2.3:a:v", "1", "");
        let alone = scan_cpes(&index, std::slice::from_ref(&app), false);
        assert_eq!(alone.reached[0].findings[0].2, Verdict::Undetermined(Reason::SurroundingsUnknown));
        assert_eq!(scan_cpes(&index, std::slice::from_ref(&app), true).reached, []);
        let whole = scan_cpes(&index, &[system, debian, broken, app], false);
        let expected = (7, Spot::Configurations, Verdict::Affected(Affects::Configured(0)));
        assert_eq!(whole.reached, [ReachedByCpe { component: 3, findings: vec![expected] }]);
        assert_eq!((whole.asked, whole.nameless, whole.unreadable, whole.of_distributions), (2, 1, 1, 1));
    }
}
