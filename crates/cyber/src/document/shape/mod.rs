//! The shape of documents: which members, elements, types, lists and patterns a format has in which of its versions, read from compact
//! tables of our own, and documents compared with them. The tables stand beside the formats.

pub(crate) mod check_json;
pub(crate) mod check_xml;
pub(crate) mod content;
pub(crate) mod form;
pub(crate) mod table;
