//! New bills of materials from others, on the command line: converted, merged.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Lang;
use cyber::document::Limits;
use cyber::sbom::convert::{self, Circumstances, Target};
use cyber::sbom::merge::{self, Part, Product};
use cyber::sbom::{self, Document};
use report::outline::conversion;
use serde_json::Value;

use super::sbom::checked;
use crate::cyber_cli::{Telling, Written};
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

const TOOL: &str = concat!("shirube ", env!("CARGO_PKG_VERSION"));

pub(super) fn convert(voice: Voice, file: &Path, to: Target, written: &Written) -> Result<ExitCode, Failure> {
    can_be_told(written)?;
    let read = checked(file)?;
    let (now, identity) = (now(), identity()?);
    let with = Circumstances { now: Some(&now), identity: Some(&identity), tool: Some(TOOL) };
    let conversion = convert::convert(&read.reading, to, &with);
    write(voice, &conversion.document, written)?;
    match written.format {
        Telling::Json => tell(&conversion::json(&read.file, &conversion.told))?,
        Telling::Text => conversion::remarks(&read.file, &conversion.told, voice.lang)
            .iter()
            .for_each(|line| voice.remark(line)),
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn merge(
    voice: Voice,
    files: &[PathBuf],
    product: &Product<'_>,
    to: Target,
    written: &Written,
) -> Result<ExitCode, Failure> {
    can_be_told(written)?;
    let read = files.iter().map(|file| checked(file)).collect::<Result<Vec<_>, _>>()?;
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
    write(voice, &conversion.document, written)?;
    if written.format == Telling::Json {
        let names: Vec<String> = read.iter().map(|one| one.file.clone()).collect();
        tell(&conversion::merged(&names, &merged, Some(&conversion.told)))?;
        return Ok(ExitCode::SUCCESS);
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
    Ok(ExitCode::SUCCESS)
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

fn write(voice: Voice, document: &Document, written: &Written) -> Result<(), Failure> {
    let text = sbom::write(document);
    match &written.out {
        Some(file) => {
            output::write_file(file, text.as_bytes())?;
            voice.remark(file.display());
            Ok(())
        }
        None => Ok(std::io::stdout().lock().write_all(text.as_bytes())?),
    }
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
