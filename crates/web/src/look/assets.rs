//! The style sheet, the script and the mark: inside the program, under names with their hash, kept by browsers for ever.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::failure::Failure;

/// The mark of the site: a guidepost.
pub(crate) const MARK: &str = include_str!("mark.svg");

/// A file inside the program.
pub(crate) struct Asset {
    /// Its path, hash and all.
    pub(crate) path: String,
    kind: &'static str,
    content: String,
}

/// All of them.
pub(crate) struct Assets {
    pub(crate) style: Asset,
    pub(crate) script: Asset,
    pub(crate) icon: Asset,
}

impl Assets {
    pub(crate) fn new() -> Self {
        let style = [report::html::STYLE, report::chart::STYLE, include_str!("site.css")].join("\n");
        Assets {
            style: Asset::new("site", "css", "text/css; charset=utf-8", style),
            script: Asset::new(
                "site",
                "js",
                "text/javascript; charset=utf-8",
                [include_str!("site.js"), include_str!("passkeys.js")].join("\n"),
            ),
            icon: Asset::new("mark", "svg", "image/svg+xml", MARK.to_owned()),
        }
    }

    fn named(&self, path: &str) -> Option<&Asset> {
        [&self.style, &self.script, &self.icon].into_iter().find(|asset| asset.path == path)
    }
}

impl Asset {
    fn new(name: &str, ending: &str, kind: &'static str, content: String) -> Self {
        let hash = crate::hex(&Sha256::digest(content.as_bytes())[..6]);
        Asset { path: format!("/assets/{name}.{hash}.{ending}"), kind, content }
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = app.assets.named(&format!("/assets/{name}")).ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.content.clone()).into_response())
}
