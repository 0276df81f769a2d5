//! Devices and advisories that name products in words. A match by words is a suggestion, shown with the words of both sides and how they
//! differ; a match by CPE name is stated. Which words count and how near two spellings are lives beside.
//!
//! Maker and product are weighed apart: the same product name of another maker is no match, and numbers and model codes are never near
//! each other (`B650` is not `B850`).

mod likeness;
mod lookup;
mod normal;
mod version;

use crate::advisory::{Advisory, Affected, Named};
use crate::name::cpe::{Attribute, Cpe, Value};

use super::verdict::{Reason, Verdict};
pub use likeness::{Likeness, Spelling};
pub use lookup::Suggested;
use normal::{MakerNames, ProductWords};
pub use version::judge as judge_version;

/// A product as its owner describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The maker.
    pub maker: String,
    /// The product's name.
    pub product: String,
    /// The model or article number, where it has one besides its name.
    pub model: Option<String>,
    /// The version of its software.
    pub version: Option<String>,
    /// CPE names it is known by.
    pub cpes: Vec<String>,
}

/// An entry of an advisory that may speak of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it rests on.
    pub basis: Basis,
    /// What it says of the device's version.
    pub verdict: Verdict,
}

/// What a match of a device rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A CPE name of the device names the same part, maker and product.
    Cpe {
        /// The device's.
        ours: String,
        /// The advisory's.
        theirs: String,
    },
    /// Words: a suggestion, never more.
    Words {
        /// Maker and product as the device's owner writes them.
        ours: (String, String),
        /// Maker and product as the advisory writes them.
        theirs: (String, String),
        /// How the makers' names differ.
        maker: Likeness,
        /// How the products' names differ.
        product: Likeness,
    },
}

impl Basis {
    /// Whether it rests on a stated name rather than on words.
    pub fn is_stated(&self) -> bool {
        matches!(self, Self::Cpe { .. })
    }

    /// Whether the advisory's name says more than the device's.
    pub fn is_wider(&self) -> bool {
        matches!(self, Self::Words { product: Likeness::Wider { .. }, .. })
    }
}

/// A maker in words, made ready to be compared.
#[derive(Clone, Debug)]
pub struct Maker {
    text: String,
    names: MakerNames,
}

impl Maker {
    /// Prepares a maker.
    pub fn of(maker: &str) -> Self {
        Self { text: maker.to_owned(), names: MakerNames::of(maker) }
    }

    /// Prepares one of its products.
    pub fn product(&self, product: &str) -> Words {
        let products = ProductWords::of(product, &self.names);
        Words { maker: self.clone(), product: product.to_owned(), products }
    }
}

/// Maker and product in words, made ready to be compared.
#[derive(Clone, Debug)]
pub struct Words {
    maker: Maker,
    product: String,
    products: ProductWords,
}

impl Words {
    /// Prepares maker and product.
    pub fn of(maker: &str, product: &str) -> Self {
        Maker::of(maker).product(product)
    }

    /// Hashes of which two names that [`Self::compare`] finds alike share one.
    pub fn keys(&self) -> Vec<u64> {
        self.products.keys()
    }

    /// Whether the maker may be this one.
    pub fn may_be_by(&self, ours: &Maker) -> bool {
        likeness::makers(&ours.names, &self.maker.names).is_some()
    }

    /// What both have in common, seen from a device; `None` where they name different products.
    pub fn compare(&self, theirs: &Self) -> Option<Basis> {
        let makers = (&self.maker.names, &theirs.maker.names);
        let product = likeness::products(&self.products, &theirs.products, makers)?;
        let maker = likeness::makers(makers.0, makers.1)?;
        Some(Basis::Words {
            ours: (self.maker.text.clone(), self.product.clone()),
            theirs: (theirs.maker.text.clone(), theirs.product.clone()),
            maker,
            product,
        })
    }
}

impl Device {
    /// Its names in words: the product, the model, and both.
    pub fn words(&self) -> Vec<Words> {
        let mut names = vec![Words::of(&self.maker, &self.product)];
        if let Some(model) = self.model.as_deref().filter(|model| !model.trim().is_empty()) {
            names.push(Words::of(&self.maker, &format!("{} {model}", self.product)));
            names.push(Words::of(&self.maker, model));
        }
        names
    }
}

/// What an entry of an advisory says of a device; `None` where it names another product.
pub fn suggest(device: &Device, advisory: &Advisory, entry: &Affected) -> Option<Suggestion> {
    let theirs = || worded(entry).map(|(maker, product)| Words::of(maker, product)).collect::<Vec<_>>();
    let basis = stated(device, entry).or_else(|| nearest(&device.words(), &theirs()))?;
    let verdict = verdict(&basis, advisory, entry, device.version.as_deref());
    Some(Suggestion { basis, verdict })
}

/// What an entry that may name a device says of its version.
pub fn verdict(basis: &Basis, advisory: &Advisory, entry: &Affected, version: Option<&str>) -> Verdict {
    match judge_version(advisory, entry, version) {
        // The entry names only some of what bears the device's name.
        Verdict::Affected(_) | Verdict::Undetermined(_) if basis.is_wider() => {
            Verdict::Undetermined(Reason::NameOverlaps)
        }
        verdict => verdict,
    }
}

/// By CPE name: part, vendor and product are the same.
fn stated(device: &Device, entry: &Affected) -> Option<Basis> {
    let theirs = names(entry).filter_map(|name| match name {
        Named::Cpe(text) => Some((text, Cpe::parse(text).ok()?)),
        _ => None,
    });
    let ours: Vec<(&String, Cpe)> =
        device.cpes.iter().filter_map(|text| Some((text, Cpe::parse(text).ok()?))).collect();
    for (their_text, their_name) in theirs {
        let same = |one: &&(&String, Cpe)| {
            [Attribute::Part, Attribute::Vendor, Attribute::Product].into_iter().all(|attribute| {
                let value = one.1.get(attribute);
                matches!(value, Value::Text(_)) && value == their_name.get(attribute)
            })
        };
        if let Some((text, _)) = ours.iter().find(same) {
            return Some(Basis::Cpe { ours: (*text).clone(), theirs: their_text.clone() });
        }
    }
    None
}

/// By words: the nearest of all names.
pub fn nearest(ours: &[Words], theirs: &[Words]) -> Option<Basis> {
    let mut best: Option<(u32, Basis)> = None;
    for theirs in theirs {
        for basis in ours.iter().filter_map(|words| words.compare(theirs)) {
            let Basis::Words { maker, product, .. } = &basis else { continue };
            let distance = product.distance() * 8 + maker.distance();
            if best.as_ref().is_none_or(|(known, _)| distance < *known) {
                best = Some((distance, basis));
            }
        }
    }
    best.map(|(_, basis)| basis)
}

fn names(entry: &Affected) -> impl Iterator<Item = &Named> {
    std::iter::once(&entry.name).chain(&entry.also)
}

/// The makers and products an entry names in words.
pub fn worded(entry: &Affected) -> impl Iterator<Item = (&str, &str)> {
    names(entry).filter_map(|name| match name {
        Named::Words { maker, product } => Some((maker.as_str(), product.as_str())),
        _ => None,
    })
}
