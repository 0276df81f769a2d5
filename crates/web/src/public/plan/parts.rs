//! What the plan's pages share: figures with the numbers of their sources, the list of these at the end, links from what
//! an answer names to the page about it, charts with their tables, ways to the downloads.

use std::cell::RefCell;
use std::collections::HashMap;

use base::{FiscalYear, Names, Reported, Source, Yen};
use maud::{Markup, PreEscaped, html};
use plan::join::Join;
use plan::view::{Node, Row, Verdict};
use register::RecordRef;
use register::record::Belief;
use report::chart::Chart;
use report::{Cell, Cited, Severity};

use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::Plan;
use crate::desk::index::ministry_name;

/// More numbers than this beside one figure help nobody; the rest stand with its record.
const MOST_MARKS: usize = 3;

/// A page in the making: the circumstances, the answer, and the sources cited so far.
pub(super) struct Desktop<'a> {
    pub(super) cx: &'a Cx,
    pub(super) plan: &'a Plan,
    cited: RefCell<HashMap<Source, usize>>,
}

impl<'a> Desktop<'a> {
    pub(super) fn new(cx: &'a Cx, plan: &'a Plan) -> Self {
        Desktop { cx, plan, cited: RefCell::default() }
    }

    /// The one of two texts that is in the page's language.
    pub(super) fn say<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        self.cx.say(ja, en)
    }
    /// The one of two made texts.
    pub(super) fn tell(&self, ja: String, en: String) -> String {
        match self.cx.lang {
            base::Lang::Ja => ja,
            base::Lang::En => en,
        }
    }
    pub(super) fn name<'n>(&self, names: &'n Names) -> &'n str {
        names.get(self.cx.lang)
    }

    /// The numbers of sources, each leading to the list at the end of the page.
    pub(super) fn cite(&self, sources: &[Source]) -> Markup {
        let mut numbers: Vec<usize> = Vec::new();
        for source in sources {
            let number = self.number(source);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
            if numbers.len() == MOST_MARKS {
                break;
            }
        }
        html! {
            @for number in numbers {
                a.cite href={ "#source-" (number) } aria-label={ (self.say("出典", "Source ")) (number) } { "[" (number) "]" }
            }
        }
    }

    fn number(&self, source: &Source) -> usize {
        let mut cited = self.cited.borrow_mut();
        if let Some(number) = cited.get(source) {
            return *number;
        }
        let number = cited.len() + 1;
        cited.insert(source.clone(), number);
        number
    }

    /// What was cited: the document, which opens, and the place in it.
    pub(super) fn sources(&self) -> Markup {
        let cited = self.cited.borrow();
        let mut cited: Vec<(&Source, &usize)> = cited.iter().collect();
        cited.sort_by_key(|(_, number)| **number);
        html! {
            @if !cited.is_empty() {
                section aria-labelledby="sources" {
                    h2 #sources { (report::words::sources(self.cx.lang)) }
                    ol.sources {
                        @for (source, number) in cited {
                            li id={ "source-" (number) } { (self.source(source)) }
                        }
                    }
                }
            }
        }
    }

    fn source(&self, source: &Source) -> Markup {
        let document = self.plan.index.document(&source.document).map(|at| &self.plan.view.documents[at]);
        let title = document.map(|document| self.name(&document.title).to_owned());
        let text = report::words::source(&Cited { source: source.clone(), title }, self.cx.lang);
        html! {
            @if document.is_some() {
                a href=(self.cx.to(&format!("/registers/document/{}", escaped(&source.document)))) { (text) }
            } @else { (text) }
            @if let Some(url) = source.url.as_deref().filter(|url| url.starts_with("http")) {
                " " a href=(url) rel="noopener external" { (self.say("原典", "original")) }
            }
        }
    }

    /// A value as tables of every format show it.
    pub(super) fn cell(&self, cell: &Cell) -> Markup {
        PreEscaped(report::html::cell(cell, self.cx.lang))
    }
    /// A sum of yen, short to read, exact in the markup.
    pub(super) fn sum(&self, yen: i64) -> Markup {
        self.cell(&report::outline::follow_up::sum(yen))
    }
    /// An amount, or why there is none.
    pub(super) fn yen(&self, yen: &Reported<Yen>) -> Markup {
        self.cell(&Cell::reported(yen, |yen| report::outline::follow_up::sum(yen.yen())))
    }
    pub(super) fn missing(&self, missing: base::Missing) -> Markup {
        self.cell(&Cell::missing(missing))
    }
    /// What a link rests on, as every writer marks it.
    pub(super) fn belief(&self, belief: &Belief) -> Markup {
        html! { span.belief { (report::words::belief(belief.into(), self.cx.lang)) } }
    }

    pub(super) fn year(&self, year: FiscalYear) -> String {
        match self.cx.lang {
            base::Lang::Ja => year.japanese(),
            base::Lang::En => year.to_string(),
        }
    }
    pub(super) fn day(&self, day: jiff::civil::Date) -> String {
        match self.cx.lang {
            base::Lang::Ja => base::date::japanese(day),
            base::Lang::En => day.to_string(),
        }
    }

    /// A chart, and its figures below it for who wants them.
    pub(super) fn chart(&self, chart: &dyn Chart, id: &str) -> Markup {
        html! {
            (PreEscaped(chart.svg(id, self.cx.lang)))
            details.figures {
                summary { (self.say("図の数値", "The figures of the chart")) }
                (PreEscaped(report::html::table(&chart.table(self.cx.lang), self.cx.lang, &format!("{id}-table"))))
            }
        }
    }

    /// A remark set apart.
    pub(super) fn note(&self, severity: Severity, body: &Markup) -> Markup {
        crate::look::note(self.cx, severity, body)
    }

    /// The files in which the figures of a page can be taken along.
    pub(super) fn loads(&self, path: &str, query: &str, formats: &[&str]) -> Markup {
        html! {
            ul.loads aria-label=(self.say("この表を取り出す", "Take the figures along")) {
                @for format in formats {
                    li { a href={ (self.cx.to(path)) "." (format) (query) } rel="nofollow" { (format.to_uppercase()) } }
                }
            }
        }
    }

    /// The way to the whole follow-up and its files.
    pub(super) fn follow_up(&self) -> Markup {
        html! {
            p { a href=(self.cx.to("/plan/follow-up")) { (self.say("進捗報告の全文と、すべての表（CSV・データ定義）", "The follow-up in full, and every table as CSV with definitions")) } }
            (self.loads("/plan/follow-up", "", &["xlsx", "json", "pdf", "stratml.xml"]))
        }
    }

    pub(super) fn ministry(&self, printed: &str) -> Markup {
        let names = ministry_name(printed);
        html! { a href=(self.cx.to(&ministry_path(&names.ja))) { (self.name(&names)) } }
    }
    /// Names of ministries with links, one after another.
    pub(super) fn ministries<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Markup {
        html! {
            @for (at, name) in names.into_iter().enumerate() {
                @if at > 0 { (report::words::comma(self.cx.lang)) }
                (self.ministry(name))
            }
        }
    }
    /// A programme by its key, under its newest name.
    pub(super) fn programme(&self, key: &str) -> Markup {
        let name =
            self.plan.programmes.by_key(key).map_or(key, |at| self.plan.programmes.groups[at].name.as_str());
        html! { a href=(self.cx.to(&programme_path(key))) { (name) } }
    }
    /// A node of the plan.
    pub(super) fn node(&self, node: &Node) -> Markup {
        html! { a href=(self.cx.to(&node_path(node))) { (self.name(&node.name)) } }
    }
    /// The goal that a row serves.
    pub(super) fn goal_of(&self, row: &Row) -> Option<&'a Node> {
        let at = self.plan.index.goal_of_row(self.plan.index.row(row.origin.id())?)?;
        self.plan.view.nodes.get(at)
    }
    /// A node by its id; the bare id where it is not on record.
    pub(super) fn node_by(&self, id: &str) -> Markup {
        let node = self.plan.index.node(id).map(|at| self.node(&self.plan.view.nodes[at]));
        node.unwrap_or_else(|| html! { (id) })
    }
    /// A record: the page about it where there is one, else its place in its register.
    pub(super) fn place(&self, place: &RecordRef) -> Markup {
        let (register, id) = (place.register.as_str(), place.record.as_str());
        let plan = self.plan;
        match register {
            "plan-node" if plan.index.node(id).is_some() => self.node_by(id),
            "follow-up-row" if plan.index.row(id).is_some() => {
                html! { a href=(self.cx.to(&row_path(id))) { (id) } }
            }
            _ => html! { a href=(self.cx.to(&record_path(place))) { (id) } },
        }
    }

    /// Why a programme is taken to serve a goal: each rule with its words and sources, and what a person decided.
    pub(super) fn why(&self, join: &Join) -> Markup {
        html! {
            ul.why {
                @for reason in &join.reasons {
                    li {
                        (self.name(&reason.rule.names())) " +" (reason.points)
                        @if !reason.evidence.is_empty() { (report::words::bracketed(&reason.evidence, self.cx.lang)) }
                        (self.cite(&reason.sources))
                    }
                }
                @if let Some(decided) = &join.decided {
                    li {
                        (match decided.verdict { Verdict::Accepted => self.say("人が採用", "accepted by a person"), Verdict::Rejected => self.say("人が却下", "rejected by a person") })
                        " " (decided.on) " " (decided.reason)
                    }
                }
            }
        }
    }

    /// The rest: sources at the end, and the record behind the page.
    pub(super) fn behind(&self, records: &[RecordRef]) -> Markup {
        html! {
            @if !records.is_empty() {
                p.quiet {
                    (self.say("もとの記録（履歴つき）：", "Records behind this page, with their history: "))
                    @for (at, record) in records.iter().enumerate() {
                        @if at > 0 { (report::words::comma(self.cx.lang)) }
                        a href=(self.cx.to(&record_path(record))) { (record) }
                    }
                }
            }
        }
    }
}

/// A table that scrolls in a box of its own where the screen is too narrow.
#[allow(clippy::needless_pass_by_value, reason = "markup made for this one place")]
pub(super) fn scrolling(id: &str, caption: &str, head: Markup, rows: Markup) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby=(id) {
            table { caption id=(id) { (caption) } thead { tr { (head) } } tbody { (rows) } }
        }
    }
}

/// The last part of a node's id, as short as the documents number it: `goal-b`.
pub(super) fn short(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

pub(super) fn node_path(node: &Node) -> String {
    let generation = node.generation.as_ref().map_or("-", |id| id.as_str());
    format!("/plan/{}/{}", escaped(generation), escaped(node.id()))
}
pub(super) fn programme_path(key: &str) -> String {
    format!("/programmes/{}", escaped(key))
}
pub(super) fn ministry_path(name: &str) -> String {
    format!("/ministries/{}", escaped(name))
}
pub(super) fn row_path(id: &str) -> String {
    format!("/measures/{}", escaped(id))
}
pub(super) fn record_path(record: &RecordRef) -> String {
    format!("/registers/{}/{}", escaped(record.register.as_str()), escaped(record.record.as_str()))
}
