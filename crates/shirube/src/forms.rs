//! The forms an answer has, by command: what a command cannot give is not offered in its help, and refused with what it can give.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Command, ValueEnum};

use crate::cli::Format;

/// The forms that every answer has which is a document.
const COMMON: [Format; 5] = [Format::Text, Format::Json, Format::Html, Format::Xlsx, Format::Pdf];

/// Those that some commands have beside them.
const FURTHER: [(&str, &[Format]); 5] = [
    ("followup", &[Format::Csv, Format::Stratml]),
    ("sbom check", &[Format::Sarif]),
    ("cyber scan", &[Format::Sarif]),
    ("cyber vex check", &[Format::Sarif]),
    ("cyber file", &[Format::Sarif]),
];

/// The command line with each command's own forms.
pub(crate) fn offered(command: Command, path: &str) -> Command {
    // Some commands have a `format` of another kind.
    let is_of_answer = command.get_arguments().any(|argument| {
        argument.get_id() == "format"
            && argument.get_possible_values().iter().any(|value| value.get_name() == "xlsx")
    });
    let command = if is_of_answer {
        command.mut_arg("format", |argument| argument.value_parser(parser(path)))
    } else {
        command
    };
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.iter().fold(command, |command, name| {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command.mut_subcommand(name, |sub| offered(sub, &path))
    })
}

fn parser(path: &str) -> impl TypedValueParser<Value = Format> {
    let further = FURTHER.iter().find(|(known, _)| *known == path).map_or(&[][..], |(_, forms)| forms);
    let forms = COMMON.iter().chain(further);
    PossibleValuesParser::new(forms.filter_map(ValueEnum::to_possible_value))
        .try_map(|name| Format::from_str(&name, true))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn forms(path: &[&str]) -> Vec<String> {
        let mut command = &offered(crate::cli::Cli::command(), "");
        for name in path {
            command = command.find_subcommand(name).unwrap();
        }
        let format = command.get_arguments().find(|argument| argument.get_id() == "format").unwrap();
        format.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
    }

    #[test]
    fn a_command_offers_the_forms_it_has() {
        assert_eq!(forms(&["cyber", "scan"]), ["text", "json", "html", "xlsx", "pdf", "sarif"]);
        assert_eq!(forms(&["cyber", "explain"]), ["text", "json", "html", "xlsx", "pdf"]);
        assert_eq!(forms(&["sbom", "convert"]), ["text", "json"]);
        for (path, _) in FURTHER {
            assert!(forms(&path.split(' ').collect::<Vec<_>>()).len() > COMMON.len(), "{path}");
        }
    }
}
