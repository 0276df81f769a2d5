//! The rubric for medical devices laid out: the vector, its extension and score, and the path by which each metric was decided.

use base::Lang;
use cyber::severity::rubric::{Given, Outcome, Question};
use serde_json::{Value, json};

use crate::{Cell, Column, Document, DocumentBuilder, Row, Severity, Table};

/// The rubric's document, which a person must hold the result against.
const RUBRIC: &str = "https://www.mitre.org/md-cvss-rubric";

/// What follows from some answers, and from the vector they were read from, where there was one.
pub fn decided(outcome: &Outcome, given: Option<&Given>, lang: Lang) -> Document {
    let mut doc = Document::build(
        lang,
        lang.pick("医療機器のためのCVSSルーブリック", "CVSS rubric for medical devices"),
    );
    let complete = outcome.is_complete();
    let text = |text: Option<String>| {
        text.filter(|text| !text.is_empty()).map_or_else(|| Cell::missing(base::Missing::NotYet), Cell::text)
    };
    let vector = outcome.vector();
    let extension = outcome.extension();
    let full = vector.as_ref().map(|vector| format!("{vector}/{extension}"));
    let score = outcome.score().map(|one| format!("{} ({})", one.score, one.word.names().get(lang)));
    doc.facts([
        (lang.pick("ベクタ", "Vector"), text(vector)),
        (lang.pick("基本値", "Base score"), text(score)),
        (lang.pick("拡張", "Extension"), text(Some(extension))),
        (lang.pick("拡張付きベクタ", "Vector with its extension"), text(full)),
    ]);
    if let Some(given) = given {
        as_given(&mut doc, given, lang);
    }
    if !complete {
        open(&mut doc, outcome, lang);
    }
    path(&mut doc, outcome, lang);
    let assumed: Vec<&str> = outcome.assumed().map(|question| question.id).collect();
    if !assumed.is_empty() {
        let ids = assumed.join(", ");
        doc.note(
            Severity::Caution,
            match lang {
                Lang::Ja => format!("不明と答えた問いは、悪い側に判定しました：{ids}"),
                Lang::En => format!("answered “unknown”, and decided for the worse: {ids}"),
            },
        );
    }
    if !outcome.needless.is_empty() {
        let ids: Vec<&str> = outcome.needless.iter().map(|question| question.id).collect();
        let ids = ids.join(", ");
        doc.note(
            Severity::Info,
            match lang {
                Lang::Ja => format!("この判定では問われない回答：{ids}"),
                Lang::En => format!("answers that this path does not ask for: {ids}"),
            },
        );
    }
    doc.note(
        Severity::Info,
        match lang {
            Lang::Ja => format!(
                "質問は本製品の言葉です。判定の流れは公開された実装によるもので、公式とみなす前にMITREの文書（{RUBRIC}）と照合してください。"
            ),
            Lang::En => format!(
                "The questions are in our words, and the flow is as a public implementation retells it: hold the result against MITRE's document ({RUBRIC}) before calling it official."
            ),
        },
    );
    doc.finish()
}

fn as_given(doc: &mut DocumentBuilder, given: &Given, lang: Lang) {
    match (&given.vector, &given.scored) {
        (Some(vector), Some(Ok(scored))) => {
            let said = format!("{vector}: {} ({})", scored.score, scored.word.names().get(lang));
            doc.facts([(lang.pick("読んだベクタ", "As it was given"), Cell::text(said))]);
        }
        (Some(vector), Some(Err(why))) => {
            doc.note(Severity::Problem, format!("{vector}: {}", why.names().get(lang)));
        }
        _ => {}
    }
    for one in &given.contradictions {
        let (key, said, decided) = (one.metric.key(), one.said, one.decided);
        doc.note(
            Severity::Problem,
            match lang {
                Lang::Ja => format!("{key}：ベクタは {said}、回答からは {decided}"),
                Lang::En => format!("{key}: the vector says {said}, the answers decide {decided}"),
            },
        );
    }
}

fn open(doc: &mut DocumentBuilder, outcome: &Outcome, lang: Lang) {
    doc.note(
        Severity::Caution,
        lang.pick(
            "まだ答えていない問いがあるため、ベクタは出せません。",
            "Not every question is answered, so that there is no vector yet.",
        ),
    );
    let mut table = Table::new(lang.pick("答えていない問い", "Questions to be answered"))
        .column(Column::text("ID"))
        .column(Column::text(lang.pick("問い", "Question")));
    for question in &outcome.open {
        table = table.row(Row::of([Cell::text(question.id), Cell::text(question.text.get(lang))]));
    }
    doc.table(table);
}

fn path(doc: &mut DocumentBuilder, outcome: &Outcome, lang: Lang) {
    let mut table = Table::new(lang.pick("判定の過程", "How each metric was decided"))
        .column(Column::text(lang.pick("問い", "Question")))
        .column(Column::text(lang.pick("回答", "Answer")));
    for decision in &outcome.decisions {
        let name = decision.metric.names();
        let (name, basis) = (name.get(lang), decision.basis.names());
        let key = decision.metric.key();
        table = table.row(Row::group(format!("{name} {key}:{} — {}", decision.value, basis.get(lang))));
        for (question, answer) in &decision.path {
            let asked = format!("{} {}", question.id, question.text.get(lang));
            table = table.row(Row::of([Cell::text(asked), Cell::text(answer.names().get(lang))]));
        }
    }
    if !outcome.decisions.is_empty() {
        doc.table(table);
    }
}

/// The same for programs.
pub fn json(outcome: &Outcome, given: Option<&Given>, lang: Lang) -> Value {
    let decision = |one: &cyber::severity::rubric::Decision| {
        let path: Vec<Value> = one
            .path
            .iter()
            .map(|(question, answer)| json!({ "question": question.id, "answer": answer.letter().to_string() }))
            .collect();
        json!({
            "metric": one.metric.key(),
            "value": one.value.to_string(),
            "path": path,
            "basis": one.basis.names().get(lang),
        })
    };
    let ids = |questions: &[&Question]| questions.iter().map(|question| question.id).collect::<Vec<_>>();
    let contradictions = given.into_iter().flat_map(|given| &given.contradictions).map(|one| {
        json!({ "metric": one.metric.key(), "said": one.said.to_string(), "decided": one.decided.to_string() })
    });
    json!({
        "complete": outcome.is_complete(),
        "vector": outcome.vector(),
        "extension": outcome.extension(),
        "score": outcome.score().map(|one| one.score.value()),
        "word": outcome.score().map(|one| one.word.names().en),
        "decisions": outcome.decisions.iter().map(decision).collect::<Vec<_>>(),
        "open": ids(&outcome.open),
        "needless": ids(&outcome.needless),
        "unknown": outcome.assumed().map(|question| question.id).collect::<Vec<_>>(),
        "contradictions": contradictions.collect::<Vec<_>>(),
        "given": given.and_then(|given| given.vector.clone()),
    })
}
