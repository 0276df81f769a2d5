//! Making everything but the history again: when declarations change, after a restore, or because somebody
//! asks. Also the check that nobody writes into an index by other declarations than it was made with.

use std::collections::BTreeMap;

use rayon::prelude::*;
use register::{Declaration, Registry};

use crate::Store;
use crate::chain::Action;
use crate::db::{Db, Param, Purpose, padded, placeholders};
use crate::error::Result;
use crate::index::{self, Builder, Doc, Merging};
use crate::project::{self, Face};
use crate::read::record_of;
use crate::schema::RECORD;

/// Entries projected together.
const PORTION: usize = 512;

impl Store {
    /// Makes current records, lists and search again from the history.
    pub fn rebuild(&self) -> Result<()> {
        self.writing(|db| {
            crate::read::lock_head(db)?;
            rebuild(db, &self.registry, None)
        })
    }
}

/// The newest entry of a record and what follows from it.
pub(crate) struct Projected {
    pub(crate) seq: u64,
    pub(crate) register: String,
    pub(crate) id: String,
    pub(crate) version: u64,
    /// None where the record is withdrawn.
    pub(crate) face: Option<Face>,
}

impl Projected {
    pub(crate) fn title(&self) -> &str {
        self.face.as_ref().map_or("", |face| &face.title)
    }
}

/// Makes anew what was made by declarations that have changed since.
pub(crate) fn refresh(db: &mut Db, registry: &Registry, tell: &mut dyn FnMut(String)) -> Result<()> {
    for register in outdated(db, registry)? {
        db.transaction(Purpose::Write, |db| {
            crate::read::lock_head(db)?;
            // Somebody else may have done it while we waited.
            if outdated(db, registry)?.contains(&register) {
                rebuild(db, registry, Some(&register))
            } else {
                Ok(())
            }
        })?;
        tell(register);
    }
    Ok(())
}

/// Whether a register is indexed by the rules of this program, by which alone it may write; the first writer
/// sets them.
pub(crate) fn agree_on_rules(db: &mut Db, declaration: &Declaration) -> Result<bool> {
    let register = declaration.id.as_str();
    let ours = project::rules(Some(declaration));
    let sql = "SELECT rules FROM indexed WHERE register = $1";
    match db.first(sql, &[register.into()], |row| Ok(row.text(0)?.to_owned()))? {
        None => set_rules(db, register, &ours).map(|()| true),
        Some(rules) => Ok(rules == ours),
    }
}

/// Makes the records and the index of one register, or of all, from the history. Inside a write transaction.
pub(crate) fn rebuild(db: &mut Db, registry: &Registry, only: Option<&str>) -> Result<()> {
    match only {
        Some(register) => {
            index::remove_all(db, register)?;
            db.execute("DELETE FROM record WHERE register = $1", &[register.into()])?;
        }
        None => {
            db.script("DELETE FROM posting; DELETE FROM segment; DELETE FROM record; DELETE FROM indexed")?;
        }
    }
    let mut builders = BTreeMap::new();
    for seqs in newest(db, only)?.chunks(PORTION) {
        let projected = project(db, registry, seqs)?;
        db.insert(&RECORD, &mut projected.iter().map(record_row))?;
        index(&mut builders, projected);
    }
    for (register, builder) in builders {
        set_rules(db, &register, &project::rules(registry.get(&register)))?;
        index::add(db, &register, builder, Merging::AtOnce)?;
    }
    Ok(())
}

/// The newest entry of every record, rising.
pub(crate) fn newest(db: &mut Db, only: Option<&str>) -> Result<Vec<u64>> {
    let mut seqs = match only {
        None => db.rows("SELECT max(seq) FROM history GROUP BY register, id", &[], |row| row.number(0))?,
        Some(register) => {
            let sql = "SELECT max(seq) FROM history WHERE register = $1 GROUP BY id";
            db.rows(sql, &[register.into()], |row| row.number(0))?
        }
    };
    seqs.sort_unstable();
    Ok(seqs)
}

/// What follows from entries, in the order of `seqs`.
pub(crate) fn project(db: &mut Db, registry: &Registry, seqs: &[u64]) -> Result<Vec<Projected>> {
    let sql = format!(
        "SELECT seq, register, id, version, action, body FROM history WHERE seq IN ({}) ORDER BY seq",
        placeholders(1, seqs.len())
    );
    let params = padded(seqs.iter().map(|seq| (*seq).into()).collect(), seqs.len());
    let entries = db.rows(&sql, &params, |row| {
        let empty = Projected {
            seq: row.number(0)?,
            register: row.text(1)?.to_owned(),
            id: row.text(2)?.to_owned(),
            version: row.number(3)?,
            face: None,
        };
        Ok((empty, row.text(4)? == Action::Put.word(), row.blob(5)?.to_vec()))
    })?;
    let with_face = |(projected, put, body): (Projected, bool, Vec<u8>)| {
        let declaration = registry.get(&projected.register);
        let face =
            put.then(|| record_of(&body).map(|record| project::face(declaration, &record))).transpose()?;
        Ok(Projected { face, ..projected })
    };
    entries.into_par_iter().map(with_face).collect()
}

/// Adds projected entries to the builders of their registers.
pub(crate) fn index(builders: &mut BTreeMap<String, Builder>, projected: Vec<Projected>) {
    let mut docs: BTreeMap<String, Vec<Doc>> = BTreeMap::new();
    for Projected { seq, register, face, .. } in projected {
        docs.entry(register).or_default().push(Doc { seq, replaces: 0, face });
    }
    for (register, docs) in docs {
        builders.entry(register).or_default().add(&docs);
    }
}

fn outdated(db: &mut Db, registry: &Registry) -> Result<Vec<String>> {
    let made = db.rows("SELECT register, rules FROM indexed ORDER BY register", &[], |row| {
        Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
    })?;
    let changed =
        made.into_iter().filter(|(register, rules)| project::rules(registry.get(register)) != *rules);
    Ok(changed.map(|(register, _)| register).collect())
}

fn set_rules(db: &mut Db, register: &str, rules: &str) -> Result<()> {
    let sql = "INSERT INTO indexed (register, rules) VALUES ($1, $2) ON CONFLICT (register) DO UPDATE SET rules = excluded.rules";
    db.execute(sql, &[register.into(), rules.into()])?;
    Ok(())
}

fn record_row(entry: &Projected) -> Vec<Param<'_>> {
    let live = Param::Int(i64::from(entry.face.is_some()));
    let (register, id) = (entry.register.as_str(), entry.id.as_str());
    vec![entry.seq.into(), register.into(), id.into(), entry.version.into(), live, entry.title().into()]
}
