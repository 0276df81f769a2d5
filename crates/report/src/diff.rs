//! What changed between two wordings of the same thing, as spans that writers mark. Japanese has no blanks
//! between words, so text is compared by character; figures and Latin words are compared whole.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::{Span, Text};

/// Texts of more parts than this are not compared in detail: the effort grows with the square.
const MOST_PARTS: usize = 20_000;

/// Kept text shorter than this between two changes is no more than a coincidence and is shown as changed.
const SHORTEST_KEPT: usize = 2;

/// The new wording with what was deleted from the old and inserted since.
pub fn wording(old: &str, new: &str) -> Text {
    let (old, new) = (parts(old), parts(new));
    let same_start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[same_start..], &new[same_start..]);
    let same_end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, tail) = old_rest.split_at(old_rest.len() - same_end);
    let new_middle = &new_rest[..new_rest.len() - same_end];

    let mut changes = vec![Change { kept: old[..same_start].concat(), ..Change::default() }];
    changes.extend(compared(old_middle, new_middle));
    changes.push(Change { kept: tail.concat(), ..Change::default() });
    spans(&joined(changes))
}

/// Text that was deleted and inserted at one place, and the text kept after it.
#[derive(Debug, Default)]
struct Change {
    deleted: String,
    inserted: String,
    kept: String,
}

/// Single characters, but whole figures and whole Latin words.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '\'' | '-' | '０'..='９');
        let end = match rest.find(|c| !in_word(c)) {
            Some(0) => first.len_utf8(),
            Some(end) => end,
            None => rest.len(),
        };
        let (part, tail) = rest.split_at(end);
        parts.push(part);
        rest = tail;
    }
    parts
}

fn compared(old: &[&str], new: &[&str]) -> Vec<Change> {
    if old.len().max(new.len()) > MOST_PARTS {
        return vec![Change { deleted: old.concat(), inserted: new.concat(), ..Change::default() }];
    }
    let mut changes: Vec<Change> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let change = match op {
            DiffOp::Equal { .. } => Change { kept: old[op.old_range()].concat(), ..Change::default() },
            _ => Change {
                deleted: old[op.old_range()].concat(),
                inserted: new[op.new_range()].concat(),
                kept: String::new(),
            },
        };
        changes.push(change);
    }
    changes
}

/// Changes in order, those joined that have nothing or only a coincidence between them.
fn joined(changes: Vec<Change>) -> Vec<Change> {
    let mut done: Vec<Change> = Vec::new();
    for change in changes {
        let Some(last) = done.last_mut() else {
            done.push(change);
            continue;
        };
        let is_change = !change.deleted.is_empty() || !change.inserted.is_empty();
        let after_change = !last.deleted.is_empty() || !last.inserted.is_empty();
        if !is_change {
            last.kept.push_str(&change.kept);
        } else if after_change && is_coincidence(&last.kept) {
            let kept = std::mem::take(&mut last.kept);
            last.deleted.extend([kept.as_str(), &change.deleted]);
            last.inserted.extend([kept.as_str(), &change.inserted]);
            last.kept = change.kept;
        } else {
            done.push(change);
        }
    }
    done
}

fn is_coincidence(kept: &str) -> bool {
    kept.chars().count() < SHORTEST_KEPT && !kept.contains(['。', '\n', '、', ' '])
}

fn spans(changes: &[Change]) -> Text {
    let mut spans = Vec::new();
    for change in changes {
        let parts = [
            Span::Deleted(change.deleted.clone()),
            Span::Inserted(change.inserted.clone()),
            Span::Plain(change.kept.clone()),
        ];
        spans.extend(parts.into_iter().filter(|span| match span {
            Span::Deleted(text) | Span::Inserted(text) | Span::Plain(text) => !text.is_empty(),
            _ => true,
        }));
    }
    Text(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(old: &str, new: &str) -> String {
        crate::plain::joined(&crate::plain::text(&wording(old, new), base::Lang::Ja))
    }

    #[test]
    fn a_changed_ending_is_marked() {
        assert_eq!(marked("拠点を整備した。", "拠点を整備する。"), "拠点を整備[-した-][+する+]。");
    }

    #[test]
    fn figures_change_as_a_whole() {
        assert_eq!(marked("令和6年度は12件", "令和7年度は128件"), "令和[-6-][+7+]年度は[-12-][+128+]件");
    }

    #[test]
    fn a_coincidence_between_changes_is_not_kept() {
        assert_eq!(marked("検討の場を", "調査の会を"), "[-検討の場-][+調査の会+]を");
    }

    #[test]
    fn equal_and_empty_texts_have_no_marks() {
        assert_eq!(wording("同じ文", "同じ文"), Text::plain("同じ文"));
        assert_eq!(wording("", ""), Text::default());
        assert_eq!(marked("", "新規"), "[+新規+]");
        assert_eq!(marked("廃止", ""), "[-廃止-]");
    }

    proptest! {
        #[test]
        fn both_wordings_can_be_read_out_of_the_difference(old in "[あいう医療。、0-9a ]{0,30}", new in "[あいう医療。、0-9a ]{0,30}") {
            let difference = wording(&old, &new);
            let read = |left_out: fn(&Span) -> bool| -> String {
                let texts = difference.0.iter().filter(|span| !left_out(span)).map(|span| match span {
                    Span::Plain(text) | Span::Inserted(text) | Span::Deleted(text) => text.as_str(),
                    _ => "",
                });
                texts.collect()
            };
            prop_assert_eq!(read(|span| matches!(span, Span::Inserted(_))), old);
            prop_assert_eq!(read(|span| matches!(span, Span::Deleted(_))), new);
        }
    }
}
