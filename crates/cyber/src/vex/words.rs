//! What became of statements as a person reads it, in both languages. Nothing is decided here.

use base::Names;

use super::apply::{Force, Why};
use super::identity::{NamedBy, Other};

impl NamedBy {
    /// A stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            NamedBy::Link => "bom-link",
            NamedBy::Address => "address",
            NamedBy::Purl => "purl",
            NamedBy::Cpe => "cpe",
            NamedBy::Hash => "hash",
            NamedBy::NameAndVersion => "name-and-version",
            NamedBy::Name => "name",
        }
    }

    /// By what something was recognised.
    pub fn names(self) -> Names {
        match self {
            NamedBy::Link => Names::of("BOM-Linkで特定", "by its BOM-Link"),
            NamedBy::Address => {
                Names::of("文書内のアドレス（SPDX）で特定", "by its address in the document (SPDX)")
            }
            NamedBy::Purl => Names::of("Package URLで特定", "by its package URL"),
            NamedBy::Cpe => Names::of("CPE名で特定", "by its CPE name"),
            NamedBy::Hash => Names::of("ハッシュ値で特定", "by a checksum"),
            NamedBy::NameAndVersion => Names::of("名前と版で特定", "by name and version"),
            NamedBy::Name => Names::of("名前だけで特定", "by its name alone"),
        }
    }
}

impl Other {
    /// Why something is not what a statement names.
    pub fn names(&self) -> Names {
        match self {
            Other::Different => Names::of("別のもの", "it is something else"),
            Other::Incomparable => Names::of(
                "比べられる名前が両方にはない",
                "they have no names in common that could be compared",
            ),
            Other::Unresolved => {
                Names::of("参照がこのSBOMを指すか分からない", "its reference leads to no bill of materials")
            }
            Other::OtherBill => Names::of("別のSBOMについての記述", "it is about another bill of materials"),
            Other::OtherRevision { stated } => Names::of(
                format!("このSBOMの別の版（{stated}）についての記述"),
                format!("it is about version {stated} of this bill"),
            ),
            Other::VersionUnknown => {
                Names::of("版を限った記述だが、SBOMに版がない", "it names a version, and the bill names none")
            }
            Other::VersionUndetermined { stated, found } => Names::of(
                format!("記述の版「{stated}」が {found} を含むか判定できない"),
                format!("whether “{stated}” holds {found} cannot be told"),
            ),
            Other::OtherVersion { stated, found } => Names::of(
                format!("版が異なる：記述は {stated}、SBOMは {found}"),
                format!("another version: stated of {stated}, found {found}"),
            ),
        }
    }
}

impl Force {
    /// A stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Force::InForce => "in-force",
            Force::Superseded(_) => "superseded",
            Force::Outranked(_) => "outranked",
            Force::Contradicted(_) => "contradicted",
        }
    }

    /// Whether it counts, and if not, for what kind of reason.
    pub fn names(self) -> Names {
        match self {
            Force::InForce => Names::of("適用", "applied"),
            Force::Superseded(_) => Names::of("後の記述が優先", "superseded by a later statement"),
            Force::Outranked(_) => {
                Names::of("優先する作成者の記述と異なる", "another author comes first and states otherwise")
            }
            Force::Contradicted(_) => Names::of(
                "ほかの記述と矛盾し、どちらも優先しない",
                "contradicted by another statement; neither wins",
            ),
        }
    }
}

impl Why {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Why::NoProduct => "no-product",
            Why::NoVulnerability => "no-vulnerability",
            Why::NoStatus => "no-status",
            Why::NoReason => "no-reason",
            Why::SelfContradiction => "self-contradiction",
            Why::OtherProduct(_) => "other-product",
            Why::ProductUnknown => "product-unknown",
            Why::UnnamedBill => "unnamed-bill",
            Why::NotInBill(_) => "not-in-bill",
            Why::NotWithin => "not-within",
            Why::AlsoElsewhere => "also-elsewhere",
            Why::ContainmentUnknown => "containment-unknown",
            Why::NotFound => "not-found",
            Why::FoundElsewhere(_) => "found-elsewhere",
        }
    }

    /// Why a statement did not apply.
    pub fn names(&self) -> Names {
        match self {
            Why::NoProduct => Names::of("製品が示されていない", "it names no product"),
            Why::NoVulnerability => Names::of("脆弱性の番号がない", "it names no vulnerability"),
            Why::NoStatus => Names::of("状態が読めない", "it states nothing that could be read"),
            Why::NoReason => Names::of("「影響なし」の理由がない", "it says not affected without a reason"),
            Why::SelfContradiction => Names::of(
                "同じ版について影響ありとも影響なしとも述べている",
                "it says of one version both that it is affected and that it is not",
            ),
            Why::OtherProduct(other) => with("別の製品についての記述", "it is about another product", other),
            Why::ProductUnknown => Names::of(
                "このSBOMがどの製品のものか書かれていない",
                "the bill does not say which product it is about",
            ),
            Why::UnnamedBill => Names::of(
                "製品名のない別のSBOMの部品についての記述で、どの製品のものか分からない",
                "it is of a component of another bill, which names no product, and holds in that bill alone",
            ),
            Why::NotInBill(other) => {
                with("対象がこのSBOMにない", "what it speaks of is not in this bill", other)
            }
            Why::NotWithin => Names::of(
                "対象の部品は、記述のいう部分に含まれていない",
                "the component is not within the part it speaks of",
            ),
            Why::AlsoElsewhere => Names::of(
                "対象の部品は、記述のいう部分の外にもある",
                "the component is within the part it speaks of, and elsewhere too",
            ),
            Why::ContainmentUnknown => Names::of(
                "何が含まれているかがSBOMに書かれていない",
                "the bill does not say what is within that part",
            ),
            Why::NotFound => Names::of(
                "この脆弱性はこのSBOMに見つかっていない",
                "the vulnerability was not found in this bill",
            ),
            Why::FoundElsewhere(_) => Names::of(
                "この脆弱性は別の部品にだけ見つかっている",
                "the vulnerability was found, but on other components only",
            ),
        }
    }
}

fn with(ja: &str, en: &str, other: &Other) -> Names {
    if *other == Other::Different {
        return Names::of(ja, en);
    }
    let why = other.names();
    Names::of(format!("{ja}（{}）", why.ja), format!("{en}: {}", why.en))
}
