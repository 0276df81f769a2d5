//! Key goal indicators: the path from baseline to target, and how far the observed values have come.
//! The documents print no path. One is computed only under an assumption that is named beside it, only when
//! asked for, and is never stored.

use base::{Names, Reported, Source, Year};
use register::{Link, RecordRef};
use serde::{Deserialize, Serialize};

use crate::view::{Kgi, Standing, View};

/// How a value is supposed to move from baseline to target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assumption {
    /// By the same amount each year.
    Linear,
    /// By the same rate each year.
    Compound,
}

impl Assumption {
    /// What must be shown beside every value that rests on it.
    pub fn names(self) -> Names {
        match self {
            Assumption::Linear => Names::of(
                "毎年同じ量だけ変わるとの仮定による試算（資料に途中の目標はない）",
                "computed on the assumption of equal steps each year; the documents print no interim target",
            ),
            Assumption::Compound => Names::of(
                "毎年同じ率で変わるとの仮定による試算（資料に途中の目標はない）",
                "computed on the assumption of an equal rate each year; the documents print no interim target",
            ),
        }
    }
}

/// A value expected for a year under an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Expected {
    /// The year.
    pub year: Year,
    /// The value, in the indicator's unit.
    pub value: f64,
}

/// The path from baseline to target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Path {
    /// What it rests on.
    pub assumption: Assumption,
    /// The same in words.
    pub rests_on: Names,
    /// One value a year, baseline and target included.
    pub expected: Vec<Expected>,
}

/// An observed value and how far it has come.
#[derive(Clone, Debug, Serialize)]
pub struct Observed {
    /// The year observed.
    pub year: Year,
    /// The value as printed.
    pub value: Reported<String>,
    /// It may still change.
    pub provisional: bool,
    /// Share of the way from baseline to target, in percent.
    pub attainment: Option<f64>,
    /// What the assumption expects for that year, where one was asked for.
    pub expected: Option<f64>,
    /// Another value observed for the same year, listed later, replaces this one.
    pub revised: bool,
    /// The record.
    pub record: RecordRef,
    /// Where it was said.
    pub sources: Vec<Source>,
}

/// Where an indicator stands.
#[derive(Clone, Debug, Serialize)]
pub struct KgiAnswer {
    /// The record.
    pub record: RecordRef,
    /// Its name.
    pub name: Names,
    /// The generation it belongs to, and how far that has come.
    pub generation: Option<(String, Standing)>,
    /// Its unit.
    pub unit: String,
    /// What exactly is counted.
    pub definition: Names,
    /// The document calls its values provisional.
    pub provisional: bool,
    /// Baseline as printed.
    pub baseline: Reported<String>,
    /// Its year.
    pub baseline_year: Option<Year>,
    /// Target as printed.
    pub target: Reported<String>,
    /// Its year.
    pub target_year: Option<Year>,
    /// The path under the assumption asked for.
    pub path: Option<Path>,
    /// Observed values, oldest first. Empty: nobody has reported any.
    pub observed: Vec<Observed>,
    /// What it measures, with beliefs; undecided links are candidates.
    pub measures: Vec<Link>,
    /// Where it was said.
    pub sources: Vec<Source>,
}

/// Where every indicator stands, under an assumption if one is asked for.
pub fn answers(view: &View, assumption: Option<Assumption>) -> Vec<KgiAnswer> {
    view.kgis.iter().map(|kgi| answer(view, kgi, assumption)).collect()
}

/// The path of an indicator under an assumption. `None` where baseline, target or their years are missing, or
/// where a rate would have to start from zero or change sign.
pub fn path(kgi: &Kgi, assumption: Assumption) -> Option<Path> {
    let (start, end) = (kgi.baseline_year?.western(), kgi.target_year?.western());
    let (baseline, target) = (number(&kgi.baseline)?, number(&kgi.target)?);
    let years = end.checked_sub(start).filter(|years| (1..=200).contains(years))?;
    if assumption == Assumption::Compound && baseline * target <= 0.0 {
        return None;
    }
    let expected = (0..=years).map(|year| {
        let share = f64::from(year) / f64::from(years);
        let value = match assumption {
            Assumption::Linear => baseline + (target - baseline) * share,
            Assumption::Compound => baseline * (target / baseline).powf(share),
        };
        Expected { year: Year::new(start + year), value }
    });
    Some(Path { assumption, rests_on: assumption.names(), expected: expected.collect() })
}

fn answer(view: &View, kgi: &Kgi, assumption: Option<Assumption>) -> KgiAnswer {
    let path = assumption.and_then(|assumption| path(kgi, assumption));
    let mine: Vec<_> = view.observations.iter().filter(|seen| seen.kgi == kgi.origin.record.record).collect();
    let observed = mine.iter().enumerate().map(|(index, seen)| Observed {
        year: seen.year,
        value: seen.value.clone(),
        provisional: seen.provisional,
        attainment: attainment(kgi, &seen.value),
        expected: path
            .as_ref()
            .and_then(|path| path.expected.iter().find(|step| step.year == seen.year))
            .map(|step| step.value),
        revised: mine.iter().skip(index + 1).any(|later| later.year == seen.year),
        record: seen.origin.record.clone(),
        sources: seen.origin.sources.clone(),
    });
    let generation = kgi.generation.as_ref().and_then(|id| view.generation(id.as_str()));
    KgiAnswer {
        record: kgi.origin.record.clone(),
        name: kgi.name.clone(),
        generation: generation.map(|generation| (generation.origin.id().to_owned(), generation.standing)),
        unit: kgi.unit.clone(),
        definition: kgi.definition.clone(),
        provisional: kgi.provisional,
        baseline: kgi.baseline.clone(),
        baseline_year: kgi.baseline_year,
        target: kgi.target.clone(),
        target_year: kgi.target_year,
        observed: observed.collect(),
        path,
        measures: kgi.links.clone(),
        sources: kgi.origin.sources.clone(),
    }
}

fn attainment(kgi: &Kgi, value: &Reported<String>) -> Option<f64> {
    let (baseline, target, value) = (number(&kgi.baseline)?, number(&kgi.target)?, number(value)?);
    let way = target - baseline;
    (way != 0.0).then(|| (value - baseline) / way * 100.0)
}

fn number(value: &Reported<String>) -> Option<f64> {
    value.value()?.replace(',', "").parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn close(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 0.001
    }

    #[test]
    fn the_path_is_computed_only_when_asked_for_and_names_its_assumption() {
        let view = sample::view();
        assert!(answers(&view, None).iter().all(|answer| answer.path.is_none()));
        let answers = answers(&view, Some(Assumption::Linear));
        let path = answers[0].path.as_ref().unwrap();
        assert_eq!(path.rests_on, Assumption::Linear.names());
        assert_eq!(path.expected.len(), 17, "2024 to 2040");
        assert!(close(path.expected[1].value, 11.125));
    }

    #[test]
    fn the_compound_path_meets_both_ends() {
        let view = sample::view();
        let path = path(&view.kgis[0], Assumption::Compound).unwrap();
        assert!(close(path.expected[0].value, 10.0) && close(path.expected[16].value, 28.0));
        assert!(close(path.expected[1].value / path.expected[0].value - 1.0, 0.0665));
    }

    #[test]
    fn no_data_is_no_value_and_not_zero() {
        let view = sample::view();
        assert!(answers(&view, Some(Assumption::Linear))[1].observed.is_empty());
    }

    #[test]
    fn attainment_is_measured_from_the_baseline() {
        let view = sample::view();
        let answer = &answers(&view, Some(Assumption::Linear))[0];
        assert!(close(answer.observed[0].attainment.unwrap(), 10.0), "11.8 of the way from 10 to 28");
        assert!(answer.observed[0].provisional);
    }

    #[test]
    fn a_rate_cannot_start_from_zero() {
        let mut kgi = sample::view().kgis[0].clone();
        kgi.baseline = Reported::Value("0".to_owned());
        assert_eq!(path(&kgi, Assumption::Compound), None);
        assert!(path(&kgi, Assumption::Linear).is_some());
    }
}
