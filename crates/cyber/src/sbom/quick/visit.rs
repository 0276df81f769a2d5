//! Visitors over JSON that take what is asked for, pass over everything else and never fail for a type.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Takes the members of an object.
pub(super) trait Fields<'a> {
    /// The value is an object.
    fn begin(&mut self) {}
    /// The value is a text.
    fn text(&mut self, _text: Cow<'a, str>) {}
    /// A member; its value must be taken from the map.
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// Takes the items of an array.
pub(super) trait Items<'a> {
    /// The next item; `false` at the end.
    fn item<A: SeqAccess<'a>>(&mut self, seq: &mut A) -> Result<bool, A::Error>;
    /// A text stands where an array could.
    fn text(&mut self, _text: &str) {}
    /// An object stands where an array must.
    fn object<E: Error>(&mut self) -> Result<(), E> {
        Ok(())
    }
}

/// An object, if the value is one.
pub(super) struct Object<'t, T>(pub(super) &'t mut T);

/// An array, if the value is one.
pub(super) struct List<'t, T>(pub(super) &'t mut T);

/// A string, if the value is one.
pub(super) struct Text;

/// Any value, passed over.
pub(super) struct Skip;

impl<'a> DeserializeSeed<'a> for Skip {
    type Value = ();
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ())
    }
}

/// What every visitor here does with values of another type: nothing.
macro_rules! scalars_are {
    ($nothing:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }
        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }
    };
}

fn pass_items<'a, A: SeqAccess<'a>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

fn pass_members<'a, A: MapAccess<'a>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'a> DeserializeSeed<'a> for Text {
    type Value = Option<Cow<'a, str>>;
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Text {
    type Value = Option<Cow<'a, str>>;
    scalars_are!(None);
    fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'a>>(self, seq: A) -> Result<Self::Value, A::Error> {
        pass_items(seq).map(|()| None)
    }
    fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<Self::Value, A::Error> {
        pass_members(map).map(|()| None)
    }
}

impl<'a, T: Fields<'a>> DeserializeSeed<'a> for Object<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a, T: Fields<'a>> Visitor<'a> for Object<'_, T> {
    type Value = ();
    scalars_are!(());
    fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<(), E> {
        self.0.text(Cow::Borrowed(text));
        Ok(())
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.text(Cow::Owned(text.to_owned()));
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'a>>(self, seq: A) -> Result<(), A::Error> {
        pass_items(seq)
    }
    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.begin();
        while let Some(key) = map.next_key_seed(Text)? {
            self.0.field(key.as_deref().unwrap_or_default(), &mut map)?;
        }
        Ok(())
    }
}

impl<'a, T: Items<'a>> DeserializeSeed<'a> for List<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a, T: Items<'a>> Visitor<'a> for List<'_, T> {
    type Value = ();
    scalars_are!(());
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.text(text);
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        while self.0.item(&mut seq)? {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<(), A::Error> {
        self.0.object()?;
        pass_members(map)
    }
}
