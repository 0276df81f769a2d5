//! The yearly round: open, forms out, forms in, who has not answered, close.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::{FiscalYear, Lang, Names};
use intake::Limits;
use plan::View;
use plan::round::{Ask, Form, RoundError, Rounds, Standing, Taken};
use register::Record;
use report::{Cell, Column, Document, Row, Severity, Table};

use super::records::TERMINAL;
use crate::cli::{Round, RoundAction};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

pub(super) fn run(session: &Session, command: &Round) -> Result<ExitCode, Failure> {
    match &command.action {
        RoundAction::Open { fy, by } => open(session, *fy, *by),
        RoundAction::Forms { fy, out } => with_rounds(session, |rounds| {
            forms(session, &rounds.forms(year(rounds, *fy)?).map_err(said)?, out)
        }),
        RoundAction::Take { files } => take(session, files),
        RoundAction::Status { fy } => with_rounds(session, |rounds| {
            let standing = rounds.standing(year(rounds, *fy)?, session.today).map_err(said)?;
            output::document(session.voice, &standing_document(&standing, session.lang), &TERMINAL)?;
            Ok(ExitCode::SUCCESS)
        }),
        RoundAction::Close { fy, force } => close(session, *fy, *force),
    }
}

/// Everything a round is made from.
fn with_rounds<T>(session: &Session, work: impl FnOnce(&Rounds) -> Result<T, Failure>) -> Result<T, Failure> {
    let mut records = session.records(plan::view::REGISTERS)?;
    let view = View::from_records(&records);
    records.extend(session.records(&["follow-up-answer"])?);
    work(&Rounds::of(&view, &records))
}

/// The year asked for, or that of the only open round.
fn year(rounds: &Rounds, asked: Option<FiscalYear>) -> Result<FiscalYear, Failure> {
    if let Some(year) = asked {
        return Ok(year);
    }
    let open: Vec<FiscalYear> = rounds.years().filter(|(_, open)| *open).map(|(year, _)| year).collect();
    match open.as_slice() {
        [year] => Ok(*year),
        [] => Err(Failure::said(
            "開いている照会はありません。shirube round open --fy 年度 で開いてください",
            "no round is open; open one with `shirube round open --fy YEAR`",
        )),
        _ => Err(Failure::said(
            "複数の照会が開いています。--fy で年度を指定してください",
            "several rounds are open; name the year with --fy",
        )),
    }
}

fn said(error: RoundError) -> Failure {
    Failure::Said(error.names())
}

fn open(
    session: &Session,
    fiscal_year: FiscalYear,
    by: Option<jiff::civil::Date>,
) -> Result<ExitCode, Failure> {
    let opened = with_rounds(session, |rounds| {
        rounds.open(&Ask { deadline: by, ..Ask::of(fiscal_year, session.today) }).map_err(said)
    })?;
    session.store.write(&session.by(format!("round of {fiscal_year} opened")), [opened.round])?;
    for warning in &opened.warnings {
        println!("▲ {}", warning.get(session.lang));
    }
    for form in &opened.forms {
        println!("  {} — {}", form.ministry.get(session.lang), rows(form.rows.len(), session.lang));
    }
    println!(
        "{}",
        match session.lang {
            Lang::Ja => format!(
                "{}の照会を開きました。次は shirube round forms --out フォルダ",
                fiscal_year.japanese()
            ),
            Lang::En => format!("The round of {fiscal_year} is open. Next: shirube round forms --out FOLDER"),
        }
    );
    Ok(ExitCode::SUCCESS)
}

fn rows(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("{count}行"),
        Lang::En => format!("{count} rows"),
    }
}

fn forms(session: &Session, forms: &[Form], out: &Path) -> Result<ExitCode, Failure> {
    std::fs::create_dir_all(out).map_err(|error| Failure::file(out, error))?;
    for form in forms {
        let bytes = report::round_form::workbook(form)
            .map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
        let file = out.join(form.file_name());
        output::write_file(&file, &bytes)?;
        println!("{} ({})", file.display(), rows(form.rows.len(), session.lang));
    }
    Ok(ExitCode::SUCCESS)
}

fn take(session: &Session, files: &[PathBuf]) -> Result<ExitCode, Failure> {
    let mut wrong = false;
    for file in files {
        let name = file.display().to_string();
        let limits = Limits::default();
        let inputs = intake::bytes::open(file, &limits, None)?;
        for input in &inputs {
            let form = intake::round_form::read(&input.bytes, &input.name, &limits)?;
            let taken = with_rounds(session, |rounds| Ok(rounds.take(&form, session.today)))?;
            let records: Vec<Record> = taken.records().cloned().collect();
            session
                .store
                .write(&session.by(format!("answers of {} from {}", taken.ministry, input.name)), records)?;
            tell(&taken, session.lang);
            wrong |= !taken.errors.is_empty();
        }
        if inputs.is_empty() {
            return Err(Failure::said(
                format!("{name}：様式がありません"),
                format!("{name}: there is no form in it"),
            ));
        }
    }
    Ok(if wrong { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn tell(taken: &Taken, lang: Lang) {
    let (new, unchanged, blank, errors) =
        (taken.answers.len(), taken.unchanged, taken.blank, taken.errors.len());
    println!(
        "{}",
        match lang {
            Lang::Ja => format!(
                "{}：取り込み{new}行、変わりなし{unchanged}行、未記入{blank}行、誤り{errors}行",
                taken.ministry
            ),
            Lang::En => format!(
                "{}: {new} rows taken, {unchanged} unchanged, {blank} blank, {errors} wrong",
                taken.ministry
            ),
        }
    );
    for error in &taken.errors {
        println!("  ✗ {}", error.message(lang));
        // What was typed is said back, so that nothing typed is lost with a refused row.
        for line in taken.years.map(|years| error.echo(years, lang)).unwrap_or_default() {
            println!("      {line}");
        }
    }
    for note in &taken.notes {
        println!("  · {}", note.message(lang));
    }
}

fn standing_document(standing: &Standing, lang: Lang) -> Document {
    let mut doc = Document::build(
        lang,
        match lang {
            Lang::Ja => format!("{}の照会", standing.fiscal_year.japanese()),
            Lang::En => format!("Round of {}", standing.fiscal_year),
        },
    );
    let deadline = standing.deadline.map_or_else(
        || lang.pick("期限なし", "no deadline").to_owned(),
        |day| match (lang, standing.days_left) {
            (Lang::Ja, Some(left)) => format!("期限{}（あと{left}日）", base::date::japanese(day)),
            (Lang::En, Some(left)) => format!("due {day} ({left} days left)"),
            (_, None) => day.to_string(),
        },
    );
    let closed = standing
        .closed_on
        .map_or_else(String::new, |day| format!(" — {} {day}", lang.pick("締切済", "closed")));
    doc.subtitle(match lang {
        Lang::Ja => format!("{}行のうち{}行が回答済。{deadline}{closed}", standing.rows, standing.answered),
        Lang::En => format!("{} of {} rows answered; {deadline}{closed}", standing.answered, standing.rows),
    });
    let mut table = Table::new(lang.pick("省ごとの回答", "Answers by ministry"))
        .column(Column::text(lang.pick("府省", "Ministry")))
        .column(Column::text(lang.pick("回答", "Answered")))
        .column(Column::number(lang.pick("照会した行", "Asked")))
        .column(Column::number(lang.pick("回答した行", "Answered rows")))
        .column(Column::text(lang.pick("最後の回答", "Last answer")))
        .column(Column::text(lang.pick("残り", "Still open")));
    for ministry in &standing.ministries {
        let number = |count: usize| Cell::integer(i64::try_from(count).unwrap_or(i64::MAX));
        let extent = ministry.extent.names();
        let overdue = if ministry.overdue { lang.pick("（期限超過）", " (overdue)") } else { "" };
        let last = ministry
            .last_answer
            .map_or_else(|| Cell::missing(base::Missing::NotYet), |day| Cell::text(day.to_string()));
        let open = ministry
            .open
            .iter()
            .take(5)
            .map(|row| row.measure.chars().take(30).collect::<String>())
            .collect::<Vec<_>>();
        let more = if ministry.open.len() > 5 {
            format!("\n… +{}", ministry.open.len() - 5)
        } else {
            String::new()
        };
        table = table.row(Row::of([
            Cell::text(ministry.ministry.get(lang)),
            Cell::text(format!("{}{overdue}", extent.get(lang))),
            number(ministry.asked),
            number(ministry.answered),
            last,
            Cell::text(format!("{}{more}", open.join("\n"))),
        ]));
    }
    doc.table(table);
    if !standing.unclaimed.is_empty() {
        doc.note(
            Severity::Caution,
            match lang {
                Lang::Ja => format!("どの府省の印もない行：{}", standing.unclaimed.len()),
                Lang::En => format!("rows that name no ministry: {}", standing.unclaimed.len()),
            },
        );
    }
    doc.finish()
}

fn close(session: &Session, fiscal_year: Option<FiscalYear>, force: bool) -> Result<ExitCode, Failure> {
    let (closed, year) = with_rounds(session, |rounds| {
        let year = year(rounds, fiscal_year)?;
        Ok((rounds.close(year, session.today, force).map_err(said)?, year))
    })?;
    session.store.write(&session.by(format!("round of {year} closed")), closed.records)?;
    for note in &closed.notes {
        println!("▲ {}", Names::get(note, session.lang));
    }
    println!(
        "{}",
        match session.lang {
            Lang::Ja => format!(
                "{}の照会を閉じました：{}行（うち未回答{}行）。shirube followup --fy {} で見られます",
                year.japanese(),
                closed.rows,
                closed.not_answered,
                year.western()
            ),
            Lang::En => format!(
                "The round of {year} is closed: {} rows ({} not answered). See `shirube followup --fy {}`",
                closed.rows,
                closed.not_answered,
                year.western()
            ),
        }
    );
    Ok(ExitCode::SUCCESS)
}
