//! Statements written as documents: the same statements give the same bytes, moments are passed in. What a format cannot say is told; what
//! it would say wrongly is not written.

mod csaf;
mod cyclonedx;
mod openvex;

use base::Names;

use super::justification::{Counterpart, Justification};
use super::model::{Format, Statement, Status, Thing};
use crate::document::json::Node;
use crate::document::moment::Moment;

/// What a document says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What names it: an IRI (OpenVEX, and CycloneDX where it is `urn:uuid:`), or any text (CSAF).
    pub id: String,
    /// Who speaks.
    pub author: String,
    /// The author's address on the web; CSAF needs it.
    pub namespace: Option<String>,
    /// A title; CSAF needs one.
    pub title: String,
    /// When it is written (RFC 3339).
    pub timestamp: String,
    /// When its earlier issues were written, the first one first.
    pub earlier: Vec<String>,
}

impl Head {
    fn revision(&self) -> usize {
        self.earlier.len() + 1
    }
}

/// A document that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// What the format could not say.
    pub losses: Vec<Loss>,
}

/// What the format could not say of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The statement's number, from 0.
    pub statement: usize,
    /// What.
    pub what: Lost,
}

/// What was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// A reason without a word of the format: it stands in prose.
    ReasonInProse(Justification),
    /// A reason for which the format has a word that means more or less.
    ReasonNearly(Justification, &'static str),
    /// What the maker does about it.
    Responses,
    /// Notes beside the reason.
    Notes,
    /// Some of the names of a product or part.
    Names(String),
    /// Nothing but a name was known: it stands as a package URL of the type `generic`.
    AsGeneric(String),
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// The statement's number, from 0; none for the document itself.
    pub statement: Option<usize>,
    /// What stands against it.
    pub why: Against,
}

/// What stands against writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// The document needs this.
    HeadLacks(&'static str),
    /// There are no statements.
    NothingToSay,
    /// A moment that is none.
    Moment(String),
    /// No vulnerability, product or status.
    Lacks(&'static str),
    /// *Not affected* without a reason.
    NoReason,
    /// *Affected* without what should be done.
    NoAction,
    /// The format has no means to name it.
    Nameless(String),
    /// Only its address in another document tells it from others, and the format has no place for that.
    Address(String),
    /// The format cannot tell versions of a product apart in the way it is stated.
    Versions(String),
    /// A second status or reason for the same vulnerability and product.
    Second(String),
}

/// Writes statements.
pub fn write(format: Format, head: &Head, statements: &[Statement]) -> Result<Written, Vec<Unwritable>> {
    let mut against = Vec::new();
    check_head(format, head, statements, &mut against);
    for (number, statement) in statements.iter().enumerate() {
        let mut add = |why: Against| against.push(Unwritable { statement: Some(number), why });
        check(format, statement, &mut add);
    }
    if !against.is_empty() {
        return Err(against);
    }
    let mut writing = Writing { losses: Vec::new(), against, statement: 0 };
    let node = match format {
        Format::CycloneDx => cyclonedx::document(head, statements, &mut writing),
        Format::OpenVex => openvex::document(head, statements, &mut writing),
        Format::Csaf => csaf::document(head, statements, &mut writing),
    };
    if writing.against.is_empty() {
        Ok(Written { text: node.to_json(), losses: writing.losses })
    } else {
        Err(writing.against)
    }
}

fn check_head(format: Format, head: &Head, statements: &[Statement], against: &mut Vec<Unwritable>) {
    let mut add = |why| against.push(Unwritable { statement: None, why });
    if statements.is_empty() {
        add(Against::NothingToSay);
    }
    if head.id.trim().is_empty() || (format == Format::OpenVex && !head.id.contains(':')) {
        add(Against::HeadLacks("id"));
    }
    if head.author.trim().is_empty() {
        add(Against::HeadLacks("author"));
    }
    if format == Format::Csaf && !head.namespace.as_deref().is_some_and(|text| text.contains("://")) {
        add(Against::HeadLacks("namespace"));
    }
    if format == Format::Csaf && head.title.trim().is_empty() {
        add(Against::HeadLacks("title"));
    }
    for moment in head.earlier.iter().chain([&head.timestamp]).filter(|text| Moment::of(text).is_none()) {
        add(Against::Moment(moment.clone()));
    }
}

fn check(format: Format, statement: &Statement, add: &mut dyn FnMut(Against)) {
    if statement.vulnerability.id.trim().is_empty() {
        add(Against::Lacks("vulnerability"));
    }
    if statement.products.is_empty() {
        add(Against::Lacks("product"));
    }
    if let Some(moment) = statement.timestamp.as_ref().filter(|text| Moment::of(text).is_none()) {
        add(Against::Moment(moment.clone()));
    }
    match statement.status {
        None => add(Against::Lacks("status")),
        Some(Status::NotAffected) if !statement.has_reason() => add(Against::NoReason),
        Some(Status::Affected) if statement.action.is_none() && statement.responses.is_empty() => {
            add(Against::NoAction);
        }
        Some(_) => {}
    }
    let things =
        statement.products.iter().flat_map(|product| std::iter::once(&product.thing).chain(&product.parts));
    for thing in things {
        if !thing.claims.is_empty() && format != Format::CycloneDx {
            add(Against::Versions(thing.shown()));
        }
        let named = Thing { reference: None, ..thing.clone() };
        if named.is_nameless() {
            add(Against::Nameless(thing.shown()));
        }
    }
}

/// What is gathered while writing.
pub(super) struct Writing {
    losses: Vec<Loss>,
    against: Vec<Unwritable>,
    statement: usize,
}

impl Writing {
    fn lose(&mut self, what: Lost) {
        let loss = Loss { statement: self.statement, what };
        if !self.losses.contains(&loss) {
            self.losses.push(loss);
        }
    }

    fn refuse(&mut self, why: Against) {
        self.against.push(Unwritable { statement: Some(self.statement), why });
    }

    /// The format's word for a statement's reason, and the reason in prose where it has none.
    fn reason(&mut self, format: Format, statement: &Statement) -> (Option<&'static str>, Option<String>) {
        let Some(justification) = statement.justification else { return (None, statement.impact.clone()) };
        match justification.written(format) {
            Counterpart::Same(word) => (Some(word), statement.impact.clone()),
            Counterpart::Nearest(word) => {
                self.lose(Lost::ReasonNearly(justification, word));
                (Some(word), Some(in_prose(justification, statement)))
            }
            Counterpart::None => {
                self.lose(Lost::ReasonInProse(justification));
                (None, Some(in_prose(justification, statement)))
            }
        }
    }
}

fn in_prose(justification: Justification, statement: &Statement) -> String {
    let word = justification.code();
    match &statement.impact {
        Some(impact) => format!("{word}: {impact}"),
        None => format!("{word}: {}", justification.names().en),
    }
}

/// Who gives such ids stands before their first hyphen.
fn system(id: &str) -> &str {
    id.split_once('-').map_or("other", |(system, _)| system)
}

/// What should be done, where it is said in words or by CycloneDX's responses alone.
fn action(statement: &Statement) -> Option<String> {
    let responses = Some(statement.responses.join(", ")).filter(|text| !text.is_empty());
    statement.action.clone().or(responses)
}

/// Members of an object, as they are put.
#[derive(Default)]
struct Members(Vec<(Box<str>, Node)>);

impl Members {
    fn put(&mut self, name: &str, value: Node) {
        self.0.push((name.into(), value));
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(name, Node::text(text));
        }
    }

    /// Not where it is empty.
    fn list(&mut self, name: &str, items: Vec<Node>) {
        if !items.is_empty() {
            self.put(name, Node::List(items));
        }
    }

    fn node(self) -> Node {
        Node::Object(self.0)
    }
}

impl Lost {
    /// For a person.
    pub fn names(&self) -> Names {
        match self {
            Lost::ReasonInProse(reason) => Names::of(
                format!("理由「{}」に当たる語がこの形式になく、文章で書きました", reason.code()),
                format!("the format has no word for the reason {}; it stands in prose", reason.code()),
            ),
            Lost::ReasonNearly(reason, word) => Names::of(
                format!("理由「{}」を最も近い語「{word}」と文章で書きました", reason.code()),
                format!("the reason {} is written as the nearest word, {word}, and in prose", reason.code()),
            ),
            Lost::Responses => Names::of(
                "対応の語（update など）はこの形式にありません",
                "the format has no words for responses such as update",
            ),
            Lost::Notes => Names::of("補足はこの形式に書けません", "the format has no place for the notes"),
            Lost::Names(name) => Names::of(
                format!("「{name}」の名前の一部はこの形式に書けません"),
                format!("the format cannot hold all names of “{name}”"),
            ),
            Lost::AsGeneric(name) => Names::of(
                format!("「{name}」には名前しかないため、pkg:generic として書きました"),
                format!("nothing but a name is known of “{name}”; it is written as pkg:generic"),
            ),
        }
    }
}

impl Against {
    /// For a person, with what to do.
    pub fn names(&self) -> Names {
        match self {
            Against::HeadLacks(what) => Names::of(
                format!("文書の {what} がないか、形式に合いません"),
                format!("the document needs a {what} of the right form"),
            ),
            Against::NothingToSay => Names::of("述べることがありません", "there is nothing to state"),
            Against::Moment(text) => Names::of(
                format!("「{text}」は日時（RFC 3339）ではありません"),
                format!("“{text}” is no moment (RFC 3339)"),
            ),
            Against::Lacks(what) => Names::of(format!("{what} がありません"), format!("there is no {what}")),
            Against::NoReason => Names::of(
                "「影響なし」には理由（justification か impact）が要ります",
                "not affected needs a reason: justification or impact",
            ),
            Against::NoAction => Names::of(
                "「影響あり」には対応（action）が要ります",
                "affected needs what should be done: action",
            ),
            Against::Nameless(name) => Names::of(
                format!("「{name}」を特定できる名前がありません"),
                format!("nothing names “{name}” beyond one document"),
            ),
            Against::Address(name) => Names::of(
                format!(
                    "「{name}」を他の製品と区別するものが元の文書のアドレスだけで、この形式には書けません。SBOMの対象に名前と版かPackage URLを\
                    加えるか、OpenVEXかCSAFで書いてください"
                ),
                format!(
                    "only its address in the bill tells “{name}” from other products, which the format cannot hold: add name and version or a \
                     package URL to the bill's subject, or write OpenVEX or CSAF"
                ),
            ),
            Against::Versions(name) => Names::of(
                format!("「{name}」の版ごとの記述はこの形式に書けません。版ごとに分けてください"),
                format!("the format cannot tell versions of “{name}” apart; state each for itself"),
            ),
            Against::Second(name) => Names::of(
                format!("「{name}」に同じ脆弱性の状態や理由が二つあります"),
                format!("“{name}” has a second status or reason for the same vulnerability"),
            ),
        }
    }
}
