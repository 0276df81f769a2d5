//! The compiler for the plan: findings, and the rules behind them.

use std::process::ExitCode;

use base::Lang;
use plan::Question;
use plan::check::{self, Finding, RULES, Severity};
use report::outline::checks as outline;
use report::terminal::{self, Terminal};

use crate::cli::{self, Check, Format};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// Findings. The process ends with 1 if an error or a warning is among them, so that scripts can tell.
pub(super) fn run(session: &Session, command: &Check) -> Result<ExitCode, Failure> {
    for code in &command.only {
        rule(code)?;
    }
    let view = super::follow_up::view(session)?;
    let question = Question { fiscal_year: command.fy, ..Question::on(session.today) };
    let least = match command.at_least {
        cli::Severity::Error => Severity::Error,
        cli::Severity::Warning => Severity::Warning,
        cli::Severity::Note => Severity::Note,
    };
    let wanted = |finding: &Finding| {
        finding.severity <= least
            && (command.only.is_empty()
                || command.only.iter().any(|code| code.eq_ignore_ascii_case(finding.code)))
    };
    let found: Vec<Finding> = check::check(&view, &question).into_iter().filter(wanted).collect();
    if command.answer.format == Format::Json {
        output::machine(session.voice, &command.answer, &found)?;
    } else {
        output::document(
            session.voice,
            &outline::findings(&found, &super::follow_up::titles(&view, session), session.lang),
            &command.answer,
        )?;
    }
    let grave = found.iter().any(|finding| finding.severity <= Severity::Warning);
    Ok(if grave { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The rules need no database.
pub(super) fn rules(command: &Check, lang: Lang) -> Result<ExitCode, Failure> {
    let document = match &command.explain {
        Some(code) => outline::rule(rule(code)?, lang),
        None => outline::rules(RULES, lang),
    };
    let width = TERMINAL_WIDTH.min(usize::from(console::Term::stdout().size().1));
    terminal::write(&document, &Terminal::plain(width), &mut std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

/// Explanations are read better in lines that are not too long.
const TERMINAL_WIDTH: usize = 100;

fn rule(code: &str) -> Result<&'static check::Rule, Failure> {
    RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code)).ok_or_else(|| {
        Failure::said(
            format!("規則 {code} はありません（shirube check --rules で一覧）"),
            format!("there is no rule {code} (see `shirube check --rules`)"),
        )
    })
}
