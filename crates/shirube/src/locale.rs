//! Which language the terminal speaks: `--lang`, else the locale, else English.

use std::ffi::OsString;

use base::Lang;

/// The language, found before the arguments are parsed, because help and errors are already in it.
/// Names of files need not be UTF-8.
pub(crate) fn of_arguments(arguments: impl Iterator<Item = OsString>) -> Lang {
    let arguments: Vec<String> = arguments.map(|one| one.to_string_lossy().into_owned()).collect();
    let given =
        arguments.iter().enumerate().find_map(|(index, argument)| match argument.strip_prefix("--lang") {
            Some("") => arguments.get(index + 1).cloned(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        });
    match given.as_deref() {
        Some("ja") => Lang::Ja,
        Some("en") => Lang::En,
        _ => of_environment(|name| std::env::var(name).ok()),
    }
}

/// POSIX order: LC_ALL, LC_MESSAGES, LANG; the first that is set and not empty decides.
fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    match set {
        Some(locale) if locale.starts_with("ja") => Lang::Ja,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let environment = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(of_environment(environment(&[("LANG", "ja_JP.UTF-8")])), Lang::Ja);
        assert_eq!(of_environment(environment(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")])), Lang::En);
        assert_eq!(of_environment(environment(&[("LC_ALL", ""), ("LANG", "ja")])), Lang::Ja);
        assert_eq!(of_environment(environment(&[])), Lang::En);
    }

    #[test]
    fn the_option_wins_in_either_form() {
        let of = |arguments: &[&str]| of_arguments(arguments.iter().map(OsString::from));
        assert_eq!(of(&["shirube", "--lang", "ja", "check"]), Lang::Ja);
        assert_eq!(of(&["shirube", "check", "--lang=en"]), Lang::En);
    }
}
