//! A maker's portfolio on the command line: products come, advisories reach them, somebody deals with it, and everything is on record.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Bench, text};

const BILL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "metadata": {"component": {"type": "device", "name": "Pump", "version": "2.1", "bom-ref": "pump", "supplier": {"name": "Sato"}}},
    "components": [
        {"type": "library", "name": "jelly", "version": "1.4", "bom-ref": "a", "purl": "pkg:pypi/Jelly@1.4"},
        {"type": "library", "name": "jam", "bom-ref": "b", "purl": "pkg:pypi/jam"},
        {"type": "firmware", "name": "boot", "version": "2", "bom-ref": "d"}]}"#;

const PRODUCT: &str = r#"
maker = "Sato"
name = "Pump"
version = "2.1"
bills = ["pump.cdx.json"]
users = ["Kita Hospital", "Minami Hospital"]
released = 2020-04-01
end-of-life = "2026-06-01"
end-of-support = "2028-06-01"
given = ["release/policy", "release/life-plan", "release/upgrade-options", "release/instructions", "release/sbom", "release/mds2", "release/maintenance-plan"]
protection = "compensating"
control = "firewall, TCP 443 only"
control-told-in = "IFU 7.2"
"#;

fn advisory(id: &str, name: &str, fixed: &str) -> String {
    format!(
        "id: {id}\nmodified: 2026-05-01T00:00:00Z\nsummary: \"{name} leaks\"\nseverity:\n- {{type: CVSS_V3, score: \
         \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"}}\naffected:\n- package: {{name: {name}, ecosystem: PyPI}}\n  ranges:\n  - type: \
         ECOSYSTEM\n    events: [{{introduced: \"0\"}}, {{fixed: \"{fixed}\"}}]\n"
    )
}

/// A folder with a product, and the advisories of the first day.
fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("pump.cdx.json"), BILL).unwrap();
    std::fs::write(bench.path("pump.toml"), PRODUCT).unwrap();
    std::fs::create_dir(bench.path("db")).unwrap();
    std::fs::write(bench.path("db/TEST-1.yaml"), advisory("TEST-1", "jelly", "1.10")).unwrap();
    bench
}

fn watch(bench: &Bench, arguments: &[&str], code: i32) -> String {
    let output = bench.run(&[&["cyber", "watch", "--portfolio", "watched"], arguments].concat());
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

const CHECK: [&str; 3] = ["check", "--vulns", "db"];

#[test]
fn what_is_new_is_told_once_with_whom_to_tell_and_what_is_due() {
    let bench = bench();
    watch(&bench, &["add", "pump.toml"], 0);
    let said = watch(&bench, &CHECK, 1);
    assert!(said.contains("TEST-1") && said.contains("pkg:pypi/Jelly@1.4"), "{said}");
    assert!(said.contains("Kita Hospital") && said.contains("limited support"), "{said}");
    assert!(said.contains("not legacy, by a compensating control"), "{said}");
    assert!(said.contains("evaluate it") && said.contains("no deadline stated"), "{said}");
    let said = watch(&bench, &CHECK, 0);
    assert!(said.contains("Nothing has changed since") && said.contains("2/4"), "{said}");
    std::fs::write(bench.path("db/TEST-2.yaml"), advisory("TEST-2", "jam", "3")).unwrap();
    std::fs::write(bench.path("db/TEST-1.yaml"), advisory("TEST-1", "jelly", "1.3")).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&watch(&bench, &[&CHECK[..], &["--format", "json"]].concat(), 1)).unwrap();
    let told: Vec<_> = json[0]["advisories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["advisory"].as_str().unwrap(), one["answer"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("TEST-1", "not affected"), ("TEST-2", "undetermined")]);
    let feed = watch(&bench, &["feed"], 0);
    assert_eq!(feed.matches("<entry>").count(), 3, "{feed}");
    assert!(!bench.path("test.db").exists(), "the watch makes no database");
}

#[test]
fn one_advisory_is_pushed_from_a_file_or_by_its_id() {
    let bench = bench();
    watch(&bench, &["add", "pump.cdx.json", "--user", "Kita Hospital"], 0);
    let said = watch(&bench, &["advisory", "db/TEST-1.yaml"], 1);
    assert!(said.contains("Sato Pump 2.1") && said.contains("Kita Hospital"), "{said}");
    let said = watch(&bench, &["advisory", "TEST-1", "--vulns", "db"], 1);
    assert!(said.contains("≥ 0, <"), "{said}");
    std::fs::write(bench.path("other.yaml"), advisory("TEST-9", "toast", "3")).unwrap();
    watch(&bench, &["advisory", "other.yaml"], 0);
    let unknown = ["cyber", "watch", "--portfolio", "watched", "advisory", "TEST-7", "--vulns", "db"];
    assert!(bench.fails(&unknown).contains("TEST-7"));
}

#[test]
fn news_nobody_was_shown_are_still_new() {
    let bench = bench();
    let nobody = ["cyber", "watch", "--portfolio", "watched", "check", "--vulns", "db"];
    assert!(bench.fails(&nobody).contains("watch add"), "an empty portfolio is no good news");
    watch(&bench, &["add", "pump.toml"], 0);
    bench.fails(&[&nobody[..], &["--out", "no/such/folder.html", "--format", "html"]].concat());
    assert!(watch(&bench, &CHECK, 1).contains("TEST-1"));
}

#[test]
fn a_product_file_is_begun_from_a_template_and_refused_while_it_is_empty() {
    let bench = bench();
    watch(&bench, &["add", "--new", "new.toml"], 0);
    let again = ["cyber", "watch", "--portfolio", "watched", "add", "--new", "new.toml"];
    assert!(bench.fails(&again).contains("there already"));
    let add = ["cyber", "watch", "--portfolio", "watched", "add", "new.toml"];
    assert!(bench.fails(&add).contains("maker and name"));
    let text = std::fs::read_to_string(bench.path("new.toml")).unwrap();
    let text = text.replace("maker = \"\"", "maker = \"Sato\"").replace("name = \"\"", "name = \"Pump\"");
    std::fs::write(bench.path("new.toml"), &text).unwrap();
    assert!(bench.fails(&add).contains("no SBOM"));
    // Every entry that is explained is one that is read.
    let text = text.replace("bills = []", "bills = [\"pump.cdx.json\"]");
    let all = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|entry| entry.contains(" = ")).unwrap_or(line));
    std::fs::write(bench.path("new.toml"), all.collect::<Vec<_>>().join("\n")).unwrap();
    watch(&bench, &["add", "new.toml"], 0);
    let text = std::fs::read_to_string(bench.path("new.toml")).unwrap();
    std::fs::write(bench.path("new.toml"), text.replace("released = 2026-04-01", "released = \"foo\""))
        .unwrap();
    let said = bench.fails(&add);
    assert!(said.contains("a day, such as"), "{said}");
    let feed = ["cyber", "watch", "--portfolio", "watched", "feeds", "--checked", "bogus"];
    assert!(bench.fails(&feed).contains("ipa, jpcert"));
}

#[test]
fn a_source_that_is_missing_clears_nothing() {
    let bench = bench();
    watch(&bench, &["add", "pump.toml"], 0);
    watch(&bench, &CHECK, 1);
    std::fs::create_dir(bench.path("less")).unwrap();
    std::fs::write(bench.path("less/TEST-3.yaml"), advisory("TEST-3", "toast", "3")).unwrap();
    let less = ["cyber", "watch", "--portfolio", "watched", "check", "--vulns", "less"];
    let output = bench.run(&less);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("1 findings rest on advisories"), "{}", text(&output.stderr));
    assert!(watch(&bench, &["show", "Pump"], 0).contains("TEST-1"));
    watch(&bench, &CHECK, 0);
}

#[test]
fn a_new_bill_takes_nothing_else_of_the_product_away() {
    let bench = bench();
    watch(&bench, &["add", "pump.toml"], 0);
    watch(&bench, &["add", "pump.cdx.json", "--user", "Higashi Hospital"], 0);
    let shown = watch(&bench, &["show", "Pump"], 0);
    assert!(shown.contains("Kita Hospital") && shown.contains("Higashi Hospital"), "{shown}");
    assert!(shown.contains("2028-06-01"), "{shown}");
    let both = ["cyber", "watch", "--portfolio", "watched", "add", "pump.toml", "--maker", "Other"];
    assert!(bench.fails(&both).contains("--maker"));
}

#[test]
fn an_advisory_is_found_by_the_id_it_shares() {
    let bench = bench();
    let shared = advisory("TEST-1", "jelly", "1.10").replace("severity:", "aliases: [CVE-2026-1]\nseverity:");
    std::fs::write(bench.path("db/TEST-1.yaml"), &shared).unwrap();
    watch(&bench, &["add", "pump.toml"], 0);
    assert!(watch(&bench, &["advisory", "CVE-2026-1", "--vulns", "db"], 1).contains("Pump"));
    watch(&bench, &CHECK, 1);
    watch(&bench, &["triage", "Pump", "CVE-2026-1", "--to", "evaluating"], 0);
    std::fs::write(bench.path("db/TEST-2.yaml"), shared.replace("TEST-1", "TEST-2")).unwrap();
    let several = ["cyber", "watch", "--portfolio", "watched", "advisory", "CVE-2026-1", "--vulns", "db"];
    assert!(bench.fails(&several).contains("TEST-1, TEST-2"));
}

#[test]
fn a_decision_is_refused_until_its_evaluation_is_whole() {
    let bench = bench();
    watch(&bench, &["add", "pump.toml"], 0);
    std::fs::write(
        bench.path("watched/settings.toml"),
        "[[clock]]\nduty = \"keep-reason\"\ndays = 10\nbasis = \"SOP-12\"\n",
    )
    .unwrap();
    watch(&bench, &CHECK, 1);
    let triage = ["triage", "Pump", "TEST-1"];
    watch(&bench, &[&triage[..], &["--to", "evaluating"]].concat(), 0);
    let decide = [&triage[..], &["--to", "no-action", "--reason", "never called"]].concat();
    let refused = bench.fails(&[&["cyber", "watch", "--portfolio", "watched"], &decide[..]].concat());
    assert!(refused.contains("root cause") && refused.contains("affected versions"), "{refused}");
    let items = ["context=x", "cvss=9.8", "versions=2.1", "cause=x", "related=none", "impact=none"];
    let items: Vec<&str> = items.iter().flat_map(|item| ["--item", item]).collect();
    watch(&bench, &[&decide[..], &items].concat(), 0);
    let said = watch(&bench, &["show", "Pump@2.1"], 0);
    assert!(said.contains("never called") && said.contains("advisory ready"), "{said}");
    assert!(said.contains("2026-12-04 (the maker's own:") && said.contains("SOP-12"), "{said}");
    assert!(said.contains("notice of end of life") && said.contains("no later than the end of"), "{said}");
}

#[test]
fn a_deadline_for_a_duty_that_nobody_has_is_refused() {
    let bench = bench();
    watch(&bench, &["add", "pump.toml"], 0);
    let settings = bench.path("watched/settings.toml");
    std::fs::write(settings, "[[clock]]\nduty = \"keep-reasons\"\ndays = 10\nbasis = \"SOP-12\"\n").unwrap();
    let refused =
        bench.fails(&[&["cyber", "watch", "--portfolio", "watched"], &["show", "Pump@2.1"][..]].concat());
    assert!(refused.contains("keep-reasons") && refused.contains("tell-users"), "{refused}");
}

/// What the history tells, in its order.
fn happened(bench: &Bench) -> Vec<String> {
    let told: serde_json::Value =
        serde_json::from_str(&watch(bench, &["history", "--format", "json"], 0)).unwrap();
    let events = told.as_array().unwrap().iter();
    events.map(|event| event["what"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn removal_and_its_undoing_stay_in_the_history() {
    let bench = bench();
    watch(&bench, &["add", "pump.toml"], 0);
    watch(&bench, &["remove", "Pump", "--reason", "sold to Abe"], 0);
    assert!(!watch(&bench, &["list"], 0).contains("Pump"));
    watch(&bench, &["undo", "Pump"], 0);
    assert!(watch(&bench, &["list"], 0).contains("Pump"));
    assert_eq!(happened(&bench), ["add", "remove", "undo"]);
    let history = watch(&bench, &["history"], 0);
    assert!(history.contains("sold to Abe") && history.contains("tester"), "{history}");
    watch(&bench, &CHECK, 1);
    watch(&bench, &["feeds", "--checked", "ipa", "--items", "3"], 0);
    let all = happened(&bench);
    assert!(
        all[3..].contains(&"found".to_owned()) && all.last().is_some_and(|last| last == "feed-checked"),
        "{all:?}"
    );
}

#[test]
fn the_feeds_of_the_notice_are_asked_for_and_checks_are_evidence() {
    let bench = bench();
    let said = watch(&bench, &["feeds"], 0);
    assert!(said.contains("IPA") && said.contains("JPCERT/CC") && said.contains("never checked"), "{said}");
    std::fs::write(bench.path("watched/settings.toml"), "[[feed]]\nid = \"ipa\"\nrhythm = 7\n").unwrap();
    let said = watch(&bench, &["feeds", "--checked", "ipa", "--items", "3", "--read", "pump.toml"], 0);
    assert!(said.contains("as often as the maker set"), "{said}");
}

#[test]
fn a_product_that_cannot_be_read_leaves_nothing_behind() {
    let bench = bench();
    let add = ["cyber", "watch", "--portfolio", "watched", "add", "pump.toml"];
    std::fs::write(bench.path("pump.cdx.json"), "{").unwrap();
    assert!(bench.fails(&add).contains("pump.cdx.json"));
    std::fs::write(bench.path("pump.cdx.json"), BILL).unwrap();
    std::fs::write(bench.path("pump.toml"), PRODUCT.replace("release/sbom", "release/soup")).unwrap();
    assert!(bench.fails(&add).contains("release/soup"));
    assert!(!watch(&bench, &["list"], 0).contains("Pump"));
    assert!(happened(&bench).is_empty());
}
