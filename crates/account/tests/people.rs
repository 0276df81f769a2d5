//! People and who manages them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use account::door::Kind;
use account::{AccountError, Login, Manager, Profile, Role, door, people};
use common::*;
use register::{Record, RecordId, RecordRef};
use store::{By, Store};

fn version(store: &Store, person: &account::Person) -> u64 {
    people::find(store, person.id, at(9)).unwrap().unwrap().version
}

#[test]
fn a_login_name_belongs_to_one_person_however_it_is_written() {
    on_both(|store| {
        let here = here();
        let manager = Manager::operator(store, &here, at(0));
        let tanaka = manager.create(profile("tanaka")).unwrap();
        assert!(matches!(manager.create(profile("ＴＡＮＡＫＡ")), Err(AccountError::LoginTaken(_))));
        let renamed = Profile { login: Login::new("tanaka2").unwrap(), ..tanaka.profile.clone() };
        manager.change(tanaka.id, renamed, 1).unwrap();
        let by = |login: &str| people::by_login(store, &Login::new(login).unwrap(), at(1)).unwrap();
        assert_eq!(by("tanaka2").unwrap().value.id, tanaka.id);
        assert!(by("tanaka").is_none());
        assert!(manager.create(profile("tanaka")).is_ok(), "the old name is free");
    });
}

#[test]
fn two_administrators_do_not_overwrite_each_other() {
    on_both(|store| {
        let here = here();
        let manager = Manager::operator(store, &here, at(0));
        let person = manager.create(profile("tanaka")).unwrap();
        let named = |name: &str| Profile { name: name.to_owned(), ..person.profile.clone() };
        assert_eq!(manager.change(person.id, named("田中"), 1).unwrap().version, 2);
        assert!(matches!(manager.change(person.id, named("中田"), 1), Err(AccountError::Meanwhile)));
        assert_eq!(people::find(store, person.id, at(1)).unwrap().unwrap().value.profile.name, "田中");
    });
}

#[test]
fn only_administrators_manage_people_and_a_try_is_noted() {
    on_both(|store| {
        let person = somebody(store, "tanaka");
        let here = here();
        let refused = Manager::person(store, &person, &here, at(5));
        assert!(matches!(refused.map(|_| ()), Err(AccountError::NotAdministrator)));
        let newest = door::page(store, None, 1, at(6)).unwrap().events.remove(0);
        assert_eq!((newest.kind, newest.person), (Kind::RightDenied, Some(person.id)));
    });
}

#[test]
fn the_last_administrator_stays_one() {
    on_both(|store| {
        let admin = set_up(store).person;
        let here = here();
        let manager = Manager::person(store, &admin, &here, at(1)).unwrap();
        let plain = Profile { administrator: false, ..admin.profile.clone() };
        let last =
            |result: account::Result<_>| matches!(result.map(|_| ()), Err(AccountError::LastAdministrator));
        assert!(last(manager.change(admin.id, plain.clone(), 1)));
        assert!(last(manager.disable(admin.id, 1)));
        let second = manager.create(Profile { administrator: true, ..profile("second-desk") }).unwrap();
        manager.disable(second.id, version(store, &second)).unwrap();
        assert!(last(manager.disable(admin.id, 1)), "somebody disabled does not count");
        manager.enable(second.id, version(store, &second)).unwrap();
        assert!(manager.change(admin.id, plain, 1).is_ok());
    });
}

#[test]
fn a_viewer_has_the_roles_and_organisations_of_the_person_under_both_their_names() {
    on_both(|store| {
        let reference = RecordRef::new("organisation", "mhlw").unwrap();
        let mut record =
            Record::new(reference.register.clone(), reference.record.clone(), base::Source::document("none"));
        record.set("name", "厚生労働省");
        store.write(&By::now("tester", "because"), [record]).unwrap();
        let roles = BTreeSet::from([Role::new("ministry").unwrap()]);
        let memberships = BTreeMap::from([(RecordId::new("mhlw").unwrap(), roles)]);
        let here = here();
        let manager = Manager::operator(store, &here, at(0));
        let person =
            manager.create(Profile { memberships, administrator: true, ..profile("tanaka") }).unwrap();
        let viewer = people::viewer(store, &person).unwrap();
        assert_eq!(viewer.person, Some(person.id.to_string()));
        assert_eq!(Vec::from_iter(viewer.organisations), ["organisation:mhlw", "厚生労働省"]);
        assert_eq!(Vec::from_iter(viewer.roles), ["administrator", "ministry"]);
        let second = manager.create(Profile { administrator: true, ..profile("second-desk") }).unwrap();
        assert!(second.is_administrator());
        let disabled = manager.disable(person.id, 1).unwrap().value;
        assert!(!people::viewer(store, &disabled).unwrap().is_signed_in());
    });
}

#[test]
fn people_are_listed_by_login_name() {
    on_both(|store| {
        for login in ["suzuki", "abe", "tanaka"] {
            somebody(store, login);
        }
        let all = people::all(store, at(1)).unwrap();
        let logins: Vec<&str> = all.iter().map(|filed| filed.value.profile.login.as_str()).collect();
        assert_eq!(logins, ["abe", "suzuki", "tanaka"]);
    });
}
