//! The pages of an upload: the form, how far the reading has come, what would change, what was taken over.

use std::sync::Arc;

use axum::extract::{Multipart, Path};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use intake::{Kind, Severity};
use maud::{Markup, html};
use register::Sight;
use store::{By, Change};

use super::jobs::{Job, Outcome, State, begin, compared};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::work::edit::path;
use crate::work::originals;
use crate::work::posted::see;
use crate::work::upload::received;

/// Who takes files in; what they may change with them is asked record by record.
const ROLES: &[&str] = &["secretariat", "ministry"];
/// Remarks shown of one sort.
const OF_A_SORT: usize = 3;
/// Records named that were changed meanwhile.
const SHOWN: usize = 50;

/// The form.
pub(super) async fn start(cx: Cx) -> Result<Html, Failure> {
    cx.needs_role(ROLES)?;
    let body = html! {
        form method="post" enctype="multipart/form-data" action=(cx.to("/intake")) {
            div.field {
                label for="kind" { (cx.say("種類", "Kind")) }
                p.help { (cx.say("ふつうは内容から分かります。", "Usually found from the content.")) }
                select #kind name="kind" { option value="" { (cx.say("内容から判断する", "find it from the content")) }
                    @for kind in Kind::ALL { option value=(kind.name()) { (kind.names().get(cx.lang)) } } }
            }
            div.field {
                label for="file" { (cx.say("ファイル（複数可、ZIPも可）", "Files (several, or a ZIP archive)")) }
                p.help { (cx.say("上限", "At most ")) (cx.app.config.upload_mib) " MiB" }
                input #file type="file" name="file" multiple required;
            }
            button { (cx.say("読み取る", "Read")) }
            p.quiet { (cx.say("読み取るだけでは何も保存されません。結果を見てから取り込みます。", "Reading keeps nothing. You look at the result, then take it over.")) }
        }
    };
    Ok(Page::new(cx.say("ファイルの取り込み", "Take files in"), body)
        .below(cx.say("作業机", "Desk"), "/desk")
        .show(&cx))
}

/// Takes the files and begins to read them.
pub(super) async fn upload(cx: Cx, parts: Multipart) -> Result<Response, Failure> {
    cx.needs_role(ROLES)?;
    let files = received(&cx, parts).await?;
    let kind =
        match files.field("kind") {
            "" => None,
            kind => Some(kind.parse::<Kind>().map_err(|error| {
                Failure::bad(error.message(base::Lang::Ja), error.message(base::Lang::En))
            })?),
        };
    Ok(see(&cx, &format!("/intake/{}", begin(&cx, files, kind)?)))
}

/// How far a reading has come, or its result.
pub(super) async fn job(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    let job = cx.app.intakes.get(&id, &cx.person()?.id)?;
    let state = job.state();
    let body = match &state {
        State::Reading(progress) => html! {
            p role="status" { (progress.stage.names().get(cx.lang)) @if progress.total > 0 { " " (progress.done) "/" (progress.total) } }
            @if progress.total > 0 { progress value=(progress.done) max=(progress.total) aria-label=(cx.say("進み具合", "Progress")) {} }
            p.quiet { (cx.say("この画面は自動で更新されます。", "This page refreshes itself.")) }
            (cancel_form(&cx, &id))
        },
        State::Taking => html! { p role="status" { (cx.say("保存しています。", "Being written.")) } },
        State::Refused(why) => html! {
            div.note.problem role="alert" { p { strong { (cx.say("読み取れません。何も保存していません。", "It cannot be read. Nothing was kept.")) } } p { (why.get(cx.lang)) } }
            p { a href=(cx.to("/intake")) { (cx.say("別のファイルを選ぶ", "Choose another file")) } }
        },
        State::Read(outcome) => read(&cx, &id, outcome),
        State::Taken { added, changed, unchanged } => html! {
            p.saved role="status" { (cx.say("取り込みました：", "Taken over: ")) (cx.say("新規", "new ")) (added) (cx.say("件、更新", ", changed ")) (changed) (cx.say("件、変わりなし", ", unchanged ")) (unchanged) (cx.say("件", "")) }
            p.acts { a href=(cx.to("/cells")) { (cx.say("読み取りが確かでないセルを確かめる", "Check the doubtful cells")) } a href=(cx.to("/changes")) { (cx.say("変更の記録へ", "To the changes")) } }
        },
    };
    let page = Page::new(job.files.join(cx.say("、", ", ")), body)
        .below(cx.say("ファイルの取り込み", "Take files in"), "/intake");
    let mut response = page.show(&cx).into_response();
    if matches!(state, State::Reading(_) | State::Taking) {
        response.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("1"));
    }
    Ok(response)
}

fn cancel_form(cx: &Cx, id: &str) -> Markup {
    html! { form.plain method="post" action=(cx.to(&format!("/intake/{id}/cancel"))) { button.danger { (cx.say("やめる", "Cancel")) } } }
}

fn read(cx: &Cx, id: &str, outcome: &Outcome) -> Markup {
    let nothing = outcome.added + outcome.changed == 0;
    html! {
        (outdated(cx, outcome))
        ul { @for summary in &outcome.summaries { li { (summary.get(cx.lang)) } } }
        @if !outcome.refused.is_empty() {
            div.note.problem { p { strong { (cx.say("読み取れなかったもの", "What could not be read")) } } ul { @for why in &outcome.refused { li { (why.get(cx.lang)) } } } }
        }
        h2 { (cx.say("取り込むと", "What taking it over changes")) }
        p { span.tag.good { (cx.say("新規", "new")) " " (outcome.added) } span.tag.caution { (cx.say("更新", "changed")) " " (outcome.changed) } span.tag { (cx.say("変わりなし", "unchanged")) " " (outcome.unchanged) } }
        @if outcome.as_people_said > 0 {
            p { (cx.say("人が確認・修正した行は、機械の読みで上書きしません：", "Rows that a person has confirmed or corrected are not overwritten by the machine's reading: ")) (outcome.as_people_said) (cx.say("行", "")) }
        }
        @if !outcome.denied.is_empty() {
            div.note.problem { p { strong { (cx.say("次の台帳を変える権限がないため、取り込めません：", "It cannot be taken over: you may not change these registers: ")) } (outcome.denied.iter().cloned().collect::<Vec<_>>().join(", ")) } }
        } @else if nothing {
            p { (cx.say("すべて記録済みです。", "Everything is on record already.")) }
            @if keeps_originals(cx, outcome) {
                form.plain method="post" action=(cx.to(&format!("/intake/{id}/take"))) { button { (cx.say("原文だけを保管する（セルの確認に使う）", "Keep the original only (to check cells against)")) } }
            }
        } @else {
            form.plain method="post" action=(cx.to(&format!("/intake/{id}/take"))) { button { (cx.say("取り込む", "Take over")) } }
        }
        " " (cancel_form(cx, id))
        @if !outcome.examples.is_empty() {
            details { summary { (cx.say("変わる記録の例", "Some of the records")) }
                ul { @for (record, is_new) in &outcome.examples { li {
                    @if *is_new { span.tag.good { (cx.say("新規", "new")) } (record) } @else { span.tag.caution { (cx.say("更新", "changed")) } a href=(cx.to(&path(record))) { (record) } }
                } } }
            }
        }
        (remarks(cx, outcome))
    }
}

fn outdated(cx: &Cx, outcome: &Outcome) -> Markup {
    let (all, shown) = (outcome.outdated.len(), outcome.outdated.iter().take(SHOWN));
    html! {
        @if all > 0 {
            div.note.problem role="alert" {
                p { strong { (cx.say("見ている間にほかの人が変えた記録があるため、何も取り込んでいません。", "Nothing was taken over: others changed records since you looked.")) }
                    " " (cx.say("次の記録を確かめてください。もう一度取り込むと、読み取った内容が新しい版になります。", "Look at these; taking over once more makes what was read their new version.")) }
                ul { @for record in shown { li { a href=(cx.to(&path(record))) { (record) } } } }
                @if all > SHOWN { p { (cx.say("ほかに", "and more: ")) (all - SHOWN) (cx.say("件", "")) } }
            }
        }
    }
}

fn remarks(cx: &Cx, outcome: &Outcome) -> Markup {
    let (shown, hidden) = intake::reading::few_of_each_sort(&outcome.remarks, OF_A_SORT);
    html! {
        @if !shown.is_empty() {
            h2 { (cx.say("注記", "Remarks")) }
            ul { @for remark in shown { li {
                @if remark.severity == Severity::Warning { span.tag.caution { (cx.say("注意", "caution")) } }
                code { (remark.place) } " " (remark.text.get(cx.lang))
            } } }
            @if hidden > 0 { p.quiet { (cx.say("ほかに同種の注記", "More remarks of these sorts: ")) (hidden) (cx.say("件", "")) } }
        }
    }
}

/// Takes a reading over: all of its records or none.
pub(super) async fn take(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    let person = cx.person()?.clone();
    let job = cx.app.intakes.get(&id, &person.id)?;
    let back = see(&cx, &format!("/intake/{id}"));
    let Some(outcome) = job.begin_taking() else { return Ok(back) };
    let writing = cx.clone();
    tokio::spawn(async move {
        let state = match write(&writing, &job, &outcome).await {
            Ok(state) => state,
            Err(failure) => State::Refused(failure.names()),
        };
        job.set(state);
    });
    Ok(back)
}

/// Writes what was looked at. Where a record was changed since, nothing is written: the person looks again.
async fn write(cx: &Cx, job: &Arc<Job>, outcome: &Outcome) -> Result<State, Failure> {
    let now = compared(cx, outcome.clone()).await?;
    if !now.denied.is_empty() {
        return Err(Failure::Denied);
    }
    if !now.outdated.is_empty() {
        return Ok(State::Read(Arc::new(now)));
    }
    let reason = format!("intake of {}", job.files.iter().take(3).cloned().collect::<Vec<_>>().join(", "));
    let changes = now.records.iter().cloned();
    let changes = changes.map(|(record, version)| Change::Put { record, expected: Some(version) }).collect();
    let written = match cx.app.desk.write(By::now(cx.person()?.name.clone(), reason), changes).await {
        // Somebody was quicker by a moment.
        Err(Failure::Conflict(_)) => return Ok(State::Read(Arc::new(compared(cx, now).await?))),
        written => written?,
    };
    if keeps_originals(cx, &now) {
        for (document, text) in &now.originals {
            originals::keep(cx, document, text).await?;
        }
    }
    let unchanged = written.unchanged + now.unchanged as u64;
    Ok(State::Taken { added: written.added, changed: written.changed, unchanged })
}

/// Whether there are originals, and the viewer may change the rows that are compared with them.
fn keeps_originals(cx: &Cx, outcome: &Outcome) -> bool {
    let declared = cx.app.desk.registry().get("follow-up-row");
    let may = declared.is_some_and(|declared| Sight::of(declared, &cx.viewer).may_create());
    may && !outcome.originals.is_empty()
}

/// Forgets a reading and everything of it.
pub(super) async fn cancel(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    cx.app.intakes.get(&id, &cx.person()?.id)?;
    cx.app.intakes.forget(&id);
    Ok(see(&cx, "/intake"))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::people::Person;
    use crate::work::testing::{Answered, Site, person};

    const TABLE: &str = "該当箇所,施策,令和6年度の実績・状況,令和7年度の取組予定\nゴールＡ,治験を支援する[◎厚],3件を支援した。,続ける。\n";

    fn office() -> Person {
        person("事務局", &["内閣府"], &["secretariat"])
    }

    /// The page of a reading as soon as it has come to an end.
    async fn read(site: &Site, who: &Person, sent: Answered) -> (String, Answered) {
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let path = sent.to.strip_prefix("/en").unwrap().to_owned();
        for _ in 0..500 {
            let page = site.get(who, &path).await;
            if !page.text.contains("This page refreshes itself") && !page.text.contains("Being written") {
                return (path, page);
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the reading does not end");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_broken_file_is_refused_with_its_reason_and_leaves_the_history_as_it_was() {
        let site = Site::of(Vec::new()).await;
        let head = site.head().await;
        for (name, content, said) in [
            ("表.xlsx", b"PK\x03\x04 cut".as_slice(), "ZIP"),
            ("謎.txt", "ただの文".as_bytes(), "no kind that is understood"),
            ("空.csv", b"", ""),
        ] {
            let sent = site.upload(&office(), "/intake", &[(name, content)]).await;
            let (_, page) = read(&site, &office(), sent).await;
            assert!(
                page.text.contains("It cannot be read") && page.text.contains(said),
                "{name}: {}",
                page.text
            );
        }
        assert_eq!(site.head().await, head);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_kept_until_it_is_taken_over_and_then_all_of_it() {
        let site = Site::of(Vec::new()).await;
        let head = site.head().await;
        let sent = site.upload(&office(), "/intake", &[("r6.csv", TABLE.as_bytes())]).await;
        let (path, page) = read(&site, &office(), sent).await;
        assert!(page.text.contains("Take over"), "{}", page.text);
        assert_eq!(site.head().await, head);
        let other = person("別の人", &["内閣府"], &["secretariat"]);
        assert_eq!(
            site.get(&other, &path).await.status,
            StatusCode::NOT_FOUND,
            "a reading is its person's alone"
        );
        let taken = site.post(&office(), &format!("{path}/take"), &[]).await;
        let (_, page) = read(&site, &office(), taken).await;
        assert!(page.text.contains("Taken over"), "{}", page.text);
        assert_eq!(site.records("follow-up-row").await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_somebody_changed_since_the_reading_is_told_and_not_overwritten() {
        let site = Site::of(Vec::new()).await;
        let upload = async || site.upload(&office(), "/intake", &[("r6.csv", TABLE.as_bytes())]).await;
        let (first, _) = read(&site, &office(), upload().await).await;
        let (second, _) = read(&site, &office(), upload().await).await;
        let taken = site.post(&office(), &format!("{first}/take"), &[]).await;
        read(&site, &office(), taken).await;
        let mut row = site.records("follow-up-row").await.remove(0);
        row.set("results", "事務局が直した。");
        site.write(vec![row.clone()]).await;
        let late = site.post(&office(), &format!("{second}/take"), &[]).await;
        let (_, page) = read(&site, &office(), late).await;
        let name = row.reference().to_string();
        assert!(page.text.contains("Nothing was taken over") && page.text.contains(&name), "{}", page.text);
        assert_eq!(site.records("follow-up-row").await[0].text("results"), Some("事務局が直した。"));
        // Whoever has looked at it may still take it over.
        let again = site.post(&office(), &format!("{second}/take"), &[]).await;
        let (_, page) = read(&site, &office(), again).await;
        assert!(page.text.contains("Taken over"), "{}", page.text);
        assert_eq!(site.records("follow-up-row").await[0].text("results"), Some("3件を支援した。"));
        assert_eq!(site.history(&name).await.len(), 3, "nothing is lost");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_record_that_was_withdrawn_is_read_and_taken_over_again() {
        let site = Site::of(Vec::new()).await;
        for _ in 0..2 {
            let sent = site.upload(&office(), "/intake", &[("r6.csv", TABLE.as_bytes())]).await;
            let (path, _) = read(&site, &office(), sent).await;
            let taken = site.post(&office(), &format!("{path}/take"), &[]).await;
            let (_, page) = read(&site, &office(), taken).await;
            assert!(page.text.contains("Taken over"), "{}", page.text);
            let rows = site.records("follow-up-row").await;
            assert_eq!(rows.len(), 1);
            let row = crate::work::edit::path(&rows[0].reference());
            site.post(&office(), &format!("{row}/withdraw"), &[("reason", "y")]).await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_may_not_change_the_register_cannot_take_a_reading_over() {
        let site = Site::of(Vec::new()).await;
        let officer = person("佐藤", &["厚生労働省"], &["ministry"]);
        let sent = site.upload(&officer, "/intake", &[("r6.csv", TABLE.as_bytes())]).await;
        let (path, page) = read(&site, &officer, sent).await;
        assert!(page.text.contains("you may not change these registers"), "{}", page.text);
        site.post(&officer, &format!("{path}/take"), &[]).await;
        assert!(site.records("follow-up-row").await.is_empty());
    }
}
