//! The frame around every page: head, site header with the main ways, breadcrumbs, the page itself, footer.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Lang;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::cx::Cx;

/// A page before it is put into its frame.
pub(crate) struct Page {
    title: String,
    lead: Option<String>,
    crumbs: Vec<(String, String)>,
    body: Markup,
    feeds: Vec<(String, String)>,
    wide: bool,
}

/// A finished page of HTML.
pub(crate) struct Html(pub(crate) String);

impl Page {
    /// A page with its one title.
    pub(crate) fn new(title: impl Into<String>, body: Markup) -> Self {
        Page { title: title.into(), lead: None, crumbs: Vec::new(), body, feeds: Vec::new(), wide: false }
    }
    /// A sentence below the title that says what the page is.
    pub(crate) fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = Some(lead.into());
        self
    }
    /// A page above this one: its name and its path as routes know it.
    pub(crate) fn below(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.crumbs.push((name.into(), path.into()));
        self
    }
    /// A feed of what changes here: its title and its path.
    pub(crate) fn feed(mut self, title: impl Into<String>, path: impl Into<String>) -> Self {
        self.feeds.push((title.into(), path.into()));
        self
    }
    /// A page that uses the whole width of the window: dense tables.
    pub(crate) fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
    /// The page in its frame.
    pub(crate) fn show(self, cx: &Cx) -> Html {
        Html(frame(cx, &self).into_string())
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        ([(header::CONTENT_TYPE, kind)], self.0).into_response()
    }
}

fn frame(cx: &Cx, page: &Page) -> Markup {
    let name = cx.say("標 Shirube", "Shirube");
    let title = if cx.path == "/" { page.title.clone() } else { format!("{} – {name}", page.title) };
    let other = if cx.lang == Lang::Ja { Lang::En } else { Lang::Ja };
    html! {
        (DOCTYPE)
        html lang=(cx.lang.pick("ja", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(cx.plain(&cx.app.assets.style.path));
                link rel="icon" href=(cx.plain(&cx.app.assets.icon.path)) type="image/svg+xml";
                link rel="alternate" hreflang=(other.pick("ja", "en")) href=(cx.here_in(other));
                @for (title, path) in &page.feeds {
                    link rel="alternate" type="application/atom+xml" title=(title) href=(cx.to(path));
                }
                script src=(cx.plain(&cx.app.assets.script.path)) type="module" {}
            }
            body class=[page.wide.then_some("wide")] {
                a.skip href="#main" { (cx.say("本文へ移動", "Skip to the text")) }
                (header(cx, name, other))
                (crumbs(cx, page))
                main #main tabindex="-1" {
                    h1 { (page.title) }
                    @if let Some(lead) = &page.lead { p.lead { (lead) } }
                    (page.body)
                }
                (footer(cx))
            }
        }
    }
}

fn header(cx: &Cx, name: &str, other: Lang) -> Markup {
    html! {
        header.site {
            a.brand href=(cx.to("/")) {
                (PreEscaped(super::assets::MARK))
                span { (name) small { (cx.say("医療機器基本計画の現在地", "where the Medical Device Basic Plan stands")) } }
            }
            form.seek role="search" aria-label=(cx.say("サイト全体", "The whole site")) action=(cx.to("/search")) {
                label.unseen for="seek" { (cx.say("すべてを検索", "Search everything")) }
                input #seek type="search" name="q" placeholder=(cx.say("すべてを検索", "Search everything")) maxlength="200";
                button { (cx.say("検索", "Search")) }
            }
            p.switch {
                a href=(cx.here_in(other)) lang=(other.pick("ja", "en")) hreflang=(other.pick("ja", "en")) {
                    (other.pick("日本語", "English"))
                }
                (who(cx))
            }
            nav.ways aria-label=(cx.say("主なページ", "Main pages")) {
                ul {
                    @for (path, ja, en) in WAYS {
                        li { (way(cx, path, cx.say(ja, en))) }
                    }
                    @if cx.person.is_some() {
                        li { (way(cx, "/desk", cx.say("作業机", "Desk"))) }
                    }
                }
            }
        }
    }
}

/// The main ways through the public pages.
const WAYS: &[(&str, &str, &str)] = &[
    ("/plan", "計画", "Plan"),
    ("/programmes", "事業", "Programmes"),
    ("/budget", "予算", "Budget"),
    ("/ministries", "府省", "Ministries"),
    ("/checks", "点検", "Checks"),
    ("/cyber", "サイバー", "Cybersecurity"),
    ("/registers", "台帳", "Registers"),
    ("/glossary", "用語", "Glossary"),
];

fn way(cx: &Cx, path: &str, name: &str) -> Markup {
    let below = cx.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    html! {
        a href=(cx.to(path)) aria-current=[below.then_some(if cx.path == path { "page" } else { "true" })] { (name) }
    }
}

fn who(cx: &Cx) -> Markup {
    html! {
        @if let Some(person) = &cx.person {
            a href=(cx.to("/me")) { (person.name) }
            form.plain method="post" action=(cx.to("/sign-out")) {
                button.link { (cx.say("サインアウト", "Sign out")) }
            }
        } @else {
            a href=(cx.to("/sign-in")) rel="nofollow" { (cx.say("サインイン", "Sign in")) }
        }
    }
}

fn crumbs(cx: &Cx, page: &Page) -> Markup {
    html! {
        @if !page.crumbs.is_empty() {
            nav.crumbs aria-label=(cx.say("現在の場所", "You are here")) {
                ol {
                    li { a href=(cx.to("/")) { (cx.say("ホーム", "Home")) } }
                    @for (name, path) in &page.crumbs { li { a href=(cx.to(path)) { (name) } } }
                    li aria-current="page" { (page.title) }
                }
            }
        }
    }
}

fn footer(cx: &Cx) -> Markup {
    let plan = cx.app.desk.plan_at_hand();
    html! {
        footer.site {
            @if let Some(plan) = plan {
                p { (cx.say("計画の集計：", "The plan as of ")) (plan.today) " · " (cx.say("履歴", "entry ")) (plan.head) (cx.say("件目まで", " of the history")) }
            }
            @if cx.lang == Lang::En { p { "Money is written as in the documents: 億円 is 100 million yen, 兆円 a trillion yen. Names without an English form stay in Japanese." } }
            ul {
                li { a href=(cx.to("/about")) { (cx.say("このサイトについて", "About this site")) } }
                li { a href=(cx.to("/feeds")) { (cx.say("更新フィード", "Feeds")) } }
                li { a href=(cx.to("/api")) { "API" } }
            }
        }
    }
}
