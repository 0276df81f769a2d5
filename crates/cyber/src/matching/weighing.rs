//! How grave a finding is, as far as the data at hand tell: severities as published, known exploitation, likelihood of exploitation.

use base::{Missing, Reported};

use super::judging::Finding;
use crate::advisory::kev::Ransomware;
use crate::index::{Index, IndexError, Section};
use crate::severity::{Exploited, Gravity, Likelihood};

/// Whose catalogue of exploited vulnerabilities an index holds.
const CATALOGUE: &str = "CISA KEV";

impl Finding<'_> {
    /// What all sources at hand say of it.
    pub fn gravity(&self, index: &Index<'_>) -> Result<Gravity, IndexError> {
        let severities = self.severities();
        let mut gravity = Gravity::of(severities.iter().map(|severity| (self.advisory.id, severity)));
        let advisory = &self.advisory;
        let ids = || std::iter::once(&advisory.id).chain(&advisory.aliases).chain(&advisory.upstream);
        gravity.exploited = index.exploited(ids().copied())?;
        gravity.likelihood = index.likelihood(ids().copied())?;
        Ok(gravity)
    }
}

impl Index<'_> {
    /// The first of some ids that is known to be exploited. Ids that are no CVE are passed over: both lists know these alone.
    pub fn exploited<'c>(
        &self,
        ids: impl IntoIterator<Item = &'c str>,
    ) -> Result<Reported<Exploited>, IndexError> {
        let mut found = none_of(self.size_of(Section::Kev));
        for cve in ids.into_iter().filter(|id| is_cve(id)) {
            let Some(known) = self.exploitation(cve)? else { continue };
            found = Reported::Value(Exploited {
                source: CATALOGUE.to_owned(),
                cve: cve.to_owned(),
                since: known.added,
                ransomware: match known.ransomware {
                    Ransomware::Known => Some(true),
                    Ransomware::Unknown | Ransomware::NotSaid => None,
                },
            });
            break;
        }
        Ok(found)
    }

    /// The highest likelihood among some ids.
    pub fn likelihood<'c>(
        &self,
        ids: impl IntoIterator<Item = &'c str>,
    ) -> Result<Reported<Likelihood>, IndexError> {
        let mut found = none_of(self.size_of(Section::Epss));
        for cve in ids.into_iter().filter(|id| is_cve(id)) {
            let Some(forecast) = self.forecast(cve)? else { continue };
            if found.value().is_none_or(|before: &Likelihood| before.probability < forecast.score) {
                found = Reported::Value(Likelihood {
                    cve: cve.to_owned(),
                    probability: forecast.score,
                    percentile: forecast.percentile,
                    day: forecast.date,
                });
            }
        }
        Ok(found)
    }
}

/// Looked for and not there, or no data to look in.
fn none_of<T>(size: usize) -> Reported<T> {
    Reported::missing(if size == 0 { Missing::Unknown } else { Missing::None })
}

fn is_cve(id: &str) -> bool {
    id.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("CVE-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::{epss, kev, osv};
    use crate::index::{About, Block, Builder};
    use crate::matching::{Package, package_of};

    fn judged(with_lists: bool) -> Gravity {
        let record = r#"{"id": "GHSA-1", "modified": "m", "aliases": ["CVE-2026-0001"],
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "affected": [{"package": {"ecosystem": "PyPI", "name": "a"}, "versions": ["1"]}]}"#;
        let mut builder = Builder::default();
        builder.add(Block::of(vec![osv::read_json(record.as_bytes()).unwrap().value], 0));
        if with_lists {
            let listed = r#"{"vulnerabilities": [{"cveID": "CVE-2026-0001", "dateAdded": "2026-01-02", "knownRansomwareCampaignUse": "Known"}]}"#;
            builder.exploited(&kev::read_json(listed.as_bytes()).unwrap().value);
            builder.predicted(
                &epss::read_csv(
                    b"#model_version:v1,score_date:2026-01-03\ncve,epss,percentile\nCVE-2026-0001,0.75,0.9\n",
                )
                .unwrap()
                .value,
            );
        }
        let bytes = builder.finish(&About::default()).unwrap();
        let index = Index::open(&bytes).unwrap();
        let package: Package = package_of("pkg:pypi/a@1").unwrap();
        index.judge(&package).unwrap()[0].gravity(&index).unwrap()
    }

    #[test]
    fn an_alias_leads_to_both_lists_and_is_named() {
        let gravity = judged(true);
        let exploited = gravity.exploited.value().unwrap();
        assert_eq!((exploited.cve.as_str(), exploited.ransomware), ("CVE-2026-0001", Some(true)));
        assert_eq!(gravity.likelihood.value().unwrap().percentile, Some(0.9));
        assert_eq!(gravity.highest().unwrap().1.score.to_string(), "9.8");
    }

    #[test]
    fn without_lists_nothing_is_known() {
        let gravity = judged(false);
        assert_eq!(gravity.exploited.reason(), Some(Missing::Unknown));
        assert_eq!(gravity.likelihood.reason(), Some(Missing::Unknown));
    }
}
