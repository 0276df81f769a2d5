//! Findings as records: what a scan found becomes a maker's findings, once each; what people have decided stays as they decided it. An
//! advisory is held against the bills on record, of everybody or of the viewer alone.

use std::collections::HashSet;

use cyber::advisory::Advisory;
use jiff::Timestamp;
use jiff::civil::Date;
use register::{Record, RecordRef};
use store::{By, Change, Query, Store, Stored};

use super::engine::Part;
use super::lookup::{Data, Found, Opened, Outcome};
use super::{kept, safe};
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;

/// Changes written together.
const TOGETHER: usize = 500;
/// The most findings of a product that are looked through.
const MOST_FINDINGS: usize = 10_000;
/// Bills looked through at a time: nobody waits long for a connection, and not everything is held in memory.
const AT_A_TIME: usize = 10;
/// How often a portion is tried where somebody writes meanwhile.
const TRIES: usize = 5;
/// Who is said to have found what nobody in particular looked for.
const PROGRAM: &str = "標 Shirube";
/// Why findings change when the data at hand are replaced.
const UPDATED: &str = "脆弱性情報の更新";
/// Why they change when a bill is given.
const GIVEN: &str = "SBOMの照合";
/// Why findings are new where many may be at once, so that alerts put them together.
pub(crate) const AT_ONCE: [&str; 2] = [UPDATED, GIVEN];

/// Whose bills an advisory is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Everybody's. What comes of it is told to the owners alone.
    Everybody,
    /// Those whose records the viewer may change.
    Viewer,
}

/// A bill and whose it is.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) bill: RecordRef,
    pub(super) shelf: safe::Shelf,
    pub(super) product: String,
    pub(super) holder: String,
}

impl Held {
    /// What the record of a bill says.
    pub(super) fn of(bill: &Record) -> Self {
        Held {
            bill: bill.reference(),
            shelf: safe::Shelf::of(bill),
            product: kept::text(bill, "product").to_owned(),
            holder: kept::text(bill, "holder").to_owned(),
        }
    }
}

/// Keeps what a scan of a product's newest bill found, and notes of older findings that they are no more. How many are new.
pub(super) async fn of_bill(
    cx: &Cx,
    held: Held,
    parts: Vec<Part>,
    outcome: Outcome,
) -> Result<usize, Failure> {
    let by = cx.person()?.name.clone();
    let data = cx.app.devices.known.data()?;
    let (today, who) = (cx.today, by.clone());
    let (changes, new) = cx
        .app
        .desk
        .look(move |store| {
            let mut planned = Planned::default();
            for found in &outcome.found {
                planned.take(store, &held, found, today, &who)?;
            }
            planned.settle(store, &held, &parts, &data.opened()?, today)?;
            Ok((planned.changes, planned.new))
        })
        .await?;
    written(&cx.app, &by, GIVEN, changes).await?;
    Ok(new)
}

/// Holds advisories against bills on record. Nothing is told of whom they reach.
pub(super) async fn of_advisories(cx: &Cx, advisories: Vec<Advisory>, whose: Whose) -> Result<(), Failure> {
    let bills = match whose {
        Whose::Everybody => everybodys(&cx.app).await?,
        Whose::Viewer => viewers(cx).await?,
    };
    let ids: Vec<&str> = advisories.iter().map(|advisory| advisory.id.as_str()).take(5).collect();
    let pass = Pass {
        by: if whose == Whose::Viewer { cx.person()?.name.clone() } else { PROGRAM.to_owned() },
        reason: format!("{} の照合", ids.join("、")),
        data: Data::of(advisories)?,
        today: cx.today,
        is_whole: false,
    };
    pass.over(&cx.app, &bills).await
}

/// Holds everything at hand against every bill on record: what is new becomes findings of their owners, what is no more says so.
pub(super) async fn of_everything(app: &App, data: Data, today: Date) -> Result<(), Failure> {
    let bills = everybodys(app).await?;
    let pass = Pass { by: PROGRAM.to_owned(), reason: UPDATED.to_owned(), data, today, is_whole: true };
    pass.over(app, &bills).await
}

/// The one way over bills: what is held against them, and in whose name.
struct Pass {
    by: String,
    reason: String,
    data: Data,
    today: Date,
    /// All that is at hand is held against them, so that what is not found any more is no more.
    is_whole: bool,
}

impl Pass {
    async fn over(&self, app: &App, bills: &[Held]) -> Result<(), Failure> {
        for portion in bills.chunks(AT_A_TIME) {
            let mut tries = 1;
            // Somebody may decide about a finding meanwhile: then it is looked at anew, with what was decided.
            while let Err(failure) = self.portion(app, portion.to_vec()).await {
                if !matches!(failure, Failure::Conflict(_)) || tries >= TRIES {
                    return Err(failure);
                }
                tries += 1;
            }
        }
        Ok(())
    }

    async fn portion(&self, app: &App, bills: Vec<Held>) -> Result<(), Failure> {
        let (data, today, who, is_whole) = (self.data.clone(), self.today, self.by.clone(), self.is_whole);
        let changes = app.desk.look(move |store| {
            let (mut planned, opened) = (Planned::default(), data.opened()?);
            for held in &bills {
                let parts = safe::parts_unasked(store, &held.shelf, Timestamp::now())?;
                let outcome = opened.look_up(&parts)?;
                for found in &outcome.found {
                    planned.take(store, held, found, today, &who)?;
                }
                if is_whole {
                    planned.settle(store, held, &parts, &opened, today)?;
                    planned.looked_up(store, held, outcome.looked_up)?;
                }
            }
            Ok(planned.changes)
        });
        written(app, &self.by, &self.reason, changes.await?).await
    }
}

fn is_current(record: &Record) -> bool {
    record.state.as_deref() == Some("current")
}

async fn everybodys(app: &App) -> Result<Vec<Held>, Failure> {
    let all = app.desk.look(move |store| {
        let mut held = Vec::new();
        store.each("device-bill", |stored| {
            if is_current(&stored.record) {
                held.push(Held::of(&stored.record));
            }
        })?;
        Ok(held)
    });
    all.await
}

async fn viewers(cx: &Cx) -> Result<Vec<Held>, Failure> {
    let seen = cx.app.desk.read(&cx.viewer, |reading| kept::all(reading, "device-bill")).await?;
    let own = seen.iter().map(|seen| &seen.record);
    Ok(own.filter(|bill| is_current(bill) && kept::may_change(cx, bill)).map(Held::of).collect())
}

async fn written(app: &App, by: &str, reason: &str, changes: Vec<Change>) -> Result<(), Failure> {
    for portion in changes.chunks(TOGETHER) {
        app.desk.write(By::now(by, reason), portion.to_vec()).await?;
    }
    Ok(())
}

/// Changes that are to be made.
#[derive(Default)]
struct Planned {
    changes: Vec<Change>,
    seen: HashSet<RecordRef>,
    new: usize,
}

impl Planned {
    fn take(
        &mut self,
        store: &Store,
        held: &Held,
        found: &Found,
        today: Date,
        by: &str,
    ) -> Result<(), Failure> {
        let id = kept::id_of("f", &[&held.holder, &held.product, &found.advisory, &found.component]);
        let reference = kept::reference("vulnerability-finding", &id)?;
        let before = store.get(&reference)?;
        let record = match &before {
            Some(before) => before.record.clone(),
            None => kept::made("vulnerability-finding", &id, &found.advisory, by, today)?,
        };
        let record = told(record, held, found, today, before.is_none());
        self.seen.insert(reference);
        self.put(before, record);
        Ok(())
    }

    /// Findings of the product that were not seen again. They stay, and say since when: the newest bill does not name their component any more, or
    /// the advisory does not reach it any more. Of an advisory that is not at hand silence says nothing.
    fn settle(
        &mut self,
        store: &Store,
        held: &Held,
        parts: &[Part],
        opened: &Opened<'_>,
        today: Date,
    ) -> Result<(), Failure> {
        let register = "vulnerability-finding".parse().map_err(Failure::broken)?;
        let of = |field: &str, value: &String| (field.to_owned(), value.clone());
        let filters = vec![of("product", &held.product), of("holder", &held.holder)];
        let of_product = Query { filters, limit: MOST_FINDINGS, ..Query::of(register) };
        for before in store.list(&of_product)?.items {
            let record = &before.record;
            if self.seen.contains(&record.reference()) || kept::text(record, "verdict") == "suggested" {
                continue;
            }
            let component = kept::text(record, "component");
            let is_named = |part: &Part| part.purls.iter().chain(&part.cpes).any(|name| name == component);
            let field = if !parts.iter().any(is_named) {
                "gone_on"
            } else if opened.knows(kept::text(record, "advisory"))? {
                "cleared_on"
            } else {
                continue;
            };
            if record.text(field).is_none() {
                let mut record = record.clone();
                record.set(field, today.to_string());
                self.put(Some(before), record);
            }
        }
        Ok(())
    }

    /// The bill says how many of its components could be looked up: with other data, others.
    fn looked_up(&mut self, store: &Store, held: &Held, count: usize) -> Result<(), Failure> {
        if let Some(before) = store.get(&held.bill)? {
            let mut record = before.record.clone();
            record.set("looked_up", count);
            self.put(Some(before), record);
        }
        Ok(())
    }

    fn put(&mut self, before: Option<Stored>, record: Record) {
        if before.as_ref().is_some_and(|before| before.record == record) {
            return;
        }
        self.new += usize::from(before.is_none());
        let expected = Some(before.map_or(0, |before| before.version));
        self.changes.push(Change::Put { record, expected });
    }
}

/// A finding with what the engine says of it. What a person has said of it stays.
fn told(mut record: Record, held: &Held, found: &Found, today: Date, is_new: bool) -> Record {
    if is_new {
        record.state = Some("open".to_owned());
        record.set("holder", &held.holder).set("product", &held.product);
        record.set("advisory", &found.advisory).set("component", &found.component);
        record.set("title", format!("{} – {}", found.advisory, found.component));
        record.set("found_on", today.to_string());
    }
    record.set("gone_on", None::<String>).set("cleared_on", None::<String>);
    record.set("aliases", &found.aliases).set("verdict", found.verdict).set("why", &found.why);
    record.set("severity", (!found.severity.is_empty()).then_some(&found.severity));
    record.set("grade", found.grade).set("bill", held.bill.to_string());
    record.set("summary", (!found.summary.is_empty()).then_some(&found.summary));
    record
}

#[cfg(test)]
mod tests {
    use base::Names;

    use super::*;

    #[test]
    fn what_a_person_decided_stays_when_the_engine_speaks_again() {
        let held = Held {
            bill: "device-bill:b2".parse().unwrap(),
            shelf: safe::Shelf::of(
                &kept::made("device-bill", "b2", "x", "y", jiff::civil::date(2026, 4, 1)).unwrap(),
            ),
            product: "device-product:p".into(),
            holder: "organisation:acme".into(),
        };
        let found = Found {
            advisory: "CVE-1".into(),
            aliases: vec![],
            component: "pkg:pypi/pump@1".into(),
            verdict: "undetermined",
            why: Names::of("版がない", "no version"),
            severity: String::new(),
            grade: "unknown",
            summary: String::new(),
        };
        let today = jiff::civil::date(2026, 4, 1);
        let mut before = kept::made("vulnerability-finding", "f", "CVE-1", "x", today).unwrap();
        before.state = Some("not-affected".into());
        before
            .set("reason", "the code is not built in")
            .set("verdict", "affected")
            .set("gone_on", "2026-03-01");
        let after = told(before, &held, &found, today, false);
        assert_eq!(after.state.as_deref(), Some("not-affected"));
        assert_eq!(after.text("reason"), Some("the code is not built in"));
        assert_eq!(after.text("verdict"), Some("undetermined"));
        assert_eq!(after.text("gone_on"), None, "its component is there again");
    }
}
