//! Bills of materials on the command line: files in, answers out.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use cyber::document::{Grade, Limits, ReadError};
use cyber::sbom;
use report::outline::comparison;
use report::outline::sbom::{self as outline, Checked};
use serde_json::json;

use crate::cli::{Answer, Format};
use crate::cyber_cli::Sbom;
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

pub(super) fn run(voice: Voice, action: &Sbom) -> Result<ExitCode, Failure> {
    match action {
        Sbom::Check { files, lenient, answer } => {
            let files = files.iter().map(|file| checked(file)).collect::<Result<Vec<_>, _>>()?;
            check(voice, &files, answer)?;
            let wrong = files.iter().any(|file| file.reading.errors > 0);
            Ok(if wrong && !lenient { ExitCode::from(1) } else { ExitCode::SUCCESS })
        }
        Sbom::Diff { older, newer, answer } => diff(voice, &checked(older)?, &checked(newer)?, answer),
    }
}

fn diff(voice: Voice, older: &Checked, newer: &Checked, answer: &Answer) -> Result<ExitCode, Failure> {
    let difference = sbom::difference(&older.reading.sbom, &newer.reading.sbom);
    if answer.format == Format::Json {
        output::bytes(voice, answer, &output::json(&comparison::json(older, newer, &difference))?)?;
    } else {
        output::document(voice, &comparison::compared(older, newer, &difference, voice.lang), answer)?;
    }
    Ok(if difference.changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn check(voice: Voice, files: &[Checked], answer: &Answer) -> Result<(), Failure> {
    match answer.format {
        Format::Json => output::bytes(voice, answer, &output::json(&as_json(files, voice))?),
        Format::Sarif => output::bytes(voice, answer, &output::json(&outline::sarif(files, voice.lang))?),
        _ => output::document(voice, &outline::checked(files, voice.lang), answer),
    }
}

/// Every deviation, for programs.
fn as_json(files: &[Checked], voice: Voice) -> serde_json::Value {
    let one = |file: &Checked| {
        let deviations = file.reading.deviations.iter().map(|one| {
            json!({
                "grade": match one.grade { Grade::Error => "error", Grade::Warning => "warning" },
                "code": one.kind.code(),
                "place": one.place.to_string(),
                "text": one.kind.text().get(voice.lang),
            })
        });
        json!({
            "file": file.file,
            "format": file.reading.sbom.format.name(),
            "version": file.reading.sbom.version,
            "components": file.reading.sbom.components.len(),
            "errors": file.reading.errors,
            "warnings": file.reading.warnings,
            "deviations": deviations.collect::<Vec<_>>(),
        })
    };
    json!(files.iter().map(one).collect::<Vec<_>>())
}

fn checked(file: &Path) -> Result<Checked, Failure> {
    let bytes = bytes_of(file)?;
    let reading = sbom::read(&bytes, &Limits::default()).map_err(|error| unread(file, &error))?;
    Ok(Checked { file: file.display().to_string(), reading })
}

/// A file, never more of it than is accepted; `-` is the standard input.
pub(super) fn bytes_of(file: &Path) -> Result<Vec<u8>, Failure> {
    let limit = Limits::default().bytes as u64 + 1;
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::file(file, error))?;
    Ok(bytes)
}

pub(super) fn unread(file: &Path, error: &ReadError) -> Failure {
    let file = file.display();
    Failure::said(format!("{file}：SBOMとして読めません（{error}）"), format!("{file}: {error}"))
}
