//! `cargo xtask bench`: one line per performance figure.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output, root, run, target_folder};
use crate::tools::{self, Browser};
use crate::wasm_rust::WasmRust;
use crate::{serve, site, size};

/// One group of figures.
struct Part {
    name: &'static str,
    what: &'static str,
    measure: fn() -> Result<()>,
}

const PARTS: [Part; 7] = [
    Part { name: "engine", what: "simulated messages per second, native", measure: engine },
    Part { name: "wasm", what: "simulated messages per second, wasm in Node", measure: wasm_in_node },
    Part {
        name: "chromium",
        what: "simulated messages per second, wasm in Chromium",
        measure: wasm_in_chromium,
    },
    Part { name: "document", what: "checkpoint, parse, decode a link", measure: document },
    Part { name: "links", what: "characters of links, beside other ways", measure: links },
    Part { name: "page", what: "frames and drags in headless Chromium", measure: page },
    Part { name: "size", what: "bytes of the site", measure: bytes },
];

/// Each workload with the seconds it simulates.
const WORKLOADS: [(&str, &str); 3] = [("q1", "3600"), ("q2", "600"), ("q3", "600")];
/// What others reach on the same work, M messages/s, without receipts, attributes, metrics or a trace: measured on two
/// cores on 20 November 2026. Only ratios of one run say more.
const PEERS: [(&str, &str); 3] = [
    ("q1", "SimPy 0.145, sim.js 0.25, NeXosim 1.08, simrs 1.76"),
    ("q2", "SimPy 0.154, sim.js 0.82, NeXosim 1.11, simrs 4.1"),
    ("q3", "SimPy 0.81, NeXosim 2.9, sim.js 5.9, simrs 16.0"),
];
const REPETITIONS: &str = "5";

/// Measures and prints every figure, or those of the parts that `arguments` name.
pub(crate) fn bench(arguments: &[OsString]) -> Result<()> {
    let names = PARTS.map(|part| part.name).join(", ");
    if let Some(unknown) = arguments.iter().find(|name| !PARTS.iter().any(|part| *name == part.name)) {
        bail!("there is no part `{}`; the parts are {names}", unknown.display());
    }
    for part in
        PARTS.iter().filter(|part| arguments.is_empty() || arguments.iter().any(|name| name == part.name))
    {
        println!("\n== {}: {}", part.name, part.what);
        (part.measure)()?;
    }
    Ok(())
}

fn engine() -> Result<()> {
    let program = engine_program()?;
    for (workload, seconds) in WORKLOADS {
        let lines = output(Command::new(&program).args([workload, seconds, REPETITIONS]))?;
        print_medians(&lines, "native")?;
    }
    println!("peers on such a machine, bare queues, M messages/s:");
    for (workload, figures) in PEERS {
        println!("{workload} {figures}");
    }
    Ok(())
}

fn wasm_in_node() -> Result<()> {
    wasm("wasm in Node", |_| ())
}

fn wasm_in_chromium() -> Result<()> {
    tools::install_end_to_end_packages()?;
    let browser = Browser::install()?;
    wasm("wasm in Chromium", |node| {
        node.env("CHROMIUM", &browser.chromium);
    })
}

fn wasm(subject: &str, place: impl Fn(&mut Command)) -> Result<()> {
    let wasm_rust = WasmRust::install()?;
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--package", "inflight-bench", "--lib"]);
    build.args(["--target", "wasm32-unknown-unknown"]);
    wasm_rust.apply(&mut build);
    run(&mut build)?;
    let module = target_folder()?.join("wasm32-unknown-unknown/release/inflight_bench.wasm");
    for (workload, seconds) in WORKLOADS {
        let mut node = Command::new("node");
        node.arg(root().join("bench/engine_wasm.mjs")).arg(&module).args([workload, seconds, REPETITIONS]);
        node.env_remove("CHROMIUM");
        place(&mut node);
        print_medians(&output(&mut node)?, subject)?;
    }
    Ok(())
}

fn document() -> Result<()> {
    print!("{}", output(Command::new(engine_program()?).arg("figures"))?);
    Ok(())
}

fn links() -> Result<()> {
    print!("{}", output(Command::new(engine_program()?).arg("links"))?);
    Ok(())
}

fn page() -> Result<()> {
    site::build()?;
    tools::install_end_to_end_packages()?;
    let browser = Browser::install()?;
    let mut node = Command::new("node");
    node.arg("bench.mjs").current_dir(root().join("tests/e2e"));
    node.env("INFLIGHT_URL", serve::serve_in_background()?).env("CHROMIUM", browser.chromium);
    run(&mut node)
}

fn bytes() -> Result<()> {
    size::size()?;
    println!(
        "peers, first load, kB brotli: LOOPY 52, minimal Yew 56, React Flow 111, CircuitJS1 163, RabbitMQ Simulator 174, \
         Excalidraw 406, Mermaid 525"
    );
    Ok(())
}

fn engine_program() -> Result<PathBuf> {
    run(cargo().args([
        "build",
        "--release",
        "--locked",
        "--package",
        "inflight-bench",
        "--bin",
        "bench-engine",
    ]))?;
    Ok(target_folder()?.join("release/bench-engine"))
}

/// Prints the median of the lines `RUN  workload  subject  messages  events  seconds  check`.
fn print_medians(lines: &str, subject: &str) -> Result<()> {
    let mut runs: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for line in lines.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let ["RUN", workload, _, messages, events, seconds, _check] = fields.as_slice() else {
            bail!("not a line of a run: {line}");
        };
        let number = |text: &str| text.parse::<f64>().with_context(|| format!("not a number in: {line}"));
        let seconds = number(seconds)?;
        runs.entry(workload).or_default().push((number(messages)? / seconds, number(events)? / seconds));
    }
    for (workload, mut runs) in runs {
        runs.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (messages, events) = runs[runs.len() / 2];
        let (low, high) = (runs[0].0, runs[runs.len() - 1].0);
        println!(
            "{workload} {subject}: {:.2} M messages/s (median of {}, {:.2} to {:.2}), {:.1} M events/s",
            messages / 1e6,
            runs.len(),
            low / 1e6,
            high / 1e6,
            events / 1e6
        );
    }
    Ok(())
}
