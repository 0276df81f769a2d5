//! The engine of the plan: where it stands, year by year.
//!
//! *Readers → records → engines → answers → pages.* This crate is the engine for the Basic Plan: it takes
//! records ([`view::View`]) and a question, and returns an answer ([`follow_up()`]) or findings
//! ([`check()`]). It opens nothing, has no clock, and lays out no text.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod budget_text;
pub mod ministry;
pub mod view;

#[cfg(test)]
mod corpus;
