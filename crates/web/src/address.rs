//! Addresses: every page is at `/…` in Japanese and at `/en/…` in English, and everything may hang below a prefix. Routes know
//! neither: both are taken off before routing and put on again by [`Addresses`].

use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use base::Lang;

/// The first part of the path of English pages.
const ENGLISH: &str = "/en";

/// What was taken off a request's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The language the path asks for.
    pub(crate) lang: Lang,
}

/// Makes the addresses of pages: a path as routes know it in, an address as browsers ask for it out.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The prefix below which everything hangs.
    pub(crate) prefix: String,
    /// The language of the page that links.
    pub(crate) lang: Lang,
}

impl Addresses {
    /// A page, in the language of this one.
    pub(crate) fn page(&self, path: &str) -> String {
        self.page_in(self.lang, path)
    }
    /// A page in a language.
    pub(crate) fn page_in(&self, lang: Lang, path: &str) -> String {
        let lang = lang.pick("", ENGLISH);
        if lang.is_empty() || path != "/" {
            format!("{}{lang}{path}", self.prefix)
        } else {
            format!("{}{lang}/", self.prefix)
        }
    }
    /// What has no language: assets, the API, health.
    pub(crate) fn plain(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// The address as routes know it, and what was taken off; none where it does not lie below the prefix.
pub(crate) fn take(uri: &Uri, prefix: &str) -> Option<(Uri, Taken)> {
    let below = uri.path().strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
    let (lang, path) = match below.strip_prefix(ENGLISH) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => (Lang::En, rest),
        _ => (Lang::Ja, below),
    };
    let path = if path.is_empty() { "/" } else { path };
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Some((Uri::from_parts(parts).ok()?, Taken { lang }))
}

/// Text as it may stand in a path segment or a query value.
pub(crate) fn escaped(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte.into());
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(uri: &str, prefix: &str) -> Option<(String, Lang)> {
        take(&uri.parse().unwrap(), prefix).map(|(uri, taken)| (uri.to_string(), taken.lang))
    }

    #[test]
    fn prefix_and_language_are_taken_off_a_path() {
        assert_eq!(taken("/", ""), Some(("/".into(), Lang::Ja)));
        assert_eq!(taken("/en", ""), Some(("/".into(), Lang::En)));
        assert_eq!(taken("/en/plan?year=2024", ""), Some(("/plan?year=2024".into(), Lang::En)));
        assert_eq!(taken("/english", ""), Some(("/english".into(), Lang::Ja)));
        assert_eq!(taken("/shirube/en/plan", "/shirube"), Some(("/plan".into(), Lang::En)));
        assert_eq!(taken("/shirubes", "/shirube"), None);
        assert_eq!(taken("/plan", "/shirube"), None);
    }

    #[test]
    fn a_page_has_an_address_in_each_language() {
        let addresses = Addresses { prefix: "/shirube".into(), lang: Lang::En };
        assert_eq!(addresses.page("/plan"), "/shirube/en/plan");
        assert_eq!(addresses.page_in(Lang::Ja, "/plan"), "/shirube/plan");
        assert_eq!(addresses.page("/"), "/shirube/en/");
        assert_eq!(addresses.plain("/assets/a.css"), "/shirube/assets/a.css");
    }
}
