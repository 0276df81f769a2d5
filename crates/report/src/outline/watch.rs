//! A watched portfolio laid out: what is new since the last look, what one product holds and owes, whom an advisory reaches, and the evidence
//! that feeds were followed.

use base::{Lang, Names};
use cyber::watch::Product;
use cyber::watch::duty::{self, Answer, Audience, Due, Grade};
use cyber::watch::feeds::{Evidence, Followed};
use cyber::watch::life::{Dates, Legacy, Stage};
use cyber::watch::triage::Progress;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{Cell, Column, Document, DocumentBuilder, Row, Severity, Table, Text};

/// What stays the same about a product.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its name.
    pub product: Product,
    /// Where it stands in its life.
    pub stage: Stage,
    /// Its dates.
    pub dates: Dates,
    /// Whether it is legacy.
    pub legacy: Legacy,
    /// Who uses it, as recorded.
    pub users: Vec<String>,
    /// Components in its bills.
    pub components: usize,
}

/// One advisory and one product.
#[derive(Clone, Debug)]
pub struct Line {
    /// The advisory's id.
    pub advisory: String,
    /// Other ids of the same vulnerability.
    pub aliases: Vec<String>,
    /// The components it was found by.
    pub components: Vec<String>,
    /// The answer; *not affected* stands for what was cleared.
    pub answer: Answer,
    /// Why.
    pub why: Names,
    /// The advisory's own line.
    pub summary: String,
    /// How grave it is.
    pub grade: Grade,
    /// How far it was dealt with.
    pub progress: Progress,
    /// The written reason of the last step.
    pub reason: String,
    /// The day it was found.
    pub found: Date,
    /// What is to be done.
    pub duties: Vec<Due>,
}

/// A product and what is told of it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The product.
    pub head: Head,
    /// Advisories.
    pub lines: Vec<Line>,
    /// Components that could not be looked up.
    pub unasked: usize,
    /// What its life asks for.
    pub life: Vec<Due>,
}

/// What is new since the last look.
pub fn checked(news: &[Told], since: Option<Date>, advisories: usize, today: Date, lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("監視：前回からの変化", "Watch: what is new"));
    doc.subtitle(match (since, lang) {
        (Some(since), Lang::Ja) => format!("{since}の確認から{today}まで、手元の脆弱性情報{advisories}件"),
        (None, Lang::Ja) => format!("初めての確認（{today}）、手元の脆弱性情報{advisories}件"),
        (Some(since), Lang::En) => {
            format!("from the look of {since} to {today}, {advisories} advisories at hand")
        }
        (None, Lang::En) => format!("the first look, {today}, {advisories} advisories at hand"),
    });
    if advisories == 0 {
        doc.note(
            Severity::Caution,
            lang.pick(
                "脆弱性情報が手元にありません。何も分かりません。",
                "There are no advisories at hand: nothing is known.",
            ),
        );
    }
    if news.iter().all(|told| told.lines.is_empty()) {
        doc.paragraph(lang.pick("前回から変わったものはありません。", "Nothing has changed since."));
    }
    for told in news.iter().filter(|told| !told.lines.is_empty()) {
        doc.heading(1, named(&told.head.product));
        stands(&mut doc, told, lang);
        lines(&mut doc, &told.lines, today, lang);
        users(&mut doc, told, lang);
    }
    unasked(&mut doc, news, lang);
    doc.finish()
}

/// Whom one advisory reaches.
pub fn pushed(
    advisory: &str,
    summary: &str,
    reached: &[Told],
    of: usize,
    today: Date,
    lang: Lang,
) -> Document {
    let mut doc = Document::build(
        lang,
        match lang {
            Lang::Ja => format!("{advisory} が影響する製品"),
            Lang::En => format!("Products that {advisory} reaches"),
        },
    );
    doc.subtitle(summary);
    let answers = |wanted: Answer| {
        reached.iter().filter(|told| told.lines.iter().any(|line| line.answer == wanted)).count()
    };
    doc.facts([
        (lang.pick("監視している製品", "Products watched"), count(of)),
        (lang.pick("影響あり", "Affected"), count(answers(Answer::Affected))),
        (lang.pick("判定できない", "Undetermined"), count(answers(Answer::Undetermined))),
    ]);
    for told in reached {
        doc.heading(1, named(&told.head.product));
        stands(&mut doc, told, lang);
        lines(&mut doc, &told.lines, today, lang);
        users(&mut doc, told, lang);
    }
    doc.finish()
}

/// All products, a row each.
pub fn listed(products: &[Told], today: Date, lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("監視している製品", "Products watched"));
    let mut table = Table::new(lang.pick("製品", "Products"))
        .column(Column::text(lang.pick("製造販売業者", "Maker")))
        .column(Column::text(lang.pick("製品", "Product")))
        .column(Column::text(lang.pick("版", "Version")))
        .column(Column::text(lang.pick("状態", "Stage")))
        .column(Column::number(lang.pick("部品", "Components")))
        .column(Column::number(lang.pick("影響あり", "Affected")))
        .column(Column::number(lang.pick("判定できない", "Undetermined")))
        .column(Column::number(lang.pick("期限超過", "Overdue")));
    for told in products {
        let open = |answer: Answer| {
            count(told.lines.iter().filter(|line| line.answer == answer && is_open(line)).count())
        };
        let overdue = told.lines.iter().flat_map(|line| &line.duties).chain(&told.life);
        table = table.row(Row::of([
            Cell::text(told.head.product.maker.as_str()),
            Cell::text(told.head.product.name.as_str()),
            Cell::text(told.head.product.version.as_str()),
            Cell::text(told.head.stage.names().get(lang)),
            count(told.head.components),
            open(Answer::Affected),
            open(Answer::Undetermined),
            count(overdue.filter(|due| due.clock.is_over(today)).count()),
        ]));
    }
    doc.table(table);
    doc.finish()
}

/// One product, with all that is open and due.
pub fn shown(told: &Told, today: Date, lang: Lang) -> Document {
    let mut doc = Document::build(lang, named(&told.head.product));
    stands(&mut doc, told, lang);
    users(&mut doc, told, lang);
    if !told.life.is_empty() {
        doc.heading(1, lang.pick("製品のライフサイクルとして行うこと", "What its life asks for"));
        duties(&mut doc, told.life.iter().map(|due| ("", due)), today, lang);
    }
    doc.heading(1, lang.pick("脆弱性", "Vulnerabilities"));
    if told.lines.is_empty() {
        doc.paragraph(lang.pick("前回の確認で見つかったものはありません。", "The last look found none."));
    }
    lines(&mut doc, &told.lines, today, lang);
    attack(&mut doc, lang);
    doc.finish()
}

/// The evidence that feeds were followed.
pub fn feeds(evidence: &[Evidence], today: Date, lang: Lang) -> Document {
    let mut doc =
        Document::build(lang, lang.pick("脆弱性情報の確認の記録", "Evidence that feeds were followed"));
    doc.subtitle(today.to_string());
    let mut table = Table::new(lang.pick("情報源", "Feeds"))
        .column(Column::text(lang.pick("情報源", "Feed")))
        .column(Column::text(lang.pick("状況", "Followed")))
        .column(Column::number(lang.pick("確認の回数", "Checks")))
        .column(Column::text(lang.pick("最後の確認", "Last")))
        .column(Column::number(lang.pick("自社の周期（日）", "Own rhythm, days")))
        .column(Column::text(lang.pick("途切れ", "Gaps")));
    for one in evidence {
        let asked = one.feed.asked_by.as_ref().map(|source| doc.cite(source));
        let name = Cell::text(one.feed.names.get(lang));
        let gaps: Vec<String> = one
            .gaps
            .iter()
            .map(|(from, to)| format!("{from} – {}", to.map(|day| day.to_string()).unwrap_or_default()))
            .collect();
        table = table.row(Row::of([
            asked.map_or(name.clone(), |number| name.cite(number)),
            Cell::text(one.followed.names().get(lang)),
            count(one.checks),
            one.span.map_or(Cell::missing(base::Missing::None), |(_, last)| Cell::text(last.to_string())),
            one.feed.rhythm.map_or(Cell::missing(base::Missing::NotYet), |days| count(days as usize)),
            Cell::text(gaps.join(", ")),
        ]));
    }
    doc.table(table);
    if evidence
        .iter()
        .any(|one| matches!(one.followed, Followed::Never | Followed::NoRhythm | Followed::Overdue))
    {
        doc.note(
            Severity::Caution,
            lang.pick(
                "確認の記録や周期が足りない情報源があります。期限の日数を定めた規則は確認できていないため、周期は自社の手順で定めます。",
                "A feed lacks checks or a rhythm. No rule that was seen prints a number of days: the rhythm is the maker's own to state.",
            ),
        );
    }
    doc.finish()
}

/// Products and what is told of them, for programs.
pub fn json(told: &[Told], today: Date, lang: Lang) -> Value {
    let due = |due: &Due| {
        json!({
            "duty": due.duty.key(),
            "text": due.duty.names().get(lang),
            "tell": match due.audience {
                Audience::Inside => "inside",
                Audience::Users => "users",
                Audience::Jpcert => "jpcert",
                Audience::Authority => "authority",
                Audience::Ministry => "ministry",
            },
            "until": due.clock.names().get(lang),
            "overdue": due.clock.is_over(today),
            "source": due.source.to_string(),
        })
    };
    let line = |line: &Line| {
        json!({
            "advisory": line.advisory,
            "aliases": line.aliases,
            "answer": answer(line.answer).en,
            "why": line.why.get(lang),
            "components": line.components,
            "summary": line.summary,
            "severity": grade(line.grade).en,
            "progress": line.progress.key(),
            "reason": line.reason,
            "found": line.found,
            "duties": line.duties.iter().map(due).collect::<Vec<_>>(),
        })
    };
    let one = |told: &Told| {
        json!({
            "maker": told.head.product.maker,
            "product": told.head.product.name,
            "version": told.head.product.version,
            "stage": told.head.stage.names().en,
            "legacy": told.head.legacy.names().en,
            "users": told.head.users,
            "components": told.head.components,
            "not-looked-up": told.unasked,
            "advisories": told.lines.iter().map(line).collect::<Vec<_>>(),
            "duties": told.life.iter().map(due).collect::<Vec<_>>(),
        })
    };
    json!(told.iter().map(one).collect::<Vec<_>>())
}

/// `maker name version`.
pub fn named(product: &Product) -> String {
    [&product.maker, &product.name, &product.version].map(String::as_str).join(" ").trim().to_owned()
}

fn stands(doc: &mut DocumentBuilder, told: &Told, lang: Lang) {
    let head = &told.head;
    let day = |day: Option<Date>| {
        day.map_or(Cell::missing(base::Missing::NotPrinted), |day| Cell::text(day.to_string()))
    };
    doc.facts([
        (lang.pick("状態", "Stage"), Cell::text(head.stage.names().get(lang))),
        ("EOL", day(head.dates.end_of_life)),
        ("EOS", day(head.dates.end_of_support)),
        (lang.pick("レガシー", "Legacy"), Cell::text(head.legacy.names().get(lang))),
        (lang.pick("部品", "Components"), count(head.components)),
        (lang.pick("照合できなかった部品", "Could not be looked up"), count(told.unasked)),
    ]);
}

/// What an attack asks for, beside what reaches the product.
fn attack(doc: &mut DocumentBuilder, lang: Lang) {
    let due = duty::of_attack();
    let source = doc.cite(&due.source);
    doc.note(Severity::Info, Text::plain(due.duty.names().get(lang)).cite(source));
}

fn users(doc: &mut DocumentBuilder, told: &Told, lang: Lang) {
    let all = told.lines.iter().flat_map(|line| &line.duties).chain(&told.life);
    let waits = all.clone().any(|due| due.audience == Audience::Users);
    if told.head.users.is_empty() {
        if waits || !told.lines.is_empty() {
            doc.note(
                Severity::Caution,
                lang.pick(
                    "使用者の記録がありません。誰に知らせるべきか分かりません。",
                    "No users are on record: whom to tell is not known.",
                ),
            );
        }
        return;
    }
    let name = lang.pick("記録されている使用者", "Users on record");
    doc.facts([(name, Cell::text(told.head.users.join(lang.pick("、", ", "))))]);
}

fn lines(doc: &mut DocumentBuilder, lines: &[Line], today: Date, lang: Lang) {
    for wanted in [Answer::Affected, Answer::Undetermined, Answer::NotAffected] {
        let of: Vec<&Line> = lines.iter().filter(|line| line.answer == wanted).collect();
        if of.is_empty() {
            continue;
        }
        let caption = match wanted {
            Answer::NotAffected => lang.pick("当てはまらなくなった", "Reached no longer").to_owned(),
            other => answer(other).get(lang).to_owned(),
        };
        let mut table = Table::new(format!("{caption} ({})", of.len()))
            .column(Column::text(lang.pick("情報", "Advisory")))
            .column(Column::text(lang.pick("部品", "Components")))
            .column(Column::text(lang.pick("理由", "Why")))
            .column(Column::text(lang.pick("深刻度", "Severity")))
            .column(Column::text(lang.pick("対応", "Progress")))
            .column(Column::text(lang.pick("概要", "Summary")));
        for line in &of {
            let progress = line.progress.names();
            let progress = if line.reason.is_empty() {
                progress.get(lang).to_owned()
            } else {
                format!("{}: {}", progress.get(lang), line.reason)
            };
            table = table.row(Row::of([
                Cell::text(ids(line)),
                Cell::text(line.components.join("\n")),
                Cell::text(line.why.get(lang)),
                Cell::text(grade(line.grade).get(lang)),
                Cell::text(progress),
                Cell::text(line.summary.as_str()),
            ]));
        }
        doc.table(table);
    }
    let due: Vec<(&str, &Due)> =
        lines.iter().flat_map(|line| line.duties.iter().map(|due| (line.advisory.as_str(), due))).collect();
    if !due.is_empty() {
        duties(doc, due.into_iter(), today, lang);
    }
}

fn duties<'a>(
    doc: &mut DocumentBuilder,
    due: impl Iterator<Item = (&'a str, &'a Due)>,
    today: Date,
    lang: Lang,
) {
    let mut table = Table::new(lang.pick("行うこと", "To be done"))
        .column(Column::text(lang.pick("情報", "Advisory")))
        .column(Column::text(lang.pick("内容", "What")))
        .column(Column::text(lang.pick("相手", "Whom")))
        .column(Column::text(lang.pick("期限", "Until")));
    for (advisory, due) in due {
        let source = doc.cite(&due.source);
        let until = due.clock.names().get(lang).to_owned();
        let over = lang.pick("【超過】", "[overdue] ");
        let until = if due.clock.is_over(today) { format!("{over}{until}") } else { until };
        table = table.row(Row::of([
            Cell::text(advisory),
            Cell::text(due.duty.names().get(lang)).cite(source),
            Cell::text(due.audience.names().get(lang)),
            Cell::text(until),
        ]));
    }
    doc.table(table);
}

fn unasked(doc: &mut DocumentBuilder, news: &[Told], lang: Lang) {
    let some: Vec<String> = news
        .iter()
        .filter(|told| told.unasked > 0)
        .map(|told| format!("{} ({}/{})", named(&told.head.product), told.unasked, told.head.components))
        .collect();
    if !some.is_empty() {
        let text = lang.pick(
            "照合できなかった部品がある製品（安全とはいえない）：",
            "Products with components that could not be looked up, of which nothing is known: ",
        );
        doc.note(Severity::Caution, format!("{text}{}", some.join(", ")));
    }
}

fn is_open(line: &Line) -> bool {
    !matches!(line.progress, Progress::NoAction | Progress::Closed)
}

fn ids(line: &Line) -> String {
    std::iter::once(&line.advisory).chain(&line.aliases).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// An answer in a word.
pub fn answer(answer: Answer) -> Names {
    match answer {
        Answer::Affected => Names::of("影響あり", "affected"),
        Answer::Undetermined => Names::of("判定できない", "undetermined"),
        Answer::NotAffected => Names::of("影響なし", "not affected"),
    }
}

fn grade(grade: Grade) -> Names {
    match grade {
        Grade::High => Names::of("高い", "high"),
        Grade::Lower => Names::of("高くない", "lower"),
        Grade::Unknown => Names::of("示されていない", "not stated"),
    }
}

fn count(count: usize) -> Cell {
    Cell::integer(i64::try_from(count).unwrap_or(i64::MAX))
}
