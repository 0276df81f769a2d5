//! How pages look: the frame around every page, tables, figures with their source, forms and charts. Nothing here reads records.

pub(crate) mod assets;
mod frame;
mod parts;
pub(crate) mod values;

pub(crate) use frame::{Html, Page};
pub(crate) use parts::{belief, clock_time, document, missing, note, pager, source, when};
