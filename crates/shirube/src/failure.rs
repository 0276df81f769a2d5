//! Why a command could not do its work, in the language of the person who gave it.

use base::{Lang, Names};
use intake::IntakeError;
use store::StoreError;

/// A failed command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error(transparent)]
    Shipped(#[from] shipped::ShippedError),
    #[error("{file}: {source}")]
    File { file: String, source: std::io::Error },
    #[error(transparent)]
    Output(#[from] std::io::Error),
    /// Everything else, said in both languages.
    #[error("{}", .0.en)]
    Said(Names),
}

impl Failure {
    pub(crate) fn said(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Failure::Said(Names::of(ja, en))
    }

    pub(crate) fn file(file: impl AsRef<std::path::Path>, source: std::io::Error) -> Self {
        Failure::File { file: file.as_ref().display().to_string(), source }
    }

    /// What the person is told.
    pub(crate) fn message(&self, lang: Lang) -> String {
        match self {
            Failure::Intake(error) => error.message(lang),
            Failure::Said(names) => names.get(lang).to_owned(),
            other => other.to_string(),
        }
    }

    /// The reader of our output has gone away (`shirube list … | head`): nothing is wrong.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
