//! The list of a register: filters, search, order, pages, and the same list as files.

use std::collections::BTreeMap;

use base::Lang;
use maud::{Markup, html};
use register::{Declaration, Field, FieldType, Record, RecordRef, Sight, references};
use report::Severity;
use serde_json::Value;
use store::Sort;

use super::ask::{Ask, SIZES, parameter, sort_word};
use super::choices::{Choice, choices};
use super::columns::columns;
use crate::cx::Cx;
use crate::desk::{Listing, Titles, title_of};
use crate::failure::Failure;
use crate::look::{Html, Page, note, pager, values, when};

/// What the page shows.
struct Found {
    listing: Listing,
    titles: Titles,
    choices: Vec<Choice>,
    menu_titles: Titles,
}

pub(super) async fn page(cx: Cx, register: String, pairs: Vec<(String, String)>) -> Result<Html, Failure> {
    let declaration = cx.sight(&register).map(|_| cx.app.desk.registry().get(&register))?;
    let declaration = declaration.ok_or(Failure::NotFound)?.clone();
    let ask = Ask::read(&declaration, &pairs);
    let (asked, declared) = (ask.clone(), declaration.clone());
    let found = cx.app.desk.read(&cx.viewer, move |reading| {
        if reading.sight(&declared).extent().is_empty() {
            return Ok(None);
        }
        let listing = reading.list(asked.query(&declared))?;
        let shown: Vec<&String> =
            columns(&declared, reading.sight(&declared)).into_iter().map(|(name, _)| name).collect();
        let refs = listing.items.iter().flat_map(|item| {
            let refs = references(&declared, &item.record).into_iter();
            refs.filter(|(field, _)| shown.contains(&field)).map(|(_, to)| to)
        });
        let titles = reading.titles(refs.collect::<Vec<RecordRef>>())?;
        let (choices, menu_titles) = choices(reading, &declared)?;
        Ok(Some(Found { listing, titles, choices, menu_titles }))
    });
    let found = found.await?;
    Ok(show(&cx, &declaration, &ask, found.as_ref()))
}

fn show(cx: &Cx, declaration: &Declaration, ask: &Ask, found: Option<&Found>) -> Html {
    let path = format!("/registers/{}", declaration.id);
    let name = declaration.name.get(cx.lang);
    let body = html! {
        ul.further {
            li { a href=(cx.to(&format!("{path}/about"))) { (cx.say("項目・状態・権限", "Fields, states, rights")) } }
            li { a href=(cx.to(&format!("{path}/feed.atom"))) { (cx.say("更新フィード", "Feed")) } }
            @if cx.viewer.is_signed_in() && Sight::of(declaration, &cx.viewer).may_create() {
                li { a href=(cx.to(&format!("{path}/new"))) { (cx.say("新しい記録", "New record")) } }
            }
        }
        @match found {
            None => (note(cx, Severity::Info, &html! { (cx.say(
                " あなたが見られる記録はまだありません。", " There is no record yet that you may see.")) })),
            Some(found) => {
                (filters(cx, declaration, ask, found, &path))
                (table(cx, declaration, ask, found))
                (downloads(cx, ask, &path))
            }
        }
    };
    Page::new(name, body)
        .lead(declaration.about.get(cx.lang))
        .below(cx.say("台帳", "Registers"), "/registers")
        .feed(name, format!("{path}/feed.atom"))
        .wide()
        .show(cx)
}

fn filters(cx: &Cx, declaration: &Declaration, ask: &Ask, found: &Found, path: &str) -> Markup {
    html! {
        form.filters method="get" action=(cx.to(path)) role="search" aria-label=(cx.say("この台帳を絞り込む", "Narrow this register")) {
            div {
                label for="q" { (cx.say("言葉", "Words")) }
                input #q type="search" name="q" value=(ask.text) maxlength="200";
            }
            @if !declaration.states.is_empty() {
                div {
                    label for="state" { (cx.say("状態", "State")) }
                    select #state name="state" {
                        option value="" { (cx.say("すべて", "all")) }
                        @for (state, declared) in &declaration.states {
                            option value=(state) selected[ask.state == *state] { (declared.label.get(cx.lang)) }
                        }
                    }
                }
            }
            @for choice in &found.choices { (filter(cx, ask, choice, &found.menu_titles)) }
            div {
                label for="sort" { (cx.say("並び", "Order")) }
                select #sort name="sort" {
                    @for (sort, ja, en) in [(Sort::Id, "ID順", "by id"), (Sort::Title, "題名順", "by title"), (Sort::Newest, "更新の新しい順", "last changed first")] {
                        option value=(sort_word(sort)) selected[ask.sort == sort] { (cx.say(ja, en)) }
                    }
                }
            }
            div {
                label for="size" { (cx.say("件数", "Per page")) }
                select #size name="size" {
                    @let mut sizes = SIZES;
                    @let () = sizes.sort_unstable();
                    @for size in sizes { option selected[ask.size == size] { (size) } }
                }
            }
            div.acts {
                button { (cx.say("絞り込む", "Show")) }
                @if ask.narrows() { a href=(cx.to(path)) { (cx.say("すべて表示", "Show all")) } }
            }
        }
    }
}

fn filter(cx: &Cx, ask: &Ask, choice: &Choice, titles: &Titles) -> Markup {
    let (name, label) = (parameter(&choice.name), choice.field.label.get(cx.lang));
    let chosen = ask.filter(&choice.name).unwrap_or_default();
    html! {
        div {
            label for=(name) { (label) }
            @match options(cx, choice, titles, chosen) {
                Some(options) => select id=(name) name=(name) {
                    option value="" { (cx.say("すべて", "all")) }
                    @for (value, shown) in options { option value=(value) selected[value == chosen] { (shown) } }
                },
                None => input id=(name) name=(name) value=(chosen);
            }
        }
    }
}

/// The options of a menu as (value, what a person sees); none where there are too many values for one.
fn options(cx: &Cx, choice: &Choice, titles: &Titles, chosen: &str) -> Option<Vec<(String, String)>> {
    let mut kind = &choice.field.kind;
    while let FieldType::List { of } = kind {
        kind = of;
    }
    let none = BTreeMap::new();
    let counted = choice.menu.as_ref();
    let fixed: Vec<String> = match kind {
        FieldType::Choice { options } => options.keys().cloned().collect(),
        FieldType::Flag => vec!["true".to_owned(), "false".to_owned()],
        _ => counted?.keys().cloned().collect(),
    };
    let counts = counted.unwrap_or(&none);
    let chosen =
        (!chosen.is_empty() && !fixed.iter().any(|value| value == chosen)).then(|| chosen.to_owned());
    let options = fixed.into_iter().chain(chosen).map(|value| {
        let shown = said(cx, kind, &value, titles);
        let count = counted.map(|_| format!(" ({})", counts.get(&value).copied().unwrap_or(0)));
        (value, shown + &count.unwrap_or_default())
    });
    Some(options.collect())
}

/// A value of a menu in words.
fn said(cx: &Cx, kind: &FieldType, value: &str, titles: &Titles) -> String {
    let title = match kind {
        FieldType::Choice { options } => options.get(value).map(|names| names.get(cx.lang).to_owned()),
        FieldType::Flag => {
            Some(if value == "true" { cx.say("はい", "yes") } else { cx.say("いいえ", "no") }.to_owned())
        }
        FieldType::FiscalYear => value.parse().ok().map(|year| {
            let year = base::FiscalYear::new(year);
            match cx.lang {
                Lang::Ja => format!("{}（{}年度）", year.japanese(), year.western()),
                Lang::En => year.to_string(),
            }
        }),
        FieldType::Ref { .. } => {
            value.parse().ok().and_then(|to| titles.of(&to, cx.lang).map(values::shortened))
        }
        _ => None,
    };
    title.unwrap_or_else(|| values::shortened(value))
}

fn table(cx: &Cx, declaration: &Declaration, ask: &Ask, found: &Found) -> Markup {
    let listing = &found.listing;
    if listing.items.is_empty() {
        return nothing(cx, ask);
    }
    let sight = register::Sight::of(declaration, &cx.viewer);
    let columns = columns(declaration, sight);
    let title = declaration.fields.get(&declaration.title);
    let path = format!("/registers/{}", declaration.id);
    let first = ask.after.is_some().then(|| cx.to(&format!("{path}{}", ask.address(None))));
    let next = listing.next.as_ref().map(|next| cx.to(&format!("{path}{}", ask.address(Some(next)))));
    let name = declaration.name.get(cx.lang);
    html! {
        (pager(cx, listing.total, first.as_deref(), next.as_deref()))
        div.scroll tabindex="0" role="region" aria-label=(name) {
            table.records {
                caption.unseen { (name) }
                thead { tr {
                    th scope="col" { (title.map_or("ID", |field| field.label.get(cx.lang))) }
                    @if !declaration.states.is_empty() { th scope="col" { (cx.say("状態", "State")) } }
                    @for (_, field) in &columns { (values::heading(cx, field)) }
                    th scope="col" { (cx.say("更新", "Changed")) }
                } }
                tbody {
                    @for item in &listing.items {
                        tr {
                            (titled(cx, declaration, &item.record))
                            @if !declaration.states.is_empty() { td { (state(cx, declaration, &item.record)) } }
                            @for (name, field) in &columns { (cell(cx, field, item.record.fields.get(*name), &found.titles)) }
                            td { (when(item.at)) }
                        }
                    }
                }
            }
        }
        @if next.is_some() || first.is_some() { (pager(cx, listing.total, first.as_deref(), next.as_deref())) }
    }
}

fn titled(cx: &Cx, declaration: &Declaration, record: &Record) -> Markup {
    let names = title_of(declaration, record);
    html! {
        th scope="row" {
            a href=(cx.to(&values::path(&record.reference()))) { (values::shortened(names.get(cx.lang))) }
        }
    }
}

fn cell(cx: &Cx, field: &Field, value: Option<&Value>, titles: &Titles) -> Markup {
    html! {
        td class=[values::is_figure(&field.kind).then_some("figure")] {
            @if let Some(value) = value { (values::brief(cx, &field.kind, value, titles)) }
        }
    }
}

/// The state of a record.
pub(super) fn state(cx: &Cx, declaration: &Declaration, record: &Record) -> Markup {
    let state = record.state.as_deref();
    let label = state.and_then(|state| declaration.states.get(state)).map(|state| state.label.get(cx.lang));
    html! { @if let Some(label) = label.or(state) { span.tag { (label) } } }
}

fn nothing(cx: &Cx, ask: &Ask) -> Markup {
    let words = if ask.narrows() {
        cx.say(
            "条件に合う記録はありません。条件を減らすか、別の言葉でお試しください。",
            "No record fits. Ask for less, or try other words.",
        )
    } else {
        cx.say("記録はまだありません。", "There is no record yet.")
    };
    html! { p.silent { (words) } }
}

fn downloads(cx: &Cx, ask: &Ask, path: &str) -> Markup {
    let whole = Ask { size: SIZES[0], ..ask.clone() }.address(None);
    html! {
        h2 { (cx.say("この一覧をファイルで", "This list as a file")) }
        p { (cx.say(
            "絞り込みと並びのとおり、すべてのページを含みます。CSVは値のない理由の列を伴う長い形で、列の意味はデータ辞書にあります。",
            "As filtered and ordered, all pages. The CSV is in long form with a column for why a value is missing; the dictionary says what each column means.",
        )) }
        ul.loads {
            @for form in super::load::FORMS {
                li { a href=(cx.to(&format!("{path}.{}{whole}", form.ending()))) { (form.name(cx)) } }
            }
        }
    }
}
