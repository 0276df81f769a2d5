//! What became of statements when they were applied to the findings of a scan: what is stated of each finding, and what became of each
//! statement.

use std::collections::HashMap;

use base::Lang;
use cyber::vex::{Application, At, Bill, Document as Statements, Force, Stated, Subject, Told};
use serde_json::{Value, json};

use super::super::scan::{self, Scanned};
use super::{SHOWN, more};
use crate::{Cell, Column, Document, DocumentBuilder, Row, Severity, Table, sarif};
use cyber::matching::finding_id;

/// Statements applied to the findings of one bill.
pub struct Applied<'a> {
    /// The bill.
    pub bill: Bill,
    /// Its findings.
    pub subjects: Vec<Subject>,
    /// The package URL or CPE name each finding was found by.
    pub names: Vec<String>,
    /// The documents, with the names of their files.
    pub documents: Vec<(&'a str, &'a Statements)>,
    /// What became of them.
    pub application: Application,
}

impl Applied<'_> {
    /// What is stated of an advisory on a component by the name it was found by.
    fn of<'s>(&'s self, name: &'s str, advisory: &'s str) -> impl Iterator<Item = (usize, &'s Stated)> {
        let subjects = self.subjects.iter().zip(&self.names).zip(&self.application.stated).enumerate();
        subjects
            .filter(move |(_, ((subject, found), _))| *found == name && subject.advisory == advisory)
            .map(|(index, (_, stated))| (index, stated))
    }

    /// Whether a finding needs nothing more to be done: so it is stated of every component that bears the name.
    pub fn settles(&self, name: &str, advisory: &str) -> bool {
        let mut all = self.of(name, advisory).peekable();
        all.peek().is_some() && all.all(|(_, stated)| stated.settles())
    }

    fn statement(&self, at: At) -> Option<&cyber::vex::Statement> {
        self.documents.get(at.document)?.1.statements.get(at.statement)
    }

    /// Who states it, when, and where it stands.
    fn source(&self, at: At) -> String {
        let Some((file, document)) = self.documents.get(at.document) else { return String::new() };
        let Some(statement) = self.statement(at) else { return (*file).to_owned() };
        let author = document.author.as_deref().unwrap_or("?");
        let moment = statement.timestamp.as_deref().or(document.timestamp.as_deref()).unwrap_or("?");
        format!("{author}, {moment} ({file} {})", statement.place)
    }

    fn why(&self, at: At, lang: Lang) -> String {
        let Some(statement) = self.statement(at) else { return String::new() };
        let justification = statement.justification.map(|one| one.names().get(lang).to_owned());
        let texts =
            [justification, statement.impact.clone(), statement.action.clone(), statement.notes.clone()];
        texts.into_iter().flatten().collect::<Vec<_>>().join(lang.pick("。", "; "))
    }

    fn component(&self, part: usize) -> String {
        let Some(thing) = self.bill.parts.get(part) else { return String::new() };
        match (&thing.reference, thing.shown()) {
            (Some(reference), shown) if *reference != shown => format!("{shown} [{reference}]"),
            (_, shown) => shown,
        }
    }
}

/// Scanned files with what is stated of their findings.
pub fn stated(files: &[Scanned<'_>], applied: &[Applied<'_>], advisories: usize, lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("部品の脆弱性", "Vulnerabilities of components"));
    doc.subtitle(match lang {
        Lang::Ja => format!("手元の脆弱性情報{advisories}件と照合し、製造者などの記述（VEX）を添えた"),
        Lang::En => format!(
            "matched with the {advisories} advisories at hand; statements of makers (VEX) beside them"
        ),
    });
    scan::overview(&mut doc, files, lang);
    for (file, applied) in files.iter().zip(applied) {
        scan::one(&mut doc, file, lang);
        // Among several bills, some come without any statement.
        if !applied.application.told.is_empty() {
            findings(&mut doc, applied, lang);
            told(&mut doc, applied, lang);
        }
    }
    doc.finish()
}

fn findings(doc: &mut DocumentBuilder, applied: &Applied<'_>, lang: Lang) {
    doc.heading(1, lang.pick("製造者などの記述", "What is stated of them"));
    doc.paragraph(lang.pick(
        "判定は変わりません。記述は判定の横に示します。",
        "The verdicts stay as they are; what is stated stands beside them.",
    ));
    let all = applied.application.stated.iter().zip(&applied.subjects);
    let spoken: Vec<(&Stated, &Subject)> = all.filter(|(stated, _)| !stated.by.is_empty()).collect();
    let silent = applied.subjects.len() - spoken.len();
    if !spoken.is_empty() {
        let mut table = Table::new(lang.pick("記述のある該当", "Findings that are spoken of"))
            .column(Column::text(lang.pick("情報", "Advisory")))
            .column(Column::text(lang.pick("部品", "Component")))
            .column(Column::text(lang.pick("記述", "Stated")))
            .column(Column::text(lang.pick("理由・対応", "Why, or what to do")))
            .column(Column::text(lang.pick("誰が、いつ、どこで", "By whom, when, where")));
        for (stated, subject) in spoken.iter().take(SHOWN) {
            for at in stated.by.iter().take(10) {
                let told = status(applied, *at, subject, lang);
                let told = if stated.is_contradictory {
                    format!("{told}{}", lang.pick("（矛盾）", " (contradicted)"))
                } else {
                    told
                };
                table = table.row(Row::of([
                    Cell::text(subject.advisory.as_str()),
                    Cell::text(applied.component(subject.part)),
                    Cell::text(told),
                    Cell::text(applied.why(*at, lang)),
                    Cell::text(applied.source(*at)),
                ]));
            }
        }
        doc.table(table);
        more(doc, spoken.len(), lang);
    }
    if silent > 0 {
        doc.note(
            Severity::Caution,
            match lang {
                Lang::Ja => format!("記述のない該当：{silent}件（部品ごとに数えて）"),
                Lang::En => {
                    format!("findings that nothing is stated of: {silent} (counted component by component)")
                }
            },
        );
    }
}

/// What a statement says of the finding: what it was told as, which may differ by version from its own word.
fn status(applied: &Applied<'_>, at: At, subject: &Subject, lang: Lang) -> String {
    let is_it = |told: &&Told| {
        let hits = told.outcome.as_ref().map_or(&[][..], Vec::as_slice);
        told.at == at && hits.iter().any(|hit| applied.subjects.get(hit.subject) == Some(subject))
    };
    let told = applied.application.told.iter().find(is_it).and_then(|told| told.status);
    told.map_or_else(String::new, |status| status.names().get(lang).to_owned())
}

fn told(doc: &mut DocumentBuilder, applied: &Applied<'_>, lang: Lang) {
    let all = &applied.application.told;
    let idle = all.iter().filter(|told| told.outcome.is_err()).count();
    let mut table = Table::new(match lang {
        Lang::Ja => format!("すべての記述：{}件、うち適用されなかったもの{idle}件", all.len()),
        Lang::En => format!("Every statement: {}, of which {idle} did not apply", all.len()),
    })
    .column(Column::text(lang.pick("脆弱性", "Vulnerability")))
    .column(Column::text(lang.pick("対象", "Of what")))
    .column(Column::text(lang.pick("状態", "Status")))
    .column(Column::text(lang.pick("どうなったか", "What became of it")))
    .column(Column::text(lang.pick("場所", "Place")));
    // What did not apply comes first: it is what would otherwise go unseen.
    let rows =
        all.iter().filter(|told| told.outcome.is_err()).chain(all.iter().filter(|told| told.outcome.is_ok()));
    for told in rows.take(SHOWN) {
        let Some(statement) = applied.statement(told.at) else { continue };
        let state =
            told.status.map_or_else(|| statement.said.clone(), |status| status.names().get(lang).to_owned());
        table = table.row(Row::of([
            Cell::text(statement.vulnerability.id.as_str()),
            Cell::text(target(told.at, statement, lang)),
            Cell::text(state),
            Cell::text(outcome(applied, told, lang)),
            Cell::text(place(applied, told.at)),
        ]));
    }
    doc.table(table);
    more(doc, all.len(), lang);
}

fn place(applied: &Applied<'_>, at: At) -> String {
    let file = applied.documents.get(at.document).map_or("", |(file, _)| file);
    let place = applied.statement(at).map(|statement| statement.place.to_string()).unwrap_or_default();
    format!("{file} {place}")
}

fn target(at: At, statement: &cyber::vex::Statement, lang: Lang) -> String {
    let Some(product) = statement.products.get(at.product) else { return String::new() };
    match at.part.and_then(|part| product.parts.get(part)) {
        None => product.thing.shown(),
        Some(part) => match lang {
            Lang::Ja => format!("{} の {}", product.thing.shown(), part.shown()),
            Lang::En => format!("{} in {}", part.shown(), product.thing.shown()),
        },
    }
}

fn outcome(applied: &Applied<'_>, told: &Told, lang: Lang) -> String {
    let hits = match &told.outcome {
        Err(why) => {
            return format!("{}{}", lang.pick("適用されない：", "not applied: "), why.names().get(lang));
        }
        Ok(hits) => hits,
    };
    let one = |hit: &cyber::vex::Hit| {
        let Some(subject) = applied.subjects.get(hit.subject) else { return String::new() };
        let by = match hit.force {
            Force::InForce => String::new(),
            Force::Superseded(at) | Force::Outranked(at) | Force::Contradicted(at) => {
                format!(" → {}", place(applied, at))
            }
        };
        let through = hit.through.as_ref().map(|id| match lang {
            Lang::Ja => format!("、{}は同じ脆弱性の別の番号{id}による", subject.advisory),
            Lang::En => format!(", {} being of the same group by {id}", subject.advisory),
        });
        let (force, named) = (hit.force.names(), hit.named.names());
        let (force, named) = (force.get(lang), named.get(lang));
        let component = applied.component(subject.part);
        let alone = hit.is_alone.then(|| {
            lang.pick(
                "、どの製品に含まれるかを問わない部品についての記述",
                ", stated of the component in whatever product",
            )
        });
        let (alone, through) = (alone.unwrap_or_default(), through.unwrap_or_default());
        format!("{force}{by}: {component} ({named}{alone}{through})")
    };
    let mut texts: Vec<String> = hits.iter().take(5).map(one).collect();
    if hits.len() > 5 {
        texts.push(format!("+{}", hits.len() - 5));
    }
    texts.join("; ")
}

/// The findings for programs, each with what is stated of it, and every statement with what became of it.
pub fn stated_json(files: &[Scanned<'_>], applied: &[Applied<'_>], lang: Lang) -> serde_json::Result<Value> {
    let mut all = serde_json::to_value(scan::report(files, lang)?)?;
    for (file, applied) in all.as_array_mut().into_iter().flatten().zip(applied) {
        for finding in file["findings"].as_array_mut().into_iter().flatten() {
            let (name, advisory) = (text_of(finding, "component"), text_of(finding, "advisory"));
            let one = |(index, stated): (usize, &Stated)| {
                let subject = &applied.subjects[index];
                json!({
                    "component": applied.component(subject.part),
                    "status": stated.status.map(cyber::vex::Status::code),
                    "contradictory": stated.is_contradictory,
                    "by": stated.by.iter().map(|at| applied.source(*at)).collect::<Vec<_>>(),
                })
            };
            let settled = applied.settles(&name, &advisory);
            finding["stated"] = applied.of(&name, &advisory).map(one).collect();
            finding["settled"] = json!(settled);
        }
        file["statements"] =
            applied.application.told.iter().map(|told| told_json(applied, told, lang)).collect();
    }
    Ok(all)
}

fn text_of(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

fn told_json(applied: &Applied<'_>, told: &Told, lang: Lang) -> Value {
    let statement = applied.statement(told.at);
    let hit = |hit: &cyber::vex::Hit| {
        let subject = applied.subjects.get(hit.subject);
        json!({
            "advisory": subject.map(|subject| &subject.advisory),
            "component": subject.map(|subject| applied.component(subject.part)),
            "recognised": hit.named.code(),
            "of": if hit.is_alone { "component" } else { "product" },
            "through": hit.through,
            "force": hit.force.code(),
        })
    };
    json!({
        "place": place(applied, told.at),
        "vulnerability": statement.map(|one| &one.vulnerability.id),
        "target": statement.map(|one| target(told.at, one, lang)),
        "status": told.status.map(cyber::vex::Status::code),
        "applied": told.outcome.as_ref().ok().map(|hits| hits.iter().map(hit).collect::<Vec<_>>()),
        "not-applied": told.outcome.as_ref().err().map(cyber::vex::Why::code),
        "why": told.outcome.as_ref().err().map(|why| why.names().get(lang).to_owned()),
    })
}

/// The findings as SARIF; those that are settled by statements are suppressed with their justification (SARIF 2.1.0, 3.35).
pub fn stated_sarif(files: &[Scanned<'_>], applied: &[Applied<'_>], lang: Lang) -> Value {
    let mut log = scan::sarif(files, lang);
    let mut suppressed: HashMap<(String, String), String> = HashMap::new();
    for (file, applied) in files.iter().zip(applied) {
        for reached in &file.scan.reached {
            for found in &reached.findings {
                let id = found.advisory.id;
                if applied.settles(&reached.name, id) {
                    let said = applied.of(&reached.name, id).filter_map(|(index, stated)| {
                        let at = stated.by.first()?;
                        let status = status(applied, *at, &applied.subjects[index], lang);
                        Some(format!("{status}: {} — {}", applied.why(*at, lang), applied.source(*at)))
                    });
                    let mut said: Vec<String> = said.collect();
                    said.dedup();
                    let print = finding_id(id, &reached.name);
                    suppressed.insert((sarif::uri(&file.file), print), said.join("\n"));
                }
            }
        }
    }
    for result in log["runs"][0]["results"].as_array_mut().into_iter().flatten() {
        let print = result["partialFingerprints"]["finding/v1"].as_str().unwrap_or_default().to_owned();
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let key = (uri.as_str().unwrap_or_default().to_owned(), print);
        if let Some(said) = suppressed.get(&key) {
            result["suppressions"] =
                json!([{ "kind": "external", "status": "accepted", "justification": said }]);
        }
    }
    log
}
