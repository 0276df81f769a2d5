//! The registers and the data that ship inside the binary: `registers/` and `data/` of the project.
//!
//! Only embedding and reading happen here. What a declaration or a record means is the `register`
//! crate's business; bringing a database up to date with [`digest`] is the `store`'s and the command's.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

use include_dir::{Dir, include_dir};
use register::data::DataError;
use register::declaration::DeclarationError;
use register::{Record, Registry};

static REGISTERS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../registers");
static DATA: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../data");

/// A shipped file that cannot be read. The tests of this crate keep it from reaching a release.
#[derive(Debug, thiserror::Error)]
pub enum ShippedError {
    /// A declaration is wrong.
    #[error(transparent)]
    Declaration(#[from] DeclarationError),
    /// A data file is wrong.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// The declared registers.
pub fn registry() -> Result<Registry, ShippedError> {
    Ok(Registry::parse(files(&REGISTERS))?)
}

/// Every shipped record, register by register.
pub fn records() -> Result<Vec<Record>, ShippedError> {
    let mut records = Vec::new();
    for (file, text) in files(&DATA) {
        records.extend(register::data::parse(file, text)?);
    }
    Ok(records)
}

/// The shipped records of one register: none where nothing ships for it. Nothing else is read.
pub fn records_of(register: &str) -> Result<Vec<Record>, ShippedError> {
    let name = format!("{register}.toml");
    match files(&DATA).find(|(file, _)| *file == name) {
        Some((file, text)) => Ok(register::data::parse(file, text)?),
        None => Ok(Vec::new()),
    }
}

/// SHA-256 of all shipped files, in hexadecimal. It changes exactly when one of them does, so a database
/// that remembers it knows whether it must be brought up to date.
pub fn digest() -> &'static str {
    env!("SHIPPED_DIGEST")
}

/// The TOML files of a folder as (file name, text), in the order of their names.
fn files(folder: &'static Dir<'static>) -> impl Iterator<Item = (&'static str, &'static str)> {
    folder.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?))).filter(
        |(name, _)| std::path::Path::new(name).extension().is_some_and(|extension| extension == "toml"),
    )
}
