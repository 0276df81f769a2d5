//! Damaged, hostile and outsized follow-up forms: a clear error or a sound table, the same twice, and never a panic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod forms;

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use forms::page::{self, Setting};
use forms::{Line, Sample};
use intake::followup::grid::Form;
use intake::followup::{delimited, pdf, sheet, web};
use intake::{IntakeError, Limits, Trouble};

type Reader = fn(&str, &[u8], &Limits) -> Result<Form, IntakeError>;

fn sample() -> Sample {
    Sample {
        title: "機器の保守に関する各省における取り組みの状況について".to_owned(),
        head: ["該当箇所", "令和6年度の実績・状況", "令和7年度の取組予定"].map(str::to_owned),
        lines: vec![
            Line::across("【機器の点検】"),
            Line::across("点検の促進"),
            Line::cells("点検の仕組みを整える。[◎厚]", "・点検した。", "・点検する。"),
            Line::cells("技師を育てる。[文]", "", "・研修する。"),
        ],
    }
}

/// Small bounds, so that a case that would run long shows as one that takes long here.
fn limits() -> Limits {
    Limits { rows: 10_000, elements: 100_000, cell_bytes: 1 << 16, ..Limits::default() }
}

fn seeds() -> Vec<(Reader, Vec<u8>)> {
    let sample = sample();
    let mut seeds: Vec<(Reader, Vec<u8>)> = vec![
        (delimited::read, forms::csv(&sample).into_bytes()),
        (sheet::read, forms::xlsx(&sample)),
        (web::read, forms::html(&sample).into_bytes()),
    ];
    if let Some(font) = page::font() {
        seeds.push((pdf::read, page::pdf(&sample, Setting::RULED, &font)));
    }
    seeds
}

/// A seeded generator (splitmix64), so that a case that fails fails again.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound.max(1) as u64).unwrap()
    }
}

fn mutate(seed: &[u8], random: &mut Random) -> Vec<u8> {
    const MARKS: [&[u8]; 10] = [
        b"\"",
        b"<td rowspan=9 colspan=9>",
        b"</table>",
        b"<table>",
        b"0 0 0",
        b" endstream ",
        b"999999999",
        b"\xFF",
        b"-1 ",
        b"<br>",
    ];
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let to = (at + random.below(40)).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..to)),
            2 => drop(bytes.splice(at..at, bytes[at..to].to_vec())),
            3 => drop(bytes.splice(at..at, MARKS[random.below(MARKS.len())].iter().copied())),
            4 => bytes.truncate(at),
            _ => bytes[at..to].reverse(),
        }
    }
    bytes
}

#[test]
fn mutations_of_sound_forms_never_panic_and_are_read_the_same_twice() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let end = Instant::now() + Duration::from_secs(seconds);
    let seeds = seeds();
    let mut random = Random(0x5EED);
    let (mut cases, mut read, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    while Instant::now() < end {
        let (reader, seed) = &seeds[random.below(seeds.len())];
        let bytes = mutate(seed, &mut random);
        let start = Instant::now();
        let once = reader("x", &bytes, &limits());
        slowest = slowest.max(start.elapsed());
        read += u64::from(once.is_ok());
        assert_eq!(once, reader("x", &bytes, &limits()), "case {cases}");
        cases += 1;
    }
    println!("{cases} mutations, {read} of them read, the slowest took {slowest:.2?}");
    assert!(cases > 0 && slowest < Duration::from_secs(5), "{slowest:?}");
}

#[test]
fn a_form_cut_off_anywhere_is_an_error_or_a_shorter_table() {
    for (reader, bytes) in seeds() {
        let whole = reader("x", &bytes, &limits()).unwrap().table.rows.len();
        for part in 0..20 {
            if let Ok(form) = reader("x", &bytes[..bytes.len() * part / 20], &limits()) {
                assert!(form.table.rows.len() <= whole, "a part has no more rows than the whole");
            }
        }
    }
}

#[test]
fn what_is_no_follow_up_table_says_what_is_missing() {
    let other = "事業名,執行額\r\n点検,12\r\n";
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "事業名").unwrap();
    let cases: [(Reader, Vec<u8>); 3] = [
        (delimited::read, other.as_bytes().to_vec()),
        (sheet::read, workbook.save_to_buffer().unwrap()),
        (web::read, b"<table><tr><td>a</td></tr></table>".to_vec()),
    ];
    for (reader, bytes) in cases {
        let error = reader("x", &bytes, &limits()).unwrap_err();
        assert!(error.to_string().contains("該当箇所"), "{error}");
    }
}

#[test]
fn damaged_pdfs_say_what_is_wrong() {
    for (bytes, why) in [
        (&b"no pdf at all"[..], "does not begin as a PDF does"),
        (b"%PDF-1.7\nand then nothing", "damaged or cut off"),
        (EMPTY_PAGE, "no text layer"),
    ] {
        let error = pdf::read("a.pdf", bytes, &limits()).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}

const EMPTY_PAGE: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";

/// Forms that draw forms that draw forms: small on disk, without end on the page.
#[test]
fn a_pdf_that_draws_without_end_is_stopped() {
    let mut file = String::from(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</XObject<</F 10 0 R>>>>/Contents 4 0 R>>endobj\n\
         4 0 obj<</Length 4>>stream\n/F Do\nendstream endobj\n",
    );
    for level in 10..22 {
        let body = if level == 21 { "0 0 9 9 re f ".repeat(8) } else { "/F Do ".repeat(8) };
        let next = level + 1;
        write!(
            file,
            "{level} 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</F {next} 0 R>>>>/Length {}>>stream\n{body}\nendstream endobj\n",
            body.len()
        )
        .unwrap();
    }
    file += "trailer<</Root 1 0 R>>\n%%EOF";
    let start = Instant::now();
    let error = pdf::read("a.pdf", file.as_bytes(), &limits()).unwrap_err();
    assert!(matches!(error.trouble, Trouble::TooMuch { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_pdf_whose_stream_unpacks_without_end_is_refused() {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..600 {
        packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bytes = [
        b"%PDF-1.4\n1 0 obj<</Filter/FlateDecode>>stream\n".to_vec(),
        packed.finish().unwrap(),
        b"endstream".to_vec(),
    ]
    .concat();
    let error = pdf::read("a.pdf", &bytes, &limits()).unwrap_err();
    assert!(matches!(error.trouble, Trouble::TooMuch { .. }), "{error}");
}

/// One cell at the far corner of a sheet is no reason to make room for all cells before it.
#[test]
fn far_cells_and_wide_spans_are_bounded() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_string(1_048_575, 16_383, "x").unwrap();
    let error = sheet::read("a.xlsx", &workbook.save_to_buffer().unwrap(), &limits()).unwrap_err();
    assert!(matches!(error.trouble, Trouble::TooMuch { .. }), "{error}");
    let wide = format!("<table>{}</table>", "<tr><td rowspan=65534 colspan=900>x</td></tr>".repeat(1000));
    let error = web::read("a.html", wide.as_bytes(), &limits()).unwrap_err();
    assert!(matches!(error.trouble, Trouble::TooMuch { .. }), "{error}");
}

#[test]
fn a_zip_that_is_no_workbook_is_an_error() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"text").unwrap();
    let error = sheet::read("a.xlsx", &archive.finish().unwrap().into_inner(), &limits()).unwrap_err();
    assert!(error.to_string().contains("XLSX"), "{error}");
}
