//! How products are named and identified: package URLs (CSAF 2.0, 6.1.13), hashes (6.1.25), names of versions (6.1.31).

use std::str::FromStr;

use super::departure::{DepartureKind as Kind, Found};
use super::products::{Products, twice};
use crate::name::purl::Purl;

/// Looks at every product and every branch.
pub(super) fn check(products: &Products<'_>, found: &mut Found) {
    for helper in products.names.iter().filter_map(|name| name.get("product_identification_helper")) {
        if let Some(at) = helper.get("purl")
            && let Some(purl) = at.value.as_str()
            && let Err(error) = Purl::from_str(purl)
        {
            found.tell(&at, Kind::Purl { purl: purl.to_owned(), why: error.to_string() });
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

/// What makes a name a range. Signs count wherever they stand; words only where they stand alone, so that a version
/// whose own name holds one, as `after-eight`, is none.
fn range_word(name: &str) -> Option<&'static str> {
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
