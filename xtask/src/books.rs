//! `cargo xtask books`: real documentation tools build the books of `examples/`. Not part of the gate: it installs the
//! tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{cargo, root, run, target_folder};
use crate::tools::{self, Browser};
use crate::{serve, site};

/// A page of a built book with the figures it must have.
type Page = (&'static str, usize);

/// Builds every example with its real tool, looks at what came out, and plays it in a browser.
pub(crate) fn books() -> Result<()> {
    let folder = root().join("target/books");
    std::fs::create_dir_all(&folder)?;
    run(cargo().args(["build", "--quiet", "--locked", "--package", "mdbook-inflight"]))?;
    let plug_in = target_folder()?.join("debug");
    mdbook(&folder, &plug_in)?;
    mkdocs(&folder, &plug_in)?;
    docusaurus(&folder, &plug_in)?;
    println!("The books are in {}.", folder.display());
    play(&folder)
}

fn has_figures(built: &Path, pages: &[Page]) -> Result<()> {
    for (name, figures) in pages {
        let page = std::fs::read_to_string(built.join(name)).with_context(|| format!("{name} is missing"))?;
        let found = page.matches("class=\"inflight\"").count();
        ensure!(found == *figures, "{name}: {found} figures instead of {figures}");
        ensure!(page.contains("data:image/svg+xml,"), "{name}: a figure has no picture");
        ensure!(page.contains("inflight-player.js"), "{name} does not load the player");
    }
    Ok(())
}

/// Holds the built books against a browser: each has a player that runs.
fn play(folder: &Path) -> Result<()> {
    site::build()?;
    tools::install_end_to_end_packages()?;
    let browser = Browser::install()?;
    let mut playwright = Command::new("npx");
    playwright.args(["playwright", "test", "books"]).current_dir(root().join("tests/e2e"));
    playwright.env("INFLIGHT_URL", serve::serve_in_background()?).env("CHROMIUM", browser.chromium);
    run(playwright.env("INFLIGHT_BOOKS", folder))
}

/// MkDocs with a fence of superfences; one whose expectation does not hold must not be built.
fn mkdocs(folder: &Path, plug_in: &Path) -> Result<()> {
    let mkdocs = tools::mkdocs()?;
    let source = root().join("examples/mkdocs");
    let build = |source: &Path, to: &Path| -> Result<Command> {
        let mut command = Command::new(&mkdocs);
        command.args(["build", "--strict", "--quiet", "--site-dir"]).arg(to).current_dir(source);
        // The module of the fence stands beside mkdocs.yml.
        command.env("PYTHONPATH", source).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("PATH", tools::with_path(&[plug_in.to_owned()])?);
        Ok(command)
    };
    built_and_refused("MkDocs", &build, folder, &folder.join("mkdocs"), (&source, "docs/index.md"))
}

/// Docusaurus with a remark plug-in; one whose expectation does not hold must not be built.
fn docusaurus(folder: &Path, plug_in: &Path) -> Result<()> {
    let source = root().join("examples/docusaurus");
    let modules = tools::docusaurus(&source.join("package.json"))?;
    let build = |source: &Path, to: &Path| -> Result<Command> {
        // Its packages have to stand in a folder around it.
        let work = folder.join("docusaurus-work");
        let _ = std::fs::remove_dir_all(&work);
        copy(source, &work)?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(&modules, work.join("node_modules"))?;
        #[cfg(not(unix))]
        copy(&modules, &work.join("node_modules"))?;
        let mut command = Command::new("node");
        command.arg(modules.join("@docusaurus/core/bin/docusaurus.mjs")).arg("build");
        command.arg("--out-dir").arg(to).current_dir(&work);
        command.env("PATH", tools::with_path(&[plug_in.to_owned()])?).env("CI", "1");
        Ok(command)
    };
    built_and_refused("Docusaurus", &build, folder, &folder.join("docusaurus"), (&source, "docs/index.mdx"))
}

/// Builds the example to `built`, and lets a copy that expects what does not happen be refused.
fn built_and_refused(
    tool: &str,
    build: &dyn Fn(&Path, &Path) -> Result<Command>,
    folder: &Path,
    built: &Path,
    (source, chapter): (&Path, &str),
) -> Result<()> {
    run(&mut build(source, built)?)?;
    has_figures(built, &[("index.html", 1)])?;
    let wrong = spoiled(source, folder, chapter)?;
    refused(&mut build(&wrong, &folder.join("never"))?)?;
    println!("{tool}: built, and refused where an expectation does not hold.");
    Ok(())
}

/// A copy of an example that expects what does not happen.
fn spoiled(source: &Path, folder: &Path, chapter: &str) -> Result<PathBuf> {
    let wrong = folder.join("wrong");
    let _ = std::fs::remove_dir_all(&wrong);
    copy(source, &wrong)?;
    let chapter = wrong.join(chapter);
    let text = std::fs::read_to_string(&chapter)?;
    let changed = text.replace("expect document", "expect shipping.NumberOfMessagesDeleted = 101 by 1m");
    ensure!(text != changed, "the example expects what its document does");
    std::fs::write(&chapter, changed)?;
    Ok(wrong)
}

fn refused(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ensure!(!output.status.success(), "a book was built although an expectation does not hold");
    ensure!(said.contains("it is 100, not 101"), "the reason is missing: {said}");
    Ok(())
}

/// A book with figures; and the same with an expectation that does not hold, which must not be built.
fn mdbook(folder: &Path, plug_in: &Path) -> Result<()> {
    let programs: Vec<PathBuf> = tools::mdbook()?.into_iter().chain([plug_in.to_owned()]).collect();
    let source = root().join("examples/mdbook");
    let built = folder.join("mdbook");
    run(&mut build_book(&programs, &source, &built)?)?;
    has_figures(&built, &[("fan-out.html", 2), ("visibility-timeout.html", 1)])?;
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
