//! Writers. An engine's answer is laid out once, per language, as a [`Document`]; every format is a small
//! writer of a `Document`, so that the same answer reads the same on the terminal, as HTML, PDF and XLSX.
//! Two formats are data rather than pages and stand beside it: [`csv_long`] and [`stratml`].
//!
//! No writer opens a file or knows a clock: bytes and text go to the caller. What an answer says is decided
//! by the engine and the outline made of it, never here.
//!
//! ```
//! use base::{Lang, Missing, Source, Yen};
//! use report::{Cell, Column, Document, Row, Severity, Table, Text};
//!
//! let mut doc = Document::build(Lang::En, "Follow-up of the plan");
//! doc.name_document("002", "Follow-up table, FY2024");
//! let row = doc.cite(&Source::lines("002", "18-21"));
//!
//! doc.heading(1, "Goal A");
//! doc.paragraph(Text::plain("The measure ").strong("moved").then(".").cite(row));
//! let budget: Yen = "7.7億円".parse()?;
//! doc.table(
//!     Table::new("Budget by programme")
//!         .column(Column::text("Programme"))
//!         .column(Column::yen("Initial budget"))
//!         .row(Row::of([Cell::text("Training programme"), Cell::yen(budget).cite(row)]))
//!         .row(Row::of([Cell::text("Hospital programme"), Cell::missing(Missing::NotYet)])),
//! );
//! doc.note(Severity::Caution, "One programme has not been executed yet.");
//!
//! let document = doc.finish();
//! let page = report::html::page(&document);
//! assert!(page.contains("7.7億円"));
//! # Ok::<(), base::yen::NotAnAmount>(())
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod atom;
pub mod build;
pub mod cell;
pub mod chart;
mod columns;
pub mod csv_long;
pub mod diff;
pub mod document;
mod flow;
pub mod html;
pub mod outline;
pub mod pdf;
mod plain;
pub mod round_form;
pub mod sarif;
pub mod stratml;
pub mod terminal;
pub mod words;
pub mod xlsx;

pub use build::DocumentBuilder;
pub use cell::{Cell, Content, Number};
pub use document::{
    Align, Belief, Block, Cited, Column, Document, Row, RowKind, Severity, SourceNumber, Span, Table, Text,
};
