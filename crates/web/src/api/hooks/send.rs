//! Sending: one signed request, bounded in time and size, that follows no redirect.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use rustls::crypto::ring;
use sha2::Sha256;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::transport::DefaultConnector;

use super::super::tags::hex;
use super::guard::Guarded;
use crate::failure::Failure;

/// A receiver has this long to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// An answer is looked at no further than this: only its status counts.
const LARGEST_ANSWER: u64 = 16 * 1024;
/// The most headers of an answer, in bytes.
const LARGEST_HEADERS: usize = 16 * 1024;

/// The header that says that a request is ours.
pub(super) const SIGNATURE: &str = "Shirube-Signature";
/// The header by which a receiver knows what it has had already.
pub(super) const DELIVERY: &str = "Shirube-Delivery";

/// Sends.
#[derive(Clone, Debug)]
pub(super) struct Sender(Agent);

impl Sender {
    /// Trusts the certificates the machine trusts. A proxy of the environment is not used: it would resolve names itself.
    pub(super) fn new(private_too: bool) -> Sender {
        let roots = rustls_native_certs::load_native_certs().certs;
        let roots = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(LARGEST_HEADERS)
            .max_idle_connections(0)
            .timeout_global(Some(PATIENCE))
            .user_agent(concat!("Shirube/", env!("CARGO_PKG_VERSION")))
            .build();
        Sender(Agent::with_parts(config, DefaultConnector::default(), Guarded { private_too }))
    }

    /// Sends a body; the status of the answer. Blocks.
    pub(super) fn send(
        &self,
        url: &str,
        secret: &str,
        id: &str,
        body: &str,
        now: Timestamp,
    ) -> Result<u16, String> {
        let request = self.0.post(url).header("Content-Type", "application/json");
        let request = request.header(SIGNATURE, signature(secret, body, now)).header(DELIVERY, id);
        let mut response = request.send(body).map_err(|error| error.to_string())?;
        let mut rest = response.body_mut().as_reader().take(LARGEST_ANSWER);
        // An answer that breaks off has said its status before.
        let _ = std::io::copy(&mut rest, &mut std::io::sink());
        Ok(response.status().as_u16())
    }
}

/// `t=…,v1=…`: when, and the HMAC-SHA256 of `t.body` with the hook's secret, in hexadecimal.
pub(super) fn signature(secret: &str, body: &str, now: Timestamp) -> String {
    let t = now.as_second();
    // HMAC takes keys of any length; the error of the type cannot arise.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{t}.").as_bytes());
    mac.update(body.as_bytes());
    format!("t={t},v1={}", hex(&mac.finalize().into_bytes()))
}

/// A secret that nobody chose.
pub(super) fn made_secret() -> Result<String, Failure> {
    Ok(format!("whsec_{}", hex(&random::<32>()?)))
}

/// The name of a hook.
pub(super) fn made_id() -> Result<String, Failure> {
    Ok(hex(&random::<12>()?))
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Failure::broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_can_be_recomputed_by_anybody_with_the_secret() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let said = signature("0123456789abcdef", r#"{"a":1}"#, now);
        assert_eq!(said, "t=1700000000,v1=9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23");
    }
}
