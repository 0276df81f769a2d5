//! Statements applied to findings, each for one vulnerability, one component and one product. Nothing is applied in silence: every statement
//! says where it applied, or why it did not. Findings keep their verdicts; what is stated stands beside them.

use std::collections::{BTreeMap, HashMap};

use super::bill::{Bill, Containment, Subject, Within};
use super::identity::{Home, Known, Lookup, NamedBy, Other, absent, claimed, same};
use super::model::{Document, Product, Standing, Statement, Status, Thing};
use super::precedence::{self, Candidate};

/// Where a statement stands among some documents: of its products one, and of that product's parts one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The document.
    pub document: usize,
    /// The statement in it.
    pub statement: usize,
    /// The product of the statement.
    pub product: usize,
    /// The part of the product; none means the product as a whole.
    pub part: Option<usize>,
}

/// What became of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The statement.
    pub at: At,
    /// What it states of the version at hand; none where that could not be read.
    pub status: Option<Status>,
    /// Where it applied, or why it did not.
    pub outcome: Result<Vec<Hit>, Why>,
}

/// A finding that a statement speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The finding.
    pub subject: usize,
    /// By what the product or component was recognised.
    pub named: NamedBy,
    /// Whether the statement names this component and no product around it: its supplier speaks of it in whatever product.
    pub is_alone: bool,
    /// The id by which the vulnerability was recognised, where it is not the advisory's own: they are of one group, shown and not merged.
    pub through: Option<String>,
    /// Whether it counts.
    pub force: Force,
}

/// Whether a statement on a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Force {
    /// It does.
    InForce,
    /// Its author has stated something later.
    Superseded(At),
    /// Another author, who comes first in the given order, states otherwise.
    Outranked(At),
    /// Another statement says otherwise, and nothing decides between them.
    Contradicted(At),
}

/// Why a statement did not apply to any finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// It names no product, and so speaks of all or none.
    NoProduct,
    /// It names no vulnerability.
    NoVulnerability,
    /// It states nothing that could be read.
    NoStatus,
    /// *Not affected* without a reason.
    NoReason,
    /// It says of one version both that it is affected and that it is not.
    SelfContradiction,
    /// It is about another product.
    OtherProduct(Other),
    /// The bill does not say which product it is about.
    ProductUnknown,
    /// It is of a component of another bill, which names no product.
    UnnamedBill,
    /// The component it speaks of is not in this bill.
    NotInBill(Other),
    /// The component is not within the part of the product that it speaks of.
    NotWithin,
    /// The component is within that part, and elsewhere in the product too.
    AlsoElsewhere,
    /// The bill does not say what is within that part.
    ContainmentUnknown,
    /// The vulnerability was not found in this bill.
    NotFound,
    /// It was found, but on other components only.
    FoundElsewhere(Vec<usize>),
}

/// What is stated of one finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The status, where all that counts agrees.
    pub status: Option<Status>,
    /// The statements that count; where they contradict each other, all of them.
    pub by: Vec<At>,
    /// Whether they contradict each other.
    pub is_contradictory: bool,
}

impl Stated {
    /// Whether nothing more needs to be done.
    pub fn settles(&self) -> bool {
        self.status.is_some_and(Status::settles)
    }
}

/// All that became of some documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// Every statement, product by product and part by part, in the order of the documents.
    pub told: Vec<Told>,
    /// What is stated of each finding, in their order.
    pub stated: Vec<Stated>,
}

/// Applies documents to a bill's findings. `order` names authors, the one whose word counts most first; without it no author
/// counts more than another.
pub fn apply(bill: &Bill, subjects: &[Subject], documents: &[&Document], order: &[String]) -> Application {
    let mut applying = Applying::of(bill, subjects);
    let mut told = Vec::new();
    for (document, content) in documents.iter().enumerate() {
        for (number, statement) in content.statements.iter().enumerate() {
            if statement.products.is_empty() {
                let at = At { document, statement: number, product: 0, part: None };
                told.push(Told { at, status: statement.status, outcome: Err(Why::NoProduct) });
            }
            for (index, product) in statement.products.iter().enumerate() {
                let parts: Vec<Option<usize>> = if product.parts.is_empty() {
                    vec![None]
                } else {
                    (0..product.parts.len()).map(Some).collect()
                };
                for part in parts {
                    let at = At { document, statement: number, product: index, part };
                    told.extend(applying.tell(at, statement, product, content.is_of_unnamed_bill));
                }
            }
        }
    }
    let stated = decide(subjects.len(), &mut told, documents, order);
    Application { told, stated }
}

/// What is stated of each finding, and whether each hit counts.
fn decide(subjects: usize, told: &mut [Told], documents: &[&Document], order: &[String]) -> Vec<Stated> {
    let mut by_subject: HashMap<usize, Vec<(Candidate<'_>, usize, usize)>> = HashMap::new();
    for (line, one) in told.iter().enumerate() {
        let (Ok(hits), Some(status)) = (&one.outcome, one.status) else { continue };
        for (number, hit) in hits.iter().enumerate() {
            let candidate = Candidate::of(one.at, status, documents);
            by_subject.entry(hit.subject).or_default().push((candidate, line, number));
        }
    }
    let mut stated = vec![Stated::default(); subjects];
    for (subject, all) in by_subject {
        let candidates: Vec<Candidate<'_>> = all.iter().map(|(candidate, _, _)| candidate.clone()).collect();
        let forces = precedence::forces(&candidates, order);
        for ((candidate, line, number), force) in all.iter().zip(&forces) {
            if let Ok(hits) = &mut told[*line].outcome {
                hits[*number].force = *force;
            }
            let of_it = &mut stated[subject];
            match force {
                Force::InForce => {
                    of_it.status = Some(candidate.status);
                    of_it.by.push(candidate.at);
                }
                Force::Contradicted(_) => {
                    of_it.is_contradictory = true;
                    of_it.by.push(candidate.at);
                }
                Force::Superseded(_) | Force::Outranked(_) => {}
            }
        }
        stated[subject].by.sort_unstable();
    }
    stated
}

struct Applying<'a> {
    bill: &'a Bill,
    subjects: &'a [Subject],
    known: Vec<Known<'a>>,
    lookup: Lookup,
    within: Within<'a>,
    by_id: HashMap<String, Vec<usize>>,
}

/// Components of the bill that a statement speaks of, each with what it was recognised by; none means all of the product.
enum Covered {
    Whole(NamedBy),
    Parts(HashMap<usize, NamedBy>),
    /// Without a product around them.
    Alone(HashMap<usize, NamedBy>),
}

impl<'a> Applying<'a> {
    fn of(bill: &'a Bill, subjects: &'a [Subject]) -> Self {
        let known: Vec<Known<'a>> = bill.parts.iter().map(Known::of).collect();
        let mut by_id: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, subject) in subjects.iter().enumerate() {
            for id in std::iter::once(&subject.advisory).chain(&subject.aliases) {
                let list = by_id.entry(id.to_uppercase()).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        Applying { bill, subjects, lookup: Lookup::of(&known), known, within: Within::of(bill), by_id }
    }

    /// What became of it: once, or once for each standing of the versions that are there.
    fn tell(&mut self, at: At, statement: &Statement, product: &Product, is_unnamed: bool) -> Vec<Told> {
        let part = at.part.and_then(|part| product.parts.get(part));
        match self.covered(product, part, is_unnamed) {
            Err(why) => vec![Told { at, status: statement.status, outcome: Err(why) }],
            Ok(all) => all
                .iter()
                .map(|(covered, standing)| match effective(statement.status, *standing) {
                    Ok(status) => Told { at, status, outcome: self.hits(statement, status, covered) },
                    Err(why) => Told { at, status: statement.status, outcome: Err(why) },
                })
                .collect(),
        }
    }

    /// The findings that a statement speaks of on what it covers.
    fn hits(
        &self,
        statement: &Statement,
        status: Option<Status>,
        covered: &Covered,
    ) -> Result<Vec<Hit>, Why> {
        match status {
            None => return Err(Why::NoStatus),
            Some(Status::NotAffected) if !statement.has_reason() => return Err(Why::NoReason),
            Some(_) => {}
        }
        let found = self.findings(statement)?;
        let named = |part: usize| match covered {
            Covered::Whole(by) => Some(*by),
            Covered::Parts(parts) | Covered::Alone(parts) => parts.get(&part).copied(),
        };
        let hit = |(subject, through): (&usize, &Option<String>)| {
            let named = named(self.subjects[*subject].part)?;
            let is_alone = matches!(covered, Covered::Alone(_));
            Some(Hit { subject: *subject, named, is_alone, through: through.clone(), force: Force::InForce })
        };
        let hits: Vec<Hit> = found.iter().filter_map(hit).collect();
        if hits.is_empty() { Err(Why::FoundElsewhere(found.into_keys().collect())) } else { Ok(hits) }
    }

    /// The findings of a statement's vulnerability, wherever they are; with the id they share where it is not the advisory's own.
    fn findings(&self, statement: &Statement) -> Result<BTreeMap<usize, Option<String>>, Why> {
        let vulnerability = &statement.vulnerability;
        if vulnerability.id.is_empty() {
            return Err(Why::NoVulnerability);
        }
        let mut found: BTreeMap<usize, Option<String>> = BTreeMap::new();
        for id in std::iter::once(&vulnerability.id).chain(&vulnerability.aliases) {
            for subject in self.by_id.get(&id.to_uppercase()).into_iter().flatten() {
                let is_own = vulnerability.id.eq_ignore_ascii_case(&self.subjects[*subject].advisory);
                found.entry(*subject).or_insert_with(|| (!is_own).then(|| id.clone()));
            }
        }
        if found.is_empty() { Err(Why::NotFound) } else { Ok(found) }
    }

    /// What of the bill a product of a statement is, or the part of it, and what is said of the versions that are there.
    fn covered(
        &mut self,
        product: &Product,
        part: Option<&Thing>,
        is_unnamed: bool,
    ) -> Result<Vec<(Covered, Option<Standing>)>, Why> {
        let as_main = self.is_main(&product.thing);
        match (as_main, part) {
            (Ok((by, standing)), None) => Ok(vec![(Covered::Whole(by), standing)]),
            (Err(against), None) => {
                let mut parts =
                    self.parts_that_are(&product.thing).map_err(|other| not_there(against.max(other)))?;
                // A component that the document lists, not a package URL that stands for itself.
                if is_unnamed && product.thing.name.is_some() {
                    parts.retain(|part| part.by == NamedBy::Link);
                }
                if parts.is_empty() {
                    return Err(Why::UnnamedBill);
                }
                Ok(by_standing(parts, Covered::Alone))
            }
            (Ok(_), Some(part)) => {
                Ok(by_standing(self.parts_that_are(part).map_err(Why::NotInBill)?, Covered::Parts))
            }
            (Err(against), Some(part)) => self.part_of_part(&product.thing, part, against),
        }
    }

    /// The product that is stated is itself a component of this one.
    fn part_of_part(
        &mut self,
        whole: &Thing,
        part: &Thing,
        against: Other,
    ) -> Result<Vec<(Covered, Option<Standing>)>, Why> {
        let wholes = match self.parts_that_are(whole) {
            Ok(wholes) => wholes,
            Err(_) if self.bill.main.is_none() => return Err(Why::ProductUnknown),
            Err(other) => return Err(Why::OtherProduct(against.max(other))),
        };
        let mut kept = Vec::new();
        let mut why = Why::NotWithin;
        for one in self.parts_that_are(part).map_err(Why::NotInBill)? {
            let containments: Vec<Containment> =
                wholes.iter().take(8).map(|whole| self.within.ask(whole.part, one.part)).collect();
            if containments.contains(&Containment::OnlyThere) {
                kept.push(one);
            } else if containments.contains(&Containment::AlsoElsewhere) {
                why = Why::AlsoElsewhere;
            } else if containments.contains(&Containment::Unknown) {
                why = Why::ContainmentUnknown;
            }
        }
        if kept.is_empty() { Err(why) } else { Ok(by_standing(kept, Covered::Parts)) }
    }

    fn home(&self) -> Home<'a> {
        Home {
            serial: self.bill.serial.as_deref(),
            revision: self.bill.revision.as_deref(),
            namespace: self.bill.namespace.as_deref(),
        }
    }

    fn is_main(&self, thing: &Thing) -> Result<(NamedBy, Option<Standing>), Other> {
        let home = self.home();
        let Some(main) = self.bill.main.and_then(|main| self.known.get(main)) else {
            // A link to the bill as a whole needs no component that it is about.
            let is_whole = thing.link.as_ref().is_some_and(|link| link.reference.is_none());
            let against = absent(thing, home);
            return if is_whole && against == Other::Different {
                Ok((NamedBy::Link, None))
            } else if home.is_addressed(thing) {
                Ok((NamedBy::Address, None))
            } else {
                Err(against)
            };
        };
        let by = same(&Known::of(thing), main, home, true)?;
        Ok((by, claimed(thing, main.thing)?))
    }

    /// Every component that is what is stated, but not the product the bill is about.
    fn parts_that_are(&self, thing: &Thing) -> Result<Vec<Recognised>, Other> {
        let stated = Known::of(thing);
        let mut found = Vec::new();
        let mut against = absent(thing, self.home());
        for part in self.lookup.may_be(&stated).into_iter().filter(|part| self.bill.main != Some(*part)) {
            let known = &self.known[part];
            let is = same(&stated, known, self.home(), false);
            match is.and_then(|by| Ok(Recognised { part, by, standing: claimed(thing, known.thing)? })) {
                Ok(one) => found.push(one),
                Err(other) => against = against.max(other),
            }
        }
        if found.is_empty() { Err(against) } else { Ok(found) }
    }
}

/// A component that was recognised.
struct Recognised {
    part: usize,
    by: NamedBy,
    standing: Option<Standing>,
}

/// Components of different versions may stand differently: each standing is told for itself.
fn by_standing(
    all: Vec<Recognised>,
    covered: fn(HashMap<usize, NamedBy>) -> Covered,
) -> Vec<(Covered, Option<Standing>)> {
    let mut groups: Vec<(HashMap<usize, NamedBy>, Option<Standing>)> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|(_, standing)| *standing == one.standing) {
            Some((parts, _)) => drop(parts.insert(one.part, one.by)),
            None => groups.push((HashMap::from([(one.part, one.by)]), one.standing)),
        }
    }
    groups.into_iter().map(|(parts, standing)| (covered(parts), standing)).collect()
}

/// A product without parts is neither this product nor in it: which of the two is missed depends on what was found instead.
fn not_there(against: Other) -> Why {
    match against {
        Other::OtherBill | Other::OtherRevision { .. } => Why::OtherProduct(against),
        other => Why::NotInBill(other),
    }
}

/// What an analysis and what is said of a version mean together (CycloneDX, `affects[].versions[].status`).
fn effective(status: Option<Status>, standing: Option<Standing>) -> Result<Option<Status>, Why> {
    Ok(match (standing, status) {
        (None, status) => status,
        (Some(Standing::Unaffected), Some(Status::Fixed)) => Some(Status::Fixed),
        (Some(Standing::Unaffected), _) => Some(Status::NotAffected),
        (Some(Standing::Affected), Some(Status::NotAffected)) => return Err(Why::SelfContradiction),
        (Some(Standing::Affected), _) => Some(Status::Affected),
        (Some(Standing::Unknown), _) => Some(Status::UnderInvestigation),
    })
}
