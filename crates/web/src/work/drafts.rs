//! What is being typed and is not a record yet: drafts of a person, kept in the cabinet until they are saved or thrown away,
//! and who types where just now. Nothing typed is lost by signing out, by a stop of the server or by a conflict.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Kept, Paper};

use crate::cx::Cx;
use crate::failure::Failure;

const DRAFTS: &str = "draft";
const PRESENCE: &str = "presence";
/// Days a draft is kept that nobody comes back to. Configuration without a source.
const DAYS: i64 = 400;
/// Minutes after which somebody who types no more is not told of. Configuration without a source.
const MINUTES: i64 = 3;

/// Something typed and not saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The page, as its path.
    pub(crate) place: String,
    /// The row of the page; empty where the page is one form.
    pub(crate) row: String,
    /// What it is about, for lists of drafts.
    pub(crate) about: String,
    /// The version of the record that was looked at while typing.
    pub(crate) version: u64,
    /// When it was typed.
    pub(crate) at: Timestamp,
    /// The inputs by name.
    pub(crate) texts: BTreeMap<String, String>,
}

/// Somebody who types in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Presence {
    /// The account.
    pub(crate) person: String,
    /// Their name.
    pub(crate) name: String,
    /// The row.
    pub(crate) row: String,
    /// Since when.
    pub(crate) since: Timestamp,
}

/// Keeps a draft in the place of the one before.
pub(crate) async fn keep(cx: &Cx, drafts: Vec<Draft>) -> Result<(), Failure> {
    let (person, now) = (cx.person()?.id.clone(), cx.now);
    if drafts.is_empty() {
        return Ok(());
    }
    let expires = now.checked_add(Span::new().hours(24 * DAYS)).ok();
    let change = move |store: &store::Store| {
        for draft in &drafts {
            let key = key(&[&draft.place, &draft.row, &person]);
            let value = serde_json::to_value(draft).map_err(Failure::broken)?;
            let paper = Paper { drawer: DRAFTS, key: &key, owner: &person, value: &value, expires };
            store.keep(&paper, None, now)?;
        }
        Ok(())
    };
    cx.app.desk.change(change).await
}

/// Throws drafts of rows of a page away: they are saved, or not wanted.
pub(crate) async fn forget(cx: &Cx, place: &str, rows: Vec<String>) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    let (person, place) = (cx.person()?.id.clone(), place.to_owned());
    let change = move |store: &store::Store| {
        for row in &rows {
            let key = key(&[&place, row, &person]);
            store.discard(DRAFTS, &key)?;
            store.discard(PRESENCE, &key)?;
        }
        Ok(())
    };
    cx.app.desk.change(change).await
}

/// Every draft of the person, the newest first.
pub(crate) async fn all(cx: &Cx) -> Result<Vec<Draft>, Failure> {
    let (person, now) = (cx.person()?.id.clone(), cx.now);
    let kept = cx.app.desk.look(move |store| Ok(store.kept_of(DRAFTS, &person, now)?)).await?;
    let mut drafts: Vec<Draft> = kept.into_iter().filter_map(read).collect();
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.at));
    Ok(drafts)
}

/// The person's drafts of a page, by row.
pub(crate) async fn of(cx: &Cx, place: &str) -> Result<BTreeMap<String, Draft>, Failure> {
    let drafts = all(cx).await?.into_iter().filter(|draft| draft.place == place);
    Ok(drafts.map(|draft| (draft.row.clone(), draft)).collect())
}

/// Notes that the person types in a row.
pub(crate) async fn be_present(cx: &Cx, place: &str, row: &str) -> Result<(), Failure> {
    let person = cx.person()?;
    let (id, name, now) = (person.id.clone(), person.name.clone(), cx.now);
    let (place, row) = (place.to_owned(), row.to_owned());
    let change = move |store: &store::Store| {
        let key = key(&[&place, &row, &id]);
        let before = store.kept(PRESENCE, &key, now)?.and_then(read::<Presence>);
        let since = before.map_or(now, |before| before.since);
        let value =
            serde_json::to_value(Presence { person: id, name, row, since }).map_err(Failure::broken)?;
        let expires = now.checked_add(Span::new().minutes(MINUTES)).ok();
        let owner = self::key(&[&place]);
        store.keep(
            &Paper { drawer: PRESENCE, key: &key, owner: &owner, value: &value, expires },
            None,
            now,
        )?;
        Ok(())
    };
    cx.app.desk.change(change).await
}

/// Who else types on a page just now.
pub(crate) async fn others(cx: &Cx, place: &str) -> Result<Vec<Presence>, Failure> {
    let (person, now, owner) = (cx.person()?.id.clone(), cx.now, key(&[place]));
    let kept = cx.app.desk.look(move |store| Ok(store.kept_of(PRESENCE, &owner, now)?)).await?;
    let present = kept.into_iter().filter_map(read::<Presence>);
    Ok(present.filter(|presence| presence.person != person).collect())
}

fn read<T: serde::de::DeserializeOwned>(kept: Kept) -> Option<T> {
    serde_json::from_value(kept.value).ok()
}

/// A key of bounded length for names of any length.
fn key(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    crate::hex(&hash.finalize()[..20])
}
