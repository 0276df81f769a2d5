//! Outlines: how an answer is laid out as a [`crate::Document`], once, for every format, and as long tables for machines.

pub mod checks;
pub mod comparison;
pub mod content;
pub mod conversion;
pub mod follow_up;
pub mod joins;
pub mod record;
pub mod sbom;
pub mod scan;
pub mod stratml;
pub mod tables;
