//! Products against the shipped rules, with verdicts worked out by hand: what is met, what is not, what nobody has shown, what does not
//! apply and why. Each product differs from a sound one in one thing. Bills and findings are judged in `premarket_evidence`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod product;

use Verdict::{Met, NotApplicable, NotMet, NotShown};
use cyber::premarket::{Ask, Fact, Outside, Unread, Verdict};
use jiff::civil::date;
use product::{Asked, document, rules, sound, transition};

#[test]
fn every_rule_has_a_source_with_an_address_and_is_told_in_two_languages() {
    let rules = rules();
    assert_eq!(rules.len(), 61);
    for rule in &rules {
        for names in [&rule.name, &rule.asks] {
            assert!(!names.ja.is_empty() && !names.en.is_empty(), "{}", rule.id);
        }
        let source = &rule.sources[0];
        let of_the_plan = source.document == "004" && source.place.lines.is_some();
        assert!(of_the_plan || source.url.is_some() && source.place.cell.is_some(), "{}", rule.id);
        assert_eq!(rule.ask == Ask::Nothing, rule.id == "H08-CONFIRM", "{}", rule.id);
    }
    let mut ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules.len());
}

#[test]
fn a_product_of_which_everything_is_shown_leaves_nothing_open() {
    let product = sound();
    Asked::product(&product).judged(|answer| {
        let open: Vec<_> = answer.open().map(|one| (&one.rule.id, one.verdict, &one.lacking)).collect();
        assert!(open.is_empty(), "{open:#?}");
        assert!(answer.is_complete());
        let outside: Vec<&str> = answer
            .judged
            .iter()
            .filter(|one| one.verdict == NotApplicable)
            .map(|one| one.rule.id.as_str())
            .collect();
        assert_eq!(
            outside,
            [
                "H08-CONFIRM",
                "0523-F1",
                "0523-F2",
                "0523-F3",
                "0523-F4",
                "CVSS-RUBRIC-COMPLETE",
                "TPLC-STATE-DOCS-EOL",
                "TPLC-STATE-DOCS-EOS",
                "EOS-CHANGE-TOLD",
                "LEGACY-CONTROL",
            ]
        );
    });
}

/// What differs from the sound product, the rule it touches, and the verdict.
#[test]
fn each_statement_of_the_product_decides_the_rules_that_ask_for_it() {
    let sound = sound();
    let change = |from: &str, to: &str| {
        let text = sound.replacen(from, to, 1);
        assert_ne!(text, sound, "{from}");
        text
    };
    let without = |kind: &str| change(&document(kind, "2026-01-01"), "");
    let legacy = change("legacy_design = false", "legacy_design = true");
    let not_developed = legacy.replace("item = \"T2\"\nsummary = \"done\"", "item = \"T2\"");
    for (case, product, expected) in [
        (
            "connected unknown, no attack foreseen",
            change("connected = true", "connected = \"unknown\""),
            vec![
                ("JP12-APPL", NotShown),
                ("JP12-R1", NotShown),
                ("0523-T1", NotShown),
                ("TPLC-STATE", NotShown),
            ],
        ),
        (
            "not connected and no attack foreseen",
            change("connected = true", "connected = false"),
            vec![
                ("JP12-APPL", Met),
                ("JP12-R1", NotApplicable),
                ("0523-T6", NotApplicable),
                ("SBOM-SUP", NotApplicable),
            ],
        ),
        (
            "not connected, whether attacks are foreseen is unknown",
            change("connected = true\nattack_foreseen = false", "connected = false"),
            vec![("JP12-R1", NotShown)],
        ),
        (
            "no program",
            change("software = true", "software = false"),
            vec![("JP12-APPL", Met), ("JP12-R3", NotApplicable), ("FDA-524B-B1", NotApplicable)],
        ),
        (
            "a day before the principle",
            change("date = \"2026-11-01\"", "date = \"2023-03-31\""),
            vec![("JP12-R1", NotApplicable), ("0523-T1", NotApplicable)],
        ),
        (
            "the last day of the transition",
            change("date = \"2026-11-01\"", "date = \"2024-03-31\""),
            vec![("JP12-R1", NotApplicable), ("0523-T1", Met)],
        ),
        (
            "the first day that binds",
            change("date = \"2026-11-01\"", "date = \"2024-04-01\""),
            vec![("JP12-R1", Met)],
        ),
        (
            "a row is missing",
            change("item = \"R2\"\nsummary = \"done\"", "item = \"R1\"\nsummary = \"done\""),
            vec![("JP12-R1", Met), ("JP12-R2", NotShown)],
        ),
        (
            "a row without a number",
            change("number = \"D-T3\"", "number = \" \""),
            vec![("0523-T3", NotShown)],
        ),
        (
            "a row stated as not done",
            change("number = \"D-T3\"", "number = \"D-T3\"\ndone = false"),
            vec![("0523-T3", NotMet), ("0523-T4", Met)],
        ),
        ("a document is missing", without("security-test"), vec![("DOC-C", NotShown), ("DOC-B", Met)]),
        (
            "a document without a version",
            change("id = \"DOC-security-test\"\nversion = \"1\"", "id = \"DOC-security-test\""),
            vec![("DOC-C", NotShown)],
        ),
        (
            "a document of the future",
            change(&document("security-test", "2026-01-01"), &document("security-test", "2026-11-02")),
            vec![("DOC-C", NotMet)],
        ),
        (
            "one of the documents at release is missing",
            without("upgrade-options"),
            vec![("TPLC-STATE-DOCS-RELEASE", NotShown)],
        ),
        (
            "a legacy design without annex F",
            legacy.clone(),
            vec![("0523-F1", NotShown), ("0523-F3", NotShown), ("0523-F4", NotShown), ("0523-T2", Met)],
        ),
        (
            "a legacy design with annex F",
            legacy.clone() + &transition("2.1"),
            vec![("0523-F1", Met), ("0523-F2", Met), ("0523-F3", Met), ("0523-F4", Met)],
        ),
        (
            "a legacy design whose rationale names another version",
            legacy + &transition("2.0"),
            vec![("0523-F3", NotMet), ("0523-F1", Met)],
        ),
        (
            "annex F stands for the development that an older design has no row of",
            not_developed.clone() + &transition("2.1"),
            vec![("0523-T2", Met), ("0523-T1", Met)],
        ),
        (
            "an incomplete annex F does not",
            not_developed + &document("gap-analysis", "2026-01-01"),
            vec![("0523-T2", NotShown)],
        ),
        (
            "annex F does not stand for anything where the design is not older",
            change("item = \"T2\"\nsummary = \"done\"", "item = \"T2\"") + &transition("2.1"),
            vec![("0523-T2", NotShown)],
        ),
        (
            "EOS told the day of EOL",
            change("eos_told = \"2025-04-01\"", "eos_told = \"2026-04-01\"")
                .replace("eol = \"2031-04-01\"", "eol = \"2026-04-01\""),
            vec![("EOS-TOLD-BY-EOL", Met), ("TPLC-STATE", NotMet)],
        ),
        (
            "EOS told a day after EOL",
            change("eos_told = \"2025-04-01\"", "eos_told = \"2026-04-02\"")
                .replace("eol = \"2031-04-01\"", "eol = \"2026-04-01\""),
            vec![("EOS-TOLD-BY-EOL", NotMet)],
        ),
        (
            "nobody says when EOS was told",
            change("eos_told = \"2025-04-01\"\n", ""),
            vec![("EOS-TOLD-BY-EOL", NotShown)],
        ),
        (
            "EOS is to be told later",
            change("eos_told = \"2025-04-01\"", "eos_told = \"2027-04-01\""),
            vec![("EOS-TOLD-BY-EOL", NotShown)],
        ),
        (
            "EOS was changed and told again",
            change("eos_changed = false", "eos_changed = true")
                .replace("[mds2]", "eos_changed = \"2026-02-01\"\neos_told_again = \"2026-02-01\"\n[mds2]"),
            vec![("EOS-CHANGE-TOLD", Met)],
        ),
        (
            "EOS was changed after it was told again",
            change("eos_changed = false", "eos_changed = true")
                .replace("[mds2]", "eos_changed = \"2026-02-02\"\neos_told_again = \"2026-02-01\"\n[mds2]"),
            vec![("EOS-CHANGE-TOLD", NotMet)],
        ),
        (
            "whether EOS was changed is unknown",
            change("eos_changed = false\n", ""),
            vec![("EOS-CHANGE-TOLD", NotShown)],
        ),
        (
            "no state",
            change("state = \"supported\"\n", ""),
            vec![
                ("TPLC-STATE", NotShown),
                ("TPLC-STATE-DOCS-RELEASE", NotShown),
                ("TPLC-STATE-DOCS-EOL", NotShown),
            ],
        ),
        (
            "EOL has passed and the state is still supported",
            change("eol = \"2031-04-01\"", "eol = \"2026-10-31\""),
            vec![("TPLC-STATE", NotMet)],
        ),
        (
            "limited support",
            change("state = \"supported\"", "state = \"limited\"")
                .replace("eol = \"2031-04-01\"", "eol = \"2026-10-31\""),
            vec![("TPLC-STATE", Met), ("TPLC-STATE-DOCS-EOL", Met), ("TPLC-STATE-DOCS-EOS", NotApplicable)],
        ),
        (
            "in development",
            change("state = \"supported\"", "state = \"development\"")
                .replace("released = \"2025-04-01\"", "released = \"2027-04-01\""),
            vec![
                ("TPLC-STATE", Met),
                ("TPLC-STATE-DOCS-RELEASE", NotApplicable),
                ("EOS-TOLD-BY-EOL", NotApplicable),
            ],
        ),
        (
            "EOL after EOS",
            change("eos = \"2033-04-01\"", "eos = \"2030-04-01\""),
            vec![("TPLC-STATE", NotMet)],
        ),
        (
            "whether it can be protected is unknown",
            change("protectable = true", "protectable = \"unknown\""),
            vec![("LEGACY-CONTROL", NotShown)],
        ),
        (
            "not protectable and nothing done",
            change("protectable = true", "protectable = false"),
            vec![("LEGACY-CONTROL", NotShown)],
        ),
        (
            "not protectable, a control without specification",
            change("protectable = true", "protectable = false")
                + "[[control]]\nname = \"firewall\"\ncustomer_document = \"Manual\"\n",
            vec![("LEGACY-CONTROL", NotShown)],
        ),
        (
            "not protectable, with a control",
            change("protectable = true", "protectable = false")
                + "[[control]]\nname = \"firewall\"\nspecification = \"deny all\"\ncustomer_document = \"Manual\"\n",
            vec![("LEGACY-CONTROL", Met)],
        ),
        (
            "the MDS2 says there is no bill",
            change("sbom = true", "sbom = false"),
            vec![("MDS2-SBOM-CONSISTENT", NotMet)],
        ),
        (
            "what the MDS2 says is unknown",
            change("sbom = true", "sbom = \"unknown\""),
            vec![("MDS2-SBOM-CONSISTENT", NotShown)],
        ),
        (
            "not exported",
            change("exports_to_us = true", "exports_to_us = false"),
            vec![
                ("FDA-524B-B1", NotApplicable),
                ("FDA-SBOM-EOS", NotApplicable),
                ("SBOM-HASH", NotApplicable),
            ],
        ),
        (
            "whether it is exported is unknown",
            change("exports_to_us = true\n", ""),
            vec![("FDA-524B-B1", NotShown), ("SBOM-LIC", NotShown)],
        ),
        (
            "no regular updates",
            without("update-process"),
            vec![("FDA-524B-B2A", NotShown), ("FDA-524B-B2B", Met), ("FDA-524B-B1", Met)],
        ),
        (
            "no asset list, no risk assessment, no other answers",
            without("component-assets")
                .replace(&document("vulnerability-risk-assessment", "2026-01-01"), "")
                .replace(&document("fda-other", "2026-01-01"), ""),
            vec![("FDA-SBOM-ASSET", NotShown), ("FDA-SBOM-RISK", NotShown), ("FDA-524B-B4", NotShown)],
        ),
        (
            "no procedures for after the market",
            without("feed-record")
                .replace(&document("inform-hospitals", "2026-01-01"), "")
                .replace(&document("coordination-procedure", "2026-01-01"), "")
                .replace(&document("vulnerability-procedure", "2026-01-01"), ""),
            vec![
                ("POST-FEEDS", NotShown),
                ("POST-INFORM-HOSPITALS", NotShown),
                ("POST-CVE-REG", NotShown),
                ("POST-PROCEDURE", NotShown),
            ],
        ),
    ] {
        // Without any bill's help a test product states nothing of its state: `TPLC-STATE` rests on the facts too.
        let asked = Asked::product(&product);
        for (rule, verdict) in expected {
            assert_eq!(asked.verdict(rule), verdict, "{case}: {rule}: {:?}", asked.lacking(rule));
        }
    }
}

#[test]
fn what_does_not_apply_says_why() {
    let sound = sound();
    let unconnected = sound.replace("connected = true", "connected = false");
    Asked::product(&unconnected).one("JP12-R1", |one| {
        let facts = vec![(Fact::Connected, false), (Fact::AttackForeseen, false)];
        assert_eq!(one.outside, Some(Outside::Facts(facts)));
    });
    let early = |day: &str| sound.replace("date = \"2026-11-01\"", &format!("date = \"{day}\""));
    Asked::product(&early("2023-03-31")).one("JP12-R1", |one| {
        assert_eq!(one.outside, Some(Outside::NotYet(date(2023, 4, 1))));
    });
    Asked::product(&early("令和6年3月31日")).one("JP12-R1", |one| {
        assert_eq!(one.outside, Some(Outside::Transition(date(2024, 4, 1))));
    });
    Asked::product(&sound).one("H08-CONFIRM", |one| {
        assert_eq!((one.verdict, &one.outside), (NotApplicable, &Some(Outside::Proposal)));
    });
}

/// Days and addresses of rules that stand in a source which was read. Whatever else a rule says of either is named as not read.
#[test]
fn every_day_and_address_was_read_or_is_named_as_not_read() {
    const READ_DAYS: [(&str, Unread, &str); 5] = [
        ("mhlw-0331-8", Unread::Dated, "2023-03-31"),
        ("mhlw-0331-8", Unread::Applies, "2023-04-01"),
        ("mhlw-0523-1", Unread::Dated, "2023-05-23"),
        ("mhlw-0328-1", Unread::Dated, "2024-03-28"),
        ("fda-premarket-2026", Unread::Dated, "2026-02-03"),
    ];
    const READ_ADDRESSES: [&str; 4] = [
        "https://www.mhlw.go.jp/web/t_doc?dataId=00tc",
        "https://wic-net.com/material/document/",
        "https://kelseyqms.com/crosswalk/iec-81001",
        "https://cvss-rubric.deeparmor.com",
    ];
    for rule in rules() {
        let source = &rule.sources[0];
        let document = source.document.as_str();
        for (what, day) in [(Unread::Dated, rule.dated), (Unread::Applies, rule.applies_from)] {
            let Some(day) = day.map(|day| day.to_string()) else { continue };
            let is_read = READ_DAYS.contains(&(document, what, day.as_str()));
            assert_ne!(is_read, rule.unread.contains(&what), "{} {what:?} {day}", rule.id);
        }
        if let Some(url) = &source.url {
            let is_read = READ_ADDRESSES.iter().any(|read| url.starts_with(read));
            assert_ne!(is_read, rule.unread.contains(&Unread::Address), "{} {url}", rule.id);
        }
    }
}
