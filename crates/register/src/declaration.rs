//! A register's declaration: one small TOML file, read and checked.

use std::collections::BTreeMap;

use base::Names;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::field::Field;
use crate::id::RegisterId;
use crate::rights::{Party, Rights};

/// How much the plan's documents say about the system behind a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spec {
    /// They print data or a usable rule.
    D,
    /// They outline a process; its parameters come from the user.
    P,
    /// They name it, no more.
    N,
}

impl Spec {
    /// What a reader is told.
    pub fn names(self) -> Names {
        match self {
            Spec::D => Names::of("資料にデータ又は規則あり", "the documents print data or a rule"),
            Spec::P => Names::of("資料に手続の概要あり", "the documents outline a process"),
            Spec::N => Names::of("資料に名称のみ", "the documents give the name only"),
        }
    }
}

/// Where the plan's documents speak of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredSource {
    /// Id of the document.
    pub document: String,
    /// Lines of its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<String>,
}

/// One register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// Its id; the file is named after it.
    pub id: RegisterId,
    /// Its name.
    pub name: Names,
    /// What it is for, in a sentence or two.
    pub about: Names,
    /// Rows of the table of the plan's systems that it realises (`A01`).
    #[serde(default)]
    pub covers: Vec<String>,
    /// Plan nodes that its records are evidence for.
    #[serde(default)]
    pub serves: Vec<String>,
    /// How much the documents say.
    pub spec: Spec,
    /// Where they say it.
    pub source: DeclaredSource,
    /// The field shown as a record's title.
    pub title: String,
    /// Who may see and change its records.
    #[serde(default)]
    pub rights: Rights,
    /// Its fields.
    pub fields: BTreeMap<String, Field>,
    /// States and the states each may move to. Without states a record simply stands.
    #[serde(default)]
    pub states: BTreeMap<String, State>,
    /// The state a new record begins in, if there are states.
    #[serde(default)]
    pub initial: Option<String>,
    /// Terms within which something must happen.
    #[serde(default)]
    pub clocks: BTreeMap<String, Clock>,
}

/// A state a record can be in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// What a person sees.
    pub label: Names,
    /// States it may move to.
    #[serde(default)]
    pub to: Vec<String>,
}

/// What is wrong with a declaration.
#[derive(Debug, thiserror::Error)]
pub enum DeclarationError {
    /// Not TOML, or not of the declaring language.
    #[error("registers/{file}: {message}")]
    Form {
        /// The file.
        file: String,
        /// The parser's message with line and column.
        message: String,
    },
    /// It contradicts itself.
    #[error("registers/{file}: {what}")]
    Meaning {
        /// The file.
        file: String,
        /// What contradicts what.
        what: String,
    },
}

impl Declaration {
    /// Reads and checks a declaration. `file` only serves the messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, DeclarationError> {
        let declaration: Declaration = toml::from_str(text)
            .map_err(|error| DeclarationError::Form { file: file.to_owned(), message: error.to_string() })?;
        match declaration.contradiction() {
            None => Ok(declaration),
            Some(what) => Err(DeclarationError::Meaning { file: file.to_owned(), what }),
        }
    }

    /// The first thing in it that points nowhere.
    fn contradiction(&self) -> Option<String> {
        if !self.fields.contains_key(&self.title) {
            return Some(format!("title = \"{}\" is not one of its fields", self.title));
        }
        let unknown = |state: &String| !self.states.contains_key(state);
        for (name, state) in &self.states {
            if let Some(target) = state.to.iter().find(|target| unknown(target)) {
                return Some(format!("state `{name}` leads to `{target}`, which is not a state"));
            }
        }
        match &self.initial {
            Some(initial) if unknown(initial) => {
                return Some(format!("initial = \"{initial}\" is not one of its states"));
            }
            None if !self.states.is_empty() => {
                return Some("it has states but no `initial` one".to_owned());
            }
            _ => {}
        }
        for (name, clock) in &self.clocks {
            if let Some(state) = clock.states().find(|state| unknown(state)) {
                return Some(format!("clock `{name}` names `{state}`, which is not a state"));
            }
            if let Some(field) = clock.fields().find(|field| !self.fields.contains_key(*field)) {
                return Some(format!("clock `{name}` names `{field}`, which is not a field"));
            }
        }
        self.contradiction_of_rights()
    }

    /// Rights that point nowhere, and fields that lists and search would tell to those who may not see them.
    fn contradiction_of_rights(&self) -> Option<String> {
        if let Some(field) = self.rights.fields.keys().find(|field| !self.fields.contains_key(*field)) {
            return Some(format!("rights are declared for `{field}`, which is not a field"));
        }
        for party in self.rights.lists().flatten() {
            let word = String::from(party.clone());
            if !matches!(party, Party::Owner | Party::Named) {
                continue;
            }
            let Some(field) = self.rights.holder_field(party) else {
                return Some(format!(
                    "rights are given to `{word}`; say which field holds it: `{word} = \"…\"`"
                ));
            };
            match self.fields.get(field) {
                None => return Some(format!("{word} = \"{field}\" is not one of its fields")),
                Some(declared) if !declared.filter => {
                    return Some(format!(
                        "`{field}` says who is `{word}`: let lists be filtered by it (`filter = true`)"
                    ));
                }
                Some(_) => {}
            }
        }
        let told = |field: &Field| {
            field.filter || field.search || field.kind.columns().any(|(_, c)| c.search || c.filter)
        };
        let narrow = self.fields.iter().filter(|(name, _)| !self.rights.field_is_as_open(name));
        let mut leaks = narrow.filter(|(name, field)| told(field) || **name == self.title);
        leaks.next().map(|(name, _)| {
            format!(
                "not all who see a record may see `{name}`: it can be neither title nor filtered nor searched"
            )
        })
    }

    /// Whether a record may move from one state to another.
    pub fn may_move(&self, from: &str, to: &str) -> bool {
        self.states.get(from).is_some_and(|state| state.to.iter().any(|target| target == to))
    }
}
