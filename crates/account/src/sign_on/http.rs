//! How a provider is asked: https, or http within this machine; no redirects, ten seconds, one megabyte.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use url::Url;

use super::config::{is_here, is_safe};

/// A page waits for this.
const PATIENCE: Duration = Duration::from_secs(10);
/// Discovery documents and key sets have a few thousand bytes.
const LARGEST: u64 = 1024 * 1024;

/// Why a provider did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("{0}: https is needed, or http on this machine")]
    Unsafe(String),
    #[error(transparent)]
    Failed(#[from] ureq::Error),
}

/// Asks providers.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    agent: Agent,
}

impl Http {
    /// Trusts the certificates the machine trusts, so that an organisation's own authority counts. A provider on this machine is
    /// not asked through the proxy of the environment.
    pub(crate) fn new(issuer: &Url) -> Http {
        let roots = rustls_native_certs::load_native_certs().certs;
        let roots = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("shirube");
        let config = if is_here(issuer) { config.proxy(None) } else { config };
        Http { agent: config.build().new_agent() }
    }

    /// One question and its answer.
    pub(crate) fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let address = request.uri().to_string();
        // The provider's own document names the further addresses: they are held to the same rule.
        if !Url::parse(&address).is_ok_and(|url| is_safe(&url)) {
            return Err(HttpError::Unsafe(address));
        }
        let (parts, body) = self.agent.run(request)?.into_parts();
        let body = body.into_with_config().limit(LARGEST).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, body))
    }
}
