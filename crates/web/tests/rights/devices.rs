//! A maker's bill: its bytes, its components and what was found in them are seen by the maker and by nobody the maker has not named, whatever
//! they ask for, and nobody else decides anything about them.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::house::{House, Looker};
use crate::marks::marks_in;

const PART: &str = "cnrsecretpartz";
const FILE: &str = "cnrsecretfilez";
const ADVISORY: &str = "GHSA-test-0001";

#[test]
fn a_bill_is_told_to_nobody_but_its_maker_in_no_way() {
    let house = House::open();
    let maker = house.looker("of company a");
    let job = give_bill(&house, maker);
    bring_advisory(&house);
    let bill = only(&house, maker, "device-bill", FILE);
    let finding = only(&house, maker, "vulnerability-finding", PART);
    let paths = paths(&bill, &finding, &job);
    let mut leaks = Vec::new();
    for looker in house.lookers.iter().filter(|looker| looker.name != maker.name) {
        let may = house.allowed(looker, None);
        for path in &paths {
            let (status, body) = house.get(looker, path);
            let told = marks_in(&body);
            // What was asked for stands in the page that says there is none.
            let asked = |mark: &String| path.contains(mark.as_str());
            let hidden: Vec<&String> =
                told.iter().filter(|mark| !may.contains(mark.as_str()) && !asked(mark)).collect();
            if !hidden.is_empty() || body.contains("pkg:pypi/") {
                leaks.push(format!("{} at {path}: {hidden:?} ({status})", looker.name));
            }
        }
    }
    assert!(leaks.is_empty(), "{}:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn the_maker_finds_the_bill_again_in_every_way() {
    let house = House::open();
    let maker = house.looker("of company a");
    give_bill(&house, maker);
    bring_advisory(&house);
    let bill = only(&house, maker, "device-bill", FILE);
    let finding = only(&house, maker, "vulnerability-finding", PART);
    for path in [
        format!("/cyber/bills/{bill}"),
        format!("/cyber/bills/{bill}/file"),
        format!("/cyber/components?q={}", &PART[..10]),
        "/cyber/products/r-a".to_owned(),
        format!("/cyber/findings/{finding}"),
        format!("/cyber/advisories/{ADVISORY}"),
    ] {
        let (status, body) = house.get(maker, &path);
        assert!(status == 200 && body.contains(PART), "{path}: {status}");
    }
}

#[test]
fn nobody_else_decides_about_a_finding_or_gives_a_bill() {
    let house = House::open();
    let maker = house.looker("of company a");
    let job = give_bill(&house, maker);
    bring_advisory(&house);
    let finding = only(&house, maker, "vulnerability-finding", PART);
    for looker in house.lookers.iter().filter(|looker| looker.name != maker.name) {
        for (path, form) in [
            (format!("/cyber/findings/{finding}"), "state=not-affected&reason=x&version=1"),
            (format!("/cyber/findings/{finding}/tell"), ""),
            (format!("/cyber/uploads/{job}/take"), ""),
            ("/cyber/products/r-a/file".to_owned(), "act=record&statement="),
            ("/cyber/products/r-a/suggestions".to_owned(), "advisory=GHSA-test-0001"),
            ("/cyber/hospital/r-a".to_owned(), "done=yes&answer=x&version=1"),
            ("/cyber/authority/r-a".to_owned(), "review=reviewed&version=1"),
        ] {
            // Company c is the one that the maker has named: its answer to its own notice is its right.
            if looker.name.contains("company c") && path.contains("/hospital/") {
                continue;
            }
            let (status, to) = house.form(looker, &path, form);
            let refused = [401, 403, 404].contains(&status) || to.contains("sign-in");
            assert!(refused, "{}: {path}: {status} {to}", looker.name);
        }
        for place in ["/cyber/products/r-a/bills", "/cyber/products/r-a/statements"] {
            let (status, to) = house.upload(looker, place, "x.json", b"{}");
            assert!([401, 403, 404].contains(&status) || to.contains("sign-in"), "{}: {status}", looker.name);
        }
    }
}

fn paths(bill: &str, finding: &str, job: &str) -> Vec<String> {
    let mut paths: Vec<String> = [
        "/cyber",
        "/cyber/products",
        "/cyber/products/r-a",
        "/cyber/products/r-a/file",
        "/cyber/products/r-a/statements",
        "/cyber/files/r-a/sealed",
        "/cyber/files/r-a/changes",
        "/cyber/advisories",
        "/cyber/hospital",
        "/cyber/authority",
        "/search?q=cnrsecret",
        "/registers",
        "/plan/follow-up.json",
        "/plan/plan-3/plan-3.issue-3-5",
        "/changes",
        "/desk",
        "/api/v1/search?q=cnrsecret",
        "/api/v1/changes?limit=1000",
    ]
    .map(String::from)
    .into();
    paths.push(format!("/cyber/components?q={PART}"));
    paths.push("/cyber/components?q=cnr".to_owned());
    paths.push(format!("/cyber/advisories/{ADVISORY}"));
    paths.push(format!("/cyber/bills/{bill}"));
    paths.push(format!("/cyber/bills/{bill}/file"));
    paths.push(format!("/cyber/products/r-a/compare?older={bill}&newer={bill}"));
    paths.push(format!("/cyber/products/r-b/compare?older={bill}&newer={bill}"));
    paths.push(format!("/cyber/findings/{finding}"));
    paths.push(format!("/cyber/uploads/{job}"));
    for (register, id) in [("device-bill", bill), ("vulnerability-finding", finding)] {
        for ending in ["", ".json", ".csv", ".xlsx", "/feed.atom"] {
            paths.push(format!("/registers/{register}{ending}"));
            paths.push(format!("/registers/{register}/{id}{ending}"));
        }
        paths.push(format!("/registers/{register}?q=cnrsecret"));
        paths.push(format!("/registers/{register}?f.product=device-product:r-a"));
        paths.push(format!("/api/v1/registers/{register}/records?limit=100"));
        paths.push(format!("/api/v1/registers/{register}/records/{id}"));
        paths.push(format!("/api/v1/registers/{register}/records/{id}/history"));
    }
    paths
}

/// Gives a bill for the product of company a, and tells under which name it was read.
fn give_bill(house: &House, maker: &Looker) -> String {
    let bill = format!(
        r#"{{ "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [{{ "type": "library", "name": "{PART}", "version": "1.0", "purl": "pkg:pypi/{PART}@1.0" }}] }}"#
    );
    let name = format!("{FILE}.json");
    let (status, to) = house.upload(maker, "/cyber/products/r-a/bills", &name, bill.as_bytes());
    assert_eq!(status, 303, "{to}");
    let job = to.rsplit('/').next().unwrap().to_owned();
    let until = Instant::now() + Duration::from_mins(1);
    while !house.get(maker, &format!("/cyber/uploads/{job}")).1.contains("/take") {
        assert!(Instant::now() < until, "the bill is read in time");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(house.form(maker, &format!("/cyber/uploads/{job}/take"), "").0, 303);
    job
}

/// The secretariat brings an advisory, and is told nothing of whom it reaches.
fn bring_advisory(house: &House) {
    let advisory = format!(
        r#"{{ "id": "{ADVISORY}", "modified": "2026-01-01T00:00:00Z", "affected": [{{ "package": {{ "ecosystem": "PyPI", "name": "{PART}" }}, "ranges": [{{ "type": "ECOSYSTEM", "events": [{{ "introduced": "0" }}] }}] }}] }}"#
    );
    let office = house.looker("secretariat");
    let (status, _) = house.upload(office, "/cyber/advisories/new", "advisory.json", advisory.as_bytes());
    assert_eq!(status, 200);
}

/// The id of the one record of a register that holds a mark.
fn only(house: &House, maker: &Looker, register: &str, mark: &str) -> String {
    let (_, body) = house.get(maker, &format!("/api/v1/registers/{register}/records?limit=100"));
    let answer: Value = serde_json::from_str(&body).unwrap();
    let with: BTreeSet<String> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item.to_string().contains(mark))
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(with.len(), 1, "{register}: {body}");
    with.into_iter().next().unwrap()
}
