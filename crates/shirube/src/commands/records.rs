//! Records one by one: list, search, show, history, set, undo.

use std::process::ExitCode;

use base::{Lang, Source};
use register::{Record, RecordRef};
use report::outline::record as outline;
use report::{Cell, Column, Document, Row, Table};
use serde_json::Value;
use store::{Change, Cursor, Query, Sort};

use super::registers::declaration;
use crate::cli::{Answer, Format, List, Set};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// Hits shown per register by a search over everything.
const HITS: usize = 10;

pub(super) const TERMINAL: Answer = Answer { format: Format::Text, out: None, font: None };

pub(super) fn list(session: &Session, command: &List) -> Result<ExitCode, Failure> {
    let declaration = declaration(session, &command.register)?;
    let query = Query {
        filters: command.filters.clone(),
        state: command.state.clone(),
        text: command.search.clone(),
        sort: if command.newest { Sort::Newest } else { Sort::Id },
        after: command.after.clone().map(Cursor),
        limit: command.limit,
        ..Query::of(declaration.id.clone())
    };
    let page = session.store.list(&query)?;
    let records: Vec<&Record> = page.items.iter().map(|stored| &stored.record).collect();
    if command.answer.format == Format::Json {
        output::machine(session.voice, &command.answer, &records)?;
    } else {
        let document = outline::list(declaration, records.into_iter(), session.lang);
        output::document(session.voice, &document, &command.answer)?;
    }
    let shown = page.items.len();
    session.remark(match session.lang {
        Lang::Ja => format!("{}件のうち{shown}件", page.total),
        Lang::En => format!("{shown} of {}", page.total),
    });
    if let Some(Cursor(next)) = page.next {
        session.remark(format!("{} --after '{next}'", session.say("続き：", "next page:")));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn search(session: &Session, words: &[String]) -> Result<ExitCode, Failure> {
    let lang = session.lang;
    let text = words.join(" ");
    if text.trim().is_empty() {
        return Err(Failure::said("探す語を書いてください", "name the words to search for"));
    }
    let mut doc = Document::build(lang, format!("{}：{text}", lang.pick("検索", "Search")));
    let mut found = false;
    for declaration in session.store.registry().all() {
        let query = Query { text: Some(text.clone()), limit: HITS, ..Query::of(declaration.id.clone()) };
        let page = session.store.list(&query)?;
        if page.items.is_empty() {
            continue;
        }
        found = true;
        let mut table = Table::new(format!("{} ({})", declaration.name.get(lang), page.total))
            .column(Column::text(lang.pick("記録", "Record")))
            .column(Column::text(lang.pick("名称", "Title")));
        for stored in &page.items {
            let record = &stored.record;
            let title = declaration.fields.get(&declaration.title).map_or_else(Cell::empty, |field| {
                outline::value(field, record.fields.get(&declaration.title), lang)
            });
            let title = record
                .sources
                .first()
                .map(|source| doc.cite(source))
                .map_or(title.clone(), |source| title.cite(source));
            table = table.row(Row::of([Cell::text(record.reference().to_string()), title]));
        }
        doc.table(table);
    }
    if !found {
        doc.paragraph(lang.pick(
            "見つかりません。語を短くするか、別の語で試してください。",
            "Nothing found; try a shorter or another word.",
        ));
    }
    output::document(session.voice, &doc.finish(), &TERMINAL)?;
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

pub(super) fn show(session: &Session, reference: &RecordRef) -> Result<ExitCode, Failure> {
    let declaration = declaration(session, reference.register.as_str())?;
    let stored = session.store.get(reference)?.ok_or_else(|| no_record(reference))?;
    let document = outline::detail(declaration, &stored.record, stored.version, session.lang);
    output::document(session.voice, &document, &TERMINAL)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn history(session: &Session, reference: &RecordRef) -> Result<ExitCode, Failure> {
    let lang = session.lang;
    let entries = session.store.history(reference)?;
    if entries.is_empty() {
        return Err(no_record(reference));
    }
    let mut table = Table::new(lang.pick("来歴", "History"))
        .column(Column::number(lang.pick("版", "Version")))
        .column(Column::text(lang.pick("いつ", "When")))
        .column(Column::text(lang.pick("誰が", "Who")))
        .column(Column::text(lang.pick("なぜ", "Why")))
        .column(Column::text(lang.pick("変わった項目", "What changed")));
    let mut before: Option<&Record> = None;
    for entry in &entries {
        let changed = match (&entry.record, before) {
            (None, _) => lang.pick("取り下げ", "withdrawn").to_owned(),
            (Some(_), None) => lang.pick("作成", "made").to_owned(),
            (Some(now), Some(before)) => changes(before, now, lang),
        };
        table = table.row(Row::of([
            Cell::integer(i64::try_from(entry.version).unwrap_or(i64::MAX)),
            Cell::text(entry.at.to_string()),
            Cell::text(entry.actor.as_str()),
            Cell::text(entry.reason.as_str()),
            Cell::text(changed),
        ]));
        before = entry.record.as_ref().or(before);
    }
    let mut doc = Document::build(lang, reference.to_string());
    doc.table(table);
    output::document(session.voice, &doc.finish(), &TERMINAL)?;
    Ok(ExitCode::SUCCESS)
}

/// The names of what differs between two versions.
fn changes(before: &Record, now: &Record, lang: Lang) -> String {
    let mut names: Vec<&str> = before.fields.keys().chain(now.fields.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.fields.get(*name) != now.fields.get(*name));
    let others = [
        (before.state != now.state, lang.pick("状態", "state")),
        (before.links != now.links, lang.pick("結び付き", "links")),
        (before.sources != now.sources, lang.pick("出典", "sources")),
    ];
    names.extend(others.into_iter().filter(|(differs, _)| *differs).map(|(_, name)| name));
    names.join(", ")
}

pub(super) fn set(session: &Session, command: &Set) -> Result<ExitCode, Failure> {
    let declaration = declaration(session, command.record.register.as_str())?;
    let stored = session.store.get(&command.record)?;
    let expected = stored.as_ref().map_or(0, |stored| stored.version);
    let mut record = match (stored, command.new) {
        (Some(stored), _) => stored.record,
        (None, true) => {
            let mut record = Record::new(
                command.record.register.clone(),
                command.record.record.clone(),
                Source::document("-"),
            );
            record.sources.clear();
            record.state.clone_from(&declaration.initial);
            record
        }
        (None, false) => return Err(no_record(&command.record)),
    };
    for (field, value) in &command.values {
        match (value.is_empty(), declaration.fields.get(field)) {
            (true, _) => {
                record.fields.remove(field);
            }
            (false, declared) => {
                let typed = declared.is_none_or(|field| {
                    !matches!(
                        field.kind.name(),
                        "text" | "date" | "yen" | "decimal" | "choice" | "ref" | "url"
                    )
                });
                record.fields.insert(field.clone(), read_value(value, typed));
            }
        }
    }
    if let Some(state) = &command.state {
        record.state = Some(state.clone());
    }
    if let Some(source) = &command.source {
        let (document, lines) = source
            .split_once(':')
            .map_or((source.as_str(), None), |(document, lines)| (document, Some(lines)));
        let source = lines.map_or_else(|| Source::document(document), |lines| Source::lines(document, lines));
        record.sources.push(Source {
            said_by: Some(session.actor.clone()),
            on: Some(session.today),
            ..source
        });
    }
    let by = session.by(&command.reason);
    let written = session.store.write(&by, [Change::Put { record, expected: Some(expected) }])?;
    let outcome = if written.added > 0 {
        session.say("作成しました", "made")
    } else if written.changed > 0 {
        session.say("変更しました", "changed")
    } else {
        session.say("変わりませんでした", "nothing changed")
    };
    println!("{}: {outcome}", command.record);
    Ok(ExitCode::SUCCESS)
}

/// `{ "missing": … }` is meant as JSON in any field; other text is text in fields of text.
fn read_value(value: &str, typed: bool) -> Value {
    if typed || value.starts_with("{\"missing\"") {
        serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()))
    } else {
        Value::String(value.to_owned())
    }
}

pub(super) fn undo(
    session: &Session,
    reference: &RecordRef,
    version: u64,
    reason: &str,
) -> Result<ExitCode, Failure> {
    session.store.undo(&session.by(reason), reference, version)?;
    println!(
        "{}",
        match session.lang {
            Lang::Ja => format!("{reference} を版{version}の内容に戻しました（新しい版として）"),
            Lang::En => format!("{reference} has the content of version {version} again, as a new version"),
        }
    );
    Ok(ExitCode::SUCCESS)
}

fn no_record(reference: &RecordRef) -> Failure {
    Failure::said(
        format!("{reference} という記録はありません（shirube search 語 で探せます）"),
        format!("there is no record {reference} (try `shirube search WORDS`)"),
    )
}
