//! Lists and records as files: CSV in long form with its dictionary, XLSX, JSON. A file holds exactly what its page shows, all
//! pages of it, and never more than a bound: whoever needs more narrows the list.

use axum::response::Response;
use base::{Lang, Names};
use register::{Declaration, Record, Sight};
use report::csv_long::{Encoding, LongTable};
use serde_json::json;
use store::Query;

use super::super::loads::file;
use super::ask::Ask;
use crate::cx::Cx;
use crate::desk::{Reading, Seen};
use crate::failure::Failure;

/// Records of a file at most.
const MOST: usize = 20_000;
/// Bytes of records of a file at most, as they are stored: memory for one download stays bounded.
const LARGEST: usize = 64 << 20;
/// Records read from the database together.
const PORTION: usize = 1000;
/// With a byte order mark, because officers open CSV by double click; the dictionary states it.
const ENCODING: Encoding = Encoding::Utf8WithBom;

/// The forms in which a list can be loaded.
pub(super) const FORMS: [Form; 4] = [Form::Csv, Form::Dictionary, Form::Xlsx, Form::Json];

/// A form in which records can be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One line for each record.
    Csv,
    /// What the columns of the CSV mean.
    Dictionary,
    /// A workbook: records, tables inside records, sources.
    Xlsx,
    /// Everything, as the API gives it.
    Json,
}

impl Form {
    /// How the path of a file of this form ends, after a dot.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Form::Csv => "csv",
            Form::Dictionary => "dictionary.csv",
            Form::Xlsx => "xlsx",
            Form::Json => "json",
        }
    }

    /// What the link says.
    pub(super) fn name(self, cx: &Cx) -> &'static str {
        match self {
            Form::Csv => "CSV",
            Form::Dictionary => cx.lang.pick("CSVのデータ辞書", "Data dictionary of the CSV"),
            Form::Xlsx => "XLSX",
            Form::Json => "JSON",
        }
    }
}

/// The name and the form in the path of a file.
pub(super) fn form(path: &str) -> Option<(&str, Form)> {
    // The longest ending first.
    [Form::Dictionary, Form::Csv, Form::Xlsx, Form::Json].into_iter().find_map(|form| {
        let name = path.strip_suffix(form.ending())?.strip_suffix('.')?;
        (!name.is_empty()).then_some((name, form))
    })
}

/// All records of a list.
pub(super) async fn list(
    cx: Cx,
    register: String,
    form: Form,
    pairs: Vec<(String, String)>,
) -> Result<Response, Failure> {
    let lang = cx.lang;
    let name = register.clone();
    let bytes = cx.app.desk.read(&cx.viewer, move |reading| {
        let declaration = reading.declaration(&register)?;
        let ask = Ask::read(declaration, &pairs);
        let seen = all(reading, Query { after: None, ..ask.query(declaration) })?;
        written(&visible(declaration, reading.sight(declaration)), seen, form, lang)
    });
    file(&name, form.ending(), bytes.await?)
}

/// One record.
pub(super) async fn one(cx: Cx, register: String, record: String, form: Form) -> Result<Response, Failure> {
    let lang = cx.lang;
    let name = format!("{register}.{record}");
    let reference = register::RecordRef::new(&register, &record).map_err(|_| Failure::NotFound)?;
    let bytes = cx.app.desk.read(&cx.viewer, move |reading| {
        let declaration = reading.declaration(&register)?;
        let seen = reading.must_get(&reference)?;
        written(&visible(declaration, reading.sight(declaration)), vec![seen], form, lang)
    });
    file(&name, form.ending(), bytes.await?)
}

/// Every record a question finds, or in words that there are too many.
fn all(reading: &Reading<'_>, mut query: Query) -> Result<Vec<Seen>, Failure> {
    query.limit = PORTION;
    let (mut all, mut size) = (Vec::new(), 0);
    loop {
        let page = reading.list(query.clone())?;
        size += page.items.iter().map(|seen| weight(&seen.record)).sum::<usize>();
        all.extend(page.items);
        if all.len() > MOST || size > LARGEST {
            return Err(too_many(page.total));
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(all),
        }
    }
}

fn too_many(total: store::Total) -> Failure {
    Failure::Bad(Names {
        ja: format!(
            "一度に書き出せるのは{MOST}件・{} MiBまでです（該当{total}件）。年度や府省などで絞り込んでから書き出してください。全件はAPI又はコマンド `shirube export` で取り出せます",
            LARGEST >> 20
        ),
        en: format!(
            "A file holds at most {MOST} records and {} MiB ({total} found). Narrow the list, by year or ministry for instance; the API and the command `shirube export` give everything",
            LARGEST >> 20
        ),
    })
}

/// About how many bytes a record takes.
fn weight(record: &Record) -> usize {
    fn of(value: &serde_json::Value) -> usize {
        match value {
            serde_json::Value::String(text) => text.len() + 24,
            serde_json::Value::Array(items) => 24 + items.iter().map(of).sum::<usize>(),
            serde_json::Value::Object(parts) => {
                parts.iter().map(|(key, part)| key.len() + 48 + of(part)).sum()
            }
            _ => 16,
        }
    }
    let fields = record.fields.iter().map(|(name, value)| name.len() + 48 + of(value)).sum::<usize>();
    fields + 200 * (record.links.len() + record.sources.len())
}

/// A declaration without the fields that the viewer can never see.
fn visible(declaration: &Declaration, sight: Sight<'_>) -> Declaration {
    let mut visible = declaration.clone();
    visible.fields.retain(|name, _| sight.may_ever_see(name));
    visible
}

fn written(declaration: &Declaration, seen: Vec<Seen>, form: Form, lang: Lang) -> Result<Vec<u8>, Failure> {
    if form == Form::Json {
        return json(declaration, &seen);
    }
    let records: Vec<Record> = seen.into_iter().map(|seen| seen.record).collect();
    if form == Form::Xlsx {
        let document = report::outline::record::whole(declaration, &records, lang);
        return report::xlsx::workbook(&document)
            .map_err(|error| Failure::bad(error.to_string(), error.to_string()));
    }
    let tables = report::outline::tables::register(declaration, &records);
    let broken = |error| Failure::broken(format!("register `{}`: {error}", declaration.id));
    let first = tables.first().ok_or(Failure::NotFound)?;
    if form == Form::Csv {
        return first.csv(ENCODING).map_err(broken);
    }
    // One dictionary for the table: its head once.
    LongTable::dictionary(first, ENCODING).map_err(broken)
}

fn json(declaration: &Declaration, seen: &[Seen]) -> Result<Vec<u8>, Failure> {
    let records: Vec<_> = seen
        .iter()
        .map(|seen| json!({ "version": seen.version, "changed": seen.at, "record": seen.record }))
        .collect();
    let body = json!({
        "register": declaration.id,
        "name": declaration.name,
        "total": records.len(),
        "records": records,
    });
    serde_json::to_vec(&body).map_err(Failure::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_the_form_of_a_file() {
        assert_eq!(form("kgi.csv"), Some(("kgi", Form::Csv)));
        assert_eq!(form("kgi.dictionary.csv"), Some(("kgi", Form::Dictionary)));
        assert_eq!(form("plan-2.goal-b.json"), Some(("plan-2.goal-b", Form::Json)));
        for path in ["kgi", "kgi.pdf", ".csv", "csv"] {
            assert_eq!(form(path), None, "{path}");
        }
    }
}
