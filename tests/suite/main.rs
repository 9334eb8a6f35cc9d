//! The cross-crate suite, one module per kind of proof.

mod filter_policy;
mod filter_policy_properties;
