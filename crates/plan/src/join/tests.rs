use super::*;
use crate::sample::{self, record};
use proptest::prelude::*;
use register::Record;
use serde_json::json;

fn joins_of(records: &[Record]) -> Joins {
    let view = View::from_records(records);
    joins(&view, &Programmes::of(&view), "plan-2", FiscalYear::new(2024), &Points::default())
}

fn decision(programme: &str, verdict: &str, on: &str) -> Record {
    let fields = json!({ "programme": programme, "node": "plan-node:goal-a", "verdict": verdict, "reason": "確認した", "by": "甲野", "on": on });
    record(&format!("join-decision:{verdict}"), fields, vec![])
}

fn naming_of(plans: &[&str], laws: &[&str]) -> Option<Naming> {
    let rows = |names: &[&str]| names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>();
    let fields = json!({ "sheet_year": 2024, "name": "甲", "plans": rows(plans), "laws": rows(laws) });
    naming(&View::from_records(&[record("programme-sheet:a", fields, vec![])]).sheets[0])
}

#[test]
fn a_programme_named_in_the_text_serves_the_goal_by_statement() {
    let joins = joins_of(&sample::records());
    let join = &joins.joins[0];
    assert_eq!(
        (join.programme.as_str(), join.node.as_str(), &join.belief),
        ("rs-1", "goal-a", &Belief::Stated)
    );
    assert_eq!(join.reasons[0].rule, Rule::NamedInFollowUp);
    assert_eq!(join.reasons[0].evidence, "「連携支援事業」");
    assert!(join.reasons.iter().any(|reason| reason.rule == Rule::NamesThePlan));
    assert_eq!(joins.joins.len(), 1, "roads and welfare equipment serve nothing here");
}

#[test]
fn the_plan_is_found_among_others_in_one_cell() {
    let buried = "健康・医療戦略、「バイオ戦略」、国民が受ける医療の質の向上のための医療機器の研究開発及び普及の促進に関する基本計画（第1期：平成28年5月31日閣議決定）、統合戦略";
    assert!(naming_of(&[buried], &[]).unwrap().plan.is_some());
    assert!(naming_of(&["第２期 医療機器 基本計画"], &[]).unwrap().plan.is_some());
    assert_eq!(naming_of(&["健康・医療戦略"], &[]), None);
}

#[test]
fn the_welfare_equipment_act_is_not_the_act() {
    let naming = naming_of(&[], &["福祉用具の研究開発及び普及の促進に関する法律"]).unwrap();
    assert_eq!((naming.act, naming.plan), (None, None));
    assert!(naming.look_alike.is_some());
    let act = "国民が受ける医療の質の向上のための医療機器の研究開発及び普及の促進に関する法律";
    let both = naming_of(&[], &[act, "医療機器促進法"]).unwrap();
    assert!(both.act.is_some() && both.look_alike.is_none());
}

#[test]
fn a_rejection_lasts_and_is_shown_with_its_reason() {
    let mut records = sample::records();
    records.push(decision("rs-1", "rejected", "2025-01-01"));
    let joins = joins_of(&records);
    let join = &joins.joins[0];
    assert!(!join.holds() && !join.is_firm());
    assert_eq!(join.decided.as_ref().unwrap().reason, "確認した");
}

#[test]
fn the_last_decision_counts() {
    let mut records = sample::records();
    records.push(decision("rs-1", "rejected", "2025-01-01"));
    records.push(decision("rs-1", "accepted", "2025-06-01"));
    assert!(joins_of(&records).joins[0].is_firm());
}

#[test]
fn a_decision_joins_what_no_rule_suggests() {
    let mut records = sample::records();
    records.push(decision("rs-3", "accepted", "2025-06-01"));
    let joins = joins_of(&records);
    assert!(joins.joins.iter().any(|join| join.programme == "rs-3" && join.is_firm()));
}

#[test]
fn a_name_that_two_programmes_bear_states_nothing() {
    let mut records = sample::records();
    let twin = json!({ "sheet_year": 2024, "rs_id": 9, "key": "rs-9", "name": "連携支援事業", "ministry": "総務省" });
    records.push(record("programme-sheet:rs-2024-9", twin, vec![]));
    let joins = joins_of(&records);
    assert!(joins.joins.iter().all(|join| matches!(join.belief, Belief::Suggested { .. })));
}

proptest! {
    #[test]
    fn the_order_of_records_does_not_change_the_joins(seed in any::<u64>()) {
        let mut records = sample::records();
        records.push(decision("rs-3", "accepted", "2025-06-01"));
        let expected = joins_of(&records);
        let mut state = seed;
        for at in (1..records.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            records.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        prop_assert_eq!(joins_of(&records), expected);
    }
}
