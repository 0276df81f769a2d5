//! Devices looked up in an index: every entry that names one by CPE, or in words that may be its own.

use std::collections::{BTreeSet, HashMap};

use super::{Device, Suggestion, Words, suggest};
use crate::advisory::{Advisory, Affected};
use crate::index::{Index, IndexError, Spot};
use crate::name::cpe::Cpe;
use crate::sbom::{Quick, Sbom};

/// An entry of an advisory that may speak of a device.
#[derive(Clone, Debug)]
pub struct Suggested {
    /// The advisory.
    pub advisory: Advisory,
    /// The index into `Advisory::affected`.
    pub affected: usize,
    /// What it rests on, and what it says of the version.
    pub suggestion: Suggestion,
}

impl Suggested {
    /// The entry.
    pub fn entry(&self) -> Option<&Affected> {
        self.advisory.affected.get(self.affected)
    }
}

impl Device {
    /// What a bill is about, once for each of those who supply or made it.
    pub fn of_quick(components: &[Quick<'_>]) -> Vec<Self> {
        let subjects = components.iter().filter(|one| one.is_subject);
        subjects
            .flat_map(|one| {
                let makers = one.makers.iter();
                makers.map(|maker| Self::made_by(maker, &one.name, one.version.as_deref()))
            })
            .collect()
    }

    /// The same from a full reading.
    pub fn of_bill(bill: &Sbom) -> Vec<Self> {
        let subjects = bill.subjects.iter().filter_map(|at| bill.components.get(*at));
        subjects
            .flat_map(|one| {
                let makers = one.supplier.iter().chain(&one.maker);
                makers.map(|maker| Self::made_by(maker, &one.name, one.version.as_deref()))
            })
            .collect()
    }

    /// Its CPE names are left out: what they find, a scan finds.
    fn made_by(maker: &str, product: &str, version: Option<&str>) -> Self {
        Self {
            maker: maker.to_owned(),
            product: product.to_owned(),
            model: None,
            version: version.map(str::to_owned),
            cpes: Vec::new(),
        }
    }
}

impl Index<'_> {
    /// Every entry that may speak of one of some devices, in the order of advisories; for several devices the first that fits.
    pub fn suggested(&self, devices: &[Device]) -> Result<Vec<Suggested>, IndexError> {
        let mut found = Vec::new();
        for (number, affected) in self.naming_devices(devices)? {
            let advisory = self.advisory(number)?;
            let entry = advisory.affected.get(affected as usize);
            let fits = |device| entry.and_then(|entry| suggest(device, &advisory, entry));
            if let Some(suggestion) = devices.iter().find_map(fits) {
                found.push(Suggested { affected: affected as usize, suggestion, advisory });
            }
        }
        Ok(found)
    }

    /// Advisory and entry. Words are compared as the index holds them, so that few advisories are opened.
    fn naming_devices(&self, devices: &[Device]) -> Result<BTreeSet<(u32, u32)>, IndexError> {
        let mut entries = BTreeSet::new();
        if devices.is_empty() {
            return Ok(entries);
        }
        for cpe in devices.iter().flat_map(|device| &device.cpes).filter_map(|text| Cpe::parse(text).ok()) {
            entries.extend(self.naming(&cpe)?.into_iter().filter_map(|spot| match spot {
                Spot::Entry(number, affected) => Some((number, affected)),
                Spot::Configurations(_) => None,
            }));
        }
        let ours: Vec<Words> = devices.iter().flat_map(Device::words).collect();
        // Makers and products come again with each of their versions.
        let mut known: HashMap<(&str, &str), bool> = HashMap::new();
        for one in self.worded()? {
            let names_one = known.entry((one.maker, one.product)).or_insert_with(|| {
                let theirs = Words::of(one.maker, one.product);
                ours.iter().any(|ours| ours.compare(&theirs).is_some())
            });
            if *names_one {
                entries.insert((one.advisory, one.affected));
            }
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::{Affected, Named};
    use crate::index::build;

    #[test]
    fn a_bill_s_subject_is_looked_for_under_each_of_its_makers() {
        let words = |maker: &str, product: &str| {
            let mut entry = Affected::of(Named::Words { maker: maker.into(), product: product.into() });
            entry.versions = vec!["1.0".into()];
            entry
        };
        let advisory =
            |id: &str, entry| Advisory { id: id.into(), affected: vec![entry], ..Advisory::default() };
        let bytes = build([
            advisory("A", words("Phillips", "IntelliSpace Cardiovascular")),
            advisory("B", words("Baxter", "Sigma Spectrum")),
        ])
        .unwrap();
        let bill = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": {
            "type": "device", "name": "IntelliSpace Cardiovascular (ISCV)", "version": "1.0",
            "supplier": {"name": "Another Trader"}, "manufacturer": {"name": "Philips"}}}}"#;
        let limits = crate::document::Limits::default();
        let quick = crate::sbom::components(bill.as_bytes(), &limits).unwrap();
        let devices = Device::of_quick(&quick);
        assert_eq!(
            devices.iter().map(|one| one.maker.as_str()).collect::<Vec<_>>(),
            ["Another Trader", "Philips"]
        );
        let index = Index::open(&bytes).unwrap();
        let found = index.suggested(&devices).unwrap();
        assert_eq!(found.iter().map(|one| one.advisory.id.as_str()).collect::<Vec<_>>(), ["A"]);
        let full = crate::sbom::read(bill.as_bytes(), &limits).unwrap();
        assert_eq!(index.suggested(&Device::of_bill(&full.sbom)).unwrap().len(), 1);
    }
}
