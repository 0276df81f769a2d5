//! The evaluation of NVD's configurations: what must be installed together for a product to be affected, with AND, OR, negation and what it
//! runs on (NISTIR 7698, 5; nvd.nist.gov, "CVE applicability"). The third answer stands wherever the names or the bill leave something open.

use super::criteria::Criteria;
use super::installed::{Installed, Name, Surroundings};
use super::verdict::{Affects, Clear, Reason, Verdict};
use crate::advisory::{Advisory, Configuration, ConfigurationNode, Joined};

/// Whether something is as described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// That cannot be determined.
    Open(Reason),
}

/// The configurations of an advisory, their names parsed once.
#[derive(Clone, Debug)]
pub struct Prepared {
    withdrawn: bool,
    configurations: Vec<PreparedConfiguration>,
}

#[derive(Clone, Debug)]
struct PreparedConfiguration {
    joined: Joined,
    negate: bool,
    unread: bool,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
struct Node {
    joined: Joined,
    negate: bool,
    all: Vec<Criteria>,
}

/// One step on the way to a verdict by configurations. Places are indices into the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigurationStep {
    /// Criteria were asked of the component's own names, or of these and its surroundings.
    Asked {
        /// Configuration, node, match.
        at: (usize, usize, usize),
        /// Only the component's own names were asked, because they are to be found vulnerable.
        own: bool,
        /// What was found.
        answer: Answer,
    },
    /// A node, its negation included.
    Node {
        /// Configuration, node.
        at: (usize, usize),
        /// What was found.
        answer: Answer,
    },
    /// A configuration, its negation included.
    Configuration {
        /// Which.
        at: usize,
        /// What was found.
        answer: Answer,
    },
}

/// Judges a product by configurations that were not prepared.
pub fn judge(configurations: &[Configuration], product: &Installed, around: &Surroundings) -> Verdict {
    Prepared::of_configurations(configurations).judge(product, around)
}

impl Answer {
    pub(super) fn of(yes: bool) -> Self {
        if yes { Answer::Yes } else { Answer::No }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Yes, other) => other,
            (open, _) => open,
        }
    }

    /// One holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Answer::Yes, _) | (_, Answer::Yes) => Answer::Yes,
            (Answer::No, other) => other,
            (open, _) => open,
        }
    }

    fn negated_if(self, negate: bool) -> Self {
        match self {
            Answer::Yes if negate => Answer::No,
            Answer::No if negate => Answer::Yes,
            answer => answer,
        }
    }
}

impl Prepared {
    /// Prepares an advisory; `None` when it has no configurations.
    pub fn of(advisory: &Advisory) -> Option<Self> {
        let prepared = Self::of_configurations(&advisory.configurations);
        let withdrawn = advisory.withdrawn.is_some();
        (!prepared.configurations.is_empty()).then_some(Self { withdrawn, ..prepared })
    }

    /// Prepares configurations alone.
    pub fn of_configurations(configurations: &[Configuration]) -> Self {
        let node = |node: &ConfigurationNode| Node {
            joined: node.joined,
            negate: node.negate,
            all: node.matches.iter().map(Criteria::of).collect(),
        };
        let one = |configuration: &Configuration| PreparedConfiguration {
            joined: configuration.joined,
            negate: configuration.negate,
            unread: configuration.unread,
            nodes: configuration.nodes.iter().map(node).collect(),
        };
        Self { withdrawn: false, configurations: configurations.iter().map(one).collect() }
    }

    /// Whether and why a product is reached.
    pub fn judge(&self, product: &Installed, around: &Surroundings) -> Verdict {
        self.judge_telling(product, around, &mut |_| {})
    }

    /// The verdict with every step on the way.
    pub fn explain(&self, product: &Installed, around: &Surroundings) -> (Verdict, Vec<ConfigurationStep>) {
        let mut steps = Vec::new();
        let verdict = self.judge_telling(product, around, &mut |step| steps.push(step));
        (verdict, steps)
    }

    /// Whether the verdict on a product may hang on what else is installed: not where alternatives alone name it, nor where what is asked of
    /// it alone excludes it.
    pub(crate) fn looks_around(&self, product: &Installed) -> bool {
        let alone = Surroundings::default();
        let asked = Asked { product, around: &alone };
        let of_alternatives = |one: &PreparedConfiguration| {
            one.joined == Joined::Or && !one.negate && one.nodes.iter().all(|node| node.joined == Joined::Or)
        };
        self.configurations.iter().filter(|one| !of_alternatives(one)).any(|one| {
            one.nodes.iter().filter(|node| node.names(product)).any(|node| {
                let alternatives = node.joined == Joined::Or;
                match (one.joined, one.negate) {
                    (_, true) => true,
                    (Joined::Or, false) => !alternatives,
                    (Joined::And, false) => {
                        !alternatives || node.answer((0, 0), &asked, true, &mut |_| {}) != Answer::No
                    }
                }
            })
        })
    }

    /// Whether any of some CPE names may be what one of the criteria stands for.
    pub(crate) fn asks_about<'a>(&self, cpes: impl IntoIterator<Item = &'a str>) -> bool {
        let named = Installed::of(cpes, None, None);
        let mut all = self.configurations.iter().flat_map(|one| &one.nodes).flat_map(|node| &node.all);
        all.any(|criteria| named.names.iter().any(|name| criteria.names_product(name)))
    }

    /// Any configuration is enough.
    fn judge_telling(
        &self,
        product: &Installed,
        around: &Surroundings,
        tell: &mut impl FnMut(ConfigurationStep),
    ) -> Verdict {
        let mut verdict = Verdict::NotAffected(Clear::NotNamed);
        for (at, configuration) in self.configurations.iter().enumerate() {
            if !configuration.nodes.iter().any(|node| node.names(product)) {
                continue;
            }
            if self.withdrawn {
                return Verdict::NotAffected(Clear::Withdrawn);
            }
            if product.of_distribution {
                return Verdict::Undetermined(Reason::DistributionJudges);
            }
            let answer = configuration.answer(at, &Asked { product, around }, tell);
            tell(ConfigurationStep::Configuration { at, answer });
            match (answer, verdict) {
                (Answer::Yes, _) => return Verdict::Affected(Affects::Configured(at)),
                (Answer::Open(reason), Verdict::NotAffected(_)) => verdict = Verdict::Undetermined(reason),
                (Answer::No, Verdict::NotAffected(_)) => verdict = Verdict::NotAffected(Clear::NotConfigured),
                _ => {}
            }
        }
        verdict
    }
}

/// Whom the criteria are asked of.
struct Asked<'a> {
    product: &'a Installed,
    around: &'a Surroundings,
}

impl PreparedConfiguration {
    /// Each node that names the product as vulnerable is asked of the product alone, the others of everything installed: a product is not
    /// affected because another one in the same list is.
    fn answer(&self, at: usize, asked: &Asked<'_>, tell: &mut impl FnMut(ConfigurationStep)) -> Answer {
        if self.unread {
            return Answer::Open(Reason::PartUnread);
        }
        let answer = match self.joined {
            Joined::And => self.all_answer(at, asked, tell),
            Joined::Or => self.any_answer(at, asked, tell),
        };
        answer.negated_if(self.negate)
    }

    /// All nodes: one that names the product is asked of it alone and comes first, so that its reason is told before that of the
    /// surroundings; where several name it, each in turn.
    fn all_answer(&self, at: usize, asked: &Asked<'_>, tell: &mut impl FnMut(ConfigurationStep)) -> Answer {
        let naming = self.nodes.iter().enumerate().filter(|(_, node)| node.names(asked.product));
        naming.fold(Answer::No, |found, (own, node)| {
            let mut all = node.answer((at, own), asked, true, tell);
            for (place, other) in self.nodes.iter().enumerate().filter(|(place, _)| *place != own) {
                if all == Answer::No {
                    break;
                }
                all = all.and(other.answer((at, place), asked, false, tell));
            }
            found.or(all)
        })
    }

    /// Any node: those that name the product are asked of it alone. The others matter only where the opposite is meant.
    fn any_answer(&self, at: usize, asked: &Asked<'_>, tell: &mut impl FnMut(ConfigurationStep)) -> Answer {
        self.nodes.iter().enumerate().fold(Answer::No, |found, (place, node)| {
            let own = node.names(asked.product);
            if own || self.negate { found.or(node.answer((at, place), asked, own, tell)) } else { found }
        })
    }
}

impl Node {
    /// Whether the product is one this node calls vulnerable, whatever its version.
    fn names(&self, product: &Installed) -> bool {
        let vulnerable = || self.all.iter().filter(|criteria| criteria.vulnerable);
        product.names.iter().any(|name| vulnerable().any(|criteria| criteria.names_product(name)))
    }

    fn answer(
        &self,
        at: (usize, usize),
        asked: &Asked<'_>,
        own: bool,
        tell: &mut impl FnMut(ConfigurationStep),
    ) -> Answer {
        let any = self.joined == Joined::Or;
        let mut found = if any { Answer::No } else { Answer::Yes };
        for (place, criteria) in self.all.iter().enumerate() {
            // Of alternatives only those count that call the product itself vulnerable.
            let own = own && (any || asked.product.names.iter().any(|name| criteria.names_product(name)));
            if own && any && !criteria.vulnerable {
                continue;
            }
            let answer =
                if own { of_product(criteria, asked.product) } else { of_everything(criteria, asked) };
            tell(ConfigurationStep::Asked { at: (at.0, at.1, place), own, answer });
            found = if any { found.or(answer) } else { found.and(answer) };
        }
        let answer = found.negated_if(self.negate);
        tell(ConfigurationStep::Node { at, answer });
        answer
    }
}

/// The names of a component are names of one thing: it is what one of them says.
fn of_product(criteria: &Criteria, product: &Installed) -> Answer {
    let naming = product.names.iter().filter(|name| criteria.names_product(name));
    naming.fold(Answer::No, |found, name| found.or(criteria.answer(name)))
}

/// What is not there is unknown, unless the bill contradicts it: by naming the product in another version, by being complete, or by another
/// operating system.
fn of_everything(criteria: &Criteria, asked: &Asked<'_>) -> Answer {
    let Some(cpe) = &criteria.cpe else { return Answer::Open(Reason::PartUnread) };
    let mut seen = false;
    let mut found = Answer::No;
    let mut ask = |name: &Name| {
        if criteria.names_product(name) {
            seen = true;
            found = found.or(criteria.answer(name));
        }
    };
    asked.product.names.iter().for_each(&mut ask);
    asked.around.candidates(cpe).for_each(&mut ask);
    if seen || asked.around.contradict(cpe) { found } else { Answer::Open(Reason::SurroundingsUnknown) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::nvd::read_json;
    use crate::name::purl::Purl;

    /// Configurations of a record, given as the inside of the list.
    fn prepared(configurations: &str) -> Prepared {
        let text = format!(r#"{{"id": "CVE-1", "lastModified": "m", "configurations": [{configurations}]}}"#);
        Prepared::of(&read_json(text.as_bytes()).unwrap().value).unwrap()
    }

    /// A node of names with bounds; a name behind `!` is not vulnerable.
    fn node(joined: &str, negate: bool, names: &[&str]) -> String {
        let matches: Vec<String> = names
            .iter()
            .map(|name| {
                let (name, before) = name.split_once(" < ").unwrap_or((name, ""));
                let vulnerable = !name.starts_with('!');
                let criteria = whole(name.trim_start_matches('!'));
                let bound = if before.is_empty() {
                    String::new()
                } else {
                    format!(r#", "versionEndExcluding": "{before}""#)
                };
                format!(r#"{{"vulnerable": {vulnerable}, "criteria": "{criteria}"{bound}}}"#)
            })
            .collect();
        format!(r#"{{"operator": "{joined}", "negate": {negate}, "cpeMatch": [{}]}}"#, matches.join(","))
    }

    fn whole(name: &str) -> String {
        format!("cpe:2.3:{name}{}", ":*".repeat(11 - name.split(':').count()))
    }

    fn configured(joined: &str, negate: bool, nodes: &[String]) -> Prepared {
        prepared(&format!(
            r#"{{"operator": "{joined}", "negate": {negate}, "nodes": [{}]}}"#,
            nodes.join(",")
        ))
    }

    fn judged(prepared: &Prepared, product: &str, around: &[&str], complete: bool) -> Verdict {
        let around: Vec<String> = around.iter().map(|name| whole(name)).collect();
        let around = Surroundings::of(around.iter().map(|name| (name.as_str(), None)), complete);
        prepared.judge(&Installed::of([whole(product).as_str()], None, None), &around)
    }

    const REACHED: Verdict = Verdict::Affected(Affects::Configured(0));
    const NO: Verdict = Verdict::NotAffected(Clear::NotConfigured);

    #[test]
    fn a_negated_node_holds_where_its_names_do_not() {
        let nodes = [node("OR", false, &["a:v:app < 2"]), node("OR", true, &["!o:v:os:1"])];
        let and = configured("AND", false, &nodes);
        assert_eq!(judged(&and, "a:v:app:1", &["o:v:os:2"], false), REACHED);
        assert_eq!(judged(&and, "a:v:app:1", &["o:v:os:1"], false), NO);
        assert_eq!(judged(&and, "a:v:app:1", &[], false), Verdict::Undetermined(Reason::SurroundingsUnknown));
        assert_eq!(
            judged(&and, "a:v:app:1", &[], true),
            REACHED,
            "a complete bill says that the system is not there"
        );
    }

    #[test]
    fn a_negated_configuration_is_its_opposite() {
        let not = configured("OR", true, &[node("OR", false, &["a:v:app < 2"])]);
        assert_eq!(judged(&not, "a:v:app:1", &[], false), NO);
        assert_eq!(judged(&not, "a:v:app:2", &[], false), REACHED);
        assert_eq!(judged(&not, "a:v:app:*", &[], false), Verdict::Undetermined(Reason::VersionOpen));
        assert_eq!(judged(&not, "a:w:app:2", &[], false), Verdict::NotAffected(Clear::NotNamed));
    }

    #[test]
    fn all_names_of_a_node_may_be_needed() {
        let all = configured("OR", false, &[node("AND", false, &["a:v:app < 2", "!a:v:plugin:1"])]);
        assert_eq!(judged(&all, "a:v:app:1", &["a:v:plugin:1"], false), REACHED);
        assert_eq!(judged(&all, "a:v:app:1", &["a:v:plugin:2"], false), NO);
        assert_eq!(judged(&all, "a:v:app:2", &["a:v:plugin:1"], false), NO);
        assert_eq!(judged(&all, "a:v:app:1", &[], false), Verdict::Undetermined(Reason::SurroundingsUnknown));
    }

    #[test]
    fn a_product_is_not_affected_because_its_neighbour_is() {
        let either = configured("OR", false, &[node("OR", false, &["a:v:app < 2", "a:v:other < 2"])]);
        assert_eq!(judged(&either, "a:v:app:2", &["a:v:other:1"], false), NO);
    }

    #[test]
    fn the_version_a_bill_states_stands_in_where_a_name_has_none() {
        let bound = configured("OR", false, &[node("OR", false, &["a:v:app < 2"])]);
        let stated = |version| {
            let product = Installed::of([whole("a:v:app:*").as_str()], version, None);
            bound.judge(&product, &Surroundings::default())
        };
        assert_eq!(stated(Some("1.9")), REACHED);
        assert_eq!(stated(Some("2.0")), NO);
        assert_eq!(stated(None), Verdict::Undetermined(Reason::VersionOpen));
    }

    #[test]
    fn a_plain_release_is_told_from_its_updates() {
        let plain = configured("OR", false, &[node("OR", false, &["a:v:app:1.0:-"])]);
        let update = configured("OR", false, &[node("OR", false, &["a:v:app:1.0:sp1"])]);
        let open = Verdict::Undetermined(Reason::VersionOpen);
        for (product, of_plain, of_update) in [
            ("a:v:app:1.0:-", REACHED, NO),
            ("a:v:app:1.0:sp1", NO, REACHED),
            ("a:v:app:1.0-sp1", NO, REACHED),
            ("a:v:app:1.0:sp2", NO, NO),
            ("a:v:app:1.0", open, open),
            ("a:v:app:1.1", NO, NO),
        ] {
            assert_eq!(judged(&plain, product, &[], false), of_plain, "{product}");
            assert_eq!(judged(&update, product, &[], false), of_update, "{product}");
        }
    }

    #[test]
    fn a_distributions_package_is_not_judged_by_cpe() {
        let bound = configured("OR", false, &[node("OR", false, &["a:v:app < 2"])]);
        let purl = Purl::parse("pkg:rpm/redhat/app@1.0-3.el8").unwrap();
        let judged = |name: &str| {
            bound.judge(&Installed::of([whole(name).as_str()], None, Some(&purl)), &Surroundings::default())
        };
        assert_eq!(judged("a:v:app:1.0"), Verdict::Undetermined(Reason::DistributionJudges));
        assert_eq!(judged("a:v:other:1.0"), Verdict::NotAffected(Clear::NotNamed));
    }

    #[test]
    fn what_was_not_read_is_not_judged() {
        let lost = prepared(
            r#"{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true,
                "criteria": "cpe:2.3:a:v:app:*:*:*:*:*:*:*:*"}, 7]}]}"#,
        );
        assert_eq!(judged(&lost, "a:v:app:1", &[], false), Verdict::Undetermined(Reason::PartUnread));
    }

    #[test]
    fn every_question_is_told() {
        let nodes = [node("OR", false, &["a:v:app < 2"]), node("OR", false, &["!o:v:os:-"])];
        let and = configured("AND", false, &nodes);
        let around = Surroundings::default();
        let (verdict, steps) =
            and.explain(&Installed::of([whole("a:v:app:1").as_str()], None, None), &around);
        assert_eq!(verdict, Verdict::Undetermined(Reason::SurroundingsUnknown));
        let open = Answer::Open(Reason::SurroundingsUnknown);
        assert_eq!(
            steps,
            [
                ConfigurationStep::Asked { at: (0, 0, 0), own: true, answer: Answer::Yes },
                ConfigurationStep::Node { at: (0, 0), answer: Answer::Yes },
                ConfigurationStep::Asked { at: (0, 1, 0), own: false, answer: open },
                ConfigurationStep::Node { at: (0, 1), answer: open },
                ConfigurationStep::Configuration { at: 0, answer: open },
            ]
        );
    }
}
