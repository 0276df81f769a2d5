//! Bearer tokens: who comes in with one, and what its scopes leave of what its person may do. Making and revoking them
//! is `people`'s affair; outside the API a token opens the feed of reminders alone.

use account::api_token::{self, Bearer};
use axum::http::{HeaderMap, header};
use jiff::Timestamp;

use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::people::Person;

/// Who sends a request to the API, by its token; none where it has none. A proxy's own `Basic` is no token.
pub(crate) async fn who(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Option<Person>, Failure> {
    let Some(secret) = bearer(headers)? else { return Ok(None) };
    app.desk
        .look(move |store| {
            let found = api_token::find(store, &secret, now).map_err(Failure::broken)?;
            let Bearer { person, token } = found.ok_or(Failure::Token)?;
            let viewer = account::people::viewer(store, &person).map_err(Failure::broken)?;
            let id = person.id.to_string();
            let name = person.profile.name;
            // A token does not manage people.
            Ok(Some(Person { id, name, viewer, administrator: false, token: Some(token.into()) }))
        })
        .await
}

/// The token of a request, if it has one.
fn bearer(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().split_at_checked(7));
    match value {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case(b"bearer ") => {
            let secret = std::str::from_utf8(secret).map_err(|_| Failure::Token)?.trim();
            if secret.is_empty() { Err(Failure::Token) } else { Ok(Some(secret.to_owned())) }
        }
        _ => Ok(None),
    }
}

/// Whether the token, if there is one, is for seeing a register.
pub(super) fn may_read(cx: &Cx, register: &str) -> bool {
    token(cx).is_none_or(|token| token.may_read(register))
}

/// Refuses a token that is not for seeing a register.
pub(super) fn reads(cx: &Cx, register: &str) -> Result<(), Failure> {
    if may_read(cx, register) { Ok(()) } else { Err(Failure::Scope(format!("registers:{register}").into())) }
}

/// Refuses a token that is for some registers only: what is asked for rests on several.
pub(crate) fn reads_all(cx: &Cx) -> Result<(), Failure> {
    match token(cx) {
        Some(token) if token.is_narrowed() => Err(Failure::Scope("read".into())),
        _ => Ok(()),
    }
}

/// Who changes a register: signed in, and with a token that is for it.
pub(super) fn writes<'a>(cx: &'a Cx, register: &str) -> Result<&'a Person, Failure> {
    let person = cx.person()?;
    match token(cx) {
        Some(token) if !token.may_write(register) => Err(Failure::Scope("write".into())),
        _ => Ok(person),
    }
}

/// Who changes what is theirs and no register's: their hooks.
pub(super) fn writes_own(cx: &Cx) -> Result<&Person, Failure> {
    use account::api_token::Scope;
    let person = cx.person()?;
    match token(cx) {
        Some(token) if !token.scopes.contains(&Scope::Write) => Err(Failure::Scope("write".into())),
        _ => Ok(person),
    }
}

fn token(cx: &Cx) -> Option<&api_token::ApiToken> {
    cx.person.as_ref()?.token.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_token_is_read_as_one() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map_err(|failure| failure.status().as_u16())
        };
        assert!(bearer(&HeaderMap::new()).unwrap().is_none());
        assert_eq!(with("Basic YTpi"), Ok(None));
        assert_eq!(with("bearer abc"), Ok(Some("abc".into())));
        assert_eq!(with("Bearer  "), Err(401));
        assert_eq!(with("x"), Ok(None));
    }
}
