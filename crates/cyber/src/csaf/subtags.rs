//! Valid language tags (RFC 5646, 2.2.9): well-formed, every subtag in the IANA registry or kept for private use, and no variant or
//! singleton twice. Deprecated subtags are valid (6.1.12 lets a tool replace them).

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Whether a tag is valid.
pub(super) fn is_valid(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    if registry().has("grandfathered", &tag) {
        return true;
    }
    let subtags: Vec<&str> = tag.split('-').collect();
    let sound = |one: &&str| (1..=8).contains(&one.len()) && one.bytes().all(|b| b.is_ascii_alphanumeric());
    if !subtags.iter().all(sound) {
        return false;
    }
    match subtags.split_first() {
        Some((&"x", rest)) => !rest.is_empty(),
        Some((language, rest)) => {
            is_language(language) && after_language(language, rest).is_some_and(extensions_hold)
        }
        None => false,
    }
}

/// Takes extended language, script, region and variants, and gives what follows them.
fn after_language<'t>(language: &str, mut rest: &'t [&'t str]) -> Option<&'t [&'t str]> {
    if let Some((first, after)) = rest.split_first()
        && first.len() == 3
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        // RFC 5646, 2.2.2: only the language that the registry names may stand before, and only one may follow it.
        if !registry().has("extlang", &format!("{first}/{language}")) {
            return None;
        }
        rest = after;
    }
    if let Some((first, after)) = rest.split_first()
        && first.len() == 4
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        if !(registry().has("script", first) || ("qaaa"..="qabx").contains(first)) {
            return None;
        }
        rest = after;
    }
    if let Some((first, after)) = rest.split_first()
        && (first.len() == 2 || first.len() == 3)
    {
        let private = first.len() == 2 && (("qm"..="qz").contains(first) || ("xa"..="xz").contains(first));
        if !(registry().has("region", first) || private) {
            return None;
        }
        rest = after;
    }
    let mut seen = HashSet::new();
    while let Some((first, after)) = rest.split_first().filter(|(first, _)| first.len() > 1) {
        if !registry().has("variant", first) || !seen.insert(*first) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// Extensions, each with a singleton of its own and at least one subtag, then private use (RFC 5646, 2.2.6 and 2.2.7).
fn extensions_hold(rest: &[&str]) -> bool {
    let mut seen = HashSet::new();
    let mut subtags = rest.iter().peekable();
    while let Some(singleton) = subtags.next() {
        if singleton.len() != 1 || !seen.insert(singleton) || subtags.peek().is_none() {
            return false;
        }
        if *singleton == "x" {
            return true;
        }
        let mut any = false;
        while subtags.next_if(|one| one.len() > 1).is_some() {
            any = true;
        }
        if !any {
            return false;
        }
    }
    true
}

fn is_language(subtag: &str) -> bool {
    registry().has("language", subtag) || (subtag.len() == 3 && ("qaa"..="qtz").contains(&subtag))
}

/// The registry by type of subtag.
struct Registry(HashMap<&'static str, HashSet<&'static str>>);

impl Registry {
    fn has(&self, kind: &str, subtag: &str) -> bool {
        self.0.get(kind).is_some_and(|subtags| subtags.contains(subtag))
    }
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let mut kinds: HashMap<&str, HashSet<&str>> = HashMap::new();
        let mut kind = "";
        for line in include_str!("subtags.txt").lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(' ') {
                kinds.entry(kind).or_default().extend(line.split_whitespace());
            } else {
                kind = line;
            }
        }
        Registry(kinds)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registered_subtags_are_valid() {
        for tag in [
            "en",
            "de-DE",
            "ja-JP",
            "zh-Hans-CN",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske",
            "es-419",
            "de-CH-1901",
            "en-US-x-twain",
            "i-default",
            "x-any",
            "qaa-Qaaa-QM",
            "en-a-bbb-x-a",
            "I-KLINGON",
            "art-lojban",
            "iw",
        ] {
            assert!(is_valid(tag), "{tag}");
        }
        for tag in [
            "",
            "EZ",
            "en-",
            "en-XZY",
            "zz",
            "de-419-DE",
            "en-Latx",
            "a-DE",
            "sl-rozaj-rozaj",
            "en-a",
            "en-a-bbb-a-ccc",
            "ar-a-aaa-b",
            "en-cmn",
            "en--US",
            "x",
            "日本語",
        ] {
            assert!(!is_valid(tag), "{tag}");
        }
    }
}
