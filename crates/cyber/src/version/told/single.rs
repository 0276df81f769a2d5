//! A single version in a phrase: where one begins, and what goes on with it.

use super::Why;
use super::bounds::why_not;
use super::glued::is_mark;
use super::phrases::Part;
use super::sound::{shape, sound};
use super::tokens::Kind;
use super::words::Word;

impl Part<'_> {
    /// Whether a version begins here: one, or `HD 16`, or a letter behind `Rev.`.
    pub(super) fn begins_version(&self) -> bool {
        match self.tokens.get(self.at) {
            Some(token) if token.kind == Kind::Version => !is_mark(&token.text),
            Some(token) if token.kind == Kind::Unknown => {
                let letters =
                    !token.text.is_empty() && token.text.bytes().all(|byte| byte.is_ascii_uppercase());
                let number = self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::Version);
                letters && (token.text.len() <= 3 && number || self.revision && token.text.len() == 1)
            }
            _ => false,
        }
    }

    /// A version with what belongs to it: `1.3.1 Build 13`, `3.0 D15`.
    pub(super) fn version(&mut self) -> Result<String, Why> {
        if !self.begins_version() {
            return Err(why_not(self.kind()));
        }
        let mut text = self.text().to_owned();
        if self.kind() == Some(Kind::Unknown) && !(self.revision && text.len() == 1) {
            self.at += 1;
            text = format!("{text} {}", self.text());
        }
        self.at += 1;
        sound(&text)?;
        let mut compound = false;
        while let Some(next) = self.tokens.get(self.at) {
            let behind = self.tokens.get(self.at + 1).map(|one| one.kind);
            let number = behind == Some(Kind::Version);
            let appendix = next.kind == Kind::Word(Word::Appendix);
            let letter = next.text.starts_with(|first: char| first.is_ascii_alphabetic());
            if next.kind == Kind::Version
                && shape(&text) == shape(&next.text)
                && (letter || text.contains('.'))
            {
                // `1.3.2 1.4.0`: two versions of one shape side by side are a list.
                self.listed = true;
                break;
            }
            let attaches = next.kind == Kind::Version && letter && !compound
                || appendix && (number || behind == Some(Kind::Word(Word::Appendix)));
            if next.kind == Kind::Version && !attaches && !appendix {
                return Err(Why::Ambiguous);
            }
            if !attaches {
                break;
            }
            if next.kind == Kind::Version {
                // `1.2 SP1-SP3`
                sound(&next.text)?;
            }
            compound |= next.kind == Kind::Version;
            text = format!("{text} {}", next.text);
            self.at += 1;
            if appendix && number {
                text = format!("{text} {}", self.text());
                self.at += 1;
            }
        }
        Ok(text)
    }
}
