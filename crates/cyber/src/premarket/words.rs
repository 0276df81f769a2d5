//! What a verdict, its evidence and what is lacking say to a person, in both languages.

use base::Names;

use super::case::Status;
use super::fact::Fact;
use super::verdict::{
    AnalysisPart, Evidence, FindingLacks, FindingPlace, Lacking, LifeDay, Line, Outside, Part, Verdict,
};

impl Verdict {
    /// For a person.
    pub fn names(self) -> Names {
        match self {
            Verdict::Met => Names::of("満たす", "met"),
            Verdict::NotMet => Names::of("満たさない", "not met"),
            Verdict::NotShown => Names::of("示されていない", "not shown"),
            Verdict::NotApplicable => Names::of("適用なし", "not applicable"),
        }
    }
}

impl Outside {
    /// Why a rule does not apply.
    pub fn names(&self) -> Names {
        match self {
            Outside::Facts(facts) => joined(facts.iter().map(|(fact, is)| stated(*fact, *is))),
            Outside::NotYet(day) => {
                Names::of(format!("{day} から適用される"), format!("it applies from {day} on"))
            }
            Outside::Transition(day) => {
                Names::of(format!("{day} までは経過措置の期間"), format!("a transition ran until {day}"))
            }
            Outside::Proposal => {
                Names::of("構想であり、まだ求められない", "it is a proposal; nothing is asked yet")
            }
        }
    }
}

impl Evidence {
    /// What a verdict rests on.
    pub fn names(&self) -> Names {
        let line = |line: usize| (format!("{line}行目"), format!("line {line}"));
        match self {
            Evidence::Fact(fact, is) => stated(*fact, *is),
            Evidence::Row { item, summary, document, number, line: at } => {
                let Names { ja, en, .. } = at.names();
                let told = told([summary, document, number]);
                let item = item.names();
                Names::of(format!("{}：{told}（{ja}）", item.ja), format!("{}: {told} ({en})", item.en))
            }
            Evidence::Document { kind, title, id, version, date, line: at } => {
                let (ja, en) = line(*at);
                let date = date.map(|date| date.to_string());
                let told = told([title, id, version, &date]);
                let kind = kind.names();
                Names::of(format!("{}：{told}（{ja}）", kind.ja), format!("{}: {told} ({en})", kind.en))
            }
            Evidence::Bill { file, asked } => {
                Names::of(format!("{file}：{asked}件を確認"), format!("{file}: {asked} looked at"))
            }
            Evidence::LookedUp { components, findings } => Names::of(
                format!("部品{components}件を照合、この規則に関わる脆弱性{findings}件"),
                format!("{components} components looked up, {findings} findings that the rule asks about"),
            ),
            Evidence::State(state) => {
                let state = state.names();
                Names::of(format!("状態：{}", state.ja), format!("state: {}", state.en))
            }
            Evidence::Day(which, day) => {
                let which = which.names();
                Names::of(format!("{}：{day}", which.ja), format!("{}: {day}", which.en))
            }
            Evidence::Control { name, line: at } => {
                let (ja, en) = line(*at);
                Names::of(format!("{name}（{ja}）"), format!("{name} ({en})"))
            }
            Evidence::Mds2(true) => Names::of("MDS2：SBOMあり", "MDS2: there is an SBOM"),
            Evidence::Mds2(false) => Names::of("MDS2：SBOMなし", "MDS2: there is no SBOM"),
        }
    }
}

impl Lacking {
    /// What is missing or wrong.
    pub fn names(&self) -> Names {
        match self {
            Lacking::FactUnknown(fact) => {
                let fact = fact.names();
                Names::of(
                    format!("適用されるか分からない：「{}」か否かが不明", fact.ja),
                    format!("whether it applies is unknown: nobody has said whether this holds: {}", fact.en),
                )
            }
            Lacking::NoRow(item) => {
                let item = item.names();
                Names::of(format!("記録がない：{}", item.ja), format!("no row: {}", item.en))
            }
            Lacking::RowPart(item, part, line) => lacks_part(&item.names(), *part, &line.names()),
            Lacking::StatedNotDone(item, line) => {
                let item = item.names();
                let line = line.names();
                Names::of(
                    format!("実施していないと述べられている：{}（{}）", item.ja, line.ja),
                    format!("stated as not done: {} ({})", item.en, line.en),
                )
            }
            Lacking::NoDocument(kind) => {
                let kind = kind.names();
                Names::of(format!("文書がない：{}", kind.ja), format!("no document: {}", kind.en))
            }
            Lacking::DocumentPart(kind, part, line) => {
                let line = Line { file: None, number: *line };
                lacks_part(&kind.names(), *part, &line.names())
            }
            Lacking::DatedLater(kind, date, line) => {
                let kind = kind.names();
                Names::of(
                    format!("{}の日付 {date} が、この資料の日付より後（{line}行目）", kind.ja),
                    format!("{} is dated {date}, after the day of this file (line {line})", kind.en),
                )
            }
            Lacking::OtherVersion { kind, named, product, line } => {
                let kind = kind.names();
                Names::of(
                    format!("{}が挙げる版は {named}、製品の版は {product}（{line}行目）", kind.ja),
                    format!("{} names version {named}, the product is {product} (line {line})", kind.en),
                )
            }
            Lacking::ProductVersion => {
                Names::of("製品の版が書かれていない", "the product's version is not stated")
            }
            Lacking::NoState => Names::of("状態が書かれていない", "the state is not stated"),
            Lacking::NoDay(which) => {
                let which = which.names();
                Names::of(format!("日付がない：{}", which.ja), format!("no day: {}", which.en))
            }
            Lacking::StateContradicts(state, which, day) => {
                let (state, which) = (state.names(), which.names());
                Names::of(
                    format!("状態「{}」と{} {day} が合わない", state.ja, which.ja),
                    format!("the state “{}” does not agree with {} {day}", state.en, which.en),
                )
            }
            Lacking::After(first, day, second, other) => {
                let (first, second) = (first.names(), second.names());
                Names::of(
                    format!("{} {day} が{} {other} より後", first.ja, second.ja),
                    format!("{} {day} comes after {} {other}", first.en, second.en),
                )
            }
            Lacking::NotComeYet(which, day) => {
                let which = which.names();
                Names::of(
                    format!("{} {day} はまだ来ていない", which.ja),
                    format!("{} {day} has not come yet", which.en),
                )
            }
            Lacking::NoControl => Names::of("補完的対策がない", "no compensating control"),
            Lacking::ControlSpecification(name, line) => Names::of(
                format!("{name}：仕様がない（{line}行目）"),
                format!("{name}: no specification (line {line})"),
            ),
            Lacking::ControlDocument(name, line) => Names::of(
                format!("{name}：顧客向け文書に記載がない（{line}行目）"),
                format!("{name}: not in a document for customers (line {line})"),
            ),
            Lacking::NoMds2Answer => Names::of(
                "MDS2がSBOMの有無をどう述べるかが書かれていない",
                "it is not stated what the MDS2 says of an SBOM",
            ),
            Lacking::Mds2Contradicts(true) => Names::of(
                "MDS2はSBOMありとするが、SBOMがない",
                "the MDS2 says there is an SBOM; there is none here",
            ),
            Lacking::Mds2Contradicts(false) => Names::of(
                "MDS2はSBOMなしとするが、SBOMがある",
                "the MDS2 says there is no SBOM; there is one here",
            ),
            _ => self.of_components(),
        }
    }

    /// Whether it is about a component of a bill; those are listed apart.
    pub fn is_of_component(&self) -> bool {
        matches!(self, Lacking::ComponentLacks(..) | Lacking::ComponentUnknown(..))
    }

    fn of_components(&self) -> Names {
        match self {
            Lacking::NoBill => Names::of("SBOMがない", "no SBOM"),
            Lacking::NoComponents(file) => {
                Names::of(format!("{file}：部品がない"), format!("{file}: it has no components"))
            }
            Lacking::BillLacks(file, element) => {
                let element = element.names();
                Names::of(format!("{file}：{}がない", element.ja), format!("{file}: no {}", element.en))
            }
            Lacking::BillUnknown(file, element) => {
                let element = element.names();
                Names::of(
                    format!("{file}：{}は不明と書かれている", element.ja),
                    format!("{file}: {} is stated as unknown", element.en),
                )
            }
            Lacking::ComponentLacks(place, element) => {
                let element = element.names();
                Names::of(
                    format!("{}：{}がない", place.name, element.ja),
                    format!("{}: no {}", place.name, element.en),
                )
            }
            Lacking::ComponentUnknown(place, element) => {
                let element = element.names();
                Names::of(
                    format!("{}：{}は不明と書かれている", place.name, element.ja),
                    format!("{}: {} is stated as unknown", place.name, element.en),
                )
            }
            Lacking::Dangling { file, place, name } => Names::of(
                format!("{file} {place}：「{name}」は何も指さない"),
                format!("{file} {place}: “{name}” leads to nothing"),
            ),
            Lacking::DeviationsCut(file) => Names::of(
                format!("{file}：逸脱が多く、参照を確かめきれない"),
                format!("{file}: too many deviations to judge its references"),
            ),
            Lacking::NothingLookedUp => {
                Names::of("脆弱性情報と照合した部品がない", "no component was looked up in advisories")
            }
            Lacking::NotLookedUp(count) => Names::of(
                format!("照合できなかった部品{count}件については何も分からない"),
                format!("nothing is known of {count} components that could not be looked up"),
            ),
            Lacking::Finding(place, what) => what.names(place),
            _ => Names::default(),
        }
    }
}

impl FindingLacks {
    fn names(self, place: &FindingPlace) -> Names {
        let FindingPlace { vulnerability, component } = place;
        let (ja, en) = match self {
            FindingLacks::Statement => ("評価がない".to_owned(), "no statement".to_owned()),
            FindingLacks::Contradiction => {
                ("評価が互いに矛盾する".to_owned(), "its statements contradict each other".to_owned())
            }
            FindingLacks::StatementOfUndetermined => {
                ("当てはまるか判定できず、評価もない".to_owned(), "undetermined, and no statement".to_owned())
            }
            FindingLacks::Result => ("調査中".to_owned(), "under investigation".to_owned()),
            FindingLacks::Reason => {
                ("影響なしとする理由がない".to_owned(), "stated as not affected without a reason".to_owned())
            }
            FindingLacks::ReasonSeverityUnknown => (
                "影響なしとする理由がなく、深刻度も分からない".to_owned(),
                "stated as not affected without a reason; its severity is unknown".to_owned(),
            ),
            FindingLacks::ExploitedOpen(status) => {
                let status = status.map_or_else(|| Names::of("評価なし", "no statement"), Status::names);
                (
                    format!("悪用が確認され、残っている（{}）", status.ja),
                    format!("known to be exploited, and open ({})", status.en),
                )
            }
            FindingLacks::ExploitedUnknown => (
                "悪用されているか分からない（目録が手元にない）".to_owned(),
                "whether it is exploited is unknown (no catalogue at hand)".to_owned(),
            ),
            FindingLacks::Analysis => ("分析がない".to_owned(), "no analysis".to_owned()),
            FindingLacks::AnalysisPart(part) => {
                let part = part.names();
                (format!("分析に{}がない", part.ja), format!("its analysis lacks {}", part.en))
            }
        };
        Names::of(
            format!("{vulnerability}（{component}）：{ja}"),
            format!("{vulnerability} ({component}): {en}"),
        )
    }
}

impl LifeDay {
    /// For a person.
    pub fn names(self) -> Names {
        match self {
            LifeDay::Released => Names::of("上市日", "day of release"),
            LifeDay::Eol => Names::of("EOL", "EOL"),
            LifeDay::Eos => Names::of("EOS", "EOS"),
            LifeDay::EosTold => Names::of("EOSを知らせた日", "day EOS was told"),
            LifeDay::EosChanged => Names::of("EOSを変えた日", "day EOS was changed"),
            LifeDay::EosToldAgain => Names::of("EOSの変更を知らせた日", "day the changed EOS was told"),
        }
    }
}

impl Part {
    fn names(self) -> Names {
        match self {
            Part::Summary => Names::of("実施内容概要", "summary"),
            Part::Document => Names::of("社内文書", "internal document"),
            Part::Number => Names::of("文書番号", "document number"),
            Part::Version => Names::of("版", "version"),
            Part::Date => Names::of("日付", "date"),
            Part::ProductVersion => Names::of("製品の版", "product's version"),
        }
    }
}

impl AnalysisPart {
    fn names(self) -> Names {
        match self {
            AnalysisPart::Context => Names::of("技術的背景", "the technical context"),
            AnalysisPart::Cvss => Names::of("CVSS", "CVSS"),
            AnalysisPart::AffectedVersions => {
                Names::of("影響する製品の版", "all affected versions of the product")
            }
            AnalysisPart::RootCause => Names::of("根本原因", "the root cause"),
            AnalysisPart::Related => Names::of("関連する問題", "related issues"),
            AnalysisPart::Impact => {
                Names::of("安全と有効性への影響", "the impact on safety and effectiveness")
            }
            AnalysisPart::Rubric => Names::of("ルーブリックのベクター", "the vector by the rubric"),
        }
    }
}

fn stated(fact: Fact, is: bool) -> Names {
    let fact = fact.names();
    let (ja, en) = if is { ("はい", "yes") } else { ("いいえ", "no") };
    Names::of(format!("{}：{ja}", fact.ja), format!("{}: {en}", fact.en))
}

fn lacks_part(what: &Names, part: Part, line: &Names) -> Names {
    let part = part.names();
    Names::of(
        format!("{}：{}がない（{}）", what.ja, part.ja, line.ja),
        format!("{}: no {} ({})", what.en, part.en, line.en),
    )
}

impl Line {
    /// The place in words.
    fn names(&self) -> Names {
        let number = self.number;
        match &self.file {
            None => Names::of(format!("{number}行目"), format!("line {number}")),
            Some(file) => Names::of(format!("{file} {number}行目"), format!("{file} row {number}")),
        }
    }
}

fn joined(names: impl Iterator<Item = Names>) -> Names {
    let (ja, en): (Vec<_>, Vec<_>) = names.map(|names| (names.ja, names.en)).unzip();
    Names::of(ja.join("、"), en.join(", "))
}

fn told<const N: usize>(parts: [&Option<String>; N]) -> String {
    let said = parts.into_iter().flatten().map(|text| text.trim()).filter(|text| !text.is_empty());
    said.collect::<Vec<_>>().join(" / ")
}
