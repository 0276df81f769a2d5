//! The languages of a document: valid tags (6.1.12), a translation that tells its source (6.1.15), and another language than
//! the source's (6.1.28). What makes a tag valid stands in `subtags`.

use super::Edition;
use super::departure::{DepartureKind as Kind, Found};
use super::subtags::is_valid;
use super::view::At;

/// Looks at both languages.
pub(super) fn check(root: &At<'_>, edition: Edition, found: &mut Found) {
    let Some(document) = root.get("document") else { return };
    for tag in ["lang", "source_lang"].iter().filter_map(|name| document.get(name)) {
        if let Some(text) = tag.value.as_str().filter(|text| !is_valid(text)) {
            found.tell(&tag, Kind::Language(text.to_owned()));
        }
    }
    let source = document.text("source_lang").unwrap_or_default();
    let publisher = document.get("publisher").and_then(|publisher| publisher.text("category"));
    if publisher == Some("translator") && source.is_empty() {
        // 2.1 asks for another message where the member is there and empty.
        match document.get("source_lang").filter(|_| edition == Edition::V21) {
            Some(empty) => found.tell(&empty, Kind::EmptySourceLanguage),
            None => found.tell(&document, Kind::NoSourceLanguage),
        }
    }
    // RFC 5646, 2.1.1: case does not distinguish tags.
    if document.text("lang").is_some_and(|lang| !lang.is_empty() && lang.eq_ignore_ascii_case(source)) {
        found.tell(&document, Kind::SameLanguage(source.to_owned()));
    }
}
