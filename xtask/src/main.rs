//! `cargo xtask …`: the commands that a newcomer and CI run, in plain Rust.
//!
//! Only the choice of command lives here; each command is a module. Nothing of the product lives in this crate.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod bench;
mod e2e;
mod fuzz;
mod house;
mod licences;
mod postgres;
mod shell;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Everything a newcomer or CI runs", max_term_width = 110)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Format, lints, licences, house rules and all tests, on both databases
    Test(test::Options),
    /// The rules of the house alone: pure engines, arrows between crates, file lengths, nothing left to do
    House,
    /// Licences, duplicates and registries of all dependencies, as deny.toml allows
    Licences,
    /// Walk through the whole site in a real browser with axe-core, and hold the API against its description
    Site(e2e::Options),
    /// Measure against the targets and the peers, and write BENCHMARKS.md
    Bench(bench::Options),
    /// Feed the readers broken input for a while
    Fuzz(fuzz::Options),
    /// Run one command and print its time and peak memory as JSON (used by `bench`)
    #[command(hide = true)]
    Measured {
        #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Test(options) => test::run(&options),
        Command::House => house::run(),
        Command::Licences => licences::run(),
        Command::Site(options) => e2e::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Measured { command } => bench::measure::report_child(&command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
