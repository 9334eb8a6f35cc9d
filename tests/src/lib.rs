//! Cross-crate test suite; see `suite/`.
