//! Findings as records: what a scan found becomes a maker's findings, once each; what people have decided stays as they decided it. An
//! advisory is held against the bills on record, of everybody or of the viewer alone.

use cyber::advisory::Advisory;
use jiff::civil::Date;
use register::{Record, RecordRef};
use store::{By, Change, Query, Store, Stored};

use super::engine::{self, Found, Outcome};
use super::{kept, safe};
use crate::cx::Cx;
use crate::failure::Failure;

/// Changes written together.
const TOGETHER: usize = 500;
/// The most findings of a product that are looked through.
const MOST_FINDINGS: usize = 10_000;
/// Who is said to have found what nobody in particular looked for.
const PROGRAM: &str = "標 Shirube";

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

/// Keeps what a scan of a product's newest bill found, and notes of older findings that their component is gone. How many are new.
pub(super) async fn of_bill(cx: &Cx, held: Held, outcome: Outcome) -> Result<usize, Failure> {
    let by = cx.person()?.name.clone();
    let (today, who) = (cx.today, by.clone());
    let (changes, new) = cx
        .app
        .desk
        .look(move |store| {
            let mut planned = Planned::default();
            for found in &outcome.found {
                planned.take(store, &held, found, today, &who)?;
            }
            planned.gone(store, &held, today)?;
            Ok((planned.changes, planned.new))
        })
        .await?;
    written(cx, &by, "SBOMの照合", changes).await?;
    Ok(new)
}

/// Holds advisories against bills on record. The products with new findings, for `Whose::Viewer`; nothing is told of others'.
pub(super) async fn of_advisories(
    cx: &Cx,
    advisories: Vec<Advisory>,
    whose: Whose,
) -> Result<Vec<String>, Failure> {
    let bills = bills(cx, whose).await?;
    let by = if whose == Whose::Viewer { cx.person()?.name.clone() } else { PROGRAM.to_owned() };
    let ids: Vec<&str> = advisories.iter().map(|advisory| advisory.id.as_str()).take(5).collect();
    let reason = format!("{} の照合", ids.join("、"));
    let (today, now, who) = (cx.today, cx.now, by.clone());
    let (changes, mut products) = cx
        .app
        .desk
        .look(move |store| {
            let (mut planned, mut products) = (Planned::default(), Vec::new());
            for held in &bills {
                let parts = safe::parts_unasked(store, &held.shelf, now)?;
                let outcome = engine::reached_by(&advisories, &parts);
                for found in &outcome.found {
                    planned.take(store, held, found, today, &who)?;
                }
                if !outcome.found.is_empty() {
                    products.push(held.product.clone());
                }
            }
            Ok((planned.changes, products))
        })
        .await?;
    written(cx, &by, &reason, changes).await?;
    products.sort();
    products.dedup();
    Ok(if whose == Whose::Viewer { products } else { Vec::new() })
}

async fn bills(cx: &Cx, whose: Whose) -> Result<Vec<Held>, Failure> {
    let is_current = |record: &Record| record.state.as_deref() == Some("current");
    match whose {
        Whose::Everybody => {
            let all = cx.app.desk.look(move |store| {
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
        Whose::Viewer => {
            let seen = cx.app.desk.read(&cx.viewer, |reading| kept::all(reading, "device-bill")).await?;
            let own = seen.iter().map(|seen| &seen.record);
            Ok(own.filter(|bill| is_current(bill) && kept::may_change(cx, bill)).map(Held::of).collect())
        }
    }
}

async fn written(cx: &Cx, by: &str, reason: &str, changes: Vec<Change>) -> Result<(), Failure> {
    for portion in changes.chunks(TOGETHER) {
        cx.app.desk.write(By::now(by, reason), portion.to_vec()).await?;
    }
    Ok(())
}

/// Changes that are to be made.
#[derive(Default)]
struct Planned {
    changes: Vec<Change>,
    seen: Vec<RecordRef>,
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
        self.seen.push(reference);
        self.put(before, record);
        Ok(())
    }

    /// Findings of the product whose component its newest bill does not name any more. They stay, and say so.
    fn gone(&mut self, store: &Store, held: &Held, today: Date) -> Result<(), Failure> {
        let register = "vulnerability-finding".parse().map_err(Failure::broken)?;
        let of = |field: &str, value: &String| (field.to_owned(), value.clone());
        let filters = vec![of("product", &held.product), of("holder", &held.holder)];
        let of_product = Query { filters, limit: MOST_FINDINGS, ..Query::of(register) };
        for before in store.list(&of_product)?.items {
            let reference = before.record.reference();
            if self.seen.contains(&reference) || before.record.text("gone_on").is_some() {
                continue;
            }
            let mut record = before.record.clone();
            record.set("gone_on", today.to_string());
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
    record.set("gone_on", None::<String>);
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
