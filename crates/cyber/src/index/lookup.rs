//! How advisories are found in an index: by package, by product, by words, by id; and what is known of a CVE besides.

use super::block::{OPEN, product};
use super::configured::Concerned;
use super::cursor::Cursor;
use super::format::{IndexError, Section, number, small};
use super::read::{Index, OpenSpot};
use super::table::{Table, hash, posted};
use crate::advisory::{Named, epss, kev};
use crate::matching::entry::Entry;
use crate::name::cpe::Cpe;

/// Bytes of an entry of `PackageEntries`.
const PACKAGE: usize = 12;
/// Bytes of an entry of `CpeEntries`.
const CPE: usize = 8;
/// Bytes of a line of `Ids`, and of `Groups`.
const ID: usize = 16;
/// Bytes of a line of `Kev`: the CVE, two days, and how it is used.
const KEV: usize = 8 + 2 * DAY + 1;
const DAY: usize = 10;
/// Bytes of a line of `Epss`: the CVE, score, percentile and table.
const EPSS: usize = 28;

/// How an id stands to an advisory that bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Its own.
    Own,
    /// The same vulnerability elsewhere.
    Alias,
    /// A vulnerability it carries downstream, or that one of its entries speaks of.
    Upstream,
}

/// A place where a product is named by CPE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// In the configurations of an advisory.
    Configurations(u32),
    /// In an entry: the advisory and the index into `Advisory::affected`.
    Entry(u32, u32),
}

/// A product told in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worded<'a> {
    /// The maker, as written.
    pub maker: &'a str,
    /// The product, as written.
    pub product: &'a str,
    /// The advisory.
    pub advisory: u32,
    /// The index into `Advisory::affected`.
    pub affected: u32,
    /// 0 for its name, n for the nth of `also`.
    pub named: u32,
}

/// That a vulnerability is known to be exploited (CISA KEV).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exploitation {
    /// The day it was added.
    pub added: Option<String>,
    /// The day by which authorities of the USA must have acted.
    pub due: Option<String>,
    /// Whether extortionists use it.
    pub ransomware: kev::Ransomware,
}

/// How probable exploitation within 30 days is (EPSS).
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The probability.
    pub score: f64,
    /// The share of vulnerabilities with at most this score.
    pub percentile: Option<f64>,
    /// The day of the table.
    pub date: Option<String>,
    /// The model.
    pub model: Option<String>,
}

/// The day of a table of predictions and its model, as far as it tells them.
type DayAndModel = (Option<String>, Option<String>);

impl<'a> Index<'a> {
    /// Whether anything is said about any package of an ecosystem (without suffix): where not, silence means nothing.
    pub(crate) fn has_ecosystem(&self, ecosystem: &str) -> Result<bool, IndexError> {
        Ok(self.ecosystems()?.iter().any(|known| known.name == ecosystem))
    }

    /// Every entry under an ecosystem without suffix and a name in normal form, with advisory and index: the names are yet to be compared.
    pub(crate) fn package(
        &self,
        ecosystem: &str,
        name: &str,
    ) -> Result<impl Iterator<Item = Result<(u32, u32, Entry<'a>), IndexError>> + use<'a>, IndexError> {
        let damaged = IndexError::Damaged(Section::PackageEntries);
        let (keys, all) = (self.section(Section::Packages)?, self.section(Section::PackageEntries)?);
        let found = posted(keys, all, PACKAGE, hash(&[ecosystem, name])).ok_or_else(|| damaged.clone())?;
        let entries = if found.len() == 0 { &[][..] } else { self.section(Section::Entries)? };
        Ok((0..found.len()).map(move |at| {
            let line = found.line(at).unwrap_or_default();
            let place = |at| small(line, at).ok_or_else(|| damaged.clone());
            let bytes = entries.get(place(8)? as usize..).and_then(|bytes| Cursor(bytes).bytes());
            let entry = bytes.and_then(Entry::of).ok_or(IndexError::Damaged(Section::Entries))?;
            Ok((place(0)?, place(4)?, entry))
        }))
    }

    /// Where a product is named, with every place that names several of which it may be one; each is yet to be compared. A product that itself
    /// leaves vendor or product open finds only the latter.
    pub fn naming(&self, cpe: &Cpe) -> Result<Vec<Spot>, IndexError> {
        let mut spots = match product(cpe) {
            Some(key) => self.spots(key)?,
            None => Vec::new(),
        };
        let may_name = |open: &&OpenSpot| open.names.iter().any(|name| name.may_share_product(cpe));
        spots.extend(self.open_spots()?.iter().filter(may_name).map(|open| open.spot));
        spots.sort_unstable();
        spots.dedup();
        Ok(spots)
    }

    fn spots(&self, key: u64) -> Result<Vec<Spot>, IndexError> {
        let damaged = || IndexError::Damaged(Section::CpeEntries);
        let (keys, all) = (self.section(Section::Cpes)?, self.section(Section::CpeEntries)?);
        let found = posted(keys, all, CPE, key).ok_or_else(damaged)?;
        let spot = |at| {
            let line = found.line(at).unwrap_or_default();
            let (advisory, named) = small(line, 0).zip(small(line, 4)).ok_or_else(damaged)?;
            Ok(match named {
                super::block::CONFIGURED => Spot::Configurations(advisory),
                affected => Spot::Entry(advisory, affected),
            })
        };
        (0..found.len()).map(spot).collect()
    }

    /// The places found under no product of their own: few, and asked about with every product.
    fn open_spots(&self) -> Result<&[OpenSpot], IndexError> {
        if let Some(known) = self.open.get() {
            return Ok(known);
        }
        let spots = self.spots(hash(&OPEN))?.into_iter();
        let read = spots.map(|spot| Ok(OpenSpot { spot, names: self.open_names(spot)? }));
        let read = read.collect::<Result<Vec<_>, IndexError>>()?;
        Ok(self.open.get_or_init(|| read))
    }

    /// The names of a place that stand for several products; those that cannot be read name none.
    fn open_names(&self, spot: Spot) -> Result<Vec<Cpe>, IndexError> {
        let texts: Vec<String> = match spot {
            Spot::Configurations(number) => {
                let nodes = self.configurations(number)?.into_iter().flat_map(|one| one.nodes);
                nodes.flat_map(|node| node.matches).map(|one| one.criteria).collect()
            }
            Spot::Entry(number, at) => {
                let entry = self.advisory(number)?.affected.into_iter().nth(at as usize);
                let borne = entry.into_iter().flat_map(|entry| std::iter::once(entry.name).chain(entry.also));
                borne.filter_map(|name| if let Named::Cpe(text) = name { Some(text) } else { None }).collect()
            }
        };
        let read = texts.iter().filter_map(|text| Cpe::parse(text).ok());
        Ok(read.filter(|cpe| product(cpe).is_none()).collect())
    }

    /// Products by their CPE names, for [`Index::concerning`]; `None` where a name leaves its product open, so that anything may concern it.
    pub(crate) fn concerned<'c>(cpes: impl IntoIterator<Item = &'c Cpe>) -> Option<Concerned> {
        let named: Option<Vec<u64>> = cpes.into_iter().map(product).collect();
        Some(Concerned::of(named?.into_iter().chain([hash(&OPEN)])))
    }

    /// Every product told in words, in the order of advisories.
    pub fn worded(&self) -> Result<Vec<Worded<'a>>, IndexError> {
        let mut cursor = Cursor(self.section(Section::Words)?);
        let mut found = Vec::new();
        while !cursor.0.is_empty() {
            found.push(worded(&mut cursor).ok_or(IndexError::Damaged(Section::Words))?);
        }
        Ok(found)
    }

    /// The advisories that bear an id, and how; letters of either case are alike.
    pub fn bearing(&self, id: &str) -> Result<Vec<(u32, Role)>, IndexError> {
        let damaged = || IndexError::Damaged(Section::Ids);
        let table = Table::of(self.section(Section::Ids)?, ID).ok_or_else(damaged)?;
        let mut found = Vec::new();
        for line in table.find(id_key(id)) {
            let (advisory, role) = small(line, 8).zip(small(line, 12)).ok_or_else(damaged)?;
            let brief = self.brief(advisory)?;
            // Two ids may have one hash: what is borne decides. Entries' own CVE ids stand in no brief.
            let (role, borne) = match role {
                0 => (Role::Own, brief.id.eq_ignore_ascii_case(id)),
                1 => (Role::Alias, brief.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(id))),
                2 => (Role::Upstream, true),
                _ => return Err(damaged()),
            };
            if borne {
                found.push((advisory, role));
            }
        }
        Ok(found)
    }

    /// The first advisory whose own id this is.
    pub fn of_id(&self, id: &str) -> Result<Option<u32>, IndexError> {
        let bearing = self.bearing(id)?;
        Ok(bearing.into_iter().find(|(_, role)| *role == Role::Own).map(|(number, _)| number))
    }

    /// The advisories whose ids and aliases touch, this one among them.
    pub fn group(&self, number: u32) -> Result<Vec<u32>, IndexError> {
        let damaged = || IndexError::Damaged(Section::Groups);
        let first = self.group_of(number)?;
        let table = Table::of(self.section(Section::Groups)?, ID).ok_or_else(damaged)?;
        let members = table.find(u64::from(first)).map(|line| small(line, 8).ok_or_else(damaged));
        let members = members.collect::<Result<Vec<_>, _>>()?;
        Ok(if members.is_empty() { vec![number] } else { members })
    }

    /// Whether a CVE is known to be exploited. That it is not in the catalogue is no proof of the contrary.
    pub fn exploitation(&self, cve: &str) -> Result<Option<Exploitation>, IndexError> {
        let damaged = || IndexError::Damaged(Section::Kev);
        let table = Table::of(self.section(Section::Kev)?, KEV).ok_or_else(damaged)?;
        let Some(line) = cve_key(cve).and_then(|key| table.find(key).next()) else { return Ok(None) };
        let day = |at: usize| {
            let text = line.get(at..at + DAY).and_then(|bytes| std::str::from_utf8(bytes).ok())?;
            Some(Some(text.to_owned()).filter(|text| !text.starts_with('\0')))
        };
        let (added, due) = day(8).zip(day(8 + DAY)).ok_or_else(damaged)?;
        let ransomware = match line.last() {
            Some(0) => kev::Ransomware::NotSaid,
            Some(1) => kev::Ransomware::Known,
            Some(2) => kev::Ransomware::Unknown,
            _ => return Err(damaged()),
        };
        Ok(Some(Exploitation { added, due, ransomware }))
    }

    /// How probable the exploitation of a CVE is.
    pub fn forecast(&self, cve: &str) -> Result<Option<Forecast>, IndexError> {
        let damaged = || IndexError::Damaged(Section::Epss);
        let table = Table::of(self.section(Section::Epss)?, EPSS).ok_or_else(damaged)?;
        let Some(line) = cve_key(cve).and_then(|key| table.find(key).next()) else { return Ok(None) };
        let score = number(line, 8).map(f64::from_bits).ok_or_else(damaged)?;
        let percentile = number(line, 16).map(f64::from_bits).ok_or_else(damaged)?;
        let at = small(line, 24).ok_or_else(damaged)? as usize;
        let tables = self.epss_tables()?;
        let (date, model) = tables.get(at).cloned().ok_or_else(damaged)?;
        Ok(Some(Forecast { score, percentile: (!percentile.is_nan()).then_some(percentile), date, model }))
    }

    fn epss_tables(&self) -> Result<Vec<DayAndModel>, IndexError> {
        let mut cursor = Cursor(self.section(Section::EpssTables)?);
        let mut tables = Vec::new();
        while !cursor.0.is_empty() {
            let read = cursor.maybe().zip(cursor.maybe());
            let (date, model) = read.ok_or(IndexError::Damaged(Section::EpssTables))?;
            tables.push((date.map(str::to_owned), model.map(str::to_owned)));
        }
        Ok(tables)
    }

    /// How many vulnerabilities are known to be exploited, and of how many a prediction is at hand.
    pub fn marks(&self) -> (usize, usize) {
        (self.size_of(Section::Kev) / KEV, self.size_of(Section::Epss) / EPSS)
    }
}

fn worded<'a>(cursor: &mut Cursor<'a>) -> Option<Worded<'a>> {
    Some(Worded {
        maker: cursor.text()?,
        product: cursor.text()?,
        advisory: cursor.number()?,
        affected: cursor.number()?,
        named: cursor.number()?,
    })
}

/// Ids are compared without regard to case.
pub(super) fn id_key(id: &str) -> u64 {
    hash(&[&id.to_ascii_uppercase()])
}

/// `CVE-2024-0001`: year and number, so that lines are in the order of CVE ids. `None` for anything else.
pub(super) fn cve_key(cve: &str) -> Option<u64> {
    let (year, number) = cve.get(4..).filter(|_| cve[..4].eq_ignore_ascii_case("CVE-"))?.split_once('-')?;
    let digits = |text: &str, most| {
        (text.len() >= 4 && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u64>().ok())
            .flatten()
    };
    Some(digits(year, 4)? << 40 | digits(number, 11)?)
}

pub(super) fn write_kev(key: u64, one: &kev::Exploited) -> Vec<u8> {
    let mut line = key.to_le_bytes().to_vec();
    for day in [&one.added, &one.due] {
        let day = day.as_deref().filter(|day| day.len() == DAY).unwrap_or("\0\0\0\0\0\0\0\0\0\0");
        line.extend_from_slice(day.as_bytes());
    }
    line.push(match one.ransomware {
        kev::Ransomware::NotSaid => 0,
        kev::Ransomware::Known => 1,
        kev::Ransomware::Unknown => 2,
    });
    line
}

pub(super) fn write_epss(key: u64, one: &epss::Score, table: u32) -> Vec<u8> {
    let mut line = key.to_le_bytes().to_vec();
    line.extend(one.score.to_bits().to_le_bytes());
    line.extend(one.percentile.unwrap_or(f64::NAN).to_bits().to_le_bytes());
    line.extend(table.to_le_bytes());
    line
}
