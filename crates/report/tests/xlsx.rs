//! A document as a workbook, read back.

mod common;

use std::io::Cursor;

use base::Lang;
use calamine::{Data, Range, Reader, Xlsx};
use report::{Cell, Column, Document, Row, Table, xlsx};

fn read_back(document: &Document) -> Xlsx<Cursor<Vec<u8>>> {
    let bytes = xlsx::workbook(document).unwrap_or_else(|error| panic!("{error}"));
    Xlsx::new(Cursor::new(bytes)).unwrap_or_else(|error| panic!("{error}"))
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Range<Data> {
    book.worksheet_range(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn contents_tables_and_sources_have_sheets() {
    let mut book = read_back(&common::answer(Lang::Ja));
    assert_eq!(book.sheet_names(), ["目次", "1 事業別の予算", "出典"]);
    let contents: Vec<String> =
        sheet(&mut book, "目次").used_cells().map(|(_, _, data)| data.to_string()).collect();
    for text in [
        "見本計画のフォローアップ",
        "— 未確定",
        "▲ 注意",
        "当初予算：補正を含まない",
        "・研修を[-検討した-][+12か所で実施した+]。[1]",
    ] {
        assert!(contents.iter().any(|cell| cell == text), "{text}: {contents:?}");
    }
    let sources = sheet(&mut book, "出典");
    assert_eq!(sources.get((2, 2)), Some(&Data::String("https://example.org/sheet?a=1&b=2".into())));
}

#[test]
fn figures_are_numbers_and_nothing_else_is() {
    let mut book = read_back(&common::answer(Lang::Ja));
    let sheet = sheet(&mut book, "1 事業別の予算");
    let rows: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
    let text = |text: &str| Data::String(text.into());
    assert_eq!(
        rows[0],
        ["区分", "事業", "年度", "当初予算 (円)", "当初予算 印字・出典", "進捗 (%)", "根拠"].map(text)
    );
    assert_eq!(rows[1][3], Data::Float(298_082_000.0));
    assert_eq!(rows[1][4], text("298,082千円[1][2]"));
    assert_eq!(rows[2][3], text("≤ 14億円（内数）"), "a bound is no number to be summed");
    assert_eq!(rows[2][5], text("— 記載なし"));
    assert_eq!(rows[3][0], text("例示庁"), "every row names its group");
    assert_eq!(rows[3][3], Data::Float(0.0));
}

#[test]
fn text_is_never_a_formula() {
    let hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "\t=1"];
    let rows = hostile.map(|text| Row::of([Cell::text(text)]));
    let mut doc = Document::build(Lang::En, "=title");
    doc.table(Table::new("=caption").column(Column::text("=head")).rows(rows)).paragraph("=paragraph");
    let mut book = read_back(&doc.finish());
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap_or_else(|error| panic!("{error}"));
        assert!(formulas.used_cells().next().is_none(), "{name}");
    }
    let sheet = sheet(&mut book, "1 =caption");
    let cells: Vec<_> = sheet.rows().skip(1).map(|row| row[0].to_string()).collect();
    assert_eq!(cells, hostile);
}

#[test]
fn the_same_answer_is_the_same_file() {
    let document = common::answer(Lang::En);
    assert_eq!(xlsx::workbook(&document).ok(), xlsx::workbook(&document).ok());
}

#[test]
fn a_text_that_does_not_fit_is_an_error_and_not_cut() {
    let mut doc = Document::build(Lang::En, "t");
    doc.table(Table::new("long").column(Column::text("text")).row(Row::of([Cell::text("x".repeat(40_000))])));
    let error = xlsx::workbook(&doc.finish()).map(|_| ()).map_err(|error| error.to_string());
    assert!(error.as_ref().is_err_and(|message| message.contains("`1 long`")), "{error:?}");
}
