//! Components looked up in all that is at hand: the index file of vulnerability data, and the advisories that were brought through the page,
//! as a small index beside it. Whatever cannot be read is an error: nothing found must mean that there was nothing to be found.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use base::Names;
use bulk::vulns::{Live, Taken};
use cyber::advisory::Advisory;
use cyber::index::{IndexError, build};
use cyber::matching::scan::Wanted;
use cyber::matching::{Index, Scan, Verdict, scan};
use cyber::severity::{Gravity, Word};

use super::engine::Part;
use crate::failure::Failure;

/// What was found for the components of a bill.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// Components that could be looked up. Of the others nothing is known.
    pub(super) looked_up: usize,
    /// What reaches them, or may.
    pub(super) found: Vec<Found>,
}

/// An advisory that reaches a component, or may.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) advisory: String,
    pub(super) aliases: Vec<String>,
    pub(super) component: String,
    /// The word of the register's choice.
    pub(super) verdict: &'static str,
    pub(super) why: Names,
    /// Every severity as published.
    pub(super) severity: String,
    /// The word of the register's choice for the highest that can be computed.
    pub(super) grade: &'static str,
    pub(super) summary: String,
}

/// What everybody's bills are held against.
#[derive(Default)]
pub(crate) struct Known {
    live: Option<Live>,
    brought: RwLock<Brought>,
}

/// Advisories that were brought through the page, with the index over them once somebody asked.
#[derive(Default)]
struct Brought {
    of_id: BTreeMap<String, Advisory>,
    made: Option<Arc<Made>>,
}

/// An index made in memory.
struct Made {
    bytes: Vec<u8>,
    ids: HashSet<String>,
    /// The file beside which it was made: what stands there as new or newer is not in it.
    beside: Option<String>,
}

/// All that is at hand at one moment. What comes later does not change it.
#[derive(Clone, Default)]
pub(super) struct Data {
    file: Option<Arc<Taken>>,
    made: Option<Arc<Made>>,
}

/// The same, ready to be asked again and again.
pub(super) struct Opened<'d> {
    file: Option<Index<'d>>,
    made: Option<(Index<'d>, &'d HashSet<String>)>,
}

impl Known {
    /// With an index file, where one is named.
    pub(crate) fn with(live: Option<Live>) -> Self {
        Known { live, brought: RwLock::default() }
    }

    /// Where the index file lies, and what was taken from there.
    pub(super) fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    /// Adds advisories; one of an id that is there already takes its place, unless it is the older of the two. The index over them is made when
    /// somebody asks.
    pub(super) fn add(&self, new: Vec<Advisory>) {
        let mut brought = self.brought.write().unwrap_or_else(PoisonError::into_inner);
        for advisory in new {
            let before = brought.of_id.get(&advisory.id);
            if before.is_none_or(|before| before.modified <= advisory.modified) {
                brought.of_id.insert(advisory.id.clone(), advisory);
            }
        }
        brought.made = None;
    }

    /// All that is at hand.
    pub(super) fn data(&self) -> Result<Data, Failure> {
        let file = self.live.as_ref().and_then(Live::taken);
        let beside = file.as_ref().map(|file| file.digest());
        let fits = |made: &&Arc<Made>| made.beside.as_deref() == beside;
        let brought = self.brought.read().unwrap_or_else(PoisonError::into_inner);
        if brought.of_id.is_empty() {
            return Ok(Data { file, made: None });
        }
        if let Some(made) = brought.made.as_ref().filter(fits) {
            return Ok(Data { made: Some(Arc::clone(made)), file });
        }
        drop(brought);
        let mut brought = self.brought.write().unwrap_or_else(PoisonError::into_inner);
        let made = Arc::new(Made::beside(file.as_deref(), brought.of_id.values()).map_err(Failure::broken)?);
        brought.made = Some(Arc::clone(&made));
        Ok(Data { file, made: Some(made) })
    }

    /// Those of some advisories that count, in their newest text: none that the file has as new or newer. No index is made for that.
    pub(super) fn in_force(&self, of: &[Advisory]) -> Result<Vec<Advisory>, Failure> {
        let file = self.live.as_ref().and_then(Live::taken);
        let brought = self.brought.read().unwrap_or_else(PoisonError::into_inner);
        let newest = of.iter().filter_map(|one| brought.of_id.get(&one.id));
        newer(file.as_deref(), newest).map_err(Failure::broken)
    }
}

impl Made {
    fn of(advisories: Vec<Advisory>, beside: Option<String>) -> Result<Self, IndexError> {
        let ids = advisories.iter().map(|advisory| advisory.id.clone()).collect();
        Ok(Made { bytes: build(advisories)?, ids, beside })
    }

    fn beside<'a>(
        file: Option<&Taken>,
        advisories: impl Iterator<Item = &'a Advisory>,
    ) -> Result<Self, IndexError> {
        Made::of(newer(file, advisories)?, file.map(|file| file.digest().to_owned()))
    }
}

/// Advisories that the file does not have, or has in an older text.
fn newer<'a>(
    file: Option<&Taken>,
    advisories: impl Iterator<Item = &'a Advisory>,
) -> Result<Vec<Advisory>, IndexError> {
    let index = file.map(Taken::index).transpose()?;
    let mut own = Vec::new();
    for advisory in advisories {
        let in_file = index.as_ref().map(|index| index.of_id(&advisory.id)).transpose()?.flatten();
        let brief = index.as_ref().zip(in_file).map(|(index, number)| index.brief(number)).transpose()?;
        if brief.is_none_or(|brief| brief.modified < advisory.modified.as_deref()) {
            own.push(advisory.clone());
        }
    }
    Ok(own)
}

impl Data {
    /// Some advisories and nothing else.
    pub(super) fn of(advisories: Vec<Advisory>) -> Result<Self, Failure> {
        let made = Made::of(advisories, None).map_err(Failure::broken)?;
        Ok(Data { file: None, made: Some(Arc::new(made)) })
    }

    /// The index file.
    pub(super) fn file(&self) -> Option<&Taken> {
        self.file.as_deref()
    }

    /// How many advisories there are.
    pub(super) fn len(&self) -> Result<usize, Failure> {
        let opened = self.opened()?;
        Ok(opened.all().map(Index::len).sum())
    }

    /// Opens the indexes.
    pub(super) fn opened(&self) -> Result<Opened<'_>, Failure> {
        let file = self.file.as_ref().map(|file| file.index()).transpose().map_err(Failure::broken)?;
        let made = match &self.made {
            Some(made) => Some((Index::open(&made.bytes).map_err(Failure::broken)?, &made.ids)),
            None => None,
        };
        Ok(Opened { file, made })
    }
}

impl<'d> Opened<'d> {
    /// The index file.
    pub(super) fn file(&self) -> Option<&Index<'d>> {
        self.file.as_ref()
    }

    /// The indexes, the file first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Index<'d>> {
        self.file.iter().chain(self.made.iter().map(|(made, _)| made))
    }

    /// Whether an advisory is among what is at hand, so that silence about a component means something.
    pub(super) fn knows(&self, advisory: &str) -> Result<bool, Failure> {
        for index in self.all() {
            if index.of_id(advisory).map_err(Failure::broken)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether another index has a newer text of an advisory of the file.
    pub(super) fn is_replaced(&self, advisory: &str) -> bool {
        self.made.as_ref().is_some_and(|(_, ids)| ids.contains(advisory))
    }

    /// Looks components up.
    pub(super) fn look_up(&self, parts: &[Part]) -> Result<Outcome, Failure> {
        let wanted: Vec<Wanted<'_>> = parts.iter().map(wanted).collect();
        let (mut found, mut scans) = (Vec::new(), Vec::new());
        if let Some(file) = &self.file {
            let of_file = scan(file, wanted.iter().cloned()).map_err(Failure::broken)?;
            found.extend(all_found(&of_file).filter(|found| !self.is_replaced(&found.advisory)));
            scans.push(of_file);
        }
        if let Some((made, _)) = &self.made {
            let of_made = scan(made, wanted).map_err(Failure::broken)?;
            found.extend(all_found(&of_made));
            scans.push(of_made);
        }
        Ok(Outcome { looked_up: looked_up(&scans), found: merged(found) })
    }
}

fn wanted(part: &Part) -> Wanted<'_> {
    Wanted {
        name: part.name.as_str().into(),
        version: part.version.as_deref().map(Into::into),
        is_file: false,
        purls: part.purls.iter().map(|purl| purl.as_str().into()).collect(),
        cpes: part.cpes.iter().map(|cpe| cpe.as_str().into()).collect(),
    }
}

/// How many components at least one of the indexes could be asked about.
fn looked_up(scans: &[Scan<'_>]) -> usize {
    let unasked = |scan: &Scan<'_>| {
        let mut by_name: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for one in &scan.unasked {
            *by_name.entry(one.name.clone()).or_default() += one.times;
        }
        by_name
    };
    let mut scans = scans.iter();
    let Some(first) = scans.next() else { return 0 };
    let mut left = unasked(first);
    for scan in scans {
        let also = unasked(scan);
        left.retain(|name, times| {
            *times = (*times).min(also.get(name).copied().unwrap_or(0));
            *times > 0
        });
    }
    first.components.saturating_sub(left.values().sum())
}

fn all_found<'s>(scan: &'s Scan<'_>) -> impl Iterator<Item = Found> + 's {
    scan.reached.iter().flat_map(|reached| {
        reached.findings.iter().map(|finding| {
            let advisory = &finding.advisory;
            let severities = finding.severities();
            let gravity = Gravity::of(severities.iter().map(|severity| (advisory.id, severity)));
            Found {
                advisory: advisory.id.to_owned(),
                aliases: advisory.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
                component: reached.name.clone(),
                verdict: verdict(finding.verdict),
                why: finding.why(),
                severity: published(&gravity),
                grade: grade(&gravity),
                summary: advisory.summary.to_owned(),
            }
        })
    })
}

/// Several sources may have a record of one id, and one record several entries on a component: together they are one finding, which reaches
/// it where any of them says so, and is as grave as the gravest says.
fn merged(found: Vec<Found>) -> Vec<Found> {
    let mut of_key: BTreeMap<(String, String), Found> = BTreeMap::new();
    for one in found {
        let Some(before) = of_key.get_mut(&(one.advisory.clone(), one.component.clone())) else {
            of_key.insert((one.advisory.clone(), one.component.clone()), one);
            continue;
        };
        if before.verdict != "affected" && one.verdict == "affected" {
            before.verdict = one.verdict;
            before.why = one.why;
        }
        if weight(one.grade) > weight(before.grade) {
            before.grade = one.grade;
        }
        let mut severities: Vec<&str> = before.severity.split("; ").chain(one.severity.split("; ")).collect();
        let mut seen = HashSet::new();
        severities.retain(|text| !text.is_empty() && seen.insert(*text));
        before.severity = severities.join("; ");
        let new: Vec<String> =
            one.aliases.into_iter().filter(|alias| !before.aliases.contains(alias)).collect();
        before.aliases.extend(new);
        if before.summary.is_empty() {
            before.summary = one.summary;
        }
    }
    of_key.into_values().collect()
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Affected(_) => "affected",
        Verdict::NotAffected(_) | Verdict::Undetermined(_) => "undetermined",
    }
}

fn published(gravity: &Gravity) -> String {
    let all: Vec<&str> = gravity.rated.iter().map(|rated| rated.published.as_str()).collect();
    all.join("; ")
}

/// The word of the register's choice for the highest score.
pub(super) fn grade(gravity: &Gravity) -> &'static str {
    match gravity.highest().map(|(_, scored)| scored.word) {
        Some(Word::Critical) => "critical",
        Some(Word::High) => "high",
        Some(Word::Medium) => "medium",
        Some(Word::Low) => "low",
        Some(Word::None) => "none",
        None => "unknown",
    }
}

/// A score that somebody gives counts for more than none.
fn weight(grade: &str) -> usize {
    ["unknown", "none", "low", "medium", "high", "critical"].iter().position(|one| *one == grade).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use bulk::map::swap;

    use super::super::engine::advisories;
    use super::*;

    const ADVISORY: &str = r#"{ "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-01-01T00:00:00Z", "summary": "overflow",
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
        "affected": [{ "package": { "ecosystem": "PyPI", "name": "pump" }, "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "2.0" }] }] }] }"#;

    fn part(version: Option<&str>) -> Part {
        let purl = version.map_or("pkg:pypi/pump".to_owned(), |version| format!("pkg:pypi/pump@{version}"));
        Part {
            name: "pump".into(),
            version: version.map(ToOwned::to_owned),
            purls: vec![purl],
            cpes: Vec::new(),
        }
    }

    fn read(text: &str) -> Vec<Advisory> {
        advisories(text.as_bytes()).unwrap()
    }

    fn look_up(known: &Known) -> Outcome {
        known.data().unwrap().opened().unwrap().look_up(&[part(Some("1.0"))]).unwrap()
    }

    fn with_file(folder: &std::path::Path, text: &str) -> Known {
        let path = folder.join("vulns.index");
        swap(&path, &build(read(text)).unwrap()).unwrap();
        let live = Live::at(&path);
        live.look();
        Known::with(Some(live))
    }

    #[test]
    fn a_component_without_a_version_is_undetermined_and_never_clear() {
        let data = Data::of(read(ADVISORY)).unwrap();
        let verdict = |version| {
            let outcome = data.opened().unwrap().look_up(&[part(version)]).unwrap();
            outcome.found.first().map(|found| (found.verdict, found.grade))
        };
        assert_eq!(verdict(Some("1.0")), Some(("affected", "critical")));
        assert_eq!(verdict(Some("2.0")), None);
        assert_eq!(verdict(None), Some(("undetermined", "critical")));
    }

    #[test]
    fn an_advisory_published_again_takes_the_place_of_its_older_text() {
        let known = Known::default();
        known.add(read(ADVISORY));
        known.add(read(&ADVISORY.replace("\"2.0\"", "\"0.5\"")));
        assert_eq!(known.data().unwrap().len().unwrap(), 1);
        assert!(look_up(&known).found.is_empty());
    }

    #[test]
    fn the_file_and_what_was_brought_answer_together_and_the_newer_text_counts() {
        let folder = tempfile::tempdir().unwrap();
        let known = with_file(folder.path(), ADVISORY);
        let ids = |known: &Known| {
            let outcome = look_up(known);
            assert_eq!(outcome.looked_up, 1);
            outcome.found.into_iter().map(|found| found.advisory).collect::<Vec<_>>()
        };
        assert_eq!(ids(&known), ["GHSA-aaaa-bbbb-cccc"]);
        known.add(read(&ADVISORY.replace("aaaa", "zzzz")));
        assert_eq!(ids(&known), ["GHSA-aaaa-bbbb-cccc", "GHSA-zzzz-bbbb-cccc"]);

        let older = ADVISORY.replace("2026-01-01", "2025-01-01").replace("\"2.0\"", "\"0.5\"");
        known.add(read(&older));
        assert_eq!(ids(&known).len(), 2, "the file has a newer text of it");
        assert!(known.in_force(&read(&older)).unwrap().is_empty());
        let newer = ADVISORY.replace("2026-01-01", "2026-02-01").replace("\"2.0\"", "\"0.5\"");
        known.add(read(&newer));
        assert_eq!(ids(&known), ["GHSA-zzzz-bbbb-cccc"], "what was brought is newer and clears it");
        assert_eq!(known.in_force(&read(&older)).unwrap(), read(&newer));
    }

    #[test]
    fn what_several_indexes_say_of_one_id_is_one_finding_as_grave_as_the_gravest() {
        let data = Data::of(read(ADVISORY)).unwrap();
        let one = data.opened().unwrap().look_up(&[part(None)]).unwrap().found.remove(0);
        let other = Found { verdict: "affected", grade: "low", severity: "LOW".into(), ..one.clone() };
        let both = merged(vec![one, other]);
        assert_eq!((both.len(), both[0].verdict, both[0].grade), (1, "affected", "critical"));
        assert!(both[0].severity.ends_with("; LOW"));
    }

    #[test]
    fn two_records_of_one_id_are_one_finding() {
        let open = ADVISORY.replace("\"ranges\"", "\"versions\": [\"0.1\"], \"ranges\"");
        let both = format!("[{ADVISORY}, {}]", open.replace("C:H/I:H/A:H", "C:L/I:N/A:N"));
        let data = Data::of(read(&both)).unwrap();
        let found = data.opened().unwrap().look_up(&[part(Some("1.0"))]).unwrap().found;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].verdict, found[0].grade), ("affected", "critical"));
    }

    #[test]
    fn an_index_that_turns_out_to_be_damaged_is_an_error_and_not_nothing() {
        let mut made = Made::of(read(ADVISORY), None).unwrap();
        let middle = made.bytes.len() / 2;
        made.bytes.iter_mut().skip(middle - 200).take(400).for_each(|byte| *byte ^= 0x55);
        let data = Data { file: None, made: Some(Arc::new(made)) };
        assert!(data.opened().and_then(|opened| opened.look_up(&[part(Some("1.0"))])).is_err());
    }
}
