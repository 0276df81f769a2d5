//! Verdicts, reasons and steps as a person reads them, in both languages. Nothing is decided here.

use std::cmp::Ordering;

use base::Names;

use super::scan::Unasked;
use super::verdict::{Affects, Clear, Reason, Step, Verdict};
use crate::advisory::{Affected, Event};

/// What a verdict needs of the entry it was judged by, to be told.
pub trait Told {
    /// A listed version; empty when there is none.
    fn version(&self, at: usize) -> &str;
    /// The events of a range in the order of the record.
    fn events(&self, range: usize) -> Vec<Event>;
}

impl Told for Affected {
    fn version(&self, at: usize) -> &str {
        self.versions.get(at).map_or("", String::as_str)
    }

    fn events(&self, range: usize) -> Vec<Event> {
        self.ranges.get(range).map(|range| range.events.clone()).unwrap_or_default()
    }
}

impl Verdict {
    /// The answer in a word.
    pub fn names(self) -> Names {
        match self {
            Verdict::Affected(_) => Names::of("影響あり", "affected"),
            Verdict::NotAffected(_) => Names::of("影響なし", "not affected"),
            Verdict::Undetermined(_) => Names::of("判定できない", "undetermined"),
        }
    }

    /// Why, given the entry of the advisory it was judged by.
    pub fn why(self, entry: &impl Told) -> Names {
        match self {
            Verdict::Affected(Affects::Listed(at)) => {
                let version = entry.version(at);
                Names::of(
                    format!("版{version}が影響を受ける版として挙げられている"),
                    format!("version {version} is listed as affected"),
                )
            }
            Verdict::Affected(Affects::InRange(at)) => {
                let range = told_range(&entry.events(at));
                Names::of(
                    format!("影響を受ける範囲にある：{range}"),
                    format!("lies in the affected range: {range}"),
                )
            }
            Verdict::Affected(Affects::Configured(_)) => Names::of(
                "CPEによる構成に、版を含めて当てはまる",
                "fits a configuration of CPE names, its version included",
            ),
            Verdict::Affected(Affects::Named) => {
                Names::of("情報がこの版そのものを名指ししている", "the advisory names this very version")
            }
            Verdict::Affected(Affects::Rest) => Names::of(
                "情報は、述べていない版をすべて影響ありとしている",
                "the source says that every version it does not speak of is affected",
            ),
            Verdict::NotAffected(Clear::Withdrawn) => {
                Names::of("この情報は取り下げられている", "the advisory was withdrawn")
            }
            Verdict::NotAffected(Clear::NotNamed) => {
                Names::of("この部品についての情報ではない", "it does not speak of this component")
            }
            Verdict::NotAffected(Clear::OutsideVersions) => {
                Names::of("影響を受ける版でも範囲でもない", "neither a listed version nor in a range")
            }
            Verdict::NotAffected(Clear::NotConfigured) => {
                Names::of("CPEによる構成に当てはまらない", "fits no configuration of CPE names")
            }
            Verdict::Undetermined(reason) => reason.names(),
        }
    }
}

impl Reason {
    /// Why nothing can be determined.
    pub fn names(self) -> Names {
        match self {
            Reason::NoVersion => Names::of("部品の版が書かれていない", "the component has no version"),
            Reason::BuiltFromTree => Names::of(
                "作業中のソースから作られ、版がない（(devel)）",
                "built from a working tree, no version: (devel)",
            ),
            Reason::VersionUnreadable => Names::of(
                "部品の版が、その配布元の版の書き方ではない",
                "the component's version is none of its ecosystem",
            ),
            Reason::BoundUnreadable => Names::of(
                "情報に書かれた範囲の端が、版として読めない",
                "a bound of the advisory cannot be read as a version",
            ),
            Reason::OrderUnknown => {
                Names::of("版の順序が知られていない", "the order of versions is not known")
            }
            Reason::OnlyCommits => Names::of("コミットだけが示されている", "only commits are given"),
            Reason::NoVersionsStated => {
                Names::of("情報に版が書かれていない", "the advisory names no versions")
            }
            Reason::RangeKindUnknown => {
                Names::of("知られていない種類の範囲", "a kind of range that is not known")
            }
            Reason::PartUnread => {
                Names::of("情報の一部が読めなかった", "a part of the advisory could not be read")
            }
            Reason::ReleaseUnknown => Names::of(
                "ディストリビューションの版が分からない",
                "the release of the distribution is not known",
            ),
            Reason::OtherRepository => Names::of(
                "別のリポジトリの同名の部品についての情報",
                "the package of this name in another repository is meant",
            ),
            Reason::VersionOpen => {
                Names::of("製品のCPEが版を特定していない", "the product's CPE leaves its version open")
            }
            Reason::NameOverlaps => Names::of(
                "CPEの名前が部分的にしか重ならない",
                "the CPE names overlap, and neither contains the other",
            ),
            Reason::SurroundingsUnknown => Names::of(
                "動作環境についての条件が、部品表からは分からない",
                "the bill says nothing of the surroundings that are asked about",
            ),
            Reason::ShapesDiffer => Names::of(
                "版の書き方が異なり、前後を決められない",
                "the versions are written in different shapes and have no order",
            ),
            Reason::DistributionJudges => Names::of(
                "ディストリビューションの部品であり、その情報によって判定する",
                "a distribution's package, judged by that distribution's advisories",
            ),
            Reason::SourceOpen => {
                Names::of("情報が影響の有無を不明としている", "the source says that it does not know")
            }
        }
    }
}

impl Unasked {
    /// Why a component could not be looked up.
    pub fn names(self) -> Names {
        match self {
            Unasked::NoName => Names::of(
                "Package URLもCPEもない",
                "it bears neither a package URL nor a CPE name to look up",
            ),
            Unasked::NameUnreadable => {
                Names::of("Package URL又はCPEが読めない", "its package URL or CPE name cannot be read")
            }
            Unasked::ProductOpen => Names::of(
                "CPEが、どの製造者のどの製品かを特定していない",
                "its CPE name leaves open whose product it is",
            ),
            Unasked::NoEcosystem => Names::of(
                "この種類の部品には脆弱性情報の配布元がない",
                "no advisories are published for its type",
            ),
            Unasked::NoData => Names::of(
                "手元のデータにこの配布元の情報がない",
                "the data at hand hold nothing of its ecosystem",
            ),
        }
    }
}

impl Step {
    /// What was compared with what, given the entry and the component's version.
    pub fn names(&self, entry: &Affected, version: &str) -> Names {
        match self {
            Step::Listed { of: 0, .. } => Names::of("版の列挙はない", "no versions are listed"),
            Step::Listed { equal: None, of } => Names::of(
                format!("挙げられた{of}の版のどれとも等しくない"),
                format!("equals none of the {of} listed versions"),
            ),
            Step::Listed { equal: Some(at), .. } => {
                let listed = entry.versions.get(*at).map_or("", String::as_str);
                Names::of(
                    format!("挙げられた版{listed}と等しい"),
                    format!("equals the listed version {listed}"),
                )
            }
            Step::RangeSkipped { range, reason } => skipped(*range, *reason),
            Step::Limits { range, before } => {
                let number = range + 1;
                if *before {
                    Names::of(
                        format!("範囲{number}の限度より前"),
                        format!("before a limit of range {number}"),
                    )
                } else {
                    Names::of(
                        format!("範囲{number}の限度の外"),
                        format!("beyond the limits of range {number}"),
                    )
                }
            }
            Step::Event { range, event, order, affected } => {
                let event = entry.ranges.get(*range).and_then(|range| range.events.get(*event));
                compared(event, *order, *affected, version)
            }
        }
    }
}

fn skipped(range: usize, reason: Option<Reason>) -> Names {
    let number = range + 1;
    match reason {
        None => Names::of(
            format!("範囲{number}はコミットで、ほかの範囲か列挙が同じことを述べている"),
            format!("range {number} tells by commits what another range or the list tells"),
        ),
        Some(reason) => {
            let why = reason.names();
            Names::of(
                format!("範囲{number}は判定できない：{}", why.ja),
                format!("range {number} cannot be judged: {}", why.en),
            )
        }
    }
}

fn compared(event: Option<&Event>, order: Ordering, affected: bool, version: &str) -> Names {
    let sign = match order {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    };
    let (ja, en) = match event {
        Some(Event::Introduced(_)) => ("混入", "introduced"),
        Some(Event::Fixed(_)) => ("修正", "fixed"),
        Some(Event::LastAffected(_)) => ("影響する最後の版", "last affected"),
        Some(Event::Limit(_)) => ("限度", "limit"),
        None => ("", ""),
    };
    let bound = event.map_or("", Event::version);
    let (after_ja, after_en) =
        if affected { ("影響あり", "affected") } else { ("影響なし", "not affected") };
    Names::of(
        format!("{version} {sign} {bound}（{ja}）→ {after_ja}"),
        format!("{version} {sign} {bound} ({en}) → {after_en}"),
    )
}

/// `≥ 1.2, < 1.4`: events of a range in the order of the record.
pub fn told_range(events: &[Event]) -> String {
    let told: Vec<String> = events
        .iter()
        .map(|event| match event {
            Event::Introduced(text) if text == "0" => "≥ 0".to_owned(),
            Event::Introduced(text) => format!("≥ {text}"),
            Event::Fixed(text) | Event::Limit(text) => format!("< {text}"),
            Event::LastAffected(text) => format!("≤ {text}"),
        })
        .collect();
    told.join(", ")
}
