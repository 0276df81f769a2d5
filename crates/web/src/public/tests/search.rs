//! One search over everything.

use axum::http::StatusCode;

use super::Site;
use crate::address::escaped;

#[tokio::test]
async fn what_was_found_is_marked_and_the_plan_comes_first() {
    let site = Site::shipped();
    let page = site.text("/search?q=samd").await;
    assert!(page.contains("<mark>SaMD</mark>"));
    let place = |register: &str| page.find(&format!("id=\"in-{register}\""));
    assert!(place("plan-node").unwrap() < place("glossary-term").unwrap());
}

#[tokio::test]
async fn any_spelling_of_a_year_gives_the_same_results() {
    let site = Site::shipped();
    let mut results = Vec::new();
    for year in ["平成31年度", "平成３１年度", "H31", "2019年度", "FY2019"] {
        let page = site.text(&format!("/search?q={}", escaped(year))).await;
        let links: Vec<_> = page
            .split("<li><a href=\"/registers/")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        assert!(!links.is_empty(), "{year}");
        results.push((year, links));
    }
    let fiscal = results[0].1.clone();
    assert!(
        results.iter().filter(|(year, _)| *year != "H31").all(|(_, links)| *links == fiscal),
        "{results:?}"
    );
}

#[tokio::test]
async fn a_search_that_finds_nothing_says_which_words_would() {
    let site = Site::shipped();
    let page = site.text(&format!("/search?q={}", escaped("医療機器 宇宙人"))).await;
    assert!(page.contains("見つかりませんでした") && page.contains("「医療機器」"));
    assert!(!page.contains("「宇宙人」"));
}

#[tokio::test]
async fn a_search_without_words_tells_what_can_be_searched() {
    let site = Site::shipped();
    for address in ["/search", "/search?q=", "/search?q=%E3%83%BC"] {
        assert!(site.text(address).await.contains("空白で区切る"), "{address}");
    }
}

#[tokio::test]
async fn markup_in_a_question_stays_text() {
    let site = Site::shipped();
    let page = site.text("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(!page.contains("<script>alert"));
    assert_eq!(site.get("/search?q=x&in=nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_results_of_a_register_go_on_from_page_to_page() {
    let site = Site::shipped();
    let page = site.text(&format!("/search?q={}&in=plan-node", escaped("医療機器"))).await;
    let next = page
        .split("<a href=\"")
        .skip(1)
        .find(|rest| rest.split('>').next().unwrap().contains("rel=\"next\""));
    let next = next.unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = site.text(&next).await;
    assert!(second.contains("<ul class=\"results\">"));
    assert_ne!(page, second);
}
