//! The steps by which configurations were judged, as a person reads them, in both languages. Nothing is decided here.

use base::Names;

use super::configuration::{Answer, ConfigurationStep};
use crate::advisory::{Configuration, CpeMatch, Inclusion, Joined};

impl Answer {
    /// The answer in a word, with its reason where it is open.
    pub fn names(self) -> Names {
        match self {
            Answer::Yes => Names::of("該当", "yes"),
            Answer::No => Names::of("非該当", "no"),
            Answer::Open(reason) => {
                let why = reason.names();
                Names::of(format!("判定できない（{}）", why.ja), format!("undetermined ({})", why.en))
            }
        }
    }
}

impl ConfigurationStep {
    /// What was asked and what was found, given the record's configurations.
    pub fn names(&self, configurations: &[Configuration]) -> Names {
        match self {
            ConfigurationStep::Asked { at, own, answer } => {
                let node = configurations.get(at.0).and_then(|one| one.nodes.get(at.1));
                let asked = node.and_then(|node| node.matches.get(at.2)).map(told).unwrap_or_default();
                asked_names(&asked, *own, *answer)
            }
            ConfigurationStep::Node { at, answer } => {
                let node = configurations.get(at.0).and_then(|one| one.nodes.get(at.1));
                let (joined, negate) = node.map(|node| (node.joined, node.negate)).unwrap_or_default();
                joined_names(&format!("{}.{}", at.0 + 1, at.1 + 1), joined, negate, *answer)
            }
            ConfigurationStep::Configuration { at, answer } => {
                let one = configurations.get(*at);
                let (joined, negate) = one.map(|one| (one.joined, one.negate)).unwrap_or_default();
                joined_names(&(at + 1).to_string(), joined, negate, *answer)
            }
        }
    }
}

fn asked_names(asked: &str, own: bool, answer: Answer) -> Names {
    let found = answer.names();
    if own {
        Names::of(
            format!("部品そのものが{asked}か → {}", found.ja),
            format!("is the component itself {asked} → {}", found.en),
        )
    } else {
        Names::of(
            format!("部品表に{asked}があるか → {}", found.ja),
            format!("does the bill hold {asked} → {}", found.en),
        )
    }
}

fn joined_names(place: &str, joined: Joined, negate: bool, answer: Answer) -> Names {
    let found = answer.names();
    let (ja, en) = match joined {
        Joined::And => ("すべて", "all of"),
        Joined::Or => ("いずれか", "any of"),
    };
    let (not_ja, not_en) = if negate { ("の否定", "not ") } else { ("", "") };
    Names::of(
        format!("構成{place}（{ja}{not_ja}）→ {}", found.ja),
        format!("configuration {place} ({not_en}{en}) → {}", found.en),
    )
}

/// A name with its bounds: `cpe:2.3:… ≥ 1.0, < 2.0`.
fn told(asked: &CpeMatch) -> String {
    let sign = |from: bool, inclusion: Inclusion| match (from, inclusion) {
        (true, Inclusion::Including) => "≥",
        (true, Inclusion::Excluding) => ">",
        (false, Inclusion::Including) => "≤",
        (false, Inclusion::Excluding) => "<",
    };
    let bounds: Vec<String> = [(true, &asked.from), (false, &asked.to)]
        .into_iter()
        .filter_map(|(from, bound)| {
            let (text, inclusion) = bound.as_ref()?;
            Some(format!("{} {text}", sign(from, *inclusion)))
        })
        .collect();
    if bounds.is_empty() {
        asked.criteria.clone()
    } else {
        format!("{} {}", asked.criteria, bounds.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::verdict::Reason;
    use super::*;
    use crate::advisory::nvd::read_json;

    #[test]
    fn steps_are_told_with_names_and_bounds() {
        let text = r#"{"id": "CVE-1", "lastModified": "m", "configurations": [{"operator": "AND", "nodes": [{"operator": "OR", "negate": true,
            "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "versionStartExcluding": "1",
            "versionEndIncluding": "2"}]}]}]}"#;
        let all = read_json(text.as_bytes()).unwrap().value.configurations;
        let open = Answer::Open(Reason::VersionOpen);
        for (step, expected) in [
            (
                ConfigurationStep::Asked { at: (0, 0, 0), own: true, answer: Answer::Yes },
                "is the component itself cpe:2.3:a:v:p:*:*:*:*:*:*:*:* > 1, ≤ 2 → yes",
            ),
            (
                ConfigurationStep::Node { at: (0, 0), answer: Answer::No },
                "configuration 1.1 (not any of) → no",
            ),
            (
                ConfigurationStep::Configuration { at: 0, answer: open },
                "configuration 1 (all of) → undetermined (the product's CPE leaves its version open)",
            ),
        ] {
            assert_eq!(step.names(&all).en, expected);
        }
    }
}
