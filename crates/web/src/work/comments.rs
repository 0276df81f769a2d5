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

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use base::Source;
    use register::Record;

    use crate::people::Person;
    use crate::work::testing::{Site, person};

    const COMMENTS: &str = "/registers/supply-report/r1/comments";

    async fn site() -> Site {
        let mut record =
            Record::new("supply-report".parse().unwrap(), "r1".parse().unwrap(), Source::document("form"));
        record.state = Some("open".to_owned());
        record.set("holder", "organisation:acme").set("device", "ポンプ").set("kind", "stop");
        Site::of(vec![record]).await
    }

    fn owner() -> Person {
        person("会社員", &["organisation:acme"], &[])
    }

    fn office() -> Person {
        person("事務局", &["内閣府"], &["secretariat"])
    }

    #[tokio::test]
    async fn a_comment_is_seen_by_those_who_may_see_the_record_and_reaches_whom_it_names() {
        let site = site().await;
        let head = site.head().await;
        let said = site.post(&owner(), COMMENTS, &[("text", "@事務局 <b>確認</b>をお願いします")]).await;
        assert_eq!((said.status, said.to.as_str()), (StatusCode::SEE_OTHER, &*format!("/en{COMMENTS}")));
        assert_eq!(site.head().await, head, "a comment is no change of the record");
        let page = site.get(&office(), COMMENTS).await.text;
        assert!(page.contains("&lt;b&gt;確認&lt;/b&gt;") && page.contains("会社員"), "{page}");
        let desk = site.get(&office(), "/desk").await.text;
        assert!(desk.contains("Comments to me") && desk.contains("確認"), "{desk}");
        assert!(!site.get(&owner(), "/desk").await.text.contains("Comments to me"), "one's own are no news");
        let rival = person("他社", &["organisation:rival"], &[]);
        assert_eq!(site.get(&rival, COMMENTS).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.post(&rival, COMMENTS, &[("text", "x")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.get_unknown(COMMENTS).await.status, StatusCode::SEE_OTHER);
    }

    #[tokio::test]
    async fn an_answer_reaches_those_who_have_commented_before_unless_they_no_longer_see_the_record() {
        let site = site().await;
        site.post(&owner(), COMMENTS, &[("text", "質問")]).await;
        site.post(&office(), COMMENTS, &[("text", "回答")]).await;
        assert!(site.get(&owner(), "/desk").await.text.contains("回答"));
        let left = person("会社員", &["organisation:elsewhere"], &[]);
        assert!(!site.get(&left, "/desk").await.text.contains("回答"));
    }

    #[tokio::test]
    async fn one_s_own_comment_can_be_deleted_and_no_other() {
        let site = site().await;
        site.post(&owner(), COMMENTS, &[("text", "取り消す一言")]).await;
        let page = site.get(&owner(), COMMENTS).await.text;
        let key = page.split("name=\"delete\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(!site.get(&office(), COMMENTS).await.text.contains("name=\"delete\""));
        let others = site.post(&office(), COMMENTS, &[("delete", key)]).await;
        assert_eq!(others.status, StatusCode::NOT_FOUND);
        assert_eq!(site.post(&owner(), COMMENTS, &[("delete", key)]).await.status, StatusCode::SEE_OTHER);
        assert!(!site.get(&owner(), COMMENTS).await.text.contains("取り消す一言"));
    }

    #[tokio::test]
    async fn an_empty_or_endless_comment_is_refused_with_its_reason() {
        let site = site().await;
        let empty = site.post(&owner(), COMMENTS, &[("text", " \r\n ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let long = "長".repeat(super::LONGEST + 1);
        let refused = site.post(&owner(), COMMENTS, &[("text", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("at most 5000 characters"), "{}", refused.text);
        let fits = "長".repeat(super::LONGEST);
        assert_eq!(site.post(&owner(), COMMENTS, &[("text", &fits)]).await.status, StatusCode::SEE_OTHER);
    }
}
