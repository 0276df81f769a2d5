//! The cookie of a session: its name, its flags, and how it is found in a request. What its token opens is the account's
//! business.

use axum::http::{HeaderMap, HeaderValue, header};
use base::Lang;

use crate::config::Config;
use crate::failure::Failure;

/// Its name. Where it can, it promises the browser that no other host and no plain connection has set it.
const NAME: &str = "shirube";
/// The cookie that a browser brings back from the single sign-on, and how many seconds it lasts.
const SIGN_ON: &str = "shirube-sign-on";
const SIGN_ON_LASTS: u32 = 600;

/// The token of the session a request says it has.
pub(super) fn session(config: &Config, headers: &HeaderMap) -> Option<String> {
    find(headers, &name(config, NAME))
}

/// What was sent to the single sign-on with this browser, and the language it left in.
pub(super) fn sign_on(config: &Config, headers: &HeaderMap) -> Option<(String, Lang)> {
    let kept = find(headers, &name(config, SIGN_ON))?;
    let (lang, state) = kept.split_once('.')?;
    Some((state.to_owned(), if lang == "en" { Lang::En } else { Lang::Ja }))
}

/// Gives the browser a session: until it is closed, or the session ends.
pub(super) fn give_session(config: &Config, token: &str) -> Result<HeaderValue, Failure> {
    line(config, NAME, token, None)
}

/// Takes the session from the browser.
pub(super) fn take_session(config: &Config) -> Result<HeaderValue, Failure> {
    line(config, NAME, "", Some(0))
}

/// Gives the browser what it must bring back from the single sign-on, and the language it left in: the provider knows one
/// address alone to send it back to.
pub(super) fn give_sign_on(config: &Config, state: &str, lang: Lang) -> Result<HeaderValue, Failure> {
    line(config, SIGN_ON, &format!("{}.{state}", lang.pick("ja", "en")), Some(SIGN_ON_LASTS))
}

/// Takes it back.
pub(super) fn take_sign_on(config: &Config) -> Result<HeaderValue, Failure> {
    line(config, SIGN_ON, "", Some(0))
}

fn name(config: &Config, name: &str) -> String {
    let promised = config.is_https() && config.prefix.is_empty();
    if promised { format!("__Host-{name}") } else { name.to_owned() }
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(found, value)| *found == name && !value.is_empty())?;
    (value.len() <= 200).then(|| value.to_owned())
}

fn line(config: &Config, of: &str, value: &str, seconds: Option<u32>) -> Result<HeaderValue, Failure> {
    let path = if config.prefix.is_empty() { "/" } else { &config.prefix };
    let secure = if config.is_https() { "; Secure" } else { "" };
    let lasts = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let name = name(config, of);
    let line = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}{lasts}");
    HeaderValue::try_from(line).map_err(Failure::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(url: &str, prefix: &str) -> Config {
        Config { public_url: Some(url.into()), prefix: prefix.into(), ..Config::default() }
    }

    fn given(url: &str, prefix: &str) -> String {
        give_session(&config(url, prefix), "t0ken").unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn no_script_and_no_other_site_has_the_session() {
        assert_eq!(
            given("https://plan.example.jp", ""),
            "__Host-shirube=t0ken; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            given("https://plan.example.jp", "/shirube"),
            "shirube=t0ken; Path=/shirube; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(given("http://localhost:8080", ""), "shirube=t0ken; Path=/; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_session_is_found_among_other_cookies_and_under_its_own_name_alone() {
        let config = config("https://plan.example.jp", "");
        let found = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, line.parse().unwrap());
            session(&config, &headers)
        };
        assert_eq!(found("a=b; __Host-shirube=t0ken; c=d").as_deref(), Some("t0ken"));
        assert_eq!(found("shirube=planted"), None);
        assert_eq!(found("__Host-shirube="), None);
        assert_eq!(found(&format!("__Host-shirube={}", "x".repeat(4000))), None);
    }
}
