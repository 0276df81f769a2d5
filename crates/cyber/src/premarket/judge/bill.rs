//! The content of bills of materials, their references, and whether the MDS2 form agrees that there are any.

use super::{Looked, paper};
use crate::document::{DeviationKind, Grade};
use crate::premarket::case::{Bill, Case};
use crate::premarket::content::gaps;
use crate::premarket::kind::DocumentKind;
use crate::premarket::verdict::{ComponentPlace, Evidence, Lacking};
use crate::sbom::missing::{Answer, Content, Element};

/// Every element, stated by every bill.
pub(super) fn content(case: &Case<'_>, contents: &[Content], elements: &[Element]) -> Looked {
    let mut looked = with_bills(case);
    for (bill, content) in case.bills.iter().zip(contents) {
        if content.components.is_empty() {
            looked.unseen.push(Lacking::NoComponents(bill.file.clone()));
            continue;
        }
        let mut asked = 0;
        for element in elements {
            let gaps = gaps(content, *element);
            asked = asked.max(gaps.asked);
            match gaps.document {
                Some(Answer::NotStated) => looked.wrong.push(Lacking::BillLacks(bill.file.clone(), *element)),
                Some(Answer::StatedAsUnknown) => {
                    looked.unseen.push(Lacking::BillUnknown(bill.file.clone(), *element));
                }
                Some(Answer::Stated) | None => {}
            }
            let lacks = gaps.missing.into_iter().map(|at| Lacking::ComponentLacks(place(bill, at), *element));
            looked.wrong.extend(lacks);
            let unknown = gaps.unknown.into_iter();
            looked.unseen.extend(unknown.map(|at| Lacking::ComponentUnknown(place(bill, at), *element)));
        }
        looked.evidence.push(Evidence::Bill { file: bill.file.clone(), asked });
    }
    looked
}

/// Every reference leads to something. One that may lead into another document shows nothing.
pub(super) fn references(case: &Case<'_>) -> Looked {
    let mut looked = with_bills(case);
    for bill in case.bills {
        let reading = &bill.reading;
        let file = || bill.file.clone();
        if reading.sbom.components.is_empty() {
            looked.unseen.push(Lacking::NoComponents(file()));
        }
        for one in &reading.deviations {
            let DeviationKind::Dangling(name) = &one.kind else { continue };
            let dangling = Lacking::Dangling { file: file(), place: one.place.clone(), name: name.clone() };
            match one.grade {
                Grade::Error => looked.wrong.push(dangling),
                Grade::Warning => looked.unseen.push(dangling),
            }
        }
        if reading.errors + reading.warnings > reading.deviations.len() {
            looked.unseen.push(Lacking::DeviationsCut(file()));
        }
        looked.evidence.push(Evidence::Bill { file: file(), asked: reading.sbom.relationships.len() });
    }
    looked
}

/// The form is there and says of a bill what is so.
pub(super) fn mds2(case: &Case<'_>) -> Looked {
    let mut looked = paper::documents(case, &[DocumentKind::Mds2], false);
    match case.product.mds2_says_sbom {
        None => looked.unseen.push(Lacking::NoMds2Answer),
        Some(says) => {
            if says == case.bills.is_empty() {
                looked.wrong.push(Lacking::Mds2Contradicts(says));
            }
            looked.evidence.push(Evidence::Mds2(says));
        }
    }
    looked
}

fn with_bills(case: &Case<'_>) -> Looked {
    let mut looked = Looked::default();
    if case.bills.is_empty() {
        looked.unseen.push(Lacking::NoBill);
    }
    looked
}

fn place(bill: &Bill, at: usize) -> ComponentPlace {
    let component = &bill.reading.sbom.components[at];
    let name = match &component.version {
        Some(version) => format!("{} {version}", component.name),
        None => component.name.clone(),
    };
    ComponentPlace { file: bill.file.clone(), place: component.place.clone(), name }
}
