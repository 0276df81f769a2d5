//! Every rule judged on a case. First whether it applies, then by the evidence it asks for: papers (`paper`), bills (`bill`), findings
//! (`finding`), the product's life (`life`).

mod bill;
mod finding;
mod life;
mod paper;

use super::case::Case;
use super::content;
use super::fact::{Applies, Condition, Fact, Facts};
use super::kind::Strength;
use super::rule::{Ask, Instead, Rule};
use super::verdict::{Answer, Evidence, Judged, Lacking, Outside, Verdict};
use crate::sbom::missing::Content;

/// What looking at the evidence gave.
#[derive(Debug, Default)]
struct Looked {
    evidence: Vec<Evidence>,
    /// What contradicts the rule.
    wrong: Vec<Lacking>,
    /// What is not there to be seen.
    unseen: Vec<Lacking>,
}

/// A case and what was worked out of it once for all rules.
struct Desk<'a> {
    case: &'a Case<'a>,
    facts: Facts,
    contents: Vec<Content>,
}

/// Judges every rule.
pub fn judge<'r>(rules: &'r [Rule], case: &Case<'_>) -> Answer<'r> {
    let desk = Desk {
        case,
        facts: case.product.facts(),
        contents: case.bills.iter().map(|bill| content::of(&bill.reading.sbom)).collect(),
    };
    Answer { day: case.day(), judged: rules.iter().map(|rule| desk.judged(rule)).collect() }
}

impl Desk<'_> {
    fn judged<'r>(&self, rule: &'r Rule) -> Judged<'r> {
        match self.outside(rule) {
            Ok(None) => {
                let looked = self.looked(rule);
                let verdict = looked.verdict();
                let lacking = looked.wrong.into_iter().chain(looked.unseen).collect();
                Judged { rule, verdict, evidence: looked.evidence, lacking, outside: None }
            }
            Ok(Some(outside)) => Judged {
                rule,
                verdict: Verdict::NotApplicable,
                evidence: Vec::new(),
                lacking: Vec::new(),
                outside: Some(outside),
            },
            Err(unknown) => Judged {
                rule,
                verdict: Verdict::NotShown,
                evidence: Vec::new(),
                lacking: unknown.into_iter().map(Lacking::FactUnknown).collect(),
                outside: None,
            },
        }
    }

    /// Why a rule does not apply; the error names the facts that would have to be known to tell.
    fn outside(&self, rule: &Rule) -> Result<Option<Outside>, Vec<Fact>> {
        if rule.strength == Strength::Proposal {
            return Ok(Some(Outside::Proposal));
        }
        let day = self.case.day();
        if let Some(from) = rule.applies_from.filter(|from| day < *from) {
            return Ok(Some(Outside::NotYet(from)));
        }
        if let Some(from) = rule.mandatory_from.filter(|from| day < *from) {
            return Ok(Some(Outside::Transition(from)));
        }
        match rule.when.applies(&self.facts) {
            Applies::Yes => Ok(None),
            Applies::No(facts) => Ok(Some(Outside::Facts(facts))),
            Applies::Unknown(facts) => Err(facts),
        }
    }

    fn looked(&self, rule: &Rule) -> Looked {
        let asked = match &rule.ask {
            Ask::Facts(facts) => self.applicability(facts),
            Ask::Rows(items) => paper::rows(self.case, items),
            Ask::Documents(kinds) => paper::documents(self.case, kinds, false),
            Ask::DocumentsOfVersion(kinds) => paper::documents(self.case, kinds, true),
            Ask::Content(elements) => bill::content(self.case, &self.contents, elements),
            Ask::References => bill::references(self.case),
            Ask::Triage => finding::triage(self.case),
            Ask::Reasons => finding::reasons(self.case),
            Ask::KnownExploited => finding::known_exploited(self.case),
            Ask::Analysis => finding::analysis(self.case),
            Ask::Rubric => finding::rubric(self.case),
            Ask::State => life::state(self.case),
            Ask::EosTold => life::eos_told(self.case),
            Ask::EosChanged => life::eos_changed(self.case),
            Ask::Control => life::control(self.case),
            Ask::Mds2 => bill::mds2(self.case),
            Ask::Nothing => Looked::default(),
        };
        match rule.instead {
            Some(instead) if asked.verdict() != Verdict::Met => {
                self.in_place(instead).filter(|other| other.verdict() == Verdict::Met).unwrap_or(asked)
            }
            _ => asked,
        }
    }

    /// The facts decide: the first holds or not, and with it one of the others.
    fn applicability(&self, facts: &[Fact]) -> Looked {
        let Some((first, others)) = facts.split_first() else { return Looked::default() };
        let any = Condition::Any(others.iter().copied().map(Condition::Is).collect());
        let applies = Condition::All(vec![Condition::Is(*first), any]).applies(&self.facts);
        let stated = |fact: &Fact| Some(Evidence::Fact(*fact, self.facts.of(*fact)?));
        let evidence = facts.iter().filter_map(stated).collect();
        match applies {
            Applies::Unknown(unknown) => {
                let unseen = unknown.into_iter().map(Lacking::FactUnknown).collect();
                Looked { evidence, unseen, ..Looked::default() }
            }
            _ => Looked { evidence, ..Looked::default() },
        }
    }

    fn in_place(&self, instead: Instead) -> Option<Looked> {
        match instead {
            Instead::Document(kind) => Some(paper::documents(self.case, &[kind], false)),
            Instead::Transition => {
                (self.facts.of(Fact::LegacyDesign) == Some(true)).then(|| paper::transition(self.case))
            }
        }
    }
}

impl Looked {
    /// Something wrong outweighs what is not seen; nothing seen at all shows nothing.
    fn verdict(&self) -> Verdict {
        if !self.wrong.is_empty() {
            Verdict::NotMet
        } else if !self.unseen.is_empty() || self.evidence.is_empty() {
            Verdict::NotShown
        } else {
            Verdict::Met
        }
    }
}
