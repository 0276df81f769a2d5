//! Advisories that may speak of a device, laid out: each with the words of both sides it rests on. Nothing here is more than a suggestion,
//! unless a CPE name says so.

use base::{Lang, Names};
use cyber::advisory::Affected;
use cyber::matching::device::{Likeness, Spelling, Suggested};
use cyber::matching::{Basis, Device, Suggestion};
use serde_json::{Value, json};

use crate::{Cell, Column, Document, Row, Severity, Table};

/// The words of the advisory, how they differ from the device's, and what it says of the version: why it may speak of the device.
pub fn basis(suggestion: &Suggestion, entry: &Affected) -> Names {
    let told = |lang| {
        let (theirs, difference) = (theirs(&suggestion.basis), difference(&suggestion.basis, lang));
        let version = suggestion.verdict.why(entry).get(lang).to_owned();
        match lang {
            Lang::Ja => format!("機器の名前による候補：{theirs}（{difference}）。版：{version}"),
            Lang::En => {
                format!("suggested by the device's name: {theirs} ({difference}); version: {version}")
            }
        }
    };
    Names::of(told(Lang::Ja), told(Lang::En))
}

fn why(one: &Suggested, lang: Lang) -> String {
    one.entry().map(|entry| one.suggestion.verdict.why(entry).get(lang).to_owned()).unwrap_or_default()
}

/// The texts the versions were told in; empty where the advisory tells none.
fn told(one: &Suggested) -> String {
    one.entry().map(|entry| entry.told.join(" / ")).unwrap_or_default()
}

/// The suggestions, those that rest on the same first.
pub fn suggested(device: &Device, found: &[Suggested], lang: Lang) -> Document {
    let name = format!("{} {}", device.maker, device.product);
    let mut doc = Document::build(
        lang,
        lang.pick("機器についての脆弱性情報の候補", "Advisories that may speak of a device"),
    );
    doc.subtitle(match &device.version {
        Some(version) => format!("{name} {version}"),
        None => name,
    });
    doc.note(
        Severity::Caution,
        lang.pick(
            "言葉による照合は候補であり、人が確かめるまで判定ではない。見つからないことは、影響がないことを意味しない。",
            "A match by words is a suggestion until a person has looked at it; that nothing is found says nothing.",
        ),
    );
    if found.is_empty() {
        doc.paragraph(lang.pick("候補はありません。", "There are no suggestions."));
        return doc.finish();
    }
    doc.table(table(found, lang));
    doc.finish()
}

/// The suggestions as a table, each with the words of both sides.
pub fn table(found: &[Suggested], lang: Lang) -> Table {
    let table = Table::new(match lang {
        Lang::Ja => format!("機器についての情報の候補 ({})", found.len()),
        Lang::En => format!("Suggestions for the device ({})", found.len()),
    })
    .column(Column::text(lang.pick("情報", "Advisory")))
    .column(Column::text(lang.pick("情報の言葉", "In its words")))
    .column(Column::text(lang.pick("違い", "How the names differ")))
    .column(Column::text(lang.pick("版", "Version")));
    table.rows(found.iter().map(|one| {
        let version = format!("{}: {}", one.suggestion.verdict.names().get(lang), why(one, lang));
        Row::of([
            Cell::text(format!("{} {}", one.advisory.id, one.advisory.summary)),
            Cell::text(format!("{} {}", theirs(&one.suggestion.basis), told(one)).trim().to_owned()),
            Cell::text(difference(&one.suggestion.basis, lang)),
            Cell::text(version),
        ])
    }))
}

/// The suggestions for programs.
pub fn json(found: &[Suggested], lang: Lang) -> Value {
    let one = |one: &Suggested| {
        json!({
            "advisory": one.advisory.id,
            "summary": one.advisory.summary,
            "concerns": one.entry().map(|entry| entry.concerns.clone()).unwrap_or_default(),
            "stated": one.suggestion.basis.is_stated(),
            "theirs": theirs(&one.suggestion.basis),
            "difference": difference(&one.suggestion.basis, lang),
            "told": one.entry().map(|entry| entry.told.clone()).unwrap_or_default(),
            "answer": one.suggestion.verdict.names().en,
            "why": why(one, lang),
        })
    };
    json!(found.iter().map(one).collect::<Vec<_>>())
}

/// The advisory's words, or its CPE name.
pub fn theirs(basis: &Basis) -> String {
    match basis {
        Basis::Cpe { theirs, .. } => theirs.clone(),
        Basis::Words { theirs: (maker, product), .. } => format!("{maker} – {product}"),
    }
}

/// How the names of both sides differ.
pub fn difference(basis: &Basis, lang: Lang) -> String {
    match basis {
        Basis::Cpe { .. } => {
            lang.pick("CPEが同じ製品を名指ししている", "a CPE name names the same product").to_owned()
        }
        Basis::Words { maker, product, .. } => match lang {
            Lang::Ja => format!("製造者：{}、製品：{}", likeness(maker, lang), likeness(product, lang)),
            Lang::En => format!("maker: {}; product: {}", likeness(maker, lang), likeness(product, lang)),
        },
    }
}

fn likeness(likeness: &Likeness, lang: Lang) -> String {
    let spelt = |spelling: &[Spelling]| {
        let all: Vec<String> = spelling.iter().map(|one| format!("{} ~ {}", one.ours, one.theirs)).collect();
        if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
    };
    match likeness {
        Likeness::Same => lang.pick("同じ", "the same").to_owned(),
        Likeness::Spelling(spelling) => {
            format!("{}{}", lang.pick("綴りが違う", "spelt otherwise"), spelt(spelling))
        }
        Likeness::Narrower { extra, spelling } => {
            format!(
                "{} {}{}",
                lang.pick("機器の名前だけにある：", "only in the device's name:"),
                extra.join(" "),
                spelt(spelling)
            )
        }
        Likeness::Wider { missing, spelling } => {
            format!(
                "{} {}{}",
                lang.pick("情報の名前だけにある：", "only in the advisory's name:"),
                missing.join(" "),
                spelt(spelling)
            )
        }
    }
}
