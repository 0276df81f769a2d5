//! Advisories that name devices in words and may speak of a product: suggestions, each with the words of both sides, until a person has looked.
//! They are worked out for who sees the product, from what that person sees of it.

use axum::extract::Path;
use axum::response::Response;
use base::Names;
use cyber::index::IndexError;
use cyber::matching::device::Suggested;
use cyber::matching::{Device, Verdict};
use cyber::severity::Gravity;
use maud::{Markup, html};
use register::{Record, Sight};
use report::Severity;
use report::outline::device::{basis, difference, theirs};
use store::{By, Change, Stored};

use super::kept;
use super::lookup::{Opened, grade};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look;
use crate::work::posted::{Posted, see};

/// Suggestions shown.
const MOST: usize = 50;
const FINDING: &str = "vulnerability-finding";

/// What may speak of a product, what its version does not rule out first.
pub(super) async fn of_product(cx: &Cx, product: &Record) -> Result<Vec<Suggested>, Failure> {
    let (device, app) = (device(product), cx.app.clone());
    let found = tokio::task::spawn_blocking(move || {
        let data = app.devices.known.data()?;
        found(&data.opened()?, &device).map_err(Failure::broken)
    });
    found.await.map_err(Failure::broken)?
}

/// A product in the words of its record.
fn device(product: &Record) -> Device {
    let text =
        |field: &str| product.text(field).filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned);
    Device {
        maker: text("maker_name").unwrap_or_default(),
        product: text("name").unwrap_or_default(),
        model: text("model"),
        version: text("version"),
        cpes: Vec::new(),
    }
}

fn found(opened: &Opened<'_>, device: &Device) -> Result<Vec<Suggested>, IndexError> {
    let mut all = Vec::new();
    if device.maker.is_empty() || device.product.is_empty() {
        return Ok(all);
    }
    for (at, index) in opened.all().enumerate() {
        let is_file = at == 0 && opened.file().is_some();
        all.extend(index.suggested(std::slice::from_ref(device))?.into_iter().filter(|one| {
            one.advisory.withdrawn.is_none() && !(is_file && opened.is_replaced(&one.advisory.id))
        }));
    }
    let is_out = |one: &Suggested| matches!(one.suggestion.verdict, Verdict::NotAffected(_));
    all.sort_by(|left, right| {
        (is_out(left), &right.advisory.id, left.affected).cmp(&(
            is_out(right),
            &left.advisory.id,
            right.affected,
        ))
    });
    // An advisory often names a device in several entries that say the same of its version.
    all.dedup_by(|later, first| {
        later.advisory.id == first.advisory.id
            && later.suggestion.verdict == first.suggestion.verdict
            && theirs(&later.suggestion.basis) == theirs(&first.suggestion.basis)
    });
    Ok(all)
}

/// The section of a product's page. `findings` are those of the product, among which a suggestion that was taken up stands.
pub(super) fn section(
    cx: &Cx,
    product: &Record,
    suggested: &[Suggested],
    findings: &[Stored],
    may_change: bool,
) -> Markup {
    html! {
        h2 #suggestions { (cx.say("語句からの候補", "Suggestions by words")) " " span.tag { (suggested.len()) } }
        @if product.text("maker_name").is_none() {
            p { (cx.say("「製造販売業者の名称」を製品に書くと、製品名で書かれた脆弱性情報（医療機器の注意喚起など）から候補を探します。", "Write the maker's name in the product's record: then advisories that name devices in words are looked through.")) }
        } @else if suggested.is_empty() {
            p { (cx.say("名称が似た機器を名指しする脆弱性情報は、手元のデータにはありません。影響がないことを意味しません。", "No advisory at hand names a device like this one. That says nothing about whether one should.")) }
        } @else {
            (look::note(cx, Severity::Caution, &html! { " " (cx.say(
                "名称の語句が似ているだけの候補です。この製品のことかどうかは、人が確かめてください。",
                "These rest on similar words alone: a person has to see whether they mean this product.",
            )) }))
            div.scroll tabindex="0" role="region" aria-label=(cx.say("語句からの候補", "Suggestions by words")) { table.records {
                thead { tr {
                    th scope="col" { (cx.say("脆弱性情報", "Advisory")) }
                    th scope="col" { (cx.say("情報の言葉", "In its words")) }
                    th scope="col" { (cx.say("名称の違い", "How the names differ")) }
                    th scope="col" { (cx.say("版", "Version")) }
                    @if may_change { th scope="col" { (cx.say("次にすること", "Next")) } }
                } }
                tbody { @for one in suggested.iter().take(MOST) { (row(cx, product, one, findings, may_change)) } }
            } }
            @if suggested.len() > MOST { p.quiet { (cx.say("ほかに", "and ")) (suggested.len() - MOST) (cx.say("件", " more")) } }
        }
    }
}

fn row(cx: &Cx, product: &Record, one: &Suggested, findings: &[Stored], may_change: bool) -> Markup {
    let class = match one.suggestion.verdict {
        Verdict::NotAffected(_) => "tag",
        _ => "tag caution",
    };
    let taken = findings.iter().find(|seen| {
        kept::text(&seen.record, "advisory") == one.advisory.id
            && kept::text(&seen.record, "verdict") == "suggested"
    });
    html! { tr {
        th scope="row" { @match link(one) { Some(link) => a href=(link) rel="noreferrer" { (one.advisory.id) }, None => (one.advisory.id) } br; span.quiet { (one.advisory.summary) } }
        td { (theirs(&one.suggestion.basis)) @let told = told(one); @if !told.is_empty() { br; span.quiet { (told) } } }
        td { (difference(&one.suggestion.basis, cx.lang)) }
        td { span class=(class) { (one.suggestion.verdict.names().get(cx.lang)) } br; (why(one).get(cx.lang)) }
        @if may_change { td {
            @if let Some(taken) = taken { a href=(cx.to(&format!("/cyber/findings/{}", escaped(taken.record.id.as_str())))) { (cx.say("評価する", "Evaluate")) } }
            @else { form.plain method="post" action=(cx.to(&format!("/cyber/products/{}/suggestions", escaped(product.id.as_str())))) {
                input type="hidden" name="advisory" value=(one.advisory.id);
                button.second { (cx.say("指摘として評価する", "Take up as a finding")) span.unseen { " " (one.advisory.id) } }
            } }
        } }
    } }
}

fn why(one: &Suggested) -> Names {
    one.entry().map_or_else(|| Names::of("", ""), |entry| one.suggestion.verdict.why(entry))
}

fn told(one: &Suggested) -> String {
    one.entry().map_or_else(String::new, |entry| entry.told.join(" / "))
}

fn link(one: &Suggested) -> Option<&str> {
    let links = one.advisory.references.iter().map(|reference| reference.url.as_str());
    links.into_iter().find(|link| link.starts_with("https://") || link.starts_with("http://"))
}

/// Both names and what is said of the version, as the ground of a finding.
fn ground(one: &Suggested) -> Names {
    one.entry().map_or_else(|| Names::of("", ""), |entry| basis(&one.suggestion, entry))
}

/// Takes a suggestion up as a finding, so that it is evaluated like others.
pub(super) async fn take(cx: Cx, Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let by = cx.person()?.name.clone();
    let reference = kept::reference("device-product", &id)?;
    let product =
        cx.app.desk.read(&cx.viewer, move |reading| Ok(reading.must_get(&reference)?.record)).await?;
    if !kept::may_change(&cx, &product) {
        return Err(Failure::Denied);
    }
    let wanted = posted.text("advisory");
    let suggested = of_product(&cx, &product).await?;
    let one = suggested.iter().find(|one| one.advisory.id == wanted).ok_or(Failure::NotFound)?;
    let holder = kept::text(&product, "holder");
    let component = format!("{} {}", kept::text(&product, "maker_name"), kept::text(&product, "name"));
    let about = product.reference().to_string();
    let id = kept::id_of("f", &[holder, &about, &one.advisory.id, &component]);
    let mut finding = kept::made(FINDING, &id, &one.advisory.id, &by, cx.today)?;
    let gravity = Gravity::of_advisories([&one.advisory]);
    let published: Vec<&str> = gravity.rated.iter().map(|rated| rated.published.as_str()).collect();
    finding.state = Some("open".to_owned());
    finding.set("holder", holder).set("product", about).set("advisory", &one.advisory.id);
    finding.set("aliases", &one.advisory.aliases).set("component", &component);
    finding.set("title", format!("{} – {component}", one.advisory.id)).set("verdict", "suggested");
    finding.set("why", ground(one)).set("grade", grade(&gravity)).set("found_on", cx.today.to_string());
    finding.set("severity", (!published.is_empty()).then(|| published.join("; ")));
    finding.set("summary", (!one.advisory.summary.is_empty()).then_some(&one.advisory.summary));
    let declaration = cx.app.desk.registry().get(FINDING).ok_or(Failure::NotFound)?;
    if !Sight::of(declaration, &cx.viewer).denied(None, Some(&finding)).is_empty() {
        return Err(Failure::Denied);
    }
    let to = format!("/cyber/findings/{}", escaped(finding.id.as_str()));
    let reference = finding.reference();
    let is_there =
        cx.app.desk.read(&cx.viewer, move |reading| Ok(reading.get(&reference)?.is_some())).await?;
    if !is_there {
        let change = Change::Put { record: finding, expected: Some(0) };
        cx.app.desk.write(By::now(by, "語句からの候補"), vec![change]).await?;
    }
    Ok(see(&cx, &to))
}

#[cfg(test)]
mod tests {
    use super::super::engine::advisories;
    use super::super::lookup::Data;
    use super::*;

    const CSAF: &str = r#"{ "document": { "csaf_version": "2.0", "category": "csaf_security_advisory", "title": "Acme pumps", "publisher": { "name": "CISA", "category": "coordinator", "namespace": "https://www.cisa.gov/" },
        "tracking": { "id": "ICSMA-26-001-01", "status": "final", "version": "1", "initial_release_date": "2026-01-01T00:00:00Z", "current_release_date": "2026-01-01T00:00:00Z", "revision_history": [{ "number": "1", "date": "2026-01-01T00:00:00Z", "summary": "first" }] } },
        "product_tree": { "branches": [{ "category": "vendor", "name": "Acme Medical", "branches": [{ "category": "product_name", "name": "Infusion Pump A1", "branches": [{ "category": "product_version_range", "name": "< 3.0", "product": { "name": "Acme Medical Infusion Pump A1: <3.0", "product_id": "P1" } }] }] }] },
        "vulnerabilities": [{ "cve": "CVE-2026-0001", "product_status": { "known_affected": ["P1"] } }] }"#;

    fn suggested(maker: &str, product: &str) -> Vec<String> {
        let data = Data::of(advisories(CSAF.as_bytes()).unwrap()).unwrap();
        let device = Device {
            maker: maker.into(),
            product: product.into(),
            version: Some("2.1".into()),
            ..Device::default()
        };
        let found = found(&data.opened().unwrap(), &device).unwrap();
        found.into_iter().map(|one| one.advisory.id).collect()
    }

    #[test]
    fn a_device_is_suggested_by_its_makers_words_and_no_other() {
        assert_eq!(suggested("Acme Medical Inc.", "Infusion Pump A1"), ["ICSMA-26-001-01"]);
        assert_eq!(suggested("ACME MEDICAL", "infusion-pump A1"), ["ICSMA-26-001-01"]);
        assert_eq!(suggested("Acme", "Infussion Pump A1"), ["ICSMA-26-001-01"], "a word spelt otherwise");
        assert!(suggested("Rival", "Infusion Pump A1").is_empty(), "another maker");
        assert!(suggested("Acme Medical", "Infusion Pump A2").is_empty(), "another model");
        assert!(suggested("", "Infusion Pump A1").is_empty(), "no maker, no comparison");
    }
}
