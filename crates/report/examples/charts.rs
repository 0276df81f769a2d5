//! Draws every chart from the shipped records as one page: `cargo run -p report --example charts -- FILE [en]`.

use std::error::Error;
use std::fmt::Write;

use base::{BudgetKind, FiscalYear, Lang, Missing, Year, Yen};
use jiff::civil::date;
use plan::FollowUp;
use plan::follow_up::Question;
use plan::kgi::Assumption;
use plan::view::View;
use report::chart::{
    self, BarSlot, BarYear, Bars, Chart, Flow, FlowLink, FlowNode, FlowValue, KgiPath, Printed, Seen, Spark,
    SparkYear, Stand, Tree, TreeEdge, TreeNode,
};
use report::html;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file to write into")?;
    let lang = if arguments.next().as_deref() == Some("en") { Lang::En } else { Lang::Ja };
    let records = shipped::records()?;
    let view = View::from_records(&records);
    let today = date(2026, 11, 23);
    let question = Question { assumption: Some(Assumption::Linear), ..Question::on(today) };
    let answer = plan::follow_up::follow_up(&view, &question);

    let mut charts: Vec<Box<dyn Chart>> = Vec::new();
    for kgi in &answer.kgis {
        charts.push(Box::new(KgiPath::of(kgi, lang, Some(today))));
    }
    if let Some(kgi) = answer.kgis.first() {
        charts.push(Box::new(with_sample_values(KgiPath::of(kgi, lang, Some(date(2031, 5, 1))))));
    }
    charts.push(Box::new(flow(&view, lang)));
    charts.push(Box::new(tree(&answer, lang)));
    charts.push(Box::new(bars()));
    charts.push(Box::new(spark()));
    std::fs::write(file, page(&charts, lang))?;
    Ok(())
}

/// Made-up observations, to see points and ranges: nothing has been observed yet.
fn with_sample_values(mut path: KgiPath) -> KgiPath {
    path.name = format!("SAMPLE VALUES: {}", path.name);
    for (year, text, provisional) in [(2026, "11", false), (2027, "13.1", false), (2029, "15", true)] {
        let value = Printed::read(text, &path.unit);
        path.observed.extend(
            value.map(|value| Seen { stand: Stand { year: Year::new(year).western(), value }, provisional }),
        );
    }
    path
}

fn flow(view: &View, lang: Lang) -> Flow {
    let say = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    let mut flow = Flow {
        name: say("府省から事業、種別へ（資料に記された予算）", "From ministry to programme and kind"),
        levels: vec![say("府省", "Ministry"), say("事業", "Programme"), say("種別", "Kind")],
        ..Flow::default()
    };
    let place = |flow: &mut Flow, level: usize, label: &str| {
        flow.nodes.iter().position(|node| node.level == level && node.label == label).unwrap_or_else(|| {
            flow.nodes.push(FlowNode {
                level,
                label: label.to_owned(),
                href: (level == 1).then(|| "/programmes/x".into()),
            });
            flow.nodes.len() - 1
        })
    };
    // One year and one kind: the drafts of the newest year that has any.
    let drafts = || view.budget_lines.iter().filter(|line| line.amount.kind == BudgetKind::Draft);
    let newest = drafts().map(|line| line.amount.fiscal_year).max();
    for line in drafts().filter(|line| Some(line.amount.fiscal_year) == newest) {
        let Some(value) = FlowValue::of(&line.amount) else { continue };
        let ministry = if line.ministry.is_empty() {
            lang.pick("府省の記載なし", "ministry not printed")
        } else {
            &line.ministry
        };
        let from = place(&mut flow, 0, ministry);
        let to = place(&mut flow, 1, &line.name);
        let kind = place(&mut flow, 2, line.amount.kind.names().get(lang));
        flow.links.extend([FlowLink { from, to, value }, FlowLink { from: to, to: kind, value }]);
    }
    flow
}

fn tree(answer: &FollowUp, lang: Lang) -> Tree {
    let say = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    let mut tree = Tree {
        name: say("計画の構成", "The plan"),
        levels: vec![say("ビジョン", "Vision"), say("ゴール", "Goal"), say("具体的施策", "Measure")],
        ..Tree::default()
    };
    for goal in &answer.goals {
        let at = tree.nodes.len();
        let node = |level, label: &str, silent| TreeNode {
            level,
            label: label.to_owned(),
            href: Some("/plan/x".into()),
            silent,
        };
        tree.nodes.push(node(1, goal.node.name.get(lang), goal.silent.is_some()));
        for edge in &goal.above {
            let label = edge.name.get(lang);
            let above =
                tree.nodes.iter().position(|node| node.level == 0 && node.label == label).unwrap_or_else(
                    || {
                        tree.nodes.push(node(0, label, false));
                        tree.nodes.len() - 1
                    },
                );
            tree.edges.push(TreeEdge { from: above, to: at, belief: (&edge.belief).into() });
        }
        for (measure, edge) in &goal.measures {
            tree.edges.push(TreeEdge { from: at, to: tree.nodes.len(), belief: (&edge.belief).into() });
            let silent = answer.without_row.iter().any(|other| other.record == measure.record);
            tree.nodes.push(node(2, measure.name.get(lang), silent));
        }
    }
    tree
}

/// Made-up budgets, with a bound and an amount still to come.
fn bars() -> Bars {
    let exact = |yen: i64| Ok(FlowValue::Exact(Yen::exact(yen)));
    let slot =
        |kind: BudgetKind, value| BarSlot { kind: kind.names(), spent: kind == BudgetKind::Executed, value };
    let year = |year, slots: Vec<BarSlot>| BarYear { year: FiscalYear::new(year).japanese(), slots };
    Bars {
        name: "SAMPLE: budgets".into(),
        years: vec![
            year(
                2024,
                vec![
                    slot(BudgetKind::Initial, exact(770_000_000)),
                    slot(BudgetKind::Supplementary, exact(120_000_000)),
                    slot(BudgetKind::Executed, exact(698_000_000)),
                ],
            ),
            year(
                2025,
                vec![
                    slot(BudgetKind::Initial, exact(810_000_000)),
                    slot(BudgetKind::Unlabelled, Ok(FlowValue::AtMost(Yen::exact(600_000_000)))),
                    slot(BudgetKind::Executed, Err(Missing::NotYet)),
                ],
            ),
        ],
    }
}

fn spark() -> Spark {
    let value = |year: i32, value| SparkYear { year: FiscalYear::new(year).to_string(), value };
    Spark {
        name: "SAMPLE: trained people".into(),
        unit: "人".into(),
        years: vec![
            value(2019, Ok(12.0)),
            value(2020, Ok(0.0)),
            value(2021, Err(Missing::NotPrinted)),
            value(2022, Ok(31.0)),
            value(2023, Ok(28.0)),
            value(2024, Err(Missing::NotYet)),
            value(2025, Ok(40.0)),
        ],
    }
}

fn page(charts: &[Box<dyn Chart>], lang: Lang) -> String {
    let mut out = format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Charts</title><style>{}{}</style></head><body><main><h1>Charts</h1>",
        lang.pick("ja", "en"),
        html::STYLE,
        chart::STYLE
    );
    for (number, chart) in charts.iter().enumerate() {
        let table = chart.table(lang);
        let _ = write!(
            out,
            "<h2>{}</h2>{}",
            html::escape(&table.caption),
            chart.svg(&format!("c{number}"), lang)
        );
        let _ = write!(
            out,
            "<details><summary>{}</summary>{}</details>",
            lang.pick("表", "Table"),
            html::table(&table, lang, &format!("t{number}"))
        );
    }
    out + "</main></body></html>"
}
