//! What holds for every chart: the drawing is well-formed, says what it is, and nothing in it is markup, colour or a
//! number that is none.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own drawing fails")]

use std::time::{Duration, Instant};

use base::{Lang, Missing, Names, Yen};
use proptest::prelude::*;
use quick_xml::events::Event;
use report::chart::{
    BarSlot, BarYear, Bars, Chart, Flow, FlowLink, FlowNode, FlowValue, KgiPath, Printed, Seen, Spark,
    SparkYear, Stand, Tree, TreeEdge, TreeNode,
};
use report::{Belief, Content};

const HOSTILE: &str = "<script>\"&'";

fn stand(year: i32, text: &str) -> Stand {
    Stand { year, value: Printed::read(text, "兆円").unwrap() }
}

fn path(name: &str) -> KgiPath {
    KgiPath {
        name: name.into(),
        unit: name.into(),
        baseline: Some(stand(2024, "10")),
        target: Some(stand(2040, "28")),
        assumed: (0..=16).map(|year| (2024 + year, 10.0 + f64::from(year))).collect(),
        rests_on: Some(name.into()),
        observed: vec![Seen { stand: stand(2025, "11.5"), provisional: true }],
        today: Some(jiff::civil::date(2027, 2, 1)),
    }
}

fn flow(name: &str, programmes: usize) -> Flow {
    let node = |level, label: String| FlowNode { level, label, href: Some(format!("/x?{name}")) };
    let mut nodes = vec![node(0, name.into()), node(2, name.into())];
    let mut links = Vec::new();
    for number in 0..programmes {
        nodes.push(node(1, format!("{name}{number}")));
        let yen = Yen::exact(i64::try_from(number * 1_000_000).unwrap());
        let value = if number % 3 == 2 { FlowValue::AtMost(yen) } else { FlowValue::Exact(yen) };
        links.extend([
            FlowLink { from: 0, to: number + 2, value },
            FlowLink { from: number + 2, to: 1, value },
        ]);
    }
    Flow { name: name.into(), levels: vec![name.into(); 3], nodes, links }
}

fn tree(name: &str, measures: usize) -> Tree {
    let node =
        |level| TreeNode { level, label: name.into(), href: Some(format!("/x?{name}")), silent: level == 2 };
    let mut nodes = vec![node(0), node(1)];
    nodes.extend((0..measures).map(|_| node(2)));
    let mut edges = vec![TreeEdge { from: 0, to: 1, belief: Belief::Stated }];
    edges.extend((0..measures).map(|at| TreeEdge { from: 1, to: at + 2, belief: Belief::Undecided }));
    Tree { name: name.into(), levels: vec![name.into(); 3], nodes, edges }
}

fn bars(name: &str) -> Bars {
    let yen: Yen = "7.7億円".parse().unwrap();
    let values = [Ok(FlowValue::Exact(yen)), Ok(FlowValue::AtMost(yen)), Err(Missing::NotYet)];
    let slots = values.map(|value| BarSlot { kind: Names::of(name, name), spent: false, value });
    Bars { name: name.into(), years: vec![BarYear { year: name.into(), slots: slots.to_vec() }] }
}

fn spark(name: &str, values: &[Result<f64, Missing>]) -> Spark {
    let years = values.iter().map(|value| SparkYear { year: name.into(), value: *value });
    Spark { name: name.into(), unit: name.into(), years: years.collect() }
}

fn charts(name: &str) -> Vec<Box<dyn Chart>> {
    let history = [Ok(0.0), Err(Missing::None), Ok(2.0), Ok(3.0)];
    vec![
        Box::new(path(name)),
        Box::new(flow(name, 30)),
        Box::new(tree(name, 9)),
        Box::new(bars(name)),
        Box::new(spark(name, &history)),
    ]
}

fn empty() -> Vec<Box<dyn Chart>> {
    vec![
        Box::new(KgiPath::default()),
        Box::new(Flow::default()),
        Box::new(Tree::default()),
        Box::new(Bars::default()),
        Box::new(Spark::default()),
    ]
}

/// Attribute values and texts of a drawing, which must be well-formed.
fn read(svg: &str) -> (Vec<(String, String, String)>, String) {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut attributes, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {svg}")) {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let plain = |text: &str| text.to_owned();
                    attributes.push((
                        plain(tag.name().as_ref()),
                        plain(attribute.key.as_ref()),
                        plain(&attribute.value),
                    ));
                }
            }
            Event::Text(part) => text.push_str(&part),
            Event::Eof => return (attributes, text),
            _ => {}
        }
    }
}

#[test]
fn every_drawing_is_well_formed_and_text_is_never_markup() {
    for lang in [Lang::Ja, Lang::En] {
        for chart in charts(HOSTILE).iter().chain(&empty()) {
            let svg = chart.svg("x", lang);
            read(&svg);
            assert!(!svg.contains("<script") && !svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
        }
    }
}

#[test]
fn every_drawing_says_what_it_is_and_ids_are_unique() {
    for chart in charts("見本").iter().chain(&empty()) {
        let (attributes, _) = read(&chart.svg("x", Lang::Ja));
        let values = |key: &str| {
            attributes
                .iter()
                .filter(|(_, name, _)| name == key)
                .map(|(.., value)| value.clone())
                .collect::<Vec<_>>()
        };
        let ids: Vec<String> = values("id");
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert!(!values("role").is_empty() && values("role").len() == values("viewBox").len());
        for named in values("aria-labelledby").iter().flat_map(|names| names.split(' ')) {
            assert!(ids.iter().any(|id| id == named), "{named}");
        }
    }
}

#[test]
fn a_drawing_with_links_is_no_image_and_one_without_is() {
    let role = |chart: &dyn Chart| chart.svg("x", Lang::Ja).contains("role=\"img\"");
    assert!(role(&path("見本")) && role(&bars("見本")));
    assert!(!role(&tree("見本", 3)));
}

#[test]
fn a_link_leads_to_no_script() {
    let mut tree = tree("見本", 1);
    tree.nodes[0].href = Some("javascript:alert(1)".into());
    assert!(!tree.svg("x", Lang::Ja).contains("javascript:"));
}

#[test]
fn colours_are_the_style_sheets_affair() {
    for chart in charts("見本") {
        let (attributes, _) = read(&chart.svg("x", Lang::Ja));
        for (tag, name, value) in &attributes {
            assert!(!["style", "stroke", "color"].contains(&name.as_str()), "{tag} {name}");
            assert!(name != "fill" || value.starts_with("url(#"), "{tag} {value}");
            assert!(!name.starts_with("on"), "{tag} {name}");
            if tag == "svg" {
                assert!(name != "width" && name != "height", "a fixed width");
            }
        }
        for class in
            attributes.iter().filter(|(_, name, _)| name == "class").flat_map(|(.., value)| value.split(' '))
        {
            let known = report::chart::STYLE.contains(&format!(".{class}"));
            assert!(known || class == "chart-node", "{class} is not in the style sheet");
        }
    }
}

#[test]
fn nothing_observed_is_said_in_the_plot_and_is_no_zero() {
    let mut path = path("見本");
    path.observed.clear();
    assert!(read(&path.svg("x", Lang::Ja)).1.matches("まだ報告がありません").count() >= 2);
    assert!(
        !path
            .table(Lang::Ja)
            .rows
            .iter()
            .any(|row| row.cells.iter().any(|cell| cell.figure() == Some(&report::Number::Integer(0))))
    );
}

#[test]
fn a_coarse_print_is_a_range_and_a_count_is_not() {
    let range = |text, unit| Printed::read(text, unit).unwrap().half_step;
    assert!((range("10", "兆円") - 0.5).abs() < 1e-9);
    assert!((range("1.9", "兆円/年") - 0.05).abs() < 1e-9);
    assert!(range("4", "件/年").abs() < 1e-9);
    assert_eq!(Printed::read("約10", "兆円"), None);
}

#[test]
fn a_bound_is_shown_as_one_and_has_no_figure() {
    let bars = bars("見本");
    assert!(bars.svg("x", Lang::Ja).contains("≤ 7.7億円（内数）"));
    let table = bars.table(Lang::Ja);
    assert!(matches!(table.rows[1].cells[2].content, Content::AtMost { .. }));
    assert!(matches!(table.rows[2].cells[2].content, Content::Missing(Missing::NotYet)));
}

#[test]
fn an_amount_printed_elsewhere_already_does_not_flow_twice() {
    let yen: Yen = "14億円".parse().unwrap();
    let (fiscal_year, kind) = (base::FiscalYear::new(2025), base::BudgetKind::Draft);
    let amount = base::Amount { fiscal_year, kind, yen, within: false, repeated: false };
    assert_eq!(FlowValue::of(&amount), Some(FlowValue::Exact(yen)));
    assert_eq!(FlowValue::of(&base::Amount { within: true, ..amount }), Some(FlowValue::AtMost(yen)));
    assert_eq!(FlowValue::of(&base::Amount { repeated: true, ..amount }), None);
}

#[test]
fn a_gap_in_a_history_is_no_zero() {
    let lines = |values: &[Result<f64, Missing>]| {
        spark("見本", values).svg("x", Lang::Ja).matches("<polyline").count()
    };
    assert_eq!(lines(&[Ok(1.0), Ok(2.0), Err(Missing::NotYet), Ok(2.0), Ok(1.0)]), 2);
    assert_eq!(lines(&[Ok(1.0), Ok(2.0), Ok(0.0), Ok(2.0), Ok(1.0)]), 1);
    assert!(spark("見本", &[Err(Missing::NotYet)]).svg("x", Lang::Ja).contains("報告なし"));
}

#[test]
fn five_thousand_programmes_are_drawn_in_bounded_size_and_time() {
    let (flow, tree) = (flow("見本事業", 5_000), tree("見本施策", 5_000));
    let start = Instant::now();
    let (flow, tree) = (flow.svg("x", Lang::Ja), tree.svg("x", Lang::Ja));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(flow.len() < 60_000 && tree.len() < 120_000, "{} {}", flow.len(), tree.len());
    assert!(flow.contains("ほか4989件") && tree.contains("ほか4920件"));
}

/// Left, top, right, bottom, and what is said.
type Label = (f64, f64, f64, f64, String);

/// The boxes that labels take, drawing by drawing, a little narrower than counted on.
fn labels(svg: &str) -> Vec<Vec<Label>> {
    svg.split("<svg")
        .skip(1)
        .map(|drawing| {
            drawing
                .split("<text ")
                .skip(1)
                .map(|text| {
                    let text = text.split("</text>").next().unwrap();
                    let attribute = |name: &str| {
                        text.split_once(&format!(" {name}=\""))
                            .map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
                    };
                    let number = |name: &str| attribute(name).unwrap().parse::<f64>().unwrap();
                    let shown = text.rsplit('>').next().unwrap().to_owned();
                    let width: f64 = shown
                        .chars()
                        .map(|c| if c.is_ascii() { 0.55 } else { 1.0 } * number("font-size"))
                        .sum();
                    let left = match attribute("text-anchor").as_deref() {
                        Some("middle") => number("x") - width / 2.0,
                        Some(_) => number("x") - width,
                        None => number("x"),
                    };
                    (
                        left,
                        number("y") - number("font-size") * 0.9,
                        left + width,
                        number("y") + number("font-size") * 0.2,
                        shown,
                    )
                })
                .collect()
        })
        .collect()
}

fn assert_apart(svg: &str) {
    for drawing in labels(svg) {
        for (at, a) in drawing.iter().enumerate() {
            for b in &drawing[at + 1..] {
                assert!(a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1, "{} meets {}", a.4, b.4);
            }
        }
    }
}

#[test]
fn no_label_covers_another() {
    for lang in [Lang::Ja, Lang::En] {
        for chart in charts("医療機器の研究開発の推進に資する人材の育成と基盤の整備を行う長い名の事業")
        {
            assert_apart(&chart.svg("x", lang));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_label_of_a_path_covers_another(
        values in proptest::collection::vec((1990..2090_i32, -1000.0..1000.0_f64), 0..12),
        ends in (0..50_i32, -100..100_i32, 1..60_i32, -100..100_i32),
    ) {
        let (start, baseline, years, target) = ends;
        let read = |year, value: f64| Stand { year, value: Printed::read(&format!("{value:.1}"), "兆円").unwrap() };
        let mut path = path("見本");
        path.baseline = Some(read(2000 + start, f64::from(baseline)));
        path.target = Some(read(2000 + start + years, f64::from(target)));
        path.observed = values.into_iter().map(|(year, value)| Seen { stand: read(year, value), provisional: false }).collect();
        let svg = path.svg("x", Lang::Ja);
        assert_apart(&svg);
        prop_assert!(!svg.contains("NaN"));
    }

    #[test]
    fn no_label_of_a_flow_or_a_tree_covers_another(name in "[a-zA-Z一-龠ぁ-ん ]{0,60}", count in 0..60_usize) {
        assert_apart(&flow(&name, count).svg("x", Lang::En));
        assert_apart(&tree(&name, count).svg("x", Lang::En));
    }
}
