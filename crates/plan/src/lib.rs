//! The engine of the plan: where it stands, year by year.
//!
//! *Readers → records → engines → answers → pages.* This crate is the engine for the Basic Plan: it takes
//! records ([`View`]) and a [`Question`], and returns an answer ([`follow_up()`]) or findings ([`check()`]). It opens
//! nothing, has no clock, and lays out no text.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod budget_text;
pub mod change;
pub mod check;
pub mod devices;
pub mod follow_up;
pub mod generation;
pub mod identity;
pub mod join;
pub mod kgi;
pub mod ministry;
pub mod money;
pub mod round;
pub mod security;
pub mod view;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod sample;

pub use check::{Finding, Rule, check};
pub use follow_up::{Analysis, FollowUp, Question, analyse, follow_up};
pub use view::View;
