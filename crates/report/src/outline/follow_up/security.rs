//! Cybersecurity of devices in numbers. What may be told is the engine's decision; a number that is not told looks like none that is.

use plan::FollowUp;
use plan::security::{SecurityAnswer, Told};

use crate::{Cell, Column, DocumentBuilder, Row, Severity, Table};

pub(super) fn counts(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    doc.heading(
        1,
        lang.pick("医療機器のサイバーセキュリティ（集計）", "Cybersecurity of devices, in numbers"),
    );
    section(doc, &answer.security);
}

/// The numbers without a heading: for the pages of the nodes they are evidence for.
pub fn section(doc: &mut DocumentBuilder, answer: &SecurityAnswer) {
    let lang = doc.lang();
    if answer.counts.is_empty() {
        doc.paragraph(lang.pick(
            "まだデータがありません。製品・SBOM・指摘・市販前ファイルの台帳から数えます。",
            "No data yet. Counted from the registers of products, bills, findings and pre-market files.",
        ));
        return;
    }
    let mut table = Table::new(lang.pick("規則と状態ごとの件数", "Counts by rule and state"))
        .column(Column::text(lang.pick("区分", "Part")))
        .column(Column::number(lang.pick("件数", "Count")));
    for counted in &answer.counts {
        table = table.row(Row::group(counted.name.get(lang).to_owned()));
        for (part, told) in &counted.parts {
            let cell = match told {
                Told::Exactly(count) => Cell::integer(i64::try_from(*count).unwrap_or(i64::MAX)),
                other => Cell::text(other.names().get(lang)),
            };
            table = table.row(Row::of([Cell::text(part.get(lang)), cell]));
        }
    }
    doc.table(table);
    let registers = answer.registers.join(lang.pick("、", ", "));
    let fewest = answer.fewest;
    doc.note(
        Severity::Info,
        match lang {
            base::Lang::Ja => format!(
                "出所：台帳 {registers}。記録は保有者のものなので、{fewest}未満の件数、{fewest}者に満たない製造販売業者の件数、それらを逆算できる件数は示しません（基準は設定値で、出典はありません）。行政による確認は構想です。"
            ),
            base::Lang::En => format!(
                "Source: the registers {registers}. Their records are confidential: counts below {fewest}, counts of fewer than {fewest} makers, and counts by which one of these could be worked out are not told (the bound is configuration without a source). Confirmation by an authority is a proposal."
            ),
        },
    );
}
