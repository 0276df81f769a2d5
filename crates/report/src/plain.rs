//! How text, cells and marks read where there are only characters: the terminal, a spreadsheet, a PDF's
//! text layer. Each run has a tone, which a writer may show by weight or colour *besides* what is written.

use base::Lang;

use crate::words;
use crate::{Cell, Content, SourceNumber, Span, Text};

/// What a run of characters is, for writers that can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    /// Source numbers, units, labels.
    Quiet,
    Belief,
    Inserted,
    Deleted,
    Missing,
    Bound,
}

/// Runs of characters, each with its tone.
pub(crate) type Runs = Vec<(Tone, String)>;

pub(crate) fn text(text: &Text, lang: Lang) -> Runs {
    let mut runs = Runs::new();
    for span in &text.0 {
        match span {
            Span::Plain(text) => runs.push((Tone::Plain, text.clone())),
            Span::Strong(text) => runs.push((Tone::Strong, text.clone())),
            Span::Cite(number) => runs.push((Tone::Quiet, cite(*number))),
            Span::Belief(belief) => runs.push((Tone::Belief, bracketed(&words::belief(*belief, lang)))),
            Span::Inserted(text) => runs.push((Tone::Inserted, format!("[+{text}+]"))),
            Span::Deleted(text) => runs.push((Tone::Deleted, format!("[-{text}-]"))),
        }
    }
    runs
}

/// The value of a cell, without its marks.
pub(crate) fn value(cell: &Cell, lang: Lang) -> Runs {
    match &cell.content {
        Content::Empty => Runs::new(),
        Content::Text(content) => text(content, lang),
        Content::Figure { text, .. } => vec![(Tone::Plain, text.clone())],
        Content::AtMost { text, .. } => vec![(Tone::Bound, words::at_most(text, lang))],
        Content::Missing(reason) => vec![(Tone::Missing, words::missing(*reason, lang))],
    }
}

/// What stands behind a cell's value: what it rests on, and its source numbers.
pub(crate) fn marks(cell: &Cell, lang: Lang) -> Runs {
    let mut runs = Runs::new();
    if let Some(belief) = cell.belief {
        runs.push((Tone::Belief, bracketed(&words::belief(belief, lang))));
    }
    runs.extend(cell.sources.iter().map(|number| (Tone::Quiet, cite(*number))));
    runs
}

/// A cell's value and marks.
pub(crate) fn cell(cell: &Cell, lang: Lang) -> Runs {
    let mut runs = value(cell, lang);
    runs.extend(marks(cell, lang));
    runs
}

/// Runs as one string.
pub(crate) fn joined(runs: &Runs) -> String {
    runs.iter().map(|(_, text)| text.as_str()).collect()
}

fn cite(number: SourceNumber) -> String {
    format!("[{}]", number.get())
}

fn bracketed(mark: &str) -> String {
    format!(" ({mark})")
}
