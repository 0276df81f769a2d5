//! How two bills of materials differ, whatever their formats: components that came, went, changed their version, or are described otherwise.
//! What that means for vulnerabilities is not asked here.

use std::collections::BTreeMap;

use super::{Component, Sbom};
use crate::name::cpe::Cpe;
use crate::name::misnamed::meant;
use crate::name::purl::Purl;

/// By what a component is known again in another bill: its name without its version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A package URL without version, qualifiers and subpath: `pkg:npm/%40a/b`.
    Package(String),
    /// Part, vendor and product of a CPE name.
    Cpe(String),
    /// Supplier (or maker), group and name, where it bears no identifier.
    Words {
        /// Who supplies or makes it; empty where nobody is named.
        supplier: String,
        /// Group and name between slashes.
        name: String,
    },
}

/// A member of a component besides its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// Who supplies it.
    Supplier,
    /// Who made it.
    Maker,
    /// Its licences, in any order.
    Licences,
    /// Its checksums, in any order.
    Hashes,
    /// What is said of its end of support and life.
    Lifecycle,
}

/// What became of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is in the newer bill alone.
    Added {
        /// Its version, where one is stated.
        version: Option<String>,
    },
    /// It is in the older bill alone.
    Removed {
        /// Its version, where one is stated.
        version: Option<String>,
    },
    /// Its version is another.
    Version {
        /// In the older bill.
        from: Option<String>,
        /// In the newer.
        to: Option<String>,
        /// What else is said otherwise.
        members: Vec<Member>,
    },
    /// The version is the same, and something else is said otherwise.
    Described {
        /// The version both have.
        version: Option<String>,
        /// What is said otherwise.
        members: Vec<Member>,
    },
}

/// The difference of two bills.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What became of which component, in the order of identities. Components that are the same are not listed.
    pub changes: Vec<(Identity, Change)>,
    /// Components that are the same in both.
    pub same: usize,
}

/// Compares an older bill with a newer one. A component that stands several times is compared as often as it stands.
pub fn difference(older: &Sbom, newer: &Sbom) -> Difference {
    let mut sides: BTreeMap<Identity, (Vec<&Component>, Vec<&Component>)> = BTreeMap::new();
    for component in &older.components {
        sides.entry(identity(component)).or_default().0.push(component);
    }
    for component in &newer.components {
        sides.entry(identity(component)).or_default().1.push(component);
    }
    let mut outcome = Difference::default();
    for (identity, (before, after)) in sides {
        for change in compared(before, after) {
            match change {
                Some(change) => outcome.changes.push((identity.clone(), change)),
                None => outcome.same += 1,
            }
        }
    }
    outcome
}

/// By what a component is known again.
pub fn identity(component: &Component) -> Identity {
    if let Some(purl) = component.purls.iter().find_map(|purl| Purl::parse_lenient(purl).ok()) {
        let purl = meant(&purl).map_or(purl, |(meant, _)| meant);
        let path: Vec<&str> = purl.namespace().into_iter().chain([purl.name()]).collect();
        return Identity::Package(format!("pkg:{}/{}", purl.kind(), path.join("/")));
    }
    if let Some(cpe) = component.cpes.iter().find_map(|cpe| Cpe::parse(cpe).ok()) {
        let text = cpe.to_string();
        // `cpe:2.3:part:vendor:product:…`; a colon within a value is escaped.
        return Identity::Cpe(unescaped_fields(&text).take(5).collect::<Vec<_>>().join(":"));
    }
    let supplier = component.supplier.as_ref().or(component.maker.as_ref()).cloned().unwrap_or_default();
    let name = match &component.group {
        Some(group) if !group.is_empty() => format!("{group}/{}", component.name),
        _ => component.name.clone(),
    };
    Identity::Words { supplier, name }
}

fn unescaped_fields(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut escaped = false;
        let end = text.char_indices().find(|(_, letter)| {
            let ends = *letter == ':' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        match end {
            Some((at, _)) => {
                rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            None => rest.take(),
        }
    })
}

/// Components of one identity: those of equal version are the same one; what is left is paired in the order of versions as texts.
fn compared(mut before: Vec<&Component>, mut after: Vec<&Component>) -> Vec<Option<Change>> {
    let mut changes = Vec::new();
    before.retain(|old| {
        let same = after.iter().position(|new| new.version == old.version);
        let Some(at) = same else { return true };
        let new = after.remove(at);
        let members = differing(old, new);
        let described = Change::Described { version: old.version.clone(), members };
        let is_same = matches!(&described, Change::Described { members, .. } if members.is_empty());
        changes.push((!is_same).then_some(described));
        false
    });
    before.sort_by(|left, right| left.version.cmp(&right.version));
    after.sort_by(|left, right| left.version.cmp(&right.version));
    let mut news = after.into_iter();
    for old in before {
        let from = old.version.clone();
        changes.push(Some(match news.next() {
            Some(new) => Change::Version { from, to: new.version.clone(), members: differing(old, new) },
            None => Change::Removed { version: from },
        }));
    }
    changes.extend(news.map(|new| Some(Change::Added { version: new.version.clone() })));
    changes
}

fn differing(old: &Component, new: &Component) -> Vec<Member> {
    let as_set = |texts: &[String]| texts.iter().cloned().collect::<std::collections::BTreeSet<_>>();
    let hashes = |component: &Component| {
        let written = component.hashes.iter().map(|hash| {
            let algorithm = hash.algorithm.replace('-', "").to_uppercase();
            (algorithm, hash.value.to_lowercase())
        });
        written.collect::<std::collections::BTreeSet<_>>()
    };
    let pairs = [
        (Member::Supplier, old.supplier == new.supplier),
        (Member::Maker, old.maker == new.maker),
        (Member::Licences, as_set(&old.licences) == as_set(&new.licences)),
        (Member::Hashes, hashes(old) == hashes(new)),
        (Member::Lifecycle, old.lifecycle == new.lifecycle),
    ];
    pairs.into_iter().filter(|(_, same)| !same).map(|(member, _)| member).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read};
    use super::*;

    fn cyclonedx(components: &str) -> Sbom {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{components}]}}"#
        );
        read(text.as_bytes(), &Limits::default()).unwrap().sbom
    }

    fn told(older: &str, newer: &str) -> Vec<String> {
        let difference = difference(&cyclonedx(older), &cyclonedx(newer));
        difference.changes.iter().map(|(identity, change)| format!("{identity:?} {change:?}")).collect()
    }

    #[test]
    fn components_are_known_again_by_their_name_without_version() {
        let older = r#"{"type":"library","name":"x","version":"1","purl":"pkg:npm/%40a/b@1?arch=arm"},
            {"type":"library","name":"c","version":"1","cpe":"cpe:2.3:a:v\\:w:c:1:*:*:*:*:*:*:*"},
            {"type":"library","name":"d","version":"1","supplier":{"name":"S"}},
            {"type":"library","name":"e","version":"1"}"#;
        let newer = r#"{"type":"library","name":"y","version":"2","purl":"pkg:npm/@a/b@2"},
            {"type":"library","name":"c","version":"2","cpe":"cpe:2.3:a:v\\:w:c:2:*:*:*:*:*:*:*"},
            {"type":"library","name":"d","version":"1","supplier":{"name":"S"},"licenses":[{"license":{"id":"MIT"}}]},
            {"type":"library","name":"f"}"#;
        assert_eq!(
            told(older, newer),
            [
                r#"Package("pkg:npm/@a/b") Version { from: Some("1"), to: Some("2"), members: [] }"#,
                r#"Cpe("cpe:2.3:a:v\\:w:c") Version { from: Some("1"), to: Some("2"), members: [] }"#,
                r#"Words { supplier: "", name: "e" } Removed { version: Some("1") }"#,
                r#"Words { supplier: "", name: "f" } Added { version: None }"#,
                r#"Words { supplier: "S", name: "d" } Described { version: Some("1"), members: [Licences] }"#,
            ]
        );
    }

    #[test]
    fn a_component_that_stands_several_times_is_compared_as_often() {
        let one = |version: &str| {
            format!(r#"{{"type":"library","name":"a","version":"{version}","purl":"pkg:npm/a@{version}"}}"#)
        };
        let older = [one("1"), one("1"), one("2")].join(",");
        let newer = [one("2"), one("1"), one("3"), one("4")].join(",");
        assert_eq!(
            told(&older, &newer),
            [
                r#"Package("pkg:npm/a") Version { from: Some("1"), to: Some("3"), members: [] }"#,
                r#"Package("pkg:npm/a") Added { version: Some("4") }"#,
            ]
        );
        let itself = difference(&cyclonedx(&older), &cyclonedx(&older));
        assert_eq!((itself.changes.len(), itself.same), (0, 3));
    }
}
