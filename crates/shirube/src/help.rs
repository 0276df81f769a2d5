//! The Japanese of the help. The English stands beside the definitions in `cli`; a test sees to it that nothing there
//! lacks its Japanese here.

use base::Lang;
use clap::{Command, CommandFactory};

use crate::cli::Cli;
use crate::forms;

/// The command line in a language.
pub(crate) fn command(lang: Lang) -> Command {
    match lang {
        Lang::En => forms::offered(Cli::command(), ""),
        Lang::Ja => japanese(forms::offered(Cli::command(), ""), ""),
    }
}

fn japanese(command: Command, path: &str) -> Command {
    let command = match said(path) {
        Some(text) => command.about(text),
        None => command,
    };
    let arguments: Vec<String> =
        command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    let command = arguments.iter().fold(command, |command, id| match said_of_argument(path, id) {
        Some(text) => command.mut_arg(id, |argument| argument.help(text)),
        None => command,
    });
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.iter().fold(command, |command, name| {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command.mut_subcommand(name, |sub| japanese(sub, &path))
    })
}

fn said_of_argument(path: &str, id: &str) -> Option<&'static str> {
    said(&format!("{path} {id}")).or_else(|| said(&format!("* {id}")))
}

fn said(key: &str) -> Option<&'static str> {
    JAPANESE.iter().find(|(known, _)| *known == key).map(|(_, text)| *text)
}

/// Command, or command and argument; `*` for an argument that means the same everywhere.
const JAPANESE: &[(&str, &str)] = &[
    ("", "医療機器基本計画のいま：ゴール・施策・事業・予算・実績を、出典つきで示します"),
    (
        "* db",
        "データベース：ファイル、又は postgres:// のURL。既定は利用者のデータフォルダのファイル（初回に作成）",
    ),
    ("* lang", "答えの言語"),
    ("* actor", "変更に記録する名前。既定は利用者名"),
    ("* today", "この日の時点で答える（2026-11-23、R8.11.23）。既定は日本の今日"),
    ("* quiet", "進み具合や注記を出さず、答えだけを出す"),
    ("* format", "答えの形式"),
    ("* out", "このファイルに書く（CSVではフォルダ）"),
    ("* font", "PDFの書体を、内蔵のものから替える"),
    ("people", "アカウント：利用者の一覧と追加、入るためのリンク、プログラム用のトークン"),
    ("people list", "アカウントのある人の一覧"),
    ("people add", "利用者を加え、入るためのリンクを示す"),
    ("people add login", "サインインで入力する名前"),
    ("people add name", "ページに表示する名前"),
    ("people add member", "所属と役割（mhlw:ministry など）。繰り返し指定できる"),
    ("people add administrator", "利用者を管理する人にする"),
    ("people link", "入れなくなった人に新しいリンクを示す"),
    ("people token", "この人としてAPIを使うプログラムのトークン（一度だけ表示）"),
    ("people link login", "サインインで入力する名前"),
    ("people token login", "サインインで入力する名前"),
    ("people token name", "トークンの用途"),
    ("people token scope", "read、write、registers:台帳名。繰り返し指定できる"),
    ("people token days", "有効な日数"),
    ("sbom", "SBOM（ソフトウェア部品表）：CycloneDXとSPDX。データベースは要らない"),
    ("sbom check", "SBOMを読み、規格と違うところをすべて示す"),
    (
        "sbom check files",
        "CycloneDX 1.2-1.7（JSON、XML）、SPDX 2.2、2.3（JSON、tag-value）、SPDX 3.0（JSON-LD）。それを収めたフォルダや書庫（ZIP、tar、gzip）も",
    ),
    ("sbom check lenient", "読めるかぎり、何が見つかっても0で終わる"),
    (
        "sbom check content",
        "公表された一覧（NTIA、手引書、FDA、CISA）に照らして、文書と各部品に足りない記載も示す。繰り返し指定できる",
    ),
    ("sbom convert", "SBOMを別の形式・版で書く。変換先に置けないものは場所とともに告げる"),
    ("sbom convert file", "SBOM。- は標準入力"),
    (
        "sbom convert to",
        "cyclonedx-1.2-json～1.7-json、cyclonedx-1.2-xml～1.7-xml、spdx-2.2、spdx-2.3（-tag-value も）、spdx-3.0",
    ),
    ("sbom convert out", "SBOMを標準出力でなくこのファイルに書く"),
    ("sbom convert format", "引き継げないものの告げ方：標準エラー出力か、標準出力へのJSON（--out が要る）"),
    ("sbom merge", "機器の各部分のSBOMを、機器を主題とする一つのSBOMにまとめる"),
    ("sbom merge parts", "各部分のSBOM（sbom check が読めるもの）、それを収めたフォルダや書庫"),
    ("sbom merge name", "機器の名称"),
    ("sbom merge version", "機器の版"),
    ("sbom merge supplier", "機器の供給者"),
    ("sbom merge to", "まとめたSBOMの形式（sbom convert と同じ）"),
    ("sbom merge out", "SBOMを標準出力でなくこのファイルに書く"),
    ("sbom merge format", "引き継げないものの告げ方：標準エラー出力か、標準出力へのJSON（--out が要る）"),
    (
        "sbom diff",
        "新旧のSBOMの違い（形式は問わない）：加わった、無くなった、版が変わった、記載が変わった。違いがあれば1で終わる",
    ),
    ("sbom diff older", "古いSBOM"),
    ("sbom diff newer", "新しいSBOM"),
    (
        "cyber",
        "機器のサイバーセキュリティ：製品の中身にどの脆弱性が当てはまるか、なぜか。データベースは要らない",
    ),
    ("cyber scan", "SBOMの部品に当てはまる脆弱性情報：影響あり、判定できない、照合できなかった"),
    (
        "cyber scan files",
        "sbom check が読めるSBOM、それを収めたフォルダや書庫（ZIP、tar、gzip）。- は標準入力",
    ),
    (
        "cyber scan fail_on",
        "どの深刻度から1で終わるか：any、low、medium、high、critical、exploited、never。悪用が確認されたものと、深刻度を誰も示していないものは、どの段階でも数える",
    ),
    ("cyber scan strict", "判定できないものや照合できないものがあるときも1で終わる"),
    (
        "* vulns",
        "vulns update で作った索引。又は、今回だけ読むファイル、フォルダ、書庫（繰り返し指定できる）。既定は利用者のデータフォルダの索引",
    ),
    ("vulns", "脆弱性情報を一つのファイルに：ミラーやフォルダから作り、中を見る。データベースは要らない"),
    (
        "vulns update",
        "情報源から索引を作り直し、できあがってから置き換える。変わっていないものは取得し直さない",
    ),
    (
        "vulns update sources",
        "OSV、NVD、KEV、EPSSのファイル、フォルダ、書庫（ZIP、tar、gzip）、http(s)の住所。形式は中身で見分ける",
    ),
    ("vulns update into", "索引のファイル。既定は利用者のデータフォルダのファイル"),
    ("vulns show", "索引の中身（照合もする）。又は、一つの情報と、同じ脆弱性についてのほかの情報"),
    ("vulns show id", "情報の番号、又は脆弱性の別の番号"),
    ("cyber explain", "ある情報が部品にどう判定されたか、一歩ずつ"),
    (
        "cyber explain finding",
        "cyber scan が示す指摘の番号。又は情報の番号（GO-2022-0969、PYSEC-2021-335 など）",
    ),
    ("cyber explain bill", "それが見つかったSBOM。CPEは、SBOMが併せて述べることとともに判定する"),
    ("cyber explain name", "情報の番号を示したときは、部品のPackage URL"),
    (
        "* vex",
        "製造者などの記述（VEX）：CycloneDX、OpenVEX、CSAF。繰り返し指定できる。どこに適用されたか、なぜ適用されなかったかをすべて示す。影響なし・修正済みと述べられたものは終了コードを1にしない",
    ),
    ("* authors", "作成者どうしが矛盾するときに優先する順。指定しなければ誰も優先しない"),
    ("cyber vex", "脆弱性についての製造者などの記述（VEX）：検査、下書き、作成"),
    ("cyber vex check", "記述の文書が何を述べているか、形式と違うところはどこか"),
    ("cyber vex check files", "CycloneDX（JSON、XML）、OpenVEX、CSAF。- は標準入力"),
    ("cyber vex draft", "記入用の表（TOML）：SBOMの該当ごとに1行。誰かが述べるまでは「調査中」"),
    ("cyber vex draft bill", "SBOM"),
    ("cyber vex draft out", "書き出すファイル"),
    ("cyber vex write", "表の記述を文書にする。ほかの人がするのと同じ検査をしてから書く"),
    ("cyber vex write bill", "製品のSBOM"),
    ("cyber vex write statements", "記述：TOML（cyber vex draft の形）又はCSV"),
    ("cyber vex write to", "形式"),
    ("cyber vex write author", "誰の記述か"),
    ("cyber vex write namespace", "作成者のウェブの住所。CSAFでは必須"),
    ("cyber vex write title", "文書の題。既定は製品の名前から作る"),
    (
        "cyber vex write id",
        "文書の名前：IRI（OpenVEX）、urn:uuid:…（CycloneDX）、追跡番号（CSAF）。既定は作成者・SBOM・題から作る",
    ),
    ("cyber vex write timestamp", "いつの記述か（2026-11-24T09:00:00+09:00）。既定は今"),
    ("cyber vex write earlier", "以前の版の日時。最初の版から順に、繰り返し指定できる"),
    ("cyber vex write out", "書き出すファイル"),
    (
        "cyber device",
        "製造者と製品名の言葉から、機器についての脆弱性情報の候補を示す。版で除けないものがあれば1で終わる",
    ),
    ("cyber device maker", "製造者"),
    ("cyber device product", "製品名"),
    ("cyber device model", "型番"),
    ("cyber device product_version", "ソフトウェアの版"),
    ("cyber device cpes", "その機器のCPE。繰り返し指定できる"),
    (
        "cyber rubric",
        "医療機器のCVSSを問いに答えて求める（MITREのルーブリック）。指定がなければ端末で一問ずつ尋ねる",
    ),
    ("cyber rubric set", "回答：XAVN=yes、XAVT=no、XAVR=unknown。繰り返し指定できる"),
    ("cyber rubric answers", "回答のTOML：XAVN = \"yes\""),
    ("cyber rubric vector", "拡張付きのベクタを読み戻す：CVSS:3.0/AV:N/…/XAVN:Y/…"),
    (
        "cyber file",
        "製品の市販前の資料：規則ごとの判定と根拠、残っていること、前回からの変更。すべて満たせば0、残りがあれば1で終わる。行政による確認は構想である",
    ),
    ("cyber file product", "製品ファイル（TOML）。中のパスは製品ファイルから見たもの"),
    ("cyber file new", "書き方の説明が入った製品ファイルを作る"),
    ("cyber file since", "前回の提出時に --seal で残したもの：そこからの変更を示す"),
    ("cyber file seal", "判定・文書・部品・脆弱性を、次の提出のために封をして残す"),
    ("cyber watch", "市販後の監視：製品の一覧、新しく当てはまる脆弱性、誰に知らせるか、何をいつまでに行うか"),
    ("* portfolio", "ポートフォリオのフォルダ。既定は利用者のデータフォルダの portfolio"),
    ("cyber watch add", "製品を監視に加える、又は部品表を替える：製品ファイル（TOML）かSBOM"),
    ("cyber watch add files", "製品.toml（maker、name、version、bills、日付、users）、又は1つの製品のSBOM"),
    ("cyber watch add new", "書き方の説明が入った製品ファイルを作る"),
    ("cyber watch add maker", "製造販売業者（SBOMを示すとき）"),
    ("cyber watch add name", "製品名（SBOMを示すとき）。既定はSBOMの対象の名前"),
    ("cyber watch add product_version", "製品の版（SBOMを示すとき）。既定はSBOMの対象の版"),
    ("cyber watch add users", "知らせるべき医療機関等。繰り返し指定できる"),
    ("cyber watch remove", "製品を監視から外す。記録は履歴に残る"),
    ("cyber watch undo", "製品の最後の追加・変更・削除を、新しい履歴として取り消す"),
    ("cyber watch history", "製品、該当、情報源に何があったか：誰が、いつ、なぜ"),
    ("cyber watch list", "全ての製品の状態と、残っている対応"),
    (
        "cyber watch check",
        "前回の確認からの変化：新しく影響あり、判定できない、当てはまらなくなった。変化があれば1で終わる",
    ),
    ("cyber watch show", "1つの製品：状態、使用者、脆弱性、いつまでに何を行うか"),
    (
        "cyber watch advisory",
        "1件の脆弱性情報が、どの製品に影響し、誰に知らせるべきか。影響があれば1で終わる",
    ),
    ("cyber watch advisory advisory", "OSV形式のファイル、又は --vulns の中の番号"),
    ("cyber watch triage", "見つかったものへの対応を記録する"),
    ("* product", "製品：製品名、又は 製品名@版"),
    ("cyber watch triage advisory", "脆弱性情報の番号"),
    ("cyber watch triage to", "次の状態：evaluating、no-action、decided、fixed、mitigated、told、closed"),
    ("cyber watch triage items", "評価の項目：context、cvss、versions、cause、related、impact"),
    ("cyber watch feeds", "脆弱性情報を確認してきた記録。--checked で確認を記録する"),
    ("cyber watch feeds checked", "いま確認した情報源：ipa、jpcert など"),
    ("cyber watch feeds items", "そこにあった件数"),
    ("cyber watch feeds read", "読んだもの（SHA-256を残す）"),
    ("cyber watch feed", "変化のお知らせをAtomフィードで（新しい順）"),
    ("serve", "ウェブで公開する：公開ページ、毎年度の進捗確認のフォーム、台帳、JSON API"),
    ("serve listen", "待ち受けるアドレスとポート［既定：127.0.0.1:8080］"),
    (
        "serve mail_server",
        "メールサーバーのホストとポート（mail.example.jp:465 など）。なければメールを送らない",
    ),
    ("serve mail_from", "差出人（\"Shirube <shirube@example.jp>\" など）"),
    ("serve mail_security", "メールサーバーまでの暗号化：tls、starttls、none［既定：tls］"),
    ("* config", "設定のTOMLファイル。フラグと環境変数が優先する"),
    ("* prefix", "プロキシの下で全体を置くパス（/shirube など）"),
    ("* public_url", "利用者から見たサイトの住所（https://plan.example.jp など）"),
    ("serve trusted_proxy", "X-Forwarded-For を信じるプロキシ。繰り返し指定できる"),
    ("serve requests_per_minute", "1つのアドレスから1分間に受ける要求の数。0は無制限［既定：1200］"),
    (
        "serve vulns",
        "vulns update が書く脆弱性情報の索引。製品のSBOMとの照合に使い、差し替えられると動いたまま読み直す",
    ),
    ("serve json_logs", "記録（ログ）をJSONで出す"),
    ("* fy", "実績の年度（2024、R6）"),
    ("* reason", "理由"),
    ("followup", "毎年度の進捗：全てのゴールと施策の現状を、予算・実績・変化・出典とともに"),
    ("followup fy", "実績の年度（2024、R6）。既定は行のある最新の年度"),
    ("followup generation", "計画の世代（plan-2）。既定は現行のもの"),
    ("followup assume", "指標が基準値から目標値へどう動くと仮定するか。数値とともに必ず表示"),
    ("followup goal", "名称又はIDにこの語を含むゴールだけ"),
    ("intake", "ファイルを取り込む：取組状況表、RSシステムのCSV、JUDGITのシート、StratML"),
    ("intake paths", "ファイル、フォルダ、ZIP"),
    ("intake kind", "種類を判定せず、この種類として読む"),
    ("intake dry_run", "読んで報告するだけで、保存しない"),
    ("intake verbose", "注記を種類ごとの最初だけでなく全て示す"),
    ("check", "計画を検査する：番号つきの指摘を、場所と出典とともに"),
    ("check explain", "規則が何を見るか、なぜか、どうすればよいかを示す"),
    ("check rules", "全ての規則を一覧する"),
    ("check at_least", "この重さ以上の指摘だけ"),
    ("check only", "この番号の指摘だけ"),
    ("join", "どの事業がどのゴールに資するか、その根拠。採否の記録"),
    ("join node", "この計画項目への結び付きだけ（plan-2.goal-b）"),
    ("join programme", "この事業の結び付きだけ（rs-7174）"),
    ("join accept", "事業が計画項目に資することを確認する（年度をまたいで有効）"),
    ("join reject", "資さないと判断する（年度をまたいで有効）"),
    ("join accept programme", "事業の鍵（shirube join が示すもの）：rs-7174"),
    ("join accept node", "計画項目：plan-2.goal-b"),
    ("join reject programme", "事業の鍵（shirube join が示すもの）：rs-7174"),
    ("join reject node", "計画項目：plan-2.goal-b"),
    ("round", "毎年度の照会：年度を開き、各省に様式を送り、回収し、閉じる"),
    ("round open", "ある年度の実績の照会を開く"),
    ("round open by", "回答の期限"),
    ("round forms", "省ごとにXLSXの様式を書く"),
    ("round forms out", "書き出すフォルダ"),
    ("round take", "記入された様式を取り込む"),
    ("round take files", "記入された様式"),
    ("round status", "回答した省、していない省"),
    ("round close", "照会を閉じる：回答がその年度の進捗になる"),
    ("round close force", "未回答の行があっても閉じる（未回答と表示される）"),
    ("register", "台帳：一覧。IDを示せば項目・状態・期限・権限"),
    ("register id", "台帳のID"),
    ("list", "台帳の記録を一覧する"),
    ("list register", "台帳のID"),
    ("list filters", "項目がこの値の記録だけ：ministry=厚生労働省"),
    ("list state", "この状態の記録だけ"),
    ("list search", "これらの語を含む記録だけ"),
    ("list limit", "1ページの件数"),
    ("list after", "この場所から続ける（ページの末尾に表示）"),
    ("list newest", "最近変わった順"),
    ("search", "全ての台帳を検索する"),
    ("search words", "語"),
    ("show", "記録を、出典と結び付きとともに示す"),
    ("* record", "記録：台帳:ID"),
    ("history", "記録の来歴：誰が、いつ、なぜ"),
    ("set", "記録の項目又は状態を変える"),
    ("set values", "項目=値。文字はそのまま、ほかはJSON。「項目=」で空にする"),
    ("set state", "この状態に移す"),
    ("set new", "なければ作る"),
    ("set source", "出典：文書、又は 文書:行"),
    ("undo", "記録を以前の版に戻す（新しい版として）"),
    ("undo version", "戻す先の版"),
    ("export", "台帳を機械判読可能なCSVで、項目の定義とともに書き出す"),
    ("export registers", "台帳のID。なければ全て"),
    ("export out", "書き出すフォルダ"),
    ("audit", "来歴：連鎖の検証、先頭の表示"),
    ("audit verify", "連鎖の全体を確かめ、そこから作られた全てと照合する"),
    ("audit head", "長さと最後のハッシュを示す（別の場所に控えてください）"),
    ("audit rebuild", "一覧と検索を来歴から作り直す"),
    ("backup", "使用中のままデータベース全体の控えを書く"),
    ("backup file", "控えのファイル"),
    ("restore", "空のデータベースに控えを戻す"),
    ("restore file", "控えのファイル"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn lacking(command: &Command, path: &str, found: &mut Vec<String>) {
        if said(path).is_none() {
            found.push(path.to_owned());
        }
        let own = command.get_arguments().map(|argument| argument.get_id().to_string());
        found.extend(
            own.filter(|id| !matches!(id.as_str(), "help" | "version"))
                .filter(|id| said_of_argument(path, id).is_none())
                .map(|id| format!("{path} {id}")),
        );
        for sub in command.get_subcommands() {
            let path = if path.is_empty() {
                sub.get_name().to_owned()
            } else {
                format!("{path} {}", sub.get_name())
            };
            lacking(sub, &path, found);
        }
    }

    #[test]
    fn everything_that_can_be_said_is_explained_in_japanese() {
        let mut found = Vec::new();
        lacking(&Cli::command(), "", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn no_japanese_explains_what_does_not_exist() {
        fn paths(command: &Command, path: &str, known: &mut Vec<String>) {
            known.push(path.to_owned());
            known.extend(command.get_arguments().flat_map(|argument| {
                [format!("{path} {}", argument.get_id()), format!("* {}", argument.get_id())]
            }));
            for sub in command.get_subcommands() {
                paths(
                    sub,
                    &if path.is_empty() {
                        sub.get_name().to_owned()
                    } else {
                        format!("{path} {}", sub.get_name())
                    },
                    known,
                );
            }
        }
        let mut known = Vec::new();
        paths(&Cli::command(), "", &mut known);
        let stray: Vec<_> =
            JAPANESE.iter().filter(|(key, _)| !known.iter().any(|path| path == key)).collect();
        assert!(stray.is_empty(), "{stray:?}");
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
