//! Where documents come from: files, standard input, the gallery, links.

use std::fs;
use std::io::{self, Read};

use scenario::{Diagnostics, Override, Parsed, apply_overrides, gallery, parse, url};

/// The text behind `name`: a file, `-` for standard input, or `gallery:NAME`.
///
/// # Errors
/// A sentence on what could not be read.
pub(crate) fn text(name: &str) -> Result<String, String> {
    if let Some(name) = name.strip_prefix("gallery:") {
        let entry = gallery::find(name);
        let names = || gallery::ALL.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
        return entry
            .map(|entry| entry.json.to_owned())
            .ok_or_else(|| format!("The gallery has no {name}. It has {}.", names()));
    }
    let read = if name == "-" {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(name)
    };
    read.map_err(|error| format!("{name}: {error}."))
}

/// The document behind `name`, with all that is wrong with it. Beside what [`text`] takes, `#` and the rest of a link.
///
/// # Errors
/// A sentence on what could not be read.
pub(crate) fn document(name: &str) -> Result<Parsed, String> {
    changed(name, &[])
}

/// The same with changes made, such as `producer.rate=450`.
///
/// # Errors
/// A sentence on what could not be read.
pub(crate) fn changed(name: &str, overrides: &[Override]) -> Result<Parsed, String> {
    let parsed = if name.starts_with('#') {
        url::read(name).map_err(|error| error.to_string())?.parsed
    } else {
        parse(&text(name)?)
    };
    if overrides.is_empty() {
        return Ok(parsed.validated());
    }
    let mut changed = apply_overrides(&parsed.scenario, overrides);
    let mut diagnostics = parsed.diagnostics;
    diagnostics.append(std::mem::take(&mut changed.diagnostics));
    Ok(Parsed { diagnostics, ..changed }.validated())
}

/// Reads `producer.rate=450`.
///
/// # Errors
/// A sentence on what a change looks like.
pub(crate) fn read_override(text: &str) -> Result<Override, String> {
    let (word, value) = text.split_once('=').ok_or("a change looks like producer.rate=450")?;
    Ok((word.trim().to_owned(), value.trim().to_owned()))
}

/// Prints what is wrong with a document, one fault a line, its hint below.
pub(crate) fn complain(name: &str, diagnostics: &Diagnostics, out: &mut impl io::Write) -> io::Result<()> {
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity {
            scenario::Severity::Warning => "warning",
            scenario::Severity::Error => "error",
        };
        writeln!(out, "{name}: {severity}: {} [{}]", diagnostic.message, diagnostic.code)?;
        writeln!(out, "    at {}", diagnostic.pointer)?;
        if let Some(hint) = &diagnostic.hint {
            writeln!(out, "    {hint}")?;
        }
    }
    Ok(())
}
