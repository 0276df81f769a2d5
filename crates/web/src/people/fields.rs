//! The forms of these pages: what was typed, what is wrong with it and where, and the fields themselves.

use account::AccountError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Names;
use maud::{Markup, html};

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::Html;

/// What was typed, in the order it came.
pub(super) type Typed = axum::Form<Pairs>;

/// See [`Typed`].
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

/// What is wrong with what was typed, and in which field; without a field, with the whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Fault {
    field: &'static str,
    said: Option<Names>,
    status: StatusCode,
    wait: Option<u64>,
}

/// A field of one line.
#[derive(Clone, Copy, Default)]
pub(super) struct Input<'a> {
    /// Its name, and its id.
    pub(super) name: &'a str,
    /// What it is for.
    pub(super) label: &'a str,
    /// What helps to fill it.
    pub(super) help: Option<&'a str>,
    /// `text` where empty.
    pub(super) kind: &'a str,
    /// What it is filled with.
    pub(super) value: &'a str,
    /// What browsers and password managers fill in.
    pub(super) autocomplete: &'a str,
    /// Whether it may stay empty.
    pub(super) optional: bool,
}

impl Pairs {
    /// What was typed into a field; nothing where there was none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
    /// All values of a field of which there may be several.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
    /// Whether a box was ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }
}

impl Fault {
    /// Nothing is wrong.
    pub(super) fn none() -> Self {
        Fault::default()
    }
    /// Something is wrong with a field.
    pub(super) fn at(field: &'static str, said: Names) -> Self {
        Fault { field, said: Some(said), status: StatusCode::UNPROCESSABLE_ENTITY, wait: None }
    }
    /// What the account refuses, at the field it is about; what is a fault of ours is not for a form to tell.
    pub(super) fn of(error: AccountError) -> Result<Self, Failure> {
        if let AccountError::Store(_) | AccountError::Randomness | AccountError::Hash(_) = error {
            return Err(Failure::broken(error));
        }
        let field = match &error {
            AccountError::NotALogin(_) | AccountError::LoginTaken(_) => "login",
            AccountError::NoName => "name",
            AccountError::NotAnEmail(_) => "email",
            AccountError::PasswordShort { .. }
            | AccountError::PasswordLong { .. }
            | AccountError::PasswordHoldsLogin
            | AccountError::PasswordCommon => "password",
            AccountError::NoScope | AccountError::NotAScope(_) => "scope",
            AccountError::TokenTerm { .. } => "days",
            _ => "",
        };
        let status = match &error {
            AccountError::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
            AccountError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            AccountError::Meanwhile => StatusCode::CONFLICT,
            AccountError::LinkGone | AccountError::SetUpAlready => StatusCode::GONE,
            AccountError::SignOnUnreachable(_) => StatusCode::BAD_GATEWAY,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let wait = if let AccountError::Wait { seconds } = error { Some(seconds) } else { None };
        Ok(Fault { field, said: Some(error.names()), status, wait })
    }
    /// The same, at another field.
    pub(super) fn moved_to(self, field: &'static str) -> Self {
        Fault { field, ..self }
    }
    /// What is wrong with the whole, above the form; and that something is wrong further down.
    pub(super) fn above(&self, cx: &Cx) -> Markup {
        let Some(said) = &self.said else { return html! {} };
        html! {
            div.note.problem #faults role="alert" {
                p {
                    strong { (cx.say("確認してください", "Please check")) }
                    @if self.field.is_empty() { (said.get(cx.lang)) } @else {
                        a href={ "#" (self.field) } { (said.get(cx.lang)) }
                    }
                }
            }
        }
    }
    /// The page with the form, and the status that says whether it was taken.
    pub(super) fn answer(&self, page: Html) -> Response {
        let mut response = page.into_response();
        if self.said.is_some() {
            *response.status_mut() = self.status;
        }
        if let Some(seconds) = self.wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
    pub(super) fn is_at(&self, field: &str) -> bool {
        self.said.is_some() && self.field == field
    }
    /// What is wrong with a field.
    pub(super) fn words(&self, cx: &Cx, field: &str) -> Markup {
        html! {
            @if let Some(said) = self.said.as_ref().filter(|_| self.is_at(field)) {
                p.fault id={ (field) "-fault" } { (said.get(cx.lang)) }
            }
        }
    }
}

/// A field of one line with its label, its help and what is wrong with it.
pub(super) fn input(cx: &Cx, fault: &Fault, field: Input<'_>) -> Markup {
    let Input { name, label, help, kind, value, autocomplete, optional } = field;
    let wrong = fault.is_at(name);
    let mut described = Vec::new();
    if help.is_some() {
        described.push(format!("{name}-help"));
    }
    if wrong {
        described.push(format!("{name}-fault"));
    }
    let described = Some(described.join(" ")).filter(|ids| !ids.is_empty());
    html! {
        div.field {
            label for=(name) {
                (label)
                @if !optional { span.needed { (cx.say("必須", "required")) } }
            }
            @if let Some(help) = help { p.help id={ (name) "-help" } { (help) } }
            (fault.words(cx, name))
            input id=(name) name=(name) type=(if kind.is_empty() { "text" } else { kind })
                value=(value) autocomplete=[Some(autocomplete).filter(|word| !word.is_empty())]
                required[!optional] maxlength="1024" autocapitalize="off" spellcheck="false"
                aria-invalid=[wrong.then_some("true")] aria-describedby=[described];
        }
    }
}

/// A new password, with what makes one good.
pub(super) fn new_password(cx: &Cx, fault: &Fault) -> Markup {
    let help = cx.say(
        "12文字以上。関係のない複数の語をつなげると、覚えやすく破られにくくなります。",
        "At least 12 characters. Several words that do not belong together are easy to remember and hard to guess.",
    );
    let label = cx.say("新しいパスワード", "New password");
    let field = Input {
        name: "password",
        label,
        help: Some(help),
        kind: "password",
        autocomplete: "new-password",
        ..Input::default()
    };
    input(cx, fault, field)
}
