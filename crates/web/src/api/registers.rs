//! The declared registers: what fields, states and clocks they have, and who may see and change them.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use register::{Declaration, Sight};
use serde::Serialize;

use super::asked::no_parameters;
use super::{ROOT, tags, tokens};
use crate::cx::Cx;
use crate::failure::Failure;

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: &'a base::Names,
    about: &'a base::Names,
    /// Where its records are.
    records: String,
    may_create: bool,
}

#[derive(Serialize)]
struct All<T> {
    items: Vec<T>,
}

/// The registers of which the viewer may see something.
pub(super) async fn all(cx: Cx) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    let seen = cx.app.desk.registry().all().filter(|declaration| sees(&cx, declaration));
    let items = seen.map(|declaration| Listed {
        id: declaration.id.as_str(),
        name: &declaration.name,
        about: &declaration.about,
        records: cx.plain(&format!("{ROOT}/registers/{}/records", declaration.id)),
        may_create: Sight::of(declaration, &cx.viewer).may_create()
            && tokens::writes(&cx, declaration.id.as_str()).is_ok(),
    });
    tags::json(StatusCode::OK, &All { items: items.collect() })
}

/// A declaration, rights included.
pub(super) async fn one(
    cx: Cx,
    Path(register): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    let declaration = cx.app.desk.registry().get(&register).ok_or(Failure::NotFound)?;
    tokens::reads(&cx, &register)?;
    cx.sight(&register)?;
    tags::tagged(&cx, &headers, 0, declaration)
}

fn sees(cx: &Cx, declaration: &Declaration) -> bool {
    let sight = Sight::of(declaration, &cx.viewer);
    let something = !sight.extent().is_empty() || sight.may_create();
    something && tokens::may_read(cx, declaration.id.as_str())
}
