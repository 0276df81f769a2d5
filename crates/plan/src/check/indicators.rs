//! Rules on key goal indicators, devices and supply reports.

use base::Names;

use super::{Found, Rule, Severity, Text};
use crate::devices::Answer;

pub(super) const KGI_WITHOUT_DATA: Rule = Rule {
    code: "S0601",
    severity: Severity::Warning,
    name: Text { ja: "KGIの実績値がない", en: "an indicator has no observed value" },
    explains: Text {
        ja: "主要目標達成指標に、基準値の後の実績値が一つも記録されていない。調査の結果を出典とともに記録する。",
        en: "No value of the indicator has been recorded since its baseline. Record what surveys find, with the source.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .kgis
            .iter()
            .filter(|kgi| kgi.observed.is_empty())
            .map(|kgi| {
                let name = &kgi.name;
                let message = Names::of(
                    format!("「{}」の実績値がない", name.ja),
                    format!("“{}” has no observed value", name.get(base::Lang::En)),
                );
                Found::at(&kgi.record, &kgi.sources, message)
            })
            .collect()
    },
};

pub(super) const KGI_PROVISIONAL: Rule = Rule {
    code: "S0602",
    severity: Severity::Note,
    name: Text { ja: "KGIの値は暫定", en: "an indicator's values are provisional" },
    explains: Text {
        ja: "資料は、計画の策定までに製造販売業者等への確認により値を精査するとしている。決定値として扱わない。",
        en: "The document says that the values will be examined anew with the manufacturers before the plan is made. They are not to be taken as decided.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .kgis
            .iter()
            .filter(|kgi| kgi.provisional)
            .map(|kgi| {
                let name = &kgi.name;
                let message = Names::of(
                    format!("「{}」の値は暫定", name.ja),
                    format!("the values of “{}” are provisional", name.get(base::Lang::En)),
                );
                Found::at(&kgi.record, &kgi.sources, message)
            })
            .collect()
    },
};

pub(super) const DEVICE_UNDETERMINED: Rule = Rule {
    code: "S0603",
    severity: Severity::Note,
    name: Text {
        ja: "件数に数えるか決まらない医療機器", en: "whether a device counts is undetermined"
    },
    explains: Text {
        ja: "「国内発の優れた医療機器」に数えるための承認区分、保険適用の区分、国内発か否かのうち、記録にないものがある。出典を調べて補う。推測で数えない。",
        en: "Of approval category, insurance category and origin, by which an excellent device of domestic origin is counted, something is not on record. Find the source; nothing is counted by guess.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .devices
            .devices
            .iter()
            .filter(|device| device.counts == Answer::Undetermined)
            .map(|device| {
                let open = |names: fn(&Names) -> &str| {
                    let open =
                        device.criteria.iter().filter(|criterion| criterion.answer == Answer::Undetermined);
                    open.map(|criterion| names(&criterion.why).to_owned()).collect::<Vec<_>>()
                };
                let (ja, en) = (open(|names| &names.ja).join("、"), open(|names| &names.en).join("; "));
                let message =
                    Names::of(format!("「{}」：{ja}", device.name), format!("“{}”: {en}", device.name));
                Found::at(&device.record, &device.sources, message)
            })
            .collect()
    },
};

pub(super) const SUPPLY_OVERDUE: Rule = Rule {
    code: "S0604",
    severity: Severity::Warning,
    name: Text {
        ja: "供給報告の終了見込みが過ぎている", en: "a supply report is past its expected end"
    },
    explains: Text {
        ja: "供給不安・停止の報告が、終了の見込みを過ぎても閉じられていない。資料は継続的なフォローアップを求める。企業に照会する。",
        en: "A report of anxiety or stop of supply is open beyond its expected end. The documents ask for continuous follow-up: ask the company.",
    },
    find: |analysis| {
        let overdue = &analysis.follow_up.supply.overdue;
        let reports =
            analysis.view.supply_reports.iter().filter(|report| overdue.contains(&report.origin.record));
        reports
            .filter_map(|report| {
                let end = report.expected_end?;
                let device = &report.device;
                let message = Names::of(
                    format!("「{device}」の終了見込み{}を過ぎている", base::date::japanese(end)),
                    format!("“{device}” was expected to end by {end}"),
                );
                Some(
                    Found::at(&report.origin.record, &report.origin.sources, message)
                        .with("expected_end", end),
                )
            })
            .collect()
    },
};
