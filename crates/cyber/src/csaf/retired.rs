//! Documents that were withdrawn or superseded (CSAF 2.1, profiles 7 and 8): that they hold nothing any more, and say why (6.1.27.3 and
//! 6.1.27.14 to 6.1.27.19).

use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// The title of the note that tells why a document was withdrawn.
pub(super) const WITHDRAWAL: &str = "Reasoning for Withdrawal";
/// The title of the note that tells why a document was superseded.
pub(super) const SUPERSESSION: &str = "Reasoning for Supersession";

/// What both profiles ask for.
pub(super) fn check(root: &At<'_>, document: &At<'_>, title: &'static str, found: &mut Found) {
    if let Some(vulnerabilities) = root.get("vulnerabilities") {
        found.tell(&vulnerabilities, Kind::Vulnerabilities);
    }
    if let Some(tree) = root.get("product_tree") {
        found.tell(&tree, Kind::ProductTree);
    }
    let notes = document.get("notes").unwrap_or_else(|| document.clone());
    if !document.list("notes").any(|note| note.text("category") == Some("description")) {
        found.tell(&notes, Kind::NoDescription);
    }
    if let Some(history) = document.at(&["tracking", "revision_history"])
        && history.items().count() < 2
    {
        found.tell(&history, Kind::SingleRevision);
    }
    if is_english(document) && !has_one_note(document, title, "description") {
        found.tell(&notes, Kind::Reasoning(title));
    }
}

/// 6.1.27.19. The category must stand there: a reference without one is external by default (3.1.11), yet a test document of the standard
/// fails for want of it, and the test asks for the value.
pub(super) fn names_the_superseding(document: &At<'_>, found: &mut Found) {
    let names = |one: At<'_>| {
        one.text("summary").is_some_and(|summary| summary.starts_with("Superseding Document"))
            && one.text("category") == Some("external")
    };
    if is_english(document) && !document.list("references").any(names) {
        let at = document.get("references").unwrap_or_else(|| document.clone());
        found.tell(&at, Kind::NoSupersedingDocument);
    }
}

/// Whether titles must be the English ones: the language is English, or is not told.
pub(super) fn is_english(document: &At<'_>) -> bool {
    document.text("lang").is_none_or(|tag| {
        let language = tag.split('-').next().unwrap_or_default();
        language.is_empty() || language.eq_ignore_ascii_case("en")
    })
}

/// Whether exactly one note bears a title, and is of the category.
pub(super) fn has_one_note(document: &At<'_>, title: &str, category: &str) -> bool {
    let mut notes = document.list("notes").filter(|note| note.text("title") == Some(title));
    notes.next().is_some_and(|note| note.text("category") == Some(category)) && notes.next().is_none()
}
