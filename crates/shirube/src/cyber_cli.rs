//! What can be said about the cybersecurity of devices. None of it needs a server or a database.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::Answer;

#[derive(Subcommand)]
pub(crate) enum Sbom {
    /// Read SBOMs and name everything that is otherwise than their format says
    Check {
        /// CycloneDX 1.2-1.7 (JSON, XML), SPDX 2.2, 2.3 (JSON, tag-value), SPDX 3.0 (JSON-LD)
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// End with 0 whatever is found, as long as the files can be read
        #[arg(long)]
        lenient: bool,
        #[command(flatten)]
        answer: Answer,
    },
    /// How a newer SBOM differs from an older one, whatever their formats: came, went, other version, described otherwise
    Diff {
        /// The older SBOM
        older: PathBuf,
        /// The newer SBOM
        newer: PathBuf,
        #[command(flatten)]
        answer: Answer,
    },
}

#[derive(Subcommand)]
pub(crate) enum Cyber {
    /// Which published vulnerabilities reach the components of SBOMs: affected, undetermined, or could not be looked up
    Scan {
        /// SBOMs of any format that `sbom check` reads; `-` is the standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        vulns: Vulns,
        /// End with 1 also where something cannot be determined or looked up
        #[arg(long)]
        strict: bool,
        #[command(flatten)]
        answer: Answer,
    },
    /// How an advisory was judged for a component, step by step
    Explain {
        /// The advisory's id: GO-2022-0969, PYSEC-2021-335
        advisory: String,
        /// The component's package URL, as `cyber scan` prints it
        purl: String,
        #[command(flatten)]
        vulns: Vulns,
        #[command(flatten)]
        answer: Answer,
    },
    /// After the market: a portfolio of products, what is new for them, who must be told, what must be done until when
    Watch(crate::watch_cli::Watch),
}

/// Where advisories come from.
#[derive(Args)]
pub(crate) struct Vulns {
    /// Advisories: files, folders or archives (ZIP, tar, gzip) of OSV records in JSON or YAML; may be given several times
    #[arg(long, env = "SHIRUBE_VULNS", value_name = "PATH", value_delimiter = ':', required = true)]
    pub vulns: Vec<PathBuf>,
}
