//! The annual follow-up laid out: first where the plan stands at a glance, then goal by goal, then the money, the
//! indicators and what is missing. Which figures there are is the engine's; in which order a reader meets them is decided
//! here.

mod budgets;
mod goals;
mod indicators;
mod programmes;
pub mod security;
mod standing;

use base::{FiscalYear, Lang, Source, Yen};
use plan::FollowUp;
use plan::follow_up::GoalAnswer;

use crate::{Belief, Cell, Document, DocumentBuilder, SourceNumber, Text};

/// Lays the follow-up out. `titles` gives the titles of source documents by id.
pub fn follow_up(answer: &FollowUp, titles: &[(String, String)], lang: Lang) -> Document {
    let mut doc = Document::build(lang, title(answer, lang));
    for (id, title) in titles {
        doc.name_document(id, title);
    }
    doc.subtitle(subtitle(answer, lang));
    standing::at_a_glance(&mut doc, answer);
    indicators::kgis(&mut doc, answer);
    goals::overview(&mut doc, answer);
    for goal in &answer.goals {
        goals::goal(&mut doc, answer, goal);
    }
    goals::unplaced(&mut doc, answer);
    programmes::all(&mut doc, answer);
    budgets::groups(&mut doc, answer);
    budgets::comparisons(&mut doc, answer);
    indicators::devices(&mut doc, answer);
    indicators::supply(&mut doc, answer);
    security::counts(&mut doc, answer);
    standing::next_generation(&mut doc, answer);
    standing::missing(&mut doc, answer);
    doc.finish()
}

fn title(answer: &FollowUp, lang: Lang) -> String {
    match (answer.fiscal_year.value(), lang) {
        (Some(year), Lang::Ja) => format!("医療機器基本計画の進捗 — {}（{year}）の実績", year.japanese()),
        (Some(year), Lang::En) => format!("Follow-up of the Medical Device Basic Plan — results of {year}"),
        (None, Lang::Ja) => "医療機器基本計画のいま".to_owned(),
        (None, Lang::En) => "Where the Medical Device Basic Plan stands".to_owned(),
    }
}

fn subtitle(answer: &FollowUp, lang: Lang) -> String {
    let generation = answer.generation.as_ref().map_or_else(String::new, |generation| {
        let decided = generation.decided_on.map(|day| day_in(day, lang)).unwrap_or_default();
        format!("{} — {} {decided}", generation.name.get(lang), generation.standing.names().get(lang))
    });
    match lang {
        Lang::Ja => format!("{generation}。{}時点", base::date::japanese(answer.today)),
        Lang::En => format!("{generation}. As of {}", answer.today),
    }
}

fn day_in(day: jiff::civil::Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => base::date::japanese(day),
        Lang::En => day.to_string(),
    }
}

fn year_in(year: FiscalYear, lang: Lang) -> String {
    match lang {
        Lang::Ja => year.japanese(),
        Lang::En => year.to_string(),
    }
}

/// Cites the sources of a figure; most have one.
fn cite_all(doc: &mut DocumentBuilder, sources: &[Source]) -> Vec<SourceNumber> {
    let mut numbers: Vec<SourceNumber> = sources.iter().map(|source| doc.cite(source)).collect();
    numbers.dedup();
    numbers
}

/// A cell with sources.
fn cited(cell: Cell, numbers: &[SourceNumber]) -> Cell {
    numbers.iter().fold(cell, |cell, number| cell.cite(*number))
}

/// A text with sources.
fn cited_text(text: Text, numbers: &[SourceNumber]) -> Text {
    numbers.iter().fold(text, |text, number| text.cite(*number))
}

/// A sum in yen, shown in 億円 where that loses nothing a reader needs, exact in the cell.
pub fn sum(yen: i64) -> Cell {
    Cell::yen(rounded_for_reading(yen)).exactly(yen)
}

/// 億円 with two decimals from 1億円 on, 万円 below.
pub fn rounded_for_reading(yen: i64) -> Yen {
    let print = if yen.abs() >= 100_000_000 {
        format!("{:.2}億円", precise(yen) / 1e8)
    } else if yen.abs() >= 10_000 {
        format!("{}万円", yen / 10_000)
    } else {
        format!("{yen}円")
    };
    print.parse().unwrap_or(Yen::exact(yen))
}

#[allow(clippy::cast_precision_loss, reason = "only for a shortened print; the exact yen stand in the cell")]
fn precise(yen: i64) -> f64 {
    yen as f64
}

/// How many programmes serve a goal, by what that rests on.
fn join_counts(goal: &GoalAnswer) -> (usize, usize) {
    let firm = goal.joins.iter().filter(|join| join.is_firm()).count();
    (firm, goal.joins.len() - firm)
}

/// The belief of a join as a mark.
fn mark(belief: &register::Belief) -> Belief {
    Belief::from(belief)
}
