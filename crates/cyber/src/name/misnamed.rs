//! Package URLs of types that no specification knows, as known tools wrote them, and the package they mean. What is read otherwise than it is
//! written is told wherever it is shown; a type that is not listed here is never guessed.

use super::purl::{Parts, Purl};

/// A type that a tool wrote, and what it means.
#[derive(Debug, PartialEq, Eq)]
pub struct Misnamed {
    /// The type as written.
    pub kind: &'static str,
    /// The type that is meant.
    pub means: &'static str,
    /// The namespace that goes with it, where the written form has none.
    pub namespace: &'static str,
    /// Which tool wrote it.
    pub tool: &'static str,
    /// By what that is known.
    pub evidence: &'static str,
}

/// Every known one.
pub static MISNAMED: [Misnamed; 2] = [
    Misnamed {
        kind: "alpine",
        means: "apk",
        namespace: "alpine",
        tool: "Syft 0.64.0",
        evidence: "pkg:alpine/NAME@VERSION?distro=alpine-… for packages of the apk database; the type is apk (purl-spec, types/apk)",
    },
    Misnamed {
        kind: "dotnet",
        means: "nuget",
        namespace: "",
        tool: "Syft 0.64.0",
        evidence: "pkg:dotnet/NAME@VERSION for entries of .deps.json, which are NuGet packages (purl-spec, types/nuget)",
    },
];

/// The package URL that is meant, and why, where one is of a type that a known tool misnamed.
pub fn meant(purl: &Purl) -> Option<(Purl, &'static Misnamed)> {
    let known = of_kind(purl.kind())?;
    let mut parts = purl.parts();
    take_as_meant(&mut parts);
    Some((Purl::build(parts).ok()?, known))
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
    let Some(known) = of_kind(&parts.kind) else { return };
    parts.kind = known.means.into();
    if parts.namespace.is_empty() {
        parts.namespace = known.namespace.into();
    }
}

fn of_kind(kind: &str) -> Option<&'static Misnamed> {
    MISNAMED.iter().find(|one| one.kind == kind)
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
        ] {
            let purl = Purl::parse_lenient(written).unwrap();
            assert_eq!(meant(&purl).map(|(meant, _)| meant.to_string()).as_deref(), expected, "{written}");
            assert_eq!(meant_by(written), meant(&purl), "{written}");
        }
    }
}
