//! Two bills of a product side by side: which components came, went, or changed their version.

use axum::extract::Path;
use cyber::sbom::{Change, Identity, difference};
use maud::{Markup, html};

use super::{engine, kept, safe};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

/// Changes shown.
const MOST: usize = 1000;

pub(super) async fn page(cx: Cx, Path(product): Path<String>) -> Result<Html, Failure> {
    cx.person()?;
    let product_ref = kept::reference("device-product", &product)?;
    let title =
        cx.app.desk.read(&cx.viewer, move |reading| Ok(reading.must_get(&product_ref)?.record)).await?;
    let asked = |wanted: &str| {
        let pairs = url::form_urlencoded::parse(cx.query.as_deref().unwrap_or_default().as_bytes());
        pairs
            .into_iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, text)| text.into_owned())
            .unwrap_or_default()
    };
    let older = safe::bytes(&cx, &kept::reference("device-bill", &asked("older"))?).await?;
    let newer = safe::bytes(&cx, &kept::reference("device-bill", &asked("newer"))?).await?;
    let compared = tokio::task::spawn_blocking(move || {
        let (older, newer) = (engine::bill(&older)?, engine::bill(&newer)?);
        Ok::<_, Failure>(difference(&older.sbom, &newer.sbom))
    });
    let difference = compared.await.map_err(Failure::broken)??;
    let body = html! {
        p { (cx.say("同じもの：", "The same in both: ")) (difference.same) " · " (cx.say("違うもの：", "different: ")) (difference.changes.len()) }
        @if difference.changes.is_empty() { p { (cx.say("部品に違いはありません。", "The components do not differ.")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(cx.say("違い", "Differences")) { table.records {
                (head(&cx))
                tbody { @for (identity, change) in difference.changes.iter().take(MOST) { (row(&cx, identity, change)) } }
            } }
            @if difference.changes.len() > MOST { p.quiet { (cx.say("ほかに", "and ")) (difference.changes.len() - MOST) (cx.say("件", " more")) } }
        }
    };
    let name = format!("{} {}", kept::text(&title, "name"), kept::text(&title, "version"));
    Ok(Page::new(cx.say("二つのSBOMの違い", "Two bills compared"), body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .below(name, format!("/cyber/products/{}", escaped(&product)))
        .show(&cx))
}

/// The headings above [`row`].
pub(super) fn head(cx: &Cx) -> Markup {
    html! { thead { tr { th scope="col" { (cx.say("部品", "Component")) } th scope="col" { (cx.say("違い", "What changed")) } th scope="col" { (cx.say("前", "Before")) } th scope="col" { (cx.say("後", "After")) } } } }
}

/// A component that came, went or changed.
pub(super) fn row(cx: &Cx, identity: &Identity, change: &Change) -> Markup {
    let name = match identity {
        Identity::Package(text) | Identity::Cpe(text) => text.clone(),
        Identity::Words { supplier, name } => format!("{supplier} {name}").trim().to_owned(),
    };
    let (what, before, after) = match change {
        Change::Added { version } => (cx.say("加わった", "added"), None, version.clone()),
        Change::Removed { version } => (cx.say("なくなった", "removed"), version.clone(), None),
        Change::Version { from, to, .. } => (cx.say("版が違う", "version"), from.clone(), to.clone()),
        Change::Described { version, .. } => {
            (cx.say("説明が違う", "described otherwise"), version.clone(), version.clone())
        }
    };
    html! { tr {
        th scope="row" { (name) }
        td { span.tag { (what) } }
        td { (before.unwrap_or_default()) }
        td { (after.unwrap_or_default()) }
    } }
}
