//! `inflight url`: documents into links and back.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Subcommand;
use scenario::url;

use crate::{BAD_INPUT, input};

/// Put a document into a link, or take one out
#[derive(Subcommand, Debug)]
pub(crate) enum UrlCommand {
    /// Print the fragment that stands behind # in a link to the document
    Encode {
        /// The document; - for standard input, gallery:NAME for one of the gallery
        file: String,
    },
    /// Print the document of a fragment
    Decode {
        /// The fragment, with or without #, also one such as g=fan-out&producer.rate=450; - for standard input
        fragment: String,
    },
}

/// Exits with 0, or with 2 if the document or the fragment cannot be read.
///
/// # Errors
/// Standard output failing.
pub(crate) fn run(command: &UrlCommand) -> io::Result<ExitCode> {
    let result = match command {
        UrlCommand::Encode { file } => encode(file)?,
        UrlCommand::Decode { fragment } => decode(fragment)?,
    };
    match result {
        Ok(text) => {
            writeln!(io::stdout(), "{}", text.trim_end())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(message) => {
            eprintln!("{message}");
            Ok(ExitCode::from(BAD_INPUT))
        }
    }
}

/// What could not be read is not in the link, so it has to be put right first.
fn encode(file: &str) -> io::Result<Result<String, String>> {
    let parsed = match input::text(file) {
        Ok(text) => scenario::parse(&text),
        Err(message) => return Ok(Err(message)),
    };
    input::complain(file, &parsed.diagnostics, &mut io::stderr())?;
    if parsed.diagnostics.has_errors() {
        return Ok(Err(format!("{file}: not all of the document can be read.")));
    }
    let fragment = url::encode(&parsed.scenario);
    if !fragment.fits() {
        return Ok(Err(format!("{file}: the document is too large for a link. Send it as a file.")));
    }
    Ok(Ok(fragment.to_string()))
}

fn decode(fragment: &str) -> io::Result<Result<String, String>> {
    let text = if fragment == "-" { input::text(fragment) } else { Ok(fragment.to_owned()) };
    let parsed = match text.and_then(|text| url::read(&text).map_err(|error| error.to_string())) {
        Ok(link) => link.parsed,
        Err(message) => return Ok(Err(message)),
    };
    input::complain("link", &parsed.diagnostics, &mut io::stderr())?;
    Ok(Ok(parsed.scenario.to_json()))
}
