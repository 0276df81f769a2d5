//! Bills of materials and advisories on the command line, as an engineer and a build use them: without any database.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Write as _;

use support::{Bench, text};

/// A device whose parts are affected, undetermined, fixed, and without any identifier.
const BILL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "metadata": {"timestamp": "2026-01-02T03:04:05Z", "component": {"type": "device", "name": "Pump", "bom-ref": "pump"}},
    "components": [
        {"type": "library", "name": "jelly", "version": "1.4", "bom-ref": "a", "purl": "pkg:pypi/Jelly@1.4"},
        {"type": "library", "name": "jam", "bom-ref": "b", "purl": "pkg:pypi/jam"},
        {"type": "library", "name": "toast", "version": "9", "bom-ref": "c", "purl": "pkg:pypi/toast@9"},
        {"type": "firmware", "name": "boot", "version": "2", "bom-ref": "d"}],
    "dependencies": [{"ref": "pump", "dependsOn": ["a", "b", "c", "d"]}]}"#;

fn advisory(id: &str, name: &str, fixed: &str) -> String {
    format!(
        "id: {id}\nmodified: 2026-05-01T00:00:00Z\naliases: [CVE-2026-{id}]\nsummary: \"{name} leaks\"\naffected:\n- package: \
         {{name: {name}, ecosystem: PyPI}}\n  ranges:\n  - type: ECOSYSTEM\n    events: [{{introduced: \"0\"}}, {{fixed: \"{fixed}\"}}]\n"
    )
}

fn gzipped_tar(files: &[(&str, String)]) -> Vec<u8> {
    let mut archive =
        tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

/// A folder with the bill and an archive of advisories.
fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("pump.cdx.json"), BILL).unwrap();
    let advisories = [
        ("db/TEST-1.yaml", advisory("TEST-1", "jelly", "1.10")),
        ("db/TEST-2.yaml", advisory("TEST-2", "jam", "3")),
        ("db/TEST-3.yaml", advisory("TEST-3", "toast", "9")),
        ("README.md", "no advisory".to_owned()),
    ];
    std::fs::write(bench.path("advisories.tar.gz"), gzipped_tar(&advisories)).unwrap();
    bench
}

fn printed(bench: &Bench, arguments: &[&str], code: i32) -> String {
    let output = bench.run(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_bill_is_checked_and_every_deviation_has_its_place() {
    let bench = bench();
    let said = printed(&bench, &["sbom", "check", "pump.cdx.json"], 0);
    assert!(said.contains("CycloneDX JSON 1.6") && said.contains("It is as its format says"), "{said}");
    let broken =
        BILL.replace(r#""type": "firmware""#, r#""type": "magic""#).replace(r#""b", "c""#, r#""gone""#);
    std::fs::write(bench.path("broken.json"), broken).unwrap();
    let said = printed(&bench, &["sbom", "check", "broken.json"], 1);
    assert!(said.contains("/components/3/type") && said.contains("magic"), "{said}");
    assert!(said.contains("gone"), "{said}");
    printed(&bench, &["sbom", "check", "--lenient", "broken.json"], 0);
    let sarif: serde_json::Value =
        serde_json::from_str(&printed(&bench, &["sbom", "check", "broken.json", "--format", "sarif"], 1))
            .unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "sbom-not-listed");
    assert!(bench.fails(&["sbom", "check", "advisories.tar.gz"]).contains("advisories.tar.gz"));
}

#[test]
fn a_scan_tells_affected_undetermined_and_what_could_not_be_looked_up() {
    let bench = bench();
    let scan = ["cyber", "scan", "pump.cdx.json", "--vulns", "advisories.tar.gz"];
    let said = printed(&bench, &scan, 1);
    assert!(said.contains("pkg:pypi/Jelly@1.4") && said.contains("≥ 0, < 1.10"), "{said}");
    assert!(said.contains("TEST-2") && said.contains("the component has no version"), "{said}");
    assert!(said.contains("boot 2") && said.contains("bears neither a package URL"), "{said}");
    assert!(!said.contains("TEST-3"), "{said}");
    let json: serde_json::Value =
        serde_json::from_str(&printed(&bench, &[&scan[..], &["--format", "json"]].concat(), 1)).unwrap();
    let answers: Vec<_> = json[0]["findings"].as_array().unwrap().iter().map(|one| &one["answer"]).collect();
    assert_eq!(answers, ["affected", "undetermined"]);
    let sarif: serde_json::Value =
        serde_json::from_str(&printed(&bench, &[&scan[..], &["--format", "sarif"]].concat(), 1)).unwrap();
    let levels: Vec<_> =
        sarif["runs"][0]["results"].as_array().unwrap().iter().map(|one| &one["level"]).collect();
    assert_eq!(levels, ["error", "warning", "note"], "the note is of what could not be looked up");
    let note = &sarif["runs"][0]["results"][2];
    assert_eq!(note["ruleId"], "not-looked-up");
    assert!(note["message"]["text"].as_str().unwrap().contains("boot 2"), "{note}");
    assert!(!bench.path("test.db").exists(), "a scan makes no database");
}

#[test]
fn only_strict_scans_fail_on_what_is_unknown() {
    let bench = bench();
    std::fs::write(bench.path("fixed.json"), BILL.replace("@1.4", "@1.10").replace("1.4", "1.10")).unwrap();
    let scan = ["cyber", "scan", "fixed.json", "--vulns", "advisories.tar.gz"];
    printed(&bench, &scan, 0);
    printed(&bench, &[&scan[..], &["--strict"]].concat(), 1);
}

#[test]
fn a_build_says_from_which_severity_on_it_fails() {
    const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";
    let bench = bench();
    let scored = format!("severity: [{{type: CVSS_V3, score: \"{HIGH}\"}}]\n");
    std::fs::write(bench.path("high.yaml"), advisory("TEST-1", "jelly", "1.10") + &scored).unwrap();
    std::fs::write(bench.path("unscored.yaml"), advisory("TEST-4", "jelly", "1.10")).unwrap();
    let scan = |vulns: &str, from: &str| {
        bench.run(&["cyber", "scan", "pump.cdx.json", "--vulns", vulns, "--fail-on", from])
    };
    for (vulns, from, code) in [
        ("high.yaml", "any", 1),
        ("high.yaml", "high", 1),
        ("high.yaml", "critical", 0),
        ("high.yaml", "never", 0),
        ("unscored.yaml", "critical", 1),
    ] {
        assert_eq!(scan(vulns, from).status.code(), Some(code), "{vulns} {from}");
    }
    let below = scan("high.yaml", "critical");
    assert!(text(&below.stdout).contains("TEST-1"), "what lies below is shown all the same");
    assert!(text(&below.stderr).contains("1 lie below"), "{}", text(&below.stderr));
    assert!(text(&scan("high.yaml", "grave").stderr).contains("critical"), "what can be said is said");
}

#[test]
fn folders_and_archives_of_bills_are_scanned_and_what_is_none_is_told() {
    let bench = bench();
    std::fs::create_dir_all(bench.path("bills/pump")).unwrap();
    std::fs::write(bench.path("bills/pump/one.json"), BILL).unwrap();
    std::fs::write(bench.path("bills/notes.txt"), "of CycloneDX and SPDX").unwrap();
    let other = BILL.replace("Jelly@1.4", "Jelly@1.9");
    std::fs::write(bench.path("bills/two.tar.gz"), gzipped_tar(&[("two.json", other)])).unwrap();
    let scan = |name: &str, code| {
        let output = bench.run(&["cyber", "scan", name, "--vulns", "advisories.tar.gz"]);
        assert_eq!(output.status.code(), Some(code), "{name}: {}", text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    };
    let (said, remarks) = scan("bills", 1);
    assert!(said.contains("bills/pump/one.json") && said.contains("two.tar!two.json"), "{said}");
    assert!(said.contains("Jelly@1.4") && said.contains("Jelly@1.9"), "{said}");
    assert!(said.contains("Files (2)"), "several files are told beside each other: {said}");
    assert!(remarks.contains("notes.txt"), "{remarks}");
    printed(&bench, &["sbom", "check", "bills"], 0);
    let own = r#""vulnerabilities": [{"id": "CVE-2026-TEST-1", "analysis": {"state": "not_affected"}, "affects": [{"ref": "a"}]}],
        "dependencies""#;
    std::fs::write(bench.path("bills/own.json"), BILL.replace("\"dependencies\"", own)).unwrap();
    let (said, _) = scan("bills", 1);
    assert_eq!(
        said.matches("What is stated of them").count(),
        1,
        "only of the bill that states something: {said}"
    );
    // A damaged bill is no reason to scan the rest as if that were all.
    std::fs::write(bench.path("bills/cut.json"), &BILL[..BILL.len() / 2]).unwrap();
    assert!(scan("bills", 2).1.contains("cut.json"));
    std::fs::create_dir(bench.path("empty")).unwrap();
    assert!(scan("empty", 2).1.contains("holds no SBOM"));
}

#[test]
fn components_that_stand_wrongly_do_not_vanish_from_a_scan() {
    let bench = bench();
    let object = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": {"type": "library", "name": "jelly"}}"#;
    let mixed = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "name": "toast", "version": "9", "purl": "pkg:pypi/toast@9"}, "pkg:pypi/Jelly@1.4"]}"#;
    for (name, bill) in [("object.json", object), ("mixed.json", mixed)] {
        std::fs::write(bench.path(name), bill).unwrap();
        let scan = ["cyber", "scan", "--vulns", "advisories.tar.gz", name];
        let output = bench.run(&scan);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert!(text(&output.stderr).contains("departs from its format"), "{}", text(&output.stderr));
        assert_eq!(bench.run(&[&scan[..], &["--strict"]].concat()).status.code(), Some(1), "{name}");
    }
}

#[test]
fn a_strict_scan_of_nothing_is_no_success() {
    let bench = bench();
    std::fs::write(bench.path("empty.json"), r#"{"bomFormat": "CycloneDX", "specVersion": "1.6"}"#).unwrap();
    let scan = ["cyber", "scan", "--vulns", "advisories.tar.gz", "empty.json"];
    printed(&bench, &scan, 0);
    printed(&bench, &[&scan[..], &["--strict"]].concat(), 1);
}

#[test]
fn no_file_of_the_user_is_written_over() {
    let bench = bench();
    let before = std::fs::read(bench.path("pump.cdx.json")).unwrap();
    let into = bench.fails(&["vulns", "update", "advisories.tar.gz", "--into", "pump.cdx.json"]);
    assert!(into.contains("no index"), "{into}");
    let out = ["cyber", "scan", "--vulns", "advisories.tar.gz", "pump.cdx.json", "--out", "./pump.cdx.json"];
    assert!(bench.fails(&out).contains("one of the files read"));
    assert_eq!(std::fs::read(bench.path("pump.cdx.json")).unwrap(), before);
    printed(&bench, &["vulns", "update", "advisories.tar.gz", "--into", "v.index"], 0);
    printed(&bench, &["vulns", "update", "advisories.tar.gz", "--into", "v.index"], 0);
    let two = ["cyber", "scan", "--vulns", "v.index", "--vulns", "advisories.tar.gz", "pump.cdx.json"];
    assert!(bench.fails(&two).contains("v.index is an index"));
}

#[test]
fn a_shared_id_is_explained_by_the_advisory_that_speaks_of_the_component() {
    let bench = bench();
    let one = advisory("TEST-1", "jelly", "1.10").replace("CVE-2026-TEST-1", "CVE-2026-7");
    let other = advisory("TEST-0", "bread", "1.10").replace("CVE-2026-TEST-0", "CVE-2026-7");
    std::fs::create_dir_all(bench.path("db/a/b/c/d/e/f")).unwrap();
    std::fs::write(bench.path("db/a/b/c/d/e/f/TEST-1.yaml"), one).unwrap();
    std::fs::write(bench.path("db/TEST-0.yaml"), other).unwrap();
    let told = printed(&bench, &["cyber", "explain", "CVE-2026-7", "pkg:pypi/jelly@1.4", "--vulns", "db"], 0);
    assert!(told.contains("TEST-1") && told.contains("affected"), "{told}");
}

#[test]
fn a_finding_by_a_cpe_name_is_explained_as_its_bill_shows_it() {
    const NAME: &str = "cpe:2.3:a:maker:getter:1.5:*:*:*:*:*:*:*";
    let bench = bench();
    let bill = format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{{"type": "library", "name": "getter",
            "version": "1.5", "purl": "pkg:golang/maker.example/getter@1.5", "cpe": "{NAME}"}}]}}"#
    );
    std::fs::write(bench.path("getter.json"), bill).unwrap();
    let criteria = r#"{"vulnerable": true, "criteria": "cpe:2.3:a:maker:getter:*:*:*:*:*:go:*:*", "versionEndExcluding": "1.7"}"#;
    let record = format!(
        r#"{{"cve": {{"id": "CVE-2026-9", "configurations": [{{"nodes": [{{"operator": "OR", "negate": false,
            "cpeMatch": [{criteria}]}}]}}]}}}}"#
    );
    std::fs::write(bench.path("nvd.json"), record).unwrap();
    let said = printed(&bench, &["cyber", "scan", "getter.json", "--vulns", "nvd.json"], 1);
    assert!(said.contains(&format!("'CVE-2026-9+{NAME}' --bill 'getter.json'")), "{said}");
    let finding = format!("CVE-2026-9+{NAME}");
    let explain = ["cyber", "explain", finding.as_str(), "--vulns", "nvd.json", "--format", "json"];
    let answer = |arguments: &[&str]| {
        let told: serde_json::Value = serde_json::from_str(&printed(&bench, arguments, 0)).unwrap();
        told["judged"][0]["answer"].as_str().map(str::to_owned)
    };
    assert_eq!(answer(&explain).as_deref(), Some("undetermined"), "alone, nothing tells the language");
    let in_bill = [&explain[..], &["--bill", "getter.json"]].concat();
    assert_eq!(answer(&in_bill).as_deref(), Some("affected"), "as the scan says");
    let elsewhere = [&explain[..], &["--bill", "pump.cdx.json"]].concat();
    assert!(bench.fails(&elsewhere).contains("no component bears"));
}

#[cfg(unix)]
#[test]
fn a_name_of_a_file_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let bench = bench();
    let name = std::ffi::OsStr::from_bytes(b"w\xff.json");
    std::fs::write(bench.path("").join(name), BILL).unwrap();
    let mut command = bench.command(&["sbom", "check"]);
    let output = command.arg(name).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn a_finding_is_explained_and_a_bill_may_come_by_standard_input() {
    let bench = bench();
    let explain = ["cyber", "explain", "TEST-1", "pkg:pypi/Jelly@1.4", "--vulns", "advisories.tar.gz"];
    let said = printed(&bench, &explain, 0);
    assert!(said.contains("1.4 < 1.10 (fixed) → affected"), "{said}");
    let told: serde_json::Value =
        serde_json::from_str(&printed(&bench, &[&explain[..], &["--format", "json"]].concat(), 0)).unwrap();
    assert_eq!(told["judged"][0]["answer"], "affected");
    assert!(told["judged"][0]["steps"].as_array().is_some_and(|steps| steps.len() == 3), "{told}");
    let refused = bench.fails(&[&explain[..], &["--format", "sarif"]].concat());
    assert!(
        refused.contains("xlsx") && !refused.contains("stratml"),
        "only what it has is offered: {refused}"
    );
    let unknown = ["cyber", "explain", "TEST-9", "pkg:pypi/jelly@1", "--vulns", "advisories.tar.gz"];
    assert!(bench.fails(&unknown).contains("TEST-9"));
    let mut scan = bench.command(&["cyber", "scan", "-", "--vulns", "advisories.tar.gz"]);
    let mut child =
        scan.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(BILL.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("TEST-1"));
}

#[test]
fn an_index_is_built_once_looked_at_and_scanned_from() {
    let bench = bench();
    let said = printed(&bench, &["vulns", "update", "advisories.tar.gz", "--into", "v.index"], 0);
    assert!(said.contains("advisories.tar.gz") && said.contains("OSV (YAML)"), "{said}");
    let said = printed(&bench, &["vulns", "update", "advisories.tar.gz", "--into", "v.index"], 0);
    assert!(said.contains("No source has changed"), "{said}");
    let said = printed(&bench, &["vulns", "show", "--vulns", "v.index"], 0);
    assert!(said.contains("PyPI") && said.contains("verified") && said.contains("0 days ago"), "{said}");
    let said = printed(&bench, &["vulns", "show", "CVE-2026-TEST-1", "--vulns", "v.index"], 0);
    assert!(said.contains("jelly leaks") && said.contains("≥ 0, < 1.10"), "{said}");
    assert!(bench.fails(&["vulns", "show", "X-1", "--vulns", "v.index"]).contains("X-1"));
    let scan = |vulns: &str| printed(&bench, &["cyber", "scan", "pump.cdx.json", "--vulns", vulns], 1);
    let said = scan("v.index");
    assert_eq!(said, scan("advisories.tar.gz"), "from the file and from the archive");
    assert!(said.contains("explain TEST-1+pkg:pypi/Jelly@1.4"), "{said}");
    let explain = ["cyber", "explain", "TEST-1+pkg:pypi/Jelly@1.4", "--vulns", "v.index"];
    assert!(printed(&bench, &explain, 0).contains("1.4 < 1.10 (fixed) → affected"));
    let mut bytes = std::fs::read(bench.path("v.index")).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(bench.path("cut.index"), bytes).unwrap();
    assert!(
        bench.fails(&["cyber", "scan", "pump.cdx.json", "--vulns", "cut.index"]).contains("vulns update")
    );
}

#[test]
fn without_data_the_answer_is_what_to_do() {
    let bench = bench();
    let mut scan = bench.command(&["cyber", "scan", "pump.cdx.json"]);
    let output =
        scan.env("HOME", bench.path("home")).env_remove("XDG_DATA_HOME").env_remove("SHIRUBE_VULNS").output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("vulns update"), "{}", text(&output.stderr));
}

#[test]
fn advisories_that_are_none_are_named() {
    let bench = bench();
    let said = bench.fails(&["cyber", "scan", "pump.cdx.json", "--vulns", "pump.cdx.json"]);
    assert!(said.contains("pump.cdx.json") && said.contains("no vulnerability data"), "{said}");
    assert!(bench.fails(&["cyber", "scan", "pump.cdx.json", "--vulns", "nowhere"]).contains("nowhere"));
}

#[test]
fn two_bills_are_compared_and_a_difference_ends_with_one() {
    let bench = bench();
    let newer = BILL
        .replace(r#""version": "1.4""#, r#""version": "1.10""#)
        .replace("Jelly@1.4", "Jelly@1.10")
        .replace(r#""name": "boot""#, r#""name": "starter""#);
    std::fs::write(bench.path("newer.json"), newer).unwrap();
    let same = printed(&bench, &["sbom", "diff", "pump.cdx.json", "pump.cdx.json"], 0);
    assert!(same.contains("The components do not differ"), "{same}");
    let said = printed(&bench, &["sbom", "diff", "pump.cdx.json", "newer.json"], 1);
    assert!(said.contains("starter") && said.contains("boot") && !said.contains("toast"), "{said}");
    let json: serde_json::Value = serde_json::from_str(&printed(
        &bench,
        &["sbom", "diff", "pump.cdx.json", "newer.json", "--format", "json"],
        1,
    ))
    .unwrap();
    assert_eq!(json["same"], 3);
    let changed = json["changes"].as_array().unwrap().iter().find(|one| one["change"] == "version").unwrap();
    assert_eq!((&changed["from"], &changed["to"]), (&"1.4".into(), &"1.10".into()));
    assert_eq!(json["changes"].as_array().unwrap().len(), 3);
    assert!(
        bench.fails(&["sbom", "diff", "pump.cdx.json", "advisories.tar.gz"]).contains("advisories.tar.gz")
    );
}
