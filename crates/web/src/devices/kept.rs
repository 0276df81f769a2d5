//! Records of the registers of devices as these pages read them: through the viewer's eyes, with the words that the declarations give.

use base::Source;
use jiff::civil::Date;
use maud::{Markup, html};
use register::{Declaration, FieldType, Record, RecordId, RecordRef, RegisterId, Sight};
use sha2::{Digest, Sha256};
use store::{Query, Sort, Stored};

use crate::cx::Cx;
use crate::desk::Reading;
use crate::failure::Failure;

/// The most records of one product that a page shows.
pub(super) const MOST: usize = 2000;

/// The records of a register that its own maker holds of a product, newest first; none where the viewer sees nothing of it. What another
/// organisation says of the product is not among them.
pub(super) fn of_product(
    reading: &Reading<'_>,
    register: &str,
    product: &Record,
) -> Result<Vec<Stored>, Failure> {
    let holder = text(product, "holder").to_owned();
    let filters =
        vec![("product".to_owned(), product.reference().to_string()), ("holder".to_owned(), holder)];
    filtered(reading, register, filters)
}

/// The records of a register with some values, newest first.
pub(super) fn filtered(
    reading: &Reading<'_>,
    register: &str,
    filters: Vec<(String, String)>,
) -> Result<Vec<Stored>, Failure> {
    let Ok(declaration) = reading.declaration(register) else { return Ok(Vec::new()) };
    let query = Query { filters, sort: Sort::Newest, limit: MOST, ..Query::of(declaration.id.clone()) };
    Ok(reading.list(query)?.items)
}

/// Every record of a register that the viewer may see.
pub(super) fn all(reading: &Reading<'_>, register: &str) -> Result<Vec<Stored>, Failure> {
    let mut records = Vec::new();
    if reading.declaration(register).is_ok() {
        reading.each(register, |seen| records.push(seen))?;
    }
    Ok(records)
}

/// A record of an address.
pub(super) fn reference(register: &str, id: &str) -> Result<RecordRef, Failure> {
    RecordRef::new(register, id).map_err(|_| Failure::NotFound)
}

/// A new record that a person or a program gave.
pub(super) fn made(register: &str, id: &str, document: &str, by: &str, on: Date) -> Result<Record, Failure> {
    let register: RegisterId = register.parse().map_err(Failure::broken)?;
    let mut source = Source::document(document);
    source.said_by = Some(by.to_owned());
    source.on = Some(on);
    Ok(Record::new(register, RecordId::new(id).map_err(Failure::broken)?, source))
}

/// An id made of what a record is about, so that the same thing is the same record.
pub(super) fn id_of(prefix: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    format!("{prefix}-{}", crate::hex(&hash.finalize()[..12]))
}

/// Whether the viewer may change a record.
pub(super) fn may_change(cx: &Cx, record: &Record) -> bool {
    let declaration = cx.app.desk.registry().get(record.register.as_str());
    declaration.is_some_and(|declaration| Sight::of(declaration, &cx.viewer).may_change(record))
}

/// A text of a record; empty where it has none.
pub(super) fn text<'r>(record: &'r Record, field: &str) -> &'r str {
    record.text(field).unwrap_or_default()
}

/// A number of a record.
pub(super) fn number(record: &Record, field: &str) -> Option<i64> {
    record.read(field)
}

/// What a person reads for a chosen value; *unknown* where nothing was chosen.
pub(super) fn chosen(cx: &Cx, record: &Record, field: &str) -> String {
    let value = text(record, field);
    let declared = declaration(cx, record)
        .and_then(|declaration| declaration.fields.get(field))
        .map(|field| &field.kind);
    match declared {
        Some(FieldType::Choice { options }) if options.contains_key(value) => {
            options[value].get(cx.lang).to_owned()
        }
        _ => cx.say("不明", "unknown").to_owned(),
    }
}

/// The label of a record's state.
pub(super) fn state(cx: &Cx, record: &Record) -> String {
    let state = record.state.as_deref().unwrap_or_default();
    let declared = declaration(cx, record).and_then(|declaration| declaration.states.get(state));
    declared.map_or_else(|| state.to_owned(), |state| state.label.get(cx.lang).to_owned())
}

/// The heading of a field.
pub(super) fn label(cx: &Cx, register: &str, field: &str) -> String {
    let declared = cx.app.desk.registry().get(register).and_then(|declared| declared.fields.get(field));
    declared.map_or_else(|| field.to_owned(), |field| field.label.get(cx.lang).to_owned())
}

/// How grave, as a word in a frame; the colour only repeats it.
pub(super) fn grade(cx: &Cx, finding: &Record) -> Markup {
    let class = match text(finding, "grade") {
        "critical" | "high" => "tag bad",
        "medium" => "tag caution",
        _ => "tag",
    };
    let word = if text(finding, "grade") == "unknown" {
        cx.say("深刻度不明", "severity unknown").to_owned()
    } else {
        chosen(cx, finding, "grade")
    };
    html! { span class=(class) { (word) } }
}

/// The outcome of the match as a word; what is not determined looks different from a yes and from a no.
pub(super) fn verdict(cx: &Cx, finding: &Record) -> Markup {
    let class = if text(finding, "verdict") == "affected" { "tag bad" } else { "tag caution" };
    html! { span class=(class) { (chosen(cx, finding, "verdict")) } }
}

/// Whether a finding is no more: its component is gone, or the advisory does not reach it any more.
pub(super) fn is_past(finding: &Record) -> bool {
    finding.text("gone_on").or(finding.text("cleared_on")).is_some()
}

/// Whether a finding waits for somebody.
pub(super) fn is_open(finding: &Record) -> bool {
    !is_past(finding) && matches!(finding.state.as_deref(), Some("open" | "in-triage" | "affected"))
}

/// The place of a finding in a list for people: what waits first, then the gravest.
pub(super) fn urgency(finding: &Record) -> (bool, usize) {
    let order = ["critical", "high", "unknown", "medium", "low", "none"];
    let place = order.iter().position(|grade| *grade == text(finding, "grade")).unwrap_or(order.len());
    (!is_open(finding), place)
}

fn declaration<'c>(cx: &'c Cx, record: &Record) -> Option<&'c Declaration> {
    cx.app.desk.registry().get(record.register.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_apart_what_their_parts_tell_apart() {
        assert_ne!(id_of("f", &["ab", "c"]), id_of("f", &["a", "bc"]));
        assert_eq!(id_of("f", &["a", "b"]), id_of("f", &["a", "b"]));
    }

    #[test]
    fn an_unknown_severity_stands_before_a_known_lower_one() {
        let on = jiff::civil::date(2026, 1, 1);
        let finding = |state: &str, grade: &str| {
            let mut record = made("vulnerability-finding", "f", "x", "y", on).unwrap();
            record.state = Some(state.to_owned());
            record.set("grade", grade);
            urgency(&record)
        };
        assert!(finding("open", "unknown") < finding("open", "medium"));
        assert!(finding("open", "low") < finding("not-affected", "critical"));
    }
}
