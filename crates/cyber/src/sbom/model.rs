//! What a bill of materials says, whatever its format: a view over the document, which is kept beside it. Package URLs and CPE
//! names stay the texts they were; who compares them reads them (`crate::name`).

use crate::document::deviation::Place;

/// A format in which bills of materials are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// CycloneDX 1.2–1.7 in JSON.
    CycloneDxJson,
    /// CycloneDX 1.2–1.7 in XML.
    CycloneDxXml,
    /// SPDX 2.2 and 2.3 in JSON.
    SpdxJson,
    /// SPDX 2.2 and 2.3 in tag-value.
    SpdxTagValue,
    /// SPDX 3.0 in JSON-LD.
    Spdx3,
}

impl Format {
    /// Its name as people say it.
    pub fn name(self) -> &'static str {
        match self {
            Format::CycloneDxJson => "CycloneDX JSON",
            Format::CycloneDxXml => "CycloneDX XML",
            Format::SpdxJson => "SPDX JSON",
            Format::SpdxTagValue => "SPDX tag-value",
            Format::Spdx3 => "SPDX 3 JSON-LD",
        }
    }
}

/// A bill of materials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sbom {
    /// The format it was written in.
    pub format: Format,
    /// The version of the format, as `1.6` or `SPDX-2.3`.
    pub version: String,
    /// Serial number (CycloneDX) or namespace (SPDX).
    pub identity: Option<String>,
    /// The version of this bill under the same serial number.
    pub revision: Option<String>,
    /// Its name, where the format has one.
    pub name: Option<String>,
    /// Who wrote it: persons and organisations.
    pub authors: Vec<String>,
    /// What wrote it: tools with their versions.
    pub tools: Vec<String>,
    /// In which phases of the software's life it was made: `build`, `design` … in the words of its format.
    pub phases: Vec<String>,
    /// When it was written, as written.
    pub timestamp: Option<String>,
    /// Who supplies what it describes.
    pub supplier: Option<String>,
    /// Components in document order; one within another names it as its parent.
    pub components: Vec<Component>,
    /// The components the bill is about: indices into `components`.
    pub subjects: Vec<usize>,
    /// Dependencies and other relationships.
    pub relationships: Vec<Relationship>,
    /// How complete the bill says it is.
    pub compositions: Vec<Composition>,
    /// Vulnerabilities and statements about them that came with it; they stay in the document at their place.
    pub vulnerabilities: Vec<Embedded>,
}

impl Sbom {
    /// How many components it has, and how many files that are none.
    pub fn counted(&self) -> (usize, usize) {
        let files = self.components.iter().filter(|one| one.is_mere_file()).count();
        (self.components.len() - files, files)
    }
}

/// One component: a package, a file, a device, a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Where it stands.
    pub place: Place,
    /// By what others refer to it: `bom-ref`, `SPDXID`, `spdxId`.
    pub reference: Option<String>,
    /// What it is, in the words of its format: `library`, `CONTAINER`, `service`.
    pub kind: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// Who made it: author, manufacturer, publisher, originator.
    pub maker: Option<String>,
    /// Its group or namespace, where the format keeps it apart from the name.
    pub group: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Package URLs.
    pub purls: Vec<String>,
    /// CPE names.
    pub cpes: Vec<String>,
    /// Checksums.
    pub hashes: Vec<Hash>,
    /// Licence ids, names or expressions.
    pub licences: Vec<String>,
    /// Whether it bears a SWID tag, an identifier whose tag is kept in the document.
    pub has_tag: bool,
    /// Whether it is a file as it lies in a package, which is no package.
    pub is_file: bool,
    /// What its bill says it does not know, or that there is none of it.
    pub unknown: Vec<Aspect>,
    /// What is said of its life.
    pub lifecycle: Lifecycle,
    /// The component it is part of: an index into `Sbom::components`.
    pub parent: Option<usize>,
}

impl Component {
    /// Takes a property of CycloneDX, if it holds a further identifier.
    pub(crate) fn further(&mut self, name: &str, value: &str) {
        let list = match name {
            FURTHER_PURL => &mut self.purls,
            FURTHER_CPE | SYFT_CPE => &mut self.cpes,
            _ => return,
        };
        if !value.trim().is_empty() && !list.iter().any(|one| one == value) {
            list.push(value.to_owned());
        }
    }

    /// A file within a package that bears no identifier: it is no package, and nothing can be looked up for it.
    pub fn is_mere_file(&self) -> bool {
        is_mere_file(self.is_file, &self.purls, &self.cpes)
    }

    /// One of which only the place is known.
    pub(crate) fn at(place: Place) -> Self {
        Component {
            place,
            reference: None,
            kind: None,
            supplier: None,
            maker: None,
            group: None,
            name: String::new(),
            version: None,
            purls: Vec::new(),
            cpes: Vec::new(),
            hashes: Vec::new(),
            licences: Vec::new(),
            has_tag: false,
            is_file: false,
            unknown: Vec::new(),
            lifecycle: Lifecycle::default(),
            parent: None,
        }
    }
}

/// The rule of [`Component::is_mere_file`], for every form in which a component is held.
pub(crate) fn is_mere_file<T>(is_file: bool, purls: &[T], cpes: &[T]) -> bool {
    is_file && purls.is_empty() && cpes.is_empty()
}

/// Properties of CycloneDX, which has a place for one package URL and one CPE name, that hold further ones: ours, and Syft's.
pub(crate) const FURTHER_PURL: &str = "shirube:purl";
pub(crate) const FURTHER_CPE: &str = "shirube:cpe";
pub(crate) const SYFT_CPE: &str = "syft:cpe23";

/// What of a component can be stated as unknown (SPDX: `NOASSERTION`, `NONE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// Who supplies it.
    Supplier,
    /// Who made it.
    Maker,
    /// Its version.
    Version,
    /// Its licences.
    Licences,
    /// Its level of support.
    Support,
}

/// A checksum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hash {
    /// `SHA-256`, `SHA256`: as written.
    pub algorithm: String,
    /// Hexadecimal, as written.
    pub value: String,
}

/// How long a component is looked after, as dates or words written in the document: the CycloneDX property taxonomy `cdx:lifecycle:milestone`,
/// SPDX 2.3 `validUntilDate`, SPDX 3 `validUntilTime` and `supportLevel`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// End of support.
    pub end_of_support: Option<String>,
    /// End of life.
    pub end_of_life: Option<String>,
    /// End of guaranteed support.
    pub end_of_guaranteed_support: Option<String>,
    /// End of development.
    pub end_of_development: Option<String>,
    /// Level of support.
    pub support: Option<String>,
}

impl Lifecycle {
    /// Takes a property of CycloneDX, if it is one of the milestones.
    pub(crate) fn take(&mut self, name: &str, value: &str) {
        let slot = match name {
            "cdx:lifecycle:milestone:endOfSupport" => &mut self.end_of_support,
            "cdx:lifecycle:milestone:endOfLife" => &mut self.end_of_life,
            "cdx:lifecycle:milestone:endOfGuaranteedSupport" => &mut self.end_of_guaranteed_support,
            "cdx:lifecycle:milestone:endOfDevelopment" => &mut self.end_of_development,
            // No taxonomy names the level of support yet; these two are what makers write for the FDA.
            "supportLevel" | "levelOfSupport" => &mut self.support,
            _ => return,
        };
        *slot = Some(value.to_owned());
    }
    /// Whether anything is said.
    pub fn is_known(&self) -> bool {
        *self != Lifecycle::default()
    }
}

/// Something refers to something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship {
    /// The reference it starts from.
    pub from: String,
    /// The reference it leads to; `NONE` says that there is no other, `NOASSERTION` that none is known.
    pub to: String,
    /// `DEPENDS_ON`, `CONTAINS` … in the words of SPDX 2; CycloneDX knows `DEPENDS_ON` and `PROVIDES`.
    pub kind: String,
    /// Where it stands.
    pub place: Place,
}

/// How complete something is said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    /// `complete`, `incomplete`, `unknown` …: as written.
    pub aggregate: String,
    /// The references it is said of; none means the whole.
    pub about: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// A vulnerability that came with the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// Its id, as `CVE-2024-1`.
    pub id: String,
    /// Where it stands.
    pub place: Place,
}
