//! Where the engine runs: in a web worker.

pub mod worker_start;
