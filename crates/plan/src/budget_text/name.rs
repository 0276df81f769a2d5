//! Whose money it is: the programme and the activities a budget reference is quoted for.

use std::ops::Range;

use super::scan::Text;

/// What stands around a reference.
#[derive(Debug, Default)]
pub(super) struct Owner {
    pub(super) programme: Option<String>,
    pub(super) succeeds: Option<String>,
    pub(super) activities: Vec<String>,
    pub(super) repeated: bool,
}

/// Endings by which official names of programmes and budgets are recognised.
const ENDINGS: [&str; 16] = [
    "事業",
    "事業費",
    "補助金",
    "交付金",
    "負担金",
    "委託費",
    "経費",
    "推進費",
    "プロジェクト",
    "プログラム",
    "基金",
    "ファンド",
    "調査",
    "研究費",
    "委託",
    "制度",
];

/// Whether words end as a programme's name does, with or without a bracket behind it.
pub(super) fn names_a_programme(words: &str) -> bool {
    let words = words.trim().trim_end_matches([')', ':', '」', '』']).trim_end();
    ENDINGS.iter().any(|ending| words.ends_with(ending))
}

/// Finds the owner of a reference whose year stands at `year` in the scope that begins at `scope`.
pub(super) fn owner(
    text: &Text,
    bracket: Option<usize>,
    scope: usize,
    year: &Range<usize>,
    in_gap: Option<&Range<usize>>,
) -> Owner {
    let mut owner = Owner::default();
    let outside = bracket.map(|open| before(text, open));
    if let Some(outside) = &outside {
        owner.repeated = outside.repeated;
    }
    let lead = text.text(scope..year.start);
    let lead = lead.trim_matches(|c: char| c.is_whitespace() || matches!(c, '、' | ',' | '※'));
    if let Some(gap) = in_gap {
        // 令和6年度 belongs to the official name of such commissioned projects.
        owner.programme = Some(text.text(year.start..gap.end).trim().to_owned());
        owner.activities = outside.map(|outside| outside.names).unwrap_or_default();
    } else if let (Some(outside), false) = (&outside, leads_with_name(lead)) {
        owner.programme = outside.names.last().cloned();
        let others = outside.names.len().saturating_sub(1);
        owner.activities = outside.names[..others].to_vec();
    } else if bracket.is_some() {
        (owner.programme, owner.succeeds) = named_in(lead);
        owner.activities = outside.map(|outside| outside.names).unwrap_or_default();
    } else {
        let around = before(text, year.start);
        owner.programme =
            around.names.last().filter(|name| around.quoted || names_a_programme(name)).cloned();
        owner.repeated = around.repeated;
    }
    owner
}

fn leads_with_name(lead: &str) -> bool {
    let core = lead.trim_end_matches("として").trim_end_matches("における").trim_end_matches('の');
    !core.is_empty() && (core.len() < lead.len() || names_a_programme(core))
}

/// Xの後継事業となるYとして: the programme is Y, and it succeeds X.
fn named_in(lead: &str) -> (Option<String>, Option<String>) {
    let mut core = lead;
    for filler in ["いずれも", "ともに", "それぞれ", "全て", "すべて", "うち", "一部"] {
        core = core.strip_prefix(filler).unwrap_or(core).trim_start_matches(['、', ' ']);
    }
    for particle in ["として", "における", "において", "の"] {
        core = core.strip_suffix(particle).unwrap_or(core);
    }
    let clean = |name: &str| Some(unquoted(name).to_owned()).filter(|name| !name.is_empty());
    for link in [
        "の後継事業となる",
        "の後継事業である",
        "の後継となる",
        "の後継である",
        "の後継事業の",
        "の後継事業",
        "の後継の",
    ] {
        if let Some((old, new)) = core.split_once(link)
            && !new.is_empty()
        {
            return (clean(new), clean(old));
        }
    }
    (clean(core), None)
}

fn unquoted(name: &str) -> &str {
    name.trim().trim_matches(['「', '」', '『', '』', '・', ' '])
}

struct Before {
    names: Vec<String>,
    quoted: bool,
    repeated: bool,
}

/// The name or names that stand directly before a place.
fn before(text: &Text, place: usize) -> Before {
    let mut end = place;
    let mut repeated = false;
    loop {
        end = trim_end(text, end);
        let Some(open) = end.checked_sub(1).and_then(|at| text.partner(at)).filter(|&open| open < end) else {
            break;
        };
        if !text.text(open..end).contains("再掲") {
            break;
        }
        repeated = true;
        end = open;
    }
    let quotes = quoted_before(text, end);
    if !quotes.is_empty() {
        return Before { names: quotes, quoted: true, repeated };
    }
    let names = run_before(text, end).into_iter().collect();
    Before { names, quoted: false, repeated }
}

fn trim_end(text: &Text, mut end: usize) -> usize {
    while end > 0 && text.chars[end - 1].is_whitespace() {
        end -= 1;
    }
    end
}

/// 「A」や「B」 before a place, in order.
fn quoted_before(text: &Text, mut end: usize) -> Vec<String> {
    let mut names = Vec::new();
    while end > 0 && matches!(text.chars[end - 1], '」' | '』') {
        let close = text.chars[end - 1];
        let open = if close == '」' { '「' } else { '『' };
        let Some(start) = text.chars[..end - 1].iter().rposition(|c| *c == open) else { break };
        names.push(text.text(start + 1..end - 1).trim().to_owned());
        let mut joint = trim_end(text, start);
        for joiner in ["及び", "並びに", "又は", "または", "および", "や", "と", "、", "・", "/"]
        {
            let length = joiner.chars().count();
            if joint >= length && text.starts_with(joint - length, joiner) {
                joint = trim_end(text, joint - length);
                break;
            }
        }
        if joint == start {
            break;
        }
        end = joint;
    }
    names.reverse();
    names.retain(|name| !name.is_empty());
    names
}

/// Words that open a sentence and are no part of a name.
const OPENERS: [&str; 12] = [
    "引き続き",
    "また",
    "併せて",
    "あわせて",
    "さらに",
    "加えて",
    "なお",
    "具体的には",
    "例えば",
    "及び",
    "並びに",
    "その他",
];

/// The run of words before a place, back to a mark of punctuation; brackets in it are jumped over.
fn run_before(text: &Text, end: usize) -> Option<String> {
    let mut start = end;
    while start > 0 {
        let at = start - 1;
        match text.chars[at] {
            '。' | '、' | ',' | '「' | '」' | '『' | '』' | '\n' | '(' | '[' | ':' => break,
            ')' | ']' => start = text.partner(at).filter(|&open| open < at)?,
            _ => start = at,
        }
    }
    let run = text.text(start..end);
    let mut run = run.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(').trim();
    for opener in OPENERS {
        run = run.strip_prefix(opener).unwrap_or(run);
    }
    (!run.is_empty()).then(|| run.to_owned())
}
