//! Where the plan stands as a whole: the generation, counts, what is missing, what the next generation makes of it.

use base::{BudgetKind, Lang, Missing};
use plan::FollowUp;
use plan::generation::Became;

use super::{cite_all, cited, day_in, join_counts, mark, sum, year_in};
use crate::{Cell, Column, DocumentBuilder, Row, Severity, Table, words};

pub(super) fn at_a_glance(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    doc.heading(1, lang.pick("ひと目で", "At a glance"));
    let mut facts: Vec<(String, Cell)> = Vec::new();
    if let Some(generation) = &answer.generation {
        let numbers = cite_all(doc, &generation.sources);
        let in_force = if generation.in_force {
            lang.pick("現行", "in force")
        } else {
            lang.pick("現行ではない", "not in force")
        };
        let name = format!(
            "{}{}",
            generation.name.get(lang),
            words::bracketed(
                &[in_force, generation.standing.names().get(lang)].join(words::comma(lang)),
                lang
            )
        );
        facts.push((lang.pick("計画", "Plan").to_owned(), cited(Cell::text(name), &numbers)));
        if let Some(review) = &generation.review {
            let left = match (lang, review.days_left) {
                (Lang::Ja, days) if days < 0 => format!("{}日超過", -days),
                (Lang::Ja, days) => format!("あと{days}日"),
                (Lang::En, days) if days < 0 => format!("{} days overdue", -days),
                (Lang::En, days) => format!("{days} days left"),
            };
            let due = format!(
                "{}{}",
                day_in(review.due_on, lang),
                words::bracketed(&[year_in(review.fiscal_year, lang), left].join(words::comma(lang)), lang)
            );
            facts
                .push((lang.pick("見直しの目途", "Review due").to_owned(), cited(Cell::text(due), &numbers)));
        }
    }
    facts.extend(counts(answer, lang));
    let sums = money(answer, lang);
    let summed = !sums.is_empty();
    facts.extend(sums);
    doc.facts(facts);
    if summed {
        doc.paragraph(lang.pick(
            "金額はゴールに確実に結ばれた事業の合計。内訳と出典は事業ごとの表にある。",
            "Amounts are sums over the programmes firmly joined to a goal; their parts and sources stand in the programmes' tables below.",
        ));
    }
    for missing in &answer.missing {
        doc.note(Severity::Caution, missing.get(lang));
    }
}

fn counts(answer: &FollowUp, lang: Lang) -> Vec<(String, Cell)> {
    let goals = answer.goals.len();
    let silent = answer.goals.iter().filter(|goal| goal.silent.is_some()).count();
    let rows: usize =
        answer.goals.iter().map(|goal| goal.rows.len()).sum::<usize>() + answer.unplaced_rows.len();
    let (firm, suggested) = answer.goals.iter().map(join_counts).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let observed = answer.kgis.iter().filter(|kgi| !kgi.observed.is_empty()).count();
    let say = |ja: String, en: String| {
        Cell::text(match lang {
            Lang::Ja => ja,
            Lang::En => en,
        })
    };
    let spoke = goals - silent;
    vec![
        (
            lang.pick("ゴール", "Goals").to_owned(),
            if answer.fiscal_year.value().is_none() {
                say(
                    format!("{goals}（進捗の報告は未取込）"),
                    format!("{goals}; no follow-up has been taken in yet"),
                )
            } else {
                say(
                    format!("{goals}のうち{spoke}に当年度の報告（{rows}行）、{silent}は沈黙"),
                    format!("{spoke} of {goals} reported this year ({rows} rows), {silent} silent"),
                )
            },
        ),
        (
            lang.pick("事業との結び付き", "Links to programmes").to_owned(),
            say(
                format!(
                    "●◎明記・確認済{firm}、○推定{suggested}、どのゴールにも結ばれない事業{}",
                    answer.unjoined.count
                ),
                format!(
                    "● stated or ◎ confirmed {firm}, ○ suggested {suggested}; {} programmes serve no goal",
                    answer.unjoined.count
                ),
            ),
        ),
        (
            "KGI".to_owned(),
            say(
                format!("{}のうち{observed}に実績値", answer.kgis.len()),
                format!("{observed} of {} have an observed value", answer.kgis.len()),
            ),
        ),
    ]
}

/// The money of programmes that firmly serve a goal: what the year had and spent, and what is asked for the next.
fn money(answer: &FollowUp, lang: Lang) -> Vec<(String, Cell)> {
    let Some(year) = answer.fiscal_year.value().copied() else { return Vec::new() };
    let wanted = [
        (year, BudgetKind::Initial),
        (year, BudgetKind::Supplementary),
        (year, BudgetKind::Executed),
        (year.next(), BudgetKind::Request),
    ];
    let found = wanted.iter().filter_map(|(year, kind)| {
        answer.totals.iter().find(|total| total.fiscal_year == *year && total.kind == *kind)
    });
    found
        .map(|total| {
            let label = format!("{} {}", year_in(total.fiscal_year, lang), total.kind.names().get(lang));
            let label = match lang {
                Lang::Ja => format!("{label}（確実な{}事業）", total.programmes.len()),
                Lang::En => format!("{label} ({} programmes, firm)", total.programmes.len()),
            };
            let why = total.without.first().map_or(Missing::Unknown, |(_, why)| *why);
            (label, total.yen.map_or_else(|| Cell::missing(why), sum))
        })
        .collect()
}

pub(super) fn next_generation(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    let Some(next) = &answer.next_generation else { return };
    doc.heading(1, lang.pick("次の世代で何になるか", "What becomes of it in the next generation"));
    let standing = next.standing.names();
    doc.note(
        Severity::Caution,
        match lang {
            Lang::Ja => {
                format!("次の世代は{}です。決定されたものとして扱わないでください。", standing.get(lang))
            }
            Lang::En => {
                format!("The next generation is: {}. Do not take it for decided.", standing.get(lang))
            }
        },
    );
    let mut counts: Vec<(Became, usize)> = Vec::new();
    for fate in &next.fates {
        match counts.iter_mut().find(|(became, _)| *became == fate.became) {
            Some((_, count)) => *count += 1,
            None => counts.push((fate.became, 1)),
        }
    }
    let summary = counts
        .iter()
        .map(|(became, count)| format!("{} {count}", became.names().get(lang)))
        .collect::<Vec<_>>();
    doc.paragraph(summary.join(lang.pick("、", ", ")));
    let compared = next.fates.iter().filter(|fate| fate.belief.is_some());
    let mut table = Table::new(lang.pick("対応が示された項目", "Nodes with a link"))
        .column(Column::text(lang.pick("現行", "This generation")))
        .column(Column::text(lang.pick("次", "Next")))
        .column(Column::text(lang.pick("どうなるか", "What becomes of it")));
    for fate in compared {
        let id =
            |id: &Option<register::RecordId>| Cell::text(id.as_ref().map_or("—", register::RecordId::as_str));
        let became = Cell::text(fate.became.names().get(lang));
        let became = fate.belief.as_ref().map_or(became.clone(), |belief| became.belief(mark(belief)));
        table = table.row(Row::of([id(&fate.older), id(&fate.newer), became]));
    }
    if !table.rows.is_empty() {
        doc.table(table);
    }
}

pub(super) fn missing(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    doc.heading(1, lang.pick("足りないもの", "What is missing"));
    let mut points: Vec<String> = answer.missing.iter().map(|missing| missing.get(lang).to_owned()).collect();
    let taken_in = answer.fiscal_year.value().is_some();
    let silent = answer.goals.iter().filter(|goal| taken_in && goal.silent.is_some());
    points.extend(silent.map(|goal| match lang {
        Lang::Ja => format!("ゴール「{}」の当年度の報告", goal.node.name.get(lang)),
        Lang::En => format!("this year's report on the goal “{}”", goal.node.name.get(lang)),
    }));
    let blind = answer.kgis.iter().filter(|kgi| kgi.observed.is_empty());
    points.extend(blind.map(|kgi| match lang {
        Lang::Ja => format!("KGI「{}」の実績値", kgi.name.get(lang)),
        Lang::En => format!("an observed value of the indicator “{}”", kgi.name.get(lang)),
    }));
    if points.is_empty() {
        doc.paragraph(lang.pick("なし。", "Nothing."));
    } else {
        doc.list(points);
    }
}
