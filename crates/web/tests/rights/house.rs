//! A server on a database full of marked records, and people of every kind who look at it.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::time::Duration;

use account::{Caller, Login, Manager, Method, Profile, Role};
use base::Source;
use jiff::Timestamp;
use register::{Record, RecordId, Registry};
use serde_json::Value;
use store::{By, Store};

use crate::marks::{self, Eyes, Marked};

/// A kind of viewer, with the cookie of their session.
pub(crate) struct Looker {
    pub(crate) name: &'static str,
    cookie: Option<String>,
    roles: BTreeSet<String>,
    own: BTreeSet<String>,
}

/// The server, what is in it and who looks.
pub(crate) struct House {
    url: String,
    pub(crate) registry: Registry,
    pub(crate) records: Vec<Marked>,
    pub(crate) lookers: Vec<Looker>,
    agent: ureq::Agent,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    server: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Eyes for Looker {
    fn roles(&self) -> &BTreeSet<String> {
        &self.roles
    }
    fn own(&self) -> &BTreeSet<String> {
        &self.own
    }
    fn is_known(&self) -> bool {
        self.cookie.is_some()
    }
}

impl House {
    pub(crate) fn open() -> House {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("rights.db").display().to_string();
        let registry = shipped::registry().unwrap();
        let store = Store::open(&place, registry.clone(), |_| {}).unwrap();
        let records = marks::marked(&registry);
        let all = records.iter().map(|marked| marked.record.clone()).chain(organisations());
        store.write(&By::now("test", "marks"), all.collect::<Vec<_>>()).unwrap();
        let lookers = lookers(&store);
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let config = web::Config {
            listen: ([127, 0, 0, 1], 0).into(),
            requests_per_minute: 0,
            hooks_to_private_networks: true,
            ..web::Config::default()
        };
        let server = std::thread::spawn(move || {
            let stop = async { drop(stopped.await) };
            web::serve(store, config, stop, |ready| tell.send(ready.url.clone()).unwrap()).unwrap();
        });
        let url = told.recv_timeout(Duration::from_mins(1)).unwrap().trim_end_matches('/').to_owned();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        House {
            url,
            registry,
            records,
            lookers,
            agent,
            stop: Some(stop),
            server: Some(server),
            _folder: folder,
        }
    }

    /// Status and body of an answer, of a workbook all of its parts. No question makes the server fail.
    pub(crate) fn get(&self, looker: &Looker, path: &str) -> (u16, String) {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(cookie) = &looker.cookie {
            request = request.header("cookie", format!("shirube={cookie}"));
        }
        let mut answer = request.call().unwrap();
        let status = answer.status().as_u16();
        assert!(status < 500, "{}: {path}: {status}", looker.name);
        let bytes = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        let is_workbook = bytes.starts_with(b"PK");
        let text = if is_workbook { parts(bytes) } else { String::from_utf8_lossy(&bytes).into_owned() };
        (status, text)
    }

    /// Status and body of the answer to JSON that is sent.
    pub(crate) fn post(&self, looker: &Looker, path: &str, body: &Value) -> (u16, Value) {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        request = request.header("content-type", "application/json");
        if let Some(cookie) = &looker.cookie {
            request = request.header("cookie", format!("shirube={cookie}"));
        }
        let mut answer = request.send(body.to_string()).unwrap();
        (
            answer.status().as_u16(),
            serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap(),
        )
    }

    /// A kind of viewer by name.
    pub(crate) fn looker(&self, name: &str) -> &Looker {
        self.lookers.iter().find(|looker| looker.name == name).unwrap()
    }

    /// Status and target of the answer to a form.
    pub(crate) fn form(&self, looker: &Looker, path: &str, pairs: &str) -> (u16, String) {
        self.send(looker, path, "application/x-www-form-urlencoded", pairs.as_bytes())
    }

    /// Status and target of the answer to a file.
    pub(crate) fn upload(&self, looker: &Looker, path: &str, name: &str, content: &[u8]) -> (u16, String) {
        let head =
            format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let body = [head.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
        self.send(looker, path, "multipart/form-data; boundary=edge", &body)
    }

    fn send(&self, looker: &Looker, path: &str, kind: &str, body: &[u8]) -> (u16, String) {
        let mut request = self.agent.post(format!("{}{path}", self.url)).header("content-type", kind);
        if let Some(cookie) = &looker.cookie {
            request = request.header("cookie", format!("shirube={cookie}"));
        }
        let answer = request.send(body).unwrap();
        let status = answer.status().as_u16();
        assert!(status < 500, "{}: {path}: {status}", looker.name);
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
        (status, to.to_owned())
    }

    /// The tag of a record's newest version as the viewer is told it.
    pub(crate) fn tag(&self, looker: &Looker, path: &str) -> String {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(cookie) = &looker.cookie {
            request = request.header("cookie", format!("shirube={cookie}"));
        }
        let answer = request.call().unwrap();
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok());
        tag.unwrap_or("\"1\"").to_owned()
    }

    pub(crate) fn patch(&self, looker: &Looker, path: &str, tag: &str, body: &str) -> u16 {
        let mut request = self.agent.patch(format!("{}{path}", self.url));
        request = request.header("content-type", "application/merge-patch+json").header("if-match", tag);
        if let Some(cookie) = &looker.cookie {
            request = request.header("cookie", format!("shirube={cookie}"));
        }
        let status = request.send(body).unwrap().status().as_u16();
        assert!(status < 500, "{}: {path}: {status}", looker.name);
        status
    }

    pub(crate) fn of<'h>(&'h self, register: &'h str) -> impl Iterator<Item = &'h Marked> {
        self.records.iter().filter(move |marked| marked.record.register.as_str() == register)
    }

    /// The records of a register that a viewer may see.
    pub(crate) fn visible<'h>(&'h self, looker: &Looker, register: &'h str) -> Vec<&'h Marked> {
        self.of(register).filter(|marked| marks::sees(&self.registry, &marked.record, looker)).collect()
    }

    /// The marks a viewer may see, of one register or of all.
    pub(crate) fn allowed(&self, looker: &Looker, register: Option<&str>) -> BTreeSet<&str> {
        let of = |marked: &&Marked| register.is_none_or(|id| marked.record.register.as_str() == id);
        self.records
            .iter()
            .filter(of)
            .flat_map(|marked| marks::allowed(&self.registry, marked, looker))
            .collect()
    }

    pub(crate) fn may_change(&self, looker: &Looker, marked: &Marked, field: &str) -> bool {
        marks::may_change(&self.registry, &marked.record, field, looker)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.server.take().map(std::thread::JoinHandle::join);
    }
}

/// Everything that stands in a workbook: not its cells alone, but also links, remarks and properties.
fn parts(workbook: Vec<u8>) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    for index in 0..archive.len() {
        archive.by_index(index).unwrap().read_to_string(&mut text).unwrap();
    }
    text
}

fn organisations() -> impl Iterator<Item = Record> {
    ["a", "b", "c", "office"].into_iter().map(|name| {
        let id = RecordId::new(marks::organisation(name)).unwrap();
        let mut record = Record::new("organisation".parse().unwrap(), id, Source::document("test"));
        record.set("name", format!("組織{name}")).set("kind", "company");
        record
    })
}

/// Somebody without login, somebody of each company, somebody of each role.
fn lookers(store: &Store) -> Vec<Looker> {
    let public = Looker { name: "public", cookie: None, roles: BTreeSet::new(), own: BTreeSet::new() };
    let mut lookers = vec![public];
    for (name, organisation, role) in [
        ("of company a", "a", Some("company")),
        ("of company b", "b", Some("company")),
        ("of company c, without a role", "c", None),
    ] {
        lookers.push(looker(store, name, organisation, role));
    }
    for role in ["secretariat", "ministry", "reviewer", "funding-body"] {
        lookers.push(looker(store, role, "office", Some(role)));
    }
    lookers
}

fn looker(store: &Store, name: &'static str, organisation: &str, role: Option<&str>) -> Looker {
    let (from, now) = (Caller { address: None, agent: None }, Timestamp::now());
    let login = Login::new(&format!("{organisation}.{}", role.unwrap_or("nobody"))).unwrap();
    let mut profile = Profile::new(login, name);
    let id = RecordId::new(marks::organisation(organisation)).unwrap();
    profile.memberships.insert(id, role.map(|role| Role::new(role).unwrap()).into_iter().collect());
    let person = Manager::operator(store, &from, now).create(profile).unwrap();
    let token = account::session::begin(store, &person, Method::Password, from, now).unwrap();
    let own = [format!("organisation:{}", marks::organisation(organisation)), format!("組織{organisation}")];
    let roles = role.into_iter().map(ToOwned::to_owned).collect();
    Looker { name, cookie: Some(token.reveal().to_owned()), roles, own: own.into() }
}
