//! Proving once more who one is, before an act that opens doors. Nothing typed is lost: the page that asks carries the form on.

use account::{AccountError, people, sign_in};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;

use super::fields::{Fault, Input, Pairs, input};
use super::visitor::{Here, Visitor, failure};
use crate::failure::Failure;
use crate::look::Page;

/// The field that holds the proof.
const PROOF: &str = "proof";

/// The session of somebody who has proved just now who they are. Otherwise the page that asks for it: its form sends what was
/// typed again, to the same address.
pub(super) async fn fresh(visitor: &Visitor, typed: &Pairs) -> Result<Result<Here, Response>, Failure> {
    let here = visitor.here().await?;
    if here.signed_in.is_fresh(visitor.cx.now) {
        return Ok(Ok(here));
    }
    let proof = typed.get(PROOF).to_owned();
    if proof.is_empty() {
        return asked(visitor, &here, typed, &Fault::none()).await.map(Err);
    }
    match by_password(visitor, &here, proof).await? {
        Ok(()) => Ok(Ok(here)),
        Err(error) => asked(visitor, &here, typed, &Fault::of(error)?).await.map(Err),
    }
}

/// Proves by the password.
pub(super) async fn by_password(
    visitor: &Visitor,
    here: &Here,
    password: String,
) -> Result<account::Result<()>, Failure> {
    let here = here.clone();
    visitor
        .ask(move |door| {
            let session = (&*here.token, &here.signed_in);
            sign_in::prove_by_password(door.store, session, &password, door.from, door.now)
        })
        .await
}

/// Who may manage people, and has proved just now who they are. Whether they are an administrator the account asks again.
pub(super) fn must_administrate(here: &Here) -> Result<(), Failure> {
    if here.signed_in.person.is_administrator() {
        Ok(())
    } else {
        Err(failure(AccountError::NotAdministrator))
    }
}

async fn asked(visitor: &Visitor, here: &Here, typed: &Pairs, fault: &Fault) -> Result<Response, Failure> {
    let cx = &visitor.cx;
    let id = here.signed_in.person.id;
    let ways = visitor.must(move |door| people::ways_in(door.store, id, door.now)).await?;
    let back = "/me";
    let body = html! {
        (fault.above(cx))
        form #prove method="post" action=(cx.to(&cx.path)) {
            @for (name, value) in typed.0.iter().filter(|(name, _)| name != PROOF) {
                input type="hidden" name=(name) value=(value);
            }
            @if ways.password {
                (input(cx, fault, Input {
                    name: PROOF,
                    label: cx.say("あなたのパスワード", "Your password"),
                    kind: "password",
                    autocomplete: "current-password",
                    ..Input::default()
                }))
                div.acts { button { (cx.say("確認して続ける", "Confirm and go on")) } }
            }
            @if ways.passkeys > 0 {
                (super::passkeys::button(cx, "prove-passkey", "prove", "", cx.say("パスキーで確認", "Confirm with a passkey")))
            }
        }
        @if ways.sign_on > 0 { (super::sign_on::button(cx, "proof", back)) }
    };
    let lead = cx.say(
        "入り口を開ける操作の前に、本人であることをもう一度確かめます（確認は10分間有効です）。入力した内容は失われません。",
        "Before an act that opens doors we ask once more who you are (it holds for ten minutes). Nothing you typed is lost.",
    );
    let page = Page::new(cx.say("本人の確認", "Confirm that it is you"), body).lead(lead).show(cx);
    let mut response = fault.answer(page);
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    Ok(response.into_response())
}
