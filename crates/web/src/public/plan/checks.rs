//! What the checks found, grouped by rule, each with what the rule means, the place and the source.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use plan::check::{Finding, Rule, Severity};

use super::parts::Desktop;
use super::tables;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::public::loads;

/// Findings of a rule shown beside the others; its own page has more.
const FIRST: usize = 5;
/// Findings on the page of a rule; the files have all.
const MOST: usize = 500;

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let desk = Desktop::new(&cx, &plan);
    let tally = report::outline::checks::tally(&plan.findings, cx.lang);
    let body = html! {
        p { strong { (tally) } }
        @if plan.findings.is_empty() { p { (cx.say("指摘はありません。", "Nothing was found.")) } }
        @for group in groups(&plan.findings) { (of_rule(&desk, group)) }
        (desk.loads("/checks", "", loads::FORMATS))
        (desk.sources())
    };
    let lead = cx.say(
        "計画の記録を、番号のある規則で機械的に点検した結果です。指摘は事実であって評価ではありません。",
        "Records of the plan held against numbered rules by a program. A finding is a fact, not a judgement.",
    );
    Ok(Page::new(cx.say("点検", "Checks"), body).lead(lead).show(&cx))
}

pub(super) async fn rule(cx: Cx, Path(code): Path<String>) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let rule = plan::check::rule(&code).ok_or(Failure::NotFound)?;
    let desk = Desktop::new(&cx, &plan);
    let of: Vec<&Finding> = plan.findings.iter().filter(|finding| finding.code == rule.code).collect();
    let body = html! {
        p { (severity(&desk, rule.severity)) " " (cx.say(rule.explains.ja, rule.explains.en)) }
        h2 { (cx.say("指摘", "Findings")) " " (of.len()) }
        @if of.is_empty() { p { (cx.say("この規則の指摘はありません。", "This rule has found nothing.")) } }
        ul { @for finding in of.iter().take(MOST) { (one(&desk, finding)) } }
        @if of.len() > MOST { p { (cx.say("残りは一覧のファイルにあります。", "The rest is in the files of the list.")) } }
        (desk.loads("/checks", "", loads::FORMATS))
        (desk.sources())
    };
    let title = format!("{} {}", rule.code, cx.say(rule.name.ja, rule.name.en));
    Ok(Page::new(title, body).below(cx.say("点検", "Checks"), "/checks").show(&cx))
}

pub(super) async fn load(cx: Cx) -> Result<Response, Failure> {
    let plan = cx.app.desk.plan().await?;
    loads::table(&cx, &tables::findings(&plan.findings), loads::ending(&cx.path))
}

/// Findings come sorted by weight and number: those of a rule stand together.
fn groups(findings: &[Finding]) -> impl Iterator<Item = &[Finding]> {
    findings.chunk_by(|a, b| a.code == b.code)
}

fn of_rule(desk: &Desktop<'_>, findings: &[Finding]) -> Markup {
    let Some(rule) = findings.first().and_then(|finding| plan::check::rule(finding.code)) else {
        return html! {};
    };
    html! {
        section {
            h2 id=(rule.code) {
                (severity(desk, rule.severity)) " "
                a href=(desk.cx.to(&path(rule))) { (rule.code) } " " (desk.say(rule.name.ja, rule.name.en)) " " span.quiet { (findings.len()) }
            }
            p.quiet { (desk.say(rule.explains.ja, rule.explains.en)) }
            ul { @for finding in findings.iter().take(FIRST) { (one(desk, finding)) } }
            @if findings.len() > FIRST {
                p { a href=(desk.cx.to(&path(rule))) { (desk.tell(format!("{}件すべて", findings.len()), format!("All {}", findings.len()))) } }
            }
        }
    }
}

fn path(rule: &Rule) -> String {
    format!("/checks/{}", rule.code)
}

pub(super) fn one(desk: &Desktop<'_>, finding: &Finding) -> Markup {
    html! {
        li {
            (desk.name(&finding.message)) (desk.cite(&finding.sources))
            @if let Some(place) = &finding.place { " " span.quiet { "→ " } (desk.place(place)) }
        }
    }
}

fn severity(desk: &Desktop<'_>, severity: Severity) -> Markup {
    let class = match severity {
        Severity::Error => "tag bad",
        Severity::Warning => "tag caution",
        Severity::Note => "tag",
    };
    html! { span class=(class) { (desk.name(&severity.names())) } }
}
