//! Typed views of the records that the engine reads. After this module nothing in the engine sees JSON.
//! Views add nothing and decide nothing: joins, sums and findings are other modules' business.

mod devices;
mod programmes;
mod read;
mod rows;
mod tree;

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;
use register::{Record, RecordRef};

use crate::security::Tally;

pub use devices::{Approval, Device, Document, Insurance, PrintedCount, SupplyReport};
pub use programmes::{
    BudgetGroup, BudgetLine, Cited, JoinDecision, PastSheet, Programme, Related, Sheet, SheetMoney,
    SheetResult, Verdict,
};
pub use read::{Origin, ViewFault};
pub use rows::{Column, Doubt, QuotedBudget, Round, Row};
pub use tree::{Aim, Generation, Kgi, Level, Node, Observation, Standing};

/// Everything the engine reads, in a fixed order that does not depend on the order of the records.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Generations, oldest first.
    pub generations: Vec<Generation>,
    /// Nodes of all generations, in order of printing within each level.
    pub nodes: Vec<Node>,
    /// Key goal indicators.
    pub kgis: Vec<Kgi>,
    /// Their observed values, oldest first.
    pub observations: Vec<Observation>,
    /// Rows of the follow-up tables of all years, in the order of the tables.
    pub rows: Vec<Row>,
    /// Rounds, oldest first.
    pub rounds: Vec<Round>,
    /// Printed budget lines.
    pub budget_lines: Vec<BudgetLine>,
    /// Printed totals.
    pub budget_groups: Vec<BudgetGroup>,
    /// Programmes as the plan's documents name them.
    pub programmes: Vec<Programme>,
    /// Review sheets of all years.
    pub sheets: Vec<Arc<Sheet>>,
    /// Decisions on joins, oldest first.
    pub decisions: Vec<JoinDecision>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Supply reports.
    pub supply_reports: Vec<SupplyReport>,
    /// Documents.
    pub documents: Vec<Document>,
    /// Printed numbers of things on record.
    pub printed_counts: Vec<PrintedCount>,
    /// Numbers from the registers of devices' cybersecurity, whose records are nobody else's to read.
    pub security: Tally,
    /// What could not be read.
    pub faults: Vec<ViewFault>,
    ids: HashSet<RecordRef>,
}

/// The registers that the engine reads; records of others are passed over.
pub const REGISTERS: &[&str] = &[
    "plan-generation",
    "plan-node",
    "kgi",
    "kgi-observation",
    "follow-up-row",
    "follow-up-round",
    "budget-line",
    "budget-group",
    "programme",
    SHEETS,
    "join-decision",
    "device-case",
    "supply-report",
    "document",
    "printed-count",
];

/// Fields of a register that views never look at: who reads records for the engine may leave them out. They are the
/// bulk of a review sheet.
pub fn unread(register: &str) -> &'static [&'static str] {
    if register == SHEETS { UNREAD_OF_SHEETS } else { &[] }
}

/// The register of review sheets.
pub const SHEETS: &str = "programme-sheet";

const UNREAD_OF_SHEETS: &[&str] = &[
    "money_items",
    "uses",
    "accounts",
    "review",
    "spending",
    "years",
    "recipients",
    "contracts",
    "policies",
    "organisations",
    "subsidies",
    "unplaced",
];

/// One record's view.
enum Item {
    Generation(Generation),
    Node(Node),
    Kgi(Kgi),
    Observation(Observation),
    Row(Row),
    Round(Round),
    BudgetLine(BudgetLine),
    BudgetGroup(BudgetGroup),
    Programme(Programme),
    Sheet(Arc<Sheet>),
    Decision(JoinDecision),
    Device(Device),
    SupplyReport(SupplyReport),
    Document(Document),
    PrintedCount(PrintedCount),
}

/// What the engine reads of one record.
pub struct Piece {
    record: RecordRef,
    item: Option<Item>,
    faults: Vec<ViewFault>,
}

impl Piece {
    /// Reads a record.
    pub fn of(record: &Record) -> Self {
        let mut faults = Vec::new();
        let item = item(record, &mut faults);
        Piece { record: record.reference(), item, faults }
    }
}

impl View {
    /// Builds the views. Records of registers that the engine does not read are passed over; records that
    /// cannot be read are listed in `faults`.
    pub fn from_records<'r>(records: impl IntoIterator<Item = &'r Record>) -> Self {
        let records: Vec<&Record> = records.into_iter().collect();
        let pieces: Vec<Piece> = records.par_iter().map(|record| Piece::of(record)).collect();
        View::from_pieces(pieces)
    }

    /// Builds the views from what was read of each record: for those who cannot hold all records at once.
    pub fn from_pieces(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut view = View::default();
        for Piece { record, item, faults } in pieces {
            view.ids.insert(record);
            view.faults.extend(faults);
            if let Some(item) = item {
                view.put(item);
            }
        }
        view.arrange();
        view
    }

    /// The sheets as pieces of the next view: for those who know that none has changed since. They are the bulk of what is
    /// read, and are shared, not copied.
    pub fn sheets_again(&self) -> impl Iterator<Item = Piece> {
        let is_sheet = |record: &RecordRef| record.register.as_str() == SHEETS;
        let of = |record: &RecordRef, item, faults| Piece { record: record.clone(), item, faults };
        let read = self
            .sheets
            .iter()
            .map(move |sheet| of(&sheet.origin.record, Some(Item::Sheet(Arc::clone(sheet))), Vec::new()));
        let ids = self.ids.iter().filter(move |record| is_sheet(record));
        let unread = ids.map(move |record| of(record, None, Vec::new()));
        let faults = self.faults.iter().filter(move |fault| is_sheet(&fault.record));
        let found = faults.map(move |fault| of(&fault.record, None, vec![fault.clone()]));
        read.chain(unread).chain(found)
    }

    /// Whether a record that the engine would have been given is not there. Of registers that it does not read it
    /// cannot tell.
    pub fn lacks(&self, reference: &RecordRef) -> bool {
        REGISTERS.contains(&reference.register.as_str()) && !self.ids.contains(reference)
    }
    /// A generation by record id.
    pub fn generation(&self, id: &str) -> Option<&Generation> {
        self.generations.iter().find(|generation| generation.origin.id() == id)
    }
    /// A node by record id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id() == id)
    }
    /// The nodes of a generation.
    pub fn nodes_of<'a>(&'a self, generation: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.generation.as_ref().is_some_and(|id| *id == *generation))
    }
    /// The nodes that hang below a node.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.is_part_of(id))
    }
    /// The rows of one fiscal year.
    pub fn rows_of(&self, fiscal_year: base::FiscalYear) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.fiscal_year == fiscal_year)
    }

    fn put(&mut self, item: Item) {
        match item {
            Item::Generation(item) => self.generations.push(item),
            Item::Node(item) => self.nodes.push(item),
            Item::Kgi(item) => self.kgis.push(item),
            Item::Observation(item) => self.observations.push(item),
            Item::Row(item) => self.rows.push(item),
            Item::Round(item) => self.rounds.push(item),
            Item::BudgetLine(item) => self.budget_lines.push(item),
            Item::BudgetGroup(item) => self.budget_groups.push(item),
            Item::Programme(item) => self.programmes.push(item),
            Item::Sheet(item) => self.sheets.push(item),
            Item::Decision(item) => self.decisions.push(item),
            Item::Device(item) => self.devices.push(item),
            Item::SupplyReport(item) => self.supply_reports.push(item),
            Item::Document(item) => self.documents.push(item),
            Item::PrintedCount(item) => self.printed_counts.push(item),
        }
    }

    /// Sorts everything, so that answers are the same whatever order the records came in.
    fn arrange(&mut self) {
        fn by<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K, origin: impl Fn(&T) -> &Origin) {
            items.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| origin(a).record.cmp(&origin(b).record)));
        }
        by(&mut self.generations, |item| item.ordinal, |item| &item.origin);
        by(&mut self.nodes, |item| (item.generation.clone(), item.level, item.order), |item| &item.origin);
        by(&mut self.kgis, |item| (item.generation.clone(), item.order), |item| &item.origin);
        by(&mut self.observations, |item| (item.kgi.clone(), item.year), |item| &item.origin);
        by(&mut self.rows, |item| (item.fiscal_year, item.order), |item| &item.origin);
        by(&mut self.rounds, |item| item.fiscal_year, |item| &item.origin);
        by(&mut self.budget_lines, |_| (), |item| &item.origin);
        by(&mut self.budget_groups, |_| (), |item| &item.origin);
        by(&mut self.programmes, |_| (), |item| &item.origin);
        self.sheets
            .par_sort_by(|a, b| (a.sheet_year, &a.origin.record).cmp(&(b.sheet_year, &b.origin.record)));
        by(&mut self.decisions, |item| item.on, |item| &item.origin);
        by(&mut self.devices, |_| (), |item| &item.origin);
        by(&mut self.supply_reports, |item| item.started_on, |item| &item.origin);
        by(&mut self.documents, |_| (), |item| &item.origin);
        by(&mut self.printed_counts, |_| (), |item| &item.origin);
        self.faults.sort_by(|a, b| (&a.record, &a.field).cmp(&(&b.record, &b.field)));
    }
}

fn item(record: &Record, f: &mut Vec<ViewFault>) -> Option<Item> {
    match record.register.as_str() {
        "plan-generation" => tree::generation(record, f).map(Item::Generation),
        "plan-node" => tree::node(record, f).map(Item::Node),
        "kgi" => tree::kgi(record, f).map(Item::Kgi),
        "kgi-observation" => tree::observation(record, f).map(Item::Observation),
        "follow-up-row" => rows::row(record, f).map(Item::Row),
        "follow-up-round" => rows::round(record, f).map(Item::Round),
        "budget-line" => programmes::budget_line(record, f).map(Item::BudgetLine),
        "budget-group" => programmes::budget_group(record, f).map(Item::BudgetGroup),
        "programme" => programmes::programme(record, f).map(Item::Programme),
        SHEETS => programmes::sheet(record, f).map(|sheet| Item::Sheet(Arc::new(sheet))),
        "join-decision" => programmes::join_decision(record, f).map(Item::Decision),
        "device-case" => devices::device(record, f).map(Item::Device),
        "supply-report" => devices::supply_report(record, f).map(Item::SupplyReport),
        "document" => devices::document(record, f).map(Item::Document),
        "printed-count" => devices::printed_count(record, f).map(Item::PrintedCount),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn sheets_given_again_are_as_good_as_sheets_read_again() {
        let mut records = sample::records();
        let mut unreadable =
            records.iter().find(|record| record.register.as_str() == SHEETS).unwrap().clone();
        unreadable.id = "unreadable".parse().unwrap();
        unreadable.fields.clear();
        records.push(unreadable);
        let read = View::from_records(&records);
        assert!(!read.sheets.is_empty() && !read.faults.is_empty());

        let others = records.iter().filter(|record| record.register.as_str() != SHEETS);
        let again = View::from_pieces(others.map(Piece::of).chain(read.sheets_again()));
        assert_eq!(format!("{:?}", again.sheets), format!("{:?}", read.sheets));
        assert_eq!(format!("{:?}", again.faults), format!("{:?}", read.faults));
        assert_eq!(again.ids, read.ids);
    }
}
