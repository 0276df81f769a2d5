//! Links between programmes and the plan laid out, each with the reasons it rests on.

use base::Lang;
use plan::FollowUp;
use plan::join::Join;
use plan::view::Verdict;

use crate::{Belief, Cell, Column, Document, DocumentBuilder, Row, Table, Text, words};

/// Links of a follow-up, as a list to decide on.
pub fn joins(answer: &FollowUp, links: &[&Join], lang: Lang) -> Document {
    let mut doc =
        Document::build(lang, lang.pick("事業とゴールの結び付き", "Programmes and the goals they serve"));
    doc.subtitle(lang.pick(
        "採るには shirube join accept 事業 ゴール --reason 理由、退けるには join reject。判断は年度をまたいで有効です。",
        "Decide with `shirube join accept PROGRAMME NODE --reason WHY`, or `join reject`; decisions last across years.",
    ));
    if links.is_empty() {
        doc.paragraph(lang.pick(
            "結び付きはありません。先に取組状況表とレビューシートを取り込んでください（shirube intake）。",
            "There are no links. Take in a follow-up table and programme sheets first (shirube intake).",
        ));
        return doc.finish();
    }
    let mut table = Table::new(lang.pick("結び付き", "Links"))
        .column(Column::text(lang.pick("事業", "Programme")))
        .column(Column::text(lang.pick("計画項目", "Node")))
        .column(Column::number(lang.pick("点", "Score")))
        .column(Column::text(lang.pick("根拠", "Rests on")));
    for link in links {
        let name = answer.programmes.get(&link.programme).map_or("", |programme| programme.name.as_str());
        let why = why(&mut doc, link);
        table = table.row(Row::of([
            Cell::text(format!("{} {name}", link.programme)).belief(Belief::from(&link.belief)),
            Cell::text(link.node.as_str()),
            Cell::integer(i64::from(link.score)),
            Cell::text(why),
        ]));
    }
    doc.table(table);
    doc.finish()
}

/// The reasons of a link, one a line, with their points and sources, and what a person decided.
pub(super) fn why(doc: &mut DocumentBuilder, join: &Join) -> Text {
    let lang = doc.lang();
    let mut why = Text::default();
    for (index, reason) in join.reasons.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        let evidence =
            if reason.evidence.is_empty() { String::new() } else { words::bracketed(&reason.evidence, lang) };
        why = why.then(format!("{gap}{} +{}{evidence}", reason.rule.names().get(lang), reason.points));
        if let Some(source) = reason.sources.first() {
            why = why.cite(doc.cite(source));
        }
    }
    match &join.decided {
        None => why,
        Some(decided) => {
            let verdict = match decided.verdict {
                Verdict::Accepted => lang.pick("採用", "accepted"),
                Verdict::Rejected => lang.pick("却下", "rejected"),
            };
            why.then(format!("\n{verdict}: {} {} {}", decided.by, decided.on, decided.reason))
        }
    }
}
