//! Records laid out by their register's declaration alone: a list, a record with its sources and links. No register is
//! known here by name.

use base::{Lang, Missing, Names};
use register::field::FieldType;
use register::{Declaration, Field, Record};
use serde_json::Value;

use crate::{Align, Belief, Cell, Column, Document, DocumentBuilder, Number, Row, Table, Text};

/// Longest text shown in a list; a record's own page shows all.
const LIST_TEXT: usize = 60;

/// A page of a register's records.
pub fn list<'a>(
    declaration: &Declaration,
    records: impl Iterator<Item = &'a Record>,
    lang: Lang,
) -> Document {
    let mut doc = Document::build(lang, declaration.name.get(lang));
    let shown: Vec<(&String, &Field)> = listed_fields(declaration).collect();
    let mut table = Table::new(doc.say("記録", "Records")).column(Column::text("ID"));
    for (_, field) in &shown {
        table = table.column(column(field, lang));
    }
    if !declaration.states.is_empty() {
        table = table.column(Column::text(doc.say("状態", "State")));
    }
    for record in records {
        let source = record.sources.first().map(|source| doc.cite(source));
        let id = Cell::text(record.id.as_str());
        let mut cells = vec![source.map_or(id.clone(), |source| id.cite(source))];
        cells.extend(
            shown.iter().map(|(name, field)| shortened(value(field, record.fields.get(*name), lang))),
        );
        if !declaration.states.is_empty() {
            cells.push(Cell::text(state(declaration, record.state.as_deref(), lang)));
        }
        table = table.row(Row::of(cells));
    }
    if table.rows.is_empty() {
        doc.paragraph(doc.say("該当する記録はありません。", "No record fits.").to_owned());
    } else {
        doc.table(table);
    }
    doc.finish()
}

/// Records whole, for a workbook: a table of the records, one of each of their table fields, their sources.
pub fn whole(declaration: &Declaration, records: &[Record], lang: Lang) -> Document {
    let mut doc = Document::build(lang, declaration.name.get(lang));
    doc.subtitle(declaration.about.get(lang));
    let (nested, plain): (Vec<_>, Vec<_>) =
        declaration.fields.iter().partition(|(_, field)| matches!(field.kind, FieldType::Table { .. }));
    let mut table = Table::new(declaration.name.get(lang)).column(Column::text("ID"));
    if !declaration.states.is_empty() {
        table = table.column(Column::text(doc.say("状態", "State")));
    }
    for (_, field) in &plain {
        table = table.column(column(field, lang));
    }
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let mut id = Cell::text(record.id.as_str());
        for source in &record.sources {
            id = id.cite(doc.cite(source));
        }
        let mut cells = vec![id];
        if !declaration.states.is_empty() {
            cells.push(Cell::text(state(declaration, record.state.as_deref(), lang)));
        }
        cells.extend(plain.iter().map(|(name, field)| value(field, record.fields.get(*name), lang)));
        rows.push(Row::of(cells));
    }
    doc.table(table.rows(rows));
    for (name, field) in nested {
        if let FieldType::Table { columns } = &field.kind {
            let table = nested_rows(name, field, columns, records, lang);
            if !table.rows.is_empty() {
                doc.table(table);
            }
        }
    }
    doc.finish()
}

/// The rows of a table field of all records, each with the id of its record.
fn nested_rows(
    name: &str,
    field: &Field,
    columns: &std::collections::BTreeMap<String, Field>,
    records: &[Record],
    lang: Lang,
) -> Table {
    let mut table = Table::new(field.label.get(lang)).column(Column::text("ID"));
    for column_field in columns.values() {
        table = table.column(column(column_field, lang));
    }
    let mut rows = Vec::new();
    for record in records {
        for row in record.fields.get(name).and_then(Value::as_array).into_iter().flatten() {
            let cells = columns.iter().map(|(name, column)| value(column, row.get(name), lang));
            rows.push(Row::of([Cell::text(record.id.as_str())].into_iter().chain(cells)));
        }
    }
    table.rows(rows)
}

/// A value in plain words, a row of a table on each line: for comparing two versions.
pub fn words(field: &Field, found: Option<&Value>, lang: Lang) -> String {
    if let (FieldType::Table { columns }, Some(Value::Array(rows))) = (&field.kind, found) {
        let row = |row: &Value| {
            let cells = columns.iter().filter_map(|(name, column)| {
                let said = words(column, Some(row.get(name)?), lang);
                Some(format!("{}{}{said}", column.label.get(lang), crate::words::colon(lang)))
            });
            cells.collect::<Vec<_>>().join("; ")
        };
        return rows.iter().map(row).collect::<Vec<_>>().join("\n");
    }
    let runs = crate::plain::value(&value(field, found, lang), lang);
    runs.into_iter().map(|(_, text)| text).collect()
}

/// One record, whole.
pub fn detail(declaration: &Declaration, record: &Record, version: u64, lang: Lang) -> Document {
    let title = record
        .fields
        .get(&declaration.title)
        .map_or_else(|| record.id.to_string(), |title| plain(title, lang));
    let mut doc = Document::build(lang, title);
    doc.subtitle(format!(
        "{} — {} ({} {version})",
        declaration.name.get(lang),
        record.reference(),
        doc.say("版", "version")
    ));
    let source = record.sources.first().map(|source| doc.cite(source));
    for source in record.sources.iter().skip(1) {
        doc.cite(source);
    }
    let mut facts = Vec::new();
    let mut tables = Vec::new();
    for (name, field) in &declaration.fields {
        let Some(found) = record.fields.get(name) else { continue };
        match (&field.kind, found.as_array()) {
            (FieldType::Table { columns }, Some(rows)) => tables.push(rows_table(field, columns, rows, lang)),
            _ => facts.push((field.label.get(lang).to_owned(), value(field, Some(found), lang))),
        }
    }
    if record.state.is_some() {
        facts.push((
            doc.say("状態", "State").to_owned(),
            Cell::text(state(declaration, record.state.as_deref(), lang)),
        ));
    }
    if let Some(source) = source {
        facts = facts.into_iter().map(|(label, cell)| (label, cell.cite(source))).collect();
    }
    doc.facts(facts);
    for table in tables {
        doc.table(table);
    }
    links(&mut doc, record);
    doc.finish()
}

fn links(doc: &mut DocumentBuilder, record: &Record) {
    if record.links.is_empty() {
        return;
    }
    let mut table = Table::new(doc.say("結び付き", "Links").to_owned());
    for name in [doc.say("種類", "Kind"), doc.say("相手", "To"), doc.say("根拠", "Why")].map(str::to_owned)
    {
        table = table.column(Column::text(name));
    }
    for link in &record.links {
        let cited = link.source.as_ref().map(|source| doc.cite(source));
        let to = Cell::text(link.to.to_string()).belief(Belief::from(&link.belief));
        let why = Cell::text(link.why.as_str());
        table = table.row(Row::of([
            Cell::text(link.kind.as_str()),
            to,
            cited.map_or(why.clone(), |source| why.cite(source)),
        ]));
    }
    doc.table(table);
}

/// The title first, then what lists can be filtered by, at most six in all.
fn listed_fields(declaration: &Declaration) -> impl Iterator<Item = (&String, &Field)> {
    let title = declaration.fields.get_key_value(&declaration.title);
    let others = declaration.fields.iter().filter(|(name, field)| {
        **name != declaration.title
            && (field.filter || matches!(field.kind, FieldType::Yen | FieldType::Date | FieldType::Decimal))
    });
    title.into_iter().chain(others).take(6)
}

/// The column a field makes.
pub fn column(field: &Field, lang: Lang) -> Column {
    let align = match field.kind {
        FieldType::Integer
        | FieldType::Decimal
        | FieldType::Yen
        | FieldType::Year
        | FieldType::FiscalYear => Align::Right,
        _ => Align::Left,
    };
    let unit = if field.kind == FieldType::Yen { Some("円".to_owned()) } else { field.unit.clone() };
    Column {
        name: field.label.get(lang).to_owned(),
        unit,
        align,
        definition: field.help.as_ref().map(|help| help.get(lang).to_owned()),
    }
}

fn rows_table(
    field: &Field,
    columns: &std::collections::BTreeMap<String, Field>,
    rows: &[Value],
    lang: Lang,
) -> Table {
    let used: Vec<(&String, &Field)> =
        columns.iter().filter(|(name, _)| rows.iter().any(|row| row.get(name).is_some())).collect();
    let mut table = Table::new(field.label.get(lang));
    for (_, field) in &used {
        table = table.column(column(field, lang));
    }
    table.rows(
        rows.iter()
            .map(|row| Row::of(used.iter().map(|(name, field)| value(field, row.get(name.as_str()), lang)))),
    )
}

/// A value as its field's type shows it.
pub fn value(field: &Field, found: Option<&Value>, lang: Lang) -> Cell {
    let Some(found) = found else { return Cell::empty() };
    if let Some(missing) = register::validate::missing(found) {
        return Cell::missing(missing);
    }
    match (&field.kind, found) {
        (FieldType::Yen, Value::String(text)) => {
            text.parse().map_or_else(|_| Cell::text(text.as_str()), Cell::yen)
        }
        (FieldType::Decimal, Value::String(text)) => text
            .parse::<Number>()
            .map_or_else(|_| Cell::text(text.as_str()), |number| Cell::number(number, text.as_str())),
        (FieldType::Year | FieldType::FiscalYear, Value::Number(number)) => number
            .as_i64()
            .and_then(|year| i32::try_from(year).ok())
            .map_or_else(|| Cell::missing(Missing::Unknown), Cell::ordinal),
        (FieldType::Integer, Value::Number(number)) => {
            number.as_i64().map_or_else(|| Cell::text(number.to_string()), Cell::integer)
        }
        (FieldType::Choice { options }, Value::String(choice)) => {
            Cell::text(options.get(choice).map_or(choice.as_str(), |names| names.get(lang)))
        }
        (FieldType::Checklist { items }, Value::Object(answers)) => {
            let answers = answers.iter().map(|(item, answer)| {
                format!(
                    "{}: {}",
                    items.get(item).map_or(item.as_str(), |names: &Names| names.get(lang)),
                    plain(answer, lang)
                )
            });
            Cell::text(answers.collect::<Vec<_>>().join("\n"))
        }
        (_, other) => Cell::text(plain(other, lang)),
    }
}

/// Any value in words.
fn plain(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => {
            if *flag { lang.pick("はい", "yes") } else { lang.pick("いいえ", "no") }.to_owned()
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(|item| plain(item, lang)).collect::<Vec<_>>().join("、"),
        Value::Object(object) => match serde_json::from_value::<Names>(value.clone()) {
            Ok(names) if !names.get(lang).is_empty() => names.get(lang).to_owned(),
            _ => object
                .iter()
                .map(|(key, value)| format!("{key}: {}", plain(value, lang)))
                .collect::<Vec<_>>()
                .join("; "),
        },
    }
}

fn shortened(cell: Cell) -> Cell {
    match &cell.content {
        crate::Content::Text(Text(spans)) => match spans.as_slice() {
            [crate::Span::Plain(text)] if text.chars().count() > LIST_TEXT => {
                let text: String = text.chars().take(LIST_TEXT).chain(['…']).collect();
                Cell { content: crate::Content::Text(Text::plain(text)), ..cell }
            }
            _ => cell,
        },
        _ => cell,
    }
}

fn state(declaration: &Declaration, state: Option<&str>, lang: Lang) -> String {
    let Some(id) = state else { return String::new() };
    declaration.states.get(id).map_or(id, |state| state.label.get(lang)).to_owned()
}
