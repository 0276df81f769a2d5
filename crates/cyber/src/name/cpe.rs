//! CPE names (NISTIR 7695): the formatted string of 2.3 and the URI of 2.2 are read into one form and written as either, or as a well-formed
//! name. How names relate stands in `cpe_matching`; NVD's configurations are evaluated elsewhere.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::cpe_text::{
    from_component, from_uri_component, is_normal, plain, split_unquoted, to_uri_component, to_wfn_value,
};

/// The longest text read as a CPE name, in bytes.
pub const LONGEST_TEXT: usize = 4096;

/// The attributes of a name, in the order of the formatted string (NISTIR 7695, 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// `a` application, `o` operating system, `h` hardware.
    Part,
    /// The maker.
    Vendor,
    /// The product.
    Product,
    /// The version.
    Version,
    /// Update, service pack, point release.
    Update,
    /// Edition, kept from 2.2.
    Edition,
    /// Language tag.
    Language,
    /// How it is tailored to a market.
    SwEdition,
    /// The software it runs on.
    TargetSw,
    /// The instruction set it runs on.
    TargetHw,
    /// Anything else.
    Other,
}

impl Attribute {
    /// Every attribute, in order.
    pub const ALL: [Self; 11] = [
        Self::Part,
        Self::Vendor,
        Self::Product,
        Self::Version,
        Self::Update,
        Self::Edition,
        Self::Language,
        Self::SwEdition,
        Self::TargetSw,
        Self::TargetHw,
        Self::Other,
    ];

    /// Its name in a well-formed name.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 11] = [
            "part",
            "vendor",
            "product",
            "version",
            "update",
            "edition",
            "language",
            "sw_edition",
            "target_sw",
            "target_hw",
            "other",
        ];
        NAMES[self as usize]
    }
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value<'a> {
    /// Any value: `*`.
    Any,
    /// Not applicable: `-`. In a version NVD also writes it where it knows none.
    Na,
    /// A text in lower case as the formatted string writes it: other signs than `.`, `-` and `_` behind a backslash, a bare `*` or `?` at its
    /// ends is a wildcard.
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// Whether a text has wildcards at its ends.
    pub fn has_wildcards(self) -> bool {
        let Value::Text(text) = self else { return false };
        let trailing = text.strip_suffix(['*', '?']).is_some_and(|before| !ends_quoting(before));
        text.starts_with(['*', '?']) || trailing
    }

    /// A text without backslashes, as a person or a version order reads it; `None` for any, not applicable, and texts with wildcards.
    pub fn plain(self) -> Option<Cow<'a, str>> {
        match self {
            Value::Text(text) if !self.has_wildcards() => Some(plain(text)),
            _ => None,
        }
    }
}

/// A CPE name, in lower case, as one formatted string.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpe {
    text: Box<str>,
    /// Where each attribute ends in `text`; a colon stands between two.
    ends: [u16; 11],
}

/// Why a text is no CPE name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CpeError {
    /// Longer than `LONGEST_TEXT`.
    #[error("the CPE name is longer than {LONGEST_TEXT} bytes")]
    TooLong,
    /// Neither binding.
    #[error("a CPE name begins with \"cpe:2.3:\" or \"cpe:/\"")]
    NoPrefix,
    /// Another number of attributes.
    #[error("a CPE name of this binding has {expected} attributes, this one has {found}")]
    Attributes {
        /// How many the binding has.
        expected: &'static str,
        /// How many stand there.
        found: usize,
    },
    /// The part is none of the three.
    #[error("\"{0}\" is no part: a (application), o (operating system) or h (hardware)")]
    Part(String),
    /// An attribute of the formatted string without text.
    #[error("an attribute is empty; \"*\" stands for any value and \"-\" for none")]
    Empty,
    /// A wildcard elsewhere than at the ends.
    #[error("in \"{0}\" a wildcard stands elsewhere than at the ends")]
    Wildcard(String),
    /// A backslash or a percent sign at the end, or wrong digits after it.
    #[error("in \"{0}\" a backslash or percent sign quotes nothing")]
    Quoting(String),
    /// Blanks or control characters.
    #[error("\"{0}\" holds blanks or control characters")]
    Blank(String),
}

impl Cpe {
    /// Reads either binding.
    pub fn parse(text: &str) -> Result<Self, CpeError> {
        if text.len() > LONGEST_TEXT {
            return Err(CpeError::TooLong);
        }
        let begins =
            |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if let Some(name) = Self::of_normal(text) {
            Ok(name)
        } else if begins("cpe:2.3:") {
            Self::parse_formatted(&text["cpe:2.3:".len()..])
        } else if begins("cpe:/") {
            Self::parse_uri(&text["cpe:/".len()..])
        } else {
            Err(CpeError::NoPrefix)
        }
    }

    /// The value of an attribute.
    pub fn get(&self, attribute: Attribute) -> Value<'_> {
        match self.written(attribute as usize) {
            "*" => Value::Any,
            "-" => Value::Na,
            text => Value::Text(text),
        }
    }

    /// Part, vendor and product as one text to be looked up by (`a:vendor:product`); `None` where one of them is open or has wildcards, so that
    /// the name stands for several.
    pub fn product_key(&self) -> Option<&str> {
        let named =
            [Attribute::Part, Attribute::Vendor, Attribute::Product].map(|attribute| self.get(attribute));
        let fixed = named.iter().all(|value| *value != Value::Any && !value.has_wildcards());
        fixed.then(|| &self.text[PREFIX.len()..usize::from(self.ends[Attribute::Product as usize])])
    }

    /// Part, vendor and product as written, whatever they stand for.
    pub(crate) fn product_text(&self) -> &str {
        &self.text[PREFIX.len()..usize::from(self.ends[Attribute::Product as usize])]
    }

    /// Whether everything behind the update is any value, as in nearly all names.
    pub(crate) fn is_open_behind_update(&self) -> bool {
        self.text[usize::from(self.ends[Attribute::Update as usize])..] == *":*:*:*:*:*:*"
    }

    /// The URI of 2.2 (NISTIR 7695, 6.1.2). What 2.2 has no place for is packed into the edition.
    pub fn to_uri(&self) -> String {
        let part = |attribute: Attribute| to_uri_component(self.written(attribute as usize));
        let packed = [
            Attribute::Edition,
            Attribute::SwEdition,
            Attribute::TargetSw,
            Attribute::TargetHw,
            Attribute::Other,
        ];
        let edition = if packed[1..].iter().all(|attribute| self.get(*attribute) == Value::Any) {
            part(Attribute::Edition)
        } else {
            packed.iter().fold(String::new(), |packed, attribute| packed + "~" + &part(*attribute))
        };
        let mut uri = "cpe:/".to_owned();
        for attribute in &Attribute::ALL[..7] {
            let written = if *attribute == Attribute::Edition { &edition } else { &part(*attribute) };
            uri.push_str(written);
            uri.push(':');
        }
        uri.truncate(uri.trim_end_matches(':').len());
        uri
    }

    /// The well-formed name, attributes without restriction left out (NISTIR 7695, 5.4).
    pub fn to_wfn(&self) -> String {
        let values = Attribute::ALL.iter().filter_map(|attribute| match self.get(*attribute) {
            Value::Any => None,
            Value::Na => Some(format!("{}=NA", attribute.name())),
            Value::Text(text) => Some(format!("{}=\"{}\"", attribute.name(), to_wfn_value(text))),
        });
        format!("wfn:[{}]", values.collect::<Vec<_>>().join(","))
    }

    /// The text of an attribute as the formatted string writes it.
    fn written(&self, at: usize) -> &str {
        let start = if at == 0 { PREFIX.len() } else { usize::from(self.ends[at - 1]) + 1 };
        &self.text[start..usize::from(self.ends[at])]
    }

    /// A formatted string that is its own normal form, as nearly all are: taken over as it stands.
    fn of_normal(text: &str) -> Option<Self> {
        let mut ends = [0; 11];
        let mut places = ends.iter_mut();
        let mut end = PREFIX.len();
        for component in split_unquoted(text.strip_prefix(PREFIX)?) {
            if !is_normal(component) {
                return None;
            }
            end += component.len();
            *places.next()? = u16::try_from(end).ok()?;
            end += ":".len();
        }
        if places.next().is_some() {
            return None;
        }
        let name = Self { text: text.into(), ends };
        is_part(name.written(0)).then_some(name)
    }

    /// NISTIR 7695, 6.2.3: unbinding a formatted string.
    fn parse_formatted(rest: &str) -> Result<Self, CpeError> {
        let components: Vec<&str> = split_unquoted(rest).collect();
        if components.len() != 11 {
            return Err(CpeError::Attributes { expected: "11", found: components.len() });
        }
        let mut values = Vec::with_capacity(11);
        for component in components {
            values.push(from_component(component)?);
        }
        Self::of(&values)
    }

    /// NISTIR 7695, 6.1.3: unbinding a URI.
    fn parse_uri(rest: &str) -> Result<Self, CpeError> {
        let components: Vec<&str> = rest.split(':').collect();
        if components.len() > 7 {
            return Err(CpeError::Attributes { expected: "at most 7", found: components.len() });
        }
        let mut values = vec![Cow::Borrowed("*"); 11];
        for (at, component) in components.into_iter().enumerate() {
            match component.strip_prefix('~') {
                Some(packed) if at == Attribute::Edition as usize => unpack(&mut values, packed)?,
                _ => values[at] = from_uri_component(component)?,
            }
        }
        Self::of(&values)
    }

    fn of(values: &[Cow<'_, str>]) -> Result<Self, CpeError> {
        let mut text = PREFIX.to_owned();
        let mut ends = [0; 11];
        for (at, (end, value)) in ends.iter_mut().zip(values).enumerate() {
            text.push_str(if at == 0 { "" } else { ":" });
            text.push_str(value);
            *end = u16::try_from(text.len()).map_err(|_| CpeError::TooLong)?;
        }
        let name = Self { text: text.into_boxed_str(), ends };
        let part = name.written(0);
        if is_part(part) { Ok(name) } else { Err(CpeError::Part(part.to_owned())) }
    }
}

fn is_part(text: &str) -> bool {
    matches!(text, "a" | "o" | "h" | "*" | "-")
}

const PREFIX: &str = "cpe:2.3:";

/// The formatted string of 2.3.
impl fmt::Display for Cpe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl fmt::Debug for Cpe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Cpe({})", self.text)
    }
}

impl FromStr for Cpe {
    type Err = CpeError;

    fn from_str(text: &str) -> Result<Self, CpeError> {
        Self::parse(text)
    }
}

/// Whether the text ends in a backslash that quotes what follows.
pub(super) fn ends_quoting(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// The edition of a URI may hold five attributes behind tildes.
fn unpack(values: &mut [Cow<'_, str>], packed: &str) -> Result<(), CpeError> {
    let places = [
        Attribute::Edition,
        Attribute::SwEdition,
        Attribute::TargetSw,
        Attribute::TargetHw,
        Attribute::Other,
    ];
    let parts: Vec<&str> = packed.split('~').collect();
    if parts.len() != places.len() {
        return Err(CpeError::Attributes { expected: "5 packed", found: parts.len() });
    }
    for (place, part) in places.into_iter().zip(parts) {
        values[place as usize] = Cow::Owned(from_uri_component(part)?.into_owned());
    }
    Ok(())
}
