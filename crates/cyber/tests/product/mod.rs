//! A sound product and its bill, to be changed in one thing at a time, and the shipped rules to judge it by.

#![allow(unreachable_pub, dead_code)]

use std::fmt::Write as _;

use cyber::document::Limits;
use cyber::premarket::{
    Answer, Bill, Case, DocumentKind, Findings, Found, Judged, Lacking, Product, Rule, Status, Triage,
    Verdict, judge,
};
use cyber::sbom;
use jiff::civil::{Date, date};

pub const RULES: &str = include_str!("../../../../data/cyber-rule.toml");

/// A bill that states everything the handbook and FDA ask.
pub const BILL: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
    "serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "metadata":{"timestamp":"2026-01-02T03:04:05Z","authors":[{"name":"Sato"}],"tools":{"components":[{"type":"application","name":"t"}]},
    "component":{"type":"device","name":"Pump","version":"2.1","bom-ref":"pump","supplier":{"name":"A"},"purl":"pkg:generic/pump@2.1",
    "hashes":[{"alg":"SHA-256","content":"0000000000000000000000000000000000000000000000000000000000000000"}],"licenses":[{"license":{"name":"own"}}],
    "properties":[{"name":"cdx:lifecycle:milestone:endOfSupport","value":"2033-01-01"},
    {"name":"cdx:lifecycle:milestone:endOfLife","value":"2032-01-01"},{"name":"supportLevel","value":"maintained"}]}},
    "components":[{"type":"library","name":"jelly","version":"1.4","bom-ref":"a","supplier":{"name":"B"},"purl":"pkg:pypi/jelly@1.4",
    "hashes":[{"alg":"SHA-256","content":"1111111111111111111111111111111111111111111111111111111111111111"}],"licenses":[{"license":{"id":"MIT"}}],
    "properties":[{"name":"cdx:lifecycle:milestone:endOfSupport","value":"2030-01-01"},
    {"name":"cdx:lifecycle:milestone:endOfLife","value":"2029-01-01"},{"name":"supportLevel","value":"maintained"}]}],
    "dependencies":[{"ref":"pump","dependsOn":["a"]}]}"#;

/// A product of which everything is shown.
pub fn sound() -> String {
    let mut text = "[product]\nname = \"Pump\"\nmaker = \"A\"\nversion = \"2.1\"\ndate = \"2026-11-01\"\n\
        [facts]\nsoftware = true\nconnected = true\nattack_foreseen = false\nlegacy_design = false\nprotectable = true\n\
        eos_changed = false\nuses_rubric = false\nexports_to_us = true\ninternet_connectable = true\nvulnerable_characteristics = true\n\
        [life]\nstate = \"supported\"\nreleased = \"2025-04-01\"\neol = \"2031-04-01\"\neos = \"2033-04-01\"\neos_told = \"2025-04-01\"\n\
        [mds2]\nsbom = true\n"
        .to_owned();
    for item in ["R1", "R2", "R3", "T1", "T2", "T3", "T4", "T5", "T6"] {
        let _ = write!(
            text,
            "[[row]]\nitem = \"{item}\"\nsummary = \"done\"\ndocument = \"Plan\"\nnumber = \"D-{item}\"\n"
        );
    }
    let transition = [
        DocumentKind::GapAnalysis,
        DocumentKind::GapClosing,
        DocumentKind::ContinuedUse,
        DocumentKind::Declaration,
    ];
    for kind in DocumentKind::ALL.iter().filter(|kind| !transition.contains(kind)) {
        text += &document(kind.code(), "2026-01-01");
    }
    text
}

pub fn document(kind: &str, date: &str) -> String {
    format!("[[document]]\nkind = \"{kind}\"\nid = \"DOC-{kind}\"\nversion = \"1\"\ndate = \"{date}\"\n")
}

/// The four documents of annex F; the rationale names a version of the product.
pub fn transition(product_version: &str) -> String {
    let mut text: String = ["gap-analysis", "gap-closing", "declaration"]
        .iter()
        .map(|kind| document(kind, "2026-01-01"))
        .collect();
    text += &document("continued-use", "2026-01-01");
    text + &format!("product_version = \"{product_version}\"\n")
}

pub fn rules() -> Vec<Rule> {
    Rule::all(&register::data::parse("cyber-rule.toml", RULES).unwrap()).unwrap()
}

pub fn bill(text: &str) -> Bill {
    Bill { file: "pump.cdx.json".into(), reading: sbom::read(text.as_bytes(), &Limits::default()).unwrap() }
}

pub fn nothing_found() -> Findings {
    Findings { asked: 2, ..Findings::default() }
}

pub fn found(
    severe: Option<bool>,
    exploited: Option<bool>,
    triage: Option<(Status, Option<&str>)>,
) -> Findings {
    let triage = triage.map(|(status, reason)| Triage {
        status,
        reason: reason.map(str::to_owned),
        place: "pump.openvex.json /statements/0".into(),
    });
    let found = Found {
        vulnerability: "TEST-1".into(),
        aliases: vec!["CVE-2026-1".into()],
        component: "pkg:pypi/jelly@1.4".into(),
        undetermined: false,
        severe,
        exploited,
        triage,
        is_contradicted: false,
    };
    Findings { found: vec![found], ..nothing_found() }
}

pub const TODAY: Date = date(2026, 11, 28);

pub struct Asked<'a> {
    pub product: &'a str,
    pub bill: Option<&'a str>,
    pub findings: Option<Findings>,
}

impl<'a> Asked<'a> {
    pub fn product(product: &'a str) -> Self {
        Asked { product, bill: Some(BILL), findings: Some(nothing_found()) }
    }
    pub fn with(findings: Findings, product: &'a str) -> Self {
        Asked { findings: Some(findings), ..Asked::product(product) }
    }
    /// Judges, and hands the answer on while all that it borrows is there.
    pub fn judged<T>(&self, look: impl FnOnce(&Answer<'_>) -> T) -> T {
        let product = Product::read(self.product.as_bytes()).unwrap();
        let bills: Vec<Bill> = self.bill.map(bill).into_iter().collect();
        let rules = rules();
        let case = Case { product: &product, bills: &bills, findings: self.findings.as_ref(), today: TODAY };
        look(&judge(&rules, &case))
    }
    pub fn one<T>(&self, rule: &str, look: impl FnOnce(&Judged<'_>) -> T) -> T {
        self.judged(|answer| look(answer.judged.iter().find(|one| one.rule.id == rule).unwrap()))
    }
    pub fn verdict(&self, rule: &str) -> Verdict {
        self.one(rule, |one| one.verdict)
    }
    pub fn lacking(&self, rule: &str) -> Vec<Lacking> {
        self.one(rule, |one| one.lacking.clone())
    }
}
