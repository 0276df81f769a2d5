//! The form of a yearly round as a workbook: a first sheet that says what to do, the sheet to fill in, and a hidden
//! sheet by which the form is known again when it comes back (`intake::round_form`). What is asked is decided by
//! `plan::round`, never here.

use base::Lang;
use plan::round::{
    ENTRY_SHEET, Form, FormColumn, FormRow, HIDDEN_MARK, HIDDEN_SHEET, MINISTRY_LABEL, Role, VERSION,
};
use rust_xlsxwriter::{
    ColNum, Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, ProtectionOptions, RowNum, Workbook, Worksheet, XlsxError,
};

use crate::xlsx::Unwritable;

/// Rows above the first row to fill in: title, hint, headings.
const HEADINGS: RowNum = 2;
/// Paper sizes are numbered in the format; 9 is A4.
const A4: u8 = 9;
const FONT: &str = "Yu Gothic";

/// The bytes of a ministry's form. The same form is the same file.
pub fn workbook(form: &Form) -> Result<Vec<u8>, Unwritable> {
    let mut book = Workbook::new();
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(title(form)).set_creation_datetime(&day));
    let looks = Looks::new();
    let limit = |sheet: &str| {
        let sheet = sheet.to_owned();
        |why| Unwritable::Limit { sheet, why }
    };
    first_sheet(book.add_worksheet(), form, &looks).map_err(limit("はじめに"))?;
    entry_sheet(book.add_worksheet(), form, &looks).map_err(limit(ENTRY_SHEET))?;
    hidden_sheet(book.add_worksheet(), form).map_err(limit(HIDDEN_SHEET))?;
    Ok(book.save_to_buffer()?)
}

fn title(form: &Form) -> String {
    format!("医療機器基本計画　{}の進捗確認　{}", form.years.results.japanese(), form.ministry.ja)
}

/// What to do, by when, and whom to return it to, in Japanese and English side by side.
fn first_sheet(sheet: &mut Worksheet, form: &Form, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name("はじめに")?;
    for (column, width) in [(0, 18.0), (1, 62.0), (2, 62.0)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, title(form), &looks.title)?;
    let mut row: RowNum = 2;
    for (label, ja, en) in facts(form) {
        sheet.write_string_with_format(row, 0, label, &looks.label)?;
        sheet.write_string_with_format(row, 1, ja, &looks.text)?;
        sheet.write_string_with_format(row, 2, en, &looks.text)?;
        row += 1;
    }
    row += 1;
    for (index, (ja, en)) in instructions(form).into_iter().enumerate() {
        sheet.write_string_with_format(row, 0, (index + 1).to_string(), &looks.label)?;
        sheet.write_string_with_format(row, 1, ja, &looks.text)?;
        sheet.write_string_with_format(row, 2, en, &looks.text)?;
        row += 1;
    }
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.protect();
    Ok(())
}

fn facts(form: &Form) -> Vec<(String, String, String)> {
    let year = form.years.results;
    let deadline = form.deadline.map_or_else(
        || ("定めなし".to_owned(), "none set".to_owned()),
        |day| (base::date::japanese(day), day.to_string()),
    );
    let count = |role| form.rows.iter().filter(|row| row.role == role).count();
    let (lead, named, unmarked) = (count(Role::Lead), count(Role::Named), count(Role::Unmarked));
    let fact = |label: &str, ja: String, en: String| (label.to_owned(), ja, en);
    vec![
        fact("年度 / Year", year.japanese(), year.to_string()),
        fact(
            &format!("{MINISTRY_LABEL} / Ministry"),
            form.ministry.ja.clone(),
            form.ministry.get(Lang::En).to_owned(),
        ),
        fact("提出期限 / Due", deadline.0, deadline.1),
        fact("提出先 / Return to", form.return_to.clone(), String::new()),
        fact(
            "行数 / Rows",
            format!("◎ {lead}行、○ {named}行、担当府省の記載なし {unmarked}行"),
            format!("◎ {lead}, ○ {named}, naming no ministry {unmarked}"),
        ),
    ]
}

fn instructions(form: &Form) -> Vec<(String, String)> {
    let (results, plans) = (form.years.results, form.years.results.next());
    [
        (
            format!("シート「{ENTRY_SHEET}」の、見出しに【記入】とある黄色の欄にご記入ください。灰色の欄は前回の内容などの参考で、書き換えても記録は変わりません。"),
            format!("Fill in the yellow cells of the sheet “{ENTRY_SHEET}”, headed 【記入】. Grey cells show last time's table for reference; changing them changes no record."),
        ),
        (
            format!("「{}の実績・状況」と「{}の取組予定」は両方ご記入ください。ない場合は「該当なし」、決まっていない場合は「未定」とお書きください。空欄は「未回答」として扱います。", results.japanese(), plans.japanese()),
            format!("Write both the results of {results} and the plans of {plans}. Write 該当なし where there is none and 未定 where it is not decided. A blank means not answered."),
        ),
        (
            format!("予算は1行に1件、「事業名（{}予算案：3.0億円）」の形でお書きください。内数は「3.0億円の内数」とします（セル内の改行は Alt+Enter）。", plans.japanese()),
            format!("One budget to a line, in the form 事業名（{}予算案：3.0億円）; a share of a larger amount as 3.0億円の内数 (Alt+Enter begins a new line).", plans.japanese()),
        ),
        (
            "進捗区分は一覧からお選びください。この区分は事務局が設けたもので、計画の資料にはありません。".to_owned(),
            "Choose the status from the list. The classes are ours; the plan's documents print none.".to_owned(),
        ),
        (
            "印が「記載なし」の行は、資料に担当府省がありません。担当される場合にご記入ください。".to_owned(),
            "Rows marked 記載なし name no ministry in the documents. Fill them in if they are yours.".to_owned(),
        ),
        (
            "行の挿入や行キーの変更はしないでください。並べ替えと列幅の変更は差し支えありません。保護にパスワードはありません。".to_owned(),
            "Do not insert rows or change row keys. Sorting and column widths do no harm. The protection has no password.".to_owned(),
        ),
        (
            "訂正は、この様式をもう一度お送りください。記入のある行は新しい内容に置き換え、空欄の行は先の回答を残します。".to_owned(),
            "To correct an answer, send the form again: rows with something in them replace the earlier answer, blank rows leave it.".to_owned(),
        ),
    ]
    .into()
}

fn entry_sheet(sheet: &mut Worksheet, form: &Form, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(ENTRY_SHEET)?;
    sheet.write_string_with_format(0, 1, title(form), &looks.title)?;
    let hint = "黄色の【記入】欄にご記入ください。空欄は未回答です。 / Fill in the yellow cells. A blank is not answered.";
    sheet.write_string_with_format(1, 1, hint, &looks.hint)?;
    for (index, column) in columns() {
        sheet.set_column_width(index, width(column))?;
        let names = column.heading(form.years);
        let mark = if column.is_entry() { "\n【記入 / fill in】" } else { "" };
        let heading = format!("{}\n{}{mark}", names.ja, names.en);
        sheet.write_string_with_format(HEADINGS, index, heading, looks.heading(column))?;
    }
    for (row, line) in (HEADINGS + 1..).zip(&form.rows) {
        entry_row(sheet, row, line, looks)?;
    }
    prompts(sheet, form)?;
    page(sheet, form)
}

fn columns() -> impl Iterator<Item = (ColNum, FormColumn)> {
    (0..).zip(FormColumn::ALL)
}

fn entry_row(sheet: &mut Worksheet, row: RowNum, line: &FormRow, looks: &Looks) -> Result<(), XlsxError> {
    for (index, column) in columns() {
        sheet.write_string_with_format(row, index, line.cell(column), looks.cell(column))?;
    }
    Ok(())
}

/// Widths in characters: what is read and written is wide, what is looked up is narrow.
fn width(column: FormColumn) -> f64 {
    match column {
        FormColumn::Key => 7.0,
        FormColumn::Role => 6.0,
        FormColumn::Goal | FormColumn::Ministries | FormColumn::Note | FormColumn::Status => 11.0,
        FormColumn::Heading | FormColumn::Remarks => 14.0,
        FormColumn::Measure | FormColumn::Budgets => 26.0,
        FormColumn::LastResults | FormColumn::LastPlans => 28.0,
        FormColumn::Results | FormColumn::Plans => 36.0,
    }
}

/// The list of statuses, and a word of help at every cell to fill in.
fn prompts(sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    let Some(last) = RowNum::try_from(form.rows.len()).ok().filter(|rows| *rows > 0) else { return Ok(()) };
    let next = form.years.results.next().japanese();
    let budget_help = format!("1行に1件：事業名（{next}予算案：3.0億円）");
    for (index, column) in columns().filter(|(_, column)| column.is_entry()) {
        let (rule, help) = match column {
            FormColumn::Status if !form.statuses.is_empty() => {
                let choices = Formula::new(format!("='{HIDDEN_SHEET}'!$D$1:$D${}", form.statuses.len()));
                (DataValidation::new().allow_list_formula(choices), "一覧から選択（事務局の区分）")
            }
            FormColumn::Budgets => (DataValidation::new().allow_any_value(), budget_help.as_str()),
            FormColumn::Results | FormColumn::Plans => (
                DataValidation::new().allow_any_value(),
                "ない場合は「該当なし」、決まっていない場合は「未定」。空欄は未回答",
            ),
            _ => continue,
        };
        let rule = rule
            .ignore_blank(true)
            .set_input_title(column.heading(form.years).ja)?
            .set_input_message(help)?
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_message("一覧にある区分を選んでください。 / Choose from the list.")?;
        sheet.add_data_validation(HEADINGS + 1, index, HEADINGS + last, index, &rule)?;
    }
    Ok(())
}

/// How the sheet is held on the screen and laid on A4. The row keys are not printed.
fn page(sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    let last_column = ColNum::try_from(FormColumn::ALL.len()).unwrap_or(ColNum::MAX) - 1;
    let last_row = HEADINGS + RowNum::try_from(form.rows.len()).unwrap_or(0);
    sheet.set_freeze_panes(HEADINGS + 1, 5)?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_repeat_rows(HEADINGS, HEADINGS)?;
    sheet.set_print_area(0, 1, last_row, last_column)?;
    sheet.set_header(format!("&L{}", title(form).replace('&', "&&"))).set_footer("&C&P / &N");
    sheet.set_tab_color(Color::RGB(0x00F2_C94C)).set_active(true);
    let allowed = ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&allowed);
    Ok(())
}

/// Names and values, the fingerprints of the rows, and the list of statuses in column D.
fn hidden_sheet(sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    sheet.set_name(HIDDEN_SHEET)?.set_very_hidden(true);
    let head = [
        (HIDDEN_MARK, VERSION.to_string()),
        ("round", form.round.clone()),
        ("fiscal_year", form.years.results.western().to_string()),
        ("ministry", form.ministry.ja.clone()),
    ];
    let mut row: RowNum = 0;
    for (name, value) in head {
        sheet.write_string(row, 0, name)?.write_string(row, 1, value)?;
        row += 1;
    }
    for line in &form.rows {
        sheet.write_string(row, 0, "row")?.write_string(row, 1, line.key.to_string())?;
        sheet.write_string(row, 2, line.digest())?;
        row += 1;
    }
    for (row, status) in (0..).zip(&form.statuses) {
        sheet.write_string(row, 3, status)?;
    }
    Ok(())
}

/// Formats, made once. No cell says by colour alone what its heading does not say in words.
struct Looks {
    title: Format,
    hint: Format,
    label: Format,
    text: Format,
    reference_heading: Format,
    entry_heading: Format,
    reference: Format,
    key: Format,
    entry: Format,
}

impl Looks {
    fn new() -> Self {
        let (grey, pale_grey) = (Color::RGB(0x0059_5959), Color::RGB(0x00F2_F2F2));
        let (yellow, pale_yellow) = (Color::RGB(0x00FF_E699), Color::RGB(0x00FF_FBE6));
        let base = Format::new().set_font_name(FONT).set_font_size(10.0);
        let wrapped = base.clone().set_text_wrap().set_align(FormatAlign::Top);
        let boxed = wrapped.clone().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00A6_A6A6));
        let reference = boxed.clone().set_background_color(pale_grey).set_font_color(grey);
        Looks {
            title: base.clone().set_font_size(14.0).set_bold(),
            hint: base.clone().set_font_color(grey),
            label: boxed.clone().set_bold().set_background_color(pale_grey),
            text: boxed.clone(),
            reference_heading: boxed.clone().set_bold().set_background_color(Color::RGB(0x00D9_D9D9)),
            entry_heading: boxed.clone().set_bold().set_background_color(yellow),
            key: reference.clone().set_font_size(6.0),
            reference,
            entry: boxed.set_background_color(pale_yellow).set_unlocked(),
        }
    }

    fn heading(&self, column: FormColumn) -> &Format {
        if column.is_entry() { &self.entry_heading } else { &self.reference_heading }
    }

    fn cell(&self, column: FormColumn) -> &Format {
        match column {
            FormColumn::Key => &self.key,
            column if column.is_entry() => &self.entry,
            _ => &self.reference,
        }
    }
}
