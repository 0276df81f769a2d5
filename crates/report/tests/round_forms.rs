//! The yearly round through real workbooks: opened, written, filled in, read back, taken, closed.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use base::{FiscalYear, Lang, Source};
use intake::Limits;
use jiff::civil::date;
use plan::View;
use plan::round::{Ask, Closed, FilledForm, Form, FormColumn, Rounds, Taken};
use proptest::prelude::*;
use register::Record;
use serde_json::json;

const YEAR: FiscalYear = FiscalYear::new(2025);

/// A made-up table of last year: three measures, two ministries, one text long enough to wrap.
fn last_year() -> Vec<Record> {
    let row = |order: i64, measure: &str, marks: &str, results: &str| {
        let reference: register::RecordRef = format!("follow-up-row:fy2024.{order}").parse().unwrap();
        let mut record = Record::new(reference.register, reference.record, Source::document("table"));
        record
            .set("fiscal_year", 2024)
            .set("order", order)
            .set("goal", "連携の強化")
            .set("heading", "出会いの場");
        record.set("measure", measure).set("ministries_as_printed", marks);
        record.set("results", results).set("plans", "=続ける（令和7年度予算案：5.0億円）");
        record
    };
    vec![
        row(1, "ニーズとシーズを結ぶ。", "[◎厚、経]", &"長い実績。".repeat(200)),
        row(2, "人材を育てる。", "[◎厚]", "研修を\n開いた。"),
        row(3, "市場を広げる。", "[◎経]", "<調査> & \"報告\""),
    ]
}

struct Desk(Vec<Record>);

impl Desk {
    fn opened() -> Self {
        let mut desk = Desk(last_year());
        let ask = Ask {
            deadline: Some(date(2026, 2, 27)),
            return_to: "事務局 followup@example.go.jp".to_owned(),
            ..Ask::of(YEAR, date(2026, 2, 2))
        };
        let opened = desk.ask(|rounds| rounds.open(&ask)).unwrap();
        desk.put(vec![opened.round]);
        desk
    }
    fn ask<T>(&self, question: impl FnOnce(&Rounds<'_>) -> T) -> T {
        let view = View::from_records(&self.0);
        question(&Rounds::of(&view, &self.0))
    }
    fn put(&mut self, records: Vec<Record>) {
        for record in records {
            self.0.retain(|old| old.reference() != record.reference());
            self.0.push(record);
        }
    }
    fn form(&self, ministry: &str) -> Form {
        let forms = self.ask(|rounds| rounds.forms(YEAR)).unwrap();
        forms.into_iter().find(|form| form.ministry.ja == ministry).unwrap()
    }
    fn take(&mut self, bytes: &[u8]) -> Taken {
        let form = read(bytes);
        let taken = self.ask(|rounds| rounds.take(&form, date(2026, 2, 20)));
        self.put(taken.records().cloned().collect());
        taken
    }
    fn close(&self) -> Closed {
        self.ask(|rounds| rounds.close(YEAR, date(2026, 3, 2), false)).unwrap()
    }
}

fn write(form: &Form) -> Vec<u8> {
    report::round_form::workbook(form).unwrap()
}

fn read(bytes: &[u8]) -> FilledForm {
    intake::round_form::read(bytes, "returned.xlsx", &Limits::default()).unwrap()
}

/// The form with its rows answered, as if typed.
fn filled(mut form: Form, results: &str, plans: &str) -> Form {
    for row in &mut form.rows {
        (row.entry.results, row.entry.plans) = (results.to_owned(), plans.to_owned());
    }
    form
}

/// The parts of a workbook, as texts.
fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        parts.insert(name, text);
    }
    parts
}

fn packed(parts: &BTreeMap<String, String>) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook as a person might have made it: rows of plain text on one sheet.
fn by_hand(sheet: &str, rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.set_name(sheet).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            page.write_string(row, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_round_goes_from_the_table_of_one_year_to_that_of_the_next() {
    let mut desk = Desk::opened();
    let taken = desk.take(&write(&filled(desk.form("厚生労働省"), "研修を3回開いた。", "未定")));
    assert_eq!((taken.answers.len(), taken.errors.len(), taken.notes.len()), (2, 0, 0));
    let mut meti = filled(desk.form("経済産業省"), "該当なし", "調査する。");
    meti.rows[0].entry.budgets = "市場調査事業（令和8年度予算案：3.0億円）".to_owned();
    meti.rows[0].entry.status = "一部実施".to_owned();
    let taken = desk.take(&write(&meti));
    assert_eq!((taken.answers.len(), taken.errors.len(), taken.notes.len()), (2, 0, 0));
    let closed = desk.close();
    let rows: BTreeMap<&str, &Record> =
        closed.records.iter().map(|record| (record.id.as_str(), record)).collect();
    assert_eq!(
        rows["fy2025.1"].text("results"),
        Some("【厚生労働省】研修を3回開いた。\n【経済産業省】該当なし")
    );
    assert_eq!(rows["fy2025.2"].fields["plans"], json!({ "missing": "not-yet" }));
    assert_eq!(rows["fy2025.3"].text("status"), Some("一部実施"));
    assert_eq!(rows["fy2025.3"].fields["budgets"][0]["yen"], "3.0億円");
    assert_eq!(rows["fy2025.3"].sources[0].to_string(), "returned.xlsx 記入様式!4");
    assert_eq!(rows["fy2025"].state.as_deref(), Some("closed"));
    let view = View::from_records(&closed.records);
    assert_eq!((view.faults.len(), view.rows_of(YEAR).count()), (0, 3));
}

#[test]
fn a_form_comes_back_as_it_went_out() {
    let form = Desk::opened().form("厚生労働省");
    let back = read(&write(&form));
    assert_eq!(back.round.as_deref(), Some("fy2025"));
    assert_eq!(
        (back.ministry.as_deref(), back.ministry_shown.as_deref()),
        (Some("厚生労働省"), Some("厚生労働省"))
    );
    assert_eq!((back.fiscal_year, back.headed_year), (Some(YEAR), Some(YEAR)));
    assert_eq!(back.rows.len(), form.rows.len());
    for (came, went) in back.rows.iter().zip(&form.rows) {
        for column in FormColumn::ALL {
            assert_eq!(came.text(column), went.cell(column).trim(), "{column:?}");
        }
        assert_eq!(back.digests[&went.key.to_string()], went.digest());
    }
}

#[test]
fn the_same_form_is_the_same_file() {
    let form = Desk::opened().form("経済産業省");
    assert!(write(&form) == write(&form));
}

#[test]
fn a_blank_form_answers_nothing() {
    let mut desk = Desk::opened();
    let taken = desk.take(&write(&desk.form("厚生労働省")));
    assert_eq!((taken.records().count(), taken.blank, taken.errors.len()), (0, 2, 0));
}

#[test]
fn only_entry_cells_can_be_written_in_and_statuses_are_offered() {
    let parts = parts(&write(&Desk::opened().form("厚生労働省")));
    let sheet = &parts["xl/worksheets/sheet2.xml"];
    for wanted in [
        "<sheetProtection",
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "<dataValidation type=\"list\"",
        "'_shirube'!$D$1:$D$5",
        "sqref=\"M4:M5\"",
        "<pane xSplit=\"5\" ySplit=\"3\"",
    ] {
        assert!(sheet.contains(wanted), "{wanted}");
    }
    assert!(!sheet.contains("password"), "the protection has no password");
    assert!(!sheet.contains("<f>"), "text that begins with = is no formula");
    let workbook = &parts["xl/workbook.xml"];
    assert!(workbook.contains("name=\"_shirube\"") && workbook.contains("state=\"veryHidden\""));
    assert!(workbook.contains("_xlnm.Print_Titles") && workbook.contains("_xlnm.Print_Area"));
    let words = &parts["xl/sharedStrings.xml"];
    for wanted in [
        "令和8年2月27日",
        "followup@example.go.jp",
        "令和7年度の実績・状況",
        "【参考】令和6年度の実績・状況",
        "令和8年度の取組予定",
    ] {
        assert!(words.contains(wanted), "{wanted}");
    }
}

#[test]
fn a_form_copied_by_hand_with_moved_columns_and_rows_is_understood() {
    let mut desk = Desk::opened();
    let form = desk.form("厚生労働省");
    let key = |index: usize| form.rows[index].key.to_string();
    let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let bytes = by_hand(
        "回答",
        &[
            text(&["", "府省", "", "厚労省"]),
            text(&["課内メモ：確認済み"]),
            text(&[
                "担当課",
                "令和８年度の取組予定",
                "メモ",
                "令和７年度 の実績・状況（記入）",
                "行キー",
                "施策",
            ]),
            text(&["医政局", "続ける。", "済", "研修を開いた。", &key(1), "人材を育てる。"]),
            text(&["", "", "", "", "", ""]),
            text(&["", "広げる。", "", "場を設けた。", &key(0).replace('-', "－"), "ニーズとシーズを結ぶ。"]),
            text(&["", "", "", "ここは合計欄", "", ""]),
        ],
    );
    // The label stands on the sheet of the rows here; the ministry is looked for on the other sheets.
    let mut filled = read(&bytes);
    assert_eq!(filled.ministry_shown, None);
    filled.ministry_shown = Some("厚労省".to_owned());
    let taken = desk.ask(|rounds| rounds.take(&filled, date(2026, 2, 20)));
    desk.put(taken.records().cloned().collect());
    assert_eq!(taken.answers.len(), 2);
    let messages: Vec<String> = taken.errors.iter().map(|error| error.message(Lang::Ja)).collect();
    assert_eq!(
        messages,
        [
            "returned.xlsx: 回答!E7: 行キーがなく、様式のどの施策とも一致しません。行は挿入せず、新しい施策は事務局へご連絡ください"
        ]
    );
    assert_eq!(taken.errors[0].typed, [(FormColumn::Results, "ここは合計欄".to_owned())]);
}

#[test]
fn a_sheet_of_two_distant_cells_costs_two_cells() {
    let mut parts = parts(&write(&Desk::opened().form("厚生労働省")));
    let sheet = parts.get_mut("xl/worksheets/sheet2.xml").unwrap();
    let end = sheet.find("</sheetData>").unwrap();
    sheet.insert_str(end, "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    assert_eq!(read(&packed(&parts)).rows.len(), 2);
}

#[test]
fn a_workbook_beyond_the_limits_is_refused() {
    let bytes = write(&filled(Desk::opened().form("厚生労働省"), &"長".repeat(1000), "続ける。"));
    let refused =
        |limits: Limits| intake::round_form::read(&bytes, "f.xlsx", &limits).unwrap_err().to_string();
    assert!(refused(Limits { cell_bytes: 2000, ..Limits::default() }).contains("bytes in a cell"));
    assert!(refused(Limits { rows: 2, ..Limits::default() }).contains("rows"));
    assert!(refused(Limits { file_bytes: 1000, ..Limits::default() }).contains("unpacked"));
    let bomb = packed(&BTreeMap::from([("a".to_owned(), "0".repeat(4 << 20))]));
    let error = intake::round_form::read(&bomb, "f.xlsx", &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("bomb"), "{error}");
}

#[test]
fn another_workbook_is_named_as_such() {
    let bytes = by_hand("表", &[vec!["事業".to_owned(), "金額".to_owned()]]);
    let error = intake::round_form::read(&bytes, "other.xlsx", &Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "other.xlsx: cannot be read as form of the yearly round: no sheet (表) has the headings of the form, 「行キー」 or 「施策」 beside 「…年度の実績・状況」 and 「…年度の取組予定」"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// What lies inside the archive is damaged, as nothing of it would be read if the archive itself were.
    #[test]
    fn a_damaged_form_never_stops_the_program(part in 0_usize..12, changes in prop::collection::vec((0_usize..100_000, 32_u8..127), 1..12)) {
        let desk = Desk::opened();
        let mut parts = parts(&write(&desk.form("厚生労働省")));
        let name = parts.keys().nth(part % parts.len()).unwrap().clone();
        let mut bytes = parts[&name].clone().into_bytes();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        parts.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        if let Ok(form) = intake::round_form::read(&packed(&parts), "damaged.xlsx", &Limits::default()) {
            let taken = desk.ask(|rounds| rounds.take(&form, date(2026, 2, 20)));
            prop_assert_eq!(taken.answers.len(), 0, "nothing was typed, so nothing is taken");
        }
    }

    #[test]
    fn a_cut_or_scrambled_file_never_stops_the_program(cut in 0_usize..20_000, changes in prop::collection::vec((0_usize..20_000, any::<u8>()), 0..8)) {
        let mut bytes = write(&Desk::opened().form("経済産業省"));
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(cut.max(1));
        let _ = intake::round_form::read(&bytes, "damaged.xlsx", &Limits::default());
    }
}
