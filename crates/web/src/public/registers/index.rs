//! All registers: what each is for, how much is in it, how far the documents specify it.

use jiff::Timestamp;
use maud::{Markup, html};
use register::Declaration;
use register::declaration::Spec;
use store::Total;

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, when};

/// A register and what is in it.
struct Kept {
    declaration: Declaration,
    total: Total,
    changed: Option<Timestamp>,
}

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let kept = cx.app.desk.read(&cx.viewer, |reading| {
        let mut kept = Vec::new();
        for declaration in reading.declarations() {
            let latest = reading.latest(Some(declaration.id.as_str()), None, 1)?;
            kept.push(Kept {
                declaration: declaration.clone(),
                total: reading.count(declaration)?,
                changed: latest.first().map(|entry| entry.at),
            });
        }
        Ok(kept)
    });
    let kept = kept.await?;
    let records = kept.iter().filter_map(|kept| kept.total.exact()).sum::<u64>();
    let body = html! {
        p {
            (cx.say("あなたが見られる台帳は", "You may see ")) (kept.len()) (cx.say("、記録は", " registers with "))
            (records) (cx.say("件です。すべてを", " records. "))
            a href=(cx.to("/search")) { (cx.say("検索", "Search all of them")) } (cx.say("できます。", "."))
        }
        @for spec in [Spec::D, Spec::P, Spec::N] { (group(&cx, spec, &kept)) }
    };
    Ok(Page::new(cx.say("台帳", "Registers"), body)
        .lead(cx.say(
            "計画の資料が述べる仕組みを、一つずつ台帳にしたもの。どの記録にも出典と経緯があります。",
            "Each system that the plan's documents speak of is a register. Every record has its source and its history.",
        ))
        .show(&cx))
}

/// The registers of which the documents say equally much.
fn group(cx: &Cx, spec: Spec, kept: &[Kept]) -> Markup {
    let mut of_it: Vec<&Kept> = kept.iter().filter(|kept| kept.declaration.spec == spec).collect();
    of_it.sort_by_key(|kept| kept.declaration.covers.first().cloned().unwrap_or_else(|| "~".to_owned()));
    let id = format!("spec-{spec:?}").to_lowercase();
    html! {
        @if !of_it.is_empty() {
            h2 id=(id) { (spec.names().get(cx.lang)) " " span.silent { (of_it.len()) } }
            @if spec == Spec::N {
                p { (cx.say(
                    "資料は名前を挙げるだけで、様式も期限も定めていません。器だけを用意し、中身を推し量って埋めることはしません。",
                    "The documents only name these; they set neither form nor term. The register is there, and nothing in it is guessed.",
                )) }
            }
            ul.cards { @for kept in of_it { (card(cx, kept)) } }
        }
    }
}

fn card(cx: &Cx, kept: &Kept) -> Markup {
    let declaration = &kept.declaration;
    let path = format!("/registers/{}", declaration.id);
    html! {
        li.card {
            h3 { a href=(cx.to(&path)) { (declaration.name.get(cx.lang)) } }
            p { (declaration.about.get(cx.lang)) }
            p.silent {
                @match kept.total.exact() {
                    Some(0) => { (cx.say("記録なし", "no records")) }
                    Some(count) => { (count) (cx.say("件", if count == 1 { " record" } else { " records" })) }
                    None => { (kept.total) (cx.say("件（正確な数は数えていません）", " records (not counted exactly)")) }
                }
                @if let Some(changed) = kept.changed { " · " (cx.say("最終更新 ", "last change ")) (when(changed)) }
                " · " a href=(cx.to(&format!("{path}/about"))) aria-label=(format!("{} {}", declaration.name.get(cx.lang), cx.say("の項目と権限", "fields and rights"))) { (cx.say("項目と権限", "fields and rights")) }
            }
        }
    }
}
