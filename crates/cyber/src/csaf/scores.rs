//! The scores of a vulnerability: at most one of each CVSS version for a product (6.1.7), of 2.1 from each source, and none beside a
//! qualitative rating from the same source (6.1.56); each as CVSS gives it (6.1.8 to 6.1.10).

use std::collections::{HashMap, HashSet};

use super::Edition;
use super::cvss;
use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// Looks at every score.
pub(super) fn check(document: &At<'_>, edition: Edition, found: &mut Found) {
    for vulnerability in document.list("vulnerabilities") {
        let scores = scores(&vulnerability, edition);
        once_each(&scores, found);
        if edition == Edition::V21 {
            no_rating_beside(&scores, found);
        }
        for score in &scores {
            if let Some(object) = score.content.get("cvss_v2") {
                cvss::check(&object, &cvss::V2, found);
            }
            if let Some(object) = score.content.get("cvss_v3") {
                let version = object.text("version").unwrap_or_default();
                cvss::check(&object, if version == "3.0" { &cvss::V30 } else { &cvss::V31 }, found);
            }
            if let Some(object) = score.content.get("cvss_v4").filter(|_| edition == Edition::V21) {
                cvss::check(&object, &cvss::V40, found);
            }
        }
    }
}

/// An item of `scores` (2.0) or of `metrics` (2.1).
struct Score<'a> {
    products: Vec<(&'a str, At<'a>)>,
    /// Empty where the document's author scored (2.1, 3.2.4.10.3).
    source: &'a str,
    content: At<'a>,
}

fn scores<'a>(vulnerability: &At<'a>, edition: Edition) -> Vec<Score<'a>> {
    let read = |item: At<'a>| {
        let products = item.texts("products").collect();
        let source = item.text("source").unwrap_or_default();
        match edition {
            Edition::V20 => Some(Score { products, source: "", content: item }),
            Edition::V21 => Some(Score { products, source, content: item.get("content")? }),
        }
    };
    let list = match edition {
        Edition::V20 => "scores",
        Edition::V21 => "metrics",
    };
    vulnerability.list(list).filter_map(read).collect()
}

/// 6.1.7. The test of 2.1 asks for versions that it does not know, too.
fn once_each(scores: &[Score<'_>], found: &mut Found) {
    let mut seen: HashSet<(&str, &str, &str)> = HashSet::new();
    for score in scores {
        for version in versions(&score.content) {
            for (product, at) in &score.products {
                if !seen.insert((version, product, score.source)) {
                    let (product, version) = ((*product).to_owned(), version.to_owned());
                    found.tell(at, Kind::ScoreTwice { product, version });
                }
            }
        }
    }
}

/// The versions of CVSS that a score holds; a score of version 2 or 4 need not tell it.
fn versions<'a>(content: &At<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let old = content.get("cvss_v2").map(|object| object.text("version").unwrap_or("2.0"));
    let new = content.get("cvss_v3").and_then(|object| object.text("version"));
    let latest = content.get("cvss_v4").map(|object| object.text("version").unwrap_or("4.0"));
    old.into_iter().chain(new).chain(latest)
}

/// 6.1.56.
fn no_rating_beside(scores: &[Score<'_>], found: &mut Found) {
    const CVSS: [&str; 3] = ["cvss_v2", "cvss_v3", "cvss_v4"];
    /// Whether CVSS and whether a rating was seen.
    type Seen = (bool, bool);
    let mut seen: HashMap<(&str, &str), Seen> = HashMap::new();
    for score in scores {
        let has_cvss = CVSS.iter().any(|name| score.content.has(name));
        let has_rating = score.content.has("qualitative_severity_rating");
        for (product, at) in &score.products {
            let (cvss, rating) = seen.entry((product, score.source)).or_default();
            let before = *cvss && *rating;
            *cvss |= has_cvss;
            *rating |= has_rating;
            if *cvss && *rating && !before {
                found.tell(at, Kind::RatingBesideCvss((*product).to_owned()));
            }
        }
    }
}
