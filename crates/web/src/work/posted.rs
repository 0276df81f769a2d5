//! What a form has sent: pairs of names and texts, and where the browser goes when all is well.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::Html;

/// The pairs a form has sent, in their order. Line ends are those of records: a browser sends others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Posted(Vec<(String, String)>);

impl Posted {
    /// A form that has sent nothing.
    pub(crate) const EMPTY: Posted = Posted(Vec::new());

    /// Pairs, as a form would send them.
    pub(crate) fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, text)| (name, text.replace("\r\n", "\n")));
        Posted(pairs.collect())
    }
    /// The first text of a name, if it was sent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, text)| text.as_str())
    }
    /// The first text of a name, trimmed; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", str::trim)
    }
    /// Every pair.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
    /// A number; 0 where none was sent.
    pub(crate) fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }
    /// A text that must be there.
    pub(crate) fn needed(&self, name: &str, ja: &str, en: &str) -> Result<String, Failure> {
        let text = self.text(name);
        if text.is_empty() {
            return Err(Failure::bad(format!("{ja}を書いてください"), format!("Please give {en}")));
        }
        Ok(text.to_owned())
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(pairs)) => Ok(Posted::of(pairs)),
            Err(FormRejection::BytesRejection(_)) => Err(Failure::TooLarge(4)),
            Err(_) => Err(Failure::bad("送られた内容を読めません", "What was sent cannot be read")),
        }
    }
}

/// To a page of this language, after something was changed.
pub(crate) fn see(cx: &Cx, path: &str) -> Response {
    Redirect::to(&cx.to(path)).into_response()
}

/// A page with a status code: what was sent, with what is wrong with it.
pub(crate) fn with_status(status: StatusCode, page: Html) -> Response {
    let mut response = page.into_response();
    *response.status_mut() = status;
    response
}
