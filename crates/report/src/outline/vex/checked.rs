//! What documents of statements say, and how they deviate from their formats.

use base::Lang;
use cyber::document::{Grade, Place};
use cyber::vex::{Document as Statements, Reading};
use serde_json::{Value, json};

use super::{SHOWN, more};
use crate::{Cell, Column, Document, DocumentBuilder, Row, Table, sarif};

/// A document of statements that was read.
pub struct Checked {
    /// Its name as it was given.
    pub file: String,
    /// What was read.
    pub reading: Reading,
}

/// Documents of statements that were checked, one after the other.
pub fn checked(files: &[Checked], lang: Lang) -> Document {
    let mut doc =
        Document::build(lang, lang.pick("脆弱性についての記述（VEX）の検査", "Check of statements (VEX)"));
    for file in files {
        let (document, reading) = (&file.reading.document, &file.reading);
        doc.heading(1, &file.file);
        let count = |count: usize| Cell::integer(i64::try_from(count).unwrap_or(i64::MAX));
        let said = |text: &Option<String>| {
            text.as_deref().map_or_else(|| Cell::missing(base::Missing::NotPrinted), Cell::text)
        };
        doc.facts([
            (lang.pick("形式", "Format"), Cell::text(format!("{} {}", document.kind(), document.version))),
            (lang.pick("文書", "Document"), said(&document.id)),
            (lang.pick("版", "Version"), said(&document.revision)),
            (lang.pick("作成者", "Author"), said(&document.author)),
            (lang.pick("日時", "As of"), said(&document.timestamp)),
            (lang.pick("記述", "Statements"), count(document.statements.len())),
            (lang.pick("誤り", "Errors"), count(reading.errors)),
            (lang.pick("注意", "Warnings"), count(reading.warnings)),
        ]);
        statements(&mut doc, document, lang);
        deviations(&mut doc, reading, lang);
    }
    doc.finish()
}

fn statements(doc: &mut DocumentBuilder, document: &Statements, lang: Lang) {
    if document.statements.is_empty() {
        doc.paragraph(lang.pick("何も述べていません。", "It states nothing."));
        return;
    }
    let mut table = Table::new(lang.pick("記述", "Statements"))
        .column(Column::text(lang.pick("脆弱性", "Vulnerability")))
        .column(Column::text(lang.pick("状態", "Status")))
        .column(Column::text(lang.pick("対象", "Of what")))
        .column(Column::text(lang.pick("理由・対応", "Why, or what to do")));
    for statement in document.statements.iter().take(SHOWN) {
        let things = statement.products.iter().flat_map(|product| {
            let whole = product.thing.shown();
            if product.parts.is_empty() {
                vec![whole]
            } else {
                product.parts.iter().map(|part| format!("{whole} ▸ {}", part.shown())).collect()
            }
        });
        let things: Vec<String> = things.take(10).collect();
        let reason = statement.justification.map(|one| one.names().get(lang).to_owned());
        let why = [reason, statement.impact.clone(), statement.action.clone(), statement.notes.clone()];
        table = table.row(Row::of([
            Cell::text(statement.vulnerability.id.as_str()),
            Cell::text(
                statement
                    .status
                    .map_or_else(|| statement.said.clone(), |one| one.names().get(lang).to_owned()),
            ),
            Cell::text(things.join(", ")),
            Cell::text(why.into_iter().flatten().collect::<Vec<_>>().join("; ")),
        ]));
    }
    doc.table(table);
    more(doc, document.statements.len(), lang);
}

fn deviations(doc: &mut DocumentBuilder, reading: &Reading, lang: Lang) {
    if reading.errors + reading.warnings == 0 {
        doc.paragraph(lang.pick("形式どおりです。", "It is as its format says."));
        return;
    }
    let mut table = Table::new(lang.pick("形式との相違", "Deviations"))
        .column(Column::text(lang.pick("重さ", "Grade")))
        .column(Column::text(lang.pick("場所", "Place")))
        .column(Column::text(lang.pick("相違", "Deviation")));
    for one in reading.deviations.iter().take(SHOWN) {
        let grade = match one.grade {
            Grade::Error => lang.pick("誤り", "error"),
            Grade::Warning => lang.pick("注意", "warning"),
        };
        let text = one.kind.text();
        table = table.row(Row::of([
            Cell::text(grade),
            Cell::text(one.place.to_string()),
            Cell::text(text.get(lang)),
        ]));
    }
    doc.table(table);
    more(doc, reading.errors + reading.warnings, lang);
}

/// The same for programs.
pub fn checked_json(files: &[Checked], lang: Lang) -> Value {
    let deviation = |one: &cyber::vex::Deviation| {
        json!({
            "grade": match one.grade { Grade::Error => "error", Grade::Warning => "warning" },
            "code": one.kind.code(),
            "place": one.place.to_string(),
            "text": one.kind.text().get(lang),
        })
    };
    let statement = |one: &cyber::vex::Statement| {
        let products = one.products.iter().map(|product| {
            json!({
                "product": product.thing.shown(),
                "parts": product.parts.iter().map(cyber::vex::Thing::shown).collect::<Vec<_>>(),
            })
        });
        json!({
            "place": one.place.to_string(),
            "vulnerability": one.vulnerability.id,
            "aliases": one.vulnerability.aliases,
            "status": one.status.map(cyber::vex::Status::code),
            "said": one.said,
            "justification": one.justification.map(cyber::vex::Justification::code),
            "impact": one.impact,
            "action": one.action,
            "responses": one.responses,
            "notes": one.notes,
            "timestamp": one.timestamp,
            "products": products.collect::<Vec<_>>(),
        })
    };
    let file = |file: &Checked| {
        let document = &file.reading.document;
        json!({
            "file": file.file,
            "format": document.kind(),
            "version": document.version,
            "id": document.id,
            "author": document.author,
            "timestamp": document.timestamp,
            "revision": document.revision,
            "statements": document.statements.iter().map(statement).collect::<Vec<_>>(),
            "errors": file.reading.errors,
            "warnings": file.reading.warnings,
            "deviations": file.reading.deviations.iter().map(deviation).collect::<Vec<_>>(),
        })
    };
    json!(files.iter().map(file).collect::<Vec<_>>())
}

/// The deviations as SARIF.
pub fn checked_sarif(files: &[Checked], lang: Lang) -> Value {
    let mut rules: Vec<sarif::Rule> = Vec::new();
    let mut findings = Vec::new();
    for file in files {
        for one in &file.reading.deviations {
            let id = one.kind.code();
            if !rules.iter().any(|rule| rule.id == id) {
                rules.push(sarif::Rule {
                    id: id.clone(),
                    name: one.kind.name(),
                    help: None,
                    security_severity: None,
                });
            }
            let (line, place) = match &one.place {
                Place::Line { line, path } => (Some(*line), Some(path.to_string())),
                Place::Pointer(pointer) => (None, Some(pointer.to_string())),
            };
            findings.push(sarif::Finding {
                rule: id,
                level: match one.grade {
                    Grade::Error => sarif::Level::Error,
                    Grade::Warning => sarif::Level::Warning,
                },
                message: one.kind.text().get(lang).to_owned(),
                file: file.file.clone(),
                line,
                place,
                fingerprint: None,
            });
        }
    }
    sarif::log(&rules, &findings, lang)
}
