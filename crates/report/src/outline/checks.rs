//! Findings laid out: counted by weight, then each with number, place and source; and the rules themselves.

use base::Lang;
use plan::check::{Finding, Rule, Severity};

use crate::{Cell, Column, Document, Row, Table};

/// Lays findings out.
pub fn findings(found: &[Finding], titles: &[(String, String)], lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("計画の検査", "Checks of the plan"));
    for (id, title) in titles {
        doc.name_document(id, title);
    }
    doc.subtitle(tally(found, lang));
    if found.is_empty() {
        doc.paragraph(lang.pick("指摘はありません。", "Nothing was found."));
        return doc.finish();
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of: Vec<&Finding> = found.iter().filter(|finding| finding.severity == severity).collect();
        if of.is_empty() {
            continue;
        }
        let mut table = Table::new(format!("{} ({})", severity.names().get(lang), of.len()))
            .column(Column::text(lang.pick("番号", "Code")))
            .column(Column::text(lang.pick("指摘", "Finding")))
            .column(Column::text(lang.pick("場所", "Place")));
        for finding in of {
            let numbers: Vec<_> = finding.sources.iter().take(2).map(|source| doc.cite(source)).collect();
            let message =
                numbers.iter().fold(Cell::text(finding.message.get(lang)), |cell, number| cell.cite(*number));
            let place = finding
                .place
                .as_ref()
                .map_or_else(|| lang.pick("計画全体", "the plan").to_owned(), ToString::to_string);
            table = table.row(Row::of([Cell::text(finding.code), message, Cell::text(place)]));
        }
        doc.table(table);
    }
    doc.paragraph(
        lang.pick(
            "規則の説明：shirube check --explain 番号",
            "What a rule means: shirube check --explain CODE",
        ),
    );
    doc.finish()
}

/// `誤り2、注意14、参考30`.
pub fn tally(found: &[Finding], lang: Lang) -> String {
    let count = |severity| found.iter().filter(|finding| finding.severity == severity).count();
    let parts = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| match lang {
        Lang::Ja => format!("{}{}", severity.names().ja, count(severity)),
        Lang::En => format!("{} {}", severity.names().en, count(severity)),
    });
    parts.join(lang.pick("、", ", "))
}

/// All rules.
pub fn rules(rules: &[Rule], lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("検査の規則", "Rules of the checks"));
    let mut table = Table::new(lang.pick("規則", "Rules"))
        .column(Column::text(lang.pick("番号", "Code")))
        .column(Column::text(lang.pick("重さ", "Severity")))
        .column(Column::text(lang.pick("名称", "Name")));
    for rule in rules {
        table = table.row(Row::of([
            Cell::text(rule.code),
            Cell::text(rule.severity.names().get(lang)),
            Cell::text(lang.pick(rule.name.ja, rule.name.en)),
        ]));
    }
    doc.table(table);
    doc.finish()
}

/// One rule in full.
pub fn rule(rule: &Rule, lang: Lang) -> Document {
    let mut doc = Document::build(lang, format!("{} {}", rule.code, lang.pick(rule.name.ja, rule.name.en)));
    doc.subtitle(rule.severity.names().get(lang));
    doc.paragraph(lang.pick(rule.explains.ja, rule.explains.en));
    doc.finish()
}
