//! Counters for Prometheus, and one line in the log for each request. Neither holds who asked or what for: paths are
//! those of the route, without what was filled in.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::App;
use crate::devices::Vitals;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    took: Histogram,
    history: Gauge<u64, AtomicU64>,
    running: Gauge,
    vulns_taken: Gauge,
    vulns_refused: Gauge,
    is_stopping: AtomicBool,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("shirube");
        let answered = Family::<Answered, Counter>::default();
        // 0.5 ms to 8 s.
        let took =
            Histogram::new([0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 8.0]);
        let history = Gauge::<u64, AtomicU64>::default();
        let running = Gauge::default();
        registry.register("requests", "Answers, by method, route and status", answered.clone());
        registry.register("request_seconds", "Time to the answer", took.clone());
        registry.register("history_entries", "Length of the history", history.clone());
        registry.register("requests_running", "Requests being answered", running.clone());
        let (vulns_taken, vulns_refused) = (Gauge::default(), Gauge::default());
        registry.register(
            "vulns_in_use",
            "1 where an index of vulnerability data is in use",
            vulns_taken.clone(),
        );
        registry.register(
            "vulns_refused",
            "1 where the index file that lies there now cannot be used, and the one before, if any, stays in use",
            vulns_refused.clone(),
        );
        let is_stopping = AtomicBool::new(false);
        Metrics { registry, answered, took, history, running, vulns_taken, vulns_refused, is_stopping }
    }

    /// The text Prometheus reads.
    pub(crate) fn text(&self, head: u64, vulns: Vitals) -> Result<String, std::fmt::Error> {
        self.history.set(head);
        self.vulns_taken.set(i64::from(vulns.taken));
        self.vulns_refused.set(i64::from(vulns.refused));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    pub(crate) fn stopping(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }
}

/// Counts a request and writes its line.
pub(super) async fn counted(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    app.metrics.running.inc();
    let response = next.run(request).await;
    app.metrics.running.dec();
    let status = response.status().as_u16();
    let took = begun.elapsed();
    app.metrics.took.observe(took.as_secs_f64());
    tracing::info!(target: "request", method, route, status, ms = took.as_secs_f64() * 1000.0);
    app.metrics.answered.get_or_create(&Answered { method, route, status }).inc();
    response
}
