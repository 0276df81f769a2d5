//! What the store's tests share: databases of their own on both engines, declarations, records.

#![allow(dead_code, reason = "every test program uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::sync::atomic::{AtomicU32, Ordering};

use base::Source;
use postgres::NoTls;
use register::{Record, RecordRef, Registry};
use store::{By, Store};

pub(crate) const DEVICE: &str = r#"
id = "device"
name = { ja = "機器", en = "device" }
about = { ja = "", en = "" }
spec = "D"
source = { document = "none" }
title = "name"
initial = "draft"
[fields]
name = { type = "text", label = { ja = "名称" } }
names = { type = "names", label = { ja = "別名" }, search = true }
about = { type = "text", label = { ja = "説明" }, search = true }
kind = { type = "choice", label = { ja = "種" }, filter = true, options = { a = {}, b = {}, c = {} } }
years = { type = "list", of = { type = "year" }, label = { ja = "年" }, filter = true }
flag = { type = "flag", label = { ja = "旗" }, filter = true }
parent = { type = "ref", to = "device", label = { ja = "親" }, filter = true }
parts = { type = "table", label = { ja = "部品" }, columns.name = { type = "text", label = { ja = "名" }, search = true }, columns.of = { type = "ref", label = { ja = "先" } } }
secret = { type = "text", label = { ja = "秘" } }
[states.draft]
label = {}
to = ["done"]
[states.done]
label = {}
"#;

pub(crate) fn registry() -> Registry {
    Registry::parse([("device.toml", DEVICE)]).unwrap()
}

/// A database that is there as long as this.
pub(crate) struct Place {
    pub(crate) url: String,
    folder: Option<tempfile::TempDir>,
    server: Option<(String, String)>,
}

impl Place {
    pub(crate) fn sqlite() -> Place {
        let folder = tempfile::tempdir().unwrap();
        Place { url: folder.path().join("test.db").display().to_string(), folder: Some(folder), server: None }
    }
    /// A new database on the server that SHIRUBE_TEST_POSTGRES names.
    pub(crate) fn postgres() -> Option<Place> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("SHIRUBE_TEST_POSTGRES").ok()?;
        let name = format!("shirube_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut client = postgres::Client::connect(&server, NoTls).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).unwrap();
        let (front, _) = server.rsplit_once('/').unwrap();
        Some(Place { url: format!("{front}/{name}"), folder: None, server: Some((server, name)) })
    }
    pub(crate) fn all() -> Vec<Place> {
        [Some(Place::sqlite()), Place::postgres()].into_iter().flatten().collect()
    }
    pub(crate) fn open(&self) -> Store {
        Store::open(&self.url, registry(), |_| {}).unwrap()
    }
    /// Runs statements past the store, as somebody with a database tool would.
    pub(crate) fn tamper(&self, sql: &str) {
        if self.server.is_some() {
            let mut client = postgres::Client::connect(&self.url, NoTls).unwrap();
            client.batch_execute(&format!("DROP TRIGGER IF EXISTS history_keep ON history; {sql}")).unwrap();
        } else {
            let connection = rusqlite::Connection::open(&self.url).unwrap();
            let open = "DROP TRIGGER IF EXISTS history_keep; DROP TRIGGER IF EXISTS history_stand;";
            connection.execute_batch(&format!("{open} {sql}")).unwrap();
        }
    }
    /// Runs a statement that should be refused.
    pub(crate) fn refuses(&self, sql: &str) -> bool {
        if self.server.is_some() {
            postgres::Client::connect(&self.url, NoTls).unwrap().batch_execute(sql).is_err()
        } else {
            rusqlite::Connection::open(&self.url).unwrap().execute_batch(sql).is_err()
        }
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

pub(crate) fn device(id: &str, name: &str) -> Record {
    let reference = at(id);
    let mut record = Record::new(reference.register, reference.record, Source::document("002"));
    record.set("name", name);
    record
}

pub(crate) fn at(id: &str) -> RecordRef {
    RecordRef::new("device", id).unwrap()
}

pub(crate) fn by() -> By {
    By::now("tester", "because")
}

/// Runs a test on both databases.
pub(crate) fn on_both(test: impl Fn(&Place)) {
    Place::all().iter().for_each(test);
}
