//! Product files and sealed files: read whole or refused with a place, compared with each other, and never harmful when they are broken.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mutation;

use std::time::{Duration, Instant};

use cyber::document::Limits;
use cyber::premarket::{
    Bill, Case, Changes, FACTS, Findings, Input, MOST_BYTES, Product, ProductError, Rule, SealError, Sealed,
    TEMPLATE, Verdict, changes, judge, sealed,
};
use cyber::sbom::{self, Change};
use jiff::civil::date;
use mutation::{Mutation, Random};

const RULES: &str = include_str!("../../../data/cyber-rule.toml");
const PRODUCT: &str = "[product]\nname = \"輸液ポンプ\"\nmaker = \"A\"\nversion = \"2.1\"\ndate = 2026-11-01\n[facts]\nsoftware = true\n\
    connected = \"unknown\"\n[life]\nstate = \"limited\"\neol = \"R8.4.1\"\n[[row]]\nitem = \"R1\"\nsummary = \"s\"\n[[document]]\n\
    kind = \"mds2\"\nid = \"M-1\"\nversion = \"1\"\ndate = \"2026-01-01\"\n[[analysis]]\nvulnerability = \"CVE-2026-1\"\n";
const BILL: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[
    {"type":"library","name":"jelly","version":"1.4","purl":"pkg:pypi/jelly@1.4","licenses":[{"license":{"id":"MIT"}}]}]}"#;

fn seal(product: &str, bill: &str, findings: Option<&Findings>) -> Sealed {
    let product = Product::read(product.as_bytes()).unwrap();
    let reading = sbom::read(bill.as_bytes(), &Limits::default()).unwrap();
    let bills = [Bill { file: "pump.json".into(), reading }];
    let rules = Rule::all(&register::data::parse("cyber-rule.toml", RULES).unwrap()).unwrap();
    let case = Case { product: &product, bills: &bills, findings, today: date(2026, 11, 28) };
    sealed(&judge(&rules, &case), &case, vec![Input::of("pump.json", bill.as_bytes())])
}

#[test]
fn a_product_file_keeps_what_it_says_and_where() {
    let product = Product::read(PRODUCT.as_bytes()).unwrap();
    assert_eq!(product.head.date, Some(date(2026, 11, 1)));
    assert_eq!(product.life.eol, Some(date(2026, 4, 1)), "a year of an era is one of ours");
    assert_eq!((product.rows[0].line, product.documents[0].line, product.analyses[0].line), (12, 15, 20));
    let facts = FACTS.map(|fact| (fact.code(), product.facts().of(fact)));
    let known: Vec<_> = facts.into_iter().filter_map(|(code, known)| Some((code, known?))).collect();
    assert_eq!(known, [("software", true), ("marketed", true), ("past_eol", true), ("past_eos", false)]);
}

#[test]
fn the_template_is_read_and_shows_nothing_yet() {
    let product = Product::read(TEMPLATE.as_bytes()).unwrap();
    assert!(FACTS.into_iter().all(|fact| product.facts().of(fact).is_none()));
    assert!(product.rows.is_empty() && product.files.sbom.is_empty() && product.head.date.is_none());
    let entry = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).map(str::to_owned);
    let filled: String =
        TEMPLATE.lines().map(|line| entry(line).unwrap_or_else(|| line.to_owned()) + "\n").collect();
    let filled = Product::read(filled.as_bytes()).unwrap();
    let entries = [filled.rows.len(), filled.documents.len(), filled.analyses.len(), filled.controls.len()];
    assert_eq!(entries, [1, 1, 1, 1], "every entry it explains can be uncommented");
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_what_may_stand_there() {
    let wrong = |text: &str| match Product::read(text.as_bytes()).unwrap_err() {
        ProductError::Wrong { line, message } => (line, message),
        other => panic!("{other}"),
    };
    for (from, to, line, says) in [
        ("software = true", "sofware = true", 7, "software"),
        ("software = true", "software = \"yes\"", 7, "true, false or \"unknown\""),
        ("software = true", "software = 1", 7, "true, false or \"unknown\""),
        ("state = \"limited\"", "state = \"sold\"", 10, "development, supported, limited, ended"),
        ("item = \"R1\"", "item = \"T7\"", 13, "R1, R2, R3, T1"),
        ("kind = \"mds2\"", "kind = \"manual\"", 16, "security-design"),
        ("eol = \"R8.4.1\"", "eol = \"2026-02-30\"", 11, "2025-02-07"),
        ("[[row]]", "[[rows]]", 12, "row"),
        ("version = \"2.1\"", "version = ", 4, ""),
    ] {
        let (at, message) = wrong(&PRODUCT.replacen(from, to, 1));
        assert!(at == line && message.contains(says), "{to}: line {at}: {message}");
    }
    assert!(wrong("[product]\nname = \"a\"").1.contains("maker"));
    assert_eq!(Product::read(&vec![b' '; MOST_BYTES + 1]), Err(ProductError::TooLarge));
    assert_eq!(Product::read(b"\xFF\xFE"), Err(ProductError::NotText));
}

#[test]
fn a_sealed_file_comes_back_and_a_changed_one_is_refused() {
    let kept = seal(PRODUCT, BILL, Some(&Findings { asked: 1, ..Findings::default() }));
    let json = kept.to_json().unwrap();
    assert_eq!(Sealed::read(json.as_bytes()).unwrap(), kept);
    let forged = json.replacen("\"not-shown\"", "\"met\"", 1);
    assert!(matches!(Sealed::read(forged.as_bytes()), Err(SealError::Broken)));
    let other = json.replacen("shirube-cyber-file/1", "shirube-cyber-file/2", 1);
    assert!(matches!(Sealed::read(other.as_bytes()), Err(SealError::OtherForm(_))));
    assert!(matches!(Sealed::read(&json.as_bytes()[..json.len() / 2]), Err(SealError::NotSealed(_))));
    assert!(matches!(Sealed::read("[".repeat(100_000).as_bytes()), Err(SealError::NotSealed(_))));
}

#[test]
fn a_file_does_not_differ_from_itself() {
    let findings = Findings { asked: 1, ..Findings::default() };
    let kept = seal(PRODUCT, BILL, Some(&findings));
    assert!(changes(&kept, &kept).is_empty());
    let unknown = seal(PRODUCT, BILL, None);
    let changed = changes(&unknown, &kept);
    assert_eq!(changed.findings, None, "nothing can be said where one side was not looked up");
    assert!(!changed.is_empty());
}

#[test]
fn what_changed_is_told_by_rule_document_and_component() {
    let older = seal(PRODUCT, BILL, None);
    let product = PRODUCT
        .replace("summary = \"s\"", "summary = \"s\"\ndocument = \"d\"\nnumber = \"1\"")
        .replace("connected = \"unknown\"", "connected = true")
        .replace("version = \"1\"", "version = \"2\"");
    let newer = seal(&product, &BILL.replace("1.4", "1.5"), None);
    let Changes { verdicts, documents, bills, inputs, .. } = changes(&older, &newer);
    let first = ("JP12-R1".to_owned(), Some(Verdict::NotShown), Some(Verdict::Met));
    assert!(verdicts.contains(&first), "{verdicts:?}");
    let [(Some(before), Some(after))] = &documents[..] else { panic!("{documents:?}") };
    assert_eq!((before.version.as_deref(), after.version.as_deref()), (Some("1"), Some("2")));
    let [(_, Change::Version { from, to, .. })] = &bills.changes[..] else { panic!("{bills:?}") };
    assert_eq!((from.as_deref(), to.as_deref()), (Some("1.4"), Some("1.5")));
    assert_eq!(inputs, ["pump.json"]);
}

#[test]
fn fuzzed_product_and_sealed_files_are_read_or_refused_at_once() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let sealed = seal(PRODUCT, BILL, None).to_json().unwrap();
    let seeds = [PRODUCT, TEMPLATE, sealed.as_str()];
    let marks: &[&[u8]] =
        &[b"[[", b"]]", b"\"", b"'''", b"=", b"{", b"9999-99-99", b"\xFF", b"\n", b"unknown"];
    let mutation = Mutation { marks, longest: 40, cuts_one_in: 8 };
    let mut random = Random(0x5EED);
    let mut slowest = Duration::ZERO;
    while Instant::now() < end {
        let kind = random.below(seeds.len());
        let bytes = mutation.of(seeds[kind].as_bytes(), &mut random);
        let start = Instant::now();
        drop(Product::read(&bytes));
        if let Ok(read) = Sealed::read(&bytes) {
            assert_eq!(Sealed::read(read.to_json().unwrap().as_bytes()).unwrap(), read);
        }
        slowest = slowest.max(start.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}
