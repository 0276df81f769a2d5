//! The anatomy of machine-read pages: what is frame (site header, column names, page numbers, a block printed
//! twice), what are headings that stand alone by their form, and what is body.

use base::FiscalYear;
use base::text::fold_width;

use super::table::Table;

/// A line that the search has to explain, or a heading that speaks for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// (1)「…」に向けて
    Vision(&'a str),
    /// 【…】
    Goal(&'a str),
    /// 【…】(再掲), with or without the line (上記参照) below it.
    Repeated(&'a str),
    /// A strip of the table.
    Strip(&'a str),
}

/// A numbered line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// From 1.
    pub number: u32,
    pub item: Item<'a>,
}

/// Shortest block of lines that counts as printed twice; shorter ones may be honest repetition.
const SHORTEST_DUPLICATE: usize = 8;

/// Takes the frame apart and returns the body; what the frame says goes into `table`.
pub(super) fn body<'a>(text: &'a str, table: &mut Table) -> Vec<Line<'a>> {
    let lines: Vec<&str> =
        text.lines().map(|line| line.trim_matches(['\u{feff}', ' ', '\u{3000}', '\t', '\r'])).collect();
    let duplicated = duplicated_lines(&lines, table);
    let mut body = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if line.is_empty() || duplicated[index] || frame(line, table) {
            continue;
        }
        body.push(Line { number, item: item(line) });
    }
    body.retain(|line| !matches!(line.item, Item::Strip("(上記参照)" | "（上記参照）")));
    body
}

/// Reads a line of the frame into the table; false if the line is not of the frame.
pub(super) fn frame(line: &str, table: &mut Table) -> bool {
    let folded = fold_width(line);
    if let Some((label, rest)) =
        folded.split_once([' ', '|']).filter(|(label, _)| matches!(*label, "公開元URL" | "出典情報"))
    {
        let value = rest.trim_matches(['|', ' ']).to_owned();
        let slot = if label == "公開元URL" { &mut table.url } else { &mut table.meeting };
        slot.get_or_insert(value);
        return true;
    }
    if let Some((title, page)) = folded.strip_suffix("ページ)").and_then(|rest| rest.rsplit_once('(')) {
        table.title.get_or_insert_with(|| title.trim().to_owned());
        table.pages.extend(page.trim().parse::<u32>());
        return true;
    }
    if folded.contains("自動処理で生成") {
        table.machine_read = true;
        return true;
    }
    if let Some(year) = column_year(&folded, &["実績", "状況"]) {
        table.results_year.get_or_insert(year);
        return true;
    }
    if let Some(year) = column_year(&folded, &["予定"]) {
        table.plans_year.get_or_insert(year);
        return true;
    }
    is_page_number(&folded)
        || is_column_name(&folded)
        || is_site_text(&folded)
        || is_document_title(&folded, table)
}

/// 令和6年度の実績・状況: a year and one of the column's words, and little else.
pub(super) fn column_year(line: &str, words: &[&str]) -> Option<FiscalYear> {
    let end = line.find("年度")? + "年度".len();
    let rest = line[end..].trim_start_matches('の');
    let short = rest.chars().count() <= 10 && !rest.contains(['。', '、', ':', '(']);
    (short && words.iter().any(|word| rest.contains(word))).then(|| line[..end].parse().ok())?
}

pub(super) fn is_page_number(line: &str) -> bool {
    let digits = line.trim_matches(['-', ' ', 'p', 'P', '.']);
    !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// 該当箇所 列1 列2, 列3, 担当: names a machine or the table's head gave to columns.
fn is_column_name(line: &str) -> bool {
    line.split(' ').all(|word| {
        matches!(word, "該当箇所" | "担当" | "実績・状況" | "取組予定")
            || word
                .strip_prefix('列')
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// 資料2-1 alone, or the document's title repeated above the table.
fn is_document_title(line: &str, table: &Table) -> bool {
    let number = line
        .strip_prefix("資料")
        .is_some_and(|rest| rest.len() <= 6 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-'));
    number || table.title.as_ref().is_some_and(|title| title.ends_with(line) && line.chars().count() > 10)
}

/// The words that the site which offers machine-read pages prints around them.
fn is_site_text(line: &str) -> bool {
    const WORDS: [&str; 8] = [
        "よむ、つかう、まなぶ。",
        "出典",
        "ページ画像",
        "プレーンテキスト",
        "低解像度画像をダウンロード",
        "ダウンロードした画像を利用する際は",
        "テキストをコピーしてご利用いただく際は",
        "MC plus",
    ];
    WORDS.iter().any(|word| if *word == "出典" { line == "出典" } else { line.starts_with(word) })
        || (line.contains("診療報酬・介護報酬改定") && line.contains("ニュース"))
        || line.starts_with("資料、研修などをパッケージ")
}

pub(super) fn item(line: &str) -> Item<'_> {
    match line.strip_prefix('【').and_then(|rest| rest.split_once('】')) {
        Some((goal, after)) if after.contains("再掲") => Item::Repeated(goal),
        Some((goal, _)) => Item::Goal(goal),
        None => vision(line).map_or(Item::Strip(line), Item::Vision),
    }
}

/// (1)「…」に向けて
fn vision(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['(', '（'])?;
    let rest = rest.trim_start_matches(|c: char| c.is_numeric());
    let rest = rest.strip_prefix([')', '）'])?.strip_prefix('「')?;
    rest.strip_suffix("に向けて")?.strip_suffix('」')
}

/// Marks the lines of a block that repeats the block just before it, line by line.
fn duplicated_lines(lines: &[&str], table: &mut Table) -> Vec<bool> {
    let mut duplicated = vec![false; lines.len()];
    let mut start = 0;
    while start < lines.len() {
        match repeat_after(lines, start) {
            Some(length) => {
                duplicated[start + length..start + 2 * length].fill(true);
                let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
                table.duplicates.push((
                    number(start + length + 1),
                    number(start + 2 * length),
                    number(start + 1),
                ));
                start += 2 * length;
            }
            None => start += 1,
        }
    }
    duplicated
}

/// The length of the longest block at `start` that is followed by itself. Only blocks that begin with a line of
/// substance are tried at every length, so that blank pages cost nothing.
fn repeat_after(lines: &[&str], start: usize) -> Option<usize> {
    let longest = (lines.len() - start) / 2;
    (SHORTEST_DUPLICATE..=longest).rev().filter(|length| lines[start] == lines[start + length]).find(
        |length| {
            let (first, second) = (&lines[start..start + length], &lines[start + length..start + 2 * length]);
            first == second && first.iter().map(|line| line.chars().count()).sum::<usize>() > 200
        },
    )
}
