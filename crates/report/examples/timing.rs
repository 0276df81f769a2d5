//! How long the writers take: `cargo run --release -p report --example timing`.

use std::time::Instant;

use base::{Lang, Source};
use report::pdf::{self, Typeface};
use report::terminal::{self, Terminal};
use report::{Cell, Column, Document, Row, Table, html, xlsx};

fn document(rows: usize) -> Document {
    let mut doc = Document::build(Lang::Ja, "長い表");
    let sources: Vec<_> =
        (0..50).map(|number| doc.cite(&Source::cell("sheet", format!("row {number}")))).collect();
    doc.heading(1, "目標A");
    let mut table = Table::new("事業の一覧")
        .column(Column::text("事業の名称"))
        .column(Column::yen("当初予算"))
        .column(Column::text("実績"));
    for number in 0..rows {
        table.rows.push(Row::of([
            Cell::text(format!("見本事業その{number}")),
            Cell::integer(1_000_000).cite(sources[number % 50]),
            Cell::text("医療機器の研究開発に携わる人材を対象とする研修を、全国の拠点（大学病院等）において実施した。"),
        ]));
    }
    doc.table(table);
    doc.finish()
}

/// The median of five runs, in milliseconds.
fn timed(work: impl Fn() -> usize) -> (f64, usize) {
    let mut size = 0;
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            size = work();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[2], size)
}

fn main() {
    let twenty_pages = document(410);
    let long = document(5000);
    let (load, _) = timed(|| Typeface::shipped().map_or(0, |_| 1));
    let typeface = Typeface::shipped().unwrap_or_else(|error| panic!("{error}"));
    let written = pdf::write(&twenty_pages, &typeface).unwrap_or_else(|error| panic!("{error}"));
    println!("typeface: {load:.1} ms");
    let (time, size) = timed(|| pdf::write(&twenty_pages, &typeface).map_or(0, |pdf| pdf.bytes.len()));
    println!("PDF of {} pages: {time:.1} ms, {size} bytes", written.pages);
    let (time, size) = timed(|| xlsx::workbook(&long).map_or(0, |bytes| bytes.len()));
    println!("XLSX of 5,000 rows: {time:.1} ms, {size} bytes");
    let (time, size) = timed(|| html::page(&long).len());
    println!("HTML of 5,000 rows: {time:.1} ms, {size} bytes");
    let (time, size) = timed(|| {
        let mut out = Vec::new();
        terminal::write(&long, &Terminal::plain(120), &mut out).map_or(0, |()| out.len())
    });
    println!("terminal, 5,000 rows: {time:.1} ms, {size} bytes");
}
