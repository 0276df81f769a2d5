//! Whether what a statement names is what a bill of materials holds, by what it was recognised, or what stands against it.

use std::collections::HashMap;

use super::bill::address;
use super::model::{Claim, Standing, Thing, Versions};
use super::range;
use crate::name::cpe::{Attribute, Cpe};
use crate::name::cpe_matching::Relation;
use crate::name::purl::Purl;
use crate::version::{Scheme, order};

/// By what something was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedBy {
    /// A link into this very bill.
    Link,
    /// Its address in this very document (SPDX).
    Address,
    /// A package URL.
    Purl,
    /// A CPE name.
    Cpe,
    /// A checksum.
    Hash,
    /// Name and version.
    NameAndVersion,
    /// The name alone: the statement names no version.
    Name,
}

/// Why something is not what a statement names. Later ones tell more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Other {
    /// It is something else.
    Different,
    /// Nothing is known of both that could be compared.
    Incomparable,
    /// The statement's reference leads nowhere.
    Unresolved,
    /// The statement is about another bill of materials.
    OtherBill,
    /// It is about another version of this bill.
    OtherRevision {
        /// The version the statement names.
        stated: String,
    },
    /// The statement names a version, and the bill none.
    VersionUnknown,
    /// Whether the statement's versions hold this one cannot be told.
    VersionUndetermined {
        /// The versions the statement names.
        stated: String,
        /// The version in the bill.
        found: String,
    },
    /// It is another version of the same.
    OtherVersion {
        /// The versions the statement names.
        stated: String,
        /// The version in the bill.
        found: String,
    },
}

/// What a bill of materials is, for what links into it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home<'a> {
    /// The serial number without `urn:uuid:`.
    pub(super) serial: Option<&'a str>,
    pub(super) revision: Option<&'a str>,
    /// The namespace of an SPDX document.
    pub(super) namespace: Option<&'a str>,
}

impl Home<'_> {
    /// Whether a statement means this document as a whole by its address.
    pub(super) fn is_addressed(self, stated: &Thing) -> bool {
        self.namespace.is_some_and(|namespace| bears(stated, namespace))
    }
}

/// Whether a thing bears an address. One of a document that was made from CycloneDX may be read as a link.
fn bears(stated: &Thing, address: &str) -> bool {
    stated.ids.iter().any(|id| id == address)
        || stated.link.as_ref().is_some_and(|link| link.to_string().eq_ignore_ascii_case(address))
}

/// Something of a bill, its names read once.
pub(super) struct Known<'a> {
    pub(super) thing: &'a Thing,
    purls: Vec<Purl>,
    cpes: Vec<Cpe>,
    /// Name and version told by a package URL of the type `generic`: it says nothing but these of what no ecosystem knows.
    told: Option<Thing>,
}

impl<'a> Known<'a> {
    pub(super) fn of(thing: &'a Thing) -> Self {
        let reference =
            thing.reference.as_deref().filter(|text| thing.purls.is_empty() && text.starts_with("pkg:"));
        let purls = thing.purls.iter().map(String::as_str).chain(reference);
        let purls: Vec<Purl> = purls.filter_map(|text| Purl::parse_lenient(text).ok()).collect();
        Known {
            thing,
            told: purls.iter().filter(|_| thing.name.is_none()).find_map(told),
            purls,
            cpes: thing.cpes.iter().filter_map(|text| Cpe::parse(text).ok()).collect(),
        }
    }

    /// Under these keys it is looked up: two that are the same share one.
    pub(super) fn keys(&self) -> Vec<String> {
        let thing = self.thing;
        let purls = self.purls.iter().map(|purl| format!("p{}", package(purl)));
        let cpes =
            self.cpes.iter().filter_map(|cpe| Some(format!("c{}", cpe.get(Attribute::Product).plain()?)));
        let hashes = thing.hashes.iter().map(|hash| format!("h{}", hash.value.to_lowercase()));
        let told = self.told.iter().filter_map(|told| told.name.as_ref());
        let names = thing.name.iter().chain(told).map(|name| format!("n{}", last(name).to_lowercase()));
        let link = thing.link.as_ref().and_then(|link| link.reference.as_ref());
        let references =
            thing.reference.iter().chain(link).map(|reference| format!("r{}", decoded(reference)));
        let addresses = thing.ids.iter().flat_map(|id| {
            [Some(id.as_str()), id.rsplit_once('#').map(|(_, reference)| reference)].into_iter().flatten()
        });
        let addresses = addresses.map(|reference| format!("r{}", decoded(reference)));
        purls.chain(cpes).chain(hashes).chain(names).chain(references).chain(addresses).collect()
    }
}

/// Where things of a bill are found by their names.
pub(super) struct Lookup(HashMap<String, Vec<usize>>);

impl Lookup {
    pub(super) fn of(all: &[Known<'_>]) -> Self {
        let mut lookup: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, one) in all.iter().enumerate() {
            for key in one.keys() {
                lookup.entry(key).or_default().push(index);
            }
        }
        Lookup(lookup)
    }

    /// Those that may be what is stated, in the order of the bill.
    pub(super) fn may_be(&self, stated: &Known<'_>) -> Vec<usize> {
        let mut found: Vec<usize> =
            stated.keys().iter().filter_map(|key| self.0.get(key)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Whether a thing of a bill is the one that is stated. A link decides alone where it leads into this bill; package URLs decide before CPE
/// names, those before checksums, and names only where neither side has anything better in common.
pub(super) fn same(
    stated: &Known<'_>,
    found: &Known<'_>,
    home: Home<'_>,
    is_main: bool,
) -> Result<NamedBy, Other> {
    let own = home.namespace.zip(found.thing.reference.as_deref());
    if own.is_some_and(|(namespace, reference)| bears(stated.thing, &address(namespace, reference)))
        || is_main && home.is_addressed(stated.thing)
    {
        return Ok(NamedBy::Address);
    }
    let (mut against, here) = linked(stated.thing, found.thing, home, is_main);
    if let Some(here) = here {
        return here;
    }
    if !stated.purls.is_empty() && !found.purls.is_empty() {
        return any(&stated.purls, &found.purls, purl_is).map(|()| NamedBy::Purl);
    }
    if !stated.cpes.is_empty() && !found.cpes.is_empty() {
        return any(&stated.cpes, &found.cpes, cpe_is).map(|()| NamedBy::Cpe);
    }
    let hashed = stated.thing.hashes.iter().any(|one| {
        found.thing.hashes.iter().any(|other| {
            plain(&one.algorithm) == plain(&other.algorithm) && one.value.eq_ignore_ascii_case(&other.value)
        })
    });
    if hashed {
        return Ok(NamedBy::Hash);
    }
    if let (Some(_), Some(_)) = (&stated.thing.name, &found.thing.name) {
        return named(stated.thing, found.thing);
    }
    // A version must be told: a mere name would hold for every version of whatever bears it. A namespace says whose it is.
    if let Some(told) = stated.told.as_ref().filter(|_| found.purls.is_empty() && found.thing.name.is_some())
        && (told.version.is_some() || !is_main && found.thing.version.is_none())
    {
        let is_whose = full_name(told) == full_name(found.thing);
        return if is_whose { named(told, found.thing) } else { Err(against) };
    }
    if stated.thing.reference.is_some() {
        against = against.max(Other::Unresolved);
    }
    Err(against.max(Other::Incomparable))
}

/// Why nothing in a bill is what is stated, before anything is compared.
pub(super) fn absent(stated: &Thing, home: Home<'_>) -> Other {
    let is_unresolved = stated.reference.is_some() && stated.link.is_none() && stated.name.is_none();
    let reference = if is_unresolved { Other::Unresolved } else { Other::Different };
    linked(stated, &Thing::default(), home, false).0.max(reference)
}

/// What is said of the version that a bill holds, where a statement tells versions apart.
pub(super) fn claimed(stated: &Thing, found: &Thing) -> Result<Option<Standing>, Other> {
    if stated.claims.is_empty() {
        return Ok(None);
    }
    let Some(version) = &found.version else { return Err(Other::VersionUnknown) };
    let scheme =
        found.purls.iter().find_map(|purl| Scheme::of_purl_type(Purl::parse_lenient(purl).ok()?.kind()));
    let mut holding: Option<&Claim> = None;
    let mut open = false;
    for claim in &stated.claims {
        match holds(claim, version, scheme) {
            Some(true) if holding.is_some_and(|other| other.standing != claim.standing) => open = true,
            Some(true) => holding = Some(claim),
            Some(false) => {}
            None => open = true,
        }
    }
    let told = || (versions_of(stated), version.clone());
    match (holding, open) {
        (Some(claim), false) => Ok(claim.standing),
        (_, true) => {
            let (stated, found) = told();
            Err(Other::VersionUndetermined { stated, found })
        }
        (None, false) => {
            let (stated, found) = told();
            Err(Other::OtherVersion { stated, found })
        }
    }
}

fn holds(claim: &Claim, version: &str, scheme: Option<Scheme>) -> Option<bool> {
    match &claim.versions {
        Versions::One(one) if one == version => Some(true),
        Versions::One(one) => {
            Some(scheme.and_then(|scheme| order(scheme, one, version)) == Some(std::cmp::Ordering::Equal))
        }
        Versions::Range(range) => range::holds(range, version),
    }
}

/// The versions a statement names, for a person; long lists are cut.
fn versions_of(stated: &Thing) -> String {
    let one = |claim: &Claim| match &claim.versions {
        Versions::One(text) | Versions::Range(text) => text.clone(),
    };
    let shown: Vec<String> = stated.claims.iter().take(5).map(one).collect();
    let more = if stated.claims.len() > shown.len() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// What a link says: what stands against it, or the answer where it leads into this bill.
fn linked(
    stated: &Thing,
    found: &Thing,
    home: Home<'_>,
    is_main: bool,
) -> (Other, Option<Result<NamedBy, Other>>) {
    let Some(link) = &stated.link else { return (Other::Different, None) };
    if home.serial != Some(link.serial.as_str()) {
        return (Other::OtherBill, None);
    }
    // A bill without a version is its first (CycloneDX, `version`, default).
    if home.revision.unwrap_or("1") != link.revision {
        return (Other::OtherRevision { stated: link.revision.clone() }, None);
    }
    let is_it = match (&link.reference, &found.reference) {
        (None, _) => is_main,
        (Some(stated), Some(found)) => stated == found || decoded(stated) == decoded(found),
        (Some(_), None) => false,
    };
    (Other::Different, Some(if is_it { Ok(NamedBy::Link) } else { Err(Other::Different) }))
}

/// One pair is enough; of what stands against all, the most telling is told.
fn any<T>(stated: &[T], found: &[T], is: fn(&T, &T) -> Result<(), Other>) -> Result<(), Other> {
    let mut against = Other::Different;
    for one in stated {
        for other in found {
            match is(one, other) {
                Ok(()) => return Ok(()),
                Err(why) => against = against.max(why),
            }
        }
    }
    Err(against)
}

/// A package URL without version means every version; each qualifier that is stated must be there (OpenVEX 0.2.0, "package URLs").
fn purl_is(stated: &Purl, found: &Purl) -> Result<(), Other> {
    if package(stated) != package(found) {
        return Err(Other::Different);
    }
    if stated.qualifiers().any(|(key, value)| found.qualifier(key).is_none_or(|other| other != value)) {
        return Err(Other::Different);
    }
    if stated.subpath().is_some_and(|path| found.subpath() != Some(path)) {
        return Err(Other::Different);
    }
    match (stated.version(), found.version()) {
        (None, _) => Ok(()),
        (Some(stated), Some(found)) if stated == found => Ok(()),
        (Some(stated), Some(found)) => {
            Err(Other::OtherVersion { stated: stated.to_owned(), found: found.to_owned() })
        }
        (Some(_), None) => Err(Other::VersionUnknown),
    }
}

/// The stated name must be that of the component or hold it (NISTIR 7696): one that only overlaps with it proves nothing.
fn cpe_is(stated: &Cpe, found: &Cpe) -> Result<(), Other> {
    match stated.relation(found) {
        Relation::Equal | Relation::Superset => Ok(()),
        relation => {
            let (version, product) = (Attribute::Version as usize, Attribute::Product as usize);
            let all = stated.relations(found);
            let same_but_version = all
                .iter()
                .enumerate()
                .all(|(at, one)| at >= version || matches!(one, Relation::Equal | Relation::Superset));
            let told = |cpe: &Cpe| cpe.get(Attribute::Version).plain().unwrap_or("*".into()).into_owned();
            match (same_but_version, all[version]) {
                _ if all[product] == Relation::Disjoint => Err(Other::Different),
                (true, Relation::Disjoint) => {
                    Err(Other::OtherVersion { stated: told(stated), found: told(found) })
                }
                (true, _) if relation != Relation::Disjoint => {
                    Err(Other::VersionUndetermined { stated: told(stated), found: told(found) })
                }
                _ => Err(Other::Different),
            }
        }
    }
}

fn named(stated: &Thing, found: &Thing) -> Result<NamedBy, Other> {
    let (full, other) = (full_name(stated), full_name(found));
    // A group may stand within the name.
    let without_group = !full.contains('/') || !other.contains('/');
    let is_same = full == other || (without_group && last(&full) == last(&other));
    if !is_same {
        return Err(Other::Different);
    }
    match (&stated.version, &found.version) {
        (None, _) => Ok(NamedBy::Name),
        (Some(stated), Some(found)) if stated == found => Ok(NamedBy::NameAndVersion),
        (Some(stated), Some(found)) => {
            Err(Other::OtherVersion { stated: stated.clone(), found: found.clone() })
        }
        (Some(_), None) => Err(Other::VersionUnknown),
    }
}

fn told(purl: &Purl) -> Option<Thing> {
    if purl.kind() != "generic" || purl.qualifiers().next().is_some() || purl.subpath().is_some() {
        return None;
    }
    Some(Thing {
        group: purl.namespace().map(str::to_owned),
        name: Some(purl.name().to_owned()),
        version: purl.version().map(str::to_owned),
        ..Thing::default()
    })
}

fn full_name(thing: &Thing) -> String {
    let name = thing.name.as_deref().unwrap_or_default().trim().to_lowercase();
    thing.group.as_ref().map_or(name.clone(), |group| format!("{}/{name}", group.to_lowercase()))
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn package(purl: &Purl) -> String {
    format!("{}/{}/{}", purl.kind(), purl.namespace().unwrap_or_default(), purl.name())
}

/// `SHA-256`, `sha256` and `sha_256` are the same.
fn plain(algorithm: &str) -> String {
    algorithm.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

/// A reference in a link may be percent-encoded (BOM-Link).
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes.get(at + 1).copied().and_then(hex), bytes.get(at + 2).copied().and_then(hex));
        if let (b'%', (Some(high), Some(low))) = (bytes[at], pair) {
            out.push(high * 16 + low);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
