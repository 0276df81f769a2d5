//! The findings of a scan for programs: as JSON, written straight from what was found, and as SARIF.

use std::collections::BTreeMap;
use std::rc::Rc;

use base::Lang;
use cyber::matching::{Finding, Reached, Unasked, Verdict, finding_id};
use cyber::severity::{Gravity, Score};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::super::{device, gravity};
use super::{Scanned, read_as};
use crate::sarif;

/// A scanned file for programs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report<'a> {
    file: &'a str,
    components: usize,
    files: usize,
    looked_up: usize,
    findings: Vec<Told<'a>>,
    suggested: Value,
    not_looked_up: Vec<NotLookedUp<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Told<'a> {
    id: String,
    component: &'a str,
    read_as: Option<String>,
    /// How many components bear the name.
    components: usize,
    advisory: &'a str,
    aliases: &'a [&'a str],
    answer: String,
    why: String,
    summary: &'a str,
    #[serde(flatten)]
    gravity: gravity::Machine<'a>,
}

#[derive(Debug, Serialize)]
struct NotLookedUp<'a> {
    component: &'a str,
    #[serde(serialize_with = "text")]
    why: Rc<str>,
    components: usize,
}

fn text<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// Scanned files for programs.
pub fn report<'a>(files: &'a [Scanned<'_>], lang: Lang) -> Vec<Report<'a>> {
    files.iter().map(|file| one(file, lang)).collect()
}

fn one<'a>(file: &'a Scanned<'_>, lang: Lang) -> Report<'a> {
    let unasked = file.scan.unasked_by_reason().into_iter();
    // The few reasons are told thousands of times.
    let mut words: BTreeMap<Unasked, Rc<str>> = BTreeMap::new();
    Report {
        file: &file.file,
        components: file.scan.components,
        files: file.scan.files,
        looked_up: file.scan.asked,
        findings: file.findings().map(|found| told(found, lang)).collect(),
        suggested: device::json(&file.suggested, lang),
        not_looked_up: unasked
            .map(|(why, component, components)| NotLookedUp {
                component,
                why: words.entry(why).or_insert_with(|| why.names().get(lang).into()).clone(),
                components,
            })
            .collect(),
    }
}

fn told<'a>(
    (reached, finding, gravity): (&'a Reached<'_>, &'a Finding<'_>, &'a Gravity),
    lang: Lang,
) -> Told<'a> {
    Told {
        id: finding_id(finding.advisory.id, &reached.name),
        component: &reached.name,
        read_as: read_as(&reached.name).map(|(meant, _)| meant),
        components: reached.times,
        advisory: finding.advisory.id,
        aliases: &finding.advisory.aliases,
        answer: finding.verdict.names().en,
        why: finding.why().get(lang).to_owned(),
        summary: finding.advisory.summary,
        gravity: gravity::Machine::of(gravity),
    }
}

/// The findings as SARIF: an error where a component is affected, a warning where that cannot be determined.
pub fn sarif(files: &[Scanned<'_>], lang: Lang) -> Value {
    let mut rules: BTreeMap<&str, sarif::Rule> = BTreeMap::new();
    let mut findings = Vec::new();
    for file in files {
        for (reached, found, gravity) in file.findings() {
            let advisory = &found.advisory;
            let score = gravity.highest().map(|(_, scored)| scored.score);
            let rule = rules.entry(advisory.id).or_insert_with(|| {
                let name = if advisory.summary.is_empty() { advisory.id } else { advisory.summary };
                sarif::Rule {
                    id: advisory.id.to_owned(),
                    name: base::Names::of(name, name),
                    help: advisory.link.map(str::to_owned),
                    security_severity: None,
                }
            });
            // One rule stands for all findings of an advisory: the gravest counts.
            let tenths = score.map(Score::tenths);
            rule.security_severity = rule.security_severity.max(tenths);
            findings.push(sarif_finding(file, reached, found, lang));
        }
    }
    let rules: Vec<sarif::Rule> = rules.into_values().collect();
    sarif::log(&rules, &findings, lang)
}

fn sarif_finding(
    file: &Scanned<'_>,
    reached: &Reached<'_>,
    found: &Finding<'_>,
    lang: Lang,
) -> sarif::Finding {
    let (answer, why) = (found.verdict.names(), found.why());
    sarif::Finding {
        rule: found.advisory.id.to_owned(),
        level: match found.verdict {
            Verdict::Affected(_) => sarif::Level::Error,
            _ => sarif::Level::Warning,
        },
        message: format!("{}: {} ({})", reached.name, answer.get(lang), why.get(lang)),
        file: file.file.clone(),
        line: None,
        place: Some(reached.name.clone()),
        fingerprint: Some(finding_id(found.advisory.id, &reached.name)),
    }
}
