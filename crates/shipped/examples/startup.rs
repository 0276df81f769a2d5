//! How long reading the shipped registers and data takes: `cargo run --release -p shipped --example startup`.
//! Prints the best and the median of many rounds.

use std::error::Error;
use std::time::{Duration, Instant};

const ROUNDS: usize = 101;

fn main() -> Result<(), Box<dyn Error>> {
    let registers = shipped::registry()?.len();
    let records = shipped::records()?.len();
    println!("{registers} registers: {}", times(|| shipped::registry().map(drop))?);
    println!("{records} records: {}", times(|| shipped::records().map(drop))?);
    Ok(())
}

fn times(work: impl Fn() -> Result<(), shipped::ShippedError>) -> Result<String, shipped::ShippedError> {
    let mut taken = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work()?;
        taken.push(start.elapsed());
    }
    taken.sort();
    let at = |index: usize| taken.get(index).copied().unwrap_or(Duration::ZERO);
    Ok(format!("best {:?}, median {:?}", at(0), at(ROUNDS / 2)))
}
