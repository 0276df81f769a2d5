//! Vulnerability data on the command line: the index built, looked at, and opened for those who ask about components.

use std::path::PathBuf;
use std::process::ExitCode;

use bulk::vulns::{Progress, Update, Vulns, VulnsError};
use cyber::index::{About, Index, IndexError};
use report::outline::vulns::{self as outline, Marks, Member, Shown};

use crate::cli::{Answer, Common, Format};
use crate::cyber_cli::{VulnsAction, VulnsPlace};
use crate::failure::Failure;
use crate::output;
use crate::session::{Voice, day_of_the_question, default_data_file};

/// The index where no other is named, in the user's data folder.
const DEFAULT: &str = "vulns.index";

/// Vulnerability data and where they were found.
pub(super) struct Opened {
    pub(super) vulns: Vulns,
    pub(super) about: About,
    place: PathBuf,
}

pub(super) fn run(voice: Voice, common: &Common, action: &VulnsAction) -> Result<ExitCode, Failure> {
    match action {
        VulnsAction::Update { sources, into, answer } => {
            update(voice, common, sources, into.as_ref(), answer)?;
        }
        VulnsAction::Show { id, place, answer } => {
            let opened = opened(voice, common, place)?;
            let index = opened.index()?;
            match id {
                Some(id) => one(voice, &opened, &index, id, answer)?,
                None => whole(voice, common, &opened, &index, answer)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The data that are named, else those of the default index. What could not be read is told.
pub(super) fn opened(voice: Voice, common: &Common, place: &VulnsPlace) -> Result<Opened, Failure> {
    let default = default_data_file(DEFAULT)?;
    let paths = if place.vulns.is_empty() { vec![default.clone()] } else { place.vulns.clone() };
    if place.vulns.is_empty() && !default.exists() {
        let default = default.display();
        return Err(Failure::said(
            format!(
                "脆弱性情報がありません。shirube vulns update 情報源… で索引（{default}）を作るか、--vulns でファイルやフォルダを指定してください"
            ),
            format!(
                "there are no vulnerability data: build the index ({default}) with `shirube vulns update SOURCE…`, or name files or folders with --vulns"
            ),
        ));
    }
    let (vulns, about) = Vulns::open(&paths, &day_of_the_question(common))?;
    if let Vulns::Made(_) = vulns {
        for source in about.sources.iter().filter(|source| source.refused > 0) {
            let (name, count) = (&source.name, source.refused);
            let first = source.reasons.first().map(String::as_str).unwrap_or_default();
            voice.remark(match voice.lang {
                base::Lang::Ja => format!("{name}：{count}件は脆弱性情報として読めませんでした：{first}"),
                base::Lang::En => format!("{name}: {count} records could not be read as advisories: {first}"),
            });
        }
    }
    Ok(Opened { vulns, about, place: paths.into_iter().next().unwrap_or_default() })
}

impl Opened {
    pub(super) fn index(&self) -> Result<Index<'_>, Failure> {
        self.vulns.index().map_err(|error| self.damaged(error))
    }

    /// The failure that an index turned out to be damaged.
    pub(super) fn damaged(&self, error: IndexError) -> Failure {
        VulnsError::Index { path: self.place.clone(), error }.into()
    }
}

fn update(
    voice: Voice,
    common: &Common,
    sources: &[String],
    into: Option<&PathBuf>,
    answer: &Answer,
) -> Result<(), Failure> {
    let into = into.map_or_else(|| crate::session::data_file(DEFAULT), |path| Ok(path.clone()))?;
    let day = day_of_the_question(common);
    let bar = voice.progress(1);
    let progress = |progress: Progress<'_>| match progress {
        Progress::Opening(source) => bar.set_message(source.to_owned()),
        Progress::Read(done, all) => {
            bar.set_length(all);
            bar.set_position(done);
        }
    };
    let updated = bulk::vulns::update(&Update { sources, into: &into, day: &day, progress: &progress });
    bar.finish_and_clear();
    let updated = updated?;
    let path = into.display().to_string();
    if answer.format == Format::Json {
        let json = serde_json::json!({ "path": path, "size": updated.size, "unchanged": updated.unchanged,
            "built-on": updated.about.built_on, "sources": updated.about.sources });
        return output::machine(voice, answer, &json);
    }
    let document = outline::updated(&path, &updated.about, updated.size, updated.unchanged, voice.lang);
    output::document(voice, &document, answer)
}

fn whole(
    voice: Voice,
    common: &Common,
    opened: &Opened,
    index: &Index<'_>,
    answer: &Answer,
) -> Result<(), Failure> {
    let damaged = |error| opened.damaged(error);
    index.verify().map_err(damaged)?;
    let ecosystems = index.ecosystems().map_err(damaged)?;
    let age = age(&day_of_the_question(common), &opened.about.built_on);
    let shown = Shown {
        path: opened.place.display().to_string(),
        size: index.size() as u64,
        sha256: index.digest(),
        age,
        about: opened.about.clone(),
        counted: index.counted().map_err(damaged)?,
        ecosystems: ecosystems.iter().map(|one| (one.name.to_owned(), one.advisories)).collect(),
    };
    match answer.format {
        Format::Json => output::machine(voice, answer, &outline::json(&shown)),
        _ => output::document(voice, &outline::shown(&shown, voice.lang), answer),
    }
}

/// Days from one day to another.
fn age(today: &str, built: &str) -> Option<i64> {
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    Some(i64::from((day(today)? - day(built)?).get_days()))
}

fn one(voice: Voice, opened: &Opened, index: &Index<'_>, id: &str, answer: &Answer) -> Result<(), Failure> {
    let damaged = |error| opened.damaged(error);
    let bearing = index.bearing(id).map_err(damaged)?;
    // Catalogues may know a CVE that no advisory at hand speaks of.
    let is_marked =
        index.exploitation(id).map_err(damaged)?.is_some() || index.forecast(id).map_err(damaged)?.is_some();
    if bearing.is_empty() && !is_marked {
        return Err(Failure::said(
            format!("{id} という情報は手元のデータにありません"),
            format!("{id} is not among the advisories at hand"),
        ));
    }
    let mut numbers = Vec::new();
    for (number, _) in bearing {
        numbers.extend(index.group(number).map_err(damaged)?);
    }
    numbers.sort_unstable();
    numbers.dedup();
    let (mut members, mut cves) = (Vec::new(), Vec::new());
    cves.extend(is_marked.then(|| id.to_ascii_uppercase()));
    for number in numbers {
        let source = index.brief(number).map_err(damaged)?.source;
        let source = opened.about.sources.get(source).map_or("", |source| source.name.as_str()).to_owned();
        let advisory = index.advisory(number).map_err(damaged)?;
        cves.push(advisory.id.clone());
        cves.extend(advisory.aliases.iter().chain(&advisory.upstream).cloned());
        members.push(Member { advisory, source });
    }
    cves.retain(|id| id.starts_with("CVE-"));
    cves.sort();
    cves.dedup();
    let marks = cves.into_iter().map(|cve| {
        let (exploitation, forecast) = (index.exploitation(&cve)?, index.forecast(&cve)?);
        Ok(Marks { cve, exploitation, forecast })
    });
    let marks = marks.collect::<Result<Vec<_>, IndexError>>().map_err(damaged)?;
    match answer.format {
        Format::Json => output::machine(voice, answer, &outline::group_json(&members, &marks)),
        _ => output::document(voice, &outline::group(id, &members, &marks, voice.lang), answer),
    }
}
