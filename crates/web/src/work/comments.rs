//! Comments on records: said by people who have signed in, to those who may see the record; they are no part of it and have no
//! history.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use register::RecordRef;
use serde::{Deserialize, Serialize};
use store::{Kept, Paper};

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::work::edit::{path, reference};
use crate::work::posted::{Posted, see};

const DRAWER: &str = "comment";
/// The longest comment, in characters. Configuration without a source.
const LONGEST: usize = 5000;
/// The newest comments that are looked through for those that concern somebody.
const LOOKED_THROUGH: usize = 300;

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comment {
    /// Its key in the drawer.
    #[serde(skip)]
    pub(crate) key: String,
    /// The record it is about.
    pub(crate) record: String,
    /// The account of who says it.
    pub(crate) person: String,
    /// Their name.
    pub(crate) name: String,
    /// When.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) text: String,
}

/// The comments on a record with a form to add one, for the record's own page; nothing for whoever has not signed in. That the
/// viewer may see the record is for the page to know.
pub(crate) async fn fragment(cx: &Cx, record: &RecordRef) -> Result<Markup, Failure> {
    let Some(person) = &cx.person else { return Ok(html! {}) };
    let comments = of(cx, record).await?;
    let to = format!("{}/comments", path(record));
    Ok(html! {
        section #comments {
            h2 { (cx.say("コメント", "Comments")) " " span.tag { (comments.len()) } }
            p.quiet { (cx.say("サインインした人で、この記録を見られる人だけに見えます。@名前 と書くとその人の机に届きます。", "Seen by those who have signed in and may see this record. @name puts it on that person's desk.")) }
            @for comment in &comments {
                article.comment {
                    p.quiet { strong { (comment.name) } " " (look::when(comment.at))
                        @if comment.person == person.id {
                            " " form.plain method="post" action=(cx.to(&to)) { input type="hidden" name="delete" value=(comment.key); button.link { (cx.say("消す", "Delete")) } }
                        }
                    }
                    p.pre { (comment.text) }
                }
            }
            form method="post" action=(cx.to(&to)) {
                div.field { label for="comment" { (cx.say("コメントを書く", "Write a comment")) } textarea.short #comment name="text" required maxlength=(LONGEST) {} }
                button.second { (cx.say("加える", "Add")) }
            }
        }
    })
}

/// The comments on a record, as a page.
pub(super) async fn page(cx: Cx, Path((register, record)): Path<(String, String)>) -> Result<Html, Failure> {
    let record = visible(&cx, &register, &record).await?;
    let body = html! { p { a href=(cx.to(&path(&record))) { (record) } } (fragment(&cx, &record).await?) };
    Ok(Page::new(cx.say("記録へのコメント", "Comments on a record"), body)
        .below(record.to_string(), path(&record))
        .show(&cx))
}

/// Adds a comment, or removes one's own.
pub(super) async fn change(
    cx: Cx,
    Path((register, record)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Failure> {
    let record = visible(&cx, &register, &record).await?;
    let back = format!("{}/comments", path(&record));
    let person = cx.person()?.clone();
    if let Some(key) = posted.get("delete") {
        let own = of(&cx, &record)
            .await?
            .into_iter()
            .find(|comment| comment.key == key && comment.person == person.id);
        let key = own.ok_or(Failure::NotFound)?.key;
        cx.app.desk.change(move |store| Ok(store.discard(DRAWER, &key)?)).await?;
        return Ok(see(&cx, &back));
    }
    let text = posted.needed("text", "コメント", "a comment")?;
    if text.chars().count() > LONGEST {
        return Err(Failure::bad(
            format!("コメントは{LONGEST}字までです"),
            format!("A comment has at most {LONGEST} characters"),
        ));
    }
    let (now, owner) = (cx.now, owner(&record));
    let comment = Comment {
        key: String::new(),
        record: record.to_string(),
        person: person.id.clone(),
        name: person.name,
        at: now,
        text,
    };
    let key = format!("{:020} {}", now.as_microsecond(), person.id.chars().take(60).collect::<String>());
    let value = serde_json::to_value(comment).map_err(Failure::broken)?;
    cx.app
        .desk
        .change(move |store| {
            let paper = Paper { drawer: DRAWER, key: &key, owner: &owner, value: &value, expires: None };
            store.keep(&paper, Some(0), now)?;
            Ok(())
        })
        .await?;
    Ok(see(&cx, &back))
}

/// The newest comments of others that concern the viewer: that name them, or stand on records they have commented on.
pub(super) async fn to_me(cx: &Cx, most: usize) -> Result<Vec<Comment>, Failure> {
    let (person, now) = (cx.person()?.clone(), cx.now);
    let call = format!("@{}", person.name);
    let newest =
        cx.app.desk.look(move |store| Ok(store.drawer(DRAWER, None, LOOKED_THROUGH, true, now)?)).await?;
    let newest: Vec<Comment> = newest.into_iter().filter_map(comment).collect();
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            let mine: Vec<String> = newest
                .iter()
                .filter(|comment| comment.person == person.id)
                .map(|comment| comment.record.clone())
                .collect();
            let concerns = |comment: &Comment| {
                comment.person != person.id
                    && (comment.text.contains(&call) || mine.contains(&comment.record))
            };
            let mut found = Vec::new();
            for comment in newest.iter().filter(|comment| concerns(comment)) {
                let Ok(record) = comment.record.parse::<RecordRef>() else { continue };
                if reading.get(&record)?.is_some() {
                    found.push(comment.clone());
                }
                if found.len() >= most {
                    break;
                }
            }
            Ok(found)
        })
        .await
}

async fn of(cx: &Cx, record: &RecordRef) -> Result<Vec<Comment>, Failure> {
    let (owner, now, record) = (owner(record), cx.now, record.to_string());
    let kept = cx.app.desk.look(move |store| Ok(store.kept_of(DRAWER, &owner, now)?)).await?;
    Ok(kept.into_iter().filter_map(comment).filter(|comment| comment.record == record).collect())
}

fn comment(kept: Kept) -> Option<Comment> {
    let comment: Comment = serde_json::from_value(kept.value).ok()?;
    Some(Comment { key: kept.key, ..comment })
}

/// The owner of a comment's paper: the record, cut to what a name may have; who reads compares the whole.
fn owner(record: &RecordRef) -> String {
    let mut owner = record.to_string();
    while owner.len() > 200 {
        owner.pop();
    }
    owner
}

/// A record that the viewer may see.
async fn visible(cx: &Cx, register: &str, record: &str) -> Result<RecordRef, Failure> {
    cx.person()?;
    let record = reference(register, record)?;
    let asked = record.clone();
    cx.app.desk.read(&cx.viewer, move |reading| reading.must_get(&asked)).await?;
    Ok(record)
}
