use super::*;
use crate::sample;
use base::BudgetKind;
use jiff::civil::date;

fn question() -> Question {
    Question::on(date(2026, 11, 23))
}

fn sample_answer() -> FollowUp {
    follow_up(&sample::view(), &question())
}

#[test]
fn the_newest_year_with_rows_and_the_plan_they_speak_of_are_followed_up() {
    let answer = sample_answer();
    assert_eq!(answer.fiscal_year.value(), Some(&FiscalYear::new(2024)));
    let generation = answer.generation.unwrap();
    assert_eq!(generation.record.record.as_str(), "plan-2");
    assert!(generation.in_force);
}

#[test]
fn a_goal_without_rows_is_silent_and_its_measure_is_listed() {
    let answer = sample_answer();
    let silent: Vec<&str> = answer
        .goals
        .iter()
        .filter(|goal| goal.silent.is_some())
        .map(|goal| goal.node.record.record.as_str())
        .collect();
    assert_eq!(silent, ["goal-b"]);
    assert_eq!(answer.without_row.len(), 1);
}

#[test]
fn before_any_follow_up_the_plan_stands_alone() {
    let records: Vec<_> =
        sample::records().into_iter().filter(|record| record.register != *"follow-up-row").collect();
    let view = View::from_records(&records);
    let answer = follow_up(&view, &Question { generation: Some("plan-2".to_owned()), ..question() });
    assert_eq!(answer.fiscal_year.reason(), Some(Missing::NotPrinted));
    assert_eq!(answer.goals.len(), 2);
    assert!(answer.without_row.is_empty(), "nobody was asked yet");
    assert!(answer.missing.iter().any(|missing| missing.en.contains("no follow-up")));
}

#[test]
fn an_amount_quoted_twice_is_one_line_and_its_shares_are_bounds() {
    let answer = sample_answer();
    let goal = &answer.goals[0];
    let fy2024 = goal.printed_totals.iter().find(|total| total.fiscal_year == FiscalYear::new(2024)).unwrap();
    assert_eq!((fy2024.yen, fy2024.lines, fy2024.bounds.len()), (Some(1_300_000_000), 1, 1));
}

#[test]
fn every_edge_keeps_its_belief() {
    let answer = sample_answer();
    assert_eq!(answer.goals[0].above[0].belief, register::Belief::Suggested { score: None });
    assert_eq!(answer.goals[1].above[0].belief, register::Belief::Undecided);
}

#[test]
fn the_money_of_a_goal_is_that_of_its_firm_joins() {
    let answer = sample_answer();
    let initial = answer.goals[0].totals.iter().find(|total| total.kind == BudgetKind::Initial).unwrap();
    assert_eq!((initial.yen, initial.programmes.len()), (Some(1_300_000_000), 1));
    assert_eq!(answer.totals, answer.goals[0].totals);
}

#[test]
fn the_same_question_has_the_same_answer() {
    let view = sample::view();
    let mut reversed = sample::records();
    reversed.reverse();
    let json = |view: &View| serde_json::to_string(&follow_up(view, &question())).unwrap();
    assert_eq!(json(&view), json(&View::from_records(&reversed)));
}

#[test]
fn every_row_and_node_carries_its_source() {
    let answer = sample_answer();
    for goal in &answer.goals {
        assert!(!goal.node.sources.is_empty());
        assert!(goal.rows.iter().all(|row| !row.sources.is_empty()));
        assert!(goal.printed.iter().all(|line| !line.sources.is_empty() && !line.printed_in.is_empty()));
        assert!(goal.joins.iter().all(|join| join.reasons.iter().all(|reason| !reason.sources.is_empty())));
    }
}
