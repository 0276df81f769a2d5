//! A product: its facts and life, its bills, what was found and stated, its pre-market files and its users on record, each as far as the
//! viewer may see it.

use axum::extract::Path;
use maud::{Markup, html};
use register::{Record, RecordRef};
use store::Stored;

use super::marks::{self, Marks};
use super::{duty, kept, suggest};
use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::Titles;
use crate::failure::Failure;
use crate::look::{Html, Page, values};

/// Findings shown; the register's list has all.
const FINDINGS: usize = 300;

/// What is on record of a product.
struct Held {
    product: Record,
    bills: Vec<Stored>,
    findings: Vec<Stored>,
    marks: Vec<Marks>,
    statements: Vec<Stored>,
    files: Vec<Stored>,
    users: Vec<Stored>,
    titles: Titles,
}

pub(super) async fn page(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    cx.person()?;
    let reference = kept::reference("device-product", &id)?;
    let held = cx.app.desk.read(&cx.viewer, move |reading| {
        let product = reading.must_get(&reference)?.record;
        let users = kept::of_product(reading, "device-use", &product)?;
        let named = users.iter().flat_map(|seen| seen.record.read::<Vec<String>>("user").unwrap_or_default());
        let named: Vec<RecordRef> = named.filter_map(|user| user.parse().ok()).collect();
        let mut bills = kept::of_product(reading, "device-bill", &product)?;
        // The list is by changes, and the older bill is changed when it is replaced.
        bills.sort_by_key(|seen| {
            let is_current = seen.record.state.as_deref() == Some("current");
            std::cmp::Reverse((is_current, kept::text(&seen.record, "given_on").to_owned()))
        });
        Ok(Held {
            titles: reading.titles(named)?,
            findings: kept::of_product(reading, "vulnerability-finding", &product)?,
            marks: Vec::new(),
            bills,
            statements: kept::of_product(reading, "vex-statement", &product)?,
            files: kept::of_product(reading, "premarket-file", &product)?,
            users,
            product,
        })
    });
    let mut held = held.await?;
    (held.findings, held.marks) = by_urgency(&cx, std::mem::take(&mut held.findings)).await?;
    let suggested = suggest::of_product(&cx, &held.product).await?;
    let product = &held.product;
    let may_change = kept::may_change(&cx, product);
    let title = format!("{} {}", kept::text(product, "name"), kept::text(product, "version"));
    let body = html! {
        (facts(&cx, product))
        p.acts {
            @if may_change {
                a.button href=(cx.to(&format!("/cyber/products/{}/bills", escaped(&id)))) { (cx.say("SBOMを渡す", "Give an SBOM")) }
                a.button.second href=(cx.to(&format!("{}/edit", values::path(&product.reference())))) { (cx.say("製品を書き直す", "Edit the product")) }
            }
            a.button.second href=(cx.to(&values::path(&product.reference()))) { (cx.say("記録と履歴", "Record and history")) }
        }
        (ways(&cx, may_change))
        (findings(&cx, &held, may_change))
        (suggest::section(&cx, product, &suggested, &held.findings, may_change))
        (bills(&cx, &held, &id, may_change))
        (duty::of_life(&cx, product))
        (files(&cx, &held.files, product, may_change))
        (statements(&cx, &held.statements, &id, may_change))
        @if may_change { (users(&cx, &held)) }
    };
    Ok(Page::new(title, body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .below(cx.say("製品", "Products"), "/cyber/products")
        .wide()
        .show(&cx))
}

/// Findings with their marks: what waits first, of it what is known to be exploited, then the gravest.
async fn by_urgency(cx: &Cx, findings: Vec<Stored>) -> Result<(Vec<Stored>, Vec<Marks>), Failure> {
    let marks = marks::of_findings(cx, &findings).await?;
    let mut both: Vec<(Stored, Marks)> = findings.into_iter().zip(marks).collect();
    both.sort_by_key(|(seen, marks)| {
        let (is_done, place) = kept::urgency(&seen.record);
        (is_done, marks.is_exploited() != Some(true), place)
    });
    Ok(both.into_iter().unzip())
}

/// The sections of the page, which is long on a telephone.
fn ways(cx: &Cx, may_change: bool) -> Markup {
    let sections = [
        ("findings", cx.say("指摘", "Findings")),
        ("suggestions", cx.say("語句からの候補", "Suggestions by words")),
        ("bills", "SBOM"),
        ("duties", cx.say("市販後に行うこと", "Duties after the market")),
        ("files", cx.say("市販前ファイル（構想）", "Pre-market files (proposal)")),
        ("statements", cx.say("声明（VEX）", "Statements (VEX)")),
    ];
    html! { nav aria-label=(cx.say("このページの中", "On this page")) { p {
        @for (at, (id, name)) in sections.iter().enumerate() { @if at > 0 { " · " } a href={ "#" (id) } { (name) } }
        @if may_change { " · " a href="#users" { (cx.say("使用者", "Users on record")) } }
    } } }
}

fn facts(cx: &Cx, product: &Record) -> Markup {
    let date = |field: &str| product.text(field).unwrap_or(cx.say("未記入", "not said")).to_owned();
    let flag = |field: &str| match product.read::<bool>(field) {
        Some(true) => cx.say("はい", "yes"),
        Some(false) => cx.say("いいえ", "no"),
        None => cx.say("不明", "unknown"),
    };
    let label = |field: &str| kept::label(cx, "device-product", field);
    html! {
        dl.facts {
            div { dt { (cx.say("サポートの状態", "State of support")) } dd { span.tag { (kept::state(cx, product)) } } }
            div { dt { (label("classification")) } dd { (kept::chosen(cx, product, "classification")) } }
            div { dt { (label("authorisation")) } dd { (date("authorisation")) } }
            @for field in ["eol_on", "eos_on", "eos_told_on"] { div { dt { (label(field)) } dd { (date(field)) } } }
            @for field in ["uses_program", "connects", "attack_expected"] { div { dt { (label(field)) } dd { (flag(field)) } } }
            div { dt { (label("legacy")) } dd {
                (kept::chosen(cx, product, "legacy"))
                @if let Some(control) = product.text("compensating_control") { " – " (control) }
            } }
        }
    }
}

fn findings(cx: &Cx, held: &Held, may_change: bool) -> Markup {
    let open = held.findings.iter().filter(|seen| kept::is_open(&seen.record)).count();
    html! {
        h2 #findings { (cx.say("指摘", "Findings")) @if may_change || !held.findings.is_empty() { " " span.tag { (cx.say("待っている ", "open ")) (open) } } }
        @if held.findings.is_empty() {
            p { @if !may_change && held.bills.is_empty() {
                (cx.say("SBOMも指摘も、あなたには示されていません。あるかどうかは分かりません。", "Neither bills nor findings are shown to you. Whether there are any is not told."))
            } @else if held.bills.is_empty() {
                (cx.say("SBOMがないため、何も分かりません。「SBOMを渡す」から始めてください。", "Without a bill nothing is known. Begin with “Give an SBOM”."))
            } @else {
                (cx.say("知られている脆弱性情報の中には、この製品の部品に及ぶものがありません。照合できなかった部品については何もいえません。", "No advisory known here reaches a component of this product. Of components that could not be looked up nothing is said."))
            } }
        } @else { (findings_table(cx, &held.findings, &held.marks)) }
    }
}

/// Findings as a table: how grave, what, the outcome of the match, and what people made of it.
pub(super) fn findings_table(cx: &Cx, findings: &[Stored], marks: &[Marks]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.say("指摘", "Findings")) { table.records {
            thead { tr {
                th scope="col" { (cx.say("脆弱性情報", "Advisory")) }
                th scope="col" { (cx.say("深刻度", "Severity")) }
                th scope="col" { (cx.say("悪用", "Exploitation")) }
                th scope="col" { (cx.say("部品", "Component")) }
                th scope="col" { (cx.say("照合の結果", "Match")) }
                th scope="col" { (cx.say("判断", "Decision")) }
                th scope="col" { (cx.say("使用者へ", "Users told")) }
            } }
            tbody { @for (seen, marks) in findings.iter().zip(marks).take(FINDINGS) {
                @let record = &seen.record;
                tr {
                    th scope="row" { a href=(cx.to(&format!("/cyber/findings/{}", escaped(record.id.as_str())))) { (kept::text(record, "advisory")) } }
                    td { (kept::grade(cx, record)) }
                    td { (marks::cell(cx, marks)) }
                    td { (kept::text(record, "component")) @if let Some(day) = record.text("gone_on") { br; span.quiet { (cx.say("最新のSBOMにはない：", "not in the newest bill since ")) (day) } }
                        @else if let Some(day) = record.text("cleared_on") { br; span.quiet { (cx.say("脆弱性情報が及ばなくなった：", "no longer reached since ")) (day) } } }
                    td { (kept::verdict(cx, record)) }
                    td { (kept::state(cx, record)) @if let Some(reason) = record.text("reason") { br; span.quiet { (values::shortened(reason)) } } }
                    td { @if let Some(day) = record.text("told_on") { (day) } @else { span.quiet { (cx.say("まだ", "not yet")) } } }
                }
            } }
        } }
        @if findings.len() > FINDINGS { p { a href=(cx.to("/registers/vulnerability-finding")) { (cx.say("すべての指摘", "All findings")) } } }
    }
}

fn bills(cx: &Cx, held: &Held, id: &str, may_change: bool) -> Markup {
    html! {
        h2 #bills { "SBOM" }
        @if held.bills.is_empty() { p.quiet { (nothing(cx, may_change)) } } @else {
            ul.waiting { @for seen in &held.bills {
                @let record = &seen.record;
                li {
                    a href=(cx.to(&format!("/cyber/bills/{}", escaped(record.id.as_str())))) { (kept::text(record, "name")) }
                    " " span.tag { (kept::state(cx, record)) }
                    " " (kept::text(record, "format")) " · "
                    (kept::number(record, "components").unwrap_or(0)) (cx.say("部品", " components")) " · " (kept::text(record, "given_on"))
                }
            } }
        }
        @if held.bills.len() > 1 {
            form.filters action=(cx.to(&format!("/cyber/products/{}/compare", escaped(id)))) {
                (choice(held, "older", cx.say("前のSBOM", "Older bill"), 1))
                (choice(held, "newer", cx.say("新しいSBOM", "Newer bill"), 0))
                button { (cx.say("比べる", "Compare")) }
            }
        }
    }
}

fn choice(held: &Held, name: &str, label: &str, chosen: usize) -> Markup {
    html! { div { label for=(name) { (label) } select id=(name) name=(name) {
        @for (at, seen) in held.bills.iter().enumerate() {
            option value=(seen.record.id) selected[at == chosen] { (kept::text(&seen.record, "name")) " – " (kept::text(&seen.record, "given_on")) }
        }
    } } }
}

fn files(cx: &Cx, files: &[Stored], product: &Record, may_change: bool) -> Markup {
    html! {
        h2 #files { (cx.say("市販前ファイル（構想）", "Pre-market files (proposal)")) }
        @if files.is_empty() { p.quiet { (nothing(cx, may_change)) } } @else { ul.waiting { @for seen in files {
            @let record = &seen.record;
            li {
                a href=(cx.to(&values::path(&record.reference()))) { (kept::text(record, "title")) } " " span.tag { (kept::state(cx, record)) }
                @if record.text("review").is_some() { " " span.tag { (kept::chosen(cx, record, "review")) } }
                " " (counts(cx, record))
                @if record.text("sha256").is_some() { " " a href=(cx.to(&format!("/cyber/files/{}/sealed", escaped(record.id.as_str())))) { (cx.say("封をした内容", "sealed content")) }
                    " " a href=(cx.to(&format!("/cyber/files/{}/changes", escaped(record.id.as_str())))) { (cx.say("前回からの変更", "what changed")) } }
            }
        } } }
        @if may_change { p { a href=(cx.to(&format!("/cyber/products/{}/file", escaped(product.id.as_str())))) { (cx.say("規則と照らし合わせる", "Hold it against the rules")) } } }
    }
}

/// How many rules have which verdict; what is not known is not left out.
pub(super) fn counts(cx: &Cx, file: &Record) -> Markup {
    html! {
        @for field in ["met", "not_met", "not_shown", "not_applicable"] {
            @let label = kept::label(cx, "premarket-file", field);
            span.tag { (label) " " @if let Some(count) = kept::number(file, field) { (count) } @else { "？" } }
        }
    }
}

fn statements(cx: &Cx, statements: &[Stored], id: &str, may_change: bool) -> Markup {
    let applied = statements.iter().filter(|seen| {
        seen.record.read::<Vec<String>>("applied_to").is_some_and(|findings| !findings.is_empty())
    });
    let applied = applied.count();
    html! {
        h2 #statements { (cx.say("影響に関する声明（VEX）", "Statements (VEX)")) @if may_change || !statements.is_empty() { " " span.tag { (statements.len()) } } }
        @if statements.is_empty() { p.quiet { (nothing(cx, may_change)) } } @else {
            p { (cx.say("指摘に適用されたもの：", "Applied to findings: ")) (applied) " / " (statements.len()) }
        }
        @if may_change || !statements.is_empty() { p { a href=(cx.to(&format!("/cyber/products/{}/statements", escaped(id)))) {
            @if may_change { (cx.say("VEXの文書を適用し、結果を見る", "Apply a document of statements, and see what becomes of it")) } @else { (cx.say("声明と適用の結果", "Statements, and what became of them")) }
        } } }
    }
}

/// Of what is not there, and of what the viewer is not shown, the same must not be said.
fn nothing(cx: &Cx, may_change: bool) -> &'static str {
    if may_change {
        cx.lang.pick("まだありません。", "None yet.")
    } else {
        cx.lang.pick("あなたに示されたものはありません。", "None is shown to you.")
    }
}

fn users(cx: &Cx, held: &Held) -> Markup {
    let users = &held.users;
    html! {
        h2 #users { (cx.say("使用者", "Users on record")) }
        @if users.is_empty() { p { (cx.say("使用者の記録がないと、脆弱性をだれにも知らせられません。", "Without users on record nobody can be told of a vulnerability.")) } } @else {
            ul.waiting { @for seen in users { li {
                a href=(cx.to(&values::path(&seen.record.reference()))) { (kept::text(&seen.record, "name")) }
                @for user in seen.record.read::<Vec<String>>("user").unwrap_or_default() { @if let Ok(user) = user.parse() { " " (values::record(cx, &user, &held.titles)) } }
            } } }
        }
        p { a href=(cx.to("/registers/device-use/new")) { (cx.say("使用者を加える", "Add a user")) } }
    }
}
