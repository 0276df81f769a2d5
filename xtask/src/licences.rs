//! `cargo xtask licences`: every dependency's licence is one that deny.toml allows, and comes from the public registry.
//!
//! cargo-deny does this better and runs when it is installed. Building it takes minutes, so a plain machine gets the
//! same three questions answered from `cargo metadata`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use spdx::{Expression, LicenseReq, ParseMode};

use crate::shell;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

pub(crate) fn run() -> Result<()> {
    if shell::succeeds(&mut shell::cargo(&["deny", "--version"])) {
        println!("by cargo-deny");
        return shell::run(&mut shell::cargo(&[
            "deny",
            "--workspace",
            "check",
            "bans",
            "licenses",
            "sources",
        ]));
    }
    println!("by the built-in check of licences, registries and duplicates (cargo-deny is not installed)");
    let deny: Deny =
        toml::from_str(&std::fs::read_to_string(shell::root().join("deny.toml"))?).context("deny.toml")?;
    let metadata = shell::output(&mut shell::cargo(&["metadata", "--format-version", "1", "--locked"]))?;
    let Metadata { packages } = serde_json::from_str(&metadata).context("cargo metadata")?;
    let refused: Vec<_> =
        packages.iter().filter_map(|package| refused(package, &deny.licenses.allow)).collect();
    for reason in &refused {
        println!("refused: {reason}");
    }
    for (name, versions) in duplicates(&packages) {
        println!("warning: {name} is built more than once: {}", versions.join(", "));
    }
    if !refused.is_empty() {
        bail!("{} dependencies are refused; deny.toml tells what is allowed", refused.len());
    }
    println!("{} packages are allowed", packages.len());
    Ok(())
}

/// Why a package may not be used, if so.
fn refused(package: &Package, allowed: &[String]) -> Option<String> {
    let Package { name, version, license, source } = package;
    if source.as_deref().is_some_and(|source| !source.starts_with(crate::house::PUBLIC_REGISTRY)) {
        return Some(format!("{name} {version} does not come from crates.io"));
    }
    let Some(license) = license else { return Some(format!("{name} {version} names no licence")) };
    let Ok(expression) = Expression::parse_mode(license, ParseMode::LAX) else {
        return Some(format!("{name} {version} has a licence that cannot be read: {license}"));
    };
    let is_allowed = |requirement: &LicenseReq| allowed.contains(&requirement.to_string());
    (!expression.evaluate(is_allowed)).then(|| format!("{name} {version} is under {license}"))
}

fn duplicates(packages: &[Package]) -> BTreeMap<&str, Vec<&str>> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(license: Option<&str>, source: Option<&str>) -> Package {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Package { name: "x".into(), version: "1.0.0".into(), license: owned(license), source: owned(source) }
    }

    fn is_refused(license: &str) -> bool {
        refused(&package(Some(license), None), &["MIT".into(), "Unicode-3.0".into()]).is_some()
    }

    #[test]
    fn one_allowed_licence_of_a_choice_is_enough_and_all_of_a_sum_are_needed() {
        assert!(!is_refused("GPL-3.0-only OR MIT"));
        assert!(!is_refused("MIT/Apache-2.0"));
        assert!(!is_refused("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(is_refused("MIT AND GPL-3.0-only"));
    }

    #[test]
    fn a_missing_or_unreadable_licence_is_refused() {
        assert!(refused(&package(None, None), &[]).is_some());
        assert!(is_refused("as you like"));
    }

    #[test]
    fn a_package_from_elsewhere_is_refused_whatever_its_licence() {
        assert!(refused(&package(Some("MIT"), Some("git+https://example.org/x")), &["MIT".into()]).is_some());
    }
}
