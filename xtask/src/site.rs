//! The release site in `dist/`, built by Trunk, and only when something it is made of has changed.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::process::{cargo, elapsed, root, run, target_folder};
use crate::tools::{Browser, SiteTools};

/// What the site is made of, relative to the root.
const INPUTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "index.html",
    ".cargo",
    "crates",
    "player",
    "web",
    "xtask/wasm_split",
];

/// The folder of the built site.
pub(crate) fn folder() -> PathBuf {
    root().join("dist")
}

/// Builds the site if it is missing or older than what it is made of.
pub(crate) fn build() -> Result<()> {
    let tools = SiteTools::install()?;
    let stamp = root().join("target/xtask/site-stamp");
    let chromium = Browser::chromium();
    let salt = format!("{} {}", tools.wasm_rust.version()?, chromium.is_some());
    let inputs = format!("{:016x}", fingerprint(&INPUTS.map(|input| root().join(input)), &salt)?);
    let built =
        |inputs: &str| -> Result<String> { Ok(format!("{inputs} {:016x}", fingerprint(&[folder()], "")?)) };
    if let Ok(known) = std::fs::read_to_string(&stamp)
        && folder().join("index.html").is_file()
        && known == built(&inputs)?
    {
        println!("The site in dist/ is up to date.");
        return Ok(());
    }
    println!(
        "Building the release site into dist/: usually 3 minutes the first time, 1 minute after a change ..."
    );
    let start = Instant::now();
    run(cargo().args(["fetch", "--quiet", "--locked"])).context(
        "the site's packages could not be fetched, or Cargo.lock is out of date; try: cargo fetch, and commit Cargo.lock",
    )?;
    let mut trunk = tools.trunk()?;
    trunk.args(["--quiet", "build", "--release", "--offline", "--locked", "--dist"]).arg(folder());
    if let Some(chromium) = chromium {
        run(cargo().args(["build", "--quiet", "--locked", "--package", "wasm-split"]))?;
        trunk.env("INFLIGHT_WASM_SPLIT", target_folder()?.join("debug/wasm-split"));
        trunk.env("INFLIGHT_CHROMIUM", chromium);
    } else {
        println!(
            "  There is no Chromium to see which part is needed first: all of the site is loaded at once. To split it, \
             try: apt-get install chromium, or set CHROMIUM"
        );
    }
    run(&mut trunk).context("the site could not be built; the reason is above")?;
    println!("  built in {}", elapsed(start));
    std::fs::create_dir_all(stamp.parent().context("the stamp has a folder")?)?;
    Ok(std::fs::write(stamp, built(&inputs)?)?)
}

/// A number that is another when any file under `paths`, or `salt`, is another.
fn fingerprint(paths: &[PathBuf], salt: &str) -> Result<u64> {
    let mut files = BTreeSet::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Adds the files under `path`; the folders `tests` are no part of the site.
pub(crate) fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.insert(path.to_owned());
    } else if path.is_dir() && !path.ends_with("tests") {
        for entry in std::fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_changes_the_fingerprint() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("inflight-fingerprint-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let paths = [folder.clone()];
        std::fs::write(folder.join("a"), "1")?;
        let first = fingerprint(&paths, "")?;
        assert_eq!(fingerprint(&paths, "")?, first);
        assert_ne!(fingerprint(&paths, "another compiler")?, first);
        std::fs::write(folder.join("a"), "2")?;
        assert_ne!(fingerprint(&paths, "")?, first);
        std::fs::remove_dir_all(folder)?;
        Ok(())
    }
}
