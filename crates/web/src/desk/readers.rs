//! Connections that read, each used by one request at a time, on threads that may block.

use std::sync::{Arc, Mutex, PoisonError};

use store::{Store, StoreError};
use tokio::sync::Semaphore;

use crate::failure::Failure;

/// Connections that read.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Store>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(store: &Store, count: usize) -> Result<Self, StoreError> {
        let stores = (0..count).map(|_| store.another()).collect::<Result<Vec<_>, _>>()?;
        Ok(Readers { idle: Arc::new(Mutex::new(stores)), places: Arc::new(Semaphore::new(count)) })
    }

    /// Runs on a connection as soon as one is idle.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Failure::Busy)?;
        let idle = Arc::clone(&self.idle);
        let worked = tokio::task::spawn_blocking(move || {
            let _place = place;
            let borrowed = Borrowed::from(&idle)?;
            work(borrowed.store())
        });
        worked.await.map_err(Failure::broken)?
    }
}

/// A connection that goes back even when the work panics.
struct Borrowed<'a> {
    store: Option<Store>,
    idle: &'a Mutex<Vec<Store>>,
}

impl<'a> Borrowed<'a> {
    fn from(idle: &'a Mutex<Vec<Store>>) -> Result<Self, Failure> {
        let store = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let store = store.ok_or(Failure::Busy)?;
        Ok(Borrowed { store: Some(store), idle })
    }
    #[allow(clippy::expect_used, reason = "the store is taken out only when the value is dropped")]
    fn store(&self) -> &Store {
        self.store.as_ref().expect("there until dropped")
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(self.store.take());
    }
}
