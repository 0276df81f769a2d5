//! Writes a made-up answer in every format into a folder: `cargo run -p report --example sample -- FOLDER`.

#[path = "../tests/common/mod.rs"]
mod common;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use base::Lang;
use report::pdf::{self, Typeface};
use report::terminal::{self, Terminal};
use report::{html, xlsx};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write into")?);
    fs::create_dir_all(&folder)?;
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let document = common::answer(lang);
        let mut text = Vec::new();
        terminal::write(&document, &Terminal { ansi: true, ..Terminal::plain(100) }, &mut text)?;
        fs::write(folder.join(format!("{name}.txt")), text)?;
        fs::write(folder.join(format!("{name}.html")), html::page(&document))?;
        fs::write(folder.join(format!("{name}.xlsx")), xlsx::workbook(&document)?)?;
        fs::write(folder.join(format!("{name}.pdf")), pdf::write(&document, &Typeface::shipped()?)?.bytes)?;
    }
    Ok(())
}
