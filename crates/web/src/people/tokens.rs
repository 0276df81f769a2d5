//! API tokens of one's own: made, shown once, revoked.

use std::collections::BTreeSet;

use account::api_token::{self, LONGEST_DAYS, Listed, Scope};
use account::{AccountError, Secret};
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};

use super::fields::{Fault, Input, Pairs, Typed, input};
use super::prove::fresh;
use super::visitor::Visitor;
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, when};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/me/tokens", get(page).post(make)).route("/me/tokens/revoke", post(revoke))
}

async fn page(visitor: Visitor) -> Result<Html, Failure> {
    let listed = list(&visitor).await?;
    Ok(show(&visitor.cx, &listed, &Pairs::default(), &Fault::none(), None))
}

async fn make(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let typed = typed.0;
    let here = match fresh(&visitor, &typed).await? {
        Ok(here) => here,
        Err(asked) => return Ok(asked),
    };
    let (name, days) = (typed.get("name").to_owned(), typed.get("days").parse().unwrap_or(0));
    let words = typed.all("scope").chain(typed.get("registers").split([' ', ',', '、']));
    let scopes: account::Result<BTreeSet<Scope>> =
        words.map(str::trim).filter(|word| !word.is_empty()).map(scope).collect();
    let made = match scopes {
        Ok(scopes) => {
            let person = here.signed_in.person;
            visitor
                .ask(move |door| {
                    api_token::make(door.store, &person, (&name, scopes, days), door.from, door.now)
                })
                .await?
        }
        Err(error) => Err(error),
    };
    let (fault, secret) = match made {
        Ok(secret) => (Fault::none(), Some(secret)),
        Err(error) => (Fault::of(error)?, None),
    };
    let kept = if secret.is_some() { Pairs::default() } else { typed };
    let listed = list(&visitor).await?;
    Ok(fault.answer(show(&visitor.cx, &listed, &kept, &fault, secret.as_ref())))
}

async fn revoke(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let (id, key) = (visitor.here().await?.signed_in.person.id, typed.0.get("key").to_owned());
    visitor.must(move |door| api_token::revoke(door.store, id, &key, door.from, door.now)).await?;
    Ok(Redirect::to(&visitor.cx.to("/me/tokens")).into_response())
}

async fn list(visitor: &Visitor) -> Result<Vec<Listed>, Failure> {
    let id = visitor.here().await?.signed_in.person.id;
    visitor.must(move |door| api_token::list(door.store, id, door.now)).await
}

/// `read`, `write`, or the id of a register.
fn scope(word: &str) -> Result<Scope, AccountError> {
    word.parse().or_else(|_| format!("registers:{word}").parse())
}

fn show(cx: &Cx, listed: &[Listed], typed: &Pairs, fault: &Fault, made: Option<&Secret>) -> Html {
    let body = html! {
        (fault.above(cx))
        @if let Some(secret) = made { (shown_once(cx, secret)) }
        (table(cx, listed))
        h2 { (cx.say("新しいトークン", "A new token")) }
        form #new-token method="post" action=(cx.to("/me/tokens")) {
            (input(cx, fault, Input {
                name: "name",
                label: cx.say("名前", "Name"),
                help: Some(cx.say("どのプログラムが使うか。", "Which program uses it.")),
                value: typed.get("name"),
                ..Input::default()
            }))
            (scopes(cx, typed, fault))
            (input(cx, fault, Input {
                name: "registers",
                label: cx.say("台帳を限る", "Only these registers"),
                help: Some(cx.say("台帳のIDを空白で区切る。空欄ならすべて。", "Ids of registers with blanks between; all where it is empty.")),
                value: typed.get("registers"),
                optional: true,
                ..Input::default()
            }))
            (input(cx, fault, Input {
                name: "days",
                label: cx.say("有効な日数（400日まで）", "Days it lasts (at most 400)"),
                kind: "number",
                value: if typed.get("days").is_empty() { "90" } else { typed.get("days") },
                ..Input::default()
            }))
            div.acts { button { (cx.say("つくる", "Make it")) } }
        }
    };
    debug_assert_eq!(LONGEST_DAYS, 400, "the label says so");
    let lead = cx.say(
        "プログラムがあなたの代わりにAPIを使うための鍵です。あなたの権限を超えることはありません。",
        "Keys by which programs use the API in your place. None has more rights than you.",
    );
    Page::new(cx.say("APIトークン", "API tokens"), body)
        .below(cx.say("自分のアカウント", "Your account"), "/me")
        .lead(lead)
        .show(cx)
}

fn scopes(cx: &Cx, typed: &Pairs, fault: &Fault) -> Markup {
    let writes = typed.get("scope") == "write";
    html! {
        fieldset #scope {
            legend { (cx.say("できること", "What it may do")) }
            (fault.words(cx, "scope"))
            p { label { input type="radio" name="scope" value="read" checked[!writes]; " " (cx.say("読む", "read")) } }
            p { label { input type="radio" name="scope" value="write" checked[writes]; " " (cx.say("読み書きする", "read and write")) } }
        }
    }
}

fn shown_once(cx: &Cx, secret: &Secret) -> Markup {
    html! {
        div.note #made role="status" {
            p {
                strong { (cx.say("トークンができました", "The token is made")) }
                (cx.say("表示は今回だけです。安全な場所に写してください。", "It is shown this once: copy it to a safe place."))
            }
            p { code #token { (secret.reveal()) } }
        }
    }
}

fn table(cx: &Cx, listed: &[Listed]) -> Markup {
    html! {
        @if listed.is_empty() {
            p.silent { (cx.say("トークンはまだありません。", "There are no tokens yet.")) }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(cx.say("APIトークン", "API tokens")) {
                table {
                    caption { (cx.say("新しい順", "Newest first")) }
                    thead { tr {
                        th scope="col" { (cx.say("名前", "Name")) }
                        th scope="col" { (cx.say("範囲", "Scopes")) }
                        th scope="col" { (cx.say("期限", "Until")) }
                        th scope="col" { (cx.say("最後の使用", "Last used")) }
                        th scope="col" { (cx.say("操作", "Acts")) }
                    } }
                    tbody {
                        @for Listed { key, token } in listed {
                            tr {
                                th scope="row" { (token.name) }
                                td { @for scope in &token.scopes { span.tag { (scope) } } }
                                td { (when(token.expires)) }
                                td { @if let Some(used) = token.used { (when(used)) } @else { "–" } }
                                td {
                                    form method="post" action=(cx.to("/me/tokens/revoke")) {
                                        button.danger name="key" value=(key) { (cx.say("取り消す", "Revoke")) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
