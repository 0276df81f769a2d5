//! Bills of materials laid out: what was read, and what one does otherwise than its format says.

use base::Lang;
use cyber::document::{Deviation, Grade, Place};
use cyber::sbom::Reading;
use cyber::sbom::missing::Content;

use super::content::{self, content};
use crate::{Cell, Column, Document, DocumentBuilder, Row, Severity, Table, sarif};

/// Deviations shown of one grade; all of them stand in the machine-readable forms.
pub const SHOWN: usize = 50;

/// A checked file.
pub struct Checked {
    /// Its name as it was given.
    pub file: String,
    /// What was read.
    pub reading: Reading,
    /// What it says of the elements of the lists that were asked for.
    pub contents: Vec<Content>,
}

/// Files that were checked, one after the other; so many components are shown that lack content.
pub fn checked(files: &[Checked], shown: usize, lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("SBOMの検査", "Check of bills of materials"));
    let (errors, warnings) = files.iter().fold((0, 0), |(errors, warnings), file| {
        (errors + file.reading.errors, warnings + file.reading.warnings)
    });
    doc.subtitle(tally(errors, warnings, lang));
    for file in files {
        one(&mut doc, file, lang);
        for asked in &file.contents {
            content(&mut doc, &file.reading.sbom, asked, shown, lang);
        }
    }
    doc.finish()
}

fn one(doc: &mut DocumentBuilder, file: &Checked, lang: Lang) {
    let reading = &file.reading;
    let sbom = &reading.sbom;
    let (components, files) = sbom.counted();
    doc.heading(1, &file.file);
    let of = |count: usize| Cell::integer(i64::try_from(count).unwrap_or(i64::MAX));
    doc.facts([
        (lang.pick("形式", "Format"), Cell::text(format!("{} {}", sbom.format.name(), sbom.version))),
        (lang.pick("部品", "Components"), of(components)),
        (lang.pick("部品でないファイル", "Files, which are no components"), of(files)),
        (lang.pick("関係", "Relationships"), of(sbom.relationships.len())),
        (lang.pick("作成日時", "Written at"), stated(sbom.timestamp.as_deref())),
        (lang.pick("作成者", "Written by"), stated(named(&sbom.authors).as_deref())),
        (lang.pick("作成ツール", "Tools"), stated(named(&sbom.tools).as_deref())),
        (lang.pick("供給者", "Supplier"), stated(sbom.supplier.as_deref())),
        (lang.pick("規格との相違", "Deviations"), Cell::text(tally(reading.errors, reading.warnings, lang))),
    ]);
    if reading.errors + reading.warnings == 0 {
        doc.paragraph(lang.pick("規格どおりです。", "It is as its format says."));
    }
    for (grade, name, all) in [
        (
            Grade::Error,
            lang.pick("誤り（規格が禁じるもの）", "Errors (the format forbids them)"),
            reading.errors,
        ),
        (
            Grade::Warning,
            lang.pick("注意（規格が勧めないもの）", "Warnings (the format advises against them)"),
            reading.warnings,
        ),
    ] {
        if all > 0 {
            let of_it: Vec<_> = reading.deviations.iter().filter(|one| one.grade == grade).collect();
            deviations(doc, name, &of_it, all, lang);
        }
    }
}

fn deviations(doc: &mut DocumentBuilder, name: &str, found: &[&Deviation], all: usize, lang: Lang) {
    let mut table = Table::new(format!("{name} ({all})"))
        .column(Column::text(lang.pick("場所", "Place")))
        .column(Column::text(lang.pick("相違", "Deviation")));
    for one in found.iter().take(SHOWN) {
        let place = place(&one.place, lang);
        table = table.row(Row::of([Cell::text(place), Cell::text(one.kind.text().get(lang))]));
    }
    doc.table(table);
    if all > SHOWN {
        let more = all - SHOWN.min(found.len());
        doc.note(
            Severity::Info,
            match lang {
                Lang::Ja => format!("ほかに{more}件あります（--format json で全件）"),
                Lang::En => format!("{more} more (all of them with --format json)"),
            },
        );
    }
}

/// The deviations as SARIF.
pub fn sarif(files: &[Checked], lang: Lang) -> serde_json::Value {
    let mut rules: Vec<sarif::Rule> = Vec::new();
    let mut findings = Vec::new();
    for file in files {
        for one in &file.reading.deviations {
            let id = one.kind.code();
            if !rules.iter().any(|rule| rule.id == id) {
                rules.push(sarif::Rule {
                    id: id.to_owned(),
                    name: one.kind.name(),
                    help: None,
                    security_severity: None,
                });
            }
            let (line, pointer) = match &one.place {
                Place::Line { line, path } => (Some(*line), Some(path.to_string())),
                Place::Pointer(pointer) => (None, Some(pointer.to_string())),
            };
            findings.push(sarif::Finding {
                rule: id.to_owned(),
                level: match one.grade {
                    Grade::Error => sarif::Level::Error,
                    Grade::Warning => sarif::Level::Warning,
                },
                message: one.kind.text().get(lang).to_owned(),
                file: file.file.clone(),
                line,
                place: pointer.filter(|place| !place.is_empty()),
                fingerprint: None,
            });
        }
    }
    for file in files {
        for asked in &file.contents {
            content::findings(&file.file, &file.reading.sbom, asked, lang, &mut rules, &mut findings);
        }
    }
    sarif::log(&rules, &findings, lang)
}

/// `誤り2、注意14`.
pub fn tally(errors: usize, warnings: usize, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("誤り{errors}、注意{warnings}"),
        Lang::En => format!("errors {errors}, warnings {warnings}"),
    }
}

/// A place for a person.
pub fn place(place: &Place, lang: Lang) -> String {
    match place {
        Place::Pointer(pointer) if pointer.is_empty() => lang.pick("文書全体", "the document").to_owned(),
        Place::Pointer(pointer) => pointer.to_string(),
        Place::Line { line, path } => {
            let line = match lang {
                Lang::Ja => format!("{line}行"),
                Lang::En => format!("line {line}"),
            };
            if path.is_empty() { line } else { format!("{line} {path}") }
        }
    }
}

fn named(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join("; "))
}

fn stated(text: Option<&str>) -> Cell {
    text.map_or_else(|| Cell::missing(base::Missing::NotPrinted), Cell::text)
}
