//! Statements as OpenVEX 0.2.0.

use super::{Head, Lost, Members, Writing, action};
use crate::document::json::Node;
use crate::name::purl::{Parts, Purl};
use crate::vex::model::{Format, Product, Statement, Status, Thing};

/// The document.
pub(super) fn document(head: &Head, statements: &[Statement], writing: &mut Writing) -> Node {
    let mut document = Members::default();
    document.text("@context", Some("https://openvex.dev/ns/v0.2.0"));
    document.text("@id", Some(&head.id));
    document.text("author", Some(&head.author));
    document.text("timestamp", Some(head.earlier.first().unwrap_or(&head.timestamp)));
    document.text("last_updated", Some(head.timestamp.as_str()).filter(|_| !head.earlier.is_empty()));
    document.put("version", Node::Number(head.revision().to_string().into()));
    document.text("tooling", Some("shirube"));
    let mut all = Vec::new();
    for (number, one) in statements.iter().enumerate() {
        writing.statement = number;
        all.push(statement(one, writing));
    }
    document.put("statements", Node::List(all));
    document.node()
}

fn statement(statement: &Statement, writing: &mut Writing) -> Node {
    let mut vulnerability = Members::default();
    vulnerability.text("name", Some(&statement.vulnerability.id));
    vulnerability.list("aliases", statement.vulnerability.aliases.iter().map(Node::text).collect());
    let mut all = Members::default();
    all.put("vulnerability", vulnerability.node());
    all.text("timestamp", statement.timestamp.as_deref());
    all.put("products", Node::List(statement.products.iter().map(|one| product(one, writing)).collect()));
    all.text("status", statement.status.map(Status::code));
    all.text("status_notes", statement.notes.as_deref());
    match statement.status {
        Some(Status::NotAffected) => {
            let (word, impact) = writing.reason(Format::OpenVex, statement);
            all.text("justification", word);
            all.text("impact_statement", impact.as_deref());
        }
        Some(Status::Affected) => all.text("action_statement", action(statement).as_deref()),
        _ => {}
    }
    if !statement.responses.is_empty() {
        writing.lose(Lost::Responses);
    }
    all.node()
}

fn product(product: &Product, writing: &mut Writing) -> Node {
    let mut all = thing(&product.thing, writing);
    // Components of one package URL are one thing here; their places in the bill are told apart by other formats.
    let mut parts: Vec<Node> = Vec::new();
    for part in product.parts.iter().map(|one| thing(one, writing).node()) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    all.list("subcomponents", parts);
    all.node()
}

/// A package URL, a link or an IRI names it; a name alone becomes a package URL of the type `generic`.
fn thing(thing: &Thing, writing: &mut Writing) -> Members {
    let link = thing.link.as_ref().map(ToString::to_string);
    let iri = thing.ids.iter().find(|id| id.contains(':')).cloned();
    let mut id = thing.purls.first().cloned().or(link).or(iri.clone());
    if id.is_none() && thing.cpes.is_empty() {
        id = generic(thing);
        writing.lose(Lost::AsGeneric(thing.shown()));
    }
    // A link into a bill tells nothing more of what bears a package URL.
    if iri.is_some_and(|iri| id.as_ref() != Some(&iri)) || thing.purls.len() > 1 || thing.cpes.len() > 1 {
        writing.lose(Lost::Names(thing.shown()));
    }
    let mut all = Members::default();
    all.text("@id", id.as_deref());
    let mut identifiers = Members::default();
    identifiers.text("purl", thing.purls.first().map(String::as_str));
    let cpe = thing.cpes.first().map(String::as_str);
    identifiers.text(if cpe.is_some_and(|cpe| cpe.starts_with("cpe:/")) { "cpe22" } else { "cpe23" }, cpe);
    if !identifiers.0.is_empty() {
        all.put("identifiers", identifiers.node());
    }
    let mut hashes = Members::default();
    for hash in &thing.hashes {
        match algorithm(&hash.algorithm) {
            Some(name) if hashes.0.iter().all(|(other, _)| &**other != name) => {
                hashes.text(name, Some(&hash.value));
            }
            _ => writing.lose(Lost::Names(thing.shown())),
        }
    }
    if !hashes.0.is_empty() {
        all.put("hashes", hashes.node());
    }
    all
}

fn generic(thing: &Thing) -> Option<String> {
    let parts = Parts {
        kind: "generic".into(),
        namespace: thing.group.as_deref().unwrap_or_default().into(),
        name: thing.name.as_deref()?.into(),
        version: thing.version.as_deref().unwrap_or_default().into(),
        ..Parts::default()
    };
    Purl::build(parts).ok().map(|purl| purl.to_string())
}

fn algorithm(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
        "md5",
        "sha1",
        "sha-256",
        "sha-384",
        "sha-512",
        "sha3-224",
        "sha3-256",
        "sha3-384",
        "sha3-512",
        "blake2s-256",
        "blake2b-256",
        "blake2b-512",
    ];
    let plain = |name: &str| name.to_lowercase().replace(['-', '_'], "");
    NAMES.into_iter().find(|known| plain(known) == plain(name))
}
