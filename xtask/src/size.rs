//! `cargo xtask size`: what the site weighs, raw, gzip and brotli, against the budget in `Cargo.toml`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::process::{cargo, output, root};
use crate::site;

/// `[workspace.metadata.size-budget]`, in brotli bytes.
struct Budget {
    first_load: u64,
    whole_site: u64,
    /// What the names of files begin with, or after a `*` end with, that are not loaded before the first message moves.
    loaded_later: Vec<String>,
}

/// Bytes of one or several files.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Builds the site if needed, prints its sizes and fails above the budget.
pub(crate) fn size() -> Result<()> {
    site::build()?;
    let budget = budget()?;
    let (mut first_load, mut whole_site) = (Size::default(), Size::default());
    println!("{:>10} {:>10} {:>10}  file", "raw", "gzip", "brotli");
    for (name, size) in measure(&site::folder())? {
        let later = budget.loaded_later.iter().any(|pattern| match pattern.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => name.starts_with(pattern),
        });
        println!("{}  {name}{}", size.columns(), if later { "  (loaded later)" } else { "" });
        whole_site.add(size);
        if !later {
            first_load.add(size);
        }
    }
    println!("{}  first load, at most {} brotli", first_load.columns(), kilobytes(budget.first_load));
    println!("{}  whole site, at most {} brotli", whole_site.columns(), kilobytes(budget.whole_site));
    for (what, size, allowed) in
        [("first load", first_load, budget.first_load), ("whole site", whole_site, budget.whole_site)]
    {
        if size.brotli > allowed {
            bail!(
                "the {what} is {} of brotli and its budget is {}; make it smaller, or argue for a larger budget in \
                 Cargo.toml, [workspace.metadata.size-budget]",
                kilobytes(size.brotli),
                kilobytes(allowed)
            );
        }
    }
    Ok(())
}

impl Size {
    fn add(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }

    fn columns(self) -> String {
        format!("{:>10} {:>10} {:>10}", self.raw, self.gzip, self.brotli)
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100)
}

fn budget() -> Result<Budget> {
    let text = output(cargo().args(["metadata", "--no-deps", "--format-version", "1", "--offline"]))?;
    let metadata: Value = serde_json::from_str(&text)?;
    let budget = &metadata["metadata"]["size-budget"];
    let number = |name: &str| {
        budget[name]
            .as_u64()
            .with_context(|| format!("Cargo.toml has no [workspace.metadata.size-budget] {name}"))
    };
    let later = budget["loaded-later"].as_array().into_iter().flatten();
    Ok(Budget {
        first_load: number("first-load-brotli-bytes")?,
        whole_site: number("whole-site-brotli-bytes")?,
        loaded_later: later.filter_map(|prefix| prefix.as_str().map(str::to_owned)).collect(),
    })
}

/// Every file of `folder` by name, with its sizes.
fn measure(folder: &Path) -> Result<Vec<(String, Size)>> {
    let mut files = BTreeSet::new();
    site::collect(folder, &mut files)?;
    let names = files.iter().filter_map(|file| file.strip_prefix(folder).ok());
    let script = root().join("xtask/src/compressed_sizes.mjs");
    let text =
        output(Command::new("node").arg(script).args(names).current_dir(folder)).map_err(|reason| {
            anyhow!("the site cannot be measured without Node ({reason:#}); try: apt-get install nodejs")
        })?;
    text.lines().map(|line| parse(line).with_context(|| format!("not a line of sizes: {line}"))).collect()
}

fn parse(line: &str) -> Option<(String, Size)> {
    let mut words = line.splitn(4, ' ');
    let mut number = || words.next()?.parse().ok();
    let size = Size { raw: number()?, gzip: number()?, brotli: number()? };
    Some((words.next()?.to_owned(), size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_sizes_is_read() -> Result<()> {
        let (name, size) = parse("300 200 100 a name.js").context("a line")?;
        assert_eq!((name.as_str(), size.raw, size.gzip, size.brotli), ("a name.js", 300, 200, 100));
        Ok(())
    }

    #[test]
    fn kilobytes_are_thousands_of_bytes() {
        assert_eq!(kilobytes(199_999), "199.9 kB");
    }
}
