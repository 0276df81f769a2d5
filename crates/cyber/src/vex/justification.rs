//! Why a product is not affected: the words of the formats in one list, and which word of one format stands for which of another. What has no
//! counterpart is told, never replaced in silence.

use base::Names;

use super::model::Format;

/// A reason. The first five are those of CISA ("VEX Status Justifications", 2022), OpenVEX and CSAF; the others are CycloneDX's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Justification {
    /// The component is not in the product.
    ComponentNotPresent,
    /// The component is, its vulnerable code is not.
    CodeNotPresent,
    /// The vulnerable code is never run.
    CodeNotInExecutePath,
    /// An attacker cannot steer the vulnerable code.
    CodeNotControlledByAdversary,
    /// The product itself prevents exploitation.
    MitigatedInline,
    /// A setting is needed that the product does not have.
    RequiresConfiguration,
    /// Another part is needed that the product does not have.
    RequiresDependency,
    /// Surroundings are needed that the product does not run in.
    RequiresEnvironment,
    /// A switch of the compiler prevents it.
    ProtectedByCompiler,
    /// It is prevented while running.
    ProtectedAtRuntime,
    /// It is prevented at the edge of the network.
    ProtectedAtPerimeter,
    /// Another control prevents it.
    ProtectedByControl,
}

/// How a reason is written in a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counterpart {
    /// By a word that means the same.
    Same(&'static str),
    /// By the nearest word, which means more or less than it.
    Nearest(&'static str),
    /// By no word of the format: only in prose.
    None,
}

impl Counterpart {
    /// The word, if there is one.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Counterpart::Same(word) | Counterpart::Nearest(word) => Some(word),
            Counterpart::None => None,
        }
    }
}

use Counterpart::{Nearest, Same};
use Justification as J;

/// Every reason with its word in OpenVEX and CSAF, then in CycloneDX.
const TABLE: [(Justification, Counterpart, Counterpart); 12] = [
    // CycloneDX has no word for an absent component: its code is not there either.
    (J::ComponentNotPresent, Same("component_not_present"), Nearest("code_not_present")),
    (J::CodeNotPresent, Same("vulnerable_code_not_present"), Same("code_not_present")),
    (J::CodeNotInExecutePath, Same("vulnerable_code_not_in_execute_path"), Same("code_not_reachable")),
    (
        J::CodeNotControlledByAdversary,
        Same("vulnerable_code_cannot_be_controlled_by_adversary"),
        Counterpart::None,
    ),
    (
        J::MitigatedInline,
        Same("inline_mitigations_already_exist"),
        Nearest("protected_by_mitigating_control"),
    ),
    // Without the setting, dependency or surroundings, the code may still be run: no word of the five says that.
    (J::RequiresConfiguration, Counterpart::None, Same("requires_configuration")),
    (J::RequiresDependency, Counterpart::None, Same("requires_dependency")),
    (J::RequiresEnvironment, Counterpart::None, Same("requires_environment")),
    (J::ProtectedByCompiler, Nearest("inline_mitigations_already_exist"), Same("protected_by_compiler")),
    (J::ProtectedAtRuntime, Nearest("inline_mitigations_already_exist"), Same("protected_at_runtime")),
    // What stands around the product is not within it, so that "inline" would say too much.
    (J::ProtectedAtPerimeter, Counterpart::None, Same("protected_at_perimeter")),
    (J::ProtectedByControl, Counterpart::None, Same("protected_by_mitigating_control")),
];

impl Justification {
    /// Every reason.
    pub fn all() -> impl Iterator<Item = Justification> {
        TABLE.iter().map(|(reason, _, _)| *reason)
    }

    /// Reads a word of a format.
    pub fn of(format: Format, word: &str) -> Option<Justification> {
        TABLE
            .iter()
            .map(|(reason, _, _)| *reason)
            .find(|reason| matches!(reason.written(format), Same(own) if own == word))
    }

    /// How it is written in a format.
    pub fn written(self, format: Format) -> Counterpart {
        let row = TABLE.iter().find(|(reason, _, _)| *reason == self);
        row.map_or(Counterpart::None, |(_, five, cyclonedx)| match format {
            Format::CycloneDx => *cyclonedx,
            Format::OpenVex | Format::Csaf => *five,
        })
    }

    /// A stable name for programs: the word of the format that has it as its own, OpenVEX first.
    pub fn code(self) -> &'static str {
        match (self.written(Format::OpenVex), self.written(Format::CycloneDx)) {
            (Same(word), _) | (_, Same(word)) => word,
            _ => "",
        }
    }

    /// Reads that name, or any word of a format.
    pub fn of_any(word: &str) -> Option<Justification> {
        Self::of(Format::OpenVex, word).or_else(|| Self::of(Format::CycloneDx, word))
    }

    /// For a person.
    pub fn names(self) -> Names {
        match self {
            J::ComponentNotPresent => {
                Names::of("部品が含まれていない", "the component is not in the product")
            }
            J::CodeNotPresent => {
                Names::of("脆弱なコードが含まれていない", "the vulnerable code is not present")
            }
            J::CodeNotInExecutePath => {
                Names::of("脆弱なコードは実行されない", "the vulnerable code is never run")
            }
            J::CodeNotControlledByAdversary => {
                Names::of("攻撃者は脆弱なコードを操れない", "an attacker cannot control the vulnerable code")
            }
            J::MitigatedInline => {
                Names::of("製品内の緩和策が悪用を防いでいる", "mitigations within the product prevent it")
            }
            J::RequiresConfiguration => {
                Names::of("製品にない設定が要る", "it needs a configuration the product does not have")
            }
            J::RequiresDependency => {
                Names::of("製品にない依存先が要る", "it needs a dependency the product does not have")
            }
            J::RequiresEnvironment => {
                Names::of("製品にない動作環境が要る", "it needs surroundings the product does not run in")
            }
            J::ProtectedByCompiler => {
                Names::of("コンパイラの機能が防いでいる", "a feature of the compiler prevents it")
            }
            J::ProtectedAtRuntime => Names::of("実行時に防いでいる", "it is prevented at run time"),
            J::ProtectedAtPerimeter => {
                Names::of("ネットワークの境界で防いでいる", "it is prevented at the perimeter")
            }
            J::ProtectedByControl => Names::of("ほかの対策が防いでいる", "another control prevents it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_from_a_word_of_its_own_and_has_a_name() {
        for reason in Justification::all() {
            assert_eq!(Justification::of_any(reason.code()), Some(reason));
            assert!(!reason.names().ja.is_empty());
        }
        for word in ["component_not_present", "inline_mitigations_already_exist"] {
            assert_eq!(Justification::of(Format::CycloneDx, word), None, "{word} is no word of CycloneDX");
        }
    }

    #[test]
    fn what_has_no_counterpart_is_not_given_one() {
        assert_eq!(J::RequiresConfiguration.written(Format::OpenVex), Counterpart::None);
        assert_eq!(J::CodeNotControlledByAdversary.written(Format::CycloneDx), Counterpart::None);
        assert_eq!(J::ProtectedAtRuntime.written(Format::Csaf), Nearest("inline_mitigations_already_exist"));
        assert_eq!(J::CodeNotPresent.written(Format::CycloneDx), Same("code_not_present"));
    }
}
