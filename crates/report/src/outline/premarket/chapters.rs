//! A chapter of the file: its rules with force, verdict, evidence and what is lacking; under the SBOM's chapter the components with gaps,
//! under the vulnerabilities' what was found and stated.

use std::collections::BTreeMap;

use base::Lang;
use cyber::premarket::{Chapter, ComponentPlace, Judged, Lacking, Verdict};

use super::File;
use crate::{Cell, Column, DocumentBuilder, Row, Severity, Table, Text};

/// Things named one by one in a cell; the others are counted.
const NAMED: usize = 5;

/// Rows of components or findings in the document; all are in the JSON.
const MOST_ROWS: usize = 500;

pub(super) fn chapter(doc: &mut DocumentBuilder, file: &File<'_>, chapter: Chapter) {
    let lang = doc.lang();
    let rules: Vec<&Judged<'_>> =
        file.answer.judged.iter().filter(|one| one.rule.chapter == chapter).collect();
    if rules.is_empty() {
        return;
    }
    doc.heading(1, chapter.names().get(lang));
    if rules.iter().all(|one| one.verdict == Verdict::NotApplicable) {
        doc.note(
            Severity::Info,
            lang.pick(
                "この章の規則は適用されない。理由は表のとおり。",
                "None of these rules applies, for the reasons below.",
            ),
        );
    }
    let mut table = Table::new(lang.pick("規則と判定", "Rules and verdicts"))
        .column(Column::text(lang.pick("規則", "Rule")))
        .column(Column::text(lang.pick("効力", "Force")))
        .column(Column::text(lang.pick("判定", "Verdict")))
        .column(Column::text(lang.pick("根拠", "Evidence")))
        .column(Column::text(lang.pick("不足・理由", "Lacking, or why not applicable")));
    for one in rules {
        table = table.row(row(doc, one, lang));
    }
    doc.table(table);
    match chapter {
        Chapter::Sbom => gaps(doc, file, lang),
        Chapter::Vulnerabilities => findings(doc, file, lang),
        _ => {}
    }
}

/// A verdict as words: what is not fulfilled stands out without colour.
pub(super) fn verdict(verdict: Verdict, lang: Lang) -> Cell {
    let names = verdict.names();
    match verdict {
        Verdict::NotMet | Verdict::NotShown => Cell::text(Text::default().strong(names.get(lang))),
        Verdict::Met | Verdict::NotApplicable => Cell::text(names.get(lang)),
    }
}

/// What is lacking, the first of them by name; components only counted, for they have a table of their own.
pub(super) fn lacking(one: &Judged<'_>, lang: Lang) -> String {
    if let Some(outside) = &one.outside {
        return outside.names().get(lang).to_owned();
    }
    let others = one.lacking.iter().filter(|lacking| !lacking.is_of_component());
    let mut lines: Vec<String> = others.map(|lacking| lacking.names().get(lang).to_owned()).collect();
    let more = lines.len().saturating_sub(NAMED);
    if more > 0 {
        lines.truncate(NAMED);
        lines.push(match lang {
            Lang::Ja => format!("ほか{more}件"),
            Lang::En => format!("and {more} more"),
        });
    }
    let missing = one.lacking.iter().filter(|one| matches!(one, Lacking::ComponentLacks(..))).count();
    let unknown = one.lacking.iter().filter(|one| matches!(one, Lacking::ComponentUnknown(..))).count();
    if missing > 0 {
        lines.push(match lang {
            Lang::Ja => format!("部品{missing}件に記載がない（下の表）"),
            Lang::En => format!("{missing} components do not state it (table in the SBOM's chapter)"),
        });
    }
    if unknown > 0 {
        lines.push(match lang {
            Lang::Ja => format!("部品{unknown}件は不明と記載（下の表）"),
            Lang::En => format!("{unknown} components state it as unknown (table in the SBOM's chapter)"),
        });
    }
    lines.join("\n")
}

fn row(doc: &mut DocumentBuilder, one: &Judged<'_>, lang: Lang) -> Row {
    let rule = one.rule;
    let mut name = Text::default().strong(&rule.id).then(format!(" {}", rule.name.get(lang)));
    for source in &rule.sources {
        name = name.cite(doc.cite(source));
    }
    let mut force = vec![rule.strength.names().get(lang).to_owned()];
    force.extend(rule.dated.map(|dated| match lang {
        Lang::Ja => format!("{dated} 発出"),
        Lang::En => format!("issued {dated}"),
    }));
    force.extend(rule.mandatory_from.or(rule.applies_from).map(|from| match lang {
        Lang::Ja => format!("{from} から"),
        Lang::En => format!("from {from}"),
    }));
    if rule.inferred {
        let inferred =
            lang.pick("推定を含む：\n人が確かめること", "partly inferred: a\nperson must check it");
        force.push(inferred.to_owned());
    }
    if !rule.unread.is_empty() {
        let unread: Vec<_> = rule.unread.iter().map(|one| one.names().get(lang).to_owned()).collect();
        force.push(match lang {
            Lang::Ja => format!("未確認：\n{}", unread.join("\n")),
            Lang::En => format!("not checked:\n{}", unread.join("\n")),
        });
    }
    let mut evidence: Vec<String> = one.evidence.iter().map(|one| one.names().get(lang).to_owned()).collect();
    let more = evidence.len().saturating_sub(NAMED * 2);
    if more > 0 {
        evidence.truncate(NAMED * 2);
        evidence.push(match lang {
            Lang::Ja => format!("ほか{more}件"),
            Lang::En => format!("and {more} more"),
        });
    }
    Row::of([
        Cell::text(name.then(format!("\n{}", rule.asks.get(lang)))),
        Cell::text(force.join("\n")),
        verdict(one.verdict, lang),
        Cell::text(evidence.join("\n")),
        Cell::text(lacking(one, lang)),
    ])
}

fn gaps(doc: &mut DocumentBuilder, file: &File<'_>, lang: Lang) {
    let mut components: BTreeMap<&ComponentPlace, Vec<String>> = BTreeMap::new();
    for one in file.answer.judged.iter().flat_map(|one| &one.lacking) {
        let (place, what) = match one {
            Lacking::ComponentLacks(place, element) => (place, element.names().get(lang).to_owned()),
            Lacking::ComponentUnknown(place, element) => {
                let element = element.names();
                (
                    place,
                    match lang {
                        Lang::Ja => format!("{}（不明と記載）", element.ja),
                        Lang::En => format!("{} (stated as unknown)", element.en),
                    },
                )
            }
            _ => continue,
        };
        let lacks = components.entry(place).or_default();
        if !lacks.contains(&what) {
            lacks.push(what);
        }
    }
    if components.is_empty() {
        return;
    }
    let total = components.len();
    let mut table =
        Table::new(format!("{} ({total})", lang.pick("記載の足りない部品", "Components with gaps")))
            .column(Column::text(lang.pick("部品", "Component")))
            .column(Column::text(lang.pick("足りない記載", "Does not state")))
            .column(Column::text(lang.pick("場所", "Place")));
    for (place, lacks) in components.into_iter().take(MOST_ROWS) {
        table = table.row(Row::of([
            Cell::text(&*place.name),
            Cell::text(lacks.join(lang.pick("、", ", "))),
            Cell::text(format!("{} {}", place.file, place.place)),
        ]));
    }
    doc.table(cut(table, total, lang));
}

fn findings(doc: &mut DocumentBuilder, file: &File<'_>, lang: Lang) {
    let Some(findings) = file.case.findings else { return };
    if !findings.idle.is_empty() {
        let idle = findings.idle.len();
        doc.note(Severity::Caution, match lang {
            Lang::Ja => format!("どの脆弱性にも適用されなかったVEXの記述が{idle}件ある。理由は shirube cyber scan --vex が示す。"),
            Lang::En => format!("{idle} statements (VEX) applied to no finding; shirube cyber scan --vex tells why."),
        });
    }
    let total = findings.found.len();
    if total == 0 {
        return;
    }
    let known = |known: Option<bool>, yes: &str, no: &str| match known {
        Some(true) => Cell::text(Text::default().strong(yes)),
        Some(false) => Cell::text(no),
        None => Cell::missing(base::Missing::Unknown),
    };
    let mut table = Table::new(format!("{} ({total})", lang.pick("部品に当てはまる脆弱性", "Findings")))
        .column(Column::text(lang.pick("情報", "Advisory")))
        .column(Column::text(lang.pick("部品", "Component")))
        .column(Column::text(lang.pick("深刻度", "Severity")))
        .column(Column::text(lang.pick("悪用", "Exploited")))
        .column(Column::text(lang.pick("評価", "Stated")))
        .column(Column::text(lang.pick("理由・場所", "Why, and where")));
    for one in findings.found.iter().take(MOST_ROWS) {
        let status = match &one.triage {
            Some(stated) => stated.status.names().get(lang).to_owned(),
            None if one.is_contradicted => lang.pick("矛盾する", "contradictory").to_owned(),
            None => lang.pick("なし", "nothing").to_owned(),
        };
        let why = one.triage.as_ref().map_or_else(String::new, |stated| {
            format!("{}\n{}", stated.reason.as_deref().unwrap_or_default(), stated.place).trim().to_owned()
        });
        let undetermined =
            if one.undetermined { lang.pick("\n判定できない", "\nundetermined") } else { "" };
        let ids: Vec<&str> =
            std::iter::once(&one.vulnerability).chain(&one.aliases).map(String::as_str).collect();
        table = table.row(Row::of([
            Cell::text(format!("{}{undetermined}", ids.join(" "))),
            Cell::text(&*one.component),
            known(one.severe, lang.pick("高い", "high"), lang.pick("高くない", "not high")),
            known(one.exploited, lang.pick("確認あり", "known"), lang.pick("目録にない", "not listed")),
            Cell::text(status),
            Cell::text(why),
        ]));
    }
    doc.table(cut(table, total, lang));
}

fn cut(table: Table, total: usize, lang: Lang) -> Table {
    if total <= MOST_ROWS {
        return table;
    }
    let more = total - MOST_ROWS;
    table.note(match lang {
        Lang::Ja => format!("ほか{more}件。すべてはJSONにある。"),
        Lang::En => format!("And {more} more; all are in the JSON."),
    })
}
