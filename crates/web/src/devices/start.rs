//! What everybody may read: the essential principle, what is a duty and what only a proposal, and how to take part. Who has signed in finds
//! the ways to their own pages first.

use maud::{Markup, html};

use super::kept;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{self, Html, Page, values};

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let (principles, guides) = cx
        .app
        .desk
        .read(&cx.viewer, |reading| {
            Ok((kept::all(reading, "cyber-principle")?, kept::all(reading, "cyber-guide")?))
        })
        .await?;
    let body = html! {
        (ways(&cx))
        h2 { (cx.say("基本要件基準の三つの要件", "The three essential requirements")) }
        p { (cx.say(
            "医療機器の基本要件基準第12条第3項は、プログラムを用い、他の機器やネットワークに接続するか外部からの攻撃が想定される医療機器に、次の三つを求めています。製造販売業者の義務です。",
            "Article 12 (3) of the essential principles asks three things of devices that use a program and connect to devices or networks, or may be attacked from outside. They bind makers.",
        )) }
        ol {
            @for seen in &principles {
                li {
                    @let names: Option<base::Names> = seen.record.read("name");
                    a href=(cx.to(&values::path(&seen.record.reference()))) {
                        (names.as_ref().map_or(seen.record.id.as_str(), |names| names.get(cx.lang)))
                    }
                    " " @for source in &seen.record.sources { (look::source(&cx, source)) " " }
                }
            }
        }
        div.note { p {
            strong { (cx.say("構想", "Proposal")) }
            (cx.say(
                " 行政が市販前・市販後の対応の妥当性を確認する仕組みは、第3期計画の案が構築の必要を述べているだけで、まだありません。このサイトの確認の手順は構想として試すものです。",
                " A way for an authority to confirm adequacy before and after marketing is named as needed by the draft third plan and does not exist. What this site offers for it is a practice run of that proposal.",
            ))
        } p { a href=(cx.to("/plan/plan-3/plan-3.issue-3-5")) { (cx.say("計画での位置と集計", "Its place in the plan, and the counts")) } } }
        h2 { (cx.say("規則", "Rules")) }
        p { (cx.say("製品のファイルは次の台帳の規則と照らし合わせます。規則ごとに出典・日付・効力があり、全文は人が確かめます。", "A product's file is held against the rules of this register, each with its source, date and force; the full texts are for a person to check.")) " " a href=(cx.to("/registers/cyber-rule")) { (cx.say("規則の一覧", "The list of rules")) } }
        h2 { (cx.say("参加の仕方", "How to take part")) }
        ul {
            li { strong { (cx.say("製造販売業者", "Makers")) } " " (cx.say("製品を登録し、SBOMを渡すと、脆弱性情報がどの部品に及ぶかが分かります。SBOMは自社と自社が指名した組織だけに見えます。", "Register a product and give its SBOM: you learn which advisory reaches which component. A bill is seen by you and those you name, nobody else.")) }
            li { strong { (cx.say("医療機関", "Hospitals")) } " " (cx.say("使用者として記録された機器について、製造販売業者からの通知と行うことが届きます。", "For devices you are on record as using, you receive the maker's notices and what to do.")) }
            li { strong { (cx.say("行政・審査", "Authorities")) } " " (cx.say("製造販売業者が示したファイルだけを見て、構想の手順で確認の状態を記録します。", "You see the files a maker shows you, and none other, and record how a review goes, as the proposal would have it.")) }
        }
        p { (cx.say("アカウントは管理者が発行します。コマンドだけでも使えます：", "Accounts are given by the administrator. The commands alone do as well: ")) code { "shirube sbom check" } ", " code { "shirube cyber scan" } }
        h2 { (cx.say("深刻度を医療機器の条件で", "How grave it is for a device")) }
        p { (cx.say("CVSSは情報システムのためのものです。医療機器の条件で問いに答え、ベクタを得る：", "CVSS was made for information systems. Questions on the device lead to its vector: ")) a href=(cx.to("/cyber/rubric")) { (cx.say("医療機器のためのCVSSルーブリック", "CVSS rubric for medical devices")) } }
        h2 { (cx.say("規格と手引き", "Standards and guides")) }
        @if guides.is_empty() {
            p.quiet { (cx.say("まだ記録がありません。計画の資料は「規格・手引きの整備」を挙げるだけで、一覧を印刷していません。", "Nothing on record yet: the plan's documents name the task and print no list.")) }
        } @else { ul { @for seen in &guides {
            @let names: Option<base::Names> = seen.record.read("name");
            li { a href=(cx.to(&values::path(&seen.record.reference()))) { (names.as_ref().map_or(seen.record.id.as_str(), |names| names.get(cx.lang))) } }
        } } }
    };
    Ok(Page::new(cx.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices"), body)
        .lead(cx.say(
            "市販前に示し、市販後に見守り、使う人に知らせる。",
            "Shown before the market, watched after it, told to those who use it.",
        ))
        .show(&cx))
}

fn ways(cx: &Cx) -> Markup {
    html! {
        @if cx.person.is_some() {
            nav aria-label=(cx.say("自分のページ", "Your pages")) { ul.cards {
                (card(cx, "/cyber/products", "製品", "Products", "製造販売業者：製品ごとの状態、SBOM、指摘", "Makers: state, bills and findings of each product"))
                (card(cx, "/cyber/advisories", "脆弱性情報", "Advisories", "どの製品に及ぶか", "Which products they reach"))
                (card(cx, "/cyber/components", "部品を探す", "Find a component", "見てよいSBOMの中から", "In the bills you may see"))
                (card(cx, "/cyber/hospital", "使用者への通知", "Notices to users", "医療機関：知らされたことと行うこと", "Hospitals: what you were told, what to do"))
                (card(cx, "/cyber/authority", "確認（構想）", "Review (proposal)", "示されたファイルと確認の状態", "Files shown to you, and how reviews stand"))
            } }
        }
    }
}

fn card(cx: &Cx, path: &str, ja: &str, en: &str, about_ja: &str, about_en: &str) -> Markup {
    html! { li.card { h2 { a href=(cx.to(path)) { (cx.say(ja, en)) } } p { (cx.say(about_ja, about_en)) } } }
}
