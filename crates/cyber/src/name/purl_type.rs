//! What each type of package URL asks of its parts, from the published type definitions (package-url/purl-spec, `types/`). Types not named
//! here ask nothing.

use std::borrow::Cow;

use super::purl::{Parts, PurlError};

/// Whether a type has a namespace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Namespace {
    Required,
    Optional,
    Prohibited,
}

/// How a part is written in its normal form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Kept,
    Lower,
    Upper,
}

struct Rules {
    namespace: Namespace,
    namespace_case: Case,
    name_case: Case,
    version_case: Case,
}

/// Brings the parts into the normal form of their type: case, separators, what belongs to the name.
pub(super) fn normalise(parts: &mut Parts<'_>) {
    let rules = rules(&parts.kind);
    write_in(rules.namespace_case, &mut parts.namespace);
    write_in(rules.name_case, &mut parts.name);
    write_in(rules.version_case, &mut parts.version);
    match parts.kind.as_ref() {
        "pypi" => parts.name = pep_503(&parts.name).into(),
        "git" => name_behind_host(parts),
        // A model's name keeps its case on Azure ML and loses it on Databricks.
        "mlflow" if parts.qualifier("repository_url").is_some_and(|url| url.contains("databricks")) => {
            write_in(Case::Lower, &mut parts.name);
        }
        _ => {}
    }
}

/// What a strict reader refuses.
pub(super) fn check(parts: &Parts<'_>) -> Result<(), PurlError> {
    let kind = parts.kind.as_ref();
    match rules(kind).namespace {
        Namespace::Required if parts.namespace.is_empty() => {
            return Err(PurlError::NamespaceMissing(kind.to_owned()));
        }
        Namespace::Prohibited if !parts.namespace.is_empty() => {
            return Err(PurlError::NamespaceProhibited(kind.to_owned(), parts.namespace.to_string()));
        }
        _ => {}
    }
    let required = match kind {
        "julia" => Some("uuid"),
        "swid" => Some("tag_id"),
        _ => None,
    };
    if let Some(key) = required.filter(|key| parts.qualifier(key).is_none()) {
        return Err(PurlError::QualifierMissing(kind.to_owned(), key));
    }
    let name_allowed = match kind {
        "cpan" => !parts.name.contains("::"),
        "chrome-extension" => {
            parts.name.len() == 32 && parts.name.bytes().all(|byte| matches!(byte, b'a'..=b'p'))
        }
        _ => true,
    };
    if !name_allowed {
        return Err(PurlError::NameNotAllowed(kind.to_owned(), parts.name.to_string()));
    }
    let version_allowed = match kind {
        "bazel" => !parts.version.is_empty(),
        "chrome-extension" => parts.version.is_empty() || is_up_to_four_numbers(&parts.version),
        _ => true,
    };
    if version_allowed {
        Ok(())
    } else {
        Err(PurlError::VersionNotAllowed(kind.to_owned(), parts.version.to_string()))
    }
}

/// Whether a type's name consists of several segments.
pub(super) fn name_has_slashes(kind: &str) -> bool {
    kind == "git"
}

fn rules(kind: &str) -> Rules {
    use Case::{Kept, Lower, Upper};
    use Namespace::{Optional, Prohibited, Required};
    let (namespace, namespace_case, name_case, version_case) = match kind {
        "alpm" | "apk" | "bitbucket" | "composer" | "deb" | "github" | "golang" => {
            (Required, Lower, Lower, Kept)
        }
        "vscode-extension" => (Required, Lower, Lower, Lower),
        "qpkg" | "rpm" => (Required, Lower, Kept, Kept),
        "git" | "maven" | "swift" => (Required, Kept, Kept, Kept),
        "brew" | "hex" | "luarocks" | "npm" => (Optional, Lower, Lower, Kept),
        "yocto" => (Optional, Lower, Kept, Kept),
        "cpan" => (Optional, Upper, Kept, Kept),
        "huggingface" => (Optional, Kept, Kept, Lower),
        "bitnami" | "chrome-extension" | "oci" | "otp" | "pub" => (Prohibited, Kept, Lower, Kept),
        "pypi" => (Prohibited, Kept, Lower, Lower),
        "bazel" | "cargo" | "cocoapods" | "conda" | "cran" | "gem" | "hackage" | "julia" | "mlflow"
        | "nuget" | "opam" | "vcpkg" => (Prohibited, Kept, Kept, Kept),
        _ => (Optional, Kept, Kept, Kept),
    };
    Rules { namespace, namespace_case, name_case, version_case }
}

fn write_in(case: Case, part: &mut Cow<'_, str>) {
    let is_changed = |byte: u8| match case {
        Case::Kept => false,
        // Beyond ASCII it takes the whole text to tell.
        Case::Lower => byte.is_ascii_uppercase() || !byte.is_ascii(),
        Case::Upper => byte.is_ascii_lowercase() || !byte.is_ascii(),
    };
    if part.bytes().any(is_changed) {
        *part = if case == Case::Lower { part.to_lowercase() } else { part.to_uppercase() }.into();
    }
}

/// PEP 503: runs of dash, underscore and dot are one dash.
fn pep_503(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            _ => normal.push(letter),
        }
    }
    normal
}

/// The namespace of a git repository is its host alone; all behind it is the name. GitHub and Bitbucket know no case, as their own types say.
fn name_behind_host(parts: &mut Parts<'_>) {
    let path = [parts.namespace.as_ref(), "/", parts.name.as_ref()].concat();
    let path: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let (host, name) = path.split_at(usize::from(path.len() > 1));
    (parts.namespace, parts.name) = (host.concat().into(), name.join("/").into());
    let host = parts.namespace.to_lowercase();
    if matches!(host.as_str(), "github" | "github.com" | "bitbucket" | "bitbucket.org") {
        parts.namespace = host.into();
        write_in(Case::Lower, &mut parts.name);
    }
}

fn is_up_to_four_numbers(version: &str) -> bool {
    let numbers = version.split('.');
    numbers.clone().count() <= 4
        && numbers
            .into_iter()
            .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
