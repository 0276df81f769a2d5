//! Which content a bill of materials states, states as unknown, or does not state, laid out against published lists.

use base::Lang;
use cyber::document::Place;
use cyber::sbom::Sbom;
use cyber::sbom::missing::{Answer, Answered, Content, Element};
use serde_json::{Map, Value, json};

use super::sbom::place;
use crate::{Cell, Column, DocumentBuilder, Row, Severity, Table, sarif};

/// Lays out what a bill says of the elements of a list; so many components are shown one by one.
pub fn content(doc: &mut DocumentBuilder, sbom: &Sbom, content: &Content, shown: usize, lang: Lang) {
    let list = content.list;
    doc.heading(2, list.names().get(lang));
    doc.facts([
        (lang.pick("出典", "Source"), Cell::text(list.source)),
        (lang.pick("出典の日付", "Date of the source"), Cell::text(list.date)),
        (lang.pick("調べた部品", "Components asked"), count(content.components.len())),
        (lang.pick("調べないファイル", "Files, which are not asked"), count(content.files)),
    ]);
    doc.table(summary(content, lang));
    if content.components.is_empty() {
        doc.note(
            Severity::Caution,
            lang.pick(
                "部品がありません。何も示されていません。",
                "There are no components: nothing is shown.",
            ),
        );
    }
    lacking(doc, sbom, content, shown, lang);
    for (ja, en) in list.elsewhere {
        doc.note(
            Severity::Info,
            match lang {
                Lang::Ja => format!("この一覧はほかに次を求めるが、SBOMだけでは示せない：{ja}"),
                Lang::En => format!("The list also asks for what a bill alone cannot show: {en}"),
            },
        );
    }
}

/// The same for programs, with every component that lacks something.
pub fn json(sbom: &Sbom, content: &Content) -> Value {
    let document: Map<String, Value> = content
        .document
        .iter()
        .map(|(element, answer)| (element.code().to_owned(), json!(answer.code())))
        .collect();
    let counts: Map<String, Value> = content
        .counts()
        .into_iter()
        .map(|(element, counts)| {
            let counts = json!({
                "stated": counts.stated,
                "stated-as-unknown": counts.unknown,
                "not-stated": counts.missing,
            });
            (element.code().to_owned(), counts)
        })
        .collect();
    let lacking: Vec<Value> = those_lacking(content)
        .map(|one| {
            let component = &sbom.components[one.component];
            let lacks: Map<String, Value> = content
                .lacks(one)
                .map(|(element, answer)| (element.code().to_owned(), json!(answer.code())))
                .collect();
            json!({
                "component": component.name,
                "version": component.version,
                "reference": component.reference,
                "place": component.place.to_string(),
                "lacks": lacks,
            })
        })
        .collect();
    json!({
        "list": content.list.id,
        "source": content.list.source,
        "date": content.list.date,
        "complete": content.is_complete(),
        "document": document,
        "components": counts,
        "files-not-asked": content.files,
        "lacking": lacking,
    })
}

/// The same as findings: what is not stated as a warning, what is stated as unknown as a note.
pub fn findings(
    file: &str,
    sbom: &Sbom,
    content: &Content,
    lang: Lang,
    rules: &mut Vec<sarif::Rule>,
    findings: &mut Vec<sarif::Finding>,
) {
    let mut tell = |element: Element, answer: Answer, of: &str, at: Option<&Place>| {
        let id = format!("content-{}-{}", content.list.id, element.code());
        if !rules.iter().any(|rule| rule.id == id) {
            rules.push(sarif::Rule {
                id: id.clone(),
                name: element.names(),
                help: None,
                security_severity: None,
            });
        }
        let (line, pointer) = match at {
            Some(Place::Line { line, path }) => (Some(*line), Some(path.to_string())),
            Some(Place::Pointer(pointer)) => (None, Some(pointer.to_string())),
            None => (None, None),
        };
        findings.push(sarif::Finding {
            rule: id,
            level: if answer == Answer::NotStated { sarif::Level::Warning } else { sarif::Level::Note },
            message: format!("{of}: {} – {}", element.names().get(lang), answer.names().get(lang)),
            file: file.to_owned(),
            line,
            place: pointer.filter(|place| !place.is_empty()),
            fingerprint: None,
        });
    };
    let whole = lang.pick("文書全体", "the document");
    for (element, answer) in content.document.iter().filter(|(_, answer)| *answer != Answer::Stated) {
        tell(*element, *answer, whole, None);
    }
    for one in &content.components {
        let component = &sbom.components[one.component];
        for (element, answer) in content.lacks(one) {
            tell(element, answer, &named(sbom, one.component), Some(&component.place));
        }
    }
}

fn summary(content: &Content, lang: Lang) -> Table {
    let mut table = Table::new(lang.pick("要素ごとの記載", "What is stated, by element"))
        .column(Column::text(lang.pick("要素", "Element")))
        .column(Column::number(Answer::Stated.names().get(lang).to_owned()))
        .column(Column::number(Answer::StatedAsUnknown.names().get(lang).to_owned()))
        .column(Column::number(Answer::NotStated.names().get(lang).to_owned()));
    table = table.row(Row::group(lang.pick("文書", "The document")));
    for (element, answer) in &content.document {
        let of = |wanted: Answer| count(usize::from(*answer == wanted));
        table = table.row(Row::of([
            Cell::text(element.names().get(lang)),
            of(Answer::Stated),
            of(Answer::StatedAsUnknown),
            of(Answer::NotStated),
        ]));
    }
    table = table.row(Row::group(lang.pick("部品", "Components")));
    for (element, counts) in content.counts() {
        table = table.row(Row::of([
            Cell::text(element.names().get(lang)),
            count(counts.stated),
            count(counts.unknown),
            count(counts.missing),
        ]));
    }
    table
}

fn lacking(doc: &mut DocumentBuilder, sbom: &Sbom, content: &Content, shown: usize, lang: Lang) {
    let all: Vec<&Answered> = those_lacking(content).collect();
    if all.is_empty() {
        return;
    }
    let title = lang.pick("記載が足りない部品", "Components that lack something");
    let mut table = Table::new(format!("{title} ({})", all.len()))
        .column(Column::text(lang.pick("部品", "Component")))
        .column(Column::text(lang.pick("場所", "Place")))
        .column(Column::text(Answer::NotStated.names().get(lang).to_owned()))
        .column(Column::text(Answer::StatedAsUnknown.names().get(lang).to_owned()));
    for one in all.iter().take(shown) {
        let of = |wanted: Answer| {
            let names: Vec<String> = content
                .lacks(one)
                .filter(|(_, answer)| *answer == wanted)
                .map(|(element, _)| element.names().get(lang).to_owned())
                .collect();
            Cell::text(names.join(lang.pick("、", ", ")))
        };
        table = table.row(Row::of([
            Cell::text(named(sbom, one.component)),
            Cell::text(place(&sbom.components[one.component].place, lang)),
            of(Answer::NotStated),
            of(Answer::StatedAsUnknown),
        ]));
    }
    doc.table(table);
    if let Some(more) = all.len().checked_sub(shown).filter(|more| *more > 0) {
        doc.note(
            Severity::Info,
            match lang {
                Lang::Ja => format!("ほかに{more}件あります（--format json, xlsx, sarif で全件）"),
                Lang::En => format!("{more} more (all of them with --format json, xlsx or sarif)"),
            },
        );
    }
}

fn those_lacking(content: &Content) -> impl Iterator<Item = &Answered> {
    content.components.iter().filter(|one| content.lacks(one).next().is_some())
}

fn named(sbom: &Sbom, component: usize) -> String {
    let component = &sbom.components[component];
    component
        .version
        .as_ref()
        .map_or(component.name.clone(), |version| format!("{} {version}", component.name))
}

fn count(count: usize) -> Cell {
    Cell::integer(i64::try_from(count).unwrap_or(i64::MAX))
}
