//! Statements as a maker writes them down, one a line, about the components of a bill of materials. The table's own syntax (TOML, CSV) is read
//! elsewhere.

use base::Names;
use serde::{Deserialize, Serialize};

use super::bill::Bill;
use super::justification::Justification;
use super::model::{Product, Statement, Status, Thing, Vulnerability};
use crate::document::Place;

/// A line. What is not known is left out or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The vulnerability's id.
    pub vulnerability: String,
    /// Its other ids, with blanks between them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub aliases: String,
    /// The component: its reference in the bill, package URL, CPE name, or name; empty for the product as a whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub component: String,
    /// `not_affected`, `affected`, `fixed` or `under_investigation`.
    pub status: String,
    /// Why it is not affected: a word of OpenVEX or CycloneDX.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub justification: String,
    /// The same in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub impact: String,
    /// What should be done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// Anything else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// When it was stated (RFC 3339).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub timestamp: String,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its number, from 1.
    pub line: usize,
    /// What.
    pub what: Fault,
}

/// What may be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A status that is none.
    Status(String),
    /// A word that is no reason.
    Justification(String),
    /// A component the bill does not hold.
    Component(String),
    /// A name that several different components bear.
    Ambiguous(String),
    /// Nothing in the bill tells its product from others.
    NoProduct,
}

impl Fault {
    /// For a person, with what to do.
    pub fn names(&self) -> Names {
        match self {
            Fault::Status(word) => Names::of(
                format!("status「{word}」：not_affected、affected、fixed、under_investigation のどれかです"),
                format!("status “{word}”: one of not_affected, affected, fixed, under_investigation"),
            ),
            Fault::Justification(word) => {
                let all: Vec<&str> = Justification::all().map(Justification::code).collect();
                let all = all.join(", ");
                Names::of(
                    format!("justification「{word}」：{all} のどれかです"),
                    format!("justification “{word}”: one of {all}"),
                )
            }
            Fault::Component(name) => Names::of(
                format!("部品「{name}」はこのSBOMにありません"),
                format!("the component “{name}” is not in this bill"),
            ),
            Fault::Ambiguous(name) => Names::of(
                format!("「{name}」という部品が複数あります。Package URLかbom-refで指定してください"),
                format!("several components are named “{name}”: give a package URL or bom-ref"),
            ),
            Fault::NoProduct => Names::of(
                "SBOMからどの製品の記述か分からず、同じ部品を含む他の製品にも及んでしまうため、書けません。SBOMに対象の製品の名前と版\
                （CycloneDX：metadata.component の name と version、SPDX：DESCRIBES の先の versionInfo）、Package URLかCPE名、または\
                CycloneDXの serialNumber かSPDXの documentNamespace を加えてください",
                "the bill does not tell its product from others, and what is stated of it would settle findings of every product with the same \
                 component: add to the bill the name and version of its subject (CycloneDX: name and version of metadata.component; SPDX: what \
                 DESCRIBES leads to, with versionInfo), a package URL or CPE name of it, or a serialNumber (CycloneDX) or documentNamespace (SPDX)",
            ),
        }
    }
}

/// The statements of some lines, all of them or what is wrong. Without a product nothing else needs to be looked at.
pub fn statements(lines: &[Line], bill: &Bill) -> Result<Vec<Statement>, Vec<Wrong>> {
    let mut all = Vec::new();
    let mut wrong = Vec::new();
    let whole = bill.product().ok_or_else(|| vec![Wrong { line: 1, what: Fault::NoProduct }])?;
    for (line, number) in lines.iter().zip(1..) {
        match statement(line, number, bill, &whole) {
            Ok(statement) => all.push(statement),
            Err(what) => wrong.push(Wrong { line: number, what }),
        }
    }
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

/// A line for each finding that nobody has stated anything about yet.
pub fn draft<'a>(findings: impl IntoIterator<Item = (&'a str, &'a [String], &'a str)>) -> Vec<Line> {
    let line = |(id, aliases, component): (&str, &[String], &str)| Line {
        vulnerability: id.to_owned(),
        aliases: aliases.join(" "),
        component: component.to_owned(),
        status: Status::UnderInvestigation.code().to_owned(),
        ..Line::default()
    };
    findings.into_iter().map(line).collect()
}

fn statement(line: &Line, number: usize, bill: &Bill, whole: &Thing) -> Result<Statement, Fault> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let status = Status::of(line.status.trim()).ok_or_else(|| Fault::Status(line.status.clone()))?;
    let justification = some(&line.justification)
        .map(|word| Justification::of_any(&word).ok_or(Fault::Justification(word)))
        .transpose()?;
    let place = Place::Line { line: u32::try_from(number).unwrap_or(u32::MAX), path: "".into() };
    Ok(Statement {
        place: place.clone(),
        vulnerability: Vulnerability {
            id: line.vulnerability.trim().to_owned(),
            aliases: line.aliases.split_whitespace().map(str::to_owned).collect(),
        },
        products: vec![product(line.component.trim(), place, bill, whole)?],
        status: Some(status),
        said: status.code().to_owned(),
        justification,
        impact: some(&line.impact),
        action: some(&line.action),
        responses: Vec::new(),
        notes: some(&line.notes),
        timestamp: some(&line.timestamp),
    })
}

fn product(component: &str, place: Place, bill: &Bill, whole: &Thing) -> Result<Product, Fault> {
    let bare = |thing: Thing| Thing { reference: None, ..thing };
    let meant = if component.is_empty() { Vec::new() } else { meant(component, bill)? };
    let parts = meant.into_iter().map(|part| bare(bill.named(part))).collect();
    Ok(Product { place, thing: bare(whole.clone()), parts })
}

/// The components that a name means: by what identifies one it may occur several times, by a mere name it must not differ.
fn meant(component: &str, bill: &Bill) -> Result<Vec<usize>, Fault> {
    let others = || bill.parts.iter().enumerate().filter(|(index, _)| bill.main != Some(*index));
    let all = |is: &dyn Fn(&Thing) -> bool| -> Vec<usize> {
        others().filter(|(_, thing)| is(thing)).map(|(index, _)| index).collect()
    };
    let identifies = |thing: &Thing| {
        let names = thing.purls.iter().chain(&thing.cpes).chain(&thing.reference);
        names.into_iter().any(|name| name == component)
    };
    let found = all(&identifies);
    if !found.is_empty() {
        return Ok(found);
    }
    let named = all(&|thing| thing.name.as_deref() == Some(component));
    match named[..] {
        [] => Err(Fault::Component(component.to_owned())),
        [one] => Ok(vec![one]),
        _ => Err(Fault::Ambiguous(component.to_owned())),
    }
}
