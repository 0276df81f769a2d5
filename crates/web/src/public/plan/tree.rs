//! The plan of a generation as a tree that unfolds, drawn beside it where the screen is wide; generations side by side; what
//! became of each node in the next; links that the documents leave undecided, with every candidate.

use std::collections::BTreeSet;

use axum::extract::Path;
use maud::{Markup, html};
use plan::follow_up::GenerationAnswer;
use plan::generation::{Became, Fate};
use plan::view::{Level, Node, Standing};
use register::record::Belief;
use report::Severity;
use report::chart::{Tree, TreeEdge, TreeNode};

use super::home::state;
use super::parts::{Desktop, node_path, scrolling, short};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

/// Nodes deeper than this are not unfolded further: no generation has so many levels, but records may run in circles.
const DEEPEST: usize = 8;
/// A drawing of more nodes than this cannot be read.
const MOST_DRAWN: usize = 60;

/// The generation followed up, and the others beside it.
pub(super) async fn current(cx: Cx) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let Some(id) =
        plan.answer.generation.as_ref().map(|generation| generation.record.record.as_str().to_owned())
    else {
        let body = html! { p { (cx.say("計画の世代の記録がありません。", "No generation of the plan is on record.")) } };
        return Ok(Page::new(cx.say("計画", "The plan"), body).show(&cx));
    };
    show(&cx, &id, true).await
}

pub(super) async fn page(cx: Cx, Path(generation): Path<String>) -> Result<Html, Failure> {
    // A generation is often named with its register: `plan-generation:plan-3`.
    let id = generation.rsplit_once(':').map_or(generation.as_str(), |(_, id)| id).to_owned();
    show(&cx, &id, false).await
}

async fn show(cx: &Cx, id: &str, current: bool) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let desk = Desktop::new(cx, &plan);
    let generation = plan
        .answer
        .generations
        .iter()
        .find(|one| one.record.record.as_str() == id)
        .ok_or(Failure::NotFound)?;
    let body = html! {
        (generations(&desk, id))
        (standing(&desk, generation))
        h2 #tree { (desk.say("計画の木", "The tree")) }
        (unfolding(&desk, id))
        (drawing(&desk, id))
        (undecided(&desk, id))
        (fates(&desk, generation))
        (desk.follow_up())
        (desk.behind(std::slice::from_ref(&generation.record)))
        (desk.sources())
    };
    let page = Page::new(desk.name(&generation.name), body);
    Ok(if current { page } else { page.below(cx.say("計画", "Plan"), "/plan") }.show(cx))
}

/// Generations side by side.
fn generations(desk: &Desktop<'_>, here: &str) -> Markup {
    html! {
        ul.cards aria-label=(desk.say("計画の世代", "Generations of the plan")) {
            @for generation in &desk.plan.answer.generations {
                @let id = generation.record.record.as_str();
                li.card aria-current=[(id == here).then_some("true")] {
                    p {
                        @if id == here { strong { (desk.name(&generation.name)) } }
                        @else { a href=(desk.cx.to(&format!("/plan/{}", escaped(id)))) { (desk.name(&generation.name)) } }
                    }
                    p.quiet {
                        span.tag { (desk.name(&generation.standing.names())) }
                        @if generation.in_force { span.tag.good { (desk.say("現行", "in force")) } }
                        @if let Some(day) = generation.decided_on { " " (desk.day(day)) }
                        (desk.cite(&generation.sources))
                    }
                    p.quiet { (desk.plan.view.nodes_of(id).count()) (desk.say("項目", " nodes")) }
                }
            }
        }
    }
}

fn standing(desk: &Desktop<'_>, generation: &GenerationAnswer) -> Markup {
    html! {
        @if generation.standing != Standing::Decided {
            (desk.note(Severity::Caution, &html! { (desk.tell(
                format!("これは{}です。決定されたものとして扱わないでください。", generation.standing.names().ja),
                format!("This is: {}. Do not take it for decided.", generation.standing.names().en),
            )) }))
        }
        @if let Some(review) = generation.review.filter(|_| generation.in_force) {
            p {
                (desk.say("見直しの目途：", "To be reviewed by ")) (desk.day(review.due_on))
                (report::words::bracketed(&desk.tell(format!("あと{}日", review.days_left), format!("{} days left", review.days_left)), desk.cx.lang))
                (desk.cite(&generation.sources))
            }
        }
    }
}

fn is_silent(desk: &Desktop<'_>, id: &str) -> bool {
    let answer = &desk.plan.answer;
    let known = answer.fiscal_year.value().is_some();
    known && desk.plan.index.goal(id).is_some_and(|at| answer.goals[at].silent.is_some())
}

/// Nodes without anything above them, each with what hangs below.
fn unfolding(desk: &Desktop<'_>, generation: &str) -> Markup {
    let nodes: Vec<&Node> = desk.plan.view.nodes_of(generation).collect();
    let hangs = |node: &Node| node.links_of("part-of").any(|link| link.belief != Belief::Undecided);
    html! {
        @if nodes.is_empty() { p { (desk.say("この世代の項目の記録はまだありません。", "No nodes of this generation are on record yet.")) } }
        ul.tree {
            @for node in nodes.iter().filter(|node| !hangs(node)) { (branch(desk, node, None, 0)) }
        }
    }
}

fn branch(desk: &Desktop<'_>, node: &Node, parent: Option<&str>, depth: usize) -> Markup {
    let below = if depth < DEEPEST { desk.plan.index.children(node.id()) } else { &[] };
    let link =
        parent.and_then(|parent| node.links_of("part-of").find(|link| link.to.record.as_str() == parent));
    let silent = is_silent(desk, node.id());
    // What unfolds is no place for a link: the page of such a node is the first thing below it.
    let name = if below.is_empty() {
        desk.node(node)
    } else {
        html! { (desk.name(&node.name)) }
    };
    let label = html! {
        span.level { (desk.name(&node.level.names())) @if let Some(number) = &node.number { " " (number) } }
        span.silent[silent] { (name) }
        @if let Some(at) = desk.plan.index.goal(node.id()) {
            " " (state(desk, &desk.plan.answer.goals[at], desk.plan.answer.fiscal_year.value().copied()))
        }
        @if let Some(link) = link.filter(|link| link.belief != Belief::Stated) { (desk.belief(&link.belief)) }
    };
    html! {
        li {
            @if below.is_empty() { (label) } @else {
                details open[depth < 1] {
                    summary { (label) " " span.quiet { "(" (below.len()) ")" } }
                    p.quiet { (desk.tell("この項目のページ：".to_owned(), "Its page: ".to_owned())) (desk.node(node)) }
                    ul { @for &at in below { (branch(desk, &desk.plan.view.nodes[at], Some(node.id()), depth + 1)) } }
                }
            }
        }
    }
}

/// The same as a drawing, down to the goals: with all measures nothing could be read.
fn drawing(desk: &Desktop<'_>, generation: &str) -> Markup {
    let nodes: Vec<&Node> = desk
        .plan
        .view
        .nodes_of(generation)
        .filter(|node| !node.level.is_measure())
        .take(MOST_DRAWN)
        .collect();
    if nodes.len() < 2 {
        return html! {};
    }
    let levels: Vec<Level> =
        nodes.iter().map(|node| node.level).collect::<BTreeSet<_>>().into_iter().collect();
    let place = |level: Level| levels.iter().position(|other| *other == level).unwrap_or_default();
    let edges = nodes.iter().enumerate().flat_map(|(to, node)| {
        let nodes = &nodes;
        node.links_of("part-of").filter_map(move |link| {
            let from = nodes.iter().position(|other| other.id() == link.to.record.as_str())?;
            Some(TreeEdge { from, to, belief: (&link.belief).into() })
        })
    });
    let tree = Tree {
        name: desk.say("計画の木（施策を除く）", "The tree, without measures").to_owned(),
        levels: levels.iter().map(|level| desk.name(&level.names()).to_owned()).collect(),
        edges: edges.filter(|edge| levels_differ(&nodes, edge)).collect(),
        nodes: nodes
            .iter()
            .map(|node| TreeNode {
                level: place(node.level),
                label: desk.name(&node.name).to_owned(),
                href: Some(desk.cx.to(&node_path(node))),
                silent: is_silent(desk, node.id()),
            })
            .collect(),
    };
    desk.chart(&tree, "tree-drawing")
}

/// An edge within a level has no room between columns.
fn levels_differ(nodes: &[&Node], edge: &TreeEdge) -> bool {
    nodes[edge.from].level != nodes[edge.to].level
}

/// Links whose reading the documents leave open: all candidates of each node.
fn undecided(desk: &Desktop<'_>, generation: &str) -> Markup {
    let open = |node: &&Node| node.links.iter().any(|link| link.belief == Belief::Undecided);
    let nodes: Vec<&Node> = desk.plan.view.nodes_of(generation).filter(open).collect();
    let in_generation = |id: &Option<(String, Standing)>| id.as_ref().is_some_and(|(id, _)| id == generation);
    let kgis: Vec<_> = desk.plan.answer.kgis.iter().filter(|kgi| in_generation(&kgi.generation)).collect();
    let kgis: Vec<_> = kgis
        .into_iter()
        .filter(|kgi| kgi.measures.iter().any(|link| link.belief == Belief::Undecided))
        .collect();
    if nodes.is_empty() && kgis.is_empty() {
        return html! {};
    }
    let candidates = |links: &[register::Link]| {
        html! {
            ul {
                @for link in links.iter().filter(|link| link.belief == Belief::Undecided) {
                    li {
                        (desk.node_by(link.to.record.as_str())) (desk.belief(&link.belief))
                        @if !link.why.is_empty() { " " span.quiet { (link.why) } }
                        @if let Some(source) = &link.source { (desk.cite(std::slice::from_ref(source))) }
                    }
                }
            }
        }
    };
    html! {
        h2 #undecided { (desk.say("未決のつながりと、その候補すべて", "Undecided links and all their candidates")) }
        p { (desk.say(
            "資料から一つに決められないつながりです。一つを選んで示すことはしません。",
            "Links that the documents leave open. None of the candidates is chosen.",
        )) }
        @for node in nodes {
            details { summary { span.level { (desk.name(&node.level.names())) } " " (desk.name(&node.name)) } (candidates(&node.links)) }
        }
        @for kgi in kgis {
            details { summary { span.level { "KGI" } " " (desk.name(&kgi.name)) } (candidates(&kgi.measures)) }
        }
    }
}

/// What becomes of each node in the generation after this one.
fn fates(desk: &Desktop<'_>, generation: &GenerationAnswer) -> Markup {
    let answer = &desk.plan.answer;
    let Some(next) = answer.generations.iter().find(|other| other.ordinal > generation.ordinal) else {
        return html! {};
    };
    let id = |generation: &GenerationAnswer| generation.record.record.as_str().to_owned();
    let fates = plan::generation::fates(&desk.plan.view, &id(generation), &id(next));
    let count = |became| fates.iter().filter(|fate| fate.became == became).count();
    let all = [Became::Kept, Became::Changed, Became::New, Became::Dropped, Became::NotCompared];
    let head = html! {
        th scope="col" { (desk.name(&generation.name)) }
        th scope="col" { (desk.say("どうなったか", "What became of it")) }
        th scope="col" { (desk.name(&next.name)) }
    };
    let rows = html! { @for fate in &fates { (fate_row(desk, fate)) } };
    html! {
        h2 #next { (desk.say("次の世代で何になったか", "What became of each node in the next generation")) }
        p {
            (all.into_iter().filter(|became| count(*became) > 0).map(|became| format!("{} {}", desk.name(&became.names()), count(became))).collect::<Vec<_>>().join(report::words::comma(desk.cx.lang)))
            @if next.standing != Standing::Decided { " " span.tag.caution { (desk.name(&next.standing.names())) } }
        }
        @if count(Became::Dropped) > 0 {
            p.quiet { (desk.say(
                "「廃止」は、次の世代のどの項目も引き継ぐと記録されていないことをいいます。",
                "“Dropped” means that no node of the next generation is recorded as continuing it.",
            )) }
        }
        details open[fates.len() <= 40] {
            summary { (desk.tell(format!("{}行の対応表", fates.len()), format!("The table of {} lines", fates.len()))) }
            (scrolling("fates-table", desk.say("世代間の対応", "From one generation to the next"), head, rows))
        }
    }
}

fn fate_row(desk: &Desktop<'_>, fate: &Fate) -> Markup {
    let node = |id: &Option<register::RecordId>| {
        html! {
            @match id {
                Some(id) => { span.level { (short(id.as_str())) } " " (desk.node_by(id.as_str())) }
                None => "—",
            }
        }
    };
    html! {
        tr {
            th scope="row" { (node(&fate.older)) }
            td { (desk.name(&fate.became.names())) @if let Some(belief) = &fate.belief { (desk.belief(belief)) } }
            td { (node(&fate.newer)) }
        }
    }
}
