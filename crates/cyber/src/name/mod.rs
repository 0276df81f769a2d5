//! How software is named: package URLs and CPE names. Nothing here knows advisories or bills of materials.

pub mod cpe;
pub mod cpe_matching;
mod cpe_text;
pub mod misnamed;
pub mod purl;
mod purl_text;
mod purl_type;
