//! What the watch keeps of a product and of its components: just what is needed to ask whether an advisory reaches them, and to name them.
//! The bill itself stays with whoever brought it.

use std::borrow::Cow;

use super::packed::{Cursor, put, put_text};
use crate::matching::scan::installed;
use crate::matching::{Package, Wanted, package_of};
use crate::name::cpe::{Attribute, Cpe, Value};
use crate::sbom::{Component, Quick};

/// Identifiers kept of one component; tools write a handful.
const MOST_IDENTIFIERS: usize = 256;

/// A maker's device at a version. These three words are its name in the watch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Product {
    /// Who answers for it on the market (製造販売業者).
    pub maker: String,
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A component as it is asked for. Components that are written alike are one, in however many products they occur.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Watched {
    /// Its package URLs as they stand in the bill.
    pub purls: Vec<String>,
    /// Its CPE names.
    pub cpes: Vec<String>,
    /// Its name, where it bears no package URL alone.
    pub name: String,
    /// Its version, where it bears no package URL alone: CPE names may leave it open.
    pub version: Option<String>,
}

impl Product {
    /// Names a product.
    pub fn new(maker: impl Into<String>, name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { maker: maker.into(), name: name.into(), version: version.into() }
    }

    /// Its version, where it has one.
    pub fn stated_version(&self) -> Option<&str> {
        Some(self.version.as_str()).filter(|version| !version.is_empty())
    }

    pub(super) fn packed(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for text in [&self.maker, &self.name, &self.version] {
            put_text(&mut out, text);
        }
        out
    }

    pub(super) fn unpacked(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(bytes);
        let product = Self::new(cursor.text()?, cursor.text()?, cursor.text()?);
        cursor.is_done().then_some(product)
    }
}

impl Watched {
    /// One that bears a package URL and nothing else.
    pub fn purl(purl: impl Into<String>) -> Self {
        Self { purls: vec![purl.into()], ..Self::default() }
    }

    /// How it is shown: by its package URL, else its CPE name, else its own words.
    pub fn shown(&self) -> Cow<'_, str> {
        match (self.purls.first().or(self.cpes.first()), &self.version) {
            (Some(identifier), _) => identifier.into(),
            (None, Some(version)) => format!("{} {version}", self.name).into(),
            (None, None) => self.name.as_str().into(),
        }
    }

    /// The packages its package URLs name, each with the index of its package URL.
    pub fn packages(&self) -> impl Iterator<Item = (usize, Package)> + '_ {
        self.purls.iter().enumerate().filter_map(|(at, purl)| Some((at, package_of(purl).ok()?)))
    }

    /// Whether it can be looked up at all: by a package URL, or by a CPE name that says whose product it is.
    pub fn can_be_asked(&self) -> bool {
        self.packages().next().is_some() || installed(&Wanted::from(self)).is_ok()
    }

    /// Under what it is looked up, each once: its packages, the products its CPE names name, and what configurations ask about besides.
    pub(super) fn keys(&self) -> Vec<Vec<u8>> {
        let mut keys: Vec<Vec<u8>> = self
            .packages()
            .map(|(_, package)| {
                let (ecosystem, name) = package.key();
                package_key(ecosystem, name)
            })
            .collect();
        for cpe in self.cpes.iter().filter_map(|text| Cpe::parse(text).ok()) {
            keys.push(ANY_PRODUCT.to_vec());
            keys.extend(vendor_key(&cpe));
            keys.push(cpe.product_key().map_or_else(|| open_key(&cpe), product_key));
            if cpe.get(Attribute::Part) == Value::Text("o") {
                keys.push(SYSTEM.to_vec());
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    pub(super) fn packed(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for list in [&self.purls, &self.cpes] {
            put(&mut out, list.len() as u64);
            for text in list {
                put_text(&mut out, text);
            }
        }
        if has_words(&self.purls, &self.cpes) {
            put_text(&mut out, &self.name);
            if let Some(version) = &self.version {
                put_text(&mut out, version);
            }
        }
        out
    }

    pub(super) fn unpacked(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(bytes);
        let mut lists = [Vec::new(), Vec::new()];
        for list in &mut lists {
            let count = cursor.count().filter(|count| *count <= MOST_IDENTIFIERS)?;
            for _ in 0..count {
                list.push(cursor.text()?.to_owned());
            }
        }
        let [purls, cpes] = lists;
        let mut watched = Self { purls, cpes, ..Self::default() };
        if has_words(&watched.purls, &watched.cpes) {
            cursor.text()?.clone_into(&mut watched.name);
            if !cursor.is_done() {
                watched.version = Some(cursor.text()?.to_owned());
            }
        }
        cursor.is_done().then_some(watched)
    }

    fn of(purls: Vec<String>, cpes: Vec<String>, name: &str, version: Option<&str>) -> Self {
        let mut watched = Self { purls, cpes, ..Self::default() };
        for list in [&mut watched.purls, &mut watched.cpes] {
            list.sort_unstable();
            list.dedup();
            list.truncate(MOST_IDENTIFIERS);
        }
        if has_words(&watched.purls, &watched.cpes) {
            name.clone_into(&mut watched.name);
            watched.version = version.map(str::to_owned);
        }
        watched
    }
}

impl From<&Quick<'_>> for Watched {
    fn from(quick: &Quick<'_>) -> Self {
        let owned = |list: &[Cow<'_, str>]| list.iter().map(ToString::to_string).collect();
        Self::of(owned(&quick.purls), owned(&quick.cpes), &quick.name, quick.version.as_deref())
    }
}

impl From<&Component> for Watched {
    fn from(component: &Component) -> Self {
        let (purls, cpes) = (component.purls.clone(), component.cpes.clone());
        Self::of(purls, cpes, &component.name, component.version.as_deref())
    }
}

/// Whether name and version are kept: a package URL alone says both.
fn has_words(purls: &[String], cpes: &[String]) -> bool {
    purls.is_empty() || !cpes.is_empty()
}

/// The key under which packages of a name are found.
pub(super) fn package_key(ecosystem: &str, name: &str) -> Vec<u8> {
    [b"p", ecosystem.as_bytes(), b"\0", name.as_bytes()].concat()
}

/// Where every component is found that bears a CPE name.
pub(super) const ANY_PRODUCT: &[u8] = b"c";
/// Where those are found whose CPE name leaves even the product's own name open.
pub(super) const OPEN_PRODUCT: &[u8] = b"c*";
/// Where operating systems are found.
pub(super) const SYSTEM: &[u8] = b"o";

/// The key under which a product named by CPE is found (`Cpe::product_key`).
pub(super) fn product_key(product: &str) -> Vec<u8> {
    [b"c:", product.as_bytes()].concat()
}

/// Under what the products of a vendor are found; `None` where a name leaves the vendor open.
pub(super) fn vendor_key(cpe: &Cpe) -> Option<Vec<u8>> {
    match cpe.get(Attribute::Vendor) {
        value @ Value::Text(text) if !value.has_wildcards() => Some([b"cv:", text.as_bytes()].concat()),
        _ => None,
    }
}

/// Under what a CPE name is found that stands for several products: by the product's own name, whose part or vendor is open.
pub(super) fn open_key(cpe: &Cpe) -> Vec<u8> {
    match cpe.get(Attribute::Product) {
        value @ Value::Text(text) if !value.has_wildcards() => [b"c*:", text.as_bytes()].concat(),
        _ => OPEN_PRODUCT.to_vec(),
    }
}

impl<'a> From<&'a Watched> for Wanted<'a> {
    fn from(watched: &'a Watched) -> Self {
        Wanted {
            name: watched.name.as_str().into(),
            version: watched.version.as_deref().map(Into::into),
            is_file: false,
            purls: watched.purls.iter().map(|purl| purl.as_str().into()).collect(),
            cpes: watched.cpes.iter().map(|cpe| cpe.as_str().into()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_comes_back_as_it_was() {
        let words = Watched { name: "boot".into(), version: Some("2".into()), ..Watched::default() };
        let cpe = Watched { cpes: vec!["cpe:/a:b:c".into()], name: "c".into(), ..Watched::default() };
        for watched in [words, cpe, Watched::purl("pkg:pypi/jam@1"), Watched::default()] {
            assert_eq!(Watched::unpacked(&watched.packed()), Some(watched));
        }
        let product = Product::new("佐藤", "ポンプ", "");
        assert_eq!(Product::unpacked(&product.packed()), Some(product));
        assert_eq!(Product::unpacked(&[1, b'a']), None);
    }

    #[test]
    fn packages_of_one_name_have_one_key() {
        let key = |purl: &str| Watched::purl(purl).keys();
        assert_eq!(key("pkg:pypi/Zope.Interface@1"), key("pkg:pypi/zope-interface@2"));
        assert_eq!(
            key("pkg:deb/debian/curl@7?distro=debian-11"),
            key("pkg:deb/debian/curl@8?distro=debian-12"),
            "releases of a distribution are told apart when they are judged"
        );
        assert!(key("pkg:generic/a@1").is_empty() && key("no purl").is_empty());
    }
}
