//! Advisories and the products they reach, among those the viewer may see. Who is of the secretariat brings advisories for everybody, and
//! learns nothing of whom they reach; a maker checks one against their own bills.

use std::collections::BTreeMap;

use axum::extract::{Multipart, Path};
use axum::response::{IntoResponse, Response};
use maud::html;
use store::Stored;

use super::findings::{Whose, of_advisories};
use super::product::findings_table;
use super::{at_hand, engine, kept, known, marks};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::work::posted::see;
use crate::work::upload::received;

/// The role that brings advisories for everybody.
const BRINGS: &str = "secretariat";
/// The largest file of advisories, in bytes. Configuration without a source.
const LARGEST: usize = 900_000;

pub(super) async fn list(cx: Cx) -> Result<Html, Failure> {
    cx.person()?;
    let findings =
        cx.app.desk.read(&cx.viewer, |reading| kept::all(reading, "vulnerability-finding")).await?;
    let mut by_advisory: BTreeMap<&str, Vec<&Stored>> = BTreeMap::new();
    for seen in &findings {
        by_advisory.entry(kept::text(&seen.record, "advisory")).or_default().push(seen);
    }
    let at_hand = at_hand::section(&cx).await?;
    let body = html! {
        p.acts { a.button href=(cx.to("/cyber/advisories/new")) { (cx.say("脆弱性情報を調べる", "Check an advisory")) } }
        @if by_advisory.is_empty() {
            p { (cx.say("見てよい製品に及ぶ脆弱性情報は、まだ知られていません。", "No advisory is known yet that reaches a product you may see.")) }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(cx.say("脆弱性情報", "Advisories")) { table.records {
                thead { tr { th scope="col" { (cx.say("脆弱性情報", "Advisory")) } th scope="col" { (cx.say("深刻度", "Severity")) } th scope="col" { (cx.say("待っている指摘／全て", "Findings: open / all")) } th scope="col" { (cx.say("概要", "Summary")) } } }
                tbody { @for (advisory, seen) in &by_advisory { tr {
                    th scope="row" { a href=(cx.to(&format!("/cyber/advisories/{}", escaped(advisory)))) { (advisory) } }
                    td { (kept::grade(&cx, &seen[0].record)) }
                    td { (seen.iter().filter(|seen| kept::is_open(&seen.record)).count()) " / " (seen.len()) }
                    td { (kept::text(&seen[0].record, "summary")) }
                } } }
            } }
        }
        (at_hand)
    };
    Ok(below(&cx, Page::new(cx.say("脆弱性情報", "Advisories"), body)).show(&cx))
}

/// Which of the products that the viewer may see an advisory reaches.
pub(super) async fn one(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    cx.person()?;
    let asked = id.clone();
    let findings = cx.app.desk.read(&cx.viewer, move |reading| {
        let filters = vec![("advisory".to_owned(), asked)];
        let mut found = Vec::new();
        for seen in kept::filtered(reading, "vulnerability-finding", filters)? {
            let product = kept::text(&seen.record, "product").parse().ok();
            let product = product.map(|product| reading.get(&product)).transpose()?.flatten();
            found.push((product.map(|product| product.record), seen));
        }
        Ok(found)
    });
    let findings = findings.await?;
    let all: Vec<Stored> = findings.iter().map(|(_, seen)| seen.clone()).collect();
    let marks = marks::of_findings(&cx, &all).await?;
    let body = html! {
        @if findings.is_empty() {
            p { (cx.say("見てよい製品の中に、この情報が及ぶと分かっているものはありません。", "Among the products you may see, none is known to be reached.")) }
        } @else {
            @if let Some(summary) = all.iter().find_map(|seen| seen.record.text("summary")) { p { (summary) } }
            h2 { (cx.say("及ぶ製品", "Products it reaches")) }
            @if all.iter().all(|seen| kept::is_past(&seen.record)) { p.quiet { (cx.say("いま及ぶものはありません。以前の指摘は下にあります。", "None at present; what was found before stands below.")) } }
            ul.waiting { @for (product, seen) in findings.iter().filter(|(_, seen)| !kept::is_past(&seen.record)) { li {
                @if let Some(product) = product { a href=(cx.to(&format!("/cyber/products/{}", escaped(product.id.as_str())))) { (kept::text(product, "name")) " " (kept::text(product, "version")) } }
                @else { span.missing { (cx.say("公開されていない製品", "a product not shown to you")) } }
                " " (kept::verdict(&cx, &seen.record)) " " span.tag { (kept::state(&cx, &seen.record)) }
            } } }
            h2 { (cx.say("指摘", "Findings")) }
            (findings_table(&cx, &all, &marks))
        }
        p.quiet { (cx.say("ほかの組織の製品については、数も含めて何も示しません。", "Of products of others nothing is told, not even a number.")) }
    };
    Ok(below(&cx, Page::new(id, body))
        .below(cx.say("脆弱性情報", "Advisories"), "/cyber/advisories")
        .show(&cx))
}

pub(super) async fn form(cx: Cx) -> Result<Html, Failure> {
    cx.person()?;
    let body = html! {
        form method="post" enctype="multipart/form-data" action=(cx.to("/cyber/advisories/new")) {
            div.field {
                label for="file" { (cx.say("脆弱性情報のファイル", "The advisory")) }
                p.help { (cx.say("OSV、CSAF、NVDのJSON、JVN iPediaのVULDEF（XML）。一件又は一覧。", "JSON of OSV, CSAF or NVD, VULDEF of JVN iPedia (XML); one or a list.")) }
                input #file type="file" name="file" accept=".json,.xml" required;
            }
            button { (cx.say("照合する", "Look for it")) }
            p.quiet {
                @if cx.viewer.has(BRINGS) { (cx.say("すべてのSBOMと照合し、結果は保有者だけに知らされます。", "It is held against every bill; each owner alone learns the outcome.")) }
                @else { (cx.say("あなたの組織のSBOMだけと照合します。", "It is held against your organisation's bills alone.")) }
            }
        }
    };
    let page = Page::new(cx.say("脆弱性情報を調べる", "Check an advisory"), body);
    Ok(below(&cx, page).below(cx.say("脆弱性情報", "Advisories"), "/cyber/advisories").show(&cx))
}

pub(super) async fn take(cx: Cx, parts: Multipart) -> Result<Response, Failure> {
    cx.person()?;
    let files = received(&cx, parts).await?;
    let bytes = tokio::fs::read(files.only()?).await.map_err(Failure::broken)?;
    if bytes.len() > LARGEST {
        return Err(Failure::bad(
            format!(
                "大きすぎます（上限{LARGEST}バイト）。まとまったデータは shirube vulns update で取り込みます"
            ),
            format!("Too large (at most {LARGEST} bytes); bulk data comes in by `shirube vulns update`"),
        ));
    }
    let brings = cx.viewer.has(BRINGS);
    let advisories = if brings { known::keep(&cx, &bytes).await? } else { engine::advisories(&bytes)? };
    let first = advisories.first().map(|advisory| advisory.id.clone()).unwrap_or_default();
    if !brings {
        of_advisories(&cx, advisories, Whose::Viewer).await?;
        return Ok(see(&cx, &format!("/cyber/advisories/{}", escaped(&first))));
    }
    let in_force = cx.app.devices.known.in_force(&advisories)?;
    let is_known = in_force.is_empty();
    if !is_known {
        of_advisories(&cx, in_force, Whose::Everybody).await?;
    }
    let body = html! {
        @if is_known { p.saved role="status" { (first) " " (cx.say("は、手元のデータに同じか新しいものがあり、照合済みです。", "stands in the data at hand in the same text or a newer one, against which every bill was held.")) } }
        @else { p.saved role="status" { (first) " " (cx.say("を照合しました。及ぶ製品の保有者に知らされます。", "was held against every bill. Owners of products it reaches are told.")) } }
        p { a href=(cx.to("/cyber/advisories/new")) { (cx.say("次の情報を調べる", "The next one")) } }
    };
    Ok(below(&cx, Page::new(cx.say("照合しました", "Done"), body)).show(&cx).into_response())
}

fn below(cx: &Cx, page: Page) -> Page {
    page.below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
}
