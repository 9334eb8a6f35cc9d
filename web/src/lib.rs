//! Yew components, canvas painting and browser glue.

pub mod app;
