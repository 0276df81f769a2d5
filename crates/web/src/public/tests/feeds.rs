//! Feeds are what RFC 4287 asks for.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

use super::{Site, record};

/// The elements of a feed as (path, text or attributes).
fn elements(xml: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut found) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                found.push((path.join("/"), String::new()));
            }
            Event::Empty(empty) => {
                let name = empty.name().as_ref().to_owned();
                let attributes = empty.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_owned();
                    format!("{key}={}", attribute.value)
                });
                let attributes = attributes.collect::<Vec<_>>().join(" ");
                found.push((format!("{}/{name}", path.join("/")), attributes));
            }
            Event::Text(text) => {
                if let Some((_, all)) = found.last_mut() {
                    all.push_str(&text);
                }
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_feed_has_what_atom_requires() {
    let site = Site::shipped();
    for address in [
        "/feeds/plan.atom",
        "/en/registers/kgi/feed.atom",
        "/registers/plan-node/plan-2.goal-b/feed.atom",
        "/registers/call/feed.atom",
    ] {
        let answer = site.get(address).await;
        assert!(answer.kind.starts_with("application/atom+xml"), "{address}: {}", answer.kind);
        let elements = elements(&answer.text());
        let all = |path: &str| {
            elements.iter().filter(|(at, _)| at == path).map(|(_, text)| text.clone()).collect::<Vec<_>>()
        };
        for once in ["feed", "feed/id", "feed/title", "feed/updated", "feed/author/name"] {
            assert_eq!(all(once).len(), 1, "{address}: {once}");
        }
        let here = format!("href=https://plan.example.jp{address}");
        assert!(
            all("feed/link").iter().any(|link| link.contains("rel=self") && link.contains(&here)),
            "{address}"
        );
        let entries = all("feed/entry").len();
        for each in ["feed/entry/id", "feed/entry/title", "feed/entry/updated", "feed/entry/link"] {
            assert_eq!(all(each).len(), entries, "{address}: {each}");
        }
        let ids: HashSet<String> = all("feed/entry/id").into_iter().collect();
        assert_eq!(ids.len(), entries, "{address}: ids differ");
        assert!(ids.iter().all(|id| id.starts_with("tag:plan.example.jp,2026:")), "{address}");
        assert!(
            all("feed/entry/updated").iter().all(|at| at.parse::<jiff::Timestamp>().is_ok()),
            "{address}"
        );
    }
}

#[tokio::test]
async fn an_entry_has_one_id_in_every_feed_and_language() {
    let site = Site::shipped();
    let ids = |text: String| -> HashSet<String> {
        elements(&text).into_iter().filter(|(at, _)| at == "feed/entry/id").map(|(_, id)| id).collect()
    };
    let japanese = ids(site.text("/registers/kgi/feed.atom").await);
    assert_eq!(japanese, ids(site.text("/en/registers/kgi/feed.atom").await));
    assert!(!japanese.is_empty());
}

#[tokio::test]
async fn what_xml_cannot_hold_is_left_out() {
    let name = json!("前\u{1}後 <b>&amp;");
    let site = Site::with(vec![record("programme:odd", &[("name", name)])]);
    let text = site.text("/registers/programme/odd/feed.atom").await;
    assert!(text.contains("前後 &lt;b&gt;&amp;amp;"), "{text}");
    elements(&text);
}
