//! The file in which a maker describes a product to the watch, and what it means to the engine.

use std::path::{Path, PathBuf};

use cyber::watch::Product;
use cyber::watch::duty::{Duty, OwnClock};
use cyber::watch::feeds::{Feed, required};
use cyber::watch::life::{Dates, Milestone, Paper, Protection};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// A product file to begin with, every entry explained.
pub(super) const TEMPLATE: &str = include_str!("template.toml");

/// A product as its maker describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Dossier {
    pub maker: String,
    pub name: String,
    #[serde(default)]
    pub version: String,
    /// Bills: in the maker's file beside it, in the portfolio among its copies.
    #[serde(default)]
    pub bills: Vec<PathBuf>,
    #[serde(default)]
    pub users: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_support: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_support_told: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protection: Option<Protected>,
    /// The compensating control, with its specification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// Where in the customer's documents it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_told_in: Option<String>,
    /// Documents given to customers: `release/sbom`, `eol/notice`.
    #[serde(default)]
    pub given: Vec<String>,
    /// Names of components that are the maker's own, whose vulnerabilities go to JPCERT/CC.
    #[serde(default)]
    pub own_components: Vec<String>,
}

/// A day, written with or without quotes in TOML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a day, such as 2026-11-28")]
pub(super) enum Day {
    Text(Date),
    Toml(toml::value::Datetime),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Protected {
    Reasonable,
    Compensating,
    Impossible,
}

/// What a maker sets for its whole portfolio: `settings.toml` in its folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    #[serde(default)]
    clock: Vec<SetClock>,
    #[serde(default)]
    feed: Vec<SetFeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetClock {
    duty: String,
    days: u32,
    basis: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFeed {
    id: String,
    #[serde(default)]
    name: Option<String>,
    rhythm: u32,
}

impl Dossier {
    /// One of which nothing but the product is known.
    pub(super) fn of(product: &Product) -> Self {
        let Product { maker, name, version } = product.clone();
        Self { maker, name, version, ..Self::default() }
    }

    pub(super) fn product(&self) -> Product {
        Product::new(&self.maker, &self.name, &self.version)
    }

    pub(super) fn dates(&self) -> Dates {
        let date = |day: &Option<Day>| day.as_ref().and_then(Day::date);
        Dates {
            released: date(&self.released),
            end_of_life: date(&self.end_of_life),
            end_of_support: date(&self.end_of_support),
            end_of_support_told: date(&self.end_of_support_told),
        }
    }

    pub(super) fn protection(&self) -> Protection {
        match self.protection {
            None => Protection::NotAssessed,
            Some(Protected::Reasonable) => Protection::Reasonable,
            Some(Protected::Impossible) => Protection::Impossible,
            Some(Protected::Compensating) => Protection::Compensating {
                control: self.control.clone().unwrap_or_default(),
                told_in: self.control_told_in.clone(),
            },
        }
    }

    pub(super) fn given(&self) -> Vec<(Milestone, Paper)> {
        self.given.iter().filter_map(|text| paper(text)).collect()
    }

    /// Reads a maker's file; its bills are named from where it lies.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(file).map_err(|error| Failure::file(file, error))?;
        let mut dossier: Self =
            toml::from_str(&text).map_err(|error| unreadable(file, &error.to_string()))?;
        if dossier.maker.trim().is_empty() || dossier.name.trim().is_empty() {
            return Err(unreadable(file, "maker and name must be filled in"));
        }
        if dossier.bills.is_empty() {
            return Err(unreadable(file, "bills names no SBOM: nothing could be watched"));
        }
        let beside = file.parent().unwrap_or(Path::new(""));
        for bill in &mut dossier.bills {
            *bill = beside.join(&*bill);
        }
        let days =
            [&dossier.released, &dossier.end_of_life, &dossier.end_of_support, &dossier.end_of_support_told];
        if days.into_iter().flatten().any(|day| day.date().is_none()) {
            return Err(unreadable(file, "a date is no day (2026-11-28)"));
        }
        if let Some(wrong) = dossier.given.iter().find(|text| paper(text).is_none()) {
            let all: Vec<String> = papers().map(|(name, _)| name).collect();
            return Err(unreadable(file, &format!("`{wrong}` is none of {}", all.join(", "))));
        }
        Ok(dossier)
    }
}

impl Day {
    fn date(&self) -> Option<Date> {
        match self {
            Day::Text(date) => Some(*date),
            Day::Toml(day) => {
                let date = day.date.filter(|_| day.time.is_none())?;
                let part = |number: u8| i8::try_from(number).ok();
                Date::new(i16::try_from(date.year).ok()?, part(date.month)?, part(date.day)?).ok()
            }
        }
    }
}

impl Settings {
    /// The settings in a portfolio's folder; none are none.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let settings: Self = match std::fs::read_to_string(file) {
            Ok(text) => toml::from_str(&text).map_err(|error| unreadable(file, &error.to_string()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(Failure::file(file, error)),
        };
        // A deadline of a misspelt duty would never run.
        match settings.clock.iter().find(|set| !Duty::KEYS.contains(&set.duty.as_str())) {
            Some(set) => {
                Err(unreadable(file, &format!("clock: duty = {:?} ({})", set.duty, Duty::KEYS.join(", "))))
            }
            None => Ok(settings),
        }
    }

    pub(super) fn clocks(&self) -> Vec<OwnClock> {
        let clock =
            |set: &SetClock| OwnClock { duty: set.duty.clone(), days: set.days, basis: set.basis.clone() };
        self.clock.iter().map(clock).collect()
    }

    /// The feeds that are asked for, and those the maker follows besides.
    pub(super) fn feeds(&self) -> Vec<Feed> {
        let mut feeds = required();
        for set in &self.feed {
            if let Some(known) = feeds.iter_mut().find(|feed| feed.id == set.id) {
                known.rhythm = Some(set.rhythm);
            } else {
                let name = set.name.clone().unwrap_or_else(|| set.id.clone());
                let names = base::Names::of(name.as_str(), name.as_str());
                feeds.push(Feed { id: set.id.clone(), names, rhythm: Some(set.rhythm), asked_by: None });
            }
        }
        feeds
    }
}

fn paper(text: &str) -> Option<(Milestone, Paper)> {
    papers().find(|(name, _)| name == text).map(|(_, paper)| paper)
}

fn papers() -> impl Iterator<Item = (String, (Milestone, Paper))> {
    let all =
        [("release", Milestone::Release), ("eol", Milestone::EndOfLife), ("eos", Milestone::EndOfSupport)];
    all.into_iter().flat_map(|(at, milestone)| {
        milestone.papers().iter().map(move |paper| (format!("{at}/{}", key(*paper)), (milestone, *paper)))
    })
}

fn key(paper: Paper) -> &'static str {
    match paper {
        Paper::Policy => "policy",
        Paper::LifePlan => "life-plan",
        Paper::UpgradeOptions => "upgrade-options",
        Paper::Instructions => "instructions",
        Paper::Bill => "sbom",
        Paper::Mds2 => "mds2",
        Paper::MaintenancePlan => "maintenance-plan",
        Paper::EndOfLifeNotice | Paper::EndOfSupportNotice => "notice",
        Paper::EndOfSupportPlan => "eos-plan",
    }
}

fn unreadable(file: &Path, why: &str) -> Failure {
    let file = file.display();
    Failure::said(format!("{file}：読めません（{why}）"), format!("{file}: {why}"))
}
