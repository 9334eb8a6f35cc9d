//! A preprocessor of mdBook: a fenced `inflight` block becomes a figure.
//!
//! The figure is drawn at build time by the engine that the page runs. Expectations in the block are held against a
//! run of it, and one that does not hold fails the build of the book. mdBook speaks JSON: context and book come in,
//! the changed book goes out.

mod block;
mod chapter;
mod figure;
mod protocol;

use std::io::{self, Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // Every renderer can show a picture.
        ["supports", _] => ExitCode::SUCCESS,
        [] => match preprocess() {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                eprintln!("{message}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("mdbook-inflight is called by mdBook: add [preprocessor.inflight] to book.toml.");
            ExitCode::FAILURE
        }
    }
}

fn preprocess() -> Result<(), String> {
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text).map_err(|error| format!("mdbook-inflight: {error}"))?;
    let book = protocol::preprocess(&text)?;
    io::stdout().lock().write_all(book.as_bytes()).map_err(|error| format!("mdbook-inflight: {error}"))
}
