//! What can go wrong with a request, once for pages and for the API. How a failure looks is decided where the language is
//! known: in [`crate::server::failures`].

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Lang, Names};
use register::Fault;
use store::StoreError;

/// Something wrong with one part of what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// Where: a JSON pointer into the body (`/fields/budget/3/amount`), or the name of a parameter of the address.
    pub at: Place,
    /// What is wrong and what would do.
    pub said: Names,
}

/// A part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the body, as a JSON pointer.
    Body(String),
    /// A parameter of the address.
    Parameter(String),
}

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
    /// The body is not in the form that was announced: no JSON at all.
    #[error("{}", .0.en)]
    Malformed(Names),
    /// Parts of what was sent cannot be used, each with its reason.
    #[error("{}", said_in(.0, Lang::En))]
    Fields(Arc<[FieldFault]>),
    /// The viewer has no right to change these parts.
    #[error("{}", said_in(.0, Lang::En))]
    DeniedParts(Arc<[FieldFault]>),
    /// Somebody else has changed it since the version that the writer saw.
    #[error("the version is not the newest")]
    Precondition,
    /// A change says which version it changes.
    #[error("say which version you change")]
    PreconditionRequired,
    /// The body has a form that is not read here; what would do.
    #[error("send {0}")]
    MediaType(&'static str),
    /// The answer is not to be had in a form the client takes; what there is.
    #[error("there is {0}")]
    NotAcceptable(&'static str),
    /// The token is for less than this; what it would need.
    #[error("the token is not for this; it needs {0}")]
    Scope(Arc<str>),
    /// The token opens nothing: it has expired, was revoked, or never was one.
    #[error("not a valid token")]
    Token,
    /// A fault of ours. What it is stands in the log, not on the page.
    #[error("{0}")]
    Broken(Arc<str>),
}

impl Failure {
    /// Something sent cannot be used.
    pub fn bad(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Failure::Bad(Names { ja: ja.into(), en: en.into() })
    }

    /// Parts of what was sent cannot be used.
    pub fn fields(faults: impl IntoIterator<Item = FieldFault>) -> Self {
        Failure::Fields(faults.into_iter().collect())
    }

    /// One part of the body cannot be used.
    pub fn at(pointer: impl Into<String>, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Failure::fields([FieldFault { at: Place::Body(pointer.into()), said: Names::of(ja, en) }])
    }

    /// One parameter of the address cannot be used.
    pub fn parameter(name: impl Into<String>, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Failure::fields([FieldFault { at: Place::Parameter(name.into()), said: Names::of(ja, en) }])
    }

    /// A fault of ours.
    pub fn broken(what: impl std::fmt::Display) -> Self {
        Failure::Broken(what.to_string().into())
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::SignIn | Failure::Token => StatusCode::UNAUTHORIZED,
            Failure::Denied | Failure::DeniedParts(_) | Failure::Scope(_) => StatusCode::FORBIDDEN,
            Failure::Bad(_) | Failure::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Malformed(_) => StatusCode::BAD_REQUEST,
            Failure::Precondition => StatusCode::PRECONDITION_FAILED,
            Failure::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Failure::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Failure::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
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
            Failure::Bad(said) | Failure::Conflict(said) | Failure::Malformed(said) => said.clone(),
            Failure::Fields(faults) | Failure::DeniedParts(faults) => {
                Names { ja: said_in(faults, Lang::Ja), en: said_in(faults, Lang::En) }
            }
            Failure::Precondition => Names::of(
                "最新の版ではありません。最新の内容を取り直してからお試しください",
                "This is not the newest version. Fetch the newest content and try again",
            ),
            Failure::PreconditionRequired => Names::of(
                "変更する版を If-Match で示してください（値は取得時の ETag）",
                "Say by If-Match which version you change (its value is the ETag you were given)",
            ),
            Failure::MediaType(known) => Names {
                ja: format!("本文の形式は {known} です"),
                en: format!("Send the body as {known}"),
            },
            Failure::NotAcceptable(known) => Names {
                ja: format!("回答の形式は {known} です"),
                en: format!("The answer is {known}"),
            },
            Failure::Scope(needed) => Names {
                ja: format!("トークンの範囲外です。必要な範囲：{needed}"),
                en: format!("The token is not for this; it needs the scope {needed}"),
            },
            Failure::Token => Names::of(
                "トークンが無効です（期限切れ、取消し又は誤り）",
                "The token is not valid: it has expired, was revoked, or is mistyped",
            ),
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
            StoreError::Refused { faults, .. } => Failure::fields(faults.iter().map(|refusal| {
                let said = refusal.fault.to_string();
                FieldFault { at: Place::Body(pointer(&refusal.fault)), said: Names::of(said.clone(), said) }
            })),
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

/// Where in a record's JSON a fault is: `budget[3].amount` is `/fields/budget/3/amount`.
fn pointer(fault: &Fault) -> String {
    match fault {
        Fault::Value { field, .. } | Fault::UnknownField(field) | Fault::Required(field) => {
            format!("/fields/{}", field.replace(['.', '['], "/").replace(']', ""))
        }
        Fault::UnknownState(_) | Fault::Move { .. } => "/state".to_owned(),
        Fault::ReservedId(_) => "/id".to_owned(),
        Fault::NoSource => "/sources".to_owned(),
    }
}

fn said_in(faults: &[FieldFault], lang: Lang) -> String {
    let said: Vec<&str> = faults.iter().map(|fault| fault.said.get(lang)).collect();
    said.join(lang.pick("；", "; "))
}

impl IntoResponse for Failure {
    /// Only the code and the failure itself: words come later, in the language asked for.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
