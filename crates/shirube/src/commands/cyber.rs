//! The cybersecurity of devices on the command line: bills and advisories in, findings out. Needs no database.

use std::path::Path;
use std::process::ExitCode;

use base::Lang;
use cyber::document::Limits;
use cyber::index::{Index, IndexError, Role};
use cyber::matching::{self, Device, Finding, Installed, Reached, Surroundings, Verdict, Wanted};
use cyber::name::purl::Purl;
use cyber::sbom;
use rayon::prelude::*;
use report::outline::scan::{self as outline, Explanation, Scanned, Tally};

use super::given::given;
use super::premarket;
use super::sbom::{bytes_of, unread};
use super::vex::Input;
use super::vulns::{Opened, opened};
use crate::cli::{Answer, Common, Format};
use crate::cyber_cli::{Cyber, Ending};
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

pub(super) fn run(voice: Voice, common: &Common, action: &Cyber) -> Result<ExitCode, Failure> {
    match action {
        Cyber::Scan { files, place, ending, statements, answer } => {
            output::spares(answer.out.as_deref(), files.iter().chain(&statements.vex).chain(&place.vulns))?;
            let opened = opened(voice, common, place)?;
            let files: Vec<Input> = given(voice, files)?.into_par_iter().map(Input::of).collect();
            // What is stated is never passed over in silence, wherever it stands.
            if !statements.vex.is_empty() || files.iter().any(|file| file.own.is_some()) {
                return super::vex::scan(voice, &files, &opened, statements, ending, answer);
            }
            let index = opened.index()?;
            let files =
                files.par_iter().map(|file| scanned(&opened, &index, file)).collect::<Result<Vec<_>, _>>()?;
            scan(voice, &files, &index, answer)?;
            departs(voice, &files);
            let code = ended(voice, &files, ending, |_, _, _| true);
            output::left(files);
            Ok(code)
        }
        // Handed on before: it needs to know who acts, and on which day.
        Cyber::Watch(_) => Ok(ExitCode::SUCCESS),
        Cyber::Explain { finding, name, bill, place, answer } => {
            let (advisory, component) = match name {
                Some(name) => (finding.as_str(), name.as_str()),
                None => matching::parted(finding).ok_or_else(|| {
                    Failure::said(
                        format!("{finding} は指摘の番号ではありません（情報の番号+Package URL又はCPE）。情報の番号なら、Package URL又はCPEも示してください"),
                        format!("{finding} is no finding's id (ADVISORY+COMPONENT); after an advisory's id, name the component's package URL or CPE name too"),
                    )
                })?,
            };
            let asked = Asked { advisory, component, bill: bill.as_deref() };
            explain(voice, &opened(voice, common, place)?, &asked, answer)?;
            Ok(ExitCode::SUCCESS)
        }
        Cyber::Device(asked) => super::device::run(voice, common, asked),
        Cyber::Vex { action } => super::vex::run(voice, common, action),
        Cyber::Rubric(command) => super::rubric::run(voice, command),
        Cyber::File(asked) => premarket::run(voice, common, asked),
    }
}

fn scan(voice: Voice, files: &[Scanned<'_>], index: &Index<'_>, answer: &Answer) -> Result<(), Failure> {
    let lang = voice.lang;
    match answer.format {
        Format::Json => {
            output::machine(voice, answer, &outline::report(files, lang).map_err(std::io::Error::from)?)
        }
        Format::Sarif => output::machine(voice, answer, &outline::sarif(files, lang)),
        _ => output::document(voice, &outline::scanned(files, index.len(), lang), answer),
    }
}

/// What is to be explained.
struct Asked<'a> {
    /// The advisory's id.
    advisory: &'a str,
    /// The component's package URL or CPE name.
    component: &'a str,
    /// The bill it was found in.
    bill: Option<&'a Path>,
}

fn explain(voice: Voice, opened: &Opened, asked: &Asked<'_>, answer: &Answer) -> Result<(), Failure> {
    let (id, name) = (asked.advisory, asked.component);
    let damaged = |error: IndexError| opened.damaged(error);
    let index = opened.index()?;
    let numbers = bearing(&index, id).map_err(damaged)?;
    if numbers.is_empty() {
        return Err(Failure::said(
            format!("{id} という情報は手元のデータにありません"),
            format!("{id} is not among the advisories at hand"),
        ));
    }
    if name.starts_with("cpe:") {
        return explain_product(voice, opened, &index, asked, &numbers, answer);
    }
    let package = matching::package_of(name).map_err(|reason| {
        let why = reason.names();
        Failure::said(format!("{name}：{}", why.ja), format!("{name}: {}", why.en))
    })?;
    let (number, judged) = speaking(&numbers, |number| index.explain(&package, number)).map_err(damaged)?;
    let advisory = index.advisory(number).map_err(damaged)?;
    let version = Purl::parse_lenient(name).ok().and_then(|purl| purl.version().map(str::to_owned));
    let version = version.unwrap_or_default();
    explained(voice, &Explanation::of_package(&advisory, name, &version, &judged), answer)
}

/// By a CPE name: as its bill shows it, where that is given.
fn explain_product(
    voice: Voice,
    opened: &Opened,
    index: &Index<'_>,
    asked: &Asked<'_>,
    numbers: &[u32],
    answer: &Answer,
) -> Result<(), Failure> {
    let damaged = |error: IndexError| opened.damaged(error);
    let name = asked.component;
    let (number, judged) = if let Some(file) = asked.bill {
        let reading =
            sbom::read(&bytes_of(file)?, &Limits::default()).map_err(|error| unread(file, &error))?;
        let components: Vec<Wanted<'_>> = reading.sbom.components.iter().map(Wanted::from).collect();
        if !components.iter().any(|one| one.cpes.iter().any(|cpe| cpe == name)) {
            let file = file.display();
            return Err(Failure::said(
                format!("{file}：{name} をもつ部品はありません"),
                format!("{file}: no component bears {name}"),
            ));
        }
        speaking(numbers, |number| index.explain_in_bill(&components, name, number))
    } else {
        let product = Installed::of([name], None, None);
        speaking(numbers, |number| index.explain_product(&product, &Surroundings::default(), number))
    }
    .map_err(damaged)?;
    let advisory = index.advisory(number).map_err(damaged)?;
    explained(voice, &Explanation::of_product(&advisory, name, &judged, asked.bill.is_none()), answer)
}

fn explained(voice: Voice, explanation: &Explanation<'_>, answer: &Answer) -> Result<(), Failure> {
    match answer.format {
        Format::Json => output::machine(voice, answer, &explanation.json(voice.lang)),
        _ => output::document(voice, &explanation.document(voice.lang), answer),
    }
}

/// The advisories that bear an id; the one whose own it is comes first.
fn bearing(index: &Index<'_>, id: &str) -> Result<Vec<u32>, IndexError> {
    let mut bearing = index.bearing(id)?;
    bearing.sort_by_key(|(_, role)| *role != Role::Own);
    Ok(bearing.into_iter().map(|(number, _)| number).collect())
}

/// Of advisories that share an id, the first that says something of a component, and what it says; else the first.
fn speaking<T>(
    numbers: &[u32],
    judge: impl Fn(u32) -> Result<Vec<T>, IndexError>,
) -> Result<(u32, Vec<T>), IndexError> {
    for number in numbers {
        let said = judge(*number)?;
        if !said.is_empty() {
            return Ok((*number, said));
        }
    }
    Ok((numbers.first().copied().unwrap_or_default(), Vec::new()))
}

/// What stands wrongly in a bill may be a component that was not looked up.
pub(super) fn departs(voice: Voice, files: &[Scanned<'_>]) {
    for scanned in files.iter().filter(|file| file.departures() > 0) {
        let (file, departures) = (&scanned.file, scanned.departures());
        voice.remark(match voice.lang {
            Lang::Ja => format!(
                "{file}：読めない箇所が{departures}か所あり、そこにある部品は照合していません（shirube sbom check で示します）"
            ),
            Lang::En => format!(
                "{file} departs from its format in {departures} places, and components there were not looked up (`shirube sbom check` shows where)"
            ),
        });
    }
}

/// How a scan ends, with what lies below the threshold told: of each file's findings those count that are still open.
pub(super) fn ended(
    voice: Voice,
    files: &[Scanned<'_>],
    ending: &Ending,
    is_open: impl Fn(usize, &Reached<'_>, &Finding<'_>) -> bool,
) -> ExitCode {
    let mut all = Tally::default();
    for (number, file) in files.iter().enumerate() {
        let tally = file.tally(ending.fail_on, |reached, found| {
            (ending.strict || matches!(found.verdict, Verdict::Affected(_)))
                && is_open(number, reached, found)
        });
        all.counting += tally.counting;
        all.unknown += tally.unknown;
        all.below += tally.below;
    }
    let Tally { counting, unknown, below } = all;
    if below > 0 || unknown > 0 {
        voice.remark(match voice.lang {
            Lang::Ja => format!(
                "--fail-on：終了コードに数える{counting}件（うち{unknown}件は深刻度などを誰も示していない）、下回る{below}件"
            ),
            Lang::En => format!(
                "--fail-on: {counting} count for the exit code, {unknown} of them because nobody says how grave they are; {below} lie below"
            ),
        });
    }
    let is_wrong = counting > 0 || ending.strict && files.iter().any(Scanned::is_unseen);
    if is_wrong { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

/// A bill's components, read quickly where it is JSON, else as a whole; and in how many places it cannot be read.
fn scanned<'i>(opened: &Opened, index: &Index<'i>, input: &Input) -> Result<Scanned<'i>, Failure> {
    let Input { file, bytes, .. } = input;
    let limits = Limits::default();
    let name = file.display().to_string();
    let (components, ()) = rayon::join(|| sbom::components(bytes, &limits), || index.warm());
    let scanned = if let Ok(components) = components {
        let devices = Device::of_quick(&components);
        let scan = matching::scan(index, components.into_iter().map(Wanted::from));
        scan.and_then(|scan| Scanned::of(name, scan, &devices, index))
    } else {
        let reading = sbom::read(bytes, &limits).map_err(|error| unread(file, &error))?;
        let scan = matching::scan(index, reading.sbom.components.iter().map(Wanted::from));
        let scanned = scan.and_then(|scan| Scanned::of(name, scan, &Device::of_bill(&reading.sbom), index));
        scanned.map(|scanned| scanned.with_departures(reading.unread_places()))
    };
    scanned.map_err(|error| opened.damaged(error))
}
