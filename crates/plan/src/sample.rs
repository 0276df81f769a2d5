//! A small plan made up for tests: three generations, two goals, rows of two years, programmes, indicators.

use base::Source;
use register::{Belief, Link, Record};
use serde_json::{Value, json};

use crate::view::View;

#[allow(clippy::needless_pass_by_value, reason = "called with json!(…) written in place")]
/// A record from its reference, its fields and its links.
pub(crate) fn record(reference: &str, fields: Value, links: Vec<Link>) -> Record {
    let reference: register::RecordRef = reference.parse().unwrap();
    let mut record = Record::new(
        reference.register,
        reference.record.clone(),
        Source::lines("sample", reference.record.as_str()),
    );
    record.fields = fields.as_object().unwrap().clone();
    record.links = links;
    record
}

pub(crate) fn link(kind: &str, to: &str, belief: Belief) -> Link {
    Link { kind: kind.to_owned(), to: to.parse().unwrap(), belief, why: "sample".to_owned(), source: None }
}

pub(crate) fn view() -> View {
    View::from_records(&records())
}

pub(crate) fn records() -> Vec<Record> {
    let mut all = plan();
    all.extend(rows());
    all.extend(programmes());
    all
}

fn plan() -> Vec<Record> {
    let node = |id: &str, level: &str, order: i64, name: &str, links| {
        record(
            &format!("plan-node:{id}"),
            json!({ "name": { "ja": name }, "generation": "plan-generation:plan-2", "level": level, "order": order }),
            links,
        )
    };
    let part_of = |to: &str, belief| vec![link("part-of", &format!("plan-node:{to}"), belief)];
    let suggested = Belief::Suggested { score: None };
    vec![
        record(
            "plan-generation:plan-1",
            json!({ "name": { "ja": "第1期" }, "ordinal": 1, "status": "decided", "decided_on": "2016-05-31", "review_after_years": 5 }),
            vec![],
        ),
        record(
            "plan-generation:plan-2",
            json!({ "name": { "ja": "第2期" }, "ordinal": 2, "status": "decided", "decided_on": "2022-05-31", "review_after_years": 5 }),
            vec![],
        ),
        record(
            "plan-generation:plan-3",
            json!({ "name": { "ja": "第3期" }, "ordinal": 3, "status": "draft", "decided_on": "2025-12-01" }),
            vec![],
        ),
        node("vision-a", "vision", 1, "研究開発の中心地", vec![]),
        node("goal-a", "goal", 1, "拠点や企業の連携強化", part_of("vision-a", suggested.clone())),
        node("goal-b", "goal", 2, "安定供給の確保", part_of("vision-a", Belief::Undecided)),
        node("measure-1", "measure", 1, "ニーズとシーズのマッチング 等", part_of("goal-a", Belief::Stated)),
        node("measure-2", "measure", 2, "供給体制の把握 等", part_of("goal-b", suggested)),
        record(
            "plan-node:policy-1",
            json!({ "name": { "ja": "産業基盤の確立" }, "generation": "plan-generation:plan-3", "level": "policy", "order": 1 }),
            vec![],
        ),
        record(
            "kgi:kgi-1",
            json!({ "name": { "ja": "獲得市場額" }, "generation": "plan-generation:plan-3", "order": 1, "unit": "兆円", "baseline": "10", "baseline_year": 2024, "target": "28", "target_year": 2040, "provisional": true }),
            vec![link("measures", "plan-node:policy-1", Belief::Undecided)],
        ),
        record(
            "kgi:kgi-2",
            json!({ "name": { "ja": "投資額" }, "generation": "plan-generation:plan-3", "order": 2, "unit": "兆円/年", "baseline": "1.9", "baseline_year": 2024, "target": "4.2", "target_year": 2040 }),
            vec![],
        ),
        record(
            "kgi-observation:kgi-1.2025",
            json!({ "kgi": "kgi:kgi-1", "year": 2025, "value": "11.8", "provisional": true }),
            vec![],
        ),
        record(
            "budget-group:group",
            json!({ "name": { "ja": "対象経費" }, "total": "15億円", "fiscal_year": 2025, "kind": "draft" }),
            vec![],
        ),
        line("one", "連携支援事業", "draft", "12億円", false),
        line("two", "供給確保事業", "draft", "3.0億円", false),
        line("three", "連携支援事業", "draft", "12億円", true),
        line("four", "拠点整備事業", "supplementary", "7.7億円", false),
    ]
}

fn line(id: &str, name: &str, kind: &str, yen: &str, repeated: bool) -> Record {
    let fields = json!({ "name": name, "group": "group", "fiscal_year": 2025, "kind": kind, "yen": yen, "repeated": repeated });
    record(&format!("budget-line:{id}"), fields, vec![])
}

/// One row: year, place, heading, measure, marks, results, plans.
pub(crate) fn row(year: i32, order: i64, measure: &str, marks: &str, results: &str, plans: &str) -> Record {
    let fields = json!({
        "fiscal_year": year, "generation": "plan-generation:plan-2", "goal": "拠点や企業の連携強化",
        "heading": "マッチングの促進", "order": order, "measure": measure, "ministries_as_printed": marks,
        "results": results, "plans": plans,
    });
    record(&format!("follow-up-row:fy{year}.m{order}"), fields, vec![])
}

fn rows() -> Vec<Record> {
    let results = "「連携支援事業(令和6年度予算:13億円)」を実施した。「拠点」(連携支援事業として令和6年度予算:13億円の内数)も支援した。";
    vec![
        row(
            2023,
            1,
            "ニーズとシーズの出会いを広げる。",
            "[◎経]",
            "「連携支援事業(令和5年度予算:10億円)」を実施した。",
            "「連携支援事業(令和6年度予算案:13億円)」を実施する。",
        ),
        row(2023, 2, "人材の育成に取り組む。", "[◎厚]", "研修を実施した。", "研修を続ける。"),
        row(
            2024,
            1,
            "ニーズとシーズの出会いを広げる。",
            "[◎厚、◎経]",
            results,
            "「連携支援事業(令和7年度予算案:12億円)」を実施する。",
        ),
        row(2024, 2, "人材の育成に引き続き取り組む。", "[◎厚]", "研修を実施した。", "研修を続ける。"),
    ]
}

fn programmes() -> Vec<Record> {
    let money = json!([
        { "fiscal_year": 2024, "kind": "initial", "yen": "1,300,000,000円" },
        { "fiscal_year": 2024, "kind": "executed", "yen": { "missing": "not-yet" } },
        { "fiscal_year": 2025, "kind": "request", "yen": "1,200,000,000円" },
    ]);
    let results = json!([
        { "kind": "outcome", "goal": "連携", "indicator": "件数", "unit": "件", "fiscal_year": 2023, "target": "5", "actual": "3" },
    ]);
    let plan_name = "健康・医療戦略、国民が受ける医療の質の向上のための医療機器の研究開発及び普及の促進に関する基本計画（第2期）";
    vec![
        record(
            "programme-sheet:rs-2024-1",
            json!({
                "system": "rs", "sheet_year": 2024, "rs_id": 1, "key": "rs-1", "name": "支援事業（うち連携支援事業）", "ministry": "経済産業省",
                "overview": "ニーズとシーズのマッチングを支援する。", "plans": [{ "name": plan_name }], "money": money, "results": results,
            }),
            vec![],
        ),
        record(
            "programme-sheet:rs-2024-2",
            json!({
                "system": "rs", "sheet_year": 2024, "rs_id": 2, "key": "rs-2", "name": "福祉用具の普及事業", "ministry": "厚生労働省",
                "laws": [{ "name": "福祉用具の研究開発及び普及の促進に関する法律" }],
            }),
            vec![],
        ),
        record(
            "programme-sheet:rs-2024-3",
            json!({
                "system": "rs", "sheet_year": 2024, "rs_id": 3, "key": "rs-3", "name": "道路の維持", "ministry": "国土交通省", "overview": "道路を維持する。",
            }),
            vec![],
        ),
    ]
}
