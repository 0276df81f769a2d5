//! How near two names are: makers and products apart, letters may differ by one in longer words, numbers never.

use super::normal::{Code, MakerNames, ProductWords, SPELLING_FROM};

/// How two names differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// In nothing but case, blanks, punctuation and words that tell nothing apart.
    Same,
    /// In the spelling of words.
    Spelling(Vec<Spelling>),
    /// The device's name says more than the advisory's: one of a family.
    Narrower {
        /// The words only the device's name has.
        extra: Vec<String>,
        /// Words that are spelt otherwise.
        spelling: Vec<Spelling>,
    },
    /// The advisory's name says more than the device's: only some of what bears the device's name.
    Wider {
        /// The words only the advisory's name has.
        missing: Vec<String>,
        /// Words that are spelt otherwise.
        spelling: Vec<Spelling>,
    },
}

/// A word that both sides spell otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The device's.
    pub ours: String,
    /// The advisory's.
    pub theirs: String,
}

impl Likeness {
    /// How far apart the names are, to choose the nearest.
    pub(super) fn distance(&self) -> u32 {
        let count = |words: usize| u32::try_from(words).unwrap_or(u32::MAX / 16);
        match self {
            Self::Same => 0,
            Self::Spelling(spelling) => count(spelling.len()),
            Self::Narrower { extra, spelling } => 10 + count(extra.len() + spelling.len()),
            Self::Wider { missing, spelling } => 100 + count(missing.len() + spelling.len()),
        }
    }
}

/// The nearest of the names of two makers: the words of one begin with those of the other.
pub(super) fn makers(ours: &MakerNames, theirs: &MakerNames) -> Option<Likeness> {
    let pairs = ours.0.iter().flat_map(|ours| theirs.0.iter().map(move |theirs| (ours, theirs)));
    pairs.filter_map(|(ours, theirs)| begins(ours, theirs)).min_by_key(Likeness::distance)
}

fn begins(ours: &[String], theirs: &[String]) -> Option<Likeness> {
    let common = ours.len().min(theirs.len());
    let mut spelling = Vec::new();
    for (our, their) in ours.iter().zip(theirs) {
        compare(our, their, &mut spelling)?;
    }
    // One letter alone is no maker: `B.` of `B. Braun`.
    if ours[..common].iter().map(String::len).sum::<usize>() < 2 {
        return None;
    }
    Some(likeness(ours[common..].to_vec(), theirs[common..].to_vec(), spelling))
}

/// What the names of two products have in common; `None` where each says something the other does not.
/// The makers' names on both sides are no words of the products.
pub(super) fn products(
    ours: &ProductWords,
    theirs: &ProductWords,
    makers: (&MakerNames, &MakerNames),
) -> Option<Likeness> {
    let excluded =
        theirs.without.iter().any(|word| ours.words.contains(word) && !theirs.words.contains(word));
    if excluded {
        return None;
    }
    // Most pairs are of one family and say different things: they are told apart before anything is copied, those of other models first.
    if tell_models_apart(ours, theirs) {
        return None;
    }
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    let mut extra: Vec<&str> = Vec::new();
    let mut used = vec![false; theirs.words.len()];
    for our in &ours.words {
        let at = theirs
            .words
            .iter()
            .position(|their| their == our)
            .or_else(|| (0..used.len()).find(|at| !used[*at] && is_near(our, &theirs.words[*at])));
        match at {
            Some(at) => {
                used[at] = true;
                pairs.push((our, &theirs.words[at]));
            }
            None => extra.push(our),
        }
    }
    let mut missing: Vec<&str> =
        theirs.words.iter().zip(&used).filter(|(_, used)| !**used).map(|(word, _)| word.as_str()).collect();
    let shared_codes = codes(ours, theirs, &mut extra, &mut missing);
    // `BD Pyxis` of a maker who is not called BD on the other side.
    extra.retain(|word| !makers.1.has(word));
    missing.retain(|word| !makers.0.has(word));
    // Blanks within a word: `WebViewer`.
    let only_blanks = !extra.is_empty()
        && extra.iter().flat_map(|word| word.bytes()).eq(missing.iter().flat_map(|word| word.bytes()));
    if !only_blanks && !extra.is_empty() && !missing.is_empty() {
        return None;
    }
    // A word or code that tells products apart must be shared; a name of two letters must be the whole name.
    let whole = only_blanks || extra.is_empty() && missing.is_empty();
    let long_enough = whole || ours.words.iter().any(|word| word.chars().count() >= 3);
    if !shared_codes && !(long_enough && (!pairs.is_empty() || only_blanks)) {
        return None;
    }
    let mut spelling = Vec::new();
    for (our, their) in pairs {
        compare(our, their, &mut spelling)?;
    }
    if only_blanks {
        spelling.push(Spelling { ours: extra.join(" "), theirs: missing.join(" ") });
        (extra, missing) = (Vec::new(), Vec::new());
    }
    let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
    Some(likeness(owned(extra), owned(missing), spelling))
}

/// Whether both have codes or numbers and share none: another model.
fn tell_models_apart(ours: &ProductWords, theirs: &ProductWords) -> bool {
    let is_shared = |our: &Code| theirs.codes.iter().any(|their| covers(their, our));
    !ours.codes.is_empty() && !theirs.codes.is_empty() && !ours.codes.iter().any(is_shared)
}

/// Compares codes and numbers; whether a model is shared. Of a list of models (`FM20/FM30`) one is enough.
fn codes<'w>(
    ours: &'w ProductWords,
    theirs: &'w ProductWords,
    extra: &mut Vec<&'w str>,
    missing: &mut Vec<&'w str>,
) -> bool {
    let is_known = |code: &Code| theirs.codes.iter().any(|their| covers(their, code));
    let is_shared = ours.codes.iter().any(is_known);
    extra.extend(ours.codes.iter().filter(|code| !is_known(code)).map(|code| code.text.as_str()));
    let has_model = ours.codes.iter().any(|code| is_known(code) && is_model(code));
    let of_a_list = theirs.codes.len() > 1 && is_shared;
    let left = theirs.codes.iter().filter(|their| !ours.codes.iter().any(|our| covers(their, our)));
    missing.extend(
        left.filter(|code| !(of_a_list && is_model(code) && has_model)).map(|code| code.text.as_str()),
    );
    has_model
}

/// Letters and digits, or at least four digits: what names a model by itself.
fn is_model(code: &Code) -> bool {
    let letters = code.text.bytes().any(|byte| byte.is_ascii_alphabetic());
    code.span.is_some() || letters && code.text.len() >= 3 || code.text.len() >= 4
}

fn covers(theirs: &Code, ours: &Code) -> bool {
    if theirs.text == ours.text {
        return true;
    }
    let Some((letters, first, last)) = &theirs.span else { return false };
    let number = ours.text.strip_prefix(letters.as_str()).and_then(|rest| rest.parse::<u32>().ok());
    number.is_some_and(|number| (*first..=*last).contains(&number))
}

fn likeness(extra: Vec<String>, missing: Vec<String>, spelling: Vec<Spelling>) -> Likeness {
    if !missing.is_empty() {
        Likeness::Wider { missing, spelling }
    } else if !extra.is_empty() {
        Likeness::Narrower { extra, spelling }
    } else if spelling.is_empty() {
        Likeness::Same
    } else {
        Likeness::Spelling(spelling)
    }
}

fn compare(ours: &str, theirs: &str, spelling: &mut Vec<Spelling>) -> Option<()> {
    if ours != theirs {
        is_near(ours, theirs).then_some(())?;
        spelling.push(Spelling { ours: ours.to_owned(), theirs: theirs.to_owned() });
    }
    Some(())
}

/// Whether two words of at least five letters differ by one letter, left out, put in, changed, or changed places with its neighbour.
fn is_near(left: &str, right: &str) -> bool {
    // One letter changes the beginning or the end of a long word, never both.
    let ends = |word: &str| (word.chars().next(), word.chars().next_back());
    let (ours, theirs) = (ends(left), ends(right));
    if ours.0 != theirs.0 && ours.1 != theirs.1 {
        return false;
    }
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let (short, long) = if left.len() <= right.len() { (&left, &right) } else { (&right, &left) };
    if short.len() < SPELLING_FROM || long.len() - short.len() > 1 {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let end = short[start..]
        .iter()
        .rev()
        .zip(long[start..].iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let (short, long) = (&short[start..short.len() - end], &long[start..long.len() - end]);
    match (short, long) {
        ([] | [_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}
