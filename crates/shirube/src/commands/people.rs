//! Accounts from the machine itself: for the first people, for somebody who is locked out, for programs that need a token.
//! Whoever can run this can open the database anyway.

use std::collections::BTreeSet;
use std::process::ExitCode;

use account::{Caller, Login, Manager, Person, PersonId, Profile, Role, api_token, people};
use jiff::Timestamp;
use register::RecordId;
use web::{Config, ServeError};

use crate::cli::{People, Place};
use crate::failure::Failure;
use crate::session::Session;

pub(super) fn run(session: &Session, action: &People) -> Result<ExitCode, Failure> {
    match action {
        People::List => list(session)?,
        People::Add { login, name, member, administrator, place } => {
            let site = site(place)?;
            let mut profile = Profile::new(login_of(login)?, name.as_deref().unwrap_or(login));
            profile.administrator = *administrator;
            for (organisation, role) in member {
                let id = RecordId::new(organisation.as_str()).map_err(|error| said(&error))?;
                exists(session, organisation)?;
                let role = Role::new(role)?;
                profile.memberships.entry(id).or_default().insert(role);
            }
            let person = manager(session).create(profile)?;
            link(session, person.id, &site)?;
        }
        People::Link { login, place } => {
            let site = site(place)?;
            link(session, found(session, login)?.id, &site)?;
        }
        People::Token { login, name, scope, days } => {
            let scopes: Result<BTreeSet<_>, _> =
                scope.iter().map(|scope| api_token::Scope::try_from(scope.clone())).collect();
            let scopes = scopes.map_err(|error| said(&error))?;
            let person = found(session, login)?;
            let token =
                api_token::make(&session.store, &person, (name, scopes, *days), &here(), Timestamp::now())?;
            println!("{}", token.reveal());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One line each: login, name, where they belong.
fn list(session: &Session) -> Result<(), Failure> {
    for filed in people::all(&session.store, Timestamp::now())? {
        let person = filed.value;
        let memberships = person.profile.memberships.iter();
        let mut places: Vec<String> = memberships
            .flat_map(|(organisation, roles)| {
                roles.iter().map(move |role| format!("{organisation}:{}", role.as_str()))
            })
            .collect();
        places.extend(person.is_administrator().then(|| account::ADMINISTRATOR.to_owned()));
        places.extend(person.disabled.then(|| session.say("停止中", "disabled").to_owned()));
        println!("{}\t{}\t{}", person.profile.login.as_str(), person.profile.name, places.join(" "));
    }
    Ok(())
}

/// The settings of the site, looked at before anything is done.
fn site(place: &Place) -> Result<Config, Failure> {
    let config = super::serve::site(place).and_then(Config::checked);
    Ok(config.map_err(ServeError::from)?)
}

/// Prints a link by which a person comes in, for the first time or after a forgotten password; its path alone where nobody
/// has said by which address the site is known.
fn link(session: &Session, person: PersonId, site: &Config) -> Result<(), Failure> {
    let token = manager(session).invite(person)?;
    session.remark(match site.public_url {
        Some(_) => session.say(
            "次のリンクを本人に渡してください（一度だけ、7日間有効）：",
            "hand the person this link (works once, within 7 days):",
        ),
        None => session.say(
            "次のパスを、サイトの住所に続けて本人に渡してください（一度だけ、7日間有効）：",
            "hand the person the site's address with this path (works once, within 7 days):",
        ),
    });
    let origin = site.public_url.as_deref().unwrap_or_default();
    println!("{origin}{}/invite/{}", site.prefix, token.reveal());
    Ok(())
}

fn found(session: &Session, login: &str) -> Result<Person, Failure> {
    let filed = people::by_login(&session.store, &login_of(login)?, Timestamp::now())?;
    filed.map(|filed| filed.value).ok_or_else(|| {
        Failure::said(
            format!("{login} という利用者はいません。`shirube people list` で確かめてください"),
            format!("nobody signs in as {login}; see `shirube people list`"),
        )
    })
}

fn exists(session: &Session, organisation: &str) -> Result<(), Failure> {
    let reference = format!("organisation:{organisation}").parse().map_err(|error| said(&error))?;
    if session.store.get(&reference)?.is_some() {
        return Ok(());
    }
    Err(Failure::said(
        format!("組織 {organisation} は台帳にありません。`shirube list organisation` で確かめてください"),
        format!("there is no organisation {organisation}; see `shirube list organisation`"),
    ))
}

fn login_of(text: &str) -> Result<Login, Failure> {
    Ok(Login::new(text)?)
}

fn manager(session: &Session) -> Manager<'_> {
    Manager::operator(&session.store, &HERE, Timestamp::now())
}

/// Nobody asks from an address: it is the machine itself.
static HERE: Caller = Caller { address: None, agent: None };

fn here() -> Caller {
    HERE.clone()
}

fn said(error: &impl ToString) -> Failure {
    Failure::said(error.to_string(), error.to_string())
}
