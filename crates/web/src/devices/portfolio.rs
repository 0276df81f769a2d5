//! A maker's products: each with its state of support, its bill, and what waits. Products shown by others are among them and say whose they
//! are.

use std::collections::BTreeMap;

use maud::{Markup, html};
use register::{Record, Sight};

use super::kept;
use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::Titles;
use crate::failure::Failure;
use crate::look::{Html, Page, values};

/// What a product has on record.
#[derive(Default)]
struct Standing {
    bills: usize,
    open: usize,
    grave: usize,
    undetermined: usize,
    files: usize,
}

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    cx.person()?;
    let (products, standings, titles) = cx
        .app
        .desk
        .read(&cx.viewer, |reading| {
            let products = kept::all(reading, "device-product")?;
            let mut standings: BTreeMap<String, Standing> = BTreeMap::new();
            for seen in kept::all(reading, "device-bill")? {
                of(&mut standings, &seen.record).bills += 1;
            }
            for seen in kept::all(reading, "vulnerability-finding")? {
                if kept::is_open(&seen.record) {
                    let standing = of(&mut standings, &seen.record);
                    standing.open += 1;
                    let is_grave = ["critical", "high"].contains(&kept::text(&seen.record, "grade"));
                    standing.grave += usize::from(is_grave);
                    standing.undetermined +=
                        usize::from(kept::text(&seen.record, "verdict") == "undetermined");
                }
            }
            for seen in kept::all(reading, "premarket-file")? {
                of(&mut standings, &seen.record).files += 1;
            }
            let holders = products.iter().filter_map(|seen| seen.record.text("holder")?.parse().ok());
            let titles = reading.titles(holders.collect::<Vec<_>>())?;
            Ok((products, standings, titles))
        })
        .await?;
    let may_create = cx
        .app
        .desk
        .registry()
        .get("device-product")
        .is_some_and(|declared| Sight::of(declared, &cx.viewer).may_create());
    let body = html! {
        p.acts {
            @if may_create { a.button href=(cx.to("/registers/device-product/new")) { (cx.say("製品を登録する", "Register a product")) } }
            a.button.second href=(cx.to("/cyber/advisories/new")) { (cx.say("脆弱性情報を調べる", "Check an advisory")) }
            a.button.second href=(cx.to("/cyber/components")) { (cx.say("部品を探す", "Find a component")) }
        }
        @if products.is_empty() {
            p { (cx.say(
                "見られる製品がありません。製造販売業者の方は製品を登録し、その製品のページでSBOMを渡してください。",
                "There is no product you may see. As a maker, register a product, then give its SBOM on the product's page.",
            )) }
        } @else { (table(&cx, &products, &standings, &titles)) }
    };
    Ok(Page::new(cx.say("製品", "Products"), body)
        .lead(cx.say("あなたが見てよい製品と、待っていること。", "The products you may see, and what waits."))
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .feed(cx.say("指摘", "Findings"), "/registers/vulnerability-finding/feed.atom")
        .wide()
        .show(&cx))
}

fn of<'s>(standings: &'s mut BTreeMap<String, Standing>, record: &Record) -> &'s mut Standing {
    standings.entry(kept::text(record, "product").to_owned()).or_default()
}

fn table(
    cx: &Cx,
    products: &[store::Stored],
    standings: &BTreeMap<String, Standing>,
    titles: &Titles,
) -> Markup {
    let none = Standing::default();
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.say("製品", "Products")) { table.records {
            thead { tr {
                th scope="col" { (cx.say("製品と版", "Product, version")) }
                th scope="col" { (cx.say("製造販売業者", "Maker")) }
                th scope="col" { (cx.say("サポート", "Support")) }
                th scope="col" { "SBOM" }
                th scope="col" { (cx.say("待っている指摘", "Open findings")) }
                th scope="col" { (cx.say("市販前ファイル（構想）", "Pre-market files (proposal)")) }
            } }
            tbody { @for seen in products {
                @let record = &seen.record;
                @let standing = standings.get(&record.reference().to_string()).unwrap_or(&none);
                tr {
                    th scope="row" { a href=(cx.to(&format!("/cyber/products/{}", escaped(record.id.as_str())))) { (kept::text(record, "name")) " " (kept::text(record, "version")) } }
                    td { @if let Some(holder) = record.text("holder").and_then(|holder| holder.parse().ok()) { (values::record(cx, &holder, titles)) } }
                    td { (kept::state(cx, record)) @if let Some(eos) = record.text("eos_on") { br; span.quiet { "EOS " (eos) } } }
                    td { @if standing.bills == 0 { span.tag.caution { (cx.say("なし", "none")) } } @else { (standing.bills) } }
                    td {
                        @if standing.bills == 0 && standing.open == 0 { span.missing { (cx.say("SBOMがないため不明", "unknown without a bill")) } }
                        @else if standing.open == 0 { (cx.say("知られている限り0", "0 as far as is known")) }
                        @else {
                            (standing.open) " "
                            @if standing.grave > 0 { span.tag.bad { (cx.say("重要以上 ", "high or above: ")) (standing.grave) } }
                            @if standing.undetermined > 0 { span.tag.caution { (cx.say("決められない ", "undetermined: ")) (standing.undetermined) } }
                        }
                    }
                    td { (standing.files) }
                }
            } }
        } }
    }
}
