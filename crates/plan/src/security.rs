//! Cybersecurity of devices as the plan's follow-up tells it: how many, by rule and state, from registers whose records are confidential.
//! Records come in one by one and only numbers stay; a number that could point at a product or at a maker is not told.

use std::collections::{BTreeMap, BTreeSet};

use base::Names;
use register::Record;
use serde::Serialize;
use serde_json::Value;

/// The registers that are counted.
pub const REGISTERS: [&str; 4] = ["device-product", "device-bill", "vulnerability-finding", "premarket-file"];
/// The node of the plan that the counts are evidence for, and the measure above it.
pub const NODES: [&str; 2] = ["plan-3.issue-3-5", "plan-3.measure-6"];
/// Smaller counts, and counts of fewer makers, are not told. Configuration without a source.
pub const FEWEST: u64 = 5;

/// Numbers of records, as they come in.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    groups: BTreeMap<Group, BTreeMap<String, Tallied>>,
    with_bill: BTreeSet<String>,
    products: BTreeMap<String, String>,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Support,
    Findings,
    Rule(String),
}

/// A number and the makers behind it.
#[derive(Clone, Debug, Default)]
struct Tallied {
    count: u64,
    makers: BTreeSet<String>,
}

/// A number as it may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// So many.
    Exactly(u64),
    /// Fewer than so many; it may be none.
    FewerThan(u64),
    /// Not told: another number beside it, or the few makers behind it, would give a product away.
    Withheld,
}

/// Numbers that together are all of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// What is counted.
    pub name: Names,
    /// Each part and its number.
    pub parts: Vec<(Names, Told)>,
}

/// What the follow-up tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecurityAnswer {
    /// Numbers below this are not told.
    pub fewest: u64,
    /// The numbers; none where nothing is on record yet.
    pub counts: Vec<Counted>,
    /// The registers they come from.
    pub registers: Vec<String>,
}

impl Tally {
    /// Counts a record; one of another register counts nothing.
    pub fn add(&mut self, record: &Record) {
        let maker = record.text("holder").unwrap_or_default();
        let state = record.state.as_deref().unwrap_or_default();
        match record.register.as_str() {
            "device-product" => {
                self.products.insert(record.reference().to_string(), maker.to_owned());
                self.count(Group::Support, state, maker);
            }
            "device-bill" if state == "current" => {
                self.with_bill.extend(record.text("product").map(str::to_owned));
            }
            "vulnerability-finding" => self.count(Group::Findings, state, maker),
            "premarket-file" if state == "submitted" => {
                for row in record.fields.get("verdicts").and_then(Value::as_array).into_iter().flatten() {
                    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
                    self.count(Group::Rule(text("rule").to_owned()), text("verdict"), maker);
                }
            }
            _ => {}
        }
    }

    /// The numbers as they may be told.
    pub fn answer(&self) -> SecurityAnswer {
        let mut counts: Vec<Counted> = Vec::new();
        if !self.products.is_empty() {
            counts.push(self.bills());
        }
        counts.extend(self.groups.iter().map(|(group, parts)| told(group, parts)));
        let registers = REGISTERS.iter().map(|register| (*register).to_owned()).collect();
        SecurityAnswer { fewest: FEWEST, counts, registers }
    }

    fn count(&mut self, group: Group, part: &str, maker: &str) {
        let tallied = self.groups.entry(group).or_default().entry(part.to_owned()).or_default();
        tallied.count += 1;
        tallied.makers.insert(maker.to_owned());
    }

    fn bills(&self) -> Counted {
        let mut parts = [Tallied::default(), Tallied::default()];
        for (product, maker) in &self.products {
            let part = &mut parts[usize::from(!self.with_bill.contains(product))];
            part.count += 1;
            part.makers.insert(maker.clone());
        }
        let [with, without] = &parts;
        let told = guarded(&[with, without]);
        let names = [Names::of("SBOMあり", "with a bill"), Names::of("SBOMなし", "without a bill")];
        Counted {
            name: Names::of("製品とSBOM", "products and bills"),
            parts: names.into_iter().zip(told).collect(),
        }
    }
}

impl Told {
    /// As a person reads it.
    pub fn names(self) -> Names {
        match self {
            Told::Exactly(count) => Names::of(count.to_string(), count.to_string()),
            Told::FewerThan(count) => Names::of(format!("{count}未満"), format!("fewer than {count}")),
            Told::Withheld => Names::of("非公表", "not told"),
        }
    }
}

fn told(group: &Group, parts: &BTreeMap<String, Tallied>) -> Counted {
    let known = parts_of(group);
    let none = Tallied::default();
    let tallied: Vec<&Tallied> = known.iter().map(|(part, _)| parts.get(*part).unwrap_or(&none)).collect();
    let name = match group {
        Group::Support => Names::of("製品（サポートの状態）", "products by state of support"),
        Group::Findings => Names::of("脆弱性の指摘（状態）", "findings by state"),
        Group::Rule(rule) => Names::of(
            format!("提出された市販前ファイル（構想）：規則 {rule}"),
            format!("submitted pre-market files (proposal): rule {rule}"),
        ),
    };
    let names = known.into_iter().map(|(_, names)| names);
    Counted { name, parts: names.zip(guarded(&tallied)).collect() }
}

/// The parts of a group in their order. They are always told of together, so that a part without records gives nothing away.
fn parts_of(group: &Group) -> Vec<(&'static str, Names)> {
    match group {
        Group::Support => vec![
            ("development", Names::of("設計開発", "development")),
            ("supported", Names::of("支援中", "supported")),
            ("limited", Names::of("限定的サポート", "limited support")),
            ("ended", Names::of("EOS", "end of support")),
        ],
        Group::Findings => vec![
            ("open", Names::of("未判断", "open")),
            ("in-triage", Names::of("評価中", "under investigation")),
            ("affected", Names::of("対応中", "being dealt with")),
            ("not-affected", Names::of("影響なし", "not affected")),
            ("fixed", Names::of("対応済み", "fixed")),
        ],
        Group::Rule(_) => vec![
            ("met", Names::of("満たす", "met")),
            ("not-met", Names::of("満たさない", "not met")),
            ("not-shown", Names::of("示されていない", "not shown")),
            ("not-applicable", Names::of("適用外", "not applicable")),
        ],
    }
}

/// Numbers that together are a whole, guarded: small ones are not told, nor those of few makers, and where a single part is not
/// told the smallest of the others is withheld too, lest it be worked out from a whole that somebody knows.
fn guarded(parts: &[&Tallied]) -> Vec<Told> {
    let tell = |part: &&Tallied| match part {
        part if part.count < FEWEST => Told::FewerThan(FEWEST),
        part if (part.makers.len() as u64) < FEWEST => Told::Withheld,
        part => Told::Exactly(part.count),
    };
    let mut told: Vec<Told> = parts.iter().map(tell).collect();
    let is_told = |told: &Told| matches!(told, Told::Exactly(_));
    if told.iter().filter(|told| !is_told(told)).count() == 1 {
        let smallest = (0..parts.len()).filter(|at| is_told(&told[*at])).min_by_key(|at| parts[*at].count);
        if let Some(at) = smallest {
            told[at] = Told::Withheld;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use base::Source;

    use super::*;

    fn products(counts: &[(&str, u64)], makers: u64) -> Tally {
        let mut tally = Tally::default();
        let mut number = 0;
        for (state, count) in counts {
            for _ in 0..*count {
                number += 1;
                let id = format!("p{number}").parse().unwrap();
                let mut record = Record::new("device-product".parse().unwrap(), id, Source::document("test"));
                record.state = Some((*state).to_owned());
                record.set("holder", format!("organisation:m{}", number % makers));
                tally.add(&record);
            }
        }
        tally
    }

    fn support(tally: &Tally) -> Vec<Told> {
        let answer = tally.answer();
        let group = answer.counts.iter().find(|counted| counted.name.en.contains("support")).unwrap();
        group.parts.iter().map(|(_, told)| *told).collect()
    }

    #[test]
    fn without_records_nothing_is_counted() {
        assert!(Tally::default().answer().counts.is_empty());
    }

    #[test]
    fn a_small_count_is_told_as_fewer_than() {
        let tally = products(&[("development", 2), ("supported", 40), ("limited", 3), ("ended", 20)], 10);
        let few = Told::FewerThan(5);
        assert_eq!(support(&tally), [few, Told::Exactly(40), few, Told::Exactly(20)]);
    }

    #[test]
    fn none_looks_like_few() {
        let none = products(&[("supported", 40), ("limited", 3), ("ended", 20)], 10);
        let few = products(&[("development", 4), ("supported", 40), ("limited", 3), ("ended", 20)], 10);
        assert_eq!(support(&none), support(&few));
    }

    #[test]
    fn a_single_small_count_takes_the_next_smallest_with_it() {
        let tally = products(&[("development", 2), ("supported", 40), ("limited", 9), ("ended", 20)], 10);
        let told = support(&tally);
        assert_eq!(told[0], Told::FewerThan(5));
        assert_eq!(told[2], Told::Withheld, "else the first were the whole less the others");
        assert_eq!((told[1], told[3]), (Told::Exactly(40), Told::Exactly(20)));
    }

    #[test]
    fn what_few_makers_hold_is_not_told_however_much_it_is() {
        let tally = products(&[("supported", 400), ("ended", 300)], 4);
        assert!(support(&tally).iter().all(|told| !matches!(told, Told::Exactly(_))));
    }
}
