//! A record that is asked for twice with the same `Idempotency-Key` is made once. What is kept is the id that was promised to
//! a key, before the record is written: whoever asks again, also after a crash between the two, gets that record.

use axum::http::HeaderMap;
use jiff::SignedDuration;
use jiff::civil::Date;
use register::RecordId;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Paper, StoreError};

use super::tags::hex;
use crate::cx::Cx;
use crate::failure::Failure;

const DRAWER: &str = "api-once";
/// A program that has had no answer for a day has to look whether its record is there.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A request that shall be fulfilled once.
pub(super) struct Wish {
    key: String,
    content: String,
    person: String,
}

/// What the request's `Idempotency-Key` stands for, if it has one.
pub(super) fn wish(
    headers: &HeaderMap,
    person: &str,
    register: &str,
    body: &[u8],
) -> Result<Option<Wish>, Failure> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let fits = |key: &&str| (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = key.to_str().ok().filter(fits).ok_or_else(|| {
        Failure::parameter(
            "Idempotency-Key",
            "空白のない1～200文字のASCIIです",
            "1 to 200 ASCII characters without spaces",
        )
    })?;
    let key = digest(&[person.as_bytes(), b"\n", key.as_bytes()]);
    Ok(Some(Wish { key, content: digest(&[register.as_bytes(), b"\n", body]), person: person.to_owned() }))
}

/// The id promised to a wish: `made`, or the one that was promised before, and whether it was.
pub(super) async fn promised(cx: &Cx, wish: &Wish, made: RecordId) -> Result<(RecordId, bool), Failure> {
    let value = json!({ "content": wish.content, "id": made });
    let (key, content, person, now) = (wish.key.clone(), wish.content.clone(), wish.person.clone(), cx.now);
    let kept = cx.app.desk.change(move |store| {
        let expires = Some(now + KEPT_FOR);
        let paper = Paper { drawer: DRAWER, key: &key, owner: &person, value: &value, expires };
        match store.keep(&paper, Some(0), now) {
            Ok(_) => Ok(None),
            Err(StoreError::Outdated { .. }) => Ok(store.kept(DRAWER, &key, now)?),
            Err(error) => Err(error.into()),
        }
    });
    let Some(kept) = kept.await? else { return Ok((made, false)) };
    if kept.value["content"] != content {
        return Err(Failure::parameter(
            "Idempotency-Key",
            "この鍵は別の内容に使われました",
            "this key was used for another content",
        ));
    }
    let id = kept.value["id"].as_str().and_then(|id| id.parse().ok());
    Ok((id.ok_or_else(|| Failure::broken("a promised id cannot be read"))?, true))
}

/// A wish that could not be fulfilled may be made again, corrected.
pub(super) async fn forget(cx: &Cx, wish: &Wish) -> Result<(), Failure> {
    let key = wish.key.clone();
    cx.app.desk.change(move |store| Ok(store.discard(DRAWER, &key)?)).await?;
    Ok(())
}

/// An id nobody has: the day, and enough of chance.
pub(super) fn made_id(today: Date) -> Result<RecordId, Failure> {
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).map_err(Failure::broken)?;
    RecordId::new(format!("{}-{}", today.strftime("%Y%m%d"), hex(&chance))).map_err(Failure::broken)
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hex(&hash.finalize())
}
