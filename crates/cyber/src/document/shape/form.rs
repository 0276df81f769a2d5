//! Forms of texts that no short pattern can say: dates, addresses, numbers of XML. Each cites its source.

use std::collections::HashSet;
use std::sync::OnceLock;

use regex::Regex;

/// A form of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// RFC 3339 date-time, with its zone.
    DateTime,
    /// RFC 3339 full-date.
    Date,
    /// RFC 3987 IRI reference.
    IriReference,
    /// RFC 3986 URI.
    Uri,
    /// RFC 6531 mail address.
    Email,
    /// An SPDX id of a licence or exception, of the list beside this file.
    Licence,
    /// XML Schema dateTime: the zone may be missing.
    XmlDateTime,
    /// XML Schema date.
    XmlDate,
    /// XML Schema anyURI.
    XmlUri,
    /// XML Schema boolean.
    XmlBoolean,
    /// XML Schema integer.
    XmlInteger,
    /// XML Schema decimal.
    XmlDecimal,
    /// XML Schema base64Binary.
    XmlBase64,
}

impl Form {
    pub(crate) fn named(name: &str) -> Option<Form> {
        Some(match name {
            "date-time" => Form::DateTime,
            "date" => Form::Date,
            "iri-reference" => Form::IriReference,
            "uri" => Form::Uri,
            "idn-email" => Form::Email,
            "licence-id" => Form::Licence,
            "xml-date-time" => Form::XmlDateTime,
            "xml-date" => Form::XmlDate,
            "xml-uri" => Form::XmlUri,
            "xml-boolean" => Form::XmlBoolean,
            "xml-integer" => Form::XmlInteger,
            "xml-decimal" => Form::XmlDecimal,
            "xml-base64" => Form::XmlBase64,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Form::DateTime => "date-time (RFC 3339)",
            Form::Date => "date (RFC 3339)",
            Form::IriReference => "IRI reference (RFC 3987)",
            Form::Uri => "URI (RFC 3986)",
            Form::Email => "mail address",
            Form::Licence => "SPDX licence id",
            Form::XmlDateTime => "dateTime",
            Form::XmlDate => "date",
            Form::XmlUri => "anyURI",
            Form::XmlBoolean => "boolean",
            Form::XmlInteger => "integer",
            Form::XmlDecimal => "decimal",
            Form::XmlBase64 => "base64",
        }
    }

    /// Whether a text has this form.
    pub(crate) fn holds(self, text: &str) -> bool {
        match self {
            Form::DateTime => {
                captures(regexes().date_time.as_ref(), text).is_some_and(|found| real_moment(&found, false))
            }
            Form::XmlDateTime => captures(regexes().xml_date_time.as_ref(), text)
                .is_some_and(|found| real_moment(&found, true)),
            Form::Date => captures(regexes().date.as_ref(), text).is_some_and(|found| real_day(&found)),
            Form::XmlDate => {
                captures(regexes().xml_date.as_ref(), text).is_some_and(|found| real_day(&found))
            }
            Form::IriReference => is_iri_reference(text),
            Form::Uri => text.is_ascii() && has_scheme(text) && is_iri_reference(text),
            Form::Email => is_email(text),
            Form::Licence => is_licence(text),
            Form::XmlUri => is_iri_reference(&escaped(text)),
            Form::XmlBoolean => matches!(text, "true" | "false" | "1" | "0"),
            Form::XmlInteger => {
                let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            }
            Form::XmlDecimal => {
                let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
                let digits = rest.bytes().filter(u8::is_ascii_digit).count();
                digits > 0
                    && rest.bytes().filter(|byte| *byte == b'.').count() == rest.len() - digits
                    && rest.len() - digits <= 1
            }
            Form::XmlBase64 => {
                text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/= \t\r\n".contains(&byte))
            }
        }
    }
}

/// Whether a text is an id of the SPDX licence list (3.28.0, as CycloneDX publishes it, exceptions included).
pub(crate) fn is_licence(text: &str) -> bool {
    static LICENCES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LICENCES.get_or_init(|| include_str!("../licences.txt").lines().collect()).contains(text)
}

/// The patterns of moments and days. They are constants, which the tests below compile.
struct Regexes {
    date_time: Option<Regex>,
    xml_date_time: Option<Regex>,
    date: Option<Regex>,
    xml_date: Option<Regex>,
}

fn regexes() -> &'static Regexes {
    static REGEXES: OnceLock<Regexes> = OnceLock::new();
    const DAY: &str = "(?<m>[0-9]{2})-(?<d>[0-9]{2})";
    const CLOCK: &str = r"(?<h>[0-9]{2}):(?<i>[0-9]{2}):(?<s>[0-9]{2})(?:\.[0-9]+)?";
    const ZONE: &str = "(?<zs>[+-])(?<zh>[0-9]{2}):(?<zm>[0-9]{2})";
    const YEAR: &str = "(?<y>[0-9]{4})";
    const XML_YEAR: &str = "-?(?<y>[1-9][0-9]{4,}|[0-9]{4})";
    REGEXES.get_or_init(|| Regexes {
        date_time: Regex::new(&format!("^{YEAR}-{DAY}[Tt]{CLOCK}(?:[zZ]|{ZONE})$")).ok(),
        xml_date_time: Regex::new(&format!("^{XML_YEAR}-{DAY}T{CLOCK}(?:Z|{ZONE})?$")).ok(),
        date: Regex::new(&format!("^{YEAR}-{DAY}$")).ok(),
        xml_date: Regex::new(&format!("^{XML_YEAR}-{DAY}(?:Z|{ZONE})?$")).ok(),
    })
}

fn captures<'t>(regex: Option<&Regex>, text: &'t str) -> Option<regex::Captures<'t>> {
    regex.and_then(|regex| regex.captures(text))
}

fn number(found: &regex::Captures<'_>, name: &str) -> u32 {
    found.name(name).and_then(|text| text.as_str().parse().ok()).unwrap_or(0)
}

fn real_day(found: &regex::Captures<'_>) -> bool {
    let (year, month, day) = (number(found, "y"), number(found, "m"), number(found, "d"));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn real_moment(found: &regex::Captures<'_>, xml: bool) -> bool {
    let (hour, minute, second) = (number(found, "h"), number(found, "i"), number(found, "s"));
    let (zone_hour, zone_minute) = (number(found, "zh"), number(found, "zm"));
    let in_clock = hour < 24 && minute < 60 && second < 60;
    // XML Schema knows 24:00:00 and zones up to 14:00; RFC 3339 knows leap seconds, which fall on 23:59:60 UTC.
    let special = if xml {
        hour == 24 && minute == 0 && second == 0
    } else {
        let offset = (i64::from(zone_hour) * 60 + i64::from(zone_minute))
            * if found.name("zs").is_some_and(|s| s.as_str() == "-") { -1 } else { 1 };
        let utc = (i64::from(hour) * 60 + i64::from(minute) - offset).rem_euclid(24 * 60);
        second == 60 && minute < 60 && hour < 24 && utc == 23 * 60 + 59
    };
    let zone = if xml {
        zone_hour < 14 && zone_minute < 60 || zone_hour == 14 && zone_minute == 0
    } else {
        zone_hour < 24 && zone_minute < 60
    };
    real_day(found) && (in_clock || special) && zone
}

/// RFC 3987 2.2, read part by part: scheme, authority, path, query, fragment.
fn is_iri_reference(text: &str) -> bool {
    let allowed = |c: char| match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' => true,
        c if c.is_ascii() => "-._~:/?#[]@!$&'()*+,;=%".contains(c),
        c => !c.is_control(),
    };
    if !text.chars().all(allowed) || !escapes_are_whole(text) {
        return false;
    }
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if fragment.contains(['#', '[', ']']) || query.contains(['[', ']']) {
        return false;
    }
    let after_scheme =
        if has_scheme(path) { path.split_once(':').map_or(path, |(_, rest)| rest) } else { path };
    if after_scheme.len() == path.len() && path.split('/').next().is_some_and(|first| first.contains(':')) {
        return false;
    }
    match after_scheme.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            is_authority(authority) && !path.contains(['[', ']'])
        }
        None => !after_scheme.contains(['[', ']']),
    }
}

fn has_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn is_authority(authority: &str) -> bool {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(literal) = host.strip_prefix('[') {
        let Some((address, port)) = literal.split_once(']') else { return false };
        let future = address.starts_with(['v', 'V']) && address.contains('.');
        let port_fits = port.is_empty()
            || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
        return port_fits && (future || address.parse::<core::net::Ipv6Addr>().is_ok());
    }
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    !name.contains(['[', ']', '@']) && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn escapes_are_whole(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// XML Schema 1.0 part 2, 3.2.17: what a URI may not hold is escaped before it is looked at.
fn escaped(text: &str) -> String {
    text.trim().chars().filter(|c| !" \t\r\n<>\"{}|\\^`".contains(*c) && !c.is_control()).collect()
}

/// One `@` between a local part and a host, neither empty, without blanks; RFC 6531 lets all other characters in.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let quoted = name.len() > 2 && name.starts_with('"') && name.ends_with('"');
    let plain = !name.is_empty()
        && name.split('.').all(|part| !part.is_empty())
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || "()<>[]:;@\\,\"".contains(c));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii())
    };
    let literal = host.starts_with('[') && host.ends_with(']');
    (quoted || plain) && (literal || host.split('.').all(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(form: Form, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!(form.holds(text), "{form:?} should hold for {text}");
        }
        for text in wrong {
            assert!(!form.holds(text), "{form:?} should not hold for {text}");
        }
    }

    #[test]
    fn a_moment_is_a_real_one_with_its_zone() {
        sorted(
            Form::DateTime,
            &["2020-04-13T20:20:39+00:00", "2024-02-29T23:59:60Z", "2020-04-13t20:20:39.123z"],
            &[
                "2020-04-13",
                "2023-02-29T00:00:00Z",
                "2020-04-13T20:20:39",
                "2020-13-01T00:00:00Z",
                "2020-04-13T25:00:00Z",
                "last week",
            ],
        );
        sorted(
            Form::XmlDateTime,
            &["2020-04-13T20:20:39", "2020-04-13T24:00:00Z", "2020-04-13T20:20:39-14:00"],
            &["2020-04-13t20:20:39z", "2020-04-13", "2020-02-30T00:00:00Z"],
        );
        sorted(Form::XmlDate, &["2020-04-13", "2020-04-13Z"], &["2020-4-13", "2020-04-31"]);
    }

    #[test]
    fn an_address_is_read_part_by_part() {
        sorted(
            Form::IriReference,
            &[
                "https://例え.jp/道?q=1#f",
                "../a/b",
                "",
                "urn:uuid:1",
                "pkg:npm/%40a/b@1",
                "http://[::1]:80/x",
                "git@host",
                "a/b:c",
            ],
            &["http://a b", "a%zz", "http://[::1", "1a:b", "x#y#z", "{id}"],
        );
        sorted(
            Form::Email,
            &["a@b", "山田@例え.jp", "a.b+c@d-e.f"],
            &["a", "a@", "@b", "a b@c", "a@b@c", "a@-b"],
        );
    }

    #[test]
    fn numbers_of_xml_are_told_apart() {
        sorted(Form::XmlInteger, &["1", "-1", "+007"], &["", "1.0", "-", "1e3"]);
        sorted(Form::XmlDecimal, &["1", "-.5", "1."], &["", ".", "1.2.3", "1e3", "NaN"]);
        sorted(Form::XmlBoolean, &["true", "0"], &["True", "yes"]);
        sorted(Form::Licence, &["MIT", "Apache-2.0"], &["mit", "Apache 2.0"]);
    }
}
