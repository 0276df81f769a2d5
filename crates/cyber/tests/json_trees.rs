//! JSON as a tree: what another reader takes is taken with the same meaning, what it refuses is refused, and bounds name their place.

use cyber::document::json::{self, Node};
use cyber::document::{Limits, ReadError};
use proptest::prelude::*;
use serde_json::Value;

/// Values with names and strings of all signs, also those that must be escaped.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\\x00-\\x1f\"\\\\/é医\u{1F3E5}\u{7f}]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map("[a-c\"\\\\\n医]{0,3}", inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_tree_means_what_was_written(value in value(), wide in any::<bool>()) {
        let text = if wide { format!("{value:#}") } else { value.to_string() };
        let node = json::parse(&text, &Limits::default()).unwrap();
        let again: Value = serde_json::from_str(&node.to_json()).unwrap();
        prop_assert_eq!(again, value);
    }

    #[test]
    fn what_another_reader_refuses_is_refused(value in value(), at in any::<prop::sample::Index>(), sign in "[\"\\\\\\[\\]{},: \\x01u0aé-]") {
        let text = value.to_string();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = places[at.index(places.len())];
        let length = text[place..].chars().next().map_or(0, char::len_utf8);
        let changed = format!("{}{sign}{}", &text[..place], &text[place + length..]);
        let ours = json::parse(&changed, &Limits::default());
        match serde_json::from_str::<Value>(&changed) {
            Ok(other) => {
                let again: Value = serde_json::from_str(&ours.unwrap().to_json()).unwrap();
                prop_assert_eq!(again, other);
            }
            Err(_) => prop_assert!(ours.is_err(), "{changed}"),
        }
    }
}

#[test]
fn a_string_of_every_kind_is_read_and_the_text_after_it() {
    let text = "[\"\", \"plain\", \"\\u533b\\n\", \"a\\\"b\", \"\u{7f}\", \"é\", 1.50, {\"\\t\": \"\"}]";
    let texts = ["", "plain", "医\n", "a\"b", "\u{7f}", "é"].map(Node::text);
    let rest = [Node::Number("1.50".into()), Node::object([("\t", Node::text(""))])];
    let expected = Node::List(texts.into_iter().chain(rest).collect());
    assert_eq!(json::parse(text, &Limits::default()).unwrap(), expected);
    for wrong in [
        "[\"a\nb\"]",
        "[\"a",
        "[\"a\\",
        "[\"\\x\"]",
        "{\"a\" 1}",
        "{\"a\"}",
        "[1,]",
        "{\"a\":1,}",
        "[] []",
        "",
    ] {
        assert!(json::parse(wrong, &Limits::default()).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_bound_names_the_place_where_it_was_reached() {
    let text = r#"{"a": [1, {"b": 2, "c/d": [[3]]}], "e": 4}"#;
    let place = |limits: Limits| match json::parse(text, &limits) {
        Err(ReadError::TooDeep { place, .. } | ReadError::TooMany { place, .. }) => place.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(place(Limits { depth: 4, ..Limits::default() }), "/a/1/c~1d/0");
    assert_eq!(place(Limits { nodes: 4, ..Limits::default() }), "/a/1/b");
    assert_eq!(place(Limits { nodes: 8, ..Limits::default() }), "/e");
    assert!(json::parse(text, &Limits { depth: 5, nodes: 9, ..Limits::default() }).is_ok());
}
