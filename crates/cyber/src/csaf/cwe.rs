//! The weakness exists and bears the name that is given (6.1.11). Categories and views are no weaknesses (2.0, 3.2.3.3). A name
//! that the weakness bore in an earlier release of CWE is right too: CSAF 2.0 names no release, and an old advisory keeps the
//! names of its day. 2.1 names one, but which name is of which release is not carried here, so that another release's name passes.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::Edition;
use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// Looks at the weakness of every vulnerability.
pub(super) fn check<'a>(document: &At<'a>, edition: Edition, found: &mut Found) {
    let of = |one: At<'a>| -> Vec<At<'a>> {
        match edition {
            Edition::V20 => one.get("cwe").into_iter().collect(),
            Edition::V21 => one.list("cwes").collect(),
        }
    };
    for cwe in document.list("vulnerabilities").flat_map(of) {
        let (Some(id), Some(name)) = (cwe.text("id"), cwe.text("name")) else { continue };
        match names().get(id.strip_prefix("CWE-").unwrap_or_default()) {
            None => found.tell(&cwe, Kind::UnknownCwe(id.to_owned())),
            Some(names) if !names.split('\t').any(|one| one == name) => {
                let right = names.split('\t').next().unwrap_or_default();
                let (id, given) = (id.to_owned(), name.to_owned());
                found.tell(&cwe, Kind::CweName { id, found: given, name: right });
            }
            Some(_) => {}
        }
    }
}

/// The names of each weakness by its number, parted by tabs.
fn names() -> &'static HashMap<&'static str, &'static str> {
    static NAMES: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let lines = include_str!("cwe.txt").lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once('\t')).collect()
    })
}
