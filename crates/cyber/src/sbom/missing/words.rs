//! Elements and answers as a person reads them, in both languages, and their stable names for programs. Nothing is asked here.

use base::Names;

use super::{Answer, Element};

impl Element {
    /// Its name for a person.
    pub fn names(self) -> Names {
        let (ja, en) = match self {
            Element::Author => ("SBOMの作成者", "author of the SBOM"),
            Element::Timestamp => ("作成日時", "timestamp"),
            Element::Tool => ("作成ツール", "tool name"),
            Element::Context => ("作成の段階", "generation context"),
            Element::Supplier => ("供給者", "supplier"),
            Element::Name => ("部品名", "component name"),
            Element::Version => ("版", "version"),
            Element::Identifier => ("固有識別子", "unique identifier"),
            Element::PurlOrCpe => ("固有識別子（purlまたはCPE）", "unique identifier (purl or CPE)"),
            Element::Relationship => ("関係", "relationship"),
            Element::Hash => ("ハッシュ値", "hash"),
            Element::Licence => ("ライセンス", "licence"),
            Element::SupportLevel => ("サポートの水準", "level of support"),
            Element::EndOfSupport => ("サポート終了日（EOS）", "end of support (EOS)"),
            Element::EndOfLife => ("製品寿命終了日（EOL）", "end of life (EOL)"),
        };
        Names::of(ja, en)
    }

    /// A stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Element::Author => "author",
            Element::Timestamp => "timestamp",
            Element::Tool => "tool",
            Element::Context => "generation-context",
            Element::Supplier => "supplier",
            Element::Name => "name",
            Element::Version => "version",
            Element::Identifier => "identifier",
            Element::PurlOrCpe => "purl-or-cpe",
            Element::Relationship => "relationship",
            Element::Hash => "hash",
            Element::Licence => "licence",
            Element::SupportLevel => "support-level",
            Element::EndOfSupport => "end-of-support",
            Element::EndOfLife => "end-of-life",
        }
    }
}

impl Answer {
    /// The answer for a person.
    pub fn names(self) -> Names {
        match self {
            Answer::Stated => Names::of("記載あり", "stated"),
            Answer::StatedAsUnknown => Names::of("不明と記載", "stated as unknown"),
            Answer::NotStated => Names::of("記載なし", "not stated"),
        }
    }

    /// A stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Answer::Stated => "stated",
            Answer::StatedAsUnknown => "stated-as-unknown",
            Answer::NotStated => "not-stated",
        }
    }
}
