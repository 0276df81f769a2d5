//! What changed since the last submission.

use base::Lang;
use cyber::premarket::{Changes, Sealed, SealedDocument, SealedFinding, Verdict};

use crate::outline::comparison;
use crate::{Cell, Column, DocumentBuilder, Row, Severity, Table};

pub(super) fn changes(doc: &mut DocumentBuilder, older: &Sealed, changes: &Changes) {
    let lang = doc.lang();
    doc.heading(
        1,
        match lang {
            Lang::Ja => format!("前回（{}）からの変更", older.day),
            Lang::En => format!("Changes since {}", older.day),
        },
    );
    if changes.is_empty() {
        doc.paragraph(lang.pick("変わったことはない。", "Nothing has changed."));
        return;
    }
    verdicts(doc, changes, lang);
    documents(doc, changes, lang);
    if !changes.bills.changes.is_empty() {
        comparison::tables(doc, &changes.bills, lang);
    }
    findings(doc, changes, lang);
}

fn verdicts(doc: &mut DocumentBuilder, changes: &Changes, lang: Lang) {
    if changes.verdicts.is_empty() {
        return;
    }
    let shown = |verdict: &Option<Verdict>| match verdict {
        Some(verdict) => Cell::text(verdict.names().get(lang)),
        None => Cell::text(lang.pick("規則なし", "no such rule")),
    };
    let table = Table::new(lang.pick("判定が変わった規則", "Rules with another verdict"))
        .column(Column::text(lang.pick("規則", "Rule")))
        .column(Column::text(lang.pick("前回", "Before")))
        .column(Column::text(lang.pick("今回", "Now")));
    let row = |(id, before, after): &(String, Option<Verdict>, Option<Verdict>)| {
        Row::of([Cell::text(&**id), shown(before), shown(after)])
    };
    doc.table(table.rows(changes.verdicts.iter().map(row)));
}

fn documents(doc: &mut DocumentBuilder, changes: &Changes, lang: Lang) {
    if changes.documents.is_empty() {
        return;
    }
    let shown = |document: &Option<SealedDocument>| match document {
        Some(one) => {
            let date = one.date.map(|date| date.to_string());
            let parts = [one.id.as_deref(), one.version.as_deref(), date.as_deref()];
            Cell::text(parts.into_iter().flatten().collect::<Vec<_>>().join(" / "))
        }
        None => Cell::text(lang.pick("なし", "none")),
    };
    let mut table = Table::new(lang.pick("変わった文書", "Documents"))
        .column(Column::text(lang.pick("種類", "Kind")))
        .column(Column::text(lang.pick("前回", "Before")))
        .column(Column::text(lang.pick("今回", "Now")));
    for (before, after) in &changes.documents {
        let kind = before.as_ref().or(after.as_ref()).map(|one| one.kind.names());
        let kind = kind.unwrap_or_default();
        table = table.row(Row::of([Cell::text(kind.get(lang)), shown(before), shown(after)]));
    }
    doc.table(table);
}

fn findings(doc: &mut DocumentBuilder, changes: &Changes, lang: Lang) {
    let Some(findings) = &changes.findings else {
        doc.note(
            Severity::Caution,
            lang.pick(
                "前回か今回のどちらかで脆弱性情報との照合をしていないため、新しい脆弱性の有無は言えない。",
                "One of the two files was not looked up in advisories: nothing can be said of new findings.",
            ),
        );
        return;
    };
    let status =
        |status: Option<&str>| status.map_or_else(|| Cell::text(lang.pick("なし", "nothing")), Cell::text);
    let mut rows = Vec::new();
    let mut row = |one: &SealedFinding, what: &str, before: Cell, after: Cell| {
        rows.push(Row::of([
            Cell::text(&*one.vulnerability),
            Cell::text(&*one.component),
            Cell::text(what),
            before,
            after,
        ]));
    };
    for one in &findings.new {
        row(one, lang.pick("新しい", "new"), Cell::empty(), status(one.status.as_deref()));
    }
    for one in &findings.gone {
        row(one, lang.pick("なくなった", "gone"), status(one.status.as_deref()), Cell::empty());
    }
    for (before, one) in &findings.restated {
        let (before, after) = (status(before.as_deref()), status(one.status.as_deref()));
        row(one, lang.pick("評価が変わった", "restated"), before, after);
    }
    if rows.is_empty() {
        return;
    }
    let table = Table::new(lang.pick("脆弱性", "Findings"))
        .column(Column::text(lang.pick("情報", "Advisory")))
        .column(Column::text(lang.pick("部品", "Component")))
        .column(Column::text(lang.pick("変更", "Change")))
        .column(Column::text(lang.pick("前回の評価", "Stated before")))
        .column(Column::text(lang.pick("今回の評価", "Stated now")));
    doc.table(table.rows(rows));
}
