//! The follow-up table as machine-read text: columns interleaved line by line, with single spaces where pieces of
//! several columns lay at one height, a block printed twice, beginnings lost. The method and its limits are described in
//! `docs/design/0004-follow-up-text.md`.

use super::anatomy::{self, Item, Line};
use super::language::{Language, awkward_start};
use super::lattice::{self, Candidate, Reading, Step};
use super::layout::Layout;
use super::pieces::Piece;
use super::score::Page;
use super::table::{Column, Doubt, Repeated, Row, Table};

/// Why a text is not read as a follow-up table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Neither of the two year columns is named.
    #[error(
        "no column `令和…年度の実績・状況` or `令和…年度の取組予定` is named in the text: it is not a page of the follow-up table"
    )]
    NoColumns,
    /// There is nothing below the head.
    #[error("the text has the table's head, but no rows below it")]
    Empty,
    /// More than a whole document of this kind can have.
    #[error(
        "the text has {0} lines of table; at most {MOST_LINES} are read at once (give the pages one by one)"
    )]
    TooLong(usize),
}

/// A whole document of the kind has about 20 pages of 90 lines.
const MOST_LINES: usize = 6_000;
/// Longest line that is searched; the longest real one has 200 characters.
const LONGEST_LINE: usize = 4_000;
const WIDE_BEAM: usize = 120;
const NARROW_BEAM: usize = 24;
/// Lines from which the layout is guessed before the whole is read.
const SAMPLE: usize = 120;
/// Below this margin of evidence a row's beginning is called inferred.
const ROW_MARGIN: f32 = 8.0;
/// Below this confidence a person is asked to look.
const DOUBTFUL: u8 = 90;

/// Reads a page, or several one after the other.
pub fn read(text: &str) -> Result<Table, TextError> {
    let mut table = Table::default();
    let body = anatomy::body(text, &mut table);
    if table.results_year.is_none() && table.plans_year.is_none() {
        return Err(TextError::NoColumns);
    }
    let strips = body.iter().filter(|line| matches!(line.item, Item::Strip(_))).count();
    if strips == 0 && body.is_empty() {
        return Err(TextError::Empty);
    }
    if strips > MOST_LINES
        || body.iter().any(|line| matches!(line.item, Item::Strip(text) if text.len() > LONGEST_LINE))
    {
        return Err(TextError::TooLong(strips));
    }
    let candidates = lattice::candidates(&body);
    let reading = settle(&candidates, &table);
    Rows::default().collect(&candidates, &reading, &mut table);
    Ok(table)
}

/// Finds the layout by which the text reads best, then reads with it; the layout seen is tried again until it stands.
fn settle(candidates: &[Candidate], table: &Table) -> Reading {
    let language = Language::learn(
        candidates
            .iter()
            .filter_map(|candidate| match candidate.line.item {
                Item::Strip(text) => Some(text),
                _ => None,
            })
            .flat_map(|text| text.split(' ')),
    );
    let years = match (table.results_year, table.plans_year) {
        (Some(results), Some(plans)) => Some((results.western(), plans.western())),
        (Some(results), None) => Some((results.western(), results.next().western())),
        (None, Some(plans)) => Some((plans.previous().western(), plans.western())),
        (None, None) => None,
    };
    let bulleted = bulleted(candidates);
    let page = |layout| Page { layout, language: &language, years, bulleted };
    let sample = &candidates[..candidates.len().min(SAMPLE)];
    let widths: Vec<i32> = sample
        .iter()
        .flat_map(|candidate| candidate.cuts.iter())
        .flat_map(|cut| cut.pieces.iter().map(|piece| piece.width))
        .collect();
    let mut layout = Layout { widths: [80; 3] };
    let mut best = f32::NEG_INFINITY;
    for candidate in Layout::candidates(&widths) {
        let reading = lattice::read(sample, &page(candidate), NARROW_BEAM);
        if reading.score > best {
            (best, layout) = (reading.score, candidate);
        }
    }
    let mut reading = lattice::read(candidates, &page(layout), WIDE_BEAM);
    for _ in 0..3 {
        let observed = layout.observed(&full_lines(candidates, &reading));
        if observed == layout {
            break;
        }
        layout = observed;
        reading = lattice::read(candidates, &page(layout), WIDE_BEAM);
    }
    reading
}

/// Whether the document writes results and plans as bullets: at least as many bullets as rows, which end in marks.
fn bulleted(candidates: &[Candidate]) -> bool {
    let pieces = || {
        let texts = candidates.iter().filter_map(|candidate| match candidate.line.item {
            Item::Strip(text) => Some(text),
            _ => None,
        });
        texts.flat_map(|text| text.split(' ')).map(Piece::of)
    };
    pieces().filter(|piece| piece.bullet).count() >= pieces().filter(|piece| piece.mark).count().max(1)
}

/// Widths of the lines, by column, whose sentence goes on in the line below them.
fn full_lines(candidates: &[Candidate], reading: &Reading) -> [Vec<i32>; 3] {
    let mut full: [Vec<i32>; 3] = Default::default();
    let mut tails: [Option<(i32, bool)>; 3] = [None; 3];
    for (candidate, step) in candidates.iter().zip(&reading.steps) {
        if !matches!(step, Step::Strip { new: false, .. }) {
            tails = [None; 3];
        }
        for (piece, column) in lattice::placed(*step, candidate) {
            if let Some((width, false)) = tails[column.index()] {
                full[column.index()].push(width);
            }
            tails[column.index()] = Some((piece.width, piece.sentence_end));
        }
    }
    full
}

/// 50 where two readings are equally good, 93 at four units of evidence, 99 at eight.
fn confidence(margin: f32) -> u8 {
    let sure = 100.0 * (1.0 - 0.5 * (-margin.max(0.0) / 2.0).exp());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 50 and 100")]
    let sure = sure.floor() as u8;
    sure
}

/// Puts the pieces together into rows.
#[derive(Default)]
struct Rows {
    vision: Option<String>,
    goal: Option<String>,
    heading: Option<String>,
    row: Option<Building>,
}

struct Building {
    row: Row,
    first_line: u32,
    unfinished: [bool; 3],
}

impl Rows {
    fn collect(mut self, candidates: &[Candidate], reading: &Reading, table: &mut Table) {
        for (index, (candidate, step)) in candidates.iter().zip(&reading.steps).enumerate() {
            match step {
                Step::Frame => {
                    self.finish(table);
                    self.frame(candidate.line, table);
                }
                Step::Heading => {
                    self.finish(table);
                    if let Item::Strip(text) = candidate.line.item {
                        self.heading = Some(text.to_owned());
                    }
                }
                Step::Strip { new, .. } => {
                    if *new {
                        self.finish(table);
                        let first_after_heading =
                            index == 0 || matches!(reading.steps[index - 1], Step::Frame | Step::Heading);
                        let inferred = !first_after_heading && reading.row_margins[index] < ROW_MARGIN;
                        self.open(candidate.line.number, inferred);
                    }
                    self.strip(candidate, *step, &reading.piece_margins[index]);
                }
            }
        }
        self.finish(table);
    }

    fn frame(&mut self, line: &Line, table: &mut Table) {
        match line.item {
            Item::Vision(vision) => {
                self.vision = Some(vision.to_owned());
                (self.goal, self.heading) = (None, None);
            }
            Item::Goal(goal) => {
                self.goal = Some(goal.to_owned());
                self.heading = None;
            }
            Item::Repeated(goal) => {
                table.repeated.push(Repeated {
                    vision: self.vision.clone(),
                    goal: goal.to_owned(),
                    line: line.number,
                });
                (self.goal, self.heading) = (None, None);
            }
            Item::Strip(_) => {}
        }
    }

    fn open(&mut self, line: u32, start_inferred: bool) {
        let row = Row {
            vision: self.vision.clone(),
            goal: self.goal.clone(),
            heading: self.heading.clone(),
            start_inferred,
            ..Row::default()
        };
        self.row = Some(Building { row, first_line: line, unfinished: [false; 3] });
    }

    fn strip(&mut self, candidate: &Candidate, step: Step, margins: &[(f32, Option<Column>)]) {
        let Some(building) = &mut self.row else { return };
        let line = candidate.line.number;
        for ((piece, column), (margin, rival)) in lattice::placed(step, candidate).zip(margins) {
            building.add(piece, column, line);
            let confidence = confidence(*margin);
            let cell = &mut building.row.cells[column.index()];
            cell.confidence =
                if cell.lines.len() == 1 { confidence } else { cell.confidence.min(confidence) };
            if confidence < DOUBTFUL {
                cell.doubts.push(Doubt { line, piece: piece.text.to_owned(), rival: *rival, confidence });
            }
        }
    }

    fn finish(&mut self, table: &mut Table) {
        if let Some(building) = self.row.take() {
            table.rows.push(building.done());
        }
    }
}

impl Building {
    fn add(&mut self, piece: &Piece, column: Column, line: u32) {
        let begins = self.row.cells[column.index()].lines.is_empty();
        // A cell begins at the top of its row and with words that can begin; a bullet is a beginning anywhere.
        let top = line == self.first_line;
        let lost = !piece.bullet && (awkward_start(piece.text) >= 2.0 || (column == Column::Measure && !top));
        if begins && lost {
            self.row.beginning_lost.push(column);
        }
        let cell = &mut self.row.cells[column.index()];
        cell.text.push_str(piece.text);
        cell.lines.push(line);
        self.unfinished[column.index()] = !piece.sentence_end;
    }

    fn done(mut self) -> Row {
        let ends = Column::ALL.into_iter().filter(|column| self.unfinished[column.index()]);
        self.row.end_lost = ends.collect();
        self.row
    }
}
