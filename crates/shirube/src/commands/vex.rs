//! Statements of makers on the command line: applied to what a scan finds, checked, drafted, written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::{Lang, Names};
use cyber::document::Limits;
use cyber::matching::{self, Device, Finding, Index, Reached, Wanted};
use cyber::sbom;
use cyber::vex::{self, Bill, Head, Line, Statement, Subject};
use report::outline::scan::Scanned;
use report::outline::vex::{self as outline, Applied, Checked};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::given::Given;
use super::sbom::{bytes_of, unread};
use super::vulns::{Opened, opened};
use crate::cli::{Answer, Common, Format};
use crate::cyber_cli::{Ending, Statements, Vex, VexFormat, WriteVex};
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

pub(super) fn run(voice: Voice, common: &Common, action: &Vex) -> Result<ExitCode, Failure> {
    match action {
        Vex::Check { files, answer } => check(voice, files, answer),
        Vex::Draft { bill, place, statements, out } => {
            draft(voice, bill, &opened(voice, common, place)?, statements, out.as_deref())?;
            Ok(ExitCode::SUCCESS)
        }
        Vex::Write(command) => {
            write(voice, command)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A bill as it was read from its file.
pub(super) struct Input {
    pub(super) file: PathBuf,
    pub(super) bytes: Vec<u8>,
    /// What it states itself of its own vulnerabilities.
    pub(super) own: Option<Checked>,
}

impl Input {
    fn of_file(file: &Path) -> Result<Self, Failure> {
        Ok(Self::of(Given { file: file.to_owned(), bytes: bytes_of(file)? }))
    }

    pub(super) fn of(given: Given) -> Self {
        let Given { file, bytes } = given;
        // The word is rare, and reading a bill as statements takes as long as reading it as a bill.
        let may_state = memchr::memmem::find(&bytes, b"vulnerabilities").is_some();
        let own = may_state.then(|| vex::read(&bytes, &Limits::default()).ok()).flatten();
        let own = own.filter(|own| own.document.statements.iter().any(|one| one.status.is_some()));
        let own = own.map(|reading| vex::Reading { document: reading.document.at_home(), ..reading });
        let own = own.map(|reading| Checked { file: file.display().to_string(), reading });
        Self { file, bytes, own }
    }
}

/// A scan with statements beside its findings. What is stated not to be affected or fixed, everywhere it was found, is no longer wrong.
pub(super) fn scan(
    voice: Voice,
    files: &[Input],
    opened: &Opened,
    statements: &Statements,
    ending: &Ending,
    answer: &Answer,
) -> Result<ExitCode, Failure> {
    let documents = statements.vex.iter().map(|file| checked(file)).collect::<Result<Vec<_>, _>>()?;
    remark(voice, &documents);
    let index = opened.index()?;
    let mut scanned = Vec::new();
    let mut applied = Vec::new();
    for file in files {
        let (scan, with) = one(opened, &index, file, &documents, &statements.authors)?;
        scanned.push(scan);
        applied.push(with);
    }
    let lang = voice.lang;
    match answer.format {
        Format::Json => {
            let json = outline::stated_json(&scanned, &applied, lang).map_err(std::io::Error::from)?;
            output::machine(voice, answer, &json)?;
        }
        Format::Sarif => {
            output::machine(voice, answer, &outline::stated_sarif(&scanned, &applied, lang))?;
        }
        _ => {
            let document = outline::stated(&scanned, &applied, index.len(), lang);
            output::document(voice, &document, answer)?;
        }
    }
    super::cyber::departs(voice, &scanned);
    let is_open = |file: usize, reached: &Reached<'_>, found: &Finding<'_>| {
        !applied[file].settles(&reached.name, found.advisory.id)
    };
    Ok(super::cyber::ended(voice, &scanned, ending, is_open))
}

/// Deviations of the statements do not stop a scan; that there are any is said.
fn remark(voice: Voice, documents: &[Checked]) {
    for document in documents.iter().filter(|document| document.reading.errors > 0) {
        let (file, errors) = (&document.file, document.reading.errors);
        voice.remark(match voice.lang {
            Lang::Ja => {
                format!("{file}：形式との相違が{errors}件あります（shirube cyber vex check で示します）")
            }
            Lang::En => {
                format!("{file}: {errors} deviations from its format (shirube cyber vex check tells them)")
            }
        });
    }
}

/// A bill's findings, one for each component that bears the name they were found by, and what is stated of them.
fn one<'i, 'd>(
    opened: &Opened,
    index: &Index<'i>,
    input: &'d Input,
    documents: &'d [Checked],
    authors: &[String],
) -> Result<(Scanned<'i>, Applied<'d>), Failure> {
    let reading =
        sbom::read(&input.bytes, &Limits::default()).map_err(|error| unread(&input.file, &error))?;
    let scan = matching::scan(index, reading.sbom.components.iter().map(Wanted::from))
        .map_err(|error| opened.damaged(error))?;
    let bill = Bill::of(&reading.sbom);
    let (mut subjects, mut names) = (Vec::new(), Vec::new());
    for reached in &scan.reached {
        let bears =
            |thing: &vex::Thing| thing.purls.contains(&reached.name) || thing.cpes.contains(&reached.name);
        for (part, _) in bill.parts.iter().enumerate().filter(|(_, thing)| bears(thing)) {
            for found in &reached.findings {
                let advisory = &found.advisory;
                subjects.push(Subject {
                    advisory: advisory.id.to_owned(),
                    aliases: advisory.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
                    part,
                });
                names.push(reached.name.clone());
            }
        }
    }
    let from: Vec<(&str, &vex::Document)> =
        documents.iter().chain(&input.own).map(|one| (one.file.as_str(), &one.reading.document)).collect();
    let all: Vec<&vex::Document> = from.iter().map(|(_, document)| *document).collect();
    let application = vex::apply(&bill, &subjects, &all, authors);
    let scanned = Scanned::of(input.file.display().to_string(), scan, &Device::of_bill(&reading.sbom), index)
        .map_err(|error| opened.damaged(error))?;
    let scanned = scanned.with_departures(reading.unread_places());
    Ok((scanned, Applied { bill, subjects, names, documents: from, application }))
}

fn check(voice: Voice, files: &[PathBuf], answer: &Answer) -> Result<ExitCode, Failure> {
    let files = files.iter().map(|file| checked(file)).collect::<Result<Vec<_>, _>>()?;
    let lang = voice.lang;
    match answer.format {
        Format::Json => output::machine(voice, answer, &outline::checked_json(&files, lang))?,
        Format::Sarif => output::machine(voice, answer, &outline::checked_sarif(&files, lang))?,
        _ => output::document(voice, &outline::checked(&files, lang), answer)?,
    }
    let wrong = files.iter().any(|file| file.reading.errors > 0);
    Ok(if wrong { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn checked(file: &Path) -> Result<Checked, Failure> {
    let name = file.display().to_string();
    let reading = vex::read(&bytes_of(file)?, &Limits::default()).map_err(|error| {
        Failure::said(
            format!("{name}：VEXとして読めません（{error}）"),
            format!("{name}: cannot be read as VEX: {error}"),
        )
    })?;
    Ok(Checked { file: name, reading })
}

/// The table people fill in.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    #[serde(default)]
    statement: Vec<Line>,
}

/// A line for each finding that nothing is stated of yet.
fn draft(
    voice: Voice,
    file: &Path,
    opened: &Opened,
    statements: &Statements,
    out: Option<&Path>,
) -> Result<(), Failure> {
    out.map_or(Ok(()), output::absent)?;
    let documents = statements.vex.iter().map(|file| checked(file)).collect::<Result<Vec<_>, _>>()?;
    let input = Input::of_file(file)?;
    let (_, applied) = one(opened, &opened.index()?, &input, &documents, &statements.authors)?;
    about_a_product(file, &applied.bill)?;
    let open = applied.subjects.iter().zip(&applied.names).zip(&applied.application.stated);
    let mut findings: Vec<(&str, &[String], &str)> = open
        .filter(|(_, stated)| stated.by.is_empty())
        .map(|((subject, name), _)| (subject.advisory.as_str(), subject.aliases.as_slice(), name.as_str()))
        .collect();
    findings.sort_unstable();
    findings.dedup();
    let lines = Lines { statement: vex::draft(findings) };
    let table =
        toml::to_string(&lines).map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    let head = voice.say(
        "# 該当ごとに status を not_affected・affected・fixed・under_investigation のどれかにし、\n\
         # not_affected には justification か impact を、affected には action を書き加えてください。\n\
         # 書き終えたら：shirube cyber vex write SBOM --statements このファイル --to openvex --author 名前\n\n",
        "# For each finding set status to not_affected, affected, fixed or under_investigation;\n\
         # add justification or impact to not_affected, and action to affected.\n\
         # Then: shirube cyber vex write SBOM --statements THIS-FILE --to openvex --author NAME\n\n",
    );
    hand_over(voice, out, &format!("{head}{table}"))
}

/// Statements are written of a product that its bill tells from others.
fn about_a_product(file: &Path, bill: &Bill) -> Result<(), Failure> {
    if bill.product().is_some() {
        return Ok(());
    }
    let (file, why) = (file.display(), vex::Fault::NoProduct.names());
    Err(Failure::said(format!("{file}：{}", why.ja), format!("{file}: {}", why.en)))
}

fn write(voice: Voice, command: &WriteVex) -> Result<(), Failure> {
    let reading = sbom::read(&bytes_of(&command.bill)?, &Limits::default())
        .map_err(|error| unread(&command.bill, &error))?;
    let bill = Bill::of(&reading.sbom);
    about_a_product(&command.bill, &bill)?;
    let lines = lines(&command.statements)?;
    let name = command.statements.display();
    let statements: Vec<Statement> = vex::statements(&lines, &bill).map_err(|wrong| {
        let all = |lang: Lang| -> String {
            let one = |one: &vex::Wrong| format!("{name} {}: {}", one.line, one.what.names().get(lang));
            wrong.iter().map(one).collect::<Vec<_>>().join("\n")
        };
        Failure::said(all(Lang::Ja), all(Lang::En))
    })?;
    let format = match command.to {
        VexFormat::Openvex => vex::Format::OpenVex,
        VexFormat::Cyclonedx => vex::Format::CycloneDx,
        VexFormat::Csaf => vex::Format::Csaf,
    };
    let written =
        vex::write(format, &head(command, &reading.sbom, format), &statements).map_err(|against| {
            let all = |lang: Lang| -> String {
                let one = |one: &vex::Unwritable| match one.statement {
                    Some(statement) => format!("{name} {}: {}", statement + 1, one.why.names().get(lang)),
                    None => of_document(&one.why).get(lang).to_owned(),
                };
                against.iter().map(one).collect::<Vec<_>>().join("\n")
            };
            Failure::said(all(Lang::Ja), all(Lang::En))
        })?;
    sound(&written.text)?;
    for loss in &written.losses {
        voice.remark(format!("{name} {}: {}", loss.statement + 1, loss.what.names().get(voice.lang)));
    }
    hand_over(voice, command.out.as_deref(), &written.text)
}

/// What a document lacks is given by options of the same names.
fn of_document(why: &vex::Against) -> Names {
    let vex::Against::HeadLacks(what) = why else { return why.names() };
    let (ja, en) = match *what {
        "namespace" => {
            ("作成者のウェブのアドレス（https://…）", "the author's address on the web (https://…)")
        }
        "id" => ("文書を名指すURI", "a URI that names the document"),
        "author" => ("作成者の名前", "the author's name"),
        _ => ("題名", "a title"),
    };
    Names::of(
        format!("この形式の文書には{ja}が要ります：--{what} で指定してください"),
        format!("a document of this format needs {en}: give it with --{what}"),
    )
}

/// What is written is read as others would read it; a document with errors is not handed over.
fn sound(text: &str) -> Result<(), Failure> {
    let reading = vex::read(text.as_bytes(), &Limits::default())
        .map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    let is_error = |one: &&vex::Deviation| one.grade == cyber::document::Grade::Error;
    let Some(first) = reading.deviations.iter().find(is_error) else { return Ok(()) };
    let text = first.kind.text();
    Err(Failure::said(
        format!("この記述からは正しい文書ができません：{}：{}", first.place, text.ja),
        format!("these statements make no sound document: {}: {}", first.place, text.en),
    ))
}

fn head(command: &WriteVex, sbom: &sbom::Sbom, format: vex::Format) -> Head {
    let product = sbom.name.clone().unwrap_or_else(|| command.bill.display().to_string());
    let title = command.title.clone().unwrap_or_else(|| format!("VEX: {product}"));
    let timestamp = command.timestamp.clone().unwrap_or_else(now);
    let id = command.id.clone().unwrap_or_else(|| {
        let identity = sbom.identity.as_deref().unwrap_or_default();
        let made = uuid(&[&command.author, identity, &title]);
        if format == vex::Format::Csaf { made } else { format!("urn:uuid:{made}") }
    });
    Head {
        id,
        author: command.author.clone(),
        namespace: command.namespace.clone(),
        title,
        timestamp,
        earlier: command.earlier.clone(),
    }
}

/// A name that is the same for the same texts: UUID version 8 (RFC 9562, 5.8).
fn uuid(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_be_bytes());
        hash.update(text.as_bytes());
    }
    let digest = hash.finalize();
    let first = digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let (version, variant) = (0x8_u128 << 76, 0b10_u128 << 62);
    let number = first & !(0xF_u128 << 76) & !(0b11_u128 << 62) | version | variant;
    let hex = format!("{number:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

fn lines(file: &Path) -> Result<Vec<Line>, Failure> {
    let name = file.display();
    let bytes = bytes_of(file)?;
    let wrong = |why: String| {
        Failure::said(
            format!("{name}：記述の表として読めません（{why}）"),
            format!("{name}: is no table of statements: {why}"),
        )
    };
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        return reader
            .deserialize()
            .collect::<Result<_, _>>()
            .map_err(|error: csv::Error| wrong(error.to_string()));
    }
    let text = String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let lines: Lines = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    Ok(lines.statement)
}

fn hand_over(voice: Voice, out: Option<&Path>, text: &str) -> Result<(), Failure> {
    match out {
        Some(file) => {
            output::write_file(file, text.as_bytes())?;
            voice.remark(file.display());
            Ok(())
        }
        None => Ok(std::io::Write::write_all(&mut std::io::stdout().lock(), text.as_bytes())?),
    }
}
