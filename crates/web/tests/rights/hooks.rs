//! Hooks: their owner is told of each change to a record that they may see, and of no other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{House, Looker};
use crate::marks::marks_in;

/// What was delivered to each path of the receiver.
type Post = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

const PATIENCE: Duration = Duration::from_mins(2);

#[test]
fn a_hook_tells_of_every_change_its_owner_may_see_and_of_no_other() {
    let house = House::open();
    let (address, post) = receiver();
    let mut owners = Vec::new();
    for (index, looker) in house.lookers.iter().enumerate() {
        let wish = json!({ "url": format!("{address}/{index}"), "secret": "0123456789abcdef" });
        let (status, made) = house.post(looker, "/api/v1/hooks", &wish);
        match status {
            201 => owners.push((index, looker, made["id"].as_str().unwrap().to_owned())),
            _ => assert!([401, 403].contains(&status), "{}: {status}", looker.name),
        }
    }
    assert!(owners.len() >= 5, "companies and all roles have hooks");
    let changed = change_all(&house);
    assert!(changed.len() > 50, "{}", changed.len());
    let mut kept_from_some = 0;
    for (index, looker, hook) in owners {
        until_told(&house, looker, &hook);
        let sees = |name: &&String| {
            let (register, id) = name.split_once(':').unwrap();
            house.visible(looker, register).iter().any(|marked| marked.record.id.as_str() == id)
        };
        let may: BTreeSet<String> = changed.iter().filter(sees).cloned().collect();
        let post = post.lock().unwrap();
        let bodies = post.get(&format!("/{index}")).cloned().unwrap_or_default();
        let told: BTreeSet<String> = bodies.iter().map(|body| record_in(body)).collect();
        assert_eq!(told, may, "{}", looker.name);
        kept_from_some += usize::from(told.len() < changed.len());
        let marks: Vec<_> = bodies.iter().flat_map(|body| marks_in(body)).collect();
        assert!(marks.is_empty(), "{}: the content is fetched, not sent: {marks:?}", looker.name);
    }
    assert!(kept_from_some >= 3, "companies at least do not see all");
}

/// Has somebody who may do so change each record, and tells which were changed.
fn change_all(house: &House) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    for marked in &house.records {
        let (register, id) = (&marked.record.register, &marked.record.id);
        let who = house.lookers.iter().find_map(|looker| {
            let field = marked.changeable.iter().find(|field| house.may_change(looker, marked, field))?;
            Some((looker, field))
        });
        let Some((looker, field)) = who else { continue };
        let path = format!("/api/v1/registers/{register}/records/{id}");
        let body = json!({ "fields": { field: "changed" } }).to_string();
        let status = house.patch(looker, &path, &house.tag(looker, &path), &body);
        assert_eq!(status, 200, "{}: {path}", looker.name);
        changed.insert(format!("{register}:{id}"));
    }
    changed
}

/// Waits until a hook was told of everything up to the end of the history, and has had no failure.
fn until_told(house: &House, looker: &Looker, hook: &str) {
    let (_, history) = house.get(looker, "/api/v1/changes?limit=1000");
    let history: Value = serde_json::from_str(&history).unwrap();
    assert_eq!(history["more"], false);
    let end = history["next"].as_u64().unwrap();
    let until = Instant::now() + PATIENCE;
    loop {
        let (_, body) = house.get(looker, &format!("/api/v1/hooks/{hook}"));
        let hook: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(hook["state"], "active", "{}", looker.name);
        if hook["next"].as_u64() >= Some(end) {
            return;
        }
        assert!(Instant::now() < until, "{}: told up to {}, not {end}", looker.name, hook["next"]);
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn record_in(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    format!("{}:{}", body["register"].as_str().unwrap(), body["record"].as_str().unwrap())
}

/// A receiver that takes whatever it is sent.
fn receiver() -> (String, Post) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let post = Post::default();
    let received = Arc::clone(&post);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (path, body) = read(&stream.try_clone().unwrap());
            received.lock().unwrap().entry(path).or_default().push(body);
            stream.write_all(b"HTTP/1.1 204 Taken\r\nconnection: close\r\n\r\n").unwrap();
        }
    });
    (address, post)
}

/// The path and the body of a request.
fn read(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let path = first.split(' ').nth(1).unwrap().to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (path, String::from_utf8(body).unwrap())
}
