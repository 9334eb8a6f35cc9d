//! `inflight gallery`: what comes with the playground.

use std::io::{self, Write};
use std::process::ExitCode;

use scenario::gallery;

use crate::{BAD_INPUT, input};

/// List the gallery, or print one of its documents
#[derive(clap::Args, Debug)]
pub(crate) struct GalleryArgs {
    /// Print the document of this name
    name: Option<String>,
}

/// Exits with 0, or with 2 if there is no such document.
///
/// # Errors
/// Standard output failing.
pub(crate) fn run(args: &GalleryArgs) -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let Some(name) = &args.name else {
        let width = gallery::ALL.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
        for entry in gallery::ALL {
            let scenario = entry.scenario();
            let question = scenario.card.map(|card| card.question).unwrap_or_default();
            writeln!(out, "{:width$}  {}: {question}", entry.name, scenario.title)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    match input::text(&format!("gallery:{name}")) {
        Ok(text) => {
            write!(out, "{text}")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(message) => {
            eprintln!("{message}");
            Ok(ExitCode::from(BAD_INPUT))
        }
    }
}
