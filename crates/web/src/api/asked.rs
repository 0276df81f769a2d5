//! What an address and a body ask for, read strictly: a parameter nobody declared, a number out of bounds, a body that
//! is not JSON are refused with their name and place, and nothing is guessed.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::tags::JSON;
use crate::cx::Cx;
use crate::failure::{Failure, FieldFault, Place};
use base::Names;

/// The longest value of a parameter, in characters: the place in a list by title needs 401.
pub(super) const LONGEST: usize = 500;
/// The media type of merge patches (RFC 7396).
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";

/// The parameters of an address. Who has taken what they know calls [`Asked::nothing_else`].
pub(super) struct Asked(Vec<(String, String)>);

impl Asked {
    pub(super) fn of(cx: &Cx) -> Result<Self, Failure> {
        let query = cx.query.as_deref().unwrap_or_default();
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (name, value) in &pairs {
            if value.chars().count() > LONGEST || name.chars().count() > LONGEST {
                return Err(refused(
                    name,
                    &format!("長すぎます（{LONGEST}文字まで）"),
                    &format!("too long: at most {LONGEST} characters"),
                ));
            }
            if value.contains(['\0', '\u{FFFD}']) || name.contains('\0') {
                return Err(refused(name, "文字として読めません", "it is not text (UTF-8 without NUL)"));
            }
        }
        Ok(Asked(pairs))
    }

    /// A parameter that may be given once.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<String>, Failure> {
        let mut found: Vec<String> = Vec::new();
        self.0.retain(|(given, value)| {
            if given == name {
                found.push(value.clone());
            }
            given != name
        });
        if found.len() > 1 {
            return Err(refused(name, "一度だけ指定できます", "give it once"));
        }
        Ok(found.pop())
    }

    /// A number within bounds.
    pub(super) fn number(&mut self, name: &str, least: u64, most: u64, usual: u64) -> Result<u64, Failure> {
        let Some(text) = self.take(name)? else { return Ok(usual) };
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| plain && (least..=most).contains(number)).ok_or_else(|| {
            refused(
                name,
                &format!("{least}から{most}までの整数です"),
                &format!("a whole number from {least} to {most}"),
            )
        })
    }

    /// One of some words.
    pub(super) fn word(&mut self, name: &str, words: &[&str]) -> Result<Option<String>, Failure> {
        let Some(text) = self.take(name)? else { return Ok(None) };
        if words.contains(&text.as_str()) {
            return Ok(Some(text));
        }
        let words = words.join(", ");
        Err(refused(name, &format!("次のどれかです：{words}"), &format!("one of: {words}")))
    }

    /// What is left of the parameters.
    pub(super) fn rest(self) -> Vec<(String, String)> {
        self.0
    }

    /// Refuses what nobody has taken.
    pub(super) fn nothing_else(self, known: &[&str]) -> Result<(), Failure> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(unknown(name, known)),
        }
    }
}

/// A parameter nobody knows.
pub(super) fn unknown(name: &str, known: &[&str]) -> Failure {
    let known = known.join(", ");
    refused(
        name,
        &format!("この引数はありません。使えるもの：{known}"),
        &format!("there is no such parameter; there are: {known}"),
    )
}

fn refused(name: &str, ja: &str, en: &str) -> Failure {
    let shown: String = name.chars().take(80).collect();
    Failure::parameter(shown.clone(), format!("{shown}：{ja}"), format!("{shown}: {en}"))
}

/// Why somebody changes something, in their words: the parameter `reason`.
pub(super) fn reason(cx: &Cx, also: &[&str]) -> Result<(String, Asked), Failure> {
    let mut asked = Asked::of(cx)?;
    let reason = asked.take("reason")?.unwrap_or_default();
    if reason.chars().any(char::is_control) {
        return Err(refused("reason", "改行なしの一行です", "write it on one line"));
    }
    let reason = reason.trim().to_owned();
    let reason = if reason.is_empty() { "API".to_owned() } else { reason };
    for (name, _) in &asked.0 {
        if !also.contains(&name.as_str()) {
            let known: Vec<&str> = ["reason"].iter().chain(also).copied().collect();
            return Err(unknown(name, &known));
        }
    }
    Ok((reason, asked))
}

/// Refuses every parameter.
pub(super) fn no_parameters(cx: &Cx) -> Result<(), Failure> {
    Asked::of(cx)?.nothing_else(&[])
}

/// A JSON body. `kinds` are the media types it may be announced as.
pub(super) fn body(
    headers: &HeaderMap,
    bytes: &Bytes,
    kinds: &'static [&'static str],
) -> Result<Value, Failure> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !kinds.contains(&kind.as_str()) {
        return Err(Failure::MediaType(kinds.first().copied().unwrap_or(JSON)));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        Failure::Malformed(Names {
            ja: format!("本文はJSONではありません：{error}"),
            en: format!("The body is not JSON: {error}"),
        })
    })?;
    match nul(&value, String::new()) {
        None => Ok(whole(value)),
        Some(pointer) => Err(Failure::at(pointer, "文字NULは使えません", "the character NUL cannot be kept")),
    }
}

/// A part of a body, in its type.
pub(super) fn part<T: DeserializeOwned>(value: Value, pointer: &str) -> Result<T, Failure> {
    serde_json::from_value(value).map_err(|error| Failure::at(pointer, error.to_string(), error.to_string()))
}

/// The members of an object; others than the known are refused, each with its place.
pub(super) fn members(value: Value, known: &[&str]) -> Result<Map<String, Value>, Failure> {
    let Value::Object(members) = value else {
        return Err(Failure::at("", "オブジェクトを送ってください", "send an object"));
    };
    let list = known.join(", ");
    let strange = members.keys().filter(|name| !known.contains(&name.as_str()));
    let faults: Vec<FieldFault> = strange
        .map(|name| FieldFault {
            at: Place::Body(format!("/{}", escaped(name))),
            said: Names {
                ja: format!("この項目はありません。使えるもの：{list}"),
                en: format!("there is no such member; there are: {list}"),
            },
        })
        .collect();
    if faults.is_empty() { Ok(members) } else { Err(Failure::fields(faults)) }
}

/// The same with 593.0 written as 593: to JSON both are the same whole number (RFC 8259, JSON Schema 4.2.3).
fn whole(value: Value) -> Value {
    /// Up to here a floating-point number holds every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT);
            let text = float.map(|float| format!("{float:.0}"));
            text.and_then(|text| text.parse::<i64>().ok()).map_or(Value::Number(number), Value::from)
        }
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, whole(value))).collect(),
        other => other,
    }
}

/// Where a NUL stands in a text or a name.
fn nul(value: &Value, pointer: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(pointer),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| nul(item, format!("{pointer}/{index}")))
        }
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let here = format!("{pointer}/{}", escaped(name));
            if name.contains('\0') { Some(here) } else { nul(value, here) }
        }),
        _ => None,
    }
}

/// A name as it stands in a JSON pointer (RFC 6901).
pub(super) fn escaped(name: &str) -> String {
    let name: String = name.chars().take(80).collect();
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, text: &str) -> Result<Value, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        body(&headers, &Bytes::copy_from_slice(text.as_bytes()), &[JSON])
    }

    #[test]
    fn a_body_that_cannot_be_used_is_refused_with_its_place() {
        assert_eq!(read("text/csv", "{}").unwrap_err().status(), 415);
        assert_eq!(read(JSON, "{").unwrap_err().status(), 400);
        assert_eq!(read("application/JSON; charset=utf-8", "{}").unwrap(), Value::Object(Map::new()));
        let Failure::Fields(faults) = read(JSON, r#"{"a/b":[1,{"c":"\u0000"}]}"#).unwrap_err() else {
            panic!()
        };
        assert_eq!(faults[0].at, Place::Body("/a~1b/1/c".into()));
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction_of_nothing() {
        assert_eq!(read(JSON, "[593.0, 1.5, 1e300, -0.0]").unwrap().to_string(), "[593,1.5,1e+300,0]");
    }

    #[test]
    fn a_body_nested_for_ever_is_refused() {
        assert_eq!(read(JSON, &"[".repeat(100_000)).unwrap_err().status(), 400);
    }
}
