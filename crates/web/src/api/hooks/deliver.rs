//! When something is sent: whatever happened since the place up to which a hook was told, one after the other, as the hook's
//! owner may see it at that moment. What does not arrive is tried again, later and later, and holds up only its own hook.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use register::{RegisterId, Viewer};
use serde::Serialize;
use store::Entry;
use tokio::sync::Semaphore;

use super::super::ROOT;
use super::super::record::event;
use super::kept::{self, Delivery, Filed};
use super::send::Sender;
use crate::address::escaped;
use crate::app::App;
use crate::failure::Failure;

/// How often hooks are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Receivers that are sent to at the same time.
const TOGETHER: usize = 8;
/// History entries looked at for a hook before its place is written down.
const PORTION: usize = 200;
/// The most that is kept of what a receiver's failure says.
const LONGEST_ERROR: usize = 200;

/// What a receiver is told. The content is fetched by whoever may see it.
#[derive(Serialize)]
struct Told<'a> {
    event: &'a str,
    register: &'a str,
    record: &'a str,
    version: u64,
    seq: u64,
    at: Timestamp,
    url: String,
}

/// What comes next for a hook.
enum Next {
    /// Its owner is gone.
    NoOwner,
    /// Nothing to tell up to here.
    Nothing(u64),
    /// This happened.
    Entry(Box<Entry>),
}

/// Delivers until the server ends.
pub(crate) async fn deliver(app: App) {
    let sender = Sender::new(app.config.hooks_to_private_networks);
    let places = Arc::new(Semaphore::new(TOGETHER));
    let busy: Arc<Mutex<HashSet<String>>> = Arc::default();
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let (head, now) = (app.desk.head(), Timestamp::now());
        let due = match app.desk.look(move |store| kept::due(store, head, now)).await {
            Ok(due) => due,
            Err(failure) => {
                tracing::warn!(%failure, "hooks cannot be read");
                continue;
            }
        };
        for filed in due {
            let id = filed.id.clone();
            if !busy.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone()) {
                continue;
            }
            let (app, sender, places, busy) =
                (app.clone(), sender.clone(), Arc::clone(&places), Arc::clone(&busy));
            tokio::spawn(async move {
                let _leaves = Leaves { busy, id };
                let Ok(_place) = places.acquire().await else { return };
                if let Err(failure) = tell(&app, &sender, filed).await {
                    tracing::warn!(%failure, "a hook cannot be served");
                }
            });
        }
    }
}

/// A hook is free again however its turn ends.
struct Leaves {
    busy: Arc<Mutex<HashSet<String>>>,
    id: String,
}

impl Drop for Leaves {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// Sends a test and tells what came of it.
pub(super) async fn test(app: &App, filed: Filed, now: Timestamp) -> Result<Delivery, Failure> {
    let sender = Sender::new(app.config.hooks_to_private_networks);
    let body = serde_json::json!({ "event": "test", "register": null, "record": null, "version": 0, "seq": 0, "at": now });
    let id = format!("{}-test-{}", filed.id, now.as_millisecond());
    let delivery = sent(&sender, &filed, ("test", 0), id, body.to_string()).await?;
    let again = delivery.arrived && (filed.hook.given_up.is_some() || filed.hook.failing.is_some());
    let noted = delivery.clone();
    app.desk
        .change(move |store| {
            kept::note(store, &filed, noted, now)?;
            if again {
                let mut filed = filed;
                filed.hook.given_up = None;
                filed.hook.failing = None;
                kept::keep(store, filed, now)?;
            }
            Ok(())
        })
        .await?;
    Ok(delivery)
}

/// Tells a hook what happened, until everything is told or something does not arrive.
pub(super) async fn tell(app: &App, sender: &Sender, mut filed: Filed) -> Result<(), Failure> {
    loop {
        let before = filed.hook.next;
        let mut delivery = None;
        match next(app, &filed).await? {
            Next::NoOwner => {
                filed.hook.give_up("登録した人の口座がありません", "its owner has no account any more");
            }
            Next::Nothing(place) if place == before => return Ok(()),
            Next::Nothing(place) => filed.hook.arrived(place),
            Next::Entry(entry) => {
                let id = format!("{}-{}", filed.id, entry.seq);
                let what = event(&entry);
                let sent = sent(sender, &filed, (what, entry.seq), id, body(app, what, &entry)?).await?;
                if sent.arrived {
                    filed.hook.arrived(entry.seq);
                } else {
                    filed.hook.failed(Timestamp::now());
                }
                delivery = Some(sent);
            }
        }
        let arrived = delivery.as_ref().is_none_or(|delivery| delivery.arrived);
        let kept = app.desk.change(move |store| {
            let now = Timestamp::now();
            // Deleted meanwhile: nothing of it is kept.
            let Some(filed) = kept::keep(store, filed, now)? else { return Ok(None) };
            if let Some(delivery) = delivery {
                kept::note(store, &filed, delivery, now)?;
            }
            Ok(Some(filed))
        });
        match kept.await? {
            Some(kept) if arrived && kept.hook.given_up.is_none() => filed = kept,
            _ => return Ok(()),
        }
    }
}

/// What comes next for a hook, as its owner may see it now.
async fn next(app: &App, filed: &Filed) -> Result<Next, Failure> {
    let owner = filed.owner.clone();
    let now = Timestamp::now();
    let viewer: Option<Viewer> = app
        .desk
        .look(move |store| {
            let Ok(id) = owner.parse() else { return Ok(None) };
            let person = account::people::find(store, id, now).map_err(Failure::broken)?;
            let person = person.filter(|person| !person.value.disabled);
            person
                .map(|person| account::people::viewer(store, &person.value).map_err(Failure::broken))
                .transpose()
        })
        .await?;
    let Some(viewer) = viewer else { return Ok(Next::NoOwner) };
    // A place beyond the end of this history is that of another database: a backup was restored.
    let after = filed.hook.next.min(app.desk.head());
    let registers = filed.hook.registers.clone();
    let wanted = move |entry: &Entry| {
        registers.is_empty() || registers.contains::<RegisterId>(&entry.reference.register)
    };
    app.desk
        .read(&viewer, move |reading| {
            let since = reading.since(after, None, PORTION)?;
            let place = since.next;
            let first = since.entries.into_iter().find(wanted);
            Ok(first.map_or(Next::Nothing(place), |entry| Next::Entry(Box::new(entry))))
        })
        .await
}

fn body(app: &App, event: &str, entry: &Entry) -> Result<String, Failure> {
    let (register, record) = (entry.reference.register.as_str(), entry.reference.record.as_str());
    let told = Told {
        event,
        register,
        record,
        version: entry.version,
        seq: entry.seq,
        at: entry.at,
        url: format!(
            "{}{}{ROOT}/registers/{register}/records/{}",
            app.config.origin(),
            app.config.prefix,
            escaped(record)
        ),
    };
    serde_json::to_string(&told).map_err(Failure::broken)
}

async fn sent(
    sender: &Sender,
    filed: &Filed,
    (event, seq): (&str, u64),
    id: String,
    body: String,
) -> Result<Delivery, Failure> {
    let at = Timestamp::now();
    let (sender, url, secret) = (sender.clone(), filed.hook.url.clone(), filed.hook.secret.clone());
    let name = id.clone();
    let sending = tokio::task::spawn_blocking(move || sender.send(&url, &secret, &name, &body, at));
    let outcome = sending.await.map_err(Failure::broken)?;
    let try_number = filed.hook.failing.map_or(0, |failing| failing.tries) + 1;
    let status = outcome.as_ref().ok().copied();
    let arrived = status.is_some_and(|status| (200..300).contains(&status));
    let error = outcome.err().map(|error| error.chars().take(LONGEST_ERROR).collect());
    Ok(Delivery { id, event: event.to_owned(), seq, at, arrived, status, error, try_number })
}
