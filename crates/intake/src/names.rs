//! Former and other names that sheets mention in passing: `…事業（旧：…事業）` in a name, `※令和6年度事業名「…」`
//! in a text. They are kept beside the printed name; whether two programmes are one is not decided here.

/// Other names that a printed name carries in brackets, and what the name is without them.
pub(crate) fn in_name(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, bracket) in name.char_indices().filter(|(_, c)| matches!(c, '(' | '（')) {
        let inside = &name[at + bracket.len_utf8()..];
        let Some(former) =
            inside.strip_prefix("旧").map(|rest| rest.trim_start_matches([':', '：', '・', ' ', '　']))
        else {
            continue;
        };
        let Some(end) = closing(former, ['(', '（'], [')', '）']) else { continue };
        let bare = name[..at].trim();
        for other in [bare, former[..end].trim()] {
            push(&mut found, other);
        }
    }
    found
}

/// Names that a text quotes after 事業名.
pub(crate) fn in_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, mark) in text.match_indices("事業名「") {
        let quoted = &text[at + mark.len()..];
        if let Some(end) = closing(quoted, ['「', '「'], ['」', '」']) {
            push(&mut found, quoted[..end].trim());
        }
    }
    found
}

fn push(names: &mut Vec<String>, name: &str) {
    if !name.is_empty() && !names.iter().any(|seen| seen == name) {
        names.push(name.to_owned());
    }
}

/// Where the bracket that was open before `text` closes.
fn closing(text: &str, opens: [char; 2], closes: [char; 2]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if opens.contains(&c) {
            depth += 1;
        } else if closes.contains(&c) {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some(at),
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_former_name_in_brackets_is_found_with_the_name_before_it() {
        for name in ["新しい事業(旧:古い事業（一期）)", "新しい事業（旧　古い事業（一期））"]
        {
            assert_eq!(in_name(name), ["新しい事業", "古い事業（一期）"], "{name}");
        }
        assert!(in_name("復旧（旧").is_empty());
        assert!(in_name("事業（うち旧型機）").is_empty());
    }

    #[test]
    fn a_name_quoted_in_a_text_is_found() {
        assert_eq!(in_text("…する。／※令和6年度事業名「機器「甲」等の事業」"), ["機器「甲」等の事業"]);
        assert!(in_text("事業名「閉じない").is_empty());
    }
}
