//! Tables for machines.

mod common;

use base::Missing;
use report::Number;
use report::csv_long::{BrokenRule, ColumnDef, Encoding, Kind, LongTable, Value};

fn table() -> LongTable {
    LongTable::new(
        "budget",
        [
            ColumnDef::new("programme", Kind::Key, "事業名", "name of the programme"),
            ColumnDef::new("fiscal_year", Kind::Year, "年度（4月から）", "fiscal year, from April"),
            ColumnDef::new("amount", Kind::Integer, "当初予算", "initial budget").unit("円"),
            ColumnDef::new("note", Kind::Text, "備考", "remark"),
        ],
    )
}

fn row(name: &str, amount: Value, note: Value) -> Vec<Value> {
    vec![Value::Text(name.into()), Value::Number(Number::Integer(2025)), amount, note]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_blank_is_not_zero() {
    let mut table = table();
    table.rows.push(row(
        "見本事業, \"第2期\"",
        Value::Number(Number::Integer(0)),
        Value::Text("一行目\n二行目".into()),
    ));
    table.rows.push(row("=例示事業", Value::Missing(Missing::NotYet), Value::Missing(Missing::None)));
    let csv = table.csv(Encoding::Utf8).unwrap_or_else(|error| panic!("{error}"));
    let dictionary = table.dictionary(Encoding::Utf8).unwrap_or_else(|error| panic!("{error}"));
    common::assert_golden("long.csv", &text(&csv));
    common::assert_golden("dictionary.csv", &text(&dictionary));
}

#[test]
fn the_encoding_is_as_stated() {
    let with_bom = table().csv(Encoding::Utf8WithBom).unwrap_or_else(|error| panic!("{error}"));
    assert!(with_bom.starts_with(&[0xEF, 0xBB, 0xBF]));
    assert!(text(&table().dictionary(Encoding::Utf8WithBom).unwrap_or_default()).contains("UTF-8 with BOM"));
}

#[test]
fn a_table_that_breaks_a_rule_is_refused() {
    let note = || Value::Text("x".into());
    let bad_rows = [
        (
            row("a", Value::Text("298,082".into()), note()),
            "table `budget`, record 1, column `amount`: `298,082` is not of type integer (rule L2-01)",
        ),
        (
            row(" ", Value::Missing(Missing::None), note()),
            "table `budget`, record 1, column `programme`: a key is never blank (rule L2-02)",
        ),
        (
            row("a", Value::Missing(Missing::None), Value::Text(String::new())),
            "table `budget`, record 1, column `note`: a blank text does not say why there is none: give a reason (rule L1-09)",
        ),
        (vec![Value::Text("a".into())], "table `budget`, record 1: 1 values for 4 columns (rule L1-14)"),
        (
            vec![
                Value::Text("a".into()),
                Value::Number(Number::Integer(7)),
                Value::Missing(Missing::None),
                note(),
            ],
            "table `budget`, record 1, column `fiscal_year`: 7 is not a western year (rule L3-05)",
        ),
    ];
    for (row, message) in bad_rows {
        let mut table = table();
        table.rows.push(row);
        assert_eq!(table.csv(Encoding::Utf8).map_err(|error| error.to_string()), Err(message.to_owned()));
    }
}

#[test]
fn years_are_rows_and_names_are_plain() {
    let named =
        |name: &str| LongTable::new("t", [ColumnDef::new(name, Kind::Integer, "額", "amount")]).check();
    for name in ["budget_2025", "fy2025", "r7", "r7_budget"] {
        assert!(matches!(named(name), Err(BrokenRule::YearAsColumn { .. })), "{name}");
    }
    for name in ["", "額", "Amount", "a b", "2x"] {
        assert!(matches!(named(name), Err(BrokenRule::Name(_))), "{name}");
    }
    for name in ["amount", "part_2", "kgi3", "l2_code"] {
        assert_eq!(named(name), Ok(()), "{name}");
    }
    let twice = [
        ColumnDef::new("a", Kind::Integer, "額", "amount"),
        ColumnDef::new("a_missing", Kind::Key, "額", "amount"),
    ];
    assert!(matches!(LongTable::new("t", twice).check(), Err(BrokenRule::Twice { .. })));
    assert!(matches!(
        LongTable::new("t", [ColumnDef::new("a", Kind::Text, "額", "")]).check(),
        Err(BrokenRule::Undefined { .. })
    ));
}
