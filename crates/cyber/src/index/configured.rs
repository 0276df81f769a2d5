//! Configurations as they lie in an index: written one after the other, their CPE names by number; decoded as a whole, or only as far as they
//! concern some products, which is what judging asks for: a record about an operating system names hundreds that are not asked about.

use super::cursor::{Cursor, Ink};
use super::format::small;
use crate::advisory::{Configuration, ConfigurationNode, CpeMatch, Inclusion, Joined};

/// Bytes of a line of `StringTable`: where the name begins, and its product.
pub(super) const NAME: usize = 8;

/// Whose configurations are wanted: products, shortened as in a line of `StringTable`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Concerned(Vec<u32>);

impl Concerned {
    /// The products under their hashes (`block::product`), those that leave their product open among them.
    pub(super) fn of(hashes: impl IntoIterator<Item = u64>) -> Self {
        Self(hashes.into_iter().map(shortened).collect())
    }
}

/// Two products may have one shortened hash: then more is decoded than is needed, and judged by its name.
#[expect(clippy::cast_possible_truncation, reason = "the lower half of a hash")]
pub(super) fn shortened(hash: u64) -> u32 {
    hash as u32
}

/// The sections that configurations are read from.
#[derive(Clone, Copy)]
pub(super) struct Configured<'a> {
    pub(super) all: &'a [u8],
    pub(super) table: &'a [u8],
    pub(super) strings: &'a [u8],
}

/// A node or configuration before its members.
struct Head {
    joined: Joined,
    negate: bool,
    unread: bool,
    members: u32,
}

impl<'a> Configured<'a> {
    /// Everything an advisory's configurations say.
    pub(super) fn whole(self, start: u32) -> Option<Vec<Configuration>> {
        let mut cursor = self.at(start)?;
        (0..cursor.number()?).map(|_| self.configuration(&mut cursor, None)).collect()
    }

    /// What of them can concern some products: a configuration that calls none of them vulnerable is empty, and of alternatives only
    /// those stand that may name one. Judging these products gives what the whole gives; places of nodes and names are others.
    pub(super) fn concerning(self, start: u32, products: &Concerned) -> Option<Vec<Configuration>> {
        let mut cursor = self.at(start)?;
        (0..cursor.number()?).map(|_| self.concerning_one(&mut cursor, products)).collect()
    }

    fn concerning_one(self, cursor: &mut Cursor<'a>, products: &Concerned) -> Option<Configuration> {
        let (mut ahead, mut concerned) = (*cursor, false);
        let Head { joined, negate, members, .. } = head(&mut ahead)?;
        for _ in 0..members {
            for _ in 0..head(&mut ahead)?.members {
                let (vulnerable, name) = skipped(&mut ahead)?;
                concerned |= vulnerable && products.0.contains(&self.product(name)?);
            }
        }
        if concerned {
            // Where all must hold, or the opposite is meant, every name counts.
            let alternatives = joined == Joined::Or && !negate;
            return self.configuration(cursor, alternatives.then_some(products));
        }
        *cursor = ahead;
        Some(Configuration { joined, negate: false, nodes: Vec::new(), unread: false })
    }

    fn at(self, start: u32) -> Option<Cursor<'a>> {
        self.all.get(start as usize..).map(Cursor)
    }

    fn configuration(self, cursor: &mut Cursor<'a>, only: Option<&Concerned>) -> Option<Configuration> {
        let Head { joined, negate, unread, members } = head(cursor)?;
        let nodes = (0..members).map(|_| self.node(cursor, only)).collect::<Option<_>>()?;
        Some(Configuration { joined, negate, nodes, unread })
    }

    fn node(self, cursor: &mut Cursor<'a>, only: Option<&Concerned>) -> Option<ConfigurationNode> {
        let Head { joined, negate, members, .. } = head(cursor)?;
        let only = only.filter(|_| joined == Joined::Or && !negate);
        let mut matches = Vec::new();
        for _ in 0..members {
            let mut ahead = *cursor;
            let (_, name) = skipped(&mut ahead)?;
            let left_out = match only {
                Some(products) => !products.0.contains(&self.product(name)?),
                None => false,
            };
            if !left_out {
                matches.push(self.matched(cursor)?);
            }
            *cursor = ahead;
        }
        Some(ConfigurationNode { joined, negate, matches })
    }

    fn matched(self, cursor: &mut Cursor<'a>) -> Option<CpeMatch> {
        Some(CpeMatch {
            vulnerable: cursor.byte()? == 1,
            criteria: self.name(cursor.number()?)?.to_owned(),
            from: bound(cursor)?.map(|(text, inclusion)| (text.to_owned(), inclusion)),
            to: bound(cursor)?.map(|(text, inclusion)| (text.to_owned(), inclusion)),
        })
    }

    fn name(self, number: u32) -> Option<&'a str> {
        let start = small(self.table, (number as usize).checked_mul(NAME)?)? as usize;
        Cursor(self.strings.get(start..)?).text()
    }

    fn product(self, number: u32) -> Option<u32> {
        small(self.table, (number as usize).checked_mul(NAME)?.checked_add(4)?)
    }
}

/// Writes an advisory's configurations; `number` is the number of a name.
pub(super) fn write(ink: &mut Ink, configurations: &[Configuration], mut number: impl FnMut(&str) -> u32) {
    ink.count(configurations.len());
    for one in configurations {
        ink.byte(flags([one.joined == Joined::And, one.negate, one.unread])).count(one.nodes.len());
        for node in &one.nodes {
            ink.byte(flags([node.joined == Joined::And, node.negate, false])).count(node.matches.len());
            for one in &node.matches {
                ink.byte(u8::from(one.vulnerable)).number(number(&one.criteria));
                for bound in [&one.from, &one.to] {
                    match bound {
                        None => ink.byte(0),
                        Some((text, Inclusion::Including)) => ink.byte(1).text(text),
                        Some((text, Inclusion::Excluding)) => ink.byte(2).text(text),
                    };
                }
            }
        }
    }
}

/// Joined by *and*, negated, read in part.
fn flags(flags: [bool; 3]) -> u8 {
    u8::from(flags[0]) | u8::from(flags[1]) << 1 | u8::from(flags[2]) << 2
}

fn head(cursor: &mut Cursor<'_>) -> Option<Head> {
    let flags = cursor.byte()?;
    let joined = if flags & 1 == 1 { Joined::And } else { Joined::Or };
    Some(Head { joined, negate: flags & 2 == 2, unread: flags & 4 == 4, members: cursor.number()? })
}

/// Whether a match calls its product vulnerable, and the number of its name; what bounds it is passed over.
fn skipped(cursor: &mut Cursor<'_>) -> Option<(bool, u32)> {
    let found = (cursor.byte()? == 1, cursor.number()?);
    for _ in 0..2 {
        if cursor.byte()? != 0 {
            cursor.bytes()?;
        }
    }
    Some(found)
}

#[expect(clippy::option_option, reason = "no such bytes, no such bound")]
fn bound<'a>(cursor: &mut Cursor<'a>) -> Option<Option<(&'a str, Inclusion)>> {
    let inclusion = match cursor.byte()? {
        0 => return Some(None),
        1 => Inclusion::Including,
        2 => Inclusion::Excluding,
        _ => return None,
    };
    Some(Some((cursor.text()?, inclusion)))
}
