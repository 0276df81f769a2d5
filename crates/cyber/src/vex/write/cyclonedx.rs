//! Statements as CycloneDX 1.6 in JSON, apart from a bill of materials. What has a link into a bill is named by it; what has none stands as a
//! component of this document.

use super::{Against, Head, Lost, Members, Writing, system};
use crate::document::json::Node;
use crate::name::cpe::{Attribute, Cpe};
use crate::name::purl::Purl;
use crate::vex::model::{Claim, Format, Product, Standing, Statement, Status, Thing, Versions};

/// The document.
pub(super) fn document(head: &Head, statements: &[Statement], writing: &mut Writing) -> Node {
    let mut named = Named::of(statements);
    let mut vulnerabilities = Vec::new();
    for (number, one) in statements.iter().enumerate() {
        writing.statement = number;
        vulnerabilities.push(vulnerability(one, &mut named, writing));
    }
    let mut metadata = Members::default();
    metadata.text("timestamp", Some(&head.timestamp));
    metadata.put("authors", Node::List(vec![Node::object([("name", Node::text(&head.author))])]));
    if let Some(product) = named.main.as_ref().filter(|_| named.main_used) {
        metadata.put("component", component(product, "product", Vec::new()));
    }
    let mut document = Members::default();
    document.text("bomFormat", Some("CycloneDX"));
    document.text("specVersion", Some("1.6"));
    document.text("serialNumber", Some(head.id.as_str()).filter(|id| id.starts_with("urn:uuid:")));
    document.put("version", Node::Number(head.revision().to_string().into()));
    document.put("metadata", metadata.node());
    document.list("components", named.components());
    document.put("vulnerabilities", Node::List(vulnerabilities));
    document.node()
}

fn vulnerability(statement: &Statement, named: &mut Named, writing: &mut Writing) -> Node {
    let mut all = Members::default();
    all.text("id", Some(&statement.vulnerability.id));
    // Whose id it is must be said with it (ECMA-424, `vulnerability.references`).
    let source = |id: &str| Node::object([("name", Node::text(system(id)))]);
    let alias = |id: &String| Node::object([("id", Node::text(id)), ("source", source(id))]);
    all.list("references", statement.vulnerability.aliases.iter().map(alias).collect());
    let mut analysis = Members::default();
    let (state, detail) = match statement.status {
        Some(Status::NotAffected) => {
            let (word, impact) = writing.reason(Format::CycloneDx, statement);
            if impact.is_some() && statement.notes.is_some() {
                writing.lose(Lost::Notes);
            }
            analysis.text("state", Some("not_affected"));
            analysis.text("justification", word);
            (None, impact.or_else(|| statement.notes.clone()))
        }
        Some(Status::Affected) => {
            all.text("recommendation", statement.action.as_deref());
            (Some("exploitable"), statement.notes.clone())
        }
        Some(Status::Fixed) => (Some("resolved"), statement.notes.clone()),
        _ => (Some("in_triage"), statement.notes.clone()),
    };
    analysis.text("state", state);
    let responses: Vec<Node> =
        statement.responses.iter().filter(|one| RESPONSES.contains(&one.as_str())).map(Node::text).collect();
    analysis.list("response", responses);
    analysis.text("detail", detail.as_deref());
    analysis.text("lastUpdated", statement.timestamp.as_deref());
    all.put("analysis", analysis.node());
    all.put(
        "affects",
        Node::List(statement.products.iter().flat_map(|one| named.affects(one, writing)).collect()),
    );
    all.node()
}

/// ECMA-424, `impactAnalysisResponsesType`.
const RESPONSES: [&str; 5] = ["can_not_fix", "will_not_fix", "update", "rollback", "workaround_available"];

/// A component, its reference, and the parts in it with theirs.
type Outer = (Thing, String, Vec<(Thing, String)>);

/// Components of this document, each with its reference, and the parts in it.
struct Named {
    /// The one product that all statements on parts speak of, if there is only one.
    main: Option<Thing>,
    main_used: bool,
    outer: Vec<Outer>,
    count: usize,
}

impl Named {
    fn of(statements: &[Statement]) -> Self {
        let products = || statements.iter().flat_map(|one| &one.products);
        // Linked products need no component; a component the document is about must be around all others. Without one the document would be
        // about components of whatever product.
        let first = products().next().map(|one| &one.thing);
        let only = first.filter(|first| {
            first.link.is_none() && products().all(|one| bare(&one.thing) == bare(first) || is_linked(one))
        });
        Named { main: only.map(bare), main_used: false, outer: Vec::new(), count: 0 }
    }

    fn affects(&mut self, product: &Product, writing: &mut Writing) -> Vec<Node> {
        if product.parts.is_empty() {
            let reference = self.reference(&product.thing, None, writing);
            return vec![affect(&reference, &product.thing.claims)];
        }
        let mut all = Vec::new();
        for part in &product.parts {
            let reference = self.reference(part, Some(&product.thing), writing);
            all.push(affect(&reference, &part.claims));
        }
        all
    }

    fn reference(&mut self, thing: &Thing, whole: Option<&Thing>, writing: &mut Writing) -> String {
        if let Some(link) = &thing.link {
            return link.to_string();
        }
        // Nothing but a link or an address tells such a product from others, and a component of this document bears neither.
        for one in whole.into_iter().chain([thing]).filter(|one| is_elsewhere(one)) {
            writing.refuse(Against::Address(one.shown()));
        }
        if thing.purls.len() > 1 || thing.cpes.len() > 1 || !thing.ids.is_empty() {
            writing.lose(Lost::Names(thing.shown()));
        }
        let thing = bare(thing);
        if self.main.as_ref() == Some(&thing) {
            self.main_used = true;
            return "product".to_owned();
        }
        let is_in_main = whole.is_some_and(|whole| self.main == Some(bare(whole)));
        self.main_used |= is_in_main;
        match whole.filter(|_| !is_in_main) {
            None => self.outermost(&thing),
            Some(whole) => {
                let outer = self.outermost(&bare(whole));
                let next = format!("c{}", self.count + 1);
                let Some((_, _, parts)) = self.outer.iter_mut().find(|(_, reference, _)| *reference == outer)
                else {
                    return next;
                };
                if let Some((_, reference)) = parts.iter().find(|(one, _)| *one == thing) {
                    return reference.clone();
                }
                parts.push((thing, next.clone()));
                self.count += 1;
                next
            }
        }
    }

    fn outermost(&mut self, thing: &Thing) -> String {
        if let Some((_, reference, _)) = self.outer.iter().find(|(one, _, _)| one == thing) {
            return reference.clone();
        }
        self.count += 1;
        let reference = format!("c{}", self.count);
        self.outer.push((thing.clone(), reference.clone(), Vec::new()));
        reference
    }

    fn components(&self) -> Vec<Node> {
        let inner = |parts: &[(Thing, String)]| {
            parts.iter().map(|(thing, reference)| component(thing, reference, Vec::new())).collect::<Vec<_>>()
        };
        self.outer.iter().map(|(thing, reference, parts)| component(thing, reference, inner(parts))).collect()
    }
}

fn is_elsewhere(thing: &Thing) -> bool {
    let is_named = !thing.purls.is_empty() || !thing.cpes.is_empty();
    let is_told_apart = is_named || thing.name.is_some() && thing.version.is_some();
    !is_told_apart && (thing.link.is_some() || !thing.ids.is_empty())
}

fn is_linked(product: &Product) -> bool {
    let parts = if product.parts.is_empty() { std::slice::from_ref(&product.thing) } else { &product.parts };
    parts.iter().all(|one| one.link.is_some())
}

/// It as a component, whatever is said of its versions.
fn bare(thing: &Thing) -> Thing {
    Thing { claims: Vec::new(), reference: None, ..thing.clone() }
}

fn affect(reference: &str, claims: &[Claim]) -> Node {
    let mut all = Members::default();
    all.text("ref", Some(reference));
    let claim = |claim: &Claim| {
        let mut one = Members::default();
        match &claim.versions {
            Versions::One(text) => one.text("version", Some(text)),
            Versions::Range(text) => one.text("range", Some(text)),
        }
        one.text(
            "status",
            claim.standing.map(|standing| match standing {
                Standing::Affected => "affected",
                Standing::Unaffected => "unaffected",
                Standing::Unknown => "unknown",
            }),
        );
        one.node()
    };
    all.list("versions", claims.iter().map(claim).collect());
    all.node()
}

fn component(thing: &Thing, reference: &str, inner: Vec<Node>) -> Node {
    let purl = thing.purls.first().and_then(|text| Purl::parse_lenient(text).ok());
    let cpe = thing.cpes.first().and_then(|text| Cpe::parse(text).ok());
    let of_cpe =
        |attribute| cpe.as_ref().and_then(|cpe| cpe.get(attribute).plain().map(std::borrow::Cow::into_owned));
    let of_purl = |purl: &Purl| purl.version().map(str::to_owned);
    let name = thing.name.clone().or_else(|| purl.as_ref().map(|purl| purl.name().to_owned()));
    let name = name.or_else(|| of_cpe(Attribute::Product)).unwrap_or_else(|| thing.shown());
    let version = thing.version.clone().or_else(|| purl.as_ref().and_then(of_purl));
    let mut all = Members::default();
    all.text("type", Some(if reference == "product" { "application" } else { "library" }));
    all.text("bom-ref", Some(reference));
    all.text("group", thing.group.as_deref());
    all.text("name", Some(&name));
    all.text("version", version.or_else(|| of_cpe(Attribute::Version)).as_deref());
    let hashes = thing.hashes.iter().filter_map(|hash| {
        let content = Node::text(hash.value.to_lowercase());
        Some(Node::object([("alg", Node::text(algorithm(&hash.algorithm)?)), ("content", content)]))
    });
    all.list("hashes", hashes.collect());
    all.text("cpe", thing.cpes.first().map(String::as_str));
    all.text("purl", thing.purls.first().map(String::as_str));
    all.list("components", inner);
    all.node()
}

fn algorithm(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
        "MD5",
        "SHA-1",
        "SHA-256",
        "SHA-384",
        "SHA-512",
        "SHA3-256",
        "SHA3-384",
        "SHA3-512",
        "BLAKE2b-256",
        "BLAKE2b-384",
        "BLAKE2b-512",
        "BLAKE3",
    ];
    let plain = |name: &str| name.to_lowercase().replace(['-', '_'], "");
    NAMES.into_iter().find(|known| plain(known) == plain(name))
}
