//! Organisations and roles as somebody is given them: read from the register of organisations and from the rights that the
//! registers declare. Editing organisations is the register's affair.

use std::collections::BTreeSet;

use register::rights::Party;
use register::{RecordId, Registry, Viewer};
use store::{Query, Sort};

use crate::cx::Cx;
use crate::failure::Failure;

/// The register of organisations.
pub(super) const REGISTER: &str = "organisation";
/// The most organisations offered for choice.
const OFFERED: usize = 1000;

/// An organisation to choose.
#[derive(Clone, Debug)]
pub(super) struct Organisation {
    /// Its record.
    pub(super) id: RecordId,
    /// Its official name.
    pub(super) name: String,
}

/// The organisations, by name. Who gives people a place must know the places, whatever else they may see.
pub(super) async fn all(cx: &Cx) -> Result<Vec<Organisation>, Failure> {
    let keeper = Viewer {
        person: Some("people".to_owned()),
        organisations: ["people".to_owned()].into(),
        roles: ["secretariat".to_owned()].into(),
    };
    let Some(declaration) = cx.app.desk.registry().get(REGISTER) else { return Ok(Vec::new()) };
    let query = Query { limit: OFFERED, sort: Sort::Title, ..Query::of(declaration.id.clone()) };
    let page = cx.app.desk.read(&keeper, move |reading| reading.list(query)).await?;
    let organisation = |stored: store::Stored| {
        let name = stored.record.text("name").unwrap_or(stored.record.id.as_str()).to_owned();
        Organisation { id: stored.record.id, name }
    };
    Ok(page.items.into_iter().map(organisation).collect())
}

/// What an organisation is called; its id where its record is gone.
pub(super) fn name<'a>(there: &'a [Organisation], id: &'a RecordId) -> &'a str {
    there
        .iter()
        .find(|organisation| organisation.id == *id)
        .map_or(id.as_str(), |organisation| &organisation.name)
}

/// The roles that registers give rights to.
pub(super) fn roles(registry: &Registry) -> BTreeSet<&str> {
    let declared = registry.all().flat_map(|declaration| {
        let rights = &declaration.rights;
        let of_fields = rights.fields.values().flat_map(|field| [&field.see, &field.change]).flatten();
        rights.see.iter().chain(&rights.change).chain(of_fields.flatten())
    });
    declared
        .filter_map(|party| if let Party::Role(role) = party { Some(role.as_str()) } else { None })
        .collect()
}

/// What a role is called.
pub(super) fn role_name<'a>(cx: &Cx, role: &'a str) -> &'a str {
    match role {
        "secretariat" => cx.lang.pick("事務局", "secretariat"),
        "ministry" => cx.lang.pick("府省", "ministry"),
        "funding-body" => cx.lang.pick("助成機関", "funding body"),
        "reviewer" => cx.lang.pick("評価委員", "reviewer"),
        other => other,
    }
}
