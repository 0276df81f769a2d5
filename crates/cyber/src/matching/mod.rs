//! Which advisory reaches which component, why, or why that cannot be determined. It joins `name`, `version` and `advisory`; what a maker
//! has stated about a finding (`vex`) and how grave it is (`severity`) are asked elsewhere.

pub mod by_cpe;
pub mod configuration;
mod configuration_words;
mod criteria;
pub mod device;
pub mod index;
pub mod installed;
pub mod osv;
pub mod package;
pub mod scan;
pub mod scan_cpe;
pub mod stated;
pub mod verdict;
mod words;

pub use by_cpe::ByCpe;
pub use configuration::{Answer, ConfigurationStep};
pub use device::{Basis, Device, Suggestion};
pub use index::{Finding, Index};
pub use installed::{Installed, Surroundings};
pub use package::{Package, Parts};
pub(crate) use scan::package_of;
pub use scan::{Reached, Scan, Unasked, Wanted, explain, scan};
pub use scan_cpe::{Bearing, CpeScan, ReachedByCpe, scan_cpes};
pub use verdict::{Affects, Clear, Reason, Step, Verdict};
