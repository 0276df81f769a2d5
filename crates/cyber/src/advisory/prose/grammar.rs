//! Tokens → ranges, by descent without recursion: a text is a list of items, an item is a version with what stands before and after it.
//! Whatever is left over makes the whole text *not understood*.

use super::lexer::{Kind, Side, Token, tokens};
use super::{Bound, Extent, Told, Versions};

/// More items than this are no list of versions a person would write.
const MAX_ITEMS: usize = 200;

/// Reads the tokens of one text.
pub(super) fn read(tokens: &[Token]) -> Versions {
    if tokens.iter().any(|token| token.kind == Kind::All)
        && tokens.iter().all(|token| matches!(token.kind, Kind::All | Kind::Noun))
    {
        return Versions::All;
    }
    let mut reader = Reader { tokens, at: 0 };
    match reader.list() {
        Some(told) => Versions::Listed(told),
        None => Versions::NotUnderstood { words: reader.left_over() },
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

/// How an item was written, which decides with what it may stand in a list.
#[derive(Clone, Copy, PartialEq)]
enum Written {
    /// A bare version.
    Bare,
    /// By a sign or word before the version; two such can be the two ends of one range.
    Prefixed,
    /// Any other way.
    Other,
}

impl Reader<'_> {
    fn list(&mut self) -> Option<Vec<Told>> {
        let about = self.about();
        let mut items: Vec<(Told, Written)> = Vec::new();
        loop {
            let (extent, written) = self.item()?;
            let remark = self.remark()?;
            items.push((Told { extent, about: about.clone(), remark }, written));
            if items.len() > MAX_ITEMS {
                return None;
            }
            if self.at == self.tokens.len() {
                break;
            }
            let separated = self.separators();
            if !separated && !self.may_follow_without_separator(&items) {
                return None;
            }
        }
        let whole = merged(items).filter(|items| about.is_none() || about_is_safe(items, self.tokens));
        if whole.is_none() {
            self.at = 0;
        }
        whole.map(|items| items.into_iter().map(|(told, _)| told).collect())
    }

    /// Words before the first version or version word.
    fn about(&mut self) -> Option<String> {
        let mut words = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match token.kind {
                Kind::Word => words.push(token.text.as_str()),
                // "… with Software 04.00.00": a clause word inside the description, when a word stood before it.
                Kind::Noun | Kind::Clause if !words.is_empty() && self.word_follows() => {
                    words.push(token.text.as_str());
                }
                _ => break,
            }
            self.at += 1;
        }
        (!words.is_empty()).then(|| words.join(" "))
    }

    fn word_follows(&self) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::Word)
    }

    fn item(&mut self) -> Option<(Extent, Written)> {
        self.skip(&[Kind::Noun, Kind::All]);
        let token = self.tokens.get(self.at)?;
        match token.kind {
            Kind::Prefix(side) => {
                self.at += 1;
                let version = self.version()?;
                Some((half(side, version), Written::Prefixed))
            }
            Kind::From => {
                self.at += 1;
                let from = self.version()?;
                self.upper_end(from)
            }
            Kind::Version => {
                let version = self.version()?;
                self.after_version(version)
            }
            _ => None,
        }
    }

    /// What stands after a version makes it a range, a series or leaves it alone.
    fn after_version(&mut self, version: String) -> Option<(Extent, Written)> {
        match self.kind() {
            Some(Kind::Through | Kind::Prefix(Side::Below | Side::UpTo)) => self.upper_end(version),
            Some(Kind::Suffix(side)) => {
                self.at += 1;
                self.skip(&[Kind::Noun]);
                Some((self.two_suffixes(side, version)?, Written::Other))
            }
            Some(Kind::Series) => {
                self.at += 1;
                self.skip(&[Kind::Noun]);
                Some((Extent::Series(version), Written::Other))
            }
            _ => {
                self.skip(&[Kind::Noun, Kind::Only]);
                let extent =
                    if is_series(&version) { Extent::Series(version) } else { Extent::Exactly(version) };
                Some((extent, Written::Bare))
            }
        }
    }

    /// "1.0 through 2.0", "from 1.0 before 2.0", 「1.0 から 2.0 より前」.
    fn upper_end(&mut self, from: String) -> Option<(Extent, Written)> {
        let told = match self.kind()? {
            Kind::Through => None,
            Kind::Prefix(side @ (Side::Below | Side::UpTo)) => Some(side),
            Kind::Suffix(Side::From) => {
                self.at += 1;
                self.skip(&[Kind::Noun]);
                return Some((half(Side::From, from), Written::Other));
            }
            _ => return None,
        };
        self.at += 1;
        // 「1.0 から、2.0 より前」 is written with a comma at times.
        let to = self.version()?;
        let inclusive = match (told, self.kind()) {
            (None, Some(Kind::Suffix(side @ (Side::Below | Side::UpTo)))) => {
                self.at += 1;
                side == Side::UpTo
            }
            (_, Some(Kind::Suffix(_))) => return None,
            (told, _) => told != Some(Side::Below),
        };
        self.skip(&[Kind::Noun]);
        let range = Extent::Range { from: bound(from, true), to: bound(to, inclusive) };
        Some((range, Written::Other))
    }

    /// 「1.0 以上 2.0 未満」: a lower end followed at once by a version with an upper end.
    fn two_suffixes(&mut self, side: Side, version: String) -> Option<Extent> {
        let lower = matches!(side, Side::From | Side::Above);
        let next = (self.kind(), self.tokens.get(self.at + 1).map(|token| token.kind));
        let (Some(Kind::Version), Some(Kind::Suffix(upper @ (Side::Below | Side::UpTo))), true) =
            (next.0, next.1, lower)
        else {
            return Some(half(side, version));
        };
        let to = self.version()?;
        self.at += 1;
        self.skip(&[Kind::Noun]);
        Some(Extent::Range { from: bound(version, side == Side::From), to: bound(to, upper == Side::UpTo) })
    }

    /// A remark in brackets, or a clause that goes on to the end. `None` when the remark itself speaks of versions or exceptions:
    /// then it may change the range, and the text is not understood.
    #[allow(clippy::option_option)] // no remark, a remark, and one that cannot be let pass are three things
    fn remark(&mut self) -> Option<Option<String>> {
        let mut remarks = Vec::new();
        while let Some(token) = self.tokens.get(self.at).filter(|token| token.kind == Kind::Remark) {
            if !is_harmless(&tokens(&token.text)) {
                return None;
            }
            remarks.push(token.text.clone());
            self.at += 1;
        }
        let comma = usize::from(self.kind() == Some(Kind::And) && self.tokens[self.at].text == ",");
        if self.tokens.get(self.at + comma).is_some_and(|token| token.kind == Kind::Clause) {
            let clause = &self.tokens[self.at + comma..];
            if !is_harmless(clause) {
                return None;
            }
            remarks.push(clause.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" "));
            self.at = self.tokens.len();
        }
        Some((!remarks.is_empty()).then(|| remarks.join("; ")))
    }

    /// Versions without any separator are a list only when they look alike ("1.10 1.11 1.13"), or when a remark parted them.
    fn may_follow_without_separator(&self, items: &[(Told, Written)]) -> bool {
        let Some((last, written)) = items.last() else { return false };
        if last.remark.is_some() {
            return true;
        }
        let Some(next) = self.tokens.get(self.at).filter(|token| token.kind == Kind::Version) else {
            return false;
        };
        let ranged = matches!(
            self.tokens.get(self.at + 1).map(|token| token.kind),
            Some(Kind::Suffix(_) | Kind::Through | Kind::Prefix(_))
        );
        match &last.extent {
            Extent::Exactly(version) => {
                *written == Written::Bare && !ranged && shape(version) == shape(&next.text)
            }
            _ => false,
        }
    }

    fn separators(&mut self) -> bool {
        let before = self.at;
        self.skip(&[Kind::And]);
        self.at > before
    }

    fn version(&mut self) -> Option<String> {
        self.skip(&[Kind::Noun]);
        let token = self.tokens.get(self.at).filter(|token| token.kind == Kind::Version)?;
        self.at += 1;
        Some(token.text.clone())
    }

    fn kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn skip(&mut self, kinds: &[Kind]) {
        while self.kind().is_some_and(|kind| kinds.contains(&kind)) {
            self.at += 1;
        }
    }

    /// The words the grammar has no place for: unknown words where there are any, otherwise all from where it stopped.
    fn left_over(&self) -> String {
        let stopped = &self.tokens[self.at.min(self.tokens.len())..];
        let unknown = |token: &&Token| matches!(token.kind, Kind::Word | Kind::Except);
        let words: Vec<&str> = self.tokens.iter().filter(unknown).map(|token| token.text.as_str()).collect();
        let words =
            if words.is_empty() { stopped.iter().map(|token| token.text.as_str()).collect() } else { words };
        words.join(" ")
    }
}

/// Whether words aside from the range leave it as it is.
fn is_harmless(tokens: &[Token]) -> bool {
    let speaks_of_versions =
        |kind: Kind| matches!(kind, Kind::Prefix(_) | Kind::Suffix(_) | Kind::From | Kind::All);
    let except = ["except", "excluding", "other than", "unless", "unaffected", "fixed", "patched", "but"];
    let starts_with_version =
        tokens.iter().find(|token| token.kind != Kind::Noun).is_some_and(|token| token.kind == Kind::Version);
    let not_affected = tokens.windows(2).any(|pair| {
        pair[0].text.eq_ignore_ascii_case("not") && pair[1].text.eq_ignore_ascii_case("affected")
    });
    !starts_with_version
        && !not_affected
        && tokens.iter().all(|token| match token.kind {
            Kind::Except => !except.contains(&token.text.to_lowercase().as_str()) && token.text.is_ascii(),
            kind => !speaks_of_versions(kind),
        })
}

/// Words before a version are taken for the part spoken of only when one single range follows that could not be a name itself: "core 2.0
/// から 2.12 より前" yes, "CR-IR 357" no.
fn about_is_safe(items: &[(Told, Written)], tokens: &[Token]) -> bool {
    let ranged = matches!(items, [(told, _)] if matches!(told.extent, Extent::Range { .. }));
    ranged && !tokens.iter().any(|token| token.kind == Kind::Except)
}

/// Joins a lower and an upper end into one range; two ends that contradict or leave open which belongs to what are not understood.
fn merged(items: Vec<(Told, Written)>) -> Option<Vec<(Told, Written)>> {
    let mut joined: Vec<(Told, Written)> = Vec::new();
    for item in items {
        let pair = joined.last().and_then(|last| both_ends(last, &item));
        match (pair, joined.last_mut()) {
            (Some(extent), Some(last)) => {
                last.0.extent = extent;
                last.0.remark = item.0.remark;
                last.1 = Written::Other;
            }
            _ => joined.push(item),
        }
    }
    let open = joined.iter().filter(|(told, _)| is_open(&told.extent) && told.remark.is_none()).count();
    (open <= 1).then_some(joined)
}

fn both_ends(first: &(Told, Written), second: &(Told, Written)) -> Option<Extent> {
    if (first.1, second.1) != (Written::Prefixed, Written::Prefixed) || first.0.remark.is_some() {
        return None;
    }
    match (&first.0.extent, &second.0.extent) {
        (Extent::Range { from: Some(from), to: None }, Extent::Range { from: None, to: Some(to) }) => {
            Some(Extent::Range { from: Some(from.clone()), to: Some(to.clone()) })
        }
        _ => None,
    }
}

fn is_open(extent: &Extent) -> bool {
    matches!(extent, Extent::Range { from: None, .. } | Extent::Range { to: None, .. })
}

fn half(side: Side, version: String) -> Extent {
    let inclusive = matches!(side, Side::UpTo | Side::From);
    match side {
        Side::Below | Side::UpTo => Extent::Range { from: None, to: bound(version, inclusive) },
        Side::Above | Side::From => Extent::Range { from: bound(version, inclusive), to: None },
    }
}

#[allow(clippy::unnecessary_wraps)] // every caller fills an optional end
fn bound(version: String, inclusive: bool) -> Option<Bound> {
    Some(Bound { version, inclusive })
}

/// "9.x", "2.X", "12.2.x.x", "1.*", "C.0x".
fn is_series(version: &str) -> bool {
    version.ends_with(".*") || (version.ends_with(['x', 'X']) && version.contains('.'))
}

/// The form of a version: numbers as `0`, letters as `a`.
fn shape(version: &str) -> String {
    let mut shape = String::new();
    for c in version.chars() {
        let c = if c.is_ascii_digit() {
            '0'
        } else if c.is_ascii_alphabetic() {
            'a'
        } else {
            c
        };
        if !shape.ends_with(c) || c == '.' {
            shape.push(c);
        }
    }
    shape
}
