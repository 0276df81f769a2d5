//! Devices that the documents report, supply reports of companies, and the documents with their printed counts.

use base::{DocumentStatus, Names, Reported, Year};
use jiff::civil::Date;
use register::Record;
use serde::{Deserialize, Serialize};

use super::read::{Fields, Origin, ViewFault};
use super::tree::date;

/// Under what category a device was approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// 新医療機器
    New,
    /// 改良医療機器（臨床あり）
    ImprovedWithClinical,
    /// Any other.
    Other,
}

/// Under what category the public insurance covers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Insurance {
    /// C1（新機能）
    C1,
    /// C2（新機能・新技術）
    C2,
    /// Any other.
    Other,
}

/// A device as the documents report it.
#[derive(Clone, Debug, Serialize)]
pub struct Device {
    /// Where it is recorded.
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// The company.
    pub company: String,
    /// Risk class as printed.
    pub class: String,
    /// Category of approval.
    pub approval: Reported<Approval>,
    /// Day or month of approval as printed.
    pub approved_on: String,
    /// Year of approval.
    pub approved_year: Reported<Year>,
    /// Category of insurance.
    pub insurance: Reported<Insurance>,
    /// Whether the insurance covers it, where the category is not printed.
    pub insured: Reported<bool>,
    /// Year of insurance coverage.
    pub insured_year: Reported<Year>,
    /// Whether it is of domestic origin, where somebody has said.
    pub domestic: Reported<bool>,
}

/// A report that a device's supply is at risk or has stopped.
#[derive(Clone, Debug, Serialize)]
pub struct SupplyReport {
    /// Where it is recorded.
    pub origin: Origin,
    /// The device.
    pub device: String,
    /// The company.
    pub company: String,
    /// `anxiety` or `stop`.
    pub kind: String,
    /// Since when.
    pub started_on: Option<Date>,
    /// Until when, as expected.
    pub expected_end: Option<Date>,
    /// When it was closed.
    pub closed_on: Option<Date>,
}

/// A document the records rest on.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// Where it is recorded.
    pub origin: Origin,
    /// Its title.
    pub title: Names,
    /// Its standing.
    pub status: DocumentStatus,
    /// The meeting it was laid before.
    pub meeting: String,
    /// Its text was read by a machine.
    pub machine_read: bool,
}

/// A number that a document prints of things that are themselves on record.
#[derive(Clone, Debug, Serialize)]
pub struct PrintedCount {
    /// Where it is recorded.
    pub origin: Origin,
    /// What is counted.
    pub name: Names,
    /// The printed number.
    pub count: i64,
    /// How many of them the documents name one by one.
    pub itemised: Reported<i64>,
    /// Of what unit.
    pub unit: String,
}

pub(super) fn device(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Device> {
    let mut f = Fields::of(record, faults);
    Some(Device {
        name: f.need::<&str>("name")?.to_owned(),
        company: f.text("company"),
        class: f.text("class"),
        approval: f.reported("approval_category"),
        approved_on: f.text("approved_on"),
        approved_year: f.reported("approved_year"),
        insurance: f.reported("insurance_category"),
        insured: f.reported("insured"),
        insured_year: f.reported("insured_year"),
        domestic: f.reported("domestic"),
        origin: Origin::of(record),
    })
}

pub(super) fn supply_report(record: &Record, faults: &mut Vec<ViewFault>) -> Option<SupplyReport> {
    let mut f = Fields::of(record, faults);
    Some(SupplyReport {
        device: f.need::<&str>("device")?.to_owned(),
        company: f.text("company"),
        kind: f.text("kind"),
        started_on: date(&mut f, "started_on"),
        expected_end: date(&mut f, "expected_end"),
        closed_on: date(&mut f, "closed_on"),
        origin: Origin::of(record),
    })
}

pub(super) fn document(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Document> {
    let mut f = Fields::of(record, faults);
    Some(Document {
        title: f.need("title")?,
        status: f.get("status").unwrap_or_default(),
        meeting: f.text("meeting"),
        machine_read: f.get("machine_read").unwrap_or(false),
        origin: Origin::of(record),
    })
}

pub(super) fn printed_count(record: &Record, faults: &mut Vec<ViewFault>) -> Option<PrintedCount> {
    let mut f = Fields::of(record, faults);
    Some(PrintedCount {
        name: f.need("name")?,
        count: f.need("count")?,
        itemised: f.reported("itemised"),
        unit: f.text("unit"),
        origin: Origin::of(record),
    })
}
