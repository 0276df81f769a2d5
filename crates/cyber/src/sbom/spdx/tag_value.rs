//! SPDX 2 in tag-value (clause and annex of the specification: one `Tag: value` a line, `<text>` around several lines). The tags are put into the
//! members of the JSON form, so that both are compared with one table; places are lines.

use std::collections::HashMap;

use super::super::model::Format;
use super::super::references::cycles;
use super::super::{Document, Reading};
use super::spdx2;
use crate::document::deviation::{DeviationKind as Kind, Found, Place, shown};
use crate::document::json::Node;
use crate::document::{Limits, ReadError};

/// One line or block of a tag-value document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagLine {
    /// `Tag: value`.
    Pair {
        /// The tag.
        tag: Box<str>,
        /// Its value, without `<text>`.
        value: Box<str>,
        /// Whether it stands in `<text>`.
        in_text: bool,
        /// Its line, counted from 1.
        line: u32,
    },
    /// A comment or an empty line, as written.
    Other(Box<str>),
}

/// The JSON form of a document, its annotations where JSON has them: in what they speak of.
pub(crate) fn json_of(lines: &[TagLine]) -> Node {
    let mut building = Building::new();
    for line in lines {
        if let TagLine::Pair { tag, value, line, .. } = line {
            building.take(tag, value, *line);
        }
    }
    for mut annotation in building.lists.remove("annotations").unwrap_or_default() {
        let about = annotation.str("spdxElementId").unwrap_or_default().to_owned();
        if let Node::Object(members) = &mut annotation {
            members.retain(|(member, _)| &**member != "spdxElementId");
        }
        let mut elements = building.lists.values_mut().flatten();
        let element = elements.find(|one| one.str("SPDXID") == Some(&about));
        let owner = element.unwrap_or(&mut building.document);
        match owner.get_mut("annotations") {
            Some(Node::List(all)) => all.push(annotation),
            _ => owner.set("annotations", Node::List(vec![annotation])),
        }
    }
    building.finish().0
}

/// The document as text again.
pub(crate) fn write(lines: &[TagLine]) -> String {
    let written = lines.iter().map(|line| match line {
        TagLine::Pair { tag, value, in_text: true, .. } => format!("{tag}: <text>{value}</text>\n"),
        TagLine::Pair { tag, value, .. } => format!("{tag}: {value}\n"),
        TagLine::Other(text) => format!("{text}\n"),
    });
    written.collect()
}

/// Reads a tag-value document.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Reading, ReadError> {
    let lines = lines(text, limits)?;
    let mut found = Found::new(limits.deviations);
    let mut building = Building::new();
    for line in &lines {
        if let TagLine::Pair { tag, value, line, .. } = line
            && !building.take(tag, value, *line)
        {
            found.error(Place::Line { line: *line, path: shown(tag).into() }, Kind::Unknown(shown(tag)));
        }
    }
    let (node, places) = building.finish();
    let mut inner = Found::new(limits.deviations);
    spdx2::check(&node, &mut inner);
    let mut sbom = spdx2::sbom(&node, Format::SpdxTagValue);
    cycles(&sbom.relationships, &mut inner);
    let line_of = |place: &mut Place| {
        if let Place::Pointer(pointer) = place {
            *place = nearest(pointer, &places);
        }
    };
    inner.kept.iter_mut().for_each(|one| line_of(&mut one.place));
    found.append(inner);
    sbom.components.iter_mut().for_each(|one| line_of(&mut one.place));
    sbom.relationships.iter_mut().for_each(|one| line_of(&mut one.place));
    Ok(Reading::of(sbom, found, Document::TagValue(lines)))
}

/// The line of a member, or of the object it stands in.
fn nearest(pointer: &str, places: &HashMap<String, u32>) -> Place {
    let mut at = pointer;
    loop {
        if let Some(line) = places.get(at) {
            return Place::Line { line: *line, path: pointer.trim_start_matches('/').into() };
        }
        match at.rfind('/') {
            Some(slash) => at = &at[..slash],
            None => return Place::line(1, pointer.trim_start_matches('/')),
        }
    }
}

fn lines(text: &str, limits: &Limits) -> Result<Vec<TagLine>, ReadError> {
    let mut out = Vec::new();
    let mut all = text.lines().zip(1_u32..);
    while let Some((written, line)) = all.next() {
        if out.len() >= limits.nodes {
            return Err(ReadError::TooMany { place: Place::line(line.into(), ""), limit: limits.nodes });
        }
        if written.trim().is_empty() || written.trim_start().starts_with('#') {
            out.push(TagLine::Other(written.into()));
            continue;
        }
        let Some((tag, value)) = written.split_once(':') else {
            let why = format!("“{}” is neither `Tag: value` nor a comment", shown(written));
            return Err(ReadError::Syntax {
                place: Place::line(line.into(), ""),
                format: "SPDX tag-value",
                why,
            });
        };
        let (tag, value) = (tag.trim(), value.trim());
        let Some(begun) = value.strip_prefix("<text>") else {
            out.push(TagLine::Pair { tag: tag.into(), value: value.into(), in_text: false, line });
            continue;
        };
        let mut value = begun.to_owned();
        while !value.ends_with("</text>") {
            let Some((next, _)) = all.next() else {
                let why = "is cut off: <text> never ends".to_owned();
                return Err(ReadError::Syntax {
                    place: Place::line(line.into(), tag),
                    format: "SPDX tag-value",
                    why,
                });
            };
            value.push('\n');
            value.push_str(next.trim_end());
        }
        let value = value.trim_end_matches("</text>").into();
        out.push(TagLine::Pair { tag: tag.into(), value, in_text: true, line });
    }
    Ok(out)
}

/// Tags that become a member as they are: the object they belong to, the tag, the member, whether it may repeat.
pub(super) const PLAIN: &[(&str, &str, &str, bool)] = &[
    ("", "SPDXVersion", "spdxVersion", false),
    ("", "DataLicense", "dataLicense", false),
    ("", "DocumentName", "name", false),
    ("", "DocumentNamespace", "documentNamespace", false),
    ("", "DocumentComment", "comment", false),
    ("creationInfo", "Creator", "creators", true),
    ("creationInfo", "Created", "created", false),
    ("creationInfo", "CreatorComment", "comment", false),
    ("creationInfo", "LicenseListVersion", "licenseListVersion", false),
    ("packages", "PackageVersion", "versionInfo", false),
    ("packages", "PackageFileName", "packageFileName", false),
    ("packages", "PackageSupplier", "supplier", false),
    ("packages", "PackageOriginator", "originator", false),
    ("packages", "PackageDownloadLocation", "downloadLocation", false),
    ("packages", "PackageHomePage", "homepage", false),
    ("packages", "PackageSourceInfo", "sourceInfo", false),
    ("packages", "PackageLicenseConcluded", "licenseConcluded", false),
    ("packages", "PackageLicenseInfoFromFiles", "licenseInfoFromFiles", true),
    ("packages", "PackageLicenseDeclared", "licenseDeclared", false),
    ("packages", "PackageLicenseComments", "licenseComments", false),
    ("packages", "PackageCopyrightText", "copyrightText", false),
    ("packages", "PackageSummary", "summary", false),
    ("packages", "PackageDescription", "description", false),
    ("packages", "PackageComment", "comment", false),
    ("packages", "PackageAttributionText", "attributionTexts", true),
    ("packages", "PrimaryPackagePurpose", "primaryPackagePurpose", false),
    ("packages", "ReleaseDate", "releaseDate", false),
    ("packages", "BuiltDate", "builtDate", false),
    ("packages", "ValidUntilDate", "validUntilDate", false),
    ("files", "FileType", "fileTypes", true),
    ("files", "LicenseConcluded", "licenseConcluded", false),
    ("files", "LicenseInfoInFile", "licenseInfoInFiles", true),
    ("files", "LicenseComments", "licenseComments", false),
    ("files", "FileCopyrightText", "copyrightText", false),
    ("files", "FileComment", "comment", false),
    ("files", "FileNotice", "noticeText", false),
    ("files", "FileContributor", "fileContributors", true),
    ("files", "FileAttributionText", "attributionTexts", true),
    ("files", "FileDependency", "fileDependencies", true),
    ("snippets", "SnippetFromFileSPDXID", "snippetFromFile", false),
    ("snippets", "SnippetLicenseConcluded", "licenseConcluded", false),
    ("snippets", "LicenseInfoInSnippet", "licenseInfoInSnippets", true),
    ("snippets", "SnippetLicenseComments", "licenseComments", false),
    ("snippets", "SnippetCopyrightText", "copyrightText", false),
    ("snippets", "SnippetComment", "comment", false),
    ("snippets", "SnippetName", "name", false),
    ("snippets", "SnippetAttributionText", "attributionTexts", true),
    ("hasExtractedLicensingInfos", "ExtractedText", "extractedText", false),
    ("hasExtractedLicensingInfos", "LicenseName", "name", false),
    ("hasExtractedLicensingInfos", "LicenseCrossReference", "seeAlsos", true),
    ("hasExtractedLicensingInfos", "LicenseComment", "comment", false),
    ("annotations", "AnnotationDate", "annotationDate", false),
    ("annotations", "AnnotationComment", "comment", false),
    ("annotations", "AnnotationType", "annotationType", false),
    ("annotations", "SPDXREF", "spdxElementId", false),
    ("revieweds", "ReviewDate", "reviewDate", false),
    ("revieweds", "ReviewComment", "comment", false),
    ("relationships", "RelationshipComment", "comment", false),
];

/// Tags that begin an object, and the member their value becomes.
pub(super) const BEGINS: &[(&str, &str, &str)] = &[
    ("PackageName", "packages", "name"),
    ("FileName", "files", "fileName"),
    ("SnippetSPDXID", "snippets", "SPDXID"),
    ("SnippetSPDXIdentifier", "snippets", "SPDXID"),
    ("LicenseID", "hasExtractedLicensingInfos", "licenseId"),
    ("Annotator", "annotations", "annotator"),
    ("Reviewer", "revieweds", "reviewer"),
];

/// The JSON form as it grows, and the line of each member.
struct Building {
    document: Node,
    lists: HashMap<&'static str, Vec<Node>>,
    /// The list whose last object is being written; the main one, and one that hangs on it.
    main: &'static str,
    places: HashMap<String, u32>,
}

impl Building {
    fn new() -> Self {
        Building { document: Node::object([]), lists: HashMap::new(), main: "", places: HashMap::new() }
    }

    /// Takes a tag; `false` if SPDX has none of this name.
    fn take(&mut self, tag: &str, value: &str, line: u32) -> bool {
        if let Some((_, list, member)) = BEGINS.iter().find(|(begins, ..)| *begins == tag) {
            self.begin(list, Node::object([(member, Node::text(value))]), line);
            if matches!(*list, "packages" | "files" | "snippets") {
                self.main = list;
            }
            return true;
        }
        let mut plain = PLAIN.iter().filter(|(_, name, ..)| *name == tag);
        if let Some((list, _, member, many)) = plain.next() {
            self.member(list, member, Node::text(value), *many, line);
            return true;
        }
        self.special(tag, value, line)
    }

    fn special(&mut self, tag: &str, value: &str, line: u32) -> bool {
        let main = self.main;
        match tag {
            "SPDXID" => self.member(main, "SPDXID", Node::text(value), false, line),
            "FilesAnalyzed" => {
                let analysed = match value.to_ascii_lowercase().as_str() {
                    "true" => Node::Bool(true),
                    "false" => Node::Bool(false),
                    _ => Node::text(value),
                };
                self.member("packages", "filesAnalyzed", analysed, false, line);
            }
            "PackageChecksum" | "FileChecksum" => {
                let list = if tag == "FileChecksum" { "files" } else { "packages" };
                self.member(list, "checksums", checksum(value), true, line);
            }
            "PackageVerificationCode" => {
                self.member("packages", "packageVerificationCode", verification(value), false, line);
            }
            "ExternalRef" => {
                let mut words = value.splitn(3, char::is_whitespace);
                let mut word = || Node::text(words.next().unwrap_or_default().trim());
                let reference = Node::object([
                    ("referenceCategory", word()),
                    ("referenceType", word()),
                    ("referenceLocator", word()),
                ]);
                self.member("packages", "externalRefs", reference, true, line);
            }
            "ExternalRefComment" => self.reference_comment(value),
            "ExternalDocumentRef" => {
                let mut words = value.splitn(3, char::is_whitespace);
                let mut word = || words.next().unwrap_or_default().trim();
                let (id, document, sum) = (Node::text(word()), Node::text(word()), checksum(word()));
                let object =
                    Node::object([("externalDocumentId", id), ("spdxDocument", document), ("checksum", sum)]);
                self.begin("externalDocumentRefs", object, line);
            }
            "Relationship" => {
                let mut words = value.split_whitespace();
                let mut word = || Node::text(words.next().unwrap_or_default());
                let object = Node::object([
                    ("spdxElementId", word()),
                    ("relationshipType", word()),
                    ("relatedSpdxElement", word()),
                ]);
                self.begin("relationships", object, line);
            }
            "SnippetByteRange" | "SnippetLineRange" => self.range(tag, value, line),
            "ArtifactOfProjectName" | "ArtifactOfProjectHomePage" | "ArtifactOfProjectURI" => {}
            _ => return false,
        }
        true
    }

    fn begin(&mut self, list: &'static str, object: Node, line: u32) {
        let all = self.lists.entry(list).or_default();
        self.places.insert(format!("/{list}/{}", all.len()), line);
        all.push(object);
    }

    /// Sets a member of the last object of a list, of the creation information or of the document.
    fn member(&mut self, list: &str, name: &str, value: Node, many: bool, line: u32) {
        let (pointer, object) = match list {
            "creationInfo" => {
                if self.document.get("creationInfo").is_none() {
                    self.document.set("creationInfo", Node::object([]));
                }
                ("/creationInfo".to_owned(), self.document.get_mut("creationInfo"))
            }
            _ => match self.lists.get_mut(list).filter(|all| !all.is_empty()) {
                Some(all) => (format!("/{list}/{}", all.len() - 1), all.last_mut()),
                None => (String::new(), Some(&mut self.document)),
            },
        };
        self.places.entry(format!("{pointer}/{name}")).or_insert(line);
        match object {
            Some(object) if many => match object.get_mut(name) {
                Some(Node::List(items)) => items.push(value),
                _ => object.set(name, Node::List(vec![value])),
            },
            Some(Node::Object(members)) => members.push((name.into(), value)),
            _ => {}
        }
    }

    fn reference_comment(&mut self, value: &str) {
        let last = self.lists.get_mut("packages").and_then(|all| all.last_mut());
        if let Some(Node::List(all)) = last.and_then(|one| one.get_mut("externalRefs"))
            && let Some(reference) = all.last_mut()
        {
            reference.set("comment", Node::text(value));
        }
    }

    fn range(&mut self, tag: &str, value: &str, line: u32) {
        let file = self
            .lists
            .get("snippets")
            .and_then(|all| all.last())
            .and_then(|one| one.get("snippetFromFile").cloned());
        let (from, to) = value.split_once(':').unwrap_or((value, ""));
        let unit = if tag == "SnippetByteRange" { "offset" } else { "lineNumber" };
        let end = |text: &str| {
            let number = text.trim();
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let number = if is_number { Node::Number(number.into()) } else { Node::text(number) };
            Node::object([("reference", file.clone().unwrap_or(Node::Null)), (unit, number)])
        };
        let range = Node::object([("startPointer", end(from)), ("endPointer", end(to))]);
        self.member("snippets", "ranges", range, true, line);
    }

    /// Annotations name their element in tag-value; JSON puts them into it, so that the name is left out for the comparison.
    fn finish(mut self) -> (Node, HashMap<String, u32>) {
        let mut lists: Vec<(&str, Vec<Node>)> = self.lists.into_iter().collect();
        lists.sort_by_key(|(name, _)| *name);
        for (name, mut list) in lists {
            if name == "annotations" {
                for one in &mut list {
                    if let Node::Object(members) = one {
                        members.retain(|(member, _)| &**member != "spdxElementId");
                    }
                }
            }
            self.document.set(name, Node::List(list));
        }
        (self.document, self.places)
    }
}

/// `SHA1: d6a7…`.
fn checksum(value: &str) -> Node {
    let (algorithm, sum) = value.split_once(':').unwrap_or(("", value));
    Node::object([("algorithm", Node::text(algorithm.trim())), ("checksumValue", Node::text(sum.trim()))])
}

/// `d6a7… (excludes: ./package.spdx)`.
fn verification(value: &str) -> Node {
    let (code, excluded) = value.split_once('(').unwrap_or((value, ""));
    let mut node = Node::object([("packageVerificationCodeValue", Node::text(code.trim()))]);
    if let Some((_, files)) = excluded.split_once(':') {
        let files = files.trim_end_matches(')').split(',').map(|file| Node::text(file.trim())).collect();
        node.set("packageVerificationCodeExcludedFiles", Node::List(files));
    }
    node
}
