//! Devices and advisories that name products in words. A match by words is a suggestion, shown with the words of both sides and how they
//! differ; a match by CPE name is stated. Which words count and how near two spellings are lives beside.
//!
//! Maker and product are weighed apart: the same product name of another maker is no match, and numbers and model codes are never near
//! each other (`B650` is not `B850`).

mod likeness;
mod lookup;
mod normal;
mod version;

use std::collections::HashMap;

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
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What it rests on.
    pub basis: Basis,
    /// What it says of the device's version.
    pub verdict: Verdict,
}

/// What a match of a device rests on.
#[derive(Clone, Debug, PartialEq)]
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
}

/// Maker and product in words, made ready to be compared.
#[derive(Clone, Debug)]
pub struct Words {
    maker: String,
    product: String,
    makers: MakerNames,
    products: ProductWords,
}

impl Words {
    /// Prepares maker and product.
    pub fn of(maker: &str, product: &str) -> Self {
        let makers = MakerNames::of(maker);
        let products = ProductWords::of(product, &makers);
        Self { maker: maker.to_owned(), product: product.to_owned(), makers, products }
    }

    /// What an index looks products up by: each word that tells products apart, and for longer words each spelling with one letter
    /// left out, so that spellings one letter apart share a key.
    pub fn keys(&self) -> Vec<String> {
        self.products.keys()
    }

    /// What both have in common, seen from a device; `None` where they name different products.
    pub fn compare(&self, theirs: &Self) -> Option<Basis> {
        let maker = likeness::makers(&self.makers, &theirs.makers)?;
        let product = likeness::products(&self.products, &theirs.products, (&self.makers, &theirs.makers))?;
        Some(Basis::Words {
            ours: (self.maker.clone(), self.product.clone()),
            theirs: (theirs.maker.clone(), theirs.product.clone()),
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
    let basis = stated(device, entry).or_else(|| told(device, entry))?;
    let verdict = judge_version(advisory, entry, device.version.as_deref());
    let verdict = match (&basis, verdict) {
        // The entry names only some of what bears the device's name.
        (
            Basis::Words { product: Likeness::Wider { .. }, .. },
            Verdict::Affected(_) | Verdict::Undetermined(_),
        ) => Verdict::Undetermined(Reason::NameOverlaps),
        (_, verdict) => verdict,
    };
    Some(Suggestion { basis, verdict })
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
fn told(device: &Device, entry: &Affected) -> Option<Basis> {
    let ours = device.words();
    let mut best: Option<(u32, Basis)> = None;
    for theirs in worded(entry) {
        for basis in ours.iter().filter_map(|words| words.compare(&theirs)) {
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

/// The names in words an entry bears.
pub fn worded(entry: &Affected) -> impl Iterator<Item = Words> {
    names(entry).filter_map(|name| match name {
        Named::Words { maker, product } => Some(Words::of(maker, product)),
        _ => None,
    })
}

/// Names by the words in them, so that few must be compared. It serves both ways: advisories for a device, devices for an advisory.
#[derive(Clone, Debug, Default)]
pub struct WordIndex {
    postings: HashMap<String, Vec<u32>>,
    names: Vec<Words>,
}

impl WordIndex {
    /// Adds a name; its number is returned by [`Self::candidates`].
    pub fn add(&mut self, words: Words) -> u32 {
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        for key in words.keys() {
            self.postings.entry(key).or_default().push(number);
        }
        self.names.push(words);
        number
    }

    /// The names that share a word with one, of makers that may be the same, each with what both have in common.
    pub fn find(&self, ours: &Words) -> Vec<(u32, Basis)> {
        let compared = |number: u32| {
            let theirs = self.names.get(number as usize)?;
            Some((number, ours.compare(theirs)?))
        };
        self.candidates(ours).into_iter().filter_map(compared).collect()
    }

    /// The names that share a word with one.
    pub fn candidates(&self, ours: &Words) -> Vec<u32> {
        let keys = ours.keys();
        let mut found: Vec<u32> =
            keys.iter().filter_map(|key| self.postings.get(key)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
