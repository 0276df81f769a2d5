//! Entity tags and what clients make of them: not sending again what the client has, and refusing to overwrite what the
//! client has not seen.
//!
//! A tag is `"version-digest"`. The digest is of the answer as this viewer sees it, so that whoever sees more tomorrow
//! is not told "not modified"; a change asks for the version alone.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::cx::Cx;
use crate::failure::Failure;

/// The media type of every answer that is not a problem.
pub(super) const JSON: &str = "application/json";

/// What a change expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// Whatever version there is.
    Any,
    /// This version.
    Version(u64),
    /// Nothing.
    Nothing,
}

/// An answer with its tag, or "not modified".
pub(super) fn tagged(
    cx: &Cx,
    headers: &HeaderMap,
    version: u64,
    body: &impl Serialize,
) -> Result<Response, Failure> {
    let body = serde_json::to_vec(body).map_err(Failure::broken)?;
    Ok(tagged_bytes(cx, headers, version, body))
}

/// The same for an answer that is written already.
pub(super) fn tagged_bytes(cx: &Cx, headers: &HeaderMap, version: u64, body: Vec<u8>) -> Response {
    let tag = tag(version, &body);
    let known = all(headers, header::IF_NONE_MATCH).any(|known| known == "*" || weakly(&known) == tag);
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let out = response.headers_mut();
    if known {
        out.remove(header::CONTENT_TYPE);
    } else {
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    }
    if let Ok(tag) = HeaderValue::try_from(tag) {
        out.insert(header::ETAG, tag);
    }
    let who = if cx.person.is_some() { "private, no-cache" } else { "public, no-cache" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(who));
    response
}

/// What a change of something that may be there expects, by `If-Match` or `If-None-Match: *`.
pub(super) fn expected(headers: &HeaderMap) -> Result<Expected, Failure> {
    if all(headers, header::IF_NONE_MATCH).any(|tag| tag == "*") {
        return Ok(Expected::Nothing);
    }
    if headers.contains_key(header::IF_NONE_MATCH) {
        return Err(Failure::parameter(
            "If-None-Match",
            "変更では * だけを使えます",
            "in a change it can only be *",
        ));
    }
    if !headers.contains_key(header::IF_MATCH) {
        return Err(Failure::PreconditionRequired);
    }
    // Of several tags at most one can be of the newest version; a list is asked for by nobody who edits.
    let mut tags = all(headers, header::IF_MATCH);
    match (tags.next(), tags.next()) {
        (Some(tag), None) if tag == "*" => Ok(Expected::Any),
        (Some(tag), None) => version(&tag).map(Expected::Version).ok_or(Failure::Precondition),
        _ => Err(Failure::Precondition),
    }
}

/// A JSON answer without a tag.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Result<Response, Failure> {
    let mut response = written(serde_json::to_vec(body).map_err(Failure::broken)?);
    *response.status_mut() = status;
    Ok(response)
}

/// A JSON answer that is written already.
pub(super) fn written(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(JSON))], body).into_response()
}

/// A header whose value is made of letters we chose.
pub(super) fn with(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

fn tag(version: u64, body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    format!("\"{version}-{}\"", hex(&hash[..8]))
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The version in a strong tag of ours.
fn version(tag: &str) -> Option<u64> {
    let inside = tag.strip_prefix('"')?.strip_suffix('"')?;
    inside.split_once('-')?.0.parse().ok()
}

/// A tag for weak comparison.
fn weakly(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The tags of a header. None of ours holds a comma.
fn all(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = String> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok().map(str::to_owned));
    let lines: Vec<String> = lines.collect();
    lines.into_iter().flat_map(|line| {
        line.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(HeaderName, &str)]) -> Result<Expected, StatusCode> {
        let headers = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        expected(&headers).map_err(|failure| failure.status())
    }

    #[test]
    fn a_change_says_which_version_it_changes() {
        let tag = tag(7, b"{}");
        assert_eq!(asked(&[(header::IF_MATCH, &tag)]), Ok(Expected::Version(7)));
        assert_eq!(asked(&[(header::IF_MATCH, "*")]), Ok(Expected::Any));
        assert_eq!(asked(&[(header::IF_NONE_MATCH, "*")]), Ok(Expected::Nothing));
        assert_eq!(asked(&[]), Err(StatusCode::PRECONDITION_REQUIRED));
        assert_eq!(asked(&[(header::IF_NONE_MATCH, &tag)]), Err(StatusCode::UNPROCESSABLE_ENTITY));
    }

    #[test]
    fn a_tag_that_is_weak_or_not_ours_matches_no_version() {
        for tag in ["W/\"7-00\"", "\"7\"", "7-00", "\"x-00\"", "\"7-00\", \"8-00\"", ""] {
            assert_eq!(asked(&[(header::IF_MATCH, tag)]), Err(StatusCode::PRECONDITION_FAILED), "{tag}");
        }
    }
}
