//! The follow-up table out of interleaved text: the real page character for character, and generated pages of other
//! widths, so that nothing is fitted to the one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss
)]

#[path = "support/pages.rs"]
mod pages;

use std::path::PathBuf;

use intake::followup::{Column, Table, text};
use pages::{Chance, SetRow};
use serde_json::Value;

/// The corpus, or a line that says why the test is skipped. Under CI a missing corpus fails.
fn corpus() -> Option<(String, Value)> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = PathBuf::from(std::env::var("SHIRUBE_SHARED").unwrap_or_else(|_| default.to_owned()));
    let page = std::fs::read_to_string(shared.join("seeds/002_68858178ce9f1934.txt"));
    let truth = std::fs::read_to_string(shared.join("data/truth/followup-002.json"));
    if let (Ok(page), Ok(truth)) = (page, truth) {
        Some((page, serde_json::from_str(&truth).unwrap()))
    } else {
        assert!(
            std::env::var_os("CI").is_none(),
            "the corpora are required under CI: set SHIRUBE_SHARED to their folder"
        );
        eprintln!("skipped: set SHIRUBE_SHARED to the folder of the corpora (it has seeds/ and data/)");
        None
    }
}

fn truth_rows(truth: &Value) -> Vec<SetRow> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = truth["measures"].as_array().unwrap().iter();
    rows.map(|row| SetRow {
        heading: text(&row["heading"]),
        cells: ["C1", "C2", "C3"].map(|cell| text(&row["cells"][cell]["text"])),
    })
    .collect()
}

#[test]
fn the_real_page_comes_out_character_for_character() {
    let Some((page, truth)) = corpus() else { return };
    let table = text::read(&page).unwrap();
    let expected = truth["measures"].as_array().unwrap();
    assert_eq!(table.rows.len(), expected.len());
    for (row, expected) in table.rows.iter().zip(expected) {
        assert_eq!(row.heading.as_deref(), expected["heading"].as_str());
        assert_eq!(row.goal.as_deref(), truth["goal"].as_str());
        for (column, cell) in Column::ALL.into_iter().zip(["C1", "C2", "C3"]) {
            assert_eq!(
                row.cell(column).text,
                expected["cells"][cell]["text"].as_str().unwrap(),
                "{} {cell}",
                expected["id"]
            );
            let lines: Vec<u64> = expected["cells"][cell]["lines"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line.as_u64().unwrap())
                .collect();
            assert_eq!(row.cell(column).lines.iter().map(|line| u64::from(*line)).collect::<Vec<_>>(), lines);
        }
    }
}

#[test]
fn what_is_lost_repeated_or_inferred_on_the_real_page_is_said() {
    let Some((page, _)) = corpus() else { return };
    let table = text::read(&page).unwrap();
    let numbers = |wanted: fn(&intake::followup::Row) -> bool| -> Vec<usize> {
        table.rows.iter().enumerate().filter(|(_, row)| wanted(row)).map(|(index, _)| index + 1).collect()
    };
    assert_eq!(numbers(|row| row.beginning_lost == [Column::Measure]), [2, 7]);
    assert_eq!(numbers(|row| !row.end_lost.is_empty()), [0_usize; 0]);
    assert_eq!(numbers(|row| row.start_inferred), [7]);
    assert_eq!(table.duplicates, [(96, 178, 13)]);
    assert_eq!(table.pages, [3]);
    assert!(table.machine_read);
}

#[test]
fn generated_pages_of_any_width_are_read_and_errors_are_flagged() {
    let Some((_, truth)) = corpus() else { return };
    let rows = truth_rows(&truth);
    let (mut cells, mut wrong, mut unflagged) = (0_usize, 0_usize, 0_usize);
    for seed in 0..8 {
        let mut chance = Chance::new(seed);
        let mut rows = rows.clone();
        chance.shuffle(&mut rows);
        let widths = std::array::from_fn(|_| 60 + 2 * chance.below(30));
        let (page, truth) = pages::page(&rows, widths, &mut chance);
        let table = text::read(&page).unwrap();
        for (index, expected) in truth.iter().enumerate() {
            for column in Column::ALL {
                cells += 1;
                let row = table.rows.get(index);
                let right = row.is_some_and(|row| row.cell(column).text == expected.cells[column.index()]);
                let flagged = row.is_none_or(|row| row.cell(column).confidence < 90 || row.start_inferred);
                wrong += usize::from(!right);
                unflagged += usize::from(!right && !flagged);
            }
        }
    }
    println!("{cells} cells, {wrong} wrong, {unflagged} of them not flagged");
    assert!(wrong * 100 <= cells, "{wrong} of {cells} cells wrong");
    assert!(unflagged * 200 <= cells, "{unflagged} of {cells} cells wrong without a doubt");
}

/// Sentences made up for this test, about nothing real.
fn own_rows() -> Vec<SetRow> {
    let row = |heading: &str, cells: [&str; 3]| SetRow {
        heading: heading.to_owned(),
        cells: cells.map(str::to_owned),
    };
    vec![
        row(
            "灯台の保守と点検の促進",
            [
                "各地の灯台が夜間に安定して点灯するよう、点検の手順を定め、保守に当たる職員の訓練に引き続き取り組む。[◎国]",
                "・「灯台保守事業(令和6年度予算:2.5億円)」において、全国の灯台を巡回し、電球の交換と塗装の補修を実施した。・巡回の記録を公開し、利用者の意見を集めた。",
                "・「灯台保守事業(令和7年度予算案:2.7億円)」を通じて、巡回の対象を離島に広げ、点検の間隔を短くする。",
            ],
        ),
        row(
            "灯台の保守と点検の促進",
            [
                "灯火の色と周期の記録を整え、船舶の運航者が手元で確認できるようにする。[国、◎総]",
                "・記録の様式を改め、運航者への配布を開始した。",
                "・引き続き、記録の配布先を増やし、電子的な閲覧の仕組みを整備する。",
            ],
        ),
        row(
            "海図の更新体制の整備",
            [
                "浅瀬の移動が速い海域について、測量の頻度を高め、海図の更新に要する期間を短縮する取組を進める。[◎国、◎環]",
                "・「沿岸測量事業(令和6年度予算:14億円の内数)」において、三つの海域で測量を行い、海図を更新した。",
                "・「沿岸測量事業(令和7年度予算案:15億円の内数)」において、測量船の運用を見直し、対象を五つの海域に広げる予定。",
            ],
        ),
    ]
}

#[test]
fn a_page_about_something_else_is_read_by_the_same_method() {
    let mut chance = Chance::new(7);
    let (page, truth) = pages::page(&own_rows(), [64, 70, 52], &mut chance);
    let table = text::read(&page).unwrap();
    assert_eq!(table.rows.len(), truth.len(), "{page}");
    for (row, expected) in table.rows.iter().zip(&truth) {
        assert_eq!(row.heading.as_deref(), Some(expected.heading.as_str()));
        assert_eq!(Column::ALL.map(|column| row.cell(column).text.clone()), expected.cells);
        assert_eq!(row.beginning_lost.contains(&Column::Measure), expected.beginning_lost);
    }
}

#[test]
fn a_goal_repeated_by_reference_has_no_rows() {
    let page = "令和4年度の実績・状況\n令和5年度の取組予定\n(3)「灯りの確保」に向けて\n【航路の安全】(再掲)\n(上記参照)\n【港の整備】\n防波堤の補修の推進\n\
                防波堤の補修を進める。[◎国] ・補修を実施した。 ・補修を続ける。";
    let table = text::read(page).unwrap();
    assert_eq!(
        table.repeated.iter().map(|repeated| repeated.goal.as_str()).collect::<Vec<_>>(),
        ["航路の安全"]
    );
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0].vision.as_deref(), Some("灯りの確保"));
    assert_eq!(table.rows[0].goal.as_deref(), Some("港の整備"));
    assert_eq!(table.rows[0].cell(Column::Plans).text, "・補修を続ける。");
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    for text in ["", "今日はよい天気です。", "医療機器基本計画\n令和6年度"] {
        let error = text::read(text).unwrap_err().to_string();
        assert!(error.contains("実績・状況"), "{error}");
    }
    assert!(text::read("令和6年度の実績・状況\n令和7年度の取組予定").is_err());
    let endless = format!(
        "令和6年度の実績・状況\n令和7年度の取組予定\n{}",
        (0..7_000).map(|line| format!("行{line}")).collect::<Vec<_>>().join("\n")
    );
    assert!(text::read(&endless).unwrap_err().to_string().contains("7000"));
}

#[test]
fn nothing_of_the_body_is_lost() {
    let mut chance = Chance::new(11);
    for widths in [[60, 60, 60], [40, 90, 30], [100, 50, 70]] {
        let (page, _) = pages::page(&own_rows(), widths, &mut chance);
        let table = text::read(&page).unwrap();
        assert_eq!(letters(&kept(&table)), letters(&page), "every character of the page stands in one place");
    }
}

fn kept(table: &Table) -> String {
    let mut text =
        String::from("該当箇所列1列2列3令和6年度の実績・状況令和7年度の取組予定研究開発の試験的な目標3");
    let mut heading = None;
    for row in &table.rows {
        if row.heading != heading {
            heading.clone_from(&row.heading);
            text.push_str(heading.as_deref().unwrap_or_default());
        }
        text.extend(row.cells.iter().map(|cell| cell.text.as_str()));
    }
    text
}

fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '【' | '】')).collect();
    letters.sort_unstable();
    letters
}
