//! Versions in prose, feeds of JVN iPedia, CSAF advisories and the words of devices come from strangers: seeded mutations for
//! `SHIRUBE_FUZZ_SECONDS` (default 2) never panic and never take long, and what is told is read the same again from its canonical form.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod mutation;

use std::time::{Duration, Instant};

use cyber::advisory::{csaf, vuldef};
use cyber::document::Limits;
use cyber::matching::device::Words;
use cyber::version::told::{LONGEST_TOLD, Told, read};
use mutation::{Mutation, Random};
use proptest::prelude::*;

const TOLD: [&str; 16] = [
    "2.13.0 から 2.15.0 より前のバージョン",
    "core 2.0-beta9 から 2.12.1 より前のバージョン、3.x 系",
    "Ver.２．１．０ 未満（2.0.5 を除く）; 3.0 およびそれ以前",
    ">= 1.1 | <= 1.3.2 | 4.X",
    "vers:generic/<1|>=2|<3|!=2.5",
    "vers:generic/<1|>=2|<;|!=2.5",
    "Versions 12.2.1 and prior, 13.0 Build 7 and later",
    "(Release 1.3.2 1.4.0 1.4.1) on Windows 10",
    "HD 16 | HD23 | Rev. B",
    "distributed < april 1, 2018",
    "from 1.0 up to and including 2.0, except 1.5",
    "<=Firmware_6.62_and_prior|>=V1.2_x64 | < 2.0-3.0 (fixed)",
    ">=FH|<=LG | 7.0 SP1/SP2 | JDK 7",
    "Firmware: \"1.2\" 以前の 1.x | 09-00 以上 09-50-10 未満",
    "vers:all/>=V1.0|<=Version_2.0 to <= 3.0",
    "1.5.2 を除くすべてのバージョン; 2018_SP3_P05-and-prior",
];
const VULDEF: &str = r#"<?xml version="1.0"?><VULDEF-Document version="3.2" xmlns="http://jvn.jp/vuldef/"><Vulinfo><VulinfoID>JVNDB-2022-000001
</VulinfoID><VulinfoData><Title>a &amp; b</Title><Affected><AffectedItem><Name>甲</Name><ProductName>乙</ProductName><Cpe version="2.2">cpe:/a:b:c
</Cpe><VersionNumber>1.0 未満</VersionNumber></AffectedItem></Affected><Impact><Cvss version="3.0"><Vector>CVSS:3.0/AV:N</Vector></Cvss></Impact>
<Related><RelatedItem type="advisory"><VulinfoID>CVE-2021-20877</VulinfoID><URL>https://a.example/</URL></RelatedItem></Related>
<DateLastUpdated>2022-01-19T12:05:15+09:00</DateLastUpdated></VulinfoData></Vulinfo></VULDEF-Document>"#;
const RSS: &str = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:sec="http://jvn.jp/rss/mod_sec/">
<channel><title>t</title></channel><item><title>a</title><sec:identifier>JVNDB-2022-1</sec:identifier><sec:references source="CVE" id="CVE-2022-1">u
</sec:references><sec:cpe version="2.2" vendor="v" product="p">cpe:/o:v:p</sec:cpe></item></rdf:RDF>"#;
const CSAF: &str = r#"{"document":{"csaf_version":"2.0","category":"csaf_security_advisory","title":"t","tracking":{"id":"X-1","current_release_date":"d"}},
"product_tree":{"branches":[{"category":"vendor","name":"甲","branches":[{"category":"product_name","name":"乙","branches":[{"category":
"product_version_range","name":"<= 2.0","product":{"product_id":"A","name":"乙: 2.0 and prior","product_identification_helper":{"cpe":
"cpe:/h:a:b","model_numbers":["M1"]}}}]}]}],"full_product_names":[{"product_id":"B","name":"Host"}],"relationships":[{"category":"installed_on",
"product_reference":"A","relates_to_product_reference":"B","full_product_name":{"product_id":"C","name":"A on B"}}]},
"vulnerabilities":[{"cve":"CVE-2026-1","product_status":{"known_affected":["C"],"fixed":["A"]},"scores":[{"products":["C"],
"cvss_v3":{"vectorString":"CVSS:3.1/AV:N"}}]}]}"#;
/// With each of what CSAF 2.1 reads by a grammar: ranges, a licence expression, vectors, dates, SSVC, placeholders, paths.
const CSAF_21: &str = r#"{"$schema":"https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json","document":{"csaf_version":"2.1","category":
"csaf_security_advisory","distribution":{"sharing_group":{"id":"ffffffff-ffff-ffff-ffff-ffffffffffff","name":"Public"},"tlp":{"label":"CLEAR"}},
"license_expression":"(MIT OR LicenseRef-a.example-b+) AND X WITH Y","title":"t","tracking":{"id":"X-1","current_release_date":
"2026-02-01T00:00:00Z","revision_history":[{"date":"2026-02-01T00:00:00Z","number":"1.0.0-a+b","summary":"s"}],"status":"final","version":"1"}},
"product_tree":{"branches":[{"category":"vendor","name":"v","branches":[{"category":"product_version_range","name":"vers:intdot/1|>=1.2|!=1.3|<2",
"product":{"product_id":"A","name":"n","product_identification_helper":{"purls":["pkg:npm/a@1?b=c","pkg:npm/a@1"],"skus":["a*\\*?*"]}}}]}],
"product_paths":[{"beginning_product_reference":"A","full_product_name":{"name":"n","product_id":"B"},"subpaths":[{"category":"installed_with",
"next_product_reference":"A"}]}],"product_groups":[{"group_id":"G","product_ids":["A","B"]}]},"vulnerabilities":[{"cve":"CVE-2026-1","metrics":[
{"content":{"cvss_v4":{"version":"4.0","vectorString":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A","baseScore":9.3},
"ssvc_v2":{"schemaVersion":"2.0.0","timestamp":"2026-01-01T00:00:00Z","target_ids":["CVE-2026-1"],"selections":[{"namespace":"ssvc//.a.b$en",
"key":"E","version":"1.1.0","values":[{"key":"N"},{"key":"A"}]}]}},"products":["A"]}],"product_status":{"fixed":["A"],"known_affected":["B"]},
"remediations":[{"category":"vendor_fix","details":"d","group_ids":["G"]},{"category":"no_fix_planned","details":"d","product_ids":["A"]}],
"x_extensions":[{"$schema":"https://a.example/b_1.0.0.json","category":"essential","content":{"a":1},"critical":false}]}]}"#;
const MUTATION: Mutation = Mutation {
    marks: &[
        b" ",
        b"|",
        b"<=",
        b"1.2",
        b".x",
        b"\xE3\x80\x81",
        b"and ",
        b"(",
        b"\"A\"",
        b"</",
        b"&a;",
        b"\xEF\xBC\x91",
    ],
    longest: 24,
    cuts_one_in: 8,
};

fn limits() -> Limits {
    Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() }
}

fn check_told(text: &str) {
    let told = read(text);
    let spans = told.ranges.iter().map(|one| &one.at).chain(told.listed.iter().map(|one| &one.at));
    let spans = spans.chain(told.qualifiers.iter().map(|one| &one.at));
    for at in spans.chain(told.not_understood.iter().map(|one| &one.at)) {
        assert!(text.get(at.clone()).is_some(), "{text:?} {at:?}");
    }
    assert!(!told.is_empty() || !text.chars().any(char::is_alphanumeric), "{text:?}");
    let canonical = told.to_string();
    let sound = |version: &str| {
        let again = read(version);
        let is_letter = version.len() == 1 && version.bytes().all(|byte| byte.is_ascii_uppercase());
        is_letter || again.is_whole() && matches!(&again.listed[..], [one] if one.text == version)
    };
    let bounds = told.ranges.iter().flat_map(|one| one.from.iter().chain(&one.to)).map(|one| &one.version);
    let mut versions = bounds.chain(told.listed.iter().chain(&told.excepted).map(|one| &one.text));
    // VERS can tell versions that prose cannot (`%20`, `;`).
    let from_vers = text.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("vers:"));
    if canonical.len() > LONGEST_TOLD || from_vers && !versions.all(|version| sound(version)) {
        return;
    }
    let again = read(&canonical);
    assert_eq!(said(&again), said(&told), "{text:?} is written {canonical:?}");
    assert!(again.is_whole(), "{text:?} is written {canonical:?}: {again:?}");
}

/// What is told, without places.
fn said(told: &Told) -> (Vec<String>, Vec<&str>, Vec<&str>) {
    (
        told.ranges.iter().map(ToString::to_string).collect(),
        told.listed.iter().map(|one| one.text.as_str()).collect(),
        told.excepted.iter().map(|one| one.text.as_str()).collect(),
    )
}

fn check(kind: usize, bytes: &[u8]) {
    match kind {
        0 => check_told(&String::from_utf8_lossy(bytes)),
        1 | 2 => {
            for record in vuldef::read_all(bytes, &limits()).into_iter().flatten() {
                assert!(!record.value.id.is_empty());
            }
        }
        3 => {
            drop(csaf::read_json(bytes));
            let Ok(checked) = cyber::csaf::check(bytes) else { return };
            for departure in &checked.departures {
                let is_there = checked.document.pointer(&departure.place).is_some();
                assert!(
                    is_there || matches!(departure.test, "schema" | "6.1.46" | "6.1.60.1"),
                    "{departure}"
                );
                assert!(!departure.kind.text().en.is_empty());
            }
        }
        _ => {
            let text = String::from_utf8_lossy(bytes);
            let words = Words::of(&text, &text);
            let _ = words.compare(&words);
        }
    }
}

#[test]
fn fuzzed_prose_is_read_or_named_and_read_the_same_again() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random(0x5EED);
    let (mut cases, mut slowest) = (0_u64, Duration::ZERO);
    while Instant::now() < end {
        let kind = random.below(5);
        let seed = match kind {
            1 => VULDEF,
            2 => RSS,
            3 => [CSAF, CSAF_21][usize::from(cases % 2 == 0)],
            _ => TOLD[random.below(TOLD.len())],
        };
        let bytes = MUTATION.of(seed.as_bytes(), &mut random);
        let start = Instant::now();
        check(kind, &bytes);
        slowest = slowest.max(start.elapsed());
        cases += 1;
    }
    println!("{cases} mutations, the slowest took {slowest:.2?}");
    assert!(cases > 0 && slowest < Duration::from_secs(1), "{slowest:?}");
}

proptest! {
    #[test]
    fn fuzzed_arbitrary_texts_never_panic(text in "\\PC{0,60}") {
        check_told(&text);
        check(4, text.as_bytes());
    }

    #[test]
    fn what_words_of_the_grammar_say_is_read_the_same_again(
        words in prop::collection::vec(prop::sample::select(vec![
            "1.2", "2.0.1", "3.x", "R4.1L1", "HD", "16", "<", "<=", ">", ">=", "!=", "|", ",", ";", "から", "まで", "より前",
            "以前", "以降", "未満", "および", "それ", "を除く", "系", "and", "prior", "later", "to", "up", "before", "between",
            "all", "versions", "Rev.", "B", "build", "(", ")", "*", "~", "版", "Windows", "v", "v2", "_", "-", ":", "\"", "x64",
            "SP1", "FH", "FW", "の", "fixed", "以外",
        ]), 0..10)
    ) {
        check_told(&words.join(" "));
        check_told(&words.concat());
    }
}

#[test]
fn nesting_and_repetition_without_end_are_refused_at_once() {
    let start = Instant::now();
    for (kind, text) in [
        (0, "1.0, ".repeat(800)),
        (0, "(".repeat(4_000)),
        (0, "<= ".repeat(1_300)),
        (0, "1.".repeat(2_000)),
        (1, format!("<VULDEF-Document xmlns=\"http://jvn.jp/vuldef/\"><Vulinfo>{}", "<a>".repeat(200_000))),
        (1, "<!DOCTYPE a [<!ENTITY a \"aaaa\">]><VULDEF-Document>&a;</VULDEF-Document>".to_owned()),
        (1, format!("<VULDEF-Document>{}", "<a>".repeat(100_000))),
        (2, format!("<rdf:RDF xmlns:rdf=\"r\">{}</rdf:RDF>", "<item/>".repeat(90_000))),
        (3, "[".repeat(400_000)),
        (4, "a b-1 (".repeat(20_000)),
    ] {
        check(kind, text.as_bytes());
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
