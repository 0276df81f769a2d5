//! A document as a page.

mod common;

use base::Lang;
use report::{Document, Severity, Text, html};

fn body(page: &str) -> String {
    let (_, rest) = page.split_once("</style>").unwrap_or_else(|| panic!("no style"));
    rest.to_owned()
}

#[test]
fn the_page_is_as_reviewed() {
    common::assert_golden("ja.html", &body(&html::page(&common::answer(Lang::Ja))));
    common::assert_golden("en.html", &body(&html::page(&common::answer(Lang::En))));
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let page = html::page(&common::answer(Lang::Ja));
    for forbidden in ["<script", "<link", "<img", "<iframe", "@import", "url(", " src=", "onload="] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn text_is_never_markup() {
    let hostile = "<script>alert('&\"')</script>\u{0}";
    let mut doc = Document::build(Lang::En, hostile);
    let mut source = base::Source::document(hostile);
    source.url = Some("javascript:alert(1)".into());
    let number = doc.cite(&source);
    doc.subtitle(hostile).heading(1, hostile).heading_at(2, hostile, "a\" onclick=\"x");
    doc.note(Severity::Info, Text::plain(hostile).strong(hostile).cite(number));
    let page = html::page(&doc.finish());
    assert!(!page.contains("<script") && !page.contains("href=\"javascript") && !page.contains('\u{0}'));
    assert!(!page.contains("onclick=\""));
}

#[test]
fn every_link_has_a_target_and_ids_are_unique() {
    let page = html::page(&common::answer(Lang::Ja));
    let values = |key: &str| -> Vec<String> {
        page.split(key)
            .skip(1)
            .filter_map(|part| part.split_once('"').map(|(value, _)| value.to_owned()))
            .collect()
    };
    let ids = values(" id=\"");
    let mut distinct = ids.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len());
    let links = values(" href=\"#");
    assert!(links.len() > 10);
    for link in links {
        assert!(ids.contains(&link), "{link}");
    }
}
