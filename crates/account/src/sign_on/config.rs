//! How single sign-on is set up: the provider, and what its claims say about where a person belongs. Read by `web` from the
//! configuration file.

use std::collections::BTreeSet;

use base::Names;
use register::RecordId;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::{Host, Url};

use crate::error::{AccountError, Result};
use crate::person::{Memberships, Role};

/// A provider of single sign-on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Its address: what `iss` says in its tokens, and under which `/.well-known/openid-configuration` lies.
    pub issuer: String,
    /// By which name it knows us.
    pub client_id: String,
    /// By which secret, where it gave us one.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// What the button is called.
    #[serde(default = "button")]
    pub name: Names,
    /// What is asked for besides `openid`.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// Whether somebody whom the provider knows and we do not becomes a person here, without any role but those of `grants`.
    /// Otherwise an invitation is needed.
    #[serde(default = "yes")]
    pub welcome: bool,
    /// Where people belong according to the provider; applied anew at every sign-in.
    #[serde(default)]
    pub grants: Vec<Grant>,
}

/// Whoever has this value in this claim belongs there and has these roles.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The claim: `groups`; a dot goes down, as in `realm_access.roles`.
    pub claim: String,
    /// Its value, or one of its values.
    pub value: String,
    /// The record of the register `organisation`.
    pub organisation: RecordId,
    /// The roles there. To manage people is not among them: that is given by an administrator alone.
    #[serde(default)]
    pub roles: BTreeSet<Role>,
}

impl Config {
    /// The issuer, which is asked through https, or on this machine.
    pub(crate) fn checked(&self) -> Result<Url> {
        let wrong = |why: String| AccountError::SignOnConfig(why);
        let url =
            Url::parse(&self.issuer).map_err(|error| wrong(format!("issuer {}: {error}", self.issuer)))?;
        if !is_safe(&url) {
            return Err(wrong(format!("issuer {}: https is needed, or http on this machine", self.issuer)));
        }
        if self.client_id.is_empty() {
            return Err(wrong("client_id is empty".to_owned()));
        }
        Ok(url)
    }

    /// Where somebody with these claims belongs.
    pub(crate) fn granted(&self, claims: &Map<String, Value>) -> Memberships {
        let mut granted = Memberships::new();
        for grant in self.grants.iter().filter(|grant| holds(claims, &grant.claim, &grant.value)) {
            granted.entry(grant.organisation.clone()).or_default().extend(grant.roles.iter().cloned());
        }
        granted
    }
}

/// Whether secrets may be sent to an address: through https, or within this machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_here(url))
}

/// Whether an address is on this machine.
pub(crate) fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn holds(claims: &Map<String, Value>, claim: &str, value: &str) -> bool {
    let found = match claims.get(claim) {
        Some(found) => Some(found),
        None => claim.split_once('.').and_then(|(first, rest)| {
            rest.split('.').try_fold(claims.get(first)?, |inside, step| inside.get(step))
        }),
    };
    match found {
        Some(Value::String(text)) => text == value,
        Some(Value::Array(values)) => values.iter().any(|found| found.as_str() == Some(value)),
        _ => false,
    }
}

fn button() -> Names {
    Names::of("シングルサインオン", "Single sign-on")
}

fn scopes() -> Vec<String> {
    vec!["profile".to_owned(), "email".to_owned()]
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(issuer: &str) -> Config {
        let config = json!({ "issuer": issuer, "client_id": "shirube", "grants": [
            { "claim": "groups", "value": "device-policy", "organisation": "mhlw", "roles": ["ministry"] },
            { "claim": "groups", "value": "desk", "organisation": "mhlw", "roles": ["secretariat"] },
            { "claim": "realm_access.roles", "value": "referee", "organisation": "amed", "roles": ["reviewer"] },
        ]});
        serde_json::from_value(config).unwrap()
    }

    fn granted(claims: Value) -> Vec<String> {
        let granted = config("https://id.example.jp").granted(claims.as_object().unwrap());
        let words = granted.iter().map(|(organisation, roles)| {
            let roles: Vec<&str> = roles.iter().map(Role::as_str).collect();
            format!("{organisation}: {}", roles.join(" "))
        });
        words.collect()
    }

    #[test]
    fn groups_become_memberships() {
        assert_eq!(granted(json!({ "groups": ["desk", "device-policy"] })), ["mhlw: ministry secretariat"]);
        assert_eq!(granted(json!({ "groups": "desk" })), ["mhlw: secretariat"]);
        assert_eq!(granted(json!({ "realm_access": { "roles": ["referee"] } })), ["amed: reviewer"]);
    }

    #[test]
    fn what_is_not_said_grants_nothing() {
        for claims in [
            json!({}),
            json!({ "groups": [] }),
            json!({ "groups": ["des"] }),
            json!({ "groups": { "desk": true } }),
        ] {
            assert!(granted(claims).is_empty());
        }
    }

    #[test]
    fn a_provider_cannot_make_administrators() {
        let grant =
            json!({ "claim": "groups", "value": "x", "organisation": "mhlw", "roles": ["administrator"] });
        assert!(serde_json::from_value::<Grant>(grant).is_err());
    }

    #[test]
    fn an_issuer_is_asked_through_https_or_on_this_machine() {
        for issuer in [
            "https://id.example.jp/realm",
            "http://localhost:4000",
            "http://127.0.0.1:4000",
            "http://[::1]:4000",
        ] {
            assert!(config(issuer).checked().is_ok(), "{issuer}");
        }
        for issuer in
            ["http://id.example.jp", "http://localhost.example.jp", "ftp://localhost", "id.example.jp", ""]
        {
            assert!(config(issuer).checked().is_err(), "{issuer}");
        }
    }
}
