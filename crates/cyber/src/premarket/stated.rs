//! Findings of a scan with what the maker's VEX documents state of them. A package that several components bear is one finding: it has a
//! status only where every one of them has the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::case::{Bill, Findings, Found, Status, Triage};
use crate::matching::{Finding, Scan, Verdict, Wanted};
use crate::sbom::Component;
use crate::severity::Gravity;
use crate::vex;

/// CVSS calls severe what scores 7.0 and more.
const SEVERE: u8 = 70;

impl Bill {
    /// What is to be looked up: all components but the product itself where it bears no name to look up, for it is no package.
    pub fn wanted(&self) -> impl Iterator<Item = Wanted<'_>> {
        let sbom = &self.reading.sbom;
        let is_product = |index: usize, one: &Component| {
            one.purls.is_empty() && one.cpes.is_empty() && sbom.subjects.contains(&index)
        };
        let components = sbom.components.iter().enumerate();
        components.filter(move |(index, one)| !is_product(*index, one)).map(|(_, one)| Wanted::from(one))
    }
}

impl Findings {
    /// Adds what reaches the components of a bill, with what named documents state of it and, where a catalogue was at hand, whether it
    /// is known to be exploited.
    pub fn add(
        &mut self,
        bill: &Bill,
        scan: &Scan<'_>,
        documents: &[(String, vex::Document)],
        exploited: Option<&BTreeSet<String>>,
    ) {
        self.asked += scan.asked;
        self.unasked += scan.components - scan.asked;
        let mut found: BTreeMap<(String, String), Found> = BTreeMap::new();
        for reached in &scan.reached {
            for finding in &reached.findings {
                let key = (finding.advisory.id.to_owned(), reached.name.clone());
                found.entry(key).or_insert_with(|| unstated(finding, &reached.name, exploited));
            }
        }
        let mut found: Vec<Found> = found.into_values().collect();
        if !documents.is_empty() {
            self.state(bill, &mut found, documents);
        }
        self.found.extend(found);
        self.found.sort();
        self.found.dedup();
    }

    fn state(&mut self, bill: &Bill, found: &mut [Found], documents: &[(String, vex::Document)]) {
        let mut parts: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, component) in bill.reading.sbom.components.iter().enumerate() {
            for name in component.purls.iter().chain(&component.cpes) {
                parts.entry(name).or_default().push(index);
            }
        }
        let mut subjects = Vec::new();
        let mut of_found = Vec::new();
        for one in &*found {
            let begin = subjects.len();
            let bearing = parts.get(one.component.as_str()).map_or(&[][..], Vec::as_slice);
            subjects.extend(bearing.iter().map(|part| vex::Subject {
                advisory: one.vulnerability.clone(),
                aliases: one.aliases.clone(),
                part: *part,
            }));
            of_found.push(begin..subjects.len());
        }
        let referred: Vec<&vex::Document> = documents.iter().map(|(_, document)| document).collect();
        let application = vex::apply(&vex::Bill::of(&bill.reading.sbom), &subjects, &referred, &[]);
        for (one, range) in found.iter_mut().zip(of_found) {
            let stated = &application.stated[range];
            one.is_contradicted = stated.iter().any(|stated| stated.is_contradictory);
            let same = stated.windows(2).all(|pair| pair[0].status == pair[1].status);
            if same && !one.is_contradicted {
                one.triage = stated.first().and_then(|stated| triage(stated, documents));
            }
        }
        for told in application.told {
            let hit = told.outcome.is_ok_and(|hits| !hits.is_empty());
            if hit {
                self.idle.remove(&told.at);
                self.applied.insert(told.at);
            } else if !self.applied.contains(&told.at) {
                self.idle.insert(told.at);
            }
        }
    }
}

fn unstated(finding: &Finding<'_>, name: &str, catalogue: Option<&BTreeSet<String>>) -> Found {
    let advisory = &finding.advisory;
    let severities = finding.severities();
    let gravity = Gravity::of(severities.iter().map(|severity| (advisory.id, severity)));
    let mut ids = advisory.aliases.iter().chain(&advisory.upstream).chain([&advisory.id]);
    let mut aliases: Vec<String> = advisory.aliases.iter().map(|alias| (*alias).to_owned()).collect();
    aliases.sort();
    Found {
        vulnerability: advisory.id.to_owned(),
        aliases,
        component: name.to_owned(),
        undetermined: matches!(finding.verdict, Verdict::Undetermined(_)),
        severe: gravity.highest().map(|(_, scored)| scored.score.tenths() >= SEVERE),
        exploited: catalogue.map(|catalogue| ids.any(|id| catalogue.contains(*id))),
        triage: None,
        is_contradicted: false,
    }
}

fn triage(stated: &vex::Stated, documents: &[(String, vex::Document)]) -> Option<Triage> {
    let status = match stated.status? {
        vex::Status::NotAffected => Status::NotAffected,
        vex::Status::Affected => Status::Affected,
        vex::Status::Fixed => Status::Fixed,
        vex::Status::UnderInvestigation => Status::UnderInvestigation,
    };
    let at = stated.by.first()?;
    let (file, document) = documents.get(at.document)?;
    let statement = document.statements.get(at.statement)?;
    let words = statement.impact.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let justified = statement.justification.as_ref().map(|one| one.code().to_owned());
    Some(Triage {
        status,
        reason: words.map(str::to_owned).or(justified),
        place: format!("{file} {}", statement.place),
    })
}
