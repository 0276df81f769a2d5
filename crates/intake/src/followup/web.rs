//! The follow-up table as HTML: the tables whose head is that of the follow-up table, with cells that span rows and
//! columns, and the headings that stand between them. Tables that only lay out the page are looked through.

use std::collections::HashMap;

use encoding_rs::Encoding;
use scraper::node::Node;
use scraper::{ElementRef, Html};

use super::grid::{self, Form, Grid, GridRow, Place, Slot, Words, breaks_latin, trim, within};
use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::text::decode;

/// The encoding is declared within the first kilobyte (HTML Standard, 4.2.5.4).
const DECLARED_WITHIN: usize = 1024;
/// The parser keeps open elements on a stack that it searches for each tag.
const MOST_BYTES: usize = 32 << 20;

/// Reads a file.
pub fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Form, IntakeError> {
    within(file, "bytes of HTML", bytes.len(), MOST_BYTES)?;
    let text = text(file, bytes)?;
    within(file, "elements", text.bytes().filter(|byte| *byte == b'<').count(), limits.elements)?;
    let depth = deepest(&text);
    within(file, "elements within elements", depth, 16 * limits.depth)?;
    let document = Html::parse_document(&text);
    let mut page = Page { file, limits, grids: Vec::new(), between: Vec::new(), tables: 0 };
    page.walk(document.root_element())?;
    page.rest();
    grid::read(file, &page.grids)
}

/// Decoded as the file declares, or as any text is.
fn text(file: &str, bytes: &[u8]) -> Result<String, IntakeError> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_ascii_lowercase();
    let label = head.split_once("charset=").map(|(_, rest)| rest.trim_start_matches(['"', '\'']));
    let label = label.map(|rest| rest.split(['"', '\'', ' ', '/', '>', ';']).next().unwrap_or_default());
    let declared = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let marked = Encoding::for_bom(bytes).is_some();
    match declared.filter(|encoding| *encoding != encoding_rs::UTF_8 && !marked) {
        Some(encoding) => encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(std::borrow::Cow::into_owned)
            .ok_or_else(|| IntakeError::new(file, Trouble::Encoding)),
        None => decode(file, bytes).map(std::borrow::Cow::into_owned),
    }
}

/// An upper bound of how deep elements lie within each other, without building anything.
fn deepest(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (at, _) in text.match_indices('<') {
        match text.as_bytes().get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(byte) if byte.is_ascii_alphabetic() && !is_void(&text[at + 1..]) => depth += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Elements that have no end, or whose end is nearly always left off.
fn is_void(tag: &str) -> bool {
    const VOID: [&str; 14] =
        ["br", "img", "meta", "link", "input", "hr", "col", "wbr", "li", "p", "td", "th", "tr", "option"];
    let name: String =
        tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    VOID.contains(&name.as_str())
}

struct Page<'a> {
    file: &'a str,
    limits: &'a Limits,
    grids: Vec<Grid>,
    /// Lines of text since the last table.
    between: Vec<String>,
    tables: u32,
}

impl Page<'_> {
    /// Goes through the document in its order, without recursion: documents may be deep.
    fn walk(&mut self, root: ElementRef) -> Result<(), IntakeError> {
        let mut ahead = vec![root];
        while let Some(element) = ahead.pop() {
            match element.value().name() {
                "table" if self.table(element)? => continue,
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "p" | "caption" | "title" | "li" => {
                    self.between.extend(lines(element));
                    continue;
                }
                _ => {}
            }
            if !is_silent(element) {
                let children: Vec<ElementRef> = element.child_elements().collect();
                ahead.extend(children.into_iter().rev());
            }
        }
        Ok(())
    }

    /// Lays a table out; false if it is not one of ours, so that one may lie in its cells.
    fn table(&mut self, table: ElementRef) -> Result<bool, IntakeError> {
        self.tables += 1;
        let mut grid = Grid { name: format!("table {}", self.tables), rows: Vec::new() };
        let mut spans = Spans::default();
        for row in rows_of(table) {
            let number = u32::try_from(grid.rows.len() + 1).unwrap_or(u32::MAX);
            let slots = spans.row(self.file, row, self.limits)?;
            grid.rows.push(GridRow::new(Place::Table(self.tables, number), slots));
            within(self.file, "rows", grid.rows.len(), self.limits.rows)?;
        }
        let head = grid::has_head(&grid);
        if head {
            for caption in table.child_elements().filter(|child| child.value().name() == "caption") {
                self.between.extend(lines(caption));
            }
            let above =
                self.between.drain(..).map(|line| GridRow::beside(Place::Table(self.tables, 0), line));
            grid.rows = above.chain(grid.rows).collect();
            self.grids.push(grid);
        }
        Ok(head)
    }

    /// Text below the last table.
    fn rest(&mut self) {
        let tables = self.tables;
        if let Some(last) = self.grids.last_mut() {
            last.rows
                .extend(self.between.drain(..).map(|line| GridRow::beside(Place::Table(tables, 0), line)));
        }
    }
}

/// The rows of a table, not those of tables inside its cells.
fn rows_of(table: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut rows = Vec::new();
    for child in table.child_elements() {
        match child.value().name() {
            "tr" => rows.push(child),
            "thead" | "tbody" | "tfoot" => {
                rows.extend(child.child_elements().filter(|row| row.value().name() == "tr"));
            }
            _ => {}
        }
    }
    rows.retain(|row| !is_silent(*row));
    rows
}

/// Cells that reach down from the rows above: how many rows remain, by column.
#[derive(Default)]
struct Spans {
    down: HashMap<usize, usize>,
    slots: usize,
}

impl Spans {
    fn row(&mut self, file: &str, row: ElementRef, limits: &Limits) -> Result<Vec<Slot>, IntakeError> {
        let mut slots = Vec::new();
        let cells = row
            .child_elements()
            .filter(|cell| matches!(cell.value().name(), "td" | "th") && !is_silent(*cell));
        for cell in cells {
            self.above(&mut slots);
            let columns = span(cell, "colspan").unwrap_or(1).max(1);
            // 0 means to the end of the table.
            let rows = match span(cell, "rowspan") {
                Some(0) => usize::MAX,
                Some(rows) => rows,
                None => 1,
            };
            within(file, "columns", slots.len().saturating_add(columns), limits.columns)?;
            let text = lines(cell).join("\n");
            within(file, "bytes in a cell", text.len(), limits.cell_bytes)?;
            for offset in 0..columns {
                if rows > 1 {
                    self.down.insert(slots.len(), rows);
                }
                let first = Slot::Text(Words { text: text.clone(), columns, confidence: 100 });
                slots.push(if offset > 0 {
                    Slot::Left
                } else if text.is_empty() {
                    Slot::Empty
                } else {
                    first
                });
            }
        }
        self.above(&mut slots);
        self.slots += slots.len();
        within(file, "cells", self.slots, limits.elements)?;
        self.down.retain(|_, rows| {
            *rows = rows.saturating_sub(1);
            *rows > 0
        });
        Ok(slots)
    }

    /// Passes the columns that cells from above still reach down to. A span entered by this row has not begun to count.
    fn above(&mut self, slots: &mut Vec<Slot>) {
        while self.down.contains_key(&slots.len()) {
            slots.push(Slot::Above);
        }
    }
}

fn span(cell: ElementRef, name: &str) -> Option<usize> {
    cell.value().attr(name).and_then(|value| value.trim().parse::<usize>().ok())
}

/// Not shown, or no text.
fn is_silent(element: ElementRef) -> bool {
    let value = element.value();
    let style = || value.attr("style").map(|style| style.replace(' ', "").to_ascii_lowercase());
    matches!(value.name(), "script" | "style" | "template" | "noscript" | "head" | "rp" | "rt")
        && value.name() != "head"
        || value.attr("hidden").is_some()
        || style().is_some_and(|style| style.contains("display:none"))
}

/// The text of an element as lines: a line ends at <br> and around blocks; blanks run together. A line end of the
/// source between Japanese characters is none on the page.
fn lines(element: ElementRef) -> Vec<String> {
    let mut writer = Lines::default();
    for edge in element.traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => match node.value() {
                Node::Text(text) if !writer.hidden() => writer.text(text),
                Node::Element(_) => writer.open(ElementRef::wrap(node)),
                _ => {}
            },
            ego_tree::iter::Edge::Close(node) => {
                if let Node::Element(_) = node.value() {
                    writer.close(ElementRef::wrap(node));
                }
            }
        }
    }
    writer.done()
}

#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    /// Blanks since the last character; whether a line end of the source was among them.
    blank: Option<bool>,
    silent: usize,
}

impl Lines {
    fn hidden(&self) -> bool {
        self.silent > 0
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.blank = Some(self.blank.unwrap_or(false) || matches!(c, '\n' | '\r'));
                continue;
            }
            if let Some(line_end) = self.blank.take() {
                let latin = breaks_latin(&self.line, c.encode_utf8(&mut [0; 4]));
                if !self.line.is_empty() && (!line_end || latin) {
                    self.line.push(' ');
                }
            }
            self.line.push(c);
        }
    }

    fn open(&mut self, element: Option<ElementRef>) {
        let Some(element) = element else { return };
        if is_block(element.value().name()) {
            self.end_line();
        }
        self.silent += usize::from(is_silent(element));
    }

    fn close(&mut self, element: Option<ElementRef>) {
        let Some(element) = element else { return };
        if is_block(element.value().name()) {
            self.end_line();
        }
        self.silent -= usize::from(is_silent(element)).min(self.silent);
    }

    fn end_line(&mut self) {
        self.blank = None;
        let line = trim(&std::mem::take(&mut self.line)).to_owned();
        if !line.is_empty() {
            self.done.push(line);
        }
    }

    fn done(mut self) -> Vec<String> {
        self.end_line();
        self.done
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "br" | "p"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "tr"
            | "td"
            | "th"
            | "table"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "section"
            | "dl"
            | "dt"
            | "dd"
    )
}
