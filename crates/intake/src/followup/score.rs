//! What each step of the search is worth. Scores are weights of evidence on one scale (about the logarithm of odds);
//! they were set by reasoning about how such tables are typeset; some were then adjusted by looking at one real page and at
//! generated ones (see the limits in `docs/design/0004-follow-up-text.md`).

use super::language::{Language, adds_to_before, awkward_start};
use super::layout::Layout;
use super::pieces::{Piece, Tense};
use super::table::Column;

/// One column of the row being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Open<'a> {
    /// The last piece put into the cell.
    pub tail: Option<&'a Piece<'a>>,
    /// Brackets still open in the cell, innermost last.
    pub brackets: Vec<char>,
    /// The sentence is not finished.
    pub unfinished: bool,
    /// The ministry mark has been read: the measure's cell is complete.
    pub marked: bool,
    /// First lines of the cell's bullets.
    pub bullets: Vec<&'a str>,
    /// Strips of the row that were read before the cell began.
    pub late: u16,
}

/// What is known beside the row being read.
pub(super) struct Page<'p> {
    pub layout: Layout,
    pub language: &'p Language,
    /// Western fiscal years of the two columns.
    pub years: Option<(i32, i32)>,
    /// The results and plans of this document are lists of bullets.
    pub bulleted: bool,
}

const BREAKS_BRACKETS: f32 = -7.0;
/// A bullet where the sentence above is not finished.
const BULLET_IN_SENTENCE: f32 = -14.0;
/// A line that begins with the middle dot of 企業・大学 looks like a bullet.
const MIDDLE_DOT_AT_EDGE: f32 = -4.0;
/// A cell without bullets in a document of bullets.
const NO_BULLET: f32 = -4.0;
/// A row whose first strip holds the measure alone: cells begin at one height.
const ALONE_ON_TOP: f32 = -2.0;
const BULLET_IN_MEASURE: f32 = -8.0;
const AFTER_MARK: f32 = -24.0;
const MARK_ELSEWHERE: f32 = -14.0;
const SAME_BULLET_TWICE: f32 = -6.0;
/// A paragraph without a bullet, inside a cell.
const NEW_PARAGRAPH: f32 = -4.0;
/// The same, begun with また、 or the like.
const FURTHER_PARAGRAPH: f32 = -1.5;
/// A cell begun with また、 or the like.
const FURTHER_CELL: f32 = -8.0;
const WRONG_YEAR: f32 = -5.0;
const WRONG_TENSE: f32 = -1.5;
const CUT_ODDITY: f32 = -3.0;

/// A space that is cut in Latin text, or left inside Japanese text.
pub(super) fn cut(oddities: u32) -> f32 {
    CUT_ODDITY * f32::from(u16::try_from(oddities).unwrap_or(u16::MAX))
}

impl<'a> Open<'a> {
    /// Whether anything has been put into the cell.
    pub(super) fn started(&self) -> bool {
        self.tail.is_some()
    }

    /// Puts a piece into the cell and returns what that is worth.
    pub(super) fn push(&mut self, column: Column, piece: &'a Piece<'a>, strip: u16, page: &Page) -> f32 {
        let mut score = -page.layout.too_wide(column.index(), piece);
        score += match self.tail {
            Some(tail) if self.unfinished => Self::go_on(column, tail, piece, page),
            tail => self.begin(column, tail, piece, page),
        };
        score += content(column, piece, page);
        if self.marked {
            score += AFTER_MARK;
        }
        if self.tail.is_none() {
            self.late = strip;
        }
        score += self.take_brackets(piece);
        self.marked |= piece.mark && column == Column::Measure;
        self.unfinished = !self.brackets.is_empty() || !piece.sentence_end;
        self.tail = Some(piece);
        score
    }

    fn go_on(column: Column, tail: &Piece, piece: &Piece, page: &Page) -> f32 {
        let on = page.language.join(tail.text, piece.text) - page.layout.not_full(column.index(), tail);
        if piece.bullet { BULLET_IN_SENTENCE.max(on + MIDDLE_DOT_AT_EDGE) } else { on }
    }

    fn begin(&mut self, column: Column, tail: Option<&Piece>, piece: &'a Piece<'a>, page: &Page) -> f32 {
        let mut score = -2.0 * awkward_start(piece.text);
        if piece.bullet {
            score += if column == Column::Measure { BULLET_IN_MEASURE } else { 2.0 };
            if self.bullets.contains(&piece.text) {
                score += SAME_BULLET_TWICE;
            }
            self.bullets.push(piece.text);
            return score;
        }
        score += match (tail, adds_to_before(piece.text)) {
            (Some(_), true) if column != Column::Measure => FURTHER_PARAGRAPH,
            (Some(_), _) => NEW_PARAGRAPH,
            (None, true) => FURTHER_CELL,
            (None, false) if page.bulleted && column != Column::Measure => NO_BULLET,
            (None, false) => 0.0,
        };
        score
    }

    fn take_brackets(&mut self, piece: &Piece) -> f32 {
        let mut score = 0.0;
        for closing in &piece.brackets.closes {
            if self.brackets.last() == Some(closing) {
                self.brackets.pop();
                score += 1.0;
            } else {
                score += BREAKS_BRACKETS;
            }
        }
        self.brackets.extend(&piece.brackets.opens);
        score
    }
}

/// What the piece's own words say about the column.
fn content(column: Column, piece: &Piece, page: &Page) -> f32 {
    let mut score = 0.0;
    if piece.mark {
        score += if column == Column::Measure { 3.0 } else { MARK_ELSEWHERE };
    }
    if let (Some((low, high)), Some((results, plans))) = (piece.budget_years, page.years) {
        score += match column {
            Column::Measure => -2.0,
            Column::Results if high <= results => 2.0,
            Column::Plans if low >= plans => 2.0,
            Column::Results | Column::Plans => WRONG_YEAR,
        };
    }
    match (column, piece.tense) {
        (Column::Results, Some(Tense::Done)) | (Column::Plans, Some(Tense::ToDo)) => score += 1.0,
        (Column::Results, Some(Tense::ToDo)) | (Column::Plans | Column::Measure, Some(Tense::Done)) => {
            score += WRONG_TENSE;
        }
        _ => {}
    }
    score
}

/// What the first strip of a row is worth, by the columns it fills.
pub(super) fn open(columns: [Option<Column>; 3]) -> f32 {
    if matches!(columns, [Some(Column::Measure), None, None]) { ALONE_ON_TOP } else { 0.0 }
}

/// What it is worth to end a row here: every cell should be there and complete.
pub(super) fn close(row: &[Open; 3]) -> f32 {
    let mut score = 0.0;
    for (column, open) in Column::ALL.into_iter().zip(row) {
        score += match (column, open.started()) {
            (Column::Measure, false) => -10.0,
            (Column::Results, false) => -6.0,
            // Text that follows the measure is more often what was done.
            (Column::Plans, false) => -5.5,
            (_, true) => 0.0,
        };
        if open.unfinished {
            score -= 8.0;
        }
        if column == Column::Measure && open.started() && !open.marked {
            score -= 5.0;
        }
        // Cells begin at the top of their row; the measure's, which carries no bullets, nearly always does.
        let late = f32::from(open.late.min(8));
        score -= late * if column == Column::Measure { 1.2 } else { 0.15 };
    }
    score
}

/// What it is worth to read a strip as a heading of measures.
pub(super) fn heading(piece: &Piece, layout: Layout) -> f32 {
    const NOUNS: [&str; 30] = [
        "促進",
        "強化",
        "整備",
        "推進",
        "構築",
        "充実",
        "確保",
        "向上",
        "育成",
        "評価",
        "支援",
        "作成",
        "実現",
        "展開",
        "創出",
        "集約",
        "活用",
        "化",
        "増加",
        "等",
        "拡充",
        "連携",
        "実施",
        "検討",
        "対応",
        "取組",
        "策定",
        "普及",
        "提供",
        "見直し",
    ];
    let mut score = 0.0;
    let body = piece.text.trim_end_matches("(再掲)").trim_end_matches("（再掲）");
    if NOUNS.iter().any(|noun| body.ends_with(noun)) {
        score += 2.0;
    }
    if piece.text.contains('。') || piece.bullet || piece.mark || piece.sentence_end {
        score -= 16.0;
    }
    if !piece.brackets.closes.is_empty() || !piece.brackets.opens.is_empty() {
        score -= 8.0;
    }
    if piece.width < 12 {
        score -= 4.0;
    }
    // A heading about as wide as a full line of the first column may be the first line of a cell.
    if (layout.widths[0] - 8..=layout.widths[0] + 4).contains(&piece.width) {
        score -= 1.5;
    }
    score - 2.0 * awkward_start(piece.text)
}
