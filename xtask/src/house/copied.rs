//! Long passages of the plan's documents do not belong in the project: they arrive by intake.
//!
//! Names, figures and dates are facts and stay short; a run of sixty characters of Japanese prose is a copy.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Result;

use super::{Offence, TextFile};
use crate::shell;

const COPY: usize = 60;
/// Of the sixty, so many are Japanese: prose has a few figures and Latin letters in it.
const JAPANESE: usize = 50;

/// Compares every file with the documents; without them there is nothing to compare with.
pub(super) fn check(files: &[TextFile]) -> Result<Vec<Offence>> {
    let shared = std::env::var_os("SHIRUBE_SHARED").map_or(shell::root().join("../shared"), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(shared.join("seeds")) else {
        println!("skipped: the plan's documents are not at {}/seeds", shared.display());
        return Ok(Vec::new());
    };
    let mut documents = Vec::new();
    for entry in entries {
        documents.push(letters(&std::fs::read_to_string(entry?.path())?));
    }
    let passages: HashSet<&[char]> = documents.iter().flat_map(|text| passages(text)).collect();
    Ok(files.iter().filter_map(|file| copy(file, &passages)).collect())
}

fn copy(file: &TextFile, passages: &HashSet<&[char]>) -> Option<Offence> {
    let text = letters(&without_names(file));
    let found = self::passages(&text).find(|passage| passages.contains(passage))?;
    let begins: String = found.iter().take(24).collect();
    Some(Offence::new(&file.path, format!("copies a long passage of the documents: {begins}…")))
}

/// The official name of a measure can be a long sentence. It is a name all the same, and stands in `data/` as one.
fn without_names(file: &TextFile) -> String {
    let is_name = |line: &&str| {
        let key = line.split_once('=').map_or("", |(key, _)| key.trim());
        file.path.starts_with("data/") && key.rsplit('.').next() == Some("name")
    };
    file.text.lines().filter(|line| !is_name(line)).collect()
}

/// A document's lines break anywhere, so white space does not count.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn passages(text: &[char]) -> impl Iterator<Item = &[char]> {
    let mut japanese = text.iter().take(COPY - 1).filter(|c| is_japanese(**c)).count();
    text.windows(COPY).filter(move |window| {
        japanese += usize::from(is_japanese(window[COPY - 1]));
        let enough = japanese >= JAPANESE;
        japanese -= usize::from(is_japanese(window[0]));
        enough
    })
}

/// Kana, kanji and the punctuation among them.
fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(document: &str, project: &str) -> bool {
        let document = letters(document);
        let passages: HashSet<&[char]> = passages(&document).collect();
        copy(&TextFile { path: "data/x.toml".into(), text: project.into() }, &passages).is_some()
    }

    #[test]
    fn a_long_passage_is_found_across_line_breaks() {
        let prose = "標は道を示すものであり、".repeat(6);
        let broken: String = prose.chars().flat_map(|c| [c, '\n']).collect();
        assert!(found(&prose, &format!("text = \"{broken}\"")));
    }

    #[test]
    fn a_name_and_a_table_of_names_are_facts() {
        let name = "架空の医療機器の研究開発に関する調査事業";
        assert!(!found(&name.repeat(4), &format!("name = \"{name}\"\nother = \"{name}\"")));
    }

    #[test]
    fn the_long_official_name_of_a_record_is_a_name() {
        let measure = "架空の医療機器を使う人の育成、".repeat(5);
        assert!(!found(&measure, &format!("fields.name = {{ ja = \"{measure}\" }}")));
        assert!(found(&measure, &format!("fields.results = \"{measure}\"")));
    }

    #[test]
    fn latin_text_is_not_compared() {
        assert!(!found(
            &"Licence text, the same everywhere. ".repeat(9),
            &"Licence text, the same everywhere. ".repeat(9)
        ));
    }
}
