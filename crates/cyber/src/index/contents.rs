//! How much of what is in an index, for those who look at it as a whole.

use super::cursor::Cursor;
use super::format::{IndexError, Section};
use super::read::Index;

/// An ecosystem, and how many advisories speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ecosystem<'a> {
    /// Its name without suffix.
    pub name: &'a str,
    /// Advisories with an entry on it.
    pub advisories: u32,
}

/// Numbers of an index as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Advisories.
    pub advisories: usize,
    /// Advisories with configurations.
    pub configured: usize,
    /// Different packages.
    pub packages: usize,
    /// Different products named by CPE.
    pub products: usize,
    /// Products told in words.
    pub worded: usize,
    /// Known exploited vulnerabilities.
    pub exploited: usize,
    /// Predictions.
    pub predicted: usize,
}

impl<'a> Index<'a> {
    /// The ecosystems spoken of, in the order of their names.
    pub fn ecosystems(&self) -> Result<Vec<Ecosystem<'a>>, IndexError> {
        let mut cursor = Cursor(self.section(Section::Ecosystems)?);
        let mut found = Vec::new();
        while !cursor.0.is_empty() {
            let read = cursor.text().zip(cursor.number());
            let (name, advisories) = read.ok_or(IndexError::Damaged(Section::Ecosystems))?;
            found.push(Ecosystem { name, advisories });
        }
        Ok(found)
    }

    /// How much there is of everything.
    pub fn counted(&self) -> Result<Counted, IndexError> {
        let (exploited, predicted) = self.marks();
        Ok(Counted {
            advisories: self.len(),
            configured: self.configured()?,
            packages: self.size_of(Section::Packages) / super::table::KEYED,
            products: self.size_of(Section::Cpes) / super::table::KEYED,
            worded: self.worded()?.len(),
            exploited,
            predicted,
        })
    }
}
