//! Outlines: how an answer is laid out as a [`crate::Document`], once, for every format, and as long tables for machines.

pub mod checks;
pub mod comparison;
pub mod content;
pub mod conversion;
pub mod device;
pub mod follow_up;
pub mod gravity;
pub mod joins;
pub mod premarket;
pub mod record;
pub mod rubric;
pub mod sbom;
pub mod scan;
pub mod stratml;
pub mod tables;
pub mod vex;
pub mod vulns;
pub mod watch;
pub mod watch_history;
