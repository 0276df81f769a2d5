//! What is too much to be records, on disk: folders, mapped files, atomic swaps, journals. What the bytes say is decided by the engines,
//! which know no files; no clock here either. The network is asked for one thing, the sources of vulnerability data that someone names.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod map;
pub mod vulns;
pub mod watch;
