//! `bench-engine q1 3600 5`: five runs of a workload over 3,600 simulated seconds, a line each.

use std::time::Instant;

use inflight_bench::Workload;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, seconds, repetitions] = arguments.as_slice() else {
        eprintln!("usage: bench-engine q1|q2|q3 SIMULATED_SECONDS REPETITIONS");
        std::process::exit(2);
    };
    let workload = Workload::from_name(name);
    let (Some(workload), Ok(seconds), Ok(repetitions)) = (workload, seconds.parse::<f64>(), repetitions.parse::<u64>())
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
