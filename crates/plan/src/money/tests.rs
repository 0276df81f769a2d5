use super::*;
use crate::sample::{self, record};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn a_printed_total_is_the_sum_of_its_lines_without_what_is_repeated_or_of_another_kind() {
    let checked = reconcile(&sample::view());
    assert_eq!((checked[0].sum, checked[0].agreement), (Some(1_500_000_000), Some(Agreement::Agrees)));
    let reasons: Vec<LeftOut> = checked[0].left_out.iter().map(|(_, why)| *why).collect();
    assert_eq!(reasons, [LeftOut::OtherKind, LeftOut::Repeated]);
}

#[test]
fn rounding_of_the_terms_explains_a_small_difference_and_no_more() {
    let line = |yen: &str| PrintedLine {
        programme: String::new(),
        amount: Amount {
            fiscal_year: FiscalYear::new(2025),
            kind: BudgetKind::Draft,
            yen: yen.parse().unwrap(),
            within: false,
            repeated: false,
        },
        printed_in: vec![],
        sources: vec![],
    };
    let terms = [line("1億円"), line("1億円")];
    assert_eq!(agreement("3億円".parse().unwrap(), 200_000_000, &terms), Agreement::WithinRounding);
    assert_eq!(agreement("6億円".parse().unwrap(), 200_000_000, &terms), Agreement::Disagrees);
}

#[test]
fn execution_that_is_not_known_yet_is_not_zero() {
    let view = sample::view();
    let programmes = Programmes::of(&view);
    let group = &programmes.groups[programmes.by_key("rs-1").unwrap()];
    let years = of_programme(&view, group);
    let totals = totals([(group.key.as_str(), years.as_slice())], &BTreeSet::new());
    let executed = totals.iter().find(|total| total.kind == BudgetKind::Executed).unwrap();
    assert_eq!(executed.without, [("rs-1".to_owned(), Missing::NotYet)]);
    assert_eq!(executed.yen, None);
}

#[test]
fn the_newest_sheet_is_believed_and_what_older_ones_said_is_kept() {
    let sheet = |id: &str, year: i32, yen: &str| {
        let money = json!([{ "fiscal_year": 2022, "kind": "executed", "yen": yen }]);
        record(
            &format!("programme-sheet:{id}"),
            json!({ "sheet_year": year, "rs_id": 1, "key": "rs-1", "name": "甲", "money": money }),
            vec![],
        )
    };
    let view = View::from_records(&[sheet("a", 2023, "5億円"), sheet("b", 2024, "4.2億円")]);
    let years = of_programme(&view, &Programmes::of(&view).groups[0]);
    let amount = &years[0].amounts[0];
    assert_eq!(amount.yen.value().unwrap().to_string(), "4.2億円");
    assert_eq!(amount.earlier.len(), 0, "4.2 cut off or raised can be printed as 5");
    let view = View::from_records(&[sheet("a", 2023, "7億円"), sheet("b", 2024, "4.2億円")]);
    let years = of_programme(&view, &Programmes::of(&view).groups[0]);
    assert_eq!(years[0].amounts[0].earlier[0].0, FiscalYear::new(2023));
}

#[test]
fn a_programme_listed_twice_is_counted_once() {
    let view = sample::view();
    let programmes = Programmes::of(&view);
    let years = of_programme(&view, &programmes.groups[programmes.by_key("rs-1").unwrap()]);
    let shared = BTreeSet::from(["rs-1".to_owned()]);
    let totals = totals([("rs-1", years.as_slice()), ("rs-1", years.as_slice())], &shared);
    let initial = totals.iter().find(|total| total.kind == BudgetKind::Initial).unwrap();
    assert_eq!(initial.yen, Some(1_300_000_000));
    assert_eq!(initial.shared, ["rs-1"]);
}

#[test]
fn documents_and_sheets_are_compared_by_their_print() {
    let view = sample::view();
    let programmes = Programmes::of(&view);
    let lines: Vec<PrintedLine> = view.budget_lines.iter().map(printed).collect();
    let compared = compare(&view, &programmes, &lines);
    assert_eq!(compared.len(), 2, "only the programme that has a sheet, printed plainly and again as 再掲");
    assert!(compared.iter().all(|found| found.agrees && found.sheet_kind == BudgetKind::Request));
}

proptest! {
    #[test]
    fn sums_never_include_what_is_within_or_repeated(flags in prop::collection::vec((any::<bool>(), any::<bool>(), 1_i64..1000), 0..20)) {
        let lines: Vec<PrintedLine> = flags.iter().enumerate().map(|(at, (within, repeated, oku))| PrintedLine {
            programme: format!("事業{at}"),
            amount: Amount {
                fiscal_year: FiscalYear::new(2025),
                kind: BudgetKind::Draft,
                yen: Yen::whole(*oku, base::Unit::HundredMillion).unwrap(),
                within: *within,
                repeated: *repeated,
            },
            printed_in: vec![],
            sources: vec![],
        }).collect();
        let expected: i64 = flags.iter().filter(|(within, repeated, _)| !within && !repeated).map(|(.., oku)| oku * 100_000_000).sum();
        let total = printed_totals(&lines).first().and_then(|total| total.yen).unwrap_or(0);
        prop_assert_eq!(total, expected);
    }
}
