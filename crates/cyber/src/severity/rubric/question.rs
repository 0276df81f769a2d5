//! The questions of the rubric, in our words. Their ids and order are MITRE's.

use std::sync::OnceLock;

use base::Names;

/// A base metric of CVSS 3.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// AV.
    AttackVector,
    /// AC.
    AttackComplexity,
    /// PR.
    PrivilegesRequired,
    /// UI.
    UserInteraction,
    /// S.
    Scope,
    /// C.
    Confidentiality,
    /// I.
    Integrity,
    /// A.
    Availability,
}

impl Metric {
    /// Every base metric, in the order of a vector.
    pub const ALL: [Metric; 8] = [
        Metric::AttackVector,
        Metric::AttackComplexity,
        Metric::PrivilegesRequired,
        Metric::UserInteraction,
        Metric::Scope,
        Metric::Confidentiality,
        Metric::Integrity,
        Metric::Availability,
    ];

    /// Its name in a vector.
    pub fn key(self) -> &'static str {
        match self {
            Metric::AttackVector => "AV",
            Metric::AttackComplexity => "AC",
            Metric::PrivilegesRequired => "PR",
            Metric::UserInteraction => "UI",
            Metric::Scope => "S",
            Metric::Confidentiality => "C",
            Metric::Integrity => "I",
            Metric::Availability => "A",
        }
    }

    /// Its name for a person; the Japanese words are those IPA uses for CVSS 3.
    pub fn names(self) -> Names {
        match self {
            Metric::AttackVector => Names::of("攻撃元区分", "Attack vector"),
            Metric::AttackComplexity => Names::of("攻撃条件の複雑さ", "Attack complexity"),
            Metric::PrivilegesRequired => Names::of("必要な特権レベル", "Privileges required"),
            Metric::UserInteraction => Names::of("ユーザ関与レベル", "User interaction"),
            Metric::Scope => Names::of("スコープ", "Scope"),
            Metric::Confidentiality => Names::of("機密性への影響", "Confidentiality"),
            Metric::Integrity => Names::of("完全性への影響", "Integrity"),
            Metric::Availability => Names::of("可用性への影響", "Availability"),
        }
    }
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// Y.
    Yes,
    /// N.
    No,
    /// U: decided for the worse.
    Unknown,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Answer; 3] = [Answer::Yes, Answer::No, Answer::Unknown];

    /// Its letter in the extension of a vector.
    pub fn letter(self) -> char {
        match self {
            Answer::Yes => 'Y',
            Answer::No => 'N',
            Answer::Unknown => 'U',
        }
    }

    /// Reads a letter or a word, in either language.
    pub fn of(text: &str) -> Option<Answer> {
        Some(match text.trim().to_lowercase().as_str() {
            "y" | "yes" | "はい" => Answer::Yes,
            "n" | "no" | "いいえ" => Answer::No,
            "u" | "unknown" | "不明" => Answer::Unknown,
            _ => return None,
        })
    }

    /// For a person.
    pub fn names(self) -> Names {
        match self {
            Answer::Yes => Names::of("はい", "yes"),
            Answer::No => Names::of("いいえ", "no"),
            Answer::Unknown => Names::of("不明", "unknown"),
        }
    }
}

/// What an attack on a device may touch: each is asked for confidentiality, integrity and availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// P: data on patients and persons.
    Persons,
    /// D: diagnosis or monitoring.
    Diagnosis,
    /// T: delivery of therapy.
    Therapy,
    /// W: clinical workflow.
    Workflow,
    /// S: private data of the system or its users, such as passwords and keys.
    System,
    /// O: anything else that is critical or sensitive.
    Other,
}

impl Class {
    /// Every class, in the order of the questions.
    pub const ALL: [Class; 6] =
        [Class::Persons, Class::Diagnosis, Class::Therapy, Class::Workflow, Class::System, Class::Other];

    /// What it holds, for a person.
    pub fn names(self) -> Names {
        match self {
            Class::Persons => Names::of("患者の医療情報・個人情報", "health or personal data (PHI/PII)"),
            Class::Diagnosis => {
                Names::of("診断・モニタリングのデータや機能", "data or functions for diagnosis or monitoring")
            }
            Class::Therapy => {
                Names::of("治療を行うためのデータや機能", "data or functions that deliver therapy")
            }
            Class::Workflow => {
                Names::of("診療業務の流れに関わるデータや機能", "data or functions of clinical workflow")
            }
            Class::System => Names::of(
                "システムや利用者の秘密（パスワード、秘密鍵など）",
                "secrets of the system or its users, such as passwords or keys",
            ),
            Class::Other => Names::of(
                "そのほかの重要または機微なデータや機能",
                "any other critical or sensitive data or function",
            ),
        }
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id, which is its name in the extension of a vector.
    pub id: &'static str,
    /// The metric it decides.
    pub metric: Metric,
    /// What it asks about, for questions on impact.
    pub class: Option<Class>,
    /// The question in our words.
    pub text: Names,
    /// What to think of when answering.
    pub help: Names,
}

/// Every question, in the order they are asked.
pub fn questions() -> &'static [Question] {
    static QUESTIONS: OnceLock<Vec<Question>> = OnceLock::new();
    QUESTIONS.get_or_init(|| {
        let single = SINGLE.iter().map(|(id, metric, [ja, en, help_ja, help_en])| Question {
            id,
            metric: *metric,
            class: None,
            text: Names::of(*ja, *en),
            help: Names::of(*help_ja, *help_en),
        });
        single.chain(IMPACTS.iter().flat_map(of_impact)).collect()
    })
}

/// The question of an id.
pub fn question(id: &str) -> Option<&'static Question> {
    questions().iter().find(|question| question.id.eq_ignore_ascii_case(id))
}

/// The ids of the questions on one impact, class by class, and what may happen to what they ask about.
type Impact = (Metric, [&'static str; 6], [&'static str; 2]);

const IMPACTS: [Impact; 3] = [
    (
        Metric::Confidentiality,
        ["XCP", "XCD", "XCT", "XCW", "XCS", "XCO"],
        ["を攻撃者が読み取れますか", "Can an attacker read"],
    ),
    (
        Metric::Integrity,
        ["XIP", "XID", "XIT", "XIW", "XIS", "XIO"],
        ["を攻撃者が書き換えたり消したりできますか", "Can an attacker change or delete"],
    ),
    (
        Metric::Availability,
        ["XAP", "XAD", "XAT", "XAW", "XAS", "XAO"],
        ["を攻撃者が使えなくすることができますか", "Can an attacker make unusable"],
    ),
];

/// The ids of the questions on an impact.
pub(super) fn impact_ids(metric: Metric) -> Option<&'static [&'static str; 6]> {
    IMPACTS.iter().find(|(of, _, _)| *of == metric).map(|(_, ids, _)| ids)
}

fn of_impact((metric, ids, [ja, en]): &'static Impact) -> Vec<Question> {
    let mut found = Vec::new();
    for (id, class) in ids.iter().zip(Class::ALL) {
        let what = class.names();
        found.push(Question {
            id,
            metric: *metric,
            class: Some(class),
            text: Names::of(format!("{}{ja}。", what.ja), format!("{en} {}?", what.en)),
            help: Names::of(
                "この脆弱性が悪用されたときに起こり得る、現実的な範囲で最も悪い場合を考えます。",
                "Think of the worst that can reasonably happen when this vulnerability is exploited.",
            ),
        });
        if *id == "XCP" {
            found.push(Question {
                id: "XCPM",
                metric: *metric,
                class: Some(class),
                text: Names::of(
                    "読み取られる情報は多数の患者（おおむね500人以上）に及び得ますか。",
                    "Can what is read concern many patients, some 500 or more?",
                ),
                help: Names::of(
                    "当局への報告や漏えいの通知が義務となる規模かどうかの目安です。",
                    "A measure for exposures that authorities or patients must be notified of.",
                ),
            });
        }
    }
    found
}

const SINGLE: [(&str, Metric, [&str; 4]); 12] = [
    (
        "XAVN",
        Metric::AttackVector,
        [
            "攻撃者は、何らかのネットワークや通信を通じてこの脆弱性を悪用できますか。",
            "Can an attacker use a network or some other communication to exploit it?",
            "有線・無線を問わず、シリアル通信や近距離無線も含めて考えます。",
            "Wired or wireless; serial lines and short-range radio count too.",
        ],
    ),
    (
        "XAVT",
        Metric::AttackVector,
        [
            "その通信は、IP・TCP・UDPなどOSI参照モデルの第3層・第4層のプロトコルを使いますか。",
            "Does that communication run over protocols of OSI layers 3 or 4, such as IP, TCP or UDP?",
            "使うなら、経路を越えて遠くから届き得ます。",
            "If it does, the attack can be routed from afar.",
        ],
    ),
    (
        "XAVW",
        Metric::AttackVector,
        [
            "その通信は無線ですか。",
            "Is that communication wireless?",
            "Bluetooth、NFC、独自の無線など。",
            "Bluetooth, NFC, proprietary radio and the like.",
        ],
    ),
    (
        "XAVR",
        Metric::AttackVector,
        [
            "電波の届く距離は、およそ3メートル（10フィート）以内ですか。",
            "Does it reach about 3 metres (10 feet) at most?",
            "仕様の距離を考えます。強いアンテナで伸びるなら「いいえ」です。",
            "Take the specified range; if a stronger antenna extends it, the answer is no.",
        ],
    ),
    (
        "XAVP",
        Metric::AttackVector,
        [
            "攻撃者は、機器に直接触れる必要がありますか。",
            "Must the attacker touch the device?",
            "ケーブルや記憶媒体を挿す、筐体を開ける、操作部を操作するなど。",
            "Plug in a cable or a medium, open the case, use the controls.",
        ],
    ),
    (
        "XAVPA",
        Metric::AttackVector,
        [
            "攻撃は、利用者が手で操作するための操作部（画面、ボタンなど）を通じて行われますか。",
            "Is the device reached through an interface meant for people, such as a screen or buttons?",
            "記録のための問いで、値は変わりません。",
            "Asked for the record; it does not change the value.",
        ],
    ),
    (
        "XACL",
        Metric::AttackComplexity,
        [
            "攻撃者は、特別な状況・設定・ほかの脆弱性を要さず、いつでも悪用を試みられますか。",
            "Can the attacker try at will, without special circumstances, settings or other weaknesses first?",
            "時機、機器の状態、事前の準備が要るなら「いいえ」です。",
            "If timing, a state of the device or preparation is needed, the answer is no.",
        ],
    ),
    (
        "XPRL",
        Metric::PrivilegesRequired,
        [
            "その機器や部品には、権限の異なる複数の利用者や役割を区別するログインがありますか。",
            "Does the device or component tell users or roles of different privileges apart by login?",
            "全員が同じ権限で使う機器なら「いいえ」です。",
            "If everyone uses it with the same privileges, the answer is no.",
        ],
    ),
    (
        "XPRZ",
        Metric::PrivilegesRequired,
        [
            "悪用を試みる前に、攻撃者はその部品の正当な権限を持っている必要がありますか。",
            "Must the attacker be authorised on the component before trying?",
            "認証を回避できるなら「いいえ」です。",
            "If authentication can be bypassed, the answer is no.",
        ],
    ),
    (
        "XPRS",
        Metric::PrivilegesRequired,
        [
            "必要なのは、管理者・保守者など、システム全体に及ぶ権限ですか。",
            "Must that be the privilege of an administrator, maintainer or the system itself?",
            "一般の利用者の権限で足りるなら「いいえ」です。",
            "If an ordinary user's privilege is enough, the answer is no.",
        ],
    ),
    (
        "XUI",
        Metric::UserInteraction,
        [
            "悪用が成功するには、攻撃者以外の人の操作が必要ですか。",
            "Does success depend on something another person does?",
            "医療従事者や患者がファイルを開く、再起動するなど。",
            "Clinicians or patients opening a file, restarting the device and the like.",
        ],
    ),
    (
        "XS",
        Metric::Scope,
        [
            "攻撃は、脆弱な部品とは権限の管理が別のものにまで及び得ますか。",
            "Can the attack reach something whose authority is other than the vulnerable component's?",
            "ほかの機器、基盤となるOS、病院のネットワークなど。",
            "Other devices, the underlying system, the hospital's network.",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_its_own_id_and_both_languages() {
        assert_eq!(questions().len(), 31);
        for (at, question) in questions().iter().enumerate() {
            assert!(question.id.starts_with('X'));
            assert!(questions()[..at].iter().all(|other| other.id != question.id), "{}", question.id);
            for text in [&question.text, &question.help] {
                assert!(!text.ja.is_empty() && text.en.is_ascii(), "{}", question.id);
            }
        }
    }
}
