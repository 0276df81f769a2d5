//! Hooks with a receiver on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::tests::{Site, confirmation, programme};
use super::deliver::{self, tell};
use super::kept;
use super::send::{Sender, signature};

/// What a receiver was sent: signature, body.
type Post = Arc<Mutex<Vec<(String, Value, String)>>>;

/// A receiver that answers with the given statuses, the last one for ever.
fn receiver(statuses: Vec<u16>) -> (String, Post) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let post: Post = Arc::default();
    let received = Arc::clone(&post);
    std::thread::spawn(move || {
        let mut statuses = statuses.into_iter().peekable();
        for stream in listener.incoming() {
            let status = statuses.next_if(|_| true).unwrap_or(200);
            let request = read(&stream.as_ref().unwrap().try_clone().unwrap());
            received.lock().unwrap().push(request);
            let answer = format!(
                "HTTP/1.1 {status} Said\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            stream.unwrap().write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, post)
}

fn read(stream: &TcpStream) -> (String, Value, String) {
    let mut reader = BufReader::new(stream);
    let (mut signed, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "shirube-signature" => signed = value.to_owned(),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let text = String::from_utf8(body).unwrap();
    (signed, serde_json::from_str(&text).unwrap(), text)
}

impl Site {
    async fn hook(&self, token: &str, url: &str, registers: &[&str]) -> Value {
        let body = json!({ "url": url, "registers": registers, "secret": "0123456789abcdef" }).to_string();
        let made = self.send("POST /api/v1/hooks", token, &[], &body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body
    }

    async fn filed(&self, hook: &Value) -> kept::Filed {
        let id = hook["id"].as_str().unwrap().to_owned();
        self.app.desk.look(move |store| Ok(kept::get(store, &id, Timestamp::now())?.unwrap())).await.unwrap()
    }

    async fn tell(&self, hook: &Value) {
        tell(&self.app, &Sender::new(true), self.filed(hook).await).await.unwrap();
    }

    async fn write(&self, record: register::Record) {
        self.app.desk.write(store::By::now("test", "test"), vec![record.into()]).await.unwrap();
    }
}

#[tokio::test]
async fn a_hook_is_told_in_order_and_can_check_that_it_was_us() {
    let site = Site::with(vec![programme("before", "前")]);
    let token = site.secretariat().await;
    let (url, post) = receiver(Vec::new());
    let hook = site.hook(&token, &url, &["programme"]).await;
    for name in ["灯台", "灯標"] {
        site.write(programme("p", name)).await;
    }
    site.write(confirmation("c", "mhlw")).await;
    site.tell(&hook).await;
    let post = post.lock().unwrap().clone();
    let told: Vec<_> =
        post.iter().map(|(_, body, _)| (&body["event"], &body["record"], &body["seq"])).collect();
    assert_eq!(
        told,
        [(&json!("created"), &json!("p"), &json!(2)), (&json!("changed"), &json!("p"), &json!(3))]
    );
    for (signed, _, text) in &post {
        let t: i64 = signed.split_once(',').unwrap().0.trim_start_matches("t=").parse().unwrap();
        assert_eq!(*signed, signature("0123456789abcdef", text, Timestamp::from_second(t).unwrap()));
    }
    let log = site.get(&format!("/api/v1/hooks/{}/deliveries", hook["id"].as_str().unwrap()), &token).await;
    assert_eq!(log.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_does_not_arrive_is_tried_again_and_nothing_overtakes_it() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let (url, post) = receiver(vec![500, 302]);
    let hook = site.hook(&token, &url, &[]).await;
    site.write(programme("a", "一")).await;
    site.write(programme("b", "二")).await;
    site.tell(&hook).await;
    let failing = site.filed(&hook).await.hook;
    assert_eq!((failing.next, failing.failing.unwrap().tries), (0, 1));
    assert!(!failing.is_due(9, Timestamp::now()) && failing.is_due(9, failing.failing.unwrap().again));
    // A redirect is followed nowhere and is no arrival. What is kept is all that a new start knows.
    site.tell(&hook).await;
    assert_eq!(site.filed(&hook).await.hook.failing.unwrap().tries, 2);
    site.tell(&hook).await;
    let records: Vec<String> =
        post.lock().unwrap().iter().map(|(_, body, _)| body["record"].to_string()).collect();
    assert_eq!(records, [r#""a""#, r#""a""#, r#""a""#, r#""b""#]);
    let arrived = site.filed(&hook).await.hook;
    assert_eq!((arrived.next, arrived.failing), (2, None));
}

#[tokio::test]
async fn a_hook_that_fails_for_a_week_is_given_up_and_says_so_until_a_test_arrives() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let (url, _) = receiver(Vec::new());
    let hook = site.hook(&token, &url, &[]).await;
    let mut filed = site.filed(&hook).await;
    let begun = Timestamp::now();
    filed.hook.failed(begun);
    filed.hook.failed(begun + jiff::SignedDuration::from_hours(24 * 7));
    assert!(filed.hook.given_up.is_some() && !filed.hook.is_due(9, Timestamp::MAX));
    site.app
        .desk
        .change(move |store| Ok(kept::keep(store, filed, Timestamp::now())?.is_some()))
        .await
        .unwrap();
    let path = format!("/api/v1/hooks/{}", hook["id"].as_str().unwrap());
    assert_eq!(site.get(&path, &token).await.body["state"], "given-up");
    let tested = site.send(&format!("POST {path}/test"), &token, &[], "").await;
    assert_eq!((tested.status.as_u16(), &tested.body["arrived"]), (200, &json!(true)), "{}", tested.body);
    assert_eq!(site.get(&path, &token).await.body["state"], "active");
}

#[tokio::test]
async fn an_owner_who_loses_the_right_is_told_nothing_more() {
    let site = Site::with(Vec::new());
    let person = site.person("maker", "acme", &["company"]).await;
    let token = site.token(&person, &["write"]).await;
    let (url, post) = receiver(Vec::new());
    let hook = site.hook(&token, &url, &[]).await;
    site.write(confirmation("c1", "acme")).await;
    site.write(confirmation("other", "rival")).await;
    site.tell(&hook).await;
    assert_eq!(post.lock().unwrap().len(), 1, "another's record is not told of");
    site.write(confirmation("c2", "acme")).await;
    site.app
        .desk
        .change(move |store| {
            let now = Timestamp::now();
            let filed = account::people::find(store, person.id, now).unwrap().unwrap();
            let mut profile = person.profile.clone();
            profile.memberships.clear();
            let caller = account::Caller::default();
            let manager = account::Manager::operator(store, &caller, now);
            manager.change(person.id, profile, filed.version).unwrap();
            Ok(())
        })
        .await
        .unwrap();
    site.tell(&hook).await;
    assert_eq!(post.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn hooks_lead_nowhere_but_to_the_public_internet_unless_the_site_allows_it() {
    let (url, post) = receiver(Vec::new());
    let by_name = url.replace("127.0.0.1", "localhost");
    for url in [url, by_name] {
        let sent = Sender::new(false).send(&url, "secret", "1", "{}", Timestamp::now());
        assert!(sent.is_err_and(|error| error.contains("not public")), "{url}");
    }
    assert!(post.lock().unwrap().is_empty());
}

#[tokio::test]
async fn another_persons_hook_is_not_there() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let (url, _) = receiver(Vec::new());
    let hook = site.hook(&token, &url, &[]).await;
    let other = site.person("other", "mhlw", &["secretariat"]).await;
    let other = site.token(&other, &["write"]).await;
    let path = format!("/api/v1/hooks/{}", hook["id"].as_str().unwrap());
    for what in [format!("GET {path}"), format!("DELETE {path}"), format!("POST {path}/test")] {
        assert_eq!(site.send(&what, &other, &[], "").await.status, 404, "{what}");
    }
    let nobody = site.person("nobody", "acme", &[]).await;
    let nobody = site.token(&nobody, &["write"]).await;
    let body = json!({ "url": "https://example.jp/" }).to_string();
    assert_eq!(site.send("POST /api/v1/hooks", &nobody, &[], &body).await.status, 403);
    assert_eq!(site.send(&format!("DELETE {path}"), &token, &[], "").await.status, 204);
    let gone = deliver::test(&site.app, kept_copy(&hook), Timestamp::now()).await;
    assert!(gone.is_ok(), "a hook deleted meanwhile is no fault");
}

/// A hook as a delivery holds it while its owner deletes it.
fn kept_copy(hook: &Value) -> kept::Filed {
    let inside = json!({
        "url": hook["url"], "registers": hook["registers"], "secret": "x", "made": hook["made"], "next": 0,
        "failing": null, "given_up": null,
    });
    let hook = (hook["id"].as_str().unwrap().to_owned(), serde_json::from_value(inside).unwrap());
    kept::Filed { id: hook.0, owner: "o".into(), version: 1, hook: hook.1 }
}
