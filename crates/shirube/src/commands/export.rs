//! Machine-readable CSV: the follow-up and the registers in long form, each table with a data dictionary beside it.

use std::path::Path;
use std::process::ExitCode;

use base::Lang;
use plan::FollowUp;
use report::csv_long::{Encoding, LongTable};

use crate::cli::{Answer, Export};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// With a byte order mark, because officers open CSV by double click; the dictionary states it.
const ENCODING: Encoding = Encoding::Utf8WithBom;

pub(super) fn run(session: &Session, command: &Export) -> Result<ExitCode, Failure> {
    let registers: Vec<String> = if command.registers.is_empty() {
        session.store.registry().all().map(|declaration| declaration.id.to_string()).collect()
    } else {
        command.registers.clone()
    };
    for register in &registers {
        let declaration = super::registers::declaration(session, register)?;
        let records = session.records(&[register])?;
        write(session, &command.out, &report::outline::tables::register(declaration, &records))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The follow-up as long tables in a folder.
pub(super) fn follow_up(session: &Session, answer: &FollowUp, wanted: &Answer) -> Result<(), Failure> {
    let folder = wanted.out.as_deref().unwrap_or(Path::new("followup-csv"));
    write(session, folder, &report::outline::tables::follow_up(answer))
}

fn write(session: &Session, folder: &Path, tables: &[LongTable]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
    let broken = |error: report::csv_long::BrokenRule| {
        Failure::said(format!("規則に反する表：{error}"), error.to_string())
    };
    for table in tables {
        let file = folder.join(format!("{}.csv", table.name));
        output::write_file(&file, &table.csv(ENCODING).map_err(broken)?)?;
        let dictionary = folder.join(format!("{}.dictionary.csv", table.name));
        output::write_file(&dictionary, &table.dictionary(ENCODING).map_err(broken)?)?;
        session.remark(match session.lang {
            Lang::Ja => format!("{}（{}行）", file.display(), table.rows.len()),
            Lang::En => format!("{} ({} rows)", file.display(), table.rows.len()),
        });
    }
    Ok(())
}
