//! Finding a component in the bills that the viewer may see, and in no other: of what is not seen, not even a number is told.

use maud::html;

use super::{kept, safe};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

/// Hits shown.
const MOST: usize = 200;
/// The longest text looked for, in characters.
const LONGEST: usize = 200;

struct Hit {
    product: String,
    title: String,
    bill: String,
    what: String,
}

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    cx.person()?;
    let pairs = cx.query.as_deref().unwrap_or_default();
    let wanted = url::form_urlencoded::parse(pairs.as_bytes()).find(|(name, _)| name == "q");
    let wanted: String =
        wanted.map_or_else(String::new, |(_, text)| text.trim().chars().take(LONGEST).collect());
    let hits = if wanted.is_empty() { None } else { Some(hits(&cx, &wanted).await?) };
    let body = html! {
        form.filters action=(cx.to("/cyber/components")) {
            div { label for="q" { (cx.say("部品の名称、版又はPackage URLの一部", "Part of a component's name, version or package URL")) } input #q type="search" name="q" value=(wanted); }
            button { (cx.say("探す", "Find")) }
        }
        @match &hits {
            None => p.quiet { (cx.say("見てよいSBOMの中だけを探します。", "Only the bills you may see are looked through.")) },
            Some((hits, _)) if hits.is_empty() => p { (cx.say("見てよいSBOMの中にはありません。ほかのSBOMにあるかどうかは分かりません。", "It is in none of the bills you may see; of others nothing is said.")) },
            Some((hits, more)) => {
                div.scroll tabindex="0" role="region" aria-label=(cx.say("見付かった部品", "Components found")) { table.records {
                    thead { tr { th scope="col" { (cx.say("製品", "Product")) } th scope="col" { (cx.say("部品", "Component")) } th scope="col" { "SBOM" } } }
                    tbody { @for hit in hits { tr {
                        th scope="row" { a href=(cx.to(&format!("/cyber/products/{}", escaped(&hit.product)))) { (hit.title) } }
                        td { (hit.what) }
                        td { a href=(cx.to(&format!("/cyber/bills/{}", escaped(&hit.bill)))) { (cx.say("開く", "open")) } }
                    } } }
                } }
                @if *more { p.quiet { (cx.say("ほかにもあります。語を足してください。", "There are more: add to what you look for.")) } }
            }
        }
    };
    Ok(Page::new(cx.say("部品を探す", "Find a component"), body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .show(&cx))
}

async fn hits(cx: &Cx, wanted: &str) -> Result<(Vec<Hit>, bool), Failure> {
    let bills = cx.app.desk.read(&cx.viewer, |reading| {
        let mut bills = Vec::new();
        for seen in kept::all(reading, "device-bill")? {
            if seen.record.state.as_deref() != Some("current") {
                continue;
            }
            let product = seen.record.text("product").and_then(|product| product.parse().ok());
            let product = product.map(|product| reading.get(&product)).transpose()?.flatten();
            bills.push((seen.record, product.map(|product| product.record)));
        }
        Ok(bills)
    });
    let (wanted, mut hits) = (wanted.to_lowercase(), Vec::new());
    for (bill, product) in bills.await? {
        for part in safe::parts(cx, &bill.reference()).await? {
            let version = part.version.as_deref().unwrap_or_default();
            let what = format!("{} {version} {}", part.name, part.purls.join(" "));
            if !what.to_lowercase().contains(&wanted) {
                continue;
            }
            if hits.len() >= MOST {
                return Ok((hits, true));
            }
            let title = product.as_ref().map_or_else(
                || kept::text(&bill, "name").to_owned(),
                |product| format!("{} {}", kept::text(product, "name"), kept::text(product, "version")),
            );
            let id = product.as_ref().map_or(String::new(), |product| product.id.to_string());
            hits.push(Hit { product: id, title, bill: bill.id.to_string(), what });
        }
    }
    Ok((hits, false))
}
