//! Rows of the record and documents: there, whole, of the right version and not of the future. What they say is for a person to judge.

use super::Looked;
use crate::premarket::case::Case;
use crate::premarket::kind::{DocumentKind, Item};
use crate::premarket::product::{Document, Placed, Row};
use crate::premarket::verdict::{Evidence, Lacking, Line, Part};

/// What annex F asks of transition health software.
const TRANSITION: [DocumentKind; 4] = [
    DocumentKind::GapAnalysis,
    DocumentKind::GapClosing,
    DocumentKind::ContinuedUse,
    DocumentKind::Declaration,
];

/// A row for each item.
pub(super) fn rows(case: &Case<'_>, items: &[Item]) -> Looked {
    let mut looked = Looked::default();
    for item in items {
        let mut of_item = case.product.rows.iter().filter(|row| row.value.item == *item).peekable();
        if of_item.peek().is_none() {
            looked.unseen.push(Lacking::NoRow(*item));
        }
        of_item.for_each(|row| self::row(row, &mut looked));
    }
    looked
}

/// A document of each kind. Where there are several of a kind, one that is whole is enough.
pub(super) fn documents(case: &Case<'_>, kinds: &[DocumentKind], of_version: bool) -> Looked {
    let mut looked = Looked::default();
    for kind in kinds {
        let of_kind = case.product.documents.iter().filter(|one| one.value.kind == *kind);
        let mut each: Vec<Looked> = of_kind.map(|one| document(case, one, of_version)).collect();
        let best = each.iter().position(|one| one.wrong.is_empty() && one.unseen.is_empty());
        match best.or_else(|| each.len().checked_sub(1)).map(|at| each.swap_remove(at)) {
            None => looked.unseen.push(Lacking::NoDocument(*kind)),
            Some(one) => {
                looked.evidence.extend(one.evidence);
                looked.wrong.extend(one.wrong);
                looked.unseen.extend(one.unseen);
            }
        }
    }
    looked
}

/// All four documents of annex F, the rationale with the product's version.
pub(super) fn transition(case: &Case<'_>) -> Looked {
    let mut looked = Looked::default();
    for kind in TRANSITION {
        let one = documents(case, &[kind], kind == DocumentKind::ContinuedUse);
        looked.evidence.extend(one.evidence);
        looked.wrong.extend(one.wrong);
        looked.unseen.extend(one.unseen);
    }
    looked
}

fn row(placed: &Placed<Row>, looked: &mut Looked) {
    let row = &placed.value;
    let line = || Line { file: placed.file.clone(), number: placed.line };
    if row.done == Some(false) {
        looked.wrong.push(Lacking::StatedNotDone(row.item, line()));
    }
    let parts = [(Part::Summary, &row.summary), (Part::Document, &row.document), (Part::Number, &row.number)];
    let empty = parts.into_iter().filter(|(_, text)| !says(text.as_deref()));
    looked.unseen.extend(empty.map(|(part, _)| Lacking::RowPart(row.item, part, line())));
    looked.evidence.push(Evidence::Row {
        item: row.item,
        summary: row.summary.clone(),
        document: row.document.clone(),
        number: row.number.clone(),
        line: line(),
    });
}

fn document(case: &Case<'_>, placed: &Placed<Document>, of_version: bool) -> Looked {
    let Placed { line, value: document, .. } = placed;
    let (line, kind) = (*line, document.kind);
    let mut looked = Looked::default();
    let parts = [
        (Part::Number, says(document.id.as_deref())),
        (Part::Version, says(document.version.as_deref())),
        (Part::Date, document.date.is_some()),
    ];
    let empty = parts.into_iter().filter(|(_, there)| !there);
    looked.unseen.extend(empty.map(|(part, _)| Lacking::DocumentPart(kind, part, line)));
    if let Some(date) = document.date.filter(|date| *date > case.day()) {
        looked.wrong.push(Lacking::DatedLater(kind, date, line));
    }
    if of_version {
        let own = case.product.head.version.as_deref().filter(|text| says(Some(text)));
        let named = document.product_version.as_deref().filter(|text| says(Some(text)));
        match (own, named) {
            (_, None) => looked.unseen.push(Lacking::DocumentPart(kind, Part::ProductVersion, line)),
            (None, _) => looked.unseen.push(Lacking::ProductVersion),
            (Some(own), Some(named)) if own.trim() != named.trim() => {
                let (named, product) = (named.to_owned(), own.to_owned());
                looked.wrong.push(Lacking::OtherVersion { kind, named, product, line });
            }
            _ => {}
        }
    }
    looked.evidence.push(Evidence::Document {
        kind,
        title: document.title.clone(),
        id: document.id.clone(),
        version: document.version.clone(),
        date: document.date,
        line,
    });
    looked
}

fn says(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}
