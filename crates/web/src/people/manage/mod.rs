//! The people at the table, for administrators: who is there, making somebody, and the acts on one of them. What is said of
//! somebody is edited in `form`. Whether an act is allowed is asked by the account, which also writes it to the log.

mod form;
mod person;

use account::{Filed, Manager, Person, Secret, people};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};

use super::fields::{Fault, Pairs, Typed};
use super::organisations::{self, Organisation};
use super::prove::{fresh, must_administrate};
use super::visitor::{Door, Visitor};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/people", get(list))
        .route("/people/new", get(blank).post(make))
        .merge(person::routes())
}

async fn list(visitor: Visitor) -> Result<Html, Failure> {
    let cx = &visitor.cx;
    must_administrate(&visitor.here().await?)?;
    let all = visitor.must(|door| people::all(door.store, door.now)).await?;
    let places = organisations::all(cx).await?;
    let body = html! {
        div.acts {
            a.button #new-person href=(cx.to("/people/new")) { (cx.say("利用者を追加", "Add somebody")) }
            a.button.second href=(cx.to("/registers/organisation")) { (cx.say("組織の台帳", "Organisations")) }
            a.button.second #doors href=(cx.to("/doors")) { (cx.say("入退の記録", "Log of doors")) }
        }
        (table(cx, &all, &places))
    };
    let lead = cx.say(
        "アカウントを持つ人と、その組織・役割。権限は役割に従い、各台帳が宣言します。",
        "Those who have an account, their organisations and roles. What a role may see and change, each register declares.",
    );
    Ok(Page::new(cx.say("利用者", "People"), body).lead(lead).show(cx))
}

fn table(cx: &Cx, all: &[Filed<Person>], places: &[Organisation]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.say("利用者の一覧", "All people")) {
            table #people {
                caption { (all.len()) (cx.say("人", if all.len() == 1 { " person" } else { " people" })) }
                thead { tr {
                    th scope="col" { (cx.say("ログイン名", "Login name")) }
                    th scope="col" { (cx.say("氏名", "Name")) }
                    th scope="col" { (cx.say("組織と役割", "Organisations and roles")) }
                    th scope="col" { (cx.say("状態", "State")) }
                } }
                tbody {
                    @for Filed { value: person, .. } in all {
                        tr {
                            th scope="row" { a href=(cx.to(&format!("/people/{}", person.id))) { (person.profile.login) } }
                            td { (person.profile.name) }
                            td { (belongs(cx, person, places)) }
                            td { (state(cx, person)) }
                        }
                    }
                }
            }
        }
    }
}

fn belongs(cx: &Cx, person: &Person, places: &[Organisation]) -> Markup {
    html! {
        @for (organisation, roles) in person.profile.memberships.iter().chain(&person.granted) {
            div {
                (organisations::name(places, organisation))
                @for role in roles { " " span.tag { (organisations::role_name(cx, role.as_str())) } }
            }
        }
        @if person.profile.administrator { span.tag { (cx.say("管理者", "administrator")) } }
    }
}

fn state(cx: &Cx, person: &Person) -> Markup {
    html! {
        @if person.disabled { span.tag.bad { (cx.say("停止中", "disabled")) } }
        @else { span.tag.good { (cx.say("利用可", "active")) } }
    }
}

async fn blank(visitor: Visitor) -> Result<Html, Failure> {
    must_administrate(&visitor.here().await?)?;
    let places = organisations::all(&visitor.cx).await?;
    Ok(new_page(&visitor.cx, &places, &Pairs::default(), &Fault::none()))
}

async fn make(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let (cx, typed) = (&visitor.cx, typed.0);
    let here = match fresh(&visitor, &typed).await? {
        Ok(here) => here,
        Err(asked) => return Ok(asked),
    };
    must_administrate(&here)?;
    let places = organisations::all(cx).await?;
    let profile = match form::read(&typed) {
        Ok(profile) => profile,
        Err(fault) => return Ok(fault.answer(new_page(cx, &places, &typed, &fault))),
    };
    let made = visitor
        .ask(move |door| {
            let manager = manager(door, &here.signed_in.person)?;
            let person = manager.create(profile)?;
            let link = manager.invite(person.id)?;
            Ok((person, link))
        })
        .await?;
    match made {
        Ok((person, link)) => Ok(handed_over(cx, &person, "/invite/", &link).into_response()),
        Err(error) => {
            let fault = Fault::of(error)?;
            Ok(fault.answer(new_page(cx, &places, &typed, &fault)))
        }
    }
}

fn manager<'a>(door: &Door<'a>, by: &Person) -> account::Result<Manager<'a>> {
    Manager::person(door.store, by, door.from, door.now)
}

fn new_page(cx: &Cx, places: &[Organisation], typed: &Pairs, fault: &Fault) -> Html {
    let body = html! {
        (fault.above(cx))
        form #person method="post" action=(cx.to("/people/new")) {
            (form::fields(cx, &form::Draft::typed(typed), places, fault))
            div.acts { button { (cx.say("追加して招待リンクをつくる", "Add and make an invitation link")) } }
        }
    };
    Page::new(cx.say("利用者を追加", "Add somebody"), body)
        .below(cx.say("利用者", "People"), "/people")
        .show(cx)
}

/// A link that works once, shown once.
fn handed_over(cx: &Cx, person: &Person, path: &str, token: &Secret) -> Html {
    let link = cx.whole(&format!("{path}{}", token.reveal()));
    let body = html! {
        p { (cx.say("次のリンクを、本人だけに届く方法で渡してください。表示は今回だけで、使えるのは一度だけです。", "Hand this link over in a way that reaches this person alone. It is shown this once and works once.")) }
        p { code #link { (link) } }
        p {
            (cx.say("期限：招待は7日、再設定は24時間。新しいリンクをつくると前のものは使えなくなります。", "It lasts 7 days (invitation) or 24 hours (reset). A new link ends the one before."))
        }
        p { a href=(cx.to(&format!("/people/{}", person.id))) { (person.profile.name) } }
    };
    Page::new(cx.say("渡すリンク", "A link to hand over"), body)
        .below(cx.say("利用者", "People"), "/people")
        .show(cx)
}
