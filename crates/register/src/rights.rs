//! Rights: who may see and who may change the records of a register, down to the field.
//! Whether a person has a role is the account's business; here stands only what is declared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Somebody to whom a right is given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Party {
    /// Everybody, without login.
    Public,
    /// Every organisation with an account.
    Organisations,
    /// The organisation that holds the record: the one in the field that [`Rights::owner`] names.
    Owner,
    /// The organisations the record names: those in the field that [`Rights::named`] names.
    Named,
    /// Those with a named role.
    Role(String),
}

impl TryFrom<String> for Party {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Ok(match text.as_str() {
            "public" => Party::Public,
            "organisations" => Party::Organisations,
            "owner" => Party::Owner,
            "named" => Party::Named,
            "" => {
                return Err(
                    "a right is given to `public`, `organisations`, `owner`, `named` or a role".to_owned()
                );
            }
            _ => Party::Role(text),
        })
    }
}

impl From<Party> for String {
    fn from(party: Party) -> String {
        match party {
            Party::Public => "public".to_owned(),
            Party::Organisations => "organisations".to_owned(),
            Party::Owner => "owner".to_owned(),
            Party::Named => "named".to_owned(),
            Party::Role(role) => role,
        }
    }
}

/// The rights of a register. What is not declared is not allowed: seen by nobody but its keepers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// Who may see its records.
    #[serde(default = "secretariat")]
    pub see: Vec<Party>,
    /// Who may change them.
    #[serde(default = "secretariat")]
    pub change: Vec<Party>,
    /// The field that says whose a record is: a reference to an organisation, or its official name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The field that lists further organisations the owner shows the record to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// Fields with other rights than the record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldRights>,
}

/// The rights of one field, where they are not the record's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRights {
    /// Who may see it; the record's rights where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub see: Option<Vec<Party>>,
    /// Who may change it; the record's rights where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Vec<Party>>,
}

fn secretariat() -> Vec<Party> {
    vec![Party::Role("secretariat".to_owned())]
}

impl Default for Rights {
    fn default() -> Self {
        Rights {
            see: secretariat(),
            change: secretariat(),
            owner: None,
            named: None,
            fields: BTreeMap::new(),
        }
    }
}

impl Rights {
    /// Who may see a field.
    pub fn see(&self, field: &str) -> &[Party] {
        self.fields.get(field).and_then(|rights| rights.see.as_deref()).unwrap_or(&self.see)
    }
    /// Who may change a field.
    pub fn change(&self, field: &str) -> &[Party] {
        self.fields.get(field).and_then(|rights| rights.change.as_deref()).unwrap_or(&self.change)
    }
    /// Every list of parties: the record's, then the fields'.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &[Party]> {
        let fields = self.fields.values().flat_map(|field| [field.see.as_deref(), field.change.as_deref()]);
        [self.see.as_slice(), self.change.as_slice()].into_iter().chain(fields.flatten())
    }
    /// The field behind `owner` or `named`, where the party is one of these.
    pub fn holder_field(&self, party: &Party) -> Option<&str> {
        match party {
            Party::Owner => self.owner.as_deref(),
            Party::Named => self.named.as_deref(),
            _ => None,
        }
    }
    /// Whether all who may see the record may see the field: whoever is not named for the field is not left out.
    pub fn field_is_as_open(&self, field: &str) -> bool {
        let to = self.see(field);
        to.contains(&Party::Public) || self.see.iter().all(|party| to.contains(party))
    }
}
