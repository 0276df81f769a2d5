//! The rounds and where each stands: opening one, who has answered, closing it into rows.

use axum::extract::Path;
use axum::response::Response;
use base::{FiscalYear, Lang};
use maud::{Markup, html};
use plan::round::{Ask, Extent, MinistryStanding, RoundError, Standing};
use register::{Record, Sight};
use report::Severity;
use store::{By, Change};

use super::{ROLES, answers_for, path, said, with_rounds, year};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::work::posted::{Posted, see};

/// What a ministry still has to answer.
pub(crate) struct Waiting {
    /// The year of the round.
    pub(crate) year: FiscalYear,
    /// The path of the form.
    pub(crate) path: String,
    /// The standing of the ministry.
    pub(crate) standing: MinistryStanding,
    /// Days to the deadline.
    pub(crate) days_left: Option<i32>,
}

/// What the viewer's own ministries still have to answer in open rounds.
pub(crate) async fn waiting(cx: &Cx) -> Result<Vec<Waiting>, Failure> {
    let (today, own) = (cx.today, cx.viewer.organisations.clone());
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            with_rounds(reading, |rounds| {
                let mut waiting = Vec::new();
                for (year, _) in rounds.years().filter(|(_, open)| *open) {
                    let standing = rounds.standing(year, today).map_err(said)?;
                    let days_left = standing.days_left;
                    let mine = standing
                        .ministries
                        .into_iter()
                        .filter(|ministry| own.contains(&ministry.ministry.ja));
                    waiting.extend(mine.map(|standing| Waiting {
                        year,
                        path: path(year, &standing.ministry.ja),
                        standing,
                        days_left,
                    }));
                }
                Ok(waiting)
            })
        })
        .await
}

/// All rounds, and a form to open one.
pub(super) async fn rounds(cx: Cx) -> Result<Html, Failure> {
    cx.needs_role(ROLES)?;
    let today = cx.today;
    let rounds = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            with_rounds(reading, |rounds| {
                let all = rounds
                    .years()
                    .map(|(year, open)| Ok((open, rounds.standing(year, today).map_err(said)?)));
                all.collect::<Result<Vec<_>, Failure>>()
            })
        })
        .await?;
    let body = html! {
        @if rounds.is_empty() {
            p { (cx.say("照会はまだ開かれていません。", "No round has been opened yet.")) }
        } @else {
            ul.cards {
                @for (open, standing) in rounds.iter().rev() {
                    li.card {
                        h2 { a href=(cx.to(&format!("/round/{}", standing.fiscal_year.western()))) { (of_year(&cx, standing.fiscal_year)) } }
                        p {
                            @if *open { span.tag.good { (cx.say("受付中", "open")) } } @else { span.tag { (cx.say("締切", "closed")) } }
                            " " (standing.answered) "/" (standing.rows) (cx.say("行が回答済", " rows answered"))
                        }
                        @if let Some(day) = standing.deadline { p { (cx.say("期限：", "Due ")) (day) } }
                    }
                }
            }
        }
        @if cx.viewer.has("secretariat") { (open_form(&cx)) }
    };
    let page = Page::new(cx.say("毎年度の照会", "Yearly rounds"), body);
    Ok(page
        .below(cx.say("作業机", "Desk"), "/desk")
        .lead(cx.say(
            "各府省に、施策ごとの実績と次年度の予定を尋ねます。",
            "Every ministry is asked for results and plans, measure by measure.",
        ))
        .show(&cx))
}

fn open_form(cx: &Cx) -> Markup {
    let last = FiscalYear::of(cx.today).previous();
    html! {
        h2 { (cx.say("照会を開く", "Open a round")) }
        form method="post" action=(cx.to("/round")) {
            div.field {
                label for="fy" { (cx.say("実績の年度", "Fiscal year of the results")) }
                input #fy name="fy" value=(last.western()) required maxlength="20";
            }
            div.field {
                label for="deadline" { (cx.say("提出期限", "Forms due")) }
                p.help { (cx.say("例：2026-08-31、令和8年8月31日。空欄なら期限なし。", "Such as 2026-08-31; none where it is left blank.")) }
                input #deadline name="deadline" maxlength="40";
            }
            div.field {
                label for="return_to" { (cx.say("提出先", "Return to")) }
                input #return_to name="return_to" maxlength="200";
            }
            button { (cx.say("開く", "Open")) }
        }
    }
}

/// Opens a round.
pub(super) async fn open(cx: Cx, posted: Posted) -> Result<Response, Failure> {
    cx.needs_role(&["secretariat"])?;
    let year: FiscalYear = posted.text("fy").parse().map_err(|_| {
        Failure::bad(
            "年度を 2025 や 令和7年度 のように書いてください",
            "Write the fiscal year as 2025 or FY2025",
        )
    })?;
    let deadline =
        match posted.text("deadline") {
            "" => None,
            text => Some(base::date::parse(text).map_err(|error| {
                Failure::bad(format!("「{text}」は日付ではありません"), error.to_string())
            })?),
        };
    let ask = Ask { deadline, return_to: posted.text("return_to").to_owned(), ..Ask::of(year, cx.today) };
    let opened = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| with_rounds(reading, |rounds| rounds.open(&ask).map_err(said)))
        .await?;
    write(
        &cx,
        vec![Change::Put { record: opened.round, expected: Some(0) }],
        format!("round of {year} opened"),
    )
    .await?;
    Ok(see(&cx, &format!("/round/{}", year.western())))
}

/// Where a round stands.
pub(super) async fn standing(cx: Cx, Path(fy): Path<String>) -> Result<Html, Failure> {
    cx.needs_role(ROLES)?;
    let (year, today) = (year(&fy)?, cx.today);
    let standing = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            with_rounds(reading, |rounds| match rounds.standing(year, today) {
                Err(RoundError::NotOpened { .. }) => Err(Failure::NotFound),
                other => other.map_err(said),
            })
        })
        .await?;
    let page = Page::new(of_year(&cx, year), standing_body(&cx, &standing))
        .below(cx.say("照会", "Rounds"), "/round");
    Ok(page.show(&cx))
}

fn standing_body(cx: &Cx, standing: &Standing) -> Markup {
    let is_open = standing.closed_on.is_none();
    html! {
        p.lead {
            (standing.answered) "/" (standing.rows) (cx.say("行が回答済。", " rows answered. "))
            @match (standing.closed_on, standing.deadline, standing.days_left) {
                (Some(day), ..) => { (cx.say("締切済：", "Closed on ")) (day) },
                (None, Some(day), Some(left)) => { (cx.say("期限：", "Due ")) (day) " " (days(cx, left)) },
                _ => { (cx.say("期限なし", "No deadline")) },
            }
        }
        div.scroll tabindex="0" role="region" aria-label=(cx.say("府省ごとの回答", "Answers by ministry")) {
            table {
                caption { (cx.say("府省ごとの回答", "Answers by ministry")) }
                thead { tr {
                    th scope="col" { (cx.say("府省", "Ministry")) }
                    th scope="col" { (cx.say("回答", "Answered")) }
                    th.number scope="col" { (cx.say("回答した行", "Rows")) }
                    th scope="col" { (cx.say("最後の回答", "Last answer")) }
                    th scope="col" { (cx.say("残り", "Still open")) }
                } }
                tbody { @for ministry in &standing.ministries { (ministry_row(cx, standing, ministry, is_open)) } }
            }
        }
        @if !standing.unclaimed.is_empty() {
            (look::note(cx, Severity::Caution, &html! { " " (standing.unclaimed.len()) (cx.say("行はどの府省の印もなく、まだ誰も答えていません。", " rows name no ministry, and nobody has answered them yet.")) }))
        }
        @if is_open && cx.viewer.has("secretariat") {
            h2 { (cx.say("照会を閉じる", "Close the round")) }
            p { (cx.say("回答を取組状況の行にします。未回答がある場合は、強制しない限り閉じません。", "Makes rows of the follow-up of the answers. With answers missing it closes only by force.")) }
            form method="post" action=(cx.to(&format!("/round/{}/close", standing.fiscal_year.western()))) {
                p { label { input type="checkbox" name="force" value="1"; " " (cx.say("未回答があっても閉じる（行に未回答と記す）", "Close with answers missing (the rows will say so)")) } }
                button.danger { (cx.say("閉じる", "Close")) }
            }
        }
    }
}

fn ministry_row(cx: &Cx, standing: &Standing, ministry: &MinistryStanding, is_open: bool) -> Markup {
    let name = ministry.ministry.get(cx.lang);
    let class = match ministry.extent {
        Extent::Fully => "tag good",
        Extent::Partly => "tag caution",
        Extent::Not => "tag",
    };
    html! {
        tr {
            th scope="row" {
                @if is_open && answers_for(cx, &ministry.ministry.ja) {
                    a href=(cx.to(&path(standing.fiscal_year, &ministry.ministry.ja))) { (name) }
                } @else { (name) }
            }
            td {
                span class=(class) { (ministry.extent.names().get(cx.lang)) }
                @if ministry.overdue { " " span.tag.bad { (cx.say("期限超過", "overdue")) } }
            }
            td.number { (ministry.answered) "/" (ministry.asked) }
            td { @match ministry.last_answer {
                Some(day) => (day),
                None => span.quiet { (cx.say("まだありません", "none yet")) },
            } }
            td {
                @if !ministry.open.is_empty() {
                    details {
                        summary { (ministry.open.len()) (cx.say("行", " rows")) }
                        ul { @for row in ministry.open.iter().take(100) { li { @if row.lead { "◎" } (row.measure) } } }
                    }
                }
            }
        }
    }
}

/// Closes a round into rows.
pub(super) async fn close(cx: Cx, Path(fy): Path<String>, posted: Posted) -> Result<Response, Failure> {
    cx.needs_role(&["secretariat"])?;
    let (year, today, force) = (year(&fy)?, cx.today, !posted.text("force").is_empty());
    let closed = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            with_rounds(reading, |rounds| rounds.close(year, today, force).map_err(said))
        })
        .await?;
    let changes = closed.records.into_iter().map(Change::from).collect();
    write(&cx, changes, format!("round of {year} closed")).await?;
    Ok(see(&cx, &format!("/round/{}", year.western())))
}

/// Writes what the engine has made, if the viewer may.
async fn write(cx: &Cx, changes: Vec<Change>, reason: String) -> Result<(), Failure> {
    let name = cx.person()?.name.clone();
    let made = |change: &Change| match change {
        Change::Put { record, .. } => Some(record.clone()),
        _ => None,
    };
    let records: Vec<Record> = changes.iter().filter_map(made).collect();
    for record in &records {
        let declaration = cx.app.desk.registry().get(record.register.as_str()).ok_or(Failure::NotFound)?;
        if !Sight::of(declaration, &cx.viewer).denied(None, Some(record)).is_empty() {
            return Err(Failure::Denied);
        }
    }
    cx.app.desk.write(By::now(name, reason), changes).await?;
    Ok(())
}

/// A round by its year.
fn of_year(cx: &Cx, year: FiscalYear) -> String {
    match cx.lang {
        Lang::Ja => format!("{}の照会", year.japanese()),
        Lang::En => format!("Round of {year}"),
    }
}

/// Days to a deadline, or since.
pub(crate) fn days(cx: &Cx, left: i32) -> Markup {
    html! {
        @if left < 0 { span.tag.bad { (cx.say("期限超過", "overdue")) " " (-left) (cx.say("日", " days")) } }
        @else if left <= 7 { span.tag.caution { (cx.say("あと", "")) (left) (cx.say("日", " days left")) } }
        @else { span.tag { (cx.say("あと", "")) (left) (cx.say("日", " days left")) } }
    }
}
