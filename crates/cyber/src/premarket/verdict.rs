//! The answer to a rule: a verdict, the evidence it rests on, and what is lacking. All of it is data; words for people live in `words`.

use jiff::civil::Date;

use super::case::Status;
use super::fact::Fact;
use super::kind::{Chapter, DocumentKind, Item, State};
use super::rule::Rule;
use crate::document::deviation::Place;
use crate::sbom::missing::Element;

/// The answer to a rule. Neither *not shown* nor *not applicable* is a *met*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// What was looked at satisfies it.
    Met,
    /// What was looked at does not.
    NotMet,
    /// It may be satisfied, but nothing at hand shows it.
    NotShown,
    /// It does not apply, for a reason.
    NotApplicable,
}

/// A rule and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The answer.
    pub verdict: Verdict,
    /// What the answer rests on.
    pub evidence: Vec<Evidence>,
    /// What is missing or wrong.
    pub lacking: Vec<Lacking>,
    /// Why it does not apply, where it does not.
    pub outside: Option<Outside>,
}

/// Why a rule does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Because of these facts.
    Facts(Vec<(Fact, bool)>),
    /// It applies only from this day on.
    NotYet(Date),
    /// A transition ran until this day.
    Transition(Date),
    /// It is only proposed.
    Proposal,
}

/// A line of the product file, or of a table that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The table; none is the product file.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub number: usize,
}

/// Something that a verdict rests on, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A fact the maker states.
    Fact(Fact, bool),
    /// A row of the record.
    Row {
        /// Its item.
        item: Item,
        /// What was done.
        summary: Option<String>,
        /// The internal document.
        document: Option<String>,
        /// Its number.
        number: Option<String>,
        /// Where it stands.
        line: Line,
    },
    /// A document.
    Document {
        /// What it is.
        kind: DocumentKind,
        /// Its title.
        title: Option<String>,
        /// Its number.
        id: Option<String>,
        /// Its version.
        version: Option<String>,
        /// Its date.
        date: Option<Date>,
        /// The line of the product file.
        line: usize,
    },
    /// A bill of materials.
    Bill {
        /// Its file.
        file: String,
        /// How many components (or the document, as one) were asked.
        asked: usize,
    },
    /// Components were looked up.
    LookedUp {
        /// How many.
        components: usize,
        /// Findings that the rule asks about.
        findings: usize,
    },
    /// The state of the product.
    State(State),
    /// A day of its life.
    Day(LifeDay, Date),
    /// A compensating control.
    Control {
        /// Its name.
        name: String,
        /// The line of the product file.
        line: usize,
    },
    /// The MDS2 says whether there is a bill.
    Mds2(bool),
}

/// A day in a product's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LifeDay {
    /// Its release.
    Released,
    /// Its end of life.
    Eol,
    /// Its end of support.
    Eos,
    /// Customers were told of EOS.
    EosTold,
    /// EOS was changed.
    EosChanged,
    /// Customers were told of that.
    EosToldAgain,
}

/// A part of a row or document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What was done.
    Summary,
    /// The internal document.
    Document,
    /// Its number.
    Number,
    /// Its version.
    Version,
    /// Its date.
    Date,
    /// The product's version it speaks of.
    ProductVersion,
}

/// A part of an analysis (JIS T 81001-5-1, 9.4 a–f) or of its rubric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnalysisPart {
    /// a.
    Context,
    /// b.
    Cvss,
    /// c.
    AffectedVersions,
    /// d.
    RootCause,
    /// e.
    Related,
    /// f.
    Impact,
    /// The vector extension by the rubric.
    Rubric,
}

/// What is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// It is not known whether the rule applies: this fact is unknown.
    FactUnknown(Fact),
    /// No row.
    NoRow(Item),
    /// A row without one of its parts.
    RowPart(Item, Part, Line),
    /// The maker states that it is not done.
    StatedNotDone(Item, Line),
    /// No document.
    NoDocument(DocumentKind),
    /// A document without one of its parts.
    DocumentPart(DocumentKind, Part, usize),
    /// A document dated after the day of the file.
    DatedLater(DocumentKind, Date, usize),
    /// A document that speaks of another version of the product.
    OtherVersion {
        /// What it is.
        kind: DocumentKind,
        /// The version it speaks of.
        named: String,
        /// The product's.
        product: String,
        /// The line of the product file.
        line: usize,
    },
    /// The product's own version is not stated.
    ProductVersion,
    /// No bill of materials.
    NoBill,
    /// A bill without components.
    NoComponents(String),
    /// The bill itself does not state an element.
    BillLacks(String, Element),
    /// The bill states of itself that an element is unknown.
    BillUnknown(String, Element),
    /// A component does not state an element.
    ComponentLacks(ComponentPlace, Element),
    /// A component states that an element is unknown.
    ComponentUnknown(ComponentPlace, Element),
    /// A reference that leads to nothing.
    Dangling {
        /// The file of the bill.
        file: String,
        /// Where the reference stands.
        place: Place,
        /// What it names.
        name: String,
    },
    /// More is wrong with a bill than is kept of it, so that references cannot be judged.
    DeviationsCut(String),
    /// No advisories were at hand.
    NothingLookedUp,
    /// Components of which nothing is known.
    NotLookedUp(usize),
    /// A finding, and what is wrong with it.
    Finding(FindingPlace, FindingLacks),
    /// The state is not stated.
    NoState,
    /// A day is not stated.
    NoDay(LifeDay),
    /// A day is not what the state says.
    StateContradicts(State, LifeDay, Date),
    /// One day comes after another that must not come first.
    After(LifeDay, Date, LifeDay, Date),
    /// A day that has not come yet.
    NotComeYet(LifeDay, Date),
    /// No compensating control.
    NoControl,
    /// A control without its specification.
    ControlSpecification(String, usize),
    /// A control that stands in no document of customers.
    ControlDocument(String, usize),
    /// It is not stated what the MDS2 says of a bill.
    NoMds2Answer,
    /// The MDS2 says there is a bill, and there is none; or the other way round.
    Mds2Contradicts(bool),
}

/// A component of a bill.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComponentPlace {
    /// The file of the bill.
    pub file: String,
    /// Where it stands in it.
    pub place: Place,
    /// Its name and version.
    pub name: String,
}

/// A vulnerability on a component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingPlace {
    /// The advisory's id.
    pub vulnerability: String,
    /// The component.
    pub component: String,
}

/// What is wrong with what was stated of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingLacks {
    /// Nothing is stated of it.
    Statement,
    /// Statements of it contradict each other.
    Contradiction,
    /// Nothing is stated, and whether it affects the component could not be determined.
    StatementOfUndetermined,
    /// It is still looked into.
    Result,
    /// It is said not to affect the product, without a reason.
    Reason,
    /// The same, and it is not known how severe it is.
    ReasonSeverityUnknown,
    /// It is known to be exploited and open.
    ExploitedOpen(Option<Status>),
    /// Whether it is exploited is not known.
    ExploitedUnknown,
    /// No analysis.
    Analysis,
    /// An analysis without a part.
    AnalysisPart(AnalysisPart),
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<'r> {
    /// The day whose rules apply.
    pub day: Date,
    /// Every rule with its verdict, in the order of the rules.
    pub judged: Vec<Judged<'r>>,
}

/// How many rules got which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Met.
    pub met: usize,
    /// Not met.
    pub not_met: usize,
    /// Not shown.
    pub not_shown: usize,
    /// Not applicable.
    pub not_applicable: usize,
}

impl Answer<'_> {
    /// The verdicts, counted: of one chapter or of all.
    pub fn counts(&self, chapter: Option<Chapter>) -> Counts {
        let mut counts = Counts::default();
        for one in self.judged.iter().filter(|one| chapter.is_none_or(|chapter| one.rule.chapter == chapter))
        {
            match one.verdict {
                Verdict::Met => counts.met += 1,
                Verdict::NotMet => counts.not_met += 1,
                Verdict::NotShown => counts.not_shown += 1,
                Verdict::NotApplicable => counts.not_applicable += 1,
            }
        }
        counts
    }
    /// What is open: not met or not shown.
    pub fn open(&self) -> impl Iterator<Item = &Judged<'_>> {
        self.judged.iter().filter(|one| matches!(one.verdict, Verdict::NotMet | Verdict::NotShown))
    }
    /// Whether every rule that applies is met, nothing about applicability is unknown, and something applies at all.
    pub fn is_complete(&self) -> bool {
        self.open().next().is_none() && self.counts(None).met > 0
    }
}

impl Verdict {
    /// Its name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not-met",
            Verdict::NotShown => "not-shown",
            Verdict::NotApplicable => "not-applicable",
        }
    }
}
