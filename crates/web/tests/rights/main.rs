//! Nothing is seen or changed that a declaration denies: every kind of viewer on every register, record and field, through
//! pages, lists, totals, search, downloads, feeds, history, the API and webhooks.
//!
//! Every text of every record holds a mark of its own. Whatever a viewer is sent is searched for marks, and each one found
//! must be one that the declared rights, read in `marks` by a plain second reader, let them see.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod devices;
mod hooks;
mod house;
mod marks;

use std::collections::{BTreeMap, BTreeSet};

use house::House;
use marks::marks_in;
use serde_json::Value;

const PAGES: &[&str] = &[
    "/",
    "/plan",
    "/programmes",
    "/budget",
    "/ministries",
    "/checks",
    "/registers",
    "/feeds",
    "/feeds/plan.atom",
    "/changes",
    "/desk",
    "/search?q=cnr",
    "/programmes.xlsx",
    "/budget.xlsx",
    "/checks.xlsx",
    "/plan/follow-up.xlsx",
    "/plan/follow-up.csv?table=programmes",
    "/plan/follow-up.json",
    "/plan/follow-up.stratml.xml",
    "/desk/reminders.atom",
    "/joins?show=all",
    "/cells",
    "/round",
    "/cyber",
    "/cyber/products",
    "/cyber/advisories",
    "/cyber/hospital",
    "/cyber/authority",
    "/cyber/components?q=cnr",
    "/api/v1/changes?limit=1000",
    "/api/v1/search?q=cnr",
    "/api/v1/plan/follow-up",
];
const OF_REGISTERS: &[&str] = &[
    "",
    "?sort=newest",
    "?sort=title",
    "?q=cnr",
    ".csv",
    ".json",
    ".xlsx",
    ".dictionary.csv",
    "/feed.atom",
    "/about",
    "/new",
];
const OF_RECORDS: &[&str] = &["", ".json", ".csv", ".xlsx", "/feed.atom", "/edit", "/comments"];

#[test]
fn nobody_is_told_what_a_declaration_hides() {
    let house = House::open();
    let mut leaks = BTreeSet::new();
    let mut asked = 0;
    for looker in &house.lookers {
        let may = house.allowed(looker, None);
        let mut paths: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
        for declaration in house.registry.all() {
            let id = &declaration.id;
            paths.extend(OF_REGISTERS.iter().map(|ending| format!("/registers/{id}{ending}")));
            paths.push(format!("/api/v1/registers/{id}/records?limit=100"));
            paths.push(format!("/api/v1/changes?register={id}&limit=100"));
        }
        for marked in &house.records {
            let (register, id) = (&marked.record.register, &marked.record.id);
            paths.extend(OF_RECORDS.iter().map(|ending| format!("/registers/{register}/{id}{ending}")));
            paths.push(format!("/changes/{register}/{id}/1"));
            match register.as_str() {
                "device-product" => {
                    paths.extend(["", "/statements"].map(|ending| format!("/cyber/products/{id}{ending}")));
                }
                "premarket-file" => paths.push(format!("/cyber/files/{id}/changes")),
                "device-bill" => {
                    paths.extend(["", "/file"].map(|ending| format!("/cyber/bills/{id}{ending}")));
                }
                "vulnerability-finding" => paths.push(format!("/cyber/findings/{id}")),
                _ => {}
            }
            paths.extend(
                ["", "/history"].map(|ending| format!("/api/v1/registers/{register}/records/{id}{ending}")),
            );
        }
        for path in paths {
            asked += 1;
            let told = marks_in(&house.get(looker, &path).1);
            let hidden = told.into_iter().filter(|mark| !may.contains(mark.as_str()));
            leaks.extend(hidden.map(|mark| format!("{} sees {mark} at {path}", looker.name)));
        }
    }
    let first: Vec<_> = leaks.iter().take(40).cloned().collect();
    assert!(leaks.is_empty(), "{} leaks in {asked} answers:\n{}", leaks.len(), first.join("\n"));
    println!("{asked} answers, no leak");
}

/// Who shows nobody anything would pass the test above.
#[test]
fn everybody_is_told_what_a_declaration_lets_them_see() {
    let house = House::open();
    let mut lacking = Vec::new();
    for looker in &house.lookers {
        for declaration in house.registry.all() {
            let id = &declaration.id;
            let mut told = BTreeSet::new();
            for marked in house.visible(looker, id.as_str()) {
                told.extend(marks_in(&house.get(looker, &format!("/registers/{id}/{}", marked.record.id)).1));
            }
            let book = marks_in(&house.get(looker, &format!("/registers/{id}.xlsx")).1);
            for mark in house.allowed(looker, Some(id.as_str())) {
                if !told.contains(mark) {
                    lacking.push(format!("{} is not shown {mark}", looker.name));
                }
                if !book.contains(mark) {
                    lacking.push(format!("{} misses {mark} in the workbook", looker.name));
                }
            }
        }
    }
    assert!(lacking.is_empty(), "{}:\n{}", lacking.len(), lacking[..lacking.len().min(40)].join("\n"));
}

#[test]
fn totals_and_search_count_what_the_viewer_may_see_and_nothing_else() {
    let house = House::open();
    for looker in &house.lookers {
        // Organisations are those of the people themselves.
        for declaration in
            house.registry.all().filter(|declaration| declaration.id.as_str() != "organisation")
        {
            let id = declaration.id.as_str();
            let visible = house.visible(looker, id);
            let (status, body) = house.get(looker, &format!("/api/v1/registers/{id}/records?limit=100"));
            if [401, 403, 404].contains(&status) {
                assert!(visible.is_empty(), "{}: {id}: {status}", looker.name);
                continue;
            }
            let answer: Value = serde_json::from_str(&body).unwrap();
            let count = visible.len() as u64;
            assert_eq!(
                answer["items"].as_array().map(|items| items.len() as u64),
                Some(count),
                "{}: {id}",
                looker.name
            );
            assert_eq!(answer["total"]["least"].as_u64(), Some(count), "{}: {id}", looker.name);
            assert_eq!(answer["total"]["most"].as_u64(), Some(count), "{}: {id}", looker.name);
            for marked in house.of(id) {
                let Some(mark) = &marked.searched else { continue };
                let (_, found) = house.get(looker, &format!("/api/v1/registers/{id}/records?q={mark}"));
                let found: Value = serde_json::from_str(&found).unwrap();
                let sees = visible.iter().any(|seen| seen.record.id == marked.record.id);
                assert_eq!(
                    found["total"]["most"].as_u64(),
                    Some(sees.into()),
                    "{}: {id}: {mark}",
                    looker.name
                );
            }
        }
    }
}

#[test]
fn nobody_changes_what_a_declaration_keeps_from_them() {
    let house = House::open();
    let mut wrong = Vec::new();
    let mut tried = BTreeMap::<bool, usize>::new();
    for looker in &house.lookers {
        for marked in &house.records {
            let path = format!("/api/v1/registers/{}/records/{}", marked.record.register, marked.record.id);
            for field in &marked.changeable {
                let tag = house.tag(looker, &path);
                let body = serde_json::json!({ "fields": { field: format!("changed by {}", looker.name) } })
                    .to_string();
                let status = house.patch(looker, &path, &tag, &body);
                let may = house.may_change(looker, marked, field);
                *tried.entry(may).or_default() += 1;
                if (status == 200) != may {
                    wrong.push(format!("{}: {path} {field}: {status}; may change it: {may}", looker.name));
                }
            }
        }
    }
    assert!(tried[&true] > 100 && tried[&false] > 500, "{tried:?}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    println!("tried, by whether it was allowed: {tried:?}");
}
