//! Rules as data: what a record of the register `cyber-rule` says. How a rule is judged lives in `judge`.

use base::{Names, Source};
use jiff::civil::Date;
use register::Record;

use super::content;
use super::fact::{Condition, Fact, NotACondition};
use super::kind::{Chapter, DocumentKind, Item, Strength};
use crate::sbom::missing::Element;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id, `JP12-R1`.
    pub id: String,
    /// Its name.
    pub name: Names,
    /// What it asks, in our own words.
    pub asks: Names,
    /// To which part of the file it belongs.
    pub chapter: Chapter,
    /// How binding it is.
    pub strength: Strength,
    /// Where it stands: document, clause, address. Never empty.
    pub sources: Vec<Source>,
    /// When its source was issued, where that is known.
    pub dated: Option<Date>,
    /// From when it applies; none means without a beginning that matters.
    pub applies_from: Option<Date>,
    /// From when it binds, where a transition was allowed.
    pub mandatory_from: Option<Date>,
    /// Under which facts it applies.
    pub when: Condition,
    /// What satisfies it.
    pub ask: Ask,
    /// What satisfies it instead.
    pub instead: Option<Instead>,
    /// The passage itself was not seen: a person must check it before the rule is called official.
    pub inferred: bool,
    /// What of it was not read in a source at hand, though it is believed to be right: a person must check it too.
    pub unread: Vec<Unread>,
}

/// A part of a rule that was not read in a source at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// When it was issued.
    Dated,
    /// From when it applies.
    Applies,
    /// The address of its source.
    Address,
}

impl Unread {
    /// The one of a name.
    pub fn named(code: &str) -> Option<Self> {
        Some(match code {
            "dated_on" => Unread::Dated,
            "applies_from" => Unread::Applies,
            "url" => Unread::Address,
            _ => return None,
        })
    }

    /// For a person.
    pub fn names(self) -> Names {
        match self {
            Unread::Dated => Names::of("発出日", "day of issue"),
            Unread::Applies => Names::of("適用日", "day from which it applies"),
            Unread::Address => Names::of("出典のURL", "address of the source"),
        }
    }
}

/// Which evidence satisfies a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// These facts must decide whether something applies: `software` first, one of the others with it.
    Facts(Vec<Fact>),
    /// A row of the record with summary, internal document and number, for each item.
    Rows(Vec<Item>),
    /// A document with id, version and date, of each kind.
    Documents(Vec<DocumentKind>),
    /// The same, naming the product's version.
    DocumentsOfVersion(Vec<DocumentKind>),
    /// The bill states these elements.
    Content(Vec<Element>),
    /// The bill's references lead somewhere.
    References,
    /// Every finding is assessed.
    Triage,
    /// Severe findings said not to concern the product have written reasons.
    Reasons,
    /// No known exploited vulnerability is open.
    KnownExploited,
    /// Every vulnerability that affects the product is analysed.
    Analysis,
    /// Every such vulnerability has a vector by the rubric.
    Rubric,
    /// State and dates agree.
    State,
    /// EOS was told no later than EOL.
    EosTold,
    /// A changed EOS was told again.
    EosChanged,
    /// A compensating control is specified.
    Control,
    /// The MDS2 agrees with the bill.
    Mds2,
    /// Nothing can be asked yet.
    Nothing,
}

/// Evidence that satisfies a rule in place of what it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// A document of this kind.
    Document(DocumentKind),
    /// All that annex F asks of transition health software, where the design is older than the standard.
    Transition,
}

/// A record that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cyber-rule {id}: {wrong}")]
pub struct RuleError {
    /// Its id.
    pub id: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A field is missing or is none of the listed values.
    #[error("the field `{0}` is missing or has none of its values")]
    Field(&'static str),
    /// It has no source.
    #[error("it names no source")]
    NoSource,
    /// Its condition cannot be read.
    #[error(transparent)]
    Condition(#[from] NotACondition),
    /// What its evidence is about is not known.
    #[error("nothing is known by the name `{0}`")]
    Subject(String),
}

impl Rule {
    /// The rules in some records, in their order; records of other registers are passed over.
    pub fn all<'r>(records: impl IntoIterator<Item = &'r Record>) -> Result<Vec<Rule>, RuleError> {
        let of_rules = records.into_iter().filter(|record| record.register.as_str() == "cyber-rule");
        let mut rules = of_rules
            .map(|record| Ok((record.read::<i64>("order").unwrap_or(i64::MAX), Rule::of(record)?)))
            .collect::<Result<Vec<_>, RuleError>>()?;
        rules.sort_by_key(|(order, _)| *order);
        Ok(rules.into_iter().map(|(_, rule)| rule).collect())
    }

    /// What a record says.
    pub fn of(record: &Record) -> Result<Rule, RuleError> {
        Rule::read(record).map_err(|wrong| RuleError { id: record.id.to_string(), wrong })
    }

    fn read(record: &Record) -> Result<Rule, Wrong> {
        let sources = record.sources.clone();
        if sources.is_empty() {
            return Err(Wrong::NoSource);
        }
        Ok(Rule {
            id: record.id.to_string(),
            name: record.read("name").ok_or(Wrong::Field("name"))?,
            asks: record.read("asks").ok_or(Wrong::Field("asks"))?,
            chapter: chosen(record, "chapter", Chapter::named)?,
            strength: chosen(record, "strength", Strength::named)?,
            sources,
            dated: record.read("dated_on"),
            applies_from: record.read("applies_from"),
            mandatory_from: record.read("mandatory_from"),
            when: Condition::parse(record.text("when").unwrap_or_default())?,
            ask: ask(record)?,
            instead: record.text("instead").map(instead).transpose()?,
            inferred: record.read("inferred").unwrap_or(true),
            unread: unread(record)?,
        })
    }
}

fn unread(record: &Record) -> Result<Vec<Unread>, Wrong> {
    let names: Vec<String> = record.read("unread").unwrap_or_default();
    names.iter().map(|name| Unread::named(name).ok_or_else(|| Wrong::Subject(name.clone()))).collect()
}

fn chosen<T>(record: &Record, field: &'static str, named: impl Fn(&str) -> Option<T>) -> Result<T, Wrong> {
    record.text(field).and_then(named).ok_or(Wrong::Field(field))
}

fn ask(record: &Record) -> Result<Ask, Wrong> {
    let subjects: Vec<String> = record.read("subjects").unwrap_or_default();
    let kind = record.text("evidence").ok_or(Wrong::Field("evidence"))?;
    Ok(match kind {
        "facts" => Ask::Facts(each(&subjects, Fact::named)?),
        "row" => Ask::Rows(each(&subjects, Item::named)?),
        "document" => Ask::Documents(each(&subjects, DocumentKind::named)?),
        "document-of-version" => Ask::DocumentsOfVersion(each(&subjects, DocumentKind::named)?),
        "content" => Ask::Content(each(&subjects, content::named)?),
        "references" => Ask::References,
        "triage" => Ask::Triage,
        "reasons" => Ask::Reasons,
        "known-exploited" => Ask::KnownExploited,
        "analysis" => Ask::Analysis,
        "rubric" => Ask::Rubric,
        "state" => Ask::State,
        "eos-told" => Ask::EosTold,
        "eos-changed" => Ask::EosChanged,
        "control" => Ask::Control,
        "mds2" => Ask::Mds2,
        "none" => Ask::Nothing,
        _ => return Err(Wrong::Field("evidence")),
    })
}

/// Every subject by its name: at least one, since a rule that asks nothing would be met by nothing.
fn each<T>(subjects: &[String], named: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Wrong> {
    if subjects.is_empty() {
        return Err(Wrong::Field("subjects"));
    }
    subjects.iter().map(|one| named(one).ok_or_else(|| Wrong::Subject(one.clone()))).collect()
}

fn instead(text: &str) -> Result<Instead, Wrong> {
    if text == "transition" {
        return Ok(Instead::Transition);
    }
    DocumentKind::named(text).map(Instead::Document).ok_or_else(|| Wrong::Subject(text.to_owned()))
}
