//! How people come in, and how they are kept out: links, passwords, sessions, throttling, tokens, and what the log says.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use account::door::{Kind, Outcome};
use account::{AccountError, Login, Manager, Method, api_token, door, link, people, session, sign_in};
use common::*;
use store::Store;

fn signs_in(store: &Store, login: &str, password: &str, seconds: i64) -> account::Result<account::Entered> {
    sign_in::by_password(store, login, password, &here(), at(seconds))
}

#[test]
fn the_first_start_gives_a_link_that_makes_one_administrator() {
    on_both(|store| {
        let old = link::first_start(store, at(0)).unwrap().unwrap();
        let token = link::first_start(store, at(1)).unwrap().unwrap();
        let set_up = |token: &str| link::set_up(store, token, profile("root-desk"), GOOD, &here(), at(2));
        assert!(matches!(set_up(old.reveal()), Err(AccountError::LinkGone)), "an earlier link stops working");
        let entered = set_up(token.reveal()).unwrap();
        assert!(entered.person.is_administrator());
        assert!(session::find(store, entered.token.reveal(), at(3)).unwrap().is_some());
        assert!(matches!(set_up(token.reveal()), Err(AccountError::LinkGone)), "it works once");
        assert!(link::first_start(store, at(4)).unwrap().is_none(), "there is somebody");
    });
}

#[test]
fn a_setup_link_survives_a_bad_password_and_ends_after_a_day() {
    on_both(|store| {
        let token = link::first_start(store, at(0)).unwrap().unwrap();
        let set_up = |password, seconds| {
            link::set_up(store, token.reveal(), profile("root-desk"), password, &here(), at(seconds))
        };
        assert!(matches!(set_up("short", 1), Err(AccountError::PasswordShort { .. })));
        assert!(matches!(set_up(GOOD, 24 * 3600), Err(AccountError::LinkGone)));
        assert!(set_up(GOOD, 24 * 3600 - 1).is_ok());
    });
}

#[test]
fn an_invitation_lets_one_of_those_who_hold_it_in() {
    on_both(|store| {
        let here = here();
        let manager = Manager::operator(store, &here, at(0));
        let person = manager.create(profile("tanaka")).unwrap();
        let invitation = manager.invite(person.id).unwrap();
        assert_eq!(
            link::person(store, invitation.reveal(), at(1)).unwrap().id,
            person.id,
            "looking does not use it"
        );
        let set = || link::set_password(store, invitation.reveal(), GOOD, &here, at(1));
        assert!(set().is_ok());
        assert!(matches!(set(), Err(AccountError::LinkGone)));
        assert!(signs_in(store, "ＴＡＮＡＫＡ", GOOD, 2).is_ok());
    });
}

#[test]
fn a_reset_ends_the_sessions_of_whoever_is_inside() {
    on_both(|store| {
        let person = somebody(store, "tanaka");
        let inside = signs_in(store, "tanaka", GOOD, 1).unwrap();
        let here = here();
        let reset = Manager::operator(store, &here, at(2)).reset(person.id).unwrap();
        assert!(
            session::find(store, inside.token.reveal(), at(3)).unwrap().is_some(),
            "not before it is used"
        );
        link::set_password(store, reset.reveal(), OTHER, &here, at(3)).unwrap();
        assert!(session::find(store, inside.token.reveal(), at(4)).unwrap().is_none());
        assert!(matches!(signs_in(store, "tanaka", GOOD, 4), Err(AccountError::Wrong)));
        assert!(signs_in(store, "tanaka", OTHER, 5).is_ok());
    });
}

#[test]
fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    on_both(|store| {
        somebody(store, "tanaka");
        let wrong = signs_in(store, "tanaka", OTHER, 1).unwrap_err();
        for stranger in ["suzuki", "no login at all!", ""] {
            assert_eq!(signs_in(store, stranger, OTHER, 1).unwrap_err().to_string(), wrong.to_string());
        }
    });
}

#[test]
fn guessing_is_slowed_even_for_the_right_password_and_time_heals_it() {
    on_both(|store| {
        somebody(store, "tanaka");
        for _ in 0..5 {
            assert!(matches!(signs_in(store, "tanaka", OTHER, 10), Err(AccountError::Wrong)));
        }
        assert!(matches!(signs_in(store, "tanaka", GOOD, 10), Err(AccountError::Wait { seconds: 2 })));
        let elsewhere = sign_in::by_password(store, "tanaka", GOOD, &from("198.51.100.1"), at(11));
        assert!(matches!(elsewhere, Err(AccountError::Wait { seconds: 1 })), "from wherever");
        assert!(signs_in(store, "tanaka", GOOD, 12).is_ok());
        assert!(matches!(signs_in(store, "tanaka", OTHER, 13), Err(AccountError::Wrong)));
        assert!(signs_in(store, "tanaka", GOOD, 13).is_ok(), "the right password made it forgotten");
    });
}

#[test]
fn one_address_cannot_try_everybody_and_an_own_account_does_not_help() {
    on_both(|store| {
        somebody(store, "tanaka");
        let mut tried = 0;
        let refused = loop {
            match signs_in(store, &format!("person-{tried}"), OTHER, 10) {
                Err(AccountError::Wrong) => tried += 1,
                other => break other,
            }
            if tried % 10 == 9 {
                assert!(signs_in(store, "tanaka", GOOD, 10).is_ok());
            }
        };
        assert!(matches!(refused, Err(AccountError::Wait { .. })));
        assert_eq!(tried, 30);
        assert!(sign_in::by_password(store, "tanaka", GOOD, &from("198.51.100.1"), at(10)).is_ok());
    });
}

#[test]
fn a_login_that_nobody_has_is_not_written_down_because_it_may_be_a_password() {
    on_both(|store| {
        somebody(store, "tanaka");
        for (second, login) in [(5, OTHER), (6, OTHER), (7, "tanaka")] {
            assert!(signs_in(store, login, "wrong wrong wrong", second).is_err());
        }
        let log = door::page(store, None, 3, at(8)).unwrap().events;
        assert_eq!(log[0].login.as_deref(), Some("tanaka"));
        let stranger = log[1].login.as_deref().unwrap();
        assert!(stranger.starts_with('#') && !stranger.contains("barley"));
        assert_eq!(log[1].login, log[2].login, "that it was the same again can be seen");
        assert!(log.iter().all(|event| event.kind == Kind::SignIn && event.outcome == Outcome::Refused));
    });
}

#[test]
fn tries_that_wait_do_not_fill_the_log() {
    on_both(|store| {
        for _ in 0..20 {
            assert!(signs_in(store, "tanaka", OTHER, 5).is_err());
        }
        let log = door::page(store, None, 100, at(6)).unwrap().events;
        assert_eq!(log.len(), 5);
        assert_eq!(log.iter().filter(|event| event.outcome == Outcome::Slowed).count(), 1);
    });
}

#[test]
fn the_log_is_read_in_pages_newest_first() {
    on_both(|store| {
        for second in 0..5 {
            let event = door::Event::new(Kind::RightDenied, Outcome::Refused, &here(), at(second));
            door::note(store, &event.about(&format!("device/{second}"))).unwrap();
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = door::page(store, after.as_deref(), 2, at(9)).unwrap();
            seen.extend(page.events.into_iter().filter_map(|event| event.about));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["device/4", "device/3", "device/2", "device/1", "device/0"]);
    });
}

#[test]
fn a_session_ends_after_a_working_day_unused_and_after_a_week_used_every_day() {
    on_both(|store| {
        let person = somebody(store, "tanaka");
        let hour = |hours: i64| at(hours * 3600);
        let begin = |hours| session::begin(store, &person, Method::Password, here(), hour(hours)).unwrap();
        let is_in = |token: &account::Secret, hours| {
            session::find(store, token.reveal(), hour(hours)).unwrap().is_some()
        };
        let unused = begin(0);
        assert!(is_in(&begin(0), 7) && !is_in(&unused, 8));
        let used = begin(0);
        for hours in (7..168).step_by(7) {
            assert!(is_in(&used, hours), "{hours}");
        }
        assert!(!is_in(&used, 168));
    });
}

#[test]
fn a_person_ends_their_sessions_and_nobody_elses() {
    on_both(|store| {
        let (one, other) = (somebody(store, "tanaka"), somebody(store, "suzuki"));
        let a = signs_in(store, "tanaka", GOOD, 1).unwrap().token;
        let b = signs_in(store, "tanaka", GOOD, 2).unwrap().token;
        let theirs = signs_in(store, "suzuki", GOOD, 3).unwrap().token;
        let is_in = |token: &account::Secret| session::find(store, token.reveal(), at(9)).unwrap().is_some();
        let name = session::find(store, theirs.reveal(), at(4)).unwrap().unwrap().name;
        assert!(!session::end_named(store, one.id, &name, at(4)).unwrap());
        assert!(session::end_named(store, other.id, &name, at(4)).unwrap());
        session::end_others(store, one.id, a.reveal(), at(5)).unwrap();
        assert_eq!([is_in(&a), is_in(&b), is_in(&theirs)], [true, false, false]);
        sign_in::out(store, a.reveal(), &here(), at(6)).unwrap();
        assert!(!is_in(&a));
    });
}

#[test]
fn a_changed_password_needs_a_fresh_proof_and_ends_the_other_sessions() {
    on_both(|store| {
        somebody(store, "tanaka");
        let (mine, lost) = (
            signs_in(store, "tanaka", GOOD, 0).unwrap().token,
            signs_in(store, "tanaka", GOOD, 0).unwrap().token,
        );
        let token = mine.reveal();
        let signed_in = session::find(store, token, at(3600)).unwrap().unwrap();
        assert!(!signed_in.is_fresh(at(3600)));
        let prove =
            |password| sign_in::prove_by_password(store, (token, &signed_in), password, &here(), at(3600));
        assert!(matches!(prove(OTHER), Err(AccountError::Wrong)));
        prove(GOOD).unwrap();
        let signed_in = session::find(store, token, at(3601)).unwrap().unwrap();
        assert!(signed_in.is_fresh(at(3601)));
        sign_in::change_password(store, (token, &signed_in), OTHER, &here(), at(3602)).unwrap();
        assert!(session::find(store, token, at(3603)).unwrap().is_some());
        assert!(session::find(store, lost.reveal(), at(3603)).unwrap().is_none());
        assert!(signs_in(store, "tanaka", OTHER, 3604).is_ok());
    });
}

#[test]
fn whoever_is_disabled_is_out_at_once_and_told_so_only_after_the_right_password() {
    on_both(|store| {
        let admin = set_up(store).person;
        let person = somebody(store, "tanaka");
        let inside = signs_in(store, "tanaka", GOOD, 1).unwrap().token;
        let scopes = BTreeSet::from([api_token::Scope::Read]);
        let token = api_token::make(store, &person, ("script", scopes, 30), &here(), at(1)).unwrap();
        let version = people::find(store, person.id, at(2)).unwrap().unwrap().version;
        let here = here();
        Manager::person(store, &admin, &here, at(2)).unwrap().disable(person.id, version).unwrap();
        assert!(session::find(store, inside.reveal(), at(3)).unwrap().is_none());
        assert!(api_token::find(store, token.reveal(), at(3)).unwrap().is_none());
        assert!(matches!(signs_in(store, "tanaka", OTHER, 3), Err(AccountError::Wrong)));
        assert!(matches!(signs_in(store, "tanaka", GOOD, 3), Err(AccountError::Disabled)));
    });
}

#[test]
fn a_token_is_known_by_its_hash_narrowed_by_scopes_and_gone_when_revoked() {
    on_both(|store| {
        let person = somebody(store, "tanaka");
        let scopes = ["write", "registers:device"].map(|scope| scope.parse().unwrap());
        let make = |scopes, days| api_token::make(store, &person, ("script", scopes, days), &here(), at(0));
        let secret = make(BTreeSet::from(scopes.clone()), 30).unwrap();
        assert!(secret.reveal().starts_with("shirube_"));
        let find = |seconds| api_token::find(store, secret.reveal(), at(seconds)).unwrap();
        let bearer = find(1).unwrap();
        assert_eq!(bearer.person.id, person.id);
        assert!(bearer.token.may_read("device") && bearer.token.may_write("device"));
        assert!(!bearer.token.may_read("goal") && !bearer.token.may_write("goal"));
        let used = |seconds| find(seconds).unwrap().token.used.unwrap();
        assert_eq!((used(59), used(61)), (at(1), at(61)), "written at most once a minute");
        assert!(find(30 * 24 * 3600).is_none(), "it ends");
        let key = api_token::list(store, person.id, at(62)).unwrap()[0].key.clone();
        assert!(!api_token::revoke(store, somebody(store, "suzuki").id, &key, &here(), at(63)).unwrap());
        assert!(api_token::revoke(store, person.id, &key, &here(), at(63)).unwrap());
        assert!(find(64).is_none());
        assert!(matches!(make(BTreeSet::from([scopes[1].clone()]), 30), Err(AccountError::NoScope)));
        assert!(matches!(
            make(BTreeSet::from([scopes[0].clone()]), 401),
            Err(AccountError::TokenTerm { .. })
        ));
    });
}

#[test]
fn the_only_way_in_cannot_be_taken_away() {
    on_both(|store| {
        let person = somebody(store, "tanaka");
        let removed = sign_in::remove_password(store, &person, &here(), at(1));
        assert!(matches!(removed, Err(AccountError::LastWayIn)));
        assert!(people::by_login(store, &Login::new("tanaka").unwrap(), at(2)).unwrap().is_some());
    });
}

#[test]
fn every_sentence_stands_in_both_languages() {
    let errors = [
        AccountError::Wrong,
        AccountError::Wait { seconds: 7 },
        AccountError::Disabled,
        AccountError::LinkGone,
    ];
    for error in errors {
        let names = error.names();
        assert!(!names.ja.is_ascii() && names.en.is_ascii(), "{names:?}");
    }
}
