//! An index built from its sources: each gathered, held against what it was last time, its records read and made ready on all processors,
//! and the whole swapped in at the end. Until then, the index that was there stays.

use std::path::{Path, PathBuf};

use cyber::advisory::source::{self, Contents, Format};
use cyber::advisory::{Advisory, epss, kev};
use cyber::index::{About, Block, Builder, Index, Provenance};
use rayon::prelude::*;

use super::fetch::lock;
use super::gather::{Gathered, gather, is_address};
use super::is_index;
use super::refusal::VulnsError;
use crate::map::{Mapped, swap};

/// Records read together, and kept in one block.
const TOGETHER: usize = 64;
/// Reasons kept of records that could not be read.
const REASONS: usize = 5;

/// What is to be brought up to date.
pub struct Update<'a> {
    /// Files, folders, archives and addresses.
    pub sources: &'a [String],
    /// The index.
    pub into: &'a Path,
    /// Today, `2026-11-28`.
    pub day: &'a str,
    /// Is told how far it is.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

/// How far an update is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A source is fetched and opened.
    Opening(&'a str),
    /// Its records are read: so many of so many bytes of all sources.
    Read(u64, u64),
}

/// What became of it.
#[derive(Debug)]
pub struct Updated {
    /// What the index says of itself now.
    pub about: About,
    /// Whether all sources are as they were, so that the index was left as it is.
    pub unchanged: bool,
    /// The size of the index, in bytes.
    pub size: u64,
}

/// What was read together.
struct Batch {
    block: Block,
    catalogues: Vec<kev::Catalogue>,
    scores: Vec<epss::Scores>,
    refused: Vec<String>,
    dated: Option<String>,
}

/// Brings an index up to date.
pub fn update(request: &Update<'_>) -> Result<Updated, VulnsError> {
    if std::fs::metadata(request.into).is_ok_and(|about| about.len() > 0) && !is_index(request.into) {
        return Err(VulnsError::NotOurs(request.into.to_owned()));
    }
    let folder = request.into.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder).map_err(|error| VulnsError::file(folder, error))?;
    }
    let _lock = lock(&beside(request.into, "lock"))?;
    let kept = beside(request.into, "parts");
    let gathered = gathered(request.sources, Some(&kept), request.progress)?;
    if let Some(about) = unchanged(request, &gathered) {
        let size = std::fs::metadata(request.into).map_or(0, |about| about.len());
        return Ok(Updated { about, unchanged: true, size });
    }
    let (bytes, about) = put_together(request.sources, gathered, request.day, request.progress)?;
    swap(request.into, &bytes).map_err(|error| VulnsError::file(request.into, error))?;
    Ok(Updated { about, unchanged: false, size: bytes.len() as u64 })
}

/// The bytes of an index of some files, folders and archives.
pub(super) fn made(sources: &[String], day: &str) -> Result<(Vec<u8>, About), VulnsError> {
    put_together(sources, gathered(sources, None, &|_| ())?, day, &|_| ())
}

fn gathered(
    sources: &[String],
    kept: Option<&Path>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Vec<Gathered>, VulnsError> {
    let open = |source: &String| {
        progress(Progress::Opening(source));
        gather(source, kept)
    };
    // Addresses one after the other: their servers are others' property.
    let (far, near): (Vec<_>, Vec<_>) = sources.iter().enumerate().partition(|(_, name)| is_address(name));
    let near = near.into_par_iter().map(|(at, source)| Ok((at, open(source)?)));
    let mut all = near.collect::<Result<Vec<_>, VulnsError>>()?;
    for (at, source) in far {
        all.push((at, open(source)?));
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, gathered)| gathered).collect())
}

/// What an index of this format that was made of the very same bytes says of itself.
fn unchanged(request: &Update<'_>, gathered: &[Gathered]) -> Option<About> {
    let mapped = Mapped::open(request.into).ok()?;
    let index = Index::open(mapped.as_ref()).ok()?;
    index.verify().ok()?;
    let about = index.about().ok()?;
    let same = about.sources.len() == gathered.len()
        && about.sources.iter().zip(request.sources).all(|(before, name)| before.name == *name)
        && about.sources.iter().zip(gathered).all(|(before, now)| before.sha256 == now.sha256);
    same.then_some(about)
}

fn put_together(
    sources: &[String],
    gathered: Vec<Gathered>,
    day: &str,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Vec<u8>, About), VulnsError> {
    let all: u64 = gathered.iter().map(|one| one.bytes).sum();
    let mut done = 0;
    let mut builder = Builder::default();
    let mut about = About { built_on: day.to_owned(), sources: Vec::new() };
    for (name, gathered) in sources.iter().zip(gathered) {
        let bytes = gathered.bytes;
        about.sources.push(one_source(name, gathered, about.sources.len(), day, &mut builder)?);
        done += bytes;
        progress(Progress::Read(done, all));
    }
    Ok((builder.finish(&about)?, about))
}

fn one_source(
    name: &str,
    gathered: Gathered,
    number: usize,
    day: &str,
    builder: &mut Builder,
) -> Result<Provenance, VulnsError> {
    let found: Vec<_> =
        gathered.inputs.par_iter().map(|input| (input, source::detect(&input.bytes))).collect();
    let mut of_source = Provenance {
        name: name.to_owned(),
        bytes: gathered.bytes,
        sha256: gathered.sha256,
        checksum: gathered.checksum,
        read_on: day.to_owned(),
        ..Provenance::default()
    };
    let mut pieces: Vec<(&str, Format, &[u8])> = Vec::new();
    let mut refused = Vec::new();
    for (input, format) in found {
        let Some(format) = format else {
            of_source.passed_over += 1;
            continue;
        };
        if !of_source.formats.iter().any(|known| known == format.name()) {
            of_source.formats.push(format.name().to_owned());
        }
        for piece in source::pieces(format, &input.bytes) {
            match piece {
                Ok(piece) => pieces.push((&input.name, format, piece)),
                Err(error) => refused.push(format!("{}: {error}", input.name)),
            }
        }
    }
    let batches: Vec<Batch> = pieces.par_chunks(TOGETHER).map(|pieces| batch(pieces, number)).collect();
    for batch in batches {
        of_source.records += batch.block.len() as u64;
        for catalogue in &batch.catalogues {
            of_source.records += catalogue.entries.len() as u64;
            builder.exploited(catalogue);
        }
        for scores in &batch.scores {
            of_source.records += scores.scores.len() as u64;
            builder.predicted(scores);
        }
        if !batch.block.is_empty() {
            builder.add(batch.block);
        }
        refused.extend(batch.refused);
        of_source.dated = of_source.dated.max(batch.dated);
    }
    of_source.refused = refused.len() as u64;
    if of_source.records == 0 {
        let first = refused.into_iter().next();
        return Err(VulnsError::Nothing { source_name: name.to_owned(), first });
    }
    refused.truncate(REASONS);
    of_source.reasons = refused;
    Ok(of_source)
}

fn batch(pieces: &[(&str, Format, &[u8])], source: usize) -> Batch {
    let (mut advisories, mut catalogues, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    let (mut refused, mut dated) = (Vec::new(), None);
    for (name, format, piece) in pieces {
        match source::read(*format, piece) {
            Ok(Contents::Advisories(read)) => {
                dated = dated.max(read.iter().filter_map(changed_on).max());
                advisories.extend(read);
            }
            Ok(Contents::Exploited(catalogue)) => {
                dated = dated.max(catalogue.released.as_deref().and_then(day_of));
                catalogues.push(catalogue);
            }
            Ok(Contents::Predicted(table)) => {
                dated = dated.max(table.date.as_deref().and_then(day_of));
                scores.push(table);
            }
            Err(error) => refused.push(format!("{name}: {error}")),
        }
    }
    Batch { block: Block::of(advisories, source), catalogues, scores, refused, dated }
}

fn changed_on(advisory: &Advisory) -> Option<String> {
    advisory.modified.as_deref().or(advisory.published.as_deref()).and_then(day_of)
}

/// The day of a moment as formats write them, `2026-11-28T…`.
fn day_of(moment: &str) -> Option<String> {
    let day = moment.get(..10)?;
    let digits = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    digits.then(|| day.to_owned())
}

/// `vulns.index` → `vulns.index.lock`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}
