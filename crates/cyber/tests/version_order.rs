//! In every scheme the order is total, antisymmetric and transitive, on generated texts; arbitrary texts never panic; long ones are refused
//! or read at once.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use cyber::version::{LONGEST_TEXT, Scheme, Version, order};
use proptest::prelude::*;

/// Pieces that mean something in one scheme or another, joined without care.
fn version_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "0",
        "1",
        "2",
        "10",
        "01",
        "00",
        "007",
        "999",
        "18446744073709551616",
        ".",
        ".0",
        ".1",
        "-",
        "_",
        "+",
        "~",
        "^",
        ":",
        "!",
        "a",
        "b",
        "rc",
        "alpha",
        "beta",
        "dev",
        "post",
        "pre",
        "p",
        "r",
        "-r1",
        "_p",
        "_alpha",
        "SNAPSHOT",
        "sp",
        "final",
        "x",
        "v",
        "el8",
    ]);
    ("[0-9]", prop::collection::vec(piece, 0..8)).prop_map(|(first, rest)| first + &rest.concat())
}

/// Few pieces of makers' versions, so that generated ones often share their beginning.
fn maker_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "0", "1", "2", ".0", ".1", "-1", "_1", "a", "b", "zb", "rc", "-rc1", "-beta", ".final", "sp1",
        " SP2", "p1", "u2", "(1)", "(2a)", "(1)SX1", "-dev", "+1", "-x2", "l1", "#1",
    ]);
    ("(|v|r|A\\.)[12]", prop::collection::vec(piece, 0..4)).prop_map(|(first, rest)| first + &rest.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_order_is_total_and_transitive(texts in prop::collection::vec(version_like(), 3)) {
        for scheme in Scheme::ALL {
            let read: Vec<Version> = texts.iter().filter_map(|text| Version::parse(scheme, text)).collect();
            let [a, b, c] = &read[..] else { continue };
            prop_assert_eq!(a.order(b), b.order(a).map(Ordering::reverse));
            prop_assert_eq!(a.order(a), Some(Ordering::Equal));
            prop_assert!(scheme == Scheme::Maker || a.order(b).is_some());
            if a.order(b).is_some_and(Ordering::is_le) && b.order(c).is_some_and(Ordering::is_le) {
                prop_assert_ne!(a.order(c), Some(Ordering::Greater), "{:?} {:?}", scheme, texts);
            }
            // The keys are in a total order also where it means nothing.
            if a.key() <= b.key() && b.key() <= c.key() {
                prop_assert!(a.key() <= c.key());
                // What lies between two that are equal is equal to them.
                prop_assert!(a.key() != c.key() || a.key() == b.key());
            }
        }
    }

    /// Two versions that are equal are so for every third, and an order found through a third is the order of the two where they have one.
    #[test]
    fn makers_versions_are_ordered_without_contradiction(texts in prop::collection::vec(maker_like(), 3)) {
        let read: Vec<Version> = texts.iter().filter_map(|text| Version::parse(Scheme::Maker, text)).collect();
        let [a, b, c] = &read[..] else { return Ok(()) };
        prop_assert_eq!(a.order(b), b.order(a).map(Ordering::reverse));
        if a.order(b).is_some_and(Ordering::is_le) && b.order(c).is_some_and(Ordering::is_le) {
            prop_assert_ne!(a.order(c), Some(Ordering::Greater), "{:?}", texts);
        }
        if a.order(b) == Some(Ordering::Equal) {
            prop_assert_eq!(a.order(c), b.order(c), "{:?}", texts);
        }
    }

    #[test]
    fn arbitrary_texts_never_panic(text in "\\PC{0,60}") {
        for scheme in Scheme::ALL {
            let _ = Version::parse(scheme, &text);
        }
    }

    #[test]
    fn a_later_number_at_any_place_is_a_later_version(numbers in prop::collection::vec(0_u32..300, 3), place in 0_usize..3) {
        let mut later = numbers.clone();
        later[place] += 1;
        let written = |numbers: &[u32]| format!("{}.{}.{}", numbers[0], numbers[1], numbers[2]);
        for scheme in Scheme::ALL {
            // Alpine reads a number behind a dot that begins with zero as a fraction; it still stands below one.
            prop_assert_eq!(order(scheme, &written(&numbers), &written(&later)), Some(Ordering::Less), "{:?}", scheme);
        }
    }
}

#[test]
fn a_long_text_is_refused_and_the_longest_is_read_at_once() {
    for piece in ["1", "1.", "0.", "a1", "1-", "~", "1~", "1_p", "1.a", "1+", "-", "final-", "1.x"] {
        let long = format!("1{}", piece.repeat(10_000));
        let longest = &long[..LONGEST_TEXT];
        let start = Instant::now();
        for scheme in Scheme::ALL {
            assert_eq!(Version::parse(scheme, &long), None, "{scheme:?}");
            let _ = Version::parse(scheme, longest);
        }
        assert!(start.elapsed() < Duration::from_secs(1), "{piece}: {:?}", start.elapsed());
    }
}
