//! Group 3-1: goals and indicators whose years are columns, four rows (target year, target, result, rate) to an
//! indicator. They become one row of `goals` each and one row of `results` per year.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::cell;

/// What the year columns of a row hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    TargetYear,
    Target,
    Actual,
    Rate,
}

impl Measure {
    /// `2.目標値`, `実績値`, …
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let known = [
            ("目標年度", Measure::TargetYear),
            ("目標値", Measure::Target),
            ("実績値", Measure::Actual),
            ("達成率", Measure::Rate),
        ];
        known.into_iter().find(|(name, _)| text.ends_with(name)).map(|(_, measure)| measure)
    }

    fn field(self) -> &'static str {
        match self {
            Measure::TargetYear => "target_year",
            Measure::Target => "target",
            Measure::Actual => "actual",
            Measure::Rate => "rate",
        }
    }

    fn value(self, content: &str) -> Option<Value> {
        match self {
            Measure::TargetYear => cell::value(super::columns::Cell::Flag, content.trim_end_matches(".0")),
            _ => cell::decimal(content).map(Value::String),
        }
    }
}

/// The goals of one sheet.
#[derive(Debug, Default)]
pub(crate) struct Goals {
    goals: Vec<Goal>,
}

#[derive(Debug)]
struct Goal {
    fields: Map<String, Value>,
    years: BTreeMap<i32, Map<String, Value>>,
}

/// The fields by which rows belong to one indicator, and which every result repeats.
const IDENTITY: [&str; 6] = ["number", "kind", "term", "goal", "indicator", "unit"];

impl Goals {
    /// Takes one row: what the goal is, and the cells of its years.
    pub(crate) fn row<'a>(
        &mut self,
        fields: Map<String, Value>,
        measure: Option<Measure>,
        years: impl Iterator<Item = (i32, &'a str)>,
    ) {
        if fields.is_empty() {
            return;
        }
        let same = |goal: &Goal| IDENTITY.iter().all(|name| goal.fields.get(*name) == fields.get(*name));
        let at = self.goals.iter().position(same).unwrap_or(self.goals.len());
        if at == self.goals.len() {
            self.goals.push(Goal { fields: Map::new(), years: BTreeMap::new() });
        }
        let goal = &mut self.goals[at];
        for (name, value) in fields {
            goal.fields.entry(name).or_insert(value);
        }
        let Some(measure) = measure else { return };
        for (year, content) in years {
            let result = goal.years.entry(year).or_default();
            match measure.value(content) {
                Some(value) => {
                    result.insert(measure.field().to_owned(), value);
                }
                None => note(result, measure, content),
            }
        }
    }

    /// The rows of `goals` and of `results`.
    pub(crate) fn tables(self) -> (Vec<Value>, Vec<Value>) {
        let (mut goals, mut results) = (Vec::new(), Vec::new());
        for goal in self.goals {
            for (year, mut result) in goal.years {
                for name in IDENTITY {
                    if let Some(value) = goal.fields.get(name) {
                        result.insert(name.to_owned(), value.clone());
                    }
                }
                result.insert("fiscal_year".to_owned(), Value::from(year));
                results.push(Value::Object(result));
            }
            goals.push(Value::Object(goal.fields));
        }
        (goals, results)
    }
}

/// Results that are no number (`-`, `集計中`) are kept as printed.
fn note(result: &mut Map<String, Value>, measure: Measure, content: &str) {
    let print = format!("{}={content}", measure.field());
    let kept = match result.get("as_printed").and_then(Value::as_str) {
        Some(before) => format!("{before} {print}"),
        None => print,
    };
    result.insert("as_printed".to_owned(), Value::String(kept));
}
