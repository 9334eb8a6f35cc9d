//! The cross-crate suite, one module per kind of proof.

mod architecture;
mod filter_policy;
mod filter_policy_properties;
mod producer;
mod support;
