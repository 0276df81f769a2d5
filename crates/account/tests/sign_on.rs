//! Single sign-on against a provider made up for the test.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;
#[path = "common/provider.rs"]
mod provider;

use account::sign_on::{Answer, Done, Finished, For, Sent};
use account::{AccountError, Manager, SignOn, people};
use common::*;
use provider::{Provider, parameters};
use serde_json::{Value, json};
use store::Store;

fn sign_on(provider: &Provider, welcome: bool) -> SignOn {
    let config = json!({ "issuer": provider.issuer, "client_id": "shirube", "client_secret": "s", "welcome": welcome, "grants": [
        { "claim": "groups", "value": "desk", "organisation": "mhlw", "roles": ["secretariat"] },
    ]});
    SignOn::new(serde_json::from_value(config).unwrap(), "http://localhost:9/back").unwrap()
}

/// What a good ID token says, for the person sent to this address.
fn good(provider: &Provider, sent: &Sent) -> Value {
    let nonce = parameters(&sent.url)["nonce"].clone();
    let now = at(0).as_second();
    json!({ "iss": provider.issuer, "aud": "shirube", "sub": "42", "nonce": nonce, "iat": now, "exp": now + 300,
        "name": "田中 花子", "preferred_username": "Tanaka", "groups": ["desk"] })
}

fn back(on: &SignOn, store: &Store, sent: &Sent, seconds: i64) -> account::Result<Finished> {
    let state = sent.state.reveal();
    let answer = Answer { state, code: Some("c"), error: None, cookie: state };
    on.finish(store, answer, None, &here(), at(seconds))
}

fn entered(finished: Finished) -> account::Person {
    match finished.done {
        Done::Entered(entered) => entered.person,
        done => panic!("{done:?}"),
    }
}

#[test]
fn a_stranger_becomes_a_person_with_the_roles_of_their_groups_and_is_known_the_next_time() {
    let provider = Provider::start();
    on_both(|store| {
        let on = sign_on(&provider, true);
        let come = |change: Value| {
            let sent = on.start(store, For::SignIn, Some("/work"), at(0)).unwrap();
            let mut claims = good(&provider, &sent);
            claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            provider.says(claims);
            entered(back(&on, store, &sent, 10).unwrap())
        };
        let first = come(json!({}));
        assert_eq!((first.profile.login.as_str(), first.profile.name.as_str()), ("tanaka", "田中 花子"));
        assert_eq!(Vec::from_iter(first.roles()), ["secretariat"]);
        let again = come(json!({ "preferred_username": "someone-else", "groups": [] }));
        assert_eq!(again.id, first.id, "issuer and subject are who somebody is");
        assert!(again.roles().is_empty(), "a group lost is a role lost");
        assert_ne!(come(json!({ "sub": "43" })).id, first.id, "the same user name is not the same person");
        assert!(
            on.sign_out("http://localhost:9/").unwrap().starts_with(&format!("{}/end?", provider.issuer))
        );
    });
}

#[test]
fn a_token_for_another_client_nonce_issuer_or_time_is_refused() {
    let provider = Provider::start();
    on_both(|store| {
        let on = sign_on(&provider, true);
        let wrong = [
            json!({ "aud": "another" }),
            json!({ "nonce": "another" }),
            json!({ "iss": "http://127.0.0.1:1" }),
            json!({ "exp": at(5).as_second() }),
        ];
        for change in wrong {
            let sent = on.start(store, For::SignIn, None, at(0)).unwrap();
            let mut claims = good(&provider, &sent);
            claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            provider.says(claims);
            assert!(matches!(back(&on, store, &sent, 10), Err(AccountError::SignOnRefused(_))), "{change}");
        }
        assert!(people::is_empty(store, at(11)).unwrap());
    });
}

#[test]
fn a_state_comes_back_once_in_time_and_in_the_browser_that_was_sent() {
    let provider = Provider::start();
    on_both(|store| {
        let on = sign_on(&provider, true);
        let start = || {
            let sent = on.start(store, For::SignIn, None, at(0)).unwrap();
            provider.says(good(&provider, &sent));
            sent
        };
        let sent = start();
        let stolen = Answer { state: sent.state.reveal(), code: Some("c"), error: None, cookie: "" };
        assert!(matches!(on.finish(store, stolen, None, &here(), at(1)), Err(AccountError::Stale)));
        assert!(back(&on, store, &sent, 1).is_ok());
        assert!(matches!(back(&on, store, &sent, 2), Err(AccountError::Stale)), "once");
        assert!(matches!(back(&on, store, &start(), 600), Err(AccountError::Stale)), "within ten minutes");
    });
}

#[test]
fn where_strangers_are_not_let_in_an_invitation_links_the_identity() {
    let provider = Provider::start();
    on_both(|store| {
        let on = sign_on(&provider, false);
        let come = |wanted: For<'_>| {
            let sent = on.start(store, wanted, None, at(0))?;
            provider.says(good(&provider, &sent));
            back(&on, store, &sent, 10)
        };
        assert!(matches!(come(For::SignIn), Err(AccountError::SignOnUnknown)));
        let here = here();
        let manager = Manager::operator(store, &here, at(0));
        let person = manager.create(profile("hanako")).unwrap();
        let invitation = manager.invite(person.id).unwrap();
        assert_eq!(entered(come(For::Link(invitation.reveal())).unwrap()).id, person.id);
        assert_eq!(entered(come(For::SignIn).unwrap()).id, person.id);
        assert!(matches!(come(For::Link(invitation.reveal())), Err(AccountError::LinkGone)));
        let other = manager.create(profile("jiro")).unwrap();
        let invitation = manager.invite(other.id).unwrap();
        assert!(matches!(come(For::Link(invitation.reveal())), Err(AccountError::SignOnTaken)));
    });
}
