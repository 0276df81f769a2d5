//! What the kinds of departure that CSAF 2.1 adds say to a person.

use base::Names;

use super::departure::DepartureKind as K;

impl K {
    /// Profiles and retired documents (6.1.15, 6.1.21, 6.1.27).
    pub(super) fn of_profile_21(&self) -> Option<Names> {
        Some(match self {
            K::EmptySourceLanguage => Names::of(
                "発行者が翻訳者ですが、原文の言語(source_lang)が空です",
                "the publisher is a translator, but the source language is empty",
            ),
            K::MisplacedRevision(number) => Names::of(
                format!("改訂 {number} の前に来るべき番号が、より後の日付にあります"),
                format!("the number that should come before the revision {number} is dated later"),
            ),
            K::ProductWithoutId(id) => Names::of(
                format!("製品「{id}」に当てはまる脆弱性の ID がありません"),
                format!("no id of the vulnerability applies to the product “{id}”"),
            ),
            K::NoAffectedProduct => Names::of(
                "脆弱性に影響を受ける製品(known_affected)がありません",
                "the vulnerability has no known affected product",
            ),
            K::NoCorrespondingProduct(id) => Names::of(
                format!("修正済みの製品「{id}」に対応する、影響を受ける版がありません"),
                format!("no version of the fixed product “{id}” is listed as affected"),
            ),
            K::NoDescription => Names::of(
                "種別が description の注記がありません",
                "there is no note of the category description",
            ),
            K::ProductTree => Names::of(
                "取り下げまたは置き換えられた文書に product_tree があります",
                "a withdrawn or superseded document has a product tree",
            ),
            K::SingleRevision => Names::of(
                "取り下げまたは置き換えられた文書の改訂が一つだけです",
                "a withdrawn or superseded document has less than two revisions",
            ),
            K::Reasoning(title) => Names::of(
                format!("「{title}」という題で種別が description の注記が、ちょうど一つではありません"),
                format!(
                    "there is not exactly one note with the title “{title}” and the category description"
                ),
            ),
            K::NoSupersedingDocument => Names::of(
                "置き換える文書への外部参照(Superseding Document)がありません",
                "there is no external reference to the superseding document",
            ),
            _ => return None,
        })
    }

    /// The product tree (6.1.34, 6.1.42 to 6.1.44, 6.1.50, 6.1.57 to 6.1.59, 6.1.61).
    pub(super) fn of_tree_21(&self) -> Option<Names> {
        Some(match self {
            K::DeepBranches(depth) => Names::of(
                format!("製品が {depth} 段の branches の下にあります(最大 30 段)"),
                format!("the product stands under {depth} branches, more than 30"),
            ),
            K::PurlsDiffer { first, other } => Names::of(
                format!("パッケージ URL「{other}」は「{first}」と修飾子以外でも異なります"),
                format!("the package URL “{other}” differs from “{first}” in more than its qualifiers"),
            ),
            K::StarsInModelNumber(text) => Names::of(
                format!("型番「{text}」に「*」が二つ以上あります"),
                format!("the model number “{text}” has more than one star"),
            ),
            K::StarsInSerialNumber(text) => Names::of(
                format!("製造番号「{text}」に「*」が二つ以上あります"),
                format!("the serial number “{text}” has more than one star"),
            ),
            K::StarsInSku(text) => Names::of(
                format!("在庫管理単位「{text}」に「*」が二つ以上あります"),
                format!("the stock keeping unit “{text}” has more than one star"),
            ),
            K::RangeRule { name, fault } => {
                let why = fault.text();
                Names::of(
                    format!("版の範囲「{name}」は規則に反しています({})", why.ja),
                    format!("the version range “{name}” breaks the rules: {}", why.en),
                )
            }
            K::StackedCategory(category) => Names::of(
                format!("分類 {category} が一つの経路に二度あります"),
                format!("the category {category} stands twice on one path"),
            ),
            K::VersionAndRange => Names::of(
                "一つの経路に product_version と product_version_range の両方があります",
                "both product_version and product_version_range stand on one path",
            ),
            K::SingleVersion(name) => Names::of(
                format!("版の範囲「{name}」が一つの版だけを表しています"),
                format!("the version range “{name}” identifies a single version"),
            ),
            _ => return None,
        })
    }

    /// Dates, sharing groups and licences (6.1.37 to 6.1.41, 6.1.45, 6.1.49, 6.1.51 to 6.1.55).
    pub(super) fn of_document_21(&self) -> Option<Names> {
        Some(match self {
            K::DateTime(text) => Names::of(
                format!("「{text}」は CSAF の日時の規則に合いません"),
                format!("“{text}” is not a date and time as CSAF asks for"),
            ),
            K::PublicGroup(label) => Names::of(
                format!("公開の共有グループ(Max UUID)ですが、TLP が {label} です"),
                format!("the sharing group is the public one (Max UUID), but the TLP label is {label}"),
            ),
            K::GroupOfPublic(id) => Names::of(
                format!("TLP:CLEAR の文書に共有グループ {id} があります"),
                format!("a TLP:CLEAR document has the sharing group {id}"),
            ),
            K::ReservedGroupName(name) => Names::of(
                format!("共有グループの名称「{name}」は別の ID のために予約されています"),
                format!("the sharing group name “{name}” is kept for another id"),
            ),
            K::GroupName(name) => Names::of(
                format!("この ID の共有グループの名称は「{name}」でなければなりません"),
                format!("the sharing group with this id must bear the name “{name}”"),
            ),
            K::LicenceExpression(text) => Names::of(
                format!("「{text}」は有効なライセンス式ではありません"),
                format!("“{text}” is not a valid licence expression"),
            ),
            K::NoLicenceText(id) => Names::of(
                format!("一覧にないライセンス「{id}」の本文の注記(License)が、ちょうど一つではありません"),
                format!(
                    "there is not exactly one note “License” with the text of the unlisted licence “{id}”"
                ),
            ),
            K::LateDisclosure(late) => late.text("公表日", "the disclosure date"),
            K::LateSsvc(late) => late.text("SSVC の日時", "the SSVC timestamp"),
            K::LateEpss(late) => late.text("EPSS の日時", "the EPSS timestamp"),
            K::LateExploitation(late) | K::ExploitationAfterInformation(late) => {
                late.text("悪用の日時", "the date of the exploitation")
            }
            _ => return None,
        })
    }

    /// Remediations, metrics and SSVC (6.1.35, 6.1.36, 6.1.47, 6.1.48, 6.1.56).
    pub(super) fn of_vulnerability_21(&self) -> Option<Names> {
        Some(match self {
            K::ContradictingRemediations { product, first, second } => Names::of(
                format!("製品「{product}」の対策 {first} と {second} が矛盾しています"),
                format!("the product “{product}” has both the remediation {first} and {second}"),
            ),
            K::RemediationOfState { product, category, state } => Names::of(
                format!("製品「{product}」は {state} ですが、対策 {category} があります"),
                format!("the product “{product}” is {state}, but has the remediation {category}"),
            ),
            K::SsvcTarget(id) => Names::of(
                format!("SSVC の対象「{id}」はこの脆弱性の ID ではありません"),
                format!("the SSVC target “{id}” is no id of this vulnerability"),
            ),
            K::SsvcDecisionPoint(point) => Names::of(
                format!("SSVC に判断点「{point}」はありません"),
                format!("SSVC has no decision point “{point}”"),
            ),
            K::SsvcValue(value) => Names::of(
                format!("SSVC の判断点に値「{value}」はありません"),
                format!("the SSVC decision point has no value “{value}”"),
            ),
            K::SsvcOrder(value) => Names::of(
                format!("SSVC の値「{value}」が定義の順に並んでいません"),
                format!("the SSVC value “{value}” is not in the order of the definition"),
            ),
            K::SsvcName { found, name } => Names::of(
                format!("SSVC の名称は「{found}」ではなく「{name}」です"),
                format!("the name in SSVC is “{name}”, not “{found}”"),
            ),
            K::RatingBesideCvss(product) => Names::of(
                format!("製品「{product}」に同じ出典の CVSS と定性的な深刻度の両方があります"),
                format!("the product “{product}” has both CVSS and a qualitative rating from one source"),
            ),
            _ => return None,
        })
    }
}

impl super::departure::Late {
    fn text(&self, ja: &str, en: &str) -> Names {
        Names::of(
            format!("{ja} {} が {} より後です", self.date, self.last),
            format!("{en} {} is after {}", self.date, self.last),
        )
    }
}
