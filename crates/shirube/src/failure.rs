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
    #[error(transparent)]
    Account(#[from] account::AccountError),
    #[error(transparent)]
    Vulns(#[from] bulk::vulns::VulnsError),
    #[error(transparent)]
    Serve(#[from] web::ServeError),
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
            Failure::Account(error) => error.names().get(lang).to_owned(),
            Failure::Vulns(error) => error.names().get(lang).to_owned(),
            Failure::Said(names) => names.get(lang).to_owned(),
            Failure::Store(error) if lang == Lang::Ja => of_the_store(error),
            other => other.to_string(),
        }
    }

    /// The reader of our output has gone away (`shirube list … | head`): nothing is wrong.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

/// What the store says, in Japanese. What the database engine itself says stays in its own words.
fn of_the_store(error: &StoreError) -> String {
    match error {
        StoreError::Open { place, why } => format!("{place}：データベースとして開けません（{why}）"),
        StoreError::Foreign(place) => {
            format!(
                "{place}：ほかのプログラムの表があります。空のデータベースか別のファイルを指定してください"
            )
        }
        StoreError::Newer { place, found, known } => {
            format!(
                "{place}：データベースの版{found}は、このプログラムの知る版{known}より新しいものです。新しいプログラムを使ってください"
            )
        }
        StoreError::Refused { faults, more } => {
            let shown: Vec<String> =
                faults.iter().map(|refusal| format!("{}: {}", refusal.record, refusal.fault)).collect();
            format!("誤りが{}件あり、何も保存していません：{}", faults.len() + more, shown.join("; "))
        }
        StoreError::Conflict { record, expected, found } => {
            format!(
                "{record}：版{expected}を変えようとしましたが、最新は版{found}です。内容を見てやり直してください"
            )
        }
        StoreError::Outdated { drawer, key, expected, found } => {
            format!(
                "{drawer}/{key}：版{expected}を変えようとしましたが、最新は版{found}です。内容を見てやり直してください"
            )
        }
        StoreError::Unkeepable { drawer, key, why } => format!("{drawer}/{key}：保存できません（{why}）"),
        StoreError::NoRegister(register) => {
            format!("台帳 {register} は宣言されていません（shirube register で一覧）")
        }
        StoreError::NoRecord(record) => format!("{record} という記録はありません"),
        StoreError::NoVersion { record, version } => {
            format!("{record} に、戻せる内容を持つ版{version}はありません")
        }
        StoreError::NotFiltered { register, field, known } => {
            format!("台帳 {register} は {field} では絞り込めません。絞り込めるのは：{known}")
        }
        StoreError::NoPlace(place) => {
            format!("「{place}」はこの一覧の場所ではありません。最初のページから始めてください")
        }
        StoreError::Backup(why) => format!("この控えは戻せません。何も戻していません（{why}）"),
        StoreError::NotEmpty(entries) => {
            format!("控えは空のデータベースに戻します。ここには来歴が{entries}件あります")
        }
        StoreError::Damaged(why) => {
            format!(
                "データベースが壊れています（{why}）。shirube audit verify で場所が分かり、audit rebuild で来歴以外を作り直せます"
            )
        }
        StoreError::Busy => {
            "ほかのプログラムが長く書き込んでいます。しばらくしてやり直してください".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_quoted_in_the_reader_s_language() {
        let busy = Failure::Store(StoreError::Busy);
        assert!(busy.message(Lang::Ja).contains("やり直して"));
        assert!(busy.message(Lang::En).contains("try again"));
        let (drawer, key) = ("drafts".to_owned(), "a".to_owned());
        let outdated = StoreError::Outdated { drawer, key, expected: 1, found: 2 };
        assert!(Failure::Store(outdated).message(Lang::Ja).contains("最新は版2です"));
    }
}
