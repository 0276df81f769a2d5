//! Which room may use which: the list of ARCHITECTURE.md as code, compared with every crate's Cargo.toml.
//!
//! Tests may reach further (`dev-dependencies`): an engine may be tried on what ships.

use std::path::Path;

use anyhow::{Context, Result};
use toml::Table;

use super::Offence;

/// A room and the rooms it may use. A new crate is added here, on purpose, with the arrows it needs.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("register", &["base"]),
    ("plan", &["base", "register"]),
    ("cyber", &["base", "register"]),
    ("supply", &["base", "register"]),
    ("pipeline", &["base", "register"]),
    ("intake", &["base", "register", "plan", "cyber", "supply", "pipeline"]),
    ("bulk", &["base", "register", "cyber", "intake"]),
    ("report", &["base", "register", "plan", "cyber", "supply", "pipeline", "intake"]),
    ("store", &["base", "register"]),
    ("account", &["base", "register", "store"]),
    ("shipped", &["base", "register"]),
    ("web", EVERYTHING),
    ("shirube", EVERYTHING),
    ("xtask", &[]),
];

const EVERYTHING: &[&str] = &[
    "base", "register", "plan", "cyber", "supply", "pipeline", "intake", "report", "store", "account",
    "shipped", "web", "bulk",
];

pub(super) fn check(root: &Path) -> Result<Vec<Offence>> {
    let mut manifests = vec![root.join("xtask/Cargo.toml")];
    for entry in std::fs::read_dir(root.join("crates")).context("cannot list crates/")? {
        manifests.push(entry?.path().join("Cargo.toml"));
    }
    let mut offences = Vec::new();
    for path in manifests.iter().filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(path)?;
        let manifest: Table = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
        offences.extend(forbidden(&manifest));
    }
    offences.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(offences)
}

fn forbidden(manifest: &Table) -> Vec<Offence> {
    let name = manifest.get("package").and_then(|package| package.get("name")?.as_str()).unwrap_or_default();
    let Some((_, may_use)) = ROOMS.iter().find(|(room, _)| *room == name) else {
        let what = "a crate without a place in the house: add it to the list in xtask/src/house/arrows.rs";
        return vec![Offence::new(format!("crates/{name}"), what)];
    };
    let used =
        ["dependencies", "build-dependencies"].into_iter().filter_map(|kind| manifest.get(kind)?.as_table());
    let rooms = used.flat_map(Table::keys).filter(|used| ROOMS.iter().any(|(room, _)| room == used));
    let wrong = rooms.filter(|used| !may_use.contains(&used.as_str()));
    wrong
        .map(|used| {
            Offence::new(format!("crates/{name}"), format!("may not use `{used}`: arrows point down"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offences(manifest: &str) -> Vec<String> {
        forbidden(&toml::from_str(manifest).unwrap()).into_iter().map(|offence| offence.what).collect()
    }

    #[test]
    fn a_room_uses_the_rooms_above_it() {
        let manifest = "package.name = 'report'\n[dependencies]\nplan.workspace = true\nserde = '1'\n";
        assert!(offences(manifest).is_empty());
    }

    #[test]
    fn engines_do_not_use_each_other_nor_the_rooms_after_them() {
        let manifest =
            "package.name = 'plan'\n[dependencies]\nsupply.workspace = true\nstore.workspace = true\n";
        let wrong = ["may not use `store`: arrows point down", "may not use `supply`: arrows point down"];
        let mut found = offences(manifest);
        found.sort();
        assert_eq!(found, wrong);
    }

    #[test]
    fn tests_may_reach_further() {
        assert!(offences("package.name = 'plan'\n[dev-dependencies]\nshipped.workspace = true\n").is_empty());
    }

    #[test]
    fn a_crate_outside_the_house_is_asked_for_its_place() {
        assert_eq!(offences("package.name = 'attic'\n").len(), 1);
    }
}
