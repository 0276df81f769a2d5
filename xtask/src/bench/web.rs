//! The site under load: a whole-government year of the RS system, two hundred readers, fifty writers, both databases.
//!
//! The load comes from `wrk` (Debian's), on the same machine: it takes its share of the processors. The peer is Django's
//! admin over the same programmes under gunicorn, asked by the same program in the same run.

mod load;
mod peer;
mod server;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::load::{Load, Measured};
use self::server::Server;
use super::product::{Product, corpus};
use super::row::{Peer, Row, Target};
use super::{Outcome, folder, machine, measure, rs_year};
use crate::postgres::Cluster;
use crate::shell;

const PROGRAMMES: usize = 5_700;
const STARTS: usize = 5;
const READERS: usize = 200;
const WRITERS: usize = 50;

pub(super) fn run() -> Result<Outcome> {
    if shell::which("wrk").is_none() {
        return Ok(Outcome::NotYet("the load comes from `wrk`: apt-get install wrk".to_owned()));
    }
    let product = Product::build()?;
    let database = filled(&product)?;
    let mut rows = vec![start(&product, &database)?];
    rows.extend(readers(&product, &database)?);
    rows.push(writers(&product, "SQLite", &folder()?.join("web-rows.db").display().to_string())?);
    if crate::postgres::programs().is_some() {
        let cluster = Cluster::start()?;
        rows.push(writers(&product, "PostgreSQL", cluster.url())?);
    }
    Ok(Outcome::Measured(rows))
}

/// A database with the plan, its follow-up table and every programme of the government.
fn filled(product: &Product) -> Result<PathBuf> {
    let database = folder()?.join("web.db");
    super::product::forget(&database);
    let year = folder()?.join("rs-year");
    rs_year::write(&corpus("rs2024-meddev")?, &year, PROGRAMMES)?;
    let follow_up = corpus("../seeds")?.join("002_68858178ce9f1934.txt");
    let mut intake = product.on(&database, &["--quiet", "intake"]);
    shell::output(intake.arg(&year).arg(&follow_up))?;
    Ok(database)
}

/// From the start of the process to the last byte of the home page.
fn start(product: &Product, database: &Path) -> Result<Row> {
    let place = database.display().to_string();
    // The second start is the one that counts: the first has the schema and the pages of another program to bring up to date.
    Server::start(product, &place)?.stop()?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(product, &place)?;
        times.push(server.first_page.as_secs_f64() * 1000.0);
        server.stop()?;
    }
    row(
        "start to first page served, embedded",
        Target::AtMost(300.0),
        measure::median(times),
        "ms",
        None,
        "shirube serve",
    )
}

fn readers(product: &Product, database: &Path) -> Result<Vec<Row>> {
    let server = Server::start(product, &database.display().to_string())?;
    server.wait_for_the_plan()?;
    let paths = server.public_paths()?;
    let weight = server.weight_of_home()?;
    let pages = Load { server: &server, paths: &paths, connections: READERS, unique: false };
    pages.run(3)?;
    let cached = pages.run(15)?;
    let anew = {
        let _changes = Server::keep_changing(product, database);
        Load { unique: true, ..pages }.run(15)?
    };
    let memory = server.peak_megabytes()?;
    server.stop()?;
    let django = peer::django(&folder()?.join("rs-year"), READERS)?;
    let peer = |value: fn(&Measured) -> f64| {
        django
            .as_ref()
            .map(|django| Peer { name: "Django admin list, gunicorn".to_owned(), measured: value(django) })
    };
    let per_second = |measured: &Measured| measured.per_second;
    let p99 = |measured: &Measured| measured.p99_ms;
    println!("{} addresses; cached {cached:?}; anew {anew:?}; peer {django:?}", paths.len());
    Ok(vec![
        row(
            "public pages, 200 readers, finished pages: p99",
            Target::AtMost(50.0),
            cached.p99_ms,
            "ms",
            peer(p99),
            WRK,
        )?,
        row(
            "the same: pages a second",
            Target::AtLeast(2000.0),
            cached.per_second,
            "/s",
            peer(per_second),
            WRK,
        )?,
        row(
            "public pages, 200 readers, each computed anew, a change every second: pages a second",
            Target::AtLeast(300.0),
            anew.per_second,
            "/s",
            peer(per_second),
            WRK,
        )?,
        row("the same: p99", Target::AtMost(50.0), anew.p99_ms, "ms", peer(p99), WRK)?,
        row(
            "home with style, script and mark, uncompressed",
            Target::AtMost(150.0),
            weight,
            "KB",
            None,
            "cargo xtask bench web",
        )?,
        row(
            "memory under that load, peak",
            Target::AtMost(250.0),
            memory,
            "MB",
            None,
            "cargo xtask bench web",
        )?,
    ])
}

const WRK: &str = "wrk -t1 -c200 -s xtask/peers/pages.lua";

fn writers(product: &Product, name: &str, place: &str) -> Result<Row> {
    if !place.contains("://") {
        super::product::forget(Path::new(place));
    }
    let database = Path::new(place);
    let people =
        |args: &[&str]| -> Result<String> { shell::output(product.on(database, &["--quiet"]).args(args)) };
    people(&["people", "add", "bench", "--member", "mhlw:secretariat"])?;
    let token = people(&["people", "token", "bench", "--scope", "write"])?;
    let server = Server::start(product, place)?;
    server.wait_for_the_plan()?;
    let run = |seconds| load::rows(&server, token.trim(), WRITERS, seconds);
    run(3)?;
    let measured = run(15)?;
    println!("{name}: {measured:?}");
    server.stop()?;
    if measured.errors > 0 {
        anyhow::bail!("{name}: {} rows were not saved", measured.errors);
    }
    let work = format!("a saved row, to durable, 50 writers, {name}: p99");
    row(&work, Target::AtMost(20.0), measured.p99_ms, "ms", None, "wrk -t1 -c50 -s xtask/peers/rows.lua")
        .with_context(|| name.to_owned())
}

fn row(
    work: &str,
    target: Target,
    measured: f64,
    unit: &str,
    peer: Option<Peer>,
    command: &str,
) -> Result<Row> {
    let (work, unit, command) = (work.to_owned(), unit.to_owned(), command.to_owned());
    Ok(Row { work, target, measured, unit, peer, command, on: machine::today()? })
}
