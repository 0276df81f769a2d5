//! The declared registers: what there is, and one register's fields, states, clocks and rights.

use std::process::ExitCode;

use base::Lang;
use register::Declaration;
use register::rights::Party;
use report::{Cell, Column, Document, Row, Table};

use crate::cli::{Answer, Format};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

pub(super) fn run(session: &Session, id: Option<&str>) -> Result<ExitCode, Failure> {
    let document = match id {
        None => all(session)?,
        Some(id) => one(declaration(session, id)?, session.lang),
    };
    output::document(session.voice, &document, &Answer { format: Format::Text, out: None, font: None })?;
    Ok(ExitCode::SUCCESS)
}

/// A register by id, or a failure that names those that resemble it.
pub(super) fn declaration<'s>(session: &'s Session, id: &str) -> Result<&'s Declaration, Failure> {
    session.store.registry().get(id).ok_or_else(|| {
        let known: Vec<&str> = session
            .store
            .registry()
            .all()
            .map(|declaration| declaration.id.as_str())
            .filter(|known| known.contains(id) || id.contains(known))
            .collect();
        let near = if known.is_empty() { "shirube register".to_owned() } else { known.join(", ") };
        Failure::said(
            format!("台帳 {id} はありません（{near}）"),
            format!("there is no register `{id}` (see: {near})"),
        )
    })
}

fn all(session: &Session) -> Result<Document, Failure> {
    let lang = session.lang;
    let mut doc = Document::build(lang, lang.pick("台帳", "Registers"));
    let mut table = Table::new(lang.pick("宣言された台帳", "Declared registers"))
        .column(Column::text("ID"))
        .column(Column::text(lang.pick("名称", "Name")))
        .column(Column::text(lang.pick("対象", "Covers")))
        .column(Column::text(lang.pick("資料の記載", "Documents say")))
        .column(Column::number(lang.pick("記録", "Records")));
    for declaration in session.store.registry().all() {
        let count = session.store.count(declaration.id.as_str())?;
        table = table.row(Row::of([
            Cell::text(declaration.id.as_str()),
            Cell::text(declaration.name.get(lang)),
            Cell::text(declaration.covers.join(" ")),
            Cell::text(declaration.spec.names().get(lang)),
            Cell::integer(i64::try_from(count).unwrap_or(i64::MAX)),
        ]));
    }
    doc.table(table);
    Ok(doc.finish())
}

fn one(declaration: &Declaration, lang: Lang) -> Document {
    let mut doc = Document::build(lang, declaration.name.get(lang));
    doc.subtitle(format!("{} — {}", declaration.id, declaration.spec.names().get(lang)));
    doc.paragraph(declaration.about.get(lang));
    let mut fields = Table::new(lang.pick("項目", "Fields"))
        .column(Column::text(lang.pick("名前", "Name")))
        .column(Column::text(lang.pick("見出し", "Label")))
        .column(Column::text(lang.pick("型", "Type")))
        .column(Column::text(lang.pick("見る人", "Seen by")))
        .column(Column::text(lang.pick("変える人", "Changed by")))
        .column(Column::text(lang.pick("意味", "Meaning")));
    for (name, field) in &declaration.fields {
        let required = if field.required { " *" } else { "" };
        fields = fields.row(Row::of([
            Cell::text(format!("{name}{required}")),
            Cell::text(field.label.get(lang)),
            Cell::text(field.kind.name()),
            Cell::text(parties(declaration.rights.see(name))),
            Cell::text(parties(declaration.rights.change(name))),
            Cell::text(field.help.as_ref().map_or("", |help| help.get(lang))),
        ]));
    }
    doc.table(fields.note(lang.pick("* は必須", "* required")));
    if !declaration.states.is_empty() {
        let mut states = Table::new(lang.pick("状態", "States"))
            .column(Column::text(lang.pick("状態", "State")))
            .column(Column::text(lang.pick("次に移れる状態", "May move to")));
        for (id, state) in &declaration.states {
            states = states.row(Row::of([
                Cell::text(format!("{id} ({})", state.label.get(lang))),
                Cell::text(state.to.join(", ")),
            ]));
        }
        doc.table(states);
    }
    if !declaration.clocks.is_empty() {
        doc.heading(1, lang.pick("期限", "Clocks"));
        doc.list(declaration.clocks.iter().map(|(name, clock)| {
            let from = clock.starts.as_deref().or(clock.starts_on.as_deref()).unwrap_or_default();
            let to: Vec<&str> = clock.stops.iter().chain(&clock.stops_on).map(String::as_str).collect();
            let source = clock.source.as_ref().map_or_else(
                || lang.pick("出典なし（設定）", "no source: configuration").to_owned(),
                ToString::to_string,
            );
            let (label, within) = (clock.label.get(lang), String::from(clock.within));
            format!("{label} ({name}): {within} ({from} → {}) — {source}", to.join(", "))
        }));
    }
    doc.finish()
}

fn parties(parties: &[Party]) -> String {
    parties.iter().map(|party| String::from(party.clone())).collect::<Vec<_>>().join(", ")
}
