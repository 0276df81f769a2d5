//! From products and advisories to what is told of them: the matcher is asked, its answers are compared with those of the last check, and
//! each gets what `cyber::watch::duty` asks for.

use std::collections::{BTreeMap, HashSet};

use base::Names;
use cyber::advisory::{Advisory, Affected, Severity};
use cyber::index::IndexError;
use cyber::matching::{self, Device, Index, Scan, Suggestion, Verdict, Wanted, scan};
use cyber::severity::Gravity;
use cyber::watch::duty::{Answer, Grade, Situation, of_finding, of_life};
use cyber::watch::triage::Progress;
use cyber::watch::{Product, Watched, reach};
use jiff::civil::Date;
use report::outline::watch::{Head, Line, Told, named};

use super::desk::{Desk, Finding, KeptAlert, KeptStep};
use super::dossier::Dossier;

/// A score from here on is high (CVSS 3.1, 5).
const HIGH: u8 = 70;

/// Every product with what is open since the last check.
pub(super) fn all(desk: &Desk, today: Date) -> Vec<Told> {
    let told = |dossier: &Dossier| {
        let product = dossier.product();
        let standing = desk.state.findings.iter().filter(|one| one.is_of(&product) && one.cleared.is_none());
        let lines = standing.map(|finding| line(desk, dossier, finding, today)).collect();
        told_of(desk, dossier, lines, today)
    };
    desk.state.products.iter().map(told).collect()
}

/// How a check differs from the last one.
#[derive(Default)]
pub(super) struct Compared {
    pub news: Vec<Told>,
    /// Findings whose advisories are not among the data any more: about them nothing new is known.
    pub unheard: usize,
}

/// Asks the matcher about every product, and tells what differs from the last check. The state holds the new answers afterwards.
pub(super) fn compared(desk: &mut Desk, index: &Index<'_>, today: Date) -> Result<Compared, IndexError> {
    let mut compared = Compared::default();
    for dossier in desk.state.products.clone() {
        let product = dossier.product();
        let components = components(desk, &product);
        let outcome = scan(index, components.iter().map(Wanted::from))?;
        let mut now = found(&product, &outcome, today);
        for one in index.suggested(&[device(&product)])? {
            if let Some(entry) = one.entry() {
                now.extend(named_in(&product, &one.advisory, entry, &one.suggestion, today));
            }
        }
        compared.unheard += kept(desk, &product, index, &mut now, today)?;
        let changed = merged(desk, &product, one_each(now), today);
        let at = jiff::Timestamp::now().to_string();
        for finding in &changed {
            let alert = KeptAlert {
                at: at.clone(),
                product: named(&product),
                advisory: finding.advisory.clone(),
                what: match answer(finding) {
                    Answer::Affected => "affected",
                    Answer::Undetermined => "undetermined",
                    Answer::NotAffected => "cleared",
                }
                .to_owned(),
                summary: finding.summary.clone(),
            };
            desk.state.alerts.push(alert);
        }
        let lines = changed.iter().map(|finding| line(desk, &dossier, finding, today)).collect();
        let mut told = told_of(desk, &dossier, lines, today);
        told.unasked = outcome.components - outcome.asked;
        compared.news.push(told);
    }
    Ok(compared)
}

/// Standing findings whose advisories the data at hand do not hold stay as they are: that a source is missing clears nothing.
fn kept(
    desk: &Desk,
    product: &Product,
    index: &Index<'_>,
    now: &mut Vec<Finding>,
    today: Date,
) -> Result<usize, IndexError> {
    let mut unheard = 0;
    for known in desk.state.findings.iter().filter(|one| one.is_of(product) && one.cleared.is_none()) {
        if index.of_id(&known.advisory)?.is_none() {
            unheard += 1;
            now.push(Finding { found: today, ..known.clone() });
        }
    }
    Ok(unheard)
}

/// The products one advisory reaches, or may, as a push finds them.
pub(super) fn reached(desk: &Desk, advisory: &Advisory, today: Date) -> Vec<Told> {
    let portfolio = desk.keeper.portfolio();
    let reach = reach(portfolio, advisory);
    let mut all = Vec::new();
    for dossier in &desk.state.products {
        let product = dossier.product();
        let Some(number) = portfolio.number(&product) else { continue };
        let hits = reach.of_product(portfolio, number);
        let told = |finding: Finding| {
            let known =
                desk.state.findings.iter().find(|one| one.is_of(&product) && one.advisory == advisory.id);
            let finding = known.map_or(finding.clone(), |known| continued(known, finding));
            told_of(desk, dossier, vec![line(desk, dossier, &finding, today)], today)
        };
        let Some(first) = hits.iter().min_by_key(|hit| !hit.is_affected()) else {
            let named = reach.suggested_for(number).and_then(|one| {
                named_in(&product, advisory, &advisory.affected[one.entry], &one.suggestion(), today)
            });
            all.extend(named.map(told));
            continue;
        };
        let affected = first.is_affected();
        let shown = hits.iter().filter(|hit| hit.is_affected() == affected);
        let finding = Finding {
            components: shown
                .filter_map(|hit| Some(portfolio.component(hit.place)?.shown().into_owned()))
                .collect(),
            why: first.why(advisory),
            ..blank(&product, Spoken::of(advisory), affected, today)
        };
        all.push(told(finding));
    }
    all
}

/// One finding for each advisory; an answer that reaches the product comes before one that leaves it open.
fn found(product: &Product, outcome: &Scan<'_>, today: Date) -> Vec<Finding> {
    let mut by_advisory: BTreeMap<&str, Finding> = BTreeMap::new();
    for reached in &outcome.reached {
        for one in &reached.findings {
            let affected = matches!(one.verdict, Verdict::Affected(_));
            let new = || Finding { why: one.why(), ..blank(product, Spoken::found(one), affected, today) };
            let finding = by_advisory.entry(one.advisory.id).or_insert_with(new);
            if affected && !finding.affected {
                *finding = new();
            }
            if affected == finding.affected {
                finding.components.push(reached.name.clone());
            }
        }
    }
    by_advisory.into_values().collect()
}

/// A product as advisories that name devices in words speak of it.
fn device(product: &Product) -> Device {
    Device {
        maker: product.maker.clone(),
        product: product.name.clone(),
        model: None,
        version: product.stated_version().map(str::to_owned),
        cpes: Vec::new(),
    }
}

/// An advisory that may name the product itself. By words nothing is ever more than undetermined.
fn named_in(
    product: &Product,
    advisory: &Advisory,
    entry: &Affected,
    suggestion: &Suggestion,
    today: Date,
) -> Option<Finding> {
    let may_reach = !matches!(suggestion.verdict, Verdict::NotAffected(_));
    may_reach.then(|| Finding {
        components: vec![named(product)],
        why: report::outline::device::basis(suggestion, entry),
        ..blank(product, Spoken::of(advisory), false, today)
    })
}

/// One finding an advisory: that of a component stands for one by the product's name.
fn one_each(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert(finding.advisory.clone()));
    findings
}

/// Puts the answers of a check into the state, and returns those that are other ones than before. A changed answer is dealt with anew.
fn merged(desk: &mut Desk, product: &Product, now: Vec<Finding>, today: Date) -> Vec<Finding> {
    let mut changed = Vec::new();
    for known in desk.state.findings.iter_mut().filter(|one| one.is_of(product) && one.cleared.is_none()) {
        if !now.iter().any(|finding| finding.advisory == known.advisory) {
            known.cleared = Some(today);
            changed.push(known.clone());
        }
    }
    for finding in now {
        let place =
            desk.state.findings.iter().position(|one| one.is_of(product) && one.advisory == finding.advisory);
        let Some(place) = place else {
            changed.push(finding.clone());
            desk.state.findings.push(finding);
            continue;
        };
        let known = &mut desk.state.findings[place];
        let is_new = known.cleared.is_some() || known.affected != finding.affected;
        *known = continued(known, finding);
        if is_new {
            reopened(known, today);
            changed.push(known.clone());
        }
    }
    changed
}

/// Whatever was decided about another answer does not hold for this one.
fn reopened(finding: &mut Finding, today: Date) {
    if finding.triage().progress().leads_to(Progress::Evaluating) && !finding.steps.is_empty() {
        finding.steps.push(KeptStep {
            to: Progress::Evaluating.key().to_owned(),
            by: "shirube".to_owned(),
            on: today,
            reason: "the answer changed".to_owned(),
        });
    }
}

/// What is said now, with what was done before.
fn continued(known: &Finding, now: Finding) -> Finding {
    let found = if known.cleared.is_some() { now.found } else { known.found };
    Finding { steps: known.steps.clone(), evaluation: known.evaluation.clone(), found, ..now }
}

/// What is kept of an advisory.
struct Spoken {
    id: String,
    aliases: Vec<String>,
    summary: String,
    severities: Vec<Severity>,
}

impl Spoken {
    fn of(advisory: &Advisory) -> Self {
        let of_entries = advisory.affected.iter().flat_map(|one| &one.severities);
        Self {
            id: advisory.id.clone(),
            aliases: advisory.aliases.clone(),
            summary: advisory.summary.clone(),
            severities: advisory.severities.iter().chain(of_entries).cloned().collect(),
        }
    }

    fn found(finding: &matching::Finding<'_>) -> Self {
        let advisory = &finding.advisory;
        Self {
            id: advisory.id.to_owned(),
            aliases: advisory.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            summary: advisory.summary.to_owned(),
            severities: finding.severities(),
        }
    }
}

fn blank(product: &Product, spoken: Spoken, affected: bool, today: Date) -> Finding {
    let rated = spoken.severities.iter().map(|severity| (spoken.id.as_str(), severity));
    let score = Gravity::of(rated).highest().map(|(_, scored)| scored.score.tenths());
    Finding {
        maker: product.maker.clone(),
        name: product.name.clone(),
        version: product.version.clone(),
        advisory: spoken.id,
        aliases: spoken.aliases,
        components: Vec::new(),
        affected,
        why: Names::default(),
        summary: spoken.summary,
        score,
        found: today,
        cleared: None,
        steps: Vec::new(),
        evaluation: Vec::new(),
    }
}

fn line(desk: &Desk, dossier: &Dossier, finding: &Finding, today: Date) -> Line {
    let triage = finding.triage();
    let last = triage.steps.last();
    let answer = answer(finding);
    let grade = match finding.score {
        Some(score) if score >= HIGH => Grade::High,
        Some(_) => Grade::Lower,
        None => Grade::Unknown,
    };
    let own = dossier
        .own_components
        .iter()
        .any(|own| finding.components.iter().any(|one| one.contains(own.as_str())));
    let situation = Situation {
        stage: dossier.dates().stage(today),
        answer,
        progress: triage.progress(),
        grade,
        own,
        found: finding.found,
        moved: last.map(|step| step.on),
    };
    let duties = if answer == Answer::NotAffected {
        Vec::new()
    } else {
        of_finding(&situation, &desk.settings.clocks())
    };
    Line {
        advisory: finding.advisory.clone(),
        aliases: finding.aliases.clone(),
        components: finding.components.clone(),
        answer,
        why: finding.why.clone(),
        summary: finding.summary.clone(),
        grade,
        progress: triage.progress(),
        reason: last.map(|step| step.reason.clone()).unwrap_or_default(),
        found: finding.found,
        duties,
    }
}

fn told_of(desk: &Desk, dossier: &Dossier, lines: Vec<Line>, today: Date) -> Told {
    let (product, dates) = (dossier.product(), dossier.dates());
    let components = components(desk, &product);
    let head = Head {
        stage: dates.stage(today),
        dates,
        legacy: dossier.protection().legacy(),
        users: dossier.users.clone(),
        components: components.len(),
        product,
    };
    // Without advisories at hand, what certainly could not be looked up are components without a name to ask by.
    let unasked = components.iter().filter(|one| !one.can_be_asked()).count();
    let life = of_life(&dates, &dossier.given(), today, &desk.settings.clocks());
    Told { head, lines, unasked, life }
}

fn answer(finding: &Finding) -> Answer {
    match finding {
        Finding { cleared: Some(_), .. } => Answer::NotAffected,
        Finding { affected: true, .. } => Answer::Affected,
        _ => Answer::Undetermined,
    }
}

fn components(desk: &Desk, product: &Product) -> Vec<Watched> {
    let portfolio = desk.keeper.portfolio();
    let Some(number) = portfolio.number(product) else { return Vec::new() };
    portfolio.contents(number).into_iter().filter_map(|place| portfolio.component(place)).collect()
}
