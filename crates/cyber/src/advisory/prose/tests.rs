//! What the grammar reads and what it refuses, sentence by sentence.

use super::*;

/// A short form for the tables below: `[a..b]` with square brackets for inclusive and round ones for exclusive ends.
fn short(text: &str) -> String {
    match read(text) {
        Versions::All => "all".into(),
        Versions::NotUnderstood { words } => format!("? {words}"),
        Versions::Listed(items) => items.iter().map(item).collect::<Vec<_>>().join(" + "),
    }
}

fn item(told: &Told) -> String {
    let extent = match &told.extent {
        Extent::Exactly(version) => format!("={version}"),
        Extent::Series(version) => format!("~{version}"),
        Extent::Range { from, to } => {
            let open = from
                .as_ref()
                .map_or("(".into(), |b| format!("{}{}", if b.inclusive { '[' } else { '(' }, b.version));
            let close = to
                .as_ref()
                .map_or(")".into(), |b| format!("{}{}", b.version, if b.inclusive { ']' } else { ')' }));
            format!("{open}..{close}")
        }
    };
    let about = told.about.as_ref().map_or(String::new(), |about| format!("{about}: "));
    let remark = told.remark.as_ref().map_or(String::new(), |remark| format!(" ({remark})"));
    format!("{about}{extent}{remark}")
}

#[test]
fn japanese_sentences_become_ranges() {
    for (text, expected) in [
        ("2.13.0 から 2.15.0 より前のバージョン", "[2.13.0..2.15.0)"),
        ("core 2.0-beta9 から 2.12.1 より前のバージョン", "core: [2.0-beta9..2.12.1)"),
        ("5.16.3 未満", "(..5.16.3)"),
        ("1.2.3 およびそれ以前", "(..1.2.3]"),
        ("バージョン 1.2.3 およびそれ以前のバージョン", "(..1.2.3]"),
        ("Ver.1.2.3以前", "(..1.2.3]"),
        ("１．２．３　以降", "[1.2.3..)"),
        ("9.x 系", "~9.x"),
        ("すべてのバージョン", "all"),
        ("全バージョン", "all"),
        ("1.0 以上 2.0 未満", "[1.0..2.0)"),
        ("1.0 から 1.5 まで", "[1.0..1.5]"),
        ("1.0～1.5", "[1.0..1.5]"),
        ("1.0、1.1 および 1.2", "=1.0 + =1.1 + =1.2"),
        ("3.0.1 のみ", "=3.0.1"),
        ("2.3 より前のバージョン", "(..2.3)"),
        ("2.3 より新しい", "(2.3..)"),
        ("ファームウェア Ver 2.00 から Ver 2.40 まで", "[2.00..2.40]"),
        ("V7.0 系、V8.1", "~7.0 + =8.1"),
    ] {
        assert_eq!(short(text), expected, "{text}");
    }
}

#[test]
fn english_sentences_become_ranges() {
    for (text, expected) in [
        ("versions prior to 3.2", "(..3.2)"),
        ("All versions prior to Version B.06.18", "(..B.06.18)"),
        ("Version 5.1 and earlier", "(..5.1]"),
        ("Version 9.5 and prior versions", "(..9.5]"),
        ("all versions", "all"),
        ("vers:all/*", "all"),
        ("2.x through 2.4", "[2.x..2.4]"),
        ("Versions 1.3.4 through to 1.5.3", "[1.3.4..1.5.3]"),
        ("versions from 1.0 before 1.8", "[1.0..1.8)"),
        ("4.0 or newer", "[4.0..)"),
        (">= 1.1 | <= 1.3.2", "[1.1..1.3.2]"),
        (">=2.0, <3.0", "[2.0..3.0)"),
        ("vers:generic/>=2.0|<3.0", "[2.0..3.0)"),
        ("Versions 1.1, 1.2 and 1.4", "=1.1 + =1.2 + =1.4"),
        ("Versions 1.10 1.11 1.13", "=1.10 + =1.11 + =1.13"),
        ("1.3.1 Build 13", "=1.3.1 Build 13"),
        ("Version 2.X (Impacted by CVE-2020-6962)", "~2.X (Impacted by CVE-2020-6962)"),
        (
            "versions 1.1 to 1.3.2, which are not sold in the U.S.",
            "[1.1..1.3.2] (which are not sold in the U.S)",
        ),
        ("SP Versions 3.2.4 and below", "SP: (..3.2.4]"),
        ("vD25 and prior", "(..D25]"),
    ] {
        assert_eq!(short(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_consumed_is_not_understood_and_says_which_words() {
    for (text, expected) in [
        ("prior to April 1 2018", "? April"),
        ("All Windows 7-based versions", "? Windows"),
        ("Versions 3.0 and earlier except 2.5", "? except"),
        ("Version 3.0 (and earlier)", "? and earlier"),
        ("1.0 以前（0.9 を除く）", "? 0.9 を除く"),
        ("not 2.0 and prior", "? not"),
        ("CR-IR 357", "? CR-IR 357"),
        ("7100 7900 MRI", "? MRI"),
        ("<8/30/2024", "? 8/30/2024"),
        ("1.0-1.5", "? 1.0-1.5"),
        ("v3.0 D15 and prior", "? D15 and prior"),
        ("最新版", "? 最新"),
        ("", "? "),
    ] {
        assert_eq!(short(text), expected, "{text}");
    }
}

#[test]
fn two_open_ends_without_a_remark_are_not_told_apart() {
    assert!(!read("<= U61 | <= L81").is_understood());
    assert_eq!(
        short("U61 and earlier (United States) L81 and earlier (elsewhere)"),
        "(..U61] (United States) + (..L81] (elsewhere)"
    );
}

#[test]
fn any_text_is_read_without_panic_and_in_bounded_time() {
    let pieces = [
        "1.0",
        " ",
        "から",
        "(",
        ")",
        "and",
        "prior",
        "<=",
        "系",
        "バージョン",
        "v",
        "\u{0}",
        "～",
        "，",
        "x",
        ".",
        "-",
        "]",
        "[",
    ];
    let mut seed = 7_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[usize::try_from(seed >> 33).unwrap() % pieces.len()]);
        }
        let _ = read(&text);
    }
    assert!(!read(&"(".repeat(10_000)).is_understood());
}
