//! The pre-market file for programs: JSON with all that was found, SARIF with what is open.

use base::Lang;
use cyber::premarket::{Changes, Judged, Verdict};
use serde_json::{Value, json};

use super::File;
use crate::sarif;

/// The whole file for programs. Sentences are in one language; ids and codes never change.
pub fn json(file: &File<'_>, lang: Lang) -> Value {
    let head = &file.case.product.head;
    let counts = file.answer.counts(None);
    json!({
        "product": head.name,
        "maker": head.maker,
        "version": head.version,
        "day": file.answer.day,
        "confirmation-by-an-authority": "proposal",
        "counts": {
            "met": counts.met,
            "not-met": counts.not_met,
            "not-shown": counts.not_shown,
            "not-applicable": counts.not_applicable,
        },
        "looked-up": file.case.findings.map(|findings| json!({
            "components": findings.asked,
            "not-looked-up": findings.unasked,
            "findings": findings.found.len(),
        })),
        "rules": file.answer.judged.iter().map(|one| rule(one, lang)).collect::<Vec<_>>(),
        "inputs": file.inputs,
        "since": file.since.map(|(older, changed)| changes(older.day.to_string(), changed)),
    })
}

/// What is open as SARIF: an error where a rule is not met, a warning where nothing shows that it is.
pub fn sarif(file: &File<'_>, lang: Lang) -> Value {
    let rules: Vec<sarif::Rule> = file
        .answer
        .open()
        .map(|one| sarif::Rule {
            id: one.rule.id.clone(),
            name: one.rule.name.clone(),
            help: one.rule.sources.first().and_then(|source| source.url.clone()),
            security_severity: None,
        })
        .collect();
    let findings: Vec<sarif::Finding> = file
        .answer
        .open()
        .map(|one| sarif::Finding {
            rule: one.rule.id.clone(),
            level: match one.verdict {
                Verdict::NotMet => sarif::Level::Error,
                _ => sarif::Level::Warning,
            },
            message: format!(
                "{} ({}): {}",
                one.rule.name.get(lang),
                one.verdict.names().get(lang),
                super::chapters::lacking(one, lang).replace('\n', "; ")
            ),
            file: file.file.to_owned(),
            line: None,
            place: None,
            fingerprint: Some(one.rule.id.clone()),
        })
        .collect();
    sarif::log(&rules, &findings, lang)
}

fn rule(one: &Judged<'_>, lang: Lang) -> Value {
    let rule = one.rule;
    json!({
        "rule": rule.id,
        "name": rule.name.get(lang),
        "chapter": rule.chapter,
        "strength": rule.strength,
        "inferred": rule.inferred,
        "unread": rule.unread.iter().map(|one| one.names().get(lang).to_owned()).collect::<Vec<_>>(),
        "sources": rule.sources,
        "verdict": one.verdict,
        "evidence": one.evidence.iter().map(|one| one.names().get(lang).to_owned()).collect::<Vec<_>>(),
        "lacking": one.lacking.iter().map(|one| one.names().get(lang).to_owned()).collect::<Vec<_>>(),
        "not-applicable-because": one.outside.as_ref().map(|one| one.names().get(lang).to_owned()),
    })
}

fn changes(since: String, changes: &Changes) -> Value {
    json!({
        "day": since,
        "verdicts": changes.verdicts,
        "documents": changes.documents,
        "components-changed": changes.bills.changes.len(),
        "components-same": changes.bills.same,
        "new-findings": changes.findings.as_ref().map(|findings| &findings.new),
        "gone-findings": changes.findings.as_ref().map(|findings| &findings.gone),
        "restated-findings": changes.findings.as_ref().map(|findings| &findings.restated),
        "inputs": changes.inputs,
    })
}
