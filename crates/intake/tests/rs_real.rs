//! Golden facts of the real RS sample: 82 programmes that mention medical devices, FY2024.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use base::{BudgetKind, Missing, Reported, Yen};
use intake::{Kind, Limits, Reading, bytes, rs};
use register::Record;
use serde_json::Value;

fn sample() -> Option<Reading> {
    let folder = common::corpus("rs2024-meddev")?;
    let inputs = bytes::open(&folder, &Limits::default(), None).unwrap();
    Some(rs::read(&inputs, &Limits::default(), None).unwrap())
}

fn sheet(reading: &Reading, id: i64) -> &Record {
    let found = reading.records.iter().find(|record| record.fields["rs_id"] == id);
    found.unwrap_or_else(|| panic!("no sheet {id}"))
}

fn rows<'a>(record: &'a Record, table: &str) -> &'a [Value] {
    record.fields.get(table).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn money(record: &Record, year: i32, kind: BudgetKind) -> Option<Reported<Yen>> {
    let kind = serde_json::to_value(kind).unwrap();
    let row = rows(record, "money").iter().find(|row| row["fiscal_year"] == year && row["kind"] == kind)?;
    serde_json::from_value(row["yen"].clone()).unwrap()
}

#[allow(clippy::unnecessary_wraps, reason = "compared with what the table may lack")]
fn yen(amount: i64) -> Option<Reported<Yen>> {
    Some(Reported::Value(Yen::exact(amount)))
}

#[test]
fn the_sample_is_82_programmes_of_one_year() {
    let Some(reading) = sample() else { return };
    assert_eq!((reading.kind, reading.records.len(), reading.files.len()), (Kind::RsCsv, 82, 13));
    assert!(reading.records.iter().all(|record| record.fields["sheet_year"] == 2024));
    assert_eq!(sheet(&reading, 7174).id.as_str(), "rs-2024-7174");
    assert_eq!(sheet(&reading, 7174).text("key"), Some("rs-7174"));
}

#[test]
fn every_record_is_what_the_register_declares() {
    let Some(reading) = sample() else { return };
    common::assert_valid("programme-sheet", &reading.records);
}

#[test]
fn money_is_that_of_the_documents() {
    let Some(reading) = sample() else { return };
    let infrastructure = sheet(&reading, 3540);
    assert_eq!(money(infrastructure, 2022, BudgetKind::Initial), yen(4_175_000_000));
    assert_eq!(money(infrastructure, 2021, BudgetKind::Initial), yen(4_451_000_000));
    assert_eq!(money(infrastructure, 2022, BudgetKind::Reserve), yen(-56_000_000));
    assert_eq!(money(sheet(&reading, 7174), 2025, BudgetKind::Request), yen(600_000_000));
    assert_eq!(money(sheet(&reading, 19752), 2025, BudgetKind::Request), yen(1_465_000_000));
}

#[test]
fn the_running_years_zero_is_not_yet_in_every_sheet() {
    let Some(reading) = sample() else { return };
    for record in &reading.records {
        for kind in [BudgetKind::Executed, BudgetKind::CarriedOut] {
            assert_eq!(money(record, 2024, kind), Some(Reported::missing(Missing::NotYet)), "{}", record.id);
        }
        let accounts = rows(record, "accounts").iter().filter(|row| row["fiscal_year"] == 2024);
        for row in accounts {
            assert_eq!(row["executed"]["missing"], "not-yet", "{}", record.id);
        }
    }
}

#[test]
fn a_zero_of_a_year_that_is_over_stays_zero() {
    let Some(reading) = sample() else { return };
    assert_eq!(money(sheet(&reading, 7174), 2023, BudgetKind::Executed), yen(0));
}

#[test]
fn totals_and_accounts_are_never_in_one_table() {
    let Some(reading) = sample() else { return };
    let totals: usize = reading.records.iter().map(|record| rows(record, "money").len()).sum();
    let accounts: usize = reading.records.iter().map(|record| rows(record, "accounts").len()).sum();
    // 279 rows of totals with eight amounts each, and 282 rows of accounts.
    assert_eq!((totals, accounts), (279 * 8, 282));
}

#[test]
fn a_former_name_buried_in_the_overview_is_kept_beside_the_name() {
    let Some(reading) = sample() else { return };
    let record = sheet(&reading, 7729);
    assert_eq!(record.text("name"), Some("医療機器等のサプライチェーンリスク評価及び安定供給確保事業"));
    assert_eq!(record.fields["other_names"][0], "医療機器等安定供給確保事業");
}

#[test]
fn four_programmes_name_the_plan_among_their_plans() {
    let Some(reading) = sample() else { return };
    let names_it = |record: &&Record| {
        rows(record, "plans").iter().filter_map(|row| row["name"].as_str()).any(|name| {
            name.contains("医療機器基本計画")
                || name.contains("医療機器の研究開発及び普及の促進に関する基本計画")
        })
    };
    let ids: Vec<_> = reading
        .records
        .iter()
        .filter(names_it)
        .map(|record| record.fields["rs_id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [6843, 19752, 19775, 20935]);
}

#[test]
fn laws_are_kept_as_printed_also_the_look_alike() {
    let Some(reading) = sample() else { return };
    let laws = || reading.records.iter().flat_map(|record| rows(record, "laws"));
    assert_eq!(laws().count(), 88);
    let alike = laws().filter(|row| {
        row["name"].as_str().is_some_and(|name| name.contains("福祉用具の研究開発及び普及の促進に関する法律"))
    });
    assert_eq!(alike.count(), 4);
}

#[test]
fn every_filled_cell_of_a_table_is_counted_again_in_the_records() {
    let Some(reading) = sample() else { return };
    let count = |table: &str| reading.records.iter().map(|record| rows(record, table).len()).sum::<usize>();
    // Counted in the CSV files: rows with anything beyond the common columns and running numbers.
    let expected = [
        ("policies", 82),
        ("plans", 178),
        ("subsidies", 44),
        ("related", 45),
        ("money_items", 815),
        ("logic", 362),
        ("review", 82),
        ("uses", 519),
        ("contracts", 4),
        ("organisations", 72),
        ("unplaced", 0),
    ];
    for (table, rows) in expected {
        assert_eq!(count(table), rows, "{table}");
    }
}

#[test]
fn nothing_of_the_sample_is_unmapped_and_the_absent_groups_are_named() {
    let Some(reading) = sample() else { return };
    let said: Vec<&str> = reading.remarks.iter().map(|remark| remark.text.en.as_str()).collect();
    assert!(!said.iter().any(|text| text.starts_with("columns not known")), "{said:#?}");
    let absent = said.iter().find(|text| text.starts_with("groups that are absent")).unwrap();
    assert!(absent.contains("3-1 goals and results by year, 5-1 recipients"), "{absent}");
}

#[test]
fn every_record_names_its_files_and_lines() {
    let Some(reading) = sample() else { return };
    let record = sheet(&reading, 3540);
    assert_eq!(record.sources.len(), 13);
    assert!(
        record.sources.iter().all(|source| source
            .place
            .cell
            .as_ref()
            .is_some_and(|place| place.starts_with("lines ")))
    );
}
