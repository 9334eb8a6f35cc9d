//! Runs scenarios headless and reports.
//!
//! Exit codes: 0 when all is well, 1 when an expectation does not hold, 2 when the input is bad.

mod check;
mod export;
mod filter_policy;
mod gallery;
mod input;
mod link;
mod report;
mod run;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// An expectation does not hold, or a case fails.
const NOT_AS_EXPECTED: u8 = 1;
/// The input cannot be used.
const BAD_INPUT: u8 = 2;

/// Run and check Inflight scenarios from the command line.
#[derive(Parser, Debug)]
#[command(name = "inflight", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Check(check::CheckArgs),
    Run(run::RunArgs),
    Export(export::ExportArgs),
    FilterPolicy(filter_policy::FilterPolicyArgs),
    #[command(subcommand)]
    Url(link::UrlCommand),
    Gallery(gallery::GalleryArgs),
    /// Print the JSON Schema of the document
    Schema,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(args) => check::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Export(args) => export::run(&args),
        Command::FilterPolicy(args) => filter_policy::run(&args),
        Command::Url(command) => link::run(&command),
        Command::Gallery(args) => gallery::run(&args),
        Command::Schema => schema(),
    };
    match result {
        Ok(code) => code,
        // Whoever reads the output has seen enough, as in `inflight gallery | head -1`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("inflight: {error}");
            ExitCode::from(BAD_INPUT)
        }
    }
}

fn schema() -> io::Result<ExitCode> {
    writeln!(io::stdout(), "{:#}", scenario::json_schema())?;
    Ok(ExitCode::SUCCESS)
}
