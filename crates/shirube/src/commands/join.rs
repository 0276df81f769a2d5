//! Which programmes serve which goal: the links with their reasons, and a person's decisions on them.

use std::process::ExitCode;

use base::Lang;
use plan::Question;
use plan::join::Join as Link;
use plan::view::Verdict;
use register::RecordRef;
use report::outline::joins as outline;

use crate::cli::{Decide, Format, Join, JoinAction};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

pub(super) fn run(session: &Session, command: &Join) -> Result<ExitCode, Failure> {
    match &command.action {
        None => list(session, command),
        Some(JoinAction::Accept(decide)) => self::decide(session, decide, Verdict::Accepted),
        Some(JoinAction::Reject(decide)) => self::decide(session, decide, Verdict::Rejected),
    }
}

fn list(session: &Session, command: &Join) -> Result<ExitCode, Failure> {
    let view = super::follow_up::view(session)?;
    let answer = plan::follow_up(&view, &Question::on(session.today));
    let wanted = |link: &&Link| {
        command.node.as_ref().is_none_or(|node| link.node == *node)
            && command.programme.as_ref().is_none_or(|key| link.programme == *key)
    };
    let links: Vec<&Link> =
        answer.goals.iter().flat_map(|goal| goal.joins.iter().chain(&goal.rejected)).filter(wanted).collect();
    if command.answer.format == Format::Json {
        output::machine(session.voice, &command.answer, &links)?;
    } else {
        output::document(session.voice, &outline::joins(&answer, &links, session.lang), &command.answer)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn decide(session: &Session, decide: &Decide, verdict: Verdict) -> Result<ExitCode, Failure> {
    let node = RecordRef::new("plan-node", &decide.node)
        .map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
    if session.store.get(&node)?.is_none() {
        return Err(Failure::said(
            format!("計画項目 {} はありません（shirube list plan-node で一覧）", decide.node),
            format!("the plan has no node `{}` (see `shirube list plan-node`)", decide.node),
        ));
    }
    let view = super::follow_up::view(session)?;
    let programmes = plan::identity::Programmes::of(&view);
    let known = programmes.by_key(&decide.programme).and_then(|at| programmes.groups.get(at));
    let programme = known.ok_or_else(|| {
        Failure::said(
            format!("鍵 {} の事業はありません（shirube join が鍵を示します）", decide.programme),
            format!(
                "there is no programme with the key `{}` (`shirube join` prints the keys)",
                decide.programme
            ),
        )
    })?;
    let (reason, by) = (decide.reason.as_str(), session.actor.as_str());
    let record =
        plan::join::decision(&programme.key, &node, verdict, reason, by, session.today).map_err(said_id)?;
    session.store.write(&session.by(decide.reason.as_str()), [record])?;
    let name = &programme.name;
    println!(
        "{}",
        match (session.lang, verdict) {
            (Lang::Ja, Verdict::Accepted) => format!("{name} → {}：採用しました", decide.node),
            (Lang::Ja, _) => format!("{name} → {}：退けました", decide.node),
            (Lang::En, Verdict::Accepted) => format!("{name} → {}: accepted", decide.node),
            (Lang::En, Verdict::Rejected) => format!("{name} → {}: rejected", decide.node),
        }
    );
    Ok(ExitCode::SUCCESS)
}

fn said_id(error: register::id::NotAnId) -> Failure {
    Failure::said(error.to_string(), error.to_string())
}
