//! What a reader asks of a list, as it stands in the address: words, filters, state, order, page. The same for the list on the
//! page, its downloads and its feed, so that what is downloaded is what is shown.

use base::{FiscalYear, Year};
use register::{Declaration, FieldType};
use store::{Cursor, Query, Sort};

use crate::address::escaped;

/// Sizes of a page that can be chosen; the first is what nobody chose.
pub(super) const SIZES: [usize; 4] = [50, 20, 100, 200];
/// Before the name of a field by which a list is filtered.
const FIELD: &str = "f.";
/// The longest text that is searched, in characters.
const LONGEST: usize = 200;

/// What is asked of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) text: String,
    pub(super) state: String,
    pub(super) filters: Vec<(String, String)>,
    pub(super) sort: Sort,
    pub(super) size: usize,
    pub(super) after: Option<Cursor>,
}

impl Ask {
    /// What an address asks. What it says wrong is left out or, where a field does not exist, refused by the database in words.
    pub(super) fn read(declaration: &Declaration, pairs: &[(String, String)]) -> Self {
        let given = |name: &str| {
            let found = pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.trim());
            found.unwrap_or_default().to_owned()
        };
        let filters = pairs.iter().filter_map(|(key, value)| {
            let (field, value) = (key.strip_prefix(FIELD)?, value.trim());
            (!value.is_empty()).then(|| (field.to_owned(), as_stored(declaration, field, value)))
        });
        let size = given("size").parse().ok().filter(|size| SIZES.contains(size));
        Ask {
            text: given("q").chars().take(LONGEST).collect(),
            state: given("state"),
            filters: filters.collect(),
            sort: sort(&given("sort")),
            size: size.unwrap_or(SIZES[0]),
            after: crate::desk::cursor(Some(given("after"))),
        }
    }

    /// The question to the database.
    pub(super) fn query(&self, declaration: &Declaration) -> Query {
        let said = |text: &String| (!text.is_empty()).then(|| text.clone());
        Query {
            filters: self.filters.clone(),
            state: said(&self.state),
            text: said(&self.text),
            sort: self.sort,
            after: self.after.clone(),
            limit: self.size,
            ..Query::of(declaration.id.clone())
        }
    }

    /// The value a filter has.
    pub(super) fn filter(&self, field: &str) -> Option<&str> {
        self.filters.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Whether the list is narrowed at all.
    pub(super) fn narrows(&self) -> bool {
        !self.text.is_empty() || !self.state.is_empty() || !self.filters.is_empty()
    }

    /// The query of an address that asks the same, from another place on; with the leading `?` unless empty.
    pub(super) fn address(&self, after: Option<&Cursor>) -> String {
        let mut pairs = vec![("q".to_owned(), self.text.clone()), ("state".to_owned(), self.state.clone())];
        pairs.extend(self.filters.iter().map(|(field, value)| (format!("{FIELD}{field}"), value.clone())));
        if self.sort != Sort::default() {
            pairs.push(("sort".to_owned(), sort_word(self.sort).to_owned()));
        }
        if self.size != SIZES[0] {
            pairs.push(("size".to_owned(), self.size.to_string()));
        }
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.0.clone())));
        pairs.retain(|(_, value)| !value.is_empty());
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

/// The name that a filter has in an address.
pub(super) fn parameter(field: &str) -> String {
    format!("{FIELD}{field}")
}

/// An order as addresses write it.
pub(super) fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Id => "id",
        Sort::Title => "title",
        Sort::Newest => "newest",
    }
}

fn sort(word: &str) -> Sort {
    [Sort::Title, Sort::Newest].into_iter().find(|sort| sort_word(*sort) == word).unwrap_or_default()
}

/// A value as lists are filtered by it: years are western however they were written.
fn as_stored(declaration: &Declaration, field: &str, value: &str) -> String {
    let kind = declaration.fields.get(field).map(|field| &field.kind);
    let western = match kind {
        Some(FieldType::FiscalYear) => value.parse::<FiscalYear>().ok().map(FiscalYear::western),
        Some(FieldType::Year) => value.parse::<Year>().ok().map(Year::western),
        _ => None,
    };
    western.map_or_else(|| value.to_owned(), |year| year.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declaration() -> Declaration {
        let text = r#"
            id = "thing"
            name = { ja = "物", en = "things" }
            about = { ja = "物", en = "things" }
            spec = "N"
            source = { document = "001" }
            title = "name"
            [fields]
            name = { type = "text", label = { ja = "名", en = "name" } }
            year = { type = "fiscal-year", label = { ja = "年度", en = "year" }, filter = true }
        "#;
        Declaration::parse("thing.toml", text).unwrap()
    }

    fn ask(pairs: &[(&str, &str)]) -> Ask {
        let pairs: Vec<_> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Ask::read(&declaration(), &pairs)
    }

    #[test]
    fn an_address_asks_again_what_it_asked() {
        let asked =
            ask(&[("q", "機器 R6"), ("f.year", "2024"), ("sort", "newest"), ("size", "20"), ("after", "7")]);
        let address = asked.address(asked.after.as_ref());
        assert_eq!(address, "?q=%E6%A9%9F%E5%99%A8%20R6&f.year=2024&sort=newest&size=20&after=7");
        assert_eq!(ask(&[]).address(None), "");
    }

    #[test]
    fn a_year_can_be_written_in_either_calendar() {
        for year in ["2024", "令和6年度", "R6", "FY2024"] {
            assert_eq!(ask(&[("f.year", year)]).filter("year"), Some("2024"), "{year}");
        }
    }

    #[test]
    fn sizes_and_orders_that_do_not_exist_are_the_usual_ones() {
        let asked = ask(&[("size", "1000000"), ("sort", "sideways")]);
        assert_eq!((asked.size, asked.sort), (50, Sort::Id));
    }
}
