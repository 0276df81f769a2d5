//! The cybersecurity of devices on the command line: bills and advisories in, findings out. Needs no database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cyber::advisory::{Advisory, osv};
use cyber::document::Limits;
use cyber::matching::{self, Index, Wanted};
use cyber::name::purl::Purl;
use cyber::sbom;
use rayon::prelude::*;
use report::outline::scan::{self as outline, Scanned};

use super::sbom::{bytes_of, unread};
use crate::cli::{Answer, Format};
use crate::cyber_cli::Cyber;
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

pub(super) fn run(voice: Voice, action: &Cyber) -> Result<ExitCode, Failure> {
    match action {
        Cyber::Scan { files, vulns, strict, answer } => {
            let index = advisories(voice, &vulns.vulns)?;
            let files = files.iter().map(|file| scanned(&index, file)).collect::<Result<Vec<_>, _>>()?;
            scan(voice, &files, &index, answer)?;
            let wrong = files.iter().any(|file| {
                let (affected, undetermined) = file.scan.counts();
                affected > 0 || (*strict && (undetermined > 0 || !file.scan.unasked.is_empty()))
            });
            Ok(if wrong { ExitCode::from(1) } else { ExitCode::SUCCESS })
        }
        // Handed on before: it needs to know who acts, and on which day.
        Cyber::Watch(_) => Ok(ExitCode::SUCCESS),
        Cyber::Explain { advisory, purl, vulns, answer } => {
            explain(voice, &advisories(voice, &vulns.vulns)?, advisory, purl, answer)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn scan(voice: Voice, files: &[Scanned<'_>], index: &Index, answer: &Answer) -> Result<(), Failure> {
    let lang = voice.lang;
    match answer.format {
        Format::Json => output::bytes(voice, answer, &output::json(&outline::json(files, lang))?),
        Format::Sarif => output::bytes(voice, answer, &output::json(&outline::sarif(files, lang))?),
        _ => output::document(voice, &outline::scanned(files, index.advisories().len(), lang), answer),
    }
}

fn explain(voice: Voice, index: &Index, id: &str, purl: &str, answer: &Answer) -> Result<(), Failure> {
    let advisory = index.advisory(id).ok_or_else(|| {
        Failure::said(
            format!("{id} という情報は手元のデータにありません"),
            format!("{id} is not among the advisories at hand"),
        )
    })?;
    let judged = matching::explain(index, purl, id).map_err(|reason| {
        let why = reason.names();
        Failure::said(format!("{purl}：{}", why.ja), format!("{purl}: {}", why.en))
    })?;
    let version = Purl::parse_lenient(purl).ok().and_then(|purl| purl.version().map(str::to_owned));
    let version = version.unwrap_or_default();
    output::document(voice, &outline::explained(advisory, purl, &version, &judged, voice.lang), answer)
}

/// A bill's components: read quickly where it is JSON, else as a whole.
fn scanned<'i>(index: &'i Index, file: &Path) -> Result<Scanned<'i>, Failure> {
    let bytes = bytes_of(file)?;
    let limits = Limits::default();
    let scan = if let Ok(components) = sbom::components(&bytes, &limits) {
        matching::scan(index, components.into_iter().map(Wanted::from))
    } else {
        let reading = sbom::read(&bytes, &limits).map_err(|error| unread(file, &error))?;
        matching::scan(index, reading.sbom.components.iter().map(Wanted::from))
    };
    Ok(Scanned { file: file.display().to_string(), scan })
}

/// More and larger files than other readers meet: whole databases of advisories.
fn limits() -> intake::Limits {
    intake::Limits {
        files: 2_000_000,
        total_bytes: 8 << 30,
        file_bytes: 2 << 30,
        ..intake::Limits::default()
    }
}

/// Every advisory in some files, folders and archives. What is no advisory is told, and nothing of it is kept.
pub(super) fn advisories(voice: Voice, paths: &[PathBuf]) -> Result<Index, Failure> {
    let mut index = Index::default();
    let mut unread = Vec::new();
    for path in paths {
        let inputs = intake::bytes::open(path, &limits(), None)?;
        let read: Vec<_> =
            inputs.par_iter().filter_map(|input| Some((&input.name, advisory(input)?))).collect();
        let before = index.advisories().len();
        for (name, read) in read {
            match read {
                Ok(advisory) => index.add(advisory),
                Err(error) => unread.push(format!("{name}: {error}")),
            }
        }
        if index.advisories().len() == before {
            let (path, why) =
                (path.display(), unread.first().map(|first| format!(" ({first})")).unwrap_or_default());
            return Err(Failure::said(
                format!("{path}：OSVの脆弱性情報がありません{why}"),
                format!("{path}: there are no OSV advisories in it{why}"),
            ));
        }
    }
    if let Some(first) = unread.first() {
        let count = unread.len();
        voice.remark(match voice.lang {
            base::Lang::Ja => format!("{count}件のファイルは脆弱性情報として読めませんでした：{first}"),
            base::Lang::En => format!("{count} files could not be read as advisories: {first}"),
        });
    }
    Ok(index)
}

/// The advisory in a file; none where the file's name says that it is something else.
fn advisory(input: &intake::Input) -> Option<Result<Advisory, cyber::advisory::ReadError>> {
    let extension = input.name.rsplit('.').next()?;
    let read = match extension {
        "json" => osv::read_json(&input.bytes),
        "yaml" | "yml" => osv::read_yaml(&input.bytes),
        _ => return None,
    };
    Some(read.map(|read| read.value))
}
