//! A value of the document together with its place, so that a departure can say where it stands. Values of another type than the one
//! that is asked for read as absent: they are departures from the shape, which is told elsewhere.

use std::rc::Rc;

use serde_json::Value;

use crate::document::json::{step, step_index};

/// One step of a place, and the steps before it.
enum Step<'a> {
    Member(Option<Rc<Step<'a>>>, &'a str),
    Index(Option<Rc<Step<'a>>>, usize),
}

/// A value and where it stands; the place is written only when it is told.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub(super) value: &'a Value,
    step: Option<Rc<Step<'a>>>,
}

impl<'a> At<'a> {
    /// The whole document.
    pub(super) fn root(value: &'a Value) -> Self {
        At { value, step: None }
    }

    /// A member of an object.
    pub(super) fn get(&self, name: &'a str) -> Option<At<'a>> {
        let value = self.value.get(name)?;
        Some(At { value, step: Some(Rc::new(Step::Member(self.step.clone(), name))) })
    }

    /// A member below members.
    pub(super) fn at(&self, names: &[&'a str]) -> Option<At<'a>> {
        names.iter().try_fold(self.clone(), |at, name| at.get(name))
    }

    /// Whether an object has a member.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some()
    }

    /// The items of an array.
    pub(super) fn items(&self) -> impl Iterator<Item = At<'a>> + use<'a> {
        let before = self.step.clone();
        let items = self.value.as_array().map_or(&[][..], Vec::as_slice);
        let one = move |(index, value)| At { value, step: Some(Rc::new(Step::Index(before.clone(), index))) };
        items.iter().enumerate().map(one)
    }

    /// The items of a member that is an array.
    pub(super) fn list(&self, name: &'a str) -> impl Iterator<Item = At<'a>> + use<'a> {
        self.get(name).into_iter().flat_map(|member| member.items())
    }

    /// The texts of a member that is an array, with their places.
    pub(super) fn texts(&self, name: &'a str) -> impl Iterator<Item = (&'a str, At<'a>)> + use<'a> {
        self.list(name).filter_map(|item| Some((item.value.as_str()?, item)))
    }

    /// A member that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_str()
    }

    /// The JSON pointer (RFC 6901).
    pub(super) fn place(&self) -> String {
        let mut steps = Vec::new();
        let mut next = self.step.as_ref();
        while let Some(one) = next {
            steps.push(one);
            next = match &**one {
                Step::Member(before, _) | Step::Index(before, _) => before.as_ref(),
            };
        }
        let mut pointer = String::new();
        for one in steps.into_iter().rev() {
            match &**one {
                Step::Member(_, name) => step(&mut pointer, name),
                Step::Index(_, index) => step_index(&mut pointer, *index),
            }
        }
        pointer
    }
}
