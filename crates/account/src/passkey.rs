//! Passkeys: registered by a signed-in person or by a link, and used to sign in without typing a name. What the browser is
//! asked and what it answers are JSON that `web` hands through.
//!
//! Drawer `passkey`: under the hash of the credential's id, owned by the person: what they call it, the public key and counter.
//! Drawer `passkey-ceremony`: under a token's hash the challenge of a registration or sign-in, for five minutes, taken once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Store;
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::door::{self, Event, Kind, Outcome};
use crate::drawer::{CEREMONY, Filed, PASSKEY, Sheet};
use crate::error::{AccountError, Result};
use crate::person::{Person, PersonId};
use crate::secret::{Secret, digest};
use crate::session::{self, Caller, Method, SignedIn};
use crate::sign_in::{self, Entered};
use crate::{link, people};

/// How long a person may take to touch their device.
const CEREMONY_LASTS: SignedDuration = SignedDuration::from_mins(5);
/// The most passkeys of a person.
pub const MOST: usize = 20;
/// The largest answer of a browser, in bytes; with attestation it has a few thousand.
const LARGEST: usize = 64 * 1024;

/// Passkeys of one site.
#[derive(Clone, Debug)]
pub struct Passkeys(Webauthn);

/// What is asked of the browser, and under what its answer will be taken.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The argument of `navigator.credentials.create` or `get`; binary values are base64url, as
    /// `PublicKeyCredential.parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` take them.
    pub options: Value,
    /// To be handed back with the answer.
    pub ceremony: Secret,
}

/// One of a person's passkeys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name under which it can be removed.
    pub key: String,
    /// What the person calls it.
    pub name: String,
    /// Since when.
    pub made: Timestamp,
    /// When it was last used.
    pub used: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    name: String,
    made: Timestamp,
    #[serde(default)]
    used: Option<Timestamp>,
    credential: Credential,
}

/// A challenge that waits for its answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ceremony {
    Registration { person: PersonId, state: Box<PasskeyRegistration> },
    SignIn { state: Box<DiscoverableAuthentication> },
}

impl Passkeys {
    /// Passkeys of the site at `origin` (`https://shirube.example.jp`), under the relying party id `rp_id`: the host, or a domain
    /// above it. Browsers have none at plain `http` but on this machine.
    pub fn new(rp_id: &str, origin: &str, name: &str) -> Result<Passkeys> {
        let wrong =
            |why: &str| AccountError::PasskeyAddress { origin: origin.to_owned(), why: why.to_owned() };
        let url = Url::parse(origin).map_err(|error| wrong(&error.to_string()))?;
        let local = url.domain() == Some("localhost");
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err(wrong("https is needed, or http://localhost"));
        }
        let builder = WebauthnBuilder::new(rp_id, &url).map_err(|_| {
            wrong("the relying party id must be the host of the address or a domain above it")
        })?;
        builder.rp_name(name).build().map(Passkeys).map_err(|error| wrong(&error.to_string()))
    }

    /// Begins the registration of a passkey for a person: signed in and fresh, or holding a link.
    pub fn start_registration(&self, store: &Store, person: &Person, now: Timestamp) -> Result<Asked> {
        let there: Vec<Filed<Kept>> = PASSKEY.of(store, &person.id.to_string(), now)?;
        if there.len() >= MOST {
            return Err(AccountError::TooMany(there.len()));
        }
        let exclude = there.iter().map(|kept| kept.value.credential.cred_id().clone()).collect();
        let profile = &person.profile;
        let (challenge, state) = self
            .0
            .start_passkey_registration(
                person.id.handle(),
                profile.login.as_str(),
                &profile.name,
                Some(exclude),
            )
            .map_err(refused)?;
        let mut options = as_json(&challenge)?;
        // Only a passkey that the device finds by itself signs in without a name.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
        let ceremony = Ceremony::Registration { person: person.id, state: Box::new(state) };
        Ok(Asked { options, ceremony: wait(store, &ceremony, now)? })
    }

    /// Takes the browser's answer for a signed-in person, who calls the passkey `name`.
    pub fn finish_registration(
        &self,
        store: &Store,
        person: &Person,
        (ceremony, answer, name): (&str, &str, &str),
        from: &Caller,
        now: Timestamp,
    ) -> Result<()> {
        let credential = self.registered(store, person, (ceremony, answer), now)?;
        add(store, person, credential, name, from, now)
    }

    /// Takes the browser's answer for the person of an invitation or reset link, uses the link up and lets them in.
    pub fn finish_registration_by_link(
        &self,
        store: &Store,
        link: &str,
        (ceremony, answer, name): (&str, &str, &str),
        from: &Caller,
        now: Timestamp,
    ) -> Result<Entered> {
        let person = link::person(store, link, now)?;
        let credential = self.registered(store, &person, (ceremony, answer), now)?;
        link::take(store, &digest(link), now)?;
        add(store, &person, credential, name, from, now)?;
        session::end_all(store, person.id)?;
        sign_in::begin(store, person, Method::Link, from, now)
    }

    /// Begins a sign-in: the device knows who the person is. The same challenge serves a button and, with `mediation`
    /// `conditional`, the browser's own list of names.
    pub fn start_sign_in(&self, store: &Store, now: Timestamp) -> Result<Asked> {
        let (challenge, state) = self.0.start_discoverable_authentication().map_err(refused)?;
        let mut options = as_json(&challenge)?;
        // Whether the browser asks at once or waits in the field of the name is the page's choice.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        let ceremony = Ceremony::SignIn { state: Box::new(state) };
        Ok(Asked { options, ceremony: wait(store, &ceremony, now)? })
    }

    /// Takes the browser's answer and lets the person in.
    pub fn finish_sign_in(
        &self,
        store: &Store,
        ceremony: &str,
        answer: &str,
        from: &Caller,
        now: Timestamp,
    ) -> Result<Entered> {
        let proof = self.proven(store, ceremony, answer, now);
        let person = noted(store, proof, Kind::SignIn, from, now)?;
        sign_in::begin(store, person, Method::Passkey, from, now)
    }

    /// Takes the browser's answer as a proof, once more, who the person of a session is.
    pub fn prove(
        &self,
        store: &Store,
        (token, signed_in): (&str, &SignedIn),
        (ceremony, answer): (&str, &str),
        from: &Caller,
        now: Timestamp,
    ) -> Result<()> {
        let own = |person: Person| {
            if person.id == signed_in.person.id { Ok(person) } else { Err(AccountError::PasskeyRefused) }
        };
        let proof = self.proven(store, ceremony, answer, now).and_then(own);
        let person = noted(store, proof, Kind::Proof, from, now)?;
        session::proved(store, token, Method::Passkey, now)?;
        let event = Event::new(Kind::Proof, Outcome::Done, from, now).method(Method::Passkey);
        door::note(store, &event.by(person.id))
    }

    fn registered(
        &self,
        store: &Store,
        person: &Person,
        (ceremony, answer): (&str, &str),
        now: Timestamp,
    ) -> Result<Credential> {
        let state = match taken(store, ceremony, now)? {
            Ceremony::Registration { person: of, state } if of == person.id => state,
            _ => return Err(AccountError::Stale),
        };
        let answer: RegisterPublicKeyCredential = parsed(answer)?;
        self.0.finish_passkey_registration(&answer, &state).map_err(refused)
    }

    /// The person a passkey's answer proves. The counter is kept, so that a copied passkey is noticed.
    fn proven(&self, store: &Store, ceremony: &str, answer: &str, now: Timestamp) -> Result<Person> {
        let Ceremony::SignIn { state } = taken(store, ceremony, now)? else {
            return Err(AccountError::Stale);
        };
        let answer: PublicKeyCredential = parsed(answer)?;
        let (handle, credential) = self.0.identify_discoverable_authentication(&answer).map_err(refused)?;
        let kept: Option<Filed<Kept>> = PASSKEY.get(store, &key(credential), now)?;
        let kept = kept.ok_or(AccountError::PasskeyRefused)?;
        let id = PersonId::of_handle(handle);
        if kept.owner != id.to_string() {
            return Err(AccountError::PasskeyRefused);
        }
        let result = self
            .0
            .finish_discoverable_authentication_v2(&answer, *state, &kept.value.credential)
            .map_err(refused)?;
        let mut value = kept.value;
        value.credential.update_credential(&result);
        value.used = Some(now);
        let sheet = Sheet { key: &kept.key, owner: &kept.owner, value: &value, expires: None };
        PASSKEY.put(store, sheet, Some(kept.version), now)?;
        people::find(store, id, now)?.map(|person| person.value).ok_or(AccountError::PasskeyRefused)
    }
}

/// A person's passkeys, newest first.
pub fn list(store: &Store, person: PersonId, now: Timestamp) -> Result<Vec<Listed>> {
    let kept: Vec<Filed<Kept>> = PASSKEY.of(store, &person.to_string(), now)?;
    let listed = |Filed { value, key, .. }: Filed<Kept>| Listed {
        key,
        name: value.name,
        made: value.made,
        used: value.used,
    };
    let mut listed: Vec<Listed> = kept.into_iter().map(listed).collect();
    listed.sort_by_key(|listed| std::cmp::Reverse(listed.made));
    Ok(listed)
}

/// Calls one of a person's own passkeys something else; whether it was there.
pub fn rename(store: &Store, person: PersonId, key: &str, name: &str, now: Timestamp) -> Result<bool> {
    let Some(kept) = PASSKEY.get::<Kept>(store, key, now)? else { return Ok(false) };
    if kept.owner != person.to_string() {
        return Ok(false);
    }
    let value = &Kept { name: called(name), ..kept.value };
    PASSKEY.put(store, Sheet { key, owner: &kept.owner, value, expires: None }, Some(kept.version), now)?;
    Ok(true)
}

/// Removes one of a person's own passkeys, where there is another way in; whether it was there.
pub fn remove(store: &Store, person: PersonId, key: &str, from: &Caller, now: Timestamp) -> Result<bool> {
    let Some(kept) = PASSKEY.get::<Kept>(store, key, now)? else { return Ok(false) };
    if kept.owner != person.to_string() {
        return Ok(false);
    }
    if people::ways_in(store, person, now)?.count() < 2 {
        return Err(AccountError::LastWayIn);
    }
    let removed = PASSKEY.discard(store, key)?;
    let event = Event::new(Kind::PasskeyRemoved, Outcome::Done, from, now).by(person);
    door::note(store, &event.about(&kept.value.name))?;
    Ok(removed)
}

pub(crate) fn remove_all(store: &Store, person: PersonId) -> Result<u64> {
    PASSKEY.discard_of(store, &person.to_string())
}

fn add(
    store: &Store,
    person: &Person,
    credential: Credential,
    name: &str,
    from: &Caller,
    now: Timestamp,
) -> Result<()> {
    let name = called(name);
    let key = key(credential.cred_id());
    let owner = person.id.to_string();
    let value = &Kept { name: name.clone(), made: now, used: None, credential };
    // A credential that is registered already, whosever it is, is refused.
    let kept = PASSKEY.put(store, Sheet { key: &key, owner: &owner, value, expires: None }, Some(0), now);
    kept.map_err(|error| match error {
        AccountError::Meanwhile => AccountError::PasskeyRefused,
        error => error,
    })?;
    let event = Event::new(Kind::PasskeyAdded, Outcome::Done, from, now).by(person.id);
    door::note(store, &event.about(&name))
}

/// What a passkey is called, shortened.
fn called(name: &str) -> String {
    let name = Some(name.trim()).filter(|name| !name.is_empty()).unwrap_or("passkey");
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// A refused passkey is a denied try, and belongs in the log.
fn noted(store: &Store, proof: Result<Person>, kind: Kind, from: &Caller, now: Timestamp) -> Result<Person> {
    if let Err(AccountError::PasskeyRefused) = &proof {
        door::note(store, &Event::new(kind, Outcome::Refused, from, now).method(Method::Passkey))?;
    }
    proof
}

fn wait(store: &Store, ceremony: &Ceremony, now: Timestamp) -> Result<Secret> {
    let token = Secret::random("")?;
    let expires = Some(now + CEREMONY_LASTS);
    let sheet = Sheet { key: &token.digest(), owner: "", value: ceremony, expires };
    CEREMONY.put(store, sheet, Some(0), now)?;
    Ok(token)
}

fn taken(store: &Store, ceremony: &str, now: Timestamp) -> Result<Ceremony> {
    CEREMONY.take(store, &digest(ceremony), now)?.map(|filed| filed.value).ok_or(AccountError::Stale)
}

/// Credential ids have up to 1,023 bytes, keys of the cabinet 200.
fn key(credential: &[u8]) -> String {
    digest(&URL_SAFE_NO_PAD.encode(credential))
}

fn parsed<T: DeserializeOwned>(answer: &str) -> Result<T> {
    if answer.len() > LARGEST {
        return Err(AccountError::PasskeyRefused);
    }
    serde_json::from_str(answer).map_err(|_| AccountError::PasskeyRefused)
}

fn as_json(options: &impl Serialize) -> Result<Value> {
    serde_json::to_value(options).map_err(|_| AccountError::PasskeyRefused)
}

fn refused(_: WebauthnError) -> AccountError {
    AccountError::PasskeyRefused
}
