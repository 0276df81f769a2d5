//! The pages as browsers ask for them: a maker with a product and a bill, data that arrive and change, and others who look.

use std::path::Path;
use std::time::{Duration, Instant};

use base::Source;
use bulk::map::swap;
use cyber::advisory::{epss, kev};
use cyber::index::{About, Block, Builder};
use register::Record;

use super::{engine, refresh};
use crate::config::Config;
use crate::people::Person;
use crate::work::testing::{Site, person};

const BILL: &str = r#"{ "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [
    { "type": "library", "name": "pump", "version": "1.0", "purl": "pkg:pypi/pump@1.0" },
    { "type": "library", "name": "valve", "version": "3.0", "purl": "pkg:pypi/valve@3.0" }] }"#;

pub(super) struct World {
    pub(super) site: Site,
    pub(super) maker: Person,
    pub(super) rival: Person,
    pub(super) shown: Person,
    folder: tempfile::TempDir,
}

/// A record of a maker.
pub(super) fn record(register: &str, id: &str, set: &[(&str, &str)]) -> Record {
    let mut record = Record::new(register.parse().unwrap(), id.parse().unwrap(), Source::document("test"));
    for (field, value) in set {
        record.set(field, value);
    }
    record
}

impl World {
    /// A maker with a product and a bill, somebody whom the product is shown to, and somebody who is told nothing.
    pub(super) async fn open() -> World {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { vulns: Some(folder.path().join("vulns.index")), ..Config::default() };
        let maker = [("holder", "organisation:acme"), ("name", "輸液ポンプ"), ("version", "2.1")];
        let mut product = record("device-product", "pump", &maker);
        product.state = Some("supported".into());
        product.set("shown_to", ["organisation:pmda"]).set("maker_name", "Acme Medical");
        let organisation = |id: &str| record("organisation", id, &[("name", id), ("kind", "company")]);
        let records = vec![organisation("acme"), organisation("rival"), organisation("pmda"), product];
        let site = Site::with(config, records).await;
        let of = |name: &str, organisation: &str| person(name, &[organisation], &["company"]);
        let world = World {
            maker: of("maker", "organisation:acme"),
            rival: of("rival", "organisation:rival"),
            shown: of("shown", "organisation:pmda"),
            site,
            folder,
        };
        world.give_bill().await;
        world
    }

    async fn give_bill(&self) {
        let file = [("pump.cdx.json", BILL.as_bytes())];
        let given = self.site.upload(&self.maker, "/cyber/products/pump/bills", &file).await;
        assert_eq!(given.status, 303, "{}", given.text);
        let job = given.to.trim_start_matches("/en").to_owned();
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let page = self.site.get(&self.maker, &job).await.text;
            if page.contains("/take") {
                break;
            }
            assert!(Instant::now() < until, "the bill is read in time: {page}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(self.site.post(&self.maker, &format!("{job}/take"), &[]).await.status, 303);
    }

    /// Puts an index in the place of the one before.
    pub(super) fn publish(&self, advisories: &str, with_catalogues: bool) {
        let mut builder = Builder::default();
        builder.add(Block::of(engine::advisories(advisories.as_bytes()).unwrap(), 0));
        if with_catalogues {
            let listed = r#"{ "catalogVersion": "1", "vulnerabilities": [{ "cveID": "CVE-2026-0001", "dateAdded": "2026-02-01" }] }"#;
            builder.exploited(&kev::read_json(listed.as_bytes()).unwrap().value);
            let scores = "#model_version:v1,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.421,0.97\n";
            builder.predicted(&epss::read_csv(scores.as_bytes()).unwrap().value);
        }
        let about = About { built_on: "2026-03-01".into(), sources: Vec::new() };
        swap(&self.path(), &builder.finish(&about).unwrap()).unwrap();
    }

    pub(super) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("vulns.index")
    }

    pub(super) async fn refresh(&self) {
        refresh::once(&self.site.app).await.unwrap();
    }

    pub(super) async fn findings(&self) -> Vec<Record> {
        self.site.records("vulnerability-finding").await
    }
}

/// An advisory on a package below a version.
pub(super) fn advisory(id: &str, package: &str, fixed: &str, modified: &str) -> String {
    format!(
        r#"{{ "id": "{id}", "aliases": ["CVE-2026-0001"], "modified": "{modified}T00:00:00Z", "summary": "overflow",
            "severity": [{{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }}],
            "affected": [{{ "package": {{ "ecosystem": "PyPI", "name": "{package}" }}, "ranges": [{{ "type": "ECOSYSTEM", "events": [{{ "introduced": "0" }}, {{ "fixed": "{fixed}" }}] }}] }}] }}"#
    )
}

#[tokio::test]
async fn a_replaced_index_becomes_findings_of_the_owner_and_of_nobody_else() {
    let world = World::open().await;
    world.refresh().await;
    assert!(world.findings().await.is_empty(), "there is no file yet");
    world.publish(&advisory("GHSA-1", "pump", "2.0", "2026-01-01"), true);
    world.refresh().await;
    let found = world.findings().await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text("holder"), Some("organisation:acme"));
    assert_eq!((found[0].text("verdict"), found[0].text("grade")), (Some("affected"), Some("critical")));
    let bill = world.site.records("device-bill").await.remove(0);
    assert_eq!(bill.read::<usize>("looked_up"), Some(2), "there are data on its components now");
    let head = world.site.head().await;
    world.refresh().await;
    assert_eq!(world.site.head().await, head, "the same file is gone through once");

    let page = world.site.get(&world.maker, "/cyber/products/pump").await.text;
    assert!(page.contains("GHSA-1") && page.contains("EPSS 42.1 %") && page.contains("exploited"), "{page}");
    let finding = format!("/cyber/findings/{}", found[0].id);
    let page = world.site.get(&world.maker, &finding).await.text;
    assert!(page.contains("listed on 2026-02-01"), "{page}");
    for who in [&world.rival, &world.shown] {
        assert_eq!(world.site.get(who, &finding).await.status, 404);
        for path in
            ["/cyber/products/pump", "/cyber/products", "/cyber/advisories", "/cyber/advisories/GHSA-1"]
        {
            let page = world.site.get(who, path).await.text;
            assert!(!page.contains("pkg:pypi") && !page.contains(found[0].id.as_str()), "{path}");
        }
    }
}

#[tokio::test]
async fn an_advisory_that_the_data_have_in_a_newer_text_changes_nothing_when_it_is_brought() {
    let world = World::open().await;
    world.publish(&advisory("GHSA-1", "pump", "2.0", "2026-02-01"), false);
    world.refresh().await;
    let office = person("office", &["organisation:office"], &["secretariat"]);
    let head = world.site.head().await;
    let older = advisory("GHSA-1", "valve", "9.0", "2026-01-01");
    let place = "/cyber/advisories/new";
    let told = world.site.upload(&office, place, &[("older.json", older.as_bytes())]).await.text;
    assert!(told.contains("stands in the data at hand"), "{told}");
    assert_eq!(world.site.head().await, head);
    let newer = advisory("GHSA-1", "valve", "9.0", "2026-03-01");
    let told = world.site.upload(&office, place, &[("newer.json", newer.as_bytes())]).await.text;
    assert!(told.contains("was held against every bill") && !told.contains("輸液"), "{told}");
    assert_eq!(world.findings().await.len(), 2);
}

#[tokio::test]
async fn what_newer_data_no_longer_say_is_marked_and_not_taken_away() {
    let world = World::open().await;
    world.publish(&advisory("GHSA-1", "pump", "2.0", "2026-01-01"), false);
    world.refresh().await;
    let mut decided = world.findings().await.remove(0);
    decided.state = Some("in-triage".into());
    decided.set("reason", "looked at");
    world.site.write(vec![decided]).await;
    let both = format!(
        "[{}, {}]",
        advisory("GHSA-1", "pump", "0.5", "2026-02-01"),
        advisory("GHSA-2", "valve", "4.0", "2026-02-01")
    );
    world.publish(&both, false);
    world.refresh().await;
    let found = world.findings().await;
    let of = |advisory: &str| found.iter().find(|one| one.text("advisory") == Some(advisory)).unwrap();
    assert!(of("GHSA-1").text("cleared_on").is_some(), "the advisory was corrected");
    assert_eq!(of("GHSA-1").text("reason"), Some("looked at"));
    assert!(of("GHSA-1").text("gone_on").is_none(), "its component is still there");
    assert!(of("GHSA-2").text("cleared_on").is_none());

    world.publish(&advisory("GHSA-2", "valve", "4.0", "2026-02-01"), false);
    world.refresh().await;
    let again = world.findings().await;
    assert_eq!(again.len(), 2);
    let page = world.site.get(&world.maker, "/cyber/products/pump").await.text;
    assert!(page.contains("no longer reached since") && page.contains("no such data at hand"), "{page}");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_leaves_the_old_one_in_use_and_is_told() {
    let world = World::open().await;
    world.publish(&advisory("GHSA-1", "pump", "2.0", "2026-01-01"), false);
    world.refresh().await;
    let old = Path::new(&world.path()).to_owned();
    swap(&old, b"no index at all").unwrap();
    world.refresh().await;
    let vitals = world.site.app.devices.vitals();
    assert!(vitals.taken && vitals.refused);
    let page = world.site.get(&world.maker, "/cyber/advisories").await.text;
    assert!(page.contains("those from before stay in use") && page.contains("2026-03-01"), "{page}");
    assert!(!page.contains("vulns.index"), "where it lies is the administrator's affair");
    assert_eq!(world.findings().await.len(), 1);
    let marks = world.site.get(&world.maker, "/cyber/products/pump").await.text;
    assert!(marks.contains("GHSA-1"));
}

const VEX: &str = r#"{ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example.jp/vex/1", "author": "Acme", "timestamp": "2026-03-01T00:00:00Z", "version": 1,
    "statements": [
        { "vulnerability": { "name": "GHSA-1" }, "products": [{ "@id": "pkg:pypi/pump@1.0", "identifiers": { "purl": "pkg:pypi/pump@1.0" } }], "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path" },
        { "vulnerability": { "name": "CVE-2020-9999" }, "products": [{ "@id": "pkg:pypi/pump@1.0", "identifiers": { "purl": "pkg:pypi/pump@1.0" } }], "status": "fixed" }] }"#;

#[tokio::test]
async fn statements_say_where_they_applied_or_why_not_and_change_no_decision() {
    let world = World::open().await;
    world.publish(&advisory("GHSA-1", "pump", "2.0", "2026-01-01"), false);
    world.refresh().await;
    let place = "/cyber/products/pump/statements";
    for who in [&world.rival, &world.shown] {
        let given = world.site.upload(who, place, &[("vex.json", VEX.as_bytes())]).await;
        assert!([403, 404].contains(&given.status.as_u16()), "{}", given.status);
    }
    let given = world.site.upload(&world.maker, place, &[("vex.json", VEX.as_bytes())]).await;
    assert_eq!(given.status, 303, "{}", given.text);
    world.site.upload(&world.maker, place, &[("vex.json", VEX.as_bytes())]).await;
    let statements = world.site.records("vex-statement").await;
    assert_eq!(statements.len(), 2, "the same document is the same statements");
    let of = |advisory: &str| statements.iter().find(|one| one.text("advisory") == Some(advisory)).unwrap();
    let finding = &world.findings().await[0];
    let applied = of("GHSA-1").read::<Vec<String>>("applied_to").unwrap();
    assert_eq!(applied, [finding.reference().to_string()]);
    assert!(of("CVE-2020-9999").read::<Vec<String>>("applied_to").unwrap_or_default().is_empty());
    assert_eq!(finding.state.as_deref(), Some("open"), "a person decides");
    let page = world.site.get(&world.maker, place).await.text;
    assert!(
        page.contains("applied (by its package URL, of the component in whatever product)")
            && page.contains("not applied"),
        "{page}"
    );
    let page = world.site.get(&world.maker, &format!("/cyber/findings/{}", finding.id)).await.text;
    assert!(
        page.contains("vulnerable_code_not_in_execute_path") && page.contains("What this finding asks for"),
        "{page}"
    );
    for who in [&world.rival, &world.shown] {
        for path in [place, "/cyber/products/pump", "/registers/vex-statement"] {
            assert!(!world.site.get(who, path).await.text.contains("GHSA-1"), "{path}");
        }
    }
    let broken = world.site.upload(&world.maker, place, &[("vex.json", b"{}")]).await;
    assert_eq!(broken.status, 422);
}

#[tokio::test]
async fn what_changed_since_the_last_submission_is_told_to_who_may_see_both_files() {
    let world = World::open().await;
    let place = "/cyber/products/pump/file";
    let page = world.site.get(&world.maker, place).await.text;
    let begin = page.find("<textarea").unwrap();
    let text = &page[begin..page.find("</textarea>").unwrap()];
    let statement = text[text.find('>').unwrap() + 1..]
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let record = [("act", "record"), ("statement", statement.as_str())];
    assert_eq!(world.site.post(&world.maker, place, &record).await.status, 303);
    let mut file = world.site.records("premarket-file").await.remove(0);
    file.state = Some("submitted".into());
    file.set("submitted_on", "2026-01-01").set("shown_to", ["organisation:pmda"]);
    let first = file.id.to_string();
    world.site.write(vec![file]).await;
    world.site.post(&world.maker, place, &record).await;
    let files = world.site.records("premarket-file").await;
    assert_eq!(
        (files.len(), files[0].state.as_deref()),
        (1, Some("submitted")),
        "the same content is no new draft"
    );

    world.publish(&advisory("GHSA-1", "pump", "2.0", "2026-01-01"), true);
    world.refresh().await;
    let judged = [("act", "judge"), ("statement", statement.as_str())];
    let page = world.site.post(&world.maker, place, &judged).await.text;
    assert!(
        page.contains("What changed since the last submission") && page.contains("New findings"),
        "{page}"
    );
    let changes = format!("/cyber/files/{first}/changes");
    assert_eq!(world.site.get(&world.shown, &changes).await.status, 200);
    assert_eq!(world.site.get(&world.rival, &changes).await.status, 404);
    world.site.post(&world.maker, place, &record).await;
    let files = world.site.records("premarket-file").await;
    let second = files.iter().find(|one| one.id.as_str() != first).unwrap();
    let changes = format!("/cyber/files/{}/changes", second.id);
    assert!(world.site.get(&world.maker, &changes).await.text.contains("New findings"));
    assert_eq!(world.site.get(&world.shown, &changes).await.status, 404, "a draft is shown to nobody");
}

const DEVICE: &str = r#"{ "document": { "csaf_version": "2.0", "category": "csaf_security_advisory", "title": "Acme pumps", "publisher": { "name": "CISA", "category": "coordinator", "namespace": "https://www.cisa.gov/" },
    "tracking": { "id": "ICSMA-26-001-01", "status": "final", "version": "1", "initial_release_date": "2026-01-01T00:00:00Z", "current_release_date": "2026-01-01T00:00:00Z", "revision_history": [{ "number": "1", "date": "2026-01-01T00:00:00Z", "summary": "first" }] } },
    "product_tree": { "branches": [{ "category": "vendor", "name": "Acme Medical", "branches": [{ "category": "product_name", "name": "輸液ポンプ", "branches": [{ "category": "product_version_range", "name": "< 3.0", "product": { "name": "Acme Medical Pump: <3.0", "product_id": "P1" } }] }] }] },
    "vulnerabilities": [{ "cve": "CVE-2026-0001", "product_status": { "known_affected": ["P1"] } }] }"#;

#[tokio::test]
async fn a_suggestion_shows_its_words_and_is_taken_up_by_the_maker_alone() {
    let world = World::open().await;
    world.publish(DEVICE, false);
    world.refresh().await;
    assert!(world.findings().await.is_empty(), "words alone find nothing");
    for who in [&world.maker, &world.shown] {
        let page = world.site.get(who, "/cyber/products/pump").await.text;
        assert!(page.contains("ICSMA-26-001-01") && page.contains("Acme Medical – 輸液ポンプ"), "{page}");
    }
    let place = "/cyber/products/pump/suggestions";
    let wanted = [("advisory", "ICSMA-26-001-01")];
    assert_eq!(world.site.post(&world.rival, place, &wanted).await.status, 404);
    assert_eq!(world.site.post(&world.shown, place, &wanted).await.status, 403);
    assert_eq!(world.site.post(&world.maker, place, &[("advisory", "CVE-1")]).await.status, 404);
    assert_eq!(world.site.post(&world.maker, place, &wanted).await.status, 303);
    world.site.post(&world.maker, place, &wanted).await;
    let found = world.findings().await;
    assert_eq!((found.len(), found[0].text("verdict")), (1, Some("suggested")));
    world.publish(&advisory("GHSA-1", "pump", "2.0", "2026-01-01"), false);
    world.refresh().await;
    let found = world.findings().await;
    let kept = found.iter().find(|one| one.text("verdict") == Some("suggested")).unwrap();
    assert!(kept.text("gone_on").is_none(), "it rests on no component of the bill");
}
