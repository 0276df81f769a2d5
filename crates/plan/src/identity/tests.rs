use super::*;
use crate::sample::record;
use serde_json::{Value, json};

fn sheet(id: &str, year: i32, name: &str, more: impl Into<Value>) -> register::Record {
    let mut fields = json!({ "sheet_year": year, "name": name, "ministry": "経済産業省", "key": id });
    fields.as_object_mut().unwrap().extend(more.into().as_object().unwrap().clone());
    record(&format!("programme-sheet:{id}"), fields, vec![])
}

fn groups_of(records: &[register::Record]) -> Vec<Vec<String>> {
    let programmes = Programmes::of(&View::from_records(records));
    programmes.groups.into_iter().map(|group| group.keys).collect()
}

#[test]
fn the_parts_of_a_name_are_told_apart() {
    let name = parts("スタートアップ支援事業（うち医工連携グローバル展開事業）");
    assert_eq!(name.part.as_deref(), Some("医工連携グローバル展開事業"));
    assert_eq!(name.parent.as_deref(), Some("スタートアップ支援事業"));
    let name = parts("強靱化事業(旧:先進技術開発事業)");
    assert_eq!((name.key.as_str(), name.former.as_deref()), ("強靱化事業", Some("先進技術開発事業")));
    assert_eq!(parts("令和６年度適正化事業").key, parts("適正化事業").key);
    assert_eq!(parts("甲事業（うち乙）の推進").part, None, "a bracket inside a name is no part");
}

#[test]
fn one_number_is_one_programme_whatever_its_names() {
    let groups = groups_of(&[
        sheet("a", 2024, "安定供給確保事業", json!({ "rs_id": 7729 })),
        sheet("b", 2025, "リスク評価及び安定供給確保事業", json!({ "rs_id": 7729 })),
    ]);
    assert_eq!(groups, [["a", "b"]]);
}

#[test]
fn two_parts_of_one_parent_stay_two_programmes() {
    let groups = groups_of(&[
        sheet("a", 2024, "甲事業（うち乙事業）", json!({ "rs_id": 1 })),
        sheet("b", 2024, "甲事業（うち丙事業）", json!({ "rs_id": 2 })),
    ]);
    assert_eq!(groups.len(), 2);
}

#[test]
fn similar_names_are_never_merged() {
    let groups = groups_of(&[
        sheet("a", 2020, "医工連携事業化推進事業", json!({})),
        sheet("b", 2021, "医工連携イノベーション推進事業", json!({})),
    ]);
    assert_eq!(groups.len(), 2);
}

#[test]
fn equal_names_in_adjacent_years_are_only_suggested() {
    let records = [sheet("a", 2020, "甲事業", json!({})), sheet("b", 2021, "甲 事業", json!({}))];
    let programmes = Programmes::of(&View::from_records(&records));
    assert_eq!(programmes.groups[0].unions[0].belief, Belief::Suggested { score: None });
    let far = [sheet("a", 2018, "甲事業", json!({})), sheet("b", 2021, "甲事業", json!({}))];
    assert_eq!(groups_of(&far).len(), 2);
    let twice = [
        sheet("a", 2020, "甲事業", json!({})),
        sheet("b", 2021, "甲事業", json!({})),
        sheet("c", 2021, "甲事業", json!({})),
    ];
    assert_eq!(groups_of(&twice).len(), 3, "which of the two it is nobody has said");
}

#[test]
fn a_gap_of_years_is_bridged_by_equal_amounts_only() {
    let money = |yen: &str| json!({ "money": [{ "fiscal_year": 2021, "kind": "initial", "yen": yen }] });
    let two = |later: &str| {
        [sheet("a", 2021, "甲事業", money("4,451百万円")), sheet("b", 2024, "甲事業", money(later))]
    };
    assert_eq!(groups_of(&two("4,451,000,000円")), [["a", "b"]]);
    assert_eq!(groups_of(&two("4,400,000,000円")).len(), 2);
    assert_eq!(groups_of(&two("0円")).len(), 2);
}

#[test]
fn a_sheet_states_its_own_past() {
    let past =
        json!({ "past_sheets": [{ "fiscal_year": 2020, "ministry": "経済産業省", "number": "0036" }] });
    let old = json!({ "old_number": "2021-経産-20-0037", "rs_id": 5 });
    let groups = groups_of(&[
        sheet("a", 2020, "甲事業", json!({ "number": "0036" })),
        sheet("b", 2021, "乙事業", {
            let mut p = past;
            p["number"] = json!("2021-経産-20-0037");
            p
        }),
        sheet("c", 2024, "丙事業", old),
        sheet("d", 2022, "丁事業(旧:乙事業)", json!({})),
    ]);
    assert_eq!(groups, [["a", "b", "c", "d"]]);
}

#[test]
fn a_record_joins_the_one_sheet_that_bears_its_name_and_brings_its_successions() {
    let successor = crate::sample::link("succeeds", "programme:old", Belief::Stated);
    let records = [
        sheet("rs-1", 2024, "支援事業（うち新事業）", json!({ "rs_id": 1 })),
        sheet("rs-2", 2024, "旧事業", json!({ "rs_id": 2 })),
        record("programme:new", json!({ "name": "新事業" }), vec![successor]),
        record("programme:old", json!({ "name": "旧事業" }), vec![]),
    ];
    let programmes = Programmes::of(&View::from_records(&records));
    assert_eq!(programmes.groups.len(), 2);
    assert_eq!(
        (programmes.successions[0].newer.as_str(), programmes.successions[0].older.as_str()),
        ("rs-1", "rs-2")
    );
    assert_eq!(programmes.named("新事業").len(), 1, "the inner name finds the part");
    assert_eq!(programmes.named("支援事業").len(), 0, "the parent is not the part");
}

#[test]
fn the_order_of_records_does_not_matter() {
    let mut records = vec![
        sheet("a", 2019, "甲事業", json!({})),
        sheet("b", 2020, "甲事業", json!({})),
        sheet("c", 2021, "甲事業", json!({})),
        sheet("d", 2021, "乙事業", json!({})),
    ];
    let forward = groups_of(&records);
    records.reverse();
    assert_eq!(groups_of(&records), forward);
}
