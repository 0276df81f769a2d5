//! Addresses fetched into a folder of their own beside the index: what has arrived is not fetched again, what was broken off goes on where it
//! ended (RFC 9110: `If-None-Match`, `Range` with `If-Range`), and what is kept under another validator is thrown away.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body, http};

use super::checksum::{self, Told};
use super::gather::hexadecimal;
use super::refusal::VulnsError;
use crate::map::swap;

/// The largest answer that is taken.
const LARGEST: u64 = 4 << 30;
/// The largest checksum file that is taken.
const LARGEST_CHECKSUM: u64 = 1 << 20;

/// What is remembered of an address.
#[derive(Default, PartialEq, Serialize, Deserialize)]
struct State {
    url: String,
    etag: Option<String>,
    modified: Option<String>,
    /// Whether everything has arrived.
    complete: bool,
}

/// Where the bytes of an address lie after they were fetched, and whether a checksum that is offered beside them agreed.
pub(super) fn fetched(url: &str, folder: &Path) -> Result<(PathBuf, bool), VulnsError> {
    std::fs::create_dir_all(folder).map_err(|error| VulnsError::file(folder, error))?;
    let own = folder.join(&hexadecimal(&Sha256::digest(url))[..16]);
    std::fs::create_dir_all(&own).map_err(|error| VulnsError::file(&own, error))?;
    let kept = Kept { agent: agent(), url, data: own.join(name_of(url)), state: own.join("state.json") };
    kept.bring()?;
    let told = kept.told();
    if let Some(told) = &told
        && let Err(refused) = checksum::agree(&kept.data, told)
    {
        // Were it kept, the next update would only find it again.
        let _ = std::fs::remove_file(&kept.state);
        let _ = std::fs::remove_file(&kept.data);
        return Err(refused);
    }
    Ok((kept.data, told.is_some()))
}

struct Kept<'a> {
    agent: Agent,
    url: &'a str,
    data: PathBuf,
    state: PathBuf,
}

impl Kept<'_> {
    fn bring(&self) -> Result<(), VulnsError> {
        let mut before = self.remembered();
        let have = std::fs::metadata(&self.data).map_or(0, |about| about.len());
        if have == 0 && !before.complete {
            before = State::default();
        }
        let mut request = self.agent.get(self.url);
        if before.complete {
            if let Some(etag) = &before.etag {
                request = request.header("If-None-Match", etag);
            } else if let Some(modified) = &before.modified {
                request = request.header("If-Modified-Since", modified);
            }
        } else if let Some(validator) = strong(&before) {
            request = request.header("Range", format!("bytes={have}-")).header("If-Range", validator);
        }
        let response = request.call().map_err(|error| self.failed(&error.to_string()))?;
        match response.status().as_u16() {
            304 if before.complete => Ok(()),
            206 if !before.complete && begins_at(&response, have) => self.take(response, &before, have),
            // The rest that was asked for is empty: it had all arrived.
            416 if !before.complete => self.anew(),
            200 => self.take(response, &State::default(), 0),
            status => Err(self.failed(&format!("HTTP {status}"))),
        }
    }

    /// Forgets what is kept and asks once more.
    fn anew(&self) -> Result<(), VulnsError> {
        std::fs::remove_file(&self.data).map_err(|error| VulnsError::file(&self.data, error))?;
        let response = self.agent.get(self.url).call().map_err(|error| self.failed(&error.to_string()))?;
        match response.status().as_u16() {
            200 => self.take(response, &State::default(), 0),
            status => Err(self.failed(&format!("HTTP {status}"))),
        }
    }

    /// Writes an answer behind what is there, and remembers by what it can be gone on with before the first byte.
    fn take(&self, response: http::Response<Body>, before: &State, have: u64) -> Result<(), VulnsError> {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let mut state = State {
            url: self.url.to_owned(),
            etag: header("etag").or_else(|| before.etag.clone()),
            modified: header("last-modified").or_else(|| before.modified.clone()),
            complete: false,
        };
        self.remember(&state)?;
        let wrong = |error| VulnsError::file(&self.data, error);
        let mut file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(have == 0)
            .append(have > 0)
            .open(&self.data)
            .map_err(wrong)?;
        let mut body = response.into_body().into_with_config().limit(LARGEST).reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match body.read(&mut buffer).map_err(|error| self.failed(&error.to_string()))? {
                0 => break,
                read => file.write_all(&buffer[..read]).map_err(wrong)?,
            }
        }
        file.sync_all().map_err(wrong)?;
        state.complete = true;
        self.remember(&state)
    }

    /// The checksum beside it, where there is one. Most addresses have none, which is no failure.
    fn told(&self) -> Option<Told> {
        let path = self.url.split(['?', '#']).next().unwrap_or(self.url);
        let own = format!("{path}.sha256");
        if let Some(told) = self.small(&own).and_then(|text| checksum::of_sha256(&text, &own)) {
            return Some(told);
        }
        let meta = checksum::meta_name(path).filter(|_| path.contains("nvdcve"))?;
        self.small(&meta).and_then(|text| checksum::of_meta(&text, &meta))
    }

    fn small(&self, url: &str) -> Option<String> {
        let response = self.agent.get(url).call().ok().filter(|response| response.status() == 200)?;
        response.into_body().into_with_config().limit(LARGEST_CHECKSUM).read_to_string().ok()
    }

    fn remembered(&self) -> State {
        let text = std::fs::read(&self.state).unwrap_or_default();
        let state: State = serde_json::from_slice(&text).unwrap_or_default();
        // Two addresses never share a folder; a state that speaks of another one is not trusted.
        if state.url == self.url && self.data.is_file() { state } else { State::default() }
    }

    fn remember(&self, state: &State) -> Result<(), VulnsError> {
        let text = serde_json::to_vec(state).unwrap_or_default();
        swap(&self.state, &text).map_err(|error| VulnsError::file(&self.state, error))
    }

    fn failed(&self, why: &str) -> VulnsError {
        VulnsError::Fetch { url: self.url.to_owned(), why: why.to_owned() }
    }
}

/// A validator by which a rest may be asked for: weak ones are none (RFC 9110, 13.1.5).
fn strong(state: &State) -> Option<&str> {
    state.etag.as_deref().filter(|etag| !etag.starts_with("W/")).or(state.modified.as_deref())
}

/// Whether an answer is the rest that was asked for (RFC 9110, 14.4).
fn begins_at(response: &http::Response<Body>, have: u64) -> bool {
    let range = response.headers().get("content-range").and_then(|value| value.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {have}-")))
}

/// The last part of the path, so that files and archives keep their endings.
fn name_of(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let name: String = name.chars().filter(|letter| plain(*letter)).take(100).collect();
    if name.trim_matches('.').is_empty() || name == "state.json" { "data".to_owned() } else { name }
}

/// Trusts the certificates the machine trusts, so that an organisation's own authority counts.
fn agent() -> Agent {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_connect(Some(Duration::from_secs(30)))
        .timeout_recv_response(Some(Duration::from_mins(1)))
        .timeout_recv_body(Some(Duration::from_hours(2)))
        .http_status_as_error(false)
        .user_agent("shirube");
    config.build().new_agent()
}

/// Nobody else brings the same index up to date while this lives.
pub(super) fn lock(path: &Path) -> Result<File, VulnsError> {
    let file = File::create(path).map_err(|error| VulnsError::file(path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(VulnsError::Locked(path.display().to_string())),
        Err(std::fs::TryLockError::Error(error)) => Err(VulnsError::file(path, error)),
    }
}
