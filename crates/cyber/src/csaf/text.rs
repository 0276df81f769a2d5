//! What each kind of departure says to a person.

use base::Names;

use super::departure::DepartureKind as K;

impl K {
    /// The sentence for a person.
    pub fn text(&self) -> Names {
        match self {
            K::Shape(kind) | K::CvssShape(kind) | K::SsvcShape(kind) | K::ExtensionShape(kind) => kind.text(),
            _ => self
                .of_products()
                .or_else(|| self.of_facts())
                .or_else(|| self.of_history())
                .or_else(|| self.of_profile())
                .or_else(|| self.of_profile_21())
                .or_else(|| self.of_tree_21())
                .or_else(|| self.of_document_21())
                .or_else(|| self.of_vulnerability_21())
                .unwrap_or_default(),
        }
    }

    /// Products, their states and scores (6.1.1 to 6.1.10).
    fn of_products(&self) -> Option<Names> {
        Some(match self {
            K::UndefinedProduct(id) => Names::of(
                format!("製品 ID「{id}」は product_tree に定義されていません"),
                format!("the product “{id}” is not defined in the product tree"),
            ),
            K::ProductTwice(id) => Names::of(
                format!("製品 ID「{id}」が二度定義されています"),
                format!("the product “{id}” is defined twice"),
            ),
            K::CircularProduct(id) => Names::of(
                format!("製品 ID「{id}」の定義が循環しています"),
                format!("the definition of the product “{id}” leads into a circle"),
            ),
            K::UndefinedGroup(id) => Names::of(
                format!("製品グループ ID「{id}」は product_tree に定義されていません"),
                format!("the product group “{id}” is not defined in the product tree"),
            ),
            K::GroupTwice(id) => Names::of(
                format!("製品グループ ID「{id}」が二度定義されています"),
                format!("the product group “{id}” is defined twice"),
            ),
            K::Contradiction { product, first, second } => Names::of(
                format!("製品「{product}」の状態 {first} と {second} が矛盾しています"),
                format!("the product “{product}” is both {first} and {second}"),
            ),
            K::ScoreTwice { product, version } => Names::of(
                format!("製品「{product}」に CVSS {version} の評価が二つ以上あります"),
                format!("the product “{product}” has more than one score of CVSS {version}"),
            ),
            K::CvssComputation { property, found, computed } => Names::of(
                format!("{property} は {found} ですが、ベクトルから計算すると {computed} です"),
                format!("{property} is {found}, but the vector gives {computed}"),
            ),
            K::CvssVector(vector) => Names::of(
                format!("CVSS ベクトル「{vector}」から評価値を計算できません"),
                format!("no score can be computed from the CVSS vector “{vector}”"),
            ),
            K::CvssContradiction { property, found, vector } => Names::of(
                format!("{property} は {found} ですが、ベクトルでは {vector} です"),
                format!("{property} is {found}, but the vector says {vector}"),
            ),
            _ => return None,
        })
    }

    /// What is said of vulnerabilities and products (6.1.11 to 6.1.33).
    fn of_facts(&self) -> Option<Names> {
        Some(match self {
            K::UnknownCwe(id) => Names::of(
                format!("「{id}」という弱点は CWE にありません"),
                format!("CWE has no weakness “{id}”"),
            ),
            K::CweName { id, found, name } => Names::of(
                format!("{id} の名称は「{found}」ではなく「{name}」です"),
                format!("the name of {id} is “{name}”, not “{found}”"),
            ),
            K::Language(tag) => Names::of(
                format!("「{tag}」は有効な言語タグではありません"),
                format!("“{tag}” is not a valid language tag"),
            ),
            K::Purl { purl, why } => Names::of(
                format!("「{purl}」は有効なパッケージ URL ではありません({why})"),
                format!("“{purl}” is not a valid package URL: {why}"),
            ),
            K::NoSourceLanguage => Names::of(
                "発行者が翻訳者ですが、原文の言語(source_lang)がありません",
                "the publisher is a translator, but the source language is missing",
            ),
            K::SameLanguage(tag) => Names::of(
                format!("文書の言語と原文の言語が同じ「{tag}」です"),
                format!("the document and its source have the same language “{tag}”"),
            ),
            K::CveTwice(cve) => Names::of(
                format!("{cve} が複数の脆弱性項目で使われています"),
                format!("{cve} is used in more than one vulnerability item"),
            ),
            K::InvolvementTwice(party) => Names::of(
                format!("関係者 {party} の項目が同じ日時に二つ以上あります"),
                format!("the party {party} is involved more than once at the same date"),
            ),
            K::HashTwice(algorithm) => Names::of(
                format!("一つのファイルにハッシュ方式 {algorithm} が二度使われています"),
                format!("the hash algorithm {algorithm} is used twice for one file"),
            ),
            K::RemediationWithoutProduct => Names::of(
                "対策に対象製品(product_ids または group_ids)がありません",
                "the remediation names neither products nor product groups",
            ),
            K::VersionRange { name, word } => Names::of(
                format!("版の名称「{name}」が範囲を表しています({word})"),
                format!("the version “{name}” is a range ({word})"),
            ),
            K::FlagWithoutProduct => Names::of(
                "フラグに対象製品(product_ids または group_ids)がありません",
                "the flag names neither products nor product groups",
            ),
            K::JustificationTwice(id) => Names::of(
                format!("製品「{id}」に VEX の根拠フラグが二つ以上あります"),
                format!("the product “{id}” has more than one flag with a VEX justification"),
            ),
            _ => return None,
        })
    }

    /// Versions and revisions (6.1.14 to 6.1.22, 6.1.30).
    fn of_history(&self) -> Option<Names> {
        Some(match self {
            K::Unsorted { number, before } => Names::of(
                format!("改訂 {number} の日付が、改訂 {before} より後です"),
                format!("revision {number} is dated after revision {before}"),
            ),
            K::NotLatest { version, last } => Names::of(
                format!("文書の版は {version} ですが、最後の改訂は {last} です"),
                format!("the document has version {version}, but its last revision is {last}"),
            ),
            K::DraftVersion(version) => Names::of(
                format!("版 {version} は草案(draft)の文書に限られます"),
                format!("version {version} is kept for documents with the status draft"),
            ),
            K::UnreleasedRevision(number) => Names::of(
                format!("公開済みの文書の改訂履歴に {number} があります"),
                format!("the history of a released document has the revision {number}"),
            ),
            K::PreReleaseRevision(number) => Names::of(
                format!("改訂履歴に公開前の版 {number} があります"),
                format!("the revision history has the pre-release {number}"),
            ),
            K::PreReleaseVersion(version) => Names::of(
                format!("公開済みの文書の版が公開前の版 {version} です"),
                format!("a released document has the pre-release {version} as its version"),
            ),
            K::MissingRevision(number) => Names::of(
                format!("改訂 {number} の前の番号が抜けています"),
                format!("a number is left out before the revision {number}"),
            ),
            K::FirstRevision(number) => Names::of(
                format!("最初の改訂が 0 でも 1 でもなく {number} です"),
                format!("the first revision is {number}, neither 0 nor 1"),
            ),
            K::RevisionTwice(number) => Names::of(
                format!("改訂履歴に {number} が二度あります"),
                format!("the revision history has {number} twice"),
            ),
            K::MixedVersions(version) => Names::of(
                format!("「{version}」は、文書のほかの版と版の付け方が異なります"),
                format!("“{version}” is not counted as the other versions of the document are"),
            ),
            _ => return None,
        })
    }

    /// Categories and profiles (6.1.26, 6.1.27).
    fn of_profile(&self) -> Option<Names> {
        Some(match self {
            K::ProhibitedCategory(category) => Names::of(
                format!("文書の種別「{category}」はプロファイルのために予約されています"),
                format!("the document category “{category}” is kept for a profile"),
            ),
            K::NoNote => Names::of(
                "概要・詳細・説明・全般のいずれの注記もありません",
                "there is no note of the category description, details, general or summary",
            ),
            K::NoExternalReference => Names::of("外部への参照がありません", "there is no external reference"),
            K::Vulnerabilities => {
                Names::of("情報提供の文書に脆弱性があります", "an informational advisory has vulnerabilities")
            }
            K::NoProductTree => Names::of("product_tree がありません", "the product tree is missing"),
            K::NoVulnerabilityNote => Names::of("脆弱性に注記がありません", "the vulnerability has no notes"),
            K::NoProductStatus => {
                Names::of("脆弱性に製品の状態がありません", "the vulnerability has no product status")
            }
            K::NoVexStatus => Names::of(
                "脆弱性に VEX が求める製品の状態がありません",
                "the vulnerability has none of the product states that VEX asks for",
            ),
            K::NoVulnerabilityId => Names::of(
                "脆弱性に CVE もほかの ID もありません",
                "the vulnerability has neither a CVE nor another id",
            ),
            K::NoImpactStatement(id) => Names::of(
                format!("影響を受けない製品「{id}」に、その理由がありません"),
                format!("there is no statement why the product “{id}” is not affected"),
            ),
            K::NoActionStatement(id) => Names::of(
                format!("影響を受ける製品「{id}」に、取るべき対応がありません"),
                format!("there is no statement what to do about the affected product “{id}”"),
            ),
            K::NoVulnerabilities => {
                Names::of("vulnerabilities がありません", "the vulnerabilities are missing")
            }
            _ => return None,
        })
    }
}
