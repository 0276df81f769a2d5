//! Rules on the rows of the follow-up: who is silent, what is repeated, what could not be read with certainty.

use base::Names;

use super::{Found, Rule, Severity, Text, short};
use crate::change::{Identity, Pair};
use crate::follow_up::{Analysis, GoalAnswer, RowAnswer};
use crate::view::Column;

/// Years of unchanged wording from which on it is worth a note. Configuration: no document sets it.
pub const UNCHANGED_YEARS: i32 = 3;

/// Below this confidence (of 100) of the reader, a person should look at the cell. Configuration.
pub const LOW_CONFIDENCE_BELOW: u8 = 70;

pub(super) const WITHOUT_ROW: Rule = Rule {
    code: "S0101",
    severity: Severity::Warning,
    name: Text { ja: "施策に当年度の行がない", en: "a measure has no row this year" },
    explains: Text {
        ja: "計画の施策について、当年度の取組状況に、そのゴールの行が一つもない。毎年度の進捗確認（検討会）はすべての施策を対象とする。担当府省に照会するか、取り込んでいないページがないか確かめる。",
        en: "The table of the year has no row under the goal of this measure. The yearly review covers every measure. Ask the ministries, or see whether pages of the table were not taken in.",
    },
    find: |analysis| {
        let goals = analysis.follow_up.goals.iter().filter(|goal| goal.silent.is_some());
        let known = analysis.follow_up.fiscal_year.value().is_some();
        let measures = goals
            .filter(|_| known)
            .flat_map(|goal| goal.measures.iter().map(move |(measure, _)| (goal, measure)));
        measures
            .map(|(goal, measure)| {
                let last = goal.silent.and_then(|silence| silence.last_reported);
                let (ja, en) = match last {
                    Some(year) => {
                        (format!("最後の報告は{}", year.japanese()), format!("last reported for {year}"))
                    }
                    None => (
                        "取り込まれた年度に報告なし".to_owned(),
                        "never reported in the years taken in".to_owned(),
                    ),
                };
                let name = short(&measure.name.ja);
                let message = Names::of(
                    format!("施策「{name}」に当年度の行がない（{ja}）"),
                    format!("measure “{name}” has no row this year ({en})"),
                );
                Found::at(&measure.record, &measure.sources, message).with("goal", &goal.node.name.ja)
            })
            .collect()
    },
};

pub(super) const UNCHANGED_FOR_YEARS: Rule = Rule {
    code: "S0102",
    severity: Severity::Note,
    name: Text {
        ja: "取組の記載が何年も変わらない", en: "the plans have read the same for years"
    },
    explains: Text {
        ja: "取組予定の文言が連続する年度で同じである。進んでいないのか、書き写しただけか、担当府省に確かめる。年数のしきい値は設定であり、資料に定めはない。",
        en: "The text of the plans is the same in consecutive years. Ask whether nothing moved or the text was only copied. The number of years is configuration; no document sets it.",
    },
    find: |analysis| {
        rows(analysis)
            .filter_map(|(_, row)| {
                let mut years = 1;
                let mut current =
                    analysis.view.rows.iter().find(|other| other.origin.record == row.record)?;
                while let Some(previous) = analysis.view.rows.iter().find(|other| {
                    other.fiscal_year == current.fiscal_year.previous()
                        && key(&other.measure) == key(&current.measure)
                        && key(&other.goal) == key(&current.goal)
                }) {
                    if current.plans.is_empty() || key(&previous.plans) != key(&current.plans) {
                        break;
                    }
                    years += 1;
                    current = previous;
                }
                let message = Names::of(
                    format!("取組予定の記載が{years}年度続けて同じ"),
                    format!("the plans have read the same for {years} fiscal years"),
                );
                (years >= UNCHANGED_YEARS)
                    .then(|| Found::at(&row.record, &row.sources, message).with("years", years))
            })
            .collect()
    },
};

pub(super) const PLANNED_WITHOUT_RESULT: Rule = Rule {
    code: "S0103",
    severity: Severity::Warning,
    name: Text {
        ja: "予定された予算に実績の記載がない", en: "money was planned and no result mentions it"
    },
    explains: Text {
        ja: "前年度の取組予定が予算とともに挙げた事業が、当年度の実績に現れない。取りやめたのか、名称が変わったのか、記載漏れかを確かめる。",
        en: "A programme that last year's plans named with money does not appear in this year's results. See whether it was given up, renamed or forgotten.",
    },
    find: |analysis| {
        unmatched(analysis, true, |programme, amount| {
            Names::of(
                format!("前年度に予定された「{programme}」（{amount}）が実績に現れない"),
                format!("“{programme}” ({amount}), planned last year, does not appear in the results"),
            )
        })
    },
};

pub(super) const RESULT_WITHOUT_PLAN: Rule = Rule {
    code: "S0104",
    severity: Severity::Note,
    name: Text {
        ja: "予定になかった予算が実績に現れる", en: "a result quotes money that was not planned"
    },
    explains: Text {
        ja: "当年度の実績が予算とともに挙げる事業が、前年度の取組予定にない。補正予算による事業ではよくあることである。",
        en: "A programme that this year's results quote with money was not in last year's plans. With supplementary budgets this is common.",
    },
    find: |analysis| {
        unmatched(analysis, false, |programme, amount| {
            Names::of(
                format!("実績の「{programme}」（{amount}）は前年度の予定になかった"),
                format!("“{programme}” ({amount}) in the results was not in last year's plans"),
            )
        })
    },
};

pub(super) const INCOMPLETE: Rule = Rule {
    code: "S0105",
    severity: Severity::Warning,
    name: Text { ja: "原典で欠けている記載", en: "text is incomplete in the source" },
    explains: Text {
        ja: "セルの文の一部が取り込んだ資料から失われている。推測で補わない。原典の該当ページを見て、欠けた部分を取り込む。",
        en: "Part of a cell is lost in the document that was taken in. It is never completed by guessing. Look at the page and take in what is missing.",
    },
    find: |analysis| {
        rows(analysis)
            .filter(|(_, row)| !row.incomplete.is_empty())
            .map(|(_, row)| {
                let cells = row.incomplete.join("、");
                let name = short(&row.measure);
                let message = Names::of(
                    format!("「{name}」の{cells}が欠けている"),
                    format!("{cells} of “{name}” is incomplete"),
                );
                Found::at(&row.record, &row.sources, message).with("cells", cells)
            })
            .collect()
    },
};

pub(super) const LOW_CONFIDENCE: Rule = Rule {
    code: "S0106",
    severity: Severity::Warning,
    name: Text { ja: "読み取りの確からしさが低い", en: "the reading is uncertain" },
    explains: Text {
        ja: "機械で読み取った表のセルの割り当てが確かでない。原典と見比べ、正しければ確認を記録し、誤りなら直す。",
        en: "The assignment of machine-read text to this cell is uncertain. Compare with the document; record the confirmation or correct it.",
    },
    find: |analysis| {
        rows(analysis)
            .flat_map(|(_, row)| row.doubts.iter().map(move |doubt| (row, doubt)))
            .filter_map(|(row, doubt)| {
                let sure = doubt.confidence.is_some_and(|confidence| confidence >= LOW_CONFIDENCE_BELOW);
                let shown =
                    doubt.confidence.map_or_else(|| "—".to_owned(), |confidence| confidence.to_string());
                let message = Names::of(
                    format!(
                        "「{}」の{}の読み取りを確認すること（確からしさ {shown}／100：{}）",
                        short(&row.measure),
                        doubt.cell,
                        doubt.why
                    ),
                    format!(
                        "look at {} of “{}” (confidence {shown} of 100: {})",
                        doubt.cell,
                        short(&row.measure),
                        doubt.why
                    ),
                );
                (!sure).then(|| {
                    Found::at(&row.record, &row.sources, message)
                        .with("cell", &doubt.cell)
                        .with("confidence", shown)
                })
            })
            .collect()
    },
};

pub(super) const UNKNOWN_MINISTRY: Rule = Rule {
    code: "S0107",
    severity: Severity::Error,
    name: Text { ja: "不明な府省の略称", en: "an unknown ministry mark" },
    explains: Text {
        ja: "施策の末尾の［］に、府省の略称として知られていない語がある。読み取りの誤りか、新しい略称である。",
        en: "The mark at the end of a measure holds a word that is no known abbreviation of a ministry: a slip of the reading, or a new abbreviation.",
    },
    find: |analysis| {
        rows(analysis)
            .flat_map(|(_, row)| row.marks.unknown.iter().map(move |mark| (row, mark)))
            .map(|(row, mark)| {
                let printed = &row.marks.as_printed;
                let message = Names::of(
                    format!("{printed} の「{mark}」は不明な府省"),
                    format!("“{mark}” in {printed} is no known ministry"),
                );
                Found::at(&row.record, &row.sources, message).with("mark", mark)
            })
            .collect()
    },
};

pub(super) const LEAD_CHANGED: Rule = Rule {
    code: "S0108",
    severity: Severity::Note,
    name: Text { ja: "◎の府省が変わった", en: "the ministries marked ◎ changed" },
    explains: Text {
        ja: "同じ施策の◎の府省が前年度と異なる。◎の意味は資料に説明がないため、印刷のとおりに示す。",
        en: "The ministries marked ◎ differ from last year. The documents do not explain ◎; it is shown as printed.",
    },
    find: |analysis| {
        rows(analysis)
            .filter_map(|(_, row)| {
                let Pair { before, after } = row.change.as_ref()?.leads.as_ref()?;
                let (before, after) = (before.join("、"), after.join("、"));
                let message = Names::of(
                    format!("◎が「{before}」から「{after}」に変わった"),
                    format!("◎ changed from “{before}” to “{after}”"),
                );
                Some(
                    Found::at(&row.record, &row.sources, message).with("before", before).with("after", after),
                )
            })
            .collect()
    },
};

pub(super) const NO_LEAD: Rule = Rule {
    code: "S0109",
    severity: Severity::Note,
    name: Text { ja: "◎の府省がない", en: "no ministry is marked ◎" },
    explains: Text {
        ja: "施策に府省の記載がないか、どの府省にも◎がない。末尾が失われていないか、原典を確かめる。",
        en: "The measure names no ministry, or marks none with ◎. See whether the end of the text is lost.",
    },
    find: |analysis| {
        rows(analysis)
            .filter(|(_, row)| row.marks.leads().is_empty())
            .map(|(_, row)| {
                let name = short(&row.measure);
                let message = Names::of(
                    format!("「{name}」に◎の府省がない"),
                    format!("“{name}” has no ministry marked ◎"),
                );
                Found::at(&row.record, &row.sources, message)
            })
            .collect()
    },
};

pub(super) const VANISHED: Rule = Rule {
    code: "S0110",
    severity: Severity::Warning,
    name: Text { ja: "前年度の施策が当年度にない", en: "a measure of last year has vanished" },
    explains: Text {
        ja: "前年度の表にあった施策に、当年度の行が見当たらない。終わったのか、まとめられたのか、漏れたのかを確かめる。",
        en: "A measure of last year's table has no row this year. See whether it ended, was merged or was forgotten.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .vanished
            .iter()
            .map(|row| {
                let name = short(&row.measure);
                let message = Names::of(
                    format!("前年度の「{name}」が当年度にない"),
                    format!("“{name}” of last year has no row this year"),
                );
                Found::at(&row.record, &row.sources, message).with("goal", &row.goal)
            })
            .collect()
    },
};

pub(super) const RESULTS_REPEATED: Rule = Rule {
    code: "S0111",
    severity: Severity::Note,
    name: Text { ja: "実績の記載が前年度と同じ", en: "the results repeat last year's" },
    explains: Text {
        ja: "実績・状況の文言が前年度とまったく同じである。当年度の実績かどうかを確かめる。",
        en: "The text of the results is word for word last year's. See whether it reports this year.",
    },
    find: |analysis| {
        rows(analysis)
            .filter(|(_, row)| row.change.as_ref().is_some_and(|change| change.results_repeated))
            .map(|(_, row)| {
                let name = short(&row.measure);
                let message = Names::of(
                    format!("「{name}」の実績が前年度と同じ文言"),
                    format!("the results of “{name}” repeat last year's words"),
                );
                Found::at(&row.record, &row.sources, message)
            })
            .collect()
    },
};

pub(super) const GOAL_NOT_IN_PLAN: Rule = Rule {
    code: "S0112",
    severity: Severity::Error,
    name: Text { ja: "行のゴールが計画にない", en: "a row's goal is not in the plan" },
    explains: Text {
        ja: "表のゴールの見出しと同じ名のゴールが計画になく、結び付けも記録されていない。見出しの読み取りを確かめるか、結び付けを記録する。",
        en: "No goal of the plan bears the heading under which this row stands, and no link says which one is meant. Check the heading, or record the link.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .unplaced_rows
            .iter()
            .map(|row| {
                let goal = &row.goal;
                let message = Names::of(
                    format!("ゴール「{goal}」が計画にない"),
                    format!("goal “{goal}” is not in the plan"),
                );
                Found::at(&row.record, &row.sources, message).with("goal", goal)
            })
            .collect()
    },
};

pub(super) const SAME_MEASURE_ONLY_SUGGESTED: Rule = Rule {
    code: "S0113",
    severity: Severity::Note,
    name: Text {
        ja: "前年度との対応は推定", en: "the link to last year's measure is a suggestion"
    },
    explains: Text {
        ja: "文言が変わったため、前年度のどの施策に当たるかを似ている度合いで推定した。しきい値は設定である。違っていれば前年度との比較は意味を持たない。",
        en: "The wording changed, so last year's measure was found by similarity, above a threshold that is configuration. If it is the wrong one, the comparison with last year means nothing.",
    },
    find: |analysis| {
        rows(analysis).filter_map(|(_, row)| {
        let change = row.change.as_ref()?;
        let Identity::Suggested { similarity, threshold } = change.identity else { return None };
        let message = Names::of(
            format!("前年度の {} との対応は推定（類似度 {similarity}／1000、しきい値 {threshold}）", change.previous),
            format!("taken for last year's {} by similarity ({similarity} of 1000, threshold {threshold})", change.previous),
        );
        Some(Found::at(&row.record, &row.sources, message).with("similarity", similarity).with("threshold", threshold))
    }).collect()
    },
};

/// All rows of the year, with their goals where they have one.
pub(super) fn rows<'a>(
    analysis: &'a Analysis<'_>,
) -> impl Iterator<Item = (Option<&'a GoalAnswer>, &'a RowAnswer)> {
    let placed =
        analysis.follow_up.goals.iter().flat_map(|goal| goal.rows.iter().map(move |row| (Some(goal), row)));
    placed.chain(analysis.follow_up.unplaced_rows.iter().map(|row| (None, row)))
}

/// Programmes quoted with money in last year's plans and not in this year's results, or the other way round.
fn unmatched(analysis: &Analysis<'_>, planned: bool, message: impl Fn(&str, &str) -> Names) -> Vec<Found> {
    let mut found = Vec::new();
    for (_, row) in rows(analysis) {
        let Some(change) = &row.change else { continue };
        let Some(before) = analysis.view.rows.iter().find(|other| other.origin.record == change.previous)
        else {
            continue;
        };
        let plans = before.budgets.iter().filter(|quoted| quoted.column == Column::Plans);
        let results = row.budgets.iter().filter(|quoted| quoted.column == Column::Results);
        let (those, text): (Vec<_>, &str) =
            if planned { (plans.collect(), &row.results) } else { (results.collect(), &before.plans) };
        let text = key(text);
        let mut seen = Vec::new();
        for quoted in those.into_iter().filter(|quoted| quoted.amount.fiscal_year == row.fiscal_year) {
            let name = crate::identity::parts(&quoted.programme).key;
            if name.is_empty() || text.contains(&name) || seen.contains(&name) {
                continue;
            }
            let amount = quoted.amount.yen.to_string();
            found.push(
                Found::at(&row.record, &row.sources, message(&quoted.programme, &amount))
                    .with("programme", &quoted.programme)
                    .with("amount", amount),
            );
            seen.push(name);
        }
    }
    found
}

fn key(text: &str) -> String {
    base::text::name_key(text)
}
