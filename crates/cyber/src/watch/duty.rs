//! From where a finding stands to what must be done and who must be told, each with its source. No rule that was seen prints a number of
//! days: clocks are the maker's own and say so, or there is none. Nothing is sent from here.

use base::{Names, Source};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::life::{Dates, Milestone, Paper, Stage};
use super::rules;
use super::triage::Progress;

/// What is known of one finding for one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Where the product stands in its life.
    pub stage: Stage,
    /// What the matching, or the maker's statement, says.
    pub answer: Answer,
    /// How far it was dealt with.
    pub progress: Progress,
    /// How grave it is.
    pub grade: Grade,
    /// The vulnerability is in the maker's own product, not in a component of others.
    pub own: bool,
    /// The day it was found.
    pub found: Date,
    /// The day the last step was taken, where there was one.
    pub moved: Option<Date>,
}

/// Whether the product is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It is.
    Affected,
    /// That is not determined.
    Undetermined,
    /// It is not: an advisory speaks of a component, and the maker has written why it does not concern the product.
    NotAffected,
}

/// How grave a vulnerability is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grade {
    /// High or critical.
    High,
    /// Below.
    Lower,
    /// Not said: counts as high until it is.
    Unknown,
}

/// What must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Evaluate it.
    Evaluate,
    /// Make an update or another measure.
    Act,
    /// Tell the users on record of the product.
    TellUsers,
    /// Give customers an advisory although no update is needed.
    Advise,
    /// Keep the written evaluation, and an advisory ready.
    KeepReason,
    /// Tell customers of a serious one after the end of support, disconnecting included.
    AdviseDisconnect,
    /// Coordinate with JPCERT/CC.
    Coordinate,
    /// Have a CVE number given and registered.
    RegisterCve,
    /// Decide whether a malfunction must be reported.
    ConsiderReport,
    /// A hospital that was attacked tells the ministry.
    TellMinistry,
    /// Give customers a document.
    Provide(Paper, Milestone),
    /// Tell customers the end of support.
    TellEndOfSupport,
}

/// Who must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Nobody outside.
    Inside,
    /// The hospitals and others that are on record as users of the product.
    Users,
    /// JPCERT/CC.
    Jpcert,
    /// The authority that takes reports of malfunctions.
    Authority,
    /// The health policy bureau of the health ministry (医政局).
    Ministry,
}

/// Until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Nobody states a deadline.
    NotStated,
    /// A day that the rule itself names by another day of the product's life.
    Rule(Date),
    /// A day that the maker's own procedure sets.
    Own {
        /// The day.
        by: Date,
        /// Where the maker has written it.
        basis: String,
    },
}

/// A duty with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub duty: Duty,
    /// Who is told.
    pub audience: Audience,
    /// Until when.
    pub clock: Clock,
    /// Who says so.
    pub source: Source,
}

/// Days a maker gives itself for a kind of duty, and where it has written that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnClock {
    /// Which duty: `evaluate`, `act`, `tell-users`, …
    pub duty: String,
    /// Days.
    pub days: u32,
    /// The maker's document.
    pub basis: String,
}

/// What a finding asks for.
pub fn of_finding(situation: &Situation, clocks: &[OwnClock]) -> Vec<Due> {
    let mut duties = Vec::new();
    let due = |duty: Duty| duty.due(situation.moved.unwrap_or(situation.found), clocks);
    let serious = situation.grade != Grade::Lower;
    match situation.progress {
        Progress::New | Progress::Evaluating => {
            duties.push(Duty::Evaluate.due(situation.found, clocks));
            // Its customers cannot wait for an update that never comes.
            if situation.stage == Stage::Ended && situation.answer == Answer::Affected && serious {
                duties.push(due(Duty::AdviseDisconnect));
            }
        }
        Progress::NoAction => {
            if serious {
                duties.push(due(Duty::KeepReason));
            }
            if situation.stage == Stage::Limited && situation.answer == Answer::Affected {
                duties.push(due(Duty::Advise));
            }
        }
        Progress::Decided if situation.stage == Stage::Ended => {
            duties.push(due(if serious { Duty::AdviseDisconnect } else { Duty::Advise }));
        }
        Progress::Decided => duties.push(due(Duty::Act)),
        Progress::Fixed | Progress::Mitigated => duties.push(due(Duty::TellUsers)),
        Progress::Told | Progress::Closed => {}
    }
    let confirmed = matches!(situation.progress, Progress::Decided | Progress::Fixed | Progress::Mitigated);
    if confirmed && serious && situation.answer == Answer::Affected {
        duties.push(due(Duty::ConsiderReport));
    }
    if situation.own && situation.answer == Answer::Affected && confirmed {
        duties.extend([due(Duty::Coordinate), due(Duty::RegisterCve)]);
    }
    duties
}

/// What no finding asks for, but an attack on a hospital that uses the product does; it is the hospital's to do.
pub fn of_attack() -> Due {
    Due {
        duty: Duty::TellMinistry,
        audience: Duty::TellMinistry.audience(),
        clock: Clock::NotStated,
        source: Duty::TellMinistry.source(),
    }
}

/// What the life of a product asks for on a day: documents not given yet, and the end of support not told.
pub fn of_life(dates: &Dates, given: &[(Milestone, Paper)], today: Date, clocks: &[OwnClock]) -> Vec<Due> {
    let mut duties = Vec::new();
    for milestone in dates.reached(today) {
        let reached = match milestone {
            Milestone::Release => dates.released,
            Milestone::EndOfLife => dates.end_of_life,
            Milestone::EndOfSupport => dates.end_of_support,
        };
        for paper in milestone.papers() {
            if !given.contains(&(milestone, *paper)) {
                duties.push(Duty::Provide(*paper, milestone).due(reached.unwrap_or(today), clocks));
            }
        }
    }
    if let (Some(life), None) = (dates.end_of_life, dates.end_of_support_told) {
        duties.push(Due { clock: Clock::Rule(life), ..Duty::TellEndOfSupport.due(life, &[]) });
    }
    duties
}

impl Duty {
    /// The names of all, in files and commands.
    pub const KEYS: [&str; 12] = [
        "evaluate",
        "act",
        "tell-users",
        "advise",
        "keep-reason",
        "advise-disconnect",
        "coordinate",
        "register-cve",
        "consider-report",
        "tell-ministry",
        "provide",
        "tell-end-of-support",
    ];

    fn due(self, from: Date, clocks: &[OwnClock]) -> Due {
        let own = clocks.iter().find(|clock| clock.duty == self.key());
        let clock = own.and_then(|own| {
            let by = from.checked_add(i64::from(own.days).days()).ok()?;
            Some(Clock::Own { by, basis: own.basis.clone() })
        });
        Due {
            duty: self,
            audience: self.audience(),
            clock: clock.unwrap_or(Clock::NotStated),
            source: self.source(),
        }
    }

    /// Its name in files and commands.
    pub fn key(self) -> &'static str {
        match self {
            Duty::Evaluate => "evaluate",
            Duty::Act => "act",
            Duty::TellUsers => "tell-users",
            Duty::Advise => "advise",
            Duty::KeepReason => "keep-reason",
            Duty::AdviseDisconnect => "advise-disconnect",
            Duty::Coordinate => "coordinate",
            Duty::RegisterCve => "register-cve",
            Duty::ConsiderReport => "consider-report",
            Duty::TellMinistry => "tell-ministry",
            Duty::Provide(..) => "provide",
            Duty::TellEndOfSupport => "tell-end-of-support",
        }
    }

    fn audience(self) -> Audience {
        match self {
            Duty::Evaluate | Duty::Act | Duty::KeepReason => Audience::Inside,
            Duty::TellUsers
            | Duty::Advise
            | Duty::AdviseDisconnect
            | Duty::Provide(..)
            | Duty::TellEndOfSupport => Audience::Users,
            Duty::Coordinate | Duty::RegisterCve => Audience::Jpcert,
            Duty::ConsiderReport => Audience::Authority,
            Duty::TellMinistry => Audience::Ministry,
        }
    }

    fn source(self) -> Source {
        match self {
            Duty::Evaluate => rules::standard("9.3, 9.4"),
            Duty::Act | Duty::TellUsers => rules::notice(""),
            Duty::Advise | Duty::KeepReason | Duty::AdviseDisconnect => rules::handbook("p.25"),
            // The notice names the partnership; the handbook what goes to JPCERT/CC, reports and the bureau.
            Duty::Coordinate => rules::notice("情報セキュリティ早期警戒パートナーシップ"),
            Duty::RegisterCve | Duty::ConsiderReport | Duty::TellMinistry => rules::handbook("p.20"),
            Duty::Provide(_, milestone) => milestone.source(),
            Duty::TellEndOfSupport => rules::handbook("p.22-25"),
        }
    }

    /// What it is, said to those who do it.
    pub fn names(self) -> Names {
        match self {
            Duty::Evaluate => Names::of("評価する", "evaluate it"),
            Duty::Act => Names::of("修正、緩和又は補完的対策を行う", "fix, mitigate or compensate"),
            Duty::TellUsers => {
                Names::of("その製品を使用する医療機関に知らせる", "tell the hospitals that use the product")
            }
            Duty::Advise => {
                Names::of("顧客に注意喚起する（更新は不要）", "give customers an advisory (no update needed)")
            }
            Duty::KeepReason => Names::of(
                "該当しない理由の評価記録を保管し、注意喚起を用意する",
                "keep the written evaluation why it does not concern the product, and an advisory ready",
            ),
            Duty::AdviseDisconnect => Names::of(
                "サポート終了後の重大な脆弱性を、ネットワークからの切離しを含め顧客に知らせる",
                "tell customers of a serious vulnerability after the end of support, disconnecting included",
            ),
            Duty::Coordinate => Names::of(
                "情報セキュリティ早期警戒パートナーシップを通じて届け出て、JPCERT/CCと調整する",
                "report it through the early-warning partnership and coordinate with JPCERT/CC",
            ),
            // That it may apply was read, when it does was not.
            Duty::ConsiderReport => Names::of(
                "不具合等の報告が要るか判断し、理由を残す（要件は人が確かめること）",
                "decide whether it must be reported as a malfunction, and keep why (a person must check when that is)",
            ),
            Duty::TellMinistry => Names::of(
                "製品を使う医療機関がサイバー攻撃を受けたときは、医療機関が厚生労働省医政局に連絡する（方法は人が確かめること）",
                "a hospital that uses the product and was attacked tells the health policy bureau of the health ministry (a person must check how)",
            ),
            Duty::RegisterCve => Names::of("CVE番号の採番と登録", "have a CVE number given and registered"),
            Duty::Provide(paper, milestone) => {
                let (paper, milestone) = (paper.names(), milestone.names());
                Names::of(
                    format!("{}を提供する（{}）", paper.ja, milestone.ja),
                    format!("give customers: {} ({})", paper.en, milestone.en),
                )
            }
            Duty::TellEndOfSupport => {
                Names::of("EOSをEOLまでに知らせる", "tell the end of support no later than the end of life")
            }
        }
    }
}

impl Audience {
    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Audience::Inside => Names::of("社内", "inside"),
            Audience::Users => Names::of("記録されている使用者（医療機関等）", "users on record"),
            Audience::Jpcert => Names::of("JPCERT/CC", "JPCERT/CC"),
            Audience::Authority => Names::of(
                "不具合等報告の窓口（PMDA）",
                "the authority that takes reports of malfunctions (PMDA)",
            ),
            Audience::Ministry => {
                Names::of("厚生労働省医政局", "health policy bureau of the health ministry")
            }
        }
    }
}

impl Clock {
    /// Until when, and by whose word.
    pub fn names(&self) -> Names {
        match self {
            Clock::NotStated => Names::of("期限の定めなし", "no deadline stated"),
            Clock::Rule(by) => Names::of(by.to_string(), by.to_string()),
            Clock::Own { by, basis } => {
                Names::of(format!("{by}（自社の定め：{basis}）"), format!("{by} (the maker's own: {basis})"))
            }
        }
    }

    /// Whether the day has passed.
    pub fn is_over(&self, today: Date) -> bool {
        matches!(self, Clock::Rule(by) | Clock::Own { by, .. } if *by < today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const FOUND: Date = date(2026, 11, 20);

    fn situation(stage: Stage, progress: Progress, grade: Grade) -> Situation {
        Situation { stage, answer: Answer::Affected, progress, grade, own: false, found: FOUND, moved: None }
    }

    fn duties(situation: &Situation) -> Vec<Duty> {
        of_finding(situation, &[]).into_iter().map(|due| due.duty).collect()
    }

    #[test]
    fn each_stage_asks_for_its_own() {
        use Grade::{High, Lower, Unknown};
        use Progress::{Decided, Fixed, New, NoAction, Told};
        for (stage, progress, grade, expected) in [
            (Stage::Supported, New, Lower, &[Duty::Evaluate][..]),
            (Stage::Supported, Decided, Lower, &[Duty::Act]),
            (Stage::Supported, NoAction, Lower, &[]),
            (Stage::Supported, NoAction, High, &[Duty::KeepReason]),
            (Stage::Supported, NoAction, Unknown, &[Duty::KeepReason]),
            (Stage::Limited, Decided, High, &[Duty::Act, Duty::ConsiderReport]),
            (Stage::Supported, Decided, Lower, &[Duty::Act]),
            (Stage::Supported, Fixed, High, &[Duty::TellUsers, Duty::ConsiderReport]),
            (Stage::Limited, NoAction, Lower, &[Duty::Advise]),
            (Stage::Limited, NoAction, High, &[Duty::KeepReason, Duty::Advise]),
            (Stage::Ended, New, Lower, &[Duty::Evaluate]),
            (Stage::Ended, New, High, &[Duty::Evaluate, Duty::AdviseDisconnect]),
            (Stage::Ended, Decided, Unknown, &[Duty::AdviseDisconnect, Duty::ConsiderReport]),
            (Stage::Unstated, Fixed, Lower, &[Duty::TellUsers]),
            (Stage::Ended, Told, High, &[]),
        ] {
            assert_eq!(
                duties(&situation(stage, progress, grade)),
                expected,
                "{stage:?} {progress:?} {grade:?}"
            );
        }
    }

    #[test]
    fn a_confirmed_vulnerability_of_its_own_goes_to_jpcert() {
        let own = |progress| Situation { own: true, ..situation(Stage::Supported, progress, Grade::Lower) };
        assert_eq!(duties(&own(Progress::New)), [Duty::Evaluate], "not before it is confirmed");
        assert_eq!(duties(&own(Progress::Decided)), [Duty::Act, Duty::Coordinate, Duty::RegisterCve]);
    }

    #[test]
    fn what_does_not_reach_the_product_is_no_malfunction_and_an_attack_is_the_ministrys() {
        let decided = situation(Stage::Supported, Progress::Decided, Grade::High);
        let open = Situation { answer: Answer::Undetermined, ..decided };
        assert_eq!(duties(&open), [Duty::Act]);
        let attack = of_attack();
        assert_eq!((attack.audience, attack.clock), (Audience::Ministry, Clock::NotStated));
    }

    #[test]
    fn the_names_of_duties_are_those_of_the_list() {
        let provide = Duty::Provide(Paper::Policy, Milestone::Release);
        let all = [
            Duty::Evaluate,
            Duty::Act,
            Duty::TellUsers,
            Duty::Advise,
            Duty::KeepReason,
            Duty::AdviseDisconnect,
            Duty::Coordinate,
            Duty::RegisterCve,
            Duty::ConsiderReport,
            Duty::TellMinistry,
            provide,
            Duty::TellEndOfSupport,
        ];
        assert_eq!(all.map(Duty::key), Duty::KEYS);
    }

    #[test]
    fn a_clock_is_the_makers_own_or_there_is_none() {
        let clocks = [OwnClock { duty: "evaluate".into(), days: 10, basis: "SOP-12".into() }];
        let new = situation(Stage::Supported, Progress::New, Grade::High);
        let [due] = &of_finding(&new, &clocks)[..] else { unreachable!("one duty") };
        assert_eq!(due.clock, Clock::Own { by: date(2026, 11, 30), basis: "SOP-12".into() });
        assert!(!due.clock.is_over(date(2026, 11, 30)) && due.clock.is_over(date(2026, 12, 1)));
        assert_eq!(of_finding(&new, &[])[0].clock, Clock::NotStated);
    }

    #[test]
    fn documents_are_due_from_their_milestone_until_they_are_given() {
        let dates = Dates {
            released: Some(date(2020, 1, 1)),
            end_of_life: Some(date(2026, 1, 1)),
            end_of_support: Some(date(2028, 1, 1)),
            end_of_support_told: None,
        };
        let mut given: Vec<_> =
            Milestone::Release.papers().iter().map(|paper| (Milestone::Release, *paper)).collect();
        given
            .extend(Milestone::EndOfLife.papers().iter().skip(1).map(|paper| (Milestone::EndOfLife, *paper)));
        let due: Vec<Duty> = of_life(&dates, &given, FOUND, &[]).into_iter().map(|due| due.duty).collect();
        let notice = Duty::Provide(Paper::EndOfLifeNotice, Milestone::EndOfLife);
        assert_eq!(due, [notice, Duty::TellEndOfSupport]);
        assert!(!Milestone::EndOfSupport.papers().contains(&Paper::MaintenancePlan));
    }
}
