//! The index of vulnerability data laid out: where its data come from, how much there is, and one advisory beside the others of its group.

use base::{Lang, Missing};
use cyber::advisory::kev::Ransomware;
use cyber::advisory::{Advisory, Affected, Named, Rest};
use cyber::index::{About, Counted, Exploitation, Forecast, Provenance};
use cyber::matching::told_range;
use serde_json::{Value, json};

use crate::{Cell, Column, Document, DocumentBuilder, Row, Severity, Table};

/// An index as a whole.
pub struct Shown {
    /// Where it lies.
    pub path: String,
    /// Its size, in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// Days since it was built, where both days can be read.
    pub age: Option<i64>,
    /// What it says of itself.
    pub about: About,
    /// How much there is.
    pub counted: Counted,
    /// Ecosystems with their number of advisories.
    pub ecosystems: Vec<(String, u32)>,
}

/// One advisory of a group.
pub struct Member {
    /// The record.
    pub advisory: Advisory,
    /// The name of its source.
    pub source: String,
}

/// What is known of a CVE besides.
pub struct Marks {
    /// Its id.
    pub cve: String,
    /// Whether it is known to be exploited.
    pub exploitation: Option<Exploitation>,
    /// How probable that is.
    pub forecast: Option<Forecast>,
}

/// An index whose checksum was verified.
pub fn shown(index: &Shown, lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("脆弱性情報の索引", "The index of vulnerability data"));
    doc.subtitle(&index.path);
    let about = &index.about;
    let built = match (index.age, lang) {
        (Some(days), Lang::Ja) => format!("{}（{days}日前）", about.built_on),
        (Some(days), Lang::En) => format!("{} ({days} days ago)", about.built_on),
        (None, _) => about.built_on.clone(),
    };
    let counted = &index.counted;
    doc.facts([
        (lang.pick("作成日", "Built on"), stated(&built)),
        (lang.pick("大きさ（バイト）", "Size (bytes)"), whole(index.size)),
        (lang.pick("SHA-256（照合済み）", "SHA-256 (verified)"), Cell::text(index.sha256.as_str())),
        (lang.pick("脆弱性情報", "Advisories"), whole(counted.advisories as u64)),
        (
            lang.pick("うちCPEの構成によるもの", "Of these with CPE configurations"),
            whole(counted.configured as u64),
        ),
        (lang.pick("パッケージ", "Packages"), whole(counted.packages as u64)),
        (lang.pick("CPEで示された製品", "Products named by CPE"), whole(counted.products as u64)),
        (lang.pick("文言だけで示された製品", "Products told in words"), whole(counted.worded as u64)),
        (
            lang.pick("悪用が知られているCVE（KEV）", "CVEs known to be exploited (KEV)"),
            whole(counted.exploited as u64),
        ),
        (
            lang.pick("悪用の予測のあるCVE（EPSS）", "CVEs with a prediction (EPSS)"),
            whole(counted.predicted as u64),
        ),
    ]);
    sources(&mut doc, about, lang);
    if !index.ecosystems.is_empty() {
        let table = Table::new(lang.pick("配布元ごとの件数", "By ecosystem"))
            .column(Column::text(lang.pick("配布元", "Ecosystem")))
            .column(Column::number(lang.pick("脆弱性情報", "Advisories")));
        let rows = index.ecosystems.iter();
        doc.table(
            table.rows(
                rows.map(|(name, count)| Row::of([Cell::text(name.as_str()), whole(u64::from(*count))])),
            ),
        );
    }
    doc.finish()
}

/// What an update did.
pub fn updated(path: &str, about: &About, size: u64, unchanged: bool, lang: Lang) -> Document {
    let mut doc =
        Document::build(lang, lang.pick("脆弱性情報の更新", "Vulnerability data brought up to date"));
    doc.subtitle(path);
    if unchanged {
        doc.paragraph(match lang {
            Lang::Ja => format!("どの情報源も{}から変わっていません。索引はそのままです。", about.built_on),
            Lang::En => {
                format!("No source has changed since {}: the index is left as it is.", about.built_on)
            }
        });
    }
    doc.facts([(lang.pick("大きさ（バイト）", "Size (bytes)"), whole(size))]);
    sources(&mut doc, about, lang);
    doc.finish()
}

/// An index for programs.
pub fn json(index: &Shown) -> Value {
    let counted = &index.counted;
    json!({
        "path": index.path, "size": index.size, "sha256": index.sha256, "verified": true,
        "built-on": index.about.built_on, "age-days": index.age, "sources": index.about.sources,
        "advisories": counted.advisories, "with-configurations": counted.configured, "packages": counted.packages,
        "products": counted.products, "worded": counted.worded, "kev": counted.exploited, "epss": counted.predicted,
        "ecosystems": index.ecosystems.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
    })
}

/// One advisory after the other, each kept apart, and what is known of their CVEs.
pub fn group(asked: &str, members: &[Member], marks: &[Marks], lang: Lang) -> Document {
    let mut doc = Document::build(lang, asked);
    if members.len() > 1 {
        doc.subtitle(match lang {
            Lang::Ja => format!("同じ脆弱性についての{}件の情報。互いに置き換えはしない", members.len()),
            Lang::En => {
                format!("{} records on the same vulnerability; none stands for another", members.len())
            }
        });
    }
    if members.is_empty() {
        doc.subtitle(lang.pick(
            "手元のデータに、この脆弱性の情報そのものはない",
            "No advisory at hand speaks of this vulnerability itself",
        ));
    }
    for member in members {
        one(&mut doc, member, lang);
    }
    marked(&mut doc, marks, lang);
    doc.finish()
}

/// The same for programs.
pub fn group_json(members: &[Member], marks: &[Marks]) -> Value {
    let marks = marks.iter().map(|one| {
        json!({
            "cve": one.cve,
            "kev": one.exploitation.as_ref().map(|kev| json!({ "added": kev.added, "due": kev.due,
                "ransomware": match kev.ransomware {
                    Ransomware::Known => Some(true), Ransomware::Unknown | Ransomware::NotSaid => None } })),
            "epss": one.forecast.as_ref().map(|epss| json!({ "score": epss.score, "percentile": epss.percentile,
                "date": epss.date, "model": epss.model })),
        })
    });
    json!({
        "members": members.iter().map(|member| json!({ "source": member.source, "advisory": member.advisory }))
            .collect::<Vec<_>>(),
        "cves": marks.collect::<Vec<_>>(),
    })
}

fn sources(doc: &mut DocumentBuilder, about: &About, lang: Lang) {
    let mut table = Table::new(lang.pick("情報源", "Sources"))
        .column(Column::text(lang.pick("情報源", "Source")))
        .column(Column::text(lang.pick("形式", "Format")))
        .column(Column::text(lang.pick("情報の日付", "Data of")))
        .column(Column::number(lang.pick("件数", "Records")))
        .column(Column::number(lang.pick("読めない", "Unread")))
        .column(Column::number(lang.pick("他の形式のファイル", "Files of other formats")))
        .column(Column::text(lang.pick("照合", "Checksum")));
    for source in &about.sources {
        table = table.row(Row::of([
            Cell::text(source.name.as_str()),
            Cell::text(source.formats.join(", ")),
            stated(source.dated.as_deref().unwrap_or_default()),
            whole(source.records),
            whole(source.refused),
            whole(source.passed_over),
            Cell::text(if source.checksum {
                lang.pick("一致", "agrees")
            } else {
                lang.pick("提供なし", "none offered")
            }),
        ]));
    }
    doc.table(table);
    for source in about.sources.iter().filter(|source| source.refused > 0) {
        unread(doc, source, lang);
    }
}

/// What could not be read is named: a match with it is not excluded.
fn unread(doc: &mut DocumentBuilder, source: &Provenance, lang: Lang) {
    let (name, count) = (&source.name, source.refused);
    doc.note(
        Severity::Caution,
        match lang {
            Lang::Ja => format!("{name}：{count}件は読めず、照合されない"),
            Lang::En => format!("{name}: {count} records could not be read and are not matched"),
        },
    );
    doc.list(source.reasons.iter().cloned());
}

fn one(doc: &mut DocumentBuilder, member: &Member, lang: Lang) {
    let advisory = &member.advisory;
    doc.heading(1, &advisory.id);
    if advisory.withdrawn.is_some() {
        doc.note(Severity::Caution, lang.pick("この情報は取り下げられている", "the advisory was withdrawn"));
    }
    if !advisory.summary.is_empty() {
        doc.paragraph(advisory.summary.as_str());
    }
    let severities: Vec<_> =
        advisory.severities.iter().map(|one| format!("{} {}", one.notation, one.score)).collect();
    doc.facts([
        (lang.pick("情報源", "Source"), stated(&member.source)),
        (lang.pick("別名", "Aliases"), stated(&advisory.aliases.join(", "))),
        (lang.pick("含む脆弱性", "Upstream"), stated(&advisory.upstream.join(", "))),
        (lang.pick("公表", "Published"), stated(advisory.published.as_deref().unwrap_or_default())),
        (lang.pick("更新", "Modified"), stated(advisory.modified.as_deref().unwrap_or_default())),
        (lang.pick("深刻度", "Severity"), stated(&severities.join(", "))),
    ]);
    let mut table = Table::new(lang.pick("対象と版", "What it names, and which versions"))
        .column(Column::text(lang.pick("対象", "Named")))
        .column(Column::text(lang.pick("影響を受ける版", "Affected versions")));
    for affected in &advisory.affected {
        let names: Vec<_> =
            std::iter::once(&affected.name).chain(&affected.also).map(|name| named(name, lang)).collect();
        table = table.row(Row::of([Cell::text(names.join(" = ")), Cell::text(versions(affected, lang))]));
    }
    for node in advisory.configurations.iter().flat_map(|one| &one.nodes) {
        for one in &node.matches {
            let bound = |bound: &Option<(String, cyber::advisory::Inclusion)>, including, excluding| {
                bound.as_ref().map(|(version, inclusion)| match inclusion {
                    cyber::advisory::Inclusion::Including => format!("{including} {version}"),
                    cyber::advisory::Inclusion::Excluding => format!("{excluding} {version}"),
                })
            };
            let bounds = [bound(&one.from, "≥", ">"), bound(&one.to, "≤", "<")];
            let told: Vec<_> = bounds.into_iter().flatten().collect();
            let told = match (one.vulnerable, told.is_empty()) {
                (false, _) => lang.pick("（動作環境）", "(surroundings)").to_owned(),
                (true, true) => lang.pick("名前のとおり", "as named").to_owned(),
                (true, false) => told.join(", "),
            };
            table = table.row(Row::of([Cell::text(one.criteria.as_str()), Cell::text(told)]));
        }
    }
    doc.table(table);
    if !advisory.details.is_empty() {
        doc.paragraph(advisory.details.as_str());
    }
    doc.list(advisory.references.iter().map(|reference| reference.url.clone()));
}

fn named(name: &Named, lang: Lang) -> String {
    match name {
        Named::Package { ecosystem, name, .. } => format!("{ecosystem} {name}"),
        Named::Purl(text) | Named::Cpe(text) => text.clone(),
        Named::Words { maker, product } => format!("{maker} {product}"),
        Named::Nothing => lang.pick("（名前がない）", "(no name)").to_owned(),
    }
}

fn versions(affected: &Affected, lang: Lang) -> String {
    let mut told: Vec<String> = affected.ranges.iter().map(|range| told_range(&range.events)).collect();
    if !affected.versions.is_empty() {
        told.push(affected.versions.join(", "));
    }
    told.extend(affected.told.iter().cloned());
    match affected.rest {
        Rest::NotAffected => {}
        Rest::Affected => told.push(lang.pick("ほかの版も影響を受ける", "other versions too").to_owned()),
        Rest::Unknown => told.push(lang.pick("ほかの版は不明", "others unknown").to_owned()),
    }
    if affected.unread {
        told.push(lang.pick("一部は読めない", "a part could not be read").to_owned());
    }
    told.join("; ")
}

fn marked(doc: &mut DocumentBuilder, marks: &[Marks], lang: Lang) {
    if marks.is_empty() {
        return;
    }
    let mut table = Table::new(lang.pick("CVEごとの悪用の状況", "Exploitation, by CVE"))
        .column(Column::text("CVE"))
        .column(Column::text(lang.pick("悪用（KEV）", "Known to be exploited (KEV)")))
        .column(Column::text(lang.pick("予測（EPSS）", "Prediction (EPSS)")));
    for one in marks {
        let known = one.exploitation.as_ref().map(|known| exploited(known, lang));
        let forecast = one.forecast.as_ref().map(|forecast| {
            let share = forecast.percentile.map(|share| format!(", {share} %ile")).unwrap_or_default();
            let date = forecast.date.as_deref().unwrap_or("?");
            format!("{}{share} ({date}, {})", forecast.score, forecast.model.as_deref().unwrap_or("?"))
        });
        // Not in the catalogue is no proof that nobody exploits it.
        let cell = |text: Option<String>| text.map_or(Cell::missing(Missing::NotPrinted), Cell::text);
        table = table.row(Row::of([Cell::text(one.cve.as_str()), cell(known), cell(forecast)]));
    }
    doc.table(table);
}

fn exploited(known: &Exploitation, lang: Lang) -> String {
    let (added, due) = (known.added.as_deref().unwrap_or("?"), known.due.as_deref().unwrap_or("?"));
    let ransomware = match known.ransomware {
        Ransomware::Known => lang.pick("、ランサムウェアに使われている", ", used by ransomware"),
        Ransomware::Unknown | Ransomware::NotSaid => "",
    };
    match lang {
        Lang::Ja => format!("{added}に掲載、期限{due}{ransomware}"),
        Lang::En => format!("added {added}, due {due}{ransomware}"),
    }
}

/// A text that a source states. Go's zero time says that there is none.
fn stated(text: &str) -> Cell {
    if text.is_empty() || text.starts_with("0001-01-01") {
        Cell::missing(Missing::NotPrinted)
    } else {
        Cell::text(text)
    }
}

fn whole(count: u64) -> Cell {
    Cell::integer(i64::try_from(count).unwrap_or(i64::MAX))
}
