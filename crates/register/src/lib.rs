//! Registers: the declaring language, the records kept in registers, their states, clocks, links and
//! rights. Adding a system of the plan is adding one TOML file in `registers/`.
//!
//! Pure: it reads text it is handed, opens nothing and has no clock. Where records are kept is the
//! `store` crate's business; what they mean is the engines'.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod clock;
pub mod data;
pub mod declaration;
pub mod field;
pub mod id;
pub mod record;
pub mod references;
pub mod registry;
pub mod rights;
pub mod sight;
pub mod sparse;
pub mod validate;

pub use declaration::Declaration;
pub use field::{Field, FieldType};
pub use id::{RecordId, RecordRef, RegisterId};
pub use record::{Belief, Link, Record};
pub use references::references;
pub use registry::Registry;
pub use sight::{Sight, Viewer};
pub use validate::Fault;
