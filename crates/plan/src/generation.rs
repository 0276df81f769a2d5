//! Which generation of the plan is in force, when its review is due, and what became of its nodes in the
//! next. A draft is never in force, whatever its date.

use base::{FiscalYear, Names};
use jiff::civil::Date;
use register::{Belief, RecordId};
use serde::Serialize;

use crate::view::{Generation, Node, Standing, View};

/// When a generation is to be reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The day the term runs out, counted from the Cabinet decision.
    pub due_on: Date,
    /// The fiscal year of that day.
    pub fiscal_year: FiscalYear,
    /// Days left; negative when it is overdue.
    pub days_left: i32,
}

/// What became of a node in the next generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Became {
    /// It goes on under the same name.
    Kept,
    /// It goes on under another name.
    Changed,
    /// It has no predecessor.
    New,
    /// Nothing continues it.
    Dropped,
    /// Nobody has compared the two generations at this level yet.
    NotCompared,
}

impl Became {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            Became::Kept => Names::of("継続", "kept"),
            Became::Changed => Names::of("変更", "changed"),
            Became::New => Names::of("新規", "new"),
            Became::Dropped => Names::of("廃止", "dropped"),
            Became::NotCompared => Names::of("未比較", "not compared"),
        }
    }
}

/// One line of the comparison of two generations.
#[derive(Clone, Debug, Serialize)]
pub struct Fate {
    /// The node of the older generation; `None` for a new one.
    pub older: Option<RecordId>,
    /// The node of the newer generation; `None` for a dropped one.
    pub newer: Option<RecordId>,
    /// What happened.
    pub became: Became,
    /// Why the two are taken for one; `None` where there is no link.
    pub belief: Option<Belief>,
}

/// The generation in force on a day: the newest that the Cabinet had decided by then.
pub fn in_force(view: &View, on: Date) -> Option<&Generation> {
    let decided = view.generations.iter().filter(|generation| generation.standing == Standing::Decided);
    let by_then =
        decided.filter_map(|generation| Some((generation.decided_on.filter(|day| *day <= on)?, generation)));
    by_then.max_by_key(|(day, _)| *day).map(|(_, generation)| generation)
}

/// When the review of a decided generation is due. `None` for a draft, or where the term is not recorded.
pub fn review(generation: &Generation, today: Date) -> Option<Review> {
    if generation.standing != Standing::Decided {
        return None;
    }
    let years = jiff::Span::new().try_years(generation.review_after_years?).ok()?;
    let due_on = generation.decided_on?.checked_add(years).ok()?;
    let days_left = (due_on - today).get_days();
    Some(Review { due_on, fiscal_year: FiscalYear::of(due_on), days_left })
}

/// What became of every node between two generations, by the `continues` links of the newer one's nodes.
pub fn fates(view: &View, older: &str, newer: &str) -> Vec<Fate> {
    let old: Vec<&Node> = view.nodes_of(older).collect();
    let new: Vec<&Node> = view.nodes_of(newer).collect();
    let compared = new.iter().any(|node| node.links_of("continues").next().is_some());
    let unlinked = |otherwise| if compared { otherwise } else { Became::NotCompared };
    let mut fates = Vec::new();
    for node in &old {
        let heirs = new.iter().flat_map(|heir| {
            heir.links_of("continues")
                .filter(|link| link.to.record == *node.id())
                .map(move |link| (heir, link))
        });
        let mut heirs = heirs.peekable();
        if heirs.peek().is_none() {
            fates.push(Fate {
                older: Some(id(node)),
                newer: None,
                became: unlinked(Became::Dropped),
                belief: None,
            });
        }
        for (heir, link) in heirs {
            let same = base::text::name_key(&heir.name.ja) == base::text::name_key(&node.name.ja);
            let became = if same { Became::Kept } else { Became::Changed };
            fates.push(Fate {
                older: Some(id(node)),
                newer: Some(id(heir)),
                became,
                belief: Some(link.belief.clone()),
            });
        }
    }
    let without_past = new.iter().filter(|node| node.links_of("continues").next().is_none());
    fates.extend(without_past.map(|node| Fate {
        older: None,
        newer: Some(id(node)),
        became: unlinked(Became::New),
        belief: None,
    }));
    fates
}

fn id(node: &Node) -> RecordId {
    node.origin.record.record.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, record};
    use jiff::civil::date;

    #[test]
    fn the_newest_decided_generation_is_in_force() {
        let view = sample::view();
        let on = |day| in_force(&view, day).map(|generation| generation.origin.id().to_owned());
        assert_eq!(on(date(2016, 5, 30)), None);
        assert_eq!(on(date(2016, 5, 31)).as_deref(), Some("plan-1"));
        assert_eq!(on(date(2022, 5, 31)).as_deref(), Some("plan-2"));
        assert_eq!(on(date(2030, 1, 1)).as_deref(), Some("plan-2"), "a draft is never in force");
    }

    #[test]
    fn the_second_plan_is_due_for_review_in_fy2027() {
        let view = sample::view();
        let due = review(view.generation("plan-2").unwrap(), date(2026, 11, 23)).unwrap();
        assert_eq!((due.due_on, due.fiscal_year), (date(2027, 5, 31), FiscalYear::new(2027)));
        assert_eq!(due.days_left, 189);
        assert_eq!(review(view.generation("plan-3").unwrap(), date(2026, 11, 23)), None);
    }

    #[test]
    fn nothing_is_called_dropped_before_anybody_compared() {
        let view = sample::view();
        assert!(fates(&view, "plan-2", "plan-3").iter().all(|fate| fate.became == Became::NotCompared));
    }

    #[test]
    fn kept_changed_new_and_dropped_are_told_apart() {
        let node = |id: &str, generation: &str, name: &str, continues: Option<&str>| {
            let fields =
                serde_json::json!({ "name": { "ja": name }, "generation": generation, "level": "goal" });
            let links = continues.map(|to| sample::link("continues", to, Belief::Stated));
            record(id, fields, links.into_iter().collect())
        };
        let records = [
            node("plan-node:a", "plan-generation:p1", "甲", None),
            node("plan-node:b", "plan-generation:p1", "乙", None),
            node("plan-node:c", "plan-generation:p1", "丙", None),
            node("plan-node:A", "plan-generation:p2", "甲", Some("plan-node:a")),
            node("plan-node:B", "plan-generation:p2", "乙改", Some("plan-node:b")),
            node("plan-node:D", "plan-generation:p2", "丁", None),
        ];
        let fates = fates(&View::from_records(&records), "p1", "p2");
        let became: Vec<Became> = fates.iter().map(|fate| fate.became).collect();
        assert_eq!(became, [Became::Kept, Became::Changed, Became::Dropped, Became::New]);
    }
}
