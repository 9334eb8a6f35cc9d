//! A preprocessor of mdBook: a fenced `inflight` block becomes a figure.
//!
//! The figure is drawn at build time by the engine that the page runs. Expectations in the block are held against a
//! run of it, and one that does not hold fails the build of the book. mdBook speaks JSON: context and book come in,
//! the changed book goes out.
//!
//! Other tools call `mdbook-inflight figure WORDS [--player ADDRESS]` with the lines of a block on standard input, and
//! get the figure.

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
        [] => ended(preprocess()),
        ["figure", words] => ended(one_figure(words, None)),
        ["figure", words, "--player", player] => ended(one_figure(words, Some(player))),
        _ => {
            eprintln!("mdbook-inflight is called by mdBook: add [preprocessor.inflight] to book.toml.");
            ExitCode::FAILURE
        }
    }
}

fn ended(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// One figure as HTML, for other tools. Paths in the block begin in the folder the program is called in.
fn one_figure(words: &str, player: Option<&str>) -> Result<(), String> {
    let mut body = String::new();
    io::stdin().lock().read_to_string(&mut body).map_err(|error| format!("mdbook-inflight: {error}"))?;
    let block = block::Block::read(words, &body, std::path::Path::new("."))?;
    let player = player.map(|player| format!("{}/", player.trim_end_matches('/')));
    let settings = protocol::Settings { player, html: true, ..Default::default() };
    let figure = figure::figure(&block, &settings)?;
    io::stdout().lock().write_all(figure.as_bytes()).map_err(|error| format!("mdbook-inflight: {error}"))
}

fn preprocess() -> Result<(), String> {
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text).map_err(|error| format!("mdbook-inflight: {error}"))?;
    let book = protocol::preprocess(&text)?;
    io::stdout().lock().write_all(book.as_bytes()).map_err(|error| format!("mdbook-inflight: {error}"))
}
