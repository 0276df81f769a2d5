//! Rules on the join of programmes and goals.

use base::Names;

use super::rows::rows;
use super::{Found, Rule, Severity, Text, short};

pub(super) const GOAL_WITHOUT_PROGRAMME: Rule = Rule {
    code: "S0301",
    severity: Severity::Warning,
    name: Text { ja: "ゴールに資する事業がない", en: "no programme serves a goal" },
    explains: Text {
        ja: "ゴールに結び付く事業が、資料の記載にも人の判断にも推定にもない。行が取り込まれていないか、予算を伴わない取組かを確かめる。",
        en: "No programme is joined to the goal, by statement, decision or suggestion. See whether its rows were not taken in, or whether it is pursued without a budget.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .goals
            .iter()
            .filter(|goal| goal.joins.is_empty())
            .map(|goal| {
                let name = short(&goal.node.name.ja);
                let message = Names::of(
                    format!("ゴール「{name}」に資する事業がない"),
                    format!("no programme serves “{name}”"),
                );
                Found::at(&goal.node.record, &goal.node.sources, message)
            })
            .collect()
    },
};

pub(super) const UNCONFIRMED: Rule = Rule {
    code: "S0302",
    severity: Severity::Note,
    name: Text { ja: "推定のままの結び付き", en: "suggested joins await a decision" },
    explains: Text {
        ja: "規則が提案した事業とゴールの結び付きで、人がまだ判断していないもの。採否と理由を記録すると、年度をまたいで効く。得点としきい値は設定である。",
        en: "Joins that rules suggest and nobody has decided on. Accept or reject them with a reason; the decision lasts across years. Points and threshold are configuration.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .goals
            .iter()
            .filter_map(|goal| {
                let open: Vec<_> = goal.joins.iter().filter(|join| !join.is_firm()).collect();
                let best = open.first()?;
                let (count, name) = (open.len(), short(&goal.node.name.ja));
                let message = Names::of(
                    format!(
                        "「{name}」に推定の結び付き{count}件（最高は {} の{}点）",
                        best.programme, best.score
                    ),
                    format!(
                        "“{name}” has {count} suggested joins (best: {} with {} points)",
                        best.programme, best.score
                    ),
                );
                Some(
                    Found::at(&goal.node.record, &goal.node.sources, message)
                        .with("count", count)
                        .with("best", &best.programme),
                )
            })
            .collect()
    },
};

pub(super) const NAMES_PLAN_SERVES_NOTHING: Rule = Rule {
    code: "S0303",
    severity: Severity::Warning,
    name: Text {
        ja: "基本計画を挙げる事業がどのゴールにも結び付かない",
        en: "a programme names the plan and serves no goal",
    },
    explains: Text {
        ja: "シートが基本計画又は医療機器促進法を挙げているのに、どのゴールに資するかが分からない。担当課に確かめ、結び付けを記録する。",
        en: "The sheet names the Basic Plan or the Act, and nothing says which goal it serves. Ask the desk and record the join.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .unjoined
            .naming
            .iter()
            .map(|(key, name, naming)| {
                let words = naming.plan.as_ref().or(naming.act.as_ref()).map_or("", String::as_str);
                let message = Names::of(
                    format!("{key}「{name}」は「{words}」を挙げるが、どのゴールにも結び付かない"),
                    format!("{key} “{name}” names “{words}” and serves no goal"),
                );
                Found::whole(sheet_sources(analysis, key), message).with("programme", key)
            })
            .collect()
    },
};

pub(super) const LOOK_ALIKE_LAW: Rule = Rule {
    code: "S0304",
    severity: Severity::Note,
    name: Text { ja: "似た名の別の法律を挙げている", en: "a look-alike law is cited" },
    explains: Text {
        ja: "福祉用具の研究開発及び普及の促進に関する法律など、医療機器促進法と題名の大半が同じ別の法律を挙げている。計画との結び付きの根拠としない。",
        en: "The sheet cites another law that shares most of its title with the Act, such as the one on welfare equipment. It is no evidence of a join.",
    },
    find: |analysis| {
        analysis
            .programmes
            .groups
            .iter()
            .filter_map(|group| {
                let sheet = group.newest(analysis.view)?;
                let law = crate::join::naming(sheet)?.look_alike?;
                let (key, law) = (&group.key, short(&law));
                let message = Names::of(
                    format!("{key} は「{law}」を挙げる（医療機器促進法ではない）"),
                    format!("{key} cites “{law}”, which is not the Act"),
                );
                Some(
                    Found::at(&sheet.origin.record, &sheet.origin.sources, message)
                        .with("programme", key)
                        .with("law", law),
                )
            })
            .collect()
    },
};

pub(super) const NAMED_WITHOUT_SHEET: Rule = Rule {
    code: "S0305",
    severity: Severity::Note,
    name: Text {
        ja: "挙げられた事業のシートがない", en: "a programme that is named has no sheet"
    },
    explains: Text {
        ja: "取組状況が予算とともに挙げる事業と同じ名のレビューシートが取り込まれていない。名称が違う（細事業、委託事業）か、その年度のシートがまだである。",
        en: "No review sheet bears the name of a programme that the follow-up quotes with money. Its sheet may bear another name (a sub-programme, a commissioned project), or was not taken in.",
    },
    find: |analysis| {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        for (_, row) in rows(analysis) {
            for named in row.programmes.iter().filter(|named| !named.name.is_empty()) {
                let with_sheet = named
                    .keys
                    .iter()
                    .filter_map(|key| analysis.programmes.by_key(key))
                    .any(|at| !analysis.programmes.groups[at].sheets.is_empty());
                if with_sheet || seen.contains(&named.name) {
                    continue;
                }
                seen.push(named.name.clone());
                let name = &named.name;
                let message = Names::of(
                    format!("「{name}」のレビューシートがない"),
                    format!("there is no review sheet of “{name}”"),
                );
                found.push(Found::at(&row.record, &row.sources, message).with("programme", name));
            }
        }
        found
    },
};

pub(super) const DECISION_ON_NOTHING: Rule = Rule {
    code: "S0306",
    severity: Severity::Error,
    name: Text { ja: "判断の対象が見当たらない", en: "a decision points nowhere" },
    explains: Text {
        ja: "結び付けの判断が指す事業又は計画の項目が記録にない。鍵が変わったか、誤記である。",
        en: "The programme or the node that a decision on a join is about is not on record. Its key changed, or was mistyped.",
    },
    find: |analysis| {
        analysis
            .view
            .decisions
            .iter()
            .filter_map(|decision| {
                let programme = analysis.programmes.by_key(&decision.programme).is_none();
                let node = analysis.view.node(decision.node.as_str()).is_none();
                let lost = match (programme, node) {
                    (true, _) => decision.programme.as_str(),
                    (false, true) => decision.node.as_str(),
                    (false, false) => return None,
                };
                let message = Names::of(
                    format!("判断の対象 {lost} が見当たらない"),
                    format!("{lost}, on which a decision was taken, is not on record"),
                );
                Some(Found::at(&decision.origin.record, &decision.origin.sources, message).with("lost", lost))
            })
            .collect()
    },
};

pub(super) fn sheet_sources(analysis: &crate::Analysis<'_>, key: &str) -> Vec<base::Source> {
    let group = analysis.programmes.by_key(key).map(|at| &analysis.programmes.groups[at]);
    group
        .and_then(|group| group.newest(analysis.view))
        .map(|sheet| sheet.origin.sources.clone())
        .unwrap_or_default()
}
