//! A document on the terminal.

mod common;

use base::Lang;
use proptest::prelude::*;
use report::terminal::{self, Terminal};
use report::{Cell, Column, Document, Row, Table};
use unicode_width::UnicodeWidthStr;

fn shown(document: &Document, terminal: &Terminal) -> String {
    let mut out = Vec::new();
    terminal::write(document, terminal, &mut out).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(out).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_answer_reads_well_wide_and_narrow() {
    common::assert_golden("ja-100.txt", &shown(&common::answer(Lang::Ja), &Terminal::plain(100)));
    common::assert_golden("en-100.txt", &shown(&common::answer(Lang::En), &Terminal::plain(100)));
    common::assert_golden("ja-48.txt", &shown(&common::answer(Lang::Ja), &Terminal::plain(48)));
}

#[test]
fn styles_only_repeat_what_signs_say() {
    let document = common::answer(Lang::Ja);
    let plain = Terminal::plain(80);
    let styled = shown(&document, &Terminal { ansi: true, ..plain });
    let bare: String = styled
        .split('\u{1b}')
        .enumerate()
        .map(
            |(index, part)| if index == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) },
        )
        .collect();
    let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert!(styled.contains("\u{1b}[1m"));
    assert_eq!(trimmed(&bare), trimmed(&shown(&document, &plain)));
}

#[test]
fn text_cannot_steer_the_terminal() {
    let mut doc = Document::build(Lang::En, "a\u{1b}[2Jb");
    doc.paragraph("x\u{7}\u{8}\r\u{9b}31my \u{202e}z");
    let shown = shown(&doc.finish(), &Terminal::plain(80));
    assert!(!shown.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown:?}");
    assert!(shown.contains("a\u{fffd}[2Jb"));
}

#[test]
fn zero_bound_and_absence_are_told_apart() {
    let shown = shown(&common::answer(Lang::Ja), &Terminal::plain(120));
    for mark in
        ["0円", "≤ 14億円（内数）", "— 未確定", "— 記載なし", "(◎確認済)", "(○推定)", "(？未決)", "(●明記)"]
    {
        assert!(shown.contains(mark), "{mark}");
    }
}

proptest! {
    #[test]
    fn no_line_exceeds_the_width(
        texts in proptest::collection::vec("[ぁ-ん一-龠a-z0-9、。（） ≤○👍🏽\u{301}\n]{0,60}", 1..12),
        indent in 0_u8..4, width in 20_usize..160, wide_signs: bool, ansi: bool,
    ) {
        let terminal = Terminal { width, ansi: false, wide_signs };
        let mut doc = Document::build(Lang::Ja, texts[0].clone());
        doc.heading(1, texts[0].clone()).paragraph(texts[0].clone()).list(texts.clone());
        doc.facts(texts.iter().map(|text| (text.clone(), Cell::text(text.clone()))));
        let columns = [Column::text("名"), Column::text(texts[0].clone()).means(texts[0].clone()), Column::yen("額"), Column::text("備考")];
        let mut table = Table::new(texts[0].clone());
        table.columns = columns.to_vec();
        for chunk in texts.chunks(3) {
            let cells = chunk.iter().map(|text| Cell::text(text.clone()));
            table = table.row(Row::of(cells.chain([Cell::integer(-1_234_567)])).indent(indent)).row(Row::group(chunk[0].clone()));
        }
        doc.table(table);
        let document = doc.finish();
        for line in shown(&document, &terminal).lines() {
            let taken = if wide_signs { line.width_cjk() } else { line.width() };
            prop_assert!(taken <= width, "{taken} > {width}: {line:?}");
        }
        let _ = shown(&document, &Terminal { ansi, ..terminal });
    }
}
