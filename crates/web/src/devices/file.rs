//! The pre-market file of a product: what the maker states is held against the rules with the newest bill and the findings on record, and can be
//! put on record, sealed, and then shown to whom the maker names. That an authority confirms it is a proposal, and every page says so.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cyber::premarket::{
    self, Answer, Case, Found, Input, Judged, Product, Rule, Status, TEMPLATE, Triage, Verdict,
};
use maud::{Markup, html};
use register::Record;
use report::Severity;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{By, Change, Stored};

use super::since::{self, Submitted};
use super::{engine, kept, marks, safe};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::work::posted::{Posted, see};

/// The longest statement, in bytes. Configuration without a source.
const LONGEST: usize = 400_000;

/// What is on record of a product for its file.
struct Held {
    product: Record,
    rules: Vec<Rule>,
    bill: Option<Record>,
    findings: Vec<Stored>,
    files: Vec<Stored>,
}

pub(super) async fn form(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    let held = held(&cx, &id).await?;
    let begun = begun(&held.product);
    Ok(page(&cx, &held, &html! { (statement(&cx, &held, &begun)) }))
}

/// Judges what was stated; with `act=record` it is put on record as well.
pub(super) async fn judge(cx: Cx, Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let held = held(&cx, &id).await?;
    let text = posted.get("statement").unwrap_or_default().to_owned();
    if text.len() > LONGEST {
        return Err(Failure::bad("長すぎます", "The statement is too long"));
    }
    let product = Product::read(text.as_bytes()).map_err(|error| {
        Failure::bad(
            format!("製品ファイルを読めません：{error}"),
            format!("The product file cannot be read: {error}"),
        )
    })?;
    let bills = bills(&cx, &held).await?;
    let exploited: Vec<Option<bool>> =
        marks::of_findings(&cx, &held.findings).await?.iter().map(marks::Marks::is_exploited).collect();
    let findings = held.bill.as_ref().map(|bill| findings(bill, &held.findings, &exploited));
    let case = Case { product: &product, bills: &bills, findings: findings.as_ref(), today: cx.today };
    let answer = premarket::judge(&held.rules, &case);
    let sealed = premarket::sealed(&answer, &case, inputs(&text, &held));
    if posted.text("act") == "record" {
        record(&cx, &held, &answer, sealed.to_json().map_err(Failure::broken)?).await?;
        return Ok(see(&cx, &format!("/cyber/products/{}#files", escaped(&id))));
    }
    let older: Option<Submitted> = since::last(&cx, &held.files, None).await?;
    let rules = held.rules.iter().map(|rule| (rule.id.clone(), rule.name.clone())).collect();
    let since = since::section(&cx, older.as_ref(), &sealed, &rules);
    let shown = html! { (verdicts(&cx, &answer)) (since) (statement(&cx, &held, &text)) };
    Ok(page(&cx, &held, &shown).into_response())
}

/// The sealed content of a file, for who may see its record.
pub(super) async fn sealed(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    cx.person()?;
    let bytes = safe::bytes(&cx, &kept::reference("premarket-file", &id)?).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"sealed.json\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

async fn held(cx: &Cx, id: &str) -> Result<Held, Failure> {
    cx.person()?;
    let reference = kept::reference("device-product", id)?;
    let held = cx.app.desk.read(&cx.viewer, move |reading| {
        let product = reading.must_get(&reference)?.record;
        let rules = kept::all(reading, "cyber-rule")?;
        let bills = kept::of_product(reading, "device-bill", &product)?;
        let mut bills = bills.into_iter().map(|seen| seen.record);
        let held = Held {
            bill: bills.find(|bill| bill.state.as_deref() == Some("current")),
            findings: kept::of_product(reading, "vulnerability-finding", &product)?,
            files: kept::of_product(reading, "premarket-file", &product)?,
            product,
            rules: Vec::new(),
        };
        Ok((held, rules))
    });
    let (held, rules) = held.await?;
    if !kept::may_change(cx, &held.product) {
        return Err(Failure::Denied);
    }
    Ok(Held { rules: readable(&rules)?, ..held })
}

/// Rules are records that people change: one that cannot be read is told, and no verdict is given without it.
fn readable(rules: &[Stored]) -> Result<Vec<Rule>, Failure> {
    Rule::all(rules.iter().map(|seen| &seen.record)).map_err(|error| {
        Failure::bad(
            format!("規則の記録に読めないものがあるため、判定できません（{error}）"),
            format!("A rule on record cannot be read, so that nothing can be judged: {error}"),
        )
    })
}

/// The statement to begin with: the template with what is on record of the product.
fn begun(product: &Record) -> String {
    let mut text = TEMPLATE.to_owned();
    let texts = [("name", "name"), ("maker", "maker_name"), ("version", "version")];
    let days =
        [("released", "released_on"), ("eol", "eol_on"), ("eos", "eos_on"), ("eos_told", "eos_told_on")];
    for (key, field) in texts.into_iter().chain(days) {
        let value = json!(kept::text(product, field)).to_string();
        text = text.replacen(&format!("\n{key} = \"\" "), &format!("\n{key} = {value} "), 1);
    }
    let facts = [
        ("software", "uses_program"),
        ("connected", "connects"),
        ("attack_foreseen", "attack_expected"),
        ("exports_to_us", "exported"),
    ];
    for (key, field) in facts {
        if let Some(value) = product.read::<bool>(field) {
            text = text.replacen(&format!("\n{key} = \"unknown\""), &format!("\n{key} = {value}"), 1);
        }
    }
    text
}

async fn bills(cx: &Cx, held: &Held) -> Result<Vec<premarket::Bill>, Failure> {
    let Some(record) = &held.bill else { return Ok(Vec::new()) };
    let bytes = safe::bytes(cx, &record.reference()).await?;
    let file = kept::text(record, "name").to_owned();
    let read = tokio::task::spawn_blocking(move || engine::bill(&bytes));
    let reading = read.await.map_err(Failure::broken)??;
    Ok(vec![premarket::Bill { file, reading }])
}

fn findings(bill: &Record, findings: &[Stored], exploited: &[Option<bool>]) -> premarket::Findings {
    let count = |field: &str| usize::try_from(kept::number(bill, field).unwrap_or(0)).unwrap_or(0);
    let asked = count("looked_up");
    let there = findings.iter().zip(exploited).filter(|(seen, _)| !kept::is_past(&seen.record));
    premarket::Findings {
        asked,
        unasked: count("components").saturating_sub(asked),
        found: there
            .map(|(seen, exploited)| Found { exploited: *exploited, ..found(&seen.record) })
            .collect(),
        ..premarket::Findings::default()
    }
}

fn found(finding: &Record) -> Found {
    let status = match finding.state.as_deref() {
        Some("not-affected") => Some(Status::NotAffected),
        Some("affected") => Some(Status::Affected),
        Some("fixed") => Some(Status::Fixed),
        Some("in-triage") => Some(Status::UnderInvestigation),
        _ => None,
    };
    let reason = finding.text("reason").map(ToOwned::to_owned);
    let place = finding.reference().to_string();
    Found {
        vulnerability: kept::text(finding, "advisory").to_owned(),
        aliases: finding.read("aliases").unwrap_or_default(),
        component: kept::text(finding, "component").to_owned(),
        undetermined: kept::text(finding, "verdict") != "affected",
        severe: match kept::text(finding, "grade") {
            "critical" | "high" => Some(true),
            "medium" | "low" | "none" => Some(false),
            _ => None,
        },
        exploited: None,
        triage: status.map(|status| Triage { status, reason, place }),
        is_contradicted: false,
    }
}

fn inputs(statement: &str, held: &Held) -> Vec<Input> {
    let mut inputs = vec![Input::of("product.toml", statement.as_bytes())];
    inputs.extend(held.bill.as_ref().map(|bill| Input {
        file: kept::text(bill, "name").to_owned(),
        sha256: kept::text(bill, "sha256").to_owned(),
    }));
    inputs
}

async fn record(cx: &Cx, held: &Held, answer: &Answer<'_>, sealed: String) -> Result<(), Failure> {
    let by = cx.person()?.name.clone();
    let sha256 = crate::hex(&Sha256::digest(sealed.as_bytes()));
    let id = kept::id_of("p", &[held.product.id.as_str(), &sha256]);
    let mut file = kept::made("premarket-file", &id, "product.toml", &by, cx.today)?;
    let (counts, product) = (answer.counts(None), &held.product);
    file.state = Some("draft".to_owned());
    file.set("holder", product.text("holder")).set("product", product.reference().to_string());
    let name = format!("{} {}", kept::text(product, "name"), kept::text(product, "version"));
    file.set("title", format!("{name}（{}）", answer.day)).set("made_on", cx.today.to_string());
    file.set("bill", held.bill.as_ref().map(|bill| bill.reference().to_string()));
    file.set("met", counts.met).set("not_met", counts.not_met).set("not_shown", counts.not_shown);
    file.set("not_applicable", counts.not_applicable).set("sha256", sha256);
    let row = |one: &Judged<'_>| json!({ "rule": one.rule.id, "verdict": one.verdict.code(), "evidence": said(one).ja });
    file.set("verdicts", answer.judged.iter().map(row).collect::<Vec<_>>());
    // The same content is the same file: what became of it since stays.
    let reference = file.reference();
    if cx.app.desk.read(&cx.viewer, move |reading| Ok(reading.get(&reference)?.is_some())).await? {
        return Ok(());
    }
    let (shelf, now) = (safe::Shelf::of(&file), cx.now);
    cx.app.desk.change(move |store| safe::put(store, &shelf, sealed.as_bytes(), &[], now)).await?;
    cx.app.desk.write(By::now(by, "市販前ファイル（構想）"), vec![Change::from(file)]).await?;
    Ok(())
}

/// What a verdict rests on and lacks, in a line.
fn said(one: &Judged<'_>) -> base::Names {
    let mut all: Vec<base::Names> = one.evidence.iter().map(premarket::Evidence::names).collect();
    all.extend(one.lacking.iter().map(premarket::Lacking::names));
    all.extend(one.outside.iter().map(premarket::Outside::names));
    let join = |lang: base::Lang, between: &str| {
        all.iter().map(|names| names.get(lang)).collect::<Vec<_>>().join(between)
    };
    base::Names::of(join(base::Lang::Ja, "；"), join(base::Lang::En, "; "))
}

fn page(cx: &Cx, held: &Held, body: &Markup) -> Html {
    let product = &held.product;
    let name = format!("{} {}", kept::text(product, "name"), kept::text(product, "version"));
    let body = html! {
        (look::note(cx, Severity::Caution, &html! { " " (cx.say(
            "構想：行政による確認の仕組みはまだありません。規則は出典の要約で、公の判断ではありません。",
            "Proposal: no confirmation by an authority exists. The rules are our summaries of their sources, not an official judgement.",
        )) }))
        (body)
    };
    Page::new(cx.say("市販前ファイル（構想）", "Pre-market file (proposal)"), body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .below(name, format!("/cyber/products/{}", escaped(product.id.as_str())))
        .show(cx)
}

fn statement(cx: &Cx, held: &Held, text: &str) -> Markup {
    html! {
        h2 { (cx.say("製品について述べること", "What you state of the product")) }
        p { (cx.say("SBOM：", "Bill: ")) @if let Some(bill) = &held.bill { (kept::text(bill, "name")) } @else { span.missing { (cx.say("なし（部品と脆弱性の規則は示されていないとなる）", "none: rules on components and vulnerabilities will be not shown")) } }
            (cx.say("、指摘：", ", findings: ")) (held.findings.len()) (cx.say("、規則：", ", rules: ")) a href=(cx.to("/registers/cyber-rule")) { (held.rules.len()) } }
        form method="post" action=(cx.to(&format!("/cyber/products/{}/file", escaped(held.product.id.as_str())))) {
            div.field {
                label for="statement" { (cx.say("製品ファイル（TOML）", "Product file (TOML)")) }
                p.help { (cx.say("コマンド shirube cyber file と同じ形式。[files] は使わず、記録のSBOMと指摘を使います。", "The form of the command `shirube cyber file`; the bill and findings on record are used in place of [files].")) }
                textarea.code #statement name="statement" rows="24" spellcheck="false" { "\n" (text) }
            }
            p.acts {
                button name="act" value="judge" { (cx.say("判定する", "Judge")) }
                button.second name="act" value="record" { (cx.say("判定して記録する", "Judge and put on record")) }
            }
            p.quiet { (cx.say("記録したファイルは下書きで、だれにも見えません。見せる組織を「開示先」に書き、状態を「提出済み」にすると、その組織が見ます。封をした内容には部品の一覧を含みます。", "A file on record is a draft that nobody else sees. Name organisations in “shown to” and move it to “submitted”, and they see it. The sealed content holds the list of components.")) }
        }
    }
}

fn verdicts(cx: &Cx, answer: &Answer<'_>) -> Markup {
    let counts = answer.counts(None);
    html! {
        h2 #verdicts { (cx.say("判定", "Verdicts")) }
        p {
            span.tag { (Verdict::Met.names().get(cx.lang)) " " (counts.met) } " "
            span.tag.bad { (Verdict::NotMet.names().get(cx.lang)) " " (counts.not_met) } " "
            span.tag.caution { (Verdict::NotShown.names().get(cx.lang)) " " (counts.not_shown) } " "
            span.tag { (Verdict::NotApplicable.names().get(cx.lang)) " " (counts.not_applicable) }
            " · " a href="#since" { (cx.say("前回の提出からの変更", "What changed since the last submission")) }
            " · " a href="#statement" { (cx.say("述べたことを直す", "Change what you state")) }
        }
        div.scroll tabindex="0" role="region" aria-label=(cx.say("規則ごとの判定", "Verdict of each rule")) { table.records {
            thead { tr { th scope="col" { (cx.say("規則", "Rule")) } th scope="col" { (cx.say("判定", "Verdict")) } th scope="col" { (cx.say("根拠と不足", "Evidence and what is lacking")) } } }
            tbody { @for one in &answer.judged { tr {
                th scope="row" { a href=(cx.to(&format!("/registers/cyber-rule/{}", escaped(&one.rule.id)))) { (one.rule.name.get(cx.lang)) } br; span.quiet { (one.rule.id) } }
                td { span class=(class(one.verdict)) { (one.verdict.names().get(cx.lang)) } }
                td { (said(one).get(cx.lang)) }
            } } }
        } }
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "tag good",
        Verdict::NotMet => "tag bad",
        Verdict::NotShown => "tag caution",
        Verdict::NotApplicable => "tag",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_to_begin_with_can_be_read_and_names_the_product() {
        let on = jiff::civil::date(2026, 4, 1);
        let mut product = kept::made("device-product", "p", "x", "y", on).unwrap();
        product.set("name", "ポンプ \"A\"").set("version", "2.1").set("maker_name", "アクメ");
        let read = Product::read(begun(&product).as_bytes()).unwrap();
        assert_eq!((read.head.name.as_str(), read.head.maker.as_str()), ("ポンプ \"A\"", "アクメ"));
        assert_eq!(read.head.version.as_deref(), Some("2.1"));
        product.set("connects", true).set("attack_expected", false).set("eol_on", "2027-03-31");
        let text = begun(&product);
        assert!(Product::read(text.as_bytes()).is_ok());
        for line in [
            "\nconnected = true ",
            "\nattack_foreseen = false ",
            "\nsoftware = \"unknown\"",
            "\neol = \"2027-03-31\"",
        ] {
            assert!(text.contains(line), "{line}");
        }
    }

    #[test]
    fn a_finding_nobody_has_judged_has_no_triage_and_an_unknown_severity_is_not_a_low_one() {
        let on = jiff::civil::date(2026, 4, 1);
        let mut finding = kept::made("vulnerability-finding", "f", "x", "y", on).unwrap();
        finding.state = Some("open".into());
        finding.set("grade", "unknown").set("verdict", "undetermined");
        let found = found(&finding);
        assert!(found.triage.is_none() && found.severe.is_none() && found.undetermined);
    }
}
