//! All declared registers together.

use std::collections::BTreeMap;

use crate::declaration::{Declaration, DeclarationError};
use crate::field::{Field, FieldType};
use crate::id::RegisterId;

/// The declared registers, by id.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    registers: BTreeMap<RegisterId, Declaration>,
}

impl Registry {
    /// Reads declarations, given as (file name, text), and checks them against each other.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, DeclarationError> {
        let mut registers = BTreeMap::new();
        for (file, text) in files {
            let declaration = Declaration::parse(file, text)?;
            let meaning = |what| DeclarationError::Meaning { file: file.to_owned(), what };
            if file.trim_end_matches(".toml") != declaration.id.as_str() {
                return Err(meaning(format!("its id is `{}`; name the file after it", declaration.id)));
            }
            registers.insert(declaration.id.clone(), declaration);
        }
        let registry = Registry { registers };
        match registry.dangling() {
            None => Ok(registry),
            Some((file, what)) => Err(DeclarationError::Meaning { file, what }),
        }
    }

    /// The first reference to a register that does not exist.
    fn dangling(&self) -> Option<(String, String)> {
        self.registers.values().find_map(|declaration| {
            let (name, to) =
                declaration.fields.iter().find_map(|(name, field)| Some((name, self.lost(field)?)))?;
            Some((
                format!("{}.toml", declaration.id),
                format!("field `{name}` points to the register `{to}`, which does not exist"),
            ))
        })
    }

    fn lost<'f>(&self, field: &'f Field) -> Option<&'f RegisterId> {
        fn target<'f>(kind: &'f FieldType, registry: &Registry) -> Option<&'f RegisterId> {
            match kind {
                FieldType::Ref { to: Some(to) } => {
                    Some(to).filter(|to| !registry.registers.contains_key(*to))
                }
                FieldType::List { of } => target(of, registry),
                FieldType::Table { columns } => {
                    columns.values().find_map(|column| target(&column.kind, registry))
                }
                _ => None,
            }
        }
        target(&field.kind, self)
    }

    /// A register by id.
    pub fn get(&self, id: &str) -> Option<&Declaration> {
        self.registers.get(id)
    }
    /// All registers, by id.
    pub fn all(&self) -> impl Iterator<Item = &Declaration> {
        self.registers.values()
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.registers.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.registers.is_empty()
    }
}
