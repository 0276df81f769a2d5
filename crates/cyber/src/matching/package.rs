//! A component as the advisories of ecosystems name packages: which ecosystem, which name there, which release of a distribution.
//! Package URLs are parsed elsewhere (`name::purl`).

use std::borrow::Cow;

use crate::version::{Scheme, Version};

/// A package with the version that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    ecosystem: Cow<'static, str>,
    name: String,
    version: Option<String>,
    parsed: Option<Version>,
}

/// The decoded parts of a package URL that say which package it is.
pub struct Parts<'a> {
    /// The type, in lowercase.
    pub kind: &'a str,
    /// The namespace, its segments between slashes.
    pub namespace: Option<&'a str>,
    /// The name.
    pub name: &'a str,
    /// The version.
    pub version: Option<&'a str>,
    /// A qualifier's value.
    pub qualifier: &'a dyn Fn(&str) -> Option<String>,
}

/// How an advisory's package relates to a component's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    Other,
    ReleaseUnknown,
    OtherRepository,
}

impl Parts<'_> {
    /// The ecosystem of OSV, with its release where that is known; `None` for types of which no ecosystem speaks.
    pub fn ecosystem(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match self.kind {
            "cargo" => "crates.io",
            "npm" => "npm",
            "golang" => "Go",
            "pypi" => "PyPI",
            "maven" => "Maven",
            "gem" => "RubyGems",
            "nuget" => "NuGet",
            "composer" => "Packagist",
            "hex" => "Hex",
            "pub" => "Pub",
            "cran" => "CRAN",
            "hackage" => "Hackage",
            "opam" => "opam",
            "julia" => "Julia",
            "conan" => "ConanCenter",
            "bitnami" => "Bitnami",
            "swift" => "SwiftURL",
            "githubactions" => "GitHub Actions",
            "vscode-extension" => "VSCode",
            _ if self.is_of_distribution() => return distribution(self).map(Cow::Owned),
            _ => return None,
        }))
    }

    fn is_of_distribution(&self) -> bool {
        matches!(self.kind, "deb" | "apk" | "rpm")
    }
}

impl Package {
    /// A package of an ecosystem of OSV, with the suffix where the release is known (`Debian:12`).
    pub fn new(ecosystem: &str, name: &str, version: Option<&str>) -> Self {
        Self::of(ecosystem.to_owned().into(), name, version)
    }

    fn of(ecosystem: Cow<'static, str>, name: &str, version: Option<&str>) -> Self {
        let version = version.filter(|version| !version.is_empty());
        let scheme = Scheme::of_ecosystem(&ecosystem);
        Self {
            name: normal_name(base(&ecosystem), name),
            version: version.map(str::to_owned),
            parsed: scheme.zip(version).and_then(|(scheme, text)| Version::parse(scheme, text)),
            ecosystem,
        }
    }

    /// The package a package URL names; `None` for types whose packages no ecosystem of OSV speaks of.
    pub fn of_parts(parts: &Parts<'_>) -> Option<Self> {
        Some(Self::in_ecosystem(parts.ecosystem()?, parts))
    }

    /// The same where the ecosystem of the parts is known already.
    pub(super) fn in_ecosystem(ecosystem: Cow<'static, str>, parts: &Parts<'_>) -> Self {
        if parts.is_of_distribution() {
            return Self::of_distribution(parts, ecosystem);
        }
        let full = |separator: &str| match parts.namespace {
            Some(namespace) if !namespace.is_empty() => {
                format!("{namespace}{separator}{}", parts.name).into()
            }
            _ => Cow::Borrowed(parts.name),
        };
        let name = match parts.kind {
            "npm" | "golang" | "composer" | "hex" | "githubactions" => full("/"),
            "maven" => full(":"),
            "swift" => format!("https://{}", full("/")).into(),
            "vscode-extension" => full("."),
            _ => Cow::Borrowed(parts.name),
        };
        Self::of(ecosystem, &name, parts.version)
    }

    /// Distributions speak of source packages: the qualifier `upstream` names it where tools know it, as `name` or `name@version`.
    fn of_distribution(parts: &Parts<'_>, ecosystem: Cow<'static, str>) -> Self {
        let source = (parts.qualifier)("upstream").filter(|source| !source.is_empty());
        let epoch = (parts.qualifier)("epoch").filter(|_| parts.kind == "rpm");
        let version = parts.version.map(|version| match &epoch {
            Some(epoch) if !version.contains(':') => format!("{epoch}:{version}"),
            _ => version.to_owned(),
        });
        let name = source
            .as_deref()
            .filter(|_| parts.kind != "rpm")
            .map_or(parts.name, |source| source.split_once('@').map_or(source, |(name, _)| name));
        Self::of(ecosystem, name, version.as_deref())
    }

    /// The ecosystem with its suffix where that is known.
    pub fn ecosystem(&self) -> &str {
        &self.ecosystem
    }

    /// The name in the normal form of its ecosystem.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ecosystem without suffix and the name: what an index looks up.
    pub fn key(&self) -> (&str, &str) {
        (base(&self.ecosystem), &self.name)
    }

    /// The version as written.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The version, when it is one of its ecosystem.
    pub fn parsed(&self) -> Option<&Version> {
        self.parsed.as_ref()
    }

    /// Whether an advisory on this ecosystem and (already equal) name speaks of this package. An advisory without suffix speaks of
    /// every release.
    pub(super) fn relation(&self, ecosystem: &str) -> Relation {
        if self.ecosystem == ecosystem {
            return Relation::Same;
        }
        let (own, theirs) = (base(&self.ecosystem), base(ecosystem));
        match (suffix(&self.ecosystem), suffix(ecosystem)) {
            _ if own != theirs => Relation::Other,
            (_, Some(_)) if has_repositories(own) => Relation::OtherRepository,
            (_, None) => Relation::Same,
            (None, Some(_)) => Relation::ReleaseUnknown,
            // Ubuntu's paid updates replace packages of the same release; no package URL tells who receives them.
            (Some(release), Some(named)) if named.strip_prefix("Pro:") == Some(release) => {
                Relation::ReleaseUnknown
            }
            (Some(_), Some(_)) => Relation::Other,
        }
    }
}

/// An ecosystem's name without its suffix.
pub(crate) fn base(ecosystem: &str) -> &str {
    ecosystem.split_once(':').map_or(ecosystem, |(name, _)| name)
}

fn suffix(ecosystem: &str) -> Option<&str> {
    ecosystem.split_once(':').map(|(_, suffix)| suffix)
}

/// Ecosystems whose suffix is the address of a repository, not a release (OSV schema, "Defined ecosystems").
fn has_repositories(ecosystem: &str) -> bool {
    matches!(ecosystem, "Maven" | "Packagist" | "VSCode")
}

/// The form in which names of an ecosystem are compared. PyPI: PEP 503. Go: package URLs are written in lowercase by their specification
/// while module paths keep their case, so that case can tell nothing.
pub(super) fn normal_name(ecosystem: &str, name: &str) -> String {
    match ecosystem {
        "PyPI" => {
            let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
            words.join("-").to_lowercase()
        }
        "Go" | "NuGet" | "Packagist" | "GitHub Actions" | "VSCode" | "Hex" | "SwiftURL" => {
            name.to_lowercase()
        }
        _ => name.to_owned(),
    }
}

/// The ecosystem of a distribution's package, with the release when the qualifier `distro` tells it (`debian-12`, `alpine-3.18.4`).
/// `None` for distributions without an ecosystem, or whose suffix no package URL tells (Red Hat's are product streams).
fn distribution(parts: &Parts<'_>) -> Option<String> {
    let said = (parts.qualifier)("distro").unwrap_or_default().to_lowercase();
    let release = release_of(&said);
    let named = match (parts.kind, parts.namespace.unwrap_or_default()) {
        ("deb", "debian") => ("Debian", debian_release(release)),
        ("deb", "ubuntu") => ("Ubuntu", ubuntu_release(release)),
        ("apk", "alpine") => ("Alpine", branch(release).map(|branch| format!("v{branch}"))),
        ("apk", "wolfi") => ("Wolfi", None),
        ("apk", "chainguard") => ("Chainguard", None),
        ("apk", "minimos") => ("MinimOS", None),
        ("rpm", "almalinux" | "alma") => ("AlmaLinux", major(release)),
        ("rpm", "rocky" | "rocky-linux" | "rockylinux") => ("Rocky Linux", major(release)),
        ("rpm", "mageia") => ("Mageia", major(release)),
        ("rpm", "photon") => ("Photon OS", branch(release)),
        ("rpm", "azurelinux" | "mariner") => ("Azure Linux", major(release)),
        ("rpm", "redhat" | "rhel") => ("Red Hat", None),
        ("rpm", "opensuse") => ("openSUSE", None),
        ("rpm", "suse" | "sles") => ("SUSE", None),
        ("rpm", "openeuler") => ("openEuler", None),
        _ => return None,
    };
    Some(match named {
        (name, Some(release)) => format!("{name}:{release}"),
        (name, None) => name.to_owned(),
    })
}

/// What stands behind the distribution's name: `debian-12` → `12`; a bare release is taken as it is.
fn release_of(said: &str) -> &str {
    said.rsplit_once('-').map_or(said, |(_, release)| release)
}

fn major(release: &str) -> Option<String> {
    let number = release.split('.').next().unwrap_or_default();
    is_number(number).then(|| number.to_owned())
}

fn branch(release: &str) -> Option<String> {
    let mut numbers = release.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    (is_number(major) && is_number(minor)).then(|| format!("{major}.{minor}"))
}

/// Debian's releases by number or series name (distro-info-data).
fn debian_release(release: &str) -> Option<String> {
    const SERIES: [(&str, &str); 9] = [
        ("wheezy", "7"),
        ("jessie", "8"),
        ("stretch", "9"),
        ("buster", "10"),
        ("bullseye", "11"),
        ("bookworm", "12"),
        ("trixie", "13"),
        ("forky", "14"),
        ("sid", "sid"),
    ];
    let named = SERIES.iter().find(|(series, _)| *series == release).map(|(_, number)| (*number).to_owned());
    named.or_else(|| major(release))
}

/// Ubuntu's April releases of even years are kept long, and OSV marks them so.
fn ubuntu_release(release: &str) -> Option<String> {
    let release = branch(release)?;
    let (year, month) = release.split_once('.')?;
    let even = year.parse::<u32>().is_ok_and(|year| year % 2 == 0);
    Some(if even && month == "04" { format!("{release}:LTS") } else { release })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(
        kind: &str,
        namespace: &str,
        name: &str,
        qualifiers: &[(&str, &str)],
    ) -> Option<(String, String)> {
        let qualifier = |key: &str| {
            qualifiers.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned())
        };
        let parts =
            Parts { kind, namespace: Some(namespace), name, version: Some("1.0"), qualifier: &qualifier };
        Package::of_parts(&parts).map(|found| (found.ecosystem().to_owned(), found.name().to_owned()))
    }

    #[test]
    fn a_package_url_names_the_package_as_advisories_do() {
        for (kind, namespace, name, qualifiers, expected) in [
            ("golang", "github.com/Foo", "Bar", &[][..], Some(("Go", "github.com/foo/bar"))),
            ("pypi", "", "Zope.Interface_x", &[], Some(("PyPI", "zope-interface-x"))),
            ("maven", "org.a", "b", &[], Some(("Maven", "org.a:b"))),
            ("npm", "@a", "b", &[], Some(("npm", "@a/b"))),
            (
                "deb",
                "debian",
                "libssl1.1",
                &[("distro", "debian-11"), ("upstream", "openssl@1.1.1n-0")],
                Some(("Debian:11", "openssl")),
            ),
            ("deb", "debian", "curl", &[("distro", "bookworm")], Some(("Debian:12", "curl"))),
            ("deb", "debian", "curl", &[], Some(("Debian", "curl"))),
            ("deb", "ubuntu", "curl", &[("distro", "ubuntu-22.04")], Some(("Ubuntu:22.04:LTS", "curl"))),
            ("deb", "ubuntu", "curl", &[("distro", "ubuntu-23.10")], Some(("Ubuntu:23.10", "curl"))),
            ("apk", "alpine", "zlib", &[("distro", "3.18.4")], Some(("Alpine:v3.18", "zlib"))),
            ("rpm", "rocky", "zlib", &[("distro", "rocky-8.9")], Some(("Rocky Linux:8", "zlib"))),
            ("rpm", "redhat", "zlib", &[("distro", "rhel-8.9")], Some(("Red Hat", "zlib"))),
            ("generic", "", "node", &[], None),
        ] {
            let found = package(kind, namespace, name, qualifiers);
            let found = found.as_ref().map(|(ecosystem, name)| (ecosystem.as_str(), name.as_str()));
            assert_eq!(found, expected, "{kind} {name}");
        }
    }

    #[test]
    fn a_distribution_speaks_of_its_own_releases_only() {
        let relation = |own: &str, theirs: &str| Package::new(own, "a", None).relation(theirs);
        assert_eq!(relation("Debian:11", "Debian:11"), Relation::Same);
        assert_eq!(relation("Debian:11", "Debian"), Relation::Same);
        assert_eq!(relation("Debian:11", "Debian:12"), Relation::Other);
        assert_eq!(relation("Debian", "Debian:12"), Relation::ReleaseUnknown);
        assert_eq!(relation("Ubuntu:18.04:LTS", "Ubuntu:Pro:18.04:LTS"), Relation::ReleaseUnknown);
        assert_eq!(relation("Debian:11", "Ubuntu:22.04:LTS"), Relation::Other);
        assert_eq!(relation("Maven", "Maven:https://maven.example.org"), Relation::OtherRepository);
        assert_eq!(relation("Maven:https://maven.example.org", "Maven"), Relation::Same);
    }
}
