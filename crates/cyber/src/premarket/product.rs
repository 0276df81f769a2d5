//! The product file: what a maker states of one product, in TOML. It is read whole or not at all; each row and document keeps the line
//! it stands on. What follows from it is not decided here.

use std::ops::Range;

use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::fact::{Fact, Facts};
use super::kind::{DocumentKind, Item, State};

/// A product file to begin with, every entry explained.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The most bytes of a product file.
pub const MOST_BYTES: usize = 4 << 20;

/// The most rows, documents and other entries of one kind.
pub const MOST_ENTRIES: usize = 20_000;

/// A product file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProductError {
    /// It is larger than is accepted.
    #[error("it has more than {MOST_BYTES} bytes")]
    TooLarge,
    /// It is no UTF-8 text.
    #[error("it is no UTF-8 text; save it as UTF-8")]
    NotText,
    /// It has more entries of one kind than is accepted.
    #[error("it has more than {MOST_ENTRIES} entries of one kind")]
    TooMany,
    /// Something is written otherwise than it must be.
    #[error("line {line}: {message}")]
    Wrong {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what may stand there.
        message: String,
    },
}

/// What is stated of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Which product.
    pub head: Head,
    /// What is known of it, without what follows from its state.
    pub facts: Facts,
    /// Its life.
    pub life: Life,
    /// The record, item by item.
    pub rows: Vec<Placed<Row>>,
    /// Documents.
    pub documents: Vec<Placed<Document>>,
    /// Analyses of vulnerabilities.
    pub analyses: Vec<Placed<Analysis>>,
    /// Compensating controls.
    pub controls: Vec<Placed<Control>>,
    /// Whether the MDS2 form says that there is an SBOM.
    pub mds2_says_sbom: Option<bool>,
    /// Where other files are.
    pub files: Files,
}

/// Something with the line of the product file, or of another file, on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The file, where it is not the product file itself.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there.
    pub value: T,
}

/// Which product the file is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// Its maker (製造販売業者).
    pub maker: String,
    /// The version of its software.
    #[serde(default)]
    pub version: Option<String>,
    /// The day the file is about; rules in force on that day apply.
    #[serde(default, deserialize_with = "date")]
    pub date: Option<Date>,
}

/// A row of the record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The item it is about.
    pub item: Item,
    /// What was done, in short (実施内容概要).
    #[serde(default)]
    pub summary: Option<String>,
    /// The internal document (社内ドキュメント名).
    #[serde(default)]
    pub document: Option<String>,
    /// Its number (文書番号).
    #[serde(default)]
    pub number: Option<String>,
    /// False where the maker states that it is not done.
    #[serde(default)]
    pub done: Option<bool>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its number.
    #[serde(default)]
    pub id: Option<String>,
    /// Its version.
    #[serde(default)]
    pub version: Option<String>,
    /// Its date.
    #[serde(default, deserialize_with = "date")]
    pub date: Option<Date>,
    /// The version of the product's software it speaks of.
    #[serde(default)]
    pub product_version: Option<String>,
}

/// Where a product stands in its life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// Its state.
    #[serde(default)]
    pub state: Option<State>,
    /// When it was released.
    #[serde(default, deserialize_with = "date")]
    pub released: Option<Date>,
    /// End of life.
    #[serde(default, deserialize_with = "date")]
    pub eol: Option<Date>,
    /// End of support.
    #[serde(default, deserialize_with = "date")]
    pub eos: Option<Date>,
    /// When customers were told of EOS.
    #[serde(default, deserialize_with = "date")]
    pub eos_told: Option<Date>,
    /// When EOS was changed.
    #[serde(default, deserialize_with = "date")]
    pub eos_changed: Option<Date>,
    /// When customers were told of that.
    #[serde(default, deserialize_with = "date")]
    pub eos_told_again: Option<Date>,
}

/// What was found out about a vulnerability (JIS T 81001-5-1, 9.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// Its id.
    pub vulnerability: String,
    /// The component's package URL or name; none means every component it reaches.
    #[serde(default)]
    pub component: Option<String>,
    /// Technical context.
    #[serde(default)]
    pub context: Option<String>,
    /// The CVSS vector or score.
    #[serde(default)]
    pub cvss: Option<String>,
    /// All versions of the product that are affected.
    #[serde(default)]
    pub affected_versions: Vec<String>,
    /// Root cause.
    #[serde(default)]
    pub root_cause: Option<String>,
    /// Related issues; `none` where there are none.
    #[serde(default)]
    pub related: Option<String>,
    /// Impact on safety and effectiveness.
    #[serde(default)]
    pub impact: Option<String>,
    /// The vector extension by the rubric for medical devices.
    #[serde(default)]
    pub rubric: Option<String>,
}

/// A compensating control.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// What it is.
    pub name: String,
    /// Its specification and settings.
    #[serde(default)]
    pub specification: Option<String>,
    /// The customers' document in which that stands.
    #[serde(default)]
    pub customer_document: Option<String>,
}

/// Paths as written: who opens them is not decided here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Tables with rows of the record: CSV or XLSX (`record`).
    #[serde(default)]
    pub record: Vec<String>,
    /// Bills of materials.
    #[serde(default)]
    pub sbom: Vec<String>,
    /// Statements about vulnerabilities (VEX).
    #[serde(default)]
    pub vex: Vec<String>,
    /// Advisories: an index, files, folders or archives.
    #[serde(default)]
    pub vulnerabilities: Vec<String>,
    /// What was sealed at the last submission.
    #[serde(default)]
    pub since: Option<String>,
}

impl Product {
    /// Reads a product file.
    pub fn read(bytes: &[u8]) -> Result<Product, ProductError> {
        if bytes.len() > MOST_BYTES {
            return Err(ProductError::TooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ProductError::NotText)?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let lines = Lines::of(text);
        let raw: Raw = toml::from_str(text).map_err(|error| ProductError::Wrong {
            line: error.span().map_or(1, |span| lines.at(span.start)),
            message: error.message().to_owned(),
        })?;
        let longest = [raw.row.len(), raw.document.len(), raw.analysis.len(), raw.control.len()];
        if longest.into_iter().any(|count| count > MOST_ENTRIES) {
            return Err(ProductError::TooMany);
        }
        Ok(Product {
            head: raw.product,
            facts: raw.facts.known(),
            life: raw.life,
            rows: lines.placed(raw.row),
            documents: lines.placed(raw.document),
            analyses: lines.placed(raw.analysis),
            controls: lines.placed(raw.control),
            mds2_says_sbom: raw.mds2.sbom,
            files: raw.files,
        })
    }

    /// What is known of it, with what follows from its state.
    pub fn facts(&self) -> Facts {
        let state = |states: &[State]| self.life.state.map(|state| states.contains(&state));
        let changed = self.facts.of(Fact::EosChanged).or(self.life.eos_changed.map(|_| true));
        self.facts
            .with(Fact::Marketed, state(&[State::Supported, State::Limited, State::Ended]))
            .with(Fact::PastEol, state(&[State::Limited, State::Ended]))
            .with(Fact::PastEos, state(&[State::Ended]))
            .with(Fact::EosChanged, changed)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    product: Head,
    #[serde(default)]
    facts: RawFacts,
    #[serde(default)]
    life: Life,
    #[serde(default)]
    row: Vec<Spanned<Row>>,
    #[serde(default)]
    document: Vec<Spanned<Document>>,
    #[serde(default)]
    analysis: Vec<Spanned<Analysis>>,
    #[serde(default)]
    control: Vec<Spanned<Control>>,
    #[serde(default)]
    mds2: Mds2,
    #[serde(default)]
    files: Files,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mds2 {
    #[serde(default, deserialize_with = "known")]
    sbom: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawFacts {
    #[serde(deserialize_with = "known")]
    software: Option<bool>,
    #[serde(deserialize_with = "known")]
    connected: Option<bool>,
    #[serde(deserialize_with = "known")]
    attack_foreseen: Option<bool>,
    #[serde(deserialize_with = "known")]
    legacy_design: Option<bool>,
    #[serde(deserialize_with = "known")]
    protectable: Option<bool>,
    #[serde(deserialize_with = "known")]
    eos_changed: Option<bool>,
    #[serde(deserialize_with = "known")]
    uses_rubric: Option<bool>,
    #[serde(deserialize_with = "known")]
    exports_to_us: Option<bool>,
    #[serde(deserialize_with = "known")]
    internet_connectable: Option<bool>,
    #[serde(deserialize_with = "known")]
    vulnerable_characteristics: Option<bool>,
}

impl RawFacts {
    fn known(&self) -> Facts {
        Facts::default()
            .with(Fact::Software, self.software)
            .with(Fact::Connected, self.connected)
            .with(Fact::AttackForeseen, self.attack_foreseen)
            .with(Fact::LegacyDesign, self.legacy_design)
            .with(Fact::Protectable, self.protectable)
            .with(Fact::EosChanged, self.eos_changed)
            .with(Fact::UsesRubric, self.uses_rubric)
            .with(Fact::ExportsToUs, self.exports_to_us)
            .with(Fact::InternetConnectable, self.internet_connectable)
            .with(Fact::VulnerableCharacteristics, self.vulnerable_characteristics)
    }
}

/// A fact: `true`, `false` or `"unknown"`.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Known(bool),
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    match Written::deserialize(deserializer)? {
        Written::Known(known) => Ok(Some(known)),
        Written::Text(text) if text == "unknown" => Ok(None),
        Written::Text(_) | Written::Other(serde::de::IgnoredAny) => {
            Err(D::Error::custom("a fact is not one of its values; write true, false or \"unknown\""))
        }
    }
}

/// A day, as text or as TOML's own date; an empty text is none.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Own(toml::value::Datetime),
        Text(String),
        Other(toml::Value),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Own(own) => own.to_string(),
        Written::Text(text) => text,
        Written::Other(other) => other.to_string(),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    base::date::parse(&text).map(Some).map_err(D::Error::custom)
}

/// Where lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines(std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect())
    }
    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte)
    }
    fn placed<T>(&self, entries: Vec<Spanned<T>>) -> Vec<Placed<T>> {
        let line = |span: Range<usize>| self.at(span.start);
        entries
            .into_iter()
            .map(|one| Placed { file: None, line: line(one.span()), value: one.into_inner() })
            .collect()
    }
}
