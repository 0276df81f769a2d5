//! Parts that many pages share: a figure's source, why something is missing or believed, the ways to the next page.

use base::{Missing, Source};
use jiff::Timestamp;
use maud::{Markup, PreEscaped, html};
use register::record::Belief;
use report::{Document, Severity};
use store::Total;

use crate::address::escaped;
use crate::cx::Cx;

/// The blocks and sources of an answer that the report crate has laid out.
pub(crate) fn document(document: &Document) -> Markup {
    PreEscaped(report::html::blocks(document))
}

/// A remark set apart.
pub(crate) fn note(cx: &Cx, severity: Severity, body: &Markup) -> Markup {
    let (class, word) = match severity {
        Severity::Info => ("note", cx.say("参考", "Note")),
        Severity::Caution => ("note caution", cx.say("注意", "Caution")),
        Severity::Problem => ("note problem", cx.say("問題", "Problem")),
    };
    html! { div class=(class) { p { strong { (word) } (body) } } }
}

/// Why there is no value.
pub(crate) fn missing(cx: &Cx, missing: Missing) -> Markup {
    html! { span.missing { (missing.names().get(cx.lang)) } }
}

/// What a link rests on.
pub(crate) fn belief(cx: &Cx, belief: &Belief) -> Markup {
    let (class, word) = match belief {
        Belief::Stated => ("belief stated", cx.say("資料に記載", "stated")),
        Belief::Confirmed { .. } => ("belief confirmed", cx.say("人が確認", "confirmed")),
        Belief::Suggested { .. } => ("belief suggested", cx.say("推定", "suggested")),
        Belief::Undecided => ("belief undecided", cx.say("未確定", "undecided")),
    };
    html! { span class=(class) { (word) } }
}

/// A source: the document, which opens, the place in it, and how it came to us.
pub(crate) fn source(cx: &Cx, source: &Source) -> Markup {
    let path = format!("/registers/document/{}", escaped(&source.document));
    html! {
        span.source {
            a href=(cx.to(&path)) { (source.document) }
            @if let Some(page) = source.place.page { " p." (page) }
            @if let Some(lines) = &source.place.lines { " L" (lines) }
            @if let Some(cell) = &source.place.cell { " " (cell) }
            @if source.machine_read { " · " (cx.say("機械読取", "read by machine")) }
            @if let Some(by) = &source.said_by { " · " (by) }
            @if let Some(on) = source.on { " · " (on) }
            @if let Some(url) = source.url.as_deref().filter(|url| url.starts_with("http")) {
                " · " a href=(url) rel="noopener external" { (cx.say("原典", "original")) }
            }
        }
    }
}

/// A moment, in Japan's time.
pub(crate) fn when(at: Timestamp) -> Markup {
    let there = jiff::tz::Offset::constant(9).to_datetime(at);
    html! { time datetime=(at) { (there.strftime("%Y-%m-%d %H:%M")) } }
}

/// The time of day of a moment, in Japan.
pub(crate) fn clock_time(at: Timestamp) -> String {
    jiff::tz::Offset::constant(9).to_datetime(at).strftime("%H:%M").to_string()
}

/// How many there are, and the ways to the first and the next page.
pub(crate) fn pager(cx: &Cx, total: Total, first: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        div.pager {
            p { (total) (cx.say("件", if total.exact() == Some(1) { " record" } else { " records" })) }
            @if let Some(first) = first { a href=(first) rel="first" { (cx.say("最初のページ", "First page")) } }
            @if let Some(next) = next { a href=(next) rel="next" { (cx.say("次のページ", "Next page")) } }
        }
    }
}
