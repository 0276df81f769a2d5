//! What a CycloneDX JSON document says. Lenient: what has another type than it should is passed over here; the comparison with the table
//! has told it.

use super::super::model::{Component, Composition, Embedded, Format, Hash, Lifecycle, Relationship, Sbom};
use crate::document::deviation::Place;
use crate::document::json::Node;

/// The model of a document.
pub(super) fn sbom(document: &Node, version: &str) -> Sbom {
    let none = Node::Null;
    let metadata = document.get("metadata").unwrap_or(&none);
    let mut components = Vec::new();
    if let Some(main) = metadata.get("component") {
        push(main, "/metadata/component".to_owned(), None, &mut components);
    }
    let subjects = (0..components.len().min(1)).collect();
    push_all(document.list("components"), "/components", None, &mut components);
    push_all(document.list("services"), "/services", None, &mut components);
    Sbom {
        format: Format::CycloneDxJson,
        version: version.to_owned(),
        identity: owned(document, "serialNumber"),
        revision: match document.get("version") {
            Some(Node::Number(number)) => Some(number.to_string()),
            _ => None,
        },
        name: metadata.get("component").and_then(|main| owned(main, "name")),
        authors: authors(metadata),
        tools: tools(metadata.get("tools").unwrap_or(&none)),
        phases: metadata
            .list("lifecycles")
            .iter()
            .filter_map(|one| owned(one, "phase").or_else(|| owned(one, "name")))
            .collect(),
        timestamp: owned(metadata, "timestamp"),
        supplier: metadata.get("supplier").and_then(|one| owned(one, "name")),
        components,
        subjects,
        relationships: relationships(document),
        compositions: compositions(document),
        vulnerabilities: document
            .list("vulnerabilities")
            .iter()
            .enumerate()
            .map(|(index, one)| Embedded {
                id: owned(one, "id").unwrap_or_default(),
                place: place(format!("/vulnerabilities/{index}")),
            })
            .collect(),
    }
}

fn place(pointer: String) -> Place {
    Place::Pointer(pointer.into())
}

fn owned(node: &Node, name: &str) -> Option<String> {
    node.str(name).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn push_all(list: &[Node], pointer: &str, parent: Option<usize>, out: &mut Vec<Component>) {
    for (index, one) in list.iter().enumerate() {
        push(one, format!("{pointer}/{index}"), parent, out);
    }
}

/// A component or a service, and those in it. The depth of the tree is bounded.
fn push(node: &Node, pointer: String, parent: Option<usize>, out: &mut Vec<Component>) {
    if !matches!(node, Node::Object(_)) {
        return;
    }
    let name_of = |member: &str| node.get(member).and_then(|one| owned(one, "name"));
    let is_service = pointer.rsplit('/').nth(1) == Some("services");
    let me = out.len();
    out.push(Component {
        place: place(pointer.clone()),
        reference: owned(node, "bom-ref"),
        kind: if is_service { Some("service".to_owned()) } else { owned(node, "type") },
        supplier: name_of("supplier").or_else(|| name_of("provider")),
        maker: name_of("manufacturer")
            .or_else(|| owned(node, "author"))
            .or_else(|| owned(node, "publisher"))
            .or_else(|| node.list("authors").first().and_then(|one| owned(one, "name"))),
        group: owned(node, "group"),
        name: node.str("name").unwrap_or_default().to_owned(),
        version: owned(node, "version"),
        purls: owned(node, "purl").into_iter().collect(),
        cpes: owned(node, "cpe").into_iter().collect(),
        hashes: node.list("hashes").iter().filter_map(hash).collect(),
        licences: licences(node.get("licenses")),
        has_tag: node.get("swid").is_some_and(|swid| owned(swid, "tagId").is_some()),
        unknown: Vec::new(),
        is_file: node.str("type") == Some("file"),
        lifecycle: lifecycle(node.list("properties")),
        parent,
    });
    for one in node.list("properties") {
        out[me].further(one.str("name").unwrap_or_default(), one.str("value").unwrap_or_default());
    }
    push_all(node.list("components"), &format!("{pointer}/components"), Some(me), out);
    push_all(node.list("services"), &format!("{pointer}/services"), Some(me), out);
}

fn hash(node: &Node) -> Option<Hash> {
    Some(Hash { algorithm: owned(node, "alg")?, value: owned(node, "content")? })
}

fn lifecycle(properties: &[Node]) -> Lifecycle {
    let mut lifecycle = Lifecycle::default();
    for one in properties {
        if let (Some(name), Some(value)) = (one.str("name"), one.str("value")) {
            lifecycle.take(name, value);
        }
    }
    lifecycle
}

fn licences(node: Option<&Node>) -> Vec<String> {
    let list =
        node.map(|node| if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() });
    let one = |choice: &Node| {
        let licence = choice.get("license");
        owned(choice, "expression")
            .or_else(|| licence.and_then(|one| owned(one, "id").or_else(|| owned(one, "name"))))
    };
    list.unwrap_or_default().iter().filter_map(one).collect()
}

fn authors(metadata: &Node) -> Vec<String> {
    let contacts =
        metadata.list("authors").iter().filter_map(|one| owned(one, "name").or_else(|| owned(one, "email")));
    let makers = ["manufacturer", "manufacture"]
        .iter()
        .filter_map(|name| metadata.get(name).and_then(|one| owned(one, "name")));
    contacts.chain(makers).collect()
}

/// Tools are a list of their own kind until 1.4, components and services since 1.5.
fn tools(node: &Node) -> Vec<String> {
    let one = |tool: &Node| {
        let name = owned(tool, "name")?;
        Some(owned(tool, "version").map_or(name.clone(), |version| format!("{name} {version}")))
    };
    let new = node.list("components").iter().chain(node.list("services"));
    node.items().iter().chain(new).filter_map(one).collect()
}

fn relationships(document: &Node) -> Vec<Relationship> {
    let mut out = Vec::new();
    for (index, one) in document.list("dependencies").iter().enumerate() {
        let Some(from) = one.str("ref") else { continue };
        // An entry without dependencies states that there are none (CycloneDX, "Dependency Graph").
        if one.list("dependsOn").is_empty() && one.list("provides").is_empty() {
            out.push(Relationship {
                from: from.to_owned(),
                to: "NONE".to_owned(),
                kind: "DEPENDS_ON".to_owned(),
                place: place(format!("/dependencies/{index}")),
            });
        }
        for (member, kind) in [("dependsOn", "DEPENDS_ON"), ("provides", "PROVIDES")] {
            for (number, to) in one.list(member).iter().enumerate() {
                if let Some(to) = to.as_str() {
                    let place = place(format!("/dependencies/{index}/{member}/{number}"));
                    out.push(Relationship {
                        from: from.to_owned(),
                        to: to.to_owned(),
                        kind: kind.to_owned(),
                        place,
                    });
                }
            }
        }
    }
    out
}

fn compositions(document: &Node) -> Vec<Composition> {
    let one = |(index, node): (usize, &Node)| {
        let about = node.list("assemblies").iter().chain(node.list("dependencies"));
        Composition {
            aggregate: owned(node, "aggregate").unwrap_or_default(),
            about: about.filter_map(Node::as_str).map(str::to_owned).collect(),
            place: place(format!("/compositions/{index}")),
        }
    };
    document.list("compositions").iter().enumerate().map(one).collect()
}
