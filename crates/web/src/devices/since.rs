//! What changed from one pre-market file to another: both are sealed, so that the comparison sees the same of each. Who may see both may
//! compare them.

use std::collections::BTreeMap;

use axum::extract::Path;
use base::Names;
use cyber::premarket::{Changes, FindingChanges, Sealed, SealedDocument, SealedFinding, Verdict, changes};
use cyber::sbom;
use maud::{Markup, html};
use register::Record;
use report::Severity;
use store::Stored;

use super::{compare, kept, safe};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};

const FILE: &str = "premarket-file";
/// Lines shown of one kind.
const MOST: usize = 300;

/// A file that was submitted, and what it held.
pub(super) struct Submitted {
    record: Record,
    sealed: Sealed,
}

/// The newest file that was submitted, of those before a day and other than one; none also where its content was not kept.
pub(super) async fn last(
    cx: &Cx,
    files: &[Stored],
    but: Option<&Record>,
) -> Result<Option<Submitted>, Failure> {
    let day = |record: &Record| {
        record.text("submitted_on").or(record.text("made_on")).unwrap_or_default().to_owned()
    };
    let until = but.map(day);
    let is_before = |record: &&Record| {
        matches!(record.state.as_deref(), Some("submitted" | "superseded"))
            && but.is_none_or(|but| but.id != record.id)
            && until.as_ref().is_none_or(|until| day(record) <= *until)
    };
    let newest = files.iter().map(|seen| &seen.record).filter(is_before).max_by_key(|record| day(record));
    let Some(record) = newest else { return Ok(None) };
    Ok(opened(cx, record).await?.map(|sealed| Submitted { record: record.clone(), sealed }))
}

async fn opened(cx: &Cx, file: &Record) -> Result<Option<Sealed>, Failure> {
    match safe::bytes(cx, &file.reference()).await {
        Ok(bytes) => Sealed::read(&bytes).map(Some).map_err(Failure::broken),
        Err(Failure::NotFound) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What is otherwise now than in the file that was submitted last.
pub(super) fn section(
    cx: &Cx,
    older: Option<&Submitted>,
    newer: &Sealed,
    rules: &BTreeMap<String, Names>,
) -> Markup {
    html! {
        h2 #since { (cx.say("前回の提出からの変更", "What changed since the last submission")) }
        @match older {
            None => p.quiet { (cx.say("比べられる提出済みのファイルはありません。", "There is no submitted file to compare with.")) },
            Some(older) => {
                p { (cx.say("比べた相手：", "Compared with: ")) (kept::text(&older.record, "title")) " · " (older.sealed.day) }
                (told(cx, &changes(&older.sealed, newer), rules))
            },
        }
    }
}

/// A file beside the one submitted before it.
pub(super) async fn page(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    cx.person()?;
    let reference = kept::reference(FILE, &id)?;
    let (file, files, rules) = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            let file = reading.must_get(&reference)?.record;
            let of = |field: &str| (field.to_owned(), kept::text(&file, field).to_owned());
            let files = kept::filtered(reading, FILE, vec![of("product"), of("holder")])?;
            let rules = kept::all(reading, "cyber-rule")?;
            Ok((file, files, rules))
        })
        .await?;
    let newer = opened(&cx, &file).await?.ok_or(Failure::NotFound)?;
    let older = last(&cx, &files, Some(&file)).await?;
    let named = |rule: Record| Some((rule.id.to_string(), rule.read::<Names>("name")?));
    let rules = rules.into_iter().filter_map(|seen| named(seen.record)).collect();
    let body = html! {
        (look::note(&cx, Severity::Caution, &html! { " " (cx.say(
            "構想：ここでの提出と確認は試行で、何も拘束しません。",
            "Proposal: submitting and reviewing here is practice and binds nobody.",
        )) }))
        (section(&cx, older.as_ref(), &newer, &rules))
    };
    let mut page = Page::new(kept::text(&file, "title"), body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber");
    if let Some(product) = kept::text(&file, "product").strip_prefix("device-product:") {
        page = page.below(cx.say("この製品", "The product"), format!("/cyber/products/{}", escaped(product)));
    }
    Ok(page.show(&cx))
}

fn told(cx: &Cx, changes: &Changes, rules: &BTreeMap<String, Names>) -> Markup {
    html! {
        @if changes.is_empty() { p { (cx.say("違いはありません。", "Nothing is otherwise.")) } }
        (verdicts(cx, &changes.verdicts, rules))
        (documents(cx, &changes.documents))
        @if !changes.bills.changes.is_empty() {
            h3 { (cx.say("部品", "Components")) " " span.tag { (changes.bills.changes.len()) } }
            (components(cx, &changes.bills))
        }
        @match &changes.findings {
            None => p { (cx.say("片方に指摘の記録がないため、指摘の違いは分かりません。", "One of the two holds no findings, so that nothing can be said of theirs.")) },
            Some(of_findings) => (findings(cx, of_findings)),
        }
    }
}

fn verdicts(
    cx: &Cx,
    changed: &[(String, Option<Verdict>, Option<Verdict>)],
    rules: &BTreeMap<String, Names>,
) -> Markup {
    let word = |verdict: Option<Verdict>| {
        verdict.map_or(cx.say("規則なし", "no such rule").to_owned(), |one| {
            one.names().get(cx.lang).to_owned()
        })
    };
    html! { @if !changed.is_empty() {
        h3 { (cx.say("判定が変わった規則", "Rules with another verdict")) " " span.tag { (changed.len()) } }
        div.scroll tabindex="0" role="region" aria-label=(cx.say("判定が変わった規則", "Rules with another verdict")) { table.records {
            thead { tr { th scope="col" { (cx.say("規則", "Rule")) } th scope="col" { (cx.say("前", "Before")) } th scope="col" { (cx.say("今", "Now")) } } }
            tbody { @for (rule, before, after) in changed.iter().take(MOST) { tr {
                th scope="row" { a href=(cx.to(&format!("/registers/cyber-rule/{}", escaped(rule)))) { (rules.get(rule).map_or(rule.as_str(), |names| names.get(cx.lang))) } br; span.quiet { (rule) } }
                td { (word(*before)) } td { (word(*after)) }
            } } }
        } }
    } }
}

fn documents(cx: &Cx, changed: &[(Option<SealedDocument>, Option<SealedDocument>)]) -> Markup {
    let word = |document: &Option<SealedDocument>| {
        document.as_ref().map_or(cx.say("なし", "none").to_owned(), |one| {
            let parts = [one.id.clone(), one.version.clone(), one.date.map(|date| date.to_string())];
            let said: Vec<String> = parts.into_iter().flatten().collect();
            if said.is_empty() {
                cx.say("番号の記載なし", "no number").to_owned()
            } else {
                said.join(" · ")
            }
        })
    };
    html! { @if !changed.is_empty() {
        h3 { (cx.say("文書", "Documents")) " " span.tag { (changed.len()) } }
        div.scroll tabindex="0" role="region" aria-label=(cx.say("文書", "Documents")) { table.records {
            thead { tr { th scope="col" { (cx.say("種類", "Kind")) } th scope="col" { (cx.say("前", "Before")) } th scope="col" { (cx.say("今", "Now")) } } }
            tbody { @for (before, after) in changed.iter().take(MOST) { @if let Some(kind) = before.as_ref().or(after.as_ref()).map(|one| one.kind) { tr {
                th scope="row" { (kind.names().get(cx.lang)) } td { (word(before)) } td { (word(after)) }
            } } } }
        } }
    } }
}

fn components(cx: &Cx, difference: &sbom::Difference) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.say("部品の違い", "How components differ")) { table.records {
            (compare::head(cx))
            tbody { @for (identity, change) in difference.changes.iter().take(MOST) { (compare::row(cx, identity, change)) } }
        } }
        @if difference.changes.len() > MOST { p.quiet { (cx.say("ほかに", "and ")) (difference.changes.len() - MOST) (cx.say("件", " more")) } }
    }
}

fn findings(cx: &Cx, changed: &FindingChanges) -> Markup {
    let groups: [(&str, Vec<&SealedFinding>); 3] = [
        (cx.say("新しい指摘", "New findings"), changed.new.iter().collect()),
        (cx.say("なくなった指摘", "Findings that are no more"), changed.gone.iter().collect()),
        (
            cx.say("判断が変わった指摘", "Findings judged otherwise"),
            changed.restated.iter().map(|(_, one)| one).collect(),
        ),
    ];
    html! { @for (heading, all) in groups { @if !all.is_empty() {
        h3 { (heading) " " span.tag { (all.len()) } }
        ul { @for one in all.iter().take(MOST) { li { (one.vulnerability) " – " code { (one.component) }
            @if let Some(status) = one.status.as_deref().and_then(cyber::vex::Status::of) { " " span.tag { (status.names().get(cx.lang)) } } } } }
    } } }
}
