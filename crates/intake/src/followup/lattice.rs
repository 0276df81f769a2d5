//! The search: every strip is cut and its pieces are given to columns, rows are opened and closed, headings recognised.
//! A beam keeps the best states after each line with *all* their edges, so that afterwards not only the best reading is
//! known but, for every decision, how much worse the best reading without it would be.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::anatomy::{Item, Line};
use super::pieces::{Cut, Piece, cuts};
use super::score::{self, Open, Page};
use super::table::Column;

/// What is done with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A goal or vision heading: closes the row.
    Frame,
    /// A heading of measures: closes the row.
    Heading,
    /// Pieces of a cut go to columns; `new` opens a row.
    Strip { cut: u16, columns: [Option<Column>; 3], new: bool },
}

/// A line with its possible cuts.
pub(super) struct Candidate<'a> {
    pub line: &'a Line<'a>,
    pub cuts: Vec<Cut<'a>>,
}

/// The best reading, and how safe each of its decisions is.
pub(super) struct Reading {
    pub steps: Vec<Step>,
    pub score: f32,
    /// Per line: by how much the reading beats the best one that treats the line's row differently (opens or goes on).
    pub row_margins: Vec<f32>,
    /// Per line and piece: by how much it beats the best one that puts the piece elsewhere, and where that is.
    pub piece_margins: Vec<Vec<(f32, Option<Column>)>>,
}

/// Pieces for every body line.
pub(super) fn candidates<'a>(body: &'a [Line<'a>]) -> Vec<Candidate<'a>> {
    let cuts_of = |line: &'a Line<'a>| match line.item {
        Item::Strip(text) => cuts(text),
        _ => Vec::new(),
    };
    body.iter().map(|line| Candidate { line, cuts: cuts_of(line) }).collect()
}

struct Node<'a> {
    row: Option<[Open<'a>; 3]>,
    /// Strips of the row so far.
    strips: u16,
    /// The last line was a heading.
    after_heading: bool,
    best: f32,
    edges: Vec<Edge>,
}

#[derive(Clone, Copy)]
struct Edge {
    from: u32,
    step: Step,
    worth: f32,
}

/// Reads the body, keeping `beam` states a line.
pub(super) fn read(candidates: &[Candidate], page: &Page, beam: usize) -> Reading {
    let start = Node { row: None, strips: 0, after_heading: false, best: 0.0, edges: Vec::new() };
    let mut layers: Vec<Vec<Node>> = vec![vec![start]];
    for candidate in candidates {
        let next = advance(layers.last().map_or(&[][..], Vec::as_slice), candidate, page, beam);
        layers.push(next);
    }
    let ends: Vec<f32> = layers
        .last()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .map(|node| node.row.as_ref().map_or(0.0, score::close))
        .collect();
    Marginals::of(&layers, &ends).reading(&layers, candidates)
}

/// One line further.
fn advance<'a>(layer: &[Node<'a>], candidate: &'a Candidate<'a>, page: &Page, beam: usize) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    let mut index: HashMap<u64, usize> = HashMap::new();
    let mut add =
        |from: usize, before: f32, worth: f32, step: Step, row: Option<[Open<'a>; 3]>, strips: u16| {
            let after_heading = step == Step::Heading;
            let edge = Edge { from: u32::try_from(from).unwrap_or(u32::MAX), step, worth };
            let at = *index.entry(key(row.as_ref(), strips, after_heading)).or_insert_with(|| {
                nodes.push(Node { row, strips, after_heading, best: f32::NEG_INFINITY, edges: Vec::new() });
                nodes.len() - 1
            });
            nodes[at].best = nodes[at].best.max(before + worth);
            nodes[at].edges.push(edge);
        };
    for (from, node) in layer.iter().enumerate() {
        let closing = node.row.as_ref().map_or(0.0, score::close);
        let Item::Strip(_) = candidate.line.item else {
            add(from, node.best, closing, Step::Frame, None, 0);
            continue;
        };
        if let [whole, ..] = candidate.cuts.as_slice() {
            let twice = if node.after_heading { -4.0 } else { 0.0 };
            let worth =
                closing + twice + score::cut(whole.oddities) + score::heading(&whole.pieces[0], page.layout);
            add(from, node.best, worth, Step::Heading, None, 0);
        }
        for (cut, columns) in placements(&candidate.cuts) {
            let pieces = &candidate.cuts[usize::from(cut)];
            if let Some(row) = &node.row {
                let (worth, row) = place(row.clone(), pieces, columns, node.strips, page);
                add(
                    from,
                    node.best,
                    worth,
                    Step::Strip { cut, columns, new: false },
                    Some(row),
                    node.strips.saturating_add(1),
                );
            }
            let (worth, row) = place(Default::default(), pieces, columns, 0, page);
            let worth = worth + closing + score::open(columns);
            add(from, node.best, worth, Step::Strip { cut, columns, new: true }, Some(row), 1);
        }
    }
    nodes.sort_by(|a, b| b.best.total_cmp(&a.best));
    nodes.truncate(beam);
    nodes
}

fn place<'a>(
    mut row: [Open<'a>; 3],
    cut: &'a Cut<'a>,
    columns: [Option<Column>; 3],
    strip: u16,
    page: &Page,
) -> (f32, [Open<'a>; 3]) {
    let mut worth = score::cut(cut.oddities);
    for (piece, column) in cut.pieces.iter().zip(columns.into_iter().flatten()) {
        worth += row[column.index()].push(column, piece, strip, page);
    }
    (worth, row)
}

/// Every cut with every way to give its pieces, from left to right, to columns.
fn placements(cuts: &[Cut]) -> impl Iterator<Item = (u16, [Option<Column>; 3])> {
    use Column::{Measure as M, Plans as P, Results as R};
    const ONE: [[Option<Column>; 3]; 3] =
        [[Some(M), None, None], [Some(R), None, None], [Some(P), None, None]];
    const TWO: [[Option<Column>; 3]; 3] =
        [[Some(M), Some(R), None], [Some(M), Some(P), None], [Some(R), Some(P), None]];
    const THREE: [[Option<Column>; 3]; 1] = [[Some(M), Some(R), Some(P)]];
    cuts.iter().enumerate().flat_map(|(index, cut)| {
        let ways: &'static [[Option<Column>; 3]] = match cut.pieces.len() {
            1 => &ONE,
            2 => &TWO,
            _ => &THREE,
        };
        ways.iter().map(move |columns| (u16::try_from(index).unwrap_or(u16::MAX), *columns))
    })
}

/// States that go on alike are one state.
fn key(row: Option<&[Open; 3]>, strips: u16, after_heading: bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    after_heading.hash(&mut hasher);
    if let Some(row) = row {
        strips.hash(&mut hasher);
        for open in row {
            open.tail.map(|piece| (piece.text.as_ptr() as usize, piece.text.len())).hash(&mut hasher);
            (&open.brackets, open.unfinished, open.marked, open.late).hash(&mut hasher);
            for bullet in &open.bullets {
                bullet.hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}

/// The worth of the best reading through each state, seen from the end.
struct Marginals {
    after: Vec<Vec<f32>>,
    best: f32,
}

impl Marginals {
    fn of(layers: &[Vec<Node>], ends: &[f32]) -> Self {
        let mut after: Vec<Vec<f32>> =
            layers.iter().map(|layer| vec![f32::NEG_INFINITY; layer.len()]).collect();
        if let Some(last) = after.last_mut() {
            last.copy_from_slice(ends);
        }
        for depth in (1..layers.len()).rev() {
            let (before, rest) = after.split_at_mut(depth);
            for (node, beyond) in layers[depth].iter().zip(&rest[0]) {
                for edge in &node.edges {
                    let slot = &mut before[depth - 1][edge.from as usize];
                    *slot = slot.max(edge.worth + beyond);
                }
            }
        }
        let best = after.first().and_then(|layer| layer.first()).copied().unwrap_or(0.0);
        Marginals { after, best }
    }

    /// The worth of the best whole reading that uses an edge.
    fn through(&self, layers: &[Vec<Node>], depth: usize, node: usize, edge: &Edge) -> f32 {
        layers[depth - 1][edge.from as usize].best + edge.worth + self.after[depth][node]
    }

    fn reading(&self, layers: &[Vec<Node>], candidates: &[Candidate]) -> Reading {
        let steps = self.best_steps(layers);
        let mut row_margins = Vec::with_capacity(steps.len());
        let mut piece_margins = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let edges = || {
                layers[index + 1].iter().enumerate().flat_map(move |(node, state)| {
                    state
                        .edges
                        .iter()
                        .map(move |edge| (edge.step, self.through(layers, index + 1, node, edge)))
                })
            };
            let rival = edges()
                .filter(|(other, _)| opens(*other) != opens(*step))
                .map(|(_, worth)| worth)
                .fold(f32::NEG_INFINITY, f32::max);
            row_margins.push(self.best - rival);
            let pieces = placed(*step, &candidates[index]);
            let margins = pieces.map(|(piece, column)| {
                let elsewhere =
                    edges().filter(|(other, _)| !places(*other, &candidates[index], piece, column));
                let (other, worth) = elsewhere.fold((None, f32::NEG_INFINITY), |best, (step, worth)| {
                    if worth > best.1 { (Some(step), worth) } else { best }
                });
                let rival = other.and_then(|other| column_of(other, &candidates[index], piece));
                (self.best - worth, rival)
            });
            piece_margins.push(margins.collect());
        }
        Reading { steps, score: self.best, row_margins, piece_margins }
    }

    fn best_steps(&self, layers: &[Vec<Node>]) -> Vec<Step> {
        let mut steps = Vec::with_capacity(layers.len());
        let Some(last) = self.after.last() else { return steps };
        let finals = layers.last().map_or(&[][..], Vec::as_slice);
        let mut node = (0..finals.len())
            .max_by(|a, b| (finals[*a].best + last[*a]).total_cmp(&(finals[*b].best + last[*b])));
        for depth in (1..layers.len()).rev() {
            let Some(at) = node else { break };
            let worth = |edge: &&Edge| layers[depth - 1][edge.from as usize].best + edge.worth;
            let Some(edge) = layers[depth][at].edges.iter().max_by(|a, b| worth(a).total_cmp(&worth(b)))
            else {
                break;
            };
            steps.push(edge.step);
            node = Some(edge.from as usize);
        }
        steps.reverse();
        steps
    }
}

fn opens(step: Step) -> bool {
    !matches!(step, Step::Strip { new: false, .. })
}

/// The pieces a step places, with their columns.
pub(super) fn placed<'c, 'a>(
    step: Step,
    candidate: &'c Candidate<'a>,
) -> impl Iterator<Item = (&'c Piece<'a>, Column)> {
    let (pieces, columns) = match step {
        Step::Strip { cut, columns, .. } => (candidate.cuts[usize::from(cut)].pieces.as_slice(), columns),
        Step::Frame | Step::Heading => (&[][..], [None; 3]),
    };
    pieces.iter().zip(columns.into_iter().flatten())
}

fn places(step: Step, candidate: &Candidate, piece: &Piece, column: Column) -> bool {
    placed(step, candidate).any(|(other, into)| into == column && std::ptr::eq(other.text, piece.text))
}

/// The column in which another step puts the beginning of a piece.
fn column_of(step: Step, candidate: &Candidate, piece: &Piece) -> Option<Column> {
    let at = piece.text.as_ptr() as usize;
    placed(step, candidate)
        .find(|(other, _)| {
            (other.text.as_ptr() as usize..other.text.as_ptr() as usize + other.text.len()).contains(&at)
        })
        .map(|(_, column)| column)
}
