//! Package URLs, CPE names and versions are read from strangers' files: seeded mutations of sound texts for `SHIRUBE_FUZZ_SECONDS` (default
//! 2) never panic, never take long, and what was read is read again from what was written. `fuzz/` holds the same as cargo-fuzz targets.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod mutation;

use std::time::{Duration, Instant};

use cyber::name::cpe::{Cpe, LONGEST_TEXT};
use cyber::name::purl::Purl;
use cyber::version::{Scheme, Version};
use mutation::{Mutation, Random};
use proptest::prelude::*;

const PURLS: [&str; 6] = [
    "pkg:npm/%40angular/animation@12.3.1?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa%20b#/src/./lib/",
    "pkg:Maven/org.apache.xmlgraphics/batik-anim@1.9.1?classifier=sources&repositorY_url=https://example.org/release",
    "pkg:git/github/Package-url/purl-Spec@244fd47e07d1004f0aed9c",
    "pkg:pypi/Django__package@1.11.1.dev1",
    "pkg:golang/github.com/gorilla/context@v1.1.1#api",
    "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64",
];
const CPES: [&str; 5] = [
    r"cpe:2.3:a:foo\\bar:big\$money_2010:*:*:*:*:special:ipod_touch:80gb:*",
    r"cpe:2.3:a:mailcow:mailcow\:_dockerized:8.*:sp?:-:*:*:*:*:*",
    "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~",
    "cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
    "cpe:/o:foo%5cbar:big%24money",
];
const VERSIONS: [&str; 8] = [
    "1.2.3-beta.11+build",
    "1!2.0rc1.post3.dev4+ubuntu-1",
    "2:1.10.0~rc1-4ubuntu1",
    "1.0.0.Final-SNAPSHOT-redhat-1",
    "7.50.3-1.el8_4^git1~x",
    "1.2.3a_alpha2_p1~ab12-r3",
    "v4.4.0-RC1",
    "1.0.a10-pre",
];
const MUTATION: Mutation = Mutation {
    marks: &[
        b"%",
        b"%2F",
        b"@",
        b"/",
        b"?",
        b"#",
        b"\\",
        b":",
        b"*",
        b"~",
        b"-",
        b".",
        b"99999999999999999999",
        b"\xFF",
    ],
    longest: 12,
    cuts_one_in: 1,
};

/// Sound texts of one kind, and what must hold of any text like them.
type Kind = (&'static [&'static str], fn(&str));

fn check_purl(text: &str) {
    let _ = Purl::parse(text);
    let Ok(purl) = Purl::parse_lenient(text) else { return };
    let written = purl.to_string();
    let again = Purl::parse_lenient(&written);
    // The normal form may be longer than what is read: an encoded letter takes up to twelve bytes.
    assert!(again.as_ref() == Ok(&purl) || written.len() > 8192, "{text}\n{written}\n{again:?}");
}

fn check_cpe(text: &str) {
    let Ok(name) = Cpe::parse(text) else { return };
    let shown: String = text.chars().take(200).collect();
    let (formatted, uri) = (name.to_string(), name.to_uri());
    // Written in the other binding a name may be longer than what is read: every sign may need a backslash or a percent code.
    if formatted.len() <= LONGEST_TEXT {
        assert!(Cpe::parse(&formatted).as_ref() == Ok(&name), "{shown}");
    }
    // A lone quoted hyphen is written as the sign for "not applicable" (NISTIR 7695, 6.1.2.3): that binding cannot say it.
    let lone_hyphen = formatted.split(':').any(|value| value == r"\-");
    if uri.len() <= LONGEST_TEXT && !lone_hyphen {
        assert!(Cpe::parse(&uri).map(|read| read.to_string()) == Ok(formatted), "{shown}");
    }
    let _ = (name.to_wfn(), name.relation(&name));
}

fn check_version(text: &str) {
    for scheme in Scheme::ALL {
        assert_eq!(Version::parse(scheme, text), Version::parse(scheme, text));
    }
}

proptest! {
    #[test]
    fn fuzzed_arbitrary_texts_never_panic(text in "\\PC{0,80}") {
        check_purl(&text);
        check_purl(&format!("pkg:{text}"));
        check_purl(&format!("pkg:generic/{text}"));
        check_cpe(&text);
        check_cpe(&format!("cpe:2.3:a:b:c:{text}:*:*:*:*:*:*:*"));
        check_cpe(&format!("cpe:/a:b:{text}"));
    }
}

#[test]
fn fuzzed_names_and_versions_are_read_the_same_again() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let kinds: [Kind; 3] = [(&PURLS, check_purl), (&CPES, check_cpe), (&VERSIONS, check_version)];
    let mut random = Random(0x5EED);
    let (mut cases, mut slowest) = (0_u64, Duration::ZERO);
    while Instant::now() < end {
        let (seeds, check) = kinds[random.below(kinds.len())];
        let bytes = MUTATION.of(seeds[random.below(seeds.len())].as_bytes(), &mut random);
        let text = String::from_utf8_lossy(&bytes);
        let start = Instant::now();
        check(&text);
        slowest = slowest.max(start.elapsed());
        cases += 1;
    }
    println!("{cases} mutations, the slowest took {slowest:.2?}");
    assert!(cases > 0 && slowest < Duration::from_secs(1), "{slowest:?}");
}

#[test]
fn fuzzed_long_texts_are_refused_or_read_at_once() {
    let start = Instant::now();
    for piece in ["a", "/", "%41", "@", "?a=b", "&k=v", "#x", ":", "\\", "*", "~", "%02", "é"] {
        check_purl(&format!("pkg:npm/{}", piece.repeat(100_000)));
        check_purl(&format!("pkg:npm/{}", piece.repeat(2_000)));
        check_cpe(&format!("cpe:2.3:a:{}", piece.repeat(2_000)));
        check_cpe(&format!("cpe:/a:{}", piece.repeat(1_300)));
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
