//! The ministry marks at the end of a measure: `[文、◎厚、◎経]`. Several may carry ◎. The documents give no
//! legend for ◎, so it is kept "as printed" and nowhere called more than a mark.

use base::Names;
use serde::Serialize;

/// One ministry of a mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mark {
    /// The abbreviation, or the name, as printed.
    pub ministry: String,
    /// It is printed with ◎.
    pub lead: bool,
}

/// The marks of a measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// The whole mark as printed; empty where there is none.
    pub as_printed: String,
    /// The ministries in it.
    pub ministries: Vec<Mark>,
    /// Parts of the mark that name no ministry we know.
    pub unknown: Vec<String>,
}

/// Abbreviation, full name, English name. The abbreviations are those in common use between ministries; the
/// full names are the official ones.
const MINISTRIES: [(&str, &str, &str); 17] = [
    ("内", "内閣府", "Cabinet Office"),
    ("官", "内閣官房", "Cabinet Secretariat"),
    ("総", "総務省", "Ministry of Internal Affairs and Communications"),
    ("法", "法務省", "Ministry of Justice"),
    ("外", "外務省", "Ministry of Foreign Affairs"),
    ("財", "財務省", "Ministry of Finance"),
    ("文", "文部科学省", "Ministry of Education, Culture, Sports, Science and Technology"),
    ("厚", "厚生労働省", "Ministry of Health, Labour and Welfare"),
    ("農", "農林水産省", "Ministry of Agriculture, Forestry and Fisheries"),
    ("経", "経済産業省", "Ministry of Economy, Trade and Industry"),
    ("国", "国土交通省", "Ministry of Land, Infrastructure, Transport and Tourism"),
    ("環", "環境省", "Ministry of the Environment"),
    ("防", "防衛省", "Ministry of Defense"),
    ("警", "警察庁", "National Police Agency"),
    ("消", "消費者庁", "Consumer Affairs Agency"),
    ("復", "復興庁", "Reconstruction Agency"),
    ("デ", "デジタル庁", "Digital Agency"),
];

/// Middle forms between abbreviation and full name.
const SHORT_NAMES: [(&str, &str); 6] = [
    ("内閣", "内閣府"),
    ("文科省", "文部科学省"),
    ("厚労省", "厚生労働省"),
    ("農水省", "農林水産省"),
    ("経産省", "経済産業省"),
    ("国交省", "国土交通省"),
];

impl Marks {
    /// Marks that a reader has already taken apart.
    pub fn listed(as_printed: String, ministries: Vec<Mark>) -> Self {
        let unknown = ministries.iter().filter(|mark| full_name(&mark.ministry).is_none());
        let unknown = unknown.map(|mark| mark.ministry.clone()).collect();
        Marks { as_printed, ministries, unknown }
    }
    /// The full names of the ministries with ◎, sorted.
    pub fn leads(&self) -> Vec<String> {
        self.full_names(true)
    }
    /// The full names of all ministries, sorted.
    pub fn all(&self) -> Vec<String> {
        self.full_names(false)
    }
    /// The same marks, whatever the order of printing.
    pub fn same_as(&self, other: &Marks) -> bool {
        self.leads() == other.leads() && self.all() == other.all()
    }

    fn full_names(&self, only_leads: bool) -> Vec<String> {
        let chosen = self.ministries.iter().filter(|mark| mark.lead || !only_leads);
        let full = chosen
            .map(|mark| full_name(&mark.ministry).map_or_else(|| mark.ministry.clone(), |names| names.ja));
        let mut names: Vec<String> = full.collect();
        names.sort();
        names.dedup();
        names
    }
}

/// Reads a mark such as `[文、◎厚、◎経]`, `（厚、経）` or `◎厚・経`, in any width.
pub fn parse(as_printed: &str) -> Marks {
    let folded = base::text::fold_width(as_printed);
    let inner = folded.trim().trim_matches(['[', ']', '(', ')', '【', '】', '〔', '〕']);
    let mut marks = Marks { as_printed: as_printed.to_owned(), ..Marks::default() };
    for part in inner.split(['、', ',', '・', '/', '，']).map(str::trim).filter(|part| !part.is_empty()) {
        let (lead, name) = match part.strip_prefix(['◎', '⊚', '◉']) {
            Some(rest) => (true, rest.trim()),
            None => (false, part),
        };
        if full_name(name).is_none() {
            marks.unknown.push(part.to_owned());
        }
        marks.ministries.push(Mark { ministry: name.to_owned(), lead });
    }
    marks
}

/// The full name behind an abbreviation or a short name; `None` if it is none that we know.
pub fn full_name(name: &str) -> Option<Names> {
    let key = base::text::name_key(name);
    let key = SHORT_NAMES.iter().find(|(short, _)| *short == key).map_or(key.as_str(), |(_, full)| full);
    let (_, full, en) =
        MINISTRIES.iter().find(|(abbreviation, full, _)| *abbreviation == key || *full == key)?;
    Some(Names::of(*full, *en))
}

/// The legend of abbreviations, for display beside a table.
pub fn legend() -> impl Iterator<Item = (&'static str, Names)> {
    MINISTRIES.iter().map(|(abbreviation, ja, en)| (*abbreviation, Names::of(*ja, *en)))
}

/// Whether two names, in whatever form, are one ministry.
pub fn same(a: &str, b: &str) -> bool {
    match (full_name(a), full_name(b)) {
        (Some(a), Some(b)) => a == b,
        _ => base::text::name_key(a) == base::text::name_key(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_ministries_may_lead() {
        let marks = parse("[文、◎厚、◎経]");
        assert_eq!(marks.leads(), ["厚生労働省", "経済産業省"]);
        assert_eq!(marks.all(), ["厚生労働省", "文部科学省", "経済産業省"]);
        assert!(marks.unknown.is_empty());
    }

    #[test]
    fn full_width_marks_and_short_names_are_read() {
        assert!(parse("［◎厚，経］").same_as(&parse("[経、◎厚労省]")));
        assert!(!parse("[◎厚、経]").same_as(&parse("[◎厚、◎経]")));
    }

    #[test]
    fn an_unknown_abbreviation_is_reported_and_kept() {
        let marks = parse("[◎厚、◎鉄]");
        assert_eq!(marks.unknown, ["◎鉄"]);
        assert_eq!(marks.ministries.len(), 2);
    }

    #[test]
    fn no_mark_is_no_ministry() {
        assert_eq!(parse("").ministries, []);
        assert_eq!(parse("[]").ministries, []);
    }

    #[test]
    fn abbreviations_are_unambiguous() {
        for (index, (abbreviation, ..)) in MINISTRIES.iter().enumerate() {
            assert!(MINISTRIES.iter().skip(index + 1).all(|(other, ..)| other != abbreviation));
        }
    }
}
