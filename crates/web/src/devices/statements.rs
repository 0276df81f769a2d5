//! Statements of the maker on vulnerabilities (VEX), given as a document for a product and applied to its findings. Each says where it applied, or
//! why it did not; nothing takes a finding away, and what a person has decided of it stays.

use axum::extract::{Multipart, Path};
use axum::response::Response;
use base::{Lang, Names};
use cyber::document::Limits;
use cyber::sbom::Sbom;
use cyber::vex::{self, Application, Bill, Document, Subject, Told};
use maud::{Markup, html};
use register::{Record, RecordRef, Sight};
use sha2::{Digest, Sha256};
use store::{By, Change, Stored};

use super::{engine, kept, safe};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page, values};
use crate::work::posted::see;
use crate::work::upload::received;

const REGISTER: &str = "vex-statement";
/// The largest document, in bytes. Configuration without a source.
const LARGEST: usize = 32 << 20;
/// The most statements of a document, each product and part counted. Configuration without a source.
const MOST: usize = 5000;
/// Written together.
const TOGETHER: usize = 500;
/// Statements shown.
const SHOWN: usize = 500;

/// What is on record of a product for its statements.
struct Held {
    product: Record,
    bill: Option<Record>,
    findings: Vec<Stored>,
    statements: Vec<Stored>,
}

/// The form, and all statements on record with what became of them.
pub(super) async fn page(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    let held = held(&cx, &id).await?;
    let body = html! {
        @if kept::may_change(&cx, &held.product) {
            form method="post" enctype="multipart/form-data" action=(cx.to(&format!("/cyber/products/{}/statements", escaped(&id)))) {
                div.field {
                    label for="file" { (cx.say("VEXの文書", "The document of statements")) }
                    p.help { (cx.say("CycloneDX、OpenVEX、CSAF。最新のSBOMと指摘に照らして適用し、適用した先又は適用しなかった理由を一件ずつ示します。", "CycloneDX, OpenVEX or CSAF. It is applied to the newest bill and its findings; every statement says where it applied, or why it did not.")) }
                    input #file type="file" name="file" required;
                }
                button { (cx.say("適用する", "Apply")) }
                p.quiet { (cx.say("声明は指摘の判断を変えません。判断は指摘のページで行います。", "Statements change no decision; those are made on the finding's page.")) }
            }
        }
        h2 { (cx.say("声明と適用の結果", "Statements, and what became of them")) " " span.tag { (held.statements.len()) } }
        @if held.statements.is_empty() { p.quiet { (cx.say("まだありません。", "None yet.")) } } @else { (table(&cx, &held)) }
    };
    let name = format!("{} {}", kept::text(&held.product, "name"), kept::text(&held.product, "version"));
    Ok(Page::new(cx.say("影響に関する声明（VEX）", "Statements (VEX)"), body)
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .below(name, format!("/cyber/products/{}", escaped(&id)))
        .wide()
        .show(&cx))
}

/// Reads a document, applies it and keeps each statement with what became of it.
pub(super) async fn upload(cx: Cx, Path(id): Path<String>, parts: Multipart) -> Result<Response, Failure> {
    let held = held(&cx, &id).await?;
    if !kept::may_change(&cx, &held.product) {
        return Err(Failure::Denied);
    }
    let Some(bill) = &held.bill else {
        return Err(Failure::bad(
            "先にSBOMを渡してください。声明は部品の指摘に適用します",
            "Give the bill first: statements are applied to findings of its components",
        ));
    };
    let files = received(&cx, parts).await?;
    let bytes = tokio::fs::read(files.only()?).await.map_err(Failure::broken)?;
    if bytes.len() > LARGEST {
        return Err(Failure::TooLarge(LARGEST as u64 >> 20));
    }
    let (given, findings) = (safe::bytes(&cx, &bill.reference()).await?, held.findings.clone());
    let work = move || {
        let sha256 = crate::hex(&Sha256::digest(&bytes));
        applied(&bytes, &engine::bill(&given)?.sbom, &findings).map(|applied| (applied, sha256))
    };
    let (applied, sha256) = tokio::task::spawn_blocking(work).await.map_err(Failure::broken)??;
    let by = cx.person()?.name.clone();
    let given = Given { name: files.names().concat(), by: by.clone(), sha256 };
    let records = applied.records(&cx, &held, &given)?;
    may_create(&cx, records.first())?;
    for portion in records.chunks(TOGETHER) {
        let changes = portion.iter().cloned().map(Change::from).collect();
        cx.app.desk.write(By::now(&by, "VEXの適用"), changes).await?;
    }
    Ok(see(&cx, &format!("/cyber/products/{}/statements", escaped(&id))))
}

/// The statements that applied to a finding, as far as the viewer sees them.
pub(super) fn of_finding(cx: &Cx, finding: &Record, statements: &[Record]) -> Markup {
    let reference = finding.reference().to_string();
    let applies = |statement: &&Record| {
        statement.read::<Vec<String>>("applied_to").unwrap_or_default().contains(&reference)
    };
    let own: Vec<&Record> = statements.iter().filter(applies).collect();
    let differ = own.windows(2).any(|two| two[0].text("status") != two[1].text("status"));
    html! { @if !own.is_empty() {
        h2 #statements { (cx.say("影響に関する声明（VEX）", "Statements (VEX)")) }
        @if differ { p { span.tag.caution { (cx.say("声明が互いに違います。どれも優先しません。", "Statements differ; none counts more than another.")) } } }
        ul.waiting { @for one in own { li {
            a href=(cx.to(&values::path(&one.reference()))) { (kept::text(one, "title")) } " " span.tag { (kept::chosen(cx, one, "status")) }
            @for field in ["justification", "impact", "action"] { @if let Some(text) = one.text(field) { br; span.quiet { (kept::label(cx, REGISTER, field)) "：" } (text) } }
            @if let Some(origin) = one.text("origin") { br; span.quiet { (origin) } }
        } } }
    } }
}

/// What became of a document.
struct Applied {
    document: Document,
    application: Application,
    /// The finding behind each subject.
    subjects: Vec<RecordRef>,
    errors: usize,
}

/// Who gave which document.
struct Given {
    name: String,
    by: String,
    sha256: String,
}

fn applied(bytes: &[u8], sbom: &Sbom, findings: &[Stored]) -> Result<Applied, Failure> {
    let reading = vex::read(bytes, &Limits { bytes: LARGEST, ..Limits::default() }).map_err(|error| {
        Failure::bad(
            format!("VEXとして読めません。何も保存していません（{error}）"),
            format!("It cannot be read as statements, and nothing was kept: {error}"),
        )
    })?;
    let mut subjects: Vec<(Subject, RecordRef)> = Vec::new();
    for record in findings.iter().map(|seen| &seen.record).filter(|record| !kept::is_past(record)) {
        let component = kept::text(record, "component");
        for (part, one) in sbom.components.iter().enumerate() {
            if one.purls.iter().chain(&one.cpes).any(|name| name == component) {
                let advisory = kept::text(record, "advisory").to_owned();
                let aliases = record.read("aliases").unwrap_or_default();
                subjects.push((Subject { advisory, aliases, part }, record.reference()));
            }
        }
    }
    let (subjects, behind): (Vec<Subject>, Vec<RecordRef>) = subjects.into_iter().unzip();
    let application = vex::apply(&Bill::of(sbom), &subjects, &[&reading.document], &[]);
    if application.told.len() > MOST {
        return Err(Failure::bad(
            format!("声明が多すぎます（上限{MOST}件）"),
            format!("Too many statements (at most {MOST})"),
        ));
    }
    if application.told.is_empty() {
        return Err(Failure::bad("声明がありません", "It states nothing"));
    }
    Ok(Applied { document: reading.document, application, subjects: behind, errors: reading.errors })
}

impl Applied {
    fn records(&self, cx: &Cx, held: &Held, given: &Given) -> Result<Vec<Record>, Failure> {
        self.application.told.iter().map(|told| self.record(cx, held, given, told)).collect()
    }

    /// A statement of one product and one part, on record. The same document given again is the same statements.
    fn record(&self, cx: &Cx, held: &Held, given: &Given, told: &Told) -> Result<Record, Failure> {
        let statement = &self.document.statements[told.at.statement];
        let product = statement.products.get(told.at.product);
        let part = told.at.part.and_then(|part| product?.parts.get(part));
        let about = part.or(product.map(|product| &product.thing)).map(vex::Thing::shown).unwrap_or_default();
        let place = format!("{}/{}/{:?}", told.at.statement, told.at.product, told.at.part);
        let holder = kept::text(&held.product, "holder");
        let of = held.product.reference().to_string();
        let id = kept::id_of("v", &[holder, &of, &given.sha256, &place]);
        let mut record = kept::made(REGISTER, &id, &given.name, &given.by, cx.today)?;
        let vulnerability =
            Some(statement.vulnerability.id.as_str()).filter(|id| !id.is_empty()).unwrap_or("？");
        record.set("holder", holder).set("product", of).set("advisory", vulnerability);
        record.set("title", format!("{vulnerability} – {about}")).set("component", &about);
        let status = told.status.map_or("unread", word);
        record
            .set("status", status)
            .set("justification", statement.justification.map(vex::Justification::code));
        record.set("impact", &statement.impact).set("action", &statement.action);
        let day = statement.timestamp.as_deref().or(self.document.timestamp.as_deref());
        let day = day.and_then(|text| text.get(..10)).filter(|text| base::date::parse(text).is_ok());
        record.set("stated_on", day).set("origin", self.origin(given));
        let (hits, outcome) = self.outcome(told);
        record.set("applied_to", hits).set("outcome", outcome);
        Ok(record)
    }

    fn origin(&self, given: &Given) -> String {
        let document = &self.document;
        let mut said = vec![given.name.clone(), format!("{} {}", document.kind(), document.version)];
        said.extend(document.author.clone());
        if self.errors > 0 {
            said.push(format!("規格との相違／deviations: {}", self.errors));
        }
        said.join(" · ")
    }

    /// The findings a statement applied to, and how; or why to none.
    fn outcome(&self, told: &Told) -> (Vec<String>, Names) {
        let hits = match &told.outcome {
            Ok(hits) => hits,
            Err(why) => return (Vec::new(), why.names()),
        };
        let mut found: Vec<String> =
            hits.iter().filter_map(|hit| self.subjects.get(hit.subject)).map(ToString::to_string).collect();
        found.sort();
        found.dedup();
        let say = |lang: Lang| {
            let mut said: Vec<String> = Vec::new();
            for hit in hits {
                let mut one = format!("{}（{}", hit.force.names().get(lang), hit.named.names().get(lang));
                if hit.is_alone {
                    one.push_str(lang.pick(
                        "、製品を問わない部品についての記述",
                        "、of the component in whatever product",
                    ));
                }
                if let Some(through) = &hit.through {
                    one = format!("{one}、{through}");
                }
                one.push('）');
                let one = if lang == Lang::En {
                    one.replace('（', " (").replace('）', ")").replace('、', ", ")
                } else {
                    one
                };
                if !said.contains(&one) {
                    said.push(one);
                }
            }
            said.join(lang.pick("；", "; "))
        };
        (found, Names::of(say(Lang::Ja), say(Lang::En)))
    }
}

fn word(status: vex::Status) -> &'static str {
    match status {
        vex::Status::NotAffected => "not-affected",
        vex::Status::Affected => "affected",
        vex::Status::Fixed => "fixed",
        vex::Status::UnderInvestigation => "under-investigation",
    }
}

async fn held(cx: &Cx, id: &str) -> Result<Held, Failure> {
    cx.person()?;
    let reference = kept::reference("device-product", id)?;
    let held = cx.app.desk.read(&cx.viewer, move |reading| {
        let product = reading.must_get(&reference)?.record;
        let bills = kept::of_product(reading, "device-bill", &product)?;
        let mut bills = bills.into_iter().map(|seen| seen.record);
        Ok(Held {
            bill: bills.find(|bill| bill.state.as_deref() == Some("current")),
            findings: kept::of_product(reading, "vulnerability-finding", &product)?,
            statements: kept::of_product(reading, REGISTER, &product)?,
            product,
        })
    });
    held.await
}

fn may_create(cx: &Cx, record: Option<&Record>) -> Result<(), Failure> {
    let declaration = cx.app.desk.registry().get(REGISTER).ok_or(Failure::NotFound)?;
    if Sight::of(declaration, &cx.viewer).denied(None, record).is_empty() {
        Ok(())
    } else {
        Err(Failure::Denied)
    }
}

fn table(cx: &Cx, held: &Held) -> Markup {
    let finding = |reference: &String| {
        held.findings.iter().find(|seen| seen.record.reference().to_string() == *reference)
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.say("声明", "Statements")) { table.records {
            thead { tr {
                th scope="col" { (cx.say("脆弱性と対象", "Vulnerability, and what of")) }
                th scope="col" { (cx.say("状態", "Status")) }
                th scope="col" { (cx.say("適用の結果", "What became of it")) }
                th scope="col" { (cx.say("適用した指摘", "Findings it applied to")) }
                th scope="col" { (cx.say("文書", "Document")) }
            } }
            tbody { @for seen in held.statements.iter().take(SHOWN) {
                @let record = &seen.record;
                @let applied: Vec<String> = record.read("applied_to").unwrap_or_default();
                tr {
                    th scope="row" { a href=(cx.to(&values::path(&record.reference()))) { (kept::text(record, "title")) } }
                    td { span.tag { (kept::chosen(cx, record, "status")) } }
                    td {
                        @if applied.is_empty() { span.tag.caution { (cx.say("適用せず", "not applied")) } " " }
                        @if let Some(outcome) = record.read::<Names>("outcome") { (outcome.get(cx.lang)) }
                    }
                    td { @for one in applied.iter().filter_map(finding) { a href=(cx.to(&format!("/cyber/findings/{}", escaped(one.record.id.as_str())))) { (kept::text(&one.record, "title")) } br; } }
                    td { (kept::text(record, "origin")) @if let Some(day) = record.text("stated_on") { br; span.quiet { (day) } } }
                }
            } }
        } }
        @if held.statements.len() > SHOWN { p.quiet { (cx.say("ほかに", "and ")) (held.statements.len() - SHOWN) (cx.say("件", " more")) } }
    }
}
