//! How failures look: a page in the language asked for, or problem+json for the API. What is ours to mend goes to the log.

use std::any::Any;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde_json::{Value, json};

use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::{Failure, FieldFault, Place};
use crate::look::Page;

/// Gives words to failures, where the language is known.
pub(crate) async fn told(cx: Cx, request: Request, next: Next) -> Response {
    let (get, method) = (request.method().is_safe(), request.method().clone());
    let response = next.run(request).await;
    let Some(failure) = failed(&response) else { return response };
    if matches!(failure, Failure::SignIn) && get && !is_api(&cx) {
        return Redirect::to(&cx.to(&format!("/sign-in?next={}", escaped(&here(&cx))))).into_response();
    }
    // A change of what one does not see is refused as if it were not there.
    let denied = matches!(failure, Failure::Denied | Failure::DeniedParts(_) | Failure::Scope(_));
    if denied || (matches!(failure, Failure::NotFound) && !get) {
        crate::people::refused(&cx, method.as_str());
    }
    let mut told = tell(&cx, &failure);
    // Which methods would do is known to the router alone.
    if let Some(allow) = response.headers().get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allow.clone());
    }
    told
}

/// A failure in words.
pub(crate) fn tell(cx: &Cx, failure: &Failure) -> Response {
    if let Failure::Broken(what) = failure {
        tracing::error!(path = cx.path, what = &**what, "a request failed");
    }
    let status = failure.status();
    let mut response = if is_api(cx) { problem(cx, failure) } else { page(cx, failure) };
    *response.status_mut() = status;
    if let Failure::TooMany(seconds) = failure {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if is_api(cx) {
        api_headers(failure, headers);
    }
    response
}

/// What programs are told besides (RFC 6750, RFC 5789).
fn api_headers(failure: &Failure, headers: &mut HeaderMap) {
    let challenge = match failure {
        Failure::SignIn => "Bearer realm=\"shirube\"",
        Failure::Token => "Bearer realm=\"shirube\", error=\"invalid_token\"",
        Failure::Scope(_) => "Bearer realm=\"shirube\", error=\"insufficient_scope\"",
        _ => "",
    };
    if !challenge.is_empty() {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    if let Failure::MediaType(known) = failure {
        headers.insert(HeaderName::from_static("accept-post"), HeaderValue::from_static(known));
    }
}

/// A panic is a fault of ours; the request ends, the server does not.
pub(super) fn panicked(what: Box<dyn Any + Send + 'static>) -> Response {
    let words = what.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| what.downcast_ref::<&str>().copied()).unwrap_or("without words");
    Failure::broken(format!("panic: {words}")).into_response()
}

/// The failure a response stands for, whoever made it.
fn failed(response: &Response) -> Option<Failure> {
    if let Some(failure) = response.extensions().get::<Failure>() {
        return Some(failure.clone());
    }
    let said = || Failure::bad("送られた内容を読めません", "What was sent cannot be read");
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    match response.status().as_u16() {
        413 if plain => Some(Failure::TooLarge((super::LARGEST_BODY >> 20) as u64)),
        400 | 415 | 422 if plain => Some(said()),
        403 if plain => Some(Failure::Denied),
        404 if plain => Some(Failure::NotFound),
        _ => None,
    }
}

fn is_api(cx: &Cx) -> bool {
    cx.path.starts_with("/api/")
}

fn here(cx: &Cx) -> String {
    match &cx.query {
        Some(query) => format!("{}?{query}", cx.path),
        None => cx.path.clone(),
    }
}

fn page(cx: &Cx, failure: &Failure) -> Response {
    let advice = match failure {
        Failure::NotFound => cx.say(
            "住所が変わったか、公開されていない内容です。検索か台帳からお探しください。",
            "The address has changed, or the content is not public. Try the search or the registers.",
        ),
        Failure::SignIn => cx.say("サインインしてからお試しください。", "Sign in and try again."),
        Failure::Denied => {
            cx.say("この操作の権限は事務局が与えます。", "The secretariat gives the right to do this.")
        }
        Failure::Broken(_) => cx.say(
            "少し待ってもう一度お試しください。続くときは運用者にお知らせください。",
            "Try again in a moment. If it goes on, tell whoever runs this site.",
        ),
        _ => cx.say("前のページに戻って直せます。", "Go back to the page before to correct it."),
    };
    let body = html! {
        p { (advice) }
        ul {
            li { a href=(cx.to("/")) { (cx.say("ホーム", "Home")) } }
            li { a href=(cx.to("/search")) { (cx.say("検索", "Search")) } }
            li { a href=(cx.to("/registers")) { (cx.say("台帳の一覧", "All registers")) } }
        }
    };
    Page::new(failure.names().get(cx.lang), body).show(cx).into_response()
}

/// RFC 9457.
fn problem(cx: &Cx, failure: &Failure) -> Response {
    let status = failure.status();
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": failure.names().get(cx.lang),
        "instance": cx.plain(&cx.path),
    });
    if let Failure::Fields(faults) | Failure::DeniedParts(faults) = failure {
        body["errors"] = faults.iter().map(|fault| field_fault(cx, fault)).collect();
    }
    let kind = HeaderValue::from_static("application/problem+json");
    ([(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

fn field_fault(cx: &Cx, fault: &FieldFault) -> Value {
    let said = fault.said.get(cx.lang);
    match &fault.at {
        Place::Body(pointer) => json!({ "detail": said, "pointer": pointer }),
        Place::Parameter(name) => json!({ "detail": said, "parameter": name }),
    }
}
