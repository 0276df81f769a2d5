//! New bills of materials from others, on the command line: converted, merged.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Lang;
use cyber::document::{Deviation, Grade, Limits};
use cyber::sbom::convert::{self, Circumstances, Target};
use cyber::sbom::merge::{self, Part, Product};
use cyber::sbom::{self, Document};
use report::outline::conversion;
use serde_json::Value;

use super::sbom::{all_checked, checked};
use crate::cyber_cli::{Telling, Written};
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

const TOOL: &str = concat!("shirube ", env!("CARGO_PKG_VERSION"));

pub(super) fn convert(voice: Voice, file: &Path, to: Target, written: &Written) -> Result<ExitCode, Failure> {
    can_be_told(written)?;
    output::spares(written.out.as_deref(), [&file.to_owned()])?;
    let read = checked(file)?;
    let (now, identity) = (now(), identity()?);
    let with = Circumstances { now: Some(&now), identity: Some(&identity), tool: Some(TOOL) };
    let conversion = convert::convert(&read.reading, to, &with);
    let wrong = write(voice, &conversion.document, written)?;
    match written.format {
        Telling::Json => tell(&with_errors(conversion::json(&read.file, &conversion.told), wrong.as_ref()))?,
        Telling::Text => conversion::remarks(&read.file, &conversion.told, voice.lang)
            .iter()
            .for_each(|line| voice.remark(line)),
    }
    Ok(ended(voice, wrong.as_ref()))
}

pub(super) fn merge(
    voice: Voice,
    files: &[PathBuf],
    product: &Product<'_>,
    to: Target,
    written: &Written,
) -> Result<ExitCode, Failure> {
    can_be_told(written)?;
    output::spares(written.out.as_deref(), files)?;
    let read = all_checked(voice, files)?;
    let (now, identity) = (now(), identity()?);
    let with = Circumstances { now: Some(&now), identity: Some(&identity), tool: Some(TOOL) };
    let parts: Vec<Part<'_>> =
        read.iter().map(|one| Part { name: &one.file, reading: &one.reading }).collect();
    let merged = merge::merge(&parts, product, &with);
    let document = Document::Json(merged.document.clone());
    // What the merge wrote is read like any other bill, and brought into the format that was asked for.
    let whole = sbom::read(sbom::write(&document).as_bytes(), &Limits::default())
        .map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    let conversion = convert::convert(&whole, to, &Circumstances { tool: None, ..with });
    let wrong = write(voice, &conversion.document, written)?;
    if written.format == Telling::Json {
        let names: Vec<String> = read.iter().map(|one| one.file.clone()).collect();
        let report = conversion::merged(&names, &merged, Some(&conversion.told));
        tell(&with_errors(report, wrong.as_ref()))?;
        return Ok(ended(voice, wrong.as_ref()));
    }
    for (part, told) in read.iter().zip(&merged.told) {
        for line in conversion::remarks(&part.file, told, voice.lang) {
            voice.remark(&line);
        }
    }
    let whole = voice.lang.pick("統合したSBOM", "the merged bill");
    for line in conversion::remarks(whole, &conversion.told, voice.lang) {
        voice.remark(&line);
    }
    let (renamed, unified) = (merged.renamed.len(), merged.unified);
    voice.remark(match voice.lang {
        Lang::Ja => format!("重なった参照名{renamed}件を「partN/…」に改め、同じ部品{unified}件を一つにした"),
        Lang::En => format!("{renamed} references that collided are now “partN/…”; {unified} components were the same and are one"),
    });
    Ok(ended(voice, wrong.as_ref()))
}

/// What is still wrong with a bill that was written.
struct Wrong {
    errors: usize,
    first: Option<Deviation>,
}

/// The errors that a check of the written bill would tell.
fn with_errors(mut report: Value, wrong: Option<&Wrong>) -> Value {
    report["errors"] = wrong.map_or(0, |wrong| wrong.errors).into();
    report
}

/// A bill with errors is handed over all the same, since it may be what was at hand; it is said, and the command does not end well.
fn ended(voice: Voice, wrong: Option<&Wrong>) -> ExitCode {
    let Some(Wrong { errors, first }) = wrong else { return ExitCode::SUCCESS };
    let first = first.as_ref().map(|first| (first.place.to_string(), first.kind.text()));
    let first = first.map(|(place, text)| format!("{place} {}", text.get(voice.lang))).unwrap_or_default();
    voice.remark(match voice.lang {
        Lang::Ja => {
            format!("書き出したSBOMには形式に反する誤りが{errors}件残っています（shirube sbom check で示します）：{first}")
        }
        Lang::En => {
            format!("the bill as written still has {errors} errors (shirube sbom check tells them): {first}")
        }
    });
    ExitCode::from(1)
}

/// The bill and the report cannot both go to standard output.
fn can_be_told(written: &Written) -> Result<(), Failure> {
    if written.format == Telling::Json && written.out.is_none() {
        return Err(Failure::said(
            "--format json は報告を標準出力に書くので、SBOMの保存先を --out で指定してください",
            "--format json writes the report to standard output; name a file for the SBOM with --out",
        ));
    }
    Ok(())
}

/// Hands the bill over, and tells what is wrong with it as others will read it.
fn write(voice: Voice, document: &Document, written: &Written) -> Result<Option<Wrong>, Failure> {
    let text = sbom::write(document);
    let again = sbom::read(text.as_bytes(), &Limits::default())
        .map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    match &written.out {
        Some(file) => {
            output::write_file(file, text.as_bytes())?;
            voice.remark(file.display());
        }
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    let errors = again.errors;
    let first = again.deviations.into_iter().find(|one| one.grade == Grade::Error);
    Ok((errors > 0).then_some(Wrong { errors, first }))
}

fn tell(report: &Value) -> Result<(), Failure> {
    Ok(std::io::stdout().lock().write_all(&output::json(report)?)?)
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A new name for a document: a random UUID (RFC 9562, version 4).
fn identity() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex = bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    Ok(format!("urn:uuid:{}", parts.join("-")))
}
