use super::*;

fn one(text: &str) -> BudgetRef {
    let found = find(text);
    assert_eq!(found.len(), 1, "{text}: {found:#?}");
    found[0].clone()
}

fn says(text: &str, programme: &str, year: i32, kind: BudgetKind, yen: &str) -> BudgetRef {
    let found = one(text);
    assert_eq!(found.programme.as_deref(), Some(programme), "{text}");
    assert_eq!((found.amount.fiscal_year, found.amount.kind), (FiscalYear::new(year), kind), "{text}");
    assert_eq!(found.amount.yen.to_string(), yen, "{text}");
    found
}

#[test]
fn a_programme_is_named_before_the_bracket_or_around_it() {
    says(
        "「甲支援事業(令和6年度予算:13億円)」を通じて支援した。",
        "甲支援事業",
        2024,
        BudgetKind::Unlabelled,
        "13億円",
    );
    says(
        "検討を踏まえ、乙促進事業（令和６年度予算：２．９億円）において実施。",
        "乙促進事業",
        2024,
        BudgetKind::Unlabelled,
        "2.9億円",
    );
    says(
        "・丙研究事業(丁地域の構築事業)(令和6年度予算:3.9億円)において",
        "丙研究事業(丁地域の構築事業)",
        2024,
        BudgetKind::Unlabelled,
        "3.9億円",
    );
}

#[test]
fn an_activity_is_told_from_the_programme_that_pays_for_it() {
    let found = says(
        "・「甲網」や「乙拠点」(いずれも丙推進事業として令和6年度予算:19億円の内数)を通じて",
        "丙推進事業",
        2024,
        BudgetKind::Unlabelled,
        "19億円",
    );
    assert_eq!(found.activities, ["甲網", "乙拠点"]);
    assert!(found.amount.within);
}

#[test]
fn a_successor_is_read_where_it_is_stated() {
    let found = says(
        "「乙拠点」(丙推進事業の後継事業となる丁展開事業として令和7年度予算案:14億円の内数)を",
        "丁展開事業",
        2025,
        BudgetKind::Draft,
        "14億円",
    );
    assert_eq!(found.succeeds.as_deref(), Some("丙推進事業"));
}

#[test]
fn year_and_amount_may_stand_far_apart() {
    let text = "「ROUND ~programme~」(令和6年度環境の適正化に係る事業(産業ビジョンの具体化に向けた展開促進等に関する調査):9百万円)において";
    let name = "令和6年度環境の適正化に係る事業(産業ビジョンの具体化に向けた展開促進等に関する調査)";
    let found = says(text, name, 2024, BudgetKind::Unlabelled, "9百万円");
    assert_eq!(found.activities, ["ROUND ~programme~"]);
}

#[test]
fn kinds_are_read_as_printed() {
    for (words, kind) in [
        ("令和6年度補正予算", BudgetKind::Supplementary),
        ("令和6年度第1次補正予算額", BudgetKind::Supplementary),
        ("R6補正", BudgetKind::Supplementary),
        ("令和7年度当初予算額", BudgetKind::Initial),
        ("令和7年度予算案", BudgetKind::Draft),
        ("令和7年度予算額（案）", BudgetKind::Draft),
        ("令和8年度概算要求額", BudgetKind::Request),
        ("令和8年度概算要求", BudgetKind::Request),
        ("2024年度執行額", BudgetKind::Executed),
        ("令和元年度予算", BudgetKind::Unlabelled),
    ] {
        assert_eq!(one(&format!("「甲事業」({words}:1,072百万円)により")).amount.kind, kind, "{words}");
        assert_eq!(one(&format!("{words} 1,072百万円")).amount.kind, kind, "{words}");
    }
}

#[test]
fn other_money_is_no_budget() {
    for text in [
        "1件当たり上限2,500万円を補助する。",
        "令和6年度の市場規模は10兆円であった。",
        "貿易収支は約1.8兆円の輸入超過である。",
        "令和5年度末までに、資本金3億円以下の企業を支援した。",
        "(上記参照)",
        "令和6年度予算により実施した。",
        "",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn the_previous_year_in_brackets_is_not_a_line_of_its_own() {
    let found = one("令和７年度当初予算額 12億円（12億円）※（）内は前年度当初予算額");
    assert_eq!(found.amount.yen.to_string(), "12億円");
    assert_eq!(found.previous.map(|yen| yen.to_string()).as_deref(), Some("12億円"));
    assert_eq!(one("令和6年度補正予算額 7.7 億円（－）").previous, None);
}

#[test]
fn two_amounts_in_one_bracket_share_the_programme() {
    let found = find("「甲事業」(令和6年度予算:13億円の内数、令和5年度補正予算:3.8億円)により");
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|found| found.programme.as_deref() == Some("甲事業")));
    assert_eq!(found.iter().map(|found| found.amount.within).collect::<Vec<_>>(), [true, false]);
    assert_eq!(found[1].amount.fiscal_year, FiscalYear::new(2023));
}

#[test]
fn a_part_of_an_amount_is_never_added_to_it() {
    let found = find("甲事業(令和8年度概算要求:20億円(うち推進枠 5億円))において");
    assert_eq!(found.len(), 2);
    assert!(found[1].of_which && !found[1].amount.summable());
    assert_eq!(found[1].amount.kind, BudgetKind::Request);
}

#[test]
fn what_is_repeated_is_marked() {
    for text in [
        "甲事業(令和6年度予算:24億円(再掲))",
        "甲事業(再掲)(令和6年度予算:24億円)",
        "甲事業(令和6年度予算:24億円)(再掲)",
    ] {
        assert!(one(text).amount.repeated, "{text}");
        assert_eq!(one(text).programme.as_deref(), Some("甲事業"), "{text}");
    }
}

#[test]
fn an_amount_in_two_units_is_one_amount() {
    assert_eq!(one("令和4年度予算 41億7,500万円").amount.yen.yen(), 4_175_000_000);
}

#[test]
fn the_span_opens_the_raw_text() {
    let text = "また、乙事業（令和６年度予算：２．９億円の内数）にて";
    let found = one(text);
    assert_eq!(&text[found.span.clone()], found.as_printed);
    assert_eq!(found.as_printed, "令和６年度予算：２．９億円の内数");
}

#[test]
fn the_real_page_holds_18_references_of_9_lines_11_within() {
    let Some(truth) = crate::corpus::truth() else { return };
    let mut lines = std::collections::BTreeSet::new();
    let (mut count, mut within) = (0, 0);
    for measure in truth["measures"].as_array().unwrap() {
        for column in ["C2", "C3"] {
            for found in find(measure["cells"][column]["text"].as_str().unwrap()) {
                count += 1;
                within += usize::from(found.amount.within);
                let programme = found.programme.expect("every reference names its programme");
                lines.insert((
                    programme,
                    found.amount.fiscal_year,
                    format!("{:?}", found.amount.kind),
                    found.amount.yen.to_string(),
                ));
            }
        }
    }
    assert_eq!((count, lines.len(), within), (18, 9, 11), "{lines:#?}");
    let printed = |key: &str| usize::try_from(truth[key].as_u64().unwrap()).unwrap();
    assert_eq!(count, printed("budget_references"));
    assert_eq!(lines.len(), printed("distinct_budget_lines"));
    assert_eq!(within, printed("within_another_budget"));
}
