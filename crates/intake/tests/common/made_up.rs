//! Small files of every kind, made up: the seeds of fixture, property and fuzz tests.

use intake::Input;

pub const COMMON: &str =
    "シート種別,事業年度,予算事業ID,事業名,府省庁の建制順,政策所管府省庁,府省庁,局・庁,部,課,室,班,係";

pub fn row(year: i32, id: &str, name: &str, cells: &str) -> String {
    format!("レビューシート,{year},{id},{name},99,見本省,見本省,見本局,,見本課,,,,{cells}\r\n")
}

pub fn csv(name: &str, header: &str, rows: &[String]) -> Input {
    Input { name: name.to_owned(), bytes: format!("{COMMON},{header}\r\n{}", rows.concat()).into_bytes() }
}

pub const OVERVIEW: &str = "事業の目的,現状・課題,事業の概要,事業概要URL,事業区分,事業開始年度,開始年度不明,事業終了（予定）年度,終了予定なし,主要経費,備考,実施方法ー直接実施,実施方法ー補助";
pub const BUDGET: &str = "予算年度,当初予算（合計）,補正予算（合計）,計（歳出予算現額合計）,執行額（合計）,執行率,翌年度への繰越し(合計）,翌年度要求額（合計）,主な増減理由,会計区分,会計,当初予算,執行額";
pub const RESULTS: &str = "事業に関連するKPIが定められている閣議決定等の名称,事業に関連するKPIが定められている閣議決定等の該当箇所,事業に関連するKPIが定められている閣議決定等のURL,アクティビティ・アウトプット・アウトカムの番号,種別（アクティビティ・アウトプット・アウトカム）,アウトカムの期間,成果目標の種類,アクティビティ／活動目標／成果目標,活動指標／成果指標,単位,改善の上向き／下向き,目標年度／目標値／実績値／達成率,2022,2023,2024,2025";
pub const RECIPIENTS: &str = "支出先ブロック番号,支出先ブロック名,支出先の数,事業を行う上での役割,ブロックの合計支出額,支出先名,法人番号,所在地,法人種別,その他支出先,支出先の合計支出額,契約概要,金額,契約方式等,入札者数,落札率";

/// One programme of every group that needs more than plain rows.
pub fn rs_files() -> Vec<Input> {
    let name = "見本事業";
    let goal = "見本の決定,3頁,https://example.jp/d,1,アウトカム,1.短期,定量的,\"利用を\n広げる\",利用件数,件,上向き";
    vec![
        csv(
            "overview.csv",
            OVERVIEW,
            &[
                row(
                    2024,
                    "12",
                    name,
                    "\"目的「\"\"甲\"\"」\n二行目\",課題,概要。※令和6年度事業名「旧見本事業」,https://example.jp/,前年度事業,2015,FALSE,,TRUE,その他,,1,",
                ),
                row(
                    2024,
                    "12",
                    name,
                    "\"目的「\"\"甲\"\"」\n二行目\",課題,概要。※令和6年度事業名「旧見本事業」,https://example.jp/,前年度事業,2015,FALSE,,TRUE,科学技術振興費,　,1,",
                ),
            ],
        ),
        csv(
            "budget.csv",
            BUDGET,
            &[
                row(2024, "12", name, "2024,100000,0,100000,0,,0,120000.0,増額,,,,"),
                row(2024, "12", name, "2024,,,,,,,,,一般会計,一般会計,100000,0"),
                row(2024, "12", name, "2023,90000,,90000,0,0,0,100000.0,,,,,"),
                row(2024, "12", name, "2023,,,,,,,,,一般会計,一般会計,90000,0"),
            ],
        ),
        csv(
            "results.csv",
            RESULTS,
            &[
                row(2024, "12", name, &format!("{goal},1.目標年度,,,,1")),
                row(2024, "12", name, &format!("{goal},2.目標値,10,20,,40.5")),
                row(2024, "12", name, &format!("{goal},3.実績値,12,集計中,,")),
                row(2024, "12", name, &format!("{goal},4.達成率,120,,,")),
            ],
        ),
        csv(
            "recipients.csv",
            RECIPIENTS,
            &[
                row(2024, "12", name, "A,民間,2,実施,90000,,,,,,,,,,,"),
                row(2024, "12", name, "A,,,,,見本株式会社,1234567890123.0,見本市,301,FALSE,80000,,,,,"),
                row(
                    2024,
                    "12",
                    name,
                    "A,,,,,見本株式会社,1234567890123.0,見本市,301,FALSE,,委託,80000,一般競争,2,99.7",
                ),
            ],
        ),
    ]
}

pub fn judgit() -> Input {
    let text = r#"{"ID": 1, "事業ID": null, "公開年度": 2020, "事業名": "見本事業(旧:前の事業)", "開始年度": 2018, "終了年度": null,
"府省庁": "見本省", "事業番号": "0001", "担当部局庁": "見本局", "会計区分": ["一般会計"],
"予算": [{"年度": 2019, "当初予算": 12.5, "執行額": 0.0, "翌年度へ繰越し": -3.0}, {"年度": 2020, "当初予算": 10.0, "翌年度へ繰越し": 0.0}, {"年度": 2021, "要求額": 11.0}],
"支出先": [{"年度": 2019, "グループ": "A", "番号": 1, "支出先名": "甲", "法人番号": null, "業務概要": "乙", "支出額": 0.3}],
"アウトカム": [{"成果目標": "丙", "成果指標": "丁", "単位": "件", "目標値": "5", "目標最終年度": 2022, "成果実績": [{"年度": 2019, "成果実績": 4.0, "目標値": null}, {"年度": 2020, "成果実績": null, "目標値": 5.5}]}],
"アウトプット": [{"活動指標": "戊", "単位": "回", "活動実績": [{"年度": 2019, "活動実績": 2.0, "当初見込み": 3.0}]}],
"関連する過去のレビューシート": [{"府省庁": "見本省", "事業番号1": null, "事業番号2": "0009", "年度": 2019}], "見知らぬ項目": "値"}"#;
    Input { name: "sheet.json".to_owned(), bytes: text.as_bytes().to_vec() }
}

pub fn stratml() -> Input {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<PerformancePlanOrReport xmlns="urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport" Type="Performance_Report">
<Name>A plan &amp; its report</Name><StrategicPlanCore><Organization><Name>Office</Name></Organization>
<Goal><Name>One</Name><Objective><Name>First</Name><Identifier>_1</Identifier>
<PerformanceIndicator PerformanceIndicatorType="Quantitative" ValueChainStage="Result"><UnitOfMeasurement>items</UnitOfMeasurement><MeasurementDimension>Use</MeasurementDimension>
<MeasurementInstance><TargetResult><StartDate>2024-04-01</StartDate><NumberOfUnits>10</NumberOfUnits></TargetResult><ActualResult><NumberOfUnits>about 9</NumberOfUnits></ActualResult></MeasurementInstance>
</PerformanceIndicator><Surprise/></Objective><Identifier>_1</Identifier></Goal></StrategicPlanCore>
<AdministrativeInformation><PublicationDate>June 2024</PublicationDate></AdministrativeInformation></PerformancePlanOrReport>"#;
    Input { name: "plan.xml".to_owned(), bytes: text.as_bytes().to_vec() }
}
