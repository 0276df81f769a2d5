//! A full-government year made out of a sample: every programme copied under new numbers and names.
//!
//! The same sample gives the same year. Copies keep the sample's texts and amounts, so that a copy weighs what a real
//! programme weighs; only what tells programmes apart is changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use csv::{ReaderBuilder, StringRecord, WriterBuilder};

/// Budget-programme numbers of the sample are below this, those of its copies above.
const NUMBERS_PER_COPY: usize = 100_000;
const ID: &str = "予算事業ID";
const NAME: &str = "事業名";
const RELATED_ID: &str = "関連事業の事業ID";
const RELATED_NAME: &str = "関連事業の事業名";

/// Writes the year's CSV files and returns their size in bytes.
pub(super) fn write(sample: &Path, year: &Path, programmes: usize) -> Result<u64> {
    if year.is_dir() {
        std::fs::remove_dir_all(year)?;
    }
    std::fs::create_dir_all(year)?;
    let files = csv_files(sample)?;
    let mut ids = BTreeSet::new();
    for file in &files {
        let (headers, records) = read(file)?;
        let id = column(&headers, ID).with_context(|| format!("{} has no column {ID}", file.display()))?;
        ids.extend(records.iter().map(|record| record[id].to_owned()));
    }
    if ids.is_empty() {
        bail!("{} holds no programmes", sample.display());
    }
    let ids: Vec<String> = ids.into_iter().collect();
    let mut bytes = 0;
    for file in &files {
        bytes += multiply(file, &year.join(file.file_name().unwrap_or_default()), &ids, programmes)?;
    }
    Ok(bytes)
}

/// Copies a file's records until there are so many programmes: the last copy is a part of the sample.
fn multiply(from: &Path, to: &Path, ids: &[String], programmes: usize) -> Result<u64> {
    let (headers, records) = read(from)?;
    let mut writer = WriterBuilder::new().from_path(to)?;
    writer.write_record(&headers)?;
    let id = column(&headers, ID).unwrap_or_default();
    let place = |record: &StringRecord| ids.binary_search_by(|known| known.as_str().cmp(&record[id])).ok();
    for copy in 0..programmes.div_ceil(ids.len()) {
        let left = programmes - copy * ids.len();
        for record in records.iter().filter(|record| place(record).is_some_and(|place| place < left)) {
            let fields = record.iter().zip(&headers);
            writer.write_record(fields.map(|(value, header)| renamed(value, header, copy)))?;
        }
    }
    writer.flush()?;
    Ok(std::fs::metadata(to)?.len())
}

/// What tells programmes apart, changed for a copy; everything else as it is.
fn renamed(value: &str, header: &str, copy: usize) -> String {
    match header {
        ID | RELATED_ID if copy > 0 => match value.parse::<usize>() {
            Ok(number) => (copy * NUMBERS_PER_COPY + number).to_string(),
            Err(_) => value.to_owned(),
        },
        NAME | RELATED_NAME if copy > 0 && !value.is_empty() => format!("{value}（第{copy}群）"),
        _ => value.to_owned(),
    }
}

fn csv_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "csv"));
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<(StringRecord, Vec<StringRecord>)> {
    let mut reader =
        ReaderBuilder::new().from_path(file).with_context(|| format!("cannot read {}", file.display()))?;
    let headers = reader.headers()?.clone();
    let records =
        reader.records().collect::<csv::Result<_>>().with_context(|| format!("{}", file.display()))?;
    Ok((headers, records))
}

fn column(headers: &StringRecord, name: &str) -> Option<usize> {
    headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_as_many_programmes_as_asked_each_under_a_number_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let sample = folder.path().join("sample");
        std::fs::create_dir(&sample).unwrap();
        let text = "予算事業ID,事業名,備考\n7,あ,一\n7,あ,二\n9,い,三\n";
        std::fs::write(sample.join("1-1.csv"), text).unwrap();
        let year = folder.path().join("year");
        let bytes = write(&sample, &year, 5).unwrap();
        let written = std::fs::read_to_string(year.join("1-1.csv")).unwrap();
        let lines: Vec<&str> = written.lines().skip(1).collect();
        let copies = ["7,あ,一", "7,あ,二", "9,い,三", "100007,あ（第1群）,一", "100007,あ（第1群）,二"];
        assert_eq!(lines[..5], copies);
        let numbers: BTreeSet<&str> = lines.iter().filter_map(|line| line.split(',').next()).collect();
        assert_eq!(numbers.len(), 5);
        assert_eq!(bytes, written.len() as u64);
    }
}
