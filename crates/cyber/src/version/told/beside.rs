//! Phrases that speak of the one beside them: versions taken out of what stands before or behind, 「1.4.3 より前の 1.4.x」, and signs on
//! both sides of `to`.

use std::cmp::Ordering;

use super::bounds::{Gap, Item, Said, series};
use super::family::is_open;
use super::phrases::Part;
use super::sound::sound;
use super::tokens::{Kind, Sign};
use super::words::Word;
use super::{Bound, Why};
use crate::version::{Scheme, order};

impl Part<'_> {
    /// 「2.3.1 を除く」: the single versions just before are taken out of what stands before them, or of all versions that are told behind
    /// (「2.3.1 を除くすべてのバージョン」).
    pub(super) fn take_out(&mut self) -> Result<(), Why> {
        self.at += 1;
        let kept = self.items.iter().rposition(|said| !matches!(said.item, Item::One(_)));
        let of_all = kept.is_none() && self.all_follow();
        let first = if of_all { 0 } else { kept.ok_or(Why::Ambiguous)? + 1 };
        if first == self.items.len() {
            return Err(Why::Ambiguous);
        }
        for said in &mut self.items[first..] {
            if let Item::One(version) = &said.item {
                said.item = Item::Except(version.clone());
            }
        }
        if of_all {
            self.gap = Gap::Comma;
        }
        Ok(())
    }

    /// Whether nothing but `all versions` follows in the part.
    fn all_follow(&self) -> bool {
        let rest = &self.tokens[self.at..];
        let is = |word: Word| rest.iter().any(|token| token.kind == Kind::Word(word));
        let nothing_else =
            rest.iter().all(|token| matches!(token.kind, Kind::Word(Word::All | Word::Noun | Word::Joint)));
        nothing_else && is(Word::All)
    }

    /// 「1.4.3 より前の 1.4.x」「2.0.3 以前の 2.0 系」: of a series, what lies on one side of the bound before it. False where no series
    /// stands behind 「の」; a bound outside the series says nothing that is known.
    pub(super) fn of_series(&mut self) -> Result<bool, Why> {
        let is_kind =
            |ahead: usize, kind: Kind| self.tokens.get(self.at + ahead).is_some_and(|it| it.kind == kind);
        let Some(version) = self.tokens.get(self.at + 1).filter(|it| it.kind == Kind::Version) else {
            return Ok(false);
        };
        let named = is_kind(2, Kind::Word(Word::Series));
        let Some(Said { item: bound @ (Item::Upper(_) | Item::Lower(_)), at, .. }) = self.items.last_mut()
        else {
            return Ok(false);
        };
        if self.tokens[self.at].text != "の" || !(named || is_open(&version.text)) {
            return Ok(false);
        }
        sound(&version.text)?;
        let Item::Within(Some(first), Some(next)) = series(&version.text)? else {
            return Err(Why::Ambiguous);
        };
        let rises = |low: &Bound, high: &Bound, most: Ordering| {
            order(Scheme::Maker, &low.version, &high.version).is_some_and(|order| order <= most)
        };
        *bound = match &*bound {
            Item::Upper(to) if rises(&first, to, Ordering::Equal) && rises(to, &next, Ordering::Less) => {
                Item::Within(Some(first), Some(to.clone()))
            }
            Item::Lower(from)
                if rises(&first, from, Ordering::Equal) && rises(from, &next, Ordering::Less) =>
            {
                Item::Within(Some(from.clone()), Some(next))
            }
            _ => return Err(Why::Ambiguous),
        };
        at.end = self.tokens[self.at + 1 + usize::from(named)].at.end;
        self.at += 2 + usize::from(named);
        Ok(true)
    }

    /// `>= 1.0 to <= 2.0`, `>=1.0 - <=2.0`: the signs say all, and what stands between them nothing more.
    pub(super) fn joins_signs(&self) -> bool {
        let lower = matches!(self.items.last(), Some(Said { item: Item::Lower(_), .. }));
        let upper = self.tokens.get(self.at + 1).map(|next| next.kind);
        let below = matches!(upper, Some(Kind::Sign(Sign::Below | Sign::AtMost)));
        self.gap == Gap::Nothing && lower && below
    }
}
