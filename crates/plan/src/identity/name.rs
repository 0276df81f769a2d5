//! The printed name of a programme, taken apart: the programme it is a part of, its former name, its key.

use base::FiscalYear;
use base::text::name_key;

/// The parts of a programme's printed name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// Key of the whole name, without a former name in brackets and without a leading fiscal year.
    pub key: String,
    /// 「甲（うち乙）」: the key of 乙. The sheet is about 乙 alone.
    pub part: Option<String>,
    /// And the key of 甲, of which it is a part. Two parts of one parent are two programmes.
    pub parent: Option<String>,
    /// 「甲（旧：丙）」: the key of 丙.
    pub former: Option<String>,
}

/// Takes a printed name apart.
pub fn parts(name: &str) -> NameParts {
    let mut key = name_key(name);
    let mut parts = NameParts::default();
    if let Some((open, close, inner)) = bracket(&key, &["(旧:", "(旧名称:", "(旧事業名:", "(旧事業名", "(旧"])
    {
        parts.former = Some(inner);
        key.replace_range(open..close, "");
    }
    let key = without_year(&key).to_owned();
    if let Some((open, close, inner)) = bracket(&key, &["(うち、", "(うち"])
        && close == key.len()
    {
        parts.parent = Some(key[..open].to_owned());
        parts.part = Some(inner);
    }
    parts.key = key;
    parts
}

/// The bracket that begins with one of the openings: its bytes and its inner text.
fn bracket(key: &str, openings: &[&str]) -> Option<(usize, usize, String)> {
    let (open, opening) = openings.iter().find_map(|opening| Some((key.find(opening)?, opening)))?;
    let inner = open + opening.len();
    let mut depth = 1;
    for (at, c) in key[inner..].char_indices() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            let text = &key[inner..inner + at];
            return (!text.is_empty()).then(|| (open, inner + at + 1, text.to_owned()));
        }
    }
    None
}

/// 令和6年度…事業 is the same programme in the next year.
fn without_year(key: &str) -> &str {
    let Some(end) = key.find("年度") else { return key };
    let (year, rest) = (&key[..end + "年度".len()], &key[end + "年度".len()..]);
    if year.parse::<FiscalYear>().is_ok() && !rest.is_empty() { rest } else { key }
}
