//! Rules on money: totals, kinds, bounds, execution, and documents set beside sheets.

use base::{BudgetKind, FiscalYear, Missing, Names};

use super::rows::rows;
use super::{Found, Rule, Severity, Text};
use crate::change::Growth;
use crate::follow_up::{Analysis, ProgrammeAnswer};
use crate::money::{Agreement, Reconciliation, SheetAmount};

pub(super) const TOTAL_DISAGREES: Rule = Rule {
    code: "S0201",
    severity: Severity::Error,
    name: Text {
        ja: "合計が印刷された額と合わない", en: "a sum disagrees with the printed total"
    },
    explains: Text {
        ja: "内数・再掲・種別の異なる行を除いた合計が、各行の端数を考えても、印刷された合計と合わない。行の読み取り、金額と事業の対応、まとまりへの所属を確かめる。",
        en: "The sum of the lines, without what is within, repeated or of another kind, is not the printed total even if every term was rounded. Check the lines, which amount belongs to which programme, and what belongs to the group.",
    },
    find: |analysis| totals(analysis, Agreement::Disagrees),
};

pub(super) const TOTAL_WITHIN_ROUNDING: Rule = Rule {
    code: "S0202",
    severity: Severity::Note,
    name: Text { ja: "合計は端数の範囲で合う", en: "a sum agrees only within rounding" },
    explains: Text {
        ja: "各行の額が四捨五入・切捨て・切上げされているとすれば、合計は印刷された額と合う。",
        en: "If the terms were rounded, cut off or raised, the sum is the printed total.",
    },
    find: |analysis| totals(analysis, Agreement::WithinRounding),
};

pub(super) const DOCUMENT_AND_SHEET_DISAGREE: Rule = Rule {
    code: "S0203",
    severity: Severity::Warning,
    name: Text {
        ja: "資料の額とシートの額が合わない", en: "the document's amount and the sheet's disagree"
    },
    explains: Text {
        ja: "同じ名の事業の同じ年度の額が、資料とレビューシートで、端数の範囲を超えて異なる。種別の違い（要求と案など）、対象範囲の違い（内数、医療機器以外を含む）、事業の取り違えを確かめる。",
        en: "For a programme of the same name and year the document and the review sheet print amounts that differ by more than rounding. See whether kinds differ (request and draft), scopes differ (a share; not devices alone), or two programmes are confused.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .comparisons
            .iter()
            .filter(|found| !found.agrees)
            .filter_map(|found| {
                let (printed, sheet) = (found.printed.amount.yen, found.sheet);
                let (kind, sheet_kind) = (found.printed.amount.kind.names(), found.sheet_kind.names());
                let (name, year) = (&found.printed.programme, found.printed.amount.fiscal_year);
                let message = Names::of(
                    format!(
                        "「{name}」{}：資料の{}は{printed}、シートの{}は{sheet}",
                        year.japanese(),
                        kind.ja,
                        sheet_kind.ja
                    ),
                    format!(
                        "“{name}” {year}: the document's {} is {printed}, the sheet's {} is {sheet}",
                        kind.en, sheet_kind.en
                    ),
                );
                let sources: Vec<_> = found.printed.sources.iter().chain(&found.sources).cloned().collect();
                let place = found.printed.printed_in.first()?;
                Some(
                    Found::at(place, &sources, message)
                        .with("printed", printed)
                        .with("sheet", sheet)
                        .with("programme", &found.programme),
                )
            })
            .collect()
    },
};

pub(super) const GROWTH_REFUSED: Rule = Rule {
    code: "S0204",
    severity: Severity::Note,
    name: Text { ja: "前年度比を計算できない", en: "growth is not computed" },
    explains: Text {
        ja: "前年度と当年度の額は、種別が違うか、内数であるため、比べることができない。種別の異なる額の増減は計算しない。",
        en: "The amounts of the two years cannot be compared: their kinds differ, or one is a share of a larger amount. Growth across kinds is never computed.",
    },
    find: |analysis| {
        let mut found = Vec::new();
        for (_, row) in rows(analysis) {
            for money in row.change.iter().flat_map(|change| &change.money) {
                let (Some(before), Some(after), Some(Growth::Refused(why))) =
                    (money.before, money.after, &money.growth)
                else {
                    continue;
                };
                let name = &money.programme;
                let message = Names::of(
                    format!("「{name}」{} → {}：{}", before.yen, after.yen, why.ja),
                    format!("“{name}” {} → {}: {}", before.yen, after.yen, why.en),
                );
                found.push(
                    Found::at(&row.record, &row.sources, message)
                        .with("before", before.yen)
                        .with("after", after.yen),
                );
            }
        }
        // Lines of the documents that print a previous amount of another kind beside theirs.
        found.extend(analysis.view.budget_lines.iter().filter_map(|line| {
            let previous = line.previous.value()?;
            let kind = line.previous_kind.filter(|kind| *kind != line.amount.kind)?;
            let (now, then) = (line.amount.kind.names(), kind.names());
            let message = Names::of(
                format!(
                    "「{}」{}（{}）と括弧内の{previous}（{}）は種別が異なる",
                    line.name, line.amount.yen, now.ja, then.ja
                ),
                format!(
                    "“{}” {} ({}) and {previous} in brackets ({}) are of different kinds",
                    line.name, line.amount.yen, now.en, then.en
                ),
            );
            Some(
                Found::at(&line.origin.record, &line.origin.sources, message)
                    .with("before", previous)
                    .with("after", line.amount.yen),
            )
        }));
        found
    },
};

pub(super) const ONLY_WITHIN: Rule = Rule {
    code: "S0205",
    severity: Severity::Note,
    name: Text {
        ja: "予算が内数でのみ示されている",
        en: "the budget is only given as a share of a larger amount",
    },
    explains: Text {
        ja: "施策の予算がすべて内数であり、この施策にいくら使われたかは資料から分からない。上限だけが分かる。",
        en: "All budgets quoted for the measure are shares of larger amounts. How much went to it cannot be known from the documents; only the bound can.",
    },
    find: |analysis| {
        rows(analysis)
            .filter(|(_, row)| {
                !row.budgets.is_empty() && row.budgets.iter().all(|quoted| quoted.amount.within)
            })
            .map(|(_, row)| {
                let mut bounds: Vec<String> =
                    row.budgets.iter().map(|quoted| format!("≤ {}", quoted.amount.yen)).collect();
                bounds.dedup();
                let bounds = bounds.join("、");
                let message = Names::of(
                    format!("予算は内数のみ（{bounds}、内訳不明）"),
                    format!("only shares of larger amounts are quoted ({bounds}, share unknown)"),
                );
                Found::at(&row.record, &row.sources, message).with("bounds", bounds)
            })
            .collect()
    },
};

pub(super) const EXECUTION_ZERO: Rule = Rule {
    code: "S0206",
    severity: Severity::Warning,
    name: Text { ja: "終わった年度の執行額が0円", en: "nothing was executed in a closed year" },
    explains: Text {
        ja: "予算があり、年度も終わったのに、シートの執行額が0円である。執行されなかったのか、未記入かを確かめる。進行中の年度の0円は「未確定」として読み込まれ、この規則の対象にならない。",
        en: "The year is over and had a budget, and the sheet says that 0 yen were executed. See whether nothing was spent or nothing was filled in. Zeros of the running year are read as “not yet” and are not meant here.",
    },
    find: |analysis| {
        executed(
            analysis,
            |amount| amount.yen.value().is_some_and(|yen| yen.yen() == 0),
            |name, year| {
                Names::of(
                    format!("「{name}」の{}の執行額が0円", year.japanese()),
                    format!("“{name}” executed 0 yen in {year}"),
                )
            },
        )
    },
};

pub(super) const EXECUTION_NOT_YET: Rule = Rule {
    code: "S0207",
    severity: Severity::Note,
    name: Text {
        ja: "終わった年度の執行額が未確定のまま",
        en: "the execution of a closed year is still “not yet”",
    },
    explains: Text {
        ja: "年度は終わったが、取り込まれたシートは執行額が確定する前のものである。翌年度のシートを取り込む。",
        en: "The year is over, but the sheet that was taken in is older than its execution. Take in the sheet of the next year.",
    },
    find: |analysis| {
        executed(
            analysis,
            |amount| amount.yen.reason() == Some(Missing::NotYet),
            |name, year| {
                Names::of(
                    format!(
                        "「{name}」の{}の執行額は未確定（翌年度のシートを取り込むこと）",
                        year.japanese()
                    ),
                    format!(
                        "the execution of “{name}” in {year} is not known yet (take in the next year's sheet)"
                    ),
                )
            },
        )
    },
};

pub(super) const SHEETS_CONTRADICT: Rule = Rule {
    code: "S0208",
    severity: Severity::Note,
    name: Text {
        ja: "年度の異なるシートの額が食い違う",
        en: "sheets of different years contradict each other",
    },
    explains: Text {
        ja: "同じ年度・種別の額が、シートの年度によって異なる。新しいシートの額を採り、古い額も残してある。",
        en: "Sheets of different years print different amounts of the same year and kind. The newest is believed, the older ones are kept.",
    },
    find: |analysis| {
        amounts(analysis)
            .filter_map(|(programme, year, amount)| {
                let (sheet_year, earlier) = amount.earlier.last()?;
                let now = amount.yen.value()?;
                let (name, kind) = (&programme.name, amount.kind.names());
                let message = Names::of(
                    format!(
                        "「{name}」{}の{}：{}のシートは{earlier}、{}のシートは{now}",
                        year.japanese(),
                        kind.ja,
                        sheet_year.japanese(),
                        amount.sheet_year.japanese()
                    ),
                    format!(
                        "“{name}” {year} {}: {earlier} in the sheet of {sheet_year}, {now} in that of {}",
                        kind.en, amount.sheet_year
                    ),
                );
                Some(
                    Found::whole(amount.sources.clone(), message)
                        .with("programme", &programme.key)
                        .with("earlier", earlier)
                        .with("now", now),
                )
            })
            .collect()
    },
};

pub(super) const MONEY_OF_ANOTHER_YEAR: Rule = Rule {
    code: "S0209",
    severity: Severity::Note,
    name: Text {
        ja: "実績の年度と予算の年度が異なる", en: "results quote the money of another year"
    },
    explains: Text {
        ja: "実績・状況が、その年度でない予算を挙げている（前年度の補正予算など）。年度の異なる額は合計に入れない。",
        en: "The results quote a budget of another year, such as last year's supplementary budget. Amounts of different years are not added.",
    },
    find: |analysis| {
        let quoted = rows(analysis).flat_map(|(_, row)| row.budgets.iter().map(move |quoted| (row, quoted)));
        let other = quoted.filter(|(row, quoted)| {
            quoted.column == crate::view::Column::Results && quoted.amount.fiscal_year != row.fiscal_year
        });
        other
            .map(|(row, quoted)| {
                let (name, amount, kind) = (&quoted.programme, &quoted.amount, quoted.amount.kind.names());
                let message = Names::of(
                    format!(
                        "「{name}」{}の{}{}を{}の実績に挙げている",
                        amount.fiscal_year.japanese(),
                        kind.ja,
                        amount.yen,
                        row.fiscal_year.japanese()
                    ),
                    format!(
                        "“{name}”: {} {} of {} is quoted with the results of {}",
                        amount.yen, kind.en, amount.fiscal_year, row.fiscal_year
                    ),
                );
                Found::at(&row.record, &row.sources, message)
                    .with("money_year", amount.fiscal_year)
                    .with("results_year", row.fiscal_year)
            })
            .collect()
    },
};

fn totals(analysis: &Analysis<'_>, agreement: Agreement) -> Vec<Found> {
    let wanted = analysis.follow_up.budget_groups.iter().filter(|group| group.agreement == Some(agreement));
    wanted.filter_map(total).collect()
}

fn total(group: &Reconciliation) -> Option<Found> {
    let (sum, total) = (group.sum?, group.total.value()?);
    let sum_text = base::Yen::exact(sum).to_string();
    let (lines, left_out) = (group.counted.len(), group.left_out.len());
    let message = Names::of(
        format!(
            "{}：{lines}行の合計は{sum_text}、印刷された合計は{total}（{left_out}行を除外）",
            group.name.ja
        ),
        format!(
            "{}: {lines} lines add up to {sum_text}, the printed total is {total} ({left_out} left out)",
            group.name.en
        ),
    );
    Some(Found::at(&group.group, &group.sources, message).with("sum", sum_text).with("total", total))
}

fn amounts<'a>(
    analysis: &'a Analysis<'_>,
) -> impl Iterator<Item = (&'a ProgrammeAnswer, FiscalYear, &'a SheetAmount)> {
    let programmes = analysis.follow_up.programmes.values();
    programmes.flat_map(|programme| {
        programme.money.iter().flat_map(move |year| {
            year.amounts.iter().map(move |amount| (programme, year.fiscal_year, amount))
        })
    })
}

fn executed(
    analysis: &Analysis<'_>,
    wanted: impl Fn(&SheetAmount) -> bool,
    message: impl Fn(&str, FiscalYear) -> Names,
) -> Vec<Found> {
    let running = FiscalYear::of(analysis.question.today);
    let closed =
        amounts(analysis).filter(|(_, year, amount)| *year < running && amount.kind == BudgetKind::Executed);
    let budgeted = closed.filter(|(programme, year, _)| {
        let years = programme.money.iter().filter(|money| money.fiscal_year == *year);
        let mut budgets = years
            .flat_map(|money| &money.amounts)
            .filter(|amount| matches!(amount.kind, BudgetKind::Initial | BudgetKind::Available));
        budgets.any(|amount| amount.yen.value().is_some_and(|yen| yen.yen() > 0))
    });
    let found = budgeted.filter(|(.., amount)| wanted(amount));
    found
        .map(|(programme, year, amount)| {
            Found::whole(amount.sources.clone(), message(&programme.name, year))
                .with("programme", &programme.key)
                .with("year", year)
        })
        .collect()
}
