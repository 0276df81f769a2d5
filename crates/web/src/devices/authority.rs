//! An authority's view: the files that makers have shown it and how far their review has come. The review is a proposal (構想) and binds
//! nobody; every page says so. What was not shown is not counted either.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use register::{FieldType, Sight};
use report::Severity;
use store::{By, Change, Stored};

use super::kept;
use super::product::counts;
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page, values};
use crate::work::posted::{Posted, see};

const FILE: &str = "premarket-file";

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    cx.person()?;
    let (files, products) = cx
        .app
        .desk
        .read(&cx.viewer, |reading| Ok((kept::all(reading, FILE)?, kept::all(reading, "device-product")?)))
        .await?;
    let shown: Vec<&Stored> = files
        .iter()
        .filter(|seen| seen.record.state.as_deref() != Some("draft") && !is_own(&cx, seen))
        .collect();
    let others: Vec<&Stored> = products.iter().filter(|seen| !is_own(&cx, seen)).collect();
    let body = html! {
        (look::note(&cx, Severity::Caution, &html! { " " (cx.say(
            "構想：行政による確認の仕組みはまだありません。ここでの確認は試行で、何も拘束しません。",
            "Proposal: no such confirmation by an authority exists. A review here is practice and binds nobody.",
        )) }))
        h2 { (cx.say("示されたファイル（構想）", "Files shown to you (proposal)")) " " span.tag { (shown.len()) } }
        @if shown.is_empty() {
            p { (cx.say("示されたファイルはありません。製造販売業者が「開示先」にあなたの組織を書くと、ここに現れます。", "No file was shown to you. It appears here when a maker names your organisation in “shown to”.")) }
        } @else { @for seen in &shown { (file(&cx, seen)) } }
        h2 { (cx.say("示された製品", "Products shown to you")) " " span.tag { (others.len()) } }
        @if others.is_empty() { p.quiet { (cx.say("ありません。", "None.")) } } @else {
            ul.waiting { @for seen in &others { li {
                a href=(cx.to(&format!("/cyber/products/{}", escaped(seen.record.id.as_str())))) { (kept::text(&seen.record, "name")) " " (kept::text(&seen.record, "version")) }
                " " span.tag { (kept::state(&cx, &seen.record)) }
            } } }
        }
        p { a href=(cx.to("/cyber/advisories")) { (cx.say("脆弱性情報ごとに、示された製品への影響を見る", "By advisory: which of the products shown to you it reaches")) } }
    };
    Ok(Page::new(
        cx.say("市販前・市販後の確認（構想）", "Review before and after marketing (proposal)"),
        body,
    )
    .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
    .show(&cx))
}

/// Keeps how far a review has come.
pub(super) async fn review(cx: Cx, Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let name = cx.person()?.name.clone();
    let reference = kept::reference(FILE, &id)?;
    let before = cx.app.desk.read(&cx.viewer, move |reading| reading.must_get(&reference)).await?;
    let mut after = before.record.clone();
    let state = posted.text("review");
    after.set("review", (!state.is_empty()).then_some(state));
    let note: String = posted.text("note").chars().take(5000).collect();
    after.set("review_note", (!note.is_empty()).then_some(note));
    after.set("reviewed_on", (state == "reviewed").then(|| cx.today.to_string()));
    let declaration = cx.app.desk.registry().get(FILE).ok_or(Failure::NotFound)?;
    if !Sight::of(declaration, &cx.viewer).denied(Some(&before.record), Some(&after)).is_empty() {
        return Err(Failure::Denied);
    }
    let change = Change::Put { record: after, expected: Some(posted.number("version")) };
    cx.app.desk.write(By::now(name, "確認（構想）"), vec![change]).await?;
    Ok(see(&cx, "/cyber/authority"))
}

fn file(cx: &Cx, seen: &Stored) -> Markup {
    let record = &seen.record;
    let declared = cx.app.desk.registry().get(FILE);
    let may =
        declared.is_some_and(|declared| Sight::of(declared, &cx.viewer).may_change_field(record, "review"));
    let options = declared.and_then(|declared| declared.fields.get("review")).map(|field| &field.kind);
    html! {
        article.card {
            h3 { a href=(cx.to(&values::path(&record.reference()))) { (kept::text(record, "title")) } }
            p { span.tag { (kept::state(cx, record)) } " " @if record.text("review").is_some() { span.tag { (kept::chosen(cx, record, "review")) } } @else { span.tag.caution { (cx.say("未着手（構想）", "not begun (proposal)")) } } }
            p { (counts(cx, record)) }
            @if record.text("sha256").is_some() { p { a href=(cx.to(&format!("/cyber/files/{}/changes", escaped(record.id.as_str())))) { (cx.say("前回の提出からの変更を見る", "What changed since the last submission")) } } }
            @if may { form method="post" action=(cx.to(&format!("/cyber/authority/{}", escaped(record.id.as_str())))) {
                input type="hidden" name="version" value=(seen.version);
                @let (state, note) = (format!("review-{}", record.id), format!("note-{}", record.id));
                div.field { label for=(state) { (kept::label(cx, FILE, "review")) } select id=(state) name="review" {
                    option value="" { (cx.say("未着手（構想）", "not begun (proposal)")) }
                    @if let Some(FieldType::Choice { options }) = options { @for (value, names) in options {
                        option value=(value) selected[kept::text(record, "review") == value] { (names.get(cx.lang)) }
                    } }
                } }
                div.field { label for=(note) { (kept::label(cx, FILE, "review_note")) } textarea.short id=(note) name="note" { (kept::text(record, "review_note")) } }
                button.second { (cx.say("記録する", "Record it")) }
            } } @else if let Some(note) = record.text("review_note") { p.pre { (note) } }
        }
    }
}

fn is_own(cx: &Cx, seen: &Stored) -> bool {
    seen.record.text("holder").is_some_and(|holder| cx.viewer.organisations.contains(holder))
}
