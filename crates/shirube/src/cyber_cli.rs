//! What can be said about the cybersecurity of devices. None of it needs a server or a database.

use std::path::PathBuf;

use clap::Subcommand;

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
}
