//! One table laid out in every form in which ministries hand it in.

#![allow(dead_code, unreachable_pub)]

pub mod page;

use std::fmt::Write as _;

use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// A line of a table as it is laid out.
#[derive(Clone, Debug)]
pub enum Line {
    /// A heading over the whole width: a vision, a goal, a repeated goal, the heading of measures.
    Across(String),
    /// The three cells.
    Cells([String; 3]),
}

/// A table to lay out.
#[derive(Clone, Debug)]
pub struct Sample {
    pub title: String,
    pub head: [String; 3],
    pub lines: Vec<Line>,
}

impl Line {
    pub fn across(text: &str) -> Self {
        Line::Across(text.to_owned())
    }
    pub fn cells(measure: &str, results: &str, plans: &str) -> Self {
        Line::Cells([measure.to_owned(), results.to_owned(), plans.to_owned()])
    }
}

/// Bullets begin lines inside of cells, as people type them.
fn typed(text: &str) -> String {
    text.replace("。・", "。\n・")
}

pub fn csv(sample: &Sample) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record([sample.title.as_str(), "", ""]).unwrap();
    writer.write_record(&sample.head).unwrap();
    for line in &sample.lines {
        match line {
            Line::Across(text) => writer.write_record([text.as_str(), "", ""]).unwrap(),
            Line::Cells(cells) => writer.write_record(cells.each_ref().map(|text| typed(text))).unwrap(),
        }
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

pub fn xlsx(sample: &Sample) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let notes = workbook.add_worksheet();
    notes.set_name("記入要領").unwrap().set_hidden(true);
    notes.write_string(0, 0, "該当箇所は変えないこと").unwrap();
    fill(workbook.add_worksheet().set_name("様式").unwrap(), sample);
    workbook.save_to_buffer().unwrap()
}

/// The table stands away from the corner of its sheet.
fn fill(sheet: &mut Worksheet, sample: &Sample) {
    let plain = Format::new();
    sheet.merge_range(0, 1, 0, 3, &sample.title, &plain).unwrap();
    for (column, text) in (1..).zip(&sample.head) {
        sheet.write_string(2, column, text.replace("の", "の\n")).unwrap();
    }
    for (row, line) in (3..).zip(&sample.lines) {
        match line {
            Line::Across(text) => {
                sheet.merge_range(row, 1, row, 3, text, &plain).unwrap();
            }
            Line::Cells(cells) => {
                for (column, text) in (1..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                    sheet.write_string(row, column, typed(text)).unwrap();
                }
            }
        }
    }
}

/// A table within a table that only lays out the page.
pub fn html(sample: &Sample) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=ja><head><meta charset=\"utf-8\"><title>{0}</title><style>{STYLE}</style></head>\n<body><table class=page><tr><td><h1>{0}</h1></td></tr><tr><td>\n",
        sample.title
    );
    page.push_str(&html_table(sample));
    page.push_str("</td></tr></table></body></html>\n");
    page
}

/// The table alone, as a page to print.
pub fn printable(sample: &Sample) -> String {
    format!(
        "<!DOCTYPE html><html lang=ja><head><meta charset=utf-8><style>{STYLE}</style></head><body><p>{}</p>{}</body></html>",
        sample.title,
        html_table(sample)
    )
}

const STYLE: &str = "@page { size: A4 landscape; margin: 12mm } body { font: 9pt 'Noto Sans CJK JP' } \
    table.rows { border-collapse: collapse; width: 100% } .rows td, .rows th { border: 0.75pt solid #000; vertical-align: top; padding: 2pt }";

fn html_table(sample: &Sample) -> String {
    let mut table = String::from("<table class=rows>\n<thead><tr>");
    for name in &sample.head {
        write!(table, "<th>{}</th>", escape(name)).unwrap();
    }
    table.push_str("</tr></thead>\n<tbody>\n");
    for line in &sample.lines {
        match line {
            Line::Across(text) => writeln!(table, "<tr><td colspan=3>{}</td></tr>", escape(text)).unwrap(),
            Line::Cells(cells) => {
                table.push_str("<tr>");
                for text in cells {
                    write!(
                        table,
                        "\n  <td>\n    {}\n  </td>",
                        escape(&typed(text)).replace('\n', "<br>\n    ")
                    )
                    .unwrap();
                }
                table.push_str("</tr>\n");
            }
        }
    }
    table + "</tbody></table>\n"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
