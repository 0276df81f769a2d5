//! Some advisories made ready for an index, on whichever thread: texts compressed together, entries encoded. Putting blocks together is `build`'s.

use std::borrow::Cow;

use super::cursor::Ink;
use super::table::hash;
use crate::advisory::{Advisory, Configuration, Named};
use crate::matching::entry;
use crate::name::cpe::{Attribute, Cpe, Value};

/// The strength of the compression: stronger takes several times as long and gains a tenth.
const LEVEL: i32 = 3;
/// Letters of details that stand in for a summary.
const ONE_LINE: usize = 120;
/// In a posting by CPE: the configurations are meant, not an entry.
pub(super) const CONFIGURED: u32 = u32::MAX;

/// Some advisories, ready to be put into an index. About 64 of them make a good block: opening one opens its neighbours.
pub struct Block {
    pub(super) pieces: Vec<Piece>,
    pub(super) packed: Vec<u8>,
    pub(super) raw: usize,
}

/// One advisory, taken apart.
pub(super) struct Piece {
    /// Where it begins in the block.
    pub(super) at: usize,
    pub(super) brief: Vec<u8>,
    pub(super) id: String,
    pub(super) aliases: Vec<String>,
    pub(super) upstream: Vec<String>,
    pub(super) packages: Vec<PackageEntry>,
    /// Part, vendor and product, hashed, and which entry names them.
    pub(super) cpes: Vec<(u64, u32)>,
    pub(super) words: Vec<(String, String, u32, u32)>,
    pub(super) configurations: Vec<Configuration>,
}

pub(super) struct PackageEntry {
    pub(super) ecosystem: String,
    pub(super) hash: u64,
    pub(super) affected: u32,
    pub(super) bytes: Vec<u8>,
}

impl Block {
    /// Makes advisories of one source ready.
    pub fn of(advisories: Vec<Advisory>, source: usize) -> Self {
        let mut raw = Vec::new();
        let pieces = advisories.into_iter().map(|advisory| piece(advisory, source, &mut raw)).collect();
        // A bulk compression into memory has no way to fail; were there one, the block would be refused when it is opened.
        let packed = zstd::bulk::compress(&raw, LEVEL).unwrap_or_default();
        Self { pieces, packed, raw: raw.len() }
    }

    /// How many advisories.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

fn piece(mut advisory: Advisory, source: usize, raw: &mut Vec<u8>) -> Piece {
    let configurations = std::mem::take(&mut advisory.configurations);
    let at = raw.len();
    // Maps with text keys and numbers that JSON gave: nothing in an advisory is without its JSON.
    let _ = serde_json::to_writer(&mut *raw, &advisory);
    let mut piece = Piece {
        at,
        brief: brief(&advisory, source),
        id: std::mem::take(&mut advisory.id),
        aliases: Vec::new(),
        upstream: Vec::new(),
        packages: Vec::new(),
        cpes: configured(&configurations),
        words: Vec::new(),
        configurations,
    };
    for (place, affected) in advisory.affected.iter().enumerate() {
        let place = u32::try_from(place).unwrap_or(CONFIGURED - 1);
        if let Some(bytes) = entry::written(&advisory, affected)
            && let Some(read) = entry::Entry::of(&bytes)
        {
            let ecosystem = crate::matching::package::base(read.ecosystem()).to_owned();
            let hash = hash(&[&ecosystem, read.name()]);
            piece.packages.push(PackageEntry { ecosystem, hash, affected: place, bytes });
        }
        for (named, name) in std::iter::once(&affected.name).chain(&affected.also).enumerate() {
            match name {
                Named::Cpe(text) => piece.cpes.push((product_of(text), place)),
                Named::Words { maker, product } => {
                    let named = u32::try_from(named).unwrap_or_default();
                    piece.words.push((maker.clone(), product.clone(), place, named));
                }
                _ => {}
            }
        }
    }
    piece.upstream = std::mem::take(&mut advisory.upstream);
    piece.upstream.extend(advisory.affected.iter().flat_map(|affected| affected.concerns.iter().cloned()));
    piece.aliases = std::mem::take(&mut advisory.aliases);
    piece
}

/// What is shown of an advisory in a list, in the order in which `read::Brief` takes it.
fn brief(advisory: &Advisory, source: usize) -> Vec<u8> {
    let mut ink = Ink::default();
    ink.text(&advisory.id).count(source).texts(&advisory.aliases).texts(&advisory.upstream);
    for date in [&advisory.published, &advisory.modified, &advisory.withdrawn] {
        ink.maybe(date.as_deref());
    }
    ink.text(&one_line(advisory)).count(advisory.severities.len());
    for severity in &advisory.severities {
        ink.text(&severity.notation).text(&severity.score);
    }
    ink.maybe(advisory.references.first().map(|reference| reference.url.as_str()));
    ink.0
}

/// The summary, or, of sources that have none, how the details begin: where a sentence or a word ends.
fn one_line(advisory: &Advisory) -> Cow<'_, str> {
    if !advisory.summary.is_empty() {
        return Cow::Borrowed(&advisory.summary);
    }
    let line = advisory.details.lines().next().unwrap_or_default().trim();
    if line.chars().count() <= ONE_LINE {
        return Cow::Borrowed(line);
    }
    let cut = line.char_indices().nth(ONE_LINE).map_or(line, |(end, _)| &line[..end]);
    match cut.rfind(". ").map(|end| end + 1).or_else(|| cut.find('。').map(|end| end + '。'.len_utf8())) {
        Some(end) => Cow::Borrowed(&cut[..end]),
        None => Cow::Owned(format!("{} …", cut.rsplit_once(' ').map_or(cut, |(words, _)| words))),
    }
}

/// Every product that a configuration names as vulnerable: of what it runs on nothing is to be found.
fn configured(configurations: &[Configuration]) -> Vec<(u64, u32)> {
    let matches = configurations.iter().flat_map(|one| &one.nodes).flat_map(|node| &node.matches);
    let matches = matches.filter(|one| one.vulnerable);
    let mut found: Vec<_> = matches.map(|one| (product_of(&one.criteria), CONFIGURED)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The product of a CPE name, hashed. Names that cannot be read or leave their product open are all found under [`OPEN`].
pub(super) fn product_of(text: &str) -> u64 {
    let cpe = Cpe::parse(text).ok();
    cpe.as_ref().and_then(product).unwrap_or_else(|| hash(&OPEN))
}

/// Where names are found whose part, vendor or product is open.
pub(super) const OPEN: [&str; 3] = ["*", "*", "*"];

/// Part, vendor and product, hashed; `None` when one of them is open.
pub(super) fn product(cpe: &Cpe) -> Option<u64> {
    let text = |attribute| match cpe.get(attribute) {
        value @ Value::Text(text) if !value.has_wildcards() => Some(text),
        Value::Na => Some("-"),
        _ => None,
    };
    Some(hash(&[text(Attribute::Part)?, text(Attribute::Vendor)?, text(Attribute::Product)?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_stand_in_for_a_summary_as_far_as_a_sentence_or_word_goes() {
        let line = |summary: &str, details: &str| {
            let advisory =
                Advisory { summary: summary.into(), details: details.into(), ..Advisory::default() };
            one_line(&advisory).into_owned()
        };
        assert_eq!(line("own", "details"), "own");
        assert_eq!(line("", "short\nsecond line"), "short");
        let long = "word ".repeat(40);
        assert_eq!(line("", &format!("First sentence. {long}")), "First sentence.");
        assert!(line("", &long).ends_with("word …") && line("", &long).len() < 130);
        let japanese = "あ".repeat(200);
        assert_eq!(line("", &format!("文。{japanese}")), "文。");
        assert!(line("", &japanese).ends_with('…'));
    }
}
