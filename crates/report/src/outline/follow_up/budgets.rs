//! Printed totals and whether their lines add up; printed amounts beside the sheets of the same programmes.

use base::Lang;
use plan::FollowUp;
use plan::money::{Agreement, PrintedLine, Reconciliation};

use super::{cite_all, cited, sum, year_in};
use crate::{Cell, Column, DocumentBuilder, Row, Table};

pub(super) fn groups(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    for group in &answer.budget_groups {
        doc.heading(
            1,
            match lang {
                Lang::Ja => format!("予算の突合：{}", group.name.get(lang)),
                Lang::En => format!("Budget reconciled: {}", group.name.get(lang)),
            },
        );
        let numbers = cite_all(doc, &group.sources);
        let mut table = table(lang, lang.pick("合計に入るもの", "In the sum"));
        for line in &group.counted {
            table = table.row(line_row(doc, line, ""));
        }
        table = table.row(Row::total([
            Cell::text(lang.pick("合計", "Sum")),
            Cell::empty(),
            Cell::empty(),
            group.sum.map_or_else(Cell::empty, sum),
            Cell::empty(),
        ]));
        let printed = Cell::reported(&group.total, |yen| Cell::yen(*yen));
        let verdict = agreement(group, lang);
        table = table.row(Row::total([
            Cell::text(lang.pick("資料の合計", "Printed total")),
            Cell::empty(),
            Cell::empty(),
            cited(printed, &numbers),
            Cell::text(verdict),
        ]));
        for (line, why) in &group.left_out {
            table = table.row(line_row(doc, line, why.names().get(lang)));
        }
        doc.table(table);
    }
}

fn agreement(group: &Reconciliation, lang: Lang) -> &'static str {
    match group.agreement {
        Some(Agreement::Agrees) => lang.pick("一致", "agrees"),
        Some(Agreement::WithinRounding) => lang.pick("端数処理の範囲で一致", "agrees within rounding"),
        Some(Agreement::Disagrees) => lang.pick("不一致", "disagrees"),
        None => lang.pick("比較できない", "cannot be compared"),
    }
}

fn table(lang: Lang, caption: &str) -> Table {
    Table::new(caption)
        .column(Column::text(lang.pick("事業", "Programme")))
        .column(Column::text(lang.pick("年度", "Fiscal year")))
        .column(Column::text(lang.pick("種別", "Kind")))
        .column(Column::yen(lang.pick("金額", "Amount")))
        .column(Column::text(lang.pick("備考", "Remark")))
}

fn line_row(doc: &mut DocumentBuilder, line: &PrintedLine, remark: &str) -> Row {
    let lang = doc.lang();
    let numbers = cite_all(doc, &line.sources);
    Row::of([
        Cell::text(line.programme.as_str()),
        Cell::text(year_in(line.amount.fiscal_year, lang)),
        Cell::text(line.amount.kind.names().get(lang)),
        cited(Cell::amount(&line.amount), &numbers),
        Cell::text(remark),
    ])
}

pub(super) fn comparisons(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    if answer.comparisons.is_empty() {
        return;
    }
    doc.heading(1, lang.pick("資料の金額とレビューシートの照合", "Printed amounts beside the review sheets"));
    let mut table = Table::new(lang.pick("同じ事業・同じ年度", "Same programme, same year"))
        .column(Column::text(lang.pick("事業", "Programme")))
        .column(Column::text(lang.pick("年度", "Fiscal year")))
        .column(Column::yen(lang.pick("資料", "Document")))
        .column(Column::yen(lang.pick("シート", "Sheet")))
        .column(Column::text(lang.pick("シートの種別", "Kind in the sheet")))
        .column(Column::text(lang.pick("判定", "Verdict")));
    for comparison in &answer.comparisons {
        let printed = cite_all(doc, &comparison.printed.sources);
        let sheet = cite_all(doc, &comparison.sources);
        let verdict = if comparison.agrees {
            lang.pick("整合", "consistent")
        } else {
            lang.pick("不整合", "inconsistent")
        };
        table = table.row(Row::of([
            Cell::text(format!("{} ({})", comparison.printed.programme, comparison.programme)),
            Cell::text(year_in(comparison.printed.amount.fiscal_year, lang)),
            cited(Cell::amount(&comparison.printed.amount), &printed),
            cited(Cell::yen(comparison.sheet), &sheet),
            Cell::text(comparison.sheet_kind.names().get(lang)),
            Cell::text(verdict),
        ]));
    }
    doc.table(table);
}
