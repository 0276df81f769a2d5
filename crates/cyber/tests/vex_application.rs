//! Statements applied to findings: each for one vulnerability, one component and one product, and never in silence. Many of these are what
//! users of other tools complained of; the complaint is named.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use cyber::document::Limits;
use cyber::vex::{
    Application, Bill, Document, Force, NamedBy, Other, Status, Subject, Thing, Why, apply, read,
};
use proptest::prelude::*;

/// A pump with a controller that holds a library, and the same library again elsewhere.
fn bill() -> Bill {
    let thing = |reference: &str, name: &str, version: &str, purl: &str| Thing {
        reference: Some(reference.to_owned()),
        name: Some(name.to_owned()),
        version: Some(version.to_owned()),
        purls: Some(purl.to_owned()).filter(|purl| !purl.is_empty()).into_iter().collect(),
        ..Thing::default()
    };
    Bill {
        serial: Some("3e671687-395b-41f5-a30f-a58921a69b79".to_owned()),
        revision: Some("2".to_owned()),
        namespace: None,
        parts: vec![
            thing("pump", "Pump", "3.0", "pkg:generic/acme/pump@3.0"),
            thing("controller", "controller", "1.1", "pkg:generic/acme/controller@1.1"),
            thing("jelly", "jelly", "1.4", "pkg:pypi/Jelly@1.4"),
            thing("jam", "jam", "0.9", "pkg:pypi/jam@0.9"),
            thing("other-jelly", "jelly", "1.4", "pkg:npm/jelly@1.4"),
        ],
        main: Some(0),
        within: vec![(0, 1), (1, 2), (0, 3), (0, 4)],
    }
}

/// CVE-2026-1 on jelly and on jam, CVE-2026-2 on jam; the first is known as GHSA-1 to its advisory.
fn subjects() -> Vec<Subject> {
    let subject = |advisory: &str, aliases: &[&str], part| Subject {
        advisory: advisory.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        part,
    };
    vec![
        subject("GHSA-1", &["CVE-2026-1"], 2),
        subject("CVE-2026-1", &["GHSA-1"], 3),
        subject("CVE-2026-2", &[], 3),
    ]
}

fn openvex(author: &str, timestamp: &str, statements: &str) -> Document {
    let text = format!(
        r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://a.example/{author}", "author": "{author}",
            "timestamp": "{timestamp}", "version": 1, "statements": [{statements}]}}"#
    );
    document(&text)
}

fn document(text: &str) -> Document {
    read(text.as_bytes(), &Limits::default()).unwrap().document
}

fn statement(vulnerability: &str, product: &str, subcomponent: &str, status: &str) -> String {
    let parts = if subcomponent.is_empty() {
        String::new()
    } else {
        format!(r#", "subcomponents": [{{"@id": "{subcomponent}"}}]"#)
    };
    let why = match status {
        "not_affected" => r#", "justification": "vulnerable_code_not_in_execute_path""#,
        "affected" => r#", "action_statement": "update""#,
        _ => "",
    };
    format!(
        r#"{{"vulnerability": {{"name": "{vulnerability}"}}, "products": [{{"@id": "{product}"{parts}}}], "status": "{status}"{why}}}"#
    )
}

const PUMP: &str = "pkg:generic/acme/pump@3.0";
const JELLY: &str = "pkg:pypi/jelly@1.4";
const JAM: &str = "pkg:pypi/jam@0.9";

fn applied(documents: &[&Document]) -> Application {
    apply(&bill(), &subjects(), documents, &[])
}

fn one(vulnerability: &str, product: &str, subcomponent: &str, status: &str) -> Application {
    let text = statement(vulnerability, product, subcomponent, status);
    applied(&[&openvex("Acme", "2026-01-01T00:00:00Z", &text)])
}

fn statuses(application: &Application) -> Vec<Option<Status>> {
    application.stated.iter().map(|stated| stated.status).collect()
}

fn why(application: &Application) -> &Why {
    application.told[0].outcome.as_ref().unwrap_err()
}

/// Dependency-Track #3554: applied by CVE id, not by (CVE, component).
#[test]
fn a_statement_on_a_component_changes_nothing_on_another() {
    let application = one("CVE-2026-1", PUMP, JAM, "not_affected");
    assert_eq!(statuses(&application), [None, Some(Status::NotAffected), None]);
    assert!(application.stated[1].settles());
    let hit = &application.told[0].outcome.as_ref().unwrap()[0];
    assert_eq!((hit.subject, hit.named, &hit.through, hit.force), (1, NamedBy::Purl, &None, Force::InForce));
}

#[test]
fn a_statement_on_another_product_changes_nothing() {
    let application = one("CVE-2026-1", "pkg:generic/acme/monitor@3.0", JAM, "not_affected");
    assert_eq!(statuses(&application), [None; 3]);
    assert!(matches!(why(&application), Why::OtherProduct(Other::Different)));
}

#[test]
fn a_statement_on_another_version_of_the_product_names_both() {
    let application = one("CVE-2026-1", "pkg:generic/acme/pump@2.9", JAM, "not_affected");
    let expected = Other::OtherVersion { stated: "2.9".to_owned(), found: "3.0".to_owned() };
    assert_eq!(why(&application), &Why::OtherProduct(expected));
    let application = one("CVE-2026-1", PUMP, "pkg:pypi/jam@1.0", "not_affected");
    let expected = Other::OtherVersion { stated: "1.0".to_owned(), found: "0.9".to_owned() };
    assert_eq!(why(&application), &Why::NotInBill(expected));
}

/// Grype #1836: a product without subcomponents means all of it; Trivy #6077: only roots and leaves were looked at.
#[test]
fn a_product_without_parts_means_all_of_it_and_may_be_any_component() {
    assert_eq!(
        statuses(&one("CVE-2026-1", PUMP, "", "not_affected")),
        [Some(Status::NotAffected), Some(Status::NotAffected), None]
    );
    assert_eq!(
        statuses(&one("CVE-2026-1", JELLY, "", "fixed")),
        [Some(Status::Fixed), None, None],
        "the library itself is the product"
    );
}

/// OpenVEX lets the supplier of a component speak of it in whatever product: that is told.
#[test]
fn what_is_stated_of_a_component_without_a_product_is_told_as_such() {
    let is_alone = |application: &Application| application.told[0].outcome.as_ref().unwrap()[0].is_alone;
    assert!(is_alone(&one("CVE-2026-1", JELLY, "", "fixed")));
    assert!(!is_alone(&one("CVE-2026-1", PUMP, "", "fixed")));
    assert!(!is_alone(&one("CVE-2026-1", PUMP, JELLY, "fixed")));
}

/// A generic package URL says name and version to what bears no package URL; with a namespace it says whose product it is.
#[test]
fn a_generic_package_url_means_what_bears_its_name_and_version_and_no_package_url() {
    let mut bill = bill();
    bill.parts[0].purls.clear();
    let stated = |product: &str| {
        let text = statement("CVE-2026-1", product, JAM, "fixed");
        let document = openvex("Acme", "2026-01-01T00:00:00Z", &text);
        apply(&bill, &subjects(), &[&document], &[]).stated[1].settles()
    };
    assert!(stated("pkg:generic/Pump@3.0"));
    let others = [
        "pkg:generic/Pump",
        "pkg:generic/Pump@2.0",
        "pkg:generic/acme/Pump@3.0",
        "pkg:generic/Monitor@3.0",
        "pkg:npm/pump@3.0",
    ];
    for other in others {
        assert!(!stated(other), "{other}");
    }
    assert!(
        statuses(&one("CVE-2026-1", "pkg:generic/Pump@3.0", JAM, "fixed")).iter().all(Option::is_none),
        "it bears another"
    );
}

/// A component of a CycloneDX bill without a subject is part of a product that nobody names, not one in whatever product.
#[test]
fn statements_within_a_bill_that_names_no_product_hold_in_that_bill_alone() {
    let component = r#""components": [{"type": "library", "bom-ref": "x", "name": "jam", "version": "0.9", "purl": "pkg:pypi/jam@0.9"}],"#;
    let stated = cyclonedx("x", component);
    let application = applied(&[&stated]);
    assert_eq!((why(&application), statuses(&application)), (&Why::UnnamedBill, vec![None; 3]));
    let own = stated.at_home();
    assert_eq!(statuses(&applied(&[&own])), [None, None, Some(Status::NotAffected)]);
    let supplier =
        component.replace("\"components\": [", "\"metadata\": {\"component\": ").replace("}],", "}},");
    let application = applied(&[&cyclonedx("x", &supplier)]);
    assert_eq!(statuses(&application), [None, None, Some(Status::NotAffected)], "its supplier speaks of it");
    assert_eq!(statuses(&applied(&[&cyclonedx(JAM, "")])), [None, None, Some(Status::NotAffected)]);
}

/// Trivy #6728 and golang/go #68152: a product that is neither root nor leaf.
#[test]
fn a_part_of_a_component_between_is_found_where_it_is_only_there() {
    let controller = "pkg:generic/acme/controller@1.1";
    assert_eq!(
        statuses(&one("CVE-2026-1", controller, JELLY, "not_affected")),
        [Some(Status::NotAffected), None, None]
    );
    assert_eq!(why(&one("CVE-2026-1", controller, JAM, "not_affected")), &Why::NotWithin);
    let mut bill = bill();
    bill.within.push((0, 2));
    let text = statement("CVE-2026-1", controller, JELLY, "not_affected");
    let document = openvex("Acme", "2026-01-01T00:00:00Z", &text);
    let application = apply(&bill, &subjects(), &[&document], &[]);
    assert_eq!(why(&application), &Why::AlsoElsewhere);
    bill.within.clear();
    assert_eq!(why(&apply(&bill, &subjects(), &[&document], &[])), &Why::ContainmentUnknown);
}

/// Dependency-Track #3221, #2977, #4986: ignored in silence.
#[test]
fn every_statement_that_does_not_apply_says_why() {
    for (application, expected) in [
        (one("CVE-2026-9", PUMP, JAM, "not_affected"), Why::NotFound),
        (one("CVE-2026-2", PUMP, JELLY, "not_affected"), Why::FoundElsewhere(vec![2])),
        (one("CVE-2026-1", PUMP, "pkg:pypi/honey", "not_affected"), Why::NotInBill(Other::Different)),
        (one("", PUMP, JAM, "fixed"), Why::NoVulnerability),
        (applied(&[&cyclonedx_without_product()]), Why::NoProduct),
        (one("CVE-2026-1", PUMP, JAM, "unsure"), Why::NoStatus),
    ] {
        assert_eq!(application.told.len(), 1);
        assert_eq!(why(&application), &expected);
        assert_eq!(statuses(&application), [None; 3]);
    }
}

#[test]
fn not_affected_without_a_reason_is_not_applied() {
    let text = statement("CVE-2026-1", PUMP, JAM, "not_affected")
        .replace(r#", "justification": "vulnerable_code_not_in_execute_path""#, "");
    let application = applied(&[&openvex("Acme", "2026-01-01T00:00:00Z", &text)]);
    assert_eq!(why(&application), &Why::NoReason);
    assert_eq!(statuses(&application), [None; 3]);
}

/// vdb #282: records adopted each other's ids. Here the group is shown, and the advisory keeps its own.
#[test]
fn an_alias_counts_as_the_same_group_and_is_shown() {
    let application = one("CVE-2026-1", PUMP, JELLY, "not_affected");
    let hit = &application.told[0].outcome.as_ref().unwrap()[0];
    assert_eq!((hit.subject, hit.through.as_deref()), (0, Some("CVE-2026-1")));
}

/// Trivy #4302: results differed by the case of a package URL.
#[test]
fn package_urls_are_compared_as_their_type_says() {
    for purl in ["pkg:pypi/JELLY@1.4", "PKG:pypi/jelly@1.4", "pkg:pypi/jelly"] {
        let purl = purl.replace("PKG:", "pkg:");
        assert_eq!(statuses(&one("CVE-2026-1", PUMP, &purl, "fixed"))[0], Some(Status::Fixed), "{purl}");
    }
    let with_qualifier = one("CVE-2026-1", PUMP, "pkg:pypi/jelly@1.4?repository_url=a.example", "fixed");
    assert_eq!(why(&with_qualifier), &Why::NotInBill(Other::Different));
}

#[test]
fn the_later_statement_of_an_author_counts_in_whatever_order_they_come() {
    let old =
        openvex("Acme", "2026-01-01T00:00:00Z", &statement("CVE-2026-2", PUMP, JAM, "under_investigation"));
    let new = openvex("Acme", "2026-02-01T09:00:00+09:00", &statement("CVE-2026-2", PUMP, JAM, "fixed"));
    for documents in [[&old, &new], [&new, &old]] {
        let application = applied(&documents);
        assert_eq!(application.stated[2].status, Some(Status::Fixed));
        let superseded =
            application.told.iter().filter(|told| told.outcome.as_ref().unwrap()[0].force != Force::InForce);
        let superseded: Vec<_> = superseded.collect();
        assert_eq!(superseded.len(), 1);
        assert!(matches!(superseded[0].outcome.as_ref().unwrap()[0].force, Force::Superseded(_)));
    }
}

#[test]
fn authors_who_contradict_each_other_are_both_shown_and_neither_wins() {
    let maker = openvex("Acme", "2026-01-01T00:00:00Z", &statement("CVE-2026-2", PUMP, JAM, "not_affected"));
    let other = openvex("Lab", "2026-02-01T00:00:00Z", &statement("CVE-2026-2", PUMP, JAM, "affected"));
    let application = applied(&[&maker, &other]);
    let stated = &application.stated[2];
    assert_eq!((stated.status, stated.is_contradictory, stated.by.len()), (None, true, 2));
    assert!(!stated.settles());
    let order = ["acme".to_owned()];
    let application = apply(&bill(), &subjects(), &[&maker, &other], &order);
    assert_eq!(application.stated[2].status, Some(Status::NotAffected));
    assert!(matches!(application.told[1].outcome.as_ref().unwrap()[0].force, Force::Outranked(_)));
}

#[test]
fn authors_who_agree_both_stand() {
    let one = openvex("Acme", "2026-01-01T00:00:00Z", &statement("CVE-2026-2", PUMP, JAM, "fixed"));
    let two = openvex("Lab", "2026-02-01T00:00:00Z", &statement("CVE-2026-2", PUMP, JAM, "fixed"));
    let application = applied(&[&one, &two]);
    assert_eq!((application.stated[2].status, application.stated[2].by.len()), (Some(Status::Fixed), 2));
}

fn cyclonedx_without_product() -> Document {
    document(
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "vulnerabilities": [{"id": "CVE-2026-2",
            "analysis": {"state": "not_affected", "justification": "code_not_reachable"}}]}"#,
    )
}

fn cyclonedx(reference: &str, rest: &str) -> Document {
    document(&format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, {rest} "vulnerabilities": [{{"id": "CVE-2026-2",
            "analysis": {{"state": "not_affected", "justification": "code_not_reachable"}}, "affects": [{{"ref": "{reference}"}}]}}]}}"#
    ))
}

/// Dependency-Track #2977 and cve-bin-tool #5862: references that lead nowhere were ignored.
#[test]
fn a_link_into_the_bill_leads_to_one_component_only() {
    let serial = "3e671687-395b-41f5-a30f-a58921a69b79";
    let application = applied(&[&cyclonedx(&format!("urn:cdx:{serial}/2#jam"), "")]);
    assert_eq!(statuses(&application), [None, None, Some(Status::NotAffected)]);
    assert_eq!(application.told[0].outcome.as_ref().unwrap()[0].named, NamedBy::Link);
    let older = applied(&[&cyclonedx(&format!("urn:cdx:{serial}/1#jam"), "")]);
    assert_eq!(why(&older), &Why::OtherProduct(Other::OtherRevision { stated: "1".to_owned() }));
    let foreign = applied(&[&cyclonedx("urn:cdx:00000000-395b-41f5-a30f-a58921a69b79/2#jam", "")]);
    assert_eq!(why(&foreign), &Why::OtherProduct(Other::OtherBill));
    assert_eq!(why(&applied(&[&cyclonedx("jam", "")])), &Why::NotInBill(Other::Unresolved));
}

/// Dependency-Track #3221: its own export was ignored when it came back.
#[test]
fn statements_within_the_bill_itself_apply_with_and_without_a_serial_number() {
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "version": 1, "metadata": {"component": {"type": "device", "bom-ref": "p", "name": "Pump"}}, "components": [
        {"type": "library", "bom-ref": "1", "name": "jam", "version": "1"}, {"type": "library", "bom-ref": "2", "name": "jelly", "version": "1"}],
        "vulnerabilities": [{"id": "CVE-2026-2", "analysis": {"state": "false_positive", "detail": "wrongly found"},
        "affects": [{"ref": "1"}]}]}"#;
    for text in [
        text.to_owned(),
        text.replace(r#""serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","#, ""),
    ] {
        let bill = Bill::of(&cyber::sbom::read(text.as_bytes(), &Limits::default()).unwrap().sbom);
        let subject = |part| Subject { advisory: "CVE-2026-2".to_owned(), aliases: Vec::new(), part };
        let application = apply(&bill, &[subject(1), subject(2)], &[&document(&text)], &[]);
        assert_eq!(statuses(&application), [Some(Status::NotAffected), None]);
    }
}

#[test]
fn a_component_of_the_document_is_recognised_by_its_names() {
    let rest = r#""metadata": {"component": {"type": "device", "bom-ref": "p", "name": "pump", "version": "3.0"}},
        "components": [{"type": "library", "bom-ref": "x", "name": "jam", "purl": "pkg:pypi/jam@0.9"}],"#;
    assert_eq!(statuses(&applied(&[&cyclonedx("x", rest)])), [None, None, Some(Status::NotAffected)]);
    let application = applied(&[&cyclonedx("p", rest)]);
    assert_eq!(application.told[0].outcome.as_ref().unwrap()[0].named, NamedBy::NameAndVersion);
    let other = rest.replace("3.0", "4.0");
    assert!(matches!(
        why(&applied(&[&cyclonedx("x", &other)])),
        Why::OtherProduct(Other::OtherVersion { .. })
    ));
}

#[test]
fn versions_that_are_told_apart_decide_what_is_stated() {
    let text = |versions: &str| {
        format!(
            r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {{"component": {{"type": "device",
                "bom-ref": "p", "name": "Pump"}}}}, "vulnerabilities": [{{"id": "CVE-2026-2", "recommendation": "update",
                "analysis": {{"state": "exploitable"}}, "affects": [{{"ref": "p", "versions": [{versions}]}}]}}]}}"#
        )
    };
    let stated = |versions: &str| applied(&[&document(&text(versions))]);
    let affected = stated(r#"{"range": "vers:semver/>=2.0.0|<4.0.0", "status": "affected"}"#);
    assert_eq!(affected.stated[2].status, Some(Status::Affected));
    let outside = stated(r#"{"range": "vers:semver/>=4.0.0", "status": "affected"}, {"version": "5.0"}"#);
    assert!(matches!(why(&outside), Why::NotInBill(Other::OtherVersion { .. })), "{:?}", outside.told);
    let unknown = stated(r#"{"range": "vers:acme/>=4", "status": "affected"}"#);
    assert!(matches!(why(&unknown), Why::NotInBill(Other::VersionUndetermined { .. })));
    let clear = stated(r#"{"version": "3.0", "status": "unaffected"}"#);
    assert_eq!(why(&clear), &Why::NoReason, "an unaffected version without a reason is told, not applied");
    let open = stated(r#"{"version": "3.0", "status": "unknown"}"#);
    assert_eq!(open.stated[2].status, Some(Status::UnderInvestigation));
}

const WORDS: [&str; 4] = ["not_affected", "affected", "fixed", "under_investigation"];

/// Any document of any author about anything in the bill or not.
fn any_document() -> impl Strategy<Value = Document> {
    let products = [PUMP, JELLY, JAM, "pkg:generic/acme/controller@1.1", "pkg:generic/acme/monitor@1"];
    let parts = ["", JELLY, JAM, "pkg:npm/jelly@1.4"];
    let statement = (0..3_usize, 0..products.len(), 0..parts.len(), 0..WORDS.len()).prop_map(
        move |(vulnerability, product, part, word)| {
            statement(
                ["CVE-2026-1", "CVE-2026-2", "GHSA-1"][vulnerability],
                products[product],
                parts[part],
                WORDS[word],
            )
        },
    );
    (0..3_usize, 1..4_u8, proptest::collection::vec(statement, 1..4)).prop_map(|(author, day, statements)| {
        let author = ["Acme", "Lab", "Clinic"][author];
        openvex(author, &format!("2026-01-0{day}T00:00:00Z"), &statements.join(","))
    })
}

/// What is stated of each finding, without where it stands.
fn essence(application: &Application) -> Vec<(Option<Status>, bool)> {
    application.stated.iter().map(|stated| (stated.status, stated.is_contradictory)).collect()
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing(documents in proptest::collection::vec(any_document(), 0..5)) {
        let once: Vec<&Document> = documents.iter().collect();
        let twice: Vec<&Document> = documents.iter().chain(&documents).collect();
        prop_assert_eq!(essence(&applied(&once)), essence(&applied(&twice)));
    }

    #[test]
    fn the_order_of_documents_does_not_matter(documents in proptest::collection::vec(any_document(), 0..5)) {
        let forwards: Vec<&Document> = documents.iter().collect();
        let backwards: Vec<&Document> = documents.iter().rev().collect();
        prop_assert_eq!(essence(&applied(&forwards)), essence(&applied(&backwards)));
    }

    #[test]
    fn every_statement_says_what_became_of_it(documents in proptest::collection::vec(any_document(), 0..5)) {
        let documents: Vec<&Document> = documents.iter().collect();
        let application = applied(&documents);
        for (index, document) in documents.iter().enumerate() {
            for number in 0..document.statements.len() {
                prop_assert!(application.told.iter().any(|told| (told.at.document, told.at.statement) == (index, number)));
            }
        }
        for told in &application.told {
            if let Ok(hits) = &told.outcome {
                prop_assert!(!hits.is_empty());
            }
        }
    }
}
