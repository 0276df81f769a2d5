//! What is known of a vulnerability beside its severity: that it is exploited (CISA's catalogue, KEV) and how likely that is (EPSS). That no such
//! data are at hand, that there is no CVE to look up, and that it was looked up and is not there are three answers.

use std::collections::BTreeSet;

use cyber::advisory::kev::Ransomware;
use cyber::index::{Exploitation, Forecast, IndexError};
use maud::{Markup, html};
use register::Record;
use store::Stored;

use super::kept;
use super::lookup::Opened;
use crate::cx::Cx;
use crate::failure::Failure;

/// What a look into a catalogue came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark<T> {
    /// No such catalogue is at hand.
    NoData,
    /// Nothing bears a CVE by which to look.
    NoCve,
    /// It was looked up, and is not there.
    NotThere,
    /// It is there, under a CVE.
    There(String, T),
}

/// What is known of one vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Marks {
    pub(super) exploited: Mark<Exploitation>,
    pub(super) likely: Mark<Forecast>,
}

impl Marks {
    /// Whether it is known to be exploited; none where that cannot be said.
    pub(super) fn is_exploited(&self) -> Option<bool> {
        match self.exploited {
            Mark::There(..) => Some(true),
            Mark::NotThere => Some(false),
            Mark::NoData | Mark::NoCve => None,
        }
    }
}

/// The marks of findings, in their order.
pub(super) async fn of_findings(cx: &Cx, findings: &[Stored]) -> Result<Vec<Marks>, Failure> {
    let ids: Vec<(String, Vec<String>)> = findings.iter().map(|seen| ids(&seen.record)).collect();
    let app = cx.app.clone();
    let read = tokio::task::spawn_blocking(move || {
        let data = app.devices.known.data()?;
        let opened = data.opened()?;
        ids.iter()
            .map(|(advisory, aliases)| of(&opened, advisory, aliases).map_err(Failure::broken))
            .collect()
    });
    read.await.map_err(Failure::broken)?
}

fn ids(finding: &Record) -> (String, Vec<String>) {
    (kept::text(finding, "advisory").to_owned(), finding.read("aliases").unwrap_or_default())
}

fn of(opened: &Opened<'_>, advisory: &str, aliases: &[String]) -> Result<Marks, IndexError> {
    let Some(index) = opened.file() else {
        return Ok(Marks { exploited: Mark::NoData, likely: Mark::NoData });
    };
    let cves = cves(opened, advisory, aliases)?;
    let (mut exploited, mut likely) = (Mark::NotThere, Mark::<Forecast>::NotThere);
    for cve in &cves {
        if let Some(found) = index.exploitation(cve)? {
            exploited = Mark::There(cve.clone(), found);
        }
        if let Some(found) = index.forecast(cve)? {
            let more = !matches!(&likely, Mark::There(_, known) if known.score >= found.score);
            likely = if more { Mark::There(cve.clone(), found) } else { likely };
        }
    }
    let (listed, predicted) = index.marks();
    if cves.is_empty() {
        (exploited, likely) = (Mark::NoCve, Mark::NoCve);
    }
    if listed == 0 {
        exploited = Mark::NoData;
    }
    if predicted == 0 {
        likely = Mark::NoData;
    }
    Ok(Marks { exploited, likely })
}

/// The CVE numbers of one vulnerability: its own and its group's; only where there are none, those it carries downstream.
fn cves(opened: &Opened<'_>, advisory: &str, aliases: &[String]) -> Result<BTreeSet<String>, IndexError> {
    let is_cve = |id: &&str| id.starts_with("CVE-");
    let own = std::iter::once(advisory).chain(aliases.iter().map(String::as_str));
    let own: BTreeSet<String> = own.filter(is_cve).map(ToOwned::to_owned).collect();
    if !own.is_empty() {
        return Ok(own);
    }
    let mut carried = BTreeSet::new();
    for index in opened.all() {
        if let Some(number) = index.of_id(advisory)? {
            let brief = index.brief(number)?;
            let ids = brief.aliases.into_iter().chain(brief.upstream);
            carried.extend(ids.filter(is_cve).map(ToOwned::to_owned));
        }
    }
    Ok(carried)
}

/// Both marks in the cell of a table.
pub(super) fn cell(cx: &Cx, marks: &Marks) -> Markup {
    if marks.exploited == Mark::NoCve && marks.likely == Mark::NoCve {
        return html! { span.quiet { (absent(cx, &marks.likely)) } };
    }
    html! {
        @match &marks.exploited {
            Mark::There(..) => span.tag.bad { (cx.say("悪用を確認", "exploited")) },
            other => span.quiet { "KEV " (absent(cx, other)) },
        }
        br;
        @match &marks.likely {
            Mark::There(_, forecast) => span { "EPSS " (percent(forecast.score)) },
            other => span.quiet { "EPSS " (absent(cx, other)) },
        }
    }
}

/// Both marks as facts of a finding, with what they rest on.
pub(super) fn facts(cx: &Cx, marks: &Marks) -> Markup {
    html! {
        div { dt { (cx.say("悪用の確認（CISA KEV）", "Known exploitation (CISA KEV)")) } dd {
            @match &marks.exploited {
                Mark::There(cve, found) => {
                    span.tag.bad { (cx.say("悪用を確認", "exploited")) } " " (cve)
                    @if let Some(day) = &found.added { " · " (cx.say("掲載日 ", "listed on ")) (day) }
                    @if found.ransomware == Ransomware::Known { " · " (cx.say("身代金要求での悪用が知られている", "used for ransom")) }
                },
                other => { (absent(cx, other)) @if *other == Mark::NotThere { " " span.quiet { (cx.say("（悪用されていないことの証明ではない）", "(no proof that it is not exploited)")) } } },
            }
        } }
        div { dt { (cx.say("30日以内に悪用される確率の推定（EPSS）", "Estimated chance of exploitation within 30 days (EPSS)")) } dd {
            @match &marks.likely {
                Mark::There(cve, found) => {
                    (percent(found.score)) " · " (cve)
                    @if let Some(share) = found.percentile { " · " (cx.say("全体の中で上位 ", "in the top ")) (percent(1.0 - share)) }
                    @if let Some(day) = &found.date { " · " (day.get(..10).unwrap_or(day)) (cx.say("の推定", " estimate")) }
                },
                other => (absent(cx, other)),
            }
        } }
    }
}

fn absent<T>(cx: &Cx, mark: &Mark<T>) -> &'static str {
    match mark {
        Mark::NoData => cx.lang.pick("データが手元にない", "no such data at hand"),
        Mark::NoCve => cx.lang.pick("CVE番号がなく調べられない", "no CVE to look up"),
        Mark::NotThere | Mark::There(..) => cx.lang.pick("掲載なし", "not listed"),
    }
}

/// A share in percent, as far as it says something.
fn percent(share: f64) -> String {
    let percent = share.clamp(0.0, 1.0) * 100.0;
    if percent > 0.0 && percent < 0.1 { "< 0.1 %".to_owned() } else { format!("{percent:.1} %") }
}

#[cfg(test)]
mod tests {
    use bulk::map::swap;
    use bulk::vulns::Live;
    use cyber::advisory::{epss, kev};
    use cyber::index::{About, Block, Builder};

    use super::super::engine::advisories;
    use super::super::lookup::Known;
    use super::*;

    const RECORD: &str = r#"[{ "id": "GHSA-1", "aliases": ["CVE-2026-0001"], "modified": "2026-01-01T00:00:00Z", "affected": [] },
        { "id": "USN-1", "upstream": ["CVE-2026-0002"], "modified": "2026-01-01T00:00:00Z", "affected": [] }]"#;

    fn known(folder: &std::path::Path, with_catalogues: bool) -> Known {
        let mut builder = Builder::default();
        builder.add(Block::of(advisories(RECORD.as_bytes()).unwrap(), 0));
        if with_catalogues {
            let listed = r#"{ "catalogVersion": "1", "dateReleased": "2026-02-01T00:00:00Z", "vulnerabilities": [{ "cveID": "CVE-2026-0002", "dateAdded": "2026-02-01", "dueDate": "2026-02-20", "knownRansomwareCampaignUse": "Known" }] }"#;
            builder.exploited(&kev::read_json(listed.as_bytes()).unwrap().value);
            let scores = "#model_version:v2025.03.14,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.42,0.97\n";
            builder.predicted(&epss::read_csv(scores.as_bytes()).unwrap().value);
        }
        let path = folder.join("vulns.index");
        swap(&path, &builder.finish(&About::default()).unwrap()).unwrap();
        let live = Live::at(&path);
        live.look();
        Known::with(Some(live))
    }

    fn marks(known: &Known, advisory: &str, aliases: &[&str]) -> Marks {
        let data = known.data().unwrap();
        let aliases: Vec<String> = aliases.iter().map(|one| (*one).to_owned()).collect();
        of(&data.opened().unwrap(), advisory, &aliases).unwrap()
    }

    #[test]
    fn not_at_hand_not_to_be_looked_up_and_not_listed_are_three_answers() {
        let folder = tempfile::tempdir().unwrap();
        let with = known(folder.path(), true);
        let first = marks(&with, "GHSA-1", &["CVE-2026-0001"]);
        assert_eq!(first.exploited, Mark::NotThere);
        assert!(
            matches!(&first.likely, Mark::There(cve, found) if cve == "CVE-2026-0001" && found.score > 0.4)
        );
        let second = marks(&with, "USN-1", &[]);
        assert!(matches!(&second.exploited, Mark::There(cve, _) if cve == "CVE-2026-0002"), "{second:?}");
        assert_eq!(second.is_exploited(), Some(true));
        assert_eq!(marks(&with, "OWN-1", &[]).exploited, Mark::NoCve);
        let without = known(folder.path(), false);
        let none = marks(&without, "GHSA-1", &["CVE-2026-0001"]);
        assert_eq!((none.exploited.clone(), none.is_exploited()), (Mark::NoData, None));
        assert_eq!(marks(&Known::default(), "GHSA-1", &[]).likely, Mark::NoData);
    }
}
