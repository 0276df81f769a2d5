//! From the table to records.
