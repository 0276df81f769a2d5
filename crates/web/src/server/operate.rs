//! What operators ask: is it alive, can it serve, what has it counted.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::failure::Failure;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/live", get(live)).route("/ready", get(ready)).route("/metrics", get(metrics))
}

/// The process runs.
async fn live() -> &'static str {
    "ok\n"
}

/// Pages can be answered: the database answers, and nobody has asked the server to stop.
async fn ready(State(app): State<App>) -> Response {
    if app.metrics.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match app.desk.look(|store| Ok(store.head()?)).await {
        Ok(_) => "ok\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

async fn metrics(State(app): State<App>) -> Result<Response, Failure> {
    let text = app.metrics.text(app.desk.head(), app.devices.vitals()).map_err(Failure::broken)?;
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
