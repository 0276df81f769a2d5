//! The JSON API, made from the declared registers: what `/api/v1` answers, as the pages' viewer would see it. Which
//! addresses there are stands in [`TABLE`]; the OpenAPI document is held against it. Hooks are a room of their own.

mod asked;
mod change;
mod changes;
mod hooks;
mod once;
mod openapi;
mod page;
mod plan;
mod record;
mod records;
mod registers;
mod tags;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;

pub(crate) use hooks::deliver as deliver_hooks;

/// Below this everything lies.
const ROOT: &str = "/api/v1";

/// Every address of the API with its methods, as the document names them.
fn table() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        ("/openapi.json", get(openapi::document)),
        ("/registers", get(registers::all)),
        ("/registers/{register}", get(registers::one)),
        ("/registers/{register}/records", get(records::list).post(change::create)),
        (
            "/registers/{register}/records/{id}",
            get(records::one).put(change::replace).patch(change::patch).delete(change::withdraw),
        ),
        ("/registers/{register}/records/{id}/history", get(records::history)),
        ("/registers/{register}/records/{id}/undo", post(change::undo)),
        ("/search", get(records::search)),
        ("/changes", get(changes::since)),
        ("/plan/follow-up", get(plan::follow_up)),
        ("/plan/checks", get(plan::checks)),
        ("/plan/joins", get(plan::joins)),
        ("/hooks", get(hooks::list).post(hooks::create)),
        ("/hooks/{hook}", get(hooks::one).delete(hooks::delete)),
        ("/hooks/{hook}/test", post(hooks::test)),
        ("/hooks/{hook}/deliveries", get(hooks::deliveries)),
    ]
}

pub(crate) fn routes() -> Router<App> {
    let api = table().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    let api = api.method_not_allowed_fallback(|| async { Failure::Method }).layer(from_fn(manners));
    Router::new().nest(ROOT, api).merge(page::routes())
}

/// What every answer of the API has in common: it is JSON or nothing, it tells which methods there are, and what
/// everybody may see may be read by other people's pages.
async fn manners(cx: Cx, request: Request, next: Next) -> Response {
    let options = *request.method() == Method::OPTIONS;
    let get = request.method().is_safe();
    if !options && !takes_json(&request) {
        return Failure::NotAcceptable(tags::JSON).into_response();
    }
    let mut response = next.run(request).await;
    // Which methods there are the router adds itself.
    if options && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = StatusCode::NO_CONTENT.into_response();
    }
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("authorization, cookie"));
    // Answers without a person are the same for everybody; with one they are nobody else's affair. Browsers send no
    // cookie to an address that allows all origins, and ask before they send a token: they are told no.
    if get && cx.person.is_none() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

/// Whether the client takes JSON, by its `Accept`.
fn takes_json(request: &Request) -> bool {
    let mut lines = request.headers().get_all(header::ACCEPT).iter().peekable();
    let none = lines.peek().is_none();
    let takes = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        !refused
            && ["*/*", "application/*", "application/json", "application/problem+json"]
                .contains(&kind.as_str())
    };
    none || lines.any(|line| line.to_str().is_ok_and(|line| line.is_empty() || line.split(',').any(takes)))
}
