//! The desk of a person: what waits for them. Rows of the open round, joins and cells to decide, terms that run out, drafts that were not
//! saved, comments to them, and what they changed last.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Names;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use register::{Sight, clock};
use store::Entry;

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::work::edit::{path, title};
use crate::work::round::{Waiting, days, waiting};
use crate::work::{cells, changes, comments, drafts, joins};

/// Clocks shown with more days left are not yet of interest. Configuration without a source.
const SOON: i32 = 400;
/// Items of a list on the desk.
const FEW: usize = 10;

/// A term of a record that the viewer may change.
struct Term {
    title: String,
    path: String,
    register: Names,
    clock: String,
    last_day: Date,
    days_left: i32,
}

/// The desk.
pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let person = cx.person()?.clone();
    let takes_part = ["secretariat", "ministry"].iter().any(|role| cx.viewer.has(role));
    let rows = if takes_part { waiting(&cx).await? } else { Vec::new() };
    let terms = terms(&cx).await?;
    let drafts = drafts::all(&cx).await?;
    let comments = comments::to_me(&cx, FEW).await?;
    let mine = changes::of_person(&cx, &person.name, FEW).await?;
    let plan = cx.app.desk.plan().await?;
    let may_decide = cx
        .app
        .desk
        .registry()
        .get("join-decision")
        .is_some_and(|declared| Sight::of(declared, &cx.viewer).may_create());
    let open_joins = if may_decide { joins::undecided(&plan, &joins::decisions(&cx).await?) } else { 0 };
    let doubts = if takes_part { cells::doubtful(&cx).await?.len() } else { 0 };
    let body = html! {
        (ways(&cx, takes_part))
        (round(&cx, &rows))
        @if open_joins + doubts > 0 {
            h2 { (cx.say("判断を待つもの", "To decide")) }
            ul.waiting {
                @if open_joins > 0 { li { a href=(cx.to("/joins")) { (cx.say("推定された事業とゴールの結び付き", "Suggested joins of programmes and goals")) } " " span.tag { (open_joins) } } }
                @if doubts > 0 { li { a href=(cx.to("/cells")) { (cx.say("読み取りが確かでないセル", "Cells read with little confidence")) } " " span.tag { (doubts) } } }
            }
        }
        (terms_list(&cx, &terms))
        @if !drafts.is_empty() {
            h2 { (cx.say("保存していない下書き", "Drafts not saved")) }
            ul.waiting { @for draft in drafts.iter().take(30) { li {
                @let form = draft.place.starts_with("/registers/");
                a href=(cx.to(&if form { format!("{}?draft=1", draft.place) } else { draft.place.clone() })) { (draft.about) } " " (look::when(draft.at))
            } } }
        }
        @if !comments.is_empty() {
            h2 { (cx.say("自分へのコメント", "Comments to me")) }
            ul.waiting { @for comment in &comments { li {
                strong { (comment.name) } " " (look::when(comment.at)) " "
                @if let Ok(record) = comment.record.parse() { a href=(cx.to(&format!("{}/comments", path(&record)))) { (comment.record) } }
                p.pre { (comment.text.chars().take(200).collect::<String>()) }
            } } }
        }
        h2 { (cx.say("自分の最近の変更", "What I changed last")) }
        @if mine.is_empty() { p.quiet { (cx.say("まだありません。", "Nothing yet.")) } } @else { (changes::table(&cx, &mine)) }
    };
    let page = Page::new(cx.say("作業机", "Desk"), body)
        .feed(cx.say("期限のお知らせ", "Reminders"), "/desk/reminders.atom");
    Ok(page.lead(cx.say("あなたを待っていること。", "What waits for you.")).show(&cx))
}

fn ways(cx: &Cx, takes_part: bool) -> Markup {
    html! {
        p.acts {
            @if takes_part {
                a.button.second href=(cx.to("/round")) { (cx.say("照会", "Rounds")) }
                a.button.second href=(cx.to("/intake")) { (cx.say("ファイルの取り込み", "Take files in")) }
            }
            a.button.second href=(cx.to("/changes")) { (cx.say("変更の記録", "Who changed what")) }
            @if cx.person.as_ref().is_some_and(|person| person.administrator) { a.button.second href=(cx.to("/people")) { (cx.say("利用者の管理", "People")) } }
        }
    }
}

fn round(cx: &Cx, rows: &[Waiting]) -> Markup {
    html! {
        @if !rows.is_empty() {
            h2 { (cx.say("照会", "The yearly round")) }
            ul.waiting { @for waiting in rows { li {
                a href=(cx.to(&waiting.path)) { (match cx.lang { base::Lang::Ja => waiting.year.japanese(), base::Lang::En => waiting.year.to_string() }) " " (waiting.standing.ministry.get(cx.lang)) }
                " " (waiting.standing.open.len()) (cx.say("行が未回答", " rows to answer"))
                @if let Some(left) = waiting.days_left { " " (days(cx, left)) }
            } } }
        }
    }
}

fn terms_list(cx: &Cx, terms: &[Term]) -> Markup {
    html! {
        @if !terms.is_empty() {
            h2 { (cx.say("期限", "Terms")) }
            p.quiet { (cx.say("営業日の期限は土日だけを除いて数えています（祝日は数えません）。", "Business days are counted without weekends only; holidays are not known.")) " " a href=(cx.to("/desk/reminders.atom")) { (cx.say("フィード", "Feed")) } }
            ul.waiting { @for term in terms.iter().take(50) { li {
                (days(cx, term.days_left)) " " (term.last_day) " " a href=(cx.to(&term.path)) { (term.title) } " " span.quiet { (term.register.get(cx.lang)) " · " (term.clock) }
            } } }
        }
    }
}

/// The running clocks of records that the viewer may change, the most urgent first.
async fn terms(cx: &Cx) -> Result<Vec<Term>, Failure> {
    let (today, lang) = (cx.today, cx.lang);
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            let mut terms = Vec::new();
            for declaration in reading.declarations().filter(|declared| !declared.clocks.is_empty()) {
                let mut records = Vec::new();
                reading.each(declaration.id.as_str(), |seen| records.push(seen.record))?;
                let sight = reading.sight(declaration);
                for record in records.iter().filter(|record| sight.may_change(record)) {
                    let states = states(&reading.history(&record.reference())?);
                    for running in clock::running(declaration, record, &states, today, |_| false) {
                        terms.push(Term {
                            title: title(declaration, record, lang),
                            path: path(&record.reference()),
                            register: declaration.name.clone(),
                            clock: running.clock,
                            last_day: running.last_day,
                            days_left: running.days_left,
                        });
                    }
                }
            }
            terms.retain(|term| term.days_left <= SOON);
            terms.sort_by_key(|term| term.last_day);
            Ok(terms)
        })
        .await
}

/// The states a record has been in, each with the day it was entered.
fn states(history: &[Entry]) -> Vec<(String, Date)> {
    let mut states: Vec<(String, Date)> = Vec::new();
    for entry in history {
        let state = entry.record.as_ref().and_then(|record| record.state.clone()).unwrap_or_default();
        if states.last().is_none_or(|(last, _)| *last != state) {
            states.push((state, crate::cx::day_in_japan(entry.at)));
        }
    }
    states
}

/// Terms that run out, as a feed: for a session, or for a reader of feeds with a token.
pub(super) async fn reminders(cx: Cx) -> Result<Response, Failure> {
    cx.person()?;
    let terms = terms(&cx).await?;
    let updated = cx.now;
    let here = cx.whole("/desk/reminders.atom");
    let feed = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>"))
        feed xmlns="http://www.w3.org/2005/Atom" {
            title { (cx.say("期限のお知らせ – 標", "Reminders – Shirube")) }
            id { (here) }
            updated { (updated) }
            author { name { "Shirube" } }
            @for term in &terms {
                entry {
                    title { (term.last_day) " " (term.title) " (" (term.register.get(cx.lang)) ")" }
                    id { (cx.whole(&term.path)) "#" (term.clock) "-" (term.last_day) }
                    updated { (updated) }
                    // Written by hand: the page's own element of this name has no end.
                    (PreEscaped(format!("<link href=\"{}\"/>", report::html::escape(&cx.whole(&term.path)))))
                    summary { (term.clock) ": " (term.days_left) (cx.say("日", " days left")) }
                }
            }
        }
    };
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], feed.into_string()).into_response())
}
