//! Readers of other people's files: bytes in, records out, with what was read, what was not and why. Files are
//! opened in [`bytes`] alone; every reader takes bytes, so that it can be tested and fuzzed. No reader decides what
//! a record means to the plan.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod bytes;
pub mod csv_table;
pub mod detect;
pub mod error;
pub mod followup;
mod ids;
pub mod judgit;
pub mod limits;
mod names;
pub mod read;
pub mod reading;
pub mod round_form;
pub mod rs;
pub mod stratml;
pub mod table;
pub mod text;
pub mod xml;

pub use bytes::Input;
pub use detect::{Kind, detect};
pub use error::{IntakeError, Trouble};
pub use limits::Limits;
pub use read::{Intake, read, read_inputs};
pub use reading::{FileRead, OnProgress, Progress, Reading, Remark, Severity, Stage};
