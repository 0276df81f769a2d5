//! The rubric for medical devices as a guided form: one question at a time, what was answered so far in the address, so that the way back, a
//! bookmark and a colleague's browser all see the same. Nothing is kept, and nothing is answered by default.

use cyber::severity::rubric::{self, Answer, Answers, Given, Outcome, Question};
use maud::{Markup, html};
use report::outline::rubric as outline;

use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};

const PATH: &str = "/cyber/rubric";
/// The longest vector or list of answers, in bytes: a hundred times the rubric's own.
const LONGEST: usize = 20_000;

/// What was asked for: answers in the order they were given, or a vector to be read.
struct Asked {
    path: Vec<(&'static Question, Answer)>,
    given: Option<Given>,
    vector: String,
}

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let asked = Asked::of(&cx)?;
    let outcome = rubric::decide(&asked.answers());
    let next = outcome.open.first().copied();
    let body = html! {
        @if let Some(question) = next { (one(&cx, &asked, question)) }
        @if next.is_none() || asked.given.is_some() {
            (look::document(&outline::decided(&outcome, asked.given.as_ref(), cx.lang)))
        }
        @if !asked.path.is_empty() { (so_far(&cx, &asked, &outcome)) }
        (from_vector(&cx, &asked.vector))
    };
    Ok(Page::new(cx.say("医療機器のためのCVSSルーブリック", "CVSS rubric for medical devices"), body)
        .lead(cx.say(
            "問いに答えると、CVSS 3.0のベクタと、回答を残す拡張が得られます。何も保存しません。",
            "Answers lead to a vector of CVSS 3.0 with an extension that carries them. Nothing is kept.",
        ))
        .below(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), "/cyber")
        .show(&cx))
}

impl Asked {
    fn of(cx: &Cx) -> Result<Self, Failure> {
        let query = cx.query.as_deref().unwrap_or_default();
        if query.len() > LONGEST {
            return Err(Failure::bad("長すぎます", "This is too long"));
        }
        let mut asked = Asked { path: Vec::new(), given: None, vector: String::new() };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "answers" | "answer" => {
                    for one in value.split('/').filter(|one| !one.is_empty()) {
                        asked.add(one)?;
                    }
                }
                "vector" => value.trim().clone_into(&mut asked.vector),
                _ => {}
            }
        }
        if !asked.vector.is_empty() {
            let given = rubric::read(&asked.vector).map_err(|error| {
                Failure::bad(
                    format!("ベクタを読めません：{error}"),
                    format!("The vector cannot be read: {error}"),
                )
            })?;
            asked.path = given.answers.all().collect();
            asked.given = Some(given);
        }
        Ok(asked)
    }

    /// The last answer to a question counts.
    fn add(&mut self, one: &str) -> Result<(), Failure> {
        let read =
            one.split_once(':').and_then(|(id, answer)| Some((rubric::question(id)?, Answer::of(answer)?)));
        let (question, answer) = read.ok_or_else(|| {
            Failure::bad(
                format!("「{one}」は問いと回答（XAVN:Y など）ではありません"),
                format!("“{one}” is no question with its answer (such as XAVN:Y)"),
            )
        })?;
        self.path.retain(|(before, _)| before.id != question.id);
        self.path.push((question, answer));
        Ok(())
    }

    fn answers(&self) -> Answers {
        let mut answers = Answers::default();
        for (question, answer) in &self.path {
            answers.set(question.id, *answer);
        }
        answers
    }
}

fn written(path: &[(&'static Question, Answer)]) -> String {
    let one = |(question, answer): &(&Question, Answer)| format!("{}:{}", question.id, answer.letter());
    path.iter().map(one).collect::<Vec<_>>().join("/")
}

fn at(cx: &Cx, path: &[(&'static Question, Answer)]) -> String {
    let answers = written(path);
    if answers.is_empty() { cx.to(PATH) } else { cx.to(&format!("{PATH}?answers={}", escaped(&answers))) }
}

fn one(cx: &Cx, asked: &Asked, question: &Question) -> Markup {
    let metric = question.metric.names();
    html! {
        form method="get" action=(cx.to(PATH)) {
            input type="hidden" name="answers" value=(written(&asked.path));
            fieldset {
                legend { (asked.path.len() + 1) ". " (question.text.get(cx.lang)) }
                p { (question.help.get(cx.lang)) }
                p.quiet { (metric.get(cx.lang)) " (" (question.metric.key()) ") · " (question.id) }
                p.acts { @for answer in Answer::ALL {
                    button name="answer" value={ (question.id) ":" (answer.letter()) } { (answer.names().get(cx.lang)) }
                    " "
                } }
                p.quiet { (cx.say("「不明」は悪い側に判定し、そう記します。", "“Unknown” is decided for the worse, and says so.")) }
            }
        }
    }
}

/// What was answered, each answer with the way back to its question.
fn so_far(cx: &Cx, asked: &Asked, outcome: &Outcome) -> Markup {
    html! {
        h2 { (cx.say("これまでの回答", "Answers so far")) }
        ol { @for (place, (question, answer)) in asked.path.iter().enumerate() {
            li {
                (question.text.get(cx.lang)) " " strong { (answer.names().get(cx.lang)) } " "
                @if outcome.needless.iter().any(|one| one.id == question.id) {
                    span.tag { (cx.say("この判定では問われない", "not asked on this path")) } " "
                }
                a href=(at(cx, &asked.path[..place])) {
                    (cx.say("ここからやり直す", "Begin again here")) span.unseen { " " (question.id) }
                }
            }
        } }
        p { a href=(cx.to(PATH)) { (cx.say("最初から", "From the beginning")) } }
    }
}

fn from_vector(cx: &Cx, vector: &str) -> Markup {
    html! {
        h2 { (cx.say("拡張付きベクタを読む", "Read a vector with its extension")) }
        form method="get" action=(cx.to(PATH)) {
            p {
                label for="vector" { (cx.say("ベクタ", "Vector")) } " "
                input #vector name="vector" value=(vector) maxlength=(LONGEST) required;
                " " button.second { (cx.say("読む", "Read")) }
            }
        }
        p.quiet { (cx.say("回答とベクタが食い違うところを示します。コマンドでも同じことができます：", "Shows where answers and vector contradict each other. The command does the same: ")) code { "shirube cyber rubric" } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::work::testing::{Site, person};

    /// What stands behind the first `begin` up to the next quotation mark.
    fn behind<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
        text.split_once(begin).and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value)
    }

    #[tokio::test]
    async fn the_form_leads_question_by_question_to_the_vector_of_the_engine() {
        let site = Site::with(Config::default(), Vec::new()).await;
        let anybody = person("anybody", &[], &[]);
        let (mut answers, mut steps) = (Answers::default(), String::new());
        for _ in 0..rubric::questions().len() {
            let page = site.get(&anybody, &format!("{PATH}?answers={steps}")).await;
            assert_eq!(page.status, 200);
            let Some(answer) = behind(&page.text, r#"name="answer" value=""#) else { break };
            assert_eq!(behind(&page.text, r#"name="answers" value=""#), Some(steps.as_str()));
            let (id, _) = answer.split_once(':').unwrap();
            assert_eq!(rubric::decide(&answers).open[0].id, id);
            answers.set(id, Answer::No);
            steps = format!("{steps}{}{id}:N", if steps.is_empty() { "" } else { "/" });
        }
        let outcome = rubric::decide(&answers);
        let page = site.get(&anybody, &format!("{PATH}?answers={steps}")).await.text;
        assert!(page.contains(&outcome.vector().unwrap()) && page.contains(&outcome.extension()), "{page}");
        assert!(!page.contains(r#"name="answer""#), "everything is answered");
    }

    #[tokio::test]
    async fn a_vector_that_contradicts_its_answers_is_told_and_nonsense_is_refused() {
        let site = Site::with(Config::default(), Vec::new()).await;
        let anybody = person("anybody", &[], &[]);
        let asked = |query: &str| format!("{PATH}?{query}");
        let all: Vec<String> =
            rubric::questions().iter().map(|question| format!("{}:Y", question.id)).collect();
        let mut answers = Answers::default();
        for question in rubric::questions() {
            answers.set(question.id, Answer::Yes);
        }
        let vector = rubric::decide(&answers).vector().unwrap();
        let other = vector.replace("/A:H", "/A:N").replace("/C:H", "/C:N");
        assert_ne!(vector, other);
        let page = site.get(&anybody, &asked(&format!("vector={other}/{}", all.join("/")))).await;
        assert!(page.text.contains("the answers decide"), "{}", page.text);
        for query in ["answers=XX:Y", "answer=XAVN:maybe", "vector=nonsense"] {
            assert_eq!(site.get(&anybody, &asked(query)).await.status, 422, "{query}");
        }
    }
}
