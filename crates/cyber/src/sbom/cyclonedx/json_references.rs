//! Where CycloneDX JSON gives references and where it uses them.

use super::super::references::References;
use crate::document::deviation::{Grade, Place};
use crate::document::json::{Node, step, step_index};

/// All references of a document.
pub(super) fn collect(document: &Node) -> References<'_> {
    let mut walk = Walk { pointer: String::new(), references: References::default() };
    walk.given(document, Grade::Warning);
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

    /// Every `bom-ref`, wherever it stands; the depth of the tree is bounded. The published shape of JSON cannot ask that none
    /// stands twice: for components and services, which dependencies refer to, it is an error; elsewhere a warning.
    fn given(&mut self, node: &'a Node, grade: Grade) {
        let length = self.pointer.len();
        for (name, value) in node.members() {
            step(&mut self.pointer, name);
            match (&**name, value) {
                ("bom-ref", Node::Text(reference)) => {
                    self.references.given.push((reference, grade, self.place()));
                }
                ("components" | "services" | "component", _) => self.given(value, Grade::Error),
                (_, Node::Object(_) | Node::List(_)) => self.given(value, Grade::Warning),
                _ => {}
            }
            self.pointer.truncate(length);
        }
        for (index, item) in node.items().iter().enumerate() {
            step_index(&mut self.pointer, index);
            self.given(item, grade);
            self.pointer.truncate(length);
        }
    }

    fn used(&mut self, document: &'a Node) {
        for (index, one) in document.list("dependencies").iter().enumerate() {
            self.one(&format!("/dependencies/{index}/ref"), one.get("ref"), Grade::Error);
            self.all(&format!("/dependencies/{index}/dependsOn"), one.list("dependsOn"), Grade::Error);
            self.all(&format!("/dependencies/{index}/provides"), one.list("provides"), Grade::Error);
        }
        for (index, one) in document.list("compositions").iter().enumerate() {
            self.all(&format!("/compositions/{index}/assemblies"), one.list("assemblies"), Grade::Warning);
            self.all(
                &format!("/compositions/{index}/dependencies"),
                one.list("dependencies"),
                Grade::Warning,
            );
        }
    }

    fn all(&mut self, pointer: &str, items: &'a [Node], grade: Grade) {
        for (index, item) in items.iter().enumerate() {
            self.one(&format!("{pointer}/{index}"), Some(item), grade);
        }
    }

    fn one(&mut self, pointer: &str, node: Option<&'a Node>, grade: Grade) {
        if let Some(reference) = node.and_then(Node::as_str) {
            self.references.used.push((reference, grade, Place::Pointer(pointer.into())));
        }
    }
}
