//! Two bills of materials beside each other: what came, went, changed its version, or is described otherwise.

use base::{Lang, Missing};
use cyber::sbom::{Change, Difference, Identity, Member};
use serde_json::json;

use super::sbom::Checked;
use crate::{Cell, Column, Document, DocumentBuilder, Row, Table};

/// The difference of two bills for a person.
pub fn compared(older: &Checked, newer: &Checked, difference: &Difference, lang: Lang) -> Document {
    let mut doc = Document::build(lang, lang.pick("SBOMの比較", "Comparison of bills of materials"));
    doc.subtitle(format!("{} → {}", older.file, newer.file));
    let of = |count: usize| Cell::integer(i64::try_from(count).unwrap_or(i64::MAX));
    let mut facts = vec![
        (
            lang.pick("古い版の部品とファイル", "Components and files of the older"),
            of(older.reading.sbom.components.len()),
        ),
        (
            lang.pick("新しい版の部品とファイル", "Components and files of the newer"),
            of(newer.reading.sbom.components.len()),
        ),
        (lang.pick("同じ", "The same"), of(difference.same)),
    ];
    let count = |kind| difference.changes.iter().filter(|(_, change)| Kind::of(change) == kind).count();
    facts.extend(KINDS.map(|kind| (kind.name(lang), of(count(kind)))));
    doc.facts(facts);
    if difference.changes.is_empty() {
        doc.paragraph(lang.pick("部品に違いはありません。", "The components do not differ."));
    }
    tables(&mut doc, difference, lang);
    doc.finish()
}

/// A table for each kind of change that there is.
pub(super) fn tables(doc: &mut DocumentBuilder, difference: &Difference, lang: Lang) {
    for kind in KINDS {
        if difference.changes.iter().any(|(_, change)| Kind::of(change) == kind) {
            doc.table(table(kind, difference, lang));
        }
    }
}

/// The difference for programs.
pub fn json(older: &Checked, newer: &Checked, difference: &Difference) -> serde_json::Value {
    let changes = difference.changes.iter().map(|(identity, change)| {
        let (from, to) = versions(change);
        json!({
            "component": shown(identity),
            "change": Kind::of(change).code(),
            "from": from,
            "to": to,
            "members": members(change).iter().map(|one| member_code(*one)).collect::<Vec<_>>(),
        })
    });
    json!({
        "older": older.file,
        "newer": newer.file,
        "same": difference.same,
        "changes": changes.collect::<Vec<_>>(),
    })
}

fn table(kind: Kind, difference: &Difference, lang: Lang) -> Table {
    let changes: Vec<_> = difference.changes.iter().filter(|(_, change)| Kind::of(change) == kind).collect();
    let mut table = Table::new(format!("{} ({})", kind.name(lang), changes.len()))
        .column(Column::text(lang.pick("部品", "Component")));
    table = match kind {
        Kind::Version => table
            .column(Column::text(lang.pick("前の版", "From")))
            .column(Column::text(lang.pick("後の版", "To"))),
        _ => table.column(Column::text(lang.pick("版", "Version"))),
    };
    if kind.tells_members() {
        table = table.column(Column::text(lang.pick("変わった記載", "Described otherwise")));
    }
    table.rows(changes.into_iter().map(|(identity, change)| row(kind, identity, change, lang)))
}

fn row(kind: Kind, identity: &Identity, change: &Change, lang: Lang) -> Row {
    let (from, to) = versions(change);
    let mut cells = vec![Cell::text(shown(identity))];
    match kind {
        Kind::Version => cells.extend([version(from), version(to)]),
        Kind::Removed => cells.push(version(from)),
        Kind::Added | Kind::Described => cells.push(version(to)),
    }
    if kind.tells_members() {
        let told: Vec<_> = members(change).iter().map(|one| member_name(*one, lang)).collect();
        cells.push(Cell::text(told.join(lang.pick("、", ", "))));
    }
    Row::of(cells)
}

/// A component that is there but states no version is not one of an empty version.
fn version(text: Option<&str>) -> Cell {
    text.map_or_else(|| Cell::missing(Missing::NotPrinted), Cell::text)
}

/// Every kind, in the order of the tables.
const KINDS: [Kind; 4] = [Kind::Added, Kind::Removed, Kind::Version, Kind::Described];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Added,
    Removed,
    Version,
    Described,
}

impl Kind {
    fn of(change: &Change) -> Self {
        match change {
            Change::Added { .. } => Self::Added,
            Change::Removed { .. } => Self::Removed,
            Change::Version { .. } => Self::Version,
            Change::Described { .. } => Self::Described,
        }
    }

    fn tells_members(self) -> bool {
        matches!(self, Self::Version | Self::Described)
    }

    fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Version => "version",
            Self::Described => "described",
        }
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Added => lang.pick("加わった部品", "Added"),
            Self::Removed => lang.pick("無くなった部品", "Removed"),
            Self::Version => lang.pick("版が変わった部品", "Version changed"),
            Self::Described => lang.pick("記載が変わった部品", "Described otherwise"),
        }
    }
}

fn versions(change: &Change) -> (Option<&str>, Option<&str>) {
    match change {
        Change::Added { version } => (None, version.as_deref()),
        Change::Removed { version } => (version.as_deref(), None),
        Change::Version { from, to, .. } => (from.as_deref(), to.as_deref()),
        Change::Described { version, .. } => (version.as_deref(), version.as_deref()),
    }
}

fn members(change: &Change) -> &[Member] {
    match change {
        Change::Version { members, .. } | Change::Described { members, .. } => members,
        Change::Added { .. } | Change::Removed { .. } => &[],
    }
}

fn member_code(member: Member) -> &'static str {
    match member {
        Member::Supplier => "supplier",
        Member::Maker => "maker",
        Member::Licences => "licences",
        Member::Hashes => "hashes",
        Member::Lifecycle => "lifecycle",
    }
}

fn member_name(member: Member, lang: Lang) -> &'static str {
    match member {
        Member::Supplier => lang.pick("供給者", "supplier"),
        Member::Maker => lang.pick("製造者", "maker"),
        Member::Licences => lang.pick("ライセンス", "licences"),
        Member::Hashes => lang.pick("ハッシュ値", "hashes"),
        Member::Lifecycle => lang.pick("サポート期限", "support and end of life"),
    }
}

fn shown(identity: &Identity) -> String {
    match identity {
        Identity::Package(text) | Identity::Cpe(text) => text.clone(),
        Identity::Words { supplier, name } if supplier.is_empty() => name.clone(),
        Identity::Words { supplier, name } => format!("{name} ({supplier})"),
    }
}
