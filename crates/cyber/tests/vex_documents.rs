//! Documents of statements: read with every deviation named, the published examples among them; and written so that they are valid and read
//! back as they were.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use cyber::document::Limits;
use cyber::vex::{
    Against, Claim, Format, Head, Justification, Link, Lost, Product, Reading, Standing, Statement, Status,
    Thing, Versions, Vulnerability, read, write,
};

fn reading(text: &str) -> Reading {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

fn codes(reading: &Reading) -> Vec<String> {
    reading.deviations.iter().map(|one| format!("{} {}", one.place, one.kind.code())).collect()
}

const OPENVEX: &str = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://a.example/vex/1", "author": "Acme",
    "timestamp": "2026-01-02T03:04:05Z", "version": 3, "statements": [{"vulnerability": {"@id": "https://nvd.example/CVE-2026-1",
    "name": "CVE-2026-1", "aliases": ["GHSA-1"]}, "products": [{"@id": "pkg:generic/acme/pump@3.0", "identifiers":
    {"cpe23": "cpe:2.3:h:acme:pump:3.0:*:*:*:*:*:*:*"}, "hashes": {"sha-256": "abcd"}, "subcomponents": [{"@id": "pkg:pypi/jam@0.9"}]}],
    "status": "not_affected", "justification": "vulnerable_code_not_present", "impact_statement": "cut out",
    "timestamp": "2026-01-01T00:00:00Z"}]}"#;

#[test]
fn openvex_is_read_member_by_member() {
    let reading = reading(OPENVEX);
    assert_eq!(codes(&reading), Vec::<String>::new());
    let document = reading.document;
    assert_eq!((document.format, document.version.as_str()), (Format::OpenVex, "0.2.0"));
    assert_eq!((document.author.as_deref(), document.revision.as_deref()), (Some("Acme"), Some("3")));
    let statement = &document.statements[0];
    assert_eq!(
        statement.vulnerability,
        Vulnerability { id: "CVE-2026-1".into(), aliases: vec!["GHSA-1".into()] }
    );
    assert_eq!(
        (statement.status, statement.justification),
        (Some(Status::NotAffected), Some(Justification::CodeNotPresent))
    );
    assert_eq!(
        (statement.impact.as_deref(), statement.timestamp.as_deref()),
        (Some("cut out"), Some("2026-01-01T00:00:00Z"))
    );
    let product = &statement.products[0];
    assert_eq!(product.place.to_string(), "/statements/0/products/0");
    assert_eq!(product.thing.cpes, ["cpe:2.3:h:acme:pump:3.0:*:*:*:*:*:*:*"]);
    assert_eq!(
        (product.thing.hashes[0].value.as_str(), product.parts[0].purls[0].as_str()),
        ("abcd", "pkg:pypi/jam@0.9")
    );
}

#[test]
fn the_first_version_of_openvex_is_read_too() {
    let reading = reading(
        r#"{"@context": "https://openvex.dev/ns", "@id": "https://a.example/vex/1", "author": "Acme", "role": "Document Creator",
        "timestamp": "2023-01-08T18:02:03Z", "version": "1", "statements": [{"vulnerability": "CVE-2023-1", "products":
        ["pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64"], "subcomponents": ["pkg:apk/wolfi/zlib"], "status": "fixed"}]}"#,
    );
    assert_eq!(codes(&reading), Vec::<String>::new());
    assert_eq!(reading.document.version, "0.0.1");
    let statement = &reading.document.statements[0];
    assert_eq!((statement.vulnerability.id.as_str(), statement.status), ("CVE-2023-1", Some(Status::Fixed)));
    assert_eq!(statement.products[0].parts[0].purls, ["pkg:apk/wolfi/zlib"]);
}

#[test]
fn deviations_of_openvex_are_told_at_their_places() {
    for (from, to, expected) in [
        (r#""author": "Acme","#, "", "the document vex-missing-member"),
        (r#""version": 3"#, r#""version": 0"#, "/version vex-out-of-bounds"),
        ("ns/v0.2.0", "ns/v9.9.9", "/@context vex-unknown-version"),
        (r#""not_affected""#, r#""harmless""#, "/statements/0/status vex-not-listed"),
        ("vulnerable_code_not_present", "code_not_present", "/statements/0/justification vex-not-listed"),
        (r#""name": "CVE-2026-1", "#, "", "/statements/0/vulnerability vex-missing-member"),
        (
            r#""@id": "pkg:pypi/jam@0.9""#,
            r#""name": "jam""#,
            "/statements/0/products/0/subcomponents/0/name vex-unknown-member",
        ),
        ("2026-01-02T03:04:05Z", "2026-13-02", "/timestamp vex-wrong-form"),
        (r#""impact_statement""#, r#""impact""#, "/statements/0/impact vex-unknown-member"),
    ] {
        assert!(OPENVEX.contains(from), "{from}");
        let found = codes(&reading(&OPENVEX.replace(from, to)));
        assert!(found.iter().any(|one| one == expected), "{expected}: {found:?}");
    }
    let bare = OPENVEX
        .replace(r#""justification": "vulnerable_code_not_present", "impact_statement": "cut out","#, "");
    let found = codes(&reading(&bare));
    assert!(found.contains(&"/statements/0 vex-no-reason".to_owned()), "{found:?}");
}

const CYCLONEDX: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 2, "metadata": {"timestamp": "2026-01-02T03:04:05Z", "authors": [{"name": "Acme"}], "component": {"type": "device",
    "bom-ref": "pump", "name": "Pump", "version": "3.0"}}, "components": [{"type": "library", "bom-ref": "jam", "group": "fruit",
    "name": "jam", "version": "0.9", "purl": "pkg:pypi/jam@0.9"}], "vulnerabilities": [{"id": "CVE-2026-1", "references": [{"id": "GHSA-1",
    "source": {"name": "GitHub"}}], "analysis": {"state": "false_positive", "justification": "requires_configuration", "response":
    ["will_not_fix"], "detail": "never switched on", "firstIssued": "2026-01-01T00:00:00Z"}, "affects": [{"ref": "jam", "versions":
    [{"range": "vers:pypi/<1", "status": "unaffected"}]}]}, {"id": "CVE-2026-2"}]}"#;

const CYCLONEDX_XML: &str = r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="2"
    serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"><metadata><timestamp>2026-01-02T03:04:05Z</timestamp><authors><author>
    <name>Acme</name></author></authors><component type="device" bom-ref="pump"><name>Pump</name><version>3.0</version></component></metadata>
    <components><component type="library" bom-ref="jam"><group>fruit</group><name>jam</name><version>0.9</version><purl>pkg:pypi/jam@0.9</purl>
    </component></components><vulnerabilities><vulnerability><id>CVE-2026-1</id><references><reference><id>GHSA-1</id><source><name>GitHub</name>
    </source></reference></references><analysis><state>false_positive</state><justification>requires_configuration</justification><responses>
    <response>will_not_fix</response></responses><detail>never switched on</detail><firstIssued>2026-01-01T00:00:00Z</firstIssued></analysis>
    <affects><target><ref>jam</ref><versions><version><range>vers:pypi/&lt;1</range><status>unaffected</status></version></versions></target>
    </affects></vulnerability><vulnerability><id>CVE-2026-2</id></vulnerability></vulnerabilities></bom>"#;

#[test]
fn cyclonedx_is_read_alike_in_json_and_xml() {
    let (json, xml) = (reading(CYCLONEDX), reading(CYCLONEDX_XML));
    assert_eq!((codes(&json), codes(&xml)), (Vec::new(), Vec::new()));
    let statement = &json.document.statements[0];
    assert_eq!(json.document.statements.len(), 1, "a vulnerability without analysis states nothing");
    assert_eq!((statement.status, statement.said.as_str()), (Some(Status::NotAffected), "false_positive"));
    assert_eq!(statement.justification, Some(Justification::RequiresConfiguration));
    assert_eq!(statement.impact.as_deref(), Some("never switched on"));
    assert_eq!(statement.vulnerability.aliases, ["GHSA-1"]);
    let product = &statement.products[0];
    assert_eq!((product.thing.name.as_deref(), product.parts.len()), (Some("Pump"), 1));
    let part = &product.parts[0];
    let link = Link::of("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2#jam");
    assert_eq!((part.group.as_deref(), &part.link), (Some("fruit"), &link));
    assert_eq!(
        part.claims,
        [Claim { versions: Versions::Range("vers:pypi/<1".into()), standing: Some(Standing::Unaffected) }]
    );
    let bare = |reading: &Reading| {
        let mut document = reading.document.clone();
        for statement in &mut document.statements {
            statement.place = cyber::document::Place::Pointer("".into());
            statement.products.iter_mut().for_each(|one| one.place = statement.place.clone());
        }
        document
    };
    assert_eq!(bare(&json), bare(&xml));
    assert_eq!(xml.document.statements[0].place.to_string(), "line 5 (bom/vulnerabilities/vulnerability)");
}

#[test]
fn references_that_lead_nowhere_are_told() {
    let found = codes(&reading(&CYCLONEDX.replace(r#""ref": "jam""#, r#""ref": "gone""#)));
    assert_eq!(found, ["/vulnerabilities/0 vex-unresolved-reference"]);
}

/// What the examples that CycloneDX publishes state; none of them deviates from its format.
#[test]
fn the_published_examples_of_cyclonedx_are_read() {
    let Some(files) = common::corpus("cyclonedx-bom-examples.tar.gz") else { return };
    let mut seen = 0;
    let mut stated = std::collections::BTreeMap::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.contains("VEX/") && path.ends_with("json")) {
        let reading = read(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{path}: {error}"));
        seen += 1;
        for statement in &reading.document.statements {
            assert!(!statement.vulnerability.id.is_empty(), "{path}");
            // One example speaks of "any product" and names none.
            assert_eq!(statement.products.is_empty(), path.contains("/Use-Cases/Case-7/"), "{path}");
            *stated.entry(statement.status.unwrap()).or_insert(0) += 1;
        }
        let unresolved =
            reading.deviations.iter().filter(|one| one.kind.code() == "vex-unresolved-reference");
        assert_eq!(unresolved.count(), 0, "{path}");
    }
    println!("{seen} documents: {stated:?}");
    assert!(seen > 0 && stated.len() == 4, "every status is among them");
}

const CSAF: &str = r#"{"document": {"category": "csaf_vex", "csaf_version": "2.0", "publisher": {"category": "vendor", "name": "Acme",
    "namespace": "https://acme.example"}, "title": "T", "tracking": {"current_release_date": "2026-01-02T03:04:05Z", "id": "A-1",
    "initial_release_date": "2026-01-02T03:04:05Z", "revision_history": [{"date": "2026-01-02T03:04:05Z", "number": "1", "summary": "s"}],
    "status": "final", "version": "1"}}, "product_tree": {"branches": [{"category": "vendor", "name": "Acme", "branches": [{"category":
    "product_name", "name": "Pump", "branches": [{"category": "product_version", "name": "3.0", "product": {"name": "Acme Pump 3.0",
    "product_id": "P", "product_identification_helper": {"cpe": "cpe:2.3:h:acme:pump:3.0:*:*:*:*:*:*:*"}}}]}]}], "full_product_names":
    [{"name": "jam", "product_id": "J", "product_identification_helper": {"purl": "pkg:pypi/jam@0.9"}}], "relationships": [{"category":
    "default_component_of", "product_reference": "J", "relates_to_product_reference": "P", "full_product_name": {"name": "jam in Pump",
    "product_id": "JP"}}], "product_groups": [{"group_id": "G", "product_ids": ["JP", "P"]}]}, "vulnerabilities": [{"cve": "CVE-2026-0001",
    "flags": [{"label": "vulnerable_code_not_present", "group_ids": ["G"], "date": "2026-01-01T00:00:00Z"}], "notes": [{"category": "general",
    "text": "n"}], "product_status": {"known_not_affected": ["JP"], "known_affected": ["P"]}, "remediations": [{"category": "vendor_fix",
    "details": "update to 4", "product_ids": ["P"]}]}]}"#;

#[test]
fn csaf_is_read_with_its_product_tree_flags_and_remediations() {
    let reading = reading(CSAF);
    assert_eq!(codes(&reading), Vec::<String>::new());
    let document = reading.document;
    assert_eq!((document.author.as_deref(), document.id.as_deref()), (Some("Acme"), Some("A-1")));
    let [clear, affected] = &document.statements[..] else { panic!("{:?}", document.statements) };
    assert_eq!(
        (clear.status, clear.justification),
        (Some(Status::NotAffected), Some(Justification::CodeNotPresent))
    );
    assert_eq!(clear.timestamp.as_deref(), Some("2026-01-01T00:00:00Z"));
    let product = &clear.products[0];
    assert_eq!(
        (product.thing.name.as_deref(), product.thing.version.as_deref()),
        (Some("Pump"), Some("3.0"))
    );
    assert_eq!(product.parts[0].purls, ["pkg:pypi/jam@0.9"]);
    assert_eq!(product.place.to_string(), "/vulnerabilities/0/product_status/known_not_affected/0");
    assert_eq!((affected.action.as_deref(), affected.products[0].parts.len()), (Some("update to 4"), 0));
}

/// The same document as 2.1 writes it.
#[test]
fn csaf_of_the_later_edition_is_read_with_its_product_paths() {
    let text = CSAF
        .replacen('{', r#"{"$schema": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json", "#, 1)
        .replace(
            r#""csaf_version": "2.0""#,
            r#""csaf_version": "2.1", "distribution": {"tlp": {"label": "CLEAR"}}"#,
        )
        .replace(r#""purl": "pkg:pypi/jam@0.9""#, r#""purls": ["pkg:pypi/jam@0.9"]"#);
    let (before, rest) = text.split_once(r#""relationships": ["#).unwrap();
    let (_, after) = rest.split_once("], ").unwrap();
    let path = r#""product_paths": [{"beginning_product_reference": "J", "full_product_name": {"name": "jam in Pump", "product_id": "JP"},
        "subpaths": [{"category": "default_component_of", "next_product_reference": "P"}]}], "#;
    let reading = reading(&format!("{before}{path}{after}"));
    assert_eq!(codes(&reading), Vec::<String>::new());
    let [clear, _] = &reading.document.statements[..] else { panic!("{:?}", reading.document.statements) };
    let product = &clear.products[0];
    assert_eq!(product.thing.name.as_deref(), Some("Pump"));
    assert!(product.parts[0].name.as_deref() == Some("jam"), "{:?}", product.parts);
}

#[test]
fn csaf_is_put_to_its_tests() {
    let without = CSAF.replace(r#""flags": [{"label": "vulnerable_code_not_present", "group_ids": ["G"], "date": "2026-01-01T00:00:00Z"}],"#, "");
    let found = codes(&reading(&without));
    assert!(found.iter().any(|one| one.ends_with("csaf-6.1.27.9")), "{found:?}");
    assert!(found.iter().any(|one| one.ends_with("vex-no-reason")), "{found:?}");
}

#[test]
fn what_is_no_document_of_statements_is_refused() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "{\"spdxVersion\": \"SPDX-2.3\"}",
        "<a/>",
        "PackageName: a",
        "{\"@context\": 1",
    ] {
        assert!(read(text.as_bytes(), &Limits::default()).is_err(), "{text}");
    }
}

fn head(format: Format) -> Head {
    Head {
        id: if format == Format::Csaf { "ACME-1" } else { "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" }
            .to_owned(),
        author: "Acme".to_owned(),
        namespace: Some("https://acme.example".to_owned()),
        title: "Statements".to_owned(),
        timestamp: "2026-03-01T00:00:00Z".to_owned(),
        earlier: vec!["2026-02-01T00:00:00Z".to_owned()],
    }
}

fn named(name: &str, version: &str, purl: &str) -> Thing {
    Thing {
        name: Some(name.to_owned()),
        version: Some(version.to_owned()),
        purls: Some(purl.to_owned()).filter(|purl| !purl.is_empty()).into_iter().collect(),
        ..Thing::default()
    }
}

fn statement(id: &str, status: Status) -> Statement {
    let place = cyber::document::Place::Pointer("".into());
    Statement {
        place: place.clone(),
        vulnerability: Vulnerability { id: id.to_owned(), aliases: vec![format!("GHSA-{id}")] },
        products: vec![Product {
            place,
            thing: named("Pump", "3.0", "pkg:generic/acme/pump@3.0"),
            parts: vec![named("jam", "0.9", "pkg:pypi/jam@0.9")],
        }],
        status: Some(status),
        said: String::new(),
        justification: (status == Status::NotAffected).then_some(Justification::CodeNotInExecutePath),
        impact: (status == Status::NotAffected).then(|| "never called".to_owned()),
        action: (status == Status::Affected).then(|| "update to 4".to_owned()),
        responses: Vec::new(),
        notes: None,
        timestamp: (status == Status::NotAffected).then(|| "2026-01-15T00:00:00Z".to_owned()),
    }
}

const FORMATS: [Format; 3] = [Format::CycloneDx, Format::OpenVex, Format::Csaf];
const STATUSES: [Status; 4] =
    [Status::NotAffected, Status::Affected, Status::Fixed, Status::UnderInvestigation];

#[test]
fn what_is_written_is_valid_and_says_the_same_when_read() {
    let statements: Vec<Statement> = STATUSES
        .iter()
        .zip(1..)
        .map(|(status, number)| statement(&format!("CVE-2026-000{number}"), *status))
        .collect();
    for format in FORMATS {
        let written = write(format, &head(format), &statements).unwrap();
        assert_eq!(written, write(format, &head(format), &statements).unwrap(), "the same bytes each time");
        assert_eq!(written.losses, [], "{format:?}");
        let reading = reading(&written.text);
        assert_eq!(codes(&reading), Vec::<String>::new(), "{}", written.text);
        let document = reading.document;
        assert_eq!(
            (document.format, document.author.as_deref(), document.revision.as_deref()),
            (format, Some("Acme"), Some("2"))
        );
        let mut read: Vec<Statement> = document.statements;
        read.sort_by(|left, right| left.vulnerability.cmp(&right.vulnerability));
        assert_eq!(read.len(), statements.len(), "{}", written.text);
        for (read, stated) in read.iter().zip(&statements) {
            assert_eq!(read.vulnerability, stated.vulnerability, "{format:?}");
            assert_eq!(
                (read.status, read.justification),
                (stated.status, stated.justification),
                "{format:?}"
            );
            assert_eq!((&read.impact, &read.action), (&stated.impact, &stated.action), "{format:?}");
            assert_eq!(read.timestamp, stated.timestamp, "{format:?}");
            let (read, stated) = (&read.products[0], &stated.products[0]);
            assert_eq!(
                (&read.thing.purls, &read.parts[0].purls),
                (&stated.thing.purls, &stated.parts[0].purls),
                "{format:?}"
            );
        }
    }
}

/// A vulnerability that is stated under the id of another list goes by its CVE, which a document names once.
#[test]
fn csaf_names_the_cve_that_an_alias_tells() {
    let under = |id: &str, status| {
        let aliases = vec!["CVE-2026-0001".to_owned(), "GHSA-aaaa".to_owned()];
        Statement { vulnerability: Vulnerability { id: id.to_owned(), aliases }, ..statement("", status) }
    };
    let all = [under("PYSEC-2026-1", Status::Fixed), under("GO-2026-1", Status::Fixed)];
    let written = write(Format::Csaf, &head(Format::Csaf), &all).unwrap();
    let reading = reading(&written.text);
    assert_eq!(codes(&reading), Vec::<String>::new(), "{}", written.text);
    let [one] = &reading.document.statements[..] else { panic!("{}", written.text) };
    assert_eq!(one.vulnerability.id, "CVE-2026-0001");
    assert_eq!(one.vulnerability.aliases, ["PYSEC-2026-1", "GHSA-aaaa", "GO-2026-1"]);
    assert!(written.text.contains(r#""cve": "CVE-2026-0001""#), "{}", written.text);
    let other = [under("PYSEC-2026-1", Status::Fixed), under("GO-2026-1", Status::UnderInvestigation)];
    let against = write(Format::Csaf, &head(Format::Csaf), &other).unwrap_err();
    assert!(matches!(against[0].why, Against::Second(_)));
}

#[test]
fn cyclonedx_says_whose_id_an_alias_is() {
    let written =
        write(Format::CycloneDx, &head(Format::CycloneDx), &[statement("1", Status::Fixed)]).unwrap();
    let text: String = written.text.split_whitespace().collect();
    assert!(text.contains(r#""references":[{"id":"GHSA-1","source":{"name":"GHSA"}}]"#), "{}", written.text);
}

#[test]
fn only_the_profile_for_statements_is_called_by_its_name() {
    assert_eq!(reading(CSAF).document.kind(), "CSAF VEX");
    for profile in ["csaf_base", "csaf_security_advisory"] {
        let document = reading(&CSAF.replace("csaf_vex", profile)).document;
        assert_eq!(document.kind(), format!("CSAF {profile}"));
    }
}

#[test]
fn a_reason_without_a_word_of_the_format_stands_in_prose_and_is_told() {
    for (format, reason, expected) in [
        (
            Format::OpenVex,
            Justification::RequiresEnvironment,
            Lost::ReasonInProse(Justification::RequiresEnvironment),
        ),
        (
            Format::Csaf,
            Justification::ProtectedAtPerimeter,
            Lost::ReasonInProse(Justification::ProtectedAtPerimeter),
        ),
        (
            Format::CycloneDx,
            Justification::CodeNotControlledByAdversary,
            Lost::ReasonInProse(Justification::CodeNotControlledByAdversary),
        ),
        (
            Format::CycloneDx,
            Justification::ComponentNotPresent,
            Lost::ReasonNearly(Justification::ComponentNotPresent, "code_not_present"),
        ),
    ] {
        let statement =
            Statement { justification: Some(reason), ..statement("CVE-2026-0001", Status::NotAffected) };
        let written = write(format, &head(format), &[statement]).unwrap();
        assert_eq!(written.losses[0].what, expected);
        let reading = reading(&written.text);
        assert_eq!(codes(&reading), Vec::<String>::new(), "{}", written.text);
        let impact = reading.document.statements[0].impact.clone().unwrap();
        assert!(impact.starts_with(reason.code()) && impact.ends_with("never called"), "{impact}");
    }
}

#[test]
fn what_would_be_wrong_is_not_written() {
    let without_reason =
        Statement { justification: None, impact: None, ..statement("CVE-2026-0001", Status::NotAffected) };
    let without_action = Statement { action: None, ..statement("CVE-2026-0001", Status::Affected) };
    let versions = {
        let mut one = statement("CVE-2026-0001", Status::Fixed);
        one.products[0].parts[0].claims = vec![Claim { versions: Versions::One("1".into()), standing: None }];
        one
    };
    for format in FORMATS {
        let against = |statements: &[Statement]| {
            write(format, &head(format), statements)
                .unwrap_err()
                .into_iter()
                .map(|one| one.why)
                .collect::<Vec<_>>()
        };
        assert_eq!(against(std::slice::from_ref(&without_reason)), [Against::NoReason]);
        assert_eq!(against(std::slice::from_ref(&without_action)), [Against::NoAction]);
        assert_eq!(against(&[]), [Against::NothingToSay]);
        let is_written = write(format, &head(format), std::slice::from_ref(&versions)).is_ok();
        assert_eq!(is_written, format == Format::CycloneDx);
    }
    let twice =
        [statement("CVE-2026-0001", Status::Fixed), statement("CVE-2026-0001", Status::UnderInvestigation)];
    assert!(matches!(
        write(Format::Csaf, &head(Format::Csaf), &twice).unwrap_err()[0].why,
        Against::Second(_)
    ));
    assert!(write(Format::OpenVex, &head(Format::OpenVex), &twice).is_ok());
    let nowhere = Head { namespace: None, timestamp: "yesterday".to_owned(), ..head(Format::Csaf) };
    let against = write(Format::Csaf, &nowhere, &twice[..1]).unwrap_err();
    assert_eq!(against.len(), 2, "{against:?}");
}

#[test]
fn several_products_and_links_are_written_in_every_format() {
    let place = cyber::document::Place::Pointer("".into());
    let linked =
        Thing { link: Link::of("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#jam"), ..Thing::default() };
    let mut one = statement("GHSA-aaaa", Status::UnderInvestigation);
    one.products.push(Product {
        place: place.clone(),
        thing: named("Monitor", "1", ""),
        parts: vec![named("jam", "0.9", "")],
    });
    one.products.push(Product { place: place.clone(), thing: linked, parts: Vec::new() });
    for format in FORMATS {
        let written = write(format, &head(format), std::slice::from_ref(&one)).unwrap();
        let reading = reading(&written.text);
        assert_eq!(codes(&reading), Vec::<String>::new(), "{}", written.text);
        let products = &reading.document.statements[0].products;
        assert_eq!(products.len(), 3, "{}", written.text);
        assert!(products[1].thing.name.is_some() || products[1].thing.purls == ["pkg:generic/Monitor@1"]);
        assert_eq!(products[1].parts.len(), 1, "{format:?}");
        assert_eq!(products[2].thing.link, one.products[2].thing.link, "{format:?}");
    }
}
