//! A Rust compiler that has the standard library for wasm32-unknown-unknown.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, anyhow, ensure};

use crate::process::{answer, cargo, find, output, root};
use crate::tools;

const TARGET: &str = "wasm32-unknown-unknown";
/// Raised when `debian_wasm_rust.sh` makes something else than before.
const RECIPE: &str = "wasm-rust-2";

/// The compiler for wasm: the default one, or Debian's in a private folder.
pub(crate) struct WasmRust {
    bin: Option<PathBuf>,
}

impl WasmRust {
    /// Finds it or installs it: the default compiler as it is, then with rustup's help, then Debian's.
    pub(crate) fn install() -> Result<Self> {
        let default = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        if has_standard_library(default) {
            return Ok(Self { bin: None });
        }
        let home = tools::folder()?.join(RECIPE);
        let debian = Self { bin: Some(home.join("bin")) };
        if home.join("bin/rustc").exists() {
            return Ok(debian);
        }
        // 0 is the user's word that rustup fetches nothing.
        let may_ask_rustup = std::env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0");
        if may_ask_rustup && find(&["rustup"]).is_some() {
            let what = format!("the standard library for {TARGET} (by rustup)");
            if tools::install(&what, "10 seconds", Command::new("rustup").args(["target", "add", TARGET]))
                .is_ok()
            {
                return Ok(Self { bin: None });
            }
        }
        let sentence = |reason: &str| {
            format!(
                "the compiler has no standard library for {TARGET}, which the site is compiled for, and it could not be \
                 installed ({reason}); try: rustup target add {TARGET}"
            )
        };
        ensure!(
            find(&["apt-get"]).is_some() && find(&["dpkg"]).is_some(),
            sentence("there is no apt-get either")
        );
        Self::install_from_debian(&home).map_err(|reason| anyhow!(sentence(&format!("{reason:#}"))))?;
        Ok(debian)
    }

    fn install_from_debian(home: &Path) -> Result<()> {
        let half = home.with_extension(format!("half-{}", std::process::id()));
        let script = root().join("xtask/src/debian_wasm_rust.sh");
        let what = "Debian's Rust compiler for wasm (once per user, in a private folder)";
        let usual_time = "2 minutes, about 200 MB to download";
        let installed = tools::install(what, usual_time, Command::new("sh").arg(script).arg(&half));
        if installed.is_err() {
            let _ = std::fs::remove_dir_all(&half);
        }
        installed?;
        tools::put_in_place(&half, home)
    }

    /// The variables that make cargo, Trunk and other tools use this compiler.
    pub(crate) fn variables(&self) -> Vec<(&'static str, PathBuf)> {
        let Some(bin) = &self.bin else { return Vec::new() };
        vec![("RUSTC", bin.join("rustc")), ("RUSTDOC", bin.join("rustdoc"))]
    }

    /// Makes `command` compile with this compiler.
    pub(crate) fn apply(&self, command: &mut Command) {
        command.envs(self.variables());
    }

    /// `cargo clippy` of the same version as this compiler.
    pub(crate) fn clippy(&self) -> Command {
        let mut command = cargo();
        if let Some(bin) = &self.bin {
            command = Command::new(bin.join("cargo-clippy"));
            command.current_dir(root());
        }
        command.arg("clippy");
        self.apply(&mut command);
        command
    }

    /// The compiler's name for itself, to notice when it is another.
    pub(crate) fn version(&self) -> Result<String> {
        let default = std::env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from);
        let rustc = self.bin.as_ref().map_or(default, |bin| bin.join("rustc"));
        output(Command::new(rustc).arg("-vV"))
    }
}

fn has_standard_library(mut rustc: Command) -> bool {
    let Some(sysroot) = answer(rustc.current_dir(root()).args(["--print", "sysroot"])) else { return false };
    let folder = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}
