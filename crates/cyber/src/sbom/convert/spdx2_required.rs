//! What SPDX 2 requires and a document of it may lack all the same, as many tools write it: filled in with what claims nothing, and told.

use super::Circumstances;
use super::fit::items_mut;
use super::identifiers::utc;
use super::told::{Told, Why};
use crate::document::json::Node;

/// Before anything is compared: what whole documents lack is told once with its number.
pub(super) fn fill(document: &mut Node, with: &Circumstances<'_>, told: &mut Told) {
    let member = "downloadLocation";
    let lacking = items_mut(document, "packages").filter(|one| one.get(member).is_none());
    let count = lacking.map(|one| one.set(member, Node::text("NOASSERTION"))).count();
    told.of_many("/packages", "downloadLocation: NOASSERTION", count, Why::Filled);
    created(document, with, told);
}

/// The moment of writing in UTC and to the second (clause 6.9). One that is no moment gives way to that of the conversion.
fn created(document: &mut Node, with: &Circumstances<'_>, told: &mut Told) {
    let Some(creation @ Node::Object(_)) = document.get_mut("creationInfo") else { return };
    let Some(own) = creation.str("created").map(str::to_owned) else { return };
    let (moment, why) = match utc(&own) {
        Some(moment) if moment == own => return,
        Some(moment) => (Some(moment), Why::Replaced),
        None => (with.now.and_then(utc), Why::NotAllowed),
    };
    if let Some(moment) = moment {
        creation.set("created", Node::text(moment));
        told.at("/creationInfo/created", &own, why);
    }
}

/// What stands for a required member that is missing, or was left out because it was wrong; `None` where nothing can.
pub(super) fn unstated(path: &[String], name: &str, with: &Circumstances<'_>) -> Option<Node> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (&path[..], name) {
        ([], "SPDXID") => Some(Node::text("SPDXRef-DOCUMENT")),
        ([], "name") => Some(Node::text("SBOM")),
        ([], "dataLicense") => Some(Node::text("CC0-1.0")),
        ([], "documentNamespace") => with.identity.map(Node::text),
        ([], "creationInfo") => Some(Node::object([])),
        (["creationInfo"], "created") => with.now.and_then(utc).map(Node::text),
        (["creationInfo"], "creators") => {
            Some(Node::List(vec![Node::text(format!("Tool: {}", with.tool.unwrap_or("shirube")))]))
        }
        (["packages", _], "downloadLocation" | "name") | (["files", _], "fileName") => {
            Some(Node::text("NOASSERTION"))
        }
        _ => None,
    }
}
