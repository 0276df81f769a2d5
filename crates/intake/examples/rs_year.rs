//! Times the reading of a full-government RS year: the sample of 82 programmes multiplied to 5,740 with new ids and
//! names, all groups, about 115 MB of CSV, made in a temporary folder.
//!
//! `cargo run --release -p intake --example rs_year -- [FOLDER OF THE SAMPLE] [COPIES]`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use intake::{Limits, bytes, rs};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let sample = arguments.next().map_or_else(default_sample, PathBuf::from);
    let copies: i64 = arguments.next().map_or(Ok(70), |copies| copies.parse())?;
    let folder = tempfile::tempdir()?;
    let size = multiply(&sample, folder.path(), copies)?;
    #[allow(clippy::cast_precision_loss, reason = "megabytes for people")]
    let megabytes = size as f64 / 1e6;
    println!("{copies} copies of {}: {megabytes:.1} MB of CSV", sample.display());

    let limits = Limits::default();
    for run in 1..=5 {
        let start = Instant::now();
        let inputs = bytes::open(folder.path(), &limits, None)?;
        let opened = start.elapsed();
        let reading = rs::read(&inputs, &limits, None)?;
        let read = start.elapsed().saturating_sub(opened);
        println!(
            "run {run}: opened in {opened:.2?}, read {} records in {read:.2?}: {:.0} MB/s ({:.0} MB/s with opening)",
            reading.records.len(),
            megabytes / read.as_secs_f64(),
            megabytes / (read + opened).as_secs_f64(),
        );
    }
    Ok(())
}

fn default_sample() -> PathBuf {
    let shared = std::env::var_os("SHIRUBE_SHARED");
    let shared =
        shared.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    shared.join("data/rs2024-meddev")
}

/// Writes every group again, its rows repeated under other ids and names, in the order of the copies.
fn multiply(sample: &Path, folder: &Path, copies: i64) -> Result<u64, Box<dyn Error>> {
    let mut size = 0;
    for entry in std::fs::read_dir(sample)? {
        let path = entry?.path();
        let mut reader = csv::Reader::from_path(&path)?;
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
        let target = folder.join(path.file_name().unwrap_or_default());
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_path(&target)?;
        writer.write_record(reader.headers()?)?;
        for copy in 0..copies {
            for row in &rows {
                let id: i64 = row.get(2).unwrap_or_default().parse()?;
                let renamed = row.iter().enumerate().map(|(at, cell)| match at {
                    2 => (id + copy * 100_000).to_string(),
                    3 if copy > 0 => format!("{cell}（第{copy}分野）"),
                    _ => cell.to_owned(),
                });
                writer.write_record(renamed)?;
            }
        }
        writer.flush()?;
        size += std::fs::metadata(&target)?.len();
    }
    Ok(size)
}
