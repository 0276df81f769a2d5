//! A watched portfolio in a folder: `occurrences` (the base file, mapped), `changes` (the journal over it), `alerts` (what was pushed and who
//! was handed it) and `lock`. One writer at a time. What a push finds is `cyber::watch`'s affair.
//!
//! Whatever a call acknowledged is on disk before it returns; a crash at any moment leaves a folder that opens with all of it.

mod append;
mod nation;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use cyber::advisory::Advisory;
use cyber::watch::{
    Alert, Base, BaseError, Entry, JournalError, Occasion, Portfolio, Product, Reach, Watched, reach,
};

use self::append::Appender;
use crate::map::{Mapped, swap};

pub use nation::{Nation, rejudged};

/// Changes in the journal after which the base file is worth rewriting: below, opening stays a matter of milliseconds.
const MANY_CHANGES: usize = 2_000;
/// How often, and after how long, a lock that is held is tried again.
const PATIENCE: u32 = 20;
const MOMENT: std::time::Duration = std::time::Duration::from_millis(10);

/// Why a portfolio could not be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The file system said no.
    #[error("{}: {source}", .path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Another process writes there.
    #[error("{}: another program watches this portfolio; end it first", .0.display())]
    Busy(PathBuf),
    /// The base file cannot be used.
    #[error("{}: {source}", .path.display())]
    Base {
        /// The file.
        path: PathBuf,
        /// Why.
        source: BaseError,
    },
    /// A journal cannot be used.
    #[error("{}: {source}", .path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: JournalError,
    },
    /// The journal continues a base file that is not here.
    #[error("{}: it continues another base file (generation {journal}, here {base}); restore both from one copy", .path.display())]
    Apart {
        /// The journal.
        path: PathBuf,
        /// Its generation.
        journal: u64,
        /// That of the base file.
        base: u64,
    },
}

/// Somebody who is handed alerts once they are on disk: a feed, hooks, mail. After a crash an alert may be handed over again.
pub trait Announcer {
    /// Takes an alert; `false` leaves it pending.
    fn announce(&mut self, alert: &Alert, portfolio: &Portfolio<Mapped>) -> bool;
}

/// What a push brought about.
#[derive(Debug)]
pub struct Pushed {
    /// What the advisory reaches now.
    pub reach: Reach,
    /// What was written down and announced; nothing where no product's answer changed.
    pub alert: Option<Alert>,
}

/// A portfolio and its files, held by one writer.
#[derive(Debug)]
pub struct Keeper {
    folder: PathBuf,
    portfolio: Portfolio<Mapped>,
    changes: Appender,
    changed: usize,
    alerts: Appender,
    /// Alerts not yet handed to everybody.
    pending: BTreeMap<u64, Alert>,
    next_alert: u64,
    _lock: File,
}

impl Keeper {
    /// Opens the portfolio in a folder, which is made where it is not there.
    pub fn open(folder: &Path) -> Result<Self, WatchError> {
        std::fs::create_dir_all(folder).map_err(at(folder))?;
        let lock = locked(&folder.join("lock"))?;
        let file = folder.join("occurrences");
        if !file.exists() {
            swap(&file, &Portfolio::empty().compacted(0)).map_err(at(&file))?;
        }
        let base = Base::open(Mapped::open(&file).map_err(at(&file))?);
        let base = base.map_err(|source| WatchError::Base { path: file.clone(), source })?;
        let generation = base.generation();
        let (changes, entries) = changes_of(&folder.join("changes"), generation)?;
        let mut portfolio = Portfolio::over(base);
        let count = entries.len();
        for entry in entries {
            portfolio.apply(entry);
        }
        portfolio.get_ready();
        let (alerts, _, entries) = Appender::open(&folder.join("alerts"), 0)?;
        let (pending, next_alert) = pending_of(entries);
        let folder = folder.to_owned();
        Ok(Self { folder, portfolio, changes, changed: count, alerts, pending, next_alert, _lock: lock })
    }

    /// The products.
    pub fn portfolio(&self) -> &Portfolio<Mapped> {
        &self.portfolio
    }

    /// A product came, or its bill is another. Returns its number.
    pub fn set(
        &mut self,
        product: Product,
        components: impl IntoIterator<Item = Watched>,
    ) -> Result<u32, WatchError> {
        let entry = self.portfolio.setting(product, components);
        let number = match &entry {
            Entry::Set { number, .. } => *number,
            _ => 0,
        };
        self.change(entry)?;
        Ok(number)
    }

    /// A product leaves the watch; `false` when it is not in it.
    pub fn remove(&mut self, product: &Product) -> Result<bool, WatchError> {
        let Some(number) = self.portfolio.number(product) else { return Ok(false) };
        self.change(Entry::Gone { number })?;
        Ok(true)
    }

    /// Pushes an advisory that is new (`before` is none), changed or withdrawn. The alert is on disk before anybody is handed it.
    pub fn push(
        &mut self,
        before: Option<&Advisory>,
        now: &Advisory,
        at: &str,
        announcers: &mut [&mut dyn Announcer],
    ) -> Result<Pushed, WatchError> {
        let reach = reach(&self.portfolio, now);
        let earlier = before.map(|before| cyber::watch::reach(&self.portfolio, before)).unwrap_or_default();
        let change = reach.since(&earlier);
        let alert = Alert {
            sequence: self.next_alert,
            advisory: now.id.clone(),
            modified: now.modified.clone(),
            at: at.to_owned(),
            occasion: match before {
                _ if now.withdrawn.is_some() => Occasion::Withdrawn,
                Some(_) => Occasion::Changed,
                None => Occasion::New,
            },
            affected: change.affected.iter().collect(),
            undetermined: change.undetermined.iter().collect(),
            cleared: change.cleared.iter().collect(),
            still: change.still.len() as u64,
        };
        if alert.is_silent() {
            return Ok(Pushed { reach, alert: None });
        }
        self.alerts.append(&[Entry::Alert(alert.clone())])?;
        self.next_alert += 1;
        self.pending.insert(alert.sequence, alert.clone());
        self.announce(announcers)?;
        Ok(Pushed { reach, alert: Some(alert) })
    }

    /// Hands every pending alert over, in their order; one that is not taken stays pending.
    pub fn announce(&mut self, announcers: &mut [&mut dyn Announcer]) -> Result<(), WatchError> {
        let mut taken = Vec::new();
        for (sequence, alert) in &self.pending {
            let mut all = true;
            for announcer in announcers.iter_mut() {
                all &= announcer.announce(alert, &self.portfolio);
            }
            if all && !announcers.is_empty() {
                taken.push(Entry::Announced { sequence: *sequence });
            }
        }
        if !taken.is_empty() {
            self.alerts.append(&taken)?;
            self.pending.retain(|sequence, _| !taken.contains(&Entry::Announced { sequence: *sequence }));
        }
        Ok(())
    }

    /// Alerts that were not handed to everybody.
    pub fn pending(&self) -> impl Iterator<Item = &Alert> {
        self.pending.values()
    }

    /// Rewrites the base file with all changes in it and begins the journal anew. A crash between the two leaves a journal of the
    /// generation before, whose changes the new base file holds already.
    pub fn compact(&mut self) -> Result<(), WatchError> {
        let file = self.folder.join("occurrences");
        let generation = self.portfolio.base().generation() + 1;
        swap(&file, &self.portfolio.compacted(generation)).map_err(at(&file))?;
        let base = Base::open(Mapped::open(&file).map_err(at(&file))?);
        let base = base.map_err(|source| WatchError::Base { path: file.clone(), source })?;
        self.changes = Appender::fresh(&self.folder.join("changes"), generation)?;
        self.portfolio = Portfolio::over(base);
        self.changed = 0;
        Ok(())
    }

    fn change(&mut self, entry: Entry) -> Result<(), WatchError> {
        self.changes.append(std::slice::from_ref(&entry))?;
        self.portfolio.apply(entry);
        self.changed += 1;
        // Rewriting costs as much as there is, so it comes the rarer the more there is.
        if self.changed > MANY_CHANGES.max(self.portfolio.numbers() / 8) { self.compact() } else { Ok(()) }
    }
}

/// The journal over a base file, and what it says.
fn changes_of(path: &Path, base: u64) -> Result<(Appender, Vec<Entry>), WatchError> {
    let (changes, journal, entries) = Appender::open(path, base)?;
    match journal.cmp(&base) {
        std::cmp::Ordering::Equal => Ok((changes, entries)),
        std::cmp::Ordering::Less => Ok((Appender::fresh(path, base)?, Vec::new())),
        std::cmp::Ordering::Greater => Err(WatchError::Apart { path: path.to_owned(), journal, base }),
    }
}

fn pending_of(entries: Vec<Entry>) -> (BTreeMap<u64, Alert>, u64) {
    let mut pending = BTreeMap::new();
    let mut next = 0;
    for entry in entries {
        match entry {
            Entry::Alert(alert) => {
                next = next.max(alert.sequence + 1);
                pending.insert(alert.sequence, alert);
            }
            Entry::Announced { sequence } => drop(pending.remove(&sequence)),
            Entry::Set { .. } | Entry::Gone { .. } => {}
        }
    }
    (pending, next)
}

/// A lock may outlive its holder by a moment, in a process that is just being started by it.
fn locked(path: &Path) -> Result<File, WatchError> {
    let file = File::options().create(true).append(true).open(path).map_err(at(path))?;
    for _ in 0..PATIENCE {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(MOMENT),
            Err(std::fs::TryLockError::Error(source)) => return Err(at(path)(source)),
        }
    }
    Err(WatchError::Busy(path.to_owned()))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> WatchError + use<> {
    let path = path.to_owned();
    move |source| WatchError::File { path, source }
}
