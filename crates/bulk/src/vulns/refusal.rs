//! Why vulnerability data could not be opened or brought up to date. Whatever it is, the index that was there is still there.

use std::path::{Path, PathBuf};

use base::Names;
use cyber::index::IndexError;
use intake::IntakeError;

/// A refusal; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum VulnsError {
    /// A file or folder cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A file, folder or archive cannot be opened within the limits.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The index cannot be used.
    #[error("{}: {error}", path.display())]
    Index {
        /// Where it lies.
        path: PathBuf,
        /// Why not.
        error: IndexError,
    },
    /// Too much for an index.
    #[error(transparent)]
    Build(#[from] IndexError),
    /// A source holds nothing that is known here.
    #[error("{source_name}: there are no vulnerability data of a known format in it{}", .first.as_ref().map(|first| format!(" ({first})")).unwrap_or_default())]
    Nothing {
        /// The source.
        source_name: String,
        /// The first reason, where something could not be read.
        first: Option<String>,
    },
    /// The bytes are not those whose checksum the source tells.
    #[error("{source_name}: its SHA-256 is {found}, but {told_by} says {told}")]
    Checksum {
        /// The source.
        source_name: String,
        /// The hash of what is there.
        found: String,
        /// What it should be.
        told: String,
        /// Where that stands.
        told_by: String,
    },
    /// An address did not answer as it should.
    #[error("{url}: {why}; what has arrived is kept, and the next `shirube vulns update` goes on from there")]
    Fetch {
        /// The address.
        url: String,
        /// Why.
        why: String,
    },
    /// The index would take the place of a file that is none.
    #[error("{} is there already and is no index of vulnerability data; name another file", .0.display())]
    NotOurs(PathBuf),
    /// An index stands beside other sources.
    #[error(
        "{} is an index, which is used by itself; put everything into one with `shirube vulns update SOURCE…`",
        .0.display()
    )]
    IndexAmongSources(PathBuf),
    /// Another update is running.
    #[error("another update of {0} is running: wait for its end")]
    Locked(String),
}

impl VulnsError {
    pub(crate) fn file(path: &Path, error: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), error }
    }

    /// What a person is told.
    pub fn names(&self) -> Names {
        let ja = match self {
            Self::File { path, error } => format!("{path}：{error}"),
            Self::Intake(error) => error.message(base::Lang::Ja),
            Self::Index { path, error } => format!("{}：{}", path.display(), index_ja(error)),
            Self::Build(error) => index_ja(error).to_owned(),
            Self::Nothing { source_name, first } => {
                let first = first.as_ref().map(|first| format!("（{first}）")).unwrap_or_default();
                format!("{source_name}：知られている形式の脆弱性情報がありません{first}")
            }
            Self::Checksum { source_name, found, told, told_by } => {
                format!("{source_name}：SHA-256は{found}ですが、{told_by}には{told}とあります")
            }
            Self::Fetch { url, why } => format!(
                "{url}：取得できません（{why}）。届いた分は残してあり、次の shirube vulns update がその続きから取得します"
            ),
            Self::NotOurs(path) => format!(
                "{}は既にあり、脆弱性情報の索引ではありません。別の名前を指定してください",
                path.display()
            ),
            Self::IndexAmongSources(path) => format!(
                "{}は索引で、単独で使います。shirube vulns update 情報源… で一つの索引にまとめてください",
                path.display()
            ),
            Self::Locked(path) => format!("{path}：別の更新が動いています。終わるのを待ってください"),
        };
        Names::of(ja, self.to_string())
    }
}

fn index_ja(error: &IndexError) -> &'static str {
    match error {
        IndexError::NotAnIndex => "脆弱性情報の索引ではありません",
        IndexError::OtherFormat { .. } => {
            "索引の形式の版が違います。shirube vulns update で作り直してください"
        }
        IndexError::TooLarge(_) => "情報が多すぎて、一つの索引に収まりません",
        IndexError::Header | IndexError::Damaged(_) | IndexError::Digest => {
            "索引が壊れています。shirube vulns update で作り直してください"
        }
    }
}
