//! How products are named and identified: package URLs (6.1.13, 6.1.42), hashes (6.1.25), names of versions (6.1.31), and numbers with
//! placeholders (6.1.43, 6.1.44, 6.1.61).

use std::str::FromStr;

use super::Edition;
use super::departure::{DepartureKind as Kind, Found};
use super::products::{Products, twice};
use super::view::At;
use crate::document::deviation::shown;
use crate::name::purl::{Parts, Purl};

/// Looks at every product and every branch.
pub(super) fn check(products: &Products<'_>, found: &mut Found) {
    for helper in products.names.iter().filter_map(|name| name.get("product_identification_helper")) {
        match products.edition {
            Edition::V20 => drop(helper.get("purl").and_then(|at| purl(&at, found))),
            Edition::V21 => {
                purls(&helper, found);
                for (list, kind) in PLACEHOLDERS {
                    stars(&helper, list, kind, found);
                }
            }
        }
        for file in helper.list("hashes") {
            twice(file.list("file_hashes").filter_map(|hash| hash.get("algorithm")), Kind::HashTwice, found);
        }
    }
    for branch in products.branches.iter().filter(|one| one.text("category") == Some("product_version")) {
        if let Some(at) = branch.get("name")
            && let Some(name) = at.value.as_str()
            && let Some(word) = range_word(name)
        {
            found.tell(&at, Kind::VersionRange { name: name.to_owned(), word });
        }
    }
}

/// The kind of departure of a text.
type ToldOf = fn(String) -> Kind;

/// Numbers in which a star stands for any characters, and may stand once (2.1, 3.1.4.3).
const PLACEHOLDERS: [(&str, ToldOf); 3] = [
    ("model_numbers", Kind::StarsInModelNumber),
    ("serial_numbers", Kind::StarsInSerialNumber),
    ("skus", Kind::StarsInSku),
];

/// 6.1.13.
fn purl(at: &At<'_>, found: &mut Found) -> Option<Purl> {
    let text = at.value.as_str()?;
    let read = Purl::from_str(text);
    if let Err(error) = &read {
        found.tell(at, Kind::Purl { purl: text.to_owned(), why: error.to_string() });
    }
    read.ok()
}

/// 6.1.42, compared with the first one that can be read.
fn purls(helper: &At<'_>, found: &mut Found) {
    let mut first: Option<Purl> = None;
    for at in helper.list("purls") {
        let Some(purl) = purl(&at, found) else { continue };
        match &first {
            None => first = Some(purl),
            Some(first) if bare(first) != bare(&purl) => {
                let (first, other) = (shown(&first.to_string()), purl.to_string());
                found.tell(&at, Kind::PurlsDiffer { first, other });
            }
            Some(_) => {}
        }
    }
}

fn bare(purl: &Purl) -> Parts<'_> {
    Parts { qualifiers: Vec::new(), ..purl.parts() }
}

/// A star after a backslash is one of the number itself, as is a backslash after a backslash.
fn stars<'a>(helper: &At<'a>, list: &'a str, kind: ToldOf, found: &mut Found) {
    for (text, at) in helper.texts(list) {
        let (mut escaped, mut wild) = (false, 0);
        for c in text.chars() {
            wild += usize::from(c == '*' && !escaped);
            escaped = c == '\\' && !escaped;
        }
        if wild > 1 {
            found.tell(&at, kind(text.to_owned()));
        }
    }
}

/// What makes a name a range. Signs count wherever they stand; words only where they stand alone, so that a version
/// whose own name holds one, as `after-eight`, is none.
pub(crate) fn range_word(name: &str) -> Option<&'static str> {
    const SIGNS: [&str; 4] = ["<=", ">=", "<", ">"];
    const WORDS: [&str; 7] = ["after", "all", "before", "earlier", "later", "prior", "versions"];
    let name = name.to_lowercase();
    let ends_word = |c: char| !(c.is_alphanumeric() || "-_.".contains(c));
    let sign = SIGNS.into_iter().find(|sign| name.contains(sign));
    let alone = |word: &&str| name.split(ends_word).any(|one| one.trim_matches(['-', '.']) == *word);
    sign.or_else(|| WORDS.into_iter().find(alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_range_stand_alone() {
        for name in [
            "<4.2",
            "4.1 and earlier",
            "All",
            "(prior to 4.2)",
            "all versions.",
            "3.X Versions",
            "before 2,later",
        ] {
            assert!(range_word(name).is_some(), "{name}");
        }
        for name in ["4.2", "after-eight", "small", "overall", "1.0-all", "prioritised"] {
            assert_eq!(range_word(name), None, "{name}");
        }
    }
}
