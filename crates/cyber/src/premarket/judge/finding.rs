//! Vulnerabilities that reach components, and what the maker has stated and written down of them. A component that could not be looked up
//! leaves every one of these rules open.

use super::Looked;
use crate::premarket::case::{Case, Findings, Found, Status};
use crate::premarket::product::Analysis;
use crate::premarket::verdict::{AnalysisPart, Evidence, FindingLacks, FindingPlace, Lacking};

/// Every finding has a status, and a reason where it says *not affected*.
pub(super) fn triage(case: &Case<'_>) -> Looked {
    each(
        case,
        |_| true,
        |found, looked| match &found.triage {
            None if found.is_contradicted => lacks(looked, found, FindingLacks::Contradiction, true),
            None if found.undetermined => lacks(looked, found, FindingLacks::StatementOfUndetermined, false),
            None => lacks(looked, found, FindingLacks::Statement, true),
            Some(stated) => match stated.status {
                Status::UnderInvestigation => lacks(looked, found, FindingLacks::Result, false),
                Status::NotAffected if stated.reason.is_none() => {
                    lacks(looked, found, FindingLacks::Reason, true);
                }
                _ => {}
            },
        },
    )
}

/// A severe finding that is said not to concern the product has a written reason.
pub(super) fn reasons(case: &Case<'_>) -> Looked {
    let asked = |found: &Found| {
        found.severe != Some(false)
            && found.triage.as_ref().is_some_and(|stated| stated.status == Status::NotAffected)
    };
    each(case, asked, |found, looked| {
        if found.triage.as_ref().is_some_and(|stated| stated.reason.is_some()) {
            return;
        }
        match found.severe {
            Some(_) => lacks(looked, found, FindingLacks::Reason, true),
            None => lacks(looked, found, FindingLacks::ReasonSeverityUnknown, false),
        }
    })
}

/// No finding of the catalogue is open.
pub(super) fn known_exploited(case: &Case<'_>) -> Looked {
    let asked = |found: &Found| found.exploited != Some(false) && !found.is_settled();
    each(case, asked, |found, looked| match found.exploited {
        Some(_) => {
            let status = found.triage.as_ref().map(|stated| stated.status);
            lacks(looked, found, FindingLacks::ExploitedOpen(status), true);
        }
        None => lacks(looked, found, FindingLacks::ExploitedUnknown, false),
    })
}

/// Every finding that affects the product is analysed.
pub(super) fn analysis(case: &Case<'_>) -> Looked {
    each(case, concerns, |found, looked| {
        analysed(case, found, looked, |analysis| {
            let says = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
            let versions = analysis.affected_versions.iter().any(|version| !version.trim().is_empty());
            vec![
                (AnalysisPart::Context, says(&analysis.context)),
                (AnalysisPart::Cvss, says(&analysis.cvss)),
                (AnalysisPart::AffectedVersions, versions),
                (AnalysisPart::RootCause, says(&analysis.root_cause)),
                (AnalysisPart::Related, says(&analysis.related)),
                (AnalysisPart::Impact, says(&analysis.impact)),
            ]
        });
    })
}

/// Every finding that affects the product has a vector by the rubric.
pub(super) fn rubric(case: &Case<'_>) -> Looked {
    each(case, concerns, |found, looked| {
        analysed(case, found, looked, |analysis| {
            let there = analysis.rubric.as_deref().is_some_and(|text| !text.trim().is_empty());
            vec![(AnalysisPart::Rubric, there)]
        });
    })
}

/// Whether a finding is, or may be, one that affects the product.
fn concerns(found: &Found) -> bool {
    !found.triage.as_ref().is_some_and(|stated| matches!(stated.status, Status::NotAffected | Status::Fixed))
}

/// Looks at each finding the rule asks about; what could not be looked up is not seen.
fn each(
    case: &Case<'_>,
    asked: impl Fn(&Found) -> bool,
    mut look: impl FnMut(&Found, &mut Looked),
) -> Looked {
    let mut looked = Looked::default();
    if case.bills.is_empty() {
        looked.unseen.push(Lacking::NoBill);
    }
    let Some(findings) = case.findings else {
        looked.unseen.push(Lacking::NothingLookedUp);
        return looked;
    };
    let Findings { asked: components, unasked, found, .. } = findings;
    if *unasked > 0 {
        looked.unseen.push(Lacking::NotLookedUp(*unasked));
    } else if *components == 0 {
        looked.unseen.push(Lacking::NothingLookedUp);
    }
    let mut count = 0;
    for one in found.iter().filter(|one| asked(one)) {
        count += 1;
        look(one, &mut looked);
    }
    looked.evidence.push(Evidence::LookedUp { components: *components, findings: count });
    looked
}

/// A finding that nobody has stated anything of, or that is looked into, may not need an analysis: nothing is shown either way.
fn analysed(
    case: &Case<'_>,
    found: &Found,
    looked: &mut Looked,
    parts: impl Fn(&Analysis) -> Vec<(AnalysisPart, bool)>,
) {
    let of_found = |analysis: &&Analysis| {
        found.is(&analysis.vulnerability)
            && analysis.component.as_ref().is_none_or(|component| *component == found.component)
    };
    let analyses: Vec<&Analysis> =
        case.product.analyses.iter().map(|one| &one.value).filter(of_found).collect();
    if analyses.is_empty() {
        lacks(looked, found, FindingLacks::Analysis, false);
        return;
    }
    // Several analyses of one finding complete each other.
    let mut lacking: Vec<AnalysisPart> = Vec::new();
    for (index, analysis) in analyses.iter().enumerate() {
        let empty = parts(analysis).into_iter().filter(|(_, there)| !there).map(|(part, _)| part);
        if index == 0 {
            lacking = empty.collect();
        } else {
            let empty: Vec<_> = empty.collect();
            lacking.retain(|part| empty.contains(part));
        }
    }
    for part in lacking {
        lacks(looked, found, FindingLacks::AnalysisPart(part), false);
    }
}

fn lacks(looked: &mut Looked, found: &Found, what: FindingLacks, wrong: bool) {
    let place =
        FindingPlace { vulnerability: found.vulnerability.clone(), component: found.component.clone() };
    let side = if wrong { &mut looked.wrong } else { &mut looked.unseen };
    side.push(Lacking::Finding(place, what));
}
