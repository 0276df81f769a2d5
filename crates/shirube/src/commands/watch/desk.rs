//! A maker's portfolio in a folder: products with copies of their bills, findings and what became of them, checks of feeds, alerts, and the
//! history, which is only added to. `bulk::watch` keeps beside it which product holds what.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use bulk::map::swap;
use bulk::watch::{Keeper, WatchError};
use cyber::document::Limits;
use cyber::sbom;
use cyber::watch::feeds::Check;
use cyber::watch::triage::{Item, Progress, Step, Triage};
use cyber::watch::{Product, Watched};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::dossier::{Dossier, Settings};
use crate::commands::sbom::{bytes_of, unread};
use crate::failure::Failure;

/// A portfolio that is open.
pub(super) struct Desk {
    folder: PathBuf,
    pub keeper: Keeper,
    pub state: State,
    pub settings: Settings,
}

/// What is kept of a portfolio besides occurrences.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub products: Vec<Dossier>,
    pub findings: Vec<Finding>,
    pub checks: Vec<KeptCheck>,
    pub alerts: Vec<KeptAlert>,
    /// The day of the last check of the whole portfolio.
    pub checked: Option<Date>,
}

/// An advisory that concerned a product at a check.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Finding {
    pub maker: String,
    pub name: String,
    pub version: String,
    pub advisory: String,
    pub aliases: Vec<String>,
    pub components: Vec<String>,
    /// Affected; else undetermined.
    pub affected: bool,
    pub why: base::Names,
    pub summary: String,
    /// The highest score in tenths, where one is known.
    pub score: Option<u8>,
    pub found: Date,
    /// The day it was found to concern the product no longer.
    pub cleared: Option<Date>,
    pub steps: Vec<KeptStep>,
    pub evaluation: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptStep {
    pub to: String,
    pub by: String,
    pub on: Date,
    pub reason: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptCheck {
    pub feed: String,
    pub on: Date,
    pub items: u64,
    pub hash: Option<String>,
    pub by: String,
}

/// One line of the feed of alerts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptAlert {
    pub at: String,
    pub product: String,
    pub advisory: String,
    /// `affected`, `undetermined` or `cleared`.
    pub what: String,
    pub summary: String,
}

/// One entry of the history.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Happened {
    pub on: Date,
    pub by: String,
    pub what: String,
    pub reason: String,
    pub before: Option<Dossier>,
    pub after: Option<Dossier>,
}

/// Who acts, and on which day.
pub(super) struct Acting<'a> {
    pub by: &'a str,
    pub on: Date,
}

impl Desk {
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let keeper = Keeper::open(folder).map_err(said)?;
        let file = folder.join("watch.json");
        let state = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| broken(&file, &error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(Failure::file(&file, error)),
        };
        let settings = Settings::read(&folder.join("settings.toml"))?;
        Ok(Self { folder: folder.to_owned(), keeper, state, settings })
    }

    /// Writes the state whole or not at all.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let file = self.folder.join("watch.json");
        let bytes = serde_json::to_vec_pretty(&self.state).map_err(|error| broken(&file, &error))?;
        swap(&file, &bytes).map_err(|error| Failure::file(&file, error))
    }

    /// A product comes in, or its description and bills are other ones. Bills are read before anything is kept.
    pub(super) fn put(
        &mut self,
        mut dossier: Dossier,
        what: &str,
        reason: &str,
        acting: &Acting<'_>,
    ) -> Result<(), Failure> {
        let mut components = Vec::new();
        let mut copies = Vec::new();
        for bill in &dossier.bills {
            let bytes = bytes_of(bill)?;
            components.extend(watched(bill, &bytes)?);
            copies.push(self.copy(bill, &bytes)?);
        }
        dossier.bills = copies;
        let product = dossier.product();
        let before = self.state.products.iter().position(|known| known.product() == product);
        let before = before.map(|at| self.state.products.remove(at));
        self.note(&Happened {
            on: acting.on,
            by: acting.by.to_owned(),
            what: what.to_owned(),
            reason: reason.to_owned(),
            before,
            after: Some(dossier.clone()),
        })?;
        self.keeper.set(product, components).map_err(said)?;
        self.state.products.push(dossier);
        self.state.products.sort_by_key(Dossier::product);
        self.save()
    }

    /// A product as it was, with the copies of its bills.
    pub(super) fn put_back(
        &mut self,
        mut before: Dossier,
        reason: &str,
        acting: &Acting<'_>,
    ) -> Result<(), Failure> {
        for bill in &mut before.bills {
            *bill = self.folder.join(&*bill);
        }
        self.put(before, "undo", reason, acting)
    }

    /// A product leaves; its findings stay for the case that it comes again.
    pub(super) fn take_out(
        &mut self,
        product: &Product,
        what: &str,
        reason: &str,
        acting: &Acting<'_>,
    ) -> Result<(), Failure> {
        let Some(at) = self.state.products.iter().position(|known| known.product() == *product) else {
            return Ok(());
        };
        let before = self.state.products.remove(at);
        self.note(&Happened {
            on: acting.on,
            by: acting.by.to_owned(),
            what: what.to_owned(),
            reason: reason.to_owned(),
            before: Some(before),
            after: None,
        })?;
        self.keeper.remove(product).map_err(said)?;
        self.save()
    }

    /// The product a person names: by name, by `name@version`, or by `maker/name@version`.
    pub(super) fn product(&self, named: &str) -> Result<&Dossier, Failure> {
        let found: Vec<&Dossier> = self.state.products.iter().filter(|one| is_named(one, named)).collect();
        match found[..] {
            [one] => Ok(one),
            [] => Err(Failure::said(
                format!("{named} という製品は監視していません（shirube cyber watch list で一覧）"),
                format!("{named} is not among the products watched; `shirube cyber watch list` shows them"),
            )),
            _ => Err(Failure::said(
                format!("{named} に当てはまる製品が{}件あります。製品名@版 で指定してください", found.len()),
                format!("{named} names {} products; write name@version", found.len()),
            )),
        }
    }

    pub(super) fn history(&self) -> Result<Vec<Happened>, Failure> {
        let file = self.folder.join("history.jsonl");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::file(&file, error)),
        };
        text.lines().map(|line| serde_json::from_str(line).map_err(|error| broken(&file, &error))).collect()
    }

    pub(super) fn checks(&self) -> Vec<Check> {
        let check = |kept: &KeptCheck| Check {
            feed: kept.feed.clone(),
            on: kept.on,
            items: kept.items,
            hash: kept.hash.clone(),
            by: kept.by.clone(),
        };
        self.state.checks.iter().map(check).collect()
    }

    /// A bill is kept under the hash of what it says, so that an earlier one can come back.
    fn copy(&self, bill: &Path, bytes: &[u8]) -> Result<PathBuf, Failure> {
        let folder = self.folder.join("bills");
        std::fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, error))?;
        let end = bill.extension().map(|end| format!(".{}", end.display())).unwrap_or_default();
        let name = format!("{}{end}", hash(bytes));
        let file = folder.join(&name);
        if !file.exists() {
            swap(&file, bytes).map_err(|error| Failure::file(&file, error))?;
        }
        Ok(Path::new("bills").join(name))
    }

    fn note(&self, happened: &Happened) -> Result<(), Failure> {
        let file = self.folder.join("history.jsonl");
        let mut line = serde_json::to_vec(happened).map_err(|error| broken(&file, &error))?;
        line.push(b'\n');
        let opened = std::fs::File::options().create(true).append(true).open(&file);
        opened
            .and_then(|mut opened| opened.write_all(&line).and_then(|()| opened.sync_data()))
            .map_err(|error| Failure::file(&file, error))
    }
}

impl Finding {
    pub(super) fn is_of(&self, product: &Product) -> bool {
        self.maker == product.maker && self.name == product.name && self.version == product.version
    }

    /// Whether an id is its advisory's, or one that the advisory shares.
    pub(super) fn is_called(&self, id: &str) -> bool {
        self.advisory == id || self.aliases.iter().any(|alias| alias == id)
    }

    pub(super) fn triage(&self) -> Triage {
        let step = |kept: &KeptStep| {
            let to = Progress::ALL.into_iter().find(|one| one.key() == kept.to)?;
            Some(Step { to, by: kept.by.clone(), on: kept.on, reason: kept.reason.clone() })
        };
        let item = |(key, text): &(String, String)| {
            Some((Item::ALL.into_iter().find(|item| item.key() == key)?, text.clone()))
        };
        Triage {
            steps: self.steps.iter().filter_map(step).collect(),
            evaluation: self.evaluation.iter().filter_map(item).collect(),
        }
    }
}

/// The components of a bill. Files within packages are none: nothing can be looked up for them.
fn watched(bill: &Path, bytes: &[u8]) -> Result<Vec<Watched>, Failure> {
    let limits = Limits::default();
    if let Ok(components) = sbom::components(bytes, &limits) {
        return Ok(components.iter().filter(|one| !one.is_mere_file()).map(Watched::from).collect());
    }
    let reading = sbom::read(bytes, &limits).map_err(|error| unread(bill, &error))?;
    Ok(reading.sbom.components.iter().filter(|one| !one.is_mere_file()).map(Watched::from).collect())
}

/// SHA-256 in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn said(error: WatchError) -> Failure {
    let text = error.to_string();
    match error {
        WatchError::Busy(path) => Failure::said(
            format!("{}：ほかのプログラムがこのポートフォリオを使っています", path.display()),
            text,
        ),
        WatchError::File { path, source } => Failure::file(path, source),
        _ => Failure::said(format!("監視の記録が使えません（{text}）"), text),
    }
}

pub(super) fn is_named(dossier: &Dossier, named: &str) -> bool {
    let short = format!("{}@{}", dossier.name, dossier.version);
    dossier.name == named || short == named || format!("{}/{short}", dossier.maker) == named
}

fn broken(file: &Path, error: &serde_json::Error) -> Failure {
    let file = file.display();
    Failure::said(format!("{file}：壊れています（{error}）"), format!("{file}: damaged: {error}"))
}
