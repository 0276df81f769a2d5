//! A server on a database of its own, and how its pages are asked for and read.

use std::collections::BTreeSet;
use std::time::Duration;

use base::Source;
use register::{Record, RecordId};
use serde_json::{Value, json};
use store::{By, Store};

/// The server, stopped when it is dropped.
pub(crate) struct Site {
    url: String,
    agent: ureq::Agent,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    server: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Site {
    /// The shipped plan, and more.
    pub(crate) fn open(more: Vec<Record>) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("plan.db").display().to_string();
        let store = Store::open(&place, shipped::registry().unwrap(), |_| {}).unwrap();
        let records = shipped::records().unwrap().into_iter().chain(more);
        store.write(&By::now("test", "sample"), records.collect::<Vec<_>>()).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let config = web::Config {
            listen: ([127, 0, 0, 1], 0).into(),
            requests_per_minute: 0,
            ..web::Config::default()
        };
        let server = std::thread::spawn(move || {
            let stop = async { drop(stopped.await) };
            web::serve(store, config, stop, |ready| tell.send(ready.url.clone()).unwrap()).unwrap();
        });
        let url = told.recv_timeout(Duration::from_mins(1)).unwrap().trim_end_matches('/').to_owned();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        Site { url, agent, stop: Some(stop), server: Some(server), _folder: folder }
    }

    /// Status and body.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut answer = self.agent.get(format!("{}{path}", self.url)).call().unwrap();
        let bytes = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        (answer.status().as_u16(), String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A page that is there.
    pub(crate) fn page(&self, path: &str) -> String {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}");
        body
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

/// The addresses that a page links to on the same site, without the places within pages.
pub(crate) fn links(body: &str) -> BTreeSet<String> {
    let hrefs = body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = hrefs.filter(|href| href.starts_with('/')).map(|href| href.split('#').next().unwrap_or(href));
    own.map(|href| href.replace("&amp;", "&")).collect()
}

/// The text of a page, without tags.
pub(crate) fn text(body: &str) -> String {
    let parts = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect()
}

fn record(register: &str, id: &str, document: &str, fields: &Value) -> Record {
    let (register, id) = (register.parse().unwrap(), id.parse::<RecordId>().unwrap());
    let mut record = Record::new(register, id, Source::lines(document, "1"));
    record.fields = fields.as_object().unwrap().clone().into_iter().collect();
    record
}

/// A row of two years for one goal, with a budget and a share; a programme with money and results. All made up.
pub(crate) fn sample() -> Vec<Record> {
    let row = |id: &str, year: i32, measure: &str, results: &str| {
        let fields = json!({
            "fiscal_year": year, "generation": "plan-generation:plan-2",
            "goal": "研究開発拠点、開発支援拠点や企業の連携強化", "heading": "見本の見出し",
            "order": 1, "measure": measure, "ministries_as_printed": "[◎厚、経]",
            "results": results, "plans": "・続ける。",
        });
        record("follow-up-row", id, "sample-table", &fields)
    };
    let results = "・「見本の拠点整備事業」（令和6年度予算：5億円）を進めた。・「見本の調査事業」（令和6年度予算：19億円の内数）も行った。";
    let sheet = json!({
        "system": "rs", "sheet_year": 2024, "number": "0001", "rs_id": 900_001, "key": "rs-900001",
        "name": "見本の拠点整備事業", "ministry": "厚生労働省",
        "money": [
            { "fiscal_year": 2024, "kind": "initial", "yen": "500000000円" },
            { "fiscal_year": 2024, "kind": "executed", "yen": { "missing": "not-yet" } },
            { "fiscal_year": 2023, "kind": "executed", "yen": "0円" },
        ],
    });
    vec![
        row("fy2023.sample", 2023, "医療機器の研究開発を支える拠点を全国に整備した。", "・準備した。"),
        row("fy2024.sample", 2024, "医療機器の研究開発を支える拠点を全国に整備する。", results),
        record("programme-sheet", "rs-2024-900001", "sample-sheet", &sheet),
    ]
}
