//! Bills of materials on the command line: files in, answers out.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cyber::document::{Grade, Limits, ReadError};
use cyber::sbom;
use cyber::sbom::merge::Product;
use cyber::sbom::missing::{self, Content};
use report::outline::sbom::{self as outline, Checked};
use report::outline::{comparison, content};
use serde_json::json;

use super::bills;
use super::given::{Given, given};
use crate::cli::{Answer, Format};
use crate::cyber_cli::{ContentList, Sbom};
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

pub(super) fn run(voice: Voice, action: &Sbom) -> Result<ExitCode, Failure> {
    match action {
        Sbom::Check { files, lenient, content, answer } => {
            let mut files = all_checked(voice, files)?;
            for file in &mut files {
                file.contents = contents(&file.reading.sbom, content);
            }
            check(voice, &files, answer)?;
            let wrong = files.iter().any(|file| {
                file.reading.errors > 0 || file.contents.iter().any(|content| !content.is_complete())
            });
            Ok(if wrong && !lenient { ExitCode::from(1) } else { ExitCode::SUCCESS })
        }
        Sbom::Convert { file, to, written } => bills::convert(voice, file, *to, written),
        Sbom::Merge { parts, name, version, supplier, to, written } => {
            let product = Product { name, version, supplier: supplier.as_deref() };
            bills::merge(voice, parts, &product, *to, written)
        }
        Sbom::Diff { older, newer, answer } => diff(voice, &checked(older)?, &checked(newer)?, answer),
    }
}

fn diff(voice: Voice, older: &Checked, newer: &Checked, answer: &Answer) -> Result<ExitCode, Failure> {
    let difference = sbom::difference(&older.reading.sbom, &newer.reading.sbom);
    if answer.format == Format::Json {
        output::machine(voice, answer, &comparison::json(older, newer, &difference))?;
    } else {
        output::document(voice, &comparison::compared(older, newer, &difference, voice.lang), answer)?;
    }
    Ok(if difference.changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn check(voice: Voice, files: &[Checked], answer: &Answer) -> Result<(), Failure> {
    match answer.format {
        Format::Json => output::machine(voice, answer, &as_json(files, voice)),
        Format::Sarif => output::machine(voice, answer, &outline::sarif(files, voice.lang)),
        Format::Text => output::document(voice, &outline::checked(files, outline::SHOWN, voice.lang), answer),
        _ => output::document(voice, &outline::checked(files, usize::MAX, voice.lang), answer),
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
        let (components, files) = file.reading.sbom.counted();
        let contents = file.contents.iter().map(|one| content::json(&file.reading.sbom, one));
        json!({
            "file": file.file,
            "content": contents.collect::<Vec<_>>(),
            "format": file.reading.sbom.format.name(),
            "version": file.reading.sbom.version,
            "components": components,
            "files": files,
            "errors": file.reading.errors,
            "warnings": file.reading.warnings,
            "deviations": deviations.collect::<Vec<_>>(),
        })
    };
    json!(files.iter().map(one).collect::<Vec<_>>())
}

/// What a bill says of the elements of the lists that are asked for.
fn contents(bill: &sbom::Sbom, asked: &[ContentList]) -> Vec<Content> {
    let is_asked = |list: &missing::List| {
        asked.iter().any(|one| match one {
            ContentList::Ntia => list.id == "ntia",
            ContentList::Handbook => list.id == "handbook",
            ContentList::Fda => list.id == "fda",
            ContentList::Cisa => list.id == "cisa",
            ContentList::All => true,
        })
    };
    missing::LISTS.iter().filter(|list| is_asked(list)).map(|list| missing::content(bill, list)).collect()
}

pub(super) fn checked(file: &Path) -> Result<Checked, Failure> {
    read(&Given { file: file.to_owned(), bytes: bytes_of(file)? })
}

/// The bills that some paths name.
pub(super) fn all_checked(voice: Voice, paths: &[PathBuf]) -> Result<Vec<Checked>, Failure> {
    given(voice, paths)?.iter().map(read).collect()
}

fn read(given: &Given) -> Result<Checked, Failure> {
    let reading =
        sbom::read(&given.bytes, &Limits::default()).map_err(|error| unread(&given.file, &error))?;
    Ok(Checked { file: given.file.display().to_string(), reading, contents: Vec::new() })
}

/// A file, never more of it than is accepted; `-` is the standard input.
pub(super) fn bytes_of(file: &Path) -> Result<Vec<u8>, Failure> {
    let limit = Limits::default().bytes;
    let most = limit as u64 + 1;
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    let failed = |error| Failure::file(file, error);
    let opened = std::fs::File::open(file).map_err(failed)?;
    // What is too large is not read at all; a pipe has no size before it is read.
    let size = usize::try_from(opened.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
    if size > limit {
        return Err(unread(file, &ReadError::TooLarge { found: size, limit }));
    }
    bytes.reserve_exact(size);
    opened.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

pub(super) fn unread(file: &Path, error: &ReadError) -> Failure {
    let (file, why) = (file.display(), error.names());
    Failure::said(format!("{file}：SBOMとして読めません：{}", why.ja), format!("{file}: {}", why.en))
}
