//! The words of the grammar, in both languages, and what each says. Words that are not here are not understood.

/// What a word says. English and Japanese place them differently, which is the affair of `phrases`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// `all`, 「すべての」.
    All,
    /// `version`, `rev.`, 「バージョン」: says only that a version stands beside it.
    Noun,
    /// `revision`: behind it a single letter is a version.
    Revision,
    /// `firmware`, 「ファームウェア」, `core`.
    Part,
    /// 「の」, `the`: joins words and says nothing.
    Joint,
    /// `from`, `since`.
    From,
    /// 「から」 behind a version.
    FromBehind,
    /// `to`, `through`.
    To,
    /// `up`, which needs `to` behind it as an upper bound.
    Up,
    /// `until`.
    Until,
    /// `including`, which needs `up to and` before it.
    Including,
    /// `prior`, `below`, `earlier`.
    Less,
    /// `later`, `above`.
    More,
    /// `than`.
    Than,
    /// `equal`.
    Equal,
    /// 「以前」「以下」「まで」 behind a version.
    AtMost,
    /// 「より前」「未満」 behind a version.
    Below,
    /// 「以降」「以上」 behind a version.
    AtLeast,
    /// 「より後」 behind a version.
    Above,
    /// 「より以前」 and others that are read in two ways.
    Unclear,
    /// 「それ」, which stands for the version before it.
    That,
    /// `and`, `or`, 「および」.
    And,
    /// `between`.
    Between,
    /// 「のみ」, `only`.
    Only,
    /// `except`, before what it takes out.
    Except,
    /// 「を除く」, behind what it takes out.
    ExceptBehind,
    /// 「系」 behind numbers: all versions that begin so.
    Series,
    /// 「版」, `edition` behind a name.
    Edition,
    /// `build`, `SP`: goes on with the version before it.
    Appendix,
    /// `serial number`, 「製造番号」.
    Serial,
    /// An operating system.
    System,
    /// `x64`, `32-bit`: for which machines a version is made.
    Architecture,
    /// Opens a condition.
    Condition,
    /// 「など」: the text is not complete.
    Others,
    /// `unknown`, 「不明」.
    Unstated,
}

/// An English word in lower case, without the point of an abbreviation.
pub(super) fn english(word: &str) -> Option<Word> {
    Some(match word {
        "all" | "any" | "every" => Word::All,
        "version" | "versions" | "ver" | "vers" | "v" | "release" | "releases" | "rel" => Word::Noun,
        "rev" | "revs" | "revision" | "revisions" => Word::Revision,
        "firmware" | "fw" | "software" | "sw" | "core" | "hardware" | "hw" | "app" | "application"
        | "rom" | "bios" | "uefi" | "os" | "bootloader" | "runtime" => Word::Part,
        "the" | "of" | "its" | "number" | "numbers" | "is" | "are" | "affected" => Word::Joint,
        "from" | "since" | "starting" | "beginning" => Word::From,
        "to" | "through" | "thru" => Word::To,
        "up" => Word::Up,
        "until" | "till" => Word::Until,
        "including" | "inclusive" => Word::Including,
        "prior" | "below" | "earlier" | "lower" | "older" | "previous" | "before" | "preceding" | "under"
        | "less" => Word::Less,
        "later" | "newer" | "above" | "higher" | "greater" | "after" | "onwards" | "onward" | "upwards"
        | "upward" | "subsequent" => Word::More,
        "than" => Word::Than,
        "equal" => Word::Equal,
        "and" | "or" | "&" => Word::And,
        "between" => Word::Between,
        "only" => Word::Only,
        "except" | "excluding" | "excepting" => Word::Except,
        "edition" => Word::Edition,
        "build" | "sp" | "patch" | "update" | "hotfix" | "mr" | "beta" | "alpha" | "rc" | "su" => {
            Word::Appendix
        }
        "sn" | "s/n" | "serial" | "serials" | "lot" => Word::Serial,
        "windows" | "linux" | "android" | "ios" | "macos" | "ubuntu" | "debian" | "rhel" | "solaris"
        | "unix" | "qnx" => Word::System,
        "x64" | "x86" | "x86_64" | "x86-64" | "amd64" | "arm64" | "aarch64" | "i386" | "i686" | "win32"
        | "win64" | "32-bit" | "64-bit" | "32bit" | "64bit" => Word::Architecture,
        "on" | "running" | "with" | "for" | "when" | "if" | "that" | "which" | "using" | "installed"
        | "in" | "not" | "distributed" | "manufactured" | "sold" | "where" | "whose" | "while" | "used" => {
            Word::Condition
        }
        "others" | "etc" | "other" | "some" | "multiple" | "several" => Word::Others,
        "unknown" | "unspecified" | "n/a" | "none" | "tbd" | "undetermined" => Word::Unstated,
        _ => return None,
    })
}

/// Japanese words; of those that begin alike the longest comes first.
pub(super) const JAPANESE: [(&str, Word); 75] = [
    ("オペレーティングシステム", Word::System),
    ("すべての", Word::All),
    ("全ての", Word::All),
    ("任意の", Word::All),
    ("すべて", Word::All),
    ("全て", Word::All),
    ("全", Word::All),
    ("各", Word::All),
    ("バージョン", Word::Noun),
    ("ヴァージョン", Word::Noun),
    ("リリース", Word::Noun),
    ("リビジョン", Word::Revision),
    ("ファームウェアー", Word::Part),
    ("ファームウェア", Word::Part),
    ("ファームウエア", Word::Part),
    ("ファーム", Word::Part),
    ("ソフトウェア", Word::Part),
    ("ソフトウエア", Word::Part),
    ("ハードウェア", Word::Part),
    ("アプリケーション", Word::Part),
    ("アプリ", Word::Part),
    ("本体", Word::Part),
    ("から", Word::FromBehind),
    ("より以前", Word::Unclear),
    ("より以後", Word::Unclear),
    ("前後", Word::Unclear),
    ("頃", Word::Unclear),
    ("より前", Word::Below),
    ("より古い", Word::Below),
    ("より下", Word::Below),
    ("未満", Word::Below),
    ("に満たない", Word::Below),
    ("以前", Word::AtMost),
    ("以下", Word::AtMost),
    ("まで", Word::AtMost),
    ("以降", Word::AtLeast),
    ("以上", Word::AtLeast),
    ("以後", Word::AtLeast),
    ("より後", Word::Above),
    ("より新しい", Word::Above),
    ("より上", Word::Above),
    ("それら", Word::Unclear),
    ("それ", Word::That),
    ("および", Word::And),
    ("及び", Word::And),
    ("または", Word::And),
    ("又は", Word::And),
    ("もしくは", Word::And),
    ("若しくは", Word::And),
    ("ならびに", Word::And),
    ("並びに", Word::And),
    ("かつ", Word::And),
    ("と", Word::And),
    ("や", Word::And),
    ("のみ", Word::Only),
    ("だけ", Word::Only),
    ("を除く", Word::ExceptBehind),
    ("を除いた", Word::ExceptBehind),
    ("は除く", Word::ExceptBehind),
    ("以外", Word::ExceptBehind),
    ("系列", Word::Series),
    ("系", Word::Series),
    ("版", Word::Edition),
    ("ビルド", Word::Appendix),
    ("シリアル番号", Word::Serial),
    ("シリアル", Word::Serial),
    ("製造番号", Word::Serial),
    ("ロット番号", Word::Serial),
    ("など", Word::Others),
    ("その他", Word::Others),
    ("一部", Word::Others),
    ("複数", Word::Others),
    ("不明", Word::Unstated),
    ("未定", Word::Unstated),
    ("の", Word::Joint),
];

/// The number of a month by its English name in lower case; three letters are enough.
pub(super) fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    word.len() >= 3 && MONTHS.iter().any(|month| *month == word || &month[..3] == word || (word == "sept"))
}
