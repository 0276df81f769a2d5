//! The pre-market file on the command line: a product file and what it names in, the file out. Needs no database.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cyber::document::Limits;
use cyber::index::{Index, IndexError};
use cyber::matching::{self, Scan};
use cyber::premarket::record::{self, NotARecord, RecordFault};
use cyber::premarket::{self, Bill, Case, Findings, Input, Product, Rule, Sealed};
use cyber::{sbom, vex};
use report::outline::premarket as outline;

use super::sbom::{bytes_of, unread};
use super::vulns::{Opened, opened};
use crate::cli::{Answer, Common, Format};
use crate::cyber_cli::{PremarketFile, VulnsPlace};
use crate::failure::Failure;
use crate::output::{self, begin};
use crate::session::{Voice, today_in_japan};

pub(super) fn run(voice: Voice, common: &Common, asked: &PremarketFile) -> Result<ExitCode, Failure> {
    match (&asked.new, &asked.product) {
        (Some(file), _) => begin(voice, file, premarket::TEMPLATE, "shirube cyber file"),
        (None, Some(file)) => show(voice, common, asked, file),
        (None, None) => Ok(ExitCode::from(2)),
    }
}

fn show(voice: Voice, common: &Common, asked: &PremarketFile, file: &Path) -> Result<ExitCode, Failure> {
    let mut inputs = Inputs { folder: file.parent().unwrap_or(Path::new("")).to_owned(), read: Vec::new() };
    let bytes = inputs.bytes(file, &file.display().to_string())?;
    let product = Product::read(&bytes).map_err(|error| {
        let shown = file.display();
        Failure::said(format!("{shown}：製品ファイルとして読めません：{error}"), format!("{shown}: {error}"))
    })?;
    let product = with_records(product, &mut inputs)?;
    let (rules, bills) = rayon::join(rules, || bills(&product, &mut inputs));
    let (rules, bills) = (rules?, bills?);
    let statements = statements(&product, &mut inputs)?;
    let place = VulnsPlace { vulns: sources(&product, &inputs, &asked.vulns) };
    let data = if place.vulns.is_empty() { None } else { Some(opened(voice, common, &place)?) };
    let findings = data.as_ref().map(|data| findings(data, &bills, &statements)).transpose()?;
    let since = asked.since.clone().or(product.files.since.as_ref().map(|path| inputs.at(path)));
    let older = since.map(|path| sealed(&path)).transpose()?;

    let case = Case {
        product: &product,
        bills: &bills,
        findings: findings.as_ref(),
        today: common.today.unwrap_or_else(today_in_japan),
    };
    let read: Vec<PathBuf> =
        inputs.read.iter().map(|one| inputs.at(&one.file)).chain([file.to_owned()]).collect();
    for out in [asked.seal.as_deref(), asked.answer.out.as_deref()] {
        output::spares(out, read.iter().chain(&place.vulns))?;
    }
    let answer = premarket::judge(&rules, &case);
    // What is neither kept nor compared is not sealed: it would copy every component.
    let newer = (asked.seal.is_some() || older.is_some())
        .then(|| premarket::sealed(&answer, &case, inputs.read.clone()));
    let changes = older.as_ref().zip(newer.as_ref()).map(|(older, newer)| premarket::changes(older, newer));
    let titles = titles()?;
    let shown = outline::File {
        file: &file.display().to_string(),
        case: &case,
        answer: &answer,
        inputs: &inputs.read,
        since: older.as_ref().zip(changes.as_ref()),
        titles: &titles,
    };
    write(voice, &shown, &asked.answer)?;
    if let Some((out, newer)) = asked.seal.as_ref().zip(newer.as_ref()) {
        output::write_file(out, newer.to_json().map_err(|error| refused(out, &error))?.as_bytes())?;
    }
    let complete = answer.is_complete();
    output::left((bills, answer, newer));
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn rules() -> Result<Vec<Rule>, Failure> {
    let records = shipped::records_of("cyber-rule").map_err(shipped_wrong)?;
    Rule::all(&records).map_err(shipped_wrong)
}

fn write(voice: Voice, shown: &outline::File<'_>, answer: &Answer) -> Result<(), Failure> {
    let lang = voice.lang;
    match answer.format {
        Format::Json => output::machine(voice, answer, &outline::json(shown, lang)),
        Format::Sarif => output::machine(voice, answer, &outline::sarif(shown, lang)),
        _ => output::document(voice, &outline::file(shown, lang), answer),
    }
}

/// What was read, and from where paths are told.
struct Inputs {
    folder: PathBuf,
    read: Vec<Input>,
}

impl Inputs {
    /// A path of the product file.
    fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    fn bytes(&mut self, file: &Path, name: &str) -> Result<Vec<u8>, Failure> {
        let bytes = bytes_of(file)?;
        self.read.push(Input::of(name, &bytes));
        Ok(bytes)
    }
}

/// The rows of the tables that the product file names, behind its own. Of a workbook every sheet that has a header counts.
fn with_records(mut product: Product, inputs: &mut Inputs) -> Result<Product, Failure> {
    for name in product.files.record.clone() {
        let bytes = inputs.bytes(&inputs.at(&name), &name)?;
        let sheets = intake::table::read(&name, &bytes, &intake::Limits::default())?;
        let several = sheets.len() > 1;
        let (mut taken, mut first) = (false, None);
        for sheet in sheets {
            let shown = match &sheet.name {
                Some(own) if several => format!("{name}!{own}"),
                _ => name.clone(),
            };
            match record::rows(&shown, &sheet.rows) {
                Ok(rows) => {
                    product.rows.extend(rows);
                    taken = true;
                }
                // Other sheets of the book may be about something else.
                Err(refused) if several && refused.faults == [RecordFault::NoHeader] => {
                    first.get_or_insert(refused);
                }
                Err(refused) => return Err(not_a_record(&refused)),
            }
        }
        if let Some(refused) = first.filter(|_| !taken) {
            return Err(not_a_record(&refused));
        }
    }
    Ok(product)
}

fn not_a_record(refused: &NotARecord) -> Failure {
    let names = refused.names();
    Failure::said(names.ja, names.en)
}

fn bills(product: &Product, inputs: &mut Inputs) -> Result<Vec<Bill>, Failure> {
    let one = |name: &String| {
        let file = inputs.at(name);
        let bytes = bytes_of(&file)?;
        let (input, reading) =
            rayon::join(|| Input::of(name, &bytes), || sbom::read(&bytes, &Limits::default()));
        inputs.read.push(input);
        let reading = reading.map_err(|error| unread(&file, &error))?;
        Ok(Bill { file: name.clone(), reading })
    };
    product.files.sbom.iter().map(one).collect()
}

fn statements(product: &Product, inputs: &mut Inputs) -> Result<Vec<(String, vex::Document)>, Failure> {
    let one = |name: &String| {
        let file = inputs.at(name);
        let bytes = inputs.bytes(&file, name)?;
        let reading = vex::read(&bytes, &Limits::default()).map_err(|error| {
            let file = file.display();
            Failure::said(format!("{file}：VEXとして読めません（{error}）"), format!("{file}: {error}"))
        })?;
        Ok((name.clone(), reading.document))
    };
    product.files.vex.iter().map(one).collect()
}

/// Where advisories are: as the command says, else as the product file says.
fn sources(product: &Product, inputs: &Inputs, asked: &[PathBuf]) -> Vec<PathBuf> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    product.files.vulnerabilities.iter().map(|path| inputs.at(path)).collect()
}

fn findings(
    data: &Opened,
    bills: &[Bill],
    statements: &[(String, vex::Document)],
) -> Result<Findings, Failure> {
    let damaged = |error: IndexError| data.damaged(error);
    let index = data.index()?;
    let mut findings = Findings::default();
    for bill in bills {
        let scan = matching::scan(&index, bill.wanted()).map_err(damaged)?;
        let exploited = exploited(&index, &scan).map_err(damaged)?;
        findings.add(bill, &scan, statements, exploited.as_ref());
    }
    Ok(findings)
}

/// Which of the vulnerabilities that were found are known to be exploited; none where the data hold no catalogue of those.
fn exploited(index: &Index<'_>, scan: &Scan<'_>) -> Result<Option<BTreeSet<String>>, IndexError> {
    if index.counted()?.exploited == 0 {
        return Ok(None);
    }
    let mut known = BTreeSet::new();
    for advisory in scan.reached.iter().flat_map(|reached| &reached.findings).map(|found| &found.advisory) {
        for id in advisory.aliases.iter().chain(&advisory.upstream).chain([&advisory.id]) {
            if index.exploitation(id)?.is_some() {
                known.insert((*id).to_owned());
            }
        }
    }
    Ok(Some(known))
}

fn sealed(file: &Path) -> Result<Sealed, Failure> {
    Sealed::read(&bytes_of(file)?).map_err(|error| refused(file, &error))
}

/// Titles of the documents that rules come from.
fn titles() -> Result<Vec<(String, base::Names)>, Failure> {
    let documents = shipped::records_of("document").map_err(shipped_wrong)?;
    let title = |record: &register::Record| Some((record.id.to_string(), record.read("title")?));
    Ok(documents.iter().filter_map(title).collect())
}

fn refused(file: &Path, error: &premarket::SealError) -> Failure {
    let file = file.display();
    Failure::said(format!("{file}：封をした資料として使えません（{error}）"), format!("{file}: {error}"))
}

fn shipped_wrong(error: impl std::fmt::Display) -> Failure {
    Failure::said(
        format!("同梱の規則が読めません：{error}"),
        format!("the shipped rules cannot be read: {error}"),
    )
}
