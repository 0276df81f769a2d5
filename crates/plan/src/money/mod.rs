//! Money: per programme and per goal, by fiscal year and kind. Kinds are never mixed, what lies within a
//! larger amount is a bound and never a term of a sum, what is repeated is not added twice, and execution
//! that is not known yet is not zero.

use std::collections::{BTreeMap, BTreeSet};

use base::{Amount, BudgetKind, FiscalYear, Missing, Names, Reported, Source, Yen};
use register::RecordRef;
use serde::Serialize;

use crate::identity::{ProgrammeGroup, Programmes};
use crate::view::{BudgetLine, View};

/// An amount of one year and kind from a programme's sheets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SheetAmount {
    /// The kind.
    pub kind: BudgetKind,
    /// What the newest sheet says.
    pub yen: Reported<Yen>,
    /// The year of that sheet.
    pub sheet_year: FiscalYear,
    /// What older sheets said, where it was something else.
    pub earlier: Vec<(FiscalYear, Yen)>,
    /// The newest sheet.
    pub sources: Vec<Source>,
}

/// A programme's money of one year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MoneyYear {
    /// The year.
    pub fiscal_year: FiscalYear,
    /// Request, initial, supplementary, available, executed and so on, in this order.
    pub amounts: Vec<SheetAmount>,
}

/// A sum over programmes, of one year and one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Total {
    /// The year.
    pub fiscal_year: FiscalYear,
    /// The kind.
    pub kind: BudgetKind,
    /// The sum in yen; `None` where no programme reports an amount.
    pub yen: Option<i64>,
    /// The programmes in it, by key.
    pub programmes: Vec<String>,
    /// Those among them that serve other goals too: their money is not this goal's alone.
    pub shared: Vec<String>,
    /// Programmes of the same goal that report no amount of this kind, and why.
    pub without: Vec<(String, Missing)>,
}

/// A printed budget, however often it is quoted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PrintedLine {
    /// The programme as printed.
    pub programme: String,
    /// The money.
    pub amount: Amount,
    /// The rows and lines that print it.
    pub printed_in: Vec<RecordRef>,
    /// Where.
    pub sources: Vec<Source>,
}

/// Printed budgets of one year and kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PrintedTotal {
    /// The year.
    pub fiscal_year: FiscalYear,
    /// The kind.
    pub kind: BudgetKind,
    /// The sum of what may be summed, in yen.
    pub yen: Option<i64>,
    /// How many lines are in the sum.
    pub lines: usize,
    /// Lines that are upper bounds (内数) of unknown shares: not in the sum.
    pub bounds: Vec<PrintedLine>,
}

/// Whether a sum and a printed total can be the same money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// To the last printed digit.
    Agrees,
    /// Only if the terms were rounded.
    WithinRounding,
    /// Not even so.
    Disagrees,
}

/// Why a line is not in a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// 再掲
    Repeated,
    /// 内数
    Within,
    /// It is of another kind than the total.
    OtherKind,
    /// It is of another year than the total.
    OtherYear,
}

impl LeftOut {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            LeftOut::Repeated => Names::of("再掲のため除外", "left out: printed elsewhere already"),
            LeftOut::Within => Names::of("内数のため除外", "left out: within a larger amount"),
            LeftOut::OtherKind => Names::of("予算の種別が異なるため除外", "left out: of another kind"),
            LeftOut::OtherYear => Names::of("年度が異なるため除外", "left out: of another year"),
        }
    }
}

/// A printed total, its lines, and whether they add up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reconciliation {
    /// The group.
    pub group: RecordRef,
    /// Its name.
    pub name: Names,
    /// Its year.
    pub fiscal_year: Option<FiscalYear>,
    /// Its kind.
    pub kind: Option<BudgetKind>,
    /// The printed total.
    pub total: Reported<Yen>,
    /// The sum of the lines, in yen.
    pub sum: Option<i64>,
    /// Whether the two can be the same.
    pub agreement: Option<Agreement>,
    /// The lines in the sum.
    pub counted: Vec<PrintedLine>,
    /// The lines left out, and why.
    pub left_out: Vec<(PrintedLine, LeftOut)>,
    /// Where the total is printed.
    pub sources: Vec<Source>,
}

/// A printed budget set beside a sheet of the same programme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The programme's key.
    pub programme: String,
    /// What the document prints.
    pub printed: PrintedLine,
    /// The kind of the sheet's amount that it was compared with.
    pub sheet_kind: BudgetKind,
    /// The sheet's amount.
    pub sheet: Yen,
    /// They can be the same money (or, for a 内数, the sheet's lies below the bound).
    pub agrees: bool,
    /// The sheet.
    pub sources: Vec<Source>,
}

/// The order in which kinds are shown: as money comes to be.
const ORDER: [BudgetKind; 10] = [
    BudgetKind::Request,
    BudgetKind::Draft,
    BudgetKind::Initial,
    BudgetKind::Unlabelled,
    BudgetKind::Supplementary,
    BudgetKind::CarriedIn,
    BudgetKind::Reserve,
    BudgetKind::Available,
    BudgetKind::Executed,
    BudgetKind::CarriedOut,
];

fn order(kind: BudgetKind) -> usize {
    ORDER.iter().position(|other| *other == kind).unwrap_or(ORDER.len())
}

/// A programme's money by year, oldest first. Each year is stated by several sheets; the newest is believed
/// and older statements that differ are kept beside it.
pub fn of_programme(view: &View, group: &ProgrammeGroup) -> Vec<MoneyYear> {
    let mut years: BTreeMap<(FiscalYear, usize), SheetAmount> = BTreeMap::new();
    for sheet in group.sheets.iter().filter_map(|&at| view.sheets.get(at)) {
        for money in &sheet.money {
            let slot = years.entry((money.fiscal_year, order(money.kind)));
            let amount = slot.or_insert_with(|| SheetAmount {
                kind: money.kind,
                yen: money.yen,
                sheet_year: sheet.sheet_year,
                earlier: Vec::new(),
                sources: sheet.money_sources(),
            });
            // A newer sheet that has nothing to say does not unsay what an older one said.
            let silent = money.yen.value().is_none() && amount.yen.value().is_some();
            if amount.sheet_year == sheet.sheet_year || silent {
                continue;
            }
            if let Some(old) =
                amount.yen.value().filter(|old| money.yen.value().is_some_and(|new| !new.agrees_with(**old)))
            {
                amount.earlier.push((amount.sheet_year, *old));
            }
            (amount.yen, amount.sheet_year, amount.sources) =
                (money.yen, sheet.sheet_year, sheet.money_sources());
        }
    }
    let mut by_year: Vec<MoneyYear> = Vec::new();
    for ((fiscal_year, _), amount) in years {
        match by_year.last_mut() {
            Some(last) if last.fiscal_year == fiscal_year => last.amounts.push(amount),
            _ => by_year.push(MoneyYear { fiscal_year, amounts: vec![amount] }),
        }
    }
    by_year
}

/// Sums over programmes, each counted once. `shared` says which of them serve other goals too.
pub fn totals<'a>(
    programmes: impl IntoIterator<Item = (&'a str, &'a [MoneyYear])>,
    shared: &BTreeSet<String>,
) -> Vec<Total> {
    let mut totals: BTreeMap<(FiscalYear, usize), Total> = BTreeMap::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (key, years) in programmes {
        if !seen.insert(key) {
            continue;
        }
        for (year, amount) in
            years.iter().flat_map(|year| year.amounts.iter().map(move |amount| (year.fiscal_year, amount)))
        {
            let total = totals.entry((year, order(amount.kind))).or_insert_with(|| Total {
                fiscal_year: year,
                kind: amount.kind,
                yen: Some(0),
                programmes: Vec::new(),
                shared: Vec::new(),
                without: Vec::new(),
            });
            match amount.yen {
                Reported::Value(yen) => {
                    total.yen = total.yen.and_then(|sum| sum.checked_add(yen.yen()));
                    total.programmes.push(key.to_owned());
                    total.shared.extend(shared.get(key).cloned());
                }
                Reported::Missing { missing } => total.without.push((key.to_owned(), missing)),
            }
        }
    }
    let unknown_is_not_zero = |mut total: Total| {
        total.yen = total.yen.filter(|_| !total.programmes.is_empty());
        total
    };
    totals.into_values().map(unknown_is_not_zero).collect()
}

/// Every printed budget once, however many rows quote it: the same programme, year, kind, amount and 内数.
pub fn distinct(lines: impl IntoIterator<Item = PrintedLine>) -> Vec<PrintedLine> {
    let mut distinct: Vec<PrintedLine> = Vec::new();
    for line in lines {
        let key = crate::identity::parts(&line.programme).key;
        let known = distinct
            .iter_mut()
            .find(|known| known.amount == line.amount && crate::identity::parts(&known.programme).key == key);
        match known {
            Some(known) => {
                known.printed_in.extend(
                    line.printed_in
                        .into_iter()
                        .filter(|record| !known.printed_in.contains(record))
                        .collect::<Vec<_>>(),
                );
                known.sources.extend(
                    line.sources
                        .into_iter()
                        .filter(|source| !known.sources.contains(source))
                        .collect::<Vec<_>>(),
                );
            }
            None => distinct.push(line),
        }
    }
    distinct
}

/// Sums of distinct printed budgets by year and kind; bounds are listed beside and never summed.
pub fn printed_totals(lines: &[PrintedLine]) -> Vec<PrintedTotal> {
    let mut groups: BTreeMap<(FiscalYear, usize), Vec<&PrintedLine>> = BTreeMap::new();
    for line in lines {
        groups.entry((line.amount.fiscal_year, order(line.amount.kind))).or_default().push(line);
    }
    let total = |lines: Vec<&PrintedLine>| {
        let first = lines.first()?;
        let summed = lines.iter().filter(|line| line.amount.summable()).count();
        Some(PrintedTotal {
            fiscal_year: first.amount.fiscal_year,
            kind: first.amount.kind,
            yen: if summed == 0 { None } else { base::amount::sum(lines.iter().map(|line| &line.amount)) },
            lines: summed,
            bounds: lines.iter().filter(|line| line.amount.within).map(|line| (*line).clone()).collect(),
        })
    };
    groups.into_values().filter_map(total).collect()
}

/// Every printed total with its lines.
pub fn reconcile(view: &View) -> Vec<Reconciliation> {
    view.budget_groups
        .iter()
        .map(|group| {
            let id = group.origin.record.record.clone();
            let lines = view.budget_lines.iter().filter(|line| line.group.as_ref() == Some(&id));
            let (mut counted, mut left_out) = (Vec::new(), Vec::new());
            for line in lines {
                match left_out_of(&line.amount, group.fiscal_year, group.kind) {
                    Some(why) => left_out.push((printed(line), why)),
                    None => counted.push(printed(line)),
                }
            }
            let sum =
                base::amount::sum(counted.iter().map(|line| &line.amount)).filter(|_| !counted.is_empty());
            let agreement = group.total.value().zip(sum).map(|(total, sum)| agreement(*total, sum, &counted));
            Reconciliation {
                group: group.origin.record.clone(),
                name: group.name.clone(),
                fiscal_year: group.fiscal_year,
                kind: group.kind,
                total: group.total,
                sum,
                agreement,
                counted,
                left_out,
                sources: group.origin.sources.clone(),
            }
        })
        .collect()
}

/// Sets every printed budget beside the sheet of the one programme of that name.
pub fn compare(view: &View, programmes: &Programmes, lines: &[PrintedLine]) -> Vec<Comparison> {
    lines
        .iter()
        .filter_map(|line| {
            let [only] = programmes.named(&line.programme) else { return None };
            let group = programmes.groups.get(*only)?;
            let years = of_programme(view, group);
            let year = years.into_iter().find(|year| year.fiscal_year == line.amount.fiscal_year)?;
            let kinds = comparable(line.amount.kind);
            let stated = year.amounts.into_iter().filter(|amount| kinds.contains(&amount.kind));
            let candidates = stated.filter_map(|amount| {
                let sheet = *amount.yen.value()?;
                let agrees = can_be(&line.amount, sheet);
                let (programme, printed) = (group.key.clone(), line.clone());
                Some(Comparison {
                    programme,
                    printed,
                    sheet_kind: amount.kind,
                    sheet,
                    agrees,
                    sources: amount.sources,
                })
            });
            // Of several stages of the same money, the one that agrees is meant; else the nearest in kind.
            candidates
                .min_by_key(|found| (!found.agrees, kinds.iter().position(|kind| *kind == found.sheet_kind)))
        })
        .collect()
}

/// A budget line of a document as a printed line.
pub fn printed(line: &BudgetLine) -> PrintedLine {
    PrintedLine {
        programme: line.name.clone(),
        amount: line.amount,
        printed_in: vec![line.origin.record.clone()],
        sources: line.origin.sources.clone(),
    }
}

fn left_out_of(amount: &Amount, year: Option<FiscalYear>, kind: Option<BudgetKind>) -> Option<LeftOut> {
    if amount.repeated {
        Some(LeftOut::Repeated)
    } else if amount.within {
        Some(LeftOut::Within)
    } else if kind.is_some_and(|kind| kind != amount.kind) {
        Some(LeftOut::OtherKind)
    } else if year.is_some_and(|year| year != amount.fiscal_year) {
        Some(LeftOut::OtherYear)
    } else {
        None
    }
}

fn agreement(total: Yen, sum: i64, terms: &[PrintedLine]) -> Agreement {
    if total.agrees_with(Yen::exact(sum)) {
        return Agreement::Agrees;
    }
    // Each term may hide up to one step of its last printed digit, cut off or raised.
    let slack: i64 = terms.iter().map(|line| line.amount.yen.step()).fold(total.step(), i64::saturating_add);
    if (total.yen() - sum).abs() < slack { Agreement::WithinRounding } else { Agreement::Disagrees }
}

/// The kinds of a sheet's amounts that a printed kind can be compared with, nearest first.
fn comparable(kind: BudgetKind) -> &'static [BudgetKind] {
    match kind {
        BudgetKind::Initial | BudgetKind::Draft => &[BudgetKind::Initial, BudgetKind::Request],
        BudgetKind::Unlabelled => &[BudgetKind::Initial, BudgetKind::Available, BudgetKind::Request],
        BudgetKind::Request => &[BudgetKind::Request],
        BudgetKind::Supplementary => &[BudgetKind::Supplementary],
        BudgetKind::Executed => &[BudgetKind::Executed],
        BudgetKind::Available => &[BudgetKind::Available],
        BudgetKind::CarriedIn => &[BudgetKind::CarriedIn],
        BudgetKind::CarriedOut => &[BudgetKind::CarriedOut],
        BudgetKind::Reserve => &[BudgetKind::Reserve],
    }
}

fn can_be(printed: &Amount, sheet: Yen) -> bool {
    printed.yen.agrees_with(sheet) || (printed.within && sheet.yen() <= printed.yen.yen())
}

#[cfg(test)]
mod tests;
