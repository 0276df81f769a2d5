//! The round from opening to closing, on the made-up plan of `sample`: two rows, two ministries, one silent measure.

use base::{FiscalYear, Lang};
use jiff::civil::{Date, date};
use register::Record;

use super::*;
use crate::sample;

const YEAR: FiscalYear = FiscalYear::new(2025);
const OPENING: Date = date(2026, 2, 2);
const DUE: Date = date(2026, 2, 27);
const MOHLW: &str = "厚生労働省";
const METI: &str = "経済産業省";

/// The records as a store would hold them.
struct Desk(Vec<Record>);

impl Desk {
    fn opened() -> Self {
        let mut desk = Desk(sample::records());
        let opened =
            desk.ask(|rounds| rounds.open(&Ask { deadline: Some(DUE), ..Ask::of(YEAR, OPENING) })).unwrap();
        desk.put([opened.round]);
        desk
    }
    fn ask<T>(&self, question: impl FnOnce(&Rounds<'_>) -> T) -> T {
        let view = View::from_records(&self.0);
        assert_eq!(view.faults, []);
        question(&Rounds::of(&view, &self.0))
    }
    fn put(&mut self, records: impl IntoIterator<Item = Record>) {
        for record in records {
            self.0.retain(|old| old.reference() != record.reference());
            self.0.push(record);
        }
    }
    fn form(&self, ministry: &str) -> Form {
        let forms = self.ask(|rounds| rounds.forms(YEAR)).unwrap();
        forms.into_iter().find(|form| form.ministry.ja == ministry).unwrap()
    }
    fn take(&mut self, form: &FilledForm) -> Taken {
        let taken = self.ask(|rounds| rounds.take(form, date(2026, 2, 20)));
        self.put(taken.records().cloned());
        taken
    }
    /// Every row marked with the ministry answered with the same words.
    fn answer(&mut self, ministry: &str, results: &str, plans: &str) -> Taken {
        let mut form = returned(&self.form(ministry));
        for row in form.rows.iter_mut().filter(|row| row.text(FormColumn::Role) != "記載なし") {
            fill(row, FormColumn::Results, results);
            fill(row, FormColumn::Plans, plans);
        }
        self.take(&form)
    }
    fn close(&self, force: bool) -> Result<Closed, RoundError> {
        self.ask(|rounds| rounds.close(YEAR, date(2026, 3, 10), force))
    }
}

/// A form as it comes back when nothing was typed.
fn returned(form: &Form) -> FilledForm {
    let row = |(index, row): (usize, &FormRow)| FilledRow {
        sheet: "記入様式".to_owned(),
        number: u32::try_from(index).unwrap() + 4,
        cells: FormColumn::ALL
            .iter()
            .zip('A'..)
            .map(|(column, letter)| (*column, (letter.to_string(), row.cell(*column))))
            .collect(),
    };
    FilledForm {
        file: "answer.xlsx".to_owned(),
        version: Some(VERSION),
        round: Some(form.round.clone()),
        fiscal_year: Some(form.years.results),
        ministry: Some(form.ministry.ja.clone()),
        ministry_shown: Some(form.ministry.ja.clone()),
        headed_year: Some(form.years.results),
        digests: form.rows.iter().map(|row| (row.key.to_string(), row.digest())).collect(),
        rows: form.rows.iter().enumerate().map(row).collect(),
    }
}

fn fill(row: &mut FilledRow, column: FormColumn, text: &str) {
    row.cells.get_mut(&column).unwrap().1 = text.to_owned();
}

fn messages(taken: &Taken) -> Vec<String> {
    taken.errors.iter().map(|error| error.message(Lang::En)).collect()
}

fn row<'a>(closed: &'a Closed, id: &str) -> &'a Record {
    closed.records.iter().find(|record| record.id == *id).unwrap()
}

#[test]
fn every_marked_ministry_gets_its_rows_and_the_measures_nobody_carries() {
    let desk = Desk::opened();
    let rows = |ministry: &str| -> Vec<(String, Role)> {
        desk.form(ministry).rows.iter().map(|row| (row.key.to_string(), row.role)).collect()
    };
    let key = |key: &str, role| (key.to_owned(), role);
    assert_eq!(
        rows(MOHLW),
        [
            key("follow-up-row:fy2024.m1", Role::Lead),
            key("follow-up-row:fy2024.m2", Role::Lead),
            key("plan-node:measure-2", Role::Unmarked)
        ]
    );
    assert_eq!(
        rows(METI),
        [key("follow-up-row:fy2024.m1", Role::Lead), key("plan-node:measure-2", Role::Unmarked)]
    );
}

#[test]
fn last_years_words_are_shown_and_never_put_into_the_answer() {
    let row = &Desk::opened().form(MOHLW).rows[1];
    assert_eq!((row.last_results.as_str(), row.last_plans.as_str()), ("研修を実施した。", "研修を続ける。"));
    assert_eq!(row.entry, Entry::default());
}

#[test]
fn a_round_is_opened_once() {
    let mut desk = Desk::opened();
    let open = |desk: &Desk| desk.ask(|rounds| rounds.open(&Ask::of(YEAR, OPENING))).unwrap_err();
    assert_eq!(open(&desk), RoundError::AlreadyOpen { fiscal_year: YEAR });
    let closed = desk.close(true).unwrap();
    desk.put(closed.records);
    assert_eq!(open(&desk), RoundError::Closed { fiscal_year: YEAR, on: Some(date(2026, 3, 10)) });
}

#[test]
fn a_round_needs_rows_to_start_from_and_none_of_its_own_year() {
    let desk = Desk(sample::records());
    let open = |year| desk.ask(|rounds| rounds.open(&Ask::of(FiscalYear::new(year), OPENING)));
    assert_eq!(
        open(2023).unwrap_err(),
        RoundError::RowsThere { fiscal_year: FiscalYear::new(2023), count: 2 }
    );
    assert_eq!(
        open(2020).unwrap_err(),
        RoundError::NothingToStartFrom { fiscal_year: FiscalYear::new(2020) }
    );
    let late = Ask { deadline: Some(date(2026, 1, 1)), ..Ask::of(YEAR, OPENING) };
    assert!(matches!(desk.ask(|rounds| rounds.open(&late)), Err(RoundError::DeadlinePassed { .. })));
}

#[test]
fn an_open_earlier_round_and_a_skipped_year_are_warned_of() {
    let desk = Desk::opened();
    let opened = desk.ask(|rounds| rounds.open(&Ask::of(FiscalYear::new(2026), OPENING))).unwrap();
    let warnings: Vec<&str> = opened.warnings.iter().map(|warning| warning.en.as_str()).collect();
    assert_eq!(
        warnings,
        [
            "the round of FY2025 is still open",
            "there are no rows of FY2025; the forms start from FY2024",
            "FY2026 has not begun yet",
            "1 measures of the plan had no row; they stand in every form",
        ]
    );
}

#[test]
fn an_answer_is_taken_once_and_a_correction_replaces_it() {
    let mut desk = Desk::opened();
    let taken = desk.answer(MOHLW, "研修を3回開いた。", "研修を続ける。");
    assert_eq!((taken.answers.len(), taken.unchanged, taken.errors.len(), taken.blank), (2, 0, 0, 1));
    let again = desk.answer(MOHLW, "研修を3回開いた。", "研修を続ける。");
    assert_eq!((again.records().count(), again.unchanged), (0, 2));
    let corrected = desk.answer(MOHLW, "研修を4回開いた。", "研修を続ける。");
    assert_eq!(corrected.answers.len(), 2);
    assert_eq!(desk.0.iter().filter(|record| record.register == *ANSWER).count(), 2);
    assert_eq!(desk.form(MOHLW).rows[0].entry.results, "研修を4回開いた。");
}

#[test]
fn blank_none_and_not_yet_are_three_answers() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(MOHLW));
    fill(&mut form.rows[0], FormColumn::Results, "該当なし");
    fill(&mut form.rows[0], FormColumn::Plans, " 未定　");
    let taken = desk.take(&form);
    assert_eq!((taken.answers.len(), taken.blank), (1, 2));
    assert_eq!(taken.answers[0].fields["results"], serde_json::json!({ "missing": "none" }));
    assert_eq!(taken.answers[0].fields["plans"], serde_json::json!({ "missing": "not-yet" }));
}

#[test]
fn every_wrong_row_is_named_with_its_cell_in_the_spreadsheet() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(METI));
    form.rows.extend(returned(&desk.form(MOHLW)).rows);
    for (index, row) in form.rows.iter_mut().enumerate() {
        row.number = u32::try_from(index).unwrap() + 4;
    }
    let [mine, unclaimed, twice, theirs, silent_again] = form.rows.as_mut_slice() else {
        panic!("five rows")
    };
    for (column, text) in [
        (FormColumn::Results, "出会いの場を設けた。"),
        (FormColumn::Plans, "ー"),
        (FormColumn::Budgets, "連携支援事業（令和8年度予算案：12億円）\n去年と同じくらい"),
        (FormColumn::Status, "順調"),
    ] {
        fill(mine, column, text);
    }
    fill(unclaimed, FormColumn::Results, "把握した。");
    fill(twice, FormColumn::Key, "follow-up-row:fy2024.m9");
    fill(twice, FormColumn::Plans, "続ける。");
    fill(theirs, FormColumn::Plans, "続ける。");
    for (column, text) in [
        (FormColumn::Key, ""),
        (FormColumn::Results, "在庫を把握した。"),
        (FormColumn::Plans, "続ける。"),
        (FormColumn::Status, " 一部実施 "),
    ] {
        fill(silent_again, column, text);
    }
    let taken = desk.take(&form);
    assert_eq!(
        messages(&taken),
        [
            "answer.xlsx: 記入様式!K4: has “ー”, which may mean none or not answered: write 該当なし (none) or 未定 (not yet)",
            "answer.xlsx: 記入様式!L4: has “去年と同じくらい”, in which no budget can be read: write 事業名（令和8年度予算案：3.0億円）, one to a line",
            "answer.xlsx: 記入様式!M4: has the status “順調”; choose one of 実施・一部実施・未実施・終了・検討中",
            "answer.xlsx: 記入様式!K5: is answered only in part, “令和8年度の取組予定” is empty: write what was done and what is planned, or 該当なし (none) or 未定 (not yet)",
            "answer.xlsx: 記入様式!A6: has the row key `follow-up-row:fy2024.m9`, which this round does not ask: restore the key as it was sent",
            "answer.xlsx: 記入様式!A7: is a row of 厚生労働省, not of this ministry: clear what was typed, or send it to them",
            "answer.xlsx: 記入様式 row 8: answers the same row as 記入様式!J5, differently: keep one of the two",
        ]
        .map(str::to_owned)
        .as_slice()
    );
}

#[test]
fn a_wrong_row_does_not_keep_the_right_ones_out() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(MOHLW));
    for (row, plans) in form.rows.iter_mut().zip(["", "続ける。"]) {
        fill(row, FormColumn::Results, "実施した。");
        fill(row, FormColumn::Plans, plans);
    }
    let taken = desk.take(&form);
    assert_eq!((taken.errors.len(), taken.answers.len()), (1, 1));
    assert_eq!(taken.answers[0].text("row"), Some("follow-up-row:fy2024.m2"));
}

#[test]
fn what_was_typed_into_a_wrong_row_is_echoed_once() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(METI));
    fill(&mut form.rows[0], FormColumn::Plans, "－");
    fill(&mut form.rows[0], FormColumn::Remarks, "担当が替わりました");
    let taken = desk.take(&form);
    let echoed: Vec<usize> = taken.errors.iter().map(|error| error.typed.len()).collect();
    assert_eq!(echoed, [2, 0]);
    assert_eq!(
        taken.errors[0].echo(taken.years.unwrap(), Lang::Ja),
        ["令和8年度の取組予定: －", "備考: 担当が替わりました"]
    );
}

#[test]
fn a_form_that_is_not_of_this_round_is_not_taken_at_all() {
    let mut desk = Desk::opened();
    let good = returned(&desk.form(METI));
    let mut check = |change: &dyn Fn(&mut FilledForm), wanted: &str| {
        let mut form = good.clone();
        fill(&mut form.rows[0], FormColumn::Results, "実施した。");
        fill(&mut form.rows[0], FormColumn::Plans, "続ける。");
        change(&mut form);
        let taken = desk.take(&form);
        assert_eq!(taken.records().count(), 0);
        assert!(messages(&taken).iter().any(|message| message.contains(wanted)), "{:?}", messages(&taken));
    };
    check(&|form| form.version = Some(VERSION + 1), "update the program");
    check(&|form| form.round = Some("fy2019".to_owned()), "has not been opened");
    check(&|form| form.headed_year = Some(FiscalYear::new(2024)), "headings of FY2024");
    check(
        &|form| form.ministry_shown = Some("厚労省".to_owned()),
        "written for 経済産業省, but its first sheet says 厚労省",
    );
    check(&|form| (form.ministry, form.ministry_shown) = (None, None), "does not say which ministry");
    check(
        &|form| (form.ministry, form.ministry_shown) = (Some("財".to_owned()), None),
        "from 財務省, which is not asked",
    );
    check(&|form| (form.fiscal_year, form.headed_year) = (None, None), "does not say which year");
    check(&|form| form.rows.clear(), "has no rows");
}

#[test]
fn a_form_of_a_closed_round_is_refused() {
    let mut desk = Desk::opened();
    let form = returned(&desk.form(METI));
    let closed = desk.close(true).unwrap();
    desk.put(closed.records);
    assert_eq!(
        desk.take(&form).errors[0].fault,
        Fault::RoundClosed { year: YEAR, on: Some(date(2026, 3, 10)) }
    );
}

#[test]
fn habits_of_users_are_forgiven_and_noted() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(MOHLW));
    (form.round, form.ministry, form.fiscal_year) = (None, None, None);
    fill(&mut form.rows[0], FormColumn::Key, "");
    fill(&mut form.rows[0], FormColumn::LastPlans, "書き換えた。");
    fill(&mut form.rows[1], FormColumn::Measure, "人材の育成 に引き続き\n取り組む。");
    for row in &mut form.rows[..2] {
        fill(row, FormColumn::Results, "実施した。");
        fill(row, FormColumn::Plans, "続ける。");
    }
    let copy = form.rows[1].clone();
    form.rows.push(FilledRow { number: 9, ..copy });
    let taken = desk.take(&form);
    assert_eq!((taken.answers.len(), taken.errors.len()), (2, 0));
    let notes: Vec<&Note> = taken.notes.iter().map(|note| &note.note).collect();
    assert_eq!(
        notes,
        [
            &Note::NoHiddenSheet,
            &Note::KnownByMeasure,
            &Note::ReferenceChanged(FormColumn::LastPlans, "書き換えた。".to_owned()),
            &Note::SameTwice("記入様式!J5".to_owned()),
        ]
    );
}

#[test]
fn a_form_made_from_an_earlier_reading_is_told_from_a_changed_one() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(METI));
    fill(&mut form.rows[0], FormColumn::Results, "実施した。");
    fill(&mut form.rows[0], FormColumn::Plans, "続ける。");
    let mut row =
        sample::row(2024, 1, "ニーズとシーズの出会いを広げる。", "[◎厚、◎経]", "読み直した。", "続ける。");
    row.id = "fy2024.m1".parse().unwrap();
    desk.put([row]);
    let taken = desk.take(&form);
    assert_eq!(taken.answers.len(), 1);
    assert_eq!(taken.notes.iter().map(|note| &note.note).collect::<Vec<_>>(), [&Note::Outdated]);
}

#[test]
fn contradicting_answers_to_one_row_are_both_left_out() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(METI));
    fill(&mut form.rows[0], FormColumn::Results, "実施した。");
    fill(&mut form.rows[0], FormColumn::Plans, "続ける。");
    let mut other = form.rows[0].clone();
    fill(&mut other, FormColumn::Plans, "やめる。");
    form.rows.push(other);
    let taken = desk.take(&form);
    assert_eq!((taken.answers.len(), taken.errors.len()), (0, 1));
}

#[test]
fn the_standing_tells_who_is_late_with_what() {
    let mut desk = Desk::opened();
    let standing = |desk: &Desk, day| desk.ask(|rounds| rounds.standing(YEAR, day)).unwrap();
    let extents = |standing: &Standing| -> Vec<(Extent, usize, bool)> {
        standing
            .ministries
            .iter()
            .map(|ministry| (ministry.extent, ministry.open.len(), ministry.overdue))
            .collect()
    };
    assert_eq!(extents(&standing(&desk, DUE)), [(Extent::Not, 2, false), (Extent::Not, 1, false)]);
    desk.answer(METI, "実施した。", "続ける。");
    let late = standing(&desk, date(2026, 3, 1));
    assert_eq!(extents(&late), [(Extent::Not, 2, true), (Extent::Fully, 0, false)]);
    assert_eq!((late.days_left, late.rows, late.answered, late.unclaimed.len()), (Some(-2), 3, 0, 1));
    assert_eq!(late.ministries[1].form.as_deref(), Some("answer.xlsx"));
    let round = desk.0.iter().find(|record| record.register == *ROUND).unwrap();
    assert_eq!(round.fields["ministries"][1]["answered_on"], "2026-02-20");
}

#[test]
fn a_round_with_open_rows_is_closed_by_force_only_and_says_so() {
    let mut desk = Desk::opened();
    desk.answer(METI, "出会いの場を設けた。", "未定");
    let refused = desk.close(false).unwrap_err();
    assert_eq!(
        refused.to_string().split(':').next(),
        Some("2 rows of FY2025 are not fully answered (厚生労働省 2)")
    );
    let closed = desk.close(true).unwrap();
    assert_eq!((closed.rows, closed.not_answered), (2, 2));
    let (first, second) = (row(&closed, "fy2025.m1"), row(&closed, "fy2025.m2"));
    assert_eq!(first.text("results"), Some("出会いの場を設けた。"), "one answer needs no label");
    assert_eq!(first.fields["plans"], serde_json::json!({ "missing": "not-yet" }));
    assert!(first.fields["doubts"][0]["why"].as_str().unwrap().starts_with("未回答：厚生労働省"));
    assert_eq!(second.fields["results"], serde_json::json!({ "missing": "unknown" }));
    assert_eq!(second.sources[0].document, "follow-up-round:fy2025");
}

#[test]
fn answers_of_several_ministries_are_joined_under_their_names() {
    let mut desk = Desk::opened();
    desk.answer(METI, "「連携支援事業(令和7年度予算:12億円)」を実施した。", "続ける。");
    desk.answer(MOHLW, "該当なし", "続ける。");
    let closed = desk.close(false).unwrap();
    let row = row(&closed, "fy2025.m1");
    assert_eq!(
        row.text("results"),
        Some("【厚生労働省】該当なし\n【経済産業省】「連携支援事業(令和7年度予算:12億円)」を実施した。")
    );
    assert_eq!(row.text("plans"), Some("【厚生労働省、経済産業省】続ける。"));
    assert_eq!(row.fields["budgets"][0]["programme"], "連携支援事業");
    let said_by: Vec<Option<&str>> = row.sources.iter().map(|source| source.said_by.as_deref()).collect();
    assert_eq!(said_by, [Some(MOHLW), Some(METI)]);
    assert_eq!(row.links_of("continues").next().unwrap().to.to_string(), "follow-up-row:fy2024.m1");
}

#[test]
fn money_quoted_in_text_and_budget_cell_is_quoted_once() {
    let mut desk = Desk::opened();
    let mut form = returned(&desk.form(METI));
    for (column, text) in [
        (FormColumn::Results, "連携支援事業（令和7年度予算：12億円）を実施した。"),
        (FormColumn::Plans, "続ける。"),
        (
            FormColumn::Budgets,
            "連携支援事業（令和7年度予算：12億円）\n供給確保事業（令和8年度予算案：3.0億円）",
        ),
        (FormColumn::Status, "実施"),
    ] {
        fill(&mut form.rows[0], column, text);
    }
    assert_eq!(desk.take(&form).errors, []);
    let closed = desk.close(true).unwrap();
    let budgets = row(&closed, "fy2025.m1").fields["budgets"].as_array().unwrap();
    let quoted: Vec<_> = budgets
        .iter()
        .map(|line| (line["column"].as_str().unwrap(), line["yen"].as_str().unwrap()))
        .collect();
    assert_eq!(quoted, [("results", "12億円"), ("plans", "3.0億円")]);
    assert_eq!(row(&closed, "fy2025.m1").text("status"), Some("実施"));
}

#[test]
fn a_measure_nobody_claims_stays_silent_and_one_that_is_claimed_gets_a_row() {
    let mut desk = Desk::opened();
    assert_eq!(desk.close(true).unwrap().rows, 2);
    let mut form = returned(&desk.form(METI));
    fill(&mut form.rows[1], FormColumn::Results, "在庫を把握した。");
    fill(&mut form.rows[1], FormColumn::Plans, "続ける。");
    desk.take(&form);
    let closed = desk.close(true).unwrap();
    let row = row(&closed, "fy2025.measure-2");
    assert_eq!(row.text("goal"), Some("安定供給の確保"));
    assert_eq!(row.fields["ministries"], serde_json::json!([{ "ministry": METI, "lead": false }]));
    assert_eq!(row.links_of("serves").count(), 2);
}

#[test]
fn a_closed_round_is_the_start_of_the_next() {
    let mut desk = Desk::opened();
    desk.answer(MOHLW, "実施した。", "続ける。");
    desk.answer(METI, "実施した。", "続ける。");
    let closed = desk.close(false).unwrap();
    desk.put(closed.records);
    let next = desk.ask(|rounds| rounds.open(&Ask::of(FiscalYear::new(2026), date(2027, 2, 1)))).unwrap();
    assert_eq!(next.forms.len(), 2);
    assert_eq!(next.forms[0].rows[0].key.to_string(), "follow-up-row:fy2025.m1");
    assert_eq!(next.forms[0].rows[0].last_results, "【厚生労働省、経済産業省】実施した。");
}

#[test]
fn everything_written_is_what_the_registers_declare() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../registers/");
    let mut desk = Desk::opened();
    desk.answer(METI, "実施した。", "該当なし");
    let closed = desk.close(true).unwrap();
    desk.put(closed.records);
    for register in [ROUND, ANSWER, ROW] {
        let file = format!("{register}.toml");
        let text = std::fs::read_to_string(format!("{folder}{file}")).unwrap();
        let declaration = register::Declaration::parse(&file, &text).unwrap();
        let written: Vec<&Record> = desk.0.iter().filter(|record| record.register == *register).collect();
        assert!(!written.is_empty());
        for record in written {
            assert_eq!(register::validate::faults(&declaration, record, None), [], "{}", record.reference());
        }
    }
}
