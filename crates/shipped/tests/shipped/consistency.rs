//! The shipped data against the shipped registers: form, identity and every pointer.

use std::collections::BTreeSet;

use register::field::{Field, FieldType};
use register::{Record, RecordRef};
use serde_json::Value;

use crate::{line_numbers, none, shipped};

#[test]
fn every_record_is_what_its_register_declares() {
    let (registry, records) = shipped();
    let mut complaints = Vec::new();
    for record in &records {
        let Some(declaration) = registry.get(record.register.as_str()) else {
            complaints.push(format!("{}: no such register", record.reference()));
            continue;
        };
        let faults = register::validate::faults(declaration, record, None);
        complaints.extend(faults.iter().map(|fault| format!("{}: {fault}", record.reference())));
        if !declaration.states.is_empty() && record.state.is_none() {
            complaints.push(format!("{}: the register has states; give one", record.reference()));
        }
    }
    none(&complaints);
}

#[test]
fn every_id_is_used_once() {
    let (_, records) = shipped();
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = records
        .iter()
        .map(|record| record.reference().to_string())
        .filter(|id| !seen.insert(id.clone()))
        .collect();
    none(&twice);
}

#[test]
fn every_link_and_reference_leads_to_a_record() {
    let (registry, records) = shipped();
    let known: BTreeSet<RecordRef> = records.iter().map(Record::reference).collect();
    let mut complaints = Vec::new();
    for record in &records {
        let declaration = registry.get(record.register.as_str()).unwrap();
        let mut targets: Vec<String> = record.links.iter().map(|link| link.to.to_string()).collect();
        for (name, value) in &record.fields {
            references(declaration.fields.get(name).map(|field| &field.kind), value, &mut targets);
        }
        let lost = targets
            .iter()
            .filter(|target| !target.parse::<RecordRef>().is_ok_and(|target| known.contains(&target)));
        complaints.extend(
            lost.map(|target| format!("{} points to {target}, which is not shipped", record.reference())),
        );
    }
    none(&complaints);
}

#[test]
fn every_source_names_a_document_and_lines_that_can_be_read() {
    let (registry, records) = shipped();
    let documents: BTreeSet<_> =
        records.iter().filter(|r| r.register == "document").map(|r| r.id.as_str()).collect();
    let mut complaints = Vec::new();
    let mut check = |whose: String, document: &str, lines: Option<&str>| {
        if !documents.contains(document) {
            complaints.push(format!("{whose}: `{document}` is not a document"));
        }
        if lines.is_some_and(|lines| line_numbers(lines).is_none()) {
            complaints.push(format!("{whose}: `{lines:?}` are not lines, such as 18,19 or 859-908"));
        }
    };
    for declaration in registry.all() {
        check(declaration.id.to_string(), &declaration.source.document, declaration.source.lines.as_deref());
    }
    for record in &records {
        let of_links = record.links.iter().filter_map(|link| link.source.as_ref());
        for source in record.sources.iter().chain(of_links) {
            check(record.reference().to_string(), &source.document, source.place.lines.as_deref());
        }
    }
    none(&complaints);
}

#[test]
fn every_heading_is_in_two_languages() {
    let (registry, _) = shipped();
    let mut complaints = Vec::new();
    for declaration in registry.all() {
        let id = &declaration.id;
        let mut both = |what: &str, names: &base::Names| {
            if names.ja.trim().is_empty() || names.en.trim().is_empty() {
                complaints.push(format!("{id}: {what} is not in both languages"));
            }
        };
        both("name", &declaration.name);
        both("about", &declaration.about);
        for (state, declared) in &declaration.states {
            both(&format!("state {state}"), &declared.label);
        }
        for (name, field) in &declaration.fields {
            headings(name, field, &mut both);
        }
    }
    none(&complaints);
}

#[test]
fn every_name_is_in_two_languages() {
    let (registry, records) = shipped();
    let mut complaints = Vec::new();
    for record in &records {
        let declaration = registry.get(record.register.as_str()).unwrap();
        for (name, value) in &record.fields {
            let is_names = declaration.fields.get(name).is_some_and(|field| field.kind == FieldType::Names);
            let filled = |lang| value.get(lang).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
            if is_names && value.get("missing").is_none() && !(filled("ja") && filled("en")) {
                complaints.push(format!("{}: {name}", record.reference()));
            }
        }
    }
    none(&complaints);
}

#[test]
fn a_register_serves_only_nodes_that_exist() {
    let (registry, records) = shipped();
    let nodes: BTreeSet<_> =
        records.iter().filter(|r| r.register == "plan-node").map(|r| r.id.as_str()).collect();
    let unknown: Vec<_> = registry
        .all()
        .flat_map(|declaration| declaration.serves.iter().map(move |node| (&declaration.id, node)))
        .filter(|(_, node)| !nodes.contains(node.as_str()))
        .map(|(id, node)| format!("{id} serves {node}"))
        .collect();
    none(&unknown);
}

#[test]
fn the_declared_systems_are_covered() {
    let (registry, _) = shipped();
    let covered: BTreeSet<_> =
        registry.all().flat_map(|declaration| declaration.covers.iter().cloned()).collect();
    let wanted = (1..=21)
        .flat_map(|n| [format!("A{n:02}"), format!("B{n:02}")])
        .chain(["E01", "E02", "H07", "H08", "H09", "H10", "H11"].map(String::from));
    let open: Vec<_> = wanted.filter(|system| !covered.contains(system)).collect();
    none(&open);
}

#[test]
fn the_digest_is_one_sha_256() {
    assert_eq!(shipped::digest().len(), 64);
    assert!(shipped::digest().bytes().all(|byte| byte.is_ascii_hexdigit()));
}

fn references(kind: Option<&FieldType>, value: &Value, found: &mut Vec<String>) {
    match kind {
        Some(FieldType::Ref { .. }) => found.extend(value.as_str().map(str::to_owned)),
        Some(FieldType::List { of }) => {
            for item in value.as_array().into_iter().flatten() {
                references(Some(of), item, found);
            }
        }
        Some(FieldType::Table { columns }) => {
            for (name, cell) in value.as_array().into_iter().flatten().filter_map(Value::as_object).flatten()
            {
                references(columns.get(name).map(|column| &column.kind), cell, found);
            }
        }
        _ => {}
    }
}

fn headings(name: &str, field: &Field, both: &mut impl FnMut(&str, &base::Names)) {
    both(name, &field.label);
    if let Some(help) = &field.help {
        both(&format!("help of {name}"), help);
    }
    match &field.kind {
        FieldType::Choice { options } => {
            for (option, label) in options {
                both(&format!("{name} = {option}"), label);
            }
        }
        FieldType::Checklist { items } => {
            for (item, label) in items {
                both(&format!("{name}.{item}"), label);
            }
        }
        FieldType::Table { columns } => {
            for (column, field) in columns {
                headings(&format!("{name}.{column}"), field, both);
            }
        }
        _ => {}
    }
}
