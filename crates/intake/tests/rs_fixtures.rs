//! The RS reader on small files of our own: variants, encodings, wide results, and damage.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use common::made_up::{self, BUDGET, COMMON, csv, row};
use intake::{Input, Limits, Reading, rs};
use serde_json::{Value, json};

fn read(inputs: &[Input]) -> Reading {
    rs::read(inputs, &Limits::default(), None).unwrap()
}

fn error(inputs: &[Input]) -> String {
    rs::read(inputs, &Limits::default(), None).unwrap_err().to_string()
}

fn said(reading: &Reading) -> Vec<String> {
    reading.remarks.iter().map(|remark| format!("{}: {}", remark.place, remark.text.en)).collect()
}

#[test]
fn groups_join_into_one_record_that_the_register_accepts() {
    let reading = read(&made_up::rs_files());
    common::assert_valid("programme-sheet", &reading.records);
    let [record] = reading.records.as_slice() else { panic!("one programme") };
    assert_eq!(record.id, "rs-2024-12");
    assert_eq!(record.text("purpose"), Some("目的「\"甲\"」\n二行目"));
    assert_eq!(record.fields["expense_classes"], json!(["その他", "科学技術振興費"]));
    assert_eq!(record.fields["end_year"], json!({ "missing": "none" }));
    assert_eq!(record.fields["methods"], json!(["直接実施"]));
    assert_eq!(record.fields["other_names"], json!(["旧見本事業"]));
    assert!(!record.fields.contains_key("note"), "a full-width blank says nothing");
}

#[test]
fn zero_not_yet_and_blank_are_kept_apart() {
    let record = &read(&made_up::rs_files()).records[0];
    let of = |year: i32, kind: &str| {
        let rows = record.fields["money"].as_array().unwrap();
        rows.iter()
            .find(|row| row["fiscal_year"] == year && row["kind"] == kind)
            .map(|row| row["yen"].clone())
    };
    assert_eq!(of(2024, "executed"), Some(json!({ "missing": "not-yet" })));
    assert_eq!(of(2023, "executed"), Some(json!("0円")));
    assert_eq!(of(2023, "supplementary"), None, "a blank cell is not a zero");
    assert_eq!(of(2025, "request"), Some(json!("120,000円")), "a request stands under the year it is for");
    assert_eq!(record.fields["years"][0]["execution_rate"], json!({ "missing": "not-yet" }));
}

#[test]
fn wide_results_become_a_row_per_year() {
    let record = &read(&made_up::rs_files()).records[0];
    assert_eq!(record.fields["goals"].as_array().unwrap().len(), 1);
    assert_eq!(record.fields["goals"][0]["term"], "短期");
    let results = record.fields["results"].as_array().unwrap();
    let brief: Vec<Value> = results
        .iter()
        .map(|row| json!([row["fiscal_year"], row["target"], row["actual"], row["rate"]]))
        .collect();
    assert_eq!(
        brief,
        [
            json!([2022, "10", "12", "120"]),
            json!([2023, "20", null, null]),
            json!([2025, "40.5", null, null])
        ]
    );
    assert_eq!(results[1]["as_printed"], "actual=集計中");
    assert_eq!(results[2]["target_year"], true);
    assert_eq!(
        record.fields["goal_kpi"],
        json!([{ "name": "見本の決定", "place": "3頁", "url": "https://example.jp/d" }])
    );
}

#[test]
fn recipients_are_read_when_present() {
    let record = &read(&made_up::rs_files()).records[0];
    let rows = record.fields["recipients"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        (rows[0]["block_yen"].as_str(), rows[1]["recipient_yen"].as_str(), rows[2]["yen"].as_str()),
        (Some("90,000円"), Some("80,000円"), Some("80,000円"))
    );
    assert_eq!(rows[1]["corporate_number"], "1234567890123");
}

#[test]
fn the_same_table_is_read_in_every_encoding_and_spelling() {
    let plain = made_up::rs_files().remove(1);
    let expected = read(std::slice::from_ref(&plain)).records;
    let text = String::from_utf8(plain.bytes.clone()).unwrap();
    let cp932 = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
    let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let utf16 = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let lf = text.replace("\r\n", "\n").into_bytes();
    let lines: Vec<String> = text.lines().map(|line| format!("\"{}\"", line.replace(',', "\",\""))).collect();
    let quoted = (lines.join("\r\n") + "\r\n").into_bytes();
    let spelled = text
        .replacen("当初予算（合計）", "当初予算 (合計)", 1)
        .replacen("翌年度への繰越し(合計）", "翌年度への繰越し（合計）", 1)
        .into_bytes();
    for bytes in [cp932, bom, utf16, lf, quoted, spelled] {
        let reading = read(&[Input { name: plain.name.clone(), bytes }]);
        assert_eq!(reading.records, expected);
    }
}

#[test]
fn neither_the_order_of_groups_nor_of_programmes_matters() {
    let mut files = made_up::rs_files();
    let rows =
        [row(2024, "12", "見本事業", "2024,1,,,,,,,,,,,"), row(2024, "3", "別事業", "2024,2,,,,,,,,,,,")];
    files[1] = csv("budget.csv", BUDGET, &rows);
    let one = read(&files).records;
    files.reverse();
    assert_eq!(read(&files).records, one);
    let other_way: Vec<String> = rows.into_iter().rev().collect();
    let turned = csv("budget.csv", BUDGET, &other_way);
    files.retain(|file| file.name != "budget.csv");
    files.push(turned);
    let (turned, one): (Vec<_>, Vec<_>) = (read(&files).records, one);
    assert!(turned.iter().zip(&one).all(|(a, b)| a.fields == b.fields && a.id == b.id));
}

#[test]
fn what_is_unknown_missing_or_contradicting_is_said_and_kept() {
    let reading = read(&[
        csv("a.csv", "備考,新しい列", &[row(2024, "12", "見本事業", "備考文,値")]),
        csv("b.csv", "補助率", &[row(2024, "12", "見本事業（改称）", "'１／２").replace("見本局", "別局")]),
        csv("c.csv", BUDGET, &[row(2024, "12", "見本事業", "2023,約百万,,,,,,,,,,,")]),
    ]);
    let said = said(&reading);
    for expected in [
        "a.csv: columns not known and not read: 新しい列",
        "c.csv line 2: 局・庁 `見本局` differs from `別局` in b.csv",
        "c.csv line 2: 事業名 `見本事業` differs from `見本事業（改称）` in b.csv",
        "c.csv line 2: 当初予算（合計） `約百万` is not what the column holds; kept as printed",
        "RS 2024: groups that are absent",
    ] {
        assert!(said.iter().any(|text| text.starts_with(expected)), "{expected}\n{said:#?}");
    }
    let record = &reading.records[0];
    assert_eq!(record.fields["subsidies"][0]["rate"], "１／２");
    let unplaced = record.fields["unplaced"].to_string();
    assert!(unplaced.contains("約百万") && unplaced.contains("局"), "{unplaced}");
    common::assert_valid("programme-sheet", &reading.records);
}

#[test]
fn a_copy_is_read_once_and_two_editions_are_not_added() {
    let file = made_up::rs_files().remove(1);
    let copy = Input { name: "copy.csv".to_owned(), ..file.clone() };
    let once = read(std::slice::from_ref(&file)).records[0].fields.clone();
    assert_eq!(read(&[file.clone(), copy]).records[0].fields, once);
    let text = String::from_utf8(file.bytes.clone()).unwrap().replace("120000.0", "130000.0");
    let edition = Input { name: "edition.csv".to_owned(), bytes: text.into_bytes() };
    let reading = read(&[file, edition]);
    assert_eq!(reading.records[0].fields, once);
    assert!(
        said(&reading)
            .iter()
            .any(|text| text.contains("sheet 2024-12 is in budget.csv too; only that one was read"))
    );
}

#[test]
fn damage_names_file_line_and_remedy() {
    let header = |header: &str| Input {
        name: "x.csv".to_owned(),
        bytes: format!("{COMMON},{header}\r\n").into_bytes(),
    };
    let cut = |mut input: Input, bytes: usize| {
        input.bytes.truncate(input.bytes.len() - bytes);
        input
    };
    for (input, message) in [
        (
            header(
                "予算年度,補正予算（合計）,執行額（合計）,執行率,当初予算,執行額,会計区分,会計,勘定,翌年度要求額（合計）,主な増減理由,第1次補正予算,第2次補正予算,第3次補正予算,要望額,備考",
            ),
            "x.csv: line 1: has no column `当初予算（合計）`, which 2-1 budget and execution needs",
        ),
        (
            csv("x.csv", "備考", &[row(2024, "十二", "見本", "a")]),
            "x.csv: line 2: has `十二` where 予算事業ID (a whole number) must stand",
        ),
        (
            csv("x.csv", "備考", &[row(24, "12", "見本", "a")]),
            "x.csv: line 2: has `24` where 事業年度 (a fiscal year) must stand",
        ),
        (
            cut(csv("x.csv", "補助率,補助対象", &[row(2024, "12", "見本", "a,b")]), 4),
            "x.csv: line 2: is cut off: the last row has 14 of 15 cells",
        ),
        (
            cut(csv("x.csv", "備考", &[row(2024, "12", "見本", "\"長い\n文\"")]), 3),
            "x.csv: line 2: is cut off: the quote opened here never closes",
        ),
        (csv("x.csv", "何か,別の", &[]), "x.csv: line 1: cannot be read as RS system CSV"),
    ] {
        let error = error(&[input]);
        assert!(error.starts_with(message), "{error}");
    }
}
