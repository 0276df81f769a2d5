//! What can be said on the command line. The Japanese of the help stands in `help`.

use std::path::PathBuf;

use base::{FiscalYear, Lang};
use clap::{Args, Parser, Subcommand, ValueEnum};
use register::RecordRef;

/// Where Japan's Medical Device Basic Plan stands: goals, measures, programmes, money and results, each with its source
#[derive(Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args)]
pub(crate) struct Common {
    /// Database: a file, or a postgres:// URL. Default: a file in your data folder, made at first use
    #[arg(long, global = true, env = "SHIRUBE_DB", value_name = "FILE|URL", hide_env_values = true)]
    pub db: Option<String>,
    /// Language of the answers
    #[arg(long, global = true, value_name = "ja|en", value_parser = parse_lang)]
    pub lang: Option<Lang>,
    /// Your name, written beside every change. Default: your user name
    #[arg(long, global = true, env = "SHIRUBE_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
    /// Answer as of this day (2026-11-23, R8.11.23). Default: today in Japan
    #[arg(long, global = true, value_name = "DATE", value_parser = parse_date)]
    pub today: Option<jiff::civil::Date>,
    /// No progress bars and remarks, only the answer
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The annual follow-up: where every goal and measure stands, with money, results, changes and sources
    Followup(FollowUp),
    /// Take in files: follow-up tables, RS system CSV, JUDGIT sheets, StratML
    Intake(Intake),
    /// Check the plan like a compiler: numbered findings with place and source
    Check(Check),
    /// Which programmes serve which goal, and why; accept or reject
    Join(Join),
    /// The yearly round: open a year, send forms to ministries, take them back, close
    Round(Round),
    /// The registers: list them, show one's fields, states, clocks and rights
    Register { id: Option<String> },
    /// List the records of a register
    List(List),
    /// Search all registers
    Search { words: Vec<String> },
    /// Show a record with its sources and links
    Show { record: RecordRef },
    /// What happened to a record: who, when, why
    History { record: RecordRef },
    /// Change fields or the state of a record
    Set(Set),
    /// Return a record to an earlier version, as a new version
    Undo {
        record: RecordRef,
        /// The version to return to
        version: u64,
        #[arg(long, short)]
        reason: String,
    },
    /// Write registers as machine-readable CSV with a data dictionary
    Export(Export),
    /// The history: verify its chain, print its head
    Audit {
        #[command(subcommand)]
        action: Audit,
    },
    /// Write a backup of the whole database while it is in use
    Backup { file: PathBuf },
    /// Fill an empty database from a backup
    Restore { file: PathBuf },
    /// Accounts: list and add people, links by which they come in, tokens for programs
    People {
        #[command(subcommand)]
        action: People,
    },
    /// Bills of materials (SBOMs): CycloneDX and SPDX. Needs no database
    Sbom {
        #[command(subcommand)]
        action: crate::cyber_cli::Sbom,
    },
    /// Vulnerability data in one file: built from mirrors, folders and files, and looked at. Needs no database
    Vulns {
        #[command(subcommand)]
        action: crate::cyber_cli::VulnsAction,
    },
    /// Cybersecurity of devices: which vulnerabilities reach what is inside a product, and why. Needs no database
    Cyber {
        #[command(subcommand)]
        action: crate::cyber_cli::Cyber,
    },
    /// Put all of it on the web: public pages, the yearly round as forms, registers, JSON API
    Serve(Serve),
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For the terminal
    #[default]
    Text,
    Json,
    Html,
    Xlsx,
    Pdf,
    Csv,
    /// StratML Part 2 (XML)
    Stratml,
    /// SARIF 2.1.0, for continuous integration
    Sarif,
}

#[derive(Args)]
pub(crate) struct Answer {
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub format: Format,
    /// Write to this file (for CSV: a folder)
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// A font for PDF, in place of the built-in one
    #[arg(long, value_name = "TTF|OTF")]
    pub font: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Assumption {
    /// The same step every year
    #[default]
    Linear,
    /// The same growth rate every year
    Compound,
}

#[derive(Args)]
pub(crate) struct FollowUp {
    /// Fiscal year of the results (2024, R6). Default: the newest with rows
    #[arg(long, value_name = "YEAR")]
    pub fy: Option<FiscalYear>,
    /// Generation of the plan (plan-2). Default: the one in force
    #[arg(long, value_name = "ID")]
    pub generation: Option<String>,
    /// How an indicator is assumed to move from baseline to target; always shown with the figures
    #[arg(long, value_enum, default_value_t)]
    pub assume: Assumption,
    /// Only the goals whose name or id contains this
    #[arg(long, value_name = "TEXT")]
    pub goal: Option<String>,
    #[command(flatten)]
    pub answer: Answer,
}

#[derive(Args)]
pub(crate) struct Intake {
    /// Files, folders or ZIP archives
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Take the files for this kind instead of finding it
    #[arg(long = "as", value_name = "KIND")]
    pub kind: Option<String>,
    /// Read and report, but keep nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show every remark, not only the first of each sort
    #[arg(long, short)]
    pub verbose: bool,
}

#[derive(Args)]
pub(crate) struct Check {
    /// Tell what a rule looks for, why, and what to do
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,
    /// List all rules
    #[arg(long)]
    pub rules: bool,
    /// Fiscal year of the results
    #[arg(long, value_name = "YEAR")]
    pub fy: Option<FiscalYear>,
    /// Only findings at least this severe
    #[arg(long, value_enum, default_value_t)]
    pub at_least: Severity,
    /// Only findings with these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub only: Vec<String>,
    #[command(flatten)]
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Severity {
    Error,
    Warning,
    #[default]
    Note,
}

#[derive(Args)]
pub(crate) struct Join {
    #[command(subcommand)]
    pub action: Option<JoinAction>,
    /// Only links to this node of the plan (plan-2.goal-b)
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
    /// Only links of this programme (rs-7174)
    #[arg(long, value_name = "KEY")]
    pub programme: Option<String>,
    #[command(flatten)]
    pub answer: Answer,
}

#[derive(Subcommand)]
pub(crate) enum JoinAction {
    /// Confirm that a programme serves a node; lasts across years
    Accept(Decide),
    /// Say that it does not; lasts across years
    Reject(Decide),
}

#[derive(Args)]
pub(crate) struct Decide {
    /// The programme's key, as `shirube join` prints it: rs-7174
    pub programme: String,
    /// The node of the plan: plan-2.goal-b
    pub node: String,
    /// Why
    #[arg(long, short)]
    pub reason: String,
}

#[derive(Args)]
pub(crate) struct Round {
    #[command(subcommand)]
    pub action: RoundAction,
}

#[derive(Subcommand)]
pub(crate) enum RoundAction {
    /// Open the round for the results of a fiscal year
    Open {
        #[arg(long, value_name = "YEAR")]
        fy: FiscalYear,
        /// Answers are asked for by this day
        #[arg(long, value_name = "DATE", value_parser = parse_date)]
        by: Option<jiff::civil::Date>,
    },
    /// Write one XLSX form per ministry
    Forms {
        #[arg(long, value_name = "YEAR")]
        fy: Option<FiscalYear>,
        /// Folder to write them to
        #[arg(long, short, default_value = ".")]
        out: PathBuf,
    },
    /// Take filled forms back
    Take {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Who has answered, and who has not
    Status {
        #[arg(long, value_name = "YEAR")]
        fy: Option<FiscalYear>,
    },
    /// Close the round: its answers become the year's follow-up
    Close {
        #[arg(long, value_name = "YEAR")]
        fy: Option<FiscalYear>,
        /// Even if rows are unanswered; they will say so
        #[arg(long)]
        force: bool,
    },
}

#[derive(Args)]
pub(crate) struct List {
    pub register: String,
    /// Only records whose field has this value: ministry=厚生労働省
    #[arg(long = "where", value_name = "FIELD=VALUE", value_parser = parse_pair)]
    pub filters: Vec<(String, String)>,
    /// Only records in this state
    #[arg(long)]
    pub state: Option<String>,
    /// Only records in which these words are found
    #[arg(long, short, value_name = "WORDS")]
    pub search: Option<String>,
    /// Records a page
    #[arg(long, short = 'n', default_value_t = 50)]
    pub limit: usize,
    /// Continue after this place (printed at the end of a page)
    #[arg(long)]
    pub after: Option<String>,
    /// Newest change first
    #[arg(long)]
    pub newest: bool,
    #[command(flatten)]
    pub answer: Answer,
}

#[derive(Args)]
pub(crate) struct Set {
    pub record: RecordRef,
    /// Values: field=value; text as it is, anything else as JSON; `field=` empties the field
    #[arg(value_name = "FIELD=VALUE", value_parser = parse_pair)]
    pub values: Vec<(String, String)>,
    /// Move to this state
    #[arg(long)]
    pub state: Option<String>,
    /// Make the record if it is not there
    #[arg(long)]
    pub new: bool,
    /// Where it is said: document, or document:lines
    #[arg(long, value_name = "DOCUMENT")]
    pub source: Option<String>,
    /// Why
    #[arg(long, short)]
    pub reason: String,
}

#[derive(Args)]
pub(crate) struct Export {
    /// Registers; all if none is named
    pub registers: Vec<String>,
    /// Folder to write to
    #[arg(long, short, default_value = "export")]
    pub out: PathBuf,
}

#[derive(Subcommand)]
pub(crate) enum Audit {
    /// Walk the whole chain and compare everything made from it
    Verify,
    /// Print the length and the last hash: note it elsewhere
    Head,
    /// Make lists and search again from the history
    Rebuild,
}

fn parse_lang(text: &str) -> Result<Lang, String> {
    match text {
        "ja" => Ok(Lang::Ja),
        "en" => Ok(Lang::En),
        _ => Err("write ja or en".to_owned()),
    }
}

fn parse_date(text: &str) -> Result<jiff::civil::Date, String> {
    base::date::parse(text).map_err(|error| error.to_string())
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("write field=value")?;
    Ok((field.trim().to_owned(), value.to_owned()))
}

/// Where the site is, as `serve` and whoever hands out a link to it have to know.
#[derive(Args)]
pub(crate) struct Place {
    /// A TOML file with settings; flags and environment are stronger
    #[arg(long, env = "SHIRUBE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The path below which everything hangs behind a proxy, such as /shirube
    #[arg(long, env = "SHIRUBE_PREFIX", value_name = "PATH")]
    pub prefix: Option<String>,
    /// The address by which people know the site, such as https://plan.example.jp
    #[arg(long, env = "SHIRUBE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

#[derive(Args)]
pub(crate) struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "SHIRUBE_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<std::net::SocketAddr>,
    #[command(flatten)]
    pub place: Place,
    /// A proxy whose X-Forwarded-For is believed; may be given several times
    #[arg(long, env = "SHIRUBE_TRUSTED_PROXIES", value_name = "IP", value_delimiter = ',')]
    pub trusted_proxy: Vec<std::net::IpAddr>,
    /// Requests a minute that one address may make; 0: no limit [default: 1200]
    #[arg(long, env = "SHIRUBE_REQUESTS_PER_MINUTE", value_name = "N")]
    pub requests_per_minute: Option<u32>,
    /// The mail server's host and port, such as mail.example.jp:465; without one no mail is sent
    #[arg(long, env = "SHIRUBE_MAIL_SERVER", value_name = "HOST:PORT", requires = "mail_from")]
    pub mail_server: Option<String>,
    /// Who letters come from, such as "Shirube <shirube@example.jp>"
    #[arg(long, env = "SHIRUBE_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// How the way to the mail server is encrypted: tls, starttls or none [default: tls]
    #[arg(long, env = "SHIRUBE_MAIL_SECURITY", value_name = "MODE")]
    pub mail_security: Option<String>,
    /// The index of vulnerability data that `vulns update` writes, for bills of devices; a new file is taken while the server runs
    #[arg(long, env = "SHIRUBE_VULNS", value_name = "FILE")]
    pub vulns: Option<PathBuf>,
    /// Log lines as JSON
    #[arg(long, env = "SHIRUBE_JSON_LOGS")]
    pub json_logs: bool,
}

#[derive(Subcommand)]
pub(crate) enum People {
    /// Everybody with an account
    List,
    /// Add somebody, and print the link by which they come in
    Add {
        /// What they type to sign in
        login: String,
        /// What pages call them
        #[arg(long)]
        name: Option<String>,
        /// Where they belong and as what: mhlw:ministry; may be given several times
        #[arg(long, value_name = "ORGANISATION:ROLE", value_parser = membership)]
        member: Vec<(String, String)>,
        /// They manage people
        #[arg(long)]
        administrator: bool,
        #[command(flatten)]
        place: Place,
    },
    /// A new link for somebody who cannot come in
    Link {
        /// What they type to sign in
        login: String,
        #[command(flatten)]
        place: Place,
    },
    /// A token by which a program uses the API as this person; printed once
    Token {
        login: String,
        /// What the token is for
        #[arg(long, default_value = "command line")]
        name: String,
        /// read, write, registers:ID; may be given several times
        #[arg(long, default_value = "read")]
        scope: Vec<String>,
        /// Days until it expires
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
}

fn membership(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once(':').map(|(organisation, role)| (organisation.to_owned(), role.to_owned()));
    parts.ok_or_else(|| format!("`{text}`: write an organisation and a role, such as mhlw:ministry"))
}
