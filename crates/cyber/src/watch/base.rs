//! Which products hold which component, as one file that is read in place: components once each, names → components, components → products
//! and products → components as gaps. Changes since it was written stand in the journal (`journal`, `portfolio`), not here.

use std::collections::HashMap;

use super::component::{Product, Watched};
use super::packed::{Cursor, Gaps, put, put_ascending};
pub use super::rows::BaseError;
use super::rows::{Rows, RowsWriter, opened, written};

/// Sections in their order.
const PRODUCTS: usize = 0;
const CONTENTS: usize = 1;
const COMPONENTS: usize = 2;
const HOLDERS: usize = 3;
const NAMES: usize = 4;
const NAMED: usize = 5;
const SECTIONS: usize = 6;

/// A base file over bytes that lie anywhere: in memory or mapped.
#[derive(Clone, Debug)]
pub struct Base<B> {
    bytes: B,
    generation: u64,
    sections: [Rows; SECTIONS],
}

impl Base<Vec<u8>> {
    /// One that holds nothing.
    pub fn empty() -> Self {
        Self { bytes: Vec::new(), generation: 0, sections: Default::default() }
    }
}

impl<B: AsRef<[u8]>> Base<B> {
    /// Opens a file; every section is compared with its checksum.
    pub fn open(bytes: B) -> Result<Self, BaseError> {
        let (generation, sections) = opened(bytes.as_ref())?;
        let base = Self { bytes, generation, sections };
        let pairs = [(PRODUCTS, CONTENTS), (COMPONENTS, HOLDERS), (NAMES, NAMED)];
        if pairs.iter().any(|(left, right)| base.sections[*left].len() != base.sections[*right].len()) {
            return Err(BaseError::Damaged("the counts of its sections"));
        }
        if u32::try_from(base.numbers().max(base.components())).is_err() {
            return Err(BaseError::Damaged("its counts"));
        }
        Ok(base)
    }

    /// Which rewriting of the file this is.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// One more than the highest number a product has here; numbers of products that left stay empty.
    pub fn numbers(&self) -> usize {
        self.sections[PRODUCTS].len()
    }

    /// How many distinct components there are.
    pub fn components(&self) -> usize {
        self.sections[COMPONENTS].len()
    }

    /// The product of a number.
    pub fn product(&self, number: u32) -> Option<Product> {
        Product::unpacked(self.row(PRODUCTS, number as usize))
    }

    /// The number of a product.
    pub fn number(&self, product: &Product) -> Option<u32> {
        let packed = product.packed();
        (0..self.numbers()).find(|at| self.row(PRODUCTS, *at) == packed).and_then(|at| u32::try_from(at).ok())
    }

    /// A component.
    pub fn component(&self, component: u32) -> Option<Watched> {
        Watched::unpacked(self.row(COMPONENTS, component as usize))
    }

    /// The products that hold a component, ascending.
    pub fn holders(&self, component: u32) -> impl Iterator<Item = u32> + '_ {
        Gaps::of(self.row(HOLDERS, component as usize))
    }

    /// The components of a product, ascending.
    pub fn contents(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        Gaps::of(self.row(CONTENTS, number as usize))
    }

    /// The components that go by a key.
    pub(super) fn named(&self, key: &[u8]) -> Vec<u32> {
        let place = self.sections[NAMES].find(self.bytes.as_ref(), key);
        place.and_then(|at| Cursor(self.row(NAMED, at)).ascending()).unwrap_or_default()
    }

    fn row(&self, section: usize, at: usize) -> &[u8] {
        self.sections[section].get(self.bytes.as_ref(), at)
    }
}

/// Writes a base file. Products come in the order of their numbers.
#[derive(Debug)]
pub struct BaseWriter {
    products: RowsWriter,
    contents: RowsWriter,
    components: RowsWriter,
    known: HashMap<Vec<u8>, u32>,
    holders: Vec<Holders>,
    names: HashMap<Vec<u8>, Vec<u32>>,
}

/// The gaps so far, and the last number.
#[derive(Debug, Default)]
struct Holders {
    gaps: Vec<u8>,
    last: u32,
}

impl Default for BaseWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl BaseWriter {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            products: RowsWriter::new(),
            contents: RowsWriter::new(),
            components: RowsWriter::new(),
            known: HashMap::new(),
            holders: Vec::new(),
            names: HashMap::new(),
        }
    }

    /// The place of a component, which is made when it is new.
    pub fn component(&mut self, watched: &Watched) -> u32 {
        let packed = watched.packed();
        if let Some(known) = self.known.get(&packed) {
            return *known;
        }
        let place = u32::try_from(self.holders.len()).unwrap_or(u32::MAX);
        self.components.push(&packed);
        self.holders.push(Holders::default());
        for key in watched.keys() {
            self.names.entry(key).or_default().push(place);
        }
        self.known.insert(packed, place);
        place
    }

    /// The next product with its components; it gets the next number.
    pub fn product(&mut self, product: &Product, mut components: Vec<u32>) -> u32 {
        let number = u32::try_from(self.products.len()).unwrap_or(u32::MAX);
        components.sort_unstable();
        components.dedup();
        let mut gaps = Vec::with_capacity(components.len() + components.len() / 2);
        let mut before = 0;
        for component in components {
            put(&mut gaps, u64::from(component - before));
            before = component;
            if let Some(holders) = self.holders.get_mut(component as usize) {
                put(&mut holders.gaps, u64::from(number - holders.last));
                holders.last = number;
            }
        }
        self.products.push(&product.packed());
        self.contents.push(&gaps);
        number
    }

    /// Leaves the next number empty: its product left.
    pub fn gap(&mut self) {
        self.products.push(&[]);
        self.contents.push(&[]);
    }

    /// The file.
    pub fn finish(self, generation: u64) -> Vec<u8> {
        drop(self.known);
        let mut holders = RowsWriter::new();
        self.holders.iter().for_each(|one| holders.push(&one.gaps));
        let mut sorted: Vec<(Vec<u8>, Vec<u32>)> = self.names.into_iter().collect();
        sorted.sort_unstable();
        let (mut keys, mut named) = (RowsWriter::new(), RowsWriter::new());
        for (key, components) in sorted {
            keys.push(&key);
            let mut list = Vec::new();
            put_ascending(&mut list, &components);
            named.push(&list);
        }
        written(generation, &[self.products, self.contents, self.components, holders, keys, named])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_components_find_each_other() {
        let mut writer = BaseWriter::new();
        let (jam, jelly) = (
            writer.component(&Watched::purl("pkg:pypi/jam@1")),
            writer.component(&Watched::purl("pkg:pypi/jelly@1")),
        );
        assert_eq!(writer.component(&Watched::purl("pkg:pypi/jam@1")), jam);
        let newer = writer.component(&Watched::purl("pkg:pypi/Jam@2"));
        let pump = writer.product(&Product::new("m", "pump", "1"), vec![jelly, jam, jam]);
        writer.gap();
        let scale = writer.product(&Product::new("m", "scale", "1"), vec![newer, jam]);
        let base = Base::open(writer.finish(3)).unwrap();
        assert_eq!((base.generation(), base.numbers(), base.components()), (3, 3, 3));
        assert_eq!(base.holders(jam).collect::<Vec<_>>(), [pump, scale]);
        assert_eq!(base.holders(newer).collect::<Vec<_>>(), [scale]);
        assert_eq!(base.contents(pump).collect::<Vec<_>>(), [jam, jelly]);
        assert_eq!(base.named(&super::super::component::package_key("PyPI", "jam")), [jam, newer]);
        assert_eq!(base.product(1), None);
        assert_eq!(base.product(scale), Some(Product::new("m", "scale", "1")));
        assert_eq!(base.component(jelly), Some(Watched::purl("pkg:pypi/jelly@1")));
    }
}
