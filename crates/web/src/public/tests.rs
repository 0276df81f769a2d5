//! The public pages as a browser asks for them: through the whole site, over the shipped data and a confidential report.

mod confidential;
mod feeds;
mod registers;
mod search;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use base::Source;
use register::Record;
use store::{By, Store};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::app::App;
use crate::config::Config;
use crate::desk::Desk;

/// A site over a database of its own, with everything that ships.
struct Site {
    app: App,
    _folder: TempDir,
}

/// An answer.
struct Answer {
    status: StatusCode,
    kind: String,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }
}

impl Site {
    fn shipped() -> Site {
        Site::with(Vec::new())
    }

    /// The shipped data and more.
    fn with(more: Vec<Record>) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("shirube.db");
        let store = Store::open(place.to_str().unwrap(), shipped::registry().unwrap(), |_| {}).unwrap();
        store.write(&By::now("test", "shipped"), shipped::records().unwrap()).unwrap();
        if !more.is_empty() {
            store.write(&By::now("test", "more"), more).unwrap();
        }
        let config = Config {
            requests_per_minute: 0,
            public_url: Some("https://plan.example.jp".into()),
            ..Config::default()
        };
        Site { app: App::new(config, Desk::open(store, 2, 1).unwrap()), _folder: folder }
    }

    async fn get(&self, address: &str) -> Answer {
        let request = Request::get(address).body(Body::empty()).unwrap();
        let response = crate::server::site(&self.app).oneshot(request).await.unwrap();
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec();
        Answer { status, kind: kind.unwrap_or_default(), bytes }
    }

    async fn text(&self, address: &str) -> String {
        let answer = self.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        answer.text()
    }
}

/// A record with one field set after another.
fn record(reference: &str, fields: &[(&str, serde_json::Value)]) -> Record {
    let (register, id) = reference.split_once(':').unwrap();
    let mut record = Record::new(register.parse().unwrap(), id.parse().unwrap(), Source::document("form"));
    for (field, value) in fields {
        record.set(field, value);
    }
    record
}
