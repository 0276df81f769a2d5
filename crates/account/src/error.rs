//! What can go wrong with accounts: one sentence each, in both languages, saying what to do. No sentence tells a
//! stranger whether a login exists.

use base::Names;
use store::StoreError;

/// A result of this crate.
pub type Result<T> = std::result::Result<T, AccountError>;

/// Why something about an account could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// No such login, or another password. Which of the two is not told.
    #[error("the login name and the password do not belong together: check both and try again")]
    Wrong,
    /// Too many tries.
    #[error("too many failed tries: wait {seconds} seconds, or sign in with a passkey")]
    Wait {
        /// How long.
        seconds: u64,
    },
    /// Too many people sign in at this moment.
    #[error("too many people are signing in at this moment: try again in a few seconds")]
    Busy,
    /// The person has proved who they are, and may not come in.
    #[error("this account is disabled: ask an administrator")]
    Disabled,
    /// A setup, invitation or reset link that cannot be used.
    #[error("this link has been used or has expired: ask an administrator for a new one")]
    LinkGone,
    /// The first person is there already.
    #[error("this system has been set up already: sign in, or ask an administrator for an invitation")]
    SetUpAlready,
    /// A login name that cannot be one.
    #[error("`{0}` cannot be a login name: use 2 to 64 letters, digits, `.`, `-`, `_`, `@`")]
    NotALogin(String),
    /// Somebody has that login name.
    #[error("the login name `{0}` is taken: choose another")]
    LoginTaken(String),
    /// A display name that cannot be one.
    #[error("give a name of 1 to 200 characters")]
    NoName,
    /// An address that cannot be one.
    #[error("`{0}` is not an e-mail address: write it like name@example.jp, or leave it empty")]
    NotAnEmail(String),
    /// A word that cannot be a role.
    #[error(
        "`{0}` cannot be a role: use a word of a register's rights such as `secretariat` or `ministry`; to manage people is given by itself"
    )]
    NotARole(String),
    /// Managing people is not theirs.
    #[error("only an administrator manages people: ask one")]
    NotAdministrator,
    /// A person who is not there.
    #[error("there is no such person")]
    NoSuchPerson,
    /// Nobody could manage people any more.
    #[error("this is the last administrator: make somebody else an administrator first")]
    LastAdministrator,
    /// Somebody else was quicker.
    #[error("somebody else has changed this meanwhile: look at it again and repeat your change")]
    Meanwhile,
    /// A password that is too short.
    #[error("the password is too short: use at least {at_least} characters; several words are good")]
    PasswordShort {
        /// The least number of characters.
        at_least: usize,
    },
    /// A password that is too long to be computed with.
    #[error("the password is too long: use at most {at_most} bytes")]
    PasswordLong {
        /// The most bytes.
        at_most: usize,
    },
    /// A password that holds the login name.
    #[error("the password contains the login name: choose another")]
    PasswordHoldsLogin,
    /// A password everybody tries first.
    #[error(
        "the password is one of those that are tried first: choose several words that do not belong together"
    )]
    PasswordCommon,
    /// A passkey, or the answer of a device, that proves nothing.
    #[error("the passkey was not accepted: try again, or sign in another way")]
    PasskeyRefused,
    /// A sign-in or registration that took too long, or an answer that came twice.
    #[error("this took too long or was answered already: start again")]
    Stale,
    /// Passkeys cannot be used with the configured address.
    #[error("passkeys cannot be used at {origin}: {why}")]
    PasskeyAddress {
        /// The origin.
        origin: String,
        /// Why.
        why: String,
    },
    /// The last way in would be gone.
    #[error("this is the only way into the account: set a password or add a passkey first")]
    LastWayIn,
    /// The configuration of single sign-on is wrong.
    #[error("single sign-on is configured wrongly: {0}")]
    SignOnConfig(String),
    /// The provider cannot be reached or says something unexpected.
    #[error("the sign-on service could not be asked ({0}): try again later, or sign in another way")]
    SignOnUnreachable(String),
    /// The provider's answer does not prove anything.
    #[error("the answer of the sign-on service was not accepted ({0}): start again")]
    SignOnRefused(String),
    /// The provider knows the person, we do not, and strangers are not let in.
    #[error("nobody here is linked with this identity: ask an administrator for an invitation")]
    SignOnUnknown,
    /// The identity belongs to somebody else here.
    #[error("this identity is linked with another person: sign in with another one")]
    SignOnTaken,
    /// A word that cannot be a scope.
    #[error("`{0}` is not a scope: use `read`, `write`, or `registers:` and the id of a register")]
    NotAScope(String),
    /// A token without a scope that lets it do anything.
    #[error("a token needs the scope `read` or `write`")]
    NoScope,
    /// A token that would end too late or too early.
    #[error("a token lasts at least one day and at most {days} days")]
    TokenTerm {
        /// The most days.
        days: u32,
    },
    /// Too many of something.
    #[error("there are {0} already, which is the most: remove one first")]
    TooMany(usize),
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random numbers: nothing secret can be made")]
    Randomness,
    /// A password could not be computed with.
    #[error("the password could not be checked: {0}")]
    Hash(String),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Outdated { .. } => AccountError::Meanwhile,
            error => AccountError::Store(error),
        }
    }
}

impl AccountError {
    /// The sentence in both languages.
    pub fn names(&self) -> Names {
        Names::of(self.japanese(), self.to_string())
    }

    fn japanese(&self) -> String {
        match self {
            AccountError::Wrong => {
                "ログイン名とパスワードが一致しません。両方を確かめて、もう一度試してください".to_owned()
            }
            AccountError::Busy => "ログインが混み合っています。数秒後にもう一度試してください".to_owned(),
            AccountError::Disabled => {
                "このアカウントは停止されています。管理者にお問い合わせください".to_owned()
            }
            AccountError::LinkGone => {
                "このリンクは使用済みか期限切れです。管理者に新しいリンクを依頼してください".to_owned()
            }
            AccountError::SetUpAlready => {
                "初期設定は済んでいます。ログインするか、管理者に招待を依頼してください".to_owned()
            }
            AccountError::NoName => "氏名を1～200字で入力してください".to_owned(),
            AccountError::NotAdministrator => {
                "利用者の管理は管理者だけができます。管理者に依頼してください".to_owned()
            }
            AccountError::NoSuchPerson => "その利用者はいません".to_owned(),
            AccountError::LastAdministrator => {
                "最後の管理者です。先に他の人を管理者にしてください".to_owned()
            }
            AccountError::Meanwhile => {
                "他の人が先に変更しました。内容を確かめて、もう一度変更してください".to_owned()
            }
            AccountError::PasswordHoldsLogin => {
                "パスワードにログイン名が含まれています。別のものにしてください".to_owned()
            }
            AccountError::PasswordCommon => {
                "最初に試されるパスワードの一つです。関係のない複数の語をつなげてください".to_owned()
            }
            AccountError::PasskeyRefused => {
                "パスキーを確認できませんでした。もう一度試すか、別の方法でログインしてください".to_owned()
            }
            AccountError::Stale => {
                "時間がかかりすぎたか、既に応答済みです。最初からやり直してください".to_owned()
            }
            AccountError::LastWayIn => {
                "ログインできる唯一の方法です。先にパスワードを設定するか、パスキーを追加してください"
                    .to_owned()
            }
            AccountError::SignOnUnknown => {
                "この認証情報に対応する利用者がいません。管理者に招待を依頼してください".to_owned()
            }
            AccountError::SignOnTaken => {
                "この認証情報は他の利用者のものです。別の認証情報でログインしてください".to_owned()
            }
            AccountError::NoScope => "トークンには read か write の範囲が必要です".to_owned(),
            AccountError::Randomness => "OSから乱数が得られないため、秘密の値を作れません".to_owned(),
            AccountError::Wait { seconds } => {
                format!("失敗が続いたため、{seconds}秒お待ちください。パスキーではすぐにログインできます")
            }
            AccountError::NotALogin(text) => {
                format!(
                    "「{text}」はログイン名にできません。文字、数字、「.」「-」「_」「@」を2～64字で使ってください"
                )
            }
            AccountError::LoginTaken(login) => {
                format!("ログイン名「{login}」は既に使われています。別の名前にしてください")
            }
            AccountError::NotAnEmail(text) => {
                format!(
                    "「{text}」はメールアドレスではありません。name@example.jp の形で書くか、空欄にしてください"
                )
            }
            AccountError::NotARole(text) => {
                format!(
                    "「{text}」は役割にできません。secretariat、ministry など台帳の権限にある語を使ってください。利用者の管理は別に与えます"
                )
            }
            AccountError::PasswordShort { at_least } => {
                format!(
                    "パスワードが短すぎます。{at_least}文字以上にしてください。複数の語をつなげると良いでしょう"
                )
            }
            AccountError::PasswordLong { at_most } => {
                format!("パスワードが長すぎます。{at_most}バイト以内にしてください")
            }
            AccountError::PasskeyAddress { origin, why } => {
                format!("{origin}ではパスキーを使えません（{why}）")
            }
            AccountError::SignOnConfig(why) => format!("シングルサインオンの設定に誤りがあります（{why}）"),
            AccountError::SignOnUnreachable(why) => {
                format!(
                    "認証サービスに問い合わせできませんでした（{why}）。後で試すか、別の方法でログインしてください"
                )
            }
            AccountError::SignOnRefused(why) => {
                format!("認証サービスの応答を受け入れられませんでした（{why}）。最初からやり直してください")
            }
            AccountError::NotAScope(text) => {
                format!(
                    "「{text}」は範囲の指定ではありません。read、write、又は registers: に台帳のIDを続けたものを使ってください"
                )
            }
            AccountError::TokenTerm { days } => format!("トークンの有効期間は1日以上{days}日以内です"),
            AccountError::TooMany(count) => format!("既に上限の{count}件あります。先に1件削除してください"),
            AccountError::Hash(why) => format!("パスワードを確認できませんでした（{why}）"),
            AccountError::Store(error) => in_japanese(error),
        }
    }
}

/// The store speaks of files and servers to those who keep them; a person at a page is told what to do.
fn in_japanese(error: &StoreError) -> String {
    format!("データベースの操作に失敗しました。後でもう一度試してください（{error}）")
}
