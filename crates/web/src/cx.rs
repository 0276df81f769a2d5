//! The circumstances of a request: who asks, when, in which language, for which page. Made once, before routing; handlers
//! take it as an argument.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::Lang;
use jiff::Timestamp;
use jiff::civil::Date;
use register::{RegisterId, Sight, Viewer};

use crate::address::Addresses;
use crate::app::App;
use crate::failure::Failure;
use crate::people::Person;

/// The circumstances of a request; cheap to clone.
#[derive(Clone)]
pub struct Cx(Arc<Circumstances>);

/// See [`Cx`].
#[derive(Clone)]
pub struct Circumstances {
    /// What all requests share.
    pub app: App,
    /// The language of the answer.
    pub lang: Lang,
    /// The path as routes know it.
    pub path: String,
    /// The query as it came.
    pub query: Option<String>,
    /// Who has signed in.
    pub person: Option<Person>,
    /// With whose eyes records are read.
    pub viewer: Viewer,
    /// The address of the client, or what a trusted proxy says it is.
    pub client: IpAddr,
    /// When.
    pub now: Timestamp,
    /// The day, in Japan.
    pub today: Date,
    pub(crate) addresses: Addresses,
}

impl Cx {
    pub(crate) fn new(circumstances: Circumstances) -> Self {
        Cx(Arc::new(circumstances))
    }

    /// The same circumstances, answered in a language.
    pub(crate) fn in_language(&self, lang: Lang) -> Cx {
        let addresses = Addresses { prefix: self.addresses.prefix.clone(), lang };
        Cx::new(Circumstances { lang, addresses, ..(*self.0).clone() })
    }

    /// The one of two texts that is in the answer's language.
    pub fn say<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(ja, en)
    }

    /// The address of a page, in the language of this one. `path` is as routes know it.
    pub fn to(&self, path: &str) -> String {
        self.addresses.page(path)
    }

    /// The address of what has no language: assets, the API, health.
    pub fn plain(&self, path: &str) -> String {
        self.addresses.plain(path)
    }

    /// The whole address of a page, for feeds, mail and hooks.
    pub fn whole(&self, path: &str) -> String {
        format!("{}{}", self.app.config.origin(), self.to(path))
    }

    /// The address of this page in a language.
    pub fn here_in(&self, lang: Lang) -> String {
        let page = self.addresses.page_in(lang, &self.path);
        match &self.query {
            Some(query) => format!("{page}?{query}"),
            None => page,
        }
    }

    /// A register through the eyes of the viewer; not found where it does not exist or nothing of it can be seen, which
    /// must look the same.
    pub fn sight(&self, register: &str) -> Result<Sight<'_>, Failure> {
        let declaration = self.app.desk.registry().get(register).ok_or(Failure::NotFound)?;
        let sight = Sight::of(declaration, &self.viewer);
        if sight.extent().is_empty() && !sight.may_create() {
            return Err(if self.viewer.is_signed_in() { Failure::NotFound } else { Failure::SignIn });
        }
        Ok(sight)
    }

    /// The id of a register.
    pub fn register(&self, register: &str) -> Result<&RegisterId, Failure> {
        self.app.desk.registry().get(register).map(|declaration| &declaration.id).ok_or(Failure::NotFound)
    }

    /// Who has signed in; everybody else is asked to.
    pub fn person(&self) -> Result<&Person, Failure> {
        self.person.as_ref().ok_or(Failure::SignIn)
    }

    /// Refuses whoever has none of some roles.
    pub fn needs_role(&self, roles: &[&str]) -> Result<&Person, Failure> {
        let person = self.person()?;
        if roles.iter().any(|role| self.viewer.has(role)) { Ok(person) } else { Err(Failure::Denied) }
    }
}

impl Deref for Cx {
    type Target = Circumstances;
    fn deref(&self) -> &Circumstances {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Cx {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Cx>().cloned().ok_or(Failure::Broken("a request without circumstances".into()))
    }
}

/// Deadlines and fiscal years of the plan are counted in Japan, wherever the server stands. Japan has no summer time.
pub(crate) fn day_in_japan(now: Timestamp) -> Date {
    jiff::tz::Offset::constant(9).to_datetime(now).date()
}
