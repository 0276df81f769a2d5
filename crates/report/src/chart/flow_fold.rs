//! A flow made small enough to look at: the largest nodes of each level, the rest as one node "other (n)". Amounts
//! between the same two nodes are summed, bounds stay apart and are never summed with anything.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use base::{Lang, Yen};

use super::flow::{Flow, FlowLink, FlowValue};

/// A node as it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spot {
    pub(super) level: usize,
    pub(super) label: String,
    pub(super) href: Option<String>,
    /// What flows through it, without bounds: the greater of what comes and what goes.
    pub(super) sum: i64,
    /// How many amounts are in the sum.
    pub(super) exact: usize,
    /// How many bounds are not in it.
    pub(super) bounds: usize,
    pub(super) highest_bound: Option<Yen>,
    /// How many nodes it stands for, where it is the other ones.
    pub(super) folded: usize,
}

/// A flow as it is drawn. Links name places in `spots`.
pub(super) struct Folded {
    pub(super) spots: Vec<Spot>,
    pub(super) links: Vec<FlowLink>,
}

impl Folded {
    /// At most `most` nodes of each level.
    pub(super) fn of(flow: &Flow, most: usize, lang: Lang) -> Self {
        let counted = Counted::of(flow);
        let mut place: Vec<Option<usize>> = vec![None; flow.nodes.len()];
        let mut spots: Vec<Spot> = Vec::new();
        for level in 0..flow.levels.len() {
            let mut here: Vec<usize> =
                (0..flow.nodes.len()).filter(|at| flow.nodes[*at].level == level).collect();
            here.sort_by_key(|at| (Reverse(counted.spots[*at].sum), Reverse(counted.spots[*at].bounds), *at));
            let kept = if here.len() > most { most.saturating_sub(1) } else { here.len() };
            for at in &here[..kept] {
                place[*at] = Some(spots.len());
                spots.push(counted.spots[*at].clone());
            }
            if here.len() > kept {
                let rest = &here[kept..];
                for at in rest {
                    place[*at] = Some(spots.len());
                }
                spots.push(other(level, rest, &counted.spots, lang));
            }
        }
        Folded { links: joined(&counted.links, &place), spots }
    }

    /// The sum of the level with the most money.
    pub(super) fn fullest(&self) -> i64 {
        let mut levels: BTreeMap<usize, i64> = BTreeMap::new();
        for spot in &self.spots {
            let level = levels.entry(spot.level).or_default();
            *level = level.saturating_add(spot.sum);
        }
        levels.into_values().max().unwrap_or(0)
    }
    /// The sum of the node with the most money.
    pub(super) fn greatest(&self) -> i64 {
        self.spots.iter().map(|spot| spot.sum).max().unwrap_or(0)
    }
}

/// The nodes with their sums, and the links that can be drawn: from a node to one further right.
struct Counted {
    spots: Vec<Spot>,
    links: Vec<FlowLink>,
}

impl Counted {
    fn of(flow: &Flow) -> Self {
        let spot = |node: &super::FlowNode| Spot {
            level: node.level,
            label: node.label.clone(),
            href: node.href.clone(),
            ..Spot::default()
        };
        let mut spots: Vec<Spot> = flow.nodes.iter().map(spot).collect();
        let level =
            |at: usize| flow.nodes.get(at).map(|node| node.level).filter(|level| *level < flow.levels.len());
        let drawable = |link: &&FlowLink| matches!((level(link.from), level(link.to)), (Some(from), Some(to)) if from < to);
        let links: Vec<FlowLink> = flow.links.iter().filter(drawable).copied().collect();
        let mut ways = vec![(Way::default(), Way::default()); spots.len()];
        for link in &links {
            ways[link.from].1.add(link.value);
            ways[link.to].0.add(link.value);
        }
        for (spot, (come, go)) in spots.iter_mut().zip(ways) {
            spot.sum = come.sum.max(go.sum);
            spot.exact = come.exact.max(go.exact);
            spot.bounds = come.bounds.max(go.bounds);
            spot.highest_bound = come.highest.or(go.highest);
        }
        Counted { spots, links }
    }
}

/// What comes to a node, or goes from it.
#[derive(Clone, Copy, Default)]
struct Way {
    sum: i64,
    exact: usize,
    bounds: usize,
    highest: Option<Yen>,
}

impl Way {
    fn add(&mut self, value: FlowValue) {
        self.sum = self.sum.saturating_add(value.summable());
        match value {
            FlowValue::Exact(_) => self.exact += 1,
            FlowValue::AtMost(yen) => {
                self.bounds += 1;
                self.highest = self.highest.filter(|old| old.yen() >= yen.yen()).or(Some(yen));
            }
        }
    }
}

fn other(level: usize, rest: &[usize], spots: &[Spot], lang: Lang) -> Spot {
    let label = match lang {
        Lang::Ja => format!("ほか{}件", rest.len()),
        Lang::En => format!("other ({})", rest.len()),
    };
    let of = |at: &usize| &spots[*at];
    Spot {
        level,
        label,
        sum: rest.iter().map(of).fold(0, |sum, spot| sum.saturating_add(spot.sum)),
        exact: rest.iter().map(|at| of(at).exact).sum(),
        bounds: rest.iter().map(|at| of(at).bounds).sum(),
        highest_bound: rest.iter().filter_map(|at| of(at).highest_bound).max_by_key(|yen| yen.yen()),
        folded: rest.len(),
        href: None,
    }
}

/// Links between the same two drawn nodes: one for their sum, one for their bounds (the highest stands for them).
fn joined(links: &[FlowLink], place: &[Option<usize>]) -> Vec<FlowLink> {
    let mut ways: BTreeMap<(usize, usize), Vec<FlowValue>> = BTreeMap::new();
    for link in links {
        if let (Some(Some(from)), Some(Some(to))) = (place.get(link.from), place.get(link.to)) {
            ways.entry((*from, *to)).or_default().push(link.value);
        }
    }
    let mut joined = Vec::new();
    for ((from, to), values) in ways {
        let exact: Vec<Yen> = values
            .iter()
            .filter_map(|value| if let FlowValue::Exact(yen) = value { Some(*yen) } else { None })
            .collect();
        let value = match exact.as_slice() {
            [] => None,
            [one] => Some(FlowValue::Exact(*one)),
            many => Some(FlowValue::Exact(Yen::exact(
                many.iter().fold(0, |sum: i64, yen| sum.saturating_add(yen.yen())),
            ))),
        };
        let bound = values
            .into_iter()
            .filter(|value| matches!(value, FlowValue::AtMost(_)))
            .max_by_key(|value| value.yen().yen());
        joined.extend([value, bound].into_iter().flatten().map(|value| FlowLink { from, to, value }));
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::FlowNode;

    fn flow(values: &[FlowValue]) -> Flow {
        let node = |level, label: String| FlowNode { level, label, href: None };
        let mut nodes = vec![node(0, "省".into())];
        nodes.extend((0..values.len()).map(|number| node(1, format!("事業{number}"))));
        let links =
            values.iter().enumerate().map(|(at, value)| FlowLink { from: 0, to: at + 1, value: *value });
        Flow {
            name: "流れ".into(),
            levels: vec!["府省".into(), "事業".into()],
            links: links.collect(),
            nodes,
        }
    }

    #[test]
    fn a_budget_within_another_never_adds_to_a_sum() {
        let yen = |text: &str| text.parse::<Yen>().unwrap();
        let folded = Folded::of(
            &flow(&[FlowValue::Exact(yen("3億円")), FlowValue::AtMost(yen("14億円"))]),
            9,
            Lang::Ja,
        );
        assert_eq!((folded.spots[0].sum, folded.spots[0].bounds), (300_000_000, 1));
        let folded = Folded::of(&flow(&[FlowValue::AtMost(yen("14億円")); 30]), 9, Lang::Ja);
        assert_eq!((folded.fullest(), folded.spots.len(), folded.spots[9].bounds), (0, 10, 22));
    }

    #[test]
    fn the_rest_is_one_node_and_no_money_is_lost() {
        let values: Vec<_> = (1..=40).map(|yen| FlowValue::Exact(Yen::exact(yen))).collect();
        let folded = Folded::of(&flow(&values), 10, Lang::Ja);
        assert_eq!(folded.spots[10].label, "ほか31件");
        assert_eq!(folded.links.iter().map(|link| link.value.summable()).sum::<i64>(), 820);
        assert_eq!(folded.fullest(), 820);
    }
}
