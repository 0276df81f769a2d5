//! The RS system's CSV groups as data: which column goes where and what its cells hold. Spellings vary from year to
//! year in width, brackets, dashes and blanks; [`super::header`] folds those, so only real variants are listed here.
//! How cells are read stands in [`super::cell`]; how rows become records in [`super::build`].

use base::BudgetKind;

use super::Group;

/// Where a column goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum To {
    /// Sheet year: part of the key.
    Year,
    /// Budget-programme id: part of the key.
    Id,
    /// The programme's name: the first is kept as its name, others as other names.
    Name,
    /// A field of the sheet itself.
    Sheet(&'static str, Cell),
    /// One more value of a list field of the sheet.
    List(&'static str),
    /// A value of a list field that this column ticks.
    Tick(&'static str, &'static str),
    /// A field of a row of a table.
    Row(&'static str, &'static str, Cell),
    /// The fiscal year of everything in the row.
    RowYear,
    /// Money of the programme as a whole.
    Money(BudgetKind),
    /// What a goal is; rows of one goal are folded into one.
    Goal(&'static str, Cell),
    /// Which of target year, target, result or rate the year columns of this row hold.
    Measure,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Text as written.
    Text,
    /// Text after an ordinal such as `1.短期`.
    Label,
    /// A code of digits that spreadsheets turn into a number.
    Code,
    /// A whole number.
    Integer,
    /// A running number, which alone says nothing.
    Ordinal,
    /// A number as printed.
    Decimal,
    /// A year.
    Year,
    /// True or false.
    Flag,
    /// Whole yen.
    Yen,
    /// Whole yen that exist only once their year is over: in the sheet's own year 0 means not yet.
    Realised,
    /// A web address.
    Url,
    /// Activity, output or outcome.
    Node,
    /// The id of another programme.
    Programme,
}

/// A column of a group.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its headings, the usual one first.
    pub(crate) names: &'static [&'static str],
    /// Where it goes.
    pub(crate) to: To,
}

const fn col(names: &'static [&'static str], to: To) -> Column {
    Column { names, to }
}

use Cell::{Code, Decimal, Flag, Integer, Label, Node, Ordinal, Programme, Realised, Text, Url, Yen};
use To::{Goal, List, Money, Row, RowYear, Sheet, Tick};

/// The columns with which every group begins.
pub(crate) const COMMON: &[Column] = &[
    col(&["シート種別"], Sheet("sheet_type", Text)),
    col(&["事業年度", "シート年度"], To::Year),
    col(&["予算事業ID", "事業ID"], To::Id),
    col(&["事業名"], To::Name),
    col(&["府省庁の建制順", "建制順"], Sheet("ministry_order", Integer)),
    col(&["政策所管府省庁", "所管府省庁"], Sheet("ministry", Text)),
    col(&["府省庁"], Sheet("ministry_in_charge", Text)),
    col(&["局・庁", "局庁"], Sheet("bureau", Text)),
    col(&["部"], Sheet("department", Text)),
    col(&["課"], Sheet("division", Text)),
    col(&["室"], Sheet("office", Text)),
    col(&["班"], Sheet("team", Text)),
    col(&["係"], Sheet("section", Text)),
];

/// The columns of a group's own.
pub(crate) fn of(group: Group) -> &'static [Column] {
    match group {
        Group::Organisation => ORGANISATION,
        Group::Overview => OVERVIEW,
        Group::Policies => POLICIES,
        Group::Subsidies => SUBSIDIES,
        Group::Related => RELATED,
        Group::Budget => BUDGET,
        Group::BudgetItems => BUDGET_ITEMS,
        Group::Results => RESULTS,
        Group::Logic => LOGIC,
        Group::Review => REVIEW,
        Group::Recipients => RECIPIENTS,
        Group::Flow => FLOW,
        Group::Uses => USES,
        Group::Contracts => CONTRACTS,
        Group::Remarks => REMARKS,
    }
}

const ORGANISATION: &[Column] = &[
    col(&["その他担当組織_作成責任者_no"], Row("organisations", "number", Ordinal)),
    col(&["府省庁（その他担当組織）"], Row("organisations", "ministry", Text)),
    col(&["局・庁（その他担当組織）"], Row("organisations", "bureau", Text)),
    col(&["部（その他担当組織）"], Row("organisations", "department", Text)),
    col(&["課（その他担当組織）"], Row("organisations", "division", Text)),
    col(&["室（その他担当組織）"], Row("organisations", "office", Text)),
    col(&["班（その他担当組織）"], Row("organisations", "team", Text)),
    col(&["係（その他担当組織）"], Row("organisations", "section", Text)),
    col(&["作成責任者"], Row("organisations", "officer", Text)),
];

const OVERVIEW: &[Column] = &[
    col(&["事業の目的"], Sheet("purpose", Text)),
    col(&["現状・課題"], Sheet("issues", Text)),
    col(&["事業の概要", "事業概要"], Sheet("overview", Text)),
    col(&["事業概要URL"], Sheet("url", Url)),
    col(&["事業区分"], Sheet("category", Text)),
    col(&["事業開始年度"], Sheet("start_year", Cell::Year)),
    col(&["開始年度不明"], Sheet("start_unknown", Flag)),
    col(&["事業終了（予定）年度"], Sheet("end_year", Cell::Year)),
    col(&["終了予定なし"], Sheet("no_end", Flag)),
    col(&["主要経費"], List("expense_classes")),
    col(&["備考"], Sheet("note", Text)),
    col(&["実施方法ー直接実施"], Tick("methods", "直接実施")),
    col(&["実施方法ー補助"], Tick("methods", "補助")),
    col(&["実施方法ー負担"], Tick("methods", "負担")),
    col(&["実施方法ー交付"], Tick("methods", "交付")),
    col(&["実施方法ー分担金・拠出金"], Tick("methods", "分担金・拠出金")),
    col(&["実施方法ーその他"], Tick("methods", "その他")),
    col(&["旧事業番号"], Sheet("old_number", Text)),
    col(&["整理表表示順"], Sheet("display_order", Integer)),
];

const POLICIES: &[Column] = &[
    col(&["番号（政策・施策）"], Row("policies", "number", Ordinal)),
    col(&["政策所管府省庁_P"], Row("policies", "ministry", Text)),
    col(&["政策"], Row("policies", "policy", Text)),
    col(&["施策"], Row("policies", "measure", Text)),
    col(&["政策・施策URL"], Row("policies", "url", Url)),
    col(&["番号（根拠法令）"], Row("laws", "number", Ordinal)),
    col(&["法令名"], Row("laws", "name", Text)),
    col(&["法令番号"], Row("laws", "law_number", Text)),
    col(&["法令ID"], Row("laws", "law_id", Text)),
    col(&["条"], Row("laws", "article", Text)),
    col(&["項"], Row("laws", "paragraph", Text)),
    col(&["号・号の細分"], Row("laws", "item", Text)),
    col(&["番号（関係する計画・通知等）"], Row("plans", "number", Ordinal)),
    col(&["計画通知名", "計画・通知名"], Row("plans", "name", Text)),
    col(&["計画通知等URL"], Row("plans", "url", Url)),
];

const SUBSIDIES: &[Column] = &[
    col(&["番号（補助率等）"], Row("subsidies", "number", Ordinal)),
    col(&["補助対象"], Row("subsidies", "target", Text)),
    col(&["補助率"], Row("subsidies", "rate", Text)),
    col(&["補助上限等"], Row("subsidies", "cap", Text)),
    col(&["補助率URL"], Row("subsidies", "url", Url)),
];

const RELATED: &[Column] = &[
    col(&["番号（関連事業）"], Row("related", "number", Ordinal)),
    col(&["関連事業の事業ID"], Row("related", "key", Programme)),
    col(&["関連事業の事業名"], Row("related", "name", Text)),
    col(&["関連性"], Row("related", "relation", Text)),
];

/// One row per year with the programme's totals, then one row per account with the same money split up.
const BUDGET: &[Column] = &[
    col(&["予算年度"], RowYear),
    col(&["当初予算（合計）"], Money(BudgetKind::Initial)),
    col(&["補正予算（合計）"], Money(BudgetKind::Supplementary)),
    col(&["前年度からの繰越し（合計）"], Money(BudgetKind::CarriedIn)),
    col(&["予備費等（合計）"], Money(BudgetKind::Reserve)),
    col(&["計（歳出予算現額合計）"], Money(BudgetKind::Available)),
    col(&["執行額（合計）"], Money(BudgetKind::Executed)),
    col(&["執行率"], Row("years", "execution_rate", Decimal)),
    col(&["翌年度への繰越し(合計）"], Money(BudgetKind::CarriedOut)),
    col(&["翌年度要求額（合計）"], Money(BudgetKind::Request)),
    col(&["主な増減理由"], Row("years", "change_reason", Text)),
    col(&["その他特記事項"], Row("years", "note", Text)),
    col(&["会計区分"], Row("accounts", "account_class", Text)),
    col(&["会計"], Row("accounts", "account", Text)),
    col(&["勘定"], Row("accounts", "subaccount", Text)),
    col(&["当初予算"], Row("accounts", "initial", Yen)),
    col(&["第1次補正予算"], Row("accounts", "supplementary_1", Yen)),
    col(&["第2次補正予算"], Row("accounts", "supplementary_2", Yen)),
    col(&["第3次補正予算"], Row("accounts", "supplementary_3", Yen)),
    col(&["第4次補正予算"], Row("accounts", "supplementary_4", Yen)),
    col(&["第5次補正予算"], Row("accounts", "supplementary_5", Yen)),
    col(&["前年度から繰越し"], Row("accounts", "carried_in", Yen)),
    col(&["予備費等1"], Row("accounts", "reserve_1", Yen)),
    col(&["予備費等2"], Row("accounts", "reserve_2", Yen)),
    col(&["予備費等3"], Row("accounts", "reserve_3", Yen)),
    col(&["予備費等4"], Row("accounts", "reserve_4", Yen)),
    col(&["歳出予算現額"], Row("accounts", "available", Yen)),
    col(&["執行額"], Row("accounts", "executed", Realised)),
    col(&["翌年度要求額"], Row("accounts", "next_request", Yen)),
    col(&["要望額"], Row("accounts", "next_wish", Yen)),
    col(&["備考"], Row("accounts", "note", Text)),
];

const BUDGET_ITEMS: &[Column] = &[
    col(&["予算年度"], RowYear),
    col(&["会計区分"], Row("money_items", "account_class", Text)),
    col(&["会計"], Row("money_items", "account", Text)),
    col(&["勘定"], Row("money_items", "subaccount", Text)),
    col(&["予算種別"], Row("money_items", "kind_as_printed", Text)),
    col(&["所管"], Row("money_items", "jurisdiction", Text)),
    col(&["組織・勘定"], Row("money_items", "organisation", Text)),
    col(&["項"], Row("money_items", "item", Text)),
    col(&["目"], Row("money_items", "subitem", Text)),
    col(&["歳出予算項目の補足情報"], Row("money_items", "detail", Text)),
    col(&["予算額（歳出予算項目ごと）"], Row("money_items", "yen", Yen)),
    col(&["翌年度要求額（歳出予算項目ごと）"], Row("money_items", "next_request", Yen)),
    col(&["備考（歳出予算項目ごと）"], Row("money_items", "note", Text)),
];

/// Wide: a column per year, and four rows per indicator. Seen only as a header, never with data of the year at hand.
const RESULTS: &[Column] = &[
    col(&["事業に関連するKPIが定められている閣議決定等の名称"], Row("goal_kpi", "name", Text)),
    col(&["事業に関連するKPIが定められている閣議決定等の該当箇所"], Row("goal_kpi", "place", Text)),
    col(&["事業に関連するKPIが定められている閣議決定等のURL"], Row("goal_kpi", "url", Url)),
    col(&["アクティビティ・アウトプット・アウトカムの番号"], Goal("number", Code)),
    col(&["種別（アクティビティ・アウトプット・アウトカム）"], Goal("kind", Node)),
    col(&["アウトカムの期間"], Goal("term", Label)),
    col(&["成果目標の種類"], Goal("goal_type", Label)),
    col(&["アクティビティ／活動目標／成果目標"], Goal("goal", Text)),
    col(&["活動指標／成果指標"], Goal("indicator", Text)),
    col(&["単位"], Goal("unit", Text)),
    col(&["改善の上向き／下向き"], Goal("direction", Label)),
    col(&["成果実績及び目標値の根拠として用いた統計・データ名（出典）"], Goal("evidence", Text)),
    col(&["定性的なアウトカム目標を設定している理由"], Goal("qualitative_reason", Text)),
    col(&["定性的なアウトカムに関する成果実績"], Goal("qualitative_result", Text)),
    col(&["目標年度／目標値／実績値／達成率"], To::Measure),
];

const LOGIC: &[Column] = &[
    col(&["派生元ーアクティビティ・アウトプット・アウトカムの番号"], Row("logic", "from_number", Code)),
    col(&["派生元ー種別（アクティビティ・アウトプット・アウトカム）"], Row("logic", "from_kind", Node)),
    col(&["派生元ーアウトカムの期間"], Row("logic", "from_term", Label)),
    col(&["派生元ーアクティビティの内容/ 活動目標／成果目標"], Row("logic", "from_text", Text)),
    col(&["派生先ーアクティビティ・アウトプット・アウトカムの番号"], Row("logic", "to_number", Code)),
    col(&["派生先ー種別（アクティビティ・アウトプット・アウトカム）"], Row("logic", "to_kind", Node)),
    col(&["派生先ーアウトカムの期間"], Row("logic", "to_term", Label)),
    col(&["派生先ー 活動目標／成果目標"], Row("logic", "to_text", Text)),
    col(&["後続アウトカムへのつながり"], Row("logic", "link", Text)),
    col(&["アウトカムを複数段階で設定できない理由"], Row("logic", "no_stages_reason", Text)),
];

const REVIEW: &[Column] = &[
    col(&["事業所管部局による点検・改善ー点検結果"], Row("review", "check_result", Text)),
    col(&["事業所管部局による点検・改善ー改善の方向性"], Row("review", "improvement", Text)),
    col(
        &["事業所管部局による点検・改善－目標年度における効果測定に関する評価"],
        Row("review", "target_year_evaluation", Text),
    ),
    col(&["外部有識者による点検ー最終実施年度"], Row("review", "external_last_year", Cell::Year)),
    col(&["外部有識者による点検ー点検対象"], Row("review", "external_scope", Text)),
    col(&["外部有識者による点検ー対象の理由"], Row("review", "external_reason", Text)),
    col(&["外部有識者による点検ー所見"], Row("review", "external_finding", Text)),
    col(&["公開プロセス結果概要"], Row("review", "public_process", Text)),
    col(&["行政事業レビュー推進チームの所見"], Row("review", "team_finding", Text)),
    col(&["行政事業レビュー推進チームの所見の詳細"], Row("review", "team_detail", Text)),
    col(&["所見を踏まえた改善点／概算要求における反映状況"], Row("review", "response", Text)),
    col(&["所見を踏まえた改善点／概算要求における反映状況の詳細"], Row("review", "response_detail", Text)),
    col(&["反映額（一般会計）"], Row("review", "reflected_general", Yen)),
    col(&["反映額（特別会計）－会計"], Row("review", "reflected_special_account", Text)),
    col(&["反映額（特別会計）－勘定"], Row("review", "reflected_special_subaccount", Text)),
    col(&["反映額（特別会計）－反映額"], Row("review", "reflected_special", Yen)),
    col(&["過去に受けた指摘事項－区分"], Row("review", "past_kind", Text)),
    col(&["過去に受けた指摘事項－取りまとめ年度"], Row("review", "past_year", Cell::Year)),
    col(&["過去に受けた指摘事項－取りまとめ内容"], Row("review", "past_text", Text)),
    col(&["過去に受けた指摘事項－対応状況"], Row("review", "past_response", Text)),
    col(&["その他の指摘事項－調査等の名称"], Row("review", "other_name", Text)),
    col(&["その他の指摘事項－指摘年度"], Row("review", "other_year", Cell::Year)),
    col(&["その他の指摘事項－指摘内容"], Row("review", "other_text", Text)),
    col(&["その他の指摘事項－対応状況"], Row("review", "other_response", Text)),
];

/// Rows for a block, for a recipient in it and for a contract with it follow each other; each keeps its own columns.
const RECIPIENTS: &[Column] = &[
    col(&["支出先ブロック番号"], Row("recipients", "block", Text)),
    col(&["支出先ブロック名"], Row("recipients", "block_name", Text)),
    col(&["支出先の数"], Row("recipients", "block_size", Integer)),
    col(&["事業を行う上での役割"], Row("recipients", "block_role", Text)),
    col(&["ブロックの合計支出額"], Row("recipients", "block_yen", Yen)),
    col(&["支出先名"], Row("recipients", "name", Text)),
    col(&["法人番号"], Row("recipients", "corporate_number", Code)),
    col(&["所在地"], Row("recipients", "address", Text)),
    col(&["法人種別"], Row("recipients", "corporate_type", Code)),
    col(&["その他支出先"], Row("recipients", "other_recipients", Flag)),
    col(&["支出先の合計支出額"], Row("recipients", "recipient_yen", Yen)),
    col(&["契約概要"], Row("recipients", "contract", Text)),
    col(&["金額"], Row("recipients", "yen", Yen)),
    col(&["契約方式等"], Row("recipients", "method", Text)),
    col(&["具体的な契約方式等"], Row("recipients", "method_detail", Text)),
    col(&["入札者数", "入札者数（応募者数）"], Row("recipients", "bidders", Decimal)),
    col(&["落札率", "落札率（％）"], Row("recipients", "award_rate", Decimal)),
    col(
        &["一者応札・一者応募又は競争性のない随意契約となった理由及び改善策（支出額10億円以上）"],
        Row("recipients", "single_bid_reason", Text),
    ),
    col(&["その他の契約"], Row("recipients", "other_contracts", Flag)),
];

const FLOW: &[Column] = &[
    col(&["支出元の支出先ブロック"], Row("spending", "from_block", Text)),
    col(&["支出元の支出先ブロック名"], Row("spending", "from_name", Text)),
    col(&["担当組織からの支出"], Row("spending", "from_office", Flag)),
    col(&["支出先の支出先ブロック"], Row("spending", "to_block", Text)),
    col(&["支出先の支出先ブロック名"], Row("spending", "to_name", Text)),
    col(&["資金の流れの補足情報"], Row("spending", "note", Text)),
    col(&["国自らが支出する間接経費"], Row("spending", "indirect", Text)),
    col(&["国自らが支出する間接経費の項目"], Row("spending", "indirect_item", Text)),
    col(&["国自らが支出する間接経費の金額"], Row("spending", "indirect_yen", Yen)),
];

const USES: &[Column] = &[
    col(&["支出先ブロック番号"], Row("uses", "block", Text)),
    col(&["支出先名"], Row("uses", "name", Text)),
    col(&["法人番号"], Row("uses", "corporate_number", Code)),
    col(&["契約概要"], Row("uses", "contract", Text)),
    col(&["費目"], Row("uses", "item", Text)),
    col(&["使途"], Row("uses", "use", Text)),
    col(&["金額"], Row("uses", "yen", Yen)),
];

const CONTRACTS: &[Column] = &[
    col(&["支出先ブロック（国庫債務負担行為等による契約）"], Row("contracts", "block", Text)),
    col(&["契約先名（国庫債務負担行為等による契約）"], Row("contracts", "name", Text)),
    col(&["契約先の法人番号（国庫債務負担行為等による契約）"], Row("contracts", "corporate_number", Code)),
    col(&["契約先の所在地（国庫債務負担行為等による契約）"], Row("contracts", "address", Text)),
    col(&["契約先の法人種別（国庫債務負担行為等による契約）"], Row("contracts", "corporate_type", Code)),
    col(&["契約概要（契約名）（国庫債務負担行為等による契約）"], Row("contracts", "contract", Text)),
    col(&["その他の契約"], Row("contracts", "other_contractors", Flag)),
    col(&["契約額（国庫債務負担行為等による契約）"], Row("contracts", "yen", Yen)),
    col(&["契約方式等（国庫債務負担行為等による契約）"], Row("contracts", "method", Text)),
    col(&["具体的な契約方式等（国庫債務負担行為等による契約）"], Row("contracts", "method_detail", Text)),
    col(&["入札者数（応募者数）（国庫債務負担行為等による契約）"], Row("contracts", "bidders", Decimal)),
    col(&["落札率（％）（国庫債務負担行為等による契約）"], Row("contracts", "award_rate", Decimal)),
    col(
        &[
            "一者応札・一者応募又は競争性のない随意契約となった理由及び改善策（契約額10億円以上）（国庫債務負担行為等による契約）",
        ],
        Row("contracts", "single_bid_reason", Text),
    ),
    col(&["その他の契約（国庫債務負担行為等による契約）"], Row("contracts", "other_contracts", Flag)),
];

const REMARKS: &[Column] = &[col(&["備考"], List("remarks"))];
