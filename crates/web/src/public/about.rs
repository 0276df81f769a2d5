//! What this site is, what its words mean, and what it promises.

use axum::Router;
use axum::routing::get;
use maud::html;

use crate::app::App;
use crate::cx::Cx;
use crate::look::{Html, Page};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/about", get(about))
}

async fn about(cx: Cx) -> Html {
    let body = html! {
        p { (cx.say(
            "標（しるべ）は、医療機器基本計画のゴール・施策・事業・予算・実績を、出典のある記録として結び付け、計画が進んでいるかを誰でも確かめられるようにするものです。",
            "Shirube joins the goals, measures, programmes, money and results of Japan's Medical Device Basic Plan as records with sources, so that everybody can see whether the plan moves.",
        )) }
        h2 { (cx.say("数字の読み方", "How to read the figures")) }
        ul {
            li { (cx.say("すべての数字は出典を開けます。", "Every figure opens its source.")) }
            li { (cx.say("「まだ」「なし」「ゼロ」「記載なし」「不明」は別のものとして示します。", "“Not yet”, “none”, “zero”, “not printed” and “unknown” are kept apart.")) }
            li { (cx.say("内数は上限（≤）として示し、合計しません。", "An amount within another is shown as an upper bound (≤) and never summed.")) }
            li { (cx.say("つながりには「資料に記載」「人が確認」「推定」「未確定」の別を付けます。", "Links say whether they are stated, confirmed by a person, suggested or undecided.")) }
        }
        h2 { (cx.say("書体・色・操作", "Type, colour, operation")) }
        p { (cx.say(
            "すべてのページはJavaScriptなしで読め、操作できます。JIS X 8341-3:2016 のレベルAAに配慮しています。",
            "Every page can be read and used without JavaScript, and is made for WCAG 2.2 level AA.",
        )) }
    };
    Page::new(cx.say("このサイトについて", "About this site"), body).show(&cx)
}
