//! Statements of makers laid out: what documents of them say and how they deviate from their formats, and what became of each when it was
//! applied to the findings of a scan.

mod applied;
mod checked;

pub use applied::{Applied, stated, stated_json, stated_sarif};
pub use checked::{Checked, checked, checked_json, checked_sarif};

use base::Lang;

use crate::{DocumentBuilder, Severity};

/// Rows shown of one table; all of them stand in the machine-readable forms.
const SHOWN: usize = 200;

fn more(doc: &mut DocumentBuilder, all: usize, lang: Lang) {
    if all > SHOWN {
        let more = all - SHOWN;
        doc.note(
            Severity::Info,
            match lang {
                Lang::Ja => format!("ほかに{more}件あります（--format json で全件）"),
                Lang::En => format!("{more} more (all of them with --format json)"),
            },
        );
    }
}
