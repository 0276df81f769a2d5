//! The index file is followed: when it was replaced, the new one is taken and every bill is held against it, beside the work of the site.
//! Which file was gone through last is kept, so that one that was replaced while the site stood still is gone through at the next start.
//!
//! Drawer `vulns`: under `gone-through`, the SHA-256 of the file.

use std::time::Duration;

use bulk::vulns::Look;
use jiff::Timestamp;
use serde_json::json;
use store::Paper;

use super::findings;
use super::known;
use crate::app::App;
use crate::cx::day_in_japan;
use crate::failure::Failure;

/// How often the file is looked at. Configuration without a source.
const EVERY: Duration = Duration::from_secs(5);
/// How long nothing is tried again after the bills could not be gone through. Configuration without a source.
const AFTER_A_FAILURE: Duration = Duration::from_mins(2);
const DRAWER: &str = "vulns";
const KEY: &str = "gone-through";

/// Follows the index file until the server ends; returns at once where none is named.
pub(crate) async fn follow(app: App) {
    if app.devices.known.live().is_none() {
        return;
    }
    loop {
        let pause = match once(&app).await {
            Ok(()) => EVERY,
            Err(failure) => {
                tracing::error!(%failure, "bills were not all held against the vulnerability data; tried again later");
                AFTER_A_FAILURE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Looks at the file, and goes through all bills where it is another than the one that was gone through.
pub(super) async fn once(app: &App) -> Result<(), Failure> {
    let looked = app.clone();
    let look = move || looked.devices.known.live().map(bulk::vulns::Live::look);
    match tokio::task::spawn_blocking(look).await.map_err(Failure::broken)? {
        Some(Look::Refused(why)) => {
            tracing::error!(
                why = why.en,
                "the vulnerability data cannot be used; what was in use stays in use"
            );
        }
        Some(Look::Taken) => tracing::info!("vulnerability data taken"),
        Some(Look::Same) | None => {}
    }
    known::begin(app).await?;
    let data = app.devices.known.data()?;
    let Some(digest) = data.file().map(|file| file.digest().to_owned()) else { return Ok(()) };
    let now = Timestamp::now();
    let before = app.desk.look(move |store| Ok(store.kept(DRAWER, KEY, now)?)).await?;
    if before.is_some_and(|kept| kept.value == json!(digest)) {
        return Ok(());
    }
    findings::of_everything(app, data, day_in_japan(now)).await?;
    let done = app.desk.change(move |store| {
        let value = json!(digest);
        store.keep(
            &Paper { drawer: DRAWER, key: KEY, owner: "", value: &value, expires: None },
            None,
            now,
        )?;
        Ok(())
    });
    done.await?;
    tracing::info!("every bill was held against the vulnerability data");
    Ok(())
}
