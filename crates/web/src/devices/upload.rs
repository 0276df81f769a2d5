//! Giving a bill: uploaded, read beside everything else, shown with every deviation from its format and with what it would bring, and only
//! then taken. Nothing of a bill that is not taken stays.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Multipart, Path};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use base::{Lang, Names};
use cyber::document::Grade;
use jiff::Timestamp;
use maud::{Markup, html};
use register::Record;
use sha2::{Digest, Sha256};
use store::{By, Change};

use super::engine::{self, Part};
use super::findings::{self, Held};
use super::lookup::{Known, Outcome};
use super::{kept, known, safe};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::work::posted::see;
use crate::work::upload::received;

/// Bills under way at the same time, of all people. Configuration without a source.
const MOST: usize = 8;
/// Hours after which a bill that nobody takes is forgotten. Configuration without a source.
const HOURS: i64 = 2;
/// Places named of one kind of deviation.
const PLACES: usize = 5;

/// The bills that are being given.
#[derive(Default)]
pub(super) struct Jobs(Mutex<HashMap<String, Arc<Job>>>);

struct Job {
    person: String,
    product: Record,
    file: String,
    begun: Timestamp,
    state: Mutex<State>,
}

#[derive(Clone)]
enum State {
    Reading,
    Refused(Names),
    Read(Arc<Checked>),
    Taking,
    Taken { bill: String, new: usize },
}

/// A bill that was read and not taken yet.
struct Checked {
    bytes: Vec<u8>,
    format: String,
    written_at: Option<String>,
    author: String,
    parts: Vec<Part>,
    errors: usize,
    warnings: usize,
    /// Kinds of deviations: how grave, how many, and the first places.
    deviations: BTreeMap<(bool, String), (Names, usize, Vec<String>)>,
    outcome: Outcome,
    /// Advisories they were looked up in.
    known: usize,
}

impl Job {
    fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
    /// Of several who take it, one does.
    fn begin_taking(&self) -> Option<Arc<Checked>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Read(checked) = &*state else { return None };
        let checked = Arc::clone(checked);
        *state = State::Taking;
        Some(checked)
    }
}

impl Jobs {
    fn get(&self, id: &str, person: &str) -> Result<Arc<Job>, Failure> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(id).filter(|job| job.person == person).cloned().ok_or(Failure::NotFound)
    }
    fn put(&self, id: String, job: Arc<Job>, now: Timestamp) -> Result<(), Failure> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|_, job| now.duration_since(job.begun).as_hours() < HOURS);
        if jobs.len() >= MOST {
            return Err(Failure::Busy);
        }
        jobs.insert(id, job);
        Ok(())
    }
    fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// The form.
pub(super) async fn start(cx: Cx, Path(product): Path<String>) -> Result<Html, Failure> {
    let record = own(&cx, &product).await?;
    let body = html! {
        form method="post" enctype="multipart/form-data" action=(cx.to(&format!("/cyber/products/{}/bills", escaped(&product)))) {
            div.field {
                label for="file" { (cx.say("SBOMのファイル", "The bill")) }
                p.help { (cx.say("CycloneDX 1.2～1.7（JSON、XML）、SPDX 2.2・2.3（JSON、tag-value）、SPDX 3.0（JSON-LD）。上限", "CycloneDX 1.2–1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value), SPDX 3.0 (JSON-LD). At most ")) (cx.app.config.upload_mib.min(engine::LARGEST_BILL as u64 >> 20)) " MiB" }
                input #file type="file" name="file" required;
            }
            button { (cx.say("調べる", "Check")) }
            p.quiet { (cx.say("調べるだけでは何も保存されません。規格との相違と照合の結果を見てから受け渡します。", "Checking keeps nothing. You see every deviation from the format and what would be found, then give it.")) }
        }
    };
    Ok(below(&cx, Page::new(cx.say("SBOMを渡す", "Give an SBOM"), body), &record).show(&cx))
}

/// Takes the file and begins to read it.
pub(super) async fn upload(
    cx: Cx,
    Path(product): Path<String>,
    parts: Multipart,
) -> Result<Response, Failure> {
    let record = own(&cx, &product).await?;
    let files = received(&cx, parts).await?;
    let path = files.only()?.to_owned();
    let job = Arc::new(Job {
        person: cx.person()?.id.clone(),
        product: record,
        file: files.names().concat(),
        begun: cx.now,
        state: Mutex::new(State::Reading),
    });
    let mut random = [0_u8; 12];
    getrandom::fill(&mut random).map_err(Failure::broken)?;
    let id = crate::hex(&random);
    cx.app.devices.uploads.put(id.clone(), Arc::clone(&job), cx.now)?;
    let app = cx.app.clone();
    tokio::spawn(async move {
        let read = async {
            known::begin(&app).await?;
            let bytes = tokio::fs::read(&path).await.map_err(Failure::broken)?;
            let shared = app.clone();
            tokio::task::spawn_blocking(move || checked(&shared.devices.known, bytes))
                .await
                .map_err(Failure::broken)?
        };
        job.set(match read.await {
            Ok(checked) => State::Read(Arc::new(checked)),
            Err(failure) => State::Refused(failure.names()),
        });
        drop(files);
    });
    Ok(see(&cx, &format!("/cyber/uploads/{id}")))
}

fn checked(known: &Known, bytes: Vec<u8>) -> Result<Checked, Failure> {
    let reading = engine::bill(&bytes)?;
    let parts = engine::parts(&reading.sbom.components);
    let mut deviations: BTreeMap<(bool, String), (Names, usize, Vec<String>)> = BTreeMap::new();
    for one in &reading.deviations {
        let text = one.kind.text();
        let key = (one.grade != Grade::Error, text.en.clone());
        let entry = deviations.entry(key).or_insert((text, 0, Vec::new()));
        entry.1 += 1;
        if entry.2.len() < PLACES {
            entry.2.push(report::outline::sbom::place(&one.place, Lang::En));
        }
    }
    let data = known.data()?;
    let sbom = &reading.sbom;
    let author: Vec<&str> = sbom.authors.iter().chain(&sbom.tools).map(String::as_str).collect();
    Ok(Checked {
        format: format!("{} {}", sbom.format.name(), sbom.version),
        written_at: sbom.timestamp.clone(),
        author: author.join("; "),
        errors: reading.errors,
        warnings: reading.warnings,
        outcome: data.opened()?.look_up(&parts)?,
        known: data.len()?,
        deviations,
        parts,
        bytes,
    })
}

/// How far it has come.
pub(super) async fn job(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    let job = cx.app.devices.uploads.get(&id, &cx.person()?.id)?;
    let state = job.state();
    let body = match &state {
        State::Reading => html! {
            p role="status" { (cx.say("読み取り、照合しています。", "Being read and looked up.")) }
            progress aria-label=(cx.say("進み具合", "Progress")) {}
            p.quiet { (cx.say("この画面は自動で更新されます。", "This page refreshes itself.")) }
        },
        State::Taking => html! { p role="status" { (cx.say("保存しています。", "Being written.")) } },
        State::Refused(why) => html! {
            div.note.problem role="alert" { p { strong { (cx.say("受け取れません。", "It cannot be taken.")) } } p { (why.get(cx.lang)) } }
            p { a href=(cx.to(&format!("/cyber/products/{}/bills", escaped(job.product.id.as_str())))) { (cx.say("別のファイルを選ぶ", "Choose another file")) } }
        },
        State::Read(checked) => shown(&cx, &id, checked),
        State::Taken { bill, new } => html! {
            p.saved role="status" { (cx.say("受け取りました。新しい指摘：", "Taken. New findings: ")) (new) }
            p.acts {
                a.button href=(cx.to(&format!("/cyber/products/{}", escaped(job.product.id.as_str())))) { (cx.say("製品へ", "To the product")) }
                a.button.second href=(cx.to(&format!("/cyber/bills/{}", escaped(bill)))) { (cx.say("SBOMへ", "To the bill")) }
            }
        },
    };
    let mut response = below(&cx, Page::new(&*job.file, body), &job.product).show(&cx).into_response();
    if matches!(state, State::Reading | State::Taking) {
        response.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("1"));
    }
    Ok(response)
}

fn shown(cx: &Cx, id: &str, checked: &Checked) -> Markup {
    let unseen = checked.parts.len() - checked.outcome.looked_up.min(checked.parts.len());
    html! {
        dl.facts {
            div { dt { (cx.say("形式", "Format")) } dd { (checked.format) } }
            div { dt { (cx.say("部品", "Components")) } dd { (checked.parts.len()) } }
            div { dt { (cx.say("照合できない部品", "Cannot be looked up")) } dd { (unseen) @if unseen > 0 { " " span.quiet { (cx.say("（安全とはいえない）", "(nothing is known of them)")) } } } }
            div { dt { (cx.say("見付かる指摘", "Would be found")) } dd { (checked.outcome.found.len()) " " span.quiet { (cx.say("（知られている脆弱性情報：", "(advisories known: ")) (checked.known) (cx.say("）", ")")) } } }
            div { dt { (cx.say("規格との相違", "Deviations")) } dd { (cx.say("誤り", "errors ")) (checked.errors) (cx.say("、注意", ", warnings ")) (checked.warnings) } }
        }
        @if checked.deviations.is_empty() { p { (cx.say("規格どおりです。", "It is as its format says.")) } } @else {
            h2 { (cx.say("規格との相違", "Deviations from the format")) }
            div.scroll tabindex="0" role="region" aria-label=(cx.say("規格との相違", "Deviations from the format")) { table.records {
                thead { tr { th scope="col" { (cx.say("相違", "Deviation")) } th scope="col" { (cx.say("程度", "Grade")) } th.figure scope="col" { (cx.say("数", "Times")) } th scope="col" { (cx.say("場所", "Places")) } } }
                tbody { @for ((is_warning, _), (text, count, places)) in &checked.deviations { tr {
                    th scope="row" { (text.get(cx.lang)) }
                    td { @if *is_warning { span.tag.caution { (cx.say("注意", "warning")) } } @else { span.tag.bad { (cx.say("誤り", "error")) } } }
                    td.figure { (count) }
                    td { @for place in places { code { (place) } " " } @if *count > places.len() { "…" } }
                } } }
            } }
            p.quiet { (cx.say("相違があっても受け渡せます。記録に数が残ります。", "It can be given all the same; the numbers stay on record.")) }
        }
        div.acts {
            form method="post" action=(cx.to(&format!("/cyber/uploads/{id}/take"))) { button { (cx.say("受け渡す", "Give it")) } }
            form.plain method="post" action=(cx.to(&format!("/cyber/uploads/{id}/cancel"))) { button.danger { (cx.say("やめる", "Cancel")) } }
        }
    }
}

/// Takes the bill: its bytes into the safe, its record, and what it was found to hold.
pub(super) async fn take(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    let job = cx.app.devices.uploads.get(&id, &cx.person()?.id)?;
    own(&cx, job.product.id.as_str()).await?;
    let Some(checked) = job.begin_taking() else { return Ok(see(&cx, &format!("/cyber/uploads/{id}"))) };
    match taken(&cx, &job, &checked).await {
        Ok((bill, new)) => job.set(State::Taken { bill, new }),
        Err(failure) => {
            job.set(State::Read(checked));
            return Err(failure);
        }
    }
    Ok(see(&cx, &format!("/cyber/uploads/{id}")))
}

/// Forgets the bill.
pub(super) async fn cancel(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    let job = cx.app.devices.uploads.get(&id, &cx.person()?.id)?;
    cx.app.devices.uploads.forget(&id);
    Ok(see(&cx, &format!("/cyber/products/{}", escaped(job.product.id.as_str()))))
}

async fn taken(cx: &Cx, job: &Job, checked: &Arc<Checked>) -> Result<(String, usize), Failure> {
    let sha256 = crate::hex(&Sha256::digest(&checked.bytes));
    let id = kept::id_of("b", &[job.product.id.as_str(), &sha256]);
    let record = record(cx, job, checked, &id, &sha256)?;
    let (inside, shelf, now) = (Arc::clone(checked), safe::Shelf::of(&record), cx.now);
    let put = cx.app.desk.change(move |store| safe::put(store, &shelf, &inside.bytes, &inside.parts, now));
    put.await?;
    let reference = record.reference();
    let held = Held::of(&record);
    let product = job.product.clone();
    let older =
        cx.app.desk.read(&cx.viewer, move |reading| kept::of_product(reading, "device-bill", &product));
    let mut changes = vec![Change::from(record)];
    for before in older.await? {
        if before.record.reference() != reference && before.record.state.as_deref() == Some("current") {
            let mut replaced = before.record;
            replaced.state = Some("replaced".to_owned());
            changes.push(Change::Put { record: replaced, expected: Some(before.version) });
        }
    }
    cx.app.desk.write(By::now(&cx.person()?.name, "SBOMの受渡し"), changes).await?;
    let new = findings::of_bill(cx, held, checked.parts.clone(), checked.outcome.clone()).await?;
    Ok((id, new))
}

fn record(cx: &Cx, job: &Job, checked: &Checked, id: &str, sha256: &str) -> Result<Record, Failure> {
    let by = &cx.person()?.name;
    let mut record = kept::made("device-bill", id, &job.file, by, cx.today)?;
    record.state = Some("current".to_owned());
    record.set("holder", job.product.text("holder")).set("product", job.product.reference().to_string());
    record.set("name", &job.file).set("format", &checked.format).set("written_at", &checked.written_at);
    record.set("author", (!checked.author.is_empty()).then_some(&checked.author));
    record.set("sha256", sha256).set("size", checked.bytes.len()).set("components", checked.parts.len());
    record.set("errors", checked.errors).set("warnings", checked.warnings);
    record.set("looked_up", checked.outcome.looked_up);
    record.set("given_on", cx.today.to_string()).set("given_by", by);
    Ok(record)
}

/// A product that the person may give a bill for.
async fn own(cx: &Cx, product: &str) -> Result<Record, Failure> {
    cx.person()?;
    let reference = kept::reference("device-product", product)?;
    let record =
        cx.app.desk.read(&cx.viewer, move |reading| Ok(reading.must_get(&reference)?.record)).await?;
    if kept::may_change(cx, &record) { Ok(record) } else { Err(Failure::Denied) }
}

fn below(cx: &Cx, page: Page, product: &Record) -> Page {
    let name = format!("{} {}", kept::text(product, "name"), kept::text(product, "version"));
    page.below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .below(name, format!("/cyber/products/{}", escaped(product.id.as_str())))
}
