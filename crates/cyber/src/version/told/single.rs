//! A single version in a phrase: where one begins, and what goes on with it.

use super::Why;
use super::bounds::{Gap, why_not};
use super::glued::is_mark;
use super::phrases::Part;
use super::sound::{shape, sound};
use super::tokens::Kind;
use super::words::Word;

/// Capitals that belong to the number behind a blank. Others are names of products and parts, and the number behind them may be a model
/// (`IE 11`, `JDK 7`, `FRN 1.2`). `HD 16` and `HD23` are versions of one ultrasound system in one advisory; `SV` is how makers of
/// controllers write *software version* as part of the number (`SV1.10`).
pub(super) const NAMED: [&str; 2] = ["HD", "SV"];

impl Part<'_> {
    /// Whether a version begins here: one, or `HD 16`, or letters behind `Rev.`.
    pub(super) fn begins_version(&self) -> bool {
        match self.tokens.get(self.at) {
            Some(token) if token.kind == Kind::Version => !is_mark(&token.text),
            Some(_) => self.is_revision() || self.is_named(),
            None => false,
        }
    }

    /// Whether up to three capitals are the version: behind `Rev.`, or alone in their part right behind a sign (`<=FH`).
    fn is_revision(&self) -> bool {
        let Some(token) = self.tokens.get(self.at).filter(|token| token.kind == Kind::Unknown) else {
            return false;
        };
        let capitals = token.text.len() <= 3 && token.text.bytes().all(|byte| byte.is_ascii_uppercase());
        let alone = matches!(self.tokens, [first, _] if matches!(first.kind, Kind::Sign(_))) && !token.apart;
        capitals && (self.revision || alone) && !self.is_named()
    }

    /// `HD 16`: letters and a number that are one version.
    fn is_named(&self) -> bool {
        self.kind() == Some(Kind::Unknown)
            && NAMED.contains(&self.text())
            && self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::Version)
    }

    /// Why no phrase begins here. Where letters and a number stand right behind a version (`653 MCE 3.x`), or what looks like the
    /// mark before it (`SP1/SP2`), they may belong to it.
    pub(super) fn why_none(&self) -> Why {
        let number = self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::Version);
        let capitals = self.text().len() <= 3 && self.text().bytes().all(|byte| byte.is_ascii_uppercase());
        let beside = self.gap == Gap::Nothing && !self.items.is_empty() && capitals && number;
        let again = self.kind() == Some(Kind::Version) && self.mark.as_deref() == Some(&shape(self.text()));
        if beside || again { Why::Ambiguous } else { why_not(self.kind()) }
    }

    /// A version with what belongs to it: `1.3.1 Build 13`, `3.0 D15`.
    pub(super) fn version(&mut self) -> Result<String, Why> {
        if !self.begins_version() {
            return Err(why_not(self.kind()));
        }
        let mut text = self.text().to_owned();
        // `7.0 SP1/SP2`: whether the second goes on with the same version is not said.
        if self.mark.as_deref() == Some(&shape(&text)) {
            return Err(Why::Ambiguous);
        }
        if self.kind() == Some(Kind::Unknown) && !self.is_revision() {
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
                self.mark = Some(shape(&next.text));
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
