//! The RS system's yearly CSV files (行政事業レビュー見える化サイト): fifteen groups, joined by sheet year and
//! budget-programme id into one record of `programme-sheet` each. Whether a programme is the same from year to year
//! is not decided here beyond the id that the system itself gives.
//!
//! Walkthrough: `files` (bytes → table → layout → rows by key), then for each key [`build`] (rows → record), whose
//! knowledge of columns is the data in [`columns`].

mod build;
pub(crate) mod cell;
pub(crate) mod columns;
mod files;
mod goals;
mod group;
mod header;

use std::borrow::Cow;

use base::Names;
use rayon::prelude::*;

pub use group::Group;

use crate::bytes::Input;
use crate::error::IntakeError;
use crate::limits::Limits;
use crate::reading::{FileRead, OnProgress, Progress, Reading, Remark, Stage};
use crate::{Kind, text};

use files::{File, Key};

/// The group whose header this line is, if any.
pub fn group_of_header<'a>(headings: impl IntoIterator<Item = &'a str>) -> Option<Group> {
    let keys: Vec<String> = headings.into_iter().map(header::header_key).collect();
    Group::of_header(&keys)
}

/// Reads the CSV files of any number of groups and years. A file that cannot be read fails them all, because the
/// records would lack its part.
pub fn read(
    inputs: &[Input],
    limits: &Limits,
    progress: Option<OnProgress<'_>>,
) -> Result<Reading, IntakeError> {
    let report = |stage, done: usize, total: usize| {
        if let Some(progress) = progress {
            progress(Progress { stage, done: done as u64, total: total as u64 });
        }
    };
    report(Stage::Parsing, 0, inputs.len());
    let decoded = inputs.par_iter().map(|input| text::decode(&input.name, &input.bytes));
    let texts: Vec<Cow<'_, str>> = decoded.collect::<Result<_, _>>()?;
    let mut remarks = Vec::new();
    let kept = files::without_copies(inputs, &mut remarks);
    let parsed = kept.par_iter().map(|at| File::parse(&inputs[*at].name, &texts[*at], limits));
    let mut files: Vec<File<'_>> = parsed.collect::<Result<_, _>>()?;
    files.sort_by(|a, b| (a.group, a.name).cmp(&(b.group, b.name)));
    files::one_file_per_sheet(&mut files, &mut remarks);
    report(Stage::Building, 0, 0);
    let keys = files::keys(&files);
    let built: Vec<_> = keys.par_iter().map(|key| build::sheet(*key, &files)).collect();
    report(Stage::Building, keys.len(), keys.len());
    remarks.extend(files.iter().flat_map(file_remarks));
    remarks.extend(absent_groups(&files, &keys));
    let mut records = Vec::with_capacity(built.len());
    for (record, noticed) in built {
        records.push(record);
        remarks.extend(noticed);
    }
    let files = files.iter().map(|file| FileRead {
        file: file.name.to_owned(),
        what: file.group.names(),
        bytes: file.bytes,
        rows: file.table.rows(),
    });
    Ok(Reading { kind: Kind::RsCsv, files: files.collect(), records, remarks })
}

fn file_remarks(file: &File<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let unknown: Vec<&str> =
        file.layout.unknown.iter().map(|at| file.layout.headings[*at].as_str()).collect();
    if !unknown.is_empty() {
        let list = unknown.join("、");
        remarks.push(Remark::warning(
            file.name,
            Names::of(
                format!("知らない列は読んでいません：{list}"),
                format!("columns not known and not read: {list}"),
            ),
        ));
    }
    if !file.layout.absent.is_empty() {
        let list = file.layout.absent.join("、");
        remarks.push(Remark::note(
            file.name,
            Names::of(format!("ない列：{list}"), format!("columns it lacks: {list}")),
        ));
    }
    if file.table.open_end {
        let text = Names::of(
            "最後の行に改行がありません。途中で切れていないか確かめてください",
            "the last line has no line break; check that the file is whole",
        );
        remarks.push(Remark::note(file.name, text));
    }
    remarks
}

/// Says which groups of which year are not there, so that an empty table is not taken for "none".
fn absent_groups(files: &[File<'_>], keys: &[Key]) -> Vec<Remark> {
    let mut years: Vec<i32> = keys.iter().map(|key| key.year).collect();
    years.dedup();
    let lacks = |year: i32, group: Group| {
        !files.iter().any(|file| file.group == group && file.years().any(|seen| seen == year))
    };
    years
        .into_iter()
        .filter_map(|year| {
            let absent: Vec<Names> =
                Group::ALL.into_iter().filter(|group| lacks(year, *group)).map(Group::names).collect();
            if absent.is_empty() {
                return None;
            }
            let list = |pick: fn(&Names) -> &str| absent.iter().map(pick).collect::<Vec<_>>().join(", ");
            Some(Remark::note(
                format!("RS {year}"),
                Names::of(
                    format!(
                        "この群はありません（空欄は「なし」を意味しません）：{}",
                        list(|names| &names.ja)
                    ),
                    format!(
                        "groups that are absent (their empty fields do not mean none): {}",
                        list(|names| &names.en)
                    ),
                ),
            ))
        })
        .collect()
}
