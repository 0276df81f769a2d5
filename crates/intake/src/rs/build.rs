//! Rows of one programme from all groups become one record. The habits of the format are known here and nowhere
//! else: what is printed as 0 before its year is over, which money belongs to which year, which blanks mean "none".

use base::{BudgetKind, Missing, Names, Source, Yen};
use register::Record;
use serde_json::{Map, Value, json};

use crate::reading::Remark;
use crate::{ids, names};

use super::cell;
use super::columns::{Cell, Column, To};
use super::files::{File, Key};
use super::goals::{Goals, Measure};

type Fields = Map<String, Value>;

/// Builds the record of one sheet from every file that speaks of it.
pub(crate) fn sheet(key: Key, files: &[File<'_>]) -> (Record, Vec<Remark>) {
    let mut sheet = Sheet {
        key,
        fields: Fields::new(),
        seen: Vec::new(),
        tables: Vec::new(),
        goals: Goals::default(),
        remarks: Vec::new(),
    };
    let mut sources = Vec::new();
    for file in files {
        let mut lines = Vec::new();
        let mut before = None;
        for row in file.rows_of(key) {
            sheet.row(file, row, before.replace(row));
            lines.push(file.table.line(row));
        }
        if !lines.is_empty() {
            sources.push(Source::cell(file.name, format!("lines {}", ranges(&lines))));
        }
    }
    sheet.finish(sources)
}

struct Sheet<'a> {
    key: Key,
    fields: Fields,
    /// What each field of the sheet was first given as, and by which file.
    seen: Vec<(&'static str, &'a str, &'a str)>,
    tables: Vec<(&'static str, Vec<Value>)>,
    goals: Goals,
    remarks: Vec<Remark>,
}

/// One row while it is being read.
#[derive(Default)]
struct Row {
    year: Option<i32>,
    tables: Vec<(&'static str, Fields, bool)>,
    money: Vec<(BudgetKind, Option<Yen>)>,
    goal: Fields,
    measure: Option<Measure>,
}

impl<'a> Sheet<'a> {
    fn row(&mut self, file: &'a File<'_>, at: usize, before: Option<usize>) {
        let mut row = Row::default();
        for (position, column) in &file.layout.columns {
            let raw = file.table.raw(at, *position);
            let of_sheet = matches!(column.to, To::Sheet(..) | To::Name);
            // The first columns repeat on every row of a programme.
            if of_sheet && before.is_some_and(|before| file.table.raw(before, *position) == raw) {
                continue;
            }
            let resolved = file.table.cell(at, *position);
            match cell::content(&resolved) {
                Some(content) if of_sheet => self.sheet_cell(file, at, column, raw, content),
                Some(content) => self.row_cell(&mut row, file, at, column, content),
                None if matches!(column.to, To::Money(_)) => self.row_cell(&mut row, file, at, column, ""),
                None => {}
            }
        }
        let years = file
            .layout
            .years
            .iter()
            .filter_map(|(position, year)| Some((*year, cell::content(file.table.raw(at, *position))?)));
        self.goals.row(std::mem::take(&mut row.goal), row.measure, years);
        self.finish_row(row);
    }

    /// A field of the sheet itself: the first print counts, and another one is remarked on and kept aside.
    fn sheet_cell(&mut self, file: &'a File<'_>, at: usize, column: &Column, raw: &'a str, content: &str) {
        let (field, kind) = match column.to {
            To::Sheet(field, kind) => (field, kind),
            _ => ("name", Cell::Text),
        };
        if let Some((_, first, first_file)) = self.seen.iter().find(|(seen, ..)| *seen == field) {
            if *first == raw || cell::content(first) == Some(content) {
                return;
            }
            let (first, place) =
                (first.trim().to_owned(), format!("{} line {}", file.name, file.table.line(at)));
            let heading = column.names[0];
            self.remarks.push(Remark::warning(
                place,
                Names::of(
                    format!("{heading}「{content}」が {first_file} の「{first}」と違います"),
                    format!("{heading} `{content}` differs from `{first}` in {first_file}"),
                ),
            ));
            if field == "name" {
                push_distinct(&mut self.fields, "other_names", content);
            } else {
                self.unplaced(file, at, column, content);
            }
            return;
        }
        self.seen.push((field, raw, file.name));
        match cell::value(kind, content) {
            Some(value) => {
                self.fields.insert(field.to_owned(), value);
            }
            None => self.misfit(file, at, column, content),
        }
    }

    fn row_cell(&mut self, row: &mut Row, file: &File<'_>, at: usize, column: &Column, content: &str) {
        match column.to {
            To::RowYear => row.year = cell::year(content),
            To::List(field) => push_distinct(&mut self.fields, field, content),
            To::Tick(field, value) => match cell::value(Cell::Flag, content.trim_end_matches(".0")) {
                Some(Value::Bool(true)) => push_distinct(&mut self.fields, field, value),
                Some(_) => {}
                None => self.misfit(file, at, column, content),
            },
            To::Row(table, field, kind) => {
                let not_yet = kind == Cell::Realised && self.not_yet(row) && cell::whole(content) == Some(0);
                let value = if not_yet { Some(missing(Missing::NotYet)) } else { cell::value(kind, content) };
                match value {
                    Some(value) => row.put(table, field, value, kind != Cell::Ordinal),
                    None => self.misfit(file, at, column, content),
                }
            }
            To::Goal(field, kind) => match cell::value(kind, content) {
                Some(value) => {
                    row.goal.insert(field.to_owned(), value);
                }
                None => self.misfit(file, at, column, content),
            },
            To::Measure => {
                row.measure = Measure::parse(content);
                if row.measure.is_none() {
                    self.misfit(file, at, column, content);
                }
            }
            To::Money(kind) if content.is_empty() => row.money.push((kind, None)),
            To::Money(kind) => match cell::whole(content) {
                Some(yen) => row.money.push((kind, Some(Yen::exact(yen)))),
                None => self.misfit(file, at, column, content),
            },
            To::Year | To::Id | To::Name | To::Sheet(..) => {}
        }
        if column.to == To::RowYear && row.year.is_none() {
            self.misfit(file, at, column, content);
        }
    }

    /// Whether the row speaks of a year that is not over when the sheet is written. The RS system prints 0 there:
    /// of 82 sheets of FY2024 every one gives FY2024's execution as 0.
    fn not_yet(&self, row: &Row) -> bool {
        row.year.is_some_and(|year| year >= self.key.year)
    }

    fn finish_row(&mut self, mut row: Row) {
        let not_yet = self.not_yet(&row);
        if let Some(year) = row.year.filter(|_| row.money.iter().any(|(_, yen)| yen.is_some())) {
            for (kind, yen) in std::mem::take(&mut row.money) {
                if let Some(money) = money(year, kind, yen, not_yet) {
                    self.table("money").push(money);
                }
            }
            if not_yet && !row.has("years", "execution_rate") {
                row.put("years", "execution_rate", missing(Missing::NotYet), true);
            }
        }
        for (table, mut fields, says_something) in row.tables {
            if !says_something {
                continue;
            }
            if let Some(year) = row.year {
                fields.insert("fiscal_year".to_owned(), Value::from(year));
            }
            let fields = Value::Object(fields);
            // The decision whose KPI a programme serves is repeated with each of its goals.
            let rows = self.table(table);
            if table != "goal_kpi" || !rows.contains(&fields) {
                rows.push(fields);
            }
        }
    }

    fn table(&mut self, name: &'static str) -> &mut Vec<Value> {
        let at = self.tables.iter().position(|(seen, _)| *seen == name).unwrap_or(self.tables.len());
        if at == self.tables.len() {
            self.tables.push((name, Vec::new()));
        }
        &mut self.tables[at].1
    }

    /// A cell that does not hold what its column should.
    fn misfit(&mut self, file: &File<'_>, at: usize, column: &Column, content: &str) {
        let short: String = content.chars().take(60).collect();
        let heading = column.names[0];
        self.remarks.push(Remark::warning(
            format!("{} line {}", file.name, file.table.line(at)),
            Names::of(
                format!("{heading}「{short}」は列の型に合いません。記載のまま残しました"),
                format!("{heading} `{short}` is not what the column holds; kept as printed"),
            ),
        ));
        self.unplaced(file, at, column, content);
    }

    fn unplaced(&mut self, file: &File<'_>, at: usize, column: &Column, content: &str) {
        let place = format!("{} line {}", file.name, file.table.line(at));
        self.table("unplaced").push(json!({ "place": place, "column": column.names[0], "text": content }));
    }

    fn finish(mut self, sources: Vec<Source>) -> (Record, Vec<Remark>) {
        let Key { year, id } = self.key;
        self.term();
        self.other_names();
        let (goals, results) = std::mem::take(&mut self.goals).tables();
        self.tables.extend([("goals", goals), ("results", results)]);
        for (name, rows) in self.tables {
            if !rows.is_empty() {
                self.fields.insert(name.to_owned(), Value::Array(rows));
            }
        }
        for (field, value) in [
            ("system", Value::from("rs")),
            ("sheet_year", Value::from(year)),
            ("number", Value::String(id.to_string())),
            ("rs_id", Value::from(id)),
            ("key", Value::String(format!("rs-{id}"))),
        ] {
            self.fields.insert(field.to_owned(), value);
        }
        // A sheet whose name no group prints is still a sheet.
        self.fields.entry("name").or_insert_with(|| missing(Missing::NotPrinted));
        let mut record = Record::new(
            ids::register(ids::PROGRAMME_SHEET),
            ids::record(&format!("rs-{year}-{id}")),
            Source::default(),
        );
        record.fields = self.fields;
        record.sources = sources;
        (record, self.remarks)
    }

    /// Beginning and end: the flags say why a year is missing.
    fn term(&mut self) {
        if self.fields.remove("start_unknown") == Some(Value::Bool(true)) {
            self.fields.entry("start_year").or_insert_with(|| missing(Missing::Unknown));
        }
        if self.fields.get("no_end") == Some(&Value::Bool(true)) {
            self.fields.entry("end_year").or_insert_with(|| missing(Missing::None));
        }
    }

    fn other_names(&mut self) {
        let text = |field: &str| self.fields.get(field).and_then(Value::as_str).unwrap_or_default();
        let mut found = names::in_name(text("name"));
        found.extend(
            ["overview", "note", "purpose"].into_iter().flat_map(|field| names::in_text(text(field))),
        );
        let name = text("name").to_owned();
        for other in found.into_iter().filter(|other| *other != name) {
            let place = format!("RS {}-{}", self.key.year, self.key.id);
            let said = Names::of(
                format!("「{name}」は「{other}」とも書かれています"),
                format!("`{name}` is also written `{other}`"),
            );
            self.remarks.push(Remark::note(place, said));
            push_distinct(&mut self.fields, "other_names", &other);
        }
    }
}

impl Row {
    fn put(&mut self, table: &'static str, field: &'static str, value: Value, says_something: bool) {
        let at = self.tables.iter().position(|(seen, ..)| *seen == table).unwrap_or(self.tables.len());
        if at == self.tables.len() {
            self.tables.push((table, Fields::new(), false));
        }
        let (_, fields, said) = &mut self.tables[at];
        fields.insert(field.to_owned(), value);
        *said |= says_something;
    }

    fn has(&self, table: &str, field: &str) -> bool {
        self.tables.iter().any(|(seen, fields, _)| *seen == table && fields.contains_key(field))
    }
}

/// A total of the programme. A request that the sheet prints with a year is the request for the next one.
fn money(year: i32, kind: BudgetKind, yen: Option<Yen>, not_yet: bool) -> Option<Value> {
    let realised = matches!(kind, BudgetKind::Executed | BudgetKind::CarriedOut);
    let value = match yen {
        None | Some(Yen { .. }) if realised && not_yet && yen.is_none_or(|yen| yen.yen() == 0) => {
            missing(Missing::NotYet)
        }
        Some(yen) => Value::String(yen.to_string()),
        None => return None,
    };
    let year = if kind == BudgetKind::Request { year + 1 } else { year };
    Some(json!({ "fiscal_year": year, "kind": kind, "yen": value }))
}

fn missing(reason: Missing) -> Value {
    json!({ "missing": reason })
}

fn push_distinct(fields: &mut Fields, name: &str, text: &str) {
    let list = fields.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = list
        && !list.iter().any(|seen| seen.as_str() == Some(text))
    {
        list.push(Value::String(text.to_owned()));
    }
}

/// `2-4, 9`.
fn ranges(lines: &[u32]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let mut end = at;
        while end + 1 < lines.len() && lines[end + 1] == lines[end] + 1 {
            end += 1;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&lines[at].to_string());
        if end > at {
            out.push('-');
            out.push_str(&lines[end].to_string());
        }
        at = end + 1;
    }
    out
}
