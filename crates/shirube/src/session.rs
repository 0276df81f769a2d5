//! What every command needs: the opened database, filled with what ships, and who asks, when, in which language.

use std::io::IsTerminal;
use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;

use base::Lang;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use plan::View;
use plan::view::Piece;
use register::Record;
use store::{By, Change, Notice, Store, Stored};

use crate::cli::Common;
use crate::failure::Failure;

/// The name under which shipped records are written.
const SHIPPER: &str = "shirube";
/// The name under which the database remembers what was shipped last.
const SHIPPED: &str = "shipped";

/// How a command speaks: all that those need which open no database.
#[derive(Clone, Copy)]
pub(crate) struct Voice {
    pub lang: Lang,
    pub quiet: bool,
}

/// An opened database and the circumstances of the question.
pub(crate) struct Session {
    pub store: Store,
    pub voice: Voice,
    pub actor: String,
    /// The day of the question, in Japan.
    pub today: Date,
}

/// A session speaks as its voice does.
impl Deref for Session {
    type Target = Voice;
    fn deref(&self) -> &Voice {
        &self.voice
    }
}

impl Voice {
    /// The one of two texts that is in the language of the answer.
    pub(crate) fn say<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(ja, en)
    }

    /// Prints a remark beside the answer.
    pub(crate) fn remark(self, text: impl std::fmt::Display) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// A bar for long work; it stays out of sight where nobody looks or when the work is short.
    pub(crate) fn progress(self, total: u64) -> ProgressBar {
        if self.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(total);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

impl Session {
    /// Opens the database and fills it with the shipped plan where that is new.
    pub(crate) fn open(common: &Common, lang: Lang) -> Result<Self, Failure> {
        let session = Session::bare(common, lang)?;
        session.ship()?;
        Ok(session)
    }

    /// Opens the database as it is: for restoring into an empty one.
    pub(crate) fn bare(common: &Common, lang: Lang) -> Result<Self, Failure> {
        let place = place(common)?;
        let quiet = common.quiet;
        let store = Store::open(&place, shipped::registry()?, |notice| {
            if !quiet {
                announce(&notice, lang);
            }
        })?;
        let (actor, today) = acting(common);
        Ok(Session { store, voice: Voice { lang, quiet }, actor, today })
    }

    /// A signed change.
    pub(crate) fn by(&self, reason: impl Into<String>) -> By {
        By::now(self.actor.clone(), reason)
    }

    /// Brings the shipped records up to date. What a person has changed stays as they left it.
    fn ship(&self) -> Result<(), Failure> {
        if self.store.meta(SHIPPED)?.as_deref() == Some(shipped::digest()) {
            return Ok(());
        }
        let mut changes = Vec::new();
        let mut kept = 0_usize;
        for record in shipped::records()? {
            match self.store.get(&record.reference())? {
                Some(stored) if stored.actor != SHIPPER => kept += 1,
                _ => changes.push(Change::from(record)),
            }
        }
        let written = self
            .store
            .write(&By::now(SHIPPER, "the plan and the data that ship with the program"), changes)?;
        self.store.set_meta(SHIPPED, shipped::digest())?;
        if written.added + written.changed > 0 {
            let (new, updated) = (written.added, written.changed);
            self.remark(match self.lang {
                Lang::Ja => format!("同梱の計画データを取り込みました（新規{new}件、更新{updated}件、手で直された{kept}件はそのまま）"),
                Lang::En => format!("filled with the shipped plan ({new} new, {updated} updated, {kept} changed by hand left as they are)"),
            });
        }
        Ok(())
    }

    /// Everything the plan engine reads, as views.
    pub(crate) fn view_of_the_plan(&self) -> Result<View, Failure> {
        let mut pieces = Vec::new();
        for register in plan::view::REGISTERS {
            let piece = |stored: Stored| Piece::of(&stored.record);
            self.store.each_as(register, plan::view::unread(register), piece, |piece| pieces.push(piece))?;
        }
        let mut view = View::from_pieces(pieces);
        for register in plan::security::REGISTERS {
            self.store.each(register, |stored| view.security.add(&stored.record))?;
        }
        Ok(view)
    }

    /// All current records of some registers.
    pub(crate) fn records(&self, registers: &[&str]) -> Result<Vec<Record>, Failure> {
        let mut records = Vec::new();
        for register in registers {
            self.store.each(register, |stored| records.push(stored.record))?;
        }
        Ok(records)
    }
}

fn announce(notice: &Notice, lang: Lang) {
    match (notice, lang) {
        (Notice::Migrated { number, name }, Lang::Ja) => {
            eprintln!("データベースを版{number}（{name}）にしました");
        }
        (Notice::Migrated { number, name }, Lang::En) => {
            eprintln!("database brought to version {number} ({name})");
        }
        (Notice::Indexed { register }, Lang::Ja) => eprintln!("台帳 {register} の一覧と検索を作り直しました"),
        (Notice::Indexed { register }, Lang::En) => {
            eprintln!("lists and search of the register {register} made anew");
        }
    }
}

/// Who gives a command, and the day it counts for.
pub(crate) fn acting(common: &Common) -> (String, Date) {
    let by = common.actor.clone().unwrap_or_else(user_name);
    (by, common.today.unwrap_or_else(today_in_japan))
}

/// `--db`, `SHIRUBE_DB`, or a file in the user's data folder.
fn place(common: &Common) -> Result<String, Failure> {
    if let Some(place) = &common.db {
        return Ok(place.clone());
    }
    Ok(data_file("shirube.db")?.display().to_string())
}

/// A file in the user's data folder, which is made where it is not there.
pub(crate) fn data_file(name: &str) -> Result<PathBuf, Failure> {
    let folder = data_folder()?;
    std::fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, error))?;
    Ok(folder.join(name))
}

/// The same, where nothing is made.
pub(crate) fn default_data_file(name: &str) -> Result<PathBuf, Failure> {
    Ok(data_folder()?.join(name))
}

/// `--today`, or today in Japan, as `2026-11-28`.
pub(crate) fn day_of_the_question(common: &Common) -> String {
    common.today.unwrap_or_else(today_in_japan).to_string()
}

fn data_folder() -> Result<PathBuf, Failure> {
    let folders = directories::ProjectDirs::from("", "", "shirube");
    folders.map(|folders| folders.data_dir().to_owned()).ok_or_else(|| {
        Failure::said(
            "利用者のデータフォルダが分かりません。--db（データベース）や --vulns（脆弱性情報）でファイルを指定してください",
            "your data folder cannot be found; name a file with --db (database) or --vulns (vulnerability data)",
        )
    })
}

fn user_name() -> String {
    ["USER", "USERNAME", "LOGNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Deadlines and fiscal years of the plan are counted in Japan, wherever the command is given. Japan has no summer time.
pub(crate) fn today_in_japan() -> Date {
    jiff::tz::Offset::constant(9).to_datetime(jiff::Timestamp::now()).date()
}
