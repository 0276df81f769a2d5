//! The API as programs use it: asked through the whole site, with tokens of real accounts.

mod changing;
mod described;

use std::collections::BTreeSet;

use account::api_token::{self, Scope};
use account::person::{Login, Profile};
use account::session::Caller;
use account::{Manager, Person};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base::Source;
use jiff::Timestamp;
use register::Record;
use serde_json::Value;
use store::{By, Store};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::app::App;
use crate::config::Config;
use crate::desk::Desk;

/// A site over a database of its own.
pub(super) struct Site {
    pub(super) app: App,
    _folder: TempDir,
}

/// An answer as a program sees it.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Site {
    pub(super) fn with(records: Vec<Record>) -> Site {
        Site::made(
            Config { hooks_to_private_networks: true, requests_per_minute: 0, ..Config::default() },
            records,
        )
    }

    fn made(config: Config, records: Vec<Record>) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("shirube.db");
        let store = Store::open(place.to_str().unwrap(), shipped::registry().unwrap(), |_| {}).unwrap();
        store.write(&By::now("test", "test"), records).unwrap();
        let desk = Desk::open(store, 2, 1).unwrap();
        Site { app: App::new(config, desk), _folder: folder }
    }

    /// A person with roles in an organisation.
    pub(super) async fn person(&self, login: &str, organisation: &str, roles: &[&str]) -> Person {
        let mut profile = Profile::new(login.to_owned().try_into().map(|login: Login| login).unwrap(), login);
        let roles = roles.iter().map(|role| (*role).to_owned().try_into().unwrap()).collect();
        profile.memberships.insert(organisation.parse().unwrap(), roles);
        self.app
            .desk
            .change(move |store| {
                Ok(Manager::operator(store, &Caller::default(), Timestamp::now()).create(profile).unwrap())
            })
            .await
            .unwrap()
    }

    pub(super) async fn token(&self, person: &Person, scopes: &[&str]) -> String {
        let scopes: BTreeSet<Scope> = scopes.iter().map(|scope| scope.parse().unwrap()).collect();
        let person = person.clone();
        self.app
            .desk
            .change(move |store| {
                let now = Timestamp::now();
                let made = api_token::make(store, &person, ("test", scopes, 30), &Caller::default(), now);
                Ok(made.unwrap().reveal().to_owned())
            })
            .await
            .unwrap()
    }

    /// A secretariat's token that may do everything.
    pub(super) async fn secretariat(&self) -> String {
        let person = self.person("office", "mhlw", &["secretariat"]).await;
        self.token(&person, &["write"]).await
    }

    pub(super) async fn ask(&self, what: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let (method, path) = what.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = crate::server::site(&self.app).oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 26).await.unwrap();
        Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    pub(super) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(&format!("GET {path}"), token, &[], "").await
    }

    /// Asks with a token (none where it is empty) and a JSON body.
    pub(super) async fn send(&self, what: &str, token: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("content-type", "application/json")];
        headers.extend((!token.is_empty()).then_some(("authorization", bearer.as_str())));
        headers.extend(more);
        self.ask(what, &headers, body).await
    }
}

/// A record of a public register.
pub(super) fn programme(id: &str, name: &str) -> Record {
    let mut record =
        Record::new("programme".parse().unwrap(), id.parse().unwrap(), Source::lines("001", "1"));
    record.set("name", name).set("ministry", "厚生労働省");
    record
}

/// A record that its holder and some roles alone may see.
pub(super) fn confirmation(id: &str, holder: &str) -> Record {
    let mut record =
        Record::new("kgi-confirmation".parse().unwrap(), id.parse().unwrap(), Source::lines("004", "1"));
    record.set("holder", format!("organisation:{holder}")).set("company", holder).set("kgi", "kgi:kgi-1");
    record
}
