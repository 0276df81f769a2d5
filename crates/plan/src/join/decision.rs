//! A person's decision on a join as a record, to be stored.

use base::Source;
use jiff::civil::Date;
use register::id::NotAnId;
use register::{Record, RecordId, RecordRef, RegisterId};

use crate::view::Verdict;

/// The register of decisions.
const DECISION: &str = "join-decision";

/// What a person decided on a programme and a node of the plan. A later decision on the same two takes its place.
pub fn decision(
    programme: &str,
    node: &RecordRef,
    verdict: Verdict,
    reason: &str,
    by: &str,
    on: Date,
) -> Result<Record, NotAnId> {
    let id = RecordId::new(format!("{programme}--{}", node.record))?;
    let said = Source { said_by: Some(by.to_owned()), on: Some(on), ..Source::document(DECISION) };
    let mut record = Record::new(RegisterId::new(DECISION)?, id, said);
    record.set("programme", programme).set("node", node.to_string()).set("verdict", verdict);
    record.set("reason", reason).set("by", by).set("on", on);
    Ok(record)
}
