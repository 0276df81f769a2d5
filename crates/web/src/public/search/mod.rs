//! One search over everything: results by register with what was found, plan first; the rest of a register's results on pages of
//! their own. Any spelling of a year finds any other.

mod snippet;

use axum::Router;
use axum::extract::Query as Parameters;
use axum::routing::get;
use base::spelling::{Spelling, spellings};
use maud::{Markup, html};
use register::{Declaration, FieldType, Record};
use serde::Deserialize;
use serde_json::Value;
use store::{Query, Sort, Total};

use crate::address::escaped;
use crate::app::App;
use crate::cx::Cx;
use crate::desk::{Listing, Reading, cursor, title_of};
use crate::failure::Failure;
use crate::look::{Html, Page, pager, values};
use snippet::Piece;

/// Results of each register on the page of all.
const EACH: usize = 5;
/// Results on a page of one register.
const PAGE: usize = 20;
/// The longest question, in characters; words of it that are tried alone where nothing is found.
const LONGEST: usize = 200;
const WORDS: usize = 6;
/// Characters on either side of what was found.
const ROOM: usize = 40;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/search", get(page))
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ask {
    q: String,
    /// One register only.
    r#in: String,
    after: Option<String>,
}

/// What was found.
enum Found {
    /// In every register, a few of each.
    All(Vec<(Declaration, Listing)>),
    /// In one register, a page.
    One(Box<Declaration>, Listing),
    /// Nothing; what the words find alone.
    Nothing(Vec<(String, u64)>),
}

async fn page(cx: Cx, Parameters(ask): Parameters<Ask>) -> Result<Html, Failure> {
    let text: String = ask.q.trim().chars().take(LONGEST).collect();
    let words = spellings(&text);
    if words.is_empty() {
        return Ok(shown(&cx, &text, "", &nothing_asked(&cx)));
    }
    let (asked, only, after) = (text.clone(), ask.r#in.clone(), ask.after);
    let found = cx.app.desk.read(&cx.viewer, move |reading| {
        if !only.is_empty() {
            let declaration = reading.declaration(&only)?;
            let query = Query {
                text: Some(asked),
                sort: Sort::Title,
                limit: PAGE,
                after: cursor(after),
                ..Query::of(declaration.id.clone())
            };
            return Ok(Found::One(Box::new(declaration.clone()), reading.list(query)?));
        }
        let mut all: Vec<_> =
            reading.search(&asked, EACH)?.into_iter().map(|(of, listing)| (of.clone(), listing)).collect();
        all.sort_by_key(|(declaration, _)| rank(declaration));
        Ok(if all.is_empty() { Found::Nothing(alone(reading, &asked)?) } else { Found::All(all) })
    });
    let body = match found.await? {
        Found::All(all) => everywhere(&cx, &text, &words, &all),
        Found::One(declaration, listing) => one(&cx, &text, &words, &declaration, &listing),
        Found::Nothing(alone) => nothing_found(&cx, &alone),
    };
    Ok(shown(&cx, &text, &ask.r#in, &body))
}

/// Registers of the plan first, in the order in which the plan is read.
fn rank(declaration: &Declaration) -> usize {
    let place = ::plan::view::REGISTERS.iter().position(|register| declaration.id == *register);
    place.unwrap_or(usize::MAX)
}

/// How many records the words of a question find alone.
fn alone(reading: &Reading<'_>, text: &str) -> Result<Vec<(String, u64)>, Failure> {
    let words: Vec<&str> = text.split_whitespace().take(WORDS).collect();
    // A single word that finds nothing: its two halves.
    let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    let parts = if words.len() > 1 { words } else { vec![&text[..middle], &text[middle..]] };
    let mut found = Vec::new();
    for part in parts.into_iter().filter(|part| part.chars().count() > 1) {
        let mut count = 0;
        for declaration in reading.declarations() {
            let query = Query { text: Some(part.to_owned()), limit: 0, ..Query::of(declaration.id.clone()) };
            count += reading.list(query)?.total.most;
        }
        if count > 0 {
            found.push((part.to_owned(), count));
        }
    }
    Ok(found)
}

fn shown(cx: &Cx, text: &str, only: &str, body: &Markup) -> Html {
    let title = if text.is_empty() {
        cx.say("検索", "Search").to_owned()
    } else {
        format!("{}{text}", cx.say("検索：", "Search: "))
    };
    let body = html! {
        form.filters method="get" action=(cx.to("/search")) role="search" aria-label=(cx.say("検索", "Search")) {
            div {
                label for="words" { (cx.say("言葉（すべてを含むもの）", "Words (all of them)")) }
                input #words type="search" name="q" value=(text) maxlength=(LONGEST);
            }
            @if !only.is_empty() { input type="hidden" name="in" value=(only); }
            div.acts { button { (cx.say("検索", "Search")) } }
        }
        (body)
    };
    Page::new(title, body).show(cx)
}

fn everywhere(cx: &Cx, text: &str, words: &[Vec<Spelling>], all: &[(Declaration, Listing)]) -> Markup {
    html! {
        nav.contents aria-label=(cx.say("台帳ごとの結果", "Results by register")) {
            ul { @for (declaration, listing) in all {
                li { a href=(format!("#in-{}", declaration.id)) { (declaration.name.get(cx.lang)) } " " span.silent { (counted(cx, listing.total)) } }
            } }
        }
        @for (declaration, listing) in all {
            h2 id=(format!("in-{}", declaration.id)) { (declaration.name.get(cx.lang)) " " span.silent { (counted(cx, listing.total)) } }
            (results(cx, words, declaration, listing))
            @if listing.next.is_some() {
                p { a href=(cx.to(&format!("/search?q={}&in={}", escaped(text), declaration.id))) {
                    (declaration.name.get(cx.lang)) (cx.say("の結果をすべて見る", ": all results"))
                } }
            }
        }
    }
}

fn one(cx: &Cx, text: &str, words: &[Vec<Spelling>], declaration: &Declaration, listing: &Listing) -> Markup {
    let here = format!("/search?q={}&in={}", escaped(text), declaration.id);
    let next = listing.next.as_ref().map(|next| cx.to(&format!("{here}&after={}", escaped(&next.0))));
    let first = cx.to(&here);
    html! {
        p { a href=(cx.to(&format!("/search?q={}", escaped(text)))) { (cx.say("すべての台帳で探す", "Search in all registers")) } }
        h2 { (declaration.name.get(cx.lang)) }
        @if listing.items.is_empty() {
            p.silent { (cx.say("この台帳には見つかりません。", "Nothing in this register.")) }
        } @else {
            (results(cx, words, declaration, listing))
            (pager(cx, listing.total, Some(&first), next.as_deref()))
        }
    }
}

fn results(cx: &Cx, words: &[Vec<Spelling>], declaration: &Declaration, listing: &Listing) -> Markup {
    html! {
        ul.results {
            @for seen in &listing.items {
                @let record = &seen.record;
                @let title = values::shortened(title_of(declaration, record).get(cx.lang));
                li {
                    a href=(cx.to(&values::path(&record.reference()))) {
                        @match snippet::around(&title, words, title.len()) {
                            Some(pieces) => (marked(&pieces)),
                            None => (title),
                        }
                    }
                    @if let Some((label, pieces)) = best(cx, words, declaration, record) {
                        p { span.silent { (label) (cx.say("：", ": ")) } (marked(&pieces)) }
                    }
                }
            }
        }
    }
}

fn marked(pieces: &[Piece]) -> Markup {
    html! { @for piece in pieces { @if piece.marked { mark { (piece.text) } } @else { (piece.text) } } }
}

/// The searched text, beside the title, that holds most of the words: its label, and what stands around them.
fn best(
    cx: &Cx,
    words: &[Vec<Spelling>],
    declaration: &Declaration,
    record: &Record,
) -> Option<(String, Vec<Piece>)> {
    let mut best: Option<(usize, &str, &str)> = None;
    for (name, field) in declaration.fields.iter().filter(|(name, _)| **name != declaration.title) {
        let mut look = |label, text| {
            let count = snippet::words_in(text, words);
            if count > best.map_or(0, |(most, ..)| most) {
                best = Some((count, label, text));
            }
        };
        let Some(value) = record.fields.get(name) else { continue };
        if field.search {
            texts(value, &mut |text| look(field.label.get(cx.lang), text));
        } else if let FieldType::Table { columns } = &field.kind {
            for (name, column) in columns.iter().filter(|(_, column)| column.search) {
                let cells = value.as_array().into_iter().flatten().filter_map(|row| row.get(name));
                cells.for_each(|cell| texts(cell, &mut |text| look(column.label.get(cx.lang), text)));
            }
        }
    }
    let (_, label, text) = best?;
    Some((label.to_owned(), snippet::around(text, words, ROOM)?))
}

/// Every text inside a value.
fn texts<'a>(value: &'a Value, take: &mut dyn FnMut(&'a str)) {
    match value {
        Value::String(text) => take(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, take)),
        Value::Object(_) if register::validate::missing(value).is_some() => {}
        Value::Object(parts) => parts.values().for_each(|part| texts(part, take)),
        _ => {}
    }
}

fn counted(cx: &Cx, total: Total) -> String {
    match total.exact() {
        Some(count) => format!("{count}{}", cx.say("件", "")),
        None => format!("{}{}", total.least, cx.say("件以上", " or more")),
    }
}

fn nothing_asked(cx: &Cx) -> Markup {
    html! {
        p { (cx.say(
            "計画の項目、取組状況、事業、予算、会議、用語など、公開されているすべての記録から探します。",
            "Searches all public records: items of the plan, states of efforts, programmes, money, meetings, terms and more.",
        )) }
        ul {
            li { (cx.say("言葉を空白で区切ると、すべてを含む記録が見つかります。", "Words parted by blanks must all be found.")) }
            li { (cx.say("全角と半角、ひらがなとカタカナ、長音の有無、大文字と小文字は区別しません。", "Width, kana, long vowels and case make no difference.")) }
            li { (cx.say("令和6年度、R6、2024年度、FY2024 は互いに見つかります。", "令和6年度, R6, 2024年度 and FY2024 find each other.")) }
        }
        p { (cx.say("例：", "For example: "))
            @for (index, example) in ["SaMD", "スタートアップ 人材", "令和6年度 補正予算", "サイバーセキュリティ"].iter().enumerate() {
                @if index > 0 { (cx.say("、", ", ")) }
                a href=(cx.to(&format!("/search?q={}", escaped(example)))) { (example) }
            }
        }
    }
}

fn nothing_found(cx: &Cx, alone: &[(String, u64)]) -> Markup {
    html! {
        p { (cx.say("すべての言葉を含む記録は見つかりませんでした。", "No record holds all of the words.")) }
        ul {
            @for (part, count) in alone {
                li {
                    a href=(cx.to(&format!("/search?q={}", escaped(part)))) { "「" (part) "」" }
                    (cx.say("だけなら、多くて", " alone: at most ")) (count) (cx.say("件", ""))
                }
            }
            li { (cx.say("短い言葉や、別の言い方でお試しください。", "Try a shorter word, or another.")) }
            li { a href=(cx.to("/glossary")) { (cx.say("用語の一覧から探す", "Look in the glossary")) } }
            li { a href=(cx.to("/registers")) { (cx.say("台帳の一覧から探す", "Look through the registers")) } }
        }
    }
}
