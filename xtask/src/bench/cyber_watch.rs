//! The watch over a nation: 100,000 products of 500 components on disk, real advisories pushed one after the other, everything judged anew,
//! and how that grows. The work is done by `crates/bulk/examples/watch_nation.rs`; here it is run, put into rows and drawn.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::{Row, Target};
use super::{Outcome, folder, machine, target};
use crate::shell;

const PRODUCTS: u64 = 100_000;
const COMPONENTS: u64 = 500;
/// All the advisories there are.
const ALL: u64 = u64::MAX >> 1;

pub(super) fn run() -> Result<Outcome> {
    let shared = std::env::var_os("SHIRUBE_SHARED").map_or(shell::root().join("../shared"), PathBuf::from);
    if !shared.join("data/cyber/spdx-portfolio-260.tar.gz").is_file() {
        return Ok(Outcome::NotYet(format!("{} has no data/cyber: set SHIRUBE_SHARED", shared.display())));
    }
    shell::run(&mut shell::cargo(&[
        "build",
        "--release",
        "--locked",
        "-p",
        "bulk",
        "--example",
        "watch_nation",
    ]))?;
    let nation = folder()?.join("watch-nation");
    let built = told(&["build".into(), path(&nation), PRODUCTS.to_string(), COMPONENTS.to_string()])?;
    let pushed = told(&["push".into(), path(&nation)])?;
    let judged = told(&["judge".into(), path(&nation)])?;
    println!("{built:#}\n{pushed:#}\n{judged:#}");
    let growth = growth(&nation)?;
    write_page(&growth, &built, &pushed, &judged)?;
    rows(&built, &pushed, &judged).map(Outcome::Measured)
}

fn rows(built: &Value, pushed: &Value, judged: &Value) -> Result<Vec<Row>> {
    let row = |work: &str, target: f64, measured: f64, unit: &str| -> Result<Row> {
        Ok(Row {
            work: work.to_owned(),
            target: Target::AtMost(target),
            measured,
            unit: unit.to_owned(),
            peer: None,
            command: "cargo xtask bench cyber-watch".to_owned(),
            on: machine::today()?,
        })
    };
    Ok(vec![
        row(
            "watch: one advisory among 50,000,000 occurrences, p99 of all advisories",
            5.0,
            at(pushed, "/push_ms/p99")?,
            "ms",
        )?,
        row(
            "watch: the same, p99 of those that reach a product",
            5.0,
            at(pushed, "/push_reaching_ms/p99")?,
            "ms",
        )?,
        row(
            "watch: the same, p99 of those that name devices in words",
            5.0,
            at(pushed, "/push_worded_ms/p99")?,
            "ms",
        )?,
        row("watch: the same, the worst", 5.0, at(pushed, "/push_ms/worst")?, "ms")?,
        row(
            "watch: one advisory on disk and announced, the worst",
            100.0,
            at(pushed, "/durable_ms/worst")?,
            "ms",
        )?,
        row("watch: the nation judged anew", 5.0, at(judged, "/seconds")?, "s")?,
        row("watch: the same, peak memory", 4_000.0, at(judged, "/peak_mb")?, "MB")?,
        row("watch: the nation on disk", 1_000.0, at(built, "/bytes")? / 1e6, "MB")?,
    ])
}

/// One way to make the nation larger: what is counted on the way, and what was measured.
struct Series {
    name: &'static str,
    points: Vec<Point>,
}

struct Point {
    count: f64,
    push_p99: f64,
    judged: f64,
}

fn growth(nation: &Path) -> Result<Vec<Series>> {
    let smaller = nation.with_extension("smaller");
    let measured = |count: f64, folder: &Path, advisories: u64| -> Result<Point> {
        let push = told(&["push".into(), path(folder), advisories.to_string()])?;
        let judge = told(&["judge".into(), path(folder), advisories.to_string()])?;
        Ok(Point { count, push_p99: at(&push, "/push_reaching_ms/p99")?, judged: at(&judge, "/seconds")? })
    };
    let mut products = Vec::new();
    let mut components = Vec::new();
    for part in [8, 4, 2] {
        let (fewer, shorter) = (PRODUCTS / part, COMPONENTS / part);
        told(&["build".into(), path(&smaller), fewer.to_string(), COMPONENTS.to_string()])?;
        products.push(measured(float(fewer), &smaller, ALL)?);
        told(&["build".into(), path(&smaller), PRODUCTS.to_string(), shorter.to_string()])?;
        components.push(measured(float(shorter), &smaller, ALL)?);
    }
    let whole = told(&["judge".into(), path(nation)])?;
    products.push(measured(float(PRODUCTS), nation, ALL)?);
    components.push(measured(float(COMPONENTS), nation, ALL)?);
    let mut advisories = Vec::new();
    let all = at(&whole, "/advisories")?;
    for part in [8.0, 4.0, 2.0, 1.0] {
        let count = (all / part).floor();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of advisories")]
        advisories.push(measured(count, nation, count as u64)?);
    }
    Ok(vec![
        Series { name: "products", points: products },
        Series { name: "components a product", points: components },
        Series { name: "advisories", points: advisories },
    ])
}

/// `docs/cyber-watch.md` with the figures, and the plot beside the other pictures.
fn write_page(growth: &[Series], built: &Value, pushed: &Value, judged: &Value) -> Result<()> {
    let mut page = String::from(
        "# How the watch grows\n\nWritten by `cargo xtask bench cyber-watch`. The nation is put together from real bills: of six release lines \
         each component decides for itself which have a version of their own. Push: p99 over the advisories that reach a product.\n\n\
         ![How time grows with products, components and advisories](images/cyber-watch.svg)\n\n\
         | grows | count | push p99, ms | judged anew, s |\n|---|---:|---:|---:|\n",
    );
    for series in growth {
        for point in &series.points {
            // Writing to a String cannot fail.
            let _ = writeln!(
                page,
                "| {} | {} | {:.2} | {:.2} |",
                series.name, point.count, point.push_p99, point.judged
            );
        }
    }
    page.push_str(
        "\nThe slowest pushes of the whole nation:\n\n| advisory | products | ms |\n|---|---:|---:|\n",
    );
    for one in pushed["worst"].as_array().into_iter().flatten() {
        let id = one["advisory"].as_str().unwrap_or_default();
        let _ =
            writeln!(page, "| {id} | {} | {:.2} |", one["products"], one["ms"].as_f64().unwrap_or(f64::NAN));
    }
    let _ = write!(
        page,
        "\n{} occurrences of {} distinct components; {} bytes on disk; {} findings for components of products.\n",
        built["occurrences"], built["components"], built["bytes"], judged["findings"],
    );
    std::fs::write(shell::root().join("docs/cyber-watch.md"), page)?;
    std::fs::write(shell::root().join("docs/images/cyber-watch.svg"), plot(growth))?;
    Ok(())
}

/// What is drawn of a point, its colour, dashes, unit, and where its name stands.
type Line = (fn(&Point) -> f64, &'static str, &'static str, &'static str, f64);

/// Three small charts side by side, each with its own count; both times on one scale from zero.
fn plot(growth: &[Series]) -> String {
    const WIDTH: f64 = 240.0;
    const HEIGHT: f64 = 150.0;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 230\" font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n\
         <title>How time grows</title>\n<rect width=\"780\" height=\"230\" fill=\"#fff\"/>\n",
    );
    for (place, series) in growth.iter().enumerate() {
        let left = 30.0 + 255.0 * float(place as u64);
        let most = |of: fn(&Point) -> f64| series.points.iter().map(of).fold(f64::MIN_POSITIVE, f64::max);
        let widest = most(|point| point.count);
        let _ = writeln!(
            svg,
            "<g transform=\"translate({left} 30)\"><path d=\"M0 0V{HEIGHT}H{WIDTH}\" fill=\"none\" stroke=\"#555\"/>\
             <text x=\"0\" y=\"{}\">0</text><text x=\"{WIDTH}\" y=\"{}\" text-anchor=\"end\">{widest} {}</text>",
            HEIGHT + 15.0,
            HEIGHT + 15.0,
            series.name,
        );
        let lines: [Line; 2] = [
            (|point| point.judged, "#0b5cad", "", "s judged anew", 12.0),
            (|point| point.push_p99, "#a33b00", "5 3", "ms push p99", 26.0),
        ];
        for (value, colour, dash, unit, label) in lines {
            let top = most(value);
            let points: Vec<String> = series
                .points
                .iter()
                .map(|point| {
                    format!(
                        "{:.1},{:.1}",
                        point.count / widest * WIDTH,
                        HEIGHT * (1.0 - value(point) / top * 0.75)
                    )
                })
                .collect();
            let _ = writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\
                 <text x=\"6\" y=\"{label}\" fill=\"{colour}\">up to {top:.2} {unit}</text>",
                points.join(" "),
            );
        }
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn told(args: &[String]) -> Result<Value> {
    let mut command = shell::command(target().join("release/examples/watch_nation"));
    let printed = shell::output(command.args(args))?;
    serde_json::from_str(&printed).context("the measured example printed something else")
}

fn at(value: &Value, pointer: &str) -> Result<f64> {
    value.pointer(pointer).and_then(Value::as_f64).with_context(|| format!("{pointer} was not measured"))
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

#[expect(clippy::cast_precision_loss, reason = "counts of products and components")]
fn float(count: u64) -> f64 {
    count as f64
}
