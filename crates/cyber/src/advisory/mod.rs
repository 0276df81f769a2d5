//! What is known of vulnerabilities: one model of an advisory, and the readers of the formats advisories come in. Which component an
//! advisory reaches is not decided here (`matching`), nor how grave it is (`severity`).
//!
//! Advisories keep their own ids: an alias says that two records speak of the same vulnerability, and nothing more is taken from it
//! (docs/design/0009-cyber.md, decision 6).

pub mod csaf;
mod csaf_products;
pub mod cve;
mod cve_affected;
pub mod epss;
pub mod kev;
pub mod model;
pub mod nvd;
pub mod osv;
pub mod pieces;
pub mod reading;
pub mod source;
mod table;
pub mod told;
pub mod vuldef;

pub use model::{
    Advisory, Affected, Cleared, Configuration, ConfigurationNode, CpeMatch, Event, Inclusion, Joined, Named,
    Range, RangeKind, Reference, Rest, Severity,
};
pub use reading::{Deviation, Fault, Read, ReadError};
