//! One module a command.

mod audit;
mod bills;
mod check;
mod cyber;
mod device;
mod export;
mod follow_up;
mod given;
mod intake;
mod join;
mod people;
mod premarket;
mod records;
mod registers;
mod round;
mod rubric;
mod sbom;
mod serve;
mod vex;
mod vulns;
mod watch;

use std::process::ExitCode;

use base::Lang;

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use crate::session::{Session, Voice};

/// Runs the command and says how the process ends: 0 done, 1 done with findings or refusals, 2 not done.
pub(crate) fn run(cli: &Cli, lang: Lang) -> Result<ExitCode, Failure> {
    if let Command::Check(command) = &cli.command
        && (command.rules || command.explain.is_some())
    {
        return check::rules(command, lang);
    }
    let voice = Voice { lang, quiet: cli.common.quiet };
    match &cli.command {
        Command::Sbom { action } => return sbom::run(voice, action),
        Command::Cyber { action: crate::cyber_cli::Cyber::Watch(watch) } => {
            return watch::run(voice, &cli.common, watch);
        }
        Command::Cyber { action } => return cyber::run(voice, &cli.common, action),
        Command::Vulns { action } => return vulns::run(voice, &cli.common, action),
        Command::Serve(_) => crate::memory::by_small_pages(),
        _ => {}
    }
    if let Command::Restore { file } = &cli.command {
        return audit::restore(&Session::bare(&cli.common, lang)?, file);
    }
    let session = Session::open(&cli.common, lang)?;
    match &cli.command {
        Command::Followup(command) => follow_up::run(&session, command),
        Command::Intake(command) => intake::run(&session, command),
        Command::Check(command) => check::run(&session, command),
        Command::Join(command) => join::run(&session, command),
        Command::Round(command) => round::run(&session, command),
        Command::Register { id } => registers::run(&session, id.as_deref()),
        Command::List(command) => records::list(&session, command),
        Command::Search { words } => records::search(&session, words),
        Command::Show { record } => records::show(&session, record),
        Command::History { record } => records::history(&session, record),
        Command::Set(command) => records::set(&session, command),
        Command::Undo { record, version, reason } => records::undo(&session, record, *version, reason),
        Command::Export(command) => export::run(&session, command),
        Command::Audit { action } => audit::run(&session, action),
        Command::Backup { file } => audit::backup(&session, file),
        Command::Restore { file } => audit::restore(&session, file),
        Command::People { action } => people::run(&session, action),
        Command::Serve(command) => serve::run(session, command),
        Command::Sbom { action } => sbom::run(voice, action),
        Command::Cyber { action } => cyber::run(voice, &cli.common, action),
        Command::Vulns { action } => vulns::run(voice, &cli.common, action),
    }
}
