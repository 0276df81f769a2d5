//! The same container image described by different tools: findings differ only where the bills name other packages, and each difference has
//! its stated reason. What two bills name alike is judged alike.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use cyber::advisory::osv;
use cyber::document::Limits;
use cyber::index::{Index, build};
use cyber::matching::{Package, Verdict, Wanted, package_of, scan};
use cyber::sbom::{Reading, read};

/// Why one bill leads to a finding and another of the same image does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// The other bill names no such component at all.
    Absent,
    /// The other bill has a component of this name without a package URL, or with one of another type or namespace.
    NamedOtherwise,
    /// The other bill has the package, but states no version.
    NoVersion,
    /// One of the two says `(devel)`: built from a tree.
    BuiltFromTree,
    /// The other bill has the package in other versions only.
    OtherVersion,
    /// The other bill does not say which release of the distribution it is.
    NoRelease,
}

struct Told {
    packages: Vec<Package>,
    names: BTreeSet<String>,
    findings: BTreeMap<(String, String, String, String), String>,
}

fn told(index: &Index<'_>, reading: &Reading) -> Told {
    let components = &reading.sbom.components;
    let purls = || components.iter().flat_map(|one| &one.purls);
    let by_package = |one| Wanted { cpes: Vec::new(), ..Wanted::from(one) };
    let scan = scan(index, components.iter().map(by_package)).unwrap();
    let mut findings = BTreeMap::new();
    for reached in &scan.reached {
        let package = package_of(&reached.name).unwrap();
        for finding in &reached.findings {
            let verdict = match finding.verdict {
                Verdict::Affected(_) => "affected".to_owned(),
                other => format!("{other:?}"),
            };
            let (ecosystem, name) = (package.ecosystem().to_owned(), package.name().to_owned());
            let version = package.version().unwrap_or_default().to_owned();
            findings.insert((ecosystem, name, version, finding.advisory.id.to_owned()), verdict);
        }
    }
    Told {
        packages: purls().filter_map(|purl| package_of(purl).ok()).collect(),
        names: components.iter().map(|one| last(&one.name)).collect(),
        findings,
    }
}

/// The last part of a name: `github.com/a/b` → `b`, so that names with and without namespace meet.
fn last(name: &str) -> String {
    name.rsplit(['/', ':']).next().unwrap_or(name).to_lowercase()
}

fn base(ecosystem: &str) -> &str {
    ecosystem.split(':').next().unwrap()
}

/// Why a finding of one bill is none of the other; `None` would be a difference that nothing explains.
fn why(finding: &(String, String, String, String), other: &Told) -> Option<Why> {
    let (ecosystem, name, version, _) = finding;
    let same: Vec<&Package> = other
        .packages
        .iter()
        .filter(|one| base(one.ecosystem()) == base(ecosystem) && one.name() == name)
        .collect();
    if same.is_empty() {
        let named = other.names.contains(&last(name));
        return Some(if named { Why::NamedOtherwise } else { Why::Absent });
    }
    let versions: BTreeSet<&str> = same.iter().map(|one| one.version().unwrap_or_default()).collect();
    if versions.contains(version.as_str()) {
        // The same package in the same version: only the release of its distribution may differ.
        return same.iter().all(|one| one.ecosystem() != ecosystem).then_some(Why::NoRelease);
    }
    Some(if versions.contains("(devel)") || version == "(devel)" {
        Why::BuiltFromTree
    } else if versions.contains("") {
        Why::NoVersion
    } else {
        Why::OtherVersion
    })
}

#[test]
fn every_difference_of_findings_between_tools_has_its_stated_reason() {
    let Some(files) = common::corpus("spdx-portfolio-260.tar.gz") else { return };
    let mut advisories = Vec::new();
    for archive in ["osv-go.tar.gz", "osv-pypi.tar.gz", "osv-crates.tar.gz"] {
        for (name, bytes) in common::corpus(archive).into_iter().flatten() {
            match name.rsplit('.').next() {
                Some("json") => advisories.extend(osv::read_json(&bytes).map(|read| read.value)),
                Some("yaml" | "yml") => advisories.extend(osv::read_yaml(&bytes).map(|read| read.value)),
                _ => {}
            }
        }
    }
    let bytes = build(advisories).unwrap();
    let index = Index::open(&bytes).unwrap();
    let mut images: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for (name, bytes) in files {
        if let Some((_, image)) = name.rsplit_once("-sha256:") {
            images.entry(image.to_owned()).or_default().push((name, bytes));
        }
    }
    let (mut shared, mut reasons, mut unexplained) = (0, BTreeMap::new(), Vec::new());
    let several: Vec<_> = images.into_values().filter(|bills| bills.len() > 1).collect();
    for bills in &several {
        let all: Vec<Told> =
            bills.iter().map(|(_, bytes)| told(&index, &read(bytes, &Limits::default()).unwrap())).collect();
        for (one, (name, _)) in all.iter().zip(bills) {
            for other in all.iter().filter(|other| !std::ptr::eq(*other, one)) {
                for (finding, verdict) in &one.findings {
                    match other.findings.get(finding) {
                        Some(same) if same == verdict => shared += 1,
                        Some(same) => unexplained.push(format!("{name} {finding:?}: {verdict}, {same}")),
                        None => match why(finding, other) {
                            Some(why) => *reasons.entry(why).or_insert(0) += 1,
                            None => unexplained.push(format!("{name} {finding:?}: {verdict}")),
                        },
                    }
                }
            }
        }
    }
    println!("{} images by several tools: {shared} findings alike, differences {reasons:?}", several.len());
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

#[test]
fn packages_of_alpine_are_the_same_whichever_tool_named_them() {
    let syft =
        package_of("pkg:alpine/libssl3@3.0.7-r0?arch=x86_64&upstream=openssl&distro=alpine-3.17.0").unwrap();
    let trivy = package_of("pkg:apk/alpine/openssl@3.0.7-r0?distro=3.17.0").unwrap();
    assert_eq!((syft.ecosystem(), syft.name()), ("Alpine:v3.17", "openssl"));
    assert_eq!(syft, trivy);
}
