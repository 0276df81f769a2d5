//! Lines of documents that were taken in through these pages, kept so that a doubtful cell can be compared with its original. Only
//! machine-read text is kept, in portions that a paper of the cabinet holds, and only so much of it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::Paper;

use crate::cx::Cx;
use crate::failure::Failure;

const DRAWER: &str = "original";
/// Lines of a portion.
const PORTION: usize = 400;
/// The largest text that is kept, in bytes. Configuration without a source.
const LARGEST: usize = 8 << 20;
/// The longest line that is kept, in characters: a portion stays below a MiB.
const LONGEST_LINE: usize = 500;
/// The most lines shown.
const MOST_SHOWN: usize = 40;

/// Keeps the lines of a text under the name by which records cite it. A larger text is not kept: the pages say so.
pub(super) async fn keep(cx: &Cx, document: &str, text: &str) -> Result<(), Failure> {
    if text.len() > LARGEST {
        return Ok(());
    }
    let lines: Vec<String> = text.lines().map(|line| line.chars().take(LONGEST_LINE).collect()).collect();
    let portions: Vec<(String, Value)> = lines
        .chunks(PORTION)
        .enumerate()
        .map(|(number, lines)| (key(document, number), json!(lines)))
        .collect();
    let (owner, now) = (key(document, 0), cx.now);
    let change = move |store: &store::Store| {
        store.discard_of(DRAWER, &owner)?;
        for (key, value) in &portions {
            store.keep(&Paper { drawer: DRAWER, key, owner: &owner, value, expires: None }, None, now)?;
        }
        Ok(())
    };
    cx.app.desk.change(change).await
}

/// The lines a cell was read from with one before and one after, numbered from 1; none where the document is not at hand.
pub(super) async fn lines(cx: &Cx, document: &str, spans: &str) -> Result<Vec<(u32, String)>, Failure> {
    let wanted = around(spans);
    let (document, now) = (document.to_owned(), cx.now);
    cx.app
        .desk
        .look(move |store| {
            let mut shown = Vec::new();
            let mut portion: Option<(usize, Vec<String>)> = None;
            for number in wanted {
                let at = number as usize - 1;
                if portion.as_ref().is_none_or(|(held, _)| *held != at / PORTION) {
                    let kept = store.kept(DRAWER, &key(&document, at / PORTION), now)?;
                    let lines =
                        kept.and_then(|kept| serde_json::from_value(kept.value).ok()).unwrap_or_default();
                    portion = Some((at / PORTION, lines));
                }
                let line = portion.as_ref().and_then(|(_, lines)| lines.get(at % PORTION));
                shown.extend(line.map(|line| (number, line.clone())));
            }
            Ok(shown)
        })
        .await
}

/// The numbers of spans such as `18,21-23`, with their neighbours.
fn around(spans: &str) -> Vec<u32> {
    let mut numbers = std::collections::BTreeSet::new();
    for span in spans.split(',').take(MOST_SHOWN) {
        let (from, to) = span.trim().split_once('-').unwrap_or((span.trim(), span.trim()));
        let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) else { continue };
        let first = from.saturating_sub(1).max(1);
        numbers.extend((first..=to.saturating_add(1)).take(MOST_SHOWN));
    }
    numbers.into_iter().take(MOST_SHOWN).collect()
}

fn key(document: &str, portion: usize) -> String {
    let hash = crate::hex(&Sha256::digest(document.as_bytes())[..20]);
    format!("{hash}/{portion:06}")
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn lines_are_shown_with_their_neighbours_and_never_without_end() {
        assert_eq!(around("1,5-6"), [1, 2, 4, 5, 6, 7]);
        assert_eq!(around("3-4000000000").len(), 40);
        assert!(around("").is_empty() && around("row 3").is_empty());
    }
}
