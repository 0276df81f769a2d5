//! What a letter says, in the language of the one it goes to, read at the moment of sending with their eyes: a record they may no longer see is
//! not told of, and a letter without records is not sent.

use account::people;
use base::Lang;
use jiff::Timestamp;
use register::{Record, RecordRef, Viewer};

use super::letters::{Event, Filed};
use super::send::Message;
use crate::address::{Addresses, escaped};
use crate::app::App;
use crate::failure::Failure;

/// The longest line of a subject or a list, in characters.
const LONGEST: usize = 150;

/// The letter as it goes out; none where there is nobody to send it to or nothing they may see.
pub(super) async fn written(app: &App, filed: &Filed) -> Result<Option<Message>, Failure> {
    let Some((email, lang, viewer)) = recipient(app, &filed.letter.person).await? else { return Ok(None) };
    let references: Vec<RecordRef> =
        filed.letter.records.iter().filter_map(|record| record.parse().ok()).collect();
    let seen = app.desk.read(&viewer, move |reading| {
        let mut records = Vec::new();
        for reference in &references {
            records.extend(reading.get(reference)?.map(|seen| seen.record));
        }
        Ok(records)
    });
    let records = seen.await?;
    if records.is_empty() {
        return Ok(None);
    }
    let (subject, text) = composed(app, filed.letter.event, &filed.letter.topic, &records, lang);
    Ok(Some(Message { to: email, subject, text, id: filed.key.clone() }))
}

async fn recipient(app: &App, person: &str) -> Result<Option<(String, Lang, Viewer)>, Failure> {
    let Ok(id) = person.parse() else { return Ok(None) };
    app.desk
        .look(move |store| {
            let found = people::find(store, id, Timestamp::now()).map_err(Failure::broken)?;
            let Some(person) = found.map(|found| found.value).filter(|person| !person.disabled) else {
                return Ok(None);
            };
            let viewer = people::viewer(store, &person).map_err(Failure::broken)?;
            Ok(person.profile.email.clone().map(|email| (email, person.profile.language, viewer)))
        })
        .await
}

fn composed(app: &App, event: Event, topic: &str, records: &[Record], lang: Lang) -> (String, String) {
    let first = &records[0];
    let (subject, lead) = match (event, lang) {
        (Event::Found, Lang::Ja) => (
            format!("脆弱性情報 {topic}：あなたの製品に及ぶか、確かめてください"),
            "次の指摘が新しく記録されました。".to_owned(),
        ),
        (Event::Found, Lang::En) => (
            format!("Advisory {topic}: check whether it reaches your products"),
            "These findings are new on record.".to_owned(),
        ),
        (Event::Renewed, Lang::Ja) => (
            "新しい指摘：あなたの製品に及ぶか、確かめてください".to_owned(),
            "新しい脆弱性情報又はSBOMとの照合で、次の指摘が記録されました。".to_owned(),
        ),
        (Event::Renewed, Lang::En) => (
            "New findings: check whether they reach your products".to_owned(),
            "New data or a new bill were gone through; these findings are new on record.".to_owned(),
        ),
        (Event::Told, Lang::Ja) => (
            format!("使用中の機器についての通知：{topic}"),
            "製造販売業者から、使用中の機器の脆弱性について次の通知があります。".to_owned(),
        ),
        (Event::Told, Lang::En) => (
            format!("A notice about a device you use: {topic}"),
            "The maker tells you of a vulnerability of a device you use.".to_owned(),
        ),
        (Event::Done, Lang::Ja) => {
            (format!("使用者の対応：{topic}"), "使用者が対応を答えました。".to_owned())
        }
        (Event::Done, Lang::En) => {
            (format!("A user has answered: {topic}"), "A user says it is done.".to_owned())
        }
        (Event::Submitted, Lang::Ja) => (
            "市販前ファイルが示されました（構想）".to_owned(),
            "制度ではなく、構想としての提出です。".to_owned(),
        ),
        (Event::Submitted, Lang::En) => (
            "A pre-market file was shown to you (proposal)".to_owned(),
            "It is a practice run of a proposal, not an institution.".to_owned(),
        ),
        (Event::Reviewed, Lang::Ja) => (
            "市販前ファイルの確認の状態が変わりました（構想）".to_owned(),
            "構想としての確認です。".to_owned(),
        ),
        (Event::Reviewed, Lang::En) => (
            "The review of your pre-market file has come further (proposal)".to_owned(),
            "The review is a proposal.".to_owned(),
        ),
    };
    let mut text = vec![lead, String::new()];
    for record in records {
        text.push(format!("- {}", one_line(record.text("title").unwrap_or(record.id.as_str()))));
    }
    if event == Event::Told {
        text.push(String::new());
        text.push(lang.pick("行うこと：", "What to do:").to_owned());
        text.extend(first.text("action").unwrap_or_default().lines().map(ToOwned::to_owned));
    }
    let addresses = Addresses { prefix: app.config.prefix.clone(), lang };
    let page = match event {
        Event::Found => format!("/cyber/advisories/{}", escaped(topic)),
        Event::Renewed => "/cyber/products".to_owned(),
        Event::Told => "/cyber/hospital".to_owned(),
        Event::Done | Event::Reviewed => {
            format!("/registers/{}/{}", first.register, escaped(first.id.as_str()))
        }
        Event::Submitted => "/cyber/authority".to_owned(),
    };
    text.push(String::new());
    text.push(format!("{}{}", app.config.origin(), addresses.page(&page)));
    text.push(String::new());
    text.push(
        lang.pick(
            "このメールは標 Shirubeが自動で送りました。宛先は「アカウント」のページで変えられます。",
            "Sent by Shirube. You can change the address on your account's page.",
        )
        .to_owned(),
    );
    (one_line(&subject), text.join("\n"))
}

/// A text that can be neither a header nor a line of its own.
fn one_line(text: &str) -> String {
    let flat =
        text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c });
    flat.take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_title_cannot_begin_a_header() {
        assert_eq!(one_line("CVE-1\r\nBcc: x@example.jp\u{2028}y"), "CVE-1  Bcc: x@example.jp y");
        assert_eq!(one_line(&"あ".repeat(300)).chars().count(), 150);
    }
}
