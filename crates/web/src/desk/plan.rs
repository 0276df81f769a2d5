//! Where the plan stands, as everybody may see it: worked out once for each change of the registers that the engine
//! reads, beside the answer before it, which serves until then.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base::{FiscalYear, Lang};
use jiff::Timestamp;
use jiff::civil::Date;
use plan::check::Finding;
use plan::identity::Programmes;
use plan::kgi::Assumption;
use plan::view::{Piece, SHEETS};
use plan::{FollowUp, Question, View};
use register::{Registry, Sight, Viewer};
use store::{Store, Stored};
use tokio::sync::Notify;

use super::index::Index;
use crate::cx::day_in_japan;
use crate::failure::Failure;

/// Where the plan stands as of a place in the history, on a day.
pub struct Plan {
    /// The end of the history that was read.
    pub head: u64,
    /// The day of the question.
    pub today: Date,
    /// What the engine read.
    pub view: View,
    /// The follow-up of the newest year.
    pub answer: FollowUp,
    /// The programmes across years.
    pub programmes: Programmes,
    /// What the checks found, the gravest first.
    pub findings: Vec<Finding>,
    /// Where to find things in all this.
    pub index: Index,
    others: OtherAnswers,
}

/// Answers for other years and generations, made when asked for, one at a time.
type OtherAnswers = tokio::sync::Mutex<HashMap<(Option<FiscalYear>, Option<String>), Arc<FollowUp>>>;

impl Plan {
    /// The follow-up of another year or generation. The caller bounds what may be asked for: what is made is kept.
    pub async fn follow_up(
        self: &Arc<Self>,
        fiscal_year: Option<FiscalYear>,
        generation: Option<String>,
    ) -> Result<Arc<FollowUp>, Failure> {
        let mut others = self.others.lock().await;
        let key = (fiscal_year, generation);
        if let Some(known) = others.get(&key) {
            return Ok(Arc::clone(known));
        }
        let plan = Arc::clone(self);
        let question = Question {
            fiscal_year,
            generation: key.1.clone(),
            assumption: Some(Assumption::Linear),
            ..Question::on(self.today)
        };
        let made = tokio::task::spawn_blocking(move || Arc::new(plan::follow_up(&plan.view, &question)));
        let answer = made.await.map_err(Failure::broken)?;
        others.insert(key, Arc::clone(&answer));
        Ok(answer)
    }

    /// Titles of documents by id, for lists of sources.
    pub fn titles(&self, lang: Lang) -> Vec<(String, String)> {
        let documents = self.view.documents.iter();
        documents
            .map(|document| (document.origin.id().to_owned(), document.title.get(lang).to_owned()))
            .collect()
    }
}

/// The newest answer and the making of the next.
#[derive(Clone)]
pub(super) struct Plans(Arc<Making>);

struct Making {
    registry: Arc<Registry>,
    store: Mutex<Store>,
    newest: RwLock<Option<Arc<Plan>>>,
    /// Held by whoever works one out.
    at_work: Mutex<bool>,
    done: Notify,
}

impl Plans {
    pub(super) fn new(store: Store, registry: Arc<Registry>) -> Self {
        Plans(Arc::new(Making {
            registry,
            store: Mutex::new(store),
            newest: RwLock::default(),
            at_work: Mutex::new(false),
            done: Notify::new(),
        }))
    }

    pub(super) fn at_hand(&self) -> Option<Arc<Plan>> {
        self.0.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest answer there is; it is waited for only where there is none. One that is old has its successor begun.
    pub(super) async fn current(&self, head: u64) -> Result<Arc<Plan>, Failure> {
        for _ in 0..2 {
            let done = self.0.done.notified();
            let at_hand = self.at_hand();
            let today = day_in_japan(Timestamp::now());
            if at_hand.as_ref().is_none_or(|plan| plan.head < head || plan.today != today) {
                self.begin();
            }
            match at_hand {
                Some(plan) => return Ok(plan),
                None => done.await,
            }
        }
        self.at_hand().ok_or_else(|| Failure::broken("the plan could not be read; the log says why"))
    }

    /// Works out the next answer beside everything else, unless somebody does.
    fn begin(&self) {
        let mut at_work = self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *at_work, true) {
            return;
        }
        let making = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let made = making.make();
            *making.at_work.lock().unwrap_or_else(PoisonError::into_inner) = false;
            match made {
                Ok(plan) => {
                    *making.newest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(plan));
                }
                Err(failure) => tracing::error!(%failure, "the plan cannot be read"),
            }
            making.done.notify_waiters();
        });
    }
}

impl Making {
    fn make(&self) -> Result<Plan, Failure> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let head = store.head()?.entries;
        let before = self.newest.read().unwrap_or_else(PoisonError::into_inner).clone();
        let view = public_view(&store, &self.registry, before.as_deref())?;
        drop(store);
        let today = day_in_japan(Timestamp::now());
        let question = Question { assumption: Some(Assumption::Linear), ..Question::on(today) };
        let analysis = plan::analyse(&view, &question);
        let findings = plan::check::findings(&analysis);
        let plan::Analysis { programmes, follow_up: answer, .. } = analysis;
        let index = Index::of(&view, &programmes, &answer);
        Ok(Plan { head, today, answer, programmes, findings, index, view, others: OtherAnswers::default() })
    }
}

/// What the engine reads, of the registers and fields that everybody may see. Sheets that nobody has changed are not
/// read again.
fn public_view(store: &Store, registry: &Registry, before: Option<&Plan>) -> Result<View, Failure> {
    let public = Viewer::public();
    let mut pieces = Vec::new();
    let changed = before.map(|before| store.changed_since(before.head)).transpose()?;
    for register in plan::view::REGISTERS {
        let same = changed.as_ref().is_some_and(|changed| !changed.contains_key(*register));
        if let Some(before) = before.filter(|_| same && *register == SHEETS) {
            pieces.extend(before.view.sheets_again());
            continue;
        }
        let Some(declaration) = registry.get(register) else { continue };
        let sight = Sight::of(declaration, &public);
        if sight.extent().is_empty() {
            continue;
        }
        let hides = !declaration.rights.fields.is_empty();
        let piece = |stored: Stored| {
            if hides {
                sight.record(registry, &stored.record).map(|seen| Piece::of(&seen))
            } else {
                Some(Piece::of(&stored.record))
            }
        };
        store.each_as(register, plan::view::unread(register), piece, |piece| pieces.extend(piece))?;
    }
    let mut view = View::from_pieces(pieces);
    // Of these only numbers are kept, and of the numbers only those that give nobody away are told.
    for register in plan::security::REGISTERS {
        store.each(register, |stored| view.security.add(&stored.record))?;
    }
    Ok(view)
}
