//! Handing an answer over: to the terminal, to a file, in the form that was asked for.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Lang;
use report::Document;
use report::pdf::Typeface;
use report::terminal::Terminal;

use crate::cli::{Answer, Format};
use crate::failure::Failure;
use crate::session::Voice;

/// Columns when the output is no terminal.
const PAGE_WIDTH: usize = 100;

/// Writes a document in the forms that any document has.
pub(crate) fn document(voice: Voice, document: &Document, answer: &Answer) -> Result<(), Failure> {
    match answer.format {
        Format::Text => text(document, answer),
        Format::Json => machine(voice, answer, document),
        Format::Html => bytes(voice, answer, report::html::page(document).as_bytes()),
        Format::Xlsx => bytes(voice, answer, &report::xlsx::workbook(document).map_err(unwritable)?),
        Format::Pdf => pdf(voice, document, answer),
        Format::Csv | Format::Stratml | Format::Sarif => Err(Failure::said(
            "この答えにはその形式がありません。text, json, html, xlsx, pdf から選んでください",
            "this answer has no such form; choose text, json, html, xlsx or pdf",
        )),
    }
}

/// Writes a value as JSON to the file, or straight to standard output.
pub(crate) fn machine(voice: Voice, answer: &Answer, value: &impl serde::Serialize) -> Result<(), Failure> {
    if answer.out.is_some() {
        return bytes(voice, answer, &json(value)?);
    }
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Leaves what an answer was made of to the end of the process, which comes next: taking it down piece by piece takes as long as a tenth of
/// the work.
pub(crate) fn left<T>(made_of: T) {
    std::mem::forget(made_of);
}

/// A value as JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    let mut json = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    json.push(b'\n');
    Ok(json)
}

/// Writes bytes to the file, or to standard output; not to a terminal where they are no text.
pub(crate) fn bytes(voice: Voice, answer: &Answer, bytes: &[u8]) -> Result<(), Failure> {
    match &answer.out {
        Some(file) => {
            write_file(file, bytes)?;
            voice.remark(format!("{} ({})", file.display(), size(bytes.len())));
            Ok(())
        }
        None if matches!(answer.format, Format::Xlsx | Format::Pdf) && std::io::stdout().is_terminal() => {
            Err(Failure::said(
                "この形式は端末に表示できません。--out ファイル名 で保存先を指定してください",
                "this form cannot be shown on a terminal; name a file with --out",
            ))
        }
        None => Ok(std::io::stdout().lock().write_all(bytes)?),
    }
}

/// Refuses to write over a file that is read for the answer.
pub(crate) fn spares<'a>(
    out: Option<&Path>,
    inputs: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), Failure> {
    let Some((out, place)) = out.and_then(|out| Some((out, out.canonicalize().ok()?))) else { return Ok(()) };
    let is_read = |input: &PathBuf| input.canonicalize().is_ok_and(|input| input == place);
    if !inputs.into_iter().any(is_read) {
        return Ok(());
    }
    let out = out.display();
    Err(Failure::said(
        format!("{out} は読み込むファイルです。別の名前で保存してください"),
        format!("{out} is one of the files read; name another one to write to"),
    ))
}

/// Refuses to write over whatever stands there: somebody may have filled it in.
pub(crate) fn absent(file: &Path) -> Result<(), Failure> {
    if !file.exists() {
        return Ok(());
    }
    let file = file.display();
    Err(Failure::said(
        format!("{file} は既にあります。別の名前を指定してください"),
        format!("{file} is there already; name another file"),
    ))
}

/// Writes a template for a command where nothing stands yet.
pub(crate) fn begin(voice: Voice, file: &Path, template: &str, command: &str) -> Result<ExitCode, Failure> {
    absent(file)?;
    write_file(file, template.as_bytes())?;
    let shown = file.display();
    voice.remark(match voice.lang {
        Lang::Ja => format!("{shown} を書きました。埋めてから {command} に渡してください"),
        Lang::En => format!("{shown} is written; fill it in and give it to {command}"),
    });
    Ok(ExitCode::SUCCESS)
}

/// Writes a file whole or not at all: to a neighbour first, then in its place.
pub(crate) fn write_file(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = file.with_file_name(name);
    let written = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, file));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&part);
        Failure::file(file, error)
    })
}

fn pdf(voice: Voice, document: &Document, answer: &Answer) -> Result<(), Failure> {
    let typeface = match &answer.font {
        Some(file) => Typeface::from_bytes(&std::fs::read(file).map_err(|error| Failure::file(file, error))?),
        None => Typeface::shipped(),
    };
    let pdf = report::pdf::write(document, &typeface.map_err(unwritable)?).map_err(unwritable)?;
    if !pdf.missing_glyphs.is_empty() {
        let lacking: String = pdf.missing_glyphs.iter().collect();
        voice.remark(match voice.lang {
            Lang::Ja => format!("書体にない文字を〓としました（--font で別の書体を指定できます）：{lacking}"),
            Lang::En => {
                format!("characters that the font lacks stand as 〓 (name another with --font): {lacking}")
            }
        });
    }
    bytes(voice, answer, &pdf.bytes)
}

fn unwritable(error: impl std::fmt::Display) -> Failure {
    Failure::said(format!("書き出せません：{error}"), format!("cannot be written: {error}"))
}

fn text(document: &Document, answer: &Answer) -> Result<(), Failure> {
    let out = std::io::stdout();
    let on_terminal = answer.out.is_none() && out.is_terminal();
    let width = if on_terminal { usize::from(console::Term::stdout().size().1) } else { PAGE_WIDTH };
    let ansi = on_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut text = Vec::new();
    report::terminal::write(document, &Terminal { ansi, ..Terminal::plain(width) }, &mut text)?;
    match &answer.out {
        Some(file) => write_file(file, &text),
        None => Ok(out.lock().write_all(&text)?),
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
