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

#[test]
fn a_fragment_is_the_page_without_its_frame() {
    for lang in [Lang::Ja, Lang::En] {
        let document = common::answer(lang);
        let (page, blocks) = (html::page(&document), html::blocks(&document));
        let (sections, sources) = blocks.split_once("<section aria-labelledby=\"sources\">").unwrap();
        assert!(page.contains(sections), "{sections}");
        assert!(page.contains(sources.trim_end().trim_end_matches("</section>")), "{sources}");
        for frame in ["<html", "<head", "<body", "<header", "<footer", "<main", "<h1", "<style", "<nav"] {
            assert!(!blocks.contains(frame), "{frame}");
        }
    }
}

#[test]
fn a_fragment_obeys_a_policy_that_forbids_inline_style_and_script() {
    let document = common::answer(Lang::Ja);
    let tables: String = document.tables().map(|(_, table)| html::table(table, Lang::Ja, "money")).collect();
    for written in [html::blocks(&document), tables] {
        for forbidden in [" style=", "<style", "<script", " on", "javascript:"] {
            let found = written.find(forbidden).filter(|at| !in_text(&written, *at));
            assert_eq!(found, None, "{forbidden}");
        }
    }
}

/// Whether a place lies outside every tag.
fn in_text(html: &str, at: usize) -> bool {
    html[..at].rfind('>') > html[..at].rfind('<') && !html[at..].starts_with('<')
}

#[test]
fn a_table_alone_shows_its_sources_without_dead_links() {
    let document = common::answer(Lang::Ja);
    let (_, money) = document.tables().next().unwrap();
    let table = html::table(money, Lang::Ja, "money");
    assert!(table.contains("<caption id=\"money\">") && table.contains("[1]"));
    assert!(!table.contains("href="));
}
