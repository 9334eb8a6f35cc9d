//! `cargo xtask test`: every step that CI runs, in order, each named and timed.

use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::process::{cargo, elapsed, root, run};
use crate::tools::{self, Browser};
use crate::wasm_rust::WasmRust;
use crate::{serve, site, size};

/// One step of the gate.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&[OsString]) -> Result<()>,
}

/// Cheap steps first, so that a small fault is known soon.
const STEPS: [Step; 8] = [
    Step { name: "format", what: "rustfmt", run: format },
    Step { name: "lint", what: "clippy, native", run: lint },
    Step { name: "unit", what: "tests, native", run: unit },
    Step { name: "lint-wasm", what: "clippy, wasm", run: lint_wasm },
    Step { name: "browser", what: "wasm tests in headless Chromium", run: browser },
    Step { name: "site", what: "release build of the site", run: |_| site::build() },
    Step { name: "size", what: "size budget", run: |_| size::size() },
    Step { name: "e2e", what: "end-to-end tests of the built site", run: end_to_end },
];

/// Runs every step, or the one named `only`, and ends with a line `N passed, N failed`.
pub(crate) fn test(only: Option<&str>, arguments: &[OsString]) -> Result<ExitCode> {
    let names = STEPS.map(|step| step.name);
    if let Some(only) = only {
        let steps = names.join(", ");
        names
            .iter()
            .find(|name| **name == only)
            .with_context(|| format!("there is no step `{only}`; the steps are {steps}"))?;
    }
    let mut report = Vec::new();
    for step in STEPS.iter().filter(|step| only.is_none_or(|only| only == step.name)) {
        println!("\n== {}: {}", step.name, step.what);
        let start = Instant::now();
        let result = (step.run)(arguments);
        let passed = result.is_ok();
        if let Err(error) = result {
            println!("error: {error:#}");
            println!("{} failed; to run it again: cargo xtask test --only {}", step.name, step.name);
        }
        report.push((step.name, passed, elapsed(start)));
    }
    println!();
    for (name, passed, time) in &report {
        println!("{:>6}  {name:<10} {time}", if *passed { "ok" } else { "FAILED" });
    }
    let failed = report.iter().filter(|(_, passed, _)| !passed).count();
    println!("{} passed, {failed} failed", report.len() - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn format(arguments: &[OsString]) -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]).args(arguments))
}

fn lint(_: &[OsString]) -> Result<()> {
    let scope = ["--workspace", "--exclude", "inflight-web", "--all-targets", "--locked"];
    run(cargo().arg("clippy").args(scope).args(["--", "--deny", "warnings"]))
}

fn unit(arguments: &[OsString]) -> Result<()> {
    run(cargo().args(["test", "--workspace", "--exclude", "inflight-web", "--locked"]).args(arguments))
}

fn lint_wasm(_: &[OsString]) -> Result<()> {
    let scope =
        ["--target", "wasm32-unknown-unknown", "--package", "inflight-web", "--all-targets", "--locked"];
    run(WasmRust::install()?.clippy().args(scope).args(["--", "--deny", "warnings"]))
}

fn browser(arguments: &[OsString]) -> Result<()> {
    let wasm_rust = WasmRust::install()?;
    let wasm_bindgen = tools::wasm_bindgen()?;
    let browser = Browser::install()?;
    let mut command = cargo();
    command.args(["test", "--target", "wasm32-unknown-unknown", "--package", "inflight-web", "--locked"]);
    command.args(["--lib", "--tests"]).args(arguments);
    command.env("PATH", tools::with_path(wasm_bindgen.as_slice())?);
    command.env("CHROMEDRIVER", browser.chromedriver);
    // A loaded machine starts a browser slowly; in seconds.
    command.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60").env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    wasm_rust.apply(&mut command);
    run(&mut command)
}

fn end_to_end(arguments: &[OsString]) -> Result<()> {
    site::build()?;
    tools::install_end_to_end_packages()?;
    let browser = Browser::install()?;
    let mut command = Command::new("node");
    command.args(["node_modules/@playwright/test/cli.js", "test"]).args(arguments);
    command.current_dir(root().join("tests/e2e"));
    command.env("INFLIGHT_URL", serve::serve_in_background()?).env("CHROMIUM", browser.chromium);
    run(&mut command)
}
