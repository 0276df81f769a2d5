//! What is installed, as CPE names tell it: one component with its names, and the surroundings it runs in, prepared once for a whole bill.
//! Which criteria fit them is decided in `criteria` and `configuration`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::xxh3_64;

use crate::name::cpe::{Attribute, Cpe, Value};
use crate::name::purl::Purl;
use crate::version::{Scheme, Version};

/// One component with all its CPE names.
#[derive(Clone, Debug, Default)]
pub struct Installed {
    pub(super) names: Vec<Name>,
    /// It is a distribution's package.
    pub(super) of_distribution: bool,
}

/// A CPE name of something installed, its version read once.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) cpe: Cpe,
    /// The hash of its product, where it names one alone.
    pub(super) product: Option<u64>,
    /// The version without its update.
    pub(super) version: Option<Arc<Written>>,
    /// The version joined with its update, as `1.0.2-beta1`.
    pub(super) whole: Option<Arc<Written>>,
    /// The bill itself states the version, so that nothing is left open behind it.
    pub(super) stated: bool,
    /// The language of the component's package, told by its package URL.
    pub(super) language: Option<&'static str>,
}

/// A version as it is written, read as a maker's own once it is first compared: most names are never asked about.
#[derive(Debug)]
pub(super) struct Written {
    text: Box<str>,
    read: OnceLock<Option<Version>>,
}

/// Everything else in the bill that bears a CPE name: operating systems, hardware, other components.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    names: Vec<Name>,
    by_product: HashMap<Box<str>, Vec<usize>>,
    /// Names that stand for several products.
    open: Vec<usize>,
    /// The families of all operating systems; `None` for one we do not know.
    systems: Vec<Option<&'static str>>,
    complete: bool,
}

impl Installed {
    /// A component by its CPE names (those that cannot be read are left out), the version its bill states, and its package URL.
    pub fn of<'a>(
        cpes: impl IntoIterator<Item = &'a str>,
        version: Option<&str>,
        purl: Option<&Purl>,
    ) -> Self {
        Self::named(cpes.into_iter().filter_map(|text| Cpe::parse(text).ok()), version, purl)
    }

    /// The same by names that were read.
    pub(super) fn named(
        names: impl IntoIterator<Item = Cpe>,
        version: Option<&str>,
        purl: Option<&Purl>,
    ) -> Self {
        let language = purl.and_then(|purl| language_of_type(purl.kind()));
        let names = names.into_iter();
        Self {
            names: names.map(|cpe| Name::of(cpe, version, language)).collect(),
            of_distribution: purl.is_some_and(|purl| matches!(purl.kind(), "deb" | "rpm" | "apk" | "alpm")),
        }
    }

    /// Its CPE names.
    pub fn cpes(&self) -> impl Iterator<Item = &Cpe> {
        self.names.iter().map(|name| &name.cpe)
    }

    /// Whether it is a distribution's package, which CPE names must not judge (docs/design/0009-cyber.md, decision 7).
    pub fn is_of_distribution(&self) -> bool {
        self.of_distribution
    }
}

impl Name {
    fn of(cpe: Cpe, stated: Option<&str>, language: Option<&'static str>) -> Self {
        let stated = stated.filter(|text| !text.is_empty());
        let (version, whole) = match cpe.get(Attribute::Version) {
            Value::Any | Value::Na => {
                let version = stated.map(Written::of);
                (version.clone(), version)
            }
            value @ Value::Text(_) => {
                let version = value.plain().map(|version| Written::of(&version));
                let whole = match (&version, cpe.get(Attribute::Update).plain()) {
                    (Some(version), Some(update)) => {
                        Some(Written::of(&format!("{}-{update}", version.text())))
                    }
                    (version, _) => version.clone(),
                };
                (version, whole)
            }
        };
        let stated = stated.is_some() && stated == whole.as_deref().map(Written::text);
        let product = product_hash(&cpe);
        Self { cpe, product, version, whole, stated, language }
    }
}

impl Written {
    pub(super) fn of(text: &str) -> Arc<Self> {
        Arc::new(Self { text: text.into(), read: OnceLock::new() })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The version it is in a scheme.
    pub(super) fn in_scheme(&self, scheme: Scheme) -> Option<Cow<'_, Version>> {
        match scheme {
            Scheme::Maker => {
                self.read.get_or_init(|| Version::parse(scheme, &self.text)).as_ref().map(Cow::Borrowed)
            }
            scheme => Version::parse(scheme, &self.text).map(Cow::Owned),
        }
    }
}

impl Surroundings {
    /// The surroundings by their CPE names, each with the version its bill states. `complete` when the bill says of itself that nothing is
    /// missing: then what it does not name is not there.
    pub fn of<'a>(names: impl IntoIterator<Item = (&'a str, Option<&'a str>)>, complete: bool) -> Self {
        let mut all = Self { complete, ..Self::default() };
        for (text, version) in names {
            if let Ok(cpe) = Cpe::parse(text) {
                all.add(Name::of(cpe, version, None));
            }
        }
        all
    }

    fn add(&mut self, name: Name) {
        let at = self.names.len();
        match name.cpe.product_key() {
            Some(key) => match self.by_product.get_mut(key) {
                Some(places) => places.push(at),
                None => drop(self.by_product.insert(key.into(), vec![at])),
            },
            None => self.open.push(at),
        }
        if name.cpe.get(Attribute::Part) == Value::Text("o") {
            self.systems.push(system_family(&name.cpe));
        }
        self.names.push(name);
    }

    /// The names that may be what the criteria ask for.
    pub(super) fn candidates(&self, criteria: &Cpe) -> impl Iterator<Item = &Name> {
        let key = criteria.product_key();
        let fixed = key.and_then(|key| self.by_product.get(key)).map_or(&[][..], Vec::as_slice);
        let open = if key.is_some() { &self.open[..] } else { &[] };
        let all = if key.is_some() { &[][..] } else { &self.names[..] };
        fixed.iter().chain(open).map(|at| &self.names[*at]).chain(all)
    }

    /// Whether something that is there means that what the criteria ask for is not: a complete bill, or operating systems of other families.
    pub(super) fn contradict(&self, criteria: &Cpe) -> bool {
        if self.complete {
            return true;
        }
        let Some(asked) = system_family(criteria) else { return false };
        criteria.get(Attribute::Part) == Value::Text("o")
            && !self.systems.is_empty()
            && self.systems.iter().all(|system| system.is_some_and(|family| family != asked))
    }
}

/// What names that name one product alone are told apart by; `None` for those that stand for several.
pub(super) fn product_hash(cpe: &Cpe) -> Option<u64> {
    cpe.product_key().map(|key| xxh3_64(key.as_bytes()))
}

/// Operating systems that exclude each other; those not listed exclude nothing.
pub(crate) fn system_family(cpe: &Cpe) -> Option<&'static str> {
    let text = |attribute| match cpe.get(attribute) {
        Value::Text(text) => Some(text),
        _ => None,
    };
    let (vendor, product) = (text(Attribute::Vendor)?, text(Attribute::Product)?);
    match (vendor, product) {
        ("microsoft", product) if product.starts_with("windows") => Some("windows"),
        ("apple", "macos" | "mac_os" | "mac_os_x") => Some("macos"),
        ("apple", "iphone_os" | "ipados") => Some("ios"),
        ("freebsd", "freebsd") => Some("freebsd"),
        ("linux", "linux_kernel")
        | ("google", "android")
        | ("debian", "debian_linux")
        | ("canonical", "ubuntu_linux")
        | ("redhat", "enterprise_linux")
        | ("fedoraproject", "fedora")
        | ("alpinelinux", "alpine_linux") => Some("linux"),
        _ => None,
    }
}

/// The language a package is written for, by the type of its package URL.
fn language_of_type(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "npm" => "node.js",
        "pypi" => "python",
        "gem" => "ruby",
        "golang" => "go",
        "cargo" => "rust",
        "composer" => "php",
        "nuget" => ".net",
        "maven" => "java",
        "cpan" => "perl",
        _ => return None,
    })
}

/// The language a `target_sw` stands for, and whether it says no more than that (`wordpress` is PHP, but not all PHP is WordPress).
pub(super) fn language_of_target(target: &str) -> Option<(&'static str, bool)> {
    Some(match target {
        "node.js" | "nodejs" => ("node.js", true),
        "python" => ("python", true),
        "ruby" | "gem" => ("ruby", true),
        "go" | "golang" => ("go", true),
        "rust" => ("rust", true),
        "php" => ("php", true),
        ".net" => (".net", true),
        "maven" | "java" => ("java", true),
        "perl" => ("perl", true),
        "rails" => ("ruby", false),
        "jenkins" => ("java", false),
        "wordpress" | "drupal" | "joomla\\!" | "mediawiki" | "craft_cms" => ("php", false),
        _ => return None,
    })
}
