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
const STARTS: u32 = 5;
const READERS: usize = 200;
const WRITERS: usize = 50;

pub(super) fn run() -> Result<Outcome> {
    if shell::which("wrk").is_none() {
        return Ok(Outcome::NotYet("the load comes from `wrk`: apt-get install wrk".to_owned()));
    }
    let product = Product::build()?;
    let database = filled(&product)?;
    let mut rows = starts(&product, &database)?;
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

/// From the start of the process to the last byte of the home page: again after a change, and of a program that has never
/// served this database.
fn starts(product: &Product, database: &Path) -> Result<Vec<Row>> {
    let place = database.display().to_string();
    let (mut again, mut first) = (Vec::new(), Vec::new());
    for turn in 0..STARTS {
        product.touch()?;
        let server = Server::start(product, &place)?;
        first.push(server.first_page.as_secs_f64() * 1000.0);
        server.stop()?;
        shell::run(&mut server::change(product, database, turn))?;
        let server = Server::start(product, &place)?;
        again.push(server.first_page.as_secs_f64() * 1000.0);
        server.stop()?;
    }
    let start = |work: &str, times| {
        row(work, Target::AtMost(300.0), measure::median(times), "ms", None, "shirube serve")
    };
    Ok(vec![
        start("start to first page served, embedded", again)?,
        start("the same, the first start of a new version: the plan is worked out before", first)?,
    ])
}

fn readers(product: &Product, database: &Path) -> Result<Vec<Row>> {
    let server = Server::start(product, &database.display().to_string())?;
    server.wait_for_the_plan()?;
    let paths = server.public_paths()?;
    let weight = server.weight_of_home()?;
    let pages =
        Load { server: &server, paths: &paths, connections: READERS, unique: false, per_second: None };
    pages.run(3)?;
    let cached = [Load { per_second: Some(2000), ..pages }.run(15)?, pages.run(15)?];
    let changes = Server::keep_changing(product, database);
    let pages = Load { unique: true, ..pages };
    let anew = [Load { per_second: Some(300), ..pages }.run(15)?, pages.run(15)?];
    let made = changes.end();
    if made < 10 {
        anyhow::bail!("only {made} changes were made");
    }
    let memory = server.peak_megabytes()?;
    server.stop()?;
    let django = peer::django(&folder()?.join("rs-year"), READERS)?;
    println!("{} addresses; cached {cached:?}; anew {anew:?}, {made} changes; peer {django:?}", paths.len());
    let mut rows = Vec::new();
    rows.extend(of_pages("finished pages", 2000, cached, django)?);
    rows.extend(of_pages("pages computed anew, a change every second", 300, anew, django)?);
    let bench = "cargo xtask bench web";
    let home = "home with style, script and mark, uncompressed";
    rows.push(row(home, Target::AtMost(150.0), weight, "KB", None, bench)?);
    rows.push(row("memory under that load, peak", Target::AtMost(250.0), memory, "MB", None, bench)?);
    Ok(rows)
}

/// What readers get who ask for so many pages a second, and who ask without a pause.
fn of_pages(
    what: &str,
    rate: u32,
    [paced, pressed]: [Measured; 2],
    django: Option<Measured>,
) -> Result<Vec<Row>> {
    let peer = |value: fn(&Measured) -> f64| {
        let name = "Django admin list, gunicorn".to_owned();
        django.as_ref().map(|django| Peer { name, measured: value(django) })
    };
    let (p99, per_second) =
        (|measured: &Measured| measured.p99_ms, |measured: &Measured| measured.per_second);
    if paced.per_second < 0.95 * f64::from(rate) {
        anyhow::bail!("{what}: {} pages a second instead of {rate}", paced.per_second);
    }
    let calm = format!("{what}, 200 readers, {rate} pages a second: p99");
    let most = format!("{what}, 200 readers without a pause: pages a second");
    Ok(vec![
        row(&calm, Target::AtMost(50.0), paced.p99_ms, "ms", None, WRK)?,
        row(&most, Target::AtLeast(f64::from(rate)), pressed.per_second, "/s", peer(per_second), WRK)?,
        row(&format!("{what}, the same: p99"), Target::AtMost(50.0), pressed.p99_ms, "ms", peer(p99), WRK)?,
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
