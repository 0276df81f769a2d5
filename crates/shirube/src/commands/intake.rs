//! Taking files in: what was read, what was not and why; everything of one path in one transaction.

use std::path::Path;
use std::process::ExitCode;

use base::Lang;
use intake::reading::{few_of_each_sort, yields_to};
use intake::{Kind, Limits, Progress, Reading, Severity};
use register::Record;
use store::{Change, Written};

use crate::cli::Intake;
use crate::failure::Failure;
use crate::session::Session;

/// Remarks shown of one sort (with digits taken out of their text) unless all are asked for.
const REMARKS_OF_A_SORT: usize = 3;

pub(super) fn run(session: &Session, command: &Intake) -> Result<ExitCode, Failure> {
    let kind = command.kind.as_deref().map(str::parse::<Kind>).transpose()?;
    let mut refused = false;
    for path in &command.paths {
        refused |= take(session, command, path, kind)?;
    }
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Takes one path in; true if something of it was refused.
fn take(session: &Session, command: &Intake, path: &Path, kind: Option<Kind>) -> Result<bool, Failure> {
    let bar = session.progress(0);
    let follow = |progress: Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
        bar.set_message(progress.stage.names().get(session.lang).to_owned());
    };
    let read = intake::read(path, kind, &Limits::default(), Some(&follow))?;
    bar.finish_and_clear();
    for reading in &read.readings {
        tell(session, reading, command.verbose);
    }
    for error in &read.refused {
        eprintln!("{}: {}", session.say("取り込めません", "refused"), error.message(session.lang));
    }
    let refused = !read.refused.is_empty();
    let sources = read.readings.iter().flat_map(|reading| reading.files.iter().map(|file| file.file.clone()));
    let reason = format!("intake of {}", sources.take(3).collect::<Vec<_>>().join(", "));
    let records: Vec<Record> = read.readings.into_iter().flat_map(|reading| reading.records).collect();
    if command.dry_run {
        println!("{}", session.say("--dry-run：保存していません", "--dry-run: nothing was kept"));
        return Ok(refused);
    }
    let bar = session.progress(records.len() as u64);
    bar.set_message(session.say("保存しています", "storing").to_owned());
    let changes = keep_decided_documents(session, records)?.into_iter().inspect(|_| bar.inc(1));
    let written = session.store.write(&session.by(reason), changes.map(Change::from))?;
    bar.finish_and_clear();
    println!("{}", kept(&written, session.lang));
    Ok(refused)
}

/// The records without those that stay as they are recorded.
fn keep_decided_documents(session: &Session, records: Vec<Record>) -> Result<Vec<Record>, Failure> {
    let mut kept = Vec::with_capacity(records.len());
    for record in records {
        let recorded = session.store.get(&record.reference())?;
        if !recorded.is_some_and(|recorded| yields_to(&record, &recorded.record)) {
            kept.push(record);
        }
    }
    Ok(kept)
}

fn tell(session: &Session, reading: &Reading, verbose: bool) {
    println!("{}", reading.summary().get(session.lang));
    if session.quiet {
        return;
    }
    if reading.files.len() <= 20 {
        for file in &reading.files {
            println!(
                "  {} — {} ({} B)",
                file.file,
                file.what.get(session.lang),
                base::yen::grouped(i64::try_from(file.bytes).unwrap_or(i64::MAX))
            );
        }
    }
    let few = if verbose { usize::MAX } else { REMARKS_OF_A_SORT };
    let (shown, hidden) = few_of_each_sort(&reading.remarks, few);
    for remark in shown {
        println!("  {} {}: {}", sign(remark.severity), remark.place, remark.text.get(session.lang));
    }
    if hidden > 0 {
        println!(
            "{}",
            match session.lang {
                Lang::Ja => format!("  …ほかに同種の注記{hidden}件（--verbose で全て）"),
                Lang::En => format!("  … and {hidden} more remarks of these sorts (--verbose shows all)"),
            }
        );
    }
}

fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "·",
        Severity::Warning => "▲",
    }
}

fn kept(written: &Written, lang: Lang) -> String {
    let Written { added, changed, unchanged, .. } = written;
    match lang {
        Lang::Ja if added + changed == 0 => format!("変わりなし（{unchanged}件は既に同じ内容）"),
        Lang::En if added + changed == 0 => format!("nothing changed ({unchanged} records were already so)"),
        Lang::Ja => format!("保存しました：新規{added}件、更新{changed}件、変わりなし{unchanged}件"),
        Lang::En => format!("kept: {added} new, {changed} changed, {unchanged} unchanged"),
    }
}
