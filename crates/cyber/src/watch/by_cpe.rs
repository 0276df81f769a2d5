//! An advisory that names products by CPE, pushed to the components that bear such names. Whether one is reached may hang on what else its
//! product holds; then the products that hold the same of it are judged as one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::component::{ANY_PRODUCT, OPEN_PRODUCT, SYSTEM, Watched, open_key, product_key, vendor_key};
use super::numbers::Numbers;
use super::portfolio::Portfolio;
use super::push::{By, Hit};
use crate::advisory::{Advisory, Affected, Configuration, Named};
use crate::matching::by_cpe::NamedEntry;
use crate::matching::configuration::Prepared;
use crate::matching::installed::system_family;
use crate::matching::scan::installed;
use crate::matching::{Reason, Surroundings, Verdict, Wanted};
use crate::name::cpe::{Attribute, Cpe, Value};

/// What of an advisory names products by CPE.
struct Naming {
    configurations: Option<Prepared>,
    entries: Vec<(usize, NamedEntry)>,
    /// Under what the components are found that may be meant.
    keys: BTreeSet<Vec<u8>>,
}

/// Every answer for a component by its CPE names but *not affected*.
pub(super) fn hits<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisory: &Advisory) -> Vec<Hit> {
    let naming = Naming::of(advisory);
    let places: BTreeSet<u32> = naming.keys.iter().flat_map(|key| portfolio.named(key)).collect();
    let mut found = Vec::new();
    let mut around = None;
    for place in places {
        let Some(watched) = portfolio.component(place) else { continue };
        let Ok(product) = installed(&Wanted::from(&watched)) else { continue };
        for (entry, named) in &naming.entries {
            let verdict = named.judge(&product);
            found.extend(hit(place, Some(*entry), verdict, None));
        }
        let Some(prepared) = &naming.configurations else { continue };
        if prepared.looks_around(&product) {
            let around = around.get_or_insert_with(|| Around::of(portfolio, advisory, prepared));
            for (holders, around) in around.neighbourhoods(portfolio, place, &watched) {
                found.extend(hit(place, None, prepared.judge(&product, &around), Some(holders)));
            }
        } else {
            found.extend(hit(place, None, prepared.judge(&product, &Surroundings::default()), None));
        }
    }
    found
}

/// How many entries name products by CPE: they were asked.
pub(super) fn is_named(affected: &Affected) -> bool {
    std::iter::once(&affected.name).chain(&affected.also).any(|name| matches!(name, Named::Cpe(_)))
}

impl Naming {
    fn of(advisory: &Advisory) -> Self {
        let nodes = advisory.configurations.iter().flat_map(|one| &one.nodes);
        let vulnerable = nodes.flat_map(|node| &node.matches).filter(|one| one.vulnerable);
        let mut keys: BTreeSet<Vec<u8>> =
            vulnerable.filter_map(|one| Some(key_of(&Cpe::parse(&one.criteria).ok()?))).collect();
        let of_name = |name: &Named| match name {
            Named::Cpe(text) => Some(key_of(&Cpe::parse(text).ok()?)),
            _ => None,
        };
        let mut entries = Vec::new();
        for (at, affected) in advisory.affected.iter().enumerate() {
            let Some(named) = NamedEntry::of(advisory, affected) else { continue };
            keys.extend(std::iter::once(&affected.name).chain(&affected.also).filter_map(of_name));
            entries.push((at, named));
        }
        Self { configurations: Prepared::of(advisory), entries, keys }
    }
}

/// Under what products are found that a name may stand for: itself, all of its vendor, or any.
fn key_of(cpe: &Cpe) -> Vec<u8> {
    let product = cpe.product_key().map(product_key);
    product.or_else(|| vendor_key(cpe)).unwrap_or_else(|| ANY_PRODUCT.to_vec())
}

fn hit(place: u32, entry: Option<usize>, verdict: Verdict, only: Option<Numbers>) -> Option<Hit> {
    let is_told =
        !matches!(verdict, Verdict::NotAffected(_) | Verdict::Undetermined(Reason::DistributionJudges));
    is_told.then_some(Hit { place, by: By::Product, entry, verdict, only })
}

/// What configurations ask about besides the product, as components of the portfolio.
struct Around {
    /// A component, and the one it is counted as: of systems that nothing names, only their family matters.
    places: Vec<(u32, u32)>,
}

impl Around {
    fn of<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisory: &Advisory, prepared: &Prepared) -> Self {
        let mut families: HashMap<Vec<Option<&'static str>>, u32> = HashMap::new();
        let counted = |place: u32| {
            let watched = portfolio.component(place)?;
            if prepared.asks_about(watched.cpes.iter().map(String::as_str)) {
                return Some((place, place));
            }
            let systems = systems(&watched);
            (!systems.is_empty()).then(|| (place, *families.entry(systems).or_insert(place)))
        };
        let places = asked_about(portfolio, &advisory.configurations).into_iter().filter_map(counted);
        Self { places: places.collect() }
    }

    /// The products that hold a component, by what else they hold of it.
    fn neighbourhoods<B: AsRef<[u8]>>(
        &self,
        portfolio: &Portfolio<B>,
        place: u32,
        watched: &Watched,
    ) -> Vec<(Numbers, Surroundings)> {
        let holders = portfolio.holders(place);
        let mut held: BTreeMap<u32, Vec<u32>> = holders.iter().map(|number| (number, Vec::new())).collect();
        for (other, counts_as) in &self.places {
            portfolio.each_holder(*other, |number| {
                if holders.contains(number)
                    && let Some(places) = held.get_mut(&number)
                    && !places.contains(counts_as)
                {
                    places.push(*counts_as);
                }
            });
        }
        let mut alike: BTreeMap<Vec<u32>, Numbers> = BTreeMap::new();
        for (number, places) in held {
            alike.entry(places).or_insert_with(|| Numbers::below(portfolio.numbers())).insert(number);
        }
        let around = |places: Vec<u32>| {
            let others: Vec<Watched> =
                places.into_iter().filter_map(|place| portfolio.component(place)).collect();
            let names = others.iter().chain(std::iter::once(watched));
            let names =
                names.flat_map(|one| one.cpes.iter().map(|cpe| (cpe.as_str(), one.version.as_deref())));
            Surroundings::of(names, false)
        };
        alike.into_iter().map(|(places, numbers)| (numbers, around(places))).collect()
    }
}

/// The families of the operating systems a component's names name.
fn systems(watched: &Watched) -> Vec<Option<&'static str>> {
    let names = watched.cpes.iter().filter_map(|text| Cpe::parse(text).ok());
    let systems = names.filter(|cpe| cpe.get(Attribute::Part) == Value::Text("o"));
    let mut families: Vec<_> = systems.map(|cpe| system_family(&cpe)).collect();
    families.sort_unstable();
    families.dedup();
    families
}

/// The components that may be what a name of the configurations stands for, and, as systems exclude each other, all systems.
fn asked_about<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, configurations: &[Configuration]) -> BTreeSet<u32> {
    let nodes = configurations.iter().flat_map(|one| &one.nodes);
    let names = nodes.flat_map(|node| &node.matches).filter_map(|one| Cpe::parse(&one.criteria).ok());
    let mut keys: BTreeSet<Vec<u8>> = BTreeSet::from([OPEN_PRODUCT.to_vec()]);
    for cpe in names {
        // A name whose product is open may also stand for one whose vendor is.
        keys.insert(cpe.product_key().map_or_else(|| ANY_PRODUCT.to_vec(), product_key));
        keys.insert(open_key(&cpe));
        if cpe.get(Attribute::Part) == Value::Text("o") {
            keys.insert(SYSTEM.to_vec());
        }
    }
    keys.iter().flat_map(|key| portfolio.named(key)).collect()
}
