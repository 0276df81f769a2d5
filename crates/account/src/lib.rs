//! People, the organisations they belong to and what they do there, and how they prove who they are: passwords, passkeys, single
//! sign-on, links that work once, API tokens. What a role may see or change is `register`'s business; requests, cookies
//! and pages are `web`'s.
//!
//! Everything is kept in the store's cabinet: in no history, because a password must be able to vanish.
//! Time is handed in. Drawers, decisions and what is not done: `docs/design/0008-accounts.md`.
//!
//! **A sign-in.** `sign_in::by_password` asks `throttle` whether another try is allowed, compares by `password`, writes
//! what happened to the log (`door`), and begins a `session`, whose token goes into a cookie. With the next
//! request `session::find` turns the token into a person, and `people::viewer` into what the registers' rights see.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod drawer;
mod error;
mod salt;
mod secret;
mod throttle;

pub mod api_token;
pub mod door;
pub mod link;
pub mod manage;
pub mod passkey;
pub mod password;
pub mod people;
pub mod person;
pub mod session;
pub mod sign_in;
pub mod sign_on;

pub use drawer::Filed;
pub use error::{AccountError, Result};
pub use manage::Manager;
pub use passkey::Passkeys;
pub use person::{ADMINISTRATOR, Login, Memberships, Person, PersonId, Profile, Role};
pub use secret::Secret;
pub use session::{Caller, Method, Session, SignedIn};
pub use sign_in::Entered;
pub use sign_on::SignOn;
