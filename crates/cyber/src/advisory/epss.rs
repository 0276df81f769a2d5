//! Predictions of exploitation (EPSS), as the table of one day: a comment with model and day, a head, a line for each CVE. Tables of 2021 have
//! no comment, those before June 2021 no percentile.

use super::reading::{Fault, Read, ReadError, Reader, strip_mark, within};
use super::table::{Rows, cells};

/// The predictions of one day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// The model's version, where the table tells it.
    pub model: Option<String>,
    /// The day (or moment) of the prediction, where the table tells it.
    pub date: Option<String>,
    /// A prediction for each CVE.
    pub scores: Vec<Score>,
}

/// The prediction for one CVE.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Its id.
    pub cve: String,
    /// The probability of exploitation within 30 days.
    pub score: f64,
    /// The share of vulnerabilities with at most this score.
    pub percentile: Option<f64>,
}

/// Reads a table.
pub fn read_csv(bytes: &[u8]) -> Result<Read<Scores>, ReadError> {
    within(bytes)?;
    let text = String::from_utf8_lossy(strip_mark(bytes));
    let mut rows = Rows::of(&text).peekable();
    let mut read = Scores::default();
    while let Some((_, comment)) = rows.next_if(|(_, line)| line.starts_with('#')) {
        for said in comment.trim_start_matches('#').trim().split(',') {
            match said.split_once(':') {
                Some(("model_version", model)) => read.model = Some(model.to_owned()),
                Some(("score_date", date)) => read.date = Some(date.to_owned()),
                _ => {}
            }
        }
    }
    let head = rows.next().map(|(_, line)| cells(line)).unwrap_or_default();
    let column =
        |name: &'static str| head.iter().position(|cell| cell == name).ok_or(ReadError::NoColumn(name));
    let (cve, score, percentile) = (column("cve")?, column("epss")?, column("percentile").ok());
    let mut reader = Reader::default();
    for (number, line) in rows {
        match one(&cells(line), cve, score, percentile) {
            Ok(score) => read.scores.push(score),
            Err(fault) => reader.note(format!("line:{number}"), fault),
        }
    }
    Ok(reader.done(read))
}

fn one(row: &[String], cve: usize, score: usize, percentile: Option<usize>) -> Result<Score, Fault> {
    let share = |at: usize| {
        let text = row.get(at).ok_or(Fault::OddLine)?;
        text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or(Fault::NotNumber)
    };
    let cve = row.get(cve).filter(|cve| !cve.is_empty()).ok_or(Fault::OddLine)?.clone();
    Ok(Score { cve, score: share(score)?, percentile: percentile.map(share).transpose()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_its_model_and_day_where_it_has_them() {
        let text = "#model_version:v2023.03.01,score_date:2023-03-07T00:00:00+0000\ncve,epss,percentile\n\
            CVE-2020-1,0.5,0.9\nCVE-2020-2,1.5,0.9\nCVE-2020-3\nCVE-2020-4,0,1\n";
        let read = read_csv(text.as_bytes()).unwrap();
        assert_eq!(read.value.model.as_deref(), Some("v2023.03.01"));
        assert_eq!(read.value.date.as_deref(), Some("2023-03-07T00:00:00+0000"));
        let ids: Vec<_> = read.value.scores.iter().map(|score| score.cve.as_str()).collect();
        assert_eq!(ids, ["CVE-2020-1", "CVE-2020-4"]);
        let faults: Vec<_> = read.deviations.iter().map(|one| (one.place.as_str(), one.fault)).collect();
        assert_eq!(faults, [("line:4", Fault::NotNumber), ("line:5", Fault::OddLine)]);
        let old = read_csv(b"cve,epss\nCVE-2020-1,0.65117\n").unwrap().value;
        assert_eq!((old.model, old.date, old.scores[0].percentile), (None, None, None));
        assert!(matches!(read_csv(b"a,b\n"), Err(ReadError::NoColumn("cve"))));
    }
}
