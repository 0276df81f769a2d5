//! A StratML document as Rust values: everything both parts can say, so that reading a document and writing it loses
//! nothing. An absent text and an empty one are the same here: both say nothing.

/// Which standard a document follows, and in Part 2 what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Part 1: `StrategicPlan`.
    #[default]
    One,
    /// Part 2: `PerformancePlanOrReport` with its type.
    Two(DocumentType),
}

/// What a Part 2 document is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentType {
    /// `Strategic_Plan`
    #[default]
    StrategicPlan,
    /// `Performance_Plan`
    PerformancePlan,
    /// `Performance_Report`
    PerformanceReport,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The standard it follows.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Other information.
    pub other_information: Option<String>,
    /// Who plans.
    pub organizations: Vec<Organization>,
    /// The vision.
    pub vision: Option<Statement>,
    /// The mission.
    pub mission: Option<Statement>,
    /// The values.
    pub values: Vec<Value>,
    /// The goals.
    pub goals: Vec<Goal>,
    /// Dates and source.
    pub administrative: Option<Administrative>,
    /// Who submitted it. Part 1 keeps it within the administrative information, Part 2 beside it.
    pub submitter: Option<Submitter>,
}

/// An organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its name.
    pub name: Option<String>,
    /// Its acronym.
    pub acronym: Option<String>,
    /// Its identifier.
    pub identifier: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its stakeholders.
    pub stakeholders: Vec<Stakeholder>,
}

/// A vision or a mission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// What it says.
    pub description: Option<String>,
    /// Its identifier.
    pub identifier: Option<String>,
}

/// A value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// Its name.
    pub name: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// A goal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goal {
    /// Its name.
    pub name: Option<String>,
    /// What it says.
    pub description: Option<String>,
    /// Its identifier.
    pub identifier: Option<String>,
    /// Its number as printed.
    pub sequence: Option<String>,
    /// Those concerned.
    pub stakeholders: Vec<Stakeholder>,
    /// Other information.
    pub other_information: Option<String>,
    /// Its objectives.
    pub objectives: Vec<Objective>,
    /// Indicators that stand at the goal itself. The schema has no place for them; a strict writer moves them.
    pub indicators: Vec<Indicator>,
}

/// An objective of a goal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objective {
    /// Its name.
    pub name: Option<String>,
    /// What it says.
    pub description: Option<String>,
    /// Its identifier.
    pub identifier: Option<String>,
    /// Its number as printed.
    pub sequence: Option<String>,
    /// Those concerned.
    pub stakeholders: Vec<Stakeholder>,
    /// Other information.
    pub other_information: Option<String>,
    /// Its indicators (Part 2).
    pub indicators: Vec<Indicator>,
}

/// Somebody concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stakeholder {
    /// `Person`, `Organization` or `Generic_Group`, as printed.
    pub kind: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Roles (Part 2).
    pub roles: Vec<Role>,
}

/// A role of a stakeholder (Part 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// `Performer`, `Beneficiary` or both, as printed.
    pub types: Vec<String>,
}

/// A performance indicator (Part 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indicator {
    /// Its number as printed.
    pub sequence: Option<String>,
    /// What is measured.
    pub dimension: Option<String>,
    /// In which unit.
    pub unit: Option<String>,
    /// Its identifier.
    pub identifier: Option<String>,
    /// `Outcome`, `Output_Processing`, `Output`, `Input_Processing` or `Input`, as printed.
    pub value_chain_stage: Option<String>,
    /// `Quantitative` or `Qualitative`, as printed.
    pub kind: Option<String>,
    /// Relations to other indicators.
    pub relationships: Vec<Relationship>,
    /// Measurements.
    pub instances: Vec<MeasurementInstance>,
    /// Other information.
    pub other_information: Option<String>,
}

/// A relation of an indicator to others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relationship {
    /// `Broader_Than`, `Peer_To` or `Narrower_Than`, as printed.
    pub kind: Option<String>,
    /// Its identifier.
    pub identifier: Option<String>,
    /// Identifiers of the others.
    pub referents: Vec<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// Targets and actual results that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasurementInstance {
    /// What was aimed at.
    pub targets: Vec<Measured>,
    /// What came out.
    pub actuals: Vec<Measured>,
}

/// A target or an actual result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// First day, as printed.
    pub start: Option<String>,
    /// Last day, as printed.
    pub end: Option<String>,
    /// The number, as printed.
    pub units: Option<String>,
    /// What the descriptor is called.
    pub descriptor_name: Option<String>,
    /// What it says.
    pub descriptor_value: Option<String>,
    /// In words.
    pub description: Option<String>,
}

/// Dates and source of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Administrative {
    /// Its identifier (Part 2).
    pub identifier: Option<String>,
    /// First day of the plan, as printed.
    pub start: Option<String>,
    /// Last day, as printed.
    pub end: Option<String>,
    /// Day of publication, as printed.
    pub published: Option<String>,
    /// Where it was published.
    pub source: Option<String>,
}

/// Who submitted a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submitter {
    /// Identifier (Part 2).
    pub identifier: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Mail address.
    pub email: Option<String>,
}

impl DocumentType {
    /// As the schema writes it.
    pub fn name(self) -> &'static str {
        match self {
            DocumentType::StrategicPlan => "Strategic_Plan",
            DocumentType::PerformancePlan => "Performance_Plan",
            DocumentType::PerformanceReport => "Performance_Report",
        }
    }
    /// Reads what the schema writes.
    pub fn parse(text: &str) -> Option<Self> {
        [DocumentType::StrategicPlan, DocumentType::PerformancePlan, DocumentType::PerformanceReport]
            .into_iter()
            .find(|kind| kind.name() == text)
    }
}

impl Part {
    /// Name of the root element.
    pub fn root(self) -> &'static str {
        match self {
            Part::One => "StrategicPlan",
            Part::Two(_) => "PerformancePlanOrReport",
        }
    }
    /// Target namespace of the schema.
    pub fn namespace(self) -> &'static str {
        match self {
            Part::One => "urn:ISO:std:iso:17469:tech:stratml_core",
            Part::Two(_) => "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport",
        }
    }
}
