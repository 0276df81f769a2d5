//! Which elements rules may ask of a bill, and the answer of `sbom` to one of them over a whole bill.

use crate::sbom::Sbom;
use crate::sbom::missing::{self, Answer, Content, Element, List};

/// All that rules may ask: one walk over a bill answers every rule.
pub(super) static ASKED: List = List {
    id: "premarket",
    name: ("市販前の資料の規則", "rules of the pre-market file"),
    source: "cyber-rule",
    date: "",
    document: &[Element::Author, Element::Timestamp, Element::Tool, Element::Context],
    component: &[
        Element::Supplier,
        Element::Name,
        Element::Version,
        Element::Identifier,
        Element::PurlOrCpe,
        Element::Relationship,
        Element::Hash,
        Element::Licence,
        Element::SupportLevel,
        Element::EndOfSupport,
        Element::EndOfLife,
    ],
    elsewhere: &[],
};

/// What a bill says of one element.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// How many were asked: components, or the document itself.
    pub(super) asked: usize,
    /// Indices of components of which nothing is said.
    pub(super) missing: Vec<usize>,
    /// Indices of components of which it is said that it is unknown.
    pub(super) unknown: Vec<usize>,
    /// The document's own answer, where it is the one that is asked.
    pub(super) document: Option<Answer>,
}

/// The element of a name, as rules write it.
pub(super) fn named(code: &str) -> Option<Element> {
    ASKED.document.iter().chain(ASKED.component).copied().find(|element| element.code() == code)
}

/// Asks a bill for everything.
pub(super) fn of(sbom: &Sbom) -> Content {
    missing::content(sbom, &ASKED)
}

/// The answers to one element.
pub(super) fn gaps(content: &Content, element: Element) -> Gaps {
    if let Some((_, answer)) = content.document.iter().find(|(asked, _)| *asked == element) {
        return Gaps { asked: 1, document: Some(*answer), ..Gaps::default() };
    }
    let mut gaps = Gaps { asked: content.components.len(), ..Gaps::default() };
    let Some(at) = ASKED.component.iter().position(|asked| *asked == element) else { return gaps };
    for one in &content.components {
        match one.answers[at] {
            Answer::Stated => {}
            Answer::StatedAsUnknown => gaps.unknown.push(one.component),
            Answer::NotStated => gaps.missing.push(one.component),
        }
    }
    gaps
}
