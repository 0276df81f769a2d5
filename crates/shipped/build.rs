//! Tells cargo to rebuild when a register or a data file comes, changes or goes, and computes the digest
//! of them all, so that asking for it costs nothing at run time.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    let root = Path::new("../..");
    let mut hash = Sha256::new();
    for folder in ["registers", "data"] {
        println!("cargo::rerun-if-changed={}", root.join(folder).display());
        feed(&mut hash, folder, &root.join(folder))?;
    }
    let mut hex = String::new();
    for byte in hash.finalize() {
        write!(hex, "{byte:02x}").map_err(io::Error::other)?;
    }
    println!("cargo::rustc-env=SHIPPED_DIGEST={hex}");
    Ok(())
}

/// Names and lengths go in with the contents, so that no two sets of files give the same bytes.
fn feed(hash: &mut Sha256, folder: &str, path: &Path) -> io::Result<()> {
    let mut files =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let content = fs::read(&file)?;
        hash.update(format!("{folder}/{name} {}\n", content.len()));
        hash.update(content);
    }
    Ok(())
}
