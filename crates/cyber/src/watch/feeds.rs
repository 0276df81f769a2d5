//! Evidence that the published sources of vulnerabilities were followed: what is to be followed, how often by the maker's own rhythm, and
//! where the log of checks shows gaps. Checking itself is done elsewhere.

use base::{Names, Source};
use jiff::civil::Date;

use super::rules;

/// A source that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its name in the log: `ipa`.
    pub id: String,
    /// What it is called.
    pub names: Names,
    /// The days between two checks, by the maker's own procedure; no rule seen prints a number.
    pub rhythm: Option<u32>,
    /// Who asks that it be followed, where somebody does.
    pub asked_by: Option<Source>,
}

/// One check of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which.
    pub feed: String,
    /// The day.
    pub on: Date,
    /// How many items it held.
    pub items: u64,
    /// SHA-256 of what was read, where it was kept or read by the program.
    pub hash: Option<String>,
    /// Who or what checked.
    pub by: String,
}

/// What the log shows of one feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The feed.
    pub feed: Feed,
    /// How many checks the log holds.
    pub checks: usize,
    /// The first and the last of them.
    pub span: Option<(Date, Date)>,
    /// Days without a check for longer than the rhythm: the check before, and the one after; none after while it lasts.
    pub gaps: Vec<(Date, Option<Date>)>,
    /// The answer.
    pub followed: Followed,
}

/// Whether a feed was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Followed {
    /// As often as the maker set out to.
    Yes,
    /// Up to now, with gaps before.
    WithGaps,
    /// The next check is overdue.
    Overdue,
    /// The maker has stated no rhythm: that it was checked is all that can be said.
    NoRhythm,
    /// Never checked.
    Never,
}

/// The feeds the notice of 2024-03-28 names; the rhythm is for the maker to state.
pub fn required() -> Vec<Feed> {
    let feed = |id: &str, ja: &str, en: &str| Feed {
        id: id.to_owned(),
        names: Names::of(ja, en),
        rhythm: None,
        asked_by: Some(rules::notice("")),
    };
    vec![
        feed("ipa", "IPA（情報処理推進機構）", "IPA, Information-technology Promotion Agency"),
        feed("jpcert", "JPCERT/CC", "JPCERT/CC"),
    ]
}

/// What a log shows, feed by feed, on a day. Checks of feeds nobody named are shown as well, behind the others.
pub fn evidence(feeds: &[Feed], log: &[Check], today: Date) -> Vec<Evidence> {
    let mut feeds = feeds.to_vec();
    for check in log {
        if !feeds.iter().any(|feed| feed.id == check.feed) {
            let names = Names::of(check.feed.as_str(), check.feed.as_str());
            feeds.push(Feed { id: check.feed.clone(), names, rhythm: None, asked_by: None });
        }
    }
    feeds.into_iter().map(|feed| of_feed(feed, log, today)).collect()
}

fn of_feed(feed: Feed, log: &[Check], today: Date) -> Evidence {
    let mut days: Vec<Date> =
        log.iter().filter(|check| check.feed == feed.id && check.on <= today).map(|check| check.on).collect();
    days.sort_unstable();
    let span = days.first().copied().zip(days.last().copied());
    let mut gaps = Vec::new();
    if let Some(rhythm) = feed.rhythm {
        let longer =
            |from: Date, to: Date| (to - from).get_days() > i32::try_from(rhythm).unwrap_or(i32::MAX);
        gaps.extend(
            days.windows(2).filter(|pair| longer(pair[0], pair[1])).map(|pair| (pair[0], Some(pair[1]))),
        );
        gaps.extend(days.last().filter(|last| longer(**last, today)).map(|last| (*last, None)));
    }
    let followed = match (days.is_empty(), feed.rhythm, gaps.last()) {
        (true, ..) => Followed::Never,
        (false, None, _) => Followed::NoRhythm,
        (false, Some(_), None) => Followed::Yes,
        (false, Some(_), Some((_, None))) => Followed::Overdue,
        (false, Some(_), Some(_)) => Followed::WithGaps,
    };
    Evidence { feed, checks: days.len(), span, gaps, followed }
}

impl Followed {
    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Followed::Yes => Names::of("自社の周期どおり", "as often as the maker set out to"),
            Followed::WithGaps => Names::of("途切れた期間がある", "with gaps"),
            Followed::Overdue => Names::of("次の確認が遅れている", "the next check is overdue"),
            Followed::NoRhythm => Names::of("周期が定められていない", "no rhythm stated"),
            Followed::Never => Names::of("確認の記録がない", "never checked"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn gaps_are_measured_against_the_makers_own_rhythm() {
        let followed = |rhythm: Option<u32>, days: &[i8]| {
            let feed = Feed { rhythm, ..required().remove(0) };
            let log: Vec<Check> = days
                .iter()
                .map(|day| Check {
                    feed: "ipa".into(),
                    on: date(2026, 11, *day),
                    items: 3,
                    hash: None,
                    by: "s".into(),
                })
                .collect();
            let [one] = &evidence(&[feed], &log, date(2026, 11, 28))[..] else { unreachable!("one feed") };
            (one.followed, one.gaps.clone())
        };
        assert_eq!(followed(Some(7), &[]), (Followed::Never, vec![]));
        assert_eq!(followed(Some(7), &[21, 14, 28]), (Followed::Yes, vec![]));
        let gap = (date(2026, 11, 10), Some(date(2026, 11, 25)));
        assert_eq!(followed(Some(7), &[10, 25]), (Followed::WithGaps, vec![gap]));
        assert_eq!(followed(Some(7), &[20]), (Followed::Overdue, vec![(date(2026, 11, 20), None)]));
        assert_eq!(followed(None, &[1, 28]), (Followed::NoRhythm, vec![]));
    }

    #[test]
    fn the_feeds_of_the_notice_are_shown_although_nobody_checked_them() {
        let log = [Check { feed: "osv".into(), on: date(2026, 11, 1), items: 9, hash: None, by: "s".into() }];
        let shown: Vec<(String, Followed)> = evidence(&required(), &log, date(2026, 11, 28))
            .into_iter()
            .map(|one| (one.feed.id, one.followed))
            .collect();
        let never = |id: &str| (id.to_owned(), Followed::Never);
        assert_eq!(shown, [never("ipa"), never("jpcert"), ("osv".to_owned(), Followed::NoRhythm)]);
    }
}
