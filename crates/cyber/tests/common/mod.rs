//! Where the corpora lie, and how an archive of one is read. Tests without their corpus say so and pass; under CI they fail.

#![allow(dead_code, unreachable_pub)]

use std::io::Read;
use std::path::PathBuf;

/// The files of a `.tar.gz` corpus under `data/cyber`, as path and bytes; `None` when it is not here.
pub fn corpus(archive: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let bytes = bytes_of(archive)?;
    let mut files = Vec::new();
    for entry in tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice())).entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            let name = entry.path().unwrap().to_string_lossy().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            files.push((name, content));
        }
    }
    files.sort();
    Some(files)
}

/// The same for a corpus of texts, by name without directories.
pub fn files_of(archive: &str) -> Option<Vec<(String, String)>> {
    let one = |(path, bytes): (String, Vec<u8>)| {
        (path.rsplit('/').next().unwrap().to_owned(), String::from_utf8(bytes).unwrap())
    };
    let mut files: Vec<(String, String)> = corpus(archive)?.into_iter().map(one).collect();
    files.sort();
    Some(files)
}

/// The text of a `.gz` corpus under `data/cyber`; `None` when it is not here.
pub fn lines_of(file: &str) -> Option<String> {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes_of(file)?.as_slice()).read_to_string(&mut text).unwrap();
    Some(text)
}

/// A file under `data/cyber` as it lies there.
pub fn bytes_of(file: &str) -> Option<Vec<u8>> {
    let given = std::env::var_os("SHIRUBE_SHARED").map(PathBuf::from);
    let shared = given.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = shared.join("data/cyber").join(file);
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing; set SHIRUBE_SHARED", path.display());
        println!("skipped: {} is missing; set SHIRUBE_SHARED to the folder with the corpora", path.display());
        return None;
    }
    Some(std::fs::read(&path).unwrap())
}
