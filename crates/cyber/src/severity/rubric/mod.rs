//! MITRE's "Rubric for Applying CVSS to Medical Devices" (MDDT Q171974, qualified by the FDA in October 2020, for CVSS 3.0): its questions,
//! how their answers decide the base metrics, and the extension by which a vector carries the answers. Nothing is asked of a person here.
//!
//! The rubric itself could not be read in full. That it asks these questions, and their ids, is listed by <https://cvss-rubric.deeparmor.com/>;
//! how answers lead to metrics is retold by <https://github.com/osamusic/med-cvss> (`mitreCvssRubric.ts`). What neither says is a
//! reading of ours and says so ([`Basis`]). A person must hold it against <https://www.mitre.org/md-cvss-rubric> before it is called official.

mod extension;
mod question;
mod rule;

pub use extension::{Contradiction, Given, NotAVector, read};
pub use question::{Answer, Class, Metric, Question, question, questions};
pub use rule::{Basis, Ours};

use std::collections::BTreeMap;

use super::vector::{Scored, read as scored};

/// Answers by the ids of their questions. What is not answered is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<&'static str, Answer>);

impl Answers {
    /// Answers a question; `false` where the rubric has no question of this id.
    pub fn set(&mut self, id: &str, answer: Answer) -> bool {
        question(id).is_some_and(|question| {
            self.0.insert(question.id, answer);
            true
        })
    }

    /// Takes an answer back.
    pub fn clear(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// The answer to a question.
    pub fn get(&self, id: &str) -> Option<Answer> {
        self.0.get(id).copied()
    }

    /// The answers in the order of the questions.
    pub fn all(&self) -> impl Iterator<Item = (&'static Question, Answer)> {
        questions().iter().filter_map(|question| Some((question, self.get(question.id)?)))
    }
}

/// How a metric was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The metric.
    pub metric: Metric,
    /// Its value, as a vector writes it.
    pub value: char,
    /// The answers it rests on, in the order they were asked.
    pub path: Vec<(&'static Question, Answer)>,
    /// What the rule rests on.
    pub basis: Basis,
}

/// What follows from some answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The metrics that are decided, in the order of a vector.
    pub decisions: Vec<Decision>,
    /// Questions that must still be answered, in their order. Later ones may follow from the answers.
    pub open: Vec<&'static Question>,
    /// Answers that no path asks for: they decide nothing and stay out of the extension.
    pub needless: Vec<&'static Question>,
}

/// What follows from answers.
pub fn decide(answers: &Answers) -> Outcome {
    let mut outcome = Outcome { decisions: Vec::new(), open: Vec::new(), needless: Vec::new() };
    let mut asked = Vec::new();
    for metric in Metric::ALL {
        let walked = rule::walk(metric, answers);
        asked.extend(walked.path.iter().map(|(question, _)| question.id));
        outcome.open.extend(walked.open);
        if let Some((value, basis)) = walked.decided {
            outcome.decisions.push(Decision { metric, value, path: walked.path, basis });
        }
    }
    outcome.needless = answers
        .all()
        .map(|(question, _)| question)
        .filter(|question| !asked.contains(&question.id))
        .collect();
    outcome
}

impl Outcome {
    /// Whether every question that the answers lead to is answered (check `CVSS-RUBRIC-COMPLETE`).
    pub fn is_complete(&self) -> bool {
        self.open.is_empty()
    }

    /// Answers "unknown" that were decided for the worse.
    pub fn assumed(&self) -> impl Iterator<Item = &'static Question> {
        let path = self.decisions.iter().flat_map(|decision| &decision.path);
        path.filter(|(_, answer)| *answer == Answer::Unknown).map(|(question, _)| *question)
    }

    /// The vector of CVSS 3.0; none before every metric is decided.
    pub fn vector(&self) -> Option<String> {
        if !self.is_complete() || self.decisions.len() < Metric::ALL.len() {
            return None;
        }
        let metrics: Vec<String> =
            self.decisions.iter().map(|one| format!("{}:{}", one.metric.key(), one.value)).collect();
        Some(format!("CVSS:3.0/{}", metrics.join("/")))
    }

    /// The answers as the extension of a vector: those that were asked for, in the order of the questions.
    pub fn extension(&self) -> String {
        let path = self.decisions.iter().flat_map(|decision| &decision.path);
        let answers: Vec<String> =
            path.map(|(question, answer)| format!("{}:{}", question.id, answer.letter())).collect();
        answers.join("/")
    }

    /// The base score of the vector.
    pub fn score(&self) -> Option<Scored> {
        scored("CVSS_V3", &self.vector()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn answers(text: &str) -> Answers {
        let mut answers = Answers::default();
        for part in text.split_whitespace() {
            let (id, answer) = part.split_once(':').unwrap();
            assert!(answers.set(id, Answer::of(answer).unwrap()), "{id}");
        }
        answers
    }

    fn value(text: &str, metric: Metric) -> Option<char> {
        decide(&answers(text)).decisions.iter().find(|one| one.metric == metric).map(|one| one.value)
    }

    /// The attack vector's cases as the retelling gives them.
    #[test]
    fn the_attack_vector_follows_the_flow() {
        for (text, expected) in [
            ("XAVN:Y XAVT:Y", Some('N')),
            ("XAVN:Y XAVT:U", Some('N')),
            ("XAVN:U", Some('N')),
            ("XAVN:Y XAVT:N XAVW:Y XAVR:Y", Some('L')),
            ("XAVN:Y XAVT:N XAVW:Y XAVR:N", Some('A')),
            ("XAVN:Y XAVT:N XAVW:Y XAVR:U", Some('A')),
            ("XAVN:Y XAVT:N XAVW:N", Some('A')),
            ("XAVN:N XAVP:N", Some('L')),
            ("XAVN:N XAVP:Y XAVPA:N", Some('P')),
            ("XAVN:N XAVP:Y", None),
            ("XAVN:Y", None),
            ("XAVT:Y", None),
        ] {
            assert_eq!(value(text, Metric::AttackVector), expected, "{text}");
        }
    }

    #[test]
    fn privileges_and_the_single_questions_follow_the_flow() {
        for (text, metric, expected) in [
            ("XPRL:N", Metric::PrivilegesRequired, 'N'),
            ("XPRL:Y XPRZ:N", Metric::PrivilegesRequired, 'N'),
            ("XPRL:Y XPRZ:Y XPRS:N", Metric::PrivilegesRequired, 'L'),
            ("XPRL:Y XPRZ:Y XPRS:Y", Metric::PrivilegesRequired, 'H'),
            ("XACL:Y", Metric::AttackComplexity, 'L'),
            ("XACL:N", Metric::AttackComplexity, 'H'),
            ("XUI:Y", Metric::UserInteraction, 'R'),
            ("XUI:N", Metric::UserInteraction, 'N'),
            ("XS:Y", Metric::Scope, 'C'),
            ("XS:N", Metric::Scope, 'U'),
        ] {
            assert_eq!(value(text, metric), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_unknown_is_decided_for_the_worse_and_told() {
        for (text, metric, expected) in [
            ("XACL:U", Metric::AttackComplexity, 'L'),
            ("XPRL:U XPRZ:U", Metric::PrivilegesRequired, 'N'),
            ("XPRL:Y XPRZ:Y XPRS:U", Metric::PrivilegesRequired, 'L'),
            ("XUI:U", Metric::UserInteraction, 'N'),
            ("XS:U", Metric::Scope, 'C'),
            ("XIP:N XID:U XIT:N XIW:N XIS:N XIO:N", Metric::Integrity, 'H'),
        ] {
            assert_eq!(value(text, metric), Some(expected), "{text}");
            assert!(decide(&answers(text)).assumed().count() > 0, "{text}");
        }
    }

    #[test]
    fn few_patients_exposed_are_a_low_loss_unless_something_else_is_read() {
        let few = "XCP:Y XCPM:N XCD:N XCT:N XCW:N XCS:N XCO:N";
        assert_eq!(value(few, Metric::Confidentiality), Some('L'));
        assert_eq!(value(&few.replace("XCPM:N", "XCPM:Y"), Metric::Confidentiality), Some('H'));
        assert_eq!(value(&few.replace("XCD:N", "XCD:Y"), Metric::Confidentiality), Some('H'));
        assert_eq!(value(&few.replace("XCP:Y XCPM:N", "XCP:N"), Metric::Confidentiality), Some('N'));
    }

    const PUMP: &str = "XAVN:Y XAVT:Y XACL:Y XPRL:N XUI:N XS:N XCP:N XCD:N XCT:N XCW:N XCS:N XCO:N \
                        XIP:N XID:N XIT:Y XIW:N XIS:N XIO:N XAP:N XAD:N XAT:Y XAW:N XAS:N XAO:N";

    #[test]
    fn a_pump_whose_therapy_can_be_changed_over_the_network() {
        let outcome = decide(&answers(PUMP));
        assert!(outcome.is_complete());
        assert_eq!(outcome.vector().as_deref(), Some("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"));
        assert_eq!(outcome.score().unwrap().score.to_string(), "9.1");
        assert_eq!(outcome.extension(), PUMP.split_whitespace().collect::<Vec<_>>().join("/"));
    }

    #[test]
    fn what_is_not_answered_is_asked_and_what_is_not_asked_is_told() {
        let outcome = decide(&answers(&PUMP.replace("XAVT:Y", "XAVR:Y").replace("XAO:N", "")));
        assert!(!outcome.is_complete());
        assert_eq!(outcome.vector(), None);
        let open: Vec<_> = outcome.open.iter().map(|question| question.id).collect();
        assert_eq!(open, ["XAVT", "XAO"]);
        assert_eq!(outcome.needless.iter().map(|question| question.id).collect::<Vec<_>>(), ["XAVR"]);
    }

    #[test]
    fn answers_one_by_one_lead_to_the_end() {
        for answer in [Answer::Yes, Answer::No, Answer::Unknown] {
            let mut answers = Answers::default();
            for _ in 0..40 {
                let Some(next) = decide(&answers).open.first().copied() else { break };
                assert!(answers.set(next.id, answer));
            }
            let outcome = decide(&answers);
            assert!(outcome.is_complete() && outcome.vector().is_some(), "{answer:?}");
            assert!(outcome.needless.is_empty());
        }
    }
}
