//! Bounds that `|` parts and that are meant as one range: where one of them was not understood, the other must not stand alone, for
//! `>= 1.0 | < the fix` would say less than the text, and `>= the first | < 2.0` more.

use super::bounds::{Gap, Item, Said};
use super::tokens::{Kind, Sign, Token};
use super::words::Word;
use super::{NotUnderstood, Told, Why};

/// Which bound a part that was not understood holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Half {
    lower: bool,
    upper: bool,
}

impl Half {
    /// The bound among some tokens. Two of them are a range by themselves, and none leaves the parts beside it as they are.
    pub(super) fn of(tokens: &[Token]) -> Option<Self> {
        let has = |is: fn(&Kind) -> bool| tokens.iter().any(|token| is(&token.kind));
        let unclear = has(|kind| *kind == Kind::Word(Word::Unclear));
        let lower = has(|kind| match kind {
            Kind::Sign(sign) => matches!(sign, Sign::Above | Sign::AtLeast),
            Kind::Word(word) => {
                matches!(word, Word::From | Word::FromBehind | Word::More | Word::AtLeast | Word::Above)
            }
            _ => false,
        });
        let upper = has(|kind| match kind {
            Kind::Sign(sign) => matches!(sign, Sign::Below | Sign::AtMost),
            Kind::Word(word) => {
                matches!(word, Word::To | Word::Up | Word::Until | Word::Less | Word::AtMost | Word::Below)
            }
            _ => false,
        });
        (lower != upper || unclear).then_some(Half { lower: lower || unclear, upper: upper || unclear })
    }

    /// Whether a bound beside it may be the other end.
    fn wants(self, item: &Item) -> bool {
        matches!(item, Item::Lower(_)) && self.upper || matches!(item, Item::Upper(_)) && self.lower
    }
}

/// The items without the parts that were not understood, and without bounds whose other half was one of them.
pub(super) fn with_both(items: Vec<Said>, told: &mut Told) -> Vec<Said> {
    let mut alone = vec![false; items.len()];
    for (at, said) in items.iter().enumerate() {
        let Item::Unread(half) = said.item else { continue };
        let before = at.checked_sub(1).filter(|_| said.gap == Gap::Bar);
        let behind = items.get(at + 1).filter(|next| next.gap == Gap::Bar).map(|_| at + 1);
        let is = |at: Option<usize>, lower: bool| {
            at.is_some_and(|at| match items[at].item {
                Item::Lower(_) => lower,
                Item::Upper(_) => !lower,
                _ => false,
            })
        };
        let between = is(before, true) && is(behind, false);
        for other in before.into_iter().chain(behind) {
            if (between || half.wants(&items[other].item)) && !is_paired(&items, other) {
                alone[other] = true;
                // `< 2.0, >= 1.0`: the rest of its part falls with it.
                for next in [other.checked_sub(1), Some(other + 1)].into_iter().flatten() {
                    if joined(&items, other, next) && !is_paired(&items, next) {
                        alone[next] = true;
                    }
                }
            }
        }
    }
    let mut kept = Vec::with_capacity(items.len());
    for (said, alone) in items.into_iter().zip(alone) {
        match said.item {
            Item::Unread(_) => {}
            _ if alone => told.not_understood.push(NotUnderstood { at: said.at, why: Why::Ambiguous }),
            _ => kept.push(said),
        }
    }
    kept
}

/// Whether a bound has its other half beside it: a lower one and the upper one that follows.
fn is_paired(items: &[Said], at: usize) -> bool {
    let pair = |lower: usize| {
        matches!(items.get(lower).map(|said| &said.item), Some(Item::Lower(_)))
            && items
                .get(lower + 1)
                .is_some_and(|next| matches!(next.item, Item::Upper(_)) && next.gap != Gap::Stop)
    };
    pair(at) || at > 0 && pair(at - 1)
}

/// Whether two neighbours are bounds of one part.
fn joined(items: &[Said], one: usize, other: usize) -> bool {
    let is_bound = |said: &Said| matches!(said.item, Item::Lower(_) | Item::Upper(_));
    items.get(other).is_some_and(is_bound)
        && items.get(one.max(other)).is_some_and(|later| matches!(later.gap, Gap::Nothing | Gap::Comma))
}
