//! The content of StratML's elements as its two schemas declare it (StrategicPlanISOVersion20140401.xsd and
//! PerformancePlanOrReport20160216.xsd), as data.

use super::model::Part;

/// How often a child may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    One,
    Optional,
    Any,
    Some,
    UpToTwo,
}

/// What an element holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Content {
    Text,
    Date,
    /// A date or nothing (Part 2).
    DateOrEmpty,
    Number,
    Id,
    OneOf(&'static [&'static str]),
    Children(&'static [(&'static str, Times)]),
}

use Times::{Any, One, Optional, UpToTwo};

/// What an element of a name holds, if the part knows it.
pub(super) fn content(part: Part, name: &str) -> Option<Content> {
    let two = matches!(part, Part::Two(_));
    Some(match name {
        "Name" | "Description" | "OtherInformation" | "Acronym" | "SequenceIndicator" | "Source"
        | "GivenName" | "Surname" | "PhoneNumber" | "EmailAddress" => Content::Text,
        "StartDate" | "EndDate" | "PublicationDate" if two => Content::DateOrEmpty,
        "StartDate" | "EndDate" | "PublicationDate" => Content::Date,
        "Identifier" => Content::Id,
        "StrategicPlan" if !two => Content::Children(&[
            ("Name", One),
            ("Description", Optional),
            ("OtherInformation", Optional),
            ("StrategicPlanCore", One),
            ("AdministrativeInformation", Optional),
        ]),
        "PerformancePlanOrReport" if two => Content::Children(&[
            ("Name", One),
            ("Description", Optional),
            ("OtherInformation", Optional),
            ("StrategicPlanCore", One),
            ("AdministrativeInformation", Optional),
            ("Submitter", Optional),
        ]),
        "StrategicPlanCore" => Content::Children(&[
            ("Organization", Any),
            ("Vision", Optional),
            ("Mission", Optional),
            ("Value", Any),
            ("Goal", Times::Some),
        ]),
        "Organization" => Content::Children(&[
            ("Name", Optional),
            ("Acronym", Optional),
            ("Identifier", Optional),
            ("Description", Optional),
            ("Stakeholder", Any),
        ]),
        "Vision" | "Mission" => Content::Children(&[("Description", Optional), ("Identifier", Optional)]),
        "Value" => Content::Children(&[("Name", Optional), ("Description", Optional)]),
        "Goal" => Content::Children(&[
            ("Name", One),
            ("Description", One),
            ("Identifier", Optional),
            ("SequenceIndicator", Optional),
            ("Stakeholder", Any),
            ("OtherInformation", Optional),
            ("Objective", Any),
        ]),
        "Objective" if two => Content::Children(&[
            ("Name", Optional),
            ("Description", Optional),
            ("Identifier", Optional),
            ("SequenceIndicator", Optional),
            ("Stakeholder", Any),
            ("OtherInformation", Optional),
            ("PerformanceIndicator", Any),
        ]),
        "Objective" => Content::Children(&[
            ("Name", Optional),
            ("Description", Optional),
            ("Identifier", Optional),
            ("SequenceIndicator", Optional),
            ("Stakeholder", Any),
            ("OtherInformation", Optional),
        ]),
        "Stakeholder" if two => Content::Children(&[("Name", One), ("Description", Optional), ("Role", Any)]),
        "Stakeholder" => Content::Children(&[("Name", One), ("Description", Optional)]),
        "AdministrativeInformation" if two => Content::Children(&[
            ("Identifier", Optional),
            ("StartDate", Optional),
            ("EndDate", Optional),
            ("PublicationDate", Optional),
            ("Source", Optional),
        ]),
        "AdministrativeInformation" => Content::Children(&[
            ("StartDate", Optional),
            ("EndDate", Optional),
            ("PublicationDate", Optional),
            ("Source", Optional),
            ("Submitter", Optional),
        ]),
        "Submitter" if two => Content::Children(&[
            ("Identifier", Optional),
            ("GivenName", Optional),
            ("Surname", Optional),
            ("PhoneNumber", Optional),
            ("EmailAddress", Optional),
        ]),
        "Submitter" => Content::Children(&[
            ("GivenName", Optional),
            ("Surname", Optional),
            ("PhoneNumber", Optional),
            ("EmailAddress", Optional),
        ]),
        _ if two => return part_two(name),
        _ => return None,
    })
}

fn part_two(name: &str) -> Option<Content> {
    const RESULT: &[(&str, Times)] = &[
        ("StartDate", Optional),
        ("EndDate", Optional),
        ("NumberOfUnits", Optional),
        ("Descriptor", Optional),
        ("Description", Optional),
    ];
    Some(match name {
        "DescriptorName"
        | "DescriptorValue"
        | "MeasurementDimension"
        | "UnitOfMeasurement"
        | "ReferentIdentifier" => Content::Text,
        "NumberOfUnits" => Content::Number,
        "RoleType" => Content::OneOf(&["Performer", "Beneficiary"]),
        "Role" => Content::Children(&[("Name", One), ("Description", Optional), ("RoleType", UpToTwo)]),
        "PerformanceIndicator" => Content::Children(&[
            ("SequenceIndicator", Optional),
            ("MeasurementDimension", One),
            ("UnitOfMeasurement", One),
            ("Identifier", Optional),
            ("Relationship", Any),
            ("MeasurementInstance", Any),
            ("OtherInformation", Optional),
        ]),
        "Relationship" => Content::Children(&[
            ("Identifier", Optional),
            ("ReferentIdentifier", Any),
            ("Name", Optional),
            ("Description", Optional),
        ]),
        "MeasurementInstance" => Content::Children(&[("TargetResult", Any), ("ActualResult", Any)]),
        "TargetResult" | "ActualResult" => Content::Children(RESULT),
        "Descriptor" => Content::Children(&[("DescriptorName", Optional), ("DescriptorValue", Optional)]),
        _ => return None,
    })
}

/// The attributes an element may have, and what each may say.
pub(super) fn attributes(part: Part, name: &str) -> &'static [(&'static str, &'static [&'static str])] {
    match (part, name) {
        (Part::Two(_), "PerformancePlanOrReport") => {
            &[("Type", &["Strategic_Plan", "Performance_Plan", "Performance_Report"])]
        }
        (_, "Stakeholder") => &[("StakeholderTypeType", &["Person", "Organization", "Generic_Group"])],
        (Part::Two(_), "Relationship") => {
            &[("RelationshipType", &["Broader_Than", "Peer_To", "Narrower_Than"])]
        }
        (Part::Two(_), "PerformanceIndicator") => &[
            ("ValueChainStage", &["Outcome", "Output_Processing", "Output", "Input_Processing", "Input"]),
            ("PerformanceIndicatorType", &["Quantitative", "Qualitative"]),
        ],
        _ => &[],
    }
}
