//! What a register is made of and who may see and change it, as tables that a person can check against the declaration.

use axum::extract::Path;
use maud::{Markup, html};
use register::clock::Term;
use register::declaration::State;
use register::rights::Party;
use register::{Declaration, Field, FieldType};

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, source};

pub(super) async fn page(cx: Cx, Path(register): Path<String>) -> Result<Html, Failure> {
    cx.sight(&register)?;
    let declaration = cx.app.desk.registry().get(&register).ok_or(Failure::NotFound)?;
    let name = declaration.name.get(cx.lang);
    let body = html! {
        dl.facts {
            div { dt { "ID" } dd { code { (declaration.id) } } }
            div { dt { (cx.say("資料の詳しさ", "What the documents say")) } dd { (declaration.spec.names().get(cx.lang)) } }
            div { dt { (cx.say("資料の該当箇所", "Where they say it")) } dd { (source(&cx, &said(declaration))) } }
            @if !declaration.covers.is_empty() {
                div { dt { (cx.say("対応する仕組み", "Systems covered")) } dd { (declaration.covers.join(", ")) } }
            }
            @if !declaration.serves.is_empty() {
                div { dt { (cx.say("証拠となる計画の項目", "Evidence for")) } dd {
                    ul.values { @for node in &declaration.serves {
                        li { a href=(cx.to(&format!("/registers/plan-node/{}", crate::address::escaped(node)))) { (node) } }
                    } }
                } }
            }
        }
        h2 #rights { (cx.say("権限", "Rights")) }
        (rights(&cx, declaration))
        h2 #fields { (cx.say("項目", "Fields")) }
        (fields(&cx, &declaration.fields, cx.say("項目", "Fields"), &declaration.title))
        @for (_, field) in &declaration.fields {
            @if let FieldType::Table { columns } = &field.kind {
                h3 { (field.label.get(cx.lang)) }
                (fields(&cx, columns, field.label.get(cx.lang), ""))
            }
        }
        @if !declaration.states.is_empty() {
            h2 #states { (cx.say("状態と移り方", "States and moves")) }
            (states(&cx, declaration))
        }
        @if !declaration.clocks.is_empty() {
            h2 #clocks { (cx.say("期限", "Clocks")) }
            (clocks(&cx, declaration))
        }
    };
    Ok(Page::new(format!("{name}{}", cx.say("：項目・状態・権限", ": fields, states, rights")), body)
        .lead(declaration.about.get(cx.lang))
        .below(cx.say("台帳", "Registers"), "/registers")
        .below(name, format!("/registers/{}", declaration.id))
        .show(&cx))
}

fn said(declaration: &Declaration) -> base::Source {
    let place = base::Place { lines: declaration.source.lines.clone(), ..base::Place::default() };
    base::Source { document: declaration.source.document.clone(), place, ..base::Source::default() }
}

fn rights(cx: &Cx, declaration: &Declaration) -> Markup {
    let rights = &declaration.rights;
    let rows = rights.fields.keys().map(|field| {
        let label = declaration.fields.get(field).map_or(field.as_str(), |field| field.label.get(cx.lang));
        (format!("{}{label}", cx.say("項目：", "field: ")), rights.see(field), rights.change(field))
    });
    let record =
        (cx.say("記録全体", "the record").to_owned(), rights.see.as_slice(), rights.change.as_slice());
    let rows: Vec<_> = std::iter::once(record).chain(rows).collect();
    html! {
        (scroll(cx.say("権限", "Rights"), &html! {
            thead { tr {
                th scope="col" { (cx.say("対象", "What")) }
                th scope="col" { (cx.say("見られる人", "Who may see")) }
                th scope="col" { (cx.say("変えられる人", "Who may change")) }
            } }
            tbody { @for (what, see, change) in rows {
                tr { th scope="row" { (what) } td { (parties(cx, declaration, see)) } td { (parties(cx, declaration, change)) } }
            } }
        }))
        p.silent { (cx.say(
            "書かれていない人は、見ることも変えることもできません。つながりの種類や履歴も同じ権限に従います。",
            "Whoever is not named may neither see nor change. Links and history follow the same rights.",
        )) }
    }
}

fn parties(cx: &Cx, declaration: &Declaration, parties: &[Party]) -> Markup {
    let field = |party: &Party| {
        let field = declaration.rights.holder_field(party).unwrap_or_default();
        declaration.fields.get(field).map_or(field, |field| field.label.get(cx.lang)).to_owned()
    };
    html! {
        @for (index, party) in parties.iter().enumerate() {
            @if index > 0 { (cx.say("、", ", ")) }
            @match party {
                Party::Public => { (cx.say("だれでも（サインイン不要）", "everybody, without signing in")) }
                Party::Organisations => { (cx.say("アカウントのある組織", "organisations with an account")) }
                Party::Owner => { (cx.say("記録の持ち主（「", "the owner (")) (field(party)) (cx.say("」の組織）", ")")) }
                Party::Named => { (cx.say("記録が名指す組織（「", "those the record names (")) (field(party)) (cx.say("」）", ")")) }
                Party::Role(role) => { (cx.say("役割 ", "role ")) code { (role) } }
            }
        }
    }
}

fn fields(cx: &Cx, fields: &std::collections::BTreeMap<String, Field>, caption: &str, title: &str) -> Markup {
    let mut ordered: Vec<_> = fields.iter().collect();
    ordered.sort_by_key(|(name, field)| (*name != title, !field.required));
    scroll(
        caption,
        &html! {
            thead { tr {
                th scope="col" { (cx.say("項目", "Field")) }
                th scope="col" { (cx.say("名前", "Name")) }
                th scope="col" { (cx.say("型", "Type")) }
                th scope="col" { (cx.say("性質", "Is")) }
                th scope="col" { (cx.say("意味", "Meaning")) }
            } }
            tbody { @for (name, field) in ordered {
                tr {
                    th scope="row" { (field.label.get(cx.lang)) @if let Some(unit) = &field.unit { " (" (unit) ")" } }
                    td { code { (name) } }
                    td { (kind(cx, &field.kind)) }
                    td { (traits(cx, field, name == title)) }
                    td { @if let Some(help) = &field.help { (help.get(cx.lang)) } (options(cx, &field.kind)) }
                }
            } }
        },
    )
}

fn traits(cx: &Cx, field: &Field, is_title: bool) -> String {
    let traits = [
        (is_title, cx.say("題名", "title")),
        (field.required, cx.say("必須", "required")),
        (field.filter, cx.say("絞り込み", "filter")),
        (field.search, cx.say("検索", "searched")),
    ];
    let said: Vec<&str> = traits.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    said.join(cx.say("、", ", "))
}

fn kind(cx: &Cx, kind: &FieldType) -> Markup {
    let word = match kind {
        FieldType::Text => cx.say("文字", "text"),
        FieldType::Names => cx.say("日英の文字", "Japanese and English"),
        FieldType::Integer => cx.say("整数", "whole number"),
        FieldType::Decimal => cx.say("数（印字どおり）", "number as printed"),
        FieldType::Flag => cx.say("はい・いいえ", "yes or no"),
        FieldType::Date => cx.say("日", "day"),
        FieldType::Year => cx.say("年", "calendar year"),
        FieldType::FiscalYear => cx.say("年度", "fiscal year"),
        FieldType::Yen => cx.say("金額（印字どおり）", "money as printed"),
        FieldType::Choice { .. } => cx.say("選択", "choice"),
        FieldType::Ref { .. } => cx.say("参照", "reference"),
        FieldType::Url => "URL",
        FieldType::List { .. } => cx.say("複数：", "several: "),
        FieldType::Table { .. } => cx.say("表", "table"),
        FieldType::Checklist { .. } => cx.say("点検表", "checklist"),
    };
    html! {
        (word)
        @match kind {
            FieldType::Ref { to: Some(to) } => { " → " a href=(cx.to(&format!("/registers/{to}/about"))) { (to) } }
            FieldType::List { of } => (self::kind(cx, of)),
            _ => {}
        }
    }
}

fn options(cx: &Cx, kind: &FieldType) -> Markup {
    let options = match kind {
        FieldType::Choice { options } => options,
        FieldType::Checklist { items } => items,
        FieldType::List { of } => return options(cx, of),
        _ => return html! {},
    };
    html! { ul.values { @for (value, names) in options { li { code { (value) } " " (names.get(cx.lang)) } } } }
}

fn states(cx: &Cx, declaration: &Declaration) -> Markup {
    let label = |state: &str| {
        declaration.states.get(state).map_or(state, |state| state.label.get(cx.lang)).to_owned()
    };
    let moves = |state: &State| {
        let to: Vec<String> = state.to.iter().map(|to| label(to)).collect();
        if to.is_empty() {
            cx.say("（移らない）", "(none)").to_owned()
        } else {
            to.join(cx.say("、", ", "))
        }
    };
    scroll(
        cx.say("状態と移り方", "States and moves"),
        &html! {
            thead { tr { th scope="col" { (cx.say("状態", "State")) } th scope="col" { (cx.say("移れる先", "May move to")) } } }
            tbody { @for (id, state) in &declaration.states {
                tr {
                    th scope="row" {
                        (state.label.get(cx.lang))
                        @if declaration.initial.as_ref() == Some(id) { " " span.tag { (cx.say("はじめ", "initial")) } }
                    }
                    td { (moves(state)) }
                }
            } }
        },
    )
}

fn clocks(cx: &Cx, declaration: &Declaration) -> Markup {
    let state = |state: &String| {
        declaration.states.get(state).map_or(state.as_str(), |state| state.label.get(cx.lang)).to_owned()
    };
    let field_label = |field: &String| {
        declaration.fields.get(field).map_or(field.as_str(), |field| field.label.get(cx.lang)).to_owned()
    };
    scroll(
        cx.say("期限", "Clocks"),
        &html! {
            thead { tr {
                th scope="col" { (cx.say("名前", "Name")) }
                th scope="col" { (cx.say("始まり", "Starts")) }
                th scope="col" { (cx.say("終わり", "Stops")) }
                th scope="col" { (cx.say("長さ", "Within")) }
                th scope="col" { (cx.say("根拠", "Laid down in")) }
            } }
            tbody { @for (name, clock) in &declaration.clocks {
                tr {
                    th scope="row" { (clock.label.get(cx.lang)) " " code { (name) } }
                    td {
                        @if let Some(starts) = &clock.starts { (cx.say("状態「", "state ")) (state(starts)) (cx.say("」から", "")) }
                        @if let Some(field) = &clock.starts_on { (field_label(field)) }
                    }
                    td { (clock.stops.iter().map(state).chain(clock.stops_on.iter().map(field_label)).collect::<Vec<_>>().join(cx.say("、", ", "))) }
                    td { (term(cx, clock.within)) }
                    td { @match &clock.source {
                        Some(said) => (source(cx, said)),
                        None => span.missing { (cx.say("根拠の資料なし（設定値）", "no source: configuration")) },
                    } }
                }
            } }
        },
    )
}

fn term(cx: &Cx, term: Term) -> String {
    match (term, cx.lang) {
        (Term::Days(n), base::Lang::Ja) => format!("{n}日"),
        (Term::BusinessDays(n), base::Lang::Ja) => format!("{n}営業日"),
        (Term::Months(n), base::Lang::Ja) => format!("{n}か月"),
        (Term::Years(n), base::Lang::Ja) => format!("{n}年"),
        (term, base::Lang::En) => String::from(term),
    }
}

/// A table in a box of its own, which scrolls where the screen is too narrow.
fn scroll(caption: &str, inside: &Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table { caption.unseen { (caption) } (inside) }
        }
    }
}
