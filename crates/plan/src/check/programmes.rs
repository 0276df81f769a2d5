//! Rules on the programmes that serve a goal: how they end, what they are called, what they achieve.

use base::{FiscalYear, Names};

use super::{Found, Rule, Severity, Text, short};
use crate::follow_up::{Analysis, ProgrammeAnswer};

pub(super) const ENDED_WITHOUT_SUCCESSOR: Rule = Rule {
    code: "S0401",
    severity: Severity::Warning,
    name: Text { ja: "後継のないまま終わった事業", en: "a programme ended without a successor" },
    explains: Text {
        ja: "ゴールに資する事業の終了年度が過ぎ、後継の事業が資料に述べられても記録されてもいない。ゴールがその事業に頼っていないか確かめ、後継があれば記録する。",
        en: "The last year of a programme that serves a goal is over, and no document or record names a successor. See whether the goal depended on it, and record the successor if there is one.",
    },
    find: |analysis| {
        let running = FiscalYear::of(analysis.question.today);
        let ended = analysis
            .follow_up
            .programmes
            .values()
            .filter_map(|programme| Some((programme, *programme.end_year.value()?)));
        let ended = ended.filter(|(programme, year)| {
            *year < running && !no_end(analysis, &programme.key) && !has_successor(analysis, &programme.key)
        });
        ended
            .map(|(programme, year)| {
                let name = &programme.name;
                let message = Names::of(
                    format!("「{name}」は{}で終了し、後継の記録がない", year.japanese()),
                    format!("“{name}” ended with {year}; no successor is on record"),
                );
                Found::whole(programme.sources.clone(), message)
                    .with("programme", &programme.key)
                    .with("end_year", year)
            })
            .collect()
    },
};

pub(super) const DUPLICATE_NAME: Rule = Rule {
    code: "S0402",
    severity: Severity::Warning,
    name: Text { ja: "同じ名の事業が複数ある", en: "several programmes bear one name" },
    explains: Text {
        ja: "取組状況が挙げる事業名が、複数の事業の名である。どれを指すかは資料から決まらないため、結び付きは推定にとどまる。人が判断する。",
        en: "A name that the follow-up uses is borne by several programmes. The documents do not decide which is meant, so the join stays a suggestion until a person decides.",
    },
    find: |analysis| {
        let mut found: Vec<Found> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for (_, row) in super::rows::rows(analysis) {
            for named in row.programmes.iter().filter(|named| named.keys.len() > 1) {
                let keys = named.keys.join("、");
                if !seen.contains(&keys) {
                    let name = &named.name;
                    let message = Names::of(
                        format!("「{name}」は {keys} のいずれか決まらない"),
                        format!("“{name}” may be any of {keys}"),
                    );
                    found.push(
                        Found::at(&row.record, &row.sources, message)
                            .with("name", name)
                            .with("programmes", &keys),
                    );
                    seen.push(keys);
                }
            }
        }
        found
    },
};

pub(super) const NO_OUTCOME: Rule = Rule {
    code: "S0403",
    severity: Severity::Warning,
    name: Text { ja: "成果目標がない事業", en: "a programme has no outcome" },
    explains: Text {
        ja: "ゴールに資する事業のシートに成果（アウトカム）の目標も、設定できない理由もない。ゴールの達成にどう寄与するかを測れない。",
        en: "The sheet of a programme that serves a goal gives neither an outcome nor a reason for having none. What it contributes cannot be measured.",
    },
    find: |analysis| without_outcome(analysis, false),
};

pub(super) const NO_OUTCOME_WITH_REASON: Rule = Rule {
    code: "S0404",
    severity: Severity::Note,
    name: Text {
        ja: "成果目標を段階的に設定できない理由がある",
        en: "a reason is given for having no staged outcome",
    },
    explains: Text {
        ja: "シートが、成果目標を定量的に、又は複数の段階で設定できない理由を述べている。",
        en: "The sheet says why outcomes cannot be set in figures or in several stages.",
    },
    find: |analysis| without_outcome(analysis, true),
};

pub(super) const TARGET_MISSED: Rule = Rule {
    code: "S0405",
    severity: Severity::Note,
    name: Text { ja: "成果実績が目標に届かない", en: "an outcome is below its target" },
    explains: Text {
        ja: "成果実績が目標値を下回る。小さいほど良い指標では達成を意味する場合がある（改善の向きはシートの記載による）。",
        en: "The actual outcome is below the target. Where less is better this may mean success; the sheet says which way is up, if it says so.",
    },
    find: |analysis| {
        let mut found = Vec::new();
        for programme in analysis.follow_up.programmes.values() {
            for series in programme.results.iter().filter(|series| series.kind == "outcome") {
                for year in &series.years {
                    let (Some(target), Some(actual), Some(fiscal_year)) =
                        (year.target.value(), year.actual.value(), year.fiscal_year)
                    else {
                        continue;
                    };
                    let (Ok(aimed), Ok(reached)) = (target.parse::<f64>(), actual.parse::<f64>()) else {
                        continue;
                    };
                    if reached >= aimed {
                        continue;
                    }
                    let (name, indicator, unit) = (&programme.name, short(&series.indicator), &series.unit);
                    let message = Names::of(
                        format!(
                            "「{name}」{}の{indicator}：実績{actual}{unit}、目標{target}{unit}",
                            fiscal_year.japanese()
                        ),
                        format!("“{name}” {fiscal_year}, {indicator}: {actual} of {target} {unit}"),
                    );
                    found.push(
                        Found::whole(year.sources.clone(), message)
                            .with("programme", &programme.key)
                            .with("target", target)
                            .with("actual", actual),
                    );
                }
            }
        }
        found
    },
};

fn no_end(analysis: &Analysis<'_>, key: &str) -> bool {
    let group = analysis.programmes.by_key(key).map(|at| &analysis.programmes.groups[at]);
    group.and_then(|group| group.newest(analysis.view)).is_some_and(|sheet| sheet.no_end)
}

fn has_successor(analysis: &Analysis<'_>, key: &str) -> bool {
    analysis.follow_up.successions.iter().any(|succession| succession.older == *key)
}

fn without_outcome(analysis: &Analysis<'_>, with_reason: bool) -> Vec<Found> {
    let wanted = |programme: &&ProgrammeAnswer| {
        let sheet = analysis
            .programmes
            .by_key(&programme.key)
            .and_then(|at| analysis.programmes.groups[at].newest(analysis.view));
        let declared = sheet.is_some_and(|sheet| sheet.outcomes_declared)
            || programme.results.iter().any(|series| series.kind == "outcome");
        let reason = programme.no_outcome_reason.is_some();
        sheet.is_some() && if with_reason { reason } else { !declared && !reason }
    };
    let found = analysis.follow_up.programmes.values().filter(wanted);
    found
        .map(|programme| {
            let name = &programme.name;
            let message = match &programme.no_outcome_reason {
                Some(reason) => Names::of(
                    format!("「{name}」：{}", short(reason)),
                    format!("“{name}” gives a reason: {}", short(reason)),
                ),
                None => Names::of(
                    format!("「{name}」に成果目標も理由もない"),
                    format!("“{name}” gives neither an outcome nor a reason"),
                ),
            };
            Found::whole(programme.sources.clone(), message).with("programme", &programme.key)
        })
        .collect()
}
