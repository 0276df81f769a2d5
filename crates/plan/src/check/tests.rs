use super::*;
use crate::sample::{self, link, record};
use jiff::civil::date;
use register::{Belief, Record};
use serde_json::{Value, json};

fn codes_of(records: &[Record]) -> Vec<(&'static str, String)> {
    let view = View::from_records(records);
    let found = check(&view, &Question::on(date(2026, 11, 23)));
    found.into_iter().map(|finding| (finding.code, finding.message.en)).collect()
}

/// The findings of one rule on the sample plan with some records added.
fn found(code: &str, more: Vec<Record>) -> Vec<String> {
    let records: Vec<Record> = sample::records().into_iter().chain(more).collect();
    codes_of(&records).into_iter().filter(|(found, _)| *found == code).map(|(_, message)| message).collect()
}

fn sheet(fields: &Value) -> Record {
    let mut all = json!({ "sheet_year": 2024, "rs_id": 1, "key": "rs-1", "name": "連携支援事業", "ministry": "経済産業省" });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    record(
        "programme-sheet:rs-2025-1",
        {
            all["sheet_year"] = json!(2025);
            all
        },
        vec![],
    )
}

#[test]
fn every_rule_has_its_own_number_in_order_and_explains_itself() {
    assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    for one in RULES {
        assert!(one.code.len() == 5 && one.code.starts_with('S'), "{}", one.code);
        assert!(!one.explains.ja.is_empty() && one.explains.en.len() > one.name.en.len(), "{}", one.code);
        assert_eq!(rule(&one.code.to_lowercase()).map(|rule| rule.code), Some(one.code));
    }
    assert!(rule("S9999").is_none());
}

#[test]
fn the_sample_plan_has_these_findings_and_no_errors() {
    let view = sample::view();
    let findings = check(&view, &Question::on(date(2026, 11, 23)));
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    codes.dedup();
    assert_eq!(
        codes,
        [
            "S0101", "S0301", "S0503", "S0601", "S0108", "S0111", "S0113", "S0207", "S0304", "S0405",
            "S0504", "S0505", "S0602",
        ]
    );
}

#[test]
fn a_measure_without_a_row_says_when_it_was_last_reported() {
    assert_eq!(found("S0101", vec![]).len(), 1);
    let mut earlier = sample::row(2023, 9, "供給体制を把握する。", "[◎厚]", "把握した。", "続ける。");
    earlier.set("goal", "安定供給の確保");
    assert!(found("S0101", vec![earlier])[0].contains("FY2023"));
}

#[test]
fn plans_that_read_the_same_for_three_years_are_noted() {
    let row = |year| sample::row(year, 9, "同じ取組を続ける。", "[◎厚]", "した。", "引き続き実施する。");
    assert_eq!(found("S0102", vec![row(2023), row(2024)]).len(), 0);
    assert_eq!(found("S0102", vec![row(2022), row(2023), row(2024)]).len(), 1);
}

#[test]
fn money_that_was_planned_must_appear_in_the_results() {
    let before = sample::row(
        2023,
        9,
        "別の取組。",
        "[◎厚]",
        "した。",
        "「研修拡充事業(令和6年度予算案:5億円)」を行う。",
    );
    let after = sample::row(
        2024,
        9,
        "別の取組。",
        "[◎厚]",
        "「新規事業(令和6年度予算:2億円)」を行った。",
        "続ける。",
    );
    assert!(found("S0103", vec![before.clone(), after.clone()])[0].contains("研修拡充事業"));
    assert!(found("S0104", vec![before, after])[0].contains("新規事業"));
}

#[test]
fn unknown_marks_and_incomplete_cells_are_found() {
    let mut row = sample::row(2024, 9, "欠けた文。", "[◎鉄]", "", "");
    row.set("incomplete", json!(["measure"]));
    row.set("doubts", json!([{ "cell": "results", "confidence": 40, "why": "w" }, { "cell": "plans", "confidence": 95, "why": "w" }]));
    for (code, count) in [("S0105", 1), ("S0106", 1), ("S0107", 1)] {
        assert_eq!(found(code, vec![row.clone()]).len(), count, "{code}");
    }
}

#[test]
fn a_total_that_its_lines_do_not_make_is_an_error() {
    let line =
        json!({ "name": "余分", "group": "group", "fiscal_year": 2025, "kind": "draft", "yen": "9億円" });
    assert_eq!(found("S0201", vec![record("budget-line:more", line, vec![])]).len(), 1);
    assert_eq!(found("S0201", vec![]).len(), 0);
}

#[test]
fn a_printed_amount_unlike_the_sheets_is_a_warning() {
    let line = json!({ "name": "連携支援事業", "fiscal_year": 2024, "kind": "initial", "yen": "20億円" });
    assert_eq!(found("S0203", vec![record("budget-line:more", line, vec![])]).len(), 1);
}

#[test]
fn a_previous_amount_of_another_kind_is_not_compared() {
    let line = json!({ "name": "甲", "fiscal_year": 2024, "kind": "supplementary", "yen": "7.7億円", "previous": "5億円", "previous_kind": "initial" });
    assert!(found("S0204", vec![record("budget-line:more", line, vec![])])[0].contains("different kinds"));
}

#[test]
fn execution_of_a_closed_year_may_be_zero_or_not_yet_and_both_are_said_apart() {
    let money = |yen: Value| {
        json!({ "money": [
        { "fiscal_year": 2023, "kind": "initial", "yen": "10億円" },
        { "fiscal_year": 2023, "kind": "executed", "yen": yen },
    ] })
    };
    assert_eq!(found("S0206", vec![sheet(&money(json!("0円")))]).len(), 1);
    assert_eq!(found("S0206", vec![sheet(&money(json!({ "missing": "not-yet" })))]).len(), 0);
    assert_eq!(found("S0207", vec![sheet(&money(json!({ "missing": "not-yet" })))]).len(), 2);
}

#[test]
fn a_programme_that_ended_needs_a_successor() {
    let ended = sheet(&json!({ "end_year": 2024 }));
    assert_eq!(found("S0401", vec![ended.clone()]).len(), 1);
    let successor = [
        record(
            "programme:new",
            json!({ "name": "後継事業" }),
            vec![link("succeeds", "programme:old", Belief::Stated)],
        ),
        record("programme:old", json!({ "name": "連携支援事業" }), vec![]),
    ];
    assert_eq!(found("S0401", [vec![ended], successor.to_vec()].concat()).len(), 0);
}

#[test]
fn a_programme_without_outcomes_gives_a_reason_or_is_warned_of() {
    let only = |fields: &Value| {
        let old = |record: &Record| record.id == *"rs-2024-1";
        let records: Vec<Record> =
            sample::records().into_iter().filter(|record| !old(record)).chain([sheet(fields)]).collect();
        codes_of(&records)
            .into_iter()
            .map(|(code, _)| code)
            .filter(|code| code.starts_with("S0403") || code.starts_with("S0404"))
            .collect::<Vec<_>>()
    };
    assert_eq!(only(&json!({})), ["S0403"]);
    assert_eq!(only(&json!({ "no_quantitative_reason": "定量化になじまない" })), ["S0404"]);
    assert_eq!(only(&json!({ "logic": [{ "to_kind": "outcome", "to_text": "t" }] })).len(), 0);
}

#[test]
fn a_programme_that_names_the_plan_must_serve_something() {
    let plan =
        json!({ "name": "無関係な名", "rs_id": 8, "key": "rs-8", "plans": [{ "name": "医療機器基本計画" }] });
    let mut lone = sheet(&plan);
    lone.id = "rs-2025-8".parse().unwrap();
    assert_eq!(found("S0303", vec![lone]).len(), 1);
}

#[test]
fn links_that_point_nowhere_are_errors() {
    let node = json!({ "name": { "ja": "迷子" }, "level": "measure" });
    assert_eq!(
        found(
            "S0506",
            vec![record("plan-node:lost", node, vec![link("part-of", "plan-node:nowhere", Belief::Stated)])]
        )
        .len(),
        1
    );
    let decision = json!({ "programme": "rs-404", "node": "plan-node:goal-a", "verdict": "accepted", "reason": "r", "by": "b", "on": "2025-01-01" });
    assert_eq!(found("S0306", vec![record("join-decision:d", decision, vec![])]).len(), 1);
}

#[test]
fn a_record_of_the_wrong_shape_is_listed_and_the_rest_is_read() {
    let broken = record("kgi:broken", json!({ "name": "not names", "order": 9 }), vec![]);
    assert_eq!(found("S0508", vec![broken]).len(), 1);
}

#[test]
fn devices_counts_and_reports_are_checked() {
    let device = record("device-case:d", json!({ "name": "甲", "approval_category": "new" }), vec![]);
    assert_eq!(found("S0603", vec![device]).len(), 1);
    let count = record(
        "printed-count:tf",
        json!({ "name": { "ja": "TF", "en": "meetings" }, "count": 8, "itemised": 6 }),
        vec![],
    );
    assert_eq!(found("S0507", vec![count]), ["meetings: 8 printed, 6 listed"]);
    let report = json!({ "device": "乙", "kind": "stop", "expected_end": "2026-01-01" });
    assert_eq!(found("S0604", vec![record("supply-report:r", report, vec![])]).len(), 1);
}
