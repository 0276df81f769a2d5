//! What is known of a product, yes or no, and under which of it a rule applies. Unknown is a third answer and is carried through
//! (Kleene's logic): a rule whose condition rests on an unknown fact is neither applicable nor not.

use base::Names;

/// Something that is true of a product, false, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// It uses a program.
    Software,
    /// It is connected to other devices or a network.
    Connected,
    /// Access or attacks from outside are foreseen.
    AttackForeseen,
    /// It was designed before JIS T 81001-5-1.
    LegacyDesign,
    /// It is exported to the United States.
    ExportsToUs,
    /// It can be connected to the internet.
    InternetConnectable,
    /// It has characteristics that could be vulnerable to threats.
    VulnerableCharacteristics,
    /// Reasonable means protect it against today's threats.
    Protectable,
    /// Severity was assessed by the rubric for medical devices.
    UsesRubric,
    /// The day of the end of support was changed after it was told.
    EosChanged,
    /// It is on the market or was; told by its state.
    Marketed,
    /// Its end of life has come; told by its state.
    PastEol,
    /// Its end of support has come; told by its state.
    PastEos,
}

/// Every fact, in the order of their numbers.
pub const FACTS: [Fact; 13] = [
    Fact::Software,
    Fact::Connected,
    Fact::AttackForeseen,
    Fact::LegacyDesign,
    Fact::ExportsToUs,
    Fact::InternetConnectable,
    Fact::VulnerableCharacteristics,
    Fact::Protectable,
    Fact::UsesRubric,
    Fact::EosChanged,
    Fact::Marketed,
    Fact::PastEol,
    Fact::PastEos,
];

/// What is known of a product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts([Option<bool>; FACTS.len()]);

/// Under which facts a rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Always.
    Always,
    /// Where this is true.
    Is(Fact),
    /// Where this does not hold.
    Not(Box<Condition>),
    /// Where all of these hold.
    All(Vec<Condition>),
    /// Where one of these holds.
    Any(Vec<Condition>),
}

/// Whether a rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applies {
    /// It does.
    Yes,
    /// It does not, because of these facts, which are known.
    No(Vec<(Fact, bool)>),
    /// That rests on these facts, which are not known.
    Unknown(Vec<Fact>),
}

/// A text that is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no condition at `{at}`: write names of facts joined by and, or, not and brackets")]
pub struct NotACondition {
    /// The text.
    pub text: String,
    /// The word at which it stops being one; empty at its end.
    pub at: String,
}

impl Fact {
    /// Its name in rules and product files.
    pub fn code(self) -> &'static str {
        self.words().0
    }
    /// What it means, for a person.
    pub fn names(self) -> Names {
        let (_, ja, en) = self.words();
        Names::of(ja, en)
    }
    /// The fact of a name.
    pub fn named(code: &str) -> Option<Fact> {
        FACTS.into_iter().find(|fact| fact.code() == code)
    }
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Fact::Software => ("software", "プログラムを用いる", "uses a program"),
            Fact::Connected => (
                "connected",
                "他の機器・ネットワーク等とつながる",
                "is connected to other devices or a network",
            ),
            Fact::AttackForeseen => (
                "attack_foreseen",
                "外からの不正なアクセス・攻撃が想定される",
                "access or attacks from outside are foreseen",
            ),
            Fact::LegacyDesign => {
                ("legacy_design", "JIS T 81001-5-1より前の設計である", "was designed before JIS T 81001-5-1")
            }
            Fact::ExportsToUs => ("exports_to_us", "米国へ輸出する", "is exported to the United States"),
            Fact::InternetConnectable => {
                ("internet_connectable", "インターネットに接続できる", "can be connected to the internet")
            }
            Fact::VulnerableCharacteristics => (
                "vulnerable_characteristics",
                "脅威に対して脆弱になり得る技術的特性がある",
                "has characteristics that could be vulnerable to threats",
            ),
            Fact::Protectable => (
                "protectable",
                "現在の脅威から合理的な手段で守れる",
                "can be protected by reasonable means against today's threats",
            ),
            Fact::UsesRubric => (
                "uses_rubric",
                "医療機器向けルーブリックで深刻度を評価した",
                "severity was assessed by the rubric for medical devices",
            ),
            Fact::EosChanged => {
                ("eos_changed", "知らせたEOSを変えた", "the day of EOS was changed after it was told")
            }
            Fact::Marketed => ("marketed", "上市している（状態による）", "is on the market (by its state)"),
            Fact::PastEol => ("past_eol", "EOLに達した（状態による）", "has reached EOL (by its state)"),
            Fact::PastEos => ("past_eos", "EOSに達した（状態による）", "has reached EOS (by its state)"),
        }
    }
}

impl Facts {
    /// What is known of one fact.
    pub fn of(&self, fact: Fact) -> Option<bool> {
        self.0[fact as usize]
    }
    /// The same with one fact known, or not known.
    #[must_use]
    pub fn with(mut self, fact: Fact, known: Option<bool>) -> Self {
        self.0[fact as usize] = known;
        self
    }
}

impl Condition {
    /// Reads a condition; an empty text holds always.
    pub fn parse(text: &str) -> Result<Condition, NotACondition> {
        if text.trim().is_empty() {
            return Ok(Condition::Always);
        }
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut parser = Parser { words: &words, depth: 0 };
        let outcome = parser.any().filter(|_| parser.words.is_empty());
        let at = parser.words.first().copied().unwrap_or_default().to_owned();
        outcome.ok_or_else(|| NotACondition { text: text.to_owned(), at })
    }

    /// Whether it holds, as far as the facts tell.
    pub fn holds(&self, facts: &Facts) -> Option<bool> {
        match self {
            Condition::Always => Some(true),
            Condition::Is(fact) => facts.of(*fact),
            Condition::Not(inner) => inner.holds(facts).map(|holds| !holds),
            Condition::All(all) => joined(all, facts, false),
            Condition::Any(any) => joined(any, facts, true),
        }
    }

    /// Whether a rule under this condition applies, and which facts say so.
    pub fn applies(&self, facts: &Facts) -> Applies {
        let mut rests_on = Vec::new();
        self.rests_on(facts, &mut rests_on);
        rests_on.sort_unstable();
        rests_on.dedup();
        match self.holds(facts) {
            Some(true) => Applies::Yes,
            Some(false) => {
                let known = |fact: Fact| Some((fact, facts.of(fact)?));
                Applies::No(rests_on.into_iter().filter_map(known).collect())
            }
            None => Applies::Unknown(rests_on.into_iter().filter(|fact| facts.of(*fact).is_none()).collect()),
        }
    }

    /// The facts that the answer rests on: where it is known, those that decide it; else those that keep it open.
    fn rests_on(&self, facts: &Facts, found: &mut Vec<Fact>) {
        match self {
            Condition::Always => {}
            Condition::Is(fact) => found.push(*fact),
            Condition::Not(inner) => inner.rests_on(facts, found),
            Condition::All(parts) | Condition::Any(parts) => {
                let answer = self.holds(facts);
                for part in parts.iter().filter(|part| part.holds(facts) == answer) {
                    part.rests_on(facts, found);
                }
            }
        }
    }
}

/// One part that holds as `decides` decides alone; else one that is unknown leaves it open.
fn joined(parts: &[Condition], facts: &Facts, decides: bool) -> Option<bool> {
    let mut answer = Some(!decides);
    for part in parts {
        match part.holds(facts) {
            Some(holds) if holds == decides => return Some(decides),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

/// Reads `or` over `and` over `not`. Brackets are bounded, as everything that nests.
struct Parser<'w> {
    words: &'w [&'w str],
    depth: usize,
}

impl<'w> Parser<'w> {
    fn next(&mut self) -> Option<&'w str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
    fn is_next(&self, word: &str) -> bool {
        self.words.first() == Some(&word)
    }
    fn any(&mut self) -> Option<Condition> {
        let mut parts = vec![self.all()?];
        while self.is_next("or") {
            self.next();
            parts.push(self.all()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Condition::Any(parts)) }
    }
    fn all(&mut self) -> Option<Condition> {
        let mut parts = vec![self.one()?];
        while self.is_next("and") {
            self.next();
            parts.push(self.one()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Condition::All(parts)) }
    }
    fn one(&mut self) -> Option<Condition> {
        self.depth += 1;
        if self.depth > 64 {
            return None;
        }
        let outcome = if self.is_next("not") {
            self.next();
            Condition::Not(Box::new(self.one()?))
        } else if self.is_next("(") {
            self.next();
            let inner = self.any()?;
            if !self.is_next(")") {
                return None;
            }
            self.next();
            inner
        } else {
            let fact = Fact::named(self.words.first()?)?;
            self.next();
            Condition::Is(fact)
        };
        self.depth -= 1;
        Some(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_numbered_in_their_order() {
        for (number, fact) in FACTS.into_iter().enumerate() {
            assert_eq!(fact as usize, number);
            assert_eq!(Fact::named(fact.code()), Some(fact));
        }
    }

    #[test]
    fn an_unknown_fact_leaves_open_only_what_rests_on_it() {
        let condition = Condition::parse("software and (connected or attack_foreseen)").unwrap();
        let (yes, no) = (Some(true), Some(false));
        for (software, connected, attack, expected) in [
            (yes, yes, None, Applies::Yes),
            (yes, no, yes, Applies::Yes),
            (no, None, None, Applies::No(vec![(Fact::Software, false)])),
            (yes, no, no, Applies::No(vec![(Fact::Connected, false), (Fact::AttackForeseen, false)])),
            (None, no, no, Applies::No(vec![(Fact::Connected, false), (Fact::AttackForeseen, false)])),
            (yes, no, None, Applies::Unknown(vec![Fact::AttackForeseen])),
            (yes, None, None, Applies::Unknown(vec![Fact::Connected, Fact::AttackForeseen])),
            (None, yes, no, Applies::Unknown(vec![Fact::Software])),
        ] {
            let facts = Facts::default()
                .with(Fact::Software, software)
                .with(Fact::Connected, connected)
                .with(Fact::AttackForeseen, attack);
            assert_eq!(condition.applies(&facts), expected, "{software:?} {connected:?} {attack:?}");
        }
    }

    #[test]
    fn not_turns_an_answer_around_and_an_unknown_stays_one() {
        let condition = Condition::parse("not protectable and software").unwrap();
        let facts = Facts::default().with(Fact::Software, Some(true));
        assert_eq!(condition.applies(&facts), Applies::Unknown(vec![Fact::Protectable]));
        assert_eq!(condition.applies(&facts.with(Fact::Protectable, Some(false))), Applies::Yes);
        let protected = facts.with(Fact::Protectable, Some(true));
        assert_eq!(condition.applies(&protected), Applies::No(vec![(Fact::Protectable, true)]));
    }

    #[test]
    fn what_is_no_condition_is_told_with_the_word_at_fault() {
        for (text, at) in [
            ("sofware", "sofware"),
            ("software and", ""),
            ("software connected", "connected"),
            ("(software", ""),
            ("software)", ")"),
            ("not", ""),
            ("()", ")"),
        ] {
            assert_eq!(Condition::parse(text).unwrap_err().at, at, "{text}");
        }
        assert!(Condition::parse(&"(".repeat(100_000)).is_err());
        assert!(Condition::parse(&"not ".repeat(100_000)).is_err());
        assert_eq!(Condition::parse(" "), Ok(Condition::Always));
    }
}
