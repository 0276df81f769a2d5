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
        place: VulnsPlace,
        /// End with 1 also where something cannot be determined or looked up
        #[arg(long)]
        strict: bool,
        #[command(flatten)]
        answer: Answer,
    },
    /// How an advisory was judged for a component, step by step
    Explain {
        /// A finding's id as `cyber scan` prints it, or the advisory's id: GO-2022-0969, PYSEC-2021-335
        finding: String,
        /// The component's package URL, where an advisory's id is given
        purl: Option<String>,
        #[command(flatten)]
        place: VulnsPlace,
        #[command(flatten)]
        answer: Answer,
    },
}

#[derive(Subcommand)]
pub(crate) enum VulnsAction {
    /// Build the index anew from its sources, and put it in place when it is whole. What has not changed is not fetched again
    Update {
        /// Files, folders, archives (ZIP, tar, gzip) and http(s) addresses of OSV, NVD, KEV and EPSS; the format is told from their contents
        #[arg(required = true, value_name = "SOURCE")]
        sources: Vec<String>,
        /// The index file. Default: a file in your data folder
        #[arg(long, env = "SHIRUBE_VULNS", value_name = "FILE")]
        into: Option<PathBuf>,
        #[command(flatten)]
        answer: Answer,
    },
    /// What is in the index, its checksum verified; or one advisory with all others on the same vulnerability
    Show {
        /// An advisory's id, or another id of the vulnerability
        id: Option<String>,
        #[command(flatten)]
        place: VulnsPlace,
        #[command(flatten)]
        answer: Answer,
    },
}

/// Where vulnerability data are.
#[derive(Args)]
pub(crate) struct VulnsPlace {
    /// An index built by `vulns update`; or files, folders and archives to be read for this once, several times. Default: the index in your
    /// data folder
    #[arg(long, env = "SHIRUBE_VULNS", value_name = "PATH", value_delimiter = ':')]
    pub vulns: Vec<PathBuf>,
}
