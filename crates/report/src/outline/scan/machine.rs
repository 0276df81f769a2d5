//! The findings of a scan for programs: as JSON, written straight from what was found, and as SARIF.

use std::collections::BTreeMap;

use base::Lang;
use cyber::advisory::{Affected, Named};
use cyber::matching::device::Suggested;
use cyber::matching::{Finding, Reached, Unasked, Verdict, finding_id};
use cyber::severity::{Gravity, Score};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::super::{device, gravity};
use super::{SHOWN, Scanned, by_reason, read_as};
use crate::sarif;

/// Items written by one thread in one go.
const TOGETHER: usize = 64;

/// A scanned file for programs. What is found stands on a line of its own: lines can be searched and compared, and are written on all
/// processors.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report<'a> {
    file: &'a str,
    /// Places of the bill where something stands that cannot stand there: components there were not looked up.
    departures: usize,
    components: usize,
    files: usize,
    looked_up: usize,
    findings: Vec<Box<RawValue>>,
    suggested: Value,
    not_looked_up: Vec<Box<RawValue>>,
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
    why: &'a str,
    components: usize,
}

/// Scanned files for programs.
pub fn report<'a>(files: &'a [Scanned<'_>], lang: Lang) -> serde_json::Result<Vec<Report<'a>>> {
    files.iter().map(|file| one(file, lang)).collect()
}

fn one<'a>(file: &'a Scanned<'_>, lang: Lang) -> serde_json::Result<Report<'a>> {
    let findings: Vec<_> = file.findings().collect();
    let unasked = file.scan.unasked_by_reason();
    // The few reasons are told thousands of times.
    let mut words: BTreeMap<Unasked, String> = BTreeMap::new();
    for (why, ..) in &unasked {
        words.entry(*why).or_insert_with(|| why.names().get(lang).to_owned());
    }
    Ok(Report {
        file: &file.file,
        departures: file.departures,
        components: file.scan.components,
        files: file.scan.files,
        looked_up: file.scan.asked,
        findings: lines(&findings, |found| told(*found, lang))?,
        suggested: device::json(&file.suggested, lang),
        not_looked_up: lines(&unasked, |(why, component, components)| NotLookedUp {
            component,
            why: words.get(why).map(String::as_str).unwrap_or_default(),
            components: *components,
        })?,
    })
}

fn lines<'a, T: Sync, S: Serialize>(
    items: &'a [T],
    shown: impl Fn(&'a T) -> S + Sync,
) -> serde_json::Result<Vec<Box<RawValue>>> {
    items.par_iter().with_min_len(TOGETHER).map(|item| to_raw_value(&shown(item))).collect()
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

/// The findings as SARIF: an error where a component is affected, a warning where that cannot be determined, a note on what is left open.
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
    let mut rules: Vec<sarif::Rule> = rules.into_values().collect();
    for (rule, opened) in [NOT_LOOKED_UP, SUGGESTED].into_iter().zip([unheard, suggested]) {
        let open: Vec<_> = files.iter().flat_map(|file| opened(file, lang)).collect();
        if !open.is_empty() {
            rules.push(rule.described());
            findings.extend(open);
        }
    }
    sarif::log(&rules, &findings, lang)
}

/// What is left open in a scan, as a rule of its own: a build that shows only findings would look clean without it.
#[derive(Clone, Copy)]
struct Open {
    id: &'static str,
    ja: &'static str,
    en: &'static str,
}

const NOT_LOOKED_UP: Open = Open {
    id: "not-looked-up",
    ja: "照合できなかった部品：安全とはいえない",
    en: "Could not be looked up: nothing is known of them",
};

const SUGGESTED: Open = Open {
    id: "device-suggested",
    ja: "機器についての情報の候補：人が確かめるまで判定ではない",
    en: "An advisory that may speak of the device: a suggestion until a person has looked at it",
};

impl Open {
    fn described(self) -> sarif::Rule {
        sarif::Rule {
            id: self.id.to_owned(),
            name: base::Names::of(self.ja, self.en),
            help: None,
            security_severity: None,
        }
    }

    fn found(self, file: &Scanned<'_>, message: String, print: &str) -> sarif::Finding {
        sarif::Finding {
            rule: self.id.to_owned(),
            level: sarif::Level::Note,
            message,
            file: file.file.clone(),
            line: None,
            place: None,
            fingerprint: Some(format!("{}+{print}", self.id)),
        }
    }
}

/// One for each reason: there may be thousands of components.
fn unheard(file: &Scanned<'_>, lang: Lang) -> Vec<sarif::Finding> {
    let of_reason = |(why, names): (Unasked, Vec<&str>)| {
        let (count, reason) = (file.scan.unasked_for(why), why.names().get(lang).to_owned());
        let such = names[..names.len().min(SHOWN)].join(", ");
        let message = match lang {
            Lang::Ja => format!("{reason}：{count}個の部品（{such}など）"),
            Lang::En => format!("{reason}: {count} components, such as {such}"),
        };
        NOT_LOOKED_UP.found(file, message, &why.names().en)
    };
    by_reason(&file.scan).into_iter().map(of_reason).collect()
}

fn suggested(file: &Scanned<'_>, lang: Lang) -> Vec<sarif::Finding> {
    let of_one = |one: &Suggested| {
        let unnamed = Affected::of(Named::Nothing);
        let basis = device::basis(&one.suggestion, one.entry().unwrap_or(&unnamed));
        let message = format!("{} {}: {}", one.advisory.id, one.advisory.summary, basis.get(lang));
        SUGGESTED.found(file, message, &one.advisory.id)
    };
    file.suggested.iter().map(of_one).collect()
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
