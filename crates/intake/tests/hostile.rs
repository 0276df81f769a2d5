//! Files made to hurt, or merely wrong: every one gets a clear error that names it, in bounded time and memory.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::io::{Cursor, Write};

use common::made_up;
use intake::{Input, Intake, Kind, Limits, bytes, judgit, read, read_inputs, stratml};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn unpack_error(content: Vec<u8>, limits: &Limits) -> String {
    bytes::unpack("a.zip", content, limits).unwrap_err().to_string()
}

fn read_all(inputs: Vec<Input>) -> Intake {
    read_inputs(inputs, None, &Limits::default(), None)
}

#[test]
fn an_archive_of_archives_is_read_and_names_its_files() {
    let files = made_up::rs_files();
    let inner = zipped(&[("budget.csv", &files[1].bytes)]);
    let outer = zipped(&[
        ("overview.csv", &files[0].bytes),
        ("deep/inner.zip", &inner),
        ("__MACOSX/._x", b"junk"),
        (".DS_Store", b"junk"),
    ]);
    let inputs = bytes::unpack("a.zip", outer, &Limits::default()).unwrap();
    let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["a.zip!overview.csv", "a.zip!deep/inner.zip!budget.csv"]);
    assert_eq!(read_all(inputs).readings[0].records.len(), 1);
}

fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        writer.append_data(&mut header, name, *content).unwrap();
    }
    writer.into_inner().unwrap()
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_compressed_tar_archive_is_read_and_names_its_files() {
    let archive =
        gzipped(&tarred(&[("a/one.json", b"{}"), ("two.json.gz", &gzipped(b"[]")), ("a/.x", b"junk")]));
    let inputs = bytes::unpack("a.tar.gz", archive, &Limits::default()).unwrap();
    let found: Vec<(&str, &[u8])> =
        inputs.iter().map(|input| (input.name.as_str(), input.bytes.as_slice())).collect();
    assert_eq!(found, [("a.tar!a/one.json", b"{}".as_slice()), ("a.tar!two.json", b"[]")]);
}

#[test]
fn a_damaged_or_swelling_compressed_archive_is_refused() {
    let zeros = gzipped(&vec![0_u8; 8 << 20]);
    assert!(unpack_error(zeros, &Limits::default()).contains("decompression bomb"));
    let cut = tarred(&[("a.json", &[b'x'; 5000])]);
    assert!(unpack_error(cut[..2000].to_vec(), &Limits::default()).starts_with("a.zip"));
    let mut lying = tarred(&[("a.json", &[b'x'; 600])]);
    lying[124..135].copy_from_slice(b"77777777777");
    assert!(unpack_error(lying, &Limits::default()).starts_with("a.zip"));
}

#[test]
fn a_bomb_is_refused() {
    let zeros = vec![0_u8; 8 << 20];
    assert_eq!(
        unpack_error(zipped(&[("zeros", &zeros)]), &Limits::default()),
        "a.zip: unpacks to more than 200 times its size; refused as a decompression bomb"
    );
    let limits = Limits { file_bytes: 1 << 20, ..Limits::default() };
    assert!(
        unpack_error(zipped(&[("zeros", &zeros)]), &limits)
            .contains("a.zip!zeros: has more than the 1048576 bytes")
    );
}

#[test]
fn a_claimed_size_counts_for_nothing() {
    let mut content = zipped(&[("a.txt", &[b'x'; 3000])]);
    let central = content.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    content[central + 24..central + 28].copy_from_slice(&10_u32.to_le_bytes());
    let limits = Limits { unpack_ratio: 1, ..Limits::default() };
    // Whatever the archive claims, the outcome is bounded: content of the true size, or an error.
    if let Ok(inputs) = bytes::unpack("a.zip", content, &limits) {
        assert!(inputs[0].bytes.len() <= 3000);
    }
}

#[test]
fn nesting_and_numbers_are_bounded() {
    let mut content = zipped(&[("a.txt", b"x")]);
    for _ in 0..6 {
        content = zipped(&[("inner.zip", &content)]);
    }
    assert!(unpack_error(content, &Limits::default()).contains("more than the 4 archives within archives"));
    let many: Vec<(String, &[u8])> = (0..20).map(|n| (format!("{n}.txt"), b"x".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    assert!(
        unpack_error(zipped(&many), &Limits { files: 10, ..Limits::default() })
            .contains("more than the 10 files")
    );
}

#[test]
fn a_damaged_archive_is_no_panic() {
    let mut content = zipped(&[("a.csv", &made_up::rs_files()[0].bytes)]);
    content.truncate(content.len() / 2);
    assert!(unpack_error(content, &Limits::default()).starts_with("a.zip: is not a sound ZIP archive"));
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.csv");
    std::fs::File::create(&path).unwrap().set_len(2 << 30).unwrap();
    let error = read(&path, None, &Limits::default(), None).unwrap_err().to_string();
    assert_eq!(error, "huge.csv: has more than the 536870912 bytes that are accepted");
}

#[test]
fn what_is_not_there_or_not_a_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("none.csv");
    let error = read(&none, None, &Limits::default(), None).unwrap_err();
    let named = format!("{}: cannot be opened", none.display());
    assert!(error.to_string().starts_with(&named), "as it was named: {error}");
    assert!(
        read(folder.path(), None, &Limits::default(), None).unwrap_err().to_string().ends_with("is empty")
    );
    #[cfg(unix)]
    assert_eq!(
        read("/dev/null".as_ref(), None, &Limits::default(), None).unwrap_err().to_string(),
        "/dev/null: is neither a file nor a folder"
    );
}

#[test]
fn a_folder_keeps_what_is_sound_and_names_what_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
    for file in made_up::rs_files() {
        put(&file.name, &file.bytes);
    }
    put("sheet.json", &made_up::judgit().bytes);
    put("broken.json", "{\"府省庁\": \"甲\", \"事業名\": ".as_bytes());
    put("plan.xml", &made_up::stratml().bytes);
    put("readme.txt", b"nothing of interest");
    let intake = read(folder.path(), None, &Limits::default(), None).unwrap();
    let kinds: Vec<Kind> = intake.readings.iter().map(|reading| reading.kind).collect();
    assert_eq!(kinds, [Kind::RsCsv, Kind::Judgit, Kind::StratMl]);
    let refused: Vec<&str> = intake.refused.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(refused, ["readme.txt", "broken.json"]);
}

#[test]
fn a_broken_group_fails_the_whole_year_so_that_nothing_half_read_stays() {
    let mut files = made_up::rs_files();
    let size = files[2].bytes.len();
    files[2].bytes.truncate(size - 5);
    let intake = read_all(files);
    assert!(intake.readings.is_empty());
    assert_eq!(intake.refused.len(), 1);
}

#[test]
fn judgit_sheets_come_alone_in_lists_and_in_lines() {
    let one = made_up::judgit();
    let text = String::from_utf8(one.bytes.clone()).unwrap();
    let line = text.replace('\n', " ");
    let other = line.replace("\"0001\"", "\"0002\"");
    let expected = judgit::read(&[one], &Limits::default()).unwrap();
    common::assert_valid("programme-sheet", &expected.records);
    assert_eq!(expected.records[0].fields["unplaced"][0]["column"], "見知らぬ項目");
    for (content, sheets) in
        [(format!("[{line},{other}]"), 2), (format!("{line}\n{other}\n"), 2), (format!("{line}\n{line}"), 1)]
    {
        let input = Input { name: "list.json".to_owned(), bytes: content.into_bytes() };
        let reading = judgit::read(&[input], &Limits::default()).unwrap();
        assert_eq!(reading.records.len(), sheets);
        assert_eq!(reading.records[0].text("name"), expected.records[0].text("name"));
    }
}

#[test]
fn judgit_amounts_and_absences_are_told_apart() {
    let record = &judgit::read(&[made_up::judgit()], &Limits::default()).unwrap().records[0];
    let money = record.fields["money"].to_string();
    for expected in [
        r#"{"fiscal_year":2019,"kind":"initial","yen":"12.5百万円"}"#,
        r#"{"fiscal_year":2019,"kind":"executed","yen":"0百万円"}"#,
        r#"{"fiscal_year":2019,"kind":"carried-out","yen":"3百万円"}"#,
        r#"{"fiscal_year":2020,"kind":"executed","yen":{"missing":"not-yet"}}"#,
        r#"{"fiscal_year":2021,"kind":"request","yen":"11百万円"}"#,
    ] {
        assert!(money.contains(expected), "{expected}\n{money}");
    }
    let results = record.fields["results"].as_array().unwrap();
    assert_eq!((&results[0]["actual"], results[0].get("target")), (&"4".into(), None));
    assert_eq!(results[1]["actual"]["missing"], "not-yet");
}

#[test]
fn deep_json_and_deep_xml_are_refused() {
    let deep = Input { name: "deep.json".to_owned(), bytes: "[".repeat(100_000).into_bytes() };
    assert!(judgit::read(&[deep], &Limits::default()).unwrap_err().to_string().contains("recursion limit"));
    let xml = format!("<StrategicPlan>{}", "<Goal>".repeat(100_000));
    assert!(
        stratml::parse("deep.xml", xml.as_bytes(), &Limits::default())
            .unwrap_err()
            .to_string()
            .contains("levels of elements")
    );
}

#[test]
fn every_deviation_of_a_stratml_document_is_named_and_the_rest_is_read() {
    let input = made_up::stratml();
    let (plan, remarks) = stratml::parse(&input.name, &input.bytes, &Limits::default()).unwrap();
    let indicator = &plan.goals[0].objectives[0].indicators[0];
    assert_eq!((indicator.dimension.as_deref(), indicator.unit.as_deref()), (Some("Use"), Some("items")));
    assert_eq!(indicator.instances[0].actuals[0].units.as_deref(), Some("about 9"));
    let said: Vec<String> = remarks
        .iter()
        .map(|remark| format!("{} {}", remark.place.rsplit('/').next().unwrap(), remark.text.en))
        .collect();
    assert_eq!(
        said,
        [
            "PerformanceIndicator ValueChainStage=\"Result\" is none of Outcome, Output_Processing, Output, Input_Processing, Input",
            "MeasurementDimension stands out of order: it belongs before UnitOfMeasurement",
            "NumberOfUnits `about 9` is not a number",
            "Surprise is not allowed here by the schema (not read)",
            "Identifier stands out of order: it belongs before Objective",
            "Identifier the identifier `_1` is used twice",
            "Goal lacks Description",
            "PublicationDate `June 2024` is not a date (YYYY-MM-DD)",
        ]
    );
    let reading = stratml::read(&[input], &Limits::default()).unwrap();
    common::assert_valid("stratml-document", &reading.records);
    assert_eq!(reading.records[0].fields["measurements"][1]["units_as_printed"], "about 9");
}
