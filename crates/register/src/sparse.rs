//! Reading a stored record without some of its fields. Bulky tables that nobody asked for are walked over, not built:
//! an engine that reads thousands of records pays for what it reads.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::record::Record;

/// Reads a record from its JSON, leaving out the named fields.
pub fn read(json: &[u8], without: &[&str]) -> serde_json::Result<Record> {
    if without.is_empty() {
        return serde_json::from_slice(json);
    }
    let mut reader = serde_json::Deserializer::from_slice(json);
    let record = Sparse { without }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(record)
}

struct Sparse<'w> {
    without: &'w [&'w str],
}

impl<'de> DeserializeSeed<'de> for Sparse<'_> {
    type Value = Record;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Record, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Sparse<'_> {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let (mut register, mut id, mut state, mut fields) = (None, None, None, Map::new());
        let (mut links, mut sources) = (Vec::new(), Vec::new());
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match key.as_ref() {
                "register" => register = Some(map.next_value()?),
                "id" => id = Some(map.next_value()?),
                "state" => state = map.next_value()?,
                "fields" => fields = map.next_value_seed(Fields { without: self.without })?,
                "links" => links = map.next_value()?,
                "sources" => sources = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let register = register.ok_or_else(|| A::Error::missing_field("register"))?;
        let id = id.ok_or_else(|| A::Error::missing_field("id"))?;
        Ok(Record { register, id, state, fields, links, sources })
    }
}

struct Fields<'w> {
    without: &'w [&'w str],
}

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = Map<String, Value>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fields of a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if self.without.contains(&name.as_str()) {
                map.next_value::<IgnoredAny>()?;
            } else {
                fields.insert(name, map.next_value()?);
            }
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Source;

    #[test]
    fn all_but_the_named_fields_are_read() {
        let mut record =
            Record::new("lamp".parse().unwrap(), "a".parse().unwrap(), Source::lines("001", "3"));
        record.set("name", "灯台").set("visits", [1, 2, 3]).set("height", 40);
        record.state = Some("lit".to_owned());
        let json = serde_json::to_vec(&record).unwrap();
        assert_eq!(read(&json, &[]).unwrap(), record);
        let sparse = read(&json, &["visits", "unknown"]).unwrap();
        record.fields.remove("visits");
        assert_eq!(sparse, record);
    }

    #[test]
    fn a_damaged_record_is_refused() {
        for json in ["", "{", "[]", r#"{"id":"a"}"#, r#"{"register":"lamp","id":"a"} x"#] {
            assert!(read(json.as_bytes(), &["visits"]).is_err(), "{json}");
        }
    }
}
