//! The ways in besides passwords, as this server is set up: passkeys for its address, and a provider of single sign-on.

use std::sync::Arc;

use account::sign_on::{Config as Provider, Grant};
use account::{Passkeys, Role, SignOn};
use base::Names;
use register::RecordId;
use tokio::sync::Semaphore;

use crate::config::{Config, ConfigError, SingleSignOn};

/// How many may ask the provider at once; the other doors stay free.
const ASKING: usize = 2;

/// The ways in besides passwords.
pub(crate) struct Ways {
    /// Passkeys; none where browsers have none: at an address without https.
    pub(super) passkeys: Option<Arc<Passkeys>>,
    /// Single sign-on, where it is configured.
    pub(super) sign_on: Option<Arc<SignOn>>,
    pub(super) asking: Arc<Semaphore>,
}

impl Ways {
    /// As configured; what cannot be is left out with a line in the log. [`Config::checked`] has told it before.
    pub(crate) fn of(config: &Config) -> Self {
        let sign_on = sign_on(config).unwrap_or_else(|error| {
            tracing::error!(%error, "there is no single sign-on");
            None
        });
        Ways {
            passkeys: passkeys(config).map(Arc::new),
            sign_on: sign_on.map(Arc::new),
            asking: Arc::new(Semaphore::new(ASKING)),
        }
    }
}

/// The provider as configured.
pub(crate) fn sign_on(config: &Config) -> Result<Option<SignOn>, ConfigError> {
    let Some(wanted) = &config.single_sign_on else { return Ok(None) };
    let wrong = |why: String| ConfigError::Value(format!("single-sign-on: {why}"));
    let provider = Provider {
        issuer: wanted.issuer.clone(),
        client_id: wanted.client_id.clone(),
        client_secret: secret(wanted)?,
        name: Names::of(&*wanted.name, &*wanted.name),
        scopes: vec!["profile".to_owned(), "email".to_owned()],
        welcome: wanted.welcome,
        grants: grants(wanted).map_err(wrong)?,
    };
    let redirect = format!("{}{}/sso/callback", config.origin(), config.prefix);
    SignOn::new(provider, &redirect).map(Some).map_err(|error| wrong(error.to_string()))
}

fn secret(wanted: &SingleSignOn) -> Result<Option<String>, ConfigError> {
    let Some(path) = &wanted.client_secret_file else { return Ok(None) };
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable { path: path.clone(), error })?;
    Ok(Some(text.trim().to_owned()))
}

fn grants(wanted: &SingleSignOn) -> Result<Vec<Grant>, String> {
    let grant = |grant: &crate::config::Grant| {
        let roles = grant.roles.iter().map(|role| Role::new(role).map_err(|error| error.to_string()));
        Ok(Grant {
            claim: grant.claim.clone(),
            value: grant.value.clone(),
            organisation: RecordId::new(&*grant.organisation).map_err(|error| error.to_string())?,
            roles: roles.collect::<Result<_, _>>()?,
        })
    };
    wanted.grants.iter().map(grant).collect()
}

/// Browsers have passkeys at https, and on the machine itself under the name `localhost` alone.
fn passkeys(config: &Config) -> Option<Passkeys> {
    let origin = match &config.public_url {
        Some(url) => url.clone(),
        None => format!("http://localhost:{}", config.listen.port()),
    };
    let host = origin.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split([':', '/']).next().unwrap_or_default();
    match Passkeys::new(host, &origin, "Shirube") {
        Ok(passkeys) => Some(passkeys),
        Err(error) => {
            tracing::warn!(%error, "nobody can use a passkey");
            None
        }
    }
}
