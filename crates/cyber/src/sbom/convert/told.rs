//! What a conversion could not carry over, or carried otherwise, with its place in the bill it came from.

use base::Names;

use crate::document::deviation::{Place, shown};

/// So many are kept one by one; all are counted.
const KEPT: usize = 10_000;

/// Something that is not, or not the same, in the converted bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it stands in the bill that was converted.
    pub place: Place,
    /// The member, element or value.
    pub what: String,
    /// Why.
    pub why: Why,
}

/// Why something is not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The target has no place for it.
    NoPlace,
    /// The target does not allow this value; it was left out.
    NotAllowed,
    /// The target does not know this value; the nearest one that claims no more stands for it.
    Replaced,
    /// The target requires something that the bill does not state.
    Filled,
    /// A signature holds for the document it was made for alone.
    Signature,
    /// The target asks for references of another form; what refers to a component follows.
    Renamed,
    /// Another part of the bill cannot be without it, so that it went with it.
    WithItsWhole,
    /// The same bill was given before: it is one part (`merge`).
    Twice,
}

/// All that is told of a conversion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// One by one, as far as they are kept.
    pub kept: Vec<LeftOut>,
    /// How many there are.
    pub total: usize,
}

impl Told {
    /// Whether the converted bill carries everything.
    pub fn is_nothing(&self) -> bool {
        self.total == 0
    }

    pub(super) fn push(&mut self, place: Place, what: &str, why: Why) {
        self.total += 1;
        if self.kept.len() < KEPT {
            self.kept.push(LeftOut { place, what: shown(what), why });
        }
    }

    /// The same of many, told once with their number.
    pub(super) fn of_many(&mut self, pointer: &str, what: &str, count: usize, why: Why) {
        if count > 0 {
            self.at(pointer, &format!("{what} × {count}"), why);
        }
    }

    pub(in crate::sbom) fn at(&mut self, pointer: &str, what: &str, why: Why) {
        self.push(Place::Pointer(pointer.into()), what, why);
    }
}

impl Why {
    /// The reason for a person.
    pub fn names(self) -> Names {
        let (ja, en) = match self {
            Why::NoPlace => ("変換先に置き場所がない", "the target has no place for it"),
            Why::NotAllowed => ("変換先で許されない値", "a value that the target does not allow"),
            Why::Replaced => {
                ("変換先にある近い値に置き換えた", "replaced by the nearest value of the target")
            }
            Why::Filled => ("変換先が求めるため補った", "filled in, because the target requires it"),
            Why::Signature => {
                ("署名は元の文書にだけ有効", "a signature holds for the original document alone")
            }
            Why::Renamed => {
                ("参照名を変換先の書き方に改めた", "references were put into the form of the target")
            }
            Why::Twice => (
                "前に指定されたSBOMと同じなので、一つの部分とした",
                "the same bill as an earlier one, and one part with it",
            ),
            Why::WithItsWhole => {
                ("これを欠く部分ごと除いた", "left out with the part that cannot be without it")
            }
        };
        Names::of(ja, en)
    }

    /// A stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Why::NoPlace => "no-place",
            Why::NotAllowed => "not-allowed",
            Why::Replaced => "replaced",
            Why::Filled => "filled",
            Why::Signature => "signature",
            Why::Renamed => "renamed",
            Why::WithItsWhole => "with-its-whole",
            Why::Twice => "twice",
        }
    }
}
