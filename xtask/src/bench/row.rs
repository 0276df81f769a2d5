//! One line of BENCHMARKS.md: what was to be reached, what was, and what the peer needs.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub work: String,
    pub target: Target,
    pub measured: f64,
    pub unit: String,
    pub peer: Option<Peer>,
    /// What a reader types to repeat it.
    pub command: String,
    /// Day of measurement, `2026-11-23`.
    pub on: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Target {
    AtMost(f64),
    AtLeast(f64),
}

/// Another way to do the work (or a part of it, as its name says), in the row's unit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Peer {
    pub name: String,
    pub measured: f64,
}

impl Row {
    fn passes(&self) -> bool {
        match self.target {
            Target::AtMost(limit) => self.measured <= limit,
            Target::AtLeast(limit) => self.measured >= limit,
        }
    }

    /// How many times better than the peer: above 1 we are.
    fn ratio(&self) -> Option<f64> {
        let peer = self.peer.as_ref()?.measured;
        Some(match self.target {
            Target::AtMost(_) => peer / self.measured,
            Target::AtLeast(_) => self.measured / peer,
        })
    }
}

/// The rows as a Markdown table.
pub(super) fn table(rows: &[Row]) -> String {
    let mut table =
        String::from("| work | target | measured | peer | ratio | | on |\n|---|---|---|---|---|---|---|\n");
    for row in rows {
        let target = match row.target {
            Target::AtMost(limit) => format!("≤ {} {}", figure(limit), row.unit),
            Target::AtLeast(limit) => format!("≥ {} {}", figure(limit), row.unit),
        };
        let peer =
            row.peer.as_ref().map(|peer| format!("{} {} ({})", figure(peer.measured), row.unit, peer.name));
        let ratio = row.ratio().map(|ratio| format!("{}×", figure(ratio)));
        let verdict = if row.passes() { "pass" } else { "**miss**" };
        let none = || "–".to_owned();
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "| {} | {target} | {} {} | {} | {} | {verdict} | {} |",
            row.work,
            figure(row.measured),
            row.unit,
            peer.unwrap_or_else(none),
            ratio.unwrap_or_else(none),
            row.on,
        );
    }
    table
}

/// The commands behind the rows, each once.
pub(super) fn commands(rows: &[Row]) -> String {
    let mut list = String::new();
    let mut shown = "";
    for row in rows.iter().filter(|row| !row.command.is_empty()) {
        if row.command != shown {
            let _ = writeln!(list, "- {}: `{}`", row.work, row.command);
        }
        shown = &row.command;
    }
    list
}

/// Three figures are more than a shared machine repeats.
fn figure(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}").trim_end_matches(".0").to_owned(),
        _ => format!("{value:.2}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(target: Target, measured: f64, peer: Option<f64>) -> Row {
        let peer = peer.map(|measured| Peer { name: "pandas".into(), measured });
        Row {
            work: "intake".into(),
            target,
            measured,
            unit: "s".into(),
            peer,
            command: "shirube intake".into(),
            on: "2026-11-23".into(),
        }
    }

    #[test]
    fn a_row_shows_target_measure_peer_ratio_and_verdict() {
        let table = table(&[row(Target::AtMost(4.0), 1.5, Some(40.0))]);
        let line = "| intake | ≤ 4 s | 1.5 s | 40 s (pandas) | 26.7× | pass | 2026-11-23 |";
        assert_eq!(table.lines().nth(2), Some(line));
    }

    #[test]
    fn a_missed_target_is_bold_and_a_missing_peer_a_dash() {
        let table = table(&[row(Target::AtLeast(50.0), 49.94, None)]);
        assert_eq!(
            table.lines().nth(2),
            Some("| intake | ≥ 50 s | 49.9 s | – | – | **miss** | 2026-11-23 |")
        );
    }

    #[test]
    fn more_is_better_turns_the_ratio() {
        assert_eq!(row(Target::AtLeast(50.0), 60.0, Some(30.0)).ratio(), Some(2.0));
        assert_eq!(row(Target::AtMost(50.0), 60.0, Some(30.0)).ratio(), Some(0.5));
    }

    #[test]
    fn a_command_shared_by_neighbours_is_listed_once() {
        let rows = [row(Target::AtMost(1.0), 1.0, None), row(Target::AtMost(2.0), 1.0, None)];
        assert_eq!(commands(&rows), "- intake: `shirube intake`\n");
    }
}
