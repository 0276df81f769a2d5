//! Signing in by a password, and signing out. Works without a script; a passkey's button appears where the browser has passkeys.

use account::{session, sign_in};
use axum::Router;
use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::Lang;
use maud::{Markup, html};

use super::fields::{Fault, Input, Pairs, Typed, input};
use super::visitor::Visitor;
use super::{cookie, passkeys, sign_on};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

/// Where people go who have signed in and were on the way to nowhere.
pub(super) const DESK: &str = "/desk";

pub(super) fn routes() -> Router<App> {
    Router::new().route("/sign-in", get(page).post(enter)).route("/sign-out", post(leave))
}

/// Lets somebody in: the browser is given the session and sent on. The session it had before ends.
pub(super) async fn entered(visitor: &Visitor, token: &str, next: &str) -> Result<Response, Failure> {
    end_before(visitor).await?;
    let cookie = cookie::give_session(&visitor.cx.app.config, token)?;
    let mut response = Redirect::to(&in_their_language(visitor, token, onward(next)).await?).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The address of a page for somebody who has come in: in English where they have chosen that, and where they came in by
/// English pages. Japanese is what everybody has who has not chosen.
pub(super) async fn in_their_language(visitor: &Visitor, token: &str, path: &str) -> Result<String, Failure> {
    let token = token.to_owned();
    let found = visitor.must(move |door| session::find(door.store, &token, door.now)).await?;
    let chosen = found.map(|found| found.person.profile.language).unwrap_or_default();
    let is_english = path == "/en" || path.starts_with("/en/");
    Ok(match chosen {
        Lang::En if !is_english => visitor.cx.in_language(Lang::En).to(path),
        _ => visitor.cx.to(path),
    })
}

/// Ends the session the browser had.
pub(super) async fn end_before(visitor: &Visitor) -> Result<(), Failure> {
    match visitor.token.clone() {
        Some(token) => visitor.must(move |door| sign_in::out(door.store, &token, door.from, door.now)).await,
        None => Ok(()),
    }
}

/// Where somebody goes on to: a page of this site, or the desk. Browsers read `//host` and `/\host` as another site.
pub(super) fn onward(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let local =
        next.starts_with('/') && !next.starts_with("//") && !next.contains("/..") && !next.contains("/./");
    let door = ["/sign-in", "/sign-out", "/sso/", "/setup/", "/invite/", "/reset/"];
    if plain && local && next.len() <= 2000 && !door.iter().any(|door| next.starts_with(door)) {
        next
    } else {
        DESK
    }
}

async fn page(visitor: Visitor, Query(query): Query<Pairs>) -> Response {
    let next = onward(query.get("next"));
    if visitor.cx.person.is_some() {
        return Redirect::to(&visitor.cx.to(next)).into_response();
    }
    show(&visitor.cx, "", next, &Fault::none()).into_response()
}

async fn enter(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let typed = typed.0;
    let (login, password) = (typed.get("login").to_owned(), typed.get("password").to_owned());
    let entered_by = visitor
        .ask(move |door| sign_in::by_password(door.store, &login, &password, door.from, door.now))
        .await?;
    let next = onward(typed.get("next"));
    match entered_by {
        Ok(person) => entered(&visitor, person.token.reveal(), next).await,
        Err(error) => {
            let fault = Fault::of(error)?;
            Ok(fault.answer(show(&visitor.cx, typed.get("login"), next, &fault)))
        }
    }
}

pub(super) fn show(cx: &Cx, login: &str, next: &str, fault: &Fault) -> Html {
    let name = Input {
        name: "login",
        label: cx.say("ログイン名", "Login name"),
        value: login,
        autocomplete: "username webauthn",
        ..Input::default()
    };
    let password = Input {
        name: "password",
        label: cx.say("パスワード", "Password"),
        kind: "password",
        autocomplete: "current-password",
        ..Input::default()
    };
    let body = html! {
        (fault.above(cx))
        form #sign-in method="post" action=(cx.to("/sign-in")) {
            input type="hidden" name="next" value=(next);
            (input(cx, fault, name))
            (input(cx, fault, password))
            div.acts { button { (cx.say("サインイン", "Sign in")) } }
        }
        (other_ways(cx, next))
        p.silent {
            (cx.say(
                "アカウントは管理者がつくります。パスワードを忘れたときは、管理者に再設定のリンクを依頼してください。",
                "Accounts are made by an administrator. If you have forgotten your password, ask one for a link to set it anew.",
            ))
        }
    };
    Page::new(cx.say("サインイン", "Sign in"), body).show(cx)
}

fn other_ways(cx: &Cx, next: &str) -> Markup {
    html! {
        (passkeys::button(cx, "passkey-sign-in", "sign-in", next, cx.say("パスキーでサインイン", "Sign in with a passkey")))
        (sign_on::button(cx, "sign-in", next))
    }
}

async fn leave(visitor: Visitor) -> Result<Response, Failure> {
    let cx = &visitor.cx;
    let here = if visitor.token.is_some() { visitor.here().await.ok() } else { None };
    let there = match &here {
        Some(here) => sign_on::sign_out(&visitor, here).await,
        None => None,
    };
    end_before(&visitor).await?;
    let mut response = match there {
        Some(url) => sign_on::away(cx, &url, cx.say("サインアウトを続ける", "Go on signing out"))?,
        None => Redirect::to(&cx.to("/")).into_response(),
    };
    response.headers_mut().append(header::SET_COOKIE, cookie::take_session(&cx.app.config)?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_to_pages_of_this_site_alone() {
        for next in ["/", "/plan?year=2024", "/registers/kgi/a%2Fb", "/desk//rows"] {
            assert_eq!(onward(next), next);
        }
        for next in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /plan",
            "/plan\r\nset-cookie: a=b",
            "/\tevil.example",
            "/../elsewhere",
            "/sign-out",
            "/sign-in?next=/sign-in",
        ] {
            assert_eq!(onward(next), DESK, "{next}");
        }
    }
}
