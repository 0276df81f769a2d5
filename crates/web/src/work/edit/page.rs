//! The pages with the forms: a new record, and one that is changed, with what was typed before and what is wrong with it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use base::{Lang, Names};
use maud::{Markup, html};
use register::{Declaration, FieldType, Record, Sight};
use report::Severity;
use serde_json::{Value, json};
use store::{Query, Sort};

use super::inputs::Inputs;
use super::merge::Both;
use super::{around, declaration, load, pairs, path, reference, title};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page, clock_time};
use crate::work::drafts::{self, Draft};
use crate::work::posted::Posted;

/// A register with more records is searched instead of listed in full.
const FEW: u64 = 300;

/// A form as it is shown.
pub(super) struct Shown<'a> {
    pub(super) declaration: &'a Declaration,
    /// The record as the viewer may see it; for a new one, what is given already.
    pub(super) record: &'a Record,
    /// The version that was looked at; 0 for a new record.
    pub(super) version: u64,
    pub(super) posted: &'a Posted,
    pub(super) faults: &'a [(String, Names)],
    pub(super) no_source: bool,
    /// Fields that somebody else has changed too, and the version that holds theirs.
    pub(super) both: &'a [Both],
    pub(super) newest: u64,
    /// A draft that is not shown.
    pub(super) draft: Option<&'a Draft>,
}

/// The form for a new record.
pub(super) async fn new(cx: Cx, Path(register): Path<String>) -> Result<Html, Failure> {
    cx.person()?;
    let declaration = declaration(&cx, &register)?;
    if !Sight::of(declaration, &cx.viewer).may_create() {
        return Err(Failure::Denied);
    }
    let record = blank(&cx, declaration)?;
    let place = format!("/registers/{register}/new");
    let drafts = drafts::of(&cx, &place).await?;
    let posted = restored(&cx, drafts.get("")).unwrap_or_else(|| of(declaration, &record, true));
    let draft = drafts.get("").filter(|_| !wants_draft(&cx));
    let shown = Shown {
        declaration,
        record: &record,
        version: 0,
        posted: &posted,
        faults: &[],
        no_source: false,
        both: &[],
        newest: 0,
        draft,
    };
    show(&cx, &shown).await
}

/// The form for a record.
pub(super) async fn edit(cx: Cx, Path((register, record)): Path<(String, String)>) -> Result<Html, Failure> {
    let reference = reference(&register, &record)?;
    let loaded = load(&cx, &reference).await?;
    let declaration = declaration(&cx, &register)?;
    must_change_something(&cx, declaration, &loaded.whole.record)?;
    let place = format!("{}/edit", path(&reference));
    let drafts = drafts::of(&cx, &place).await?;
    let posted = restored(&cx, drafts.get("")).unwrap_or_else(|| of(declaration, &loaded.seen, false));
    let version =
        drafts.get("").filter(|_| wants_draft(&cx)).map_or(loaded.whole.version, |draft| draft.version);
    let draft = drafts.get("").filter(|_| !wants_draft(&cx));
    let shown = Shown {
        declaration,
        record: &loaded.seen,
        version,
        posted: &posted,
        faults: &[],
        no_source: false,
        both: &[],
        newest: loaded.whole.version,
        draft,
    };
    show(&cx, &shown).await
}

/// Records to choose from, for inputs that point into a large register. The script asks this.
pub(super) async fn choices(cx: Cx, Path(register): Path<String>) -> Result<Json<Value>, Failure> {
    cx.person()?;
    let query = cx.query.clone().unwrap_or_default();
    let text = axum::extract::Query::<BTreeMap<String, String>>::try_from_uri(
        &format!("/?{query}").parse().map_err(Failure::broken)?,
    );
    let text = text.map(|query| query.0.get("q").cloned().unwrap_or_default()).unwrap_or_default();
    let lang = cx.lang;
    let found = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            let declaration = reading.declaration(&register)?;
            let query = Query {
                text: Some(text).filter(|text| !text.is_empty()),
                limit: 20,
                sort: Sort::Title,
                ..Query::of(declaration.id.clone())
            };
            let items = reading.list(query)?.items;
            Ok(items
                .iter()
                .map(|seen| json!([seen.record.reference(), title(declaration, &seen.record, lang)]))
                .collect::<Vec<_>>())
        })
        .await?;
    Ok(Json(Value::Array(found)))
}

/// A record that nobody has written yet. Whoever creates it as its owner is named as the owner.
pub(super) fn blank(cx: &Cx, declaration: &Declaration) -> Result<Record, Failure> {
    let id = cx.now.strftime("%Y%m%d-%H%M%S").to_string().parse().map_err(Failure::broken)?;
    let mut record = Record::new(declaration.id.clone(), id, base::Source::default());
    record.sources.clear();
    record.state.clone_from(&declaration.initial);
    if let Some(field) = &declaration.rights.owner {
        let is_ref =
            declaration.fields.get(field).is_some_and(|field| matches!(field.kind, FieldType::Ref { .. }));
        let mine = cx.viewer.organisations.iter().find(|name| name.contains(':') == is_ref);
        record.set(field, mine);
    }
    Ok(record)
}

/// A record as the pairs of its form.
pub(super) fn of(declaration: &Declaration, record: &Record, is_new: bool) -> Posted {
    let pairs = pairs::of_record(declaration, record).into_iter().chain(around::of_record(record, true));
    let id = is_new.then(|| ("id".to_owned(), record.id.to_string()));
    Posted::of(pairs.chain(id))
}

fn wants_draft(cx: &Cx) -> bool {
    cx.query.as_deref() == Some("draft=1")
}

fn restored(cx: &Cx, draft: Option<&Draft>) -> Option<Posted> {
    let draft = draft.filter(|_| wants_draft(cx))?;
    Some(Posted::of(draft.texts.clone()))
}

/// Refuses whoever may change nothing at all of a record.
pub(super) fn must_change_something(
    cx: &Cx,
    declaration: &Declaration,
    record: &Record,
) -> Result<(), Failure> {
    let sight = Sight::of(declaration, &cx.viewer);
    let some = sight.may_change(record)
        || declaration.fields.keys().any(|field| sight.may_change_field(record, field));
    if some { Ok(()) } else { Err(Failure::Denied) }
}

/// The page of a form.
pub(super) async fn show(cx: &Cx, shown: &Shown<'_>) -> Result<Html, Failure> {
    let Shown { declaration, record, version, .. } = shown;
    let is_new = shown.version == 0;
    let choices = few(cx, declaration).await?;
    let sight = Sight::of(declaration, &cx.viewer);
    let may_change = |field: &str| sight.may_change_field(record, field);
    let whole = sight.may_change(record) || is_new;
    let inputs = Inputs { cx, declaration, posted: shown.posted, faults: shown.faults, choices: &choices };
    let place = if is_new {
        format!("/registers/{}/new", declaration.id)
    } else {
        format!("{}/edit", path(&record.reference()))
    };
    let draft_to = place.strip_suffix("/edit").unwrap_or(&place);
    let body = html! {
        (problems(cx, shown))
        @if let Some(draft) = shown.draft { (draft_note(cx, draft, &place, draft_to)) }
        form method="post" action=(cx.to(&place)) data-draft=(cx.to(&format!("{draft_to}/draft"))) data-row data-lost=(cx.say("保存できていません（通信なし）", "not kept (no connection)")) {
            button.unseen type="submit" tabindex="-1" { (cx.say("保存", "Save")) }
            input type="hidden" name="version" value=(version);
            @if !shown.both.is_empty() { (conflict(cx, shown)) }
            @if is_new { (id_input(cx, shown.posted)) }
            (inputs.all(may_change))
            @if whole {
                (around::source_inputs(cx, shown.posted, shown.no_source))
                (around::link_inputs(cx, shown.posted))
                input type="hidden" name="around" value="1";
            }
            div.field {
                label for="reason" { (cx.say("変更の理由", "Reason for the change")) span.needed { (cx.say("必須", "required")) } }
                input #reason name="reason" value=(shown.posted.text("reason")) required maxlength="500";
            }
            p.acts.bar {
                button type="submit" { (cx.say("保存", "Save")) }
                @if !is_new { a href=(cx.to(&path(&record.reference()))) { (cx.say("やめる", "Cancel")) } }
                span.saved data-status role="status" {}
            }
        }
        @if !is_new && whole { (states(cx, shown)) (withdraw(cx, shown)) }
    };
    let name = declaration.name.get(cx.lang);
    let heading = if is_new {
        match cx.lang {
            Lang::Ja => format!("{name}に記録を加える"),
            Lang::En => format!("New record in {name}"),
        }
    } else {
        match cx.lang {
            Lang::Ja => format!("{}を編集", title(declaration, record, cx.lang)),
            Lang::En => format!("Edit {}", title(declaration, record, cx.lang)),
        }
    };
    let page = Page::new(heading, body)
        .wide()
        .below(cx.say("台帳", "Registers"), "/registers")
        .below(name, format!("/registers/{}", declaration.id));
    Ok(page.show(cx))
}

fn problems(cx: &Cx, shown: &Shown<'_>) -> Markup {
    let count = shown.faults.len() + usize::from(shown.no_source);
    html! {
        @if count > 0 {
            div.note.problem role="alert" {
                p { strong { (count) (cx.say("か所を直してください。入力はそのまま残っています。", if count == 1 { " thing to correct. What you typed is kept." } else { " things to correct. What you typed is kept." })) } }
                ul {
                    @for (at, fault) in shown.faults { li { a href={ "#" (pairs::input(at)) } { code { (at) } } " " (fault.get(cx.lang)) } }
                    @if shown.no_source { li { a href="#wrong-source" { (cx.say("出典", "Sources")) } " " (register::Fault::NoSource.names().get(cx.lang)) } }
                }
            }
        }
    }
}

fn draft_note(cx: &Cx, draft: &Draft, place: &str, draft_to: &str) -> Markup {
    look::note(
        cx,
        Severity::Caution,
        &html! {
            " " (cx.say("保存していない下書きがあります：", "There is a draft that was not saved: ")) (look::when(draft.at)) " "
            a href=(cx.to(&format!("{place}?draft=1"))) { (cx.say("下書きの続きから", "Go on with the draft")) } " "
            form.plain method="post" action=(cx.to(&format!("{draft_to}/draft"))) { input type="hidden" name="discard" value="1"; button.link { (cx.say("下書きを捨てる", "Throw it away")) } }
        },
    )
}

fn id_input(cx: &Cx, posted: &Posted) -> Markup {
    html! {
        div.field {
            label for="id" { (cx.say("記録の名前（ID）", "Name of the record (id)")) }
            p.help { (cx.say("文字・数字・-・_・. のみ。あとから変えられません。", "Letters, digits, -, _ and . only; it cannot be changed later.")) }
            input #id name="id" value=(posted.text("id")) required maxlength="200";
        }
    }
}

/// Fields that both have changed, side by side.
fn conflict(cx: &Cx, shown: &Shown<'_>) -> Markup {
    let words = |field: &str, value: Option<&Value>| {
        let declared = shown.declaration.fields.get(field);
        declared.map(|field| {
            maud::PreEscaped(report::html::cell(
                &report::outline::record::value(field, value, cx.lang),
                cx.lang,
            ))
        })
    };
    html! {
        fieldset.conflict.broad {
            legend { (cx.say("ほかの人が同じ項目を先に変えました", "Somebody else has changed the same fields first")) }
            input type="hidden" name="seen" value=(shown.newest);
            @for both in shown.both {
                h3 { (shown.declaration.fields.get(&both.field).map_or(both.field.as_str(), |field| field.label.get(cx.lang))) }
                div.beside {
                    div { p.label { (cx.say("保存されている内容", "Saved")) } div.theirs { (words(&both.field, both.theirs.as_ref()).unwrap_or_default()) }
                        label { input type="radio" name={ "choice:" (both.field) } value="theirs"; " " (cx.say("こちらを残す", "Keep this")) } }
                    div { p.label { (cx.say("あなたの入力", "Yours")) } div.mine { (words(&both.field, both.mine.as_ref()).unwrap_or_default()) }
                        label { input type="radio" name={ "choice:" (both.field) } value="mine"; " " (cx.say("こちらで保存（下の欄で書き直せます）", "Save this (you may edit it below)")) } }
                }
            }
        }
    }
}

/// The moves the record's state allows, as buttons.
fn states(cx: &Cx, shown: &Shown<'_>) -> Markup {
    let Some(state) = shown.record.state.as_deref().and_then(|state| shown.declaration.states.get(state))
    else {
        return html! {};
    };
    html! {
        h2 { (cx.say("状態", "State")) }
        p { (cx.say("いまの状態：", "Now: ")) span.tag { (state.label.get(cx.lang)) } }
        @if state.to.is_empty() { p.quiet { (cx.say("ここから移れる状態はありません。", "There is no state to move to from here.")) } }
        @else {
            form method="post" action=(cx.to(&format!("{}/move", path(&shown.record.reference())))) {
                input type="hidden" name="version" value=(shown.newest);
                div.field { label for="move-reason" { (cx.say("理由", "Reason")) } input #move-reason name="reason" required maxlength="500"; }
                p.acts { @for to in &state.to {
                    button.second name="to" value=(to) { "→ " (shown.declaration.states.get(to).map_or(to.as_str(), |state| state.label.get(cx.lang))) }
                } }
            }
        }
    }
}

fn withdraw(cx: &Cx, shown: &Shown<'_>) -> Markup {
    html! {
        details.withdraw {
            summary { (cx.say("記録を取り下げる", "Withdraw the record")) }
            p { (cx.say("一覧から外れますが、履歴は残り、元に戻せます。", "It leaves the lists; its history stays, and it can be brought back.")) }
            form method="post" action=(cx.to(&format!("{}/withdraw", path(&shown.record.reference())))) {
                input type="hidden" name="version" value=(shown.newest);
                div.field { label for="withdraw-reason" { (cx.say("理由", "Reason")) } input #withdraw-reason name="reason" required maxlength="500"; }
                button.danger { (cx.say("取り下げる", "Withdraw")) }
            }
        }
    }
}

/// The records of small registers that fields point into.
async fn few(cx: &Cx, declaration: &Declaration) -> Result<BTreeMap<String, Vec<(String, String)>>, Failure> {
    fn targets(kind: &FieldType, found: &mut Vec<String>) {
        match kind {
            FieldType::Ref { to: Some(to) } => found.push(to.to_string()),
            FieldType::List { of } => targets(of, found),
            FieldType::Table { columns } => columns.values().for_each(|column| targets(&column.kind, found)),
            _ => {}
        }
    }
    let mut registers = Vec::new();
    declaration.fields.values().for_each(|field| targets(&field.kind, &mut registers));
    let lang = cx.lang;
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            let mut few = BTreeMap::new();
            for register in registers {
                let Ok(declaration) = reading.declaration(&register) else { continue };
                if few.contains_key(&register) || reading.count(declaration)?.most > FEW {
                    continue;
                }
                let mut records = Vec::new();
                reading.each(&register, |seen| {
                    records
                        .push((seen.record.reference().to_string(), title(declaration, &seen.record, lang)));
                })?;
                few.insert(register, records);
            }
            Ok(few)
        })
        .await
}

/// When a draft was kept, for the script.
pub(super) fn kept_words(cx: &Cx) -> String {
    format!("{} {}", cx.say("下書きを保存しました", "Draft kept"), clock_time(cx.now))
}
