//! An index is put together from blocks. What each section holds is written here, and read in `read` and `lookup`.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_64;

use super::about::About;
use super::block::{Block, PackageEntry, Piece, product_of};
use super::configured::{self, shortened};
use super::cursor::Ink;
use super::format::{IndexError, Section, TRAILER, header, lines};
use super::lookup::{Role, cve_key, id_key, write_epss, write_kev};
use super::table::postings;
use crate::advisory::{Advisory, epss, kev};

/// Where an advisory has no configurations.
pub(super) const NOWHERE: u32 = u32::MAX;
/// Advisories in a block, where nobody makes blocks on several threads.
const IN_A_BLOCK: usize = 64;

/// An index in the making. Advisories keep the order in which their blocks are added.
#[derive(Default)]
pub struct Builder {
    advisories: u32,
    blocks: u32,
    /// Which place of `Advisories` each one is in: offsets of its brief, its block, where in that it begins, its configurations.
    lines: Vec<[u32; 4]>,
    ecosystems: BTreeMap<String, u32>,
    briefs: Vec<u8>,
    entries: Vec<u8>,
    table: Vec<u8>,
    packed: Vec<u8>,
    packages: Vec<(u64, Vec<u8>)>,
    cpes: Vec<(u64, Vec<u8>)>,
    configurations: Ink,
    strings: Strings,
    words: Ink,
    ids: Vec<(u64, Vec<u8>)>,
    groups: Groups,
    kev: BTreeMap<u64, Vec<u8>>,
    epss: BTreeMap<u64, (String, Vec<u8>)>,
    epss_tables: Ink,
    epss_count: u32,
}

/// Texts, each once.
#[derive(Default)]
struct Strings {
    known: HashMap<String, u32>,
    table: Vec<u8>,
    bytes: Vec<u8>,
}

/// Advisories whose ids and aliases touch: each points to an earlier one of its group, or to itself.
#[derive(Default)]
struct Groups {
    before: Vec<u32>,
    bearers: HashMap<String, u32>,
}

/// An index of advisories that are at hand, from one source that nothing is told of.
pub fn build(advisories: impl IntoIterator<Item = Advisory>) -> Result<Vec<u8>, IndexError> {
    let mut builder = Builder::default();
    let mut advisories = advisories.into_iter().peekable();
    while advisories.peek().is_some() {
        builder.add(Block::of(advisories.by_ref().take(IN_A_BLOCK).collect(), 0));
    }
    builder.finish(&About::default())
}

/// An index with one of its sections rewritten and every hash made to agree: what a hostile writer could make, for tests of its readers.
pub fn rewritten(
    bytes: &[u8],
    section: Section,
    mut change: impl FnMut(&[u8]) -> Vec<u8>,
) -> Result<Vec<u8>, IndexError> {
    let mut sections: Vec<Vec<u8>> =
        lines(bytes)?.iter().map(|line| bytes[line.start..line.end].to_vec()).collect();
    let at = section as usize;
    sections[at] = change(&sections[at]);
    Ok(file_of(&sections))
}

impl Builder {
    /// Adds the advisories of a block.
    pub fn add(&mut self, block: Block) {
        self.table.extend((self.packed.len() as u64).to_le_bytes());
        self.table.extend(within(block.packed.len()).to_le_bytes());
        self.table.extend(within(block.raw).to_le_bytes());
        self.table.extend(xxh3_64(&block.packed).to_le_bytes());
        self.packed.extend_from_slice(&block.packed);
        for piece in block.pieces {
            self.piece(piece);
        }
        self.blocks += 1;
    }

    /// Adds what is known to be exploited.
    pub fn exploited(&mut self, catalogue: &kev::Catalogue) {
        for one in &catalogue.entries {
            if let Some(key) = cve_key(&one.cve) {
                self.kev.insert(key, write_kev(key, one));
            }
        }
    }

    /// Adds a table of predictions. Of several on one CVE the newest stays.
    pub fn predicted(&mut self, scores: &epss::Scores) {
        let date = scores.date.clone().unwrap_or_default();
        self.epss_tables.maybe(scores.date.as_deref()).maybe(scores.model.as_deref());
        for one in &scores.scores {
            let Some(key) = cve_key(&one.cve) else { continue };
            let newer = self.epss.get(&key).is_none_or(|(before, _)| *before <= date);
            if newer {
                self.epss.insert(key, (date.clone(), write_epss(key, one, self.epss_count)));
            }
        }
        self.epss_count += 1;
    }

    /// The bytes of the index.
    pub fn finish(mut self, about: &About) -> Result<Vec<u8>, IndexError> {
        let mut sections = vec![Vec::new(); Section::ALL.len()];
        let mut put = |section: Section, bytes: Vec<u8>| {
            // Offsets within a section have 32 bits, except those of blocks.
            let large = bytes.len() > u32::MAX as usize && section != Section::Blocks;
            sections[section as usize] = bytes;
            if large { Err(IndexError::TooLarge(section)) } else { Ok(()) }
        };
        put(Section::About, serde_json::to_vec(about).unwrap_or_default())?;
        put(Section::Ecosystems, ecosystems(&self.ecosystems))?;
        put(Section::Advisories, advisory_lines(&self.lines, &mut self.groups))?;
        put(Section::Briefs, self.briefs)?;
        put(Section::Entries, self.entries)?;
        put(Section::BlockTable, self.table)?;
        put(Section::Blocks, self.packed)?;
        let (keys, entries) = postings(self.packages);
        put(Section::Packages, keys)?;
        put(Section::PackageEntries, entries)?;
        let (keys, entries) = postings(self.cpes);
        put(Section::Cpes, keys)?;
        put(Section::CpeEntries, entries)?;
        put(Section::Configurations, self.configurations.0)?;
        put(Section::StringTable, self.strings.table)?;
        put(Section::Strings, self.strings.bytes)?;
        put(Section::Words, self.words.0)?;
        put(Section::Ids, sorted(self.ids))?;
        put(Section::Groups, self.groups.members())?;
        put(Section::Kev, self.kev.into_values().flatten().collect())?;
        put(Section::Epss, self.epss.into_values().flat_map(|(_, line)| line).collect())?;
        put(Section::EpssTables, self.epss_tables.0)?;
        Ok(file_of(&sections))
    }

    fn piece(&mut self, piece: Piece) {
        let number = self.advisories;
        self.advisories += 1;
        let configurations = if piece.configurations.is_empty() {
            NOWHERE
        } else {
            let at = within(self.configurations.0.len());
            configured::write(&mut self.configurations, &piece.configurations, |name| {
                self.strings.number(name)
            });
            at
        };
        self.lines.push([within(self.briefs.len()), self.blocks, within(piece.at), configurations]);
        self.briefs.extend_from_slice(&piece.brief);
        self.package_entries(number, &piece.packages);
        let posted = piece.cpes.iter().map(|(hash, named)| (*hash, pair(number, *named)));
        self.cpes.extend(posted);
        for (maker, product, affected, named) in &piece.words {
            self.words.text(maker).text(product).number(number).number(*affected).number(*named);
        }
        let own = std::iter::once((&piece.id, Role::Own));
        let others = piece.aliases.iter().map(|id| (id, Role::Alias));
        for (id, role) in own.chain(others).chain(piece.upstream.iter().map(|id| (id, Role::Upstream))) {
            self.ids.push((id_key(id), pair(number, role as u32)));
        }
        self.groups.add(number, std::iter::once(&piece.id).chain(&piece.aliases));
    }

    fn package_entries(&mut self, number: u32, entries: &[PackageEntry]) {
        let mut before: Vec<&str> = Vec::new();
        for entry in entries {
            let mut posted = pair(number, entry.affected);
            posted.extend(within(self.entries.len()).to_le_bytes());
            self.packages.push((entry.hash, posted));
            self.entries.extend_from_slice(Ink::default().bytes(&entry.bytes).0.as_slice());
            if !before.contains(&entry.ecosystem.as_str()) {
                *self.ecosystems.entry(entry.ecosystem.clone()).or_default() += 1;
                before.push(&entry.ecosystem);
            }
        }
    }
}

impl Strings {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = within(self.known.len());
        self.known.insert(text.to_owned(), number);
        self.table.extend(within(self.bytes.len()).to_le_bytes());
        self.table.extend(shortened(product_of(text)).to_le_bytes());
        self.bytes.extend_from_slice(Ink::default().text(text).0.as_slice());
        number
    }
}

impl Groups {
    fn add<'a>(&mut self, number: u32, ids: impl Iterator<Item = &'a String>) {
        self.before.push(number);
        for id in ids {
            let bearer = *self.bearers.entry(id.to_ascii_uppercase()).or_insert(number);
            let (left, right) = (self.first(bearer), self.first(number));
            self.before[left.max(right) as usize] = left.min(right);
        }
    }

    /// The first of its group; ways are halved in passing.
    fn first(&mut self, mut number: u32) -> u32 {
        loop {
            let next = self.before[number as usize];
            if next == number {
                return number;
            }
            self.before[number as usize] = self.before[next as usize];
            number = next;
        }
    }

    /// Group and member, of groups with more than one.
    fn members(&mut self) -> Vec<u8> {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for number in 0..within(self.before.len()) {
            let first = self.first(number);
            members.entry(first).or_default().push(number);
        }
        let shown = members.into_iter().filter(|(_, members)| members.len() > 1);
        let lines = shown.flat_map(|(first, members)| members.into_iter().map(move |one| (first, one)));
        lines
            .flat_map(|(first, one)| [u64::from(first).to_le_bytes(), u64::from(one).to_le_bytes()].concat())
            .collect()
    }
}

fn file_of(sections: &[Vec<u8>]) -> Vec<u8> {
    let mut file = header(sections);
    file.reserve_exact(sections.iter().map(Vec::len).sum::<usize>() + TRAILER);
    for section in sections {
        file.extend_from_slice(section);
    }
    let digest = Sha256::digest(&file);
    file.extend_from_slice(&digest);
    file
}

fn ecosystems(ecosystems: &BTreeMap<String, u32>) -> Vec<u8> {
    let mut ink = Ink::default();
    for (name, count) in ecosystems {
        ink.text(name).number(*count);
    }
    ink.0
}

/// Of every advisory where its brief begins, its block, its place in that, its configurations, and the first of its group.
fn advisory_lines(lines: &[[u32; 4]], groups: &mut Groups) -> Vec<u8> {
    let numbered = lines.iter().zip(0_u32..);
    numbered
        .flat_map(|([brief, block, at, configurations], number)| {
            [*brief, *block, *at, *configurations, groups.first(number)].map(u32::to_le_bytes).concat()
        })
        .collect()
}

fn sorted(mut lines: Vec<(u64, Vec<u8>)>) -> Vec<u8> {
    lines.sort();
    lines.dedup();
    lines.into_iter().flat_map(|(key, rest)| [&key.to_le_bytes()[..], &rest].concat()).collect()
}

fn pair(left: u32, right: u32) -> Vec<u8> {
    [left.to_le_bytes(), right.to_le_bytes()].concat()
}

/// Sections beyond 32 bits are refused when they are put together.
fn within(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
