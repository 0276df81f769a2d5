//! Single sign-on: the way to the provider and back, and the sign-out there. The protocol is the account's.

use std::sync::Arc;

use account::session::Method;
use account::sign_on::{Answer, Done, For};
use account::{AccountError, SignOn};
use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::Lang;
use maud::{Markup, html};

use super::cookie;
use super::fields::{Fault, Pairs, Typed};
use super::prove;
use super::sign_in::{entered, onward, show};
use super::visitor::{Door, Here, Visitor};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::Page;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/sso/start", post(start)).route("/sso/callback", get(back))
}

/// The button, where there is a provider. `wanted` is `sign-in`, `add`, `proof`, or `link:` and the token of a link.
pub(super) fn button(cx: &Cx, wanted: &str, next: &str) -> Markup {
    let Some(provider) = &cx.app.ways.sign_on else { return html! {} };
    let name = provider.config().name.get(cx.lang);
    html! {
        form.sign-on method="post" action=(cx.to("/sso/start")) {
            input type="hidden" name="for" value=(wanted);
            input type="hidden" name="next" value=(next);
            div.acts { button.second id={ "sign-on-" (wanted.split(':').next().unwrap_or_default()) } { (words(cx, wanted, name)) } }
        }
    }
}

/// The address at which somebody who came by single sign-on signs out there too.
pub(super) async fn sign_out(visitor: &Visitor, here: &Here) -> Option<String> {
    let provider = visitor.cx.app.ways.sign_on.clone()?;
    if here.signed_in.session.method != Method::SignOn {
        return None;
    }
    let config = &visitor.cx.app.config;
    let home = format!("{}{}/", config.origin(), config.prefix);
    asking(visitor, move |_| Ok(provider.sign_out(&home))).await.ok()?.ok()?
}

/// A page that leads to another site. A redirect would do, but browsers hold the answer to a form to the sites that forms
/// may go to, and that is this one alone.
pub(super) fn away(cx: &Cx, url: &str, name: &str) -> Result<Response, Failure> {
    let body = html! {
        p { a #onward href=(url) rel="external" { (name) } }
    };
    let page = Page::new(cx.say("移動しています", "On the way"), body).show(cx);
    let mut response = page.into_response();
    let refresh = HeaderValue::try_from(format!("0; url={url}")).map_err(Failure::broken)?;
    response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    Ok(response)
}

async fn start(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let (cx, typed) = (&visitor.cx, typed.0);
    let provider = provider(cx)?;
    let name = provider.config().name.get(cx.lang).to_owned();
    let here = match typed.get("for") {
        // Who adds a way in proves first by another that it is them.
        "add" => match prove::fresh(&visitor, &typed).await? {
            Ok(here) => Some(here),
            Err(asked) => return Ok(asked),
        },
        "proof" => Some(visitor.here().await?),
        _ => None,
    };
    let back = cx.lang.pick("", "/en").to_owned() + onward(typed.get("next"));
    let wanted = typed.get("for").to_owned();
    let sent = asking(&visitor, move |door| {
        let wanted = match (&*wanted, &here) {
            ("add", Some(here)) => For::Add(&here.signed_in),
            ("proof", Some(here)) => For::Proof(&here.signed_in),
            (wanted, _) => wanted.strip_prefix("link:").map_or(For::SignIn, For::Link),
        };
        provider.start(door.store, wanted, Some(&back), door.now)
    })
    .await?;
    match sent {
        Ok(sent) => {
            let mut response = away(cx, &sent.url, &name)?;
            let cookie = cookie::give_sign_on(&cx.app.config, sent.state.reveal(), cx.lang)?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => refused(cx, error),
    }
}

async fn back(visitor: Visitor, Query(query): Query<Pairs>) -> Result<Response, Failure> {
    let cx = &visitor.cx;
    let provider = provider(cx)?;
    let here = if visitor.token.is_some() { visitor.here().await.ok() } else { None };
    let (cookie, lang) = visitor.sign_on.clone().unwrap_or_default();
    let finished = asking(&visitor, move |door| {
        let given = |name| Some(query.get(name)).filter(|text| !text.is_empty());
        let answer =
            Answer { state: query.get("state"), code: given("code"), error: given("error"), cookie: &cookie };
        let session = here.as_ref().map(|here| (&*here.token, &here.signed_in));
        provider.finish(door.store, answer, session, door.from, door.now)
    })
    .await?;
    let mut response = match finished {
        Ok(finished) => {
            let next = finished.back.unwrap_or_default();
            match finished.done {
                Done::Entered(person) => entered(&visitor, person.token.reveal(), &next).await?,
                Done::Added | Done::Proved => Redirect::to(&cx.to(onward(&next))).into_response(),
            }
        }
        Err(error) => refused(&cx.in_language(lang), error)?,
    };
    response.headers_mut().append(header::SET_COOKIE, cookie::take_sign_on(&cx.app.config)?);
    Ok(response)
}

/// Asks the provider. Few at a time: a slow provider must not keep the other doors shut.
async fn asking<T: Send + 'static>(
    visitor: &Visitor,
    work: impl FnOnce(&Door<'_>) -> account::Result<T> + Send + 'static,
) -> Result<account::Result<T>, Failure> {
    let Ok(place) = Arc::clone(&visitor.cx.app.ways.asking).try_acquire_owned() else {
        return Ok(Err(AccountError::Busy));
    };
    visitor
        .ask(move |door| {
            let _place = place;
            work(door)
        })
        .await
}

fn provider(cx: &Cx) -> Result<Arc<SignOn>, Failure> {
    cx.app.ways.sign_on.clone().ok_or(Failure::NotFound)
}

fn refused(cx: &Cx, error: AccountError) -> Result<Response, Failure> {
    let fault = Fault::of(error)?;
    Ok(fault.answer(show(cx, "", onward(""), &fault)))
}

fn words(cx: &Cx, wanted: &str, name: &str) -> String {
    let (ja, en) = match wanted {
        "add" => (format!("{name}を追加"), format!("Add {name}")),
        "proof" => (format!("{name}で確認"), format!("Confirm with {name}")),
        _ => (format!("{name}でサインイン"), format!("Sign in with {name}")),
    };
    if cx.lang == Lang::Ja { ja } else { en }
}
