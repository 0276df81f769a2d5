//! What an advisory in CSAF 2.0 or 2.1 says: one record (decision 12), whose entries say which of its vulnerabilities they speak of. The
//! products are read in `csaf_products`; whether the document is valid is asked of `crate::csaf`, and stands beside what was read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::csaf_products::{Product, Products};
use super::model::{Advisory, Affected, Named, Reference, Severity};
use super::reading::{Fault, Read, ReadError, Reader, json};
use super::told;
use crate::csaf::{Departure, Edition, check};

/// An advisory, and in what its document departs from the standard.
#[derive(Clone, Debug)]
pub struct CsafAdvisory {
    /// What it says, as far as it could be read.
    pub read: Read<Advisory>,
    /// Failed tests of the edition it is written for; `None` for documents of other editions, whose tests are not known here.
    pub departures: Option<Vec<Departure>>,
}

/// Reads a document, valid or not, and puts it to the tests of its edition.
pub fn read_json(bytes: &[u8]) -> Result<CsafAdvisory, ReadError> {
    let document = json(bytes)?;
    let read = read(&document)?;
    let departures = Edition::of(&document).and_then(|_| check(bytes).ok()).map(|checked| checked.departures);
    Ok(CsafAdvisory { read, departures })
}

/// Reads a document that was already parsed.
pub fn read(root: &Map<String, Value>) -> Result<Read<Advisory>, ReadError> {
    let mut reader = Reader::default();
    let empty = Map::new();
    let member =
        |object: &'_ Map<String, Value>, name: &str| object.get(name).and_then(Value::as_object).cloned();
    let document = member(root, "document").unwrap_or_default();
    let tracking = document.get("tracking").and_then(Value::as_object).unwrap_or(&empty);
    let at = "/document/tracking";
    let id = reader.text(tracking, "id", at).filter(|id| !id.trim().is_empty());
    let id = id.ok_or(ReadError::NoId("/document/tracking/id"))?;
    let modified = reader.text(tracking, "current_release_date", at);
    if modified.is_none() {
        reader.note("/document/tracking/current_release_date", Fault::Missing);
    }
    let category = reader.text(&document, "category", "/document").unwrap_or_default();
    let mut advisory = Advisory {
        id,
        aliases: reader.texts(tracking, "aliases", at),
        published: reader.text(tracking, "initial_release_date", at),
        // CSAF 2.1, profiles 6 and 7: the advisory no longer holds.
        withdrawn: matches!(category.as_str(), "csaf_withdrawn" | "csaf_superseded")
            .then(|| modified.clone().unwrap_or_default()),
        modified,
        summary: reader.text(&document, "title", "/document").unwrap_or_default(),
        details: notes(&mut reader, &document, "/document"),
        references: references(&mut reader, &document, "/document"),
        ..Advisory::default()
    };
    let products = Products::of(&mut reader, root);
    let vulnerabilities: Vec<Vulnerability> = reader
        .objects(root, "vulnerabilities", "")
        .into_iter()
        .enumerate()
        .map(|(index, (place, one))| Vulnerability::of(&mut reader, &products, one, &place, index))
        .collect();
    advisory.upstream = vulnerabilities.iter().filter_map(|one| one.cve.clone()).collect();
    advisory.affected = entries(&products, &vulnerabilities);
    advisory.specific = json!({
        "publisher": document.get("publisher").and_then(|one| one.get("name")),
        "category": category,
        "status": tracking.get("status"),
        "vulnerabilities": vulnerabilities.into_iter().map(|one| one.specific).collect::<Vec<_>>(),
    });
    Ok(reader.done(advisory))
}

fn notes(reader: &mut Reader, object: &Map<String, Value>, at: &str) -> String {
    let mut texts = Vec::new();
    for (place, note) in reader.objects(object, "notes", at) {
        let category = reader.text(note, "category", &place).unwrap_or_default();
        if matches!(category.as_str(), "summary" | "description") {
            texts.extend(reader.text(note, "text", &place));
        }
    }
    texts.join("\n\n")
}

fn references(reader: &mut Reader, object: &Map<String, Value>, at: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    for (place, one) in reader.objects(object, "references", at) {
        let kind = reader.text(one, "category", &place).unwrap_or_default().to_ascii_uppercase();
        match reader.text(one, "url", &place) {
            Some(url) => found.push(Reference { kind, url }),
            None => reader.note(format!("{place}/url"), Fault::Missing),
        }
    }
    found
}

/// What is said of the products by one vulnerability.
struct Vulnerability {
    /// Its CVE id.
    cve: Option<String>,
    /// Its CVE id, another id, or its place among the vulnerabilities.
    name: String,
    /// Products by what is said of them.
    said: BTreeMap<Status, BTreeSet<usize>>,
    /// Severities and the products they hold for.
    severities: Vec<(Severity, BTreeSet<usize>)>,
    specific: Value,
}

/// The members of `product_status`, by what they mean for a version (CSAF 2.0, 3.2.3.9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    Affected,
    /// `first_affected`, `last_affected`: itself, and others whose number is not said.
    Edge,
    Cleared,
    Open,
}

const STATES: [(&str, Status); 9] = [
    ("known_affected", Status::Affected),
    ("first_affected", Status::Edge),
    ("last_affected", Status::Edge),
    ("fixed", Status::Cleared),
    ("first_fixed", Status::Cleared),
    ("recommended", Status::Cleared),
    ("known_not_affected", Status::Cleared),
    ("under_investigation", Status::Open),
    ("unknown", Status::Open),
];

impl Vulnerability {
    fn of(
        reader: &mut Reader,
        products: &Products,
        object: &Map<String, Value>,
        at: &str,
        index: usize,
    ) -> Self {
        let cve = reader.text(object, "cve", at);
        let ids = reader.objects(object, "ids", at);
        let other = ids.first().and_then(|(place, id)| reader.text(id, "text", place));
        let name = cve.clone().or(other).unwrap_or_else(|| format!("#{}", index + 1));
        let mut said: BTreeMap<Status, BTreeSet<usize>> = BTreeMap::new();
        if let Some(Value::Object(status)) = object.get("product_status") {
            let place = format!("{at}/product_status");
            for (member, meaning) in STATES {
                let ids = reader.texts(status, member, &place);
                said.entry(meaning).or_default().extend(products.found(reader, &ids, &place));
            }
        }
        // 2.0 names one weakness, 2.1 several.
        let weaknesses = object
            .get("cwe")
            .into_iter()
            .chain(object.get("cwes").and_then(Value::as_array).into_iter().flatten());
        let specific = json!({
            "name": name,
            "title": object.get("title"),
            "cwe": weaknesses.cloned().collect::<Vec<_>>(),
            "notes": object.get("notes"),
            "remediations": kept(object, "remediations"),
            "threats": kept(object, "threats"),
            "flags": kept(object, "flags"),
        });
        Self { cve, name, said, severities: severities(reader, products, object, at), specific }
    }

    /// What is said of the products of one line.
    fn about(&self, line: &BTreeSet<usize>) -> [BTreeSet<usize>; 4] {
        [Status::Affected, Status::Edge, Status::Cleared, Status::Open].map(|status| {
            self.said.get(&status).map(|said| said.intersection(line).copied().collect()).unwrap_or_default()
        })
    }
}

fn kept(object: &Map<String, Value>, member: &str) -> Value {
    object.get(member).cloned().unwrap_or_else(|| json!([]))
}

/// `scores` of 2.0 and `metrics` of 2.1.
fn severities(
    reader: &mut Reader,
    products: &Products,
    object: &Map<String, Value>,
    at: &str,
) -> Vec<(Severity, BTreeSet<usize>)> {
    const NOTATIONS: [(&str, &str); 3] =
        [("cvss_v2", "CVSS_V2"), ("cvss_v3", "CVSS_V3"), ("cvss_v4", "CVSS_V4")];
    let mut found = Vec::new();
    for member in ["scores", "metrics"] {
        for (place, score) in reader.objects(object, member, at) {
            let ids = reader.texts(score, "products", &place);
            let of = products.found(reader, &ids, &place);
            let content = score.get("content").and_then(Value::as_object).unwrap_or(score);
            for (member, notation) in NOTATIONS {
                let vector =
                    content.get(member).and_then(|cvss| cvss.get("vectorString")).and_then(Value::as_str);
                let severity =
                    |score: &str| Severity { notation: notation.to_owned(), score: score.to_owned() };
                found.extend(vector.map(|vector| (severity(vector), of.clone())));
            }
        }
    }
    found
}

/// One entry for each product line and each set of vulnerabilities that say the same of it.
fn entries(products: &Products, vulnerabilities: &[Vulnerability]) -> Vec<Affected> {
    let mut found = Vec::new();
    for line in products.lines() {
        let mut alike: Vec<([BTreeSet<usize>; 4], Vec<&Vulnerability>)> = Vec::new();
        for vulnerability in vulnerabilities {
            let about = vulnerability.about(&line);
            if about[0].is_empty() && about[1].is_empty() && about[3].is_empty() {
                continue;
            }
            match alike.iter_mut().find(|(known, _)| *known == about) {
                Some((_, same)) => same.push(vulnerability),
                None => alike.push((about, vec![vulnerability])),
            }
        }
        found.extend(alike.into_iter().map(|(about, same)| entry(products, &about, &same)));
    }
    found
}

fn entry(products: &Products, about: &[BTreeSet<usize>; 4], vulnerabilities: &[&Vulnerability]) -> Affected {
    let [affected, edges, cleared, open] = about;
    let of = |set: &BTreeSet<usize>| {
        set.iter().filter_map(|index| products.get(*index)).collect::<Vec<&Product>>()
    };
    let first = of(affected).into_iter().chain(of(edges)).chain(of(open)).next();
    let mut entry = first.map_or_else(|| Affected::of(Named::Nothing), Product::entry);
    entry.concerns = vulnerabilities.iter().map(|one| one.name.clone()).collect();
    for product in of(affected).into_iter().chain(of(edges)) {
        product.add_to(&mut entry);
    }
    for product in of(cleared) {
        let mut other = product.entry();
        if let Some(version) = &product.version {
            told::add(&mut other, version);
        }
        entry.cleared.ranges.extend(other.ranges);
        entry.cleared.versions.extend(other.versions);
    }
    // An edge says nothing of what lies behind it; what is being looked into is neither yes nor no.
    entry.unread |= !edges.is_empty() || !open.is_empty();
    for (severity, of) in vulnerabilities.iter().flat_map(|one| &one.severities) {
        let holds = of.iter().any(|product| affected.contains(product) || edges.contains(product));
        if holds && !entry.severities.contains(severity) {
            entry.severities.push(severity.clone());
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An advisory about a pump: versions in the branches, a host it is installed on, and what is said of each product.
    fn pump(status: &str) -> Advisory {
        let version = |id: &str, category: &str, name: &str| {
            format!(
                r#"{{"category": "{category}", "name": "{name}", "product": {{"product_id": "{id}", "name": "Pump {name}"}}}}"#
            )
        };
        let versions = [
            version("OLD", "product_version_range", "vers:generic/<2"),
            version("TWO", "product_version", "2.0"),
            version("THREE", "product_version", "3.0"),
        ];
        let text = format!(
            r#"{{"document": {{"csaf_version": "2.1", "title": "t", "tracking": {{"id": "X-1", "current_release_date": "d"}}}},
            "product_tree": {{"branches": [{{"category": "vendor", "name": "Maker", "branches": [
                {{"category": "product_name", "name": "Pump", "branches": [{}]}}]}}],
              "full_product_names": [{{"product_id": "HOST", "name": "Workstation",
                "product_identification_helper": {{"cpe": "cpe:/h:maker:workstation"}}}},
                {{"product_id": "NAME", "name": "Clinical Platform: Versions 12.2.1 and prior"}}],
              "product_paths": [{{"beginning_product_reference": "OLD", "subpaths": [{{"category": "installed_on",
                "next_product_reference": "HOST"}}], "full_product_name": {{"product_id": "ON", "name": "Pump on Workstation"}}}}]}},
            "vulnerabilities": [{{"cve": "CVE-2026-1", "product_status": {status},
              "metrics": [{{"products": ["OLD"], "content": {{"cvss_v4": {{"vectorString": "CVSS:4.0/AV:N"}}}}}}]}}]}}"#,
            versions.join(",")
        );
        let read = read_json(text.as_bytes()).unwrap();
        assert!(read.departures.unwrap().iter().any(|one| one.place.is_empty()), "2.1 asks for `$schema`");
        read.read.value
    }

    #[test]
    fn what_is_fixed_is_cleared_in_the_entry_of_the_same_product() {
        let advisory = pump(r#"{"known_affected": ["OLD", "TWO"], "fixed": ["THREE"]}"#);
        let [entry] = &advisory.affected[..] else { panic!("{:?}", advisory.affected) };
        assert_eq!((entry.versions.as_slice(), entry.ranges.len()), (["2.0".to_owned()].as_slice(), 1));
        assert_eq!(entry.cleared.versions, ["3.0"]);
        assert_eq!(entry.concerns, ["CVE-2026-1"]);
        assert_eq!(entry.severities[0].notation, "CVSS_V4");
        assert!(!entry.unread);
        assert_eq!((advisory.upstream.len(), advisory.aliases.len()), (1, 0));
    }

    #[test]
    fn a_first_affected_version_leaves_open_what_follows_and_an_investigation_leaves_all_open() {
        for status in [r#"{"first_affected": ["TWO"]}"#, r#"{"under_investigation": ["TWO"]}"#] {
            assert!(pump(status).affected[0].unread, "{status}");
        }
        assert!(pump(r#"{"known_not_affected": ["TWO"]}"#).affected.is_empty());
    }

    #[test]
    fn what_is_installed_on_another_product_bears_its_names_and_is_narrowed_to_it() {
        let advisory = pump(r#"{"known_affected": ["ON"]}"#);
        let entry = &advisory.affected[0];
        assert_eq!(entry.name, Named::Cpe("cpe:/h:maker:workstation".to_owned()));
        let named = |maker: &str, product: &str| Named::Words {
            maker: maker.to_owned(),
            product: product.to_owned(),
        };
        assert_eq!(entry.also, [named("Maker", "Pump"), named("", "Workstation")]);
        assert_eq!(told::narrowed(entry), ["Workstation"]);
    }

    #[test]
    fn versions_are_taken_from_the_name_where_no_branch_tells_them() {
        let entry = &pump(r#"{"known_affected": ["NAME"]}"#).affected[0];
        let name = Named::Words { maker: String::new(), product: "Clinical Platform".to_owned() };
        assert_eq!(
            (&entry.name, entry.told.as_slice()),
            (&name, ["Versions 12.2.1 and prior".to_owned()].as_slice())
        );
    }
}
