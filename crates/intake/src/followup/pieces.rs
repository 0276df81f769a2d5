//! Pieces: a strip of the page is one to three pieces, each lying in another column, joined by single spaces. Which
//! spaces are column breaks is not marked, so every cut is a candidate.

use unicode_width::UnicodeWidthStr;

/// The features of a piece of a line that do not depend on where it goes.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    pub text: &'a str,
    /// Half-width units; ambiguous characters count as wide, as Japanese fonts draw them.
    pub width: i32,
    /// It begins with a bullet.
    pub bullet: bool,
    /// It ends where a sentence can end.
    pub sentence_end: bool,
    /// It ends in a ministry mark: [◎厚、◎経].
    pub mark: bool,
    /// Net effect on brackets.
    pub brackets: Brackets,
    /// Fiscal years of budgets quoted in it: (earliest, latest), western.
    pub budget_years: Option<(i32, i32)>,
    /// Which tense its last sentence has, if it ends here.
    pub tense: Option<Tense>,
}

/// Brackets closed that were opened before the piece, and brackets it leaves open, innermost last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Brackets {
    pub closes: Vec<char>,
    pub opens: Vec<char>,
}

/// What a sentence's ending says about the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// 〜した。〜している。: something that was done.
    Done,
    /// 〜する。〜予定。: something that is to be done.
    ToDo,
}

/// One way to cut a strip, with what the cut itself costs.
#[derive(Clone, Debug)]
pub(super) struct Cut<'a> {
    pub pieces: Vec<Piece<'a>>,
    /// Spaces left inside pieces that do not look like Latin text, and breaks that do.
    pub oddities: u32,
}

/// Strips with more spaces than this are not cut at every pair of them, but only at spaces near Japanese text.
const MANY_SPACES: usize = 24;

/// Every way to cut a strip into at most three pieces.
pub(super) fn cuts(line: &str) -> Vec<Cut<'_>> {
    let mut spaces: Vec<usize> = line.match_indices(' ').map(|(at, _)| at).filter(|at| *at > 0).collect();
    if spaces.len() > MANY_SPACES {
        spaces.retain(|at| !is_latin_space(line, *at));
        spaces.truncate(MANY_SPACES);
    }
    let mut cuts = vec![cut(line, &spaces, &[])];
    for (index, first) in spaces.iter().enumerate() {
        cuts.push(cut(line, &spaces, &[*first]));
        for second in &spaces[index + 1..] {
            cuts.push(cut(line, &spaces, &[*first, *second]));
        }
    }
    cuts.retain(|cut| cut.pieces.iter().all(|piece| !piece.text.is_empty()));
    cuts
}

fn cut<'a>(line: &'a str, spaces: &[usize], breaks: &[usize]) -> Cut<'a> {
    let mut pieces = Vec::with_capacity(breaks.len() + 1);
    let mut start = 0;
    for at in breaks {
        pieces.push(Piece::of(&line[start..*at]));
        start = at + 1;
    }
    pieces.push(Piece::of(&line[start..]));
    let odd = |at: &&usize| breaks.contains(at) == is_latin_space(line, **at);
    let oddities = u32::try_from(spaces.iter().filter(odd).count()).unwrap_or(u32::MAX);
    Cut { pieces, oddities }
}

/// A space beside Latin letters is more likely a word space than a column break.
fn is_latin_space(line: &str, at: usize) -> bool {
    let before = line[..at].chars().next_back().is_some_and(|c| c.is_ascii_graphic() && c != ')' && c != ']');
    let after = line[at + 1..].chars().next().is_some_and(|c| c.is_ascii_graphic() && c != '(' && c != '[');
    before && (after || line[..at].ends_with(|c: char| c.is_ascii_alphanumeric()))
        || after && line[at + 1..].starts_with('~')
}

impl<'a> Piece<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let sentence_end = text.ends_with(['。', ']', '］', '．']) || text.ends_with("予定");
        Piece {
            text,
            width: i32::try_from(text.width_cjk()).unwrap_or(i32::MAX),
            bullet: text.starts_with(['・', '○', '●', '■', '〇', '※', '➢', '◆', '①', '②', '③', '④', '⑤']),
            sentence_end,
            mark: ends_in_mark(text),
            brackets: Brackets::of(text),
            budget_years: budget_years(text),
            tense: sentence_end.then(|| tense(text)).flatten(),
        }
    }
}

/// [文、◎厚]: a bracket with ministry characters at the end, or the end of one that began on the line above.
fn ends_in_mark(text: &str) -> bool {
    let Some(inner) = text.strip_suffix([']', '］']) else { return false };
    let Some((_, inner)) = inner.rsplit_once(['[', '［']) else { return inner.chars().count() <= 20 };
    !inner.is_empty()
        && inner.chars().count() <= 40
        && inner.contains(['◎', '厚', '経', '文', '総', '内', '農', '環', '国', '外', '復'])
}

impl Brackets {
    fn of(text: &str) -> Self {
        let mut brackets = Brackets::default();
        for c in text.chars() {
            if let Some(closing) = closing_of(c) {
                brackets.opens.push(closing);
            } else if matches!(c, ')' | '）' | '」' | '』' | '】' | ']' | '］' | '〕') {
                match brackets.opens.pop() {
                    Some(open) if open == c => {}
                    Some(open) => brackets.opens.push(open),
                    None => brackets.closes.push(c),
                }
            }
        }
        brackets
    }
}

fn closing_of(c: char) -> Option<char> {
    Some(match c {
        '(' => ')',
        '（' => '）',
        '「' => '」',
        '『' => '』',
        '【' => '】',
        '[' => ']',
        '［' => '］',
        '〔' => '〕',
        _ => return None,
    })
}

/// Years in 令和N年度予算, 令和N年度補正予算 and the like: the budgets a cell quotes belong to its column's year.
fn budget_years(text: &str) -> Option<(i32, i32)> {
    let mut years: Option<(i32, i32)> = None;
    for (at, _) in text.match_indices("年度") {
        let after = &text[at + "年度".len()..];
        let is_budget = ["予算", "補正", "当初", "概算要求", "第"].iter().any(|word| after.starts_with(word));
        let start = text[..at].rfind(['令', '平', '(', '（', '「', '、']).unwrap_or(0);
        let start = text[start..].find(['令', '平']).map_or(start, |offset| start + offset);
        let Some(year) =
            text.get(start..at + "年度".len()).and_then(|year| year.parse::<base::FiscalYear>().ok())
        else {
            continue;
        };
        if is_budget {
            let year = year.western();
            let (low, high) = years.unwrap_or((year, year));
            years = Some((low.min(year), high.max(year)));
        }
    }
    years
}

/// Japanese tells by the last characters: 〜た and 〜ている say what was done, the plain form of a verb, which ends in a
/// syllable of the u-row, or 予定 what is to be done.
fn tense(text: &str) -> Option<Tense> {
    let body = text.trim_end_matches(['。', '．', '」', ')', '）']);
    let ends = |endings: &[&str]| endings.iter().any(|ending| body.ends_with(ending));
    if ends(&["た", "だ", "ている", "でいる", "ところ", "ところである", "済み"]) {
        Some(Tense::Done)
    } else if ends(&["である", "れる", "ある"]) {
        None
    } else if ends(&["予定", "う", "く", "ぐ", "す", "つ", "ぬ", "ぶ", "む", "る"]) {
        Some(Tense::ToDo)
    } else {
        None
    }
}
