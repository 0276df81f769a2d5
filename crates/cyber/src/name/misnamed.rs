//! Package URLs of types that no specification knows, or of names that no database knows, as known tools wrote them, and the package they
//! mean. What is read otherwise than it is written is told wherever it is shown; what is not listed here is never guessed.

use super::purl::{Parts, Purl};

/// A type or a name that a tool wrote, and what it means.
#[derive(Debug, PartialEq, Eq)]
pub struct Misnamed {
    /// The type as written.
    pub kind: &'static str,
    /// The type that is meant.
    pub means: &'static str,
    /// The namespace that goes with it, where the written form has none.
    pub namespace: &'static str,
    /// The whole name that a tool wrote, and the name that is meant, where only that name is another one.
    pub name: Option<(&'static str, &'static str)>,
    /// Which tool wrote it.
    pub tool: &'static str,
    /// By what that is known.
    pub evidence: &'static str,
}

/// Every known one.
pub static MISNAMED: [Misnamed; 3] = [
    Misnamed {
        kind: "alpine",
        means: "apk",
        namespace: "alpine",
        name: None,
        tool: "Syft 0.64.0",
        evidence: "pkg:alpine/NAME@VERSION?distro=alpine-… for packages of the apk database; the type is apk (purl-spec, types/apk)",
    },
    Misnamed {
        kind: "dotnet",
        means: "nuget",
        namespace: "",
        name: None,
        tool: "Syft 0.64.0",
        evidence: "pkg:dotnet/NAME@VERSION for entries of .deps.json, which are NuGet packages (purl-spec, types/nuget)",
    },
    Misnamed {
        kind: "golang",
        means: "golang",
        namespace: "",
        name: Some(("std", "stdlib")),
        tool: "cyclonedx-gomod",
        evidence: "pkg:golang/std@VERSION for Go's standard library; advisories name it stdlib (vuln.go.dev, OSV)",
    },
];

/// The package URL that is meant, and why, where one is of a type that a known tool misnamed.
pub fn meant(purl: &Purl) -> Option<(Purl, &'static Misnamed)> {
    let mut parts = purl.parts();
    let known = of_parts(&parts)?;
    take_as_meant(&mut parts);
    Some((Purl::build_lenient(parts).ok()?, known))
}

/// The same for a text. Nearly all are of other types, and are not read for it.
pub fn meant_by(text: &str) -> Option<(Purl, &'static Misnamed)> {
    let kind = text.split_once(':')?.1.trim_start_matches('/').split('/').next()?;
    if MISNAMED.iter().all(|one| !one.kind.eq_ignore_ascii_case(kind)) {
        return None;
    }
    meant(&Purl::parse_lenient(text).ok()?)
}

/// Makes of parts what is meant by them.
pub(crate) fn take_as_meant(parts: &mut Parts<'_>) {
    let Some(known) = of_parts(parts) else { return };
    parts.kind = known.means.into();
    if let Some((_, name)) = known.name {
        parts.name = name.into();
    }
    if parts.namespace.is_empty() {
        parts.namespace = known.namespace.into();
    }
}

fn of_parts(parts: &Parts<'_>) -> Option<&'static Misnamed> {
    let is_name = |written: &str| parts.namespace.is_empty() && parts.name == written;
    MISNAMED.iter().find(|one| one.kind == parts.kind && one.name.is_none_or(|(written, _)| is_name(written)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_a_known_tool_misnamed_is_read_as_what_it_means() {
        for (written, expected) in [
            (
                "pkg:alpine/busybox@1.35.0-r29?distro=alpine-3.17.0",
                Some("pkg:apk/alpine/busybox@1.35.0-r29?distro=alpine-3.17.0"),
            ),
            ("pkg:dotnet/Newtonsoft.Json@12.0.1", Some("pkg:nuget/Newtonsoft.Json@12.0.1")),
            ("pkg:apk/alpine/busybox@1", None),
            ("pkg:python/a@1", None),
            ("pkg://Dotnet/A@1", Some("pkg:nuget/A@1")),
            ("pkg:golang/std@v1.19.3", Some("pkg:golang/stdlib@v1.19.3")),
            ("pkg:golang/example.org/std@v1.19.3", None),
            ("pkg:npm/std@1", None),
        ] {
            let purl = Purl::parse_lenient(written).unwrap();
            assert_eq!(meant(&purl).map(|(meant, _)| meant.to_string()).as_deref(), expected, "{written}");
            assert_eq!(meant_by(written), meant(&purl), "{written}");
        }
    }
}
