//! Bills in other formats and versions: what comes out is as its format says, says the same as far as the target can, and everything else is
//! told. Over the specification's own examples and bills of the real world.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use cyber::document::Limits;
use cyber::sbom::convert::{Circumstances, Conversion, Target, convert};
use cyber::sbom::{Document, Format, Reading, Sbom, read, write};

const WITH: Circumstances<'static> = Circumstances {
    now: Some("2026-11-28T00:00:00Z"),
    identity: Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"),
    tool: None,
};

fn converted(reading: &Reading, target: &str) -> (Conversion, Reading) {
    let conversion = convert(reading, Target::named(target).unwrap(), &WITH);
    let text = write(&conversion.document);
    let again =
        read(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{target}: {error}\n{text}"));
    (conversion, again)
}

/// Documents of the corpora that are as their format says.
fn valid() -> Vec<(String, Reading)> {
    let archives = ["cyclonedx-corpus-1.2-1.6.tar.gz", "cyclonedx-bom-examples.tar.gz"];
    let files = archives.iter().filter_map(|archive| common::corpus(archive)).flatten();
    files
        .filter(|(name, _)| matches!(name.rsplit('.').next(), Some("json" | "xml")))
        .filter_map(|(name, bytes)| Some((name, read(&bytes, &Limits::default()).ok()?)))
        .filter(|(_, reading)| reading.errors == 0)
        .collect()
}

#[test]
fn what_is_converted_is_as_its_new_format_says() {
    let mut wrong = Vec::new();
    let (mut count, mut told) = (0, BTreeMap::new());
    for (name, reading) in valid() {
        // The large ones take long and say nothing new for every version.
        let large = reading.sbom.components.len() > 300;
        for (target, _) in Target::ALL
            .into_iter()
            .filter(|(name, _)| !large || name.contains("1.4") || name.contains("spdx"))
        {
            let (conversion, again) = converted(&reading, target);
            count += 1;
            *told.entry(target).or_insert(0) += conversion.told.total;
            if again.errors > 0 {
                let first = again.deviations.iter().find(|one| one.grade == cyber::document::Grade::Error);
                wrong.push(format!("{name} → {target}: {}", first.unwrap()));
            }
        }
    }
    println!("{count} conversions, told {told:?}");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Name, version, package URLs, CPE names.
type Essence = (String, Option<String>, Vec<String>, Vec<String>);

/// What any format says of a component.
fn essence(sbom: &Sbom) -> BTreeSet<Essence> {
    let one = |one: &cyber::sbom::Component| {
        let mut cpes = one.cpes.clone();
        cpes.sort();
        (one.name.clone(), one.version.clone(), one.purls.clone(), cpes)
    };
    sbom.components.iter().map(one).collect()
}

/// As scanners write SPDX: without where packages come from, with fractions of a second, under a namespace that is none.
#[test]
fn what_spdx_requires_is_filled_in_and_told_between_its_own_versions() {
    let text = r#"{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.2", "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT",
        "relationshipType": "DESCRIBE", "relatedSpdxElement": "SPDXRef-b"}], "name": "image", "documentNamespace": "no uri",
        "creationInfo": {"created": "2022-12-28T09:58:47.021811+09:00", "creators": ["trivy"]}, "packages": [
        {"SPDXID": "SPDXRef-a", "name": "a"}, {"SPDXID": "SPDXRef-b", "name": "b", "downloadLocation": ""}]}"#;
    for target in ["spdx-2.2", "spdx-2.3", "spdx-2.3-tag-value"] {
        let reading = read(text.as_bytes(), &Limits::default()).unwrap();
        assert!(reading.errors > 0);
        let (conversion, again) = converted(&reading, target);
        assert_eq!(again.errors, 0, "{target}: {:?}", again.deviations);
        assert_eq!(again.sbom.timestamp.as_deref(), Some("2022-12-28T00:58:47Z"));
        assert_eq!(again.sbom.identity.as_deref(), WITH.identity);
        assert_eq!(again.sbom.subjects, [1]);
        let told: Vec<(String, &str)> = conversion
            .told
            .kept
            .iter()
            .map(|one| (format!("{} {}", one.place, one.what), one.why.code()))
            .collect();
        for expected in [
            ("/packages downloadLocation: NOASSERTION × 1", "filled"),
            ("/packages/1 downloadLocation", "filled"),
            ("/creationInfo/created 2022-12-28T09:58:47.021811+09:00", "replaced"),
            ("/creationInfo creators", "filled"),
            ("/documentNamespace no uri", "not-allowed"),
        ] {
            assert!(
                told.iter().any(|(what, why)| (what.as_str(), *why) == expected),
                "{expected:?}: {told:#?}"
            );
        }
    }
    let text = text.replace("2022-12-28T09:58:47.021811+09:00", "yesterday");
    let (conversion, again) = converted(&read(text.as_bytes(), &Limits::default()).unwrap(), "spdx-2.3");
    assert_eq!((again.errors, again.sbom.timestamp.as_deref()), (0, WITH.now));
    assert!(
        conversion.told.kept.iter().any(|one| one.what == "yesterday" && one.why.code() == "not-allowed")
    );
}

#[test]
fn cyclonedx_in_json_and_xml_say_the_same_and_what_one_lacks_is_told() {
    let (mut count, mut exact) = (0, 0);
    let mut wrong = Vec::new();
    for (name, reading) in valid() {
        let minor = reading.sbom.version.strip_prefix("1.").unwrap().to_owned();
        let (to, back) = match reading.sbom.format {
            Format::CycloneDxJson => ("xml", "json"),
            _ => ("json", "xml"),
        };
        let (conversion, other) = converted(&reading, &format!("cyclonedx-1.{minor}-{to}"));
        let (_, again) = converted(&other, &format!("cyclonedx-1.{minor}-{back}"));
        count += 1;
        if essence(&reading.sbom) != essence(&again.sbom)
            || reading.sbom.relationships.len() != again.sbom.relationships.len()
        {
            wrong.push(format!("{name}: the model differs"));
        }
        if conversion.told.is_nothing()
            && let (Document::Json(first), Document::Json(second)) = (&reading.document, &again.document)
        {
            let lost = differing("", first, second);
            if lost.is_empty() { exact += 1 } else { wrong.push(format!("{name}: {}", lost.join(", "))) }
        }
    }
    println!("{count} documents there and back, {exact} JSON documents without anything lost");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Members of one that the other does not have, without order; empty texts, objects and lists say nothing.
fn differing(
    pointer: &str,
    one: &cyber::document::json::Node,
    other: &cyber::document::json::Node,
) -> Vec<String> {
    use cyber::document::json::Node;
    let empty = |node: &Node| match node {
        Node::Text(text) => text.trim().is_empty(),
        Node::List(items) => items.is_empty(),
        Node::Object(members) => members.is_empty(),
        _ => false,
    };
    match (one, other) {
        (Node::Object(members), Node::Object(_)) => members
            .iter()
            .filter(|(name, value)| &**name != "$schema" && !empty(value))
            .flat_map(|(name, value)| {
                let place = format!("{pointer}/{name}");
                match other.get(name) {
                    Some(other) => differing(&place, value, other),
                    None => vec![place],
                }
            })
            .collect(),
        (Node::List(a), Node::List(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.flat_map(|(index, (a, b))| differing(&format!("{pointer}/{index}"), a, b)).collect()
        }
        (Node::Text(a), Node::Text(b)) if a.trim() == b.trim() => Vec::new(),
        (Node::Number(a), Node::Number(b)) if a.parse::<f64>().ok() == b.parse::<f64>().ok() => Vec::new(),
        // One identity may stand without its list (1.6, deprecated).
        (one @ Node::Object(_), Node::List(all)) if all.len() == 1 => differing(pointer, one, &all[0]),
        (a, b) if a == b => Vec::new(),
        _ => vec![pointer.to_owned()],
    }
}
