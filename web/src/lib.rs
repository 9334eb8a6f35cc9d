//! Yew components, canvas painting and browser glue.

pub mod app;
pub mod engine_host;
pub mod engine_worker;
