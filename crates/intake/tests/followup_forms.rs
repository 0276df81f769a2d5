//! The same follow-up table as CSV, XLSX, HTML and PDF gives the same rows; what is not the table, is damaged or is
//! out of all proportion gives a clear error.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;
mod forms;

use base::FiscalYear;
use forms::page::{self, Setting};
use forms::{Line, Sample};
use intake::Limits;
use intake::followup::grid::Form;
use intake::followup::{Column, Table, delimited, pdf, sheet, web};
use serde_json::Value;

/// An invented table: two visions, three goals of which one is only repeated, empty cells, a lost beginning.
fn sample() -> Sample {
    let long = "・「院内機器点検の手引き作成事業(令和6年度予算:2.5億円)」において、点検の記録を集める仕組みをつくり、参加した病院の担当者に使い方を説明した。・集めた記録をもとに、故障の起こりやすい部品を調べ、結果を各病院に知らせた。";
    let mut lines = vec![
        Line::across("(1)「機器が安心して使われる病院」に向けて"),
        Line::across("【機器の点検と保守の充実】"),
        Line::across("点検記録の共有の促進"),
        Line::cells(
            "病院が点検の記録を持ち寄り、互いに学べる仕組みを整える。[◎厚]",
            long,
            "・手引きを改め、対象を診療所に広げる予定。",
        ),
        Line::cells("保守に携わる技師の育成を進める。[文、◎厚]", "", "・研修の内容を検討する。"),
        Line::across("部品の供給の確保"),
    ];
    for turn in 1..=6 {
        let measure = format!(
            "第{turn}群の部品について、作り手と使い手が見通しを分かち合う場を設け、在庫の偏りを早く見つけられるようにする。[◎経]"
        );
        lines.push(Line::Cells([
            measure,
            format!("・第{turn}回の「Parts Outlook Round Table」を開き、のべ{turn}社の参加を得た。{long}"),
            long.to_owned(),
        ]));
    }
    lines.extend([
        Line::across("(2)「学びが根づく現場」に向けて"),
        Line::across("【機器の点検と保守の充実】(再掲)"),
        Line::across("(上記参照)"),
        Line::across("【現場での学びの支援】"),
        Line::across("教材の整備"),
        Line::cells("を含む教材の配布を続ける。[文]", "・教材を配った。", ""),
        Line::cells("学会と協力して講習の質を保つ。[◎文、厚]", "・講習を3回開いた。", "・講習を続ける。"),
    ]);
    Sample {
        title: "機器の保守に関する各省における取り組みの状況について".to_owned(),
        head: ["該当箇所", "令和6年度の実績・状況", "令和7年度の取組予定"].map(str::to_owned),
        lines,
    }
}

type Content<'t> =
    (Option<&'t str>, Option<&'t str>, Option<&'t str>, [&'t str; 3], Vec<Column>, Vec<Column>);

/// What the rows of a table say, without the lines and confidence that differ by form.
fn content(table: &Table) -> Vec<Content<'_>> {
    table
        .rows
        .iter()
        .map(|row| {
            let cells = Column::ALL.map(|column| row.cell(column).text.as_str());
            (
                row.vision.as_deref(),
                row.goal.as_deref(),
                row.heading.as_deref(),
                cells,
                row.beginning_lost.clone(),
                row.end_lost.clone(),
            )
        })
        .collect()
}

fn limits() -> Limits {
    Limits::default()
}

fn from_csv(sample: &Sample) -> Form {
    delimited::read("t.csv", forms::csv(sample).as_bytes(), &limits()).unwrap()
}

fn assert_same(form: &Form, expected: &Form, what: &str) {
    for (found, wanted) in content(&form.table).iter().zip(content(&expected.table)) {
        assert_eq!(*found, wanted, "{what}");
    }
    assert_eq!(form.table.rows.len(), expected.table.rows.len(), "{what}");
    let repeated = |form: &Form| {
        form.table.repeated.iter().map(|goal| (goal.vision.clone(), goal.goal.clone())).collect::<Vec<_>>()
    };
    assert_eq!(repeated(form), repeated(expected), "{what}");
    assert_eq!(
        (form.table.results_year, form.table.plans_year),
        (expected.table.results_year, expected.table.plans_year),
        "{what}"
    );
    assert_eq!(form.table.title, expected.table.title, "{what}");
    assert_eq!(form.places.len(), form.table.rows.len(), "{what}");
}

#[test]
fn csv_gives_the_table_as_it_was_written() {
    let sample = sample();
    let form = from_csv(&sample);
    let cells: Vec<[&str; 3]> = content(&form.table).into_iter().map(|row| row.3).collect();
    let written: Vec<[&str; 3]> = sample
        .lines
        .iter()
        .filter_map(|line| {
            if let Line::Cells(cells) = line { Some(cells.each_ref().map(String::as_str)) } else { None }
        })
        .collect();
    assert_eq!(cells, written);
    let first = &form.table.rows[0];
    assert_eq!(first.vision.as_deref(), Some("機器が安心して使われる病院"));
    assert_eq!(first.goal.as_deref(), Some("機器の点検と保守の充実"));
    assert_eq!(first.heading.as_deref(), Some("点検記録の共有の促進"));
    assert_eq!(form.table.results_year, Some(FiscalYear::new(2024)));
    assert_eq!(form.table.plans_year, Some(FiscalYear::new(2025)));
    assert_eq!(form.table.repeated.len(), 1);
    let lost = &form.table.rows[8];
    assert_eq!(
        (lost.heading.as_deref(), &lost.beginning_lost[..]),
        (Some("教材の整備"), &[Column::Measure][..])
    );
    assert!(
        form.table.rows.iter().all(|row| row.cells.iter().all(|cell| cell.confidence == 100)),
        "nothing was inferred"
    );
    assert!(form.remarks.is_empty(), "{:?}", form.remarks);
}

#[test]
fn a_workbook_gives_the_same_rows_and_names_their_cells() {
    let sample = sample();
    let form = sheet::read("t.xlsx", &forms::xlsx(&sample), &limits()).unwrap();
    assert_same(&form, &from_csv(&sample), "XLSX");
    assert_eq!(
        form.places[0],
        [["様式!B7"], ["様式!C7"], ["様式!D7"]].map(|place| place.map(str::to_owned).to_vec())
    );
    assert!(
        form.remarks.iter().any(|remark| remark.place.contains("記入要領")),
        "the hidden sheet is mentioned"
    );
}

#[test]
fn a_web_page_gives_the_same_rows() {
    let sample = sample();
    let form = web::read("t.html", forms::html(&sample).as_bytes(), &limits()).unwrap();
    assert_same(&form, &from_csv(&sample), "HTML");
}

#[test]
fn a_ruled_pdf_gives_the_same_rows_over_its_page_breaks() {
    let Some(font) = page::font() else { return };
    let sample = sample();
    let mut carried = 0;
    for height in [595.0, 400.0, 330.0, 310.0] {
        let bytes = page::pdf(&sample, Setting { height, ..Setting::RULED }, &font);
        let form = pdf::read("t.pdf", &bytes, &limits()).unwrap();
        assert_same(&form, &from_csv(&sample), &format!("PDF, pages of {height} pt"));
        assert!(form.table.pages.len() > 1, "the table breaks over pages");
        carried += form.places.iter().flatten().filter(|places| places.len() > 1).count();
    }
    assert!(carried > 3, "cells go on over pages");
}

#[test]
fn a_pdf_without_lines_gives_the_same_rows_and_says_that_they_were_inferred() {
    let Some(font) = page::font() else { return };
    let sample = sample();
    let bytes = page::pdf(&sample, Setting::OPEN, &font);
    let form = pdf::read("t.pdf", &bytes, &limits()).unwrap();
    assert_same(&form, &from_csv(&sample), "PDF without lines");
    assert!(form.table.rows.iter().all(|row| row.start_inferred));
}

/// The 27 cells of the real page.
fn truth() -> Option<Sample> {
    let path = common::corpus("truth")?.join("followup-002.json");
    let truth: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut lines = vec![Line::Across(format!("【{}】", text(&truth["goal"])))];
    let mut heading = String::new();
    for measure in truth["measures"].as_array().unwrap() {
        if text(&measure["heading"]) != heading {
            heading = text(&measure["heading"]);
            lines.push(Line::Across(heading.clone()));
        }
        lines.push(Line::Cells(["C1", "C2", "C3"].map(|column| text(&measure["cells"][column]["text"]))));
    }
    let head = ["該当箇所".to_owned(), text(&truth["columns"]["C2"]), text(&truth["columns"]["C3"])];
    Some(Sample {
        title: "医療機器基本計画に関する各省における取り組みの状況について".to_owned(),
        head,
        lines,
    })
}

#[test]
fn the_real_page_comes_back_character_for_character_from_every_form() {
    let Some(sample) = truth() else { return };
    let written: Vec<&[String; 3]> = sample
        .lines
        .iter()
        .filter_map(|line| if let Line::Cells(cells) = line { Some(cells) } else { None })
        .collect();
    assert_eq!(written.len(), 9);
    let mut forms = vec![
        ("CSV", from_csv(&sample)),
        ("XLSX", sheet::read("t.xlsx", &forms::xlsx(&sample), &limits()).unwrap()),
        ("HTML", web::read("t.html", forms::html(&sample).as_bytes(), &limits()).unwrap()),
    ];
    if let Some(font) = page::font() {
        for (what, setting) in [("PDF", Setting::RULED), ("PDF without lines", Setting::OPEN)] {
            let bytes = page::pdf(&sample, setting, &font);
            forms.push((what, pdf::read("t.pdf", &bytes, &limits()).unwrap()));
        }
    }
    for (what, form) in forms {
        let cells: Vec<[&str; 3]> = content(&form.table).into_iter().map(|row| row.3).collect();
        for (found, wanted) in cells.iter().zip(&written) {
            for (found, wanted) in found.iter().zip(wanted.iter()) {
                assert_eq!(found, wanted, "{what}");
            }
        }
        assert_eq!(cells.len(), 9, "{what}");
        let lost: Vec<usize> =
            (0..9).filter(|row| !form.table.rows[*row].beginning_lost.is_empty()).collect();
        // That M2 has lost its beginning cannot be told from its words: only the interleaved text shows it.
        assert_eq!(lost, [6], "{what}");
    }
}

/// One of each of a ministry's habits that the invented table does not have.
#[test]
fn merged_cells_and_ministries_in_a_column_of_their_own_are_read() {
    let page = "<table><tr><th rowspan=2>該当<br>箇所</th><th rowspan=2>担当</th><th>令和６年度</th><th>令和７年度</th><th rowspan=2>備考</th></tr>\
        <tr><th>実績・状況</th><th>取組予定</th></tr>\
        <tr><td colspan=5>【点検】</td></tr>\
        <tr><td rowspan=2>点検を進める。</td><td rowspan=2>◎厚、経</td><td>・調べた。</td><td>・続ける。</td><td></td></tr>\
        <tr><td>・教えた。</td><td></td><td></td></tr>\
        <tr><td>学びを支える。</td><td>文</td><td rowspan=2>・両方について会を開いた。</td><td>・会を開く。</td><td>要確認</td></tr>\
        <tr><td>場をつくる。</td><td>文</td><td>・場を広げる。</td><td></td></tr></table>";
    let form = web::read("t.html", page.as_bytes(), &limits()).unwrap();
    let cells: Vec<[&str; 3]> = content(&form.table).into_iter().map(|row| row.3).collect();
    assert_eq!(
        cells,
        [
            ["点検を進める。", "・調べた。・教えた。", "・続ける。"],
            ["学びを支える。", "・両方について会を開いた。", "・会を開く。"],
            ["場をつくる。", "・両方について会を開いた。", "・場を広げる。"],
        ]
    );
    assert_eq!(form.table.rows[0].ministries.as_deref(), Some("◎厚、経"));
    assert_eq!(form.table.rows[0].cell(Column::Results).confidence, 100, "a merged cell is certain");
    assert!(
        form.table.rows[2].cell(Column::Results).confidence < 90,
        "one cell beside two measures asks for an eye"
    );
    assert!(
        form.remarks.iter().any(|remark| remark.text.en.contains("要確認")),
        "a column that is not ours is mentioned"
    );
    assert_eq!(
        (form.table.results_year, form.table.plans_year),
        (Some(FiscalYear::new(2024)), Some(FiscalYear::new(2025)))
    );
}

#[test]
fn a_row_without_a_measure_carries_on_the_one_above_with_a_doubt() {
    let text = "該当箇所,2024年度の実績・状況,2025年度の取組予定\n点検を進める。[厚],・調べた。,・続ける。\n,・教えた。,\n";
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(text);
    let form = delimited::read("t.csv", &cp932, &limits()).unwrap();
    let [row] = &form.table.rows[..] else { panic!("{:?}", form.table.rows) };
    let results = row.cell(Column::Results);
    assert_eq!((results.text.as_str(), &results.lines[..]), ("・調べた。・教えた。", &[2, 3][..]));
    assert!(results.confidence < 90);
    assert_eq!(results.doubts[0].piece, "・教えた。");
    assert_eq!(row.cell(Column::Plans).confidence, 100);
}

#[test]
fn a_pdf_printed_by_a_browser_gives_the_same_rows() {
    let sample = sample();
    let folder = tempfile::tempdir().unwrap();
    let (page, printed) = (folder.path().join("t.html"), folder.path().join("t.pdf"));
    std::fs::write(&page, forms::printable(&sample)).unwrap();
    let ran = std::process::Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", printed.display()))
        .arg(&page)
        .output();
    if ran.is_err() || !printed.exists() {
        assert!(std::env::var_os("CI").is_none(), "install chromium: this test prints a page with it");
        eprintln!("skipped: chromium, which prints the page of this test, is not installed");
        return;
    }
    let form = pdf::read("t.pdf", &std::fs::read(printed).unwrap(), &limits()).unwrap();
    assert_same(&form, &from_csv(&sample), "PDF of a browser");
}
