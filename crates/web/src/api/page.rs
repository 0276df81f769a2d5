//! The page about the API: how to begin, tokens, paging, changes, hooks. What each address answers stands in the OpenAPI document.

use axum::Router;
use axum::routing::get;
use maud::{Markup, html};

use super::ROOT;
use crate::app::App;
use crate::cx::Cx;
use crate::look::{Html, Page};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api", get(about))
}

async fn about(cx: Cx) -> Html {
    let api = format!("{}{}", cx.app.config.origin(), cx.plain(ROOT));
    let body = html! {
        (begin(&cx, &api))
        (tokens(&cx, &api))
        (lists(&cx, &api))
        (changing(&cx, &api))
        (following(&cx, &api))
        (hooks(&cx, &api))
        (manners(&cx))
    };
    Page::new("API", body)
        .lead(cx.say(
            "台帳の記録・検索・履歴と計画の集計を、JSONで取り出し、書き込めます。誰に何が見えるかはページと同じです。",
            "Records, search, history and where the plan stands, as JSON, to read and to write. Who sees what is the same as on the pages.",
        ))
        .show(&cx)
}

fn begin(cx: &Cx, api: &str) -> Markup {
    html! {
        h2 { (cx.say("始める", "How to begin")) }
        p { (cx.say("公開の内容は、そのまま取り出せます。", "What is public can be fetched as it is.")) }
        (shell(cx, &format!("curl '{api}/registers'\ncurl '{api}/registers/programme/records?q=医療機器&limit=10'\ncurl '{api}/plan/follow-up'")))
        p {
            (cx.say("すべてのアドレス、項目、状態コードは", "Every address, field and status code is in the"))
            " " a href=(cx.plain(&format!("{ROOT}/openapi.json"))) { (cx.say("OpenAPI 3.1の文書", "OpenAPI 3.1 document")) }
            (cx.say("にあります。文書は台帳の宣言から作られ、試験で確かめています。", ", which is made from the declarations of the registers and held against the server by tests."))
        }
        p { (cx.say(
            "値がないときは、その理由が入ります：{\"missing\": \"not-yet\"}。金額は印字のままの文字列（\"7.7億円\"）、年度は西暦の数です。すべての記録に出典（sources）があります。",
            "Where there is no value it says why: {\"missing\": \"not-yet\"}. Money is a string as printed (\"7.7億円\"), fiscal years are western numbers. Every record has its sources.",
        )) }
    }
}

fn tokens(cx: &Cx, api: &str) -> Markup {
    html! {
        h2 { (cx.say("トークン", "Tokens")) }
        p { (cx.say(
            "公開でない記録を見る、又は書き込むには、サインインしてトークンを作り、Authorization ヘッダーで送ります。トークンは持ち主の権限を超えません。",
            "To see what is not public, or to write, sign in, make a token and send it in the Authorization header. A token never does more than its owner.",
        )) }
        (shell(cx, &format!("curl -H \"Authorization: Bearer $TOKEN\" '{api}/registers'")))
        dl {
            dt { code { "read" } } dd { (cx.say("持ち主が見られるものを見る", "see whatever its owner may see")) }
            dt { code { "write" } } dd { (cx.say("見て、変更する", "see and change")) }
            dt { code { "registers:programme" } } dd { (cx.say("この台帳に限る（複数可。検索・計画など複数の台帳にまたがる回答は得られない）", "this register only (several may be named); no answers that rest on several registers, such as search and the plan")) }
        }
    }
}

fn lists(cx: &Cx, api: &str) -> Markup {
    html! {
        h2 { (cx.say("一覧とページ送り", "Lists and paging")) }
        p { (cx.say(
            "一覧は、宣言で filter とされた項目と state・q で絞り、sort（id・title・newest）で並べ、limit（500まで）ずつ取り出します。続きは next を after に渡すか、Link ヘッダーをたどります。total は件数の下限と上限です。",
            "Lists are narrowed by the fields declared as filters and by state and q, ordered by sort (id, title, newest), and come limit (at most 500) at a time. To go on, hand next back as after, or follow the Link header. total says at least and at most how many there are.",
        )) }
        (shell(cx, &format!("curl -i '{api}/registers/follow-up-row/records?fiscal_year=2024&limit=100'")))
    }
}

fn changing(cx: &Cx, api: &str) -> Markup {
    html! {
        h2 { (cx.say("書き込み", "Writing")) }
        p { (cx.say(
            "変更には、取り出したときの ETag を If-Match で示します。ほかの人が先に変えていれば 412 になり、何も上書きされません。PATCH は JSON merge patch です。POST に Idempotency-Key を付けると、同じ要求は一度だけ行われます。変更の理由は reason で残せます。",
            "A change names by If-Match the ETag it was fetched with. If somebody was quicker the answer is 412 and nothing is overwritten. PATCH takes a JSON merge patch. With an Idempotency-Key the same POST is done once. Say why with reason.",
        )) }
        (shell(cx, &format!(
            "curl -X PATCH -H \"Authorization: Bearer $TOKEN\" -H 'If-Match: \"3-9f86d081884c7d65\"' \\\n  -H 'Content-Type: application/merge-patch+json' \\\n  -d '{{\"fields\": {{\"desk\": \"○○課\"}}}}' \\\n  '{api}/registers/programme/records/healthtech?reason=typo'"
        )))
        p { (cx.say(
            "受け取れない内容には problem+json（RFC 9457）で、どの項目がなぜいけないかを errors に示します。",
            "What cannot be taken is answered as problem+json (RFC 9457), with the place and the reason of every fault in errors.",
        )) }
    }
}

fn following(cx: &Cx, api: &str) -> Markup {
    html! {
        h2 { (cx.say("変更を追う", "Following changes")) }
        p { (cx.say(
            "写しを保つには、changes を 0 から読み、next を覚え、次はそこから読みます。取り下げられた記録と、見えなくなった記録は withdrawn として届きます。",
            "To keep a copy read changes from 0, remember next, and go on from there. Records that are withdrawn, or that you may no longer see, come as withdrawn.",
        )) }
        (shell(cx, &format!("curl '{api}/changes?after=0&limit=1000'")))
    }
}

fn hooks(cx: &Cx, api: &str) -> Markup {
    html! {
        h2 { "Webhook" }
        p { (cx.say(
            "役割のある人は、変更の知らせを受けるアドレスを登録できます。知らせには、登録した人に見える変更だけが、履歴の順に入ります。",
            "Whoever has a role can register an address that is told of changes: of those its owner may see, in the order of the history.",
        )) }
        (shell(cx, &format!(
            "curl -X POST -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n  -d '{{\"url\": \"https://example.jp/shirube\", \"registers\": [\"follow-up-row\"]}}' '{api}/hooks'"
        )))
        (shell(cx, r#"{"event":"changed","register":"follow-up-row","record":"r6-12","version":4,"seq":1873,"at":"2026-04-01T00:00:00Z","url":"…"}"#))
        ul {
            li { (cx.say(
                "Shirube-Signature: t=時刻,v1=署名。署名は「時刻.本文」のHMAC-SHA256（鍵は登録時に一度だけ示す secret）の16進です。古い時刻は退けてください。",
                "Shirube-Signature: t=time,v1=signature. The signature is the HMAC-SHA256 of “time.body” with the secret that is told once, in hexadecimal. Refuse old times.",
            )) }
            li { (cx.say(
                "2xx 以外と10秒の沈黙は失敗とし、5秒から1日まで間を広げて送り直します。7日続くと止まり、理由が残ります。test が成功すると続きから再開します。",
                "Anything but 2xx, and silence of 10 seconds, is a failure and tried again, after 5 seconds at first and up to a day. After 7 days it stops and says why; a successful test makes it go on where it was.",
            )) }
            li { (cx.say(
                "同じ知らせが二度届くことがあります。Shirube-Delivery が同じなら同じ知らせです。",
                "The same may arrive twice: it then has the same Shirube-Delivery.",
            )) }
            li { (cx.say("公開のアドレスだけに、https で送ります。転送先には従いません。", "Only public addresses are sent to, by https; redirects are not followed.")) }
        }
    }
}

fn manners(cx: &Cx) -> Markup {
    html! {
        h2 { (cx.say("きまり", "Manners")) }
        ul {
            li { (cx.say("要求が多すぎると 429 と Retry-After を返します。", "Too many requests are answered with 429 and Retry-After.")) }
            li { (cx.say("本文は4 MiBまでのUTF-8のJSONです。", "Bodies are JSON in UTF-8 of at most 4 MiB.")) }
            li { (cx.say(
                "公開の内容は、ほかのサイトのページからも読めます（CORS、GETのみ、資格情報なし）。",
                "What is public can be read from other sites' pages (CORS: GET only, no credentials).",
            )) }
            li { (cx.say("/en/api/v1/… では、誤りの説明が英語になります。", "Below /en/api/v1/… faults are described in English.")) }
        }
    }
}

fn shell(cx: &Cx, text: &str) -> Markup {
    html! {
        div.scroll.example tabindex="0" role="group" aria-label=(cx.say("例", "Example")) { pre { code { (text) } } }
    }
}
