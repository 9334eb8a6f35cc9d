//! `inflight check`: says what is wrong with documents.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::{BAD_INPUT, input};

/// Check documents; exits with 2 if one of them cannot run
#[derive(clap::Args, Debug)]
pub(crate) struct CheckArgs {
    /// Files to check; - for standard input, gallery:NAME for one of the gallery
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

/// Exits with 0, or with 2 if a document cannot be read or cannot run.
///
/// # Errors
/// Standard output failing.
pub(crate) fn run(args: &CheckArgs) -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let mut bad = false;
    for name in &args.files {
        match input::document(name) {
            Ok(parsed) => {
                input::complain(name, &parsed.diagnostics, &mut out)?;
                let errors = parsed.diagnostics.errors().count();
                bad |= errors > 0;
                let (nodes, links) = (parsed.scenario.resources.len(), parsed.scenario.links.len());
                match errors {
                    0 => writeln!(out, "{name}: ok, {nodes} resources, {links} links")?,
                    1 => writeln!(out, "{name}: 1 error")?,
                    errors => writeln!(out, "{name}: {errors} errors")?,
                }
            }
            Err(message) => {
                bad = true;
                writeln!(out, "{message}")?;
            }
        }
    }
    Ok(if bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS })
}
