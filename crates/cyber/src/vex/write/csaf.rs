//! Statements as a document of the VEX profile of CSAF 2.0 (4.5).

use std::collections::BTreeMap;

use super::{Against, Head, Lost, Members, Writing, action, system};
use crate::csaf::range_word;
use crate::document::json::Node;
use crate::name::cpe::Cpe;
use crate::name::purl::Purl;
use crate::vex::model::{Format, Product, Statement, Status, Thing, Vulnerability};

/// The document.
pub(super) fn document(head: &Head, statements: &[Statement], writing: &mut Writing) -> Node {
    let mut tree = Tree::default();
    let mut order: Vec<&str> = Vec::new();
    let mut by_id: BTreeMap<&str, About<'_>> = BTreeMap::new();
    for (number, statement) in statements.iter().enumerate() {
        writing.statement = number;
        let id = main_id(&statement.vulnerability);
        if !by_id.contains_key(id) {
            order.push(id);
        }
        by_id.entry(id).or_default().add(statement, &mut tree, writing);
    }
    let vulnerabilities: Vec<Node> =
        order.iter().filter_map(|id| by_id.remove(id)).map(|about| about.node(head)).collect();
    let mut document = Members::default();
    document.put("document", about_itself(head));
    document.put("product_tree", tree.node());
    document.put("vulnerabilities", Node::List(vulnerabilities));
    document.node()
}

fn about_itself(head: &Head) -> Node {
    let mut publisher = Members::default();
    publisher.text("category", Some("vendor"));
    publisher.text("name", Some(&head.author));
    publisher.text("namespace", head.namespace.as_deref());
    let issues = head.earlier.iter().chain([&head.timestamp]).enumerate();
    let revision = |(index, moment): (usize, &String)| {
        let summary = if index == 0 { "First issue" } else { "New issue" };
        let number = (index + 1).to_string();
        Node::object([
            ("date", Node::text(moment)),
            ("number", Node::text(number)),
            ("summary", Node::text(summary)),
        ])
    };
    let mut tracking = Members::default();
    tracking.text("current_release_date", Some(&head.timestamp));
    tracking.text("id", Some(head.id.trim()));
    tracking.text("initial_release_date", Some(head.earlier.first().unwrap_or(&head.timestamp)));
    tracking.put("revision_history", Node::List(issues.map(revision).collect()));
    tracking.text("status", Some("final"));
    tracking.text("version", Some(&head.revision().to_string()));
    let mut document = Members::default();
    document.text("category", Some("csaf_vex"));
    document.text("csaf_version", Some("2.0"));
    document.put("publisher", publisher.node());
    document.text("title", Some(&head.title));
    document.put("tracking", tracking.node());
    document.node()
}

/// The id a vulnerability goes by: its CVE, for which the format has a place of its own and which stands once in a document (6.1.23), else
/// the one it is stated under.
fn main_id(vulnerability: &Vulnerability) -> &str {
    let all = || std::iter::once(&vulnerability.id).chain(&vulnerability.aliases);
    all().find(|id| is_cve(id)).unwrap_or(&vulnerability.id)
}

/// Everything stated of one vulnerability.
#[derive(Default)]
struct About<'a> {
    /// Its ids, the main one first.
    ids: Vec<&'a str>,
    /// The statement each product was named in first: a product has one status and one reason (6.1.6, 6.1.33).
    stated: BTreeMap<String, (usize, &'a Statement)>,
    status: BTreeMap<&'static str, Vec<Node>>,
    flags: Vec<Node>,
    threats: Vec<Node>,
    remediations: Vec<Node>,
    notes: Vec<Node>,
}

impl<'a> About<'a> {
    fn add(&mut self, statement: &'a Statement, tree: &mut Tree, writing: &mut Writing) {
        let vulnerability = &statement.vulnerability;
        let others = std::iter::once(&vulnerability.id).chain(&vulnerability.aliases).map(String::as_str);
        for id in std::iter::once(main_id(vulnerability)).chain(others) {
            if !self.ids.contains(&id) {
                self.ids.push(id);
            }
        }
        let list = match statement.status {
            Some(Status::NotAffected) => "known_not_affected",
            Some(Status::Affected) => "known_affected",
            Some(Status::Fixed) => "fixed",
            _ => "under_investigation",
        };
        let mut ids = Vec::new();
        let named: Vec<_> = statement.products.iter().flat_map(|one| tree.ids(one, writing)).collect();
        for (product, id) in named {
            match self.stated.insert(id.clone(), (writing.statement, statement)) {
                // The same may be stated under several ids of one vulnerability.
                Some((number, other)) if number == writing.statement || says_the_same(statement, other) => {}
                Some(_) => writing.refuse(Against::Second(product)),
                None => ids.push(Node::text(id)),
            }
        }
        if ids.is_empty() {
            return;
        }
        self.status.entry(list).or_default().extend(ids.iter().cloned());
        let with = |name: &str, text: &str, products: &[Node]| {
            let mut all = Members::default();
            match name {
                "label" => {
                    all.text("date", statement.timestamp.as_deref());
                    all.text("label", Some(text));
                }
                category => {
                    all.text("category", Some(category));
                    all.text("details", Some(text));
                }
            }
            all.put("product_ids", Node::List(products.to_vec()));
            all.node()
        };
        if statement.status == Some(Status::NotAffected) {
            let (word, impact) = writing.reason(Format::Csaf, statement);
            self.flags.extend(word.map(|word| with("label", word, &ids)));
            self.threats.extend(impact.map(|impact| with("impact", &impact, &ids)));
        }
        if statement.status == Some(Status::Affected) {
            let details = action(statement).unwrap_or_default();
            self.remediations.push(with(remedy(&statement.responses), &details, &ids));
        }
        if !statement.responses.is_empty() {
            writing.lose(Lost::Responses);
        }
        if let Some(notes) = &statement.notes {
            self.notes.push(Node::object([("category", Node::text("details")), ("text", Node::text(notes))]));
        }
    }

    fn node(mut self, head: &Head) -> Node {
        let mut all = Members::default();
        let cve = self.ids.first().copied().filter(|id| is_cve(id));
        all.text("cve", cve);
        all.list("ids", self.ids.iter().skip(cve.iter().len()).map(|id| by_system(id)).collect());
        if self.notes.is_empty() {
            // Each vulnerability must have a note (6.1.27.5).
            let text = format!("Stated by {} as of {}.", head.author, head.timestamp);
            self.notes.push(Node::object([("category", Node::text("general")), ("text", Node::text(text))]));
        }
        all.list("flags", self.flags);
        all.list("notes", self.notes);
        let lists = self.status.into_iter().map(|(list, ids)| (list.into(), Node::List(ids)));
        all.put("product_status", Node::Object(lists.collect()));
        all.list("remediations", self.remediations);
        all.list("threats", self.threats);
        all.node()
    }
}

fn says_the_same(one: &Statement, other: &Statement) -> bool {
    let said =
        |one: &Statement| (one.status, one.justification, one.impact.clone(), action(one), one.notes.clone());
    said(one) == said(other)
}

/// What kind of remedy the responses make it (3.2.3.12.1); words alone do not tell whether a fix is meant.
fn remedy(responses: &[String]) -> &'static str {
    let has = |word: &str| responses.iter().any(|one| one == word);
    if has("update") {
        "vendor_fix"
    } else if has("workaround_available") {
        "workaround"
    } else if has("will_not_fix") || has("can_not_fix") {
        "no_fix_planned"
    } else {
        "mitigation"
    }
}

fn is_cve(id: &str) -> bool {
    let digits =
        |text: &str, least: usize| text.len() >= least && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4))
}

/// An id with the name of who gives such ids.
fn by_system(id: &str) -> Node {
    Node::object([("system_name", Node::text(system(id))), ("text", Node::text(id))])
}

/// Products as they are named for the first time.
#[derive(Default)]
struct Tree {
    names: Vec<(Thing, String, Node)>,
    relationships: Vec<((String, String), String, Node)>,
}

impl Tree {
    /// The ids of a product, or of its parts in it, each with its name for a person.
    fn ids(&mut self, product: &Product, writing: &mut Writing) -> Vec<(String, String)> {
        let whole = self.id(&product.thing, writing);
        if product.parts.is_empty() {
            return vec![(product.thing.shown(), whole)];
        }
        let mut ids = Vec::new();
        for part in &product.parts {
            let name = format!("{} in {}", part.shown(), product.thing.shown());
            let part = self.id(part, writing);
            ids.push((name.clone(), self.within(part, whole.clone(), &name)));
        }
        ids
    }

    fn within(&mut self, part: String, whole: String, name: &str) -> String {
        let ends = (part, whole);
        if let Some((_, id, _)) = self.relationships.iter().find(|(known, _, _)| *known == ends) {
            return id.clone();
        }
        let id = format!("R{}", self.relationships.len() + 1);
        let node = Node::object([
            ("category", Node::text("default_component_of")),
            (
                "full_product_name",
                Node::object([("name", Node::text(name)), ("product_id", Node::text(&id))]),
            ),
            ("product_reference", Node::text(&ends.0)),
            ("relates_to_product_reference", Node::text(&ends.1)),
        ]);
        self.relationships.push((ends, id.clone(), node));
        id
    }

    fn id(&mut self, thing: &Thing, writing: &mut Writing) -> String {
        let thing = Thing { reference: None, ..thing.clone() };
        if let Some((_, id, _)) = self.names.iter().find(|(known, _, _)| *known == thing) {
            return id.clone();
        }
        let id = format!("P{}", self.names.len() + 1);
        let mut all = Members::default();
        all.text("name", Some(&full_name(&thing)));
        all.text("product_id", Some(&id));
        let helper = helper(&thing, writing);
        if !helper.0.is_empty() {
            all.put("product_identification_helper", helper.node());
        }
        self.names.push((thing, id.clone(), all.node()));
        id
    }

    fn node(self) -> Node {
        let mut all = Members::default();
        let (mut branches, mut others) = (Vec::<(String, Vec<Node>)>::new(), Vec::new());
        for (thing, _, node) in self.names {
            let Some((name, version)) = branch(&thing) else {
                others.push(node);
                continue;
            };
            let version = Node::object([
                ("category", Node::text("product_version")),
                ("name", Node::text(version)),
                ("product", node),
            ]);
            match branches.iter_mut().find(|(known, _)| *known == name) {
                Some((_, versions)) => versions.push(version),
                None => branches.push((name, vec![version])),
            }
        }
        let product = |(name, versions): (String, Vec<Node>)| {
            Node::object([
                ("branches", Node::List(versions)),
                ("category", Node::text("product_name")),
                ("name", Node::text(name)),
            ])
        };
        all.list("branches", branches.into_iter().map(product).collect());
        all.list("full_product_names", others);
        all.list("relationships", self.relationships.into_iter().map(|(_, _, node)| node).collect());
        all.node()
    }
}

/// Name and version apart from each other, which only branches say: who reads a full product name cannot tell them apart. What the standard
/// takes for a range is no version (6.1.31).
fn branch(thing: &Thing) -> Option<(String, &str)> {
    let version = thing.version.as_deref().filter(|text| range_word(text).is_none() && !text.is_empty())?;
    let name = thing.name.as_deref().filter(|name| !name.is_empty())?;
    let name = thing.group.as_ref().map_or(name.to_owned(), |group| format!("{group}/{name}"));
    Some((name, version))
}

/// Checksums stand with the names of files there (3.1.3.3.2), which are not known here.
fn helper(thing: &Thing, writing: &mut Writing) -> Members {
    let purl = thing.purls.iter().find(|text| Purl::parse(text).is_ok());
    let cpe = thing.cpes.iter().find(|text| Cpe::parse(text).is_ok());
    let uri = |namespace: &str, uri: &str| {
        Node::object([("namespace", Node::text(namespace)), ("uri", Node::text(uri))])
    };
    let link = thing.link.as_ref().map(ToString::to_string);
    let addresses = || thing.ids.iter().filter(|id| is_address(id));
    let links = link.iter().map(|link| uri("https://cyclonedx.org/capabilities/bomlink/", link));
    let links = links.chain(addresses().map(|id| uri("https://spdx.org/rdf/terms/", id)));
    if thing.purls.len() > usize::from(purl.is_some())
        || thing.cpes.len() > usize::from(cpe.is_some())
        || !thing.hashes.is_empty()
        || addresses().count() < thing.ids.len()
    {
        writing.lose(Lost::Names(thing.shown()));
    }
    let mut all = Members::default();
    all.text("cpe", cpe.map(String::as_str));
    all.text("purl", purl.map(String::as_str));
    all.list("x_generic_uris", links.collect());
    all
}

/// Its name for a person. One without a version beside a link or address holds for what these lead to alone: with them in it, it names
/// nothing else to those who compare names.
fn full_name(thing: &Thing) -> String {
    let named = Thing { purls: Vec::new(), cpes: Vec::new(), ..thing.clone() };
    let place = named.link.as_ref().map(ToString::to_string).or_else(|| named.ids.first().cloned());
    match (&named.name, place) {
        (Some(_), Some(place)) if named.version.is_none() => format!("{} ({place})", named.shown()),
        _ if named.is_nameless() => thing.shown(),
        _ => named.shown(),
    }
}

/// What the shape takes for an URI: a scheme and no blanks.
fn is_address(id: &str) -> bool {
    let is_scheme = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    id.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) && !id.contains(char::is_whitespace)
}
