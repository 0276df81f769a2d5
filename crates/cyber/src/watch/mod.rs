//! After the market: which products hold which components, what an advisory that came or changed means for them, what must be done then and
//! who must be told. Whether an advisory reaches a component is decided by `matching`, and nowhere else.
//!
//! All is pure: files are bytes here, the day and the hour are handed in (docs/design/0010-watch.md).

pub mod alert;
pub mod base;
mod by_cpe;
mod by_words;
mod component;
pub mod duty;
pub mod feeds;
pub mod journal;
pub mod life;
pub mod nation;
mod numbers;
mod packed;
mod portfolio;
mod push;
mod rows;
mod rules;
pub mod triage;

pub use alert::{Alert, Occasion};
pub use base::{Base, BaseError, BaseWriter};
pub use by_words::Suggested;
pub use component::{Product, Watched};
pub use journal::{Entry, Journal, JournalError};
pub use numbers::Numbers;
pub use portfolio::Portfolio;
pub use push::{By, Change, Hit, Reach, reach};
