//! What happened to the products of a watched portfolio, laid out: who did what, on which day, why.

use base::{Lang, Missing, Names};
use cyber::watch::triage::Progress;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{Cell, Column, Document, Row, Table};

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// The day.
    pub on: Date,
    /// Who did it; `None` for what a check of the portfolio found.
    pub by: Option<String>,
    /// What it was.
    pub what: Happening,
    /// The product; `None` for what concerns all of them.
    pub product: Option<String>,
    /// The advisory or the feed; empty for what happened to the product itself.
    pub about: String,
    /// Why, as it was written down.
    pub why: String,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A product came in, or its description became another one.
    Add,
    /// A product was taken out.
    Remove,
    /// The last of these was taken back.
    Undo,
    /// An advisory was found to concern the product.
    Found,
    /// It was found to concern it no longer.
    Cleared,
    /// A person took a step.
    Step(Progress),
    /// A feed was checked.
    FeedChecked,
}

impl Happening {
    /// The id of what is kept of a product under this word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Add, Self::Remove, Self::Undo].into_iter().find(|one| one.key() == word)
    }

    /// For programs.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Undo => "undo",
            Self::Found => "found",
            Self::Cleared => "cleared",
            Self::Step(to) => to.key(),
            Self::FeedChecked => "feed-checked",
        }
    }

    fn names(&self) -> Names {
        match self {
            Self::Add => Names::of("監視に加えた", "added to the watch"),
            Self::Remove => Names::of("監視から外した", "taken out of the watch"),
            Self::Undo => Names::of("取り消した", "taken back"),
            Self::Found => Names::of("該当が見つかった", "found to concern it"),
            Self::Cleared => Names::of("該当しなくなった", "found to concern it no longer"),
            Self::Step(to) => to.names(),
            Self::FeedChecked => Names::of("情報源を確認した", "feed checked"),
        }
    }
}

/// The history for a person, the oldest first.
pub fn history(events: &[Event], lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("監視の来歴", "History of the watch"));
    if events.is_empty() {
        doc.paragraph(lang.pick(
            "まだ何もありません。shirube cyber watch add で製品を加えてください。",
            "Nothing happened yet; add a product with `shirube cyber watch add`.",
        ));
        return doc.finish();
    }
    let table = Table::new(format!("{} ({})", lang.pick("できごと", "Events"), events.len()))
        .column(Column::text(lang.pick("日", "Day")))
        .column(Column::text(lang.pick("誰が", "Who")))
        .column(Column::text(lang.pick("何を", "What")))
        .column(Column::text(lang.pick("製品", "Product")))
        .column(Column::text(lang.pick("情報・情報源", "Advisory or feed")))
        .column(Column::text(lang.pick("理由", "Why")));
    doc.table(table.rows(events.iter().map(|one| {
        let or_none = |text: &str| {
            if text.is_empty() { Cell::missing(Missing::None) } else { Cell::text(text) }
        };
        Row::of([
            Cell::text(one.on.to_string()),
            Cell::text(one.by.as_deref().unwrap_or(lang.pick("照合", "check"))),
            Cell::text(one.what.names().get(lang)),
            or_none(one.product.as_deref().unwrap_or_default()),
            or_none(&one.about),
            or_none(&one.why),
        ])
    })));
    doc.finish()
}

/// The history for programs.
pub fn history_json(events: &[Event]) -> Value {
    let one = |one: &Event| {
        json!({
            "on": one.on.to_string(),
            "by": one.by,
            "what": one.what.key(),
            "product": one.product,
            "about": one.about,
            "why": one.why,
        })
    };
    json!(events.iter().map(one).collect::<Vec<_>>())
}
