//! A register of a million records: a filtered page of fifty, and full-text search, in every order.
//!
//! The store's example `bench` fills the register and asks. It prints a line `1000000 small records` and after that,
//! for each kind of question, `page of 50 by Title, filtered   median 1.2ms  p99 3.4ms`.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::row::{Row, Target};
use super::{Outcome, machine};
use crate::shell;

const FILLED: &str = "1000000 small records";

pub(super) fn run() -> Result<Outcome> {
    if !shell::root().join("crates/store/examples/bench.rs").is_file() {
        return Ok(Outcome::NotYet("the store has no example `bench`".to_owned()));
    }
    let args = ["run", "--release", "--locked", "--quiet", "-p", "store", "--example", "bench"];
    let printed = shell::output(&mut shell::cargo(&args))?;
    println!("{printed}");
    let worst = worst_of_all_orders(&printed);
    if worst.is_empty() {
        bail!("the store's example `bench` no longer prints pages of a million records");
    }
    let on = machine::today()?;
    let row = |(question, p99)| Row {
        work: format!("1,000,000 records, page of 50, {question}: p99 in the slowest of three orders"),
        target: Target::AtMost(20.0),
        measured: p99,
        unit: "ms".to_owned(),
        peer: None,
        command: "cargo run --release -p store --example bench".to_owned(),
        on: on.clone(),
    };
    Ok(Outcome::Measured(worst.into_iter().map(row).collect()))
}

/// The slowest p99 in milliseconds for each kind of question.
fn worst_of_all_orders(printed: &str) -> BTreeMap<String, f64> {
    let mut worst = BTreeMap::new();
    for line in printed.lines().skip_while(|line| *line != FILLED) {
        let Some((question, p99)) = answer(line) else { continue };
        let slowest = worst.entry(question.to_owned()).or_insert(p99);
        *slowest = p99.max(*slowest);
    }
    worst
}

fn answer(line: &str) -> Option<(&str, f64)> {
    let (question, times) = line.trim().strip_prefix("page of 50 by ")?.split_once(" median ")?;
    let (_order, question) = question.trim().split_once(", ")?;
    let (_, p99) = times.split_once("p99 ")?;
    Some((question, milliseconds(p99.trim())?))
}

/// A duration as Rust prints it: `850.00µs`, `1.20ms`, `2.00s`.
fn milliseconds(printed: &str) -> Option<f64> {
    let units = [("ns", 1e-6), ("µs", 1e-3), ("ms", 1.0), ("s", 1e3)];
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((printed.strip_suffix(unit)?, factor)))?;
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_order_of_the_million_counts_and_the_small_register_does_not() {
        let printed = "  page of 50 by Id, filtered      median  1.00ms  p99  900.00ms\n\
                       1000000 small records\n  \
                       page of 50 by Id, filtered      median  150.00µs  p99  850.00µs\n  \
                       page of 50 by Title, filtered   median  1.00ms  p99  3.50ms\n  \
                       page of 50 by Id, searched      median  1.00ms  p99  1.20s\n  \
                       one record written              median  1.00ms  p99  9.00ms\n";
        let expected = [("filtered".to_owned(), 3.5), ("searched".to_owned(), 1200.0)];
        assert_eq!(worst_of_all_orders(printed), BTreeMap::from(expected));
    }
}
