//! A site in memory of a test: a database of a few records, people, and requests as browsers send them.

use std::net::IpAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn;
use base::{Lang, Source};
use jiff::Timestamp;
use register::{Record, RecordRef, Viewer};
use serde_json::json;
use store::{By, Change, Entry, Store};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::address::{Addresses, escaped};
use crate::app::App;
use crate::config::Config;
use crate::cx::{Circumstances, Cx, day_in_japan};
use crate::desk::Desk;
use crate::people::Person;

/// A site.
pub(crate) struct Site {
    pub(crate) app: App,
    router: Router,
    _folder: TempDir,
}

/// What was answered.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) text: String,
}

/// A person with organisations and roles.
pub(crate) fn person(name: &str, organisations: &[&str], roles: &[&str]) -> Person {
    let set = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    let viewer =
        Viewer { person: Some(name.to_owned()), organisations: set(organisations), roles: set(roles) };
    Person { id: name.to_owned(), name: name.to_owned(), viewer, administrator: false, token: None }
}

/// A row of the follow-up of 2024, carried by ministries.
pub(crate) fn row(id: &str, measure: &str, ministries: &[&str]) -> Record {
    let mut row =
        Record::new("follow-up-row".parse().unwrap(), id.parse().unwrap(), Source::lines("table.txt", "1-3"));
    row.set("fiscal_year", 2024).set("measure", measure).set("results", format!("{measure}を進めた。"));
    row.set("plans", format!("{measure}を続ける。")).set("goal", "ゴールＡ");
    let marks: Vec<_> = ministries.iter().map(|name| json!({ "ministry": name, "lead": true })).collect();
    row.set("ministries", marks);
    row
}

impl Site {
    /// A site with records.
    pub(crate) async fn of(records: Vec<Record>) -> Site {
        Site::with(Config::default(), records).await
    }

    /// A site that is set up otherwise, with records.
    pub(crate) async fn with(config: Config, records: Vec<Record>) -> Site {
        let folder = TempDir::new().unwrap();
        let place = folder.path().join("site.db");
        let store = Store::open(place.to_str().unwrap(), shipped::registry().unwrap(), |_| {}).unwrap();
        let app = App::new(config, Desk::open(store, 2, 1).unwrap());
        let router = crate::routes().layer(from_fn(crate::server::failures::told)).with_state(app.clone());
        let site = Site { app, router, _folder: folder };
        site.write(records).await;
        site
    }

    /// Writes records past all pages.
    pub(crate) async fn write(&self, records: Vec<Record>) {
        let changes = records.into_iter().map(Change::from).collect();
        self.app.desk.write(By::now("test", "given"), changes).await.unwrap();
    }

    pub(crate) async fn get(&self, who: &Person, path: &str) -> Answered {
        self.send(Some(who), Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_unknown(&self, path: &str) -> Answered {
        self.send(None, Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, who: &Person, path: &str, pairs: &[(&str, &str)]) -> Answered {
        let body: Vec<String> =
            pairs.iter().map(|(name, text)| format!("{}={}", escaped(name), escaped(text))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(Some(who), request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// Sends files as a browser does.
    pub(crate) async fn upload(&self, who: &Person, path: &str, files: &[(&str, &[u8])]) -> Answered {
        let mut body = Vec::new();
        for (name, content) in files {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(Some(who), request.body(Body::from(body)).unwrap()).await
    }

    async fn send(&self, who: Option<&Person>, mut request: Request<Body>) -> Answered {
        let viewer = who.map_or_else(Viewer::public, |person| person.viewer.clone());
        let now = Timestamp::now();
        let cx = Cx::new(Circumstances {
            app: self.app.clone(),
            lang: Lang::En,
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(ToOwned::to_owned),
            person: who.cloned(),
            viewer,
            client: IpAddr::from([127, 0, 0, 1]),
            now,
            today: day_in_japan(now),
            addresses: Addresses { prefix: String::new(), lang: Lang::En },
        });
        request.extensions_mut().insert(cx);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
        let (status, to) = (response.status(), to.to_owned());
        let text = to_bytes(response.into_body(), 8 << 20).await.unwrap();
        Answered { status, to, text: String::from_utf8_lossy(&text).into_owned() }
    }

    /// The history of a record, past all pages.
    pub(crate) async fn history(&self, record: &str) -> Vec<Entry> {
        let record: RecordRef = record.parse().unwrap();
        self.app.desk.look(move |store| Ok(store.history(&record)?)).await.unwrap()
    }

    /// The records of a register, past all pages.
    pub(crate) async fn records(&self, register: &str) -> Vec<Record> {
        let register = register.to_owned();
        self.app
            .desk
            .look(move |store| {
                let mut records = Vec::new();
                store.each(&register, |stored| records.push(stored.record))?;
                Ok(records)
            })
            .await
            .unwrap()
    }

    /// The end of the history.
    pub(crate) async fn head(&self) -> u64 {
        self.app.desk.look(|store| Ok(store.head()?.entries)).await.unwrap()
    }
}
