//! How answers decide metrics, as tables: the rules of a metric are tried one after the other, and the first condition that is not answered is
//! the next question.

use base::Names;

use super::Answers;
use super::question::{Answer, Metric, Question, impact_ids, question};

/// What a rule rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// As a public implementation retells MITRE's flow.
    Retold,
    /// A reading of ours, where the sources say nothing or contradict themselves.
    Ours(Ours),
}

/// Readings of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ours {
    /// Where the sources give no way for "unknown", it is decided for the worse, as they do elsewhere.
    UnknownIsWorst,
    /// A wire that carries no routed protocol: the retelling's calculation says adjacent, its list of answers local; the graver one is taken.
    WiredIsAdjacent,
}

impl Basis {
    /// For a person.
    pub fn names(self) -> Names {
        match self {
            Basis::Retold => Names::of(
                "公開されている実装が伝える判定の流れ",
                "the flow as a public implementation retells it",
            ),
            Basis::Ours(Ours::UnknownIsWorst) => {
                Names::of("本製品の解釈：不明は悪い側に判定", "our reading: unknown is decided for the worse")
            }
            Basis::Ours(Ours::WiredIsAdjacent) => Names::of(
                "本製品の解釈：経路制御のない有線は隣接とする（出典は一致しない）",
                "our reading: a wire without routing is adjacent (the sources disagree)",
            ),
        }
    }
}

/// How far the answers lead within one metric.
pub(super) struct Walk {
    pub(super) path: Vec<(&'static Question, Answer)>,
    pub(super) open: Vec<&'static Question>,
    pub(super) decided: Option<(char, Basis)>,
}

/// Follows the answers through the rules of a metric.
pub(super) fn walk(metric: Metric, answers: &Answers) -> Walk {
    match impact_ids(metric) {
        Some(ids) => impact(ids, answers),
        None => flow(metric, answers),
    }
}

struct Rule {
    metric: Metric,
    when: &'static [(&'static str, &'static [Answer])],
    value: char,
    basis: Basis,
}

const Y: &[Answer] = &[Answer::Yes];
const N: &[Answer] = &[Answer::No];
const U: &[Answer] = &[Answer::Unknown];
const YU: &[Answer] = &[Answer::Yes, Answer::Unknown];
const NU: &[Answer] = &[Answer::No, Answer::Unknown];
const ANY: &[Answer] = &Answer::ALL;
const WORST: Basis = Basis::Ours(Ours::UnknownIsWorst);

const fn rule(
    metric: Metric,
    when: &'static [(&'static str, &'static [Answer])],
    value: char,
    basis: Basis,
) -> Rule {
    Rule { metric, when, value, basis }
}

const RULES: [Rule; 22] = [
    rule(Metric::AttackVector, &[("XAVN", U)], 'N', Basis::Retold),
    rule(Metric::AttackVector, &[("XAVN", Y), ("XAVT", YU)], 'N', Basis::Retold),
    rule(
        Metric::AttackVector,
        &[("XAVN", Y), ("XAVT", N), ("XAVW", NU)],
        'A',
        Basis::Ours(Ours::WiredIsAdjacent),
    ),
    rule(Metric::AttackVector, &[("XAVN", Y), ("XAVT", N), ("XAVW", Y), ("XAVR", Y)], 'L', Basis::Retold),
    rule(Metric::AttackVector, &[("XAVN", Y), ("XAVT", N), ("XAVW", Y), ("XAVR", NU)], 'A', Basis::Retold),
    rule(Metric::AttackVector, &[("XAVN", N), ("XAVP", NU)], 'L', Basis::Retold),
    rule(Metric::AttackVector, &[("XAVN", N), ("XAVP", Y), ("XAVPA", ANY)], 'P', Basis::Retold),
    rule(Metric::AttackComplexity, &[("XACL", Y)], 'L', Basis::Retold),
    rule(Metric::AttackComplexity, &[("XACL", N)], 'H', Basis::Retold),
    rule(Metric::AttackComplexity, &[("XACL", U)], 'L', WORST),
    rule(Metric::PrivilegesRequired, &[("XPRL", N)], 'N', Basis::Retold),
    rule(Metric::PrivilegesRequired, &[("XPRL", YU), ("XPRZ", N)], 'N', Basis::Retold),
    rule(Metric::PrivilegesRequired, &[("XPRL", YU), ("XPRZ", U)], 'N', WORST),
    rule(Metric::PrivilegesRequired, &[("XPRL", YU), ("XPRZ", Y), ("XPRS", Y)], 'H', Basis::Retold),
    rule(Metric::PrivilegesRequired, &[("XPRL", YU), ("XPRZ", Y), ("XPRS", N)], 'L', Basis::Retold),
    rule(Metric::PrivilegesRequired, &[("XPRL", YU), ("XPRZ", Y), ("XPRS", U)], 'L', WORST),
    rule(Metric::UserInteraction, &[("XUI", Y)], 'R', Basis::Retold),
    rule(Metric::UserInteraction, &[("XUI", N)], 'N', Basis::Retold),
    rule(Metric::UserInteraction, &[("XUI", U)], 'N', WORST),
    rule(Metric::Scope, &[("XS", Y)], 'C', Basis::Retold),
    rule(Metric::Scope, &[("XS", N)], 'U', Basis::Retold),
    rule(Metric::Scope, &[("XS", U)], 'C', WORST),
];

fn flow(metric: Metric, answers: &Answers) -> Walk {
    for rule in RULES.iter().filter(|rule| rule.metric == metric) {
        let mut path = Vec::new();
        let mut holds = true;
        for (id, wanted) in rule.when {
            let Some(asked) = question(id) else { continue };
            match answers.get(id) {
                None => return Walk { path, open: vec![asked], decided: None },
                Some(answer) if wanted.contains(&answer) => path.push((asked, answer)),
                Some(_) => {
                    holds = false;
                    break;
                }
            }
        }
        if holds {
            return Walk { path, open: Vec::new(), decided: Some((rule.value, rule.basis)) };
        }
    }
    Walk { path: Vec::new(), open: Vec::new(), decided: None }
}

/// The graver of what the six classes lose: high where anything is touched or may be, low where only few patients' data are read.
fn impact(ids: &'static [&'static str; 6], answers: &Answers) -> Walk {
    let mut walk = Walk { path: Vec::new(), open: Vec::new(), decided: None };
    let mut worst = 'N';
    for id in ids {
        let Some(asked) = question(id) else { continue };
        let Some(answer) = answers.get(id) else {
            walk.open.push(asked);
            continue;
        };
        walk.path.push((asked, answer));
        let loss = match answer {
            Answer::No => 'N',
            Answer::Yes if *id == "XCP" => many_patients(answers, &mut walk),
            Answer::Yes | Answer::Unknown => 'H',
        };
        // The letters H, L and N happen to stand from grave to none.
        worst = worst.min(loss);
    }
    if walk.open.is_empty() {
        walk.decided = Some((worst, Basis::Retold));
    }
    walk
}

fn many_patients(answers: &Answers, walk: &mut Walk) -> char {
    let Some(asked) = question("XCPM") else { return 'H' };
    let Some(answer) = answers.get(asked.id) else {
        walk.open.push(asked);
        return 'N';
    };
    walk.path.push((asked, answer));
    if answer == Answer::No { 'L' } else { 'H' }
}
