//! Judging: whether a change is to be made, by what is there and what the register declares. Everything that costs
//! time about a change and needs no database, so that all processors do it.

use std::collections::{BTreeMap, HashMap};

use register::{Declaration, Fault, Record, RecordRef, Registry, validate};

use super::Change;
use crate::chain::body_hash;
use crate::error::{Refusal, Result, StoreError};
use crate::project::{self, Face};
use crate::read::record_of;

/// Faults a refusal lists.
const FAULTS: usize = 100;

/// The newest version of a record that is to be changed.
pub(super) struct Latest {
    pub(super) seq: u64,
    pub(super) version: u64,
    pub(super) live: bool,
    pub(super) body: Vec<u8>,
}

/// What has to be known to judge changes of different records.
pub(super) struct Known<'a> {
    pub(super) registry: &'a Registry,
    /// Registers, and whether they are indexed by the declarations of this program.
    pub(super) agreed: &'a BTreeMap<String, bool>,
    /// The newest versions of the records that are there.
    pub(super) latest: HashMap<RecordRef, Latest>,
    /// What records shall be again.
    pub(super) earlier: HashMap<RecordRef, Vec<u8>>,
}

/// What becomes of a change.
pub(super) enum Verdict {
    Unchanged,
    Refused(Vec<Fault>),
    Accepted {
        body: Vec<u8>,
        hash: [u8; 32],
        /// None where the record is withdrawn.
        face: Option<Face>,
    },
}

/// Whether a change is to be made.
pub(super) fn judge(known: &Known<'_>, reference: &RecordRef, change: &Change) -> Result<Verdict> {
    let declaration = declaration(known, reference)?;
    let latest = known.latest.get(reference);
    let found = latest.map_or(0, |latest| latest.version);
    let current = latest.filter(|latest| latest.live);
    // Whoever expects that nothing is there is right of a withdrawn record too.
    let agrees = |expected: u64| expected == found || (expected == 0 && current.is_none());
    if let Some(expected) = change.expected().filter(|expected| !agrees(*expected)) {
        return Err(StoreError::Conflict { record: reference.clone(), expected, found });
    }
    match change {
        Change::Put { record, .. } => put(declaration, record, current, !declaration.states.is_empty()),
        Change::Undo { record, to_version, .. } => match known.earlier.get(reference) {
            Some(body) => put(declaration, &record_of(body)?, current, false),
            None => Err(StoreError::NoVersion { record: record.clone(), version: *to_version }),
        },
        Change::Withdraw { .. } if current.is_none() => Err(StoreError::NoRecord(reference.clone())),
        Change::Withdraw { .. } => {
            Ok(Verdict::Accepted { body: Vec::new(), hash: body_hash(&[]), face: None })
        }
    }
}

/// Every register must be declared, and indexed by the declaration this program has.
fn declaration<'a>(known: &Known<'a>, reference: &RecordRef) -> Result<&'a Declaration> {
    let register = reference.register.as_str();
    let declared = known.registry.get(register);
    let declaration = declared.ok_or_else(|| StoreError::NoRegister(register.to_owned()))?;
    match known.agreed.get(register) {
        Some(true) => Ok(declaration),
        _ => Err(StoreError::Redeclared(declaration.id.clone())),
    }
}

fn put(
    declaration: &Declaration,
    record: &Record,
    current: Option<&Latest>,
    by_moves: bool,
) -> Result<Verdict> {
    let body = canonical(record)?;
    if current.is_some_and(|current| current.body == body) {
        return Ok(Verdict::Unchanged);
    }
    let before = current.filter(|_| by_moves).map(|current| record_of(&current.body)).transpose()?;
    let faults = validate::faults(declaration, record, before.as_ref());
    if !faults.is_empty() {
        return Ok(Verdict::Refused(faults));
    }
    Ok(Verdict::Accepted {
        hash: body_hash(&body),
        body,
        face: Some(project::face(Some(declaration), record)),
    })
}

/// The one way a record is written: fields in the order of their names, no blanks.
fn canonical(record: &Record) -> Result<Vec<u8>> {
    serde_json::to_vec(record).map_err(|error| StoreError::Engine(error.to_string()))
}

/// The faults of changes that are made together or not at all.
#[derive(Default)]
pub(super) struct Faults {
    first: Vec<Refusal>,
    more: usize,
}

impl Faults {
    pub(super) fn add(&mut self, faults: impl IntoIterator<Item = Refusal>, more: usize) {
        self.more += more;
        for refusal in faults {
            if self.first.len() < FAULTS {
                self.first.push(refusal);
            } else {
                self.more += 1;
            }
        }
    }
    pub(super) fn none(&self) -> bool {
        self.first.is_empty()
    }
    pub(super) fn or<T>(self, done: T) -> Result<T> {
        if self.none() { Ok(done) } else { Err(StoreError::Refused { faults: self.first, more: self.more }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_does_not_depend_on_the_order_in_which_fields_were_set() {
        let reference: RecordRef = "a:b".parse().unwrap();
        let empty = Record::new(reference.register, reference.record, base::Source::document("d"));
        let (mut one, mut other) = (empty.clone(), empty);
        one.set("x", 1).set("a", 2);
        other.set("a", 2).set("x", 1);
        assert_eq!(canonical(&one).unwrap(), canonical(&other).unwrap());
    }
}
