//! Only what matching needs — name, version, package URLs, CPE names, reference — read straight from JSON without building a tree, with
//! strings borrowed from it. The same components in the same order as the full reading gives; nothing is checked beyond being JSON and that
//! components stand in lists as objects: what stands otherwise would vanish without a word, and is left to the full reading, which tells.

mod about;
mod visit;

use std::borrow::Cow;

use serde::de::{DeserializeSeed as _, Error, MapAccess, SeqAccess};

use super::detect;
use super::model::is_mere_file;
use super::spdx::after_kind;
use crate::document::deviation::Place;
use crate::document::{Limits, ReadError, encoding};
use about::{Described, Names};
use visit::{Fields, Items, List, Object, Skip, Text};

/// What matching needs of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quick<'a> {
    /// By what others refer to it.
    pub reference: Option<Cow<'a, str>>,
    /// Its group, where the format keeps it apart.
    pub group: Option<Cow<'a, str>>,
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its version.
    pub version: Option<Cow<'a, str>>,
    /// Whether it is a file as it lies in a package.
    pub is_file: bool,
    /// Package URLs.
    pub purls: Vec<Cow<'a, str>>,
    /// CPE names.
    pub cpes: Vec<Cow<'a, str>>,
    /// Who supplies or made it, by name; of CycloneDX read for what the bill is about alone, of SPDX 3 not at all.
    pub makers: Vec<Cow<'a, str>>,
    /// Whether the bill is about it. Of SPDX 3 this is not read.
    pub is_subject: bool,
}

/// The components of a JSON document of any format known here. XML and tag-value are read by [`super::read`].
pub fn components<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Vec<Quick<'a>>, ReadError> {
    match encoding::text(bytes, limits)? {
        Cow::Borrowed(text) => of_text(text),
        Cow::Owned(text) => Ok(of_text(&text)?.into_iter().map(Quick::into_owned).collect()),
    }
}

impl Quick<'_> {
    /// As [`super::Component::is_mere_file`].
    pub fn is_mere_file(&self) -> bool {
        is_mere_file(self.is_file, &self.purls, &self.cpes)
    }

    fn into_owned(self) -> Quick<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Quick {
            reference: self.reference.map(own),
            group: self.group.map(own),
            name: own(self.name),
            version: self.version.map(own),
            is_file: self.is_file,
            purls: self.purls.into_iter().map(own).collect(),
            cpes: self.cpes.into_iter().map(own).collect(),
            makers: self.makers.into_iter().map(own).collect(),
            is_subject: self.is_subject,
        }
    }
}

fn of_text(text: &str) -> Result<Vec<Quick<'_>>, ReadError> {
    if detect::family(text)? != detect::Family::Json {
        return Err(ReadError::Unknown("only JSON has a quick reading"));
    }
    let mut document = Top { expected: (text.len() / TERSE).min(MOST_EXPECTED), ..Top::default() };
    let mut json = serde_json::Deserializer::from_str(text);
    Object(&mut document).deserialize(&mut json).and_then(|()| json.end()).map_err(|error| {
        ReadError::Syntax {
            place: Place::line(error.line() as u64, ""),
            format: "JSON",
            why: error.to_string(),
        }
    })?;
    document.components()
}

/// Bytes of a component in a terse bill: room is made for so many at once, since growing copies all of them again and again. Room that is not
/// used costs nothing.
const TERSE: usize = 128;
/// The most components room is made for at once.
const MOST_EXPECTED: usize = 1 << 16;

/// The members of a document of any of the formats; which it is shows at its end.
#[derive(Default)]
struct Top<'a> {
    expected: usize,
    is_spdx2: bool,
    is_spdx3: bool,
    is_cyclonedx: bool,
    main: Main<'a>,
    components: Once<'a>,
    services: Once<'a>,
    packages: Once<'a>,
    files: Once<'a>,
    graph: Once<'a>,
    described: Described<'a>,
}

/// A list of which the first counts, should it stand twice.
#[derive(Default)]
struct Once<'a> {
    seen: bool,
    items: Vec<Quick<'a>>,
}

impl<'a> Top<'a> {
    fn components(mut self) -> Result<Vec<Quick<'a>>, ReadError> {
        if self.is_spdx2 {
            let described = self.described.references;
            for one in self.packages.items.iter_mut().chain(&mut self.files.items) {
                one.is_subject = one.reference.as_ref().is_some_and(|own| described.contains(own));
            }
            self.packages.items.append(&mut self.files.items);
            return Ok(self.packages.items);
        }
        if self.is_spdx3 {
            return Ok(self.graph.items);
        }
        if !self.is_cyclonedx {
            return Err(ReadError::Unknown(
                "its JSON has neither `bomFormat` nor `spdxVersion` nor an SPDX `@context`",
            ));
        }
        let mut all = self.main.items;
        if let Some(main) = all.first_mut() {
            main.is_subject = true;
        }
        all.append(&mut self.components.items);
        all.append(&mut self.services.items);
        Ok(all)
    }
}

impl<'a> Fields<'a> for Top<'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let (list, shape) = match key {
            "components" => (&mut self.components, Shape::CycloneDx),
            "services" => (&mut self.services, Shape::CycloneDx),
            "packages" => (&mut self.packages, Shape::SpdxPackage),
            "files" => (&mut self.files, Shape::SpdxFile),
            "@graph" => (&mut self.graph, Shape::Spdx3),
            "metadata" if !self.main.seen => {
                self.main.seen = true;
                return map.next_value_seed(Object(&mut self.main));
            }
            "documentDescribes" | "relationships" => {
                return map.next_value_seed(List(&mut self.described));
            }
            "@context" => {
                let mut context = Context(false);
                map.next_value_seed(List(&mut context))?;
                self.is_spdx3 |= context.0;
                return Ok(());
            }
            _ => {
                self.is_spdx2 |= matches!(key, "spdxVersion" | "SPDXID");
                self.is_cyclonedx |= matches!(key, "bomFormat" | "specVersion");
                if key == "$schema" {
                    let schema = map.next_value_seed(Text)?;
                    self.is_cyclonedx |= schema.is_some_and(|text| text.contains("cyclonedx"));
                    return Ok(());
                }
                return map.next_value_seed(Skip);
            }
        };
        if std::mem::replace(&mut list.seen, true) {
            return map.next_value_seed(Skip);
        }
        if matches!(key, "components" | "packages" | "@graph") {
            list.items.reserve(self.expected);
        }
        map.next_value_seed(List(&mut Collect { shape, out: &mut list.items }))
    }
}

/// `@context` is one text or a list of texts.
struct Context(bool);

impl<'a> Items<'a> for Context {
    fn item<A: SeqAccess<'a>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        let text = seq.next_element_seed(Text)?;
        self.0 |=
            text.as_ref().is_some_and(|text| text.as_deref().is_some_and(|text| text.contains("spdx.org")));
        Ok(text.is_some())
    }
    fn text(&mut self, text: &str) {
        self.0 |= text.contains("spdx.org");
    }
}

/// `metadata` of CycloneDX, of which only the main component is read.
#[derive(Default)]
struct Main<'a> {
    seen: bool,
    has_component: bool,
    items: Vec<Quick<'a>>,
}

impl<'a> Fields<'a> for Main<'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key != "component" || std::mem::replace(&mut self.has_component, true) {
            return map.next_value_seed(Skip);
        }
        let mut one = One { is_main: true, ..One::new(Shape::CycloneDx) };
        map.next_value_seed(Object(&mut one))?;
        one.finish(&mut self.items);
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    CycloneDx,
    SpdxPackage,
    SpdxFile,
    Spdx3,
}

/// Items of a list of components.
struct Collect<'t, 'a> {
    shape: Shape,
    out: &'t mut Vec<Quick<'a>>,
}

impl<'a> Items<'a> for Collect<'_, 'a> {
    fn item<A: SeqAccess<'a>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        let mut one = One::new(self.shape);
        if seq.next_element_seed(Object(&mut one))?.is_none() {
            return Ok(false);
        }
        if !one.is_object {
            return Err(Error::custom("a component is no object"));
        }
        one.finish(self.out);
        Ok(true)
    }

    fn object<E: Error>(&mut self) -> Result<(), E> {
        Err(E::custom("the components are no list"))
    }
}

/// One component as its members come; the first of each counts.
struct One<'a> {
    shape: Shape,
    is_object: bool,
    is_component: bool,
    /// It is what a CycloneDX bill is about.
    is_main: bool,
    quick: Quick<'a>,
    seen: u8,
    inner: Vec<Quick<'a>>,
    services: Vec<Quick<'a>>,
}

const NAME: u8 = 1;
const LISTS: [(&str, u8); 5] =
    [("components", 2), ("services", 4), ("externalRefs", 8), ("externalIdentifier", 16), ("properties", 64)];
const TYPE: u8 = 32;

impl<'a> One<'a> {
    fn new(shape: Shape) -> Self {
        let (inner, services) = (Vec::new(), Vec::new());
        let quick = Quick { is_file: shape == Shape::SpdxFile, ..Quick::default() };
        One {
            shape,
            is_object: false,
            is_component: shape != Shape::Spdx3,
            is_main: false,
            quick,
            seen: 0,
            inner,
            services,
        }
    }

    fn finish(mut self, out: &mut Vec<Quick<'a>>) {
        if self.is_object && self.is_component {
            out.push(self.quick);
            out.append(&mut self.inner);
            out.append(&mut self.services);
        }
    }

    fn first(&mut self, flag: u8) -> bool {
        let is_first = self.seen & flag == 0;
        self.seen |= flag;
        is_first
    }

    /// A text that says something; in SPDX blanks at its ends do not count.
    fn said(&self, text: Option<Cow<'a, str>>) -> Option<Cow<'a, str>> {
        let text = text?;
        if self.shape == Shape::CycloneDx {
            return Some(text).filter(|text| !text.trim().is_empty());
        }
        let trimmed = text.trim();
        if matches!(trimmed, "" | "NOASSERTION" | "NONE") {
            return None;
        }
        Some(if trimmed.len() == text.len() { text } else { Cow::Owned(trimmed.to_owned()) })
    }
}

impl<'a> Fields<'a> for One<'a> {
    fn begin(&mut self) {
        self.is_object = true;
    }

    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        use Shape::{CycloneDx, Spdx3, SpdxFile, SpdxPackage};
        match (self.shape, key) {
            (CycloneDx | SpdxPackage | Spdx3, "name") | (SpdxFile, "fileName") => {
                let name = map.next_value_seed(Text)?;
                if self.first(NAME) {
                    self.quick.name = name.unwrap_or_default();
                }
            }
            (CycloneDx, "version") | (SpdxPackage, "versionInfo") | (Spdx3, "software_packageVersion") => {
                let text = map.next_value_seed(Text)?;
                self.quick.version = self.quick.version.take().or(self.said(text));
            }
            (CycloneDx, "bom-ref") | (SpdxPackage | SpdxFile, "SPDXID") | (Spdx3, "spdxId" | "@id") => {
                let text = map.next_value_seed(Text)?;
                self.quick.reference = self.quick.reference.take().or(self.said(text));
            }
            (CycloneDx, "group") => {
                let text = map.next_value_seed(Text)?;
                self.quick.group = self.quick.group.take().or(self.said(text));
            }
            (CycloneDx, "purl") | (Spdx3, "software_packageUrl") => {
                let text = map.next_value_seed(Text)?;
                if let Some(text) = self.said(text).filter(|text| !self.quick.purls.contains(text)) {
                    self.quick.purls.insert(0, text);
                }
            }
            (CycloneDx, "type") => {
                let class = map.next_value_seed(Text)?;
                if self.first(TYPE) {
                    self.quick.is_file = class.as_deref() == Some("file");
                }
            }
            (CycloneDx, "cpe") => {
                let text = map.next_value_seed(Text)?;
                if let Some(text) = self.said(text).filter(|text| !self.quick.cpes.contains(text)) {
                    self.quick.cpes.insert(0, text);
                }
            }
            (CycloneDx, "supplier" | "manufacturer") if self.is_main => {
                map.next_value_seed(Object(&mut Names(&mut self.quick.makers)))?;
            }
            (CycloneDx, "authors") if self.is_main => {
                map.next_value_seed(List(&mut Names(&mut self.quick.makers)))?;
            }
            (CycloneDx, "author" | "publisher") if self.is_main => {
                let text = map.next_value_seed(Text)?;
                self.quick.makers.extend(self.said(text));
            }
            (SpdxPackage, "supplier" | "originator") => {
                let text = map.next_value_seed(Text)?;
                let name = self.said(text).map(|text| match text {
                    Cow::Borrowed(text) => Cow::Borrowed(after_kind(text)),
                    Cow::Owned(text) => Cow::Owned(after_kind(&text).to_owned()),
                });
                self.quick.makers.extend(name);
            }
            (Spdx3, "type" | "@type") => {
                let class = map.next_value_seed(Text)?;
                if self.first(TYPE) {
                    self.quick.is_file = class.as_deref() == Some("software_File");
                    self.is_component = class.is_some_and(|class| super::spdx::is_component_class(&class));
                }
            }
            _ => return self.list(key, map),
        }
        Ok(())
    }
}

impl<'a> One<'a> {
    fn list<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let flag = LISTS.iter().find(|(name, _)| *name == key).map_or(0, |(_, flag)| *flag);
        match (self.shape, key) {
            (Shape::CycloneDx, "components" | "services") if self.first(flag) => {
                let out = if key == "services" { &mut self.services } else { &mut self.inner };
                map.next_value_seed(List(&mut Collect { shape: Shape::CycloneDx, out }))
            }
            (Shape::SpdxPackage, "externalRefs")
            | (Shape::Spdx3, "externalIdentifier")
            | (Shape::CycloneDx, "properties")
                if self.first(flag) =>
            {
                let mut identifiers = Identifiers { one: self };
                map.next_value_seed(List(&mut identifiers))
            }
            _ => map.next_value_seed(Skip),
        }
    }
}

/// External references of SPDX 2, identifiers of SPDX 3, and properties of CycloneDX that hold further identifiers.
struct Identifiers<'t, 'a> {
    one: &'t mut One<'a>,
}

impl<'a> Items<'a> for Identifiers<'_, 'a> {
    fn item<A: SeqAccess<'a>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        let mut pair = Pair::default();
        if seq.next_element_seed(Object(&mut pair))?.is_none() {
            return Ok(false);
        }
        let (Some(kind), locator) = (pair.kind, self.one.said(pair.locator)) else { return Ok(true) };
        let Some(locator) = locator else { return Ok(true) };
        let kind = kind.rsplit('/').next().unwrap_or_default();
        let is_property = self.one.shape == Shape::CycloneDx;
        let is_further =
            matches!(kind, super::model::FURTHER_PURL | super::model::FURTHER_CPE | super::model::SYFT_CPE);
        match kind {
            _ if is_property && !is_further => {}
            "purl" | "packageUrl"
                if !self.one.quick.purls.contains(&locator) || self.one.shape == Shape::SpdxPackage =>
            {
                self.one.quick.purls.push(locator);
            }
            super::model::FURTHER_PURL if !self.one.quick.purls.contains(&locator) => {
                self.one.quick.purls.push(locator);
            }
            super::model::FURTHER_CPE | super::model::SYFT_CPE if !self.one.quick.cpes.contains(&locator) => {
                self.one.quick.cpes.push(locator);
            }
            "cpe22Type" | "cpe23Type" | "cpe22" | "cpe23" => self.one.quick.cpes.push(locator),
            _ => {}
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Pair<'a> {
    kind: Option<Cow<'a, str>>,
    locator: Option<Cow<'a, str>>,
}

impl<'a> Fields<'a> for Pair<'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "referenceType" | "externalIdentifierType" | "name" => {
                let text = map.next_value_seed(Text)?;
                self.kind = self.kind.take().or(text);
            }
            "referenceLocator" | "identifier" | "value" => {
                let text = map.next_value_seed(Text)?;
                self.locator = self.locator.take().or(text);
            }
            _ => return map.next_value_seed(Skip),
        }
        Ok(())
    }
}
