//! Goals: an overview of all, then each with its rows, what changed in them, and the programmes that serve it.

use base::{FiscalYear, Lang, Missing};
use plan::FollowUp;
use plan::change::{Growth, Identity, MoneyChange, RowChange};
use plan::follow_up::{GoalAnswer, RowAnswer};
use plan::join::Join;

use super::{cite_all, cited, cited_text, join_counts, mark, sum, year_in};
use crate::outline::joins;
use crate::{Cell, Column, DocumentBuilder, Row, Severity, Table, Text, diff, words};

pub(super) fn overview(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    if answer.goals.is_empty() {
        return;
    }
    doc.heading(1, lang.pick("ゴールの一覧", "All goals"));
    let mut table =
        Table::new(lang.pick("ゴールごとの報告・事業・予算", "Reports, programmes and money by goal"))
            .column(Column::text("ID"))
            .column(Column::text(lang.pick("ゴール", "Goal")))
            .column(Column::text(lang.pick("報告", "Reported")))
            .column(Column::text(lang.pick("◎の府省", "Ministries marked ◎")))
            .column(Column::text(lang.pick("事業（確実＋推定）", "Programmes (firm + suggested)")))
            .column(Column::yen(lang.pick("資料に記された予算", "Budgets printed in its rows")));
    for goal in &answer.goals {
        let numbers = cite_all(doc, &goal.node.sources);
        let (firm, suggested) = join_counts(goal);
        let reported = match (&goal.silent, lang) {
            (None, Lang::Ja) => Cell::text(format!("{}行", goal.rows.len())),
            (None, Lang::En) => Cell::text(format!("{} rows", goal.rows.len())),
            // Silence is a finding about a year; without any table taken in there is nothing to find.
            (Some(_), _) if answer.fiscal_year.value().is_none() => Cell::missing(Missing::NotYet),
            (Some(silence), _) => Cell::text(silent(silence.last_reported, lang)),
        };
        let id = goal.node.record.record.as_str();
        table = table.row(Row::of([
            Cell::text(id.rsplit('.').next().unwrap_or(id)),
            cited(Cell::text(goal.node.name.get(lang)), &numbers),
            reported,
            Cell::text(leads(goal).join(words::comma(lang))),
            Cell::text(format!("{firm} + {suggested}")),
            printed_total(goal, answer.fiscal_year.value().copied()),
        ]));
    }
    doc.table(table.note(lang.pick(
        "予算は当年度の行に印刷された額の合計（内数・再掲を除く）。事業の予算・執行は事業の表を参照。",
        "Budgets are the sum of what the year's rows print, without 内数 (bounds) and 再掲 (repeats); programmes have tables of their own below.",
    )));
}

fn silent(last: Option<FiscalYear>, lang: Lang) -> String {
    match (last, lang) {
        (Some(year), Lang::Ja) => format!("沈黙（最後の報告：{}）", year.japanese()),
        (Some(year), Lang::En) => format!("silent (last reported for {year})"),
        (None, Lang::Ja) => "沈黙（取り込まれた報告なし）".to_owned(),
        (None, Lang::En) => "silent (no report taken in)".to_owned(),
    }
}

/// The ministries marked ◎ in the goal's rows.
fn leads(goal: &GoalAnswer) -> Vec<String> {
    let mut leads: Vec<String> = goal.rows.iter().flat_map(|row| row.marks.leads()).collect();
    leads.sort();
    leads.dedup();
    leads
}

/// The sum printed with the results of the year; where only bounds are printed, that is said.
fn printed_total(goal: &GoalAnswer, year: Option<FiscalYear>) -> Cell {
    let of_year: Vec<_> =
        goal.printed_totals.iter().filter(|total| Some(total.fiscal_year) == year).collect();
    match of_year.as_slice() {
        [] if goal.rows.is_empty() => Cell::empty(),
        [] => Cell::missing(Missing::NotPrinted),
        [total] => total.yen.filter(|_| total.lines > 0).map_or_else(|| Cell::missing(Missing::Unknown), sum),
        several => Cell::text(
            several
                .iter()
                .filter_map(|total| {
                    total
                        .yen
                        .filter(|_| total.lines > 0)
                        .map(|yen| super::rounded_for_reading(yen).to_string())
                })
                .collect::<Vec<_>>()
                .join(" / "),
        ),
    }
}

pub(super) fn goal(doc: &mut DocumentBuilder, answer: &FollowUp, goal: &GoalAnswer) {
    let lang = doc.lang();
    let id = goal.node.record.record.as_str();
    doc.heading_at(1, format!("{} {}", id.rsplit('.').next().unwrap_or(id), goal.node.name.get(lang)), id);
    edges(doc, goal);
    if let Some(silence) = goal.silent.as_ref().filter(|_| answer.fiscal_year.value().is_some()) {
        doc.note(Severity::Caution, silent(silence.last_reported, lang));
    }
    for (index, row) in goal.rows.iter().enumerate() {
        self::row(doc, index + 1, row);
    }
    printed(doc, goal);
    served_by(doc, answer, goal);
}

fn edges(doc: &mut DocumentBuilder, goal: &GoalAnswer) {
    let lang = doc.lang();
    let numbers = cite_all(doc, &goal.node.sources);
    let mut facts = vec![(
        goal.node.level.names().get(lang).to_owned(),
        cited(Cell::text(goal.node.name.get(Lang::Ja)), &numbers),
    )];
    for edge in &goal.above {
        facts.push((
            lang.pick("上位", "Above it").to_owned(),
            Cell::text(edge.name.get(lang)).belief(mark(&edge.belief)),
        ));
    }
    for (measure, edge) in &goal.measures {
        let numbers = cite_all(doc, &measure.sources);
        let cell = Cell::text(measure.name.get(lang)).belief(mark(&edge.belief));
        facts.push((lang.pick("計画の施策", "Measure of the plan").to_owned(), cited(cell, &numbers)));
    }
    doc.facts(facts);
}

fn row(doc: &mut DocumentBuilder, number: usize, row: &RowAnswer) {
    let lang = doc.lang();
    let numbers = cite_all(doc, &row.sources);
    let short: String = row.measure.chars().take(36).collect();
    let more = if row.measure.chars().count() > 36 { "…" } else { "" };
    doc.heading_at(2, format!("{number}. {short}{more}"), row.record.record.as_str());
    let ministries = if row.marks.as_printed.is_empty() {
        Cell::missing(Missing::NotPrinted)
    } else {
        Cell::text(format!("{} {}", row.marks.as_printed, row.marks.all().join(words::comma(lang))))
    };
    let text = |text: &str| {
        if text.is_empty() {
            Cell::missing(Missing::NotPrinted)
        } else {
            cited(Cell::text(bullets(text)), &numbers)
        }
    };
    let mut facts = vec![
        (lang.pick("見出し", "Heading").to_owned(), Cell::text(row.heading.as_str())),
        (lang.pick("施策", "Measure").to_owned(), text(&row.measure)),
        (lang.pick("府省", "Ministries").to_owned(), ministries),
        (
            format!("{} {}", year_in(row.fiscal_year, lang), lang.pick("実績・状況", "results")),
            text(&row.results),
        ),
        (
            format!("{} {}", year_in(row.fiscal_year.next(), lang), lang.pick("取組予定", "plans")),
            text(&row.plans),
        ),
    ];
    if let Some(status) = &row.status {
        facts.push((lang.pick("状況", "Status").to_owned(), Cell::text(status.as_str())));
    }
    facts.push((lang.pick("前年度から", "Since last year").to_owned(), Cell::text(changed(row, lang))));
    doc.facts(facts);
    if let Some(change) = &row.change {
        details(doc, change);
    }
    doubts(doc, row);
}

/// Each bullet on a line of its own, as it stood on the page.
fn bullets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        if c == '・' && before == Some('。') {
            out.push('\n');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

fn changed(row: &RowAnswer, lang: Lang) -> String {
    let Some(change) = &row.change else {
        return if row.is_new {
            lang.pick("新規", "new")
        } else {
            lang.pick("前年度の表が取り込まれていない", "last year's table has not been taken in")
        }
        .to_owned();
    };
    let all = [
        (change.wording.is_some(), lang.pick("文言が変わった", "wording changed")),
        (change.leads.is_some(), lang.pick("◎が変わった", "◎ changed")),
        (change.ministries.is_some(), lang.pick("府省が変わった", "ministries changed")),
        (change.status.is_some(), lang.pick("状況が変わった", "status changed")),
        (
            change.results_repeated,
            lang.pick("実績の記載が前年度と同文", "results repeat last year's word for word"),
        ),
        (
            change.plans_repeated,
            lang.pick("予定の記載が前年度と同文", "plans repeat last year's word for word"),
        ),
    ];
    let said: Vec<&str> = all.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text).collect();
    if said.is_empty() {
        lang.pick("変わりなし", "no change").to_owned()
    } else {
        said.join(lang.pick("、", ", "))
    }
}

fn details(doc: &mut DocumentBuilder, change: &RowChange) {
    let lang = doc.lang();
    let numbers = cite_all(doc, &change.sources);
    if let Identity::Suggested { similarity, threshold } = change.identity {
        doc.note(Severity::Info, match lang {
            Lang::Ja => format!("前年度の行 {} と同じ施策とみたのは文言の近さによる推定（{similarity}/1000、しきい値{threshold}）", change.previous),
            Lang::En => format!("taken for the same measure as last year's {} by similar wording only ({similarity} of 1000, threshold {threshold})", change.previous),
        });
    }
    if let Some(wording) = &change.wording {
        doc.paragraph(cited_text(
            Text::plain(lang.pick("文言：", "Wording: "))
                .text(diff::wording(&wording.before, &wording.after)),
            &numbers,
        ));
    }
    if let Some(leads) = &change.leads {
        doc.paragraph(cited_text(
            Text::plain(format!(
                "◎ {} → {}",
                leads.before.join(words::comma(lang)),
                leads.after.join(words::comma(lang))
            )),
            &numbers,
        ));
    }
    let moved: Vec<String> = change.money.iter().filter_map(|money| money_change(money, lang)).collect();
    if !moved.is_empty() {
        doc.list(moved);
    }
}

fn money_change(money: &MoneyChange, lang: Lang) -> Option<String> {
    let show = |amount: &Option<base::Amount>| {
        amount
            .map_or_else(|| lang.pick("記載なし", "not printed").to_owned(), |amount| amount.yen.to_string())
    };
    let growth = match money.growth.as_ref()? {
        Growth::Percent(percent) => format!("{percent:+.1}%"),
        Growth::Refused(why) => why.get(lang).to_owned(),
    };
    Some(format!("{}: {} → {} ({growth})", money.programme, show(&money.before), show(&money.after)))
}

fn doubts(doc: &mut DocumentBuilder, row: &RowAnswer) {
    let lang = doc.lang();
    if row.doubts.is_empty() && row.incomplete.is_empty() {
        return;
    }
    let mut points: Vec<String> = Vec::new();
    for doubt in &row.doubts {
        let sure = doubt
            .confidence
            .map(|confidence| words::bracketed(&format!("{confidence}%"), lang))
            .unwrap_or_default();
        points.push(format!("{}{sure}: {}", doubt.cell, doubt.why));
    }
    doc.note(
        Severity::Caution,
        match lang {
            Lang::Ja => format!("読み取りに注意（原本と照合してください）：{}", points.join("；")),
            Lang::En => format!("read with doubt (compare with the original): {}", points.join("; ")),
        },
    );
}

/// Every budget that the goal's rows print, once, and their sums.
fn printed(doc: &mut DocumentBuilder, goal: &GoalAnswer) {
    let lang = doc.lang();
    if goal.printed.is_empty() {
        return;
    }
    let mut table = Table::new(lang.pick("行に印刷された予算", "Budgets printed in the rows"))
        .column(Column::text(lang.pick("事業", "Programme")))
        .column(Column::text(lang.pick("年度", "Fiscal year")))
        .column(Column::text(lang.pick("種別", "Kind")))
        .column(Column::yen(lang.pick("金額", "Amount")))
        .column(Column::number(lang.pick("記載の数", "Times printed")));
    for line in &goal.printed {
        let numbers = cite_all(doc, &line.sources);
        table = table.row(Row::of([
            Cell::text(line.programme.as_str()),
            Cell::text(year_in(line.amount.fiscal_year, lang)),
            Cell::text(line.amount.kind.names().get(lang)),
            cited(Cell::amount(&line.amount), &numbers),
            Cell::integer(i64::try_from(line.printed_in.len()).unwrap_or(i64::MAX)),
        ]));
    }
    for total in &goal.printed_totals {
        let Some(yen) = total.yen.filter(|_| total.lines > 0) else { continue };
        table = table.row(Row::total([
            Cell::text(lang.pick("合計（内数・再掲を除く）", "Sum, without bounds and repeats")),
            Cell::text(year_in(total.fiscal_year, lang)),
            Cell::text(total.kind.names().get(lang)),
            sum(yen),
            Cell::empty(),
        ]));
    }
    doc.table(table);
}

fn served_by(doc: &mut DocumentBuilder, answer: &FollowUp, goal: &GoalAnswer) {
    let lang = doc.lang();
    if goal.joins.is_empty() {
        doc.note(
            Severity::Caution,
            lang.pick(
                "このゴールに資する事業は見つかっていません。",
                "No programme has been found to serve this goal.",
            ),
        );
        return;
    }
    let mut table = Table::new(lang.pick("このゴールに資する事業", "Programmes that serve this goal"))
        .column(Column::text(lang.pick("事業", "Programme")))
        .column(Column::text(lang.pick("根拠の強さ", "Rests on")))
        .column(Column::number(lang.pick("点", "Score")).means(
            lang.pick("0–1000。順序のための点で、確率ではない", "0–1000; orders suggestions, no probability"),
        ))
        .column(Column::text(lang.pick("なぜ", "Why")));
    for join in &goal.joins {
        table = table.row(join_row(doc, answer, join));
    }
    doc.table(table);
}

fn join_row(doc: &mut DocumentBuilder, answer: &FollowUp, join: &Join) -> Row {
    let lang = doc.lang();
    let name =
        answer.programmes.get(&join.programme).map_or(join.programme.as_str(), |programme| &programme.name);
    let why = joins::why(doc, join);
    Row::of([
        Cell::text(format!("{name} [{}]", join.programme)),
        Cell::text(lang.pick("結び付き", "link")).belief(mark(&join.belief)),
        Cell::integer(i64::from(join.score)),
        Cell::text(why),
    ])
}

pub(super) fn unplaced(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    if !answer.unplaced_rows.is_empty() {
        doc.heading(1, lang.pick("計画のどのゴールにも置けない行", "Rows that fit no goal of the plan"));
        for (index, row) in answer.unplaced_rows.iter().enumerate() {
            self::row(doc, index + 1, row);
        }
    }
    if !answer.vanished.is_empty() {
        doc.heading(1, lang.pick("前年度にあって当年度にない行", "Rows of last year that are gone"));
        let points = answer.vanished.iter().map(|row| {
            let numbers = cite_all(doc, &row.sources);
            (row.measure.clone(), numbers)
        });
        let points: Vec<Text> = points
            .collect::<Vec<_>>()
            .into_iter()
            .map(|(measure, numbers)| cited_text(Text::plain(measure), &numbers))
            .collect();
        doc.list(points);
    }
}
