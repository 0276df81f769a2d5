//! The one connection that writes. Whoever saves something hands it over and waits; everything that waits is written in one
//! transaction, each change with its own outcome. A commit to disk costs the same for one row as for fifty.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use store::{By, Change, Store, StoreError, Task, Written};
use tokio::sync::{mpsc, oneshot};

use crate::failure::Failure;

/// What may wait at the same time; more is told to come back.
const WAITING: usize = 4096;
/// What is written in one transaction at most: a transaction that takes too long makes the next ones wait.
const TOGETHER: usize = 128;

type Outcome = Result<Written, StoreError>;

enum Job {
    Write(Task, oneshot::Sender<Outcome>),
    Other(Box<dyn FnOnce(&Store) + Send>),
}

/// The one that writes.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts its thread, which ends when the writer is dropped and everything handed over is written.
    pub(super) fn start(store: Store, head: Arc<AtomicU64>) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        std::thread::spawn(move || run(&store, waiting, &head));
        Writer { jobs }
    }

    pub(super) async fn write(&self, by: By, changes: Vec<Change>) -> Result<Outcome, Failure> {
        let (tell, told) = oneshot::channel();
        self.hand_over(Job::Write(Task { by, changes }, tell)).await?;
        told.await.map_err(|_| Failure::broken("the writer has stopped"))
    }

    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (tell, told) = oneshot::channel();
        let work = move |store: &Store| {
            let _ = tell.send(work(store));
        };
        self.hand_over(Job::Other(Box::new(work))).await?;
        told.await.map_err(|_| Failure::broken("the writer has stopped"))
    }

    async fn hand_over(&self, job: Job) -> Result<(), Failure> {
        self.jobs.send(job).await.map_err(|_| Failure::Busy)
    }
}

fn run(store: &Store, mut waiting: mpsc::Receiver<Job>, head: &AtomicU64) {
    let mut tasks = Vec::new();
    let mut tells = Vec::new();
    while let Some(first) = waiting.blocking_recv() {
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Write(task, tell) => {
                    tasks.push(task);
                    tells.push(tell);
                    if tasks.len() < TOGETHER {
                        next = waiting.try_recv().ok();
                    }
                }
                // What is not a record does not wait for records; the order among records stays.
                Job::Other(work) => {
                    // A panic must not take the writer with it.
                    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(store))).is_err() {
                        tracing::error!("a piece of work on the database panicked; nothing of it was kept");
                    }
                    next = waiting.try_recv().ok();
                }
            }
        }
        write(store, std::mem::take(&mut tasks), std::mem::take(&mut tells), head);
    }
}

fn write(store: &Store, tasks: Vec<Task>, tells: Vec<oneshot::Sender<Outcome>>, head: &AtomicU64) {
    if tasks.is_empty() {
        return;
    }
    match store.write_each(tasks) {
        Ok(outcomes) => {
            let ends = outcomes.iter().flatten().map(|written| written.head.entries);
            if let Some(end) = ends.max() {
                head.fetch_max(end, Ordering::AcqRel);
            }
            for (outcome, tell) in outcomes.into_iter().zip(tells) {
                let _ = tell.send(outcome);
            }
        }
        // Each waiting one is told by the dropped channel; why, the log says.
        Err(error) => tracing::error!(%error, "nothing of a transaction was written"),
    }
}
