//! A nation of products for measuring: bills put together from real ones, kept on disk, advisories pushed to it, all of it judged anew.
//! `watch_nation build FOLDER PRODUCTS COMPONENTS`, then `watch_nation push|judge FOLDER [ADVISORIES]`; each prints one line of JSON.
//! Corpora are found by SHIRUBE_SHARED. `cargo xtask bench cyber-watch` runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss, missing_docs)]

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bulk::map::{Mapped, swap};
use bulk::watch::{Announcer, Keeper, rejudged};
use cyber::advisory::{Advisory, csaf, nvd, osv};
use cyber::document::Limits;
use cyber::index::{Index, build};
use cyber::matching::device::worded;
use cyber::sbom;
use cyber::watch::{Alert, BaseWriter, Portfolio, Product, Watched, reach};
use serde_json::json;

/// How many builds of one release line are in use side by side: so many versions stand where one bill has one.
const LINES: u64 = 6;
const MAKERS: u64 = 700;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: usize| {
        arguments.get(at).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let folder = PathBuf::from(arguments.get(1).expect("a folder"));
    let told = match arguments[0].as_str() {
        "build" => nation(&folder, number(2, 100_000), number(3, 500)),
        "push" => push(&folder, number(2, usize::MAX)),
        "judge" => judge(&folder, number(2, usize::MAX)),
        other => panic!("{other}: build, push or judge"),
    };
    println!("{told}");
}

// The nation.

fn nation(folder: &Path, products: usize, components: usize) -> serde_json::Value {
    let started = Instant::now();
    let bills = bills();
    let mut writer = BaseWriter::new();
    let mut random = Random(0x5EED);
    let mut lines: HashMap<(u32, u64), u32> = HashMap::new();
    let mut dictionary: Vec<Watched> = Vec::new();
    let mut known: HashMap<Watched, u32> = HashMap::new();
    let bills: Vec<Vec<u32>> = bills
        .into_iter()
        .map(|bill| {
            let place = |watched: Watched| {
                *known.entry(watched.clone()).or_insert_with(|| {
                    dictionary.push(watched);
                    u32::try_from(dictionary.len() - 1).unwrap()
                })
            };
            bill.into_iter().map(place).collect()
        })
        .collect();
    let devices = devices();
    let mut occurrences = 0;
    for number in 0..products {
        let mut held: HashSet<u32> = HashSet::new();
        let line = random.below(LINES);
        while held.len() < components {
            let bill = &bills[usize::try_from(random.below(bills.len() as u64)).unwrap()];
            for place in bill {
                // A component has another version in a release line or not; each component decides for itself.
                let own =
                    line * u64::from(!(u64::from(*place).wrapping_mul(0x9E37_79B9) ^ line).is_multiple_of(3));
                let component = *lines
                    .entry((*place, own))
                    .or_insert_with(|| writer.component(&of_line(&dictionary[*place as usize], own)));
                held.insert(component);
                if held.len() == components {
                    break;
                }
            }
        }
        occurrences += held.len();
        let maker = format!("製造販売業者{}", random.below(MAKERS));
        let (maker, name) = match (number / 3) % 3 {
            0 => {
                let (maker, name) = &devices[number / 9 % devices.len()];
                (maker.clone(), format!("{name} {}", number / 3))
            }
            _ => (maker, format!("機器{}", number / 3)),
        };
        writer.product(
            &Product::new(maker, name, format!("{}.{line}", number % 3)),
            held.into_iter().collect(),
        );
    }
    let bytes = writer.finish(1);
    std::fs::create_dir_all(folder).unwrap();
    let _ = std::fs::remove_file(folder.join("changes"));
    swap(&folder.join("occurrences"), &bytes).unwrap();
    json!({ "products": products, "occurrences": occurrences, "components": lines.values().collect::<HashSet<_>>().len(),
        "bytes": bytes.len(), "seconds": started.elapsed().as_secs_f64() })
}

/// The same component at the version of a release line: the last number of its version is raised.
fn of_line(watched: &Watched, line: u64) -> Watched {
    let mut other = watched.clone();
    if line == 0 {
        return other;
    }
    for purl in &mut other.purls {
        let Some(at) = purl.find('@') else { continue };
        let end = purl[at..].find(['?', '#']).map_or(purl.len(), |length| at + length);
        let digits = |byte: &u8| byte.is_ascii_digit();
        let Some(last) = purl.as_bytes()[at..end].iter().rposition(digits).map(|place| at + place + 1) else {
            continue;
        };
        let first = last - purl.as_bytes()[at..last].iter().rev().take_while(|byte| digits(byte)).count();
        if let Ok(value) = purl[first..last].parse::<u64>() {
            purl.replace_range(first..last, &(value.saturating_add(line)).to_string());
        }
    }
    other
}

/// Makers and products as advisories name them in words: a third of the nation's devices bear such a name, each with a number of its own.
fn devices() -> Vec<(String, String)> {
    let advisories = medical();
    let named = advisories.iter().flat_map(|one| &one.affected).flat_map(worded);
    let devices: BTreeSet<(&str, &str)> = named.collect();
    devices.into_iter().map(|(maker, product)| (maker.to_owned(), product.to_owned())).collect()
}

fn bills() -> Vec<Vec<Watched>> {
    let bills = corpus("spdx-portfolio-260.tar.gz").into_iter().filter_map(|(_, bytes)| {
        let components = sbom::components(&bytes, &Limits::default()).ok()?;
        let bill: Vec<Watched> = components.iter().map(Watched::from).collect();
        (!bill.is_empty()).then_some(bill)
    });
    bills.collect()
}

// Measuring.

struct Everybody(u64);

impl Announcer for Everybody {
    fn announce(&mut self, alert: &Alert, _: &Portfolio<Mapped>) -> bool {
        self.0 += alert.affected.len() as u64;
        true
    }
}

fn push(folder: &Path, most: usize) -> serde_json::Value {
    let opened = Instant::now();
    let mut keeper = Keeper::open(folder).unwrap();
    let opened = opened.elapsed().as_secs_f64() * 1e3;
    let mut advisories = advisories();
    advisories.truncate(most);
    let mut found: Vec<(f64, usize, &str)> = Vec::new();
    let (mut suggesting, mut suggested) = (Vec::new(), 0);
    for advisory in &advisories {
        let started = Instant::now();
        let reach = reach(keeper.portfolio(), advisory);
        let ms = started.elapsed().as_secs_f64() * 1e3;
        found.push((ms, reach.affected.len() + reach.undetermined.len(), &advisory.id));
        suggested += reach.suggested.len();
        if advisory.affected.iter().flat_map(worded).next().is_some() {
            suggesting.push(ms);
        }
    }
    let mut everybody = Everybody(0);
    let mut durable: Vec<f64> = Vec::new();
    for advisory in advisories.iter().step_by(7) {
        let started = Instant::now();
        let pushed = keeper.push(None, advisory, "2026-11-28T00:00:00Z", &mut [&mut everybody]).unwrap();
        if pushed.alert.is_some() {
            durable.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    let reaching = found.iter().filter(|(_, products, _)| *products > 0).count();
    let times = |of: &mut Vec<f64>| {
        of.sort_by(f64::total_cmp);
        let at = |share: usize| of.get(of.len().saturating_sub(1) * share / 100).copied();
        json!({ "p50": at(50), "p99": at(99), "worst": at(100), "of": of.len() })
    };
    let mut all: Vec<f64> = found.iter().map(|(ms, _, _)| *ms).collect();
    let mut those_that_reach: Vec<f64> = found.iter().filter(|one| one.1 > 0).map(|one| one.0).collect();
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    let worst: Vec<_> = found
        .iter()
        .take(5)
        .map(|(ms, products, id)| json!({ "advisory": id, "ms": ms, "products": products }))
        .collect();
    json!({ "opened_ms": opened, "advisories": found.len(), "reaching": reaching, "push_ms": times(&mut all),
        "push_reaching_ms": times(&mut those_that_reach), "push_worded_ms": times(&mut suggesting), "suggested": suggested,
        "durable_ms": times(&mut durable), "told": everybody.0, "worst": worst })
}

fn judge(folder: &Path, most: usize) -> serde_json::Value {
    let advisories: Vec<_> = advisories().into_iter().take(most).collect();
    let bytes = build(advisories).unwrap();
    let index = Index::open(&bytes).unwrap();
    let before = peak_mb();
    let keeper = Keeper::open(folder).unwrap();
    let started = Instant::now();
    let judged = rejudged(keeper.portfolio(), &index).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    let findings: u64 = judged
        .products
        .iter()
        .map(|counts| u64::from(counts.affected) + u64::from(counts.undetermined))
        .sum();
    let reached = judged.products.iter().filter(|counts| counts.affected > 0).count();
    json!({ "seconds": seconds, "peak_mb": peak_mb(), "peak_before_mb": before, "advisories": index.len(),
        "components": keeper.portfolio().places(), "products": judged.products.len(), "answers": judged.answers,
        "findings": findings, "products_reached": reached, "advisories_reaching": judged.advisories.len() })
}

/// The peak resident set of this process.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0 / 1e6)
}

// The corpora.

fn advisories() -> Vec<Advisory> {
    let mut advisories = Vec::new();
    for archive in ["osv-go.tar.gz", "osv-pypi.tar.gz", "osv-crates.tar.gz"] {
        for (name, bytes) in corpus(archive) {
            let read = if Path::new(&name).extension().is_some_and(|end| end == "yaml") {
                osv::read_yaml(&bytes)
            } else {
                osv::read_json(&bytes)
            };
            advisories.extend(read.map(|read| read.value));
        }
    }
    advisories.extend(medical());
    let file = std::fs::File::open(shared().join("nvd-configurations.ndjson.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    advisories.extend(text.lines().filter_map(|line| Some(nvd::read_json(line.as_bytes()).ok()?.value)));
    advisories
}

fn medical() -> Vec<Advisory> {
    let files = corpus("icsma-csaf-a.tar.gz").into_iter();
    files
        .filter_map(|(_, bytes)| Some(csaf::read(&serde_json::from_slice(&bytes).ok()?).ok()?.value))
        .collect()
}

fn shared() -> PathBuf {
    let shared = std::env::var_os("SHIRUBE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    shared.join("data/cyber")
}

fn corpus(archive: &str) -> Vec<(String, Vec<u8>)> {
    let path = shared().join(archive);
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut files = Vec::new();
    for entry in tar::Archive::new(flate2::read::GzDecoder::new(file)).entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            let name = entry.path().unwrap().to_string_lossy().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            files.push((name, content));
        }
    }
    files.sort();
    files
}

/// The same nation at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most.max(1)
    }
}
