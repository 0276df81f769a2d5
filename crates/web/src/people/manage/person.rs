//! One person, for administrators: what is said of them, and the acts on their account.

use account::people::{self, WaysIn};
use account::{AccountError, Filed, Person, PersonId};
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};

use super::form::{self, Draft};
use super::{belongs, handed_over, manager, state};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, when};
use crate::people::fields::{Fault, Typed};
use crate::people::organisations::{self, Organisation};
use crate::people::prove::{fresh, must_administrate};
use crate::people::visitor::Visitor;

/// A person as their page shows them.
struct Shown {
    filed: Filed<Person>,
    ways: WaysIn,
    sessions: usize,
    places: Vec<Organisation>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/people/{id}", get(page).post(change)).route("/people/{id}/{act}", post(act))
}

async fn page(visitor: Visitor, Path(id): Path<String>) -> Result<Html, Failure> {
    must_administrate(&visitor.here().await?)?;
    let shown = find(&visitor, of(&id)?).await?;
    Ok(show(&visitor.cx, &shown, &Draft::of(&shown.filed.value), &Fault::none()))
}

async fn change(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Result<Response, Failure> {
    let typed = typed.0;
    let here = match fresh(&visitor, &typed).await? {
        Ok(here) => here,
        Err(asked) => return Ok(asked),
    };
    must_administrate(&here)?;
    let id = of(&id)?;
    let version = typed.get("version").parse().unwrap_or(0);
    let fault = match form::read(&typed) {
        Err(fault) => fault,
        Ok(profile) => {
            let changed = visitor
                .ask(move |door| manager(door, &here.signed_in.person)?.change(id, profile, version))
                .await?;
            match changed {
                Ok(_) => return Ok(to(&visitor.cx, id)),
                Err(error) => Fault::of(error)?,
            }
        }
    };
    // What was typed stays; sent again, it is meant in knowledge of what somebody else has written, which stands above.
    let shown = find(&visitor, id).await?;
    Ok(fault.answer(show(&visitor.cx, &shown, &Draft::typed(&typed), &fault)))
}

async fn act(
    visitor: Visitor,
    Path((id, act)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let (cx, typed) = (&visitor.cx, typed.0);
    let here = match fresh(&visitor, &typed).await? {
        Ok(here) => here,
        Err(asked) => return Ok(asked),
    };
    must_administrate(&here)?;
    let id = of(&id)?;
    let version = typed.get("version").parse().unwrap_or(0);
    let path = if act == "invite" { "/invite/" } else { "/reset/" };
    let done = visitor
        .ask(move |door| {
            let manager = manager(door, &here.signed_in.person)?;
            match &*act {
                "invite" => manager.invite(id).map(Some),
                "reset" => manager.reset(id).map(Some),
                "disable" => manager.disable(id, version).map(|_| None),
                "enable" => manager.enable(id, version).map(|_| None),
                "end-sessions" => manager.end_sessions(id).map(|_| None),
                "close" => manager.close_all_ways_in(id).map(|()| None),
                _ => Err(AccountError::NoSuchPerson),
            }
        })
        .await?;
    match done {
        Ok(None) => Ok(to(cx, id)),
        Ok(Some(link)) => {
            let shown = find(&visitor, id).await?;
            Ok(handed_over(cx, &shown.filed.value, path, &link).into_response())
        }
        Err(AccountError::NoSuchPerson) => Err(Failure::NotFound),
        Err(error) => {
            let fault = Fault::of(error)?;
            let shown = find(&visitor, id).await?;
            Ok(fault.answer(show(cx, &shown, &Draft::of(&shown.filed.value), &fault)))
        }
    }
}

fn of(id: &str) -> Result<PersonId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

fn to(cx: &Cx, id: PersonId) -> Response {
    Redirect::to(&cx.to(&format!("/people/{id}"))).into_response()
}

async fn find(visitor: &Visitor, id: PersonId) -> Result<Shown, Failure> {
    let places = organisations::all(&visitor.cx).await?;
    visitor
        .must(move |door| {
            let filed = people::find(door.store, id, door.now)?.ok_or(AccountError::NoSuchPerson)?;
            let ways = people::ways_in(door.store, id, door.now)?;
            let sessions = account::session::list(door.store, id, door.now)?.len();
            Ok(Shown { filed, ways, sessions, places })
        })
        .await
}

fn show(cx: &Cx, shown: &Shown, draft: &Draft, fault: &Fault) -> Html {
    let person = &shown.filed.value;
    let path = format!("/people/{}", person.id);
    let body = html! {
        (fault.above(cx))
        (summary(cx, shown))
        h2 { (cx.say("内容の変更", "Change what is said of them")) }
        form #person method="post" action=(cx.to(&path)) {
            input type="hidden" name="version" value=(shown.filed.version);
            (form::fields(cx, draft, &shown.places, fault))
            div.acts { button { (cx.say("保存", "Save")) } }
        }
        h2 { (cx.say("アカウントの操作", "Acts on the account")) }
        (acts(cx, shown, &path))
    };
    Page::new(&*person.profile.name, body).below(cx.say("利用者", "People"), "/people").show(cx)
}

fn summary(cx: &Cx, shown: &Shown) -> Markup {
    let Shown { filed: Filed { value: person, .. }, ways, sessions, places } = shown;
    html! {
        dl {
            dt { (cx.say("状態", "State")) }
            dd { (state(cx, person)) }
            dt { (cx.say("組織と役割", "Organisations and roles")) }
            dd { (belongs(cx, person, places)) }
            dt { (cx.say("追加", "Made")) }
            dd { (when(person.made)) }
            dt { (cx.say("入り方", "Ways in")) }
            dd {
                @if ways.password { (cx.say("パスワード", "password")) " " }
                (cx.say("パスキー", "passkeys ")) (ways.passkeys) " "
                (cx.say("シングルサインオン", "single sign-on ")) (ways.sign_on)
            }
            dt { (cx.say("サインイン中の端末", "Sessions")) }
            dd { (sessions) }
        }
        @if !person.granted.is_empty() {
            p.silent { (cx.say("シングルサインオンが与えた組織と役割は、次のサインインで作り直されます。", "What single sign-on grants is made anew at the next sign-in through it.")) }
        }
    }
}

fn acts(cx: &Cx, shown: &Shown, path: &str) -> Markup {
    let person = &shown.filed.value;
    let act = |act: &str, class: &str, words: &str| {
        html! {
            form.plain method="post" action=(cx.to(&format!("{path}/{act}"))) {
                input type="hidden" name="version" value=(shown.filed.version);
                button id=(act) class=(class) { (words) }
            }
        }
    };
    html! {
        div.acts {
            @if person.disabled {
                (act("enable", "second", cx.say("再開する", "Let in again")))
            } @else {
                @if shown.ways.count() == 0 {
                    (act("invite", "second", cx.say("招待リンクをつくる", "Make an invitation link")))
                } @else {
                    (act("reset", "second", cx.say("パスワード再設定のリンクをつくる", "Make a link to set the password anew")))
                }
                (act("end-sessions", "second", cx.say("サインインをすべて終わらせる", "End all sessions")))
                (act("disable", "danger", cx.say("停止する", "Disable")))
            }
            (act("close", "danger", cx.say("入り方をすべて取り去る", "Take all ways in away")))
        }
        p.silent {
            (cx.say(
                "停止すると、サインイン・トークン・リンクはその場で終わります。記録は何も失われません。「入り方をすべて取り去る」は、アカウントが他人の手に渡ったときのものです。その後に招待してください。",
                "Disabling ends sessions, tokens and links at once; no record is lost. Taking all ways in away is for an account that others have got hold of: invite the person afterwards.",
            ))
        }
    }
}
