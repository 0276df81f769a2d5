//! A document of one version as one of another: what has a counterpart there is moved, what the other version does not have is left out
//! and told. What is left out is found by the comparison with the tables that also checks documents.

use std::collections::HashSet;

use super::told::{Told, Why};
use super::{Circumstances, spdx2_required};
use crate::document::deviation::{Deviation, DeviationKind as Kind, Found, Place};
use crate::document::json::Node;
use crate::document::shape::check_json;
use crate::sbom::{cyclonedx, spdx};

/// Leaving one thing out may make another wrong; after so many rounds what is still wrong stays as it was.
const ROUNDS: usize = 12;

/// CycloneDX JSON as a version of it.
pub(super) fn cyclonedx(mut document: Node, minor: u8, told: &mut Told) -> Node {
    document.set("specVersion", Node::text(format!("1.{minor}")));
    if document.get("$schema").is_some() {
        let letter = if minor == 2 { "a" } else { "" };
        let schema = format!("http://cyclonedx.org/schema/bom-1.{minor}{letter}.schema.json");
        document.set("$schema", Node::text(schema));
    }
    if remove(&mut document, "signature").is_some() {
        told.at("/signature", "signature", Why::Signature);
    }
    moved(&mut document, minor, "", told);
    let check = |node: &Node, found: &mut Found| {
        check_json::check(cyclonedx::json_table(), "bom", minor, node, found);
    };
    fitted(&mut document, told, check, |_, _| None);
    document
}

/// SPDX 2 in its JSON form as a version of it.
pub(super) fn spdx2(mut document: Node, minor: u8, with: &Circumstances<'_>, told: &mut Told) -> Node {
    document.set("spdxVersion", Node::text(format!("SPDX-2.{minor}")));
    spdx2_required::fill(&mut document, with, told);
    if minor == 2 {
        for (list, members) in [
            ("packages", &["licenseConcluded", "licenseDeclared", "copyrightText"][..]),
            ("files", &["licenseConcluded", "copyrightText"]),
            ("snippets", &["licenseConcluded", "copyrightText"]),
        ] {
            // 2.2 asks for what 2.3 may leave out; NOASSERTION says the same as its absence (2.3, clause 7.13).
            for member in members {
                let unstated = || Node::text("NOASSERTION");
                let filled = items_mut(&mut document, list).filter(|one| one.get(member).is_none());
                let count = filled.map(|one| one.set(member, unstated())).count();
                told.of_many(&format!("/{list}"), &format!("{member}: NOASSERTION"), count, Why::Filled);
            }
            let mut count = 0;
            for one in items_mut(&mut document, list) {
                if list == "files" && one.get("licenseInfoInFiles").is_none() {
                    one.set("licenseInfoInFiles", Node::List(vec![Node::text("NOASSERTION")]));
                    count += 1;
                }
                if list == "packages" && one.get("packageVerificationCode").is_none() {
                    one.set("filesAnalyzed", Node::Bool(false));
                }
            }
            told.of_many(&format!("/{list}"), "licenseInfoInFiles: NOASSERTION", count, Why::Filled);
        }
    }
    let check = |node: &Node, found: &mut Found| {
        check_json::check(spdx::spdx2_table(), "document", minor, node, found);
    };
    fitted(&mut document, told, check, |path, name| spdx2_required::unstated(path, name, with));
    document
}

/// Moves what has another place in other versions.
fn moved(node: &mut Node, minor: u8, pointer: &str, told: &mut Told) {
    if let Node::List(items) = node {
        for (index, item) in items.iter_mut().enumerate() {
            moved(item, minor, &format!("{pointer}/{index}"), told);
        }
        return;
    }
    let Node::Object(members) = node else { return };
    for (name, value) in members.iter_mut() {
        if matches!(value, Node::Object(_) | Node::List(_)) {
            moved(value, minor, &format!("{pointer}/{name}"), told);
        }
    }
    tools(node, minor, pointer, told);
    makers(node, minor, pointer, told);
    if minor == 5
        && let Some(Node::List(items)) = node.get("identity").filter(|one| !one.items().is_empty())
    {
        let first = items[0].clone();
        for index in 1..items.len() {
            told.at(&format!("{pointer}/identity/{index}"), "identity", Why::NoPlace);
        }
        node.set("identity", first);
    }
    if minor <= 6 {
        licences(node, pointer, told);
    }
}

/// Tools are components and services since 1.5, of a kind of their own before.
fn tools(node: &mut Node, minor: u8, pointer: &str, told: &mut Told) {
    let Some(tools @ Node::Object(_)) = node.get("tools").filter(|_| minor < 5) else { return };
    let mut all = Vec::new();
    for (list, one) in ["components", "services"].iter().flat_map(|list| {
        tools.list(list).iter().enumerate().map(move |(index, one)| (format!("{list}/{index}"), one))
    }) {
        let mut tool = Node::object([]);
        let vendor =
            ["supplier", "manufacturer", "provider"].iter().find_map(|name| one.get(name)?.str("name"));
        if let Some(vendor) = vendor.or_else(|| one.str("publisher")).or_else(|| one.str("group")) {
            tool.set("vendor", Node::text(vendor));
        }
        let kept = ["name", "version", "hashes", "externalReferences"];
        for (name, value) in one.members() {
            if kept.contains(&&**name) {
                tool.set(name, value.clone());
            } else if !matches!(&**name, "type" | "supplier" | "manufacturer" | "provider" | "bom-ref") {
                told.at(&format!("{pointer}/tools/{list}/{name}"), name, Why::NoPlace);
            }
        }
        all.push(tool);
    }
    node.set("tools", Node::List(all));
}

/// Since 1.6 makers are organisations and persons, before a text.
fn makers(node: &mut Node, minor: u8, pointer: &str, told: &mut Told) {
    if minor >= 6 || node.get("type").is_none() {
        if pointer == "/metadata" && minor < 6 {
            writer(node, pointer, told);
        }
        return;
    }
    let names: Vec<&str> = node.list("authors").iter().filter_map(|one| one.str("name")).collect();
    let maker = node.get("manufacturer").and_then(|one| one.str("name"));
    let author = if names.is_empty() { maker.map(str::to_owned) } else { Some(names.join(", ")) };
    if let Some(author) = author.filter(|_| node.get("author").is_none()) {
        node.set("author", Node::text(author));
        for name in ["authors", "manufacturer"] {
            let rest = node.get(name).is_some_and(|one| one.members().len() > 1)
                || node.list(name).iter().any(|one| one.members().len() > 1)
                || (name == "manufacturer" && !node.list("authors").is_empty());
            let gone = remove(node, name);
            if gone.is_some() && rest {
                told.at(&format!("{pointer}/{name}"), name, Why::Replaced);
            }
        }
    }
}

/// The organisation that wrote the bill (1.6 `metadata.manufacturer`) has no place of its own before: `manufacture` is who made the product.
fn writer(metadata: &mut Node, pointer: &str, told: &mut Told) {
    let Some(writer) = remove(metadata, "manufacturer") else { return };
    told.at(&format!("{pointer}/manufacturer"), "manufacturer", Why::Replaced);
    let Some(name) = writer.str("name") else { return };
    let mut authors = metadata.list("authors").to_vec();
    authors.push(Node::object([("name", Node::text(name))]));
    metadata.set("authors", Node::List(authors));
}

/// Until 1.6 a list of licences holds either licences or a single expression.
fn licences(node: &mut Node, pointer: &str, told: &mut Told) {
    let Some(Node::List(items)) = node.get_mut("licenses") else { return };
    if items.len() < 2 || items.iter().all(|one| one.get("expression").is_none()) {
        return;
    }
    for (index, one) in items.iter_mut().enumerate() {
        if let Some(expression) = one.str("expression") {
            let licence = Node::object([("name", Node::text(expression))]);
            *one = Node::object([("license", licence)]);
            told.at(&format!("{pointer}/licenses/{index}/expression"), "expression", Why::Replaced);
        }
    }
}

/// Leaves out what a comparison finds to be wrong and fills in what is missing and has a value that claims nothing, until nothing is.
fn fitted(
    document: &mut Node,
    told: &mut Told,
    check: impl Fn(&Node, &mut Found),
    unstated: impl Fn(&[String], &str) -> Option<Node>,
) {
    for _ in 0..ROUNDS {
        let mut found = Found::new(usize::MAX);
        check(document, &mut found);
        let mut changed = false;
        // From the end, so that the indices before stay true.
        let mut wrong: Vec<(Vec<String>, Deviation)> = found.kept.into_iter().filter_map(steps).collect();
        wrong.sort_by(|(left, _), (right, _)| order(right, left));
        wrong.dedup_by(|(left, one), (right, other)| left == right && one.kind == other.kind);
        let mut leaving = Leaving::default();
        for (path, deviation) in wrong {
            changed |= match &deviation.kind {
                Kind::Unknown(name) | Kind::OtherVersion(name) => {
                    leaving.take(document, path, &deviation.place, name, told)
                }
                _ => {
                    leaving.go(document);
                    corrected(document, &path, &deviation, &unstated, told)
                }
            };
        }
        leaving.go(document);
        if !changed {
            return;
        }
    }
}

/// Members of one object that have no place, left out together: a document of nothing else takes no longer than another.
#[derive(Default)]
struct Leaving {
    object: Vec<String>,
    names: HashSet<String>,
}

impl Leaving {
    fn take(
        &mut self,
        document: &mut Node,
        path: Vec<String>,
        place: &Place,
        what: &str,
        told: &mut Told,
    ) -> bool {
        let Place::Pointer(pointer) = place else { return false };
        let mut object = path;
        if is_essential(&object) {
            return false;
        }
        let Some(name) = object.pop() else { return false };
        if object != self.object {
            self.go(document);
            self.object = object;
        }
        let is_new = self.names.insert(name);
        if is_new {
            told.at(pointer, what, Why::NoPlace);
        }
        is_new
    }

    fn go(&mut self, document: &mut Node) {
        let names = std::mem::take(&mut self.names);
        if let Some(Node::Object(members)) = at_mut(document, &self.object).filter(|_| !names.is_empty()) {
            members.retain(|(name, _)| !names.contains(&**name));
        }
    }
}

fn steps(deviation: Deviation) -> Option<(Vec<String>, Deviation)> {
    let Place::Pointer(pointer) = &deviation.place else { return None };
    let steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    Some((steps.collect(), deviation))
}

/// The order in the document as far as indices go; what is deeper comes later.
fn order(left: &[String], right: &[String]) -> std::cmp::Ordering {
    let key =
        |step: &String| step.parse::<usize>().map_or_else(|_| (0, step.clone()), |at| (at, String::new()));
    left.iter().map(key).cmp(right.iter().map(key))
}

fn corrected(
    document: &mut Node,
    path: &[String],
    deviation: &Deviation,
    unstated: &impl Fn(&[String], &str) -> Option<Node>,
    told: &mut Told,
) -> bool {
    let Place::Pointer(pointer) = &deviation.place else { return false };
    match &deviation.kind {
        Kind::Missing(name) => {
            let Some(object) = at_mut(document, path) else { return false };
            if let Some(filled) = unstated(path, name) {
                object.set(name, filled);
                told.at(pointer, name, Why::Filled);
                return true;
            }
            let filled = match (name.as_str(), &path.first().map(String::as_str)) {
                ("version", Some("components" | "metadata")) if object.get("type").is_some() => {
                    Node::text("")
                }
                ("version", None) => Node::Number("1".into()),
                ("proofOfConcept" | "components" | "packages", _) => return false,
                _ if is_essential(path) => return false,
                _ => {
                    told.at(pointer, path.last().map_or("", String::as_str), Why::WithItsWhole);
                    return removed(document, path);
                }
            };
            object.set(name, filled);
            told.at(pointer, name, Why::Filled);
            true
        }
        Kind::NotListed { value, list } => {
            let Some(node) = at_mut(document, path) else { return false };
            if let Some(other) = nearest(list, value) {
                if node.as_str() == Some(other) {
                    return false;
                }
                *node = Node::text(other);
                told.at(pointer, value, Why::Replaced);
                return true;
            }
            left_out(document, path, pointer, value, Why::NotAllowed, told)
        }
        Kind::WrongType { .. } | Kind::WrongForm { .. } | Kind::OutOfBounds { .. } | Kind::SameItem => {
            let what = at_mut(document, path).and_then(|node| node.as_str()).unwrap_or_default().to_owned();
            let what = if what.is_empty() { path.last().cloned().unwrap_or_default() } else { what };
            left_out(document, path, pointer, &what, Why::NotAllowed, told)
        }
        Kind::Alternatives(_) | Kind::Together(_) => {
            let what = path.last().cloned().unwrap_or_default();
            left_out(document, path, pointer, &what, Why::NotAllowed, told)
        }
        _ => false,
    }
}

fn left_out(
    document: &mut Node,
    path: &[String],
    pointer: &str,
    what: &str,
    why: Why,
    told: &mut Told,
) -> bool {
    if is_essential(path) || !removed(document, path) {
        return false;
    }
    told.at(pointer, what, why);
    true
}

/// Without these there is no bill or no component; a bill in which they are wrong stays wrong in its new version.
fn is_essential(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        [one] => {
            matches!(
                one,
                "SPDXID" | "spdxVersion" | "name" | "creationInfo" | "bomFormat" | "specVersion" | "metadata"
            )
        }
        [] | [.., "components" | "services" | "packages" | "files", _] => true,
        [.., "components" | "packages" | "files", _, member] => {
            matches!(member, "SPDXID" | "name" | "fileName" | "versionInfo" | "purl" | "cpe" | "bom-ref")
        }
        [.., last] => last == "component",
    }
}

/// The value that claims no more than one which a version does not list.
fn nearest(list: &str, value: &str) -> Option<&'static str> {
    Some(match (list, value) {
        ("classification", "platform") => "application",
        ("classification", "data" | "cryptographic-asset") => "file",
        ("classification", _) => "library",
        ("aggregateType", value) if value.starts_with("incomplete") => "incomplete",
        ("externalReferenceType", _) => "other",
        // As older scanners write it.
        ("spdx-relationship", "DESCRIBE") => "DESCRIBES",
        ("spdx-purpose", _) | ("spdx-relationship", "REQUIREMENT_DESCRIPTION_FOR" | "SPECIFICATION_FOR") => {
            "OTHER"
        }
        _ => return None,
    })
}

fn at_mut<'n>(document: &'n mut Node, path: &[String]) -> Option<&'n mut Node> {
    path.iter().try_fold(document, |node, step| match node {
        Node::Object(_) => node.get_mut(step),
        Node::List(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
        _ => None,
    })
}

fn removed(document: &mut Node, path: &[String]) -> bool {
    let Some((last, parent)) = path.split_last() else { return false };
    match at_mut(document, parent) {
        Some(node @ Node::Object(_)) => remove(node, last).is_some(),
        Some(Node::List(items)) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

fn remove(node: &mut Node, name: &str) -> Option<Node> {
    let Node::Object(members) = node else { return None };
    let at = members.iter().position(|(key, _)| &**key == name)?;
    Some(members.remove(at).1)
}

pub(super) fn items_mut<'n>(node: &'n mut Node, name: &str) -> impl Iterator<Item = &'n mut Node> {
    let items = match node.get_mut(name) {
        Some(Node::List(items)) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut()
}
