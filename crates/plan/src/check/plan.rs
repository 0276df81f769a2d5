//! Rules on the plan itself: its standing, its review, the links of its tree, and what could not be read.

use std::collections::BTreeMap;

use base::{DocumentStatus, Names};
use register::{Belief, Link, RecordRef};

use super::{Found, Rule, Severity, Text};
use crate::follow_up::Analysis;
use crate::view::{Origin, Standing};

/// Days before the review is due from which on it is worth a note. Configuration: no document sets it.
pub const REVIEW_NOTICE_DAYS: i32 = 730;

pub(super) const DRAFT_AS_BASIS: Rule = Rule {
    code: "S0501",
    severity: Severity::Warning,
    name: Text { ja: "案を基にしている", en: "a draft is the basis" },
    explains: Text {
        ja: "閣議決定されていない世代を基に取組状況をまとめている。案は決定ではなく、内容が変わり得る。",
        en: "The follow-up is of a generation that the Cabinet has not decided. A draft binds nobody and may change.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .generation
            .iter()
            .filter(|generation| generation.standing != Standing::Decided)
            .map(|generation| {
                let (name, standing) = (&generation.name, generation.standing.names());
                let message = Names::of(
                    format!("{}は{}である", name.ja, standing.ja),
                    format!("{} is {}", name.get(base::Lang::En), standing.en),
                );
                Found::at(&generation.record, &generation.sources, message)
            })
            .collect()
    },
};

pub(super) const TREE_FROM_DRAFT: Rule = Rule {
    code: "S0502",
    severity: Severity::Note,
    name: Text {
        ja: "決定した計画の項目を案の資料から読んでいる",
        en: "nodes of a decided plan were read from a draft",
    },
    explains: Text {
        ja: "計画は決定済みだが、項目の文言は案の資料による。決定された本文と異なることがある。決定された本文を取り込む。",
        en: "The plan is decided, but the wording of its nodes comes from a draft and may differ from the text that was decided. Take in the decided text.",
    },
    find: |analysis| {
        let draft = |origin: &Origin| {
            origin.sources.iter().any(|source| {
                let of_document =
                    analysis.view.documents.iter().find(|document| document.origin.id() == source.document);
                source.status != DocumentStatus::Decided
                    || of_document.is_some_and(|document| document.status != DocumentStatus::Decided)
            })
        };
        let decided =
            analysis.view.generations.iter().filter(|generation| generation.standing == Standing::Decided);
        decided
            .filter_map(|generation| {
                let drafts =
                    analysis.view.nodes_of(generation.origin.id()).filter(|node| draft(&node.origin)).count();
                let message = Names::of(
                    format!("{}の{drafts}項目は案の資料による", generation.name.ja),
                    format!("{drafts} nodes of {} come from a draft", generation.name.get(base::Lang::En)),
                );
                (drafts > 0).then(|| {
                    Found::at(&generation.origin.record, &generation.origin.sources, message)
                        .with("nodes", drafts)
                })
            })
            .collect()
    },
};

pub(super) const REVIEW_DUE: Rule = Rule {
    code: "S0503",
    severity: Severity::Warning,
    name: Text { ja: "見直しの時期", en: "the review is due" },
    explains: Text {
        ja: "計画は5年を目途に見直すこととされている。閣議決定の日から数えた期限が近いか、過ぎている。何日前から知らせるかは設定である。",
        en: "The plan is to be reviewed at about five years. The term, counted from the Cabinet decision, is near or over. How early to say so is configuration.",
    },
    find: |analysis| {
        analysis
            .follow_up
            .generations
            .iter()
            .filter(|generation| generation.in_force)
            .filter_map(|generation| {
                let review = generation.review.filter(|review| review.days_left <= REVIEW_NOTICE_DAYS)?;
                let (due, year, days) = (review.due_on, review.fiscal_year, review.days_left);
                let message = Names::of(
                    format!(
                        "{}の見直しの目途は{}（{}、残り{days}日）",
                        generation.name.ja,
                        base::date::japanese(due),
                        year.japanese()
                    ),
                    format!(
                        "{} is to be reviewed by {due} ({year}, {days} days left)",
                        generation.name.get(base::Lang::En)
                    ),
                );
                Some(
                    Found::at(&generation.record, &generation.sources, message)
                        .with("due_on", due)
                        .with("days_left", days),
                )
            })
            .collect()
    },
};

pub(super) const UNDECIDED_LINKS: Rule = Rule {
    code: "S0504",
    severity: Severity::Note,
    name: Text { ja: "決まっていない結び付き", en: "links are undecided" },
    explains: Text {
        ja: "原典の図などが失われ、複数の読み方ができる結び付き。候補だけを記録してある。原典の図を見た人が決める。",
        en: "The document's drawing is lost and several readings fit; only the candidates are on record. Somebody who has seen the drawing must decide.",
    },
    find: |analysis| {
        by_belief(analysis, |belief| *belief == Belief::Undecided, "決まっていない", "undecided")
    },
};

pub(super) const SUGGESTED_LINKS: Rule = Rule {
    code: "S0505",
    severity: Severity::Note,
    name: Text {
        ja: "推定のままの結び付き（計画内）", en: "links of the plan are only suggested"
    },
    explains: Text {
        ja: "内容や並び順から推定した、計画の項目の間の結び付き。人が確かめるまでは推定として示す。",
        en: "Links between nodes of the plan that were inferred from content or order. They are shown as suggestions until a person confirms them.",
    },
    find: |analysis| {
        by_belief(analysis, |belief| matches!(belief, Belief::Suggested { .. }), "推定の", "suggested")
    },
};

pub(super) const DANGLING_LINK: Rule = Rule {
    code: "S0506",
    severity: Severity::Error,
    name: Text { ja: "行き先のない結び付き", en: "a link points nowhere" },
    explains: Text {
        ja: "記録が指す相手が記録にない。識別子の誤りか、相手がまだ取り込まれていない。",
        en: "A record points to another that is not on record. Its id is mistyped, or the other was not taken in.",
    },
    find: |analysis| {
        links(analysis)
            .filter(|(_, link)| analysis.view.lacks(&link.to))
            .map(|(origin, link)| {
                let (kind, to) = (&link.kind, &link.to);
                let message = Names::of(
                    format!("{kind} の相手 {to} が見当たらない"),
                    format!("{to}, to which `{kind}` points, is not on record"),
                );
                Found::at(&origin.record, &origin.sources, message).with("to", to)
            })
            .collect()
    },
};

pub(super) const PRINTED_COUNT: Rule = Rule {
    code: "S0507",
    severity: Severity::Note,
    name: Text {
        ja: "印刷された数と挙げられた数が異なる",
        en: "a printed number and the items listed differ",
    },
    explains: Text {
        ja: "資料が印刷する件数・回数と、個別に挙げられた数が異なる（第2期のTFは8回とあるが、一部だけが挙がる）。",
        en: "A document prints a number of things and names fewer or more of them, as with the eight task force meetings for the second plan.",
    },
    find: |analysis| {
        analysis
            .view
            .printed_counts
            .iter()
            .filter_map(|count| {
                let itemised = *count.itemised.value().filter(|itemised| **itemised != count.count)?;
                let (printed, unit) = (count.count, &count.unit);
                let message = Names::of(
                    format!("{}：印刷では{printed}{unit}、挙がっているのは{itemised}{unit}", count.name.ja),
                    format!("{}: {printed} printed, {itemised} listed", count.name.get(base::Lang::En)),
                );
                Some(
                    Found::at(&count.origin.record, &count.origin.sources, message)
                        .with("printed", printed)
                        .with("listed", itemised),
                )
            })
            .collect()
    },
};

pub(super) const UNREADABLE: Rule = Rule {
    code: "S0508",
    severity: Severity::Error,
    name: Text { ja: "読めない記録", en: "a record cannot be read" },
    explains: Text {
        ja: "記録の項目が、登録簿の宣言と異なる形をしている。記録を直す。",
        en: "A field of a record is not of the shape its register declares. Correct the record.",
    },
    find: |analysis| {
        analysis
            .view
            .faults
            .iter()
            .map(|fault| {
                let message = Names::of(
                    format!("{}：{}", fault.field, fault.what),
                    format!("{}: {}", fault.field, fault.what),
                );
                Found::at(&fault.record, &[], message).with("field", &fault.field)
            })
            .collect()
    },
};

/// Every link the engine reads, with the record that holds it.
fn links<'a>(analysis: &'a Analysis<'_>) -> impl Iterator<Item = (&'a Origin, &'a Link)> {
    let view = analysis.view;
    let of_nodes = view.nodes.iter().map(|node| (&node.origin, &node.links));
    let of_rows = view.rows.iter().map(|row| (&row.origin, &row.links));
    let of_kgis = view.kgis.iter().map(|kgi| (&kgi.origin, &kgi.links));
    let of_programmes = view.programmes.iter().map(|programme| (&programme.origin, &programme.links));
    let all = of_nodes.chain(of_rows).chain(of_kgis).chain(of_programmes);
    all.flat_map(|(origin, links)| links.iter().map(move |link| (origin, link)))
}

/// One finding for each kind of link and generation, with the number of links: there are many.
fn by_belief(analysis: &Analysis<'_>, wanted: impl Fn(&Belief) -> bool, ja: &str, en: &str) -> Vec<Found> {
    let mut counts: BTreeMap<(String, String), (usize, RecordRef, Vec<base::Source>)> = BTreeMap::new();
    for (origin, link) in links(analysis).filter(|(_, link)| wanted(&link.belief)) {
        let generation = analysis.view.node(origin.id()).and_then(|node| node.generation.as_ref());
        let group = generation.map_or_else(|| origin.record.register.to_string(), ToString::to_string);
        let entry = counts.entry((group, link.kind.clone()));
        entry.or_insert_with(|| (0, origin.record.clone(), origin.sources.clone())).0 += 1;
    }
    let found = counts.into_iter().map(|((group, kind), (count, first, sources))| {
        let message = Names::of(
            format!("{group} に{ja}結び付き（{kind}）が{count}件"),
            format!("{count} {en} `{kind}` links in {group}"),
        );
        Found::at(&first, &sources, message).with("count", count).with("kind", kind)
    });
    found.collect()
}
