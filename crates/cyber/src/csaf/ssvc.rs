//! SSVC in metrics (CSAF 2.1): that it is about the vulnerability it stands in (6.1.47), and that the decision points of registered
//! namespaces are there, with their values in order (6.1.48). Its shape (6.1.46) stands in the table of shapes.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::departure::{DepartureKind as Kind, Found};
use super::view::At;
use crate::document::deviation::shown;

/// Namespaces that are registered. Those without a decision point of their own count too; `example` and `test` are for documents that
/// show something, and hold whatever these need.
const REGISTERED: [&str; 5] = ["basic", "cisa", "cvss", "nist", "ssvc"];
/// Namespaces that nothing may be in.
const RESERVED: [&str; 2] = ["invalid", "x_invalid"];

/// Looks at every SSVC object.
pub(super) fn check(root: &At<'_>, found: &mut Found) {
    let tracking = root.at(&["document", "tracking"]).and_then(|tracking| tracking.text("id"));
    let is_alone = root.list("vulnerabilities").nth(1).is_none();
    for vulnerability in root.list("vulnerabilities") {
        let texts = vulnerability.list("ids").filter_map(|id| id.text("text"));
        let ids: HashSet<&str> = texts.chain(vulnerability.text("cve")).collect();
        for ssvc in vulnerability.list("metrics").filter_map(|one| one.at(&["content", "ssvc_v2"])) {
            for (target, at) in ssvc.texts("target_ids") {
                if !ids.contains(target) || tracking == Some(target) && !is_alone {
                    found.tell(&at, Kind::SsvcTarget(shown(target)));
                }
            }
            ssvc.list("selections").for_each(|selection| point(&selection, found));
        }
    }
}

/// A decision point as it is registered.
struct Point {
    name: &'static str,
    /// Keys and names, in order.
    values: Vec<(&'static str, &'static str)>,
}

/// Namespace, key and version.
type Key<'a> = (&'a str, &'a str, &'a str);

/// 6.1.48. An extension of a namespace, after its first slash, may leave out values and name the others in its own words.
fn point(selection: &At<'_>, found: &mut Found) {
    let text = |name| selection.text(name).unwrap_or_default();
    let (base, is_extended) =
        text("namespace").split_once('/').map_or((text("namespace"), false), |(base, _)| (base, true));
    let plain = base.split('#').next().unwrap_or_default();
    let is_ours = REGISTERED.contains(&base) || points().keys().any(|known| known.0 == base);
    if !is_ours && !RESERVED.contains(&plain) {
        return;
    }
    let key = (base, text("key"), text("version"));
    let Some(point) = points().get(&key) else {
        let told = shown(&format!("{} {} {}", key.0, key.1, key.2));
        return found.tell(selection, Kind::SsvcDecisionPoint(told));
    };
    if !is_extended {
        named(selection, point.name, found);
    }
    let mut last = None;
    for value in selection.list("values") {
        let Some(key) = value.text("key") else { continue };
        let Some(place) = point.values.iter().position(|known| known.0 == key) else {
            found.tell(&value, Kind::SsvcValue(shown(key)));
            continue;
        };
        if last.is_some_and(|last| last >= place) {
            found.tell(&value, Kind::SsvcOrder(shown(key)));
        }
        last = Some(place);
        if !is_extended {
            named(&value, point.values[place].1, found);
        }
    }
}

fn named(object: &At<'_>, name: &'static str, found: &mut Found) {
    if let Some(at) = object.get("name")
        && let Some(given) = at.value.as_str()
        && given != name
    {
        found.tell(&at, Kind::SsvcName { found: shown(given), name });
    }
}

fn points() -> &'static HashMap<Key<'static>, Point> {
    static POINTS: OnceLock<HashMap<Key<'static>, Point>> = OnceLock::new();
    POINTS.get_or_init(|| {
        let lines =
            include_str!("ssvc.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        lines.filter_map(read).collect()
    })
}

fn read(line: &'static str) -> Option<(Key<'static>, Point)> {
    let mut words = line.split('\t');
    let key = (words.next()?, words.next()?, words.next()?);
    let name = words.next()?;
    let mut values = Vec::new();
    while let Some(value) = words.next() {
        values.push((value, words.next()?));
    }
    Some((key, Point { name, values }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_decision_point() {
        let lines = include_str!("ssvc.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(points().len(), lines);
        assert!(points().values().all(|point| !point.values.is_empty()));
    }
}
