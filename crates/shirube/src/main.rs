//! The command line. Each command opens what it needs, calls readers, store, engines and writers, and prints; nothing
//! is decided here that an engine could decide.

mod cli;
mod commands;
mod cyber_cli;
mod failure;
mod forms;
mod help;
mod locale;
mod memory;
mod output;
mod session;
mod watch_cli;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::cli::Cli;

fn main() -> ExitCode {
    let lang = locale::of_arguments(std::env::args_os());
    let matches = match help::command(lang).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are answers, not failures, and clap knows which stream they belong to.
            let failed = error.use_stderr();
            let _ = error.print();
            return if failed { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match commands::run(&cli, lang) {
        Ok(code) => code,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("shirube: {}", failure.message(lang));
            ExitCode::from(2)
        }
    }
}
