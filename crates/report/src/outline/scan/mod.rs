//! What reaches the components of a bill of materials, laid out: affected, undetermined, and what could not be looked up. For programs it
//! is written in `machine`.

mod explanation;
mod machine;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use base::Lang;
use cyber::index::{Brief, Index, IndexError};
use cyber::matching::device::Suggested;
use cyber::matching::{Device, Finding, Reached, Scan, Unasked, Verdict, finding_id};
use cyber::name::misnamed::{Misnamed, meant_by};
use cyber::severity::{Gravity, Standing, Threshold, Urgency};
use rayon::prelude::*;

use super::gravity;
use crate::{Cell, Column, Document, DocumentBuilder, Row, Severity, Table};
pub use explanation::Explanation;
pub use machine::{report, sarif};

/// Components shown of those that could not be looked up for one reason.
const SHOWN: usize = 10;

/// Findings as a build takes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many count.
    pub counting: usize,
    /// How many of those for want of a score or a list.
    pub unknown: usize,
    /// How many lie below the threshold.
    pub below: usize,
}

/// A scanned file.
pub struct Scanned<'a> {
    /// Its name as it was given.
    pub file: String,
    /// What was found.
    pub scan: Scan<'a>,
    /// Advisories that may speak of what the bill is about, by words.
    pub suggested: Vec<Suggested>,
    /// In how many places of the bill something stands that cannot stand there; components there were not looked up.
    departures: usize,
    /// How grave each finding is, in their order.
    gravities: Vec<Vec<Gravity>>,
}

impl<'a> Scanned<'a> {
    /// A scanned file; how grave its findings are, and what may speak of the devices it is about, is asked of the index they were found in.
    pub fn of(
        file: String,
        scan: Scan<'a>,
        devices: &[Device],
        index: &Index<'a>,
    ) -> Result<Self, IndexError> {
        let of_one = |reached: &Reached<'a>| reached.findings.iter().map(|one| one.gravity(index)).collect();
        let gravities = scan.reached.par_iter().map(of_one).collect::<Result<_, _>>()?;
        Ok(Self { file, scan, suggested: index.suggested(devices)?, departures: 0, gravities })
    }

    /// The same with how many places of the bill could not be read.
    #[must_use]
    pub fn with_departures(self, departures: usize) -> Self {
        Self { departures, ..self }
    }

    /// In how many places of the bill something stands that cannot stand there.
    pub fn departures(&self) -> usize {
        self.departures
    }

    /// Whether something is left open beside the findings: suggested, not looked up or not read, or nothing looked up at all.
    pub fn is_unseen(&self) -> bool {
        let Self { scan, suggested, departures, .. } = self;
        *departures > 0 || scan.asked == 0 || !scan.unasked.is_empty() || !suggested.is_empty()
    }

    /// How the findings that are wanted stand to a threshold.
    pub fn tally(&self, threshold: Threshold, wanted: impl Fn(&Reached<'a>, &Finding<'a>) -> bool) -> Tally {
        let mut tally = Tally::default();
        for (_, _, gravity) in self.findings().filter(|(reached, finding, _)| wanted(reached, finding)) {
            match threshold.standing(gravity) {
                Standing::Below => tally.below += 1,
                standing => {
                    tally.counting += 1;
                    tally.unknown += usize::from(standing == Standing::CountsUnknown);
                }
            }
        }
        tally
    }

    /// Every finding with its component, in the order of components.
    fn findings(&self) -> impl Iterator<Item = (&Reached<'a>, &Finding<'a>, &Gravity)> {
        self.scan.reached.iter().zip(&self.gravities).flat_map(|(reached, gravities)| {
            reached.findings.iter().zip(gravities).map(move |(finding, gravity)| (reached, finding, gravity))
        })
    }

    /// Those with a wanted verdict as people take them up: the component with the most urgent one first.
    fn urgent_first(&self, wanted: fn(&Verdict) -> bool) -> Vec<(&Reached<'a>, &Finding<'a>, &Gravity)> {
        let mut found: Vec<_> = self.findings().filter(|(_, finding, _)| wanted(&finding.verdict)).collect();
        let mut most: HashMap<&str, Urgency> = HashMap::new();
        for (reached, _, gravity) in &found {
            let urgency = gravity.urgency();
            most.entry(&reached.name).and_modify(|most| *most = urgency.min(*most)).or_insert(urgency);
        }
        found.sort_by_cached_key(|(reached, finding, gravity)| {
            let most = most.get(reached.name.as_str()).copied();
            (most, reached.name.as_str(), gravity.urgency(), finding.advisory.number)
        });
        found
    }
}

/// Files that were scanned, one after the other, with what the advisories at hand are.
pub fn scanned(files: &[Scanned<'_>], advisories: usize, lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("部品の脆弱性", "Vulnerabilities of components"));
    doc.subtitle(match lang {
        Lang::Ja => format!("手元の脆弱性情報{advisories}件と照合"),
        Lang::En => format!("matched with the {advisories} advisories at hand"),
    });
    overview(&mut doc, files, lang);
    for file in files {
        one(&mut doc, file, lang);
    }
    doc.finish()
}

/// Several files beside each other, those with the most that reaches them first.
pub(super) fn overview(doc: &mut DocumentBuilder, files: &[Scanned<'_>], lang: Lang) {
    if files.len() < 2 {
        return;
    }
    let mut table = Table::new(format!("{} ({})", lang.pick("ファイル", "Files"), files.len()))
        .column(Column::text(lang.pick("ファイル", "File")))
        .column(Column::number(lang.pick("照合した部品", "Looked up")))
        .column(Column::number(lang.pick("照合できなかった部品", "Could not be looked up")))
        .column(Column::number(lang.pick("影響あり", "Affected")))
        .column(Column::number(lang.pick("判定できない", "Undetermined")));
    let mut sorted: Vec<&Scanned<'_>> = files.iter().collect();
    sorted.sort_by_key(|file| Reverse(file.scan.counts()));
    for file in sorted {
        let (scan, (affected, undetermined)) = (&file.scan, file.scan.counts());
        let counts = [scan.asked, scan.components - scan.asked, affected, undetermined];
        let name = Cell::text(file.file.as_str());
        table = table.row(Row::of(std::iter::once(name).chain(counts.map(count))));
    }
    doc.table(table);
}

pub(super) fn one(doc: &mut DocumentBuilder, file: &Scanned<'_>, lang: Lang) {
    let scan = &file.scan;
    let (affected, undetermined) = scan.counts();
    doc.heading(1, &file.file);
    doc.facts([
        (lang.pick("部品", "Components"), count(scan.components)),
        (lang.pick("部品でないファイル", "Files, which are no components"), count(scan.files)),
        (lang.pick("照合した部品", "Looked up"), count(scan.asked)),
        (lang.pick("照合できなかった部品", "Could not be looked up"), count(scan.components - scan.asked)),
        (lang.pick("影響あり", "Affected"), count(affected)),
        (lang.pick("判定できない", "Undetermined"), count(undetermined)),
    ]);
    if scan.asked == 0 {
        doc.note(
            Severity::Caution,
            lang.pick(
                "照合できた部品がありません。何も見つからなかったことは、安全を意味しません。",
                "No component could be looked up: that nothing was found says nothing.",
            ),
        );
    } else if affected + undetermined == 0 {
        doc.paragraph(lang.pick(
            "照合した部品に当てはまる脆弱性情報はありません。",
            "No advisory at hand reaches a component that was looked up.",
        ));
    }
    findings(
        doc,
        file,
        lang.pick("影響あり", "Affected"),
        |verdict| matches!(verdict, Verdict::Affected(_)),
        lang,
    );
    findings(
        doc,
        file,
        lang.pick("判定できない", "Undetermined"),
        |verdict| matches!(verdict, Verdict::Undetermined(_)),
        lang,
    );
    if !file.suggested.is_empty() {
        doc.table(super::device::table(&file.suggested, lang));
        doc.note(
            Severity::Caution,
            lang.pick(
                "製造者と製品の言葉による候補であり、人が確かめるまで判定ではない。",
                "By the words of maker and product: suggestions until a person has looked at them.",
            ),
        );
    }
    unasked(doc, scan, lang);
}

fn findings(
    doc: &mut DocumentBuilder,
    file: &Scanned<'_>,
    name: &str,
    wanted: fn(&Verdict) -> bool,
    lang: Lang,
) {
    let found = file.urgent_first(wanted);
    if found.is_empty() {
        return;
    }
    let mut table = Table::new(format!("{name} ({})", found.len()))
        .column(Column::text(lang.pick("情報", "Advisory")))
        .column(Column::text(lang.pick("深刻度", "Severity")))
        .column(Column::text(lang.pick("理由", "Why")))
        .column(Column::text(lang.pick("概要", "Summary")));
    let first = found.first().map(|(reached, finding, _)| finding_id(finding.advisory.id, &reached.name));
    let mut component = "";
    for (reached, finding, gravity) in found {
        if component != reached.name {
            component = &reached.name;
            table = table.row(Row::group(borne(reached, lang)));
        }
        let why = finding.why();
        table = table.row(Row::of([
            Cell::text(ids(&finding.advisory)),
            gravity::cell(gravity, lang),
            Cell::text(why.get(lang)),
            Cell::text(finding.advisory.summary),
        ]));
    }
    doc.table(table);
    if let Some(mut id) = first {
        // What a CPE name says hangs on its bill; its stars mean something to a shell.
        if id.contains("+cpe:") {
            id = format!("'{id}' --bill '{}'", file.file);
        }
        doc.paragraph(match lang {
            Lang::Ja => format!("判定の過程は、情報の番号と部品を + でつないだ番号で示せる：shirube cyber explain {id}"),
            Lang::En => format!(
                "How one was judged is told by its id, the advisory and the component joined by +: shirube cyber explain {id}"
            ),
        });
    }
}

/// What a package URL is read as, where a known tool wrote a wrong type.
fn read_as(purl: &str) -> Option<(String, &'static Misnamed)> {
    meant_by(purl).map(|(meant, known)| (meant.to_string(), known))
}

/// A package URL or CPE name, and how many components bear it where that is more than one.
fn borne(reached: &Reached<'_>, lang: Lang) -> String {
    let name = match read_as(&reached.name) {
        None => reached.name.clone(),
        Some((meant, _)) => match lang {
            Lang::Ja => format!("{}（{meant} と読む）", reached.name),
            Lang::En => format!("{} (read as {meant})", reached.name),
        },
    };
    match (reached.times, lang) {
        (1, _) => name,
        (times, Lang::Ja) => format!("{name}（{times}か所）"),
        (times, Lang::En) => format!("{name} ({times} times)"),
    }
}

fn unasked(doc: &mut DocumentBuilder, scan: &Scan<'_>, lang: Lang) {
    if scan.unasked.is_empty() {
        return;
    }
    let mut table =
        Table::new(lang.pick(
            "照合できなかった部品：安全とはいえない",
            "Could not be looked up: nothing is known of them",
        ))
        .column(Column::text(lang.pick("理由", "Why")))
        .column(Column::number(lang.pick("部品数", "Components")))
        .column(Column::text(lang.pick("例", "Such as")));
    for (reason, names) in by_reason(scan) {
        let more = match (names.len().saturating_sub(SHOWN), lang) {
            (0, _) => String::new(),
            (rest, Lang::Ja) => format!(" ほか{rest}（すべては --format json）"),
            (rest, Lang::En) => format!(" and {rest} more (all of them: --format json)"),
        };
        let such = format!("{}{more}", names[..names.len().min(SHOWN)].join(", "));
        table = table.row(Row::of([
            Cell::text(reason.names().get(lang)),
            count(scan.unasked_for(reason)),
            Cell::text(such),
        ]));
    }
    doc.table(table);
}

/// The names of what could not be looked up, by reason.
fn by_reason<'s>(scan: &'s Scan<'_>) -> BTreeMap<Unasked, Vec<&'s str>> {
    let mut by_reason: BTreeMap<Unasked, Vec<&str>> = BTreeMap::new();
    for (reason, name, _) in scan.unasked_by_reason() {
        by_reason.entry(reason).or_default().push(name);
    }
    by_reason
}

fn ids(advisory: &Brief<'_>) -> String {
    let others = advisory.aliases.iter().copied().filter(|alias| *alias != advisory.id);
    let ids: Vec<&str> = std::iter::once(advisory.id).chain(others).collect();
    ids.join(" ")
}

fn stated(text: &str) -> Cell {
    if text.is_empty() { Cell::missing(base::Missing::NotPrinted) } else { Cell::text(text) }
}

fn count(count: usize) -> Cell {
    Cell::integer(i64::try_from(count).unwrap_or(i64::MAX))
}
