//! Doors as browsers use them: asked through the whole site, with forms and cookies.

use account::door::{self, Event, Kind};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use store::Store;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::address::escaped;
use crate::app::App;
use crate::config::Config;
use crate::desk::Desk;

const PASSWORD: &str = "correct horse battery";
const OTHER: &str = "several wooden bridges";

/// A site over a database of its own, with nobody in it.
struct Site {
    app: App,
    setup: String,
    _folder: TempDir,
}

/// A browser: it sends what the site told it to keep.
#[derive(Default)]
struct Browser {
    cookie: Option<String>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
    /// The text between two marks of the page.
    fn between(&self, before: &str, after: &str) -> &str {
        let (_, rest) =
            self.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.body));
        rest.split_once(after).unwrap().0
    }
}

impl Site {
    async fn new() -> Site {
        Site::with(Config { requests_per_minute: 0, ..Config::default() }).await
    }

    async fn with(config: Config) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("shirube.db");
        let store = Store::open(place.to_str().unwrap(), shipped::registry().unwrap(), |_| {}).unwrap();
        let app = App::new(config, Desk::open(store, 2, 1).unwrap());
        let setup = super::first_start(&app).await.unwrap().unwrap();
        Site { app, setup, _folder: folder }
    }

    /// A site with its first administrator, who has just come in.
    async fn begun() -> (Site, Browser) {
        let site = Site::new().await;
        let mut browser = Browser::default();
        let answer = browser.post(&site, &site.setup, &first("tanaka", PASSWORD)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        (site, browser)
    }

    /// What the log of doors says, newest first.
    async fn log(&self) -> Vec<Event> {
        let page = self.app.desk.change(|store| Ok(door::page(store, None, 500, Timestamp::now()).unwrap()));
        page.await.unwrap().events
    }
}

impl Browser {
    async fn get(&mut self, site: &Site, path: &str) -> Answer {
        self.ask(site, Request::get(path), String::new()).await
    }

    async fn post(&mut self, site: &Site, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header("origin", "http://localhost").header("host", "localhost");
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        self.ask(site, request, pairs.collect::<Vec<_>>().join("&")).await
    }

    async fn sign_in(&mut self, site: &Site, login: &str, password: &str) -> Answer {
        self.post(site, "/sign-in", &[("login", login), ("password", password), ("next", "/plan")]).await
    }

    async fn ask(&mut self, site: &Site, mut request: axum::http::request::Builder, body: String) -> Answer {
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = crate::server::site(&site.app).oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

fn first<'a>(login: &'a str, password: &'a str) -> [(&'a str, &'a str); 4] {
    [("login", login), ("name", "田中花子"), ("office", "医療機器政策室"), ("password", password)]
}

/// An administrator invites somebody, who chooses a password; the browser they did it with, and the path of their page.
async fn invited(site: &Site, administrator: &mut Browser, login: &str) -> (Browser, String) {
    let fields = [("login", login), ("name", login), ("add", "office"), ("role-add", "ministry")];
    let made = administrator.post(site, "/people/new", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let link = made.between("<code id=\"link\">", "</code>");
    let path = link.split_once("/invite/").map(|(_, token)| format!("/invite/{token}")).unwrap();
    let person = format!("/people/{}", made.between("href=\"/people/", "\""));
    let mut browser = Browser::default();
    let set = browser.post(site, &path, &[("password", OTHER)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    (browser, person)
}

/// The version of a person as the form on their page has it.
async fn version(site: &Site, administrator: &mut Browser, person: &str) -> String {
    let page = administrator.get(site, person).await;
    page.between("name=\"version\" value=\"", "\"").to_owned()
}

#[tokio::test]
async fn the_setup_link_makes_the_first_administrator_once() {
    let (site, mut browser) = Site::begun().await;
    assert!(browser.get(&site, "/me").await.body.contains("田中花子"));
    let people = browser.get(&site, "/people").await;
    assert!(people.body.contains("医療機器政策室") && people.body.contains("事務局"), "{}", people.body);
    let again = Browser::default().post(&site, &site.setup, &first("suzuki", PASSWORD)).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert_eq!(super::first_start(&site.app).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_wrong_with_the_first_form_is_told_at_its_field_and_the_link_stays() {
    let site = Site::new().await;
    let mut browser = Browser::default();
    let short = browser.post(&site, &site.setup, &first("tanaka", "short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("id=\"password-fault\"") && short.body.contains("value=\"tanaka\""));
    assert!(!short.body.contains("short"), "a password is never sent back");
    let right = browser.post(&site, &site.setup, &first("tanaka", PASSWORD)).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    let (site, _) = Site::begun().await;
    let wrong = Browser::default().sign_in(&site, "tanaka", "wrong horse battery").await;
    let unknown = Browser::default().sign_in(&site, "nobody", "wrong horse battery").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.status, unknown.status);
    assert_eq!(wrong.body.replace("tanaka", "nobody"), unknown.body);
    assert!(wrong.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a_session_lasts_until_the_sign_out() {
    let (site, _) = Site::begun().await;
    let mut browser = Browser::default();
    let came = browser.sign_in(&site, "TANAKA", PASSWORD).await;
    assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/plan"));
    assert!(came.header("set-cookie").ends_with("; Path=/; HttpOnly; SameSite=Lax"));
    let planted = browser.cookie.clone();
    assert_eq!(browser.get(&site, "/me").await.status, StatusCode::OK);
    browser.post(&site, "/sign-out", &[]).await;
    assert_eq!(browser.cookie, None);
    let mut thief = Browser { cookie: planted };
    let asked = thief.get(&site, "/me").await;
    assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, "/sign-in?next=%2Fme"));
}

#[tokio::test]
async fn a_sign_in_never_leads_to_another_site() {
    let (site, _) = Site::begun().await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let fields = [("login", "tanaka"), ("password", PASSWORD), ("next", next)];
        let came = Browser::default().post(&site, "/en/sign-in", &fields).await;
        assert!(came.header("location").starts_with("/en/"), "{next}: {}", came.header("location"));
    }
}

#[tokio::test]
async fn who_guesses_has_to_wait_and_is_told_how_long() {
    let (site, _) = Site::begun().await;
    let mut guesser = Browser::default();
    for _ in 0..5 {
        let wrong = guesser.sign_in(&site, "tanaka", "a wrong guess of mine").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let waits = guesser.sign_in(&site, "tanaka", PASSWORD).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        waits.header("retry-after").parse::<u64>().unwrap() > 0 && waits.body.contains("秒お待ちください")
    );
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_send_a_form() {
    let (site, mut browser) = Site::begun().await;
    let foreign =
        Request::post("/sign-out").header("origin", "https://evil.example").header("host", "localhost");
    let refused = browser.ask(&site, foreign, String::new()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get(&site, "/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_session_of_somebody_disabled_ends_at_once() {
    let (site, mut administrator) = Site::begun().await;
    let (mut suzuki, person) = invited(&site, &mut administrator, "suzuki").await;
    assert_eq!(suzuki.get(&site, "/me").await.status, StatusCode::OK);
    let version = version(&site, &mut administrator, &person).await;
    administrator.post(&site, &format!("{person}/disable"), &[("version", &version)]).await;
    assert_eq!(suzuki.get(&site, "/me").await.status, StatusCode::SEE_OTHER);
    let refused = suzuki.sign_in(&site, "suzuki", OTHER).await;
    assert!(refused.body.contains("停止されています"));
    let guessed = suzuki.sign_in(&site, "suzuki", "something else entirely").await;
    assert!(!guessed.body.contains("停止されています"), "a stranger is not told that the account exists");
}

#[tokio::test]
async fn the_last_administrator_cannot_be_locked_out() {
    let (site, mut administrator) = Site::begun().await;
    let people = administrator.get(&site, "/people").await;
    let path = format!("/people/{}", people.between("scope=\"row\"><a href=\"/people/", "\""));
    let version = version(&site, &mut administrator, &path).await;
    let disabled = administrator.post(&site, &format!("{path}/disable"), &[("version", &version)]).await;
    assert_eq!(disabled.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(disabled.body.contains("最後の管理者"));
    let fields = [("version", &*version), ("login", "tanaka"), ("name", "田中")];
    let demoted = administrator.post(&site, &path, &fields).await;
    assert!(demoted.body.contains("最後の管理者"));
}

#[tokio::test]
async fn two_administrators_at_one_person_are_told_of_each_other_and_lose_nothing() {
    let (site, mut administrator) = Site::begun().await;
    let (_, person) = invited(&site, &mut administrator, "suzuki").await;
    let version = version(&site, &mut administrator, &person).await;
    let save = |name: &'static str| {
        [("version", &*version), ("login", "suzuki"), ("name", name)].map(|(a, b)| (a, b.to_owned()))
    };
    let sent = save("鈴木一郎");
    let sent: Vec<(&str, &str)> = sent.iter().map(|(a, b)| (*a, &**b)).collect();
    assert_eq!(administrator.post(&site, &person, &sent).await.status, StatusCode::SEE_OTHER);
    let late = save("鈴木二郎");
    let late: Vec<(&str, &str)> = late.iter().map(|(a, b)| (*a, &**b)).collect();
    let told = administrator.post(&site, &person, &late).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("鈴木二郎") && told.body.contains("<h1>鈴木一郎</h1>"));
}

#[tokio::test]
async fn people_are_managed_by_administrators_alone_and_tries_of_others_are_noted() {
    let (site, mut administrator) = Site::begun().await;
    let (mut suzuki, person) = invited(&site, &mut administrator, "suzuki").await;
    for path in ["/people", "/people/new", "/doors", &person] {
        assert_eq!(suzuki.get(&site, path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(Browser::default().get(&site, path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    let made = suzuki.post(&site, "/people/new", &[("login", "friend"), ("name", "friend")]).await;
    assert_eq!(made.status, StatusCode::FORBIDDEN);
    for _ in 0..100 {
        if site.log().await.iter().filter(|event| event.kind == Kind::RightDenied).count() == 5 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{:?}", site.log().await);
}

#[tokio::test]
async fn a_link_works_once_and_shows_whom_it_is_for() {
    let (site, mut administrator) = Site::begun().await;
    let (_, person) = invited(&site, &mut administrator, "suzuki").await;
    let reset = administrator.post(&site, &format!("{person}/reset"), &[]).await;
    let token = reset.between("/reset/", "</code>").to_owned();
    let path = format!("/reset/{token}");
    let mut browser = Browser::default();
    assert!(browser.get(&site, &path).await.body.contains("suzuki"));
    let set = browser.post(&site, &path, &[("password", "quiet rivers at dawn")]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    assert_eq!(Browser::default().get(&site, &path).await.status, StatusCode::GONE);
    assert_eq!(
        Browser::default().sign_in(&site, "suzuki", OTHER).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_new_password_asks_for_the_old_and_ends_other_sessions() {
    let (site, mut here) = Site::begun().await;
    let mut elsewhere = Browser::default();
    elsewhere.sign_in(&site, "tanaka", PASSWORD).await;
    let wrong =
        here.post(&site, "/me/password", &[("current", "not my password"), ("password", OTHER)]).await;
    assert!(wrong.body.contains("id=\"current-fault\""), "{}", wrong.body);
    let changed = here.post(&site, "/me/password", &[("current", PASSWORD), ("password", OTHER)]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get(&site, "/me").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get(&site, "/me").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_is_shown_once_and_opens_the_api_alone() {
    let (site, mut browser) = Site::begun().await;
    let fields = [("name", "集計"), ("scope", "read"), ("days", "30"), ("registers", "kgi programme")];
    let made = browser.post(&site, "/me/tokens", &fields).await;
    let token = made.between("<code id=\"token\">", "</code>").to_owned();
    assert!(token.starts_with("shirube_"));
    let listed = browser.get(&site, "/me/tokens").await;
    assert!(listed.body.contains("registers:kgi") && !listed.body.contains(&token));
    let bearer = |path: &str| Request::get(path).header("authorization", format!("Bearer {token}"));
    let mut program = Browser::default();
    assert_eq!(
        program.ask(&site, bearer("/api/v1/registers/kgi/records"), String::new()).await.status,
        StatusCode::OK
    );
    assert_eq!(program.ask(&site, bearer("/me"), String::new()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_is_said_at_a_door_is_kept_nowhere_on_the_way() {
    let (site, mut browser) = Site::begun().await;
    for path in ["/sign-in", "/me", "/people"] {
        let page = browser.get(&site, path).await;
        assert_eq!(page.header("cache-control"), "private, no-store", "{path}");
    }
    assert_eq!(Browser::default().get(&site, "/sign-in").await.header("cache-control"), "private, no-store");
    let public = Browser::default().get(&site, "/about").await;
    assert!(public.headers.get("set-cookie").is_none());
    let own = browser.get(&site, "/about").await;
    assert_eq!(own.header("cache-control"), "private, no-store");
    assert!(own.body.contains("田中花子") && !public.body.contains("田中花子"));
}

#[tokio::test]
async fn every_page_of_an_account_speaks_both_languages() {
    let (site, mut browser) = Site::begun().await;
    for path in ["/me", "/me/password", "/me/tokens", "/people", "/people/new", "/doors"] {
        let japanese = browser.get(&site, path).await;
        let english = browser.get(&site, &format!("/en{path}")).await;
        assert_eq!((japanese.status, english.status), (StatusCode::OK, StatusCode::OK), "{path}");
        let title = |answer: &Answer| answer.between("<h1>", "</h1>").to_owned();
        assert_ne!(title(&japanese), title(&english), "{path}");
    }
}

#[tokio::test]
async fn the_setup_link_below_a_prefix_can_be_opened() {
    let config = Config { prefix: "/shirube".into(), requests_per_minute: 0, ..Config::default() };
    let site = Site::with(config).await;
    assert!(site.setup.starts_with("/shirube/setup/"));
    let mut browser = Browser::default();
    assert_eq!(browser.get(&site, &site.setup).await.status, StatusCode::OK);
    let made = browser.post(&site, &site.setup, &first("tanaka", PASSWORD)).await;
    assert_eq!(made.header("location"), "/shirube/people");
    assert!(made.header("set-cookie").contains("; Path=/shirube;"));
}
