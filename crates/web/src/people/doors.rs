//! The log of doors: sign-ins, denied tries and changes of what opens a door, newest first. Writing it is the account's business
//! but for one line: that somebody was refused a page or a change.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use account::door::{self, Event, Kind, Outcome};
use account::session::Method;
use account::{AccountError, Caller, PersonId, people};
use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use jiff::Timestamp;
use maud::{Markup, html};
use store::Store;

use super::fields::Pairs;
use super::prove::must_administrate;
use super::visitor::Visitor;
use crate::address::escaped;
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, when};

/// Events of a page.
const EVENTS: usize = 100;

/// What people in the log are called.
pub(super) type Names = HashMap<PersonId, String>;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/doors", get(page))
}

/// Notes that somebody who has signed in was refused something. The answer does not wait for it.
pub(crate) fn refused(cx: &Cx, method: &str) {
    let Some(person) = cx.person.as_ref().and_then(|person| person.id.parse::<PersonId>().ok()) else {
        return;
    };
    let event = Event::new(Kind::RightDenied, Outcome::Refused, &Caller::at(cx.client, None), cx.now);
    let event = event.by(person).about(&format!("{method} {}", cx.path));
    let app = cx.app.clone();
    tokio::spawn(async move {
        let noted = app.desk.at_door(move |store| door::note(store, &event)).await;
        if !matches!(noted, Ok(Ok(()))) {
            tracing::warn!("a denied try could not be noted");
        }
    });
}

/// From where somebody came.
pub(super) fn place(from: &Caller) -> Markup {
    html! {
        @if let Some(address) = from.address { (address) }
        @if let Some(agent) = &from.agent { " " span.silent.clamp { (agent) } }
    }
}

/// Events as a table.
pub(super) fn table(cx: &Cx, events: &[Event], names: &Names) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.say("入退の記録", "Log of doors")) {
            table.records {
                caption { (cx.say("新しい順", "Newest first")) }
                thead { tr {
                    th scope="col" { (cx.say("日時", "When")) }
                    th scope="col" { (cx.say("できごと", "What")) }
                    th scope="col" { (cx.say("結果", "Outcome")) }
                    th scope="col" { (cx.say("誰が", "Who")) }
                    th scope="col" { (cx.say("誰に", "To whom")) }
                    th scope="col" { (cx.say("方法", "How")) }
                    th scope="col" { (cx.say("どこから", "From")) }
                    th scope="col" { (cx.say("対象", "About")) }
                } }
                tbody { @for event in events { (row(cx, event, names)) } }
            }
        }
    }
}

async fn page(visitor: Visitor, Query(query): Query<Pairs>) -> Result<Html, Failure> {
    let cx = &visitor.cx;
    must_administrate(&visitor.here().await?)?;
    let after = Some(query.get("after").to_owned()).filter(|after| !after.is_empty());
    let (page, names) = visitor
        .must(move |door| {
            let page = door::page(door.store, after.as_deref(), EVENTS, door.now)?;
            let names = names(door.store, &page.events, door.now)?;
            Ok((page, names))
        })
        .await?;
    let body = html! {
        (table(cx, &page.events, &names))
        nav.pager aria-label=(cx.say("ページ送り", "Pages")) {
            @if !query.get("after").is_empty() { a href=(cx.to("/doors")) rel="first" { (cx.say("最初のページ", "First page")) } }
            @if let Some(next) = &page.next {
                a href=(cx.to(&format!("/doors?after={}", escaped(next)))) rel="next" { (cx.say("次のページ", "Next page")) }
            }
        }
    };
    let lead = cx.say(
        "サインイン、拒まれた試み、入り口の変更。400日間残ります。誰も持たないログイン名は、パスワードの打ち間違いかもしれないので、#で始まる符号だけを残します。",
        "Sign-ins, denied tries, changes of what opens a door; kept for 400 days. Of a login name that nobody has only a mark that begins with # is kept: it may be a mistyped password.",
    );
    Ok(Page::new(cx.say("入退の記録", "Log of doors"), body)
        .below(cx.say("利用者", "People"), "/people")
        .lead(lead)
        .wide()
        .show(cx))
}

fn names(store: &Store, events: &[Event], now: Timestamp) -> Result<Names, AccountError> {
    let mut names = Names::new();
    for id in events.iter().flat_map(|event| [event.person, event.to]).flatten() {
        if let Entry::Vacant(unnamed) = names.entry(id) {
            let person = people::find(store, id, now)?;
            unnamed.insert(person.map_or_else(|| id.to_string(), |person| person.value.profile.name));
        }
    }
    Ok(names)
}

fn row(cx: &Cx, event: &Event, names: &Names) -> Markup {
    let name = |id: Option<PersonId>| id.and_then(|id| names.get(&id)).map(String::as_str);
    let (class, outcome) = match event.outcome {
        Outcome::Done => ("tag good", cx.say("完了", "done")),
        Outcome::Refused => ("tag bad", cx.say("拒否", "refused")),
        Outcome::Slowed => ("tag bad", cx.say("拒否・待機", "refused, slowed")),
    };
    html! {
        tr {
            td { (when(event.at)) }
            td { (kind(cx, event.kind)) }
            td { span class=(class) { (outcome) } }
            td {
                @if let Some(name) = name(event.person) { (name) }
                @if let Some(login) = &event.login { " " span.silent { (login) } }
            }
            td { (name(event.to).unwrap_or_default()) }
            td { @if let Some(by) = event.method { (method(cx, by)) } }
            td { (place(&event.from)) }
            td { (event.about.as_deref().unwrap_or_default()) }
        }
    }
}

fn kind(cx: &Cx, kind: Kind) -> &'static str {
    let (ja, en) = match kind {
        Kind::SignIn => ("サインイン", "sign-in"),
        Kind::SignOut => ("サインアウト", "sign-out"),
        Kind::Proof => ("本人の確認", "proof"),
        Kind::SetUp => ("初期設定", "first set-up"),
        Kind::PersonMade => ("利用者の追加", "person made"),
        Kind::PersonChanged => ("利用者の変更", "person changed"),
        Kind::PersonDisabled => ("利用者の停止", "person disabled"),
        Kind::PersonEnabled => ("利用者の再開", "person enabled"),
        Kind::PasswordSet => ("パスワードの設定", "password set"),
        Kind::PasskeyAdded => ("パスキーの追加", "passkey added"),
        Kind::PasskeyRemoved => ("パスキーの削除", "passkey removed"),
        Kind::SignOnLinked => ("シングルサインオンの追加", "single sign-on linked"),
        Kind::SignOnUnlinked => ("シングルサインオンの切り離し", "single sign-on unlinked"),
        Kind::LinkMade => ("リンクの発行", "link made"),
        Kind::TokenMade => ("APIトークンの発行", "API token made"),
        Kind::TokenRevoked => ("APIトークンの取消", "API token revoked"),
        Kind::SessionsEnded => ("サインインの終了", "sessions ended"),
        Kind::RightDenied => ("権限のない要求", "right denied"),
    };
    cx.lang.pick(ja, en)
}

fn method(cx: &Cx, method: Method) -> &'static str {
    let (ja, en) = match method {
        Method::Password => ("パスワード", "password"),
        Method::Passkey => ("パスキー", "passkey"),
        Method::SignOn => ("シングルサインオン", "single sign-on"),
        Method::Link => ("リンク", "link"),
        Method::Token => ("APIトークン", "API token"),
    };
    cx.lang.pick(ja, en)
}
