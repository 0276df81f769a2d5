//! SPDX: 2.2 and 2.3 in JSON and tag-value, which say the same in two ways and are compared with one table, and 3.0 in JSON-LD.

mod spdx2;
mod spdx3;
mod tag_value;
mod tags;

pub(super) use spdx2::after_kind;
pub(crate) use spdx2::{read as read_json, table as spdx2_table};
pub(crate) use spdx3::{is_component as is_component_class, read as read_json_ld};
pub use tag_value::TagLine;
pub(crate) use tag_value::{json_of as json_of_tag_value, read as read_tag_value, write as write_tag_value};
pub(crate) use tags::tag_value_of;
