//! The engine for the cybersecurity of devices: what is inside a product (SBOMs), which vulnerabilities reach it, what its maker has
//! stated about them (VEX), what a pre-market file shows, and what is to be done after the market.
//!
//! It reads bytes and returns answers: no files, no network, no clock. Every answer says what it rests on, and *undetermined* is an
//! answer of its own, never a no.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod advisory;
pub mod csaf;
pub mod document;
pub mod index;
pub mod matching;
pub mod name;
pub mod premarket;
pub mod sbom;
pub mod severity;
pub mod version;
pub mod vex;
pub mod watch;
