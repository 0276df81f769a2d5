//! From the table to records: one `follow-up-row` a measure, one `document` for the file. What is missing, inferred or
//! doubtful goes with the row it concerns.

use base::text::name_key;
use base::{DocumentStatus, FiscalYear, Names, Place, Source};
use register::id::NotAnId;
use register::{Record, RecordId, RegisterId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::table::{Cell, Column, Row, Table};
use crate::reading::Remark;

/// The records of a table, and what a person should know about them. `file` is the name the sources carry.
pub fn records(table: &Table, file: &str) -> Result<(Vec<Record>, Vec<Remark>), NotAnId> {
    let year = table
        .results_year
        .or_else(|| table.plans_year.map(FiscalYear::previous))
        .unwrap_or(FiscalYear::new(0));
    let document = document_id(file);
    let mut ids: Vec<String> = Vec::new();
    let mut records = vec![document_record(table, file, &document)?];
    for (index, row) in table.rows.iter().enumerate() {
        let mut id = row_id(year, row);
        while ids.contains(&id) {
            id.push('x');
        }
        ids.push(id.clone());
        records.push(row_record(table, row, year, index, &document, RecordId::new(id)?)?);
    }
    Ok((records, remarks(table, file)))
}

/// The same measure read from another form of the same table has the same id: it is made from what the row says.
fn row_id(year: FiscalYear, row: &Row) -> String {
    let mut hasher = Sha256::new();
    for part in [row.goal.as_deref(), row.heading.as_deref(), Some(row.cell(Column::Measure).text.as_str())] {
        hasher.update(name_key(part.unwrap_or_default()).as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    format!("fy{}.{:02x}{:02x}{:02x}{:02x}", year.western(), digest[0], digest[1], digest[2], digest[3])
}

/// The name by which the records of a file cite it: the file's name without its ending, in the characters of ids.
pub fn document_id(file: &str) -> String {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let id: String = stem
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .take(60)
        .collect();
    if id.is_empty() { "document".to_owned() } else { id }
}

fn document_record(table: &Table, file: &str, id: &str) -> Result<Record, NotAnId> {
    let source = Source { machine_read: table.machine_read, url: web_address(table), ..Source::document(id) };
    let mut record = Record::new(RegisterId::new("document")?, RecordId::new(id)?, source);
    let title = table.title.clone().unwrap_or_else(|| file.to_owned());
    record
        .set("title", Names::of(title, ""))
        .set("status", DocumentStatus::Decided)
        .set("machine_read", table.machine_read);
    record.set("url", web_address(table)).set("meeting", &table.meeting);
    Ok(record)
}

fn web_address(table: &Table) -> Option<String> {
    table.url.clone().filter(|url| url.starts_with("http"))
}

fn row_record(
    table: &Table,
    row: &Row,
    year: FiscalYear,
    index: usize,
    document: &str,
    id: RecordId,
) -> Result<Record, NotAnId> {
    let page = match table.pages.as_slice() {
        [page] => Some(*page),
        _ => None,
    };
    let mut lines: Vec<u32> = row.cells.iter().flat_map(|cell| cell.lines.iter().copied()).collect();
    lines.sort_unstable();
    lines.dedup();
    let place = Place { page, lines: (!lines.is_empty()).then(|| spans(&lines)), cell: None };
    let source = Source {
        place,
        url: web_address(table),
        machine_read: table.machine_read,
        ..Source::document(document)
    };
    let mut record = Record::new(RegisterId::new("follow-up-row")?, id, source);
    let order = i64::from(page.unwrap_or(0)) * 1_000 + i64::try_from(index).unwrap_or(i64::MAX) + 1;
    let measure = &row.cell(Column::Measure).text;
    let marks =
        plan::ministry::parse(row.ministries.as_deref().or_else(|| mark(measure)).unwrap_or_default());
    record.set("fiscal_year", year).set("order", order);
    record.set("vision", &row.vision).set("goal", &row.goal).set("heading", &row.heading);
    record.set("measure", measure).set("ministries_as_printed", &marks.as_printed);
    let ministries =
        marks.ministries.iter().map(|mark| json!({ "ministry": mark.ministry, "lead": mark.lead }));
    record.set("ministries", ministries.collect::<Vec<_>>());
    for column in [Column::Results, Column::Plans] {
        record.set(column.id(), Some(&row.cell(column).text).filter(|text| !text.is_empty()));
    }
    record.set("budgets", budgets(row));
    record.set("incomplete", incomplete(row)).set("cells", cells(row)).set("doubts", doubts(row));
    Ok(record)
}

/// The bracket at the end of a measure: [文、◎厚].
fn mark(measure: &str) -> Option<&str> {
    let measure = measure.trim_end();
    let start = measure.ends_with([']', '］']).then(|| measure.rfind(['[', '［']))??;
    Some(&measure[start..])
}

fn budgets(row: &Row) -> Vec<Value> {
    let quoted = |column: Column| {
        plan::budget_text::find(&row.cell(column).text).into_iter().map(move |found| {
            let activity = (!found.activities.is_empty()).then(|| found.activities.join("、"));
            let mut line = json!({
                "column": column.id(), "fiscal_year": found.amount.fiscal_year, "kind": found.amount.kind,
                "yen": found.amount.yen, "within": found.amount.within, "repeated": found.amount.repeated,
                "as_printed": found.as_printed,
            });
            for (name, value) in [("programme", found.programme), ("activity", activity)] {
                if let Some(value) = value {
                    line[name] = Value::String(value);
                }
            }
            line
        })
    };
    quoted(Column::Results).chain(quoted(Column::Plans)).collect()
}

/// Cells whose beginning or end is lost, once each.
fn incomplete(row: &Row) -> Vec<&'static str> {
    let lost = |column: &Column| row.beginning_lost.contains(column) || row.end_lost.contains(column);
    Column::ALL.iter().filter(|column| lost(column)).map(|column| column.id()).collect()
}

fn cells(row: &Row) -> Vec<Value> {
    let cell = |column: Column| {
        let Cell { confidence, lines, .. } = row.cell(column);
        json!({ "cell": column.id(), "confidence": confidence, "lines": spans(lines) })
    };
    Column::ALL.into_iter().filter(|column| !row.cell(*column).text.is_empty()).map(cell).collect()
}

fn doubts(row: &Row) -> Vec<Value> {
    let mut doubts = Vec::new();
    for column in Column::ALL {
        for doubt in &row.cell(column).doubts {
            let (ja, en) = rival(doubt.rival);
            let piece = shorten(&doubt.piece);
            let why = format!("「{piece}」は{ja}かもしれない / “{piece}” may belong to {en}");
            doubts.push(json!({ "cell": column.id(), "confidence": doubt.confidence, "why": why, "lines": doubt.line.to_string() }));
        }
    }
    for column in &row.beginning_lost {
        let why = "冒頭が失われている / the beginning is lost in the source";
        doubts.push(json!({ "cell": column.id(), "why": why }));
    }
    for column in &row.end_lost {
        let why = "末尾が失われている / the end is lost in the source";
        doubts.push(json!({ "cell": column.id(), "why": why }));
    }
    if row.start_inferred {
        let why = "行の始まりは推定 / where this row begins is inferred";
        doubts.push(json!({ "cell": "row", "why": why }));
    }
    doubts
}

/// Where a doubtful piece may belong instead.
fn rival(column: Option<Column>) -> (&'static str, &'static str) {
    match column {
        Some(Column::Measure) => ("施策の欄", "the measure"),
        Some(Column::Results) => ("実績・状況の欄", "the results"),
        Some(Column::Plans) => ("取組予定の欄", "the plans"),
        None => ("別の行", "another row"),
    }
}

/// The beginning and the end of a long piece.
fn shorten(piece: &str) -> String {
    let chars: Vec<char> = piece.chars().collect();
    match chars.len() {
        0..=24 => piece.to_owned(),
        length => chars[..16].iter().chain(&['…']).chain(&chars[length - 6..]).collect(),
    }
}

/// `18-20,22`.
fn spans(lines: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => spans.push((*line, *line)),
        }
    }
    let print = |(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    spans.iter().map(print).collect::<Vec<_>>().join(",")
}

fn remarks(table: &Table, file: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (first, last, original) in &table.duplicates {
        remarks.push(Remark::note(
            format!("{file} L{first}-{last}"),
            Names::of(
                format!("{original}行目からの印刷の繰り返し。1回だけ読みました"),
                format!("repeats the block from line {original}; read once"),
            ),
        ));
    }
    for repeated in &table.repeated {
        remarks.push(Remark::note(
            format!("{file} L{}", repeated.line),
            Names::of(
                format!("再掲のみ：{}", repeated.goal),
                format!("goal repeated by reference only: {}", repeated.goal),
            ),
        ));
    }
    for (index, row) in table.rows.iter().enumerate() {
        remarks.extend(row_remarks(index + 1, row, file));
    }
    if table.goals_unnamed() {
        remarks.push(Remark::warning(
            file,
            Names::of(
                "ゴールの見出しのない行があります（前のページの続きか）",
                "some rows stand under no goal heading (continued from an earlier page?)",
            ),
        ));
    }
    remarks
}

fn row_remarks(number: usize, row: &Row, file: &str) -> Vec<Remark> {
    let place = |lines: &[u32]| match lines.first() {
        Some(line) => format!("{file} L{line} (row {number})"),
        None => format!("{file} (row {number})"),
    };
    let mut remarks = Vec::new();
    for column in &row.beginning_lost {
        remarks.push(Remark::warning(
            place(&row.cell(*column).lines),
            Names::of(
                "セルの冒頭が失われています。補いません",
                "the beginning of the cell is lost; it is not filled in",
            ),
        ));
    }
    for column in &row.end_lost {
        remarks.push(Remark::warning(
            place(&row.cell(*column).lines),
            Names::of(
                "セルの末尾が失われています。補いません",
                "the end of the cell is lost; it is not filled in",
            ),
        ));
    }
    if row.start_inferred {
        let first = row.cells.iter().filter_map(|cell| cell.lines.first()).min().copied();
        remarks.push(Remark::warning(
            place(&first.into_iter().collect::<Vec<_>>()),
            Names::of(
                "行の始まりは推定です。原本と照合してください",
                "where this row begins is inferred; compare with the original",
            ),
        ));
    }
    for column in Column::ALL {
        for doubt in &row.cell(column).doubts {
            remarks.push(Remark::warning(
                place(&[doubt.line]),
                Names::of(
                    format!("「{}」の欄は確からしさ{}％です", shorten(&doubt.piece), doubt.confidence),
                    format!(
                        "“{}” is placed with {} % confidence only",
                        shorten(&doubt.piece),
                        doubt.confidence
                    ),
                ),
            ));
        }
    }
    remarks
}

impl Table {
    fn goals_unnamed(&self) -> bool {
        self.rows.iter().any(|row| row.goal.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_printed_as_spans() {
        assert_eq!(spans(&[18, 19, 21, 22, 23, 30]), "18-19,21-23,30");
        assert_eq!(spans(&[]), "");
    }

    #[test]
    fn the_mark_is_the_bracket_at_the_end() {
        assert_eq!(mark("制度[案]を改め、普及を進める。[文、◎厚]"), Some("[文、◎厚]"));
        assert_eq!(mark("制度[案]を改める。"), None);
        assert_eq!(mark(""), None);
    }

    #[test]
    fn a_file_name_becomes_an_id() {
        assert_eq!(document_id("folder/資料2-1 (3).txt"), "資料2-1--3-");
        assert_eq!(document_id(".txt"), "document");
    }
}
