//! What can go wrong with a round and with a filled form: one sentence each, in both languages, saying what to do.

use base::{FiscalYear, Lang, Names};
use jiff::civil::Date;
use register::id::NotAnId;

use super::form::{FormColumn, FormYears};

/// Why a round cannot be opened, shown or closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoundError {
    /// The round is open.
    #[error("the round of {fiscal_year} is open already; write its forms again instead of opening it")]
    AlreadyOpen {
        /// Its year.
        fiscal_year: FiscalYear,
    },
    /// The round is closed.
    #[error("the round of {fiscal_year} was closed{}; its rows stand and can be corrected one by one", on_day(*on))]
    Closed {
        /// Its year.
        fiscal_year: FiscalYear,
        /// When it was closed.
        on: Option<Date>,
    },
    /// There is no round of that year.
    #[error("no round of {fiscal_year} has been opened; open it first")]
    NotOpened {
        /// The year.
        fiscal_year: FiscalYear,
    },
    /// The year's table is known already.
    #[error(
        "{count} rows of {fiscal_year} are recorded already: that year needs no round; open the next year"
    )]
    RowsThere {
        /// The year.
        fiscal_year: FiscalYear,
        /// How many.
        count: usize,
    },
    /// There is nothing to start from.
    #[error(
        "no follow-up row of a year before {fiscal_year} is recorded: take in an earlier follow-up table first"
    )]
    NothingToStartFrom {
        /// The year.
        fiscal_year: FiscalYear,
    },
    /// Nobody could be asked.
    #[error("no row of {last} names a ministry, so nobody can be asked: correct the marks of its rows first")]
    NobodyToAsk {
        /// The year of the rows.
        last: FiscalYear,
    },
    /// The term ends before it begins.
    #[error("the deadline {deadline} is before the day of opening {today}: give a later one")]
    DeadlinePassed {
        /// The deadline.
        deadline: Date,
        /// The day of opening.
        today: Date,
    },
    /// Answers are missing.
    #[error(
        "{rows} rows of {fiscal_year} are not fully answered ({}): wait, or close by force and let them say so",
        by_ministry(open, "; ")
    )]
    Unanswered {
        /// The year.
        fiscal_year: FiscalYear,
        /// Rows with at least one answer missing.
        rows: usize,
        /// Answers missing by ministry.
        open: Vec<(String, usize)>,
    },
    /// A text that cannot be part of an id.
    #[error(transparent)]
    Id(#[from] NotAnId),
}

impl RoundError {
    /// The sentence in both languages.
    pub fn names(&self) -> Names {
        let ja = match self {
            RoundError::AlreadyOpen { fiscal_year } => {
                format!(
                    "{}の進捗確認は既に開いています。開き直さず、様式を書き出し直してください",
                    fiscal_year.japanese()
                )
            }
            RoundError::Closed { fiscal_year, on } => {
                let on = on.map(|day| format!("（{}）", base::date::japanese(day))).unwrap_or_default();
                format!(
                    "{}の進捗確認は締め切られています{on}。訂正は行ごとに行ってください",
                    fiscal_year.japanese()
                )
            }
            RoundError::NotOpened { fiscal_year } => {
                format!("{}の進捗確認は開かれていません。先に開いてください", fiscal_year.japanese())
            }
            RoundError::RowsThere { fiscal_year, count } => {
                format!(
                    "{}の行が既に{count}件あります。その年度の進捗確認は不要です。次の年度を開いてください",
                    fiscal_year.japanese()
                )
            }
            RoundError::NothingToStartFrom { fiscal_year } => {
                format!(
                    "{}より前の年度の行がありません。先に前の年度の状況表を取り込んでください",
                    fiscal_year.japanese()
                )
            }
            RoundError::NobodyToAsk { last } => {
                format!(
                    "{}の行に担当府省の印がなく、照会先がありません。先に行の印を訂正してください",
                    last.japanese()
                )
            }
            RoundError::DeadlinePassed { deadline, today } => {
                format!("提出期限{deadline}が開始日{today}より前です。後の日を指定してください")
            }
            RoundError::Unanswered { fiscal_year, rows, open } => format!(
                "{}の{rows}行に未回答があります（{}）。回答を待つか、未回答と記して強制的に締め切ってください",
                fiscal_year.japanese(),
                by_ministry(open, "、")
            ),
            RoundError::Id(error) => error.to_string(),
        };
        Names::of(ja, self.to_string())
    }
}

fn on_day(day: Option<Date>) -> String {
    day.map(|day| format!(" on {day}")).unwrap_or_default()
}

fn by_ministry(open: &[(String, usize)], between: &str) -> String {
    open.iter().map(|(ministry, count)| format!("{ministry} {count}")).collect::<Vec<_>>().join(between)
}

/// Something wrong with a filled form, or with one of its rows. A form with a fault of its own is not taken at all;
/// a row with a fault is not taken, the others are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The file.
    pub file: String,
    /// The sheet and the row as the spreadsheet numbers it; `None` where the form as a whole is meant.
    pub row: Option<(String, u32)>,
    /// The cell: `K12`.
    pub cell: Option<String>,
    /// The row key as it stands.
    pub key: String,
    /// What is wrong.
    pub fault: Fault,
    /// Everything typed into the row, so that nothing is lost; given with the first fault of a row.
    pub typed: Vec<(FormColumn, String)>,
}

/// Something noticed in a form that was taken nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowNote {
    /// The sheet and the row; `None` where the form as a whole is meant.
    pub row: Option<(String, u32)>,
    /// The cell.
    pub cell: Option<String>,
    /// What was noticed.
    pub note: Note,
}

impl RowError {
    /// One line: file, place, sentence.
    pub fn message(&self, lang: Lang) -> String {
        format!(
            "{}: {}{}",
            self.file,
            place(self.row.as_ref(), self.cell.as_deref(), lang),
            self.fault.names().get(lang)
        )
    }
    /// The lines that echo what was typed: heading and text.
    pub fn echo(&self, years: FormYears, lang: Lang) -> Vec<String> {
        let line =
            |(column, text): &(FormColumn, String)| format!("{}: {text}", column.heading(years).get(lang));
        self.typed.iter().map(line).collect()
    }
}

impl RowNote {
    /// One line: place, sentence.
    pub fn message(&self, lang: Lang) -> String {
        format!("{}{}", place(self.row.as_ref(), self.cell.as_deref(), lang), self.note.names().get(lang))
    }
}

fn place(row: Option<&(String, u32)>, cell: Option<&str>, lang: Lang) -> String {
    match (row, cell) {
        (Some((sheet, _)), Some(cell)) => format!("{sheet}!{cell}: "),
        (Some((sheet, row)), None) => match lang {
            Lang::Ja => format!("{sheet} {row}行: "),
            Lang::En => format!("{sheet} row {row}: "),
        },
        (None, _) => String::new(),
    }
}

/// What is wrong with a form or a row of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It does not say which round it answers.
    #[error(
        "does not say which year it answers: its hidden sheet and its headings are gone; copy the answers into the form as it was sent"
    )]
    NoYear,
    /// It does not say whose it is.
    #[error(
        "does not say which ministry it is from: its hidden sheet and its first sheet are gone; copy the answers into the form as it was sent"
    )]
    NoMinistry,
    /// No such round.
    #[error("answers a round of {0} that has not been opened")]
    NoSuchRound(String),
    /// Its headings name another year than its round.
    #[error(
        "has headings of {found}, but belongs to the round of {expected}: it was mixed with another year's form"
    )]
    WrongYear {
        /// In the headings.
        found: FiscalYear,
        /// Of the round.
        expected: FiscalYear,
    },
    /// The round is closed.
    #[error("answers the round of {year}, which was closed{}; the answers were not taken", on_day(*.on))]
    RoundClosed {
        /// Its year.
        year: FiscalYear,
        /// When.
        on: Option<Date>,
    },
    /// The ministry is not asked in this round.
    #[error("is from {0}, which is not asked in this round")]
    NotAsked(String),
    /// The hidden sheet and the first sheet name different ministries.
    #[error(
        "was written for {written_for}, but its first sheet says {shown}: use the form of your own ministry"
    )]
    MinistryDiffers {
        /// Hidden sheet.
        written_for: String,
        /// First sheet.
        shown: String,
    },
    /// A layout we do not know.
    #[error("has the layout version {0}, which is newer than this program: update the program")]
    Newer(u32),
    /// Nothing in it.
    #[error("has no rows")]
    NoRows,
    /// No key.
    #[error(
        "has no row key, and its measure is none of this form: do not insert rows; write to the secretariat about new measures"
    )]
    NoKey,
    /// A key that the round does not ask.
    #[error("has the row key `{0}`, which this round does not ask: restore the key as it was sent")]
    UnknownKey(String),
    /// Others are asked.
    #[error("is a row of {0}, not of this ministry: clear what was typed, or send it to them")]
    OtherMinistry(String),
    /// The same row twice, with different answers.
    #[error("answers the same row as {0}, differently: keep one of the two")]
    Duplicate(String),
    /// Something typed, but results or plans missing.
    #[error(
        "is answered only in part, “{lacking}” is empty: write what was done and what is planned, or 該当なし (none) or 未定 (not yet)"
    )]
    Half {
        /// The empty column.
        lacking: String,
    },
    /// A dash.
    #[error("has “{0}”, which may mean none or not answered: write 該当なし (none) or 未定 (not yet)")]
    Unclear(String),
    /// No budget can be read.
    #[error(
        "has “{0}”, in which no budget can be read: write 事業名（令和8年度予算案：3.0億円）, one to a line"
    )]
    Budget(String),
    /// A status that is not on the list.
    #[error("has the status “{found}”; choose one of {known}")]
    UnknownStatus {
        /// As typed.
        found: String,
        /// The list.
        known: String,
    },
}

impl Fault {
    /// The sentence in both languages.
    pub fn names(&self) -> Names {
        Names::of(self.japanese(), self.to_string())
    }

    fn japanese(&self) -> String {
        match self {
            Fault::NoYear => "どの年度の回答か分かりません（管理用シートと見出しがありません）。お送りした様式に記入してください".to_owned(),
            Fault::NoMinistry => "どの府省の回答か分かりません（管理用シートと最初のシートがありません）。お送りした様式に記入してください".to_owned(),
            Fault::NoSuchRound(year) => format!("開かれていない進捗確認（{year}）への回答です"),
            Fault::WrongYear { found, expected } => {
                format!("見出しは{}ですが、{}の様式です。他の年度の様式と混ざっています", found.japanese(), expected.japanese())
            }
            Fault::RoundClosed { year, on } => {
                let on = on.map(|day| format!("（{}）", base::date::japanese(day))).unwrap_or_default();
                format!("{}の進捗確認は締め切られています{on}。回答は取り込んでいません", year.japanese())
            }
            Fault::NotAsked(ministry) => format!("{ministry}は今回の照会先ではありません"),
            Fault::MinistryDiffers { written_for, shown } => {
                format!("{written_for}の様式ですが、最初のシートは{shown}となっています。貴府省の様式を使ってください")
            }
            Fault::Newer(version) => format!("様式の版（{version}）がこのプログラムより新しいものです。プログラムを更新してください"),
            Fault::NoRows => "行がありません".to_owned(),
            Fault::NoKey => "行キーがなく、様式のどの施策とも一致しません。行は挿入せず、新しい施策は事務局へご連絡ください".to_owned(),
            Fault::UnknownKey(key) => format!("行キー「{key}」は今回の様式にありません。お送りしたキーに戻してください"),
            Fault::OtherMinistry(theirs) => format!("{theirs}の行です。記入を消すか、担当府省へお送りください"),
            Fault::Duplicate(other) => format!("{other}と同じ行に異なる回答があります。一方を残してください"),
            Fault::Half { lacking } => {
                format!("一部だけの記入です（「{lacking}」が空欄）。両方を記入し、なければ「該当なし」、決まっていなければ「未定」と書いてください")
            }
            Fault::Unclear(text) => format!("「{text}」は該当なしか未回答か分かりません。「該当なし」又は「未定」と書いてください"),
            Fault::Budget(line) => {
                format!("「{line}」から予算が読み取れません。1行に1件、「事業名（令和8年度予算案：3.0億円）」の形で書いてください")
            }
            Fault::UnknownStatus { found, known } => format!("進捗区分「{found}」は選択肢にありません。選択肢：{known}"),
        }
    }
}

/// What was noticed in a form or row that was taken nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The hidden sheet is gone; year and ministry were read from what is visible.
    NoHiddenSheet,
    /// Reference text was changed by hand: what was recorded stands, the change is kept here.
    ReferenceChanged(FormColumn, String),
    /// The form shows an earlier reading of the reference text.
    Outdated,
    /// The key was gone; the row was known by its measure.
    KnownByMeasure,
    /// The same row twice with the same answer.
    SameTwice(String),
    /// Blank here, answered earlier: the earlier answer stands.
    EarlierStands,
}

impl Note {
    /// The sentence in both languages.
    pub fn names(&self) -> Names {
        match self {
            Note::NoHiddenSheet => Names::of(
                "管理用シートがないため、年度と府省は表示内容から読み取りました",
                "the hidden sheet is gone; year and ministry were read from what is visible",
            ),
            Note::ReferenceChanged(_, text) => Names::of(
                format!("参考欄が書き換えられています。記録は変えません。書かれていた内容：{text}"),
                format!("reference text was changed; the record stands. It now says: {text}"),
            ),
            Note::Outdated => Names::of(
                "参考欄は以前の読み取りによるものです。回答は取り込みました",
                "the form shows an earlier reading of the reference text; the answer was taken",
            ),
            Note::KnownByMeasure => Names::of(
                "行キーがないため、施策の文から行を特定しました",
                "the row key is gone; the row was known by its measure",
            ),
            Note::SameTwice(other) => {
                Names::of(format!("{other}と同じ回答です"), format!("the same answer as {other}"))
            }
            Note::EarlierStands => {
                Names::of("空欄ですが、先の回答を残します", "blank here; the answer given earlier stands")
            }
        }
    }
}
