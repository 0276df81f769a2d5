//! Makes machine-read pages of the follow-up table: sets rows in three columns of given widths, reads the page in
//! horizontal strips as the public copies were read, and keeps what every cell was.

use unicode_width::UnicodeWidthStr;

/// A row before it is set.
#[derive(Clone)]
pub(crate) struct SetRow {
    pub heading: String,
    pub cells: [String; 3],
}

/// What a reader should find.
pub(crate) struct Truth {
    pub heading: String,
    pub cells: [String; 3],
    pub beginning_lost: bool,
}

/// A small deterministic source of chance (SplitMix64), so that a failing page can be made again from its seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Chance(seed)
    }
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

/// Sets the rows and reads the page in strips.
pub(crate) fn page(rows: &[SetRow], widths: [usize; 3], chance: &mut Chance) -> (String, Vec<Truth>) {
    let head =
        "該当箇所 列1 列2\n列3\n令和6年度の実績・状況\n令和7年度の取組予定\n【研究開発の試験的な目標】";
    let mut lines: Vec<String> = head.lines().map(str::to_owned).collect();
    let mut truth = Vec::new();
    let mut heading = "";
    for row in rows {
        if row.heading != heading {
            heading = &row.heading;
            lines.push(heading.to_owned());
        }
        let mut cells: [Vec<String>; 3] =
            std::array::from_fn(|column| wrap(&row.cells[column], widths[column]));
        let beginning_lost = cells[0].len() > 2 && chance.unit() < 0.1;
        if beginning_lost {
            cells[0].remove(0);
        }
        lines.extend(strips(&cells, usize::from(beginning_lost), chance));
        truth.push(Truth {
            heading: row.heading.clone(),
            cells: cells.map(|lines| lines.concat()),
            beginning_lost,
        });
    }
    lines.push("3".to_owned());
    (lines.join("\n"), truth)
}

/// Lines of all cells in the order of their height; those at about one height become one strip.
fn strips(cells: &[Vec<String>; 3], first_below_top: usize, chance: &mut Chance) -> Vec<String> {
    let pitch = [1.0, 0.97 + 0.06 * chance.unit(), 1.0 + 0.12 * chance.unit()];
    let mut placed: Vec<(f64, usize, &str)> = Vec::new();
    for (column, lines) in cells.iter().enumerate() {
        let below = if column == 0 { first_below_top } else { 0 };
        for (index, line) in lines.iter().enumerate() {
            placed.push(((index + below) as f64 * pitch[column] + 0.04 * chance.unit(), column, line));
        }
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut strips: Vec<Vec<(f64, usize, &str)>> = Vec::new();
    for piece in placed {
        match strips.last_mut() {
            Some(strip) if piece.0 - strip[0].0 < 0.06 && strip.iter().all(|other| other.1 != piece.1) => {
                strip.push(piece);
            }
            _ => strips.push(vec![piece]),
        }
    }
    let print = |mut strip: Vec<(f64, usize, &str)>| {
        strip.sort_by_key(|piece| piece.1);
        strip.iter().map(|piece| piece.2).collect::<Vec<_>>().join(" ")
    };
    strips.into_iter().map(print).collect()
}

/// Breaks a cell into lines as Japanese text is broken: a bullet begins a line, no line begins with punctuation.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let line = lines.last().map_or("", String::as_str);
        let full = line.width_cjk() + c.to_string().width_cjk() > width;
        let hangs = matches!(c, '、' | '。' | ')' | '」') && line.width_cjk() <= width;
        if (c == '・' && before == '。') || (full && !hangs) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        before = c;
    }
    lines.retain(|line| !line.is_empty());
    lines
}
