//! Feeds of what changes: in the plan, in a register, in a record. Each tells what its asker may see, and a feed reader
//! that has not signed in is everybody.

pub(crate) mod atom;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::{Lang, Names};
use maud::html;
use register::{Declaration, RecordRef};
use store::Entry;

use crate::address::escaped;
use crate::app::App;
use crate::cx::Cx;
use crate::desk::{Reading, title_of};
use crate::failure::Failure;
use crate::look::{Html, Page, values};
use atom::{Feed, Item};

/// Entries of a feed.
const ENTRIES: usize = 50;

/// The year that RFC 4151 wants in ids: that of the first release. It never changes.
const SINCE: &str = "2026";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/feeds", get(page))
        .route("/feeds/plan.atom", get(plan))
        .route("/registers/{register}/feed.atom", get(register))
        .route("/registers/{register}/{record}/feed.atom", get(record))
}

async fn page(cx: Cx) -> Result<Html, Failure> {
    let registers = cx.app.desk.read(&cx.viewer, |reading| {
        let names =
            reading.declarations().map(|declaration| (declaration.id.clone(), declaration.name.clone()));
        Ok(names.collect::<Vec<_>>())
    });
    let registers = registers.await?;
    let body = html! {
        p { (cx.say(
            "住所をフィードリーダーに登録すると、変更が届きます。形式はAtom 1.0で、だれでも見られる内容だけを含みます。",
            "Give an address to a feed reader to hear of changes. The form is Atom 1.0; without signing in, feeds hold what everybody may see.",
        )) }
        h2 { (cx.say("計画", "The plan")) }
        ul.values { li { a href=(cx.to("/feeds/plan.atom")) type="application/atom+xml" { (cx.say("計画と事業の変更", "Changes of the plan and its programmes")) } } }
        h2 { (cx.say("台帳ごと", "By register")) }
        ul.columns {
            @for (id, name) in &registers {
                li { a href=(cx.to(&format!("/registers/{id}/feed.atom"))) type="application/atom+xml" { (name.get(cx.lang)) } }
            }
        }
        p.silent { (cx.say("一件ごとのフィードは、それぞれの記録のページにあります。", "The feed of a single record is on its page.")) }
    };
    Ok(Page::new(cx.say("更新フィード", "Feeds"), body)
        .feed(cx.say("計画の変更", "Changes of the plan"), "/feeds/plan.atom")
        .show(&cx))
}

/// What changes in the registers that the plan's engine reads.
async fn plan(cx: Cx) -> Result<Response, Failure> {
    let whose = Whose::of(&cx);
    let items = cx.app.desk.read(&cx.viewer, move |reading| {
        let mut entries = Vec::new();
        for register in ::plan::view::REGISTERS {
            if reading.declaration(register).is_ok() {
                entries.extend(reading.latest(Some(register), None, ENTRIES)?);
            }
        }
        Ok(whose.items(reading, entries))
    });
    let title = cx.say("計画の変更 – 標 Shirube", "Changes of the plan – Shirube");
    answer(&cx, title, "/feeds/plan.atom", "/plan", items.await?)
}

async fn register(cx: Cx, Path(register): Path<String>) -> Result<Response, Failure> {
    let (whose, asked) = (Whose::of(&cx), register.clone());
    let (name, items) = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            let name = reading.declaration(&asked)?.name.clone();
            let entries = reading.latest(Some(&asked), None, ENTRIES)?;
            Ok((name, whose.items(reading, entries)))
        })
        .await?;
    let page = format!("/registers/{}", escaped(&register));
    answer(&cx, name.get(cx.lang), &format!("{page}/feed.atom"), &page, items)
}

async fn record(cx: Cx, Path((register, record)): Path<(String, String)>) -> Result<Response, Failure> {
    let reference = RecordRef::new(&register, &record).map_err(|_| Failure::NotFound)?;
    let (whose, asked) = (Whose::of(&cx), reference.clone());
    let items = cx.app.desk.read(&cx.viewer, move |reading| {
        let entries = reading.history(&asked)?;
        if entries.is_empty() {
            return Err(Failure::NotFound);
        }
        Ok(whose.items(reading, entries))
    });
    let items = items.await?;
    let title = items.first().map_or_else(|| reference.to_string(), |item| item.title.clone());
    let page = values::path(&reference);
    answer(&cx, &title, &format!("{page}/feed.atom"), &page, items)
}

/// In whose words and with which addresses entries are told.
struct Whose {
    lang: Lang,
    authority: String,
    /// The whole address of the site's pages.
    base: String,
}

impl Whose {
    fn of(cx: &Cx) -> Self {
        Whose { lang: cx.lang, authority: authority(&cx.app.config.origin()), base: cx.whole("") }
    }

    /// The newest entries, as items.
    fn items(&self, reading: &Reading<'_>, mut entries: Vec<Entry>) -> Vec<Item> {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
        entries.truncate(ENTRIES);
        entries
            .iter()
            .filter_map(|entry| {
                Some(self.item(reading.declaration(entry.reference.register.as_str()).ok()?, entry))
            })
            .collect()
    }

    fn item(&self, declaration: &Declaration, entry: &Entry) -> Item {
        let title = entry.record.as_ref().map(|record| title_of(declaration, record));
        let title = title.unwrap_or_else(|| Names::of(entry.reference.to_string(), ""));
        let what = match (&entry.record, entry.version) {
            (None, _) => self.lang.pick("取下げ", "withdrawn"),
            (Some(_), 1) => self.lang.pick("新規", "new"),
            (Some(_), _) => self.lang.pick("変更", "changed"),
        };
        let state = entry.record.as_ref().and_then(|record| record.state.as_ref());
        let state =
            state.and_then(|state| declaration.states.get(state)).map(|state| state.label.get(self.lang));
        let version = match self.lang {
            Lang::Ja => format!("第{}版", entry.version),
            Lang::En => format!("version {}", entry.version),
        };
        let parts = [
            Some(declaration.name.get(self.lang)),
            Some(version.as_str()),
            state,
            Some(entry.reason.as_str()),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        Item {
            id: self.id(&entry.reference, entry.seq),
            title: format!("{}{}", title.get(self.lang), report::words::bracketed(what, self.lang)),
            page: format!("{}{}", self.base, values::path(&entry.reference)),
            updated: entry.at,
            summary: parts.join(self.lang.pick("・", " · ")),
            category: (declaration.id.to_string(), declaration.name.get(self.lang).to_owned()),
        }
    }

    /// A tag URI (RFC 4151) of what happened: the same in every feed that tells of it.
    fn id(&self, record: &RecordRef, seq: u64) -> String {
        let (register, record) = (escaped(record.register.as_str()), escaped(record.record.as_str()));
        format!("tag:{},{SINCE}:{register}/{record}/{seq}", self.authority)
    }
}

fn answer(cx: &Cx, title: &str, here: &str, page: &str, entries: Vec<Item>) -> Result<Response, Failure> {
    let lang = cx.lang.pick("ja", "en");
    let feed = Feed {
        id: format!("tag:{},{SINCE}:{lang}{here}", authority(&cx.app.config.origin())),
        title: title.to_owned(),
        here: cx.whole(here),
        page: cx.whole(page),
        lang,
        entries,
    };
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], feed.written().map_err(Failure::broken)?).into_response())
}

/// The host of an address: who an id belongs to.
fn authority(origin: &str) -> String {
    let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let host = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
    host.trim_matches(['[', ']']).replace(':', "-")
}
