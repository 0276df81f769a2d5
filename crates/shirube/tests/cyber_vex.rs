//! Statements of makers and the rubric on the command line, as an engineer and a build use them: without any database.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Write as _;

use serde_json::Value;
use support::{Bench, text};

/// A pump with two libraries, one of them twice.
const BILL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 1, "metadata": {"timestamp": "2026-01-02T03:04:05Z", "component": {"type": "device", "name": "Pump", "version": "3.0",
    "bom-ref": "pump"}}, "components": [
        {"type": "library", "name": "jelly", "version": "1.4", "bom-ref": "a", "purl": "pkg:pypi/jelly@1.4"},
        {"type": "library", "name": "jam", "version": "1.0", "bom-ref": "b", "purl": "pkg:pypi/jam@1.0"},
        {"type": "library", "name": "jam", "version": "1.0", "bom-ref": "c", "purl": "pkg:pypi/jam@1.0"}],
    "dependencies": [{"ref": "pump", "dependsOn": ["a", "b", "c"]}]}"#;

fn advisory(id: &str, name: &str) -> String {
    format!(
        "id: {id}\nmodified: 2026-05-01T00:00:00Z\naliases: [CVE-2026-{id}]\nsummary: \"{name} leaks\"\naffected:\n- package: \
         {{name: {name}, ecosystem: PyPI}}\n  ranges:\n  - type: ECOSYSTEM\n    events: [{{introduced: \"0\"}}, {{fixed: \"9\"}}]\n"
    )
}

fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("pump.json"), BILL).unwrap();
    std::fs::create_dir(bench.path("db")).unwrap();
    std::fs::write(bench.path("db/1.yaml"), advisory("TEST-1", "jelly")).unwrap();
    std::fs::write(bench.path("db/2.yaml"), advisory("TEST-2", "jam")).unwrap();
    bench
}

fn openvex(author: &str, statements: &str) -> String {
    format!(
        r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://a.example/{author}", "author": "{author}",
            "timestamp": "2026-06-01T00:00:00Z", "version": 1, "statements": [{statements}]}}"#
    )
}

fn statement(id: &str, product: &str, part: &str, status: &str) -> String {
    format!(
        r#"{{"vulnerability": {{"name": "{id}"}}, "products": [{{"@id": "{product}", "subcomponents": [{{"@id": "{part}"}}]}}],
            "status": "{status}", "impact_statement": "never called", "action_statement": "update"}}"#
    )
}

fn printed(bench: &Bench, arguments: &[&str], code: i32) -> String {
    let output = bench.run(arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}{}", text(&output.stdout));
    text(&output.stdout)
}

fn json(bench: &Bench, arguments: &[&str], code: i32) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&printed(bench, &arguments, code)).unwrap()
}

const SCAN: [&str; 5] = ["cyber", "scan", "pump.json", "--vulns", "db"];

#[test]
fn statements_settle_findings_component_by_component() {
    let bench = bench();
    printed(&bench, &SCAN, 1);
    let (jelly, jam) = ("pkg:pypi/jelly@1.4", "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#b");
    let pump = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1";
    let first = [
        statement("CVE-2026-TEST-1", pump, jelly, "not_affected"),
        statement("TEST-2", pump, jam, "fixed"),
        statement("TEST-2", "pkg:generic/monitor@1", "pkg:pypi/jam@1.0", "not_affected"),
    ];
    std::fs::write(bench.path("acme.json"), openvex("Acme", &first.join(","))).unwrap();
    let with = [&SCAN[..], &["--vex", "acme.json"]].concat();
    let said = printed(&bench, &with, 1);
    assert!(said.contains("not affected") && said.contains("never called"), "{said}");
    assert!(said.contains("about another"), "{said}");
    let answer = json(&bench, &with, 1);
    let findings = answer[0]["findings"].as_array().unwrap();
    assert_eq!(
        (findings[0]["advisory"].as_str(), findings[0]["settled"].as_bool()),
        (Some("TEST-2"), Some(false))
    );
    assert_eq!(findings[0]["answer"], "affected", "the verdict stays");
    let stated: Vec<_> =
        findings[0]["stated"].as_array().unwrap().iter().map(|one| one["status"].as_str()).collect();
    assert_eq!(stated, [Some("fixed"), None], "one of the two components is still open");
    assert_eq!(
        (findings[1]["advisory"].as_str(), findings[1]["settled"].as_bool()),
        (Some("TEST-1"), Some(true))
    );
    let told = answer[0]["statements"].as_array().unwrap();
    assert_eq!(told[0]["applied"][0]["through"], "CVE-2026-TEST-1");
    assert_eq!(told[1]["applied"][0]["recognised"], "bom-link");
    assert_eq!(told[2]["not-applied"], "other-product");

    let rest = statement("TEST-2", pump, "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#c", "not_affected");
    std::fs::write(bench.path("more.json"), openvex("Acme", &rest)).unwrap();
    let all = [&with[..], &["--vex", "more.json"]].concat();
    printed(&bench, &all, 0);
    let sarif = printed(&bench, &[&all[..], &["--format", "sarif"]].concat(), 0);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
    // The note is of what could not be looked up, of which nothing is stated.
    let results: Vec<&Value> = results.filter(|result| result["level"] != "note").collect();
    assert_eq!(results.len(), 2);
    for result in results {
        let said = result["suppressions"][0]["justification"].as_str().unwrap();
        assert!(said.contains("never called") && said.contains("Acme"), "{said}");
    }
}

#[test]
fn contradicting_authors_settle_nothing_unless_one_comes_first() {
    let bench = bench();
    let pump = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1";
    let about = |id: &str, status: &str| {
        [statement(id, pump, "pkg:pypi/jam", status), statement("TEST-1", pump, "pkg:pypi/jelly", "fixed")]
            .join(",")
    };
    std::fs::write(bench.path("acme.json"), openvex("Acme", &about("TEST-2", "not_affected"))).unwrap();
    std::fs::write(bench.path("lab.json"), openvex("Lab", &about("TEST-2", "affected"))).unwrap();
    let with = [&SCAN[..], &["--vex", "acme.json", "--vex", "lab.json"]].concat();
    let said = printed(&bench, &with, 1);
    assert!(said.contains("contradicted"), "{said}");
    printed(&bench, &[&with[..], &["--vex-author", "Acme"]].concat(), 0);
    printed(&bench, &[&with[..], &["--vex-author", "Lab"]].concat(), 1);
}

#[test]
fn documents_of_statements_are_checked() {
    let bench = bench();
    let sound = openvex("Acme", &statement("TEST-1", "pkg:generic/pump", "pkg:pypi/jelly", "fixed"));
    std::fs::write(bench.path("sound.json"), &sound).unwrap();
    let said = printed(&bench, &["cyber", "vex", "check", "sound.json"], 0);
    assert!(said.contains("OpenVEX 0.2.0") && said.contains("It is as its format says"), "{said}");
    std::fs::write(bench.path("broken.json"), sound.replace("\"fixed\"", "\"harmless\"")).unwrap();
    let said = printed(&bench, &["cyber", "vex", "check", "broken.json"], 1);
    assert!(said.contains("/statements/0/status") && said.contains("harmless"), "{said}");
    let sarif = printed(&bench, &["cyber", "vex", "check", "broken.json", "--format", "sarif"], 1);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "vex-not-listed");
    assert!(bench.fails(&["cyber", "vex", "check", "db/1.yaml"]).contains("1.yaml"));
}

#[test]
fn a_draft_is_filled_in_and_written_in_every_format() {
    let bench = bench();
    let drafted = printed(&bench, &["cyber", "vex", "draft", "pump.json", "--vulns", "db"], 0);
    assert_eq!(drafted.matches("[[statement]]").count(), 2, "{drafted}");
    assert!(drafted.contains("under_investigation") && drafted.contains("pkg:pypi/jam@1.0"), "{drafted}");
    let filled = drafted.replace(
        "status = \"under_investigation\"",
        "status = \"not_affected\"\njustification = \"vulnerable_code_not_in_execute_path\"",
    );
    std::fs::write(bench.path("filled.toml"), filled).unwrap();
    let csv = "vulnerability,component,status,justification\nTEST-1,jelly,not_affected,code_not_reachable\nTEST-2,pkg:pypi/jam@1.0,fixed,\n";
    std::fs::write(bench.path("filled.csv"), csv).unwrap();
    for table in ["filled.toml", "filled.csv"] {
        for format in ["openvex", "cyclonedx", "csaf"] {
            let out = format!("{format}.json");
            let write = [
                "cyber",
                "vex",
                "write",
                "pump.json",
                "--statements",
                table,
                "--to",
                format,
                "--author",
                "Acme",
                "--namespace",
                "https://acme.example",
                "--timestamp",
                "2026-06-01T00:00:00Z",
                "--out",
                &out,
            ];
            printed(&bench, &write, 0);
            let once = std::fs::read(bench.path(&out)).unwrap();
            printed(&bench, &write, 0);
            assert_eq!(once, std::fs::read(bench.path(&out)).unwrap(), "the same bytes each time");
            printed(&bench, &["cyber", "vex", "check", &out], 0);
            printed(&bench, &[&SCAN[..], &["--vex", &out]].concat(), 0);
        }
    }
    let again =
        printed(&bench, &["cyber", "vex", "draft", "pump.json", "--vulns", "db", "--vex", "csaf.json"], 0);
    assert!(!again.contains("[[statement]]"), "{again}");
}

#[test]
fn statements_that_would_be_wrong_are_not_written_and_say_why() {
    let bench = bench();
    let write = |table: &str, format: &str| {
        let name = if table.starts_with('[') { "a.toml" } else { "a.csv" };
        std::fs::write(bench.path(name), table).unwrap();
        bench.fails(&[
            "cyber",
            "vex",
            "write",
            "pump.json",
            "--statements",
            name,
            "--to",
            format,
            "--author",
            "A",
        ])
    };
    let line = |rest: &str| format!("[[statement]]\nvulnerability = \"TEST-1\"\n{rest}");
    let said = write(&line("status = \"not_affected\""), "openvex");
    assert!(said.contains("a.toml 1") && said.contains("justification or impact"), "{said}");
    assert!(write(&line("status = \"fixed\"\ncomponent = \"honey\""), "openvex").contains("honey"));
    assert!(
        write(&line("status = \"fixed\"\ncomponent = \"jam\""), "openvex").contains("several components")
    );
    assert!(write(&line("status = \"fine\""), "openvex").contains("under_investigation"));
    assert!(write(&line("status = \"fixed\"\ncolour = \"red\""), "openvex").contains("colour"));
    assert!(write(&line("status = \"fixed\""), "csaf").contains("--namespace"));
    assert!(write("vulnerability\nTEST-1\n", "openvex").contains("status"));
}

/// A statement that named the component alone would settle the findings of every product that holds it.
#[test]
fn nothing_is_written_or_drafted_of_a_bill_that_does_not_tell_its_product_from_others() {
    let bench = bench();
    let without_serial =
        BILL.replace(r#""serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","#, "");
    let (start, rest) = without_serial.split_once(r#", "component": {"#).unwrap();
    let unnamed = format!("{start}{}", rest.split_once('}').unwrap().1)
        .replace(r#"{"ref": "pump", "dependsOn": ["a", "b", "c"]}"#, "");
    let table = "[[statement]]\nvulnerability = \"TEST-1\"\nstatus = \"fixed\"\ncomponent = \"jelly\"\n";
    std::fs::write(bench.path("a.toml"), table).unwrap();
    for bill in [unnamed, without_serial.replace(r#""version": "3.0","#, "")] {
        std::fs::write(bench.path("bare.json"), bill).unwrap();
        for format in ["openvex", "cyclonedx", "csaf"] {
            let said = bench.fails(&[
                "cyber",
                "vex",
                "write",
                "bare.json",
                "--statements",
                "a.toml",
                "--to",
                format,
                "--author",
                "A",
                "--namespace",
                "https://a.example",
            ]);
            assert!(said.contains("bare.json") && said.contains("serialNumber"), "{said}");
        }
        let said = bench.fails(&["cyber", "vex", "draft", "bare.json", "--vulns", "db"]);
        assert!(said.contains("metadata.component"), "{said}");
    }
}

const PUMP: [&str; 24] = [
    "XAVN=yes", "XAVT=yes", "XACL=yes", "XPRL=no", "XUI=no", "XS=no", "XCP=no", "XCD=no", "XCT=no", "XCW=no",
    "XCS=no", "XCO=no", "XIP=no", "XID=no", "XIT=yes", "XIW=no", "XIS=no", "XIO=no", "XAP=no", "XAD=no",
    "XAT=yes", "XAW=no", "XAS=no", "XAO=no",
];
const VECTOR: &str = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H";

#[test]
fn the_rubric_decides_from_answers_and_reads_its_vector_back() {
    let bench = bench();
    let set: Vec<&str> = PUMP.iter().flat_map(|answer| ["--set", answer]).collect();
    let said = printed(&bench, &[&["cyber", "rubric"], &set[..]].concat(), 0);
    assert!(said.contains(VECTOR) && said.contains("9.1") && said.contains("XIT:Y"), "{said}");
    let answer = json(&bench, &[&["cyber", "rubric"], &set[..]].concat(), 0);
    let full = format!("{VECTOR}/{}", answer["extension"].as_str().unwrap());
    let back = json(&bench, &["cyber", "rubric", "--vector", &full], 0);
    assert_eq!((back["vector"].as_str(), back["score"].as_f64()), (Some(VECTOR), Some(9.1)));
    let contradicted = full.replace("AV:N", "AV:P");
    let back = json(&bench, &["cyber", "rubric", "--vector", &contradicted], 1);
    assert_eq!(back["contradictions"][0]["metric"], "AV");
    let lines: Vec<String> = PUMP.iter().map(|one| format!("{}\"\n", one.replace('=', " = \""))).collect();
    let toml = lines.concat();
    std::fs::write(bench.path("answers.toml"), toml).unwrap();
    let changed = ["cyber", "rubric", "--answers", "answers.toml", "--set", "XUI=yes"];
    assert!(printed(&bench, &changed, 0).contains("UI:R"));
    assert!(printed(&bench, &["cyber", "rubric", "--set", "XAVN=no"], 1).contains("XAVP"));
    assert!(bench.fails(&["cyber", "rubric", "--set", "XAVQ=no"]).contains("XAVPA"));
    assert!(bench.fails(&["cyber", "rubric", "--set", "XAVN=perhaps"]).contains("perhaps"));
}

#[test]
fn the_rubric_asks_question_by_question_with_help_and_a_way_back() {
    let bench = bench();
    let mut command = bench.command(&["cyber", "rubric", "--format", "json"]);
    let piped = std::process::Stdio::piped;
    let mut child = command.stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
    let mut typed = String::from("?\n\nn\nb\nmaybe\n");
    for answer in PUMP {
        typed.push_str(if answer.ends_with("yes") { "y\n" } else { "n\n" });
    }
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let asked = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{asked}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["vector"], VECTOR);
    assert!(asked.contains("1. [Attack vector]") && asked.contains("24. [Availability]"), "{asked}");
    assert!(asked.contains("serial lines") && asked.contains("one of y, n, u"), "{asked}");
}
