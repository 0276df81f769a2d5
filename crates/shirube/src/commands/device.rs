//! Advisories that name a device in words, on the command line: maker, product and version in, suggestions out.

use std::process::ExitCode;

use cyber::matching::{Device, Verdict, device};
use report::outline::device::{self as outline, Suggested};

use super::vulns::opened;
use crate::cli::{Common, Format};
use crate::cyber_cli::AskedDevice;
use crate::failure::Failure;
use crate::output;
use crate::session::Voice;

pub(super) fn run(voice: Voice, common: &Common, asked: &AskedDevice) -> Result<ExitCode, Failure> {
    let asked_for = Device {
        maker: asked.maker.clone(),
        product: asked.product.clone(),
        model: asked.model.clone(),
        version: asked.product_version.clone(),
        cpes: asked.cpes.clone(),
    };
    let opened = opened(voice, common, &asked.place)?;
    let index = opened.index()?;
    let mut numbers: Vec<u32> = Vec::new();
    for cpe in asked.cpes.iter().filter_map(|text| cyber::name::cpe::Cpe::parse(text).ok()) {
        let spots = index.naming(&cpe).map_err(|error| opened.damaged(error))?;
        numbers.extend(spots.iter().filter_map(|spot| match spot {
            cyber::index::Spot::Entry(number, _) => Some(*number),
            cyber::index::Spot::Configurations(_) => None,
        }));
    }
    let worded = index.worded().map_err(|error| opened.damaged(error))?;
    numbers.extend(worded.iter().map(|one| one.advisory));
    numbers.sort_unstable();
    numbers.dedup();
    let mut found = Vec::new();
    for number in numbers {
        let advisory = index.advisory(number).map_err(|error| opened.damaged(error))?;
        for (affected, entry) in advisory.affected.iter().enumerate() {
            if let Some(suggestion) = device::suggest(&asked_for, &advisory, entry) {
                found.push(Suggested { advisory: advisory.clone(), affected, suggestion });
            }
        }
    }
    match asked.answer.format {
        Format::Json => {
            output::bytes(voice, &asked.answer, &output::json(&outline::json(&found, voice.lang))?)?;
        }
        _ => output::document(voice, &outline::suggested(&asked_for, &found, voice.lang), &asked.answer)?,
    }
    let open = found.iter().any(|one| !matches!(one.suggestion.verdict, Verdict::NotAffected(_)));
    Ok(if open { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
