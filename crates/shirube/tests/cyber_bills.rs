//! Bills of materials on the command line, as an engineer uses them: asked for their content, converted, merged.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use support::{Bench, text};

const FIRMWARE: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "metadata": {"timestamp": "2026-01-02T03:04:05Z", "authors": [{"name": "Maker"}],
        "component": {"type": "firmware", "name": "image", "version": "7", "bom-ref": "root", "supplier": {"name": "Maker"},
            "cpe": "cpe:2.3:o:maker:image:7:*:*:*:*:*:*:*"}},
    "components": [
        {"type": "library", "name": "jelly", "version": "1.4", "bom-ref": "a", "supplier": {"name": "J"}, "purl": "pkg:pypi/jelly@1.4",
         "description": "sweet"},
        {"type": "library", "name": "jam", "bom-ref": "b"}],
    "dependencies": [{"ref": "root", "dependsOn": ["a", "b"]}]}"#;

const APP: &str = r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "app", "dataLicense": "CC0-1.0",
    "documentNamespace": "https://maker.example/app", "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: t-1"]},
    "packages": [{"SPDXID": "SPDXRef-app", "name": "app", "versionInfo": "3", "downloadLocation": "NOASSERTION",
        "supplier": "NOASSERTION"}],
    "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-app"}]}"#;

fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("firmware.json"), FIRMWARE).unwrap();
    std::fs::write(bench.path("app.spdx.json"), APP).unwrap();
    bench
}

fn printed(bench: &Bench, arguments: &[&str], code: i32) -> (String, String) {
    let output = bench.run(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_bill_is_asked_for_its_content_and_unknown_is_not_missing() {
    let bench = bench();
    let (said, _) = printed(&bench, &["sbom", "check", "firmware.json", "--content", "ntia"], 1);
    assert!(said.contains("NTIA minimum elements") && said.contains("jam"), "{said}");
    let arguments = ["sbom", "check", "app.spdx.json", "--content", "ntia", "--format", "json"];
    let json: Value = serde_json::from_str(&printed(&bench, &arguments, 1).0).unwrap();
    let content = &json[0]["content"][0];
    assert_eq!(content["components"]["supplier"]["stated-as-unknown"], 1);
    assert_eq!(content["lacking"][0]["lacks"]["supplier"], "stated-as-unknown");
    assert_eq!(content["lacking"][0]["lacks"]["identifier"], "not-stated");
    let arguments = ["sbom", "check", "firmware.json", "--content", "all", "--format", "sarif"];
    let sarif: Value = serde_json::from_str(&printed(&bench, &arguments, 1).0).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|one| one["ruleId"] == "content-handbook-end-of-support"), "{results:?}");
}

#[test]
fn a_bill_is_converted_and_what_is_left_out_is_told() {
    let bench = bench();
    let convert =
        ["sbom", "convert", "firmware.json", "--to", "spdx-2.3-tag-value", "--out", "firmware.spdx"];
    let (_, told) = printed(&bench, &convert, 0);
    assert!(told.contains("/components/*/description"), "{told}");
    let (said, _) = printed(&bench, &["sbom", "check", "firmware.spdx"], 0);
    assert!(said.contains("SPDX tag-value"), "{said}");
    let xml = [
        "sbom",
        "convert",
        "firmware.json",
        "--to",
        "cyclonedx-1.4-xml",
        "--out",
        "firmware.xml",
        "--format",
        "json",
    ];
    let report: Value = serde_json::from_str(&printed(&bench, &xml, 0).0).unwrap();
    assert_eq!(report["left-out"], 0, "{report}");
    printed(&bench, &["sbom", "check", "firmware.xml"], 0);
    let same = ["sbom", "diff", "firmware.json", "firmware.xml"];
    printed(&bench, &same, 0);
    assert!(
        bench.fails(&["sbom", "convert", "firmware.json", "--to", "word"]).contains("cyclonedx-1.6-json")
    );
    let nowhere = ["sbom", "convert", "firmware.json", "--to", "spdx-3.0", "--format", "json"];
    assert!(bench.fails(&nowhere).contains("--out"));
}

/// What cannot be mended is handed over, but neither in silence nor as a success.
#[test]
fn a_converted_bill_that_still_has_errors_is_told_and_ends_with_1() {
    let bench = bench();
    let text = r#"{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.2", "name": "n", "dataLicense": "CC0-1.0",
        "documentNamespace": "https://a.example/n", "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: t"]},
        "packages": [{"SPDXID": "SPDXRef-a", "name": "a"}]}"#;
    std::fs::write(bench.path("lacking.json"), text).unwrap();
    std::fs::write(bench.path("wrong.json"), text.replace("SPDXRef-a", "a b")).unwrap();
    let convert = |file, out| ["sbom", "convert", file, "--to", "spdx-2.3", "--out", out];
    let (_, told) = printed(&bench, &convert("lacking.json", "sound.json"), 0);
    assert!(told.contains("downloadLocation: NOASSERTION"), "{told}");
    printed(&bench, &["sbom", "check", "sound.json"], 0);
    let (_, told) = printed(&bench, &convert("wrong.json", "still.json"), 1);
    assert!(told.contains("still has 1 errors") && told.contains("SPDXID"), "{told}");
    let json = [&convert("wrong.json", "still.json")[..], &["--format", "json"]].concat();
    let report: Value = serde_json::from_str(&printed(&bench, &json, 1).0).unwrap();
    assert_eq!(report["errors"], 1);
}

#[test]
fn the_parts_of_a_device_become_one_bill() {
    let bench = bench();
    let merge = [
        "sbom",
        "merge",
        "firmware.json",
        "app.spdx.json",
        "--name",
        "Pump",
        "--version",
        "2",
        "--supplier",
        "Maker",
        "--out",
        "pump.json",
    ];
    printed(&bench, &merge, 0);
    let (said, _) = printed(&bench, &["sbom", "check", "pump.json"], 0);
    assert!(said.contains("It is as its format says"), "{said}");
    let pump: Value =
        serde_json::from_str(&std::fs::read_to_string(bench.path("pump.json")).unwrap()).unwrap();
    assert_eq!(pump["metadata"]["component"]["name"], "Pump");
    assert_eq!(pump["components"].as_array().unwrap().len(), 4);
    assert_eq!(pump["components"][1]["properties"][0]["value"], "firmware.json");
}
