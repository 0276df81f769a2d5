//! Readings under way and those that wait to be taken over. They live in memory and in folders of their own; a stop of the server
//! forgets them, and nothing of them has been written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use base::{Lang, Names};
use intake::{IntakeError, Kind, Limits, Progress, Remark};
use jiff::Timestamp;
use register::{Record, RecordRef};

use crate::cx::Cx;
use crate::desk::Reading;
use crate::failure::Failure;
use crate::work::upload::Received;

/// Readings kept at the same time, of all people. Configuration without a source.
const MOST: usize = 8;
/// Hours after which a reading that nobody takes over is forgotten. Configuration without a source.
const HOURS: i64 = 2;
/// Changes shown as examples.
const EXAMPLES: usize = 100;

/// All readings.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<HashMap<String, Arc<Job>>>);

/// One reading.
pub(super) struct Job {
    pub(super) person: String,
    pub(super) files: Vec<String>,
    pub(super) begun: Timestamp,
    pub(super) state: Mutex<State>,
}

/// How far a reading has come.
#[derive(Clone)]
pub(super) enum State {
    Reading(Progress),
    /// Nothing could be read, and why.
    Refused(Names),
    /// Read, and not taken over yet.
    Read(Arc<Outcome>),
    Taking,
    Taken {
        added: u64,
        changed: u64,
        unchanged: u64,
    },
}

/// What was read, and what it would change.
#[derive(Clone)]
pub(super) struct Outcome {
    pub(super) summaries: Vec<Names>,
    pub(super) remarks: Vec<Remark>,
    pub(super) refused: Vec<Names>,
    /// Records to be written, each with the version that it was compared with.
    pub(super) records: Vec<(Record, u64)>,
    /// Those that somebody changed after they had been compared: the person decides again.
    pub(super) outdated: Vec<RecordRef>,
    pub(super) added: usize,
    pub(super) changed: usize,
    pub(super) unchanged: usize,
    /// Of those unchanged: rows read otherwise that stay as a person has said.
    pub(super) as_people_said: usize,
    /// Some of the records that would be new (true) or changed.
    pub(super) examples: Vec<(RecordRef, bool)>,
    /// Registers that the viewer has no right to change so.
    pub(super) denied: BTreeSet<String>,
    /// Texts of the documents, by the name under which records cite them: for doubtful cells.
    pub(super) originals: BTreeMap<String, String>,
}

impl Job {
    pub(super) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    pub(super) fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
    /// Moves on to being taken over; of several who try, one is told what to write.
    pub(super) fn begin_taking(&self) -> Option<Arc<Outcome>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Read(outcome) = &*state else { return None };
        let outcome = Arc::clone(outcome);
        *state = State::Taking;
        Some(outcome)
    }
}

impl Jobs {
    /// A reading of this person.
    pub(super) fn get(&self, id: &str, person: &str) -> Result<Arc<Job>, Failure> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(id).filter(|job| job.person == person).cloned().ok_or(Failure::NotFound)
    }
    /// Forgets a reading, and its folder with it.
    pub(super) fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
    fn put(&self, id: String, job: Arc<Job>, now: Timestamp) -> Result<(), Failure> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|_, job| now.duration_since(job.begun).as_hours() < HOURS);
        if jobs.len() >= MOST {
            return Err(Failure::Busy);
        }
        jobs.insert(id, job);
        Ok(())
    }
}

/// Begins to read files, and tells under which name.
pub(super) fn begin(cx: &Cx, files: Received, kind: Option<Kind>) -> Result<String, Failure> {
    let progress = Progress { stage: intake::Stage::Opening, done: 0, total: 0 };
    let job = Arc::new(Job {
        person: cx.person()?.id.clone(),
        files: files.names(),
        begun: cx.now,
        state: Mutex::new(State::Reading(progress)),
    });
    let mut random = [0_u8; 12];
    getrandom::fill(&mut random).map_err(Failure::broken)?;
    let id = crate::hex(&random);
    cx.app.intakes.put(id.clone(), Arc::clone(&job), cx.now)?;
    let cx = cx.clone();
    tokio::spawn(async move {
        let state = match read(&cx, Arc::clone(&job), files, kind).await {
            Ok(outcome) => State::Read(Arc::new(outcome)),
            Err(failure) => State::Refused(failure.names()),
        };
        job.set(state);
    });
    Ok(id)
}

/// Reads files on a thread that may block, then asks what they would change.
async fn read(cx: &Cx, job: Arc<Job>, files: Received, kind: Option<Kind>) -> Result<Outcome, Failure> {
    let reading = tokio::task::spawn_blocking(move || {
        let follow = |progress: Progress| job.set(State::Reading(progress));
        let limits = Limits::default();
        let inputs = intake::bytes::open(files.path(), &limits, Some(&follow))?;
        let originals = texts(&inputs, kind);
        drop(inputs);
        Ok::<_, IntakeError>((intake::read(files.path(), kind, &limits, Some(&follow))?, originals))
    });
    let (read, originals) = reading
        .await
        .map_err(Failure::broken)?
        .map_err(|error| Failure::bad(error.message(Lang::Ja), error.message(Lang::En)))?;
    let refused = read
        .refused
        .iter()
        .map(|error| Names::of(error.message(Lang::Ja), error.message(Lang::En)))
        .collect();
    let mut outcome = Outcome {
        summaries: read.readings.iter().map(intake::Reading::summary).collect(),
        remarks: Vec::new(),
        refused,
        records: Vec::new(),
        outdated: Vec::new(),
        added: 0,
        changed: 0,
        unchanged: 0,
        as_people_said: 0,
        examples: Vec::new(),
        denied: BTreeSet::new(),
        originals,
    };
    for reading in read.readings {
        outcome.remarks.extend(reading.remarks);
        outcome.records.extend(reading.records.into_iter().map(|record| (record, 0)));
    }
    let mut outcome = compared(cx, outcome).await?;
    outcome.outdated.clear();
    Ok(outcome)
}

/// The same compared with what is on record now.
pub(super) async fn compared(cx: &Cx, mut outcome: Outcome) -> Result<Outcome, Failure> {
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            compare(reading, &mut outcome)?;
            Ok(outcome)
        })
        .await
}

/// The follow-up tables among files that are plain text.
fn texts(inputs: &[intake::Input], kind: Option<Kind>) -> BTreeMap<String, String> {
    let is_text = |input: &&intake::Input| {
        let found = kind.map_or_else(|| intake::detect(&input.name, &input.bytes), Ok);
        matches!(found, Ok(Kind::FollowUpText))
    };
    let decoded = |input: &intake::Input| {
        let document = intake::followup::assemble::document_id(&input.name);
        Some((document, intake::text::decode(&input.name, &input.bytes).ok()?.into_owned()))
    };
    inputs.iter().filter(is_text).filter_map(decoded).collect()
}

/// What records would change, and what the viewer has no right to change. A document that is on record already stays as it is.
fn compare(reading: &Reading<'_>, outcome: &mut Outcome) -> Result<(), Failure> {
    let mut kept = Vec::with_capacity(outcome.records.len());
    (outcome.added, outcome.changed) = (0, 0);
    (outcome.examples, outcome.outdated, outcome.denied) = Default::default();
    for (record, known) in std::mem::take(&mut outcome.records) {
        let version = reading.version(&record.reference())?;
        let before = reading.whole(&record.reference())?.map(|stored| stored.record);
        if before.as_ref() == Some(&record) {
            outcome.unchanged += 1;
            continue;
        }
        if before.as_ref().is_some_and(|before| intake::reading::yields_to(&record, before)) {
            outcome.unchanged += 1;
            outcome.as_people_said += usize::from(record.register != "document");
            continue;
        }
        let declaration = reading.registry.get(record.register.as_str());
        let denied = declaration.is_none_or(|declared| {
            !reading.sight(declared).denied(before.as_ref(), Some(&record)).is_empty()
        });
        if denied {
            outcome.denied.insert(record.register.to_string());
        }
        match before {
            Some(_) => outcome.changed += 1,
            None => outcome.added += 1,
        }
        if outcome.examples.len() < EXAMPLES {
            outcome.examples.push((record.reference(), before.is_none()));
        }
        if version != known {
            outcome.outdated.push(record.reference());
        }
        kept.push((record, version));
    }
    outcome.records = kept;
    Ok(())
}
