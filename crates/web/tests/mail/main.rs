//! Mail against a real SMTP server on loopback (`e2e/mail/receive.py`): who is concerned is written to once, in their language, and nobody
//! learns by mail what they may not see.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod receiver;

use std::time::Duration;

use account::{Caller, Login, Manager, Profile, Role};
use base::{Lang, Source};
use jiff::Timestamp;
use receiver::Receiver;
use register::{Record, RecordId};
use serde_json::Value;
use store::{By, Store};

/// A site that sends mail, and its database as another program has it open.
struct Site {
    store: Store,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    server: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Site {
    fn open(port: u16) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("mail.db").display().to_string();
        let open = || Store::open(&place, shipped::registry().unwrap(), |_| {}).unwrap();
        let store = open();
        for (login, organisation, email, lang) in [
            ("tanaka", "maker", "tanaka@maker.example.jp", Lang::Ja),
            ("smith", "maker", "smith@maker.example.jp", Lang::En),
            ("later", "maker", "later@maker.example.jp", Lang::Ja),
            ("never", "maker", "never@maker.example.jp", Lang::Ja),
            ("rival", "rival", "rival@rival.example.jp", Lang::Ja),
            ("nurse", "clinic", "nurse@clinic.example.jp", Lang::Ja),
        ] {
            person(&store, login, organisation, email, lang);
        }
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let mail = web::config::Mail {
            server: format!("127.0.0.1:{port}"),
            from: "Shirube <shirube@example.jp>".into(),
            security: web::config::MailSecurity::None,
            user: None,
            password_file: None,
        };
        let config =
            web::Config { listen: ([127, 0, 0, 1], 0).into(), mail: Some(mail), ..web::Config::default() };
        let desk = open();
        let server = std::thread::spawn(move || {
            let stop = async { drop(stopped.await) };
            web::serve(desk, config, stop, |_| tell.send(()).unwrap()).unwrap();
        });
        told.recv_timeout(Duration::from_mins(1)).unwrap();
        // The history is followed from its first look on.
        std::thread::sleep(Duration::from_secs(3));
        Site { store, stop: Some(stop), server: Some(server), _folder: folder }
    }

    fn write(&self, records: Vec<Record>) {
        self.store.write(&By::now("test", "a change"), records).unwrap();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.server.take().map(std::thread::JoinHandle::join);
    }
}

fn person(store: &Store, login: &str, organisation: &str, email: &str, language: Lang) {
    let (from, now) = (Caller { address: None, agent: None }, Timestamp::now());
    let mut profile = Profile::new(Login::new(login).unwrap(), login);
    profile.email = Some(email.to_owned());
    profile.language = language;
    profile.memberships.insert(RecordId::new(organisation).unwrap(), [Role::new("company").unwrap()].into());
    Manager::operator(store, &from, now).create(profile).unwrap();
}

fn record(register: &str, id: &str, holder: &str) -> Record {
    let mut record = Record::new(register.parse().unwrap(), id.parse().unwrap(), Source::document("test"));
    record.set("holder", format!("organisation:{holder}"));
    record
}

fn finding(id: &str, component: &str) -> Record {
    let mut finding = record("vulnerability-finding", id, "maker");
    finding.state = Some("open".into());
    finding.set("product", "device-product:p").set("advisory", "CVE-2026-0001").set("component", component);
    finding.set("title", format!("CVE-2026-0001 – {component}\r\nBcc: spy@example.jp"));
    finding.set("reason", "a secret of the maker");
    finding
}

fn to(letter: &Value) -> &str {
    letter["to"][0].as_str().unwrap()
}

#[test]
fn who_is_concerned_is_written_to_once_in_their_language_and_nobody_else() {
    let Some(receiver) = Receiver::start() else { return };
    let site = Site::open(receiver.port);
    site.write(vec![finding("f1", "pkg:pypi/pump@1"), finding("f2", "pkg:pypi/valve@1")]);
    let mut notice = record("advisory-notice", "n1", "maker");
    notice.set("user", ["organisation:clinic"]).set("title", "ポンプ：CVE-2026-0001").set("device", "ポンプ");
    notice.set("advisory", "CVE-2026-0001").set("action", "ネットワークから切り離してください。");
    site.write(vec![notice]);

    let letters = receiver.letters(4, Duration::from_mins(1));
    let mut whom: Vec<&str> = letters.iter().map(to).collect();
    whom.sort_unstable();
    let expected = [
        "later@maker.example.jp",
        "nurse@clinic.example.jp",
        "smith@maker.example.jp",
        "tanaka@maker.example.jp",
    ];
    assert_eq!(whom, expected, "one letter a person and event, though two findings are told of");
    let of = |name: &str| letters.iter().find(|letter| to(letter).starts_with(name)).unwrap();
    let text = |name: &str| of(name)["text"].as_str().unwrap().to_owned();
    assert!(of("tanaka")["subject"].as_str().unwrap().contains("脆弱性情報 CVE-2026-0001"));
    assert!(of("smith")["subject"].as_str().unwrap().starts_with("Advisory CVE-2026-0001"));
    assert!(text("smith").contains("pkg:pypi/pump@1") && text("smith").contains("pkg:pypi/valve@1"));
    assert!(text("nurse").contains("ネットワークから切り離してください。"));
    for letter in &letters {
        let all = letter.to_string();
        assert!(!all.contains("a secret of the maker"), "{all}");
        let headers = letter["headers"].as_object().unwrap();
        assert!(headers.keys().all(|name| !name.eq_ignore_ascii_case("bcc")), "{headers:?}");
        assert_eq!(headers["Auto-Submitted"], "auto-generated");
    }
    assert!(!text("nurse").contains("pkg:"), "a user of the device is told of no component");
    assert_eq!(receiver.refused(), 1, "who is refused for good is not tried again");
    assert!(receiver.letters(1, Duration::from_secs(4)).is_empty(), "nothing is sent twice");
}
