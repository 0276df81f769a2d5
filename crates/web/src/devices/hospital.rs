//! A user of devices: which they use as far as makers have them on record, what they were told, and what they have done about it.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use register::{FieldType, Record, Sight};
use store::{By, Change, Stored};

use super::kept;
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, values};
use crate::work::posted::{Posted, see};

const NOTICE: &str = "advisory-notice";

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    cx.person()?;
    let (uses, mut notices) = cx
        .app
        .desk
        .read(&cx.viewer, |reading| Ok((kept::all(reading, "device-use")?, kept::all(reading, NOTICE)?)))
        .await?;
    let is_mine = |seen: &Stored| is_user(&cx, &seen.record);
    let uses: Vec<Stored> = uses.into_iter().filter(is_mine).collect();
    notices.retain(is_mine);
    notices.sort_by_key(|seen| std::cmp::Reverse(key(&seen.record)));
    let open = notices.iter().filter(|seen| seen.record.text("done_on").is_none()).count();
    let body = html! {
        h2 { (cx.say("知らされたこと", "What you were told")) " " span.tag { (cx.say("対応待ち ", "to do ")) (open) } }
        @if notices.is_empty() {
            p { (cx.say("あなたの組織あての通知はまだありません。使用する機器の製造販売業者に、使用者として記録されているか確かめてください。", "No notice for your organisation yet. Ask the makers of your devices whether they have you on record as a user.")) }
        } @else { @for seen in &notices { (notice(&cx, seen)) } }
        h2 { (cx.say("使用者として記録された機器", "Devices you are on record for")) }
        @if uses.is_empty() { p.quiet { (cx.say("まだありません。", "None yet.")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(cx.say("機器", "Devices")) { table.records {
                thead { tr { th scope="col" { (cx.say("機器", "Device")) } th scope="col" { (cx.say("サポート", "Support")) } th scope="col" { "EOL" } th scope="col" { "EOS" } th scope="col" { (cx.say("連絡先", "Contact")) } } }
                tbody { @for seen in &uses { tr {
                    th scope="row" { a href=(cx.to(&values::path(&seen.record.reference()))) { (kept::text(&seen.record, "name")) } }
                    @for field in ["support", "eol_on", "eos_on", "contact"] { td { (seen.record.text(field).unwrap_or(cx.say("知らされていない", "not told"))) } }
                } } }
            } }
        }
    };
    Ok(Page::new(cx.say("使用者への通知", "Notices to users"), body)
        .lead(cx.say(
            "あなたの組織が使う機器と、製造販売業者から知らされたこと。",
            "The devices your organisation uses, and what their makers told you.",
        ))
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .feed(cx.say("使用者への通知", "Notices to users"), "/registers/advisory-notice/feed.atom")
        .show(&cx))
}

/// Keeps what the user did.
pub(super) async fn answer(cx: Cx, Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let name = cx.person()?.name.clone();
    let reference = kept::reference(NOTICE, &id)?;
    let before = cx.app.desk.read(&cx.viewer, move |reading| reading.must_get(&reference)).await?;
    let mut after = before.record.clone();
    let text: String = posted.text("answer").chars().take(2000).collect();
    after.set("answer", (!text.is_empty()).then_some(text));
    after.set("done_on", (posted.text("done") == "yes").then(|| cx.today.to_string()));
    let declaration = cx.app.desk.registry().get(NOTICE).ok_or(Failure::NotFound)?;
    if !Sight::of(declaration, &cx.viewer).denied(Some(&before.record), Some(&after)).is_empty() {
        return Err(Failure::Denied);
    }
    let change = Change::Put { record: after, expected: Some(posted.number("version")) };
    cx.app.desk.write(By::now(name, "通知への返答"), vec![change]).await?;
    Ok(see(&cx, "/cyber/hospital"))
}

fn notice(cx: &Cx, seen: &Stored) -> Markup {
    let record = &seen.record;
    let done = record.text("done_on");
    html! {
        article.card {
            h3 { (kept::text(record, "title")) }
            p { span.tag { (grade(cx, record)) } " " (kept::text(record, "told_on"))
                @if let Some(day) = done { " " span.tag.good { (cx.say("対応済み ", "done ")) (day) } } @else { " " span.tag.caution { (cx.say("対応待ち", "to do")) } } }
            @if let Some(effect) = record.text("effect") { p { strong { (cx.say("影響：", "Effect: ")) } (effect) } }
            p.pre { strong { (cx.say("行うこと：", "What to do: ")) } (kept::text(record, "action")) }
            form method="post" action=(cx.to(&format!("/cyber/hospital/{}", escaped(record.id.as_str())))) {
                input type="hidden" name="version" value=(seen.version);
                @let answer = format!("answer-{}", record.id);
                div.field { label for=(answer) { (cx.say("返答（製造販売業者に見えます）", "Answer (the maker sees it)")) } textarea.short id=(answer) name="answer" { (kept::text(record, "answer")) } }
                p { label { input type="checkbox" name="done" value="yes" checked[done.is_some()]; " " (cx.say("対応した", "Done")) } }
                button.second { (cx.say("返答する", "Answer")) }
            }
        }
    }
}

/// How grave: makers' notices bear the word in the language of who wrote them.
fn grade(cx: &Cx, notice: &Record) -> String {
    let said = notice.text("grade").unwrap_or_default();
    let declared = cx.app.desk.registry().get("vulnerability-finding");
    let kind = declared.and_then(|declared| declared.fields.get("grade")).map(|field| &field.kind);
    let known = match kind {
        Some(FieldType::Choice { options }) => options
            .iter()
            .find(|(value, names)| value.as_str() == said || names.ja == said || names.en == said),
        _ => None,
    };
    match known {
        Some((value, _)) if value == "unknown" => cx.say("深刻度不明", "severity unknown").to_owned(),
        Some((_, names)) => names.get(cx.lang).to_owned(),
        None if said.is_empty() => cx.say("深刻度不明", "severity unknown").to_owned(),
        None => said.to_owned(),
    }
}

fn is_user(cx: &Cx, record: &Record) -> bool {
    let users: Vec<String> = record.read("user").unwrap_or_default();
    users.iter().any(|user| cx.viewer.organisations.contains(user))
}

/// What is to be done comes first, then the newest.
fn key(record: &Record) -> (bool, String) {
    (record.text("done_on").is_none(), kept::text(record, "told_on").to_owned())
}
