//! Who changed what: the newest changes the viewer may see, each with its difference and the way back.

use std::collections::BTreeSet;

use axum::extract::{Path, Query};
use maud::{Markup, PreEscaped, html};
use register::{Declaration, RecordRef, Sight};
use serde::Deserialize;
use store::Entry;

use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::work::edit::{path, reference, title};

/// Changes of a page.
const PAGE: usize = 50;
/// Changes looked through for those of one person or day.
const LOOKED_THROUGH: usize = 1000;

/// What is asked of the changes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    register: String,
    person: String,
    day: String,
    before: Option<u64>,
}

/// The newest changes.
pub(super) async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Html, Failure> {
    cx.person()?;
    let (entries, more) = found(&cx, asked.clone()).await?;
    let body = html! {
        (filters(&cx, &asked))
        @if entries.is_empty() { p { (cx.say("変更はありません。", "No changes.")) } }
        @else { (table(&cx, &entries)) }
        @if let Some(before) = more {
            @let Asked { register, person, day, .. } = &asked;
            p.acts { a rel="next" href=(cx.to(&format!("/changes?register={}&person={}&day={}&before={before}", escaped(register), escaped(person), escaped(day)))) { (cx.say("さらに前", "Earlier")) } }
        }
    };
    let page = Page::new(cx.say("変更の記録", "Who changed what"), body).wide();
    Ok(page
        .below(cx.say("作業机", "Desk"), "/desk")
        .lead(cx.say(
            "誰が、いつ、なぜ、何を変えたか。どの変更も元に戻せます。",
            "Who changed what, when and why. Every change can be undone.",
        ))
        .show(&cx))
}

/// The last changes of one person.
pub(super) async fn of_person(cx: &Cx, person: &str, most: usize) -> Result<Vec<Entry>, Failure> {
    let asked = Asked { person: person.to_owned(), ..Asked::default() };
    let mut entries = found(cx, asked).await?.0;
    entries.truncate(most);
    Ok(entries)
}

/// The changes asked for, and the place from which to look further back.
async fn found(cx: &Cx, asked: Asked) -> Result<(Vec<Entry>, Option<u64>), Failure> {
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            let register = Some(asked.register.as_str()).filter(|register| !register.is_empty());
            let is_narrow = !asked.person.is_empty() || !asked.day.is_empty();
            let look = if is_narrow { LOOKED_THROUGH } else { PAGE };
            let (mut entries, mut more) = reading.latest_and_place(register, asked.before, look)?;
            let day = |entry: &Entry| jiff::tz::Offset::constant(9).to_datetime(entry.at).date().to_string();
            entries.retain(|entry| {
                (asked.person.is_empty() || entry.actor == asked.person)
                    && (asked.day.is_empty() || day(entry) == asked.day)
            });
            if entries.len() > PAGE {
                entries.truncate(PAGE);
                more = entries.last().map(|entry| entry.seq);
            }
            Ok((entries, more))
        })
        .await
}

fn filters(cx: &Cx, asked: &Asked) -> Markup {
    let registers =
        cx.app.desk.registry().all().filter(|declared| !Sight::of(declared, &cx.viewer).extent().is_empty());
    html! {
        form.filters action=(cx.to("/changes")) {
            p { label for="register" { (cx.say("台帳", "Register")) }
                select #register name="register" { option value="" { (cx.say("すべて", "all")) }
                    @for declared in registers { option value=(declared.id) selected[declared.id == *asked.register] { (declared.name.get(cx.lang)) } } } }
            p { label for="person" { (cx.say("人", "Person")) } input #person name="person" value=(asked.person); }
            p { label for="day" { (cx.say("日", "Day")) } input #day type="date" name="day" value=(asked.day); }
            p { button.second { (cx.say("絞り込む", "Filter")) } }
        }
    }
}

/// Changes as a table.
pub(super) fn table(cx: &Cx, entries: &[Entry]) -> Markup {
    let label = cx.say("変更", "Changes");
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table.records {
                caption { (label) }
                thead { tr { @for (ja, en) in [("日時", "When"), ("人", "Who"), ("台帳", "Register"), ("記録", "Record"), ("理由", "Why"), ("操作", "What to do")] { th scope="col" { (cx.say(ja, en)) } } } }
                tbody { @for entry in entries { (line(cx, entry)) } }
            }
        }
    }
}

fn line(cx: &Cx, entry: &Entry) -> Markup {
    let declared = cx.app.desk.registry().get(entry.reference.register.as_str());
    let name = declared.zip(entry.record.as_ref()).map_or_else(
        || entry.reference.record.to_string(),
        |(declared, record)| title(declared, record, cx.lang),
    );
    html! { tr {
        td { (look::when(entry.at)) }
        td { (entry.actor) }
        td { @if let Some(declared) = declared { (declared.name.get(cx.lang)) } }
        th scope="row" { a href=(cx.to(&path(&entry.reference))) { (name.chars().take(60).collect::<String>()) }
            @if entry.record.is_none() { " " span.tag.bad { (cx.say("取下げ", "withdrawn")) } } }
        td { (entry.reason) }
        td { a href=(cx.to(&difference(entry))) { (cx.say("違い", "Difference")) } }
    } }
}

/// The path of the page that shows what a change changed.
fn difference(entry: &Entry) -> String {
    let RecordRef { register, record } = &entry.reference;
    format!("/changes/{register}/{}/{}", escaped(record.as_str()), entry.version)
}

/// What one change changed.
pub(super) async fn one(
    cx: Cx,
    Path((register, record, version)): Path<(String, String, u64)>,
) -> Result<Html, Failure> {
    cx.person()?;
    let (reference, declaration) =
        (reference(&register, &record)?, super::edit::declaration(&cx, &register)?);
    let asked = reference.clone();
    let history = cx.app.desk.read(&cx.viewer, move |reading| reading.history(&asked)).await?;
    let at = history.iter().position(|entry| entry.version == version).ok_or(Failure::NotFound)?;
    let (entry, before) = (&history[at], at.checked_sub(1).map(|at| &history[at]));
    let may = entry.record.as_ref().or(before.and_then(|entry| entry.record.as_ref()));
    let may = may.is_some_and(|record| Sight::of(declaration, &cx.viewer).may_change(record));
    let newest = history.last().map_or(version, |entry| entry.version);
    let body = html! {
        p { (look::when(entry.at)) " " strong { (entry.actor) } @if !entry.reason.is_empty() { " – " (entry.reason) } }
        (compared(&cx, declaration, before, entry))
        @if may {
            form method="post" action=(cx.to(&format!("{}/undo", path(&reference)))) {
                input type="hidden" name="to_version" value=(before.map_or(0, |entry| if entry.record.is_some() { entry.version } else { 0 }));
                input type="hidden" name="version" value=(newest);
                div.field { label for="reason" { (cx.say("元に戻す理由", "Reason for undoing")) } input #reason name="reason" maxlength="500"; }
                p.help { @if before.is_some_and(|before| before.record.is_some()) { (cx.say("この変更の前の内容を、新しい版として保存します。", "The content before this change is saved as a new version.")) }
                    @else { (cx.say("この変更で初めて記録されたので、戻すと記録を取り下げます（履歴は残ります）。", "This change made the record; undoing it withdraws the record. Its history stays.")) } }
                button.second { (cx.say("この変更の前に戻す", "Go back to before this change")) }
            }
        }
        p { a href=(cx.to(&path(&reference))) { (cx.say("記録へ", "To the record")) } }
    };
    let shown = entry.record.as_ref().or(before.and_then(|entry| entry.record.as_ref()));
    let name = shown.map_or_else(|| reference.to_string(), |record| title(declaration, record, cx.lang));
    let name: String = name.chars().take(60).collect();
    let register = declaration.name.get(cx.lang);
    let (title, lead) = match cx.lang {
        base::Lang::Ja => (format!("「{name}」の変更"), format!("{register}、第{version}版")),
        base::Lang::En => (format!("A change of “{name}”"), format!("{register}, version {version}")),
    };
    let page = Page::new(title, body).lead(lead);
    Ok(page.below(cx.say("変更の記録", "Who changed what"), "/changes").show(&cx))
}

fn compared(cx: &Cx, declaration: &Declaration, before: Option<&Entry>, after: &Entry) -> Markup {
    let none = serde_json::Map::new();
    let fields = |entry: Option<&Entry>| {
        entry.and_then(|entry| entry.record.as_ref()).map_or(none.clone(), |record| record.fields.clone())
    };
    let (old, new) = (fields(before), fields(Some(after)));
    let state = |entry: Option<&Entry>| {
        entry.and_then(|entry| entry.record.as_ref()?.state.clone()).unwrap_or_default()
    };
    let (from, to) = (state(before), state(Some(after)));
    let names: BTreeSet<&String> =
        old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).collect();
    let words = |field: &register::Field, value| {
        PreEscaped(report::html::cell(&report::outline::record::value(field, value, cx.lang), cx.lang))
    };
    let label = cx.say("変わった項目", "Fields that changed");
    html! {
        @if from != to { p { (cx.say("状態：", "State: ")) (from) " → " strong { (to) } } }
        @if names.is_empty() && from == to { p { (cx.say("変わったのは出典かつながりだけです。", "Only sources or links changed.")) } }
        @if !names.is_empty() {
            div.scroll tabindex="0" role="region" aria-label=(label) { table {
                caption { (label) }
                thead { tr { th scope="col" { (cx.say("項目", "Field")) } th scope="col" { (cx.say("前", "Before")) } th scope="col" { (cx.say("後", "After")) } } }
                tbody { @for name in names { @if let Some(field) = declaration.fields.get(name) { tr {
                    th scope="row" { (field.label.get(cx.lang)) }
                    @match (old.get(name).and_then(|value| value.as_str()), new.get(name).and_then(|value| value.as_str())) {
                        (Some(old), Some(new)) => td colspan="2" { (PreEscaped(report::html::text(&report::diff::wording(old, new), cx.lang))) },
                        _ => { td { (words(field, old.get(name))) } td { (words(field, new.get(name))) } },
                    }
                } } } }
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use base::Source;
    use register::Record;

    use crate::people::Person;
    use crate::work::testing::{Answered, Site, person};

    fn report(id: &str, holder: &str, device: &str) -> Record {
        let mut record =
            Record::new("supply-report".parse().unwrap(), id.parse().unwrap(), Source::document("form"));
        record.state = Some("open".to_owned());
        record.set("holder", holder).set("device", device).set("kind", "stop");
        record
    }

    fn owner() -> Person {
        person("会社員", &["organisation:acme"], &[])
    }

    fn office() -> Person {
        person("事務局", &["内閣府"], &["secretariat"])
    }

    async fn edited(site: &Site, who: &Person, version: &str, device: &str) -> Answered {
        let sent =
            [("version", version), ("has:device", "1"), ("f:device", device), ("reason", "型番の訂正")];
        site.post(who, "/registers/supply-report/r1/edit", &sent).await
    }

    #[tokio::test]
    async fn a_change_is_told_with_who_why_and_what_and_can_be_undone_from_its_page() {
        let site = Site::of(vec![report("r1", "organisation:acme", "ポンプ甲")]).await;
        assert_eq!(edited(&site, &owner(), "1", "ポンプ乙").await.status, StatusCode::SEE_OTHER);
        let list = site.get(&office(), "/changes").await;
        assert!(list.text.contains("会社員") && list.text.contains("型番の訂正"), "{}", list.text);
        assert!(list.text.contains("/changes/supply-report/r1/2"));
        let page = site.get(&office(), "/changes/supply-report/r1/2").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("<del>甲</del>") && page.text.contains("<ins>乙</ins>"), "{}", page.text);
        assert!(page.text.contains("name=\"to_version\" value=\"1\""), "{}", page.text);
        let undo = [("to_version", "1"), ("version", "2"), ("reason", "誤り")];
        site.post(&office(), "/registers/supply-report/r1/undo", &undo).await;
        assert_eq!(site.records("supply-report").await[0].text("device"), Some("ポンプ甲"));
        assert_eq!(site.history("supply-report:r1").await.len(), 3, "the history keeps all versions");
        let late = site.post(&office(), "/registers/supply-report/r1/undo", &undo).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "it was changed since the page was shown");
    }

    #[tokio::test]
    async fn the_first_version_is_undone_by_withdrawing_and_a_withdrawal_by_bringing_back() {
        let site = Site::of(vec![report("r1", "organisation:acme", "ポンプ")]).await;
        let first = site.get(&office(), "/changes/supply-report/r1/1").await;
        assert!(first.text.contains("name=\"to_version\" value=\"0\""), "{}", first.text);
        let sent = [("to_version", "0"), ("version", "1")];
        let undone = site.post(&office(), "/registers/supply-report/r1/undo", &sent).await;
        assert_eq!((undone.status, undone.to.as_str()), (StatusCode::SEE_OTHER, "/en/changes"));
        assert!(site.records("supply-report").await.is_empty());
        let withdrawn = site.get(&office(), "/changes/supply-report/r1/2").await;
        assert!(withdrawn.text.contains("name=\"to_version\" value=\"1\""), "{}", withdrawn.text);
        let sent = [("to_version", "1"), ("version", "2")];
        site.post(&office(), "/registers/supply-report/r1/undo", &sent).await;
        assert_eq!(site.records("supply-report").await.len(), 1);
    }

    #[tokio::test]
    async fn changes_are_narrowed_by_register_person_and_day_and_told_to_those_who_may_see_the_record() {
        let site = Site::of(vec![
            report("r1", "organisation:acme", "ポンプ甲"),
            report("r2", "organisation:rival", "人工呼吸器"),
        ])
        .await;
        edited(&site, &owner(), "1", "ポンプ乙").await;
        let at = |query: &str| format!("/changes?{query}");
        let own = site.get(&owner(), "/changes").await.text;
        assert!(own.contains("ポンプ") && !own.contains("人工呼吸器"));
        let mine = site.get(&office(), &at("person=%E4%BC%9A%E7%A4%BE%E5%93%A1")).await.text;
        assert!(mine.contains("ポンプ乙") && !mine.contains("人工呼吸器"));
        assert!(site.get(&office(), &at("day=2001-01-01")).await.text.contains("No changes."));
        assert!(site.get(&office(), &at("register=programme")).await.text.contains("No changes."));
        assert_eq!(site.get(&office(), &at("register=nothing")).await.status, StatusCode::NOT_FOUND);
        assert!(site.get(&office(), &at("before=x")).await.status.is_client_error());
        let hidden = site.get(&owner(), "/changes/supply-report/r2/1").await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        assert_eq!(site.get_unknown("/changes").await.status, StatusCode::SEE_OTHER);
    }

    #[tokio::test]
    async fn what_lies_behind_much_that_is_hidden_can_still_be_reached() {
        let site = Site::of(vec![report("r1", "organisation:acme", "ポンプ")]).await;
        let hidden = (0..450).map(|n| report(&format!("h{n}"), "organisation:rival", "他社の機器"));
        site.write(hidden.collect()).await;
        let mut page = site.get(&owner(), "/changes").await.text;
        for _ in 0..5 {
            if page.contains("ポンプ") {
                return;
            }
            let next = page.split("rel=\"next\" href=\"/en").nth(1).expect("there is an earlier page");
            let next = next.split('"').next().unwrap().replace("&amp;", "&");
            page = site.get(&owner(), &next).await.text;
        }
        panic!("the change is not told");
    }
}
