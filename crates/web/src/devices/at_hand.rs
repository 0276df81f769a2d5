//! What bills are held against: how old the vulnerability data are, where they come from, and whether newer ones could not be taken. All of it is
//! public knowledge; where the files lie is told to those alone who keep the site.

use bulk::vulns::Live;
use cyber::index::Provenance;
use jiff::civil::Date;
use maud::{Markup, html};
use report::Severity;

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look;

/// Days after which data that nobody renewed are called old. Configuration without a source.
const OLD: i32 = 7;

pub(super) async fn section(cx: &Cx) -> Result<Markup, Failure> {
    let app = cx.app.clone();
    let read = tokio::task::spawn_blocking(move || {
        let data = app.devices.known.data()?;
        Ok::<_, Failure>((data.len()?, data.file().map(|file| file.about().clone())))
    });
    let (count, about) = read.await.map_err(Failure::broken)??;
    let live = cx.app.devices.known.live();
    Ok(html! {
        h2 #at-hand { (cx.say("照合に使うデータ", "What bills are held against")) }
        @if let Some(why) = live.and_then(Live::trouble) {
            (look::note(cx, Severity::Caution, &html! {
                " " @if about.is_some() { (cx.say("新しいデータを読み込めないため、前のデータを使っています。", "Newer data cannot be read; those from before stay in use.")) }
                @else { (cx.say("設定されたデータを読み込めません。", "The data named in the settings cannot be read.")) }
                @if cx.person.as_ref().is_some_and(|person| person.administrator) { " " (why.get(cx.lang)) }
                @else { " " (cx.say("管理者にお知らせください。", "Please tell the administrator.")) }
            }))
        }
        @if let Some(about) = &about {
            p { (cx.say("脆弱性情報：", "Advisories: ")) (count) (cx.say("件、まとめた日：", ", put together on ")) (about.built_on)
                @if is_old(&about.built_on, cx.today) { " " span.tag.caution { (cx.say("古くなっています", "getting old")) } } }
            ul { @for source in &about.sources { li { (told(cx, source)) } } }
        } @else {
            p { (cx.say("このページから取り込まれた脆弱性情報：", "Advisories brought through this page: ")) (count) (cx.say("件。まとまったデータ（OSV、NVD、JVN、KEV、EPSS）は設定されていません。見付からないことは、安全であることを意味しません。", ". No bulk data (OSV, NVD, JVN, KEV, EPSS) are set up: that nothing is found does not mean that nothing is wrong.")) }
        }
    })
}

fn told(cx: &Cx, source: &Provenance) -> Markup {
    html! {
        (source.formats.join("、")) " · " (source.records) (cx.say("件", " records"))
        @if let Some(day) = &source.dated { " · " (cx.say("内容の日付 ", "data of ")) (day) }
        " · " (cx.say("取得 ", "read on ")) (source.read_on)
        @if source.refused > 0 { " " span.tag.caution { (cx.say("読めなかったもの ", "could not be read: ")) (source.refused) } }
    }
}

fn is_old(built: &str, today: Date) -> bool {
    let since = built.parse::<Date>().ok().and_then(|built| (today - built).get_days().into());
    since.is_none_or(|days: i32| days > OLD)
}
