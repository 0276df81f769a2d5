//! The home page as it was last given, kept in the cabinet over a stop, so that nobody has to wait for the first plan. As after
//! every change, the answer before serves until the next is worked out: here that of before the stop, of the same program and
//! the same day.

use std::time::UNIX_EPOCH;

use axum::http::HeaderValue;
use base::Lang;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Paper, Store, StoreError};

use super::finished::{FinishedPage, Key, Moment};

const DRAWER: &str = "remembered-page";
/// Nobody waits a month for a server to start again.
const LASTS: SignedDuration = SignedDuration::from_hours(31 * 24);

/// A page as it lies in the cabinet.
#[derive(Serialize, Deserialize)]
struct Sheet {
    program: String,
    head: u64,
    plan: u64,
    today: Date,
    kind: String,
    tag: String,
    text: String,
}

/// The pages remembered when the server started.
pub(super) struct Remembered(Vec<(Key, FinishedPage)>);

impl Remembered {
    /// What is in the cabinet and of this program.
    pub(super) fn recall(store: &Store) -> Result<Self, StoreError> {
        let mut pages = Vec::new();
        for lang in [Lang::Ja, Lang::En] {
            let kept = store.kept(DRAWER, lang.pick("ja", "en"), Timestamp::now())?;
            let sheet = kept.and_then(|kept| serde_json::from_value::<Sheet>(kept.value).ok());
            if let Some(page) = sheet.filter(|sheet| sheet.program == program()).and_then(page_of) {
                pages.push((Key { lang, address: "/".into() }, page));
            }
        }
        Ok(Remembered(pages))
    }

    /// A page of this day.
    pub(super) fn get(&self, key: &Key, today: Date) -> Option<&FinishedPage> {
        let (_, page) = self.0.iter().find(|(known, _)| known == key)?;
        Some(page).filter(|page| page.moment.today == today)
    }
}

/// Puts a page into the cabinet.
pub(super) fn remember(store: &Store, lang: Lang, page: &FinishedPage) -> Result<(), StoreError> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let Ok(plain) = page.plain() else { return Ok(()) };
    let sheet = Sheet {
        program: program(),
        head: page.moment.head,
        plan: page.moment.plan,
        today: page.moment.today,
        kind: text(page.kind.as_bytes()),
        tag: text(page.tag.as_bytes()),
        text: text(&plain),
    };
    let Ok(value) = serde_json::to_value(sheet) else { return Ok(()) };
    let now = Timestamp::now();
    let key = lang.pick("ja", "en");
    let paper = Paper { drawer: DRAWER, key, owner: "", value: &value, expires: now.checked_add(LASTS).ok() };
    store.keep(&paper, None, now).map(drop)
}

fn page_of(sheet: Sheet) -> Option<FinishedPage> {
    Some(FinishedPage {
        moment: Moment { head: sheet.head, plan: sheet.plan, today: sheet.today },
        kind: HeaderValue::try_from(sheet.kind).ok()?,
        tag: HeaderValue::try_from(sheet.tag).ok()?,
        packed: super::finished::packed(sheet.text.as_bytes()).ok()?,
    })
}

/// What tells one build of the program from another.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let Ok(file) = file else { return env!("CARGO_PKG_VERSION").to_owned() };
    let made = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    format!("{} {} {}", env!("CARGO_PKG_VERSION"), file.len(), made.unwrap_or_default().as_nanos())
}
