//! Runs scenarios headless and reports.

mod filter_policy;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(name = "inflight", version, about)]
enum Command {
    FilterPolicy(filter_policy::FilterPolicyArgs),
}

fn main() -> std::io::Result<ExitCode> {
    match Command::parse() {
        Command::FilterPolicy(args) => filter_policy::run(&args),
    }
}
