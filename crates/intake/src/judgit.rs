//! JUDGIT! sheets (2015–2021): one JSON object per yearly review sheet, amounts in millions of yen. They become records
//! of `programme-sheet` like those of the RS system. Which sheets of different years are one programme is not decided
//! here; the sheet's own links to past sheets are kept.

mod object;
mod sheet;

use std::collections::HashMap;

use base::Names;
use register::Record;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::reading::{FileRead, Reading, Remark};
use crate::{Input, Kind, text};

/// Reads files that each hold one sheet, a list of sheets, or one sheet a line.
pub fn read(inputs: &[Input], limits: &Limits) -> Result<Reading, IntakeError> {
    let mut reading =
        Reading { kind: Kind::Judgit, files: Vec::new(), records: Vec::new(), remarks: Vec::new() };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for input in inputs {
        let sheets = sheets(input, limits)?;
        let what = Names::of(format!("シート{}件", sheets.len()), format!("{} sheets", sheets.len()));
        reading.files.push(FileRead {
            file: input.name.clone(),
            what,
            bytes: input.bytes.len(),
            rows: sheets.len(),
        });
        let alone = sheets.len() == 1;
        for (number, value) in sheets.iter().enumerate() {
            let place = if alone { "sheet".to_owned() } else { format!("sheet {}", number + 1) };
            let (record, remarks) = sheet::record(&input.name, &place, value)?;
            reading.remarks.extend(remarks);
            keep(&mut reading, &mut seen, record, &format!("{} {place}", input.name));
        }
    }
    Ok(reading)
}

/// A sheet that was read before is not read twice; another edition of it is remarked on.
fn keep(reading: &mut Reading, seen: &mut HashMap<String, usize>, record: Record, place: &str) {
    let Some(first) = seen.get(record.id.as_str()).map(|at| &reading.records[*at]) else {
        seen.insert(record.id.as_str().to_owned(), reading.records.len());
        reading.records.push(record);
        return;
    };
    let from = first.sources.first().map(ToString::to_string).unwrap_or_default();
    reading.remarks.push(if first.fields == record.fields {
        Remark::note(
            place,
            Names::of(
                format!("{from} と同じシートなので一度だけ読みます"),
                format!("the same sheet as {from}; read once"),
            ),
        )
    } else {
        Remark::warning(
            place,
            Names::of(
                format!("{} は {from} にもあり、内容が違います。先のものを残しました", record.id),
                format!("{} is in {from} too and differs; the first was kept", record.id),
            ),
        )
    });
}

fn sheets(input: &Input, limits: &Limits) -> Result<Vec<Value>, IntakeError> {
    let text = text::decode(&input.name, &input.bytes)?;
    let mut found = Vec::new();
    let stream = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    for value in stream {
        match value.map_err(|error| not_json(&input.name, &error))? {
            Value::Array(list) => found.extend(list),
            other => found.push(other),
        }
        if found.len() > limits.rows {
            let trouble = Trouble::TooMuch { what: "sheets", limit: limits.rows as u64 };
            return Err(IntakeError::new(&input.name, trouble));
        }
    }
    if found.is_empty() {
        return Err(IntakeError::new(&input.name, Trouble::Empty));
    }
    Ok(found)
}

fn not_json(file: &str, error: &serde_json::Error) -> IntakeError {
    let place = format!("line {} column {}", error.line(), error.column());
    let trouble = if error.is_eof() {
        Trouble::CutOff("the JSON does not end".to_owned())
    } else {
        Trouble::Format { format: "JSON", why: error.to_string() }
    };
    IntakeError::at(file, place, trouble)
}

/// A value of a type, if it is one.
fn typed<'a, T: Deserialize<'a>>(value: &'a Value) -> Option<T> {
    T::deserialize(value).ok()
}
