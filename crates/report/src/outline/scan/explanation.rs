//! How one advisory was judged for one component, step by step, for people and for programs.

use base::{Lang, Names};
use cyber::advisory::{Advisory, Affected, Named};
use cyber::matching::{ExplainedProduct, Step, Verdict};
use serde_json::{Value, json};

use super::{read_as, stated};
use crate::{Document, Severity};

/// What an advisory says of a component, and by what steps it is known.
pub struct Explanation<'a> {
    advisory: &'a Advisory,
    name: &'a str,
    judged: Vec<Judged>,
    /// A product was judged by its CPE name, with nothing known of what it runs with.
    is_alone: bool,
}

/// What one entry of the advisory says.
struct Judged {
    answer: Names,
    why: Names,
    steps: Vec<Names>,
}

impl<'a> Explanation<'a> {
    /// For a component by its package URL.
    pub fn of_package(
        advisory: &'a Advisory,
        purl: &'a str,
        version: &str,
        judged: &[(usize, Verdict, Vec<Step>)],
    ) -> Self {
        let one = |(at, verdict, steps): &(usize, Verdict, Vec<Step>)| {
            let entry = &advisory.affected[*at];
            Judged {
                answer: verdict.names(),
                why: verdict.why(entry),
                steps: steps.iter().map(|step| step.names(entry, version)).collect(),
            }
        };
        Self { advisory, name: purl, judged: judged.iter().map(one).collect(), is_alone: false }
    }

    /// For a product by its CPE name: alone, or as its bill shows it.
    pub fn of_product(
        advisory: &'a Advisory,
        cpe: &'a str,
        judged: &[ExplainedProduct],
        is_alone: bool,
    ) -> Self {
        // Configurations list no versions of their own, so that an empty entry tells as much.
        let unnamed = Affected::of(Named::Nothing);
        let one = |(at, verdict, steps): &ExplainedProduct| {
            let entry = at.and_then(|at| advisory.affected.get(at)).unwrap_or(&unnamed);
            Judged {
                answer: verdict.names(),
                why: verdict.why(entry),
                steps: steps.iter().map(|step| step.names(&advisory.configurations)).collect(),
            }
        };
        Self { advisory, name: cpe, judged: judged.iter().map(one).collect(), is_alone }
    }

    /// For programs. An advisory that says nothing of the component has judged nothing.
    pub fn json(&self, lang: Lang) -> Value {
        let Self { advisory, name, judged, .. } = self;
        let one = |one: &Judged| {
            let steps: Vec<&str> = one.steps.iter().map(|step| step.get(lang)).collect();
            json!({ "answer": one.answer.en, "why": one.why.get(lang), "steps": steps })
        };
        json!({
            "advisory": advisory.id,
            "component": name,
            "read-as": read_as(name).map(|(meant, _)| meant),
            "summary": advisory.summary,
            "aliases": advisory.aliases,
            "published": advisory.published,
            "modified": advisory.modified,
            "judged": judged.iter().map(one).collect::<Vec<_>>(),
            "surroundings-unknown": self.is_alone,
            "references": advisory.references.iter().map(|one| &one.url).collect::<Vec<_>>(),
        })
    }

    /// For people.
    pub fn document(&self, lang: Lang) -> Document {
        let Self { advisory, name, judged, .. } = self;
        let mut doc = Document::build(lang, format!("{} × {name}", advisory.id));
        if !advisory.summary.is_empty() {
            doc.subtitle(&advisory.summary);
        }
        doc.facts([
            (lang.pick("別名", "Aliases"), stated(&advisory.aliases.join(", "))),
            (lang.pick("公表", "Published"), stated(advisory.published.as_deref().unwrap_or_default())),
            (lang.pick("更新", "Modified"), stated(advisory.modified.as_deref().unwrap_or_default())),
        ]);
        if let Some((meant, known)) = read_as(name) {
            let (tool, kind, evidence) = (known.tool, known.kind, known.evidence);
            doc.note(
                Severity::Info,
                match lang {
                    Lang::Ja => {
                        format!("{meant} と読みました：{tool} は種類を誤って {kind} と書きます（{evidence}）")
                    }
                    Lang::En => format!("read as {meant}: {tool} writes the wrong type {kind} ({evidence})"),
                },
            );
        }
        if judged.is_empty() {
            doc.paragraph(lang.pick(
                "この情報は、この部品について何も述べていません。",
                "The advisory says nothing of this component.",
            ));
        }
        for one in judged {
            doc.heading(1, one.answer.get(lang));
            doc.paragraph(one.why.get(lang));
            doc.list(one.steps.iter().map(|step| step.get(lang).to_owned()));
        }
        if self.is_alone {
            doc.note(
                Severity::Info,
                lang.pick(
                    "このCPEだけで判定した。SBOMと照合したときは、その部品のPackage URLや、ほかの部品も見ている（--bill でSBOMを示すと同じように判定する）。",
                    "Judged by this CPE name alone; a scan also sees the component's package URL and the other components of its bill (as --bill SBOM does here).",
                ),
            );
        }
        if !advisory.references.is_empty() {
            doc.heading(1, lang.pick("参考", "References"));
            doc.list(advisory.references.iter().map(|reference| reference.url.clone()));
        }
        doc.finish()
    }
}
