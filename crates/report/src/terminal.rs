//! A document on the terminal: Japanese and English text filled to a width, figures aligned, marks written
//! out. The caller says how wide the terminal is and whether it understands ANSI styles; tables are laid out
//! in [`table`]. Control characters in the text never reach the terminal.

mod ink;
mod table;

use std::io::{self, Write};

use base::Lang;

use crate::flow::{self, Line};
use crate::plain::{self, Runs, Tone};
use crate::words;
use crate::{Block, Cell, Document, Severity, Text};
use ink::{Ink, columns};

/// What the caller knows of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its width in columns. Below 20 it is taken as 20.
    pub width: usize,
    /// Whether weight and colour may be written as ANSI escapes. The caller respects `NO_COLOR`.
    pub ansi: bool,
    /// Whether signs such as ≤, ○ and — take two columns, as old Japanese terminals draw them.
    pub wide_signs: bool,
}

impl Terminal {
    /// A terminal of this width, without styles.
    pub fn plain(width: usize) -> Self {
        Terminal { width, ansi: false, wide_signs: false }
    }
}

/// The narrowest terminal that is written for.
const NARROWEST: usize = 20;

/// Writes a document.
pub fn write(document: &Document, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let width = terminal.width.max(NARROWEST);
    let mut page = Page { lang: document.lang, width, ink: Ink::of(terminal), out };
    page.title(&document.title, document.subtitle.as_deref())?;
    for block in &document.blocks {
        page.block(block)?;
    }
    page.sources(document)
}

/// Where lines are written.
pub(crate) struct Page<'a> {
    lang: Lang,
    width: usize,
    ink: Ink,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn title(&mut self, title: &str, subtitle: Option<&str>) -> io::Result<()> {
        self.filled("", "", &vec![(Tone::Strong, title.to_owned())])?;
        if let Some(subtitle) = subtitle {
            self.filled("", "", &vec![(Tone::Quiet, subtitle.to_owned())])?;
        }
        self.rule("═")
    }

    fn block(&mut self, block: &Block) -> io::Result<()> {
        writeln!(self.out)?;
        match block {
            Block::Heading { level, text, .. } => self.heading(*level, text),
            Block::Paragraph(text) => self.filled("", "", &plain::text(text, self.lang)),
            Block::List(points) => points.iter().try_for_each(|point| self.point(point)),
            Block::Table(table) => table::write(self, table),
            Block::Facts(facts) => self.facts(facts),
            Block::Note { severity, text } => self.note(*severity, text),
        }
    }

    fn heading(&mut self, level: u8, text: &str) -> io::Result<()> {
        let sign = match level {
            1 => "",
            2 => "■ ",
            3 => "□ ",
            _ => "・",
        };
        if level == 1 {
            writeln!(self.out)?;
        }
        self.filled(sign, &self.blanks(sign), &vec![(Tone::Strong, text.to_owned())])?;
        if level == 1 { self.rule("─") } else { Ok(()) }
    }

    fn point(&mut self, point: &Text) -> io::Result<()> {
        let sign = self.lang.pick("・", "- ");
        self.filled(sign, &self.blanks(sign), &plain::text(point, self.lang))
    }

    /// Labels in a column of their own, unless that would leave too little room for the values.
    fn facts(&mut self, facts: &[(String, Cell)]) -> io::Result<()> {
        let label_width = facts.iter().map(|(label, _)| self.measure(label)).max().unwrap_or(0);
        if label_width + 2 > self.width / 2 {
            return facts.iter().try_for_each(|(label, cell)| self.labelled("", label, cell));
        }
        for (label, cell) in facts {
            let value = plain::cell(cell, self.lang);
            let gap = " ".repeat(label_width + 2 - self.measure(label));
            let label = self.ink.paint(Tone::Quiet, label);
            let first = format!("{label}{gap}");
            self.hung(&first, &" ".repeat(label_width + 2), label_width + 2, &value)?;
        }
        Ok(())
    }

    fn note(&mut self, severity: Severity, text: &Text) -> io::Result<()> {
        let mut runs: Runs = vec![
            (Tone::Strong, words::severity(severity, self.lang)),
            (Tone::Plain, words::colon(self.lang).into()),
        ];
        runs.extend(plain::text(text, self.lang));
        self.filled("", "   ", &runs)
    }

    fn sources(&mut self, document: &Document) -> io::Result<()> {
        if document.sources.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        self.heading(1, words::sources(self.lang))?;
        for (index, cited) in document.sources.iter().enumerate() {
            let number = format!("[{}] ", index + 1);
            let indent = self.blanks(&number);
            self.filled(&number, &indent, &vec![(Tone::Plain, words::source(cited, self.lang))])?;
            if let Some(url) = &cited.source.url {
                self.filled(&indent, &indent, &vec![(Tone::Quiet, url.clone())])?;
            }
        }
        Ok(())
    }

    /// `label: value` on lines of its own.
    fn labelled(&mut self, indent: &str, label: &str, cell: &Cell) -> io::Result<()> {
        let mut runs: Runs = vec![(Tone::Quiet, format!("{label}{}", words::colon(self.lang)))];
        runs.extend(plain::cell(cell, self.lang));
        self.filled(indent, &format!("{indent}  "), &runs)
    }

    /// Text filled to the width; `first` begins its first line, `rest` the others.
    fn filled(&mut self, first: &str, rest: &str, runs: &Runs) -> io::Result<()> {
        let indent = self.measure(first).max(self.measure(rest));
        self.hung(first, rest, indent, runs)
    }

    fn hung(&mut self, first: &str, rest: &str, indent: usize, runs: &Runs) -> io::Result<()> {
        for (index, line) in self.fill(runs, self.width.saturating_sub(indent)).iter().enumerate() {
            let lead = if index == 0 { first } else { rest };
            let text = self.painted(line);
            writeln!(self.out, "{}", format!("{lead}{text}").trim_end())?;
        }
        Ok(())
    }

    fn rule(&mut self, sign: &str) -> io::Result<()> {
        let rule = sign.repeat(self.width / self.measure(sign).max(1));
        writeln!(self.out, "{}", self.ink.paint(Tone::Quiet, &rule))
    }

    fn fill(&self, runs: &Runs, width: usize) -> Vec<Line<Tone>> {
        let safe: Runs = runs.iter().map(|(tone, text)| (*tone, ink::harmless(text))).collect();
        flow::fill(&safe, columns(width.max(2)), &|_, text| columns(self.measure(text)))
    }

    fn painted(&self, line: &Line<Tone>) -> String {
        line.runs.iter().map(|(tone, text)| self.ink.paint(*tone, text)).collect()
    }

    fn blanks(&self, text: &str) -> String {
        " ".repeat(self.measure(text))
    }

    fn measure(&self, text: &str) -> usize {
        self.ink.measure(text)
    }
}
