//! Budget references in the prose of follow-up tables: 「名称(令和6年度予算:13億円)」 and its many forms.
//!
//! A reference is an amount of yen that a fiscal year and a budget word (or a colon) claim for a budget;
//! other money in the text (caps, markets, trade balances) is none. What belongs to which programme is in
//! [`name`]; the characters are in [`scan`].

mod name;
mod scan;

use std::ops::Range;

use base::{Amount, BudgetKind, FiscalYear, Yen};
use scan::{Found, Text};

/// One budget reference found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetRef {
    /// The programme the money belongs to, as printed but in one width; `None` where the text names none.
    pub programme: Option<String>,
    /// The programme this one succeeds, where the text says so (「Xの後継事業となるY」).
    pub succeeds: Option<String>,
    /// The activities the money is quoted for, where they are other than the programme itself.
    pub activities: Vec<String>,
    /// The money.
    pub amount: Amount,
    /// It is a part (うち…) of the amount printed before it. Its amount is marked as repeated, as that money
    /// is already in the amount before.
    pub of_which: bool,
    /// The previous year's amount printed in brackets behind it.
    pub previous: Option<Yen>,
    /// The words it was read from: fiscal year to amount.
    pub as_printed: String,
    /// Their bytes in the text.
    pub span: Range<usize>,
}

/// Finds every budget reference, in order.
pub fn find(raw: &str) -> Vec<BudgetRef> {
    let text = Text::fold(raw);
    let mut found: Vec<BudgetRef> = Vec::new();
    // The amount before, and the bracket it stood in: later amounts lean on it.
    let mut before: Option<Claim> = None;
    for amount in scan::amounts(&text) {
        if let (Some(last), Some(claim)) = (found.last_mut(), &before)
            && is_previous_year(&text, claim, &amount)
        {
            last.previous = Some(amount.value);
            continue;
        }
        let Some(claim) = claim(&text, &amount, before.as_ref()) else { continue };
        found.push(reference(raw, &text, &claim, found.last()));
        before = Some(claim);
    }
    found
}

/// Why an amount is taken for a budget.
#[derive(Clone)]
struct Claim {
    amount: Range<usize>,
    yen: Yen,
    year: FiscalYear,
    year_at: Range<usize>,
    kind: BudgetKind,
    /// The bracket in which year and amount stand.
    bracket: Option<usize>,
    /// Where the scope begins: the bracket, or the sentence.
    scope: usize,
    /// A programme's name stands between year and amount.
    name_in_gap: Option<Range<usize>>,
    of_which: bool,
    /// Its year was given by the amount before it, in the same scope.
    leans: bool,
}

/// Looks outwards from the amount, bracket by bracket, for the fiscal year that claims it.
fn claim(text: &Text, amount: &Found<Yen>, before: Option<&Claim>) -> Option<Claim> {
    let mut bracket = text.enclosing(amount.range.start);
    loop {
        let scope = bracket.map_or_else(|| sentence_start(text, amount.range.start), |open| open + 1);
        if let Some(found) = claim_in(text, amount, before, bracket, scope) {
            return Some(found);
        }
        bracket = text.enclosing(bracket?);
    }
}

fn claim_in(
    text: &Text,
    amount: &Found<Yen>,
    before: Option<&Claim>,
    bracket: Option<usize>,
    scope: usize,
) -> Option<Claim> {
    let start = amount.range.start;
    let year = scan::years(text, scope..start)
        .into_iter()
        .rfind(|year| text.enclosing(year.range.start) == bracket)?;
    let previous = before.filter(|claim| claim.amount.end > year.range.end);
    let gap = previous.map_or(year.range.end, |claim| claim.amount.end)..start;
    let (kind, name_in_gap, of_which) = match (reading(text, gap.clone()), previous) {
        (Some((kind, name)), _) => (kind, name, false),
        (None, Some(claim)) if is_of_which(text, gap) => (claim.kind, None, true),
        _ => return None,
    };
    Some(Claim {
        amount: amount.range.clone(),
        yen: amount.value,
        year: year.value,
        year_at: year.range,
        kind,
        bracket,
        scope,
        name_in_gap,
        of_which,
        leans: previous.is_some(),
    })
}

/// Budget words and the kind each stands for, and what may stand between such a word and the amount.
const WORDS: [(&str, BudgetKind); 12] = [
    ("概算要求", BudgetKind::Request),
    ("予算要求", BudgetKind::Request),
    ("要求額", BudgetKind::Request),
    ("要望額", BudgetKind::Request),
    ("執行額", BudgetKind::Executed),
    ("執行実績", BudgetKind::Executed),
    ("歳出予算現額", BudgetKind::Available),
    ("補正予算", BudgetKind::Supplementary),
    ("当初予算", BudgetKind::Initial),
    ("補正", BudgetKind::Supplementary),
    ("当初", BudgetKind::Initial),
    ("予算", BudgetKind::Unlabelled),
];
const FILLERS: [&str; 16] = [
    "(案)",
    "案",
    "総額",
    "合計",
    "として",
    "金額",
    "額",
    "計",
    "約",
    "は",
    "で",
    ":",
    "、",
    ",",
    "国費",
    "ベース",
];

/// What the words between year and amount make of the amount: its kind, and a name among them. `None` if they
/// do not make it a budget.
fn reading(text: &Text, gap: Range<usize>) -> Option<(BudgetKind, Option<Range<usize>>)> {
    let word = (gap.clone()).rev().find_map(|at| {
        let (word, kind) = WORDS
            .iter()
            .find(|(word, _)| text.starts_with(at, word) && at + word.chars().count() <= gap.end)?;
        Some((at, at + word.chars().count(), *kind))
    });
    if let Some((_, end, kind)) = word.map(|found| widest(text, gap.start, found)) {
        let tail: String = text.text(end..gap.end).split_whitespace().collect();
        if only_fillers(tail.trim_end_matches('(')) {
            let draft = kind == BudgetKind::Unlabelled && tail.contains('案');
            return Some((if draft { BudgetKind::Draft } else { kind }, None));
        }
    }
    // 令和6年度…に係る事業(…に関する調査):9百万円 — no budget word, a name and a colon.
    let end = (gap.clone()).rev().find(|&at| !text.chars[at].is_whitespace())?;
    let named = text.chars[end] == ':' && text.text(gap.start..end).chars().any(char::is_alphanumeric);
    let name = name::names_a_programme(&text.text(gap.start..end));
    (named && name).then_some((BudgetKind::Unlabelled, Some(gap.start..end)))
}

/// The scan from the right meets 予算 of 補正予算 first; the longer word decides.
fn widest(text: &Text, from: usize, found: (usize, usize, BudgetKind)) -> (usize, usize, BudgetKind) {
    let (at, end, _) = found;
    let longer = (from..at).find_map(|start| {
        let (word, kind) = WORDS.iter().find(|(word, _)| text.starts_with(start, word))?;
        (start + word.chars().count() >= end).then_some((start, end.max(start + word.chars().count()), *kind))
    });
    longer.unwrap_or(found)
}

fn only_fillers(tail: &str) -> bool {
    let mut rest = tail;
    while !rest.is_empty() {
        let Some(filler) = FILLERS.iter().find(|filler| rest.starts_with(**filler)) else { return false };
        rest = &rest[filler.len()..];
    }
    true
}

fn is_of_which(text: &Text, gap: Range<usize>) -> bool {
    let words = text.text(gap);
    let words = words.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '、' | ','));
    words.starts_with("うち") && !words.contains('。')
}

/// 12億円(12億円): the bracket right behind an amount holds the previous year's.
fn is_previous_year(text: &Text, claim: &Claim, amount: &Found<Yen>) -> bool {
    let open = text.skip_blanks(claim.amount.end);
    let Some(close) = text.partner(open) else { return false };
    if text.chars.get(open) != Some(&'(') || !(open..close).contains(&amount.range.start) {
        return false;
    }
    let words = text.text(open + 1..amount.range.start);
    let words: String = words.split_whitespace().collect();
    let rest = text.text(amount.range.end..close);
    rest.trim().is_empty()
        && ["", "前年度", "前年度:", "前年度当初", "前年度当初:", "前年度予算額", "前年度当初予算額"]
            .contains(&words.as_str())
}

fn sentence_start(text: &Text, at: usize) -> usize {
    text.chars[..at].iter().rposition(|c| matches!(c, '。' | '\n')).map_or(0, |stop| stop + 1)
}

fn reference(raw: &str, text: &Text, claim: &Claim, before: Option<&BudgetRef>) -> BudgetRef {
    let (within, tail) = within(text, claim.amount.end);
    let owner = match before {
        Some(before) if claim.leans => name::Owner {
            programme: before.programme.clone(),
            succeeds: before.succeeds.clone(),
            activities: before.activities.clone(),
            repeated: before.amount.repeated && !before.of_which,
        },
        _ => name::owner(text, claim.bracket, claim.scope, &claim.year_at, claim.name_in_gap.as_ref()),
    };
    let repeated = owner.repeated || claim.of_which || is_repeated(text, tail, claim.bracket);
    let start = if claim.leans { claim.amount.start } else { claim.year_at.start };
    let span = text.raw(&(start..tail));
    BudgetRef {
        programme: owner.programme,
        succeeds: owner.succeeds,
        activities: owner.activities,
        amount: Amount { fiscal_year: claim.year, kind: claim.kind, yen: claim.yen, within, repeated },
        of_which: claim.of_which,
        previous: None,
        as_printed: raw[span.clone()].to_owned(),
        span,
    }
}

/// Whether 内数 follows the amount, and where the amount's words end.
fn within(text: &Text, end: usize) -> (bool, usize) {
    let at = text.skip_blanks(end);
    let words = ["程度の内数", "の内数", "内数", "(内数)", "(の内数)"];
    match words.iter().find(|word| text.starts_with(at, word)) {
        Some(word) => (true, at + word.chars().count()),
        None => (false, end),
    }
}

fn is_repeated(text: &Text, end: usize, bracket: Option<usize>) -> bool {
    let marked = |at: usize| {
        ["(再掲", "[再掲", "再掲", "※再掲", "【再掲"]
            .iter()
            .any(|mark| text.starts_with(text.skip_blanks(at), mark))
    };
    let close = bracket.and_then(|open| text.partner(open));
    let closes_here = close.filter(|&close| text.skip_blanks(end) == close);
    marked(end) || text.starts_with(end, "、再掲") || closes_here.is_some_and(|close| marked(close + 1))
}

#[cfg(test)]
mod tests;
