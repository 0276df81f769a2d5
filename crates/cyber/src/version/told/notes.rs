//! What narrows the versions of a part: notes in parentheses, conditions, editions. A note that takes back what stands before it, or
//! may hold further versions, leaves the part open.

use super::bounds::{Gap, Item, Said};
use super::phrases::Part;
use super::tokens::{Kind, Token, span};
use super::words::Word;
use super::{NotUnderstood, Qualifier, QualifierKind, Why};

impl Part<'_> {
    /// A note, or versions that are taken out.
    pub(super) fn parenthesis(&mut self) -> Result<(), Why> {
        let begin = self.at;
        let mut depth = 0_usize;
        let length = self.tokens[begin..].iter().position(|token| {
            depth = match token.kind {
                Kind::Open => depth + 1,
                Kind::Close => depth.saturating_sub(1),
                _ => depth,
            };
            depth == 0
        });
        let end = begin + length.ok_or(Why::Words)?;
        let inside = &self.tokens[begin + 1..end];
        self.at = end + 1;
        let excepts = |token: &Token| matches!(token.kind, Kind::Word(Word::Except | Word::ExceptBehind));
        if !inside.iter().any(excepts) {
            let at = span(&self.tokens[begin..=end]);
            // Versions in a note may be further ones.
            if inside.iter().any(|token| may_be_version(token) && !token.text.starts_with("CVE-")) {
                self.open.push(NotUnderstood { at: at.clone(), why: Why::Words });
            } else if denies(inside) {
                return Err(Why::Ambiguous);
            }
            self.qualifiers.push(Qualifier { kind: QualifierKind::Note, at });
            return Ok(());
        }
        let behind: Vec<Token> = inside.iter().filter(|token| !excepts(token)).cloned().collect();
        for said in Part::of(&behind).read()?.items {
            let Item::One(version) = said.item else { return Err(Why::Ambiguous) };
            self.items.push(Said { item: Item::Except(version), at: said.at, gap: Gap::Comma });
        }
        Ok(())
    }

    /// What must hold besides: all that follows in the part, unless further versions may stand in it (`1.2 on Windows, 1.3 and 1.4`) or
    /// it takes back what was said (`not affected`).
    pub(super) fn condition(&mut self, kind: QualifierKind) -> Result<(), Why> {
        let rest = &self.tokens[self.at..];
        if may_say_more(rest) {
            return Err(Why::Ambiguous);
        }
        self.qualifiers.push(Qualifier { kind, at: span(rest) });
        self.at = self.tokens.len();
        Ok(())
    }

    /// `Windows 版`, `Enterprise Edition`: names with an edition behind them.
    pub(super) fn edition(&mut self) -> bool {
        let is_name = |token: &Token| {
            matches!(token.kind, Kind::Unknown | Kind::Word(Word::System | Word::Architecture))
        };
        let names = self.tokens[self.at..].iter().take_while(|token| is_name(token)).count();
        let end = self.at + names;
        let is =
            names <= 3 && self.tokens.get(end).is_some_and(|token| token.kind == Kind::Word(Word::Edition));
        if is {
            let at = span(&self.tokens[self.at..=end]);
            self.qualifiers.push(Qualifier { kind: QualifierKind::Edition, at });
            self.at = end + 1;
        }
        is
    }
}

/// Whether a condition may hold further versions behind a comma, or takes back what was said.
fn may_say_more(condition: &[Token]) -> bool {
    let is_list =
        |token: &Token| token.kind == Kind::Word(Word::And) || token.kind == Kind::Comma && token.text != "/";
    let mut behind = condition.iter().skip_while(|token| !is_list(token));
    let takes_back = |token: &Token| matches!(token.text.as_str(), "affected" | "vulnerable" | "impacted");
    behind.any(|token| may_be_version(token) || matches!(token.kind, Kind::Sign(_)))
        || condition.iter().any(takes_back)
        || denies(condition)
}

/// A version, or one that words are joined to.
fn may_be_version(token: &Token) -> bool {
    let digit = token.text.bytes().any(|byte| byte.is_ascii_digit());
    token.kind == Kind::Version || token.kind == Kind::Unknown && digit
}

/// What 「対策済み」 and its like begin with. 「影響を受けます」 says the contrary of 「影響を受けません」.
const DENIALS: [&str; 19] = [
    "修正済",
    "対策済",
    "対応済",
    "解決済",
    "解消済",
    "適用済",
    "影響を受けない",
    "影響を受けません",
    "影響は受けない",
    "影響は受けません",
    "影響しない",
    "影響しません",
    "影響なし",
    "影響はな",
    "影響はありません",
    "対象外",
    "該当しな",
    "該当しません",
    "非該当",
];

/// Whether a note says of its versions that they are free of what the text is about: `fixed`, `not affected`, 「対策済み」. What stands
/// before it is then not affected, or was and no longer is.
fn denies(note: &[Token]) -> bool {
    let is = |token: &&Token, words: &[&str]| words.iter().any(|word| token.text.eq_ignore_ascii_case(word));
    let denying = ["not", "no", "never", "isn't", "aren't", "without"];
    let has = |words: &[&str]| note.iter().any(|token| is(&token, words));
    let not = has(&denying);
    // `affected, not fixed` affirms.
    let affected = ["affected", "vulnerable", "impacted", "susceptible", "applicable", "exploitable"];
    if note.iter().skip_while(|token| !is(token, &denying)).any(|token| is(&token, &affected)) {
        return true;
    }
    let done = ["fixed", "patched", "resolved", "remediated", "mitigated", "corrected", "repaired"];
    if has(&["unaffected", "non-affected", "non-vulnerable", "immune"]) || !not && has(&done) {
        return true;
    }
    let text: String = note.iter().map(|token| token.text.as_str()).collect();
    DENIALS.iter().any(|denial| text.contains(denial))
}
