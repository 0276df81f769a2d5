//! Reads back a vector that carries the answers of the rubric: `CVSS:3.0/AV:N/…/XAVN:Y/XAVT:Y/…`. That the answers are written `Y`, `N` and `U`
//! is a reading of ours: the sources show the names of the fields only.

use super::question::{Answer, Metric};
use super::{Answers, decide, question};
use crate::severity::vector::{Scored, Unscored, read as scored};

/// The longest text read as a vector, in bytes.
const LONGEST: usize = 4096;

/// What a vector and its extension say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The vector without the extension, where there is one.
    pub vector: Option<String>,
    /// Its score, or why it has none; `None` where there is no vector.
    pub scored: Option<Result<Scored, Unscored>>,
    /// The answers of the extension.
    pub answers: Answers,
    /// Metrics that the answers decide otherwise than the vector says.
    pub contradictions: Vec<Contradiction>,
}

/// A metric of the vector that its extension decides otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The metric.
    pub metric: Metric,
    /// What the vector says.
    pub said: char,
    /// What follows from the answers.
    pub decided: char,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAVector {
    /// Beyond the bound.
    #[error("the text is longer than {LONGEST} bytes")]
    TooLong,
    /// A part without a colon.
    #[error("\"{0}\" is not of the form NAME:VALUE")]
    NoPair(String),
    /// A field the rubric does not have.
    #[error("the rubric has no question \"{0}\"")]
    NoQuestion(String),
    /// An answer that is none.
    #[error("\"{0}\": the answer is Y (yes), N (no) or U (unknown)")]
    NoAnswer(String),
    /// A field that stands twice.
    #[error("\"{0}\" stands twice")]
    Twice(String),
}

/// Reads a vector with the extension, or the extension alone.
pub fn read(text: &str) -> Result<Given, NotAVector> {
    if text.len() > LONGEST {
        return Err(NotAVector::TooLong);
    }
    let mut answers = Answers::default();
    let mut vector = Vec::new();
    for part in text.trim().split('/').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once(':').ok_or_else(|| NotAVector::NoPair(part.to_owned()))?;
        if !name.starts_with('X') {
            vector.push(part);
            continue;
        }
        let asked = question(name).ok_or_else(|| NotAVector::NoQuestion(name.to_owned()))?;
        let answer = Answer::of(value).ok_or_else(|| NotAVector::NoAnswer(part.to_owned()))?;
        if answers.get(asked.id).is_some() {
            return Err(NotAVector::Twice(name.to_owned()));
        }
        answers.set(asked.id, answer);
    }
    let contradictions = contradictions(&vector, &answers);
    let vector = Some(vector.join("/")).filter(|vector| !vector.is_empty());
    let scored = vector.as_deref().map(|vector| scored("CVSS_V3", vector));
    Ok(Given { vector, scored, answers, contradictions })
}

fn contradictions(vector: &[&str], answers: &Answers) -> Vec<Contradiction> {
    let said = |metric: Metric| {
        let value =
            vector.iter().find_map(|part| part.split_once(':').filter(|(key, _)| *key == metric.key()));
        value.and_then(|(_, value)| value.chars().next())
    };
    let decisions = decide(answers).decisions;
    let one = |decision: &super::Decision| {
        let said = said(decision.metric).filter(|said| *said != decision.value)?;
        Some(Contradiction { metric: decision.metric, said, decided: decision.value })
    };
    decisions.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let text = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H/XAVN:Y/XAVT:Y/XACL:Y/XPRL:N/XUI:N/XS:N";
        let given = read(text).unwrap();
        assert_eq!(given.vector.as_deref(), Some("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"));
        assert_eq!(given.answers.get("XAVT"), Some(Answer::Yes));
        assert_eq!(given.scored.unwrap().unwrap().score.to_string(), "9.1");
        assert!(given.contradictions.is_empty());
        let open = decide(&given.answers).open;
        assert_eq!(open.len(), 18, "six classes for each of three impacts");
    }

    #[test]
    fn an_extension_that_contradicts_its_vector_is_told() {
        let given = read("CVSS:3.0/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H/XAVN:U/XACL:Y").unwrap();
        assert_eq!(
            given.contradictions,
            [Contradiction { metric: Metric::AttackVector, said: 'P', decided: 'N' }]
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (text, error) in [
            ("XAVN", NotAVector::NoPair("XAVN".to_owned())),
            ("XAVQ:Y", NotAVector::NoQuestion("XAVQ".to_owned())),
            ("XAVN:X", NotAVector::NoAnswer("XAVN:X".to_owned())),
            ("XAVN:Y/XAVN:N", NotAVector::Twice("XAVN".to_owned())),
        ] {
            assert_eq!(read(text), Err(error));
        }
        assert_eq!(read(&"X".repeat(5000)), Err(NotAVector::TooLong));
        assert_eq!(read("XAVN:Y").unwrap().vector, None);
    }
}
