//! What the tests of accounts share: databases of their own on both engines, a first administrator, moments.

#![allow(dead_code, reason = "every test program uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::sync::atomic::{AtomicU32, Ordering};

use account::{Caller, Entered, Login, Manager, Person, Profile, link};
use jiff::{SignedDuration, Timestamp};
use postgres::NoTls;
use register::Registry;
use store::Store;

pub(crate) const GOOD: &str = "correct horse battery";
pub(crate) const OTHER: &str = "cold barley tea at noon";

const ORGANISATION: &str = r#"
id = "organisation"
name = { ja = "組織", en = "Organisations" }
about = { ja = "", en = "" }
spec = "P"
source = { document = "none" }
title = "name"
[fields]
name = { type = "text", label = { ja = "正式名称" } }
"#;

/// A database that is there as long as this.
pub(crate) struct Place {
    url: String,
    _folder: Option<tempfile::TempDir>,
    server: Option<(String, String)>,
}

impl Place {
    fn sqlite() -> Place {
        let folder = tempfile::tempdir().unwrap();
        Place {
            url: folder.path().join("test.db").display().to_string(),
            _folder: Some(folder),
            server: None,
        }
    }
    /// A new database on the server that SHIRUBE_TEST_POSTGRES names.
    fn postgres() -> Option<Place> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("SHIRUBE_TEST_POSTGRES").ok()?;
        let name =
            format!("shirube_account_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut client = postgres::Client::connect(&server, NoTls).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).unwrap();
        let (front, _) = server.rsplit_once('/').unwrap();
        Some(Place { url: format!("{front}/{name}"), _folder: None, server: Some((server, name)) })
    }
    pub(crate) fn open(&self) -> Store {
        let registry = Registry::parse([("organisation.toml", ORGANISATION)]).unwrap();
        Store::open(&self.url, registry, |_| {}).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server
            && let Ok(mut client) = postgres::Client::connect(server, NoTls)
        {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Runs a test on both databases.
pub(crate) fn on_both(test: impl Fn(&Store)) {
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        test(&place.open());
    }
}

/// Some moment of the year 2026, and so many seconds later.
pub(crate) fn at(seconds: i64) -> Timestamp {
    "2026-11-20T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

pub(crate) fn from(address: &str) -> Caller {
    Caller::at(address.parse().unwrap(), Some("test"))
}

pub(crate) fn here() -> Caller {
    from("192.0.2.7")
}

pub(crate) fn profile(login: &str) -> Profile {
    Profile::new(Login::new(login).unwrap(), login)
}

/// The first administrator, who has just come in by the setup link.
pub(crate) fn set_up(store: &Store) -> Entered {
    let token = link::first_start(store, at(0)).unwrap().unwrap();
    link::set_up(store, token.reveal(), profile("root-desk"), GOOD, &here(), at(0)).unwrap()
}

/// Somebody made by the command line, with a password.
pub(crate) fn somebody(store: &Store, login: &str) -> Person {
    let here = here();
    let manager = Manager::operator(store, &here, at(0));
    let person = manager.create(profile(login)).unwrap();
    let invitation = manager.invite(person.id).unwrap();
    link::set_password(store, invitation.reveal(), GOOD, &here, at(0)).unwrap().person
}
