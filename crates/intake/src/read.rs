//! The one entry for a path: opens it, finds the kind of each file, and lets files that belong together be read
//! together. Identity across years is not decided here.

use std::path::Path;

use base::Names;

use crate::bytes::{self, Input};
use crate::detect::{Kind, detect};
use crate::error::{IntakeError, Trouble};
use crate::followup::{assemble, delimited, pdf, sheet, text as follow_up_text, web};
use crate::limits::Limits;
use crate::reading::{FileRead, OnProgress, Reading};
use crate::{judgit, rs, stratml, text};

/// Everything that was read from a path, and what was refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intake {
    /// One reading per source: all RS files, all JUDGIT sheets and all StratML documents together, each follow-up
    /// table for itself.
    pub readings: Vec<Reading>,
    /// Files, or sources, of which nothing was taken, each with the reason.
    pub refused: Vec<IntakeError>,
}

/// Reads a file, a folder or an archive. `as_kind` overrules what the content says. A single file that cannot be
/// read is an error; of several, the others are read and the refused ones are listed.
pub fn read(
    path: &Path,
    as_kind: Option<Kind>,
    limits: &Limits,
    progress: Option<OnProgress<'_>>,
) -> Result<Intake, IntakeError> {
    let inputs = bytes::open(path, limits, progress)?;
    if inputs.is_empty() {
        return Err(IntakeError::new(path.display().to_string(), Trouble::Empty));
    }
    let mut intake = read_inputs(inputs, as_kind, limits, progress);
    match intake.refused.pop() {
        Some(only) if intake.readings.is_empty() && intake.refused.is_empty() => Err(only),
        Some(last) => {
            intake.refused.push(last);
            Ok(intake)
        }
        None => Ok(intake),
    }
}

/// Reads bytes that are already at hand.
pub fn read_inputs(
    inputs: Vec<Input>,
    as_kind: Option<Kind>,
    limits: &Limits,
    progress: Option<OnProgress<'_>>,
) -> Intake {
    let mut intake = Intake::default();
    let mut by_kind: Vec<(Kind, Vec<Input>)> = Vec::new();
    for input in inputs {
        match as_kind.map_or_else(|| detect(&input.name, &input.bytes), Ok) {
            Ok(kind) => match by_kind.iter_mut().find(|(seen, _)| *seen == kind) {
                Some((_, together)) => together.push(input),
                None => by_kind.push((kind, vec![input])),
            },
            Err(error) => intake.refused.push(error),
        }
    }
    by_kind.sort_by_key(|(kind, _)| *kind);
    for (kind, inputs) in by_kind {
        let together = match kind {
            Kind::RsCsv => vec![rs::read(&inputs, limits, progress)],
            // Sheets and documents stand alone: a broken one does not take the others with it.
            Kind::Judgit => each_or_all(&inputs, |inputs| judgit::read(inputs, limits)),
            Kind::StratMl => each_or_all(&inputs, |inputs| stratml::read(inputs, limits)),
            _ => inputs.iter().map(|input| follow_up(kind, input, limits)).collect(),
        };
        for result in together {
            match result {
                Ok(reading) => intake.readings.push(reading),
                Err(error) => intake.refused.push(error),
            }
        }
    }
    intake
}

/// Reads all inputs together, or, if one of them is broken, the sound ones together and the broken ones alone.
fn each_or_all(
    inputs: &[Input],
    read: impl Fn(&[Input]) -> Result<Reading, IntakeError>,
) -> Vec<Result<Reading, IntakeError>> {
    let all = read(inputs);
    if all.is_ok() || inputs.len() == 1 {
        return vec![all];
    }
    let (mut sound, mut results) = (Vec::new(), Vec::new());
    for input in inputs {
        match read(std::slice::from_ref(input)) {
            Ok(_) => sound.push(input.clone()),
            Err(error) => results.push(Err(error)),
        }
    }
    if !sound.is_empty() {
        results.push(read(&sound));
    }
    results
}

fn follow_up(kind: Kind, input: &Input, limits: &Limits) -> Result<Reading, IntakeError> {
    let (name, content) = (input.name.as_str(), input.bytes.as_slice());
    let not_a_table =
        |why: String| IntakeError::new(name, Trouble::Format { format: "a follow-up table", why });
    let form = match kind {
        Kind::FollowUpCsv => delimited::read(name, content, limits)?,
        Kind::FollowUpXlsx => sheet::read(name, content, limits)?,
        Kind::FollowUpHtml => web::read(name, content, limits)?,
        Kind::FollowUpPdf => pdf::read(name, content, limits)?,
        _ => {
            let text = text::decode(name, content)?;
            let table = follow_up_text::read(&text).map_err(|error| not_a_table(error.to_string()))?;
            crate::followup::grid::Form { table, ..Default::default() }
        }
    };
    let (records, noticed) =
        assemble::records(&form.table, name).map_err(|error| not_a_table(error.to_string()))?;
    let rows = form.table.rows.len();
    let what = Names::of(format!("{rows}行の表"), format!("a table of {rows} rows"));
    let files = vec![FileRead { file: name.to_owned(), what, bytes: content.len(), rows }];
    let mut remarks = form.remarks;
    remarks.extend(noticed);
    Ok(Reading { kind, files, records, remarks })
}
