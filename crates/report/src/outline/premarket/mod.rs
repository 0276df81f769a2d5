//! The pre-market file of a product, laid out: cover, counts by chapter, what is open, every rule with its evidence, and what changed since
//! the last submission. It never says that a product passes; that an authority confirms it is a proposal, and it says so.

mod chapters;
mod machine;
mod since;

pub use machine::{json, sarif};

use base::{Lang, Names, Source};
use cyber::premarket::{Answer, Case, Changes, Chapter, Counts, Input, Judged, Sealed, Verdict};

use crate::{Cell, Column, Document, DocumentBuilder, Row, Severity, Table, Text};

/// All that the file shows.
pub struct File<'a> {
    /// The product file's name.
    pub file: &'a str,
    /// What it was judged on.
    pub case: &'a Case<'a>,
    /// The verdicts.
    pub answer: &'a Answer<'a>,
    /// What was read.
    pub inputs: &'a [Input],
    /// What changed since what was submitted last.
    pub since: Option<(&'a Sealed, &'a Changes)>,
    /// Titles of the documents that rules come from, by their ids.
    pub titles: &'a [(String, Names)],
}

/// The chapters in their order.
const CHAPTERS: &[Chapter] = Chapter::ALL;

/// The whole file.
pub fn file(file: &File<'_>, lang: Lang) -> Document {
    let head = &file.case.product.head;
    let title = lang.pick("市販前サイバーセキュリティ資料", "Pre-market cybersecurity file");
    let mut doc = Document::build(lang, format!("{title}{}{}", lang.pick("：", ": "), head.name));
    for (id, title) in file.titles {
        doc.name_document(id, title.get(lang));
    }
    cover(&mut doc, file);
    summary(&mut doc, file.answer);
    open(&mut doc, file.answer);
    if let Some((older, changes)) = file.since {
        since::changes(&mut doc, older, changes);
    }
    for chapter in CHAPTERS {
        chapters::chapter(&mut doc, file, *chapter);
    }
    unchecked(&mut doc);
    inputs(&mut doc, file);
    doc.finish()
}

fn cover(doc: &mut DocumentBuilder, file: &File<'_>) {
    let (lang, head, day) = (doc.lang(), &file.case.product.head, file.answer.day);
    let version = head.version.as_deref().unwrap_or_default();
    let version_told = match lang {
        _ if version.trim().is_empty() => String::new(),
        Lang::Ja => format!("　ソフトウェアの版 {version}"),
        Lang::En => format!(", software version {version}"),
    };
    doc.subtitle(match lang {
        Lang::Ja => format!("{}{version_told}　{day}", head.maker),
        Lang::En => format!("{}{version_told}, {day}", head.maker),
    });
    let source = doc.cite(&Source { status: base::DocumentStatus::Draft, ..Source::lines("004", "199") });
    doc.note(
        Severity::Caution,
        Text::plain(lang.pick(
            "行政当局がこのような資料の妥当性を確認する仕組みは構想であり、まだない。この資料は製造販売業者が自ら示すもので、適否の判断ではない。",
            "That an authority confirms such a file is a proposal (構想); it does not exist yet. The maker shows this of itself: it is no judgement that \
             the product passes.",
        ))
        .cite(source),
    );
    doc.facts([
        (lang.pick("製品", "Product"), stated(&head.name)),
        (lang.pick("製造販売業者", "Maker"), stated(&head.maker)),
        (lang.pick("ソフトウェアの版", "Version of its software"), stated(version)),
        (lang.pick("資料の日付", "Day of the file"), Cell::text(day.to_string())),
        (lang.pick("SBOM", "SBOMs"), count(file.case.bills.len())),
        (
            lang.pick("部品", "Components"),
            count(file.case.bills.iter().map(|bill| bill.reading.sbom.counted().0).sum()),
        ),
        (
            lang.pick("脆弱性情報との照合", "Looked up in advisories"),
            match file.case.findings {
                Some(findings) => Cell::text(match lang {
                    Lang::Ja => format!("{}件（照合できない部品 {}件）", findings.asked, findings.unasked),
                    Lang::En => format!("{} ({} could not be)", findings.asked, findings.unasked),
                }),
                None => Cell::text(lang.pick("していない", "not done")),
            },
        ),
    ]);
}

fn summary(doc: &mut DocumentBuilder, answer: &Answer<'_>) {
    let lang = doc.lang();
    doc.heading(1, lang.pick("概要", "Summary"));
    let all = answer.counts(None);
    if answer.is_complete() {
        doc.paragraph(lang.pick(
            "適用される規則は、プログラムが見た範囲ですべて満たされている。プログラムが確かめていないことは、末尾に挙げる。",
            "Every rule that applies is met as far as the program looked. What it did not check is listed at the end.",
        ));
    } else {
        doc.paragraph(match lang {
            Lang::Ja => {
                format!("満たさない規則が{}件、示されていない規則が{}件ある。", all.not_met, all.not_shown)
            }
            Lang::En => format!("{} rules are not met, and {} are not shown.", all.not_met, all.not_shown),
        });
    }
    let mut table = Table::new(lang.pick("章ごとの判定", "Verdicts by chapter"))
        .column(Column::text(lang.pick("章", "Chapter")));
    for verdict in [Verdict::Met, Verdict::NotMet, Verdict::NotShown, Verdict::NotApplicable] {
        table = table.column(Column::number(verdict.names().get(lang)));
    }
    for chapter in CHAPTERS {
        table = table.row(Row::of(counted(chapter.names().get(lang), answer.counts(Some(*chapter)))));
    }
    doc.table(table.row(Row::total(counted(lang.pick("計", "All"), all))));
}

/// What is open, first what is not met.
fn open(doc: &mut DocumentBuilder, answer: &Answer<'_>) {
    let lang = doc.lang();
    let mut open: Vec<&Judged<'_>> = answer.open().collect();
    if open.is_empty() {
        return;
    }
    open.sort_by_key(|one| one.verdict);
    doc.heading(1, lang.pick("残っていること", "What is open"));
    let mut table = Table::new(format!("{} ({})", lang.pick("残っている規則", "Open rules"), open.len()))
        .column(Column::text(lang.pick("規則", "Rule")))
        .column(Column::text(lang.pick("判定", "Verdict")))
        .column(Column::text(lang.pick("不足", "What is lacking")));
    for one in open {
        table = table.row(Row::of([
            Cell::text(Text::default().strong(&one.rule.id).then(format!(" {}", one.rule.name.get(lang)))),
            chapters::verdict(one.verdict, lang),
            Cell::text(chapters::lacking(one, lang)),
        ]));
    }
    doc.table(table);
}

fn unchecked(doc: &mut DocumentBuilder) {
    let lang = doc.lang();
    doc.heading(1, lang.pick("プログラムが確かめていないこと", "What the program did not check"));
    doc.list(match lang {
        Lang::Ja => [
            "規則は公開されている頁の冒頭などから当方が要約した。正式な規則として扱う前に、人が全文を確かめること。",
            "文書は番号・版・日付の有無だけを見た。内容の十分さは人が確かめること。",
            "事実と日付は製造販売業者が述べたとおりに扱った。",
            "SBOMに書かれていない部品は見えない。書かれていることが正しいかは確かめていない。",
            "手元にない脆弱性情報については何も言えない。製品そのものの脆弱性は、部品の照合では見つからない。",
        ],
        Lang::En => [
            "The rules are our summaries, mostly of the openings of public pages. Before one is called official, a person must check the full text.",
            "Of documents only id, version and date were looked at. Whether they suffice is for a person to check.",
            "Facts and days are taken as the maker states them.",
            "Components that no SBOM names cannot be seen; whether what it says is true was not checked.",
            "Nothing can be said of advisories that were not at hand. Looking up components finds no vulnerability of the product itself.",
        ],
    });
}

fn inputs(doc: &mut DocumentBuilder, file: &File<'_>) {
    let lang = doc.lang();
    doc.heading(1, lang.pick("この資料のもと", "What this file was made from"));
    let table = Table::new(lang.pick("読んだファイル", "Files that were read"))
        .column(Column::text(lang.pick("ファイル", "File")))
        .column(Column::text("SHA-256"));
    doc.table(table.rows(
        file.inputs.iter().map(|input| Row::of([Cell::text(&*input.file), Cell::text(&*input.sha256)])),
    ));
}

fn counted(name: &str, counts: Counts) -> Vec<Cell> {
    let Counts { met, not_met, not_shown, not_applicable } = counts;
    let mut cells = vec![Cell::text(name)];
    cells.extend([met, not_met, not_shown, not_applicable].map(count));
    cells
}

fn stated(text: &str) -> Cell {
    if text.trim().is_empty() { Cell::missing(base::Missing::Unknown) } else { Cell::text(text) }
}

fn count(count: usize) -> Cell {
    Cell::integer(i64::try_from(count).unwrap_or(i64::MAX))
}
