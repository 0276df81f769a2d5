//! Reads and matches every bill of a folder, so many times over, on all processors: `portfolio INDEX FOLDER [TIMES]`. Prints one line of JSON.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use bulk::vulns::Vulns;
use cyber::document::Limits;
use cyber::matching::{Matcher, Wanted};
use cyber::sbom;
use rayon::prelude::*;
use serde_json::json;

// As the command line does: memory of small pieces is what reading costs most.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [index, folder, rest @ ..] = arguments.as_slice() else { panic!("portfolio INDEX FOLDER [TIMES]") };
    let times: usize = rest.first().map_or(1, |times| times.parse().unwrap());
    let (vulns, _) = Vulns::open(&[PathBuf::from(index)], "").unwrap();
    let index = vulns.index().unwrap();
    let mut files = Vec::new();
    gather(Path::new(folder), &mut files);
    let all: Vec<&PathBuf> = std::iter::repeat_n(&files, times).flatten().collect();
    let started = Instant::now();
    let matcher = Matcher::new(&index).unwrap();
    let one = |file: &&PathBuf| {
        let bytes = std::fs::read(file).unwrap();
        let components = sbom::components(&bytes, &Limits::default()).unwrap_or_default();
        let count = components.len();
        let components: Vec<Wanted<'_>> = components.into_iter().map(Wanted::from).collect();
        let found = matcher.scan(&components).unwrap();
        let (affected, undetermined) = found.counts();
        (bytes.len(), count, affected, undetermined)
    };
    let add = |a: (usize, usize, usize, usize), b: (usize, usize, usize, usize)| {
        (a.0 + b.0, a.1 + b.1, a.2 + b.2, a.3 + b.3)
    };
    let sum = all.par_iter().map(one).reduce(|| (0, 0, 0, 0), add);
    let seconds = started.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss)]
    let rate = sum.0 as f64 / 1e6 / seconds;
    println!(
        "{}",
        json!({ "bills": all.len(), "bytes": sum.0, "components": sum.1, "affected": sum.2, "undetermined": sum.3,
            "seconds": seconds, "mb_per_second": rate })
    );
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
}
