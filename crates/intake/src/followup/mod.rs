//! Readers of the ministries' yearly follow-up table (各省における取り組みの状況): three columns (the measure, what
//! was done, what is planned), grouped by goal and by measure heading.
//!
//! Whatever the file's form, the reader ends in one [`Table`]; `assemble` turns that into records. The hard form is
//! machine-read text, whose columns are interleaved line by line: see [`text`] and `docs/design/0004-follow-up-text.md`.

mod anatomy;
pub mod assemble;
pub mod delimited;
pub mod grid;
mod language;
mod lattice;
mod layout;
pub mod pdf;
mod pieces;
mod score;
pub mod sheet;
pub mod table;
pub mod text;
pub mod web;

pub use table::{Cell, Column, Row, Table};
