//! Editing through the router: rights, states, conflicts, what is wrong at its field.

use axum::http::StatusCode;
use base::Source;
use register::Record;

use crate::people::Person;
use crate::work::testing::{Site, person};

const REPORT: &str = "/registers/supply-report/r1";

fn owner() -> Person {
    person("会社員", &["organisation:acme", "株式会社アクメ"], &[])
}

fn office() -> Person {
    person("事務局", &["内閣府"], &["secretariat"])
}

fn report() -> Record {
    let mut record =
        Record::new("supply-report".parse().unwrap(), "r1".parse().unwrap(), Source::document("form"));
    record.state = Some("open".to_owned());
    record
        .set("holder", "organisation:acme")
        .set("device", "ポンプ")
        .set("kind", "stop")
        .set("reason", "部品不足");
    record
}

async fn site() -> Site {
    Site::of(vec![report()]).await
}

async fn device(site: &Site) -> String {
    site.records("supply-report").await[0].text("device").unwrap().to_owned()
}

#[tokio::test]
async fn the_form_shows_every_field_with_its_label_and_saves_a_change_with_its_reason() {
    let site = site().await;
    let page = site.get(&owner(), &format!("{REPORT}/edit")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("ポンプ") && page.text.contains("substitutes") && page.text.contains("→ closed")
    );
    let sent = [("version", "1"), ("has:device", "1"), ("f:device", "ポンプ　Ⅱ"), ("reason", "型番の訂正")];
    let saved = site.post(&owner(), &format!("{REPORT}/edit"), &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert_eq!(device(&site).await, "ポンプ　Ⅱ");
    let last = site.history("supply-report:r1").await.pop().unwrap();
    assert_eq!((last.actor.as_str(), last.reason.as_str()), ("会社員", "型番の訂正"));
    assert_eq!(
        site.records("supply-report").await[0].text("reason"),
        Some("部品不足"),
        "what was not in the form stays"
    );
}

#[tokio::test]
async fn who_does_not_see_a_record_gets_no_form_and_changes_nothing() {
    let site = site().await;
    let rival = person("他社", &["organisation:rival"], &[]);
    let sent = [("version", "1"), ("has:device", "1"), ("f:device", "x"), ("reason", "y")];
    assert_eq!(site.get(&rival, &format!("{REPORT}/edit")).await.status, StatusCode::NOT_FOUND);
    for (path, more) in [
        ("edit", sent.as_slice()),
        ("move", &[("to", "closed"), ("reason", "y")]),
        ("withdraw", &[("reason", "y")]),
        ("undo", &[("to_version", "0")]),
    ] {
        let tried = site.post(&rival, &format!("{REPORT}/{path}"), more).await;
        assert_eq!(tried.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(device(&site).await, "ポンプ");
}

#[tokio::test]
async fn an_owner_cannot_give_a_record_away_nor_change_a_field_kept_for_the_secretariat() {
    let site = site().await;
    let given = [("version", "1"), ("has:holder", "1"), ("f:holder", "organisation:rival"), ("reason", "y")];
    assert_eq!(site.post(&owner(), &format!("{REPORT}/edit"), &given).await.status, StatusCode::FORBIDDEN);
    // `doubts` of a follow-up row is for the secretariat alone; the row itself as well.
    let row = crate::work::testing::row("fy2024.a", "施策", &["厚生労働省"]);
    site.write(vec![row]).await;
    let officer = person("佐藤", &["厚生労働省"], &["ministry"]);
    let judged = [("version", "1"), ("has:doubts", "1"), ("n:doubts", "0"), ("reason", "y")];
    let tried = site.post(&officer, "/registers/follow-up-row/fy2024.a/edit", &judged).await;
    assert_eq!(tried.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_move_that_is_not_allowed_is_refused_with_those_that_are() {
    let site = site().await;
    let mut designation =
        Record::new("samd-designation".parse().unwrap(), "d1".parse().unwrap(), Source::document("001"));
    designation.state = Some("designated".to_owned());
    designation.set("name", "診断支援").set("applicant", "アクメ");
    site.write(vec![designation]).await;
    let sent = [("to", "approved"), ("reason", "急ぐ")];
    let refused = site.post(&office(), "/registers/samd-designation/d1/move", &sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("it can move to: under review"), "{}", refused.text);
    let sent = [("to", "under-review"), ("reason", "申請を受けた")];
    assert_eq!(
        site.post(&office(), "/registers/samd-designation/d1/move", &sent).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept() {
    let site = site().await;
    let sent = [
        ("version", "1"),
        ("has:kind", "1"),
        ("f:kind", "gone"),
        ("has:device", "1"),
        ("f:device", ""),
        ("reason", "y"),
    ];
    let refused = site.post(&owner(), &format!("{REPORT}/edit"), &sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("is none of: anxiety, stop") && refused.text.contains("required; give a value"),
        "{}",
        refused.text
    );
    assert!(
        site.get(&owner(), &format!("{REPORT}/edit?draft=1")).await.text.contains("gone"),
        "the draft survives"
    );
}

#[tokio::test]
async fn two_who_change_different_fields_both_win_and_of_one_field_a_person_chooses() {
    let site = site().await;
    let edit = format!("{REPORT}/edit");
    let first = [("version", "1"), ("has:device", "1"), ("f:device", "ポンプ甲"), ("reason", "y")];
    assert_eq!(site.post(&office(), &edit, &first).await.status, StatusCode::SEE_OTHER);
    let second = [("version", "1"), ("has:reason", "1"), ("f:reason", "工場の停止"), ("reason", "y")];
    assert_eq!(site.post(&owner(), &edit, &second).await.status, StatusCode::SEE_OTHER);
    assert_eq!(device(&site).await, "ポンプ甲");
    let third = [("version", "1"), ("has:device", "1"), ("f:device", "ポンプ乙"), ("reason", "y")];
    let refused = site.post(&owner(), &edit, &third).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("ポンプ甲") && refused.text.contains("ポンプ乙"), "{}", refused.text);
    assert_eq!(device(&site).await, "ポンプ甲");
    let chosen = [third.as_slice(), &[("seen", "3"), ("choice:device", "mine")]].concat();
    assert_eq!(site.post(&owner(), &edit, &chosen).await.status, StatusCode::SEE_OTHER);
    assert_eq!(device(&site).await, "ポンプ乙");
}

#[tokio::test]
async fn undo_brings_an_earlier_version_back_as_a_new_one() {
    let site = site().await;
    let sent = [("version", "1"), ("has:device", "1"), ("f:device", "誤り"), ("reason", "y")];
    site.post(&owner(), &format!("{REPORT}/edit"), &sent).await;
    let undone = site.post(&owner(), &format!("{REPORT}/undo"), &[("to_version", "1")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
    assert_eq!(device(&site).await, "ポンプ");
    assert_eq!(site.history("supply-report:r1").await.len(), 3);
}

#[tokio::test]
async fn a_new_record_needs_a_source_and_is_its_owners() {
    let site = site().await;
    let form = site.get(&owner(), "/registers/supply-report/new").await;
    assert!(form.text.contains("organisation:acme"), "{}", form.text);
    let mut sent = vec![
        ("id", "r2"),
        ("has:device", "1"),
        ("f:device", "ベッド"),
        ("has:kind", "1"),
        ("f:kind", "anxiety"),
        ("has:holder", "1"),
        ("f:holder", "organisation:acme"),
        ("reason", "報告"),
        ("around", "1"),
        ("n:source", "1"),
    ];
    let refused = site.post(&owner(), "/registers/supply-report/new", &sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("every record says where it comes from"));
    sent.extend([("s:0:said_by", "会社員"), ("s:0:on", "R8.11.23")]);
    let saved = site.post(&owner(), "/registers/supply-report/new", &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert_eq!(site.records("supply-report").await.len(), 2);
}
