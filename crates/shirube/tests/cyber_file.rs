//! The pre-market file on the command line, as a maker makes, seals and makes it again: without any database.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Bench, text};

const BILL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "metadata": {"timestamp": "2026-01-02T03:04:05Z", "component": {"type": "device", "name": "Pump", "bom-ref": "pump"}},
    "components": [
        {"type": "library", "name": "jelly", "version": "1.4", "bom-ref": "a", "purl": "pkg:pypi/jelly@1.4"},
        {"type": "library", "name": "toast", "version": "9", "bom-ref": "c", "purl": "pkg:pypi/toast@9"}],
    "dependencies": [{"ref": "pump", "dependsOn": ["a", "c"]}]}"#;
const PRODUCT: &str = r#"[product]
name = "Pump <3>"
maker = "Acme"
version = "2.1"
date = "2026-11-01"
[facts]
software = true
connected = true
legacy_design = false
protectable = true
exports_to_us = false
[life]
state = "supported"
released = "2025-04-01"
eol = "2031-04-01"
eos = "2033-04-01"
eos_told = "2031-05-01"
[files]
sbom = ["pump.cdx.json"]
vulnerabilities = ["db"]
[[row]]
item = "R1"
summary = "requirements of network and hardware"
document = "Plan"
number = "D-1"
"#;
const ADVISORY: &str = "id: TEST-1\nmodified: 2026-05-01T00:00:00Z\naliases: [CVE-2026-1]\nsummary: jelly leaks\naffected:\n- package: \
     {name: jelly, ecosystem: PyPI}\n  ranges:\n  - type: ECOSYSTEM\n    events: [{introduced: \"0\"}, {fixed: \"1.10\"}]\n";
const VEX: &str = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/vex/1", "author": "Acme",
    "timestamp": "2026-10-01T00:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": "CVE-2026-1"},
    "products": [{"@id": "pkg:pypi/jelly@1.4", "identifiers": {"purl": "pkg:pypi/jelly@1.4"}}],
    "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}]}"#;

fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("db")).unwrap();
    for (name, content) in [
        ("pump.cdx.json", BILL),
        ("pump.toml", PRODUCT),
        ("db/TEST-1.yaml", ADVISORY),
        ("acme.vex.json", VEX),
    ] {
        std::fs::write(bench.path(name), content).unwrap();
    }
    bench
}

fn printed(bench: &Bench, arguments: &[&str], code: i32) -> String {
    let output = bench.run(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn json(bench: &Bench, arguments: &[&str]) -> serde_json::Value {
    let mut with = arguments.to_vec();
    with.extend(["--format", "json"]);
    serde_json::from_str(&printed(bench, &with, 1)).unwrap()
}

fn verdict(file: &serde_json::Value, rule: &str) -> String {
    let rules = file["rules"].as_array().unwrap();
    rules.iter().find(|one| one["rule"] == rule).unwrap()["verdict"].as_str().unwrap().to_owned()
}

#[test]
fn a_template_is_written_once_and_shows_nothing_as_it_is() {
    let bench = bench();
    bench.ok(&["cyber", "file", "--new", "new.toml"]);
    assert!(bench.fails(&["cyber", "file", "--new", "new.toml"]).contains("is there already"));
    let file = json(&bench, &["cyber", "file", "new.toml"]);
    assert_eq!(file["counts"]["met"], 0);
    assert_eq!(file["counts"]["not-met"], 0);
    assert_eq!(verdict(&file, "JP12-R1"), "not-shown");
}

#[test]
fn every_rule_has_its_verdict_and_what_is_open_ends_with_1() {
    let bench = bench();
    let file = json(&bench, &["cyber", "file", "pump.toml"]);
    for (rule, expected) in [
        ("JP12-APPL", "met"),
        ("JP12-R1", "met"),
        ("JP12-R2", "not-shown"),
        ("0523-F1", "not-applicable"),
        ("SBOM-VER", "not-met"),
        ("SBOM-DEP-CLOSED", "met"),
        ("SBOM-VULN-TRIAGED", "not-met"),
        ("EOS-TOLD-BY-EOL", "not-met"),
        ("EOS-CHANGE-TOLD", "not-shown"),
        ("FDA-524B-B1", "not-applicable"),
        ("H08-CONFIRM", "not-applicable"),
    ] {
        assert_eq!(verdict(&file, rule), expected, "{rule}");
    }
    let said = printed(&bench, &["cyber", "file", "pump.toml"], 1);
    for words in
        ["is a proposal", "EOS-TOLD-BY-EOL", "not met", "what it says is true was not checked", "TEST-1"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let sarif = ["cyber", "file", "pump.toml", "--format", "sarif"];
    let sarif: serde_json::Value = serde_json::from_str(&printed(&bench, &sarif, 1)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|one| one["ruleId"] == "EOS-TOLD-BY-EOL" && one["level"] == "error"));
}

#[test]
fn a_statement_of_the_maker_counts_and_the_last_submission_is_compared() {
    let bench = bench();
    let first =
        ["cyber", "file", "pump.toml", "--seal", "first.json", "--out", "first.html", "--format", "html"];
    printed(&bench, &first, 1);
    let page = std::fs::read_to_string(bench.path("first.html")).unwrap();
    assert!(page.contains("Pump &lt;3&gt;") && page.contains("https://www.mhlw.go.jp/web/t_doc"));
    let product = PRODUCT
        .replace("[files]\n", "[files]\nvex = [\"acme.vex.json\"]\n")
        .replace("2031-05-01", "2031-04-01");
    std::fs::write(bench.path("pump.toml"), product).unwrap();
    std::fs::write(bench.path("pump.cdx.json"), BILL.replace("toast@9", "toast@10")).unwrap();
    let again = ["cyber", "file", "pump.toml", "--since", "first.json"];
    let file = json(&bench, &again);
    assert_eq!(file["since"]["restated-findings"][0][1]["status"], "not_affected");
    let said = printed(&bench, &again, 1);
    assert!(said.contains("Changes since 2026-11-01") && said.contains("restated"), "{said}");
    let forged = std::fs::read_to_string(bench.path("first.json")).unwrap().replacen("not-met", "met", 1);
    std::fs::write(bench.path("forged.json"), forged).unwrap();
    let said = bench.fails(&["cyber", "file", "pump.toml", "--since", "forged.json"]);
    assert!(said.contains("was changed or damaged"), "{said}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_nothing_is_written() {
    let bench = bench();
    std::fs::write(bench.path("bad.toml"), PRODUCT.replace("item = \"R1\"", "item = \"R9\"")).unwrap();
    let out = ["cyber", "file", "bad.toml", "--seal", "sealed.json", "--out", "out.html", "--format", "html"];
    let said = bench.fails(&out);
    assert!(said.contains("line 22") && said.contains("R1, R2, R3, T1"), "{said}");
    std::fs::write(bench.path("gone.toml"), PRODUCT.replace("pump.cdx.json", "gone.json")).unwrap();
    let said = bench.fails(&["cyber", "file", "gone.toml", "--seal", "sealed.json"]);
    assert!(said.contains("gone.json"), "{said}");
    assert!(!bench.path("sealed.json").exists() && !bench.path("out.html").exists());
}

/// Text in Windows-31J as Japanese offices save CSV.
const RECORD: &[u8] =
    b"\x8d\x80\x96\xda,\x8aT\x97v,\x95\xb6\x8f\x91\x96\xbc,\x95\xb6\x8f\x91\x94\xd4\x8d\x86\r\n\
    R2,risks assessed,Risk file,D-2\r\n\x87A,developed,Plan,\r\n";

#[test]
fn the_record_comes_from_a_spreadsheet_with_its_rows() {
    let bench = bench();
    std::fs::write(bench.path("record.csv"), RECORD).unwrap();
    let product = PRODUCT.replace("[files]\n", "[files]\nrecord = [\"record.csv\"]\n");
    std::fs::write(bench.path("pump.toml"), &product).unwrap();
    let file = json(&bench, &["cyber", "file", "pump.toml"]);
    assert_eq!((verdict(&file, "JP12-R1"), verdict(&file, "JP12-R2")), ("met".to_owned(), "met".to_owned()));
    assert_eq!(verdict(&file, "0523-T2"), "not-shown");
    let said = printed(&bench, &["cyber", "file", "pump.toml"], 1);
    assert!(said.contains("record.csv row 2") && said.contains("record.csv row 3"), "{said}");
    let inputs = file["inputs"].as_array().unwrap();
    assert!(inputs.iter().any(|one| one.to_string().contains("record.csv")), "{inputs:?}");

    std::fs::write(bench.path("record.csv"), "item,summary\nT9,a\n,b\n").unwrap();
    let said = bench.fails(&["cyber", "file", "pump.toml", "--seal", "sealed.json"]);
    assert!(said.contains("row 2: the item “T9”") && said.contains("row 3: no item"), "{said}");
    assert!(!bench.path("sealed.json").exists());
}

/// The whole file as it was looked through by a person: for people in Japanese, for programs.
#[test]
fn the_file_is_as_reviewed() {
    let bench = bench();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_shirube"));
        let output = command.args(arguments).current_dir(bench.folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let shown = run(&["--lang", "ja", "cyber", "file", "pump.toml"]);
    let json = run(&["--lang", "en", "cyber", "file", "pump.toml", "--format", "json"]);
    for (name, now) in [("pre-market-file.txt", shown), ("pre-market-file.json", json)] {
        let golden = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("SHIRUBE_WRITE_GOLDEN").is_some() {
            std::fs::write(&golden, &now).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap();
        for (number, (now, before)) in now.lines().zip(expected.lines()).enumerate() {
            assert_eq!(now, before, "{name} line {} (SHIRUBE_WRITE_GOLDEN=1 writes it anew)", number + 1);
        }
        assert_eq!(now.lines().count(), expected.lines().count(), "{name}");
    }
}
