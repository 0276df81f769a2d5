//! Two people have changed one record: what each of them changed is put together; where both changed the same field, a person
//! chooses.

use std::collections::BTreeSet;

use register::Record;
use serde_json::Value;

/// A field that both have changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Both {
    pub(super) field: String,
    pub(super) mine: Option<Value>,
    pub(super) theirs: Option<Value>,
}

/// The record with the changes of both, and the fields that both have changed in different ways, which are as `theirs` has
/// them. `chosen` tells the fields for which mine was chosen.
pub(super) fn merge(
    base: &Record,
    theirs: &Record,
    mine: &Record,
    chosen: &BTreeSet<String>,
) -> (Record, Vec<Both>) {
    let mut merged = theirs.clone();
    let mut both = Vec::new();
    let names: BTreeSet<&String> =
        base.fields.keys().chain(theirs.fields.keys()).chain(mine.fields.keys()).collect();
    for name in names {
        let [was, other, own] = [base, theirs, mine].map(|record| record.fields.get(name));
        if own == was || own == other {
            continue;
        }
        if other != was && !chosen.contains(name) {
            both.push(Both { field: name.clone(), mine: own.cloned(), theirs: other.cloned() });
            continue;
        }
        match own {
            Some(value) => merged.fields.insert(name.clone(), value.clone()),
            None => merged.fields.remove(name),
        };
    }
    if mine.links != base.links {
        merged.links.retain(|link| mine.links.contains(link) || !base.links.contains(link));
        merged.links.extend(
            mine.links
                .iter()
                .filter(|link| !theirs.links.contains(link) && !base.links.contains(link))
                .cloned(),
        );
    }
    if mine.sources != base.sources {
        merged.sources.retain(|source| mine.sources.contains(source) || !base.sources.contains(source));
        merged.sources.extend(
            mine.sources
                .iter()
                .filter(|source| !theirs.sources.contains(source) && !base.sources.contains(source))
                .cloned(),
        );
    }
    (merged, both)
}

#[cfg(test)]
mod tests {
    use base::Source;

    use super::*;

    fn record(fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new("r".parse().unwrap(), "a".parse().unwrap(), Source::document("001"));
        for (name, text) in fields {
            record.set(name, text);
        }
        record
    }

    #[test]
    fn changes_of_different_fields_are_put_together() {
        let base = record(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let (theirs, mine) =
            (record(&[("a", "2"), ("b", "1"), ("c", "1")]), record(&[("a", "1"), ("b", "2")]));
        let (merged, both) = merge(&base, &theirs, &mine, &BTreeSet::new());
        assert_eq!((merged, both), (record(&[("a", "2"), ("b", "2")]), vec![]));
    }

    #[test]
    fn of_one_field_changed_by_both_a_person_chooses() {
        let base = record(&[("a", "1")]);
        let (theirs, mine) = (record(&[("a", "2")]), record(&[("a", "3")]));
        let (merged, both) = merge(&base, &theirs, &mine, &BTreeSet::new());
        assert_eq!(merged, theirs);
        assert_eq!(both[0].field, "a");
        let (merged, both) = merge(&base, &theirs, &mine, &BTreeSet::from(["a".to_owned()]));
        assert_eq!((merged, both), (mine, vec![]));
    }
}
