//! Changing one's own password: the one there is, is asked for.

use account::{AccountError, people, sign_in};
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::html;

use super::fields::{Fault, Input, Typed, input, new_password};
use super::prove::{by_password, fresh};
use super::visitor::{Here, Visitor};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/me/password", get(page).post(change))
}

async fn page(visitor: Visitor) -> Result<Html, Failure> {
    let here = visitor.here().await?;
    let has = has_one(&visitor, &here).await?;
    Ok(show(&visitor.cx, &here, has, &Fault::none()))
}

async fn change(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let typed = typed.0;
    let here = visitor.here().await?;
    let has = has_one(&visitor, &here).await?;
    let proved = if has {
        by_password(&visitor, &here, typed.get("current").to_owned()).await?
    } else {
        match fresh(&visitor, &typed).await? {
            Ok(_) => Ok(()),
            Err(asked) => return Ok(asked),
        }
    };
    let fault = match proved {
        Err(error @ (AccountError::Wrong | AccountError::Wait { .. })) => {
            Fault::of(error)?.moved_to("current")
        }
        Err(error) => Fault::of(error)?,
        Ok(()) => match set(&visitor, &here, typed.get("password"), typed.ticked("remove")).await? {
            Ok(()) => return Ok(Redirect::to(&visitor.cx.to("/me")).into_response()),
            Err(error) => Fault::of(error)?,
        },
    };
    Ok(fault.answer(show(&visitor.cx, &here, has, &fault)))
}

async fn set(
    visitor: &Visitor,
    here: &Here,
    new: &str,
    removes: bool,
) -> Result<account::Result<()>, Failure> {
    let (here, new) = (here.clone(), new.to_owned());
    visitor
        .ask(move |door| {
            if removes {
                return sign_in::remove_password(door.store, &here.signed_in.person, door.from, door.now);
            }
            let session = (&*here.token, &here.signed_in);
            sign_in::change_password(door.store, session, &new, door.from, door.now)
        })
        .await
}

async fn has_one(visitor: &Visitor, here: &Here) -> Result<bool, Failure> {
    let id = here.signed_in.person.id;
    visitor.must(move |door| Ok(people::ways_in(door.store, id, door.now)?.password)).await
}

fn show(cx: &Cx, here: &Here, has: bool, fault: &Fault) -> Html {
    let body = html! {
        (fault.above(cx))
        form #password-form method="post" action=(cx.to("/me/password")) {
            input type="hidden" name="username" value=(here.signed_in.person.profile.login) autocomplete="username";
            @if has {
                (input(cx, fault, Input {
                    name: "current",
                    label: cx.say("今のパスワード", "Current password"),
                    kind: "password",
                    autocomplete: "current-password",
                    ..Input::default()
                }))
            }
            (new_password(cx, fault))
            div.acts {
                button { (cx.say("設定する", "Set it")) }
                @if has {
                    button.danger name="remove" value="yes" formnovalidate { (cx.say("パスワードをなくす（パスキー等で入る）", "Have none (come in by passkey or the like)")) }
                }
            }
        }
    };
    let lead = cx.say(
        "変更すると、ほかの端末のサインインは終わります。",
        "A change ends your sessions on other devices.",
    );
    Page::new(cx.say("パスワード", "Password"), body)
        .below(cx.say("自分のアカウント", "Your account"), "/me")
        .lead(lead)
        .show(cx)
}
