//! Findings as SARIF 2.1.0 (OASIS), which continuous integration shows beside the files. Only what our findings have is written.

use base::{Lang, Names};
use serde_json::{Value, json};

/// How much a finding matters (SARIF 2.1.0, 3.27.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something is wrong.
    Error,
    /// Something may be wrong.
    Warning,
    /// Good to know.
    Note,
}

/// A kind of finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable id: letters, digits and hyphens.
    pub id: String,
    /// What it is about.
    pub name: Names,
    /// Where more is to be read.
    pub help: Option<String>,
    /// The score of a vulnerability in tenths, from 0 to 100; platforms that show SARIF order by it.
    pub security_severity: Option<u8>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of its rule.
    pub rule: String,
    /// How much it matters.
    pub level: Level,
    /// The sentence.
    pub message: String,
    /// The file it is about, as it was named.
    pub file: String,
    /// The line in it, counted from 1, where the place is one.
    pub line: Option<u32>,
    /// The place in it otherwise: a JSON pointer, or a component.
    pub place: Option<String>,
    /// What stays the same when the same thing is found again.
    pub fingerprint: Option<String>,
}

/// The log of one run.
pub fn log(rules: &[Rule], findings: &[Finding], lang: Lang) -> Value {
    let rules: Vec<Value> = rules.iter().map(|rule| described(rule, lang)).collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "shirube",
                "version": env!("CARGO_PKG_VERSION"),
                "language": lang.pick("ja", "en"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn described(rule: &Rule, lang: Lang) -> Value {
    let mut said = json!({ "id": rule.id, "shortDescription": { "text": rule.name.get(lang) } });
    if let Some(help) = &rule.help {
        said["helpUri"] = json!(help);
    }
    if let Some(tenths) = rule.security_severity {
        // Neither in the standard nor against it (3.8, property bags); the name is the one GitHub reads.
        said["properties"] = json!({ "security-severity": format!("{}.{}", tenths / 10, tenths % 10) });
    }
    said
}

fn result(finding: &Finding) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let mut physical = json!({ "artifactLocation": { "uri": uri(&finding.file) } });
    if let Some(line) = finding.line {
        physical["region"] = json!({ "startLine": line.max(1) });
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(place) = &finding.place {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": place }]);
    }
    let mut said = json!({
        "ruleId": finding.rule,
        "level": level,
        "message": { "text": finding.message },
        "locations": [location],
    });
    if let Some(print) = &finding.fingerprint {
        said["partialFingerprints"] = json!({ "finding/v1": print });
    }
    said
}

/// A file's name as a relative or absolute URI (RFC 3986): what is no part of a path there is written in percents.
pub fn uri(file: &str) -> String {
    let written = file.bytes().map(|byte| match byte {
        b'\\' => "/".to_owned(),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_its_rule_its_file_and_its_place() {
        let rule = Rule {
            id: "sbom-missing".to_owned(),
            name: Names::of("欠落", "missing"),
            help: None,
            security_severity: Some(98),
        };
        let finding = Finding {
            rule: "sbom-missing".to_owned(),
            level: Level::Error,
            message: "no version".to_owned(),
            file: "部品 表.json".to_owned(),
            line: None,
            place: Some("/components/0".to_owned()),
            fingerprint: None,
        };
        let log = log(&[rule], &[finding], Lang::Ja);
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["shortDescription"]["text"], "欠落");
        assert_eq!(run["tool"]["driver"]["rules"][0]["properties"]["security-severity"], "9.8");
        let result = &run["results"][0];
        assert_eq!(result["ruleId"], "sbom-missing");
        let place = &result["locations"][0];
        assert_eq!(
            place["physicalLocation"]["artifactLocation"]["uri"],
            "%E9%83%A8%E5%93%81%20%E8%A1%A8.json"
        );
        assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "/components/0");
    }
}
