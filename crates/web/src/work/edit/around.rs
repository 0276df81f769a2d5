//! What stands around the fields of a form: sources and links, as inputs and back.

use base::{Place, Source};
use maud::{Markup, html};
use register::{Belief, Link, Record, RecordRef};

use crate::cx::Cx;
use crate::failure::Failure;
use crate::work::posted::Posted;

/// The most sources and links of a form.
const MOST: u64 = 500;
/// Kinds of links that are in use, to choose from; others may be written.
const KINDS: [&str; 9] = [
    "part-of",
    "serves",
    "succeeds",
    "replaces",
    "cites",
    "answers",
    "measures",
    "continues",
    "compiled-from",
];

/// Sources and links of a record as pairs, with a blank one each to write into.
pub(super) fn of_record(record: &Record, blank_source: bool) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let sources = record.sources.len() + usize::from(blank_source);
    pairs.push(("n:source".to_owned(), sources.to_string()));
    for (index, source) in record.sources.iter().enumerate() {
        let Source { document, place, url, said_by, on, .. } = source;
        let texts = [
            ("document", Some(document.clone())),
            ("page", place.page.map(|page| page.to_string())),
            ("lines", place.lines.clone()),
            ("cell", place.cell.clone()),
            ("url", url.clone()),
            ("said_by", said_by.clone()),
            ("on", on.map(|on| on.to_string())),
            ("was", Some(index.to_string())),
        ];
        pairs.extend(texts.into_iter().filter_map(|(name, text)| Some((format!("s:{index}:{name}"), text?))));
    }
    pairs.push(("n:link".to_owned(), (record.links.len() + 1).to_string()));
    for (index, link) in record.links.iter().enumerate() {
        let texts = [
            ("kind", link.kind.clone()),
            ("to", link.to.to_string()),
            ("why", link.why.clone()),
            ("was", index.to_string()),
        ];
        pairs.extend(texts.into_iter().map(|(name, text)| (format!("l:{index}:{name}"), text)));
    }
    pairs
}

/// The sources a form has sent; one left as it was keeps what the form does not show.
pub(super) fn sources(posted: &Posted, before: &[Source]) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for index in 0..posted.number("n:source").min(MOST) {
        let text = |name: &str| posted.text(&format!("s:{index}:{name}"));
        let given = |name: &str| Some(text(name).to_owned()).filter(|text| !text.is_empty());
        if text("document").is_empty() && given("url").is_none() && given("said_by").is_none() {
            continue;
        }
        let was =
            text("was").parse::<usize>().ok().and_then(|was| before.get(was)).cloned().unwrap_or_default();
        let page = match text("page") {
            "" => None,
            page => Some(page.parse().map_err(|_| {
                Failure::bad(
                    format!("頁「{page}」は数ではありません"),
                    format!("page `{page}` is not a number"),
                )
            })?),
        };
        let on =
            match text("on") {
                "" => None,
                on => Some(base::date::parse(on).map_err(|error| {
                    Failure::bad(format!("「{on}」は日付ではありません"), error.to_string())
                })?),
            };
        let document =
            given("document").or_else(|| given("url")).or_else(|| given("said_by")).unwrap_or_default();
        let place = Place { page, lines: given("lines"), cell: given("cell") };
        sources.push(Source { document, place, url: given("url"), said_by: given("said_by"), on, ..was });
    }
    Ok(sources)
}

/// The links a form has sent. One left as it was keeps its belief; one that somebody confirms is confirmed by them today.
pub(super) fn links(cx: &Cx, posted: &Posted, before: &[Link]) -> Result<Vec<Link>, Failure> {
    let person = cx.person()?.name.clone();
    let mut links = Vec::new();
    for index in 0..posted.number("n:link").min(MOST) {
        let text = |name: &str| posted.text(&format!("l:{index}:{name}")).to_owned();
        if text("to").is_empty() {
            continue;
        }
        let to: RecordRef = text("to").parse().map_err(|error: register::id::NotAnId| {
            Failure::bad(
                format!("つながりの先「{}」は「台帳:記録」の形ではありません", text("to")),
                error.to_string(),
            )
        })?;
        let kind = Some(text("kind")).filter(|kind| !kind.is_empty());
        let kind =
            kind.ok_or_else(|| Failure::bad("つながりの種類を書いてください", "Give the kind of the link"))?;
        let was = text("was").parse::<usize>().ok().and_then(|was| before.get(was));
        let belief = match (text("belief").as_str(), was) {
            ("stated", _) => Belief::Stated,
            ("confirmed", _) => Belief::Confirmed { by: person.clone(), on: cx.today, reason: text("why") },
            ("suggested", _) => Belief::Suggested { score: None },
            ("undecided", _) => Belief::Undecided,
            (_, Some(was)) => was.belief.clone(),
            (_, None) => Belief::Stated,
        };
        let source = was.and_then(|was| was.source.clone());
        links.push(Link { kind, to, belief, why: text("why"), source });
    }
    Ok(links)
}

/// The inputs for sources.
pub(super) fn source_inputs(cx: &Cx, posted: &Posted, fault: bool) -> Markup {
    let columns = [
        ("document", "資料", "Document"),
        ("page", "頁", "Page"),
        ("lines", "行", "Lines"),
        ("cell", "セル", "Cell"),
        ("url", "URL", "URL"),
        ("said_by", "言った人", "Said by"),
        ("on", "日付", "On"),
    ];
    let count = posted.number("n:source").clamp(1, MOST);
    let label = cx.say("出典", "Sources");
    html! {
        fieldset.broad {
            legend { (label) span.needed { (cx.say("一つは必須", "at least one")) } }
            p.help { (cx.say("資料の番号かファイル名と、その中の場所。人の発言なら「言った人」と日付。", "A document's id or a file's name, and the place in it; for what a person said, who and when.")) }
            @if fault { p.fault #wrong-source { (register::Fault::NoSource.names().get(cx.lang)) } }
            div.scroll tabindex="0" role="region" aria-label=(label) {
                table.entry {
                    caption.unseen { (label) }
                    thead { tr { @for (_, ja, en) in columns { th scope="col" { (cx.say(ja, en)) } } } }
                    tbody { @for index in 0..count { tr {
                        @for (name, ja, en) in columns { td {
                            @let at = format!("s:{index}:{name}");
                            input name=(at) value=(posted.get(&at).unwrap_or_default()) aria-label=(format!("{} {}", cx.say(ja, en), index + 1)) aria-invalid=[fault.then_some("true")];
                        } }
                        @let was = format!("s:{index}:was");
                        @if let Some(index) = posted.get(&was) { td.unseen { input type="hidden" name=(was) value=(index); } }
                    } } }
                }
            }
            input type="hidden" name="n:source" value=(count);
            p { button.second.small type="submit" name="more" value="source" formnovalidate { (cx.say("行を増やす", "More rows")) } }
        }
    }
}

/// The inputs for links.
pub(super) fn link_inputs(cx: &Cx, posted: &Posted) -> Markup {
    let beliefs = [
        ("", "そのまま", "as it is"),
        ("stated", "資料に記載", "stated"),
        ("confirmed", "私が確認", "confirmed by me"),
        ("suggested", "推定", "suggested"),
        ("undecided", "未確定", "undecided"),
    ];
    let count = posted.number("n:link").clamp(1, MOST);
    let label = cx.say("つながり", "Links");
    html! {
        fieldset.broad {
            legend { (label) }
            p.help { (cx.say("先を空にすると外れます。", "A link goes when its target is emptied.")) }
            datalist #link-kinds { @for kind in KINDS { option value=(kind) {} } }
            div.scroll tabindex="0" role="region" aria-label=(label) {
                table.entry {
                    caption.unseen { (label) }
                    thead { tr { @for (ja, en) in [("種類", "Kind"), ("先（台帳:記録）", "To (register:record)"), ("確からしさ", "Rests on"), ("根拠", "Why")] { th scope="col" { (cx.say(ja, en)) } } } }
                    tbody { @for index in 0..count { tr {
                        @let text = |name: &str| posted.get(&format!("l:{index}:{name}")).unwrap_or_default().to_owned();
                        td { input name={ "l:" (index) ":kind" } value=(text("kind")) list="link-kinds" aria-label=(format!("{} {}", cx.say("種類", "Kind"), index + 1)); }
                        td { input name={ "l:" (index) ":to" } value=(text("to")) aria-label=(format!("{} {}", cx.say("先", "To"), index + 1)); }
                        td { select name={ "l:" (index) ":belief" } aria-label=(format!("{} {}", cx.say("確からしさ", "Rests on"), index + 1)) {
                            @for (value, ja, en) in beliefs { option value=(value) selected[value == text("belief")] { (cx.say(ja, en)) } }
                        } }
                        td {
                            input name={ "l:" (index) ":why" } value=(text("why")) aria-label=(format!("{} {}", cx.say("根拠", "Why"), index + 1));
                            @if !text("was").is_empty() { input type="hidden" name={ "l:" (index) ":was" } value=(text("was")); }
                        }
                    } } }
                }
            }
            input type="hidden" name="n:link" value=(count);
            p { button.second.small type="submit" name="more" value="link" formnovalidate { (cx.say("行を増やす", "More rows")) } }
        }
    }
}
