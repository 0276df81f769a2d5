//! Where CycloneDX JSON gives references and where it uses them.

use super::super::deviation::Place;
use super::super::json::{Node, step, step_index};
use super::super::references::References;

/// All references of a document.
pub(super) fn collect(document: &Node) -> References<'_> {
    let mut walk = Walk { pointer: String::new(), references: References::default() };
    walk.given(document);
    walk.used(document);
    walk.references
}

struct Walk<'a> {
    pointer: String,
    references: References<'a>,
}

impl<'a> Walk<'a> {
    fn place(&self) -> Place {
        Place::Pointer(self.pointer.as_str().into())
    }

    /// Every `bom-ref`, wherever it stands; the depth of the tree is bounded.
    fn given(&mut self, node: &'a Node) {
        let length = self.pointer.len();
        for (name, value) in node.members() {
            step(&mut self.pointer, name);
            match value {
                Node::Text(reference) if &**name == "bom-ref" => self.references.given.push((reference, self.place())),
                _ => self.given(value),
            }
            self.pointer.truncate(length);
        }
        for (index, item) in node.items().iter().enumerate() {
            step_index(&mut self.pointer, index);
            self.given(item);
            self.pointer.truncate(length);
        }
    }

    fn used(&mut self, document: &'a Node) {
        for (index, one) in document.list("dependencies").iter().enumerate() {
            self.one(&format!("/dependencies/{index}/ref"), one.get("ref"));
            self.all(&format!("/dependencies/{index}/dependsOn"), one.list("dependsOn"));
            self.all(&format!("/dependencies/{index}/provides"), one.list("provides"));
        }
        for (index, one) in document.list("compositions").iter().enumerate() {
            self.all(&format!("/compositions/{index}/assemblies"), one.list("assemblies"));
            self.all(&format!("/compositions/{index}/dependencies"), one.list("dependencies"));
        }
    }

    fn all(&mut self, pointer: &str, items: &'a [Node]) {
        for (index, item) in items.iter().enumerate() {
            self.one(&format!("{pointer}/{index}"), Some(item));
        }
    }

    fn one(&mut self, pointer: &str, node: Option<&'a Node>) {
        if let Some(reference) = node.and_then(Node::as_str) {
            self.references.used.push((reference, Place::Pointer(pointer.into())));
        }
    }
}
