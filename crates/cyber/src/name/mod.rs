//! How software is named: package URLs and CPE names. Nothing here knows advisories or bills of materials.

pub mod cpe;
pub mod purl;
mod purl_text;
mod purl_type;
