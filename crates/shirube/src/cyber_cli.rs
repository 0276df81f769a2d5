//! What can be said about the cybersecurity of devices. None of it needs a server or a database.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use cyber::sbom::convert::Target;

use crate::cli::Answer;

/// A new SBOM, and what is told of it.
#[derive(Args)]
pub(crate) struct Written {
    /// Write the SBOM to this file, and not to standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How what is not carried over is told: on standard error, or as JSON on standard output, which needs --out
    #[arg(long, short, value_enum, default_value_t)]
    pub format: Telling,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Telling {
    #[default]
    Text,
    Json,
}

/// Published lists of what an SBOM must state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ContentList {
    Ntia,
    Handbook,
    Fda,
    Cisa,
    All,
}

fn target(text: &str) -> Result<Target, String> {
    Target::named(text).ok_or_else(|| {
        let names: Vec<&str> = Target::ALL.iter().map(|(name, _)| *name).collect();
        format!("one of {}", names.join(", "))
    })
}

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
        /// Also which content the document and each component lack, against published lists; may be given several times
        #[arg(long, value_enum, value_name = "LIST", value_delimiter = ',')]
        content: Vec<ContentList>,
        #[command(flatten)]
        answer: Answer,
    },
    /// Write an SBOM in another format or version; what the target cannot carry is told with its place
    Convert {
        /// The SBOM; `-` is the standard input
        file: PathBuf,
        /// cyclonedx-1.2-json to -1.7-json, cyclonedx-1.2-xml to -1.7-xml, spdx-2.2, spdx-2.3, each also -tag-value, spdx-3.0
        #[arg(long, value_name = "FORMAT", value_parser = target)]
        to: Target,
        #[command(flatten)]
        written: Written,
    },
    /// Put the parts of a device together as one SBOM with the device as its subject
    Merge {
        /// SBOMs of the parts, of any format that `sbom check` reads
        #[arg(required = true)]
        parts: Vec<PathBuf>,
        /// The device's name
        #[arg(long)]
        name: String,
        /// The device's version
        #[arg(long, value_name = "VERSION")]
        version: String,
        /// Who supplies the device
        #[arg(long)]
        supplier: Option<String>,
        /// The format of the new SBOM, as for `sbom convert`
        #[arg(long, value_name = "FORMAT", value_parser = target, default_value = "cyclonedx-1.6-json")]
        to: Target,
        #[command(flatten)]
        written: Written,
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
}

/// Where advisories come from.
#[derive(Args)]
pub(crate) struct Vulns {
    /// Advisories: files, folders or archives (ZIP, tar, gzip) of OSV records in JSON or YAML; may be given several times
    #[arg(long, env = "SHIRUBE_VULNS", value_name = "PATH", value_delimiter = ':', required = true)]
    pub vulns: Vec<PathBuf>,
}
