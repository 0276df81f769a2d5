//! The follow-up as long tables.

use base::{Amount, Missing};
use plan::FollowUp;
use plan::follow_up::{GoalAnswer, RowAnswer};

use super::{
    column, count, integer, key, names, names_columns, number_or_words, option, reported, source_column,
    sources, text, year,
};
use crate::Number;
use crate::csv_long::{ColumnDef, Kind, LongTable, Value};

/// Every table of the follow-up.
pub fn follow_up(answer: &FollowUp) -> Vec<LongTable> {
    vec![
        goals(answer),
        measures(answer),
        printed_budgets(answer),
        joins(answer),
        money(answer),
        results(answer),
        kgis(answer),
        devices(answer),
    ]
}

fn goal_column() -> ColumnDef {
    column("goal_id", Kind::Key, "計画項目のID", "id of the node of the plan")
}

fn goals(answer: &FollowUp) -> LongTable {
    let mut columns = vec![goal_column()];
    columns.extend(names_columns());
    columns.extend([
        column("rows", Kind::Integer, "当年度の行の数", "rows reported for the year"),
        column("silent", Kind::Flag, "当年度の報告がない", "nothing was reported for the year"),
        column(
            "last_reported_fiscal_year",
            Kind::Year,
            "最後に報告のあった年度",
            "the last fiscal year with a report",
        ),
        column(
            "programmes_firm",
            Kind::Integer,
            "明記又は確認済の事業の数",
            "programmes joined by statement or confirmation",
        ),
        column(
            "programmes_suggested",
            Kind::Integer,
            "推定の事業の数",
            "programmes joined by suggestion only",
        ),
        source_column(),
    ]);
    let mut table = LongTable::new("follow_up_goals", columns);
    for goal in &answer.goals {
        let firm = goal.joins.iter().filter(|join| join.is_firm()).count();
        let last = match &goal.silent {
            None => answer.fiscal_year.value().copied(),
            Some(silence) => silence.last_reported,
        };
        let mut row = vec![id(goal)];
        row.extend(names(&goal.node.name));
        row.extend([
            count(goal.rows.len()),
            Value::Flag(goal.silent.is_some()),
            option(last, Missing::None, |last| year(last.western())),
            count(firm),
            count(goal.joins.len() - firm),
            sources(&goal.node.sources),
        ]);
        table.rows.push(row);
    }
    table
}

fn id(goal: &GoalAnswer) -> Value {
    key(goal.node.record.record.as_str())
}

fn measures(answer: &FollowUp) -> LongTable {
    let columns = [
        column("row_id", Kind::Key, "行のID", "id of the row"),
        column(
            "goal_id",
            Kind::Text,
            "計画項目のID（置けない行にはない）",
            "id of the node; none for rows that fit no goal",
        ),
        column("fiscal_year", Kind::Year, "実績の年度", "fiscal year of the results"),
        column("goal_heading", Kind::Text, "印刷されたゴールの見出し", "goal heading as printed"),
        column("measure_heading", Kind::Text, "施策の見出し", "measure heading as printed"),
        column("measure", Kind::Text, "施策", "the measure"),
        column("ministries_as_printed", Kind::Text, "府省の印（印刷どおり）", "ministry marks as printed"),
        column(
            "ministries_marked",
            Kind::Text,
            "◎のある府省",
            "ministries marked ◎; the documents give no legend",
        ),
        column("results", Kind::Text, "実績・状況", "results"),
        column("plans", Kind::Text, "取組予定", "plans for the next fiscal year"),
        column("status", Kind::Text, "状況", "status given by a person"),
        column(
            "incomplete_cells",
            Kind::Text,
            "欠けのあるセル",
            "cells whose text is partly lost in the source",
        ),
        column(
            "wording_changed",
            Kind::Flag,
            "前年度から文言が変わった",
            "wording changed since the year before",
        ),
        source_column(),
    ];
    let mut table = LongTable::new("follow_up_measures", columns);
    for goal in &answer.goals {
        table.rows.extend(goal.rows.iter().map(|row| measure(row, id(goal))));
    }
    table.rows.extend(answer.unplaced_rows.iter().map(|row| measure(row, Value::Missing(Missing::Unknown))));
    table
}

fn measure(row: &RowAnswer, goal: Value) -> Vec<Value> {
    let listed = |items: &[String]| {
        if items.is_empty() { Value::Missing(Missing::None) } else { text(&items.join("; ")) }
    };
    vec![
        key(row.record.record.as_str()),
        goal,
        year(row.fiscal_year.western()),
        text(&row.goal),
        text(&row.heading),
        text(&row.measure),
        text(&row.marks.as_printed),
        listed(&row.marks.leads()),
        text(&row.results),
        text(&row.plans),
        option(row.status.as_deref(), Missing::Unknown, text),
        listed(&row.incomplete),
        option(row.change.as_ref(), Missing::NotApplicable, |change| Value::Flag(change.wording.is_some())),
        sources(&row.sources),
    ]
}

fn amount_columns() -> [ColumnDef; 5] {
    [
        column("fiscal_year", Kind::Year, "予算の年度", "fiscal year of the money"),
        column("kind", Kind::Text, "予算の種別", "kind of budget"),
        column(
            "amount_yen",
            Kind::Integer,
            "金額。内数は値でないため空欄",
            "amount; blank for 内数, which is a bound and no value",
        )
        .unit("円"),
        column(
            "upper_bound_yen",
            Kind::Integer,
            "内数の上限",
            "upper bound, where only a share of the amount (内数) is meant",
        )
        .unit("円"),
        column("printed", Kind::Text, "印刷された額", "the amount as printed"),
    ]
}

fn amount(amount: &Amount) -> [Value; 5] {
    let value = integer(amount.yen.yen());
    let (exact, bound) = if amount.within {
        (Value::Missing(Missing::Unknown), value)
    } else {
        (value, Value::Missing(Missing::NotApplicable))
    };
    [
        year(amount.fiscal_year.western()),
        text(&amount.kind.names().en),
        exact,
        bound,
        text(&amount.yen.to_string()),
    ]
}

fn printed_budgets(answer: &FollowUp) -> LongTable {
    let mut columns =
        vec![goal_column(), column("programme", Kind::Text, "事業（印刷どおり）", "programme as printed")];
    columns.extend(amount_columns());
    columns.extend([
        column("times_printed", Kind::Integer, "記載の数", "how often it is printed"),
        source_column(),
    ]);
    let mut table = LongTable::new("follow_up_printed_budgets", columns);
    for goal in &answer.goals {
        for line in &goal.printed {
            let mut row = vec![id(goal), text(&line.programme)];
            row.extend(amount(&line.amount));
            row.extend([count(line.printed_in.len()), sources(&line.sources)]);
            table.rows.push(row);
        }
    }
    table
}

fn joins(answer: &FollowUp) -> LongTable {
    let columns = [
        column("programme_key", Kind::Key, "事業の鍵", "key of the programme"),
        goal_column(),
        column(
            "belief",
            Kind::Text,
            "根拠の強さ：stated 明記、confirmed 確認済、suggested 推定、rejected 却下",
            "stated, confirmed, suggested or rejected",
        ),
        column("score", Kind::Integer, "点（0–1000、確率ではない）", "score of 0 to 1000; no probability"),
        column("reasons", Kind::Text, "理由", "reasons with their points"),
        column("decided_by", Kind::Text, "判断した人", "who decided"),
        column("decided_on", Kind::Date, "判断した日", "when"),
    ];
    let mut table = LongTable::new("follow_up_joins", columns);
    for goal in &answer.goals {
        for join in goal.joins.iter().chain(&goal.rejected) {
            let belief = match (&join.belief, join.holds()) {
                (_, false) => "rejected",
                (register::Belief::Stated, _) => "stated",
                (register::Belief::Confirmed { .. }, _) => "confirmed",
                (register::Belief::Suggested { .. } | register::Belief::Undecided, _) => "suggested",
            };
            let reasons: Vec<String> = join
                .reasons
                .iter()
                .map(|reason| format!("{} +{}: {}", reason.rule.names().en, reason.points, reason.evidence))
                .collect();
            table.rows.push(vec![
                key(join.programme.as_str()),
                id(goal),
                text(belief),
                integer(i64::from(join.score)),
                text(&reasons.join("; ")),
                option(join.decided.as_ref(), Missing::NotApplicable, |decided| text(&decided.by)),
                option(join.decided.as_ref(), Missing::NotApplicable, |decided| Value::Date(decided.on)),
            ]);
        }
    }
    table
}

fn money(answer: &FollowUp) -> LongTable {
    let columns = [
        column("programme_key", Kind::Key, "事業の鍵", "key of the programme"),
        column("programme", Kind::Text, "事業の最新の名称", "newest name of the programme"),
        column("ministry", Kind::Text, "府省", "ministry"),
        column("fiscal_year", Kind::Year, "予算の年度", "fiscal year of the money"),
        column("kind", Kind::Text, "種別", "kind of amount"),
        column("amount_yen", Kind::Integer, "金額", "amount").unit("円"),
        column("sheet_year", Kind::Year, "シートの年度", "year of the review sheet that says so"),
        source_column(),
    ];
    let mut table = LongTable::new("follow_up_programme_money", columns);
    for programme in answer.programmes.values() {
        for money in &programme.money {
            for amount in &money.amounts {
                table.rows.push(vec![
                    key(programme.key.as_str()),
                    text(&programme.name),
                    text(&programme.ministry),
                    year(money.fiscal_year.western()),
                    text(&amount.kind.names().en),
                    reported(&amount.yen, |yen| integer(yen.yen())),
                    year(amount.sheet_year.western()),
                    sources(&amount.sources),
                ]);
            }
        }
    }
    table
}

fn results(answer: &FollowUp) -> LongTable {
    let columns = [
        column("programme_key", Kind::Key, "事業の鍵", "key of the programme"),
        column("kind", Kind::Text, "activity, output, outcome の別", "activity, output or outcome"),
        column("goal", Kind::Text, "目標", "the goal in words"),
        column("indicator", Kind::Text, "指標", "what is measured"),
        column("unit", Kind::Text, "単位", "unit"),
        column("fiscal_year", Kind::Year, "年度", "fiscal year"),
        column("target", Kind::Decimal, "目標値", "target, where it is a number"),
        column("target_as_printed", Kind::Text, "目標値（印刷どおり）", "target as printed"),
        column("actual", Kind::Decimal, "実績値", "actual, where it is a number"),
        column("actual_as_printed", Kind::Text, "実績値（印刷どおり）", "actual as printed"),
        source_column(),
    ];
    let mut table = LongTable::new("follow_up_programme_results", columns);
    for programme in answer.programmes.values() {
        for series in &programme.results {
            for one in &series.years {
                let [target, target_words] = number_or_words(&one.target);
                let [actual, actual_words] = number_or_words(&one.actual);
                table.rows.push(vec![
                    key(programme.key.as_str()),
                    text(&series.kind),
                    text(&series.goal),
                    text(&series.indicator),
                    text(&series.unit),
                    option(one.fiscal_year, Missing::NotPrinted, |fiscal_year| year(fiscal_year.western())),
                    target,
                    target_words,
                    actual,
                    actual_words,
                    sources(&one.sources),
                ]);
            }
        }
    }
    table
}

fn kgis(answer: &FollowUp) -> LongTable {
    let mut columns = vec![column("kgi_id", Kind::Key, "指標のID", "id of the indicator")];
    columns.extend(names_columns());
    columns.extend([
        column("unit", Kind::Text, "単位", "unit"),
        column("year", Kind::Year, "暦年", "calendar year"),
        column(
            "basis",
            Kind::Text,
            "baseline 基準値、target 目標値、observed 実績値、expected 仮定による値",
            "baseline, target, observed, or expected under the assumption",
        ),
        column("assumption", Kind::Text, "仮定", "the assumption behind an expected value"),
        column("value", Kind::Decimal, "値（単位は unit 列）", "the value, in the unit of the column unit"),
        column("provisional", Kind::Flag, "暫定", "the document calls it provisional"),
        source_column(),
    ]);
    let mut table = LongTable::new("follow_up_kgi", columns);
    for kgi in &answer.kgis {
        let row = |when: Option<base::Year>,
                   basis: &str,
                   assumption: Value,
                   value: Value,
                   provisional: bool,
                   from: &[base::Source]| {
            let mut row = vec![key(kgi.record.record.as_str())];
            row.extend(names(&kgi.name));
            row.extend([
                text(&kgi.unit),
                option(when, Missing::NotPrinted, |when| year(when.western())),
                text(basis),
                assumption,
                value,
                Value::Flag(provisional),
                sources(from),
            ]);
            row
        };
        let none = || Value::Missing(Missing::NotApplicable);
        let [baseline, _] = number_or_words(&kgi.baseline);
        let [target, _] = number_or_words(&kgi.target);
        table.rows.push(row(kgi.baseline_year, "baseline", none(), baseline, kgi.provisional, &kgi.sources));
        table.rows.push(row(kgi.target_year, "target", none(), target, kgi.provisional, &kgi.sources));
        for observed in &kgi.observed {
            let [value, _] = number_or_words(&observed.value);
            table.rows.push(row(
                Some(observed.year),
                "observed",
                none(),
                value,
                observed.provisional,
                &observed.sources,
            ));
        }
        if let Some(path) = &kgi.path {
            for expected in &path.expected {
                let value = format!("{:.4}", expected.value).parse::<Number>().map_or(none(), Value::Number);
                table.rows.push(row(
                    Some(expected.year),
                    "expected",
                    text(&path.rests_on.en),
                    value,
                    true,
                    &kgi.sources,
                ));
            }
        }
    }
    table
}

fn devices(answer: &FollowUp) -> LongTable {
    let columns = [
        column("device_id", Kind::Key, "医療機器のID", "id of the device"),
        column("device", Kind::Text, "医療機器", "the device"),
        column("company", Kind::Text, "企業", "the company"),
        column(
            "criterion",
            Kind::Key,
            "基準（overall は全体の判定）",
            "criterion; overall for the whole answer",
        ),
        column("answer", Kind::Text, "yes 該当、no 非該当、undetermined 判定不能", "yes, no or undetermined"),
        column("why", Kind::Text, "理由", "why"),
        source_column(),
    ];
    let mut table = LongTable::new("follow_up_devices", columns);
    for device in &answer.devices.devices {
        let mut push = |criterion: &str, answer: plan::devices::Answer, why: Value| {
            let answer = match answer {
                plan::devices::Answer::Yes => "yes",
                plan::devices::Answer::No => "no",
                plan::devices::Answer::Undetermined => "undetermined",
            };
            table.rows.push(vec![
                key(device.record.record.as_str()),
                text(&device.name),
                text(&device.company),
                key(criterion),
                text(answer),
                why,
                sources(&device.sources),
            ]);
        };
        push("overall", device.counts, Value::Missing(Missing::NotApplicable));
        for criterion in &device.criteria {
            push(&criterion.name.en, criterion.answer, text(&criterion.why.en));
        }
    }
    table
}
