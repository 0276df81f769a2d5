//! The bytes and the components of bills, and sealed pre-market files, beside their records. Nothing opens them but a viewer's right to see the record, asked here and
//! nowhere else; a machine's pass over all bills returns findings for their owners and no content.
//!
//! Drawer `bill-bytes`: portions of the packed document. Drawer `bill-parts`: portions of its components. Owner of both: the shelf.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use register::{Record, RecordRef};
use serde_json::{Value, json};
use store::{Paper, Store};

use super::engine::{LARGEST_BILL, Part};
use super::kept;
use crate::cx::Cx;
use crate::failure::Failure;

/// The registers whose records have a document in the safe.
const REGISTERS: [&str; 2] = ["device-bill", "premarket-file"];
const BYTES: &str = "bill-bytes";
const PARTS: &str = "bill-parts";
/// Bytes of a portion: in base64 below the mebibyte that a paper may hold.
const PORTION: usize = 700_000;
/// Components of a portion.
const OF_A_PORTION: usize = 1000;
/// The longest name, version or package URL kept for looking up, in characters.
const LONGEST: usize = 400;

/// Where a bill lies: named after its record and its holder, so that a record of the same id made by another organisation, after the
/// first was withdrawn, opens nothing.
#[derive(Clone, Debug)]
pub(super) struct Shelf(String);

impl Shelf {
    pub(super) fn of(bill: &Record) -> Self {
        Shelf(kept::id_of("s", &[&bill.reference().to_string(), kept::text(bill, "holder")]))
    }
}

/// Puts a bill into the safe. A bill of the same id is the same bill.
pub(super) fn put(
    store: &Store,
    shelf: &Shelf,
    bytes: &[u8],
    parts: &[Part],
    now: Timestamp,
) -> Result<(), Failure> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).map_err(Failure::broken)?;
    let whole = packer.finish().map_err(Failure::broken)?;
    for (number, portion) in whole.chunks(PORTION).enumerate() {
        keep(store, BYTES, shelf, number, &json!(STANDARD.encode(portion)), now)?;
    }
    for (number, portion) in parts.chunks(OF_A_PORTION).enumerate() {
        let bounded: Vec<Part> = portion.iter().map(bounded).collect();
        keep(store, PARTS, shelf, number, &serde_json::to_value(bounded).map_err(Failure::broken)?, now)?;
    }
    Ok(())
}

/// The document as it was given, for who may see the bill's record.
pub(super) async fn bytes(cx: &Cx, bill: &RecordRef) -> Result<Vec<u8>, Failure> {
    let (Shelf(shelf), now) = (may_open(cx, bill).await?, cx.now);
    let packed = cx.app.desk.look(move |store| Ok(store.kept_of(BYTES, &shelf, now)?)).await?;
    let unpack = move || {
        let mut all = Vec::new();
        for kept in packed {
            let text = kept.value.as_str().unwrap_or_default();
            all.extend(STANDARD.decode(text).map_err(Failure::broken)?);
        }
        if all.is_empty() {
            return Err(Failure::NotFound);
        }
        let mut bytes = Vec::new();
        GzDecoder::new(&all[..])
            .take(LARGEST_BILL as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(Failure::broken)?;
        Ok(bytes)
    };
    tokio::task::spawn_blocking(unpack).await.map_err(Failure::broken)?
}

/// The components of a bill, for who may see its record.
pub(super) async fn parts(cx: &Cx, bill: &RecordRef) -> Result<Vec<Part>, Failure> {
    let (shelf, now) = (may_open(cx, bill).await?, cx.now);
    cx.app.desk.look(move |store| parts_unasked(store, &shelf, now)).await
}

/// The components of a bill without asking who wants them: for matching, whose outcome goes to the owner alone.
pub(super) fn parts_unasked(store: &Store, shelf: &Shelf, now: Timestamp) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    for kept in store.kept_of(PARTS, &shelf.0, now)? {
        parts.extend(serde_json::from_value::<Vec<Part>>(kept.value).map_err(Failure::broken)?);
    }
    Ok(parts)
}

async fn may_open(cx: &Cx, bill: &RecordRef) -> Result<Shelf, Failure> {
    if !REGISTERS.contains(&bill.register.as_str()) {
        return Err(Failure::NotFound);
    }
    let bill = bill.clone();
    cx.app.desk.read(&cx.viewer, move |reading| Ok(Shelf::of(&reading.must_get(&bill)?.record))).await
}

fn keep(
    store: &Store,
    drawer: &str,
    Shelf(shelf): &Shelf,
    number: usize,
    value: &Value,
    now: Timestamp,
) -> Result<(), Failure> {
    let key = format!("{shelf}/{number:06}");
    store.keep(&Paper { drawer, key: &key, owner: shelf, value, expires: None }, None, now)?;
    Ok(())
}

/// Names without end are cut for the list; the document itself stays whole.
fn bounded(part: &Part) -> Part {
    let cut = |text: &String| text.chars().take(LONGEST).collect::<String>();
    Part {
        name: cut(&part.name),
        version: part.version.as_ref().map(cut),
        purls: part.purls.iter().take(4).map(cut).collect(),
        cpes: part.cpes.iter().take(16).map(cut).collect(),
    }
}
