//! Running the server: listening, the layers around every request, what operators ask, a stop that loses nothing.

pub(crate) mod failures;
mod keep;
pub(crate) mod limits;
pub(crate) mod metrics;
mod operate;
mod requests;
mod security;

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use store::{Store, StoreError};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::config::{Config, ConfigError};
use crate::desk::Desk;

pub(crate) use operate::routes;

/// The largest body of a request that is not an upload, in bytes.
const LARGEST_BODY: usize = 4 << 20;

/// How often what has expired is cleared away: sessions, links, the log's oldest lines.
const SWEEP: Duration = Duration::from_mins(10);

/// Why the server could not start or had to end.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The address.
    #[error(
        "cannot listen on {listen}: {error}; is another server running there? choose another address with --listen"
    )]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

/// What a started server tells.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Where it listens; the port is the real one where 0 was asked for.
    pub listen: SocketAddr,
    /// Where a browser finds it.
    pub url: String,
    /// The path of the page that makes the first administrator, where there is nobody yet. It works once.
    pub setup: Option<String>,
    /// How long the start took.
    pub took: Duration,
}

/// Serves until `stop` ends, then lets running requests finish. `ready` is called once, when pages can be asked for.
pub fn serve(
    store: Store,
    config: Config,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(&Ready),
) -> Result<(), ServeError> {
    let started = Instant::now();
    let config = config.checked()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let desk = Desk::open(store, config.readers(), config.page_cache_mib)?;
    let grace = Duration::from_secs(config.stop_after_seconds);
    let result = runtime.block_on(run(App::new(config, desk), started, stop, ready));
    runtime.shutdown_timeout(grace);
    result
}

async fn run(
    app: App,
    started: Instant,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(&Ready),
) -> Result<(), ServeError> {
    let wanted = app.config.listen;
    let listener =
        TcpListener::bind(wanted).await.map_err(|error| ServeError::Listen { listen: wanted, error })?;
    let listen = listener.local_addr()?;
    let setup = crate::people::first_start(&app).await?;
    spawn_background(&app);
    let origin = app.config.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
    let url = format!("{origin}{}/", app.config.prefix);
    ready(&Ready { listen, url, setup, took: started.elapsed() });
    let service = requests::addressed(app.clone(), layered(app.clone()));
    let service = axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<SocketAddr>(
        service,
    );
    let grace = Duration::from_secs(app.config.stop_after_seconds);
    let (tell, told) = tokio::sync::oneshot::channel();
    let stopping = async move {
        stop.await;
        app.metrics.stopping();
        tracing::info!("stopping: running requests are finished, new ones go elsewhere");
        let _ = tell.send(());
    };
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopping);
    tokio::select! {
        ended = serving.into_future() => ended?,
        () = async { let _ = told.await; tokio::time::sleep(grace).await } => {
            tracing::warn!("some requests were not finished in time");
        }
    }
    Ok(())
}

/// Work that goes on beside requests.
fn spawn_background(app: &App) {
    let watched = app.clone();
    tokio::spawn(async move { watched.desk.watch().await });
    tokio::spawn(crate::api::deliver_hooks(app.clone()));
    tokio::spawn(crate::mail::run(app.clone()));
    let known = app.clone();
    tokio::spawn(async move {
        if let Err(failure) = crate::devices::begin(&known).await {
            tracing::error!(%failure, "the advisories on record cannot be read");
        }
    });
    tokio::spawn(crate::devices::follow(app.clone()));
    let limited = app.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_mins(1)).await;
            limited.limits.forget();
        }
    });
    let swept = app.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(SWEEP).await;
            if let Err(failure) = swept.desk.change(|store| Ok(store.sweep(jiff::Timestamp::now())?)).await {
                tracing::warn!(%failure, "what has expired could not be cleared away");
            }
        }
    });
    let warmed = app.clone();
    tokio::spawn(async move {
        if let Err(failure) = warmed.desk.plan().await {
            tracing::error!(%failure, "the plan cannot be shown");
        }
    });
}

/// All routes with the layers around them, the outermost last.
fn layered(app: App) -> Router {
    crate::routes()
        .fallback(|| async { crate::Failure::NotFound })
        .method_not_allowed_fallback(|| async { crate::Failure::Method })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(app.clone(), keep::finished))
        .layer(from_fn(failures::told))
        .layer(security::cross_site(&app.config))
        .layer(CatchPanicLayer::custom(failures::panicked))
        .layer(from_fn_with_state(app.clone(), requests::circumstances))
        .layer(from_fn_with_state(app.clone(), security::headers))
        .layer(from_fn_with_state(app.clone(), metrics::counted))
        .with_state(app)
}

/// The whole site without a port, as tests ask it.
#[cfg(test)]
pub(crate) fn site(app: &App) -> Routed {
    requests::addressed(app.clone(), layered(app.clone()))
}

/// Hands a service to axum's server; kept apart so that the types stay readable.
pub(crate) type Routed = tower::util::BoxCloneSyncService<
    axum::extract::Request,
    axum::response::Response,
    std::convert::Infallible,
>;

fn boxed(router: Router) -> Routed {
    Routed::new(router)
}
