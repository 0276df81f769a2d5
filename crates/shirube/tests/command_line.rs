//! The command line as people use it: registers, search, history, undo, checks, rounds, backups, and what it says when
//! something is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Bench, filled, own_database, postgres_server, shared, text};

#[test]
fn help_teaches_in_both_languages() {
    let bench = Bench::new();
    assert!(bench.ok(&["help", "intake"]).contains("RS system CSV"));
    let japanese = std::process::Command::new(env!("CARGO_BIN_EXE_shirube"))
        .args(["--lang", "ja", "help", "intake"])
        .output()
        .unwrap();
    assert!(text(&japanese.stdout).contains("ファイル、フォルダ、ZIP"), "{}", text(&japanese.stdout));
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let Some(shared) = shared() else { return };
    let bench = filled(Bench::new(), &shared);
    let before = bench.ok(&["audit", "head"]);
    let again = bench.ok(&["intake", shared.join("data/rs2024-meddev").to_str().unwrap()]);
    assert!(again.contains("nothing changed"), "{again}");
    assert_eq!(bench.ok(&["audit", "head"]), before);
}

#[test]
fn a_broken_file_is_named_and_nothing_of_it_is_kept() {
    let bench = Bench::new();
    let before = bench.ok(&["audit", "head"]);
    let file = bench.path("cut.json");
    std::fs::write(&file, r#"{"事業名": "灯台", "公開年度": 20"#).unwrap();
    let said = bench.fails(&["intake", file.to_str().unwrap(), "--as", "judgit"]);
    assert!(said.contains("cut.json"), "{said}");
    let unknown = bench.path("letter.txt");
    std::fs::write(&unknown, "Dear all, nothing to report.").unwrap();
    let said = bench.fails(&["intake", unknown.to_str().unwrap()]);
    assert!(said.contains("letter.txt") && said.contains("--as"), "{said}");
    assert!(bench.fails(&["intake", "no-such-file"]).contains("no-such-file"));
    assert_eq!(bench.ok(&["audit", "head"]), before);
}

#[test]
fn a_record_is_made_changed_found_and_returned_to() {
    let bench = Bench::new();
    let record = "kgi-observation:kgi-1.2026";
    bench.ok(&[
        "set",
        record,
        "kgi=kgi:kgi-1",
        "year=2026",
        "value=11.5",
        "--new",
        "--source",
        "004:57",
        "--reason",
        "survey of the year",
    ]);
    bench.ok(&["set", record, "value=12.0", "--reason", "corrected by the ministry"]);
    assert!(bench.ok(&["show", record]).contains("12.0"));
    assert!(bench.ok(&["history", record]).contains("corrected by the ministry"));
    assert!(bench.ok(&["followup"]).contains("12.0 (2026)"));
    bench.ok(&["undo", record, "1", "--reason", "the first value stands"]);
    assert!(bench.ok(&["show", record]).contains("11.5"));
    let wrong = bench.fails(&["set", record, "value=many", "--reason", "x"]);
    assert!(wrong.contains("value"), "{wrong}");
    assert!(bench.ok(&["search", "内資系企業"]).contains("kgi:kgi-1"));
    assert!(bench.ok(&["audit", "verify"]).contains("intact"));
}

#[test]
fn a_move_of_states_that_is_not_declared_is_refused() {
    let bench = Bench::new();
    let list = bench.ok(&["list", "samd-designation", "--format", "json", "-n", "1"]);
    let records: serde_json::Value = serde_json::from_str(&list).unwrap();
    let record = format!("samd-designation:{}", records[0]["id"].as_str().unwrap());
    let refused = bench.fails(&["set", &record, "--state", "approved", "--reason", "too early"]);
    assert!(refused.contains("designated") && refused.contains("approved"), "{refused}");
}

#[test]
fn checks_find_and_explain_and_tell_scripts() {
    let Some(shared) = shared() else { return };
    let bench = filled(Bench::new(), &shared);
    let output = bench.run(&["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "findings that weigh end with 1");
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<&str> =
        findings.as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    for code in ["S0101", "S0105", "S0203", "S0301", "S0601"] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    let rules = bench.ok(&["check", "--rules"]);
    assert!(codes.iter().all(|code| rules.contains(code)));
    assert!(bench.ok(&["check", "--explain", "s0301"]).contains("S0301"));
    assert!(bench.fails(&["check", "--explain", "S9999"]).contains("S9999"));
}

#[test]
fn a_backup_moves_the_whole_history_and_a_cut_one_is_refused() {
    let bench = Bench::new();
    bench.ok(&[
        "set",
        "kgi-observation:kgi-2.2026",
        "kgi=kgi:kgi-2",
        "year=2026",
        "value=2.0",
        "--new",
        "--source",
        "004",
        "--reason",
        "survey",
    ]);
    let file = bench.path("all.backup");
    bench.ok(&["backup", file.to_str().unwrap()]);
    let other = Bench::new();
    other.ok(&["restore", file.to_str().unwrap()]);
    assert_eq!(other.ok(&["audit", "head"]), bench.ok(&["audit", "head"]));
    assert!(other.ok(&["show", "kgi-observation:kgi-2.2026"]).contains("2.0"));
    let bytes = std::fs::read(&file).unwrap();
    let cut = bench.path("cut.backup");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let third = Bench::new();
    third.fails(&["restore", cut.to_str().unwrap()]);
    third.ok(&["restore", file.to_str().unwrap()]);
}

#[test]
fn a_round_goes_from_opening_to_the_follow_up() {
    let Some(shared) = shared() else { return };
    let bench = filled(Bench::new(), &shared);
    assert!(bench.fails(&["round", "forms"]).contains("round open"));
    bench.ok(&["round", "open", "--fy", "R7", "--by", "2027-02-01"]);
    assert!(bench.fails(&["round", "open", "--fy", "2025"]).contains("already"));
    let forms = bench.path("forms");
    bench.ok(&["round", "forms", "--out", forms.to_str().unwrap()]);
    let files: Vec<_> = std::fs::read_dir(&forms).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "one form for each ministry of the table");
    assert!(bench.ok(&["round", "status"]).contains("not yet"));
    let blank = bench.ok(&["round", "take", files[0].to_str().unwrap()]);
    assert!(blank.contains("0 rows taken"), "{blank}");
    assert!(bench.fails(&["round", "close"]).contains("not fully answered"));
    bench.ok(&["round", "close", "--force"]);
    let answer: serde_json::Value =
        serde_json::from_str(&bench.ok(&["followup", "--fy", "2025", "--format", "json"])).unwrap();
    let rows: usize =
        answer["goals"].as_array().unwrap().iter().map(|goal| goal["rows"].as_array().unwrap().len()).sum();
    assert_eq!(rows, 9, "unanswered rows stand and say so");
}

#[test]
fn both_databases_answer_alike() {
    let Some(shared) = shared() else { return };
    let Some(server) = postgres_server() else { return };
    let sqlite = filled(Bench::new(), &shared);
    let postgres = filled(Bench::on(own_database(&server)), &shared);
    assert_eq!(sqlite.ok(&["followup", "--format", "json"]), postgres.ok(&["followup", "--format", "json"]));
    assert_eq!(text(&sqlite.run(&["check"]).stdout), text(&postgres.run(&["check"]).stdout));
    let search = ["search", "スタートアップ"];
    assert_eq!(sqlite.ok(&search), postgres.ok(&search));
    let file = sqlite.path("moved.backup");
    sqlite.ok(&["backup", file.to_str().unwrap()]);
    let moved = Bench::on(own_database(&server));
    moved.ok(&["restore", file.to_str().unwrap()]);
    assert_eq!(sqlite.ok(&["audit", "head"]), moved.ok(&["audit", "head"]));
}
