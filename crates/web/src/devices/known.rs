//! The advisories that everybody's bills are held against, kept in the cabinet so that they are known again after a stop.
//!
//! Drawer `advisory`: under the advisory's id, the document as it was read.

use jiff::Timestamp;
use serde_json::json;
use store::Paper;

use super::engine;
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;

const DRAWER: &str = "advisory";
/// Papers read at a time.
const PORTION: usize = 200;
/// The longest id that a paper can bear, in bytes.
const LONGEST_ID: usize = 150;

/// Reads the advisories of the cabinet, once; whoever needs them waits until they are there.
pub(crate) async fn begin(app: &App) -> Result<(), Failure> {
    app.devices.filled.get_or_try_init(|| read(app)).await.map(|&()| ())
}

async fn read(app: &App) -> Result<(), Failure> {
    let texts = app.desk.look(|store| {
        let (mut texts, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = store.drawer(DRAWER, after.as_deref(), PORTION, false, Timestamp::now())?;
            after = page.last().map(|kept| kept.key.clone());
            let last = page.len() < PORTION;
            texts.extend(page.into_iter().map(|kept| kept.value["text"].clone()));
            if last {
                return Ok(texts);
            }
        }
    });
    for text in texts.await? {
        match engine::advisories(text.as_str().unwrap_or_default().as_bytes()) {
            Ok(advisories) => app.devices.known.add(advisories),
            Err(failure) => tracing::warn!(%failure, "an advisory on record cannot be read any more"),
        }
    }
    Ok(())
}

/// Keeps advisories for everybody. Each must fit a paper.
pub(super) async fn keep(cx: &Cx, bytes: &[u8]) -> Result<Vec<cyber::advisory::Advisory>, Failure> {
    begin(&cx.app).await?;
    let read = engine::advisories(bytes)?;
    if read.iter().any(|advisory| advisory.id.len() > LONGEST_ID) {
        return Err(Failure::bad("番号が長すぎます", "An advisory's id is too long"));
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    // A document stays whole under its first advisory's id: of the formats that carry several, that is the document's own.
    let key = read.first().map_or_else(String::new, |advisory| advisory.id.clone());
    let papers = [(key, json!({ "text": text }))];
    let now = cx.now;
    let kept = cx.app.desk.change(move |store| {
        for (key, value) in &papers {
            store.keep(&Paper { drawer: DRAWER, key, owner: "", value, expires: None }, None, now)?;
        }
        Ok(())
    });
    kept.await?;
    cx.app.devices.known.add(read.clone());
    Ok(read)
}
