//! Dates of a document in CSAF 2.1: how they are written (6.1.37), and that nothing in a released document is later than its last revision
//! (6.1.45, 6.1.49, 6.1.51, 6.1.52), nor an exploitation later than the information about it (6.1.53).

use super::departure::{DepartureKind as Kind, Found, Late};
use super::view::At;
use crate::document::moment::Moment;

/// Looks at every date.
pub(super) fn check(root: &At<'_>, found: &mut Found) {
    for date in dates(root) {
        if let Some(text) = date.value.as_str().filter(|text| !conforms(text)) {
            found.tell(&date, Kind::DateTime(text.to_owned()));
        }
    }
    for one in root.list("vulnerabilities").flat_map(|one| one.list("first_known_exploitation_dates")) {
        if let (Some(exploited), Some(informed)) = (dated(&one, "exploitation_date"), dated(&one, "date"))
            && exploited.0 > informed.0
        {
            found.tell(&exploited.2, Kind::ExploitationAfterInformation(late(&exploited, &informed)));
        }
    }
    if let Some(last) = released(root) {
        not_after(root, &last, found);
    }
}

/// 2.3: RFC 3339 with capital `T` and `Z`, and without leap seconds.
fn conforms(text: &str) -> bool {
    Moment::of(text).is_some() && !text.contains(['t', 'z']) && text.get(17..19) != Some("60")
}

/// Every value of the format date-time.
fn dates<'a>(root: &At<'a>) -> Vec<At<'a>> {
    let mut dates: Vec<At<'a>> = Vec::new();
    if let Some(tracking) = root.at(&["document", "tracking"]) {
        dates.extend(tracking.get("current_release_date"));
        dates.extend(tracking.at(&["generator", "date"]));
        dates.extend(tracking.get("initial_release_date"));
        dates.extend(tracking.list("revision_history").filter_map(|one| one.get("date")));
    }
    for vulnerability in root.list("vulnerabilities") {
        dates.extend(["disclosure_date", "discovery_date"].iter().filter_map(|name| vulnerability.get(name)));
        for one in vulnerability.list("first_known_exploitation_dates") {
            dates.extend(["date", "exploitation_date"].iter().filter_map(|name| one.get(name)));
        }
        for list in ["flags", "involvements", "remediations", "threats"] {
            dates.extend(vulnerability.list(list).filter_map(|one| one.get("date")));
        }
        for metric in vulnerability.list("metrics") {
            let timestamp = |name| metric.at(&["content", name, "timestamp"]);
            dates.extend(["epss", "ssvc_v2"].into_iter().filter_map(timestamp));
        }
    }
    dates
}

/// A date, as it is written and where.
type Dated<'a> = (Moment, &'a str, At<'a>);

fn dated<'a>(object: &At<'a>, name: &'a str) -> Option<Dated<'a>> {
    let at = object.get(name)?;
    let text = at.value.as_str()?;
    Some((Moment::of(text)?, text, at))
}

fn late(date: &Dated<'_>, last: &Dated<'_>) -> Late {
    Late { date: date.1.to_owned(), last: last.1.to_owned() }
}

/// The date of the newest revision, of a document that is final or interim.
fn released<'a>(root: &At<'a>) -> Option<Dated<'a>> {
    let tracking = root.at(&["document", "tracking"])?;
    let dates = tracking.list("revision_history").filter_map(|one| dated(&one, "date"));
    let last = dates.max_by(|one, other| one.0.cmp(&other.0));
    last.filter(|_| matches!(tracking.text("status"), Some("final" | "interim")))
}

/// 6.1.45, of public documents; 6.1.49, 6.1.51 and 6.1.52.
fn not_after(root: &At<'_>, last: &Dated<'_>, found: &mut Found) {
    let label = root.at(&["document", "distribution", "tlp"]).and_then(|tlp| tlp.text("label"));
    let mut tell = |date: Option<Dated<'_>>, kind: fn(Late) -> Kind| {
        if let Some(date) = date.filter(|date| date.0 > last.0) {
            found.tell(&date.2, kind(late(&date, last)));
        }
    };
    for vulnerability in root.list("vulnerabilities") {
        if label == Some("CLEAR") {
            tell(dated(&vulnerability, "disclosure_date"), Kind::LateDisclosure);
        }
        for content in vulnerability.list("metrics").filter_map(|metric| metric.get("content")) {
            let timestamp = |name| content.get(name).and_then(|object| dated(&object, "timestamp"));
            tell(timestamp("ssvc_v2"), Kind::LateSsvc);
            tell(timestamp("epss"), Kind::LateEpss);
        }
        for one in vulnerability.list("first_known_exploitation_dates") {
            tell(dated(&one, "date"), Kind::LateExploitation);
            tell(dated(&one, "exploitation_date"), Kind::LateExploitation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_with_capitals_and_without_leap_seconds() {
        for text in ["2024-01-24T10:00:00Z", "2024-01-24T10:00:00.123+09:00"] {
            assert!(conforms(text), "{text}");
        }
        for text in [
            "2024-01-24t10:00:00Z",
            "2024-01-24T10:00:00z",
            "2024-01-24 10:00:00Z",
            "2024-01-24T10:00:00",
            "2016-12-31T23:59:60Z",
            "2017-01-01T00:59:60+01:00",
            "2024-02-30T10:00:00Z",
        ] {
            assert!(!conforms(text), "{text}");
        }
    }
}
