//! The record per item as a table of a spreadsheet: which column is which is read from its header, in both languages. A table is taken
//! whole or not at all, and every row that cannot be taken is named. How a file becomes rows of text is not decided here.

use base::Names;
use unicode_normalization::UnicodeNormalization as _;

use super::kind::Item;
use super::product::{MOST_ENTRIES, Placed, Row};

/// Rows in which the header is looked for: titles may stand above it.
const HEADER_WITHIN: usize = 30;
/// Rows with faults that are named one by one.
const NAMED: usize = 20;

/// Why a table is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotARecord {
    /// The file, with its sheet where it has several.
    pub file: String,
    /// What is wrong, row by row.
    pub faults: Vec<RecordFault>,
    /// How many more there are.
    pub more: usize,
}

/// Something wrong with a table or one of its rows, counted as the file counts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordFault {
    /// No row names the columns.
    NoHeader,
    /// Two columns are the same.
    SameColumn(usize, &'static str),
    /// A row says something and names no item.
    NoItem(usize),
    /// A row names an item that is none of the record's.
    UnknownItem(usize, String),
    /// Whether it is done is told in words that are not known here.
    UnknownDone(usize, String),
    /// Below the header there is no row.
    NoRows,
    /// There are more rows than are accepted.
    TooMany,
}

/// The columns of the record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Item,
    Summary,
    Document,
    Number,
    Done,
}

/// What the columns are called, in the words of the notice (2023-05-23) and of the product file.
const COLUMNS: [(Column, &str, &[&str]); 5] = [
    (Column::Item, "item", &["項目", "項目番号", "要求事項", "jist81001-5-1の項目", "item"]),
    (Column::Summary, "summary", &["実施内容概要", "実施内容の概要", "実施内容", "概要", "summary"]),
    (
        Column::Document,
        "document",
        &["社内ドキュメント名", "社内文書名", "社内文書の名称", "文書名", "ドキュメント名", "document"],
    ),
    (Column::Number, "number", &["文書番号", "ドキュメント番号", "number", "documentnumber"]),
    (Column::Done, "done", &["実施", "実施の有無", "実施状況", "done"]),
];

/// The rows of a table: each with its number in the file and the texts of its cells.
pub fn rows(file: &str, table: &[(usize, Vec<String>)]) -> Result<Vec<Placed<Row>>, NotARecord> {
    let refused = |faults: Vec<RecordFault>, more| NotARecord { file: file.to_owned(), faults, more };
    let header = table.iter().take(HEADER_WITHIN).position(|(_, cells)| is_header(cells));
    let Some(header) = header else { return Err(refused(vec![RecordFault::NoHeader], 0)) };
    let (number, cells) = &table[header];
    let columns: Vec<Option<Column>> = cells.iter().map(|cell| column(cell)).collect();
    let doubled =
        COLUMNS.iter().find(|(column, ..)| columns.iter().flatten().filter(|one| *one == column).count() > 1);
    if let Some((_, name, _)) = doubled {
        return Err(refused(vec![RecordFault::SameColumn(*number, name)], 0));
    }
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (number, cells) in &table[header + 1..] {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match row(*number, &columns, cells) {
            Ok(value) => rows.push(Placed { file: Some(file.to_owned()), line: *number, value }),
            Err(fault) => faults.push(fault),
        }
    }
    if rows.len() > MOST_ENTRIES {
        faults.push(RecordFault::TooMany);
    } else if rows.is_empty() && faults.is_empty() {
        faults.push(RecordFault::NoRows);
    }
    let more = faults.len().saturating_sub(NAMED);
    faults.truncate(NAMED);
    if faults.is_empty() { Ok(rows) } else { Err(refused(faults, more)) }
}

/// A header names the item and something that is said of it.
fn is_header(cells: &[String]) -> bool {
    let columns: Vec<Column> = cells.iter().filter_map(|cell| column(cell)).collect();
    columns.contains(&Column::Item) && columns.iter().any(|one| *one != Column::Item)
}

fn column(cell: &str) -> Option<Column> {
    let plain = plain(cell);
    COLUMNS.iter().find(|(_, _, names)| names.contains(&plain.as_str())).map(|(column, ..)| *column)
}

fn row(number: usize, columns: &[Option<Column>], cells: &[String]) -> Result<Row, RecordFault> {
    let text = |wanted: Column| {
        let at = columns.iter().position(|column| *column == Some(wanted))?;
        let text = cells.get(at)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let named = text(Column::Item).ok_or(RecordFault::NoItem(number))?;
    let done = match text(Column::Done) {
        None => None,
        Some(said) => Some(is_done(&said).ok_or(RecordFault::UnknownDone(number, said))?),
    };
    Ok(Row {
        item: item(&named).ok_or(RecordFault::UnknownItem(number, named))?,
        summary: text(Column::Summary),
        document: text(Column::Document),
        number: text(Column::Number),
        done,
    })
}

/// An item by its code, its circled number, its name, or number and name.
fn item(text: &str) -> Option<Item> {
    let text = text.trim();
    let circled = ["①", "②", "③", "④", "⑤", "⑥"];
    let numbered = circled.iter().position(|sign| text.starts_with(sign));
    let own = numbered.and_then(|at| Item::named(&format!("T{}", at + 1)));
    let name = plain(numbered.map_or(text, |at| &text[circled[at].len()..]));
    let by_name = Item::ALL.iter().copied().find(|item| {
        let names = item.names();
        let bare = |name: &str| {
            plain(name.trim_start_matches(circled.map(|sign| sign.chars().next().unwrap_or(' '))))
        };
        !name.is_empty() && (bare(&names.ja) == name || bare(&names.en) == name || plain(item.code()) == name)
    });
    match (own, by_name) {
        // A number and the name of another item: neither is believed.
        (Some(own), Some(other)) if own != other => None,
        // `③ソフトウェア保守` for `③ソフトウェア保守プロセス`.
        (Some(own), None) if !name.is_empty() => plain(&own.names().ja).contains(&name).then_some(own),
        (own, by_name) => own.or(by_name),
    }
}

fn is_done(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "済" | "実施" | "実施済" | "実施済み" | "有" | "○" | "〇" | "◯" | "true" | "yes" | "done" => {
            Some(true)
        }
        "未" | "未実施" | "無" | "×" | "✕" | "false" | "no" | "notdone" => Some(false),
        _ => None,
    }
}

/// Half-width, lower case, without blanks.
fn plain(text: &str) -> String {
    text.nfkc().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

impl RecordFault {
    /// What is wrong and what to do.
    pub fn names(&self) -> Names {
        match self {
            RecordFault::NoHeader => Names::of(
                "見出しの行がありません（項目、実施内容概要、社内ドキュメント名、文書番号）",
                "there is no header (item, summary, document, number)",
            ),
            RecordFault::SameColumn(row, name) => Names::of(
                format!("{row}行目：同じ列が二つあります（{name}）"),
                format!("row {row}: two columns are {name}"),
            ),
            RecordFault::NoItem(row) => Names::of(
                format!("{row}行目：項目がありません。結合したセルは解き、行ごとに項目を書いてください"),
                format!("row {row}: no item; undo merged cells and write the item in every row"),
            ),
            RecordFault::UnknownItem(row, found) => Names::of(
                format!(
                    "{row}行目：項目「{found}」は分かりません。R1〜R3、T1〜T6 又は ①〜⑥ で書いてください"
                ),
                format!("row {row}: the item “{found}” is not known; write R1–R3, T1–T6 or ①–⑥"),
            ),
            RecordFault::UnknownDone(row, found) => Names::of(
                format!("{row}行目：実施の有無「{found}」は分かりません。済 又は 未 と書いてください"),
                format!("row {row}: “{found}” does not say whether it is done; write yes or no"),
            ),
            RecordFault::NoRows => {
                Names::of("見出しの下に行がありません", "there is no row below the header")
            }
            RecordFault::TooMany => Names::of(
                format!("行が{MOST_ENTRIES}を超えています"),
                format!("there are more than {MOST_ENTRIES} rows"),
            ),
        }
    }
}

impl NotARecord {
    /// All that is wrong.
    pub fn names(&self) -> Names {
        let (mut ja, mut en): (Vec<_>, Vec<_>) =
            self.faults.iter().map(RecordFault::names).map(|names| (names.ja, names.en)).unzip();
        if self.more > 0 {
            ja.push(format!("ほか{}件", self.more));
            en.push(format!("and {} more", self.more));
        }
        Names::of(format!("{}：{}", self.file, ja.join("、")), format!("{}: {}", self.file, en.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_named_in_the_words_of_the_notice_or_by_code() {
        for (text, expected) in [
            ("T3", Some(Item::T3)),
            ("ｔ３", Some(Item::T3)),
            ("③", Some(Item::T3)),
            ("③ソフトウェア保守プロセス", Some(Item::T3)),
            ("③ ソフトウェア保守", Some(Item::T3)),
            ("ソフトウェア保守プロセス", Some(Item::T3)),
            ("一般要求事項", Some(Item::T1)),
            ("R2", Some(Item::R2)),
            ("第12条第3項 二つ目の要件", Some(Item::R2)),
            ("③一般要求事項", None),
            ("3", None),
            ("⑦", None),
            ("保守", None),
            ("", None),
        ] {
            assert_eq!(item(text), expected, "{text}");
        }
    }

    fn table(text: &str) -> Vec<(usize, Vec<String>)> {
        let rows = text.lines().enumerate();
        rows.map(|(at, line)| (at + 1, line.split(',').map(str::to_owned).collect())).collect()
    }

    #[test]
    fn a_table_is_taken_whole_below_its_header() {
        let text = "輸液ポンプの記録\n,,\n文書番号,備考,項 目,実施内容概要,社内ドキュメント名,実施\nD-1,x,①,did,Plan,済\n,,,,,\n,,T2,,,未";
        let rows = rows("r.csv", &table(text)).unwrap();
        let first = &rows[0];
        assert_eq!((first.line, first.file.as_deref(), first.value.item), (4, Some("r.csv"), Item::T1));
        let said =
            (first.value.number.as_deref(), first.value.summary.as_deref(), first.value.document.as_deref());
        assert_eq!(said, (Some("D-1"), Some("did"), Some("Plan")));
        assert_eq!((rows[1].value.done, rows[1].value.summary.as_deref()), (Some(false), None));
    }

    #[test]
    fn every_row_that_cannot_be_taken_is_named_and_none_is_taken() {
        let refused = |text: &str| rows("r.csv", &table(text)).unwrap_err().faults;
        assert_eq!(refused("a,b\nc,d"), [RecordFault::NoHeader]);
        assert_eq!(refused("項目,概要\n,"), [RecordFault::NoRows]);
        assert_eq!(refused("項目,概要,summary\nT1,a,b"), [RecordFault::SameColumn(1, "summary")]);
        assert_eq!(
            refused("項目,概要,実施\nT1,a,\nT7,b,\n,c,\nT2,d,たぶん"),
            [
                RecordFault::UnknownItem(3, "T7".into()),
                RecordFault::NoItem(4),
                RecordFault::UnknownDone(5, "たぶん".into())
            ]
        );
        let long = (0..30).fold("項目,概要".to_owned(), |text, _| text + "\nX,a");
        let refused = rows("r.csv", &table(&long)).unwrap_err();
        assert_eq!((refused.faults.len(), refused.more), (20, 10));
        assert!(refused.names().ja.contains("2行目") && refused.names().en.contains("and 10 more"));
    }
}
