//! SPDX 2 in its JSON form written as tags and values, the other way round than `tag_value` reads them.

use std::collections::HashSet;

use super::tag_value::{BEGINS, PLAIN, TagLine};
use crate::document::json::Node;

/// The lines of a document. Files and snippets come before packages, because a file below a package would be said to be in it.
pub(crate) fn tag_value_of(document: &Node) -> Vec<TagLine> {
    let mut lines = Lines { all: Vec::new(), said: HashSet::new() };
    lines.plain("", document);
    lines.pair_of("SPDXID", document.get("SPDXID"));
    if let Some(creation) = document.get("creationInfo") {
        lines.plain("creationInfo", creation);
    }
    for one in document.list("externalDocumentRefs") {
        let text = |name: &str| one.str(name).unwrap_or_default();
        let sum = one.get("checksum").map(sum).unwrap_or_default();
        let value = format!("{} {} {sum}", text("externalDocumentId"), text("spdxDocument"));
        lines.pair("ExternalDocumentRef", &value);
    }
    lines.annotations(document, document.str("SPDXID"));
    for list in ["files", "snippets", "packages", "hasExtractedLicensingInfos"] {
        for one in document.list(list) {
            lines.element(list, one);
        }
    }
    for one in document.list("revieweds") {
        lines.begin("revieweds", one);
        lines.plain("revieweds", one);
    }
    lines.relationships(document);
    lines.all
}

struct Lines {
    all: Vec<TagLine>,
    /// Relationships that were written.
    said: HashSet<(String, String, String)>,
}

impl Lines {
    fn element(&mut self, list: &'static str, one: &Node) {
        self.all.push(TagLine::Other("".into()));
        self.begin(list, one);
        if list != "snippets" {
            self.pair_of("SPDXID", one.get("SPDXID"));
        }
        self.plain(list, one);
        let tag = if list == "files" { "FileChecksum" } else { "PackageChecksum" };
        for checksum in one.list("checksums") {
            self.pair(tag, &sum(checksum));
        }
        self.pair_of("FilesAnalyzed", one.get("filesAnalyzed"));
        if let Some(code) = one.get("packageVerificationCode") {
            self.pair("PackageVerificationCode", &verification(code));
        }
        for reference in one.list("externalRefs") {
            self.reference(reference);
        }
        for range in one.list("ranges") {
            self.range(range);
        }
        self.annotations(one, one.str("SPDXID"));
    }

    fn begin(&mut self, list: &str, one: &Node) {
        if let Some((tag, _, member)) = BEGINS.iter().find(|(_, own, _)| *own == list) {
            self.pair_of(tag, one.get(member));
        }
    }

    fn plain(&mut self, list: &str, one: &Node) {
        for (_, tag, member, _) in PLAIN.iter().filter(|(own, ..)| *own == list) {
            match one.get(member) {
                Some(Node::List(items)) => items.iter().for_each(|item| self.pair_of(tag, Some(item))),
                value => self.pair_of(tag, value),
            }
        }
    }

    fn reference(&mut self, reference: &Node) {
        let text = |name: &str| reference.str(name).unwrap_or_default();
        let category = text("referenceCategory").replace('_', "-");
        let value = format!("{category} {} {}", text("referenceType"), text("referenceLocator"));
        self.pair("ExternalRef", &value);
        self.pair_of("ExternalRefComment", reference.get("comment"));
    }

    fn range(&mut self, range: &Node) {
        for (tag, unit) in [("SnippetByteRange", "offset"), ("SnippetLineRange", "lineNumber")] {
            let end = |name: &str| match range.get(name).and_then(|end| end.get(unit)) {
                Some(Node::Number(number) | Node::Text(number)) => Some(number.to_string()),
                _ => None,
            };
            if let (Some(from), Some(to)) = (end("startPointer"), end("endPointer")) {
                self.pair(tag, &format!("{from}:{to}"));
            }
        }
    }

    fn annotations(&mut self, one: &Node, id: Option<&str>) {
        for annotation in one.list("annotations") {
            self.begin("annotations", annotation);
            self.plain("annotations", annotation);
            self.pair("SPDXREF", id.unwrap_or_default());
        }
    }

    fn relationships(&mut self, document: &Node) {
        self.all.push(TagLine::Other("".into()));
        for one in document.list("relationships") {
            let text = |name: &str| one.str(name).unwrap_or_default();
            self.related(text("spdxElementId"), text("relationshipType"), text("relatedSpdxElement"), true);
            self.pair_of("RelationshipComment", one.get("comment"));
        }
        // JSON has short forms for two relationships.
        let own = document.str("SPDXID").unwrap_or("SPDXRef-DOCUMENT");
        for to in document.list("documentDescribes").iter().filter_map(Node::as_str) {
            self.related(own, "DESCRIBES", to, false);
        }
        for package in document.list("packages") {
            for file in package.list("hasFiles").iter().filter_map(Node::as_str) {
                self.related(package.str("SPDXID").unwrap_or_default(), "CONTAINS", file, false);
            }
        }
    }

    fn related(&mut self, from: &str, kind: &str, to: &str, again: bool) {
        if self.said.insert((from.to_owned(), kind.to_owned(), to.to_owned())) || again {
            self.pair("Relationship", &format!("{from} {kind} {to}"));
        }
    }

    fn pair_of(&mut self, tag: &str, value: Option<&Node>) {
        match value {
            Some(Node::Text(text)) if tag == "PrimaryPackagePurpose" => {
                self.pair(tag, &text.replace('_', "-"));
            }
            Some(Node::Text(text) | Node::Number(text)) => self.pair(tag, text),
            Some(Node::Bool(value)) => self.pair(tag, &value.to_string()),
            _ => {}
        }
    }

    fn pair(&mut self, tag: &str, value: &str) {
        let in_text = value.contains(['\n', '\r']) || value.starts_with("<text>");
        // What ends the value early would break the document.
        let value = value.replace("</text>", "</ text>").replace('\r', "");
        self.all.push(TagLine::Pair { tag: tag.into(), value: value.into(), in_text, line: 0 });
    }
}

fn sum(node: &Node) -> String {
    let text = |name: &str| node.str(name).unwrap_or_default();
    format!("{}: {}", text("algorithm"), text("checksumValue"))
}

fn verification(code: &Node) -> String {
    let value = code.str("packageVerificationCodeValue").unwrap_or_default();
    let excluded: Vec<&str> =
        code.list("packageVerificationCodeExcludedFiles").iter().filter_map(Node::as_str).collect();
    if excluded.is_empty() {
        return value.to_owned();
    }
    format!("{value} (excludes: {})", excluded.join(", "))
}
