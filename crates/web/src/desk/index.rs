//! What pages look up in the plan's answer, found once when the answer is made: records by id, what hangs where, programmes
//! as lists show and sort them. Nothing here is judged or summed.

use std::collections::{BTreeMap, HashMap};

use base::{BudgetKind, FiscalYear, Names, Reported, Yen};
use plan::change::Identity;
use plan::identity::{ProgrammeGroup, Programmes};
use plan::money::PrintedLine;
use plan::{FollowUp, View, ministry, money};
use rayon::prelude::*;

/// Places in the view and the answer.
#[derive(Default)]
pub struct Index {
    nodes: HashMap<String, usize>,
    rows: HashMap<String, usize>,
    documents: HashMap<String, usize>,
    goals: HashMap<String, usize>,
    children: HashMap<String, Vec<usize>>,
    joins: HashMap<String, Vec<Joined>>,
    /// The programmes in the order of `Programmes::groups`.
    pub listed: Vec<Listed>,
    /// Programmes by ministry, as places in `listed`.
    pub by_ministry: BTreeMap<String, Vec<usize>>,
    /// Every budget printed in a document or in a row of the year, once.
    pub printed: Vec<PrintedLine>,
    row_goals: Vec<Option<usize>>,
    earlier: HashMap<String, (usize, Identity)>,
    later: HashMap<String, usize>,
}

/// A link of a programme to a goal: where it stands in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The goal's place in `FollowUp::goals`.
    pub goal: usize,
    /// The link's place among the goal's.
    pub join: usize,
    /// Stated or confirmed.
    pub firm: bool,
}

/// A programme as a list shows it.
pub struct Listed {
    /// The full name of its ministry; empty where none is printed.
    pub ministry: String,
    /// Its names, folded for searching.
    pub search: String,
    /// Amounts by year and kind.
    pub money: Vec<(FiscalYear, BudgetKind, Reported<Yen>)>,
    /// Its newest sheet names the plan or the Act.
    pub names_plan: bool,
}

impl Listed {
    /// The amount of a year and kind, if a sheet has that line.
    pub fn amount(&self, year: FiscalYear, kind: BudgetKind) -> Option<Reported<Yen>> {
        self.money.iter().find(|line| (line.0, line.1) == (year, kind)).map(|line| line.2)
    }
}

impl Index {
    pub(super) fn of(view: &View, programmes: &Programmes, answer: &FollowUp) -> Self {
        let mut index = Index {
            nodes: places(view.nodes.iter().map(plan::view::Node::id)),
            rows: places(view.rows.iter().map(|row| row.origin.id())),
            documents: places(view.documents.iter().map(|document| document.origin.id())),
            goals: places(answer.goals.iter().map(|goal| goal.node.record.record.as_str())),
            listed: programmes.groups.par_iter().map(|group| listed(view, group)).collect(),
            printed: printed(view, answer),
            ..Index::default()
        };
        for (at, node) in view.nodes.iter().enumerate() {
            for link in node.links_of("part-of").filter(|link| node.is_part_of(link.to.record.as_str())) {
                let below = index.children.entry(link.to.record.as_str().to_owned()).or_default();
                if !below.contains(&at) {
                    below.push(at);
                }
            }
        }
        for (goal, found) in answer.goals.iter().enumerate() {
            for (join, link) in found.joins.iter().enumerate() {
                let joined = Joined { goal, join, firm: link.is_firm() };
                index.joins.entry(link.programme.clone()).or_default().push(joined);
            }
        }
        for (at, listed) in index.listed.iter().enumerate().filter(|(_, listed)| !listed.ministry.is_empty())
        {
            index.by_ministry.entry(listed.ministry.clone()).or_default().push(at);
        }
        index.row_goals = view
            .rows
            .iter()
            .map(|row| plan::join::goal_of(view, row).and_then(|goal| index.node(goal.id())))
            .collect();
        index.pair_rows(view);
        index
    }

    /// The place of a node in the view.
    pub fn node(&self, id: &str) -> Option<usize> {
        self.nodes.get(id).copied()
    }
    /// The place of a row in the view.
    pub fn row(&self, id: &str) -> Option<usize> {
        self.rows.get(id).copied()
    }
    /// The place of a document in the view.
    pub fn document(&self, id: &str) -> Option<usize> {
        self.documents.get(id).copied()
    }
    /// The place of a goal in the answer.
    pub fn goal(&self, id: &str) -> Option<usize> {
        self.goals.get(id).copied()
    }
    /// The goal that a row serves, both as places in the view.
    pub fn goal_of_row(&self, row: usize) -> Option<usize> {
        self.row_goals.get(row).copied().flatten()
    }
    /// Nodes that hang below a node, as places in the view.
    pub fn children(&self, id: &str) -> &[usize] {
        self.children.get(id).map_or(&[], Vec::as_slice)
    }
    /// The goals that a programme serves, be it by suggestion.
    pub fn joins(&self, programme: &str) -> &[Joined] {
        self.joins.get(programme).map_or(&[], Vec::as_slice)
    }
    /// The same measure's row of the year before, and why it is the same.
    pub fn earlier(&self, row: &str) -> Option<(usize, Identity)> {
        self.earlier.get(row).copied()
    }
    /// The same measure's row of the year after.
    pub fn later(&self, row: &str) -> Option<usize> {
        self.later.get(row).copied()
    }

    fn pair_rows(&mut self, view: &View) {
        let mut years: Vec<FiscalYear> = view.rows.iter().map(|row| row.fiscal_year).collect();
        years.dedup();
        for year in years {
            for (row, change) in plan::change::between(view, year).changed {
                let (now, before) =
                    (self.row(row.record.as_str()), self.row(change.previous.record.as_str()));
                if let (Some(now), Some(before)) = (now, before) {
                    self.earlier.insert(row.record.as_str().to_owned(), (before, change.identity));
                    self.later.insert(change.previous.record.as_str().to_owned(), now);
                }
            }
        }
    }
}

/// The full name of a ministry, or what is printed.
pub(crate) fn ministry_name(printed: &str) -> Names {
    ministry::full_name(printed).unwrap_or_else(|| Names::of(printed, printed))
}

fn places<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    ids.enumerate().map(|(at, id)| (id.to_owned(), at)).collect()
}

fn printed(view: &View, answer: &FollowUp) -> Vec<PrintedLine> {
    let quoted = answer.goals.iter().flat_map(|goal| goal.printed.iter().cloned());
    money::distinct(view.budget_lines.iter().map(money::printed).chain(quoted))
}

fn listed(view: &View, group: &ProgrammeGroup) -> Listed {
    let names: Vec<&str> = group.names.iter().map(|name| name.name.as_str()).collect();
    let naming = group.newest(view).and_then(plan::join::naming);
    let money = money::of_programme(view, group).into_iter().flat_map(|year| {
        let of = year.fiscal_year;
        year.amounts.into_iter().map(move |amount| (of, amount.kind, amount.yen))
    });
    Listed {
        ministry: if group.ministry.is_empty() { String::new() } else { ministry_name(&group.ministry).ja },
        search: base::text::search_key(&format!("{} {}", names.join(" "), group.key)),
        money: money.collect(),
        names_plan: naming.is_some_and(|naming| naming.plan.is_some() || naming.act.is_some()),
    }
}
