//! Doubtful cells: what was read with little confidence, beside the words it was read from, to confirm or to correct. Either makes a
//! new version of the row with a person as its source.

use axum::extract::Query;
use axum::response::Response;
use base::{Lang, Place, Source};
use maud::{Markup, html};
use register::{Record, Sight};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{By, Change, Stored};

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::work::edit::{load, must_be_allowed, path, reference};
use crate::work::originals;
use crate::work::posted::{Posted, see};

const ROW: &str = "follow-up-row";
/// Doubts of a page.
const PAGE: usize = 30;
/// Cells that hold a text which can be corrected here; others are corrected in the record's form.
const TEXTS: [&str; 5] = ["measure", "results", "plans", "heading", "goal"];

/// Where in the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: usize,
    done: String,
}

/// A doubt of a row.
pub(super) struct Doubtful {
    pub(super) row: Stored,
    /// Its place among the row's doubts.
    pub(super) at: usize,
    cell: String,
    confidence: Option<i64>,
    why: String,
    lines: String,
}

/// Every doubt the viewer may see and decide on, the least sure first.
pub(super) async fn doubtful(cx: &Cx) -> Result<Vec<Doubtful>, Failure> {
    let declared = cx.app.desk.registry().get(ROW).ok_or(Failure::NotFound)?;
    if !Sight::of(declared, &cx.viewer).may_create() {
        return Ok(Vec::new());
    }
    let mut found = cx
        .app
        .desk
        .read(&cx.viewer, |reading| {
            let mut found = Vec::new();
            reading.each(ROW, |row| found.extend(doubts(&row)))?;
            Ok(found)
        })
        .await?;
    found.sort_by_key(|doubt| doubt.confidence.unwrap_or(0));
    Ok(found)
}

fn doubts(row: &Stored) -> Vec<Doubtful> {
    let all = row.record.fields.get("doubts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text =
        |doubt: &Value, name: &str| doubt.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let doubt = |(at, doubt): (usize, &Value)| {
        let (cell, lines) = (text(doubt, "cell"), text(doubt, "lines"));
        Doubtful {
            at,
            confidence: doubt.get("confidence").and_then(Value::as_i64),
            why: text(doubt, "why"),
            lines: if lines.is_empty() { lines_of(&row.record, &cell) } else { lines },
            cell,
            row: row.clone(),
        }
    };
    all.iter().enumerate().map(doubt).collect()
}

/// The lines a cell was read from; those of the whole row where the doubt is about no single cell.
fn lines_of(row: &Record, cell: &str) -> String {
    let cells = row.fields.get("cells").and_then(Value::as_array);
    let read =
        cells.into_iter().flatten().find(|read| read.get("cell").and_then(Value::as_str) == Some(cell));
    let of_cell = read.and_then(|read| read.get("lines")?.as_str()).map(str::to_owned);
    of_cell.or_else(|| row.sources.first()?.place.lines.clone()).unwrap_or_default()
}

/// The doubtful cells.
pub(super) async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Html, Failure> {
    cx.needs_role(&["secretariat", "ministry"])?;
    let all = doubtful(&cx).await?;
    let mut cards = Vec::new();
    for doubt in all.iter().skip(asked.from).take(PAGE) {
        let document = doubt.row.record.sources.first().map_or("", |source| source.document.as_str());
        let original = originals::lines(&cx, document, &doubt.lines).await?;
        cards.push(card(&cx, doubt, document, &original));
    }
    let done = match asked.done.as_str() {
        "corrected" => Some(cx.say("修正を保存しました。", "Your correction is saved.")),
        "confirmed" => Some(cx.say("読み取りどおりと確認しました。", "Confirmed as read.")),
        _ => None,
    };
    let body = html! {
        @if let Some(done) = done { p.saved role="status" { (done) } }
        p.quiet { (all.len()) (cx.say("か所", " cells")) }
        @if all.is_empty() { p { (cx.say("確かめるセルはありません。", "Nothing to confirm.")) } }
        @for card in &cards { (card) }
        @if all.len() > asked.from + PAGE { p.acts { a rel="next" href=(cx.to(&format!("/cells?from={}", asked.from + PAGE))) { (cx.say("次のページ", "Next page")) } } }
    };
    let page = Page::new(cx.say("読み取りの確認", "Doubtful cells"), body).wide();
    Ok(page
        .below(cx.say("作業机", "Desk"), "/desk")
        .lead(cx.say(
            "機械の読み取りが確かでないセルです。原文と見比べて、確認するか直します。",
            "Cells a machine was not sure of. Compare them with the original, and confirm or correct them.",
        ))
        .show(&cx))
}

fn card(cx: &Cx, doubt: &Doubtful, document: &str, original: &[(u32, String)]) -> Markup {
    let record = &doubt.row.record;
    let id = format!("{}-{}", record.id, doubt.at);
    let text = record.text(&doubt.cell).unwrap_or_default();
    let label = cx
        .app
        .desk
        .registry()
        .get(ROW)
        .and_then(|declared| declared.fields.get(&doubt.cell))
        .map_or(cx.say("行の区切り", "where the row begins"), |field| field.label.get(cx.lang));
    let incomplete = record.read::<Vec<String>>("incomplete").unwrap_or_default().contains(&doubt.cell);
    html! {
        article.card aria-labelledby=(id) {
            h2 #(id) { a href=(cx.to(&path(&record.reference()))) { (record.text("measure").unwrap_or_default().chars().take(80).collect::<String>()) } }
            p { span.tag.caution { (label) @if let Some(sure) = doubt.confidence { " " (sure) "%" } } " " (in_language(&doubt.why, cx.lang))
                @if incomplete { " " span.tag.bad { (cx.say("本文に欠けあり", "text partly lost")) } } }
            form method="post" action=(cx.to("/cells")) {
                input type="hidden" name="record" value=(record.id);
                input type="hidden" name="version" value=(doubt.row.version);
                input type="hidden" name="doubt" value=(doubt.at);
                input type="hidden" name="cell" value=(doubt.cell);
                div.beside {
                    div {
                        p.label { (cx.say("原文", "Original")) " " (document) @if !doubt.lines.is_empty() { " L" (doubt.lines) } }
                        @if original.is_empty() { p.quiet { (cx.say("原文は手元にありません。「ファイルの取り込み」から同じファイルを読み取ると、ここに並びます。", "The original is not at hand. Read the same file through “Take files in”, and it stands here.")) } }
                        @else { div.theirs { @for (number, line) in original { p.pre { span.quiet { (number) } " " (line) } } } }
                        @for source in record.sources.iter().take(2) { (look::source(cx, source)) }
                    }
                    div {
                        @if TEXTS.contains(&doubt.cell.as_str()) {
                            label for={ "text-" (id) } { (label) }
                            textarea #{ "text-" (id) } name="text" { "\n" (text) }
                        } @else { p.label { (label) } p { a href=(cx.to(&format!("{}/edit", path(&record.reference())))) { (cx.say("記録の編集で直す", "Correct it in the record's form")) } } }
                    }
                }
                p.acts {
                    button name="verdict" value="confirm" { (cx.say("読み取りどおりで正しい", "It is right as read")) }
                    @if TEXTS.contains(&doubt.cell.as_str()) { button.second name="verdict" value="correct" { (cx.say("直した内容を保存", "Save my correction")) } }
                }
            }
        }
    }
}

/// The half of a reason that is in a language; the reading writes both, with a slash between.
fn in_language(why: &str, lang: Lang) -> &str {
    why.split_once(" / ").map_or(why, |(ja, en)| lang.pick(ja, en))
}

/// Confirms a cell, or corrects it.
pub(super) async fn decide(cx: Cx, posted: Posted) -> Result<Response, Failure> {
    let person = cx.person()?.clone();
    let loaded = load(&cx, &reference(ROW, posted.text("record"))?).await?;
    if posted.number("version") != loaded.whole.version {
        return Err(Failure::Conflict(base::Names::of(
            format!("ほかの人が先にこの行を変えました。入力：{}", posted.text("text")),
            format!("Somebody else has changed this row first. You typed: {}", posted.text("text")),
        )));
    }
    let before = loaded.whole.record;
    let cell = posted.text("cell");
    let corrected =
        (posted.text("verdict") == "correct" && TEXTS.contains(&cell)).then(|| posted.text("text"));
    let at =
        posted.text("doubt").parse().map_err(|_| Failure::bad("セルを選んでください", "Choose a cell"))?;
    let after = settled(&before, at, cell, corrected, &person.name, cx.today)?;
    must_be_allowed(&cx, Some(&before), Some(&after))?;
    let reason = if corrected.is_some() {
        format!("{cell} corrected from the original")
    } else {
        format!("{cell} confirmed as read")
    };
    cx.app
        .desk
        .write(
            By::now(person.name, reason),
            vec![Change::Put { record: after, expected: Some(loaded.whole.version) }],
        )
        .await?;
    Ok(see(&cx, if corrected.is_some() { "/cells?done=corrected" } else { "/cells?done=confirmed" }))
}

/// The row without the doubt, with what a person says of the cell.
fn settled(
    before: &Record,
    at: usize,
    cell: &str,
    corrected: Option<&str>,
    who: &str,
    on: jiff::civil::Date,
) -> Result<Record, Failure> {
    let mut row = before.clone();
    let mut doubts = before.read::<Vec<Value>>("doubts").unwrap_or_default();
    let here = doubts.get(at).is_some_and(|doubt| doubt.get("cell").and_then(Value::as_str) == Some(cell));
    if !here {
        return Err(Failure::NotFound);
    }
    let doubt = doubts.remove(at);
    row.set("doubts", (!doubts.is_empty()).then_some(doubts));
    if let Some(text) = corrected {
        if text.is_empty() {
            return Err(Failure::bad(
                "空にはできません。ない場合は記録の編集で理由を選んでください",
                "It cannot be emptied here; give a reason in the record's form",
            ));
        }
        row.set(cell, text);
        let mut incomplete = before.read::<Vec<String>>("incomplete").unwrap_or_default();
        incomplete.retain(|lost| lost != cell);
        row.set("incomplete", (!incomplete.is_empty()).then_some(json!(incomplete)));
    }
    let document = before.sources.first().map(|source| source.document.clone()).unwrap_or_default();
    let lines =
        doubt.get("lines").and_then(Value::as_str).filter(|lines| !lines.is_empty()).map(str::to_owned);
    let place = Place { lines, cell: Some(cell.to_owned()), ..Place::default() };
    row.sources.push(Source {
        place,
        said_by: Some(who.to_owned()),
        on: Some(on),
        ..Source::document(document)
    });
    Ok(row)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;

    use crate::work::testing::{Site, person, row};

    #[tokio::test]
    async fn a_corrected_cell_is_a_new_version_said_by_the_person_and_can_be_undone() {
        let mut doubtful = row("fy2024.a", "施策", &["厚生労働省"]);
        doubtful.set(
            "doubts",
            json!([{ "cell": "results", "confidence": 41, "why": "「を進」: plans?", "lines": "3" }]),
        );
        doubtful.set("incomplete", json!(["results", "plans"]));
        let site = Site::of(vec![doubtful]).await;
        let office = person("事務局", &["内閣府"], &["secretariat"]);
        assert!(site.get(&office, "/cells").await.text.contains("41%"));
        let sent = [
            ("record", "fy2024.a"),
            ("version", "1"),
            ("doubt", "0"),
            ("cell", "results"),
            ("text", "3件を支援。"),
            ("verdict", "correct"),
        ];
        assert_eq!(
            site.post(&person("佐藤", &["厚生労働省"], &["ministry"]), "/cells", &sent).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(site.post(&office, "/cells", &sent).await.status, StatusCode::SEE_OTHER);
        let after = &site.records("follow-up-row").await[0];
        assert_eq!((after.text("results"), after.fields.get("doubts")), (Some("3件を支援。"), None));
        assert_eq!(after.fields["incomplete"], json!(["plans"]));
        assert_eq!(after.sources.last().unwrap().said_by.as_deref(), Some("事務局"));
        let again = site.post(&office, "/cells", &sent).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "the row has changed");
        assert_eq!(
            site.post(&office, "/registers/follow-up-row/fy2024.a/undo", &[("to_version", "1")]).await.status,
            StatusCode::SEE_OTHER
        );
        assert!(site.records("follow-up-row").await[0].fields.contains_key("doubts"));
    }
}
