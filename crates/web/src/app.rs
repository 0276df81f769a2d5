//! What all requests share.

use std::ops::Deref;
use std::sync::Arc;

use crate::config::Config;
use crate::desk::Desk;
use crate::look::assets::Assets;
use crate::people::ways::Ways;
use crate::server::limits::Limits;
use crate::server::metrics::Metrics;
use crate::work::Jobs;

/// What all requests share; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
pub struct Shared {
    /// How the server is set up.
    pub config: Config,
    /// The way to records and answers.
    pub desk: Desk,
    pub(crate) assets: Assets,
    pub(crate) metrics: Metrics,
    pub(crate) limits: Limits,
    pub(crate) ways: Ways,
    pub(crate) intakes: Jobs,
    pub(crate) devices: crate::devices::Room,
}

impl App {
    pub(crate) fn new(config: Config, desk: Desk) -> Self {
        let limits = Limits::new(config.requests_per_minute);
        let ways = Ways::of(&config);
        let devices = crate::devices::Room::of(&config);
        App(Arc::new(Shared {
            config,
            desk,
            assets: Assets::new(),
            metrics: Metrics::new(),
            limits,
            ways,
            intakes: Jobs::default(),
            devices,
        }))
    }
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
