//! The plan as a tree, from left to right: what serves what. A silent branch is grey, dashed and says so; a link that
//! is only inferred is dotted. On a narrow screen a nested list serves better: the style sheet hides this drawing there.

use base::Lang;

use super::canvas::{Canvas, Side, Told};
use super::{Chart, boxed, measure};
use crate::{Belief, Cell, Column, Row, Table, words};

/// The nodes drawn of one level; the rest are named by their number alone.
const MOST_OF_A_LEVEL: usize = 80;
/// Space between two nodes of a level.
const BETWEEN: f64 = 8.0;

/// A tree, or a tree whose branches meet again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// Of what.
    pub name: String,
    /// What stands above each level, from left to right.
    pub levels: Vec<String>,
    /// The nodes in the order of the plan.
    pub nodes: Vec<TreeNode>,
    /// What joins them.
    pub edges: Vec<TreeEdge>,
}

/// A node of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TreeNode {
    /// Its level: the place of its heading in [`Tree::levels`].
    pub level: usize,
    /// Its name.
    pub label: String,
    /// The page about it.
    pub href: Option<String>,
    /// Nothing was reported about it.
    pub silent: bool,
}

/// A link between two nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TreeEdge {
    /// The place of the upper node in [`Tree::nodes`].
    pub from: usize,
    /// The place of the lower node.
    pub to: usize,
    /// What it rests on.
    pub belief: Belief,
}

impl Chart for Tree {
    fn svg(&self, id: &str, lang: Lang) -> String {
        let mut canvas = Canvas::sized(1000.0, 15.0, "tree");
        let columns = super::columns(canvas.width, self.levels.len());
        let room = columns.width - 16.0;
        let shown = self.shown();
        let lines: Vec<Vec<String>> =
            self.nodes
                .iter()
                .enumerate()
                .map(|(at, node)| {
                    if shown[at] {
                        measure::wrap(&said(node, lang), canvas.size, room, 2)
                    } else {
                        Vec::new()
                    }
                })
                .collect();
        let tall = |at: usize| {
            if lines[at].len() > 1 { canvas.line_height() * 2.0 + 10.0 } else { canvas.line_height() + 10.0 }
        };
        let top = canvas.line_height() * 1.8;
        let places = self.places(&shown, tall, top);
        let heights: Vec<f64> = (0..self.nodes.len()).map(tall).collect();
        let middle = |at: usize| places[at] + heights[at] / 2.0;
        for edge in self.edges.iter().filter(|edge| self.drawn(&shown, edge)) {
            let (from, to) = (self.nodes[edge.from].level, self.nodes[edge.to].level);
            canvas.curve(
                edge_class(edge.belief),
                (columns.left(from) + columns.width, middle(edge.from)),
                (columns.left(to), middle(edge.to)),
            );
        }
        let mut height = top;
        for (level, heading) in self.levels.iter().enumerate() {
            let size = canvas.size;
            canvas.fitted("chart-quiet", Side::Start, (columns.left(level), size), columns.width, heading);
            let hidden =
                self.nodes.iter().zip(&shown).filter(|(node, shown)| node.level == level && !**shown).count();
            let mut bottom = top;
            for (at, node) in
                self.nodes.iter().enumerate().filter(|(at, node)| node.level == level && shown[*at])
            {
                let at_ = (columns.left(level), places[at]);
                draw_node(&mut canvas, node, &lines[at], at_, (columns.width, heights[at]), lang);
                bottom = f64::max(bottom, places[at] + heights[at]);
            }
            if hidden > 0 {
                bottom += canvas.line_height();
                let text = match lang {
                    Lang::Ja => format!("ほか{hidden}件（表を参照）"),
                    Lang::En => format!("other ({hidden}), see the table"),
                };
                canvas.fitted(
                    "chart-quiet",
                    Side::Start,
                    (columns.left(level), bottom),
                    columns.width,
                    &text,
                );
            }
            height = height.max(bottom);
        }
        height += canvas.line_height() * 1.6;
        legend(&mut canvas, height, lang);
        height += canvas.size;
        let told = Told { id, title: &self.name, description: &self.described(lang) };
        boxed([canvas.finish(&told, height)])
    }

    fn table(&self, lang: Lang) -> Table {
        let rows = self.nodes.iter().enumerate().map(|(at, node)| {
            let level = self.levels.get(node.level).map_or("", String::as_str);
            let above = self.edges.iter().filter(|edge| edge.to == at).filter_map(|edge| {
                Some(format!("{} {}", self.nodes.get(edge.from)?.label, words::belief(edge.belief, lang)))
            });
            let above = above.collect::<Vec<_>>().join(words::comma(lang));
            let silent = if node.silent { silence(lang) } else { "" };
            Row::of([
                Cell::text(level),
                Cell::text(node.label.as_str()),
                Cell::text(above),
                Cell::text(silent),
            ])
        });
        Table::new(&self.name)
            .column(Column::text(lang.pick("段階", "Level")))
            .column(Column::text(lang.pick("項目", "Node")))
            .column(Column::text(lang.pick("上位の項目", "Serves")))
            .column(Column::text(lang.pick("報告", "Report")))
            .rows(rows)
    }
}

impl Tree {
    /// Which nodes are drawn: the first ones of each level.
    fn shown(&self) -> Vec<bool> {
        let mut counts = vec![0_usize; self.levels.len()];
        self.nodes
            .iter()
            .map(|node| match counts.get_mut(node.level) {
                Some(count) => {
                    *count += 1;
                    *count <= MOST_OF_A_LEVEL
                }
                None => false,
            })
            .collect()
    }

    fn drawn(&self, shown: &[bool], edge: &TreeEdge) -> bool {
        let there = |at: usize| shown.get(at).copied().unwrap_or(false);
        there(edge.from) && there(edge.to) && self.nodes[edge.from].level < self.nodes[edge.to].level
    }

    /// The upper edge of each node: from right to left each stands as near as it can to the middle of what it leads to,
    /// in the order of the plan and without touching another.
    fn places(&self, shown: &[bool], tall: impl Fn(usize) -> f64, top: f64) -> Vec<f64> {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for edge in self.edges.iter().filter(|edge| self.drawn(shown, edge)) {
            children[edge.from].push(edge.to);
        }
        let mut places = vec![top; self.nodes.len()];
        for level in (0..self.levels.len()).rev() {
            let mut next = top;
            for at in (0..self.nodes.len()).filter(|at| self.nodes[*at].level == level && shown[*at]) {
                let below = &children[at];
                let middles = || below.iter().map(|child| places[*child] + tall(*child) / 2.0);
                let wanted = if below.is_empty() {
                    next
                } else {
                    let (low, high) =
                        middles().fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(y), high.max(y)));
                    f64::midpoint(low, high) - tall(at) / 2.0
                };
                places[at] = wanted.max(next);
                next = places[at] + tall(at) + BETWEEN;
            }
        }
        places
    }

    fn described(&self, lang: Lang) -> String {
        let silent = self.nodes.iter().filter(|node| node.silent).count();
        let count = self.nodes.len();
        match lang {
            Lang::Ja => {
                format!("{}の順に項目{count}件。うち報告のないもの{silent}件。", self.levels.join("、"))
            }
            Lang::En => {
                format!("{count} nodes: {}. {silent} of them without a report.", self.levels.join(", "))
            }
        }
    }
}

fn silence(lang: Lang) -> &'static str {
    lang.pick("報告なし", "silent")
}

fn said(node: &TreeNode, lang: Lang) -> String {
    if node.silent {
        format!("– {}{}{}", silence(lang), words::colon(lang), node.label)
    } else {
        node.label.clone()
    }
}

fn edge_class(belief: Belief) -> &'static str {
    match belief {
        Belief::Stated | Belief::Confirmed => "chart-edge",
        Belief::Suggested | Belief::Undecided => "chart-edge chart-edge-inferred",
    }
}

fn draw_node(
    canvas: &mut Canvas,
    node: &TreeNode,
    lines: &[String],
    (x, y): (f64, f64),
    size: (f64, f64),
    lang: Lang,
) {
    let open = node.href.as_deref().is_some_and(|href| canvas.open_link(href));
    canvas.open_group("chart-node", &said(node, lang));
    canvas.rect(if node.silent { "chart-box chart-box-silent" } else { "chart-box" }, (x, y), size);
    let mut baseline = y + 5.0 + canvas.size;
    for line in lines {
        canvas.text(
            if node.silent { "chart-quiet" } else { "chart-text" },
            Side::Start,
            (x + 8.0, baseline),
            line,
        );
        baseline += canvas.line_height();
    }
    canvas.close_group();
    if open {
        canvas.close_link();
    }
}

fn legend(canvas: &mut Canvas, y: f64, lang: Lang) {
    let up = y - canvas.size * 0.35;
    let items = [
        ("chart-edge", lang.pick("明記又は確認済", "stated or confirmed")),
        ("chart-edge chart-edge-inferred", lang.pick("推定又は未決", "inferred or undecided")),
        ("chart-box-silent", lang.pick("報告なし", "silent")),
    ];
    let mut x = 0.0;
    for (class, text) in items {
        canvas.line(class, (x, up), (x + 34.0, up));
        canvas.text("chart-text", Side::Start, (x + 42.0, y), text);
        x += 66.0 + measure::width(text, canvas.size);
    }
}
