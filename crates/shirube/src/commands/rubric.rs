//! The rubric for medical devices on the command line: answers in, a vector with its extension out. Without answers it asks.

use std::io::{BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use base::Lang;
use cyber::severity::rubric::{self, Answer as Reply, Answers, Given, Question};
use report::outline::rubric as outline;

use crate::cli::{Answer, Format};
use crate::cyber_cli::Rubric;
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

use super::sbom::bytes_of;

pub(super) fn run(voice: Voice, command: &Rubric) -> Result<ExitCode, Failure> {
    let (answers, given) = match &command.vector {
        Some(vector) => {
            let given = rubric::read(vector).map_err(|error| refused(vector, &error.to_string()))?;
            (given.answers.clone(), Some(given))
        }
        None if command.set.is_empty() && command.answers.is_none() => (asked(voice)?, None),
        None => (answered(command)?, None),
    };
    let outcome = rubric::decide(&answers);
    say(voice, &outcome, given.as_ref(), &command.answer)?;
    let is_sound = given.is_none_or(|given| {
        given.contradictions.is_empty() && given.scored.is_none_or(|scored| scored.is_ok())
    });
    Ok(if outcome.is_complete() && is_sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn say(
    voice: Voice,
    outcome: &rubric::Outcome,
    given: Option<&Given>,
    answer: &Answer,
) -> Result<(), Failure> {
    match answer.format {
        Format::Json => output::machine(voice, answer, &outline::json(outcome, given, voice.lang)),
        _ => output::document(voice, &outline::decided(outcome, given, voice.lang), answer),
    }
}

/// Answers of a file, then those given one by one.
fn answered(command: &Rubric) -> Result<Answers, Failure> {
    let mut answers = Answers::default();
    if let Some(file) = &command.answers {
        for (id, answer) in of_file(file)? {
            put(&mut answers, &id, &answer)?;
        }
    }
    let mut set: Vec<(&str, &str)> = Vec::new();
    for one in &command.set {
        let (id, answer) = one.split_once(['=', ':']).ok_or_else(|| {
            Failure::said(
                format!("--set {one}：「XAVN=yes」の形で指定してください"),
                format!("--set {one}: give it as XAVN=yes"),
            )
        })?;
        let (id, answer) = (id.trim(), answer.trim());
        if set.iter().any(|(known, said)| *known == id && *said != answer) {
            return Err(Failure::said(
                format!("{id} に二つの答えが指定されています。一つにしてください"),
                format!("{id} is given two answers; give one"),
            ));
        }
        put(&mut answers, id, answer)?;
        set.push((id, answer));
    }
    Ok(answers)
}

fn of_file(file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let name = file.display();
    let text = String::from_utf8(bytes_of(file)?).map_err(|_| {
        Failure::said(format!("{name}：UTF-8ではありません"), format!("{name}: is not UTF-8"))
    })?;
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| refused(&name.to_string(), &error.to_string()))?;
    let one = |(id, value): (String, toml::Value)| match value {
        toml::Value::String(answer) => Ok((id, answer)),
        toml::Value::Boolean(answer) => Ok((id, if answer { "yes" } else { "no" }.to_owned())),
        _ => Err(refused(&format!("{name}: {id}"), "yes, no, unknown")),
    };
    table.into_iter().map(one).collect()
}

fn put(answers: &mut Answers, id: &str, answer: &str) -> Result<(), Failure> {
    let reply = Reply::of(answer).ok_or_else(|| {
        Failure::said(
            format!("{id}：「{answer}」は yes・no・unknown（はい・いいえ・不明）のどれでもありません"),
            format!("{id}: “{answer}” is none of yes, no, unknown"),
        )
    })?;
    if answers.set(id, reply) {
        return Ok(());
    }
    let known: Vec<&str> = rubric::questions().iter().map(|question| question.id).collect();
    let known = known.join(", ");
    Err(Failure::said(
        format!("{id} という問いはありません。あるのは：{known}"),
        format!("there is no question {id}; there are: {known}"),
    ))
}

fn refused(what: &str, why: &str) -> Failure {
    Failure::said(format!("{what}：読めません（{why}）"), format!("{what}: cannot be read: {why}"))
}

/// Asks one question after the other on the terminal, until all are answered or the input ends. Nothing is answered by default.
fn asked(voice: Voice) -> Result<Answers, Failure> {
    let mut answers = Answers::default();
    let mut given: Vec<&'static str> = Vec::new();
    let mut lines = std::io::stdin().lock().lines();
    let mut screen = std::io::stderr();
    writeln!(
        screen,
        "{}",
        voice.say(
            "y はい、n いいえ、u 不明、? 説明、b 一つ戻る、q やめる",
            "y yes, n no, u unknown, ? help, b back, q quit"
        )
    )?;
    while let Some(question) = rubric::decide(&answers).open.first().copied() {
        ask(&mut screen, question, given.len() + 1, voice.lang)?;
        let Some(line) = lines.next() else { break };
        match line?.trim() {
            "?" | "h" => writeln!(screen, "   {}", question.help.get(voice.lang))?,
            "b" => {
                if let Some(last) = given.pop() {
                    answers.clear(last);
                }
            }
            "q" => break,
            text => match Reply::of(text) {
                Some(reply) => {
                    answers.set(question.id, reply);
                    given.push(question.id);
                }
                None => writeln!(
                    screen,
                    "   {}",
                    voice.say("y、n、u、?、b、q のどれかです", "one of y, n, u, ?, b, q")
                )?,
            },
        }
    }
    writeln!(screen)?;
    Ok(answers)
}

fn ask(screen: &mut impl Write, question: &Question, number: usize, lang: Lang) -> std::io::Result<()> {
    let metric = question.metric.names();
    writeln!(screen, "\n{number}. [{}] {} ({})", metric.get(lang), question.text.get(lang), question.id)?;
    write!(screen, "   y/n/u > ")?;
    screen.flush()
}
