//! The catalogue of known exploited vulnerabilities (CISA KEV), as JSON and as CSV. It marks CVEs; what is affected stands elsewhere.

use serde_json::{Map, Value};

use super::reading::{Fault, Read, ReadError, Reader, json, strip_mark, within};
use super::table::{Rows, cells};

/// A catalogue of one day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// When it was released, as written; the table as CSV does not say.
    pub released: Option<String>,
    /// Its vulnerabilities, in its order.
    pub entries: Vec<Exploited>,
}

/// One vulnerability that is known to be exploited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exploited {
    /// Its CVE id.
    pub cve: String,
    /// The day it was added.
    pub added: Option<String>,
    /// The day by which it must be acted on.
    pub due: Option<String>,
    /// Whether extortionists use it.
    pub ransomware: Ransomware,
}

/// Whether a vulnerability is used in ransomware campaigns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ransomware {
    /// The catalogue says nothing, or a word of its own.
    #[default]
    NotSaid,
    /// It is.
    Known,
    /// That is not known.
    Unknown,
}

/// Whether a document says of itself that it is the catalogue.
pub fn is(document: &Map<String, Value>) -> bool {
    document.contains_key("catalogVersion") && document.contains_key("vulnerabilities")
}

/// Reads the catalogue from JSON.
pub fn read_json(bytes: &[u8]) -> Result<Read<Catalogue>, ReadError> {
    read(&json(bytes)?)
}

/// Reads the catalogue from a tree that was already parsed.
pub fn read(document: &Map<String, Value>) -> Result<Read<Catalogue>, ReadError> {
    if !document.contains_key("vulnerabilities") {
        return Err(ReadError::NoColumn("vulnerabilities"));
    }
    let mut reader = Reader::default();
    let released = reader.text(document, "dateReleased", "");
    let mut entries = Vec::new();
    for (place, one) in reader.objects(document, "vulnerabilities", "") {
        let Some(cve) = reader.text(one, "cveID", &place).filter(|cve| !cve.is_empty()) else {
            reader.note(format!("{place}/cveID"), Fault::Missing);
            continue;
        };
        let used = reader.text(one, "knownRansomwareCampaignUse", &place);
        let ransomware = campaign(&mut reader, used.as_deref(), &place);
        let (added, due) = (reader.text(one, "dateAdded", &place), reader.text(one, "dueDate", &place));
        entries.push(Exploited { cve, added, due, ransomware });
    }
    Ok(reader.done(Catalogue { released, entries }))
}

/// Reads the catalogue from CSV.
pub fn read_csv(bytes: &[u8]) -> Result<Read<Catalogue>, ReadError> {
    within(bytes)?;
    let text = String::from_utf8_lossy(strip_mark(bytes));
    let mut rows = Rows::of(&text);
    let head = rows.next().map(|(_, line)| cells(line)).unwrap_or_default();
    let column =
        |name: &'static str| head.iter().position(|cell| cell == name).ok_or(ReadError::NoColumn(name));
    let (cve, added, due) = (column("cveID")?, column("dateAdded")?, column("dueDate")?);
    let used = column("knownRansomwareCampaignUse").ok();
    let mut reader = Reader::default();
    let mut entries = Vec::new();
    for (number, line) in rows {
        let row = cells(line);
        let place = format!("line:{number}");
        let cell = |at: usize| row.get(at).filter(|cell| !cell.is_empty()).cloned();
        let Some(id) = cell(cve).filter(|_| row.len() == head.len()) else {
            reader.note(place, Fault::OddLine);
            continue;
        };
        let ransomware = campaign(&mut reader, used.and_then(cell).as_deref(), &place);
        entries.push(Exploited { cve: id, added: cell(added), due: cell(due), ransomware });
    }
    Ok(reader.done(Catalogue { released: None, entries }))
}

fn campaign(reader: &mut Reader, word: Option<&str>, place: &str) -> Ransomware {
    match word {
        Some("Known") => Ransomware::Known,
        Some("Unknown") => Ransomware::Unknown,
        None => Ransomware::NotSaid,
        Some(_) => {
            reader.note(format!("{place}/knownRansomwareCampaignUse"), Fault::UnknownWord);
            Ransomware::NotSaid
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"catalogVersion": "2026.01.02", "dateReleased": "2026-01-02T00:00:00Z", "vulnerabilities": [
        {"cveID": "CVE-2026-1", "dateAdded": "2026-01-01", "dueDate": "2026-01-22", "knownRansomwareCampaignUse": "Known"},
        {"cveID": "CVE-2026-2", "dateAdded": "2026-01-01", "dueDate": "2026-01-22", "knownRansomwareCampaignUse": "Perhaps"},
        {"dateAdded": "2026-01-01"}]}"#;
    const CSV: &str = "cveID,notes,dateAdded,dueDate,knownRansomwareCampaignUse\n\
        CVE-2026-1,\"a, \"\"b\"\"\nnext line\",2026-01-01,2026-01-22,Known\nCVE-2026-2,,2026-01-01,2026-01-22,Unknown\nCVE-2026-3,x\n";

    #[test]
    fn both_forms_say_the_same_and_what_is_odd_is_named() {
        let (json, csv) = (read_json(JSON.as_bytes()).unwrap(), read_csv(CSV.as_bytes()).unwrap());
        assert_eq!(json.value.entries[0], csv.value.entries[0]);
        assert_eq!(json.value.entries[0].due.as_deref(), Some("2026-01-22"));
        assert_eq!(json.value.entries[1].ransomware, Ransomware::NotSaid);
        assert_eq!(csv.value.entries[1].ransomware, Ransomware::Unknown);
        let faults: Vec<_> = json.deviations.iter().map(|one| (one.place.as_str(), one.fault)).collect();
        assert_eq!(
            faults,
            [
                ("/vulnerabilities/1/knownRansomwareCampaignUse", Fault::UnknownWord),
                ("/vulnerabilities/2/cveID", Fault::Missing)
            ]
        );
        assert_eq!(csv.deviations.len(), 1);
        assert_eq!(csv.deviations[0].place, "line:5");
        assert!(matches!(read_csv(b"a,b\n1,2\n"), Err(ReadError::NoColumn("cveID"))));
        assert!(matches!(read_json(b"{}"), Err(ReadError::NoColumn("vulnerabilities"))));
    }
}
