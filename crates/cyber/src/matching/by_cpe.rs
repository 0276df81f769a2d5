//! Products looked up in an index by their CPE names: in configurations, and in entries that bear CPE names. Configurations are judged in
//! `configuration`, the versions an entry states in `stated`; how an entry's names and versions go together is decided here.

use super::configuration::{Answer, ConfigurationStep, Prepared};
use super::criteria::Criteria;
use super::installed::{Installed, Name, Surroundings, Written};
use super::judging::{Finding, Judged};
use super::scan::{Wanted, installed, is_told, package_of, surroundings};
use super::stated;
use super::verdict::{Clear, Reason, Verdict};
use crate::advisory::{Advisory, Affected, Configuration, CpeMatch, Joined, Named};
use crate::index::{Concerned, Index, IndexError, Section, Spot};
use crate::name::cpe::{Attribute, Value};

/// How one place of an advisory was judged for a product: the entry, or `None` for the configurations, whose steps are told.
pub type ExplainedProduct = (Option<usize>, Verdict, Vec<ConfigurationStep>);

/// What a place of an advisory says of a product.
enum Said<'a> {
    /// Nothing that is wanted.
    Nothing,
    /// What hangs on what else is installed, which was not told.
    Hanging,
    /// A verdict.
    Found(Box<Finding<'a>>),
}

impl<'a> Index<'a> {
    /// What is said about a product, verdicts that are not wanted left out; in the order of advisories.
    #[cfg(test)]
    pub(super) fn judge_product(
        &self,
        product: &Installed,
        around: &Surroundings,
        wanted: impl Fn(Verdict) -> bool,
    ) -> Result<Vec<Finding<'a>>, IndexError> {
        self.judge_spots(&self.naming_any(product)?, product, around, wanted)
    }

    /// The same for some of the places that name it.
    pub(super) fn judge_spots(
        &self,
        spots: &[Spot],
        product: &Installed,
        around: &Surroundings,
        wanted: impl Fn(Verdict) -> bool,
    ) -> Result<Vec<Finding<'a>>, IndexError> {
        let concerned = Index::concerned(product.cpes());
        let mut found = Vec::new();
        for spot in spots {
            let said = self.judge_spot(*spot, product, Some(around), concerned.as_ref(), &wanted)?;
            if let Said::Found(finding) = said {
                found.push(*finding);
            }
        }
        Ok(found)
    }

    /// What a scan tells of a product wherever it is, and the places whose word hangs on what else is installed.
    pub(super) fn judge_product_anywhere(
        &self,
        product: &Installed,
    ) -> Result<(Vec<Finding<'a>>, Vec<Spot>), IndexError> {
        let concerned = Index::concerned(product.cpes());
        let (mut found, mut hanging) = (Vec::new(), Vec::new());
        for spot in self.naming_any(product)? {
            match self.judge_spot(spot, product, None, concerned.as_ref(), &is_told)? {
                Said::Nothing => {}
                Said::Hanging => hanging.push(spot),
                Said::Found(finding) => found.push(*finding),
            }
        }
        Ok((found, hanging))
    }

    /// Whether a finding's place says the same of another product.
    pub(super) fn says_alike(
        &self,
        finding: &Finding<'a>,
        product: &Installed,
        around: &Surroundings,
    ) -> Result<bool, IndexError> {
        let number = finding.advisory.number;
        let spot = match finding.judged {
            Judged::Product(at, _) | Judged::Package(at, _) => {
                Spot::Entry(number, u32::try_from(at).unwrap_or(u32::MAX))
            }
            Judged::Configurations => Spot::Configurations(number),
        };
        let concerned = Index::concerned(product.cpes());
        let is_same = |verdict| verdict == finding.verdict;
        let said = self.judge_spot(spot, product, Some(around), concerned.as_ref(), &is_same)?;
        Ok(matches!(said, Said::Found(_)))
    }

    fn judge_spot(
        &self,
        spot: Spot,
        product: &Installed,
        around: Option<&Surroundings>,
        concerned: Option<&Concerned>,
        wanted: &impl Fn(Verdict) -> bool,
    ) -> Result<Said<'a>, IndexError> {
        let (number, verdict, judged) = match spot {
            Spot::Configurations(number) => {
                let configurations = match concerned {
                    Some(products) => self.concerning(number, products)?,
                    None => self.configurations(number)?,
                };
                let prepared = Prepared::of_configurations(&configurations);
                if around.is_none() && prepared.looks_around(product) {
                    return Ok(Said::Hanging);
                }
                let verdict = prepared.judge(product, around.unwrap_or(&Surroundings::default()));
                (number, verdict, Judged::Configurations)
            }
            Spot::Entry(number, at) => {
                let advisory = self.advisory(number)?;
                let Some(entry) = advisory.affected.get(at as usize) else { return Ok(Said::Nothing) };
                let verdict = judge_entry(&advisory, entry, product);
                (number, verdict, Judged::Product(at as usize, Box::new(entry.clone())))
            }
        };
        if verdict == Verdict::NotAffected(Clear::NotNamed) || !wanted(verdict) {
            return Ok(Said::Nothing);
        }
        let advisory = self.brief(number)?;
        let withdrawn = Verdict::NotAffected(Clear::Withdrawn);
        let verdict = if advisory.withdrawn.is_some() { withdrawn } else { verdict };
        let finding = Finding { advisory, judged, verdict };
        Ok(if wanted(verdict) { Said::Found(Box::new(finding)) } else { Said::Nothing })
    }

    /// What is said about a component wherever it is, but *not affected*, with the number of the advisory; what hangs on what else is
    /// installed is left out. `false` where it cannot be looked up, as in a scan.
    pub(crate) fn judge_anywhere(
        &self,
        component: &Wanted<'_>,
        tell: &mut dyn FnMut(u32, Verdict),
    ) -> Result<bool, IndexError> {
        let mut asked = false;
        for package in component.purls.iter().filter_map(|purl| package_of(purl).ok()) {
            asked |= self.knows(package.ecosystem())?;
            for found in self.judge_where(&package, is_told)? {
                tell(found.advisory.number, found.verdict);
            }
        }
        let Ok(product) = installed(component) else { return Ok(asked) };
        for found in self.judge_product_anywhere(&product)?.0 {
            tell(found.advisory.number, found.verdict);
        }
        Ok(asked || self.size_of(Section::Cpes) > 0)
    }

    /// The advisories with configurations whose answer may hang on what else is installed.
    pub fn looking_around(&self) -> Result<Vec<u32>, IndexError> {
        let mut found = Vec::new();
        for number in 0..u32::try_from(self.len()).unwrap_or(u32::MAX) {
            let configurations = self.configurations(number)?;
            let looks = |one: &Configuration| {
                let nodes = one.nodes.iter();
                one.negate
                    || one.joined == Joined::And
                    || nodes.clone().any(|node| node.negate || node.joined == Joined::And)
            };
            if configurations.iter().any(looks) {
                found.push(number);
            }
        }
        Ok(found)
    }

    /// How each place where an advisory names a product was judged.
    pub fn explain_product(
        &self,
        product: &Installed,
        around: &Surroundings,
        number: u32,
    ) -> Result<Vec<ExplainedProduct>, IndexError> {
        let advisory = self.advisory(number)?;
        let mut told = Vec::new();
        for spot in self.naming_any(product)? {
            match spot {
                Spot::Configurations(other) if other == number => {
                    if let Some(prepared) = Prepared::of(&advisory) {
                        let (verdict, steps) = prepared.explain(product, around);
                        told.push((None, verdict, steps));
                    }
                }
                Spot::Entry(other, at) if other == number => {
                    let Some(entry) = advisory.affected.get(at as usize) else { continue };
                    told.push((Some(at as usize), judge_entry(&advisory, entry, product), Vec::new()));
                }
                _ => {}
            }
        }
        Ok(told)
    }

    /// The same for a component of a bill by one of its CPE names, as a scan of the bill sees it: with its package URL and version, and with
    /// everything else in the bill around it.
    pub fn explain_in_bill(
        &self,
        components: &[Wanted<'_>],
        name: &str,
        number: u32,
    ) -> Result<Vec<ExplainedProduct>, IndexError> {
        let around = surroundings(components);
        let bearing = components.iter().filter(|one| one.cpes.iter().any(|cpe| cpe == name));
        for product in bearing.filter_map(|one| installed(one).ok()) {
            let judged = self.explain_product(&product, &around, number)?;
            if !judged.is_empty() {
                return Ok(judged);
            }
        }
        Ok(Vec::new())
    }

    fn naming_any(&self, product: &Installed) -> Result<Vec<Spot>, IndexError> {
        let mut spots = Vec::new();
        for cpe in product.cpes() {
            spots.extend(self.naming(cpe)?);
        }
        spots.sort_unstable();
        spots.dedup();
        Ok(spots)
    }
}

fn judge_entry(advisory: &Advisory, entry: &Affected, product: &Installed) -> Verdict {
    let named = NamedEntry::of(advisory, entry);
    named.map_or(Verdict::NotAffected(Clear::NotNamed), |named| named.judge(product))
}

/// An entry of an advisory that bears CPE names, those parsed.
pub(crate) struct NamedEntry {
    withdrawn: bool,
    entry: Affected,
    names: Vec<Criteria>,
}

impl NamedEntry {
    /// Prepares an entry; `None` when it bears no CPE name that can be read.
    pub(crate) fn of(advisory: &Advisory, entry: &Affected) -> Option<Self> {
        let borne = std::iter::once(&entry.name).chain(&entry.also);
        let names: Vec<Criteria> = borne
            .filter_map(|name| match name {
                Named::Cpe(text) => Some(Criteria::of(&CpeMatch {
                    vulnerable: true,
                    criteria: text.clone(),
                    from: None,
                    to: None,
                })),
                _ => None,
            })
            .filter(|criteria| criteria.cpe.is_some())
            .collect();
        let withdrawn = advisory.withdrawn.is_some();
        (!names.is_empty()).then(|| Self { withdrawn, entry: entry.clone(), names })
    }

    /// Whether and why the entry reaches a product: of its names the one that says most decides.
    pub(crate) fn judge(&self, product: &Installed) -> Verdict {
        let pairs =
            self.names.iter().flat_map(|criteria| product.names.iter().map(move |name| (criteria, name)));
        let mut verdict = Verdict::NotAffected(Clear::NotNamed);
        for (criteria, name) in pairs.filter(|(criteria, name)| criteria.names_product(name)) {
            if self.withdrawn {
                return Verdict::NotAffected(Clear::Withdrawn);
            }
            if product.of_distribution {
                return Verdict::Undetermined(Reason::DistributionJudges);
            }
            match (self.judge_named(criteria, name), verdict) {
                (affected @ Verdict::Affected(_), _) => return affected,
                (found, Verdict::NotAffected(_)) if found != Verdict::NotAffected(Clear::NotNamed) => {
                    verdict = found;
                }
                _ => {}
            }
        }
        verdict
    }

    /// The names first, then the versions the entry states; a name that is open leaves open only what the versions do not exclude.
    fn judge_named(&self, criteria: &Criteria, name: &Name) -> Verdict {
        let stated = match (&name.whole, self.says_versions()) {
            (None, true) if criteria.named(name) != Answer::No => Verdict::Undetermined(Reason::VersionOpen),
            (whole, true) => stated::judge(&self.entry, None, whole.as_deref().map(Written::text)),
            // The name itself bears the version, as CSAF's do.
            (_, false) => return of_answer(criteria.answer(name), &self.entry, criteria),
        };
        match (criteria.named(name), stated) {
            (Answer::No, _) => Verdict::NotAffected(Clear::NotNamed),
            (Answer::Open(reason), Verdict::Affected(_)) => Verdict::Undetermined(reason),
            (_, stated) => stated,
        }
    }

    fn says_versions(&self) -> bool {
        let entry = &self.entry;
        let parts = [&entry.cleared, &entry.unknown];
        let said = parts.iter().any(|part| !part.versions.is_empty() || !part.ranges.is_empty());
        said || entry.unread || !entry.versions.is_empty() || !entry.ranges.is_empty()
    }
}

fn of_answer(answer: Answer, entry: &Affected, criteria: &Criteria) -> Verdict {
    let versioned = criteria.cpe.as_ref().is_some_and(|cpe| cpe.get(Attribute::Version) != Value::Any);
    match answer {
        Answer::Yes if versioned => Verdict::Affected(super::verdict::Affects::Named),
        Answer::Yes => stated::judge(entry, None, Some("0")),
        Answer::No => Verdict::NotAffected(Clear::OutsideVersions),
        Answer::Open(reason) => Verdict::Undetermined(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::super::verdict::Affects;
    use super::*;
    use crate::advisory::{cve, nvd};
    use crate::index::build;

    /// Advisory, entry or configurations, verdict.
    fn judged(bytes: &[u8], name: &str) -> Vec<(String, Option<usize>, Verdict)> {
        let whole = format!("cpe:2.3:{name}{}", ":*".repeat(11 - name.split(':').count()));
        let product = Installed::of([whole.as_str()], None, None);
        let index = Index::open(bytes).unwrap();
        let found = index.judge_product(&product, &Surroundings::default(), |_| true).unwrap();
        found.iter().map(|one| (one.advisory.id.to_owned(), one.affected(), one.verdict)).collect()
    }

    fn advisories() -> Vec<u8> {
        let configured = r#"{"id": "CVE-1", "lastModified": "m", "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [
            {"vulnerable": true, "criteria": "cpe:2.3:a:v:app:*:*:*:*:*:*:*:*", "versionEndExcluding": "2"}]}]}]}"#;
        let wild = configured.replace("CVE-1", "CVE-2").replace(":app:", ":app*:");
        let entry = r#"{"cveMetadata": {"cveId": "CVE-3", "state": "PUBLISHED"}, "containers": {"cna": {}, "adp": [{"affected": [
            {"vendor": "v", "product": "app", "cpes": ["cpe:2.3:a:v:app:-:*:*:*:*:wordpress:*:*"], "defaultStatus": "unaffected",
             "versions": [{"version": "1", "lessThan": "3", "status": "affected", "versionType": "custom"}]}]}]}}"#;
        build([
            nvd::read_json(configured.as_bytes()).unwrap().value,
            nvd::read_json(wild.as_bytes()).unwrap().value,
            cve::read_json(entry.as_bytes()).unwrap().value,
        ])
        .unwrap()
    }

    const CONFIGURED: Verdict = Verdict::Affected(Affects::Configured(0));

    #[test]
    fn configurations_and_entries_are_found_by_product() {
        let bytes = advisories();
        let open = Verdict::Undetermined(Reason::NameOverlaps);
        let not = Verdict::NotAffected(Clear::NotConfigured);
        let told = |id: &str, at, verdict| (id.to_owned(), at, verdict);
        assert_eq!(
            judged(&bytes, "a:v:app:1.5"),
            [told("CVE-1", None, CONFIGURED), told("CVE-2", None, CONFIGURED), told("CVE-3", Some(0), open)]
        );
        assert_eq!(
            judged(&bytes, "a:v:app:2.5:*:*:*:*:wordpress"),
            [
                told("CVE-1", None, not),
                told("CVE-2", None, not),
                told("CVE-3", Some(0), Verdict::Affected(Affects::InRange(0))),
            ]
        );
        assert_eq!(judged(&bytes, "a:v:apple:1"), [told("CVE-2", None, CONFIGURED)]);
        assert_eq!(judged(&bytes, "a:w:app:1"), []);
    }

    #[test]
    fn what_versions_exclude_is_excluded_whatever_the_name_leaves_open() {
        let found = judged(&advisories(), "a:v:app:4");
        assert_eq!(found[2].2, Verdict::NotAffected(Clear::OutsideVersions));
    }
}
