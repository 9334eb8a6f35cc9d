//! `bench-engine q1 3600 5`: five runs of a workload over 3,600 simulated seconds, a line each.
//! `bench-engine figures`: checkpoint, parse and link figures.
//! `bench-engine links`: how long links are.

mod links;

use std::time::Instant;

use inflight_bench::Workload;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|name| name == "figures") {
        return figures();
    }
    if arguments.first().is_some_and(|name| name == "links") {
        return links::print_lengths();
    }
    let [name, seconds, repetitions] = arguments.as_slice() else {
        eprintln!("usage: bench-engine q1|q2|q3 SIMULATED_SECONDS REPETITIONS");
        std::process::exit(2);
    };
    let workload = Workload::from_name(name);
    let (Some(workload), Ok(seconds), Ok(repetitions)) =
        (workload, seconds.parse::<f64>(), repetitions.parse::<u64>())
    else {
        eprintln!("usage: bench-engine q1|q2|q3 SIMULATED_SECONDS REPETITIONS");
        std::process::exit(2);
    };
    workload.run(seconds / 20.0, 99);
    for seed in 1..=repetitions {
        let start = Instant::now();
        let run = workload.run(seconds, seed);
        let elapsed = start.elapsed().as_secs_f64();
        let (messages, events, check) = (run.messages, run.events, run.check);
        println!("RUN\t{name}\tPROJECT\t{messages}\t{events}\t{elapsed:.4}\tcheck={check:.3}");
    }
}

/// A scenario of 12 resources and 16 links, as people share them.
pub(crate) const TYPICAL: &str = include_str!("../scenarios/typical.json");

fn figures() {
    let world = Workload::Q1.world(600.0, 1);
    let events = world.events();
    print_median("World::clone, Q1 after 600 s", || std::hint::black_box(world.clone()).events());
    let world = Workload::Q3.world(60.0, 1);
    print_median("World::clone, Q3 after 60 s (300,000 records)", || {
        std::hint::black_box(world.clone()).events()
    });
    print_median("parse, typical scenario", || scenario::parse(TYPICAL).diagnostics.iter().count() as u64);
    let typical = scenario::parse(TYPICAL).scenario;
    let fragment = scenario::url::encode(&typical);
    print_median("link: decode, typical scenario", || {
        scenario::url::decode(fragment.as_str()).map_or(0, |parsed| parsed.scenario.resources.len() as u64)
    });
    println!("events of Q1 in 600 s: {events}");
}

fn print_median(what: &str, mut measured: impl FnMut() -> u64) {
    let mut times: Vec<f64> = (0..51)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(measured());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.0} us (median of {})", times[times.len() / 2], times.len());
}
