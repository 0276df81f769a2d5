//! Tokens become phrases, phrases become ranges. A part between `|`, `;` and line ends is understood as a whole or not at all: a word that
//! is not of the grammar may change what all words beside it mean.

use super::bounds::{Gap, Item, Said, lower, one, pair, series, upper, within};
use super::halves::{self, Half};
use super::tokens::{Kind, Sign, Token, span};
use super::words::Word;
use super::{NotUnderstood, Qualifier, QualifierKind, Told, Why, inclusive};

/// Reads the tokens of a text.
pub(super) fn read(tokens: &[Token]) -> Told {
    let mut told = Told::default();
    let mut items: Vec<Said> = Vec::new();
    let mut gap = Gap::Stop;
    for part in tokens.split_inclusive(|token| matches!(token.kind, Kind::Bar | Kind::Stop)) {
        let (part, next) = match part.split_last() {
            Some((last, rest)) if last.kind == Kind::Bar => (rest, Gap::Bar),
            Some((last, rest)) if last.kind == Kind::Stop => (rest, Gap::Stop),
            _ => (part, Gap::Stop),
        };
        match Part::of(part).read() {
            _ if part.is_empty() => {}
            Ok(mut part) => {
                if let Some(first) = part.items.first_mut() {
                    first.gap = gap;
                }
                items.append(&mut part.items);
                told.qualifiers.append(&mut part.qualifiers);
                told.not_understood.append(&mut part.open);
            }
            Err(why) => {
                let at = span(part);
                if let Some(half) = Half::of(part) {
                    items.push(Said { item: Item::Unread(half), at: at.clone(), gap });
                }
                told.not_understood.push(NotUnderstood { at, why });
            }
        }
        gap = next;
    }
    pair(halves::with_both(items, &mut told), &mut told);
    told
}

pub(super) struct Part<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    /// What stands before the next item.
    pub(super) gap: Gap,
    /// The version just read is one of a list without commas.
    pub(super) listed: bool,
    /// The shape of what goes on with the version last read: `a9` behind `3.0 D15`.
    pub(super) mark: Option<String>,
    /// `Rev.` stands before: letters are a version.
    pub(super) revision: bool,
    pub(super) items: Vec<Said>,
    pub(super) qualifiers: Vec<Qualifier>,
    /// Notes that may say more than was understood.
    pub(super) open: Vec<NotUnderstood>,
}

impl<'a> Part<'a> {
    pub(super) fn of(tokens: &'a [Token]) -> Self {
        Part {
            tokens,
            at: 0,
            gap: Gap::Nothing,
            listed: false,
            mark: None,
            revision: false,
            items: Vec::new(),
            qualifiers: Vec::new(),
            open: Vec::new(),
        }
    }

    pub(super) fn read(mut self) -> Result<Self, Why> {
        if let Some(inside) = self.in_parentheses() {
            return Part::of(inside).read();
        }
        while let Some(kind) = self.kind() {
            match kind {
                Kind::Comma | Kind::Word(Word::And) => {
                    self.gap = Gap::Comma;
                    self.at += 1;
                }
                Kind::Word(Word::Joint) if self.gap == Gap::Nothing && self.of_series()? => {}
                Kind::Word(Word::Noun | Word::Joint) => self.at += 1,
                Kind::Word(Word::To) | Kind::Dash if self.joins_signs() => self.at += 1,
                Kind::Word(Word::Only) if !self.items.is_empty() => self.at += 1,
                Kind::Word(Word::All) if self.gap == Gap::Nothing && !self.items.is_empty() => self.at += 1,
                Kind::Open => self.parenthesis()?,
                Kind::Word(Word::ExceptBehind) => self.take_out()?,
                Kind::Word(Word::System | Word::Architecture) | Kind::Unknown if self.edition() => {}
                Kind::Word(Word::Architecture) if !self.items.is_empty() => {
                    let at = self.tokens[self.at].at.clone();
                    self.qualifiers.push(Qualifier { kind: QualifierKind::Edition, at });
                    self.at += 1;
                }
                Kind::Word(Word::Condition | Word::System) if !self.items.is_empty() => {
                    self.condition(QualifierKind::Condition)?;
                }
                Kind::Word(Word::Serial) if !self.items.is_empty() => {
                    self.condition(QualifierKind::Serial)?;
                }
                _ => self.phrase()?,
            }
        }
        // `HW 1.2, FW 2.0`: whether one of them is enough is not said.
        let parts = self.tokens.iter().filter(|token| token.kind == Kind::Word(Word::Part));
        let mut names = parts.map(|token| token.text.to_ascii_lowercase());
        let first = names.next();
        if self.items.len() > 1 && names.any(|name| Some(name) != first) {
            return Err(Why::Ambiguous);
        }
        if self.items.is_empty() { Err(Why::Words) } else { Ok(self) }
    }

    /// What stands in parentheses around the whole part, where it begins as a phrase does: `(Release 1.0)`.
    fn in_parentheses(&self) -> Option<&'a [Token]> {
        let [first, inside @ .., last] = self.tokens else { return None };
        let whole = first.kind == Kind::Open
            && last.kind == Kind::Close
            && !inside.iter().any(|token| matches!(token.kind, Kind::Open | Kind::Close));
        let begins = inside.first().is_some_and(|token| {
            matches!(token.kind, Kind::Sign(_) | Kind::Word(Word::Noun | Word::Revision | Word::All))
        });
        (whole && begins).then_some(inside)
    }

    fn phrase(&mut self) -> Result<(), Why> {
        let begin = self.at;
        let all = self.lead();
        let item = match self.kind() {
            Some(Kind::Sign(sign)) => self.compared(sign)?,
            Some(Kind::Star) if !all => {
                self.at += 1;
                Item::Within(None, None)
            }
            Some(Kind::Word(Word::Less)) => self.beyond(Word::Less)?,
            Some(Kind::Word(Word::More)) => self.beyond(Word::More)?,
            Some(Kind::Word(Word::Up | Word::To | Word::Until)) => self.up_to()?,
            Some(Kind::Word(Word::From)) => self.from()?,
            Some(Kind::Word(Word::Between)) => self.between()?,
            None
            | Some(
                Kind::Comma
                | Kind::Open
                | Kind::Word(Word::Condition | Word::And | Word::Only | Word::Except),
            ) if all => Item::Within(None, None),
            Some(Kind::Word(Word::Except)) => {
                self.at += 1;
                self.lead();
                Item::Except(self.version()?)
            }
            Some(Kind::Version | Kind::Unknown) if self.begins_version() => {
                let version = self.version()?;
                self.followed(version)?
            }
            _ => return Err(self.why_none()),
        };
        let at = span(&self.tokens[begin..self.at]);
        self.items.push(Said { item, at, gap: self.gap });
        self.gap = if std::mem::take(&mut self.listed) { Gap::Comma } else { Gap::Nothing };
        self.revision = false;
        Ok(())
    }

    /// What may stand before a version and says nothing of it; whether `all` was among it.
    fn lead(&mut self) -> bool {
        let mut all = false;
        while let Some(Kind::Word(word)) = self.kind() {
            match word {
                Word::All => all = true,
                Word::Revision => self.revision = true,
                Word::Noun | Word::Joint => {}
                Word::Part => {
                    let at = self.tokens[self.at].at.clone();
                    self.qualifiers.push(Qualifier { kind: QualifierKind::Part, at });
                }
                _ => break,
            }
            self.at += 1;
        }
        all
    }

    /// `<= 1.2`
    fn compared(&mut self, sign: Sign) -> Result<Item, Why> {
        self.at += 1;
        self.lead();
        match self.kind() {
            Some(Kind::Version | Kind::Unknown) if self.begins_version() => {}
            Some(Kind::Date) => return Err(Why::Date),
            Some(Kind::Word(Word::Serial)) => return Err(Why::Serial),
            Some(Kind::Unknown | Kind::Version) => return Err(Why::Words),
            _ => return Err(Why::NoVersion),
        }
        let version = self.version()?;
        match sign {
            Sign::Below => upper(version, false),
            Sign::AtMost => upper(version, true),
            Sign::Above => lower(version, false),
            Sign::AtLeast => lower(version, true),
            Sign::Equal => one(version),
            Sign::Unequal => Ok(Item::Except(version)),
        }
    }

    /// `prior to 1.2`, `later than 1.2`, `less than or equal to 1.2`
    fn beyond(&mut self, word: Word) -> Result<Item, Why> {
        self.at += 1;
        self.lead();
        let mut included = false;
        if matches!(self.kind(), Some(Kind::Word(Word::Than | Word::To))) {
            self.at += 1;
            included = self.including(false);
        }
        if self.ahead(&[Word::And, Word::Equal, Word::To]) {
            included = true;
            self.at += 3;
        }
        self.lead();
        let version = self.version()?;
        if word == Word::Less { upper(version, included) } else { lower(version, included) }
    }

    /// `up to 1.2`, `up to and including 1.2`, `through 1.2`. English leaves open whether the bound belongs to it: it does, so that
    /// no affected version is missed.
    fn up_to(&mut self) -> Result<Item, Why> {
        let included = self.steps_to()?;
        let version = self.version()?;
        self.at += inclusive::behind(&self.tokens[self.at..]);
        upper(version, included)
    }

    /// What leads to the end of a range; whether the end belongs to it.
    fn steps_to(&mut self) -> Result<bool, Why> {
        match self.kind() {
            Some(Kind::Word(Word::Up)) if self.ahead(&[Word::Up, Word::To]) => self.at += 2,
            Some(Kind::Word(Word::To | Word::Until) | Kind::Dash) => self.at += 1,
            _ => return Err(Why::Words),
        }
        let included = self.including(true);
        self.lead();
        Ok(included)
    }

    /// `from 1.0`, `from 1.0 to 1.2`, `from 1.0 before 1.2`
    fn from(&mut self) -> Result<Item, Why> {
        self.at += 1;
        if self.text() == "with" || self.text() == "in" {
            self.at += 1;
        }
        self.lead();
        let version = self.version()?;
        match self.followed(version.clone())? {
            Item::One(_) => lower(version, true),
            Item::Within(from, None) => Ok(Item::Within(from, None)),
            range @ (Item::Within(_, Some(_)) | Item::Lower(_)) => Ok(range),
            _ => Err(Why::Ambiguous),
        }
    }

    /// `between 1.0 and 1.2`, both bounds included as by `up to`.
    fn between(&mut self) -> Result<Item, Why> {
        self.at += 1;
        self.lead();
        let from = self.version()?;
        if self.kind() != Some(Kind::Word(Word::And)) {
            return Err(Why::Ambiguous);
        }
        self.at += 1;
        self.lead();
        let to = self.version()?;
        within(from, to, true)
    }

    /// What stands behind a version says what it bounds.
    fn followed(&mut self, version: String) -> Result<Item, Why> {
        if let Some((item, length)) = self.that_and_before(&version) {
            self.at += length;
            return item;
        }
        match self.kind() {
            Some(Kind::Word(Word::AtMost)) => self.one_on(upper(version, true)),
            Some(Kind::Word(Word::Below)) => self.one_on(upper(version, false)),
            Some(Kind::Word(Word::AtLeast) | Kind::Plus) => self.one_on(lower(version, true)),
            Some(Kind::Word(Word::Above)) => self.one_on(lower(version, false)),
            Some(Kind::Word(Word::Unclear)) => Err(Why::Ambiguous),
            Some(Kind::Word(Word::Series)) => self.one_on(series(&version)),
            Some(Kind::Word(Word::FromBehind)) => {
                self.at += 1;
                self.lead();
                if self.begins_version() { self.range_to(version, true) } else { lower(version, true) }
            }
            Some(Kind::Word(Word::To | Word::Until | Word::Up) | Kind::Dash) => {
                let included = self.steps_to().map_err(|_| Why::Words)?;
                if !self.begins_version() {
                    return Err(Why::Words);
                }
                self.range_to(version, included)
            }
            Some(Kind::Word(Word::Less)) => {
                let Item::Upper(to) = self.beyond(Word::Less)? else { return Err(Why::Ambiguous) };
                // `7.x before 7.3.7`; `7.3 before 7.3.7` may mean 7.3 alone or all since.
                match one(version)? {
                    Item::Within(from, Some(_)) => Ok(Item::Within(from, Some(to))),
                    _ => Err(Why::Ambiguous),
                }
            }
            _ => one(version),
        }
    }

    /// The end of a range that began with a version: 「2.15.0 より前」, 「2.0 まで」, `2.0`.
    fn range_to(&mut self, from: String, said: bool) -> Result<Item, Why> {
        let to = self.version()?;
        self.at += inclusive::behind(&self.tokens[self.at..]);
        let included = match self.kind() {
            Some(Kind::Word(Word::Below)) => false,
            Some(Kind::Word(Word::AtMost)) => true,
            Some(Kind::Word(Word::AtLeast | Word::Above | Word::FromBehind | Word::Unclear)) => {
                return Err(Why::Ambiguous);
            }
            _ => return within(from, to, said),
        };
        self.at += 1;
        within(from, to, included)
    }

    /// `1.2 and prior`, 「1.2 およびそれ以前」: the version and all on one side of it; and how many tokens say so.
    fn that_and_before(&self, version: &str) -> Option<(Result<Item, Why>, usize)> {
        let word = |ahead: usize| match self.tokens.get(self.at + ahead)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        };
        let mut at = usize::from(self.kind() == Some(Kind::Comma));
        let and = word(at) == Some(Word::And);
        at += usize::from(and);
        let that = word(at) == Some(Word::That);
        at += usize::from(that);
        if !and && !that {
            return None;
        }
        while matches!(word(at), Some(Word::All | Word::Noun | Word::Joint)) {
            at += 1;
        }
        let follows = word(at + 1);
        let item = match word(at)? {
            Word::Less if !matches!(follows, Some(Word::Than | Word::To)) => upper(version.to_owned(), true),
            Word::More if follows != Some(Word::Than) => lower(version.to_owned(), true),
            Word::Up if !matches!(follows, Some(Word::To)) => lower(version.to_owned(), true),
            Word::AtMost | Word::Below => upper(version.to_owned(), true),
            Word::AtLeast | Word::Above => lower(version.to_owned(), true),
            _ => return None,
        };
        // `2.0 and later 3.0` would be another phrase.
        let another = self.tokens.get(self.at + at + 1).is_some_and(|token| token.kind == Kind::Version);
        (!another).then_some((item, at + 1))
    }

    /// Whether the bound that follows belongs to the range, where that is said.
    fn including(&mut self, unsaid: bool) -> bool {
        let said = inclusive::before(&self.tokens[self.at..]);
        self.at += said.map_or(0, |(_, length)| length);
        said.map_or(unsaid, |(included, _)| included)
    }

    fn one_on(&mut self, item: Result<Item, Why>) -> Result<Item, Why> {
        self.at += 1;
        item
    }

    fn ahead(&self, words: &[Word]) -> bool {
        let is = |(ahead, word): (usize, &Word)| {
            self.tokens.get(self.at + ahead).is_some_and(|token| token.kind == Kind::Word(*word))
        };
        words.iter().enumerate().all(is)
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    pub(super) fn text(&self) -> &str {
        self.tokens.get(self.at).map_or("", |token| &token.text)
    }
}
