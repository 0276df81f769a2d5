//! What was submitted, kept as JSON under a seal: hashes of the inputs, verdicts, documents, components, findings. A seal that does not
//! fit its content, or content that is not ours, is refused: comparing with something else would invent changes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::case::Case;
use super::kind::DocumentKind;
use super::verdict::{Answer, Verdict};
use crate::document::deviation::Place;
use crate::sbom::{Component, Format, Hash, Lifecycle, Sbom};

/// The form of what is sealed; another form gets another name.
const FORM: &str = "shirube-cyber-file/1";

/// The most bytes of a sealed file.
const MOST_BYTES: usize = 256 << 20;

/// What was submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The form.
    form: String,
    /// The product.
    pub product: String,
    /// Its maker.
    pub maker: String,
    /// Its version.
    pub version: Option<String>,
    /// The day of the file.
    pub day: Date,
    /// What it was made from.
    pub inputs: Vec<Input>,
    /// The verdict of each rule.
    pub verdicts: Vec<(String, Verdict)>,
    /// Its documents.
    pub documents: Vec<SealedDocument>,
    /// The components of its bills.
    components: Vec<SealedComponent>,
    /// Its findings; none where nothing was looked up.
    pub findings: Option<Vec<SealedFinding>>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A document as it was named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedDocument {
    /// What it is.
    pub kind: DocumentKind,
    /// Its number.
    pub id: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its date.
    pub date: Option<Date>,
}

/// A finding and what was stated of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFinding {
    /// The advisory's id.
    pub vulnerability: String,
    /// The component.
    pub component: String,
    /// The status, in the words of VEX.
    pub status: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedComponent {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    supplier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maker: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    purls: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cpes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    licences: Vec<String>,
    #[serde(default, skip_serializing_if = "is_silent")]
    life: [Option<String>; 5],
}

/// A sealed file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// It is larger than is accepted.
    #[error("it is larger than {MOST_BYTES} bytes")]
    TooLarge,
    /// It is no sealed file.
    #[error("it is no sealed file of this program: {0}")]
    NotSealed(#[from] serde_json::Error),
    /// It has another form.
    #[error("its form is `{0}`, not `{FORM}`: it was sealed by another version")]
    OtherForm(String),
    /// Its content is not what was sealed.
    #[error("its content is not what was sealed: it was changed or damaged afterwards")]
    Broken,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<C> {
    seal: String,
    content: C,
}

/// What is to be kept of an answer.
pub fn sealed(answer: &Answer<'_>, case: &Case<'_>, inputs: Vec<Input>) -> Sealed {
    let head = &case.product.head;
    let mut documents: Vec<SealedDocument> = case
        .product
        .documents
        .iter()
        .map(|placed| &placed.value)
        .map(|one| SealedDocument {
            kind: one.kind,
            id: one.id.clone(),
            version: one.version.clone(),
            date: one.date,
        })
        .collect();
    documents.sort();
    let of_finding = |found: &super::case::Found| SealedFinding {
        vulnerability: found.vulnerability.clone(),
        component: found.component.clone(),
        status: found.triage.as_ref().map(|stated| stated.status.code().to_owned()),
    };
    let components = case.bills.iter().flat_map(|bill| &bill.reading.sbom.components);
    Sealed {
        form: FORM.to_owned(),
        product: head.name.clone(),
        maker: head.maker.clone(),
        version: head.version.clone(),
        day: answer.day,
        inputs,
        verdicts: answer.judged.iter().map(|one| (one.rule.id.clone(), one.verdict)).collect(),
        documents,
        components: components.map(SealedComponent::of).collect(),
        findings: case.findings.map(|findings| findings.found.iter().map(of_finding).collect()),
    }
}

impl Sealed {
    /// As JSON under its seal.
    pub fn to_json(&self) -> Result<String, SealError> {
        let seal = hex(&serde_json::to_vec(self)?);
        Ok(serde_json::to_string_pretty(&Envelope { seal, content: self })? + "\n")
    }

    /// Reads what was sealed, and tells whether it still is.
    pub fn read(bytes: &[u8]) -> Result<Sealed, SealError> {
        if bytes.len() > MOST_BYTES {
            return Err(SealError::TooLarge);
        }
        let envelope: Envelope<Sealed> = serde_json::from_slice(bytes)?;
        let Envelope { seal, content } = envelope;
        if content.form != FORM {
            return Err(SealError::OtherForm(content.form.chars().take(60).collect()));
        }
        if hex(&serde_json::to_vec(&content)?) != seal {
            return Err(SealError::Broken);
        }
        Ok(content)
    }

    /// Its components as a bill, to be compared with another.
    pub(super) fn bill(&self) -> Sbom {
        Sbom { components: self.components.iter().map(SealedComponent::component).collect(), ..empty_bill() }
    }
}

impl Input {
    /// A file and the hash of its bytes.
    pub fn of(file: impl Into<String>, bytes: &[u8]) -> Self {
        Input { file: file.into(), sha256: hex(bytes) }
    }
}

impl SealedComponent {
    fn of(one: &Component) -> Self {
        let life = &one.lifecycle;
        SealedComponent {
            name: one.name.clone(),
            group: one.group.clone(),
            version: one.version.clone(),
            supplier: one.supplier.clone(),
            maker: one.maker.clone(),
            purls: one.purls.clone(),
            cpes: one.cpes.clone(),
            hashes: one.hashes.iter().map(|hash| (hash.algorithm.clone(), hash.value.clone())).collect(),
            licences: one.licences.clone(),
            life: [
                life.end_of_support.clone(),
                life.end_of_life.clone(),
                life.end_of_guaranteed_support.clone(),
                life.end_of_development.clone(),
                life.support.clone(),
            ],
        }
    }

    fn component(&self) -> Component {
        let [end_of_support, end_of_life, end_of_guaranteed_support, end_of_development, support] =
            self.life.clone();
        let hash = |(algorithm, value): &(String, String)| Hash {
            algorithm: algorithm.clone(),
            value: value.clone(),
        };
        Component {
            name: self.name.clone(),
            group: self.group.clone(),
            version: self.version.clone(),
            supplier: self.supplier.clone(),
            maker: self.maker.clone(),
            purls: self.purls.clone(),
            cpes: self.cpes.clone(),
            hashes: self.hashes.iter().map(hash).collect(),
            licences: self.licences.clone(),
            lifecycle: Lifecycle {
                end_of_support,
                end_of_life,
                end_of_guaranteed_support,
                end_of_development,
                support,
            },
            ..Component::at(Place::Pointer(Box::default()))
        }
    }
}

fn empty_bill() -> Sbom {
    Sbom {
        format: Format::CycloneDxJson,
        version: String::new(),
        identity: None,
        revision: None,
        name: None,
        authors: Vec::new(),
        tools: Vec::new(),
        phases: Vec::new(),
        timestamp: None,
        supplier: None,
        components: Vec::new(),
        subjects: Vec::new(),
        relationships: Vec::new(),
        compositions: Vec::new(),
        vulnerabilities: Vec::new(),
    }
}

fn is_silent(life: &[Option<String>; 5]) -> bool {
    life.iter().all(Option::is_none)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
