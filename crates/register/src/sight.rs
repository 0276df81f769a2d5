//! What a viewer may see and change: the one place that reads the declared rights. A declaration and a viewer in; records
//! without what the viewer may not see out. Who somebody is, is the account's business; nothing is looked up here.
//!
//! Lists keep the same promise in the database: [`Sight::extent`] says which records of a register a viewer may see
//! at all, so that counts, order and search hits are those of the viewer's own records.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::declaration::Declaration;
use crate::record::{Belief, Link, Record};
use crate::registry::Registry;
use crate::rights::Party;

/// Who looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The account's id; none for somebody who has not signed in.
    pub person: Option<String>,
    /// The organisations of the person, as a field names them: `organisation:mhlw` and the official name.
    pub organisations: BTreeSet<String>,
    /// Their roles.
    pub roles: BTreeSet<String>,
}

/// The records of a register that a viewer may see at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every record.
    All,
    /// Those where one of these fields has one of these values. Without pairs: no record.
    Only(Vec<(String, String)>),
}

/// A change that the viewer has no right to make.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The record as a whole.
    #[error("you may not change records of this register")]
    Record,
    /// One field.
    #[error("you may not change `{0}`")]
    Field(String),
    /// A record would be given to, or taken from, an organisation that is not the viewer's.
    #[error("`{0}` must name your own organisation")]
    Holder(String),
}

/// A register through the eyes of a viewer.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    declaration: &'a Declaration,
    viewer: &'a Viewer,
}

impl Viewer {
    /// Everybody, without login.
    pub fn public() -> Self {
        Viewer::default()
    }
    /// Whether somebody has signed in.
    pub fn is_signed_in(&self) -> bool {
        self.person.is_some()
    }
    /// Whether the viewer has a role.
    pub fn has(&self, role: &str) -> bool {
        self.is_signed_in() && self.roles.contains(role)
    }
}

impl Extent {
    /// Whether no record can be seen.
    pub fn is_empty(&self) -> bool {
        *self == Extent::Only(Vec::new())
    }
}

impl<'a> Sight<'a> {
    /// A register through the eyes of a viewer.
    pub fn of(declaration: &'a Declaration, viewer: &'a Viewer) -> Self {
        Sight { declaration, viewer }
    }

    /// Which records the viewer may see at all.
    pub fn extent(self) -> Extent {
        let rights = &self.declaration.rights;
        if rights.see.iter().any(|party| self.is_always(party)) {
            return Extent::All;
        }
        let fields = rights.see.iter().filter_map(|party| rights.holder_field(party));
        let pairs = fields.flat_map(|field| self.own().map(move |value| (field.to_owned(), value.clone())));
        Extent::Only(pairs.collect())
    }

    /// Whether the viewer may see a record.
    pub fn sees(self, record: &Record) -> bool {
        self.is_one_of(&self.declaration.rights.see, record)
    }

    /// Whether the viewer may see a field of a record.
    pub fn sees_field(self, record: &Record, field: &str) -> bool {
        self.sees(record) && self.is_one_of(self.declaration.rights.see(field), record)
    }

    /// Whether there can be a record whose field the viewer may see: whether a list has the column.
    pub fn may_ever_see(self, field: &str) -> bool {
        let to = self.declaration.rights.see(field);
        to.iter().any(|party| self.is_always(party) || self.could_be(party))
    }

    /// The record as the viewer may see it; none where it is hidden. Links into registers of which the viewer sees
    /// nothing are left out, and so are the names of persons where nobody has signed in.
    pub fn record(self, registry: &Registry, record: &Record) -> Option<Record> {
        if !self.sees(record) {
            return None;
        }
        let mut seen = record.clone();
        seen.fields.retain(|field, _| self.sees_field(record, field));
        seen.links.retain(|link| self.sees_link(registry, link));
        if !self.viewer.is_signed_in() {
            for link in &mut seen.links {
                if let Belief::Confirmed { by, .. } = &mut link.belief {
                    by.clear();
                }
            }
        }
        Some(seen)
    }

    /// Whether the viewer may put new records into the register.
    pub fn may_create(self) -> bool {
        self.declaration.rights.change.iter().any(|party| self.is_always(party) || self.could_be(party))
    }

    /// Whether the viewer may change a record: its state, its links, and every field without rights of its own.
    pub fn may_change(self, record: &Record) -> bool {
        self.sees(record) && self.is_one_of(&self.declaration.rights.change, record)
    }

    /// Whether the viewer may change a field of a record.
    pub fn may_change_field(self, record: &Record, field: &str) -> bool {
        self.sees_field(record, field) && self.is_one_of(self.declaration.rights.change(field), record)
    }

    /// What the viewer wrote, with the fields and links they could not see put back as they were. Where they left the
    /// links as they saw them, all stand in their old order: nothing of them has changed.
    pub fn with_hidden(self, registry: &Registry, before: &Record, mut after: Record) -> Record {
        for (field, value) in &before.fields {
            if !self.sees_field(before, field) {
                after.fields.insert(field.clone(), value.clone());
            }
        }
        let (seen, hidden): (Vec<_>, Vec<_>) =
            before.links.iter().cloned().partition(|link| self.sees_link(registry, link));
        if seen == after.links {
            after.links.clone_from(&before.links);
        } else {
            after.links.extend(hidden);
        }
        after
    }

    fn sees_link(self, registry: &Registry, link: &Link) -> bool {
        let target = registry.get(link.to.register.as_str());
        target.is_none_or(|target| !Sight::of(target, self.viewer).extent().is_empty())
    }

    /// The fields a viewer wrote that they cannot see. They are refused whatever was written: refusing only what differs would
    /// tell what is there.
    pub fn blind(self, before: &Record, sent: &Record) -> Vec<Denied> {
        let blind = sent.fields.keys().filter(|field| !self.sees_field(before, field));
        blind.map(|field| Denied::Field(field.clone())).collect()
    }

    /// Every part of a change that the viewer has no right to. `after` is none where the record is withdrawn.
    pub fn denied(self, before: Option<&Record>, after: Option<&Record>) -> Vec<Denied> {
        let Some(whose) = before.or(after) else { return Vec::new() };
        if !self.is_one_of(&self.declaration.rights.change, whose) {
            let only_fields =
                before.zip(after).is_some_and(|(before, after)| same_but_for_fields(before, after));
            if !only_fields || !self.sees(whose) {
                return vec![Denied::Record];
            }
        }
        let Some(after) = after else { return Vec::new() };
        let none = serde_json::Map::new();
        let old = before.map_or(&none, |before| &before.fields);
        let names: BTreeSet<&String> = old.keys().chain(after.fields.keys()).collect();
        let changed = names.into_iter().filter(|name| old.get(*name) != after.fields.get(*name));
        let mut denied: Vec<Denied> = changed
            .filter(|field| !self.may_change_field(whose, field))
            .map(|field| Denied::Field(field.clone()))
            .collect();
        denied.extend(self.foreign_holder(before, after));
        denied
    }

    /// Who may change a record only as its owner cannot make it another's.
    fn foreign_holder(self, before: Option<&Record>, after: &Record) -> Option<Denied> {
        let rights = &self.declaration.rights;
        let field = rights.owner.as_ref()?;
        // Who may change single fields of another's record leaves it with whom it is.
        if before.is_some_and(|before| before.fields.get(field) == after.fields.get(field)) {
            return None;
        }
        let as_role = rights.change.iter().any(|party| self.is_always(party));
        let kept = self.is_one_of(&rights.change, after);
        (!as_role && !kept).then(|| Denied::Holder(field.clone()))
    }

    fn is_one_of(self, parties: &[Party], record: &Record) -> bool {
        parties.iter().any(|party| self.is_always(party) || self.holds(party, record))
    }

    /// Whether the viewer is the party whatever the record.
    fn is_always(self, party: &Party) -> bool {
        match party {
            Party::Public => true,
            Party::Organisations => self.viewer.is_signed_in() && !self.viewer.organisations.is_empty(),
            Party::Role(role) => self.viewer.has(role),
            Party::Owner | Party::Named => false,
        }
    }

    /// Whether the viewer is the party for some records.
    fn could_be(self, party: &Party) -> bool {
        self.declaration.rights.holder_field(party).is_some() && self.own().next().is_some()
    }

    fn holds(self, party: &Party, record: &Record) -> bool {
        let field = self.declaration.rights.holder_field(party);
        let Some(value) = field.and_then(|field| record.fields.get(field)) else { return false };
        let mine = |value: &Value| value.as_str().is_some_and(|text| self.own().any(|own| own == text));
        mine(value) || value.as_array().is_some_and(|values| values.iter().any(mine))
    }

    fn own(self) -> impl Iterator<Item = &'a String> {
        self.viewer.organisations.iter().filter(move |_| self.viewer.is_signed_in())
    }
}

/// Sources may be added with the fields they speak for.
fn same_but_for_fields(before: &Record, after: &Record) -> bool {
    before.state == after.state
        && before.links == after.links
        && before.sources.iter().all(|source| after.sources.contains(source))
}

#[cfg(test)]
mod tests {
    use base::Source;

    use super::*;

    const REPORT: &str = r#"
        id = "report"
        name = { ja = "報告", en = "reports" }
        about = { ja = "報告", en = "reports" }
        spec = "N"
        source = { document = "004" }
        title = "device"
        rights = { see = ["secretariat", "owner", "named"], change = ["secretariat", "owner"], owner = "holder", named = "shown_to", fields.judgement = { see = ["secretariat"], change = ["secretariat"] } }
        [fields]
        device = { type = "text", label = { ja = "機器", en = "device" } }
        holder = { type = "ref", label = { ja = "保有者", en = "holder" }, filter = true }
        shown_to = { type = "list", of = { type = "ref" }, label = { ja = "開示先", en = "shown to" }, filter = true }
        judgement = { type = "text", label = { ja = "判断", en = "judgement" } }
    "#;

    fn declaration() -> Declaration {
        Declaration::parse("report.toml", REPORT).unwrap()
    }

    fn person(organisation: &str, roles: &[&str]) -> Viewer {
        Viewer {
            person: Some("p".into()),
            organisations: [format!("organisation:{organisation}")].into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        }
    }

    fn report() -> Record {
        let mut record =
            Record::new("report".parse().unwrap(), "r1".parse().unwrap(), Source::document("form"));
        record.set("device", "pump").set("holder", "organisation:acme").set("judgement", "late");
        record.set("shown_to", ["organisation:clinic"]);
        record
    }

    #[test]
    fn a_confidential_record_is_seen_by_its_owner_those_it_names_and_the_roles_declared() {
        let (declaration, record) = (declaration(), report());
        let sees = |viewer: &Viewer| Sight::of(&declaration, viewer).sees(&record);
        assert!(sees(&person("acme", &[])));
        assert!(sees(&person("clinic", &[])));
        assert!(sees(&person("office", &["secretariat"])));
        assert!(!sees(&person("rival", &[])));
        assert!(!sees(&person("rival", &["reviewer"])));
        assert!(!sees(&Viewer::public()));
    }

    #[test]
    fn nobody_without_login_has_a_role_or_an_organisation() {
        let claimed = Viewer { person: None, ..person("acme", &["secretariat"]) };
        let declaration = declaration();
        let sight = Sight::of(&declaration, &claimed);
        assert!(!sight.sees(&report()) && !sight.may_create() && sight.extent().is_empty());
    }

    #[test]
    fn a_list_asks_for_the_viewers_own_records_only() {
        let declaration = declaration();
        let rival = person("rival", &[]);
        let pair = |field: &str| (field.to_owned(), "organisation:rival".to_owned());
        assert_eq!(
            Sight::of(&declaration, &rival).extent(),
            Extent::Only(vec![pair("holder"), pair("shown_to")])
        );
        assert_eq!(Sight::of(&declaration, &person("x", &["secretariat"])).extent(), Extent::All);
    }

    #[test]
    fn a_field_hidden_from_the_owner_stays_hidden_and_unchanged_when_the_owner_writes() {
        let (declaration, before, acme) = (declaration(), report(), person("acme", &[]));
        let sight = Sight::of(&declaration, &acme);
        let mut seen = sight.record(&Registry::default(), &before).unwrap();
        assert_eq!(seen.text("judgement"), None);
        seen.set("device", "pump 2");
        assert_eq!(sight.denied(Some(&before), Some(&seen)), [Denied::Field("judgement".into())]);
        let after = sight.with_hidden(&Registry::default(), &before, seen);
        assert_eq!(after.text("judgement"), Some("late"));
        assert_eq!(sight.denied(Some(&before), Some(&after)), []);
    }

    #[test]
    fn who_is_only_shown_a_record_changes_nothing() {
        let (declaration, before, clinic) = (declaration(), report(), person("clinic", &[]));
        let mut after = before.clone();
        after.set("device", "other");
        let sight = Sight::of(&declaration, &clinic);
        assert!(!sight.denied(Some(&before), Some(&after)).is_empty());
        assert_eq!(sight.denied(Some(&before), None), [Denied::Record]);
    }

    #[test]
    fn an_owner_cannot_take_or_give_away_a_record() {
        let (declaration, before) = (declaration(), report());
        let (acme, rival) = (person("acme", &[]), person("rival", &[]));
        let mut given = before.clone();
        given.set("holder", "organisation:rival");
        let sight = Sight::of(&declaration, &acme);
        assert_eq!(sight.denied(Some(&before), Some(&given)), [Denied::Holder("holder".into())]);
        assert_eq!(Sight::of(&declaration, &rival).denied(None, Some(&before)), [Denied::Record]);
        assert_eq!(Sight::of(&declaration, &rival).denied(Some(&before), Some(&given)), [Denied::Record]);
    }

    #[test]
    fn a_declaration_cannot_tell_by_lists_what_it_hides_on_pages() {
        for told in ["filter = true", "search = true"] {
            let leaky = REPORT.replace(r#"en = "judgement" }"#, &format!(r#"en = "judgement" }}, {told}"#));
            let said = Declaration::parse("report.toml", &leaky).unwrap_err().to_string();
            assert!(
                said.contains("`judgement`: it can be neither title nor filtered nor searched"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_right_of_the_owner_needs_a_field_that_names_the_owner() {
        for (what, with) in [(r#"owner = "holder", "#, ""), (r#"owner = "holder""#, r#"owner = "nobody""#)] {
            assert!(Declaration::parse("report.toml", &REPORT.replace(what, with)).is_err());
        }
    }
}
