//! The compact file that all vulnerability data are kept in: built in one go, read in place. Which advisory reaches which component is
//! judged in `matching`, over the same bytes; where the file lies and how it is swapped is the affair of the room `bulk`.
//!
//! The file is a header, sections and a trailer. The header tells where each section lies, and its hash (XXH3, 64 bits: at the speed of
//! memory, against damage); it is checked when a section is first used, so that a scan pays for what it touches. The blocks with whole
//! advisories bear a hash each, because one of thousands is opened at a time. The trailer is the SHA-256 of everything before it:
//! it costs too much for every scan, and is what `verify` and a copy sent elsewhere are held against.

mod about;
mod block;
mod build;
mod configured;
mod contents;
pub(crate) mod cursor;
mod format;
mod lookup;
mod read;
mod table;

pub use about::{About, Provenance};
pub use block::Block;
pub use build::{Builder, build, rewritten};
pub(crate) use configured::Concerned;
pub use contents::{Counted, Ecosystem};
pub use format::{FORMAT, IndexError, MAGIC, Section};
pub use lookup::{Exploitation, Forecast, Role, Spot, Worded};
pub use read::{Brief, Index};
