//! One's own account.

use axum::Router;
use axum::routing::get;
use maud::html;

use super::visitor::Visitor;
use crate::app::App;
use crate::failure::Failure;
use crate::look::{Html, Page};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/me", get(page))
}

async fn page(visitor: Visitor) -> Result<Html, Failure> {
    let cx = &visitor.cx;
    let here = visitor.here().await?;
    let profile = &here.signed_in.person.profile;
    let body = html! {
        dl {
            dt { (cx.say("ログイン名", "Login name")) }
            dd { (profile.login) }
        }
    };
    Ok(Page::new(&*profile.name, body).show(cx))
}
