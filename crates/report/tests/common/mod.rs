//! A small made-up answer with every kind of block, in both languages.
#![allow(dead_code, reason = "each test file uses its own part")]

use base::{DocumentStatus, Lang, Missing, Source, Yen};
use report::{Belief, Cell, Column, Document, Number, Row, Severity, Span, Table, Text};

/// The made-up answer.
pub(crate) fn answer(lang: Lang) -> Document {
    let say = |ja: &'static str, en: &'static str| lang.pick(ja, en);
    let mut doc = Document::build(lang, say("見本計画のフォローアップ", "Follow-up of the sample plan"));
    doc.subtitle(say("令和7年度（FY2025）まで", "Up to FY2025"));
    doc.name_document("T1", say("見本の進捗表", "Sample progress table"));
    let table = Source { status: DocumentStatus::Draft, machine_read: true, ..Source::lines("T1", "12-14") };
    let table = doc.cite(&table);
    let sheet =
        Source { url: Some("https://example.org/sheet?a=1&b=2".into()), ..Source::cell("sheet-7.csv", "B7") };
    let sheet = doc.cite(&sheet);

    doc.heading(1, say("目標A <訓練>", "Goal A <training>"));
    let opening = Text::plain(say("この目標は", "This goal "))
        .strong(say("前年から動いた", "has moved since last year"))
        .then(say("。所管は二府省である。", ". Two ministries are in charge."));
    doc.paragraph(opening.cite(table));
    doc.facts([
        (
            say("所管", "Lead"),
            Cell::text(say("見本省、例示庁", "Sample Ministry, Example Agency")).cite(table),
        ),
        (say("予算", "Budget"), Cell::yen(yen("7.7億円")).cite(sheet).belief(Belief::Stated)),
        (say("執行", "Executed"), Cell::missing(Missing::NotYet)),
    ]);
    doc.heading(2, say("資金", "Money"));
    doc.table(money(lang, table, sheet));
    doc.heading(2, say("文言の変化", "Change of wording"));
    doc.list([
        Text(vec![
            Span::Plain(say("研修を", "Training was ").into()),
            Span::Deleted(say("検討した", "considered").into()),
            Span::Inserted(say("12か所で実施した", "held in 12 places").into()),
            Span::Plain("。".into()),
        ])
        .cite(table),
        Text::plain(say("目標Aに資する", "Serves goal A")).belief(Belief::Suggested),
        Text::plain(say("目標Bとの対応", "Its match with goal B")).belief(Belief::Undecided),
    ]);
    doc.note(Severity::Info, say("金額は印字のまま示す。", "Amounts are shown as printed."));
    doc.note(
        Severity::Caution,
        Text::plain(say("内数は合計しない。", "Shares are never summed.")).cite(sheet),
    );
    doc.note(Severity::Problem, say("一つの施策に行がない。", "One measure has no row."));
    doc.finish()
}

fn money(lang: Lang, table: report::SourceNumber, sheet: report::SourceNumber) -> Table {
    let say = |ja: &'static str, en: &'static str| lang.pick(ja, en);
    let rate: Number = "12.50".parse().unwrap_or_else(|error| panic!("{error}"));
    Table::new(say("事業別の予算", "Budget by programme"))
        .column(Column::text(say("事業", "Programme")))
        .column(Column::number(say("年度", "Year")))
        .column(
            Column::yen(say("当初予算", "Initial budget"))
                .means(say("補正を含まない", "without supplements")),
        )
        .column(Column::number(say("進捗", "Progress")).unit("%"))
        .column(Column::text(say("根拠", "Rests on")))
        .row(Row::group(say("見本省", "Sample Ministry")))
        .row(Row::of([
            Cell::text(say(
                "医療機器の研修を全国で行う見本事業（第2期）",
                "Sample programme that trains users of medical devices (phase 2)",
            )),
            Cell::ordinal(2025),
            Cell::yen(yen("298,082千円")).cite(table).cite(sheet),
            Cell::number(rate, "12.50"),
            Cell::text("R7").belief(Belief::Confirmed),
        ]))
        .row(
            Row::of([
                Cell::text(say("うち基盤", "of which: base")),
                Cell::ordinal(2025),
                Cell::at_most(yen("14億円")).cite(sheet),
                Cell::missing(Missing::NotPrinted),
                Cell::text("=1+1").belief(Belief::Suggested),
            ])
            .indent(1),
        )
        .row(Row::group(say("例示庁", "Example Agency")))
        .row(Row::of([
            Cell::text("\"A&B\" <x>, 'y'"),
            Cell::ordinal(2025),
            Cell::yen(yen("0円")).cite(sheet),
            Cell::number(Number::Integer(0), "0"),
            Cell::empty(),
        ]))
        .row(Row::total([
            Cell::text(say("合計", "Total")),
            Cell::ordinal(2025),
            Cell::yen(yen("298,082千円")),
        ]))
        .note(say(
            "内数の1行は合計に含まない。",
            "The total leaves out one line of which only a share is meant.",
        ))
}

fn yen(text: &str) -> Yen {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Compares with a golden file; with `UPDATE_GOLDEN=1` writes it.
pub(crate) fn assert_golden(name: &str, actual: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == actual,
        "{name} differs from what is written now (UPDATE_GOLDEN=1 renews it):\n{actual}"
    );
}
