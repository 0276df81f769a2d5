//! The page of a ministry's form: each row with last year's words beside the cells to fill in, what is wrong at the row, what
//! somebody else has saved meanwhile beside what was typed.

use std::collections::BTreeMap;

use axum::extract::Path;
use base::{FiscalYear, Lang, Names};
use maud::{Markup, html};
use plan::round::{Entry, FormColumn, FormRow, FormYears, Role};
use report::Severity;

use super::form::{Given, Sheet, Typed, name};
use super::keep::{of_draft, sheet, words};
use super::{must_answer_for, path, year};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page, clock_time};
use crate::work::drafts::{self, Draft, Presence};

/// What is told at a row after a try to save it.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// What is wrong, at a cell or with the row.
    pub(super) faults: Vec<(Option<FormColumn>, Names)>,
    /// Somebody else has saved another text.
    pub(super) conflict: bool,
}

/// The page of a ministry's form.
pub(super) async fn page(cx: Cx, Path((fy, ministry)): Path<(String, String)>) -> Result<Html, Failure> {
    must_answer_for(&cx, &ministry)?;
    let saved = cx.query.as_deref().and_then(|query| query.strip_prefix("saved=")?.parse().ok()).unwrap_or(0);
    shown(&cx, year(&fy)?, &ministry, saved, &BTreeMap::new()).await
}

/// The same, with what is told after a try to save.
pub(super) async fn shown(
    cx: &Cx,
    year: FiscalYear,
    ministry: &str,
    saved: usize,
    told: &BTreeMap<String, Told>,
) -> Result<Html, Failure> {
    let place = path(year, ministry);
    let sheet = sheet(cx, year, ministry).await?;
    let drafts = drafts::of(cx, &place).await?;
    let others = drafts::others(cx, &place).await?;
    drafts::be_present(cx, &place, "").await?;
    let view = Shown { cx, sheet: &sheet, place: &place, drafts: &drafts, others: &others, told };
    let round = match cx.lang {
        Lang::Ja => format!("{}の照会", year.japanese()),
        Lang::En => format!("Round of {year}"),
    };
    let page = Page::new(format!("{} – {round}", sheet.form.ministry.get(cx.lang)), view.body(saved)).wide();
    let page =
        page.below(cx.say("照会", "Rounds"), "/round").below(round, format!("/round/{}", year.western()));
    Ok(page.show(cx))
}

struct Shown<'a> {
    cx: &'a Cx,
    sheet: &'a Sheet,
    place: &'a str,
    drafts: &'a BTreeMap<String, Draft>,
    others: &'a [Presence],
    told: &'a BTreeMap<String, Told>,
}

impl Shown<'_> {
    fn body(&self, saved: usize) -> Markup {
        let (cx, form) = (self.cx, &self.sheet.form);
        html! {
            p.lead {
                (self.answered())
                @if let Some(day) = form.deadline { (cx.say("期限：", "Due ")) (day) (cx.say("。", ". ")) }
                @if !self.drafts.is_empty() { (self.drafts.len()) (cx.say("行に未保存の下書きがあります。", " rows have unsaved drafts. ")) }
            }
            @if saved > 0 { p.saved role="status" { (saved) (cx.say("行を保存しました。", if saved == 1 { " row saved." } else { " rows saved." })) } }
            (self.problems())
            (self.at_the_table())
            details {
                summary { (cx.say("書き方・ファイルでの提出", "How to answer; answering by file")) }
                p { (cx.say(
                    "実績と予定の両方を書くと回答になります。ない場合は「該当なし」、決まっていない場合は「未定」と書いてください。空欄は未回答です。入力は下書きとして自動で残り、「保存」で回答になります。",
                    "A row is answered when both results and plans say something. Write 該当なし where there is none, 未定 where it is not decided; a blank is not answered. What you type is kept as a draft; saving makes it an answer.",
                )) }
                (self.files())
            }
            form method="post" action=(cx.to(self.place)) data-draft=(cx.to(&format!("{}/draft", self.place)))
                data-others=(cx.to(&format!("{}/others", self.place))) data-lost=(cx.say("保存できていません（通信なし）", "not kept (no connection)")) {
                // What Enter in a field does: save everything, not only the first row.
                button.unseen type="submit" name="all" value="1" tabindex="-1" { (cx.say("すべて保存", "Save all")) }
                @for (number, row) in form.rows.iter().enumerate() { (self.row(number, row)) }
                p.acts.bar {
                    button type="submit" name="all" value="1" { (cx.say("入力した行をすべて保存", "Save all rows I have filled in")) }
                    a href=(cx.to(&format!("/round/{}", form.years.results.western()))) { (cx.say("回答状況へ", "To the standing")) }
                }
            }
        }
    }

    /// How many rows are answered: those that name the ministry, and those that name none.
    fn answered(&self) -> Markup {
        let cx = self.cx;
        let (unmarked, marked): (Vec<&FormRow>, Vec<&FormRow>) =
            self.sheet.form.rows.iter().partition(|row| row.role == Role::Unmarked);
        let of = |rows: &[&FormRow]| {
            let answered = rows.iter().filter(|row| self.sheet.saved(&row.key.to_string()).is_some()).count();
            format!("{answered}/{}", rows.len())
        };
        html! {
            @if !marked.is_empty() { (of(&marked)) (cx.say("行が回答済。", " rows answered. ")) }
            @if !unmarked.is_empty() { (cx.say("ほかに担当府省の記載のない行：", "Rows that name no ministry: ")) (of(&unmarked)) (cx.say("行が回答済。", " answered. ")) }
        }
    }

    /// What is wrong, with links to the rows.
    fn problems(&self) -> Markup {
        let cx = self.cx;
        html! {
            @if !self.told.is_empty() {
                div.note.problem role="alert" {
                    p { strong { (cx.say("保存できなかった行があります。入力はそのまま残っています。", "Some rows could not be saved. What you typed is kept.")) } }
                    ul { @for key in self.told.keys() {
                        @if let Some((number, row)) = self.sheet.row(key) {
                            li { a href=(format!("#r{number}")) { (number + 1) ". " (short(&row.measure)) } }
                        }
                    } }
                }
            }
        }
    }

    /// Who else has the form open.
    fn at_the_table(&self) -> Markup {
        let cx = self.cx;
        let open: Vec<&Presence> = self.others.iter().filter(|other| other.row.is_empty()).collect();
        html! {
            @if !open.is_empty() {
                @let names = html! { @for other in &open { " " strong { (other.name) } (cx.say("さん", "")) "（" (clock_time(other.since)) "–）" } };
                (look::note(cx, Severity::Info, &html! { " " (cx.say("同じ様式を開いている人：", "Also has this form open:")) (names) }))
            }
        }
    }

    fn files(&self) -> Markup {
        let cx = self.cx;
        html! {
            p { a href=(cx.to(&format!("{}/form.xlsx", self.place))) { (cx.say("様式をXLSXで受け取る", "Get the form as XLSX")) } }
            form method="post" enctype="multipart/form-data" action=(cx.to(&format!("{}/file", self.place))) {
                p.field {
                    label for="file" { (cx.say("記入した様式（XLSX）を出す", "Hand in a filled form (XLSX)")) }
                    input #file type="file" name="file" accept=".xlsx" required;
                    " " button.second { (cx.say("取り込む", "Take it in")) }
                }
            }
        }
    }

    fn row(&self, number: usize, row: &FormRow) -> Markup {
        let cx = self.cx;
        let key = row.key.to_string();
        let saved = self.sheet.saved(&key);
        let draft = self.drafts.get(&key);
        let told = self.told.get(&key);
        let version = saved.map_or(0, |given| given.version);
        let typed = draft.map_or_else(|| as_saved(number, row, version), |draft| of_draft(number, draft));
        let theirs = saved.filter(|given| typed.version != given.version && given.entry != typed.entry);
        let years = self.sheet.form.years;
        html! {
            section.ask #{ "r" (number) } data-row aria-labelledby={ "h" (number) } {
                input type="hidden" name={ "row." (number) } value=(key);
                input type="hidden" name={ "version." (number) } value=(typed.version);
                div.asked {
                    h2 #{ "h" (number) } { (number + 1) ". " (row.measure) }
                    p.quiet { (self.marks(row)) }
                    (reference(cx, years, row))
                }
                div.answer {
                    p.standing { (self.standing(saved, draft)) }
                    p.others data-others-of={ "r" (number) } role="status" {
                        @for other in self.others.iter().filter(|other| other.row == key) { (words(cx, other)) " " }
                    }
                    @for (_, fault) in told.iter().flat_map(|told| &told.faults).filter(|(column, _)| column.is_none()) {
                        p.fault { (fault.get(cx.lang)) }
                    }
                    @if let Some(theirs) = theirs { (conflict(cx, years, number, &typed.entry, theirs)) }
                    @for column in FormColumn::ENTRIES { (self.cell(number, column, &typed.entry, told)) }
                    p.acts {
                        button.second type="submit" name="row" value=(number) { (cx.say("この行を保存", "Save this row")) }
                        @if row.entry == Entry::default() && typed.entry.results.is_empty() && !row.last_results.is_empty() {
                            button.link type="submit" name="copy" value=(number) { (cx.say("前年度の記載を下書きに写す", "Copy last year's words as a draft")) }
                        }
                        span.saved data-status role="status" {}
                    }
                }
            }
        }
    }

    fn marks(&self, row: &FormRow) -> Markup {
        let cx = self.cx;
        let role = match row.role {
            Role::Lead => cx.say("◎ 主担当", "◎ marked as lead"),
            Role::Named => cx.say("○ 担当", "○ marked"),
            Role::Unmarked => cx.say("担当府省の記載なし", "names no ministry"),
        };
        html! {
            span.tag { (role) }
            @if !row.goal.is_empty() { " " (row.goal) }
            @if !row.heading.is_empty() { " › " (row.heading) }
            @if !row.note.is_empty() { br; (row.note) }
        }
    }

    fn standing(&self, saved: Option<&Given>, draft: Option<&Draft>) -> Markup {
        let cx = self.cx;
        html! {
            @match saved {
                Some(_) => span.tag.good { (cx.say("回答済", "answered")) },
                None => span.tag { (cx.say("未回答", "not answered")) },
            }
            @if let Some(given) = saved { " " (look::when(given.at)) " " (given.by) }
            @if let Some(draft) = draft { " " span.tag.caution { (cx.say("下書き", "draft")) " " (clock_time(draft.at)) } }
        }
    }

    fn cell(&self, number: usize, column: FormColumn, entry: &Entry, told: Option<&Told>) -> Markup {
        let cx = self.cx;
        let (name, text) = (format!("{}.{number}", name(column)), entry.text(column));
        let faults: Vec<&Names> = told
            .iter()
            .flat_map(|told| &told.faults)
            .filter(|(at, _)| *at == Some(column))
            .map(|(_, fault)| fault)
            .collect();
        let about = format!("{name}-fault");
        let wrong = (!faults.is_empty()).then_some("true");
        let described = wrong.map(|_| about.as_str());
        let heading = column.heading(self.sheet.form.years);
        html! {
            div.field {
                label for=(name) { (heading.get(cx.lang)) }
                @if !faults.is_empty() { div #(about) { @for fault in &faults { p.fault { (fault.get(cx.lang)) } } } }
                @match column {
                    FormColumn::Status => select #(name) name=(name) aria-invalid=[wrong] aria-describedby=[described] {
                        option value="" { (cx.say("（選択）", "(choose)")) }
                        @for status in self.statuses(text) { option value=(status) selected[status == text] { (status) } }
                    },
                    FormColumn::Remarks => input #(name) name=(name) value=(text) maxlength="2000" aria-invalid=[wrong] aria-describedby=[described];,
                    _ => textarea #(name) name=(name) rows=(if column == FormColumn::Budgets { "2" } else { "5" }) aria-invalid=[wrong] aria-describedby=[described] { "\n" (text) },
                }
            }
        }
    }

    /// The statuses to choose from, and what was typed if it is none of them.
    fn statuses<'s>(&'s self, typed: &'s str) -> impl Iterator<Item = &'s str> {
        let known = self.sheet.form.statuses.iter().map(String::as_str);
        let is_known = typed.is_empty() || self.sheet.form.statuses.iter().any(|status| status == typed);
        known.chain((!is_known).then_some(typed))
    }
}

fn as_saved(number: usize, row: &FormRow, version: u64) -> Typed {
    Typed { number, key: row.key.to_string(), entry: row.entry.clone(), version, ..Typed::default() }
}

/// Last year's words.
fn reference(cx: &Cx, years: FormYears, row: &FormRow) -> Markup {
    html! {
        @for (column, text) in [(FormColumn::LastResults, &row.last_results), (FormColumn::LastPlans, &row.last_plans)] {
            @if !text.is_empty() {
                h3 { (column.heading(years).get(cx.lang)) }
                p.pre.quiet { (text) }
            }
        }
        p { a href=(cx.to(&format!("/registers/{}/{}", row.key.register, crate::address::escaped(row.key.record.as_str())))) {
            (cx.say("記録と出典", "Record and sources"))
        } }
    }
}

/// Two texts side by side, to choose from.
fn conflict(cx: &Cx, years: FormYears, number: usize, mine: &Entry, theirs: &Given) -> Markup {
    let differing = FormColumn::ENTRIES
        .into_iter()
        .filter(|column| mine.text(*column).trim() != theirs.entry.text(*column).trim());
    html! {
        fieldset.conflict {
            legend { (cx.say("ほかの人が先に保存しました", "Somebody else has saved this row first")) }
            p { strong { (theirs.by) } " " (look::when(theirs.at)) }
            input type="hidden" name={ "seen." (number) } value=(theirs.version);
            @for column in differing {
                h4 { (column.heading(years).get(cx.lang)) }
                div.beside {
                    div { p.label { (cx.say("保存されている内容", "Saved")) } p.pre.theirs { (theirs.entry.text(column)) } }
                    div { p.label { (cx.say("あなたの入力", "Yours")) } p.pre.mine { (mine.text(column)) } }
                }
            }
            p {
                label { input type="radio" name={ "choice." (number) } value="mine"; " " (cx.say("下の自分の入力で保存する（書き足して合わせることもできます）", "Save my text below (you may merge both there)")) }
                br;
                label { input type="radio" name={ "choice." (number) } value="theirs"; " " (cx.say("保存されている内容を残す", "Keep what is saved")) }
            }
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
