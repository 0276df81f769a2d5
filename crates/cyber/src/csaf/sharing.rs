//! Sharing groups and the label of the Traffic Light Protocol (CSAF 2.1, 3.2.2.5.1): two ids are reserved, each with a name (6.1.38 to
//! 6.1.41).

use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// The id of the group that everyone is in: RFC 9562, Max UUID.
const MAX: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";
/// The id of the group that no one is in: RFC 9562, Nil UUID.
const NIL: &str = "00000000-0000-0000-0000-000000000000";
/// The reserved names and the ids they belong to.
const NAMES: [(&str, &str); 2] = [(MAX, "Public"), (NIL, "No sharing allowed")];

/// Looks at the sharing group.
pub(super) fn check(root: &At<'_>, found: &mut Found) {
    let Some(distribution) = root.at(&["document", "distribution"]) else { return };
    let Some(group) = distribution.get("sharing_group") else { return };
    let Some(id) = group.text("id") else { return };
    let label = distribution.at(&["tlp", "label"]);
    let label_text = label.as_ref().and_then(|label| label.value.as_str());
    if let (Some(at), Some(text)) = (&label, label_text)
        && id == MAX
        && text != "CLEAR"
    {
        found.tell(at, Kind::PublicGroup(text.to_owned()));
    }
    let status = root.at(&["document", "tracking"]).and_then(|tracking| tracking.text("status"));
    let is_unshared_draft = id == NIL && status == Some("draft");
    if label_text == Some("CLEAR") && id != MAX && !is_unshared_draft {
        let at = group.get("id").unwrap_or_else(|| group.clone());
        found.tell(&at, Kind::GroupOfPublic(id.to_owned()));
    }
    let name = group.get("name");
    for (reserved, its_name) in NAMES {
        match &name {
            Some(at) if id != reserved && at.value.as_str() == Some(its_name) => {
                found.tell(at, Kind::ReservedGroupName(its_name.to_owned()));
            }
            _ if id == reserved && group.text("name") != Some(its_name) => {
                found.tell(name.as_ref().unwrap_or(&group), Kind::GroupName(its_name));
            }
            _ => {}
        }
    }
}
