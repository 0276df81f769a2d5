//! What a bill is about, and who made that.

use std::borrow::Cow;

use serde::de::{MapAccess, SeqAccess};

use super::visit::{Fields, Items, Object, Skip, Text};

/// What an SPDX 2 document says that it describes: a list of references, or relationships.
#[derive(Default)]
pub(super) struct Described<'a> {
    pub(super) references: Vec<Cow<'a, str>>,
}

/// An item of either list.
#[derive(Default)]
struct Relationship<'a> {
    from: Option<Cow<'a, str>>,
    kind: Option<Cow<'a, str>>,
    to: Option<Cow<'a, str>>,
    alone: Option<Cow<'a, str>>,
}

impl<'a> Items<'a> for Described<'a> {
    fn item<A: SeqAccess<'a>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        let mut one = Relationship::default();
        if seq.next_element_seed(Object(&mut one))?.is_none() {
            return Ok(false);
        }
        let described = match one.kind.as_deref() {
            Some("DESCRIBES") => one.to,
            Some("DESCRIBED_BY") => one.from,
            _ => one.alone,
        };
        self.references.extend(described);
        Ok(true)
    }
}

impl<'a> Fields<'a> for Relationship<'a> {
    fn text(&mut self, text: Cow<'a, str>) {
        self.alone = Some(text);
    }

    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let own = match key {
            "spdxElementId" => &mut self.from,
            "relationshipType" => &mut self.kind,
            "relatedSpdxElement" => &mut self.to,
            _ => return map.next_value_seed(Skip),
        };
        *own = map.next_value_seed(Text)?;
        Ok(())
    }
}

/// Organisations and persons, of whom the names are read.
pub(super) struct Names<'t, 'a>(pub(super) &'t mut Vec<Cow<'a, str>>);

impl<'a> Fields<'a> for Names<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key != "name" {
            return map.next_value_seed(Skip);
        }
        let name = map.next_value_seed(Text)?;
        self.0.extend(name.filter(|name| !name.trim().is_empty()));
        Ok(())
    }
}

impl<'a> Items<'a> for Names<'_, 'a> {
    fn item<A: SeqAccess<'a>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        Ok(seq.next_element_seed(Object(self))?.is_some())
    }
}
