//! The published comparisons of versions (`version-fixtures.tar.gz`, from OSV-Scanner and the package managers' own tests), line by line.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::cmp::Ordering;

use cyber::version::{Scheme, order};

#[test]
fn the_published_comparisons_hold() {
    let Some(files) = common::files_of("version-fixtures.tar.gz") else { return };
    for (name, text) in &files {
        let scheme = scheme_of(name);
        let (mut right, mut wrong) = (0, 0);
        for line in text.lines() {
            let Some((left, expected, other)) = comparison(line) else { continue };
            let found = order(scheme, left, other);
            if found == Some(expected) {
                right += 1;
            } else {
                wrong += 1;
                println!("  {name}: {line}   found {found:?}");
            }
        }
        println!("{name}: {right} right, {wrong} not");
    }
}

fn comparison(line: &str) -> Option<(&str, Ordering, &str)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [left, sign, right] = words[..] else { return None };
    let expected = match sign {
        "<" => Ordering::Less,
        "=" => Ordering::Equal,
        ">" => Ordering::Greater,
        _ => return None,
    };
    Some((left, expected, right))
}

fn scheme_of(file: &str) -> Scheme {
    match file.split("-versions").next().unwrap() {
        "alpine" => Scheme::Alpine,
        "cran" => Scheme::Cran,
        "debian" => Scheme::Debian,
        "hackage" => Scheme::Hackage,
        "maven" => Scheme::Maven,
        "nuget" => Scheme::NuGet,
        "packagist" => Scheme::Composer,
        "pub" => Scheme::Pub,
        "pypi" => Scheme::PyPI,
        "redhat" => Scheme::Rpm,
        "rubygems" => Scheme::RubyGems,
        "semver" => Scheme::SemVer,
        other => panic!("no scheme for {other}"),
    }
}
