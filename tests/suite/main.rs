//! The cross-crate suite, one module per kind of proof.

mod architecture;
mod filter_policy;
mod filter_policy_properties;
mod kinesis_fixture;
mod kinesis_vectors;
mod producer;
mod sqs_dialect;
mod sqs_transcripts;
mod support;
mod transcript;
