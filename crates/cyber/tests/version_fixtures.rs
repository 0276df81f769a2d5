//! The published comparisons of versions (`version-fixtures.tar.gz`, from OSV-Scanner and the package managers' own tests), line by line.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use cyber::version::{Scheme, Version, order};

/// Why a line is not told as the fixtures tell it. Each class is decided by a rule on the line, and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// apk says of one of the two that it is no version (`apk version -c`); OSV-Scanner compares such texts as strings.
    NoAlpineVersion,
    /// `#` is PHP's own sign for any number: the fixtures hold it equal to 1.2.3 and to 1.2.3.1, which are not equal.
    PhpPlaceholder,
    /// `dev-foo` is a branch, not a version; where it stands is unknown.
    ComposerBranch,
    /// `version_compare` knows neither ALPHA in capitals nor `stable`; Composer itself does, and so do we.
    ComposerStability,
    /// The order of old Maven runs in a circle here: a word before the release after zeros, against what stands after the release.
    MavenCircle,
}

#[test]
fn the_published_comparisons_hold() {
    let Some(files) = common::files_of("version-fixtures.tar.gz") else { return };
    let (mut lines, mut reasons) = (0_usize, BTreeMap::new());
    for (name, text) in &files {
        let scheme = scheme_of(name);
        let compared: Vec<_> = text.lines().filter_map(|line| Some((line, comparison(line)?))).collect();
        let others: Vec<_> = compared
            .iter()
            .filter(|(_, (left, expected, right))| order(scheme, left, right) != Some(*expected))
            .collect();
        println!("{name}: {} of {}", compared.len() - others.len(), compared.len());
        for (line, (left, _, right)) in &others {
            let reason = reason(scheme, left, right);
            println!("    {line}   {reason:?}");
            let reason = reason.unwrap_or_else(|| panic!("{name}: {line}: no reason"));
            *reasons.entry(reason).or_insert(0_usize) += 1;
        }
        lines += compared.len();
    }
    let others: usize = reasons.values().sum();
    println!("{} of {lines}; the others: {reasons:?}", lines - others);
    // 99.95 % of all comparisons.
    assert!(lines > 0 && others * 2000 <= lines, "{others} of {lines}");
}

fn reason(scheme: Scheme, left: &str, right: &str) -> Option<Reason> {
    let either = |wanted: &dyn Fn(&str) -> bool| wanted(left) || wanted(right);
    let unknown = either(&|text| Version::parse(scheme, text).is_none());
    match scheme {
        Scheme::Alpine if unknown => Some(Reason::NoAlpineVersion),
        Scheme::Composer if either(&|text| text.contains('#')) => Some(Reason::PhpPlaceholder),
        Scheme::Composer if either(&|text| text.starts_with("dev-")) => Some(Reason::ComposerBranch),
        Scheme::Composer if either(&|text| text.contains("-ALPHA") || text.ends_with("-stable")) => {
            Some(Reason::ComposerStability)
        }
        Scheme::Maven if !unknown && either(&|text| early_after_zeros(text)) => Some(Reason::MavenCircle),
        _ => None,
    }
}

/// `1.0.0.RC1`: a word before the release directly after a zero and a dot.
fn early_after_zeros(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["alpha", "beta", "milestone", "rc", "cr", "snapshot"]
        .iter()
        .any(|word| lower.contains(&format!(".0.{word}")))
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
