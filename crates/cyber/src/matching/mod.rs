//! Which advisory reaches which component, why, or why that cannot be determined. It joins `name`, `version` and `advisory`; what a maker
//! has stated about a finding (`vex`) and how grave it is (`severity`) are asked elsewhere.

pub(crate) mod entry;
mod judging;
pub mod osv;
pub mod package;
pub mod scan;
pub mod verdict;
mod words;

pub use crate::index::Index;
pub use entry::Entry;
pub use judging::Finding;
pub use package::{Package, Parts};
pub use scan::{Reached, Scan, Unasked, Wanted, finding_id, package_of, parted, scan};
pub use verdict::{Affects, Clear, Reason, Step, Verdict};
pub use words::{Told, told_range};
