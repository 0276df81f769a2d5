//! What a CycloneDX XML document says; the same as its JSON form, read from elements.

use super::super::model::{Component, Composition, Embedded, Format, Hash, Lifecycle, Relationship, Sbom};
use crate::document::deviation::Place;
use crate::document::xml::Element;

/// The model of a document.
pub(super) fn sbom(root: &Element, version: &str) -> Sbom {
    let metadata = root.child("metadata");
    let mut components = Vec::new();
    if let Some(main) = metadata.and_then(|one| one.child("component")) {
        push(main, "bom/metadata", None, &mut components);
    }
    let subjects = (0..components.len().min(1)).collect();
    push_all(root, "bom", None, &mut components);
    let mut relationships = Vec::new();
    for one in root.child("dependencies").into_iter().flat_map(|all| all.all("dependency")) {
        depend(one, true, &mut relationships);
    }
    Sbom {
        format: Format::CycloneDxXml,
        version: version.to_owned(),
        identity: attribute(root, "serialNumber"),
        revision: attribute(root, "version"),
        name: metadata.and_then(|one| one.child("component")).and_then(|main| main.text_of("name")),
        authors: metadata.map(authors).unwrap_or_default(),
        tools: metadata.and_then(|one| one.child("tools")).map(tools).unwrap_or_default(),
        phases: metadata
            .into_iter()
            .flat_map(|one| all_in(one, "lifecycles", "lifecycle"))
            .filter_map(|one| one.text_of("phase").or_else(|| one.text_of("name")))
            .collect(),
        timestamp: metadata.and_then(|one| one.text_of("timestamp")),
        supplier: metadata.and_then(|one| one.child("supplier")).and_then(|one| one.text_of("name")),
        components,
        subjects,
        relationships,
        compositions: all_in(root, "compositions", "composition").map(composition).collect(),
        vulnerabilities: all_in(root, "vulnerabilities", "vulnerability")
            .map(|one| Embedded {
                id: one.text_of("id").unwrap_or_default(),
                place: place(one, "bom/vulnerabilities/vulnerability"),
            })
            .collect(),
    }
}

fn place(element: &Element, path: &str) -> Place {
    Place::line(element.line.into(), path)
}

fn attribute(element: &Element, name: &str) -> Option<String> {
    element.attribute(name).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn all_in<'a>(element: &'a Element, list: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
    element.all(list).flat_map(move |list| list.all(name))
}

fn push_all(element: &Element, path: &str, parent: Option<usize>, out: &mut Vec<Component>) {
    all_in(element, "components", "component")
        .for_each(|one| push(one, &format!("{path}/components"), parent, out));
    all_in(element, "services", "service")
        .for_each(|one| push(one, &format!("{path}/services"), parent, out));
}

/// A component or a service, and those in it. The depth of the tree is bounded.
fn push(element: &Element, path: &str, parent: Option<usize>, out: &mut Vec<Component>) {
    let name_of = |child: &str| element.child(child).and_then(|one| one.text_of("name"));
    let path = format!("{path}/{}", element.name());
    let is_service = element.name() == "service";
    let me = out.len();
    out.push(Component {
        reference: attribute(element, "bom-ref"),
        kind: if is_service { Some("service".to_owned()) } else { attribute(element, "type") },
        supplier: name_of("supplier").or_else(|| name_of("provider")),
        maker: name_of("manufacturer")
            .or_else(|| element.text_of("author"))
            .or_else(|| element.text_of("publisher"))
            .or_else(|| {
                element
                    .child("authors")
                    .and_then(|all| all.child("author"))
                    .and_then(|one| one.text_of("name"))
            }),
        group: element.text_of("group"),
        name: element.text_of("name").unwrap_or_default(),
        version: element.text_of("version"),
        purls: element.text_of("purl").into_iter().collect(),
        cpes: element.text_of("cpe").into_iter().collect(),
        hashes: all_in(element, "hashes", "hash").filter_map(hash).collect(),
        licences: licences(element),
        has_tag: element.child("swid").is_some_and(|swid| attribute(swid, "tagId").is_some()),
        is_file: element.attribute("type") == Some("file"),
        lifecycle: lifecycle(element),
        parent,
        ..Component::at(place(element, &path))
    });
    for one in all_in(element, "properties", "property") {
        out[me].further(one.attribute("name").unwrap_or_default(), one.text().trim());
    }
    push_all(element, &path, Some(me), out);
}

fn hash(element: &Element) -> Option<Hash> {
    Some(Hash { algorithm: attribute(element, "alg")?, value: element.text().trim().to_owned() })
}

fn lifecycle(element: &Element) -> Lifecycle {
    let mut lifecycle = Lifecycle::default();
    for one in all_in(element, "properties", "property") {
        lifecycle.take(one.attribute("name").unwrap_or_default(), one.text().trim());
    }
    lifecycle
}

fn licences(element: &Element) -> Vec<String> {
    let Some(all) = element.child("licenses") else { return Vec::new() };
    let ids = all.all("license").filter_map(|one| one.text_of("id").or_else(|| one.text_of("name")));
    let expressions = all.all("expression").map(|one| one.text().trim().to_owned());
    ids.chain(expressions).filter(|text| !text.is_empty()).collect()
}

fn authors(metadata: &Element) -> Vec<String> {
    let contacts = all_in(metadata, "authors", "author")
        .filter_map(|one| one.text_of("name").or_else(|| one.text_of("email")));
    let makers =
        ["manufacturer", "manufacture"].into_iter().filter_map(|name| metadata.child(name)?.text_of("name"));
    contacts.chain(makers).collect()
}

fn tools(tools: &Element) -> Vec<String> {
    let new = all_in(tools, "components", "component").chain(all_in(tools, "services", "service"));
    let one = |tool: &Element| {
        let name = tool.text_of("name")?;
        Some(tool.text_of("version").map_or(name.clone(), |version| format!("{name} {version}")))
    };
    tools.all("tool").chain(new).filter_map(one).collect()
}

/// Dependencies may stand in one another. The depth of the tree is bounded.
fn depend(element: &Element, outermost: bool, out: &mut Vec<Relationship>) {
    // As in JSON: an entry without dependencies states that there are none.
    let is_entry = matches!(element.name(), "dependency") && element.elements().next().is_none();
    if let (true, true, Some(from)) = (is_entry, outermost, attribute(element, "ref")) {
        out.push(Relationship {
            from,
            to: "NONE".to_owned(),
            kind: "DEPENDS_ON".to_owned(),
            place: place(element, "bom/dependencies/dependency"),
        });
    }
    for (child, kind) in [("dependency", "DEPENDS_ON"), ("provides", "PROVIDES")] {
        for one in element.all(child) {
            if let (Some(from), Some(to)) = (attribute(element, "ref"), attribute(one, "ref")) {
                out.push(Relationship {
                    from,
                    to,
                    kind: kind.to_owned(),
                    place: place(one, "bom/dependencies/dependency"),
                });
            }
            depend(one, false, out);
        }
    }
}

fn composition(element: &Element) -> Composition {
    let about =
        all_in(element, "assemblies", "assembly").chain(all_in(element, "dependencies", "dependency"));
    Composition {
        aggregate: element.text_of("aggregate").unwrap_or_default(),
        about: about.filter_map(|one| attribute(one, "ref")).collect(),
        place: place(element, "bom/compositions/composition"),
    }
}
