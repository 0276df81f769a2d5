//! What only its owner may see shows nowhere else: not as a page, not in a list, a total, a search, a feed, a file or a link.

use axum::http::StatusCode;
use register::{Record, Viewer};
use serde_json::json;

use super::{Site, record};

/// A word that stands in the confidential report only.
const SECRET: &str = "秘密の人工呼吸器";

fn report() -> Record {
    let mut report = record(
        "supply-report:r1",
        &[
            ("device", json!(SECRET)),
            ("kind", json!("stop")),
            ("holder", json!("organisation:acme")),
            ("reason", json!("部品の不足")),
        ],
    );
    report.state = Some("open".into());
    report
}

fn acme() -> Record {
    record("organisation:acme", &[("name", json!("アクメ")), ("kind", json!("company"))])
}

fn site() -> Site {
    Site::with(vec![acme(), report()])
}

fn owner() -> Viewer {
    Viewer {
        person: Some("p".into()),
        organisations: ["organisation:acme".to_owned()].into(),
        roles: [].into(),
    }
}

#[tokio::test]
async fn a_hidden_record_answers_like_one_that_does_not_exist() {
    let site = site();
    let ask = |path: &str| format!("/registers/supply-report/{path}");
    let hidden = site.get(&ask("r1")).await;
    let absent = site.get(&ask("r2")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    assert_eq!(hidden.text().replace("r1", "r2"), absent.text());
    for path in ["r1.json", "r1.csv", "r1.xlsx", "r1/feed.atom"] {
        let hidden = site.get(&ask(path)).await;
        let absent = site.get(&ask(&path.replace("r1", "r2"))).await;
        assert_eq!((hidden.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{path}");
    }
}

#[tokio::test]
async fn nothing_public_tells_of_a_confidential_record() {
    let site = site();
    for address in [
        "/registers",
        "/search?q=%E7%A7%98%E5%AF%86%E3%81%AE%E4%BA%BA%E5%B7%A5%E5%91%BC%E5%90%B8%E5%99%A8",
        "/search?q=%E9%83%A8%E5%93%81%E3%81%AE%E4%B8%8D%E8%B6%B3",
        "/feeds",
        "/feeds/plan.atom",
        "/registers/document/004",
    ] {
        let text = site.text(address).await;
        // The question itself stands on the page; the record's address does not.
        assert!(!text.contains("supply-report"), "{address}");
    }
    for address in [
        "/registers/supply-report",
        "/registers/supply-report/about",
        "/registers/supply-report.csv",
        "/registers/supply-report.json",
        "/registers/supply-report/feed.atom",
        "/search?q=%E9%83%A8&in=supply-report",
    ] {
        let answer = site.get(address).await;
        assert_ne!(answer.status, StatusCode::OK, "{address}");
        assert!(!answer.text().contains(SECRET), "{address}");
    }
}

#[tokio::test]
async fn its_owner_sees_it_counted_found_and_linked() {
    let site = site();
    let owner = owner();
    let seen = site.app.desk.read(&owner, |reading| {
        let declaration = reading.declaration("supply-report")?;
        let pointed_at = reading.pointed_at(&acme().reference(), 10)?;
        let pointing: Vec<String> =
            pointed_at.by.iter().map(|seen| seen.record.reference().to_string()).collect();
        Ok((reading.count(declaration)?.exact(), reading.search(SECRET, 5)?.len(), pointing))
    });
    let (count, found, pointing) = seen.await.unwrap();
    assert_eq!((count, found), (Some(1), 1));
    assert_eq!(pointing, ["supply-report:r1"]);
}

#[tokio::test]
async fn who_owns_another_record_sees_nothing_of_it() {
    let site = site();
    let rival = Viewer { organisations: ["organisation:rival".to_owned()].into(), ..owner() };
    let seen = site.app.desk.read(&rival, |reading| {
        let declaration = reading.declaration("supply-report")?;
        let pointed_at = reading.pointed_at(&acme().reference(), 10)?.by.len();
        let told = reading.latest(None, None, 100)?;
        let told = told.iter().filter(|entry| entry.reference.register == "supply-report").count();
        let history = reading.history(&report().reference())?.len();
        Ok((reading.count(declaration)?.exact(), reading.search(SECRET, 5)?.len(), pointed_at, told, history))
    });
    assert_eq!(seen.await.unwrap(), (Some(0), 0, 0, 0, 0));
}
