//! The way to records and answers. Everything a page, the API, an export, a feed or a hook tells about records comes through
//! [`Reading`], which shows them as the viewer may see them; everything that changes them goes through the one [`Writer`].

mod finished;
pub(crate) mod index;
mod plan;
mod pointers;
mod readers;
mod reading;
mod remembered;
mod titles;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::Lang;
use jiff::civil::Date;
use register::{Registry, Viewer};
use store::{By, Change, Store, StoreError, Written};

pub(crate) use finished::{Finished, FinishedPage, Key, Moment, packed};
pub use plan::Plan;
pub(crate) use reading::cursor;
pub use reading::{Listing, PointedAt, Reading, Seen, Since};
pub(crate) use titles::{Standing, Titles, title_of};

use crate::failure::Failure;
use plan::Plans;
use pointers::Pointers;
use readers::Readers;
use remembered::Remembered;
use writer::Writer;

/// How often the server looks whether another program has written into the database.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Connections of those who stand at a door. Signing in takes its time on purpose and may ask other services: readers do not
/// wait for it.
const DOORS: usize = 4;
/// How long somebody waits at a door before they are told to come back.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way to records and answers.
pub struct Desk {
    registry: Arc<Registry>,
    readers: Readers,
    doors: Readers,
    writer: Writer,
    plans: Plans,
    pointers: Pointers,
    pub(crate) finished: Finished,
    remembered: Remembered,
    /// The end of the history as far as this server knows.
    head: Arc<AtomicU64>,
}

impl Desk {
    /// Opens the connections.
    pub(crate) fn open(store: Store, readers: usize, page_cache_mib: u64) -> Result<Desk, StoreError> {
        let registry = Arc::new(store.registry().clone());
        let head = Arc::new(AtomicU64::new(store.head()?.entries));
        Ok(Desk {
            readers: Readers::open(&store, readers)?,
            doors: Readers::open(&store, DOORS)?,
            plans: Plans::new(store.another()?, Arc::clone(&registry)),
            pointers: Pointers::default(),
            finished: Finished::new(page_cache_mib),
            remembered: Remembered::recall(&store)?,
            writer: Writer::start(store, Arc::clone(&head)),
            registry,
            head,
        })
    }

    /// The declared registers.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The end of the history as far as this server knows: what was read before it moved may be old.
    pub fn head(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    /// Reads records as a viewer may see them.
    pub async fn read<T: Send + 'static>(
        &self,
        viewer: &Viewer,
        work: impl FnOnce(&Reading<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (registry, viewer) = (Arc::clone(&self.registry), viewer.clone());
        let pointers = self.pointers.clone();
        self.readers.with(move |store| work(&Reading::new(store, &registry, &viewer, &pointers))).await
    }

    /// Reads what is not records: the cabinet. Rights are the caller's affair.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.readers.with(work).await
    }

    /// Asks and changes accounts: passwords, sessions, links. It may take long, and nobody but those at a door waits for it.
    pub(crate) async fn at_door<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let worked = self.doors.with(move |store| Ok(work(store)));
        tokio::time::timeout(PATIENCE, worked).await.map_err(|_| Failure::Busy)?
    }

    /// Makes all changes or none, and returns when they are on disk. Rights are to be judged before.
    pub async fn write(&self, by: By, changes: Vec<Change>) -> Result<Written, Failure> {
        Ok(self.writer.write(by, changes).await??)
    }

    /// Changes what is not records, or what needs the database for itself for a moment.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.writer.with(work).await?
    }

    /// Where the plan stands, as everybody may see it; as of the newest change or, while that is being worked out, the one before.
    pub async fn plan(&self) -> Result<Arc<Plan>, Failure> {
        self.plans.current(self.head()).await
    }

    /// Where the plan stands, if that has been worked out already.
    pub(crate) fn plan_at_hand(&self) -> Option<Arc<Plan>> {
        self.plans.at_hand()
    }

    /// A page from before the last stop: for the time until the plan has been worked out.
    pub(crate) fn remembered(&self, key: &Key, today: Date) -> Option<&FinishedPage> {
        self.remembered.get(key, today)
    }

    /// Keeps a page for the time after the next start.
    pub(crate) async fn remember(&self, lang: Lang, page: FinishedPage) {
        let kept = self.change(move |store| Ok(remembered::remember(store, lang, &page)?)).await;
        if let Err(failure) = kept {
            tracing::warn!(%failure, "the home page is not remembered");
        }
    }

    /// Watches for changes by other programs, and uses quiet moments for the upkeep of the database, until the server ends.
    pub(crate) async fn watch(&self) {
        let mut tidied = None;
        loop {
            let before = self.head();
            tokio::time::sleep(LOOK_AGAIN).await;
            match self.look(|store| Ok(store.head()?.entries)).await {
                Ok(entries) => {
                    self.head.fetch_max(entries, Ordering::AcqRel);
                }
                Err(failure) => tracing::warn!(%failure, "the end of the history cannot be read"),
            }
            if self.head() == before && tidied != Some(before) {
                self.tidy(before).await;
                tidied = Some(before);
            }
        }
    }

    /// Does what was left for a quiet moment, piece by piece, as long as nobody writes.
    async fn tidy(&self, head: u64) {
        while self.head() == head {
            match self.change(|store| Ok(store.tidy()?)).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(failure) => return tracing::warn!(%failure, "the index could not be tidied up"),
            }
        }
    }
}
