//! What can be said about a watched portfolio: `shirube cyber watch`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::Answer;
use crate::cyber_cli::VulnsPlace;

#[derive(Args)]
pub(crate) struct Watch {
    /// Folder of the portfolio. Default: `portfolio` in your data folder
    #[arg(long, global = true, env = "SHIRUBE_PORTFOLIO", value_name = "DIR")]
    pub portfolio: Option<PathBuf>,
    #[command(subcommand)]
    pub action: WatchAction,
}

#[derive(Subcommand)]
pub(crate) enum WatchAction {
    /// Take products into the watch, or give them new bills: product files (TOML), or SBOMs
    Add {
        /// PRODUCT.toml (maker, name, version, bills, dates, users), or SBOMs of one product
        #[arg(required_unless_present = "new")]
        files: Vec<PathBuf>,
        /// Write a commented product file to begin with
        #[arg(long, value_name = "FILE", conflicts_with = "files")]
        new: Option<PathBuf>,
        /// The maker, where SBOMs are given
        #[arg(long)]
        maker: Option<String>,
        /// The product's name, where SBOMs are given. Default: what the SBOM is about
        #[arg(long)]
        name: Option<String>,
        /// The product's version, where SBOMs are given. Default: that of what the SBOM is about
        #[arg(long, value_name = "VERSION")]
        product_version: Option<String>,
        /// A hospital or other user to be told; may be given several times
        #[arg(long = "user", value_name = "NAME")]
        users: Vec<String>,
    },
    /// Take a product out of the watch; what is known of it stays in the history
    Remove {
        /// The product: its name, or name@version
        product: String,
        #[arg(long, short)]
        reason: String,
    },
    /// Take the last addition, change or removal of a product back, as a new entry of the history
    Undo {
        /// The product: its name, or name@version
        product: String,
    },
    /// What happened to the products, their findings and the feeds: who, when, why
    History {
        #[command(flatten)]
        answer: Answer,
    },
    /// All products with their stage and what is open
    List {
        #[command(flatten)]
        answer: Answer,
    },
    /// What is new since the last check: newly affected, undetermined, cleared. Ends with 1 when something is
    Check {
        #[command(flatten)]
        place: VulnsPlace,
        #[command(flatten)]
        answer: Answer,
    },
    /// One product: stage, users, vulnerabilities, and what must be done until when
    Show {
        /// The product: its name, or name@version
        product: String,
        #[command(flatten)]
        answer: Answer,
    },
    /// Push one advisory: which products it reaches, and who must be told. Ends with 1 when it reaches one
    Advisory {
        /// A file with an advisory of any format, or the id of one among the data at hand
        advisory: String,
        #[command(flatten)]
        place: VulnsPlace,
        #[command(flatten)]
        answer: Answer,
    },
    /// Write down what became of a finding
    Triage {
        /// The product: its name, or name@version
        product: String,
        /// The advisory's id
        advisory: String,
        /// Where it comes to: evaluating, no-action, decided, fixed, mitigated, told, closed
        #[arg(long, value_name = "STATE")]
        to: Option<String>,
        /// Why, or what was done
        #[arg(long, short, default_value = "")]
        reason: String,
        /// An item of the evaluation: context, cvss, versions, cause, related, impact
        #[arg(long = "item", value_name = "ITEM=TEXT")]
        items: Vec<String>,
    },
    /// The evidence that feeds were followed; with --checked, write a check down
    Feeds {
        /// A feed that was checked just now: ipa, jpcert, …
        #[arg(long, value_name = "FEED")]
        checked: Option<String>,
        /// How many items it held
        #[arg(long, default_value_t = 0, requires = "checked")]
        items: u64,
        /// What was read, of which the SHA-256 is kept
        #[arg(long, value_name = "FILE", requires = "checked")]
        read: Option<PathBuf>,
        #[command(flatten)]
        answer: Answer,
    },
    /// The alerts as an Atom feed, newest first
    Feed {
        /// Write to this file
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}
