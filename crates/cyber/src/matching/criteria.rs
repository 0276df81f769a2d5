//! One criteria of a configuration against one CPE name of something installed: yes, no, or open and why (NISTIR 7696, with NVD's bounds on
//! versions). How criteria are joined stands in `configuration`.

use std::cmp::Ordering;
use std::sync::Arc;

use super::configuration::Answer;
use super::installed::{Name, Written, language_of_target, product_hash};
use super::verdict::Reason;
use crate::advisory::{CpeMatch, Inclusion};
use crate::name::cpe::{Attribute, Cpe, Value};
use crate::name::cpe_matching::{Relation, relation};
use crate::version::{Scheme, Version};

/// Criteria, their name parsed and their bounds read once.
#[derive(Clone, Debug)]
pub(super) struct Criteria {
    pub(super) vulnerable: bool,
    /// `None` when the name cannot be read.
    pub(super) cpe: Option<Cpe>,
    /// The hash of its product, where it names one alone.
    product: Option<u64>,
    scheme: Scheme,
    bounds: Vec<Bound>,
}

/// How an installed version stands to the one that criteria name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Same,
    Different,
    /// Both are versions, of shapes that no order tells apart.
    Unordered,
}

#[derive(Clone, Debug)]
struct Bound {
    version: Arc<Written>,
    inclusion: Inclusion,
    /// What lies within is not before it, rather than not behind it.
    from: bool,
}

impl Criteria {
    pub(super) fn of(published: &CpeMatch) -> Self {
        let cpe = Cpe::parse(&published.criteria).ok();
        let texts = [&published.from, &published.to];
        let of_target = cpe.as_ref().and_then(|cpe| scheme_of_target(cpe.get(Attribute::TargetSw)));
        let reads = |scheme: &Scheme| {
            texts
                .iter()
                .all(|side| side.as_ref().is_none_or(|(text, _)| Version::parse(*scheme, text).is_some()))
        };
        let scheme = of_target.filter(reads).unwrap_or(Scheme::Maker);
        let bounds = texts.into_iter().zip([true, false]).filter_map(|(side, from)| {
            let (text, inclusion) = side.as_ref()?;
            Some(Bound { version: Written::of(text), inclusion: *inclusion, from })
        });
        let product = cpe.as_ref().and_then(product_hash);
        Self { vulnerable: published.vulnerable, bounds: bounds.collect(), cpe, product, scheme }
    }

    /// Whether the names may be of one product: neither part, vendor nor product excludes it.
    pub(super) fn names_product(&self, name: &Name) -> bool {
        self.cpe.as_ref().is_some_and(|cpe| {
            // Nearly all names name one product alone: then the texts decide.
            match self.product.zip(name.product) {
                Some(_) => self.is_of_product(cpe, name),
                None => cpe.may_share_product(&name.cpe),
            }
        })
    }

    /// Both name one product alone, the same.
    fn is_of_product(&self, cpe: &Cpe, name: &Name) -> bool {
        self.product.is_some()
            && self.product == name.product
            && cpe.product_text() == name.cpe.product_text()
    }

    /// Everything but the version.
    pub(super) fn named(&self, name: &Name) -> Answer {
        self.cpe.as_ref().map_or(Answer::Open(Reason::PartUnread), |cpe| self.named_by(cpe, name))
    }

    fn named_by(&self, cpe: &Cpe, name: &Name) -> Answer {
        let nothing_else = cpe.is_open_behind_update() && name.cpe.is_open_behind_update();
        if nothing_else && self.is_of_product(cpe, name) { Answer::Yes } else { named(cpe, name) }
    }

    pub(super) fn answer(&self, name: &Name) -> Answer {
        let Some(cpe) = &self.cpe else { return Answer::Open(Reason::PartUnread) };
        let named = self.named_by(cpe, name);
        if named == Answer::No { named } else { named.and(self.version(cpe, name)) }
    }

    /// The version with its update.
    fn version(&self, cpe: &Cpe, name: &Name) -> Answer {
        let (version, update) = (cpe.get(Attribute::Version), cpe.get(Attribute::Update));
        let within =
            self.bounds.iter().fold(Answer::Yes, |so_far, bound| so_far.and(self.bounded(bound, name)));
        match version {
            Value::Any => within.and(updated(update, name)),
            // "Not applicable" by the book; NVD writes it also where it knows no version.
            Value::Na if name.cpe.get(Attribute::Version) == Value::Na => within.and(updated(update, name)),
            Value::Na => within.and(Answer::Open(Reason::VersionOpen)),
            _ if name.version.is_none() => within.and(Answer::Open(Reason::VersionOpen)),
            Value::Text(_) => match version.plain() {
                Some(text) => within.and(self.exactly(&text, update, name)),
                None => within.and(patterned(version, name)).and(updated(update, name)),
            },
        }
    }

    fn bounded(&self, bound: &Bound, name: &Name) -> Answer {
        let Some(whole) = name.whole.as_deref() else { return Answer::Open(Reason::VersionOpen) };
        let order = if whole.text().eq_ignore_ascii_case(bound.version.text()) {
            Ordering::Equal
        } else if bound.from && bound.inclusion == Inclusion::Including && bound.version.text() == "0" {
            // What begins with 0 begins with the first version, however that is written.
            Ordering::Greater
        } else {
            let read = bound.version.in_scheme(self.scheme);
            let Some(version) = read else { return Answer::Open(Reason::BoundUnreadable) };
            let own = whole.in_scheme(self.scheme);
            let Some(own) = own else { return Answer::Open(Reason::VersionUnreadable) };
            let Some(order) = own.order(&version) else { return Answer::Open(Reason::ShapesDiffer) };
            order
        };
        let inside = match order {
            Ordering::Equal => bound.inclusion == Inclusion::Including,
            order => order.is_gt() == bound.from,
        };
        Answer::of(inside)
    }

    /// The criteria name one version.
    fn exactly(&self, text: &str, update: Value<'_>, name: &Name) -> Answer {
        let (Some(own), Some(whole)) = (name.version.as_deref(), name.whole.as_deref()) else {
            return Answer::Open(Reason::VersionOpen);
        };
        match update {
            Value::Any => match self.compare(own, text) {
                Compared::Same => Answer::Yes,
                _ if self.compare(whole, text) == Compared::Same => Answer::Yes,
                // `1.0.2-beta1` may be what the criteria call version 1.0.2, update beta1.
                _ if has_word_appended(own.text(), text) => Answer::Open(Reason::VersionOpen),
                unequal => unequal.answer(),
            },
            Value::Na => match self.compare(own, text) {
                Compared::Same if name.stated => Answer::Yes,
                Compared::Same => updated(update, name),
                unequal => unequal.answer(),
            },
            Value::Text(_) => {
                let Some(update) = update.plain() else { return Answer::Open(Reason::NameOverlaps) };
                let joined = format!("{text}-{update}");
                let compared = self.compare(whole, &joined);
                let plain = own.text() == whole.text() && !name.stated;
                if compared != Compared::Same
                    && plain
                    && name.cpe.get(Attribute::Update) == Value::Any
                    && self.compare(own, text) == Compared::Same
                {
                    Answer::Open(Reason::VersionOpen)
                } else {
                    compared.answer()
                }
            }
        }
    }

    /// Texts that differ name different versions (NISTIR 7696), unless both are versions that no order tells apart.
    fn compare(&self, own: &Written, text: &str) -> Compared {
        if own.text().eq_ignore_ascii_case(text) {
            return Compared::Same;
        }
        let both = own.in_scheme(self.scheme).zip(Version::parse(self.scheme, text));
        match both.map(|(own, version)| own.order(&version)) {
            Some(Some(Ordering::Equal)) => Compared::Same,
            Some(None) => Compared::Unordered,
            None | Some(Some(_)) => Compared::Different,
        }
    }
}

impl Compared {
    fn answer(self) -> Answer {
        match self {
            Compared::Same => Answer::Yes,
            Compared::Different => Answer::No,
            Compared::Unordered => Answer::Open(Reason::ShapesDiffer),
        }
    }
}

/// All attributes but version and update.
fn named(cpe: &Cpe, name: &Name) -> Answer {
    let mut answer = Answer::Yes;
    for attribute in Attribute::ALL {
        if matches!(attribute, Attribute::Version | Attribute::Update) {
            continue;
        }
        let (asked, own) = (cpe.get(attribute), name.cpe.get(attribute));
        answer = answer.and(match relation(asked, own) {
            Relation::Equal | Relation::Superset => Answer::Yes,
            Relation::Disjoint => return Answer::No,
            Relation::Subset if attribute == Attribute::TargetSw => targeted(asked, name),
            Relation::Subset | Relation::Undefined => Answer::Open(Reason::NameOverlaps),
        });
    }
    answer
}

/// The criteria name the software it runs on, the component's own name does not: its package URL may tell.
fn targeted(asked: Value<'_>, name: &Name) -> Answer {
    let Value::Text(target) = asked else { return Answer::Open(Reason::NameOverlaps) };
    match (language_of_target(target), name.language) {
        (Some((asked, _)), Some(own)) if asked != own => Answer::No,
        (Some((_, true)), Some(_)) => Answer::Yes,
        _ => Answer::Open(Reason::NameOverlaps),
    }
}

fn updated(asked: Value<'_>, name: &Name) -> Answer {
    match relation(asked, name.cpe.get(Attribute::Update)) {
        Relation::Equal | Relation::Superset => Answer::Yes,
        Relation::Disjoint => Answer::No,
        Relation::Subset | Relation::Undefined => Answer::Open(Reason::VersionOpen),
    }
}

/// The criteria's version has wildcards.
fn patterned(asked: Value<'_>, name: &Name) -> Answer {
    match relation(asked, name.cpe.get(Attribute::Version)) {
        Relation::Superset | Relation::Equal => Answer::Yes,
        Relation::Disjoint if matches!(name.cpe.get(Attribute::Version), Value::Text(_)) => Answer::No,
        _ => Answer::Open(Reason::VersionOpen),
    }
}

/// `1.0.2-beta1` is `1.0.2` with a word behind it.
fn has_word_appended(own: &str, text: &str) -> bool {
    let rest =
        own.get(..text.len()).filter(|start| start.eq_ignore_ascii_case(text)).map(|_| &own[text.len()..]);
    let word = rest.and_then(|rest| rest.strip_prefix(['-', '_', ' ', '+', '.']));
    word.is_some_and(|word| word.starts_with(|letter: char| letter.is_ascii_alphabetic()))
}

/// The order of versions where the criteria say for which packages they speak. Not PHP's: there `8` lies before `8.0.0`, and NVD's names leave
/// zeros out.
fn scheme_of_target(target: Value<'_>) -> Option<Scheme> {
    let Value::Text(target) = target else { return None };
    match language_of_target(target)? {
        ("node.js", true) => Some(Scheme::Npm),
        ("python", true) => Some(Scheme::PyPI),
        ("ruby", true) => Some(Scheme::RubyGems),
        ("go", true) => Some(Scheme::Go),
        ("rust", true) => Some(Scheme::SemVer),
        (".net", true) => Some(Scheme::NuGet),
        ("java", true) => Some(Scheme::Maven),
        _ => None,
    }
}
