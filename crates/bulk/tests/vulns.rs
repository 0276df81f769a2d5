//! An index on disk: built from folders, archives and addresses, swapped whole, and never worse than it was after a failure.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bulk::vulns::{Update, Updated, Vulns, VulnsError, update};
use sha2::{Digest, Sha256};

fn record(id: &str, fixed: &str) -> String {
    format!(
        r#"{{"id": "{id}", "modified": "2026-05-0{fixed}T00:00:00Z", "affected": [{{"package": {{"ecosystem": "PyPI", "name": "a"}},
        "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}]}}]}}"#
    )
}

fn brought(into: &Path, sources: &[String]) -> Result<Updated, VulnsError> {
    update(&Update { sources, into, day: "2026-11-28", progress: &|_| () })
}

fn ids(path: &Path) -> Vec<String> {
    let (vulns, _) = Vulns::open(&[path.to_owned()], "2026-11-28").unwrap();
    let index = vulns.index().unwrap();
    index.verify().unwrap();
    (0..u32::try_from(index.len()).unwrap()).map(|at| index.brief(at).unwrap().id.to_owned()).collect()
}

#[test]
fn an_index_is_built_from_folders_and_says_where_its_data_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let (osv, into) = (folder.path().join("osv"), folder.path().join("deep/vulns.index"));
    std::fs::create_dir(&osv).unwrap();
    std::fs::write(osv.join("A-1.json"), record("A-1", "2")).unwrap();
    std::fs::write(osv.join("A-2.json"), r#"{"modified": "2026-05-03T00:00:00Z"}"#).unwrap();
    std::fs::write(osv.join("README.md"), "# Read me").unwrap();
    std::fs::write(
        folder.path().join("epss.csv"),
        "#model_version:v1,score_date:2026-01-02T00:00:00Z\ncve,epss\nCVE-2026-0001,0.5\n",
    )
    .unwrap();
    let sources = [osv.display().to_string(), folder.path().join("epss.csv").display().to_string()];
    let updated = brought(&into, &sources).unwrap();
    let told = &updated.about.sources[0];
    assert_eq!((told.records, told.refused, told.passed_over), (1, 1, 1));
    assert!(told.reasons[0].contains("A-2.json"), "{:?}", told.reasons);
    assert_eq!(
        (told.dated.as_deref(), told.formats.as_slice()),
        (Some("2026-05-02"), &["OSV".to_owned()][..])
    );
    assert_eq!(updated.about.sources[1].dated.as_deref(), Some("2026-01-02"));
    assert_eq!(ids(&into), ["A-1"]);
    assert!(brought(&into, &sources).unwrap().unchanged);
    std::fs::write(osv.join("A-1.json"), record("A-1", "3")).unwrap();
    assert!(!brought(&into, &sources).unwrap().unchanged);
}

#[test]
fn a_failed_update_leaves_the_old_index_and_two_do_not_collide() {
    let folder = tempfile::tempdir().unwrap();
    let (file, into) = (folder.path().join("a.json"), folder.path().join("vulns.index"));
    std::fs::write(&file, record("A-1", "2")).unwrap();
    let sources = [file.display().to_string()];
    brought(&into, &sources).unwrap();
    let before = std::fs::read(&into).unwrap();
    std::fs::write(&file, "{\"bomFormat\": 1}").unwrap();
    assert!(matches!(brought(&into, &sources), Err(VulnsError::Nothing { .. })));
    assert!(brought(&into, &["nowhere".to_owned()]).is_err());
    std::fs::write(&file, record("A-2", "2")).unwrap();
    std::fs::write(folder.path().join("a.json.sha256"), "0".repeat(64)).unwrap();
    assert!(matches!(brought(&into, &sources), Err(VulnsError::Checksum { .. })));
    assert_eq!(std::fs::read(&into).unwrap(), before);
    let digest = Sha256::digest(record("A-2", "2"));
    let sum = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    std::fs::write(folder.path().join("a.json.sha256"), format!("{sum}  a.json\n")).unwrap();
    let lock = std::fs::File::create(folder.path().join("vulns.index.lock")).unwrap();
    lock.lock().unwrap();
    assert!(matches!(brought(&into, &sources), Err(VulnsError::Locked(_))));
    drop(lock);
    assert!(brought(&into, &sources).unwrap().about.sources[0].checksum);
    assert_eq!(ids(&into), ["A-2"]);
}

/// A server for one file: every answer breaks off after so many bytes, until that is lifted.
struct Mirror {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    whole: Arc<Mutex<bool>>,
}

fn mirror(content: String, breaks_after: usize) -> Mirror {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/all.json", listener.local_addr().unwrap());
    let (asked, whole) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(false)));
    let (log, may) = (Arc::clone(&asked), Arc::clone(&whole));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let find = |name: &str| {
                head.iter().find_map(|line| {
                    let (key, value) = line.split_once(": ")?;
                    key.eq_ignore_ascii_case(name).then(|| value.to_owned())
                })
            };
            if !head[0].starts_with("GET /all.json ") {
                let _ = stream
                    .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                continue;
            }
            let told = [find("range"), find("if-range"), find("if-none-match")]
                .map(Option::unwrap_or_default)
                .join("|");
            log.lock().unwrap().push(told);
            let from: usize = find("range").map_or(0, |range| range[6..range.len() - 1].parse().unwrap());
            let head = if find("if-none-match").is_some() {
                "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_owned()
            } else {
                let (status, range) = if from > 0 {
                    let range =
                        format!("Content-Range: bytes {from}-{}/{}\r\n", content.len() - 1, content.len());
                    ("206 Partial Content", range)
                } else {
                    ("200 OK", String::new())
                };
                let length = content.len() - from;
                format!(
                    "HTTP/1.1 {status}\r\nETag: \"one\"\r\nContent-Length: {length}\r\n{range}Connection: close\r\n\r\n"
                )
            };
            let _ = stream.write_all(head.as_bytes());
            if !head.contains("304") {
                let to = if *may.lock().unwrap() {
                    content.len()
                } else {
                    (from + breaks_after).min(content.len())
                };
                let _ = stream.write_all(&content.as_bytes()[from..to]);
            }
        }
    });
    Mirror { address, asked, whole }
}

#[test]
fn what_was_broken_off_goes_on_where_it_ended_and_what_arrived_is_not_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("vulns.index");
    let content = format!("{}\n{}\n", record("A-1", "2"), record("A-2", "3"));
    let mirror = mirror(content, 100);
    let sources = [mirror.address.clone()];
    assert!(matches!(brought(&into, &sources), Err(VulnsError::Fetch { .. })));
    assert!(!into.exists());
    *mirror.whole.lock().unwrap() = true;
    brought(&into, &sources).unwrap();
    assert_eq!(ids(&into), ["A-1", "A-2"]);
    assert!(brought(&into, &sources).unwrap().unchanged);
    let asked = mirror.asked.lock().unwrap().clone();
    assert_eq!(asked, ["||", "bytes=100-|\"one\"|", "||\"one\""]);
}
