//! A bill: what was given, its components, and the document itself for who may see its record.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::{kept, safe};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, values};

/// Components of a page.
const OF_A_PAGE: usize = 200;

pub(super) async fn page(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    cx.person()?;
    let reference = kept::reference("device-bill", &id)?;
    let parts = safe::parts(&cx, &reference).await?;
    let record =
        cx.app.desk.read(&cx.viewer, move |reading| Ok(reading.must_get(&reference)?.record)).await?;
    let from = page_of(&cx).saturating_mul(OF_A_PAGE);
    let here = format!("/cyber/bills/{}", escaped(&id));
    let body = html! {
        dl.facts {
            @for field in ["format", "written_at", "author", "given_on", "given_by", "sha256"] {
                div { dt { (kept::label(&cx, "device-bill", field)) } dd { (record.text(field).unwrap_or(cx.say("記載なし", "not stated"))) } }
            }
            @for field in ["components", "looked_up", "errors", "warnings"] {
                div { dt { (kept::label(&cx, "device-bill", field)) } dd { @if let Some(count) = kept::number(&record, field) { (count) } @else { (cx.say("不明", "unknown")) } } }
            }
        }
        p.acts {
            a.button.second href=(cx.to(&format!("{here}/file"))) download { (cx.say("SBOMを保存する", "Download the bill")) }
            a.button.second href=(cx.to(&values::path(&record.reference()))) { (cx.say("記録と履歴", "Record and history")) }
        }
        h2 { (cx.say("部品", "Components")) " " span.tag { (parts.len()) } }
        @if parts.is_empty() { p.quiet { (cx.say("部品の一覧がありません。", "No components are kept of it.")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(cx.say("部品", "Components")) { table.records {
                thead { tr { th scope="col" { (cx.say("名称", "Name")) } th scope="col" { (cx.say("版", "Version")) } th scope="col" { (cx.say("識別子（Package URL、CPE）", "Identifiers (package URL, CPE)")) } } }
                tbody { @for part in parts.iter().skip(from).take(OF_A_PAGE) { tr {
                    th scope="row" { (part.name) }
                    td { @if let Some(version) = &part.version { (version) } @else { span.missing { (cx.say("なし", "none")) } } }
                    td { @if part.purls.is_empty() && part.cpes.is_empty() { span.missing { (cx.say("なし：照合できない", "none: cannot be looked up")) } } @for name in part.purls.iter().chain(&part.cpes) { code { (name) } " " } }
                } } }
            } }
            @if parts.len() > from + OF_A_PAGE { p.pager { a href=(cx.to(&format!("{here}?page={}", page_of(&cx) + 1))) rel="next" { (cx.say("次のページ", "Next page")) } } }
        }
    };
    let mut page = Page::new(kept::text(&record, "name"), body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .below(cx.say("製品", "Products"), "/cyber/products");
    if let Some(product) = kept::text(&record, "product").strip_prefix("device-product:") {
        page = page.below(cx.say("この製品", "The product"), format!("/cyber/products/{}", escaped(product)));
    }
    Ok(page.show(&cx))
}

/// The document as it was given: never shown by the browser as a page of this site.
pub(super) async fn file(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    cx.person()?;
    let reference = kept::reference("device-bill", &id)?;
    let bytes = safe::bytes(&cx, &reference).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"sbom\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

fn page_of(cx: &Cx) -> usize {
    let pairs = url::form_urlencoded::parse(cx.query.as_deref().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(name, _)| name == "page").and_then(|(_, text)| text.parse().ok()).unwrap_or(0)
}
