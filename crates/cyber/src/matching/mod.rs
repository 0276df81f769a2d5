//! Which advisory reaches which component, why, or why that cannot be determined. It joins `name`, `version` and `advisory`; what a maker
//! has stated about a finding (`vex`) and how grave it is (`severity`) are asked elsewhere.

pub(crate) mod by_cpe;
pub mod configuration;
mod configuration_words;
mod criteria;
pub mod device;
pub(crate) mod entry;
pub mod installed;
mod judging;
mod matcher;
mod memory;
pub mod osv;
pub mod package;
pub mod scan;
pub mod stated;
pub mod verdict;
mod weighing;
mod words;

pub use crate::index::Index;
pub use by_cpe::ExplainedProduct;
pub use configuration::{Answer, ConfigurationStep};
pub use device::{Basis, Device, Suggestion};
pub use entry::Entry;
pub use installed::{Installed, Surroundings};
pub use judging::{Finding, Judged};
pub use matcher::Matcher;
pub use package::{Package, Parts};
pub use scan::{Reached, Scan, Unasked, Unheard, Wanted, finding_id, package_of, parted, scan};
pub use verdict::{Affects, Clear, Reason, Step, Verdict};
pub use words::{Told, told_range};
