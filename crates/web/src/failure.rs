//! What can go wrong with a request, once for pages and for the API. How a failure looks is decided where the language is
//! known: in [`crate::server::failures`].

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Names;
use store::StoreError;

/// Why a request has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// There is nothing, or nothing that the viewer may see: these must look the same.
    #[error("not found")]
    NotFound,
    /// Somebody has to sign in first.
    #[error("sign in first")]
    SignIn,
    /// The viewer has no right to it, and may know that.
    #[error("not allowed")]
    Denied,
    /// What was sent cannot be used, and why.
    #[error("{}", .0.en)]
    Bad(Names),
    /// Somebody else has changed it meanwhile.
    #[error("{}", .0.en)]
    Conflict(Names),
    /// Too many tries; seconds to wait.
    #[error("wait {0} s")]
    TooMany(u64),
    /// Too large.
    #[error("larger than {0} MiB")]
    TooLarge(u64),
    /// It cannot be done right now; trying again later may help.
    #[error("busy")]
    Busy,
    /// Another method would do.
    #[error("another method would do")]
    Method,
    /// A fault of ours. What it is stands in the log, not on the page.
    #[error("{0}")]
    Broken(Arc<str>),
}

impl Failure {
    /// Something sent cannot be used.
    pub fn bad(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Failure::Bad(Names { ja: ja.into(), en: en.into() })
    }

    /// A fault of ours.
    pub fn broken(what: impl std::fmt::Display) -> Self {
        Failure::Broken(what.to_string().into())
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::SignIn => StatusCode::UNAUTHORIZED,
            Failure::Denied => StatusCode::FORBIDDEN,
            Failure::Bad(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Conflict(_) => StatusCode::CONFLICT,
            Failure::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Failure::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Method => StatusCode::METHOD_NOT_ALLOWED,
            Failure::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is told.
    pub fn names(&self) -> Names {
        match self {
            Failure::NotFound => Names::of("見つかりません", "Not found"),
            Failure::SignIn => Names::of("サインインが必要です", "Please sign in"),
            Failure::Denied => Names::of("権限がありません", "You may not do this"),
            Failure::Bad(said) | Failure::Conflict(said) => said.clone(),
            Failure::TooMany(seconds) => Names {
                ja: format!("要求が多すぎます。{seconds}秒後にもう一度お試しください"),
                en: format!("Too many requests. Try again in {seconds} seconds"),
            },
            Failure::TooLarge(mib) => Names {
                ja: format!("大きすぎます（上限{mib} MiB）"),
                en: format!("Too large (at most {mib} MiB)"),
            },
            Failure::Busy => {
                Names::of("混み合っています。少し待ってお試しください", "Busy. Please try again in a moment")
            }
            Failure::Method => Names::of("この方法では扱えません", "This method is not allowed here"),
            Failure::Broken(_) => Names::of(
                "サーバーの不具合です。記録は失われていません",
                "A fault of the server. No record is lost",
            ),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Refused { .. } => Failure::bad(error.to_string(), error.to_string()),
            StoreError::Conflict { .. } => Failure::Conflict(Names {
                ja: "ほかの人が先に変更しました。最新の内容を確かめて、もう一度保存してください".into(),
                en: "Somebody else has changed it first. Look at the newest content and save again".into(),
            }),
            StoreError::NoRegister(_) => Failure::NotFound,
            StoreError::NotFiltered { .. } | StoreError::NoPlace { .. } => {
                Failure::bad(error.to_string(), error.to_string())
            }
            _ => Failure::broken(error),
        }
    }
}

impl IntoResponse for Failure {
    /// Only the code and the failure itself: words come later, in the language asked for.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
