//! One's own account: what is said of oneself, the ways in, the sessions, what happened at one's doors. Passwords and API tokens
//! have pages of their own.

use account::passkey;
use account::people::WaysIn;
use account::{door, people, session, sign_on as identities};
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::Lang;
use maud::{Markup, html};

use super::fields::{Fault, Input, Pairs, Typed, input};
use super::organisations::{self, Organisation};
use super::prove::fresh;
use super::visitor::{Here, Visitor};
use super::{doors, passkeys, sign_on};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, when};

/// How many of the last events at one's doors are shown.
const EVENTS: usize = 30;

/// What a person's own page shows.
struct Mine {
    here: Here,
    places: Vec<Organisation>,
    ways: WaysIn,
    passkeys: Vec<passkey::Listed>,
    identities: Vec<identities::Listed>,
    sessions: Vec<session::Listed>,
    events: Vec<door::Event>,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/me", get(page).post(change))
        .route("/me/passkeys", post(change_passkey))
        .route("/me/passkeys/new", get(new_passkey).post(new_passkey_proved))
        .route("/me/identities", post(remove_identity))
        .route("/me/sessions", post(end_session))
}

async fn page(visitor: Visitor) -> Result<Html, Failure> {
    let mine = mine(&visitor).await?;
    Ok(show(&visitor.cx, &mine, None, &Fault::none()))
}

async fn change(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let typed = typed.0;
    let id = visitor.here().await?.signed_in.person.id;
    let (name, email) = (typed.get("name").to_owned(), typed.get("email").to_owned());
    let language = if typed.get("language") == "en" { Lang::En } else { Lang::Ja };
    let changed = visitor
        .ask(move |door| {
            let said = (&*name, Some(&*email), language);
            people::change_own(door.store, id, said, door.from, door.now)
        })
        .await?;
    let Err(error) = changed else { return Ok(to_me(&visitor.cx, "")) };
    let fault = Fault::of(error)?;
    let mine = mine(&visitor).await?;
    Ok(fault.answer(show(&visitor.cx, &mine, Some(&typed), &fault)))
}

async fn change_passkey(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let typed = typed.0;
    let here = match fresh(&visitor, &typed).await? {
        Ok(here) => here,
        Err(asked) => return Ok(asked),
    };
    let id = here.signed_in.person.id;
    let (key, name, removes) =
        (typed.get("key").to_owned(), typed.get("name").to_owned(), typed.ticked("remove"));
    let changed = visitor
        .ask(move |door| {
            if removes {
                passkey::remove(door.store, id, &key, door.from, door.now)
            } else {
                passkey::rename(door.store, id, &key, &name, door.now)
            }
        })
        .await?;
    told(&visitor, changed.map(|_| ()), "#passkeys").await
}

/// Where the script sends who must prove first: the proof's form comes back here.
async fn new_passkey(visitor: Visitor) -> Result<Response, Failure> {
    match fresh(&visitor, &Pairs::default()).await? {
        Ok(_) => Ok(to_me(&visitor.cx, "#passkeys")),
        Err(asked) => Ok(asked),
    }
}

async fn new_passkey_proved(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    match fresh(&visitor, &typed.0).await? {
        Ok(_) => Ok(to_me(&visitor.cx, "#passkeys")),
        Err(asked) => Ok(asked),
    }
}

async fn remove_identity(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let typed = typed.0;
    let here = match fresh(&visitor, &typed).await? {
        Ok(here) => here,
        Err(asked) => return Ok(asked),
    };
    let (id, key) = (here.signed_in.person.id, typed.get("key").to_owned());
    let removed =
        visitor.ask(move |door| identities::remove(door.store, id, &key, door.from, door.now)).await?;
    told(&visitor, removed.map(|_| ()), "#identities").await
}

/// Ends one of one's own sessions, or all but this one.
async fn end_session(visitor: Visitor, typed: Typed) -> Result<Response, Failure> {
    let here = visitor.here().await?;
    let (id, name) = (here.signed_in.person.id, typed.0.get("session").to_owned());
    visitor
        .must(move |door| {
            let names = session::list(door.store, id, door.now)?.into_iter().map(|listed| listed.name);
            let ended =
                names.filter(
                    |found| if name == "others" { *found != here.signed_in.name } else { *found == name },
                );
            for name in ended {
                session::end_named(door.store, id, &name, door.now)?;
            }
            let event = door::Event::new(door::Kind::SessionsEnded, door::Outcome::Done, door.from, door.now);
            door::note(door.store, &event.by(id))
        })
        .await?;
    Ok(to_me(&visitor.cx, "#sessions"))
}

async fn told(visitor: &Visitor, done: account::Result<()>, place: &str) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(to_me(&visitor.cx, place)) };
    let fault = Fault::of(error)?;
    let mine = mine(visitor).await?;
    Ok(fault.answer(show(&visitor.cx, &mine, None, &fault)))
}

fn to_me(cx: &Cx, place: &str) -> Response {
    Redirect::to(&format!("{}{place}", cx.to("/me"))).into_response()
}

async fn mine(visitor: &Visitor) -> Result<Mine, Failure> {
    let here = visitor.here().await?;
    let places = organisations::all(&visitor.cx).await?;
    visitor
        .must(move |door| {
            let id = here.signed_in.person.id;
            Ok(Mine {
                ways: people::ways_in(door.store, id, door.now)?,
                passkeys: passkey::list(door.store, id, door.now)?,
                identities: identities::list(door.store, id, door.now)?,
                sessions: session::list(door.store, id, door.now)?,
                events: door::of_person(door.store, id, EVENTS, door.now)?,
                places,
                here,
            })
        })
        .await
}

fn show(cx: &Cx, mine: &Mine, typed: Option<&Pairs>, fault: &Fault) -> Html {
    let person = &mine.here.signed_in.person;
    let body = html! {
        (fault.above(cx))
        (profile(cx, mine, typed, fault))
        h2 { (cx.say("組織と役割", "Organisations and roles")) }
        (places(cx, mine))
        h2 { (cx.say("パスワードとAPIトークン", "Password and API tokens")) }
        ul {
            li {
                a #change-password href=(cx.to("/me/password")) {
                    @if mine.ways.password { (cx.say("パスワードを変更", "Change the password")) }
                    @else { (cx.say("パスワードを設定", "Set a password")) }
                }
            }
            li { a #tokens href=(cx.to("/me/tokens")) { (cx.say("APIトークン", "API tokens")) } }
        }
        (passkeys_section(cx, mine))
        (identities_section(cx, mine))
        (sessions(cx, mine))
        h2 { (cx.say("自分の入退の記録", "What happened at your doors")) }
        (doors::table(cx, &mine.events, &doors::Names::from([(person.id, person.profile.name.clone())])))
    };
    Page::new(cx.say("自分のアカウント", "Your account"), body).show(cx)
}

fn profile(cx: &Cx, mine: &Mine, typed: Option<&Pairs>, fault: &Fault) -> Markup {
    let profile = &mine.here.signed_in.person.profile;
    let name = typed.map_or(&*profile.name, |typed| typed.get("name"));
    let email = typed.map_or(profile.email.as_deref().unwrap_or(""), |typed| typed.get("email"));
    html! {
        p { (cx.say("ログイン名：", "Login name: ")) strong { (profile.login) } }
        form #profile method="post" action=(cx.to("/me")) {
            (input(cx, fault, Input { name: "name", label: cx.say("氏名", "Name"), value: name, autocomplete: "name", ..Input::default() }))
            (input(cx, fault, Input { name: "email", label: cx.say("メールアドレス", "E-mail address"), kind: "email", value: email, autocomplete: "email", optional: true, ..Input::default() }))
            div.field {
                label for="language" { (cx.say("言語", "Language")) }
                select #language name="language" autocomplete="language" {
                    option value="ja" lang="ja" selected[profile.language == Lang::Ja] { "日本語" }
                    option value="en" lang="en" selected[profile.language == Lang::En] { "English" }
                }
            }
            div.acts { button { (cx.say("保存", "Save")) } }
        }
    }
}

fn places(cx: &Cx, mine: &Mine) -> Markup {
    let person = &mine.here.signed_in.person;
    let all = person.profile.memberships.iter().chain(&person.granted);
    html! {
        @if person.organisations().is_empty() {
            p.silent { (cx.say("所属する組織はまだありません。管理者が与えます。", "None yet; an administrator gives them.")) }
        } @else {
            ul {
                @for (organisation, roles) in all {
                    li {
                        (organisations::name(&mine.places, organisation))
                        @for role in roles { " " span.tag { (organisations::role_name(cx, role.as_str())) } }
                    }
                }
            }
        }
        @if person.is_administrator() {
            p { span.tag { (cx.say("管理者", "administrator")) } " " a href=(cx.to("/people")) { (cx.say("利用者の管理", "Manage people")) } }
        }
    }
}

fn passkeys_section(cx: &Cx, mine: &Mine) -> Markup {
    html! {
        h2 #passkeys { (cx.say("パスキー", "Passkeys")) }
        p {
            (cx.say("端末の指紋・顔・PINで入ります。盗み見も使い回しもできません。", "Come in by your device's fingerprint, face or PIN: nothing to be seen or reused."))
        }
        @if !mine.passkeys.is_empty() {
            div.scroll tabindex="0" role="region" aria-label=(cx.say("パスキー", "Passkeys")) {
                table {
                    caption { (cx.say("登録したパスキー", "Your passkeys")) }
                    thead { tr {
                        th scope="col" { (cx.say("名前", "Name")) }
                        th scope="col" { (cx.say("登録", "Added")) }
                        th scope="col" { (cx.say("最後の使用", "Last used")) }
                        th scope="col" { (cx.say("操作", "Acts")) }
                    } }
                    tbody { @for passkey in &mine.passkeys { (passkey_row(cx, passkey)) } }
                }
            }
        }
        @if mine.passkeys.len() < passkeys::MOST { (passkeys::add(cx)) }
        noscript { p.silent { (cx.say("パスキーの登録にはJavaScriptが必要です。", "Adding a passkey needs JavaScript.")) } }
    }
}

fn passkey_row(cx: &Cx, passkey: &passkey::Listed) -> Markup {
    html! {
        tr {
            th scope="row" { (passkey.name) }
            td { (when(passkey.made)) }
            td { @if let Some(used) = passkey.used { (when(used)) } @else { "–" } }
            td {
                form.acts method="post" action=(cx.to("/me/passkeys")) {
                    input type="hidden" name="key" value=(passkey.key);
                    input name="name" value=(passkey.name) maxlength="100" aria-label=(cx.say("新しい名前", "New name"));
                    button.second { (cx.say("名前を変更", "Rename")) }
                    button.danger name="remove" value="yes" { (cx.say("削除", "Remove")) }
                }
            }
        }
    }
}

fn identities_section(cx: &Cx, mine: &Mine) -> Markup {
    let possible = cx.app.ways.sign_on.is_some();
    html! {
        @if possible || !mine.identities.is_empty() {
            h2 #identities { (cx.say("シングルサインオン", "Single sign-on")) }
            ul {
                @for identity in &mine.identities {
                    li {
                        (identity.issuer) " · " (identity.subject) " · " (when(identity.linked))
                        form.acts method="post" action=(cx.to("/me/identities")) {
                            input type="hidden" name="key" value=(identity.key);
                            button.danger { (cx.say("切り離す", "Unlink")) }
                        }
                    }
                }
            }
            (sign_on::button(cx, "add", "/me"))
        }
    }
}

fn sessions(cx: &Cx, mine: &Mine) -> Markup {
    let this = &mine.here.signed_in.name;
    html! {
        h2 #sessions { (cx.say("サインイン中の端末", "Where you are signed in")) }
        div.scroll tabindex="0" role="region" aria-label=(cx.say("サインイン中の端末", "Where you are signed in")) {
            table {
                caption { (cx.say("使われている順", "Last used first")) }
                thead { tr {
                    th scope="col" { (cx.say("開始", "Since")) }
                    th scope="col" { (cx.say("最後の使用", "Last used")) }
                    th scope="col" { (cx.say("どこから", "From")) }
                    th scope="col" { (cx.say("操作", "Acts")) }
                } }
                tbody {
                    @for session::Listed { name, session } in &mine.sessions {
                        tr {
                            td { (when(session.began)) }
                            td { (when(session.seen)) }
                            td { (doors::place(&session.from)) }
                            td {
                                @if name == this { span.tag.good { (cx.say("この端末", "this one")) } }
                                @else {
                                    form method="post" action=(cx.to("/me/sessions")) {
                                        button.danger name="session" value=(name) { (cx.say("終了", "End")) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if mine.sessions.len() > 1 {
            form method="post" action=(cx.to("/me/sessions")) {
                button.second #end-others name="session" value="others" { (cx.say("ほかをすべて終了", "End all others")) }
            }
        }
    }
}
