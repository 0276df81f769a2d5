//! JVN iPedia: detailed records in VULDEF 3.x (`jvndb_detail_*.rdf`, answers of MyJVN `getVulnDetailInfo`) and the lists in JVNRSS
//! (`jvndb_*.rdf`), which name products but no versions. Versions in VULDEF are Japanese prose, read by `version::told`.

use quick_xml::Reader;
use quick_xml::events::Event as Xml;
use serde_json::{Value, json};

use super::model::{Advisory, Affected, Named, Reference, Severity};
use super::reading::{Deviation, Fault, Read};
use super::told;
use crate::document::encoding;
use crate::document::xml::{Element, local, parse};
use crate::document::{Limits, Place, ReadError};

/// The largest record inside a feed, in bytes.
pub const LARGEST_RECORD: usize = 16 << 20;

/// Bounds within one record.
const WITHIN_RECORD: Limits = Limits { bytes: LARGEST_RECORD, depth: 24, nodes: 400_000, deviations: 1_000 };

/// Reads every record of a feed. Records are cut out one after the other, so that no more than one is held as a tree; nothing is
/// handed out of a feed that is broken anywhere.
pub fn read_all(bytes: &[u8], limits: &Limits) -> Result<Vec<Read<Advisory>>, ReadError> {
    let mut found = Vec::new();
    for_each(bytes, limits, &mut |read| found.push(read))?;
    Ok(found)
}

/// Reads record by record, for feeds that are not to be held at once. What was handed out must be dropped when an error follows.
pub fn for_each(
    bytes: &[u8],
    limits: &Limits,
    take: &mut impl FnMut(Read<Advisory>),
) -> Result<(), ReadError> {
    let text = encoding::text(bytes, limits)?;
    let mut feed = Feed {
        reader: Reader::from_str(&text),
        text: &text,
        depth: 0,
        nodes: 0,
        limits,
        root: None,
        counted: (0, 1),
    };
    while let Some(cut) = feed.next()? {
        let element = parse(&cut.text, &WITHIN_RECORD)?.root;
        let record = element.elements().next().unwrap_or(&element);
        let read = match cut.kind {
            Kind::Vuldef => vulinfo(record, cut.lines),
            Kind::Rss => item(record, cut.lines),
        };
        if let Some(read) = read {
            take(read);
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Kind {
    Vuldef,
    Rss,
}

/// A feed that is cut into its records.
struct Feed<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    depth: usize,
    nodes: usize,
    limits: &'a Limits,
    /// The start tag of the root, which declares the prefixes, and its name.
    root: Option<(String, String)>,
    /// Bytes whose lines were counted, and the line that begins there.
    counted: (usize, u64),
}

/// A record that was cut out of a feed.
struct Cut {
    kind: Kind,
    /// The record in its root.
    text: String,
    /// The lines of the feed before it, less those of the root's start tag.
    lines: u64,
}

impl Feed<'_> {
    /// The next record, wrapped in its root so that its prefixes are declared.
    fn next(&mut self) -> Result<Option<Cut>, ReadError> {
        loop {
            let at = self.place();
            let event = self.reader.read_event().map_err(|error| self.broken(at, &error.to_string()))?;
            self.nodes += 1;
            if self.nodes > self.limits.nodes {
                return Err(ReadError::TooMany { place: self.place_of(at), limit: self.limits.nodes });
            }
            match event {
                Xml::DocType(_) => return Err(ReadError::Dtd { place: self.place_of(at) }),
                Xml::Start(tag) => {
                    let name = tag.name().into_inner().to_owned();
                    if self.root.is_none() {
                        self.root_is(&name, at)?;
                    } else if let Some(kind) = record_kind(local(&name)).filter(|_| self.depth == 1) {
                        return self.record(kind, &name, at).map(Some);
                    }
                    self.depth += 1;
                    if self.depth > self.limits.depth {
                        return Err(ReadError::TooDeep {
                            place: self.place_of(at),
                            limit: self.limits.depth,
                        });
                    }
                }
                Xml::Empty(tag) if self.root.is_none() => {
                    let name = tag.name().into_inner().to_owned();
                    self.root_is(&name, at)?;
                }
                Xml::End(_) => self.depth = self.depth.saturating_sub(1),
                Xml::Eof if self.root.is_none() => return Err(self.broken(at, "there is no element in it")),
                Xml::Eof if self.depth > 0 => {
                    return Err(self.broken(at, "is cut off: an element never ends"));
                }
                Xml::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn root_is(&mut self, name: &str, at: usize) -> Result<(), ReadError> {
        if !matches!(local(name), "VULDEF-Document" | "RDF") {
            return Err(self.broken(at, "is neither VULDEF nor JVNRSS"));
        }
        let tag = self.text.get(at..self.place()).unwrap_or_default();
        self.root = Some((tag.to_owned(), name.to_owned()));
        Ok(())
    }

    fn record(&mut self, kind: Kind, name: &str, from: usize) -> Result<Cut, ReadError> {
        let name = quick_xml::name::QName(name);
        self.reader.read_to_end(name).map_err(|error| self.broken(from, &error.to_string()))?;
        let text = self.text.get(from..self.place()).unwrap_or_default();
        if text.len() > LARGEST_RECORD {
            return Err(ReadError::TooLarge { found: text.len(), limit: LARGEST_RECORD });
        }
        let (tag, root) = self.root.as_ref().map_or(("", ""), |(tag, root)| (tag.as_str(), root.as_str()));
        let text = format!("{tag}{text}</{root}>");
        let own = u64::try_from(tag.matches('\n').count()).unwrap_or(0) + 1;
        Ok(Cut { kind, text, lines: self.line(from).saturating_sub(own) })
    }

    fn place(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn line(&mut self, at: usize) -> u64 {
        let (from, line) = self.counted;
        let between = self.text.as_bytes().get(from..at).unwrap_or_default();
        let lines = between.iter().filter(|byte| **byte == b'\n').count();
        self.counted = (at.max(from), line + u64::try_from(lines).unwrap_or(0));
        self.counted.1
    }

    fn place_of(&mut self, at: usize) -> Place {
        Place::line(self.line(at), "")
    }

    fn broken(&mut self, at: usize, why: &str) -> ReadError {
        ReadError::Syntax { place: self.place_of(at), format: "XML", why: why.to_owned() }
    }
}

fn record_kind(name: &str) -> Option<Kind> {
    match name {
        "Vulinfo" => Some(Kind::Vuldef),
        "item" => Some(Kind::Rss),
        _ => None,
    }
}

/// Collects what a record says and in what it departs from VULDEF.
#[derive(Default)]
struct Record {
    /// Lines of the feed before it.
    lines: u64,
    advisory: Advisory,
    cves: Vec<String>,
    others: Vec<String>,
    weaknesses: Vec<Value>,
    deviations: Vec<Deviation>,
}

impl Record {
    fn note(&mut self, element: &Element, fault: Fault) {
        self.deviations
            .push(Deviation { place: format!("line:{}", self.lines + u64::from(element.line)), fault });
    }

    /// One CVE is the same vulnerability, so an alias; of several each is carried by the record (decision 6).
    fn done(mut self, mut specific: Value) -> Read<Advisory> {
        match self.cves.len() {
            1 => self.advisory.aliases = self.cves,
            _ => self.advisory.upstream = self.cves,
        }
        self.advisory.related = self.others;
        if !self.weaknesses.is_empty() {
            specific["cwe"] = Value::Array(self.weaknesses);
        }
        self.advisory.specific = specific;
        Read { value: self.advisory, deviations: self.deviations }
    }

    /// An id named beside the record, by what it looks like.
    fn names(&mut self, id: &str, title: Option<&str>) {
        let list = if is_id(id, "CVE-") {
            &mut self.cves
        } else if is_id(id, "CWE-") {
            if !self.weaknesses.iter().any(|one| one["id"] == id) {
                self.weaknesses.push(json!({ "id": id, "name": title }));
            }
            return;
        } else if ["JVN#", "JVNVU#", "JVNTA#", "JVNDB-", "VU#", "ICSA-", "ICSMA-", "JPCERT-AT-"]
            .iter()
            .any(|prefix| id.starts_with(prefix))
        {
            &mut self.others
        } else {
            return;
        };
        if !list.iter().any(|known| known == id) {
            list.push(id.to_owned());
        }
    }
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
}

/// A record of a detailed feed (VULDEF 3.2, `Vulinfo`).
fn vulinfo(element: &Element, lines: u64) -> Option<Read<Advisory>> {
    let mut record = Record { lines, ..Record::default() };
    record.advisory.id = element.text_of("VulinfoID")?;
    let empty = Element::default();
    let data = element.child("VulinfoData").unwrap_or(&empty);
    if element.child("VulinfoData").is_none() {
        record.note(element, Fault::Missing);
    }
    let inner = |outer: &str, name: &str| data.child(outer).and_then(|one| one.text_of(name));
    record.advisory.summary = data.text_of("Title").unwrap_or_default();
    record.advisory.details = inner("VulinfoDescription", "Overview").unwrap_or_default();
    record.advisory.published = data.text_of("DateFirstPublished");
    record.advisory.modified = data.text_of("DateLastUpdated");
    if record.advisory.modified.is_none() {
        record.note(element, Fault::Missing);
    }
    let all =
        |outer: &str, name: &'static str| data.child(outer).into_iter().flat_map(move |one| one.all(name));
    for cvss in all("Impact", "Cvss") {
        match (cvss.attribute("version").and_then(notation), cvss.text_of("Vector")) {
            (Some(notation), Some(score)) => {
                record.advisory.severities.push(Severity { notation: notation.to_owned(), score });
            }
            _ => record.note(cvss, Fault::Missing),
        }
    }
    for item in all("Affected", "AffectedItem") {
        let entry = affected_item(item, &mut record);
        record.advisory.affected.push(entry);
    }
    for item in all("Related", "RelatedItem") {
        related_item(item, &mut record);
    }
    let texts = |outer: &str, name: &'static str| -> Vec<Value> {
        all(outer, name).filter_map(|one| one.text_of("Description")).map(Value::String).collect()
    };
    let history: Vec<Value> = all("History", "HistoryItem")
        .map(|one| json!({ "no": one.text_of("HistoryNo"), "at": one.text_of("DateTime"), "what": one.text_of("Description") }))
        .collect();
    let specific = json!({
        "public": data.text_of("DatePublic"),
        "impact": texts("Impact", "ImpactItem"),
        "solution": texts("Solution", "SolutionItem"),
        "history": history,
    });
    Some(record.done(specific))
}

/// What is affected: maker and product in words, the CPE name to the product beside them, versions in prose.
fn affected_item(item: &Element, record: &mut Record) -> Affected {
    let maker = item.text_of("Name").unwrap_or_default();
    let product = item.text_of("ProductName").unwrap_or_default();
    if product.is_empty() {
        record.note(item, Fault::Missing);
    }
    let words = Named::Words { maker, product };
    let mut names = item.all("Cpe").map(|cpe| Named::Cpe(cpe.text().trim().to_owned()));
    let mut entry = match names.next() {
        Some(cpe) => Affected { also: vec![words], ..Affected::of(cpe) },
        None => Affected::of(words),
    };
    entry.also.extend(names);
    for version in item.all("VersionNumber") {
        told::add(&mut entry, &version.text());
    }
    entry
}

fn related_item(item: &Element, record: &mut Record) {
    let id = item.text_of("VulinfoID").unwrap_or_default();
    let kind = item.attribute("type").unwrap_or_default().to_ascii_uppercase();
    record.names(&id, item.text_of("Title").as_deref());
    if let Some(url) = item.text_of("URL").filter(|_| kind != "CWE") {
        record.advisory.references.push(Reference { kind, url });
    }
}

/// An item of a list (JVNRSS 2.0): products by CPE name and words, no versions.
fn item(element: &Element, lines: u64) -> Option<Read<Advisory>> {
    let mut record = Record { lines, ..Record::default() };
    let text = |name: &str| {
        element.elements().find(|one| one.name() == name).map(|one| one.text().trim().to_owned())
    };
    record.advisory.id = text("identifier").filter(|id| !id.is_empty())?;
    record.advisory.summary = text("title").unwrap_or_default();
    record.advisory.details = text("description").unwrap_or_default();
    record.advisory.published = text("issued");
    record.advisory.modified = text("modified");
    for one in element.elements() {
        match one.name() {
            "references" => {
                let title =
                    one.attribute("title").and_then(|title| title.rsplit_once('(')).map(|(name, _)| name);
                record.names(one.attribute("id").unwrap_or_default(), title);
                let kind = one.attribute("source").unwrap_or_default().to_owned();
                if one.attribute("title").is_none() {
                    record.advisory.references.push(Reference { kind, url: one.text().trim().to_owned() });
                }
            }
            "cpe" => record.advisory.affected.push(rss_product(one)),
            "cvss" => match (one.attribute("version").and_then(notation), one.attribute("vector")) {
                (Some(notation), Some(score)) => record
                    .advisory
                    .severities
                    .push(Severity { notation: notation.to_owned(), score: score.to_owned() }),
                _ => record.note(one, Fault::Missing),
            },
            _ => {}
        }
    }
    Some(record.done(json!({ "list": true })))
}

fn rss_product(cpe: &Element) -> Affected {
    let word = |name: &str| cpe.attribute(name).unwrap_or_default().to_owned();
    let words = Named::Words { maker: word("vendor"), product: word("product") };
    Affected { also: vec![words], ..Affected::of(Named::Cpe(cpe.text().trim().to_owned())) }
}

fn notation(version: &str) -> Option<&'static str> {
    match version.split('.').next()? {
        "2" => Some("CVSS_V2"),
        "3" => Some("CVSS_V3"),
        "4" => Some("CVSS_V4"),
        _ => None,
    }
}
