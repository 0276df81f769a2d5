//! What a validator must say that it could not test (CSAF 2.1, 6.1.50, 6.1.60.2 and 6.1.60.3): nothing is known against the document.

use base::Names;

/// Something that was not tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where, as a JSON pointer (RFC 6901).
    pub place: String,
    /// What.
    pub kind: WarningKind,
}

/// What was not tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// 6.1.50: the order of versions of this type of VERS is not known here, so that the order of the constraints was not looked at.
    VersType(String),
    /// 6.1.60.2 and 6.1.60.3: no extension is known here, neither its schema nor its metadata. None of the committee's lists of extensions
    /// (2.4.2) is either, so that the class stays open.
    Extension {
        /// Its `$schema`.
        schema: String,
        /// Its category (2.4.4.2).
        category: String,
    },
}

impl WarningKind {
    /// The sentence for a person.
    pub fn text(&self) -> Names {
        match self {
            WarningKind::VersType(name) => Names::of(
                format!("VERS の種類「{name}」の版の順序は扱えないため、範囲の並びを確かめていません"),
                format!(
                    "versions of the VERS type “{name}” cannot be ordered here, so the order of the range was not tested"
                ),
            ),
            WarningKind::Extension { schema, category } => Names::of(
                format!("拡張「{schema}」(種別 {category})は扱えないため、内容を確かめていません"),
                format!(
                    "the extension “{schema}” ({category}) is not known here, so its content was not tested"
                ),
            ),
        }
    }
}
