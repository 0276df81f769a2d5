//! The history as a whole: verify, note its head, back it up, restore it.

use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use base::Lang;

use crate::cli::Audit;
use crate::failure::Failure;
use crate::session::Session;

pub(super) fn run(session: &Session, action: &Audit) -> Result<ExitCode, Failure> {
    match action {
        Audit::Verify => verify(session),
        Audit::Head => {
            let head = session.store.head()?;
            println!("{} {}", head.entries, head.hash);
            Ok(ExitCode::SUCCESS)
        }
        Audit::Rebuild => {
            session.store.rebuild()?;
            println!(
                "{}",
                session.say(
                    "一覧と検索を来歴から作り直しました。",
                    "Lists and search were made again from the history."
                )
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn verify(session: &Session) -> Result<ExitCode, Failure> {
    let audit = session.store.verify()?;
    let (count, hash) = (audit.head.entries, audit.head.hash);
    if audit.is_sound() {
        println!(
            "{}",
            match session.lang {
                Lang::Ja => format!(
                    "来歴{count}件の連鎖は正しく、記録・一覧・検索もこれと一致します。\n最後のハッシュ：{hash}\n（連鎖の全体を書き換えた者は、これを別の場所に控えておけば分かります）"
                ),
                Lang::En => format!(
                    "The chain of {count} entries is intact, and records, lists and search agree with it.\nLast hash: {hash}\n(Note it elsewhere: only so is a chain rewritten as a whole found out.)"
                ),
            }
        );
        return Ok(ExitCode::SUCCESS);
    }
    for trouble in audit.broken.iter().chain(&audit.astray) {
        println!("{trouble}");
    }
    Ok(ExitCode::from(1))
}

pub(super) fn backup(session: &Session, file: &Path) -> Result<ExitCode, Failure> {
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let at = |error| Failure::file(part, error);
    let mut out = BufWriter::new(std::fs::File::create(part).map_err(at)?);
    let head = session.store.backup(&mut out)?;
    out.flush().map_err(at)?;
    out.into_inner().map_err(|error| at(error.into_error()))?.sync_all().map_err(at)?;
    std::fs::rename(part, file).map_err(|error| Failure::file(file, error))?;
    println!(
        "{}",
        match session.lang {
            Lang::Ja => format!(
                "{} に来歴{}件を控えました（最後のハッシュ {}）",
                file.display(),
                head.entries,
                head.hash
            ),
            Lang::En => format!(
                "{} entries of history backed up to {} (last hash {})",
                head.entries,
                file.display(),
                head.hash
            ),
        }
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(session: &Session, file: &Path) -> Result<ExitCode, Failure> {
    let opened = std::fs::File::open(file).map_err(|error| Failure::file(file, error))?;
    let head = session.store.restore(&mut BufReader::new(opened))?;
    println!(
        "{}",
        match session.lang {
            Lang::Ja => format!(
                "{} から来歴{}件を戻しました。連鎖は正しい（最後のハッシュ {}）",
                file.display(),
                head.entries,
                head.hash
            ),
            Lang::En => format!(
                "{} entries of history restored from {}; the chain is intact (last hash {})",
                head.entries,
                file.display(),
                head.hash
            ),
        }
    );
    Ok(ExitCode::SUCCESS)
}
