//! The annual follow-up: one question, one answer, put together from the other modules. What is found here is
//! arranged, not judged; judging is the business of [`crate::check`].

mod answer;
mod programme;

use std::collections::{BTreeMap, BTreeSet};

use base::{FiscalYear, Missing, Names, Reported};
use jiff::civil::Date;

pub use answer::{
    EdgeAnswer, FollowUp, GenerationAnswer, GoalAnswer, NamedProgramme, NextGeneration, NodeAnswer,
    ProgrammeAnswer, ResultSeries, ResultYear, RowAnswer, RowRef, Silence, SupplyAnswer, Unjoined,
};

use crate::change::{self, Changes};
use crate::identity::{ProgrammeGroup, Programmes};
use crate::join::{self, Join, Joins, Points};
use crate::kgi::Assumption;
use crate::money::{self, MoneyYear, PrintedLine};
use crate::view::{Generation, Level, Node, Row, View};
use crate::{devices, generation, kgi};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The fiscal year of the results; the newest with rows where it is not given.
    pub fiscal_year: Option<FiscalYear>,
    /// The generation, by record id; that of the year's rows, or else the one in force, where it is not given.
    pub generation: Option<String>,
    /// The day on which the question is asked.
    pub today: Date,
    /// The assumption for the indicators' paths; no path without one.
    pub assumption: Option<Assumption>,
    /// Points and thresholds of the join.
    pub points: Points,
}

impl Question {
    /// The plain question, asked on a day.
    pub fn on(today: Date) -> Self {
        Question { fiscal_year: None, generation: None, today, assumption: None, points: Points::default() }
    }
}

/// Everything that follow-up and checks are made from, computed once.
#[derive(Clone, Debug)]
pub struct Analysis<'v> {
    /// The views.
    pub view: &'v View,
    /// The question.
    pub question: &'v Question,
    /// The programmes across years.
    pub programmes: Programmes,
    /// The follow-up.
    pub follow_up: FollowUp,
}

/// Answers the question.
pub fn follow_up(view: &View, question: &Question) -> FollowUp {
    analyse(view, question).follow_up
}

/// Answers the question and keeps what the answer rests on, for the checks.
pub fn analyse<'v>(view: &'v View, question: &'v Question) -> Analysis<'v> {
    let programmes = Programmes::of(view);
    let follow_up = Work::new(view, question, &programmes).follow_up();
    Analysis { view, question, programmes, follow_up }
}

/// What is known of any programme on record, whether it serves a goal or not. Which goals it serves is not looked for.
pub fn programme(view: &View, group: &ProgrammeGroup) -> ProgrammeAnswer {
    let naming = group.newest(view).and_then(join::naming);
    programme::answer(view, group, naming.as_ref(), money::of_programme(view, group))
}

/// The fiscal year of the results that a question is about: the one asked for, or the newest with rows.
pub fn year(view: &View, question: &Question) -> Option<FiscalYear> {
    question.fiscal_year.or_else(|| view.rows.iter().map(|row| row.fiscal_year).max())
}

struct Work<'a> {
    view: &'a View,
    question: &'a Question,
    programmes: &'a Programmes,
    year: Option<FiscalYear>,
    generation: Option<&'a Generation>,
    joins: Joins,
    changes: Changes,
    money: BTreeMap<String, Vec<MoneyYear>>,
    /// Programmes that serve more than one goal.
    shared: BTreeSet<String>,
}

impl<'a> Work<'a> {
    fn new(view: &'a View, question: &'a Question, programmes: &'a Programmes) -> Self {
        let year = year(view, question);
        let generation = generation_of(view, question, year);
        // Without rows the programmes are still joined, by what they say themselves.
        let join_year = year.unwrap_or_else(|| FiscalYear::of(question.today));
        let joins = generation.map_or_else(Joins::default, |generation| {
            join::joins(view, programmes, generation.origin.id(), join_year, &question.points)
        });
        let held: Vec<&Join> = joins.joins.iter().filter(|join| join.holds()).collect();
        let mut goals_of: BTreeMap<&str, usize> = BTreeMap::new();
        for join in &held {
            *goals_of.entry(&join.programme).or_default() += 1;
        }
        let shared =
            goals_of.iter().filter(|(_, goals)| **goals > 1).map(|(key, _)| (*key).to_owned()).collect();
        let money = goals_of.keys().filter_map(|key| {
            let group = &programmes.groups[programmes.by_key(key)?];
            Some(((*key).to_owned(), money::of_programme(view, group)))
        });
        let money = money.collect();
        let changes = year.map(|year| change::between(view, year)).unwrap_or_default();
        Work { view, question, programmes, year, generation, joins, changes, money, shared }
    }

    fn follow_up(&self) -> FollowUp {
        let view = self.view;
        let goals: Vec<GoalAnswer> = self.goal_nodes().map(|node| self.goal(node)).collect();
        let printed_lines = view.budget_lines.iter().map(money::printed);
        let quoted = goals.iter().flat_map(|goal| goal.printed.clone());
        let all_printed = money::distinct(printed_lines.chain(quoted));
        let firm = self.joins.joins.iter().filter(|join| join.is_firm());
        FollowUp {
            today: self.question.today,
            fiscal_year: self.year.map_or(Reported::missing(Missing::NotPrinted), Reported::Value),
            assumption: self.question.assumption,
            points: self.question.points.clone(),
            generation: self.generation.map(|generation| self.generation_answer(generation)),
            generations: view
                .generations
                .iter()
                .map(|generation| self.generation_answer(generation))
                .collect(),
            unplaced_rows: self
                .rows()
                .filter(|row| self.goal_in_plan(row).is_none())
                .map(|row| self.row(row))
                .collect(),
            without_row: self.without_row(&goals),
            vanished: self.vanished(),
            programmes: self.programme_answers(),
            totals: self.totals(firm),
            successions: self.programmes.successions.clone(),
            unjoined: self.unjoined(),
            kgis: kgi::answers(view, self.question.assumption),
            devices: devices::count(view),
            supply: self.supply(),
            security: view.security.answer(),
            budget_groups: money::reconcile(view),
            comparisons: money::compare(view, self.programmes, &all_printed),
            next_generation: self.next_generation(),
            missing: self.missing(),
            goals,
        }
    }

    fn goal_nodes(&self) -> impl Iterator<Item = &'a Node> {
        let id = self.generation.map_or("", |generation| generation.origin.id());
        self.view.nodes_of(id).filter(|node| node.level.is_goal())
    }

    fn rows(&self) -> impl Iterator<Item = &'a Row> {
        let view = self.view;
        self.year.into_iter().flat_map(move |year| view.rows_of(year))
    }

    /// The goal that a row serves, if it is one of the generation followed up.
    fn goal_in_plan(&self, row: &Row) -> Option<&'a Node> {
        let goal = join::goal_of(self.view, row)?;
        self.goal_nodes().find(|node| node.id() == goal.id())
    }

    fn goal(&self, node: &'a Node) -> GoalAnswer {
        let rows: Vec<&Row> = self
            .rows()
            .filter(|row| self.goal_in_plan(row).is_some_and(|goal| goal.id() == node.id()))
            .collect();
        let printed = money::distinct(rows.iter().flat_map(|row| quoted_lines(row)));
        let (joins, rejected): (Vec<Join>, Vec<Join>) =
            self.joins.joins.iter().filter(|join| join.node == *node.id()).cloned().partition(Join::holds);
        GoalAnswer {
            node: node_answer(node),
            above: self.edges(node, |level| {
                matches!(level, Level::Vision | Level::Society | Level::Mission | Level::Future)
            }),
            measures: self.measures(node),
            silent: rows.is_empty().then(|| self.silence(node)),
            rows: rows.into_iter().map(|row| self.row(row)).collect(),
            printed_totals: money::printed_totals(&printed),
            printed,
            totals: self.totals(joins.iter().filter(|join| join.is_firm())),
            totals_with_suggested: self.totals(&joins),
            joins,
            rejected,
        }
    }

    fn edges(&self, node: &Node, wanted: impl Fn(Level) -> bool) -> Vec<EdgeAnswer> {
        let named = node.links_of("part-of").map(|link| (link, self.view.node(link.to.record.as_str())));
        let edges = named.filter(|(_, parent)| parent.is_none_or(|parent| wanted(parent.level)));
        edges.map(|(link, parent)| edge(link, parent)).collect()
    }

    fn measures(&self, goal: &Node) -> Vec<(NodeAnswer, EdgeAnswer)> {
        let below = self.view.children(goal.id()).filter(|node| node.level.is_measure());
        let with_edge = below.filter_map(|node| {
            let link = node.links_of("part-of").find(|link| link.to.record == *goal.id())?;
            Some((node_answer(node), edge(link, Some(goal))))
        });
        with_edge.collect()
    }

    fn silence(&self, node: &Node) -> Silence {
        let before = |row: &&Row| self.year.is_none_or(|year| row.fiscal_year < year);
        let spoke = self
            .view
            .rows
            .iter()
            .filter(before)
            .filter(|row| join::goal_of(self.view, row).is_some_and(|goal| goal.id() == node.id()));
        Silence { last_reported: spoke.map(|row| row.fiscal_year).max() }
    }

    fn row(&self, row: &Row) -> RowAnswer {
        let named = join::names_in(row).into_iter().map(|name| {
            let groups = self.programmes.named(&name).iter().filter_map(|&at| self.programmes.groups.get(at));
            NamedProgramme { keys: groups.map(|group| group.key.clone()).collect(), name }
        });
        let quoted = |name: &str| row.budgets.iter().any(|budget| budget.programme == name);
        RowAnswer {
            record: row.origin.record.clone(),
            fiscal_year: row.fiscal_year,
            goal: row.goal.clone(),
            heading: row.heading.clone(),
            measure: row.measure.clone(),
            marks: row.marks.clone(),
            results: row.results.clone(),
            plans: row.plans.clone(),
            status: row.status.clone(),
            budgets: row.budgets.clone(),
            // Quoted words that are no programme on record are terms; budgets always belong to a programme.
            programmes: named.filter(|named| !named.keys.is_empty() || quoted(&named.name)).collect(),
            incomplete: row.incomplete.clone(),
            doubts: row.doubts.clone(),
            change: self.changes.changed.get(&row.origin.record).cloned(),
            is_new: self.changes.new.contains(&row.origin.record),
            sources: row.origin.sources.clone(),
        }
    }

    fn totals<'j>(&self, joins: impl IntoIterator<Item = &'j Join>) -> Vec<money::Total> {
        let programmes = joins.into_iter().filter_map(|join| {
            let (key, years) = self.money.get_key_value(&join.programme)?;
            Some((key.as_str(), years.as_slice()))
        });
        money::totals(programmes, &self.shared)
    }

    /// Measures whose goal has no row this year. A row names its goal, not the plan's measure, and the plan's
    /// measures are summaries (…等); so a measure has its row when its goal has one.
    fn without_row(&self, goals: &[GoalAnswer]) -> Vec<NodeAnswer> {
        if self.year.is_none() {
            return Vec::new();
        }
        let silent = goals.iter().filter(|goal| goal.silent.is_some());
        silent.flat_map(|goal| goal.measures.iter().map(|(measure, _)| measure.clone())).collect()
    }

    fn vanished(&self) -> Vec<RowRef> {
        let gone = self.view.rows.iter().filter(|row| self.changes.vanished.contains(&row.origin.record));
        let row_ref = |row: &Row| RowRef {
            record: row.origin.record.clone(),
            goal: row.goal.clone(),
            measure: row.measure.clone(),
            sources: row.origin.sources.clone(),
        };
        gone.map(row_ref).collect()
    }

    fn programme_answers(&self) -> BTreeMap<String, ProgrammeAnswer> {
        let answer = |(key, money): (&String, &Vec<MoneyYear>)| {
            let group = &self.programmes.groups[self.programmes.by_key(key)?];
            let mut answer = programme::answer(self.view, group, self.joins.naming.get(key), money.clone());
            let held = self.joins.joins.iter().filter(|join| join.holds() && join.programme == *key);
            answer.goals = held.map(|join| join.node.clone()).collect();
            Some((key.clone(), answer))
        };
        self.money.iter().filter_map(answer).collect()
    }

    fn unjoined(&self) -> Unjoined {
        let free = self.programmes.groups.iter().filter(|group| !self.money.contains_key(&group.key));
        let free: Vec<_> = free.filter(|group| !group.sheets.is_empty()).collect();
        let naming = free.iter().filter_map(|group| {
            let naming = self
                .joins
                .naming
                .get(&group.key)
                .filter(|naming| naming.plan.is_some() || naming.act.is_some())?;
            Some((group.key.clone(), group.name.clone(), naming.clone()))
        });
        Unjoined { count: free.len(), naming: naming.collect() }
    }

    fn supply(&self) -> SupplyAnswer {
        let reports = &self.view.supply_reports;
        let open: Vec<_> = reports
            .iter()
            .filter(|report| report.closed_on.is_none_or(|day| day > self.question.today))
            .collect();
        let late =
            open.iter().filter(|report| report.expected_end.is_some_and(|day| day < self.question.today));
        let overdue: Vec<_> = late.map(|report| report.origin.record.clone()).collect();
        let note = if reports.is_empty() {
            Names::of(
                "報告の記録なし（供給不安がなかったことを意味しない）",
                "no reports on record, which does not mean that supply was never at risk",
            )
        } else {
            let (open, all) = (open.len(), reports.len());
            Names::of(format!("{all}件中{open}件が未解決"), format!("{open} of {all} open"))
        };
        SupplyAnswer {
            on_record: reports.len(),
            open: open.len(),
            closed: reports.len() - open.len(),
            overdue,
            note,
        }
    }

    fn next_generation(&self) -> Option<NextGeneration> {
        let current = self.generation?;
        let next = self.view.generations.iter().find(|other| other.ordinal > current.ordinal)?;
        Some(NextGeneration {
            generation: next.origin.record.clone(),
            standing: next.standing,
            fates: generation::fates(self.view, current.origin.id(), next.origin.id()),
        })
    }

    fn generation_answer(&self, generation: &Generation) -> GenerationAnswer {
        let in_force = generation::in_force(self.view, self.question.today);
        GenerationAnswer {
            record: generation.origin.record.clone(),
            name: generation.name.clone(),
            ordinal: generation.ordinal,
            standing: generation.standing,
            decided_on: generation.decided_on,
            starts_in: generation.starts_in,
            in_force: in_force.is_some_and(|current| current.origin.record == generation.origin.record),
            review: generation::review(generation, self.question.today),
            sources: generation.origin.sources.clone(),
        }
    }

    fn missing(&self) -> Vec<Names> {
        let view = self.view;
        let lacks = [
            (self.generation.is_none(), "計画の世代の記録がない", "no generation of the plan is on record"),
            (
                self.rows().next().is_none(),
                "この年度の取組状況がまだ取り込まれていない",
                "no follow-up of this year has been taken in yet",
            ),
            (
                view.sheets.is_empty(),
                "行政事業レビューシートが取り込まれていない",
                "no programme sheets have been taken in",
            ),
            (
                !view.sheets.is_empty() && view.sheets.iter().all(|sheet| sheet.results.is_empty()),
                "シートに年度別の目標・実績がない（RSシステムの3-1群がない）",
                "the sheets carry no targets and results by year (group 3-1 of the RS system is absent)",
            ),
            (
                view.observations.is_empty(),
                "KGIの実績値がない",
                "no observed values of the indicators are on record",
            ),
            (
                view.devices.is_empty(),
                "件数の算定対象となる医療機器の記録がない",
                "no devices are on record to be counted",
            ),
        ];
        lacks.into_iter().filter(|(lacks, ..)| *lacks).map(|(_, ja, en)| Names::of(ja, en)).collect()
    }
}

fn generation_of<'v>(
    view: &'v View,
    question: &Question,
    year: Option<FiscalYear>,
) -> Option<&'v Generation> {
    if let Some(id) = &question.generation {
        return view.generation(id);
    }
    // The rows of a year name their generation, if they agree on one.
    let named: Vec<_> = year
        .into_iter()
        .flat_map(|year| view.rows_of(year))
        .filter_map(|row| row.generation.as_ref())
        .collect();
    let of_rows = named.first().filter(|first| named.iter().all(|other| other == *first));
    of_rows.and_then(|id| view.generation(id.as_str())).or_else(|| generation::in_force(view, question.today))
}

fn quoted_lines(row: &Row) -> impl Iterator<Item = PrintedLine> {
    row.budgets.iter().map(|budget| PrintedLine {
        programme: budget.programme.clone(),
        amount: budget.amount,
        printed_in: vec![row.origin.record.clone()],
        sources: row.origin.sources.clone(),
    })
}

fn node_answer(node: &Node) -> NodeAnswer {
    NodeAnswer {
        record: node.origin.record.clone(),
        name: node.name.clone(),
        level: node.level,
        number: node.number.clone(),
        variants: node.variants.clone(),
        aims: node.aims.clone(),
        sources: node.origin.sources.clone(),
    }
}

fn edge(link: &register::Link, to: Option<&Node>) -> EdgeAnswer {
    EdgeAnswer {
        to: link.to.clone(),
        name: to.map(|node| node.name.clone()).unwrap_or_default(),
        kind: link.kind.clone(),
        belief: link.belief.clone(),
        why: link.why.clone(),
        source: link.source.clone(),
    }
}

#[cfg(test)]
mod tests;
