//! The links of a record: where it leads, why that is believed, and what leads here.

use std::collections::BTreeSet;

use maud::{Markup, html};
use register::{Record, RecordRef, references};
use report::Severity;

use super::record::Found;
use crate::cx::Cx;
use crate::desk::{Seen, Standing, Titles, title_of};
use crate::look::{belief, note, source, values};

/// Records of one register shown before the rest is folded.
const OPEN: usize = 8;

/// The links that a record holds. Those to records the viewer may not see are left out.
pub(super) fn out(cx: &Cx, record: &Record, titles: &Titles) -> Markup {
    let links: Vec<_> =
        record.links.iter().filter(|link| *titles.standing(&link.to) != Standing::Hidden).collect();
    html! {
        @if !links.is_empty() {
            h2 { (cx.say("つながり", "Links")) }
            div.scroll tabindex="0" role="region" aria-label=(cx.say("つながり", "Links")) {
                table {
                    caption.unseen { (cx.say("この記録から出るつながり", "Links from this record")) }
                    thead { tr {
                        th scope="col" { (cx.say("種類", "Kind")) }
                        th scope="col" { (cx.say("相手", "To")) }
                        th scope="col" { (cx.say("確かさ", "Rests on")) }
                        th scope="col" { (cx.say("根拠", "Why")) }
                    } }
                    tbody {
                        @for link in links {
                            tr {
                                td { (kind(cx, &link.kind)) }
                                td { (values::record(cx, &link.to, titles)) }
                                td { (belief(cx, &link.belief)) (confirmed(cx, &link.belief)) }
                                td { (link.why) @if let Some(said) = &link.source { " " (source(cx, said)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What points at the record, register by register.
pub(super) fn into(cx: &Cx, found: &Found) -> Markup {
    let by = &found.pointed_at.by;
    let Some(to) = found.seen.as_ref().map(|seen| seen.record.reference()) else { return html! {} };
    html! {
        @if !by.is_empty() {
            h2 { (cx.say("この記録を指すもの", "What points here")) }
            @for of_one in by.chunk_by(|a, b| a.record.register == b.record.register) { (register(cx, of_one, &to)) }
        }
        @if !found.pointed_at.complete {
            (note(cx, Severity::Info, &html! { (cx.say(" 多いため、すべては調べていません。", " There are many; not all were looked at.")) }))
        }
    }
}

fn register(cx: &Cx, seen: &[Seen], to: &RecordRef) -> Markup {
    let register = seen.first().map(|seen| seen.record.register.as_str()).unwrap_or_default();
    let Some(declaration) = cx.app.desk.registry().get(register) else { return html! {} };
    let item = |seen: &Seen| {
        let record = &seen.record;
        let names = title_of(declaration, record);
        html! {
            li {
                a href=(cx.to(&values::path(&record.reference()))) { (values::shortened(names.get(cx.lang))) }
                " " span.silent { (places(cx, declaration, record, to).join(cx.say("、", ", "))) }
            }
        }
    };
    html! {
        h3 { (declaration.name.get(cx.lang)) " " span.silent { (seen.len()) (cx.say("件", "")) } }
        ul { @for seen in seen.iter().take(OPEN) { (item(seen)) } }
        @if seen.len() > OPEN {
            details {
                summary { (cx.say("ほか", "and ")) (seen.len() - OPEN) (cx.say("件", " more")) }
                ul { @for seen in seen.iter().skip(OPEN) { (item(seen)) } }
            }
        }
    }
}

/// Where a record points at another: in which fields, by which links, as a source.
fn places(cx: &Cx, declaration: &register::Declaration, record: &Record, to: &RecordRef) -> Vec<String> {
    let mut places: BTreeSet<String> = BTreeSet::new();
    for (field, target) in references(declaration, record) {
        if let Some(field) = declaration.fields.get(&field).filter(|_| target == *to) {
            places.insert(field.label.get(cx.lang).to_owned());
        }
    }
    places.extend(record.links.iter().filter(|link| link.to == *to).map(|link| kind(cx, &link.kind)));
    let cites = to.register == "document"
        && record.sources.iter().any(|source| to.record == source.document.as_str());
    if cites {
        places.insert(cx.say("出典", "source").to_owned());
    }
    places.into_iter().collect()
}

/// Kinds of links that the shipped data and the engines use; another is shown by its own word.
const KINDS: &[(&str, &str, &str)] = &[
    ("answers", "に答える", "answers"),
    ("cites", "を引用", "cites"),
    ("hands-off-to", "へ引き継ぐ", "hands off to"),
    ("measures", "を測る", "measures"),
    ("part-of", "の一部", "part of"),
    ("replaces", "に代わる", "replaces"),
    ("serves", "に資する", "serves"),
    ("succeeds", "の後継", "succeeds"),
];

fn kind(cx: &Cx, kind: &str) -> String {
    let known = KINDS.iter().find(|(word, ..)| *word == kind);
    known.map_or(kind, |(_, ja, en)| cx.say(ja, en)).to_owned()
}

fn confirmed(cx: &Cx, belief: &register::Belief) -> Markup {
    let register::Belief::Confirmed { by, on, reason } = belief else { return html! {} };
    html! { " " (on) @if !by.is_empty() { " " (by) } @if !reason.is_empty() { (cx.say("：", ": ")) (reason) } }
}
