//! Lists, records and files of registers.

use axum::http::StatusCode;
use serde_json::{Value, json};
use store::{By, Change};

use super::{Site, record};

#[tokio::test]
async fn every_public_register_has_a_list_and_says_who_may_do_what() {
    let site = Site::shipped();
    let all = site.text("/registers").await;
    let public = register::Viewer::public();
    let registry = shipped::registry().unwrap();
    let shown = registry.all().filter(|of| !register::Sight::of(of, &public).extent().is_empty());
    for declaration in shown {
        let path = format!("/registers/{}", declaration.id);
        assert!(all.contains(&format!("href=\"{path}\"")), "{path}");
        site.text(&path).await;
        site.text(&format!("/en{path}/about")).await;
    }
    assert!(all.contains("資料に名称のみ"));
}

#[tokio::test]
async fn every_public_record_has_a_page_with_its_sources() {
    let site = Site::shipped();
    let (registry, public) = (shipped::registry().unwrap(), register::Viewer::public());
    let records = shipped::records().unwrap();
    let is_public = |record: &&register::Record| {
        registry.get(record.register.as_str()).is_some_and(|of| register::Sight::of(of, &public).sees(record))
    };
    for record in records.iter().filter(is_public).step_by(7) {
        let path = format!("/registers/{}/{}", record.register, crate::address::escaped(record.id.as_str()));
        let page = site.text(&path).await;
        assert_eq!(page.matches("<h1>").count(), 1, "{path}");
        assert!(page.contains("id=\"source-1\""), "{path}");
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_words_state_and_fields_and_keeps_what_was_asked() {
    let site = Site::shipped();
    let all = site.text("/registers/plan-node?size=20").await;
    assert!(all.contains("rel=\"next\"") && all.contains("size=20&amp;after="));
    let narrowed = site.text("/registers/plan-node?f.level=goal&sort=title").await;
    assert!(narrowed.contains("<option value=\"goal\" selected>"));
    assert!(narrowed.contains("/registers/plan-node.csv?f.level=goal&amp;sort=title"));
    assert!(all.matches("<th scope=\"row\">").count() > narrowed.matches("<th scope=\"row\">").count());
    let none = site.text("/registers/plan-node?q=%E5%AE%87%E5%AE%99%E4%BA%BA").await;
    assert!(none.contains("条件に合う記録はありません"));
    let refused = site.get("/registers/plan-node?f.nonsense=1").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let lost = site.get("/registers/plan-node?sort=newest&after=nowhere").await;
    assert_eq!(lost.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn going_from_page_to_page_shows_every_record_once() {
    let site = Site::shipped();
    let (mut next, mut seen) = (Some("/registers/plan-node?size=20".to_owned()), Vec::new());
    while let Some(address) = next {
        let page = site.text(&address).await;
        let rows = page.split("<th scope=\"row\"><a href=\"").skip(1);
        seen.extend(rows.map(|rest| rest.split('"').next().unwrap().to_owned()));
        let link = page
            .split("<a href=\"")
            .skip(1)
            .find(|rest| rest.split('>').next().is_some_and(|tag| tag.contains("rel=\"next\"")));
        next = link.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    }
    let nodes = shipped::records().unwrap().iter().filter(|record| record.register == "plan-node").count();
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (nodes, nodes));
}

#[tokio::test]
async fn a_file_holds_exactly_what_the_list_shows() {
    let site = Site::shipped();
    let goals = shipped::records().unwrap();
    let goals = goals.iter().filter(|record| record.text("level") == Some("goal")).count();
    let loaded: Value =
        serde_json::from_slice(&site.get("/registers/plan-node.json?f.level=goal").await.bytes).unwrap();
    assert_eq!(loaded["records"].as_array().unwrap().len(), goals);
    let csv = site.get("/registers/plan-node.csv?f.level=goal&size=20").await;
    assert!(csv.kind.starts_with("text/csv") && csv.bytes.starts_with(b"\xEF\xBB\xBF"));
    assert_eq!(csv.text().lines().count(), goals + 1);
    let dictionary = site.text("/registers/plan-node.dictionary.csv").await;
    assert!(dictionary.contains("definition_ja") && dictionary.contains("record_id"));
    let book = site.get("/registers/plan-node.xlsx").await;
    assert!(book.bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn a_record_shows_its_versions_and_what_changed() {
    let site = Site::with(vec![record("programme:renamed", &[("name", json!("開発支援事業"))])]);
    let mut changed = record("programme:renamed", &[("name", json!("開発普及支援事業"))]);
    changed.sources.push(base::Source::document("letter"));
    site.app.desk.write(By::now("someone", "why"), vec![Change::from(changed)]).await.unwrap();
    let page = site.text("/registers/programme/renamed").await;
    assert!(page.contains("<ins>普及</ins>"), "the difference is marked");
    assert!(!page.contains("someone"), "who changed it is not told to everybody");
    assert_eq!(page.matches("<li value=").count(), 2);
}

#[tokio::test]
async fn a_record_shows_what_points_at_it() {
    let site = Site::shipped();
    let page = site.text("/registers/document/004").await;
    assert!(page.contains("この記録を指すもの") && page.contains("/registers/kgi/"));
}

#[tokio::test]
async fn the_glossary_gives_each_term_in_both_languages_with_its_source() {
    let site = Site::shipped();
    let page = site.text("/glossary").await;
    for term in ["KGI", "SaMD", "PMDA", "AMED", "MEDISO", "DASH for SaMD", "RS", "内数", "再掲", "府省"]
    {
        assert!(page.contains(&format!(">{term}</a>")), "{term}");
    }
    let terms = shipped::records().unwrap();
    let terms = terms.iter().filter(|record| record.register == "glossary-term").count();
    assert!(terms >= 40);
    assert_eq!(page.matches("<dt>").count(), terms);
}
