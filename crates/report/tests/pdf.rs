//! A document as PDF, read back with poppler's pdftotext where that is installed.

mod common;

use std::process::Command;

use base::Lang;
use report::pdf::{self, Pdf, Typeface};
use report::{Cell, Column, Document, Row, Table};

fn written(document: &Document) -> Pdf {
    let typeface = Typeface::shipped().unwrap_or_else(|error| panic!("{error}"));
    pdf::write(document, &typeface).unwrap_or_else(|error| panic!("{error}"))
}

/// The text of a PDF without blanks, or `None` where pdftotext is not installed.
fn text_of(pdf: &Pdf) -> Option<String> {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let path = folder.path().join("answer.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap_or_else(|error| panic!("{error}"));
    let Ok(output) = Command::new("pdftotext").arg(&path).arg("-").output() else {
        assert!(std::env::var_os("CI").is_none(), "pdftotext is missing: install poppler-utils");
        println!("skipped: install poppler-utils to read the PDF back");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).chars().filter(|c| !c.is_whitespace()).collect())
}

/// Rows enough for many pages.
fn long(rows: usize) -> Document {
    let mut doc = Document::build(Lang::Ja, "長い表");
    doc.heading(1, "目標A");
    let mut table = Table::new("事業の一覧")
        .column(Column::text("事業の名称"))
        .column(Column::yen("当初予算"))
        .column(Column::text("実績"));
    for number in 0..rows {
        table = table.row(Row::of([
            Cell::text(format!("見本事業その{number}")),
            Cell::integer(1_000_000 + i64::try_from(number).unwrap_or(0)),
            Cell::text("医療機器の研究開発に携わる人材を対象とする研修を、全国の拠点（大学病院等）において実施した。"),
        ]));
    }
    doc.table(table);
    doc.finish()
}

#[test]
fn the_text_is_there_in_reading_order() {
    let Some(text) = text_of(&written(&common::answer(Lang::Ja))) else { return };
    let mut rest = text.as_str();
    for part in [
        "見本計画のフォローアップ",
        "目標A<訓練>",
        "この目標は前年から動いた。",
        "—未確定",
        "事業別の予算",
        "298,082千円[1][2]",
        "≤14億円（内数）[2]",
        "[-検討した-][+12か所で実施した+]",
        "▲注意",
        "出典",
        "見本の進捗表",
    ] {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("{part} is not where it should be in {text}")
        };
        rest = after;
    }
}

#[test]
fn a_table_repeats_its_head_on_every_page_and_loses_no_row() {
    let pdf = written(&long(200));
    assert!(pdf.pages >= 5, "{}", pdf.pages);
    assert!(pdf.missing_glyphs.is_empty());
    let Some(text) = text_of(&pdf) else { return };
    assert_eq!(text.matches("事業の名称").count(), pdf.pages);
    assert!((0..200).all(|number| text.contains(&format!("見本事業その{number}"))));
    assert!(text.contains(&format!("{0}／{0}ページ", pdf.pages)));
}

#[test]
fn a_row_higher_than_a_page_is_continued() {
    let mut doc = Document::build(Lang::Ja, "長い行");
    let long: String =
        (0..3000).flat_map(|number| ["第".to_owned(), number.to_string(), "項。".to_owned()]).collect();
    doc.table(Table::new("表").column(Column::text("本文")).row(Row::of([Cell::text(long)])));
    let pdf = written(&doc.finish());
    assert!(pdf.pages >= 3);
    let Some(text) = text_of(&pdf) else { return };
    assert!(text.contains("第2999項。") && text.contains("第0項。"));
}

#[test]
fn a_character_that_the_typeface_lacks_is_reported() {
    let mut doc = Document::build(Lang::Ja, "題");
    doc.paragraph("𠮷野家 ก \u{1F600} 髙﨑①≤㈱ 葛\u{E0100}飾\u{7}");
    let pdf = written(&doc.finish());
    assert_eq!(pdf.missing_glyphs, ['𠮷', 'ก', '\u{1F600}', '\u{7}'].into());
    if let Some(text) = text_of(&pdf) {
        assert!(text.contains("〓野家") && text.contains("髙﨑①≤㈱葛飾〓"), "{text}");
    }
}

#[test]
fn the_file_says_its_title_language_and_structure() {
    let pdf = written(&common::answer(Lang::En));
    let raw = String::from_utf8_lossy(&pdf.bytes);
    for mark in ["/Lang(en-GB)", "/MarkInfo", "/StructTreeRoot", "/Outlines", "pdfuaid"] {
        assert!(raw.contains(mark), "{mark}");
    }
}

#[test]
fn what_is_no_typeface_is_refused() {
    assert_eq!(Typeface::from_bytes(b"not a font").err(), Some(pdf::Unwritable::Typeface));
}

#[test]
fn odd_tables_are_written_too() {
    let mut doc = Document::build(Lang::En, "x".repeat(400));
    let mut wide = Table::new("wide");
    for number in 0..30 {
        wide = wide.column(Column::yen(format!("column {number}")));
    }
    doc.table(Table::new("empty")).table(Table::new("no rows").column(Column::text("a")));
    doc.table(wide.row(Row::of((0..30).map(|_| Cell::integer(1_234_567_890)))).row(Row::group("g")));
    doc.heading(4, "").paragraph("").list([""; 0]);
    assert!(written(&doc.finish()).pages >= 1);
}
