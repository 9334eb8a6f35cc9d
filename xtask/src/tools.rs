//! The tools the commands call: which versions, where they are, and how they are installed.
//!
//! A tool on `PATH` of the right version is used as it is. Any other is installed once per user, in a
//! folder named by its version, so that every clone uses it again. Nothing is installed system-wide but
//! Chromium.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::process::{answer, cargo, elapsed, find, root, run, shown};
use crate::wasm_rust::WasmRust;

/// 0.22 asks for a newer compiler than the one the project promises to build with.
const TRUNK: &str = "0.21.14";
/// Only for `cargo xtask books`.
const MDBOOK: &str = "0.5.4";
/// Likewise.
const MKDOCS: [&str; 2] = ["mkdocs==1.6.1", "pymdown-extensions==13.1"];
/// Pinned in `xtask/binaryen`, and for Trunk in `Trunk.toml`.
const WASM_OPT: &str = "132";

/// The folder that keeps the tools of every clone.
pub(crate) fn folder() -> Result<PathBuf> {
    let chosen = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = || chosen("XDG_CACHE_HOME").or_else(|| Some(chosen("HOME")?.join(".cache")));
    let folder = chosen("INFLIGHT_TOOLS").or_else(|| Some(cache()?.join("inflight"))).context(
        "there is no folder for the tools because HOME is not set; try: export INFLIGHT_TOOLS=FOLDER",
    )?;
    std::fs::create_dir_all(&folder).with_context(|| {
        format!("the tools folder {} cannot be made; set INFLIGHT_TOOLS", folder.display())
    })?;
    Ok(folder)
}

/// Trunk, wasm-bindgen, wasm-opt and the wasm compiler, each installed if it was missing.
pub(crate) struct SiteTools {
    folders: Vec<PathBuf>,
    pub(crate) wasm_rust: WasmRust,
}

impl SiteTools {
    pub(crate) fn install() -> Result<Self> {
        let wasm_rust = WasmRust::install()?;
        let folders = [wasm_bindgen()?, wasm_opt()?, trunk()?].into_iter().flatten().collect();
        Ok(Self { folders, wasm_rust })
    }

    /// `trunk`, with the tools it calls on its `PATH`.
    pub(crate) fn trunk(&self) -> Result<Command> {
        let program = self.folders.iter().map(|folder| folder.join("trunk")).find(|file| file.is_file());
        let mut command = Command::new(program.unwrap_or_else(|| "trunk".into()));
        command.current_dir(root()).env("PATH", with_path(&self.folders)?);
        // Trunk reads this as an option of its own and refuses the usual value 1.
        command.env_remove("NO_COLOR");
        // Its own stack traces would hide the sentence that says what is wrong.
        command.env("RUST_BACKTRACE", "0");
        self.wasm_rust.apply(&mut command);
        Ok(command)
    }
}

/// `PATH` with `folders` in front.
pub(crate) fn with_path(folders: &[PathBuf]) -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(folders.iter().cloned().chain(std::env::split_paths(&path)))?)
}

/// Prints what a shell needs so that `trunk serve` and `cargo test` find the installed tools.
pub(crate) fn print_environment() -> Result<()> {
    let tools = SiteTools::install()?;
    for folder in &tools.folders {
        println!("export PATH='{}':\"$PATH\"", folder.display());
    }
    for (name, value) in tools.wasm_rust.variables() {
        println!("export {name}='{}'", value.display());
    }
    Ok(())
}

fn trunk() -> Result<Option<PathBuf>> {
    let install = CargoInstall {
        package: "trunk",
        version: TRUNK,
        programs: &["trunk"],
        locked: true,
        opt_level: "3",
        purpose: "builds the site",
        usual_time: "5 to 8 minutes on 2 cores",
    };
    install.folder()
}

/// The folder of wasm-bindgen and its test runner, of exactly the version in `Cargo.lock`.
pub(crate) fn wasm_bindgen() -> Result<Option<PathBuf>> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    let install = CargoInstall {
        package: "wasm-bindgen-cli",
        version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Its own lock file names a crate that is not in its package.
        locked: false,
        opt_level: "1",
        purpose: "joins the site's wasm and JavaScript",
        usual_time: "1 to 2 minutes on 2 cores",
    };
    install.folder()
}

/// The folder of mdBook, for those who want to see a real book.
pub(crate) fn mdbook() -> Result<Option<PathBuf>> {
    let install = CargoInstall {
        package: "mdbook",
        version: MDBOOK,
        programs: &["mdbook"],
        locked: true,
        opt_level: "1",
        purpose: "builds books",
        usual_time: "2 to 4 minutes on 2 cores",
    };
    install.folder()
}

/// MkDocs with superfences, in a Python environment of its own: the program.
pub(crate) fn mkdocs() -> Result<PathBuf> {
    let home = folder()?.join(format!("python-{}", MKDOCS.join("-").replace("==", "-")));
    let program = home.join("bin/mkdocs");
    if !program.exists() {
        let python = find(&["python3", "python"]).context("MkDocs needs Python 3, which is not on PATH")?;
        // In its place from the start: the programs of an environment name the folder they stand in.
        run(Command::new(python).args(["-m", "venv"]).arg(&home))?;
        let mut pip = Command::new(home.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(MKDOCS);
        install("MkDocs (once per user; it builds books)", "20 seconds", &mut pip)?;
    }
    Ok(program)
}

/// The packages of the Docusaurus example, as its `package.json` names them: their `node_modules`.
pub(crate) fn docusaurus(package: &Path) -> Result<PathBuf> {
    let wanted = std::fs::read_to_string(package)?;
    let version = wanted.split_once("\"@docusaurus/core\": \"").and_then(|(_, rest)| rest.split('"').next());
    let version = version.context("the example names no version of Docusaurus")?;
    let home = folder()?.join(format!("docusaurus-{version}"));
    let stamp = home.join("installed-package.json");
    if !std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        std::fs::create_dir_all(&home)?;
        std::fs::write(home.join("package.json"), &wanted)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--loglevel", "error"]).current_dir(&home);
        install("Docusaurus (once per user; it builds books)", "1 to 3 minutes", &mut npm)?;
        std::fs::write(stamp, wanted)?;
    }
    Ok(home.join("node_modules"))
}

/// A tool compiled by `cargo install` into its own folder.
struct CargoInstall<'a> {
    package: &'static str,
    version: &'a str,
    programs: &'static [&'static str],
    locked: bool,
    opt_level: &'static str,
    purpose: &'static str,
    usual_time: &'static str,
}

impl CargoInstall<'_> {
    /// The folder to put on `PATH`, or `None` where `PATH` already has the right version.
    fn folder(&self) -> Result<Option<PathBuf>> {
        let on_path = |program: &&str| version_is(Command::new(program), self.version);
        if self.programs.iter().all(on_path) {
            return Ok(None);
        }
        let tools = folder()?;
        let home = tools.join(format!("{}-{}", self.package.trim_end_matches("-cli"), self.version));
        let bin = home.join("bin");
        if self.programs.iter().all(|program| version_is(Command::new(bin.join(program)), self.version)) {
            return Ok(Some(bin));
        }
        let build = tools.join(format!("build-{}", self.package));
        let mut command = self.command(&home);
        command.current_dir(&tools).env("CARGO_TARGET_DIR", &build);
        let what = format!("{} {} (once per user; it {})", self.package, self.version, self.purpose);
        install(&what, self.usual_time, &mut command).map_err(|reason| {
            anyhow!(
                "{} {} could not be installed ({reason:#}), and it {}; try: {}",
                self.package,
                self.version,
                self.purpose,
                shown(&self.command(&home))
            )
        })?;
        let _ = std::fs::remove_dir_all(build);
        Ok(Some(bin))
    }

    fn command(&self, home: &Path) -> Command {
        let mut command = cargo();
        command.args(["install", self.package, "--version", self.version, "--no-default-features"]);
        command.args(self.locked.then_some("--locked")).arg("--root").arg(home);
        // Lines of progress are for people; a log file needs the errors only.
        command.args((!std::io::stderr().is_terminal()).then_some("--quiet"));
        command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level);
        for own in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            command.env_remove(own);
        }
        command
    }
}

/// The folder of wasm-opt from the npm package that `xtask/binaryen` pins.
fn wasm_opt() -> Result<Option<PathBuf>> {
    if version_is(Command::new("wasm-opt"), WASM_OPT) {
        return Ok(None);
    }
    let home = folder()?.join(format!("binaryen-{WASM_OPT}"));
    let bin = home.join("node_modules/.bin");
    if !bin.join("wasm-opt").exists() {
        let half = home.with_extension(format!("half-{}", std::process::id()));
        std::fs::create_dir_all(&half)?;
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(root().join("xtask/binaryen").join(file), half.join(file))?;
        }
        let what = "wasm-opt (once per user; it makes the site's wasm small)";
        install(what, "5 seconds", &mut npm_ci(&half)).map_err(|reason| {
            let _ = std::fs::remove_dir_all(&half);
            anyhow!(
                "wasm-opt {WASM_OPT} could not be installed from npm ({reason:#}), and without it the site's wasm stays \
                 too large; try: npm install --global binaryen@{WASM_OPT}"
            )
        })?;
        put_in_place(&half, &home)?;
    }
    Ok(Some(bin))
}

/// The packages of the end-to-end suite, as its lock file has them.
pub(crate) fn install_end_to_end_packages() -> Result<()> {
    let suite = root().join("tests/e2e");
    let wanted = std::fs::read_to_string(suite.join("package-lock.json"))?;
    let stamp = suite.join("node_modules/.installed-lock.json");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install("Playwright (in tests/e2e/node_modules)", "5 seconds", &mut npm_ci(&suite)).map_err(|reason| {
        anyhow!(
            "Playwright could not be installed from npm ({reason:#}), and the end-to-end tests run in it; try: npm ci \
             --prefix tests/e2e"
        )
    })?;
    Ok(std::fs::write(stamp, wanted)?)
}

fn npm_ci(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"]).current_dir(folder);
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}

/// A browser and the driver of the same version.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

impl Browser {
    pub(crate) fn install() -> Result<Self> {
        if let Some(browser) = Self::found() {
            return Ok(browser);
        }
        ensure!(find(&["apt-get"]).is_some(), "{}", Self::missing("there is no apt-get"));
        let packages = ["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"];
        let quiet = ["--quiet", "--quiet"];
        let what = "Chromium and its driver (by apt-get; the tests run in them)";
        if install(what, "1 minute", apt_get().args(quiet).args(packages)).is_err() {
            // The usual reason is a list of packages that is missing or out of date.
            run(apt_get().args(quiet).arg("update"))
                .and_then(|()| run(apt_get().args(quiet).args(packages)))
                .map_err(|reason| anyhow!(Self::missing(&format!("{reason:#}"))))?;
        }
        Self::found().with_context(|| Self::missing("apt-get put them elsewhere"))
    }

    fn missing(reason: &str) -> String {
        format!(
            "Chromium and its driver are missing and could not be installed ({reason}), and the tests run in them; try: \
             apt-get install --no-install-recommends chromium chromium-driver, or set CHROMIUM and CHROMEDRIVER"
        )
    }

    fn found() -> Option<Self> {
        let chromium = Self::chromium()?;
        let chromedriver = named("CHROMEDRIVER").or_else(|| find(&["chromedriver"]))?;
        chromedriver.is_file().then_some(Self { chromium, chromedriver })
    }

    /// The browser that is there already, if any.
    pub(crate) fn chromium() -> Option<PathBuf> {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        named("CHROMIUM").or_else(|| find(&names)).filter(|chromium| chromium.is_file())
    }
}

/// The program that an environment variable names.
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// `apt-get`, through sudo for a user who is not root.
fn apt_get() -> Command {
    let is_root = answer(Command::new("id").arg("-u")).is_some_and(|user| user.trim() == "0");
    let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
    command.args((!is_root).then_some("apt-get")).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Runs an installing command, saying before what and how long, and after how long it was.
pub(crate) fn install(what: &str, usual_time: &str, command: &mut Command) -> Result<()> {
    // All on the error stream: the output of `cargo xtask env` is for a shell to read.
    eprintln!("Installing {what}: usually {usual_time} ...");
    let start = Instant::now();
    run(command.stdout(std::io::stderr()))?;
    eprintln!("  installed in {}", elapsed(start));
    Ok(())
}

/// Moves a finished folder to its name; if another run was faster, its result is kept.
pub(crate) fn put_in_place(half: &Path, whole: &Path) -> Result<()> {
    if std::fs::rename(half, whole).is_err() {
        if !whole.exists() {
            bail!("{} could not be moved to its place", half.display());
        }
        std::fs::remove_dir_all(half)?;
    }
    Ok(())
}

fn version_is(mut program: Command, wanted: &str) -> bool {
    answer(program.arg("--version"))
        .is_some_and(|text| text.split_whitespace().any(|word| word.trim_start_matches('v') == wanted))
}

/// The version of `package` in the text of a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
