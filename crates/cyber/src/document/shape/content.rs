//! What stands in an XML element, in which order and how often. The content models of the formats are deterministic (XML Schema demands it), so
//! that looking at the next element decides.

use super::table::{Table, Type, Versions, Words, holds};

/// One part of a content model.
#[derive(Clone, Debug)]
pub(crate) struct Particle {
    pub(crate) what: What,
    pub(crate) least_one: bool,
    pub(crate) many: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    /// An element of the format's own namespace.
    Element(&'static str, Type),
    /// An element of another namespace.
    Foreign,
    Sequence(Vec<(Versions, Particle)>),
    Choice(Vec<(Versions, Particle)>),
}

impl Particle {
    /// `sequence`, `choice ?` and the like: a group whose parts stand on the lines below.
    pub(crate) fn group(line: &str) -> Option<Particle> {
        let (word, occurrence) = line.split_once(' ').unwrap_or((line, ""));
        let what = match word {
            "sequence" => What::Sequence(Vec::new()),
            "choice" => What::Choice(Vec::new()),
            _ => return None,
        };
        let (least_one, many) = match occurrence {
            "" => (true, false),
            "?" => (false, false),
            "*" => (false, true),
            "+" => (true, true),
            _ => return None,
        };
        Some(Particle { what, least_one, many })
    }

    pub(crate) fn add(&mut self, versions: Versions, part: Particle) {
        if let What::Sequence(parts) | What::Choice(parts) = &mut self.what {
            parts.push((versions, part));
        }
    }

    /// The type of an element that may stand anywhere in this content.
    pub(crate) fn type_of(&self, name: &str, version: u8) -> Option<&Type> {
        match &self.what {
            What::Element(own, shape) => (*own == name).then_some(shape),
            What::Foreign => None,
            What::Sequence(parts) | What::Choice(parts) => parts
                .iter()
                .filter(|(versions, _)| holds(*versions, version))
                .find_map(|(_, part)| part.type_of(name, version)),
        }
    }

    /// Whether the next element can be the first of this particle. `None` is an element of another namespace.
    fn begins(&self, next: Option<&str>, version: u8) -> bool {
        match &self.what {
            What::Element(name, _) => Some(*name) == next,
            What::Foreign => next.is_none(),
            What::Choice(parts) => alive(parts, version).any(|part| part.begins(next, version)),
            What::Sequence(parts) => {
                for part in alive(parts, version) {
                    if part.begins(next, version) {
                        return true;
                    }
                    if !part.can_be_empty(version) {
                        return false;
                    }
                }
                false
            }
        }
    }

    fn can_be_empty(&self, version: u8) -> bool {
        !self.least_one
            || match &self.what {
                What::Element(..) | What::Foreign => false,
                What::Choice(parts) => alive(parts, version).any(|part| part.can_be_empty(version)),
                What::Sequence(parts) => alive(parts, version).all(|part| part.can_be_empty(version)),
            }
    }

    /// Goes over the elements from `at` as far as this particle reaches; what is missing on the way is told.
    pub(crate) fn walk(
        &self,
        next: &[Option<&str>],
        mut at: usize,
        version: u8,
        missing: &mut Vec<String>,
    ) -> usize {
        let mut times = 0;
        while at < next.len() && self.begins(next[at], version) && (times == 0 || self.many) {
            at = self.once(next, at, version, missing);
            times += 1;
        }
        if times == 0 && !self.can_be_empty(version) {
            self.tell_missing(version, missing);
        }
        at
    }

    fn once(&self, next: &[Option<&str>], mut at: usize, version: u8, missing: &mut Vec<String>) -> usize {
        match &self.what {
            What::Element(..) | What::Foreign => at + 1,
            What::Choice(parts) => match alive(parts, version).find(|part| part.begins(next[at], version)) {
                Some(part) => part.walk(next, at, version, missing),
                None => at,
            },
            What::Sequence(parts) => {
                for part in alive(parts, version) {
                    at = part.walk(next, at, version, missing);
                }
                at
            }
        }
    }

    fn tell_missing(&self, version: u8, missing: &mut Vec<String>) {
        match &self.what {
            What::Element(name, _) => missing.push((*name).to_owned()),
            What::Foreign => {}
            What::Sequence(parts) => {
                alive(parts, version)
                    .filter(|part| !part.can_be_empty(version))
                    .for_each(|part| part.tell_missing(version, missing));
            }
            What::Choice(parts) => {
                let mut names = Vec::new();
                alive(parts, version).for_each(|part| part.tell_missing(version, &mut names));
                missing.push(names.join(" | "));
            }
        }
    }
}

impl Words {
    /// A particle as it stands on a line: `name:TYPE?`, `foreign*`, `(a:A | (b:B , c:C?))`.
    pub(crate) fn particle(&mut self, table: &Table) -> Option<Particle> {
        let what = if self.eat("(") {
            let mut parts = vec![(Versions::MAX, self.particle(table)?)];
            let mut choice = false;
            while !self.eat(")") {
                choice = if self.eat("|") {
                    true
                } else if self.eat(",") {
                    false
                } else {
                    return None;
                };
                parts.push((Versions::MAX, self.particle(table)?));
            }
            if choice { What::Choice(parts) } else { What::Sequence(parts) }
        } else {
            let name = self.word()?;
            if name == "foreign" && !self.eat(":") {
                What::Foreign
            } else {
                if name != "foreign" && !self.eat(":") {
                    return None;
                }
                What::Element(name, self.shape(table)?)
            }
        };
        let (least_one, many) = if self.eat("?") {
            (false, false)
        } else if self.eat("*") {
            (false, true)
        } else if self.eat("+") {
            (true, true)
        } else {
            (true, false)
        };
        Some(Particle { what, least_one, many })
    }
}

fn alive(parts: &[(Versions, Particle)], version: u8) -> impl Iterator<Item = &Particle> {
    parts.iter().filter(move |(versions, _)| holds(*versions, version)).map(|(_, part)| part)
}
