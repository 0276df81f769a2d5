//! The main job: the annual follow-up, in every form.

use std::process::ExitCode;

use plan::kgi::Assumption;
use plan::{FollowUp as Answer, Question, View};
use report::outline;

use crate::cli::{self, FollowUp, Format};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

pub(super) fn run(session: &Session, command: &FollowUp) -> Result<ExitCode, Failure> {
    let view = view(session)?;
    let question = Question {
        fiscal_year: command.fy,
        generation: command.generation.clone(),
        assumption: Some(assumption(command.assume)),
        ..Question::on(session.today)
    };
    if let Some(generation) = &command.generation
        && view.generation(generation).is_none()
    {
        let known =
            view.generations.iter().map(|generation| generation.origin.id()).collect::<Vec<_>>().join(", ");
        return Err(Failure::said(
            format!("世代 {generation} はありません。あるのは {known}"),
            format!("there is no generation `{generation}`; there are {known}"),
        ));
    }
    let mut answer = plan::follow_up(&view, &question);
    if let Some(wanted) = &command.goal {
        only_goals(&mut answer, wanted)?;
    }
    match command.answer.format {
        Format::Json => output::machine(session.voice, &command.answer, &answer)?,
        Format::Csv => super::export::follow_up(session, &answer, &command.answer)?,
        Format::Stratml => output::bytes(session.voice, &command.answer, &stratml(session, &answer)?)?,
        _ => output::document(
            session.voice,
            &outline::follow_up::follow_up(&answer, &titles(&view, session), session.lang),
            &command.answer,
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything the plan engine reads, as views.
pub(super) fn view(session: &Session) -> Result<View, Failure> {
    let view = session.view_of_the_plan()?;
    for fault in &view.faults {
        session.remark(fault);
    }
    Ok(view)
}

pub(super) fn assumption(assumption: cli::Assumption) -> Assumption {
    match assumption {
        cli::Assumption::Linear => Assumption::Linear,
        cli::Assumption::Compound => Assumption::Compound,
    }
}

/// Titles of documents by id, for the list of sources.
pub(super) fn titles(view: &View, session: &Session) -> Vec<(String, String)> {
    view.documents
        .iter()
        .map(|document| (document.origin.id().to_owned(), document.title.get(session.lang).to_owned()))
        .collect()
}

fn only_goals(answer: &mut Answer, wanted: &str) -> Result<(), Failure> {
    let key = base::text::search_key(wanted);
    answer.goals.retain(|goal| {
        let names = [&goal.node.name.ja, &goal.node.name.en, goal.node.record.record.as_str()]
            .map(base::text::search_key);
        names.iter().any(|name| name.contains(&key))
    });
    if answer.goals.is_empty() {
        return Err(Failure::said(
            format!("「{wanted}」を含むゴールはありません"),
            format!("no goal contains “{wanted}”"),
        ));
    }
    let joined: Vec<&str> =
        answer.goals.iter().flat_map(|goal| goal.joins.iter().map(|join| join.programme.as_str())).collect();
    answer.programmes.retain(|key, _| joined.contains(&key.as_str()));
    Ok(())
}

fn stratml(session: &Session, answer: &Answer) -> Result<Vec<u8>, Failure> {
    let plan = outline::stratml::plan(answer, session.lang);
    let written =
        report::stratml::write(&plan).map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    for change in &written.changes {
        session.remark(change);
    }
    Ok(written.xml.into_bytes())
}
