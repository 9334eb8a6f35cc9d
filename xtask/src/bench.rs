//! `cargo xtask bench`: one line per performance figure.

use std::ffi::OsString;

use anyhow::{Result, bail};

/// Measures and prints every figure; `arguments` select some of them.
pub(crate) fn bench(arguments: &[OsString]) -> Result<()> {
    bail!("no figure is measured yet ({} arguments given)", arguments.len())
}
