//! Rare words that a programme and a goal have in common. Words are runs of one script (kanji compounds cut into
//! pieces of four), found by one pass over each programme's text and weighed by how few programmes use them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::identity::Programmes;
use crate::view::View;

/// Share (of 1000) of the full points, and the words, by place of the goal.
pub(super) type Shared = BTreeMap<usize, (u16, String)>;

/// Words that more than this share of programmes use tell nothing. Configuration.
const COMMON: f64 = 0.15;
/// The weight at which the full points are reached: about three words that hardly any programme uses.
const FULL_WEIGHT: f64 = 3.0;
/// A single word is never enough.
const LEAST_WORDS: usize = 2;

/// For each programme, what it shares with each goal's text.
pub(super) fn shared(view: &View, programmes: &Programmes, goals: &[&str]) -> Vec<Shared> {
    let nothing = || vec![Shared::new(); programmes.groups.len()];
    let (words, of_goals) = vocabulary(goals);
    let Ok(finder) = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&words) else {
        return nothing();
    };
    let used: Vec<BTreeSet<usize>> = programmes
        .groups
        .par_iter()
        .map(|group| {
            let Some(sheet) = group.newest(view) else { return BTreeSet::new() };
            let texts = std::iter::once(&sheet.name).chain(&sheet.texts);
            let mut found = BTreeSet::new();
            for text in texts {
                let folded = fold(text);
                found.extend(
                    finder
                        .find_overlapping_iter(&folded)
                        .filter(|m| stands_alone(&folded, m.start(), m.end()))
                        .map(|m| m.pattern().as_usize()),
                );
            }
            found
        })
        .collect();
    let weights = weights(words.len(), &used);
    used.par_iter().map(|used| of_programme(used, &of_goals, &words, &weights)).collect()
}

fn of_programme(
    used: &BTreeSet<usize>,
    of_goals: &[BTreeSet<usize>],
    words: &[String],
    weights: &[f64],
) -> Shared {
    let mut shared = Shared::new();
    for (goal, vocabulary) in of_goals.iter().enumerate() {
        let mut common: Vec<usize> =
            used.intersection(vocabulary).copied().filter(|&word| weights[word] > 0.0).collect();
        if common.len() < LEAST_WORDS {
            continue;
        }
        common.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]).then(a.cmp(b)));
        let weight: f64 = common.iter().map(|&word| weights[word]).sum();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        let share = (weight / FULL_WEIGHT * 1000.0).min(1000.0) as u16;
        let words: Vec<&str> = common.iter().take(6).map(|&word| words[word].as_str()).collect();
        shared.insert(goal, (share, words.join("、")));
    }
    shared
}

/// All words of all goals, and those of each.
fn vocabulary(goals: &[&str]) -> (Vec<String>, Vec<BTreeSet<usize>>) {
    let mut words: Vec<String> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let of_goals = goals.iter().map(|goal| {
        let mut mine = BTreeSet::new();
        for word in pieces(&fold(goal)) {
            let next = words.len();
            let at = *known.entry(word.clone()).or_insert(next);
            if at == next {
                words.push(word);
            }
            mine.insert(at);
        }
        mine
    });
    let of_goals = of_goals.collect();
    (words, of_goals)
}

/// From 0 (common) to 1 (used by one programme): the logarithm of rarity over its greatest value.
fn weights(count: usize, used: &[BTreeSet<usize>]) -> Vec<f64> {
    let mut seen = vec![0_u32; count];
    for word in used.iter().flatten() {
        seen[*word] += 1;
    }
    #[allow(clippy::cast_precision_loss, reason = "a count of programmes")]
    let all = used.len().max(2) as f64;
    let weight = |seen: u32| {
        let share = f64::from(seen) / all;
        // In a handful of programmes nothing is common; the share only speaks where there are many.
        if seen == 0 || (share > COMMON && all > 20.0) { 0.0 } else { (1.0 / share).ln() / all.ln() }
    };
    seen.into_iter().map(weight).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Kanji,
    Katakana,
    Latin,
    Other,
}

fn script(c: char) -> Script {
    match c {
        '\u{4E00}'..='\u{9FFF}' | '々' => Script::Kanji,
        'ァ'..='ヺ' | 'ー' => Script::Katakana,
        'a'..='z' => Script::Latin,
        _ => Script::Other,
    }
}

/// The words of a folded text: runs of one script; a long run of kanji gives its pieces of four, two by two.
fn pieces(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    for run in chars.chunk_by(|a, b| script(*a) == script(*b)) {
        match script(run[0]) {
            Script::Kanji if run.len() <= 4 && run.len() >= 3 => words.push(run.iter().collect()),
            Script::Kanji if run.len() > 4 => {
                words.extend((0..=run.len() - 4).step_by(2).map(|at| run[at..at + 4].iter().collect()));
            }
            Script::Katakana if run.len() >= 4 => words.push(run.iter().collect()),
            Script::Latin if run.len() >= 3 => words.push(run.iter().collect()),
            _ => {}
        }
    }
    words
}

/// Latin letters and katakana are words only as a whole: SaMD is not part of another word.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let inner = |c: Option<char>| c.map_or(Script::Other, script);
    let (first, last) = (inner(text[start..].chars().next()), inner(text[..end].chars().next_back()));
    let (before, after) = (inner(text[..start].chars().next_back()), inner(text[end..].chars().next()));
    let joined =
        |edge: Script, beyond: Script| matches!(edge, Script::Latin | Script::Katakana) && edge == beyond;
    !joined(first, before) && !joined(last, after)
}

/// One width, lower case. Cheaper than full normalisation, which the few texts that need it still get.
fn fold(text: &str) -> String {
    if text.chars().any(|c| matches!(c, '\u{FF61}'..='\u{FF9F}' | '\u{3300}'..='\u{33FF}')) {
        return base::text::fold_width(text).to_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{FF01}'..='\u{FF5E}' => {
                let narrow = char::from_u32(c as u32 - 0xFEE0).unwrap_or(c);
                folded.push(narrow.to_ascii_lowercase());
            }
            c => folded.push(c.to_ascii_lowercase()),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_one_script() {
        assert_eq!(
            pieces(&fold("ＳａＭＤの実用化、データバンクと臨床研究中核病院")),
            ["samd", "実用化", "データバンク", "臨床研究", "研究中核", "中核病院"]
        );
    }

    #[test]
    fn a_latin_word_is_not_found_inside_another() {
        assert!(!stands_alone("daroma", 1, 4));
        assert!(stands_alone("のaroに", "の".len(), "のaro".len()));
    }

    #[test]
    fn what_everybody_says_weighs_nothing() {
        let used: Vec<BTreeSet<usize>> =
            (0..40).map(|at| if at == 0 { BTreeSet::from([0, 1]) } else { BTreeSet::from([0]) }).collect();
        let weights = weights(2, &used);
        assert!(weights[0].abs() < f64::EPSILON && weights[1] > 0.99);
    }
}
