//! What the engine does not read of a review sheet and a page still shows: the logic from activity to outcome, and where the
//! money went. The record's own words, under its own sources.

use maud::{Markup, html};
use register::Record;
use serde_json::{Map, Value};

use super::parts::{Desktop, scrolling};

/// Recipients shown; a sheet with more says how many.
const MOST_RECIPIENTS: usize = 60;
/// Steps of the logic and uses shown.
const MOST_LINES: usize = 60;

/// What leads to what, in the sheet's words.
pub(super) fn logic(desk: &Desktop<'_>, record: &Record) -> Markup {
    let steps = table(record, "logic");
    html! {
        @if !steps.is_empty() {
            h2 #logic { (desk.say("活動から成果へ", "From activity to outcome")) }
            ol.logic {
                @for step in steps.iter().take(MOST_LINES) {
                    li lang="ja" {
                        span.level { (kind(desk, text(step, "from_kind"))) " " (text(step, "from_term")) } (text(step, "from_text"))
                        @if !text(step, "to_text").is_empty() {
                            " → " span.level { (kind(desk, text(step, "to_kind"))) " " (text(step, "to_term")) } (text(step, "to_text"))
                        }
                        @if !text(step, "link").is_empty() { br; span.quiet { (text(step, "link")) } }
                        @if !text(step, "no_stages_reason").is_empty() { br; span.quiet { (text(step, "no_stages_reason")) } }
                        (desk.cite(&record.sources[..record.sources.len().min(1)]))
                    }
                }
            }
        }
    }
}

fn kind<'t>(desk: &Desktop<'_>, kind: &'t str) -> &'t str {
    match (kind, desk.cx.lang) {
        ("activity", base::Lang::Ja) => "活動",
        ("output", base::Lang::Ja) => "アウトプット",
        ("outcome", base::Lang::Ja) => "アウトカム",
        _ => kind,
    }
}

/// From the ministry through blocks to recipients, and what it was used for.
pub(super) fn chain(desk: &Desktop<'_>, record: &Record) -> Markup {
    let (flows, recipients, uses) =
        (table(record, "spending"), table(record, "recipients"), table(record, "uses"));
    let sources = &record.sources[..record.sources.len().min(2)];
    html! {
        h2 #spending { (desk.say("お金の行き先", "Where the money went")) (desk.cite(sources)) }
        @if flows.is_empty() && recipients.is_empty() && uses.is_empty() {
            p { (desk.say("最も新しいシートに支出先の記載がありません。", "The newest sheet says nothing of recipients.")) }
        }
        @if !flows.is_empty() {
            ul.flow {
                @for flow in flows.iter().take(MOST_LINES) {
                    li lang="ja" {
                        @if text(flow, "from_name").is_empty() { (desk.say("担当組織", "the office in charge")) } @else { (text(flow, "from_block")) " " (text(flow, "from_name")) }
                        " → " (text(flow, "to_block")) " " (text(flow, "to_name"))
                        @if !text(flow, "note").is_empty() { " " span.quiet { (text(flow, "note")) } }
                    }
                }
            }
        }
        @if !recipients.is_empty() { (recipients_table(desk, &recipients)) }
        @if !uses.is_empty() { (uses_table(desk, &uses)) }
    }
}

fn recipients_table(desk: &Desktop<'_>, recipients: &[&Map<String, Value>]) -> Markup {
    let head = html! {
        th scope="col" { (desk.say("支出先", "Recipient")) }
        th scope="col" { (desk.say("ブロック", "Block")) }
        th scope="col" { (desk.say("契約・内容", "Contract")) }
        th scope="col" { (desk.say("契約方式", "Method")) }
        th.figure scope="col" { (desk.say("金額", "Amount")) }
    };
    let rows = html! {
        @for line in recipients.iter().take(MOST_RECIPIENTS) {
            tr {
                th scope="row" {
                    @if text(line, "name").is_empty() { (text(line, "block_name")) } @else { (text(line, "name")) }
                    @if !text(line, "corporate_number").is_empty() { " " span.quiet { (text(line, "corporate_number")) } }
                }
                td { (text(line, "block")) " " (text(line, "block_name")) }
                td { (text(line, "contract")) }
                td { (text(line, "method")) }
                td.figure { (amount(desk, line, &["yen", "recipient_yen", "block_yen"])) }
            }
        }
    };
    html! {
        (scrolling("recipients-table", desk.say("支出先", "Recipients"), head, rows))
        @if recipients.len() > MOST_RECIPIENTS {
            p.quiet { (desk.tell(format!("ほか{}件はシートの記録にあります。", recipients.len() - MOST_RECIPIENTS), format!("{} more are in the sheet's record.", recipients.len() - MOST_RECIPIENTS))) }
        }
        p.quiet { (desk.say("同じお金がブロックから先へ順に流れるため、行の金額は合計しません。", "The same money passes from block to block: the lines are never summed.")) }
    }
}

fn uses_table(desk: &Desktop<'_>, uses: &[&Map<String, Value>]) -> Markup {
    let head = html! {
        th scope="col" { (desk.say("支出先", "Recipient")) }
        th scope="col" { (desk.say("費目", "Item")) }
        th scope="col" { (desk.say("使途", "Use")) }
        th.figure scope="col" { (desk.say("金額", "Amount")) }
    };
    let rows = html! {
        @for line in uses.iter().take(MOST_LINES) {
            tr {
                th scope="row" { (text(line, "block")) " " (text(line, "name")) }
                td { (text(line, "item")) }
                td { (text(line, "use")) }
                td.figure { (amount(desk, line, &["yen"])) }
            }
        }
    };
    html! {
        details {
            summary { (desk.tell(format!("費目と使途（{}件）", uses.len()), format!("Items and uses ({})", uses.len()))) }
            (scrolling("uses-table", desk.say("費目と使途", "Items and uses"), head, rows))
        }
    }
}

fn table<'r>(record: &'r Record, field: &str) -> Vec<&'r Map<String, Value>> {
    let rows = record.fields.get(field).and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(Value::as_object).collect()
}

fn text<'r>(line: &'r Map<String, Value>, field: &str) -> &'r str {
    line.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The first amount among some columns; an absence with its reason.
fn amount(desk: &Desktop<'_>, line: &Map<String, Value>, columns: &[&str]) -> Markup {
    let Some(value) = columns.iter().find_map(|column| line.get(*column)) else {
        return desk.missing(base::Missing::NotPrinted);
    };
    let yen = serde_json::from_value(value.clone()).map(|yen| desk.yen(&yen));
    yen.unwrap_or_else(|_| html! { (value.as_str().unwrap_or_default()) })
}
