//! The orders of versions we know, and which ecosystem of OSV and which type of package URL uses which. The orders themselves live beside.

/// An order of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Semantic Versioning 2.0.0 with an optional `v` and missing numbers read as zero: crates.io, Hex, Swift, GitHub Actions, Bitnami.
    SemVer,
    /// npm: semantic, and a pre-release may follow without a hyphen (`1.2.3beta`), as node-semver reads loosely.
    Npm,
    /// Go modules, pseudo-versions included, and the toolchain's `go1.21rc2`.
    Go,
    /// NuGet: up to four numbers, pre-releases without regard to case.
    NuGet,
    /// Pub and Julia: semantic, and builds are ordered too.
    Pub,
    /// PEP 440; older texts are ordered below it as setuptools did before.
    PyPI,
    /// Maven's version order specification.
    Maven,
    /// RubyGems, also CocoaPods.
    RubyGems,
    /// Composer and Packagist: PHP's `version_compare`.
    Composer,
    /// Debian, Ubuntu and their like: deb-version(7).
    Debian,
    /// opam: the characters' order of Debian without epoch and revision.
    Opam,
    /// RPM: epoch, version, release.
    Rpm,
    /// Alpine's apk, also Wolfi and Chainguard.
    Alpine,
    /// R packages (CRAN, Bioconductor): numbers between dots or hyphens, a longer version is later.
    Cran,
    /// Hackage and GHC: numbers between dots, a longer version is later.
    Hackage,
    /// Makers' own numbers, as CPE names and advisories on devices write them: only texts of one shape are ordered.
    Maker,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 16] = [
        Self::SemVer,
        Self::Npm,
        Self::Go,
        Self::NuGet,
        Self::Pub,
        Self::PyPI,
        Self::Maven,
        Self::RubyGems,
        Self::Composer,
        Self::Debian,
        Self::Opam,
        Self::Rpm,
        Self::Alpine,
        Self::Cran,
        Self::Hackage,
        Self::Maker,
    ];

    /// The order in an ecosystem of OSV, which may carry a suffix (`Debian:12`, `Root:Alpine:3.18`). `None` for ecosystems whose order
    /// is not published or not one order (Android, Docker Hardened Images, FreeBSD, OSS-Fuzz, ConanCenter, CleanStart).
    /// Source: OSV schema 1.7, `affected[].package.ecosystem`.
    pub fn of_ecosystem(ecosystem: &str) -> Option<Self> {
        let (name, suffix) =
            ecosystem.split_once(':').map_or((ecosystem, None), |(name, suffix)| (name, Some(suffix)));
        Some(match name {
            "crates.io" | "Hex" | "SwiftURL" | "GitHub Actions" | "Bitnami" | "Kubernetes" | "Linux"
            | "VSCode" => Self::SemVer,
            "npm" => Self::Npm,
            "Go" => Self::Go,
            "NuGet" => Self::NuGet,
            "Pub" | "Julia" => Self::Pub,
            "PyPI" => Self::PyPI,
            "Maven" => Self::Maven,
            "RubyGems" => Self::RubyGems,
            "Packagist" => Self::Composer,
            "Debian" | "Ubuntu" | "Echo" => Self::Debian,
            "opam" => Self::Opam,
            "AlmaLinux" | "Azure Linux" | "Mageia" | "openEuler" | "openSUSE" | "Photon OS" | "Red Hat"
            | "Rocky Linux" | "SUSE" => Self::Rpm,
            "Alpaquita" | "Alpine" | "BellSoft Hardened Containers" | "Chainguard" | "MinimOS" | "Wolfi" => {
                Self::Alpine
            }
            "CRAN" | "Bioconductor" => Self::Cran,
            "Hackage" | "GHC" => Self::Hackage,
            // Makers of fixed packages for other ecosystems: the ecosystem they patch stands in the suffix.
            "Root" | "TuxCare" => return Self::of_ecosystem(suffix?),
            _ => return None,
        })
    }

    /// The order of versions under a type of package URL; `None` for types without one (`generic`, `oci`, `github`).
    pub fn of_purl_type(kind: &str) -> Option<Self> {
        Some(match kind {
            "cargo" | "hex" | "otp" | "swift" | "githubactions" | "bitnami" | "vscode-extension" => {
                Self::SemVer
            }
            "npm" => Self::Npm,
            "golang" => Self::Go,
            "nuget" => Self::NuGet,
            "pub" | "julia" => Self::Pub,
            "pypi" => Self::PyPI,
            "maven" => Self::Maven,
            "gem" | "cocoapods" => Self::RubyGems,
            "composer" => Self::Composer,
            "deb" => Self::Debian,
            "opam" => Self::Opam,
            "rpm" => Self::Rpm,
            "apk" => Self::Alpine,
            "cran" => Self::Cran,
            "hackage" => Self::Hackage,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    #[test]
    fn an_ecosystem_is_known_by_its_name_before_the_suffix() {
        for (ecosystem, scheme) in [
            ("Debian:12", Some(Scheme::Debian)),
            ("Ubuntu:22.04:LTS", Some(Scheme::Debian)),
            ("Alpine:v3.18", Some(Scheme::Alpine)),
            ("Red Hat:rhel_aus:8.4::appstream", Some(Scheme::Rpm)),
            ("Maven:https://repo.example.org/maven", Some(Scheme::Maven)),
            ("Root:Alpine:3.18", Some(Scheme::Alpine)),
            ("Root", None),
            ("Android", None),
            ("debian", None),
        ] {
            assert_eq!(Scheme::of_ecosystem(ecosystem), scheme, "{ecosystem}");
        }
    }
}
