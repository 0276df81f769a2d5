//! The programs of the system that the tests lean on: are they there, may we install them, and what to tell the user.
//!
//! The product itself needs none of them at run time.

use std::path::Path;

use anyhow::{Result, bail};
use nix::unistd::geteuid;

use crate::{postgres, shell};

/// A program (or font), the Debian package that brings it, and what is left untested without it.
struct Tool {
    package: &'static str,
    found: fn() -> bool,
    /// Only asked for once this folder of the workspace exists.
    needed_by: &'static str,
    without: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        package: "postgresql",
        found: || postgres::programs().is_some(),
        needed_by: "crates/store",
        without: "the store is tested on SQLite only",
    },
    Tool {
        package: "poppler-utils",
        found: || shell::which("pdftotext").is_some(),
        needed_by: "crates/report",
        without: "the text of written PDFs is not read back by another program",
    },
    Tool {
        package: "libxml2-utils",
        found: || shell::which("xmllint").is_some(),
        needed_by: "crates/report",
        without: "written StratML is not validated against its schema",
    },
    Tool {
        package: "fonts-noto-cjk",
        found: japanese_font,
        needed_by: "crates/intake",
        without: "PDFs printed with a Japanese system font are not read",
    },
    Tool {
        package: "chromium",
        found: || shell::which("chromium").is_some(),
        needed_by: "crates/intake",
        without: "PDFs that a browser prints are not read, and nobody walks through the site",
    },
    Tool {
        package: "python3-venv",
        found: can_make_python,
        needed_by: "e2e/mail",
        without: "no mail is sent to a real mail server",
    },
    Tool {
        package: "npm",
        found: || shell::which("npm").is_some(),
        needed_by: "e2e",
        without: "nobody walks through the site in a browser",
    },
];

/// Installs what is missing where that is allowed (root on Debian, and CI or `--install`). Elsewhere says what is left
/// untested and how to get it; under CI that is a failure.
pub(crate) fn bring(install: bool) -> Result<()> {
    let mut missing = missing();
    if !missing.is_empty() && (install || shell::under_ci()) && may_install() {
        let packages: Vec<_> = missing.iter().map(|tool| tool.package).collect();
        println!("installing {}", packages.join(" "));
        let apt = || {
            let mut apt = shell::command("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
            apt
        };
        shell::run(apt().arg("update"))?;
        shell::run(apt().args(["install", "-y", "--no-install-recommends"]).args(packages))?;
        missing = self::missing();
    }
    for tool in &missing {
        println!("{} is missing: {}. Debian: apt-get install {}", tool.package, tool.without, tool.package);
    }
    if !missing.is_empty() && shell::under_ci() {
        bail!("what the tests need is missing, and CI may skip nothing");
    }
    Ok(())
}

fn missing() -> Vec<&'static Tool> {
    TOOLS.iter().filter(|tool| shell::root().join(tool.needed_by).is_dir() && !(tool.found)()).collect()
}

fn may_install() -> bool {
    geteuid().is_root() && shell::which("apt-get").is_some()
}

/// Whether a private Python can be made.
pub(crate) fn can_make_python() -> bool {
    shell::which("python3").is_some()
        && shell::succeeds(shell::command("python3").args(["-c", "import venv, ensurepip"]))
}

fn japanese_font() -> bool {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share/fonts"));
    let places = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"];
    places.iter().map(Path::new).any(has_japanese_font)
        || home.is_some_and(|folder| has_japanese_font(&folder))
}

fn has_japanese_font(folder: &Path) -> bool {
    const NAMES: [&str; 6] = ["CJK", "JP-", "ipa", "Hiragino", "takao", "vlgothic"];
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            return has_japanese_font(&path);
        }
        NAMES.iter().any(|part| name.to_string_lossy().contains(part))
    })
}
