//! From where on a finding counts for those who cannot stop at every one, such as a build. It is their choice, not a judgement: what lies
//! below it stays a finding.

use super::gravity::Gravity;

/// From where on findings count. Known exploitation counts from every threshold on, whatever its score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Threshold {
    /// All of them.
    #[default]
    Any,
    /// From this score on in tenths, of whatever version of CVSS: the bounds of the words of 3.1 (section 5), which 4.0 kept.
    Score(u8),
    /// Those known to be exploited.
    Exploited,
    /// None of them.
    Never,
}

/// How a finding stands to a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// It counts because nobody says how grave it is, or no list of what is exploited is at hand: the unknown is not taken for harmless.
    CountsUnknown,
    /// It does not count.
    Below,
}

impl Threshold {
    /// The thresholds by their names, the widest first.
    pub const ALL: [(&'static str, Threshold); 7] = [
        ("any", Threshold::Any),
        ("low", Threshold::Score(1)),
        ("medium", Threshold::Score(40)),
        ("high", Threshold::Score(70)),
        ("critical", Threshold::Score(90)),
        ("exploited", Threshold::Exploited),
        ("never", Threshold::Never),
    ];

    /// The threshold of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, threshold)| *threshold)
    }

    /// How a finding of this gravity stands to it.
    pub fn standing(self, gravity: &Gravity) -> Standing {
        let is_exploited = gravity.exploited.value().is_some();
        match self {
            Self::Any => Standing::Counts,
            Self::Never => Standing::Below,
            _ if is_exploited => Standing::Counts,
            Self::Exploited if gravity.exploited.reason() == Some(base::Missing::Unknown) => {
                Standing::CountsUnknown
            }
            Self::Exploited => Standing::Below,
            Self::Score(least) => match gravity.highest() {
                None => Standing::CountsUnknown,
                Some((_, scored)) if scored.score.tenths() >= least => Standing::Counts,
                Some(_) => Standing::Below,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use base::{Missing, Reported};

    use super::*;
    use crate::advisory::Severity;
    use crate::severity::Exploited;

    const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";

    fn scored(vector: &str, exploited: Reported<Exploited>) -> Gravity {
        let severity = Severity { notation: "CVSS_V3".to_owned(), score: vector.to_owned() };
        Gravity { exploited, ..Gravity::of([("A", &severity)]) }
    }

    fn standings(gravity: &Gravity) -> [Standing; 7] {
        Threshold::ALL.map(|(_, threshold)| threshold.standing(gravity))
    }

    #[test]
    fn a_score_is_counted_up_to_its_word_and_the_unknown_everywhere_but_nowhere() {
        use Standing::{Below, Counts, CountsUnknown};
        let unlisted = Reported::missing(Missing::None);
        assert_eq!(
            standings(&scored(HIGH, unlisted.clone())),
            [Counts, Counts, Counts, Counts, Below, Below, Below]
        );
        assert_eq!(
            standings(&scored("no vector", unlisted)),
            [Counts, CountsUnknown, CountsUnknown, CountsUnknown, CountsUnknown, Below, Below]
        );
        let no_list = scored(HIGH, Reported::missing(Missing::Unknown));
        assert_eq!(Threshold::Exploited.standing(&no_list), CountsUnknown);
    }

    #[test]
    fn what_is_exploited_counts_whatever_its_score() {
        let known = Exploited { source: "KEV".to_owned(), cve: String::new(), since: None, ransomware: None };
        let gravity = scored(HIGH, Reported::Value(known));
        assert_eq!(Threshold::named("critical").unwrap().standing(&gravity), Standing::Counts);
        assert_eq!(Threshold::named("exploited").unwrap().standing(&gravity), Standing::Counts);
        assert_eq!(Threshold::named("never").unwrap().standing(&gravity), Standing::Below);
        assert_eq!(Threshold::named("grave"), None);
    }
}
