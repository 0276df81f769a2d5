//! The round through the router, by several people.

use axum::http::StatusCode;

use crate::people::Person;
use crate::work::testing::{Answered, Site, person, row};

const MHLW: &str = "/round/2025/%E5%8E%9A%E7%94%9F%E5%8A%B4%E5%83%8D%E7%9C%81";
const METI: &str = "/round/2025/%E7%B5%8C%E6%B8%88%E7%94%A3%E6%A5%AD%E7%9C%81";
const KEY: &str = "follow-up-row:fy2024.a";

fn officer(name: &str, ministry: &str) -> Person {
    person(name, &[ministry], &["ministry"])
}

fn secretariat() -> Person {
    person("事務局", &["内閣府"], &["secretariat"])
}

/// A site with two rows, one of one ministry, one of two, and an open round.
async fn open_round() -> Site {
    let rows = vec![
        row("fy2024.a", "治験の支援", &["厚生労働省"]),
        row("fy2024.b", "輸出の支援", &["厚生労働省", "経済産業省"]),
    ];
    let site = Site::of(rows).await;
    let opened = site.post(&secretariat(), "/round", &[("fy", "令和7年度"), ("deadline", "")]).await;
    assert_eq!((opened.status, opened.to.as_str()), (StatusCode::SEE_OTHER, "/en/round/2025"));
    site
}

async fn save(site: &Site, who: &Person, version: &str, results: &str, more: &[(&str, &str)]) -> Answered {
    let mut pairs = vec![
        ("row.0", KEY),
        ("version.0", version),
        ("results.0", results),
        ("plans.0", "未定"),
        ("row", "0"),
    ];
    pairs.extend_from_slice(more);
    site.post(who, MHLW, &pairs).await
}

#[tokio::test]
async fn a_saved_row_is_an_answer_of_the_ministry_and_tells_who_saved_it() {
    let site = open_round().await;
    let saved = save(&site, &officer("佐藤", "厚生労働省"), "0", "3件を支援した。", &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let answers = site.records("follow-up-answer").await;
    assert_eq!(answers[0].text("results"), Some("3件を支援した。"));
    assert_eq!(answers[0].text("ministry"), Some("厚生労働省"));
    let history = site.history(&answers[0].reference().to_string()).await;
    assert_eq!(history[0].actor, "佐藤");
}

#[tokio::test]
async fn of_two_people_on_one_row_the_second_sees_both_texts_and_chooses() {
    let site = open_round().await;
    let (sato, suzuki) = (officer("佐藤", "厚生労働省"), officer("鈴木", "厚生労働省"));
    assert_eq!(save(&site, &sato, "0", "佐藤の文", &[]).await.status, StatusCode::SEE_OTHER);
    let second = save(&site, &suzuki, "0", "鈴木の文", &[]).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("佐藤の文") && second.text.contains("鈴木の文"), "{}", second.text);
    // Nothing was chosen: what is saved stands, also when it is tried again.
    assert_eq!(save(&site, &suzuki, "0", "鈴木の文", &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(site.records("follow-up-answer").await[0].text("results"), Some("佐藤の文"));
    let merged =
        save(&site, &suzuki, "0", "佐藤の文。鈴木の文", &[("choice.0", "mine"), ("seen.0", "1")]).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text);
    assert_eq!(site.records("follow-up-answer").await[0].text("results"), Some("佐藤の文。鈴木の文"));
}

#[tokio::test]
async fn a_choice_made_before_a_third_text_was_saved_is_asked_again() {
    let site = open_round().await;
    let (sato, suzuki) = (officer("佐藤", "厚生労働省"), officer("鈴木", "厚生労働省"));
    save(&site, &sato, "0", "一つ目", &[]).await;
    save(&site, &sato, "1", "二つ目", &[]).await;
    let late = save(&site, &suzuki, "0", "鈴木の文", &[("choice.0", "mine"), ("seen.0", "1")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("二つ目") && late.text.contains("鈴木の文"));
}

#[tokio::test]
async fn saving_everything_does_not_overwrite_rows_that_others_saved_meanwhile() {
    let site = open_round().await;
    let (sato, suzuki) = (officer("佐藤", "厚生労働省"), officer("鈴木", "厚生労働省"));
    save(&site, &sato, "0", "佐藤の文", &[]).await;
    // The page of the second was opened before: the row is blank there.
    let pairs = [("row.0", KEY), ("version.0", "0"), ("results.0", ""), ("plans.0", ""), ("all", "1")];
    assert_eq!(site.post(&suzuki, MHLW, &pairs).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.records("follow-up-answer").await[0].text("results"), Some("佐藤の文"));
}

#[tokio::test]
async fn a_row_half_answered_is_refused_at_the_row_and_keeps_what_was_typed() {
    let site = open_round().await;
    let sato = officer("佐藤", "厚生労働省");
    let pairs = [
        ("row.0", KEY),
        ("version.0", "0"),
        ("results.0", "書きかけの文"),
        ("plans.0", ""),
        ("status.0", "たぶん実施"),
        ("row", "0"),
    ];
    let refused = site.post(&sato, MHLW, &pairs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("is answered only in part") && refused.text.contains("書きかけの文"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("たぶん実施"), "what is no status is shown back");
    assert!(site.records("follow-up-answer").await.is_empty());
    assert!(
        site.get(&sato, MHLW).await.text.contains("書きかけの文"),
        "the draft is there when the page is opened again"
    );
}

#[tokio::test]
async fn a_draft_is_its_writers_alone_and_goes_when_the_row_is_saved() {
    let site = open_round().await;
    let (sato, suzuki) = (officer("佐藤", "厚生労働省"), officer("鈴木", "厚生労働省"));
    let pairs = [("row.0", KEY), ("version.0", "0"), ("results.0", "下書きの文"), ("plans.0", "")];
    let kept = site.post(&sato, &format!("{MHLW}/draft"), &pairs).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    assert!(site.get(&sato, MHLW).await.text.contains("下書きの文"));
    let seen = site.get(&suzuki, MHLW).await.text;
    assert!(!seen.contains("下書きの文") && seen.contains("佐藤 is editing this row since"), "{seen}");
    save(&site, &sato, "0", "下書きの文、完成", &[]).await;
    let after = site.get(&sato, MHLW).await.text;
    assert!(after.contains("下書きの文、完成") && !after.contains("tag caution"), "{after}");
}

#[tokio::test]
async fn what_was_typed_into_other_rows_is_kept_when_one_row_is_saved() {
    let site = open_round().await;
    let sato = officer("佐藤", "厚生労働省");
    let other = [
        ("row.1", "follow-up-row:fy2024.b"),
        ("version.1", "0"),
        ("results.1", "もう一つの行の文"),
        ("plans.1", ""),
    ];
    assert_eq!(save(&site, &sato, "0", "3件", &other).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.records("follow-up-answer").await.len(), 1);
    assert!(site.get(&sato, MHLW).await.text.contains("もう一つの行の文"));
}

#[tokio::test]
async fn a_ministry_does_not_answer_for_another() {
    let site = open_round().await;
    let sato = officer("佐藤", "厚生労働省");
    assert_eq!(site.get(&sato, METI).await.status, StatusCode::FORBIDDEN);
    let pairs = [
        ("row.0", "follow-up-row:fy2024.b"),
        ("version.0", "0"),
        ("results.0", "x"),
        ("plans.0", "y"),
        ("all", "1"),
    ];
    assert_eq!(site.post(&sato, METI, &pairs).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.post(&sato, &format!("{METI}/draft"), &pairs).await.status, StatusCode::FORBIDDEN);
    // Nor a row of another ministry in its own form.
    let meti = officer("田中", "経済産業省");
    let foreign = [("row.0", KEY), ("version.0", "0"), ("results.0", "x"), ("plans.0", "y"), ("all", "1")];
    site.post(&meti, METI, &foreign).await;
    assert!(site.records("follow-up-answer").await.is_empty());
    assert_eq!(site.get_unknown("/round").await.status, StatusCode::SEE_OTHER, "to the sign-in page");
    assert_eq!(
        site.get(&person("会社員", &["organisation:acme"], &[]), "/round").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_round_closes_with_answers_missing_only_by_force_and_then_says_so() {
    let site = open_round().await;
    save(&site, &officer("佐藤", "厚生労働省"), "0", "3件", &[]).await;
    let office = secretariat();
    let refused = site.post(&office, "/round/2025/close", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("経済産業省"), "{}", refused.text);
    assert_eq!(
        site.post(&officer("佐藤", "厚生労働省"), "/round/2025/close", &[("force", "1")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        site.post(&office, "/round/2025/close", &[("force", "1")]).await.status,
        StatusCode::SEE_OTHER
    );
    let rows = site.records("follow-up-row").await;
    let unanswered = rows.iter().find(|row| row.id == "fy2025.b").unwrap();
    assert!(unanswered.fields["doubts"].to_string().contains("未回答：経済産業省"));
}

#[tokio::test]
async fn a_workbook_that_is_handed_out_filled_in_and_handed_in_is_taken_for_its_ministry_only() {
    let site = open_round().await;
    let sato = officer("佐藤", "厚生労働省");
    let form = site.get(&sato, &format!("{MHLW}/form.xlsx")).await;
    assert_eq!(form.status, StatusCode::OK);
    let head = site.head().await;
    let broken = site.upload(&sato, &format!("{MHLW}/file"), &[("様式.xlsx", b"PK\x03\x04 cut")]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.text.contains("ZIP"), "{}", broken.text);
    assert_eq!(site.head().await, head);
}
