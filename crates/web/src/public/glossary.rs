//! The words of the plan's documents on one page. They are records of a register like any other.

use axum::Router;
use axum::routing::get;
use maud::{Markup, html};
use register::{Declaration, FieldType, Record};
use store::{Query, Sort};

use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, source, values};

/// The register.
const REGISTER: &str = "glossary-term";
/// Terms shown; the register's own list has pages.
const MOST: usize = 1000;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/glossary", get(page))
}

async fn page(cx: Cx) -> Result<Html, Failure> {
    let (declaration, terms) = cx
        .app
        .desk
        .read(&cx.viewer, |reading| {
            let declaration = reading.declaration(REGISTER)?.clone();
            let query = Query { sort: Sort::Title, limit: MOST, ..Query::of(declaration.id.clone()) };
            let records: Vec<Record> =
                reading.list(query)?.items.into_iter().map(|seen| seen.record).collect();
            Ok((declaration, records))
        })
        .await?;
    let kinds = match declaration.fields.get("kind").map(|field| &field.kind) {
        Some(FieldType::Choice { options }) => options.clone(),
        _ => return Err(Failure::broken("the glossary has no kinds")),
    };
    let of = |kind: &str| terms.iter().filter(|term| term.text("kind") == Some(kind)).collect::<Vec<_>>();
    let body = html! {
        ul.further {
            li { a href=(cx.to(&format!("/registers/{REGISTER}"))) { (cx.say("台帳として見る（検索・書き出し）", "As a register (search, files)")) } }
        }
        nav.contents aria-label=(cx.say("分野", "Fields")) {
            ul { @for (kind, name) in &kinds { li { a href=(format!("#{kind}")) { (name.get(cx.lang)) } " " span.silent { (of(kind).len()) } } } }
        }
        @for (kind, name) in &kinds {
            h2 id=(kind) { (name.get(cx.lang)) }
            dl.terms { @for term in of(kind) { (entry(&cx, &declaration, term)) } }
        }
    };
    Ok(Page::new(cx.say("用語", "Glossary"), body).lead(declaration.about.get(cx.lang)).show(&cx))
}

fn entry(cx: &Cx, declaration: &Declaration, term: &Record) -> Markup {
    let names = |field: &str| term.read::<base::Names>(field).unwrap_or_default();
    let word = term.text(&declaration.title).unwrap_or_else(|| term.id.as_str());
    let (full, note) = (names("full"), names("note"));
    html! {
        div id=(term.id) {
            dt { a href=(cx.to(&values::path(&term.reference()))) { (word) } }
            dd {
                p.full {
                    @if full.ja != word { span lang="ja" { (full.ja) } " / " }
                    span lang="en" { (full.en) }
                }
                p { (names("meaning").get(cx.lang)) }
                @if !note.ja.is_empty() { p.silent { (note.get(cx.lang)) } }
                p.silent { (cx.say("使われている箇所：", "Used in: "))
                    @for (index, said) in term.sources.iter().enumerate() { @if index > 0 { (cx.say("、", "; ")) } (source(cx, said)) }
                }
            }
        }
    }
}
