//! The life of a product as the handbook (医療機器のサイバーセキュリティ導入に関する手引書) tells it: from its dates to its stage, from its stage to
//! the documents that are due, and whether it is legacy. What a finding asks for in which stage is said in `duty`.

use base::{Names, Source};
use jiff::civil::Date;

use super::rules;

/// The dates a maker states of a product; what is not stated stays open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// It came to the market.
    pub released: Option<Date>,
    /// End of life (EOL): from here on support is limited.
    pub end_of_life: Option<Date>,
    /// End of support (EOS).
    pub end_of_support: Option<Date>,
    /// The day customers were told the end of support.
    pub end_of_support_told: Option<Date>,
}

/// Where a product stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 設計開発: not yet on the market.
    Development,
    /// 支援中.
    Supported,
    /// 限定的サポート: between EOL and EOS.
    Limited,
    /// After EOS.
    Ended,
    /// Its dates do not tell.
    Unstated,
}

/// A point of its life at which documents are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Milestone {
    /// 上市.
    Release,
    /// EOL.
    EndOfLife,
    /// EOS.
    EndOfSupport,
}

/// A document for customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Paper {
    /// Security policy.
    Policy,
    /// When EOL and EOS are planned.
    LifePlan,
    /// How the product can be renewed.
    UpgradeOptions,
    /// Instructions for use and documents on security.
    Instructions,
    /// Bill of materials.
    Bill,
    /// Manufacturer Disclosure Statement for Medical Device Security.
    Mds2,
    /// Maintenance plan.
    MaintenancePlan,
    /// EOL is told.
    EndOfLifeNotice,
    /// When support ends.
    EndOfSupportPlan,
    /// EOS is told.
    EndOfSupportNotice,
}

/// How a product is protected against the threats of today; its age is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Protection {
    /// By reasonable means, such as updates.
    Reasonable,
    /// By a control outside of it, such as a firewall.
    Compensating {
        /// Which, with its specification and settings.
        control: String,
        /// Where in the customer's documents it stands.
        told_in: Option<String>,
    },
    /// It cannot be.
    Impossible,
    /// Nobody has said yet.
    #[default]
    NotAssessed,
}

/// Whether a product is legacy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Legacy {
    /// It is.
    Yes,
    /// It is not: it can be protected.
    No,
    /// It is not, by a compensating control that customers are told of.
    ByControl,
    /// A control is named, and no customer document tells of it: nobody can set it up from what they have.
    ControlNotTold,
    /// Not assessed.
    NotAssessed,
}

impl Dates {
    /// The stage on a day.
    pub fn stage(&self, today: Date) -> Stage {
        let passed = |date: Option<Date>| date.is_some_and(|date| date <= today);
        if passed(self.end_of_support) {
            Stage::Ended
        } else if passed(self.end_of_life) {
            Stage::Limited
        } else if passed(self.released) {
            Stage::Supported
        } else if self.released.is_some() {
            Stage::Development
        } else {
            Stage::Unstated
        }
    }

    /// Whether the end of support was told no later than the end of life; `None` as long as a date that decides it is open.
    pub fn told_in_time(&self, today: Date) -> Option<bool> {
        match (self.end_of_life, self.end_of_support_told) {
            (Some(life), Some(told)) => Some(told <= life),
            (Some(life), None) if life < today => Some(false),
            _ => None,
        }
    }

    /// The milestones reached by a day.
    pub fn reached(&self, today: Date) -> Vec<Milestone> {
        let dates = [
            (self.released, Milestone::Release),
            (self.end_of_life, Milestone::EndOfLife),
            (self.end_of_support, Milestone::EndOfSupport),
        ];
        dates
            .into_iter()
            .filter(|(date, _)| date.is_some_and(|date| date <= today))
            .map(|(_, one)| one)
            .collect()
    }
}

impl Milestone {
    /// The documents due at it. Those of the release are brought up to date at the later ones.
    pub fn papers(self) -> &'static [Paper] {
        match self {
            Milestone::Release => &[
                Paper::Policy,
                Paper::LifePlan,
                Paper::UpgradeOptions,
                Paper::Instructions,
                Paper::Bill,
                Paper::Mds2,
                Paper::MaintenancePlan,
            ],
            Milestone::EndOfLife => &[
                Paper::EndOfLifeNotice,
                Paper::EndOfSupportPlan,
                Paper::Policy,
                Paper::UpgradeOptions,
                Paper::Instructions,
                Paper::Bill,
                Paper::Mds2,
                Paper::MaintenancePlan,
            ],
            // After EOS nothing is maintained any more, so that its plan is not brought up to date.
            Milestone::EndOfSupport => &[
                Paper::EndOfSupportNotice,
                Paper::Policy,
                Paper::UpgradeOptions,
                Paper::Instructions,
                Paper::Bill,
                Paper::Mds2,
            ],
        }
    }

    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Milestone::Release => Names::of("上市", "release"),
            Milestone::EndOfLife => Names::of("EOL", "end of life"),
            Milestone::EndOfSupport => Names::of("EOS", "end of support"),
        }
    }

    /// Where that is said.
    pub fn source(self) -> Source {
        rules::handbook("p.22-25")
    }
}

impl Protection {
    /// Legacy means that it cannot be protected by reasonable means, whatever its age; a specified compensating control takes that away.
    pub fn legacy(&self) -> Legacy {
        match self {
            Protection::Reasonable => Legacy::No,
            Protection::Compensating { control, .. } if control.trim().is_empty() => Legacy::NotAssessed,
            Protection::Compensating { told_in: Some(place), .. } if !place.trim().is_empty() => {
                Legacy::ByControl
            }
            Protection::Compensating { .. } => Legacy::ControlNotTold,
            Protection::Impossible => Legacy::Yes,
            Protection::NotAssessed => Legacy::NotAssessed,
        }
    }
}

impl Stage {
    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Stage::Development => Names::of("設計開発", "in development"),
            Stage::Supported => Names::of("支援中", "supported"),
            Stage::Limited => Names::of("限定的サポート", "limited support"),
            Stage::Ended => Names::of("EOS", "support ended"),
            Stage::Unstated => Names::of("日付が示されていない", "dates not stated"),
        }
    }
}

impl Paper {
    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Paper::Policy => Names::of("セキュリティポリシー", "security policy"),
            Paper::LifePlan => Names::of("EOL・EOSの計画", "plan of EOL and EOS"),
            Paper::UpgradeOptions => Names::of("アップグレードの選択肢", "upgrade options"),
            Paper::Instructions => {
                Names::of("取扱説明書・顧客向けセキュリティ文書", "instructions for use, security documents")
            }
            Paper::Bill => Names::of("SBOM", "SBOM"),
            Paper::Mds2 => Names::of("MDS2", "MDS2"),
            Paper::MaintenancePlan => Names::of("保守計画", "maintenance plan"),
            Paper::EndOfLifeNotice => Names::of("EOLの通知", "notice of end of life"),
            Paper::EndOfSupportPlan => Names::of("EOSの計画", "plan of end of support"),
            Paper::EndOfSupportNotice => Names::of("EOSの通知", "notice of end of support"),
        }
    }
}

impl Legacy {
    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Legacy::Yes => Names::of(
                "レガシー（合理的な手段で防護できない）",
                "legacy: cannot be protected by reasonable means",
            ),
            Legacy::No => Names::of("レガシーではない", "not legacy"),
            Legacy::ByControl => {
                Names::of("補完的対策によりレガシーではない", "not legacy, by a compensating control")
            }
            Legacy::ControlNotTold => Names::of(
                "補完的対策が顧客文書に示されていない",
                "a compensating control that no customer document tells of",
            ),
            Legacy::NotAssessed => Names::of("評価されていない", "not assessed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 28);

    #[test]
    fn dates_tell_the_stage_and_missing_ones_leave_it_open() {
        let (past, later) = (Some(date(2026, 11, 28)), Some(date(2027, 1, 1)));
        for (released, life, support, expected) in [
            (past, later, later, Stage::Supported),
            (past, None, None, Stage::Supported),
            (past, past, later, Stage::Limited),
            (past, past, None, Stage::Limited),
            (past, past, past, Stage::Ended),
            (None, None, past, Stage::Ended),
            (later, None, None, Stage::Development),
            (None, later, None, Stage::Unstated),
            (None, None, None, Stage::Unstated),
        ] {
            let dates =
                Dates { released, end_of_life: life, end_of_support: support, end_of_support_told: None };
            assert_eq!(dates.stage(TODAY), expected, "{dates:?}");
        }
    }

    #[test]
    fn the_end_of_support_is_told_no_later_than_the_end_of_life() {
        let told = |life: Option<Date>, told: Option<Date>| {
            Dates { end_of_life: life, end_of_support_told: told, ..Dates::default() }.told_in_time(TODAY)
        };
        let life = Some(date(2026, 6, 1));
        assert_eq!(told(life, Some(date(2026, 6, 1))), Some(true));
        assert_eq!(told(life, Some(date(2026, 6, 2))), Some(false));
        assert_eq!(told(life, None), Some(false));
        assert_eq!(told(Some(date(2027, 6, 1)), None), None, "there is time yet");
        assert_eq!(told(None, Some(date(2026, 6, 1))), None);
    }

    #[test]
    fn legacy_is_what_cannot_be_protected_whatever_its_age() {
        let control = |control: &str, told: Option<&str>| Protection::Compensating {
            control: control.into(),
            told_in: told.map(str::to_owned),
        };
        assert_eq!(Protection::Impossible.legacy(), Legacy::Yes);
        assert_eq!(control("firewall, port 443 only", Some("IFU 7.2")).legacy(), Legacy::ByControl);
        assert_eq!(control("firewall", None).legacy(), Legacy::ControlNotTold);
        assert_eq!(control(" ", Some("IFU")).legacy(), Legacy::NotAssessed);
        assert_eq!(Protection::default().legacy(), Legacy::NotAssessed);
    }
}
