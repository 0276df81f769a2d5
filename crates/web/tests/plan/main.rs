//! The plan's public pages, as a citizen reads them: from the figure to its source, with nothing unknown told as good or bad.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod site;

use std::collections::{BTreeMap, BTreeSet};

use site::{Site, links, sample, text};

/// The rooms that these pages are; other rooms have tests of their own.
const ROOMS: &[&str] =
    &["/plan", "/measures", "/programmes", "/ministries", "/budget", "/checks", "/registers/"];

#[test]
fn every_link_of_every_page_of_the_plan_leads_somewhere_in_both_languages() {
    let site = Site::open(sample());
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut next = vec!["/".to_owned(), "/en/".to_owned()];
    let mut broken = BTreeMap::new();
    while let Some(path) = next.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let (status, body) = site.get(&path);
        if status != 200 {
            broken.insert(path, status);
            continue;
        }
        let below = path.strip_prefix("/en").unwrap_or(&path);
        // Records are other pages' affair: that they are there is enough.
        if below.starts_with("/registers/") || !body.starts_with("<!DOCTYPE html>") {
            continue;
        }
        let wanted = |link: &String| {
            let below = link.strip_prefix("/en").unwrap_or(link);
            ROOMS.iter().any(|room| below.starts_with(room)) && !below.contains("/feed")
        };
        next.extend(links(&body).into_iter().filter(wanted));
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(seen.len() > 200, "only {} pages were walked", seen.len());
}

#[test]
fn the_shipped_plan_alone_has_sensible_pages() {
    let site = Site::open(Vec::new());
    for path in
        ["/", "/plan", "/plan/plan-3", "/plan/follow-up", "/programmes", "/ministries", "/budget", "/checks"]
    {
        let page = site.page(path);
        assert!(page.contains("<h1"), "{path}");
        assert!(site.page(&format!("/en{path}")).contains("lang=\"en\""), "{path}");
    }
    let home = text(&site.page("/en/"));
    assert!(home.contains("No work has been reported yet."));
    assert!(home.contains("Whether the targets come nearer is not known yet."));
}

#[test]
fn silent_goals_are_told_in_words_and_not_by_colour_alone() {
    let home = text(&Site::open(sample()).page("/en/"));
    assert!(home.contains("1 of 11 goals have a report of work for FY2024."));
    assert!(home.contains("10 silent"));
    assert!(home.contains("Goals without a report for FY2024"));
}

#[test]
fn the_printed_total_of_83_oku_yen_opens_its_source() {
    let site = Site::open(sample());
    let home = site.page("/");
    assert!(text(&home).contains("83億円"));
    let budget = site.page("/budget?fy=2025");
    assert!(text(&budget).contains("83億円") && text(&budget).contains("一致"));
    let document = links(&budget).into_iter().find(|link| link.starts_with("/registers/document/"));
    site.page(&document.expect("a document among the sources"));
}

#[test]
fn a_budget_within_another_is_shown_as_a_bound_and_in_no_sum() {
    let site = Site::open(sample());
    let page = text(&site.page("/plan/plan-2/plan-2.goal-b"));
    assert!(page.contains("≤ 19億円（内数）"), "{page}");
    assert!(page.contains("5.00億円") && !page.contains("24.00億円"));
}

#[test]
fn zero_and_not_yet_are_different_things_on_a_programmes_page() {
    let page = text(&Site::open(sample()).page("/programmes/rs-900001"));
    assert!(page.contains("0円") && page.contains("— 未確定"));
}

#[test]
fn a_changed_wording_is_marked_as_inserted_and_deleted() {
    let page = Site::open(sample()).page("/measures/fy2024.sample");
    assert!(page.contains("<del>した</del>") && page.contains("<ins>する</ins>"), "{page}");
}

#[test]
fn a_citizen_walks_from_home_over_goal_and_programme_to_the_source() {
    let site = Site::open(sample());
    let follow = |from: &str, wanted: &str| {
        let found = links(&site.page(from)).into_iter().find(|link| link.starts_with(wanted));
        found.unwrap_or_else(|| panic!("{from} links to nothing below {wanted}"))
    };
    let goal = follow("/", "/plan/plan-2/plan-2.goal-b");
    let programme = follow(&goal, "/programmes/rs-900001");
    let sheet = follow(&programme, "/registers/programme-sheet/");
    assert!(site.page(&sheet).contains("見本の拠点整備事業"));
}

#[test]
fn every_list_can_be_taken_along_as_csv_xlsx_and_json() {
    let site = Site::open(sample());
    for list in ["/programmes", "/budget", "/checks", "/plan/follow-up", "/programmes/rs-900001/money"] {
        for format in ["csv", "xlsx", "json"] {
            let (status, body) = site.get(&format!("{list}.{format}"));
            assert!(status == 200 && !body.is_empty(), "{list}.{format}: {status}");
        }
    }
    assert!(site.get("/plan/follow-up.pdf").1.starts_with("%PDF"));
    let share = site.get("/plan/follow-up.csv?table=follow_up_printed_budgets").1;
    assert!(share.contains("1900000000"));
}

#[test]
fn home_is_light() {
    let site = Site::open(sample());
    let home = site.page("/");
    let style = links(&home)
        .into_iter()
        .find(|link| link.starts_with("/assets/site.") && link.contains("css"))
        .unwrap();
    assert!(home.len() + site.page(&style).len() < 150_000);
}

#[test]
fn what_is_not_there_is_not_found() {
    let site = Site::open(sample());
    for path in [
        "/plan/plan-9",
        "/plan/plan-3/plan-2.goal-b",
        "/measures/none",
        "/programmes/none",
        "/ministries/none",
        "/checks/S9999",
    ] {
        assert_eq!(site.get(path).0, 404, "{path}");
    }
    assert_eq!(site.get("/plan/follow-up?fy=1950").0, 422);
}
