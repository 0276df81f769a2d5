//! Which programmes serve which goal, and why. Every suggestion is the sum of named rules, each with its points
//! and its evidence; a person's decision overrides all of them and lasts across years. Where two programmes
//! share a name the rule of names says nothing definite.

mod decision;
mod naming;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use base::{FiscalYear, Names, Source};
use rayon::prelude::*;
use register::{Belief, RecordRef};
use serde::Serialize;

use crate::identity::{ProgrammeGroup, Programmes};
use crate::ministry;
use crate::view::{JoinDecision, Node, Row, Verdict, View};

pub use decision::decision;
pub use naming::{Naming, naming};

/// Points and thresholds. They are configuration: no document sets them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Points {
    /// The follow-up text names the programme.
    pub named: u16,
    /// The programme names the plan.
    pub plan: u16,
    /// The programme names the Act.
    pub act: u16,
    /// At most so much for rare words in common.
    pub words: u16,
    /// The ministry carries measures of the goal.
    pub ministry: u16,
    /// The desk is one that already serves the goal by name.
    pub desk: u16,
    /// From here on a join is suggested.
    pub suggest_from: u16,
}

impl Default for Points {
    fn default() -> Self {
        Points { named: 600, plan: 150, act: 100, words: 300, ministry: 60, desk: 90, suggest_from: 300 }
    }
}

/// A rule of the join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The follow-up text names the programme.
    NamedInFollowUp,
    /// Our record of the programme links it to the goal.
    RecordedLink,
    /// The programme names the plan among its plans.
    NamesThePlan,
    /// The programme names the Act among its laws.
    NamesTheAct,
    /// Rare words in common.
    SharedWords,
    /// The ministry carries measures of the goal.
    SameMinistry,
    /// The desk already serves the goal by name.
    SameDesk,
}

impl Rule {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            Rule::NamedInFollowUp => {
                Names::of("取組状況の記載に事業名がある", "the follow-up text names the programme")
            }
            Rule::RecordedLink => {
                Names::of("資料に基づく事業の記録が結び付けている", "the programme's record links it")
            }
            Rule::NamesThePlan => Names::of("シートが基本計画を挙げている", "the sheet names the Basic Plan"),
            Rule::NamesTheAct => Names::of("シートが医療機器促進法を挙げている", "the sheet names the Act"),
            Rule::SharedWords => Names::of("まれな語句を共有する", "rare words in common"),
            Rule::SameMinistry => {
                Names::of("ゴールの施策を担う府省の事業", "of a ministry that carries measures of the goal")
            }
            Rule::SameDesk => Names::of(
                "ゴールに資する事業と同じ課室の事業",
                "of the same desk as a programme that serves the goal",
            ),
        }
    }
}

/// Why a programme may serve a goal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// Its points.
    pub points: u16,
    /// The words it rests on.
    pub evidence: String,
    /// Where they stand.
    pub sources: Vec<Source>,
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decided {
    /// Accepted or rejected.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub on: jiff::civil::Date,
    /// The record.
    pub record: RecordRef,
}

/// A programme and a goal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Join {
    /// The programme's key.
    pub programme: String,
    /// The goal's node, by record id.
    pub node: String,
    /// 0 to 1000. It orders suggestions and is no probability.
    pub score: u16,
    /// Stated, confirmed, or suggested.
    pub belief: Belief,
    /// Why, most points first.
    pub reasons: Vec<Reason>,
    /// The decision, if a person took one. A rejected join is kept here and serves nothing.
    pub decided: Option<Decided>,
}

impl Join {
    /// Whether it is believed or at least suggested: a rejected one is not.
    pub fn holds(&self) -> bool {
        self.decided.as_ref().is_none_or(|decided| decided.verdict == Verdict::Accepted)
    }
    /// Stated by a document or confirmed by a person.
    pub fn is_firm(&self) -> bool {
        self.holds() && matches!(self.belief, Belief::Stated | Belief::Confirmed { .. })
    }
}

/// All joins of a year, and what names the plan without serving a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Joins {
    /// The joins, goal by goal, best first. Rejected ones are among them.
    pub joins: Vec<Join>,
    /// What each programme says of plan and Act, by key; programmes that say nothing are left out.
    pub naming: BTreeMap<String, Naming>,
}

/// A goal with everything that speaks of it in the year.
struct Goal<'v> {
    node: &'v Node,
    rows: Vec<&'v Row>,
    text: String,
    ministries: BTreeSet<String>,
}

/// Suggests joins for the goals of a generation, with the rows of one year.
pub fn joins(
    view: &View,
    programmes: &Programmes,
    generation: &str,
    year: FiscalYear,
    points: &Points,
) -> Joins {
    let goals = goals(view, generation, year);
    let named = named_in_rows(programmes, &goals);
    let naming: BTreeMap<String, Naming> = programmes
        .groups
        .par_iter()
        .filter_map(|group| Some((group.key.clone(), naming(group.newest(view)?)?)))
        .collect();
    let texts: Vec<&str> = goals.iter().map(|goal| goal.text.as_str()).collect();
    let shared = words::shared(view, programmes, &texts);
    let desks: Vec<BTreeSet<&str>> =
        (0..goals.len()).map(|goal| desks(view, programmes, &named, goal)).collect();
    let decisions = decisions(view, programmes);
    let mut joins: Vec<Join> = programmes
        .groups
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, group)| {
            let context = Context { view, group, at, named: &named, naming: naming.get(&group.key), points };
            let (desks, shared, decisions) = (&desks, &shared[at], &decisions);
            let found: Vec<Join> = goals
                .iter()
                .enumerate()
                .filter_map(|(place, goal)| {
                    let decided = decisions.get(&(at, goal.node.id()));
                    context.join(goal, place, &desks[place], shared.get(&place), decided.copied())
                })
                .collect();
            found
        })
        .collect();
    let order: BTreeMap<&str, usize> =
        goals.iter().enumerate().map(|(at, goal)| (goal.node.id(), at)).collect();
    joins.sort_by(|a, b| {
        let place = |join: &Join| order.get(join.node.as_str()).copied();
        place(a).cmp(&place(b)).then(b.score.cmp(&a.score)).then_with(|| a.programme.cmp(&b.programme))
    });
    Joins { joins, naming }
}

/// The goal nodes of a generation that a row serves: by its link, or by bearing the goal's name as heading.
pub fn goal_of<'v>(view: &'v View, row: &Row) -> Option<&'v Node> {
    let linked = row.links.iter().filter(|link| link.kind == "serves" && link.belief != Belief::Undecided);
    let mut linked = linked.filter_map(|link| view.node(link.to.record.as_str()));
    linked.next().or_else(|| {
        let key = base::text::name_key(&row.goal);
        let named = |node: &&Node| base::text::name_key(&node.name.ja) == key && node.level.is_goal();
        let same_generation = |node: &&Node| row.generation.is_none() || row.generation == node.generation;
        view.nodes.iter().filter(named).find(same_generation).filter(|_| !key.is_empty())
    })
}

struct Context<'a> {
    view: &'a View,
    group: &'a ProgrammeGroup,
    at: usize,
    named: &'a BTreeMap<(usize, usize), Vec<Mention>>,
    naming: Option<&'a Naming>,
    points: &'a Points,
}

/// A row that names a programme.
#[derive(Clone)]
struct Mention {
    evidence: String,
    /// No other programme bears the name.
    only: bool,
    sources: Vec<Source>,
}

impl Context<'_> {
    fn join(
        &self,
        goal: &Goal<'_>,
        place: usize,
        desks: &BTreeSet<&str>,
        shared: Option<&(u16, String)>,
        decision: Option<&JoinDecision>,
    ) -> Option<Join> {
        let mentions = self.named.get(&(self.at, place)).map_or(&[][..], Vec::as_slice);
        let recorded = self.recorded(goal.node);
        let about_this_goal =
            !mentions.is_empty() || recorded.is_some() || shared.is_some() || decision.is_some();
        if !about_this_goal {
            return None;
        }
        let mut reasons = Vec::new();
        if let Some(first) = mentions.first() {
            let sources =
                mentions.iter().flat_map(|mention| mention.sources.clone()).fold(Vec::new(), once_each);
            let points = if first.only { self.points.named } else { self.points.named / 2 };
            reasons.push(Reason {
                rule: Rule::NamedInFollowUp,
                points,
                evidence: first.evidence.clone(),
                sources,
            });
        }
        reasons.extend(recorded.clone().map(|(_, reason)| reason));
        reasons.extend(self.naming_reasons());
        if let Some((share, words)) = shared {
            let points = u16::try_from(u32::from(self.points.words) * u32::from(*share) / 1000).unwrap_or(0);
            reasons.push(self.reason(Rule::SharedWords, points, words.clone()));
        }
        let ministry = ministry::full_name(&self.group.ministry)
            .map_or_else(|| self.group.ministry.clone(), |names| names.ja);
        if goal.ministries.contains(&ministry) {
            reasons.push(self.reason(Rule::SameMinistry, self.points.ministry, ministry));
        }
        let desk = self.group.newest(self.view).map_or("", |sheet| sheet.desk.as_str());
        if mentions.is_empty() && desks.contains(desk) {
            reasons.push(self.reason(Rule::SameDesk, self.points.desk, desk.to_owned()));
        }
        let score = reasons.iter().map(|reason| reason.points).fold(0, u16::saturating_add).min(1000);
        let stated = mentions.iter().any(|mention| mention.only);
        let belief = match (decision, recorded) {
            (Some(decision), _) => confirmed(decision),
            (None, Some((belief, _))) if belief == Belief::Stated => belief,
            _ if stated => Belief::Stated,
            _ => Belief::Suggested { score: Some(score) },
        };
        if score < self.points.suggest_from && matches!(belief, Belief::Suggested { .. }) {
            return None;
        }
        reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.points), reason.rule));
        Some(Join {
            programme: self.group.key.clone(),
            node: goal.node.id().to_owned(),
            score,
            belief,
            reasons,
            decided: decision.map(decided),
        })
    }

    fn naming_reasons(&self) -> Vec<Reason> {
        let Some(naming) = self.naming else { return Vec::new() };
        let plan =
            naming.plan.iter().map(|words| self.reason(Rule::NamesThePlan, self.points.plan, words.clone()));
        let act =
            naming.act.iter().map(|words| self.reason(Rule::NamesTheAct, self.points.act, words.clone()));
        plan.chain(act).collect()
    }

    /// A `serves` link of the programme's own record.
    fn recorded(&self, node: &Node) -> Option<(Belief, Reason)> {
        let records = self.group.records.iter().filter_map(|&at| self.view.programmes.get(at));
        let mut links =
            records.flat_map(|programme| programme.links.iter().map(move |link| (programme, link)));
        let (programme, link) = links.find(|(_, link)| {
            link.kind == "serves" && link.to.record == *node.id() && link.belief != Belief::Undecided
        })?;
        let sources =
            link.source.clone().map_or_else(|| programme.origin.sources.clone(), |source| vec![source]);
        let reason = Reason {
            rule: Rule::RecordedLink,
            points: self.points.named,
            evidence: link.why.clone(),
            sources,
        };
        Some((link.belief.clone(), reason))
    }

    fn reason(&self, rule: Rule, points: u16, evidence: String) -> Reason {
        let sources =
            self.group.newest(self.view).map(|sheet| sheet.origin.sources.clone()).unwrap_or_default();
        Reason { rule, points, evidence, sources }
    }
}

fn once_each(mut all: Vec<Source>, source: Source) -> Vec<Source> {
    if !all.contains(&source) {
        all.push(source);
    }
    all
}

fn confirmed(decision: &JoinDecision) -> Belief {
    Belief::Confirmed { by: decision.by.clone(), on: decision.on, reason: decision.reason.clone() }
}

fn decided(decision: &JoinDecision) -> Decided {
    Decided {
        verdict: decision.verdict,
        reason: decision.reason.clone(),
        by: decision.by.clone(),
        on: decision.on,
        record: decision.origin.record.clone(),
    }
}

fn goals<'v>(view: &'v View, generation: &str, year: FiscalYear) -> Vec<Goal<'v>> {
    let nodes = view.nodes.iter().filter(|node| node.level.is_goal());
    let nodes = nodes.filter(|node| node.generation.as_ref().is_some_and(|id| *id == *generation));
    nodes
        .map(|node| {
            let serves = |row: &&Row| goal_of(view, row).is_some_and(|goal| goal.id() == node.id());
            let rows: Vec<&Row> = view.rows_of(year).filter(serves).collect();
            let below = view.children(node.id()).map(|child| child.name.ja.as_str());
            let in_rows = rows.iter().flat_map(|row| [row.heading.as_str(), row.measure.as_str()]);
            let text: Vec<&str> =
                std::iter::once(node.name.ja.as_str()).chain(below).chain(in_rows).collect();
            let ministries = rows.iter().flat_map(|row| row.marks.all()).collect();
            Goal { node, text: text.join("\n"), rows, ministries }
        })
        .collect()
}

/// Every programme named in the rows of a goal: quoted with a budget, or set in 「」.
fn named_in_rows(programmes: &Programmes, goals: &[Goal<'_>]) -> BTreeMap<(usize, usize), Vec<Mention>> {
    let mut named: BTreeMap<(usize, usize), Vec<Mention>> = BTreeMap::new();
    for (place, goal) in goals.iter().enumerate() {
        for row in &goal.rows {
            for name in names_in(row) {
                let groups = programmes.named(&name);
                let mention = Mention {
                    evidence: format!("「{name}」"),
                    only: groups.len() == 1,
                    sources: row.origin.sources.clone(),
                };
                for &group in groups {
                    named.entry((group, place)).or_default().push(mention.clone());
                }
            }
        }
    }
    named
}

/// The names of programmes that a row prints, each once.
pub fn names_in(row: &Row) -> BTreeSet<String> {
    let quoted = row.budgets.iter().map(|budget| budget.programme.clone());
    let texts = [&row.results, &row.plans];
    let in_quotes = texts.into_iter().flat_map(|text| {
        text.split('「').skip(1).filter_map(|rest| rest.split(['」', '(', '（']).next()).map(str::to_owned)
    });
    quoted.chain(in_quotes).filter(|name| name.chars().count() >= SHORTEST_NAME).collect()
}

/// Shorter words in quotation marks are terms, not names of programmes.
const SHORTEST_NAME: usize = 4;

fn desks<'v>(
    view: &'v View,
    programmes: &'v Programmes,
    named: &BTreeMap<(usize, usize), Vec<Mention>>,
    goal: usize,
) -> BTreeSet<&'v str> {
    let groups = named
        .keys()
        .filter(|(_, place)| *place == goal)
        .filter_map(|(group, _)| programmes.groups.get(*group));
    groups
        .filter_map(|group| group.newest(view))
        .map(|sheet| sheet.desk.as_str())
        .filter(|desk| !desk.is_empty())
        .collect()
}

/// The last decision on each programme and node. A programme's older keys find it too.
fn decisions<'v>(view: &'v View, programmes: &Programmes) -> BTreeMap<(usize, &'v str), &'v JoinDecision> {
    let known = view.decisions.iter().filter_map(|decision| {
        let group = programmes.by_key(&decision.programme)?;
        Some(((group, decision.node.as_str()), decision))
    });
    known.collect()
}

#[cfg(test)]
mod tests;
