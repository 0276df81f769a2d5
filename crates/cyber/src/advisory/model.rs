//! One model for the advisories of all sources. Texts stand as they were published: versions are not parsed here, vectors are not scored.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One published record about a vulnerability (or several, as distributions publish).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Advisory {
    /// The id its own publisher gave it: `GHSA-…`, `CVE-…`, `JVNDB-…`, `ICSMA-…`.
    pub id: String,
    /// Ids of the same vulnerability elsewhere; symmetric and transitive. A group, never a substitute.
    pub aliases: Vec<String>,
    /// Ids of the vulnerabilities it carries downstream (a distribution's advisory and its CVEs); not symmetric.
    pub upstream: Vec<String>,
    /// Ids of others worth reading beside it.
    pub related: Vec<String>,
    /// When it was published, as written (RFC 3339 where the format asks for it).
    pub published: Option<String>,
    /// When it was changed last, as written.
    pub modified: Option<String>,
    /// When it was taken back, as written; a record taken back reaches nothing.
    pub withdrawn: Option<String>,
    /// One line.
    pub summary: String,
    /// The full text, Markdown where the source writes it.
    pub details: String,
    /// Severities that hold for everything in `affected`.
    pub severities: Vec<Severity>,
    /// What it names, each with the versions it speaks of.
    pub affected: Vec<Affected>,
    /// Products described by what is installed together, by CPE names; any of them is enough (NVD).
    pub configurations: Vec<Configuration>,
    /// Where more is to be read.
    pub references: Vec<Reference>,
    /// What the publisher adds in a form of its own (OSV: `database_specific`); `Null` when nothing.
    pub specific: Value,
}

/// A severity as text: the vector or word, and in which notation it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Severity {
    /// The notation: `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, `Ubuntu`, ….
    pub notation: String,
    /// The vector or word as published.
    pub score: String,
}

/// A link and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The kind the source gives (`FIX`, `ADVISORY`, …), empty when it gives none.
    pub kind: String,
    /// The address as published, not checked.
    pub url: String,
}

/// One thing an advisory names, and which of its versions are meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Affected {
    /// What is named.
    pub name: Named,
    /// Other names the source gives the same thing: the words beside a CPE name, the package URL beside the words.
    pub also: Vec<Named>,
    /// The vulnerabilities (CVE ids) this entry speaks of, where a record carries several; none means all of the record.
    pub concerns: Vec<String>,
    /// Ranges of versions that are affected.
    pub ranges: Vec<Range>,
    /// Single versions that are affected.
    pub versions: Vec<String>,
    /// Versions the source says are not affected, although a range holds them (CVE records, CSAF).
    pub cleared: Cleared,
    /// Versions of which the source says that it does not know (CVE records, `unknown`).
    pub unknown: Cleared,
    /// What holds for versions the source does not speak of.
    pub rest: Rest,
    /// The texts the versions were read from, where the source tells them in prose.
    pub told: Vec<String>,
    /// Severities for this thing alone.
    pub severities: Vec<Severity>,
    /// Something of the ranges or versions could not be read, so that *not affected* must not be concluded from the rest.
    pub unread: bool,
    /// What the ecosystem adds (OSV: `ecosystem_specific`); `Null` when nothing.
    pub ecosystem_specific: Value,
    /// What the publisher adds (OSV: `database_specific`); `Null` when nothing.
    pub specific: Value,
}

impl Affected {
    /// A thing named, with no versions yet.
    pub fn of(name: Named) -> Self {
        Self {
            name,
            also: Vec::new(),
            concerns: Vec::new(),
            ranges: Vec::new(),
            versions: Vec::new(),
            cleared: Cleared::default(),
            unknown: Cleared::default(),
            rest: Rest::default(),
            told: Vec::new(),
            severities: Vec::new(),
            unread: false,
            ecosystem_specific: Value::Null,
            specific: Value::Null,
        }
    }
}

/// Versions that are said not to be affected, or not to be known about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cleared {
    /// Ranges of them.
    pub ranges: Vec<Range>,
    /// Single ones.
    pub versions: Vec<String>,
}

/// What holds for versions that a source does not speak of (CVE record format 5, `defaultStatus`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rest {
    /// They are not affected: what most formats mean by silence.
    #[default]
    NotAffected,
    /// They are affected.
    Affected,
    /// The source leaves it open.
    Unknown,
}

/// How an advisory names a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Named {
    /// A package of an ecosystem of OSV (`PyPI`, `Debian:12`).
    Package {
        /// The ecosystem with its suffix.
        ecosystem: String,
        /// The name within it.
        name: String,
        /// The package URL beside it, without version.
        purl: Option<String>,
    },
    /// A package URL alone.
    Purl(String),
    /// A CPE name, 2.2 or 2.3.
    Cpe(String),
    /// The words of an advisory that knows no identifier.
    Words {
        /// The maker as written.
        maker: String,
        /// The product as written.
        product: String,
    },
    /// Nothing: a repository alone, or the name is missing.
    Nothing,
}

/// A range of versions, told as events on the line of versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// In which order the events are to be read.
    pub kind: RangeKind,
    /// The repository whose commits are meant.
    pub repository: Option<String>,
    /// The events in the order of the record.
    pub events: Vec<Event>,
    /// What the publisher adds; `Null` when nothing.
    pub specific: Value,
}

/// The order a range is told in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RangeKind {
    /// Semantic Versioning.
    SemVer,
    /// The ecosystem's own order.
    Ecosystem,
    /// Commits of a repository; cannot be judged without it.
    Git,
    /// An order the source does not name: makers' own numbers.
    Maker,
    /// Another kind, by the source's own word: `maven`, `rpm`, `date`.
    Unknown(String),
}

/// One event on the line of versions (OSV schema, `affected[].ranges[].events`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// From this version on, affected. `0` stands before every version.
    Introduced(String),
    /// From this version on, not affected.
    Fixed(String),
    /// Up to and with this version affected; later ones not.
    LastAffected(String),
    /// Only versions before this one are spoken of. `*` stands after every version.
    Limit(String),
}

impl Event {
    /// The version it stands at.
    pub fn version(&self) -> &str {
        match self {
            Self::Introduced(text) | Self::Fixed(text) | Self::LastAffected(text) | Self::Limit(text) => text,
        }
    }
}

/// What must be installed together for a product to be affected (NVD API 2.0, `configurations`). Evaluated in `matching`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// How its nodes are joined.
    pub joined: Joined,
    /// Whether the opposite is meant.
    pub negate: bool,
    /// Its nodes.
    pub nodes: Vec<ConfigurationNode>,
    /// Something of it could not be read, so that neither yes nor no must be concluded from the rest.
    pub unread: bool,
}

/// Some CPE names of a configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfigurationNode {
    /// How its names are joined.
    pub joined: Joined,
    /// Whether the opposite is meant.
    pub negate: bool,
    /// Its names.
    pub matches: Vec<CpeMatch>,
}

/// How parts of a configuration are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Joined {
    /// One is enough.
    #[default]
    Or,
    /// All are needed.
    And,
}

/// A CPE name with bounds on its version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CpeMatch {
    /// Whether the product named is the vulnerable one, or only what it runs on or with.
    pub vulnerable: bool,
    /// The CPE name as published.
    pub criteria: String,
    /// Versions from this one on, and whether it is among them.
    pub from: Option<(String, Inclusion)>,
    /// Versions up to this one, and whether it is among them.
    pub to: Option<(String, Inclusion)>,
}

/// Whether a bound belongs to what it bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Inclusion {
    /// It does.
    Including,
    /// It does not.
    Excluding,
}
