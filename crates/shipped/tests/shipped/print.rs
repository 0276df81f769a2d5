//! What is shipped as printed stands in the lines it cites. The documents themselves are not part of the
//! project; where they are not at hand the test says so.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base::Source;
use register::Record;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::{line_numbers, none, shipped};

/// Registers whose names are headings of ours.
const NAMED_BY_US: [&str; 8] = [
    "council-issue",
    "cyber-rule",
    "evidence",
    "government-action",
    "meeting",
    "milestone",
    "open-point",
    "printed-count",
];

/// Records whose names are ours in registers that otherwise give the document's.
const OURS: [(&str, &str); 3] = [
    ("device-case:nexgen-gram", "the document does not name the device; this says what it is"),
    ("organisation:mext", "the document marks it 文; this is its official name"),
    ("plan-generation:plan-1", "the document writes 第1期基本計画"),
];

/// Fields that are copied as printed.
const AS_PRINTED: [&str; 33] = [
    "amended",
    "applicant",
    "approved_on",
    "as_printed",
    "axes",
    "class",
    "company",
    "countries",
    "dated",
    "desk",
    "foreign_approval",
    "heading",
    "issued_by",
    "lead",
    "legal_basis",
    "mandatory",
    "ministries_as_printed",
    "name",
    "number",
    "other_names",
    "parts",
    "period",
    "pillar_name",
    "previous",
    "project",
    "start_readings",
    "sub_heading",
    "since",
    "theme",
    "themes",
    "trial_in",
    "variants",
    "yen",
];

/// Documents that are published but not among those at hand: what is cited from them is compared by no test.
const NOT_AT_HAND: [&str; 14] = [
    "8671",
    "cisa-kev",
    "cisa-sbom-2025",
    "fda-premarket-2026",
    "iec-81001-5-1",
    "mds2-2019",
    "mhlw-0328-1",
    "mhlw-0331-8",
    "mhlw-0523-1",
    "mhlw-handbook",
    "mhlw-handbook-draft",
    "mhlw-qa-2024",
    "mitre-rubric",
    "us-524b",
];

#[test]
fn what_is_shipped_as_printed_stands_in_the_lines_it_cites() {
    let Some(documents) = documents() else { return };
    let (_, records) = shipped();
    let mut complaints = Vec::new();
    let mut ours_indeed = Vec::new();
    let at_hand = |record: &&Record| {
        record.sources.iter().all(|source| !NOT_AT_HAND.contains(&source.document.as_str()))
    };
    for record in records.iter().filter(at_hand) {
        let reference = record.reference().to_string();
        let cited = cited(&record.sources, &documents);
        for (field, text) in
            printed(record).flat_map(|(field, value)| texts(value).into_iter().map(move |text| (field, text)))
        {
            if cited.contains(&squeeze(&text)) {
                continue;
            }
            if field == "name" && OURS.iter().any(|(ours, _)| *ours == reference) {
                ours_indeed.push(reference.clone());
                continue;
            }
            let elsewhere = record
                .sources
                .iter()
                .any(|source| whole(&documents, &source.document).contains(&squeeze(&text)));
            let place = if elsewhere { "stands elsewhere in the document" } else { "is not in the document" };
            complaints.push(format!("{reference} {field}: `{text}` {place}"));
        }
    }
    none(&complaints);
    assert_eq!(
        ours_indeed,
        OURS.map(|(ours, _)| ours),
        "an exception that is none any more is to be struck out"
    );
}

#[test]
fn no_line_beyond_the_end_of_its_document_is_cited() {
    let Some(documents) = documents() else { return };
    let (registry, records) = shipped();
    let of_registers =
        registry.all().map(|d| (d.id.to_string(), d.source.document.clone(), d.source.lines.clone()));
    let of_records = records.iter().flat_map(|record| {
        let links = record.links.iter().filter_map(|link| link.source.as_ref());
        record
            .sources
            .iter()
            .chain(links)
            .map(|s| (record.reference().to_string(), s.document.clone(), s.place.lines.clone()))
    });
    let mut complaints = Vec::new();
    for (whose, document, lines) in of_registers.chain(of_records) {
        let Some(lines) = lines else { continue };
        let text = &documents[&document];
        if line_numbers(&lines).unwrap().into_iter().max() > Some(text.len()) {
            complaints.push(format!("{whose}: {document} has {} lines, not {lines}", text.len()));
        }
    }
    none(&complaints);
}

/// Lines of each document by its id, if the documents are at hand.
fn documents() -> Option<BTreeMap<String, Vec<String>>> {
    let shared = std::env::var_os("SHIRUBE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let seeds = shared.join("seeds");
    let Ok(folder) = fs::read_dir(&seeds) else {
        assert!(std::env::var_os("CI").is_none(), "{} is missing; set SHIRUBE_SHARED", seeds.display());
        println!(
            "skipped: no documents in {}; put the plan's documents there or set SHIRUBE_SHARED",
            seeds.display()
        );
        return None;
    };
    let read = |path: PathBuf| {
        let id = path.file_name()?.to_str()?.split('_').next()?.to_owned();
        Some((id, fs::read_to_string(&path).ok()?.split('\n').map(str::to_owned).collect()))
    };
    Some(folder.filter_map(|entry| read(entry.ok()?.path())).collect())
}

fn printed(record: &Record) -> impl Iterator<Item = (&String, &Value)> {
    let named_by_us = NAMED_BY_US.contains(&record.register.as_str());
    let invented_number = matches!(record.register.as_str(), "council-issue" | "kgi");
    record.fields.iter().filter(move |(field, _)| {
        AS_PRINTED.contains(&field.as_str())
            && !(named_by_us && *field == "name")
            && !(invented_number && *field == "number")
    })
}

/// The Japanese texts of a value; numbers, flags and reasons for absence are no text.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(absent) if absent.contains_key("missing") => Vec::new(),
        Value::Object(names) if names.contains_key("ja") => texts(&names["ja"]),
        Value::Object(row) => row.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn cited(sources: &[Source], documents: &BTreeMap<String, Vec<String>>) -> String {
    let mut text = String::new();
    for source in sources {
        let Some(lines) = &source.place.lines else {
            text += &whole(documents, &source.document);
            continue;
        };
        for number in line_numbers(lines).unwrap() {
            text += documents[&source.document].get(number - 1).map_or("", String::as_str);
        }
        text.push('\n');
    }
    squeeze(&text)
}

fn whole(documents: &BTreeMap<String, Vec<String>>, document: &str) -> String {
    // A web site is cited as a whole and is not among the texts.
    documents.get(document).map_or_else(String::new, |lines| squeeze(&lines.concat()))
}

/// Without blanks, line breaks, bold marks and differences of width: how a wrapped page is compared.
fn squeeze(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && *c != '*').collect()
}
