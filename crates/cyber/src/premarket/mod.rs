//! The pre-market file of a product: rules as data, the product's own statements, and for every rule a verdict with its evidence and what is
//! lacking. What was submitted is sealed and compared with what is submitted next. Bills are read by `sbom`, findings come from `matching`,
//! statements from `vex`; how the file looks is `report`'s affair.
//!
//! That an authority confirms such a file is a proposal (構想): nothing here says that a product passes.

mod case;
mod content;
mod fact;
mod judge;
mod kind;
mod product;
pub mod record;
mod rule;
mod seal;
mod since;
mod stated;
mod verdict;
mod words;

pub use case::{Bill, Case, Findings, Found, Status, Triage};
pub use fact::{Applies, Condition, FACTS, Fact, Facts, NotACondition};
pub use judge::judge;
pub use kind::{Chapter, DocumentKind, Item, State, Strength};
pub use product::{
    Analysis, Control, Document, Files, Head, Life, MOST_BYTES, MOST_ENTRIES, Placed, Product, ProductError,
    Row, TEMPLATE,
};
pub use rule::{Ask, Instead, Rule, RuleError, Unread, Wrong};
pub use seal::{Input, SealError, Sealed, SealedDocument, SealedFinding, sealed};
pub use since::{Changes, FindingChanges, changes};
pub use verdict::{
    AnalysisPart, Answer, ComponentPlace, Counts, Evidence, FindingLacks, FindingPlace, Judged, Lacking,
    LifeDay, Line, Outside, Part, Verdict,
};
