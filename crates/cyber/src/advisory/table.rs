//! Tables whose cells are parted by commas (RFC 4180): rows with the number of their line, and the cells of a row.

/// The rows of a table, each with the number of its first line. A quoted cell may hold line breaks.
pub(super) struct Rows<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }
}

/// Empty lines are no rows.
impl<'a> Iterator for Rows<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let mut quoted = false;
            let end = self.rest.bytes().position(|byte| {
                quoted ^= byte == b'"';
                byte == b'\n' && !quoted
            });
            let (row, rest) = end.map_or((self.rest, ""), |end| (&self.rest[..end], &self.rest[end + 1..]));
            let line = self.line;
            self.line += row.matches('\n').count() + 1;
            self.rest = rest;
            if !row.trim().is_empty() {
                return Some((line, row.trim_end_matches('\r')));
            }
        }
    }
}

/// The cells of a row, without their quotes.
pub(super) fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = row.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}
