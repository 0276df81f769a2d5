//! Between CycloneDX and SPDX the model is what is carried. Here the whole document is gone over, and every member that the model
//! does not know is told with its place.

use super::told::{Told, Why};
use super::{Target, from_xml};
use crate::document::json::{Node, step, step_index};
use crate::sbom::model::Format;
use crate::sbom::{Document, Reading, spdx};

/// Members that are carried, by their path without indices; `**` is any number of components within components. What stands below a path that
/// ends with `/` is carried as a whole.
const CYCLONEDX: &[&str] = &[
    "$schema",
    "bomFormat",
    "specVersion",
    "serialNumber",
    "version",
    "metadata/timestamp",
    "metadata/lifecycles/phase",
    "metadata/lifecycles/name",
    "metadata/tools/name",
    "metadata/tools/version",
    "metadata/tools/components/type",
    "metadata/tools/components/name",
    "metadata/tools/components/version",
    "metadata/tools/services/name",
    "metadata/tools/services/version",
    "metadata/authors/name",
    "metadata/manufacturer/name",
    "metadata/manufacture/name",
    "dependencies/",
    "**/type",
    "**/bom-ref",
    "**/supplier/name",
    "**/provider/name",
    "**/manufacturer/name",
    "**/author",
    "**/publisher",
    "**/group",
    "**/name",
    "**/version",
    "**/purl",
    "**/cpe",
    "**/hashes/",
    "**/licenses/license/id",
    "**/licenses/license/name",
    "**/licenses/expression",
    "**/properties/",
];

const SPDX2: &[&str] = &[
    "SPDXID",
    "spdxVersion",
    "name",
    "dataLicense",
    "creationInfo/created",
    "creationInfo/creators",
    "documentDescribes",
    "hasExtractedLicensingInfos/licenseId",
    "hasExtractedLicensingInfos/name",
    "packages/SPDXID",
    "packages/name",
    "packages/versionInfo",
    "packages/supplier",
    "packages/originator",
    "packages/checksums/",
    "packages/licenseConcluded",
    "packages/licenseDeclared",
    "packages/externalRefs/referenceCategory",
    "packages/externalRefs/referenceType",
    "packages/externalRefs/referenceLocator",
    "packages/primaryPackagePurpose",
    "packages/validUntilDate",
    "files/SPDXID",
    "files/fileName",
    "files/checksums/",
    "files/licenseConcluded",
    "relationships/spdxElementId",
    "relationships/relatedSpdxElement",
    "relationships/relationshipType",
];

const SPDX3: &[&str] = &[
    "@context",
    "@graph/type",
    "@graph/@type",
    "@graph/spdxId",
    "@graph/@id",
    "@graph/creationInfo",
    "@graph/specVersion",
    "@graph/created",
    "@graph/createdBy",
    "@graph/createdUsing",
    "@graph/name",
    "@graph/rootElement",
    "@graph/element",
    "@graph/software_sbomType",
    "@graph/software_packageVersion",
    "@graph/software_packageUrl",
    "@graph/software_primaryPurpose",
    "@graph/suppliedBy",
    "@graph/originatedBy",
    "@graph/verifiedUsing/",
    "@graph/externalIdentifier/",
    "@graph/supportLevel",
    "@graph/validUntilTime",
    "@graph/from",
    "@graph/to",
    "@graph/relationshipType",
    "@graph/simplelicensing_licenseExpression",
];

const LICENCES: [&str; 2] = ["licenseConcluded", "licenseDeclared"];

/// Tells everything in a document that the model does not carry.
pub(super) fn tell(reading: &Reading, target: Target, told: &mut Told) {
    let (node, carried) = match (&reading.document, reading.sbom.format) {
        (Document::Json(node), Format::CycloneDxJson) => (node.clone(), CYCLONEDX),
        (Document::Json(node), Format::Spdx3) => (node.clone(), SPDX3),
        (Document::Json(node), _) => (node.clone(), SPDX2),
        (Document::TagValue(lines), _) => (spdx::json_of_tag_value(lines), SPDX2),
        (Document::Xml(xml), _) => {
            let from = Target::of_reading(reading).map_or(7, |source| source.minor);
            (from_xml::read(xml, from, told), CYCLONEDX)
        }
    };
    let mut walk = Walk { carried, is_cyclonedx: target.is_cyclonedx(), pointer: String::new(), told };
    walk.node(&node, "");
}

struct Walk<'a> {
    carried: &'static [&'static str],
    is_cyclonedx: bool,
    pointer: String,
    told: &'a mut Told,
}

impl Walk<'_> {
    /// The depth of the tree is bounded.
    fn node(&mut self, node: &Node, path: &str) {
        match node {
            Node::Object(members) => {
                for (name, value) in members {
                    let length = self.pointer.len();
                    step(&mut self.pointer, name);
                    self.member(node, name, value, path);
                    self.pointer.truncate(length);
                }
            }
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let length = self.pointer.len();
                    step_index(&mut self.pointer, index);
                    self.node(item, path);
                    self.pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, object: &Node, name: &str, value: &Node, path: &str) {
        let below = below(path, name);
        if self.carried.iter().any(|one| one.strip_suffix('/') == Some(below.as_str())) {
            if below == "**/properties" {
                self.properties(value);
            }
            return;
        }
        if self.carried.contains(&below.as_str()) {
            if is_behind_another(object, &below) {
                self.told.at(&self.pointer, name, Why::NoPlace);
            }
            if below == "packages/externalRefs/referenceLocator" {
                self.reference(object);
            }
            return;
        }
        let has_carried = below == "**"
            || self
                .carried
                .iter()
                .any(|one| one.strip_prefix(below.as_str()).is_some_and(|rest| rest.starts_with('/')))
            || matches!(below.as_str(), "metadata" | "metadata/tools");
        if below == "**/authors" {
            return self.authors(object, value);
        }
        if has_carried && matches!(value, Node::Object(_) | Node::List(_)) {
            return self.node(value, &below);
        }
        if !says_nothing(value) {
            let why = if name == "signature" { Why::Signature } else { Why::NoPlace };
            self.told.at(&self.pointer, name, why);
        }
    }

    /// The first author of a component is its maker where nothing else says who made it.
    fn authors(&mut self, component: &Node, list: &Node) {
        let made = ["manufacturer", "author", "publisher"];
        let is_first = !made.iter().any(|name| component.get(name).is_some_and(|one| !says_nothing(one)));
        for (index, one) in list.items().iter().enumerate() {
            for (name, value) in one.members() {
                let is_carried = is_first && index == 0 && &**name == "name";
                if !is_carried && !says_nothing(value) {
                    self.told.at(&format!("{}/{index}/{name}", self.pointer), name, Why::NoPlace);
                }
            }
        }
    }

    /// Of properties the model knows the milestones and further identifiers.
    fn properties(&mut self, list: &Node) {
        for (index, one) in list.items().iter().enumerate() {
            let name = one.str("name").unwrap_or_default();
            let mut life = crate::sbom::Lifecycle::default();
            life.take(name, "");
            let is_identifier = matches!(
                name,
                crate::sbom::model::FURTHER_PURL
                    | crate::sbom::model::FURTHER_CPE
                    | crate::sbom::model::SYFT_CPE
            );
            if !life.is_known() && !is_identifier {
                self.told.at(&format!("{}/{index}", self.pointer), name, Why::NoPlace);
            }
        }
    }

    /// Of external references the model knows package URLs and CPE names.
    fn reference(&mut self, object: &Node) {
        let kind = object.str("referenceType").unwrap_or_default();
        let known = ["purl", "cpe22Type", "cpe23Type"];
        if !known.contains(&kind.rsplit('/').next().unwrap_or(kind)) || !self.is_cyclonedx && kind.is_empty()
        {
            self.told.at(&self.pointer, kind, Why::NoPlace);
        }
    }
}

/// Of several who made a component the model knows the first in the order of its readers; of two licences of a package that are told apart,
/// one as concluded and one as declared, only the texts.
fn is_behind_another(object: &Node, below: &str) -> bool {
    let named = |member: &str| {
        let one = object.get(member);
        one.is_some_and(|one| !says_nothing(one) && (one.as_str().is_some() || one.str("name").is_some()))
    };
    match below {
        "**/author" => named("manufacturer"),
        "**/publisher" => named("manufacturer") || named("author"),
        "packages/licenseConcluded" => {
            named(LICENCES[0]) && named(LICENCES[1]) && object.get(LICENCES[0]) != object.get(LICENCES[1])
        }
        _ => false,
    }
}

/// A path one step further; components and services, wherever they stand in one another, are `**`.
fn below(path: &str, name: &str) -> String {
    match (path, name) {
        ("" | "**", "components" | "services") | ("metadata", "component") => "**".to_owned(),
        ("", _) => name.to_owned(),
        _ => format!("{path}/{name}"),
    }
}

/// What states that nothing is known, or states nothing, is not lost.
fn says_nothing(value: &Node) -> bool {
    match value {
        Node::Null => true,
        Node::Text(text) => matches!(text.trim(), "" | "NOASSERTION"),
        Node::List(items) => items.iter().all(says_nothing),
        Node::Object(members) => members.is_empty(),
        Node::Bool(_) | Node::Number(_) => false,
    }
}
