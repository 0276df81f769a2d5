//! From grids to the table's rows: headings, cells, cells that go on in the next row or over a page, goals that are
//! only repeated. Nothing is filled in: what had to be inferred is kept with a doubt, what is not read with a remark.

use base::Names;

use super::header::{Header, Role};
use super::{Form, Grid, GridRow, Place, Slot, Words, append, join, trim};
use crate::error::{IntakeError, Trouble};
use crate::followup::anatomy::{self, Item};
use crate::followup::language::awkward_start;
use crate::followup::pieces::Piece;
use crate::followup::table::{Cell, Column, Doubt, Repeated, Row, Table};
use crate::reading::Remark;

/// A cell whose row was found by an open sentence or an empty first column, not by a line or a merged cell.
const INFERRED: u8 = 85;
/// The same over a page break, where cells do go on.
const INFERRED_OVER_PAGE: u8 = 95;
/// Where the row's own beginning was inferred from distances.
const INFERRED_ROW: u8 = 88;
/// Two Latin words met at a line end.
const INFERRED_BLANK: u8 = 90;
/// One drawn cell stands beside several measures.
const SHARED: u8 = 80;
/// A drawn cell is looked for this many rows above; one that reaches further is left to a person.
const SHARED_ROWS: usize = 30;
/// Longest heading of measures.
const LONGEST_HEADING: usize = 80;

pub(super) fn read(file: &str, grids: &[Grid]) -> Result<Form, IntakeError> {
    let mut building = Building { file, ..Building::default() };
    let mut found = false;
    for grid in grids {
        let Some(header) = Header::find(grid) else {
            building.skip(grid);
            continue;
        };
        if building.of_another_year(&header) {
            building.leave_out_year(grid);
            continue;
        }
        found = true;
        building.grid(grid, header);
    }
    if !found {
        let why = "no row names the columns 該当箇所, …年度の実績・状況 and …年度の取組予定".to_owned();
        return Err(IntakeError::new(file, Trouble::Format { format: "follow-up table", why }));
    }
    building.finish();
    if building.form.table.rows.is_empty() && building.form.table.repeated.is_empty() {
        let why = "the table has its head, but no rows below it".to_owned();
        return Err(IntakeError::new(file, Trouble::Format { format: "follow-up table", why }));
    }
    Ok(building.form)
}

/// Which columns the text of a row stands in, and how the cells relate to those above.
struct Texts<'g> {
    /// Texts outside the three columns and the ministries', before the measure.
    before: Option<&'g Words>,
    cells: [Option<(usize, &'g Words)>; 3],
    ministries: Option<&'g Words>,
    above: [bool; 3],
    count: usize,
}

#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a separate fact about the row being read")]
struct Building<'f> {
    file: &'f str,
    form: Form,
    vision: Option<String>,
    goal: Option<String>,
    heading: Option<String>,
    /// The goal heading has had no row yet: (上記参照) below it says that it is only repeated.
    goal_is_bare: Option<u32>,
    /// The row that the next may carry on.
    open: bool,
    /// A page has begun since the last row.
    after_break: bool,
    /// Most measures of this grid end in ministry marks, so that one that does not goes on over its page.
    measures_marked: bool,
    /// Most measures of this grid end as sentences do, so that one that does not may go on.
    measures_end: bool,
    unused: Vec<usize>,
}

impl Building<'_> {
    fn grid(&mut self, grid: &Grid, mut header: Header) {
        let table = &mut self.form.table;
        table.results_year = table.results_year.or(header.results_year);
        table.plans_year = table.plans_year.or(header.plans_year);
        (self.open, self.after_break) = (false, false);
        self.measures_end = mostly(grid, &header, |piece| piece.sentence_end);
        self.measures_marked = mostly(grid, &header, |piece| piece.mark);
        self.unused.clear();
        if header.measure_inferred {
            let place = self.place(&grid.rows[header.rows.start].place);
            let text = Names::of(
                "該当箇所の見出しがなく、実績の左の列を施策として読みました",
                "no column is named 該当箇所: the one left of the results was read as the measure",
            );
            self.form.remarks.push(Remark::warning(place, text));
        }
        for row in &grid.rows[..header.rows.start] {
            self.above_table(row);
        }
        let mut at = header.rows.end;
        while let Some(row) = grid.rows.get(at) {
            self.after_break |= row.after_break;
            let repeated = (1..=3).find_map(|height| same_head(&header, Header::at(&grid.rows, at, height)));
            if let Some(again) = repeated {
                at = again.rows.end;
                header = again;
                continue;
            }
            self.row(row, grid, at, &header);
            at += 1;
        }
        self.settle_row();
    }

    /// Titles, headings and the words of the site above the table's head.
    fn above_table(&mut self, row: &GridRow) {
        for words in row.slots.iter().filter_map(Slot::words) {
            for line in words.text.lines().map(trim).filter(|line| !line.is_empty()) {
                self.line(line, row);
            }
        }
    }

    /// A line beside the table: a heading, a part of the frame, the title, or something that is not read.
    fn line(&mut self, line: &str, row: &GridRow) {
        if self.heading_by_form(line, &row.place) || anatomy::frame(line, &mut self.form.table) {
            return;
        }
        let begins = self.form.table.rows.is_empty() && !self.open;
        if begins && self.form.table.title.is_none() && line.chars().count() >= 8 {
            self.form.table.title = Some(line.to_owned());
        } else {
            let text = Names::of(
                format!("表の外の文字は読みません：{}", beginning(line)),
                format!("text beside the table is not read: {}", beginning(line)),
            );
            let place = self.place(&row.place);
            self.form.remarks.push(Remark::note(place, text));
        }
    }

    /// Visions, goals and repeated goals, which speak for themselves wherever they stand.
    fn heading_by_form(&mut self, text: &str, place: &Place) -> bool {
        let number = number(place);
        match anatomy::item(text) {
            Item::Vision(vision) => {
                self.settle_row();
                (self.vision, self.goal, self.heading) = (Some(vision.to_owned()), None, None);
                self.goal_is_bare = None;
            }
            Item::Goal(goal) => {
                self.settle_row();
                (self.goal, self.heading) = (Some(goal.to_owned()), None);
                self.goal_is_bare = Some(number);
            }
            Item::Repeated(goal) => {
                self.settle_row();
                self.repeat(goal.to_owned(), number);
            }
            Item::Strip(strip) if is_reference(strip) => {
                if let (Some(line), Some(goal)) = (self.goal_is_bare.take(), self.goal.take()) {
                    self.repeat(goal, line);
                }
            }
            Item::Strip(_) => return false,
        }
        true
    }

    fn repeat(&mut self, goal: String, line: u32) {
        self.form.table.repeated.push(Repeated { vision: self.vision.clone(), goal, line });
        (self.goal, self.heading, self.goal_is_bare) = (None, None, None);
    }

    fn row(&mut self, row: &GridRow, grid: &Grid, at: usize, header: &Header) {
        if row.outside {
            return self.above_table(row);
        }
        let texts = Texts::of(row, header);
        self.name_unused(row, grid, header);
        if texts.count == 0 {
            return;
        }
        let whole = whole(row);
        if self.heading_by_form(&whole, &row.place) {
            return;
        }
        // Where nothing is ruled, a page's foot looks like a row.
        if texts.count == 1 && row.inferred && anatomy::frame(&whole, &mut self.form.table) {
            return;
        }
        if texts.count == 1 && self.alone(&texts, header) {
            return;
        }
        if let Some(confidence) = self.carries_on(&texts) {
            return self.carry_on(&texts, row, confidence);
        }
        self.begin(&texts, row, grid, at, header);
    }

    /// A row with one text: page numbers, headings of measures. False where it is a cell of the table.
    fn alone(&mut self, texts: &Texts, header: &Header) -> bool {
        let (words, in_first) = match (texts.before, texts.cells) {
            (Some(words), _) | (None, [Some((_, words)), ..]) => (words, true),
            (None, [None, Some((_, words)), _] | [None, None, Some((_, words))]) => (words, false),
            (None, [None, None, None]) => return false,
        };
        let text = join(&words.text);
        let across = words.columns > 1 && texts.reaches(words, header);
        if texts.before.is_some() && anatomy::is_page_number(&text) {
            return true;
        }
        if in_first && !texts.above.iter().any(|above| *above) && (across || looks_like_heading(&text)) {
            let over_page = self.after_break && self.open && self.last_measure_goes_on() && !across;
            if !over_page {
                self.settle_row();
                self.heading = Some(text);
                return true;
            }
        }
        false
    }

    /// Whether a row carries on the one before it, and how sure that is.
    fn carries_on(&self, texts: &Texts) -> Option<u8> {
        if !self.open {
            return None;
        }
        let inferred = if self.after_break { INFERRED_OVER_PAGE } else { INFERRED };
        match texts.cells[0] {
            None if texts.above[0] => Some(100),
            None => Some(inferred),
            Some(_) if self.after_break && self.last_measure_goes_on() => Some(inferred),
            Some(_) => None,
        }
    }

    /// The measure read last does not end as the others do.
    fn last_measure_goes_on(&self) -> bool {
        let last = self.form.table.rows.last().map(|row| row.cell(Column::Measure).text.as_str());
        last.filter(|text| !text.is_empty()).map(Piece::of).is_some_and(|piece| {
            (self.measures_end && !piece.sentence_end) || (self.measures_marked && !piece.mark)
        })
    }

    fn carry_on(&mut self, texts: &Texts, row: &GridRow, confidence: u8) {
        self.after_break = false;
        for column in Column::ALL {
            let Some((at, words)) = texts.cells[column.index()] else { continue };
            self.add(column, at, words, row, confidence);
        }
        let Some(last) = self.form.table.rows.last_mut() else { return };
        if let Some(words) = texts.ministries {
            append(last.ministries.get_or_insert_default(), &words.text);
        }
    }

    fn begin(&mut self, texts: &Texts, row: &GridRow, grid: &Grid, at: usize, header: &Header) {
        self.settle_row();
        (self.goal_is_bare, self.after_break) = (None, false);
        self.form.table.rows.push(Row {
            vision: self.vision.clone(),
            goal: self.goal.clone(),
            heading: self.heading.clone(),
            ministries: texts.ministries.map(|words| join(&words.text)),
            start_inferred: row.inferred || texts.cells[0].is_none(),
            cells: std::array::from_fn(|_| Cell { confidence: 100, ..Cell::default() }),
            ..Row::default()
        });
        self.form.places.push(<[Vec<String>; 3]>::default());
        self.open = true;
        let confidence = if row.inferred {
            INFERRED_ROW
        } else if texts.cells[0].is_none() {
            INFERRED
        } else {
            100
        };
        for column in Column::ALL {
            match texts.cells[column.index()] {
                Some((at, words)) => self.add(column, at, words, row, confidence),
                None if texts.above[column.index()] => self.share(column, grid, at, header),
                None => {}
            }
        }
    }

    /// Puts a piece of text into a cell of the last row.
    fn add(&mut self, column: Column, at: usize, words: &Words, row: &GridRow, confidence: u8) {
        let (Some(last), Some(places)) = (self.form.table.rows.last_mut(), self.form.places.last_mut())
        else {
            return;
        };
        let cell = &mut last.cells[column.index()];
        let blanks = append(&mut cell.text, &words.text);
        let line = number(&row.place);
        let piece = || beginning(&words.text);
        let confidence = confidence.min(words.confidence);
        if confidence < 100 {
            cell.doubts.push(Doubt { line, piece: piece(), rival: None, confidence });
        }
        for blank in blanks {
            cell.doubts.push(Doubt { line, piece: blank, rival: None, confidence: INFERRED_BLANK });
        }
        cell.confidence = cell.doubts.iter().map(|doubt| doubt.confidence).fold(100, u8::min);
        cell.lines.extend(row.place.line());
        places[column.index()].push(row.place.cell(at));
    }

    /// A cell that was drawn once beside several measures belongs to each of them; a person should look.
    fn share(&mut self, column: Column, grid: &Grid, at: usize, header: &Header) {
        let Some(position) = header.column(Role::Cell(column)) else { return };
        let owner = (header.rows.end..at).rev().take(SHARED_ROWS).find_map(|above| {
            let row = &grid.rows[above];
            row.slots.get(position).and_then(Slot::words).map(|words| (row, words.clone()))
        });
        if let Some((row, words)) = owner {
            self.add(column, position, &words, row, SHARED);
        }
    }

    /// Closes the row that could still be carried on.
    fn settle_row(&mut self) {
        (self.open, self.after_break) = (false, false);
    }

    fn finish(&mut self) {
        for row in &mut self.form.table.rows {
            let lost = |cut: fn(&str) -> bool| {
                Column::ALL.into_iter().filter(|column| cut(&row.cell(*column).text)).collect()
            };
            let (beginning_lost, end_lost) = (lost(begins_amid), lost(ends_amid));
            (row.beginning_lost, row.end_lost) = (beginning_lost, end_lost);
        }
    }

    fn of_another_year(&self, header: &Header) -> bool {
        let Table { results_year, plans_year, .. } = &self.form.table;
        let differs = |a: Option<base::FiscalYear>, b: Option<base::FiscalYear>| matches!((a, b), (Some(a), Some(b)) if a != b);
        differs(*results_year, header.results_year) || differs(*plans_year, header.plans_year)
    }

    fn leave_out_year(&mut self, grid: &Grid) {
        let text = Names::of(
            "他の年度の表なので読みません。別のファイルにしてください",
            "is the table of another year and was not read: give it as a file of its own",
        );
        let place = format!("{}: {}", self.file, grid.name);
        self.form.remarks.push(Remark::warning(place, text));
    }

    fn skip(&mut self, grid: &Grid) {
        if grid.rows.iter().all(|row| row.slots.iter().all(|slot| slot.words().is_none())) {
            return;
        }
        let text = Names::of(
            "該当箇所などの見出しがないので読みません",
            "has no head of a follow-up table and was not read",
        );
        let place = format!("{}: {}", self.file, grid.name);
        self.form.remarks.push(Remark::note(place, text));
    }

    /// Columns that the follow-up table does not have are named once.
    fn name_unused(&mut self, row: &GridRow, grid: &Grid, header: &Header) {
        for (column, slot) in row.slots.iter().enumerate() {
            let unused = header.roles.get(column).is_none_or(Option::is_none);
            let Some(words) = slot
                .words()
                .filter(|words| unused && words.columns == 1 && !anatomy::is_page_number(trim(&words.text)))
            else {
                continue;
            };
            let stands_alone = row.slots.iter().filter(|slot| slot.words().is_some()).count() == 1;
            if stands_alone || self.unused.contains(&column) {
                continue;
            }
            self.unused.push(column);
            let text = Names::of(
                format!("この列は年度表の列ではないので読みません：{}", beginning(&words.text)),
                format!(
                    "this column is none of the follow-up table's and was not read: {}",
                    beginning(&words.text)
                ),
            );
            let place = format!("{}: {} {}", self.file, grid.name, row.place.cell(column));
            self.form.remarks.push(Remark::note(place, text));
        }
    }

    fn place(&self, place: &Place) -> String {
        format!("{}: {place}", self.file)
    }
}

impl<'g> Texts<'g> {
    fn of(row: &'g GridRow, header: &Header) -> Self {
        let mut texts =
            Texts { before: None, cells: [None; 3], ministries: None, above: [false; 3], count: 0 };
        let measure = header.column(Role::Cell(Column::Measure)).unwrap_or(0);
        for (at, slot) in row.slots.iter().enumerate() {
            let role = header.roles.get(at).copied().flatten();
            match (slot, role) {
                (Slot::Text(words), Some(Role::Cell(column))) => {
                    texts.cells[column.index()] = Some((at, words));
                }
                (Slot::Text(words), Some(Role::Ministries)) => texts.ministries = Some(words),
                (Slot::Text(words), None) if at < measure && !anatomy::is_page_number(trim(&words.text)) => {
                    texts.before = Some(words);
                }
                (Slot::Above, Some(Role::Cell(column))) => texts.above[column.index()] = true,
                _ => continue,
            }
            texts.count += usize::from(matches!(slot, Slot::Text(_)));
        }
        // A column that is none of ours counts only where its text stands alone, as a heading.
        if texts.before.is_some() && texts.count > 1 {
            texts.before = None;
            texts.count -= 1;
        }
        texts
    }

    /// Whether a merged cell covers the results or the plans too.
    fn reaches(&self, words: &Words, header: &Header) -> bool {
        let first = [Column::Results, Column::Plans]
            .into_iter()
            .filter_map(|column| header.column(Role::Cell(column)))
            .min();
        let start = self.cells[0].map_or(0, |(at, _)| at);
        first.is_some_and(|first| start + words.columns > first)
    }
}

/// All text of a row: a heading may have its (再掲) in the next cell.
fn whole(row: &GridRow) -> String {
    let mut texts = row.slots.iter().filter_map(Slot::words).map(|words| join(&words.text));
    let first = texts.next().unwrap_or_default();
    texts.filter(|text| is_reference(text) || text.contains("再掲")).fold(first, |whole, text| whole + &text)
}

/// (上記参照), (再掲)
fn is_reference(text: &str) -> bool {
    let text = base::text::fold_width(text);
    let inner = text.trim().trim_start_matches('(').trim_end_matches(')');
    matches!(inner, "上記参照" | "再掲" | "再掲)(上記参照" | "上記を参照")
}

fn same_head(header: &Header, other: Option<Header>) -> Option<Header> {
    other.filter(|other| {
        let same = |role| header.column(role) == other.column(role) || other.column(role).is_some();
        !other.measure_inferred
            && Column::ALL
                .into_iter()
                .all(|column| header.column(Role::Cell(column)).is_none() || same(Role::Cell(column)))
    })
}

/// A short line that is no sentence, no bullet and carries no ministry mark.
fn looks_like_heading(text: &str) -> bool {
    let piece = Piece::of(text);
    !(piece.sentence_end || piece.bullet || piece.mark)
        && text.chars().count() <= LONGEST_HEADING
        && awkward_start(text) < 2.0
}

/// Whether most measures that stand beside other cells end in a certain way.
fn mostly(grid: &Grid, header: &Header, ends: fn(&Piece) -> bool) -> bool {
    let rows =
        grid.rows[header.rows.end..].iter().map(|row| Texts::of(row, header)).filter(|texts| texts.count > 1);
    let measures: Vec<bool> = rows
        .filter_map(|texts| texts.cells[0])
        .map(|(_, words)| ends(&Piece::of(trim(&words.text))))
        .collect();
    2 * measures.iter().filter(|ends| **ends).count() > measures.len()
}

fn begins_amid(text: &str) -> bool {
    awkward_start(text) >= 2.0
}

/// A text that stops where no cell can: in an open bracket, at a comma or at a particle.
fn ends_amid(text: &str) -> bool {
    let piece = Piece::of(text);
    !text.is_empty()
        && !piece.sentence_end
        && (!piece.brackets.opens.is_empty()
            || text.ends_with([
                '、', '，', 'を', 'が', 'は', 'に', 'で', 'の', 'と', 'や', 'て', 'へ', '・', 'っ', '「',
                '(', '（',
            ]))
}

fn beginning(text: &str) -> String {
    const SHOWN: usize = 40;
    let text = join(text);
    if text.chars().count() > SHOWN { text.chars().take(SHOWN).chain(['…']).collect() } else { text }
}

fn number(place: &Place) -> u32 {
    match place {
        Place::Page(page, _) => *page,
        _ => place.line().unwrap_or(0),
    }
}
