//! The lists of the plan's pages as long tables for machines; those of the follow-up itself are the report's.

use base::Missing;
use plan::check::Finding;
use plan::identity::ProgrammeGroup;
use plan::money::Reconciliation;
use report::Number;
use report::csv_long::{ColumnDef, Kind, LongTable, Value};

use crate::desk::Plan;

fn column(name: &str, kind: Kind, ja: &str, en: &str) -> ColumnDef {
    ColumnDef::new(name, kind, ja, en)
}

fn text(text: &str) -> Value {
    if text.trim().is_empty() { Value::Missing(Missing::NotPrinted) } else { Value::Text(text.to_owned()) }
}

fn integer(number: i64) -> Value {
    Value::Number(Number::Integer(number))
}

/// Programmes with every amount on record, one line an amount; a programme without any has one line.
pub(super) fn programmes(plan: &Plan, found: &[usize]) -> LongTable {
    let columns = [
        column("programme_key", Kind::Key, "事業の鍵", "key of the programme"),
        column("programme", Kind::Text, "事業の最新の名称", "newest name of the programme"),
        column("ministry", Kind::Text, "府省", "ministry"),
        column(
            "goals_firm",
            Kind::Text,
            "明記又は確認済で資するゴール",
            "goals it serves by statement or confirmation",
        ),
        column("goals_suggested", Kind::Text, "推定で資するゴール", "goals it serves by suggestion only"),
        column("names_plan", Kind::Flag, "基本計画又は法を挙げる", "names the plan or the Act"),
        column("fiscal_year", Kind::Year, "金額の年度", "fiscal year of the money"),
        column("kind", Kind::Text, "種別", "kind of amount"),
        column("amount_yen", Kind::Integer, "金額", "amount").unit("円"),
        column("sheets", Kind::Text, "シートの記録", "records of its sheets"),
    ];
    let mut table = LongTable::new("programmes", columns);
    for &at in found {
        let (group, listed) = (&plan.programmes.groups[at], &plan.index.listed[at]);
        let of_programme = of_programme(plan, group, at);
        if listed.money.is_empty() {
            let nothing = [
                Value::Missing(Missing::NotPrinted),
                Value::Missing(Missing::NotPrinted),
                Value::Missing(Missing::NotPrinted),
            ];
            table.rows.push(line(&of_programme, nothing, plan, group));
        }
        for (year, kind, yen) in &listed.money {
            let amount = match (yen.value(), yen.reason()) {
                (Some(yen), _) => integer(yen.yen()),
                (None, why) => Value::Missing(why.unwrap_or(Missing::Unknown)),
            };
            table.rows.push(line(
                &of_programme,
                [integer(year.western().into()), text(&kind.names().en), amount],
                plan,
                group,
            ));
        }
    }
    table
}

fn of_programme(plan: &Plan, group: &ProgrammeGroup, at: usize) -> [Value; 6] {
    let goals = |firm: bool| {
        let ids = plan.index.joins(&group.key).iter().filter(|joined| joined.firm == firm);
        let ids: Vec<&str> =
            ids.map(|joined| plan.answer.goals[joined.goal].node.record.record.as_str()).collect();
        if ids.is_empty() { Value::Missing(Missing::None) } else { Value::Text(ids.join("; ")) }
    };
    let listed = &plan.index.listed[at];
    let names_plan = if group.sheets.is_empty() {
        Value::Missing(Missing::NotApplicable)
    } else {
        Value::Flag(listed.names_plan)
    };
    [
        Value::Text(group.key.clone()),
        text(&group.name),
        text(&listed.ministry),
        goals(true),
        goals(false),
        names_plan,
    ]
}

fn line(of_programme: &[Value; 6], amount: [Value; 3], plan: &Plan, group: &ProgrammeGroup) -> Vec<Value> {
    let sheets: Vec<&str> = group.sheets.iter().map(|&at| plan.view.sheets[at].origin.id()).collect();
    of_programme.iter().cloned().chain(amount).chain([text(&sheets.join("; "))]).collect()
}

/// Printed totals with their lines, and whether a line is in the sum.
pub(super) fn budget(groups: &[Reconciliation]) -> LongTable {
    let columns = [
        column("group_id", Kind::Key, "印刷された合計の記録", "record of the printed total"),
        column("group", Kind::Text, "合計の名称", "name of the total"),
        column(
            "line",
            Kind::Text,
            "行の名称（合計の行は記載なし）",
            "name of the line; none for the total itself",
        ),
        column("fiscal_year", Kind::Year, "年度", "fiscal year"),
        column("kind", Kind::Text, "種別", "kind of amount"),
        column(
            "amount_yen",
            Kind::Integer,
            "金額。内数は値でないため空欄",
            "amount; blank for a share, which is a bound and no value",
        )
        .unit("円"),
        column("upper_bound_yen", Kind::Integer, "内数の上限", "upper bound of a share").unit("円"),
        column("in_sum", Kind::Flag, "和に含める", "counted in the sum"),
        column("source", Kind::Text, "出典（文書、ページ、行）", "source: document, page, lines"),
    ];
    let mut table = LongTable::new("budget_groups", columns);
    for group in groups {
        let id = Value::Text(group.group.record.as_str().to_owned());
        let year = group
            .fiscal_year
            .map_or(Value::Missing(Missing::NotPrinted), |year| integer(year.western().into()));
        let kind = group.kind.map_or(Value::Missing(Missing::NotPrinted), |kind| text(&kind.names().en));
        let total = group.total.value().map_or(Value::Missing(Missing::NotPrinted), |yen| integer(yen.yen()));
        let none = Value::Missing(Missing::NotApplicable);
        table.rows.push(vec![
            id.clone(),
            text(&group.name.ja),
            none.clone(),
            year,
            kind,
            total,
            none.clone(),
            none,
            sources(&group.sources),
        ]);
        let lines = group
            .counted
            .iter()
            .map(|line| (line, true))
            .chain(group.left_out.iter().map(|(line, _)| (line, false)));
        for (line, in_sum) in lines {
            let yen = integer(line.amount.yen.yen());
            let (amount, bound) = if line.amount.within {
                (Value::Missing(Missing::Unknown), yen)
            } else {
                (yen, Value::Missing(Missing::NotApplicable))
            };
            table.rows.push(vec![
                id.clone(),
                text(&group.name.ja),
                text(&line.programme),
                integer(line.amount.fiscal_year.western().into()),
                text(&line.amount.kind.names().en),
                amount,
                bound,
                Value::Flag(in_sum),
                sources(&line.sources),
            ]);
        }
    }
    table
}

/// What the checks found.
pub(super) fn findings(findings: &[Finding]) -> LongTable {
    let columns = [
        column("code", Kind::Key, "規則の番号", "number of the rule"),
        column("severity", Kind::Text, "重さ", "severity"),
        column(
            "place",
            Kind::Text,
            "記録（計画全体は該当なし）",
            "record; not applicable for the plan as a whole",
        ),
        column("message_ja", Kind::Text, "指摘", "finding, in Japanese"),
        column("message_en", Kind::Text, "指摘（英語）", "finding"),
        column("source", Kind::Text, "出典（文書、ページ、行）", "source: document, page, lines"),
    ];
    let mut table = LongTable::new("findings", columns);
    for finding in findings {
        table.rows.push(vec![
            Value::Text(finding.code.to_owned()),
            text(&finding.severity.names().en),
            finding
                .place
                .as_ref()
                .map_or(Value::Missing(Missing::NotApplicable), |place| text(&place.to_string())),
            text(&finding.message.ja),
            text(&finding.message.en),
            sources(&finding.sources),
        ]);
    }
    table
}

fn sources(sources: &[base::Source]) -> Value {
    let mut said: Vec<String> = sources.iter().map(ToString::to_string).collect();
    said.dedup();
    text(&said.join("; "))
}
