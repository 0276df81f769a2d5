//! Whether a review sheet names the Basic Plan or its Act, be it buried among others in one cell. The Act on
//! welfare equipment (福祉用具の研究開発及び普及の促進に関する法律) shares most of its title and is another law.

use serde::Serialize;

use crate::view::{Cited, Sheet};

/// What a sheet says of the plan and the Act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Naming {
    /// The words by which it names the plan.
    pub plan: Option<String>,
    /// The words by which it names the Act.
    pub act: Option<String>,
    /// A law it names that a careless reader takes for the Act.
    pub look_alike: Option<String>,
}

/// The full title is that of the Act, article 1 of which the plan is made under; the short ones are in use.
const PLAN: [&str; 4] = [
    "医療の質の向上のための医療機器の研究開発及び普及の促進に関する基本計画",
    "医療機器の研究開発及び普及の促進に関する基本計画",
    "医療機器促進基本計画",
    "医療機器基本計画",
];
const ACT: [&str; 4] = [
    "医療の質の向上のための医療機器の研究開発及び普及の促進に関する法律",
    "医療機器の研究開発及び普及の促進に関する法律",
    "医療機器研究開発促進法",
    "医療機器促進法",
];
const LOOK_ALIKE: &str = "研究開発及び普及の促進に関する法律";

/// What a sheet names; `None` if neither plan, Act nor look-alike.
pub fn naming(sheet: &Sheet) -> Option<Naming> {
    // A plan is now and then listed among the laws, and the other way round.
    let cited = || sheet.plans.iter().chain(&sheet.laws);
    let act = find(cited(), &ACT);
    let look_alike = cited().map(|cited| base::text::name_key(&cited.name)).find(|key| {
        let without_act = ACT.iter().fold(key.clone(), |key, title| key.replace(title, ""));
        without_act.contains(LOOK_ALIKE)
    });
    let naming = Naming { plan: find(cited(), &PLAN), act, look_alike };
    (naming != Naming::default()).then_some(naming)
}

fn find<'a>(cited: impl Iterator<Item = &'a Cited>, titles: &[&str]) -> Option<String> {
    let mut keys = cited.map(|cited| base::text::name_key(&cited.name));
    keys.find_map(|key| titles.iter().find(|title| key.contains(*title)).map(|title| (*title).to_owned()))
}
