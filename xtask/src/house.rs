//! `cargo xtask house`: the rules that a reader may rely on in every file, checked.
//!
//! Engines do no I/O and have no clock; arrows between crates point down; files stay short; nothing is left to do;
//! nothing names the machine it was written on; no long passage of the plan's documents is copied.

mod arrows;
mod copied;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell;

/// The engines, and the two rooms below them: pure.
const PURE: &[&str] = &["base", "register", "plan", "cyber", "supply", "pipeline"];

/// What a pure crate does not touch: files, sockets, the environment, other programs, databases, the clock.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io::stdin",
    "std::io::stdout",
    "tokio",
    "rusqlite",
    "postgres::",
    "SystemTime::now",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "println!",
    "print!",
    "eprintln!",
];

/// Written in two pieces, so that this file does not break its own rule.
const UNFINISHED: &[&str] =
    &[concat!("to", "do!"), concat!("unimplem", "ented!"), concat!("FIX", "ME"), concat!("#[ig", "nore")];

const TEST_ONLY: &str = "#[cfg(test)]";

const LONG_FILE: usize = 500;
const TOO_LONG_FILE: usize = 600;

/// A broken rule: where, and what to do.
#[derive(Debug, PartialEq, Eq)]
struct Offence {
    place: String,
    what: String,
    fatal: bool,
}

impl Offence {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), fatal: true }
    }

    fn warning(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { fatal: false, ..Self::new(place, what) }
    }
}

/// A text file of the project, by its path from the root.
struct TextFile {
    path: String,
    text: String,
}

pub(crate) fn run() -> Result<()> {
    let files = text_files(&shell::root())?;
    let mut offences = arrows::check(&shell::root())?;
    let test_modules = test_modules(&files);
    for file in &files {
        if !test_modules.contains(&file.path) {
            offences.extend(impure(file));
        }
        offences.extend(unfinished(file));
        offences.extend(too_long(file));
        offences.extend(names_the_machine(file));
    }
    offences.extend(copied::check(&files)?);
    for offence in &offences {
        let severity = if offence.fatal { "broken" } else { "warning" };
        println!("{severity}: {}: {}", offence.place, offence.what);
    }
    let fatal = offences.iter().filter(|offence| offence.fatal).count();
    if fatal > 0 {
        bail!("{fatal} house rules are broken");
    }
    println!("{} files keep the house rules", files.len());
    Ok(())
}

/// Every text file of the project. A file that is not UTF-8 (a test's input in another encoding) is not text.
fn text_files(root: &Path) -> Result<Vec<TextFile>> {
    const SKIPPED: [&str; 5] = [".git", "target", "corpus", "artifacts", "node_modules"];
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in
            std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?
        {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                if !SKIPPED.iter().any(|name| entry.file_name() == *name) {
                    folders.push(entry.path());
                }
            } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
                files.push(TextFile { path: relative(root, &entry.path()), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn relative(root: &Path, path: &Path) -> String {
    let below: PathBuf = path.strip_prefix(root).unwrap_or(path).components().collect();
    below.display().to_string()
}

/// Impure words in an engine's own code. Its tests, which come last in a file, may read corpora.
fn impure(file: &TextFile) -> Vec<Offence> {
    let engine = PURE.iter().find(|name| file.path.starts_with(&format!("crates/{name}/src/")));
    let Some(engine) = engine.filter(|_| is_rust(file)) else { return Vec::new() };
    let mut offences = Vec::new();
    for (number, code) in code_lines(&file.text) {
        if let Some(word) =
            IMPURE.iter().find(|word| names(code, word)).copied().or_else(|| grouped_import(code))
        {
            let what = format!(
                "`{word}` in `{engine}`, which is pure: let the caller do this and pass the result in"
            );
            offences.push(Offence::new(format!("{}:{number}", file.path), what));
        }
    }
    offences
}

/// `use std::{collections::X, fs}` hides an impure module from a plain search.
fn grouped_import(code: &str) -> Option<&'static str> {
    let (_, group) = code.split_once("use std::{")?;
    let mut modules = group.split([',', '}']).map(|item| item.trim().split("::").next().unwrap_or_default());
    modules.find_map(|module| match module {
        "fs" => Some("std::fs"),
        "net" => Some("std::net"),
        "env" => Some("std::env"),
        "process" => Some("std::process"),
        _ => None,
    })
}

/// Files that are compiled for tests only: `#[cfg(test)] mod name;` in the file above them.
fn test_modules(files: &[TextFile]) -> HashSet<String> {
    let mut modules = HashSet::new();
    for file in files.iter().filter(|file| is_rust(file)) {
        let path = Path::new(&file.path);
        let is_top =
            ["lib", "main", "mod"].iter().any(|name| path.file_stem().is_some_and(|stem| stem == *name));
        let folder = if is_top { path.with_file_name("") } else { path.with_extension("") };
        for (attribute, declaration) in file.text.lines().zip(file.text.lines().skip(1)) {
            let name = declaration.trim().strip_suffix(';').and_then(|line| line.rsplit_once("mod "));
            if let (TEST_ONLY, Some((_, name))) = (attribute.trim(), name) {
                modules.insert(folder.join(name).with_extension("rs").display().to_string());
            }
        }
    }
    modules
}

/// Lines of code with their numbers: without comments, up to the tests.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let next_lines = text.lines().skip(1).chain([""]);
    let tests_begin =
        |line: &str, next: &str| line.trim() == TEST_ONLY && next.contains("mod ") && next.contains('{');
    let lines = text.lines().zip(next_lines).take_while(move |(line, next)| !tests_begin(line, next));
    let lines = lines.map(|(line, _)| line).enumerate();
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(index, line)| {
        let code = line.split_once(" // ").map_or(line, |(code, _)| code);
        (index + 1, code)
    })
}

/// The word in the code, not as the end of a longer word.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

fn unfinished(file: &TextFile) -> Vec<Offence> {
    if !is_rust(file) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    let found =
        lines.filter_map(|(index, line)| Some((index, UNFINISHED.iter().find(|word| line.contains(*word))?)));
    let offence = |(index, word): (usize, &&str)| {
        Offence::new(
            format!("{}:{}", file.path, index + 1),
            format!("`{word}`: finish it, or write down why not"),
        )
    };
    found.map(offence).collect()
}

fn too_long(file: &TextFile) -> Option<Offence> {
    let lines = file.text.lines().count();
    let what = format!("{lines} lines; a file holds one idea in about {LONG_FILE}");
    if !is_rust(file) || lines <= LONG_FILE {
        None
    } else if lines <= TOO_LONG_FILE {
        Some(Offence::warning(&file.path, what))
    } else {
        Some(Offence::new(&file.path, what))
    }
}

/// How the lock file names the public registry: by its index, kept with the language's own sources.
pub(crate) const PUBLIC_REGISTRY: &str = "registry+https://github.com/rust-lang/";

/// Paths and addresses that mean something on one machine only.
fn names_the_machine(file: &TextFile) -> Vec<Offence> {
    const PLACES: [&str; 4] =
        [concat!("/wo", "rk/"), concat!("/fa", "rm/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let mut offences = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let place = || format!("{}:{}", file.path, index + 1);
        if let Some(path) = PLACES.iter().find(|path| begins_a_path(line, path)) {
            offences.push(Offence::new(place(), format!("`{path}…` exists on one machine only")));
        }
        let source = line.strip_prefix("source = \"").filter(|_| file.path == "Cargo.lock");
        if source.is_some_and(|source| !source.starts_with(PUBLIC_REGISTRY)) {
            offences.push(Offence::new(place(), "the lock file names a registry that others do not have"));
        }
    }
    offences
}

/// The path at the beginning of a word: `(/x/y)` but not the middle of `https://example.org/x/y`.
fn begins_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "_-.~/*}".contains(c))
    })
}

fn is_rust(file: &TextFile) -> bool {
    Path::new(&file.path).extension().is_some_and(|extension| extension == "rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.into(), text: text.into() }
    }

    fn places(offences: &[Offence]) -> Vec<&str> {
        offences.iter().map(|offence| offence.place.as_str()).collect()
    }

    #[test]
    fn an_engine_that_opens_a_file_or_asks_the_time_is_named_with_its_line() {
        let text =
            "//! Reads nothing.\nuse std::fs::File;\nlet x = jiff::Zoned::now();\nuse std::{fmt, env};\n";
        let offences = impure(&file("crates/plan/src/lib.rs", text));
        assert_eq!(
            places(&offences),
            ["crates/plan/src/lib.rs:2", "crates/plan/src/lib.rs:3", "crates/plan/src/lib.rs:4"]
        );
    }

    #[test]
    fn comments_tests_and_longer_words_are_not_impure() {
        let text = "// std::fs is for others\nlet a = 1; // no tokio here\nmystd::fs();\nmulti_tokio();\n\
                    #[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(impure(&file("crates/base/src/x.rs", text)), []);
    }

    #[test]
    fn a_module_for_tests_alone_is_known_by_its_declaration() {
        let declared = "#[cfg(test)]\nmod corpus;\nmod view;\n";
        let modules = test_modules(&[
            file("crates/plan/src/lib.rs", declared),
            file("crates/plan/src/join.rs", "#[cfg(test)]\npub(crate) mod samples;\n"),
        ]);
        let expected = ["crates/plan/src/corpus.rs", "crates/plan/src/join/samples.rs"].map(str::to_owned);
        assert_eq!(modules, HashSet::from(expected));
        let rest = impure(&file("crates/plan/src/lib.rs", &format!("{declared}use std::fs;\n")));
        assert_eq!(places(&rest), ["crates/plan/src/lib.rs:4"]);
    }

    #[test]
    fn a_room_with_doors_to_the_world_may_read_files() {
        assert_eq!(impure(&file("crates/intake/src/lib.rs", "use std::fs;")), []);
        assert_eq!(impure(&file("crates/plan/examples/x.rs", "use std::fs;")), []);
    }

    #[test]
    fn unfinished_code_is_found_in_tests_too() {
        let text = format!("#[cfg(test)]\nmod tests {{\n{}]\n}}", UNFINISHED[3]);
        assert_eq!(places(&unfinished(&file("crates/store/src/a.rs", &text))), ["crates/store/src/a.rs:3"]);
    }

    #[test]
    fn a_file_grows_from_fine_to_long_to_too_long() {
        let of = |lines: usize| too_long(&file("xtask/src/a.rs", &"\n".repeat(lines)));
        assert_eq!(of(500), None);
        assert!(!of(501).unwrap().fatal);
        assert!(!of(600).unwrap().fatal);
        assert!(of(601).unwrap().fatal);
        assert_eq!(too_long(&file("data/a.toml", &"\n".repeat(9000))), None);
    }

    #[test]
    fn a_path_of_one_machine_is_told_from_a_part_of_an_address() {
        let home = concat!("/ho", "me/");
        assert_eq!(names_the_machine(&file("README.md", &format!("see `{home}someone`"))).len(), 1);
        assert_eq!(names_the_machine(&file("README.md", &format!("https://example.go.jp{home}page"))), []);
    }

    #[test]
    fn a_lock_file_names_the_public_registry_only() {
        let public = format!("source = \"{PUBLIC_REGISTRY}index\"");
        assert_eq!(names_the_machine(&file("Cargo.lock", &public)), []);
        let mirror = "source = \"sparse+https://mirror.example/index/\"";
        assert_eq!(names_the_machine(&file("Cargo.lock", mirror)).len(), 1);
    }
}
