//! The index as a file: what was put in is found and comes out whole, the same verdicts follow from it as from the records themselves, and
//! bytes that no builder wrote are refused without a panic.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;
mod mutation;

use std::time::{Duration, Instant};

use cyber::advisory::{
    Advisory, Affected, Configuration, ConfigurationNode, CpeMatch, Inclusion, Joined, Named, epss, kev, osv,
};
use cyber::index::{About, Block, Builder, Index, IndexError, Role, Section, Spot, build};
use cyber::matching::osv::Prepared;
use cyber::matching::{Clear, Package, Verdict, Wanted, scan};
use cyber::name::cpe::Cpe;
use mutation::{Mutation, Random};

fn osv(id: &str, aliases: &str, name: &str) -> Advisory {
    let text = format!(
        r#"{{"id": "{id}", "modified": "2026-01-02T03:04:05Z", "aliases": [{aliases}], "summary": "s", "details": "漏洩",
        "severity": [{{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
        "references": [{{"type": "WEB", "url": "https://example.org/{id}"}}], "database_specific": {{"a": [1, 2.5, null]}},
        "affected": [{{"package": {{"ecosystem": "PyPI", "name": "{name}"}}, "versions": ["1.0", "odd one"], "ranges":
        [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "2"}}, {{"limit": "9"}}]}},
        {{"type": "GIT", "repo": "https://example.org/a", "events": [{{"introduced": "0"}}]}}]}}]}}"#
    );
    osv::read_json(text.as_bytes()).unwrap().value
}

fn cpe_match(criteria: &str, to: Option<&str>) -> CpeMatch {
    let to = to.map(|to| (to.to_owned(), Inclusion::Excluding));
    CpeMatch { vulnerable: true, criteria: criteria.to_owned(), from: None, to }
}

/// An advisory as NVD writes them: configurations alone.
fn configured(id: &str, matches: Vec<CpeMatch>) -> Advisory {
    let node = ConfigurationNode { joined: Joined::Or, negate: true, matches };
    let configuration = Configuration { joined: Joined::And, negate: false, nodes: vec![node], unread: true };
    Advisory { id: id.to_owned(), configurations: vec![configuration], ..Advisory::default() }
}

fn worded(id: &str) -> Advisory {
    let mut affected = Affected::of(Named::Cpe("cpe:2.3:h:philips:pump:*:*:*:*:*:*:*:*".to_owned()));
    affected
        .also
        .push(Named::Words { maker: "ＰＨＩＬＩＰＳ".to_owned(), product: "Pump".to_owned() });
    affected.concerns.push("CVE-2026-0007".to_owned());
    Advisory { id: id.to_owned(), affected: vec![affected], ..Advisory::default() }
}

const OPENSSL: &str = "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*";

fn advisories() -> Vec<Advisory> {
    vec![
        osv("GHSA-1", r#""CVE-2026-0001""#, "a_b"),
        osv("PYSEC-1", r#""GHSA-2", "CVE-2026-0002""#, "A.b"),
        osv("GHSA-2", "", "other"),
        configured("CVE-2026-0001", vec![cpe_match(OPENSSL, Some("3.0.1")), cpe_match("cpe:/o:linux", None)]),
        worded("ICSMA-26-001-01"),
    ]
}

fn catalogue() -> kev::Catalogue {
    let text = r#"{"vulnerabilities": [{"cveID": "CVE-2026-0001", "dateAdded": "2026-01-01", "dueDate": "later",
        "knownRansomwareCampaignUse": "Known"}, {"cveID": "no CVE"}]}"#;
    kev::read_json(text.as_bytes()).unwrap().value
}

fn scores(date: &str, score: &str) -> epss::Scores {
    let text =
        format!("#model_version:v1,score_date:{date}\ncve,epss,percentile\nCVE-2026-0001,{score},0.5\n");
    epss::read_csv(text.as_bytes()).unwrap().value
}

fn index_of_everything() -> Vec<u8> {
    let mut builder = Builder::default();
    let mut advisories = advisories();
    let rest = advisories.split_off(2);
    builder.add(Block::of(advisories, 0));
    builder.add(Block::of(rest, 1));
    builder.exploited(&catalogue());
    builder.predicted(&scores("2026-03-01", "0.75"));
    builder.predicted(&scores("2026-02-01", "0.25"));
    builder.finish(&About { built_on: "2026-11-28".to_owned(), sources: Vec::new() }).unwrap()
}

#[test]
fn what_was_put_in_comes_out_whole() {
    let bytes = index_of_everything();
    let index = Index::open(&bytes).unwrap();
    index.verify().unwrap();
    assert_eq!(index.about().unwrap().built_on, "2026-11-28");
    for (number, advisory) in (0..).zip(advisories()) {
        assert_eq!(index.advisory(number).unwrap(), advisory);
        let brief = index.brief(number).unwrap();
        assert_eq!((brief.id, brief.source), (advisory.id.as_str(), usize::from(number > 1)));
        assert_eq!(brief.modified.map(str::to_owned), advisory.modified);
    }
    assert_eq!(index.len(), 5);
    assert!(index.advisory(5).is_err());
}

#[test]
fn an_id_finds_its_bearers_and_their_group_and_no_record_takes_another_s_id() {
    let bytes = index_of_everything();
    let index = Index::open(&bytes).unwrap();
    assert_eq!(index.bearing("cve-2026-0001").unwrap(), [(0, Role::Alias), (3, Role::Own)]);
    assert_eq!(index.bearing("CVE-2026-0007").unwrap(), [(4, Role::Upstream)]);
    assert_eq!(index.bearing("CVE-2026-0099").unwrap(), []);
    assert_eq!(index.of_id("GHSA-2").unwrap(), Some(2));
    assert_eq!(index.of_id("CVE-2026-0002").unwrap(), None);
    assert_eq!(index.group(0).unwrap(), [0, 3]);
    assert_eq!(index.group(2).unwrap(), [1, 2]);
    assert_eq!(index.group(4).unwrap(), [4], "what a record carries downstream makes no group");
}

#[test]
fn a_product_is_found_by_part_vendor_and_product_and_by_open_names_that_may_mean_it() {
    let bytes = index_of_everything();
    let index = Index::open(&bytes).unwrap();
    let naming = |cpe: &str| index.naming(&Cpe::parse(cpe).unwrap()).unwrap();
    assert_eq!(naming("cpe:2.3:a:openssl:openssl:3.0.0:*:*:*:*:*:*:*"), [Spot::Configurations(3)]);
    assert_eq!(naming("cpe:/h:philips:pump:2"), [Spot::Entry(4, 0)]);
    // "cpe:/o:linux" leaves the product open, so that it may be any of this maker.
    assert_eq!(naming("cpe:/o:linux:linux_kernel:5.1"), [Spot::Configurations(3)]);
    assert_eq!(naming("cpe:/o:other:linux_kernel:5.1"), []);
    assert_eq!(naming("cpe:/o"), [Spot::Configurations(3)], "open itself");
    let words = index.worded().unwrap();
    assert_eq!(
        (words[0].maker, words[0].product, words[0].advisory, words[0].named),
        ("ＰＨＩＬＩＰＳ", "Pump", 4, 1)
    );
    let decoded = index.configurations(3).unwrap();
    assert_eq!(decoded, advisories()[3].configurations);
}

#[test]
fn a_cve_bears_its_marks_and_the_newest_prediction_stays() {
    let bytes = index_of_everything();
    let index = Index::open(&bytes).unwrap();
    let known = index.exploitation("CVE-2026-0001").unwrap().unwrap();
    assert_eq!((known.added.as_deref(), known.due), (Some("2026-01-01"), None));
    assert_eq!(known.ransomware, kev::Ransomware::Known);
    assert_eq!(index.exploitation("CVE-2026-0002").unwrap(), None);
    let forecast = index.forecast("cve-2026-0001").unwrap().unwrap();
    assert_eq!((forecast.score, forecast.date.as_deref()), (0.75, Some("2026-03-01")));
    assert_eq!(index.forecast("GHSA-1").unwrap(), None);
}

/// Every entry of the databases, judged from the file and from the record, for versions on and between its bounds.
#[test]
fn the_file_and_the_records_give_the_same_verdicts() {
    let mut all = Vec::new();
    for archive in ["osv-go.tar.gz", "osv-pypi.tar.gz", "osv-crates.tar.gz"] {
        let Some(files) = common::files_of(archive) else { return };
        // Every seventh, for the time it takes.
        all.extend(files.iter().step_by(7).map(|(name, text)| {
            let yaml = name.rsplit('.').next() == Some("yaml");
            let read = if yaml { osv::read_yaml(text.as_bytes()) } else { osv::read_json(text.as_bytes()) };
            read.unwrap().value
        }));
    }
    let bytes = build(all.clone()).unwrap();
    let index = Index::open(&bytes).unwrap();
    index.verify().unwrap();
    let mut judged = 0;
    for (number, advisory) in (0..).zip(&all) {
        assert_eq!(&index.advisory(number).unwrap(), advisory);
        for (at, affected) in advisory.affected.iter().enumerate() {
            let Named::Package { ecosystem, name, .. } = &affected.name else { continue };
            let bounds =
                affected.ranges.iter().flat_map(|range| &range.events).map(cyber::advisory::Event::version);
            let versions: Vec<&str> =
                bounds.chain(affected.versions.iter().map(String::as_str).take(2)).collect();
            for version in versions.into_iter().map(Some).chain([None, Some("0.7.5")]) {
                let package = Package::new(ecosystem, name, version);
                let expected = Prepared::of(advisory, affected).unwrap().explain(&package);
                let found = index.judge(&package).unwrap();
                let found = found
                    .iter()
                    .find(|one| one.advisory.number == number && one.affected() == Some(at))
                    .unwrap();
                assert_eq!(found.verdict, expected.0, "{} {version:?}", advisory.id);
                assert_eq!(found.why(), expected.0.why(affected));
                let explained = index.explain(&package, number).unwrap();
                assert!(explained.contains(&(at, expected.0, expected.1)));
                assert_ne!(found.verdict, Verdict::NotAffected(Clear::NotNamed));
                judged += 1;
            }
        }
    }
    println!("{} advisories, {judged} verdicts, {} bytes", all.len(), bytes.len());
    assert!(judged > 3_000);
}

#[test]
fn what_is_cut_off_foreign_or_of_another_format_is_refused_with_its_reason() {
    let bytes = index_of_everything();
    let refused = |bytes: &[u8]| Index::open(bytes).and_then(|index| index.verify()).unwrap_err();
    assert_eq!(refused(b""), IndexError::NotAnIndex);
    assert_eq!(refused(b"{\"id\": 1}"), IndexError::NotAnIndex);
    for length in [8, 11, 12, 100, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(refused(&bytes[..length]), IndexError::Header, "{length}");
    }
    let mut other = bytes.clone();
    other[8] = 9;
    assert_eq!(refused(&other), IndexError::OtherFormat { found: 9 });
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(refused(&longer), IndexError::Header);
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&flipped), IndexError::Digest);
}

/// Where a bit is turned, the scan that needs that place says so, and never answers with less.
#[test]
fn a_damaged_section_gives_an_error_and_no_answer() {
    let bytes = index_of_everything();
    let wanted = || Wanted {
        name: "a".into(),
        version: None,
        is_file: false,
        purls: vec!["pkg:pypi/a-b@1.0".into()],
        cpes: Vec::new(),
    };
    let sound = scan(&Index::open(&bytes).unwrap(), [wanted()]).unwrap().counts();
    assert_eq!(sound, (2, 0));
    let mut damaged = 0;
    for at in 0..bytes.len() {
        let mut broken = bytes.clone();
        broken[at] ^= 0x10;
        let Ok(index) = Index::open(&broken) else { continue };
        assert!(index.verify().is_err(), "byte {at}");
        match scan(&index, [wanted()]) {
            Ok(outcome) => assert_eq!(outcome.counts(), sound, "byte {at}"),
            Err(IndexError::Damaged(_)) => damaged += 1,
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
    assert!(damaged > 100);
}

/// Bytes whose hashes are made to agree after they were broken: nothing protects the readers but themselves.
#[test]
fn fuzzed_indexes_with_right_hashes_never_panic() {
    const MUTATION: Mutation = Mutation {
        marks: &[b"\xFF\xFF\xFF\xFF", b"\0\0\0\0", b"\x80\x80", b"\xFF\xFF\xFF\xFF\x0F", b"\xC0"],
        longest: 20,
        cuts_one_in: 8,
    };
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (seed, mut random, mut slowest, mut cases) = (index_of_everything(), Random(7), Duration::ZERO, 0);
    while Instant::now() < end {
        let section = Section::ALL[random.below(Section::ALL.len())];
        let broken =
            cyber::index::rewritten(&seed, section, |bytes| MUTATION.of(bytes, &mut random)).unwrap();
        let start = Instant::now();
        use_everything(&broken);
        use_everything(&MUTATION.of(&seed, &mut random));
        slowest = slowest.max(start.elapsed());
        cases += 1;
    }
    println!("{cases} broken indexes, the slowest took {slowest:.2?}");
    assert!(cases > 0 && slowest < Duration::from_secs(2), "{slowest:?}");
}

fn use_everything(bytes: &[u8]) {
    let Ok(index) = Index::open(bytes) else { return };
    let _ = (index.about(), index.counted(), index.ecosystems(), index.worded());
    for number in 0..u32::try_from(index.len().min(10)).unwrap() {
        let _ = (index.brief(number), index.advisory(number), index.group(number));
    }
    for id in ["CVE-2026-0001", "GHSA-2", "CVE-2026-0007"] {
        let _ = (index.bearing(id), index.exploitation(id), index.forecast(id));
    }
    let _ = index.naming(&Cpe::parse(OPENSSL).unwrap());
    for version in [None, Some("1.0"), Some("5")] {
        let package = Package::new("PyPI", "a-b", version);
        for found in index.judge(&package).unwrap_or_default() {
            let _ = found.why();
        }
        let _ = index.explain(&package, 0);
    }
}
