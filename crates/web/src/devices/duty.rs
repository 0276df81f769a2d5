//! What the life of a product and its findings ask for, in the engine's words: this turns records into what the engine reads.

use base::Names;
use cyber::watch::duty::{self, Answer, Due, Grade, OwnClock, Situation};
use cyber::watch::life::{Dates, Milestone, Paper, Stage};
use cyber::watch::triage::Progress;
use jiff::civil::Date;
use maud::{Markup, html};
use register::Record;
use serde_json::Value;

use super::kept;
use crate::cx::Cx;
use crate::look;

/// What the life of a product asks for on the day of the request.
pub(super) fn of_life(cx: &Cx, product: &Record) -> Markup {
    let dates = dates(product);
    let due = duty::of_life(&dates, &given(product), cx.today, &deadlines(product));
    let declared = kept::state(cx, product);
    let stage = dates.stage(cx.today).names();
    html! {
        h2 #duties { (cx.say("市販後に行うこと", "Duties after the market")) " " span.tag { (due.len()) } }
        p { (cx.say("日付から見た段階：", "Stage by the dates: ")) span.tag { (stage.get(cx.lang)) } " " (cx.say("記録の状態：", "state on record: ")) span.tag { (declared) } }
        @if due.is_empty() {
            p.quiet { (cx.say("日付と文書の記録からは、いま行うことはありません。日付が未記入なら分かりません。", "By its dates and documents on record nothing is due now. Where dates are not written, that is not known.")) }
        } @else { (table(cx, &due)) }
    }
}

/// What a finding asks for: by the stage of its product, how grave it is and how far it was dealt with.
pub(super) fn of_finding(cx: &Cx, finding: &Record, product: Option<&Record>) -> Markup {
    let stage = product.map_or(Stage::Unstated, |product| stage(product, cx.today));
    let progress = progress(finding);
    let deadlines = product.map(deadlines).unwrap_or_default();
    let due = situation(finding, stage, progress, cx.today).map(|one| duty::of_finding(&one, &deadlines));
    html! {
        h2 #duties { (cx.say("この指摘で行うこと", "What this finding asks for")) }
        p { (cx.say("製品の段階：", "Stage of the product: ")) span.tag { (stage.names().get(cx.lang)) }
            " " (cx.say("対応の進み：", "how far it was dealt with: ")) span.tag { (progress.names().get(cx.lang)) } }
        @match due {
            None => p.quiet { (cx.say("最新のSBOMと脆弱性情報からは、及ばなくなっています。行うことはありません。", "By the newest bill and data it is no more: nothing is to be done.")) },
            Some(due) if due.is_empty() => p.quiet { (cx.say("いま行うことはありません。", "Nothing is due now.")) },
            Some(due) => (table(cx, &due)),
        }
    }
}

/// What is known of a finding; none where it is no more.
fn situation(finding: &Record, stage: Stage, progress: Progress, today: Date) -> Option<Situation> {
    if kept::is_past(finding) {
        return None;
    }
    let day = |field: &str| finding.text(field).and_then(|text| base::date::parse(text).ok());
    let answer = match (finding.state.as_deref(), kept::text(finding, "verdict")) {
        (Some("not-affected"), _) => Answer::NotAffected,
        (Some("affected" | "fixed"), _) | (_, "affected") => Answer::Affected,
        _ => Answer::Undetermined,
    };
    let grade = match kept::text(finding, "grade") {
        "critical" | "high" => Grade::High,
        "medium" | "low" | "none" => Grade::Lower,
        _ => Grade::Unknown,
    };
    // An advisory by the words of maker and product speaks of the product itself.
    let own = kept::text(finding, "verdict") == "suggested";
    let (found, moved) = (day("found_on").unwrap_or(today), day("told_on"));
    Some(Situation { stage, answer, progress, grade, own, found, moved })
}

fn progress(finding: &Record) -> Progress {
    let is_told = finding.text("told_on").is_some();
    match finding.state.as_deref() {
        Some("in-triage") => Progress::Evaluating,
        Some("not-affected" | "fixed") if is_told => Progress::Told,
        Some("not-affected") => Progress::NoAction,
        Some("affected") => Progress::Decided,
        Some("fixed") => Progress::Fixed,
        _ => Progress::New,
    }
}

/// The stage by the dates; where they do not tell, by the state on record.
fn stage(product: &Record, today: Date) -> Stage {
    match (dates(product).stage(today), product.state.as_deref()) {
        (Stage::Unstated, Some("development")) => Stage::Development,
        (Stage::Unstated, Some("supported")) => Stage::Supported,
        (Stage::Unstated, Some("limited")) => Stage::Limited,
        (Stage::Unstated, Some("ended")) => Stage::Ended,
        (stage, _) => stage,
    }
}

fn table(cx: &Cx, due: &[Due]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.say("行うこと", "Duties")) { table.records {
            thead { tr { th scope="col" { (cx.say("行うこと", "What")) } th scope="col" { (cx.say("だれに", "To whom")) } th scope="col" { (cx.say("いつまで", "Until")) } th scope="col" { (cx.say("出所", "Source")) } } }
            tbody { @for one in due { tr {
                th scope="row" { (said(cx, &one.duty.names())) }
                td { (said(cx, &one.audience.names())) }
                td { (said(cx, &one.clock.names())) @if one.clock.is_over(cx.today) { " " span.tag.bad { (cx.say("過ぎています", "overdue")) } } }
                td { (look::source(cx, &one.source)) }
            } } }
        } }
    }
}

fn said(cx: &Cx, names: &Names) -> String {
    names.get(cx.lang).to_owned()
}

fn dates(product: &Record) -> Dates {
    let day = |field: &str| product.text(field).and_then(|text| base::date::parse(text).ok());
    Dates {
        released: day("released_on"),
        end_of_life: day("eol_on"),
        end_of_support: day("eos_on"),
        end_of_support_told: day("eos_told_on"),
    }
}

/// The maker's own deadlines. One without days, or without the document that sets it, is none.
fn deadlines(product: &Record) -> Vec<OwnClock> {
    let rows = product.fields.get("deadlines").and_then(Value::as_array);
    let deadline = |row: &Value| {
        let text = |name: &str| row.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let days = row.get("days").and_then(Value::as_u64).and_then(|days| u32::try_from(days).ok())?;
        Some(OwnClock { duty: text("duty")?.to_owned(), days, basis: text("basis")?.to_owned() })
    };
    rows.into_iter().flatten().filter_map(deadline).collect()
}

/// The documents that were given, as the register names them. One without its milestone or its day is not one that was given.
fn given(product: &Record) -> Vec<(Milestone, Paper)> {
    let rows = product.fields.get("documents").and_then(Value::as_array);
    let document = |row: &Value| {
        let text = |name: &str| row.get(name).and_then(Value::as_str);
        text("given_on").and_then(|day| base::date::parse(day).ok()).map(|_: Date| ())?;
        let milestone = match text("milestone")? {
            "release" => Milestone::Release,
            "eol" => Milestone::EndOfLife,
            "eos" => Milestone::EndOfSupport,
            _ => return None,
        };
        Some((milestone, paper(text("kind")?)?))
    };
    rows.into_iter().flatten().filter_map(document).collect()
}

fn paper(kind: &str) -> Option<Paper> {
    Some(match kind {
        "policy" => Paper::Policy,
        "life-plan" => Paper::LifePlan,
        "upgrade-options" => Paper::UpgradeOptions,
        "instructions" => Paper::Instructions,
        "bill" => Paper::Bill,
        "mds2" => Paper::Mds2,
        "maintenance-plan" => Paper::MaintenancePlan,
        "eol-notice" => Paper::EndOfLifeNotice,
        "eos-plan" => Paper::EndOfSupportPlan,
        "eos-notice" => Paper::EndOfSupportNotice,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use cyber::watch::duty::Duty;
    use register::FieldType;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_document_the_register_names_is_one_that_the_engine_knows() {
        let registry = shipped::registry().unwrap();
        let field = &registry.get("device-product").unwrap().fields["documents"];
        let (_, kind) = field.kind.columns().find(|(name, _)| *name == "kind").unwrap();
        let FieldType::Choice { options } = &kind.kind else { panic!("a choice") };
        assert!(options.keys().all(|option| paper(option).is_some()), "{options:?}");
    }

    #[test]
    fn what_a_finding_asks_for_follows_its_state_and_its_products_stage() {
        let on = jiff::civil::date(2026, 4, 1);
        let finding = |state: &str, told: bool| {
            let mut finding = kept::made("vulnerability-finding", "f", "x", "y", on).unwrap();
            finding.state = Some(state.to_owned());
            finding.set("verdict", "affected").set("grade", "critical").set("found_on", "2026-03-01");
            finding.set("told_on", told.then_some("2026-03-02"));
            finding
        };
        let duties = |finding: &Record, stage| {
            let situation = situation(finding, stage, progress(finding), on)?;
            Some(duty::of_finding(&situation, &[]).iter().map(|due| due.duty).collect::<Vec<_>>())
        };
        assert_eq!(duties(&finding("open", false), Stage::Supported), Some(vec![Duty::Evaluate]));
        assert_eq!(
            duties(&finding("affected", false), Stage::Supported),
            Some(vec![Duty::Act, Duty::ConsiderReport])
        );
        assert_eq!(
            duties(&finding("affected", false), Stage::Ended),
            Some(vec![Duty::AdviseDisconnect, Duty::ConsiderReport])
        );
        assert_eq!(duties(&finding("not-affected", false), Stage::Supported), Some(vec![Duty::KeepReason]));
        assert_eq!(
            duties(&finding("fixed", false), Stage::Supported),
            Some(vec![Duty::TellUsers, Duty::ConsiderReport])
        );
        assert_eq!(duties(&finding("fixed", true), Stage::Supported), Some(vec![]));
        let mut gone = finding("open", false);
        gone.set("gone_on", "2026-03-05");
        assert_eq!(duties(&gone, Stage::Supported), None);
    }

    #[test]
    fn a_deadline_is_the_makers_own_and_names_a_duty_that_the_engine_knows() {
        let registry = shipped::registry().unwrap();
        let field = &registry.get("device-product").unwrap().fields["deadlines"];
        let (_, duty) = field.kind.columns().find(|(name, _)| *name == "duty").unwrap();
        let FieldType::Choice { options } = &duty.kind else { panic!("a choice") };
        for option in options.keys() {
            assert!(Duty::KEYS.contains(&option.as_str()), "{option}");
        }
        let on = jiff::civil::date(2026, 4, 1);
        let mut product = kept::made("device-product", "p", "x", "y", on).unwrap();
        product.set(
            "deadlines",
            json!([
                { "duty": "evaluate", "days": 10, "basis": "SOP-12" },
                { "duty": "act", "days": 30 },
                { "duty": "advise", "basis": "SOP-12" }
            ]),
        );
        assert_eq!(
            deadlines(&product),
            [OwnClock { duty: "evaluate".into(), days: 10, basis: "SOP-12".into() }]
        );
    }

    #[test]
    fn a_document_counts_as_given_when_its_milestone_and_day_are_written() {
        let mut product = kept::made("device-product", "p", "x", "y", jiff::civil::date(2026, 4, 1)).unwrap();
        product.set(
            "documents",
            json!([
                { "kind": "mds2", "milestone": "release", "given_on": "2026-03-01" },
                { "kind": "policy", "milestone": "release" },
                { "kind": "bill", "given_on": "2026-03-01" }
            ]),
        );
        assert_eq!(given(&product), [(Milestone::Release, Paper::Mds2)]);
    }
}
