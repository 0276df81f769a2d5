//! Links that work once: the first administrator's, invitations, and those by which a forgotten password is set anew.

use account::link::Purpose;
use account::{Login, Person, Profile, Role, link};
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::{Names, Source};
use maud::html;
use register::{Record, RecordId};
use store::{By, Change};

use super::fields::{Fault, Input, Pairs, Typed, input, new_password};
use super::organisations::{self, Organisation};
use super::sign_in::entered;
use super::visitor::Visitor;
use super::{passkeys, sign_on};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

/// Where the first administrator finds what is to be done next.
const FIRST: &str = "/people";
/// The record of the organisation that the first administrator names where none of those there is theirs.
const OFFICE: &str = "office";
/// What it is called where they give no name.
const UNNAMED: &str = "計画事務局";
/// What the first person is besides an administrator, so that one person can begin.
const SECRETARIAT: &str = "secretariat";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/setup/{token}", get(first).post(set_up))
        .route("/invite/{token}", get(greet).post(set_password))
        .route("/reset/{token}", get(greet).post(set_password))
}

async fn first(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Failure> {
    let looked = visitor.ask(move |door| link::look(door.store, &token, door.now)).await?;
    match looked {
        Ok(link) if link.purpose == Purpose::SetUp => {
            let there = organisations::all(&visitor.cx).await?;
            Ok(setup_page(&visitor.cx, &there, &Pairs::default(), &Fault::none()).into_response())
        }
        Ok(_) => Err(Failure::NotFound),
        Err(error) => gone(&visitor.cx, error),
    }
}

async fn set_up(visitor: Visitor, Path(token): Path<String>, typed: Typed) -> Result<Response, Failure> {
    let (cx, typed) = (&visitor.cx, typed.0);
    let there = organisations::all(cx).await?;
    let (profile, office) = match first_profile(&there, &typed) {
        Ok(first) => first,
        Err(fault) => return Ok(fault.answer(setup_page(cx, &there, &typed, &fault))),
    };
    let password = typed.get("password").to_owned();
    let made = visitor
        .ask(move |door| link::set_up(door.store, &token, profile, &password, door.from, door.now))
        .await?;
    match made {
        Ok(person) => {
            if let Some(name) = office {
                found_office(cx, &person.person, &name).await;
            }
            entered(&visitor, person.token.reveal(), FIRST).await
        }
        Err(error) => {
            let fault = Fault::of(error)?;
            Ok(fault.answer(setup_page(cx, &there, &typed, &fault)))
        }
    }
}

/// The first person, and the name of their organisation where it has no record yet.
fn first_profile(there: &[Organisation], typed: &Pairs) -> Result<(Profile, Option<String>), Fault> {
    let at = |field, said: String| Fault::at(field, Names::of(said.clone(), said));
    let chosen = there.iter().find(|organisation| organisation.id.as_str() == typed.get("organisation"));
    let named = Some(typed.get("office").trim()).filter(|name| !name.is_empty()).unwrap_or(UNNAMED);
    let (place, office) = if let Some(organisation) = chosen {
        (organisation.id.clone(), None)
    } else {
        let office = RecordId::new(OFFICE).map_err(|error| at("office", error.to_string()))?;
        (office, Some(named.chars().take(200).collect()))
    };
    let login = Login::new(typed.get("login")).map_err(|error| Fault::at("login", error.names()))?;
    let role = Role::new(SECRETARIAT).map_err(|error| Fault::at("", error.names()))?;
    let mut profile = Profile::new(login, typed.get("name"));
    profile.memberships.insert(place, [role].into());
    Ok((profile, office))
}

/// Writes the organisation of the first person down. They are in already; what goes wrong here can be mended in the register.
async fn found_office(cx: &Cx, person: &Person, name: &str) {
    let Some(declaration) = cx.app.desk.registry().get(organisations::REGISTER) else { return };
    let Ok(id) = RecordId::new(OFFICE) else { return };
    let mut source = Source::document("setup");
    source.said_by = Some(person.profile.name.clone());
    source.on = Some(cx.today);
    let mut record = Record::new(declaration.id.clone(), id, source);
    record.set("name", name).set("kind", "agency");
    let by = By::now(&*person.profile.name, cx.say("初期設定", "first set-up"));
    if let Err(failure) = cx.app.desk.write(by, vec![Change::Put { record, expected: Some(0) }]).await {
        tracing::warn!(%failure, "the organisation of the first administrator was not written down");
    }
}

fn setup_page(cx: &Cx, there: &[Organisation], typed: &Pairs, fault: &Fault) -> Html {
    let chosen = typed.get("organisation");
    let body = html! {
        (fault.above(cx))
        form #setup method="post" {
            (who_fields(cx, typed, fault))
            @if !there.is_empty() {
                div.field {
                    label for="organisation" { (cx.say("所属する組織", "Your organisation")) }
                    select #organisation name="organisation" {
                        option value="" { (cx.say("一覧にない（下に入力）", "Not in the list (type it below)")) }
                        @for organisation in there {
                            option value=(organisation.id) selected[organisation.id.as_str() == chosen] { (organisation.name) }
                        }
                    }
                }
            }
            (input(cx, fault, Input {
                name: "office",
                label: cx.say("組織の正式名称（一覧にないとき）", "Official name of the organisation, if it is not in the list"),
                help: Some(cx.say("空欄なら「計画事務局」とします。後で台帳で変えられます。", "Left empty it is called 計画事務局 (plan secretariat); change it later in its register.")),
                value: typed.get("office"),
                optional: true,
                ..Input::default()
            }))
            (new_password(cx, fault))
            div.acts { button { (cx.say("始める", "Begin")) } }
        }
    };
    let lead = cx.say(
        "最初の利用者をつくります。この人は、利用者を管理する管理者と、計画の事務局を兼ねます。役割は後で他の人に移せます。このリンクは一度だけ使えます。",
        "This makes the first person here. They manage people (administrator) and keep the plan (secretariat), so that one person can begin; both can be handed to others later. This link works once.",
    );
    Page::new(cx.say("初期設定", "First set-up"), body).lead(lead).show(cx)
}

fn who_fields(cx: &Cx, typed: &Pairs, fault: &Fault) -> maud::Markup {
    html! {
        (input(cx, fault, Input {
            name: "name",
            label: cx.say("氏名", "Name"),
            help: Some(cx.say("変更の履歴に表示されます。", "It stands beside what you change.")),
            value: typed.get("name"),
            autocomplete: "name",
            ..Input::default()
        }))
        (input(cx, fault, Input {
            name: "login",
            label: cx.say("ログイン名", "Login name"),
            help: Some(cx.say("文字、数字、「.」「-」「_」「@」を2～64字。", "2 to 64 letters, digits, “.”, “-”, “_”, “@”.")),
            value: typed.get("login"),
            autocomplete: "username",
            ..Input::default()
        }))
    }
}

async fn greet(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Failure> {
    let cx = &visitor.cx;
    let of = token.clone();
    let found = visitor.ask(move |door| link::person(door.store, &of, door.now)).await?;
    match found {
        Ok(person) => Ok(link_page(cx, &person, &token, &Fault::none()).into_response()),
        Err(error) => gone(cx, error),
    }
}

async fn set_password(
    visitor: Visitor,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let cx = &visitor.cx;
    let (of, password) = (token.clone(), typed.0.get("password").to_owned());
    let set =
        visitor.ask(move |door| link::set_password(door.store, &of, &password, door.from, door.now)).await?;
    let error = match set {
        Ok(person) => return entered(&visitor, person.token.reveal(), "").await,
        Err(error) => error,
    };
    let fault = Fault::of(error)?;
    let of = token.clone();
    match visitor.ask(move |door| link::person(door.store, &of, door.now)).await? {
        Ok(person) => Ok(fault.answer(link_page(cx, &person, &token, &fault))),
        Err(error) => gone(cx, error),
    }
}

fn link_page(cx: &Cx, person: &Person, token: &str, fault: &Fault) -> Html {
    let profile = &person.profile;
    let body = html! {
        (fault.above(cx))
        p { (cx.say("ログイン名：", "Login name: ")) strong { (profile.login) } }
        form #choose-password method="post" {
            // Password managers keep a password under the name beside it.
            input type="hidden" name="username" value=(profile.login) autocomplete="username";
            (new_password(cx, fault))
            div.acts { button { (cx.say("設定してサインイン", "Set it and sign in")) } }
        }
        (passkeys::button(cx, "passkey-link", &format!("link/{token}"), "", cx.say("代わりにパスキーをつくる", "Make a passkey instead")))
        (sign_on::button(cx, &format!("link:{token}"), ""))
    };
    let title = match cx.lang {
        base::Lang::Ja => format!("{} さん、ようこそ", profile.name),
        base::Lang::En => format!("Welcome, {}", profile.name),
    };
    let lead = cx.say(
        "パスワードを決めてください。このリンクは一度だけ使えます。",
        "Choose a password. This link works once.",
    );
    Page::new(title, body).lead(lead).show(cx)
}

/// A link that can no longer be used says so, and what to do.
fn gone(cx: &Cx, error: account::AccountError) -> Result<Response, Failure> {
    let fault = Fault::of(error)?;
    let body = html! {
        (fault.above(cx))
        p { a href=(cx.to("/sign-in")) { (cx.say("サインインへ", "To the sign-in")) } }
    };
    Ok(fault.answer(Page::new(cx.say("リンクを使えません", "This link cannot be used"), body).show(cx)))
}
