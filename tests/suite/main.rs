//! The cross-crate suite, one module per kind of proof.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod checklist;
mod citations;
mod consumer;
mod determinism;
mod editor;
mod endpoint;
mod engine;
mod fidelity;
mod filter_policy;
mod filter_policy_properties;
mod fuzz;
mod gallery;
mod kinesis;
mod kinesis_dialect;
mod kinesis_fixture;
mod kinesis_on_demand;
mod kinesis_properties;
mod kinesis_readers;
mod kinesis_resharding;
mod kinesis_transcripts;
mod kinesis_vectors;
mod lambda;
mod lambda_queue;
mod lambda_stream;
mod links;
mod producer;
mod scenario;
mod sns_dialect;
mod sns_filter_oracle;
mod sns_rules;
mod sns_transcripts;
mod sqs_attributes;
mod sqs_dialect;
mod sqs_model;
mod sqs_properties;
mod sqs_rules;
mod sqs_transcripts;
mod sqs_use;
mod support;
mod topic;
mod transcript;
mod url;
mod world;
