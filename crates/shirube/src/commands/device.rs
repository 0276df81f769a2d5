//! Advisories that name a device in words, on the command line: maker, product and version in, suggestions out.

use std::process::ExitCode;

use cyber::matching::{Device, Verdict};
use cyber::name::cpe::Cpe;
use report::outline::device as outline;

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
    if asked.cpes.is_empty() && (asked.maker.trim().is_empty() || asked.product.trim().is_empty()) {
        return Err(Failure::said(
            "製造販売業者と製品名を書いてください。空欄では何も見つかりません",
            "name the maker and the product: nothing is found by an empty name",
        ));
    }
    if let Some(wrong) = asked.cpes.iter().find(|text| Cpe::parse(text).is_err()) {
        return Err(Failure::said(
            format!("{wrong} はCPEとして読めません"),
            format!("{wrong} is no CPE name"),
        ));
    }
    let opened = opened(voice, common, &asked.place)?;
    let index = opened.index()?;
    let found = index.suggested(std::slice::from_ref(&asked_for)).map_err(|error| opened.damaged(error))?;
    match asked.answer.format {
        Format::Json => {
            output::machine(voice, &asked.answer, &outline::json(&found, voice.lang))?;
        }
        _ => output::document(voice, &outline::suggested(&asked_for, &found, voice.lang), &asked.answer)?,
    }
    let open = found.iter().any(|one| !matches!(one.suggestion.verdict, Verdict::NotAffected(_)));
    Ok(if open { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
