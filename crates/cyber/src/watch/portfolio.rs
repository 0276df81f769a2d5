//! The products of a portfolio, of one maker or of a nation, with what each holds: a base file and, over it in memory, everything that changed
//! since. Writing the changes down before they count is the affair of whoever keeps the files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use super::base::{Base, BaseWriter};
use super::by_words::Makers;
use super::component::{Product, Watched};
use super::journal::Entry;
use super::numbers::Numbers;

/// Products and what they hold. Components are named by a place: those of the base file first, newer ones behind them.
#[derive(Clone, Debug)]
pub struct Portfolio<B> {
    base: Base<B>,
    /// Products of the base file that left or have another bill now.
    superseded: HashSet<u32>,
    products: BTreeMap<u32, (Product, Vec<u32>)>,
    components: Vec<(Watched, Vec<u32>)>,
    known: HashMap<Watched, u32>,
    names: HashMap<Vec<u8>, Vec<u32>>,
    /// The products by their makers, once an advisory that names devices in words has asked for them.
    makers: OnceLock<Makers>,
    next: u32,
}

impl Portfolio<Vec<u8>> {
    /// One without products.
    pub fn empty() -> Self {
        Self::over(Base::empty())
    }
}

impl<B: AsRef<[u8]>> Portfolio<B> {
    /// The products of a base file.
    pub fn over(base: Base<B>) -> Self {
        let next = u32::try_from(base.numbers()).unwrap_or(u32::MAX);
        Self {
            base,
            superseded: HashSet::new(),
            products: BTreeMap::new(),
            components: Vec::new(),
            known: HashMap::new(),
            names: HashMap::new(),
            makers: OnceLock::new(),
            next,
        }
    }

    /// The base file below.
    pub fn base(&self) -> &Base<B> {
        &self.base
    }

    /// What to write down so that a product has this bill: under its number, or the next where it is new.
    pub fn setting(&self, product: Product, components: impl IntoIterator<Item = Watched>) -> Entry {
        let number = self.number(&product).unwrap_or(self.next);
        let mut components: Vec<Watched> = components.into_iter().collect();
        components.sort_unstable();
        components.dedup();
        Entry::Set { number, product, components }
    }

    /// Takes over what was written down. Alerts are not kept here.
    pub fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Set { number, product, components } => {
                self.forget(number);
                let mut places: Vec<u32> = components.into_iter().map(|one| self.place(one)).collect();
                places.sort_unstable();
                places.dedup();
                for place in &places {
                    self.components[*place as usize].1.push(number);
                }
                if let Some(makers) = self.makers.get_mut() {
                    makers.put(number, &product);
                }
                self.products.insert(number, (product, places));
                self.next = self.next.max(number.saturating_add(1));
            }
            Entry::Gone { number } => self.forget(number),
            Entry::Alert(_) | Entry::Announced { .. } => {}
        }
    }

    /// One more than the highest number given.
    pub fn numbers(&self) -> usize {
        self.next as usize
    }

    /// Every product under its number.
    pub fn products(&self) -> impl Iterator<Item = (u32, Product)> + '_ {
        (0..self.next).filter_map(|number| Some((number, self.product(number)?)))
    }

    /// The product of a number, where it is still there.
    pub fn product(&self, number: u32) -> Option<Product> {
        match self.products.get(&number) {
            Some((product, _)) => Some(product.clone()),
            None if self.superseded.contains(&number) => None,
            None => self.base.product(number),
        }
    }

    /// The number of a product.
    pub fn number(&self, product: &Product) -> Option<u32> {
        let newer = self.products.iter().find(|(_, (known, _))| known == product);
        newer.map(|(number, _)| *number).or_else(|| {
            let number = self.base.number(product)?;
            (!self.superseded.contains(&number)).then_some(number)
        })
    }

    /// The components a product holds, by their places.
    pub fn contents(&self, number: u32) -> Vec<u32> {
        match self.products.get(&number) {
            Some((_, places)) => places.iter().map(|place| place + self.below()).collect(),
            None if self.superseded.contains(&number) => Vec::new(),
            None => self.base.contents(number).filter(|place| *place < self.below()).collect(),
        }
    }

    /// One more than the highest place of a component.
    pub fn places(&self) -> u32 {
        self.below() + u32::try_from(self.components.len()).unwrap_or_default()
    }

    /// The component at a place.
    pub fn component(&self, place: u32) -> Option<Watched> {
        match place.checked_sub(self.below()) {
            Some(newer) => self.components.get(newer as usize).map(|(watched, _)| watched.clone()),
            None => self.base.component(place),
        }
    }

    /// Tells every product that holds the component at a place.
    #[inline]
    pub fn each_holder(&self, place: u32, mut tell: impl FnMut(u32)) {
        match place.checked_sub(self.below()) {
            Some(newer) => {
                let holders = self.components.get(newer as usize).map_or(&[][..], |(_, holders)| holders);
                for number in holders {
                    tell(*number);
                }
            }
            None if self.superseded.is_empty() => self.base.holders(place).for_each(tell),
            None => {
                self.base.holders(place).filter(|number| !self.superseded.contains(number)).for_each(tell);
            }
        }
    }

    /// The products that hold a component.
    pub fn holders(&self, place: u32) -> Numbers {
        let mut numbers = Numbers::below(self.numbers());
        self.each_holder(place, |number| numbers.insert(number));
        numbers
    }

    /// Everything as one new base file; numbers stay, and components nobody holds any more are left out.
    pub fn compacted(&self, generation: u64) -> Vec<u8> {
        let mut writer = BaseWriter::new();
        let mut moved: Vec<Option<u32>> = vec![None; self.places() as usize];
        for number in 0..self.next {
            let Some(product) = self.product(number) else {
                writer.gap();
                continue;
            };
            let mut components = Vec::new();
            for place in self.contents(number) {
                let slot = &mut moved[place as usize];
                if slot.is_none() {
                    *slot = self.component(place).map(|watched| writer.component(&watched));
                }
                components.extend(*slot);
            }
            writer.product(&product, components);
        }
        writer.finish(generation)
    }

    /// The components that go by a key, by their places.
    pub(super) fn named(&self, key: &[u8]) -> Vec<u32> {
        let mut places = self.base.named(key);
        places.retain(|place| *place < self.below());
        let newer = self.names.get(key).map_or(&[][..], Vec::as_slice);
        places.extend(newer.iter().map(|place| place + self.below()));
        places
    }

    /// Makes ready what pushes ask of, so that the first is as quick as the others.
    pub fn get_ready(&self)
    where
        B: Sync,
    {
        self.makers().get_ready(self);
    }

    /// The products by their makers.
    pub(super) fn makers(&self) -> &Makers {
        self.makers.get_or_init(|| Makers::of(self.products()))
    }

    fn below(&self) -> u32 {
        u32::try_from(self.base.components()).unwrap_or(u32::MAX)
    }

    fn place(&mut self, watched: Watched) -> u32 {
        if let Some(known) = self.known.get(&watched) {
            return *known;
        }
        let place = u32::try_from(self.components.len()).unwrap_or(u32::MAX);
        for key in watched.keys() {
            self.names.entry(key).or_default().push(place);
        }
        self.known.insert(watched.clone(), place);
        self.components.push((watched, Vec::new()));
        place
    }

    fn forget(&mut self, number: u32) {
        let product = self.product(number);
        if let Some((makers, product)) = self.makers.get_mut().zip(product) {
            makers.forget(number, &product);
        }
        if let Some((_, places)) = self.products.remove(&number) {
            for place in places {
                self.components[place as usize].1.retain(|holder| *holder != number);
            }
        }
        if (number as usize) < self.base.numbers() {
            self.superseded.insert(number);
        }
        self.next = self.next.max(number.saturating_add(1));
    }
}
