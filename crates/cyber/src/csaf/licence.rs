//! The licence of a document (CSAF 2.1, 3.2.2.7): an SPDX licence expression (SPDX 3.0.1, annex B; 6.1.54), and a note with the text of a
//! licence that no list has (6.1.55). One of the standard's documents for 6.1.54 is called valid with an id of no list and no such note;
//! here the text of 6.1.55 decides.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::departure::{DepartureKind as Kind, Found};
use super::retired::{has_one_note, is_english};
use super::view::At;
use crate::document::deviation::shown;

/// Looks at the licence expression.
pub(super) fn check(root: &At<'_>, found: &mut Found) {
    let Some(document) = root.get("document") else { return };
    let Some(at) = document.get("license_expression") else { return };
    let Some(text) = at.value.as_str() else { return };
    let Some(names) = names(text) else {
        return found.tell(&at, Kind::LicenceExpression(shown(text)));
    };
    let unlisted = names.into_iter().find(|name| !is_listed(name));
    if let Some(name) = unlisted.filter(|_| is_english(&document))
        && !has_one_note(&document, "License", "legal_disclaimer")
    {
        let at = document.get("notes").unwrap_or_else(|| document.clone());
        found.tell(&at, Kind::NoLicenceText(shown(name)));
    }
}

/// The licences and exceptions of an expression; none where it is not valid. Parentheses are counted, as they may stand in any number.
fn names(text: &str) -> Option<Vec<&str>> {
    /// What may come next.
    #[derive(PartialEq)]
    enum Next {
        Licence,
        Addition,
        /// After a licence, which an addition may follow.
        OperatorOrAddition,
        Operator,
    }
    let (mut next, mut depth, mut names) = (Next::Licence, 0_usize, Vec::new());
    for word in words(text) {
        next = match (word, next) {
            ("(", Next::Licence) => {
                depth += 1;
                Next::Licence
            }
            (")", Next::OperatorOrAddition | Next::Operator) => {
                depth = depth.checked_sub(1)?;
                Next::Operator
            }
            ("AND" | "and" | "OR" | "or", Next::OperatorOrAddition | Next::Operator) => Next::Licence,
            ("WITH" | "with", Next::OperatorOrAddition) => Next::Addition,
            (word, Next::Licence) if is_licence(word) => {
                names.push(word.strip_suffix('+').unwrap_or(word));
                Next::OperatorOrAddition
            }
            (word, Next::Addition) if is_addition(word) => {
                names.push(word);
                Next::Operator
            }
            _ => return None,
        };
    }
    (depth == 0 && matches!(next, Next::OperatorOrAddition | Next::Operator)).then_some(names)
}

/// Words between blanks, and parentheses.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ')
        .flat_map(|part| {
            part.split_inclusive(['(', ')']).flat_map(|piece| {
                let end = piece.trim_end_matches(['(', ')']).len();
                [&piece[..end], &piece[end..]]
            })
        })
        .filter(|word| !word.is_empty())
}

const OPERATORS: [&str; 6] = ["AND", "and", "OR", "or", "WITH", "with"];

/// Letters, digits, hyphens and dots.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

/// What references begin with. An id in a list begins with none of them, in whatever case.
const REFERENCES: [&str; 3] = ["LicenseRef-", "DocumentRef-", "AdditionRef-"];

fn begins(word: &str, prefix: &str) -> bool {
    word.get(..prefix.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(prefix))
}

/// A licence of the list, of which later versions may be meant too, or a reference, of which they may not. References into another
/// document are not for CSAF.
fn is_licence(word: &str) -> bool {
    match word.strip_prefix("LicenseRef-") {
        Some(reference) => is_id(reference),
        None => {
            is_id(word.strip_suffix('+').unwrap_or(word))
                && !OPERATORS.contains(&word)
                && !REFERENCES.iter().any(|prefix| begins(word, prefix))
        }
    }
}

fn is_addition(word: &str) -> bool {
    match word.strip_prefix("AdditionRef-") {
        Some(reference) => is_id(reference),
        None => {
            is_id(word) && !OPERATORS.contains(&word) && !REFERENCES.iter().any(|prefix| begins(word, prefix))
        }
    }
}

/// Whether a list has a licence or exception: that of SPDX, or ScanCode's, which is not carried here, so that its prefix is believed.
fn is_listed(name: &str) -> bool {
    static LICENCES: OnceLock<HashSet<String>> = OnceLock::new();
    const LIST: &str = include_str!("../document/licences.txt");
    let licences = LICENCES.get_or_init(|| LIST.lines().map(str::to_ascii_lowercase).collect());
    let of_scancode = ["LicenseRef-scancode-", "AdditionRef-scancode-"];
    of_scancode.iter().any(|prefix| name.starts_with(prefix)) || licences.contains(&name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_by_their_grammar() {
        for (text, read) in [
            ("CC-BY-4.0", &["CC-BY-4.0"][..]),
            ("MIT OR any-OSI", &["MIT", "any-OSI"]),
            (
                "(MIT and Apache-2.0+) or GPL-2.0-only WITH Classpath-exception-2.0",
                &["MIT", "Apache-2.0", "GPL-2.0-only", "Classpath-exception-2.0"],
            ),
            ("((LicenseRef-a.example-x))", &["LicenseRef-a.example-x"]),
            ("MIT WITH AdditionRef-a.example-y", &["MIT", "AdditionRef-a.example-y"]),
        ] {
            assert_eq!(names(text).as_deref(), Some(read), "{text}");
        }
        for text in [
            "",
            "This is a licence text.",
            "MIT OR",
            "MIT Or Apache-2.0",
            "(MIT",
            "MIT)",
            "MIT WITH",
            "(MIT) WITH Classpath-exception-2.0",
            "MIT WITH a WITH b",
            "LicenseRef-",
            "LicenseRef-a.example-x+",
            "licenseREF-a.example-x",
            "DocumentRef-a:LicenseRef-b",
            "MIT WITH LicenseRef-a.example-x",
            "MIT, Apache-2.0",
            "MIT\nOR ISC",
        ] {
            assert_eq!(names(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_asked_without_regard_to_case() {
        assert!(is_listed("mit") && is_listed("any-OSI") && is_listed("LicenseRef-scancode-public-domain"));
        assert!(!is_listed("LicenseRef-www.example.com-no-work-pd"));
    }
}
