//! What an advisory that came, changed or was taken back brought about, as it is kept and handed to everybody who listens: products by
//! number. Who must be told is asked in `duty`.

use super::packed::{Cursor, put, put_ascending, put_text};

/// One advisory pushed to the products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its place among all alerts.
    pub sequence: u64,
    /// The advisory's id.
    pub advisory: String,
    /// When the advisory was changed last, as written.
    pub modified: Option<String>,
    /// When it was pushed here (RFC 3339).
    pub at: String,
    /// Why it was pushed.
    pub occasion: Occasion,
    /// Products it reaches and did not before, by number.
    pub affected: Vec<u32>,
    /// Products for which it cannot be determined any more, or yet.
    pub undetermined: Vec<u32>,
    /// Products it reached, or may have, and does not any more.
    pub cleared: Vec<u32>,
    /// For how many products nothing changed.
    pub still: u64,
}

/// Why an advisory was pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// It is new.
    New,
    /// It says something else than before.
    Changed,
    /// It was taken back.
    Withdrawn,
}

impl Alert {
    /// Whether it changes nothing for any product.
    pub fn is_silent(&self) -> bool {
        self.affected.is_empty() && self.undetermined.is_empty() && self.cleared.is_empty()
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        put(out, self.sequence);
        put_text(out, &self.advisory);
        put_text(out, self.modified.as_deref().unwrap_or_default());
        put_text(out, &self.at);
        out.push(self.occasion as u8);
        for numbers in [&self.affected, &self.undetermined, &self.cleared] {
            put_ascending(out, numbers);
        }
        put(out, self.still);
    }

    pub(super) fn unpack(cursor: &mut Cursor<'_>) -> Option<Self> {
        Some(Self {
            sequence: cursor.number()?,
            advisory: cursor.text()?.to_owned(),
            modified: Some(cursor.text()?.to_owned()).filter(|text| !text.is_empty()),
            at: cursor.text()?.to_owned(),
            occasion: match cursor.number()? {
                0 => Occasion::New,
                1 => Occasion::Changed,
                2 => Occasion::Withdrawn,
                _ => return None,
            },
            affected: cursor.ascending()?,
            undetermined: cursor.ascending()?,
            cleared: cursor.ascending()?,
            still: cursor.number()?,
        })
    }
}
