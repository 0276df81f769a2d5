//! A push finds exactly the products that a scan of every product, one by one, finds: on made-up portfolios through any sequence of
//! changes, and on real bills and advisories.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeMap;

use cyber::advisory::{Advisory, nvd, osv};
use cyber::document::Limits;
use cyber::index::{Index, build};
use cyber::matching::{Verdict, Wanted, scan};
use cyber::sbom;
use cyber::watch::{Base, Entry, Portfolio, Product, Reach, Watched, journal, nation, reach};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Affected,
    Undetermined,
}

/// What a scan of each product's bill says of one advisory, product by product.
fn one_by_one(bills: &BTreeMap<Product, Vec<Watched>>, advisory: &Advisory) -> BTreeMap<Product, State> {
    let bytes = build([advisory.clone()]).unwrap();
    let index = Index::open(&bytes).unwrap();
    let mut states = BTreeMap::new();
    for (product, bill) in bills {
        let outcome = scan(&index, bill.iter().map(Wanted::from)).unwrap();
        match outcome.counts() {
            (0, 0) => {}
            (0, _) => drop(states.insert(product.clone(), State::Undetermined)),
            _ => drop(states.insert(product.clone(), State::Affected)),
        }
    }
    states
}

fn pushed<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, reach: &Reach) -> BTreeMap<Product, State> {
    let named = |number: u32| portfolio.product(number).unwrap();
    let affected = reach.affected.iter().map(|number| (named(number), State::Affected));
    affected.chain(reach.undetermined.iter().map(|number| (named(number), State::Undetermined))).collect()
}

fn device(number: usize) -> Product {
    Product::new("maker", format!("device {number}"), "1")
}

// Made-up portfolios.

#[derive(Clone, Debug)]
enum Step {
    Set(usize, Vec<Watched>),
    Remove(usize),
    Compact,
    Push(String),
}

fn version() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["0.9", "1.0", "1.0.0", "1.5", "2.0rc1", "2.0", "2.1", "(devel)", "1.x"])
}

fn component() -> impl Strategy<Value = Watched> {
    let kind = prop::sample::select(vec![
        "pypi/a-b",
        "pypi/A_b",
        "pypi/c",
        "golang/x.org/y",
        "npm/a-b",
        "generic/a",
    ]);
    let purl = (kind, prop::option::weighted(0.9, version())).prop_map(|(path, version)| {
        format!("pkg:{path}{}", version.map(|v| format!("@{v}")).unwrap_or_default())
    });
    let second = prop::option::weighted(0.2, Just("pkg:pypi/c@1.5".to_owned()));
    let words = prop::bool::weighted(0.1);
    let packages = (purl, second, words).prop_map(|(purl, second, words)| {
        if words {
            return Watched { name: "boot".into(), version: Some("2".into()), ..Watched::default() };
        }
        Watched { purls: std::iter::once(purl).chain(second).collect(), ..Watched::default() }
    });
    prop_oneof![packages, product()]
}

fn whole(name: &str) -> String {
    format!("cpe:2.3:{name}{}", ":*".repeat(11 - name.split(':').count()))
}

/// A component by its CPE names: applications, systems, one that stands for several products, one of a distribution.
fn product() -> impl Strategy<Value = Watched> {
    let names = vec![
        "a:v:app:1.0",
        "a:v:app:1.5",
        "a:v:app:2.0",
        "a:v:app",
        "a:w:lib:1.0",
        "o:linux:linux_kernel:5.0",
        "o:microsoft:windows_10:-",
        "h:v:board:-",
        "a:v:*:1.0",
    ];
    let cpes = prop::collection::btree_set(prop::sample::select(names), 1..3);
    let purl =
        prop::option::weighted(0.3, prop::sample::select(vec!["pkg:deb/debian/app@1", "pkg:npm/app@1.5"]));
    (cpes, purl, prop::option::of(version())).prop_map(|(cpes, purl, version)| Watched {
        purls: purl.into_iter().map(str::to_owned).collect(),
        cpes: cpes.into_iter().map(whole).collect(),
        name: "app".into(),
        version: version.map(str::to_owned),
    })
}

/// A record with configurations: alternatives, what it runs on, what is meant not to be there.
fn configured() -> impl Strategy<Value = String> {
    let names = vec![
        ("a:v:app:*", Some("1.5")),
        ("a:v:app:1.0", None),
        ("a:v:app*:1.0", None),
        ("a:w:lib:1.0", None),
        ("o:linux:linux_kernel:*", None),
        ("o:microsoft:windows_10:*", None),
        ("h:v:board:-", None),
    ];
    let one =
        (prop::sample::select(names), prop::bool::weighted(0.7)).prop_map(|((name, before), vulnerable)| {
            let bound =
                before.map(|before| format!(r#", "versionEndExcluding": "{before}""#)).unwrap_or_default();
            format!(r#"{{"vulnerable": {vulnerable}, "criteria": "{}"{bound}}}"#, whole(name))
        });
    let joined = || prop::sample::select(vec!["OR", "OR", "AND"]);
    let node = (joined(), prop::bool::weighted(0.1), prop::collection::vec(one, 1..4)).prop_map(
        |(joined, negate, all)| {
            format!(r#"{{"operator": "{joined}", "negate": {negate}, "cpeMatch": [{}]}}"#, all.join(","))
        },
    );
    let configuration = (joined(), prop::bool::weighted(0.1), prop::collection::vec(node, 1..3)).prop_map(
        |(joined, negate, all)| {
            format!(r#"{{"operator": "{joined}", "negate": {negate}, "nodes": [{}]}}"#, all.join(","))
        },
    );
    prop::collection::vec(configuration, 1..3).prop_map(|all| {
        format!(r#"{{"id": "CVE-1", "lastModified": "m", "configurations": [{}]}}"#, all.join(","))
    })
}

fn read_any(text: &str) -> Advisory {
    let is_configured = text.contains("configurations");
    if is_configured {
        nvd::read_json(text.as_bytes()).unwrap().value
    } else {
        osv::read_json(text.as_bytes()).unwrap().value
    }
}

fn advisory() -> impl Strategy<Value = String> {
    let package =
        prop::sample::select(vec![("PyPI", "a.b"), ("PyPI", "c"), ("Go", "x.org/y"), ("npm", "a-b")]);
    let affected = (package, version(), version(), prop::bool::ANY).prop_map(|((ecosystem, name), from, to, last)| {
        let end = if last { "last_affected" } else { "fixed" };
        format!(
            r#"{{"package": {{"ecosystem": "{ecosystem}", "name": "{name}"}}, "versions": ["1.x"],
                "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "{from}"}}, {{"{end}": "{to}"}}]}}]}}"#
        )
    });
    (prop::collection::vec(affected, 1..4), prop::bool::weighted(0.15)).prop_map(|(affected, withdrawn)| {
        let withdrawn = if withdrawn { r#""withdrawn": "2026-01-01T00:00:00Z","# } else { "" };
        format!(r#"{{"id": "T-1", "modified": "m", {withdrawn} "affected": [{}]}}"#, affected.join(","))
    })
}

fn step() -> impl Strategy<Value = Step> {
    let product = 0..5_usize;
    prop_oneof![
        4 => (product.clone(), prop::collection::vec(component(), 0..6)).prop_map(|(at, bill)| Step::Set(at, bill)),
        1 => product.prop_map(Step::Remove),
        1 => Just(Step::Compact),
        3 => advisory().prop_map(Step::Push),
        5 => configured().prop_map(Step::Push),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Products come, change and leave, the files are rewritten, the advisory changes and is withdrawn: every push tells what scanning
    /// each product tells, and each change is the difference of two such scans.
    #[test]
    fn a_push_is_a_scan_of_every_product(steps in prop::collection::vec(step(), 1..40)) {
        let mut bills: BTreeMap<Product, Vec<Watched>> = BTreeMap::new();
        let mut portfolio = Portfolio::empty();
        let mut last: Option<Advisory> = None;
        let (mut file, mut written) = (None, journal::head(0));
        for step in steps {
            match step {
                Step::Set(at, bill) => {
                    let entry = portfolio.setting(device(at), bill.clone());
                    written.extend(journal::frame(std::slice::from_ref(&entry)).unwrap());
                    portfolio.apply(entry);
                    bills.insert(device(at), bill);
                }
                Step::Remove(at) => {
                    if let Some(number) = portfolio.number(&device(at)) {
                        written.extend(journal::frame(&[Entry::Gone { number }]).unwrap());
                        portfolio.apply(Entry::Gone { number });
                    }
                    bills.remove(&device(at));
                }
                Step::Compact => {
                    let bytes = portfolio.compacted(1);
                    portfolio = over(Some(&bytes));
                    (file, written) = (Some(bytes), journal::head(1));
                }
                Step::Push(text) => {
                    let advisory = read_any(&text);
                    let found = reach(&portfolio, &advisory);
                    let expected = one_by_one(&bills, &advisory);
                    prop_assert_eq!(pushed(&portfolio, &found), expected.clone());
                    if let Some(before) = &last {
                        changes(&portfolio, &bills, before, &advisory)?;
                    }
                    last = Some(advisory);
                }
            }
        }
        let known: BTreeMap<Product, usize> = portfolio.products().map(|(number, product)| (product, number as usize)).collect();
        prop_assert_eq!(known.keys().collect::<Vec<_>>(), bills.keys().collect::<Vec<_>>());
        let mut again = over(file.as_ref());
        journal::read(&written).unwrap().entries.into_iter().for_each(|entry| again.apply(entry));
        prop_assert_eq!(again.compacted(2), portfolio.compacted(2), "what was written down is read as it was");
    }
}

fn over(file: Option<&Vec<u8>>) -> Portfolio<Vec<u8>> {
    file.map_or_else(Portfolio::empty, |bytes| Portfolio::over(Base::open(bytes.clone()).unwrap()))
}

fn changes<B: AsRef<[u8]>>(
    portfolio: &Portfolio<B>,
    bills: &BTreeMap<Product, Vec<Watched>>,
    before: &Advisory,
    after: &Advisory,
) -> Result<(), TestCaseError> {
    let change = reach(portfolio, after).since(&reach(portfolio, before));
    let (then, now) = (one_by_one(bills, before), one_by_one(bills, after));
    for product in bills.keys() {
        let number = portfolio.number(product).unwrap();
        let (then, now) = (then.get(product), now.get(product));
        prop_assert_eq!(change.affected.contains(number), now != then && now == Some(&State::Affected));
        prop_assert_eq!(
            change.undetermined.contains(number),
            now != then && now == Some(&State::Undetermined)
        );
        prop_assert_eq!(change.cleared.contains(number), then.is_some() && now.is_none());
        prop_assert_eq!(change.still.contains(number), now.is_some() && now == then);
    }
    Ok(())
}

// Real bills and advisories.

#[test]
fn real_advisories_reach_the_real_bills_they_reach_one_by_one() {
    let (Some(bills), Some(advisories)) = (real_bills(), real_advisories()) else { return };
    let mut portfolio = Portfolio::empty();
    for (product, bill) in &bills {
        portfolio.apply(portfolio.setting(product.clone(), bill.clone()));
    }
    let portfolio = Portfolio::over(Base::open(portfolio.compacted(1)).unwrap());
    let mut reached = 0;
    for advisory in advisories.iter().step_by(29) {
        let found = pushed(&portfolio, &reach(&portfolio, advisory));
        assert_eq!(found, one_by_one(&bills, advisory), "{}", advisory.id);
        reached += found.len();
    }
    println!("{} bills, every 29th of {} advisories: {reached} pairs", bills.len(), advisories.len());
    assert!(reached > 0);
}

/// NVD names products by CPE, and the bills of some tools bear such names.
#[test]
fn real_configurations_reach_the_real_bills_they_reach_one_by_one() {
    let (Some(bills), Some(text)) = (real_bills(), common::lines_of("nvd-configurations.ndjson.gz")) else {
        return;
    };
    let mut portfolio = Portfolio::empty();
    for (product, bill) in &bills {
        portfolio.apply(portfolio.setting(product.clone(), bill.clone()));
    }
    let (mut reaching, mut silent) = (Vec::new(), Vec::new());
    for line in text.lines().step_by(3) {
        let advisory = nvd::read_json(line.as_bytes()).unwrap().value;
        let reached = reach(&portfolio, &advisory);
        let list = if reached.hits.is_empty() { &mut silent } else { &mut reaching };
        list.push((advisory, reached));
    }
    println!("{} of NVD's records reach a bill", reaching.len());
    let sample = |list: &[(Advisory, Reach)]| {
        list.iter().step_by((list.len() / 30).max(1)).cloned().collect::<Vec<_>>()
    };
    for (advisory, reached) in sample(&reaching).iter().chain(&sample(&silent)) {
        assert_eq!(pushed(&portfolio, reached), one_by_one(&bills, advisory), "{}", advisory.id);
    }
    assert!(reaching.len() > 30);
}

#[test]
fn the_nation_judged_anew_is_the_sum_of_its_scans() {
    let (Some(bills), Some(advisories)) = (real_bills(), real_advisories()) else { return };
    let bytes = build(advisories.iter().cloned()).unwrap();
    let index = Index::open(&bytes).unwrap();
    let mut portfolio = Portfolio::empty();
    for (product, bill) in &bills {
        portfolio.apply(portfolio.setting(product.clone(), bill.clone()));
    }
    let mut judged = nation::judge(&portfolio, 0..portfolio.places(), &index).unwrap();
    let mut counts = vec![nation::Counts::default(); portfolio.numbers()];
    nation::count(&portfolio, &judged, &mut counts);
    for (product, bill) in &bills {
        let number = portfolio.number(product).unwrap();
        // Components that are the same but for their CPE names are judged as one by a scan, so each is scanned alone here.
        let mut bill = bill.clone();
        bill.sort_unstable();
        bill.dedup();
        let mut expected = nation::Counts::default();
        for component in &bill {
            let outcome = scan(&index, [Wanted::from(component)]).unwrap();
            let mut answers: BTreeMap<&str, bool> = BTreeMap::new();
            for found in outcome.reached.iter().flat_map(|reached| &reached.findings) {
                *answers.entry(found.advisory.id).or_default() |=
                    matches!(found.verdict, Verdict::Affected(_));
            }
            expected.affected +=
                u32::try_from(answers.values().filter(|affected| **affected).count()).unwrap();
            expected.undetermined +=
                u32::try_from(answers.values().filter(|affected| !**affected).count()).unwrap();
            expected.unasked += u32::try_from(outcome.unasked.len()).unwrap();
        }
        assert_eq!(counts[number as usize], expected, "{product:?}");
    }
    judged.answers.sort_unstable();
    for spread in nation::spread(&portfolio, &judged.answers, &[]) {
        let reach = reach(&portfolio, &advisories[spread.advisory as usize]);
        let (affected, undetermined) = (reach.affected.len(), reach.undetermined.len());
        assert_eq!((spread.affected as usize, spread.undetermined as usize), (affected, undetermined));
    }
}

/// Every 8th bill of the portfolio as a product, named by its file.
fn real_bills() -> Option<BTreeMap<Product, Vec<Watched>>> {
    let mut bills = BTreeMap::new();
    for (file, bytes) in common::corpus("spdx-portfolio-260.tar.gz")?.into_iter().step_by(8) {
        let Ok(components) = sbom::components(&bytes, &Limits::default()) else { continue };
        bills.insert(Product::new("corpus", file, "1"), components.iter().map(Watched::from).collect());
    }
    Some(bills)
}

fn real_advisories() -> Option<Vec<Advisory>> {
    let mut advisories = Vec::new();
    for archive in ["osv-go.tar.gz", "osv-pypi.tar.gz", "osv-crates.tar.gz"] {
        for (name, text) in common::files_of(archive)? {
            let yaml = name.rsplit('.').next() == Some("yaml");
            let read = if yaml { osv::read_yaml(text.as_bytes()) } else { osv::read_json(text.as_bytes()) };
            advisories.push(read.unwrap().value);
        }
    }
    Some(advisories)
}
