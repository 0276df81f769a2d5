//! The desk of a person: what waits for them. Rows of the open round, joins and cells to decide, terms that run out, drafts that were not
//! saved, comments to them, and what they changed last.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Names;
use jiff::civil::Date;
use jiff::tz::Offset;
use maud::{Markup, html};
use register::{Sight, clock};
use store::Entry;

use crate::api::tokens;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::public::atom::{Feed, Item};
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
    label: Names,
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
                (days(cx, term.days_left)) " " (term.last_day) " " a href=(cx.to(&term.path)) { (term.title) } " " span.quiet { (term.register.get(cx.lang)) " · " (term.label.get(cx.lang)) }
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
                            label: running.label,
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

/// Terms that run out, as a feed: for a session, or for a reader of feeds with a token. It is news once a day.
pub(super) async fn reminders(cx: Cx) -> Result<Response, Failure> {
    cx.person()?;
    tokens::reads_all(&cx)?;
    let terms = terms(&cx).await?;
    let midnight = Offset::constant(9).to_timestamp(cx.today.at(0, 0, 0, 0)).map_err(Failure::broken)?;
    let entry = |term: &Term| {
        let days = cx.lang.pick("日", " days left");
        let page = cx.whole(&term.path);
        Item {
            id: format!("{page}#{}-{}", term.clock, term.last_day),
            title: format!(
                "{} {}{}",
                term.last_day,
                term.title,
                report::words::bracketed(term.register.get(cx.lang), cx.lang)
            ),
            page,
            updated: midnight,
            summary: format!("{}: {}{days}", term.label.get(cx.lang), term.days_left),
            category: ("reminder".to_owned(), cx.say("期限", "Term").to_owned()),
        }
    };
    let here = cx.whole("/desk/reminders.atom");
    let feed = Feed {
        id: here.clone(),
        title: cx.say("期限のお知らせ – 標 Shirube", "Reminders – Shirube").to_owned(),
        here,
        page: cx.whole("/desk"),
        lang: cx.lang.pick("ja", "en"),
        entries: terms.iter().map(entry).collect(),
    };
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], feed.written().map_err(Failure::broken)?).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use base::Source;
    use jiff::{Span, Timestamp};
    use register::Record;

    use crate::people::Person;
    use crate::work::testing::{Site, person, row};

    fn office() -> Person {
        person("事務局", &["内閣府"], &["secretariat"])
    }

    /// A generation of the plan that is looked at again within five years, some days from now.
    fn generation(id: &str, days_left: i64) -> Record {
        let today = crate::cx::day_in_japan(Timestamp::now());
        let decided = today + Span::new().days(days_left) - Span::new().years(5);
        let mut record =
            Record::new("plan-generation".parse().unwrap(), id.parse().unwrap(), Source::document("001"));
        record.set("name", serde_json::json!({ "ja": format!("計画{id}\u{8}"), "en": format!("plan {id}") }));
        record.set("ordinal", 2).set("status", "decided").set("decided_on", decided.to_string());
        record
    }

    #[tokio::test]
    async fn the_desk_shows_what_waits_for_a_person_and_nothing_of_others() {
        let mut doubtful = row("fy2024.a", "施策", &["厚生労働省"]);
        let doubt = serde_json::json!([{ "cell": "results", "confidence": 41, "why": "?", "lines": "3" }]);
        doubtful.set("doubts", doubt);
        let site = Site::of(vec![doubtful, generation("g1", 30), generation("g2", -3)]).await;
        let desk = site.get(&office(), "/desk").await;
        assert_eq!(desk.status, StatusCode::OK);
        for waits in ["Cells read with little confidence", "plan g1", "plan g2", "Nothing yet."] {
            assert!(desk.text.contains(waits), "{waits}: {}", desk.text);
        }
        assert!(desk.text.find("plan g2") < desk.text.find("plan g1"), "the most urgent comes first");
        let company = person("会社員", &["organisation:acme"], &[]);
        let desk = site.get(&company, "/desk").await;
        assert_eq!(desk.status, StatusCode::OK);
        for others in ["Cells read", "plan g1", "Take files in"] {
            assert!(!desk.text.contains(others), "{others}");
        }
        assert_eq!(site.get_unknown("/desk").await.status, StatusCode::SEE_OTHER);
    }

    #[tokio::test]
    async fn a_change_and_an_unsaved_draft_stand_on_the_desk_of_who_made_them() {
        let site = Site::of(vec![generation("g1", 30)]).await;
        let edit = "/registers/plan-generation/g1";
        let typed = [("version", "1"), ("has:ordinal", "1"), ("f:ordinal", "3"), ("reason", "訂正")];
        site.post(&office(), &format!("{edit}/draft"), &typed).await;
        assert!(site.get(&office(), "/desk").await.text.contains("g1/edit?draft=1"));
        let saved = site.post(&office(), &format!("{edit}/edit"), &typed).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let desk = site.get(&office(), "/desk").await.text;
        assert!(!desk.contains("?draft=1") && desk.contains("訂正"), "{desk}");
    }

    #[tokio::test]
    async fn reminders_are_a_feed_that_every_reader_can_read_and_that_is_news_once_a_day() {
        let site = Site::of(vec![generation("g1", 30), generation("far", 900)]).await;
        let feed = site.get(&office(), "/desk/reminders.atom").await.text;
        assert!(
            feed.contains("plan g1") && feed.contains("30 days left") && !feed.contains("plan far"),
            "{feed}"
        );
        assert!(feed.chars().all(|c| !c.is_control() || c == '\n'), "XML allows no control characters");
        let mut reader = quick_xml::Reader::from_str(&feed);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        assert_eq!(feed, site.get(&office(), "/desk/reminders.atom").await.text);
        let company = person("会社員", &["organisation:acme"], &[]);
        assert!(!site.get(&company, "/desk/reminders.atom").await.text.contains("plan g1"));
        assert_eq!(site.get_unknown("/desk/reminders.atom").await.status, StatusCode::SEE_OTHER);
    }
}
