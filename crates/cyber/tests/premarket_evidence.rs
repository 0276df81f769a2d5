//! Bills of materials and findings against the shipped rules, with verdicts worked out by hand.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod product;

use Verdict::{Met, NotMet, NotShown};
use cyber::premarket::{Findings, Item, Lacking, LifeDay, State, Status, Verdict};
use jiff::civil::date;
use product::{Asked, BILL, document, found, nothing_found, sound};

#[test]
fn a_bill_is_asked_element_by_element() {
    let sound = sound();
    let without = |piece: &str| {
        let text = BILL.replacen(piece, "", 1);
        assert_ne!(text, BILL, "{piece}");
        text
    };
    let listed = document("component-life-cycle", "2026-01-01");
    let unlisted = sound.replace(&listed, "");
    let eos = r#"{"name":"cdx:lifecycle:milestone:endOfSupport","value":"2030-01-01"},"#;
    let eol = r#"{"name":"cdx:lifecycle:milestone:endOfLife","value":"2029-01-01"},"#;
    for (case, bill, product, rule, verdict) in [
        ("a supplier is missing", without(r#""supplier":{"name":"B"},"#), &sound, "SBOM-SUP", NotMet),
        (
            "a supplier is said to be unknown",
            BILL.replace(r#""name":"B""#, r#""name":"NOASSERTION""#),
            &sound,
            "SBOM-SUP",
            NotShown,
        ),
        ("a name is empty", BILL.replace(r#""name":"jelly""#, r#""name":"""#), &sound, "SBOM-NAME", NotMet),
        ("a version is missing", without(r#""version":"1.4","#), &sound, "SBOM-VER", NotMet),
        ("the same for FDA", without(r#""version":"1.4","#), &sound, "FDA-524B-B3", NotMet),
        ("an identifier is missing", without(r#""purl":"pkg:pypi/jelly@1.4","#), &sound, "SBOM-UID", NotMet),
        ("nothing relates", without(r#","dependsOn":["a"]"#), &sound, "SBOM-REL", NotMet),
        ("an author is missing", without(r#""authors":[{"name":"Sato"}],"#), &sound, "SBOM-AUTH", NotMet),
        (
            "the moment is missing",
            without(r#""timestamp":"2026-01-02T03:04:05Z","#),
            &sound,
            "SBOM-TS",
            NotMet,
        ),
        (
            "the tool is missing",
            without(r#""tools":{"components":[{"type":"application","name":"t"}]},"#),
            &sound,
            "SBOM-TOOL",
            NotMet,
        ),
        (
            "a checksum is missing",
            without(
                r#""hashes":[{"alg":"SHA-256","content":"1111111111111111111111111111111111111111111111111111111111111111"}],"#,
            ),
            &sound,
            "SBOM-HASH",
            NotMet,
        ),
        (
            "a licence is missing",
            without(r#""licenses":[{"license":{"id":"MIT"}}],"#),
            &sound,
            "SBOM-LIC",
            NotMet,
        ),
        ("EOS of a part is listed elsewhere", without(eos), &sound, "SBOM-EOS", Met),
        ("EOS of a part is nowhere", without(eos), &unlisted, "SBOM-EOS", NotMet),
        ("FDA asks the same", without(eos), &unlisted, "FDA-SBOM-EOS", NotMet),
        ("EOL of a part is nowhere", without(eol), &unlisted, "SBOM-EOL", NotMet),
        (
            "the level of support is nowhere",
            BILL.replace("supportLevel", "mood"),
            &unlisted,
            "FDA-SBOM-SUPPORT",
            NotMet,
        ),
        (
            "a reference leads nowhere",
            BILL.replace(r#""dependsOn":["a"]"#, r#""dependsOn":["a","gone"]"#),
            &sound,
            "SBOM-DEP-CLOSED",
            NotMet,
        ),
        ("all references lead somewhere", BILL.to_owned(), &unlisted, "SBOM-DEP-CLOSED", Met),
    ] {
        let asked = Asked { bill: Some(&bill), ..Asked::product(product) };
        assert_eq!(asked.verdict(rule), verdict, "{case}: {:?}", asked.lacking(rule));
    }
}

#[test]
fn without_a_bill_or_components_nothing_of_it_is_shown() {
    let sound = sound();
    let empty = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}"#;
    for bill in [None, Some(empty)] {
        let asked = Asked { bill, ..Asked::product(&sound) };
        for rule in ["SBOM-SUP", "SBOM-AUTH", "SBOM-DEP-CLOSED", "FDA-524B-B3"] {
            assert_eq!(asked.verdict(rule), NotShown, "{bill:?} {rule}");
        }
    }
    let asked = Asked { bill: None, ..Asked::product(&sound) };
    assert_eq!(asked.verdict("MDS2-SBOM-CONSISTENT"), NotMet, "the form says there is one");
    assert_eq!(asked.verdict("SBOM-VULN-TRIAGED"), NotShown);
    asked.judged(|answer| assert!(!answer.is_complete()));
}

#[test]
fn findings_are_judged_by_what_is_stated_of_them() {
    use Status::{Affected, Fixed, NotAffected, UnderInvestigation};

    let sound = sound();
    let rules = ["SBOM-VULN-TRIAGED", "VULN-HIGH-REASON", "KEV-OPEN", "JIS-9.4", "FDA-SBOM-VULN"];
    let (no, why) = (Some(false), Some("the code is not reached"));
    for (case, findings, expected) in [
        ("nothing is stated", found(Some(true), no, None), [NotMet, Met, Met, NotShown, NotMet]),
        (
            "not affected, with a reason",
            found(Some(true), no, Some((NotAffected, why))),
            [Met, Met, Met, Met, Met],
        ),
        (
            "not affected, without one",
            found(Some(true), no, Some((NotAffected, None))),
            [NotMet, NotMet, Met, Met, NotMet],
        ),
        ("the same, not severe", found(no, no, Some((NotAffected, None))), [NotMet, Met, Met, Met, NotMet]),
        (
            "the same, severity unknown",
            found(None, no, Some((NotAffected, None))),
            [NotMet, NotShown, Met, Met, NotMet],
        ),
        (
            "looked into",
            found(no, no, Some((UnderInvestigation, None))),
            [NotShown, Met, Met, NotShown, NotShown],
        ),
        ("affected", found(no, no, Some((Affected, None))), [Met, Met, Met, NotShown, Met]),
        ("fixed", found(Some(true), Some(true), Some((Fixed, None))), [Met, Met, Met, Met, Met]),
        (
            "exploited and nothing stated",
            found(Some(true), Some(true), None),
            [NotMet, Met, NotMet, NotShown, NotMet],
        ),
        (
            "exploited and affected",
            found(Some(true), Some(true), Some((Affected, None))),
            [Met, Met, NotMet, NotShown, Met],
        ),
        (
            "exploited, not affected, with a reason",
            found(Some(true), Some(true), Some((NotAffected, why))),
            [Met, Met, Met, Met, Met],
        ),
        (
            "exploited, not affected, without one",
            found(Some(true), Some(true), Some((NotAffected, None))),
            [NotMet, NotMet, NotMet, Met, NotMet],
        ),
        (
            "no catalogue at hand",
            found(no, None, Some((Affected, None))),
            [Met, Met, NotShown, NotShown, Met],
        ),
    ] {
        let asked = Asked::with(findings, &sound);
        for (rule, verdict) in rules.into_iter().zip(expected) {
            assert_eq!(asked.verdict(rule), verdict, "{case}: {rule}: {:?}", asked.lacking(rule));
        }
    }
}

#[test]
fn statements_that_contradict_each_other_and_findings_that_stay_undetermined_are_told() {
    let sound = sound();
    let mut findings = found(Some(false), Some(false), None);
    findings.found[0].is_contradicted = true;
    assert_eq!(Asked::with(findings.clone(), &sound).verdict("SBOM-VULN-TRIAGED"), NotMet);
    findings.found[0].is_contradicted = false;
    findings.found[0].undetermined = true;
    assert_eq!(Asked::with(findings, &sound).verdict("SBOM-VULN-TRIAGED"), NotShown);
}

#[test]
fn a_component_that_could_not_be_looked_up_leaves_every_rule_on_findings_open() {
    let sound = sound();
    let partly = Findings { unasked: 1, ..nothing_found() };
    let none = Findings { asked: 0, ..nothing_found() };
    for findings in [None, Some(partly), Some(none)] {
        let asked = Asked { findings, ..Asked::product(&sound) };
        for rule in ["SBOM-VULN-TRIAGED", "VULN-HIGH-REASON", "KEV-OPEN", "JIS-9.4", "FDA-SBOM-VULN"] {
            assert_eq!(asked.verdict(rule), NotShown, "{:?} {rule}", asked.findings);
        }
    }
}

#[test]
fn an_analysis_has_six_parts_and_the_rubric_its_vector() {
    let affected = || found(Some(true), Some(false), Some((Status::Affected, None)));
    let whole = "[[analysis]]\nvulnerability = \"CVE-2026-1\"\ncontext = \"parser\"\ncvss = \"9.8\"\naffected_versions = [\"2.0\", \"2.1\"]\n\
        root_cause = \"overflow\"\nrelated = \"none\"\nimpact = \"none on therapy\"\n";
    let product = sound() + whole;
    assert_eq!(Asked::with(affected(), &product).verdict("JIS-9.4"), Met);
    for part in [
        "context = \"parser\"\n",
        "cvss = \"9.8\"\n",
        "affected_versions = [\"2.0\", \"2.1\"]\n",
        "root_cause = \"overflow\"\n",
        "related = \"none\"\n",
        "impact = \"none on therapy\"\n",
    ] {
        let product = product.replace(part, "");
        assert_eq!(Asked::with(affected(), &product).verdict("JIS-9.4"), NotShown, "{part}");
    }
    let elsewhere = product.replace("context =", "component = \"pkg:pypi/jam@3\"\ncontext =");
    assert_eq!(Asked::with(affected(), &elsewhere).verdict("JIS-9.4"), NotShown);
    let by_rubric = product.replace("uses_rubric = false", "uses_rubric = true");
    assert_eq!(Asked::with(affected(), &by_rubric).verdict("CVSS-RUBRIC-COMPLETE"), NotShown);
    let with_vector = by_rubric + "rubric = \"XAVN:Y\"\n";
    assert_eq!(Asked::with(affected(), &with_vector).verdict("CVSS-RUBRIC-COMPLETE"), Met);
}

#[test]
fn what_is_lacking_names_its_place() {
    let product = sound().replace("number = \"D-T3\"", "number = \"\"");
    let line = 1 + product.lines().position(|line| line == "item = \"T3\"").unwrap() - 1;
    let lacking = Asked::product(&product).lacking("0523-T3");
    let Lacking::RowPart(item, _, at) = &lacking[0] else { panic!() };
    assert_eq!((*item, at.number, &at.file), (Item::T3, line, &None));
    let late = sound()
        .replace("eos_told = \"2025-04-01\"", "eos_told = \"2026-04-02\"")
        .replace("eol = \"2031-04-01\"", "eol = \"2026-04-01\"");
    assert_eq!(
        Asked::product(&late).lacking("EOS-TOLD-BY-EOL"),
        [Lacking::After(LifeDay::EosTold, date(2026, 4, 2), LifeDay::Eol, date(2026, 4, 1))]
    );
    assert_eq!(
        Asked::product(&late).lacking("TPLC-STATE"),
        [Lacking::StateContradicts(State::Supported, LifeDay::Eol, date(2026, 4, 1))]
    );
    let without = BILL.replacen(r#""version":"1.4","#, "", 1);
    let sound = sound();
    let lacking = Asked { bill: Some(&without), ..Asked::product(&sound) }.lacking("SBOM-VER");
    let [Lacking::ComponentLacks(place, _)] = &lacking[..] else { panic!("{lacking:?}") };
    assert_eq!((place.name.as_str(), place.place.to_string().as_str()), ("jelly", "/components/0"));
}
