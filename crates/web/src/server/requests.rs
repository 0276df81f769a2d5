//! What happens to a request before a page sees it: its address is taken apart, and its circumstances are put together.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::Lang;
use jiff::Timestamp;
use tower::{ServiceExt, service_fn};

use super::{Routed, boxed};
use crate::address::{self, Addresses, Taken};
use crate::app::App;
use crate::cx::{Circumstances, Cx, day_in_japan};
use crate::failure::Failure;
use crate::people;

/// The routes behind addresses as browsers ask for them.
pub(super) fn addressed(app: App, router: Router) -> Routed {
    let rooms = boxed(router);
    Routed::new(service_fn(move |mut request: Request| {
        let rooms = rooms.clone();
        let taken = address::take(request.uri(), &app.config.prefix);
        async move {
            let Some((uri, taken)) = taken else {
                return Ok((StatusCode::NOT_FOUND, "not found\n").into_response());
            };
            *request.uri_mut() = uri;
            request.extensions_mut().insert(taken);
            rooms.oneshot(request).await
        }
    }))
}

/// Puts the circumstances together; whoever asks too often is told to wait.
pub(super) async fn circumstances(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let lang = request.extensions().get::<Taken>().map_or(Lang::Ja, |taken| taken.lang);
    let client = client(&app, &request);
    let mut circumstances = Circumstances {
        lang,
        path: request.uri().path().to_owned(),
        query: request.uri().query().map(ToOwned::to_owned),
        person: None,
        viewer: register::Viewer::public(),
        client,
        now: Timestamp::now(),
        today: day_in_japan(Timestamp::now()),
        addresses: Addresses { prefix: app.config.prefix.clone(), lang },
        app: app.clone(),
    };
    let refused = match app.limits.wait(client) {
        Some(seconds) => Some(Failure::TooMany(seconds)),
        None => match sender(&app, &circumstances, request.headers()).await {
            Ok(Some(person)) => {
                circumstances.viewer = person.viewer.clone();
                circumstances.person = Some(person);
                None
            }
            Ok(None) => None,
            Err(failure) => Some(failure),
        },
    };
    let cx = Cx::new(circumstances);
    request.extensions_mut().insert(cx.clone());
    let mut response = match refused {
        Some(failure) => super::failures::tell(&cx, &failure),
        None => next.run(request).await,
    };
    response.extensions_mut().insert(cx);
    response
}

/// The one page that a reader of feeds, which knows no sign-in, asks for with a token.
const REMINDERS: &str = "/desk/reminders.atom";

/// Who sends a request: by a token where it is for the API or the reminders and has one, by cookie otherwise.
async fn sender(
    app: &App,
    asked: &Circumstances,
    headers: &HeaderMap,
) -> Result<Option<people::Person>, Failure> {
    if (asked.path.starts_with("/api/") || asked.path == REMINDERS)
        && let Some(person) = crate::api::tokens::who(app, headers, asked.now).await?
    {
        return Ok(Some(person));
    }
    people::who(app, headers, asked.now).await
}

/// The address of the client: that of the connection, or what a trusted proxy says it is.
fn client(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
    if !app.config.trusted_proxies.contains(&peer) {
        return peer;
    }
    forwarded_for(request.headers(), &app.config.trusted_proxies).unwrap_or(peer)
}

/// The last address in `X-Forwarded-For` that is not a trusted proxy's: what stands before it anybody can have written.
fn forwarded_for(headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let all: Vec<IpAddr> =
        lines.flat_map(|line| line.split(',')).filter_map(|ip| ip.trim().parse().ok()).collect();
    all.into_iter().rev().find(|ip| !trusted.contains(ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_choose_its_own_address() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.0.0.2".parse().unwrap());
        let trusted = ["10.0.0.2".parse().unwrap()];
        assert_eq!(forwarded_for(&headers, &trusted), Some("203.0.113.9".parse().unwrap()));
    }
}
