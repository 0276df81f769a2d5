//! Components looked up in an index, each distinct one once. What hangs on what else a bill holds is judged bill by bill; how answers are kept
//! from bill to bill stands in `memory`.

use std::cell::OnceCell;

use rayon::prelude::*;

use super::installed::{Installed, Surroundings};
use super::judging::Finding;
use super::memory::{Distinct, Memory, distinct};
use super::package::Package;
use super::scan::{Scan, Unasked, Unheard, Wanted, installed, is_told, package_in, shown, surroundings};
use crate::index::{Index, IndexError, Section, Spot};

/// Components looked up by one thread in one go.
const TOGETHER: usize = 256;

/// Bytes of the key of a component with one package URL, roughly.
const KEY: usize = 96;

/// An index, and what was found in it so far.
pub struct Matcher<'x, 'i> {
    index: &'x Index<'i>,
    ecosystems: Vec<&'i str>,
    has_products: bool,
    memory: Option<Memory<'i>>,
}

/// What is found for a component wherever it stands, or that it could not be looked up.
pub(super) type Looked<'i> = Result<Found<'i>, Unheard>;

#[derive(Clone, Default)]
pub(super) struct Found<'i> {
    /// By package URL and by CPE name, each under the name it was found by.
    named: Vec<(String, Vec<Finding<'i>>)>,
    /// What hangs on what else the bill holds.
    hanging: Vec<Spot>,
}

impl<'x, 'i> Matcher<'x, 'i> {
    /// One that remembers what it found, for those who ask of many bills: a nation's devices are made of few different parts.
    pub fn new(index: &'x Index<'i>) -> Result<Self, IndexError> {
        Ok(Self { memory: Some(Memory::default()), ..Self::once(index)? })
    }

    /// One for a single bill.
    pub(super) fn once(index: &'x Index<'i>) -> Result<Self, IndexError> {
        Ok(Self {
            index,
            ecosystems: index.ecosystems()?.iter().map(|one| one.name).collect(),
            has_products: index.size_of(Section::Cpes) > 0,
            memory: None,
        })
    }

    /// Looks all components of a bill up. An index that turns out to be damaged gives no answer at all.
    pub fn scan(&self, components: &[Wanted<'_>]) -> Result<Scan<'i>, IndexError> {
        let mut outcome = Scan::default();
        let counted: Vec<&Wanted<'_>> = components.iter().filter(|one| !one.is_mere_file()).collect();
        outcome.files = components.len() - counted.len();
        outcome.components = counted.len();
        let mut keys = Vec::with_capacity(counted.len() * KEY);
        let distinct = distinct(&counted, &mut keys);
        let asked = distinct.par_iter().with_min_len(TOGETHER).map(|one| self.looked(one, &keys));
        let answers: Vec<Looked<'i>> = asked.collect::<Result<_, _>>()?;
        let around = OnceCell::new();
        for (looked, one) in answers.into_iter().zip(distinct) {
            let Distinct { component, times, .. } = one;
            match looked {
                Err(unheard) => outcome.unasked.push(Unheard { times, ..unheard }),
                Ok(found) => {
                    outcome.asked += times;
                    for (name, findings) in found.named {
                        outcome.take(name, times, findings);
                    }
                    if !found.hanging.is_empty() {
                        let around = around.get_or_init(|| surroundings(components));
                        self.hanging(&found.hanging, component, around, times, &mut outcome)?;
                    }
                }
            }
        }
        outcome.put_in_order();
        Ok(outcome)
    }

    fn looked(&self, one: &Distinct<'_, '_>, keys: &[u8]) -> Result<Looked<'i>, IndexError> {
        let look = || self.found(one.component);
        match &self.memory {
            Some(memory) => memory.recall(one.key(keys), one.hash, look),
            None => look(),
        }
    }

    fn found(&self, component: &Wanted<'_>) -> Result<Looked<'i>, IndexError> {
        let mut packages: Vec<(&str, Package)> = Vec::new();
        let mut why = Unasked::NoName;
        for purl in &component.purls {
            match package_in(purl, |ecosystem| self.ecosystems.contains(&ecosystem)) {
                Ok(package) => packages.push((purl, package)),
                Err(reason) => why = why.max(reason),
            }
        }
        let product = match installed(component) {
            Ok(product) if self.has_products => Some(product),
            Ok(_) => {
                why = why.max(Unasked::NoData);
                None
            }
            Err(reason) => {
                why = why.max(reason);
                None
            }
        };
        if packages.is_empty() && product.is_none() {
            return Ok(Err(Unheard { why, name: shown(component), times: 1 }));
        }
        let mut found = Found::default();
        for (purl, package) in packages {
            let findings = self.index.judge_where(&package, is_told)?;
            found.named.push((purl.to_owned(), findings));
        }
        if let Some(product) = product {
            let (findings, hanging) = self.index.judge_product_anywhere(&product)?;
            found.hanging = hanging;
            found.named.extend(self.by_name(findings, component, &Surroundings::default())?);
        }
        found.named.retain(|(_, findings)| !findings.is_empty());
        Ok(Ok(found))
    }

    /// What hangs on the surroundings of one bill.
    fn hanging(
        &self,
        spots: &[Spot],
        component: &Wanted<'_>,
        around: &Surroundings,
        times: usize,
        outcome: &mut Scan<'i>,
    ) -> Result<(), IndexError> {
        let Ok(product) = installed(component) else { return Ok(()) };
        let findings = self.index.judge_spots(spots, &product, around, is_told)?;
        for (name, findings) in self.by_name(findings, component, around)? {
            outcome.take(name, times, findings);
        }
        Ok(())
    }

    /// Each finding under the first of the component's names by which alone the same is found.
    fn by_name(
        &self,
        findings: Vec<Finding<'i>>,
        component: &Wanted<'_>,
        around: &Surroundings,
    ) -> Result<Vec<(String, Vec<Finding<'i>>)>, IndexError> {
        let mut found: Vec<(String, Vec<Finding<'i>>)> = Vec::new();
        if findings.is_empty() {
            return Ok(found);
        }
        let alone = each_alone(component);
        for finding in findings {
            let name = match alone.as_slice() {
                [] => continue,
                [(only, _)] => only,
                [(first, _), ..] => {
                    let mut name = first;
                    for (text, one) in &alone {
                        if self.index.says_alike(&finding, one, around)? {
                            name = text;
                            break;
                        }
                    }
                    name
                }
            };
            match found.iter_mut().find(|(known, _)| known == name) {
                Some((_, findings)) => findings.push(finding),
                None => found.push(((*name).to_owned(), vec![finding])),
            }
        }
        Ok(found)
    }
}

/// A component under each of its usable CPE names alone.
fn each_alone<'c>(component: &'c Wanted<'_>) -> Vec<(&'c str, Installed)> {
    let alone = |text: &'c str| {
        let one = Wanted { cpes: vec![text.into()], name: "".into(), ..component.clone() };
        Some((text, installed(&one).ok()?))
    };
    component.cpes.iter().filter_map(|text| alone(text)).collect()
}
