//! What the documents say there is: how many of what, which totals, which connections are certain.

use std::collections::BTreeMap;

use base::amount::sum;
use base::{Amount, BudgetKind, FiscalYear, Yen};
use register::{Belief, Record};

use crate::shipped;

fn of<'r>(records: &'r [Record], register: &str) -> Vec<&'r Record> {
    records.iter().filter(|record| record.register == register).collect()
}

fn find<'r>(records: &'r [Record], reference: &str) -> &'r Record {
    records.iter().find(|record| record.reference().to_string() == reference).unwrap()
}

/// How the links of one kind from one record are believed, with their targets.
fn beliefs(record: &Record, kind: &str) -> Vec<(String, Belief)> {
    record.links_of(kind).map(|link| (link.to.to_string(), link.belief.clone())).collect()
}

const SUGGESTED: Belief = Belief::Suggested { score: None };

#[test]
fn each_generation_has_the_nodes_its_document_prints() {
    let (_, records) = shipped();
    let mut counts = BTreeMap::new();
    for node in of(&records, "plan-node") {
        let key = (node.text("generation").unwrap().to_owned(), node.text("level").unwrap().to_owned());
        *counts.entry(key).or_insert(0) += 1;
    }
    let counts: Vec<_> = counts
        .iter()
        .map(|((generation, level), count)| (generation.as_str(), level.as_str(), *count))
        .collect();
    assert_eq!(
        counts,
        [
            ("plan-generation:plan-2", "goal", 11),
            ("plan-generation:plan-2", "measure", 11),
            ("plan-generation:plan-2", "mission", 1),
            ("plan-generation:plan-2", "priority-field", 5),
            ("plan-generation:plan-2", "vision", 3),
            ("plan-generation:plan-3", "future", 1),
            ("plan-generation:plan-3", "issue", 23),
            ("plan-generation:plan-3", "policy", 3),
            ("plan-generation:plan-3", "priority-measure", 6),
            ("plan-generation:plan-3", "society", 3),
            ("plan-generation:plan-3", "story", 7),
        ]
    );
}

#[test]
fn each_register_has_the_records_its_document_prints() {
    let (_, records) = shipped();
    for (register, count) in [
        ("plan-generation", 3),
        ("kgi", 3),
        ("standing-follow-up", 1),
        ("priority-issue", 6),
        ("government-action", 13),
        ("open-point", 5),
        ("council-issue", 19),
        ("dash-item", 18),
        ("samd-designation", 8),
        ("research-area", 6),
        ("overseas-project", 4),
        ("device-case", 6),
        ("cyber-principle", 3),
        ("cyber-rule", 61),
    ] {
        assert_eq!(of(&records, register).len(), count, "{register}");
    }
}

#[test]
fn the_third_plan_is_a_draft_and_the_others_are_decided() {
    let (_, records) = shipped();
    let standing = |id: &str| {
        let generation = find(&records, id);
        (generation.text("status").unwrap().to_owned(), generation.text("decided_on").map(str::to_owned))
    };
    assert_eq!(standing("plan-generation:plan-1"), ("decided".to_owned(), Some("2016-05-31".to_owned())));
    assert_eq!(standing("plan-generation:plan-2"), ("decided".to_owned(), Some("2022-05-31".to_owned())));
    assert_eq!(standing("plan-generation:plan-3"), ("draft".to_owned(), None));
}

#[test]
fn the_eight_draft_amounts_make_the_printed_total() {
    let (_, records) = shipped();
    let group = find(&records, "budget-group:amed-fy2025");
    let lines: Vec<_> = of(&records, "budget-line")
        .into_iter()
        .filter(|line| beliefs(line, "part-of").iter().any(|(to, _)| *to == group.reference().to_string()))
        .collect();
    let amounts: Vec<Amount> = lines.iter().map(|line| amount(line)).collect();
    let total: Yen = group.read("total").unwrap();
    assert_eq!(amounts.len(), 10, "eight programmes and two repeated entries");
    assert_eq!(amounts.iter().filter(|amount| amount.repeated).count(), 2);
    assert_eq!(sum(&amounts), Some(total.yen()));
    assert_eq!(total.yen(), 8_300_000_000);
    let supplementary = find(&records, "budget-line:kyoten-fy2024");
    assert_eq!(amount(supplementary).kind, BudgetKind::Supplementary);
    assert!(
        beliefs(supplementary, "part-of").is_empty(),
        "it belongs to another year's supplementary budget"
    );
}

#[test]
fn two_prints_of_one_budget_agree_and_keep_their_prints() {
    let (_, records) = shipped();
    let yen = |id: &str| find(&records, id).read::<Yen>("yen").unwrap();
    assert!(yen("budget-line:tojokoku-fy2025").agrees_with(yen("budget-line:amed-fy2025.2")));
    assert_eq!(yen("budget-line:tojokoku-fy2025").to_string(), "298,082千円");
    assert_eq!(yen("budget-line:amed-fy2025.7").to_string(), "6億円");
    assert_eq!(
        find(&records, "budget-line:souyaku-fy2025").read::<Yen>("previous").unwrap().to_string(),
        "4.4億円"
    );
}

#[test]
fn only_the_goal_that_the_follow_up_confirms_has_a_stated_measure() {
    let (_, records) = shipped();
    for node in of(&records, "plan-node").into_iter().filter(|node| node.text("level") == Some("measure")) {
        let expected = match node.id.as_str() {
            "plan-2.measure-2" => vec![("plan-node:plan-2.goal-b".to_owned(), Belief::Stated)],
            _ => beliefs(node, "part-of").into_iter().map(|(to, _)| (to, SUGGESTED)).collect(),
        };
        assert_eq!(beliefs(node, "part-of"), expected, "{}", node.id);
        assert_eq!(expected.len(), 1, "{}", node.id);
    }
}

#[test]
fn every_goal_has_a_measure_and_every_measure_its_own_goal() {
    let (_, records) = shipped();
    let mut goals: Vec<_> = of(&records, "plan-node")
        .into_iter()
        .filter(|node| node.text("level") == Some("measure"))
        .flat_map(|node| beliefs(node, "part-of"))
        .map(|(goal, _)| goal)
        .collect();
    goals.sort();
    goals.dedup();
    assert_eq!(goals.len(), 11);
}

#[test]
fn a_goal_that_fits_two_visions_is_left_undecided() {
    let (_, records) = shipped();
    for goal in of(&records, "plan-node").into_iter().filter(|node| node.text("level") == Some("goal")) {
        let visions = beliefs(goal, "part-of");
        match goal.id.as_str() {
            "plan-2.goal-a" | "plan-2.goal-d" => {
                assert_eq!(visions.len(), 2);
                assert!(visions.iter().all(|(_, belief)| *belief == Belief::Undecided), "{}", goal.id);
            }
            _ => assert_eq!(
                visions.iter().map(|(_, belief)| belief).collect::<Vec<_>>(),
                [&SUGGESTED],
                "{}",
                goal.id
            ),
        }
    }
}

#[test]
fn no_kgi_is_assigned_to_a_policy() {
    let (_, records) = shipped();
    for record in of(&records, "kgi").into_iter().chain(of(&records, "standing-follow-up")) {
        let policies = beliefs(record, "measures");
        assert_eq!(policies.len(), 3, "{}", record.id);
        assert!(policies.iter().all(|(_, belief)| *belief == Belief::Undecided), "{}", record.id);
    }
}

#[test]
fn what_connects_stories_issues_and_generations_is_only_suggested() {
    let (_, records) = shipped();
    for node in of(&records, "plan-node") {
        for link in node
            .links
            .iter()
            .filter(|link| ["serves", "answers", "continues", "corresponds-to"].contains(&link.kind.as_str()))
        {
            assert_eq!(link.belief, SUGGESTED, "{} {} {}", node.id, link.kind, link.to);
        }
    }
}

#[test]
fn only_the_two_printed_successions_of_programmes_are_kept() {
    let (_, records) = shipped();
    let successions: Vec<_> = of(&records, "programme")
        .into_iter()
        .flat_map(|programme| {
            beliefs(programme, "succeeds")
                .into_iter()
                .map(|(to, belief)| (programme.id.to_string(), to, belief))
        })
        .collect();
    let stated = |from: &str, to: &str| (from.to_owned(), to.to_owned(), Belief::Stated);
    assert_eq!(
        successions,
        [stated("ikou-global", "programme:ikou-innovation"), stated("souyaku-kiban", "programme:mediso")]
    );
}

#[test]
fn no_documented_case_says_what_the_kgi_count_needs() {
    let (_, records) = shipped();
    for case in of(&records, "device-case") {
        for field in ["approval_category", "insurance_category", "domestic"] {
            let reason = register::validate::missing(&case.fields[field]);
            assert_eq!(reason, Some(base::Missing::NotPrinted), "{} {field}", case.id);
        }
    }
}

#[test]
fn the_printed_number_of_task_force_meetings_shows_which_are_missing() {
    let (_, records) = shipped();
    let series = |meeting: &&Record| meeting.text("body") == Some("body:task-force-2");
    let meetings: Vec<_> = of(&records, "meeting").into_iter().filter(series).collect();
    let numbers: Vec<i64> = meetings.iter().map(|meeting| meeting.read("number").unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 8]);
    assert!(meetings.iter().all(|meeting| meeting.read::<i64>("printed_total") == Some(8)));
}

#[test]
fn the_pillars_of_dash_have_their_items() {
    let (_, records) = shipped();
    let mut items = [0; 4];
    for item in of(&records, "dash-item") {
        items[item.read::<usize>("pillar").unwrap() - 1] += 1;
    }
    assert_eq!(items, [3, 6, 4, 5]);
}

fn amount(line: &Record) -> Amount {
    Amount {
        fiscal_year: line.read::<FiscalYear>("fiscal_year").unwrap(),
        kind: line.read("kind").unwrap(),
        yen: line.read("yen").unwrap(),
        within: line.read("within").unwrap(),
        repeated: line.read("repeated").unwrap(),
    }
}
