//! Which advisory reaches which component, why, or why that cannot be determined. It joins `name`, `version` and `advisory`; what a maker
//! has stated about a finding (`vex`) and how grave it is (`severity`) are asked elsewhere.

pub mod index;
pub mod osv;
pub mod package;
pub mod scan;
pub mod verdict;
mod words;

pub use index::{Finding, Index};
pub use package::{Package, Parts};
pub use scan::{Reached, Scan, Unasked, Wanted, explain, package_of, scan};
pub use verdict::{Affects, Clear, Reason, Step, Verdict};
