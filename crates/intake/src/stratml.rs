//! StratML Part 1 (ISO 17469-1) and Part 2: strategic plans and performance reports in XML. Most real files break the
//! schema, so reading is lenient: what can be understood is kept, and every deviation is named with the path of its
//! element. Writing, which is strict, is the report's business; both share the [`model`].

mod check;
mod from_xml;
pub mod model;
mod records;
mod schema;

use base::Names;

pub use model::Plan;

use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::reading::{FileRead, Reading, Remark};
use crate::{Input, Kind, xml};

/// Reads one document and names what is off in it.
pub fn parse(file: &str, bytes: &[u8], limits: &Limits) -> Result<(Plan, Vec<Remark>), IntakeError> {
    let root = xml::parse(file, bytes, limits)?;
    let plan = from_xml::plan(&root).ok_or_else(|| {
        let why = format!("the root is <{}>, not <StrategicPlan> or <PerformancePlanOrReport>", root.name);
        IntakeError::at(file, "line 1", Trouble::Format { format: "StratML", why })
    })?;
    Ok((plan, check::deviations(file, &root)))
}

/// Reads documents into records of `stratml-document`.
pub fn read(inputs: &[Input], limits: &Limits) -> Result<Reading, IntakeError> {
    let mut reading =
        Reading { kind: Kind::StratMl, files: Vec::new(), records: Vec::new(), remarks: Vec::new() };
    for input in inputs {
        let (plan, remarks) = parse(&input.name, &input.bytes, limits)?;
        let objectives: usize = plan.goals.iter().map(|goal| goal.objectives.len()).sum();
        let goals = plan.goals.len();
        reading.files.push(FileRead {
            file: input.name.clone(),
            what: Names::of(
                format!("目標{goals}・目的{objectives}"),
                format!("{goals} goals, {objectives} objectives"),
            ),
            bytes: input.bytes.len(),
            rows: goals + objectives,
        });
        let record = records::record(&input.name, &plan);
        if reading.records.iter().any(|other| other.id == record.id) {
            let text = Names::of(
                format!("{} は既に読みました。この分は残しません", record.id),
                format!("{} was read before; this one is not kept", record.id),
            );
            reading.remarks.push(Remark::warning(&input.name, text));
        } else {
            reading.records.push(record);
        }
        reading.remarks.extend(remarks);
    }
    Ok(reading)
}
