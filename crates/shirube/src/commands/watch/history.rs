//! The history of a portfolio: what is kept of its products, findings and feeds, by day.

use base::Lang;
use cyber::watch::Product;
use report::outline::watch as outline;
use report::outline::watch_history::{Event, Happening, history, history_json};

use super::desk::{Desk, Finding, Happened, KeptCheck};
use super::dossier::Dossier;
use crate::cli::{Answer, Format};
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

pub(super) fn run(voice: Voice, desk: &Desk, answer: &Answer) -> Result<(), Failure> {
    let mut events: Vec<Event> = desk.history()?.iter().filter_map(of_product).collect();
    events.extend(desk.state.findings.iter().flat_map(|finding| of_finding(finding, voice.lang)));
    events.extend(desk.state.checks.iter().map(|check| of_check(check, voice.lang)));
    // Within a day as it is kept: nothing finer than a day is.
    events.sort_by_key(|event| event.on);
    match answer.format {
        Format::Json => output::machine(voice, answer, &history_json(&events)),
        _ => output::document(voice, &history(&events, voice.lang), answer),
    }
}

fn of_product(happened: &Happened) -> Option<Event> {
    let dossier = happened.after.as_ref().or(happened.before.as_ref());
    Some(Event {
        on: happened.on,
        by: Some(happened.by.clone()),
        what: Happening::named(&happened.what)?,
        product: dossier.map(Dossier::product).map(|product| outline::named(&product)),
        about: String::new(),
        why: happened.reason.clone(),
    })
}

fn of_finding(finding: &Finding, lang: Lang) -> Vec<Event> {
    let (maker, name, version) = (finding.maker.clone(), finding.name.clone(), finding.version.clone());
    let product = outline::named(&Product { maker, name, version });
    let event = |on, by: Option<&String>, what, why: &str| Event {
        on,
        by: by.cloned(),
        what,
        product: Some(product.clone()),
        about: finding.advisory.clone(),
        why: why.to_owned(),
    };
    let mut events = vec![event(finding.found, None, Happening::Found, finding.why.get(lang))];
    let steps = finding.triage().steps;
    events.extend(
        steps.iter().map(|step| event(step.on, Some(&step.by), Happening::Step(step.to), &step.reason)),
    );
    events.extend(finding.cleared.map(|day| event(day, None, Happening::Cleared, "")));
    events
}

fn of_check(check: &KeptCheck, lang: Lang) -> Event {
    let hash = check.hash.as_deref().map(|hash| format!(", SHA-256 {hash}")).unwrap_or_default();
    Event {
        on: check.on,
        by: Some(check.by.clone()),
        what: Happening::FeedChecked,
        product: None,
        about: check.feed.clone(),
        why: match lang {
            Lang::Ja => format!("{}件{hash}", check.items),
            Lang::En => format!("{} items{hash}", check.items),
        },
    }
}
