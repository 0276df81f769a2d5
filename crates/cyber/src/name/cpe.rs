//! CPE
