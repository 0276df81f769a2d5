//! What statements are applied to: a bill of materials by its names and by what is part of what, and findings by their vulnerabilities and
//! components. No more of either is needed.

use std::collections::{HashMap, HashSet};

use super::model::{Link, Thing};
use crate::name::cpe::Cpe;
use crate::name::purl::Purl;
use crate::sbom::{Format, Sbom};

/// A bill of materials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Its serial number without `urn:uuid:`, in lowercase.
    pub serial: Option<String>,
    /// Its version under that number.
    pub revision: Option<String>,
    /// What names the document where that is no serial number: a namespace (SPDX).
    pub namespace: Option<String>,
    /// Its components, the product it is about among them.
    pub parts: Vec<Thing>,
    /// The product it is about: an index into `parts`.
    pub main: Option<usize>,
    /// What is part of what, or depends on it: from the whole to the part.
    pub within: Vec<(usize, usize)>,
}

/// A finding: a vulnerability on one component of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The advisory's id.
    pub advisory: String,
    /// Other ids of the same vulnerability.
    pub aliases: Vec<String>,
    /// The component: an index into `Bill::parts`.
    pub part: usize,
}

impl Bill {
    /// What matters of a bill that was read.
    pub fn of(sbom: &Sbom) -> Bill {
        let parts: Vec<Thing> = sbom.components.iter().map(Thing::of).collect();
        let mut by_reference: HashMap<&str, usize> = HashMap::new();
        for (index, one) in sbom.components.iter().enumerate() {
            if let Some(reference) = &one.reference {
                by_reference.entry(reference).or_insert(index);
            }
        }
        let nested = sbom.components.iter().enumerate().filter_map(|(index, one)| Some((one.parent?, index)));
        let related = sbom.relationships.iter().filter_map(|one| {
            let ends = (*by_reference.get(one.from.as_str())?, *by_reference.get(one.to.as_str())?);
            match one.kind.as_str() {
                "DEPENDS_ON" | "CONTAINS" | "dependsOn" | "contains" => Some(ends),
                "CONTAINED_BY" | "DEPENDENCY_OF" => Some((ends.1, ends.0)),
                _ => None,
            }
        });
        let identity = sbom.identity.as_deref();
        let serial = identity.and_then(|text| text.strip_prefix("urn:uuid:"));
        let is_spdx = matches!(sbom.format, Format::SpdxJson | Format::SpdxTagValue | Format::Spdx3);
        Bill {
            serial: serial.filter(|_| !is_spdx).map(str::to_ascii_lowercase),
            namespace: identity.filter(|text| is_spdx && !text.trim().is_empty()).map(str::to_owned),
            revision: sbom.revision.clone(),
            within: nested.chain(related).collect(),
            main: sbom.subjects.first().copied(),
            parts,
        }
    }

    /// The product it is about, by names that no other product bears: what is stated of it must not settle findings of others. Without a
    /// subject the bill as a whole stands for it, where a serial number or namespace tells it from others.
    pub fn product(&self) -> Option<Thing> {
        let subject = self.main.map(|main| self.named(main)).unwrap_or_default();
        if is_told_apart(&subject) {
            return Some(subject);
        }
        // A checksum is no such name: formats that cannot hold it would leave the bare name.
        if self.serial.is_some() {
            return Some(Thing { link: self.link(None), ..subject });
        }
        let namespace = self.namespace.as_ref()?;
        let address = subject.reference.as_ref().map(|reference| address(namespace, reference));
        Some(Thing { ids: vec![address.unwrap_or_else(|| namespace.clone())], reference: None, ..subject })
    }

    /// A component by its names, and by a link where the bill has a serial number and the component a reference.
    pub(super) fn named(&self, part: usize) -> Thing {
        let thing = self.parts.get(part).cloned().unwrap_or_default();
        let link = thing.reference.clone().and_then(|reference| self.link(Some(reference)));
        Thing { link, ..thing }
    }

    fn link(&self, reference: Option<String>) -> Option<Link> {
        let revision = self.revision.clone().unwrap_or_else(|| "1".to_owned());
        Some(Link { serial: self.serial.clone()?, revision, reference })
    }
}

/// Whether names hold for one product in whatever document.
fn is_told_apart(thing: &Thing) -> bool {
    thing.link.is_some()
        || thing.purls.iter().any(|purl| Purl::parse_lenient(purl).is_ok())
        || thing.cpes.iter().any(|cpe| Cpe::parse(cpe).is_ok())
        || thing.name.is_some() && thing.version.is_some()
}

/// What names an element of an SPDX document in others: in SPDX 2 the namespace with its id, in SPDX 3 its id.
pub(super) fn address(namespace: &str, reference: &str) -> String {
    if reference.contains(':') { reference.to_owned() } else { format!("{namespace}#{reference}") }
}

/// How a component stands to another that is not the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Containment {
    /// It is in it and nowhere else.
    OnlyThere,
    /// It is in it, and elsewhere in the product too.
    AlsoElsewhere,
    /// It is not in it.
    NotThere,
    /// The bill does not say.
    Unknown,
}

/// What is within what, asked for few wholes.
pub(super) struct Within<'a> {
    main: Option<usize>,
    below: HashMap<usize, Vec<usize>>,
    asked: HashMap<usize, (HashSet<usize>, HashSet<usize>)>,
    bill: &'a Bill,
}

/// For so many different wholes it is worked out; further ones stay unknown.
const MOST_WHOLES: usize = 100;

impl<'a> Within<'a> {
    pub(super) fn of(bill: &'a Bill) -> Self {
        let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
        for (whole, part) in &bill.within {
            below.entry(*whole).or_default().push(*part);
        }
        Within { main: bill.main, below, asked: HashMap::new(), bill }
    }

    /// How a part stands to a whole.
    pub(super) fn ask(&mut self, whole: usize, part: usize) -> Containment {
        if whole == part {
            return Containment::OnlyThere;
        }
        if self.bill.within.is_empty()
            || (self.asked.len() >= MOST_WHOLES && !self.asked.contains_key(&whole))
        {
            return Containment::Unknown;
        }
        if !self.asked.contains_key(&whole) {
            // Components that nothing leads to stand beside the product's own.
            let led_to: HashSet<usize> = self.bill.within.iter().map(|(_, part)| *part).collect();
            let mut starts: Vec<usize> =
                (0..self.bill.parts.len()).filter(|one| !led_to.contains(one)).collect();
            starts.extend(self.main);
            starts.retain(|start| *start != whole);
            let (inside, outside) = (self.reached(vec![whole], None), self.reached(starts, Some(whole)));
            self.asked.insert(whole, (inside, outside));
        }
        match self
            .asked
            .get(&whole)
            .map(|(inside, outside)| (inside.contains(&part), outside.contains(&part)))
        {
            Some((true, false)) => Containment::OnlyThere,
            Some((true, true)) => Containment::AlsoElsewhere,
            Some((false, _)) => Containment::NotThere,
            None => Containment::Unknown,
        }
    }

    /// What is reached from some starts without passing through another. No recursion: a document may chain millions.
    fn reached(&self, starts: Vec<usize>, without: Option<usize>) -> HashSet<usize> {
        let mut reached: HashSet<usize> = starts.iter().copied().collect();
        let mut rest = starts;
        while let Some(at) = rest.pop() {
            for next in self.below.get(&at).into_iter().flatten() {
                if Some(*next) != without && reached.insert(*next) {
                    rest.push(*next);
                }
            }
        }
        reached
    }
}
