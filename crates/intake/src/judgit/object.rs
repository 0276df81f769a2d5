//! A JSON object that remembers which of its keys were asked for, so that the others can be named.

use std::cell::RefCell;

use serde_json::{Map, Value};

pub(super) struct Object<'a> {
    fields: &'a Map<String, Value>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Object<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        Some(Object { fields: value.as_object()?, asked: RefCell::new(Vec::new()) })
    }

    /// A value that says something: neither absent, nor null, nor a blank text.
    pub(super) fn get(&self, key: &'static str) -> Option<&'a Value> {
        self.asked.borrow_mut().push(key);
        let value = self.fields.get(key)?;
        let blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        (!blank).then_some(value)
    }

    pub(super) fn text(&self, key: &'static str) -> Option<&'a str> {
        self.get(key).and_then(Value::as_str).map(str::trim)
    }

    pub(super) fn list(&self, key: &'static str) -> &'a [Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Keys that say something and were never asked for.
    pub(super) fn unasked(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + '_ {
        let says = |value: &Value| !value.is_null() && value != &Value::Array(Vec::new());
        let asked = self.asked.borrow().clone();
        self.fields.iter().filter(move |(key, value)| says(value) && !asked.contains(&key.as_str()))
    }
}
