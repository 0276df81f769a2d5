//! Advisories as others publish them. Here the readers of CSAF, of JVN iPedia's VULDEF, and of versions told in prose; each with small types
//! of its own. No matching, no severity.

pub mod prose;
