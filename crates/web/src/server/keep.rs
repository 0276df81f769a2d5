//! Finished pages: answers that everybody may see are kept and given again as long as nothing they rest on has changed.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::cx::Cx;
use crate::desk::{FinishedPage, Key, Moment, packed};

/// Larger answers are not kept: exports, mainly.
const LARGEST: usize = 2 << 20;
/// Longer addresses are not kept: nobody comes back to them.
const LONGEST_ADDRESS: usize = 512;

/// Gives a finished page, or has it made and keeps it.
pub(super) async fn finished(State(app): State<App>, cx: Cx, request: Request, next: Next) -> Response {
    let Some(key) = key(&cx, &request) else { return private(next.run(request).await) };
    let headers = request.headers().clone();
    let head = app.desk.head();
    let begun = moment(&app, &cx);
    let at_hand = match begun {
        Some(now) => app.desk.finished.get(&key, now),
        None => app.desk.remembered(&key, cx.today).cloned(),
    };
    if let Some(page) = at_hand {
        return answer(&headers, &page);
    }
    let response = next.run(request).await;
    // What was made while something changed may be of before or after. Where there was no plan, the page has waited for the first.
    let Some(now) = moment(&app, &cx).filter(|now| begun.map_or(now.head == head, |begun| begun == *now))
    else {
        return response;
    };
    match taken(response, now).await {
        Ok(page) => {
            let answer = answer(&headers, &page);
            keep(&app, key, page);
            answer
        }
        Err(response) => *response,
    }
}

fn keep(app: &App, key: Key, page: FinishedPage) {
    if &*key.address == "/" {
        let (app, lang, page) = (app.clone(), key.lang, page.clone());
        tokio::spawn(async move { app.desk.remember(lang, page).await });
    }
    app.desk.finished.keep(key, page);
}

/// The key of a page that anyone may see; none for everything else.
fn key(cx: &Cx, request: &Request) -> Option<Key> {
    let get = *request.method() == Method::GET;
    let personal = ["/api/", "/assets/", "/sign-in", "/setup", "/metrics", "/health", "/ready", "/live"];
    if !get || cx.person.is_some() || personal.iter().any(|path| cx.path.starts_with(path)) {
        return None;
    }
    let address = request.uri().path_and_query()?.as_str();
    (address.len() <= LONGEST_ADDRESS).then(|| Key { lang: cx.lang, address: address.into() })
}

/// What pages rest on just now; none before the plan has been worked out for the first time.
fn moment(app: &App, cx: &Cx) -> Option<Moment> {
    let plan = app.desk.plan_at_hand()?;
    Some(Moment { head: app.desk.head(), plan: plan.head, today: cx.today })
}

async fn taken(response: Response, moment: Moment) -> Result<FinishedPage, Box<Response>> {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE).cloned();
    let special = headers.contains_key(header::SET_COOKIE)
        || headers.contains_key(header::CACHE_CONTROL)
        || headers.contains_key(header::CONTENT_DISPOSITION);
    let large =
        axum::body::HttpBody::size_hint(response.body()).exact().is_none_or(|size| size > LARGEST as u64);
    let (StatusCode::OK, Some(kind), false, false) = (response.status(), kind, special, large) else {
        return Err(Box::new(response));
    };
    let (parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, LARGEST).await else {
        return Err(Box::new(StatusCode::INTERNAL_SERVER_ERROR.into_response()));
    };
    let hash = crate::hex(&Sha256::digest(&plain)[..12]);
    let Ok(tag) = HeaderValue::try_from(format!("W/\"{hash}\"")) else {
        return Err(Box::new(Response::from_parts(parts, Body::from(plain))));
    };
    match packed(&plain) {
        Ok(packed) => Ok(FinishedPage { moment, kind, tag, packed }),
        Err(_) => Err(Box::new(Response::from_parts(parts, Body::from(plain)))),
    }
}

fn answer(headers: &HeaderMap, page: &FinishedPage) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tags| {
        tags.as_bytes().windows(page.tag.len()).any(|window| window == page.tag.as_bytes())
    });
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let gzip = accepts.is_some_and(|value| value.contains("gzip"));
    let body = match (known, gzip) {
        (true, _) => Ok(Body::empty()),
        (false, true) => Ok(Body::from(page.packed.clone())),
        (false, false) => page.plain().map(Body::from),
    };
    let Ok(body) = body else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = body.into_response();
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, page.kind.clone());
    out.insert(header::ETAG, page.tag.clone());
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if gzip && !known {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// What is for one person is kept nowhere on the way.
fn private(mut response: Response) -> Response {
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    response
}
