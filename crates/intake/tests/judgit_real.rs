//! Golden facts of the real JUDGIT! sample: 71 sheets on medical devices, 2015–2021.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use intake::{Limits, Reading, bytes, judgit};
use register::Record;
use serde_json::{Value, json};

fn sample() -> Option<Reading> {
    let folder = common::corpus("judgit-meddev")?;
    let inputs = bytes::open(&folder, &Limits::default(), None).unwrap();
    Some(judgit::read(&inputs, &Limits::default()).unwrap())
}

fn rows<'a>(record: &'a Record, table: &str) -> &'a [Value] {
    record.fields.get(table).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn count(reading: &Reading, table: &str) -> usize {
    reading.records.iter().map(|record| rows(record, table).len()).sum()
}

#[test]
fn the_sample_is_71_sheets_and_nothing_of_them_is_lost() {
    let Some(reading) = sample() else { return };
    assert_eq!(reading.records.len(), 71);
    // As counted in the files: recipients, indicators (100 outcomes, 75 outputs), their years, links to past sheets.
    assert_eq!(count(&reading, "recipients"), 1696);
    assert_eq!(count(&reading, "goals"), 175);
    assert_eq!(count(&reading, "results"), 300 + 225);
    assert_eq!(count(&reading, "past_sheets"), 19);
    assert_eq!(count(&reading, "unplaced"), 0);
}

#[test]
fn every_record_is_what_the_register_declares() {
    let Some(reading) = sample() else { return };
    common::assert_valid("programme-sheet", &reading.records);
}

#[test]
fn a_sheet_has_its_number_key_and_former_name() {
    let Some(reading) = sample() else { return };
    let record = reading.records.iter().find(|record| record.id == "judgit-2021-経産-20-0037").unwrap();
    assert_eq!(record.text("key"), Some("judgit-経済産業省-2021-経産-20-0037"));
    assert!(rows(record, "other_names").contains(&json!("先進的医療機器・システム等技術開発事業")));
    assert!(reading.records.iter().any(|record| record.id == "judgit-2015-厚生労働省-0033"));
}

#[test]
fn the_sheets_own_year_has_no_execution_yet_and_none_before_is_guessed() {
    let Some(reading) = sample() else { return };
    for record in &reading.records {
        let year = &record.fields["sheet_year"];
        let executed = rows(record, "money").iter().filter(|row| row["kind"] == "executed");
        for row in executed {
            assert_eq!(
                row["yen"].get("missing").is_some(),
                &row["fiscal_year"] == year,
                "{}: {row}",
                record.id
            );
        }
    }
}

#[test]
fn millions_of_yen_stay_millions() {
    let Some(reading) = sample() else { return };
    let all = || {
        reading
            .records
            .iter()
            .flat_map(|record| rows(record, "recipients").iter().chain(rows(record, "money")))
    };
    assert!(
        all()
            .filter_map(|row| row["yen"].as_str())
            .all(|yen| yen.ends_with("百万円") && !yen.ends_with(".0百万円"))
    );
    assert!(all().any(|row| row["yen"] == "0.3百万円"));
}
