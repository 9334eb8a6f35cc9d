//! `cargo xtask books`: real documentation tools build the books of `examples/`. Not part of the gate: it installs the
//! tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{cargo, root, run};
use crate::tools;

/// Builds every example with its real tool and looks at what came out.
pub(crate) fn books() -> Result<()> {
    let folder = root().join("target/books");
    std::fs::create_dir_all(&folder)?;
    mdbook(&folder)?;
    println!("The books are in {}.", folder.display());
    Ok(())
}

/// A book with figures; and the same with an expectation that does not hold, which must not be built.
fn mdbook(folder: &Path) -> Result<()> {
    run(cargo().args(["build", "--quiet", "--locked", "--package", "mdbook-inflight"]))?;
    let programs: Vec<PathBuf> =
        tools::mdbook()?.into_iter().chain([target_folder()?.join("debug")]).collect();
    let source = root().join("examples/mdbook");
    let built = folder.join("mdbook");
    run(&mut build_book(&programs, &source, &built)?)?;
    for (page, figures) in [("fan-out.html", 2), ("visibility-timeout.html", 1)] {
        let page = std::fs::read_to_string(built.join(page))?;
        let found = page.matches("<figure class=\"inflight\"").count();
        ensure!(found == figures, "{found} figures instead of {figures}");
        ensure!(page.contains("src=\"data:image/svg+xml,"), "a figure has no picture");
    }
    let wrong = folder.join("mdbook-wrong");
    let _ = std::fs::remove_dir_all(&wrong);
    copy(&source, &wrong)?;
    let chapter = wrong.join("src/fan-out.md");
    let text = std::fs::read_to_string(&chapter)?.replace("= 100 by 1m", "= 101 by 1m");
    ensure!(text.contains("= 101 by 1m"), "the example expects 100 by 1m");
    std::fs::write(&chapter, text)?;
    let output = build_book(&programs, &wrong, &folder.join("never"))?.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(!output.status.success(), "a book was built although an expectation does not hold");
    ensure!(
        said.contains("fan-out.md:14: ") && said.contains("it is 100, not 101"),
        "the reason is missing: {said}"
    );
    println!("mdBook: built, and refused where an expectation does not hold.");
    Ok(())
}

fn build_book(programs: &[PathBuf], source: &Path, to: &Path) -> Result<Command> {
    let path = tools::with_path(programs)?;
    // The program is looked for on the PATH of this process, not on that of the new one.
    let mdbook = programs.iter().map(|folder| folder.join("mdbook")).find(|file| file.is_file());
    let mut command = Command::new(mdbook.unwrap_or_else(|| "mdbook".into()));
    command.arg("build").arg(source).arg("--dest-dir").arg(to).env("PATH", path);
    Ok(command)
}

/// Where Cargo puts what it builds.
fn target_folder() -> Result<PathBuf> {
    let text = crate::process::output(cargo().args([
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ]))?;
    let rest = text.split_once("\"target_directory\":\"").context("cargo names its target folder")?.1;
    Ok(PathBuf::from(rest.split('"').next().unwrap_or_default()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
