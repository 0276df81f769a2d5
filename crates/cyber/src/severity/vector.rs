//! Severities as they were published, read by the library that FIRST's vectors were tried with. What cannot be read keeps its text and
//! the reason.

use std::str::FromStr;

use base::Names;
use cvss::{Cvss, Severity};

/// The longest text read as a vector, in bytes.
const LONGEST: usize = 1024;

/// A version of CVSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notation {
    /// CVSS 2.0.
    V2,
    /// CVSS 3.0.
    V30,
    /// CVSS 3.1.
    V31,
    /// CVSS 4.0.
    V40,
}

impl Notation {
    /// Its name as people say it.
    pub fn name(self) -> &'static str {
        match self {
            Notation::V2 => "CVSS 2.0",
            Notation::V30 => "CVSS 3.0",
            Notation::V31 => "CVSS 3.1",
            Notation::V40 => "CVSS 4.0",
        }
    }
}

/// A score in tenths: CVSS rounds to one decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// The nearest tenth, within 0 and 10.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100")]
    pub fn of(value: f64) -> Self {
        Score((value * 10.0).round().clamp(0.0, 100.0) as u8)
    }

    /// From 0 to 100.
    pub fn tenths(self) -> u8 {
        self.0
    }

    /// From 0 to 10.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// The qualitative rating scale of a version of CVSS (3.1, 5; 4.0, 6; for 2.0 that of NVD).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// 0.0; version 2.0 has no such word.
    None,
    /// Up to 3.9.
    Low,
    /// Up to 6.9.
    Medium,
    /// Up to 8.9; in version 2.0 up to 10.0.
    High,
    /// From 9.0.
    Critical,
}

impl Word {
    /// For a person; the Japanese words are those of JVN iPedia for CVSS 3.
    pub fn names(self) -> Names {
        match self {
            Word::None => Names::of("なし", "none"),
            Word::Low => Names::of("注意", "low"),
            Word::Medium => Names::of("警告", "medium"),
            Word::High => Names::of("重要", "high"),
            Word::Critical => Names::of("緊急", "critical"),
        }
    }
}

/// A vector that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scored {
    /// By which version.
    pub notation: Notation,
    /// The base score; of version 4.0 the score of all groups the vector holds.
    pub score: Score,
    /// The word for it.
    pub word: Word,
}

/// Why a severity has no score.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unscored {
    /// A publisher's own word (`medium`), or a number without a vector: nothing can be computed.
    NoVector,
    /// A vector of a version that is not known.
    UnknownVersion,
    /// A vector that cannot be read, and why, in the words of the library.
    Unreadable(String),
}

impl Unscored {
    /// For a person.
    pub fn names(&self) -> Names {
        match self {
            Unscored::NoVector => {
                Names::of("公表元の言葉で、ベクタがない", "the publisher's own word, no vector")
            }
            Unscored::UnknownVersion => {
                Names::of("知られていない版のCVSS", "a version of CVSS that is not known")
            }
            Unscored::Unreadable(why) => Names::of(
                format!("ベクタとして読めない（{why}）"),
                format!("cannot be read as a vector ({why})"),
            ),
        }
    }
}

/// Reads a severity as it was published: `notation` as sources write it (`CVSS_V3`, `Ubuntu`), and the vector or word.
pub fn read(notation: &str, text: &str) -> Result<Scored, Unscored> {
    // In version 2.0 a vector may stand in parentheses (guide, 2.4).
    let text = text.trim();
    let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    if bare.len() > LONGEST {
        return Err(Unscored::Unreadable(format!("longer than {LONGEST} bytes")));
    }
    if !bare.contains('/') || !bare.contains(':') {
        return Err(Unscored::NoVector);
    }
    if !bare.starts_with("CVSS:") && !notation.to_ascii_uppercase().contains("CVSS") {
        return Err(Unscored::NoVector);
    }
    let cvss = Cvss::from_str(bare).map_err(|error| match error {
        cvss::Error::UnsupportedVersion { .. } => Unscored::UnknownVersion,
        other => Unscored::Unreadable(other.to_string()),
    })?;
    let notation = match cvss {
        Cvss::CvssV20(_) => Notation::V2,
        Cvss::CvssV30(_) => Notation::V30,
        Cvss::CvssV31(_) => Notation::V31,
        Cvss::CvssV40(_) => Notation::V40,
        _ => return Err(Unscored::UnknownVersion),
    };
    if let Some(missing) = missing(notation, &cvss) {
        return Err(Unscored::Unreadable(format!("{missing} is missing")));
    }
    Ok(Scored { notation, score: Score::of(cvss.score()), word: word(cvss.severity()) })
}

/// The library scores vectors of version 3 that lack base metrics, which the standard requires (3.1, 6).
fn missing(notation: Notation, cvss: &Cvss) -> Option<&'static str> {
    let base: &[&'static str] = match notation {
        Notation::V30 | Notation::V31 => &["AV", "AC", "PR", "UI", "S", "C", "I", "A"],
        Notation::V2 | Notation::V40 => &[],
    };
    base.iter().copied().find(|name| !cvss.metrics().any(|(metric, _)| metric.name() == *name))
}

fn word(severity: Severity) -> Word {
    match severity {
        Severity::None => Word::None,
        Severity::Low => Word::Low,
        Severity::Medium => Word::Medium,
        Severity::High => Word::High,
        Severity::Critical => Word::Critical,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores as NVD and FIRST's calculators print them.
    #[test]
    fn every_version_is_scored_and_worded() {
        for (notation, text, version, score, word) in [
            ("CVSS_V2", "AV:N/AC:L/Au:N/C:C/I:C/A:C", Notation::V2, "10.0", Word::High),
            ("CVSS_V2", "(AV:N/AC:M/Au:N/C:N/I:P/A:N)", Notation::V2, "4.3", Word::Medium),
            ("CVSS_V3", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Notation::V30, "9.8", Word::Critical),
            ("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Notation::V31, "6.1", Word::Medium),
            ("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Notation::V31, "0.0", Word::None),
            (
                "CVSS_V4",
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
                Notation::V40,
                "9.3",
                Word::Critical,
            ),
        ] {
            let scored = read(notation, text).unwrap();
            let found = (scored.notation, scored.score.to_string(), scored.word);
            assert_eq!(found, (version, score.to_owned(), word), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_scored_says_why() {
        assert_eq!(read("Ubuntu", "medium"), Err(Unscored::NoVector));
        assert_eq!(read("CVSS_V3", "7.5"), Err(Unscored::NoVector));
        assert_eq!(read("CVSS_V5", "CVSS:5.0/AV:N/AC:L"), Err(Unscored::UnknownVersion));
        for broken in ["CVSS:3.1/AV:N/AC:L", "CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "AV:N/AC:L/Au:N"]
        {
            assert!(matches!(read("CVSS_V3", broken), Err(Unscored::Unreadable(_))), "{broken}");
        }
        assert!(matches!(
            read("CVSS_V3", &format!("CVSS:3.1/{}", "A:H/".repeat(400))),
            Err(Unscored::Unreadable(_))
        ));
    }
}
