//! What can be said about the cybersecurity of devices. None of it needs a server or a database.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use cyber::sbom::convert::Target;
use cyber::severity::Threshold;

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

fn threshold(text: &str) -> Result<Threshold, String> {
    Threshold::named(text).ok_or_else(|| {
        let names: Vec<&str> = Threshold::ALL.iter().map(|(name, _)| *name).collect();
        format!("one of {}", names.join(", "))
    })
}

/// When findings make a command end with 1.
#[derive(Args)]
pub(crate) struct Ending {
    /// End with 1 from this severity on: any, low, medium, high, critical, exploited, never. What is known to be exploited counts from each
    /// on, and so does what nobody has scored
    #[arg(long, value_name = "SEVERITY", value_parser = threshold, default_value = "any")]
    pub fail_on: Threshold,
    /// End with 1 also where something cannot be determined or looked up
    #[arg(long)]
    pub strict: bool,
}

#[derive(Subcommand)]
pub(crate) enum Sbom {
    /// Read SBOMs and name everything that is otherwise than their format says
    Check {
        /// CycloneDX 1.2-1.7 (JSON, XML), SPDX 2.2, 2.3 (JSON, tag-value), SPDX 3.0 (JSON-LD); folders and archives (ZIP, tar, gzip) of
        /// them
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
        /// SBOMs of the parts, of any format that `sbom check` reads, folders and archives of them
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
        /// SBOMs of any format that `sbom check` reads, folders and archives of them; `-` is the standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        place: VulnsPlace,
        #[command(flatten)]
        ending: Ending,
        #[command(flatten)]
        statements: Statements,
        #[command(flatten)]
        answer: Answer,
    },
    /// How an advisory was judged for a component, step by step
    Explain {
        /// A finding's id as `cyber scan` prints it, or the advisory's id: GO-2022-0969, PYSEC-2021-335
        finding: String,
        /// The component's package URL or CPE name, where an advisory's id is given
        #[arg(value_name = "COMPONENT")]
        name: Option<String>,
        /// The SBOM it was found in: a CPE name is judged with what the SBOM says beside it
        #[arg(long, value_name = "SBOM")]
        bill: Option<PathBuf>,
        #[command(flatten)]
        place: VulnsPlace,
        #[command(flatten)]
        answer: Answer,
    },
    /// Advisories that may speak of a device, by the words of maker and product: suggestions. Ends with 1 when one is not ruled out by its version
    Device(AskedDevice),
    /// Statements of makers about vulnerabilities (VEX): check them, draft and write them
    Vex {
        #[command(subcommand)]
        action: Vex,
    },
    /// After the market: a portfolio of products, what is new for them, who must be told, what must be done until when
    Watch(crate::watch_cli::Watch),
    /// CVSS for a medical device, question by question (MITRE's rubric); without options it asks at the terminal
    Rubric(Rubric),
    /// The pre-market file of a product: every rule with verdict and evidence, what is open, what changed. Confirmation by an authority is a
    /// proposal
    File(PremarketFile),
}

#[derive(Args)]
pub(crate) struct PremarketFile {
    /// The product file (TOML); paths in it are relative to it
    #[arg(required_unless_present = "new")]
    pub product: Option<PathBuf>,
    /// Write a commented product file to begin with
    #[arg(long, value_name = "FILE", conflicts_with = "product")]
    pub new: Option<PathBuf>,
    /// An index built by `vulns update`, or files, folders and archives: in place of those that the product file names
    #[arg(long, env = "SHIRUBE_VULNS", value_name = "PATH", value_delimiter = ':')]
    pub vulns: Vec<PathBuf>,
    /// What `--seal` kept at the last submission: show what changed since
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
    /// Keep verdicts, documents, components and findings under a seal, for the next submission
    #[arg(long, value_name = "FILE")]
    pub seal: Option<PathBuf>,
    #[command(flatten)]
    pub answer: Answer,
}

/// A device as its owner describes it.
#[derive(Args)]
pub(crate) struct AskedDevice {
    /// The maker
    pub maker: String,
    /// The product's name
    pub product: String,
    /// The model or article number
    #[arg(long)]
    pub model: Option<String>,
    /// The version of its software
    #[arg(long, value_name = "VERSION")]
    pub product_version: Option<String>,
    /// A CPE name it is known by; may be given several times
    #[arg(long = "cpe", value_name = "CPE")]
    pub cpes: Vec<String>,
    #[command(flatten)]
    pub place: VulnsPlace,
    #[command(flatten)]
    pub answer: Answer,
}

/// Statements of makers that are applied to what is found.
#[derive(Args)]
pub(crate) struct Statements {
    /// Statements (VEX): CycloneDX, OpenVEX or CSAF; may be given several times. Each says where it applied, or why not; what is stated not
    /// to be affected or fixed no longer makes the command end with 1
    #[arg(long = "vex", value_name = "FILE")]
    pub vex: Vec<PathBuf>,
    /// Whose word counts where authors contradict each other, the first one most; without it nobody's
    #[arg(long = "vex-author", value_name = "NAME", requires = "vex")]
    pub authors: Vec<String>,
}

#[derive(Subcommand)]
pub(crate) enum Vex {
    /// What documents of statements say, and everything that is otherwise than their format says
    Check {
        /// CycloneDX (JSON, XML), OpenVEX, CSAF; `-` is the standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        answer: Answer,
    },
    /// A table to fill in (TOML): a line for each finding of an SBOM, under investigation until somebody says more
    Draft {
        /// The SBOM
        bill: PathBuf,
        #[command(flatten)]
        place: VulnsPlace,
        #[command(flatten)]
        statements: Statements,
        /// Write to this file
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Write the statements of a table as a document, checked as others would check it
    Write(WriteVex),
}

#[derive(Args)]
pub(crate) struct WriteVex {
    /// The SBOM of the product
    pub bill: PathBuf,
    /// The statements: TOML (as `cyber vex draft` writes it) or CSV
    #[arg(long, value_name = "TOML|CSV")]
    pub statements: PathBuf,
    /// The format
    #[arg(long, value_enum)]
    pub to: VexFormat,
    /// Who states it
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// The author's web address; CSAF needs it
    #[arg(long, value_name = "URL")]
    pub namespace: Option<String>,
    /// The document's title. Default: made of the product's name
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// What names the document: an IRI (OpenVEX), urn:uuid:… (CycloneDX), a tracking id (CSAF). Default: made of author, SBOM and title
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// When it is stated (2026-11-24T09:00:00+09:00). Default: now
    #[arg(long, value_name = "TIME")]
    pub timestamp: Option<String>,
    /// When its earlier issues were stated, the first one first; may be given several times
    #[arg(long, value_name = "TIME")]
    pub earlier: Vec<String>,
    /// Write to this file
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A format in which statements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VexFormat {
    Openvex,
    Cyclonedx,
    Csaf,
}

#[derive(Args)]
pub(crate) struct Rubric {
    /// An answer: XAVN=yes, XAVT=no, XAVR=unknown; may be given several times
    #[arg(long = "set", value_name = "ID=ANSWER")]
    pub set: Vec<String>,
    /// Answers as TOML: XAVN = "yes"
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Read a vector with its extension back: CVSS:3.0/AV:N/…/XAVN:Y/…
    #[arg(long, value_name = "VECTOR", conflicts_with_all = ["set", "answers"])]
    pub vector: Option<String>,
    #[command(flatten)]
    pub answer: Answer,
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
