//! The count of "excellent devices of domestic origin": approved as a new device or an improved one with
//! clinical data, AND covered by the insurance under category C, AND of domestic origin (definition ※3 of the
//! 3rd plan's draft). A missing field makes an answer open, never a no.

use base::{Names, Reported, Source, Year};
use register::RecordRef;
use serde::{Deserialize, Serialize};

use crate::view::{Approval, Device, Insurance, View};

/// Which year a device counts for. The documents do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountYear {
    /// The year of approval.
    Approval,
    /// The year of insurance coverage.
    Insurance,
}

impl CountYear {
    /// What must be shown beside every count that rests on it.
    pub fn names(self) -> Names {
        match self {
            CountYear::Approval => Names::of(
                "承認の年で数えた場合（資料に定めなし）",
                "counted by year of approval (the documents do not decide)",
            ),
            CountYear::Insurance => Names::of(
                "保険適用の年で数えた場合（資料に定めなし）",
                "counted by year of insurance coverage (the documents do not decide)",
            ),
        }
    }
}

/// An answer in three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// The records do not tell.
    Undetermined,
}

impl Answer {
    /// Kleene's *and*: one no decides, else one open question keeps it open.
    #[must_use]
    pub fn and(self, other: Answer) -> Answer {
        match (self, other) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Undetermined, _) | (_, Answer::Undetermined) => Answer::Undetermined,
            (Answer::Yes, Answer::Yes) => Answer::Yes,
        }
    }
}

/// One of the three criteria, answered for a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// The criterion.
    pub name: Names,
    /// The answer.
    pub answer: Answer,
    /// Why.
    pub why: Names,
}

/// A device and whether it counts.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceAnswer {
    /// The record.
    pub record: RecordRef,
    /// The device.
    pub name: String,
    /// The company.
    pub company: String,
    /// Whether it counts.
    pub counts: Answer,
    /// The criteria, in the order of the definition.
    pub criteria: Vec<Criterion>,
    /// Year of approval.
    pub approved_year: Reported<Year>,
    /// Year of insurance coverage.
    pub insured_year: Reported<Year>,
    /// Where it was said.
    pub sources: Vec<Source>,
}

/// The count of one year under one reading of the definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearCount {
    /// Which year was taken.
    pub by: CountYear,
    /// The year; unknown for devices without one.
    pub year: Reported<Year>,
    /// Devices that count.
    pub counted: usize,
    /// Devices that might.
    pub undetermined: usize,
}

/// The whole answer.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceCount {
    /// The rule in words.
    pub rule: Names,
    /// Every device with its reasons.
    pub devices: Vec<DeviceAnswer>,
    /// Counts by year, under both readings.
    pub years: Vec<YearCount>,
}

/// Counts the devices.
pub fn count(view: &View) -> DeviceCount {
    let devices: Vec<DeviceAnswer> = view.devices.iter().map(device).collect();
    let years =
        [CountYear::Approval, CountYear::Insurance].into_iter().flat_map(|by| years(&devices, by)).collect();
    let rule = Names::of(
        "「新医療機器」又は「改良医療機器（臨床あり）」として承認され、かつC区分で保険適用を受けた、国内発の医療機器",
        "approved as a new device or an improved device with clinical data, covered by the insurance under category C, and of domestic origin",
    );
    DeviceCount { rule, devices, years }
}

fn device(device: &Device) -> DeviceAnswer {
    let criteria = vec![approval(device), insurance(device), origin(device)];
    DeviceAnswer {
        record: device.origin.record.clone(),
        name: device.name.clone(),
        company: device.company.clone(),
        counts: criteria.iter().fold(Answer::Yes, |all, criterion| all.and(criterion.answer)),
        criteria,
        approved_year: device.approved_year,
        insured_year: device.insured_year,
        sources: device.origin.sources.clone(),
    }
}

fn approval(device: &Device) -> Criterion {
    let (answer, why) = match device.approval.value() {
        Some(Approval::New) => (Answer::Yes, Names::of("新医療機器として承認", "approved as a new device")),
        Some(Approval::ImprovedWithClinical) => (
            Answer::Yes,
            Names::of(
                "改良医療機器（臨床あり）として承認",
                "approved as an improved device with clinical data",
            ),
        ),
        Some(Approval::Other) => {
            (Answer::No, Names::of("ほかの区分で承認", "approved under another category"))
        }
        None => absent(&device.approval, "承認区分", "approval category"),
    };
    Criterion { name: Names::of("承認区分", "approval category"), answer, why }
}

fn insurance(device: &Device) -> Criterion {
    let (answer, why) = match (device.insurance.value(), device.insured.value()) {
        (Some(Insurance::C1), _) => (Answer::Yes, Names::of("C1で保険適用", "covered under C1")),
        (Some(Insurance::C2), _) => (Answer::Yes, Names::of("C2で保険適用", "covered under C2")),
        (Some(Insurance::Other), _) => {
            (Answer::No, Names::of("C区分でない保険適用", "covered under another category"))
        }
        (None, Some(false)) => (Answer::No, Names::of("保険適用なし", "not covered")),
        (None, Some(true)) => (
            Answer::Undetermined,
            Names::of("保険適用の記載はあるが区分の記載がない", "covered, but the category is not printed"),
        ),
        (None, None) => absent(&device.insurance, "保険適用の区分", "insurance category"),
    };
    Criterion {
        name: Names::of("C区分の保険適用", "insurance coverage under category C"), answer, why
    }
}

fn origin(device: &Device) -> Criterion {
    let (answer, why) = match device.domestic.value() {
        Some(true) => (Answer::Yes, Names::of("国内発", "of domestic origin")),
        Some(false) => (Answer::No, Names::of("国内発でない", "not of domestic origin")),
        None => absent(&device.domestic, "国内発か否か", "origin"),
    };
    Criterion { name: Names::of("国内発", "domestic origin"), answer, why }
}

/// "There is none" and "cannot be" are answers; "nobody has said" is not.
fn absent<T>(value: &Reported<T>, ja: &str, en: &str) -> (Answer, Names) {
    use base::Missing;
    let reason = value.reason().unwrap_or(Missing::Unknown);
    let names = reason.names();
    let answer = match reason {
        Missing::None | Missing::NotApplicable => Answer::No,
        Missing::NotYet | Missing::NotPrinted | Missing::Unknown => Answer::Undetermined,
    };
    (answer, Names::of(format!("{ja}：{}", names.ja), format!("{en}: {}", names.en)))
}

fn years(devices: &[DeviceAnswer], by: CountYear) -> Vec<YearCount> {
    let mut counts: Vec<YearCount> = Vec::new();
    for device in devices.iter().filter(|device| device.counts != Answer::No) {
        let year = match by {
            CountYear::Approval => device.approved_year,
            CountYear::Insurance => device.insured_year,
        };
        let at = counts.iter().position(|count| count.year == year).unwrap_or_else(|| {
            counts.push(YearCount { by, year, counted: 0, undetermined: 0 });
            counts.len() - 1
        });
        match device.counts {
            Answer::Yes => counts[at].counted += 1,
            _ => counts[at].undetermined += 1,
        }
    }
    counts.sort_by_key(|count| count.year.value().copied());
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::record;
    use serde_json::{Value, json};

    fn count_of(fields: Value) -> DeviceCount {
        count(&View::from_records(&[record("device-case:d", fields, vec![])]))
    }

    #[test]
    fn all_three_criteria_count_a_device() {
        let fields = json!({ "name": "甲", "approval_category": "new", "insurance_category": "c1", "domestic": true, "approved_year": 2024, "insured_year": 2025 });
        let count = count_of(fields);
        assert_eq!(count.devices[0].counts, Answer::Yes);
        let years: Vec<_> = count.years.iter().map(|year| (year.by, year.year.value().copied())).collect();
        assert_eq!(
            years,
            [(CountYear::Approval, Some(Year::new(2024))), (CountYear::Insurance, Some(Year::new(2025)))]
        );
    }

    #[test]
    fn one_no_decides_whatever_is_open() {
        let fields = json!({ "name": "甲", "approval_category": "other" });
        assert_eq!(count_of(fields).devices[0].counts, Answer::No);
    }

    #[test]
    fn coverage_without_a_category_stays_open() {
        let fields = json!({ "name": "甲", "approval_category": "new", "insured": true, "domestic": true });
        let count = count_of(fields);
        assert_eq!(count.devices[0].counts, Answer::Undetermined);
        assert_eq!(
            count.years.iter().map(|year| (year.counted, year.undetermined)).collect::<Vec<_>>(),
            [(0, 1), (0, 1)]
        );
    }

    #[test]
    fn a_reason_for_absence_can_be_an_answer() {
        let none = json!({ "name": "甲", "approval_category": "new", "insurance_category": { "missing": "none" }, "domestic": true });
        assert_eq!(count_of(none).devices[0].counts, Answer::No);
        let unprinted = json!({ "name": "甲", "approval_category": { "missing": "not-printed" }, "insurance_category": "c2", "domestic": true });
        assert_eq!(count_of(unprinted).devices[0].counts, Answer::Undetermined);
    }
}
