//! A finding: what the match rests on, what the maker makes of it (JIS T 81001-5-1, 9.4), and telling the users on record.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use register::{Record, Sight};
use store::{By, Change, Stored};

use super::marks::{self, Marks};
use super::{duty, kept, statements};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, values};
use crate::work::posted::{Posted, see};

const REGISTER: &str = "vulnerability-finding";
/// What people write of a finding, in the order of the form.
const WRITTEN: [&str; 7] =
    ["reason", "technical_context", "versions_affected", "root_cause", "related", "safety_impact", "action"];
/// The longest of these, in characters.
const LONGEST: usize = 10_000;

/// A finding, its product and the users who may be told.
struct Held {
    finding: Stored,
    product: Option<Record>,
    users: Vec<Record>,
    statements: Vec<Record>,
}

pub(super) async fn page(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    let held = held(&cx, &id).await?;
    let finding = &held.finding.record;
    let may_change = kept::may_change(&cx, finding);
    let marks = marks::of_findings(&cx, std::slice::from_ref(&held.finding)).await?;
    let body = html! {
        p { (kept::grade(&cx, finding)) " " (kept::verdict(&cx, finding)) " " span.tag { (cx.say("判断：", "decision: ")) (kept::state(&cx, finding)) } }
        (facts(&cx, finding, &marks))
        (duty::of_finding(&cx, finding, held.product.as_ref()))
        (statements::of_finding(&cx, finding, &held.statements))
        @if may_change {
            (form(&cx, &held.finding))
            (telling(&cx, &held))
        } @else { (said(&cx, finding)) }
        p.acts { a.button.second href=(cx.to(&values::path(&finding.reference()))) { (cx.say("記録と履歴", "Record and history")) } }
    };
    let mut page = Page::new(kept::text(finding, "title"), body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber");
    if let Some(product) = &held.product {
        let name = format!("{} {}", kept::text(product, "name"), kept::text(product, "version"));
        page = page.below(name, format!("/cyber/products/{}", escaped(product.id.as_str())));
    }
    Ok(page.show(&cx))
}

/// Keeps what the maker makes of a finding.
pub(super) async fn triage(cx: Cx, Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let held = held(&cx, &id).await?;
    let before = held.finding.record;
    let mut after = before.clone();
    for field in WRITTEN {
        let text = posted.text(field);
        if text.chars().count() > LONGEST {
            return Err(Failure::bad("長すぎます", "Too long"));
        }
        after.set(field, (!text.is_empty()).then_some(text));
    }
    let state = posted.text("state");
    if !state.is_empty() {
        after.state = Some(state.to_owned());
    }
    if after.state.as_deref() == Some("not-affected") && after.text("reason").is_none() {
        return Err(Failure::bad(
            "「影響なし」とするには理由を書いてください",
            "To say “not affected”, give the reason",
        ));
    }
    must_be_allowed(&cx, &before, &after)?;
    let change = Change::Put { record: after, expected: Some(posted.number("version")) };
    cx.app.desk.write(By::now(&cx.person()?.name, "指摘の評価"), vec![change]).await?;
    Ok(see(&cx, &format!("/cyber/findings/{}", escaped(&id))))
}

/// Tells the users on record: a notice for each, which they alone see.
pub(super) async fn tell(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    let held = held(&cx, &id).await?;
    let before = held.finding.record;
    let Some(action) = before.text("action") else {
        return Err(Failure::bad(
            "「使用者が行うこと」を先に書いてください",
            "First write what users are to do",
        ));
    };
    if held.users.is_empty() {
        return Err(Failure::bad("使用者の記録がありません", "There are no users on record"));
    }
    let by = cx.person()?.name.clone();
    let mut after = before.clone();
    after.set("told_on", cx.today.to_string());
    must_be_allowed(&cx, &before, &after)?;
    let mut changes = vec![Change::Put { record: after, expected: Some(held.finding.version) }];
    for using in &held.users {
        let id = kept::id_of("n", &[before.id.as_str(), using.id.as_str()]);
        let advisory = kept::text(&before, "advisory");
        let mut notice = kept::made("advisory-notice", &id, advisory, &by, cx.today)?;
        notice.set("holder", before.text("holder")).set("user", using.fields.get("user"));
        let device = kept::text(using, "name");
        notice.set("title", format!("{device}：{advisory}")).set("device", device).set("advisory", advisory);
        notice.set("grade", kept::chosen(&cx, &before, "grade")).set("action", action);
        notice.set("effect", before.text("safety_impact")).set("told_on", cx.today.to_string());
        changes.push(Change::from(notice));
    }
    cx.app.desk.write(By::now(by, "使用者への通知"), changes).await?;
    Ok(see(&cx, &format!("/cyber/findings/{}", escaped(&id))))
}

async fn held(cx: &Cx, id: &str) -> Result<Held, Failure> {
    cx.person()?;
    let reference = kept::reference(REGISTER, id)?;
    let held = cx.app.desk.read(&cx.viewer, move |reading| {
        let finding = reading.must_get(&reference)?;
        let product = kept::text(&finding.record, "product").parse().ok();
        let product = product.map(|product| reading.get(&product)).transpose()?.flatten();
        let users = product.as_ref().map(|product| kept::of_product(reading, "device-use", &product.record));
        let users = users.transpose()?.unwrap_or_default();
        let stated =
            product.as_ref().map(|product| kept::of_product(reading, "vex-statement", &product.record));
        let stated = stated.transpose()?.unwrap_or_default();
        Ok(Held {
            product: product.map(|product| product.record),
            users: users.into_iter().map(|seen| seen.record).collect(),
            statements: stated.into_iter().map(|seen| seen.record).collect(),
            finding,
        })
    });
    held.await
}

fn must_be_allowed(cx: &Cx, before: &Record, after: &Record) -> Result<(), Failure> {
    let declaration = cx.app.desk.registry().get(REGISTER).ok_or(Failure::NotFound)?;
    let denied = Sight::of(declaration, &cx.viewer).denied(Some(before), Some(after));
    if denied.is_empty() { Ok(()) } else { Err(Failure::Denied) }
}

fn facts(cx: &Cx, finding: &Record, marks: &[Marks]) -> Markup {
    let why: Option<base::Names> = finding.read("why");
    let label = |field: &str| kept::label(cx, REGISTER, field);
    html! {
        dl.facts {
            div { dt { (label("advisory")) } dd { a href=(cx.to(&format!("/cyber/advisories/{}", escaped(kept::text(finding, "advisory"))))) { (kept::text(finding, "advisory")) }
                @for alias in finding.read::<Vec<String>>("aliases").unwrap_or_default() { " " span.quiet { (alias) } } } }
            div { dt { (label("component")) } dd { code { (kept::text(finding, "component")) } } }
            div { dt { (label("why")) } dd { (why.as_ref().map_or("", |why| why.get(cx.lang))) } }
            div { dt { (label("severity")) } dd { @if let Some(published) = finding.text("severity") { (severities(cx, published)) } @else { (cx.say("公表されていない", "not published")) } } }
            @for marks in marks { (marks::facts(cx, marks)) }
            @if let Some(summary) = finding.text("summary") { div { dt { (label("summary")) } dd { (summary) } } }
            div { dt { (label("found_on")) } dd { (kept::text(finding, "found_on")) } }
            @for field in ["gone_on", "cleared_on"] { @if let Some(day) = finding.text(field) { div { dt { (label(field)) } dd { (day) } } } }
        }
    }
}

/// Each severity as published, with the score that its vector gives.
fn severities(cx: &Cx, published: &str) -> Markup {
    let notation = |text: &str| match text {
        text if text.starts_with("CVSS:4") => "CVSS_V4",
        text if text.starts_with("CVSS:3") => "CVSS_V3",
        _ => "CVSS_V2",
    };
    html! { @for (at, text) in published.split("; ").enumerate() {
        @if at > 0 { br; }
        @if let Ok(scored) = cyber::severity::read(notation(text), text) { span.tag { (scored.word.names().get(cx.lang)) " " (scored.score) } " " }
        (text)
    } }
}

fn form(cx: &Cx, finding: &Stored) -> Markup {
    let record = &finding.record;
    let declaration = cx.app.desk.registry().get(REGISTER);
    let states = declaration.map(|declaration| &declaration.states);
    let now = record.state.as_deref().unwrap_or_default();
    html! {
        h2 { (cx.say("評価", "Evaluation")) }
        form method="post" action=(cx.to(&format!("/cyber/findings/{}", escaped(record.id.as_str())))) {
            input type="hidden" name="version" value=(finding.version);
            div.field {
                label for="state" { (cx.say("判断", "Decision")) }
                select #state name="state" {
                    @for (state, declared) in states.into_iter().flatten() {
                        @if state == now || declaration.is_some_and(|declared| declared.may_move(now, state)) {
                            option value=(state) selected[state == now] { (declared.label.get(cx.lang)) }
                        }
                    }
                }
            }
            @for field in WRITTEN { div.field {
                label for=(field) { (kept::label(cx, REGISTER, field)) }
                @let help = declaration.and_then(|declared| declared.fields.get(field)).and_then(|field| field.help.as_ref());
                @if let Some(help) = help { p.help { (help.get(cx.lang)) } }
                textarea.short id=(field) name=(field) { (kept::text(record, field)) }
            } }
            button { (cx.say("保存する", "Save")) }
        }
    }
}

fn telling(cx: &Cx, held: &Held) -> Markup {
    let finding = &held.finding.record;
    html! {
        h2 { (cx.say("使用者に知らせる", "Tell the users")) }
        @if let Some(day) = finding.text("told_on") { p.saved { (cx.say("知らせた日：", "Told on ")) (day) } }
        @if held.users.is_empty() {
            p { (cx.say("使用者の記録がありません。", "There are no users on record.")) " " a href=(cx.to("/registers/device-use/new")) { (cx.say("使用者を加える", "Add a user")) } }
        } @else if finding.text("action").is_none() {
            p { (cx.say("「使用者が行うこと」を書いて保存すると、知らせられます。", "Write what users are to do and save; then you can tell them.")) }
        } @else {
            p { (cx.say("使用者の数：", "Users on record: ")) (held.users.len()) (cx.say("。それぞれに「行うこと」と「影響」だけが届きます。SBOMと評価の内容は届きません。", ". Each gets what to do and the effect, not the bill nor the evaluation.")) }
            form method="post" action=(cx.to(&format!("/cyber/findings/{}/tell", escaped(finding.id.as_str())))) { button { @if finding.text("told_on").is_some() { (cx.say("もう一度知らせる", "Tell them again")) } @else { (cx.say("知らせる", "Tell them")) } } }
        }
    }
}

/// What the maker has made of it, for those it is shown to.
fn said(cx: &Cx, finding: &Record) -> Markup {
    html! {
        h2 { (cx.say("評価", "Evaluation")) }
        dl.facts { @for field in WRITTEN { @if let Some(text) = finding.text(field) { div { dt { (kept::label(cx, REGISTER, field)) } dd.pre { (text) } } } } }
        @if WRITTEN.iter().all(|field| finding.text(field).is_none()) { p.quiet { (cx.say("まだ何も書かれていません。", "Nothing is written yet.")) } }
    }
}
