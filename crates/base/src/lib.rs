//! What every room of the house speaks: years and eras, money as it was printed, values that may be
//! missing for a reason, sources, two-language text, and the normalisation used to compare text.
//!
//! Nothing here knows of records, databases or pages. It does no I/O and has no clock.

pub mod amount;
pub mod date;
pub mod reported;
pub mod source;
pub mod spelling;
pub mod text;
pub mod year;
pub mod yen;

pub use amount::{Amount, BudgetKind};
pub use reported::{Missing, Reported};
pub use source::{DocumentStatus, Place, Source};
pub use text::{Lang, Names};
pub use year::{Era, FiscalYear, Year};
pub use yen::{Unit, Yen};
