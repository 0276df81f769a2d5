//! The CSV groups of the RS system, what each is called, and how a header tells them apart.

use base::Names;

use super::columns::{self, COMMON, Column};
use super::header::header_key;

/// One of the fifteen kinds of CSV file that the RS system publishes for a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// 1-1 組織情報
    Organisation,
    /// 1-2 事業概要等
    Overview,
    /// 1-3 政策・施策、法令等
    Policies,
    /// 1-4 補助率等
    Subsidies,
    /// 1-5 関連事業
    Related,
    /// 2-1 予算・執行サマリ
    Budget,
    /// 2-2 予算種別・歳出予算項目
    BudgetItems,
    /// 3-1 目標・実績
    Results,
    /// 3-2 目標のつながり
    Logic,
    /// 4-1 点検・評価
    Review,
    /// 5-1 支出情報
    Recipients,
    /// 5-2 支出ブロックのつながり
    Flow,
    /// 5-3 費目・使途
    Uses,
    /// 5-4 国庫債務負担行為等による契約
    Contracts,
    /// 6-1 その他備考
    Remarks,
}

impl Group {
    /// All, in the order of their numbers.
    pub const ALL: [Group; 15] = [
        Group::Organisation,
        Group::Overview,
        Group::Policies,
        Group::Subsidies,
        Group::Related,
        Group::Budget,
        Group::BudgetItems,
        Group::Results,
        Group::Logic,
        Group::Review,
        Group::Recipients,
        Group::Flow,
        Group::Uses,
        Group::Contracts,
        Group::Remarks,
    ];

    /// The number in the names of its files: `2-1`.
    pub fn number(self) -> &'static str {
        match self {
            Group::Organisation => "1-1",
            Group::Overview => "1-2",
            Group::Policies => "1-3",
            Group::Subsidies => "1-4",
            Group::Related => "1-5",
            Group::Budget => "2-1",
            Group::BudgetItems => "2-2",
            Group::Results => "3-1",
            Group::Logic => "3-2",
            Group::Review => "4-1",
            Group::Recipients => "5-1",
            Group::Flow => "5-2",
            Group::Uses => "5-3",
            Group::Contracts => "5-4",
            Group::Remarks => "6-1",
        }
    }

    /// What a person is told it is.
    pub fn names(self) -> Names {
        let (ja, en) = match self {
            Group::Organisation => ("組織情報", "organisations"),
            Group::Overview => ("事業概要等", "overview"),
            Group::Policies => ("政策・施策、法令等", "policies, laws and plans"),
            Group::Subsidies => ("補助率等", "subsidy rates"),
            Group::Related => ("関連事業", "related programmes"),
            Group::Budget => ("予算・執行", "budget and execution"),
            Group::BudgetItems => ("歳出予算項目", "budget items"),
            Group::Results => ("目標・実績", "goals and results by year"),
            Group::Logic => ("目標のつながり", "logic model"),
            Group::Review => ("点検・評価", "review"),
            Group::Recipients => ("支出先", "recipients"),
            Group::Flow => ("支出ブロックのつながり", "flow between blocks"),
            Group::Uses => ("費目・使途", "uses of the money"),
            Group::Contracts => ("国庫債務負担行為等による契約", "treasury-obligation contracts"),
            Group::Remarks => ("その他備考", "remarks"),
        };
        Names::of(format!("{} {ja}", self.number()), format!("{} {en}", self.number()))
    }

    /// Columns without which a file of this group says nothing.
    pub(crate) fn needs(self) -> &'static [&'static str] {
        match self {
            Group::Organisation => &["府省庁（その他担当組織）"],
            Group::Overview => &["事業の目的", "事業の概要"],
            Group::Policies => &["法令名", "計画通知名"],
            Group::Subsidies => &["補助率"],
            Group::Related => &["関連事業の事業ID", "関連性"],
            Group::Budget => &["予算年度", "当初予算（合計）", "執行額（合計）"],
            Group::BudgetItems => &["予算年度", "予算種別", "予算額（歳出予算項目ごと）"],
            Group::Results => {
                &["種別（アクティビティ・アウトプット・アウトカム）", "目標年度／目標値／実績値／達成率"]
            }
            Group::Logic => &[
                "派生元ー種別（アクティビティ・アウトプット・アウトカム）",
                "派生先ー種別（アクティビティ・アウトプット・アウトカム）",
            ],
            Group::Review => &["行政事業レビュー推進チームの所見"],
            Group::Recipients => &["支出先名", "支出先ブロック名", "金額"],
            Group::Flow => &["支出元の支出先ブロック", "支出先の支出先ブロック"],
            Group::Uses => &["費目", "使途", "金額"],
            Group::Contracts => {
                &["契約先名（国庫債務負担行為等による契約）", "契約額（国庫債務負担行為等による契約）"]
            }
            Group::Remarks => &["備考"],
        }
    }

    /// The group a header belongs to: one that has all columns it needs, or most of its own columns. The latter lets a
    /// file that lacks a needed column be told which.
    pub(crate) fn of_header(keys: &[String]) -> Option<Group> {
        let has = |names: &[&str]| names.iter().map(|name| header_key(name)).any(|key| keys.contains(&key));
        let is_key = |column: &&Column| matches!(column.to, columns::To::Year | columns::To::Id);
        if !COMMON.iter().filter(is_key).all(|column| has(column.names)) {
            return None;
        }
        let score = |group: Group| {
            let own: &[Column] = columns::of(group);
            let found = own.iter().filter(|column| has(column.names)).count();
            let share = found * 100 / own.len();
            let belongs = share >= 50 || group.needs().iter().all(|needed| has(&[*needed]));
            // A heading that several groups have, such as 備考, must not outweigh a group with more of its columns.
            belongs.then_some((share * found.min(10), group))
        };
        Group::ALL.into_iter().filter_map(score).max_by_key(|(score, _)| *score).map(|(_, group)| group)
    }
}
