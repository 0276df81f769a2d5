//! The main job on real input, end to end: what the documents print, joined with the government's programmes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use support::{Bench, filled, shared, text};

fn answer(bench: &Bench) -> Value {
    serde_json::from_str(&bench.ok(&["followup", "--format", "json"])).unwrap()
}

#[test]
fn a_fresh_database_answers_with_the_shipped_plan() {
    let bench = Bench::new();
    let answer = answer(&bench);
    assert_eq!(answer["goals"].as_array().unwrap().len(), 11);
    assert_eq!(answer["kgis"].as_array().unwrap().len(), 3);
    assert_eq!(answer["generation"]["name"]["ja"], "第2期医療機器基本計画");
    assert!(bench.ok(&["followup"]).contains("Where the Medical Device Basic Plan stands"));
}

/// The whole answer in one reviewable text: every count, amount, belief and verdict; sentences only by their length.
#[test]
fn the_follow_up_of_the_real_input_is_as_reviewed() {
    let Some(shared) = shared() else { return };
    let digest = digest(&answer(&filled(Bench::new(), &shared)));
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/follow-up-fy2024.txt");
    if std::env::var_os("SHIRUBE_WRITE_GOLDEN").is_some() {
        std::fs::write(golden, &digest).unwrap();
    }
    let expected = std::fs::read_to_string(golden).unwrap();
    for (number, (now, before)) in digest.lines().zip(expected.lines()).enumerate() {
        assert_eq!(now, before, "line {} (SHIRUBE_WRITE_GOLDEN=1 writes it anew)", number + 1);
    }
    assert_eq!(digest.lines().count(), expected.lines().count());
}

#[test]
fn figures_that_are_known_from_the_documents_come_out() {
    let Some(shared) = shared() else { return };
    let bench = filled(Bench::new(), &shared);
    let answer = answer(&bench);
    let group = &answer["budget_groups"][0];
    assert_eq!(group["sum"], 8_300_000_000_i64, "eight lines of the FY2025 draft");
    assert_eq!((group["total"].as_str(), group["agreement"].as_str()), (Some("83億円"), Some("agrees")));
    let left_out: Vec<&str> = group["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line[0]["amount"]["yen"].as_str().unwrap())
        .collect();
    assert_eq!(left_out.len(), 3, "two repeats and the supplementary 7.7億円");
    assert!(left_out.contains(&"7.7億円"), "{left_out:?}");
    let goal_b = answer["goals"]
        .as_array()
        .unwrap()
        .iter()
        .find(|goal| goal["node"]["record"] == "plan-node:plan-2.goal-b")
        .unwrap();
    let rows = goal_b["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 9);
    let quoted: Vec<&Value> = rows.iter().flat_map(|row| row["budgets"].as_array().unwrap()).collect();
    assert_eq!(quoted.len(), 18);
    assert_eq!(quoted.iter().filter(|budget| budget["amount"]["within"] == true).count(), 11);
    assert_eq!(goal_b["printed"].as_array().unwrap().len(), 9);
    assert_eq!(rows[2]["marks"]["as_printed"], "[文、◎厚、◎経]");
    let incomplete: Vec<usize> =
        (0..9).filter(|index| !rows[*index]["incomplete"].as_array().unwrap().is_empty()).collect();
    assert_eq!(incomplete, [1, 6]);
    let undetermined = answer["devices"]["devices"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|device| device["counts"] == "undetermined")
        .count();
    assert_eq!(undetermined, 6, "the documents print too little of every device to decide");
}

#[test]
fn the_programmes_that_name_the_plan_are_the_four() {
    let Some(shared) = shared() else { return };
    let answer = answer(&filled(Bench::new(), &shared));
    let mut naming: Vec<String> = Vec::new();
    for (key, programme) in answer["programmes"].as_object().unwrap() {
        if programme["naming"]["plan"].is_string() {
            naming.push(key.clone());
        }
    }
    for entry in answer["unjoined"]["naming"].as_array().unwrap() {
        if entry[2]["plan"].is_string() {
            naming.push(entry[0].as_str().unwrap().to_owned());
        }
    }
    naming.sort();
    assert_eq!(naming, ["rs-19752", "rs-19775", "rs-20935", "rs-6843"]);
}

#[test]
fn a_decision_on_a_join_outlasts_another_intake() {
    let Some(shared) = shared() else { return };
    let bench = filled(Bench::new(), &shared);
    bench.ok(&["join", "reject", "rs-19752", "plan-2.goal-a", "--reason", "not its purpose"]);
    bench.ok(&["join", "accept", "rs-6843", "plan-2.goal-k", "--reason", "priority fields"]);
    let bench = filled(bench, &shared);
    let goals = answer(&bench)["goals"].clone();
    let goal = |id: &str| {
        goals
            .as_array()
            .unwrap()
            .iter()
            .find(|goal| goal["node"]["record"] == format!("plan-node:plan-2.{id}"))
            .unwrap()
            .clone()
    };
    assert!(goal("goal-a")["joins"].as_array().unwrap().iter().all(|join| join["programme"] != "rs-19752"));
    assert_eq!(goal("goal-a")["rejected"][0]["decided"]["reason"], "not its purpose");
    let accepted = goal("goal-k")["joins"]
        .as_array()
        .unwrap()
        .iter()
        .find(|join| join["programme"] == "rs-6843")
        .cloned()
        .unwrap();
    assert_eq!(accepted["belief"]["belief"], "confirmed");
    let unknown = bench.fails(&["join", "accept", "rs-1", "plan-2.goal-a", "--reason", "x"]);
    assert!(unknown.contains("rs-1"), "{unknown}");
}

#[test]
fn every_form_is_written() {
    let Some(shared) = shared() else { return };
    let bench = filled(Bench::new(), &shared);
    for (format, begins) in
        [("html", "<!DOCTYPE html>"), ("xlsx", "PK"), ("pdf", "%PDF"), ("stratml", "<?xml"), ("json", "{")]
    {
        let file = bench.path(&format!("answer.{format}"));
        bench.ok(&["followup", "--format", format, "--out", file.to_str().unwrap()]);
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            bytes.len() > 2_000 && text(&bytes[..20]).to_lowercase().starts_with(&begins.to_lowercase()),
            "{format}"
        );
    }
    bench.ok(&["followup", "--format", "csv", "--out", bench.path("csv").to_str().unwrap()]);
    let measures = text(&std::fs::read(bench.path("csv/follow_up_measures.csv")).unwrap());
    assert_eq!(measures.lines().filter(|line| line.starts_with("fy2024.")).count(), 9);
    assert!(bench.path("csv/follow_up_measures.dictionary.csv").exists());
}

#[test]
fn the_stratml_that_is_written_validates() {
    let Some(shared) = shared() else { return };
    let bench = filled(Bench::new(), &shared);
    let file = bench.path("answer.xml");
    bench.ok(&["followup", "--format", "stratml", "--out", file.to_str().unwrap()]);
    let schema = shared.join("data/stratml/PerformancePlanOrReport20160216.xsd");
    let Ok(output) = std::process::Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(&schema)
        .arg(&file)
        .output()
    else {
        assert!(std::env::var_os("CI").is_none(), "xmllint is required under CI");
        eprintln!("skipped: install xmllint (libxml2-utils) to validate StratML");
        return;
    };
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// One line a figure. Sentences of the documents are not copied into the project: only how long they are.
fn digest(answer: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    let short = |value: &Value| match value.as_str() {
        Some(text) if text.chars().count() > 40 => format!("<{} characters>", text.chars().count()),
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    let amount = |amount: &Value| {
        let flags = [("within", "≤"), ("repeated", "再")]
            .map(|(name, sign)| if amount[name] == true { sign } else { "" })
            .concat();
        format!("{} {} {flags}{}", amount["fiscal_year"], short(&amount["kind"]), short(&amount["yen"]))
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    lines.push(format!(
        "fiscal year {}, generation {}",
        answer["fiscal_year"], answer["generation"]["record"]
    ));
    for goal in list(&answer["goals"]) {
        lines.push(format!("goal {} {}", short(&goal["node"]["record"]), goal["node"]["name"]["en"]));
        for edge in list(&goal["above"]) {
            lines.push(format!("  under {} {}", short(&edge["to"]), short(&edge["belief"])));
        }
        for row in list(&goal["rows"]) {
            lines.push(format!(
                "  row {} {} measure {} results {} plans {} incomplete {}",
                short(&row["record"]),
                short(&row["marks"]["as_printed"]),
                short(&row["measure"]),
                short(&row["results"]),
                short(&row["plans"]),
                row["incomplete"]
            ));
            for budget in list(&row["budgets"]) {
                lines.push(format!(
                    "    {} {} {}",
                    short(&budget["column"]),
                    short(&budget["programme"]),
                    amount(&budget["amount"])
                ));
            }
        }
        for join in list(&goal["joins"]) {
            let reasons: Vec<String> = list(&join["reasons"])
                .iter()
                .map(|reason| format!("{}+{}", short(&reason["rule"]), reason["points"]))
                .collect();
            lines.push(format!(
                "  join {} {} {} {}",
                short(&join["programme"]),
                short(&join["belief"]["belief"]),
                join["score"],
                reasons.join(" ")
            ));
        }
        for total in list(&goal["printed_totals"]) {
            lines.push(format!(
                "  printed {} {} {} of {} lines",
                total["fiscal_year"],
                short(&total["kind"]),
                total["yen"],
                total["lines"]
            ));
        }
    }
    for total in list(&answer["totals"]) {
        lines.push(format!(
            "total {} {} {} of {} programmes",
            total["fiscal_year"],
            short(&total["kind"]),
            total["yen"],
            list(&total["programmes"]).len()
        ));
    }
    for group in list(&answer["budget_groups"]) {
        lines.push(format!(
            "group {} total {} sum {} {}",
            short(&group["group"]),
            short(&group["total"]),
            group["sum"],
            short(&group["agreement"])
        ));
        lines.extend(
            list(&group["counted"])
                .iter()
                .map(|line| format!("  counted {} {}", short(&line["programme"]), amount(&line["amount"]))),
        );
        lines.extend(list(&group["left_out"]).iter().map(|line| {
            format!(
                "  left out {} {} {}",
                short(&line[0]["programme"]),
                amount(&line[0]["amount"]),
                short(&line[1])
            )
        }));
    }
    for comparison in list(&answer["comparisons"]) {
        lines.push(format!(
            "compared {} {} sheet {} {} agrees {}",
            short(&comparison["programme"]),
            amount(&comparison["printed"]["amount"]),
            short(&comparison["sheet_kind"]),
            short(&comparison["sheet"]),
            comparison["agrees"]
        ));
    }
    for kgi in list(&answer["kgis"]) {
        lines.push(format!(
            "kgi {} {} {} to {} {} {}",
            short(&kgi["record"]),
            short(&kgi["baseline"]),
            kgi["baseline_year"],
            short(&kgi["target"]),
            kgi["target_year"],
            short(&kgi["unit"])
        ));
    }
    for device in list(&answer["devices"]["devices"]) {
        let criteria: Vec<String> =
            list(&device["criteria"]).iter().map(|criterion| short(&criterion["answer"])).collect();
        lines.push(format!(
            "device {} {} ({})",
            short(&device["record"]),
            short(&device["counts"]),
            criteria.join(", ")
        ));
    }
    for succession in list(&answer["successions"]) {
        lines.push(format!(
            "succession {} -> {} {}",
            short(&succession["older"]),
            short(&succession["newer"]),
            short(&succession["belief"]["belief"])
        ));
    }
    lines.push(format!(
        "programmes {} joined, {} free",
        answer["programmes"].as_object().map_or(0, serde_json::Map::len),
        answer["unjoined"]["count"]
    ));
    lines.join("\n") + "\n"
}
