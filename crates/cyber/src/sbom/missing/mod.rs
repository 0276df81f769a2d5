//! Which content a bill of materials and its components lack, against lists that authorities have published. Whether what is stated is
//! true is not asked here, nor which form it has (`sbom::read`), nor what follows for a submission (`premarket`).

mod words;

use base::Names;
use hashbrown::{HashMap, HashSet};

use super::model::{Aspect, Component, Sbom};

/// Something that a bill is asked to state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// Of the document: who wrote it.
    Author,
    /// Of the document: when it was written.
    Timestamp,
    /// Of the document: what wrote it.
    Tool,
    /// Of the document: in which phase of the software's life it was made.
    Context,
    /// Who supplies or makes the component.
    Supplier,
    /// Its name.
    Name,
    /// Its version.
    Version,
    /// An identifier by which others look it up: package URL, CPE name or SWID tag.
    Identifier,
    /// A package URL or CPE name, no other identifier.
    PurlOrCpe,
    /// How it relates to another one: part of, depends on, or explicitly on none.
    Relationship,
    /// A checksum.
    Hash,
    /// Its licence.
    Licence,
    /// At which level it is looked after.
    SupportLevel,
    /// Until when it is supported.
    EndOfSupport,
    /// When its life ends.
    EndOfLife,
}

/// What a bill says of an element. The three are different answers: only the first fulfils what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It is stated.
    Stated,
    /// It is stated that it is unknown or that there is none (`NOASSERTION`, `NONE`).
    StatedAsUnknown,
    /// Nothing is said.
    NotStated,
}

/// A published list of what a bill must state.
#[derive(Debug, PartialEq, Eq)]
pub struct List {
    /// A stable name for programs and the command line.
    pub id: &'static str,
    /// Its name in Japanese and English.
    pub name: (&'static str, &'static str),
    /// The document and the place in it.
    pub source: &'static str,
    /// The date of the document.
    pub date: &'static str,
    /// What the document as a whole must state.
    pub document: &'static [Element],
    /// What each component must state.
    pub component: &'static [Element],
    /// What the list also asks and a bill alone cannot show, in Japanese and English.
    pub elsewhere: &'static [(&'static str, &'static str)],
}

/// Every list, in the order in which they are shown.
pub static LISTS: [List; 4] = [NTIA, HANDBOOK, FDA, CISA];

const NTIA: List = List {
    id: "ntia",
    name: ("NTIA 最小要素", "NTIA minimum elements"),
    source: "NTIA, The Minimum Elements For a Software Bill of Materials (SBOM), III. Data Fields",
    date: "2021-07-12",
    document: &[Element::Author, Element::Timestamp],
    component: &BASELINE,
    elsewhere: &[],
};

const HANDBOOK: List = List {
    id: "handbook",
    name: ("医療機器のサイバーセキュリティ導入に関する手引書", "Japanese handbook on device cybersecurity"),
    source: "医療機器のサイバーセキュリティ導入に関する手引書（改訂）附属書A（31–34頁）、15頁",
    date: "2023-03-31",
    document: &[Element::Author, Element::Timestamp],
    component: &[
        Element::Supplier,
        Element::Name,
        Element::Version,
        Element::PurlOrCpe,
        Element::Relationship,
        Element::EndOfSupport,
        Element::EndOfLife,
    ],
    elsewhere: &[("各部品の最新のSBOMの保有", "the latest SBOM of each component, held by the maker")],
};

const FDA: List = List {
    id: "fda",
    name: ("FDA 市販前申請のSBOM", "FDA, SBOM of premarket submissions"),
    source: "FDA, Cybersecurity in Medical Devices: Quality Management System Considerations and Content of Premarket Submissions, V.A.4(b)",
    date: "2026-02-03",
    document: &[Element::Author, Element::Timestamp],
    component: &[
        Element::Supplier,
        Element::Name,
        Element::Version,
        Element::Identifier,
        Element::Relationship,
        Element::SupportLevel,
        Element::EndOfSupport,
    ],
    elsewhere: &[
        (
            "部品ごとの既知の脆弱性とその評価（照合とVEXで示す）",
            "known vulnerabilities of each component and their assessment (shown by scan and VEX)",
        ),
        ("部品が置かれる資産", "the asset where the component resides"),
    ],
};

const CISA: List = List {
    id: "cisa",
    name: ("CISA 最小要素 2025年案", "CISA minimum elements, draft of 2025"),
    source: "CISA, 2025 Minimum Elements for a Software Bill of Materials (SBOM), draft for comment",
    date: "2025-08",
    document: &[Element::Author, Element::Timestamp, Element::Tool, Element::Context],
    component: &[
        Element::Supplier,
        Element::Name,
        Element::Version,
        Element::Identifier,
        Element::Relationship,
        Element::Hash,
        Element::Licence,
    ],
    elsewhere: &[],
};

const BASELINE: [Element; 5] =
    [Element::Supplier, Element::Name, Element::Version, Element::Identifier, Element::Relationship];

/// What a bill says of the elements of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The list.
    pub list: &'static List,
    /// The answers for the document, in the order of the list.
    pub document: Vec<(Element, Answer)>,
    /// The components that were asked: all but files listed within a package, unless the bill is about that file.
    pub components: Vec<Answered>,
    /// Files that were not asked.
    pub files: usize,
}

/// What is said of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Its index in `Sbom::components`.
    pub component: usize,
    /// The answers in the order of `List::component`.
    pub answers: Vec<Answer>,
}

/// How many components gave which answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Stated.
    pub stated: usize,
    /// Stated as unknown.
    pub unknown: usize,
    /// Not stated.
    pub missing: usize,
}

/// Asks a bill for the elements of a list.
pub fn content(sbom: &Sbom, list: &'static List) -> Content {
    let related = Related::of(sbom);
    let subjects: HashSet<usize> = sbom.subjects.iter().copied().collect();
    let asked = |(index, one): &(usize, &Component)| !one.is_mere_file() || subjects.contains(index);
    let components: Vec<Answered> = sbom
        .components
        .iter()
        .enumerate()
        .filter(asked)
        .map(|(component, one)| Answered {
            component,
            answers: list.component.iter().map(|element| of_component(*element, one, &related)).collect(),
        })
        .collect();
    Content {
        list,
        document: list.document.iter().map(|element| (*element, of_document(*element, sbom))).collect(),
        files: sbom.components.len() - components.len(),
        components,
    }
}

impl List {
    /// The list of an id.
    pub fn named(id: &str) -> Option<&'static List> {
        LISTS.iter().find(|list| list.id == id)
    }

    /// Its name for a person.
    pub fn names(&self) -> Names {
        Names::of(self.name.0, self.name.1)
    }
}

impl Content {
    /// How the components answer, element by element.
    pub fn counts(&self) -> Vec<(Element, Counts)> {
        let elements = self.list.component.iter().enumerate();
        elements
            .map(|(at, element)| {
                let mut counts = Counts::default();
                for one in &self.components {
                    match one.answers[at] {
                        Answer::Stated => counts.stated += 1,
                        Answer::StatedAsUnknown => counts.unknown += 1,
                        Answer::NotStated => counts.missing += 1,
                    }
                }
                (*element, counts)
            })
            .collect()
    }

    /// What a component does not state, with the answer it gives instead.
    pub fn lacks<'a>(&'a self, one: &'a Answered) -> impl Iterator<Item = (Element, Answer)> + 'a {
        let answers = self.list.component.iter().copied().zip(one.answers.iter().copied());
        answers.filter(|(_, answer)| *answer != Answer::Stated)
    }

    /// Whether the document and every component state everything. A bill without components states nothing.
    pub fn is_complete(&self) -> bool {
        !self.components.is_empty()
            && self.document.iter().all(|(_, answer)| *answer == Answer::Stated)
            && self.components.iter().all(|one| self.lacks(one).next().is_none())
    }
}

impl Answer {
    fn of(stated: bool, unknown: bool) -> Self {
        match (stated, unknown) {
            (true, _) => Answer::Stated,
            (_, true) => Answer::StatedAsUnknown,
            _ => Answer::NotStated,
        }
    }

    /// The best of several places where the same may be stated.
    fn or(self, other: Answer) -> Self {
        self.min(other)
    }
}

fn of_document(element: Element, sbom: &Sbom) -> Answer {
    let any =
        |texts: &[String]| texts.iter().map(|text| said(Some(text))).fold(Answer::NotStated, Answer::or);
    match element {
        Element::Author => any(&sbom.authors),
        Element::Tool => any(&sbom.tools),
        Element::Context => any(&sbom.phases),
        Element::Timestamp => said(sbom.timestamp.as_deref()),
        _ => Answer::NotStated,
    }
}

fn of_component(element: Element, one: &Component, related: &Related<'_>) -> Answer {
    let unknown = |aspect: Aspect| Answer::of(false, one.unknown.contains(&aspect));
    match element {
        Element::Supplier => said(one.supplier.as_deref())
            .or(said(one.maker.as_deref()))
            .or(unknown(Aspect::Supplier))
            .or(unknown(Aspect::Maker)),
        Element::Name => said(Some(&one.name)),
        Element::Version => said(one.version.as_deref()).or(unknown(Aspect::Version)),
        Element::Identifier => {
            Answer::of(!one.purls.is_empty() || !one.cpes.is_empty() || one.has_tag, false)
        }
        Element::PurlOrCpe => Answer::of(!one.purls.is_empty() || !one.cpes.is_empty(), false),
        Element::Relationship => related.answer(one),
        Element::Hash => Answer::of(!one.hashes.is_empty(), false),
        Element::Licence => {
            one.licences.iter().map(|text| said(Some(text))).fold(unknown(Aspect::Licences), Answer::or)
        }
        Element::SupportLevel => said(one.lifecycle.support.as_deref()).or(unknown(Aspect::Support)),
        Element::EndOfSupport => said(one.lifecycle.end_of_support.as_deref()),
        Element::EndOfLife => said(one.lifecycle.end_of_life.as_deref()),
        Element::Author | Element::Timestamp | Element::Tool | Element::Context => Answer::NotStated,
    }
}

/// Words with which tools write that they do not know, whatever the format.
fn said(text: Option<&str>) -> Answer {
    let text = text.unwrap_or_default().trim();
    let unknown = ["noassertion", "none", "unknown"].iter().any(|word| text.eq_ignore_ascii_case(word));
    Answer::of(!text.is_empty() && !unknown, unknown)
}

/// Which references stand in a relationship, and of which the bill says that their relationships are unknown.
struct Related<'a> {
    known: HashSet<&'a str>,
    unknown: HashSet<&'a str>,
    /// Components that hold others.
    parents: HashSet<usize>,
    by_reference: HashMap<&'a str, usize>,
}

impl<'a> Related<'a> {
    fn of(sbom: &'a Sbom) -> Self {
        let mut related = Related {
            known: HashSet::new(),
            unknown: HashSet::new(),
            parents: sbom.components.iter().filter_map(|one| one.parent).collect(),
            by_reference: sbom
                .components
                .iter()
                .enumerate()
                .filter_map(|(index, one)| Some((one.reference.as_deref()?, index)))
                .collect(),
        };
        for one in &sbom.relationships {
            if one.to == "NOASSERTION" {
                related.unknown.insert(&one.from);
            } else if !tells_of_licences(&one.kind) {
                related.known.extend([one.from.as_str(), one.to.as_str()]);
            }
        }
        for one in &sbom.compositions {
            if matches!(one.aggregate.as_str(), "unknown" | "not_specified") {
                related.unknown.extend(one.about.iter().map(String::as_str));
            }
        }
        related
    }

    fn answer(&self, one: &Component) -> Answer {
        let Some(reference) = one.reference.as_deref() else {
            return Answer::of(one.parent.is_some(), false);
        };
        let holds = self.by_reference.get(reference).is_some_and(|index| self.parents.contains(index));
        let known = one.parent.is_some() || holds || self.known.contains(reference);
        Answer::of(known, self.unknown.contains(reference))
    }
}

/// SPDX 3 ties licences by relationships, which say nothing about other components.
fn tells_of_licences(kind: &str) -> bool {
    matches!(kind, "HAS_DECLARED_LICENSE" | "HAS_CONCLUDED_LICENSE")
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read};
    use super::*;

    fn told(text: &str, list: &str) -> Vec<String> {
        let sbom = read(text.as_bytes(), &Limits::default()).unwrap().sbom;
        let content = content(&sbom, List::named(list).unwrap());
        let document = content.document.iter().map(|(element, answer)| format!("{element:?} {answer:?}"));
        let components = content.components.iter().map(|one| {
            let lacks: Vec<_> =
                content.lacks(one).map(|(element, answer)| format!("{element:?} {answer:?}")).collect();
            format!("{}: {}", sbom.components[one.component].name, lacks.join(", "))
        });
        document.chain(components).collect()
    }

    const SPDX: &str = r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "d", "dataLicense": "CC0-1.0",
        "documentNamespace": "https://a.example/d", "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: t-1"]},
        "packages": [
            {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1", "downloadLocation": "NONE", "supplier": "NOASSERTION",
             "licenseConcluded": "NOASSERTION", "licenseDeclared": "MIT", "checksums": [{"algorithm": "SHA1", "checksumValue": "00"}],
             "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/a@1"}]},
            {"SPDXID": "SPDXRef-b", "name": "b", "versionInfo": "UNKNOWN", "downloadLocation": "NONE",
             "supplier": "Organization: B", "licenseConcluded": "NOASSERTION",  "validUntilDate": "2030-01-01T00:00:00Z"}],
        "files": [{"SPDXID": "SPDXRef-f", "fileName": "./f", "checksums": [{"algorithm": "SHA1", "checksumValue": "00"}]}],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-a"},
            {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NOASSERTION"}]}"#;

    #[test]
    fn not_stated_and_stated_as_unknown_are_different_answers() {
        assert_eq!(
            told(SPDX, "ntia"),
            [
                "Author NotStated",
                "Timestamp Stated",
                "a: Supplier StatedAsUnknown",
                "b: Version StatedAsUnknown, Identifier NotStated, Relationship StatedAsUnknown",
            ]
        );
        assert_eq!(
            told(SPDX, "cisa"),
            [
                "Author NotStated",
                "Timestamp Stated",
                "Tool Stated",
                "Context NotStated",
                "a: Supplier StatedAsUnknown",
                "b: Version StatedAsUnknown, Identifier NotStated, Relationship StatedAsUnknown, Hash NotStated, \
                 Licence StatedAsUnknown",
            ]
        );
    }

    #[test]
    fn files_within_a_package_are_counted_apart() {
        let sbom = read(SPDX.as_bytes(), &Limits::default()).unwrap().sbom;
        let content = content(&sbom, &LISTS[0]);
        assert_eq!((content.components.len(), content.files), (2, 1));
    }

    #[test]
    fn the_end_of_support_and_life_are_asked_of_each_component() {
        let bill = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"timestamp": "2026-01-02T03:04:05Z", "authors": [{"name": "A"}], "lifecycles": [{"phase": "build"}],
                "component": {"type": "device", "name": "pump", "version": "1", "bom-ref": "p", "supplier": {"name": "M"},
                    "cpe": "cpe:2.3:h:m:pump:1:*:*:*:*:*:*:*"}},
            "components": [
                {"type": "library", "name": "a", "version": "1", "bom-ref": "a", "supplier": {"name": "S"}, "purl": "pkg:npm/a@1",
                 "properties": [{"name": "cdx:lifecycle:milestone:endOfSupport", "value": "2030-01-01"},
                    {"name": "cdx:lifecycle:milestone:endOfLife", "value": "2029-01-01"}]},
                {"type": "library", "name": "b", "version": "1", "bom-ref": "b", "supplier": {"name": "S"},
                 "swid": {"tagId": "t", "name": "b"}}],
            "dependencies": [{"ref": "p", "dependsOn": ["a"]}, {"ref": "b"}]}"#;
        assert_eq!(
            told(bill, "handbook"),
            [
                "Author Stated",
                "Timestamp Stated",
                "pump: EndOfSupport NotStated, EndOfLife NotStated",
                "a: ",
                "b: PurlOrCpe NotStated, EndOfSupport NotStated, EndOfLife NotStated",
            ]
        );
        let ntia = told(bill, "ntia");
        assert_eq!(
            ntia[2..],
            ["pump: ", "a: ", "b: "],
            "a SWID tag identifies, and to depend on nothing is a statement"
        );
    }

    #[test]
    fn a_bill_without_components_is_not_complete() {
        let bill = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"timestamp": "2026-01-02T03:04:05Z", "authors": [{"name": "A"}]}}"#;
        let sbom = read(bill.as_bytes(), &Limits::default()).unwrap().sbom;
        assert!(!content(&sbom, &LISTS[0]).is_complete());
    }
}
