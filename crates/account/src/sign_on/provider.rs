//! The protocol: what a provider says of itself, the address a person is sent to, the code that comes back, and what a verified
//! ID token claims. What is made of the claims is not known here.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AdditionalClaims, AuthorizationCode, ClaimsVerificationError, Client, ClientId,
    ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
    UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::config::Config;
use super::http::Http;
use crate::error::{AccountError, Result};

/// How long what a provider says of itself is believed without asking again.
const BELIEVED: SignedDuration = SignedDuration::from_hours(1);
/// A token signed by an unknown key makes us ask again, but not more often than this.
const NOT_AGAIN: SignedDuration = SignedDuration::from_secs(60);

/// Signatures anybody can verify and only the provider can make. Those by a shared secret, and no signature at all, are refused.
const SIGNATURES: [CoreJwsSigningAlgorithm; 10] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EcdsaP521Sha512,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Whatever else a token says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Further {
    #[serde(flatten)]
    claims: Map<String, Value>,
}
impl AdditionalClaims for Further {}

type Fields = IdTokenFields<
    Further,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Discovered = Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider as it is asked.
#[derive(Debug)]
pub(crate) struct Provider {
    config: Config,
    redirect: RedirectUrl,
    http: Http,
    known: Mutex<Option<Known>>,
}

#[derive(Clone, Debug)]
struct Known {
    metadata: Arc<ProviderMetadataWithLogout>,
    at: Timestamp,
}

/// Where a person is sent, and what must be remembered until they come back.
pub(crate) struct Sent {
    pub(crate) url: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
}

/// What must come back together.
pub(crate) struct Returned<'a> {
    pub(crate) code: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) verifier: &'a str,
}

impl Provider {
    pub(crate) fn new(config: Config, redirect: &str) -> Result<Provider> {
        let issuer = config.checked()?;
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|error| AccountError::SignOnConfig(format!("redirect address {redirect}: {error}")))?;
        Ok(Provider { config, redirect, http: Http::new(&issuer), known: Mutex::new(None) })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// The address at which the person says to the provider who they are. `again` asks for a proof even where they are signed in there.
    pub(crate) fn send(&self, state: &str, again: bool, now: Timestamp) -> Result<Sent> {
        let client = self.client(&*self.known(now, BELIEVED)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = state.to_owned();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge)
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new));
        if again {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        let (url, _, nonce) = request.url();
        let (nonce, verifier) = (nonce.secret().clone(), verifier.secret().clone());
        Ok(Sent { url: url.to_string(), nonce, verifier })
    }

    /// What the provider claims of whoever brought this code: the ID token's claims, verified, and those of the user info.
    pub(crate) fn claims(&self, returned: &Returned<'_>, now: Timestamp) -> Result<Map<String, Value>> {
        let client = self.client(&*self.known(now, BELIEVED)?);
        let verifier = PkceCodeVerifier::new(returned.verifier.to_owned());
        let tokens = client
            .exchange_code(AuthorizationCode::new(returned.code.to_owned()))
            .map_err(|_| AccountError::SignOnUnreachable("no token endpoint".to_owned()))?
            .set_pkce_verifier(verifier)
            .request(&|request| self.http.ask(request))
            .map_err(refused)?;
        let mut claims = match verified(&client, &tokens, returned.nonce, now) {
            // The provider may have new keys.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let client = self.client(&*self.known(now, NOT_AGAIN)?);
                verified(&client, &tokens, returned.nonce, now)
            }
            first => first,
        }
        .map_err(refused)?;
        for (name, value) in self.user_info(&client, tokens.access_token(), &claims)? {
            claims.entry(name).or_insert(value);
        }
        Ok(claims)
    }

    /// The address at which the person signs out at the provider too, where it has one and was asked before.
    pub(crate) fn sign_out(&self, back: &str) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let end = known.metadata.additional_metadata().end_session_endpoint.clone()?;
        let back = PostLogoutRedirectUrl::new(back.to_owned()).ok()?;
        let request = LogoutRequest::from(end).set_client_id(ClientId::new(self.config.client_id.clone()));
        Some(request.set_post_logout_redirect_uri(back).http_get_url().to_string())
    }

    /// Many providers put all but the subject there. It speaks of the same subject or is refused.
    fn user_info(
        &self,
        client: &Discovered,
        token: &AccessToken,
        claims: &Map<String, Value>,
    ) -> Result<Map<String, Value>> {
        let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
        let subject = openidconnect::SubjectIdentifier::new(subject.to_owned());
        let Ok(request) = client.user_info(token.clone(), Some(subject)) else { return Ok(Map::new()) };
        let info: UserInfoClaims<Further, CoreGenderClaim> =
            request.request(&|request| self.http.ask(request)).map_err(refused)?;
        Ok(object(&info))
    }

    fn client(&self, metadata: &ProviderMetadataWithLogout) -> Discovered {
        let id = ClientId::new(self.config.client_id.clone());
        let secret = self.config.client_secret.clone().map(ClientSecret::new);
        Client::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(self.redirect.clone())
    }

    /// What the provider says of itself, asked anew when it is older than `than`. The lock is not held meanwhile: a slow provider
    /// holds up nobody who does not need it.
    fn known(&self, now: Timestamp, than: SignedDuration) -> Result<Arc<ProviderMetadataWithLogout>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| now.duration_since(known.at) < than) {
            return Ok(known.metadata);
        }
        let issuer = IssuerUrl::new(self.config.issuer.clone()).map_err(unreachable)?;
        let metadata = ProviderMetadataWithLogout::discover(&issuer, &|request| self.http.ask(request));
        let metadata = Arc::new(metadata.map_err(unreachable)?);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Known { metadata: Arc::clone(&metadata), at: now });
        Ok(metadata)
    }
}

/// The claims of the ID token, after signature, issuer, audience, nonce and time have been verified.
fn verified(
    client: &Discovered,
    tokens: &Tokens,
    nonce: &str,
    now: Timestamp,
) -> std::result::Result<Map<String, Value>, ClaimsVerificationError> {
    let moment = chrono::DateTime::from_timestamp(now.as_second(), 0).unwrap_or_default();
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(move || moment);
    let token = tokens.id_token().ok_or_else(|| ClaimsVerificationError::Other("no ID token".to_owned()))?;
    Ok(object(token.claims(&verifier, &Nonce::new(nonce.to_owned()))?))
}

fn object(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(claims)) => claims,
        _ => Map::new(),
    }
}

fn unreachable(error: impl Error) -> AccountError {
    AccountError::SignOnUnreachable(chain(&error))
}

fn refused(error: impl Error) -> AccountError {
    AccountError::SignOnRefused(chain(&error))
}

/// An error and its causes in one line of bearable length.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said.chars().filter(|c| !c.is_control()).take(300).collect()
}
