//! A statement of a maker about a vulnerability, whatever its format. Ids, package URLs, CPE names and moments stay the texts they were;
//! who compares them reads them (`identity`, `apply`).

use base::Names;

use super::justification::Justification;
use crate::document::deviation::Place;
pub use crate::sbom::Hash;

/// A format in which statements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// CycloneDX 1.4–1.7, in a bill of materials or apart from it.
    CycloneDx,
    /// OpenVEX 0.0.1 and 0.2.0.
    OpenVex,
    /// CSAF 2.0 and 2.1: the VEX profile, and others that state the same.
    Csaf,
}

impl Format {
    /// Its name as people say it.
    pub fn name(self) -> &'static str {
        match self {
            Format::CycloneDx => "CycloneDX",
            Format::OpenVex => "OpenVEX",
            Format::Csaf => "CSAF",
        }
    }
}

/// What is stated (CISA, "Minimum Requirements for VEX", 2023, status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Nothing needs to be done.
    NotAffected,
    /// Something should be done.
    Affected,
    /// These versions hold a fix.
    Fixed,
    /// Not known yet.
    UnderInvestigation,
}

impl Status {
    /// Its name in OpenVEX.
    pub fn code(self) -> &'static str {
        match self {
            Status::NotAffected => "not_affected",
            Status::Affected => "affected",
            Status::Fixed => "fixed",
            Status::UnderInvestigation => "under_investigation",
        }
    }

    /// Reads that name.
    pub fn of(code: &str) -> Option<Status> {
        [Status::NotAffected, Status::Affected, Status::Fixed, Status::UnderInvestigation]
            .into_iter()
            .find(|status| status.code() == code)
    }

    /// For a person.
    pub fn names(self) -> Names {
        match self {
            Status::NotAffected => Names::of("影響なし", "not affected"),
            Status::Affected => Names::of("影響あり", "affected"),
            Status::Fixed => Names::of("修正済み", "fixed"),
            Status::UnderInvestigation => Names::of("調査中", "under investigation"),
        }
    }

    /// Whether a finding it is stated of needs nothing more to be done.
    pub fn settles(self) -> bool {
        matches!(self, Status::NotAffected | Status::Fixed)
    }
}

/// A document of statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its format.
    pub format: Format,
    /// The version of the format, as written.
    pub version: String,
    /// Its profile, as written (CSAF, `/document/category`).
    pub profile: Option<String>,
    /// What names it: `@id`, serial number, tracking id.
    pub id: Option<String>,
    /// Who speaks.
    pub author: Option<String>,
    /// When it was changed last, or else written; as written.
    pub timestamp: Option<String>,
    /// Which version of it this is, as written.
    pub revision: Option<String>,
    /// What it states, in the order of the document.
    pub statements: Vec<Statement>,
    /// Whether its components are those of a bill of materials that names no product (CycloneDX): they are parts of it alone, and what is
    /// stated of them holds in no other. Whoever applies it to the very bill it stands in says so with [`Document::at_home`].
    pub is_of_unnamed_bill: bool,
}

impl Document {
    /// Its format and profile as people say them.
    pub fn kind(&self) -> String {
        let format = self.format.name();
        match self.profile.as_deref() {
            Some("csaf_vex") => format!("{format} VEX"),
            Some(profile) => format!("{format} {profile}"),
            None => format.to_owned(),
        }
    }

    /// The document as it is applied to the bill it stands in.
    #[must_use]
    pub fn at_home(self) -> Document {
        Document { is_of_unnamed_bill: false, ..self }
    }
}

/// One statement: a status of some products with regard to one vulnerability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where it stands.
    pub place: Place,
    /// The vulnerability.
    pub vulnerability: Vulnerability,
    /// The products it speaks of.
    pub products: Vec<Product>,
    /// What is stated; `None` where that could not be read.
    pub status: Option<Status>,
    /// The status in the words of the document.
    pub said: String,
    /// Why a product is not affected.
    pub justification: Option<Justification>,
    /// The same in words.
    pub impact: Option<String>,
    /// What should be done.
    pub action: Option<String>,
    /// What the maker does about it, in the words of CycloneDX (`update`, `will_not_fix`).
    pub responses: Vec<String>,
    /// What is said besides.
    pub notes: Option<String>,
    /// When it was stated, as written, where it tells so itself.
    pub timestamp: Option<String>,
}

impl Statement {
    /// Whether it says why: a product is stated not to be affected with a reason only (OpenVEX 0.2.0, `justification`; CSAF 2.0, 6.1.27.9).
    pub fn has_reason(&self) -> bool {
        self.justification.is_some() || self.impact.as_deref().is_some_and(|text| !text.trim().is_empty())
    }
}

/// A vulnerability as a statement names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vulnerability {
    /// Its id as written.
    pub id: String,
    /// Other ids of it.
    pub aliases: Vec<String>,
}

/// A product of a statement, and the parts of it that bear the vulnerability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Where it stands.
    pub place: Place,
    /// The product.
    pub thing: Thing,
    /// The parts that are meant; none means the product as a whole.
    pub parts: Vec<Thing>,
}

/// Something that is named: a product or a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thing {
    /// A link into a bill of materials.
    pub link: Option<Link>,
    /// A reference that holds in one document only and was not resolved.
    pub reference: Option<String>,
    /// Its group or namespace, where kept apart from the name.
    pub group: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Package URLs.
    pub purls: Vec<String>,
    /// CPE names.
    pub cpes: Vec<String>,
    /// Checksums.
    pub hashes: Vec<Hash>,
    /// Other identifiers: IRIs, model and serial numbers.
    pub ids: Vec<String>,
    /// Versions of it that are spoken of, where they are told apart (CycloneDX).
    pub claims: Vec<Claim>,
}

impl Thing {
    /// It in a line, for a person.
    pub fn shown(&self) -> String {
        let named = self.name.as_ref().map(|name| {
            let name = self.group.as_ref().map_or(name.clone(), |group| format!("{group}/{name}"));
            self.version.as_ref().map_or(name.clone(), |version| format!("{name} {version}"))
        });
        let first = self.purls.first().or(self.cpes.first()).cloned();
        let link = self.link.as_ref().map(Link::to_string);
        let hash = self.hashes.first().map(|hash| format!("{}:{}", hash.algorithm, hash.value));
        let rest = || self.reference.clone().or_else(|| self.ids.first().cloned());
        first.or(named).or(link).or_else(rest).or(hash).unwrap_or_default()
    }

    /// Whether nothing names it.
    pub fn is_nameless(&self) -> bool {
        self.shown().is_empty()
    }
}

/// What is said of some versions of a thing (CycloneDX, `affects[].versions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which versions.
    pub versions: Versions,
    /// `affected`, `unaffected`, `unknown`: where it tells.
    pub standing: Option<Standing>,
}

/// A version, or a range of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versions {
    /// One version.
    One(String),
    /// A range in the notation `vers:`, as written.
    Range(String),
}

/// How versions stand to a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They are affected.
    Affected,
    /// They are not.
    Unaffected,
    /// Nobody knows.
    Unknown,
}

/// A link into a bill of materials: `urn:cdx:serial/version#reference` (BOM-Link).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The serial number, without `urn:uuid:`, in lowercase.
    pub serial: String,
    /// The version of the bill.
    pub revision: String,
    /// The component in it; none means the whole.
    pub reference: Option<String>,
}

impl Link {
    /// Reads a link; `None` where the text is none.
    pub fn of(text: &str) -> Option<Link> {
        let rest = text.strip_prefix("urn:cdx:")?;
        let (bill, reference) = match rest.split_once('#') {
            Some((bill, reference)) => (bill, Some(reference)),
            None => (rest, None),
        };
        let (serial, revision) = bill.split_once('/')?;
        let reference = reference.filter(|text| !text.is_empty()).map(str::to_owned);
        Some(Link { serial: serial.to_ascii_lowercase(), revision: revision.to_owned(), reference })
    }
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "urn:cdx:{}/{}", self.serial, self.revision)?;
        self.reference.as_ref().map_or(Ok(()), |reference| write!(f, "#{reference}"))
    }
}
